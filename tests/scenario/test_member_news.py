"""A member of Congress that a person follows: one message on Mondays, of what is new since the last one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.bills import records as bills
from bot.campaign import notices
from bot.commands.model import Role
from bot.congress import records as directory
from bot.outbox.model import from_json
from bot.shared.bill_number import BillNumber
from bot.shared.bill_record import HOUSE, Action, BillRecord, Cosponsor, MemberVote, RollCall
from tests.kit.board import Board, words
from tests.kit.congress import ACCENT, public

WHO = f"T{ACCENT:06}"
BILL = "hr4323-119"
MONDAY = datetime(2026, 11, 30, 14, 0, tzinfo=UTC)  # nine in Washington


class Desk:
    def __init__(self, folder):
        self.board = Board(folder)
        with self.board.db.write() as tx:
            directory.replace(tx, public(), now=self.board.now)
        self.person = self.board.add("Pol", Role.POLICY)

    def signs(self, on=date(2026, 11, 20), withdrawn=None):
        row = BillRecord(
            BillNumber.of(BILL), "Relief Act", None, datetime(2026, 11, 25, tzinfo=UTC),
            (Action(date(2025, 7, 10), "Introduced in House"),), sponsors=(),
            cosponsors=(Cosponsor(WHO, "Rep. Velázquez", on, withdrawn),), source="GovInfo BILLSTATUS",
        )  # fmt: skip
        with self.board.db.write() as tx:
            bills.save(tx, [row], self.board.now)

    def votes(self, vote="Nay"):
        roll = RollCall(
            chamber=HOUSE,
            congress=119,
            session=2,
            number=9,
            bill=BILL,
            question="On Motion to Recommit",
            result="Failed",
            at=datetime(2026, 11, 24, 18, tzinfo=UTC),
            yeas=1,
            nays=2,
            votes=(MemberVote(WHO, vote),),
            url="u",
        )
        with self.board.db.write() as tx:
            bills.save_roll_calls(tx, [roll], self.board.now)

    def leaves(self, committee="HSJU"):
        snapshot = public()
        left = tuple(seat for seat in snapshot.seats if (seat.committee, seat.bioguide) != (committee, WHO))
        with self.board.db.write() as tx:
            directory.replace(tx, replace(snapshot, seats=left), now=self.board.now)

    def compose(self, at):
        self.board.now = at
        notices.post_member_news(self.board.job)

    @property
    def cards(self):
        sql = "SELECT card FROM delivery WHERE kind = 'personal' ORDER BY seq"
        return [from_json(row["card"]) for row in self.board.db.read(sql)]


@pytest.fixture
def desk(tmp_path):
    desk = Desk(tmp_path)
    card = desk.board.card(desk.person, "campaign follow", what="Velazquez")
    assert card.head == "You now follow Representative Zoë Velázquez (NY-7), on Mondays"
    desk.compose(desk.board.now)
    return desk


def test_what_they_do_is_one_message_on_monday_with_day_and_source(desk):
    desk.signs()
    desk.votes()
    desk.leaves()
    desk.compose(MONDAY - timedelta(days=2))
    assert desk.cards == []
    for hour in range(3):
        desk.compose(MONDAY + timedelta(hours=hour))

    [card] = desk.cards
    assert card.head == "Members you follow: 3 changes since Tue Nov 24, 2026"
    assert card.sections[0].title == "Representative Zoë Velázquez (NY-7)"
    assert [line.text for line in card.sections[0].lines] == [
        "Cosponsored H.R. 4323 (119th), Fri Nov 20, 2026 (GovInfo BILLSTATUS, as of Tue Nov 24, 2026)",
        "Voted Nay on “On Motion to Recommit” (H.R. 4323 (119th)), Tue Nov 24, 2026 (House roll call 9)",
        "No longer on the list: House Committee on the Judiciary (directory as of Mon Jun 15, 2026)",
    ]


def test_nothing_new_is_no_message_and_a_late_record_comes_on_the_next_monday(desk):
    desk.compose(MONDAY)
    assert desk.cards == []
    desk.signs(on=date(2026, 10, 1))
    desk.compose(MONDAY + timedelta(days=7))

    assert "Cosponsored H.R. 4323 (119th), Thu Oct 1, 2026" in words(desk.cards[0])


def test_d5_what_a_clock_that_was_ahead_noted_silences_no_monday(desk):
    desk.compose(MONDAY + timedelta(days=28))
    desk.signs(on=date(2026, 10, 1))
    desk.compose(MONDAY)
    assert "Cosponsored H.R. 4323 (119th), Thu Oct 1, 2026" in words(desk.cards[-1])


def test_d5_a_message_of_a_clock_that_was_ahead_hides_none_and_no_day_to_come_is_said(desk):
    ahead = MONDAY + timedelta(days=28)
    desk.signs(on=date(2026, 10, 1))
    desk.compose(ahead)
    desk.leaves()
    desk.compose(MONDAY)
    assert desk.cards[-1].head == "Members you follow: 1 change"
    for week in range(1, 4):
        desk.compose(MONDAY + timedelta(weeks=week))
    desk.votes()
    desk.compose(ahead)
    assert desk.cards[-1].head == "Members you follow: 1 change since Mon Dec 21, 2026"
    assert "Voted Nay" in words(desk.cards[-1])
    desk.compose(ahead)
    assert len(desk.cards) == 3


def test_a_withdrawn_cosponsorship_is_news(desk):
    desk.signs()
    desk.compose(MONDAY)
    desk.signs(withdrawn=date(2026, 12, 2))
    desk.compose(MONDAY + timedelta(days=7))

    assert [line.text for line in desk.cards[-1].sections[0].lines] == [
        "Withdrew as a cosponsor of H.R. 4323 (119th), Wed Dec 2, 2026 (GovInfo BILLSTATUS, as of Tue Nov 24, 2026)"
    ]


def test_what_they_did_before_is_no_news(tmp_path):
    desk = Desk(tmp_path)
    desk.signs()
    desk.board.card(desk.person, "campaign follow", what="member:" + WHO)
    desk.compose(desk.board.now)
    desk.compose(MONDAY)

    assert desk.cards == []


def test_a_member_that_is_no_longer_followed_brings_nothing(desk):
    desk.board.card(desk.person, "campaign unfollow", what=f"member:{WHO}")
    desk.signs()
    desk.compose(MONDAY)

    assert desk.cards == []
    assert "You follow nothing yet." in words(desk.board.card(desk.person, "campaign me"))


@pytest.mark.parametrize(
    ("args", "why"),
    [({"what": "Elm"}, "fits 2 members of Congress"),
     ({"what": "Nobody Real"}, "is not an ask, a bill, a state or a member"),
     ({"what": "Velázquez", "when": "now"}, "one message on Mondays")],
)  # fmt: skip
def test_a_name_must_be_one_members_and_the_pace_is_weekly(desk, args, why):
    assert why in desk.board.refused(desk.board.admin, "campaign follow", **args).what


def test_a_member_of_the_same_name_is_chosen_by_state(desk):
    card = desk.board.card(desk.board.admin, "campaign follow", what="Elm Ohio")
    assert card.head == "You now follow Representative Jo Elm (OH-4), on Mondays"
