"""The SQL of `setting_change`: every change of a setting, in order. The newest of each section is in force."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from bot.overrides.overlay import Change
from bot.store.database import Reader, Transaction
from bot.store.rows import Rows

Effect = Literal["set", "removed", "reset"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingChange:
    """A version of one section. `effect`: set to `body`, removed, or reset to the file's value.

    `undoes`: the version that it undid.
    """

    version: int = 0  # given when it is stored
    kind: str
    name: str
    effect: Effect
    body: str | None = None
    undoes: int | None = None
    at: datetime
    by: str | None

    @property
    def override(self) -> Change | None:
        """What it changes in the files; None if the file's value is used."""
        return None if self.effect == "reset" else Change(kind=self.kind, name=self.name, body=self.body)


_CHANGES: Final = Rows(SettingChange, {"at": "changed_at", "by": "changed_by"})


def overrides(db: Reader, coalition_id: str) -> list[Change]:
    """Every section that chat has changed, in the order of the changes."""
    sql = """
        SELECT * FROM setting_change AS s WHERE coalition_id = :coalition AND version = (
            SELECT MAX(version) FROM setting_change AS l
            WHERE l.coalition_id = s.coalition_id AND l.kind = s.kind AND l.name = s.name)
        ORDER BY version
    """
    newest = (_CHANGES.read(row).override for row in db.read(sql, {"coalition": coalition_id}))
    return [override for override in newest if override]


def all_changes(db: Reader, coalition_id: str) -> list[SettingChange]:
    """Every change, newest first."""
    sql = "SELECT * FROM setting_change WHERE coalition_id = :coalition ORDER BY version DESC"
    return _CHANGES.all(db, sql, {"coalition": coalition_id})


def last(db: Reader, coalition_id: str, kind: str, name: str) -> SettingChange | None:
    """The newest change of one section or item."""
    return next((each for each in all_changes(db, coalition_id) if (each.kind, each.name) == (kind, name)), None)


def active(changes: Iterable[SettingChange], undone: Iterable[int] = ()) -> list[SettingChange]:
    """The changes, given and returned newest first, that are not undone and undid nothing.

    `undone`: versions to take as undone, too. An undo that was itself undone counts for nothing.
    """
    gone, left = {*undone}, []
    for change in changes:
        if change.version not in gone and change.undoes is None:
            left.append(change)
        elif change.version not in gone and change.undoes is not None:
            gone.add(change.undoes)
    return left


def append(tx: Transaction, coalition_id: str, change: SettingChange) -> int:
    """Store a change, which is in force from then on; return its version."""
    sql = "SELECT COALESCE(MAX(version), 0) + 1 AS n FROM setting_change WHERE coalition_id = :coalition"
    version = int(tx.read(sql, {"coalition": coalition_id})[0]["n"])
    tx.execute(
        """
        INSERT INTO setting_change (coalition_id, version, kind, name, effect, body, undoes, changed_at, changed_by)
        VALUES (:coalition, :version, :kind, :name, :effect, :body, :undoes, :at, :by)
        """,
        _CHANGES.params(change, coalition=coalition_id, version=version),
    )
    return version
