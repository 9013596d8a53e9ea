"""Which of a thousand watches an entry concerns, one entry at a time, against the same asked of SQLite's FTS5."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from statistics import mean
from time import perf_counter
from typing import Final

from bench.material import Writer, register
from bench.measure import Figure, Round, Size, in_turn
from bench.watches import Rule, agency_word, mixed_rules, plain_rules, watches
from bot.entry import Entry
from bot.sources.documents import document_entry
from bot.watch.engine import Matcher

_RULES: Final[dict[str, Callable[[int, int], list[Rule]]]] = {
    "phrases": plain_rules,
    "phrases, prefixes, NEAR": mixed_rules,
}


def matching(size: Size) -> list[Figure]:
    """Entries of 200 words. FTS5 is a hundred times slower, so it gets fewer of them; the rate is what counts."""
    aims = {"phrases": 50}
    return [_matching(size, name, aims.get(name)) for name in _RULES]


def _matching(size: Size, name: str, aim: float | None) -> Figure:
    rules = _RULES[name](size.of(1_000), 2)
    ours, theirs = size.of(400), size.of(30)
    found = in_turn({"ours": partial(by_us, rules, ours), "FTS5": partial(by_fts5, rules, theirs)}, size.rounds)
    hits = mean(hits for _, hits in found["ours"])
    return Figure(
        what=f"{len(rules):,} watches ({name}; {hits:.1f} match)",
        unit="entries/s",
        ours=[rate for rate, _ in found["ours"]],
        rival="SQLite FTS5, percolating",
        theirs=[rate for rate, _ in found["FTS5"]],
        aim=aim,
    )


@contextmanager
def by_us(rules: Sequence[Rule], count: int) -> Iterator[Round]:
    """Entries a second, and matches an entry."""
    matcher, entries = Matcher(watches(rules)), entries_of(count)

    def play() -> tuple[float, float]:
        started = perf_counter()
        hits = sum(len(matcher.match(entry)) for entry in entries)
        return count / (perf_counter() - started), hits / count

    yield play


@contextmanager
def by_fts5(rules: Sequence[Rule], count: int) -> Iterator[Round]:
    """The same. Each entry in turn is the one row of an index in memory, and every query is put to it."""
    entries = entries_of(count)
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        db.execute("CREATE VIRTUAL TABLE entry USING fts5(title, body, agency)")

        def play() -> tuple[float, float]:
            started = perf_counter()
            hits = sum(len(fts5_matches(db, entry, rules)) for entry in entries)
            return count / (perf_counter() - started), hits / count

        yield play


def fts5_matches(db: sqlite3.Connection, entry: Entry, rules: Sequence[Rule]) -> list[int]:
    """The numbers of the rules that fit the entry."""
    slugs = {slug for agency in entry.agencies or () for slug in (agency.slug, agency.parent) if slug}
    row = (entry.title, f"{entry.summary or ''} {entry.action or ''}", " ".join(map(agency_word, slugs)))
    db.execute("DELETE FROM entry")
    db.execute("INSERT INTO entry VALUES (?, ?, ?)", row)
    asked = "SELECT 1 FROM entry WHERE entry MATCH ?"
    return [number for number, rule in enumerate(rules) if db.execute(asked, (rule.fts5,)).fetchone()]


def entries_of(count: int) -> list[Entry]:
    found = json.loads(register(Writer(3).stories(count, words=200)))
    return [document_entry(document, "register") for document in found["results"]]
