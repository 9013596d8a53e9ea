"""Turn "that is not us" into a proposed rule, with the news that it would have left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bot.config.coalition import Coalition
from bot.entries import records as entries
from bot.entries.records import StoredEntry
from bot.media.news import records, rules
from bot.media.news.entities import Entities, Rule, RuleKind
from bot.media.news.model import Mention, Story
from bot.shared.entry import Entry, Kind
from bot.shared.urls import host_of
from bot.store.database import Reader, Transaction
from bot.watch import text as txt
from bot.watch.index import Index

WINDOW: Final = timedelta(days=90)
LONGEST: Final = 30  # characters of a rule's value; a button has no room for more
_SHORTEST: Final = 4  # letters of a word specific enough for a rule


@dataclass(frozen=True, slots=True)
class Trial:
    """A rule and its effect: `left_out` are the news items it removes out of `named` that name the entity."""

    rule: Rule
    named: int
    left_out: tuple[StoredEntry, ...]


def trials(db: Reader, coalition: Coalition, story: Story, entity: str, beside: str, now: datetime) -> list[Trial]:
    """Propose rules that exclude an item: words in no other news that names the entity, and its site.

    `beside`: words that a person proposes; then only these.
    """
    history = [it for it in entries.seen_since(db, now - WINDOW) if it.entry.kind in (Kind.NEWS, Kind.LISTING)]
    in_force = [each.rule for each in rules.held(db)]
    present = Entities(coalition.entities, in_force)
    named = [it for it in history if _names(present, it.entry, entity)]
    ours = {mention.entry for mention in story.mentions}
    if beside:
        wanted = [Rule(entity, RuleKind.BESIDE, beside)]
    else:
        others = [it for it in named if it.id not in ours]
        wanted = list(_propose(story.original, entity, others, coalition, words=not story.withheld))
    tried = []
    for rule in wanted:
        then = Entities(coalition.entities, [*in_force, rule])
        tried.append(Trial(rule, len(named), tuple(it for it in named if not _names(then, it.entry, entity))))
    return tried


def apply(tx: Transaction, coalition: Coalition, entity: str, stories: Sequence[Story]) -> list[Story]:
    """Remove the entity's name from news that the active rules exclude; return the affected stories."""
    present = Entities(coalition.entities, [kept.rule for kept in rules.held(tx)])
    touched = []
    for story in stories:
        wrong = [it for it in story.mentions if entity in it.entities and not _still(tx, present, it, entity)]
        for mention in wrong:
            left = tuple(name for name in mention.names if name.entity != entity)
            quoted = tuple(name for name in mention.quoted if name != entity)
            records.put(tx, replace(mention, names=left, quoted=quoted))
        if wrong:
            touched.append(story)
    return touched


def _still(tx: Reader, present: Entities, mention: Mention, entity: str) -> bool:
    stored = entries.by_ids(tx, [mention.entry]) if mention.entry else []
    if not stored or stored[0].entry.withheld:  # too little of a withheld text is stored to decide
        return True
    return _names(present, stored[0].entry, entity)


def _names(entities: Entities, entry: Entry, entity: str) -> bool:
    news = replace(entry, kind=Kind.NEWS)
    seen = entities.named(news, Index(news))
    return any(name.entity == entity for name in seen.names)


def _propose(
    unwanted: Mention, entity: str, wanted: Sequence[StoredEntry], coalition: Coalition, *, words: bool
) -> Iterator[Rule]:
    """Return the headline's word nearest to the name that no other news naming the entity contains; and the site."""
    other_words = {word for it in wanted for word in txt.words(f"{it.entry.title} {it.entry.summary or ''}")}
    title = txt.words(unwanted.title) if words else []
    name = {word for found in unwanted.names if found.entity == entity for word in txt.words(found.words)}
    places = [at for at, word in enumerate(title) if word in name] or [0]
    telling = [at for at, word in enumerate(title) if _tells(word) and word not in other_words | name]
    if telling:
        yield Rule(entity, RuleKind.BESIDE, title[min(telling, key=lambda at: min(abs(at - it) for it in places))])
    host = host_of(unwanted.url)
    ours = {*coalition.entities[entity].sites, *(host_of(it.entry.url) for it in wanted)}
    if host and len(host) <= LONGEST and host not in ours:
        yield Rule(entity, RuleKind.SITE, host)


def _tells(word: str) -> bool:
    return _SHORTEST <= len(word) <= LONGEST and word.isalpha()
