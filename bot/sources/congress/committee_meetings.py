"""Committee meetings of a chamber by congress.gov's API: a second road next to the chamber's own files.

Its numbers of meetings are those of the chambers. It follows them by minutes to a day, has no hour of the end, and
calls every meeting of the Senate a meeting. Bills are linked late, those of the House by their texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from pydantic import Field

from bot.fetch.payload import list_of, object_of, text_of
from bot.shared.answer import Answer, FetchFailed, Health, Memory, NotModified, outcome
from bot.shared.bill_number import BillNumber, bills_named, nth
from bot.shared.bill_record import congress_on
from bot.shared.entry import Hearing, HearingStatus
from bot.shared.plain_text import EASTERN, clean, instant
from bot.shared.wording import short
from bot.sources.congress import meetings
from bot.sources.congress.congress_gov import API_URL, CongressApi
from bot.sources.congress.meetings import Notice, Poll
from bot.sources.congress.roll_calls import bill_of
from bot.sources.model import HttpSource

_PAGE: Final = "https://www.congress.gov/event/{congress}-congress/{chamber}-event/{id}"
_LIST: Final = "committee-meeting/{congress}/{chamber}"
_LOOK_BACK: Final = timedelta(days=14)  # by the day of a record's last change
_MOST_READS: Final = 100  # records in one poll, the latest numbers first
_MOST_FAILURES: Final = 3  # of them, before the rest waits for the next poll
_STATUS: Final = {"canceled": HearingStatus.CANCELED, "postponed": HearingStatus.POSTPONED}
_NUMBER: Final = re.compile(r"\d{1,9}", re.ASCII)
_KIND_OF_TITLE: Final = re.compile(r"\b(mark[- ]?up|business meeting|hearing)s?\b", re.IGNORECASE)


class CommitteeMeetings(HttpSource, kind="committee-meetings", key_setting="congress_api_key", **meetings.TRAITS):
    """Hearings and markups of one chamber's committees, by congress.gov: a fallback of the chamber's own list.

    The records that changed since the last poll.
    Cursor: ``{"meetings": …}`` as `meetings` describes; ``"since"``, when the newest record that was listed last
    changed; ``"stamps"``, those listed last, by number; and ``"items"``, those still to be read.
    """

    default_url = API_URL
    chamber: Literal["house", "senate"] = Field(description="whose committees: `house` or `senate`")
    key: str = ""

    async def _poll(self, memory: Memory, now: datetime) -> Answer:
        result = Poll(dict(memory.cursor.get("items", {})), dict(memory.cursor.get(meetings.STATES, {})))
        since = instant(memory.cursor.get("since"))
        api = CongressApi(self.fetcher, self.url.rstrip("/"), self.key)
        path = _LIST.format(congress=congress_on(now.astimezone(EASTERN).date()), chamber=self.chamber)
        rows, newest = await api.changed(path, "committeeMeetings", since or now - _LOOK_BACK, now)
        stamps = {
            id_: changed.isoformat()
            for row in rows
            if _NUMBER.fullmatch(id_ := text_of(row, "eventId")) and (changed := instant(text_of(row, "updateDate")))
        }
        read, baseline = memory.cursor.get("stamps", {}), since is None and not result.states
        for id_, stamp in stamps.items():
            if read.get(id_) != stamp:
                result.items[id_] = {"stamp": stamp, "baseline": baseline}
        await self._read_records(api, path, result, now)
        cursor = {
            meetings.STATES: meetings.without_past(result.states, now),
            "since": newest.isoformat(),
            "stamps": stamps,
            "items": {id_: item for id_, item in result.items.items() if item["stamp"] >= str(now - _LOOK_BACK)[:10]},
        }
        after = replace(memory, validators={}, cursor=cursor)
        if not (result.entries or result.failed) and after.first_success_at:
            return NotModified(after)
        notes = [failure.detail for failure in result.failed]
        waiting = len(result.items) - len(result.failed)
        return result.fetched(after, notes, waiting=waiting, expected=bool(result.states))

    async def _read_records(self, api: CongressApi, path: str, result: Poll, now: datetime) -> None:
        for id_ in sorted(result.items, key=int, reverse=True)[:_MOST_READS]:
            if len(result.failed) == _MOST_FAILURES:
                break
            record = await outcome(api.read(f"{path}/{id_}", now))
            notice = record if isinstance(record, FetchFailed) else _notice(object_of(record, "committeeMeeting"))
            if notice is None or (isinstance(notice, Notice) and notice.hearing.id != f"{self.chamber}:{id_}"):
                notice = FetchFailed(Health.MALFORMED, "its record lacks its number, committee or day")
            if isinstance(notice, FetchFailed):
                result.fail(id_, notice)
                continue
            item = result.items.pop(id_)
            if notice.hearing.id in result.states or not notice.hearing.over(now):
                result.take(self.id, notice, now, baseline=item["baseline"])


def _notice(record: Mapping[str, Any]) -> Notice | None:
    """The meeting of a record; None without number, committee or day."""
    id_, chamber, starts = text_of(record, "eventId"), text_of(record, "chamber"), instant(text_of(record, "date"))
    bodies = [
        body for body in list_of(record, "committees") if re.fullmatch(r"[a-z]{4}\d\d", text_of(body, "systemCode"))
    ]
    congress = text_of(record, "congress")
    if not (
        _NUMBER.fullmatch(id_) and chamber in ("House", "Senate") and starts and bodies and _NUMBER.fullmatch(congress)
    ):
        return None
    # A subcommittee's meeting may name its committee, too.
    body = next((body for body in bodies if not text_of(body, "systemCode").endswith("00")), bodies[0])
    committee, subcommittee = _names(chamber, clean(text_of(body, "name")))
    local, title = starts.astimezone(EASTERN), clean(text_of(record, "title"))
    bills = tuple(dict.fromkeys(bill.id for bill in _bills(record)))
    hearing = Hearing(
        id=f"{chamber.lower()}:{id_}",
        chamber=chamber,
        committee=committee,
        committee_id=text_of(body, "systemCode").upper().removesuffix("00"),
        subcommittee=subcommittee,
        kind=_kind(text_of(record, "type"), title),
        day=local.date(),
        starts=starts if (local.hour, local.minute) != (0, 0) else None,  # no hour is given
        place=_place(chamber, object_of(record, "location")),
        bills=bills,
        statements_close=meetings.statements_close(title),
        status=_STATUS.get(text_of(record, "meetingStatus").casefold(), HearingStatus.SCHEDULED),
    )
    return Notice(
        hearing=hearing,
        title=short(title, meetings.TITLE) or f"{hearing.kind} of the {hearing.body}",
        url=_PAGE.format(congress=nth(int(congress)), chamber=chamber.lower(), id=id_),
        updated=instant(text_of(record, "updateDate")),
        road="congress.gov",
    )


def _names(chamber: str, name: str) -> tuple[str, str]:
    """The committee and the subcommittee of ``House Natural Resources Subcommittee on Federal Lands``."""
    whole, word, subject = name.partition("Subcommittee")
    plain = re.sub(r"^(?:House|Senate) |(?: Committee)? *$", "", whole)
    committee = plain if plain.startswith(("Joint", "Commission")) else f"{chamber} {plain} Committee"
    return committee, f"{word}{subject}"


def _kind(type_: str, title: str) -> str:
    named = _KIND_OF_TITLE.search(title) if type_ in ("", "Meeting") else None
    kind = named[1].capitalize() if named else type_ or "Meeting"
    return "Markup" if kind.startswith("Mark") else kind


def _place(chamber: str, location: Mapping[str, Any]) -> str:
    """``2141 RHOB`` or ``SH-216``, as the chambers' own lists write it; elsewhere, the words of the address."""
    room, building = clean(text_of(location, "room")), clean(text_of(location, "building"))
    if not room:
        return ", ".join(clean(str(part)) for part in object_of(location, "address").values() if part)
    if building.endswith("Office Building") and room.isdecimal():
        initials = "".join(word[0] for word in building.split())
        return f"{room} {initials}" if chamber == "House" else f"S{initials[0]}-{room}"
    return f"{room} {building}".strip(" -")


def _bills(record: Mapping[str, Any]) -> Iterator[BillNumber]:
    """The bills that a record is linked to, and those whose texts are among its documents."""
    related = object_of(record, "relatedItems").get("bills")
    for row in related if isinstance(related, list) else list_of(related, "bill"):
        congress = text_of(row, "congress")
        if congress.isdecimal() and (
            bill := bill_of(f"{text_of(row, 'type')} {text_of(row, 'number')}", int(congress))
        ):
            yield bill
    yield from sorted(bills_named(" ".join(text_of(row, "url") for row in list_of(record, "meetingDocuments"))))
