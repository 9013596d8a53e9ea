"""Find the feeds that a web page links to: `<link rel="alternate" type="application/rss+xml">`. Pure."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser

from bot.shared.urls import web_address

_TYPES: Final = frozenset({"application/rss+xml", "application/atom+xml", "application/rdf+xml"})
# The parser gets only these tags, and a limited number: on a hostile page it takes quadratic time.
_LINK: Final = re.compile(rb"<link\b[^<>]{1,2000}>", re.IGNORECASE)
_LOOKED_AT: Final = 1_000_000  # bytes of the page
_MOST: Final = 200  # links


def feed_links(page: bytes, address: str) -> tuple[str, ...]:
    """The addresses of the page's feeds in the page's order, usually the main one first. `address`: the page's."""
    tags = _LINK.findall(page[:_LOOKED_AT])[:_MOST]
    links = []
    for link in LexborHTMLParser(b"\n".join(tags).decode("utf-8", "replace")).css("link"):
        given = {name: value or "" for name, value in link.attributes.items()}
        is_feed = "alternate" in given.get("rel", "").lower().split() and given.get("type", "").lower() in _TYPES
        if is_feed and (target := _joined(address, given.get("href", ""))):
            links.append(target)
    return tuple(dict.fromkeys(links))


def _joined(base: str, link: str) -> str:
    try:
        return web_address(urljoin(base, link.strip())) if link.strip() else ""
    except ValueError:
        return ""
