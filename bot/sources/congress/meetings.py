"""What is new about committee meetings between two readings of a chamber's list. Pure.

The lists are rewritten in place and keep no history, so each meeting's last state is stored with its source:
``{"senate:338691": {"hearing": {…}, "title": "…", "url": "…", "missing": false, "read": {road: reading}}}``.

A meeting may come by two roads, the chamber's files and congress.gov, in other words and not at the same time. So each
road's last reading is kept, ``{"words": hash, "updated": instant, "day": …}``: what a road changed since then is news,
unless the other road has brought it. ``"former"`` has what no longer holds, ``{"status": ["scheduled"], …}``: a road
that reads a meeting for the first time may be late.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple

from dateutil import parser

from bot.shared import wording
from bot.shared.answer import Fetched, FetchFailed, Health, Memory
from bot.shared.calendar import MONTH_DAY, day_in_words
from bot.shared.entry import MEETING_NOTICE, Change, Entry, Hearing, HearingStatus, Kind
from bot.shared.plain_text import instant, short_hash
from bot.shared.values import json_adapter

State = Mapping[str, Any]
_HEARING: Final = json_adapter(Hearing)
# A meeting that was not held as announced may be announced again, weeks later, under its old number.
_REMEMBERED: Final = {HearingStatus.SCHEDULED: timedelta(days=14)}
_REMEMBERED_OTHERWISE: Final = timedelta(days=60)
STATES: Final = "meetings"  # in the cursor
TRAITS: Final = {"brings": Kind.HEARING, "never_old": True, "shared_cursor": STATES}  # of each kind that lists them
FILES: Final = "files"  # the road of the chamber's own lists and files
_FACTS: Final = ("day", "starts", "ends", "place", "bills", "statements_close", "video", "status")  # that roads compare
_DECISIVE: Final = frozenset({"day", "starts", "status", "place"})  # of which a road's first reading alone is news
TITLE: Final = 1_000  # characters
_READ: Final = 20_000  # characters of a text that are looked through for a deadline
_STATEMENTS: Final = re.compile(
    r"\b(?:statements?|testimony|submissions?|comments?) for the (?:hearing )?record\b.{0,120}?"
    r"\b(?:by|until|before|no later than|on or before|through|due|close on)\b.{0,40}?"
    rf"\b({MONTH_DAY}, \d{{4}})",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A meeting as its chamber's list gives it at one reading. `agenda`: the source's words on each bill, by id."""

    hearing: Hearing
    title: str
    url: str
    agenda: Mapping[str, str] = field(default_factory=dict)
    updated: datetime | None = None
    notes: tuple[str, ...] = ()  # ours, on how it was read
    road: str = FILES


class _Difference(NamedTuple):
    """Of one meeting between two readings: a verb for the headline and a sentence."""

    verb: str
    sentence: str


@dataclass(slots=True)
class Poll:
    """What one poll of a road read. `items`: its records of meetings still to be held, by number."""

    items: dict[str, dict[str, Any]]
    states: dict[str, State]
    entries: list[Entry] = field(default_factory=list)
    baseline: set[str] = field(default_factory=set)
    failed: list[FetchFailed] = field(default_factory=list)

    def take(self, source: str, notice: Notice, now: datetime, *, baseline: bool) -> None:
        """Add the entries of a meeting. `baseline`: what is first seen of it is no news."""
        unknown = notice.hearing.id not in self.states
        entries = take(source, notice, self.states, now)
        if unknown and baseline:
            self.baseline |= {entry.identity[0] for entry in entries}
        self.entries += entries

    def fail(self, id_: str, failure: FetchFailed) -> None:
        self.failed.append(replace(failure, detail=f"meeting {id_}: {failure.detail}"))

    def fetched(self, memory: Memory, notes: Sequence[str], *, waiting: int, expected: bool) -> Fetched:
        """The answer. `waiting`: how many meetings are read at the next poll; `expected`: any may still be held."""
        more = [f"{wording.number(waiting, 'meeting')} wait for the next check"] if waiting else []
        quiet = Health.OK if expected else Health.EMPTY_EXPECTED
        return Fetched(
            entries=tuple(self.entries),
            memory=memory,
            health=self.failed[0].health if self.failed else quiet,
            detail="; ".join((*notes, *more)),
            baseline=frozenset(self.baseline),
        )


def statements_close(text: str) -> date | None:
    """The last day for statements for the record, where the text itself gives one in full; else None."""
    written = _STATEMENTS.search(text[:_READ])
    try:
        return parser.parse(written[1]).date() if written else None
    except (ValueError, OverflowError):
        return None


def _announcements(source: str, notice: Notice, before: State | None, now: datetime) -> Iterator[Entry]:
    """The entries of one meeting: its announcement if that is new or reworded, and its changes in one entry.

    Nothing of a meeting that is over, unless it was moved ahead. An older copy than the last one, which caches serve
    at times, brings nothing.
    """
    if before is None:
        if not notice.hearing.over(now):
            yield _notice_entry(source, notice)
        return
    if _is_older(notice, before):
        return
    last, after, reading = _hearing(before), _current(notice, before), _last_reading(notice.road, before)
    if after.over(now):
        return
    current = replace(notice, hearing=after)
    if (reading and _words(notice) != reading["words"]) or after.bills != last.bills:
        yield _notice_entry(source, current)
    if differences := _differences(last, after):
        yield _change_entry(source, current, last, differences)


def take(source: str, notice: Notice, states: dict[str, State], now: datetime) -> list[Entry]:
    """The entries of one meeting, and its state after it."""
    before = states.get(notice.hearing.id)
    entries = list(_announcements(source, notice, before, now))
    states[notice.hearing.id] = _state_after(notice, before)
    return entries


def is_in_files(state: State) -> bool:
    return _last_reading(FILES, state) is not None


def _last_reading(road: str, state: State) -> Mapping[str, Any] | None:
    """What a road last read of a meeting; None if it has not read it."""
    if "read" not in state:  # as 0.2 stored it, which had one road
        own = {"words": state["words"], "updated": state.get("updated"), **_facts(_hearing(state))}
        return own if road == FILES else None
    return state["read"].get(road)  # type: ignore[no-any-return]


def _is_older(notice: Notice, before: State) -> bool:
    """Whether this is an older copy than the road's last one."""
    seen = instant((_last_reading(notice.road, before) or {}).get("updated"))
    return bool(notice.updated and seen and notice.updated < seen)


def _state_after(notice: Notice, before: State | None) -> State:
    """The state to store once `notice` was read. Title and address are those of the road that announced it."""
    updated = notice.updated.isoformat() if notice.updated else None
    own = {"words": _words(notice), "updated": updated, **_facts(notice.hearing)}
    hearing, title, url = notice.hearing, notice.title, notice.url
    others: Mapping[str, Any] = {}
    former: Mapping[str, Any] = {}
    if before is not None:
        if _is_older(notice, before):
            return {**before, "missing": False}
        hearing = _current(notice, before)
        former = _former(before, hearing)
        others = before.get("read") or {FILES: _last_reading(FILES, before)}
        if others.keys() != {notice.road}:
            title, url = before["title"], before["url"]
    return {
        "hearing": _HEARING.dump_python(hearing, mode="json"),
        "title": title,
        "url": url,
        "missing": False,
        "read": {**others, notice.road: own},
        "former": former,
    }


def _former(before: State, after: Hearing) -> dict[str, list[Any]]:
    """The decisive facts of a meeting that no longer hold, by name."""
    was, now, former = _facts(_hearing(before)), _facts(after), before.get("former", {})
    return {
        name: list(dict.fromkeys((*former.get(name, ()), *(() if was[name] == now[name] else (was[name],)))))
        for name in sorted(_DECISIVE)
    }


def note_missing(source: str, before: State, list_name: str) -> tuple[Entry, State]:
    """The entry and the state of a meeting that is gone from its list before its hour."""
    hearing = _hearing(before)
    gone = replace(hearing, status=HearingStatus.UNLISTED, sequence=hearing.sequence + 1)
    reading = {**(_last_reading(FILES, before) or {}), "status": gone.status.value}
    sentence = f"{list_name} no longer has this meeting and gives no reason. Ask the committee before you rely on it."
    notice = Notice(hearing=gone, title=before["title"], url=before["url"])
    entry = _change_entry(source, notice, hearing, [_Difference("no longer listed", sentence)])
    read = {**before.get("read", {}), FILES: reading}
    after = {"hearing": _HEARING.dump_python(gone, mode="json"), "missing": False, "read": read}
    return entry, {**before, **after, "former": _former(before, gone)}


def upcoming(state: State, now: datetime) -> bool:
    """Whether a stored meeting is still to be held, as far as is known."""
    hearing = _hearing(state)
    return hearing.status is HearingStatus.SCHEDULED and not hearing.over(now)


def without_past(states: Mapping[str, State], now: datetime) -> dict[str, State]:
    """The states without meetings that are long over."""
    return {
        id_: state
        for id_, state in states.items()
        if not (hearing := _hearing(state)).over(now - _REMEMBERED.get(hearing.status, _REMEMBERED_OTHERWISE))
    }


def _hearing(state: State) -> Hearing:
    return _HEARING.validate_python(state["hearing"])


def _facts(hearing: Hearing) -> dict[str, Any]:
    dumped = _HEARING.dump_python(hearing, mode="json")
    return {name: dumped[name] for name in _FACTS}


def _current(notice: Notice, before: State) -> Hearing:
    """The meeting as it is now by all roads, its sequence raised if something about it changed."""
    last, reading = _hearing(before), _last_reading(notice.road, before)
    if before.get("read", {FILES: None}).keys() == {notice.road}:
        after = replace(notice.hearing, sequence=last.sequence)
    else:
        after = replace(last, **_news_of_road(notice.hearing, reading, last, before.get("former", {})))
    return replace(after, sequence=last.sequence + 1) if _differences(last, after) else after


def _news_of_road(
    hearing: Hearing, reading: Mapping[str, Any] | None, last: Hearing, former: Mapping[str, Any]
) -> dict[str, Any]:
    """The facts that a road has changed since it last read the meeting; at its first reading, those that others lack
    or that nobody should miss, unless the road lacks them or they are `former`.
    """
    now, news = _facts(hearing), dict[str, Any]()
    for name in _FACTS:
        unknown = not getattr(last, name)
        decisive = name in _DECISIVE and now[name] and now[name] not in former.get(name, ())
        changed = now[name] != reading[name] if reading else unknown or decisive
        if changed and not (name == "place" and not unknown and _is_same_room(hearing.place, last.place)):
            news[name] = getattr(hearing, name)
    if not reading and now["day"] in former.get("day", ()):  # an hour of that day is former, too
        news = {name: fact for name, fact in news.items() if name not in ("day", "starts")}
    elif hearing.day == news.get("day") != last.day:
        news["starts"] = hearing.starts
    if news.keys() & {"day", "starts"}:
        news.setdefault("ends", None)  # it was that of the old hour
    own = reading["bills"] if reading else ()
    left = (bill for bill in last.bills if bill not in own or bill in hearing.bills)
    added = (bill for bill in hearing.bills if bill not in own)
    return news | {"bills": tuple(dict.fromkeys((*left, *added)))}


def _is_same_room(place: str, other: str) -> bool:
    """Whether two roads' words may name one room: `SD-226`, `226 Dirksen Senate Office Building`."""
    numbers, others = ({*re.findall(r"[0-9]+", text)} for text in (place, other))
    return numbers <= others or others <= numbers


def _differences(last: Hearing, after: Hearing) -> list[_Difference]:
    """What people must know of a change, the most important first."""
    return [*_of_status(last, after), *_of_time(last, after), *_of_place_and_agenda(last, after)]


def _of_status(last: Hearing, after: Hearing) -> Iterator[_Difference]:
    if after.status is last.status:
        return
    if after.status is HearingStatus.CANCELED:
        yield _Difference("canceled", f"Canceled. It was scheduled for {last.when}.")
    elif after.status is HearingStatus.POSTPONED:
        yield _Difference("postponed", f"Postponed from {last.when}. No new date is given.")
    elif last.status is HearingStatus.UNLISTED:
        yield _Difference("listed again", "Listed again.")
    else:
        yield _Difference("on again", f"On again, after it was {last.status.value}.")


def _of_time(last: Hearing, after: Hearing) -> Iterator[_Difference]:
    if after.status not in (HearingStatus.SCHEDULED, HearingStatus.UNLISTED) or (last.day, last.starts) == (
        after.day,
        after.starts,
    ):
        return
    if last.day == after.day and last.starts is None:
        yield _Difference("time set", f"Its hour is set: {after.hour}.")
    else:
        yield _Difference("moved", f"Moved from {last.when} to {after.when}.")


def _of_place_and_agenda(last: Hearing, after: Hearing) -> Iterator[_Difference]:
    if last.place and after.place and last.place != after.place:
        yield _Difference("room changed", f"Room changed from {last.place} to {after.place}.")
    for verb, bills in (
        ("Added to the agenda", _without(after.bills, last.bills)),
        ("Taken off the agenda", _without(last.bills, after.bills)),
    ):
        if bills:
            yield _Difference("agenda changed", f"{verb}: {wording.listed([wording.bill(bill) for bill in bills])}.")
    if after.statements_close and after.statements_close != last.statements_close:
        on = day_in_words(after.statements_close)
        yield _Difference("updated", f"Statements for the record close {on}.")


def _without(bills: tuple[str, ...], others: tuple[str, ...]) -> list[str]:
    return [bill for bill in bills if bill not in others]


def _notice_entry(source: str, notice: Notice) -> Entry:
    hearing = notice.hearing
    return Entry(
        source=source,
        kind=Kind.HEARING,
        identity=(hearing.thread,),
        thread=hearing.thread,
        title=notice.title,
        url=notice.url,
        summary=_agenda(notice, hearing.bills),
        agencies=(),
        type=hearing.kind,
        references=(f"{hearing.thread}:{MEETING_NOTICE}",),
        bills=hearing.bills,
        hearing=hearing,
        as_of=notice.updated,
        notes=notice.notes,
    )


def _change_entry(source: str, notice: Notice, last: Hearing, differences: list[_Difference]) -> Entry:
    """A change of a meeting. If only its agenda changed, it concerns those who follow a bill put on it or taken off."""
    hearing = notice.hearing
    changed = tuple(dict.fromkeys((*_without(hearing.bills, last.bills), *_without(last.bills, hearing.bills))))
    agenda_alone = all(difference.verb == "agenda changed" for difference in differences)
    bills = changed if agenda_alone else hearing.bills
    return replace(
        _notice_entry(source, notice),
        identity=(f"{hearing.thread}:{hearing.sequence}:{short_hash(_HEARING.dump_json(hearing).decode())}",),
        summary=_agenda(notice, bills),
        type=f"{hearing.kind} {differences[0].verb}",
        change=None if agenda_alone else Change.UPDATE,
        references=() if agenda_alone else (f"{hearing.thread}:{MEETING_NOTICE}",),
        bills=bills,
        notes=tuple(difference.sentence for difference in differences),
    )


def _agenda(notice: Notice, bills: tuple[str, ...]) -> str | None:
    """The source's words on these bills: `S. 365 (119th): A bill to …; H.R. 1729 (119th): …`."""
    lines = [f"{wording.bill(bill)}: {notice.agenda[bill]}" for bill in bills if notice.agenda.get(bill)]
    return "; ".join(lines) or None


def _words(notice: Notice) -> str:
    return short_hash("\n".join((notice.title, *notice.agenda.values())))
