"""What we probably miss: a random sample of each month's unmatched entries, and the estimate from its answers.

News is not sampled: the press has its own watches and reports.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Final

from bot.alerts.campaign import Campaign
from bot.alerts.plan import ask_channels
from bot.entries import records as entries
from bot.learning import records, rounds, samples
from bot.learning.records import ALL_ASKS, Answer
from bot.learning.samples import CONFIDENCE, STRATA, Sample, Stratum, bounds
from bot.shared import wording
from bot.shared.card import Button, Line, Section
from bot.store.database import Reader

JUDGE: Final = Button("Judge the sample", "watch sample")
_NO_ESTIMATE: Final = "There is no estimate yet of what we miss"
_TOO_FEW: Final = "Most sampled entries were skipped or are no longer stored. The next month has a new sample."


@dataclass(frozen=True, slots=True)
class Report:
    """The estimate, or why there is none, and how it is reckoned.

    `sample`: the newest; `waiting`: ids of its entries without an answer.
    """

    head: str
    lines: tuple[str, ...]
    sample: Sample | None
    waiting: tuple[str, ...]

    @property
    def section(self) -> Section:
        return Section("What we miss", tuple(map(Line, (f"{self.head}.", *self.lines))))

    @property
    def buttons(self) -> tuple[Button, ...]:
        return (JUDGE,) if self.waiting else ()


def due(db: Reader, audience: str, campaign: Campaign, last: datetime, now: datetime, dice: Random) -> Report | None:
    """The report for a channel's first digest of a month; None in other digests and channels, or without a sample.

    Only the channel with the alerts on the asks gets it. Its sample may be new and is to be saved.
    """
    local, before = now.astimezone(campaign.zone), last.astimezone(campaign.zone)
    asks = tuple(campaign.coalition.asks)
    if f"{local:%Y-%m}" == f"{before:%Y-%m}" or not asks or audience != ask_channels(asks, campaign.feeds)[0]:
        return None
    made = report(db, new_sample(db, campaign, now, dice))
    return made if made.sample else None


def new_sample(db: Reader, campaign: Campaign, now: datetime, dice: Random) -> Sample | None:
    """Draw the sample of last month; None if there is one already, or the bot did not run for the whole month.

    It ranks all of the month's entries, which takes seconds: call it before a transaction.
    """
    until = now.astimezone(campaign.zone).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    since = (until - timedelta(days=1)).replace(day=1)
    month = f"{since:%Y-%m}"
    first = entries.first_seen_at(db)
    if first is None or first >= since or any(each.month == month for each in samples.load(db)):
        return None
    ids = entries.unmatched_between(db, since, until, news=False)
    if not ids:
        return None
    asks = [each.learning_text for each in campaign.coalition.asks.values()]
    learned = rounds.lesson(db, ALL_ASKS, asks, now - rounds.WINDOW, now, dice)
    return samples.draw(db, learned.model(dice), month, ids, dice)


def report(db: Reader, new: Sample | None = None) -> Report:
    """The estimate from the samples that are answered: Yes or No for at least half, and nothing left to answer.

    `new`: a sample that is not saved yet.
    """
    every = [*([new] if new else []), *samples.load(db)]
    if not every:
        return Report(
            _NO_ESTIMATE, ("It needs a sample of a month in which the bot ran from the first day.",), None, ()
        )
    answers = records.answers(db, ALL_ASKS)
    ids = [id_ for sample in every for id_ in sample.ids]
    stored = {each.id for each in entries.by_ids(db, ids) if not each.entry.withheld}
    waiting = tuple(every[0].waiting(answers, stored))
    finished = [sample for sample in every if not sample.waiting(answers, stored) and sample.suffices(answers)]
    ask = _ask(every[0], len(waiting)) if waiting else ""
    if not finished:
        return Report(_NO_ESTIMATE, (ask or _TOO_FEW,), every[0], waiting)
    lines = (_reckoning(finished, answers), ask)
    return Report(_estimate(finished, answers), tuple(filter(None, lines)), every[0], waiting)


def _estimate(finished: Sequence[Sample], answers: dict[str, Answer]) -> str:
    """`We probably miss between 2 and 180 documents a month that matter`."""
    fewest, most = bounds(samples.pooled(finished, answers))
    low, high = math.floor(fewest / len(finished)), math.ceil(most / len(finished))
    if low < high:
        return f"We probably miss between {low:,} and {high:,} documents a month that matter"
    count = wording.number(high, "document a month that matters", "documents a month that matter")
    return f"We probably miss {count}"


def _reckoning(finished: Sequence[Sample], answers: dict[str, Answer]) -> str:
    """How the estimate is reckoned: the strata with their answers, and the confidence."""
    strata = samples.pooled(finished, answers)
    groups = [_group(name, stratum) for name, stratum in zip(STRATA, strata, strict=True) if stratum.size]
    several = len(finished) > 1
    months = f"{len(finished)} months up to " if several else ""
    alike = ", if one month is like another" if several else ""
    return (
        f"Reckoned from random entries of {months}{_month(finished[0].month)} that your sources listed and no watch "
        f"raised, news left out: {'; '.join(groups)}. At least {round(CONFIDENCE * 10)} of 10 samples give bounds with "
        f"the true number between them{alike}."
    )


def _group(name: str, stratum: Stratum) -> str:
    """`40 likely entries, 3 drawn, 1 Yes`."""
    unknown = f", {stratum.unknown} unknown" if stratum.unknown else ""
    entries_ = wording.number(stratum.size, f"{name} entry", f"{name} entries")
    return f"{entries_}, {stratum.drawn} drawn, {stratum.yes} Yes{unknown}"


def _ask(sample: Sample, waiting: int) -> str:
    drawn = wording.number(len(sample.ids), "entry that no watch raised was", "entries that no watch raised were")
    return (
        f"From {_month(sample.month)}, {drawn} drawn at random; {waiting:,} {'needs' if waiting == 1 else 'need'} an "
        "answer. Press Judge the sample, or type /watch recall."
    )


def _month(month: str) -> str:
    return f"{datetime.strptime(month, '%Y-%m'):%B %Y}"  # noqa: DTZ007 - a month has no zone
