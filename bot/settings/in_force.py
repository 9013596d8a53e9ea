"""What is in force: the files with the changes from chat over them."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.config.load import Config, Problem
from bot.settings import records
from bot.settings.changes import difference, differences, fitting
from bot.store.database import Database, Reader

log = logging.getLogger(__name__)


def changed_in_chat(db: Reader, files: Config, now: datetime) -> tuple[list[str], tuple[Problem, ...]]:
    """The active changes from chat, a line each, and the inactive ones, which no longer fit `files`."""
    changes = records.changes(db)
    left_out = fitting(files, changes).left_out
    mutes = records.muted(db, now)
    lines = [f"watches.{name}: muted until {until:%Y-%m-%d %H:%M} UTC" for name, until in mutes.items()]
    return [*differences(replace(files, left_out=left_out), changes), *lines], left_out


def settle(db: Database, files: Config, now: datetime) -> None:
    """Let the files count again for each change that they now have too: an export was put in their place.

    The removal of what chat had set before stays a change, so that it can be restored.
    """
    same = [
        change
        for change in records.changes(db)
        if not difference(files, change)
        and (change.body is not None or len(records.active(records.versions(db, change.kind, change.name))) == 1)
    ]
    if same:
        with db.write() as tx:
            for change in same:
                settled = records.SettingChange(kind=change.kind, name=change.name, effect="in files", at=now, by=None)
                records.append(tx, settled)


@dataclass(eq=False, repr=False)
class EffectiveConfig:
    """`config` returns the same object until something changes, so `is not` detects a change."""

    db: Database
    files: Config
    clock: Callable[[], datetime]

    def __post_init__(self) -> None:
        self._made: tuple[object, Config] = (None, self.files)

    def config(self) -> Config:
        mutes = frozenset(records.muted(self.db, self.clock()))
        mark = (records.newest_version(self.db), mutes)
        if mark != self._made[0]:
            changes = records.changes(self.db)
            made = fitting(self.files, changes, mutes) if changes or mutes else self.files
            for slip in made.left_out:
                log.warning("not active, because it no longer fits the files: %s", slip)
            self._made = (mark, made)
        return self._made[1]
