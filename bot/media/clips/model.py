"""A clip report: of which time, of which stories, and what is counted. Pure.

Stories are counted, copies beside them and never with them. There is no advertising value: the Barcelona Principles of
the trade say that it is not what communication is worth. Reach is not counted, for nobody here is its source.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import Final
from zoneinfo import ZoneInfo

from bot.media.news.model import Mention, Story, Tone
from bot.media.press.inquiries.model import Inquiry, State
from bot.media.press.model import folded
from bot.store.blanking import REDACTED

WEEK: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days in the coalition's zone: from `first` to `last`, both in it."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def before(self) -> Period:
        """As many days before it."""
        return Period(self.first - timedelta(days=self.days), self.first - timedelta(days=1))

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last

    @property
    def said(self) -> str:
        """`November 16–22, 2026`, `November 30 – December 6, 2026`."""
        first, last = self.first, self.last
        if first == last:
            return long_date(last)
        if (first.year, first.month) == (last.year, last.month):
            return f"{last:%B} {first.day}–{last.day}, {last.year}"
        year = f", {first.year}" if first.year != last.year else ""
        return f"{first:%B} {first.day}{year} – {long_date(last)}"


def long_date(day: date) -> str:
    """`November 16, 2026`."""
    return f"{day:%B} {day.day}, {day.year}"


def week(day: date) -> Period:
    """Monday to Sunday around a day."""
    monday = day - timedelta(days=day.weekday())
    return Period(monday, monday + timedelta(days=6))


def month(day: date) -> Period:
    return Period(day.replace(day=1), _month_end(day))


def quarter(day: date) -> Period:
    first = day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    return Period(first, _month_end(first.replace(month=first.month + 2)))


def _month_end(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """The stories of a period that name us, oldest first, and what else its report counts.

    `apart`: stories on an ask that name none of us, oldest first. `own`: stories that only members, the coalition or an
    office told in releases of their own, which are no coverage. `tiers`: by the folded name of an outlet. `earlier`:
    how many stories the same number of days before had. `watched_since`: the first day on which a news source was read,
    None where none was.
    """

    period: Period
    zone: ZoneInfo
    stories: tuple[Story, ...]
    apart: tuple[Story, ...] = ()
    watched_since: date | None = None
    own: int
    muted: int
    earlier: int
    inquiries: tuple[Inquiry, ...]
    tiers: Mapping[str, int]

    @property
    def placements(self) -> int:
        return sum(len(placements(story)) for story in self.stories)

    @property
    def watched_before(self) -> bool:
        """Whether the same number of days before was watched, so that the two can be compared."""
        return self.watched_since is not None and self.watched_since <= self.period.before.first

    @property
    def begins(self) -> date:
        """The first day that charts show: days that nobody watched are left out, unless something is known of them."""
        days = [*(story.day(self.zone) for story in self.stories), *filter(None, (self.watched_since,))]
        return max(self.period.first, min(days, default=self.period.first))

    def tier(self, story: Story) -> int | None:
        """Of the best of its outlets that are on the press list; None where none has one."""
        return min((self.tiers[key] for name in story.outlets if (key := folded(name)) in self.tiers), default=None)

    def by_week(self) -> dict[date, int]:
        """By the Monday of each week of the period; by each day where it is no longer than a fortnight."""
        step = timedelta(days=1) if self.period.days <= 14 else WEEK
        day = self.begins if step < WEEK else week(self.begins).first
        found: dict[date, int] = {}
        while day <= self.period.last:
            found[day] = sum(day <= story.day(self.zone) < day + step for story in self.stories)
            day += step
        return found

    def by_ask(self) -> Counter[int]:
        return Counter(ask for story in self.stories for ask in story.asks)

    def by_entity(self) -> Counter[str]:
        return Counter(entity for story in self.stories for entity in story.entities)

    def by_tier(self) -> Counter[int | None]:
        return Counter(self.tier(story) for story in self.stories)

    def by_tone(self) -> Counter[Tone | None]:
        """None: nobody has read it for its tone yet, which is not the same as unclear."""
        return Counter(story.tone for story in self.stories)

    def with_us(self, ours: frozenset[str]) -> int:
        """Stories in which one of us speaks: as a person has said, or as the text was read."""
        return sum(bool(story.spokesperson) or not ours.isdisjoint(story.quoted) for story in self.stories)

    def writers(self) -> list[tuple[str, int]]:
        """Who wrote two stories or more, the most first."""
        names = Counter(name for story in self.stories if (name := writer(story)))
        return [(name, count) for name, count in names.most_common() if count > 1]


@dataclass(frozen=True, slots=True)
class Answers:
    """How the press was answered: minutes to the first word and to the answer (medians, None without any)."""

    received: int
    heard: int | None
    answered: int | None
    late: int
    waiting: int


def answers(inquiries: Sequence[Inquiry]) -> Answers:
    """Of the inquiries received in a period. Of requests to meet someone served only the number is told."""
    heard = [it.acknowledged_at - it.received_at for it in inquiries if it.acknowledged_at]
    answered = [it.answered_at - it.received_at for it in inquiries if it.answered_at]
    return Answers(
        received=len(inquiries),
        heard=_minutes(heard),
        answered=_minutes(answered),
        late=sum(it.state is State.ANSWERED and it.late(it.received_at) for it in inquiries),
        waiting=sum(it.state.open for it in inquiries),
    )


def placements(story: Story) -> tuple[Mention, ...]:
    """Where a story was published, the original first; a release of an organization or an office is no placement."""
    return tuple(mention for mention in story.mentions if not mention.first_party)


def writer(story: Story) -> str:
    """Who wrote it: a person's word, else the byline of its first placement; "" while the story is withheld."""
    if story.withheld:
        return ""
    name = story.reporter or placements(story)[0].reporter
    return "" if name == REDACTED else name


def _minutes(lengths: Sequence[timedelta]) -> int | None:
    return round(median(length.total_seconds() for length in lengths) / 60) if lengths else None
