"""The console frontend: the chats' commands and buttons on a terminal or in a pipe, and forms, a question at a time."""

from __future__ import annotations

import asyncio
import re
import signal
import textwrap
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import KW_ONLY, dataclass
from datetime import date, datetime, tzinfo
from functools import partial
from pathlib import Path
from typing import Final, TextIO

from rich.console import Console

from bot.chat import typed, wording
from bot.chat.console.sender import show
from bot.chat.platform import check_size, uploaded_file
from bot.commands import arguments
from bot.commands.model import (
    Actor,
    Call,
    Choice,
    Command,
    File,
    Form,
    FormField,
    Kind,
    Param,
    Refusal,
    Refused,
    Reply,
    Role,
)
from bot.people.dispatch import Dispatcher
from bot.shared.card import Card, Mark
from bot.shared.errors import CoalitionBotError
from bot.shared.private_files import write_private
from bot.shared.wording import quoted

_LEAVE = frozenset({"quit", "exit"})
_AS = re.compile(r"as\s+(\S+)", re.IGNORECASE)
_CLEAR: Final = "-"  # clears a field
_BLANK: Final = "\\"  # a blank line inside an answer of several lines
_CANCEL: Final = frozenset({"cancel", "quit"})
_TO_A_ROLE: Final = re.compile(rf"as\s+(?:{'|'.join(Role)})(?::\S+)?", re.IGNORECASE)
_SHOWN: Final = 80  # characters of a default
_HINTS: Final = {Kind.YES_NO: "yes or no", Kind.FILE: "a path", Kind.LONG: "an empty line ends it, \\ is a blank line"}
HELP: Final = "Type cancel to stop without saving."


@dataclass(eq=False, repr=False)
class ConsoleFrontend:
    """One person's session: `lines` is the input, None for the keyboard; `out` gets the answers, `folder` the files.

    `become` returns the actor in another role, or raises `Refused`.
    """

    dispatcher: Dispatcher
    actor: Actor
    lines: Iterable[str] | None
    out: TextIO
    _: KW_ONLY
    clock: Callable[[], datetime]
    zone: tzinfo
    new_id: Callable[[], str]
    folder: Path
    become: Callable[[str], Actor] | None = None

    def __post_init__(self) -> None:
        self._out = Console(file=self.out, highlight=False, emoji=False)
        self._input = Lines(self.lines, self._out)
        self._written: set[Path] = set()  # in this session
        self._actions: list[Callable[[], Awaitable[None]]] = []  # the buttons by the numbers on the screen

    async def run(self) -> None:
        """Answer line by line until there are no more, or `quit`."""
        other = " “as ROLE” to act in another role;" if self.become else ""
        self._say(f"Type a command, such as /campaign help; the number of a button;{other} or quit.")
        while (typed_ := self._input.ask(">")) is not None and (line := typed_.strip()).casefold() not in _LEAVE:
            if line:
                await self._answer(line)

    async def _answer(self, line: str) -> None:
        if line.isdecimal() and 0 < int(line) <= len(self._actions):
            await self._actions[int(line) - 1]()
            return
        if line.isdecimal() or line.casefold() == "cancel":
            self._say("There is nothing to cancel." if not line.isdecimal() else f"There is no button {line[:9]} here.")
            return
        commands = self._commands()
        try:
            if self.become and (role := _AS.fullmatch(line)):
                self.actor, self._actions = self.become(role[1]), []
                self._say(f"You are now {self.actor.name}.")
                return
            asked = typed.read(line, commands, self.dispatcher.table)
        except Refused as refused:
            self._say(refused.what)
            return
        if isinstance(asked, typed.Typed):
            await self._call(asked.path, asked.args)
        else:
            show(self._out, typed.answer(asked, commands), self._today())  # a slip keeps the buttons above it
            if self.become and isinstance(asked, typed.Elsewhere) and not asked.theirs:
                needed = max(asked.command.who)
                member = ":MEMBER" if needed is Role.REPRESENTATIVE else ""
                self._say(f"On this console you can switch roles: type “as {needed}{member}”.")

    async def _call(self, path: str, args: dict[str, str]) -> None:
        """Call a command; if it returns a form, ask for the fields and send it."""
        answer = await self.dispatcher.answer(self._made(path, args))
        if isinstance(answer, Refusal):
            self._say(answer.what)
        elif answer.form:
            await self._converse(self._dialog(answer.form))
        else:
            self._tell(answer)

    async def _converse(self, dialog: FormDialog) -> None:
        """Ask, send and correct until the answer is not a form."""
        step = dialog.fill
        try:
            while True:
                step()
                answer = await self.dispatcher.answer(self._made(dialog.form.path, dialog.args()))
                if isinstance(answer, Refusal):
                    self._say(answer.what)
                    if not dialog.can_correct(answer.param):
                        self._actions = [partial(self._converse, dialog)]
                        self._say("[1] Correct it")
                        return
                    step = partial(dialog.correct, answer.param)
                elif answer.form:
                    is_same = _fields(answer.form) == _fields(dialog.form)
                    given = dialog.args() if is_same else {}  # a required field may have been left empty in it
                    required = [field for field in answer.form.fields if field.param.required]
                    missing = [
                        field for field in required if (field.param.name not in given if given else not field.initial)
                    ]
                    if missing:  # say why another form follows one that was just filled in
                        self._say(f"Still needed: {', '.join(field.label for field in missing)}.")
                    dialog = self._dialog(answer.form)
                    names = [field.param.name for field in missing]
                    step = partial(dialog.fill, names if is_same else ())
                else:
                    self._tell(answer)
                    return
        except Canceled:
            self._say("Canceled. Nothing was saved.")

    def _dialog(self, form: Form) -> FormDialog:
        self._show(Card(mark=Mark.ANSWER, head=form.title, foot=HELP))
        params = self._params(form.path)
        call = self._made(form.path, dict(form.args))
        return FormDialog(
            form,
            self._input,
            self._say,
            params=params,
            suggest=lambda name, text: self.dispatcher.offer(call, name, text),
            now=lambda: self.clock().astimezone(self.zone),
        )

    def _params(self, path: str) -> dict[str, Param]:
        return {param.name: param for command in self._commands() if command.path == path for param in command.params}

    def _made(self, path: str, args: dict[str, str]) -> Call:
        who = self.actor
        taken = {name for name, param in self._params(path).items() if param.kind is Kind.FILE}
        files = {name: partial(asyncio.to_thread, _file, args[name]) for name in taken & args.keys()}
        return Call(
            path=path, args=args, platform=who.platform, team=who.team, user=who.user, id=self.new_id(), files=files
        )

    def _commands(self) -> Sequence[Command]:
        who = self.actor
        return self.dispatcher.commands_for(self.dispatcher.actor(who.platform, who.team, who.user))

    def _tell(self, reply: Reply) -> None:
        if reply.card is None:
            self._say("Done.")
        else:
            self._show(reply.card)
        if reply.file is not None:
            self._put(reply.file)

    def _show(self, card: Card) -> None:
        show(self._out, card, self._today())
        buttons = (*card.line_buttons, *card.buttons)
        self._actions = [partial(self._call, button.path, dict(button.args)) for button in buttons]
        if buttons:
            labels = (f"[{n}] {wording.clean(button.label)}" for n, button in enumerate(buttons, 1))
            self._out.print("   ".join(labels), markup=False)

    def _today(self) -> date:
        return self.clock().astimezone(self.zone).date()

    def _put(self, file: File) -> None:
        """Save a file. One of this session is overwritten, an equal one is left; any other is left, with a notice."""
        path = wanted = self.folder / Path(file.name).name
        numbers = (wanted.with_stem(f"{wanted.stem}-{n}") for n in range(2, 1000))
        while path not in self._written and path.exists():
            if path.is_file() and path.read_bytes() == file.data:
                self._say(f"The file is already in {path}, unchanged.")
                return
            path = next(numbers)
        self.folder.mkdir(mode=0o700, exist_ok=True)
        again = path in self._written and path.exists()
        write_private(path, file.data, new=not again)
        self._written.add(path)
        notice = f" {wanted.name} already exists and was not changed." if path != wanted else ""
        self._say(f"The file is in {path}{', in place of the one before' if again else ''}.{notice}")

    def _say(self, text: str) -> None:
        self._out.print(wording.clean(text), markup=False, soft_wrap=not self._out.is_terminal)


def _fields(form: Form) -> list[str]:
    return [field.param.name for field in form.fields]


def _file(typed: str) -> File:
    """Read the file at a path. Raises `Refused`."""
    try:
        path = Path(typed).expanduser()
        if path.is_file():
            check_size(path.name, path.stat().st_size)
            return uploaded_file(path.name, path.read_bytes())
    except (OSError, RuntimeError) as error:  # expanduser raises RuntimeError for an unknown user
        raise Refused(f"{typed[:200]} cannot be read: {getattr(error, 'strerror', '') or error}.") from error
    raise Refused(f"There is no file {typed[:200]}.")


class Lines:
    """Lines from a pipe or file, each echoed after its prompt as in a conversation; or with None the keyboard's."""

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
            if param.kind is Kind.FILE or not (line.startswith("/") or _TO_A_ROLE.fullmatch(line.strip())):
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
