"""Which of many watches an entry concerns, one entry at a time, against the same asked of SQLite's FTS5.

Both compute all the time, in one thread, so processor time is measured, which others on the machine change less.
"""

from __future__ import annotations

import gc
import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from statistics import mean
from time import process_time
from typing import Final

import psutil  # type: ignore[import-untyped]

from bench.author import Author
from bench.material import Writer, register
from bench.measure import Figure, Round, Size, in_turn
from bench.watches import Rule, agency_word, mixed_rules, plain_rules, watches, wide_rules
from bot.shared.entry import Entry
from bot.sources.register.documents import document_entry
from bot.watch.engine import Matcher

_FTS5: Final = "SQLite FTS5, percolating"
_RULES: Final[dict[str, Callable[[int, int], list[Rule]]]] = {
    "phrases": plain_rules,
    "phrases, prefixes, NEAR": mixed_rules,
}


def matching(size: Size) -> list[Figure]:
    """Entries of 200 words. FTS5 is a hundred times slower, so it gets fewer of them; the rate is what counts."""
    aims = {"phrases": 50}
    return [_matching(size, name, aims.get(name)) for name in _RULES]


def _matching(size: Size, name: str, aim: float | None) -> Figure:
    rules, written = _RULES[name](size.of(1_000), 2), partial(entries_of, Writer(3))
    found = in_turn(
        {
            "ours": partial(by_us, rules, written(size.of(400))),
            "FTS5": partial(by_fts5, rules, written(size.of(30))),
        },
        size.rounds,
    )
    hits = mean(hits for _, hits, _ in found["ours"])
    return Figure(
        what=f"{len(rules):,} watches ({name}; {hits:.1f} match)",
        unit="entries/s of processor time",
        ours=[rate for rate, _, _ in found["ours"]],
        rival=_FTS5,
        theirs=[rate for rate, _ in found["FTS5"]],
        aim=aim,
    )


def many_watches(size: Size) -> list[Figure]:
    """As many as a thousand coalitions would write, in a vocabulary as wide as theirs.

    What else the shipped watches hold against a real week, each fits one document in some thousands.
    """
    size = size.short
    rules = wide_rules(size.of(100_000), 4)
    found = in_turn(
        {
            "ours": partial(by_us, rules, entries_of(Author(3), size.of(400))),
            "FTS5": partial(by_fts5, rules, entries_of(Author(3), 1)),
        },
        size.rounds,
    )
    rates, hits, memory = zip(*found["ours"], strict=True)
    what = f"{len(rules):,} watches in a wide vocabulary ({mean(hits):.0f} match)"
    limit, held = [1_000.0] * size.rounds, [500.0] * size.rounds
    asked = [rate for rate, _ in found["FTS5"]]
    return [
        Figure(what=what, unit="entries/s of processor time", ours=rates, rival="limit", theirs=limit, aim=1),
        Figure(what=what, unit="entries/s of processor time", ours=rates, rival=_FTS5, theirs=asked),
        Figure(
            what=f"{what}, their memory", unit="MB", ours=memory, rival="limit", theirs=held, aim=1, less_is_better=True
        ),
    ]


@contextmanager
def by_us(rules: Sequence[Rule], entries: Sequence[Entry]) -> Iterator[Round]:
    """Entries a second, matches an entry, and the MB that the watches take, ready to judge."""
    before = _resident()
    matcher = Matcher(watches(rules))
    taken = _resident() - before
    gc.freeze()  # as the running bot does

    def play() -> tuple[float, float, float]:
        started = process_time()
        hits = sum(len(matcher.match(entry)) for entry in entries)
        return len(entries) / (process_time() - started), hits / len(entries), taken

    yield play


def _resident() -> float:
    gc.collect()
    return float(psutil.Process().memory_info().rss) / 1e6


@contextmanager
def by_fts5(rules: Sequence[Rule], entries: Sequence[Entry]) -> Iterator[Round]:
    """The first two. Each entry in turn is the one row of an index in memory, and every query is put to it."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        db.execute("CREATE VIRTUAL TABLE entry USING fts5(title, body, action, agency)")

        def play() -> tuple[float, float]:
            started = process_time()
            hits = sum(len(fts5_matches(db, entry, rules)) for entry in entries)
            return len(entries) / (process_time() - started), hits / len(entries)

        yield play


def fts5_matches(db: sqlite3.Connection, entry: Entry, rules: Sequence[Rule]) -> list[int]:
    """The numbers of the rules that fit the entry."""
    slugs = {slug for agency in entry.agencies or () for slug in (agency.slug, agency.parent) if slug}
    row = (entry.title, entry.summary or "", entry.action or "", " ".join(map(agency_word, slugs)))
    db.execute("DELETE FROM entry")
    db.execute("INSERT INTO entry VALUES (?, ?, ?, ?)", row)
    asked = "SELECT 1 FROM entry WHERE entry MATCH ?"
    return [number for number, rule in enumerate(rules) if db.execute(asked, (rule.fts5,)).fetchone()]


def entries_of(writer: Writer, count: int) -> list[Entry]:
    """Documents of 200 words, each with its abstract."""
    stories = writer.stories(count, words=200)
    shapes = json.loads(register(stories))["results"]
    pairs = zip(shapes, stories, strict=True)
    return [document_entry(shape | {"abstract": story.text}, "register") for shape, story in pairs]
