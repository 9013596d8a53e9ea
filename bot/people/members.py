"""The member organizations' legal names: from coalition.yml, unless an administrator set another."""

from __future__ import annotations

from datetime import datetime

from bot.commands.model import Reference, Role
from bot.config.coalition import Coalition
from bot.config.load import Config
from bot.people import records
from bot.shared.wording import listed
from bot.store.database import Reader, Transaction, to_text


def legal_names(db: Reader, coalition: Coalition) -> dict[str, str]:
    """Return each member's legal name by id, in the order of coalition.yml."""
    rows = db.read("SELECT * FROM member_name WHERE coalition_id = :coalition", {"coalition": coalition.id})
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


def set_legal_name(
    tx: Transaction, coalition_id: str, member: str, name: str, *, by: str | None, now: datetime
) -> None:
    """Set a member's legal name. An empty one restores the name in coalition.yml."""
    params = {"coalition": coalition_id, "member": member}
    tx.execute("DELETE FROM member_name WHERE coalition_id = :coalition AND member = :member", params)
    if name:
        sql = """
            INSERT INTO member_name (coalition_id, member, legal_name, set_by, set_at)
            VALUES (:coalition, :member, :name, :by, :now)
        """
        tx.execute(sql, params | {"name": name, "by": by, "now": to_text(now)})


def references(db: Reader, config: Config, kind: str, name: str) -> list[Reference]:
    """The people who represent a member; without it, they may do nothing for it."""
    if kind != "member":
        return []
    people = records.people(db, config.coalition.id)
    names = [each.name for each in people if each.organisation == name and Role.REPRESENTATIVE in each.roles]
    verb = "represents" if len(names) == 1 else "represent"
    return [Reference(f"{listed(names)} {verb} it, and can no longer act for it.")] if names else []
