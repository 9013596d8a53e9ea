"""What is quoted of a grant announcement's text, or of a page that changed, as lines of a card. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bot.shared import wording
from bot.shared.entry import Difference, Entry, Quote

_MOST: Final = 5  # quotations; more are counted
_LENGTH: Final = 300  # characters of one
_SAID: Final = {Difference.ADDED: "Added", Difference.REMOVED: "Removed"}


def told(entry: Entry) -> Iterator[str]:
    """Its own words, then how they were read: `Added, page 14: “A letter of support …”`."""
    yield from map(_quotation, entry.quotes[:_MOST])
    if (more := len(entry.quotes) - _MOST) > 0:
        yield f"and {wording.number(more, 'more passage')} that the watches look for."
    yield from entry.notes


def page_headline(entry: Entry) -> str:
    """`Withhold release orders changed: “…” added, and 2 more lines`: what is new before what is gone."""
    found = sorted(entry.quotes, key=lambda quote: quote.difference is not Difference.ADDED)
    if not found:
        return f"{entry.title} changed"
    how = _SAID[found[0].difference].lower() if found[0].difference else "there"
    more = f", and {wording.number(len(found) - 1, 'more line')}" if found[1:] else ""
    return f"{entry.title} changed: “{wording.short(found[0].text, 80)}” {how}{more}"


def _quotation(quote: Quote) -> str:
    page = f"page {quote.page}" if quote.page else ""
    said = ", ".join(filter(None, (_SAID[quote.difference] if quote.difference else "", page))) or "Says"
    return f"{said[0].upper()}{said[1:]}: “{wording.short(quote.text, _LENGTH)}”"
