"""Alerts that somebody has taken on: for them to see, and free again when they leave."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.alerts import handling
from bot.alerts.campaign import campaign_of
from bot.commands.model import Actor, Context
from bot.entries.records import StoredEntry
from bot.people.records import people
from bot.shared import wording
from bot.shared.card import Line
from bot.store.database import Reader


def waiting(db: Reader, coalition_id: str, actor: Actor, now: datetime) -> list[Line]:  # noqa: ARG001 - of all rooms
    """The alerts that this person took on, the oldest first."""
    return [_line(kept) for kept in handling.assigned_to(db, coalition_id, actor.person)] if actor.person else []


def free(ctx: Context, person: str) -> list[Line]:
    """Let the alerts that this person took on be nobody's, and their cards say so; which they were."""
    campaign = campaign_of(ctx.config)
    coalition = ctx.config.coalition.id
    theirs = handling.assigned_to(ctx.tx, coalition, person)
    names = {each.id: each.name for each in people(ctx.tx, coalition)}
    for kept in theirs:
        after = replace(handling.work_on(ctx.tx, coalition, kept.id), assigned_to=None, assigned_at=None)
        handling.save(ctx.tx, coalition, kept.id, after)
        done = after.in_words(names, campaign, ctx.now)
        handling.show(ctx.tx, campaign, kept.id, done, now=ctx.now, new_id=ctx.new_id)
    return [_line(kept) for kept in theirs]


def _line(kept: StoredEntry) -> Line:
    return Line(f"{kept.name} · {wording.short(kept.entry.title, 120)}", kept.entry.link)
