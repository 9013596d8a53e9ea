"""Alerts assigned to a person: list them, and unassign them when the person leaves."""

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


def assigned_alerts(db: Reader, coalition_id: str, actor: Actor, now: datetime) -> list[Line]:  # noqa: ARG001 - of all rooms
    """The alerts assigned to this person, oldest first."""
    return [_line(stored) for stored in handling.assigned_to(db, coalition_id, actor.person)] if actor.person else []


def unassign_all(ctx: Context, person: str) -> list[Line]:
    """Unassign this person's alerts and update their cards; return a line for each."""
    campaign = campaign_of(ctx.config)
    coalition = ctx.config.coalition.id
    alerts = handling.assigned_to(ctx.tx, coalition, person)
    names = {person.id: person.name for person in people(ctx.tx, coalition)}
    for stored in alerts:
        after = replace(handling.load(ctx.tx, coalition, stored.id), assigned_to=None, assigned_at=None)
        handling.save(ctx.tx, coalition, stored.id, after)
        summary = after.summary(names, campaign, ctx.now)
        handling.update_messages(ctx.tx, campaign, stored.id, summary, now=ctx.now, new_id=ctx.new_id)
    return [_line(stored) for stored in alerts]


def _line(stored: StoredEntry) -> Line:
    return Line(f"{stored.name} · {wording.short(stored.entry.title, 120)}", stored.entry.link)
