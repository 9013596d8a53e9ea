"""Lay out items posted together: a few in full, more as a list, a long list in several messages. Pure.

A renderer leaves out, and counts, what its platform has no room for. But everything in a message counts as posted, so
code that builds a long message stays within `LIMIT` or splits it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import chain
from typing import Final

from bot.alerts.cards import Item, card, digest_line, group_by_story, source_name, story_headline
from bot.config.load import Labels
from bot.shared import wording
from bot.shared.card import Card, Line, Mark, Section
from bot.watch.model import asks_of

_MAX_FULL_STORIES: Final = 6  # stories
_MAX_LINES: Final = 25  # of one message

Story = Sequence[Item]
# Discord accepts 6,000 characters in the embeds of a message, Slack about 10,000 of its blocks as JSON. The difference
# is left for the head, the foot and the senders' marks.
LIMIT: Final = 5_300
_LINE_OVERHEAD: Final = 12  # a line's bullet and the markup of its link
_SIGN: Final = re.compile(r"[^\w\s]|_")
_DATE_LENGTH: Final = 60  # a due date and its distance from today


@dataclass(frozen=True, slots=True)
class Part:
    """One message and its items."""

    card: Card
    items: tuple[Item, ...]


def parts(items: Sequence[Item], labels: Labels, *, flood: bool = False) -> list[Part]:
    """The messages for `items`. `flood`: always use a list."""
    stories = group_by_story(items)
    if len(stories) <= _MAX_FULL_STORIES and not flood:
        whole = card(items, labels)
        if len(stories) == 1 or fits(whole):
            return [Part(whole, tuple(items))]
    paged = pages(stories)
    made = []
    for number, page in enumerate(paged, 1):
        title = _list_head(page, len(stories), number, len(paged), flood)
        made.append(Part(_list_card(page, title, labels, flood), tuple(chain(*page))))
    return made


def pages(stories: Iterable[Story]) -> list[list[Story]]:
    """Split stories into messages that every platform shows in full."""
    pages: list[list[Story]] = [[]]
    spent = 0
    for story in stories:
        needed = size(digest_line(story))
        if len(pages[-1]) == _MAX_LINES or (pages[-1] and spent + needed > LIMIT):
            pages.append([])
            spent = 0
        pages[-1].append(story)
        spent += needed
    return pages


def _list_head(page: Sequence[Story], stories: int, number: int, count: int, flood: bool) -> str:
    part = f", part {number} of {count}" if count > 1 else ""
    if flood:
        return f"{wording.number(stories, 'match', 'matches')} at once{part or ', as one message'}"
    return f"{wording.number(stories, 'alert')} at once{part}: {wording.short(story_headline(page[0]), 90)}"


def _list_card(page: Sequence[Story], title: str, labels: Labels, flood: bool) -> Card:
    items = list(chain(*page))
    return Card(
        mark=Mark.DIGEST if flood else Mark.ALERT,
        head=title,
        badge=wording.asks(asks_of(match for item in items for match in item.matches)),
        sections=(Section("What matched", tuple(map(digest_line, page))),),
        foot=f"Source: {wording.listed(sorted({source_name(item.entry, labels) for item in items}))}",
    )


def size(line: Line) -> int:
    """The longest form of a line: escaped JSON for Slack plus a backslash before each sign for Discord."""
    text = line.text + line.url
    return _LINE_OVERHEAD + len(json.dumps(escape(text, quote=False))) + len(_SIGN.findall(text))


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
