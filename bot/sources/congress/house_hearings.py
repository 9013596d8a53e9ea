"""The meetings of the House's committees (docs.house.gov), without a key.

Each committee has a feed, whose items name a file per meeting: time, room, status, and the bills noticed. A meeting's
file is read again when its item changes, a few times a day, and from the day before it at each check. The host sends
its error pages with status 200.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urljoin

from pydantic import Field

from bot.fetch.payload import read_xml
from bot.shared import wording
from bot.shared.answer import Answer, Body, Failure, FetchFailed, Health, Memory, NotModified, checked, outcome
from bot.shared.bill_number import BillNumber, bills_named
from bot.shared.calendar import is_recent
from bot.shared.entry import Hearing, HearingStatus
from bot.shared.plain_text import EASTERN, clean, day, eastern, instant, short_hash
from bot.shared.values import CommitteeCode
from bot.sources.congress import meetings
from bot.sources.congress.meetings import Notice, State
from bot.sources.congress.roll_calls import bill_of
from bot.sources.model import HttpSource

if TYPE_CHECKING:
    from lxml import etree

# Standing and select committees by the House's codes, as in a meeting's address.
COMMITTEES: Final = (
    "AG00", "AP00", "AS00", "BA00", "BU00", "ED00", "FA00", "GO00", "HA00", "HM00", "IF00", "IG00", "II00", "JU00",
    "PW00", "RU00", "SM00", "SO00", "SY00", "VR00", "WM00", "ZS00",
)  # fmt: skip
_PAGE: Final = "https://docs.house.gov/Committee/Calendar/ByEvent.aspx?EventID={id}"
_MAX_READS: Final = 40  # files in one poll: new ones, the soonest first, then those read longest ago
_REREAD: Final = timedelta(hours=6)
_MOST: Final = 200  # items of one feed
_FILE: Final = re.compile(
    r"(/meetings/[A-Z]{2}/[A-Z]{2}\d\d/(\d{8})/(\d{1,9})/[A-Z]{2,6}-\d{1,3}-[A-Z]{2}\d\d-\d{8}\.xml)$", re.IGNORECASE
)
_MEETING_ID: Final = re.compile(r"[A-Z]*(\d{1,9})", re.ASCII)
_CODE: Final = re.compile(r"[A-Za-z]{2}\d\d", re.ASCII)
_KINDS: Final = {"HHRG": "Hearing", "HMKP": "Markup", "HMTG": "Business meeting"}
_STATUS: Final = {"C": HearingStatus.CANCELED, "P": HearingStatus.POSTPONED}  # S: scheduled, R: rescheduled
_SELECT: Final = {"IG": "HLIG"}  # whose codes in the directory do not begin with HS


@dataclass(slots=True)
class _Poll(meetings.Poll):
    """The `items` have the path of a meeting's file, its stamp, and when it was read."""

    validators: dict[str, Mapping[str, str]] = field(default_factory=dict)
    committees: set[str] = field(default_factory=set)  # whose feed was read, now or before
    answered: int = 0
    waiting: int = 0


class HouseHearings(HttpSource, kind="house-hearings", **meetings.TRAITS):
    """Hearings and markups of the House's committees.

    The feeds of `committees` at `url`, which has ``{committee}`` for the code.
    Cursor: ``{"meetings": …}`` as `meetings` describes; ``"items"``, the meetings listed and still to be held; and
    ``"committees"``, those whose feed was read before. What a committee's first feed lists is baseline.
    """

    default_url = "https://docs.house.gov/Committee/RSS.ashx?Code={committee}"
    committees: tuple[CommitteeCode, ...] = Field(
        default=(), description="the House's own codes, such as `JU00`; all standing and select committees if left out"
    )

    async def _poll(self, memory: Memory, now: datetime) -> Answer:
        result = _Poll(
            items={id_: dict(item) for id_, item in memory.cursor.get("items", {}).items()},
            states=dict(memory.cursor.get(meetings.STATES, {})),
            committees=set(memory.cursor.get("committees", ())),
        )
        for code in self.committees or COMMITTEES:
            await self._read_feed(code, result, memory, now)
        if not result.answered:
            return result.failed[0]
        today = now.astimezone(EASTERN).date()
        result.items = {
            id_: item for id_, item in result.items.items() if _is_ahead(result.states.get(f"house:{id_}"), item, today)
        }
        in_turn = sorted(result.items.items(), key=lambda pair: (pair[1]["read"] or "", pair[1]["day"], pair[0]))
        near = str(today + timedelta(1))  # what is canceled at the last moment
        due = [id_ for id_, row in in_turn if row["day"] <= near or not is_recent(instant(row["read"]), now, _REREAD)]
        for id_ in due[:_MAX_READS]:
            await self._read_meeting(id_, result, memory, now)
        result.waiting = len(due[_MAX_READS:])
        return self._answer(result, memory, now)

    async def _read_feed(self, code: str, result: _Poll, memory: Memory, now: datetime) -> None:
        url = self.url.replace("{committee}", code)
        before = memory.validators.get(url, {})
        response = await self.fetcher.get(url, before, now=now, accept="application/rss+xml, application/xml")
        items = await outcome(asyncio.to_thread(_read_feed, response)) if isinstance(response, Body) else response
        ahead = sum(f"/{code[:2]}/" in item["path"].upper() for item in result.items.values())
        if items == {} and ahead:
            items = FetchFailed(Health.EMPTY, f"it lists no meeting, though {ahead} it had may still be held")
        if isinstance(items, FetchFailed):
            result.failed.append(replace(items, detail=f"{code}: {items.detail}"))
            result.validators[url] = before
            return
        assert not isinstance(response, FetchFailed)
        result.validators[url] = response.validators
        result.answered += 1
        if isinstance(items, dict):
            # What another road has not announced while this one was closed is news.
            first = code not in result.committees and all(
                meetings.is_in_files(state) for state in result.states.values()
            )
            for id_, item in items.items():
                last = result.items.get(id_, {"baseline": first, "read": None})
                changed = last.get("stamp") != item["stamp"]
                result.items[id_] = last | item | ({"read": None} if changed else {})
        result.committees.add(code)

    async def _read_meeting(self, id_: str, result: _Poll, memory: Memory, now: datetime) -> None:
        item = result.items[id_]
        url = urljoin(self.url, item["path"])
        before = memory.validators.get(url, {})
        response = await self.fetcher.get(url, before, now=now, accept="text/xml, application/xml")
        notice = await outcome(asyncio.to_thread(_read_meeting, response)) if isinstance(response, Body) else response
        if isinstance(notice, Notice) and notice.hearing.id != f"house:{id_}":
            notice = FetchFailed(Health.MALFORMED, "its file is that of another meeting")
        if isinstance(notice, FetchFailed):
            result.fail(id_, notice)
            result.validators[url] = before
            return
        assert not isinstance(response, FetchFailed)
        result.validators[url] = response.validators
        item["read"] = now.isoformat()
        if isinstance(notice, Notice):
            result.take(self.id, notice, now, baseline=item["baseline"])

    def _answer(self, result: _Poll, memory: Memory, now: datetime) -> Answer:
        addresses = {urljoin(self.url, item["path"]) for item in result.items.values()}
        validators = {url: value for url, value in memory.validators.items() if url in addresses} | result.validators
        cursor = {
            meetings.STATES: meetings.without_past(result.states, now),
            "items": result.items,
            "committees": sorted(result.committees),
        }
        next_memory = replace(memory, validators=validators, cursor=cursor)
        if not result.failed and not result.entries and memory.first_success_at and cursor == dict(memory.cursor):
            return NotModified(next_memory)
        notes = [*dict.fromkeys(failure.detail for failure in result.failed)][:3]
        return result.fetched(next_memory, notes, waiting=result.waiting, expected=bool(result.items))


def _is_ahead(state: State | None, item: Mapping[str, Any], today: date) -> bool:
    """Whether a listed meeting may still be held: by its address, or by its file where that was read."""
    held_on = day(state["hearing"]["day"]) if state else day(item["day"])
    off = state is not None and state["hearing"]["status"] == HearingStatus.POSTPONED
    return off or (held_on is not None and held_on >= today)


def _read_feed(body: Body) -> dict[str, dict[str, Any]]:
    """The meetings of a committee's feed by number. Items with the number 0 only separate sections."""
    root = checked(read_xml(body, "rss", "the committee's feed of meetings"))
    items: dict[str, dict[str, Any]] = {}
    for element in list(root.iter("item"))[:_MOST]:
        enclosure = element.find("enclosure")
        match = _FILE.search(enclosure.get("url") or "") if enclosure is not None else None
        if match and day(match[2]):
            stamp = "\n".join(clean(element.findtext(tag) or "") for tag in ("title", "description", "pubDate"))
            items[match[3]] = {"path": match[1], "day": str(day(match[2])), "stamp": short_hash(stamp)}
    return items


def _read_meeting(body: Body) -> Notice:
    root = checked(read_xml(body, "committee-meeting", "the file of a meeting"))
    details, name = root.find("meeting-details"), root.find("meeting-details/subcommittees/committee-name")
    name = root.find("meeting-details/committees/committee-name") if name is None else name
    on = day(root.findtext("meeting-details/meeting-date/calendar-date"))
    number = _MEETING_ID.fullmatch(root.get("meeting-id") or "")
    if details is None or name is None or on is None or not number or not _CODE.fullmatch(name.get("id") or ""):
        raise Failure(Health.MALFORMED, "the file of a meeting lacks its number, committee or day")
    agenda, drafts = _agenda(root)
    code, whole = (name.get("id") or "").upper(), clean(name.get("parent-name") or name.text or "")
    subject = re.sub(r"^Committee on (?:the )?", "", whole)
    title = clean(details.findtext("meeting-title") or "")
    words = " ".join([title, *(clean(note.text or "") for note in details.iter("explanatory-notes"))])
    notes = (f"Without a bill number on its agenda: {wording.number(drafts, 'draft')}.",) if drafts else ()
    hearing = Hearing(
        id=f"house:{number[1]}",
        chamber="House",
        committee=f"House {whole}" if subject == whole else f"House {subject} Committee",
        subcommittee=clean(name.text or "") if name.get("parent-name") else "",
        # ``HSII10`` for ``II10``, ``HSII`` for ``II00``.
        committee_id=(_SELECT.get(code[:2], f"HS{code[:2]}") + code[2:]).removesuffix("00"),
        kind=_KINDS.get(root.get("meeting-type") or "", "Meeting"),
        day=on,
        starts=eastern(f"{on}T{clean(details.findtext('meeting-date/start-time') or '')}"),
        ends=eastern(f"{on}T{clean(details.findtext('meeting-date/end-time') or '')}"),
        place=_place(details),
        bills=tuple(agenda),
        statements_close=meetings.statements_close(words),
        status=_STATUS.get(clean(root.findtext("current-status") or ""), HearingStatus.SCHEDULED),
    )
    return Notice(
        hearing=hearing,
        title=wording.short(title, meetings.TITLE) or f"{hearing.kind} of the {hearing.body}",
        url=_PAGE.replace("{id}", number[1]),
        agenda=agenda,
        updated=eastern(root.get("update-date")),
        notes=notes,
    )


def _agenda(root: etree._Element) -> tuple[dict[str, str], int]:
    """The descriptions of the bills noticed, by id, and the number of drafts without a number."""
    bills: dict[str, str] = {}
    drafts, congress = 0, clean(root.get("congress-num") or "")
    for document in root.iterfind("meeting-documents/meeting-document[@type='BR']"):
        if clean(document.get("remove-date") or ""):
            continue
        description = clean(document.findtext("description") or "")
        bill = _bill(document, description, int(congress)) if congress.isdecimal() else None
        if bill:
            bills[bill.id] = description
        else:
            drafts += 1
    return bills, drafts


def _bill(document: etree._Element, description: str, congress: int) -> BillNumber | None:
    """A document's bill: by its number, else by that of its file, by the file's name or by its description.

    Committees leave the type out of the number ("10355"). A number without a type is not guessed at, and a bill with
    another number than the document's is not its bill.
    """
    number = clean(document.findtext("legis-num") or "")
    of_file = clean(document.findtext("filename-metadata/legis-num") or "")
    texts = (number, of_file, re.split(r"[(,;:]", description, maxsplit=1)[0])
    by_name = bills_named(" ".join(file.get("doc-url") or "" for file in document.iter("file")))
    digits = "".join(re.findall(r"[0-9]", number))
    bills = (*(bill_of(text, congress) for text in texts), *sorted(by_name))
    return next((bill for bill in bills if bill and digits in ("", str(bill.number))), None)


def _place(details: etree._Element) -> str:
    """``1324 LHOB``; elsewhere, the words of the address."""
    room, building = (clean(details.findtext(f".//capitol-complex/{tag}") or "") for tag in ("room", "building"))
    if room or building:
        return f"{room} {building}".strip()
    location = details.find("meeting-location")
    words = [] if location is None else [clean(str(text)) for text in location.itertext()]
    return ", ".join(filter(None, words))
