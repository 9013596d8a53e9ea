"""What organizations spent on lobbying, and how much a charity that elects 501(h) may spend in a tax year. Pure.

Money is in whole cents. Not legal advice.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

SOURCE: Final = "26 U.S.C. 4911 and 501(h), 26 CFR 56.4911, as of November 29, 2026. Not legal advice."
# 26 U.S.C. 4911(c)(2): of expenditures over so many dollars, a base and a percentage of the rest. Not indexed.
BRACKETS: Final = ((0, 0, 20), (500_000, 100_000, 15), (1_000_000, 175_000, 10), (1_500_000, 225_000, 5))
MOST: Final = 1_000_000  # dollars
GRASSROOTS_SHARE: Final = 4  # a quarter of the whole, 4911(c)(4)
STEPS: Final = (100, 80, 50)  # percent of a ceiling, of which its organization gets one message
_MONEY: Final = r"\$? ?(\d{1,3}(?:,\d{3}){1,3}|\d{1,11})(?:\.(\d{1,2}))?"
_HOURS: Final = re.compile(
    rf"(?P<hours>\d{{1,4}})(?:\.(?P<part>\d{{1,2}})|:(?P<minutes>[0-5]\d))? ?(?:h|hrs?|hours?)? ?(?:at|@|x|×) ?{_MONEY}"
    r"(?: ?(?:/|an|per|a) ?(?:h|hr|hour))?",
    re.IGNORECASE,
)


class Kind(StrEnum):
    """What was done. All but the first two are not lobbying: 26 U.S.C. 4911(d), 26 CFR 56.4911-2."""

    DIRECT = "direct"
    GRASSROOTS = "grassroots"
    ANALYSIS = "analysis"
    ADVICE = "advice"
    DEFENSE = "self-defense"
    MEMBERS = "members"
    OTHER = "not legislation"


LOBBYING: Final = (Kind.DIRECT, Kind.GRASSROOTS)
KINDS: Final = {
    Kind.DIRECT: "Direct lobbying: to legislators or their staff, for or against a bill",
    Kind.GRASSROOTS: "Grassroots lobbying: asks the public to contact legislators about a bill",
    Kind.ANALYSIS: "Not lobbying: nonpartisan analysis, study or research",
    Kind.ADVICE: "Not lobbying: advice that a committee requested in writing",
    Kind.DEFENSE: "Not lobbying: on our own existence, powers or tax status",
    Kind.MEMBERS: "Not lobbying: to our own members, without asking them to act",
    Kind.OTHER: "Not lobbying: a regulation, an executive action, a court, a broad problem",
}


class Status(StrEnum):
    ELECTS = "elects 501(h)"
    NOT = "does not elect"
    OTHER = "other"  # no charity, or one that cannot elect


@dataclass(frozen=True, slots=True)
class Cost:
    cents: int
    minutes: int | None = None
    rate_cents: int | None = None

    @property
    def words(self) -> str:
        """`2:30 h at $45, $112.50`."""
        if self.minutes is None or self.rate_cents is None:
            return money(self.cents)
        hours = f"{self.minutes // 60}{f':{self.minutes % 60:02}' if self.minutes % 60 else ''}"
        return f"{hours} h at {money(self.rate_cents)}, {money(self.cents)}"


def read_cost(text: str) -> Cost | None:
    """Read `3 h at $45`, `2:30 at 45.50` or `$1,200`; None for anything else."""
    plain = " ".join(text.split())
    if hit := _HOURS.fullmatch(plain):
        part = int((hit["part"] or "0").ljust(2, "0")) * 60
        minutes = int(hit["hours"]) * 60 + (int(hit["minutes"]) if hit["minutes"] else (part + 50) // 100)
        rate = _cents(hit[4], hit[5])
        return Cost((minutes * rate + 30) // 60, minutes, rate)
    return Cost(cents) if (cents := read_money(plain)) is not None else None


def read_money(text: str) -> int | None:
    hit = re.fullmatch(_MONEY, text.strip())
    return _cents(hit[1], hit[2]) if hit else None


def _cents(dollars: str, cents: str | None) -> int:
    return int(dollars.replace(",", "")) * 100 + int((cents or "0").ljust(2, "0"))


def money(cents: int) -> str:
    """`$1,200`, `$112.50`."""
    return f"${cents // 100:,}" + (f".{cents % 100:02}" if cents % 100 else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line. `corrects`: the number of the line that it takes the place of."""

    id: str
    number: int
    organization: str
    on_day: date
    kind: Kind
    legislation: str
    what: str
    letter_id: str | None
    minutes: int | None
    rate_cents: int | None
    cents: int
    off_grant: int
    corrects: int | None
    entered_by: str
    entered_at: datetime

    @property
    def label(self) -> str:
        return f"H-{self.number}"

    @property
    def cost(self) -> Cost:
        return Cost(self.cents, self.minutes, self.rate_cents)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxYear:
    """A tax year of an organization. `budget_cents`: its exempt-purpose expenditures, None if nobody entered them."""

    organization: str
    begins: date
    elects: Status | None = None  # nobody said
    budget_cents: int | None = None
    reported: str = ""  # "lobbying:50 grassroots:80"

    @property
    def ends(self) -> date:
        """The day after its last."""
        return self.begins.replace(year=self.begins.year + 1)

    @property
    def name(self) -> str:
        """`Jul 2026 to Jun 2027`."""
        return f"{self.begins:%b %Y} to {self.ends - timedelta(days=1):%b %Y}"

    def holds(self, day: date) -> bool:
        return self.begins <= day < self.ends

    @property
    def ceiling(self) -> Ceiling | None:
        """None without an election, or if its budget is not known."""
        return ceiling(self.budget_cents) if self.elects is Status.ELECTS and self.budget_cents is not None else None

    def quarter_of(self, day: date) -> int:
        """From 1 to 4, counted from its first month."""
        return ((day.year - self.begins.year) * 12 + day.month - self.begins.month) // 3 + 1


@dataclass(frozen=True, slots=True)
class Ceiling:
    """What may be spent in the year, and how that was computed."""

    total: int
    grassroots: int
    how: str


def ceiling(budget: int) -> Ceiling:
    """The nontaxable amounts for exempt-purpose expenditures, 26 U.S.C. 4911(c), rounded down to a cent."""
    over, base, percent = max(each for each in BRACKETS if budget > each[0] * 100 or each[0] == 0)
    computed = base * 100 + (budget - over * 100) * percent // 100
    total = min(computed, MOST * 100)
    how = (
        f"{percent}% of {money(budget)}"
        if not over
        else (f"{money(base * 100)} + {percent}% of the {money(budget - over * 100)} over {money(over * 100)}")
    )
    capped = f", at most {money(MOST * 100)}" if computed > total else ""
    grassroots = total // GRASSROOTS_SHARE
    return Ceiling(
        total, grassroots, f"{how}{capped} = {money(total)}; grassroots a quarter of that, {money(grassroots)}"
    )


def year_on(day: date, first_month: int) -> date:
    """The first day of the tax year with this day."""
    return date(day.year - (day.month < first_month), first_month, 1)


def year_of(years: Iterable[TaxYear], organization: str, day: date) -> TaxYear:
    """An organization's tax year with this day. One that nobody entered begins as its last one did, or in January."""
    own = [each for each in years if each.organization == organization]
    last = own[-1] if own else TaxYear(organization=organization, begins=date(day.year, 1, 1))
    guess = replace(last, begins=year_on(day, last.begins.month), budget_cents=None)
    return next((each for each in own if each.holds(day)), guess)


def current(entries: Collection[Entry]) -> list[Entry]:
    """Those that no other corrects."""
    corrected = {each.corrects for each in entries}
    return [each for each in entries if each.number not in corrected]


@dataclass(frozen=True, slots=True)
class Spent:
    """What an organization spent in a tax year."""

    year: TaxYear
    entries: tuple[Entry, ...]

    def of(self, *kinds: Kind, quarter: int = 0) -> int:
        """In cents. `quarter`: only in that of the tax year."""
        chosen = (each for each in self.entries if each.kind in kinds)
        return sum(each.cents for each in chosen if quarter in (0, self.year.quarter_of(each.on_day)))


def reached(spent: int, limit: int) -> list[int]:
    """Those of `STEPS` that are reached, the highest first."""
    return [step for step in STEPS if spent > 0 and spent * 100 >= limit * step]
