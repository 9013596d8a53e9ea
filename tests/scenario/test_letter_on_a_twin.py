"""Letters about a bill whose identical bill is law: they never ask for it, and they thank its sponsors for the law.

The records are made up: a House bill that became law, its twin in the Senate, and a bill of the House that its
committee has reported.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.bills import records as bills
from bot.congress import records
from bot.letters.sheet import body
from bot.shared.bill_number import BillNumber
from bot.shared.bill_record import IDENTICAL, Action, BillRecord, Committee, Cosponsor, Related, Sponsor
from tests.kit.board import words
from tests.kit.congress import ACCENT, CHAIR, SENATOR, SENATOR_TOO, member, public
from tests.kit.letters_desk import Desk

LAW, TWIN, REPORTED = "hr900-119", "s800-119", "hr700-119"
HEARING = {"field-1": "", "field-2": "- Why?", "field-3": "the grants", "field-4": "the officials who decide"}
CHANGED = datetime(2026, 4, 9, 12, tzinfo=UTC)


def record(id_: str, *actions: tuple[str, str], **more) -> BillRecord:
    bill = BillNumber.of(id_)
    done = tuple(Action(date.fromisoformat(day), text) for day, text in actions)
    return BillRecord(bill, "Relief Act", None, CHANGED, done, source="here", **more)


RECORDS = (
    record(
        LAW,
        ("2025-07-10", "Introduced in House"),
        ("2025-12-01", "Passed/agreed to in House"),
        ("2025-12-18", "Passed Senate"),
        ("2026-01-23", "Became Public Law No: 119-73."),
        laws=(("Public Law", "119-73"),),
        sponsors=(Sponsor(member(ACCENT).removeprefix("member:"), "Rep. Velázquez"),),
        related=(Related(TWIN, "Relief Act", (IDENTICAL,)),),
    ),
    record(
        TWIN,
        ("2025-07-10", "Introduced in Senate"),
        ("2025-07-10", "Read twice and referred to the Committee on the Judiciary."),
        sponsors=(Sponsor(member(SENATOR).removeprefix("member:"), "Sen. Elm"),),
        cosponsors=(Cosponsor(member(SENATOR_TOO).removeprefix("member:"), "Sen. Oak", date(2025, 8, 1)),),
        committees=(Committee("ssju00", "Judiciary Committee", "Senate"),),
        related=(Related(LAW, "Relief Act", (IDENTICAL,)),),
    ),
    record(
        REPORTED,
        ("2025-02-07", "Introduced in House"),
        ("2025-07-22", "Reported by the Committee on Judiciary. H. Rept. 119-429."),
        ("2025-07-22", "Placed on the Union Calendar, Calendar No. 299."),
        committees=(Committee("hsju00", "Judiciary Committee", "House"),),
        cosponsors=(),
    ),
)


@pytest.fixture
def desk(tmp_path):
    desk = Desk(tmp_path)
    desk.once(lambda: knows(desk), "knows twins and the directory")
    return desk


def knows(desk):
    with desk.db.write() as tx:
        records.replace(tx, public(), now=desk.now)
        bills.save(tx, RECORDS, desk.now)


def filled(desk, template, to, bill, **more):
    fields = {"field-1": "It helps people.", "field-2": "- Do it."} if template == "implement-the-law" else {}
    return {"template": template, "to": to, "bill": bill, "field-1": "It helps people."} | fields | more


def refusal(desk, *args, **more):
    return desk.refused(desk.pol, "letter fill", **filled(desk, *args, **more)).what


def test_a_letter_that_cannot_be_written_is_refused_before_anything_is_typed(desk):
    given = {"template": "support-a-bill", "to": member(SENATOR_TOO), "bill": TWIN}

    early = desk.refused(desk.pol, "letter fill", **given).what

    assert early == refusal(desk, "support-a-bill", member(SENATOR_TOO), TWIN)
    assert desk.ask(desk.pol, "letter fill", **(given | {"bill": REPORTED})).form


def text(desk, *args, **more):
    desk.card(desk.pol, "letter fill", **filled(desk, *args, **more))
    return body(desk.letter().version.texts[0].written.body)


def test_a_twin_of_a_law_is_not_asked_for_and_the_refusal_names_the_law(desk):
    sentence = refusal(desk, "support-a-bill", member(SENATOR_TOO), TWIN)
    assert "H.R. 900, which has the same text as S. 800, is Public Law 119-73" in sentence
    assert "Use template:implement-the-law bill:hr900-119" in sentence


def test_what_a_refusal_names_can_be_written(desk):
    assert "Use bill:hr900-119" in refusal(desk, "implement-the-law", "attorney-general", TWIN)
    made = text(desk, "implement-the-law", "attorney-general", LAW)
    assert "Public Law 119-73" in made
    assert "As we read the law" not in made


def test_congress_is_asked_to_oversee_a_law(desk):
    made = text(desk, "implement-the-law", member(SENATOR), LAW)
    assert "ask you to hold an oversight hearing on how Public Law 119-73 is carried out" in made
    assert "your office" not in made


@pytest.mark.parametrize(
    ("to", "thanks"),
    [
        (SENATOR, "introducing the Relief Act (S. 800). It was introduced with the same text as H.R. 900, now"),
        (SENATOR_TOO, "as a cosponsor on August 1, 2025. It was introduced with the same text"),
    ],
)  # fmt: skip
def test_sponsors_of_the_twin_are_thanked_for_the_law(desk, to, thanks):
    made = text(desk, "thank-a-cosponsor", member(to), TWIN)
    assert thanks in made
    assert "There is more to do before the bill is law" not in made
    assert "nobody has confirmed" not in words(desk.card(desk.pol, "letter show", letter="L-1"))


def test_who_does_not_stand_behind_a_law_is_not_sent_in_a_circle(desk):
    sentence = refusal(desk, "thank-a-cosponsor", member(CHAIR), LAW)
    assert "Use template:implement-the-law bill:hr900-119" in sentence


def test_the_chair_is_not_asked_for_a_markup_of_a_bill_that_the_committee_has_reported(desk):
    made = text(desk, "support-a-bill", "chair:HSJU", REPORTED)
    assert "out of committee since July 22, 2025" not in made  # no cosponsors on record, so no line on the record
    assert "press your leaders to schedule that vote" in made
    assert "markup" not in made


def test_nobody_is_asked_to_cosponsor_a_bill_of_the_other_chamber(desk):
    made = text(desk, "support-a-bill", member(SENATOR), REPORTED)
    assert "ask you to introduce a companion to the Relief Act (H.R. 700) in the Senate" in made
    assert "cosponsor it" not in made
    assert "cosponsor the bill" not in made


def test_a_house_bill_is_not_taken_to_a_senate_committee(desk):
    sentence = refusal(desk, "ask-for-a-hearing", "chair:SSJU", REPORTED, ask="2", **{"field-2": "- Why?"})
    assert (
        "H.R. 700 has been on the Union Calendar since July 22, 2025. Its record does not show it before a committee"
        in sentence
    )


def test_days_in_a_letter_are_american_and_have_no_weekday(desk):
    rows = (*RECORDS[2].actions[:1], Action(date(2025, 2, 7), "Referred to the House Committee on the Judiciary."))
    open_ = replace(RECORDS[2], number=BillNumber.of("hr701-119"), actions=rows)
    with desk.db.write() as tx:
        bills.save(tx, [open_], desk.now)
    made = text(desk, "ask-for-a-hearing", "chair:HSJU", "hr701-119", ask="2", **HEARING)
    assert "H.R. 701 has been before the committee to which it was referred since February 7, 2025." in made


@pytest.mark.parametrize(
    ("bill", "template", "about", "to"),
    [
        (REPORTED, "support-a-bill", REPORTED, "chair:HSJU"),
        (LAW, "implement-the-law", LAW, ""),
        (TWIN, "implement-the-law", LAW, ""),
    ],
)
def test_draft_letter_on_a_bill_is_filled_in_with_what_suits_it_or_with_the_law(desk, bill, template, about, to):
    shown = desk.card(desk.pol, "bill show", bill=bill)
    button = next(each for each in shown.buttons if each.label == "Draft letter")
    form = desk.form(desk.pol, button.path, **dict(button.args))

    filled = {field.param.name: field.initial for field in form.fields}
    assert (filled["template"], filled["bill"], filled["to"]) == (template, about, to)
