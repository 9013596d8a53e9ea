"""Cards as values: the place of each part, and what they say about unknown facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.alerts.cards import Item, bill_card, card, digest_line, group_by_story
from bot.config.load import Labels
from bot.entries.records import entry_from_json, entry_to_json
from bot.shared.card import Button, Card, Due, Line, Link, Mark
from bot.shared.entry import UNDER_REVIEW, Agency, Change, Entry, Kind, Stage
from bot.watch.model import Level, Match, Reason, why
from tests.kit.alerts import CBP, DHS, action, document, filing, news

VOICE = Labels(
    asks={4: "enforce § 307 of the Tariff Act", 8: "clear records"},
    sources={"register": "Federal Register", "inspection": "Federal Register, public inspection"},
    zone=ZoneInfo("America/New_York"),
)
GLOVES = Match("g", "gloves", (4,), Level.ALERT, (Reason("title", "Forced or Indentured Labor"),))


def item(entry: Entry, *matches: Match, **rest) -> Item:
    return Item(id="e1", entry=entry, matches=matches or (GLOVES,), **rest)


def alone(one: Item) -> Card:
    return card([one], VOICE)


@pytest.mark.parametrize(
    ("entry", "line"),
    [
        (document("1", "Finding on gloves", summary="CBP found convict labor. More text."), "CBP found convict labor."),
        (document("1", "Finding on gloves"), None),
        (document("1", "Finding on gloves by CBP", summary="Finding on gloves."), None),
        (news("n", "Gloves seized", summary="Officers seized gloves. More text."), None),
    ],
)
def test_the_first_sentence_of_an_abstract_is_shown_where_it_says_more_than_the_title(entry, line):
    assert [each.text for each in alone(item(entry)).lines] == ([line] if line else [])


def test_an_alert_from_its_head_to_its_foot():
    entry = document(
        "2021-06393",
        "Notice of Finding That Certain Disposable Gloves Produced in Malaysia With the Use of Convict, Forced or "
        "Indentured Labor Are Being, or Are Likely To Be, Imported Into the United States",
        type="Notice of finding",
        publication_date=date(2021, 3, 29),
        pdf_url="https://www.govinfo.gov/x.pdf",
        dates_text="This finding is effective as of publication.",
        as_of=datetime(2021, 3, 29, 12, 47, tzinfo=UTC),
    )
    assert alone(item(entry)) == Card(
        mark=Mark.ALERT,
        head="Finding: Certain Disposable Gloves Produced in Malaysia With the Use of Convict, Forced or Indentured "
        "Labor",
        badge="Ask 4",
        byline="U.S. Customs and Border Protection · Notice of finding · published Mon Mar 29, 2021",
        lines=(Line("Dates, as the document states them: This finding is effective as of publication."),),
        why=("“Forced or Indentured Labor” in the title → Ask 4, enforce § 307 of the Tariff Act",),
        links=(
            Link("Document", "https://www.federalregister.gov/d/2021-06393"),
            Link("PDF", "https://www.govinfo.gov/x.pdf"),
        ),
        foot="Federal Register 2021-06393 · as of Mon Mar 29, 2021, 8:47 a.m.",
        buttons=(
            Button("Draft letter", "letter draft", (("entry", "e1"),), "primary"),
            Button("Why", "alerts why", (("entry", "e1"),)),
            Button("Not relevant", "alerts not-relevant", (("entry", "e1"),)),
            Button("Assign", "alerts assign", (("entry", "e1"),)),
        ),
    )


def test_a_filing_says_when_it_publishes():
    made = alone(item(filing()))
    assert made.mark is Mark.FILING
    assert made.byline == "U.S. Customs and Border Protection · Notice · filed Tue Nov 24, 2026"
    assert made.dues == (Due("Publishes", date(2026, 11, 25)),)


def test_what_a_source_does_not_say_is_named():
    bare = alone(item(document(agencies=None, publication_date=None, url="", number=None)))
    assert bare.byline == "agency not given by the source · Notice · date not given by the source"
    assert bare.links == ()
    undated = alone(item(news("a", published=None)))
    assert undated.byline == "ICE · date not given by the source"


def test_a_rule_at_omb_has_its_clock_and_the_form_to_ask_for_a_meeting():
    entry = Entry(
        source="omb", kind=Kind.PLANNED_RULE, identity=("review:1",), thread="rule:1121-AA12", title="Relief Rule",
        url="https://www.reginfo.gov/public/do/eo/neweomeeting", type=UNDER_REVIEW,
        publication_date=date(2026, 10, 1), notes=("Proposed Rule, RIN 1121-AA12.",),
    )  # fmt: skip
    shown = alone(item(entry))

    assert shown.head == "Under review at OMB: Relief Rule"
    assert shown.dues == (Due("Review is due", date(2026, 12, 30), ""),)
    assert shown.links == (Link("Ask for a meeting", entry.url),)
    assert "Proposed Rule, RIN 1121-AA12." in [line.text for line in shown.lines]
    assert shown.byline == "agency not given by the source · Under review at OMB · Thu Oct 1, 2026"


def test_a_period_that_closes_on_a_federal_holiday_says_so():
    for on, detail in ((date(2026, 12, 25), "(a federal holiday)"), (date(2026, 12, 24), ""), (date(2026, 12, 26), "")):
        (due,) = alone(item(document(comments_close_on=on))).dues
        assert (due.on, due.detail) == (on, detail)


def test_a_withdrawal_has_no_deadlines():
    made = alone(item(document(change=Change.WITHDRAWAL, comments_close_on=date(2027, 1, 4))))
    assert (made.head, made.dues) == ("CBP withdraws a notice on gloves made with forced labor", ())


def test_evidence_of_several_watches_appears_once_per_ask():
    second = Match("h", "labor", (4,), Level.DIGEST, (Reason("title", "indentured"), Reason("agency", "CBP")))
    policy = Match("p", "the field", (), Level.DIGEST, (Reason("title", "Indentured Labor"),))
    other = Match("q", "records", (8,), Level.DIGEST, (Reason("summary", "vacatur"),), ("agency",))
    assert why([policy, GLOVES, second, other], VOICE.asks) == (
        "“Forced or Indentured Labor” in the title; agency CBP → Ask 4, enforce § 307 of the Tariff Act",
        "“vacatur” in the summary; agency not given by the source → Ask 8, clear records",
    )


def test_what_makes_it_an_alert_comes_before_what_makes_a_digest_line():
    quiet = Match("q", "records", (8,), Level.DIGEST, (Reason("summary", "vacatur"),))
    loud = Match("p", "the field", (), Level.ALERT, (Reason("title", "Indentured Labor"),))
    assert why([quiet, loud], VOICE.asks)[0] == "“Indentured Labor” in the title → policy watch “the field”"


def test_an_ask_is_named_beside_the_alert_that_shows_its_evidence():
    quiet = Match("q", "goods", (4,), Level.DIGEST, (Reason("title", "Indentured Labor"),))
    loud = Match("p", "the field", (), Level.ALERT, (Reason("title", "Indentured Labor"), Reason("summary", "comment")))
    (reason,) = why([quiet, loud], VOICE.asks)
    assert reason.startswith("“Indentured Labor” in the title; “comment” in the summary → Ask 4, enforce § 307")
    assert reason.endswith("; policy watch “the field”")


def test_a_line_shows_four_pieces_of_evidence_those_of_the_title_first():
    reasons = (*(Reason("summary", f"word {n}") for n in range(5)), Reason("title", "gloves"))
    assert why([Match("g", "gloves", (8,), Level.ALERT, reasons)], VOICE.asks) == (
        "“gloves” in the title; “word 0”, “word 1” and “word 2” in the summary → Ask 8, clear records",
    )


def test_words_of_the_title_are_not_quoted_again_from_the_summary():
    summary = Match("s", "labor", (), Level.DIGEST, (Reason("summary", "indentured labor"),))
    assert why([GLOVES, summary], VOICE.asks) == why([GLOVES], VOICE.asks)


def test_a_published_correction_is_not_announced_twice():
    entry = document(title="Gloves; Correction", change=Change.CORRECTION)
    assert alone(item(entry, filed=entry)).head == "Published as filed: CBP corrects a notice on gloves"
    assert alone(item(document(), filed=document())).head == "Published as filed: Gloves made with forced labor"


RELIEF = "Relief Act is signed into law"


def test_news_that_several_outlets_bring_under_one_title_is_one_story():
    tribune, post = news("a", RELIEF, outlet="Tribune"), news("b", RELIEF.upper(), outlet="Post")
    made = card([item(tribune), item(post)], VOICE)
    assert made.mark is Mark.NEWS
    assert made.head == RELIEF
    assert made.byline.startswith("Tribune · ")
    assert made.lines == (Line("Also in Post", post.url),)
    assert made.links == (Link("Read", tribune.url),)
    assert digest_line([item(tribune), item(post)]).text == f"Tribune and Post: {RELIEF.upper()}"


def test_a_news_card_names_its_source_once():
    source = next(iter(VOICE.sources))
    own = card([item(news("a", RELIEF, outlet=VOICE.sources[source], source=source))], VOICE)
    assert own.byline.startswith(f"{VOICE.sources[source]} · ")
    assert own.foot == ""
    assert card([item(news("a", RELIEF, outlet="Tribune"))], VOICE).foot != ""


def test_every_headline_of_a_story_is_shown():
    first = news("a", RELIEF, outlet="Tribune", thread="t")
    copy = news("b", "Survivors may clear records", outlet="Post", thread="t")
    assert card([item(first), item(copy)], VOICE).lines == (
        Line("Also in Post: “Survivors may clear records”", copy.url),
    )
    assert digest_line([item(copy), item(first)]).text == (f"Tribune: {RELIEF}; Post: “Survivors may clear records”")


def test_companion_bills_are_one_line_with_both_numbers():
    does = "To limit lead in pipes."
    house = news("a", "H.R. 55 (IH) - Pipe Act", bill="hr55-119", summary=does)
    senate = news("b", "S. 5 (IS) - Pipe Act", bill="s5-119", summary="A bill to limit lead in pipes.")
    passed = news("c", "H.R. 55 (EH) - Pipe Act", bill="hr55-119", summary=does)
    stories = group_by_story(item(entry) for entry in (house, passed, senate))

    assert [digest_line(story).text for story in stories] == [
        "New bill: Pipe Act (H.R. 55 and S. 5), to limit lead in pipes",
        "Bill passed by the House: Pipe Act (H.R. 55), to limit lead in pipes",
    ]
    made = card([item(house), item(senate)], VOICE)
    assert made.head == "New bill: Pipe Act (H.R. 55 and S. 5), to limit lead in pipes"
    assert made.lines == (Line("Also S. 5", senate.link),)


@pytest.mark.parametrize(
    ("title", "bill", "does"),
    [
        ("H.R. 99 (IH) - Pipe Act", "hr99-119", "To end the tax on smoking pipes."),
        ("S. 5 (IS) - Pipe Act", "s5-119", "A bill to end the tax on smoking pipes."),
        ("H.R. 99 (IH) - Pipe Act", "hr99-119", "To limit lead in pipes."),
    ],
)
def test_bills_of_one_chamber_or_of_two_purposes_stay_apart(title, bill, does):
    lead = news("a", "H.R. 55 (IH) - Pipe Act", bill="hr55-119", summary="To limit lead in pipes.")
    other = news("b", title, bill=bill, summary=does)
    assert len(group_by_story([item(lead), item(other)])) == 2


def test_two_withheld_headlines_are_not_one_story():
    stories = [news(name, "Jane Roe, 15, found", outlet=name, withheld="x").withhold() for name in ("Sun", "Star")]
    assert len(group_by_story(item(entry) for entry in stories)) == 2


def test_nothing_links_to_a_withheld_page_that_is_no_news():
    """A watch may look for such pages; their addresses often have the headline in them."""
    stories = [
        replace(news(name, "Jane Roe, 15, found", outlet=name, thread="t"), kind=Kind.LISTING).withhold()
        for name in ("Sun", "Star")
    ]
    made = card([item(entry) for entry in stories], VOICE)
    assert [line.url for line in made.lines] == [""]
    assert made.links == ()


def test_a_title_of_few_words_makes_no_story():
    made = card([item(news("a", "Press release")), item(news("b", "Press release"))], VOICE)
    assert [section.title for section in made.sections] == ["Press release", "Press release"]


def test_a_story_among_others_keeps_its_links():
    entries = [news("a", RELIEF, outlet="Tribune"), news("b", RELIEF, outlet="Post"), document()]
    made = card([item(entry) for entry in entries], VOICE)
    assert made.head == f"2 alerts at once: {RELIEF}"
    assert Line("Also in Post", entries[1].url) in made.sections[0].lines


def test_a_document_and_its_correction_share_a_card_with_the_valid_date():
    first = document(comments_close_on=date(2027, 1, 4))
    correction = document("C1-2026-00001", "Gloves; Correction", change=Change.CORRECTION, thread=first.thread)
    made = card([item(first), item(correction)], VOICE)
    assert made.head == "CBP corrects a notice on gloves"
    assert made.lines == (Line("Together with: Gloves made with forced labor", first.url),)
    assert made.dues == (Due("Comments close", date(2027, 1, 4)),)
    withdrawal = document("2026-2", "Gloves; Withdrawal", change=Change.WITHDRAWAL, thread=first.thread)
    assert card([item(first), item(withdrawal)], VOICE).dues == ()


def test_a_match_without_words_names_its_watch():
    assert why([Match("r", "all rules", (), Level.DIGEST, ())], {}) == ("watch “all rules” → policy watch “all rules”",)


def test_a_bill_card_has_a_line_for_each_action_and_says_what_comes_next():
    made = bill_card([item(action("Introduced in House", "Introduced")), item(action("Reported.", "Reported"))], VOICE)
    assert made.head == "Reported by committee: Trafficking Survivors Relief Act (H.R. 4323, 119th)"
    assert [line.text for line in made.lines] == [
        "Mon Nov 23, 2026: Introduced in House",
        "Mon Nov 23, 2026: Reported.",
        "Usually next: a vote in the chamber, unless another committee still has it.",
    ]


def test_a_digest_line_says_who_what_and_until_when():
    entry = document(comments_close_on=date(2027, 1, 4))
    assert digest_line([item(entry)]) == Line(
        "CBP: Gloves made with forced labor; comments close Mon Jan 4, 2027",
        "https://www.federalregister.gov/d/2026-00001",
    )
    assert digest_line([item(news("a", outlet=None))]).text == "Gloves seized"


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)
ENTRIES = st.builds(
    Entry,
    source=st.sampled_from(["register", "elsewhere"]),
    kind=st.sampled_from(Kind),
    identity=st.tuples(TEXT),
    thread=TEXT,
    title=TEXT,
    url=TEXT,
    summary=st.none() | TEXT,
    published=st.none() | st.datetimes(timezones=st.just(UTC)).filter(lambda at: 1 < at.year < 9999),
    publication_date=st.none() | st.dates(),
    stage=st.sampled_from(Stage),
    agencies=st.none() | st.lists(st.builds(Agency, TEXT, st.none() | TEXT), max_size=3).map(tuple),
    type=st.none() | TEXT,
    dates_text=st.none() | TEXT,
    comments_close_on=st.none() | st.dates(),
    change=st.none() | st.sampled_from(Change),
    bill=st.none() | st.sampled_from(["hr1-119", "nonsense"]),
    bill_title=st.none() | TEXT,
)


@given(ENTRIES)
def test_every_entry_survives_the_store(entry):
    assert entry_from_json(entry_to_json(entry)) == entry


@pytest.mark.long
@settings(max_examples=200)
@given(st.lists(ENTRIES, min_size=1, max_size=4))
def test_every_entry_makes_a_card(entries):
    made = card([Item(id=str(n), entry=entry, matches=(GLOVES,)) for n, entry in enumerate(entries)], VOICE)
    assert made.head
    assert made.badge == "Ask 4"


def test_the_agency_named_is_the_most_specific():
    assert alone(item(document(agencies=(DHS, CBP)))).byline.startswith(CBP.name)
