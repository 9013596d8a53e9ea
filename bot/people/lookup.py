"""Look up people and members by what someone typed, complete their names, and describe a person in a line."""

from __future__ import annotations

from collections.abc import Sequence

from bot.commands.model import Choice, Context, Refused
from bot.people import records
from bot.people.model import Person
from bot.shared.wording import dotted


def person_choices(ctx: Context, typed: str) -> Sequence[Choice]:
    matches = [person for person in records.people(ctx.tx) if typed.casefold() in person.name.casefold()]
    return [Choice(person.id, person.name) for person in matches]


def member_choices(ctx: Context, typed: str) -> Sequence[Choice]:
    members = [Choice(id_, member.name) for id_, member in ctx.config.coalition.members.items()]
    return [each for each in members if typed.casefold() in f"{each.value} {each.label}".casefold()]


def find_person(ctx: Context, text: str, param: str = "person") -> Person:
    """Return the one person with that id, name or part of a name. Raises `Refused`."""
    everyone, name = records.people(ctx.tx), text.casefold()
    exact = [person for person in everyone if text == person.id or name == person.name.casefold()]
    matches = exact or [person for person in everyone if name in person.name.casefold()]
    if not matches:
        raise Refused(f"No one here is called “{text[:80]}”. /people list shows everyone.", param=param)
    if len(matches) > 1:
        names = ", ".join(person.name for person in matches[:5])
        raise Refused(f"“{text[:80]}” could be {names}. Write the full name.", param=param)
    return matches[0]


def person_named(ctx: Context, name: str) -> Person | None:
    everyone = records.people(ctx.tx)
    return next((each for each in everyone if name == each.id or name.casefold() == each.name.casefold()), None)


def find_member(ctx: Context, text: str, param: str = "organization") -> str:
    """Return a member's id, from its id or a name. Raises `Refused`."""
    coalition = ctx.config.coalition
    if id_ := coalition.member_named(text):
        return id_
    members = f"The members are: {', '.join(coalition.members)}."
    if not coalition.members:
        members = "There are no members yet: add them under `members:` in coalition.yml."
    raise Refused(f"There is no member “{text[:80]}”. {members}", param=param)


def describe(ctx: Context, person: Person) -> str:
    """`ABC · representative · slack:T0123/U0456`."""
    member = ctx.config.coalition.members.get(person.organisation or "")
    name = (member.short or member.name) if member else (person.organisation or "")
    accounts = ", ".join(map(str, person.accounts)) or "no account"
    return dotted(name, person.role_words or "no role", accounts)
