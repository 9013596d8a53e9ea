"""The last day for comments, and its hour, read from a document's own words."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sources.register.comment_period import Closing, closing, hour_on, moved_to
from tests.kit.effort import processor_limit

PUBLISHED = date(2026, 11, 9)
LAST = date(2027, 1, 8)


def read(dates: str = "", abstract: str = "", heading: str = "Notice; request for comments") -> Closing | None:
    return closing(dates, abstract, f"{heading} {abstract}", PUBLISHED)


@pytest.mark.parametrize(
    ("words", "hour"),
    [
        ("Comments must be received on or before January 8, 2027.", ""),
        ("Comments will be accepted through January 8, 2027.", ""),
        ("Submit comments no later than 5:00 p.m. Eastern Time on January 8, 2027.", "5:00 p.m. ET"),
        ("Comments are due by 11:59 p.m. ET, January 8, 2027.", "11:59 p.m. ET"),
        ("Comments are due January 8, 2027, at 5:00 p.m. (EST).", "5:00 p.m. ET"),
        ("Comments must be received by noon, Eastern Time, on Friday, January 8, 2027.", "noon ET"),
        ("Comments must be received by 12:00 noon Eastern Standard Time on January 8, 2027.", "noon ET"),
        ("Comments are encouraged and will be accepted for 60 days until January 8, 2027.", ""),
        ("Comments must be submitted (no later than January 8, 2027) to be assured of consideration.", ""),
        ("Comment Due Date: January 8, 2027.", ""),
        ("The deadline for submitting comments is January 8, 2027.", ""),
        ("The comment period closes on January 8, 2027, at 11:59 p.m. Pacific Daylight Time.", "11:59 p.m. PT"),
        ("Comments must be postmarked before January 9, 2027.", ""),
        ("Please send comments by close of business on January 8, 2027.", "close of business"),
        ("Comments received by 17:00 EST on January 8, 2027 will be considered.", "5:00 p.m. ET"),
        ("Comments must be received by midnight on January 8, 2027.", "midnight"),
        ("Comments must be received by 5 PM, local time, on Jan. 8, 2027.", "5:00 p.m. local time"),
        ("Comments are due by 5:00 p.m. January 8th, 2027.", "5:00 p.m."),
        ("The meeting is on January 4, 2027. Comments must be received by January 8, 2027.", ""),
        ("Comments are due on or before January 8, 2027. Reply comments are due on or before January 7, 2027.", ""),
        ("Comments on the information collection: by December 9, 2026. Comments on the rule: by January 8, 2027.", ""),
        ("This rule is effective February 1, 2027. Comments are due January 8, 2027.", ""),
        ("Responses must be received by January 8, 2027.", ""),
        ("Interested persons are invited to submit views by January 8, 2027.", ""),
    ],
)
def test_a_sentence_about_comments_gives_the_last_day_and_its_hour(words, hour):
    assert read(words) == Closing(LAST, hour)


@pytest.mark.parametrize(
    ("words", "on"),
    [
        ("Written comments should be sent within 30 days of publication of this notice.", date(2026, 12, 9)),
        ("Submit comments no later than 60 days after the date of publication.", LAST),
        ("Comments must be received by [INSERT DATE 60 DAYS AFTER DATE OF PUBLICATION IN THE FEDERAL REGISTER].", LAST),
        ("The purpose of this notice is to allow an additional 30 days for public comments.", date(2026, 12, 9)),
        ("The purpose of this notice is to allow for 60 days of public comment.", LAST),
    ],
)
def test_a_period_is_counted_from_the_day_of_publication(words, on):
    assert read(words) == Closing(on)
    assert closing(words, "", "", None) is None


@pytest.mark.parametrize(
    "words",
    [
        "",
        "This rule is effective January 8, 2027.",
        "The original comment period closed on November 2, 2026.",
        "Comments were due on January 8, 2027.",
        "The collection was previously published on September 1, 2026, allowing a 60-day comment period.",
        "FHFA is seeking public comments on a collection whose control number is approved through January 8, 2027.",
        "The agency solicits comments on properties nominated before January 9, 2027.",
        "Nominations must be received by January 8, 2027.",
        "Requests to speak must be submitted by January 8, 2027.",
        "Comments must be received by June 31, 2027.",
        "Comments must be received by January 8, 2026.",
        "Comments must be received by January 8, 2029.",
        "Comments may be sent on January 8, 2027.",
    ],
)
def test_words_about_something_else_give_no_day(words):
    assert read(words) is None


def test_other_words_for_comments_count_only_in_a_document_that_asks_for_them():
    words = "Submissions must be received by January 8, 2027."
    assert read(words, heading="Request for information on forced labor") == Closing(LAST)
    assert read(words, heading="Sunshine Act meetings") is None


def test_the_abstract_is_read_where_the_dates_say_nothing():
    abstract = "Comments must be submitted (no later than January 8, 2027)."
    assert read("Applicable November 9, 2026.", abstract) == Closing(LAST)
    assert read("Comments are due December 31, 2026.", abstract) == Closing(date(2026, 12, 31))


def test_the_hour_of_a_day_known_from_the_record():
    words = "Comments are due by 5:00 p.m. ET on January 8, 2027. Register by noon ET on January 4, 2027."
    assert hour_on(words, "", LAST) == "5:00 p.m. ET"
    assert hour_on(words, "", date(2027, 1, 9)) == ""


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("The comment period that ended on November 20, 2026, is extended. Submit comments on January 8, 2027.", [8]),
        ("The period, scheduled to close on January 4, 2027, is extended until January 8, 2027.", [8]),
        ("The comment period is extended from Monday, January 4, 2027, to January 8, 2027.", [8]),
        ("Comments should be received by January 8, 2027, and replies will be due by January 22, 2027.", [8]),
        ("The deadline is extended to January 8, 2027, and the reply comment deadline is January 18, 2027.", [8]),
        ("Comments are due: January 8, 2027. Reply comments are due: January 22, 2027.", [8]),
        ("Comments are due by January 8, 2027. Without comments the rule is delayed to January 28, 2027.", [8]),
        ("Comments on the first are due January 8, 2027. Comments on the second are due January 15, 2027.", [8, 15]),
        ("The original period closes on January 4, 2027. Comments are now due January 8, 2027.", [8]),
        ("The comment period closes on January 8, 2027, not January 28, 2027.", [8]),
        ("The comment period on one is extended to January 8, 2027, and on two to January 15, 2027.", [8, 15]),
        ("Comments on one and two are extended to January 8, 2027, and January 15, 2027, respectively.", [8, 15]),
        ("Comments and replies are extended to January 8, 2027, and January 15, 2027, respectively.", [8, 15]),
        ("The hearing is on January 8, 2027.", []),
    ],
)  # fmt: skip
def test_a_document_that_extends_the_period_moves_it_to_the_day_for_first_comments(words, days):
    assert [on for on, _ in moved_to(words, PUBLISHED)] == [date(2027, 1, day) for day in days]


def test_each_new_day_of_one_sentence_is_that_of_the_document_named_before_it():
    words = "The comment period of 91 FR 1 is extended to January 8, 2027, and that of 91 FR 2 to January 15, 2027."
    assert [part for _, part in moved_to(words, PUBLISHED)] == [
        "The comment period of 91 FR 1 is extended to January 8, 2027",
        ", and that of 91 FR 2 to January 15, 2027",
    ]


@pytest.mark.parametrize("what", ["one and two", "it and replies", "it and reply comments"])
def test_a_day_given_respectively_is_no_document_s(what):
    words = f"Comments on {what} are extended to January 8, 2027, and January 15, 2027, respectively."
    assert moved_to(words, PUBLISHED) == [(LAST, ""), (date(2027, 1, 15), "")]


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_text_is_read_without_harm(dates, abstract):
    closing(dates, abstract, dates, PUBLISHED)


@pytest.mark.parametrize(
    "piece",
    [
        "comments by 5:00 p.m. ",
        "comment January 8, 2027 ",
        "by ",
        "deadline a b c d e f ",
        "within 30 days of publi ",
        "5:00 p.m. Eastern ",
        "accept",
        "comment; ",
        "(((((",
        "12:",
        "\u00a0comment",
    ],
)
def test_two_megabytes_of_one_piece_cost_little(piece):
    text = piece * (2_000_000 // len(piece))
    with processor_limit(5):
        closing(text, text, "comment", PUBLISHED)
        moved_to(text, PUBLISHED)
        hour_on(text, text, LAST)
