"""Withhold a story that was shown before it was known to name a minor or someone harmed: in store and messages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.alerts import posted
from bot.entries import records
from bot.outbox.messages import correct, retract
from bot.people import audit
from bot.shared.card import Card, Line, Link, Mark, Section
from bot.shared.entry import HEADLINE_WITHHELD, Entry
from bot.store.database import Transaction

NOTE: Final = "It may name a minor or someone who was harmed. The press contact decides whether it is shown."
_TELLING: Final = 40  # characters of a headline that only this one begins with


def withhold(
    tx: Transaction, coalition_id: str, ids: Collection[str], *, now: datetime, new_id: Callable[[], str]
) -> None:
    """Keep and show of these entries only outlet and day."""
    kept = records.by_ids(tx, ids)
    shown = {it.id: (it.first, it.entry) for it in kept}
    records.update_entries(tx, ((it.id, it.entry.withhold()) for it in kept), now)
    blank_messages(tx, coalition_id, shown, now=now, new_id=new_id)


def blank_messages(
    tx: Transaction,
    coalition_id: str,
    shown: Mapping[str, Sequence[Entry]],
    *,
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    """Take headlines, links and quotations out of what was posted or waits, and out of the audit.

    `shown`: by an entry's id, its versions that may have been posted.
    """
    records.drop_quotes(tx, coalition_id, shown)
    needles = {needle for versions in shown.values() for entry in versions for needle in needles_of(entry)}
    for id_, whole in messages_of(tx, coalition_id, shown).items():
        card = posted.card_of(tx, id_)
        if card is None:
            retract(tx, coalition_id, id_, Card(mark=Mark.NEWS, head=HEADLINE_WITHHELD), now=now, new_id=new_id)
        else:
            left = _bare(card) if whole else without(card, needles, HEADLINE_WITHHELD)
            correct(tx, coalition_id, id_, left, now=now, new_id=new_id)
    for id_ in posted.cards_of_trouble(tx, coalition_id):
        card = posted.card_of(tx, id_)
        if card and (left := without(card, needles, HEADLINE_WITHHELD)) != card:
            correct(tx, coalition_id, id_, left, now=now, new_id=new_id)
    audit.redact(tx, coalition_id, needles, HEADLINE_WITHHELD)


def messages_of(tx: Transaction, coalition_id: str, ids: Iterable[str]) -> dict[str, bool]:
    """The deliveries that say any of these entries, and whether they say nothing else."""
    rows = [row for id_ in ids for row in posted.all_of(tx, coalition_id, id_)]
    says = Counter(row["id"] for row in rows)
    return {row["id"]: row["entries"] == says[row["id"]] for row in rows}


def needles_of(entry: Entry) -> Iterator[str]:
    """What a message has of an entry: the beginning of its headline, its address."""
    titles = (entry.withheld, "" if entry.title == HEADLINE_WITHHELD else entry.title)
    yield from filter(None, (*(title[:_TELLING] for title in titles), entry.url))


def without(card: Card, needles: Collection[str], instead: str) -> Card:
    """A message that says other things too, without the lines, links and sections that have one of `needles`."""

    def has(*texts: str) -> bool:
        return any(needle in text for text in texts for needle in needles)

    def lines(given: tuple[Line, ...]) -> tuple[Line, ...]:
        return tuple(Line(f"{instead}.") if has(line.text, line.url) else line for line in given)

    def section(given: Section) -> Section:
        return Section(instead, ()) if has(given.title) else Section(given.title, lines(given.lines))

    return replace(
        card,
        head=instead if has(card.head) else card.head,
        lines=lines(card.lines),
        why=tuple(reason for reason in card.why if not has(reason)),
        dues=tuple(due for due in card.dues if not has(due.label)),
        links=tuple(Link(link.label, link.url) for link in card.links if not has(link.url)),
        sections=tuple(map(section, card.sections)),
    )


def _bare(card: Card) -> Card:
    """The card with outlet and day, reasons and links left out."""
    return replace(card, head=HEADLINE_WITHHELD, lines=(Line(NOTE),), why=(), dues=(), links=(), sections=())
