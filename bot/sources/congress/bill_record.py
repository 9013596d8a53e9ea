"""A bill's record: read from GovInfo's BILLSTATUS XML or congress.gov's API v3, and its events as entries. Pure.

An entry's identity depends on the event, not on when it was read, so a record that is read again or corrected
in place gives no new entry.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache, lru_cache, partial
from typing import TYPE_CHECKING, Any, Final, TypeVar

from bot.shared.bill_number import BillNumber
from bot.shared.bill_record import (
    AMENDMENTS,
    COSPONSORS,
    DIED,
    ESTIMATE,
    SUMMARY,
    TEXT,
    TWIN,
    WITHDREW,
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
    key_in_record,
    outlives,
    steps,
    text_page,
)
from bot.shared.entry import Entry, Kind
from bot.shared.errors import CoalitionBotError
from bot.shared.plain_text import EASTERN, clean, day, instant, short_hash
from bot.shared.urls import web_address
from bot.shared.wording import listed, number, short

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
_NAMED: Final = 6  # cosponsors or amendments in a line; more are counted
_PURPOSE: Final = 80  # characters
_BECOME_LAW: Final = frozenset({"hr", "s", "hjres", "sjres"})  # other resolutions are agreed to

Dated = TypeVar("Dated")


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
    unnamed = f"{kind or 'Action'} without a description{f' (code {code})' if code else ''}"
    description = text or _TEXT_BY_CODE.get(code) or unnamed
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


@dataclass(frozen=True, slots=True)
class _Event:
    key: str
    type: str
    text: str
    date: date | None
    time: time | None = None
    url: str = ""
    vote: str = ""  # under which a chamber's own page has the same vote


def bill_entries(
    record: BillRecord, source: str, *, ended: bool = False, enacted: str = "", speaks_for: tuple[str, ...] = ()
) -> tuple[Entry, ...]:
    """One entry per event, oldest first, undated ones last.

    `ended`: the bill's Congress is over. `enacted`: the law that its policy became under another number, in words.
    `speaks_for`: tracked bills that have the same text as this one.
    """
    own = _events(record, ended, enacted)
    events = sorted(own if speaks_for else (*own, *_twins(record)), key=lambda event: event.date or date.max)
    bill, page = record.number.id, record.number.page
    thread = f"bill:{bill}"
    return tuple(
        Entry(
            source=source,
            kind=Kind.BILL,
            identity=(f"{thread}:{event.key}",),
            thread=thread,
            title=event.text,
            url=event.url or page,
            summary=record.official_title,
            published=datetime.combine(event.date, event.time, EASTERN).astimezone(UTC)
            if event.date and event.time
            else None,
            publication_date=event.date,
            type=event.type,
            references=(event.vote,) if event.vote else (),
            bill=bill,
            bill_title=record.title or None,
            subjects=record.subjects or (),
            as_of=record.updated,
            speaks_for=speaks_for,
        )
        for event in events
    )


def _events(record: BillRecord, ended: bool, enacted: str) -> Iterator[_Event]:
    happened = steps(record.actions)
    for step in happened:
        vote = key_in_record(record.number, step.date, step.text, step.type)
        yield _Event(step.key, step.type, step.text, step.date, step.time, vote=vote)
    yield from _cosponsors(record.cosponsors or ())
    yield from _amendments(record.amendments or ())
    for estimate in {each.url: each for each in record.estimates or ()}.values():  # some are listed twice
        text = f"Cost estimate by the Congressional Budget Office: {estimate.of}"
        yield _Event(f"estimate:{_slug(estimate.url)}", ESTIMATE, text, estimate.published, url=estimate.url)
    for version in record.texts or ():
        url = text_page(record.number, version.code) if version.code else ""
        key, name = version.code or _slug(version.name), version.name or version.code
        yield _Event(f"text:{key}", TEXT, f"Text published: {name}", version.date, url=url)
    for summary in record.summaries or ():
        # Keyed by the stage alone: its day has been missing for a week, and its text is touched up for years.
        yield _Event(
            f"summary:{_slug(summary.action)}", SUMMARY, f"Summary by the Library: {summary.action}", summary.updated
        )
    if ended and not record.laws and not outlives(record.number, happened):
        number, lacked = record.number, "became law" if record.number.type in _BECOME_LAW else "was agreed to"
        died = f"Died with the {number.nth} Congress, which ended before it {lacked}."
        text = f"Ended with the {number.nth} Congress. {enacted}." if enacted else died
        yield _Event("died", DIED, text, record.number.ends)


def _cosponsors(cosponsors: tuple[Cosponsor, ...]) -> Iterator[_Event]:
    """Events of cosponsors joining and withdrawing, by day. A late addition to a day gives a new event for that day."""
    join_days = sorted(it.joined for it in cosponsors if it.joined)
    withdrawal_days = sorted(max(it.joined, it.withdrawn) for it in cosponsors if it.joined and it.withdrawn)
    joined, withdrew = _by_day((it.joined, it) for it in cosponsors), _by_day((it.withdrawn, it) for it in cosponsors)
    for verb, key, type_, days in (
        ("joined", "cosponsors", COSPONSORS, joined),
        ("withdrew", "withdrew", WITHDREW, withdrew),
    ):
        for on, members in days.items():
            now = bisect_right(join_days, on) - bisect_right(withdrawal_days, on)  # at the end of the day
            original = "original " if all(it.original for it in members) else ""
            count = f"{len(members)} {original}cosponsor{'' if len(members) == 1 else 's'}"
            more = f" and {len(members) - _NAMED} more" if len(members) > _NAMED else ""
            text = f"{count} {verb} (now {now}): {'; '.join(it.name for it in members[:_NAMED])}{more}"
            who = "|".join(sorted(it.bioguide or it.name for it in members))
            yield _Event(f"{key}:{on}:{short_hash(who, 12)}", type_, text, on)


def _amendments(amendments: tuple[Amendment, ...]) -> Iterator[_Event]:
    """Amendments that were submitted, by day; what happens to them on the floor is among the bill's actions."""
    for on, submitted in _by_day((amendment.submitted, amendment) for amendment in amendments).items():
        words = [f"{each.name}{each.purpose and f' ({short(each.purpose, _PURPOSE)})'}" for each in submitted]
        text = f"{number(len(words), 'amendment')} submitted: {listed(words, _NAMED)}"
        names = "|".join(sorted(each.name for each in submitted))
        yield _Event(f"amendments:{on}:{short_hash(names, 12)}", AMENDMENTS, text, on)


def _twins(record: BillRecord) -> Iterator[_Event]:
    """Bills that the Library calls identical. Official data give no day for that."""
    twins = (BillNumber.of(id_) for id_ in sorted(record.identical))
    for twin in (twin for twin in twins if twin.congress == record.number.congress):
        yield _Event(f"twin:{twin.id}", TWIN, f"{twin.label} has the same text, by the Library.", None, url=twin.page)


def _by_day(dated: Iterable[tuple[date | None, Dated]]) -> dict[date, list[Dated]]:
    days: dict[date, list[Dated]] = {}
    for on, one in dated:
        if on:
            days.setdefault(on, []).append(one)
    return days


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
