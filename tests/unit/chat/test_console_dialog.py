"""A form on the console: what is asked again."""

from __future__ import annotations

from datetime import UTC, datetime
from io import StringIO

import pytest
from rich.console import Console

from bot.chat.console.dialog import Canceled, FormDialog, Lines
from bot.commands.arguments import read_later
from bot.commands.model import Choice, Form, FormField, Kind, Param

CHOICE = Param("via", "how", choices=(Choice("mail", "By mail"), Choice("call", "By telephone")))
NUMBER = Param("times", "how often", kind=Kind.NUMBER)
DAY = Param("until", "when it ends", check=read_later)
NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)


def dialog_of(param: Param, *lines: str, groups=()) -> tuple[FormDialog, list[str]]:
    form, said = Form(title="", path="demo send", fields=(FormField(param, "Via"),)), []
    typed = Lines(lines, Console(file=StringIO()))
    suggest = lambda _name, _typed: []  # noqa: E731
    dialog = FormDialog(form, typed, said.append, params={}, suggest=suggest, now=lambda: NOW, groups=groups)
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


def test_a_command_typed_as_an_answer_is_not_saved():
    dialog, said = dialog_of(Param("phone", "the number"), "/watch list", "/tmp/file", groups={"watch"})

    dialog.fill()

    assert dialog.args() == {"phone": "/tmp/file"}
    assert said == ["You are in a form. Type cancel to leave it, then /watch …"]
