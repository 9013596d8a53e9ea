"""Before an upgrade: what a new version would change is shown, and a backup is made, without changing anything."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from bot.store import schema
from bot.store.address import File
from tests.kit import old_stores, stores
from tests.scenario.test_cli import DONE, STORE, USAGE, Bot, bot, flat

__all__ = ["bot"]  # the fixture

NEW = [*schema.CHANGES, *(name for name, _ in schema.MIGRATIONS)]


@pytest.fixture
def older(bot: Bot, tmp_path: Path) -> File:
    """The store of 0.1, as it left it, without a backup."""
    old_stores.load("0.1.0", tmp_path / "coalition.db")
    place = File(tmp_path / "coalition.db")
    with closing(place.open_as_is()) as db, db.write() as tx:
        tx.execute("DELETE FROM backup")
    return place


@pytest.mark.sqlite
def test_the_changes_that_wait_are_counted_and_not_made(bot: Bot, older: File):
    for command in ("doctor", "check", "doctor"):
        assert f"changes its tables at the next start ({len(NEW)} steps)" in flat(bot("doctor").out)
        assert bot(command).code == DONE
    assert older.pending() == NEW


@pytest.mark.sqlite
def test_a_backup_copies_the_store_as_it_is(bot: Bot, older: File, tmp_path: Path):
    assert bot("backup", "before.db").code == DONE
    assert older.pending() == NEW
    assert File(tmp_path / "before.db").pending() == NEW


@pytest.mark.sqlite
def test_on_postgresql_the_version_that_made_the_tables_is_asked_for_a_backup(bot: Bot, tmp_path: Path, monkeypatch):
    monkeypatch.setattr(stores, "CHOSEN", "postgres")
    old_stores.load("0.2.0", tmp_path / "coalition.db")
    monkeypatch.setenv("DATABASE_URL", stores.url(tmp_path / "coalition.db"))

    ran = bot("backup", "before.db")
    assert ran.code == STORE
    assert "with that version or with pg_dump" in ran.err
    assert f"at the next start ({3 + len(schema.MIGRATIONS)} steps)" in bot("doctor").out


@pytest.mark.sqlite
def test_a_store_of_several_coalitions_is_refused_by_every_command_and_stays(bot: Bot, older: File):
    old_stores.add_coalition(older, "other")
    for command in (["status"], ["backup", "before.db"]):
        ran = bot(*command)
        assert ran.code == STORE
        assert "several coalitions (atest, other)" in ran.err
    assert "several coalitions" in bot("doctor").out


@pytest.mark.sqlite
def test_a_file_that_this_version_refuses_is_named_with_its_line(bot: Bot, older: File, tmp_path: Path):
    with (tmp_path / "coalition.yml").open("a", encoding="utf-8") as file:
        file.write("colour: blue\n")
    ran = bot("check")
    assert ran.code == USAGE
    assert "coalition.yml:" in ran.err
    assert "colour" in ran.err
    assert older.pending() == NEW


@pytest.mark.sqlite
def test_a_store_of_a_newer_version_is_refused(bot: Bot, monkeypatch):
    with monkeypatch.context() as patch:
        later = (*schema.MIGRATIONS, ("9999_later", ("CREATE TABLE later (x TEXT)",)))
        patch.setattr(schema, "MIGRATIONS", later)
        bot("init")
    ran = bot("status")
    assert ran.code == STORE
    assert "newer coalition-bot" in ran.err
