"""A loopback server with the shape and the traps of the Federal Register's API.

What it does without a word, as the service's own code does: `fields[]` replaces the default set and drops unknown
names; `per_page` of 1 or above 2000 becomes 20; a page beyond 50, or beyond 10,000 documents, is page 1; `count`
stops at 10,000; an empty search has no `results` key (or is a 404). `next_page_url` has no ".json" in its path, and
all its brackets are percent-encoded.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode

from aiohttp import web

Document = Mapping[str, Any]
USUAL = (
    "title", "type", "abstract", "document_number", "html_url", "pdf_url", "public_inspection_pdf_url",
    "publication_date", "agencies", "excerpts",
)  # fmt: skip
GATE = "<!DOCTYPE html><html><head><title>Federal Register :: Request Access</title></head><body>…</body></html>"


class RegisterPeer:
    """`async with RegisterPeer(documents) as peer`: then `peer.documents_url` and `peer.inspection_url`.

    Any documents will do: only the keys they have are served. Everything may be changed while it runs: `documents`,
    `filings`, `published_until` (later issues are not out yet) and `answer`, which replaces every ordinary answer.
    `asked` holds the raw path of every request.
    """

    def __init__(self, documents: Iterable[Document] = (), filings: Iterable[Document] = ()) -> None:
        self.documents = list(documents)
        self.filings = list(filings)
        self.published_until: date | None = None
        self.answer: Callable[[web.Request], web.Response | None] = lambda _: None
        self.empty_is_404 = False
        self.largest_page = 2000
        self.counted_at_most = 10_000
        self.page_elsewhere = ""  # put in place of our own address in `next_page_url`
        self.asked: list[str] = []
        self.base = ""
        app = web.Application()
        app.router.add_get("/api/v1/documents.json", self._search)
        app.router.add_get("/api/v1/documents", self._search)
        app.router.add_get("/api/v1/public-inspection-documents/current.json", self._inspection)
        app.router.add_get("/elsewhere", self._gate)
        self._runner = web.AppRunner(app, access_log=None)

    @property
    def documents_url(self) -> str:
        return f"{self.base}/api/v1/documents.json"

    @property
    def inspection_url(self) -> str:
        return f"{self.base}/api/v1/public-inspection-documents/current.json"

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

    async def _search(self, request: web.Request) -> web.Response:
        self.asked.append(request.raw_path)
        if instead := self.answer(request):
            return instead
        try:
            matching = [document for document in self.documents if self._meets(document, request)]
        except ValueError:
            return web.json_response({"errors": {"publication_date": "is not a valid date"}}, status=400)
        if not matching and self.empty_is_404:
            return web.json_response({"status": 404, "message": "Record Not Found"}, status=404)
        matching.sort(key=_newest_first, reverse=request.query.get("order") != "oldest")
        return _with_tag(request, self._page(matching, request))

    def _meets(self, document: Document, request: web.Request) -> bool:
        day = date.fromisoformat(document["publication_date"])
        asked = {
            edge: date.fromisoformat(request.query[name])
            for edge in ("is", "gte", "lte")
            if (name := f"conditions[publication_date][{edge}]") in request.query
        }
        slugs = {agency.get("slug") for agency in document.get("agencies") or ()}
        wanted = request.query.getall("conditions[agencies][]", [])
        return (
            asked.get("gte", day) <= day <= asked.get("lte", day)
            and asked.get("is", day) == day
            and (self.published_until is None or day <= self.published_until)
            and (not wanted or not slugs.isdisjoint(wanted))
        )

    def _page(self, matching: list[Document], request: web.Request) -> dict[str, Any]:
        size = int(request.query.get("per_page", 20))
        size = size if 1 < size <= self.largest_page else 20
        page = int(request.query.get("page", 1))
        page = page if page <= 50 and page * size <= 10_000 else 1
        count = min(len(matching), self.counted_at_most)
        body: dict[str, Any] = {"count": count, "description": "Documents published", "total_pages": -(-count // size)}
        if not matching:
            return body
        names = request.query.getall("fields[]", USUAL)
        shown = matching[(page - 1) * size : page * size]
        body["results"] = [{name: document[name] for name in names if name in document} for document in shown]
        if page * size < len(matching):
            cursor = base64.b64encode(json.dumps([page, shown[-1]["document_number"]]).encode()).decode()
            again = [(k, v) for k, v in request.query.items() if k not in ("page", "format", "search_after_cursor")]
            query = sorted([*again, ("format", "json"), ("page", str(page + 1)), ("search_after_cursor", cursor)])
            body["next_page_url"] = f"{self.page_elsewhere or self.base}/api/v1/documents?{urlencode(query)}"
        return body

    async def _gate(self, _: web.Request) -> web.Response:
        return web.Response(text=GATE, content_type="text/html")

    async def _inspection(self, request: web.Request) -> web.Response:
        self.asked.append(request.raw_path)
        if instead := self.answer(request):
            return instead
        body = {
            "count": len(self.filings),
            "special_filings_updated_at": "2026-11-23T16:15:00-05:00",
            "regular_filings_updated_at": "2026-11-23T08:45:00-05:00",
            "results": self.filings,
        }
        return _with_tag(request, body)


def filing(number: str, **fields: Any) -> dict[str, Any]:
    """A filing with the keys that public inspection gives; `said` replaces what matters to a test."""
    return {
        "agencies": [
            {"raw_name": "DEPARTMENT OF EXAMPLES", "name": "Examples Department", "id": 9001, "parent_id": None,
             "slug": "examples-department"},
        ],
        "docket_numbers": [],
        "document_number": number,
        "editorial_note": None,
        "filed_at": "2026-11-23T08:45:00.000-05:00",
        "filing_type": "regular",
        "html_url": f"https://www.federalregister.gov/public-inspection/{number}/example",
        "pdf_url": f"https://public-inspection.federalregister.gov/{number}.pdf",
        "publication_date": "2026-11-24",
        "subject_1": None, "subject_2": None, "subject_3": None,
        "title": f"Example Document {number}",
        "toc_doc": None, "toc_subject": None,
        "type": "Notice",
    } | fields  # fmt: skip


def _newest_first(document: Document) -> tuple[str, str]:
    return document["publication_date"], document["document_number"]


def _with_tag(request: web.Request, body: Mapping[str, Any]) -> web.Response:
    answer = web.json_response(body)
    assert isinstance(answer.body, bytes)
    answer.etag = hashlib.sha256(answer.body).hexdigest()[:16]
    unchanged = any(tag.value == answer.etag.value for tag in request.if_none_match or ())
    return web.Response(status=304, headers={"ETag": answer.headers["ETag"]}) if unchanged else answer
