"""What a page of the site is, and a card as parts of one. A page is registered in one place, the list that the frontend
is given.

A page is like a command that only reads: it runs on a snapshot, for the roles that it names, with the same context. A
table on it is served at the same address as `.csv` and `.json`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby
from typing import Any, Final
from urllib.parse import urlencode

from bot.chat import layout, wording
from bot.chat.layout import Row, Span
from bot.commands.model import EVERYONE, Command, Context, Role
from bot.shared.card import Button, Card, Line
from bot.shared.csv_cells import write_csv

ROWS: Final = 50  # of a page; the CSV has all
# A command as a sentence names it: `/letter list`, or with what it is about: `/allies list L-001`.
_COMMAND: Final = re.compile(r"/([a-z][a-z0-9-]*)(?: ([a-z][a-z0-9-]*))?(?: ([A-Z]{1,2}-\d+))?")
_LONGEST_QUERY: Final = 1_000  # characters; more goes into a form


@dataclass(frozen=True, slots=True)
class Cell:
    """Text on a page. `url`: where it leads; `note`: a smaller line below it; `tag`: a word next to it.

    `is_english`: also on a page in another language.
    """

    text: str
    url: str = ""
    note: str = ""
    tag: str = ""
    is_english: bool = False

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under column names; CSV and JSON have the text of a cell alone."""

    columns: tuple[str, ...]
    rows: Sequence[Sequence[str | Cell]]

    def csv(self) -> bytes:
        """Return the table for a spreadsheet, in which no cell is a formula."""
        return write_csv(self.columns, [list(map(str, row)) for row in self.rows])

    def json(self) -> bytes:
        """Return a list with an object for each row, one a line."""
        objects = (dict(zip(self.columns, map(str, row), strict=True)) for row in self.rows)
        lines = ",\n".join(json.dumps(each, ensure_ascii=False) for each in objects)
        return f"[\n{lines}\n]".encode("utf-8", "replace")


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What a page shows: a template with its values. `table`: offered as CSV and JSON, and given to the template.

    `export` makes a table that the template does not need, and is called only for CSV and JSON.
    """

    title: str
    template: str
    values: Mapping[str, Any] = field(default_factory=dict)
    table: Table | None = None
    export: Callable[[], Table] | None = None


# Returns the page from its context, the names in its address, and the query. Raises `Refused`.
Show = Callable[[Context, Mapping[str, str], Mapping[str, str]], View]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page at `path` ("/letters/{letter}"). `nav`: its name in the navigation, "" to leave it out; `menu`: "" for the
    row on every page, "More" for the list behind its last place.

    `commands`: the groups of commands whose forms and answers lead back to it. `answers`: the command that it answers
    in the browser, if its arguments are the names in the path.
    """

    path: str
    show: Show
    nav: str = ""
    menu: str = ""
    who: frozenset[Role] = EVERYONE
    commands: tuple[str, ...] = ()
    answers: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a command's form shows next to its fields: `show` gets their values as the query.

    `live`: it depends on what is typed, and is cheap enough to be refreshed while a person types.
    """

    show: Show
    live: bool = False


Previews = Mapping[str, Preview]  # by the command's path


def home(ctx: Context, names: Mapping[str, str], query: Mapping[str, str]) -> View:  # noqa: ARG001 - a page's form
    """The pages that the navigation leaves out, and the reader's commands by group."""
    visible = [command for command in ctx.commands if not command.hidden]
    groups: dict[str, list[tuple[str, str]]] = {}
    for group, commands in groupby(visible, key=lambda command: command.group):
        links = [(f"/do/{each.path.replace(' ', '/')}", each.help) for each in commands]
        groups.setdefault(group.capitalize(), []).extend(links)
    return View(title="More", template="home.html", values={"groups": groups})


HOME: Final = Page(path="/", show=home, nav="More")


@dataclass(frozen=True, slots=True)
class Part:
    """One page of a list: its rows from `start` to `end`, and the addresses of its neighbors, "" for none."""

    start: int
    end: int
    count: int
    previous: str
    next: str

    @classmethod
    def of(cls, query: Mapping[str, str], count: int, size: int, keep: str = "") -> Part:
        """`keep`: the part of the query that the neighbors have, too."""
        last = max(0, count - 1) // size
        asked = query.get("page", "")
        page = min(int(asked) - 1, last) if asked.isdecimal() and 0 < len(asked) < 6 and int(asked) else 0
        urls = [f"?{keep}page={number_ + 1}" if 0 <= number_ <= last else "" for number_ in (page - 1, page + 1)]
        return cls(page * size, min((page + 1) * size, count), count, *urls)


def days_of(query: Mapping[str, str], periods: Collection[int], usual: int) -> int:
    """The `days` of the address if it is one of the offered periods; else the usual one."""
    return int(query.get("days", "")) if query.get("days", "") in map(str, periods) else usual


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
            (
                layout.sentence(section.title),
                [linked(layout.line_row(line)) for line in section.lines],
                section.language,
            )
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
    return {"deed": deed[:1].upper() + deed[1:], "text": subject or deed, "url": url or line.url}


def line_rows(lines: Iterable[Line]) -> tuple[Row, ...]:
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
