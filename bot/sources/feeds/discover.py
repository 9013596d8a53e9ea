"""The feeds that a web page names: `<link rel="alternate" type="application/rss+xml">`. Pure."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser

from bot.shared.urls import web_address

_TYPES: Final = frozenset({"application/rss+xml", "application/atom+xml", "application/rdf+xml"})
# Only these tags reach the parser, and only so much of them: on a hostile page it takes quadratic time.
_LINK: Final = re.compile(rb"<link\b[^<>]{1,2000}>", re.IGNORECASE)
_LOOKED_AT: Final = 1_000_000  # bytes of the page
_MOST: Final = 200  # links


def feed_links(page: bytes, address: str) -> tuple[str, ...]:
    """The addresses of its feeds in the page's own order, the main one first as a rule. `address`: the page's own."""
    tags = _LINK.findall(page[:_LOOKED_AT])[:_MOST]
    found = []
    for link in LexborHTMLParser(b"\n".join(tags).decode("utf-8", "replace")).css("link"):
        given = {name: value or "" for name, value in link.attributes.items()}
        is_feed = "alternate" in given.get("rel", "").lower().split() and given.get("type", "").lower() in _TYPES
        if is_feed and (target := _joined(address, given.get("href", ""))):
            found.append(target)
    return tuple(dict.fromkeys(found))


def _joined(base: str, link: str) -> str:
    try:
        return web_address(urljoin(base, link.strip())) if link.strip() else ""
    except ValueError:
        return ""
