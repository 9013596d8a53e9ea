"""A person's mail address: theirs alone, confirmed before anything is mailed, in no log or audit line."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from bot.commands.model import Refusal, Role
from bot.outbox import holds, messages
from bot.outbox.model import from_json
from bot.people import mail
from bot.people.model import Account
from bot.store.database import to_text
from tests.kit.board import Board, words
from tests.kit.letters_desk import Desk

ADDRESS = "dana.reed@member.test"
ALL = {"slack", "discord", "mail"}


@pytest.fixture
def board(tmp_path):
    board = Board(tmp_path)
    board.dana = board.add("Dana Reed", Role.POLICY, user="U0DANA")
    return board


def code(board, person):
    """The code in the last mail to that person's unconfirmed address."""
    sql = "SELECT card FROM delivery WHERE channel = :channel ORDER BY seq"
    cards = [from_json(row["card"]) for row in board.db.read(sql, {"channel": f"confirm:{person.id}"})]
    return re.search(r"\b\d{6}\b", words(cards[-1]))[0]


def way(board, person, kind="dm", platforms=ALL):
    """Platform and address that a message would go to now."""
    result = messages.direct_channel(board.db, f"{kind}:{person.id}", platforms)
    return (result.platform, result.address) if result else None


def confirmed(board, person, **choices):
    board.card(person, "campaign mail", address=ADDRESS)
    board.card(person, "campaign mail", code=code(board, person))
    if choices:
        board.card(person, "campaign mail", **choices)


def invited(board, **more):
    args = {"name": "Rosa Diaz", "address": "rosa@ally.test", "organization": "polaris"} | more
    board.card(board.admin, "people invite", **args)
    return board.person("Rosa Diaz")


# --- an address is its reader's ---------------------------------------------------------------------------------------


def test_nothing_but_the_code_goes_to_an_address_before_it_is_confirmed(board):
    board.card(board.dana, "campaign mail", address=ADDRESS)
    assert way(board, board.dana, "confirm") == ("mail", ADDRESS)
    assert way(board, board.dana, "mail") is None
    assert way(board, board.dana)[0] == "slack"
    assert "First set an address" in board.refused(board.dana, "campaign mail", digest="yes").what

    board.card(board.dana, "campaign mail", code=code(board, board.dana))
    assert way(board, board.dana, "confirm") is None
    assert way(board, board.dana, "mail") == ("mail", ADDRESS)
    assert way(board, board.dana)[0] == "slack"


def test_the_code_says_who_gets_a_digest_unasked(board):
    rosa = invited(board)
    board.card(board.dana, "campaign mail", address=ADDRESS)
    for person, words_shown in (
        (rosa, "and a digest each business day until"),
        (board.dana, "and, if you like, a digest."),
    ):
        sql = "SELECT card FROM delivery WHERE channel = :channel"
        (row,) = board.db.read(sql, {"channel": f"confirm:{person.id}"})
        assert words_shown in words(from_json(row["card"]))


def test_a_person_chooses_where_direct_messages_go(board):
    confirmed(board, board.dana, messages="mail")
    assert way(board, board.dana) == ("mail", ADDRESS)
    assert way(board, board.dana, platforms={"slack"})[0] == "slack"
    board.card(board.dana, "campaign mail", messages="chat")
    assert way(board, board.dana)[0] == "slack"


def test_a_new_address_has_to_be_confirmed_again_and_ends_a_hold(board):
    confirmed(board, board.dana, messages="mail")
    with board.db.write() as tx:
        hold = holds.Hold(f"channel:mail:{board.dana.id}", "gone")
        holds.place(tx, hold, now=board.now, report=True)
    assert way(board, board.dana)[0] == "slack"
    board.card(board.dana, "campaign mail", address="new@member.test")
    assert way(board, board.dana, "mail") is None
    assert not holds.is_held(board.db, f"mail:{board.dana.id}")


@pytest.mark.parametrize(
    "typed", ["dana", "a@b", "a b@c.org", "a@b.org\r\nBcc: x@y.org", "<a@b.org>", "a@b.org,c@d.org"]
)
def test_what_is_not_an_address_is_refused(board, typed):
    assert "not an email address" in board.refused(board.dana, "campaign mail", address=typed).what


def test_a_code_is_good_for_five_tries_and_a_day(board):
    board.card(board.dana, "campaign mail", address=ADDRESS)
    right = code(board, board.dana)
    wrong = f"{(int(right) + 1) % 10**6:06}"
    for _ in range(mail.TRIES):
        assert "not the code" in board.card(board.dana, "campaign mail", code=wrong).head
    assert "no longer valid" in board.refused(board.dana, "campaign mail", code=right).what

    board.card(board.dana, "campaign mail", address=ADDRESS)
    board.now += mail.CODE_VALID + timedelta(seconds=1)
    assert "no longer valid" in board.refused(board.dana, "campaign mail", code=code(board, board.dana)).what


def test_an_address_is_one_person_s(board):
    confirmed(board, board.dana)
    eve = board.add("Eve", Role.POLICY, user="U0EVE")
    board.card(eve, "campaign mail", address=ADDRESS.upper())
    assert "Someone else here" in board.refused(eve, "campaign mail", code=code(board, eve)).what


def test_a_deleted_address_gets_nothing(board):
    confirmed(board, board.dana, messages="mail", digest="yes")
    board.card(board.dana, "campaign mail", remove="yes")
    assert way(board, board.dana)[0] == "slack"
    assert way(board, board.dana, "mail") is None
    assert board.db.read("SELECT * FROM mail_address") == []


# --- people without a chat --------------------------------------------------------------------------------------------


def test_a_person_without_a_chat_is_invited_by_mail_and_asked_by_mail(tmp_path):
    desk = Desk(tmp_path)
    rosa = invited(desk)
    assert rosa.roles == {Role.REPRESENTATIVE}
    assert way(desk, rosa) is None
    desk.card(desk.admin, "people invite", name="Rosa Diaz", code=code(desk, rosa))
    assert way(desk, rosa) == way(desk, rosa, "mail") == ("mail", "rosa@ally.test")
    desk.opened()
    (asked,) = desk.sent_to(rosa)
    assert asked.head.startswith("Please sign by ")


def test_an_invitation_says_who_sent_it(board):
    rosa = invited(board)
    (row,) = board.db.read("SELECT card FROM delivery WHERE channel = :to", {"to": f"confirm:{rosa.id}"})
    assert "Ada entered this address for Rosa Diaz." in words(from_json(row["card"]))


def test_only_an_administrator_invites(board):
    assert isinstance(board.ask(board.dana, "people invite", "", name="X", address=ADDRESS, role="press"), Refusal)


def test_an_imported_table_leaves_mail_as_it_is(board):
    rosa = invited(board)
    board.card(board.admin, "people invite", name="Rosa Diaz", code=code(board, rosa))
    table = board.ask(board.admin, "people export", "").file.data.decode("utf-8-sig")
    assert "mail" not in table.replace("mail:", "")
    board.card(board.admin, "people import", csv=table)
    assert way(board, rosa) == ("mail", "rosa@ally.test")


def test_a_person_who_leaves_has_no_address_any_more(board):
    rosa = invited(board)
    board.card(board.admin, "people invite", name="Rosa Diaz", code=code(board, rosa))
    board.card(board.admin, "people leave", person=rosa.id, sure="yes")
    assert board.db.read("SELECT * FROM mail_address") == []
    assert board.db.read("SELECT * FROM account WHERE platform = 'mail'") == []
    assert way(board, rosa) is None


# --- stopping ---------------------------------------------------------------------------------------------------------


def test_a_person_who_unsubscribed_gets_no_mail_and_reads_in_the_chat(board):
    confirmed(board, board.dana, messages="mail", digest="yes")
    with board.db.write() as tx:
        mine = mail.address_of(tx, board.dana.id)
        assert mail.unsubscribe(tx, mine, board.now)
        assert not mail.unsubscribe(tx, mine, board.now)
    assert way(board, board.dana)[0] == "slack"
    assert way(board, board.dana, "mail") is None
    board.card(board.dana, "campaign mail", digest="yes")
    assert way(board, board.dana, "mail") == ("mail", ADDRESS)


# --- personal data ----------------------------------------------------------------------------------------------------


def test_the_address_is_in_its_own_table_alone(board, caplog):
    caplog.set_level("DEBUG")
    confirmed(board, board.dana, messages="mail", digest="yes")
    board.card(board.dana, "campaign mail")
    for person in (board.admin, board.dana):
        shown = words(board.card(person, "people list", find="Dana"))
        assert "dana.reed" not in shown
        assert "mail" in shown
    where = [table for table, rows in board.everything().items() if "dana.reed" in str(rows)]
    assert where == ["mail_address"]
    assert "dana.reed" not in str(board.changes()) + caplog.text


def test_a_stranger_who_writes_as_another_s_mail_account_is_nobody(board):
    confirmed(board, board.dana)
    assert isinstance(board.ask(Account("mail", "", "dana.reed@member.test"), "campaign me", ""), Refusal)


def test_one_mailbox_and_one_person_get_five_codes_a_day(board):
    rep = board.add("Rep", Role.REPRESENTATIVE, organisation="polaris", user="U0REP")
    for tag in range(5):
        board.card(rep, "campaign mail", address=f"Victim+{tag}@third.test")
    assert "too many requests" in board.refused(rep, "campaign mail", address="other@third.test").what
    assert "too many requests" in board.refused(board.dana, "campaign mail", address="victim@third.test").what
    board.card(board.dana, "campaign mail", address=ADDRESS)
    board.now += timedelta(days=1)
    board.card(rep, "campaign mail", address="other@third.test")


def test_times_are_stored_as_everywhere(board):
    confirmed(board, board.dana)
    (row,) = board.db.read("SELECT confirmed_at FROM mail_address")
    assert row["confirmed_at"] == to_text(board.now)
