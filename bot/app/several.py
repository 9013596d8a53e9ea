"""Several coalitions in one process: each a bot with its own store, over one network."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from functools import partial
from typing import Any, Final

from bot import wiring
from bot.app.application import App, build, leading, utc_now
from bot.config.load import Config
from bot.config.settings import Settings
from bot.sources.fetch.http import Limits, Pacing
from bot.sources.sharing import Sharing
from bot.store.address import Lock, lock_together

_FOR_ALL: Final = "poll"  # one process reads the sources of all, so that each is read once


@contextmanager
def open_all(
    coalitions: Sequence[tuple[Settings, Config]],
    *,
    clock: Callable[[], datetime] = utc_now,
    limits: Limits | None = None,
    **options: Any,
) -> Iterator[list[App]]:
    """Open each coalition's bot for a run, with its store's lock, with requests shared; `options` are those of `build`.

    Raises `StoreUnusable`, `AlreadyRunning`.
    """
    limits = limits or Limits()
    options |= {"clock": clock, "limits": limits, "sharing": Sharing(clock, Pacing(limits))}
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
