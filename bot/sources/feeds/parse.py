"""Parse the bytes of an RSS or Atom feed into items. The only module that imports feedparser. Pure.

feedparser always gets a BytesIO: it would fetch or open a string or bytes that look like an address or a path.
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from typing import Any, Final
from xml.sax import SAXException

from bot.shared.answer import FetchFailed
from bot.shared.dates import read_date
from bot.shared.health import Health
from bot.shared.plain_text import clean, cut
from bot.shared.threads import giving_way
from bot.shared.urls import host_of, unwrap, web_address
from bot.sources.feeds.plain import read_plain

MOST_ITEMS: Final = 5_000
TITLE: Final = 500  # characters that are kept
SUMMARY: Final = 2_000
_GUID: Final = 1_000
_AUTHOR: Final = 100
_PROLOGUE: Final = 10_000  # bytes before the first element; feedparser reads them in quadratic time
_DECLARATION: Final = 500  # bytes of the XML declaration
_ROOT = re.compile(rb"<(\w+)")
_HTML: Final = frozenset({b"html", b"head", b"body"})
_CLOSED = re.compile(rb"</\s*(?:\w+:)?(?:rss|feed|rdf)\s*>", re.IGNORECASE)
_DOCTYPE = re.compile(r"<!DOCTYPE", re.IGNORECASE)
_ENTITY = re.compile(r"<!ENTITY", re.IGNORECASE)
_CHARSET = re.compile(r"""charset=\s*["']?([^;"']+)|encoding=['"](.*?)['"]""", re.IGNORECASE)
_EBCDIC: Final = b"\x4c\x6f\xa7\x94"  # "<?xm" in it, which feedparser mistakes for a byte-order mark
_NO_CHARSETS: Final = frozenset({"punycode", "idna", "unicode-escape", "raw-unicode-escape", "undefined"})
_ADDRESS = re.compile(r"^\S+@\S+ \((.+)\)$")  # RSS wants "jo@example.org (Jo Sample)"
_WORDPRESS = " appeared first on "
_WORDPRESS_FOOT = re.compile(rf"\s*The post .{{1,500}}{_WORDPRESS}.{{1,200}}$")
_UTF_16: Final = {
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
    b"<\0": "utf-16-le",
    b"\0<": "utf-16-be",
}


@dataclass(frozen=True, slots=True)
class Item:
    """One item, in plain text of limited length."""

    title: str
    link: str  # the page itself, without a redirect wrapper; "" if it is not a usable link
    guid: str
    summary: str
    published: datetime | None
    outlet: str  # the publisher, if the feed aggregates others
    author: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """The items of a body in its order. `cut_off`: the body ended early; its last, partial item is left out."""

    items: tuple[Item, ...]
    broken: int = 0  # items without title, link and guid
    beyond: int = 0  # items past MOST_ITEMS, not read
    cut_off: bool = False


def parse(data: bytes, content_type: str, address: str) -> Reading | FetchFailed:
    """Parse a feed; a failure describes what the body is instead.

    `content_type` is the header, for its charset; `address` is the body's URL, for links without a host.
    """
    data, content_type = _readable(data, content_type)
    return _refused(data, content_type) or _plain(data, content_type, address) or _any(data, content_type, address)


def parse_plain(data: bytes, content_type: str, address: str) -> Reading | FetchFailed | None:
    """Like `parse` if the body is refused or lxml can read it; None if it needs feedparser."""
    data, content_type = _readable(data, content_type)
    return _refused(data, content_type) or _plain(data, content_type, address)


def _refused(data: bytes, content_type: str) -> FetchFailed | None:
    if not data:
        return FetchFailed(Health.MALFORMED, "the answer was empty")
    trap = _trap(data, content_type)
    return FetchFailed(Health.REFUSED, trap) if trap else None


def _plain(data: bytes, content_type: str, address: str) -> Reading | None:
    plain = read_plain(data, content_type, MOST_ITEMS)
    return _reading(*plain, address) if plain else None


def load_parsers() -> None:
    """Import the parsers, for a process that may read no file afterwards."""
    for name in ("feedparser", "lxml.etree", "selectolax.lexbor"):
        import_module(name)


def _any(data: bytes, content_type: str, address: str) -> Reading | FetchFailed:
    import feedparser  # type: ignore[import-untyped]

    try:
        parsed = feedparser.parse(
            io.BytesIO(data),
            response_headers={"content-type": content_type},
            sanitize_html=False,  # all markup is removed anyway
            resolve_relative_uris=False,
        )
    except Exception as error:  # noqa: BLE001 - whatever a hostile body does to a parser, the poll goes on
        return FetchFailed(Health.MALFORMED, f"it cannot be read ({type(error).__name__})")
    broken_xml = isinstance(parsed.get("bozo_exception"), SAXException)
    if not parsed.entries and (not parsed.version or broken_xml):
        return _failure(data, is_feed=bool(parsed.version))
    cut_off = broken_xml and not _CLOSED.search(data, max(0, len(data) - 2_000))
    whole = parsed.entries[:-1] if cut_off else parsed.entries
    return _reading(whole[:MOST_ITEMS], max(0, len(whole) - MOST_ITEMS), address, cut_off=cut_off)


def _reading(entries: Sequence[Mapping[str, Any]], beyond: int, address: str, *, cut_off: bool = False) -> Reading:
    read = [_item(entry, address) for entry in giving_way(entries)]
    items = tuple(item for item in read if item is not None)
    return Reading(items, len(read) - len(items) + cut_off, beyond, cut_off)


def _failure(data: bytes, *, is_feed: bool) -> FetchFailed:
    if is_feed:
        return FetchFailed(Health.MALFORMED, "it is cut off or not well-formed XML")
    root = _ROOT.search(data)
    if root and (root[1].lower() in _HTML or b"<!doctype html" in data[: root.start()].lower()):
        return FetchFailed(Health.NOT_A_FEED, "the answer is a web page, not a feed")
    if data[:1] in (b"{", b"["):
        return FetchFailed(Health.NOT_A_FEED, "the answer is JSON, not RSS or Atom")
    return FetchFailed(Health.MALFORMED, "the answer is neither RSS nor Atom")


def _item(entry: Mapping[str, Any], address: str) -> Item | None:
    try:
        return _made(entry, address)
    except Exception:  # noqa: BLE001 - one item that is broken in a new way stops no other
        return None


def _made(entry: Mapping[str, Any], address: str) -> Item | None:
    title, guid, link = clean(entry.get("title", "")), clean(entry.get("id", "")), entry.get("link", "").strip()
    wrapped = web_address(link, address)
    page = unwrap(wrapped)
    if not (title or guid or page):
        return None
    text = entry.get("summary") or next((str(content.get("value", "")) for content in entry.get("content", ())), "")
    summary = cut(clean(text), SUMMARY)
    date = next((name for name in ("published", "updated", "created") if name in entry), "")
    named = entry.get("source", {}).get("title") or entry.get("news_source") or ""
    return Item(
        title=cut(title, TITLE),
        link=page,
        guid=guid[:_GUID],
        summary=_WORDPRESS_FOOT.sub("", summary) if _WORDPRESS in summary else summary,
        published=entry.get(f"{date}_at") or (read_date(entry[date], entry.get(f"{date}_parsed")) if date else None),
        outlet=cut(clean(named), TITLE) or (host_of(page) if page != wrapped else ""),
        author=cut(_ADDRESS.sub(r"\1", clean(entry.get("author", ""))), _AUTHOR),
    )


def _readable(data: bytes, content_type: str) -> tuple[bytes, str]:
    """The body without byte-order marks, NULs and leading blanks; UTF-16, with or without a mark, becomes UTF-8.

    The XML declaration gets its own line, because feedparser looks for its end on all of the first line, in
    quadratic time.
    """
    if order := _UTF_16.get(data[:2]):
        text = data.decode(order, "replace").replace("\0", "").removeprefix("\ufeff").lstrip()
        return re.sub(r"^<\?xml[^>]*>", "", text).encode(), "application/xml; charset=utf-8"
    if data.startswith(codecs.BOM_UTF8):
        data, content_type = data.removeprefix(codecs.BOM_UTF8), "application/xml; charset=utf-8"
    return data.replace(b"\0", b"").lstrip().replace(b"?>", b"?>\n", 1), content_type


def _trap(data: bytes, content_type: str) -> str:
    """The reason why a body could exhaust a parser, "" if none.

    Searches for entities in ASCII and in the feed's declared encoding. Python codecs that are not character sets take
    quadratic time to decode.
    """
    start = _ROOT.search(data)
    if start and start.start() > _PROLOGUE:
        return f"more than {_PROLOGUE:,} bytes before the feed begins"
    declaration = data[: data.find(b"?>") + 2] if data.startswith(b"<?") else b""
    if len(declaration) > _DECLARATION or (data.startswith(b"<?") and not declaration):
        return "its XML declaration has no end"
    declared = _CHARSET.findall(content_type) + _CHARSET.findall(declaration.decode("latin-1"))
    charsets = {"latin-1", *(a or b for a, b in declared), *(["cp037"] if data.startswith(_EBCDIC) else [])}
    for charset in charsets:
        try:
            text = "" if codecs.lookup(charset).name in _NO_CHARSETS else data.decode(charset, "ignore")
        except (LookupError, ValueError):
            continue
        if not text or ((doctype := _DOCTYPE.search(text)) and _ENTITY.search(text, doctype.end())):
            return "it declares entities or an encoding that could exhaust memory"
    return ""
