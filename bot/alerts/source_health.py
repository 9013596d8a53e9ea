"""A source's health over time, and when a person is told of it: once for each trouble, once when it is over.

What all sources have in common is `outage.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bot.alerts import outage
from bot.alerts.campaign import Campaign, NewId
from bot.config.feeds import SourceConfig
from bot.entries import records
from bot.entries.records import SourceState
from bot.shared import wording
from bot.shared.card import Card, Line, Mark
from bot.sources.health import advice
from bot.sources.model import Health, Memory
from bot.store.database import Transaction, to_text

KIND: Final = "health"  # of deliveries
_UNREACHABLE_FOR: Final = timedelta(hours=2)
# Things that happened once; that the next answer is fine is no news.
_MOMENTS: Final = (Health.OVERRUN, Health.SUSPECT, Health.REDESIGNED)
WORDS: Final = {
    Health.EMPTY: "brings nothing at all",
    Health.STALE: "answers, but has had nothing new for long",
    Health.BLOCKED: "does not let us in",
    Health.NOT_A_FEED: "sends something that is no feed",
    Health.GONE: "is gone",
    Health.MALFORMED: "cannot be read",
    Health.OVERRUN: "may have had more than we saw",
    Health.UNREACHABLE: "cannot be reached",
    Health.REFUSED: "is refused by our own guard",
    Health.UNWELCOME: "asks robots to stay away",
    Health.REDESIGNED: "was made anew",
    Health.SUSPECT: "gave its known items new names",
}


@dataclass(frozen=True, slots=True)
class Report:
    """What an answer says of its source."""

    memory: Memory
    health: Health
    detail: str


def after(before: SourceState | None, source: str, report: Report, now: datetime, due_at: datetime) -> SourceState:
    """The source's state once this answer is in. Pure."""
    good = report.health.good
    same = before is not None and (before.health is report.health or (good and before.health.good))
    return SourceState(
        id=source,
        memory=report.memory,
        health=report.health,
        detail=report.detail,
        since=before.since if before and same else now,
        reported=before.reported if before else None,
        checked_at=now,
        failures=0 if good else (before.failures if before else 0) + 1,
        due_at=due_at,
    )


def to_tell(state: SourceState, now: datetime) -> Health | None:
    """The trouble that a person is to hear of now, OK for the end of one they heard of, None for nothing. Pure."""
    if state.health.good:
        return Health.OK if state.reported and state.reported not in _MOMENTS else None
    return state.health if state.reported != state.health and _ripe(state, now) else None


def is_stale(config: SourceConfig, memory: Memory, now: datetime) -> bool:
    """Nothing new for longer than feeds.yml calls unusual."""
    last = memory.last_change_at or memory.first_success_at
    return config.stale_after is not None and last is not None and now - last > config.stale_after


def tell(
    tx: Transaction, campaign: Campaign, state: SourceState, before: SourceState | None, *, now: datetime, new_id: NewId
) -> SourceState:
    """Put what a person is to hear into the admin channel's queue; the state that remembers it."""
    if state.health.good or _ripe(state, now):
        settled = outage.told_together(tx, campaign, state, KIND, now=now, new_id=new_id)
        if settled is not None:
            return settled
    told = to_tell(state, now)
    if told is None:
        return replace(state, reported=None) if state.health.good else state
    over = told is Health.OK and before is not None
    enabled = [id_ for id_, source in campaign.feeds.sources.items() if source.enabled and id_ != state.id]
    others = [other for id_, other in records.source_states(tx).items() if id_ in enabled]
    card = _over(campaign, state, before, now) if over and before else _trouble(campaign, state, others, now)
    to = campaign.place(campaign.feeds.admin)
    name = f"health:{state.id}:{told}:{to_text(state.since)}"
    campaign.post(tx, to, name, card, kind=KIND, now=now, new_id=new_id)
    return replace(state, reported=None if over else told.value)


def _ripe(state: SourceState, now: datetime) -> bool:
    """One empty answer or a lost connection may be an accident; everything else is certain at once."""
    if state.health is Health.EMPTY:
        return state.failures >= 2
    if state.health is Health.UNREACHABLE:
        return state.failures >= 3 or now - state.since >= _UNREACHABLE_FOR
    return True


def _trouble(campaign: Campaign, state: SourceState, others: Sequence[SourceState], now: datetime) -> Card:
    config = campaign.feeds.sources[state.id]
    lines = (
        state.detail,
        f"Since {wording.clock(state.since, campaign.zone, now)}. {_others(others)}",
        advice(state.health, config.name, config.url, had_items=state.memory.last_change_at is not None),
    )
    return Card(
        mark=Mark.HEALTH,
        head=f"“{config.name}” {WORDS[state.health]}",
        lines=tuple(Line(text) for text in lines if text),
    )


def _others(states: Sequence[SourceState]) -> str:
    number, troubled = wording.number(len(states), "source"), sum(not state.health.good for state in states)
    if not troubled:
        return f"The other {number} are read as before."
    return f"Of the other {number}, {troubled} {'is' if troubled == 1 else 'are'} in trouble too."


def _over(campaign: Campaign, state: SourceState, before: SourceState, now: datetime) -> Card:
    assert before.reported is not None
    # The trouble may have turned into another, too short to be told of, before it ended.
    told, since = Health(before.reported), wording.clock(before.since, campaign.zone, now)
    lasted = f"lasted from {since} until now" if before.health is told else "is over"
    return Card(
        mark=Mark.HEALTH,
        head=f"“{campaign.feeds.sources[state.id].name}” works again",
        lines=(Line(f"What was told (it {WORDS[told]}) {lasted}."),),
    )
