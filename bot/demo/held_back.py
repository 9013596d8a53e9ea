"""Report the week's entries that were not posted, with the matcher's reasons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding

from bot.app.application import App
from bot.demo.replay import Week
from bot.entries import records
from bot.entries.records import StoredEntry
from bot.shared import wording
from bot.shared.entry import Kind
from bot.watch.near_miss import NearMiss, explain


def report(
    console: Console, app: App, week: Week, since: datetime, renewed: Iterable[str], only: Sequence[str] = ()
) -> None:
    """Print the report. `since`: the first poll. `renewed`: sources that rewrote a bill's record without a new step.

    `only`: the shared words of the look-alikes to show; all of them if empty.
    """
    entries = records.seen_since(app.db, since)
    matched = {id_ for id_, _ in records.matches_of(app.db, app.config.coalition.id, (entry.id for entry in entries))}
    fresh = [entry for entry in entries if not entry.baseline]
    silent = {entry.entry.title: entry for entry in fresh if entry.id not in matched}
    again = sum("page" not in item for item in week.items) - sum(entry.entry.kind is Kind.NEWS for entry in entries)
    for count, what in (
        (len(entries) - len(fresh), "were there before the first check: matched and counted, not posted"),
        (len(fresh) - len(silent), "match a watch: posted at once, or a line in the digest below"),
        (len(silent), "match no watch"),
        (again, "arrived again under a tracking address: the same article, posted once"),
    ):
        console.print(f"{count:>4} {what}")
    for name in () if only else renewed:
        console.print(f"     {escape(name)} rewrote a record with no new step in it: nothing to post")
    console.print("\nSome of these share a word with a watch. Why they were not posted, in the program's own words:\n")
    for planted in week.look_alikes:
        if only and planted["shares"] not in only:
            continue
        console.print(f"• {escape(planted['title'])} [dim]· shares “{planted['shares']}”[/]")
        one = silent.get(planted["title"])
        why = wording.short(_nearest(one, app), 180) if one else "It was posted anyway."
        console.print(Padding(escape(why), (0, 0, 0, 2)), style="dim")


def _nearest(stored: StoredEntry, app: App) -> str:
    """How near the entry came to a watch for its kind of entry."""
    watches = [watch for watch in app.config.watches if watch.takes(stored.entry.kind)]
    misses = [(watch.name, explain(watch, stored.entry)) for watch in watches]
    name, miss = min(misses, key=lambda pair: _distance(pair[1]))
    return f"Nearest watch “{name}”: {miss}" if miss.had else "It contains none of the words that a watch looks for."


def _distance(miss: NearMiss) -> tuple[int, int]:
    return -len(miss.had), len(miss.lacked)
