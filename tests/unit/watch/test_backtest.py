"""What a change to a watch would have meant, and a narrower query: words that name what nobody wanted."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.watch.backtest import backtest, telling_words, without
from bot.watch.engine import Matcher
from tests.kit.alerts import news
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


GLOVES = watch('gloves OR "forced labor"')


def titled(*titles):
    return [news(str(n), title) for n, title in enumerate(titles)]


def test_the_words_stand_in_no_title_that_is_wanted():
    unwanted, *rest = titled("Boxing gloves of Malaysia", "Gloves from Malaysia", "Boxing day", "Boxing match")
    assert telling_words(GLOVES, unwanted, rest[:1], [unwanted, *rest]) == "boxing"


def test_a_word_that_occurs_everywhere_means_nothing():
    unwanted = titled("Notice about boxing gloves")[0]
    seen = titled(*(f"Notice number {n}" for n in range(60)), "Boxing match", "Boxing day")
    assert telling_words(GLOVES, unwanted, [], [unwanted, *seen]) == "boxing"


def test_a_word_of_many_documents_of_the_register_names_no_subject():
    unwanted = titled("Proposed Data Collection Submitted for Public Comment")[0]
    seen = titled(*(f"Seized goods {n}" for n in range(60)), "Public housing", "Data of collections")
    assert telling_words(GLOVES, unwanted, [], [unwanted, *seen]) is None


def test_the_query_s_own_words_are_never_taken_away():
    unwanted = titled("Gloves labor forced")[0]
    assert telling_words(GLOVES, unwanted, [], [unwanted]) is None


def test_where_nothing_sets_it_apart_nothing_is_proposed():
    unwanted, other = titled("Seized goods", "Goods seized")
    assert telling_words(GLOVES, unwanted, [other], [unwanted, other]) == "seized goods"
    assert telling_words(GLOVES, titled("Of 12 and 13")[0], [], []) is None


def test_the_narrower_query_keeps_the_rest_of_an_or_and_can_be_narrowed_again():
    narrower = watch(without(without(GLOVES.query.text, "boxing"), "ballet shoes"))
    hits = [
        bool(Matcher([narrower]).match(entry))
        for entry in titled("Gloves", "Boxing gloves", "Ballet shoes and gloves", "Forced labor")
    ]
    assert hits == [True, False, False, True]
