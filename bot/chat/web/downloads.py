"""Files of answers, until the reader has downloaded them: ten minutes, in memory."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Final, NamedTuple

from bot.commands.model import File

_MINUTES: Final = 600.0  # seconds
_MOST: Final = 16_000_000  # bytes of all files together


class _Stored(NamedTuple):
    session: str
    file: File
    until: float


class Downloads:
    """Files by id, each for the session that asked for it. `ticks`: seconds of a monotonic clock."""

    def __init__(self, ticks: Callable[[], float], new_id: Callable[[], str]) -> None:
        self._ticks = ticks
        self._new_id = new_id
        self._files: OrderedDict[str, _Stored] = OrderedDict()

    def add(self, session: str, file: File) -> str:
        """Return the id under which the session can download the file."""
        id_ = self._new_id()
        self._files[id_] = _Stored(session, file, self._ticks() + _MINUTES)
        while len(self._files) > 1 and sum(len(each.file.data) for each in self._files.values()) > _MOST:
            self._files.popitem(last=False)
        return id_

    def get(self, session: str, id_: str) -> File | None:
        for old in [key for key, each in self._files.items() if each.until < self._ticks()]:
            del self._files[old]
        stored = self._files.get(id_)
        return stored.file if stored and stored.session == session else None
