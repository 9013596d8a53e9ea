"""Where copies of the store are: whoever asks to be erased is in those, too. The SQL of `backup`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from bot.store import file_search
from bot.store.database import Database, Reader, from_text, to_text
from bot.store.file_search import ScanResult
from bot.store.names import Names

TABLE_FROM: Final = "0011_keeping"  # the migration that made the table of backups
_LIVE: Final = ("", "-wal", "-shm", ".lock")  # ends of the files of a store that is in use
# What somebody may have kept of us beside a copy; anything else in a folder is none of ours.
_KINDS: Final = re.compile(
    r"\.db|\.(?:sqlite3?|bak|zip|csv|json|txt|docx|pdf|xlsx|ics|eml|gz|xz|zst|bz2|7z|tar|gpg|age|enc|dump|sql)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Copy:
    path: Path
    made_at: datetime


@dataclass(frozen=True, slots=True)
class CopySearch:
    """Where a name still is. `gone`: copies that were made and are not there any more, or not on this machine.

    `closed`: files that could not be looked into: encrypted or packed, damaged, PDFs, or not ours to read.
    """

    holding: Sequence[Path]
    gone: Sequence[Path]
    closed: Sequence[Path] = ()


def record_copy(db: Database, coalition_id: str, path: Path, now: datetime) -> None:
    """Remember that there is a copy at `path`."""
    sql = """
        INSERT INTO backup (coalition_id, path, made_at) VALUES (:coalition, :path, :now)
        ON CONFLICT (coalition_id, path) DO UPDATE SET made_at = excluded.made_at
    """
    with db.write() as tx:
        tx.execute(sql, {"coalition": coalition_id, "path": str(path.absolute()), "now": to_text(now)})


def recorded_copies(db: Reader, coalition_id: str) -> Sequence[Copy]:
    """Every copy that was made, oldest first, be it there still or not."""
    sql = "SELECT path, made_at FROM backup WHERE coalition_id = :coalition ORDER BY made_at, path"
    return [Copy(Path(row["path"]), from_text(row["made_at"])) for row in db.read(sql, {"coalition": coalition_id})]


def search(copies: Sequence[Copy], live: Path | None, names: Names, home: Path) -> CopySearch:
    """Which copies name them: those that were made, and files beside them, beside the `live` store or in `home`."""
    made = [copy.path for copy in copies]
    ours = {store.with_name(store.name + end) for store in _both(live) for end in _LIVE} if live else set()
    beside = {home, *(path.parent for path in (*made, *(_both(live) if live else ())))}
    others = [path for folder in beside if folder.is_dir() for path in folder.iterdir() if _is_kept(path)]
    looks = {path: _look(path, names) for path in sorted({*made, *others} - ours) if path.is_file()}
    holding, closed = (
        [path for path, look in looks.items() if look is its] for its in (ScanResult.NAMED, ScanResult.CLOSED)
    )
    return CopySearch(holding, [path for path in made if not path.exists()], closed)


def _both(path: Path) -> tuple[Path, Path]:
    """By its name, and where links lead."""
    return path.absolute(), path.resolve()


def _is_kept(path: Path) -> bool:
    """Also a store that was set aside, or its log: `coalition.db.until-…`, `nightly.db-wal`."""
    return _KINDS.search(path.name) is not None


def _look(path: Path, names: Names) -> ScanResult:
    try:
        return file_search.scan_file(path, names)
    except OSError:
        return ScanResult.CLOSED
