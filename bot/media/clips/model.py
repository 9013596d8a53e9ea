"""Clip reports: their period, their stories and their counts. Pure.

Stories are counted; copies are listed with their story and counted separately. There is no advertising value: the
Barcelona Principles reject it as a measure of communication. Reach is not counted, because no source states it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from bot.config.coalition import Coalition
from bot.config.feeds import Feeds
from bot.media.contacts.model import Inquiry
from bot.media.news.model import Story
from bot.people.contacts import normalize
from bot.shared.calendar import day_of_a_letter
from bot.store.names import REDACTED

WEEK: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days in the coalition's zone, from `first` to `last` inclusive."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def previous(self) -> Period:
        """The period of the same length before this one."""
        return Period(self.first - timedelta(days=self.days), self.first - timedelta(days=1))

    def contains(self, day: date) -> bool:
        return self.first <= day <= self.last

    @property
    def text(self) -> str:
        """`November 16–22, 2026`, `November 30 – December 6, 2026`."""
        first, last = self.first, self.last
        if first == last:
            return day_of_a_letter(last)
        if (first.year, first.month) == (last.year, last.month):
            return f"{last:%B} {first.day}–{last.day}, {last.year}"
        year = f", {first.year}" if first.year != last.year else ""
        return f"{first:%B} {first.day}{year} – {day_of_a_letter(last)}"


def week(day: date) -> Period:
    """The week around a day, Monday to Sunday."""
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
class Report:
    """The stories of a period that name us, oldest first, and the other content of its report.

    `about`: its ask or entity; "" for all. `voice`: include share of voice.

    `unnamed`: stories on an ask that name none of us, oldest first. `own_releases`: number of stories that appeared
    only in releases of members, the coalition or an office, which are no coverage; `releases`: those of us among them.
    `muted`, `others`: number of muted stories, and of those that neither name us nor are on an ask. `earlier`: number
    of stories in the previous period. `tiers`: by the normalized name of an outlet. `watched_since`: the first day on
    which a news source was read; None if there was none.
    """

    title: str
    coalition: Coalition
    feeds: Feeds
    names: Mapping[str, str]  # of people, by id
    now: datetime
    about: str = ""
    voice: bool = False
    period: Period
    zone: ZoneInfo
    stories: tuple[Story, ...]
    unnamed: tuple[Story, ...] = ()
    watched_since: date | None = None
    own_releases: int
    releases: tuple[Story, ...] = ()
    muted: int
    others: int = 0
    earlier: int
    inquiries: tuple[Inquiry, ...]
    tiers: Mapping[str, int]

    @property
    def placements(self) -> int:
        return sum(len(story.outlets) for story in self.stories)

    @property
    def watched_before(self) -> bool:
        """Whether the previous period was watched, so that the two can be compared."""
        return self.watched_since is not None and self.watched_since <= self.period.previous.first

    @property
    def first_day(self) -> date:
        """The first day in charts: earlier days were not watched and have no stories."""
        days = [each.day(self.zone) for each in (*self.stories, *self.releases)]
        return max(self.period.first, min([*days, *filter(None, (self.watched_since,))], default=self.period.first))

    def tier(self, story: Story) -> int | None:
        """The best tier of the story's outlets on the press list; None if none has a tier."""
        return min((self.tiers[key] for name in story.outlets if (key := normalize(name)) in self.tiers), default=None)

    def by_week(self, stories: Sequence[Story]) -> dict[date, int]:
        """Number of these stories by the Monday of each week; by day if the period is at most 14 days."""
        step = timedelta(days=1) if self.period.days <= 14 else WEEK
        day = self.first_day if step < WEEK else week(self.first_day).first
        counts: dict[date, int] = {}
        while day <= self.period.last:
            counts[day] = sum(day <= story.day(self.zone) < day + step for story in stories)
            day += step
        return counts

    def writers(self) -> list[tuple[str, int]]:
        """Authors of two or more stories with their counts, highest first."""
        names = Counter(name for story in self.stories if (name := story_author(story)))
        return [(name, count) for name, count in names.most_common() if count > 1]


class Counts(StrEnum):
    """What a story counts as."""

    NAMED = "named"  # it names us
    UNNAMED = "unnamed"  # it is on our asks, without our name
    RELEASE = "release"  # only an organization or office published it, which is no coverage
    MUTED = "muted"
    OTHER = "other"  # a watch without an ask raised it


def as_covered(story: Story) -> Story:
    """Return a story as outlets published it: without the releases of organizations and offices, if others have it."""
    others = [mention for mention in story.mentions if not mention.first_party]
    if story.withheld:
        others = [replace(mention, withheld=mention.headline) for mention in others]
    return replace(story, mentions=tuple(others)) if others else story


def counts_as(story: Story, ours: frozenset[str]) -> Counts:
    """`story`: as covered; `ours`: the ids of the coalition and its members."""
    if story.original.first_party:
        return Counts.RELEASE
    if story.muted_at is not None:
        return Counts.MUTED
    if not ours.isdisjoint(story.entities):
        return Counts.NAMED
    return Counts.UNNAMED if story.asks or story.entities else Counts.OTHER


def is_own_release(story: Story, ours: frozenset[str]) -> bool:
    """Whether the story is no coverage, because it appeared only in releases, and one is ours."""
    return story.original.first_party and any(n.own and n.entity in ours for each in story.mentions for n in each.names)


def by_event(stories: Sequence[Story]) -> list[Story]:
    """Stories, oldest first, with those of one event after its first."""
    events: dict[str, list[Story]] = {}
    for story in stories:
        events.setdefault(story.event, []).append(story)
    return [story for event in events.values() for story in event]


def story_author(story: Story) -> str:
    """The story's author as entered by a person, else the first byline; "" while the story is withheld."""
    if story.withheld:
        return ""
    name = story.reporter or story.original.reporter
    return "" if name == REDACTED else name
