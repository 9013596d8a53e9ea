"""People as a CSV table that a spreadsheet can open, and back. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import partial
from typing import Final

from bot.commands.model import Role
from bot.people.model import Person, account
from bot.shared.csv_cells import InvalidTable, bare, csv_table, parse_rows, write_csv

COLUMNS: Final = ("name", "organization", "roles", "accounts")
_LONGEST: Final = 200  # characters of a name


def people_csv(people: Iterable[Person]) -> bytes:
    """The people as a table, with their chat accounts: the console and a confirmed address create their own."""
    return write_csv(
        COLUMNS,
        (
            [it.name, it.organisation or "", it.role_words, " ".join(str(each) for each in it.accounts if each.in_chat)]
            for it in people
        ),
    )


def read(text: str, members: Collection[str]) -> list[tuple[int, Person]]:
    """Parse a table with the columns name, organization, roles, accounts: line and person, without an id.

    Raises `InvalidTable`.
    """
    table = csv_table(text)
    columns = tuple(name.strip().lower().replace("isation", "ization") for name in table.fieldnames or ())  # as in 0.1
    if columns != COLUMNS:
        raise InvalidTable(f"The first line must be {','.join(COLUMNS)}. /people export gives a table to start from.")
    table.fieldnames = COLUMNS
    rows, slips = parse_rows(table, partial(_row, members=members))
    seen: dict[str, int] = {}
    for line, person in rows:
        for what in {person.name.casefold(), *map(str, person.accounts)}:
            if what in seen:
                slips.append(f"line {line}: “{what}” is already in line {seen[what]}")
            seen.setdefault(what, line)
    if slips or not rows:
        raise InvalidTable("; ".join(slips) or "The table is empty.")
    return rows


def _row(line: int, cells: dict[str, str], members: Collection[str]) -> tuple[int, Person]:
    name, organisation, *lists = (" ".join(bare(cells[column]).split()) for column in COLUMNS)
    roles, accounts = (cell.replace(",", " ").replace(";", " ").split() for cell in lists)
    if not name or len(name) > _LONGEST:
        raise ValueError(f"a name has 1 to {_LONGEST} characters")
    if organisation and organisation not in members:
        raise ValueError(f"coalition.yml has no member “{organisation}”")
    if unknown := next((word for word in roles if word.lower() not in set(Role)), ""):
        raise ValueError(f"“{unknown}” is not a role; the roles are {', '.join(Role)}")
    if wrong := next((word for word in accounts if account(word) is None), ""):
        raise ValueError(f"“{wrong}” is not an account: write slack:TEAM/USER or discord:GUILD/USER")
    person = Person(
        id="",
        name=name,
        organisation=organisation or None,
        roles=frozenset(Role(word.lower()) for word in roles),
        accounts=tuple(filter(None, map(account, accounts))),
    )
    if Role.REPRESENTATIVE in person.roles and not organisation:
        raise ValueError("a representative needs an organization")
    return line, person
