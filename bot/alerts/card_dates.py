"""The dates on a card: what is due, and what a document's own words say of it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from bot.alerts import hearing_cards
from bot.shared import wording
from bot.shared.calendar import business_day, day_in_words
from bot.shared.card import Due
from bot.shared.entry import REVIEW_TAKES, UNDER_REVIEW, Change, Entry, Stage

_SATURDAY: Final = 5  # of date.weekday()
_WORDS_LENGTH: Final = 220  # characters of the DATES paragraph


def notes(entry: Entry) -> tuple[str, str]:
    """The document's DATES paragraph, as fields can be stale and some dates have none; and that one is stale. Or ""."""
    words = wording.short(entry.dates_text or "", _WORDS_LENGTH)
    closes = entry.comments_close_on
    return (
        f"Dates, as the document states them: {words}" if words else "",
        f"The record still says that comments close {day_in_words(closes)}, which is before the publication date. "
        "Use the dates in the document."
        if closes and _is_stale(entry)
        else "",
    )


def dues(entries: Sequence[Entry]) -> tuple[Due, ...]:
    """The dates of the newest entry that has any: a correction often repeats none of the unchanged dates."""
    if any(entry.change is Change.WITHDRAWAL for entry in entries):
        return ()
    if entries[-1].hearing:
        return hearing_cards.dues(entries[-1])
    return next(filter(None, map(_dues_of_one, reversed(entries))), ())


def titled_dues(title: str, dues: Iterable[Due]) -> tuple[Due, ...]:
    """The dates of a story on a card of several."""
    return tuple(Due(f"{wording.short(title, 60)}: {due.label.lower()}", due.on, due.detail) for due in dues)


def _is_stale(entry: Entry) -> bool:
    ends, published = entry.comments_close_on, entry.publication_date
    return ends is not None and published is not None and ends < published


def _dues_of_one(entry: Entry) -> tuple[Due, ...]:
    comments = None if _is_stale(entry) else entry.comments_close_on
    publishes = entry.publication_date if entry.stage is Stage.FILED else None
    is_holiday = comments is not None and comments.weekday() < _SATURDAY and not business_day(comments)
    received = entry.publication_date if entry.type == UNDER_REVIEW else None
    review_ends = received + REVIEW_TAKES if received else None
    hour = wording.closing(entry.comments_hour, worded=entry.comments_worded)
    closing = ", ".join(filter(None, ("a federal holiday" if is_holiday else "", hour)))
    dates = (
        ("Publishes", publishes, ""),
        ("Comments close", comments, closing),
        ("Applications close", entry.closes_on, ""),
        ("Takes effect", entry.effective_on, ""),
        ("Review is due", review_ends, ""),
    )
    return tuple(Due(label, on, detail) for label, on, detail in dates if on)
