"""What the board counts by week: alerts by ask, and coverage."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from bot.chat.web.pages import Table
from bot.commands.model import Work
from bot.entries import history
from bot.entries.source_records import source_states
from bot.media.clips.model import Counts, Period, counts_as, is_own_release, week
from bot.media.clips.report import stories_covered, watched_since
from bot.media.news.model import Story
from bot.shared.calendar import day_in_words
from bot.shared.wording import asks as asks_words
from bot.shared.wording import clock, number, with_period
from bot.site import charts
from bot.store.database import from_text

_WEEKS: Final = 26
_WEEK: Final = timedelta(weeks=1)
_TALL: Final = 64  # pixels of the highest column where there are few rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Columns, and a sentence with their numbers. `last` and `total`: what the newest week and all weeks have;
    `newest`: the day of the newest alert.
    """

    label: str
    url: str = ""
    newest: date | None = None
    picture: str
    sentence: str
    last: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Weekly:
    """Counts by week. `finding`: what they show; `measure`: what is counted; `source`: what they rest on, and as of
    when; `last`: the newest week.

    `total`: of all rows, an item with two asks once.
    """

    finding: str
    measure: str
    rows: tuple[Row, ...]
    axis: str
    source: str
    last: str
    total: int
    table: Table


def alerts_by_week(ctx: Work, period: Period, only: Collection[int] = ()) -> Weekly:
    """The alerts of each ask, or of `only` some, by week. An event counts once, in the week of its first alert."""
    weeks, end = weeks_of(period), midnight(ctx, period.last + timedelta(days=1))
    begins = [midnight(ctx, max(day, period.first)) for day in weeks]
    asks = {ask: each for ask, each in ctx.config.coalition.asks.items() if not only or ask in only}
    counts, newest, total = {ask: [0] * len(weeks) for ask in (0, *asks)}, dict[int, str](), 0
    for row in history.alerts_by_week(ctx.tx, begins, end, asks, only):
        total += row["asked" if only else "events"]
        counts[0][row["week"]] = 0 if only else row["events"] - row["asked"]
        for ask in asks:
            counts[ask][row["week"]] = row[f"ask_{ask}"]
            newest[ask] = max(newest.get(ask, ""), row[f"ask_{ask}_at"] or "")
    labels = {ask: f"{ask}  {config.title}" for ask, config in asks.items()} | {0: "Policy watches"}
    shown = [ask for ask in labels if ask or any(counts[0])]
    top = max((max(row) for row in counts.values()), default=0)
    names = {ask: asks_words([ask]) if ask else labels[0] for ask in shown}
    rows = tuple(
        _row(
            labels[ask], counts[ask], _sentence(names[ask], "alert", counts[ask]), top=top,
            url=f"/asks/{ask}?days=365&level=alert" if ask else "",
            newest=ctx.config.coalition.day(from_text(at)) if (at := newest.get(ask)) else None,
        )
        for ask in shown
    )  # fmt: skip
    begun = (state.memory.first_success_at for state in source_states(ctx.tx).values())
    read_since = min(map(ctx.config.coalition.day, filter(None, begun)), default=None)
    return _weekly(
        ctx, weeks, rows, {names[ask]: counts[ask] for ask in shown}, total,
        finding=_finding({ask: sum(counts[ask]) for ask in asks}, total, period),
        measure="Alerts by ask and week; an event counts once.",
        source=f"This board's alerts, {{}} {_since('Nothing was read', read_since, period)}",
    )  # fmt: skip


def stories(ctx: Work, period: Period) -> Iterator[tuple[Counts, Story]]:
    """The stories of a period, each with what clip reports count it as."""
    return (
        (counts_as(each, ctx.config.coalition.ours), each) for each in stories_covered(ctx.tx, *bounds(ctx, period))
    )


def coverage_by_week(ctx: Work, period: Period) -> Weekly:
    """The stories that name us by week; apart from them those on our asks alone, and those that only we published."""
    weeks, ours = weeks_of(period), ctx.config.coalition.ours
    labels = {
        Counts.NAMED: "Name us", Counts.UNNAMED: "On our asks, no name", Counts.RELEASE: "Our own releases"
    }  # fmt: skip
    counts = {label: [0] * len(weeks) for label in labels.values()}

    def counted() -> Iterator[Story]:  # one after the other: half a year of them takes tens of MB
        for kind, story in stories(ctx, period):
            if kind in labels and (kind is not Counts.RELEASE or is_own_release(story, ours)):
                counts[labels[kind]][(story.day(ctx.zone) - weeks[0]).days // _WEEK.days] += 1
            yield story

    begun = watched_since(ctx, counted())
    named = counts["Name us"]
    scale = _TALL / max(1, *map(max, counts.values()))
    rows = tuple(
        _row(
            label, row, _sentence(label, "item", row), tall=round(max(row) * scale),
            style="bar" if row is named else "mid",
        )
        for label, row in counts.items()
    )  # fmt: skip
    total = number(sum(named), "story names us", "stories name us")
    seen = any(map(any, counts.values()))  # what people added counts, too
    begun = begun or (period.first if seen else None)
    peak = f"; the busiest, that of {day_in_words(weeks[named.index(max(named))])}, had {max(named)}"
    return _weekly(
        ctx, weeks, rows, counts, sum(named),
        finding=f"{total}{_while_read(begun, period, len(weeks))}{peak if sum(named) > max(named) else ''}",
        measure="Stories by week, as clip reports count them: reprints once, muted stories not at all.",
        source=f"The news that this board reads and what people added, {{}} "
        f"{_since('The news was not watched', begun, period)}",
    )  # fmt: skip


def _weekly(
    ctx: Work, weeks: Sequence[date], rows: tuple[Row, ...], counts: Mapping[str, Sequence[int]], total: int,
    *, finding: str, measure: str, source: str,
) -> Weekly:  # fmt: skip
    """`source`: with a place for the sentence's end, which is the time."""
    return Weekly(
        finding=finding,
        measure=f"{measure} All rows share one scale; the number is the row's busiest week.",
        rows=rows,
        axis=charts.months(weeks),
        source=source.format(with_period(f"as of {clock(ctx.now, ctx.zone, ctx.now)}")).strip(),
        last="This week" if ctx.today - weeks[-1] < _WEEK else "Last week",
        total=total,
        table=Table(
            columns=("week of", *counts),
            rows=[(week.isoformat(), *(str(row[n]) for row in counts.values())) for n, week in enumerate(weeks)],
        ),
    )


def _row(
    label: str, counts: Sequence[int], sentence: str, *, url: str = "", newest: date | None = None, **drawing: Any
) -> Row:
    return Row(label=label, url=url, newest=newest, picture=charts.columns(counts, sentence, **drawing),
               sentence=sentence, last=counts[-1], total=sum(counts))  # fmt: skip


def half_year(today: date) -> Period:
    """The last 26 weeks, the current one included."""
    return Period(week(today).first - (_WEEKS - 1) * _WEEK, today)


def weeks_of(period: Period) -> list[date]:
    """The Mondays of the weeks of a period."""
    first = week(period.first).first
    return [first + n * _WEEK for n in range((period.last - first).days // _WEEK.days + 1)]


def bounds(ctx: Work, period: Period) -> tuple[datetime, datetime]:
    """When a period begins and ends."""
    return midnight(ctx, period.first), midnight(ctx, period.last + timedelta(days=1))


def midnight(ctx: Work, day: date) -> datetime:
    """When a day of the coalition begins."""
    return datetime.combine(day, time(), ctx.zone).astimezone(UTC)


def _finding(by_ask: Mapping[int, int], total: int, period: Period) -> str:
    if not total:
        return f"No alerts since {day_in_words(period.first)}"
    most = max(by_ask.values(), default=0)
    busiest = [ask for ask, count in by_ask.items() if count == most > 0]
    silent = [ask for ask, count in by_ask.items() if not count]
    every = f"{number(total, 'alert')} in {number(len(weeks_of(period)), 'week')}"
    if len(busiest) == 1 and 1 < most < total:
        every = f"{most:,} of {every} are for {asks_words(busiest)}"
    return f"{every}; none for {asks_words(silent)}" if 0 < len(silent) < len(by_ask) else every


def _sentence(what: str, one: str, values: Sequence[int]) -> str:
    """`Ask 4: 29 alerts in 26 weeks, at most 3 in one`."""
    most = f", at most {max(values):,} in one" if any(values) else ""
    return f"{what}: {number(sum(values), one)} in {number(len(values), 'week')}{most}"


def _while_read(start: date | None, period: Period, weeks: int) -> str:
    """The time that a count of news is of: the weeks, or since when news was read; nothing counts what nobody read."""
    if start is None:
        return "; no news source was read yet"
    late = start > period.first
    return f" since {day_in_words(start)}, when news was first read" if late else f" in {number(weeks, 'week')}"


def _since(what: str, start: date | None, period: Period) -> str:
    """When reading began, if days of the period before it are empty for that reason."""
    if start is None:
        return f"{what} yet."
    return f"{what} before {day_in_words(start)}." if start > period.first else ""
