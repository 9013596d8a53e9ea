"""From a bill's record to what can be told of it: an entry for each thing that happened. Pure.

An entry's identity says what happened and not when it was read, so a record that is read again, refreshed or corrected
in place brings nothing new.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Final

from bot.shared.dates import EASTERN
from bot.shared.entry import Entry, Kind
from bot.sources.congress.bill_record import BillNumber, BillRecord, Cosponsor, TextVersion
from bot.sources.congress.bill_steps import COSPONSORS, DIED, SUMMARY, TEXT, WITHDREW, outlives, steps

_NAMED: Final = 6  # cosponsors in a line; more are counted
_PACKAGE: Final = "https://www.govinfo.gov/app/details/BILLS-{}{}{}{}"


@dataclass(frozen=True, slots=True)
class _Told:
    key: str
    type: str
    text: str
    date: date | None
    time: time | None = None
    url: str = ""


def bill_entries(
    record: BillRecord, source: str, *, ended: bool = False, enacted: str = "", speaks_for: tuple[str, ...] = ()
) -> tuple[Entry, ...]:
    """One entry for each thing that happened, oldest first; what has no date stands last.

    `ended`: the bill's Congress is over. `enacted`: the law that its policy became under another number, in words.
    `speaks_for`: followed bills that have the same text as this one.
    """
    told = sorted(_told(record, ended, enacted), key=lambda it: it.date or date.max)
    bill, page = record.number.id, record.number.page
    thread = f"bill:{bill}"
    return tuple(
        Entry(
            source=source,
            kind=Kind.BILL,
            identity=(f"{thread}:{it.key}",),
            thread=thread,
            title=it.text,
            url=it.url or page,
            summary=record.official_title,
            published=_instant(it),
            publication_date=it.date,
            type=it.type,
            bill=bill,
            bill_title=record.title or None,
            subjects=record.subjects or (),
            as_of=record.updated,
            speaks_for=speaks_for,
        )
        for it in told
    )


def text_page(bill: BillNumber, code: str) -> str:
    """GovInfo's page of a text version; the version may be of any age."""
    return _PACKAGE.format(bill.congress, bill.type, bill.number, code)


def _told(record: BillRecord, ended: bool, enacted: str) -> Iterator[_Told]:
    happened = steps(record.actions)
    for step in happened:
        yield _Told(step.key, step.type, step.text, step.date, step.time)
    yield from _cosponsors(record.cosponsors or ())
    for version in record.texts or ():
        yield _version(record.number, version)
    for summary in record.summaries or ():
        # Keyed by the stage alone: its day has been missing for a week, and its text is touched up for years.
        yield _Told(
            f"summary:{_slug(summary.action)}", SUMMARY, f"Summary by the Library: {summary.action}", summary.updated
        )
    if ended and not record.laws and not outlives(record.number, {step.type for step in happened}):
        died = f"Died with the {record.number.nth} Congress, which ended before it was done."
        text = f"Ended with the {record.number.nth} Congress. {enacted}." if enacted else died
        yield _Told("died", DIED, text, record.number.ends)


def _cosponsors(all_: tuple[Cosponsor, ...]) -> Iterator[_Told]:
    """Who joined, and who withdrew, by day. Who is named later for a day that was told has the whole day told anew."""
    came = sorted(it.joined for it in all_ if it.joined)
    went = sorted(max(it.joined, it.withdrawn) for it in all_ if it.joined and it.withdrawn)
    joined, withdrew = _by_day((it.joined, it) for it in all_), _by_day((it.withdrawn, it) for it in all_)
    for verb, key, type_, days in (
        ("joined", "cosponsors", COSPONSORS, joined),
        ("withdrew", "withdrew", WITHDREW, withdrew),
    ):
        for day, some in days.items():
            now = bisect_right(came, day) - bisect_right(went, day)  # at the end of the day
            text = f"{_cosponsors_said(some)} {verb} (now {now}): {_names(some)}"
            yield _Told(f"{key}:{day}:{_digest(some)}", type_, text, day)


def _by_day(dated: Iterable[tuple[date | None, Cosponsor]]) -> dict[date, list[Cosponsor]]:
    days: dict[date, list[Cosponsor]] = {}
    for day, cosponsor in dated:
        if day:
            days.setdefault(day, []).append(cosponsor)
    return days


def _version(bill: BillNumber, version: TextVersion) -> _Told:
    url = text_page(bill, version.code) if version.code else ""
    key = version.code or _slug(version.name)
    return _Told(f"text:{key}", TEXT, f"Text published: {version.name or version.code}", version.date, url=url)


def _cosponsors_said(some: list[Cosponsor]) -> str:
    original = "original " if all(it.original for it in some) else ""
    return f"{len(some)} {original}cosponsor{'' if len(some) == 1 else 's'}"


def _names(some: list[Cosponsor]) -> str:
    more = f" and {len(some) - _NAMED} more" if len(some) > _NAMED else ""
    return "; ".join(it.name for it in some[:_NAMED]) + more


def _digest(some: Iterable[Cosponsor]) -> str:
    return hashlib.sha256("|".join(sorted(it.bioguide or it.name for it in some)).encode()).hexdigest()[:12]


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def _instant(it: _Told) -> datetime | None:
    return datetime.combine(it.date, it.time, EASTERN).astimezone(UTC) if it.date and it.time else None
