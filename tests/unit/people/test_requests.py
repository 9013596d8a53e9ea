"""Requests are done once, strangers have a limit a day, and what a chat was promised is known after a crash."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.commands.model import Refused, Role, Work
from bot.people import audit, requests
from bot.people.audit import Change
from bot.people.requests import Promise, Promises
from tests.kit.board import CONFIG, TUESDAY, Board


@pytest.fixture
def board(tmp_path):
    return Board(tmp_path, ())


def work(board, tx):
    return Work(tx=tx, config=CONFIG, now=board.now, new_id=board.new_id)


def asks(board, *subjects):
    """Whether one more request of these subjects is taken."""
    try:
        with board.db.write() as tx:
            requests.count_request(work(board, tx), subjects)
    except Refused:
        return False
    return True


def stranger(board, network, crowd=100, purpose="sign"):
    """How many requests of that network there were for a purpose, or "too many"."""
    try:
        with board.db.write() as tx:
            return requests.count_stranger(work(board, tx), purpose, network, crowd=crowd)
    except Refused:
        return "too many"


# --- once -------------------------------------------------------------------------------------------------------------


def test_a_request_is_taken_once_until_it_is_released_and_no_other_with_it(board):
    with board.db.write() as tx:
        assert requests.take(tx, "slack:1", TUESDAY)
        assert not requests.take(tx, "slack:1", TUESDAY + timedelta(hours=1))
        assert requests.take(tx, "slack:2", TUESDAY)
        assert requests.seen_at(tx, "slack:1") == TUESDAY
        requests.release(tx, "slack:1")
        assert requests.seen_at(tx, "slack:1") is None
        assert requests.take(tx, "slack:1", TUESDAY)
        assert not requests.take(tx, "slack:2", TUESDAY)


def test_what_a_request_changed_is_its_own_person_s_command_of_that_moment(board):
    def note(at, person, command, **text):
        fields = {"who": "Ada", "origin": "slack", "before": "", "after": ""} | text
        audit.write(tx, Change(at=at, person=person, command=command, **fields), new_id=board.new_id)

    bo = board.add("Bo", Role.PRESS)
    with board.db.write() as tx:
        requests.take(tx, "slack:1", TUESDAY)
        note(TUESDAY, board.admin.id, "letter lock", subject="L-001", after="locked")
        note(TUESDAY, board.admin.id, "letter lock", subject="the card", before="posted")
        note(TUESDAY, bo.id, "letter lock", subject="L-002", after="locked")
        note(TUESDAY, board.admin.id, "letter show", subject="L-003", after="shown")
        note(TUESDAY + timedelta(seconds=1), board.admin.id, "letter lock", subject="L-004", after="locked")
    changes = requests.changes_of(board.db, "slack:1", board.admin.id, "letter lock")
    assert [line.text for line in changes] == ["L-001: locked", "the card: no longer posted"]
    assert requests.changes_of(board.db, "slack:2", board.admin.id, "letter lock") is None


# --- limits -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "mailbox"),
    [
        ("a+x@b.org", "a@b.org"), ("a@b.org", "a@b.org"), ("a+x+y@b.org", "a@b.org"), ("x", "@x"),
        ("a.b@b.org", "a.b@b.org"), ("a.b.c+x@gmail.com", "abc@gmail.com"), ("ab.c@googlemail.com", "abc@gmail.com"),
    ],
)  # fmt: skip
def test_a_tag_makes_no_other_mailbox_nor_do_google_s_dots(address, mailbox):
    assert requests.one_mailbox(address) == mailbox


def test_one_mailbox_gets_three_emails_to_confirm_however_its_address_is_written(board):
    def may(address):
        with board.db.write() as tx:
            return requests.may_confirm(work(board, tx), "news", address)

    spellings = ("maria.lopez@gmail.com", "m.arialopez@gmail.com", "marialopez@googlemail.com", "marialopez@gmail.com")
    assert [may(address) for address in spellings] == [True, True, True, False]
    assert [may(address) for address in ("maria.lopez@b.org", "marialopez@b.org") * 3] == [True] * 6


def test_all_addresses_with_a_tag_of_one_mailbox_get_one_email_to_confirm_a_day(board):
    def may(address):
        with board.db.write() as tx:
            return requests.may_confirm(work(board, tx), "news", address)

    assert may("maria+a@b.org")
    for another in ("maria+b@b.org", "maria+a@b.org"):
        with pytest.raises(Refused):
            may(another)
    assert may("lopez+a@b.org")
    assert [may("maria@b.org") for _ in range(4)] == [True, True, True, False], "its owner's own are not used up"
    board.now += timedelta(days=1)
    assert may("maria+b@b.org")


def test_each_subject_has_its_limit_a_day(board):
    assert [asks(board, ("address a", 3)) for _ in range(4)] == [True, True, True, False]
    assert asks(board, ("address b", 3))
    assert not asks(board, ("address b", 3), ("address a", 3)), "one that is over is enough"
    board.now += timedelta(days=1)
    assert asks(board, ("address a", 3))


def test_what_is_counted_is_a_hash_whose_key_is_of_today(board):
    asks(board, ("address ada@b.org", 3))
    (row,) = board.db.read("SELECT day, subject, times FROM ally_limit")
    assert (row["day"], row["times"], "ada" in row["subject"]) == ("2026-11-24", 1, False)
    asks(board, ("address ada@b.org", 3))
    board.now += timedelta(days=1)
    asks(board, ("address ada@b.org", 3))
    rows = board.db.read("SELECT day, subject, times FROM ally_limit ORDER BY day")
    assert [(each["day"], each["times"]) for each in rows] == [("2026-11-24", 2), ("2026-11-25", 1)]
    assert rows[0]["subject"] != rows[1]["subject"], "yesterday's hashes can no longer be tied to anyone"


def test_a_network_has_thirty_requests_and_one_in_a_crowd(board):
    counts = [stranger(board, "192.0.2.0/24") for _ in range(31)]
    assert counts == [*range(1, 31), "too many"]
    assert stranger(board, "192.0.2.0/24", purpose="log in") == 1
    assert stranger(board, "198.51.100.0/24", crowd=32) == 1
    assert [stranger(board, "198.51.100.0/24", crowd=33) for _ in range(2)] == [2, 3]
    assert stranger(board, "198.51.100.0/24", crowd=33) == "too many", "more than 33 from all networks"
    assert [stranger(board, "203.0.113.0/24", crowd=33) for _ in range(2)] == [1, "too many"]


# --- promises ---------------------------------------------------------------------------------------------------------


def promise(board, key, at):
    with board.db.write() as tx:
        requests.note_promise(tx, Promise(key=key, person=board.admin.id, path="letter lock", at=at))


def cut_off(board):
    return [each.key for each in requests.cut_off_promises(board.db, board.now)]


def test_a_promise_that_no_process_renews_is_cut_off_after_a_minute_and_a_half(board):
    promise(board, "b", board.now)
    promise(board, "a", board.now)
    board.now += timedelta(seconds=90)
    assert cut_off(board) == []
    board.now += timedelta(seconds=1)
    assert cut_off(board) == ["a", "b"]
    with board.db.write() as tx:
        requests.renew_promise(tx, "a", board.now)
    assert cut_off(board) == ["b"]
    with board.db.write() as tx:
        requests.delete_promise(tx, "b")
    assert cut_off(board) == []
    assert len(board.db.read("SELECT * FROM promise")) == 1


def test_a_promise_of_a_clock_that_was_ahead_is_cut_off(board):
    promise(board, "a", board.now + timedelta(hours=1))
    assert cut_off(board) == []
    promise(board, "a", board.now + timedelta(hours=1, seconds=1))
    assert cut_off(board) == ["a"]


@pytest.mark.parametrize(("is_person", "noted"), [(True, ["slack:1"]), (False, [])])
def test_a_promise_to_a_person_is_noted_while_the_work_lasts(board, is_person, noted):
    promises = Promises(board.db, lambda: board.now)

    async def during():
        async with promises.during("slack:1", "letter lock", lambda: board.admin.id if is_person else None):
            return [row["key"] for row in board.db.read("SELECT key FROM promise")]

    assert asyncio.run(during()) == noted
    assert board.db.read("SELECT * FROM promise") == []


def test_work_that_is_canceled_leaves_its_promise(board):
    promises = Promises(board.db, lambda: board.now)

    async def during():
        async with promises.during("slack:1", "letter lock", lambda: board.admin.id):
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(during())
    assert [row["key"] for row in board.db.read("SELECT key FROM promise")] == ["slack:1"]


def test_work_that_fails_was_answered(board):
    promises = Promises(board.db, lambda: board.now)

    async def during():
        async with promises.during("slack:1", "letter lock", lambda: board.admin.id):
            raise ValueError("bug")

    with pytest.raises(ValueError, match="bug"):
        asyncio.run(during())
    assert board.db.read("SELECT key FROM promise") == []
