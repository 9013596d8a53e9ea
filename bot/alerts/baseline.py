"""Decide which entries of a source's answer are news and which belong to the baseline. Pure.

The baseline ends with the first successful check, even if that check listed nothing: an empty search, list or feed
counts, too. Later entries are news, with one limit for sources that were empty by mistake: until a source has listed
something, entries much older than the first check are stored without posting.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Final

from bot.alerts.cards import day_of
from bot.config.feeds import SourceConfig
from bot.entries.source_records import SourceState
from bot.shared.answer import Fetched
from bot.shared.entry import Entry
from bot.shared.health import Health

_OLD_AGE: Final = timedelta(days=7)  # before the first check
_MAX_UNDATED: Final = 20  # more entries without a date in one answer are an archive, not today's news


def shows_contents(answer: Fetched) -> bool:
    """Whether an answer shows what the source lists: its entries or posts, or that there are none.

    An answer whose entries were all broken, or that is incomplete, shows neither.
    """
    return bool(answer.entries or answer.posts) or (
        not answer.broken and (answer.health.good or answer.health is Health.EMPTY)
    )


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
