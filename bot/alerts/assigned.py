"""Alerts that somebody has taken on: for them to see, and free again when they leave."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.alerts import words, work
from bot.alerts.house import house_of
from bot.alerts.records import Kept
from bot.card import Line
from bot.command import Actor, Desk
from bot.people.records import people
from bot.store.database import Reader


def waiting(db: Reader, coalition_id: str, actor: Actor, now: datetime) -> list[Line]:  # noqa: ARG001 - of all rooms
    """The alerts that this person took on, the oldest first."""
    return [_line(kept) for kept in work.assigned_to(db, coalition_id, actor.person)] if actor.person else []


def free(desk: Desk, person: str) -> list[Line]:
    """Let the alerts that this person took on be nobody's, and their cards say so; which they were."""
    house = house_of(desk.config)
    coalition = desk.config.coalition.id
    theirs = work.assigned_to(desk.tx, coalition, person)
    names = {each.id: each.name for each in people(desk.tx, coalition)}
    for kept in theirs:
        after = replace(work.work_on(desk.tx, coalition, kept.id), assigned_to=None, assigned_at=None)
        work.save(desk.tx, coalition, kept.id, after)
        done = after.in_words(names, house, desk.now)
        work.show(desk.tx, house, kept.id, done, now=desk.now, new_id=desk.new_id)
    return [_line(kept) for kept in theirs]


def _line(kept: Kept) -> Line:
    return Line(words.short(kept.entry.title, 120), kept.entry.link)
