"""A card on a terminal, and the sender that prints it. Without a history it warns and repeats after a crash."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass, replace
from datetime import date, datetime, tzinfo
from io import StringIO
from typing import Final, TextIO

from rich.console import Console, Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from bot.chat import layout, wording
from bot.outbox.model import CannotTell, Channel, Delivered, Outcome, Outgoing
from bot.shared.card import Card
from bot.shared.journey import served

_NO_HISTORY: Final = CannotTell("a terminal keeps no history")
_INDENT: Final = 3  # the width of an icon and a space: the text is aligned with the head's first word


def show(console: Console, card: Card, today: date, *, may_repeat: bool = False) -> None:
    """Print the card: with bold and dim text at a terminal, as plain text elsewhere."""
    if console.is_terminal:
        console.print(rich_card(card, today, may_repeat=may_repeat), crop=False)
    else:
        console.file.write(plain(card, today, may_repeat=may_repeat) + "\n")


def plain(card: Card, today: date, width: int = 88, *, may_repeat: bool = False) -> str:
    """The card as text for a pipe or a log: lines of at most `width` cells; addresses are never broken."""
    out = StringIO()
    console = Console(file=out, width=width, color_system=None, force_terminal=False, legacy_windows=False, emoji=False)
    console.print(rich_card(card, today, may_repeat=may_repeat), crop=False)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


def rich_card(card: Card, today: date, *, may_repeat: bool = False) -> Group:
    """The card for rich's `Console.print`. Many terminals open no link behind a label, so addresses are printed."""
    sign, word = wording.SIGNS[card.mark]
    head = Text.assemble(f"{sign} {word} · " if sign else "", (layout.head(card), "bold"))
    line = Table.grid(expand=True, padding=(0, 2, 0, 0), pad_edge=False)
    line.add_column(ratio=1, overflow="fold")
    line.add_column(justify="right", no_wrap=True, max_width=24)
    line.add_row(head, Text(wording.clean(card.badge)))
    body: list[Padding | Text] = []
    for row in layout.rows(card, today):
        text = Text()
        for span in row:
            text.append(span.text, "bold" if span.strong else "")
            text.append(span.beside)
        body.append(Padding(text, (0, 0, 0, _INDENT)))
        body += [Text(f"{'':{_INDENT}}  {span.url}", no_wrap=True, overflow="ignore") for span in row if span.url]
    if foot := layout.foot(card, may_repeat=may_repeat):
        body.append(Padding(Text(foot, "dim"), (0, 0, 0, _INDENT)))
    return Group(line, *body)


@dataclass(eq=False, repr=False)
class ConsoleSender:
    """Prints to `stream`. `zone` is the coalition's."""

    platform = "console"
    deadline = None

    stream: TextIO
    _: KW_ONLY
    clock: Callable[[], datetime]
    zone: tzinfo

    def __post_init__(self) -> None:
        self._console = Console(file=self.stream, highlight=False, emoji=False)

    async def send(self, outgoing: Outgoing) -> Outcome:
        today = self.clock().astimezone(self.zone).date()
        reply = "↳ " if outgoing.reply_to else ""
        to = f"to {wording.clean(outgoing.channel.person)}" if outgoing.channel.person else outgoing.channel.name
        with_files = "".join(f" · with {wording.file_name(file.name)}" for file in outgoing.files)
        coalition = f"{served()}: " if served() else ""  # of several in this process
        where = f"{coalition}{reply}{to}{with_files} · #{outgoing.mark[:10]}"
        show(self._console, outgoing.card, today, may_repeat=outgoing.may_repeat)
        if self._console.is_terminal:
            self._console.print(where, style="dim", markup=False)
            self._console.print()
        else:
            self.stream.write(f"   {where}\n\n")
        self.stream.flush()
        return Delivered(outgoing.mark)

    async def edit(self, outgoing: Outgoing) -> Outcome:
        """Print the message's head again with its new state; printed text cannot be changed."""
        brief = Card(mark=outgoing.card.mark, head=outgoing.card.head, foot=outgoing.card.foot)
        await self.send(replace(outgoing, card=brief, reply_to=outgoing.edits))
        return Delivered(str(outgoing.edits))

    async def find(self, outgoing: Outgoing) -> CannotTell:  # noqa: ARG002 - the port's
        return _NO_HISTORY

    async def read_history(self, channel: Channel, since: datetime) -> CannotTell:  # noqa: ARG002 - the port's
        return _NO_HISTORY

    async def close(self) -> None:
        self.stream.flush()
