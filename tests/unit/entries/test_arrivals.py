"""How an incoming entry is matched to a stored one and classified."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.entries.arrivals import ArrivalKind, KnownEntries, KnownEntry, amended, classify, continues, fill_gaps, new_day
from bot.shared.entry import Agency, Change
from tests.kit.alerts import document, filing, news

FROM_REGISTER = frozenset({("register", "published")})


@pytest.mark.parametrize(
    ("stored", "incoming", "kind"),
    [
        (document(), document(), ArrivalKind.REPEAT),
        (document(), document(title="Other"), ArrivalKind.EDITED),
        (document(), document(as_of="later"), ArrivalKind.REPEAT),
        (document(summary="A summary."), document(summary=None), ArrivalKind.REPEAT),
        (document(), document(comments_close_on=date(2027, 1, 4)), ArrivalKind.EDITED),
        (filing(), document(), ArrivalKind.PUBLISHED),
        (document(), filing(), ArrivalKind.REPEAT),
        (document(), document(source="wire", title="Other"), ArrivalKind.SECOND_SOURCE),
    ],
)
def test_an_arrival_of_a_stored_entry_is_classified(stored, incoming, kind):
    assert classify(incoming, KnownEntry("1", stored, FROM_REGISTER)) is kind


def test_a_second_source_counts_once():
    stored = KnownEntry("1", document(), FROM_REGISTER | {("wire", "published")})
    assert classify(document(source="wire", title="Other"), stored) is ArrivalKind.REPEAT


def test_only_missing_fields_are_filled_from_the_other_version():
    filled = fill_gaps(
        document(summary=None, url=""), document(title="Other", summary="A summary.", references=("rin:1",))
    )
    assert (filled.title, filled.summary, filled.references) == (
        "Gloves made with forced labor",
        "A summary.",
        ("rin:1",),
    )
    assert filled.url.endswith("2026-00001")


def test_other_keys_take_precedence_over_a_guid():
    first, second = news("a"), news("b", guid="b")
    entries = KnownEntries(
        {"guid:newsroom:a": "1", "url:ice.gov/b": "2"}, {"1": KnownEntry("1", first), "2": KnownEntry("2", second)}
    )
    assert entries.find(news("b", guid="a")).id == "2"


def test_a_guid_alone_identifies_an_entry_unless_url_and_title_are_both_new():
    entries = KnownEntries({"guid:newsroom:a": "1"}, {"1": KnownEntry("1", news("a"))})
    moved = news("z", guid="a")
    assert entries.find(moved).id == "1"
    assert entries.find(replace(moved, title="Another story")) is None


def test_adding_an_entry_returns_only_its_new_keys():
    entries = KnownEntries({"url:ice.gov/a": "1"}, {"1": KnownEntry("1", news("a"))})
    assert entries.add(KnownEntry("1", news("a")), ("url:ice.gov/a", "guid:newsroom:new")) == ("guid:newsroom:new",)


PROPOSED, ISSUED = "Notice; proposed authorization; request for comments.", "Notice; issuance of an authorization."


@pytest.mark.parametrize(
    ("action", "earlier", "next_step"),
    [
        (ISSUED, PROPOSED, True),
        (ISSUED, ISSUED, False),
        (PROPOSED, PROPOSED, False),
        (PROPOSED, ISSUED, False),
        ("Notice; proposed issuance of an authorization.", PROPOSED, False),
    ],
)
def test_a_permit_is_the_next_step_of_its_proposal_alone(action, earlier, next_step):
    one, other = (
        document(number=number, action=each, references=("notice:fisheries:one title",))
        for number, each in (("2026-00009", action), ("2026-00001", earlier))
    )
    assert continues(one, other) is next_step


def test_a_text_of_megabytes_is_cut_in_whatever_source_it_is_and_says_so():
    entry = document(title="a " * 3_000_000, summary="word " * 9_000)
    assert 1_900 < len(entry.title) <= 2_000
    assert 9_900 < len(entry.summary or "") <= 10_000
    assert entry.title.endswith("a…")
    assert replace(entry, title="Short").title == "Short"


BOEING = document("2026-1", "Directives; Boeing Airplanes", references=("docket:F-1", "rin:2120"), citation="91 FR 11")
AIRBUS = document("2026-2", "Directives; Airbus Airplanes", references=("docket:F-2", "rin:2120"), citation="91 FR 22")
OTHER = document("2026-3", "Certification of Suppliers", references=("docket:F-2", "rin:2120"))


@pytest.mark.parametrize(
    ("title", "references", "number"),
    [
        ("Directives; Safran Engines; Withdrawal", ("docket:F-9", "rin:2120"), None),
        ("Directives; Boeing Airplanes; Withdrawal", ("docket:F-9", "rin:2120"), None),
        ("Withdrawal", ("rin:2120",), None),
        ("Withdrawal", ("docket:F-1", "rin:2120"), "2026-1"),
        ("Withdrawal", ("docket:F-2", "rin:2120"), None),
        ("Directives; Airbus Airplanes; Withdrawal", ("docket:F-2", "rin:2120"), "2026-2"),
        ("Withdrawal", ("page:91 FR 22", "docket:F-2", "rin:2120"), "2026-2"),
        ("Withdrawal", ("page:91 FR 22", "docket:F-9", "rin:2120"), None),
        ("Withdrawal", ("fr:2026-3", "docket:F-9"), "2026-3"),
        ("Directives; Boeing Airplanes; Withdrawal", ("page:88 FR 3", "docket:F-1", "rin:2120"), None),
    ],
)
def test_a_change_is_of_what_it_names_or_of_its_docket_and_title(title, references, number):
    related = [KnownEntry(entry.number, entry) for entry in (OTHER, AIRBUS, BOEING)]
    change = document("2026-9", title, change=Change.WITHDRAWAL, references=references)
    found = [each for each in related if {*references} & {*each.entry.references, *each.entry.identity}]
    assert [each.id for each in amended(change, found)] == ([number] if number else [])


def test_of_two_alike_a_change_is_of_the_one_published_on_the_day_that_it_names():
    docket = ("docket:F-3",)
    first, second = (
        document(f"2026-{day}", "Flood Hazards", references=docket, publication_date=date(2026, 2, day))
        for day in (3, 4)
    )
    related = [KnownEntry(entry.number, entry) for entry in (second, first)]
    change = document("2026-9", "Flood Hazards; Correction", change=Change.CORRECTION, references=docket)
    assert amended(change, related) == []
    dated = replace(change, summary="On February 3, 2026, the Agency published a notice.")
    assert [each.id for each in amended(dated, related)] == ["2026-3"]
    assert amended(replace(dated, summary="It corrects the notice published on May 1, 2024."), related) == []


def test_a_change_is_of_all_that_it_names_and_of_an_earlier_change_only_if_it_names_no_other():
    later = document("2026-5", "Extension", change=Change.EXTENSION, citation="91 FR 55", thread="fr:2026-9")
    extension = replace(later, number="2026-6", citation="91 FR 66", thread=BOEING.thread)
    known = {entry.number: KnownEntry(entry.number, entry) for entry in (extension, AIRBUS, BOEING, later)}

    def changed(*pages):
        change = document("2026-8", change=Change.WITHDRAWAL, references=tuple(f"page:{page}" for page in pages))
        return [each.id for each in amended(change, known.values())]

    assert changed("91 FR 11", "91 FR 22") == ["2026-2", "2026-1"]
    assert changed("91 FR 11", "91 FR 66", "91 FR 22") == ["2026-2", "2026-1"]
    assert changed("91 FR 11", "91 FR 55") == ["2026-1"]
    assert changed("91 FR 55") == ["2026-5"]


def test_of_two_documents_that_begin_on_one_page_a_change_is_of_its_agency_s_or_of_the_one_with_its_title():
    title = "Directives; Boeing Airplanes; Withdrawal"
    change = document("2026-8", title, change=Change.WITHDRAWAL, references=("page:91 FR 11",))
    other = replace(OTHER, citation="91 FR 11")
    known = [KnownEntry(entry.number, entry) for entry in (other, BOEING)]
    assert [each.id for each in amended(change, known)] == ["2026-1"]
    assert amended(replace(change, title="Withdrawal"), known) == []
    foreign = [KnownEntry("2026-3", replace(other, agencies=(Agency("Trade Commission"),))), known[1]]
    assert [each.id for each in amended(replace(change, title="Withdrawal"), foreign)] == ["2026-1"]


FIRST_DAY, SECOND_DAY = date(2027, 3, 1), date(2027, 4, 1)


@pytest.mark.parametrize(
    ("first", "second", "day"),
    [
        ("the notice at 91 FR 11", "the notice at 91 FR 111", FIRST_DAY),
        ("document 2026-9", "document 2026-1", SECOND_DAY),
        ("FRL 12-01-OW", "FRL 13-01-OW", FIRST_DAY),
        ("the June 3, 2026, notice", "the June 30, 2026, notice", FIRST_DAY),
        ("the first", "the second", None),
        ("the notice at 91 FR 11", "the notice of June 3, 2026", None),
    ],
)
def test_of_several_new_days_a_document_gets_that_of_the_sentence_that_names_it(first, second, day):
    entry = replace(BOEING, dockets=("FRL-12-01-OW",), publication_date=date(2026, 6, 3))
    change = document("2026-8", new_days=((FIRST_DAY, f"Comments on {first} are due."), (SECOND_DAY, f"On {second}.")))
    assert new_day(change, entry) == day


def test_of_several_new_days_a_document_without_a_name_gets_none():
    change = document("2026-8", new_days=((FIRST_DAY, "Comments on one."), (SECOND_DAY, "Comments on two.")))
    assert new_day(change, document("", publication_date=None)) is None
