"""Correct posted alerts whose entries changed: edit each message in place, and reply where people must know."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.alerts import corrections, handling, posted
from bot.alerts.cards import Item, Labels
from bot.alerts.corrections import Correction
from bot.alerts.plan import PostedEntry, routed
from bot.commands.model import Work
from bot.entries import records
from bot.entries.identity import ArrivalKind
from bot.entries.records import StoredEntry
from bot.entries.saving import SavedEntries
from bot.outbox import queued
from bot.outbox.messages import place, post, update
from bot.outbox.records import SNOOZED
from bot.shared.calendar import quiet_until
from bot.shared.entry import Entry, Kind
from bot.store.database import Transaction

_SAME: Final = (ArrivalKind.EDITED, ArrivalKind.SECOND_SOURCE)  # the entry, read again


@dataclass(frozen=True, slots=True)
class _Changed:
    """An entry before and after this answer, with the sentences of the later entries in it that amend the entry."""

    id: str
    before: Entry
    after: Entry
    notes: tuple[str, ...]
    amended: bool


def correct_posted(work: Work, saved: SavedEntries, labels: Labels, *, kind: str) -> None:
    """Correct the messages of `kind` about entries that this answer changed or amended."""
    touched = [a for a in saved.arrivals if a.amends or (a.kind in _SAME and a.stored != a.previous)]
    if not touched:
        return
    pairs = [(arrival.id, arrival.stored.thread) for arrival in touched]
    sent = [
        message
        for each in (kind, SNOOZED)
        for message in posted.posted_entries(work.tx, work.coalition_id, pairs, work.now, kind=each)
    ]
    for thread in dict.fromkeys(thread for _, thread in pairs):
        messages = [message for message in sent if message.entry_thread == thread and message.thread]
        for changed in _changed(work.tx, thread, saved) if messages else ():
            about = [each for each in messages if (each.entry_id, each.stage) == (changed.id, changed.after.stage)]
            _correct(work, changed, about, labels, kind=kind)


def _changed(tx: Transaction, thread: str, saved: SavedEntries) -> Iterator[_Changed]:
    """The entries of a thread that changed. A correction, an extension or a moved meeting changes what it amends."""
    new = {arrival.id for arrival in saved.of(ArrivalKind.NEW)}
    old = {arrival.id: arrival.previous for arrival in saved.of(*_SAME)}
    stored = records.select_entries(tx, "thread = :thread", {"thread": thread})
    amendments = [(at, entry) for at, entry in enumerate(stored) if entry.entry.change or entry.entry.hearing]

    def before(entry: StoredEntry) -> Entry:
        return old.get(entry.id) or entry.entry

    for number, current in enumerate(stored):
        if current.id in new or current.entry.withheld or before(current).withheld:
            continue
        later = [entry for at, entry in amendments if at > number and current.entry.change is None]
        was = corrections.amended(before(current), [before(entry) for entry in later if entry.id not in new])
        after = corrections.amended(current.entry, [entry.entry for entry in later])
        if was != after:
            amending = [entry.entry for entry in later if entry.id in new]
            notes = tuple(note for entry in amending if entry.hearing for note in entry.notes)
            yield _Changed(current.id, was, after, notes, amended=bool(amending))


def _correct(work: Work, changed: _Changed, messages: Sequence[PostedEntry], labels: Labels, *, kind: str) -> None:
    feeds = work.config.feeds
    matches = records.matches_of(work.tx, work.coalition_id, [changed.id]) if messages else {}
    for message in messages:
        if not {message.audience, message.channel} <= feeds.channels.keys():  # it was removed since
            continue
        # Publishers rewrite headlines all day: an edit at each poll would say "New title." and correct no fact.
        if changed.after.kind is Kind.NEWS and not message.waits:
            continue
        every = matches.get((message.entry_id, message.stage), ())
        shown = routed(every, changed.after.kind, feeds).get(message.audience, ())
        before, after = (Item(id=changed.id, entry=entry, matches=shown) for entry in (changed.before, changed.after))
        sentences = (*changed.notes, *corrections.changes(before, after, labels))
        correction = Correction(before=before, after=after, changes=sentences, announced=changed.amended)
        if sentences:
            _edit(work, message, correction, labels)
            if not message.waits:
                _reply(work, message, correction, labels, kind=kind)


def _edit(work: Work, message: PostedEntry, correction: Correction, labels: Labels) -> None:
    """Store the corrected card and edit the message. One that is still queued is posted right, without a remark."""
    card = posted.card_of(work.tx, message.delivery)
    made = card and corrections.corrected(card, correction, labels, work.today)
    if made is None:
        return
    made = replace(made, updated="") if message.waits else made
    queued.replace_card(work.tx, message.delivery, made, coalition_id=work.coalition_id)
    platform = work.config.feeds.channels[message.channel].to.partition(":")[0]
    if not message.waits and platform != "console":  # a terminal cannot change what it printed
        update(work, message.delivery, handling.with_summary(work, message.entry_id, made))


def _reply(work: Work, message: PostedEntry, correction: Correction, labels: Labels, *, kind: str) -> None:
    """Reply if a day to act by changed: an edited message notifies nobody."""
    card = corrections.reply(correction, labels, work.today)
    if card is None:
        return
    feeds, days = work.config.feeds, ":".join(due.on.isoformat() for due in card.dues)
    # Once a day, also if several messages of the thread are corrected; a day may move there and back again.
    name = f"{message.entry_thread}:until:{days}:{work.today.isoformat()}"
    due_at = quiet_until(work.now, feeds.channels[message.audience].quiet, work.zone)
    post(work, place(message.audience, feeds), name, card, kind=kind, due_at=due_at, thread=message.thread)
