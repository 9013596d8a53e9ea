"""`upgrade --check`: what a new version would change, seen without changing it."""

from __future__ import annotations

import re
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.cli.upgrade import RELEASES
from bot.config.coalition import Coalition
from bot.config.settings import Settings
from bot.ops import backup_copies
from bot.store import schema
from bot.store.address import File
from tests.kit import old_stores, stores
from tests.scenario.test_cli import ATTENTION, DONE, STORE, USAGE, Bot, bot

__all__ = ["bot"]  # the fixture

NEW = [
    "0025_letter_signing",
    "0031_inquiry_kinds",
    "0072_email",
    "0080_letter_rendering",
    "0099_one_history",
    "0100_baseline",
]


@pytest.fixture
def older(bot: Bot, tmp_path: Path) -> File:
    """The store of 0.1, as it left it, without a backup."""
    old_stores.load("0.1.0", tmp_path / "coalition.db")
    place = File(tmp_path / "coalition.db")
    with closing(place.open_as_is()) as db, db.write() as tx:
        tx.execute("DELETE FROM backup")
    return place


def finding_of(ran, name: str) -> dict[str, str]:
    (finding,) = [each for each in ran.json if each["subject"] == name]
    return finding


@pytest.mark.sqlite
def test_a_store_of_this_version_has_nothing_to_do(bot: Bot):
    bot("init")
    current = bot("upgrade", "--check")
    assert (current.code, current.err) == (DONE, "")
    assert "up to date with this version" in current.out


@pytest.mark.sqlite
def test_the_changes_that_wait_are_named_and_not_made(bot: Bot, older: File):
    for _ in range(2):
        ran = bot("upgrade", "--check", "--json")
        assert ran.code == ATTENTION
        assert ", ".join(NEW) in finding_of(ran, "database")["sentence"]
    assert older.pending() == NEW


@pytest.mark.sqlite
def test_what_is_new_for_an_older_store_is_listed_with_where_the_other_steps_are(bot: Bot, older: File):
    ran = bot("upgrade", "--check", "--json")
    assert "new in 0.2.0" in finding_of(ran, ".env: WEB_BIND")["sentence"]
    assert "From 0.1 to 0.2" in finding_of(ran, "version 0.2.0")["next_step"]
    assert "From 0.2 to 0.3" in finding_of(ran, "version 0.3.0")["next_step"]
    assert "office_groups" not in str(ran.json)  # the file has them already


@pytest.mark.sqlite
def test_a_backup_is_asked_for_and_copies_the_store_as_it_is(bot: Bot, older: File, tmp_path: Path):
    assert finding_of(bot("upgrade", "--check", "--json"), "backup")["state"] == "look"
    assert bot("backup", "before.db").code == DONE
    assert older.pending() == NEW
    assert File(tmp_path / "before.db").pending() == NEW
    assert finding_of(bot("upgrade", "--check", "--json"), "backup")["state"] == "good"


@pytest.mark.sqlite
def test_on_postgresql_the_version_that_made_the_tables_is_asked_for_a_backup(bot: Bot, tmp_path: Path, monkeypatch):
    monkeypatch.setattr(stores, "CHOSEN", "postgres")
    old_stores.load("0.2.0", tmp_path / "coalition.db")
    monkeypatch.setenv("DATABASE_URL", stores.url(tmp_path / "coalition.db"))

    assert "with the version that made it" in finding_of(bot("upgrade", "--check", "--json"), "backup")["next_step"]
    ran = bot("backup", "before.db")
    assert ran.code == STORE
    assert "with that version or with pg_dump" in ran.err
    assert "at the next start (3 steps)" in bot("doctor").out


@pytest.mark.sqlite
def test_a_store_of_0_2_has_not_seen_0_3_alone(bot: Bot, tmp_path: Path):
    old_stores.load("0.2.0", tmp_path / "coalition.db")
    ran = bot("upgrade", "--check", "--json")
    assert [each["subject"] for each in ran.json if each["subject"].startswith("version")] == ["version 0.3.0"]


@pytest.mark.sqlite
def test_a_store_of_several_coalitions_is_refused_by_every_command_and_stays(bot: Bot, older: File):
    old_stores.add_coalition(older, "other")
    for command in (["upgrade", "--check"], ["status"], ["backup", "before.db"]):
        ran = bot(*command)
        assert ran.code == STORE
        assert "several coalitions (atest, other)" in ran.err
    assert "several coalitions" in bot("doctor").out


@pytest.mark.sqlite
def test_a_backup_of_the_day_before_yesterday_is_too_old(bot: Bot, older: File, tmp_path: Path):
    with closing(older.open_as_is()) as db:
        now = datetime.now(UTC) - timedelta(days=2)
        backup_copies.record_copy(db, tmp_path / "old.db", now, before_baseline=True)
    assert finding_of(bot("upgrade", "--check", "--json"), "backup")["state"] == "look"


@pytest.mark.sqlite
def test_variables_that_nothing_reads_are_named_filled_in_or_not(bot: Bot, tmp_path: Path):
    bot("init")
    (tmp_path / ".env").write_text("SLACK_BOT_TOKE=\nOLD_THING=1\nFEED_URL__ALERTS=\n", encoding="utf-8")
    (tmp_path / ".env").chmod(0o600)
    ran = bot("upgrade", "--check", "--json")
    assert ran.code == ATTENTION
    assert 'Did you mean "SLACK_BOT_TOKEN"?' in finding_of(ran, ".env: SLACK_BOT_TOKE")["sentence"]
    assert "this version does not read it" in finding_of(ran, ".env: OLD_THING")["sentence"]
    assert "FEED_URL" not in str(ran.json)


@pytest.mark.sqlite
def test_a_source_of_another_kind_than_the_catalog_has_is_named(bot: Bot, tmp_path: Path):
    bot("init")
    file = tmp_path / "feeds.yml"
    old = "  - govinfo-bills: {kind: feed, url: https://www.govinfo.gov/rss/bills.xml, name: GovInfo}"
    text = re.sub(r"^  - govinfo-bills$", old, file.read_text(encoding="utf-8"), flags=re.MULTILINE)
    file.write_text(text, encoding="utf-8")
    ran = bot("upgrade", "--check", "--json")
    assert ran.code == ATTENTION
    assert "new-bills" in finding_of(ran, "feeds.yml: govinfo-bills")["sentence"]


@pytest.mark.sqlite
def test_a_file_that_this_version_refuses_is_named_with_its_line(bot: Bot, older: File, tmp_path: Path):
    with (tmp_path / "coalition.yml").open("a", encoding="utf-8") as file:
        file.write("colour: blue\n")
    ran = bot("upgrade", "--check")
    assert ran.code == USAGE
    assert "coalition.yml:" in ran.err
    assert "colour" in ran.err
    assert "waiting" in ran.out


@pytest.mark.sqlite
def test_a_store_of_a_newer_version_is_refused(bot: Bot, tmp_path: Path, monkeypatch):
    with monkeypatch.context() as patch:
        later = (*schema.MIGRATIONS, ("9999_later", ("CREATE TABLE later (x TEXT)",)))
        patch.setattr(schema, "MIGRATIONS", later)
        bot("init")
    ran = bot("upgrade", "--check")
    assert ran.code == STORE
    assert "newer coalition-bot" in ran.err


def test_there_is_nothing_to_run_without_check(bot: Bot):
    ran = bot("upgrade")
    assert ran.code == USAGE
    assert "upgrade --check" in ran.err


def test_releases_name_what_there_is():
    for release in RELEASES:
        assert release.first_migration in schema.pending(["0001_main_job"])
        assert {name.lower() for name in release.settings} <= Settings.model_fields.keys()
        assert set(release.coalition) <= Coalition.model_fields.keys()
        page, _, section = release.docs.partition(", ")
        text = (Path(__file__).parents[2] / page).read_text(encoding="utf-8")
        assert f"### {section.strip(chr(34))}\n" in text
