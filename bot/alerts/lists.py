"""What is said at one moment: a few things in full, more as a list, a long list in several messages. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

from bot.alerts import message_size
from bot.alerts.cards import Item, Voice, by_story, card, digest_line, head, source
from bot.shared import wording
from bot.shared.card import Card, Mark, Section
from bot.watch.reasons import asks_of

_IN_FULL: Final = 6  # stories
_LINES: Final = 25  # of one message

Story = Sequence[Item]


@dataclass(frozen=True, slots=True)
class Part:
    """One message, and the items it says."""

    card: Card
    items: tuple[Item, ...]


def parts(items: Sequence[Item], voice: Voice, *, flood: bool = False) -> list[Part]:
    """`flood`: these are more than anybody takes in one by one, so they are a list in any case."""
    stories = by_story(items)
    if len(stories) <= _IN_FULL and not flood:
        whole = card(items, voice)
        if len(stories) == 1 or message_size.fits(whole):
            return [Part(whole, tuple(items))]
    paged = pages(stories)
    told = []
    for number, page in enumerate(paged, 1):
        said = _head(page, len(stories), number, len(paged), flood)
        told.append(Part(_list_card(page, said, voice, flood), tuple(chain(*page))))
    return told


def pages(stories: Iterable[Story]) -> list[list[Story]]:
    """As many stories to a message as every platform shows whole."""
    pages: list[list[Story]] = [[]]
    spent = 0
    for story in stories:
        size = message_size.size(digest_line(story))
        if len(pages[-1]) == _LINES or (pages[-1] and spent + size > message_size.ROOM):
            pages.append([])
            spent = 0
        pages[-1].append(story)
        spent += size
    return pages


def _head(page: Sequence[Story], stories: int, number: int, count: int, flood: bool) -> str:
    part = f", part {number} of {count}" if count > 1 else ""
    if flood:
        return f"{wording.number(stories, 'match', 'matches')} at once{part or ', as one message'}"
    return f"{wording.number(stories, 'alert')} at once{part}: {wording.short(head(page[0]), 90)}"


def _list_card(page: Sequence[Story], said: str, voice: Voice, flood: bool) -> Card:
    items = list(chain(*page))
    return Card(
        mark=Mark.DIGEST if flood else Mark.ALERT,
        head=said,
        badge=wording.asks(asks_of(match for item in items for match in item.matches)),
        sections=(Section("What matched", tuple(map(digest_line, page))),),
        foot=f"Source: {wording.listed(sorted({source(item.entry, voice) for item in items}))}",
    )
