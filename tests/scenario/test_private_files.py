"""I3: whatever the command line and the console write is readable by its owner alone, whatever the umask."""

from __future__ import annotations

import io
import os
import stat
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from shutil import copytree

import pytest

from bot.cli.demo.replay import SHIPPED, lay_out
from bot.cli.starter.files import write_example
from bot.shared.private_files import write_private
from tests.scenario.test_cli import DONE, Bot, bot

__all__ = ["bot"]  # the fixture

pytestmark = pytest.mark.sqlite  # files, not stores


@pytest.fixture(autouse=True)
def _anybody_may_read() -> Iterator[None]:
    """The umask that most machines have."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def readable_by_others(folder: Path, but: set[str]) -> list[str]:
    files = [path for path in folder.rglob("*") if path.is_file() and path.name not in but]
    assert files
    return [path.name for path in files if stat.S_IMODE(path.stat().st_mode) & 0o077]


@pytest.mark.long
def test_i3_every_file_that_a_command_writes_is_its_owners_alone(bot: Bot, tmp_path: Path, monkeypatch):
    copytree(Path(__file__).parents[2] / "templates", tmp_path / "templates", dirs_exist_ok=True)
    names = {path.name for path in tmp_path.rglob("*")} | {"coalition.db.lock"}  # the lock is empty
    for command in (
        ["init"],
        ["backup", "copy.db"],
        ["export", "ours.zip"],
        ["letter", "try", "joint-applications", "--into", "letter.docx"],
        ["letter", "try", "joint-applications", "--into", "letter.pdf"],
        ["db", "copy", "sqlite:///coalition.db", "sqlite:///other.db"],
    ):
        ran = bot(*command)
        assert ran.code == DONE, ran.err
    asked = "/press add outlet:Wire name:Jo email:jo@wire.example\n/press export\n/press export\n"
    monkeypatch.setattr(sys, "stdin", io.StringIO(asked))
    assert bot("chat", "--as", "press").code == DONE
    made = {path.name for path in tmp_path.iterdir()} - names
    assert {"copy.db", "ours.zip", "letter.docx", "letter.pdf", "other.db"} <= made
    assert len(list((tmp_path / "exports").iterdir())) == 1  # the second export replaces the first
    assert readable_by_others(tmp_path, names) == []
    assert readable_by_others(tmp_path / "exports", set()) == []


def test_i3_a_folder_made_from_read_only_templates_is_its_owners_alone_to_change(tmp_path: Path):
    """Some systems install every file and folder as read-only."""
    installed, made = tmp_path / "installed", tmp_path / "made"
    copytree(SHIPPED / "templates", installed / "templates")
    for path in installed.rglob("*"):
        path.chmod(0o555 if path.is_dir() else 0o444)
    write_example("heat", made, installed)
    names = {path.name for path in (installed / "templates").iterdir()}
    assert names == {path.name for path in (made / "templates").iterdir()}
    assert readable_by_others(made, set()) == []
    assert all(path.stat().st_mode & stat.S_IWUSR for path in made.rglob("*"))


@pytest.mark.long
def test_i3_what_the_demo_keeps_is_its_owners_alone(tmp_path: Path):
    lay_out(tmp_path, "", {}, date(2026, 2, 12))
    assert (tmp_path / "templates" / "letterhead.docx").is_file()
    assert readable_by_others(tmp_path, set()) == []


def test_i3_what_an_import_puts_is_its_owners_alone(bot: Bot, tmp_path: Path, monkeypatch):
    bot("init")
    (tmp_path / "templates").mkdir(exist_ok=True)
    (tmp_path / "templates" / "mine.txt").write_text("Dear")
    bot("export", "ours.zip")
    away = tmp_path / "away"
    away.mkdir()
    monkeypatch.chdir(away)
    assert bot("import", "../ours.zip").code == DONE
    assert readable_by_others(away, set()) == []


def test_i3_a_file_that_anybody_could_read_is_theirs_no_more_when_it_is_written_over(tmp_path: Path):
    path = tmp_path / "letter.docx"
    path.write_bytes(b"old")
    path.chmod(0o644)
    write_private(path, b"new")
    assert (stat.S_IMODE(path.stat().st_mode), path.read_bytes()) == (0o600, b"new")
