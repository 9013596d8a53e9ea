"""A form on the console: the text in the line when a question is asked again."""

from __future__ import annotations

from bot.chat.console.dialog import End, FormDialog
from bot.commands.model import Choice, Form, FormField, Kind, Param

CHOICE = Param("via", "how", choices=(Choice("mail", "By mail"), Choice("call", "By telephone")))
NUMBER = Param("times", "how often", kind=Kind.NUMBER)


class Typed:
    """Lines of a person; `prefilled`: what stood in the line at each question."""

    hint = ""

    def __init__(self, *lines: str) -> None:
        self._lines = iter(lines)
        self.prefilled: list[str] = []

    def ask(self, prompt, suggest, text="", *, numbers=False):
        self.prefilled.append(text)
        return next(self._lines, None)


def fill(param: Param, *lines: str) -> tuple[End, list[str]]:
    typed = Typed(*lines)
    form = Form(title="", path="demo send", fields=(FormField(param, "Via"),))
    dialog = FormDialog(form, typed, lambda _line: None, params={}, suggest=lambda _name, _typed: [])
    return dialog.fill(), typed.prefilled


def test_after_a_word_that_is_not_in_the_list_the_line_is_empty():
    assert fill(CHOICE, "pigeon", "1") == (End.READY, ["", ""])
    assert fill(CHOICE, "pigeon", "cancel") == (End.CANCELED, ["", ""])


def test_other_text_that_is_refused_can_be_corrected():
    assert fill(NUMBER, "often", "2") == (End.READY, ["", "often"])


def test_a_command_typed_as_an_answer_is_not_saved():
    text, said = Param("phone", "the number"), []
    form = Form(title="", path="demo send", fields=(FormField(text, "Phone"),))
    typed = Typed("/watch list", "/tmp/file", "")
    dialog = FormDialog(form, typed, said.append, params={}, suggest=lambda _name, _typed: [], groups={"watch"})

    assert dialog.fill() is End.READY
    assert dialog.args() == {"phone": "/tmp/file"}
    assert said == ["You are in a form. Type cancel to leave it, then /watch …"]
