"""What we probably miss of the entries that no watch raised.

Each week asks about those that are likeliest to be relevant, a question, never an alert. Each quarter draws a random
sample, and an estimate follows from its answers where it is narrow enough to be of use. News is not sampled: the press
has its own watches and reports.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from random import Random
from typing import Final

from bot.alerts.cards import Item, digest_line, entry_args
from bot.alerts.plan import ask_channels
from bot.config.load import Config
from bot.entries import history
from bot.entries import records as entries
from bot.learning import ranking, records, rounds, samples
from bot.learning.samples import CONFIDENCE, STRATA, Sample, Stratum, bounds
from bot.shared import wording
from bot.shared.card import Button, Line, Section
from bot.store.database import Reader

_WIDEST: Final = 3  # times what the watches raised: a wider estimate says nothing
_ASKED_ABOUT: Final = timedelta(days=7)
_SHOWN: Final = 5  # entries in a question
_LIKELY: Final = 0.5  # probability; what is below is not worth a question
JUDGE: Final = Button("Judge the sample", "learn sample")
_NO_ESTIMATE: Final = "There is no estimate yet of what we miss"
_TOO_FEW: Final = "Most sampled entries were skipped or are no longer stored. The next quarter has a new sample."


@dataclass(frozen=True, slots=True)
class NearMisses:
    """A digest's question: the entries, likeliest first, and two buttons for each."""

    section: Section
    buttons: tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """The estimate, or why there is none, and how it is reckoned. `waiting`: what of the `sample` has no answer."""

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


def near_misses(db: Reader, audience: str, config: Config, last: datetime, now: datetime) -> NearMisses | None:
    """The near misses for a channel's first digest of a week; None in other digests and channels, or without any."""
    ids = _likeliest(db, config, now) if _is_due(_week_start, audience, config, last, now) else []
    if not ids:
        return None
    stored = {each.id: each for each in entries.by_ids(db, ids)}
    shown = {id_: digest_line([Item(id=id_, entry=stored[id_].entry, matches=())]) for id_ in ids}
    lines = [Line(f"{n}. {stored[id_].name} · {line.text}", line.url) for n, (id_, line) in enumerate(shown.items(), 1)]
    how = Line("Mark each with its buttons, or type /alerts relevant ID or /alerts not-relevant ID.")
    section = Section("Perhaps missed: likeliest of the week, raised by no watch", (*lines, how), numbered=True)
    buttons = []
    for number, id_ in enumerate(ids, 1):  # each names its line: on Discord all buttons are under the message
        args = entry_args(id_)
        buttons.append(Button(f"{number} Relevant", "alerts relevant", args))
        buttons.append(Button(f"{number} Not relevant", "alerts not-relevant", (*args, ("reason", "noise"))))
    return NearMisses(section, tuple(buttons))


def quarter_report(
    db: Reader, audience: str, config: Config, last: datetime, now: datetime, dice: Random
) -> Report | None:
    """The report for a channel's first digest of a quarter; None in other digests and channels, or without a sample.

    Its sample may be new and is to be saved.
    """
    if not _is_due(_quarter_start, audience, config, last, now):
        return None
    made = report(db, config.zone, new_sample(db, config, now, dice))
    return made if made.sample else None


def _is_due(
    start: Callable[[datetime], datetime], audience: str, config: Config, last: datetime, now: datetime
) -> bool:
    """Whether it is the first digest of the period in the one channel that is asked: that with the alerts on the asks.

    `start`: of the period of a local time.
    """
    begins = start(now.astimezone(config.zone))
    asks = tuple(config.coalition.asks)
    return last < begins and bool(asks) and audience == ask_channels(asks, config.feeds)[0]


def _week_start(local: datetime) -> datetime:
    return (local - timedelta(days=local.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)


def _quarter_start(local: datetime) -> datetime:
    return local.replace(month=local.month - (local.month - 1) % 3, day=1, hour=0, minute=0, second=0, microsecond=0)


def _likeliest(db: Reader, config: Config, now: datetime) -> list[str]:
    """At most five ids of the week's likeliest entries, not raised, not answered. Empty without an answered Yes."""
    dice = Random(f"{now:%G-%V}")  # noqa: S311 - the same in each look at this week's digest
    until = now + timedelta(microseconds=1)
    learned = _lesson(db, config, now, until, dice)
    if not learned.yes:  # the text of the asks alone finds too much else
        return []
    unanswered = set(learned.open_ids)
    unmatched = history.unmatched_between(db, now - _ASKED_ABOUT, until)
    ranked = rounds.rank(db, ranking.train(learned, dice), [id_ for id_ in unmatched if id_ in unanswered])
    likely = sorted((-each.probability, each.id) for each in rounds.dedupe(ranked) if each.probability >= _LIKELY)
    return [id_ for _, id_ in likely[:_SHOWN]]


def _lesson(db: Reader, config: Config, now: datetime, until: datetime, dice: Random) -> ranking.Lesson:
    asks = [each.learning_text for each in config.coalition.asks.values()]
    return rounds.lesson(db, records.ALL_ASKS, asks, now - rounds.WINDOW, until, dice)


def new_sample(db: Reader, config: Config, now: datetime, dice: Random) -> Sample | None:
    """Draw the sample of last quarter; None if there is one already, or the bot ran for less than its last month.

    It ranks all of the quarter's entries, which takes seconds: call it before a transaction.
    """
    until = _quarter_start(now.astimezone(config.zone))
    last_month = (until - timedelta(days=1)).replace(day=1)
    month = f"{last_month:%Y-%m}"
    first = entries.first_seen_at(db)
    if first is None or first >= last_month or any(each.month == month for each in samples.load(db)):
        return None
    ids = history.unmatched_between(db, _quarter_start(last_month), until, news=False)
    if not ids:
        return None
    return samples.draw(db, ranking.train(_lesson(db, config, now, now, dice), dice), month, ids, dice)


def report(db: Reader, zone: tzinfo, new: Sample | None = None) -> Report:
    """The estimate from the newest sample that is answered: Yes or No for at least half, and nothing left to answer.

    `new`: a sample that is not saved yet.
    """
    every = [*([new] if new else []), *samples.load(db)]
    if not every:
        return Report(_NO_ESTIMATE, ("It needs a quarter in whose last month the bot ran.",), None, ())
    answers = records.answers(db, records.ALL_ASKS)
    ids = [id_ for sample in every for id_ in sample.ids]
    stored = {each.id for each in entries.by_ids(db, ids) if not each.entry.withheld}
    waiting = tuple(every[0].waiting(answers, stored))
    finished = (sample for sample in every if not sample.waiting(answers, stored) and sample.suffices(answers))
    sample = next(finished, None)
    ask = _ask(every[0], len(waiting)) if waiting else ""
    if sample is None:
        return Report(_NO_ESTIMATE, (ask or _TOO_FEW,), every[0], waiting)
    strata = sample.answered(answers)
    last_month = datetime.strptime(sample.month, "%Y-%m").replace(tzinfo=zone)
    until = (last_month + timedelta(days=32)).replace(day=1)
    raised = history.count_matched(db, _quarter_start(last_month), until)
    head = estimate(strata, raised)
    wide = f"Your watches raised {raised:,} in that quarter; the range that these answers give is over 3 times as wide."
    lines = ("" if head else wide, _reckoning(sample, strata), ask)
    return Report(head or _NO_ESTIMATE, tuple(filter(None, lines)), every[0], waiting)


def estimate(strata: Sequence[Stratum], raised: int) -> str:
    """`Of 40 likely or possible entries that no watch raised, we probably miss at most 6`.

    Of as many strata as can be bounded, the likeliest first; "" if the bounds are wider than three times what was
    raised.
    """
    for first in range(len(strata), 0, -1):
        low, high = bounds(strata, first)
        size = sum(stratum.size for stratum in strata[:first])
        if size and high - low <= _WIDEST * raised:
            kind = "" if first == len(strata) else f"{' or '.join(STRATA[:first])} "
            whole = wording.number(size, f"{kind}entry", f"{kind}entries")
            return f"Of {whole} that no watch raised, we probably miss {_between(low, high)}"
    return ""


def _between(low: int, high: int) -> str:
    if low == high:
        return f"{high:,}" if high else "none"
    return f"between {low:,} and {high:,}" if low else f"at most {high:,}"


def _reckoning(sample: Sample, strata: Sequence[Stratum]) -> str:
    """How the estimate is reckoned: the strata with their answers, and the confidence."""
    groups = []
    for name, stratum in zip(STRATA, strata, strict=True):
        unknown = f", {stratum.unknown} unknown" if stratum.unknown else ""
        size = wording.number(stratum.size, f"{name} entry", f"{name} entries")
        if stratum.size:
            groups.append(f"{size}, {stratum.drawn} drawn, {stratum.yes} Yes{unknown}")
    return (
        f"Reckoned from random entries of the quarter up to {_month(sample.month)} that your sources listed and no "
        f"watch raised, news left out: {'; '.join(groups)}. At least {round(CONFIDENCE * 10)} of 10 samples give "
        "bounds with the true number between them."
    )


def _ask(sample: Sample, waiting: int) -> str:
    drawn = wording.number(len(sample.ids), "entry that no watch raised was", "entries that no watch raised were")
    return (
        f"From the quarter up to {_month(sample.month)}, {drawn} drawn at random; {waiting:,} "
        f"{'needs' if waiting == 1 else 'need'} an answer. Press Judge the sample, or type /learn recall."
    )


def _month(month: str) -> str:
    return f"{datetime.strptime(month, '%Y-%m'):%B %Y}"  # noqa: DTZ007 - a month has no zone
