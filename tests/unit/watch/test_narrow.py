"""A narrower query: words that name what nobody wanted, and nothing else the watch raised."""

from __future__ import annotations

from bot.watch.backtest import telling_words, without
from bot.watch.engine import Matcher
from bot.watch.model import Level, Watch
from bot.watch.query import parse
from tests.kit.alerts import news


def watch(query):
    return Watch("w", "w", (), Level.ALERT, parse(query))


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
