"""Choose what to show next among stored entries, and make a watch of the answers. Nothing stays in memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import nlargest
from random import Random
from typing import Final

from bot.entries import history
from bot.learning import ranking, records
from bot.learning.ranking import CANDIDATES, ROUND, SAMPLE, Lesson, Proposal, propose
from bot.learning.records import Answer, Shown
from bot.store.database import Reader
from bot.watch import text as txt
from bot.watch.learned import TYPE, Features, Learned, features

GAP: Final = ""  # between two texts of an entry, so that no pair of words spans both
_MOST_WORDS: Final = 1_000  # of one entry
WINDOW: Final = timedelta(days=90)
_RANKED: Final = 40_000  # entries, drawn by the dice: a person who pressed [Ten more] waits for at most three seconds


def features_of(texts: Sequence[str | None], fields: Iterable[str] = ()) -> Features:
    """The features of an entry's texts and fields, or of an ask's text."""
    words = [word for text in texts if text for word in (*txt.words(text), GAP)]
    return features(words[:_MOST_WORDS], fields)


def vocabulary(texts: Iterable[str]) -> set[str]:
    """The different words of texts, much faster than `features_of`; words with an accent or dots may be missing."""
    return set(txt.raw_words("\n".join(texts).lower()))


@dataclass(frozen=True, slots=True)
class Ranked:
    """An entry with one of the words that speak most for a Yes."""

    id: str
    title: str
    features: Features
    probability: float


def lesson(db: Reader, ask: int, asks: Sequence[str], since: datetime, until: datetime, dice: Random) -> Lesson:
    """What the answers teach about an ask. `asks`: the texts of the asks that are meant."""
    answered = records.answers(db, ask)
    open_ids = [id_ for id_ in history.ids_between(db, since, until) if id_ not in answered]
    chosen = dice.sample(open_ids, min(SAMPLE, len(open_ids)))
    read = {id_: features_of(texts, fields) for id_, texts, fields in history.texts(db, [*answered, *chosen])}

    def answered_with(answer: Answer) -> list[Features]:
        return [read[id_] for id_, given in answered.items() if given is answer and id_ in read]

    return Lesson(
        asks=[features_of([text]) for text in asks],
        yes=answered_with(Answer.YES),
        no=answered_with(Answer.NO),
        sample=[read[id_] for id_ in chosen if id_ in read],
        open_ids=open_ids,
    )


def next_round(db: Reader, learned: Lesson, dice: Random) -> tuple[Shown, ...]:
    """The next entries to show: the likeliest, some uncertain ones, and others if these are too few."""
    model = ranking.train(learned, dice)
    ranked = {each.id: each for each in dedupe(_rank_some(db, model, learned, dice))}
    order = ranking.choose((each.id, each.title, each.probability) for each in ranked.values())
    others = dice.sample(learned.open_ids, min(2 * ROUND, len(learned.open_ids)))
    order += [id_ for id_, *_ in history.texts(db, others) if id_ not in order]
    return tuple(Shown(id_, model.telling(ranked[id_].features) if id_ in ranked else ()) for id_ in order[:ROUND])


def learned_watch(db: Reader, learned: Lesson, dice: Random) -> tuple[Learned, Proposal]:
    """The model as a watch, its threshold set on the window, and the proposed query that finds most of the same."""
    model = ranking.prune(ranking.train(learned, dice), learned)
    open_entries = [each.features for each in _rank_some(db, model, learned, dice)]
    size = min(_RANKED, len(learned.open_ids)) + len(learned.yes) + len(learned.no)
    measures = ranking.cross_validate(learned, open_entries, dice), ranking.score_noise(model, open_entries)
    watch = ranking.set_threshold(model, measures, size)
    return watch, propose(model, learned.yes, learned.no, open_entries, size)


def rank(db: Reader, model: Learned, ids: Iterable[str]) -> list[Ranked]:
    """The likeliest of these entries: those with the words and fields that speak most for a Yes, scored in full."""
    fields_ = (term for term in model.weights if ":" in term and not term.startswith(TYPE))
    pulls = {term: model.weights[term] for term in fields_ if model.weights[term] > 0}
    for term in model.leading:
        for word in term.split():
            pulls[word] = max(pulls.get(word, 0.0), model.weights[term])
    leading = frozenset(pulls)
    hints = (
        (leading & vocabulary(texts) | leading.intersection(fields), id_)
        for id_, texts, fields in history.texts(db, ids)
    )
    hinted = ((sum(pulls[word] for word in sorted(words)), id_) for words, id_ in hints if words)
    candidates = [id_ for _, id_ in nlargest(CANDIDATES, hinted)]
    read = ((id_, texts[0], features_of(texts, fields)) for id_, texts, fields in history.texts(db, candidates))
    return [Ranked(id_, title, features, model.probability(features)) for id_, title, features in read]


def dedupe(ranked: Sequence[Ranked]) -> list[Ranked]:
    """The first entry of each title."""
    by_title: Mapping[str, Ranked] = {each.title: each for each in reversed(ranked)}
    return list(by_title.values())


def _rank_some(db: Reader, model: Learned, learned: Lesson, dice: Random) -> list[Ranked]:
    return rank(db, model, dice.sample(learned.open_ids, min(_RANKED, len(learned.open_ids))))
