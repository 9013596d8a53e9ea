"""What is ahead by stored entries: open comment periods, hearings, and planned rules.

Comment periods are those of documents that the coalition was alerted to or assigned, and of dockets that it follows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import chain
from typing import Final

from bot.alerts import explain, handling, posted
from bot.alerts.cards import Item
from bot.alerts.headline import headline
from bot.alerts.intake import KIND as ALERT
from bot.alerts.plan import routed
from bot.config.load import Config
from bot.deadlines import records
from bot.deadlines.model import DOCUMENT_URL, Window, posted_by
from bot.deadlines.records import OurComment
from bot.deadlines.regulations_gov import Status
from bot.entries import records as entries
from bot.entries.records import StoredEntry
from bot.outbox.messages import audience_of
from bot.shared import wording
from bot.shared.card import Due
from bot.shared.entry import MOVES_COMMENTS, Change, Entry, Hearing, Kind, PlannedRule, document_key
from bot.shared.plain_text import EASTERN
from bot.store.database import Reader
from bot.watch.model import Level, Match, asks_of, loudest, merged

_MEETINGS_SINCE: Final = timedelta(days=120)  # committees announce a week or two ahead, and postpone by weeks
_PLANS_SINCE: Final = timedelta(days=400)  # an edition has been a year late
_WITHOUT_DATE: Final = "9999"  # sorts after every month


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting by its newest entry, with the matches of all its entries. `changed_at`: when that was first seen."""

    item: Item
    hearing: Hearing
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Planned:
    """A planned rule by its newest entry, with the matches of all its entries."""

    item: Item
    rule: PlannedRule

    @property
    def month(self) -> str:
        step = self.rule.next_step
        return step.month if step and step.month else _WITHOUT_DATE


def open_windows(db: Reader, now: datetime) -> list[Window]:
    """The open comment windows, the first to close first. Days end in Eastern time, wherever the coalition is."""
    today = now.astimezone(EASTERN).date()
    current = [window for window in _windows(db, _steps(db, today), today) if window.closes >= today]
    current += _listed_only(db, today, current)
    return sorted(current, key=lambda window: (window.closes, window.id))


def closing_dates(db: Reader, audience: str, config: Config, now: datetime, ahead: timedelta) -> list[Due]:
    """The comment periods of documents routed to a channel that end within `ahead`, also of those never alerted."""
    today = now.astimezone(EASTERN).date()
    dues = []
    for step in _steps(db, today):
        window = period(db, step, today)
        soon = window and today <= window.closes <= today + ahead
        matches = entries.matches_of(db, (stored.id for stored in step)) if soon else {}
        if window and audience in routed([*chain(*matches.values())], Kind.DOCUMENT, config.feeds):
            dues.append(Due(f"Comments on “{wording.short(window.title, 70)}” close", window.closes, window.detail))
    return sorted(dues, key=lambda due: due.on)


def _steps(db: Reader, today: date) -> list[list[StoredEntry]]:
    """The steps of threads in which the period of a matched document is open by one of the sources."""
    keys = [document_key(number, None) for number in records.open_numbers(db, today)]
    documents = (it for it in entries.with_comments_open(db, today, keys) if it.entry.kind is Kind.DOCUMENT)
    return entries.steps(documents)


def window_about(db: Reader, number: str, now: datetime) -> Window | None:
    """The comment period of the document with this number of the Register, open or over; None if it is not ours."""
    about = explain.find(db, number)
    if not about:
        return None
    return next(_windows(db, [entries.step_of(db, about[0])], now.astimezone(EASTERN).date()), None)


def period(db: Reader, step: Sequence[StoredEntry], today: date) -> Window | None:
    """A step's comment period by its newest document, without what concerns us; None if none, or withdrawn."""
    changes = {stored.entry.change for stored in step}
    dated = next((stored.entry for stored in reversed(step) if stored.entry.comments_close_on), None)
    numbers = tuple(dict.fromkeys(stored.entry.number for stored in step if stored.entry.number))
    # An extension is entered on the first document of a docket, on its own, or on both; one of several dockets in each.
    by_number = records.documents_by_number(db, numbers)
    first = {row.docket for row in by_number.get(numbers[0], ())} if numbers else set()
    rows = [row for several in by_number.values() for row in several if not first or row.docket in first]
    listed = [row for row in rows if row.status is not Status.WITHDRAWN]
    last = max(listed, key=lambda row: row.closes_on or date.min, default=None)
    register, docket = dated.comments_close_on if dated else None, last.closes_on if last else None
    if Change.WITHDRAWAL in changes or not (register or docket):
        return None
    reopened = register is not None and docket is not None and register < today <= docket
    return Window(
        id=step[-1].id,
        numbers=numbers,
        title=headline(step[0].entry).text,
        url=step[-1].entry.url,
        register=None if reopened else register,
        docket=docket,
        moved=reopened or not changes.isdisjoint(MOVES_COMMENTS),
        dates=step[-1].entry.dates_text or "",
        hour=dated.comments_hour if dated else "",
        worded=bool(dated and dated.comments_worded),
        document=last.id if last else "",
        listed=tuple(row.id for row in listed),
    )


def _windows(db: Reader, steps: Sequence[Sequence[StoredEntry]], today: date) -> Iterator[Window]:
    """The periods of steps with what concerns us, of those that were alerted or assigned.

    What a bot that was asleep for days finds is listed in the digest: an alert on it is one nevertheless.
    """
    matched, ours = defaultdict[str, list[Match]](list), records.our_comments(db)
    for (id_, _), some in entries.matches_of(db, (stored.id for step in steps for stored in step)).items():
        matched[id_] += some
    for step in steps:
        alerted = {
            audience_of(row["key"]): row["thread"]
            for stored in step
            for row in posted.deliveries_of(db, stored.id)
            if row["kind"] == ALERT and row["state"] not in ("dropped", "dead")
        }
        matches = [match for stored in step for match in matched[stored.id]]
        is_ours = (
            alerted
            or any(handling.load(db, stored.id).assigned_to for stored in step)
            or (loudest(matches) is Level.ALERT and any(posted.was_listed(db, stored.id) for stored in step))
        )
        if window := period(db, step, today) if is_ours else None:
            yield replace(
                window,
                asks=asks_of(matches),
                alerted=tuple(alerted.items()),
                comments=posted_by(records.counts(db, window.listed).values(), EASTERN),
                filed=_filed(ours, window.listed),
            )


def _listed_only(db: Reader, today: date, windows: Iterable[Window]) -> list[Window]:
    """The windows of followed dockets' other documents. Documents of one docket that close on one day are one."""
    dockets = {docket.id: docket for docket in records.followed_dockets(db)}
    shown = {(window.document.rpartition("-")[0], window.docket) for window in windows if window.document}
    ours, more = records.our_comments(db), []
    for row in records.open_documents(db, today):
        if row.closes_on is None or (row.docket, row.closes_on) in shown:
            continue
        shown.add((row.docket, row.closes_on))
        more.append(
            Window(
                id=row.id,
                numbers=(),
                title=row.title or dockets[row.docket].title or row.id,
                url=f"{DOCUMENT_URL}{row.id}",
                register=None,
                docket=row.closes_on,
                document=row.id,
                comments=posted_by(records.counts(db, [row.id]).values(), EASTERN),
                filed=_filed(ours, {row.id}),
                listed_only=True,
            )
        )
    return more


def _filed(ours: Iterable[OurComment], documents: Collection[str]) -> str:
    """What became of our newest comment on these documents; "" without one."""
    return next((comment.status for comment in ours if comment.document in documents), "")


def upcoming(db: Reader, now: datetime) -> list[Meeting]:
    """Matched meetings that are not over, canceled ones among them, by day. Those of the baseline count, too."""
    newest = _newest_of_threads(
        db, Kind.HEARING, now - _MEETINGS_SINCE, lambda entry: entry.hearing and not entry.hearing.over(now)
    )
    meetings = [
        Meeting(item, hearing, stored.first_seen_at) for stored, item in newest if (hearing := stored.entry.hearing)
    ]
    return sorted(meetings, key=lambda meeting: (meeting.hearing.day, meeting.hearing.when, meeting.item.id))


def planned_rules(db: Reader, now: datetime) -> list[Planned]:
    """Matched rules with a step ahead or without a date, by month. Those of the first edition count, too."""
    newest = _newest_of_threads(
        db, Kind.PLANNED_RULE, now - _PLANS_SINCE, lambda entry: entry.rule and entry.rule.next_step
    )
    plans = [Planned(item, rule) for _, item in newest if (rule := item.entry.rule)]
    return sorted(plans, key=lambda plan: (plan.month, plan.rule.rin))


def _newest_of_threads(
    db: Reader, kind: Kind, since: datetime, is_current: Callable[[Entry], object]
) -> Iterator[tuple[StoredEntry, Item]]:
    """The newest entry of each thread, if it is current, and as an item with the matches of the whole thread."""
    threads: dict[str, list[StoredEntry]] = {}
    for stored in entries.matched_of_kind(db, kind, since):
        threads.setdefault(stored.entry.thread, []).append(stored)
    newest_of = [(max(thread, key=_version), thread) for thread in threads.values()]
    current = [(newest, thread) for newest, thread in newest_of if is_current(newest.entry)]
    matches = entries.matches_of(db, (each.id for _, thread in current for each in thread))
    for newest, thread in current:
        all_matches = merged(*(matches.get((each.id, each.entry.stage.value), ()) for each in thread))
        yield newest, Item(id=newest.id, entry=newest.entry, matches=all_matches)


def _version(stored: StoredEntry) -> tuple[int, str, datetime]:
    hearing, rule = stored.entry.hearing, stored.entry.rule
    return hearing.sequence if hearing else 0, rule.edition if rule else "", stored.first_seen_at
