"""A rule that an agency plans, as one edition of the Unified Agenda lists it. Pure.

Its dates are plans, by month: most are missed. They are written as the Agenda gives them and never become deadlines.
"""

from __future__ import annotations

import datetime as dt  # a field is called `month`, another `day`
from dataclasses import dataclass

_SEASONS = {"04": "Spring", "10": "Fall"}


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """One row of a timetable. `month`: "2026-04", "" where none is given; `day`: only of what has a day."""

    action: str  # "NPRM", "Final Rule", "NPRM Comment Period End"
    month: str
    day: dt.date | None = None

    @property
    def when(self) -> str:
        return str(self.day) if self.day else self.month or "no date given"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedRule:
    """One rule. `stage` in the Agenda's words; `exported`: the day on which the edition's file was made."""

    rin: str  # "1121-AA12"
    agency: str
    acronym: str = ""
    stage: str
    steps: tuple[PlannedStep, ...] = ()
    edition: str  # "202604"
    exported: dt.date | None = None

    @property
    def thread(self) -> str:
        return f"rule:{self.rin}"

    @property
    def edition_name(self) -> str:
        """`Spring 2026 agenda`."""
        return f"{_SEASONS.get(self.edition[4:], '')} {self.edition[:4]} agenda".strip()

    @property
    def next_step(self) -> PlannedStep | None:
        """The first step without a date, or dated in the month of the export or later."""
        since = f"{self.exported:%Y-%m}" if self.exported else f"{self.edition[:4]}-{self.edition[4:]}"
        ahead = [step for step in self.steps if not step.month or step.month >= since]
        return min(ahead, key=lambda step: step.month or "9999", default=None)

    @property
    def plan(self) -> str:
        """`NPRM planned for 2026-04 by OVC, RIN 1121-AA12, per the Spring 2026 agenda`."""
        step = self.next_step
        by = f" by {self.acronym or self.agency}"
        if step is None:
            what = f"{self.stage}, no step ahead listed{by}"
        elif not step.month:
            what = f"{step.action} planned{by}, no date given"
        else:
            what = f"{step.action} planned for {step.when}{by}"
        return f"{what}, RIN {self.rin}, per the {self.edition_name}"

    def late(self, today: dt.date) -> bool:
        """Whether the month of the next step has passed."""
        step = self.next_step
        return step is not None and bool(step.month) and step.month < f"{today:%Y-%m}"
