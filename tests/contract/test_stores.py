"""What both stores keep: the port's promises, whichever engine is behind it."""

from __future__ import annotations

import asyncio
import gc
import random
import sqlite3
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest

from bot.app import loops, runtime
from bot.config.installation import own_database
from bot.shared.threads import PRIORITY
from bot.sources.feeds.feed import marks
from bot.sources.feeds.parse import Item
from bot.store import address as owner
from bot.store import memo, postgres, schema, sqlite
from bot.store.address import Address, address, lock_together
from bot.store.database import (
    Database,
    InterruptibleTransaction,
    Rows,
    StopRequested,
    StoreBusy,
    StoreError,
    StoreUnsure,
    StoreUnusable,
    delete_rows,
    insert_rows,
    select_in,
    update_rows,
)
from bot.store.lock import AlreadyRunning
from bot.store.postgres_lock import PostgresLock, is_locked
from bot.store.shape import copy_store, references_to
from tests.kit import stores
from tests.kit.alerts import TUESDAY, Room, news
from tests.peers.lost_commits import LostCommits
from tests.peers.postgres import Server
from tests.scenario.kit import Clock, Program, shipped

INSERT = "INSERT INTO coalition (id, name, created_at) VALUES (:id, :name, :at)"
ROW = {"id": "demo", "name": "Demo", "at": "2026-01-01T00:00:00.000000Z"}
COUNT = "SELECT COUNT(*) AS n FROM coalition"

pytestmark = pytest.mark.sqlite  # each test chooses its store


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Address:
    monkeypatch.setattr(stores, "CHOSEN", request.param)
    return stores.at(tmp_path / "coalition.db")


@pytest.fixture
def db(place: Address, tmp_path: Path) -> Iterator[Database]:
    made = stores.create(tmp_path / "coalition.db")
    yield made
    made.close()


def at_once(work: Callable[[], None], times: int) -> None:
    threads = [threading.Thread(target=work) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def names(db: Database) -> list[str]:
    return [row["name"] for row in db.read("SELECT name FROM coalition ORDER BY name")]


@dataclass(frozen=True, slots=True)
class Named:
    id: str
    name: str


class Choice(StrEnum):
    ONE = "one"


def test_a_saved_instance_is_inserted_or_updates_the_row_with_its_key_but_for_the_columns_to_keep(db):
    rows, first, later = Rows(Named, "coalition"), datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)
    with db.write() as tx:
        rows.save(tx, Named("demo", "Demo"), keep=("created_at",), created_at=first)
        rows.save(tx, Named("other", "Other"), keep=("created_at",), created_at=first)
        rows.save(tx, Named("demo", "Renamed"), keep=("created_at",), created_at=later)
    stored = [dict(row) for row in db.read("SELECT id, name, created_at FROM coalition ORDER BY id")]
    assert stored == [
        {"id": "demo", "name": "Renamed", "created_at": ROW["at"]},
        {"id": "other", "name": "Other", "created_at": ROW["at"]},
    ]


def test_a_time_a_day_and_a_choice_are_parameters_as_they_are_and_stored_as_text(db):
    noon = datetime(2026, 1, 1, 7, tzinfo=timezone(timedelta(hours=-5)))
    with db.write() as tx:
        tx.execute(INSERT, {"id": Choice.ONE, "name": noon.date(), "at": noon})
    where = "SELECT * FROM coalition WHERE id = :id AND name = :day AND created_at = :noon"
    (row,) = db.read(where, {"id": Choice.ONE, "day": noon.date(), "noon": noon})
    assert dict(row) == {"id": "one", "name": "2026-01-01", "created_at": "2026-01-01T12:00:00.000000Z"}


def test_rows_are_updated_and_deleted_by_their_key_in_which_none_is_null_and_their_number_is_known(db):
    with db.write() as tx:
        insert_rows(tx, "person", [{"id": id_, "name": id_, "created_at": ROW["at"]} for id_ in ("ana", "bo")])
        assert update_rows(tx, "person", {"left_at": ROW["at"]}, id="ana", left_at=None) == 1
        assert update_rows(tx, "person", {"left_at": ROW["at"]}, id="ana", left_at=None) == 0
        assert delete_rows(tx, "person", left_at=None) == 1
    assert [row["id"] for row in db.read("SELECT id FROM person")] == ["ana"]


def test_rows_of_more_values_than_one_statement_takes_are_all_selected_once(db):
    ids = [f"{number:04}" for number in range(1_100)]
    with db.write() as tx:
        tx.execute_many(INSERT, [ROW | {"id": id_} for id_ in ids])
    found = [row["id"] for row in select_in(db, "SELECT id FROM coalition WHERE id IN ({})", [*ids, *ids, "none"])]
    assert found == ids
    assert [*select_in(db, "SELECT id FROM coalition WHERE id IN ({})", [])] == []


def test_what_is_written_is_read_by_another_thread(db):
    with db.write() as tx:
        tx.execute(INSERT, ROW)
    seen = []

    at_once(lambda: seen.extend(db.read(COUNT)), 1)

    assert seen == [{"n": 1}]


def test_a_list_without_values_finds_nothing(db):
    assert memo.get_memos(db, []) == {}


def test_a_read_that_takes_long_counts_as_background_work(db, monkeypatch):
    now = 0.0
    monkeypatch.setattr(PRIORITY, "_worked", lambda: now)
    with db.write() as tx:
        tx.execute_many(INSERT, [ROW | {"id": f"demo-{n}"} for n in range(250)])

    def read() -> None:
        nonlocal now
        assert PRIORITY._first == 1
        now = 1.0
        assert len(db.read("SELECT id FROM coalition")) == 250
        assert PRIORITY._first == 0
        now = 0.0

    PRIORITY.run(read)


def test_an_exception_takes_everything_back_and_the_next_write_works(db):
    def write_and_fail() -> None:
        with db.write() as tx:
            tx.execute(INSERT, ROW)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_and_fail()
    with db.write() as tx:
        assert tx.read(COUNT) == [{"n": 0}]


@pytest.mark.parametrize("wrong", ["INSERT INTO entry_key VALUES ('k', 'no such entry', 'now')", "SELECT nonsense"])
def test_a_statement_that_fails_takes_the_transaction_with_it(db, wrong):
    def write_and_fail() -> None:
        with db.write() as tx:
            tx.execute(INSERT, ROW)
            tx.execute(wrong)

    with pytest.raises(Exception, match=r"(?i)foreign key|nonsense"):
        write_and_fail()
    assert names(db) == []


def test_reading_and_then_writing_by_many_threads_loses_no_update(db):
    """On SQLite a deferred BEGIN fails here at once, whatever the busy timeout."""
    with db.write() as tx:
        tx.execute(INSERT, ROW | {"name": "0"})

    def add() -> None:
        for _ in range(50):
            with db.write() as tx:
                (row,) = tx.read("SELECT name FROM coalition")
                tx.execute("UPDATE coalition SET name = :n", {"n": str(int(row["name"]) + 1)})

    at_once(add, 4)

    assert names(db) == ["200"]


def test_a_snapshot_is_of_one_moment_and_keeps_no_writer_waiting(db):
    with db.snapshot() as still:
        assert still.read(COUNT) == [{"n": 0}]
        writer = threading.Thread(target=lambda: _insert(db))
        writer.start()
        writer.join(60)
        assert not writer.is_alive()
        assert still.read(COUNT) == [{"n": 0}]
    assert db.read(COUNT) == [{"n": 1}]


def _insert(db: Database) -> None:
    with db.write() as tx:
        tx.execute(INSERT, ROW)


def test_text_sorts_by_code_point_and_comes_back_as_it_was(db):
    stored = ["A", "Z", "a", "é", "100 % of 'them' :now", "𝔘", "T\N{RIGHT SINGLE QUOTATION MARK}ruah", ""]
    with db.write() as tx:
        tx.execute_many(INSERT, [ROW | {"id": str(n), "name": name} for n, name in enumerate(stored)])

    assert names(db) == sorted(stored)


def test_a_nul_in_a_text_stops_nothing(db):
    with db.write() as tx:
        tx.execute(INSERT, ROW | {"name": "a\x00b"})

    assert len(names(db)[0]) == 3


def test_quoted_text_and_percent_signs_of_a_statement_are_left_alone(db):
    with db.write() as tx:
        tx.execute(INSERT, ROW | {"name": "50% :id"})

    rows_found = db.read(
        "SELECT name FROM coalition WHERE name LIKE '50%' AND name <> ':id' AND id = :id", {"id": "demo"}
    )
    assert rows_found == [{"name": "50% :id"}]


def test_what_a_statement_returns_comes_back_and_other_statements_return_nothing(db):
    with db.write() as tx:
        assert tx.execute(INSERT + " ON CONFLICT (id) DO NOTHING RETURNING id", ROW) == [{"id": "demo"}]
        assert tx.execute(INSERT + " ON CONFLICT (id) DO NOTHING RETURNING id", ROW) == []
        assert tx.execute("UPDATE coalition SET name = 'x'") == []


def test_a_statement_run_for_each_sees_what_the_ones_before_it_did_and_each_says_what_it_returned(db):
    again = INSERT + " ON CONFLICT (id) DO NOTHING RETURNING id"
    with db.write() as tx:
        rows_found = tx.execute_each(again, [ROW, ROW | {"id": "other"}, ROW])
        assert rows_found == [[{"id": "demo"}], [{"id": "other"}], []]
        assert tx.execute_each("UPDATE coalition SET name = :name", [{"name": "x"}, {"name": "y"}]) == [[], []]
        assert tx.execute_each(again, []) == []
    assert names(db) == ["y", "y"]


def test_of_a_statement_run_for_each_nothing_stays_when_one_fails(db):
    def add() -> None:
        with db.write() as tx:
            tx.execute_each(INSERT, [ROW, ROW])

    with pytest.raises(Exception, match=r"(?i)unique"):
        add()
    assert names(db) == []
    assert db.read(COUNT) == [{"n": 0}]


def test_a_stop_between_two_rows_ends_a_statement_for_many_and_nothing_stays(db):
    asked = []

    def stopping():
        asked.append(True)
        return len(asked) > 2

    def write() -> None:
        with db.write() as tx:
            InterruptibleTransaction(tx, stopping).execute_many(INSERT, [ROW | {"id": f"c{n}"} for n in range(9)])

    with pytest.raises(StopRequested):
        write()
    assert len(asked) == 3
    assert names(db) == []


def test_a_scrubbed_store_has_all_its_rows_and_still_works(db):
    with db.write() as tx:
        tx.execute(INSERT, ROW)
        tx.execute(INSERT, ROW | {"id": "gone", "name": "Gone"})
        tx.execute("DELETE FROM coalition WHERE id = 'gone'")

    db.scrub()

    assert names(db) == ["Demo"]
    with db.write() as tx:
        tx.execute(INSERT, ROW | {"id": "next", "name": "Next"})
    assert names(db) == ["Demo", "Next"]


@pytest.mark.usefixtures("db")
def test_two_programs_may_upgrade_a_store_at_once(place, monkeypatch):
    steps = [(f"9999_{n}", (f"CREATE TABLE next_{n} (x TEXT)",)) for n in range(20)]
    monkeypatch.setattr("bot.store.schema.MIGRATIONS", (*schema.MIGRATIONS, *steps))
    both = threading.Barrier(2)
    with ThreadPoolExecutor(2) as programs:
        for opened in [programs.submit(lambda: both.wait() >= 0 and place.open()) for _ in range(2)]:
            opened.result().close()
    with closing(place.open()) as upgraded:
        assert upgraded.read("SELECT x FROM next_19") == []


def test_a_store_is_made_once(place, db):
    assert place.exists()
    with pytest.raises(StoreUnusable, match="already"):
        place.create()


def test_where_there_is_none_nothing_is_made_by_opening(place):
    assert not place.exists()
    with pytest.raises(StoreUnusable, match="coalition-bot init"):
        place.open()
    assert not place.exists()


def test_a_store_of_a_newer_version_is_refused(place, db, monkeypatch):
    newer = (*schema.MIGRATIONS, ("9999_next", ("CREATE TABLE next_one (x TEXT)",)))
    with monkeypatch.context() as patched:
        patched.setattr("bot.store.schema.MIGRATIONS", newer)
        place.open().close()
    with pytest.raises(StoreUnusable, match="newer coalition-bot"):
        place.open()


def test_a_migration_that_fails_leaves_no_trace_and_the_corrected_one_is_applied(place, db, monkeypatch):
    ours, good = schema.MIGRATIONS, "CREATE TABLE next_one (x TEXT)"
    monkeypatch.setattr(schema, "MIGRATIONS", (*ours, ("9999_next", (good, "NOT SQL"))))
    with pytest.raises(Exception, match="NOT"):
        place.open()
    monkeypatch.setattr(schema, "MIGRATIONS", (*ours, ("9999_next", (good,))))
    with place.open().write() as tx:
        assert tx.read("SELECT COUNT(*) AS n FROM next_one") == [{"n": 0}]


def test_one_bot_runs_on_a_store_and_the_next_may_when_it_is_gone(place, db):
    lock = place.lock()
    lock.keep()
    with pytest.raises(AlreadyRunning, match="Another coalition-bot is running"):
        place.lock()
    lock.release()
    place.lock().release()


def test_a_running_bot_gives_a_sign_of_life_and_an_absent_one_none(place, db):
    assert not place.running(datetime.now(UTC))
    lock = place.lock()
    lock.keep()
    assert place.running(datetime.now(UTC))
    lock.release()
    assert not place.running(datetime.now(UTC))


def filled(place: Address) -> Database:
    """A store with rows that name each other, a change of a message among them, bytes and nothing."""
    db = place.create()
    with db.write() as tx:
        tx.execute(INSERT, ROW | {"name": "D\u00e9mo"})
        for seq, (id_, edits) in enumerate((("b", None), ("a", "b"), ("c", None))):
            tx.execute(
                """
                INSERT INTO delivery (id, seq, channel, platform, key, kind, card, state, due_at,
                                      attempts, may_repeat, created_at, edits)
                VALUES (:id, :seq, 'policy', 'console', :id, 'alert', '{}', 'sent', :at, 1, 0, :at, :edits)
                """,
                {"id": id_, "seq": seq, "at": ROW["at"], "edits": edits},
            )
        file = {"id": "b", "data": bytes(range(256))}
        tx.execute("INSERT INTO delivery_file VALUES (:id, 0, 'a.pdf', 'application/pdf', :data, '')", file)
    return db


@pytest.mark.parametrize("table", ["sighting", "entry_key", "entry_reference", "match", "digest_line", "mention"])
def test_what_goes_with_an_entry_that_expires_is_found_by_an_index(db, table):
    """These tables grow with the entries, and the foreign key has each looked through for each entry that goes."""
    (column,) = [each.column for each in references_to("entry") if each.table == table]
    asked = f"SELECT 1 FROM {table} WHERE {column} = :id"
    with db.write() as tx:
        if isinstance(db, sqlite.Sqlite):
            plan = [row["detail"] for row in tx.read(f"EXPLAIN QUERY PLAN {asked}", {"id": "e"})]
            assert [step for step in plan if f"({column}=?" not in step] == []
        else:
            leading = """
                SELECT attname FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attnum = indkey[0]
                WHERE indrelid = CAST(:table AS regclass)
            """
            assert column in {row["attname"] for row in tx.read(leading, {"table": table})}


def test_a_store_copied_to_the_other_engine_and_back_is_the_same(tmp_path):
    there, back = address(f"sqlite:///{tmp_path}/there.db"), address(f"sqlite:///{tmp_path}/back.db")
    server = address(stores.server().database())
    heard = []

    first = copy_store(filled(there), server.create(), progress=lambda table, rows: heard.append((table, rows)))
    second = copy_store(server.open(), back.create(), progress=lambda *_: None)

    assert first == second
    assert {one.table: one.rows for one in first if one.rows} == {"coalition": 1, "delivery": 3, "delivery_file": 1}
    assert dict(heard) == {one.table: one.rows for one in first}
    assert back.open().read("SELECT data FROM delivery_file") == [{"data": bytes(range(256))}]


def interrupted(_):
    raise KeyboardInterrupt


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_a_copy_that_fails_leaves_no_store_and_can_be_repeated(tmp_path, kind):
    there = address(f"sqlite:///{tmp_path}/there.db")
    new = address(f"sqlite:///{tmp_path}/new.db" if kind == "sqlite" else stores.server().database())
    db = filled(there)

    def refused(change, why):
        with closing(sqlite3.connect(there.path)) as conn, conn:
            conn.execute(change)
        with pytest.raises(StoreUnusable, match=why):
            copy_store(db, new.create_to_fill())
        assert not new.exists()

    with pytest.raises(KeyboardInterrupt):
        copy_store(db, new.create_to_fill(), then=interrupted)
    assert not new.exists()
    refused("UPDATE delivery_file SET delivery_id = 'nobody'", "contradict each other")
    refused("ALTER TABLE subscriber RENAME TO others", "no such table: subscriber")
    with closing(sqlite3.connect(there.path)) as conn, conn:
        conn.execute("UPDATE delivery_file SET delivery_id = 'b'")
        conn.execute("ALTER TABLE others RENAME TO subscriber")

    copy_store(db, new.create_to_fill())

    assert new.open().read("SELECT delivery_id AS id FROM delivery_file") == [{"id": "b"}]
    assert sorted(path.name for path in tmp_path.glob("new.db*")) in ([], ["new.db", "new.db-shm", "new.db-wal"])


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_a_copy_of_a_store_that_went_away_leaves_no_store(tmp_path, kind):
    there = stores.server().database()
    new = address(f"sqlite:///{tmp_path}/new.db" if kind == "sqlite" else stores.server().database())
    db = address(there).create()
    stores.server().drop(there)

    with pytest.raises(StoreError):
        copy_store(db, new.create_to_fill())

    assert not new.exists()


def test_a_backup_of_either_store_is_a_private_sqlite_file_with_the_same_rows(db, tmp_path):
    with db.write() as tx:
        tx.execute(INSERT, ROW)
    stored = tmp_path / "backup.db"

    db.backup(str(stored))

    assert stored.stat().st_mode & 0o777 == 0o600
    copied = sqlite.open_existing(stored)
    assert names(copied) == ["Demo"]
    copied.close()
    with pytest.raises(FileExistsError):
        db.backup(str(stored))


def test_nothing_is_copied_over_what_is_there(tmp_path):
    old, new = address(f"sqlite:///{tmp_path}/old.db"), address(f"sqlite:///{tmp_path}/new.db")
    with pytest.raises(StoreUnusable, match="not empty"):
        copy_store(filled(old), filled(new), progress=lambda *_: None)


# --- PostgreSQL alone -------------------------------------------------------------------------------------------------


@pytest.fixture
def server_db(tmp_path, monkeypatch) -> Iterator[postgres.Postgres]:
    monkeypatch.setattr(stores, "CHOSEN", "postgres")
    stores.create(tmp_path / "coalition.db").close()
    db = postgres.Postgres(stores.url(tmp_path / "coalition.db"))  # it has not connected yet
    yield db
    db.close()


LONG = "".join(map(chr, random.Random(1).sample(range(0x20000, 0x2A6D0), 1_000)))  # 4 kB that nothing compresses


def test_a_value_that_no_index_takes_is_no_outage(server_db):
    with pytest.raises(psycopg.errors.ProgramLimitExceeded), server_db.write() as tx:
        memo.set_memo(tx, LONG, "x")


def test_an_item_with_the_longest_address_and_id_is_stored(place, tmp_path):
    item = Item("Gloves seized", f"https://wire.example/{LONG}", LONG, "", TUESDAY, "")
    (mark,) = marks("wire", [item])
    room = Room(tmp_path)
    assert room.take("wire", news("x", source="wire", identity=mark.keys, thread=mark.keys[0])).new == 1


def drop_connections(db: postgres.Postgres) -> None:
    """As a restart of the server does; they have ended when this returns."""
    with postgres.connect(db.url) as conn:
        conn.execute(
            "SELECT pg_terminate_backend(pid, 4000) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def test_statistics_are_gathered_of_tables_that_have_doubled(server_db):
    counted = []
    for start, end in pairwise((0, 0, 1000, 1100, 3000)):
        with server_db.write() as tx:
            tx.execute_many(INSERT, [ROW | {"id": f"demo-{n}"} for n in range(start, end)])
        server_db.analyze()
        sql = "SELECT tablename, CAST(reltuples AS int) AS rows FROM pg_stats JOIN pg_class ON relname = tablename "
        rows = {row["tablename"]: row["rows"] for row in server_db.read(f"{sql} WHERE schemaname = current_schema()")}
        counted.append(rows.get("coalition", 0))
    assert counted == [0, 1000, 1000, 3000]


def test_a_restart_of_the_server_is_not_noticed_between_two_statements(server_db):
    assert server_db.read(COUNT) == [{"n": 0}]
    drop_connections(server_db)
    assert server_db.read(COUNT) == [{"n": 0}]
    drop_connections(server_db)
    _insert(server_db)
    assert server_db.read(COUNT) == [{"n": 1}]


def test_tables_that_belong_to_another_user_make_a_store_unusable(server_db):
    """As after an operator restored them as the superuser."""
    db = address(f"{server_db.url}&options=" + quote("-crole=pg_monitor")).open_as_is()
    with pytest.raises(StoreUnusable, match="may not use the database"):
        db.read("SELECT id FROM coalition")
    db.close()


def test_the_coalitions_in_one_database_share_connections_and_each_reads_its_own_tables(server_db):
    databases = [
        address(f"{server_db.url}&options=" + quote(f'-csearch_path="coalition_{name}"')).create()
        for name in ("heat", "lake", "river")
    ]
    connected = "SELECT COUNT(*) AS n FROM pg_stat_activity WHERE datname = current_database()"
    _insert(databases[0])
    with databases[1].write() as tx:
        tx.execute(INSERT, ROW | {"id": "x"})
        assert databases[0].read(COUNT) == [{"n": 1}]  # on a second connection
        assert databases[1].read(COUNT) == [{"n": 0}]
    _insert(databases[1])
    counts = [[{"n": 1}], [{"n": 2}], [{"n": 0}]]
    for _ in range(2):
        assert [db.read(COUNT) for db in databases] == counts
    assert databases[2].read(connected) == [{"n": 2}]
    drop_connections(server_db)
    assert [db.read(COUNT) for db in databases] == counts
    for db in databases:
        db.close()
    until(lambda: server_db.read(connected) == [{"n": 1}])  # the server ends them a moment later


def test_a_coalition_is_opened_on_a_connection_that_another_has_used(server_db):
    urls = [f"{server_db.url}&options=" + quote(f'-csearch_path="coalition_{name}"') for name in ("a", "b", "c")]
    address(urls[0]).create().close()
    address(urls[1]).create().close()
    one = postgres.open_existing(urls[0])
    own = "SELECT pg_backend_pid() AS pid"
    first = one.read(own)

    other = postgres.open_existing(urls[1])
    assert other.read(own) == first
    assert other.read("SELECT current_schema() AS named") == [{"named": "coalition_b"}]
    with pytest.raises(StoreUnusable, match="coalition-bot init"):
        postgres.open_existing(urls[2])
    assert one.read(own) == first
    one.close()


def test_a_connection_ends_when_it_has_served_many_coalitions(server_db, monkeypatch):
    monkeypatch.setattr(postgres, "_MOST_PATHS", 1)
    own = "SELECT pg_backend_pid() AS pid"
    one, other = (
        address(f"{server_db.url}&options=" + quote(f'-csearch_path="coalition_{name}"')).create()
        for name in ("a", "b")
    )
    first = one.read(own)
    assert one.read(own) == first
    assert other.read(own) == first  # the second one
    assert one.read(own) != first
    for db in (one, other):
        db.close()


def test_a_coalition_gets_the_connection_that_it_had_before(server_db):
    own = "SELECT pg_backend_pid() AS pid"
    one, other, third = (
        address(f"{server_db.url}&options=" + quote(f'-csearch_path="coalition_{name}"')).create()
        for name in ("a", "b", "c")
    )
    with one.write() as tx:
        first, second = tx.read(own), other.read(own)
    assert third.read(own) in (first, second)
    for _ in range(3):
        assert (one.read(own), other.read(own)) == (first, second)
    for db in (one, other, third):
        db.close()


def test_a_transaction_that_loses_its_server_is_taken_back_and_may_be_tried_again(server_db):
    def lose() -> None:
        with server_db.write() as tx:
            tx.execute(INSERT, ROW)
            drop_connections(server_db)
            tx.read(COUNT)

    with pytest.raises(StoreBusy, match="cannot be reached now"):
        lose()
    assert server_db.read(COUNT) == [{"n": 0}]
    _insert(server_db)


def test_a_transaction_that_the_server_ends_because_it_idles_may_be_tried_again(server_db):
    def idle(sql: str) -> None:
        with server_db.write() as tx:
            tx.execute(INSERT, ROW)
            pid = tx.read("SELECT pg_backend_pid() AS pid")[0]["pid"]
            tx.execute("SET idle_in_transaction_session_timeout = 1")
            until(lambda: not server_db.read("SELECT 1 FROM pg_stat_activity WHERE pid = :pid", {"pid": pid}))
            if sql:
                tx.read(sql)

    for sql, words in ((COUNT, "cannot be reached now"), ("", "nothing was saved")):
        with pytest.raises(StoreBusy, match=words):
            idle(sql)
    assert server_db.read(COUNT) == [{"n": 0}]


def test_a_change_whose_commit_was_not_sent_any_more_may_be_tried_again(server_db):
    def lose() -> None:
        with server_db.write() as tx:
            tx.execute(INSERT, ROW)
            drop_connections(server_db)

    with pytest.raises(StoreBusy, match="nothing was saved"):
        lose()
    assert server_db.read(COUNT) == [{"n": 0}]
    _insert(server_db)


@pytest.mark.parametrize("alone", [True, False])
def test_a_change_that_was_committed_counts_also_if_the_server_s_answer_is_lost(server_db, alone):
    with LostCommits(stores.server().folder) as line:
        db = postgres.Postgres(line.url(server_db.url))
        line.lose = True
        with db.write(alone=alone) as tx:
            tx.execute(INSERT, ROW)
        assert (line.lost, db.commits) == (1, 1)
        assert server_db.read(COUNT) == [{"n": 1}]
        db.close()


def test_while_the_server_stays_away_it_is_not_known_whether_a_change_was_committed(server_db, monkeypatch):
    monkeypatch.setattr(postgres, "WAIT_MS", 300)
    with LostCommits(stores.server().folder) as line:
        db = postgres.Postgres(line.url(server_db.url))

        def lose() -> None:
            with db.write() as tx:
                tx.execute(INSERT, ROW)
                line.lose = line.away = True

        with pytest.raises(StoreUnsure, match="It is not known whether the last change was saved"):
            lose()
        assert db.commits == 0
        db.close()


@pytest.mark.long
@pytest.mark.parametrize("crash", [lambda server, _: server.restart(), Server.kill], ids=["server", "one process"])
def test_another_change_is_not_taken_for_one_that_a_server_lost_before_it_crashed(monkeypatch, crash):
    """The server gives the numbers of transactions that it lost to later ones, as a replica does after a failover."""
    monkeypatch.setattr(postgres, "WAIT_MS", 1_000)
    server = Server()
    try:
        db = address(server.database()).create()

        def lose() -> None:
            with db.write() as tx:
                tx.execute(INSERT, ROW)
                (row,) = tx.read("SELECT txid_current() AS id, pg_backend_pid() AS process")
                number = row["id"]
                crash(server, row["process"])
                with postgres.connect(db.url) as other:
                    while other.execute("SELECT txid_current() AS id").fetchone()["id"] <= number:
                        other.commit()

        with pytest.raises(StoreUnsure):
            lose()
        assert db.read(COUNT) == [{"n": 0}]
        db.close()
    finally:
        server.stop()


def test_a_server_that_is_gone_is_noticed_and_the_address_may_say_when(server_db):
    def parameters(url: str) -> dict[str, str]:
        with postgres.connect(url) as conn:
            return conn.info.get_parameters()

    assert parameters(server_db.url)["keepalives_idle"] == "30"
    assert parameters(f"{server_db.url}&keepalives_idle=7")["keepalives_idle"] == "7"


def test_several_bots_that_start_at_once_migrate_once(tmp_path, monkeypatch):
    monkeypatch.setattr(stores, "CHOSEN", "postgres")
    url = stores.url(tmp_path / "coalition.db")
    postgres.create(url).close()
    more = (*schema.MIGRATIONS, ("9999_next", ("CREATE TABLE next_one (x TEXT)",)))
    monkeypatch.setattr(schema, "MIGRATIONS", more)

    at_once(lambda: postgres.open_existing(url).close(), 4)

    with postgres.connect(url) as conn:
        assert conn.execute("SELECT COUNT(*) AS n FROM next_one").fetchone() == {"n": 0}


@pytest.mark.parametrize(
    "url", ["postgresql://bot:s3cret@127.0.0.1:1/x", "postgresql://bot:s3cret@/nothing?host=/nowhere"]
)
def test_no_password_is_printed(url):
    place = address(url)
    assert "s3cret" not in str(place)
    with pytest.raises(
        StoreError, match=r"cannot be reached now: (?:nothing is listening there|there is no socket)"
    ) as caught:
        place.open()
    assert "s3cret" not in str(caught.value)


def test_a_database_or_a_user_that_the_server_refuses_is_a_mistake_in_the_address():
    server, hba = stores.server(), stores.server().folder / "data" / "pg_hba.conf"
    with psycopg.connect(server.url("postgres"), autocommit=True) as conn:
        conn.execute("CREATE ROLE locked LOGIN PASSWORD 'right'; CREATE ROLE idle NOLOGIN; CREATE ROLE barred LOGIN")
        conn.execute("CREATE DATABASE private")
        conn.execute("REVOKE CONNECT ON DATABASE private FROM PUBLIC")
        hba.write_text("local all locked scram-sha-256\nlocal all barred reject\n" + hba.read_text())
        conn.execute("SELECT pg_reload_conf()")

    def refusal(user: str, name: str = "postgres") -> str:
        try:
            postgres.connect(f"postgresql://{user}@/{name}?host={server.folder}").close()
        except StoreUnusable as error:
            return str(error)
        return ""

    until(lambda: refusal("locked:s3cret"))  # the server has read its rules again
    for user in ("locked:s3cret", "locked", "absent", "idle"):
        assert refusal(user) == (
            "DATABASE_URL has a user or a password that the server does not accept: correct them, or create the user "
            "(createuser NAME)."
        )
    assert refusal("bot", "absent") == (
        "DATABASE_URL names a database that does not exist on the server: create it (createdb NAME), or correct "
        "the name."
    )
    assert refusal("barred") == (
        "DATABASE_URL has a user or a database that the server's pg_hba.conf does not allow from this machine: add a "
        "line for them there and reload it, or correct them."
    )
    assert refusal("locked:right", "private") == (
        "DATABASE_URL names a database that its user may not connect to: GRANT CONNECT ON DATABASE NAME TO USER."
    )


def test_a_lock_whose_connection_was_lost_is_taken_again(server_db):
    place = address(server_db.url)
    lock = place.lock()
    drop_connections(server_db)

    lock.keep()

    with pytest.raises(AlreadyRunning):
        place.lock()
    lock.release()


def test_a_lock_that_another_bot_has_taken_meanwhile_is_not_shared(server_db):
    place = address(server_db.url)
    lock = place.lock()
    drop_connections(server_db)
    second = place.lock()

    with pytest.raises(AlreadyRunning):
        lock.keep()

    second.release()
    lock.keep()
    lock.release()


def test_a_server_that_still_has_the_lock_of_a_lost_connection_is_asked_to_end_it(server_db):
    """As after a network cut, which the server has not noticed yet."""
    alone = PostgresLock(server_db.url, "the database", shared=False, silent=timedelta(minutes=1))
    alone.keep()
    cut, alone._conn = alone._conn, None

    with pytest.raises(StoreBusy, match="lost connection"):
        alone.keep()

    while alone._conn is None:  # the server ends a connection a moment after it was asked to
        with suppress(StoreBusy):
            alone.keep()
    with pytest.raises(psycopg.OperationalError):
        cut.execute("SELECT 1")
    alone.release()


@pytest.mark.long
def test_the_lock_outlives_a_restart_of_the_server():
    server = Server()
    try:
        place = address(server.database())
        place.create().close()
        lock = place.lock()
        server.restart()
        lock.keep()
        with pytest.raises(AlreadyRunning):
            place.lock()
        lock.release()
    finally:
        server.stop()


@pytest.mark.long
def test_while_the_server_is_down_nobody_knows_whose_the_lock_is():
    server = Server()
    place = address(server.database())
    place.create().close()
    lock = place.lock()
    server.stop()

    with pytest.raises(StoreBusy, match="cannot be reached now"):
        lock.keep()


@pytest.fixture
def _interpreter_as_it_was() -> Iterator[None]:
    """A run tunes the interpreter for itself."""
    before, threshold = sys.getswitchinterval(), gc.get_threshold()
    yield
    sys.setswitchinterval(before)
    gc.set_threshold(*threshold)


@pytest.mark.long
@pytest.mark.usefixtures("_interpreter_as_it_was")
@pytest.mark.parametrize("running", ["shared", "web-only"])
async def test_a_run_ends_when_another_bot_took_its_lock(tmp_path, monkeypatch, running):
    monkeypatch.setattr(stores, "CHOSEN", "postgres")
    program = Program(tmp_path, shipped(tmp_path, {}, {"policy": "console:policy"}), Clock(TUESDAY))
    with program.started(running) as app:
        db = postgres.open_existing(stores.url(program.database))
        work = asyncio.create_task(runtime.run_all([loops.Served(app, {}, works=running == "shared")]))
        drop_connections(db)
        second = stores.at(program.database).lock()
        with pytest.raises(AlreadyRunning):
            await asyncio.wait_for(work, 60)
        second.release()
        db.close()


def test_running_bots_share_a_server_and_keep_out_those_who_need_it_alone(server_db):
    place = address(server_db.url)
    first, second = place.lock(shared=True), place.lock(shared=True)
    with pytest.raises(AlreadyRunning):
        place.lock()

    first.release()
    with pytest.raises(AlreadyRunning):
        place.lock()
    second.release()

    alone = place.lock()
    with pytest.raises(AlreadyRunning):
        place.lock(shared=True)
    alone.release()


def test_one_of_several_bots_has_a_part_of_the_work_and_another_takes_it_over(server_db, caplog):
    caplog.set_level("INFO", "bot.store.postgres_lock")
    place = address(server_db.url)
    first, second = place.lock(shared=True), place.lock(shared=True)

    assert first.leads("poll")
    assert not second.leads("poll")
    assert second.leads("deliver")
    assert not first.leads("deliver")
    assert first.leads("poll")

    first.release()

    assert second.leads("poll")
    assert second.leads("deliver")
    second.release()
    assert [record.getMessage() for record in caplog.records] == [
        "poll: another process does it; this one takes it over when that one ends",
        "deliver: another process does it; this one takes it over when that one ends",
        "poll: this process takes it over",
    ]


def test_a_bot_whose_connection_was_lost_leaves_its_part_to_the_bot_that_has_it_now(server_db):
    place = address(server_db.url)
    first, second = place.lock(shared=True), place.lock(shared=True)
    assert first.leads("poll")
    drop_connections(server_db)

    second.keep()
    assert second.leads("poll")
    first.keep()
    assert not first.leads("poll")

    second.release()
    assert first.leads("poll")
    first.release()


def test_a_frozen_bot_loses_its_part_and_notices_when_it_wakes(server_db):
    frozen = PostgresLock(server_db.url, "the database", shared=True, silent=timedelta(0))
    other = PostgresLock(server_db.url, "the database", shared=True, silent=timedelta(0))
    frozen.keep()
    assert frozen.leads("poll")
    other.keep()

    assert not other.leads("poll")  # it ends the silent connection
    until(lambda: other.leads("poll"))

    frozen.keep()
    assert not frozen.leads("poll")
    for each in (frozen, other):
        each.release()


def test_a_bot_of_another_user_of_the_server_counts_as_active(server_db):
    with server_db.write() as tx:
        tx.execute("DO $$BEGIN CREATE ROLE guest LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END$$")
        tx.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO guest")
    first = PostgresLock(server_db.url, "the database", shared=True, silent=timedelta(0))
    guest_url = server_db.url.replace("bot@", "guest@")
    guest = PostgresLock(guest_url, "the database", shared=True, silent=timedelta(0))
    first.keep()
    assert first.leads("poll")
    guest.keep()
    assert not guest.leads("poll")
    assert is_locked(guest_url, timedelta(seconds=1), working=True)
    for each in (first, guest):
        each.release()


def test_a_bot_of_an_older_version_stops_once_a_newer_one_has_migrated_the_database(server_db, monkeypatch):
    place = address(server_db.url)
    old = place.lock(shared=True)
    with monkeypatch.context() as patched:
        newer = (*schema.MIGRATIONS, ("9999_next", ("CREATE TABLE next_one (x TEXT)",)))
        patched.setattr("bot.store.schema.MIGRATIONS", newer)
        place.open().close()

    with pytest.raises(StoreUnusable, match="newer coalition-bot"):
        old.keep()
    old.release()


@pytest.mark.parametrize("is_cut_off", [False, True])
def test_a_bot_of_an_older_version_stops_once_a_newer_one_has_migrated_the_store_of_any_coalition(
    server_db, monkeypatch, is_cut_off
):
    """The newer one opens and migrates those that it serves, and the older one has others of them open. It may do so
    while the older one's connection is lost.
    """
    places = [address(own_database(server_db.url, name)) for name in ("heat", "river")]
    for place in places:
        place.create().close()
    old, _ = lock_together(places)
    old.keep()
    with monkeypatch.context() as patched:
        newer = (*schema.MIGRATIONS, ("9999_next", ("CREATE TABLE next_one (x TEXT)",)))
        patched.setattr("bot.store.schema.MIGRATIONS", newer)
        if is_cut_off:
            drop_connections(server_db)
        places[1].open().close()

    for _ in range(2):
        with pytest.raises(StoreUnusable, match="newer coalition-bot"):
            old.keep()
    old.release()


def until(happens: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not happens():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_the_store_of_another_coalition_is_neither_opened_nor_taken_over(place, db):
    with db.write() as tx:
        owner.take(tx, "river", "River Coalition", TUESDAY)
        owner.take(tx, "river", "The River Coalition", TUESDAY)
    owner.open_own(place, "river").close()
    with pytest.raises(StoreUnusable, match='belongs to another coalition: "river"'):
        owner.open_own(place, "heat")
    with pytest.raises(StoreUnusable, match='belongs to another coalition: "river"'), db.write() as tx:
        owner.take(tx, "heat", "Heat", TUESDAY)
    assert names(db) == ["The River Coalition"]
