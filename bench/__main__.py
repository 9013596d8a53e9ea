"""Measure, and print one table. The exit code is 0 whatever comes out: a figure is not a test."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from statistics import median
from time import perf_counter
from typing import Final

from rich.console import Console
from rich.table import Table

from bench import (
    board,
    chat,
    claims,
    clustering,
    congress,
    crowd,
    documents,
    drafting,
    fairness,
    footprint,
    growth,
    learning,
    letters,
    matching,
    outbox,
    polling,
)
from bench.measure import Figure, Size, machine

MEASURES: Final[tuple[Callable[[Size], list[Figure]], ...]] = (
    polling.unchanged,
    polling.changed,
    polling.loop_delay,
    growth.growth,
    documents.documents,
    documents.year,
    congress.whole_congress,
    matching.matching,
    matching.many_watches,
    learning.learning,
    clustering.clustering,
    outbox.commits,
    chat.acknowledgement,
    board.board,
    crowd.crowd,
    fairness.fairness,
    claims.claims,
    drafting.drafting,
    letters.letters,
    footprint.start,
    footprint.memory,
)
_WIDTH: Final = 150  # where the output is no terminal


def main(wanted: Sequence[str]) -> None:
    """`wanted` names some of the measures; none means all."""
    console = Console(width=None if sys.stdout.isatty() else _WIDTH)
    progress = Console(stderr=True)
    console.print(f"{machine()}. Medians of rounds in turn; in brackets the lowest and the highest.")
    table = Table("What", "Ours", "Rival or limit", "", "Ratio", "Aim", "")
    for measure in MEASURES:
        if wanted and measure.__name__ not in wanted:
            continue
        started = perf_counter()
        try:
            for figure in measure(Size()):
                table.add_row(*row(figure))
        except (RuntimeError, AssertionError, OSError) as error:
            table.add_row(measure.__name__, "not measured", str(error).partition("\n")[0])
        progress.print(f"{measure.__name__}: {perf_counter() - started:.0f} s")
    console.print(table)


def row(figure: Figure) -> tuple[str, ...]:
    """A figure as the table has it."""
    aim = "" if figure.aim is None else f"{'≤' if figure.less_is_better else '≥'} {figure.aim:g}"
    verdict = {True: "ok", False: "below aim", None: ""}[figure.reached]
    ours, theirs = _spread(figure.ours), _spread(figure.theirs)
    return f"{figure.what}, {figure.unit}", ours, figure.rival, theirs, _spread(figure.ratios), aim, verdict


def _spread(values: Sequence[float]) -> str:
    low, middle, high = (_number(value) for value in (min(values), median(values), max(values)))
    return middle if low == high else f"{middle} ({low}–{high})"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


if __name__ == "__main__":
    main(sys.argv[1:])
