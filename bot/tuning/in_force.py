"""The configuration in force: the files, with what was changed in chat laid over them."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from bot.config.load import Config, ConfigError
from bot.store.database import Database, Reader
from bot.tuning import overlay, records

log = logging.getLogger(__name__)


def against_the_files(db: Reader, files: Config, now: datetime) -> list[str]:
    """What chat has changed against `files`, a line each."""
    return overlay.differences(files, records.changes(db, files.coalition.id), now)


class InForce:
    """`config` gives the same value as long as nothing changed, so that a change can be told by `is not`."""

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
        """The files alone where the changes agree with them no more: the bot goes on, and the log says why."""
        if not changes:
            return self._files
        try:
            return overlay.in_force(self._files, changes, now)
        except ConfigError as error:
            log.warning("changes made in chat no longer fit feeds.yml, which is followed alone: %s", error)
            return self._files
