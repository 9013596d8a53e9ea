"""Withhold entries that may name a minor or someone harmed, in the store and in posted messages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.alerts import posted
from bot.alerts.cards import WHY
from bot.commands.model import Work
from bot.entries import records
from bot.outbox.messages import correct, retract
from bot.people import audit
from bot.shared.card import Card, Line, Link, Mark, Section
from bot.shared.entry import HEADLINE_WITHHELD, Entry
from bot.store.database import Transaction

NOTE: Final = "It may name a minor or someone who was harmed. The press contact decides whether it is shown."
_DISTINCTIVE: Final = range(20, 40)  # characters at the start of a headline that identify it, at least and at most


def withhold(work: Work, ids: Collection[str]) -> None:
    """Reduce these entries to source and day, in the store and in messages."""
    entries = records.by_ids(work.tx, ids)
    versions = {stored.id: (stored.first, stored.entry) for stored in entries}
    records.update_entries(work.tx, ((stored.id, stored.entry.withhold()) for stored in entries), work.now)
    redact_messages(work, versions)


def redact_messages(work: Work, versions: Mapping[str, Sequence[Entry]]) -> None:
    """Remove headlines, links and quotations from messages and the audit. `versions`: by entry, what may be posted."""
    tx = work.tx
    records.drop_quotes(tx, versions)
    traces = traces_of(entry for versions in versions.values() for entry in versions)
    messages = messages_of(tx, versions)
    for id_, whole in messages.items():
        card = posted.card_of(tx, id_)
        if card is None:
            retract(work, id_, Card(mark=Mark.NEWS, head=HEADLINE_WITHHELD))
        else:
            # Reduced to its byline: no headline, reasons or links.
            bare = replace(card, head=HEADLINE_WITHHELD, lines=(Line(NOTE),), why=(), dues=(), links=(), sections=())
            correct(work, id_, bare if whole else redact_card(card, traces, HEADLINE_WITHHELD))
    for id_ in posted.failure_notices(tx):
        card = posted.card_of(tx, id_)
        quoting = [line for line in card.lines if any(f"[{each}]" in line.text for each in messages)] if card else []
        if card and quoting:
            lines = (Line(f"{HEADLINE_WITHHELD}.") if line in quoting else line for line in card.lines)
            correct(work, id_, replace(card, lines=tuple(lines)))
    redact_quotations(work, traces, HEADLINE_WITHHELD, messages)
    audit.redact(tx, traces.titles, HEADLINE_WITHHELD)


def redact_quotations(work: Work, traces: Traces, replacement: str, but: Container[str]) -> int:
    """Redact the messages that quote these entries and do not report them; return how many.

    A greeting, a reminder, what a digest asks about. `but`: those redacted already.
    """
    quoted, texts = replace(traces, by_address=True), {title[: _DISTINCTIVE.stop] for title in traces.titles}
    changed = 0
    for id_, card in posted.quoting(work.tx, texts | traces.urls).items():
        if id_ not in but and (redacted := redact_card(card, quoted, replacement)) != card:
            correct(work, id_, redacted)
            changed += 1
    return changed


def messages_of(tx: Transaction, ids: Iterable[str]) -> dict[str, bool]:
    """The deliveries about any of these entries, and whether each is about these entries alone."""
    rows = [row for id_ in ids for row in posted.messages_of(tx, id_)]
    says = Counter(row["id"] for row in rows)
    return {row["id"]: row["entries"] == says[row["id"]] for row in rows}


@dataclass(frozen=True, slots=True)
class Traces:
    """By what messages show entries: headlines and addresses. A line with another address is about another entry."""

    titles: frozenset[str]
    urls: frozenset[str]
    by_address: bool = False

    def are_in(self, text: str, url: str = "") -> bool:
        """Whether this shows one of them. A short headline is a whole one: anybody can publish "a" or "approved"."""
        if url and (self.by_address or url in self.urls):
            return url in self.urls
        return any(
            title[: _DISTINCTIVE.stop] in text
            if len(title) >= _DISTINCTIVE.start
            else re.search(rf"(?:^|: )“?{re.escape(title)}”?(?:$| [·(])", text)
            for title in self.titles
        )


def traces_of(entries: Iterable[Entry]) -> Traces:
    shown = [*entries]
    titles = {title for entry in shown for title in (entry.withheld, entry.title)} - {"", HEADLINE_WITHHELD}
    return Traces(frozenset(titles), frozenset(entry.url for entry in shown if entry.url))


def redact_card(card: Card, traces: Traces, replacement: str) -> Card:
    """The card without the lines, links and sections that show these entries, for a card about others, too.

    Reasons are merged over the entries of a card or section, so all of them go when one of its texts does.
    """

    def redact_lines(lines: tuple[Line, ...]) -> tuple[Line, ...]:
        if not any(traces.are_in(line.text, line.url) for line in lines):
            return lines
        shown = (line for line in lines if not line.text.startswith(WHY))
        return tuple(Line(f"{replacement}.") if traces.are_in(line.text, line.url) else line for line in shown)

    def redact_section(section: Section) -> Section:
        if traces.are_in(section.title):
            return Section(replacement, ())
        return Section(section.title, redact_lines(section.lines))

    redacted = replace(
        card,
        head=replacement if traces.are_in(card.head) else card.head,
        lines=redact_lines(card.lines),
        why=tuple(reason for reason in card.why if not traces.are_in(reason)),
        dues=tuple(due for due in card.dues if not traces.are_in(due.label)),
        links=tuple(Link(link.label, link.url) for link in card.links if not traces.are_in("", link.url)),
        sections=tuple(map(redact_section, card.sections)),
    )
    return redacted if redacted == card else replace(redacted, why=())
