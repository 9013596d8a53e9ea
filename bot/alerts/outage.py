"""Outages of this machine's network: nothing can be reached, so it is reported once, not once per source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from typing import Final

from bot.commands.model import Work
from bot.entries import source_records
from bot.entries.source_records import SourceState
from bot.outbox.messages import place, post
from bot.shared import wording
from bot.shared.card import Card, Line, Mark
from bot.sources.model import Health
from bot.store.database import to_text

OUTAGE: Final = "outage"  # a value of `SourceState.reported`: reported together with the other sources
_MIN_OTHERS: Final = 2  # other sources that fail, too
_SOON: Final = timedelta(minutes=1)
_BEING_ASKED: Final = timedelta(minutes=5)  # since it was due; an answer takes no longer


def report_outage(work: Work, state: SourceState, kind: str) -> SourceState | None:
    """Report the start or end of an outage; return the source's new state if the outage explains its failure.

    `state`: a source that answers, or that has certainly failed. None means: report this source separately, if at all.
    While nobody knows whether the others can be reached, they are asked first, and nothing is reported. When a source
    answers after an outage, the others are asked at once.
    """
    tx, now, feeds = work.tx, work.now, work.config.feeds
    to = place(feeds.admin, feeds)
    since = source_records.outage_since(tx)
    if state.health.good:
        if since is not None:
            source_records.end_outage(tx)
            source_records.ask_now(tx, [other.id for other in _unreachable(other_sources(work, state))], now)
            card = _recovery_card(feeds.sources[state.id].name, work.zone, since, now)
            post(work, to, f"outage-over:{to_text(since)}", card, kind=kind)
        return replace(state, reported=None) if state.reported == OUTAGE else None
    if state.health is not Health.UNREACHABLE or state.reported == Health.UNREACHABLE:
        return None
    if since is None:
        others = other_sources(work, state)
        if not is_outage(state, others):
            unknown = _to_ask_first(state, others, now)
            source_records.ask_now(tx, unknown, now)
            return replace(state, due_at=min(state.due_at, now + _SOON)) if unknown else None
        card = _outage_card(work.zone, state, others, now)
        post(work, to, f"outage:{to_text(state.since)}", card, kind=kind)
    return replace(state, reported=OUTAGE)


def is_outage(state: SourceState, others: Sequence[SourceState]) -> bool:
    """Whether no other source has answered since this one failed. Pure.

    Sources reported as unreachable before are not counted.
    """
    tried = _tried(state, others)
    return len(tried) >= max(1, min(_MIN_OTHERS, len(others))) and len(_unreachable(tried)) == len(tried)


def _to_ask_first(state: SourceState, others: Sequence[SourceState], now: datetime) -> list[str]:
    """The sources to ask before this failure is reported: none has answered since, and these have not ended."""
    tried = _tried(state, others)
    if len(_unreachable(tried)) < len(tried):
        return []
    return [
        other.id
        for other in others
        if other.checked_at < state.since
        and other.health is not Health.UNREACHABLE
        and other.due_at > now - _BEING_ASKED
    ]


def _tried(state: SourceState, others: Sequence[SourceState]) -> list[SourceState]:
    """The sources that were asked since this one failed, or fail too."""
    return [
        other
        for other in others
        if other.reported != Health.UNREACHABLE
        and (other.checked_at >= state.since or other.health is Health.UNREACHABLE)
    ]


def _unreachable(states: Sequence[SourceState]) -> list[SourceState]:
    return [state for state in states if state.health is Health.UNREACHABLE]


def other_sources(work: Work, state: SourceState) -> list[SourceState]:
    """The states of the other enabled sources."""
    enabled = {id_ for id_, source in work.config.feeds.sources.items() if source.enabled and id_ != state.id}
    return [other for id_, other in source_records.source_states(work.tx).items() if id_ in enabled]


def _outage_card(zone: tzinfo, state: SourceState, others: Sequence[SourceState], now: datetime) -> Card:
    down = [state, *_unreachable(others)]
    since = wording.clock(min(source.since for source in down if source.reported != Health.UNREACHABLE), zone, now)
    sources, others_count = wording.number(len(others) + 1, "source"), len(others) + 1 - len(down)
    lines = (
        state.detail,
        f"The other {wording.number(others_count, 'source')} will be checked when due." if others_count else "",
        "This looks like a network problem of the bot's machine. After one source answers, all others are checked.",
        "On that machine, check its connection, its DNS, and any proxy or firewall between it and the internet.",
    )
    return Card(
        mark=Mark.HEALTH,
        head=f"Nothing can be reached since {since}: {len(down)} of {sources} checked",
        lines=tuple(Line(text) for text in lines if text),
    )


def _recovery_card(source: str, zone: tzinfo, since: datetime, now: datetime) -> Card:
    lines = (
        f"Nothing could be reached from {wording.clock(since, zone, now)} until now.",
        f"“{source}” was the first to answer. Other failures are reported separately.",
    )
    return Card(mark=Mark.HEALTH, head="Sources can be reached again", lines=tuple(map(Line, lines)))
