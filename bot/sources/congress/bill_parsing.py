"""Parse GovInfo's BILLSTATUS XML and congress.gov's API v3 into a bill's record. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, time
from functools import cache, lru_cache, partial
from typing import TYPE_CHECKING, Any, Final, TypeVar

from bot.shared.bill_number import BillNumber
from bot.shared.bill_record import (
    Action,
    Amendment,
    BillRecord,
    Committee,
    Cosponsor,
    Estimate,
    Related,
    Sponsor,
    Summary,
    TextVersion,
)
from bot.shared.dates import EASTERN
from bot.shared.errors import CoalitionBotError
from bot.shared.plain_text import clean, day, instant
from bot.shared.urls import web_address

if TYPE_CHECKING:
    from lxml import etree

GOVINFO: Final = "GovInfo BILLSTATUS"
CONGRESS_GOV: Final = "congress.gov"
# What the API tells of a bill in answers of their own: the name in its address, and the key of its list.
LEVELS: Final = {
    "cosponsors": "cosponsors",
    "committees": "committees",
    "titles": "titles",
    "text": "textVersions",
    "summaries": "summaries",
    "relatedbills": "relatedBills",
}
_TEXT_BY_CODE: Final = {  # rows that come without text
    "Intro-H": "Introduced in House",
    "1000": "Introduced in House",
    "Intro-S": "Introduced in Senate",
    "10000": "Introduced in Senate",
}
_AMENDMENTS: Final = {"HAMDT": "H.Amdt.", "SAMDT": "S.Amdt."}
_VERSION = re.compile(r"/BILLS-\d+[a-z]+\d+([a-z]+\d?)\.\w+$")
_PLURAL: Final = frozenset(("committees", "formats", "relationshipDetails"))  # lists within a row
_NESTED: Final = _PLURAL | {"committee", "sourceSystem"}
_SHORT: Final = 200  # characters of a text that may well come again
_NOT_LETTERS = re.compile(r"[^a-z]")

Fields = Mapping[str, Any]
Read = TypeVar("Read")


class Unreadable(CoalitionBotError, ValueError):
    """The answer is not a bill's record. The text says why, without quoting the answer."""


@cache
def _parser() -> etree.XMLParser:
    from lxml import etree

    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


def read_billstatus(data: bytes) -> BillRecord:
    """BILLSTATUS XML: the schema without a version, 1.0.0 and 3.0.0. Raises Unreadable."""
    from lxml import etree

    try:
        root = etree.fromstring(data, _parser())
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable("it is not well-formed XML") from error
    bill = root.find("bill")
    if root.getroottree().docinfo.internalDTD is not None or bill is None:
        raise Unreadable("it is not a BILLSTATUS record")
    about = {child.tag: child.text for child in bill if not len(child)}
    lists: dict[Any, etree._Element] = {child.tag: child for child in bill if len(child)}
    names = lists["subjects"].iterfind(".//item/name") if "subjects" in lists else ()
    subjects = tuple(_clean_cached(name.text) for name in names if name.text)
    return _record(about, partial(_element_rows, lists), subjects, GOVINFO)


def read_api(detail: Mapping[str, Any], actions: Sequence[Any], levels: Mapping[str, Any] | None = None) -> BillRecord:
    """API v3: the object of ``bill/119/hr/4323``, and all rows of its ``/actions``. Raises Unreadable.

    `levels`: the rows of its other lists, by the names of `LEVELS`; what is not among them stays unknown.
    """
    bill = detail.get("bill")
    if not isinstance(bill, Mapping):
        raise Unreadable("it is not a bill's record")
    return _record(bill, partial(_object_rows, {**bill, "actions": actions, **(levels or {})}), None, CONGRESS_GOV)


_WHERE: Final = {  # in a BILLSTATUS file, by the API's names
    "committees": ("committees", "billCommittees"),
    "summaries": ("summaries", "billSummaries"),
    "text": ("textVersions",),
    "relatedbills": ("relatedBills",),
    "subjects": ("subjects", "billSubjects"),
}


def _element_rows(lists: Mapping[Any, etree._Element], name: str) -> list[Fields]:
    """The rows of a BILLSTATUS file's list. A missing list is empty, because the file is complete."""
    first, *inner = _WHERE.get(name, (name,))
    container = lists.get(first)
    if container is None:
        return []
    inside = container.find(inner[0]) if inner else None
    items = container if inside is None else inside
    return [_fields(item) for item in items if item.tag in ("item", "summary", "amendment")]


def _object_rows(lists: Fields, name: str) -> list[Fields] | None:
    """The rows of the API's list. One that was not requested or not answered is unknown (None)."""
    value = lists.get(name)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [row for row in value if isinstance(row, Mapping)]
    count = value.get("count") if isinstance(value, Mapping) else None
    return [] if count == 0 else None


def _record(
    about: Fields, rows: Callable[[str], list[Fields] | None], subjects: tuple[str, ...] | None, source: str
) -> BillRecord:
    kind, count = about.get("type") or about.get("billType"), about.get("number") or about.get("billNumber")
    try:
        number = BillNumber.of(f"{kind}{count}-{about.get('congress')}".casefold())
    except ValueError as error:
        raise Unreadable("it does not name its bill") from error
    titles = _read(rows("titles"), _title)
    official = next((title for kind, title in titles or () if kind.startswith("Official Title") and title), None)
    return BillRecord(
        number=number,
        title=_text(about, "title"),
        official_title=official,
        updated=instant(about.get("updateDate")),
        actions=_read(rows("actions"), _action) or (),
        introduced=_date(about, "introducedDate"),
        sponsors=_read(rows("sponsors"), _sponsor),
        cosponsors=_read(rows("cosponsors"), _cosponsor),
        committees=_read(rows("committees"), _committee),
        titles=titles,
        texts=_read(rows("text"), _version),
        summaries=_read(rows("summaries"), _summary),
        laws=_read(rows("laws"), _law),
        related=_read(rows("relatedbills"), _related),
        subjects=subjects,
        estimates=_read(rows("cboCostEstimates"), _estimate),
        amendments=_read(rows("amendments"), _amendment),
        source=source,
    )  # fmt: skip


def _read(rows: Iterable[Fields] | None, one: Callable[[Fields], Read | None]) -> tuple[Read, ...] | None:
    return None if rows is None else tuple(read for row in rows if (read := one(row)) is not None)


def _fields(element: etree._Element) -> dict[str, Any]:
    """An element's children by name, as the API would give them: text, or what is nested in them."""
    values: dict[str, Any] = {}
    for child in element:
        tag = child.tag
        if tag in _NESTED:
            values[tag] = [_fields(item) for item in child] if tag in _PLURAL else _fields(child)
        else:
            values[tag] = child.text
    return values


def _action(row: Fields) -> Action | None:
    text, code, kind = _text(row, "text"), _text(row, "actionCode"), _text(row, "type")
    on, at = _date(row, "actionDate"), _text(row, "actionTime")
    if on is None or not (text or code or kind):
        return None
    try:
        time_ = time.fromisoformat(at).replace(tzinfo=None) if at else None
    except ValueError:
        time_ = None
    description = (
        text
        or _TEXT_BY_CODE.get(code)
        or f"{kind or 'Action'} without a description{f' (code {code})' if code else ''}"
    )
    system = row.get("sourceSystem")
    source = _text(system, "name") if isinstance(system, dict) else ""
    single = row.get("committee")  # in the schema without a version
    rows = [*_rows(row.get("committees")), *([single] if isinstance(single, dict) else [])]
    committees = [(_text(committee, "systemCode"), _text(committee, "name")) for committee in rows]
    return Action(on, description, time_, code, kind, source, tuple(pair for pair in committees if any(pair)))


def _sponsor(row: Fields) -> Sponsor | None:
    name = _text(row, "fullName") or _text(row, "name")
    return Sponsor(_text(row, "bioguideId"), name) if name else None


def _cosponsor(row: Fields) -> Cosponsor | None:
    name = _text(row, "fullName") or _text(row, "name")
    original = str(row.get("isOriginalCosponsor")).lower() == "true"
    joined, withdrawn = _date(row, "sponsorshipDate"), _date(row, "sponsorshipWithdrawnDate")
    return Cosponsor(_text(row, "bioguideId"), name, joined, withdrawn, original) if name else None


def _committee(row: Fields) -> Committee | None:
    name = _text(row, "name")
    return Committee(_text(row, "systemCode"), name, _text(row, "chamber")) if name else None


def _title(row: Fields) -> tuple[str, str] | None:
    title = _text(row, "title")
    return (_text(row, "titleType"), title) if title else None


def _version(row: Fields) -> TextVersion | None:
    name = _text(row, "type")
    addresses = (_text(form, "url") for form in _rows(row.get("formats")))
    code = next((match[1] for url in addresses if (match := _VERSION.search(url))), "")
    return TextVersion(name, code, _date(row, "date")) if name or code else None


def _summary(row: Fields) -> Summary | None:
    markup = row.get("text")
    if not isinstance(markup, str) or not markup.strip():
        return None
    action = _text(row, "actionDesc") or _text(row, "name")
    updated = _date(row, "updateDate") or _date(row, "lastSummaryUpdateDate")
    return Summary(action, _date(row, "actionDate"), updated, markup)


def _law(row: Fields) -> tuple[str, str] | None:
    number = _text(row, "number")
    return (_text(row, "type") or "Public Law", number) if number else None


def _related(row: Fields) -> Related | None:
    """A related bill. Its type is written "S", "S." or "H.J.Res."."""
    kind = _NOT_LETTERS.sub("", str(row.get("type")).lower())
    try:
        bill = BillNumber.of(f"{kind}{row.get('number')}-{row.get('congress')}")
    except ValueError:
        return None
    relations = tuple(_text(detail, "type") for detail in _rows(row.get("relationshipDetails")))
    return Related(bill.id, _text(row, "title") or _text(row, "latestTitle"), relations)


def _estimate(row: Fields) -> Estimate | None:
    """A cost estimate; its fields have other names in old records."""
    url = web_address(_text(row, "url") or _text(row, "rptUrl"))
    of = _text(row, "description") or _text(row, "title") or _text(row, "rptTitle")
    at = instant(_text(row, "pubDate") or _text(row, "rptPubDate"))
    return Estimate(of, at.astimezone(EASTERN).date() if at else None, url) if url and of else None


def _amendment(row: Fields) -> Amendment | None:
    kind, number = _AMENDMENTS.get(_text(row, "type")), _text(row, "number")
    purpose = _text(row, "purpose") or _text(row, "description")
    return Amendment(f"{kind} {number}", purpose, _date(row, "submittedDate")) if kind and number else None


def _rows(value: Any) -> list[Fields]:
    """The rows of a list. A list of one may come as the single row itself."""
    rows = [value] if isinstance(value, dict) else value
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _text(row: Fields, name: str) -> str:
    value = row.get(name)
    if not value or not isinstance(value, str):
        return ""
    return _clean_cached(value) if len(value) <= _SHORT else clean(value)


def _date(row: Fields, name: str) -> date | None:
    value = row.get(name)
    return _day(value) if isinstance(value, str) else None


# Members, committees, dates and most actions repeat in thousands of bills.
_clean_cached = lru_cache(16_384)(clean)
_day = lru_cache(4_096)(day)
