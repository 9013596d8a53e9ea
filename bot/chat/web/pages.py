"""What a page of the site is. A page is registered in one place, the list that the frontend is given.

A page is like a command that only reads: it runs on a snapshot, for the roles that it names, with the same context. A
table on it is served at the same address as `.csv` and `.json`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Final

from bot.commands.model import EVERYONE, Context, Role
from bot.shared.csv_cells import write_csv


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of plain text under column names. `urls`: for each row, where its first cell links to, "" for nowhere."""

    columns: tuple[str, ...]
    rows: Sequence[Sequence[str]]
    urls: Sequence[str] = ()

    def csv(self) -> bytes:
        """Return the table for a spreadsheet, in which no cell is a formula."""
        return write_csv(self.columns, self.rows)

    def json(self) -> bytes:
        """Return a list with an object for each row, one a line."""
        objects = (dict(zip(self.columns, row, strict=True)) for row in self.rows)
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
    """A page at `path` ("/letters/{letter}"). `nav`: its name in the navigation, "" to leave it out; `menu`: the menu
    that it is in there, "" for the row itself.

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
    """List the reader's commands by group."""
    visible = [command for command in ctx.commands if not command.hidden]
    groups: dict[str, list[tuple[str, str, str]]] = {}
    for group, commands in groupby(visible, key=lambda command: command.group):
        links = [(f"/do/{each.group}/{each.verb}", each.help, f"/{each.path}") for each in commands]
        groups.setdefault(group.capitalize(), []).extend(links)
    name = ctx.config.coalition.name
    return View(title=ctx.config.coalition.short, template="home.html", values={"groups": groups, "coalition": name})


HOME: Final = Page(path="/", show=home, nav="Commands", menu="More")
