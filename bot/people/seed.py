"""People who exist before anyone could link them: the first administrators, and the console's users."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bot.commands.model import Actor, Refused, Role
from bot.config.coalition import Coalition
from bot.people import records
from bot.people.model import Account, Person, account
from bot.store.database import Reader, Transaction


def is_seeded(db: Reader, coalition: Coalition) -> bool:
    """Whether there is an administrator, or coalition.yml names none."""
    return not coalition.administrators or bool(records.administrators(db))


def seed(tx: Transaction, coalition: Coalition, now: datetime, *, new_id: Callable[[], str]) -> None:
    """Link the administrators of coalition.yml if there is none.

    Only then: someone removed in chat must not come back with the next start.
    """
    if is_seeded(tx, coalition):
        return
    for text in coalition.administrators:
        who = account(text)
        assert who is not None, "the configuration was checked"
        current = records.person_of_account(tx, who)
        roles = frozenset({Role.ADMINISTRATOR})
        if current is None:
            new = Person(id=new_id(), name=f"administrator {who}", roles=roles, accounts=(who,))
            records.add(tx, new, by=None, now=now)
        else:
            records.change(tx, current, replace(current, roles=current.roles | roles), by=None, now=now)


def console_actor(
    tx: Transaction, coalition: Coalition, stands_for: str, now: datetime, *, new_id: Callable[[], str]
) -> Actor:
    """Return the console's actor for `stands_for`: a role, or `representative:MEMBER`. Raises `Refused`.

    Each is its own person ("console (policy)"), so that the audit and assigned work can name it.
    """
    word, _, organisation = stands_for.partition(":")
    if word not in [role.value for role in Role]:
        named = (f"{role.value}:MEMBER" if role is Role.REPRESENTATIVE else role.value for role in Role)
        member = f" For that member: representative:{word}." if word in coalition.members else ""
        raise Refused(f"“{word}” is not a role; the roles are {', '.join(named)}.{member}")
    role = Role(word)
    if (role is Role.REPRESENTATIVE) != bool(organisation) or (organisation and organisation not in coalition.members):
        members = ", ".join(coalition.members) or "none in coalition.yml"
        raise Refused(f"Write representative:MEMBER; other roles have no member. The members are {members}.")
    who = Account("console", "", stands_for)
    if records.person_of_account(tx, who) is None:
        person = Person(
            id=new_id(),
            name=f"console ({stands_for})",
            organisation=organisation or None,
            roles=frozenset({role}),
            accounts=(who,),
        )
        records.add(tx, person, by=None, now=now)
    return records.actor(tx, who)
