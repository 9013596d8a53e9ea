"""The console's face: commands, forms, buttons and files, as a person types them."""

import io
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from zoneinfo import ZoneInfo

import pytest

from bot.alerts import records
from bot.card import Button, Card, Mark
from bot.chat.console.face import ConsoleFace
from bot.command import Command, File, Form, FormField, Kind, Param, Refused, Reply
from bot.config.load import load
from bot.letters.commands import COMMANDS as LETTERS
from bot.people.seed import console_actor
from bot.store import sqlite
from bot.switchboard import Switchboard
from tests.board import ROOT

NOW = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)


def greet(_desk, args):
    if args["name"] == "nobody":
        raise Refused("Nobody cannot be greeted. Try a name.", param="name")
    again = Button("Again", "demo greet", (("name", args["name"]),))
    return Reply(card=Card(mark=Mark.ANSWER, head=f"Hello, {args['name']}", buttons=(again,)))


def page(_desk, _args):
    return Reply(card=Card(mark=Mark.ANSWER, head="A page"), file=File("page.txt", "text/plain", b"text"))


def edit(_desk, args):
    if not args:
        fields = (FormField(NOTE, "Note", "so far"), FormField(replace(NOTE, name="other"), "Other"))
        return Reply(form=Form(title="Edit", path="demo edit", fields=fields))
    said = ", ".join(f"{name} is {text or 'nothing'}" for name, text in args.items())
    return Reply(card=Card(mark=Mark.ANSWER, head=f"Now {said}"))


NOTE = Param("note", "a word", required=False, clears=True)
DEMO = (
    Command(
        group="demo",
        verb="edit",
        help="Edit",
        example="/demo edit",
        handler=edit,
        params=(NOTE, replace(NOTE, name="other")),
    ),
    Command(
        group="demo",
        verb="greet",
        help="Greet somebody",
        example="/demo greet Ada",
        handler=greet,
        params=(Param("name", "whom"), Param("times", "how often", kind=Kind.NUMBER, required=False)),
    ),
    Command(group="demo", verb="page", help="A page", example="/demo page", handler=page),
)


@pytest.fixture
def talk(tmp_path):
    db = sqlite.create(tmp_path / "c.db")
    config = load(ROOT / "feeds.yml", ROOT / "coalition.yml")
    ids = count()
    with db.write() as tx:
        records.ensure_coalition(tx, config.coalition.id, config.coalition.name, NOW)
        actor = console_actor(tx, config.coalition, "policy", NOW, new_id=lambda: f"p{next(ids)}")
    board = Switchboard(
        db,
        (*DEMO, *LETTERS),
        lambda: config,
        clock=lambda: NOW,
        new_id=lambda: f"i{next(ids)}",
        coalition_id=config.coalition.id,
    )

    async def said(*lines: str) -> str:
        out = io.StringIO()
        face = ConsoleFace(
            board,
            actor,
            lines,
            out,
            clock=lambda: NOW,
            zone=ZoneInfo("America/New_York"),
            new_id=lambda: f"c{next(ids)}",
            folder=tmp_path,
        )
        await face.run()
        return out.getvalue()

    yield said
    db.close()


async def test_a_command_is_answered(talk):
    assert "Hello, Ada" in await talk("/demo greet Ada")


async def test_a_number_presses_the_button_of_that_number(talk):
    said = await talk("/demo greet Ada", "1")

    assert "[1] Again" in said
    assert said.count("Hello, Ada") == 2


async def test_what_is_missing_is_asked_for_and_what_is_wrong_is_asked_again(talk):
    said = await talk("/demo greet", "nobody", "", "Ada", "")

    assert "Nobody cannot be greeted. Try a name." in said
    assert "Hello, Ada" in said


@pytest.mark.parametrize(
    ("lines", "given"),
    [(("", ""), "note is so far"), (("-", ""), "note is nothing"), (("-", "-"), "note is nothing, other is -")],
)
async def test_what_stands_in_a_field_is_taken_away_by_a_dash(talk, lines, given):
    said = await talk("/demo edit", *lines)

    assert "- for nothing" in said
    assert f"Now {given}\n" in said


async def test_a_form_left_half_way_changes_nothing(talk):
    assert "Put aside" in await talk("/demo greet")


async def test_a_typo_is_met_with_what_was_meant(talk):
    assert "Did you mean /demo greet" in await talk("/demo gret Ada")


async def test_a_group_alone_shows_its_commands_with_examples(talk):
    assert "/demo greet Ada" in await talk("/demo")


async def test_a_file_that_is_made_again_is_replaced_and_that_is_said(talk, tmp_path):
    said = await talk("/demo page", "/demo page")

    assert [path.name for path in tmp_path.glob("page*")] == ["page.txt"]
    assert "in place of the one before" in " ".join(said.split())


async def test_a_file_that_was_there_before_is_kept_and_that_is_said(talk, tmp_path):
    (tmp_path / "page.txt").write_text("somebody's own")
    said = await talk("/demo page", "/demo page")

    assert (tmp_path / "page.txt").read_text() == "somebody's own"
    assert sorted(path.name for path in tmp_path.glob("page*")) == ["page-2.txt", "page.txt"]
    assert "page.txt was there before and is kept." in " ".join(said.split())


async def test_a_letter_is_drafted_through_the_whole_path(talk, tmp_path):
    said = await talk('/letter draft template:agency-request to:ovc ask:1 occasion:"The new notice is out."', "1")

    assert "Draft L-001 v1" in said
    written = [path.read_bytes() for path in tmp_path.iterdir() if path.is_file() and path.suffix != ".db"]
    assert "The new notice is out." in said or any(b"The new notice is out." in text for text in written)


async def test_quit_ends_it(talk):
    assert "Hello" not in await talk("quit", "/demo greet Ada")
