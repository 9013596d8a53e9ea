"""The people who are there before anybody could link them: the first administrators, and who sits at the console."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bot.commands.model import Actor, Refused, Role
from bot.config.coalition import Coalition
from bot.people import records
from bot.people.model import Account, Person, account
from bot.store.database import Transaction


def seed(tx: Transaction, coalition: Coalition, now: datetime, *, new_id: Callable[[], str]) -> None:
    """Link the administrators of coalition.yml, where there is no administrator.

    Never else: whom an administrator has removed in chat must not come back with the next start.
    """
    if records.administrators(tx, coalition.id):
        return
    for text in coalition.administrators:
        who = account(text)
        assert who is not None, "the configuration was checked"
        known = records.person_of_account(tx, coalition.id, who)
        roles = frozenset({Role.ADMINISTRATOR})
        if known is None:
            new = Person(id=new_id(), name=f"administrator {who}", roles=roles, accounts=(who,))
            records.add(tx, coalition.id, new, by=None, now=now)
        else:
            records.change(tx, coalition.id, known, replace(known, roles=known.roles | roles), by=None, now=now)


def console_actor(
    tx: Transaction, coalition: Coalition, stands_for: str, now: datetime, *, new_id: Callable[[], str]
) -> Actor:
    """Who sits at the console as `stands_for`: a role, or `representative:MEMBER`. Calls come from its `user`.

    A person of its own ("console (policy)"), so that the audit and assigned work name it. Raises `Refused`.
    """
    word, _, organisation = stands_for.partition(":")
    if word not in [role.value for role in Role]:
        named = (f"{role.value}:MEMBER" if role is Role.REPRESENTATIVE else role.value for role in Role)
        raise Refused(f"“{word}” is no role; there are {', '.join(named)}.")
    role = Role(word)
    if (role is Role.REPRESENTATIVE) != bool(organisation) or (organisation and organisation not in coalition.members):
        known = ", ".join(coalition.members) or "none in coalition.yml"
        raise Refused(f"Write representative:MEMBER, and the other roles without; the members are {known}.")
    who = Account("console", "", stands_for)
    if records.person_of_account(tx, coalition.id, who) is None:
        person = Person(
            id=new_id(),
            name=f"console ({stands_for})",
            organisation=organisation or None,
            roles=frozenset({role}),
            accounts=(who,),
        )
        records.add(tx, coalition.id, person, by=None, now=now)
    return records.actor(tx, coalition.id, who)
