"""Several coalitions in one process: each a bot with its own store, over one network."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any, Final

from bot import wiring
from bot.app.application import App, build, leading
from bot.config.load import Config
from bot.config.settings import Settings
from bot.store.address import Lock, lock_together

_FOR_ALL: Final = "poll"  # one process reads the sources of all, so that each is read once


@contextmanager
def open_all(coalitions: Sequence[tuple[Settings, Config]], **options: Any) -> Iterator[list[App]]:
    """Open each coalition's bot for a run, with its store's lock; `options` are those of `build`.

    Raises `StoreUnusable`, `AlreadyRunning`.
    """
    locks = lock_together([wiring.store_address(settings) for settings, _ in coalitions])
    with ExitStack() as opened:
        for lock in locks:
            opened.callback(lock.release)
        yield [
            opened.enter_context(build(settings, config, leads=partial(_leading, lock, config.coalition.id), **options))
            for (settings, config), lock in zip(coalitions, locks, strict=True)
        ]


def _leading(lock: Lock, coalition: str, part: str) -> bool:
    """Whether this process does that part of a coalition's work now; see `leading`."""
    return leading(lock, part if part == _FOR_ALL else f"{part}:{coalition}")
