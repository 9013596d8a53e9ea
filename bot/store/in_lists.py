"""IN lists for SQL that works on both engines: in chunks, with named parameters."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any, Final

_CHUNK: Final = 500  # values in one list; SQLite takes 32,766 parameters, older builds 999


def chunks(values: Collection[str]) -> Iterator[Sequence[str]]:
    ordered = sorted(values)
    return (ordered[at : at + _CHUNK] for at in range(0, len(ordered), _CHUNK))


def placeholders(chunk: Sequence[str]) -> str:
    """Return `:v0, :v1, :v2`."""
    return ", ".join(f":v{number}" for number in range(len(chunk)))


def params(chunk: Sequence[str]) -> dict[str, Any]:
    return {f"v{number}": value for number, value in enumerate(chunk)}
