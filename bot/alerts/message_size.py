"""The size limit of a message on any platform. Pure.

A renderer leaves out, and counts, what its platform has no room for. But everything in a message counts as posted, so
code that builds a long message stays within this limit or splits it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import escape
from typing import Final

from bot.shared.card import Card, Line

# Discord accepts 6,000 characters in the embeds of a message, Slack about 10,000 of its blocks as JSON. The difference
# is left for the head, the foot and the senders' marks.
LIMIT: Final = 5_300
_LINE_OVERHEAD: Final = 12  # a line's bullet and the markup of its link
_DATE_LENGTH: Final = 60  # a due date and its distance from today


def size(line: Line) -> int:
    """The longest form of a line: escaped JSON for Slack plus a backslash before each sign for Discord."""
    text = line.text + line.url
    signs = sum(not (letter.isalnum() or letter.isspace()) for letter in text)
    return _LINE_OVERHEAD + len(json.dumps(escape(text, quote=False))) + signs


def fits(card: Card) -> bool:
    """Whether every platform shows the whole card."""
    return sum(map(size, _lines(card))) + _DATE_LENGTH * len(card.dues) <= LIMIT


def _lines(card: Card) -> Iterator[Line]:
    yield Line(card.byline)
    yield from card.lines
    yield from map(Line, card.why)
    yield from (Line(f"{due.label} {due.detail}") for due in card.dues)
    yield from (Line(link.label, link.url) for link in card.links)
    for section in card.sections:
        yield Line(section.title)
        yield from section.lines
