"""A source's health over time. Each trouble is reported once, and once more when it is over.

If nothing can be reached, this machine's network is out: that is reported once, not once per source.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from typing import Final

from bot.commands.model import Work
from bot.config.feeds import SourceConfig
from bot.config.logs import Throttle
from bot.entries import source_records
from bot.entries.source_records import SourceState
from bot.outbox.messages import place, post
from bot.shared import wording
from bot.shared.answer import Fetched, Health, Memory
from bot.shared.card import Button, Card, Mark
from bot.shared.yaml_text import shipped_yaml
from bot.store.database import to_text

log = logging.getLogger(__name__)
_LINES: Final = Throttle(log, time.monotonic)  # a lost network concerns every coalition of the process

KIND: Final = "health"  # of deliveries
_UNREACHABLE_FOR: Final = timedelta(hours=2)
# Single events: a good answer after one is not a recovery.
_ONE_TIME: Final = (Health.OVERRUN, Health.FLOOD, Health.SUSPECT, Health.REDESIGNED)
OUTAGE: Final = "outage"  # a value of `SourceState.reported`: reported together with the other sources
_MIN_OTHERS: Final = 2  # other sources that fail, too
LULL: Final = "lull"  # the same, of sources that are silent together
_STILL_SILENT: Final = "after lull"  # the same: the message that the others publish again named it
_MIN_SILENT: Final = 3  # sources, and half of those that say how long silence is usual
_SOON: Final = timedelta(minutes=1)
_BEING_ASKED: Final = timedelta(minutes=5)  # since it was due; an answer takes no longer
_ADVICE: Final[Mapping[str, str]] = shipped_yaml("bot.alerts", "advice")


def advice(health: Health) -> str:
    """What to try, next to the words of a source's state; "" if nothing is wrong."""
    return _ADVICE.get(health, "")


def next_state(
    before: SourceState | None, source: str, answer: Fetched, now: datetime, due_at: datetime
) -> SourceState:
    """The source's state after this answer. Pure."""
    good = answer.health.good
    same = before is not None and (before.health is answer.health or (good and before.health.good))
    return SourceState(
        id=source,
        memory=answer.memory,
        health=answer.health,
        detail=answer.detail,
        since=before.since if before and same else now,
        reported=before.reported if before else None,
        checked_at=now,
        failures=0 if good else (before.failures if before else 0) + 1,
        due_at=due_at,
    )


def due_report(state: SourceState, now: datetime) -> Health | None:
    """The trouble to report now, OK to report a recovery, None for nothing. Pure."""
    if state.health.good:
        return Health.OK if state.reported and state.reported not in _ONE_TIME else None
    return state.health if state.reported != state.health and _is_certain(state, now) else None


def is_stale(config: SourceConfig, memory: Memory, now: datetime) -> bool:
    """Whether there was nothing new for longer than `stale_after` in feeds.yml."""
    last = memory.last_change_at or memory.first_success_at
    return config.stale_after is not None and last is not None and now - last > config.stale_after


def report_state(work: Work, state: SourceState, before: SourceState | None) -> SourceState:
    """Report trouble or recovery to the admin channel; return the state that records the report."""
    feeds, zone, now = work.config.feeds, work.zone, work.now
    if state.health.good and source_records.reported(work.tx).isdisjoint((OUTAGE, LULL, state.reported)):
        return state
    if state.health.good or _is_certain(state, now):
        reported = _report_outage(work, state)
        if reported is not None:
            return reported
    state = _report_lull(work, state)
    trouble = None if state.reported in (LULL, _STILL_SILENT) else due_report(state, now)
    if trouble is None:
        return replace(state, reported=None) if state.health.good else state
    config, over = feeds.sources[state.id], before if trouble is Health.OK else None
    if over:
        card = _recovery_card(config, zone, over, now)
    else:
        card = _trouble_card(config, zone, state, _other_sources(work, state), now)
    _post(work, f"health:{state.id}:{trouble}:{to_text((over or state).since)}", card)  # the same after a restore
    return replace(state, reported=None if over else trouble.value)


def _is_certain(state: SourceState, now: datetime) -> bool:
    """Whether the trouble lasts: an empty answer or a lost connection may be an accident."""
    if state.health is Health.EMPTY:
        return state.failures >= 2
    if state.health in (Health.UNREACHABLE, Health.DETOUR):
        return state.failures >= 3 or now - state.since >= _UNREACHABLE_FOR
    return True


def _trouble_card(
    config: SourceConfig, zone: tzinfo, state: SourceState, others: Sequence[SourceState], now: datetime
) -> Card:
    since = wording.with_period(f"Since {wording.clock(state.since, zone, now)}")
    lines = (state.detail, f"{since} {_others_line(others)}".rstrip(), advice(state.health))
    accept = Button("The address is right", "feeds accept", (("name", state.id),))
    buttons = (accept,) if state.health is Health.FOREIGN else ()
    return Card.of(Mark.HEALTH, f"“{config.name}” {state.health.words}", *lines, buttons=buttons)


def _others_line(states: Sequence[SourceState]) -> str:
    count, troubled = len(states), sum(not state.health.good for state in states)
    if count < 2:
        return f"The other source {'has a problem, too' if troubled else 'is fine'}." if states else ""
    if not troubled:
        return f"The other {wording.number(count, 'source')} are fine."
    return f"Of the other {count:,} sources, {troubled} {'has a problem' if troubled == 1 else 'have problems'}, too."


def _recovery_card(config: SourceConfig, zone: tzinfo, before: SourceState, now: datetime) -> Card:
    assert before.reported is not None
    # Before it ended, the reported trouble may have turned into another that was too short to report.
    trouble, since = Health(before.reported), wording.clock(before.since, zone, now)
    duration = f"lasted from {since} until now" if before.health is trouble else "is over"
    line = f"The reported problem (it {trouble.words}) {duration}."
    return Card.of(Mark.HEALTH, f"“{config.name}” works again", line)


# --- outages of this machine's network -------------------------------------------------------------------------------


def _report_outage(work: Work, state: SourceState) -> SourceState | None:
    """Report the start or end of an outage; return the source's new state if the outage explains its failure.

    `state`: a source that answers, or that has certainly failed. None means: report this source separately, if at all.
    While nobody knows whether the others can be reached, they are asked first, and nothing is reported. When a source
    answers after an outage, the others are asked at once.
    """
    tx, now, feeds = work.tx, work.now, work.config.feeds
    since = source_records.outage_since(tx)
    if state.health.good:
        if since is not None:
            log.info("a source answers again")
            source_records.report_as(tx, OUTAGE, None)
            source_records.ask_now(tx, [other.id for other in _unreachable(_other_sources(work, state))], now)
            card = _outage_over_card(feeds.sources[state.id].name, work.zone, since, now)
            _post(work, f"outage-over:{to_text(since)}", card)
        return replace(state, reported=None) if state.reported == OUTAGE else None
    if state.health is not Health.UNREACHABLE or state.reported == Health.UNREACHABLE:
        return None
    if since is None:
        others = _other_sources(work, state)
        if not _is_outage(state, others):
            unknown = _to_ask_first(state, others, now)
            source_records.ask_now(tx, unknown, now)
            return replace(state, due_at=min(state.due_at, now + _SOON)) if unknown else None
        # The card may wait for the network as well.
        what = "no source answers: %s. Check the connection of this machine, its DNS, and any proxy or firewall"
        _LINES.warning(what, state.detail)
        card = _outage_card(work.zone, state, others, now)
        _post(work, f"outage:{to_text(state.since)}", card)
    return replace(state, reported=OUTAGE)


def _is_outage(state: SourceState, others: Sequence[SourceState]) -> bool:
    """Whether no other source, but for those reported as unreachable before, answered since this one failed. Pure."""
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


def _other_sources(work: Work, state: SourceState) -> list[SourceState]:
    """The states of the other enabled sources."""
    enabled = work.config.feeds.enabled.keys() - {state.id}
    return [other for id_, other in source_records.source_states(work.tx).items() if id_ in enabled]


def _outage_card(zone: tzinfo, state: SourceState, others: Sequence[SourceState], now: datetime) -> Card:
    down = [state, *_unreachable(others)]
    since = wording.clock(min(source.since for source in down if source.reported != Health.UNREACHABLE), zone, now)
    sources, others_count = wording.number(len(others) + 1, "source"), len(others) + 1 - len(down)
    return Card.of(
        Mark.HEALTH,
        f"Nothing can be reached since {since}: {len(down)} of {sources} checked",
        state.detail,
        f"The other {wording.number(others_count, 'source')} will be checked when due." if others_count else "",
        "This looks like a network problem of the bot's machine. After one source answers, all others are checked.",
        "On that machine, check its connection, its DNS, and any proxy or firewall between it and the internet.",
    )


def _outage_over_card(source: str, zone: tzinfo, since: datetime, now: datetime) -> Card:
    return Card.of(
        Mark.HEALTH,
        "Sources can be reached again",
        f"Nothing could be reached from {wording.clock(since, zone, now)} until now.",
        f"“{source}” was the first to answer. Other failures are reported separately.",
    )


# --- sources that are silent together ---------------------------------------------------------------------------------


def _report_lull(work: Work, state: SourceState) -> SourceState:
    """Report that most sources are silent, once, and the end of that; return the state with what was reported of it.

    In a recess, a lapse of funding or a holiday week they all answer and have nothing new: no feed is at fault.
    """
    feeds, zone, now = work.config.feeds, work.zone, work.now
    states = [state, *_other_sources(work, state)]
    rated = [each for each in states if feeds.sources[each.id].stale_after and each.memory.first_success_at]
    silent = [each for each in rated if each.health is Health.STALE]
    lasts = len(silent) >= _MIN_SILENT and 2 * len(silent) >= len(rated)
    is_known = any(each.reported == LULL for each in states)
    names = wording.listed([f"“{feeds.sources[each.id].name}”" for each in silent])
    if lasts and not is_known and state.health is Health.STALE:
        since = min((each.memory.last_change_at or each.since) for each in silent)
        lines = (
            f"They answer, and have had nothing new for longer than usual: {names}.",
            "Silence is expected in a recess of Congress, a lapse of funding or a week of holidays.",
            "If there is none, look at the publishers' own pages.",
        )
        head = (
            f"Most sources are silent: {len(silent)} of {len(rated)}, the first since {wording.clock(since, zone, now)}"
        )
        source_records.report_as(work.tx, Health.STALE, LULL)
        _post(work, f"lull:{to_text(now)}", Card.of(Mark.HEALTH, head, *lines))
    elif is_known and not lasts:
        source_records.report_as(work.tx, LULL, _STILL_SILENT)
        line = f"Still silent: {names}." if silent else "All of them have something new."
        card = Card.of(Mark.HEALTH, "The silence is over: sources publish again", line)
        _post(work, f"lull-over:{to_text(now)}", card)
    if state.health is Health.STALE and (lasts or state.reported == LULL):
        return replace(state, reported=LULL if lasts else _STILL_SILENT)
    was_named = state.reported in (LULL, _STILL_SILENT)
    return replace(state, reported=None) if was_named and state.health is not Health.STALE else state


def _post(work: Work, name: str, card: Card) -> None:
    feeds = work.config.feeds
    post(work, place(feeds.admin, feeds), name, card, kind=KIND)
