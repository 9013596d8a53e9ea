"""The Justice Department's News API, and a newsroom's page, on loopback.

The API answers in the recorded form: `metadata`, `results` with epoch seconds in text, pages from 0, at most 50 a page,
and the oldest first unless both sort parameters ask otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from aiohttp import web

from tests.peers.feedserver import FeedServer

API = "/api/v1/press_releases.json"


def release(number: int, at: datetime, *components: str, **other: object) -> dict[str, object]:
    return {
        "uuid": f"0000{number}",
        "title": f"Release Number {number}",
        "url": f"https://justice.example/opa/pr/release-{number}",
        "date": str(int(at.timestamp())),
        "created": str(int(at.timestamp())),
        "teaser": f"<p>What happened in case {number}.</p>",
        "component": [{"uuid": "c", "name": name} for name in components] or "",
        **other,
    }


@dataclass
class NewsApi:
    """`releases`: in any order. `failing`: the pages that answer 503."""

    releases: list[dict[str, object]] = field(default_factory=list)
    failing: set[int] = field(default_factory=set)

    def serve(self, server: FeedServer) -> str:
        return server.script(API, self.answer) + "?pagesize=50&sort=date&direction=DESC&sort_by=date&sort_order=DESC"

    async def answer(self, request: web.Request) -> web.Response:
        page, size = int(request.query.get("page", 0)), min(int(request.query["pagesize"]), 50)
        if page in self.failing:
            return web.Response(status=503)
        newest_first = request.query.get("sort_order") == request.query.get("direction") == "DESC"
        listed = sorted(self.releases, key=lambda one: int(str(one["created"])), reverse=newest_first)
        shown = listed[page * size : (page + 1) * size]
        about = {"responseInfo": {"status": 200, "developerMessage": "OK"}, "resultset": {"count": str(len(listed))}}
        return web.json_response({"metadata": about, "results": shown})


def newsroom(headlines: Sequence[tuple[str, str, str]], *, more: str = "") -> str:
    """A page with (headline, path, day) in the markup that federal newsrooms share, in a frame of menus."""
    items = "".join(
        f'<li class="usa-collection__item"><a href="{path}"><span><time datetime="{day}"><b>{day}</b></time></span></a>'
        f'<div><h3><a href="{path}" hreflang="en">{title}</a></h3><p>About it.</p></div></li>'
        for title, path, day in headlines
    )
    return (
        '<!DOCTYPE html><html><head><title>News</title></head><body><nav><a href="/about">About the agency</a></nav>'
        f'<main><h1>Newsroom</h1><p><a href="/newsroom/all">See all news releases</a></p><ul>{items}</ul>{more}</main>'
        '<footer>Last updated November 2, 2026 <a href="/foia">Freedom of Information Act</a></footer></body></html>'
    )
