"""The Python process of a running bot: it answers at once while threads work, stays small, and measures itself."""

from __future__ import annotations

import asyncio
import ctypes
import gc
import sys
from contextlib import suppress
from typing import Final

from bot.app.application import App

_ARENA_MAX: Final = -8  # glibc's number: malloc.h
_TIDY: Final = 600.0  # seconds
_LATENESS: Final = 1.0  # seconds between two measurements


def stay_prompt() -> None:
    """Keep the event loop responsive while threads work: a chat request must be acknowledged at once."""
    gc.collect()
    gc.freeze()  # what was imported and built stays: scanning it again blocked the event loop for 50 ms
    # A full collection, with 15,000 entries just read, blocked it for a second, so run it less often.
    gc.set_threshold(700, 10, 1_000)
    # Seconds for which a busy thread may keep the others waiting; Python's default is 0.005.
    sys.setswitchinterval(0.0005)


def stay_small() -> None:
    """Let all threads allocate from one arena. In one of their own, glibc keeps most of what they free."""
    with suppress(AttributeError):  # other C libraries have no arenas
        ctypes.CDLL(None).mallopt(_ARENA_MAX, 1)


def tidy() -> None:
    """Collect reference cycles, such as a failed answer's body, and give back to the system what is free: by itself
    glibc returns only the end of its heap.
    """
    gc.collect()
    with suppress(AttributeError):  # other C libraries have no such function
        ctypes.CDLL(None).malloc_trim(0)


async def keep_tidy(stop: asyncio.Event) -> None:
    while not stop.is_set():
        tidy()
        await pause(stop, _TIDY)


async def measure_lateness(app: App, stop: asyncio.Event) -> None:
    """Measure again and again how late the event loop wakes."""
    loop, seconds = asyncio.get_running_loop(), _LATENESS * app.slowdown
    while not stop.is_set():
        due = loop.time() + seconds
        await pause(stop, seconds)
        app.pulse.on_late(max(0.0, loop.time() - due))


async def pause(event: asyncio.Event, seconds: float) -> None:
    """Return when `event` is set, or after so many seconds."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
