"""The demo's output: the narration, the channels' messages and the answers, cut or whole."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from io import StringIO
from typing import Final

from rich.console import Console
from rich.text import Text

from bot.chat.console.render import show
from bot.shared.card import Card

_WIDTH: Final = 100  # of a line without a terminal
_SPARE: Final = 2  # so few lines are not cut
_END: Final = "\n\n"  # the start of a message from the console's sender


class Posted(StringIO):
    """The stream of the console channels. Stores each message until `take`."""

    def __init__(self) -> None:
        super().__init__()
        self._messages: list[str] = []

    def isatty(self) -> bool:
        return sys.stdout.isatty()

    def flush(self) -> None:
        if self.getvalue().endswith(_END):
            self._messages.append(self.getvalue())
            self.seek(0)
            self.truncate()

    def take(self) -> list[str]:
        taken, self._messages = self._messages, []
        return taken


class Page:
    """Standard output. `every`: nothing is cut or left out."""

    def __init__(self, *, every: bool) -> None:
        self.every = every
        self.console = Console(highlight=False, emoji=False, width=None if sys.stdout.isatty() else _WIDTH)
        self._number = 0

    def act(self, title: str) -> None:
        self._number += 1
        self.console.print()
        self.console.rule(f"[bold]{self._number}. {title}[/]", align="left")
        self.console.print()

    def say(self, text: str) -> None:
        self.console.print(text)

    def whole(self, text: str) -> None:
        """Print a line without wrapping, so a path can be copied."""
        self.console.print(text, soft_wrap=True)

    def messages(self, posted: Sequence[str], wanted: Sequence[str], lines: int | None = None) -> int:
        """Print `lines` lines of each message that contains a `wanted` word; returns how many were left out."""
        shown = [message for message in posted if self.every or _contains(message, wanted)]
        for message in shown:
            self.console.print()
            self._write(message.rstrip("\n"), None if self.every else lines)
        if shown:
            self.console.print()
        return len(posted) - len(shown)

    def answer(self, card: Card, today: date, lines: int) -> None:
        """Print an answer as the console shows it, or its head and `lines` lines."""
        shown = card if self.every else _beginning(card, lines)
        show(self.console, shown, today)
        if _rows(card) - _rows(shown) > _SPARE:
            self.console.print("[dim]   …[/]")

    def _write(self, text: str, lines: int | None) -> None:
        whole = text.split("\n")
        shown = whole if lines is None or len(whole) <= lines + _SPARE else whole[:lines]
        self.console.file.write("\n".join(shown) + "\n")
        if left := len(whole) - len(shown):
            self.console.print(f"[dim]   … {left} more lines[/]")


def _beginning(card: Card, lines: int) -> Card:
    short = replace(card, lines=card.lines[:lines], why=(), dues=(), links=(), sections=(), foot="", buttons=())
    return card if replace(short, buttons=card.buttons) == card else short


def _rows(card: Card) -> int:
    sections = sum(1 + len(section.lines) for section in card.sections)
    return sum(map(len, (card.lines, card.why, card.dues, card.links))) + sections + bool(card.foot)


def _contains(message: str, wanted: Sequence[str]) -> bool:
    text = " ".join(Text.from_ansi(message).plain.split())
    return any(words in text for words in wanted)
