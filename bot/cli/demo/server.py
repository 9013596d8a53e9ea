"""A loopback server that answers like the federal sources, at the time of a clock that the tour moves."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

from aiohttp import web

from bot.cli.demo.replay import Record, Week

PER_PAGE = 20
LARGEST_PAGE = 2000  # the service's limit; anything outside silently becomes 20
USUAL_FIELDS = ("document_number", "title", "type", "abstract", "html_url", "pdf_url", "publication_date", "agencies")
LISTS = ("docket_ids", "regulation_id_numbers", "corrections")
BATCH = timedelta(days=7)  # days covered by this server's list of changed GovInfo records


class ReplayServer:
    """Serves `week` on a free loopback port; `async with ReplayServer(week, clock) as base` gives its address.

    Addresses: ``/api/v1/documents.json``, ``/api/v1/public-inspection-documents/current.json``,
    ``/bulkdata/BILLSTATUS/{congress}/{type}/{file}.xml``, ``/rss/billstatus-batch.xml`` and ``/feeds/{source id}``.
    """

    def __init__(self, week: Week, clock: Callable[[], datetime]) -> None:
        self.week = week
        self.clock = clock
        self.asked = 0  # requests answered so far
        self.base = ""
        app = web.Application()
        app.add_routes(
            [
                web.get("/api/v1/documents.json", self._documents),
                web.get("/api/v1/documents", self._documents),  # next_page_url has no ".json" in its path
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
        self.base = f"http://{host}:{port}"
        return self.base

    async def __aexit__(self, *error: object) -> None:
        await self._runner.cleanup()

    async def _documents(self, request: web.Request) -> web.Response:
        query = request.query
        matches = [d for d in self.week.published(self.clock()) if _meets(d, query)]
        size = int(query.get("per_page", PER_PAGE))
        size = size if 1 < size <= LARGEST_PAGE else PER_PAGE
        page = int(query.get("page", 1))
        body: dict[str, Any] = {"count": len(matches), "description": "Documents of the demo's week"}
        if matches:  # an empty search has no `results` at all
            body["total_pages"] = -(-len(matches) // size)
            names = query.getall("fields[]", USUAL_FIELDS)
            body["results"] = [  # a key that is not in the week's data is null
                {name: document.get(name, [] if name in LISTS else None) for name in names}
                for document in matches[(page - 1) * size : page * size]
            ]
        if page * size < len(matches):
            later = [(k, v) for k, v in query.items() if k not in ("page", "format", "search_after_cursor")]
            later += [("format", "json"), ("page", str(page + 1)), ("search_after_cursor", str(page * size))]
            body["next_page_url"] = f"{self.base}/api/v1/documents?{urlencode(later)}"
        return self._answer(request, web.json_response(body))

    async def _inspection(self, request: web.Request) -> web.Response:
        filings = self.week.on_inspection(self.clock())
        newest = max((f["filed_at"] for f in filings), default=None)
        body = {
            "count": len(filings),
            "special_filings_updated_at": newest,
            "regular_filings_updated_at": newest,
            "results": filings,
        }
        return self._answer(request, web.json_response(body))

    async def _bill(self, request: web.Request) -> web.Response:
        version = self.week.bill(request.match_info["name"], self.clock())
        if version is None:
            raise web.HTTPNotFound
        answer = web.Response(body=version.body, content_type="application/xml")
        answer.last_modified = version.since
        return self._answer(request, answer)

    async def _batch(self, request: web.Request) -> web.Response:
        now = self.clock()
        renewed = [(name, version.since) for name in self.week.bills if (version := self.week.bill(name, now))]
        items = [
            {
                "title": name,
                "guid": name,
                "link": f"{self.base}/bulkdata/BILLSTATUS/{name[11:14]}/{name[14:].rstrip('0123456789')}/{name}.xml",
                "published": since.isoformat(),
            }
            for name, since in renewed
            if now - since <= BATCH
        ]
        return self._answer(request, _rss("BILLSTATUS, renewed records", items))

    async def _feed(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        items = self.week.feed(name, self.clock())
        page = next((i["page"] for i in items if "page" in i), None)
        answer = web.Response(text=page, content_type="text/html") if page else _rss(name, items)
        return self._answer(request, answer)

    def _answer(self, request: web.Request, answer: web.Response) -> web.Response:
        """The answer with an entity tag; 304 if the client already has this body."""
        self.asked += 1
        assert isinstance(answer.body, bytes)
        tag = hashlib.sha256(answer.body).hexdigest()[:16]
        answer.etag = tag
        unchanged = any(asked.value == tag for asked in request.if_none_match or ())
        return web.Response(status=304, headers={"ETag": f'"{tag}"'}) if unchanged else answer


def _meets(document: Record, query: Any) -> bool:
    """Whether a document matches the query: only the conditions that the program uses."""
    day, slugs = document["publication_date"], {a["slug"] for a in document["agencies"]}
    on, first, last = (query.get(f"conditions[publication_date][{edge}]", day) for edge in ("is", "gte", "lte"))
    wanted = query.getall("conditions[agencies][]", [])
    return day == on and first <= day <= last and (not wanted or not slugs.isdisjoint(wanted))


def _rss(title: str, items: list[Any]) -> web.Response:
    rss = ET.Element("rss", version="2.0")
    channel = ET.SubElement(rss, "channel")
    ET.SubElement(channel, "title").text = title
    ET.SubElement(channel, "link").text = "https://example.org/"
    ET.SubElement(channel, "description").text = "Replayed by the demo"
    for item in items:
        node = ET.SubElement(channel, "item")
        ET.SubElement(node, "title").text = item["title"]
        ET.SubElement(node, "link").text = item["link"]
        ET.SubElement(node, "guid", isPermaLink="false").text = item["guid"]
        ET.SubElement(node, "pubDate").text = format_datetime(datetime.fromisoformat(item["published"]))
        if "summary" in item:
            ET.SubElement(node, "description").text = item["summary"]
        if "outlet" in item:
            ET.SubElement(node, "source", url="https://example.org/").text = item["outlet"]
    body = ET.tostring(rss, encoding="utf-8", xml_declaration=True)
    return web.Response(body=body, content_type="application/rss+xml")
