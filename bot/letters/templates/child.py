"""Client of `sandbox.py`: one limited child process that is reused, and restarted after a template broke a limit."""

from __future__ import annotations

import atexit
import json
import subprocess
from collections.abc import Mapping
from threading import Lock, Timer
from typing import Any, Final

from bot.shared import isolation

_PATIENCE: Final = 10  # seconds of wall-clock time, generous for a busy machine
_LONGEST: Final = 16_000_000  # bytes of an answer: a letter of the longest kind, each character written as six or more
_TOO_MUCH: Final = {"failed": "it takes more than 2 seconds or 256 MB, so it was stopped: look for a loop in it"}


class _Child:
    """One child process, used by one thread at a time; started on first use, ended with this process."""

    def __init__(self) -> None:
        self._turn = Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def ask(self, question: Mapping[str, Any]) -> Mapping[str, Any]:
        line = json.dumps(question).encode() + b"\n"
        with self._turn:
            process = self._running()
            patience = Timer(_PATIENCE, process.kill)
            patience.start()
            try:
                reply = _exchange(process, line)
            finally:
                patience.cancel()
            if not reply.endswith(b"\n"):
                self._end()
                return _TOO_MUCH
        answer: Mapping[str, Any] = json.loads(reply)
        return answer

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            command, options = isolation.starting("bot.letters.templates.sandbox")
            pipe = subprocess.PIPE
            self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, **options)  # noqa: S603 - our own module
            atexit.register(self._end)
        return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        atexit.unregister(self._end)
        if process is not None:
            process.kill()
            process.communicate()


def _exchange(process: subprocess.Popen[bytes], line: bytes) -> bytes:
    assert process.stdin
    assert process.stdout
    try:
        process.stdin.write(line)
        process.stdin.flush()
        return process.stdout.readline(_LONGEST)
    except BrokenPipeError:
        return b""


_CHILD: Final = _Child()


def ask(question: Mapping[str, Any]) -> Mapping[str, Any]:
    """Call `sandbox.answer` in the child. The question must be JSON; anything else raises `TypeError`."""
    return _CHILD.ask(question)
