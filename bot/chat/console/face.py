"""The console's face: the same commands, forms and buttons as in the chats, on a terminal or in a pipe."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, tzinfo
from functools import partial
from pathlib import Path
from typing import TextIO

from rich.console import Console

from bot.card import Button, Card, Mark
from bot.chat import handed, typed, words
from bot.chat.console.render import plain, rich_card
from bot.command import Actor, Call, Command, File, Form, FormField, Kind, Refused, Reply
from bot.private import write_private
from bot.switchboard import ALREADY, Refusal, Switchboard

_TRIES = 3  # at a form before it is put aside
_NOTHING = "-"  # takes away what stands in a field
_LEAVE = "quit"


class ConsoleFace:
    """One person's conversation: `lines` is what they type, `out` where answers go, `folder` where files are put."""

    def __init__(
        self,
        switchboard: Switchboard,
        actor: Actor,
        lines: Iterable[str],
        out: TextIO,
        *,
        clock: Callable[[], datetime],
        zone: tzinfo,
        new_id: Callable[[], str],
        folder: Path,
    ) -> None:
        self._switchboard = switchboard
        self._actor = actor
        self._lines = iter(lines)
        self._out = Console(file=out, highlight=False)
        self._clock = clock
        self._zone = zone
        self._new_id = new_id
        self._folder = folder
        self._written: set[Path] = set()  # in this session
        self._buttons: tuple[Button, ...] = ()

    async def run(self) -> None:
        """Answer line by line until there are no more, or `quit`."""
        self._say("Type a command, such as /campaign help; the number of a button; or quit.")
        while (line := self._next(">")) not in (None, _LEAVE, "exit"):
            if line:
                await self._answer(line)

    async def _answer(self, line: str) -> None:
        if line.isdigit() and 0 < int(line) <= len(self._buttons):
            button = self._buttons[int(line) - 1]
            await self._call(button.path, dict(button.args))
            return
        commands = self._commands()
        try:
            asked = typed.read(line, commands, self._switchboard.table)
        except Refused as refused:
            self._say(refused.what)
            return
        if isinstance(asked, typed.Typed):
            await self._call(asked.path, asked.args)
        else:
            self._show(typed.answer(asked, commands))

    async def _call(self, path: str, args: dict[str, str]) -> None:
        """Make the call; where a form comes back, fill it in and send that."""
        answer = await self._switchboard.answer(self._made(path, args))
        for _ in range(_TRIES):
            if isinstance(answer, Refusal):
                self._say(answer.what)
                return
            if answer.form is None:
                self._tell(answer)
                return
            filled = self._fill_in(answer.form)
            if filled is None:
                self._say("Put aside; nothing was changed.")
                return
            again = await self._switchboard.answer(self._made(answer.form.path, filled))
            if isinstance(again, Refusal) and again.param:
                self._say(again.what)
                continue
            answer = again
        self._say("Put aside; nothing was changed.")

    def _made(self, path: str, args: dict[str, str]) -> Call:
        who = self._actor
        taken = {param.name for command in self._commands() if command.path == path for param in command.params
                 if param.kind is Kind.FILE}  # fmt: skip
        files = {name: partial(asyncio.to_thread, _file, args[name]) for name in taken & args.keys()}
        return Call(
            path=path, args=args, platform=who.platform, team=who.team, user=who.user, id=self._new_id(), files=files
        )

    def _commands(self) -> Sequence[Command]:
        who = self._actor
        return self._switchboard.commands_for(self._switchboard.actor(who.platform, who.team, who.user))

    def _tell(self, reply: Reply) -> None:
        if reply is ALREADY or reply.card is None:
            self._say("Done.")
        else:
            self._show(reply.card)
        if reply.file is not None:
            self._put(reply.file)

    def _show(self, card: Card) -> None:
        today = self._clock().astimezone(self._zone).date()
        if self._out.is_terminal:
            self._out.print(rich_card(card, today))
        else:
            self._out.file.write(plain(card, today) + "\n")
        self._buttons = card.buttons
        if card.buttons:
            labels = (f"[{n}] {words.clean(button.label)}" for n, button in enumerate(card.buttons, 1))
            self._out.print("   ".join(labels), markup=False)

    def _put(self, file: File) -> None:
        """A file of this session is replaced when it is made again; any other file is kept, and that is said."""
        path = wanted = self._folder / Path(file.name).name
        numbers = (wanted.with_stem(f"{wanted.stem}-{n}") for n in range(2, 1000))
        while path not in self._written and path.exists():
            path = next(numbers)
        again = path in self._written and path.exists()
        write_private(path, file.data, new=not again)
        self._written.add(path)
        kept = f" {wanted.name} was there before and is kept." if path != wanted else ""
        self._say(f"The file is in {path}{', in place of the one before' if again else ''}.{kept}")

    def _fill_in(self, form: Form) -> dict[str, str] | None:
        """None where the lines end, on an empty answer to what is needed, and on `quit`."""
        self._show(Card(mark=Mark.ANSWER, head=form.title, foot=f"{_LEAVE} puts it aside."))
        filled = form.carried(form.fields)
        for asked in form.fields:
            value = self._next(_prompt(asked))
            if value == _LEAVE:
                return None
            if value == _NOTHING and asked.param.name in filled:
                continue
            value = asked.initial if value == "" else value
            if not value and (value is None or asked.param.required):
                return None
            if value:
                filled[asked.param.name] = value
        return filled

    def _next(self, prompt: str) -> str | None:
        self._out.print(f"{words.clean(prompt)} ", end="", markup=False)
        line = next(self._lines, None)
        return None if line is None else line.strip()

    def _say(self, text: str) -> None:
        self._out.print(words.clean(text), markup=False)


def _file(typed: str) -> File:
    """What lies at a path. Raises `Refused`."""
    try:
        path = Path(typed).expanduser()
        if path.is_file():
            handed.check(path.name, path.stat().st_size)
            return handed.taken(path.name, path.read_bytes())
    except (OSError, RuntimeError) as error:  # a RuntimeError where there is no such home
        raise Refused(f"{typed[:200]} cannot be read: {getattr(error, 'strerror', '') or error}.") from error
    raise Refused(f"There is no file {typed[:200]}.")


def _prompt(asked: FormField) -> str:
    hints = [asked.param.help]
    if asked.param.choices:
        hints.append("one of " + ", ".join(choice.value for choice in asked.param.choices))
    elif asked.param.kind is Kind.YES_NO:
        hints.append("yes or no")
    elif asked.param.kind is Kind.FILE:
        hints.append("a path")
    if asked.initial:
        named = f", {asked.shown}" if asked.shown else ""
        other = f", {_NOTHING} for nothing" if asked.param.clears else ""
        hints.append(f"empty for “{words.cut(asked.initial, 80)}”{named}{other}")
    elif not asked.param.required:
        hints.append("may be left empty")
    return f"{asked.label} ({'; '.join(hints)}):"
