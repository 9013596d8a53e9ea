"""Nothing at all can be reached: then it is this machine's network, and a person is told once, not once a source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.alerts.campaign import Campaign, NewId
from bot.entries import records
from bot.entries.records import SourceState
from bot.shared import wording
from bot.shared.card import Card, Line, Mark
from bot.sources.model import Health
from bot.store.database import Transaction, to_text

TOLD: Final = "outage"  # as `SourceState.told`: of this source a person heard together with the others
_EVIDENCE: Final = 2  # others that fail too


def told_together(
    tx: Transaction, campaign: Campaign, state: SourceState, kind: str, *, now: datetime, new_id: NewId
) -> SourceState | None:
    """The state of a source that needs no word of its own, because of an outage that begins, lasts or ends with it.

    `state`: its trouble is certain, or it answers. None: it has to be told of by itself, if at all.
    """
    since = records.outage_since(tx)
    if state.health.good:
        if since is not None:
            records.end_outage(tx)
            _post(tx, campaign, f"outage-over:{to_text(since)}", _over(campaign, state, since, now), kind, now, new_id)
        return replace(state, reported=None) if state.reported == TOLD else None
    if state.health is not Health.UNREACHABLE or state.reported == Health.UNREACHABLE:
        return None
    if since is None:
        others = _others(tx, campaign, state)
        if not is_outage(state, others):
            return None
        card = _card(campaign, state, others, now)
        _post(tx, campaign, f"outage:{to_text(state.since)}", card, kind, now, new_id)
    return replace(state, reported=TOLD)


def is_outage(state: SourceState, others: Sequence[SourceState]) -> bool:
    """Whether no other source has answered since this one failed; those known to be dead before show nothing. Pure."""
    tried = [
        other
        for other in others
        if other.reported != Health.UNREACHABLE
        and (other.checked_at >= state.since or other.health is Health.UNREACHABLE)
    ]
    return len(tried) >= max(1, min(_EVIDENCE, len(others))) and all(it.health is Health.UNREACHABLE for it in tried)


def _others(tx: Transaction, campaign: Campaign, state: SourceState) -> list[SourceState]:
    enabled = {id_ for id_, source in campaign.feeds.sources.items() if source.enabled and id_ != state.id}
    return [other for id_, other in records.source_states(tx).items() if id_ in enabled]


def _card(campaign: Campaign, state: SourceState, others: Sequence[SourceState], now: datetime) -> Card:
    down = [state, *(other for other in others if other.health is Health.UNREACHABLE)]
    since = wording.clock(min(it.since for it in down if it.reported != Health.UNREACHABLE), campaign.zone, now)
    rest = len(others) + 1 - len(down)
    lines = (
        state.detail,
        f"The other {wording.number(rest, 'source')} will be asked in their time." if rest else "",
        "This looks like the network of the machine that the bot runs on. They are asked again, at growing intervals.",
        "Try, on that machine: its connection, its DNS, a proxy or a firewall between it and the internet.",
    )
    return Card(
        mark=Mark.HEALTH,
        head=f"Nothing can be reached since {since}: {len(down)} of {wording.number(len(others) + 1, 'source')}",
        lines=tuple(Line(text) for text in lines if text),
    )


def _over(campaign: Campaign, state: SourceState, since: datetime, now: datetime) -> Card:
    lines = (
        f"Nothing could be reached from {wording.clock(since, campaign.zone, now)} until now.",
        f"“{campaign.feeds.sources[state.id].name}” was the first to answer. What still does not is told of by itself.",
    )
    return Card(mark=Mark.HEALTH, head="Sources can be reached again", lines=tuple(map(Line, lines)))


def _post(tx: Transaction, campaign: Campaign, name: str, card: Card, kind: str, now: datetime, new_id: NewId) -> None:
    campaign.post(tx, campaign.place(campaign.feeds.admin), name, card, kind=kind, now=now, new_id=new_id)
