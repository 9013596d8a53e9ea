"""Parse untrusted bodies in a child process under limits: both ends of the pipe.

The child (`bot/shared/isolation.py`) reads the body from its standard input and answers on its standard output.
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any, Final

from bot.shared import isolation

TIMEOUT: Final = 30  # seconds of wall time, enough for a busy machine


async def ask(module: str, head: Any, body: bytes, seconds: float = TIMEOUT) -> bytes | None:
    """Run `python -m module` on `head` (JSON) and `body`; its output, or None if it exceeded its time or memory."""
    command, options = isolation.starting(module)
    pipe = asyncio.subprocess.PIPE
    child = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, **options)
    try:
        async with asyncio.timeout(seconds):
            out, _ = await child.communicate(json.dumps(head).encode() + b"\n" + body)
    except TimeoutError:
        return None
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    return out if child.returncode == 0 and out else None


def read_question(memory: int, cpu: int) -> tuple[Any, bytes]:
    """In the child: set the limits (bytes of address space, seconds of CPU), then read (head, body)."""
    isolation.confine(memory)
    isolation.grant_time(cpu)
    head = json.loads(sys.stdin.buffer.readline())
    return head, sys.stdin.buffer.read()
