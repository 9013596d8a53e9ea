"""What a page says of itself in its head: title, outlet, description, date, its own address. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser

from bot.shared.urls import canonical_key, host_of, web_address
from bot.sources.feeds.parse import cut
from bot.sources.plain_text import clean, instant

# Only these tags reach the parser, and only so much of them: on a hostile page it takes quadratic time.
_TAG: Final = re.compile(rb"<(?:meta|link)\b[^<>]{1,4000}>|<title\b[^<>]{0,200}>[^<]{1,1000}</title>", re.IGNORECASE)
_CHARSET: Final = re.compile(rb"""charset=["']?([\w-]{2,20})""", re.IGNORECASE)
_LOOKED_AT: Final = 1_000_000  # bytes of the page
_MOST: Final = 400  # tags
_TITLE: Final = 500
_SUMMARY: Final = 2_000


@dataclass(frozen=True, slots=True)
class PageHead:
    """Empty where the page does not say. `url`: the page's own, if it names one on the same site."""

    title: str
    outlet: str
    summary: str
    published: datetime | None
    url: str


def page_head(page: bytes, content_type: str, address: str) -> PageHead:
    """`content_type` is the header, for its charset; `address`: where the page came from."""
    said = _CHARSET.search(content_type.encode(errors="replace")) or _CHARSET.search(page[:4_000])
    tags = b"\n".join(_TAG.findall(page[:_LOOKED_AT])[:_MOST])
    try:
        text = tags.decode(said[1].decode() if said else "utf-8", "replace")
    except LookupError:
        text = tags.decode("utf-8", "replace")
    tree = LexborHTMLParser(text)
    metas = [{name: value or "" for name, value in each.attributes.items()} for each in tree.css("meta")]
    named = {str(meta.get("property") or meta.get("name") or "").lower(): meta.get("content", "") for meta in metas}
    title = next((node.text() for node in tree.css("title")), "")
    links = (each.attributes for each in tree.css("link"))
    own = next((link.get("href") or "" for link in links if (link.get("rel") or "").lower() == "canonical"), "")
    return PageHead(
        title=cut(clean(named.get("og:title") or title), _TITLE),
        outlet=cut(clean(named.get("og:site_name", "")), 100),
        summary=cut(clean(named.get("og:description") or named.get("description", "")), _SUMMARY),
        published=instant(named.get("article:published_time")),
        url=_same_site(own, address),
    )


def _same_site(own: str, address: str) -> str:
    """What a page calls its own address counts on the same site alone: a copy that names another site is a copy."""
    try:
        target = web_address(urljoin(address, own.strip())) if own.strip() else ""
    except ValueError:
        return ""
    return target if target and host_of(target) == host_of(address) and canonical_key(target) else ""
