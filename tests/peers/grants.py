"""A loopback server that has announcements as grants.gov's interface (search2, fetchOpportunity, attachments) has them.

Built from the shape that public programs read in 2025 and 2026: dates are written in two ways, a posted record may keep
a stale forecast, an id is text in a search and a number in a record, and what is not stated is "" or missing.
"""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import typst
from aiohttp import web
from docx import Document
from docx.enum.text import WD_BREAK

from tests.peers.feedserver import FeedServer

PDF, WORD = "application/pdf", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass
class Announcement:
    """`files` are (attachment id, name, media type, bytes); `closed`: only a search of the past finds it."""

    id: int
    number: str
    title: str
    posted: date
    closes: date | None = None
    synopsis: str = "<p>Services for victims of human trafficking.</p>"
    files: list[tuple[int, str, str, bytes]] = field(default_factory=list)
    listings: tuple[str, ...] = ("16.320",)
    office: str = "Office for Victims of Crime"
    agency: str = "USDOJ-OJP-OVC"
    forecast: bool = False
    closed: bool = False
    folder: str = "Full Announcement"

    def hit(self) -> dict[str, Any]:
        status = "closed" if self.closed else "forecasted" if self.forecast else "posted"
        return {
            "id": str(self.id),
            "number": self.number,
            "title": self.title,
            "agencyCode": self.agency,
            "agency": self.office,
            "openDate": f"{self.posted:%m/%d/%Y}",
            "closeDate": f"{self.closes:%m/%d/%Y}" if self.closes else "",
            "oppStatus": status,
            "docType": "forecast" if self.forecast else "synopsis",
            "cfdaList": list(self.listings),
        }

    def record(self) -> dict[str, Any]:
        fields = {
            "postingDate": _spelled(self.posted),
            "lastUpdatedDate": _spelled(self.posted),
            "awardCeiling": "none",
        }
        forecast = fields | {"forecastDesc": self.synopsis, "estApplicationResponseDate": _spelled(self.closes)}
        synopsis = fields | {
            "synopsisDesc": self.synopsis,
            "responseDate": _spelled(self.closes),
            "agencyName": "a person",
        }
        files = [
            {
                "id": id_,
                "fileName": name,
                "mimeType": mime,
                "fileLobSize": len(data),
                "createdDate": _spelled(self.posted),
            }
            for id_, name, mime, data in self.files
        ]
        return {
            "id": self.id,
            "opportunityNumber": self.number,
            "opportunityTitle": self.title,
            "docType": "forecast" if self.forecast else "synopsis",
            "forecast": forecast,
            "synopsis": None if self.forecast else synopsis,
            "agencyDetails": {"agencyName": self.office, "agencyCode": self.agency},
            "topAgencyDetails": {"agencyName": "Department of Justice"},
            "synopsisAttachmentFolders": [{"folderType": self.folder, "synopsisAttachments": files}] if files else [],
            "cfdas": [{"cfdaNumber": listing} for listing in self.listings],
        }


class GrantsPeer:
    """Put it onto a `FeedServer`; what it was asked is in `asked`, as (what, question)."""

    def __init__(self, server: FeedServer) -> None:
        self.announcements: list[Announcement] = []
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.broken: set[int] = set()  # ids that cannot be opened
        self._server = server
        self.url = server.script("/v1/api", self._search).rstrip("/")
        self.files_url = server.url("/att")
        server.script("/v1/api/search2", self._search)
        server.script("/v1/api/fetchOpportunity", self._fetch)

    def attach(self, announcement: Announcement, id_: int, name: str, mime: str, data: bytes) -> None:
        announcement.files.append((id_, name, mime, data))
        self._server.say(f"/att/{id_}", data, content_type=mime)

    async def _search(self, request: web.Request) -> web.StreamResponse:
        question = await request.json()
        self.asked.append(("search2", question))
        past = "closed" in question["oppStatuses"]
        agencies = set(filter(None, question.get("agencies", "").split("|")))
        words = question.get("keyword", "").casefold().split()
        hits = [
            one.hit()
            for one in self.announcements
            if one.closed == past
            and (not agencies or one.agency in agencies)
            and all(word in f"{one.title} {one.synopsis}".casefold() for word in words)
        ]
        start = question.get("startRecordNum", 0)
        return _said({"hitCount": len(hits), "oppHits": hits[start : start + question["rows"]]})

    async def _fetch(self, request: web.Request) -> web.StreamResponse:
        question = await request.json()
        self.asked.append(("fetchOpportunity", question))
        assert isinstance(question["opportunityId"], int)
        if question["opportunityId"] in self.broken:
            return web.Response(status=500)
        return _said(next(one.record() for one in self.announcements if one.id == question["opportunityId"]))


def _said(data: dict[str, Any]) -> web.Response:
    body = {"errorcode": 0, "msg": "Webservice Succeeds", "token": "t", "data": data}
    return web.Response(text=json.dumps(body), content_type="application/json")


def _spelled(on: date | None) -> str:
    return f"{on:%b %d, %Y} 12:00:00 AM EDT" if on else ""


def pdf(*pages: str, head: str = "") -> bytes:
    """A PDF with these pages, written in Typst's markup, under a running head."""
    return typst.compile(f'#set page(header: [{head}], numbering: "1")\n{"#pagebreak()".join(pages)}'.encode())


def word(*pages: tuple[str, ...]) -> bytes:
    """A Word file of these pages of paragraphs."""
    document = Document()
    for number, paragraphs in enumerate(pages):
        for at, text in enumerate(paragraphs):
            paragraph = document.add_paragraph()
            if number and not at:
                paragraph.add_run().add_break(WD_BREAK.PAGE)
            paragraph.add_run(text)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()
