"""feeds.yml: what is read, what matters, and where it is posted."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Annotated, Any, Literal

from pydantic import Field, FiniteFloat, SerializeAsAny, field_validator

from bot.shared.calendar import begins_week, business_day
from bot.shared.entry import Kind
from bot.shared.platforms import EXAMPLES
from bot.shared.values import (
    Clock,
    Id,
    Place,
    Section,
)
from bot.sources.kinds import SourceConfig as SourceConfig  # noqa: PLC0414 - other rooms have it from here
from bot.watch.learned import is_term
from bot.watch.model import Level

_LogOdds = Annotated[FiniteFloat, Field(ge=-1_000, le=1_000)]  # of log-odds: sums stay finite


class LearnedConfig(Section):
    """What a watch learned from answers: the weights of terms, and the threshold that a score must be above."""

    above: _LogOdds = Field(description="the threshold; a higher one matches less")
    weights: dict[str, _LogOdds] = Field(
        min_length=1,
        description='by word, pair of words, or field such as "agency:education department", how much it speaks for a '
        "Yes, or with a minus against one",
    )

    @field_validator("weights")
    @classmethod
    def _can_match(cls, weights: dict[str, float]) -> dict[str, float]:
        if unknown := next((term for term in weights if not is_term(term)), None):
            raise ValueError(
                f'no entry has the term "{unknown}": write a word or two in lower case, or agency:, type: or docket: '
                "with its name"
            )
        if not any(weight > 0 and ":" not in term for term, weight in weights.items()):
            raise ValueError("nothing can match: at least one word needs a weight above 0")
        return weights


class WatchConfig(Section):
    """Which entries match, and for which ask."""

    name: str = Field(default="", description="what people call it; the id if left out")
    asks: tuple[int, ...] = Field(default=(), description="numbers from coalition.yml; left out: a policy watch")
    level: Level = Field(
        default=Level.DIGEST, description="`alert`: posted at once; `digest`: a line in the next digest"
    )
    query: str = Field(
        default="",
        description="what to look for, in the query language of docs/queries.md; or lists of words: "
        "`all`, `any`, `not`",
    )
    learned: LearnedConfig | None = Field(
        default=None, description="instead of a query: what `/learn start` learned from people's answers"
    )
    kinds: tuple[Kind, ...] = Field(
        default=(),
        description="only these kinds of entries: document, planned-rule, bill, state-bill, hearing, "
        "nomination, court, news, grant, revision",
    )
    sources: tuple[Id, ...] = Field(default=(), description="only these sources")
    note: str = Field(default="", description="why this watch is as it is")


class DigestConfig(Section):
    """When a channel's digest is sent."""

    at: Clock = Field(default=time(8, 30), description="time of day, in the coalition's time zone")
    days: Literal["business-days", "monday", "never"] = Field(
        default="business-days", description="the days on which it is posted"
    )

    def is_due(self, last: date | None, now: datetime, zone: tzinfo) -> bool:
        """Whether a digest is due now; `last` is the local date of the last one (or of the greeting).

        A time of day that daylight saving skips counts as the next moment; one that it repeats counts once.
        """
        local = now.astimezone(zone)
        today = local.date()
        if self.days == "never" or (last is not None and last >= today) or local.time() < self.at:
            return False
        return begins_week(today) if self.days == "monday" else business_day(today)

    def time_on(self, moment: datetime, zone: tzinfo, ahead: int = 0) -> datetime:
        """Return the digest's time of day on the local date of `moment`, or so many days ahead."""
        day = moment.astimezone(zone).date() + timedelta(ahead)
        return datetime.combine(day, self.at, tzinfo=zone).astimezone(UTC)

    def next_time(self, now: datetime, zone: tzinfo) -> datetime | None:
        """Return the next time of day at which a digest may be due, whatever day that is; None if never."""
        times = (self.time_on(now, zone, ahead) for ahead in (0, 1))
        return next((at for at in times if at > now), None) if self.days != "never" else None

    def next_due(self, last: date | None, now: datetime, zone: tzinfo) -> datetime | None:
        """Return when the next digest is due; None if never."""
        for ahead in range(15 if self.days != "never" else 0):
            at = self.time_on(now, zone, ahead)
            if self.is_due(last, max(at, now), zone):
                return max(at, now)
        return None


class ChannelConfig(Section):
    """A place the bot posts to."""

    to: Place = Field(description=", ".join(f"`{place}`" for place in EXAMPLES[:-1]) + f" or `{EXAMPLES[-1]}`")
    digest: DigestConfig = Field(default=DigestConfig(), description="this channel's digest")
    quiet: tuple[Clock, Clock] | None = Field(
        default=None, description='quiet hours: only news of bills becoming law is posted, e.g. ["20:00", "07:00"]'
    )
    letters: bool = Field(
        default=False, description="webhook: true: it also gets an event for each step of a letter (docs/connect.md)"
    )


class RouteConfig(Section):
    """What goes where. Every matching route applies; a channel gets an entry only once."""

    to: Id = Field(description="a channel of this file")
    asks: tuple[int, ...] = Field(
        default=(), description="only matches of these asks; left out: all matches, also without an ask"
    )
    kinds: tuple[Kind, ...] = Field(default=(), description="only these kinds of entries")
    levels: tuple[Level, ...] = Field(default=(), description="only these levels")


class Feeds(Section):
    """feeds.yml: what is watched, and where it is posted."""

    example: bool = Field(
        default=False, description="true: this is the shipped example; remove the line when the file is yours"
    )
    sources: dict[Id, SerializeAsAny[SourceConfig]] = Field(
        description="the sources; a list may name sources from the catalog"
    )
    lists: dict[Id, tuple[Any, ...]] = Field(
        default={}, description="word lists that watches share, by name: a watch writes `list:NAME`"
    )
    watches: dict[Id, WatchConfig] = Field(description="the watches: what to look for")
    channels: dict[Id, ChannelConfig] = Field(description="where messages are posted")
    routes: tuple[RouteConfig, ...] = Field(description="which matches go to which channel")
    admin: Id = Field(description="the channel for problems: failing sources, channels on hold, failed messages")
    safety: Id | None = Field(
        default=None,
        description="while set, posts for all channels go to this one, for a trial week; direct messages and press "
        "inquiries do not",
    )
    press: Id | None = Field(
        default=None,
        description="the channel for story cards and press inquiries; if left out, news is posted only as alerts",
    )
    allow_hosts: tuple[str, ...] = Field(
        default=(),
        description="loopback or private hosts that sources may use; all others are refused. A redirect to one must "
        "keep its scheme and port, unless the entry gives the port (`host:port`)",
    )

    @property
    def enabled(self) -> dict[str, SourceConfig]:
        """The sources that are turned on."""
        return {id_: source for id_, source in self.sources.items() if source.enabled}
