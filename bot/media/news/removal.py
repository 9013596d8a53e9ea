"""Remove stories from messages: one that a person takes back, and those that the rules of `media.care` now withhold."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Final

from bot.alerts import posted, withholding
from bot.commands.model import Job, Work
from bot.config.catalog import name_weights_text
from bot.entries import records as entries
from bot.media.news import records
from bot.media.news.intake import tell, withhold_story
from bot.media.news.model import Mention, Story
from bot.media.news.reading import Care, Reading
from bot.outbox.messages import correct, rename_thread, retract
from bot.shared.card import Card, Mark
from bot.shared.entry import HEADLINE_WITHHELD, Entry, Kind
from bot.store import memo
from bot.watch.index import Index

_CHECKED: Final = "care rules checked by"
_BATCH: Final = 50  # entries in one transaction: others can write in between
_PERIOD: Final = timedelta(days=7)  # of entries in memory at one time
_VERSION: Final = 7  # the version of `Care`: after an increase everything is checked again


def redact(work: Work, story: Story, *, by: str | None) -> int:
    """Delete a story and its words in every message, and keep a hash that bars it; return the number of messages.

    `by`: None if a restore repeats it.
    """
    tx = work.tx
    gone = Card(mark=Mark.NEWS, head="Redacted by the press contact", foot=story.label)
    stored = {item.id: item for item in entries.by_ids(tx, [m.entry for m in story.mentions if m.entry])}
    messages = withholding.messages_of(tx, stored)
    entries_shown = [version for item in stored.values() for version in (item.entry, item.first)]
    entries_shown += [
        replace(_entry(mention), title=title, withheld=mention.withheld)
        for mention in story.mentions
        for title in (mention.title, mention.latest)
    ]
    traces = withholding.traces_of(entries_shown)
    for id_, whole in messages.items():
        card = None if whole else posted.card_of(tx, id_)
        if card is None:
            retract(work, id_, gone)
        else:
            correct(work, id_, withholding.redact_card(card, traces, "Redacted"))
    quoting = withholding.redact_quotations(work, traces, "Redacted", messages)
    for mention in story.mentions:
        entry = stored[mention.entry].entry if mention.entry in stored else _entry(mention)
        records.bar(tx, records.redaction_hashes(work.config.coalition.id, entry), by=by, now=work.now)
    for id_, item in stored.items():
        if not item.entry.thread.startswith("bill:"):
            rename_thread(work, item.entry.thread, f"redacted:{id_}")
        entries.delete(tx, id_)
    records.delete(tx, story.id)
    return len(messages) + quoting


def _entry(mention: Mention) -> Entry:
    """Return a stand-in entry that identifies a mention whose entry was deleted."""
    key = f"url:{mention.key}"
    return Entry(source="", kind=Kind.NEWS, identity=(key,), thread=key, title=mention.title, url=mention.url)


def compose(job: Job) -> None:
    """Withhold stored mentions that may name a minor or someone harmed under today's rules; runs once per change.

    If the program ends in the middle, the next run starts over: what is withheld already stays as it is.
    """
    db, now, coalition = job.db, job.now, job.config.coalition
    rules = (
        f"{_models()} {coalition.media.care.model_dump_json()} {coalition.care.model_dump_json()} {coalition.speakers}"
    )
    mark = hashlib.sha256(f"{_VERSION} {rules}".encode()).hexdigest()
    if memo.get_memo(db, _CHECKED) == mark:
        return
    care, reading = Care(coalition), Reading(coalition)

    def may_name(entry: Entry) -> bool:
        """Of a page that changed, and of what Congress prints, a line may: `read` leaves it out."""
        is_page = entry.kind in (Kind.REVISION, Kind.RECORD)
        return reading.read(entry)[0] is not entry if is_page else care.may_name(entry, Index(entry))

    since = now - entries.KEY_LIFETIME
    while since <= now:
        seen = entries.seen_between(db, since, since + _PERIOD)
        kinds = (Kind.NEWS, Kind.LISTING, Kind.COURT, Kind.RECORD, Kind.REVISION)
        shown = (item for item in seen if item.entry.kind in kinds and not item.entry.withheld)
        ids = [item.id for item in shown if any(map(may_name, (item.entry, item.first, item.entry.after(item.first))))]
        for at in range(0, len(ids), _BATCH):
            with job.write() as work:
                _withhold(work, ids[at : at + _BATCH])
        since += _PERIOD
    with db.write() as tx:
        memo.set_memo(tx, _CHECKED, mark)


@cache
def _models() -> str:
    """A digest of the learned models: what is stored is checked again by new ones."""
    return hashlib.sha256(name_weights_text().encode()).hexdigest()


def _withhold(work: Work, ids: Collection[str]) -> None:
    """Withhold these entries and their stories, except stories that a press person has released."""
    tx = work.tx
    mentions = [mention for mention in records.of_entries(tx, ids) if not mention.withheld]
    stories = {story.id: story for story in records.by_ids(tx, sorted({it.story for it in mentions}))}
    unreleased = [mention for mention in mentions if stories[mention.story].released_by is None]
    for mention in unreleased:
        shown, outlet = HEADLINE_WITHHELD, work.config.labels.sources.get(mention.source, mention.source)
        hidden = replace(mention, title=shown, latest=shown, withheld=mention.latest, excerpt="", credit="")
        records.put(tx, replace(hidden, outlet=outlet))
    released = {mention.entry for mention in mentions} - {mention.entry for mention in unreleased}
    withholding.withhold(work, sorted({*ids} - released))
    for story in records.by_ids(tx, sorted({mention.story for mention in unreleased})):
        withhold_story(work, story)
        tell(work, story)
