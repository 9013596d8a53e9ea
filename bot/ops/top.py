"""What `coalition-bot top` shows of a running bot: its loops, sources, queue, holds and last errors, from the store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.alerts.campaign import Campaign
from bot.entries import source_records
from bot.ops import pulse
from bot.ops.pulse import Loop
from bot.outbox import dead_letters, holds
from bot.outbox.holds import Hold
from bot.outbox.model import State
from bot.store.database import Reader

_ERRORS: Final = 5  # the latest
_FAILED: Final = (State.RETRY, State.AMBIGUOUS, State.DEAD)
_SILENT: Final = 3  # times in a row that the pulse was not saved


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """A source. `late`: by how many seconds its next check is overdue, negative before it is due."""

    id: str
    health: str
    good: bool
    since: datetime
    checked_at: datetime
    late: float
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorRow:
    """What fails and why. `since`: of a source's state, a loop's last failure, or when the message was written."""

    what: str
    why: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One look. `beat_at`: when the bot last saved its pulse, None if it never did. `sources`: the worst first."""

    at: datetime
    beat_at: datetime | None
    running: bool
    late: float  # seconds: the event loop's worst delay in the half minute before `beat_at`
    loops: tuple[Loop, ...]
    stuck: tuple[str, ...]
    queue: Mapping[str, int]
    oldest: Mapping[str, datetime]  # by platform: since when the oldest overdue message is due
    holds: tuple[Hold, ...]
    sources: tuple[SourceRow, ...]
    errors: tuple[ErrorRow, ...]


def frame(db: Reader, campaign: Campaign, now: datetime) -> Frame:
    saved = pulse.load(db)
    loops = saved.loops if saved else ()
    counts = dead_letters.counts(db)
    sources = _sources(db, campaign, now)
    return Frame(
        at=now,
        beat_at=saved.at if saved else None,
        running=saved is not None and now - saved.at < _SILENT * timedelta(seconds=saved.every),
        late=saved.late if saved else 0.0,
        loops=loops,
        stuck=tuple(pulse.stuck(loops, saved.at)) if saved else (),
        queue={state.value: counts.get(state, 0) for state in dead_letters.UNSENT},
        oldest=dead_letters.oldest_by_platform(db, mail_per_hour=campaign.config.mail_per_hour, now=now),
        holds=tuple(holds.all_holds(db)),
        sources=sources,
        errors=_errors(db, loops, sources),
    )


def _sources(db: Reader, campaign: Campaign, now: datetime) -> tuple[SourceRow, ...]:
    states = source_records.source_states(db)
    rows = [
        SourceRow(
            id=id_,
            health=states[id_].health.value,
            good=states[id_].health.good,
            since=states[id_].since,
            checked_at=states[id_].checked_at,
            late=(now - states[id_].due_at).total_seconds(),
            detail=states[id_].detail,
        )
        for id_, source in campaign.feeds.sources.items()
        if source.enabled and id_ in states
    ]
    return tuple(sorted(rows, key=lambda row: (row.good, -row.late)))


def _errors(db: Reader, loops: tuple[Loop, ...], sources: tuple[SourceRow, ...]) -> tuple[ErrorRow, ...]:
    """Return the latest errors, newest first."""
    failed = [
        ErrorRow(what=f"loop {loop.name}", why=loop.error, since=loop.failed_at) for loop in loops if loop.failed_at
    ]
    failed += [ErrorRow(what=row.id, why=row.detail, since=row.since) for row in sources if not row.good]
    failed += [
        ErrorRow(what=f"message to {message.channel}", why=message.why or "", since=message.created_at)
        for message in dead_letters.list_messages(db, states=_FAILED)
    ]
    return tuple(sorted(failed, key=lambda row: row.since, reverse=True)[:_ERRORS])
