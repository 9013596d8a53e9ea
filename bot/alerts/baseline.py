"""What of a source's answer is news, and what was there before we first looked. Pure.

The baseline of a source ends with its first successful look, even if that look found nothing: an empty search, list or
feed is a picture of what was there, too. What comes next is news, with one limit for sources that were empty by
mistake: until a source has brought something, entries that are much older than the first look are stored silently.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Final

from bot.alerts.cards import day_of
from bot.config.feeds import SourceKind
from bot.entries.records import SourceState
from bot.shared.entry import Entry
from bot.sources.model import Fetched, Health

_OLD: Final = timedelta(days=7)  # before the first look
_UNDATED: Final = 20  # entries without a date in one answer; more are an archive, not today's news
# They keep a baseline for each bill, or list this week alone, so a late record is news however old its date is.
_NEVER_OLD: Final = (SourceKind.BILL_STATUS, SourceKind.HOUSE_FLOOR)
# Their word for "nothing found" may be a 404, which at first looks the same as a wrong address.
_MISSING_MEANS_EMPTY: Final = (SourceKind.FEDERAL_REGISTER, SourceKind.HOUSE_FLOOR)


def is_look(answer: Fetched) -> bool:
    """Whether an answer shows what the source has: its entries, or that there are none.

    An answer whose entries all had to be dropped, or of which a part is missing, shows neither.
    """
    return bool(answer.entries) or (not answer.broken and (answer.health.good or answer.health is Health.EMPTY))


def first_look(before: SourceState | None, kind: SourceKind) -> datetime | None:
    """When the source was first looked at with success; None: it never was, so its answer is the baseline."""
    if before is None:
        return None
    missing = before.health is Health.GONE and kind in _MISSING_MEANS_EMPTY
    return before.memory.first_success_at or (before.since if missing else None)


def silent(
    answer: Fetched, before: SourceState | None, kind: SourceKind, *, since: date | None, today: date
) -> Callable[[Entry], bool]:
    """Tells which entries of `answer` are stored without being posted. What is of `since` or later is posted."""
    looked = first_look(before, kind)
    brought = before is not None and before.memory.last_change_at is not None
    archive = sum(day_of(entry) is None for entry in answer.entries) > _UNDATED

    def old(entry: Entry) -> bool:
        if looked is None:
            return True
        if brought or kind in _NEVER_OLD or _is_open(entry, today):
            return False
        on = day_of(entry)
        return archive if on is None else on < looked.date() - _OLD

    def is_silent(entry: Entry) -> bool:
        on = day_of(entry)
        if since and on and on >= since:
            return False
        return entry.identity[0] in answer.baseline or old(entry)

    return is_silent


def _is_open(entry: Entry, today: date) -> bool:
    """Whether comments or applications are still taken: however old it is, people need to know of it."""
    return any(on is not None and on >= today for on in (entry.comments_close_on, entry.closes_on))
