"""The console's sender prints. A terminal has no history, so after a crash a message is repeated with a warning."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, tzinfo
from typing import TextIO

from rich.console import Console

from bot.chat.console.render import show
from bot.chat.wording import clean, file_name
from bot.outbox.model import CannotTell, Channel, Delivered, Outcome, Outgoing
from bot.shared.card import Card
from bot.shared.journey import served


class ConsoleSender:
    """Prints to `stream`: in color on a terminal, as plain text elsewhere. `zone` is the coalition's."""

    platform = "console"
    deadline = None

    def __init__(self, stream: TextIO, *, clock: Callable[[], datetime], zone: tzinfo) -> None:
        self._stream = stream
        self._console = Console(file=stream, highlight=False, emoji=False)
        self._clock = clock
        self._zone = zone

    async def send(self, outgoing: Outgoing) -> Outcome:
        today = self._clock().astimezone(self._zone).date()
        reply = "↳ " if outgoing.reply_to else ""
        to = f"to {clean(outgoing.channel.person)}" if outgoing.channel.person else outgoing.channel.name
        with_files = "".join(f" · with {file_name(file.name)}" for file in outgoing.files)
        coalition = f"{served()}: " if served() else ""  # of several in this process
        where = f"{coalition}{reply}{to}{with_files} · #{outgoing.mark[:10]}"
        show(self._console, outgoing.card, today, may_repeat=outgoing.may_repeat)
        if self._console.is_terminal:
            self._console.print(where, style="dim", markup=False)
            self._console.print()
        else:
            self._stream.write(f"   {where}\n\n")
        self._stream.flush()
        return Delivered(outgoing.mark)

    async def edit(self, outgoing: Outgoing) -> Outcome:
        """Print the message's head again with its new state; printed text cannot be changed."""
        brief = Card(mark=outgoing.card.mark, head=outgoing.card.head, foot=outgoing.card.foot)
        await self.send(replace(outgoing, card=brief, reply_to=outgoing.edits))
        return Delivered(str(outgoing.edits))

    async def find(self, outgoing: Outgoing) -> CannotTell:  # noqa: ARG002 - the port's
        return CannotTell("a terminal keeps no history")

    async def read_history(self, channel: Channel, since: datetime) -> CannotTell:  # noqa: ARG002 - the port's
        return CannotTell("a terminal keeps no history")

    async def close(self) -> None:
        self._stream.flush()
