"""Decide which entries of a source's answer are news: those of a baseline are not, nor those posted before a restore.

The baseline ends with the first successful check, even if that check listed nothing: an empty search, list or feed
counts, too. Later entries are news, with one limit for sources that were empty by mistake: until a source has listed
something, entries much older than the first check are stored without posting.

After a restore, a message about one entry is recognized by its delivery key. A message about several was made from what
arrived at one moment, a grouping that does not come again, so its entries are recognized by headline and URL.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from bot.alerts import bill_milestones
from bot.alerts.cards import Item, action_line, day_of
from bot.alerts.headline import headline
from bot.alerts.hearing_cards import hearing_headline
from bot.alerts.plan import routed, single_message
from bot.commands.model import Work
from bot.config.feeds import SourceConfig
from bot.entries.source_records import SourceState
from bot.outbox import records
from bot.outbox.messages import place, post
from bot.outbox.model import PostedMessage, alphanumeric
from bot.shared.answer import Fetched, Health
from bot.shared.entry import Entry, Kind, Stage
from bot.shared.urls import canonical_key
from bot.store import memo
from bot.store.database import Reader, from_text

_OLD_AGE: Final = timedelta(days=7)  # before the first check
_MAX_UNDATED: Final = 20  # more entries without a date in one answer are an archive, not today's news
RESTORED_AT: Final = "restored at"  # the memo's key
_HEADLINE_LENGTH: Final = 80  # letters and digits to compare: a list may cut the headline
_FILING_PREFIX: Final = alphanumeric("On public inspection: ")
_DISTINCTIVE_WORDS: Final = 5  # a title of this many words identifies a story without its URL


def shows_contents(answer: Fetched) -> bool:
    """Whether an answer shows what the source lists: its entries, or that there are none.

    An answer whose entries were all broken, or that is incomplete, shows neither.
    """
    return bool(answer.entries) or (not answer.broken and (answer.health.good or answer.health is Health.EMPTY))


def first_success_at(before: SourceState | None, config: SourceConfig) -> datetime | None:
    """Time of the first successful check; None before it, so the answer at hand is the baseline."""
    if before is None:
        return None
    missing = before.health is Health.GONE and config.missing_means_empty
    return before.memory.first_success_at or (before.since if missing else None)


def baseline_filter(
    answer: Fetched, before: SourceState | None, config: SourceConfig, *, since: date | None, today: date
) -> Callable[[Entry], bool]:
    """A predicate for the entries of `answer` to store without posting. Entries of `since` or later are posted."""
    first_success = first_success_at(before, config)
    has_changed = before is not None and before.memory.last_change_at is not None
    archive = sum(day_of(entry) is None for entry in answer.entries) > _MAX_UNDATED

    def is_old(entry: Entry) -> bool:
        if first_success is None:
            return True
        # While comments or applications are accepted it is news at any age.
        is_open = any(on is not None and on >= today for on in (entry.comments_close_on, entry.closes_on))
        if has_changed or config.never_old or is_open:
            return False
        day = day_of(entry)
        return archive if day is None else day < first_success.date() - _OLD_AGE

    def is_silent(entry: Entry) -> bool:
        day = day_of(entry)
        if since and day and day >= since:
            return False
        return entry.identity[0] in answer.baseline or is_old(entry)

    return is_silent


def may_repeat(db: Reader, before: SourceState | None) -> bool:
    """Whether this is the source's first answer since a restore: it may list entries that were posted meanwhile."""
    at = memo.get_memo(db, RESTORED_AT)
    if at is None or before is None:
        return False
    return (before.memory.last_success_at or before.checked_at) < from_text(at)


def already_shown(work: Work, items: Sequence[Item], *, kind: str) -> dict[str, frozenset[str]]:
    """The channels that already show each item, by item id.

    A message about one item alone is recorded again as a delivery of `kind`; the outbox recognizes it as sent.
    """
    tx, feeds, labels = work.tx, work.config.feeds, work.config.labels
    channels: dict[str, set[str]] = {item.id: set() for item in items}
    for audience in feeds.channels:
        to = place(audience, feeds)
        routed_items = [item for item in items if audience in routed(item.matches, item.entry.kind, feeds)]
        shown_pairs = seen_pairs(tx, to.channel, routed_items)
        for item in routed_items:
            message = single_message(to, item, labels, work.now)
            is_marked = records.find_recalled(tx, to.channel, to.key(message.name))
            if is_marked:
                post(work, to, message.name, message.card, kind=kind, thread=message.thread, says=message.says)
            if is_marked or item.pair in shown_pairs:
                channels[item.id].add(audience)
    return {id_: frozenset(channels) for id_, channels in channels.items()}


def seen_pairs(db: Reader, channel: str, items: Iterable[Item]) -> frozenset[tuple[str, str]]:
    """The (entry id, stage) pairs of `items` that some message in the channel shows."""
    listed = list(items)
    seen = records.recalled_in(db, channel) if listed else []
    return frozenset(item.pair for item in listed if _is_in(seen, item))


def _is_in(seen: Sequence[PostedMessage], item: Item) -> bool:
    entry = item.entry
    if entry.change and entry.stage is Stage.PUBLISHED:  # the message about its filing has the same words
        return False
    # The texts by which cards, lists and digests show the entry; one is enough.
    texts = [action_line(entry), bill_milestones.bill_headline([entry])] if entry.kind is Kind.BILL else []
    texts = [hearing_headline(entry, item.matches)] if entry.hearing else texts
    phrases = [alphanumeric(text)[:_HEADLINE_LENGTH] for text in texts or [headline(entry).text]]
    filing = _FILING_PREFIX + phrases[0] if entry.stage is Stage.PUBLISHED else ""
    naming = (each for each in seen if any(phrase in each.words.replace(filing, "") for phrase in phrases))
    titled = entry.kind is Kind.NEWS and len(entry.title.split()) >= _DISTINCTIVE_WORDS
    linked = not entry.url or titled
    return any(linked or canonical_key(entry.url) in map(canonical_key, each.links) for each in naming)
