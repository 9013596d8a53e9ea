"""A card on a terminal, or as plain text. Pure."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date
from io import StringIO

from rich.console import Console, Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from bot.chat import layout, wording
from bot.chat.layout import Row
from bot.shared.card import Card, Mark

_INDENT = 3  # the width of an icon and a space: the text is aligned with the head's first word
_STYLES = {
    Mark.ALERT: "dark_orange3",
    Mark.FILING: "grey62",
    Mark.BILL: "dodger_blue2",
    Mark.HEARING: "dodger_blue2",
    Mark.NEWS: "medium_purple3",
    Mark.DIGEST: "dark_cyan",
    Mark.HELLO: "dark_cyan",
    Mark.HEALTH: "dark_goldenrod",
    Mark.LETTER: "dark_sea_green4",
    Mark.SIGN_ON: "dark_sea_green4",
    Mark.DEADLINE: "orange3",
    Mark.ANSWER: "bold",
}


# What terminals set that open a link behind its label (OSC 8, https://github.com/Alhadis/OSC8-Adoption).
_OPENS = ("WT_SESSION", "KITTY_WINDOW_ID", "KONSOLE_VERSION", "ALACRITTY_WINDOW_ID")
_PROGRAMS = frozenset({"iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "rio", "Tabby"})
_VTE = 5_000  # the first version of GNOME's terminals that does


def opens_links(environ: Mapping[str, str]) -> bool:
    """Whether the terminal opens a link behind its label; others show the label alone, so they get addresses."""
    if environ.get("TMUX") or environ.get("STY"):  # these drop links unless configured
        return False
    version = environ.get("VTE_VERSION", "")
    listed = environ.get("TERM_PROGRAM") in _PROGRAMS or any(environ.get(name) for name in _OPENS)
    return listed or (version.isdecimal() and int(version) >= _VTE)


def show(
    console: Console, card: Card, today: date, *, environ: Mapping[str, str] = os.environ, may_repeat: bool = False
) -> None:
    """Print the card: in color at a terminal, as plain text elsewhere."""
    if not console.is_terminal:
        console.file.write(plain(card, today, may_repeat=may_repeat) + "\n")
        return
    addresses = not opens_links(environ)
    console.print(rich_card(card, today, may_repeat=may_repeat, addresses=addresses), crop=not addresses)


def plain(card: Card, today: date, width: int = 88, *, may_repeat: bool = False) -> str:
    """The card as text for a pipe or a log: lines of at most `width` cells; addresses are never broken."""
    out = StringIO()
    console = Console(file=out, width=width, color_system=None, force_terminal=False, legacy_windows=False, emoji=False)
    console.print(rich_card(card, today, may_repeat=may_repeat, addresses=True), crop=False)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


def rich_card(card: Card, today: date, *, may_repeat: bool = False, addresses: bool = False) -> Group:
    """The card for rich's `Console.print`; `addresses` are printed instead of links behind labels."""
    body: list[Padding | Text] = []
    for row in layout.rows(card, today):
        body.append(_indented(_text(row, links=not addresses)))
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


def _text(row: Row, *, links: bool) -> Text:
    text = Text()
    for span in row:
        style = "bold" if span.strong else ""
        text.append(span.text, f"{style} link {span.url}".strip() if span.url and links else style)
        text.append(span.beside)
    return text
