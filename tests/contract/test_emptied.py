"""A field that is shown filled in and is emptied takes away what was there, in every chat alike."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial

import pytest

from bot.commands.arguments import checked
from bot.commands.model import Choice, Command, Form, FormField, Param, Reply
from bot.shared.card import Card, Mark
from tests.kit.alerts import TUESDAY
from tests.kit.faces import FACES, stage

pytestmark = pytest.mark.peer("simcord")

NOTE = Param("note", "a word", required=False, clears=True)
TONE = Param("tone", "how", required=False, choices=(Choice("warm", "Warm"), Choice("cold", "Cold")), clears=True)
BLANK = Param("blank", "nothing is there", required=False, clears=True)
STAYS = Param("stays", "what cannot be taken away", required=False)
PARAMS = {NOTE: "so far", TONE: "warm", BLANK: "", STAYS: "this"}
FIELDS = tuple(FormField(param, param.name, initial) for param, initial in PARAMS.items())


def edit(_desk, args):
    if not args:
        return Reply(form=Form(title="Edit", path="try edit", fields=FIELDS))
    text = " ".join(f"{name}={value or 'nothing'}" for name, value in sorted(args.items()))
    return Reply(card=Card(mark=Mark.ANSWER, head=f"Done {text}"))


EDIT = Command(group="try", verb="edit", help="Edit", example="/try edit", handler=edit, params=tuple(PARAMS))


MORE = tuple(Param(f"word{n}", "a word", required=False, longest=5_000, clears=True) for n in range(7))
TYPED = tuple(FormField(param, param.name, f"typed{n}") for n, param in enumerate(MORE))
LONG = (FormField(MORE[0], "Text", "x" * 4_500), *TYPED[1:])


def check(_desk, args, fields=TYPED):
    if not args:
        return Reply(form=Form(title="Check", path="try edit", fields=fields, unsaved=True))
    return edit(_desk, {name: f"{value[:9]}{len(value)}" for name, value in args.items()})


CHECK = replace(EDIT, handler=check, params=MORE)


async def filled_in(name, folder, values, command=EDIT):
    async with FACES[name](stage(folder, command)) as face:
        return (await face.fill_in("try edit", values)).words


@pytest.mark.parametrize("name", ["slack", "discord"])
@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({}, {"note=so", "tone=warm", "stays=this"}),
        ({"note": "", "tone": "", "stays": ""}, {"note=nothing", "tone=nothing"}),
        ({"note": "new", "blank": "b"}, {"note=new", "blank=b", "tone=warm", "stays=this"}),
    ],
)
def test_what_is_emptied_is_given_empty_and_what_was_empty_is_not_given(tmp_path, name, values, text):
    words = asyncio.run(filled_in(name, tmp_path / name, values))
    assert {word for word in words if "=" in word} == text


@pytest.mark.parametrize("name", ["slack", "discord"])
@pytest.mark.parametrize("fields", [TYPED, LONG], ids=["many", "long"])
def test_what_is_stored_nowhere_is_sent_along_where_a_chat_has_no_room_to_show_it(tmp_path, name, fields):
    command = replace(CHECK, handler=partial(check, fields=fields))
    words = asyncio.run(filled_in(name, tmp_path / name, {"word1": "", "word2": "new"}, command))
    given = {each.param.name: each.initial for each in fields} | {"word1": "", "word2": "new"}
    assert {word for word in words if "=" in word} == {f"{key}={text[:9]}{len(text)}" for key, text in given.items()}


def test_a_front_end_fills_in_no_field_that_it_had_no_room_for():
    form = Form(title="Edit", path="try edit", fields=FIELDS, args={"story": "S-1"})
    assert form.carried(FIELDS[1:]) == {"story": "S-1", "tone": ""}


@pytest.mark.parametrize(("given", "stored"), [({"note": " ", "stays": ""}, {"note": ""}), ({}, {})])
def test_only_what_can_be_taken_away_is_given_empty_to_a_command(given, stored):
    assert checked(EDIT, given, TUESDAY) == stored
