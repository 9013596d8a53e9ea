"""Whatever a handler does and whatever a person writes, the store is whole and the answer is plain."""

from __future__ import annotations

import asyncio
import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.commands.model import Command, Param, Refusal, Refused, Reply, Role
from bot.store.database import StoreBusy, StoreUnusable
from tests.kit.board import Board, every_command

STEPS = ("person", "preference", "note", "role")
ENDS = (
    None,
    Refused("no"),
    ValueError("bug"),
    KeyError("bug"),
    StoreBusy("busy"),
    StoreUnusable("full"),
    OSError("disk"),
)
COMMANDS = [command for command in every_command() if command.fetch is None]
_unique = itertools.count()

relaxed = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def doing(plan):
    """A handler that writes step by step, and ends as given."""

    def handler(desk, args):
        for step, end in plan:
            n = next(_unique)
            if step == "person":
                sql = "INSERT INTO person (id, name, created_at) VALUES (:id, 'x', '')"
                desk.tx.execute(sql, {"id": f"p{n}"})
            elif step == "preference":
                sql = "INSERT INTO preference (person_id, name, value) VALUES (:p, :n, 'x')"
                desk.tx.execute(sql, {"p": desk.actor.person, "n": f"n{n}"})
            elif step == "role":
                desk.tx.execute("DELETE FROM person_role WHERE role = 'press'")
            else:
                desk.note("something", "", "changed")
            if end:
                raise end
        return Reply()

    return handler


@pytest.fixture(scope="module")
def board(tmp_path_factory):
    return Board(tmp_path_factory.mktemp("board"))


@pytest.mark.long
@given(st.lists(st.tuples(st.sampled_from(STEPS), st.sampled_from(ENDS)), min_size=1, max_size=6))
@settings(relaxed, max_examples=150)
def test_a_handler_leaves_everything_or_nothing(board, plan):
    board.dispatcher._commands["try act"] = Command(
        group="try", verb="act", help="Try", example="/try act", handler=doing(plan), changes=True
    )
    before, seen = board.everything(), board.db.read("SELECT * FROM inbox")
    answer = board.ask(board.admin, "try act")

    if any(end for _, end in plan):
        assert isinstance(answer, Refusal)
        assert (board.everything(), board.db.read("SELECT * FROM inbox")) == (before, seen)
    else:
        assert answer == Reply()
        assert len(board.everything()["audit"]) - len(before["audit"]) == sum(step == "note" for step, _ in plan)


HOSTILE = st.text(max_size=60) | st.sampled_from(
    ["<!channel>", "<@U1|x>", "'; DROP TABLE person; --", "%", "_", "\x00", "\ud800", "🏳️‍🌈" * 9, "0", "-1", "9" * 9,
     "a" * 5000, "yes",
     "slack:T0HOME/UADA", "console:policy", "all", "../../etc/passwd", "{{ 7*7 }}", "1w", "hr4323-119", "ask:4"]
)  # fmt: skip


@pytest.mark.long
@given(st.data())
@settings(relaxed, max_examples=300)
def test_nothing_that_a_person_writes_is_a_bug(board, data):
    command = data.draw(st.sampled_from(COMMANDS))
    names = [param.name for param in command.params] or ["none"]
    args = data.draw(st.dictionaries(st.sampled_from(names), HOSTILE))
    answer = board.ask(board.admin, command.path, "", **args)
    assert not isinstance(answer, Refusal) or "went wrong" not in answer.what, (command.path, args)
    assert board.person("Ada") is not None
    assert Role.ADMINISTRATOR in board.person("Ada").roles


def test_a_bug_is_answered_with_an_id_and_without_details_and_logged_without_what_was_written(board, caplog):
    def handler(desk, args):
        raise RuntimeError("the inside")

    board.dispatcher._commands["try bug"] = Command(
        group="try", verb="bug", help="Try", example="/try bug", handler=handler
    )
    answer = board.ask(board.admin, "try bug")

    assert "Something went wrong on our side (error " in answer.what
    assert "inside" not in answer.what
    assert answer.what.split("(error ")[1][:8] in caplog.text


@pytest.mark.parametrize("writes", ["execute", "execute_many", "execute_each", "note"])
def test_a_command_that_does_not_say_it_changes_cannot(board, writes):
    def handler(desk, args):
        if writes == "note":
            desk.note("a", "b", "c")
        else:
            getattr(desk.tx, writes)("DELETE FROM person", *([] if writes == "execute" else [[]]))
        return Reply()

    board.dispatcher._commands["try look"] = Command(
        group="try", verb="look", help="Try", example="/try look", handler=handler
    )
    before = board.everything()

    assert "went wrong" in board.ask(board.admin, "try look").what
    assert board.everything() == before


def test_a_completer_cannot_write(board, caplog):
    def complete(desk, typed):
        desk.tx.execute("DELETE FROM person")

    board.dispatcher._commands["try look"] = Command(
        group="try",
        verb="look",
        help="Try",
        example="/try look",
        handler=doing([]),
        params=(Param("x", "x", complete=complete),),
    )
    assert asyncio.run(board.dispatcher.complete(board.call(board.admin, "try look"), "x", "")) == []
    assert board.person("Ada")
    assert "a command that writes must say" in caplog.text
