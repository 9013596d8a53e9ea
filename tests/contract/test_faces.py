"""Every command says the same in Slack, Discord, a browser and on the console: words, links, buttons, files, forms.

Generated from the table: a new room's commands are held to it from their first day.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from bot.chat import typed
from tests.kit.board import every_command
from tests.kit.faces import FACES, IN_DISCORD, stage
from tests.kit.shown import Shown

# Seven hundred answers are collected before the first test: more than two minutes on a busy machine.
# The faces share a kind of store, and what they ask of it test_commands and test_web_face ask on both kinds.
pytestmark = [pytest.mark.peer("simcord"), pytest.mark.long, pytest.mark.sqlite, pytest.mark.timeout(600)]

COMMANDS = every_command()
ASKED = tuple(command for command in COMMANDS if any(param.required for param in command.params))
_WHERE = re.compile(rb"\b(?:slack T\w+ C\w+|discord \d+ \d+|console|web)(?=\x22,)")  # in the audit's table
_NOT_ALL = re.compile(r"…|not|shown|here|more,|and|\d+")


@dataclass(frozen=True)
class Told:
    """What one face shows: the example, the bare form, and the form filled in like the example."""

    example: Shown
    form: Shown | None = None
    filled_in: Shown | None = None


def args_of(command):
    parsed = typed.read(command.example, [replace(each, hidden=False) for each in COMMANDS])
    assert isinstance(parsed, typed.Typed), parsed
    return parsed.args


async def everything(name, folder):
    """One after the other, in the order of the table, so that all three stores go through the same."""
    board = stage(folder)
    answers = {}
    async with FACES[name](board) as face:
        for command in COMMANDS:
            args = args_of(command)
            how = face.press(command.path, args) if command.hidden else face.type(command.example, command, args)
            shown = Told(await seen(board, how))
            if command in ASKED:
                form = await seen(board, face.press(command.path, {}))
                values = {param.name: "x" for param in command.params if param.required} | args
                shown = Told(shown.example, form, await seen(board, face.fill_in(command.path, values)))
            answers[command.path] = shown
    return answers


async def seen(board, step):
    """What fails for one command must not hide the others."""
    board.now += timedelta(minutes=1)
    try:
        return await step
    except Exception as error:  # noqa: BLE001 - it is shown where the command is looked at
        return Shown(words=frozenset({f"{type(error).__name__}: {error}"}))


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    folder = tmp_path_factory.mktemp("faces")
    return {name: asyncio.run(everything(name, folder / name)) for name in FACES}


# At the console, whose user has the store itself, a new account waits for nobody.
SAME = [command for command in COMMANDS if command.path != "people vouch"]


@pytest.mark.parametrize("command", SAME, ids=lambda command: command.path)
def test_an_answer_is_the_same_everywhere(answers, command):
    same({name: answers[name][command.path].example for name in FACES})


@pytest.mark.parametrize("command", ASKED, ids=lambda command: command.path)
def test_a_form_asks_the_same_and_filled_in_it_does_what_the_typed_command_does(answers, command):
    by_platform = {name: answers[name][command.path] for name in FACES}
    slack, discord = by_platform["slack"].form.form, by_platform["discord"].form.form

    assert [field.name for field in discord] == [field.name for field in slack][:IN_DISCORD]
    for ours, theirs in zip(discord, slack, strict=False):
        assert (ours.label, ours.needed, ours.initial) == (theirs.label, theirs.needed, theirs.initial)
        assert {ours.choices, theirs.choices} <= {(), ours.choices or theirs.choices}  # no room is left as a field
    assert set(slack[0].label.split()) <= by_platform["console"].form.words
    if command in SAME:
        same({name: shown.filled_in for name, shown in by_platform.items()})

    for ours, theirs in zip(by_platform["web"].form.form, slack, strict=True):
        assert (ours.name, ours.label, ours.needed, ours.initial) == (
            theirs.name, theirs.label, theirs.needed, theirs.initial,
        )  # fmt: skip
        assert {ours.choices, theirs.choices} <= {(), ours.choices or theirs.choices}


def same(shown):
    same_in_chats(shown)
    web, console = shown["web"], shown["console"]
    if web.form:
        assert {field.name for field in shown["discord"].form} <= {field.name for field in web.form}
        return
    assert at_any_secret(plain(web.words) - {"(this", "one)"}) == at_any_secret(plain(console.words))
    assert at_any_secret(web.links) == at_any_secret(console.links)
    assert (web.buttons, comparable(web.file)) == (console.buttons, comparable(console.file))


def plain(words):
    """On a page a section's title is a heading, without a colon."""
    return {word.removesuffix(":") for word in words} - {""}


def same_in_chats(shown):
    slack, discord, console = shown["slack"], shown["discord"], shown["console"]
    if slack.form or discord.form:  # what was typed is filled in in Slack's form, and left out of Discord's
        left = {field.name for field in discord.form}
        assert [field.name for field in discord.form] == [field.name for field in slack.form if field.name in left]
        assert all(field.initial for field in slack.form if field.needed and field.name not in left)
        return
    for each in (slack, discord):
        if "…" in each.words and not each.words <= console.words:  # a message that no platform shows whole says so
            assert {word for word in each.words - console.words if not _NOT_ALL.fullmatch(word)} == set()
            assert each.links <= console.links
        else:
            assert at_any_secret(each.words) == at_any_secret(console.words)
            assert at_any_secret(each.links) == at_any_secret(console.links)
        assert each.buttons == console.buttons
        assert comparable(each.file) == comparable(console.file)
    assert (slack.calls or ()) == (discord.calls or ())  # an error in a form has no buttons


def at_any_secret(words_or_links):
    """The secret of a calendar's address is the next new id, and faces need different numbers of them."""
    return {re.sub(r"/calendar/\w+", "/calendar/SECRET", each) for each in words_or_links}


def comparable(file):
    return file and (file[0], _WHERE.sub(b"HERE", file[1]))
