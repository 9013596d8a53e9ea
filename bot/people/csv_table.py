"""People as a CSV table that a spreadsheet can open, and back. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Final

from bot.commands.model import Role
from bot.people.model import Account, Person, account
from bot.shared.csv_cells import InvalidTable, bare, csv_table, parsed_rows, write_csv

COLUMNS: Final = ("name", "organization", "roles", "accounts")
_LONGEST: Final = 200  # characters of a name


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of the table."""

    line: int
    name: str
    organisation: str | None
    roles: frozenset[Role]
    accounts: tuple[Account, ...]


def people_csv(people: Iterable[Person]) -> bytes:
    """The people as a table, with their chat accounts: the console and a confirmed address create their own."""
    return write_csv(
        COLUMNS,
        (
            [it.name, it.organisation or "", it.role_words, " ".join(str(each) for each in it.accounts if each.in_chat)]
            for it in people
        ),
    )


def read(text: str, members: Collection[str]) -> list[Row]:
    """Parse a table with the columns name, organization, roles, accounts. Raises `InvalidTable`."""
    table = csv_table(text)
    columns = tuple(name.strip().lower().replace("isation", "ization") for name in table.fieldnames or ())  # as in 0.1
    if columns != COLUMNS:
        raise InvalidTable(
            f"The first line must be {','.join(COLUMNS)}. /campaign export-people gives a table to start from."
        )
    table.fieldnames = list(COLUMNS)
    rows, slips = parsed_rows(table, partial(_row, members=members))
    seen: dict[str, int] = {}
    for row in rows:
        for what in {row.name.casefold(), *map(str, row.accounts)}:
            if what in seen:
                slips.append(f"line {row.line}: “{what}” is already in line {seen[what]}")
            seen.setdefault(what, row.line)
    if slips or not rows:
        raise InvalidTable("; ".join(slips) or "The table is empty.")
    return rows


def _row(line: int, cells: dict[str, str], members: Collection[str]) -> Row:
    if "" in cells:
        raise ValueError('more cells than columns: put a cell that has commas in "quotes"')
    name, organisation, roles, accounts = (" ".join(bare(cells[column]).split()) for column in COLUMNS)
    if not name or len(name) > _LONGEST:
        raise ValueError(f"a name has 1 to {_LONGEST} characters")
    if organisation and organisation not in members:
        raise ValueError(f"coalition.yml has no member “{organisation}”")
    row = Row(
        line=line,
        name=name,
        organisation=organisation or None,
        roles=frozenset(_role(word) for word in _words(roles)),
        accounts=tuple(_account(word) for word in _words(accounts)),
    )
    if Role.REPRESENTATIVE in row.roles and not organisation:
        raise ValueError("a representative needs an organization")
    return row


def _role(word: str) -> Role:
    try:
        return Role(word.lower())
    except ValueError:
        raise ValueError(f"“{word}” is not a role; the roles are {', '.join(Role)}") from None


def _account(word: str) -> Account:
    parsed = account(word)
    if parsed is None:
        raise ValueError(f"“{word}” is not an account: write slack:TEAM/USER or discord:GUILD/USER")
    return parsed


def _words(cell: str) -> list[str]:
    return cell.replace(",", " ").replace(";", " ").split()
