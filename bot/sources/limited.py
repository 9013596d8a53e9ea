"""A process of its own for what a stranger wrote and what may take for ever: its two ends.

The child is given none of our secrets, reads the body from its standard input and answers on its standard output.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import sys
from pathlib import Path
from typing import Any, Final

PATIENCE: Final = 30  # seconds by the clock, for a machine that is busy
_ENVIRONMENT: Final = ("PATH", "LD_LIBRARY_PATH", "PYTHONHOME", "PYTHONPATH")  # what a Python may need to start
_ROOT: Final = Path(__file__).parents[2]


async def ask(module: str, head: Any, body: bytes, patience: float = PATIENCE) -> bytes | None:
    """What the child `python -m module` says to `head` (JSON) and `body`; None where it took too long or too much."""
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", module),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        cwd=_ROOT,
        env={name: value for name, value in os.environ.items() if name in _ENVIRONMENT},
    )
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
    for limit, most in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, cpu), (resource.RLIMIT_FSIZE, 0)):
        resource.setrlimit(limit, (most, most))
    head = json.loads(sys.stdin.buffer.readline())
    return head, sys.stdin.buffer.read()
