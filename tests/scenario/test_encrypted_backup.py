"""A backup encrypted to a public key: what is in it, who can open it, and that the store comes back from it."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pyrage
import pytest

from bot import cli
from bot.ops import backup, export
from bot.ops.export import WrongKey
from tests.kit import restoring, stores
from tests.kit.full_coalition import FullCoalition
from tests.scenario.kit import copy_files
from tests.scenario.test_restore_drill import CHANGED_BY_RESTORE, contents, elsewhere

pytestmark = pytest.mark.long

SECRET = "survives only inside"


@pytest.fixture
def keys(tmp_path):
    """A key pair as `age-keygen` writes it: the file, and the public key."""
    identity = pyrage.x25519.Identity.generate()
    path = tmp_path / "backup-key.txt"
    path.write_text(f"# created: 2026-01-23\n# public key: {identity.to_public()}\n{identity}\n")
    return path, str(identity.to_public())


def made(tmp_path: Path, recipient: str) -> tuple[FullCoalition, Path]:
    home, path = FullCoalition(tmp_path / "home"), tmp_path / "nightly.db.age"
    with home.desk.db.write() as tx:
        tx.execute("UPDATE coalition SET name = :name", {"name": SECRET})
    backup.back_up_encrypted(home.desk.db, path, recipient)
    return home, path


def restore(home, settings, path, key):
    work = restoring.restore(settings, home.config, path, clock=lambda: home.desk.now, new_id=home.desk.new_id, key=key)
    return asyncio.run(work)


def test_the_file_has_nothing_readable_only_its_owner_reads_it_and_no_plain_copy_stays(tmp_path, keys):
    _, path = made(tmp_path, keys[1])
    data = path.read_bytes()
    assert export.is_encrypted(path)
    assert SECRET.encode() not in data
    assert b"SQLite format" not in data
    assert path.stat().st_mode & 0o777 == 0o600
    assert sorted(each.name for each in tmp_path.iterdir()) == ["backup-key.txt", "home", "nightly.db.age"]


def test_every_row_comes_back_with_the_key(tmp_path, keys):
    home, path = made(tmp_path, keys[1])
    before = contents(home.desk.db)
    settings = elsewhere(home, tmp_path)
    restore(home, settings, path, keys[0])
    after = contents(stores.at(settings.coalition_file.parent / "board.db").open())
    same = set(before) - CHANGED_BY_RESTORE
    assert {name: after[name] for name in same} == {name: before[name] for name in same}


def test_a_wrong_key_no_key_and_a_damaged_file_are_reported_and_change_nothing(tmp_path, keys):
    home, path = made(tmp_path, keys[1])
    settings = elsewhere(home, tmp_path)
    other = tmp_path / "other.txt"
    other.write_text(str(pyrage.x25519.Identity.generate()))
    with pytest.raises(WrongKey, match=r"does not open .*: No matching keys found"):
        restore(home, settings, path, other)
    with pytest.raises(WrongKey, match=r"is encrypted\. Add --key"):
        restore(home, settings, path, None)
    with pytest.raises(WrongKey, match="is not a key file"):
        restore(home, settings, path, settings.coalition_file)
    with pytest.raises(WrongKey, match="cannot be read: No such file"):
        restore(home, settings, path, tmp_path / "gone.txt")
    path.write_bytes(path.read_bytes()[:-1_000])
    with pytest.raises(WrongKey, match="is damaged: it was cut short or changed"):
        restore(home, settings, path, keys[0])
    assert not (settings.coalition_file.parent / "board.db").exists()


@pytest.mark.long
@pytest.mark.parametrize(("key", "why"), [("age1nonsense", "not a key"), ("AGE-SECRET-KEY-1ABC", "a secret key")])
def test_a_backup_to_what_is_no_public_key_is_refused_before_anything_is_written(tmp_path, key, why):
    home, path = FullCoalition(tmp_path / "home"), tmp_path / "nightly.db.age"
    with pytest.raises(WrongKey, match=f"--to is {why}"):
        backup.back_up_encrypted(home.desk.db, path, key)
    assert not path.exists()


@pytest.mark.sqlite
def test_from_the_command_line(tmp_path, keys, monkeypatch, capsys):
    folder = tmp_path / "ours"
    folder.mkdir()
    copy_files(folder)
    monkeypatch.chdir(folder)
    for name in [*os.environ]:
        if name.startswith(("SLACK_", "DISCORD_", "DATABASE_")):
            monkeypatch.delenv(name)

    def bot(*words):
        monkeypatch.setattr("sys.argv", ["coalition-bot", *words])
        with pytest.raises(SystemExit) as end:
            cli.main()
        return end.value.code, capsys.readouterr()

    assert bot("init")[0] == 0
    assert bot("backup", "ours.db.age", "--to", keys[1])[0] == 0
    code, printed = bot("restore", "ours.db.age")
    assert (code, printed.err) == (2, "ours.db.age is encrypted. Add --key with the file of its secret key.\n")
    code, printed = bot("import", "ours.db.age")
    assert code == 3
    assert printed.err == (
        "ours.db.age is an encrypted backup, which is not imported but restored, with the file of its secret key: "
        "coalition-bot restore ours.db.age --key FILE\n"
    )
    code, printed = bot("backup", "other.db.age", "--to", "age1x")
    assert code == 2
    assert "age-keygen" in printed.err
    assert bot("restore", "ours.db.age", "--key", str(keys[0]))[0] == 0
