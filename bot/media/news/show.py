"""Shared by the commands about mentions: find the story, save it and show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from bot.alerts.campaign import campaign_of
from bot.commands.model import Choice, Context, Param, Refused, Role
from bot.media.news import records, wording
from bot.media.news.model import Story
from bot.outbox.messages import update
from bot.people.records import names
from bot.shared.card import Button
from bot.shared.wording import short

WORKERS: Final = frozenset({Role.PRESS, Role.ADMINISTRATOR})
READERS: Final = frozenset({Role.PRESS, Role.ADMINISTRATOR, Role.POLICY})
RECENT: Final = timedelta(days=14)
_OFFERED: Final = 25


def recent(ctx: Context, typed: str) -> Sequence[Choice]:
    """Return the recent stories whose label, headline or outlet contains what was typed."""
    wanted = typed.casefold()
    labeled = [(story, f"{story.label} {wording.head(story)}") for story in recent_stories(ctx, RECENT)]
    fitting = [Choice(story.label, short(label, 100)) for story, label in labeled if wanted in label.casefold()]
    return fitting[:_OFFERED]


def entity_choices(ctx: Context, typed: str) -> Sequence[Choice]:
    """Return the entities whose id or name contains what was typed."""
    coalition = ctx.config.coalition
    names_by_id = {id_: wording.entity(id_, coalition) for id_ in coalition.entities}
    return [Choice(id_, name) for id_, name in names_by_id.items() if typed.casefold() in f"{id_} {name}".casefold()]


STORY: Final = Param(
    "story", "its number, such as S-12, or the address of one of its articles", complete=recent, longest=2_000
)


def button(label: str, verb: str, story: Story, *args: tuple[str, str]) -> Button:
    return Button(label, f"mentions {verb}", (*wording.about(story), *args))


def recent_stories(ctx: Context, length: timedelta) -> list[Story]:
    return records.stories(ctx.tx, ctx.now - length, ctx.now + timedelta(days=1))


def find_story(ctx: Context, typed: str, param: str = "story") -> Story:
    """Return the story that a person typed. Raises `Refused`."""
    story = records.find(ctx.tx, typed)
    if story is None:
        raise Refused(f"There is no story “{short(typed, 80)}”. /mentions list shows the newest.", param=param)
    return story


def save_change(ctx: Context, before: Story, after: Story, did: str) -> None:
    """Save what was done to a story, on its card and in the audit log."""
    records.save(ctx.tx, after)
    update_card(ctx, after.id)
    ctx.note(audit_name(before), wording.done(before, names(ctx.tx), campaign_of(ctx.config), ctx.now), did)


def update_card(ctx: Context, story_id: str) -> None:
    story = records.story(ctx.tx, story_id)
    if story and story.delivery:
        update(ctx, story.delivery, wording.story_card(story, campaign_of(ctx.config), names(ctx.tx), ctx.now))


def audit_name(story: Story) -> str:
    """Return a story's name for the audit log, where a withheld headline is withheld too."""
    return f"{story.label} {short(wording.head(replace(story, released_by=None)), 100)}"
