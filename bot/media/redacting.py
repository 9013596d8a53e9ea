"""Taking a story back: out of every message that says it, out of the store, and never in again but as a hash."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.alerts import records as entries
from bot.alerts import said
from bot.alerts.house import NewId
from bot.card import Card, Line, Link, Mark, Section
from bot.entry import Entry, Kind
from bot.media import records, rules
from bot.media.model import Mention, Story
from bot.post import Files, amend, rethread, unsay
from bot.store.database import Transaction

GONE: Final = Line("Redacted.")
_TELLING: Final = 40  # characters of a headline that only this one begins with


def redact(tx: Transaction, files: Files, story: Story, *, by: str, now: datetime, new_id: NewId) -> int:
    """How many messages were changed."""
    coalition_id = files.coalition.id
    gone = Card(mark=Mark.NEWS, head="Redacted by the press contact", foot=story.label)
    kept = {it.id: it.entry for it in entries.by_ids(tx, [m.entry for m in story.mentions if m.entry])}
    rows = [row for id_ in kept for row in said.all_of(tx, coalition_id, id_)]
    says = Counter(row["id"] for row in rows)
    whole = {row["id"] for row in rows if row["entries"] == says[row["id"]]}
    needles = _needles(story, kept.values())
    for id_ in says:
        card = None if id_ in whole else said.card_of(tx, id_)
        if card is None:
            unsay(tx, coalition_id, id_, gone, now=now, new_id=new_id)
        else:
            amend(tx, coalition_id, id_, blanked(card, needles), now=now, new_id=new_id)
    for mention in story.mentions:
        entry = kept.get(mention.entry or "") or _entry(mention)
        rules.redact(tx, coalition_id, rules.hashes(coalition_id, entry), by=by, now=now)
    for id_, entry in kept.items():
        rethread(tx, files, entry.thread, f"redacted:{id_}")
        entries.delete(tx, id_)
    records.delete(tx, coalition_id, story.id)
    return len(says)


def blanked(card: Card, needles: Collection[str]) -> Card:
    """A message that says other things too, without the lines and links that hold one of `needles`."""

    def holds(*texts: str) -> bool:
        return any(needle in text for text in texts for needle in needles)

    def lines(given: tuple[Line, ...]) -> tuple[Line, ...]:
        return tuple(GONE if holds(line.text, line.url) else line for line in given)

    sections = (Section("Redacted" if holds(each.title) else each.title, lines(each.lines)) for each in card.sections)
    return replace(
        card,
        head="Part of this was redacted" if holds(card.head) else card.head,
        lines=lines(card.lines),
        why=tuple(reason for reason in card.why if not holds(reason)),
        dues=tuple(due for due in card.dues if not holds(due.label)),
        links=tuple(Link(link.label, link.url) for link in card.links if not holds(link.url)),
        sections=tuple(sections),
    )


def _needles(story: Story, kept: Collection[Entry]) -> set[str]:
    titles = {title for it in story.mentions for title in (it.title, it.latest, it.withheld)}
    titles |= {title for entry in kept for title in (entry.title, entry.withheld)}
    urls = {it.url for it in story.mentions} | {entry.url for entry in kept}
    return {title[:_TELLING] for title in titles if title} | {url for url in urls if url}


def _entry(mention: Mention) -> Entry:
    """What is left to know a mention by whose entry has been let go of."""
    key = f"url:{mention.key}"
    return Entry(source="", kind=Kind.NEWS, identity=(key,), thread=key, title=mention.title, url=mention.url)
