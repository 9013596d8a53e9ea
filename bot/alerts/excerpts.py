"""Quotations from grant announcements and changed web pages, as lines of a card. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bot.shared import wording
from bot.shared.entry import Difference, Entry, Quote

_MAX_QUOTES: Final = 5  # more are counted
_LENGTH: Final = 300  # characters of one quotation
_DIFFERENCE_WORDS: Final = {Difference.ADDED: "Added", Difference.REMOVED: "Removed"}


def excerpt_lines(entry: Entry) -> Iterator[str]:
    """Quotations such as `Added, page 14: “A letter of support …”`, then notes on how the text was read."""
    yield from map(_quotation, entry.quotes[:_MAX_QUOTES])
    if (more := len(entry.quotes) - _MAX_QUOTES) > 0:
        yield f"and {wording.number(more, 'more passage')} that matched."
    yield from entry.notes


def page_headline(entry: Entry) -> str:
    """`Withhold release orders changed: “…” added, and 2 more lines`. Additions come before removals."""
    quotes = sorted(entry.quotes, key=lambda quote: quote.difference is not Difference.ADDED)
    if not quotes:
        return f"{entry.title} changed"
    how = _DIFFERENCE_WORDS[quotes[0].difference].lower() if quotes[0].difference else "there"
    more = f", and {wording.number(len(quotes) - 1, 'more line')}" if quotes[1:] else ""
    return f"{entry.title} changed: “{wording.short(quotes[0].text, 80)}” {how}{more}"


def _quotation(quote: Quote) -> str:
    page = f"page {quote.page}" if quote.page else ""
    lead = ", ".join(filter(None, (_DIFFERENCE_WORDS[quote.difference] if quote.difference else "", page))) or "Says"
    return f"{lead[0].upper()}{lead[1:]}: “{wording.short(quote.text, _LENGTH)}”"
