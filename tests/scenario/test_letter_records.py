"""The records a letter relies on: who approves sees their days, and a bill's old record stops the letter."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.bills import records as bills
from bot.congress import records
from bot.letters.lifecycle import State
from bot.shared.bill_number import BillNumber
from bot.shared.bill_record import Action, BillRecord
from tests.kit.board import words
from tests.kit.congress import SENATOR, member, public
from tests.kit.letters_desk import Desk

BILL = "s800-119"
RECORD = BillRecord(
    BillNumber.of(BILL), "Relief Act", None, datetime(2026, 4, 9, 12, tzinfo=UTC),
    (
        Action(date(2025, 7, 10), "Introduced in Senate"),
        Action(date(2025, 7, 10), "Read twice and referred to the Committee on the Judiciary."),
    ), source="here",
)  # fmt: skip
LETTER = {"template": "support-a-bill", "to": member(SENATOR), "bill": BILL, "field-1": "It helps."}


@pytest.fixture
def desk(tmp_path):
    desk = Desk(tmp_path)
    with desk.db.write() as tx:
        records.replace(tx, public(), now=desk.now)
        bills.save(tx, [RECORD], desk.now)
    return desk


def lines(card):
    return [line.text for line in card.lines]


def in_review(desk):
    desk.card(desk.pol, "letter fill", **LETTER)
    desk.card(desk.pol, "letter review", letter="L-1")
    return lines(desk.sent_to(desk.app)[-1])


def test_the_approver_sees_the_day_of_the_directory_and_of_the_record(desk):
    cards = in_review(desk)
    as_of = records.stored_directory(desk.db).as_of

    assert f"Names and addresses are as of {as_of:%a %b} {as_of.day}, {as_of.year}." in cards
    looked = "The record of S. 800 (119th) was last checked Tue Nov 24, 2026, updated by its source Thu Apr 9, 2026."
    assert looked in cards
    assert looked in words(desk.card(desk.app, "letter show", letter="L-1"))


def test_what_the_directory_lacks_of_an_addressee_is_listed(desk):
    snapshot = public()
    id_ = member(SENATOR).removeprefix("member:")
    without = tuple(replace(item, room="") if item.bioguide == id_ else item for item in snapshot.members)
    with desk.db.write() as tx:
        records.replace(tx, replace(snapshot, members=without), now=desk.now)

    assert any(line.startswith("The record gives no office room for ") for line in in_review(desk))


def test_a_letter_on_a_bill_whose_record_is_old_is_not_drafted_approved_or_locked(desk):
    in_review(desk)
    desk.now += timedelta(days=15)
    sentence = "more than 14 days ago. /bill track s800-119 updates it."

    assert desk.refused(desk.pol, "letter fill", **LETTER).what.endswith(sentence)
    shown = {"letter": "L-1", "agree": "yes", "text": desk.form(desk.app, "letter approve", letter="L-1").args["text"]}
    assert desk.refused(desk.app, "letter approve", **shown).what.endswith(sentence)
    with desk.db.write() as tx:
        bills.save(tx, [RECORD], desk.now)
    desk.card(desk.app, "letter approve", **shown)
    desk.now += timedelta(days=15)
    assert desk.refused(desk.pol, "letter lock", letter="L-1").what.endswith(sentence)
    assert desk.letter().state is State.APPROVED


def test_the_record_of_a_law_does_not_grow_old(desk):
    law = replace(RECORD, number=BillNumber.of("s801-119"), laws=(("Public Law", "119-80"),))
    with desk.db.write() as tx:
        bills.save(tx, [law], desk.now)
    desk.now += timedelta(days=40)
    desk.card(
        desk.pol, "letter fill", template="implement-the-law", to="attorney-general", bill="s801-119",
        **{"field-1": "It helps.", "field-2": "- Do it."},
    )  # fmt: skip
