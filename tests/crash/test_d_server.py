"""D1 and D3 on a server: a disk without room, and a damaged page. PostgreSQL is real in both."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from bot.store import postgres
from bot.store.address import address
from bot.store.database import StoreUnusable
from tests.kit import stores
from tests.kit.outbox import Kit, add_coalition, plain
from tests.peers.postgres import Server

_FULL = """
    CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$
"""


@pytest.mark.long
@pytest.mark.parametrize(("when", "posts"), [("true", 0), ("NEW.state = 'sent'", 1)], ids=["at once", "while sending"])
async def test_d1_a_server_s_full_disk_costs_neither_a_message_nor_a_repeat(slack, tmp_path, monkeypatch, when, posts):
    monkeypatch.setattr(stores, "CHOSEN", "postgres")
    with closing(stores.create(tmp_path / "coalition.db")) as database:
        add_coalition(database)
        kit = Kit(database)
        kit.say("a")
        deliverer = kit.deliverer(kit.slack(slack.url, plain))
        with postgres.connect(database.url) as conn:
            conn.execute(_FULL)
            conn.execute(
                "CREATE TRIGGER full_disk BEFORE UPDATE ON delivery FOR EACH ROW "
                f"WHEN ({when}) EXECUTE FUNCTION full_disk()"
            )
        with pytest.raises(StoreUnusable, match=r"cannot be written .*No space left"):
            await deliverer.run_once()
        assert slack.calls["post"] == posts
        with postgres.connect(database.url) as conn:
            conn.execute("DROP TRIGGER full_disk ON delivery")
        kit.clock.turn(minutes=1)  # until a lease is over
        assert (await deliverer.run_once()).sent == 1
        assert slack.visible("C0POLICY") == ["a"]
        await deliverer.close()


@pytest.mark.long
def test_d3_a_damaged_page_of_a_server_is_called_that():
    server = Server(lasting=True)
    try:
        place = address(server.database())
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
