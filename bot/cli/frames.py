"""How `top` looks: the frame of one moment, as text or JSON, and the screen that shows one after the other."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime, tzinfo

from rich.console import Group, RenderableType
from rich.live import Live
from rich.markup import escape
from rich.table import Table

from bot.cli import output
from bot.ops.top import Frame
from bot.shared.wording import number


def print_json(frame: Frame) -> None:
    output.print_json(asdict(frame))


def print_frame(frame: Frame, zone: tzinfo) -> None:
    """Print one frame with every source; in a pipe, lines are whole."""
    output.terminal().print(_render(frame, zone, len(frame.sources)))


def can_redraw() -> bool:
    """Whether standard output is a terminal on which a frame can replace the one before it."""
    return sys.stdout.isatty() and not output.terminal().is_dumb_terminal


@contextmanager
def live() -> Iterator[Callable[[Frame | str, tzinfo], None]]:
    """Show frames on the whole screen, the sources as far as they fit; a text instead of a frame as it is."""
    console = output.terminal()
    with Live(console=console, screen=True, auto_refresh=False) as screen:

        def show(frame: Frame | str, zone: tzinfo) -> None:
            shown = escape(frame) if isinstance(frame, str) else _render(frame, zone, _room(frame, console.height))
            screen.update(shown, refresh=True)

        yield show


def _room(frame: Frame, height: int) -> int:
    """Return how many sources fit below the rest."""
    others = 9 + len(frame.loops) + len(frame.holds) + len(frame.errors)
    return max(height - others, 3)


def _render(frame: Frame, zone: tzinfo, rows: int) -> RenderableType:
    parts: list[RenderableType] = [_head(frame, zone), "", _loops(frame), "", _queue(frame)]
    for hold in frame.holds:
        until = f" until {_clock(hold.until, zone)}" if hold.until else ""
        parts.append(f"[yellow]On hold[/] {escape(hold.scope)}{until}: {escape(hold.why)}")
    parts += ["", _sources(frame, rows)]
    if len(frame.sources) > rows:
        parts.append(f"[dim]and {number(len(frame.sources) - rows, 'more source')}[/]")
    for error in frame.errors:
        since = _clock(error.since, zone)
        parts.append(f"[red]{escape(error.what)}[/] since {since}: {escape(error.why)}")
    return Group(*parts)


def _head(frame: Frame, zone: tzinfo) -> str:
    if frame.beat_at is None:
        return f"{_clock(frame.at, zone)}  [red]No running bot has reported here yet.[/]"
    beat = f"last sign of life {_span((frame.at - frame.beat_at).total_seconds())} ago"
    state = f"[green]running[/], {beat}" if frame.running else f"[red]not running[/], {beat}"
    return f"{_clock(frame.at, zone)}  {state}; event loop late by {frame.late * 1000:.0f} ms at most"


def _loops(frame: Frame) -> Table:
    table = output.new_table("loop", "last step", "failures in a row", "last error")
    for loop in frame.loops:
        step = f"{_span((frame.at - loop.at).total_seconds())} ago"
        stuck = "[red]stuck[/], " if loop.name in frame.stuck else ""
        table.add_row(loop.name, f"{stuck}{step}", str(loop.failures), escape(loop.error) or "–")
    return table


def _queue(frame: Frame) -> str:
    counts = ", ".join(f"{count} {state}" for state, count in frame.queue.items() if count) or "empty"
    oldest = ", ".join(f"{name} {_span((frame.at - since).total_seconds())}" for name, since in frame.oldest.items())
    return f"Queue: {counts}" + (f". Oldest overdue: {oldest}" if oldest else "")


def _sources(frame: Frame, rows: int) -> Table:
    table = output.new_table("source", "health", "checked", "next check")
    for source in frame.sources[:rows]:
        checked = f"{_span((frame.at - source.checked_at).total_seconds())} ago"
        due = f"[yellow]{_span(source.late)} late[/]" if source.late > 0 else f"in {_span(-source.late)}"
        health = escape(source.health) if source.good else f"[red]{escape(source.health)}[/]"
        table.add_row(escape(source.id), health, checked, due)
    return table


def _clock(moment: datetime | None, zone: tzinfo) -> str:
    return f"{moment.astimezone(zone):%a %d %b %H:%M:%S}" if moment else "–"


def _span(seconds: float) -> str:
    """Return a length of time in its largest unit: "42 s", "3 min", "5 h", "2 d"."""
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{max(seconds, 0):.0f} s"
