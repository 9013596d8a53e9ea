"""How much one message holds, whatever platform it goes to. Pure.

A face counts what its platform has no room for and leaves it out. What a message says counts as said, though, so
whoever makes a long one keeps to this room, or makes two.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import escape
from typing import Final

from bot.shared.card import Card, Line

# Discord takes 6,000 characters in the embeds of a message, Slack some 10,000 of its blocks as JSON; the rest of both
# is for the head, the foot and the marks of the senders.
ROOM: Final = 5_300
_FRAME: Final = 12  # a line's bullet and the signs of its link
_DUE: Final = 60  # the day, and how far off it is


def size(line: Line) -> int:
    """How long a line can become: escaped and as JSON for Slack, with a backslash before every sign for Discord."""
    text = line.text + line.url
    signs = sum(not (letter.isalnum() or letter.isspace()) for letter in text)
    return _FRAME + len(json.dumps(escape(text, quote=False))) + signs


def fits(card: Card) -> bool:
    """Whether every platform shows all of a card."""
    return sum(map(size, _lines(card))) + _DUE * len(card.dues) <= ROOM


def _lines(card: Card) -> Iterator[Line]:
    yield Line(card.byline)
    yield from card.lines
    yield from map(Line, card.why)
    yield from (Line(f"{due.label} {due.detail}") for due in card.dues)
    yield from (Line(link.label, link.url) for link in card.links)
    for section in card.sections:
        yield Line(section.title)
        yield from section.lines
