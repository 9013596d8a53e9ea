"""What we probably miss of the entries that no watch raised.

Each week asks about those that are likeliest to be relevant, a question, never an alert. Each month draws a random
sample, and an estimate follows from its answers. News is not sampled: the press has its own watches and reports.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, count
from random import Random
from typing import Final

from bot.alerts.campaign import Campaign
from bot.alerts.cards import Item, digest_line, entry_args
from bot.alerts.plan import ask_channels
from bot.entries import records as entries
from bot.entries.records import StoredEntry
from bot.learning import ranking, records, rounds, samples
from bot.learning.ranking import Lesson
from bot.learning.records import ALL_ASKS, Answer
from bot.learning.samples import CONFIDENCE, STRATA, Sample, Stratum, bounds
from bot.shared import wording
from bot.shared.card import Button, Line, Section
from bot.store.database import Reader

_WEEK: Final = "%G-%V"  # formats of a date
_MONTH: Final = "%Y-%m"
_ASKED_ABOUT: Final = timedelta(days=7)
_SHOWN: Final = 5  # entries in a question
_LIKELY: Final = 0.5  # probability; what is below is not worth a question
JUDGE: Final = Button("Judge the sample", "watch sample")
_NO_ESTIMATE: Final = "There is no estimate yet of what we miss"
_TOO_FEW: Final = "Most sampled entries were skipped or are no longer stored. The next month has a new sample."


@dataclass(frozen=True, slots=True)
class NearMisses:
    """A digest's question: the entries, likeliest first, and two buttons for each."""

    section: Section
    buttons: tuple[Button, ...]


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


def near_misses(db: Reader, audience: str, campaign: Campaign, last: datetime, now: datetime) -> NearMisses | None:
    """The near misses for a channel's first digest of a week; None in other digests and channels, or without any."""
    ids = _likeliest(db, campaign, now) if _is_due(_WEEK, audience, campaign, last, now) else []
    if not ids:
        return None
    stored = {each.id: each for each in entries.by_ids(db, ids)}
    lines = [_line(number, stored[id_]) for number, id_ in enumerate(ids, 1)]
    how = Line("Mark each with its buttons, or type /alerts relevant ID or /alerts not-relevant ID.")
    section = Section("Perhaps missed: likeliest of the week, raised by no watch", (*lines, how), numbered=True)
    return NearMisses(section, tuple(chain.from_iterable(map(_buttons, count(1), ids))))


def month_report(
    db: Reader, audience: str, campaign: Campaign, last: datetime, now: datetime, dice: Random
) -> Report | None:
    """The report for a channel's first digest of a month; None in other digests and channels, or without a sample.

    Its sample may be new and is to be saved.
    """
    if not _is_due(_MONTH, audience, campaign, last, now):
        return None
    made = report(db, new_sample(db, campaign, now, dice))
    return made if made.sample else None


def _is_due(period: str, audience: str, campaign: Campaign, last: datetime, now: datetime) -> bool:
    """Whether it is the first digest of the period in the one channel that is asked: that with the alerts on the asks.

    `period`: the format of a date that names it.
    """
    local, before = now.astimezone(campaign.zone), last.astimezone(campaign.zone)
    asks = tuple(campaign.coalition.asks)
    is_first = local.strftime(period) != before.strftime(period)
    return is_first and bool(asks) and audience == ask_channels(asks, campaign.feeds)[0]


def _likeliest(db: Reader, campaign: Campaign, now: datetime) -> list[str]:
    """Ids of the likeliest entries of the last week that no watch raised and nobody answered; at most five.

    Empty without an answered Yes.
    """
    dice = Random(f"{now:%G-%V}")  # noqa: S311 - the same in each look at this week's digest
    until = now + timedelta(microseconds=1)
    learned = _lesson(db, campaign, now, until, dice)
    if not learned.yes:  # the text of the asks alone finds too much else
        return []
    unanswered = set(learned.open_ids)
    unmatched = entries.unmatched_between(db, now - _ASKED_ABOUT, until)
    ranked = rounds.rank(db, ranking.train(learned, dice), [id_ for id_ in unmatched if id_ in unanswered])
    likely = sorted((-each.probability, each.id) for each in rounds.dedupe(ranked) if each.probability >= _LIKELY)
    return [id_ for _, id_ in likely[:_SHOWN]]


def _lesson(db: Reader, campaign: Campaign, now: datetime, until: datetime, dice: Random) -> Lesson:
    asks = [each.learning_text for each in campaign.coalition.asks.values()]
    return rounds.lesson(db, ALL_ASKS, asks, now - rounds.WINDOW, until, dice)


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
    return samples.draw(db, ranking.train(_lesson(db, campaign, now, now, dice), dice), month, ids, dice)


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


def _line(number: int, stored: StoredEntry) -> Line:
    line = digest_line([Item(id=stored.id, entry=stored.entry, matches=())])
    return Line(f"{number}. {stored.name} · {line.text}", line.url)


def _buttons(number: int, id_: str) -> tuple[Button, Button]:
    """They name their line: on Discord all buttons are under the message."""
    noise = (*entry_args(id_), ("reason", "noise"))
    return (
        Button(f"{number} Relevant", "alerts relevant", entry_args(id_)),
        Button(f"{number} Not relevant", "alerts not-relevant", noise),
    )
