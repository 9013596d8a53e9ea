"""Open comment periods: of documents that the coalition was alerted to or assigned, and in dockets that it follows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from bot.alerts import explain, handling, posted
from bot.alerts.headline import headline
from bot.alerts.intake import KIND as ALERT
from bot.deadlines import docket_records
from bot.deadlines.docket_records import OurComment
from bot.deadlines.docket_wording import posted_by
from bot.deadlines.model import DOCUMENT_URL, Window
from bot.deadlines.regulations_gov import DocketDocument, Status
from bot.entries import records as alerts
from bot.entries.records import StoredEntry
from bot.outbox.messages import audience_of
from bot.shared.dates import EASTERN
from bot.shared.entry import Change, Entry, Kind, document_key
from bot.store.database import Reader
from bot.watch.reasons import asks_of


def open_windows(db: Reader, now: datetime) -> list[Window]:
    """The open comment windows, the first to close first. Days end in Eastern time, wherever the coalition is."""
    today = now.astimezone(EASTERN).date()
    windows = [_window(db, thread, today) for thread in _threads(db, today)]
    current = [window for window in windows if window and window.closes >= today]
    current += _listed_only(db, today, current)
    return sorted(current, key=lambda window: (window.closes, window.id))


def window_about(db: Reader, number: str, now: datetime) -> Window | None:
    """The comment period of the document with this number of the Register, open or over; None if it is not ours."""
    entries = explain.find(db, number)
    if not entries:
        return None
    thread = alerts.select_entries(db, "thread = :thread", {"thread": entries[0].entry.thread})
    return _window(db, thread, now.astimezone(EASTERN).date())


def _threads(db: Reader, today: date) -> list[list[StoredEntry]]:
    threads: dict[str, list[StoredEntry]] = {}
    keys = [document_key(number, None) for number in docket_records.open_numbers(db, today)]
    for stored in alerts.with_comments_open(db, today, keys):
        if stored.entry.kind is Kind.DOCUMENT:
            threads.setdefault(stored.entry.thread, []).append(stored)
    return list(threads.values())


def _window(db: Reader, thread: Sequence[StoredEntry], today: date) -> Window | None:
    """The window of one thread by its newest document; None if it was withdrawn or never alerted or assigned."""
    if any(stored.entry.change is Change.WITHDRAWAL for stored in thread):
        return None
    alerted = {
        audience_of(row["key"]): row["thread"]
        for stored in thread
        for row in posted.deliveries_of(db, stored.id)
        if row["kind"] == ALERT and row["state"] not in ("dropped", "dead")
    }
    assigned = any(handling.load(db, stored.id).assigned_to for stored in thread)
    dated = next((stored.entry for stored in reversed(thread) if _closes(stored.entry)), None)
    numbers = tuple(dict.fromkeys(stored.entry.number for stored in thread if stored.entry.number))
    # An extension is entered on the first document of a docket, on its own, or on both.
    by_number = docket_records.documents_by_number(db, numbers)
    listed = [row for rows in by_number.values() for row in rows if row.status is not Status.WITHDRAWN]
    last = max((row for row in listed if row.closes_on), key=lambda row: row.closes_on or today, default=None)
    docket = last.closes_on if last else None
    register = _closes(dated) if dated else None
    reopened = register is not None and docket is not None and register < today <= docket
    if (register is None and docket is None) or not (alerted or assigned):
        return None
    newest = thread[-1]
    matches = alerts.matches_of(db, (stored.id for stored in thread))
    return Window(
        id=newest.id,
        numbers=numbers,
        title=headline(thread[0].entry).text,
        url=newest.entry.url,
        register=None if reopened else register,
        docket=docket,
        moved=reopened or any(stored.entry.change in (Change.EXTENSION, Change.REOPENING) for stored in thread),
        dates=newest.entry.dates_text or "",
        hour=dated.comments_hour if dated else "",
        worded=bool(dated and dated.comments_worded),
        asks=asks_of(match for some in matches.values() for match in some),
        alerted=tuple(alerted.items()),
        document=last.id if last else listed[0].id if listed else "",
        comments=_comments(db, listed),
        filed=_filed(docket_records.our_comments(db), {row.id for row in listed}),
    )


def _listed_only(db: Reader, today: date, windows: Iterable[Window]) -> list[Window]:
    """The windows of followed dockets' other documents. Documents of one docket that close on one day are one."""
    dockets = {docket.id: docket for docket in docket_records.followed(db)}
    shown = {(window.document.rpartition("-")[0], window.docket) for window in windows if window.document}
    ours, more = docket_records.our_comments(db), []
    for row in docket_records.open_documents(db, today):
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
                comments=_comments(db, [row]),
                filed=_filed(ours, {row.id}),
                listed_only=True,
            )
        )
    return more


def _comments(db: Reader, documents: Sequence[DocketDocument]) -> str:
    """`12 comments posted as of Tue 24 Nov 2026`, by the oldest count; "" if none of these documents was counted."""
    counted = docket_records.counts(db, [row.id for row in documents]).values()
    return posted_by(counted, EASTERN) if counted else ""


def _filed(ours: Iterable[OurComment], documents: set[str]) -> str:
    """What became of our newest comment on these documents; "" without one."""
    return next((comment.status for comment in ours if comment.document in documents), "")


def _closes(entry: Entry) -> date | None:
    """The record's closing date, or None if it is before the publication and so must be wrong."""
    closes, published = entry.comments_close_on, entry.publication_date
    return closes if closes and not (published and closes < published) else None
