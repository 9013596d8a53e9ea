"""Turn "this was noise" into a proposal for a narrower watch, backtested over the last 90 days."""

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
    """A narrower `query` for `watch`. It excludes titles with `words`, and so the unwanted entry.

    `left_out`: the watch's hits of the last 90 days that the query excludes. The last three fields are empty if no
    words distinguish the entry.
    """

    watch: str
    name: str
    raised: int  # hits of the watch in the last 90 days
    words: str = ""
    query: str = ""
    left_out: tuple[Hit, ...] = ()


def propose(db: Reader, config: Config, stored: StoredEntry, now: datetime) -> Proposal | None:
    """Propose a narrower query; None if the watch that matched was removed."""
    match = _responsible_match(db, config, stored)
    if match is None:
        return None
    section = config.feeds.watches[match.watch]
    current = watch_of(match.watch, section)
    lately = records.seen_since(db, now - WINDOW)
    until = now + timedelta(microseconds=1)
    base = backtest(current, None, [(entry.entry, entry.first_seen_at) for entry in lately], now - WINDOW, until)
    noise = handling.noise_ids(db, config.coalition.id) | {stored.id}
    unwanted = {entry.entry.identity for entry in lately if entry.id in noise}
    wanted = [hit.entry for hit in base.hits if hit.entry.identity not in unwanted]
    words = telling_words(current, stored.entry, wanted, [entry.entry for entry in lately])
    made = Proposal(watch=match.watch, name=section.name or match.watch, raised=len(base.hits))
    if words is None:
        return made
    query = without(section.query, words)
    narrower = watch_of(match.watch, section.model_copy(update={"query": query}))
    report = backtest(narrower, current, [(hit.entry, hit.when) for hit in base.hits], now - WINDOW, until)
    return replace(made, words=words, query=query, left_out=report.lost)


def _responsible_match(db: Reader, config: Config, stored: StoredEntry) -> Match | None:
    """The match that caused the post: the first at alert level, else the first."""
    matches = merged(*records.matches_of(db, config.coalition.id, [stored.id]).values())
    current = [match for match in matches if match.watch in config.feeds.watches]
    return min(current, key=lambda match: match.level is not Level.ALERT, default=None)
