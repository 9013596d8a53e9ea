"""What a Federal Register document says, whatever the API left out."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.shared.entry import Agency, Change, Kind, Stage, document_key
from bot.sources.register.documents import document_entry, filing_entry
from tests.kit.effort import processor_limit

AS_OF = datetime(2026, 11, 23, 13, 45, tzinfo=UTC)


def entry_of(**doc: Any):
    return document_entry({"document_number": "2026-11111", "publication_date": "2026-11-24"} | doc, "fr")


@pytest.mark.parametrize(
    ("number", "published", "key"),
    [
        ("2012-7333", date(2012, 3, 27), "fr:2012-07333:2012"),
        ("2012-07333", date(2012, 3, 27), "fr:2012-07333:2012"),
        ("2021-06393", date(2021, 3, 29), "fr:2021-06393"),
        ("2015-32000", date(2016, 1, 4), "fr:2015-32000:2016"),
        ("2025-22565", None, "fr:2025-22565"),
        ("C1-2025-22565", date(2025, 12, 12), "fr:C1-2025-22565"),
        ("E9-12940", date(2009, 6, 4), "fr:E9-12940:2009"),
        ("02-2186", date(2002, 1, 30), "fr:02-2186:2002"),
    ],
)
def test_a_number_is_one_key_however_it_is_padded_and_reused_ones_keep_apart(number, published, key):
    assert document_key(number, published) == key


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ({"title": "CTPAT Program; Correction"}, Change.CORRECTION),
        ({"title": "Long Term Care Eligibility; Corrections"}, Change.CORRECTION),
        ({"title": "Syria for Temporary Protected Status-Correction"}, Change.CORRECTION),
        ({"title": "Waivers Under 14 CFR 91.903 Correction"}, Change.CORRECTION),
        ({"title": "Fees", "action": "Final rule; correcting amendment."}, Change.CORRECTION),
        ({"title": "Fees", "action": "Notice; correction."}, Change.CORRECTION),
        ({"title": "Fees", "document_number": "C1-2026-01234"}, Change.CORRECTION),
        ({"title": "Fees", "correction_of": "https://h/api/v1/documents/2026-01234.json"}, Change.CORRECTION),
        ({"title": "Grant Program; Withdrawal"}, Change.WITHDRAWAL),
        ({"title": "Withdrawal of Notice of Solicitation of Applications"}, Change.WITHDRAWAL),
        ({"title": "Directives", "action": "Proposed rule; withdrawal."}, Change.WITHDRAWAL),
        ({"title": "Directives", "abstract": "The FAA is withdrawing a proposed rule."}, Change.WITHDRAWAL),
        ({"title": "T Status; Extension of Comment Period"}, Change.EXTENSION),
        ({"title": "T Status", "action": "Proposed rule; extension of public comment period."}, Change.EXTENSION),
        ({"title": "T Status", "dates": "The comment period for the rule published at 88 FR 1 is extended."},
         Change.EXTENSION),
        ({"title": "T Status", "abstract": "The Commission is extending the comment period."}, Change.EXTENSION),
        ({"title": "Petitions; Reopening of Comment Period"}, Change.REOPENING),
        ({"title": "Mail Shipments; Re-Opening of Comment Period"}, Change.REOPENING),
        ({"title": "Trade", "abstract": "NMFS announces the reopening of the public comment period."},
         Change.REOPENING),
        ({"title": "Cleco Power LLC; Notice Shortening Comment Period"}, Change.RESCHEDULING),
        ({"title": "Lead", "action": "Proposed rule; change of comment period."}, Change.RESCHEDULING),
        ({"title": "Lead; Withdrawal of Extension of Comment Period"}, Change.RESCHEDULING),
        ({"title": "Lead", "dates": "The comment period for the rule at 88 FR 1 is shortened."}, Change.RESCHEDULING),
        # None of these amends another document.
        ({"title": "Proposed eCollection eComments Requested; Extension of a Currently Approved Collection"}, None),
        ({"title": "Advisory Board of the National Institute of Corrections; Meeting"}, None),
        ({"title": "Inmate of the Indiana Department of Correction"}, None),
        ({"title": "Technical Corrections to U.S. Customs and Border Protection Regulations"}, None),
        ({"title": "Notice of Application for Withdrawal Extension and Opportunity for Public Meeting"}, None),
        ({"title": "Withdrawal of Approval of 12 New Drug Applications"}, None),
        ({"title": "Extension and Redesignation of Syria for Temporary Protected Status"}, None),
        ({"title": "Change to the Comment Period Procedures"}, None),
        ({"title": "Lead; Denial of Extension of Comment Period"}, None),
        ({"title": "Lead", "action": "Notice of no extension of comment period."}, None),
        ({"title": "Lead", "abstract": "Whether the comment period should be extended is asked."}, None),
        ({"title": "Lead; Reopening of Comment Period", "dates": "The reply comment period is reopened."}, None),
        ({"title": "Lead; Extension of Comment Period", "abstract": "It denies an extension of 60 days."},
         Change.EXTENSION),
        ({"title": "Rule", "dates": "Comments must be received by May 1. Requests to extend must say why."}, None),
    ],
)  # fmt: skip
def test_a_document_that_amends_another_says_how(text, change):
    assert entry_of(**text).change is change


@pytest.mark.parametrize(
    "text",
    [
        {"action": "Proposed rule and withdrawal of proposed rule."},
        {"action": "Proposed rule; withdrawal of proposed rule.", "dates": "Comments must be received by May 1, 2027."},
        {"action": "Proposed rule.", "abstract": "It is withdrawing a rule.", "comments_close_on": "2027-05-01"},
        {"action": "Notice of availability.", "abstract": "It is withdrawing the guidance that this one replaces."},
        {"action": "Notice; partial withdrawal.", "dates": "The comment period remains open and ends May 1, 2027."},
    ],
)  # fmt: skip
def test_what_withdraws_an_earlier_document_and_is_open_for_comment_is_not_withdrawn(text):
    assert entry_of(title="Limits on Lead", **text).change is None


def test_a_day_before_the_publication_is_no_deadline():
    assert (
        entry_of(title="Lead", publication_date="2026-09-29", comments_close_on="2026-08-24").comments_close_on is None
    )


def test_a_reopened_comment_period_ends_when_its_text_says_not_when_the_stale_field_does():
    entry = entry_of(
        action="Reopening of comment period.",
        publication_date="2026-09-29",
        comments_close_on="2026-08-24",
        dates="The comment period for the notice published August 24, 2026, is reopened. Comments must be submitted "
        "on or before October 29, 2026. A hearing will be held on December 1, 2026.",
    )
    assert entry.comments_close_on == date(2026, 10, 29)
    assert entry.dates_text is not None
    assert "August 24" in entry.dates_text


@pytest.mark.parametrize("field", ["2027-07-31", "2027-06-26", ""])
def test_a_shortened_comment_period_ends_when_its_text_says_not_when_the_old_field_does(field):
    words = "Comments must be received on or before June 26, 2027, instead of July 31, 2027."
    entry = entry_of(title="Lead; Shortening of Comment Period", comments_close_on=field, dates=words)
    assert entry.comments_close_on == date(2027, 6, 26)


@pytest.mark.parametrize("field", ["2027-01-15", "2027-01-22"])
def test_of_several_days_to_which_a_document_moves_comments_the_field_says_which(field):
    """One that is in none of its sentences and later is right, too: words may give a day in a form of their own."""
    words = "Comments on the first are due January 8, 2027. Comments on the second are due January 15, 2027."
    entry = entry_of(action="Extension of comment period.", comments_close_on=field, dates=words)
    assert entry.comments_close_on == date.fromisoformat(field)


def test_an_ordinary_deadline_is_the_field_s_whatever_the_text_mentions():
    entry = entry_of(
        title="Rule", comments_close_on="2026-12-24", dates="Comments must be received by December 31, 2027."
    )
    assert entry.comments_close_on == date(2026, 12, 24)


def test_a_misprinted_date_is_no_date():
    entry = entry_of(action="Extension of comment period.", dates="Comments must be received by February 31, 2027.")
    assert entry.comments_close_on is None


def test_agencies_know_their_department_and_those_without_a_slug_keep_their_name():
    entry = entry_of(
        agencies=[
            {"raw_name": "DEPARTMENT OF HOMELAND SECURITY", "name": "Homeland Security Department", "id": 227,
             "parent_id": None, "slug": "homeland-security-department"},
            {"raw_name": "Coast Guard", "name": "Coast Guard", "id": 53, "parent_id": 227, "slug": "coast-guard"},
            {"raw_name": "Office of the Secretary"},
            {"raw_name": "Bureau", "name": "Bureau", "id": 7, "parent_id": 999, "slug": "bureau"},
        ]
    )  # fmt: skip
    assert entry.agencies == (
        Agency("Homeland Security Department", "homeland-security-department"),
        Agency("Coast Guard", "coast-guard", "homeland-security-department"),
        Agency("Office of the Secretary"),
        Agency("Bureau", "bureau"),
    )
    assert entry.agency == Agency("Coast Guard", "coast-guard", "homeland-security-department")


def test_what_the_source_did_not_say_is_not_the_same_as_none():
    bare = document_entry({"title": "Something"}, "fr")
    assert (bare.agencies, bare.type, bare.summary, bare.dockets) == (None, None, None, None)
    assert entry_of(docket_ids=[]).dockets == ()


def test_an_empty_list_of_agencies_is_one_the_api_could_not_tell():
    """Every document has an agency; "none" would silence each watch that asks for one."""
    assert entry_of(agencies=[]).agencies is None
    assert entry_of(agencies=["Department of Justice"]).agencies is None


def test_codes_of_types_become_the_words_and_a_subtype_follows_them():
    assert entry_of(type="PRORULE").type == "Proposed Rule"
    assert entry_of(type="Notice").type == "Notice"
    assert entry_of(type="Presidential Document", subtype="Proclamation").type == "Presidential Document: Proclamation"


def test_a_docket_of_nothing_but_hyphens_is_read_in_linear_time():
    with processor_limit(2):
        entry = entry_of(docket_ids=["-Z" * 50_000, "Docket No. USCG-2026-0041"])
    assert "docket:USCG-2026-0041" in entry.references


def test_references_name_dockets_rins_and_the_documents_that_are_amended():
    entry = entry_of(
        document_number="C1-2025-22565",
        correction_of="https://www.federalregister.gov/api/v1/documents/2025-22565.json?publication_date=2025-12-01",
        docket_ids=["Docket No. USCG-2026-0041", "FAR Case 2026-003, Docket No. FAR-2026-0003", "OJP_FRDOC_0001",
                    "Docket No. RM26-12-000"],
        regulation_id_numbers=["1615-AC12"],
        abstract="The notice is in FR Doc. 2023-07968, on page 23395.",
    )  # fmt: skip
    assert entry.references == (
        "fr:2025-22565",
        "fr:2023-07968",
        "docket:USCG-2026-0041",
        "docket:FAR-2026-0003",
        "docket:RM26-12-000",
        "rin:1615-AC12",
    )


def test_the_printed_contents_are_kept_where_they_say_what_the_title_hides():
    hidden = entry_of(title="Agency Information Collection Activities", toc_doc="Complaint Form", abstract="A form.")
    assert hidden.summary == "A form. Listed as: Complaint Form."
    assert entry_of(title="Complaint Form; Comment Request", toc_doc="Complaint form").summary is None


def test_print_tags_entities_and_invisible_marks_are_gone():
    entry = entry_of(title="CO<INF>2</INF> &amp; ``T'' Nonimmigrant\u202e", abstract="one\n\n two")
    assert entry.title == 'CO2 & "T" Nonimmigrant'
    assert entry.summary == "one two"


def test_a_document_without_a_number_is_known_by_its_address_or_its_title():
    assert document_entry({"title": "A", "html_url": "https://h/x"}, "fr").identity == ("url:https://h/x",)
    assert document_entry({"title": "A"}, "fr").identity == ("title:A",)


def test_links_that_are_no_web_addresses_are_left_out():
    entry = entry_of(html_url="javascript:alert(1)", pdf_url="file:///etc/passwd")
    assert entry.url == "https://www.federalregister.gov/d/2026-11111"
    assert entry.pdf_url is None


def test_a_filing_has_the_identity_of_its_publication():
    filed = filing_entry({"document_number": "2026-1111", "publication_date": "2026-11-24"}, "pi", AS_OF)
    published = document_entry({"document_number": "2026-01111", "publication_date": "2026-11-24"}, "fr")
    assert filed.identity == published.identity
    assert (filed.stage, published.stage) == (Stage.FILED, Stage.PUBLISHED)


def test_a_filing_without_a_title_is_called_as_the_contents_list_it():
    doc = {"document_number": "2026-11111", "title": "", "publication_date": "2026-11-24"}
    listed = filing_entry(doc | {"toc_subject": "Guidance", "toc_doc": "Inspection Program"}, "pi", AS_OF)
    assert (listed.title, listed.summary) == ("Guidance: Inspection Program", None)
    subjects = filing_entry(doc | {"subject_1": "Meetings:", "subject_2": "Advisory Council"}, "pi", AS_OF)
    assert subjects.title == "Meetings:; Advisory Council"
    assert filing_entry(doc, "pi", AS_OF).title == "2026-11111"


def test_a_filing_whose_date_is_null_was_withdrawn_before_publication():
    withdrawn = filing_entry({"document_number": "2026-11111", "publication_date": None}, "pi", AS_OF)
    assert (withdrawn.change, withdrawn.stage) == (Change.WITHDRAWAL, Stage.FILED)
    assert (withdrawn.identity, withdrawn.thread) == (("fr:2026-11111:withdrawn",), "fr:2026-11111")
    assert withdrawn.references == ("fr:2026-11111",)
    assert filing_entry({"document_number": "2026-11111"}, "pi", AS_OF).change is None


def test_the_time_of_filing_is_an_instant():
    doc = {
        "document_number": "2026-11111",
        "filed_at": "2026-11-23T08:45:00.000-05:00",
        "docket_numbers": ["A-2026-0001"],
    }
    entry = filing_entry(doc, "pi", AS_OF)
    assert entry.published == datetime(2026, 11, 23, 13, 45, tzinfo=UTC)
    assert (entry.kind, entry.as_of, entry.dockets) == (Kind.DOCUMENT, AS_OF, ("A-2026-0001",))


@pytest.mark.parametrize(
    ("title", "reference"),
    [
        ("60-Day Notice of Proposed Information Collection: Gloves Census", "form:labor:gloves census"),
        ("Information Collection Activities; Submission for OMB Review; Gloves Census", "form:labor:gloves census"),
        ("Information Collection: Gloves Census (OMB Control Number: 1225-0088)", "omb:1225-0088"),
        ("30 Day Notice of Proposed Information Collection; Gloves Census; Correction", "form:labor:gloves census"),
        ("Notice of Request for Renewal of a Currently Approved Collection: Gloves Census", "form:labor:gloves census"),
        ("Agency Information Collection Activities; Comment Request", None),
        ("Proposed Collection; Comment Request; Withdrawal", None),
        ("Information Collection Request to Office of Management and Budget", None),
        ("Comment Request; Multiple Labor Statistics Information Collection Requests", None),
        ("Proposed Collection; Comment Request for Regulation Project", None),
        ("Notice of Intent To Request Extension of a Currently Approved Information Collection", None),
        ("Request for Information on the Gloves Census", None),
    ],
)  # fmt: skip
def test_a_notice_of_a_form_names_the_form_that_it_is_about(title, reference):
    made = document_entry({"document_number": "2026-1", "title": title, "agencies": [{"name": "Labor"}]}, "fr")
    assert (reference in made.references) if reference else made.references == ()


LONG_TITLE = "Takes of Marine Mammals Incidental to Specified Activities; Work on the Example Harbor"


@pytest.mark.parametrize(
    ("title", "action", "joined"),
    [
        (LONG_TITLE, "Notice; proposed incidental harassment authorization; request for comments.", True),
        (LONG_TITLE, "Notice; issuance of an incidental harassment authorization.", True),
        (LONG_TITLE, "Notice of public meeting.", False),
        (LONG_TITLE, None, False),
        ("Procurement List; Proposed Deletions", "Notice of proposed deletions.", False),
    ],
)
def test_a_notice_of_a_permit_is_joined_by_its_long_title(title, action, joined):
    doc = {"document_number": "2026-1", "title": title, "action": action, "agencies": [{"name": "Fisheries"}]}
    assert (
        any(each.startswith("notice:fisheries:takes of marine") for each in document_entry(doc, "fr").references)
        is joined
    )
