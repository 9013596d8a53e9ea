"""A person of the coalition, the accounts they act with, their roles; and people as a CSV table, and back. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Final

from bot.commands.model import Actor, Role
from bot.shared.csv_cells import read_table, write_csv
from bot.shared.values import ACCOUNT

# What a role lets a person do, in words.
RIGHTS: Final = {
    Role.ADMINISTRATOR: "change people, roles, sources and settings",
    Role.POLICY: "edit watches, and draft, edit and send letters",
    Role.PRESS: "use the press list, and answer for stories and inquiries",
    Role.REPRESENTATIVE: "sign and decline letters for {organization}",
    Role.APPROVER: "approve letters and file comments",
}
NOT_A_CHAT: Final = ("console", "mail", "web", "assistant")
COLUMNS: Final = ("name", "organization", "roles", "accounts")
_LONGEST: Final = 200  # characters of a name


@dataclass(frozen=True, slots=True, order=True)
class Account:
    """One user of one workspace or guild, including guests and people from other workspaces."""

    platform: str  # "slack" | "discord" | "mail" | "console" | "web" | "assistant"
    team: str  # the workspace's or guild's id; "" elsewhere
    user: str  # by mail the person's own id: their address is personal data; on the web and of an assistant a session's

    @property
    def in_chat(self) -> bool:
        return self.platform not in NOT_A_CHAT

    def __str__(self) -> str:
        if self.platform == "mail":
            return "mail"
        return f"{self.platform}:{self.team}/{self.user}" if self.team else f"{self.platform}:{self.user}"


def account(text: str) -> Account | None:
    """Parse `slack:T0123/U0456` or `discord:1100…/22…`; None for anything else."""
    if not re.fullmatch(ACCOUNT, text):
        return None
    platform, _, rest = text.partition(":")
    team, _, user = rest.partition("/")
    return Account(platform, team, user)


def cannot_act(who: Account, guild: str | None) -> str:
    """Return why nothing that this account types can reach the coalition; "" if it can.

    `guild`: the only Discord server in which the coalition answers, if there is one.
    """
    if who.platform != "discord" or not guild or who.team == guild:
        return ""
    return (
        f"{who} is an account of another Discord server. This coalition answers only in server {guild} "
        f"(DISCORD_GUILD_ID), so write discord:{guild}/{who.user}."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """`organisation`: their member organization's id in coalition.yml; None for staff of the coalition itself."""

    id: str
    name: str
    organisation: str | None = None
    roles: frozenset[Role] = frozenset()
    accounts: tuple[Account, ...] = ()

    @property
    def role_words(self) -> str:
        """The roles as text: "administrator, press"."""
        return ", ".join(role.value for role in Role if role in self.roles)


def current_roles(who: Person | Actor, members: Container[str]) -> frozenset[Role]:
    """Return someone's roles, without that of a representative whose organization is no member, or no longer one."""
    return who.roles if who.organisation in members else who.roles - {Role.REPRESENTATIVE}


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
    """Parse a table (name, organization, roles, accounts): line and person, without an id. Raises `InvalidTable`."""
    return read_table(text, COLUMNS, partial(_row, members=members, seen={}))


def _row(line: int, cells: dict[str, str], *, members: Collection[str], seen: dict[str, int]) -> tuple[int, Person]:
    """Parse a row. `seen`: the lines of names and accounts so far."""
    name, organisation, *lists = cells.values()
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
    for what in {person.name.casefold(), *map(str, person.accounts)}:
        if seen.setdefault(what, line) != line:
            raise ValueError(f"“{what}” is already in line {seen[what]}")
    return line, person
