"""Where a link in a bulletin leads. Pure: nothing is ever fetched.

Mailers wrap each link to count who clicks. Most wrappers have the target in the address; what carries the subscriber's
identity to a page of the mailer's own is no link for anybody else.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

from bot.shared.urls import host_of, web_address, without_tracking

_MAILERS: Final = (
    r"govdelivery\.com|lnks\.gd|granicus\.com|list-manage\.com|mailchi\.mp|mailchimp\.com|campaign-archive\d?\.com"
    r"|rs6\.net|constantcontact\.com|sendgrid\.net|iqconnect\.(?:house|senate)\.gov|outreach\.senate\.gov"
)
_OF_MAILER: Final = re.compile(rf"(?:^|\.)(?:{_MAILERS})$")
_WRAPPED: Final = re.compile(r"/(?:CL0|c|ss/c)/(https?(?::|%3A)[^/]+)/", re.IGNORECASE)  # GovDelivery, Granicus
_CLICK: Final = re.compile(r"click|track|redir|/l\.php|/url", re.IGNORECASE)
_OF_SUBSCRIBER: Final = re.compile(
    r"[/?&._-](?:un-?subscribe|opt-?out|email-?preferences|manage-?subscriptions?)\b|[?&].*(?:@|%40)", re.IGNORECASE
)
_OF_ACCOUNT: Final = re.compile(r"subscri|preferences|profile|manage|forward|vcard|signup|/about$", re.IGNORECASE)
_SOCIAL: Final = frozenset(
    {
        *("facebook.com", "twitter.com", "x.com", "instagram.com", "linkedin.com", "threads.net", "threads.com"),
        *("flickr.com", "pinterest.com", "tiktok.com", "bsky.app", "truthsocial.com", "addthis.com"),
    }
)
_BULLETIN: Final = re.compile(
    r"govdelivery\.com/(?:accounts/\w+/)?bulletins/|campaign-archive|mailchi\.mp/", re.IGNORECASE
)
_READER: Final = re.compile(r"(?<=[?&])e=[^&#]*&?")  # of Mailchimp, in the address of a bulletin
_HOPS: Final = 3  # wrappers around wrappers


def target(href: str) -> str:
    """The page that a link leads to, without tracking; "" if it is no page for other people."""
    url = web_address(href)
    for _ in range(_HOPS):
        inner = _unwrapped(url) if url else ""
        if not inner:
            break
        url = inner
    host = host_of(url) if url else ""
    if not host or host in _SOCIAL or _OF_SUBSCRIBER.search(url):
        return ""
    if _OF_MAILER.search(host) and _OF_ACCOUNT.search(urlsplit(url).path):
        return ""
    url = without_tracking(url)
    return _READER.sub("", url).rstrip("?&") if is_bulletin(url) else url


def is_opaque(url: str) -> bool:
    """Whether an address hides where it leads. It may name the subscriber, so that nobody else may get it."""
    return bool(_OF_MAILER.search(host_of(url))) and not is_bulletin(url)


def is_bulletin(url: str) -> bool:
    """Whether an address is that of the bulletin itself, as a page that anybody may read."""
    return bool(_BULLETIN.search(url))


def is_page(url: str) -> bool:
    """Whether an address may be that of one item: not a site's front page."""
    parts = urlsplit(url)
    return bool(parts.path.strip("/") or parts.query)


def _unwrapped(url: str) -> str:
    """What a wrapper has inside; "" if the address is no wrapper, or does not say."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if wrapped := _WRAPPED.search(parts.path):
        return web_address(unquote(wrapped[1]))
    if host == "lnks.gd":
        return web_address(_of_token(parts.path))
    if "&&&" in parts.query:  # links.govdelivery.com/track?…&enid=…&&&100&&&https://…
        return web_address(parts.query.rpartition("&&&")[2])
    if _CLICK.search(f"{host}{parts.path}"):
        values = (web_address(value) for _, value in parse_qsl(parts.query))
        return next(filter(None, values), "")
    return ""


def _of_token(path: str) -> str:
    """The `url` of the unsigned part of a JSON Web Token: lnks.gd/l/HEAD.PAYLOAD.SIGNATURE/s/…"""
    for step in path.split("/"):
        payload = step.split(".")[1] if step.count(".") == 2 else ""
        try:
            fields = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))) if payload else {}
        except (ValueError, binascii.Error, RecursionError):
            continue
        if isinstance(fields, dict) and fields.get("url"):
            return str(fields["url"])
    return ""
