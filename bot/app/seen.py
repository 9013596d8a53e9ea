"""What `check --online --save` saw of each source, one line of JSON each, in a file that a maintainer can commit.

The catalog reads `bot/config/seen.jsonl`: a source that answered is `verified` on the day of its line. A line has no
address and no text of the source, so nothing in it is secret.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from bot.config.feeds import SourceConfig
from bot.shared.answer import Answer, Fetched, NotModified
from bot.shared.health import Health
from bot.shared.private_files import write_private


@dataclass(frozen=True, slots=True)
class Seen:
    """One source on one day. `dated` and `worded`: how many of its entries have a date, and text besides the title."""

    source: str
    day: str
    network: str  # as the person who checked calls it: "home", "cloud"
    road: str  # "feed of dol.gov"
    health: str
    detail: str
    entries: int
    dated: int
    worded: int
    newest: str  # the day of the newest entry, "" if none has one


class Record:
    """The lines of one check."""

    def __init__(self, network: str, now: datetime) -> None:
        self._network = network
        self._day = now.date().isoformat()
        self._lines: list[Seen] = []

    def note(self, id_: str, config: SourceConfig, answer: Answer) -> None:
        """Add the line of what a source answered."""
        entries = answer.entries if isinstance(answer, Fetched) else ()
        days = [str(entry.publication_date or (entry.published and entry.published.date()) or "") for entry in entries]
        health, detail = (Health.UNCHANGED, "") if isinstance(answer, NotModified) else (answer.health, answer.detail)
        line = Seen(
            source=id_,
            day=self._day,
            network=self._network,
            road=config.label,
            health=health.value,
            detail=detail,
            entries=len(entries),
            dated=sum(map(bool, days)),
            worded=sum(bool(entry.summary or entry.text or entry.quotes) for entry in entries),
            newest=max(days, default=""),
        )
        self._lines.append(line)

    def save(self, path: Path) -> None:
        """Write the lines into the file, sorted, in place of older ones of the same sources and networks."""
        before = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        lines = {(line["source"], line["network"]): line for line in map(json.loads, before)}
        lines |= {(line.source, line.network): asdict(line) for line in self._lines}
        text = "".join(f"{json.dumps(lines[key], ensure_ascii=False)}\n" for key in sorted(lines))
        write_private(path, text.encode())
