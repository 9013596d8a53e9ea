"""Propose a query of few phrases from answered entries. Pure.

A greedy cover: each phrase of an entry answered Yes is weighed by how many more Yes it raises and how much else, and
the best is taken until none pays. A phrase in a title, or in the text of the asks, counts more; a single word less.
Then the phrases that raise something else are tried: a cover without one of them replaces the first if it is better.
So a broad word that is taken first gives way to longer phrases with that word.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.learning.text import Words, contain_any, phrases, title_of

MOST: Final = 10  # phrases of a query
_NOISE: Final = 0.02  # of all that is not a Yes, at most this much may be raised
_LENGTH: Final = (0.4, 0.8, 1.0, 0.97, 0.8)  # worth of a phrase by its words, without the common ones
_COMMON: Final = 0.5  # of the entries without an answer: a word in more of these is a common one
_IN_ASK: Final = 1.5
_IN_TITLE: Final = 1.25
_MOST_WORTH: Final = 1.25
_UNANSWERED: Final = 0.5  # of a No: an entry without an answer may be a Yes
_COST: Final = 2.0  # of raising one No more, in Yes
_LEAST: Final = 0.3  # gain of a phrase that pays


@dataclass(frozen=True, slots=True)
class Proposal:
    """`phrases` best first; of the answered entries it raises `yes` of `all_yes` and `no` of `all_no`."""

    phrases: tuple[str, ...]
    yes: int
    all_yes: int
    no: int
    all_no: int

    @property
    def query(self) -> str:
        """The phrases in the query language; "" if there are none."""
        return any_of(self.phrases)


def any_of(wanted: Iterable[str]) -> str:
    return " OR ".join(f'"{phrase}"' if " " in phrase else phrase for phrase in wanted)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """The numbers of the entries that contain a phrase, by answer."""

    phrase: str
    yes: frozenset[int]
    no: frozenset[int]
    unanswered: frozenset[int]
    worth: float


@dataclass(frozen=True, slots=True)
class _Cover:
    """Chosen phrases, best first, and the numbers of the entries that they raise, by answer."""

    chosen: tuple[_Candidate, ...] = ()
    yes: frozenset[int] = frozenset()
    no: frozenset[int] = frozenset()
    unanswered: frozenset[int] = frozenset()

    @property
    def noise(self) -> float:
        return len(self.no) + _UNANSWERED * len(self.unanswered)

    @property
    def value(self) -> float:
        return len(self.yes) - _COST * self.noise

    def and_(self, more: _Candidate) -> _Cover:
        return _Cover((*self.chosen, more), self.yes | more.yes, self.no | more.no, self.unanswered | more.unanswered)


def propose(yes: Sequence[Words], no: Sequence[Words], unanswered: Sequence[Words], asks: Sequence[Words]) -> Proposal:
    """Propose a query that raises as many `yes` as it can and at most 2% of the rest."""
    most_noise = _NOISE * (len(no) + len(unanswered))
    candidates = _candidates(yes, no, unanswered, asks)
    cover = _cover(candidates, most_noise)
    while True:
        noisy = [candidate for candidate in cover.chosen if candidate.no or candidate.unanswered]
        fewer = [[other for other in candidates if other is not candidate] for candidate in noisy]
        covers = [(_cover(left, most_noise), left) for left in fewer]
        best = max(covers, key=lambda pair: pair[0].value, default=None)
        if best is None or best[0].value <= cover.value:
            break
        cover, candidates = best
    phrases_ = tuple(candidate.phrase for candidate in cover.chosen)
    return Proposal(phrases_, len(cover.yes), len(yes), len(cover.no), len(no))


def _cover(candidates: Sequence[_Candidate], most_noise: float) -> _Cover:
    """Take the candidate with the most gain until none pays."""
    cover = _Cover()
    while len(cover.chosen) < MOST:
        best, value = None, _LEAST
        for candidate in candidates:
            wider = len(cover.no | candidate.no) + _UNANSWERED * len(cover.unanswered | candidate.unanswered)
            gain = len(candidate.yes - cover.yes) * candidate.worth - _COST * (wider - cover.noise)
            if wider <= most_noise and gain > value:
                best, value = candidate, gain
        if best is None:
            break
        cover = cover.and_(best)
        candidates = [candidate for candidate in candidates if candidate.yes - cover.yes]
    return cover


def additions(proposal: Proposal, missed: Sequence[Words]) -> tuple[str, ...]:
    """The phrases of the proposal that raise one of `missed`, the Yes that an existing watch does not raise."""
    return tuple(phrase for phrase in proposal.phrases if any(contain_any(words, (phrase,)) for words in missed))


def _candidates(
    yes: Sequence[Words], no: Sequence[Words], unanswered: Sequence[Words], asks: Sequence[Words]
) -> list[_Candidate]:
    """The phrases that could pay, best first; of those that raise the same Yes only the best."""
    in_yes = _places(yes)
    in_no, in_other = _places(no, in_yes), _places(unanswered, in_yes)
    in_titles = set().union(*(phrases(title_of(words)) for words in yes))
    in_asks = set().union(*map(phrases, asks))
    frequency = Counter(word for words in unanswered for word in set(words))
    nothing: frozenset[int] = frozenset()
    best: dict[frozenset[int], _Candidate] = {}
    for phrase, places in in_yes.items():
        noise = in_no.get(phrase, nothing), in_other.get(phrase, nothing)
        precision = len(places) / (len(places) + len(noise[0]) + _UNANSWERED * len(noise[1]))
        rated = _LENGTH[sum(frequency[word] <= _COMMON * len(unanswered) for word in phrase.split())]
        rated *= (_IN_ASK if phrase in in_asks else 1.0) * (_IN_TITLE if phrase in in_titles else 1.0)
        worth = precision**2 * min(rated, _MOST_WORTH)
        candidate = _Candidate(phrase, places, *noise, worth)
        if len(places) * worth > _LEAST and (places not in best or _order(candidate) < _order(best[places])):
            best[places] = candidate
    return sorted(best.values(), key=_order)


def _order(candidate: _Candidate) -> tuple[float, int, int, str]:
    """Worth, then Yes, then the shorter phrase; the text decides what is left, so that the result never varies."""
    return -candidate.worth, -len(candidate.yes), len(candidate.phrase), candidate.phrase


def _places(entries: Sequence[Words], wanted: Mapping[str, object] | None = None) -> dict[str, frozenset[int]]:
    """The numbers of the entries that contain each phrase; only for phrases in `wanted`, if given."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    for number, words in enumerate(entries):
        for phrase in phrases(words) if wanted is None else phrases(words) & wanted.keys():
            places[phrase].append(number)
    return {phrase: frozenset(numbers) for phrase, numbers in places.items()}
