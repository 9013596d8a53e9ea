"""The files that go with a delivery, and who is named in them. The SQL of `delivery_file`."""

from __future__ import annotations

import html
import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import Enum
from typing import Final

from bot.commands.model import File
from bot.outbox.model import OPEN, State
from bot.store.database import Reader, Transaction, delete_rows, insert_rows
from bot.store.names import Names

_STATES: Final = ", ".join(f"'{state}'" for state in OPEN)
_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")  # the second is an empty one
_LARGEST: Final = 50_000_000  # bytes searched of one file in a ZIP
_DEEPEST: Final = 3  # ZIPs within ZIPs
_PARAGRAPH: Final = re.compile(r"</w:p>|<w:(?:tab|br|cr)\b[^>]*>")
_TAG: Final = re.compile(r"<[^>]*>")
_CLOSED: Final = (OSError, EOFError, RuntimeError, NotImplementedError, zlib.error, zipfile.BadZipFile)


@dataclass(frozen=True, slots=True)
class StrippedDelivery:
    """A waiting delivery whose files were deleted. `unsent`: none of it was posted yet."""

    id: str
    key: str
    unsent: bool


def put(tx: Transaction, delivery_id: str, files: Iterable[File]) -> None:
    rows = (asdict(file) | {"delivery_id": delivery_id, "position": n} for n, file in enumerate(files))
    insert_rows(tx, "delivery_file", rows)


def load(db: Reader, delivery_id: str) -> tuple[File, ...]:
    sql = "SELECT name, media_type, data, alt FROM delivery_file WHERE delivery_id = :id ORDER BY position"
    rows = db.read(sql, {"id": delivery_id})
    return tuple(File(row["name"], row["media_type"], bytes(row["data"]), row["alt"]) for row in rows)


def pending_bytes(db: Reader) -> int:
    """Return the size of all files that are still to be delivered, in bytes."""
    sql = f"""
        SELECT COALESCE(SUM(LENGTH(data)), 0) AS size FROM delivery_file WHERE delivery_id IN (
            SELECT id FROM delivery WHERE state IN ({_STATES}))
    """
    return int(db.read(sql)[0]["size"])


def strip(tx: Transaction, names: Names, now: datetime, of: Callable[[str], bool]) -> Sequence[StrippedDelivery]:
    """Delete files that contain the names, `of` waiting deliveries by their keys. Return those that had one.

    A picture's text is searched. A PDF cannot be, so it is deleted too unless the files with it were clean.
    """
    tx.execute(f"""
        DELETE FROM delivery_file WHERE delivery_id IN (SELECT id FROM delivery WHERE state NOT IN ({_STATES}))
    """)
    sql = f"""
        SELECT id, key, state, ref FROM delivery WHERE state IN ({_STATES})
          AND EXISTS (SELECT 1 FROM delivery_file WHERE delivery_id = delivery.id) ORDER BY seq
    """
    stripped = []
    for row in filter(lambda row: of(row["key"]), tx.read(sql)):
        scans = (scan_bytes(file.alt.encode() or file.data, names) for file in load(tx, row["id"]))
        if _combine(scans) is ScanResult.CLEAN:
            continue
        delete_rows(tx, "delivery_file", delivery_id=row["id"])
        if row["ref"] is not None:  # the message was posted, and no file follows
            sql = "UPDATE delivery SET state = 'sent', sent_at = COALESCE(sent_at, :now), lease = NULL WHERE id = :id"
            tx.execute(sql, {"id": row["id"], "now": now})
        unsent = row["ref"] is None and row["state"] in (State.PENDING, State.RETRY)
        stripped.append(StrippedDelivery(row["id"], row["key"], unsent))
    return stripped


def retire(tx: Transaction, delivery_id: str, why: str) -> None:
    """Drop a delivery for good and free its key, so that it can be enqueued again."""
    sql = "UPDATE delivery SET state = 'dropped', key = key || ':' || id, why = :why WHERE id = :id"
    tx.execute(sql, {"id": delivery_id, "why": why})


class ScanResult(Enum):
    """The result of searching a file; `CLOSED`: its format cannot be searched (a PDF, an encrypted file)."""

    NAMED = "named"
    CLEAN = "clean"
    CLOSED = "closed"


def scan_bytes(data: bytes, names: Names, depth: int = 0) -> ScanResult:
    """Search a document for the names: text, a Word file, or a ZIP of those."""
    if not data.startswith(_ZIP):
        return _scan_text(data, names)
    if depth == _DEEPEST:
        return ScanResult.CLOSED
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            return _combine(_scan_member(packed, part, names, depth + 1) for part in packed.infolist())
    except _CLOSED:
        return ScanResult.CLOSED


def _scan_member(packed: zipfile.ZipFile, part: zipfile.ZipInfo, names: Names, depth: int) -> ScanResult:
    if names.are_in(part.filename):
        return ScanResult.NAMED
    with packed.open(part) as source:
        data = source.read(_LARGEST + 1)
    return scan_bytes(data, names, depth) if len(data) <= _LARGEST else ScanResult.CLOSED


def _scan_text(data: bytes, names: Names) -> ScanResult:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return ScanResult.CLOSED
    if "\0" in text or text.startswith("%PDF-"):
        return ScanResult.CLOSED
    named = names.are_in(text)
    if not named and text.lstrip().startswith("<"):  # in a Word file tags may split a name, and separate paragraphs
        named = names.are_in(html.unescape(_TAG.sub("", _PARAGRAPH.sub("\n", text))))
    return ScanResult.NAMED if named else ScanResult.CLEAN


def _combine(looks: Iterable[ScanResult]) -> ScanResult:
    """Combine the results of files that belong together: the names are found if one file has them.

    A letter is sent as a Word file and as a PDF of the same words, so one can speak for the other: the result is
    "closed" only if more files could not be searched than could.
    """
    counts: Counter[ScanResult] = Counter()
    for look in looks:
        if look is ScanResult.NAMED:
            return look
        counts[look] += 1
    return ScanResult.CLOSED if counts[ScanResult.CLOSED] > counts[ScanResult.CLEAN] else ScanResult.CLEAN
