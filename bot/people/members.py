"""Members and people by their names: looked up and completed, and names that look alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from bot.commands.model import Choice, Context, Reference, Refused, Role
from bot.config.coalition import Coalition
from bot.people import records
from bot.people.model import Person
from bot.shared.language import gettext, gettext_noop
from bot.shared.lookalikes import Lookalikes, unprintable, words_of
from bot.shared.wording import dotted, listed
from bot.store.database import Reader

_NOT_SHOWN: Final = gettext_noop(
    "The PDF of a letter cannot show “%(character)s”. Write the name and the title without it."
)


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


def person_named(db: Reader, name: str) -> Person | None:
    return records.person(db, ids_by_folded_name(db).get(name.casefold(), ""))


def ids_by_folded_name(db: Reader) -> dict[str, str]:
    named = records.names(db)  # the first of several with one name counts; an id is as good as a name
    return {name.casefold(): id_ for id_, name in reversed(named.items())} | {id_.casefold(): id_ for id_ in named}


def find_member(ctx: Context, text: str, param: str = "organization") -> str:
    """Return a member's id, from its id or a name. Raises `Refused`."""
    coalition = ctx.config.coalition
    for id_, member in coalition.members.items():
        if text.casefold() in (id_, member.name.casefold(), member.short.casefold()):
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


def names_of(coalition: Coalition) -> dict[str, tuple[str, ...]]:
    """Return every name of each member by id."""
    names_by_id = {id_: [each.name, each.short, each.legal_name] for id_, each in coalition.members.items()}
    for entity in coalition.entities.values():
        if entity.member in names_by_id:
            names_by_id[entity.member] += [entity.name, *(each.words for each in (*entity.names, *entity.short))]
    return {id_: tuple(filter(None, names)) for id_, names in names_by_id.items()}


def references(ctx: Context, kind: str, name: str) -> list[Reference]:
    """The people who represent a member; without it, they may do nothing for it."""
    if kind != "member":
        return []
    people = records.people(ctx.tx)
    names = [each.name for each in people if each.organisation == name and Role.REPRESENTATIVE in each.roles]
    verb = "represents" if len(names) == 1 else "represent"
    return [Reference(f"{listed(names)} {verb} it, and can no longer act for it.")] if names else []


def check_own_name(coalition: Coalition, member: str, name: str, param: str) -> None:
    """Raise `Refused` for a name that a letter cannot print, or like another member's: one would sign as the other."""
    if character := unprintable(name):
        raise Refused(gettext(_NOT_SHOWN, character=character), param=param)
    others = {id_: names for id_, names in names_of(coalition).items() if id_ != member}
    if other := Lookalikes(others).same(name):
        raise Refused(f"“{name}” looks like the name of another member, {others[other][0]}.", param=param)


def signatory_problem(signatory: str, names: Iterable[str], title: str = "") -> str:
    """Why this is not the name of the person who signs for an organization with these names; "" if it may be."""
    if character := unprintable(signatory + title):
        return gettext(_NOT_SHOWN, character=character)
    if signatory and not any(map(str.isalpha, signatory)):
        return gettext("“%(name)s” is not a name. Write the name of the person who signs.", name=signatory)
    if words_of(signatory) not in map(words_of, names):
        return ""
    return gettext(
        "“%(name)s” is the organization's name. Write the name of the person who signs for it.", name=signatory
    )
