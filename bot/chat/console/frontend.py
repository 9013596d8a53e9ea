"""The console frontend: the chats' commands, forms and buttons on a terminal or in a pipe."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import KW_ONLY, dataclass
from datetime import date, datetime, tzinfo
from functools import partial
from pathlib import Path
from typing import TextIO

from rich.console import Console

from bot.chat import typed, wording
from bot.chat.console.dialog import HELP, Canceled, FormDialog, Lines
from bot.chat.console.sender import show
from bot.chat.platform import check_size, uploaded_file
from bot.commands.model import Actor, Call, Command, File, Form, Kind, Param, Refusal, Refused, Reply, Role
from bot.people.dispatch import Dispatcher
from bot.shared.card import Card, Mark
from bot.shared.private_files import write_private

_LEAVE = frozenset({"quit", "exit"})
_AS = re.compile(r"as\s+(\S+)", re.IGNORECASE)


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
