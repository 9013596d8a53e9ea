"""GDELT's files of a quarter of an hour (GKG 2.1), with the columns of its codebook and invented articles."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable

COLUMNS = 27


def article(
    n: int, title: str = "", *, names: Iterable[str] = (), outlet: str = "herald.example", url: str = ""
) -> bytes:
    """One row: everything but outlet, address, names and headline is filled with what nobody reads."""
    row = [b"x"] * COLUMNS
    row[3], row[4] = outlet.encode(), (url or f"https://{outlet}/2026/story-{n}").encode()
    row[23] = ";".join(f"{name},{at}" for at, name in enumerate(names)).encode()
    row[26] = f"<PAGE_LINKS>x</PAGE_LINKS><PAGE_TITLE>{title or f'Story {n}'}</PAGE_TITLE>".encode()
    return b"\t".join(row)


def packed(*rows: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("20261124170000.gkg.csv", b"\n".join(rows) + b"\n")
    return out.getvalue()
