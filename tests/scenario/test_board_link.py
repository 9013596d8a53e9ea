"""A link from chat logs a person in to the web board once; the session ends with the account, the role, the person."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest

from bot.commands.model import Role
from bot.ops.retention import forget
from bot.people import records, sessions
from bot.people.model import Account
from tests.kit.board import CONFIG, Board, account

SITE = "https://board.example.org"
SLACK = Account("slack", "T1", "U1")


@pytest.fixture
def board(tmp_path):
    return Board(tmp_path, config=replace(CONFIG, site=SITE))


@pytest.fixture
def site(board):
    return sessions.Sessions(board.db, clock=lambda: board.now, new_id=board.new_id)


def link(board, person):
    card = board.card(person, "campaign board")
    (url,) = [line.url for line in card.lines if line.url]
    assert url.startswith(f"{SITE}/in/")
    return url.rpartition("/")[2]


def new_link(board, of):
    with board.db.write() as tx:
        return sessions.make_link(tx, board.admin.id, of, now=board.now, new_id=board.new_id)


def actor(board, site, cookie):
    session = site.find(cookie)
    return board.dispatcher.actor("web", "", session) if session else None


def test_the_link_opens_a_session_with_the_roles_of_now(board, site):
    bo = board.add("Bo", Role.POLICY)
    cookie = site.redeem(link(board, bo))

    assert actor(board, site, cookie).name == "Bo"
    with board.db.write() as tx:
        records.change(tx, bo, replace(bo, roles=frozenset({Role.PRESS})), by=None, now=board.now)
    assert actor(board, site, cookie).roles == {Role.PRESS}


def test_the_link_works_once_and_for_ten_minutes(board, site):
    used, old = link(board, board.admin), link(board, board.admin)

    assert site.redeem(used)
    assert site.redeem(used) is None
    board.now += timedelta(minutes=11)
    assert site.redeem(old) is None
    assert site.redeem("guessed") is None


def test_a_session_s_cookie_opens_no_further_session(board, site):
    """Else who has the cookie once could make a new one every fourteen days."""
    cookie = site.redeem(link(board, board.admin))
    assert site.owner(cookie) is None
    assert site.redeem(cookie) is None


def test_a_link_and_a_session_are_over_at_the_moment_that_was_stated(board, site):
    waiting, cookie = new_link(board, SLACK), site.redeem(new_link(board, SLACK))
    board.now += sessions.LINK - timedelta(seconds=1)
    assert site.owner(waiting) == board.admin.name
    board.now += timedelta(seconds=1)
    assert site.owner(waiting) is None
    assert site.redeem(waiting) is None
    board.now += sessions.SESSION - sessions.LINK
    assert site.find(cookie) is None
    assert sessions.of_person(board.db, board.admin.id, board.now) == []


def test_a_link_that_nobody_opened_is_no_session(board, site):
    link(board, board.admin)
    (row,) = board.db.read("SELECT id FROM web_session")
    assert board.dispatcher.actor("web", "", row["id"]).person is None
    assert board.card(board.admin, "campaign sessions").head == "No session of yours is open"


def test_one_session_is_ended_and_no_other(board, site):
    ended, goes_on = (site.find(site.redeem(link(board, board.admin))) for _ in range(2))
    site.end(ended)
    assert board.dispatcher.actor("web", "", ended).person is None
    assert board.dispatcher.actor("web", "", goes_on).name == board.admin.name
    assert board.dispatcher.actor("web", "", "guessed").person is None


@pytest.mark.parametrize(
    "other", [Account("discord", "T1", "U1"), Account("slack", "T2", "U1"), Account("slack", "T1", "U2")]
)
def test_an_account_s_end_ends_no_session_of_another_with_the_same_name(board, site, other):
    tokens = [new_link(board, each) for each in (SLACK, other)]
    with board.db.write() as tx:
        sessions.end_of_account(tx, SLACK)
    assert [site.redeem(token) is not None for token in tokens] == [False, True]


def test_the_link_s_own_token_is_no_session_and_nothing_stored_is_a_token(board, site):
    token = link(board, board.admin)
    assert site.find(token) is None
    cookie = site.redeem(token)

    assert site.find(token) is None
    stored = str(board.everything())
    assert token not in stored
    assert cookie not in stored


def test_a_session_ends_after_fourteen_days_and_its_row_a_day_later(board, site):
    cookie = site.redeem(link(board, board.admin))
    board.now += timedelta(days=13, hours=23)
    assert site.find(cookie)
    board.now += timedelta(hours=2)
    assert site.find(cookie) is None
    board.now += timedelta(days=1)
    with board.db.write() as tx:
        assert forget(tx, board.config.coalition, board.now)["web_session"] == 1


def test_who_leaves_is_out_at_once(board, site):
    bo = board.add("Bo", Role.POLICY)
    cookie, waiting = site.redeem(link(board, bo)), link(board, bo)
    with board.db.write() as tx:
        records.remove(tx, bo, now=board.now)

    assert site.find(cookie) is None
    assert site.redeem(waiting) is None
    assert board.db.read("SELECT * FROM web_session") == []


def test_an_account_that_is_unlinked_takes_its_sessions_with_it_and_no_others(board, site):
    bo = board.add("Bo", Role.POLICY)
    second = account("U0SECOND")
    both = replace(bo, accounts=tuple(sorted((*bo.accounts, second))))
    with board.db.write() as tx:
        records.change(tx, bo, both, by=None, now=board.now)
    first_cookie, second_cookie = site.redeem(link(board, bo)), site.redeem(link(board, second))
    with board.db.write() as tx:
        records.change(tx, both, replace(both, accounts=(second,)), by=None, now=board.now)

    assert site.find(first_cookie) is None
    assert actor(board, site, second_cookie).name == "Bo"


def test_a_session_never_becomes_the_next_holder_s_of_its_account(board, site):
    bo = board.add("Bo", Role.POLICY)
    session = site.find(site.redeem(link(board, bo)))
    with board.db.write() as tx:
        tx.execute("UPDATE account SET person_id = :id WHERE user_id = 'UBO'", {"id": board.admin.id})

    assert board.dispatcher.actor("web", "", session).person is None


def test_people_see_and_end_their_own_sessions(board, site):
    bo = board.add("Bo", Role.POLICY)
    theirs, mine, other = (site.redeem(link(board, who)) for who in (board.admin, bo, bo))
    card = board.card(bo, "campaign sessions")
    assert card.head == "2 sessions of yours are open"
    assert [button.label for button in card.buttons] == ["End 1", "End 2", "End all"]

    not_mine = site.find(theirs)
    assert "No such session of yours" in board.refused(bo, "campaign log-out", session=not_mine).what
    board.card(bo, "campaign log-out", session=site.find(mine))
    assert (site.find(mine), bool(site.find(other)), bool(site.find(theirs))) == (None, True, True)
    board.card(bo, "campaign log-out")
    assert site.find(other) is None
    assert board.card(bo, "campaign sessions").head == "No session of yours is open"


def test_on_the_board_itself_no_link_is_made_and_without_a_board_it_says_so(board, site, tmp_path):
    session = site.find(site.redeem(link(board, board.admin)))
    assert "logged in" in board.card(Account("web", "", session), "campaign board").head

    (tmp_path / "without").mkdir()
    without = Board(tmp_path / "without")
    assert "WEB_URL" in without.refused(without.admin, "campaign board").what


def test_a_link_names_its_person_until_it_is_used_or_too_old(board, site):
    token = link(board, board.admin)
    assert site.owner(token) == board.admin.name
    assert site.owner("guessed") is None
    site.redeem(token)
    assert site.owner(token) is None


def test_an_assistant_s_token_opens_no_board_and_is_over_after_ninety_days(board, site):
    card = board.card(board.admin, "campaign board", for_="assistant")
    token = card.lines[0].text
    assert [button.label for button in card.buttons] == ["Your sessions"]
    assert board.changes()[-1].after == "token to read"
    session = site.find(token, sessions.ASSISTANT)
    assert board.dispatcher.actor("assistant", "", session).name == board.admin.name
    (line,) = board.card(board.admin, "campaign sessions").lines
    assert line.text == "1. Assistant: opened Tue Nov 24, 2026, last used Tue Nov 24, 2026, ends Mon Feb 22, 2027"

    assert [site.find(token), site.owner(token), site.redeem(token)] == [None, None, None]
    assert site.find(f"assistant:{token}") is None
    assert site.find(site.redeem(link(board, board.admin)), sessions.ASSISTANT) is None
    board.now += timedelta(days=89, hours=23)
    assert site.find(token, sessions.ASSISTANT)
    board.now += timedelta(hours=1)
    assert site.find(token, sessions.ASSISTANT) is None


def test_a_session_is_stored_as_in_the_last_version_so_that_nobody_is_logged_out(board, site):
    cookie = site.redeem(link(board, board.admin))
    (row,) = board.db.read("SELECT hash FROM web_session")
    assert row["hash"] == sha256(cookie.encode()).hexdigest()


def test_an_assistant_needs_no_board(tmp_path):
    board = Board(tmp_path, config=replace(CONFIG, site=""))
    assert board.card(board.admin, "campaign board", for_="assistant").head == "A token for your assistant"


def test_the_list_says_when_each_session_was_used_here_and_which_one_this_is(board, site):
    used_again = site.redeem(link(board, board.admin))
    first, second = site.find(used_again), site.find(site.redeem(link(board, board.admin)))
    board.now = datetime(2026, 11, 28, 3, 0, tzinfo=UTC)  # still Friday in Washington
    third = site.find(site.redeem(link(board, board.admin)))
    board.now += timedelta(minutes=1)
    site.find(used_again)

    def lines(asker):
        return [line.text for line in board.card(asker, "campaign sessions").lines]

    on_the_web = lines(Account("web", "", second))
    assert on_the_web[:2] == [
        "1. Web board: opened Tue Nov 24, 2026, last used Fri Nov 27, 2026, ends Tue Dec 8, 2026",
        "2. Web board: opened Fri Nov 27, 2026, last used Fri Nov 27, 2026, ends Fri Dec 11, 2026",
    ]
    assert [line.endswith(" (this one)") for line in on_the_web].count(True) == 1
    assert not any(line.endswith(" (this one)") for line in lines(board.admin))
    offered = board.dispatcher.offer(board.call(board.admin, "campaign log-out"), "session", "")
    assert {choice.value for choice in offered} == {"all", first, second, third}


def test_the_list_has_buttons_for_three_sessions_and_for_all_and_the_audit_says_what_was_done(board, site):
    asked = board.card(board.admin, "campaign board")
    assert [button.label for button in asked.buttons] == ["Your sessions"]
    for _ in range(4):
        site.redeem(new_link(board, SLACK))
    labels = [button.label for button in board.card(board.admin, "campaign sessions").buttons]
    assert labels == ["End 1", "End 2", "End 3", "End all"]
    board.card(board.admin, "campaign log-out")
    rows = board.db.read("SELECT after_text FROM audit WHERE subject = 'the web board' ORDER BY seq")
    assert [row["after_text"] for row in rows] == ["link to log in", "4 sessions ended"]
