"""Alerts that somebody has taken on: for them to see, and free again when they leave."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.alerts import words, work
from bot.alerts.house import House
from bot.card import Line
from bot.command import Actor, Desk
from bot.people.records import people
from bot.store.database import Reader, Row
from bot.watch.engine import Matcher


def waiting(db: Reader, coalition_id: str, actor: Actor, now: datetime) -> list[Line]:  # noqa: ARG001 - of all rooms
    """The alerts that this person took on, the oldest first."""
    return [_line(row) for row in work.assigned_to(db, coalition_id, actor.person)] if actor.person else []


def free(desk: Desk, person: str) -> list[Line]:
    """Let the alerts that this person took on be nobody's, and their cards say so; which they were."""
    house = House(desk.config.coalition, desk.config.feeds, Matcher(()))
    coalition = desk.config.coalition.id
    theirs = work.assigned_to(desk.tx, coalition, person)
    names = {each.id: each.name for each in people(desk.tx, coalition)}
    for row in theirs:
        after = replace(work.work_on(desk.tx, coalition, row["id"]), assigned_to=None, assigned_at=None)
        work.save(desk.tx, coalition, row["id"], after)
        done = after.in_words(names, house, desk.now)
        work.show(desk.tx, house, row["id"], done, now=desk.now, new_id=desk.new_id)
    return [_line(row) for row in theirs]


def _line(row: Row) -> Line:
    return Line(words.short(row["title"], 120), row["url"])
