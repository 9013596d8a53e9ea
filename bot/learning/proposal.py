"""Propose a query of few phrases that finds what the model finds. Pure.

Each phrase that the model weighs is measured over all likely entries, answered or not: what it raises of them, each as
likely as the model says, and what else. The best is taken until none pays or the noise is used up. An entry that a
phrase raises counts half for the next one: what comes later has one of an entry's phrases more often than a given one.
A phrase counts only if two Yes or two likely entries have it, which no single document's name or address does. One that
raises too much is tried together with an agency.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from bot.learning.ranking import NOISE
from bot.watch.learned import Features, Learned

MOST: Final = 10  # phrases of a query
_LIKELY: Final = 0.5  # probability of a Yes
_SUPPORT: Final = 2  # Yes, or likely entries, that have a phrase
_COST: Final = 0.1  # of raising one entry for nothing, in Yes
_LEAST: Final = 0.5  # gain of a phrase that pays
_AGAIN: Final = 0.5  # of what an entry counted for the last phrase that raises it

Phrase = tuple[str, str]  # an agency as a term, or "", and words


@dataclass(frozen=True, slots=True)
class Proposal:
    """`phrases` best first; of the answered entries it raises `yes` of `all_yes` and `no` of `all_no`."""

    phrases: tuple[Phrase, ...]
    yes: int
    all_yes: int
    no: int
    all_no: int

    @property
    def query(self) -> str:
        """The phrases in the query language, by agency; "" if there are none."""
        by_agency: dict[str, list[str]] = {}
        for agency, words in self.phrases:
            by_agency.setdefault(agency, []).append(words)
        anywhere = [any_of(by_agency.pop(""))] if "" in by_agency else []
        within = [f'(agency:"{agency[7:]}" AND ({any_of(words)}))' for agency, words in by_agency.items()]
        return " OR ".join((*anywhere, *within))


def any_of(wanted: Iterable[str]) -> str:
    return " OR ".join(f'"{phrase}"' if " " in phrase else phrase for phrase in wanted)


def propose(
    model: Learned, yes: Sequence[Features], no: Sequence[Features], unanswered: Sequence[Features], size: int
) -> Proposal:
    """Propose a query for a window of so many entries; `unanswered`: those with one of the model's leading terms."""
    entries = [*yes, *no, *unanswered]
    worth = [1.0] * len(yes) + [0.0] * len(no) + [model.probability(entry) for entry in unanswered]
    left = {
        phrase: places
        for phrase, places in _places(model, entries).items()
        if sum(worth[at] >= _LIKELY for at in places) >= _SUPPORT
    }
    chosen: list[Phrase] = []
    raised: Counter[int] = Counter()
    noise = max(0.5, NOISE * size)
    while left and len(chosen) < MOST:
        costs = {phrase: sum(1 - worth[at] for at in places - raised.keys()) for phrase, places in left.items()}
        gains = {
            phrase: sum(worth[at] * _AGAIN ** raised[at] for at in places) - _COST * costs[phrase]
            for phrase, places in left.items()
        }
        best = max(gains, key=lambda phrase: (gains[phrase], -len(" ".join(phrase)), phrase))
        if gains[best] < _LEAST:
            break
        if costs[best] > noise:
            del left[best]
            continue
        chosen = [*(phrase for phrase in chosen if not _includes(best, phrase)), best]
        raised.update(left[best])
        noise -= costs[best]
        left = {phrase: places for phrase, places in left.items() if not _includes(best, phrase)}
    answered = len(yes) + len(no)
    hits = [at for at in raised if at < answered]
    return Proposal(tuple(chosen), sum(at < len(yes) for at in hits), len(yes),
                    sum(at >= len(yes) for at in hits), len(no))  # fmt: skip


def _includes(broad: Phrase, narrow: Phrase) -> bool:
    """Whether what has the narrow phrase always has the broad one."""
    return broad[0] in ("", narrow[0]) and f" {broad[1]} " in f" {narrow[1]} "


def _places(model: Learned, entries: Sequence[Features]) -> dict[Phrase, set[int]]:
    """The numbers of the entries that contain each leading term: all of them, and those of each telling agency."""
    agencies = {term for term, weight in model.weights.items() if term.startswith("agency:") and weight > 0}
    leading = frozenset(model.leading)
    places: defaultdict[Phrase, set[int]] = defaultdict(set)
    for number, entry in enumerate(entries):
        in_entry = leading.intersection(entry.terms)
        for agency in ("", *agencies.intersection(entry.terms)):
            for words in in_entry:
                places[agency, words].add(number)
    return places
