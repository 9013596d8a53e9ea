"""What the week brought and no channel posted, and why not: from the store, in the matcher's own words."""

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
    """`since`: the first look. `renewed`: sources that rewrote a bill's record without a new step in it.

    `only`: the shared words of the look-alikes to show; all of them if empty.
    """
    kept = records.seen_since(app.db, since)
    matched = {id_ for id_, _ in records.matches_of(app.db, app.config.coalition.id, (it.id for it in kept))}
    fresh = [it for it in kept if not it.baseline]
    silent = {it.entry.title: it for it in fresh if it.id not in matched}
    again = sum("page" not in item for item in week.items) - sum(it.entry.kind is Kind.NEWS for it in kept)
    for count, what in (
        (len(kept) - len(fresh), "were there before the first look: matched and counted, not posted"),
        (len(fresh) - len(silent), "match a watch: posted at once, or a line in the digest below"),
        (len(silent), "match no watch"),
        (again, "came a second time under a tracking address: the same article, posted once"),
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
        why = wording.short(_nearest(one, app), 180) if one else "It was posted all the same."
        console.print(Padding(escape(why), (0, 0, 0, 2)), style="dim")


def _nearest(kept: StoredEntry, app: App) -> str:
    """How near the entry came to a watch that looks at things of its kind."""
    watches = [watch for watch in app.config.watches if watch.takes(kept.entry.kind)]
    misses = [(watch.name, explain(watch, kept.entry)) for watch in watches]
    name, miss = min(misses, key=lambda pair: _distance(pair[1]))
    return f"Nearest watch “{name}”: {miss}" if miss.had else "It contains none of the words that a watch looks for."


def _distance(miss: NearMiss) -> tuple[int, int]:
    return -len(miss.had), len(miss.lacked)
