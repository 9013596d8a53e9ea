"""What a person follows, and when they may be told. The SQL of `preference`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.store.database import Reader, Transaction, to_text

_FOLLOWS: Final = "follows "
QUIET: Final = "quiet"
ZONE: Final = "zone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """`follows`: "ask:4", "bill:hr4323-119". `quiet`: "18:00-08:00" or "". `zone` "": the coalition's."""

    follows: tuple[str, ...] = ()
    quiet: str = ""
    zone: str = ""


def of(db: Reader, coalition_id: str, person: str) -> Preferences:
    sql = "SELECT name, value FROM preference WHERE coalition_id = :coalition AND person_id = :person ORDER BY name"
    found = {row["name"]: row["value"] for row in db.read(sql, {"coalition": coalition_id, "person": person})}
    return Preferences(
        follows=tuple(name.removeprefix(_FOLLOWS) for name in found if name.startswith(_FOLLOWS)),
        quiet=found.get(QUIET, ""),
        zone=found.get(ZONE, ""),
    )


def follow(tx: Transaction, coalition_id: str, person: str, what: str, now: datetime) -> None:
    put(tx, coalition_id, person, _FOLLOWS + what, to_text(now))


def unfollow(tx: Transaction, coalition_id: str, person: str, what: str) -> None:
    put(tx, coalition_id, person, _FOLLOWS + what, "")


def put(tx: Transaction, coalition_id: str, person: str, name: str, value: str) -> None:
    """Set a preference; an empty value takes it away."""
    params = {"coalition": coalition_id, "person": person, "name": name, "value": value}
    tx.execute(
        "DELETE FROM preference WHERE coalition_id = :coalition AND person_id = :person AND name = :name", params
    )
    if value:
        tx.execute(
            """
            INSERT INTO preference (coalition_id, person_id, name, value) VALUES (:coalition, :person, :name, :value)
            """,
            params,
        )
