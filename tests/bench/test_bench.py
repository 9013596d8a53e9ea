"""The bench still runs: one tiny round of each measure. How fast anything was is not asked here."""

import sqlite3
from contextlib import closing

import pytest

from bench.__main__ import MEASURES, row
from bench.author import Author
from bench.letters import letters
from bench.matching import entries_of, fts5_matches
from bench.material import Writer
from bench.measure import Figure, Size
from bench.watches import mixed_rules, plain_rules, watches, wide_rules
from bot.watch.engine import Matcher
from tests.peers.need import need

pytest.importorskip("reader", reason="the rivals are not installed")
pytestmark = pytest.mark.long


@pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: measure.__name__)
def test_each_measure_gives_its_figures(measure):
    if measure is letters:
        need("soffice")
    figures = measure(Size(rounds=1, share=0.02))
    assert figures
    for figure in figures:
        assert all(value > 0 for value in (*figure.ours, *figure.theirs, *figure.ratios))
        assert len(row(figure)) == 7


@pytest.mark.parametrize(
    ("kind", "count", "author"),
    [(plain_rules, 300, Writer), (mixed_rules, 300, Writer), (wide_rules, 3_000, Author)],
    ids=["phrases", "mixed", "wide"],
)
def test_both_contestants_in_matching_find_the_same(kind, count, author):
    rules, entries = kind(count, 1), entries_of(author(3), 40)
    matcher = Matcher(watches(rules))
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        db.execute("CREATE VIRTUAL TABLE entry USING fts5(title, body, action, agency)")
        theirs = [[f"w{number}" for number in fts5_matches(db, entry, rules)] for entry in entries]
    assert [[match.watch for match in matcher.match(entry)] for entry in entries] == theirs
    assert any(theirs)


def test_a_missed_aim_is_marked():
    slow = Figure(what="x", unit="/s", ours=[1, 2, 3], rival="y", theirs=[1, 1, 1], aim=3)
    assert row(slow) == ("x, /s", "2 (1–3)", "y", "1", "2 (1–3)", "≥ 3", "below aim")


def test_less_may_be_better():
    late = Figure(what="x", unit="ms", ours=[20], rival="limit", theirs=[50], aim=1, less_is_better=True)
    assert row(late)[-2:] == ("≤ 1", "ok")
