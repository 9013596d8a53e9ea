"""A bill's record and the steps in it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from bot.shared.bill_number import BillNumber, bills_named
from bot.shared.bill_record import Action, steps
from bot.shared.entry import Kind
from bot.sources.congress.bill_record import Unreadable, bill_entries, read_api, read_billstatus

DAY = date(2025, 12, 1)
HOUSE, SENATE, LIBRARY, COMMITTEE = "House floor actions", "Senate", "Library of Congress", "House committee actions"


def texts(*actions: Action) -> list[str]:
    return [step.text for step in steps(actions)]


def record(*actions: dict[str, Any], **sentence: Any):
    bill = {"congress": 119, "type": "HR", "number": "4323", "title": "An Act", "updateDate": "2026-04-07T19:59:31Z"}
    return read_api({"bill": bill | sentence}, actions)


def test_a_bill_has_one_id_and_from_it_every_address():
    bill = BillNumber.of("hr4323-119")
    assert (bill.id, bill.label) == ("hr4323-119", "H.R. 4323 (119th)")
    assert bill.page == "https://www.congress.gov/bill/119th-congress/house-bill/4323"
    assert bill.file == "119/hr/BILLSTATUS-119hr4323.xml"
    assert bill.path == "bill/119/hr/4323"


@pytest.mark.parametrize(
    ("id_", "sentence", "page"),
    [
        ("sjres8-101", "S.J. Res. 8 (101st)", "101st-congress/senate-joint-resolution/8"),
        ("hconres70-112", "H. Con. Res. 70 (112th)", "112th-congress/house-concurrent-resolution/70"),
        ("sres105-122", "S. Res. 105 (122nd)", "122nd-congress/senate-resolution/105"),
    ],
)
def test_every_type_of_measure_has_its_name_and_its_ordinal(id_, sentence, page):
    assert BillNumber.of(id_).label == sentence
    assert BillNumber.of(id_).page.endswith(page)


@pytest.mark.parametrize("id_", ["S.3240", "s3240", "hr0-119", "x1-119", "hr4323-119 ", ""])
def test_a_number_without_its_congress_is_no_bill(id_):
    with pytest.raises(ValueError, match="is not a bill"):
        BillNumber.of(id_)


def test_bills_are_found_in_whatever_the_batch_feed_looks_like():
    feed = """<item><guid>BILLSTATUS-119s2255</guid><description>&lt;a href="https://www.govinfo.gov/bulkdata/BILLSTATUS
      /119/hr/BILLSTATUS-119hr4323.xml"&gt; BILLS-119sres882is BILLSTATUS-119hr43230.xml</description></item>"""
    assert {bill.id for bill in bills_named(feed)} == {"s2255-119", "hr4323-119", "sres882-119", "hr43230-119"}


def test_house_senate_and_library_rows_of_one_event_are_one_step_in_the_chamber_s_words():
    passed = "On motion to suspend the rules and pass the bill Agreed to by voice vote."
    assert texts(
        Action(DAY, f"{passed} (text: CR H4919-4921)", time(15, 11, 21), "H37300", source=HOUSE),
        Action(DAY, f"Passed/agreed to in House: {passed}(text: CR H4919)", time(15, 11, 21), "8000", source=LIBRARY),
    ) == [f"{passed} (text: CR H4919-4921)"]
    assert texts(
        Action(DAY, "Passed/agreed to in Senate: Passed Senate by Unanimous Consent.", code="17000", source=LIBRARY),
        Action(DAY, "Passed Senate by Unanimous Consent. (consideration: CR S8894; text: CR S8894)", source=SENATE),
    ) == ["Passed Senate by Unanimous Consent. (consideration: CR S8894; text: CR S8894)"]


@pytest.mark.parametrize(
    ("prefix", "row"),
    [
        (
            "Resolving differences -- House actions: ",
            "On motion that the House agree to the Senate amendment Agreed to.",
        ),
        ("Failed of passage/not agreed to in House ", "On passage Failed by the Yeas and Nays: 204 - 216."),
        ("Failed of passage in House over veto ", "On passage, the objections of the President Failed: 248 - 177."),
        ("Conference report agreed to in House: ", "On agreeing to the conference report Agreed to: 226 - 197."),
    ],
)
def test_the_library_s_copy_of_a_vote_is_no_second_step(prefix, row):
    assert texts(Action(DAY, row, source=HOUSE), Action(DAY, f"{prefix}{row}", source=LIBRARY)) == [row]


def test_a_citation_corrected_in_place_is_no_new_step():
    before, after = (steps([Action(DAY, f"Passed Senate. (CR {page})")])[0].key for page in ("S5299", "S5199"))
    assert before == after


def test_a_referral_to_two_committees_is_one_step_and_two_committees_mark_ups_are_two():
    one, other = (("hsju00", "Judiciary Committee"),), (("hsfa00", "Foreign Affairs Committee"),)
    referral = "Referred to the Committee on the Judiciary, and in addition to the Committee on Foreign Affairs."
    assert texts(*(Action(DAY, referral, code="H11100", source=HOUSE, committees=c) for c in (one, other))) == [
        referral
    ]
    held_text = "Committee Consideration and Mark-up Session Held"
    assert texts(*(Action(DAY, held_text, source=COMMITTEE, committees=c) for c in (one, other))) == [
        f"{held_text} – Foreign Affairs Committee",
        f"{held_text} – Judiciary Committee",
    ]


def test_the_same_words_on_another_day_or_at_another_time_are_another_step():
    again = "Considered as unfinished business."
    steps_found = steps(
        [
            Action(DAY, again, time(22, 6)),
            Action(DAY, again, time(16, 2)),
            Action(DAY, again),  # the Library's row, which has no time
            Action(date(2025, 11, 30), again),
        ]
    )
    assert [(step.date.day, step.time) for step in steps_found] == [(30, None), (1, time(16, 2)), (1, time(22, 6))]
    assert len({step.key for step in steps_found}) == 3


def test_the_key_of_a_step_stays_when_another_row_reports_it_too():
    first = Action(DAY, "Reported by the Committee on Judiciary. H. Rept. 119-347.", code="H12200", source=HOUSE)
    library = Action(DAY, "Reported by the Committee on Judiciary. H. Rept. 119-347.", code="5000", source=LIBRARY)
    assert steps([first])[0].key == steps([library, first])[0].key == steps([first, library])[0].key


@pytest.mark.parametrize(
    ("text", "code", "type_"),
    [
        ("Became Public Law No: 119-73.", "36000", "Became law"),
        ("Signed by President.", "36000", "Signed by President"),
        ("Vetoed by President.", "E30000", "Vetoed by President"),
        ("Presented to President.", "E20000", "Presented to President"),
        ("On passage Passed by the Yeas and Nays: 220 - 205 (Roll no. 272).", "H37100", "Passed House"),
        ("On motion to suspend the rules and pass the bill, as amended Agreed to by voice vote.", "", "Passed House"),
        ("Pursuant to the provisions of H. Res. 5, H. Res. 7 is considered passed House.", "8000", "Passed House"),
        ("On motion to suspend the rules and pass the bill Failed by voice vote.", "", "Failed in House"),
        ("Failed of passage/not agreed to in House: On passage Failed by recorded vote.", "9000", "Failed in House"),
        ("Passed Senate without amendment by Unanimous Consent.", "", "Passed Senate"),
        ("Resolution agreed to in Senate without amendment by Voice Vote.", "", "Passed Senate"),
        ("Submitted in the Senate, considered, and agreed to without amendment.", "", "Passed Senate"),
        ("Committee on the Judiciary. Reported by Senator Grassley without amendment.", "14000", "Reported"),
        ("Committee on the Judiciary. Ordered to be reported favorably.", "", "Ordered reported"),
        ("Placed on the Union Calendar, Calendar No. 299.", "H12410", "Placed on calendar"),
        ("Introduced in House", "Intro-H", "Introduced"),
        ("Submitted in House", "1025", "Introduced"),
        ("Read twice and referred to the Committee on the Judiciary.", "", "Referred"),
        ("Rule H. Res. 1438 passed House.", "H1L220", "Rule"),
        ("Rules Committee Resolution H. Res. 992 Reported to House.", "H1L210", "Rule"),
        ("Received in the Senate, read twice, considered, read the third time, and passed.", "", "Passed Senate"),
        ("Received in the Senate, read twice.", "", "Received in Senate"),
        ("Received in the Senate and Read twice and referred to the Committee on Finance.", "", "Received in Senate"),
        ("Senate Committee on the Judiciary discharged by Unanimous Consent.", "", "Discharged"),
        ("Committee Consideration and Mark-up Session Held", "", "Markup held"),
        ("Committee on Finance. Hearings held.", "", "Hearing held"),
        ("On agreeing to the Roy amendment (A001) Agreed to by voice vote.", "H32111", "Amended"),
        ("Amendment SA 3937 agreed to in Senate by Unanimous Consent.", "", "Amended"),
        ("On motion that the House agree to the Senate amendment Agreed to by voice vote.", "", "Chambers agreed"),
        ("Senate agreed to the House amendment to S. 1 by Unanimous Consent.", "", "Chambers agreed"),
        ("House agreed to Senate amendment with amendment pursuant to H. Res. 9.", "", "Amended again"),
        ("Cloture on the measure not invoked in Senate by Yea-Nay Vote. 52 - 47.", "", "Cloture not invoked"),
        ("On motion to table Agreed to by the Yeas and Nays: 344 - 79.", "", "Tabled"),
        ("Pursuant to H. Res. 9, the Senate amendment to H.R. 7 is considered as agreed to with an amendment.", "",
         "Amended again"),
        ("Message on House action received in Senate and at desk: House amendment to Senate amendment.", "",
         "Amended by House"),
        ("On motion that the House concur in the Senate amendment with an amendment Agreed to by voice vote.", "",
         "Amended again"),
        ("Pursuant to H. Res. 9, the Senate amendments to H.R. 7 are considered as agreed to.", "", "Chambers agreed"),
        ("Upon reconsideration, the fifth cloture motion on the motion to proceed to the bill invoked in Senate.", "",
         "Cloture invoked"),
        ("Conference report H. Rept. 116-333 filed.", "H40140", "Conference"),
        ("Senate agreed to conference report by Yea-Nay Vote. 51 - 48.", "", "Conference report agreed"),
        ("Passed Senate over veto by Yea-Nay Vote. 81 - 13.", "", "Senate overrode veto"),
        ("Motion to reconsider laid on the table Agreed to without objection.", "H38310", "Action"),
    ],
)  # fmt: skip
def test_a_step_is_called_by_its_words_before_its_code(text, code, type_):
    assert steps([Action(DAY, text, code=code)])[0].type == type_


def test_a_row_without_text_says_what_its_code_says():
    untold = record(
        {"actionDate": "2025-12-02", "text": "", "actionCode": "H11100", "type": "IntroReferral"},
        {"actionDate": "2025-12-01", "text": None, "actionCode": "Intro-S", "type": "IntroReferral"},
        {"actionDate": "2025-12-01", "text": "Introduced in Senate", "actionCode": "10000", "type": "IntroReferral"},
        {"actionDate": "2025-12-01", "text": ""},
        {"actionDate": "", "text": "Undated"},
    )
    assert texts(*untold.actions) == [
        "Introduced in Senate",
        "IntroReferral without a description (code H11100)",
    ]


def test_entries_carry_the_bill_the_day_and_the_record_s_own_update():
    (entry,) = bill_entries(
        record({"actionDate": "2025-12-01", "actionTime": "15:11:21", "text": "Received in the <b>House</b>."}), "gov"
    )
    assert (entry.kind, entry.thread, entry.bill) == (Kind.BILL, "bill:hr4323-119", "hr4323-119")
    assert entry.identity[0].startswith("bill:hr4323-119:2025-12-01:")
    assert (entry.title, entry.bill_title, entry.summary) == ("Received in the House.", "An Act", None)
    assert entry.publication_date == DAY
    assert entry.published == datetime(2025, 12, 1, 20, 11, 21, tzinfo=UTC)
    assert entry.as_of == datetime(2026, 4, 7, 19, 59, 31, tzinfo=UTC)
    assert entry.url == "https://www.congress.gov/bill/119th-congress/house-bill/4323"


@pytest.mark.parametrize(
    ("type_", "lacked"), [("HR", "became law"), ("SJRES", "became law"), ("HRES", "was agreed to")]
)
def test_a_measure_dies_before_what_it_could_have_become(type_, lacked):
    (died,) = bill_entries(record(type=type_), "gov", ended=True)
    assert died.title == f"Died with the 119th Congress, which ended before it {lacked}."


REPORT_IN_HOUSE = "On agreeing to the conference report Agreed to by the Yeas and Nays: 220 - 200."


@pytest.mark.parametrize(
    ("votes", "dies"),
    [
        (("Passed Senate without amendment by Unanimous Consent.",), False),
        (("Passed Senate with an amendment by Unanimous Consent.",), True),
        (("Passed Senate with an amendment.", "House agreed to Senate amendment pursuant to H. Res. 9."), False),
        (("Passed Senate with an amendment.", "House agreed to Senate amendment with amendment."), True),
        (("Passed Senate with an amendment.", REPORT_IN_HOUSE), True),
        (("Passed Senate with an amendment.", REPORT_IN_HOUSE, "Conference report rejected in Senate."), True),
        (("Passed Senate with an amendment.", REPORT_IN_HOUSE, "Senate agreed to conference report."), False),
    ],
)
def test_what_both_chambers_agreed_on_may_still_be_presented(votes, dies):
    rows = ("On passage Passed by the Yeas and Nays: 218 - 213.", *votes)
    happened = record(*({"actionDate": f"2026-12-1{day}", "text": text} for day, text in enumerate(rows)))
    assert (bill_entries(happened, "gov", ended=True)[-1].type == "Died") is dies


def test_a_bill_without_a_dated_action_has_no_entries():
    assert bill_entries(record(), "gov") == ()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not xml",
        b"<html><body>Page not found</body></html>",
        b"<billStatus><bill><congress>119</congress></bill></billStatus>",
        b'<!DOCTYPE b [<!ENTITY a "aa"><!ENTITY c "&a;&a;">]><billStatus><bill><title>&c;</title></bill></billStatus>',
        b"<billStatus><bill><number>1</number><type>../../x</type><congress>119</congress></bill></billStatus>",
    ],
)
def test_what_is_no_record_is_reported_as_none(data):
    with pytest.raises(Unreadable):
        read_billstatus(data)


def test_an_external_entity_is_never_read(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("s3cret")
    data = (
        f'<!DOCTYPE b [<!ENTITY x SYSTEM "file://{secret}">]><billStatus><bill><title>&x;</title></bill></billStatus>'
    )
    with pytest.raises(Unreadable) as caught:
        read_billstatus(data.encode())
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize("detail", [{}, {"bill": []}, {"bill": {"congress": 119, "type": "HR", "number": None}}])
def test_an_api_answer_about_no_bill_is_refused(detail):
    with pytest.raises(Unreadable):
        read_api(detail, [])
