"""The legal names under which the member organizations sign: coalition.yml's, unless an administrator set another."""

from __future__ import annotations

from datetime import datetime

from bot.config.coalition import Coalition
from bot.store.database import Reader, Transaction, to_text


def legal_names(db: Reader, coalition: Coalition) -> dict[str, str]:
    """By the members' ids in coalition.yml, in its order."""
    rows = db.read("SELECT * FROM member_name WHERE coalition_id = :coalition", {"coalition": coalition.id})
    in_chat = {row["member"]: row["legal_name"] for row in rows}
    return {id_: in_chat.get(id_) or member.legal_name or member.name for id_, member in coalition.members.items()}


def names_of(db: Reader, coalition: Coalition) -> dict[str, tuple[str, ...]]:
    """Every name that a member goes by, by its id: those of coalition.yml, and the one that was set in chat."""
    found = {
        id_: [member.name, member.short, member.legal_name, legal]
        for (id_, member), legal in zip(coalition.members.items(), legal_names(db, coalition).values(), strict=True)
    }
    for entity in coalition.entities.values():
        if entity.member in found:
            found[entity.member] += [entity.name, *(each.words for each in (*entity.names, *entity.short))]
    return {id_: tuple(filter(None, names)) for id_, names in found.items()}


def set_legal_name(
    tx: Transaction, coalition_id: str, member: str, name: str, *, by: str | None, now: datetime
) -> None:
    """From now on it signs under this name; under the one of coalition.yml again where it is empty."""
    its = {"coalition": coalition_id, "member": member}
    tx.execute("DELETE FROM member_name WHERE coalition_id = :coalition AND member = :member", its)
    if name:
        sql = """
            INSERT INTO member_name (coalition_id, member, legal_name, set_by, set_at)
            VALUES (:coalition, :member, :name, :by, :now)
        """
        tx.execute(sql, its | {"name": name, "by": by, "now": to_text(now)})
