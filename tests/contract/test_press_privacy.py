"""What is kept of the press is the press role's alone, whatever command another asks."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.chat import typed
from bot.commands.model import EVERYONE, Role
from tests.kit.board import every_command
from tests.kit.press import Press

COMMANDS = every_command()
HERS = {
    "outlet": "Quillfeather Wire", "name": "Zebulon Quillfeather", "email": "zq@wire-of-examples.example",
    "phone": "+1 202 555 0177",
}  # fmt: skip
SIGNS = ("Zebulon", "Quillfeather", "wire-of-examples", "555 0177", "told me off the record", "What of the sting")
OTHERS = sorted(EVERYONE - {Role.PRESS})


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A press list with everything in it, and an inquiry that was passed to one person."""
    made = Press(tmp_path_factory.mktemp("press"))
    made.added(**HERS)
    made.card(made.pia, "press note", contact="P-1", text="told me off the record", follow="Fri")
    made.card(made.pia, "press pitch", contact="P-1", angle="For Zebulon alone")
    made.card(made.pia, "press embargo", about="Figures of Quillfeather", lifts="2026-12-01 10:00", zone="ET")
    asked = {"reporter": HERS["name"], "outlet": HERS["outlet"], "kind": "question", "due": "today 17:00"}
    made.card(made.pia, "press inquiry", **asked, question="What of the sting?")
    return made


@pytest.fixture(scope="module")
def people(desk):
    return {role: desk.add(f"Some {role}", role, organisation="cast", user=f"UX{role.upper()}") for role in OTHERS}


def args_of(command):
    parsed = typed.read(command.example, [replace(each, hidden=False) for each in COMMANDS])
    assert isinstance(parsed, typed.Typed), parsed
    return parsed.args


@pytest.mark.long
@pytest.mark.parametrize("role", OTHERS)
@pytest.mark.parametrize("command", [command for command in COMMANDS if not command.fetch], ids=lambda c: c.path)
def test_no_answer_to_another_role_has_anything_of_it(desk, people, command, role):
    for args in (args_of(command), {}, {param.name: "Q-1" for param in command.params}):
        shown = repr(desk.ask(people[role], command.path, "", **args))
        assert [sign for sign in SIGNS if sign in shown] == [], args


@pytest.mark.long
@pytest.mark.parametrize("role", OTHERS)
def test_no_completion_offers_anything_of_it(desk, people, role):
    for command in COMMANDS:
        for param in command.params:
            call = desk.call(people[role], command.path)
            offered = repr(asyncio.run(desk.dispatcher.complete(call, param.name, "q")))
            assert [sign for sign in SIGNS if sign in offered] == [], f"{command.path} {param.name}"


def test_every_command_of_it_that_is_typed_is_the_press_roles_alone():
    press = [command for command in COMMANDS if command.group == "press" and not command.hidden]
    assert {command.path for command in press if command.who != {Role.PRESS}} == set()


def test_what_an_administrator_sees_in_the_audit_names_nobody(desk):
    shown = "".join(f"{change.subject} {change.before} {change.after}" for change in desk.changes())

    assert "P-1" in shown
    assert [sign for sign in SIGNS if sign in shown] == []


def test_the_person_an_inquiry_was_passed_to_sees_it_and_nothing_else_of_the_list(desk):
    assert HERS["name"] in repr(desk.ask(desk.maria, "press open", inquiry="Q-1"))
    for path in ("press find", "press inquiries", "press export", "press verify"):
        assert "no such command" in desk.refused(desk.maria, path).what
