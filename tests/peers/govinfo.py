"""A loopback server that has bills as GovInfo (BILLSTATUS, the batch feed) and congress.gov (API v3) have them.

A bill is given in API v3's shape: ``{"bill": {…}, "actions": [{…}], "titles": [{…}]}``, and served as of any day.
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


@dataclass
class Bill:
    """`until`: actions of later days have not happened yet. `updated` is the record's own update date."""

    bill: dict[str, Any]
    actions: list[dict[str, Any]]
    titles: list[dict[str, Any]] = field(default_factory=list)
    until: date | None = None
    updated: str = "2025-07-10T12:00:00Z"

    @classmethod
    def of_mirror(cls, mirror: Mapping[str, Any]) -> Bill:
        """From a mirror's JSON, where a list of one child has become the child, and codes are text."""
        actions = [action | {"committees": _list(action.get("committees"))} for action in _rows(mirror, "actions")]
        bill = {key: value for key, value in mirror["bill"]["bill"].items() if not key.startswith("_")}
        return cls(bill, actions, _rows(mirror, "titles"))

    @property
    def package(self) -> str:
        return f"BILLSTATUS-{self.bill['congress']}{self.bill['type'].lower()}{self.bill['number']}"

    @property
    def path(self) -> str:
        return f"{self.bill['congress']}/{self.bill['type'].lower()}/{self.bill['number']}"

    def happened(self) -> list[dict[str, Any]]:
        until = self.until.isoformat() if self.until else "9999"
        return [action for action in self.actions if action["actionDate"] <= until]

    def billstatus(self) -> bytes:
        """The record as BILLSTATUS XML, schema 3.0.0."""
        root = ET.Element("billStatus")
        ET.SubElement(root, "version").text = "3.0.0"
        bill = ET.SubElement(root, "bill")
        for name in ("number", "type", "congress", "introducedDate", "originChamber", "title"):
            ET.SubElement(bill, name).text = str(self.bill.get(name, ""))
        ET.SubElement(bill, "updateDate").text = self.updated
        actions = ET.SubElement(bill, "actions")
        for action in self.happened():
            item = ET.SubElement(actions, "item")
            for name in ("actionDate", "actionTime", "text", "type", "actionCode"):
                if name in action:
                    ET.SubElement(item, name).text = action[name]
            system = ET.SubElement(item, "sourceSystem")
            for name in ("code", "name"):
                if name in action.get("sourceSystem", {}):
                    ET.SubElement(system, name).text = str(action["sourceSystem"][name])
            committees = ET.SubElement(item, "committees")
            for committee in action.get("committees") or ():
                one = ET.SubElement(committees, "item")
                ET.SubElement(one, "systemCode").text = committee["systemCode"]
                ET.SubElement(one, "name").text = committee["name"]
        titles = ET.SubElement(bill, "titles")
        for title in self.titles:
            item = ET.SubElement(titles, "item")
            for name in ("titleType", "title"):
                ET.SubElement(item, name).text = title[name]
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
        self.base = ""
        app = web.Application()
        app.router.add_get("/bulkdata/BILLSTATUS/{congress}/{type}/{package}.xml", self._file)
        app.router.add_get("/rss/billstatus-batch.xml", self._feed)
        app.router.add_get("/v3/bill/{congress}/{type}/{number}", self._detail)
        app.router.add_get("/v3/bill/{congress}/{type}/{number}/actions", self._actions)
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
            {"bill": bill.bill | {"updateDate": bill.updated}, "request": {"format": "json"}}
        )  # fmt: skip

    async def _actions(self, request: web.Request) -> web.Response:
        bill = self._of_api(request)
        if isinstance(bill, web.Response):
            return bill
        limit = min(int(request.query.get("limit", 20)), 250)
        offset = int(request.query.get("offset", 0))
        rows = [_as_api(action) for action in bill.happened()]
        body = {"actions": rows[offset : offset + limit], "pagination": {"count": len(rows)}}
        if offset + limit < len(rows):
            body["pagination"]["next"] = f"{request.url.with_query(None)}?sort=updateDate desc&offset={offset + limit}"
        return web.json_response(body)

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


def _rows(mirror: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    return _list(mirror.get(name, {}).get(name))


def _list(value: Any) -> list[dict[str, Any]]:
    value = value["item"] if isinstance(value, Mapping) and "item" in value else value
    return value if isinstance(value, list) else [value] if value else []


def _with_tag(request: web.Request, body: bytes, content_type: str) -> web.Response:
    answer = web.Response(body=body, content_type=content_type)
    answer.etag = hashlib.sha256(body).hexdigest()[:16]
    known = any(tag.value == answer.etag.value for tag in request.if_none_match or ())
    return web.Response(status=304, headers={"ETag": answer.headers["ETag"]}) if known else answer
