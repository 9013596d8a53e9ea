"""Which items tell one story."""

import pytest

from bench.clustering import by_us, f1
from bench.newsroom import items
from bot.media.cluster import Clusters, credit, fingerprint, without_outlet

TITLE = "Sheriff: 122 arrested in trafficking operation"
BODY = (
    "TAMPA, Fla. (AP) — A sheriff's office in Florida says it arrested 122 people over four days in an operation "
    "against human trafficking, and advocates for survivors ask how many of them were victims themselves."
)


def stories(*items):
    clusters = Clusters()
    return [clusters.add(str(n), fingerprint(*item)) for n, item in enumerate(items)]


@pytest.mark.parametrize(
    "copy",
    [
        (f"{TITLE} - The Herald", BODY, "The Herald"),
        (f"{TITLE} | KTAR", BODY),
        ("Florida sting nets 122, advocates have questions", BODY.partition("— ")[2]),
        (TITLE, BODY[:90]),
        ("Dozens arrested in Florida", BODY),
        (TITLE, ""),
    ],
    ids=["outlet behind", "other outlet behind", "own headline", "cut snippet", "no number", "no snippet"],
)
def test_a_copy_is_the_same_story(copy):
    assert stories((TITLE, BODY), copy) == ["0", "0"]


@pytest.mark.parametrize(
    "other",
    [
        ("Sheriff: 36 arrested in trafficking operation", BODY),
        ("Sheriff: arrests in trafficking operation draw questions", "Nobody at the county knew of it beforehand."),
        ("Human trafficking operation in Ohio", "Human trafficking is a growing crime, says a sheriff there."),
        ("Sheriff arrested in trafficking operation", ""),
    ],
    ids=["another number", "the same subject", "the same words", "another sense"],
)
def test_another_story_stays_apart(other):
    assert stories((TITLE, BODY), other) == ["0", "1"]


def test_a_year_tells_two_reports_apart():
    assert stories(("Trafficking task force report 2019", ""), ("Trafficking task force report", "")) == ["0", "1"]
    assert stories(("Trafficking task force report 2019", ""), ("Trafficking task force report 2020", "")) == ["0", "1"]


def test_two_rewrites_that_share_a_quotation_are_one_story():
    said = '"Local law enforcement needs every tip to end trafficking and to help its victims," she said.'
    first = ("Attorney general leads letter", f"A letter of 41 states went out on Monday. {said}")
    then = (
        "States want hotline tips",
        f"It is not the first such call, nor the last. {said} The nonprofit had no comment.",
    )
    assert stories(first, then) == ["0", "0"]


def test_a_pair_that_stands_everywhere_says_nothing():
    items = [(f"Human trafficking arrest number{n} made in county{n} today", "") for n in range(100)]
    assert len(set(stories(*items))) == 100


def test_short_headlines_on_one_subject_are_not_one_story():
    assert (
        len(set(stories(("Human trafficking", ""), ("Human trafficking in Ohio", ""), ("On human trafficking", ""))))
        == 3
    )


def test_empty_items_are_stories_of_their_own():
    assert stories(("", ""), ("", "")) == ["0", "1"]


def test_an_outlet_s_name_is_cut_exactly():
    assert without_outlet("A - B - The Sun - Herald", "The Sun - Herald") == "A - B"
    assert without_outlet("Polaris - the nonprofit - under fire, says a long report of the state's auditors") == (
        "Polaris - the nonprofit - under fire, says a long report of the state's auditors"
    )


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("TAMPA, Fla. (AP) — A sheriff", "AP"),
        ("NEW YORK (Thomson Reuters Foundation) – A", "Thomson Reuters Foundation"),
        ("Tampa (AP) was", ""),
        ("A sheriff (R) — said", ""),
    ],
)
def test_a_dateline_names_the_agency(text, who):
    assert credit(text) == who


def test_copies_are_found_among_thousands_of_stories_that_share_their_turns_of_phrase():
    given = items(3_000)
    assert f1([it.story for it in given], by_us(given)) >= 0.98  # the bar is 0.95
