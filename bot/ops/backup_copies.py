"""Track copies of the store, because an erased person's data is in those too. The SQL of `backup`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from bot.store.database import Database, Reader, from_text, to_text

_LIVE: Final = ("", "-wal", "-shm", ".lock")  # suffixes of the files of a store in use
# File types that may be copies or exports of the store; other files in a folder are ignored.
_KINDS: Final = re.compile(r"\.db|\.(?:sqlite3?|bak|zip|gz|xz|zst|bz2|7z|tar|gpg|age|enc|dump|sql)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Copy:
    path: Path
    made_at: datetime


@dataclass(frozen=True, slots=True)
class EarlierCopies:
    """Files that were made before an erasure, and so may still name who was erased.

    `gone`: recorded copies that no longer exist or are on another machine.
    """

    there: Sequence[Path]
    gone: Sequence[Path]


def record_copy(db: Database, path: Path, now: datetime, *, before_baseline: bool = False) -> None:
    """Record a copy. `before_baseline`: in a store of a release before 0.3, where each row has the coalition's id."""
    columns, values = "path, made_at", "VALUES (:path, :now)"
    if before_baseline:
        columns, values = f"coalition_id, {columns}", "SELECT id, :path, :now FROM coalition WHERE 1 = 1"
    sql = f"""
        INSERT INTO backup ({columns}) {values}
        ON CONFLICT ({columns.removesuffix(", made_at")}) DO UPDATE SET made_at = excluded.made_at
    """
    with db.write() as tx:
        tx.execute(sql, {"path": str(path.absolute()), "now": to_text(now)})


def recorded_copies(db: Reader) -> Sequence[Copy]:
    """Return every recorded copy, oldest first, whether or not it still exists."""
    sql = "SELECT path, made_at FROM backup ORDER BY made_at, path"
    return [Copy(Path(row["path"]), from_text(row["made_at"])) for row in db.read(sql)]


def earlier_copies(copies: Sequence[Copy], live: Path | None, home: Path) -> EarlierCopies:
    """Find the recorded copies, and files like them next to them, next to the `live` store or in `home`."""
    made = [copy.path for copy in copies]
    stores = (live.absolute(), live.resolve()) if live else ()  # as written, and with links resolved
    ours = {store.with_name(store.name + end) for store in stores for end in _LIVE}
    folders = {home, *(path.parent for path in (*made, *stores))}
    # A copy, a replaced store or its log: `coalition.db.until-…`, `nightly.db-wal`.
    others = [path for folder in folders if folder.is_dir() for path in folder.iterdir() if _KINDS.search(path.name)]
    there = [path for path in sorted({*made, *others} - ours) if path.is_file()]
    return EarlierCopies(there, [path for path in made if not path.exists()])
