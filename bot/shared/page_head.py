"""A page's metadata: title, outlet, description, date, canonical address, and the feeds it links to. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urljoin

from bot.shared.dates import read_date
from bot.shared.plain_text import clean, cut, decode_text
from bot.shared.urls import canonical_key, host_of, web_address

# Only these tags, and a limited number, reach the parser: on a hostile page it takes quadratic time.
_TAG: Final = re.compile(rb"<(?:meta|link)\b[^<>]{1,4000}>|<title\b[^<>]{0,200}>[^<]{1,1000}</title>", re.IGNORECASE)
_CHARSET: Final = re.compile(rb"""charset=["']?([\w-]{2,20})""", re.IGNORECASE)
_SEARCHED: Final = 1_000_000  # bytes of the page
_MOST: Final = 400  # tags
_TITLE: Final = 500
_SUMMARY: Final = 2_000
_TYPES: Final = frozenset({"application/rss+xml", "application/atom+xml", "application/rdf+xml"})
_LINK: Final = re.compile(rb"<link\b[^<>]{1,2000}>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PageHead:
    """Metadata of a page, "" if missing. `url`: its canonical address, if that is on the same site."""

    title: str
    outlet: str
    summary: str
    published: datetime | None
    url: str


def page_head(page: bytes, content_type: str, address: str) -> PageHead:
    """Read a page's metadata. `content_type` is the header, for its charset; `address`: the page's URL."""
    from selectolax.lexbor import LexborHTMLParser

    charset = _CHARSET.search(content_type.encode(errors="replace")) or _CHARSET.search(page[:4_000])
    tags = b"\n".join(_TAG.findall(page[:_SEARCHED])[:_MOST])
    tree = LexborHTMLParser(decode_text(tags, charset[1].decode() if charset else "utf-8"))
    metas = [{name: value or "" for name, value in node.attributes.items()} for node in tree.css("meta")]
    named = {str(meta.get("property") or meta.get("name") or "").lower(): meta.get("content", "") for meta in metas}
    title = next((node.text() for node in tree.css("title")), "")
    links = (node.attributes for node in tree.css("link"))
    own = next((link.get("href") or "" for link in links if (link.get("rel") or "").lower() == "canonical"), "")
    target = _joined(address, own)
    on_site = target and host_of(target) == host_of(address)  # a page that names another site is a copy
    return PageHead(
        title=cut(clean(named.get("og:title") or title), _TITLE),
        outlet=cut(clean(named.get("og:site_name", "")), 100),
        summary=cut(clean(named.get("og:description") or named.get("description", "")), _SUMMARY),
        published=read_date(named.get("article:published_time", "")),
        url=target if on_site and canonical_key(target) else "",
    )


def feed_links(page: bytes, address: str) -> tuple[str, ...]:
    """The addresses of the page's feeds in the page's order, usually the main one first. `address`: the page's."""
    from selectolax.lexbor import LexborHTMLParser

    tags = _LINK.findall(page[:_SEARCHED])[:_MOST]
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
