"""One page, one key: addresses without their wrappers, their tracking and their many spellings. Pure.

The key only tells whether two addresses are the same page. What people click stays the address as it came.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from typing import Final
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

# Parameters that say where a reader came from and never which page is meant. Nothing else is ever dropped: many
# newsrooms keep the page's number in the query (?DocumentID=, ?p=, ?id=).
_MAILINGS: Final = frozenset({"mc_cid", "mc_eid", "mkt_tok", "_hsenc", "_hsmi", "ms"})
_TRACKING: Final = _MAILINGS | frozenset(
    {
        *("fbclid", "gclid", "dclid", "gbraid", "wbraid", "msclkid", "twclid", "ttclid", "igshid", "yclid"),
        *("ref", "ref_src", "referrer", "source", "smid", "smtyp", "cmpid", "ncid", "ito", "oc", "_ga", "_gl"),
    }
)
_AMP_SWITCH: Final = frozenset({"amp", "noamp", "outputtype"})
_AMP_STEP: Final = re.compile(r"/amp(?=/|$)", re.IGNORECASE)
_HOST_PREFIX: Final = re.compile(r"^(?:(?:www\d?|m|mobile|amp)\.)+(?=[^.]+\.)", re.IGNORECASE)
# The address that most pages have: nothing in it needs reading by the rules of addresses.
_ORDINARY: Final = re.compile(r"https?://([a-z0-9-]+(?:\.[a-z0-9-]+)+)((?:/(?:[\w~-][\w.~-]*)?)*)", re.ASCII)
_LONGEST: Final = 2048
# A site as people type it: a host whose last part has letters, and perhaps a port and a path.
_WITHOUT_SCHEME: Final = re.compile(r"(?:[\w-]+\.)+(?:[^\W\d_]{2,}|xn--[a-z\d-]+)(?::\d{1,5})?(?:[/?#]\S*)?")


def with_scheme(typed: str) -> str:
    """An address as a person typed it, with https:// if it has no scheme: example.org, www.example.org/news."""
    text = typed.strip()
    return f"https://{text}" if _WITHOUT_SCHEME.fullmatch(text) else text


def web_address(url: str, base: str = "") -> str:
    """The address if a person can follow it: http or https with a host, no user name, of bearable length; else "".

    One that begins with a slash is taken to stand on the host of `base`.
    """
    text = url.strip()
    if len(text) > _LONGEST or " " in text or not text.isprintable():
        return ""
    if _ORDINARY.fullmatch(text):
        return text
    try:
        text = urljoin(base, text) if text.startswith("/") else text
        parts = urlsplit(text)
        _ = parts.port  # reading it checks it
    except ValueError:
        return ""
    good = parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc
    return text if good else ""


def typed_address(text: str) -> str:
    """The web address that a person typed, completed by `with_scheme`; "" if it is none."""
    return web_address(with_scheme(text))


@lru_cache(256)  # asked several times for each entry
def host_of(url: str) -> str:
    """The host name without www, as an outlet may be called by."""
    ordinary = _ORDINARY.fullmatch(url)
    return _HOST_PREFIX.sub("", ordinary[1] if ordinary else urlsplit(url).hostname or "")


def path_of(url: str) -> str:
    ordinary = _ORDINARY.fullmatch(url)
    return ordinary[2] if ordinary else urlsplit(url).path


def unwrap(url: str) -> str:
    """The page that a Google Alerts or Bing News link leads to; any other address as it is.

    Google does not escape the target: everything between ``url=`` and ``&ct=ga`` is its. Bing escapes it, and changes
    the rest at each fetch.
    """
    if _ORDINARY.fullmatch(url):
        return url
    parts = urlsplit(url)
    host, target = parts.hostname or "", ""
    if parts.path == "/url" and re.fullmatch(r"(?:www\.)?google\.[a-z.]+", host):
        match = re.search(r"(?:^|&)url=(.*?)(?:&ct=ga|$)", parts.query)
        target = match[1] if match else ""
    elif parts.path.lower().endswith("/apiclick.aspx") and re.fullmatch(r"(?:www\.)?bing\.com", host):
        target = dict(parse_qsl(parts.query)).get("url", "")
    return web_address(target) or url


def short_key(key: str) -> str:
    """The key, or its digest if it is longer than an index of PostgreSQL takes: 2,704 bytes with the rest of a row."""
    text = key.encode(errors="replace")
    return key if len(text) <= _LONGEST else f"sha256:{hashlib.sha256(text).hexdigest()}"


def canonical_key(url: str) -> str:
    """What all spellings of a page's address have in common: ``example.org/news?id=7``. No scheme, not for clicking.

    Folds http and https, www, m. and amp. hosts, AMP paths and switches, default ports, trailing slashes, tracking
    parameters and fragments.
    """
    if ordinary := _ORDINARY.fullmatch(url):
        return _HOST_PREFIX.sub("", ordinary[1]) + _page(ordinary[2])
    from w3lib.url import canonicalize_url  # it imports a client for HTTP, and few addresses need it

    parts = urlsplit(canonicalize_url(unwrap(url)))
    host = _HOST_PREFIX.sub("", (parts.hostname or "").rstrip("."))
    port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
    # Sorted once more: what was no UTF-8 is spelled otherwise now.
    query = sorted(it for it in parse_qsl(parts.query, keep_blank_values=True) if not _idle(it[0]))
    return short_key(urlunsplit(("", "", f"{host}{port}{_page(parts.path)}", urlencode(query), "")))


def without_tracking(url: str) -> str:
    """The address without the parameters by which mailings and campaigns know who clicked."""
    parts = urlsplit(url)
    fields = parts.query.split("&")
    left = [field for field in fields if not _is_mailing(field.partition("=")[0].lower())]
    return url if left == fields else urlunsplit(parts._replace(query="&".join(left)))


def _is_mailing(name: str) -> bool:
    return name in _MAILINGS or name.startswith("utm_")


def _page(path: str) -> str:
    return _AMP_STEP.sub("", path).rstrip("/")


def _idle(name: str) -> bool:
    folded = name.lower()
    return folded in _TRACKING or folded in _AMP_SWITCH or _is_mailing(folded)
