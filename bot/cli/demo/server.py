"""A loopback server that answers like the federal sources, at the time of a clock that the tour moves."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from email.utils import format_datetime
from html import escape
from typing import Final

from aiohttp import web

from bot.cli.demo.replay import Record, Week

_LISTS: Final = ("docket_ids", "regulation_id_numbers", "corrections")  # empty, not null, in a document without them
_BATCH: Final = timedelta(days=7)  # days covered by this server's list of changed GovInfo records


class ReplayServer:
    """Serves `week` on a free loopback port; `async with ReplayServer(week, clock) as base` gives its address.

    Addresses: ``/api/v1/documents.json``, ``/api/v1/public-inspection-documents/current.json``,
    ``/bulkdata/BILLSTATUS/{congress}/{type}/{file}.xml``, ``/rss/billstatus-batch.xml`` and ``/feeds/{source id}``.
    """

    def __init__(self, week: Week, clock: Callable[[], datetime]) -> None:
        self.week = week
        self.clock = clock
        app = web.Application()
        app.add_routes(
            [
                web.get("/api/v1/documents.json", self._documents),
                web.get("/api/v1/public-inspection-documents/current.json", self._inspection),
                web.get("/bulkdata/BILLSTATUS/{congress}/{type}/{name}.xml", self._bill),
                web.get("/rss/billstatus-batch.xml", self._batch),
                web.get("/feeds/{name}", self._feed),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None)

    async def __aenter__(self) -> str:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        return f"http://{host}:{port}"

    async def __aexit__(self, *error: object) -> None:
        await self._runner.cleanup()

    async def _documents(self, request: web.Request) -> web.Response:
        """Answer a search with all its documents on one page, with the fields that the program asks for."""
        names = request.query.getall("fields[]", [])
        results = [
            {name: document.get(name, [] if name in _LISTS else None) for name in names}
            for document in self.week.published(self.clock())
            if _meets(document, request)
        ]
        return web.json_response({"count": len(results), "total_pages": 1, "results": results})

    async def _inspection(self, request: web.Request) -> web.Response:  # noqa: ARG002 - a handler's form
        filings = self.week.on_inspection(self.clock())
        newest = max((filing["filed_at"] for filing in filings), default=None)
        times = {"special_filings_updated_at": newest, "regular_filings_updated_at": newest}
        return web.json_response({"count": len(filings), **times, "results": filings})

    async def _bill(self, request: web.Request) -> web.Response:
        version = self.week.bill(request.match_info["name"], self.clock())
        if version is None:
            raise web.HTTPNotFound
        answer = web.Response(body=version.body, content_type="application/xml")
        answer.last_modified = version.since
        return answer

    async def _batch(self, request: web.Request) -> web.Response:
        now = self.clock()
        renewed = [(name, version.since) for name in self.week.bills if (version := self.week.bill(name, now))]
        base = f"{request.url.origin()}/bulkdata/BILLSTATUS"
        return _rss(
            {
                "title": name,
                "guid": name,
                "link": f"{base}/{name[11:14]}/{name[14:].rstrip('0123456789')}/{name}.xml",
                "published": since.isoformat(),
            }
            for name, since in renewed
            if now - since <= _BATCH
        )

    async def _feed(self, request: web.Request) -> web.Response:
        items = self.week.feed(request.match_info["name"], self.clock())
        page = next((item["page"] for item in items if "page" in item), None)
        return web.Response(text=page, content_type="text/html") if page else _rss(items)


def _meets(document: Record, request: web.Request) -> bool:
    """Whether a document matches the query: only the conditions that the program uses."""
    query, day, slugs = request.query, document["publication_date"], {each["slug"] for each in document["agencies"]}
    on, first, last = (query.get(f"conditions[publication_date][{edge}]", day) for edge in ("is", "gte", "lte"))
    wanted = query.getall("conditions[agencies][]", [])
    return day == on and first <= day <= last and (not wanted or not slugs.isdisjoint(wanted))


def _rss(items: Iterable[Record]) -> web.Response:
    body = "".join(map(_item, items))
    text = f"<rss version='2.0'><channel><title>The demo's week</title>{body}</channel></rss>"
    return web.Response(text=text, content_type="application/rss+xml")


def _item(item: Record) -> str:
    values = {name: escape(item[name]) for name in ("title", "link", "guid", "summary", "outlet") if name in item}
    outlet = f"<source url='https://example.org/'>{values['outlet']}</source>" if "outlet" in item else ""
    return (
        f"<item><title>{values['title']}</title><link>{values['link']}</link><guid isPermaLink='false'>{values['guid']}"
        f"</guid><pubDate>{format_datetime(datetime.fromisoformat(item['published']))}</pubDate>"
        f"<description>{values.get('summary', '')}</description>{outlet}</item>"
    )
