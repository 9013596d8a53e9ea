"""On random rules and documents the matcher says what SQLite's FTS5 says, whose phrases and NEAR are not ours."""

import random
import sqlite3

import pytest

from bot.watch.engine import Matcher
from tests.kit.watch import entry, watch

COMMON = ["the", "of", "and", "labor", "trafficking", "human", "victims", "act"]
VOCABULARY = COMMON * 6 + [f"{stem}{ending}" for stem in ("visa", "traff", "forc", "im", "x") for ending in "abcdefgh"]


class Rules:
    """Random rules, each written for us and for FTS5."""

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(seed)

    def words(self, count: int) -> list[str]:
        return [self._dice.choice(VOCABULARY) for _ in range(count)]

    def term(self) -> tuple[str, str]:
        kind = self._dice.random()
        if kind < 0.4:
            phrase = f'"{" ".join(self.words(self._dice.choice((2, 2, 3))))}"'
            return phrase, phrase
        if kind < 0.6:
            stem = self._dice.choice(["vis", "traff", "for", "xa", "hum"])
            return f"{stem}*", f"{stem}*"
        if kind < 0.75:
            return self.near()
        (word,) = self.words(1)
        return word, word

    def near(self) -> tuple[str, str]:
        # FTS5 lets a word be near itself, and we do not; so the two sides share no word.
        one, other = self._dice.sample(sorted(set(VOCABULARY)), 2)
        distance = self._dice.randint(1, 9)
        return f"{one} NEAR/{distance} {other}", f"NEAR({one} {other}, {distance})"

    def rule(self) -> tuple[str, str]:
        (a, fa), (b, fb), (c, fc), (d, fd) = (self.term() for _ in range(4))
        return self._dice.choice(
            [
                (a, fa),
                (f"({a}) AND ({b})", f"{fa} AND {fb}"),
                (f"({a}) ({b} OR {c}) NOT ({d})", f"({fa} AND ({fb} OR {fc})) NOT {fd}"),
                (f"(({a}) AND ({b})) OR ({c} NOT {d})", f"({fa} AND {fb}) OR ({fc} NOT {fd})"),
                (f"({a} OR {b} OR {c}) NOT ({d})", f"({fa} OR {fb} OR {fc}) NOT {fd}"),
            ]
        )


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_matcher_agrees_with_fts5(seed):
    rules = Rules(seed)
    documents = [" ".join(rules.words(40)) for _ in range(60)]
    written = [rules.rule() for _ in range(250)]
    db = sqlite3.connect(":memory:")
    db.execute("CREATE VIRTUAL TABLE documents USING fts5(words)")
    db.executemany("INSERT INTO documents(rowid, words) VALUES (?, ?)", enumerate(documents))
    expected = {
        (number, row)
        for number, (_, theirs) in enumerate(written)
        for (row,) in db.execute("SELECT rowid FROM documents WHERE documents MATCH ?", (theirs,))
    }
    db.close()
    matcher = Matcher([watch(ours, str(number)) for number, (ours, _) in enumerate(written)])
    matches = {(int(m.watch), row) for row, words in enumerate(documents) for m in matcher.match(entry("", words))}
    assert len(expected) > 1000
    assert matches == expected
