"""The SQL of what was changed in chat, and what is in force: the files with these changes over them."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal

from bot.config.load import Config
from bot.settings.changes import MEMBER, WATCH, Change, difference, differences, fitting, section_body
from bot.store.database import Database, Reader, Rows, Transaction, from_text, insert_rows, one, save_row

_KEPT: Final = timedelta(days=7)  # how long drafts are stored

Effect = Literal["set", "removed", "reset", "in files"]
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingChange:
    """A version of one section. `effect`: set to `body`, removed, reset to the file's value, or now the same in files.

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
    def change(self) -> Change | None:
        """What it changes in the files; None if the file's value is used."""
        return Change(kind=self.kind, name=self.name, body=self.body) if self.effect in ("set", "removed") else None

    @property
    def section(self) -> tuple[str, str]:
        return self.kind, self.name


_CHANGES: Final = Rows(SettingChange, "setting_change", {"at": "changed_at", "by": "changed_by"})


def history(db: Reader) -> list[SettingChange]:
    """Every version of every section, newest first."""
    return _CHANGES.select(db, "ORDER BY version DESC")


def newest_version(db: Reader) -> int:
    return int(db.read("SELECT COALESCE(MAX(version), 0) AS n FROM setting_change")[0]["n"])


def changes(db: Reader) -> list[Change]:
    """What chat has changed: the newest version of each section, in the order of the changes."""
    newest: dict[tuple[str, str], SettingChange] = {}
    for version in history(db):
        newest.setdefault(version.section, version)
    return [version.change for version in reversed(newest.values()) if version.change]


def versions(db: Reader, kind: str, name: str) -> list[SettingChange]:
    """The versions of one section, newest first."""
    return [each for each in history(db) if each.section == (kind, name)]


def active(versions: Iterable[SettingChange], undone: Iterable[int] = ()) -> list[SettingChange]:
    """The versions, given and returned newest first, that a person made and that are not undone and undid nothing.

    What the files have had since is theirs: it may have changed there. `undone`: versions to take as undone, too. An
    undo that was itself undone counts for nothing.
    """
    gone, in_files, left = {*undone}, set(), []
    for version in versions:
        if version.version in gone or version.section in in_files:
            continue
        if version.effect == "in files":
            in_files.add(version.section)
        elif version.undoes is None:
            left.append(version)
        else:
            gone.add(version.undoes)
    return left


def append(tx: Transaction, change: SettingChange) -> int:
    """Store a version, which is in force from then on; return its number."""
    version = newest_version(tx) + 1
    _CHANGES.insert(tx, [change], version=version)
    return version


# --- watches that are muted -------------------------------------------------------------------------------------------


def muted(db: Reader, now: datetime) -> dict[str, datetime]:
    """The watches that are muted at `now`, and until when."""
    sql = "SELECT name, muted_until FROM overlay WHERE kind = :kind AND muted_until > :now ORDER BY name"
    rows = db.read(sql, {"kind": WATCH, "now": now})
    return {row["name"]: from_text(row["muted_until"]) for row in rows}


def mute(tx: Transaction, name: str, until: datetime, *, by: str | None, now: datetime) -> None:
    save_row(tx, "overlay", _row(WATCH, name, by, now) | {"muted_until": until}, key="kind, name")


# --- drafts -----------------------------------------------------------------------------------------------------------


def keep_draft(tx: Transaction, id_: str, draft: Change, *, by: str | None, now: datetime) -> None:
    """Save a change that was shown for a week; its id fits into any button."""
    sql = "DELETE FROM overlay WHERE kind LIKE '% draft' AND changed_at < :before"
    tx.execute(sql, {"before": now - _KEPT})
    before = versions(tx, draft.kind, draft.name)
    body = json.dumps({"name": draft.name, "body": draft.body, "version": before[0].version if before else 0})
    insert_rows(tx, "overlay", [_row(f"{draft.kind} draft", id_, by, now) | {"body": body}])


def draft(db: Reader, kind: str, id_: str, *, by: str | None) -> tuple[Change, int | None] | None:
    """A draft by this person, and its section's version when it was shown; None for a draft of an older release."""
    sql = "SELECT body FROM overlay WHERE kind = :kind AND name = :name AND changed_by = :by"
    row = one(db.read(sql, {"kind": f"{kind} draft", "name": id_, "by": by}))
    stored = json.loads(row["body"]) if row else {}
    return (Change(kind=kind, name=stored["name"], body=stored["body"]), stored.get("version")) if row else None


def _row(kind: str, name: str, by: str | None, now: datetime) -> dict[str, object]:
    return {"kind": kind, "name": name, "changed_at": now, "changed_by": by}


def changed_in_chat(db: Reader, files: Config, now: datetime) -> tuple[list[str], Config]:
    """The active changes from chat, a line each, and `files` with them: its `left_out` are those that do not fit."""
    stored = changes(db)
    active = fitting(files, stored)
    mutes = muted(db, now)
    lines = [f"watches.{name}: muted until {until:%Y-%m-%d %H:%M} UTC" for name, until in mutes.items()]
    return [*differences(replace(files, left_out=active.left_out), stored), *lines], active


def settle(db: Database, files: Config, now: datetime) -> None:
    """Let the files count again for each change that they now have too: an export was put in their place.

    The removal of what chat had set before stays a change, so that it can be restored.
    """
    same = [
        change
        for change in changes(db)
        if not difference(files, change)
        and (change.body is not None or len(active(versions(db, change.kind, change.name))) == 1)
    ]
    if same:
        with db.write() as tx:
            for change in same:
                settled = SettingChange(kind=change.kind, name=change.name, effect="in files", at=now, by=None)
                append(tx, settled)


def take_over_legal_names(db: Database, files: Config) -> None:
    """Turn the legal names that 0.2 stored apart from the settings into changes of their members."""
    if not db.read("SELECT 1 AS one FROM member_name LIMIT 1"):
        return
    with db.write() as tx:
        members = fitting(files, changes(tx)).coalition.members
        for row in tx.read("SELECT * FROM member_name ORDER BY set_at, member"):
            if member := members.get(row["member"]):
                body = section_body(member.model_copy(update={"legal_name": row["legal_name"]}))
                at, by = from_text(row["set_at"]), row["set_by"]
                append(tx, SettingChange(kind=MEMBER, name=row["member"], effect="set", body=body, at=at, by=by))
        tx.execute("DELETE FROM member_name")


@dataclass(eq=False, repr=False)
class EffectiveConfig:
    """`config` returns the same object until something changes, so `is not` detects a change."""

    db: Database
    files: Config
    clock: Callable[[], datetime]

    def __post_init__(self) -> None:
        self._made: tuple[object, Config] = (None, self.files)

    def config(self) -> Config:
        mutes = frozenset(muted(self.db, self.clock()))
        mark = (newest_version(self.db), mutes)
        if mark != self._made[0]:
            stored = changes(self.db)
            made = fitting(self.files, stored, mutes) if stored or mutes else self.files
            for slip in made.left_out:
                log.warning("not active, because it no longer fits the files: %s", slip)
            self._made = (mark, made)
        return self._made[1]
