"""Take a story back: remove it from every message and from the store, and keep only a hash that bars it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from bot.alerts import posted, withholding
from bot.commands.model import Work
from bot.entries import records as entries
from bot.entries.records import StoredEntry
from bot.media.news import records, rules
from bot.media.news.model import Mention, Story
from bot.outbox.messages import correct, rename_thread, retract
from bot.shared.card import Card, Mark
from bot.shared.entry import Entry, Kind

_REDACTED: Final = "Redacted"


def redact(work: Work, story: Story, *, by: str) -> int:
    """Redact a story; return how many messages were changed."""
    tx = work.tx
    gone = Card(mark=Mark.NEWS, head="Redacted by the press contact", foot=story.label)
    stored = {item.id: item for item in entries.by_ids(tx, [m.entry for m in story.mentions if m.entry])}
    messages = withholding.messages_of(tx, stored)
    needles = set(_needles(story, stored.values()))
    for id_, whole in messages.items():
        card = None if whole else posted.card_of(tx, id_)
        if card is None:
            retract(work, id_, gone)
        else:
            correct(work, id_, withholding.redact_card(card, needles, _REDACTED))
    for mention in story.mentions:
        entry = stored[mention.entry].entry if mention.entry in stored else _entry(mention)
        rules.redact(tx, rules.hashes(work.config.coalition.id, entry), by=by, now=work.now)
    for id_, item in stored.items():
        rename_thread(work, item.entry.thread, f"redacted:{id_}")
        entries.delete(tx, id_)
    records.delete(tx, story.id)
    return len(messages)


def _needles(story: Story, stored: Iterable[StoredEntry]) -> Iterator[str]:
    for item in stored:
        yield from withholding.identifying_texts(item.entry)
        yield from withholding.identifying_texts(item.first)
    for mention in story.mentions:
        for title in (mention.title, mention.latest):
            yield from withholding.identifying_texts(replace(_entry(mention), title=title, withheld=mention.withheld))


def _entry(mention: Mention) -> Entry:
    """Return a stand-in entry that identifies a mention whose entry was deleted."""
    key = f"url:{mention.key}"
    return Entry(source="", kind=Kind.NEWS, identity=(key,), thread=key, title=mention.title, url=mention.url)
