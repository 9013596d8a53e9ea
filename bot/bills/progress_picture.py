"""A bill's way as a small picture, by `templates/reports/bill-way.png.typ`, made in the limited process."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

from bot.bills.progress import Station
from bot.printing.host import Maker

_TEMPLATE: Final = "reports/bill-way.png.typ"


@lru_cache(maxsize=64)
def png(title: str, stations: tuple[Station, ...], folder: Path) -> bytes:
    """The way of a bill called `title`. Its words, `way.in_words`, belong beside it. Raises `DocumentProblem`."""
    with Maker(folder) as maker:
        maker.ask([_TEMPLATE], {"title": title, "stations": _told(stations)})
        return maker.answer()[0]


def _told(stations: Sequence[Station]) -> list[dict[str, str]]:
    return [
        {"name": it.name, "state": it.state.value, "on": f"{it.on.day} {it.on:%b %Y}" if it.on else ""}
        for it in stations
    ]
