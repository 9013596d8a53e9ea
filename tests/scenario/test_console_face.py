"""The console's face: commands, forms, buttons and files, as a person types them."""

import io
import os
import pty
import select
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.app.command_table import COMMANDS
from bot.chat.console.frontend import ConsoleFrontend
from bot.commands.model import Choice, Command, File, Form, FormField, Kind, Param, Refused, Reply
from bot.people.dispatch import Dispatcher
from bot.people.records import console_actor
from bot.shared.card import Button, Card, Mark
from bot.store import address, sqlite
from tests.kit import configs
from tests.kit.board import ROOT

# Makes the terminal the one whose Ctrl-C comes as a signal.
AT_A_TERMINAL = """
import fcntl, runpy, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
runpy.run_module("bot", run_name="__main__", alter_sys=True)
"""


class Terminal:
    """The program at a terminal, in a folder with a new database."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        outer, inner = pty.openpty()
        self._outer, self._seen = outer, ""
        env = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "TERM": "xterm",
            "COLUMNS": "80",
            "DATABASE_URL": f"sqlite:///{folder}/c.db",
        }
        subprocess.run([sys.executable, "-m", "bot", "init"], cwd=folder, env=env, check=True)
        self._process = subprocess.Popen(
            [sys.executable, "-c", AT_A_TERMINAL, *arguments],
            cwd=folder, stdin=inner, stdout=inner, stderr=inner, env=env, start_new_session=True,
        )  # fmt: skip
        os.close(inner)

    def type(self, keys: str) -> None:
        os.write(self._outer, keys.encode())

    def expect(self, wanted: str) -> None:
        """Read on until it is there."""
        while wanted not in self._seen:
            ready, _, _ = select.select([self._outer], [], [], 60)
            assert ready, f"{wanted!r} did not come after {self._seen!r}"
            self._seen += os.read(self._outer, 4096).decode(errors="replace")
        self._seen = self._seen.partition(wanted)[2]

    def ended(self) -> int:
        return self._process.wait(60)

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._outer)


NOW = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)


def greet(_desk, args):
    if args["name"] == "nobody":
        raise Refused("Nobody cannot be greeted. Try a name.", param="name")
    again = Button("Again", "demo greet", (("name", args["name"]),))
    return Reply(card=Card(mark=Mark.ANSWER, head=f"Hello, {args['name']}", buttons=(again,)))


def page(_desk, _args):
    return Reply(card=Card(mark=Mark.ANSWER, head="A page"), file=File("page.txt", "text/plain", b"text"))


def send(desk, args):
    if "sure" not in args:
        asked = (replace(SURE, required=True, kind=Kind.TEXT, choices=(Choice("yes", "Send it"),)),)
        fields = tuple(FormField(param, param.name.capitalize(), args.get(param.name, "")) for param in SEND)
        return Reply(form=Form(title="Check", path="demo send", fields=(FormField(asked[0], "Sure"), *fields)))
    if args["text"].endswith("late"):
        raise Refused("The office is closed.")
    if args["to"] == "moon":
        raise Refused("There is no office on the moon.", param="to")
    return Reply(card=Card(mark=Mark.ANSWER, head=f"Sent {args['text']!r} to {args['to']} by {args['via']}"))


def offices(_desk, typed):
    every = (Choice("office:labor", "Secretary of Labor"), Choice("office:state", "Secretary of State"))
    return [choice for choice in every if typed.casefold() in choice.label.casefold()]


def edit(_desk, args):
    if not args:
        fields = (FormField(NOTE, "Note", "so far"), FormField(replace(NOTE, name="other"), "Other"))
        return Reply(form=Form(title="Edit", path="demo edit", fields=fields))
    output_of = ", ".join(f"{name} is {text or 'nothing'}" for name, text in args.items())
    return Reply(card=Card(mark=Mark.ANSWER, head=f"Now {output_of}"))


SURE = Param("sure", "yes", kind=Kind.YES_NO, required=False, by_button=True)
SEND = (
    Param("to", "an office", complete=offices),
    Param("text", "what to send", kind=Kind.LONG),
    Param("via", "how", choices=(Choice("mail", "By mail"), Choice("email", "By email"))),
)
DRAFT = (
    '/letter draft template:agency-request to:ovc ask:1 occasion:"The new notice is out."',
    *("Each office decides alone.", ""),
    *("- Write the rule down.", ""),
    *("", ""),  # Enter keeps the wording; no figures
)
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
    Command(
        group="demo", verb="send", help="Send", example="/demo send", handler=send, params=(*SEND, SURE), changes=True
    ),
    Command(group="demo", verb="page", help="A page", example="/demo page", handler=page),
)


@pytest.fixture
def talk(tmp_path):
    db = sqlite.create(tmp_path / "c.db")
    config = configs.shipped()
    ids = count()
    with db.write() as tx:
        address.take(tx, config.coalition.id, config.coalition.name, NOW)
        actor = console_actor(tx, config.coalition, "policy", NOW, new_id=lambda: f"p{next(ids)}")

    def become(role: str):
        with db.write() as tx:
            return console_actor(tx, config.coalition, role, NOW, new_id=lambda: f"p{next(ids)}")

    board = Dispatcher(
        db,
        (*DEMO, *(command for command in COMMANDS if command.group == "letter")),
        lambda: config,
        clock=lambda: NOW,
        new_id=lambda: f"i{next(ids)}",
    )

    async def output_of(*lines: str) -> str:
        out = io.StringIO()
        face = ConsoleFrontend(
            board,
            actor,
            lines,
            out,
            clock=lambda: NOW,
            zone=ZoneInfo("America/New_York"),
            new_id=lambda: f"c{next(ids)}",
            folder=tmp_path,
            become=become,
        )
        await face.run()
        return out.getvalue()

    yield output_of
    db.close()


async def test_a_command_is_answered(talk):
    assert "Hello, Ada" in await talk("/demo greet Ada")


async def test_a_slip_of_the_keyboard_keeps_the_buttons_above_it(talk):
    output_of = await talk("/demo greet Ada", "yes", "1")

    assert "I do not know" in output_of
    assert output_of.count("Hello, Ada") == 2


async def test_a_number_presses_the_button_of_that_number(talk):
    output_of = await talk("/demo greet Ada", "1")

    assert "[1] Again" in output_of
    assert output_of.count("Hello, Ada") == 2


async def test_what_is_missing_is_asked_for_and_what_is_wrong_is_asked_again(talk):
    output_of = await talk("/demo greet", "nobody", "", "Ada", "")

    assert "Nobody cannot be greeted. Try a name." in output_of
    assert "Hello, Ada" in output_of


async def test_enter_at_a_required_question_asks_again(talk):
    output_of = await talk("/demo greet", "", "Ada", "")

    assert "Name is required" in output_of
    assert "Hello, Ada" in output_of


async def test_a_value_of_the_wrong_kind_is_refused_at_its_own_question(talk):
    output_of = await talk("/demo greet", "Ada", "often", "2")

    assert output_of.index("times must be a number, not “often”.") < output_of.index("Hello, Ada")
    assert output_of.count("Name (") == 1


async def test_a_word_outside_the_list_is_answered_with_what_to_type(talk):
    output_of = await talk("/demo send to:labor sure:yes", "one", "", "pigeon", "1")

    assert "“pigeon” is not in the list. Type a number from it, or cancel to stop." in output_of
    assert "Sent 'one' to labor by mail" in output_of


async def test_a_form_that_follows_another_names_what_is_still_needed(talk):
    output_of = await talk("/demo send", "state", "one", "", "mail", "yes", "", "", "")

    assert output_of.index("Still needed: Sure.") < output_of.index("Sent 'one' to state by mail")


async def test_a_member_alone_as_role_is_answered_with_how_to_write_the_role(talk):
    assert "For that member: representative:cast." in await talk("as cast")


async def test_a_refused_answer_is_asked_again_alone_and_the_others_are_kept(talk):
    output_of = await talk("/demo send", "moon", "one", "", "mail", "yes", "", "", "", "labor", "/demo page")

    assert "There is no office on the moon." in output_of
    assert "Sent 'one' to labor by mail" in output_of
    assert "A page" in output_of


async def test_a_value_typed_with_the_command_is_corrected_where_it_was_refused(talk):
    output_of = await talk("/demo send to:moon sure:yes", "one", "", "mail", "labor")

    assert "Sent 'one' to labor by mail" in output_of


async def test_a_form_refused_as_a_whole_opens_again_filled_in(talk):
    output_of = await talk("/demo send to:labor sure:yes", "too late", "", "mail", "1", "in time", "", "")

    assert "The office is closed." in output_of
    assert "Enter keeps “too late”" in output_of
    assert "Sent 'in time' to labor by mail" in output_of


async def test_an_answer_of_several_lines_ends_with_an_empty_one(talk):
    output_of = await talk("/demo send to:labor sure:yes", "one", "two", "\\", "three", "", "mail")

    assert "Sent 'one\\ntwo\\n\\nthree' to labor by mail" in output_of


@pytest.mark.parametrize("lines", [("cancel",), ("Ada", "cancel"), ("quit",)])
async def test_cancel_leaves_a_form_and_the_next_line_is_a_command(talk, lines):
    output_of = await talk("/demo greet", *lines, "/demo page")

    assert "Canceled. Nothing was saved." in output_of
    assert "Hello" not in output_of
    assert "A page" in output_of


async def test_cancel_leaves_a_text_of_several_lines(talk):
    output_of = await talk("/demo send to:labor sure:yes", "one", "cancel", "/demo page")

    assert "Canceled. Nothing was saved." in output_of
    assert "A page" in output_of


async def test_a_choice_is_picked_by_its_number(talk):
    output_of = await talk("/demo send to:labor sure:yes", "one", "", "2")

    assert "2. By email" in output_of
    assert "Sent 'one' to labor by email" in output_of


async def test_choices_are_shown_by_their_labels_and_never_by_their_values(talk):
    output_of = await talk("/demo send to:labor sure:yes", "late", "", "mail", "1", "back", "cancel")

    assert "1. By mail\n2. By email\n" in output_of
    assert "(email)" not in output_of
    assert "Enter keeps “mail”" not in output_of


async def test_one_person_writes_and_approves_a_letter_by_changing_the_role(talk):
    output_of = " ".join(
        (await talk(*DRAFT, "/letter review L-1", "as approver", "as policy", "/letter review L-1",
                    "/letter approve L-1", "as approver", "/letter approve L-1", "1")).split()
    )  # fmt: skip

    assert "On this console, “as approver” makes you one; “as policy” brings you back." in output_of
    assert "You are now console (approver)." in output_of
    assert "/letter approve is for approvers" in output_of
    assert "type “as approver”." in output_of
    assert "L-001 is approved" in output_of


async def test_a_role_that_is_none_changes_nothing(talk):
    output_of = await talk("as king", "/demo greet Ada")

    assert "“king” is not a role" in output_of
    assert "Hello, Ada" in output_of


async def test_suggestions_are_listed_and_picked_by_number(talk):
    output_of = await talk("/demo send sure:yes", "?secretary", "2", "one", "", "mail")

    assert "1. Secretary of Labor (office:labor)" in output_of
    assert "Sent 'one' to office:state by mail" in output_of


async def test_a_search_without_a_match_says_so(talk):
    assert "No matches. Try another word." in await talk("/demo send", "?moon")


@pytest.mark.parametrize(
    ("lines", "given"),
    [(("", ""), "note is so far"), (("-", ""), "note is nothing"), (("-", "-"), "note is nothing, other is -")],
)
async def test_text_in_a_field_is_removed_by_a_dash(talk, lines, given):
    output_of = await talk("/demo edit", *lines)

    assert "- clears it" in output_of
    assert f"Now {given}\n" in output_of


async def test_a_form_left_half_way_changes_nothing(talk):
    assert "Canceled. Nothing was saved." in await talk("/demo greet")


async def test_a_text_of_several_lines_left_half_way_changes_nothing(talk):
    output_of = await talk("/demo send to:labor via:mail sure:yes", "one", "two")

    assert "Canceled. Nothing was saved." in output_of
    assert "Sent" not in output_of


async def test_a_typo_is_met_with_what_was_meant(talk):
    assert "Did you mean /demo greet" in await talk("/demo gret Ada")


async def test_a_group_alone_shows_its_commands_with_examples(talk):
    assert "/demo greet Ada" in await talk("/demo")


async def test_a_file_that_is_made_again_is_replaced_and_the_output_says_so(talk, tmp_path):
    output_of = await talk("/demo page", "/demo page")

    assert [path.name for path in tmp_path.glob("page*")] == ["page.txt"]
    assert "in place of the one before" in output_of


async def test_a_file_that_was_there_before_is_not_overwritten_and_the_output_says_so(talk, tmp_path):
    (tmp_path / "page.txt").write_text("somebody's own")
    output_of = await talk("/demo page", "/demo page")

    assert (tmp_path / "page.txt").read_text() == "somebody's own"
    assert sorted(path.name for path in tmp_path.glob("page*")) == ["page-2.txt", "page.txt"]
    assert "page.txt already exists and was not changed." in output_of


async def test_an_equal_file_is_not_written_again(talk, tmp_path):
    await talk("/demo page")
    output_of = await talk("/demo page")

    assert f"The file is already in {tmp_path}/page.txt, unchanged." in output_of
    assert [path.name for path in tmp_path.glob("page*")] == ["page.txt"]


async def test_a_letter_is_drafted_through_the_whole_path(talk, tmp_path):
    output_of = await talk(*DRAFT, "1")

    assert "Draft L-001 v1" in output_of
    written = [path.read_bytes() for path in tmp_path.iterdir() if path.is_file() and path.suffix != ".db"]
    assert "The new notice is out." in output_of or any(b"The new notice is out." in text for text in written)


async def test_a_form_that_lacks_one_answer_asks_for_that_one_alone(talk):
    said = await talk("/letter draft", "11", "", "1", "", "", "", "", "ovc")

    assert said.index("Still needed: To.") < said.index("Enter keeps “office:ovc”")
    assert said.count("Statutory duty (") == 1


async def test_text_between_colons_is_not_made_a_picture(talk):
    assert "Hello, :office: Ada" in await talk("/demo greet", ":office: Ada", "")


@pytest.mark.long
async def test_ctrl_c_at_a_terminal_leaves_the_form_and_not_the_program(tmp_path):
    for name in ("feeds.yml", "coalition.yml"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    shutil.copytree(ROOT / "templates", tmp_path / "templates")
    terminal = Terminal(tmp_path, "chat", "--as", "policy")
    try:
        terminal.expect("> ")
        terminal.type("/letter draft template:joint-applications\n")
        terminal.expect("Which letter")
        terminal.type("\n")
        terminal.expect("To (")
        terminal.expect("a word for\r\nsuggestions")  # a question is broken between words
        terminal.type("?secretary of\n")
        terminal.expect("1. ")
        terminal.expect("To (")
        terminal.expect("): ")  # the end of the question
        terminal.type("the secretary\x03\n")  # with another key: Python sees a signal late that came before it reads
        terminal.expect("Canceled. Nothing was saved.")
        terminal.type("quit\n")
        assert terminal.ended() == 0
    finally:
        terminal.close()


async def test_quit_ends_it(talk):
    assert "Hello" not in await talk("quit", "/demo greet Ada")
