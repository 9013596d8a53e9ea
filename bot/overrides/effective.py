"""The effective configuration: the files with the changes from chat applied."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bot.config.load import Config, Problem
from bot.overrides import overlay, records
from bot.store.database import Database, Reader

log = logging.getLogger(__name__)


def outdated_overrides(db: Reader, files: Config, now: datetime) -> tuple[list[str], tuple[Problem, ...]]:
    """The active changes from chat, a line each, and the inactive ones, which no longer fit `files`."""
    changes = records.changes(db, files.coalition.id)
    left_out = overlay.fitting(files, changes, now).left_out
    return overlay.differences(replace(files, left_out=left_out), changes, now), left_out


class EffectiveConfig:
    """`config` returns the same object until something changes, so `is not` detects a change."""

    def __init__(self, db: Database, files: Config, clock: Callable[[], datetime]) -> None:
        self._db = db
        self._files = files
        self._clock = clock
        self._laid: tuple[object, Config] = (None, files)

    def config(self) -> Config:
        now = self._clock()
        changes = records.changes(self._db, self._files.coalition.id)
        mark = (tuple(changes), frozenset(overlay.muted(changes, now)))
        if mark != self._laid[0]:
            self._laid = (mark, self._made(changes, now))
        return self._laid[1]

    def _made(self, changes: list[overlay.Change], now: datetime) -> Config:
        if not changes:
            return self._files
        made = overlay.fitting(self._files, changes, now)
        for slip in made.left_out:
            log.warning("not active, because it no longer fits the files: %s", slip)
        return made
