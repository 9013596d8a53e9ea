"""From "this was noise" to a narrower watch: a proposal, tried on the last 90 days."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.alerts import handling
from bot.alerts.preview import WINDOW
from bot.config.load import Config, watch_of
from bot.entries import records
from bot.entries.records import StoredEntry
from bot.store.database import Reader
from bot.watch.backtest import Hit, backtest
from bot.watch.model import Level, Match
from bot.watch.narrow import telling_words, without
from bot.watch.reasons import merged


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """`watch` raised the entry; with `query`, which keeps out titles with `words`, it would not.

    Where no words set it apart the last three are empty. `left_out`: of what the watch raised in 90 days.
    """

    watch: str
    name: str
    raised: int  # by the watch, in 90 days
    words: str = ""
    query: str = ""
    left_out: tuple[Hit, ...] = ()


def proposal(db: Reader, config: Config, kept: StoredEntry, now: datetime) -> Proposal | None:
    """None where the watch that raised it is no more."""
    match = _blamed(db, config, kept)
    if match is None:
        return None
    section = config.feeds.watches[match.watch]
    current = watch_of(match.watch, section)
    lately = records.seen_since(db, now - WINDOW)
    until = now + timedelta(microseconds=1)
    base = backtest(current, None, [(it.entry, it.first_seen_at) for it in lately], now - WINDOW, until)
    noise = handling.noise(db, config.coalition.id) | {kept.id}
    unwanted = {it.entry.identity for it in lately if it.id in noise}
    wanted = [hit.entry for hit in base.hits if hit.entry.identity not in unwanted]
    words = telling_words(current, kept.entry, wanted, [it.entry for it in lately])
    made = Proposal(watch=match.watch, name=section.name or match.watch, raised=len(base.hits))
    if words is None:
        return made
    query = without(section.query, words)
    narrower = watch_of(match.watch, section.model_copy(update={"query": query}))
    report = backtest(narrower, current, [(hit.entry, hit.when) for hit in base.hits], now - WINDOW, until)
    return replace(made, words=words, query=query, left_out=report.lost)


def _blamed(db: Reader, config: Config, kept: StoredEntry) -> Match | None:
    """The watch that raised it: the first that made it an alert, else the first."""
    found = merged(*records.matches_of(db, config.coalition.id, [kept.id]).values())
    known = [match for match in found if match.watch in config.feeds.watches]
    return min(known, key=lambda match: match.level is not Level.ALERT, default=None)
