"""D1 and D3 on a real disk: one that is full, one mounted read-only, a file that may not be written."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from bot.store import sqlite
from tests.peers.need import need
from tests.scenario.kit import ROOT, copy_files

DRIVER = Path(__file__).with_name("small_disk.py")
STORE = 3  # exit code
SAYS = {
    "full": "disk is full. Free some space",
    "read-only": "mounted read-only",
    "protected": "this user cannot write to it",
}
COMMANDS = ("check", "status", "run", "once", "erase", "backup", "export")

pytestmark = [pytest.mark.sqlite, pytest.mark.peer("unshare")]


def apart() -> list[str]:
    """In a new mount namespace, as root within it."""
    return [str(need("unshare")), "-m" if os.geteuid() == 0 else "-rm"]


@pytest.fixture(scope="module", params=SAYS)
def spoiled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, dict]:
    """How a disk was spoiled, what each command ended with on it and said, and what is left of copies."""
    home, disk = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("disk")
    copy_files(home)
    sqlite.create(home / "coalition.db").close()
    ours = ("SLACK_", "DISCORD_", "DATABASE_")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    as_owner = ["setpriv", "--bounding-set", "-dac_override"] if request.param == "protected" else []
    driver = [sys.executable, str(DRIVER), str(home), str(disk), request.param]
    ran = subprocess.run([*apart(), *as_owner, *driver], check=False, capture_output=True, text=True,
                         env=environment | {"PYTHONPATH": str(ROOT)})  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    return request.param, json.loads(ran.stdout)


@pytest.mark.long
@pytest.mark.parametrize("command", COMMANDS)
def test_d1_d3_a_disk_that_cannot_be_written_is_called_that(spoiled, command):
    how, outcome = spoiled
    code, output = outcome["ended"][command]
    assert (code, SAYS[how] in output) == (STORE, True), output
    assert "Traceback" not in output
    assert "estore a backup" not in output


@pytest.mark.long
def test_d1_a_backup_that_found_no_room_leaves_no_half_of_one(spoiled):
    _, outcome = spoiled
    assert outcome["left"] == []


def test_d1_a_backup_onto_a_full_disk_names_that_disk_and_leaves_nothing(tmp_path):
    """The store is fine, and on another disk."""
    source = sqlite.create(tmp_path / "coalition.db")
    script = (
        "import sys; from pathlib import Path; from bot.store import sqlite\n"
        "from bot.store.database import StoreUnusable\n"
        f"db = sqlite.open_existing(Path({str(source.path)!r}))\n"
        "try: db.backup(sys.argv[1] + '/copy.db')\n"
        "except StoreUnusable as error: print(error)\n"
        "print(sorted(p.name for p in Path(sys.argv[1]).iterdir()))\n"
    )
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = f'mount -t tmpfs -o size=64k none {disk} && exec {sys.executable} -c "$0" {disk}'
    command = [*apart(), "sh", "-c", mounted, script]
    with closing(source):
        ran = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    output, left = ran.stdout.splitlines()
    assert "disk/copy.db cannot be written: its disk is full" in output
    assert left == "[]"
