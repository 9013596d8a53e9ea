"""A map of the states as a grid of equal tiles, shaded by a number for each. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.shared.states import STATES

# Each state roughly where it is; the territories that send a delegate to the House are below.
_GRID: Final = (
    "AK .. .. .. .. .. .. .. .. .. ME",
    ".. .. .. .. .. .. .. .. .. VT NH",
    "WA ID MT ND MN IL WI MI NY RI MA",
    "OR NV WY SD IA IN OH PA NJ CT ..",
    "CA UT CO NE MO KY WV VA MD DE ..",
    ".. AZ NM KS AR TN NC SC DC .. ..",
    ".. .. .. OK LA MS AL GA .. .. ..",
    "HI .. .. .. TX .. .. .. FL PR VI",
    "GU MP AS .. .. .. .. .. .. .. ..",
)
_SHADES: Final = 3
STEP: Final = 40  # from one tile to the next, in the picture's units


@dataclass(frozen=True, slots=True)
class Tile:
    """`x`, `y`: its upper left corner. `shade`: 0 for none, then 1 to 3, where 3 is for the largest numbers."""

    state: str  # "MO"
    name: str
    x: int
    y: int
    count: int
    shade: int


@dataclass(frozen=True, slots=True)
class StateMap:
    tiles: tuple[Tile, ...]
    width: int = STEP * len(_GRID[0].split())
    height: int = STEP * len(_GRID)


def state_map(counts: Mapping[str, int]) -> StateMap:
    """The map of `counts`, by the states' letters; a state that is missing there has 0."""
    most = max(counts.values(), default=0)
    return StateMap(
        tuple(
            Tile(state, STATES[state], column * STEP, row * STEP, counts.get(state, 0), _shade(counts.get(state), most))
            for row, line in enumerate(_GRID)
            for column, state in enumerate(line.split())
            if state != ".."
        )
    )


def _shade(count: int | None, most: int) -> int:
    return 1 + (count - 1) * _SHADES // most if count else 0
