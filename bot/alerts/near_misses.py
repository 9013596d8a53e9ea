"""The entries of a week that no watch raised and that are likeliest to be relevant: a question, never an alert."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, count
from random import Random
from typing import Final

from bot.alerts.campaign import Campaign
from bot.alerts.cards import Item, digest_line, entry_args
from bot.alerts.plan import ask_channels
from bot.entries import records
from bot.entries.records import StoredEntry
from bot.learning import rounds
from bot.learning.records import ALL_ASKS
from bot.shared.card import Button, Line, Section
from bot.store.database import Reader

_WEEK: Final = timedelta(days=7)
_SHOWN: Final = 5
_LIKELY: Final = 0.5  # probability; what is below is not worth a question


@dataclass(frozen=True, slots=True)
class NearMisses:
    """A digest's question: the entries, likeliest first, and two buttons for each."""

    section: Section
    buttons: tuple[Button, ...]


def likeliest(db: Reader, campaign: Campaign, now: datetime) -> list[str]:
    """Ids of the likeliest entries of the last week that no watch raised and nobody answered; at most five.

    Empty without an answered Yes.
    """
    asks = [each.learning_text for each in campaign.coalition.asks.values()]
    dice = Random(f"{now:%G-%V}")  # noqa: S311 - the same in each look at this week's digest
    until = now + timedelta(microseconds=1)
    learned = rounds.lesson(db, ALL_ASKS, asks, now - rounds.WINDOW, until, dice)
    if not learned.yes:  # the text of the asks alone finds too much else
        return []
    unanswered = set(learned.open_ids)
    unmatched = records.unmatched_between(db, now - _WEEK, until)
    ranked = rounds.rank(db, learned.model(dice), [id_ for id_ in unmatched if id_ in unanswered])
    likely = sorted((-score, id_) for id_, score, _ in ranked if score >= _LIKELY)
    return [id_ for _, id_ in likely[:_SHOWN]]


def due(db: Reader, audience: str, campaign: Campaign, last: datetime, now: datetime) -> NearMisses | None:
    """The near misses for a channel's first digest of a week; None in other digests and channels, or without any.

    Only the channel with the alerts on the asks gets them.
    """
    local, before = now.astimezone(campaign.zone), last.astimezone(campaign.zone)
    asks = tuple(campaign.coalition.asks)
    if f"{local:%G-%V}" == f"{before:%G-%V}" or not asks or audience != ask_channels(asks, campaign.feeds)[0]:
        return None
    ids = likeliest(db, campaign, now)
    return _question(db, ids) if ids else None


def _question(db: Reader, ids: Sequence[str]) -> NearMisses:
    stored = {each.id: each for each in records.by_ids(db, ids)}
    lines = [_line(number, stored[id_]) for number, id_ in enumerate(ids, 1)]
    how = Line("Mark each with its buttons, or type /alerts relevant ID or /alerts not-relevant ID.")
    section = Section("Perhaps missed: likeliest of the week, raised by no watch", (*lines, how), numbered=True)
    return NearMisses(section, tuple(chain.from_iterable(map(_buttons, count(1), ids))))


def _line(number: int, stored: StoredEntry) -> Line:
    line = digest_line([Item(id=stored.id, entry=stored.entry, matches=())])
    return Line(f"{number}. {stored.name} · {line.text}", line.url)


def _buttons(number: int, id_: str) -> tuple[Button, Button]:
    """They name their line: on Discord all buttons are under the message."""
    noise = (*entry_args(id_), ("reason", "noise"))
    return (
        Button(f"{number} Relevant", "alerts relevant", entry_args(id_)),
        Button(f"{number} Not relevant", "alerts not-relevant", noise),
    )
