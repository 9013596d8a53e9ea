"""Threads for what people wait for, apart from those of background work.

The threads of `asyncio.to_thread` take in what sources bring. A page or an answer that had to wait for one of them came
after the whole flood.
"""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Final, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

_POOL: Final = ThreadPoolExecutor(4, thread_name_prefix="people")  # started when first used


async def for_people(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """As `asyncio.to_thread`, in a thread that background work never takes."""
    context = contextvars.copy_context()
    return await asyncio.get_running_loop().run_in_executor(_POOL, partial(context.run, work, *args, **kwargs))
