"""Cards as values: what stands where, and what is said of what is not known."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.alerts.cards import Item, Voice, bill_card, card, digest_line, entry_card
from bot.alerts.codec import entry_from_json, entry_to_json
from bot.alerts.reasons import why
from bot.card import Button, Card, Due, Line, Link, Mark
from bot.entry import Agency, Change, Entry, Kind, Stage
from bot.watch.model import Level, Match, Reason
from tests.alerts_kit import CBP, DHS, action, document, filing, news

VOICE = Voice(
    asks={4: "enforce § 307 of the Tariff Act", 8: "clear records"},
    sources={"register": "Federal Register", "inspection": "Federal Register, public inspection"},
    zone=ZoneInfo("America/New_York"),
)
GLOVES = Match("g", "gloves", (4,), Level.ALERT, (Reason("title", "Forced or Indentured Labor", "…"),))


def item(entry: Entry, *matches: Match, **rest) -> Item:
    return Item(id="e1", entry=entry, matches=matches or (GLOVES,), **rest)


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
    assert entry_card(item(entry), VOICE) == Card(
        mark=Mark.ALERT,
        head="Finding: Certain Disposable Gloves Produced in Malaysia With the Use of Convict, Forced or Indentured "
        "Labor Are Being, or Are Likely To Be, Imported…",
        badge="Ask 4",
        byline="U.S. Customs and Border Protection · Notice of finding · published Mon 29 Mar 2021",
        lines=(
            Line("…Into the United States"),
            Line("Dates, in its own words: This finding is effective as of publication."),
        ),
        why=("“Forced or Indentured Labor” in the title → Ask 4, enforce § 307 of the Tariff Act",),
        links=(
            Link("Document", "https://www.federalregister.gov/d/2021-06393"),
            Link("PDF", "https://www.govinfo.gov/x.pdf"),
        ),
        foot="Federal Register 2021-06393 · as of Mon 29 Mar 2021 08:47",
        buttons=(
            Button("Why", "alerts why", (("entry", "e1"),)),
            Button("Not relevant", "alerts not-relevant", (("entry", "e1"),)),
            Button("Snooze", "alerts snooze", (("entry", "e1"),)),
            Button("Assign", "alerts assign", (("entry", "e1"),)),
        ),
    )


def test_a_filing_says_when_it_publishes():
    made = entry_card(item(filing()), VOICE)
    assert made.mark is Mark.FILING
    assert made.byline == "U.S. Customs and Border Protection · Notice · filed Tue 24 Nov 2026"
    assert made.dues == (Due("Publishes", date(2026, 11, 25)),)


def test_what_a_source_does_not_say_is_named():
    bare = entry_card(item(document(agencies=None, publication_date=None, url="", number=None)), VOICE)
    assert bare.byline == "agency not given by the source · Notice · date not given by the source"
    assert bare.links == ()
    undated = entry_card(item(news("a", published=None)), VOICE)
    assert undated.byline == "ICE · date not given by the source"


def test_a_comment_date_before_the_publication_is_no_deadline():
    made = entry_card(item(document(comments_close_on=date(2026, 8, 24))), VOICE)
    assert made.dues == ()
    assert made.lines[0].text.startswith("The record still gives Mon 24 Aug 2026 as the end of comments")


def test_a_withdrawal_has_no_deadlines():
    made = entry_card(item(document(change=Change.WITHDRAWAL, comments_close_on=date(2027, 1, 4))), VOICE)
    assert (made.head, made.dues) == ("Withdrawn: Gloves made with forced labor", ())


def test_evidence_of_several_watches_is_said_once_for_each_ask():
    second = Match(
        "h", "labor", (4,), Level.DIGEST, (Reason("title", "indentured", "…"), Reason("agency", "CBP", "CBP"))
    )
    policy = Match("p", "the field", (), Level.DIGEST, (Reason("title", "Indentured Labor", "…"),))
    other = Match("q", "records", (8,), Level.DIGEST, (Reason("summary", "vacatur", "…"),), ("agency",))
    assert why([policy, GLOVES, second, other], VOICE.asks) == (
        "“Forced or Indentured Labor” in the title; agency CBP → Ask 4, enforce § 307 of the Tariff Act",
        "“vacatur” in the summary; agency not given by the source → Ask 8, clear records",
    )


def test_a_match_without_words_names_its_watch():
    assert why([Match("r", "all rules", (), Level.DIGEST, ())], {}) == ("watch “all rules” → policy watch “all rules”",)


def test_a_bill_card_has_a_line_for_each_action_and_says_what_comes_next():
    made = bill_card([item(action("Introduced in House", "Introduced")), item(action("Reported.", "Reported"))], VOICE)
    assert made.head == "Reported by committee: Trafficking Survivors Relief Act (H.R. 4323, 119th)"
    assert [line.text for line in made.lines] == [
        "Mon 23 Nov 2026: Introduced in House",
        "Mon 23 Nov 2026: Reported.",
        "Usually next: a vote in the chamber.",
    ]


def test_a_digest_line_says_who_what_and_until_when():
    entry = document(comments_close_on=date(2027, 1, 4))
    assert digest_line([item(entry)]) == Line(
        "U.S. Customs and Border Protection: Gloves made with forced labor; comments close Mon 4 Jan 2027",
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


@settings(max_examples=200)
@given(st.lists(ENTRIES, min_size=1, max_size=4))
def test_every_entry_makes_a_card(entries):
    made = card([Item(id=str(n), entry=entry, matches=(GLOVES,)) for n, entry in enumerate(entries)], VOICE)
    assert made.head
    assert made.badge == "Ask 4"


def test_the_agency_named_is_the_most_specific():
    assert entry_card(item(document(agencies=(DHS, CBP))), VOICE).byline.startswith(CBP.name)
