"""D1 and D3 on a server: a disk without room, and a damaged page. PostgreSQL is real in both."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from bot.store import postgres
from bot.store.address import address
from bot.store.database import StoreUnusable
from tests.kit import stores
from tests.kit.outbox import Kit, add_coalition
from tests.peers.postgres import Server

_FULL = """
    CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$
"""


async def test_d1_while_the_server_s_disk_is_full_nothing_is_posted_and_afterwards_all_of_it_once(
    slack, tmp_path, monkeypatch
):
    monkeypatch.setattr(stores, "CHOSEN", "postgres")
    with closing(stores.create(tmp_path / "coalition.db")) as database:
        add_coalition(database)
        kit = Kit(database)
        kit.say("a")
        deliverer = kit.deliverer(kit.slack(slack.url))
        with postgres.connect(database.url) as conn:
            conn.execute(_FULL)
            conn.execute("CREATE TRIGGER full_disk BEFORE UPDATE ON delivery EXECUTE FUNCTION full_disk()")
        with pytest.raises(StoreUnusable, match=r"cannot be written .*No space left"):
            await deliverer.run_once()
        assert slack.calls["post"] == 0
        with postgres.connect(database.url) as conn:
            conn.execute("DROP TRIGGER full_disk ON delivery")
        assert (await deliverer.run_once()).sent == 1
        assert len(slack.visible("C0POLICY")) == 1
        await deliverer.close()


@pytest.mark.long
def test_d3_a_damaged_page_of_a_server_is_called_that():
    server = Server(lasting=True)
    try:
        place = address(server.database("damaged"))
        with closing(place.create()) as database:
            add_coalition(database)
            (row,) = database.read("SELECT pg_relation_filepath('coalition') AS file")
        server.halt()
        path = Path(server.folder, "data", row["file"])
        path.write_bytes(b"\xff" * 512 + path.read_bytes()[512:])
        server.restart()
        with closing(place.open()) as database, pytest.raises(StoreUnusable, match=r"damaged .*Restore a backup"):
            database.read("SELECT name FROM coalition")
    finally:
        server.stop()
