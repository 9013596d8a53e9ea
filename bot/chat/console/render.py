"""A card on a terminal, or as plain text. Pure."""

from __future__ import annotations

from datetime import date
from io import StringIO

from rich.console import Console, Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from bot.chat import layout, wording
from bot.chat.layout import Row
from bot.shared.card import Card, Mark

_INDENT = 3  # the width of a sign and its space: what is under the head stands under its first word
_STYLES = {
    Mark.ALERT: "dark_orange3",
    Mark.FILING: "grey62",
    Mark.BILL: "dodger_blue2",
    Mark.NEWS: "medium_purple3",
    Mark.DIGEST: "dark_cyan",
    Mark.HELLO: "dark_cyan",
    Mark.HEALTH: "dark_goldenrod",
    Mark.LETTER: "dark_sea_green4",
    Mark.SIGN_ON: "dark_sea_green4",
    Mark.DEADLINE: "orange3",
    Mark.ANSWER: "bold",
}


def plain(card: Card, today: date, width: int = 88, *, may_repeat: bool = False) -> str:
    """The card as text for a pipe or a log: lines of at most `width` cells, but for addresses, which stay whole."""
    out = StringIO()
    console = Console(file=out, width=width, color_system=None, force_terminal=False, legacy_windows=False)
    console.print(rich_card(card, today, may_repeat=may_repeat, addresses=True), crop=False)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


def rich_card(card: Card, today: date, *, may_repeat: bool = False, addresses: bool = False) -> Group:
    """The card for rich's `Console.print`; `addresses` writes out what is otherwise only behind a link's label."""
    body: list[Padding | Text] = []
    for row in layout.rows(card, today):
        body.append(_indented(_text(row)))
        if addresses:
            body += [Text(f"{'':{_INDENT}}  {span.url}", no_wrap=True, overflow="ignore") for span in row if span.url]
    if foot := layout.foot(card, may_repeat=may_repeat):
        body.append(_indented(Text(foot, "dim")))
    return Group(_head(card), *body)


def _indented(text: Text) -> Padding:
    return Padding(text, (0, 0, 0, _INDENT))


def _head(card: Card) -> Table:
    sign, word = wording.SIGNS[card.mark]
    head = Text.assemble(
        (f"{sign} {word} · " if sign else "", _STYLES[card.mark]), (layout.head(card), f"bold {_STYLES[card.mark]}")
    )
    line = Table.grid(expand=True, padding=(0, 2, 0, 0), pad_edge=False)
    line.add_column(ratio=1, overflow="fold")
    line.add_column(justify="right", no_wrap=True, max_width=24)
    line.add_row(head, Text(wording.clean(card.badge), _STYLES[card.mark]))
    return line


def _text(row: Row) -> Text:
    text = Text()
    for span in row:
        style = "bold" if span.strong else ""
        text.append(span.text, f"{style} link {span.url}".strip() if span.url else style)
        text.append(span.beside)
    return text
