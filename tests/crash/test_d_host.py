"""D1 to D5, D8, D9: the disk, the database and the clock under the outbox; what is a server's is in test_d_server."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import threading
from collections import Counter
from contextlib import asynccontextmanager, closing
from datetime import timedelta

import pytest

import bot.store.sqlite
from bot.store import schema
from bot.store.database import StoreBusy, StoreUnusable
from bot.store.sqlite import open_existing
from tests.crash import driver
from tests.kit import old_stores, stores
from tests.kit.outbox import FIELD, POLICY, Kit, plain, store


@pytest.mark.sqlite
def test_d1_on_a_full_disk_nothing_is_posted_and_afterwards_all_of_it_once(forks, peers, job):
    assert driver.run(forks, job, full_at="start") == driver.STORE_FAILED
    assert driver.posted(peers) == Counter()
    assert driver.run(forks, job) == 0
    assert driver.posted(peers) == driver.served(job.items)


@pytest.mark.sqlite
def test_d1_a_disk_that_fills_up_while_sending_costs_no_repeat(forks, peers, job):
    assert driver.run(forks, job, full_at="send") == driver.STORE_FAILED
    assert driver.run(forks, job) == 0
    assert driver.posted(peers) == driver.served(job.items)
    with closing(sqlite3.connect(job.store.path)) as conn:
        assert conn.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.mark.sqlite
async def test_d2_while_another_process_has_the_database_nothing_is_posted(kit, slack, monkeypatch):
    kit.say("a")
    deliverer = kit.deliverer(kit.slack(slack.url))
    monkeypatch.setattr(bot.store.sqlite, "BUSY_TIMEOUT_MS", 50)
    other = sqlite3.connect(kit.db.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreBusy, match="in use by another process"):
        await deliverer.run_once()
    assert slack.calls["post"] == 0
    other.execute("ROLLBACK")
    other.close()
    assert (await deliverer.run_once()).sent == 1


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("content", "words"),
    [(None, "no database"), (b"", "0 bytes"), (b"not a database at all" * 99, "cannot be read"), ("foreign", "other")],
)
def test_d3_what_is_not_our_database_is_refused_with_a_way_out(tmp_path, content, words):
    path = tmp_path / "coalition.db"
    if content == "foreign":
        with closing(sqlite3.connect(path)) as conn:
            conn.execute("CREATE TABLE t (x)")
    elif content is not None:
        path.write_bytes(content)
    with pytest.raises(StoreUnusable, match=words):
        open_existing(path)


@pytest.mark.sqlite
def test_d3_a_damaged_page_is_found_at_start(tmp_path):
    db = store(tmp_path)
    kit = Kit(db)
    for n in range(200):
        kit.say(f"item {n}")
    with closing(sqlite3.connect(db.path)) as conn:
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    with db.path.open("r+b") as file:
        for page in range(10, 40):
            file.seek(page * 4096)
            file.write(b"\xff" * 512)
    with pytest.raises(StoreUnusable, match="Restore a backup"):
        open_existing(db.path)


def test_d4_two_senders_at_once_say_each_thing_once(forks, peers, job):
    both = [driver.start(forks, driver.changed(job, items=40, deadline=5.0)) for _ in range(2)]
    for process in both:
        process.join(60)
    assert [process.exitcode for process in both] == [0, 0]
    assert driver.posted(peers) == driver.served(40)


@pytest.mark.parametrize("jump", [timedelta(hours=-1), timedelta(days=1)])
async def test_d5_a_clock_that_jumps_neither_stalls_nor_repeats(kit, slack, jump):
    slack.fail("drop-after", times=1, channel="C0FIELD")
    kit.say("in doubt", FIELD)
    kit.say("waiting")
    kit.say("future", due_at=kit.clock() + timedelta(hours=2))
    deliverer = kit.deliverer(kit.slack(slack.url, plain))
    await deliverer.run_once()
    kit.clock.ahead += jump
    kit.say("new")
    await deliverer.run_once()
    assert "new" in slack.visible("C0POLICY")
    for _ in range(8):
        kit.clock.turn(hours=1)
        await deliverer.run_once()
    assert sorted(slack.visible("C0POLICY")) == ["future", "new", "waiting"]
    assert set(kit.states().values()) == {"sent"}


async def test_d5_a_sender_whose_clock_jumps_past_its_lease_still_says_it_once(kit, slack):
    def render(*args, **how):
        kit.clock.turn(minutes=5)
        return plain(*args, **how)

    kit.say("a")
    await kit.deliverer(kit.slack(slack.url, render)).run_once()
    assert kit.states() == {"a": "sent"}
    assert (await kit.deliverer(kit.slack(slack.url)).run_once()).sent == 0
    assert slack.visible("C0POLICY") == ["a"]


async def test_d5_a_process_that_was_frozen_past_its_lease_leaves_the_message_to_the_other(kit, slack):
    stalls = iter([True])

    @asynccontextmanager
    async def frozen_after_its_search(_seconds):
        yield
        if next(stalls, False):
            kit.clock.turn(minutes=10)
            assert (await other.run_once()).sent == 1

    slack.fail("drop-before", times=1)
    kit.say("a")
    frozen, other = (
        kit.deliverer(kit.slack(slack.url, plain), timer=timer) for timer in (frozen_after_its_search, asyncio.timeout)
    )
    await other.run_once()
    kit.clock.turn(minutes=3)
    await frozen.run_once()
    assert slack.visible("C0POLICY") == ["a"]
    assert kit.states() == {"a": "sent"}


class Deadly(tuple):
    """Statements after the first of which the process dies."""

    __slots__ = ()

    def __iter__(self):
        yield next(super().__iter__())
        os.kill(os.getpid(), signal.SIGKILL)


NEWER = (*schema.MIGRATIONS, ("9999_next", ("CREATE TABLE next_one (x TEXT)", "ALTER TABLE hold ADD COLUMN x TEXT")))


def upgrade_and_die(place):
    schema.MIGRATIONS = (*schema.MIGRATIONS, ("9999_next", Deadly(NEWER[-1][1])))
    place.open()


@pytest.mark.long
def test_d8_an_upgrade_that_dies_half_way_leaves_the_old_schema_and_can_be_done_again(forks, tmp_path, monkeypatch):
    store(tmp_path).close()
    place = stores.at(tmp_path / "coalition.db")
    process = forks.Process(target=upgrade_and_die, args=(place,))
    process.start()
    process.join(30)
    assert process.exitcode == -signal.SIGKILL
    place.open().close()
    monkeypatch.setattr(schema, "MIGRATIONS", NEWER)
    with closing(place.open()) as upgraded:
        assert upgraded.read("SELECT x FROM next_one") == []
    monkeypatch.undo()
    with pytest.raises(StoreUnusable, match="newer coalition-bot"):
        place.open()


def bring_over_and_die(place, after):
    steps = schema.upgrade_steps

    def deadly(*args):
        for number, step in enumerate((*steps(*args), "")):
            if number == after or not step:
                os.kill(os.getpid(), signal.SIGKILL)
            yield step

    schema.upgrade_steps = deadly
    place.open()


@pytest.mark.long
def test_d8_an_old_store_whose_upgrade_dies_at_any_step_stays_as_it_was(forks, tmp_path):
    place, before = old_stores.load("0.1.0", tmp_path / "coalition.db"), old_stores.rows("0.1.0")
    for after in (0, 1, 40, 90, 150, 200, 280, 297, 350, 10_000):
        process = forks.Process(target=bring_over_and_die, args=(place, after))
        process.start()
        process.join(60)
        assert process.exitcode == -signal.SIGKILL
        with closing(place.open_as_is()) as db:
            for table, rows in before.items():
                assert sorted(map(repr, map(plain_row, db.read(f"SELECT * FROM {table}")))) == sorted(map(repr, rows))
    with closing(place.open()) as db:
        assert db.read("SELECT COUNT(*) AS n FROM delivery") == [{"n": len(before["delivery"])}]
        assert place.pending() == []


def plain_row(row):
    return {name: bytes(value) if isinstance(value, memoryview) else value for name, value in row.items()}


@pytest.mark.long
async def test_d9_every_thread_has_its_own_connection(kit, slack):
    def say(n: int) -> None:
        kit.say(f"item {n}", (POLICY, FIELD)[n % 2])

    threads = [threading.Thread(target=say, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (await kit.deliverer(kit.slack(slack.url)).run_once()).sent == 8
    rows = kit.db.read("SELECT COUNT(DISTINCT seq) AS n FROM delivery")
    assert rows[0]["n"] == 8
