"""SQLite behind the port: what concerns files, locks and its own errors; see tests/contract/test_stores.py, too."""

import _sqlite3
import ctypes
import gc
import os
import sqlite3
import stat
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.store import sqlite
from bot.store.address import File
from bot.store.database import StoreBusy, StoreUnusable
from bot.store.lock import AlreadyRunning

INSERT = "INSERT INTO coalition VALUES (:id, :name, :at)"
ROW = {"id": "demo", "name": "Demo", "at": "2026-01-01T00:00:00.000000Z"}
TRIGGER = "CREATE TRIGGER evil AFTER INSERT ON audit BEGIN DELETE FROM audit; END"
COUNT = "SELECT COUNT(*) AS n FROM coalition"
SQLITE = ctypes.CDLL(_sqlite3.__file__)  # the library that the module uses


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "coalition.db"


@pytest.fixture
def db(path):
    made = sqlite.create(path)
    yield made
    made.close()


def test_a_new_database_is_readable_by_its_owner_alone(db, path):
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_column_of_a_primary_key_is_never_null(db):
    keys = """
        SELECT m.name || '.' || c.name AS place FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS c
        WHERE m.type = 'table' AND c.pk AND NOT c."notnull" AND c.type <> 'INTEGER'
    """
    assert [row["place"] for row in db.read(keys) if not row["place"].startswith(("sqlite_", "_"))] == []


def test_threads_wait_for_each_other_however_long_that_takes(db, monkeypatch):
    """SQLite's own patience is for other processes; twenty sources that answer at once are no other process."""
    monkeypatch.setattr(sqlite, "BUSY_TIMEOUT_MS", 20)
    written = []

    def work(number: int) -> None:
        with db.write() as tx:
            tx.execute(INSERT, ROW | {"id": f"demo-{number}"})
            time.sleep(0.03)
        written.append(number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(written) == list(range(8))


def test_a_lock_of_another_process_is_reported_as_busy(db, path, monkeypatch):
    monkeypatch.setattr(sqlite, "BUSY_TIMEOUT_MS", 50)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(StoreBusy, match="in use by another process"), db.write():
        pass

    other.close()


def test_a_full_disk_writes_nothing_by_half_and_heals_by_itself(db, path):
    with db.write():
        pass
    (conn,) = db._writer
    conn.execute(f"PRAGMA max_page_count = {conn.execute('PRAGMA page_count').fetchone()[0]}")

    def write_a_megabyte() -> None:
        with db.write() as tx:
            tx.execute_many(INSERT, [ROW | {"id": str(n), "name": "x" * 1000} for n in range(1000)])

    with pytest.raises(StoreUnusable, match=r"its disk is full\. Free some space"):
        write_a_megabyte()
    conn.execute("PRAGMA max_page_count = 100000")
    with db.write() as tx:
        tx.execute(INSERT, ROW)

    assert db.read(COUNT) == [{"n": 1}]
    assert db.read("PRAGMA quick_check")[0] == {"quick_check": "ok"}


def test_init_overwrites_nothing(db, path):
    with pytest.raises(StoreUnusable, match="already exists"):
        sqlite.create(path)


def test_an_empty_file_is_a_lost_disk_not_a_first_run(path):
    path.touch()

    with pytest.raises(StoreUnusable, match="disk may have been lost"):
        sqlite.open_existing(path)


def test_a_stranger_s_database_is_refused(path):
    conn = sqlite3.connect(path)
    conn.execute("CREATE TABLE t (a)")
    conn.close()
    before = path.read_bytes()

    with pytest.raises(StoreUnusable, match="another program"):
        sqlite.open_existing(path)
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_a_file_that_is_no_database_is_refused(path):
    path.write_bytes(os.urandom(4096))

    with pytest.raises(StoreUnusable, match="Restore a backup: `coalition-bot restore FILE`"):
        sqlite.open_existing(path)


def test_a_damaged_database_is_refused(db, path):
    with db.write() as tx:
        tx.execute_many(INSERT, [ROW | {"id": str(n), "name": "x" * 500} for n in range(500)])
    db.read("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        file.write(b"\xff" * 20_000)

    with pytest.raises(StoreUnusable, match=r"damaged|cannot be read"):
        sqlite.open_existing(path)


def test_a_database_that_nobody_holds_any_more_closes_its_connections(path):
    db = sqlite.create(path)
    with ThreadPoolExecutor(1) as another:
        another.submit(db.read, COUNT).result()
    db.read(COUNT)
    assert str(path) in open_files(), "of the thread that is left"

    del db
    gc.collect()

    assert str(path) not in open_files()


def test_threads_that_read_in_turn_share_a_connection(db, path):
    """A connection for each would take megabytes of pages and compiled statements more."""
    db.close()
    with ExitStack() as stack:
        for _ in range(8):
            thread = stack.enter_context(ThreadPoolExecutor(1))
            assert thread.submit(db.read, COUNT).result() == [{"n": 0}]
        assert open_files().count(str(path)) == 1


def test_the_connections_of_a_rush_are_closed_with_it(db):
    """Each keeps megabytes of pages, and most are not needed again."""
    used = []
    for count in (2, 8):
        with ExitStack() as stack:
            for _ in range(count):
                stack.enter_context(db.snapshot()).read(COUNT)
        used.append(SQLITE.sqlite3_memory_used())
    assert used[1] == pytest.approx(used[0], abs=50_000)  # a connection takes 200,000 when it is opened
    assert db.read(COUNT) == [{"n": 0}]


def test_a_large_transaction_is_written_once_and_leaves_no_memory_behind(db, path):
    """One of 200 news entries changes 3 MB of pages: they fit until the commit, and no longer."""
    with db.write() as tx:
        tx.execute(INSERT, ROW)
    log, before = path.with_name(f"{path.name}-wal"), SQLITE.sqlite3_memory_used()
    size = log.stat().st_size
    with db.write() as tx:
        tx.execute_many(INSERT, ({**ROW, "id": f"{number}", "name": "x" * 1_000} for number in range(2_500)))
        assert log.stat().st_size == size
    assert log.stat().st_size > size + 2_500_000
    assert SQLITE.sqlite3_memory_used() - before < 1_200_000


def open_files() -> list[str]:
    links = Path("/proc/self/fd").iterdir()
    return [str(link.readlink()) for link in links if link.is_symlink()]


@pytest.mark.long
def test_a_connection_keeps_64_statements_compiled_however_many_were_run(db):
    """Each takes some 10 kB, and every coalition has several connections."""
    compiled = []
    for count in (64, 128):
        for number in range(count):
            db.read(f"SELECT {number}")
        gc.collect()
        compiled.append(sum(type(each).__qualname__ == "Statement" for each in gc.get_objects()))
    assert compiled[1] <= compiled[0]


def test_closing_the_store_leaves_a_read_of_another_thread_alone(path):
    """SQLite crashes the process when a connection is closed under the thread that reads with it."""
    db = sqlite.create(path)
    reading, closed = threading.Event(), threading.Event()

    def read() -> list[dict[str, int]]:
        with db.snapshot() as reader:
            reader.read(COUNT)
            reading.set()
            assert closed.wait(30)
            return reader.read(COUNT)

    with ThreadPoolExecutor(1) as pool:
        rows = pool.submit(read)
        assert reading.wait(30)
        db.close()
        closed.set()
        assert len(rows.result(30)) == 1


def test_init_makes_no_folder_where_a_lost_disk_may_have_been(tmp_path):
    with pytest.raises(StoreUnusable, match=r"there is no folder .*gone"):
        sqlite.create(tmp_path / "gone" / "coalition.db")

    assert not (tmp_path / "gone").exists()


def test_a_thread_that_opens_a_deleted_database_makes_no_empty_one(tmp_path):
    path = tmp_path / "coalition.db"
    sqlite.create(path).close()
    db = sqlite.open_existing(path)
    path.rename(tmp_path / "lost")
    with ThreadPoolExecutor(1) as another, pytest.raises(StoreUnusable, match="was deleted or replaced"):
        another.submit(db.read, "SELECT id FROM coalition").result()
    assert not path.exists()


def test_a_backup_into_a_folder_that_is_not_there_says_so(db, tmp_path):
    with pytest.raises(StoreUnusable, match=r"there is no folder .*gone"):
        db.backup(str(tmp_path / "gone" / "copy.db"))


def test_a_lock_that_nobody_confirmed_for_a_minute_is_of_a_bot_that_is_gone_or_frozen(path):
    lock = File(path).lock()
    lock.keep()
    now = datetime.now(UTC)
    assert File(path).running(now + timedelta(seconds=59))
    assert not File(path).running(now + timedelta(seconds=61))
    lock.release()


def test_one_file_under_two_names_is_locked_for_both(db, path, tmp_path):
    link = tmp_path / "elsewhere" / "link.db"
    link.parent.mkdir()
    link.symlink_to(path)
    lock = File(link).lock()

    with pytest.raises(AlreadyRunning):
        File(path).lock()

    lock.release()
    File(path).lock().release()


def test_a_store_behind_a_link_is_set_aside_and_another_takes_its_place(path, tmp_path):
    link = tmp_path / "link.db"
    link.symlink_to(path)
    File(link).create().close()
    old, new = path.read_bytes(), File(link).staging()
    new.create().close()

    aside = File(link).put_in_place(new, datetime(2026, 1, 23, tzinfo=UTC))

    assert aside == path.with_name("coalition.db.until-20260123T000000")
    assert (aside.read_bytes(), link.is_symlink(), new.exists()) == (old, True, False)
    File(link).open().close()


def test_a_restore_that_ends_before_the_new_store_is_in_place_leaves_the_old_one_there(path):
    File(path).create().close()
    old = path.read_bytes()
    with pytest.raises(FileNotFoundError):
        File(path).put_in_place(File(path).staging(), datetime(2026, 1, 23, tzinfo=UTC))
    assert path.read_bytes() == old
    File(path).open().close()


@pytest.mark.parametrize("statement", ["CREATE VIEW evil AS SELECT 1", TRIGGER])
def test_a_store_that_would_run_foreign_statements_is_refused(db, path, statement):
    db.close()
    with closing(sqlite3.connect(path)) as conn:
        conn.execute(statement)

    with pytest.raises(StoreUnusable, match=r"has a (view|trigger) \(evil\)"):
        sqlite.open_existing(path)


def test_a_store_may_not_call_functions_that_reach_out_of_it(db):
    assert db.read("PRAGMA trusted_schema") == [{"trusted_schema": 0}]
