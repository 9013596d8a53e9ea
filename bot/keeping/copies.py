"""Where copies of the store lie: whoever asks to be erased is in those, too. The SQL of `backup`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.store.database import Database, Reader, from_text, to_text


@dataclass(frozen=True, slots=True)
class Copy:
    path: Path
    made_at: datetime


def note(db: Database, coalition_id: str, path: Path, now: datetime) -> None:
    """Remember that there is a copy at `path`."""
    sql = """
        INSERT INTO backup (coalition_id, path, made_at) VALUES (:coalition, :path, :now)
        ON CONFLICT (coalition_id, path) DO UPDATE SET made_at = excluded.made_at
    """
    with db.write() as tx:
        tx.execute(sql, {"coalition": coalition_id, "path": str(path.absolute()), "now": to_text(now)})


def noted(db: Reader, coalition_id: str) -> Sequence[Copy]:
    """Every copy that was made, oldest first, be it there still or not."""
    sql = "SELECT path, made_at FROM backup WHERE coalition_id = :coalition ORDER BY made_at, path"
    return [Copy(Path(row["path"]), from_text(row["made_at"])) for row in db.read(sql, {"coalition": coalition_id})]
