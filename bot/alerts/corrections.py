"""What a posted card shows once the facts of its entry have changed. Pure.

A fact is a title, a day to act by or that something takes effect, or the day, hour, room and status of a meeting. Only
what the card shows of them is replaced, so that everything else stays as people read it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from bot.alerts import cards
from bot.alerts.cards import Item, Labels
from bot.shared.calendar import day_in_words
from bot.shared.card import Card, Due, Line, Link, Mark, Section
from bot.shared.entry import Change, Entry
from bot.shared.hearing import Status

_TO_ACT_BY: Final = ("Comments close", "Applications close")  # people must know when one of these days changes
_PERIOD: Final = (Change.EXTENSION, Change.REOPENING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """An entry whose facts changed: as its cards show it, and as they should; both items have the same matches.

    `changes`: sentences. `announced`: a reply in the thread has them already.
    """

    before: Item
    after: Item
    changes: tuple[str, ...]
    announced: bool = False


def amended(entry: Entry, amendments: Sequence[Entry]) -> Entry:
    """`entry` with the facts that later entries of its thread, oldest first, have changed."""
    for later in amendments:
        if entry.hearing and later.hearing:
            entry = _with_meeting(entry, later)
        elif later.change is Change.WITHDRAWAL:
            entry = replace(entry, change=Change.WITHDRAWAL)
        elif later.change:
            entry = _with_days(entry, later)
    return entry


def _with_meeting(entry: Entry, later: Entry) -> Entry:
    """The announcement with the newest state of the meeting; the type of a meeting that is off says so."""
    assert entry.hearing
    assert later.hearing
    if later.hearing.sequence < entry.hearing.sequence:  # the announcement was read again since
        return entry
    off = later.hearing.status is not Status.SCHEDULED
    type_ = later.type if off else later.hearing.kind
    return replace(entry, hearing=later.hearing, type=type_, as_of=later.as_of or entry.as_of)


def _with_days(entry: Entry, later: Entry) -> Entry:
    """The document with the comment deadline that a later one gives; an extension that gives none leaves none.

    Not with its day of effect: a correction's is its own.
    """
    if later.comments_close_on is None and later.change not in _PERIOD:
        return entry
    return replace(
        entry,
        comments_close_on=later.comments_close_on,
        comments_hour=later.comments_hour,
        comments_worded=later.comments_worded,
    )


def changes(before: Item, after: Item, labels: Labels) -> tuple[str, ...]:
    """What changed of the facts, a sentence each."""
    was, now = cards.card([before], labels), cards.card([after], labels)
    return tuple(_sentences(before.entry, after.entry, was, now))


def _sentences(before: Entry, after: Entry, was: Card, now: Card) -> Iterator[str]:
    if after.change is Change.WITHDRAWAL and before.change is not Change.WITHDRAWAL:
        yield "Withdrawn."
        return
    if was.head != now.head and (before.title, before.bill_title) != (after.title, after.bill_title):
        yield "New title."
    if after.hearing:  # an entry for each change of a meeting has the sentences
        return
    old, new = ({due.label: due for due in card.dues} for card in (was, now))
    for label, due in new.items():
        if due != old.get(label):
            yield f"{label} {_day(due)}{_instead_of(old.get(label))}."
    for label, due in old.items():
        if label not in new:
            yield f"{label} on another day, which the source does not give{_instead_of(due)}."


def _day(due: Due) -> str:
    return f"{day_in_words(due.on)}{f' {due.detail}' if due.detail else ''}"


def _instead_of(due: Due | None) -> str:
    return f"; it was {_day(due)}" if due else ""


def corrected(card: Card, correction: Correction, labels: Labels, on: date) -> Card | None:
    """The posted `card` with the facts as they are now, and what changed; None if it shows none of what changed."""
    was, now = (cards.card([item], labels) for item in (correction.before, correction.after))
    made = _several(card, correction, was, now) if card.sections else _single(card, was, now)
    made = replace(made, head=cards.retitled(card.head, was.head, now.head))
    if made == card:
        return None
    foot = cards.retitled(card.foot, was.foot, now.foot)  # with the time of the source's record
    return replace(made, foot=foot, updated=_updated(card.updated, correction.changes, on))


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
        Section(
            cards.retitled(section.title, was.head, now.head), tuple(lines.get(line, line) for line in section.lines)
        )
        for section in card.sections
    )
    old, new = cards.titled_dues(was.head, was.dues), cards.titled_dues(now.head, now.dues)
    dues = card.dues
    if old and set(old) <= set(dues):
        start = dues.index(old[0])
        dues = (*dues[:start], *new, *(due for due in dues[start:] if due not in old))
    return replace(card, sections=tuple(sections), dues=dues)


def _updated(shown: str, changes: Sequence[str], on: date) -> str:
    """The remark on what changed that day; it replaces that of an earlier day."""
    today = f"Updated {day_in_words(on)}:"
    earlier = shown.removeprefix(today) if shown.startswith(today) else ""
    for change in changes:
        earlier = earlier.replace(change, "")
    return " ".join([today, *earlier.split(), *changes])


def reply(correction: Correction, labels: Labels, today: date) -> Card | None:
    """The reply for a changed or new day to act by; None if there is none ahead, or if the thread has it already."""
    was, now = (cards.card([item], labels) for item in (correction.before, correction.after))
    old = {due.label: due.on for due in was.dues}
    dues = [due for due in now.dues if due.label in _TO_ACT_BY and due.on != old.get(due.label) and due.on >= today]
    if correction.announced or not dues:
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
