"""What a page of the site is. A page is registered in one place, the list that the frontend is given.

A page is like a command that only reads: it runs on a snapshot, for the roles that it names, with the same context. A
table on it is served at the same address as `.csv` and `.json`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Final

from bot.commands.model import EVERYONE, Context, Role
from bot.shared.csv_cells import write_csv

ROWS: Final = 50  # of a page; the CSV has all


@dataclass(frozen=True, slots=True)
class Cell:
    """Text on a page. `url`: where it leads; `note`: a smaller line below it; `tag`: a word next to it."""

    text: str
    url: str = ""
    note: str = ""
    tag: str = ""

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
    def of(cls, path: str, query: Mapping[str, str], count: int, size: int, keep: str = "") -> Part:
        """`keep`: the part of the query that the neighbors have, too."""
        last = max(0, count - 1) // size
        asked = query.get("page", "")
        page = min(int(asked) - 1, last) if asked.isdecimal() and 0 < len(asked) < 6 and int(asked) else 0
        urls = [f"{path}?{keep}page={number_ + 1}" if 0 <= number_ <= last else "" for number_ in (page - 1, page + 1)]
        return cls(page * size, min((page + 1) * size, count), count, *urls)


def days_of(query: Mapping[str, str], periods: Collection[int], usual: int) -> int:
    """The `days` of the address if it is one of the offered periods; else the usual one."""
    return int(query.get("days", "")) if query.get("days", "") in map(str, periods) else usual
