"""A form on the console: what is asked again."""

from __future__ import annotations

from io import StringIO

import pytest
from rich.console import Console

from bot.chat.console.dialog import Canceled, FormDialog, Lines
from bot.commands.model import Choice, Form, FormField, Kind, Param

CHOICE = Param("via", "how", choices=(Choice("mail", "By mail"), Choice("call", "By telephone")))
NUMBER = Param("times", "how often", kind=Kind.NUMBER)


def dialog_of(param: Param, *lines: str, groups=()) -> tuple[FormDialog, list[str]]:
    form, said = Form(title="", path="demo send", fields=(FormField(param, "Via"),)), []
    typed = Lines(lines, Console(file=StringIO()))
    return FormDialog(form, typed, said.append, params={}, suggest=lambda _name, _typed: [], groups=groups), said


@pytest.mark.parametrize(
    ("param", "lines", "args"),
    [(CHOICE, ("pigeon", "1"), {"via": "mail"}), (NUMBER, ("often", "2"), {"times": "2"})],
)
def test_a_question_whose_answer_is_refused_is_asked_again(param, lines, args):
    dialog, said = dialog_of(param, *lines)
    dialog.fill()

    assert dialog.args() == args
    assert any("not in the list" in line or "must be a number" in line for line in said)


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
