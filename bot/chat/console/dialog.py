"""A form on the console, one question at a time. Answers are saved until the form is sent or canceled."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import partial
from typing import Final

from bot.chat import wording
from bot.chat.console.lines import Lines, listed
from bot.commands import arguments
from bot.commands.model import Choice, Form, FormField, Kind, Param, Refused

_CLEAR: Final = "-"  # clears a field
_BLANK: Final = "\\"  # a blank line inside an answer of several lines
_BACK: Final = "back"
_CANCEL: Final = frozenset({"cancel", "quit"})
_SHOWN: Final = 80  # characters of a default
_HINTS: Final = {
    Kind.YES_NO: "yes or no",
    Kind.FILE: "a path",
    Kind.LONG: "an empty line ends it, \\ is a blank line",
}
HELP: Final = "Type back for the previous question, or cancel to stop without saving."


class End(Enum):
    """How a round of questions ended: sent, canceled, or back to the form before."""

    READY = "ready to be sent"
    BACK = "back, before the first question"
    CANCELED = "canceled"


class FormDialog:
    """Asks for the fields of `form`. `params`: all of its command's parameters, to correct one that is not in the form;
    `suggest`: values for a parameter by its name; `groups`: of the commands, to notice one that is typed as an answer.
    """

    def __init__(
        self,
        form: Form,
        lines: Lines,
        say: Callable[[str], None],
        *,
        params: Mapping[str, Param],
        suggest: Callable[[str, str], list[Choice]],
        groups: Collection[str] = (),
    ) -> None:
        self.form = form
        self._groups = groups
        self._fields = list(form.fields)
        self._lines = lines
        self._say = say
        self._params = params
        self._suggest = suggest
        self._entered: dict[str, str] = {}
        self._refused = ""  # the refused answer, shown when its field is asked again

    def fill(self, *, last: bool = False) -> End:
        """Ask for every field in turn; with `last`, start at the last one."""
        return self._ask_from(len(self._fields) - 1 if last else 0, len(self._fields))

    def fill_only(self, names: Sequence[str]) -> End:
        """Ask for these fields; the others keep what the form was opened with."""
        self._entered |= {
            field.param.name: field.initial for field in self._fields if field.initial and field.param.name not in names
        }
        for at, field in enumerate(self._fields):
            if field.param.name in names and (end := self._ask_from(at, at + 1)) is not End.READY:
                return end
        return End.READY

    def can_correct(self, name: str) -> bool:
        """Whether `correct` has a field of that name to ask for."""
        return any(field.param.name == name for field in self._fields) or (name in self._params)

    def correct(self, name: str) -> End:
        """Ask again for the one field that was refused, and keep the others."""
        names = [field.param.name for field in self._fields]
        if name not in names:  # typed before the form was opened, or left out
            param = self._params[name]
            self._fields.append(FormField(param, param.label))
            names.append(name)
        at = names.index(name)
        refused = self._entered.get(name) or self.form.args.get(name, "")
        if "\n" not in refused:  # a prompt cannot edit several lines: Enter keeps them
            self._entered.pop(name, None)
            self._refused = refused
        return self._ask_from(at, at + 1)

    def args(self) -> dict[str, str]:
        """The arguments for the form's command."""
        args = self.form.carried(self.form.fields)
        for name, value in self._entered.items():
            if value:
                args[name] = value
            elif name in self.form.args:
                args.pop(name)
        return args

    def _ask_from(self, first: int, end: int) -> End:
        at = first
        while at < end:
            field = self._fields[at]
            answer = self._ask(field)
            if answer is End.CANCELED:
                return End.CANCELED
            if answer is End.BACK:
                if at == 0:
                    return End.BACK
                at -= 1
                continue
            assert isinstance(answer, str)
            self._entered[field.param.name] = answer
            at += 1
        return End.READY

    def _ask(self, field: FormField) -> str | End:
        """Ask one question: the checked answer, "" for none."""
        question = Question(field, self._entered.get(field.param.name, field.initial))
        suggest = partial(self._suggestions, question) if field.param.complete else None
        self._list(question.offered, values=False)
        typed, self._refused = self._refused, ""
        while True:
            line = self._lines.ask(question.prompt(self._lines.hint), suggest, typed, numbers=True)
            typed = "" if line is None else line.strip()
            if line is None or typed.casefold() in _CANCEL:
                return End.CANCELED
            if typed.casefold() == _BACK:
                return End.BACK
            if suggest and typed.startswith("?"):
                self._list(suggest(typed[1:].strip()), values=True)
                typed = ""
                continue
            if typed.startswith("/") and typed[1:].split(" ")[0] in self._groups:
                self._say(f"You are in a form. Type cancel to leave it, then {typed.split(' ')[0]} …")
                continue
            try:
                return self._answer(question, typed)
            except Refused as refused:
                self._say(refused.what)
                typed = "" if field.param.choices else typed  # a number is typed again; other text is corrected

    def _answer(self, question: Question, typed: str) -> str | End:
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
            more = self._more_lines()
            return End.CANCELED if more is None else arguments.value(param, "\n".join([typed, *more]))
        picked = question.picked(typed)
        try:
            return arguments.value(param, picked)
        except Refused:
            if not param.choices:
                raise
            raise Refused(
                f"“{wording.cut(typed, 40)}” is not in the list. Type a number from it, or cancel to stop."
            ) from None

    def _suggestions(self, question: Question, typed: str) -> list[Choice]:
        question.offered = offered = self._suggest(question.field.param.name, typed)
        return offered

    def _list(self, offered: Sequence[Choice], *, values: bool) -> None:
        """Print the choices: a form's by number, as a value can be a digest; suggestions as text to type."""
        lines = listed(offered, numbers=True, values=values)
        for line in lines or (["No matches. Try another word."] if values else []):
            self._say(line)

    def _more_lines(self) -> list[str] | None:
        """The lines after the first, up to an empty one; None if canceled or if the input ends."""
        lines: list[str] = []
        while (line := self._lines.ask("|", None)) is not None and line.strip().casefold() not in _CANCEL:
            if not line.strip():
                return lines
            lines.append("" if line.strip() == _BLANK else line.strip())
        return None


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

    def _label(self, value: str) -> str:
        return next((choice.label for choice in self.field.param.choices if choice.value == value), value)

    def prompt(self, hint: str) -> str:
        param = self.field.param
        hints = [param.help, "a number from the list" if param.choices else _HINTS.get(param.kind, "")]
        hints.append(hint if param.complete else "")
        if self.before:
            named = f", {self.field.shown}" if self.field.shown and self.before == self.field.initial else ""
            clear = f", {_CLEAR} clears it" if self.clears else ""
            hints.append(f"Enter keeps “{wording.cut(self._label(self.before), _SHOWN)}”{named}{clear}")
        elif not param.required:
            hints.append("Enter skips it")
        return f"{self.field.label} ({'; '.join(filter(None, hints))}):"
