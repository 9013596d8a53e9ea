"""A process of its own for what a stranger wrote and what may take for ever: its two ends.

The child (`bot/shared/isolation.py`) reads the body from its standard input and answers on its standard output.
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any, Final

from bot.shared import isolation

PATIENCE: Final = 30  # seconds by the clock, for a machine that is busy


async def ask(module: str, head: Any, body: bytes, patience: float = PATIENCE) -> bytes | None:
    """What the child `python -m module` says to `head` (JSON) and `body`; None where it took too long or too much."""
    command, options = isolation.starting(module)
    pipe = asyncio.subprocess.PIPE
    child = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, **options)
    try:
        async with asyncio.timeout(patience):
            out, _ = await child.communicate(json.dumps(head).encode() + b"\n" + body)
    except TimeoutError:
        return None
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    return out if child.returncode == 0 and out else None


def question(memory: int, cpu: int) -> tuple[Any, bytes]:
    """In the child: what is asked, read under limits of `memory` bytes of address space and `cpu` seconds."""
    isolation.confine(memory)
    isolation.grant_time(cpu)
    head = json.loads(sys.stdin.buffer.readline())
    return head, sys.stdin.buffer.read()
