"""A loopback server that has bills as GovInfo (BILLSTATUS, the batch feed) and congress.gov (API v3) have them.

A bill is given in API v3's shape: ``{"bill": {…}, "actions": [{…}], "titles": [{…}]}``, and served as of any day.
Texts (``/content/pkg/…``) are served as they are put into `GovInfoPeer.texts`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import TracebackType
from typing import Any, Self
from xml.etree import ElementTree as ET

from aiohttp import web

CHALLENGE = "<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>…</body></html>"


# The lists of the API beside actions and titles: key → what BILLSTATUS calls it, and the day a row of it is of.
LEVELS = {
    "cosponsors": ("cosponsors", "sponsorshipDate"),
    "committees": ("committees", ""),
    "textVersions": ("textVersions", "date"),
    "summaries": ("summaries", "updateDate"),
    "relatedBills": ("relatedBills", ""),
    "cboCostEstimates": ("cboCostEstimates", "pubDate"),
    "amendments": ("amendments", "submittedDate"),
}
_ITEMS = {"summaries": "summary", "amendments": "amendment"}
_NAMES = {"text": "textVersions", "relatedbills": "relatedBills"}  # where the API's addresses say it otherwise


@dataclass
class Bill:
    """`until`: what is of later days has not happened yet, and what has no day shows on `undated_from` at the earliest.

    `updated` is the record's own update date. `levels` holds the lists of `LEVELS`.
    """

    bill: dict[str, Any]
    actions: list[dict[str, Any]]
    titles: list[dict[str, Any]] = field(default_factory=list)
    until: date | None = None
    updated: str = "2025-07-10T12:00:00Z"
    levels: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    laws: list[dict[str, Any]] = field(default_factory=list)
    subjects: list[str] = field(default_factory=list)  # BILLSTATUS alone has them
    undated_from: date | None = None

    @classmethod
    def of_mirror(cls, mirror: Mapping[str, Any]) -> Bill:
        """From a mirror's JSON, where a list of one child has become the child, and codes are text."""
        actions = [action | {"committees": _list(action.get("committees"))} for action in _rows(mirror, "actions")]
        bill = {key: value for key, value in mirror["bill"]["bill"].items() if not key.startswith("_")}
        levels = {}
        for place, stored in mirror.items():
            key = _NAMES.get(place, place)
            if key in LEVELS:
                levels[key] = [_plain(row) for row in _list(stored.get(key))]
        return cls(bill, actions, _rows(mirror, "titles"), levels=levels, laws=_rows(mirror, "laws"))

    @property
    def package(self) -> str:
        return f"BILLSTATUS-{self.bill['congress']}{self.bill['type'].lower()}{self.bill['number']}"

    @property
    def path(self) -> str:
        return f"{self.bill['congress']}/{self.bill['type'].lower()}/{self.bill['number']}"

    def happened(self) -> list[dict[str, Any]]:
        return [action for action in self.actions if self._shows(action["actionDate"])]

    def rows(self, key: str) -> list[dict[str, Any]]:
        """What a list of `LEVELS` holds by now."""
        on = LEVELS[key][1]
        return [row for row in self.levels.get(key, ()) if not on or self._shows(row.get(on, ""))]

    def enacted(self) -> list[dict[str, Any]]:
        law = any("Became Public Law" in action["text"] for action in self.happened())
        return self.laws if law else []

    def _shows(self, on: str) -> bool:
        on = on or (self.undated_from.isoformat() if self.undated_from else "")
        return self.until is None or on[:10] <= self.until.isoformat()

    def billstatus(self) -> bytes:
        """The record as BILLSTATUS XML, schema 3.0.0."""
        root = ET.Element("billStatus")
        ET.SubElement(root, "version").text = "3.0.0"
        bill = ET.SubElement(root, "bill")
        for name in ("number", "type", "congress", "introducedDate", "originChamber", "title"):
            ET.SubElement(bill, name).text = str(self.bill.get(name, ""))
        ET.SubElement(bill, "updateDate").text = self.updated
        _write(bill, "actions", self.happened())
        _write(bill, "sponsors", self.bill.get("sponsors", []))
        for key, (name, _) in LEVELS.items():
            _write(bill, name, self.rows(key), item=_ITEMS.get(key, "item"))
        _write(bill, "laws", self.enacted())
        _write(bill, "titles", self.titles)
        if self.subjects:
            _write(ET.SubElement(bill, "subjects"), "legislativeSubjects", [{"name": name} for name in self.subjects])
        return ET.tostring(root, encoding="utf-8", xml_declaration=True)


class GovInfoPeer:
    """`async with GovInfoPeer([bill]) as peer`: then `peer.files_url`, `peer.batch_url` and `peer.api_url`.

    `written` are the bills the batch feed lists. `file_answer` and `api_answer` replace every ordinary answer of the
    bulk files and of the API. `asked` holds (path, key) of every request.
    """

    key = "not-a-real-key"

    def __init__(self, bills: Sequence[Bill]) -> None:
        self.bills = {bill.package: bill for bill in bills}
        self.written: list[Bill] = []
        self.file_answer: Callable[[web.Request], web.Response | None] = lambda _: None
        self.api_answer: Callable[[web.Request], web.Response | None] = lambda _: None
        self.feed_answer: Callable[[web.Request], web.Response | None] = lambda _: None
        self.asked: list[tuple[str, str]] = []
        self.texts: dict[str, bytes] = {}  # "BILLS-119hr4323ih.xml" → what it holds
        self.base = ""
        app = web.Application()
        app.router.add_get("/bulkdata/BILLSTATUS/{congress}/{type}/{package}.xml", self._file)
        app.router.add_get("/rss/billstatus-batch.xml", self._feed)
        app.router.add_get("/v3/bill/{congress}/{type}/{number}", self._detail)
        app.router.add_get("/v3/bill/{congress}/{type}/{number}/{level}", self._level)
        app.router.add_get("/content/pkg/{package}/{form}/{file}", self._text)
        self._runner = web.AppRunner(app, access_log=None)

    @property
    def files_url(self) -> str:
        return f"{self.base}/bulkdata/BILLSTATUS"

    @property
    def batch_url(self) -> str:
        return f"{self.base}/rss/billstatus-batch.xml"

    @property
    def api_url(self) -> str:
        return f"{self.base}/v3"

    def asked_for(self, part: str) -> int:
        return sum(part in path for path, _ in self.asked)

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        self.base = f"http://{host}:{port}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._runner.cleanup()

    def _note(self, request: web.Request) -> None:
        self.asked.append((request.raw_path, request.headers.get("X-Api-Key", "")))

    async def _file(self, request: web.Request) -> web.Response:
        self._note(request)
        if instead := self.file_answer(request):
            return instead
        bill = self.bills.get(request.match_info["package"])
        if bill is None:
            return web.Response(status=404, text="<html><title>404</title></html>", content_type="text/html")
        return _with_tag(request, bill.billstatus(), "application/xml")

    async def _feed(self, request: web.Request) -> web.Response:
        self._note(request)
        if instead := self.feed_answer(request):
            return instead
        rss = ET.Element("rss", version="2.0")
        channel = ET.SubElement(rss, "channel")
        ET.SubElement(channel, "title").text = "Bill Status - completed batches"
        item = ET.SubElement(channel, "item")
        ET.SubElement(item, "title").text = "BILLSTATUS batch"
        ET.SubElement(item, "description").text = " ".join(
            f'<a href="https://www.govinfo.gov/bulkdata/BILLSTATUS/{bill.path.rpartition("/")[0]}/{bill.package}.xml">'
            f"{bill.package}.xml</a>"
            for bill in self.written
        )
        return _with_tag(request, ET.tostring(rss), "application/rss+xml")

    async def _detail(self, request: web.Request) -> web.Response:
        bill = self._of_api(request)
        return bill if isinstance(bill, web.Response) else web.json_response(
            {"bill": bill.bill | {"updateDate": bill.updated, "laws": bill.enacted(),
                                  "cboCostEstimates": bill.rows("cboCostEstimates"),
                                  "amendments": {"count": len(bill.rows("amendments"))}},
             "request": {"format": "json"}}
        )  # fmt: skip

    async def _level(self, request: web.Request) -> web.Response:
        bill, level = self._of_api(request), request.match_info["level"]
        if isinstance(bill, web.Response):
            return bill
        limit = min(int(request.query.get("limit", 20)), 250)
        offset = int(request.query.get("offset", 0))
        key = _NAMES.get(level, level)
        rows = (
            [_as_api(action) for action in bill.happened()] if level == "actions"
            else bill.titles if level == "titles" else bill.rows(key)
        )  # fmt: skip
        body: dict[str, Any] = {key: rows[offset : offset + limit], "pagination": {"count": len(rows)}}
        if offset + limit < len(rows):
            body["pagination"]["next"] = f"{request.url.with_query(None)}?sort=updateDate desc&offset={offset + limit}"
        return web.json_response(body)

    async def _text(self, request: web.Request) -> web.Response:
        self._note(request)
        stored = self.texts.get(request.match_info["file"])
        if stored is None:
            return web.Response(status=404, text="<html><title>404</title></html>", content_type="text/html")
        return web.Response(
            body=stored, content_type="text/xml" if request.match_info["form"] == "xml" else "text/html"
        )

    def _of_api(self, request: web.Request) -> Bill | web.Response:
        self._note(request)
        if instead := self.api_answer(request):
            return instead
        if request.headers.get("X-Api-Key") != self.key:
            return web.json_response({"error": {"code": "API_KEY_MISSING"}}, status=403)
        if request.query.get("format") != "json":  # the default became XML
            return web.Response(text="<?xml version='1.0'?><api-root/>", content_type="application/xml")
        place = request.match_info
        bill = self.bills.get(f"BILLSTATUS-{place['congress']}{place['type']}{place['number']}")
        return bill or web.json_response({"error": f"Unknown resource: {request.path}"}, status=404)


def _as_api(action: Mapping[str, Any]) -> dict[str, Any]:
    """The API gives the system's code as a number, and none for newer Senate rows."""
    system = action.get("sourceSystem", {})
    return {**action, "sourceSystem": {**system, "code": int(system["code"])} if "code" in system else system}


def _write(parent: ET.Element, name: str, rows: Sequence[Mapping[str, Any]], item: str = "item") -> None:
    """A list of rows, and lists in them, as BILLSTATUS nests them."""
    stored = ET.SubElement(parent, name)
    for row in rows:
        one = ET.SubElement(stored, item)
        for key, value in row.items():
            if isinstance(value, list):
                _write(one, key, value)
            elif isinstance(value, Mapping):
                inner = ET.SubElement(one, key)
                for within, text in value.items():
                    ET.SubElement(inner, within).text = str(text)
            else:
                ET.SubElement(one, key).text = "" if value is None else str(value)


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of the mirror, with its lists as lists."""
    return {key: _list(value) if isinstance(value, Mapping | list) else value for key, value in row.items()}


def _rows(mirror: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    return _list(mirror.get(name, {}).get(name))


def _list(value: Any) -> list[dict[str, Any]]:
    value = value["item"] if isinstance(value, Mapping) and "item" in value else value
    return value if isinstance(value, list) else [value] if value else []


def _with_tag(request: web.Request, body: bytes, content_type: str) -> web.Response:
    answer = web.Response(body=body, content_type=content_type)
    answer.etag = hashlib.sha256(body).hexdigest()[:16]
    unchanged = any(tag.value == answer.etag.value for tag in request.if_none_match or ())
    return web.Response(status=304, headers={"ETag": answer.headers["ETag"]}) if unchanged else answer
