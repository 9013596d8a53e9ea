"""Turn a bill's record into entries, one per event. Pure.

An entry's identity depends on the event, not on when it was read, so a record that is read again or corrected
in place gives no new entry.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Final, TypeVar

from bot.shared.bill_number import BillNumber
from bot.shared.bill_record import Amendment, BillRecord, Cosponsor, text_page
from bot.shared.bill_steps import AMENDMENTS, COSPONSORS, DIED, ESTIMATE, SUMMARY, TEXT, TWIN, WITHDREW, outlives, steps
from bot.shared.dates import EASTERN
from bot.shared.entry import Entry, Kind
from bot.shared.plain_text import short_hash
from bot.shared.roll_call import key_in_record
from bot.shared.wording import listed, number, short

_NAMED: Final = 6  # cosponsors or amendments in a line; more are counted
_PURPOSE: Final = 80  # characters
_BECOME_LAW: Final = frozenset({"hr", "s", "hjres", "sjres"})  # other resolutions are agreed to

Dated = TypeVar("Dated")


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
    `speaks_for`: followed bills that have the same text as this one.
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
    if ended and not record.laws and not outlives(record.number, {step.type for step in happened}):
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
        for day, members in days.items():
            now = bisect_right(join_days, day) - bisect_right(withdrawal_days, day)  # at the end of the day
            original = "original " if all(it.original for it in members) else ""
            count = f"{len(members)} {original}cosponsor{'' if len(members) == 1 else 's'}"
            more = f" and {len(members) - _NAMED} more" if len(members) > _NAMED else ""
            text = f"{count} {verb} (now {now}): {'; '.join(it.name for it in members[:_NAMED])}{more}"
            who = "|".join(sorted(it.bioguide or it.name for it in members))
            yield _Event(f"{key}:{day}:{short_hash(who, 12)}", type_, text, day)


def _amendments(amendments: tuple[Amendment, ...]) -> Iterator[_Event]:
    """Amendments that were submitted, by day; what happens to them on the floor is among the bill's actions."""
    for day, submitted in _by_day((amendment.submitted, amendment) for amendment in amendments).items():
        words = [f"{each.name}{each.purpose and f' ({short(each.purpose, _PURPOSE)})'}" for each in submitted]
        text = f"{number(len(words), 'amendment')} submitted: {listed(words, _NAMED)}"
        names = "|".join(sorted(each.name for each in submitted))
        yield _Event(f"amendments:{day}:{short_hash(names, 12)}", AMENDMENTS, text, day)


def _twins(record: BillRecord) -> Iterator[_Event]:
    """Bills that the Library calls identical. Official data give no day for that."""
    twins = (BillNumber.of(id_) for id_ in sorted(record.identical))
    for twin in (twin for twin in twins if twin.congress == record.number.congress):
        yield _Event(f"twin:{twin.id}", TWIN, f"{twin.label} has the same text, by the Library.", None, url=twin.page)


def _by_day(dated: Iterable[tuple[date | None, Dated]]) -> dict[date, list[Dated]]:
    days: dict[date, list[Dated]] = {}
    for day, one in dated:
        if day:
            days.setdefault(day, []).append(one)
    return days


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
