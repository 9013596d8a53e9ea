"""A form on the console: what is asked again."""

from __future__ import annotations

from datetime import UTC, datetime
from io import StringIO

import pytest
from rich.console import Console

from bot.chat.console.frontend import Canceled, FormDialog, Lines
from bot.commands.arguments import read_later
from bot.commands.model import Choice, Form, FormField, Kind, Param

CHOICE = Param("via", "how", choices=(Choice("mail", "By mail"), Choice("call", "By telephone")))
NUMBER = Param("times", "how often", kind=Kind.NUMBER)
DAY = Param("until", "when it ends", check=read_later)
NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)


def dialog_of(param: Param, *lines: str) -> tuple[FormDialog, list[str]]:
    form, said = Form(title="", path="demo send", fields=(FormField(param, "Via"),)), []
    typed = Lines(lines, Console(file=StringIO()))
    suggest = lambda _name, _typed: []  # noqa: E731
    dialog = FormDialog(form, typed, said.append, params={}, suggest=suggest, now=lambda: NOW)
    return dialog, said


@pytest.mark.parametrize(
    ("param", "lines", "args"),
    [
        (CHOICE, ("pigeon", "1"), {"via": "mail"}),
        (NUMBER, ("often", "2"), {"times": "2"}),
        (DAY, ("31-02-2027", "Dec 18"), {"until": "Dec 18"}),
    ],
)
def test_a_question_whose_answer_is_refused_is_asked_again(param, lines, args):
    dialog, said = dialog_of(param, *lines)
    dialog.fill()

    assert dialog.args() == args
    assert any(part in line for line in said for part in ("not in the list", "must be a number", "is not a date"))


@pytest.mark.parametrize("lines", [("pigeon", "cancel"), ("pigeon",)])
def test_a_form_ends_with_its_lines_or_where_it_is_canceled(lines):
    dialog, _ = dialog_of(CHOICE, *lines)

    with pytest.raises(Canceled):
        dialog.fill()


@pytest.mark.parametrize("kind", [Kind.TEXT, Kind.LONG])
def test_a_line_that_begins_with_a_slash_is_never_an_answer(kind):
    dialog, said = dialog_of(Param("phone", "the number", kind=kind), "/wacth list", "555", "/letter list", "")

    dialog.fill()

    assert dialog.args() == {"phone": "555"}
    leave = "You are in a form. Type cancel to leave it, then {} …"
    assert said == [leave.format("/wacth"), *([leave.format("/letter")] if kind is Kind.LONG else [])]


def test_another_role_is_never_an_answer():
    dialog, said = dialog_of(Param("title", "their title"), "as representative:clinic", "as Policy", "as one, us")

    dialog.fill()

    assert dialog.args() == {"title": "as one, us"}
    assert said == ["You are in a form. Type cancel to leave it, then as …"] * 2


def test_the_path_of_a_file_begins_with_a_slash():
    dialog, said = dialog_of(Param("file", "the table", kind=Kind.FILE), "/tmp/table.csv")
    dialog.fill()
    assert (dialog.args(), said) == ({"file": "/tmp/table.csv"}, [])


def test_a_question_comes_before_its_choices():
    dialog, said = dialog_of(CHOICE, "1")
    dialog.fill()
    assert said == ["Via (how; a number from the list):", "1. By mail", "2. By telephone"]
