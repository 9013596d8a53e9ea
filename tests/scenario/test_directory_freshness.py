"""The directory of Congress stays fresh by itself, and people are warned before letters to members are refused."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.app.composing import post_directory_warnings
from bot.congress import records, sync
from bot.congress.sync import PUBLIC, store_snapshot
from bot.fetch.http import Fetcher, Limits
from tests.kit import stores
from tests.kit.alerts import Room, campaign
from tests.kit.congress import COMMITTEES, MEMBERSHIP, NOW, legislators, public
from tests.peers.feedserver import serving


@pytest.fixture
def db(tmp_path):
    made = stores.create(tmp_path / "directory.db")
    yield made
    made.close()


def taken(db, *, source="https://example.org/congress", at=NOW):
    with db.write() as tx:
        store_snapshot(tx, replace(public(), source=source), now=at)


def on(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T17:00:00").replace(tzinfo=UTC)


def test_nothing_is_posted_without_a_directory(db):
    assert sync.warnings(db, campaign().coalition, date(2027, 6, 1)) == []


def test_a_directory_warns_thirty_days_before_its_limit_and_after_it(db):
    taken(db)
    limit = records.stored_directory(db).as_of + campaign().coalition.directory.good_for

    def warnings_on(day: date) -> list[str]:
        return [line for line in sync.warnings(db, campaign().coalition, day) if "is from" in line]

    assert warnings_on(limit - timedelta(days=31)) == []
    (soon,) = warnings_on(limit - timedelta(days=30))
    assert "letters to members are refused after" in soon
    assert warnings_on(limit) == [soon]
    (late,) = warnings_on(limit + timedelta(days=1))
    assert "older than its limit of 210 days: letters to members are refused. Run `coalition-bot" in late


def test_terms_that_end_soon_and_terms_that_ended_are_counted(db):
    taken(db)

    before = " ".join(sync.warnings(db, campaign().coalition, date(2026, 12, 20)))
    after = " ".join(sync.warnings(db, campaign().coalition, date(2027, 1, 4)))

    assert "of Congress will end on Sun Jan 3, 2027. Run `coalition-bot directory sync` after that day." in before
    assert "terms in the directory of Congress have ended: letters to those members are refused" in after
    assert "will end on Sun Jan 3" not in after


def test_each_warning_is_posted_to_the_admin_channel_once(tmp_path):
    room = Room(tmp_path, now=on("2026-12-20"))
    taken(room.db)

    def posted() -> list[str]:
        post_directory_warnings(room.job)
        sql = "SELECT card FROM delivery WHERE channel = 'admin' AND key LIKE 'admin/directory:%'"
        return [row["card"] for row in room.db.read(sql)]

    assert len(posted()) == 1
    assert len(posted()) == 1
    room.now = on("2027-01-04")
    assert len(posted()) == 2
    room.db.close()


async def test_a_directory_from_the_public_site_is_synced_once_a_week(db):
    async with serving() as site:
        for name, value in zip(PUBLIC, (legislators(), COMMITTEES, MEMBERSHIP), strict=True):
            site.say(f"/{name}", json.dumps(value), content_type="application/json")
        fetcher = Fetcher("test", allow_hosts=("127.0.0.1",), limits=Limits(gap=0))
        weekly = sync.WeeklySync(db, fetcher)
        taken(db, source=site.url("/"))

        assert not await weekly.run_if_due(site.url("/"), NOW + timedelta(days=6))
        assert records.stored_directory(db).taken_at == NOW
        assert await weekly.run_if_due(site.url("/"), NOW + timedelta(days=7))
        assert records.stored_directory(db).taken_at == NOW + timedelta(days=7)
        await fetcher.close()


async def test_a_site_that_fails_is_asked_again_six_hours_later_and_the_directory_stays(db, caplog):
    async with serving() as site:
        fetcher = Fetcher("test", allow_hosts=("127.0.0.1",), limits=Limits(gap=0))
        weekly = sync.WeeklySync(db, fetcher)
        taken(db, source=site.url("/"))
        week = NOW + timedelta(days=7)

        for later in (timedelta(0), timedelta(hours=5), timedelta(hours=6)):
            assert not await weekly.run_if_due(site.url("/"), week + later)
        assert caplog.text.count("Could not update the directory of Congress") == 2
        assert records.stored_directory(db).taken_at == NOW
        await fetcher.close()


@pytest.mark.parametrize("source", ["/srv/congress", ""])
async def test_a_directory_from_files_is_left_alone(db, source):
    taken(db, source=source)
    weekly = sync.WeeklySync(db, Fetcher("test"))

    assert not await weekly.run_if_due("http://127.0.0.1:9/", NOW + timedelta(days=70))
