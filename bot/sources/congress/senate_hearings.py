"""The Senate's list of committee hearings and business meetings (senate.gov): about ten days ahead, without a key.

It is rewritten in place, with a row "No committee hearings scheduled" for a day without any, beside real ones at times.
Times are Eastern without a zone. Its prose is cut in long agendas, so bills are read from the attributes.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from bot.fetch.payload import read_xml
from bot.shared.answer import Answer, Body, Failure, Fetched, Health, Memory, NotModified, checked
from bot.shared.bill_number import BillNumber
from bot.shared.entry import Entry, Hearing, HearingStatus
from bot.shared.plain_text import clean, day, eastern
from bot.shared.urls import web_address
from bot.shared.wording import short
from bot.sources.congress import meetings
from bot.sources.congress.meetings import Notice, State
from bot.sources.model import HttpSource

if TYPE_CHECKING:
    from lxml import etree

_PAGE: Final = "https://www.senate.gov/committees/hearings_meetings.htm"
_MOST: Final = 500  # rows
_IDENTIFIER: Final = re.compile(r"\d{1,9}", re.ASCII)
_NONE: Final = "no committee hearings scheduled"
_PREFIXES: Final = {"SN": "s", "HR": "hr"}  # those seen; a document with another one is not linked
_OFF: Final = re.compile(r"\b(CANCELL?ED|POSTPONED)\b")  # capitals: a hearing may be about canceled flights
_OFF_AS: Final = {"POSTPONED": HearingStatus.POSTPONED}
_MARKUP: Final = re.compile(r"\bmark[- ]?up\b", re.IGNORECASE)


class SenateHearings(HttpSource, kind="senate-hearings", **meetings.TRAITS):
    """Hearings and markups of the Senate's committees.

    The Senate's list. Cursor: ``{"meetings": …}``, as `meetings` describes.
    """

    default_url = "https://www.senate.gov/general/committee_schedules/hearings.xml"

    async def _poll(self, memory: Memory, now: datetime) -> Answer:
        answer = await self.ask(memory, now, "text/xml, application/xml")
        states: dict[str, State] = dict(memory.cursor.get(meetings.STATES, {}))
        missing = [id_ for id_, state in states.items() if state["missing"]]
        if isinstance(answer, NotModified) and missing:
            return self._answer(list(self._gone(missing, states, now)), states, answer.memory, now)
        if not isinstance(answer, tuple):
            return answer
        body, after = answer
        return self._listed(*await asyncio.to_thread(_read, body), states, after, now)

    def _listed(
        self, notices: list[Notice], broken: int, states: dict[str, State], memory: Memory, now: datetime
    ) -> Answer:
        """The answer to a list that came in full. `broken`: how many rows could not be read."""
        ids = {notice.hearing.id for notice in notices}
        listed_before = (id_ for id_, state in states.items() if meetings.is_in_files(state))
        missing = [id_ for id_ in listed_before if id_ not in ids and meetings.upcoming(states[id_], now)]
        if not notices and missing:
            detail = f"the list has no meeting, though {len(missing)} on it are still to be held"
            asked_again = replace(memory, validators={})
            return Fetched(entries=(), memory=asked_again, health=Health.EMPTY, detail=detail, broken=broken)
        entries: list[Entry] = []
        for notice in notices:
            entries += meetings.take(self.id, notice, states, now)
        entries += self._gone(missing, states, now)
        return self._answer(entries, states, memory, now, broken=broken)

    def _gone(self, missing: list[str], states: dict[str, State], now: datetime) -> Iterator[Entry]:
        """Entries of meetings missing for the second time: after the hour an older copy of the list may be served."""
        for id_ in missing:
            state = states[id_]
            if state["missing"] and meetings.upcoming(state, now):
                entry, states[id_] = meetings.note_missing(self.id, state, "The Senate's list")
                yield entry
            else:
                states[id_] = {**state, "missing": not state["missing"]}

    def _answer(
        self, entries: list[Entry], states: Mapping[str, State], memory: Memory, now: datetime, *, broken: int = 0
    ) -> Answer:
        current = meetings.without_past(states, now)
        next_memory = replace(memory, cursor={meetings.STATES: current})
        is_one_ahead = any(meetings.upcoming(state, now) for state in current.values())
        health = Health.OK if is_one_ahead else Health.EMPTY_EXPECTED
        detail = "" if health is Health.OK else "no meeting is scheduled"
        return Fetched(entries=tuple(entries), memory=next_memory, health=health, detail=detail, broken=broken)


def _read(body: Body) -> tuple[list[Notice], int]:
    root = checked(read_xml(body, "css_meetings_scheduled", "the Senate's list of hearings"))
    rows = root.findall("meeting")[:_MOST]
    notices = [notice for row in rows if (notice := _notice(row))]
    placeholders = sum(_text(row, "matter").casefold() == _NONE for row in rows)
    if not notices and not placeholders:
        raise Failure(Health.MALFORMED, "the list has neither a meeting nor its note that there is none")
    return notices, len(rows) - len(notices) - placeholders


def _notice(row: etree._Element) -> Notice | None:
    """The meeting of a row; None for the placeholder and for a row without number, committee or day."""
    number, code, on = _text(row, "identifier"), _text(row, "cmte_code"), day(_text(row, "date_iso_8601"))
    committee, matter = _text(row, "committee"), _text(row, "matter")
    if not (_IDENTIFIER.fullmatch(number) and len(code) == 6 and committee and on) or matter.casefold() == _NONE:
        return None
    title = short(matter, meetings.TITLE) or f"{_kind(_text(row, 'type'), matter)} of the {_committee(committee)}"
    agenda, video = dict(_agenda(row)), _text(row, "video_url")
    off = _OFF.search(matter) or _OFF.search(f"{_text(row, 'type')} {_text(row, 'room')}".upper())
    hearing = Hearing(
        id=f"senate:{number}",
        chamber="Senate",
        committee=_committee(committee),
        subcommittee=_text(row, "sub_cmte") or ("" if code.endswith("00") else "a subcommittee"),
        committee_id=code.upper().removesuffix("00"),
        kind=_kind(_text(row, "type"), matter),
        day=on,
        starts=eastern(f"{on} {_text(row, 'time_iso_8601')}", "%Y-%m-%d %H:%M:%S")
        or eastern(f"{on} {_text(row, 'time')}", "%Y-%m-%d %I:%M %p"),
        place=_text(row, "room"),
        bills=tuple(agenda),
        statements_close=meetings.statements_close(matter),
        video="" if "xxxx" in video.casefold() else web_address(video),  # "comm=xxxx" is a placeholder
        status=HearingStatus.SCHEDULED if off is None else _OFF_AS.get(off[1], HearingStatus.CANCELED),
    )
    # Its ISO form has both a Z and an offset, so the other form is read, which is Eastern.
    updated = eastern(_text(row, "last_update"), "%m-%d-%Y %I:%M:%S %p")
    return Notice(hearing=hearing, title=title, url=_PAGE, agenda=agenda, updated=updated)


def _agenda(row: etree._Element) -> Iterator[tuple[str, str]]:
    """(bill id, description) of each bill of the agenda; nominations are none."""
    for document in row.iter("AssociatedDocument"):
        type_ = _PREFIXES.get(clean(document.get("document_prefix") or "").upper())
        congress, number = (clean(document.get(name) or "") for name in ("congress", "document_num"))
        with suppress(ValueError):
            yield BillNumber.of(f"{type_}{number}-{congress}").id, clean(document.get("document_description") or "")


def _committee(name: str) -> str:
    whole = any(word in name for word in ("Committee", "Commission", "Joint", "Caucus"))
    return name if whole else f"Senate {name} Committee"


def _kind(type_: str, matter: str) -> str:
    plain = type_.casefold().removeprefix("open ")
    if "business" in plain and _MARKUP.search(matter):
        return "Markup"
    return plain[:1].upper() + plain[1:] or "Meeting"


def _text(row: Any, name: str) -> str:
    return clean(row.findtext(name) or "")
