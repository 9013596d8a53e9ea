"""Writing files that their owner alone may read: drafts, contacts and names are in whatever the bot writes."""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path
from typing import IO, Final

_OWNER: Final = 0o600


def open_private(path: Path, *, new: bool = False) -> IO[bytes]:
    """A file to write bytes to, readable by its owner alone, also where one with other rights was there.

    Raises `FileExistsError` where it must be `new` and is not, `OSError` where it cannot be written.
    """
    mode = "xb" if new else "wb"
    file = open(path, mode, opener=lambda name, flags: os.open(name, flags, _OWNER))  # noqa: SIM115 - Path.open takes no opener; the caller closes it
    try:
        if hasattr(os, "fchmod"):  # not on Windows
            os.fchmod(file.fileno(), _OWNER)
    except BaseException:
        file.close()
        raise
    return file


def write_private(path: Path, data: bytes, *, new: bool = False) -> None:
    """Write a whole file, as `open_private` does."""
    with open_private(path, new=new) as file:
        file.write(data)


def copy_private(folder: Path, to: Path, *, but: Collection[Path] = ()) -> None:
    """Copy a folder without `but`. Rights are not copied: an installed program's files may be read-only."""
    for path in folder.rglob("*"):
        if path.is_file() and {path, *path.parents}.isdisjoint(but):
            new = to / path.relative_to(folder)
            new.parent.mkdir(parents=True, exist_ok=True)
            write_private(new, path.read_bytes())
