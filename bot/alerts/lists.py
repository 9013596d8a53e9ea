"""Lay out items posted together: a few in full, more as a list, a long list in several messages. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

from bot.alerts import message_size
from bot.alerts.cards import Item, Labels, card, digest_line, group_by_story, source_name, story_headline
from bot.shared import wording
from bot.shared.card import Card, Mark, Section
from bot.watch.reasons import asks_of

_MAX_FULL_STORIES: Final = 6  # stories
_MAX_LINES: Final = 25  # of one message

Story = Sequence[Item]


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
        if len(stories) == 1 or message_size.fits(whole):
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
        size = message_size.size(digest_line(story))
        if len(pages[-1]) == _MAX_LINES or (pages[-1] and spent + size > message_size.LIMIT):
            pages.append([])
            spent = 0
        pages[-1].append(story)
        spent += size
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
