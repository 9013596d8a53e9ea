"""Run commands of the program in a folder on a separate disk that cannot be written. A program: see `test_d_disk`.

Start this in a new mount namespace, so that its mounts disappear with it. Prints a JSON object: the exit code and the
standard error of each command.
"""

from __future__ import annotations

import errno
import io
import json
import os
import shutil
import subprocess
import sys
import traceback
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from bot import cli

COMMANDS = {
    "check": ["check"],
    "status": ["status"],
    "run": ["run"],
    "once": ["once"],
    "erase": ["erase", "--person", "Maria Lopez", "--yes"],
    "backup": ["backup", "copy.db"],
    "export": ["export", "copy.zip"],
}


def mount(*options: str) -> None:
    subprocess.run(["mount", *options], check=True, capture_output=True)


def fill(disk: Path) -> None:
    """Take up every byte that is left."""
    with (disk / "filler").open("wb", buffering=0) as file:
        for size in (1 << 20, 4096, 1):
            try:
                while True:
                    file.write(bytes(size))
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise


def make_readonly(disk: Path) -> None:
    mount("-o", "remount,ro", str(disk))


def protect(disk: Path) -> None:
    """Not even root writes to it: see `test_d_disk`, which takes that right away."""
    for path in disk.glob("coalition.db*"):
        path.chmod(0o444)


SPOIL: dict[str, Callable[[Path], None]] = {"full": fill, "read-only": make_readonly, "protected": protect}


def run(*arguments: str) -> tuple[int, str]:
    """What the program ends with, and what it wrote to standard error."""
    sys.argv = ["coalition-bot", *arguments]
    output = io.StringIO()
    with redirect_stderr(output), redirect_stdout(io.StringIO()):
        try:
            cli.main()
        except SystemExit as ended:
            return int(ended.code or 0), output.getvalue()
        except BaseException:  # noqa: BLE001 - a traceback is what the test looks for
            return 1, output.getvalue() + traceback.format_exc()
    return 0, output.getvalue()


def main(home: Path, disk: Path, how: str) -> None:
    mount("-t", "tmpfs", "-o", "size=24m", "none", str(disk))
    shutil.copytree(home, disk, dirs_exist_ok=True)
    SPOIL[how](disk)
    os.chdir(disk)
    ended = {name: run(*arguments) for name, arguments in COMMANDS.items()}
    left = sorted(path.name for path in disk.glob("copy.*"))
    sys.stdout.write(json.dumps({"ended": ended, "left": left}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
