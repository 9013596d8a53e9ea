"""What a change to a watch would have meant."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.watch.backtest import backtest
from tests.kit.watch import entry, watch

START = datetime(2026, 11, 1, tzinfo=UTC)
TITLES = ("Visa fees", "Slavery", "Visa rule", "Slavery rule", "Nothing")
STORED = [(entry(title), START + timedelta(days=day)) for day, title in enumerate(TITLES)]
UNTIL = START + timedelta(days=14)


def titles(hits):
    return [hit.entry.title for hit in hits]


def test_a_new_watch_adds_all_its_hits_newest_first():
    report = backtest(watch("visa"), None, STORED, START, UNTIL)
    assert titles(report.hits) == titles(report.added) == ["Visa rule", "Visa fees"]
    assert report.lost == ()
    assert report.looked_at == 5
    assert report.per_week == 1.0


def test_the_rate_of_each_source_counts_the_weeks_of_which_its_entries_are_stored():
    report = backtest(watch("visa"), None, STORED, START, UNTIL)
    source = STORED[0][0].source
    assert replace(report, began={source: UNTIL - timedelta(days=7)}).per_week == 2.0
    assert replace(report, began={"another": UNTIL - timedelta(days=7)}).per_week == 1.0


def test_a_changed_watch_is_compared_with_the_present_one():
    report = backtest(watch("rule"), watch("visa"), STORED, START, UNTIL)
    assert titles(report.hits) == ["Slavery rule", "Visa rule"]
    assert titles(report.added) == ["Slavery rule"]
    assert titles(report.lost) == ["Visa fees"]
    assert report.lost[0].match.reasons[0].words == "Visa"


def test_only_the_window_counts():
    report = backtest(watch("visa OR slavery"), None, STORED, START + timedelta(days=1), START + timedelta(days=3))
    assert titles(report.hits) == ["Visa rule", "Slavery"]


def test_each_alternative_is_counted_and_a_near_miss_has_the_words_apart():
    apart = [(entry("Rule on a visa", agencies=None), START), (entry("A visa"), START)]
    report = backtest(watch('"visa rule" OR slavery OR fees'), None, [*STORED, *apart], START, UNTIL)

    assert report.by_term == (('"visa rule"', 1), ('"slavery"', 2), ('"fees"', 1))
    assert [near.title for near in report.near] == ["Rule on a visa"]


def test_the_alternatives_of_a_list_with_a_condition_are_counted_where_all_holds():
    report = backtest(watch("rule AND (visa OR slavery)"), None, STORED, START, UNTIL)

    assert report.by_term == (('"visa"', 1), ('"slavery"', 1))
    assert report.near == ()
