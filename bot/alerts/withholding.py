"""Withhold entries that may name a minor or someone harmed, in the store and in posted messages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from bot.alerts import posted
from bot.alerts.cards import WHY
from bot.commands.model import Work
from bot.entries import match_records, records
from bot.outbox.messages import correct, retract
from bot.people import audit
from bot.shared.card import Card, Line, Link, Mark, Section
from bot.shared.entry import HEADLINE_WITHHELD, Entry
from bot.store.database import Transaction

NOTE: Final = "It may name a minor or someone who was harmed. The press contact decides whether it is shown."
_DISTINCTIVE_LENGTH: Final = 40  # characters at the start of a headline that identify it


def withhold(work: Work, ids: Collection[str]) -> None:
    """Reduce these entries to outlet and day, in the store and in messages."""
    entries = records.by_ids(work.tx, ids)
    versions = {stored.id: (stored.first, stored.entry) for stored in entries}
    records.update_entries(work.tx, ((stored.id, stored.entry.withhold()) for stored in entries), work.now)
    redact_messages(work, versions)


def redact_messages(work: Work, versions: Mapping[str, Sequence[Entry]]) -> None:
    """Remove headlines, links and quotations from posted and queued messages and from the audit.

    `versions`: by entry id, those that may have been posted.
    """
    tx = work.tx
    match_records.drop_quotes(tx, versions)
    needles = {needle for versions in versions.values() for entry in versions for needle in identifying_texts(entry)}
    for id_, whole in messages_of(tx, versions).items():
        card = posted.card_of(tx, id_)
        if card is None:
            retract(work, id_, Card(mark=Mark.NEWS, head=HEADLINE_WITHHELD))
        else:
            # Reduced to its byline: no headline, reasons or links.
            bare = replace(card, head=HEADLINE_WITHHELD, lines=(Line(NOTE),), why=(), dues=(), links=(), sections=())
            correct(work, id_, bare if whole else redact_card(card, needles, HEADLINE_WITHHELD))
    for id_ in posted.failure_notices(tx):
        card = posted.card_of(tx, id_)
        if card and (redacted := redact_card(card, needles, HEADLINE_WITHHELD)) != card:
            correct(work, id_, redacted)
    audit.redact(tx, needles, HEADLINE_WITHHELD)


def messages_of(tx: Transaction, ids: Iterable[str]) -> dict[str, bool]:
    """The deliveries about any of these entries, and whether each is about these entries alone."""
    rows = [row for id_ in ids for row in posted.messages_of(tx, id_)]
    says = Counter(row["id"] for row in rows)
    return {row["id"]: row["entries"] == says[row["id"]] for row in rows}


def identifying_texts(entry: Entry) -> Iterator[str]:
    """The texts by which a message shows an entry: the start of its headline, and its URL."""
    titles = (entry.withheld, "" if entry.title == HEADLINE_WITHHELD else entry.title)
    yield from filter(None, (*(title[:_DISTINCTIVE_LENGTH] for title in titles), entry.url))


def redact_card(card: Card, needles: Collection[str], replacement: str) -> Card:
    """The card without the lines, links and sections that contain one of `needles`, for a card about several entries.

    Reasons are merged over the entries of a card or section, so all of them go when one of its texts does.
    """

    def has_needle(*texts: str) -> bool:
        return any(needle in text for text in texts for needle in needles)

    def redact_lines(lines: tuple[Line, ...]) -> tuple[Line, ...]:
        if not any(has_needle(line.text, line.url) for line in lines):
            return lines
        shown = (line for line in lines if not line.text.startswith(WHY))
        return tuple(Line(f"{replacement}.") if has_needle(line.text, line.url) else line for line in shown)

    def redact_section(section: Section) -> Section:
        if has_needle(section.title):
            return Section(replacement, ())
        return Section(section.title, redact_lines(section.lines))

    redacted = replace(
        card,
        head=replacement if has_needle(card.head) else card.head,
        lines=redact_lines(card.lines),
        why=tuple(reason for reason in card.why if not has_needle(reason)),
        dues=tuple(due for due in card.dues if not has_needle(due.label)),
        links=tuple(Link(link.label, link.url) for link in card.links if not has_needle(link.url)),
        sections=tuple(map(redact_section, card.sections)),
    )
    return redacted if redacted == card else replace(redacted, why=())
