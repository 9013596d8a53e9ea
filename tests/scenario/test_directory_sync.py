"""`coalition-bot directory`: the public site, played on loopback, or a folder becomes the directory, whole or not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.congress import records
from bot.congress.sync import PUBLIC, WrongSnapshot, sync
from bot.fetch.http import Fetcher, Limits
from bot.store.database import Database
from tests.kit import stores
from tests.kit.congress import AS_OF, COMMITTEES, MEMBERSHIP, NOW, legislators, write_public
from tests.peers.feedserver import FeedServer, serving
from tests.scenario.test_cli import ATTENTION, DONE, Bot, bot

__all__ = ["bot"]
MONDAY = "Mon, 15 Jun 2026 04:05:06 GMT"
SUNDAY = "Sun, 14 Jun 2026 04:05:06 GMT"


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    made = stores.create(tmp_path / "directory.db")
    yield made
    made.close()


def publish(site: FeedServer, *, dates: tuple[str | None, ...] = (MONDAY, MONDAY, MONDAY)) -> None:
    values = (legislators(), COMMITTEES, MEMBERSHIP)
    for name, value, on in zip(PUBLIC, values, dates, strict=True):
        headers = {"Last-Modified": on} if on else {}
        site.say(f"/{name}", json.dumps(value), content_type="application/json", headers=headers)


async def synced(db: Database, site: FeedServer):
    fetcher = Fetcher("test", allow_hosts=("127.0.0.1",), limits=Limits(gap=0))
    try:
        return await sync(db, fetcher, site.url("/"), None, as_of=None, force=False, now=NOW)
    finally:
        await fetcher.close()


async def test_the_public_site_becomes_the_directory_as_of_its_oldest_file(db):
    async with serving() as site:
        publish(site, dates=(MONDAY, SUNDAY, MONDAY))
        done = await synced(db, site)
    assert done.before is None
    assert (done.joined, done.left) == ((), ())
    stored = records.stored_directory(db)
    assert (stored.as_of, stored.taken_at) == (date(2026, 6, 14), NOW)
    assert records.count(db)["Senator"] == 100


async def test_a_site_that_gives_no_day_is_from_today(db):
    async with serving() as site:
        publish(site, dates=(None, MONDAY, "not a day"))
        await synced(db, site)
    assert records.stored_directory(db).as_of == AS_OF  # the Monday, older than today
    async with serving() as site:
        publish(site, dates=(None, None, None))
        await synced(db, site)
    assert records.stored_directory(db).as_of == NOW.date()


@pytest.mark.parametrize(
    ("name", "body", "status", "text"),
    [
        (PUBLIC[0], "<!doctype html><title>Moved</title>", 200, "sent a web page instead of data"),
        (PUBLIC[0], "[]", 200, "that is not all of Congress"),
        (PUBLIC[1], "[", 200, "committees-current.json is not JSON"),
        (PUBLIC[2], "[]", 200, "is not an object of committees"),
        (PUBLIC[2], "gone", 404, "answered 404"),
    ],
)
async def test_one_wrong_file_leaves_the_directory_as_it_is(db, name, body, status, text):
    async with serving() as site:
        publish(site)
        await synced(db, site)
        before = records.members(db), records.stored_directory(db)
        site.say(f"/{name}", body, status=status, content_type="application/json")
        with pytest.raises(WrongSnapshot) as wrong:
            await synced(db, site)
    assert text in str(wrong.value)
    assert (records.members(db), records.stored_directory(db)) == before


@pytest.mark.long
def test_the_command_line_syncs_from_a_folder_and_prints_the_result(bot: Bot, tmp_path: Path):
    bot("init")
    none = bot("directory", "status")
    assert none.code == ATTENTION
    assert none.out.startswith("There is no directory of Congress yet: the public record of its members, ")
    assert none.out.strip().endswith("To read it, run on the server: coalition-bot directory sync")
    (tmp_path / "files").mkdir()
    write_public(tmp_path / "files")
    yesterday = date.today() - timedelta(days=1)  # noqa: DTZ011 - the program's clock is the machine's here
    done = bot("directory", "sync", "--from", "files", "--as-of", str(yesterday))
    assert (done.code, done.err) == (DONE, "")
    assert "431 representatives" in done.out
    assert bot("directory", "status").code == DONE
    gone = legislators()[1:]
    write_public(tmp_path / "files", gone)
    assert (
        "Left: Senator Ada Oak-Ash (NY)" in bot("directory", "sync", "--from", "files", "--as-of", str(yesterday)).out
    )


def test_the_command_line_says_what_is_wrong_and_how_to_go_on(bot: Bot, tmp_path: Path):
    bot("init")
    write_public(tmp_path)
    undated = bot("directory", "sync", "--from", ".")
    assert undated.code == ATTENTION
    assert undated.err.startswith("The directory was not changed: nothing says which day")
    assert "--as-of" in undated.err
    old = bot("directory", "sync", "--from", ".", "--as-of", "2024-01-01")
    assert old.code == DONE
    stale = bot("directory", "status")
    assert stale.code == ATTENTION
    assert "Letters could use it until" in stale.out
