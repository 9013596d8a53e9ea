"""Open comment periods of documents that the coalition was alerted to or that someone was assigned."""

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


def open_windows(db: Reader, coalition_id: str, now: datetime) -> list[Window]:
    """The open comment windows, the first to close first. Days end in Eastern time, wherever the coalition is."""
    today = now.astimezone(EASTERN).date()
    windows = [_window(db, coalition_id, thread) for thread in _threads(db, coalition_id, today)]
    return sorted((w for w in windows if w and w.closes >= today), key=lambda w: (w.closes, w.id))


def _threads(db: Reader, coalition_id: str, today: date) -> list[list[StoredEntry]]:
    threads: dict[str, list[StoredEntry]] = {}
    for stored in alerts.with_comments_open(db, coalition_id, today):
        if stored.entry.kind is Kind.DOCUMENT:
            threads.setdefault(stored.entry.thread, []).append(stored)
    return list(threads.values())


def _window(db: Reader, coalition_id: str, thread: Sequence[StoredEntry]) -> Window | None:
    """The window of one thread by its newest document; None if it was withdrawn or never alerted or assigned."""
    if any(stored.entry.change is Change.WITHDRAWAL for stored in thread):
        return None
    alerted = {
        audience_of(row["key"]): row["thread"]
        for stored in thread
        for row in posted.deliveries_of(db, coalition_id, stored.id)
        if row["kind"] == ALERT and row["state"] not in ("dropped", "dead")
    }
    assigned = any(handling.load(db, coalition_id, stored.id).assigned_to for stored in thread)
    dated = next((stored.entry for stored in reversed(thread) if _closes(stored.entry)), None)
    if dated is None or not (alerted or assigned):
        return None
    newest = thread[-1]
    numbers = tuple(dict.fromkeys(stored.entry.number for stored in thread if stored.entry.number))
    # An extension is entered on the first document of a docket, on its own, or on both.
    docket = [row.closes for row in records.docket_dates(db, numbers).values() if row.closes]
    matches = alerts.matches_of(db, coalition_id, (stored.id for stored in thread))
    return Window(
        id=newest.id,
        numbers=numbers,
        title=headline(thread[0].entry).text,
        url=newest.entry.url,
        register=_closes(dated),
        docket=max(docket, default=None),
        moved=any(stored.entry.change in (Change.EXTENSION, Change.REOPENING) for stored in thread),
        dates=newest.entry.dates_text or "",
        hour=dated.comments_hour,
        worded=dated.comments_worded,
        asks=asks_of(match for some in matches.values() for match in some),
        alerted=tuple(alerted.items()),
    )


def _closes(entry: Entry) -> date | None:
    """The record's closing date, or None if it is before the publication and so must be wrong."""
    closes, published = entry.comments_close_on, entry.publication_date
    return closes if closes and not (published and closes < published) else None
