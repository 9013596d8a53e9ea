"""Poll one address in a separate process and print the cost: ``python -m tests.poison.probe GOOD_URL BAD_URL``.

The good feed comes first, so that imports and first buffers do not count. Growth is of the highest resident size.
The kernel ends it where it needs more of a processor than twenty times what it should, and with it the test.
"""

import asyncio
import json
import resource
import sys
from datetime import UTC, datetime
from pathlib import Path

from bot.fetch.http import Fetcher, Limits
from bot.shared.answer import Fetched, FetchFailed, Memory
from bot.sources.feeds.feed import FeedSource

NOW = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
CPU = 60  # seconds of a processor


def highest() -> float:
    """Megabytes: the peak of this process's resident set."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


async def main(good: str, bad: str) -> None:
    fetcher = Fetcher("probe", allow_hosts=["127.0.0.1"], limits=Limits(gap=0))
    assert isinstance(await FeedSource("good", "Good", good, fetcher).poll(Memory(), NOW), Fetched)
    before = highest()
    answer = await FeedSource("bad", "Bad", bad, fetcher).poll(Memory(), NOW)
    assert isinstance(answer, (Fetched, FetchFailed))
    report = {
        "growth": highest() - before,
        "child": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024,
        "health": answer.health,
        "detail": answer.detail,
        "entries": len(answer.entries) if isinstance(answer, Fetched) else 0,
    }
    await fetcher.close()
    sys.stdout.write(json.dumps(report))


resource.setrlimit(resource.RLIMIT_CPU, (CPU, CPU))
asyncio.run(main(*sys.argv[1:]))
