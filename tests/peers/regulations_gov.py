"""A loopback server that is regulations.gov's API v4 as its published OpenAPI file has it (regulations_gov_v4.yaml).

What the file does not allow is refused: an unknown parameter, a page beyond 20, a field that is missing or too long.
Traps that people met are there too: filters on the last change are in Eastern time and answers in UTC, lists have no
links, the total moves, lists and records have different media types, and a comment is not listed until it is posted.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web
from ruamel.yaml import YAML

EASTERN = ZoneInfo("America/New_York")
KEY = "a-key-of-api-data-gov"
MEDIA = "application/vnd.api+json"
STAGING = "/api-staging.regulations.gov"  # after our own host, in place of its name
SPEC = Path(__file__).with_name("regulations_gov_v4.yaml")


@cache
def spec() -> Mapping[str, Any]:
    return YAML(typ="safe").load(SPEC)


def schema(name: str) -> tuple[dict[str, Any], set[str]]:
    """The properties of a schema with those it is combined with, and the required ones."""
    named = spec()["components"]["schemas"][name]
    properties, required = dict(named.get("properties", {})), set(named.get("required", ()))
    for part in named.get("allOf", ()):
        if "$ref" in part:
            more, needed = schema(part["$ref"].rpartition("/")[2])
        else:
            more, needed = part.get("properties", {}), set(part.get("required", ()))
        properties |= more
        required |= needed
    return properties, required


def last_second(day: date) -> str:
    """The end of a day in Washington, as the API writes it."""
    end = datetime.combine(day, time(23, 59, 59), EASTERN)
    return f"{end.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


@dataclass
class Document:
    id: str
    docket: str = "USCG-2026-0041"
    number: str | None = "2026-00001"
    title: str = "Notice about forced labor"
    kind: str = "Notice"
    posted: date = date(2026, 11, 24)
    closes: date | None = date(2027, 1, 12)
    open: bool = True
    withdrawn: bool = False
    changed: datetime = datetime(2026, 11, 24, 12, tzinfo=UTC)

    @property
    def object_id(self) -> str:
        return f"09000064{self.id[-4:]}"

    def attributes(self) -> dict[str, Any]:
        """As in a list and, as far as the bot reads it, in a record."""
        return {
            "agencyId": self.docket.partition("-")[0], "objectId": self.object_id, "frDocNum": self.number,
            "documentType": self.kind, "withdrawn": self.withdrawn, "highlightedContent": "",
            "commentEndDate": last_second(self.closes) if self.closes else None, "commentStartDate": None,
            "lastModifiedDate": f"{self.changed:%Y-%m-%dT%H:%M:%SZ}", "openForComment": self.open,
            "withinCommentPeriod": self.open and self.closes is not None, "title": self.title,
            "postedDate": f"{datetime.combine(self.posted, time(), EASTERN).astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
            "docketId": self.docket, "subtype": None, "allowLateComments": False,
        }  # fmt: skip


@dataclass
class Comment:
    """A comment that an agency has posted."""

    id: str
    on: str
    organization: str = "Another Organization"
    tracking: str = "mxx-0000-0000"
    text: str = "See attached."
    posted: date = date(2026, 11, 25)


@dataclass(frozen=True)
class Filed:
    """A comment that came by POST: the bytes, and the uploaded files it names."""

    body: bytes
    files: Mapping[str, bytes]
    tracking: str

    @property
    def attributes(self) -> dict[str, Any]:
        return json.loads(self.body)["data"]["attributes"]


# How a POST of a comment goes wrong: before the comment is filed, or after it.
LOST = ("dropped before", "dropped after", "500 before", "500 after", "unreadable after")


@dataclass
class RegulationsGov:
    """Use `async with regulations_gov() as server`. `answers`: how the next POSTs of a comment are answered."""

    port: int = 0
    dockets: dict[str, str] = field(default_factory=lambda: {"USCG-2026-0041": "Forced labor in shipping"})
    documents: dict[str, Document] = field(default_factory=dict)
    comments: list[Comment] = field(default_factory=list)
    counted: dict[str, int] = field(default_factory=dict)  # by document: how many comments a list claims
    filed: list[Filed] = field(default_factory=list)
    uploads: dict[tuple[str, str], bytes] = field(default_factory=dict)  # (submission key, name) → bytes
    keys: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)  # "GET /documents?…", in order
    key_may_file: bool = True
    answers: list[str] = field(default_factory=list)
    status: int = 0  # of every answer, if not 0
    on_filed: Callable[[], None] = lambda: None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v4"

    def add(self, *documents: Document) -> None:
        self.documents |= {document.id: document for document in documents}

    def post_comment(self, filed: Filed, id_: str, on: date) -> None:
        """The agency posts what was filed."""
        sent = filed.attributes
        self.comments.append(
            Comment(id_, sent["commentOnDocumentId"], sent["organization"], filed.tracking, sent["comment"], on)
        )

    # --- answers ------------------------------------------------------------------------------------------------------

    async def handle(self, request: web.Request) -> web.StreamResponse:
        path = request.path.removeprefix("/v4").removeprefix(STAGING)
        self.asked.append(f"{request.method} {request.path_qs.removeprefix('/v4')}")
        if path.startswith("/bucket/"):
            return await self._upload(request)
        if request.headers.get("X-Api-Key") != KEY:
            return _error(403, "API_KEY_INVALID", "An invalid api_key was supplied.")
        if self.status:
            return _error(self.status, "Error", "as the test wants it")
        if request.method == "POST":
            return await self._post(request, path)
        return self._get(request, path)

    def _get(self, request: web.Request, path: str) -> web.Response:
        kind, _, id_ = path.strip("/").partition("/")
        if id_:
            return self._record(kind, id_)
        allowed = {each["name"] for each in spec()["paths"][f"/{kind}"]["get"]["parameters"]}
        plain = {name.removesuffix("[ge]").removesuffix("[le]") for name in request.query}
        if unknown := plain - allowed:
            return _error(400, "Invalid parameter", f"{sorted(unknown)} are not supported")
        rows = self._documents(request) if kind == "documents" else self._comments(request)
        number, size = int(request.query.get("page[number]", 1)), int(request.query.get("page[size]", 25))
        if not (1 <= number <= 20 and 5 <= size <= 250):
            return _error(400, "Invalid parameter", "page[number] is 1 to 20, page[size] 5 to 250")
        part = rows[(number - 1) * size : number * size]
        claimed = self.counted.get(request.query.get("filter[commentOnId]", ""), len(rows))
        meta = {
            "hasNextPage": len(rows) > number * size and number < 20, "numberOfElements": len(part),
            "pageNumber": number, "pageSize": size, "totalElements": claimed,
        }  # fmt: skip
        return web.json_response({"data": part, "meta": meta})  # lists are plain JSON

    def _documents(self, request: web.Request) -> list[dict[str, Any]]:
        query = request.query
        rows = list(self.documents.values())
        if "filter[docketId]" in query:
            rows = [row for row in rows if row.docket == query["filter[docketId]"]]
        if "filter[frDocNum]" in query:
            rows = [row for row in rows if row.number == query["filter[frDocNum]"]]
        if since := query.get("filter[lastModifiedDate][ge]"):
            from_ = datetime.strptime(since, "%Y-%m-%d %H:%M:%S").replace(tzinfo=EASTERN)
            rows = [row for row in rows if row.changed >= from_]
        rows.sort(key=lambda row: (row.changed, row.id))
        return [{"type": "documents", "id": row.id, "attributes": row.attributes()} for row in rows]

    def _comments(self, request: web.Request) -> list[dict[str, Any]]:
        query = request.query
        on = {row.object_id: row.id for row in self.documents.values()}.get(query.get("filter[commentOnId]", ""))
        rows = [row for row in self.comments if row.on == on]
        if words := query.get("filter[searchTerm]"):
            rows = [row for row in rows if words.casefold() in f"{row.organization} {row.text}".casefold()]
        if since := query.get("filter[postedDate][ge]"):
            rows = [row for row in rows if row.posted >= date.fromisoformat(since)]
        rows.sort(key=lambda row: row.posted)
        return [{"type": "comments", "id": row.id, "attributes": {"title": row.organization}} for row in rows]

    def _record(self, kind: str, id_: str) -> web.Response:
        if kind == "dockets" and id_ in self.dockets:
            data = {"id": id_, "type": kind, "attributes": {"title": self.dockets[id_], "rin": "Not Assigned"}}
        elif kind == "documents" and id_ in self.documents:
            data = {"id": id_, "type": kind, "attributes": self.documents[id_].attributes()}
        elif hits := [row for row in self.comments if row.id == id_ and kind == "comments"]:
            attributes = {
                "trackingNbr": hits[0].tracking, "organization": hits[0].organization, "comment": hits[0].text
            }  # fmt: skip
            data = {"id": id_, "type": kind, "attributes": attributes}
        else:
            return _error(404, "Not Found", "The resource was not found")
        return web.json_response({"data": data}, content_type=MEDIA)

    # --- filing -------------------------------------------------------------------------------------------------------

    async def _post(self, request: web.Request, path: str) -> web.StreamResponse:
        if request.content_type != MEDIA:
            return _error(400, "Bad Request", "Content-Type must be application/vnd.api+json")
        body = await request.read()
        if path == "/submission-keys":
            self.keys.append(f"k{len(self.keys):02}-d31z-fe04")
            return _created({"id": self.keys[-1], "type": "submission-keys"})
        if path == "/file-upload-urls":
            asked = json.loads(body)["data"]["attributes"]
            where = f"{self.url}/bucket/{asked['submissionKey']}/{asked['fileName']}?signature=s"
            return _created({"id": where, "type": "file-upload-urls", "attributes": asked})
        return await self._file(request, body)

    async def _upload(self, request: web.Request) -> web.Response:
        if "X-Api-Key" in request.headers:  # a signed address is another host's: it must not get the key
            return web.Response(status=400)
        _, _, key, name = request.path.removeprefix("/v4").split("/")
        self.uploads[key, name] = await request.read()
        return web.Response(status=200)

    async def _file(self, request: web.Request, body: bytes) -> web.StreamResponse:
        sent = json.loads(body)["data"]["attributes"]
        if refused := self._refused(sent):
            return refused
        how = self.answers.pop(0) if self.answers else "201"
        if how == "429":
            return _error(429, "OVER_RATE_LIMIT", "You have exceeded your rate limit.")
        if not how.endswith("before"):
            uploaded = {name: self.uploads[sent["submissionKey"], name] for name in sent.get("files", ())}
            self.filed.append(Filed(body, uploaded, f"mxx-{len(self.filed):04}-abcd"))
            self.on_filed()
        return self._answer(request, how, sent)

    def _refused(self, sent: Mapping[str, Any]) -> web.Response | None:
        document = self.documents.get(sent["commentOnDocumentId"])
        missing = [name for name in sent.get("files", ()) if (sent.get("submissionKey"), name) not in self.uploads]
        for status, refused, why in (
            (403, not self.key_may_file, "This key is not enabled for comments"),
            (400, _wrong(sent), _wrong(sent)),
            (404, document is None, "The document was not found"),
            (400, document and not document.open, "The document is not open for comment"),
            (400, missing, f"{missing} were not uploaded"),
        ):
            if refused:
                return _error(status, "Refused", str(why))
        return None

    def _answer(self, request: web.Request, how: str, sent: Mapping[str, Any]) -> web.StreamResponse:
        if how.startswith("dropped"):
            assert request.transport
            request.transport.close()
            return web.Response()
        if how.startswith("500"):
            return _error(500, "Internal Server Error", "")
        if how.startswith("unreadable"):
            return web.Response(status=201, text="<html>", content_type="text/html")
        if how.startswith("202"):
            return web.Response(status=202)
        return _created({"id": self.filed[-1].tracking, "type": "comments", "attributes": sent})


def _wrong(sent: Mapping[str, Any]) -> str:
    """What the OpenAPI file forbids in a comment; "" for nothing."""
    name = {"ORGANIZATION": "OrganizationComment", "ANONYMOUS": "AnonymousComment", "INDIVIDUAL": "IndividualComment"}
    properties, required = schema(name.get(sent.get("submitterType", ""), "OrganizationComment"))
    if missing := required - sent.keys():
        return f"missing: {sorted(missing)}"
    if unknown := sent.keys() - properties.keys():
        return f"unknown: {sorted(unknown)}"
    for key, value in sent.items():
        longest = properties[key].get("maxLength")
        if longest and (len(value) > longest or len(value.encode()) > longest):
            return f"{key} is longer than {longest}"
    if sent["submissionType"] != "API" or any(ord(sign) > 0xFFFF for sign in sent["comment"]):
        return "submissionType must be API, and a comment has no emoji"
    return "" if not sent.get("sendEmailReceipt") or sent.get("email") else "email is required"


def _created(data: Mapping[str, Any]) -> web.Response:
    return web.json_response({"data": data}, status=201, content_type=MEDIA)


def _error(status: int, title: str, detail: str) -> web.Response:
    errors = [{"status": status, "title": title, "detail": detail}]
    return web.json_response({"errors": errors}, status=status, content_type=MEDIA)


@asynccontextmanager
async def regulations_gov(port: int = 0) -> AsyncIterator[RegulationsGov]:
    server = RegulationsGov()
    app = web.Application(client_max_size=50_000_000)
    app.router.add_route("*", "/{path:.*}", server.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    server.port = runner.addresses[0][1]
    try:
        yield server
    finally:
        await runner.cleanup()


def many(count: int, start: datetime, apart: timedelta = timedelta(minutes=1)) -> list[Document]:
    """Documents of one docket, each changed a little later than the one before."""
    return [
        Document(f"USCG-2026-0041-{n:04}", number=None, kind="Supporting & Related Material", title=f"Reference {n}",
                 closes=None, open=False, changed=start + n * apart)
        for n in range(2, count + 2)
    ]  # fmt: skip
