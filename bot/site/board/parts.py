"""What the address of a list says: which page of it, and of how many days."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

ROWS: Final = 50  # of a page; the CSV has all


@dataclass(frozen=True, slots=True)
class Part:
    """One page of a list: its rows from `start` to `end`, and the addresses of its neighbors, "" for none."""

    start: int
    end: int
    count: int
    previous: str
    next: str

    @classmethod
    def of(cls, path: str, query: Mapping[str, str], count: int, size: int, keep: str = "") -> Part:
        """`keep`: the part of the query that the neighbors have, too."""
        last = max(0, count - 1) // size
        asked = query.get("page", "")
        page = min(int(asked) - 1, last) if asked.isdecimal() and 0 < len(asked) < 6 and int(asked) else 0
        urls = [f"{path}?{keep}page={number_ + 1}" if 0 <= number_ <= last else "" for number_ in (page - 1, page + 1)]
        return cls(page * size, min((page + 1) * size, count), count, *urls)


def days_of(query: Mapping[str, str], periods: Collection[int], usual: int) -> int:
    """The `days` of the address if it is one of the offered periods; else the usual one."""
    return int(query.get("days", "")) if query.get("days", "") in map(str, periods) else usual
