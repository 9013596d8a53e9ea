"""What every command of the table owes to the people who ask, and to the faces that show it."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from dataclasses import replace

import pytest

from bot.campaign.commands import USUAL
from bot.chat import typed
from bot.chat.discord import incoming as discord
from bot.commands.arguments import checked
from bot.commands.model import Choice, Kind, Refusal, Reply, Role, by_path
from tests.kit.alerts import TUESDAY, document
from tests.kit.board import Board, every_command

COMMANDS = every_command()
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")  # what Discord takes, which is the strictest

each = pytest.mark.parametrize("command", COMMANDS, ids=lambda c: c.path)


@pytest.fixture(scope="module")
def board(tmp_path_factory):
    made = Board(tmp_path_factory.mktemp("board"))
    made.bring(document("2026-00001", "Notice about forced labor"))
    return made


@pytest.fixture(scope="module")
def everybody(board):
    """An actor with every role."""
    return board.add("Eve", *Role, organisation="cast")


def parsed(command):
    """The example as it is typed; what is only reached by a button is read all the same."""
    return typed.read(command.example, [replace(each, hidden=False) for each in COMMANDS])


def test_no_two_commands_have_one_name():
    paths = Counter(path for command in COMMANDS for path in (command.path, *command.formerly))
    assert [path for path, count in paths.items() if count > 1] == []


@pytest.mark.sqlite  # no store is read
@pytest.mark.parametrize("role", Role)
def test_help_begins_with_about_twelve_commands_that_the_role_may_use(role):
    usual = USUAL[role].split("/")
    theirs = {command.path for command in COMMANDS if role in command.who and not command.hidden}
    assert set(usual) <= theirs
    assert 7 <= len(usual) == len(set(usual)) <= 12


OLD = [(old, command) for command in COMMANDS for old in command.formerly if not command.hidden]


@pytest.mark.sqlite  # no store is read
@pytest.mark.parametrize(("old", "command"), OLD, ids=[old for old, _ in OLD])
def test_the_old_name_of_a_command_is_read_as_the_command(old, command):
    line = command.example.replace(f"/{command.path}", f"/{old}")
    result = typed.read(line, COMMANDS)
    assert isinstance(result, typed.Typed), result
    assert by_path(COMMANDS)[result.path] is command
    assert result.args == parsed(command).args


@pytest.mark.sqlite  # no store is read
@each
def test_names_and_help_fit_every_platform(command):
    assert NAME.fullmatch(command.group)
    assert NAME.fullmatch(command.verb) or [each for each in COMMANDS if each.group == command.group] == [command]
    assert 0 < len(command.help) <= 100
    assert not command.help.endswith((".", "!"))
    assert len(command.params) <= 25
    for param in command.params:
        assert NAME.fullmatch(param.name)
        assert 0 < len(param.help) <= 100
        assert len(param.choices) <= 25
        assert all(len(choice.label) <= 75 and len(choice.value) <= 100 for choice in param.choices)
        assert not (param.choices and param.kind in (Kind.NUMBER, Kind.YES_NO))
    assert len({param.name for param in command.params}) == len(command.params)
    assert command.who


@pytest.mark.sqlite  # no store is read
@each
def test_the_example_is_what_one_can_type_and_what_the_command_takes(command):
    result = parsed(command)

    assert isinstance(result, typed.Typed), result
    assert result.path == command.path
    files = {param.name: "mine.docx" for param in command.params if param.kind is Kind.FILE}  # what no line can hold
    checked(command, result.args | files, TUESDAY, files)


@each
def test_the_example_is_answered_or_refused_in_plain_words(board, everybody, command):
    if command.fetch:
        return
    before = board.everything()
    answer = board.ask(everybody, command.path, "", **parsed(command).args)

    assert plain(answer)
    after = board.everything()
    touched = {table for table in after if after[table] != before.get(table)}
    assert not touched or command.changes
    if isinstance(answer, Refusal):
        assert not touched


@each
def test_asked_without_words_it_answers_asks_or_names_what_is_missing(board, everybody, command):
    if command.fetch and not any(param.required for param in command.params):
        return
    answer = board.ask(everybody, command.path)

    assert plain(answer)
    if any(param.required for param in command.params):
        assert isinstance(answer, Reply)
        assert answer.form
        assert answer.form.path == command.path
        needed = [param.name for param in command.params if param.required]
        assert [field.param.name for field in answer.form.fields][: len(needed)] == needed


@pytest.mark.long
@each
def test_every_completer_answers_whatever_was_typed(board, everybody, command):
    for param in command.params:
        for text in ("", "a", "zzzz", "'; DROP TABLE person; --", "<!channel>", "\x00"):
            offered = complete(board, everybody, command, param, text)
            assert len(offered) <= 25
            assert all(isinstance(choice, Choice) and choice.value and choice.label for choice in offered)


@each
def test_every_button_of_an_answer_leads_to_a_command_that_takes_what_it_brings(board, everybody, command):
    if command.fetch:
        return
    answer = board.ask(everybody, command.path, "", **parsed(command).args)
    table = {expected.path: expected for expected in COMMANDS}
    for button in answer.card.buttons if isinstance(answer, Reply) and answer.card else ():
        names = {param.name for param in table[button.path].params}
        assert {name for name, _ in button.args} <= names
        assert len(button.label) <= 75
        assert len(discord.encode(button.path, dict(button.args))) <= discord.LONGEST - len(f"@{discord.tag('1')}")


def plain(answer):
    """An answer with something in it, and no bug behind it."""
    if isinstance(answer, Refusal):
        return answer.what and "Something went wrong" not in answer.what
    return bool(answer.card or answer.form or answer.file)


def complete(board, person, command, param, text):
    return asyncio.run(board.dispatcher.complete(board.call(person, command.path), param.name, text))


def test_the_running_program_has_every_room_s_commands():
    from bot.app.command_table import COMMANDS as OFFERED

    assert {command.path for command in OFFERED} == {command.path for command in COMMANDS}
