"""What matches, what does not, and on what evidence."""

import gc

import pytest

from bot.shared.entry import Agency, Kind
from bot.watch.engine import Matcher
from bot.watch.text import acronyms, clean, raw_words, spans, words
from tests.kit.watch import CBP, COAST_GUARD, DHS, JUSTICE, entry, finds, match, watch

# --- words ---


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ('"forced labor"', "Convict, Forced or Indentured Labor", False),
        ('"T nonimmigrant"', "student nonimmigrant", False),
        ('"T nonimmigrant"', "“T” Nonimmigrant status", True),
        ('"T visa"', "an immigrant visa", False),
        ("VOCA", "an advocate", False),
        ("ice", "ICE raids", True),
        ("ICE", "Ice cream", False),
        ("ICE", "ICE's detainees", True),
        ("ICE", "ICE CREAM RECALLED", True),
        ("WRO", "two WROs", True),
        ("WROs", "one WRO", True),
        ('"WRO modifications"', "the WROs modifications", True),
        ('"new WRO"', "new WROs", True),
        ("WRO", "wros", False),
        ("DHS*", "DHS2 and dhs", True),
        ("DHS*", "dhsx", False),
        ('"19 USC 1307"', "see 19 U.S.C. § 1307", True),
        ('"19 USC 1307"', "see 19 usc 1307", False),
        ('"trafficking victim*"', "Trafficking Victims Protection Act", True),
        ('"traffick* in persons"', "Trafficker; in persons", True),
        ("traffick*", "Traffic", False),
        ('"a1 a1 b1"', "a1 a1 a1 b1", True),
        ('"a1 b1 a1"', "b1 a1 b1", False),
        ('"b1 c1"', "c1", False),
        ("a1 NEAR/2 b1", "b1 x x a1", True),
        ("a1 NEAR/2 b1", "b1 x x x a1", False),
        ('"a1 b1" NEAR/1 (c1 OR d1)', "d1 x a1 b1", True),
        ("a1 NEAR/5 a1", "a1", False),
        ('"forced labor" NEAR/3 labor', "forced labor", False),
        ("a1 NEAR/5 a1", "a1 x a1", True),
        ("a1 NOT b1", "a1 b1", False),
        ("a1 NOT (b1 c1)", "a1 b1", True),
    ],
)
def test_words_in_a_title(query, text, expected):
    assert finds(query, text) is expected


def test_nothing_reaches_from_one_field_into_the_next():
    assert not finds('"forced labor"', "On being forced", "Labor statistics")
    assert not finds("forced NEAR/50 labor", "On being forced", "Labor statistics")
    assert finds("forced AND labor", "On being forced", "Labor statistics")


def test_words_are_sought_in_title_summary_and_action_line_and_a_bills_name():
    assert finds("withhold", "Finding", "We withhold")
    assert finds("correction", "Finding", action="Correction.")
    assert finds("title:survivors", "Became law.", kind=Kind.BILL, bill_title="Trafficking Survivors Relief Act")
    assert not finds("customs", "Finding", url="https://customs.example", dates_text="customs")


def test_title_looks_at_the_title_alone():
    assert not finds("title:visa", "Fees", "visa visa")
    assert finds("title:visa", "Visa fees", "visa")
    assert not finds("title:fee NEAR/3 visa", "Visa", "fee for a visa")
    assert finds("title:(fee NEAR/3 visa)", "Fee for a visa")


def test_an_entry_without_a_summary_is_judged_on_its_title():
    assert not finds("trafficking AND visa", "Trafficking", None)
    assert finds("trafficking NOT drug", "Trafficking", None)


# --- fields ---


@pytest.mark.parametrize(
    ("query", "agencies", "expected"),
    [
        ("agency:u-s-customs-and-border-protection", (CBP,), True),
        ("agency:homeland-security-department", (CBP,), True),
        ("agency:homeland-security-department", (DHS, COAST_GUARD), True),
        ("agency:homeland-security-department", (JUSTICE,), False),
        ("agency:customs", (CBP,), True),
        ('agency:"Border Protection"', (CBP,), True),
        ("agency:border-customs", (CBP,), False),
        ("agency:(customs OR coast-guard)", (DHS, COAST_GUARD), True),
        ("agency:secretary", (Agency("Office of the Secretary"),), True),
        ("agency:customs", (), False),
        ("agency:customs", None, False),
    ],
)
def test_agency(query, agencies, expected):
    assert finds(query, "Notice", agencies=agencies) is expected


def test_the_bureau_is_named_not_its_department():
    (reason,) = match("agency:homeland-security-department", entry("Notice", agencies=(DHS, CBP))).reasons
    assert reason.words == CBP.name


@pytest.mark.parametrize(
    ("query", "type_", "expected"),
    [
        ('type:"proposed rule"', "Proposed Rule", True),
        ("type:rule", "Proposed Rule", False),
        ("type:rule", "Rule", True),
        ("type:notice", "Notice of finding", True),
        ("type:notice", None, False),
    ],
)
def test_type_is_read_from_its_beginning(query, type_, expected):
    assert finds(query, "x", type=type_) is expected


def test_docket_bill_and_outlet():
    assert finds("docket:USCG-2026", "x", dockets=("Docket No. USCG-2026-0041",))
    assert finds("docket:uscg-2026-00*", "x", dockets=("USCG-2026-0041",))
    assert not finds("docket:USCG-2025", "x", dockets=("USCG-2026-0041",))
    assert finds("bill:hr4323-119", "x", kind=Kind.BILL, bill="hr4323-119")
    assert finds("bill:hr4323", "x", kind=Kind.BILL, bill="hr4323-119")
    assert not finds("bill:hr432", "x", kind=Kind.BILL, bill="hr4323-119")
    assert not finds("bill:s3240-116", "x", kind=Kind.BILL, bill="s3240-119")
    assert finds("outlet:reuters", "x", kind=Kind.NEWS, outlet="Thomson Reuters Foundation")


def test_what_the_source_did_not_say_is_unknown_and_never_no():
    of_customs = "trafficking agency:customs"
    assert match(of_customs, entry("Trafficking", agencies=None)).unknown == ("agency",)
    assert match(of_customs, entry("Trafficking", agencies=())) is None
    assert match(of_customs, entry("Trafficking", agencies=(CBP,))).unknown == ()
    assert match("trafficking NOT agency:customs", entry("Trafficking", agencies=None)).unknown == ("agency",)
    assert match("trafficking NOT agency:customs", entry("Trafficking", agencies=(CBP,))) is None


def test_what_is_unknown_alone_matches_nothing():
    nameless = entry("Trafficking", agencies=None, type=None)
    assert match("agency:customs", nameless) is None
    assert match("agency:customs OR slavery", nameless) is None
    assert match("agency:customs NOT trafficking", nameless) is None
    assert match("(agency:customs OR trafficking) type:rule", nameless).unknown == ("type",)


def test_the_unknown_is_not_reported_where_it_did_not_matter():
    assert match("trafficking OR agency:customs", entry("Trafficking", agencies=None)).unknown == ()


def test_what_a_kind_of_entry_never_has_is_no():
    assert match("trafficking bill:hr4323-119", entry("Trafficking")) is None
    assert match("trafficking docket:X-1", entry("Trafficking", kind=Kind.NEWS)) is None
    assert match("trafficking docket:X-1", entry("Trafficking", dockets=None)).unknown == ("docket",)


# --- evidence ---


def test_a_reason_shows_the_words_as_they_stand():
    summary = "In this notice, published today, the Commissioner finds goods made by forced-labor in the region of X."
    (reason,) = match('"forced labor"', entry("Finding", summary)).reasons
    assert (reason.field, reason.words) == ("summary", "forced-labor")


def test_longer_evidence_comes_first_and_nothing_twice():
    text = "Forced Labor Enforcement Task Force: forced labor"
    matches = match(
        'forced OR "forced labor" OR "forced labor enforcement task force" OR task', entry(text, "A task")
    ).reasons
    assert [reason.words for reason in matches] == ["Forced Labor Enforcement Task Force"]
    matches = match("slavery* OR trafficking OR force", entry("Trafficking", "slavery by force, trafficking")).reasons
    assert [reason.words for reason in matches] == ["Trafficking", "slavery", "force"]


def test_a_match_has_four_reasons_at_most_and_room_for_a_field():
    matches = match("agency:customs (a1 OR b1 OR c1 OR d1 OR e1)", entry("a1 b1 c1 d1 e1", agencies=(CBP,))).reasons
    assert [reason.field for reason in matches] == ["title", "title", "title", "agency"]
    assert matches[-1].words == "U.S. Customs and Border Protection"


def test_near_shows_the_whole_stretch_and_long_ones_without_their_middle():
    (reason,) = match("victim* NEAR/20 presence", entry("Continued presence for each victim of trafficking")).reasons
    assert reason.words == "presence for each victim"
    (reason,) = match("victim* NEAR/50 presence", entry(f"presence {'and so on ' * 15}victims")).reasons
    assert reason.words.startswith("presence and so")
    assert reason.words.endswith("so on victims")
    assert len(reason.words) <= 83


def test_only_what_supports_the_match_is_evidence():
    matches = match("(a1 b1) OR (c1 NOT d1)", entry("a1 c1")).reasons
    assert [reason.words for reason in matches] == ["c1"]


def test_a_word_of_any_length_stays_short_in_a_reason():
    (reason,) = match("traffick*", entry(f"x trafficking{'g' * 5000} y")).reasons
    assert len(reason.words) < 90


# --- watches ---


def test_a_watch_may_be_limited_to_kinds_and_sources():
    for limits in ({"kinds": (Kind.NEWS,)}, {"sources": ("gao",)}):
        assert not Matcher([watch("a1", **limits)]).match(entry("a1"))
    assert Matcher([watch("a1", kinds=(Kind.DOCUMENT,), sources=("register",))]).match(entry("a1"))


def test_matches_come_in_the_order_of_the_watches_and_carry_their_asks():
    watches = [watch("b1", "second", asks=(4,)), watch("a1 b1", "first", asks=(3, 8)), watch("c1", "third")]
    assert [(m.watch, m.asks) for m in Matcher(watches).match(entry("a1 b1"))] == [("second", (4,)), ("first", (3, 8))]


def test_words_that_were_never_met_before_leave_nothing_behind_that_grows():
    matcher = Matcher([watch("gloves*")])

    def read(first, last):
        for number in range(first, last, 50):
            matcher.match(entry(" ".join(f"word{n}" for n in range(number, number + 50))))
        gc.collect()
        return sum(type(each) is frozenset for each in gc.get_objects())

    before = read(0, 50)
    assert read(50, 5_000) - before < 100


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Forced-Labor", "forced labor"),
        ("19 U.S.C. § 1307", "19 usc 1307"),
        ("the D.H.S and the U.S.-Mexico border", "the dhs and the us mexico border"),
        ("S.3240 and H.R. 4323", "s 3240 and hr 4323"),
        ("Inc.A plan.The end.", "inc a plan the end"),
        ("Commission's workers' O'Brien", "commission workers o brien"),
        ("COMMISSION’S", "commission"),
        ("Verité café", "verite cafe"),
        ("Verite\u0301 cafe\u0301", "verite cafe"),
        ("Docket 2018-16- 02", "docket 2018 16 02"),
        ("labor¹ Trade™ ﬁnding", "labor trade finding"),
        ("traf\u00adficking traf\u200bficking", "trafficking trafficking"),
        ("“T” Nonimmigrant, ``U'' Nonimmigrant", "t nonimmigrant u nonimmigrant"),
        ("snake_case e-mail@host", "snake case e mail host"),
        ("STRASSE straße", "strasse strasse"),
        ("ИСКРА Искра", "искра искра"),
        ("§ – “ ”", ""),
    ],
)
def test_words(text, expected):
    assert " ".join(words(text)) == expected


def test_only_words_in_capitals_with_two_letters_are_acronyms():
    raw = raw_words(clean("ICE’s D.H.S. T-visa Ice H2B 1307 É.U. A WROs As A's BUSes"))
    assert acronyms(raw) == [(0, "ICE"), (1, "DHS"), (5, "H2B"), (7, "EU"), (9, "WRO")]


@pytest.mark.parametrize("text", ["U.S.C. of Commission's", "U.S.C. of Vérité’s"])
def test_spans_show_the_position_of_each_word(text):
    cleaned = clean(text)
    assert [cleaned[begin:end] for begin, end in spans(cleaned)] == raw_words(cleaned)
