"""A card as the parts of a page, with the same words as in chat. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from bot.chat import layout, wording
from bot.chat.layout import Row, Span
from bot.commands.model import Command, Context
from bot.shared.card import Button, Card, Line

# A command as a sentence names it: `/letter list`, or with what it is about: `/allies list L-001`.
_COMMAND: Final = re.compile(r"/([a-z][a-z0-9-]*)(?: ([a-z][a-z0-9-]*))?(?: ([A-Z]{1,2}-\d+))?")
_LONGEST_QUERY: Final = 1_000  # characters; more goes into a form


@dataclass(frozen=True, slots=True)
class Press:
    """A button: a link at `url` if it only reads, else a form for `url` with `args`."""

    label: str
    url: str
    args: tuple[tuple[str, str], ...] = ()
    style: str = "plain"
    reads: bool = False


def card_view(card: Card, today: date, commands: Mapping[str, Command]) -> dict[str, Any]:
    """Return the card's parts in their order. `dues`: each date that binds, as text and as `YYYY-MM-DD`.

    `commands`: those that the reader may use; their names in the text become links.
    """

    def linked(row: Row) -> Row:
        return link_commands(row, commands)

    return {
        "kicker": layout.kicker(card),
        "head": layout.head(card),
        "byline": layout.sentence(card.byline),
        "lines": [*map(linked, line_rows(card.lines))],
        "reasons": [*map(linked, layout.reason_rows(card.why))],
        "dues": [(layout.due_row(*wording.due(due, today)), due.on.isoformat()) for due in card.dues],
        "links": [layout.line_row(Line(link.label, link.url)) for link in card.links],
        "sections": [
            (layout.sentence(section.title), [linked(layout.line_row(line)) for line in section.lines])
            for section in card.sections
        ],
        "foot": linked((Span(layout.foot(card, may_repeat=False)),)),
        "buttons": [press(button, commands) for button in (*card.line_buttons, *card.buttons)],
    }


def link_commands(row: Row, commands: Mapping[str, Command]) -> Row:
    """Return the row with each command that its text names as a link to its answer, its button or its form."""
    pieces: list[Span] = []
    for span in row:
        end = 0
        for match in () if span.url else _COMMAND.finditer(span.text):
            if command := commands.get(f"{match[1]} {match[2]}") or commands.get(match[1]):
                args = ((command.params[0].name, match[3]),) if match[3] and command.params else ()
                stop = match.end() if args else match.end(2 if command.verb else 1)
                url = f"/do/{command.path.replace(' ', '/')}" + (f"?{urlencode(args)}" if args else "")
                pieces += [replace(span, text=span.text[end : match.start()])]
                pieces += [replace(span, text=span.text[match.start() : stop], url=url)]
                end = stop
        pieces += [replace(span, text=span.text[end:])]
    return tuple(pieces)


def task(line: Line, commands: Mapping[str, Command]) -> dict[str, str]:
    """`To sign: L-002 Fund services (/letter show L-002)` as its deed, its subject and the command's address, or the
    line's own, "" if it is done nowhere.
    """
    what, _, rest = line.text.rpartition(" (/") if line.text.endswith(")") else (line.text, "", "")
    url = next((span.url for span in link_commands((Span(f"/{rest[:-1]}"),), commands) if span.url), "") if rest else ""
    deed, _, subject = (what or line.text).removeprefix("To ").partition(": ")
    return {"deed": deed.capitalize(), "text": subject or deed, "url": url or line.url}


def line_rows(lines: Iterable[Line]) -> tuple[Row, ...]:
    """Return lines as a page's rows."""
    return tuple(layout.line_row(line) for line in lines if line.text or line.url)


def press(button: Button, commands: Mapping[str, Command]) -> Press:
    """Return the button as a link if its command only reads, else as a form."""
    url = f"/do/{button.path.replace(' ', '/')}"
    command = commands.get(button.path)
    query = urlencode(button.args, errors="replace")
    label = wording.clean(button.label)
    if command and is_read(command) and len(query) <= _LONGEST_QUERY:
        return Press(label, f"{url}?{query}" if query else url, style=button.style, reads=True)
    return Press(label, url, button.args, button.style)


def presses(ctx: Context, *buttons: Button) -> tuple[Press, ...]:
    """Return the buttons that the asker may press, for a page."""
    commands = {command.path: command for command in ctx.commands}
    return tuple(press(button, commands) for button in ctx.theirs(*buttons))


def opens(ctx: Context, *buttons: Button) -> tuple[Press, ...]:
    """Return the buttons that the asker may press, each as a link to its command's form."""
    return tuple(replace(each, reads=True) for each in presses(ctx, *buttons))


def is_read(command: Command) -> bool:
    """Whether a command may be asked by GET: it changes nothing and asks nothing of the network."""
    return not command.changes and command.fetch is None
