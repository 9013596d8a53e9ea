"""Which of ten thousand items tell one story: ours against MinHash with LSH, and TF-IDF, on the same items.

All are given the same text, without outlet and dateline; each at the threshold that was best for it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import pairwise
from math import comb
from time import perf_counter
from typing import Any, Final

from bench.clusters import Clusters
from bench.measure import Figure, Round, Size, in_turn
from bench.newsroom import Item, items
from bot.media.news.cluster import fingerprint, without_dateline, without_outlet

_MINHASH: Final = 0.55
_COSINE: Final = 0.7
_LEAST: Final = 0.95  # F1
_ROWS: Final = 500  # of the matrix of likenesses that are looked at together


def clustering(size: Size) -> list[Figure]:
    """Items a second, and F1 over pairs of items."""
    count = size.of(10_000)
    contestants = {
        "ours": partial(_played, by_us, count),
        "datasketch": partial(_played, by_minhash, count),
        "scikit-learn": partial(_played, by_tfidf, count),
    }
    found = in_turn(contestants, size.short.rounds)
    right = [result[1] for result in found["ours"]]
    figures = [
        Figure(
            what=f"{count:,} items into stories",
            unit="F1",
            ours=right,
            rival="limit",
            theirs=[_LEAST] * len(right),
            aim=1,
        )
    ]
    for rival in ("datasketch", "scikit-learn"):
        for at, unit in enumerate(("items/s", "F1")):
            figures.append(
                Figure(
                    what=f"{count:,} items into stories",
                    unit=unit,
                    ours=[result[at] for result in found["ours"]],
                    rival=f"{rival}, {'MinHash LSH' if rival == 'datasketch' else 'TF-IDF'}",
                    theirs=[result[at] for result in found[rival]],
                )
            )
    return figures


@contextmanager
def _played(method: Callable[[Sequence[Item]], list[Hashable]], count: int) -> Iterator[Round]:
    given = items(count)

    def play() -> tuple[float, float]:
        started = perf_counter()
        told = method(given)
        return count / (perf_counter() - started), f1([item.story for item in given], told)

    yield play


def by_us(given: Sequence[Item]) -> list[Hashable]:
    clusters = Clusters()
    return [clusters.add(str(n), fingerprint(it.title, it.text, it.outlet)) for n, it in enumerate(given)]


def by_minhash(given: Sequence[Item]) -> list[Hashable]:
    from datasketch import MinHash, MinHashLSH  # type: ignore  # noqa: PGH003, PLC0415 - only this contestant has it

    lsh, joined, marks = MinHashLSH(threshold=_MINHASH, num_perm=64), _Joined(len(given)), []
    for n, it in enumerate(given):
        marks.append(MinHash(num_perm=64))
        marks[n].update_batch([f"{a} {b}".encode() for a, b in pairwise(_text(it).casefold().split())])
        for other in lsh.query(marks[n]):
            if marks[n].jaccard(marks[other]) >= _MINHASH:
                joined.join(n, other)
        lsh.insert(n, marks[n])
    return joined.all()


def by_tfidf(given: Sequence[Item]) -> list[Hashable]:
    from sklearn.feature_extraction.text import TfidfVectorizer  # type: ignore  # noqa: PGH003, PLC0415 - the same

    matrix: Any = TfidfVectorizer(ngram_range=(1, 2)).fit_transform(map(_text, given))
    joined = _Joined(len(given))
    for start in range(0, len(given), _ROWS):
        like = (matrix[start : start + _ROWS] @ matrix.T).tocoo()
        alike = (like.data >= _COSINE) & (like.col < like.row + start)
        for row, column in zip(like.row[alike], like.col[alike], strict=True):
            joined.join(start + int(row), int(column))
    return joined.all()


def f1(truth: Sequence[Hashable], told: Sequence[Hashable]) -> float:
    """Over all pairs of items: the harmonic mean of precision and recall."""
    both = _pairs(list(zip(truth, told, strict=True)))
    precision, recall = both / max(1, _pairs(told)), both / max(1, _pairs(truth))
    return 2 * precision * recall / max(1e-9, precision + recall)


def _pairs(labels: Sequence[Hashable]) -> int:
    return sum(comb(count, 2) for count in Counter(labels).values())


def _text(item: Item) -> str:
    return f"{without_outlet(item.title, item.outlet)} {without_dateline(item.text)}"


class _Joined:
    """Union-find."""

    def __init__(self, count: int) -> None:
        self._of = list(range(count))

    def join(self, one: int, other: int) -> None:
        self._of[self._root(one)] = self._root(other)

    def all(self) -> list[Hashable]:
        return [self._root(n) for n in range(len(self._of))]

    def _root(self, n: int) -> int:
        while self._of[n] != n:
            self._of[n] = n = self._of[self._of[n]]
        return n
