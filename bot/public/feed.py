"""The campaign page's news as an Atom feed (RFC 4287), and conditional requests for it and the calendar."""

from __future__ import annotations

import uuid
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from aiohttp import web
from aiohttp.helpers import ETag

from bot.chat.wording import clean
from bot.config.coalition import Coalition
from bot.public.campaign import PATH, CampaignPage, News

if TYPE_CHECKING:
    from xml.etree import ElementTree as ET

FEED: Final = f"{PATH}/feed.atom"
MEDIA_TYPE: Final = "application/atom+xml"
_ATOM: Final = "http://www.w3.org/2005/Atom"
_MOST: Final = 100  # entries, the newest
# Programs ask again each time, and get "not modified": what is hidden is gone at once.
_HEADERS: Final = {"Cache-Control": "no-cache", "X-Robots-Tag": "all"}


def atom(page: CampaignPage, coalition: Coalition, site: str) -> bytes:
    """Return the feed. An entry has the same id for as long as the coalition has its id, whatever its address."""
    from xml.etree import ElementTree as ET

    assert page.changed_at is not None
    ET.register_namespace("", _ATOM)
    feed = ET.Element(f"{{{_ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": "en"})
    _add(feed, "id", _id(coalition, "page"))
    _add(feed, "title", clean(coalition.name))
    _add(feed, "updated", _time(page.changed_at))
    _add(feed, "link", href=f"{site}{FEED}", rel="self", type=MEDIA_TYPE)
    _add(feed, "link", href=f"{site}{PATH}", rel="alternate", type="text/html")
    _add(_add(feed, "author"), "name", clean(coalition.name))
    for news in page.news[:_MOST]:
        _add_entry(feed, news, coalition, site)
    return bytes(ET.tostring(feed, encoding="utf-8", xml_declaration=True))


def _add_entry(feed: ET.Element, news: News, coalition: Coalition, site: str) -> None:
    entry = _add(feed, "entry")
    _add(entry, "id", _id(coalition, f"{news.item.kind.value} {news.item.name}"))
    _add(entry, "title", clean(news.headline))
    _add(entry, "published", _time(news.item.shown_at))
    _add(entry, "updated", _time(news.item.changed_at))
    _add(entry, "link", href=f"{site}{news.path}", rel="alternate", type="text/html")
    _add(entry, "summary", clean(news.shown.summary))


def _add(parent: ET.Element, name: str, text: str = "", **attributes: str) -> ET.Element:
    element = parent.makeelement(f"{{{_ATOM}}}{name}", attributes)
    element.text = text or None
    parent.append(element)
    return element


def _id(coalition: Coalition, name: str) -> str:
    return uuid.uuid5(uuid.NAMESPACE_URL, f"coalition-bot/{coalition.id}/{name}").urn


def _time(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def conditional(request: web.Request, body: bytes, media_type: str, changed_at: datetime | None = None) -> web.Response:
    """Return the body, or "not modified" to a program that has it. Its ETag decides before a date (RFC 9110, 13.2.2).

    `changed_at`: when the body last changed, if that is known.
    """
    etag = sha256(body).hexdigest()[:32]
    changed_at = changed_at.replace(microsecond=0) if changed_at else None
    if request.if_none_match is not None:
        is_current = any(each.value in (etag, "*") for each in request.if_none_match)
    else:
        since = request.if_modified_since
        is_current = since is not None and changed_at is not None and changed_at <= since
    if is_current:
        response = web.Response(status=304, headers=_HEADERS)
    else:
        response = web.Response(body=body, content_type=media_type, charset="utf-8", headers=_HEADERS)
    response.etag = ETag(etag)
    response.last_modified = changed_at
    return response
