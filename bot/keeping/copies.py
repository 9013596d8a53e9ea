"""Where copies of the store lie: whoever asks to be erased is in those, too. The SQL of `backup`."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Final

from bot.keeping.formats import Format, format_of
from bot.store.database import Database, Reader, from_text, to_text

_CHUNK: Final = 1 << 20  # bytes read at a time
_ENDS: Final = ("-wal", "-shm", ".lock")  # of the files of a store that is in use


@dataclass(frozen=True, slots=True)
class Copy:
    path: Path
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Found:
    """Where a name still stands. `gone`: copies that were made and are not there any more, or not on this machine."""

    holding: Sequence[Path]
    gone: Sequence[Path]


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


def search(known: Sequence[Copy], live: Path | None, names: Collection[str]) -> Found:
    """Which copies hold one of `names`: those that were made, and what lies beside them or beside the `live` store."""
    made = [copy.path for copy in known]
    beside = {path.parent for path in (*made, *([live.absolute()] if live else ()))}
    others = [path for folder in beside for end in ("*.db*", "*.zip") for path in folder.glob(end)]
    ours = {live.absolute().with_name(live.name + end) for end in ("", *_ENDS)} if live else set()
    needles = [form.encode() for name in names for form in {name, json.dumps(name)[1:-1]}]
    there = sorted(path for path in {*made, *others} - ours if path.is_file())
    return Found([path for path in there if _holds(path, needles)], [path for path in made if not path.exists()])


def _holds(path: Path, needles: Sequence[bytes]) -> bool:
    if format_of(path) is not Format.ZIP:
        with path.open("rb") as file:
            return _in_file(file, needles)
    with zipfile.ZipFile(path) as packed:
        for name in packed.namelist():
            with packed.open(name) as file:
                if _in_file(file, needles):
                    return True
    return False


def _in_file(file: IO[bytes], needles: Sequence[bytes]) -> bool:
    return any(needle in part for part in _overlapping(file, max(map(len, needles))) for needle in needles)


def _overlapping(file: IO[bytes], by: int) -> Iterator[bytes]:
    """The file in parts that share so many bytes that nothing is cut in two."""
    tail = b""
    while part := file.read(_CHUNK):
        yield tail + part
        tail = (tail + part)[-by:]
