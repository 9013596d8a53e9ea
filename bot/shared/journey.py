"""The id of the journey under way: from a command or a source's answer to the messages that it causes.

It is in each log line written as JSON, and with each queued message, so that one search finds all of it. Of several
coalitions in one process, the one that is served is in each line, too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

_CURRENT: Final[ContextVar[tuple[object, ...] | str]] = ContextVar("journey", default="")  # its cause, or its id
_SERVED: Final[ContextVar[str]] = ContextVar("coalition", default="")
_LENGTH: Final = 12  # characters of an id


def current() -> str:
    """Return the id of the journey under way, "" outside one: the same for the same cause, which it does not show."""
    under_way = _CURRENT.get()
    if isinstance(under_way, str):
        return under_way
    return hashlib.sha256(" ".join(map(str, under_way)).encode()).hexdigest()[:_LENGTH]


@contextmanager
def travel(*cause: object, id_: str = "") -> Iterator[None]:
    """Let the block, and the threads and tasks that it starts, be part of the journey with that cause, or that id."""
    token = _CURRENT.set(cause or id_)
    try:
        yield
    finally:
        _CURRENT.reset(token)


def served() -> str:
    """Return which coalition of several is served, "" if there is one or the work is for all."""
    return _SERVED.get()


def shell_command(words: str) -> str:
    """Return how to type that command on the server: of several coalitions, for the one that is served."""
    return f"coalition-bot {words} --coalition {served()}" if served() else f"coalition-bot {words}"


@contextmanager
def serve(coalition: str) -> Iterator[None]:
    """Let the block, and the threads and tasks that it starts, be work for that coalition."""
    token = _SERVED.set(coalition)
    try:
        yield
    finally:
        _SERVED.reset(token)
