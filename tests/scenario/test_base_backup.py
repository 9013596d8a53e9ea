"""The recipe of docs/operations.md for copies by PostgreSQL: pg_basebackup, then a server started on the copy."""

from __future__ import annotations

import shutil
from contextlib import closing

import pytest

from bot.store.address import address
from tests.kit.outbox import COALITION, add_coalition
from tests.peers.need import need
from tests.peers.postgres import Server


@pytest.mark.long
def test_a_server_started_on_a_base_backup_has_every_row_and_takes_new_ones():
    programs = need("initdb").resolve().parent
    server = Server(lasting=True)
    try:
        url = server.database()
        with closing(address(url).create()) as db:
            add_coalition(db)
        copy = server.folder / "base"
        options = [f"--dbname={server.url('postgres')}", f"--pgdata={copy}", "--wal-method=stream", "--checkpoint=fast"]
        server._run(programs / "pg_basebackup", *options)
        server._run(programs / "pg_verifybackup", copy)
        server.halt()
        shutil.rmtree(server.folder / "data")
        copy.rename(server.folder / "data")
        server._start()
        with closing(address(url).open()) as db:
            assert [row["id"] for row in db.read("SELECT id FROM coalition")] == [COALITION]
            with db.write() as tx:
                tx.execute("UPDATE coalition SET name = 'Restored'")
    finally:
        server.stop()
