"""Choose what to show next among stored entries, and make a watch of the answers. Nothing stays in memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import nlargest
from random import Random
from typing import Final

from bot.entries import records as entries
from bot.learning import ranking, records
from bot.learning.proposal import Proposal, propose
from bot.learning.ranking import BACKGROUND, CANDIDATES, ROUND
from bot.learning.records import Answer, Shown
from bot.learning.text import terms_of, vocabulary
from bot.store.database import Reader
from bot.watch.learned import Learned, Terms

WINDOW: Final = timedelta(days=90)
_RANKED: Final = 40_000  # entries, drawn by the dice: a person who pressed [Ten more] waits for at most three seconds


@dataclass(frozen=True, slots=True)
class Lesson:
    """All that is learned from: the texts of the asks, the answers, and entries without an answer."""

    asks: Sequence[Terms]
    yes: Sequence[Terms]
    no: Sequence[Terms]
    background: Sequence[Terms]
    open_ids: Sequence[str]  # of the window, without an answer

    def model(self, dice: Random) -> Learned:
        return ranking.train(self.asks, self.yes, self.no, self.background, dice)


@dataclass(frozen=True, slots=True)
class Ranked:
    """An entry with one of the words that speak most for a Yes."""

    id: str
    title: str
    terms: Terms
    probability: float


def lesson(db: Reader, ask: int, asks: Sequence[str], since: datetime, until: datetime, dice: Random) -> Lesson:
    """What the answers teach about an ask. `asks`: the texts of the asks that are meant."""
    answered = records.answers(db, ask)
    open_ids = [id_ for id_ in entries.ids_between(db, since, until) if id_ not in answered]
    chosen = dice.sample(open_ids, min(BACKGROUND, len(open_ids)))
    terms = {id_: terms_of(texts, fields) for id_, texts, fields in entries.texts(db, [*answered, *chosen])}

    def answered_with(answer: Answer) -> list[Terms]:
        return [terms[id_] for id_, given in answered.items() if given is answer and id_ in terms]

    return Lesson(
        asks=[terms_of([text]) for text in asks],
        yes=answered_with(Answer.YES),
        no=answered_with(Answer.NO),
        background=[terms[id_] for id_ in chosen if id_ in terms],
        open_ids=open_ids,
    )


def next_round(db: Reader, learned: Lesson, dice: Random) -> tuple[Shown, ...]:
    """The next entries to show: the likeliest, some uncertain ones, and others if these are too few."""
    model = learned.model(dice)
    ranked = {each.id: each for each in dedupe(_rank_some(db, model, learned, dice))}
    order = ranking.choose([(each.id, each.probability) for each in ranked.values()])
    others = dice.sample(learned.open_ids, min(2 * ROUND, len(learned.open_ids)))
    order += [id_ for id_, *_ in entries.texts(db, others) if id_ not in order]
    return tuple(Shown(id_, model.telling(ranked[id_].terms) if id_ in ranked else ()) for id_ in order[:ROUND])


def learned_watch(db: Reader, learned: Lesson, dice: Random) -> tuple[Learned, Proposal]:
    """The model as a watch, its threshold set on the window, and the proposed query that finds most of the same."""
    model = ranking.prune(learned.model(dice), [*learned.yes, *learned.no, *learned.background])
    open_entries = [each.terms for each in _rank_some(db, model, learned, dice)]
    size = min(_RANKED, len(learned.open_ids)) + len(learned.yes) + len(learned.no)
    scored = ranking.cross_validate(learned.asks, learned.yes, learned.no, learned.background, dice)
    watch = ranking.set_threshold(model, scored, map(model.excess, open_entries), size)
    return watch, propose(model, learned.yes, learned.no, open_entries, size)


def rank(db: Reader, model: Learned, ids: Iterable[str]) -> list[Ranked]:
    """The likeliest of these entries: those with the words that speak most for a Yes; only they are scored in full."""
    pulls: dict[str, float] = {}
    for term in model.leading:
        for word in term.split():
            pulls[word] = max(pulls.get(word, 0.0), model.weights[term])
    leading = frozenset(pulls)
    hints = ((leading & vocabulary(texts), id_) for id_, texts, _ in entries.texts(db, ids))
    hinted = ((sum(pulls[word] for word in sorted(words)), id_) for words, id_ in hints if words)
    candidates = [id_ for _, id_ in nlargest(CANDIDATES, hinted)]
    read = ((id_, texts[0], terms_of(texts, fields)) for id_, texts, fields in entries.texts(db, candidates))
    return [Ranked(id_, title, terms, model.probability(terms)) for id_, title, terms in read]


def dedupe(ranked: Sequence[Ranked]) -> list[Ranked]:
    """The first entry of each title."""
    by_title: Mapping[str, Ranked] = {each.title: each for each in reversed(ranked)}
    return list(by_title.values())


def _rank_some(db: Reader, model: Learned, learned: Lesson, dice: Random) -> list[Ranked]:
    return rank(db, model, dice.sample(learned.open_ids, min(_RANKED, len(learned.open_ids))))
