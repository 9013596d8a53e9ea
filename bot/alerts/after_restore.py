"""After a backup was restored: what channels have heard already, of what comes in as if it were new.

A message that says one thing is known by its mark. One that says several was made of what came at one moment, which
does not come again like that: what it says is known by its words and addresses.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from bot.alerts import bill_milestones
from bot.alerts.campaign import Campaign, NewId
from bot.alerts.cards import Item, action
from bot.alerts.headline import headline
from bot.alerts.plan import alone
from bot.alerts.routes import routed
from bot.entries.records import SourceState
from bot.outbox import channel_history
from bot.outbox.model import PostedMessage, alphanumeric
from bot.shared.entry import Entry, Kind, Stage
from bot.shared.urls import canonical_key
from bot.store import memo
from bot.store.database import Reader, Transaction, from_text

RESTORED: Final = "restored at"  # the memo that says when
_ENOUGH: Final = 80  # letters and digits of a headline: a list may cut it
_FILED: Final = alphanumeric("On public inspection: ")
_TELLING: Final = 5  # words of a title by which it is known without its address


def doubtful(db: Reader, coalition_id: str, before: SourceState | None) -> bool:
    """Whether a source's answer is the first since a backup was restored: it may bring what was said in between."""
    at = memo.get_memo(db, coalition_id, RESTORED)
    if at is None or before is None:
        return False
    return (before.memory.last_success_at or before.checked_at) < from_text(at)


def shown(
    tx: Transaction, items: Sequence[Item], campaign: Campaign, *, kind: str, now: datetime, new_id: NewId
) -> dict[str, frozenset[str]]:
    """By id the channels that were seen to show these; a message of its own becomes a delivery again, as `kind`."""
    found: dict[str, set[str]] = {item.id: set() for item in items}
    for audience in campaign.feeds.channels:
        to = campaign.place(audience)
        here = [item for item in items if audience in routed(item.matches, item.entry.kind, campaign.feeds)]
        in_words = told(tx, campaign.coalition.id, to.channel, here)
        for item in here:
            message = alone(to, item, campaign.voice, now)
            seen = channel_history.find(tx, campaign.coalition.id, to.channel, to.key(message.name))
            if seen:
                campaign.post(tx, to, message.name, message.card, kind=kind, now=now, new_id=new_id,
                           thread=message.thread, says=message.says)  # fmt: skip
            if seen or item.saying in in_words:
                found[item.id].add(audience)
    return {id_: frozenset(channels) for id_, channels in found.items()}


def told(db: Reader, coalition_id: str, channel: str, items: Iterable[Item]) -> frozenset[tuple[str, str]]:
    """The sayings of those `items` that a channel was seen to have heard, in whatever message."""
    asked = list(items)
    seen = channel_history.posted_in(db, coalition_id, channel) if asked else []
    return frozenset(item.saying for item in asked if any(_says(each, item.entry) for each in seen))


def _says(seen: PostedMessage, entry: Entry) -> bool:
    if entry.change and entry.stage is Stage.PUBLISHED:  # its filing has the same words
        return False
    phrases = _phrases(entry)
    words = seen.words.replace(_FILED + phrases[0], "") if entry.stage is Stage.PUBLISHED else seen.words
    return _linked(seen.links, entry) and any(phrase in words for phrase in phrases)


def _linked(links: Sequence[str], entry: Entry) -> bool:
    if not entry.url or (entry.kind is Kind.NEWS and len(entry.title.split()) >= _TELLING):
        return True
    return canonical_key(entry.url) in map(canonical_key, links)


def _phrases(entry: Entry) -> list[str]:
    """As cards, lists and digests say it; any of them will do."""
    ours = [action(entry), bill_milestones.bill_headline([entry])] if entry.kind is Kind.BILL else []
    return [alphanumeric(text)[:_ENOUGH] for text in ours or [headline(entry).text]]
