"""What the board counts over 26 weeks: alerts by ask, coverage, and letters by stage."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from bot.chat.web.pages import Table
from bot.commands.model import Context
from bot.entries.records import events, raised_since
from bot.entries.source_records import source_states
from bot.shared.calendar import day_in_words
from bot.shared.wording import asks as asks_words
from bot.shared.wording import clock, number
from bot.site import charts

WEEKS: Final = 26
_WEEK: Final = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Station:
    """A stage that a bill or a letter passes. `state`: done, now, ended (passed by, or never reached) or ahead."""

    name: str
    state: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of columns. `last` and `total`: what the current week and all weeks have."""

    label: str
    url: str
    picture: str
    last: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Weekly:
    """Counts by week. `finding`: what they show; `source`: what they rest on, and as of when."""

    finding: str
    rows: tuple[Row, ...]
    axis: str
    source: str
    table: Table


def alerts_by_week(ctx: Context) -> Weekly:
    """The alerts of each ask by week. An event counts once, in the week of its first alert."""
    weeks = weeks_until(ctx.today)
    counts: dict[int, list[int]] = defaultdict(lambda: [0] * WEEKS)
    total = 0
    for event in events(raised_since(ctx.tx, midnight(ctx, weeks[0]))):
        if alerts := [each for each in event if each.alert]:
            total += 1
            week = (ctx.config.coalition.day(alerts[-1].at) - weeks[0]).days // _WEEK.days
            for ask in {ask for each in alerts for ask in each.asks} or {0}:
                counts[ask][max(week, 0)] += 1
    asks = ctx.config.coalition.asks
    labels = {ask: f"{ask}  {config.title}" for ask, config in asks.items()} | {0: "Policy watches"}
    shown = [ask for ask in labels if ask or 0 in counts]
    top = max((max(row) for row in counts.values()), default=0)
    names = {ask: asks_words([ask]) if ask else labels[0] for ask in shown}
    rows = tuple(
        Row(
            label=labels[ask],
            url=f"/asks/{ask}?days=365&level=alert" if ask else "",
            picture=charts.columns(counts[ask], _sentence(names[ask], counts[ask]), top=top),
            last=counts[ask][-1],
            total=sum(counts[ask]),
        )
        for ask in shown
    )  # fmt: skip
    return Weekly(
        finding=_finding({ask: sum(counts[ask]) for ask in asks}, total, weeks[0]),
        rows=rows,
        axis=charts.months(weeks),
        source=f"This board's alerts, as of {clock(ctx.now, ctx.zone, ctx.now)}. {_read_since(ctx, weeks[0])}".strip(),
        table=Table(
            columns=("week of", *names.values()),
            rows=[(week.isoformat(), *(str(counts[ask][n]) for ask in shown)) for n, week in enumerate(weeks)],
        ),
    )


def weeks_until(today: date) -> list[date]:
    """The Mondays of the last 26 weeks, the current one included."""
    monday = today - timedelta(days=today.weekday())
    return [monday - n * _WEEK for n in range(WEEKS - 1, -1, -1)]


def midnight(ctx: Context, day: date) -> datetime:
    """The begin of a day of the coalition."""
    return datetime.combine(day, time(), ctx.zone).astimezone(UTC)


def _finding(by_ask: dict[int, int], total: int, since: date) -> str:
    if not total:
        return f"No alerts since {day_in_words(since)}"
    most = max(by_ask.values(), default=0)
    busiest = [ask for ask, count in by_ask.items() if count == most > 0]
    silent = [ask for ask, count in by_ask.items() if not count]
    every = f"{number(total, 'alert')} in {WEEKS} weeks"
    if len(busiest) == 1 and 1 < most < total:
        every = f"{most:,} of {every} are for {asks_words(busiest)}"
    return f"{every}; none for {asks_words(silent)}" if 0 < len(silent) < len(by_ask) else every


def _sentence(what: str, values: Sequence[int]) -> str:
    """`Ask 4: 29 alerts in 26 weeks, at most 3 in one`."""
    most = f", at most {max(values):,} in one" if any(values) else ""
    return f"{what}: {number(sum(values), 'alert')} in {len(values)} weeks{most}"


def _read_since(ctx: Context, first: date) -> str:
    """When reading began, if the weeks before it are empty for that reason."""
    begun = [state.memory.first_success_at for state in source_states(ctx.tx).values()]
    start = min(filter(None, begun), default=None)
    if start is None:
        return "No source was read yet."
    day = ctx.config.coalition.day(start)
    return f"Nothing was read before {day_in_words(day)}." if day > first else ""
