"""The comment periods that concern the coalition: it was alerted of the document, or somebody took it on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from bot.alerts import handling, posted
from bot.alerts.headline import headline
from bot.alerts.intake import KIND as ALERT
from bot.deadlines import records
from bot.deadlines.model import Window
from bot.entries import records as alerts
from bot.entries.records import StoredEntry
from bot.outbox.messages import audience_of
from bot.shared.dates import EASTERN
from bot.shared.entry import Change, Entry, Kind
from bot.store.database import Reader
from bot.watch.reasons import asks_of


def windows(db: Reader, coalition_id: str, now: datetime) -> list[Window]:
    """Every open one, the first to close first. A day ends in Washington, wherever the coalition sits."""
    today = now.astimezone(EASTERN).date()
    found = [_window(db, coalition_id, thread) for thread in _threads(db, coalition_id, today)]
    return sorted((it for it in found if it and it.closes >= today), key=lambda it: (it.closes, it.id))


def _threads(db: Reader, coalition_id: str, today: date) -> list[list[StoredEntry]]:
    threads: dict[str, list[StoredEntry]] = {}
    for kept in alerts.with_comments_open(db, coalition_id, today):
        if kept.entry.kind is Kind.DOCUMENT:
            threads.setdefault(kept.entry.thread, []).append(kept)
    return list(threads.values())


def _window(db: Reader, coalition_id: str, thread: Sequence[StoredEntry]) -> Window | None:
    """The window of one thread as its newest document has it; None where it is withdrawn or nobody of ours heard."""
    if any(kept.entry.change is Change.WITHDRAWAL for kept in thread):
        return None
    alerted = {
        audience_of(row["key"]): row["thread"]
        for kept in thread
        for row in posted.deliveries_of(db, coalition_id, kept.id)
        if row["kind"] == ALERT and row["state"] not in ("dropped", "dead")
    }
    taken_on = any(handling.work_on(db, coalition_id, kept.id).assigned_to for kept in thread)
    dated = next((kept.entry for kept in reversed(thread) if _closes(kept.entry)), None)
    if dated is None or not (alerted or taken_on):
        return None
    newest = thread[-1]
    numbers = tuple(dict.fromkeys(kept.entry.number for kept in thread if kept.entry.number))
    # An extension is entered on the first document of a docket, on its own, or on both.
    docket = [it.closes for it in records.docket_dates(db, numbers).values() if it.closes]
    matches = alerts.matches_of(db, coalition_id, (kept.id for kept in thread))
    return Window(
        id=newest.id,
        numbers=numbers,
        title=headline(thread[0].entry).text,
        url=newest.entry.url,
        register=_closes(dated),
        docket=max(docket, default=None),
        moved=any(kept.entry.change in (Change.EXTENSION, Change.REOPENING) for kept in thread),
        dates=newest.entry.dates_text or "",
        hour=dated.comments_hour,
        worded=dated.comments_worded,
        asks=asks_of(match for its in matches.values() for match in its),
        alerted=tuple(alerted.items()),
    )


def _closes(entry: Entry) -> date | None:
    """The record's date, unless it lies before the publication: then the document itself must be read."""
    ends, came = entry.comments_close_on, entry.publication_date
    return ends if ends and not (came and ends < came) else None
