"""The files that go with a delivery. The SQL of `delivery_file`."""

from __future__ import annotations

from collections.abc import Iterable

from bot.command import File
from bot.store.database import Reader, Transaction


def put(tx: Transaction, delivery_id: str, files: Iterable[File]) -> None:
    sql = """
        INSERT INTO delivery_file (delivery_id, position, name, media_type, data)
        VALUES (:delivery, :position, :name, :media_type, :data)
    """
    rows = [
        {"delivery": delivery_id, "position": n, "name": file.name, "media_type": file.media_type, "data": file.data}
        for n, file in enumerate(files)
    ]
    tx.execute_many(sql, rows)


def of(db: Reader, delivery_id: str) -> tuple[File, ...]:
    sql = "SELECT name, media_type, data FROM delivery_file WHERE delivery_id = :id ORDER BY position"
    return tuple(File(row["name"], row["media_type"], bytes(row["data"])) for row in db.read(sql, {"id": delivery_id}))
