"""How much work code does, without a look at the clock: a busy machine changes nothing."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

BOT = str(Path(sys.modules["bot"].__path__[0]))


@contextmanager
def counted_lines() -> Iterator[list[None]]:
    """One element for each line of the bot's code that runs in this thread, each turn of a loop counted."""
    lines, before = list[None](), sys.gettrace()

    def inside(_frame, event, _arg):
        if event == "line":
            lines.append(None)
        return inside

    sys.settrace(lambda frame, _event, _arg: inside if frame.f_code.co_filename.startswith(BOT) else None)
    try:
        yield lines
    finally:
        sys.settrace(before)


def lines_run(of: Callable[[], object]) -> int:
    with counted_lines() as lines:
        of()
    return len(lines)


@contextmanager
def processor_limit(seconds: int) -> Iterator[None]:
    """End what runs away, in a regular expression for example, where no line of Python can be counted.

    As RLIMIT_CPU does, but for a part of this process. A sound run needs a twentieth of it at most, on a busy machine
    too, and one that takes more than linear time many times as much.
    """

    def stop(_signal, _frame):
        pytest.fail(f"it needs more than {seconds} s of a processor")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
