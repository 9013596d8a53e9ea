"""The clocks of a law, by the grammar of statutes: invented sentences for each rule."""

from __future__ import annotations

from datetime import date

import pytest

from bot.deadlines.law_duties import Clock, Kind, find_clocks
from bot.deadlines.law_text import clauses, flat_text
from tests.kit.laws import printed

ENACTED = date(2026, 1, 23)
TITLE = "#### 1. Short title\nThis Act may be cited as the Test Act of 2026 or the TEST Act .\n"


def found(sentence: str, before: str = "") -> list[Clock]:
    return find_clocks(printed(f"{TITLE}#### 2. Duties\n{before}{sentence}\n", ENACTED))


def only(sentence: str, before: str = "") -> Clock:
    (clock,) = found(sentence, before)
    return clock


OF_ENACTMENT = [
    ("Not later than 180 days after the date of enactment of this Act, X.", date(2026, 7, 22)),
    ("No later than 365 days after enactment of this Act, X.", date(2027, 1, 23)),
    ("Not later than 18 months after the date of the enactment of this section, X.", date(2027, 7, 23)),
    ("Not later than eighteen months after the date of the enactment of this subsection, X.", date(2027, 7, 23)),
    ("Not later than one hundred and eighty days after the date of enactment of this title, X.", date(2026, 7, 22)),
    ("Not later than ninety (90) days after the date of enactment of this Act, X.", date(2026, 4, 23)),
    ("Not later than 2 weeks after the date of enactment of this Act, X.", date(2026, 2, 6)),
    ("Not later than 10 calendar days after the date of enactment of this Act, X.", date(2026, 2, 2)),
    ("Within 5 days of date of enactment of this Act, X.", date(2026, 1, 28)),
    ("Within one year of the date of enactment of the TEST Act, X.", date(2027, 1, 23)),
    ("Not later than a year after the date of enactment of this joint resolution, X.", date(2027, 1, 23)),
    ("Not later than the date that is 3 years after the date of enactment of this Act, X.", date(2029, 1, 23)),
    ("By not later than the end of the 12-month period beginning on the date of enactment of this Act, X.",
     date(2027, 1, 22)),
    ("As soon as practicable after the enactment of this Act, but in no case later than 60 days after such date, X.",
     date(2026, 3, 24)),
    ("No later than December 5, 2026, X.", date(2026, 12, 5)),
    ("On or before March 1, 2027, X.", date(2027, 3, 1)),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "due"), OF_ENACTMENT)
def test_a_limit_has_its_day_and_the_office_that_owes_it(sentence, due):
    clock = only(sentence.replace("X.", "the Secretary of Labor shall issue a rule."))

    assert (clock.kind, clock.due, clock.by) == (Kind.DUTY, due, "the Secretary of Labor")
    assert clock.owed == "issue a rule"
    assert clock.section == "sec. 2"


@pytest.mark.parametrize(
    "limit",
    [
        "not later than 30 days after receiving a request",
        "not later than 48 hours after a detention",
        "within 10 business days after the date of enactment of this Act",  # no general rule says which days
        "not later than 45 days of such notice",
        "at least 30 days before issuing a solicitation",
        "not more than 2 calendar days, after finding that a document is missing",
        "not later than 180 days after the effective date of this Act",
        "not later than 90 days after the date of enactment of the Other Act of 2020",
        "not later than the earlier of January 1, 2027, or 30 days after the audit",
        "not later than the fifth business day of the month",
        "upon completion of the study",
        "as soon as practicable after the audit",
    ],
)
def test_a_clock_that_runs_from_an_event_has_no_day(limit):
    inside = only(f"The Board shall, {limit}, respond to the applicant.")
    first = only(f"{limit[0].upper()}{limit[1:]}, the Board shall respond to the applicant.")

    for clock in (inside, first):
        assert clock.due is None
        assert clock.by == "the Board"
    assert first.kind is Kind.EVENT or "business days" in limit


OWNERS = [
    ("the Secretary of Labor, acting through the Director, in consultation with the Secretary of Energy, and Y, shall",
     "the Secretary of Labor"),
    ("in consultation with the Secretary of State, the Attorney General shall", "the Attorney General"),
    ("the Secretary of State, the Attorney General, and the Secretary of Energy shall jointly",
     "the Secretary of State, the Attorney General, and the Secretary of Energy"),
    ("the Secretary of Energy (or a designee), to the maximum extent practicable, must", "the Secretary of Energy"),
    ("each covered platform is required to", "each covered platform"),
    ("the head of each agency that receives a grant shall", "the head of each agency that receives a grant"),
    ("Congress shall", "Congress"),
]  # fmt: skip


@pytest.mark.parametrize(("subject", "owner"), OWNERS)
def test_asides_between_commas_are_not_the_office_that_owes(subject, owner):
    limit = "Not later than 90 days after the date of enactment of this Act"
    event = "Not later than 90 days after the date on which the President, in writing, so directs"

    assert only(f"{limit}, {subject} report.").by == owner
    assert only(f"{event}, {subject} report.").by == owner
    assert only(f"{subject[0].upper()}{subject[1:]} report {limit[0].lower()}{limit[1:]}.").by == owner


def test_a_passive_sentence_names_its_office_or_none():
    limit = "not later than 1 year after the date of enactment of this Act"

    assert only(f"The report shall be submitted by the Inspector General {limit}.").by == "the Inspector General"
    assert only(f"The hearing shall be held {limit}.").by == ""


def test_the_subject_of_a_list_stands_above_it():
    listed = (
        "The Attorney General—\n**(1)**\nshall, not later than 6 months after the date of enactment of this Act, issue "
        "rules; and\n**(2)**\nmay revise them.\n##### (b) Reviews\nThe Board shall—\n**(1)**\nmeet; and\n**(2)**\n"
        "not later than 45 days of receiving a notice—\n**(A)**\nregister it; or\n**(B)**\nrefuse it."
    )
    rules, register = found(listed)

    assert (rules.by, rules.section, rules.due) == ("the Attorney General", "sec. 2(1)", date(2026, 7, 23))
    assert rules.quote.startswith("The Attorney General— shall, not later than 6 months")
    assert (register.by, register.section) == ("the Board", "sec. 2(b)(2)")


def test_a_report_has_the_office_that_gets_it_and_how_often():
    clock = only(
        "Not later than 270 days after the date of enactment of this Act, and annually thereafter through March 30, "
        "2034, the Comptroller General shall submit to the Committee on the Judiciary of the Senate a report on it."
    )

    assert clock.to == "the Committee on the Judiciary of the Senate"
    assert (clock.every, clock.until) == ("annually", date(2034, 3, 30))


@pytest.mark.parametrize(
    ("sentence", "kind", "due"),
    [
        ("Not later than March 1 of each calendar year, the Director shall report.", Kind.RECURS, date(2026, 3, 1)),
        ("The Director shall brief Congress not less frequently than twice a year.", Kind.RECURS, None),
        ("In each of the five calendar years following it, the Director shall conduct a review.", Kind.RECURS, None),
        ("The Director shall submit an annual report to Congress.", Kind.RECURS, None),
        ("This Act shall take effect on the date that is 180 days after the date of enactment of this Act.",
         Kind.STARTS, date(2026, 7, 22)),
        ("The changes shall apply to notices sent after the date which is 12 months after the enactment of this Act.",
         Kind.STARTS, date(2027, 1, 23)),
        ("Beginning on the date of enactment of this Act, Tribes shall have access.", Kind.STARTS, ENACTED),
        ("This section shall cease to have effect on the date that is 5 years after enactment of this Act.",
         Kind.ENDS, date(2031, 1, 23)),
        ("The applicant may, not later than 30 days after a denial, appeal.", Kind.PERMISSION, None),
        ("if the Secretary does not, within 30 days of receiving the form, refuse.", Kind.CONDITION, None),
    ],
)  # fmt: skip
def test_other_clocks_are_named_for_what_they_are(sentence, kind, due):
    clock = only(sentence)

    assert (clock.kind, clock.due) == (kind, due)


@pytest.mark.parametrize(
    "sentence",
    [
        "Any person who violates this section shall be imprisoned not more than 2 years, or fined, or both.",
        "There are authorized to be appropriated $5,000,000 for fiscal year 2026 and each fiscal year thereafter.",
        "The term “covered period” means the period ending not later than 30 days after the date of enactment.",
        "Section 4, as in effect on the date of enactment of this Act, is repealed.",
        "Nothing in this Act shall affect a duty due not later than 30 days after the date of enactment of this Act.",
        "Section 9 is amended by striking “not later than 30 days after enactment of this Act” and inserting “soon”.",
        "All redactions must be accompanied by a written justification.",
        "##### (b) Findings\nCongress finds that not later than 30 days after enactment of this Act it shall.",
    ],
)  # fmt: skip
def test_look_alikes_are_not_clocks(sentence):
    assert found(sentence) == []


def test_a_limit_that_is_inserted_into_another_law_names_no_office():
    clock = only("Section 4 is amended by striking “January 1” and inserting “not later than September 30, 2027”.")

    assert (clock.due, clock.by) == (date(2027, 9, 30), "")


def test_the_secretary_is_named_in_full_except_in_text_added_to_another_law():
    definition = "##### (a) Definition\nThe term Secretary means the Secretary of Energy.\n##### (b) Rule\n"
    sentence = "Not later than 30 days after the date of enactment of this Act, the Secretary shall act."
    amending = f"Section 7 is amended by adding at the end the following:\n(k) Rule {sentence}"

    assert only(sentence, definition).by == "the Secretary of Energy"
    added = only(amending, definition)
    assert (added.by, added.adds, added.due) == ("the Secretary", True, date(2026, 2, 22))


GPO = """<html><body><pre>
[[Page 140 STAT. 81]]
Public Law 119-99
    Be it enacted by the Senate and House of Representatives of the
United States of America in Congress assembled,
SECTION 1. SHORT TITLE.
    This Act may be cited as the ``Test Act''.
SEC. 2. REPORTS.
    (a) Plan.--Not later than 90 days after the &lt;&lt;NOTE: Deadline.&gt;&gt; date of
enactment of this Act, the Director shall--
            (1) make a plan described in paragraph (1) of section 3, as
        amended; and
            (2) within 30 days of completion of the plan, submit it to
        Congress.
    (b) Amendment.--Section 5 of the Old Act is amended by adding at the
end the following:
    ``(c) Review.--Not later than 1 year after the date of enactment of
this subsection, the Board shall review it.''.
    (c) End.--The Board shall report not later than 2 years after the
date of enactment of this Act.
    Approved January 23, 2026.
</pre></body></html>"""


def test_the_printed_text_of_a_law_has_its_sections_parts_and_added_text():
    plan, submitted, review, report = find_clocks(GPO)

    assert (plan.section, plan.due, plan.by) == ("sec. 2(a)", date(2026, 4, 23), "the Director")
    assert (submitted.section, submitted.by, submitted.to) == ("sec. 2(a)(2)", "the Director", "Congress")
    assert (review.section, review.due, review.by, review.adds) == ("sec. 2(b)", date(2027, 1, 23), "the Board", True)
    assert (report.section, report.due, report.adds) == ("sec. 2(c)", date(2028, 1, 23), False)


def test_a_preamble_sets_no_duty():
    text = "Whereas X shall act not later than 30 days after the date of enactment of this Act; Resolved by the Senate "

    assert find_clocks(printed(f"{text}That the site is approved.", ENACTED)) == []


@pytest.mark.long
@pytest.mark.parametrize(
    "words", ["Not later than 1 day after ", "; ", "(a) (1) (A) ", "<sidenote>", "shall be a by the "]
)
def test_a_long_hostile_text_is_read_to_the_end(words):
    text = (words * 100_000)[:500_000]

    assert len(find_clocks(text)) <= 2_000
    assert sum(len(clause.text) for clause in clauses(flat_text(text))) <= len(text)
