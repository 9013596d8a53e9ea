"""Stories, notes on them, the press log and inquiries by their words, for /campaign find."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from bot.alerts.house import house_of
from bot.command import Desk, Found
from bot.media import inquiries_records, press_records, records, words
from bot.media.asking import READERS
from bot.media.model import Story
from bot.media.press_asking import PRESS
from bot.search import Words


def stories(desk: Desk, wanted: Words, limit: int) -> list[Found]:
    """Stories by their headlines, outlets and excerpts. A withheld headline is not searched."""
    if not desk.actor.roles & READERS:
        return []
    cid = desk.config.coalition.id
    fitting = (story for story in records.containing(desk.tx, cid, wanted) if _fits(story, wanted))
    return [
        Found(at=story.at, name=story.label, line=_line(desk, story), url=story.link)
        for story in islice(fitting, limit)
    ]


def notes(desk: Desk, wanted: Words, limit: int) -> list[Found]:
    """What people noted about stories whose headline is not withheld."""
    if not desk.actor.roles & READERS:
        return []
    shown = (story for story in records.noted(desk.tx, desk.config.coalition.id, wanted) if not story.withheld)
    found = [
        Found(at=at, name=story.label, line=f"Note: {text}")
        for story in shown
        for at, text in _notes(story)
        if wanted.fit(text)
    ]
    return sorted(found, key=lambda note: note.at, reverse=True)[:limit]


def press(desk: Desk, wanted: Words, limit: int) -> list[Found]:
    """The log of the press list and inquiries, for press staff alone."""
    if not desk.actor.roles & PRESS:
        return []
    cid = desk.config.coalition.id
    logged = (
        Found(at=entry.at, name=f"P-{number}", line=f"{entry.kind.value.capitalize()}: {entry.text}")
        for number, entry in press_records.containing(desk.tx, cid, wanted)
        if wanted.fit(entry.text, entry.answer, entry.result)
    )
    asked = (
        Found(at=inquiry.received_at, name=inquiry.label, line=f"{inquiry.outlet} asked: {inquiry.question}")
        for inquiry in inquiries_records.containing(desk.tx, cid, wanted)
        if wanted.fit(inquiry.reporter, inquiry.outlet, inquiry.question)
    )
    found = [*islice(logged, limit), *islice(asked, limit)]
    return sorted(found, key=lambda each: each.at, reverse=True)[:limit]


def _fits(story: Story, wanted: Words) -> bool:
    headlines = [mention.headline for mention in story.mentions if not mention.withheld]
    return not story.withheld and wanted.fit(story.teller, *story.outlets, story.excerpt, *headlines)


def _line(desk: Desk, story: Story) -> str:
    """As in a list of stories, without its number and day."""
    told = (words.head(story), words.badge(story, house_of(desk.config).coalition))
    return " · ".join(filter(None, told))


def _notes(story: Story) -> Iterator[tuple[datetime, str]]:
    for note in story.notes:
        yield note.at, note.text
    if story.clip:
        yield story.clip.at, story.clip.note
