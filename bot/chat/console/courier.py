"""The console's postman: prints. A terminal keeps no history: after a crash it says a thing again, with a warning."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, tzinfo
from typing import TextIO

from rich.console import Console

from bot.card import Card
from bot.chat.console.render import plain, rich_card
from bot.chat.words import clean, file_name
from bot.outbox.model import CannotTell, Channel, Delivered, Outcome, Parcel


class ConsoleCourier:
    """Prints to `stream`: in colour on a terminal, as plain text elsewhere. `zone` is the coalition's."""

    platform = "console"

    def __init__(self, stream: TextIO, *, clock: Callable[[], datetime], zone: tzinfo) -> None:
        self._stream = stream
        self._console = Console(file=stream, highlight=False)
        self._clock = clock
        self._zone = zone

    async def send(self, parcel: Parcel) -> Outcome:
        today = self._clock().astimezone(self._zone).date()
        reply = "↳ " if parcel.reply_to else ""
        to = f"to {clean(parcel.channel.person)}" if parcel.channel.person else parcel.channel.name
        with_files = "".join(f" · with {file_name(file.name)}" for file in parcel.files)
        where = f"{reply}{to}{with_files} · #{parcel.mark[:10]}"
        if self._console.is_terminal:
            self._console.print(rich_card(parcel.card, today, may_repeat=parcel.may_repeat))
            self._console.print(where, style="dim", markup=False)
            self._console.print()
        else:
            self._stream.write(f"{plain(parcel.card, today, may_repeat=parcel.may_repeat)}\n   {where}\n\n")
        self._stream.flush()
        return Delivered(parcel.mark)

    async def edit(self, parcel: Parcel) -> Outcome:
        """What was printed stays; under its head again stands what became of it."""
        brief = Card(mark=parcel.card.mark, head=parcel.card.head, foot=parcel.card.foot)
        await self.send(replace(parcel, card=brief, reply_to=parcel.edits))
        return Delivered(str(parcel.edits))

    async def find(self, parcel: Parcel) -> CannotTell:  # noqa: ARG002 - the port's
        return CannotTell("a terminal keeps no history")

    async def recall(self, channel: Channel, since: datetime) -> CannotTell:  # noqa: ARG002 - the port's
        return CannotTell("a terminal keeps no history")

    async def close(self) -> None:
        self._stream.flush()
