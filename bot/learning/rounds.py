"""Choose what to show next among stored entries, and propose a query from the answers. Nothing stays in memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import nlargest
from random import Random
from types import MappingProxyType
from typing import Final

from bot.entries import records as entries
from bot.learning import records
from bot.learning.proposal import Proposal, propose
from bot.learning.ranking import BACKGROUND, CANDIDATES, ROUND, Model, choose, train
from bot.learning.records import Answer, Shown
from bot.learning.text import Words, terms, vocabulary, words_of
from bot.store.database import Reader

WINDOW: Final = timedelta(days=90)
_RANKED: Final = 40_000  # entries, drawn by the dice: a person who pressed [Ten more] waits for at most three seconds


@dataclass(frozen=True, slots=True)
class Lesson:
    """All that is learned from: the texts of the asks, the answers, and entries without an answer."""

    asks: Sequence[Words]
    yes: Sequence[Words]
    no: Sequence[Words]
    background: Sequence[Words]
    open_ids: Sequence[str]  # of the window, without an answer

    def model(self, dice: Random) -> Model:
        asks, yes, no, background = (
            [terms(words) for words in part] for part in (self.asks, self.yes, self.no, self.background)
        )
        return train(asks, yes, no, background, dice)

    def proposal(self) -> Proposal:
        return propose(self.yes, self.no, self.background, self.asks)


def lesson(
    db: Reader,
    ask: int,
    asks: Sequence[str],
    since: datetime,
    until: datetime,
    dice: Random,
    more: Mapping[str, Answer] = MappingProxyType({}),
) -> Lesson:
    """What the answers teach about an ask. `asks`: the texts of the asks that are meant; `more`: unsaved answers."""
    answered = records.answers(db, ask) | dict(more)
    open_ids = [id_ for id_ in entries.ids_between(db, since, until) if id_ not in answered]
    chosen = dice.sample(open_ids, min(BACKGROUND, len(open_ids)))
    words = dict(_words(db, [*answered, *chosen]))

    def answered_with(answer: Answer) -> list[Words]:
        return [words[id_] for id_, given in answered.items() if given is answer and id_ in words]

    return Lesson(
        asks=[words_of(text) for text in asks],
        yes=answered_with(Answer.YES),
        no=answered_with(Answer.NO),
        background=[words[id_] for id_ in chosen if id_ in words],
        open_ids=open_ids,
    )


def next_round(db: Reader, learned: Lesson, dice: Random) -> tuple[Shown, ...]:
    """The next entries to show: the likeliest, some uncertain ones, and others if these are too few."""
    model = learned.model(dice)
    scored = rank(db, model, dice.sample(learned.open_ids, min(_RANKED, len(learned.open_ids))))
    order = choose([(id_, score) for id_, score, _ in scored])
    words = {id_: model.telling(entry) for id_, _, entry in scored if id_ in order}
    others = dice.sample(learned.open_ids, min(2 * ROUND, len(learned.open_ids)))
    order += [id_ for id_, _ in entries.texts(db, others) if id_ not in order]
    return tuple(Shown(id_, words.get(id_, ())) for id_ in order[:ROUND])


def rank(db: Reader, model: Model, ids: Sequence[str]) -> list[tuple[str, float, tuple[str, ...]]]:
    """(id, probability, terms) of the likeliest of these entries, one of each title.

    The candidates are those with the words that speak most for a Yes; only they are scored in full.
    """
    pulls = model.leading_words()
    leading = frozenset(pulls)
    hints = ((leading & vocabulary(texts), id_) for id_, texts in entries.texts(db, ids))
    hinted = ((sum(pulls[word] for word in sorted(words)), id_) for words, id_ in hints if words)
    candidates = [id_ for _, id_ in nlargest(CANDIDATES, hinted)]
    by_title: dict[tuple[str, ...], tuple[str, float, tuple[str, ...]]] = {}
    for id_, words in _words(db, candidates):
        entry = terms(words)
        by_title.setdefault(tuple(words[: words.index("")]), (id_, model.score(entry), entry))
    return list(by_title.values())


def _words(db: Reader, ids: Sequence[str]) -> Iterator[tuple[str, Words]]:
    return ((id_, words_of(*texts)) for id_, texts in entries.texts(db, ids))
