"""What a person types on the console: lines, and a form, one question at a time."""

from __future__ import annotations

import re
import signal
import textwrap
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import KW_ONLY, dataclass
from datetime import datetime
from typing import Final

from rich.console import Console

from bot.chat import wording
from bot.commands import arguments
from bot.commands.model import Choice, Form, FormField, Kind, Param, Refused, Role
from bot.shared.errors import CoalitionBotError
from bot.shared.wording import quoted

_CLEAR: Final = "-"  # clears a field
_BLANK: Final = "\\"  # a blank line inside an answer of several lines
_CANCEL: Final = frozenset({"cancel", "quit"})
_AS: Final = re.compile(rf"as\s+(?:{'|'.join(Role)})(?::\S+)?", re.IGNORECASE)
_SHOWN: Final = 80  # characters of a default
_HINTS: Final = {Kind.YES_NO: "yes or no", Kind.FILE: "a path", Kind.LONG: "an empty line ends it, \\ is a blank line"}
HELP: Final = "Type cancel to stop without saving."


class Lines:
    """Lines from a pipe or file, each echoed after its prompt, so the output reads as a conversation; or with None the
    keyboard's.
    """

    def __init__(self, lines: Iterable[str] | None, out: Console) -> None:
        self._lines = None if lines is None else iter(lines)
        self._out = out
        if lines is None:
            with suppress(ImportError):  # absent from some builds; with it `input` has editing and a history
                import readline  # noqa: F401, PLC0415

    def ask(self, prompt: str) -> str | None:
        """The next line; None at the end of the input, or after Ctrl-C or Ctrl-D."""
        shown = f"{wording.clean(prompt)} "
        if self._lines is not None:
            self._out.print(shown, end="", markup=False, soft_wrap=True)
            line = next(self._lines, None)
            self._out.print(wording.clean(line or ""), markup=False, soft_wrap=True)
            return line
        # asyncio's own handler would only cancel the task that waits for this line.
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        *above, last = textwrap.wrap(shown, self._out.width) or [""]  # the terminal would break it within a word
        try:
            for line in above:
                self._out.print(line, markup=False)
            return input(f"{last} ")
        except (EOFError, KeyboardInterrupt):
            self._out.print()
            return None
        finally:
            signal.signal(signal.SIGINT, before)


class Canceled(CoalitionBotError):
    """The form was canceled, or the input ended."""


@dataclass(eq=False, repr=False)
class FormDialog:
    """Asks for the fields of `form`. `params`: all of its command's parameters, to correct one that is not in the form;
    `suggest`: values for a parameter by its name.
    """

    form: Form
    lines: Lines
    say: Callable[[str], None]
    _: KW_ONLY
    params: Mapping[str, Param]
    suggest: Callable[[str, str], list[Choice]]
    now: Callable[[], datetime]  # in the coalition's zone

    def __post_init__(self) -> None:
        self._fields = list(self.form.fields)
        self._entered: dict[str, str] = {}

    def fill(self, names: Collection[str] = ()) -> None:
        """Ask for every field, or for these: the others keep what the form was opened with. Raises `Canceled`."""
        for field in self._fields:
            if not names or field.param.name in names:
                self._entered[field.param.name] = self._ask(field)
            elif field.initial:
                self._entered[field.param.name] = field.initial

    def can_correct(self, name: str) -> bool:
        return name in self.params or any(field.param.name == name for field in self._fields)

    def correct(self, name: str) -> None:
        """Ask again for the one field that was refused, and keep the others. Raises `Canceled`."""
        field = next((field for field in self._fields if field.param.name == name), None)
        if field is None:  # typed before the form was opened, or left out
            field = FormField(self.params[name], self.params[name].label)
            self._fields.append(field)
        if "\n" not in self._entered.get(name, ""):  # Enter keeps several lines, which nobody types again
            self._entered.pop(name, None)
        self._entered[name] = self._ask(field)

    def args(self) -> dict[str, str]:
        """The arguments for the form's command."""
        args = self.form.carried(self.form.fields)
        for name, value in self._entered.items():
            if value:
                args[name] = value
            elif name in self.form.args:
                args.pop(name)
        return args

    def _ask(self, field: FormField) -> str:
        """Ask one question: the checked answer, "" for none."""
        question = Question(field, self._entered.get(field.param.name, field.initial))
        prompt = question.prompt()
        if question.offered:
            self.say(prompt)
            self._list(question.offered, values=False)
            prompt = f"{field.label}:"
        while True:
            typed = self._line(prompt, field.param)
            if field.param.complete and typed.startswith("?"):
                question.offered = self.suggest(field.param.name, typed[1:].strip())
                self._list(question.offered, values=True)
            else:
                try:
                    return self._answer(question, typed)
                except Refused as refused:
                    self.say(refused.what)

    def _answer(self, question: Question, typed: str) -> str:
        """The typed text as the command's value. Raises `Refused`."""
        param, before = question.field.param, question.before
        if not typed:
            if param.required and not before:
                raise Refused(f"{question.field.label} is required. Type cancel to stop.")
            return before
        if typed == _CLEAR and question.clears:
            return ""
        if param.kind is Kind.FILE:
            return typed
        if param.kind is Kind.LONG:
            lines = [typed]
            while line := self._line("|", param):
                lines.append("" if line == _BLANK else line)
            return arguments.value(param, "\n".join(lines), self.now())
        try:
            return arguments.value(param, question.picked(typed), self.now())
        except Refused:
            if not param.choices:
                raise
            raise Refused(
                f"“{wording.cut(typed, 40)}” is not in the list. Type a number from it, or cancel to stop."
            ) from None

    def _line(self, prompt: str, param: Param) -> str:
        while (line := self.lines.ask(prompt)) is not None and line.strip().casefold() not in _CANCEL:
            if param.kind is Kind.FILE or not (line.startswith("/") or _AS.fullmatch(line.strip())):
                return line.strip()
            self.say(f"You are in a form. Type cancel to leave it, then {line.split()[0]} …")
        raise Canceled

    def _list(self, offered: Sequence[Choice], *, values: bool) -> None:
        """Print the choices: a form's by number, as a value can be a digit; suggestions as text to type."""
        for number, choice in enumerate(offered, 1):
            hidden = values and choice.value.casefold() not in choice.label.casefold()
            self.say(f"{number}. {choice.label}" + (f" ({choice.value})" if hidden else ""))
        if values and not offered:
            self.say("No matches. Try another word.")


@dataclass
class Question:
    """A field to ask for: Enter keeps `before`, a number picks from `offered`."""

    field: FormField
    before: str
    offered: Sequence[Choice] = ()

    def __post_init__(self) -> None:
        self.offered = () if self.field.param.kind is Kind.YES_NO else self.field.param.choices

    @property
    def clears(self) -> bool:
        return self.field.param.clears and bool(self.field.initial)

    def picked(self, typed: str) -> str:
        """The value of the choice with the typed number, unless the number is itself a value."""
        words_ = {word.casefold() for choice in self.offered for word in (choice.value, choice.label)}
        if typed.casefold() not in words_ and typed.isdecimal() and 0 < int(typed) <= len(self.offered):
            return self.offered[int(typed) - 1].value
        return typed

    def prompt(self) -> str:
        param, before = self.field.param, self.before
        shape = "a number from the list" if param.choices else _HINTS.get(param.kind, "")
        hints = [param.help.removesuffix("."), shape]
        hints.append("? and a word for suggestions" if param.complete else "")
        if before:
            named = f", {self.field.shown}" if self.field.shown and before == self.field.initial else ""
            clear = f", {_CLEAR} clears it" if self.clears else ""
            label = next((choice.label for choice in param.choices if choice.value == before), before)
            hints.append(f"Enter keeps {quoted(wording.cut(label, _SHOWN))}{named}{clear}")
        elif not param.required:
            hints.append("Enter skips it")
        return f"{self.field.label} ({'; '.join(filter(None, hints))}):"
