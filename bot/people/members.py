"""The member organizations' names: legal ones, from coalition.yml or set by an administrator, and names like them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from bot.commands.model import Context, Reference, Refused, Role
from bot.config.coalition import Coalition
from bot.people import records
from bot.shared.lookalikes import Lookalikes, unprintable, words_of
from bot.shared.wording import listed
from bot.store.database import Reader, Transaction
from bot.store.rows import insert_rows

_NOT_SHOWN: Final = "The PDF of a letter cannot show “{}”. Write the name and the title without it."


def legal_names(db: Reader, coalition: Coalition) -> dict[str, str]:
    """Return each member's legal name by id, in the order of coalition.yml."""
    rows = db.read("SELECT * FROM member_name")
    in_chat = {row["member"]: row["legal_name"] for row in rows}
    return {id_: in_chat.get(id_) or member.legal_name or member.name for id_, member in coalition.members.items()}


def names_of(db: Reader, coalition: Coalition) -> dict[str, tuple[str, ...]]:
    """Return every name of each member by id: from coalition.yml, and the one set in chat."""
    names_by_id = {
        id_: [member.name, member.short, member.legal_name, legal]
        for (id_, member), legal in zip(coalition.members.items(), legal_names(db, coalition).values(), strict=True)
    }
    for entity in coalition.entities.values():
        if entity.member in names_by_id:
            names_by_id[entity.member] += [entity.name, *(each.words for each in (*entity.names, *entity.short))]
    return {id_: tuple(filter(None, names)) for id_, names in names_by_id.items()}


def set_legal_name(tx: Transaction, member: str, name: str, *, by: str | None, now: datetime) -> None:
    """Set a member's legal name. An empty one restores the name in coalition.yml."""
    tx.execute("DELETE FROM member_name WHERE member = :member", {"member": member})
    if name:
        insert_rows(tx, "member_name", [{"member": member, "legal_name": name, "set_by": by, "set_at": now}])


def references(ctx: Context, kind: str, name: str) -> list[Reference]:
    """The people who represent a member; without it, they may do nothing for it."""
    if kind != "member":
        return []
    people = records.people(ctx.tx)
    names = [each.name for each in people if each.organisation == name and Role.REPRESENTATIVE in each.roles]
    verb = "represents" if len(names) == 1 else "represent"
    return [Reference(f"{listed(names)} {verb} it, and can no longer act for it.")] if names else []


def check_own_name(db: Reader, coalition: Coalition, member: str, name: str, param: str) -> None:
    """Raise `Refused` if the name of a member reads like another's: its representative would sign under it; or if a
    letter cannot print it.
    """
    if character := unprintable(name):
        raise Refused(_NOT_SHOWN.format(character), param=param)
    others = {id_: names for id_, names in names_of(db, coalition).items() if id_ != member}
    if other := Lookalikes(others).same(name):
        raise Refused(f"“{name}” looks like the name of another member, {others[other][0]}.", param=param)


def signatory_problem(signatory: str, names: Iterable[str], title: str = "") -> str:
    """Why this is not the name of the person who signs for an organization with these names; "" if it may be."""
    if character := unprintable(signatory + title):
        return _NOT_SHOWN.format(character)
    if signatory and not any(map(str.isalpha, signatory)):
        return f"“{signatory}” is not a name. Write the name of the person who signs."
    if words_of(signatory) not in map(words_of, names):
        return ""
    return f"“{signatory}” is the organization's name. Write the name of the person who signs for it."
