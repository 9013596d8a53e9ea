"""Client of `sandbox.py`: one limited child process that is reused, and restarted after a template broke a limit."""

from __future__ import annotations

import atexit
import json
from collections.abc import Mapping
from threading import Lock
from typing import Any, Final

from bot.shared.isolation import Child

_PATIENCE: Final = 10  # seconds, generous for a busy machine
_LONGEST: Final = 16_000_000  # bytes of an answer: a letter of the longest kind, each character written as six or more
_TOO_MUCH: Final = {"failed": "it takes more than 2 seconds or 256 MB, so it was stopped: look for a loop in it"}


class _Sandbox:
    """The child, used by one thread at a time; started on first use, ended with this process."""

    def __init__(self) -> None:
        self._turn = Lock()
        self._child: Child | None = None

    def ask(self, question: Mapping[str, Any]) -> Mapping[str, Any]:
        with self._turn:
            child = self._running()
            with child.patience():
                child.say(question)
                reply = child.output.readline(_LONGEST)
            if not reply.endswith(b"\n"):
                self._end()
                return _TOO_MUCH
        answer: Mapping[str, Any] = json.loads(reply)
        return answer

    def _running(self) -> Child:
        if self._child is None:
            self._child = Child("bot.letters.templates.sandbox", patience=_PATIENCE)
            atexit.register(self._end)
        return self._child

    def _end(self) -> None:
        child, self._child = self._child, None
        atexit.unregister(self._end)
        if child is not None:
            child.end()


_CHILD: Final = _Sandbox()


def ask(question: Mapping[str, Any]) -> Mapping[str, Any]:
    """Call `sandbox.answer` in the child. The question must be JSON; anything else raises `TypeError`."""
    return _CHILD.ask(question)
