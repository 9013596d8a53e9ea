"""regulations.gov's API v4, as its published OpenAPI file describes it. Every request needs a key of api.data.gov.

Lists give no more than 20 pages, and their totals move while they are read. An end of a comment period is the last
second of a day in Washington, in UTC: 2021-08-17T03:59:59Z is the end of August 16.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from urllib.parse import quote, urlencode

from bot.fetch.http import Fetcher
from bot.fetch.payload import list_of, object_of, read_object, text_of
from bot.shared.answer import Body, Failure, FetchFailed, Health
from bot.shared.plain_text import EASTERN, clean, instant
from bot.shared.wording import short

API_URL: Final = "https://api.regulations.gov/v4"
LAST_PAGE: Final = 20  # the API refuses a higher number
_MEDIA: Final = "application/vnd.api+json"  # any other type of a POST is answered with 400
_ACCEPT: Final = f"{_MEDIA}, application/json"
_SUBMISSION_KEYS: Final = b'{"data": {"type": "submission-keys"}}'
_ROWS: Final = 250  # of a page: the most
_FEWEST: Final = 5  # rows of a page
_TITLE: Final = 500
_ID: Final = re.compile(r"[A-Z][A-Z0-9_]*(?:-[A-Z0-9_]+)+", re.ASCII)
_LONGEST_ID: Final = 80
_AFTER_TOO_MANY: Final = timedelta(minutes=15)  # POSTs: 50 a minute and 500 an hour
_OVERLAP: Final = timedelta(hours=1)  # Eastern time repeats an hour when the clocks go back


class Status(StrEnum):
    """Whether comments on a document are taken, as regulations.gov says."""

    OPEN = "open"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class DocketDocument:
    """A document of a docket. `object_id`: the id by which comments on it are listed; `number`: the Register's."""

    id: str
    docket: str
    object_id: str
    number: str | None
    kind: str
    title: str
    posted_on: date | None
    closes_on: date | None
    status: Status


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """A page of documents, oldest change first. `read_to`: when the last one was changed."""

    documents: tuple[DocketDocument, ...]
    more: bool
    read_to: datetime | None


@dataclass(frozen=True, slots=True)
class CommentPage:
    """Ids of posted comments, and how many there are in all, which may be more than can be listed."""

    ids: tuple[str, ...]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PostedComment:
    id: str
    tracking: str
    organization: str
    comment: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """A POST that was carried out, with the id in its answer."""

    id: str


@dataclass(frozen=True, slots=True)
class NotAccepted:
    """A request that was certainly not carried out, and why. `retry_at`: it may be sent again then."""

    why: str
    retry_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """Nobody can tell whether the request was carried out."""

    why: str


Sent = Accepted | NotAccepted | NoAnswer


def is_id(text: str) -> bool:
    """Whether it has the form of a docket's or a document's id, such as USCG-2026-0041."""
    return len(text) <= _LONGEST_ID and bool(_ID.fullmatch(text))


def read_id(typed: str) -> str | None:
    """The id as regulations.gov writes it, from an id or the address of its page; None if there is none."""
    id_ = typed.strip().rstrip("/").rpartition("/")[2].upper()
    return id_ if is_id(id_) else None


class RegulationsGov:
    """Reads dockets and files comments. Reading raises `Failure` for whatever the network does."""

    def __init__(self, fetcher: Fetcher, key: str, url: str = API_URL) -> None:
        self._fetcher = fetcher
        self._key = {"X-Api-Key": key}
        self.url = url.rstrip("/")

    async def by_number(self, number: str, now: datetime) -> list[DocketDocument]:
        """The documents with this number of the Federal Register; a document may be in several dockets."""
        answer = await self._get("/documents", {"filter[frDocNum]": number, "page[size]": 25}, now)
        return [document for document in map(_document, _rows(answer)) if document and document.number == number]

    async def documents(self, docket: str, since: datetime | None, page: int, now: datetime) -> DocumentPage:
        """A page of the docket's documents that were changed since then, oldest change first. `page`: 1 to 20."""
        filters: dict[str, str | int] = {"filter[docketId]": docket}
        if since:
            # This filter is in Eastern time, although answers are in UTC.
            filters["filter[lastModifiedDate][ge]"] = f"{(since - _OVERLAP).astimezone(EASTERN):%Y-%m-%d %H:%M:%S}"
        paging: dict[str, str | int] = {
            "sort": "lastModifiedDate,documentId", "page[size]": _ROWS, "page[number]": page
        }  # fmt: skip
        answer = await self._get("/documents", filters | paging, now)
        rows = _rows(answer)
        documents = (document for document in map(_document, rows) if document and document.docket == docket)
        changed = [at for row in rows if (at := instant(object_of(row, "attributes").get("lastModifiedDate")))]
        # What is beyond the last page can be reached only from a later start.
        more = object_of(answer, "meta").get("hasNextPage") is True or (page == LAST_PAGE and len(rows) == _ROWS)
        return DocumentPage(tuple(documents), more, max(changed, default=None))

    async def document(self, id_: str, now: datetime) -> DocketDocument:
        document = _document((await self._get(f"/documents/{quote(id_, safe='')}", {}, now)).get("data"))
        if document is None:
            raise Failure(Health.MALFORMED, "regulations.gov sent something that is not a document")
        return document

    async def docket_title(self, id_: str, now: datetime) -> str:
        return _text(_attributes(await self._get(f"/dockets/{quote(id_, safe='')}", {}, now)), "title")

    async def comments(
        self, object_id: str, now: datetime, *, words: str = "", since: date | None = None
    ) -> CommentPage:
        """Posted comments on a document, the oldest first: those with `words`, posted on `since` or later."""
        filters: dict[str, str | int] = {"filter[commentOnId]": object_id}
        if words:
            filters["filter[searchTerm]"] = words
        if since:
            filters["filter[postedDate][ge]"] = since.isoformat()
        size = 25 if words else _FEWEST
        answer = await self._get("/comments", {**filters, "sort": "postedDate", "page[size]": size}, now)
        total = object_of(answer, "meta").get("totalElements")
        if not isinstance(total, int) or isinstance(total, bool) or total < 0:
            raise Failure(Health.MALFORMED, "regulations.gov did not say how many comments there are")
        ids = tuple(id_ for row in _rows(answer) if is_id(id_ := text_of(row, "id")))
        return CommentPage(ids, total)

    async def comment(self, id_: str, now: datetime) -> PostedComment:
        attributes = _attributes(await self._get(f"/comments/{quote(id_, safe='')}", {}, now))
        return PostedComment(
            id=id_,
            tracking=_text(attributes, "trackingNbr"),
            organization=_text(attributes, "organization"),
            comment=_text(attributes, "comment"),
        )

    async def new_submission_key(self, now: datetime) -> Sent:
        """A key that joins a comment and its files."""
        return await self._sent("/submission-keys", _SUBMISSION_KEYS, now)

    async def upload(self, key: str, name: str, data: bytes, media_type: str, now: datetime) -> Sent:
        """Upload a file under a submission key. An upload under the same name replaces the earlier one."""
        attributes = {"submissionKey": key, "fileName": name, "contentType": media_type}
        question = json.dumps({"data": {"type": "file-upload-urls", "attributes": attributes}}).encode()
        where = await self._sent("/file-upload-urls", question, now)
        if not isinstance(where, Accepted):
            return where
        # The address is signed: the key does not go there.
        answer = await self._fetcher.send("PUT", where.id, data, now=now, content_type=media_type)
        if isinstance(answer, FetchFailed):
            return NoAnswer(answer.detail)
        return Accepted(name) if answer.status == 200 else NotAccepted(f"the upload was answered with {answer.status}")

    async def file_comment(self, body: bytes, now: datetime) -> Sent:
        """Send a comment as it is, once. The id of the answer is its tracking number."""
        return await self._sent("/comments", body, now)

    async def _get(self, path: str, query: Mapping[str, str | int], now: datetime) -> Mapping[str, Any]:
        url = f"{self.url}{path}" + (f"?{urlencode(query)}" if query else "")
        return await self._fetcher.read(url, read_object, now, accept=_ACCEPT, headers=self._key)

    async def _sent(self, path: str, body: bytes, now: datetime) -> Sent:
        """POST, and read the answer by its status: 2xx was carried out, whatever its number; up to 499, refused."""
        answer = await self._fetcher.send(
            "POST", f"{self.url}{path}", body, now=now, content_type=_MEDIA, accept=_ACCEPT, headers=self._key
        )
        if isinstance(answer, FetchFailed):
            return NoAnswer(answer.detail)
        if answer.status >= 500:
            return NoAnswer(f"regulations.gov answered {answer.status}")
        if not 200 <= answer.status < 300:
            retry_at = now + _AFTER_TOO_MANY if answer.status == 429 else None
            return NotAccepted(_refusal(answer), retry_at)
        id_ = text_of(object_of(read_object(answer), "data"), "id").strip()
        return Accepted(id_) if id_ else NoAnswer("regulations.gov accepted the request, but its answer cannot be read")


def _refusal(answer: Body) -> str:
    """regulations.gov's own words for a refusal, with its status."""
    try:
        parsed = json.loads(answer.data)
    except (ValueError, RecursionError):
        parsed = None
    texts = (text_of(error, "detail") or text_of(error, "title") for error in list_of(parsed, "errors"))
    words = short("; ".join(clean(text) for text in texts if text), 300)
    return f"regulations.gov answered {answer.status}" + (f": {words}" if words else "")


def _document(row: Any) -> DocketDocument | None:
    """A row of a list, or the data of one document; None if it is not one."""
    attributes = object_of(row, "attributes")
    id_, docket = text_of(row, "id"), text_of(attributes, "docketId")
    if not (is_id(id_) and is_id(docket)):
        return None
    ends = instant(attributes.get("commentEndDate"))
    posted = instant(attributes.get("postedDate"))
    is_open = attributes.get("openForComment") is True or attributes.get("withinCommentPeriod") is True
    return DocketDocument(
        id=id_,
        docket=docket,
        object_id=text_of(attributes, "objectId"),
        number=_text(attributes, "frDocNum") or None,
        kind=_text(attributes, "documentType"),
        title=_text(attributes, "title"),
        posted_on=posted.astimezone(EASTERN).date() if posted else None,
        closes_on=ends.astimezone(EASTERN).date() if ends else None,
        status=Status.WITHDRAWN if attributes.get("withdrawn") is True else Status.OPEN if is_open else Status.CLOSED,
    )


def _rows(answer: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [row for row in list_of(answer, "data") if isinstance(row, Mapping)]


def _attributes(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    return object_of(answer.get("data"), "attributes")


def _text(attributes: Mapping[str, Any], name: str) -> str:
    return short(clean(text_of(attributes, name)), _TITLE)
