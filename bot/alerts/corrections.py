"""Correct posted alerts whose facts changed: edit each message in place, and reply where people must know.

A fact is a title, a day to act by or that something takes effect, or the day, hour, room and status of a meeting. Only
what the card shows of them is replaced, so that everything else stays as people read it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from typing import Final

from bot.alerts import cards, handling, posted
from bot.alerts.cards import Item
from bot.alerts.plan import PostedEntry, routed
from bot.commands.model import Work
from bot.config.load import Labels
from bot.entries import records
from bot.entries.arrivals import ArrivalKind, Arrivals
from bot.entries.records import StoredEntry
from bot.outbox import queued
from bot.outbox.messages import place, post, update
from bot.outbox.records import SNOOZED
from bot.shared.calendar import day_in_words, quiet_until
from bot.shared.card import Card, Due, Line, Link, Mark, Section
from bot.shared.entry import MOVES_COMMENTS, Change, Entry, HearingStatus, Kind
from bot.shared.wording import short
from bot.watch.model import Level, Match, loudest

_SAME: Final = (ArrivalKind.EDITED, ArrivalKind.SECOND_SOURCE)  # the entry, read again
_TO_ACT_BY: Final = ("Comments close", "Applications close")  # people must know when one of these days changes
_Cards = dict[str, Card | None]  # by message, each read once: a list may have thousands of lines


@dataclass(frozen=True, slots=True)
class _Changed:
    """An entry before and after this answer, with the later entries in it that amend the entry."""

    id: str
    before: Entry
    after: Entry
    by: tuple[StoredEntry, ...]


def correct_posted(work: Work, saved: Arrivals, labels: Labels, *, kind: str) -> None:
    """Correct the messages of `kind` about entries that this answer changed or amended."""
    touched = [arrival for arrival in saved.all if arrival.may_correct]
    pairs = [(arrival.id, arrival.stored.thread) for arrival in touched]
    about = defaultdict[tuple[str, str], list[PostedEntry]](list)
    for message in chain(*posted.posted_entries(work.tx, pairs, work.now, kind, SNOOZED)):
        about[message.entry_id, message.stage] += [message] if message.thread else []
    threads = {message.entry_thread for messages in about.values() for message in messages}
    news = {arrival.id for arrival in saved.of(ArrivalKind.NEW, ArrivalKind.PUBLISHED)}
    old = {  # None: it is new in its thread
        a.id: a.previous if a.previous and a.previous.thread == a.stored.thread else None
        for a in saved.of(ArrivalKind.NEW, ArrivalKind.PUBLISHED, *_SAME)
    }
    shown: _Cards = {}
    for thread in dict.fromkeys(thread for _, thread in pairs if thread in threads):
        entries = records.select_entries(work.tx, "thread = :thread", {"thread": thread})
        for changed in chain.from_iterable(_changed(step, old, news) for step in records.steps(entries)):
            _correct(work, changed, about[changed.id, changed.after.stage.value], labels, shown, kind=kind)


def _changed(
    stored: Sequence[StoredEntry], old: Mapping[str, Entry | None], news: Container[str]
) -> Iterator[_Changed]:
    """The entries of a step that changed. A correction, an extension or a moved meeting changes what it amends."""
    amendments = [
        (at, each) for at, each in enumerate(stored) if each.entry.change or each.entry.hearing or _is_grant(each.entry)
    ]

    def is_new(entry: StoredEntry) -> bool:
        return old.get(entry.id, entry.entry) is None

    def before(entry: StoredEntry) -> Entry:
        return old.get(entry.id) or entry.entry

    for number, current in enumerate(stored):
        if is_new(current) or current.entry.withheld or before(current).withheld:
            continue
        later = [] if current.entry.change else [entry for at, entry in amendments if at > number]
        was = amended(before(current), [before(entry) for entry in later if not is_new(entry)])
        after = amended(current.entry, [entry.entry for entry in later])
        if was != after:
            yield _Changed(current.id, was, after, tuple(entry for entry in later if entry.id in news))


def _correct(
    work: Work, changed: _Changed, messages: Sequence[PostedEntry], labels: Labels, shown: _Cards, *, kind: str
) -> None:
    feeds = work.config.feeds
    matches = records.matches_of(work.tx, [changed.id, *(each.id for each in changed.by)]) if messages else {}
    notes = [note for each in changed.by if each.entry.hearing for note in each.entry.notes]

    def routed_to(audience: str, id_: str, entry: Entry) -> tuple[Match, ...]:
        return routed(matches.get((id_, entry.stage.value), ()), entry.kind, feeds).get(audience, ())

    for message in messages:
        if not {message.audience, message.channel} <= feeds.channels.keys():  # it was removed since
            continue
        # Publishers rewrite headlines all day: an edit at each poll would say "New title." and correct no fact.
        if changed.after.kind is Kind.NEWS and not message.waits:
            continue
        theirs = routed_to(message.audience, changed.id, changed.after)
        before, after = (Item(id=changed.id, entry=entry, matches=theirs) for entry in (changed.before, changed.after))
        sentences = (*notes, *changes(before, after, labels))
        # A reply in the thread has it already. A grant's change is posted only if its own words match.
        announced = any(
            not _is_grant(each.entry) or loudest(routed_to(message.audience, each.id, each.entry)) is Level.ALERT
            for each in changed.by
        )
        correction = Correction(before=before, after=after, changes=sentences)
        if sentences:
            _edit(work, message, correction, labels, shown)
            if not message.waits and not announced:
                _reply(work, message, correction, labels, kind=kind)


def _edit(work: Work, message: PostedEntry, correction: Correction, labels: Labels, shown: _Cards) -> None:
    """Store the corrected card and edit the message. One that is still queued is posted right, without a remark."""
    if message.delivery not in shown:
        shown[message.delivery] = posted.card_of(work.tx, message.delivery)
    card = shown[message.delivery]
    made = card and corrected(card, correction, labels, work.today)
    if made is None:
        return
    made = shown[message.delivery] = replace(made, updated="") if message.waits else made
    queued.replace_card(work.tx, message.delivery, made)
    platform = work.config.feeds.channels[message.channel].to.partition(":")[0]
    if not message.waits and platform != "console":  # a terminal cannot change what it printed
        update(work, message.delivery, handling.with_summary(work, message.entry_id, made))


def move_days(work: Work, versions: Iterable[tuple[str, Entry, Entry]], labels: Labels, *, kind: str) -> None:
    """Edit the messages about entries, each as it was and is, whose day has moved by what no entry says."""
    for id_, was, now in versions:
        before, after = (Item(id=id_, entry=entry, matches=()) for entry in (was, now))
        correction = Correction(before=before, after=after, changes=changes(before, after, labels))
        for message in chain(*posted.posted_entries(work.tx, [(id_, was.thread)], work.now, kind, SNOOZED)):
            theirs = message.thread and (message.entry_id, message.stage) == before.pair
            if theirs and {message.audience, message.channel} <= work.config.feeds.channels.keys():
                _edit(work, message, correction, labels, {})


def _reply(work: Work, message: PostedEntry, correction: Correction, labels: Labels, *, kind: str) -> None:
    """Reply if a day to act by changed: an edited message notifies nobody."""
    card = reply(correction, labels, work.today)
    if card is None:
        return
    feeds, days = work.config.feeds, ":".join(due.on.isoformat() for due in card.dues)
    # Once a day, also if several messages of the thread are corrected; a day may move there and back again.
    name = f"{message.entry_thread}:until:{days}:{work.today.isoformat()}"
    due_at = quiet_until(work.now, feeds.channels[message.audience].quiet, work.zone)
    post(work, place(message.audience, feeds), name, card, kind=kind, due_at=due_at, thread=message.thread)


# --- what a card shows. Pure ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """An entry whose facts changed: as its cards show it, and as they should; both items have the same matches."""

    before: Item
    after: Item
    changes: tuple[str, ...]  # sentences


def amended(entry: Entry, amendments: Sequence[Entry]) -> Entry:
    """`entry` with the facts that later entries of its thread, oldest first, have changed."""
    for later in amendments:
        if entry.hearing and later.hearing:
            entry = _with_meeting(entry, later)
        elif _is_grant(later):
            entry = replace(entry, closes_on=later.closes_on)
        elif later.change is Change.WITHDRAWAL:
            entry = replace(entry, change=Change.WITHDRAWAL)
        elif later.change:
            entry = _with_days(entry, later)
    return entry


def _is_grant(entry: Entry) -> bool:
    """Whether a later entry of the thread is the same announcement, as it was changed."""
    return entry.kind is Kind.GRANT


def _with_meeting(entry: Entry, later: Entry) -> Entry:
    """The announcement with the newest state of the meeting; the type of a meeting that is off says so."""
    assert entry.hearing
    assert later.hearing
    if later.hearing.sequence < entry.hearing.sequence:  # the announcement was read again since
        return entry
    off = later.hearing.status is not HearingStatus.SCHEDULED
    type_ = later.type if off else later.hearing.kind
    return replace(entry, hearing=later.hearing, type=type_, as_of=later.as_of or entry.as_of)


def _with_days(entry: Entry, later: Entry) -> Entry:
    """The document with the comment deadline that a later one gives; an extension that gives none leaves none.

    Not with its day of effect: a correction's is its own.
    """
    if later.comments_close_on is None and later.change not in MOVES_COMMENTS:
        return entry
    return replace(
        entry,
        comments_close_on=later.comments_close_on,
        comments_hour=later.comments_hour,
        comments_worded=later.comments_worded,
    )


def changes(before: Item, after: Item, labels: Labels) -> tuple[str, ...]:
    """What changed of the facts, a sentence each."""
    first, last = before.entry, after.entry
    if last.change is Change.WITHDRAWAL and first.change is not Change.WITHDRAWAL:
        return ("Withdrawn.",)
    was, now = cards.card([before], labels), cards.card([after], labels)
    retitled = was.head != now.head and (first.title, first.bill_title) != (last.title, last.bill_title)
    sentences = ["New title."] if retitled else []
    if not last.hearing:  # an entry for each change of a meeting has the sentences
        old, new = ({due.label: due for due in card.dues} for card in (was, now))
        moved = [(label, due) for label, due in new.items() if due != old.get(label)]
        sentences += [f"{label} {_day(due)}{_instead_of(old.get(label))}." for label, due in moved]
        where = ": see the document" if last.kind is Kind.DOCUMENT else ", which the source does not give"
        sentences += [f"{key} on another day{where}{_instead_of(due)}." for key, due in old.items() if key not in new]
    return tuple(sentences)


def _day(due: Due) -> str:
    return f"{day_in_words(due.on)}{f' {due.detail}' if due.detail else ''}"


def _instead_of(due: Due | None) -> str:
    return f"; it was {_day(due)}" if due else ""


def corrected(card: Card, correction: Correction, labels: Labels, on: date) -> Card | None:
    """The posted `card` with the facts as they are now, and what changed; None if it shows none of what changed."""
    was, now = (cards.card([item], labels) for item in (correction.before, correction.after))
    made = _several(card, correction, was, now) if card.sections else _single(card, was, now)
    made = replace(made, head=_retitled(card.head, was.head, now.head))
    if made == card:
        return None
    foot = _retitled(card.foot, was.foot, now.foot)  # with the time of the source's record
    # The remark on what changed today replaces that of an earlier day.
    today = f"Updated {day_in_words(on)}:"
    earlier = card.updated.removeprefix(today) if card.updated.startswith(today) else ""
    for change in correction.changes:
        earlier = earlier.replace(change, "")
    return replace(made, foot=foot, updated=" ".join([today, *earlier.split(), *correction.changes]))


def _retitled(text: str, was: str, now: str) -> str:
    """A head that ends with the headline `was`, perhaps cut for a card of several stories, with `now` instead."""
    for whole, instead in ((was, now), (short(was, cards.FIRST_TITLE), short(now, cards.FIRST_TITLE))):
        if text.endswith(whole) and not text.endswith(instead):
            return text.removesuffix(whole) + instead
    return text


def _single(card: Card, was: Card, now: Card) -> Card:
    """A card of one story, whose first lines are those of the entry."""
    own = card.lines[: len(was.lines)] == was.lines
    return replace(
        card,
        byline=now.byline if card.byline == was.byline else card.byline,
        lines=now.lines + card.lines[len(was.lines) :] if own else card.lines,
        dues=now.dues if card.dues == was.dues else card.dues,
    )


def _several(card: Card, correction: Correction, was: Card, now: Card) -> Card:
    """A card of several stories, a section each, or a list of lines as in a digest."""
    lines = {
        Line(was.byline): Line(now.byline),
        cards.digest_line([correction.before]): cards.digest_line([correction.after]),
    }
    sections = (
        Section(_retitled(section.title, was.head, now.head), tuple(lines.get(line, line) for line in section.lines))
        for section in card.sections
    )
    old, new = cards.titled_dues(was.head, was.dues), cards.titled_dues(now.head, now.dues)
    dues = card.dues
    if old and set(old) <= set(dues):
        start = dues.index(old[0])
        dues = (*dues[:start], *new, *(due for due in dues[start:] if due not in old))
    return replace(card, sections=tuple(sections), dues=dues)


def reply(correction: Correction, labels: Labels, today: date) -> Card | None:
    """The reply for a changed or new day to act by; None if there is none ahead."""
    was, now = (cards.card([item], labels) for item in (correction.before, correction.after))
    old = {due.label: due.on for due in was.dues}
    dues = [due for due in now.dues if due.label in _TO_ACT_BY and due.on != old.get(due.label) and due.on >= today]
    if not dues:
        return None
    entry = correction.after.entry
    return Card(
        mark=Mark.DEADLINE,
        head=f"{dues[0].label.replace(' close', ' now close')} {day_in_words(dues[0].on)}: {now.head}",
        lines=tuple(map(Line, correction.changes)),
        dues=tuple(dues),
        links=(Link("Document", entry.link),) if entry.link else (),
        foot=now.foot,
    )
