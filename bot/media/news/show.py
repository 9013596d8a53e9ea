"""Shared by the commands about mentions: find the story, save it and show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from bot.alerts.campaign import campaign_of
from bot.commands.model import Choice, Context, Param, Refused, Role
from bot.media.news import records, wording
from bot.media.news.intake import names_of
from bot.media.news.model import Story
from bot.outbox.messages import update
from bot.shared.card import Button
from bot.shared.wording import short

WORKERS: Final = frozenset({Role.PRESS, Role.ADMINISTRATOR})
READERS: Final = frozenset({Role.PRESS, Role.ADMINISTRATOR, Role.POLICY})
RECENT: Final = timedelta(days=14)
_OFFERED: Final = 25


def recent(ctx: Context, typed: str) -> Sequence[Choice]:
    """Return the recent stories whose label, headline or outlet contains what was typed."""
    wanted = typed.casefold()
    labeled = [(story, f"{story.label} {wording.head(story)}") for story in since(ctx, RECENT)]
    fitting = [Choice(story.label, short(label, 100)) for story, label in labeled if wanted in label.casefold()]
    return fitting[:_OFFERED]


def entity_choices(ctx: Context, typed: str) -> Sequence[Choice]:
    """Return the entities whose id or name contains what was typed."""
    coalition = ctx.config.coalition
    called = [(id_, wording.entity(id_, coalition)) for id_ in coalition.entities]
    return [Choice(id_, name) for id_, name in called if typed.casefold() in f"{id_} {name}".casefold()]


STORY: Final = Param(
    "story", "its number, such as S-12, or the address of one of its articles", complete=recent, longest=2_000
)


def since(ctx: Context, length: timedelta) -> list[Story]:
    return records.stories(ctx.tx, ctx.now - length, ctx.now + timedelta(days=1))


def meant(ctx: Context, typed: str, param: str = "story") -> Story:
    """Return the story that a person typed. Raises `Refused`."""
    story = records.find(ctx.tx, typed)
    if story is None:
        raise Refused(f"There is no story “{short(typed, 80)}”. /mentions list shows the newest.", param=param)
    return story


def keep(ctx: Context, before: Story, after: Story, did: str) -> None:
    """Save what was done to a story, on its card and in the audit log."""
    records.save(ctx.tx, after)
    redraw(ctx, after.id)
    ctx.note(named(before), wording.done(before, names(ctx), campaign_of(ctx.config), ctx.now), did)


def redraw(ctx: Context, story_id: str) -> None:
    """Update a story's card."""
    story = records.story(ctx.tx, story_id)
    if story and story.delivery:
        card = wording.story_card(story, campaign_of(ctx.config), names(ctx), ctx.now)
        update(ctx, story.delivery, card)


def named(story: Story) -> str:
    """Return its name for the audit log, where a withheld headline is withheld too."""
    return f"{story.label} {short(wording.head(replace(story, released_by=None)), 100)}"


def names(ctx: Context) -> dict[str, str]:
    return names_of(ctx.tx)


def mine(ctx: Context) -> str:
    """Return the requester; only people get this far."""
    return ctx.actor.person or ""


def button(label: str, verb: str, story: Story, *args: tuple[str, str]) -> Button:
    return Button(label, f"mentions {verb}", (*wording.about(story), *args))
