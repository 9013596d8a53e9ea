"""The campaign's status as plain values, for the command line and for chat."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.alerts import baseline, digest, posted
from bot.alerts.source_health import KIND, advice
from bot.commands.model import Job
from bot.config.load import Config
from bot.entries import source_records
from bot.entries.source_records import SourceState, is_overdue
from bot.outbox import connections, holds, queued
from bot.outbox.holds import Hold
from bot.outbox.messages import place, post
from bot.shared.answer import Health
from bot.shared.card import Card, Mark
from bot.shared.wording import duration
from bot.store import memo
from bot.store.database import Reader

_DELAYS_OF: Final = timedelta(days=30)
_MIN_DELAYS: Final = 5  # fewer say nothing about the next


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLine:
    """The state of a source; `health` and all times are None before its first check."""

    id: str
    name: str
    enabled: bool
    health: Health | None
    detail: str
    since: datetime | None
    checked_at: datetime | None
    last_change_at: datetime | None
    due_at: datetime | None
    delay: str = ""  # from publication to the first channel, in the last month; "" if too little is known

    @property
    def needs_attention(self) -> bool:
        return self.enabled and self.health is not None and not self.health.good

    def overdue(self, now: datetime) -> bool:
        return is_overdue(self.due_at, now)

    @property
    def advice(self) -> str:
        """What to try; "" if nothing is wrong."""
        return advice(self.health) if self.health else ""

    @property
    def state(self) -> str:
        """Its health in words, if it is turned on."""
        return "turned off" if not self.enabled else self.health.label if self.health else "not checked yet"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelLine:
    """A channel's target, the reasons of its holds (or ""), and its next digest. `first`: it has had none yet."""

    name: str
    to: str
    held: str
    digest_lines: int
    next_digest: datetime | None
    first: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    sources: tuple[SourceLine, ...]
    channels: tuple[ChannelLine, ...]
    watches: int
    asks: int
    queue: Mapping[str, int]  # deliveries by state
    mail: queued.WaitingMail | None  # what waits for the limit of email an hour
    holds: tuple[Hold, ...]
    lines: tuple[connections.ConnectionDown, ...]  # the platforms on which commands and buttons do not work
    checked_at: datetime | None  # when any source was last checked
    safety: str | None
    synopses: str  # note on asks with unread grant announcements; "" for none

    @property
    def healthy(self) -> bool:
        """Whether every source is healthy, nothing is on hold, no message failed and every platform is connected."""
        bad = any(source.needs_attention for source in self.sources)
        return not bad and not self.holds and not self.lines and not self.queue.get("dead")


def status(db: Reader, config: Config, *, now: datetime) -> Status:
    """Return the campaign's status, with sources and channels in the order of feeds.yml."""
    states, on = source_records.source_states(db), config.feeds.enabled
    limit = config.mail_per_hour
    active = tuple(holds.in_effect(db, now=now))
    memos = {platform: memo.get_memo(db, connections.memo_name(platform)) for platform in ("slack", "discord", "mail")}
    down = (connections.load(platform, noted) for platform, noted in memos.items())
    return Status(
        sources=_source_lines(config, states, posted.delays(db, now - _DELAYS_OF, now)),
        channels=_channels(db, config, active, now),
        watches=len(config.feeds.watches),
        asks=len(config.coalition.asks),
        queue={state.value: count for state, count in queued.counts(db).items()},
        mail=queued.waiting_mail(db, per_hour=limit, now=now),
        holds=active,
        lines=tuple(filter(None, down)),
        checked_at=max((state.checked_at for state in states.values() if state.id in on), default=None),
        safety=config.feeds.safety,
        synopses=digest.synopses_only(states, config.feeds, list(config.coalition.asks)),
    )


def source_lines(db: Reader, config: Config) -> tuple[SourceLine, ...]:
    """Return what `status` says of the sources, without their delays, with one statement: pages need no more."""
    return _source_lines(config, source_records.source_states(db), {})


def _source_lines(
    config: Config, states: Mapping[str, SourceState], delays: Mapping[str, Sequence[timedelta]]
) -> tuple[SourceLine, ...]:
    return tuple(_source(id_, config, states.get(id_), delays.get(id_, ())) for id_ in config.feeds.sources)


def _source(id_: str, config: Config, state: SourceState | None, delays: Sequence[timedelta]) -> SourceLine:
    section = config.feeds.sources[id_]
    return SourceLine(
        id=id_,
        name=section.name,
        enabled=section.enabled,
        health=state.health if state else None,
        detail=state.detail if state else "never checked",
        since=state.since if state else None,
        checked_at=state.checked_at if state else None,
        last_change_at=state.memory.last_change_at if state else None,
        due_at=state.due_at if state and section.enabled else None,
        delay=_delay(delays) if len(delays) >= _MIN_DELAYS else "",
    )


def _delay(delays: Sequence[timedelta]) -> str:
    """`usually 12 min, 19 of 20 within 55 min`: the median, and how many of all were within the 95th percentile."""
    middle, late = (math.ceil(len(delays) * share) for share in (0.5, 0.95))
    ordered = sorted(delays)
    within = f"{late:,} of {len(delays):,} within {duration(ordered[late - 1])}"
    return f"usually {duration(ordered[middle - 1])}, {within}"


def report_delays(job: Job) -> None:
    """Post once a month to the admin channel how soon after its publication each source's news came last month."""
    config, feeds, today = job.config, job.config.feeds, job.config.coalition.day(job.now)
    ended = datetime(today.year, today.month, 1, tzinfo=config.zone)
    began = (ended - timedelta(days=1)).replace(day=1)
    sources = _source_lines(config, {}, posted.delays(job.db, began, ended))
    if lines := [f"{source.name}: {source.delay}" for source in sources if source.delay]:
        head = f"How soon after publication alerts were posted in {began:%B %Y}"
        card = Card.of(Mark.HEALTH, head, *lines, foot="Of sources that give the hour.")
        with job.write() as work:
            post(work, place(feeds.admin, feeds), f"delays:{began:%Y-%m}", card, kind=KIND)


def _channels(db: Reader, config: Config, active: tuple[Hold, ...], now: datetime) -> tuple[ChannelLine, ...]:
    greeted = posted.last_posted(db, baseline.GREETING)
    digests = posted.last_posted(db, digest.KIND)
    days = digest.last_days(db, greeted | digests, config, now)
    lines = []
    for name, channel in config.feeds.channels.items():
        to = place(name, config.feeds)
        scopes = (holds.ALL, holds.platform_scope(to.platform), holds.channel_scope(to.channel))
        lines.append(
            ChannelLine(
                name=name,
                to=config.feeds.channels[to.channel].to,
                held="; ".join(hold.why for hold in active if hold.scope in scopes),
                digest_lines=len(posted.waiting_lines(db, name)),
                next_digest=digest.schedule(db, name, channel).next_due(days[name], now, config.zone)
                if name in greeted
                else None,
                first=name not in digests,
            )
        )
    return tuple(lines)
