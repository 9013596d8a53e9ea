"""A vote on a followed bill as a channel sees it: from the floor first, then confirmed or corrected by the record."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.bills import intake as bill_intake
from bot.bills import records
from bot.shared.answer import Fetched, Memory
from bot.shared.bill_number import BillNumber
from bot.shared.bill_record import HOUSE, Action, BillRecord, MemberVote, RollCall
from bot.sources.congress.bill_record import bill_entries
from bot.watch.model import Level
from tests.kit.alerts import Room, action, campaign, watch
from tests.kit.board import words

DAY = date(2026, 11, 24)
TEXT = "On passage Passed by recorded vote: 213 - 203 (Roll no. 108)."
VOICE = "On motion to suspend the rules and pass the bill Agreed to by voice vote."
AHEAD = "By the House floor page. The bill's record usually confirms or corrects it the next morning."


@pytest.fixture
def room(tmp_path):
    sources = {
        "bills": {"kind": "bill-status", "name": "GovInfo"},
        "votes": {"kind": "house-votes", "name": "House floor"},
    }
    watches = (watch("relief", "bill:hr4323-119", Level.ALERT, (8,)),)
    return Room(tmp_path, campaign({"sources": sources, "routes": [{"to": "policy"}]}, watches))


def floor(text=TEXT, key="vote:house:119-2:108", **more):
    at = datetime(2026, 11, 24, 20, 5, tzinfo=UTC)
    return action(text, "Passed House", DAY, identity=(key,), notes=(AHEAD,), published=at, as_of=at, **more)


def record(*texts):
    """The entries of a record with these actions, as bill-status brings them."""
    number = BillNumber.of("hr4323-119")
    rows = tuple(Action(DAY, text) for text in texts)
    return bill_entries(BillRecord(number, "Relief Act", None, None, rows), "bills")


def test_a_vote_is_posted_from_the_floor_and_confirmed_in_its_thread(room):
    room.take("votes", floor())
    room.send_all()
    [first] = room.rows("policy", "alert")
    room.wait(hours=14).take("bills", *record(TEXT))
    _, second = room.rows("policy", "alert")

    card, later = room.cards("policy", "alert")
    assert card.head == "Passed the House, 213 to 203: Trafficking Survivors Relief Act (H.R. 4323, 119th)"
    assert AHEAD in words(card)
    assert card.foot.startswith("House floor · as of Tue Nov 24, 2026, 3:05 p.m.")
    assert later.head == "Confirmed by the record: Passed the House, 213 to 203: Relief Act (H.R. 4323, 119th)"
    assert second["thread"] == first["id"] or second["thread"] == first["thread"]


def test_what_the_record_has_otherwise_is_a_correction_that_quotes_the_floor(room):
    room.take("votes", floor())
    room.send_all()
    room.wait(hours=14).take("bills", *record(TEXT.replace("213", "214")))

    later = room.cards("policy", "alert")[-1]
    assert later.head.startswith("Corrected by the record: Passed the House, 214 to 203: ")
    assert f"Corrected by the record: the chamber's own page had “{TEXT}”" in words(later)


def test_a_voice_vote_is_confirmed_by_its_day_and_step(room):
    room.take("votes", floor(VOICE, f"decision:hr4323-119:{DAY}:Passed House"))
    room.send_all()
    room.wait(hours=14).take("bills", *record(VOICE))

    assert room.heads("policy", "alert")[-1].startswith("Confirmed by the record: Passed the House by voice vote")


def test_a_vote_that_the_record_has_already_is_not_posted_again(room):
    room.take("bills", *record(TEXT))
    room.send_all()
    room.take("votes", floor())
    room.take("votes", floor())

    assert len(room.cards("policy", "alert")) == 1
    assert not room.heads("policy", "alert")[0].startswith("Confirmed")


def test_other_steps_of_a_record_say_nothing_of_the_floor(room):
    room.take("votes", floor())
    room.send_all()
    room.wait(hours=14).take("bills", *record(TEXT, "Received in the Senate."))

    assert room.heads("policy", "alert")[-1] == "Passed the House, 213 to 203: Relief Act (H.R. 4323, 119th)"
    assert "Confirmed by the record: the chamber's own page had the same result." in words(room.cards("policy")[-1])


def test_roll_calls_are_stored_and_a_corrected_one_replaces_the_first(room):
    vote = RollCall(chamber=HOUSE, congress=119, session=2, number=108, bill="hr4323-119", question="On Passage",
                    result="Passed", at=None, yeas=213, nays=203, votes=(MemberVote("A000370", "Yea"),),
                    url="u")  # fmt: skip
    for each in (vote, replace(vote, yeas=214)):
        with room.job.write() as work:
            bill_intake.store_answer(work, Fetched(entries=(), memory=Memory(), roll_calls=(each,)))

    assert records.roll_calls(room.db, "hr4323-119") == [replace(vote, yeas=214)]
