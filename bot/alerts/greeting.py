"""The first message of a channel, once the baseline stands: what is watched, and how much it would have said."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Final

from bot.alerts import posted
from bot.alerts.campaign import Campaign, NewId
from bot.alerts.cards import Item, by_thread, day_of, digest_line
from bot.alerts.routes import asks_heard, routed
from bot.config.feeds import ChannelConfig, Feeds
from bot.entries import records
from bot.entries.records import SourceState
from bot.shared import wording
from bot.shared.calendar import day_in_words
from bot.shared.card import Card, Line, Mark, Section
from bot.store.database import Database, Reader, Transaction
from bot.watch.model import Level
from bot.watch.reasons import loudest

KIND: Final = "hello"  # of deliveries
_BACK: Final = timedelta(days=30)
_SHOWN: Final = 3


def compose(db: Database, campaign: Campaign, *, now: datetime, new_id: NewId) -> list[str]:
    """Greet every channel that was not greeted yet, once every source was asked; the channels greeted now."""
    states = records.source_states(db)
    if not baseline_stands(campaign, states):
        return []
    greeted = posted.said_at(db, campaign.coalition.id, KIND)
    missing = [name for name in campaign.feeds.channels if hears(name, campaign) and name not in greeted]
    if not missing:
        return []
    with db.write() as tx:
        recent, silent = _recent(tx, campaign, now)
        for audience in missing:
            to = campaign.place(audience)
            card = hello_card(audience, recent, silent, _unread(campaign, states), campaign, now)
            campaign.post(tx, to, "hello", card, kind=KIND, now=now, new_id=new_id)
    return missing


def baseline_stands(campaign: Campaign, states: Mapping[str, SourceState]) -> bool:
    """Every source was asked once; one that is in trouble keeps nobody waiting."""
    return all(id_ in states for id_, source in campaign.feeds.sources.items() if source.enabled)


def hears(audience: str, campaign: Campaign) -> bool:
    """Whether anything is meant for a channel: some route, or the bot's own troubles."""
    return audience == campaign.feeds.admin or any(route.to == audience for route in campaign.feeds.routes)


def hello_card(
    audience: str, recent: Sequence[Item], silent: Collection[str], unread: int, campaign: Campaign, now: datetime
) -> Card:
    """`recent`: what the sources published in the last 30 days, judged. Pure.

    `silent`: the ids of those that were there at the first reading; the others are posted by themselves. `unread`
    sources did not answer yet.
    """
    feeds = campaign.feeds
    sources = sum(source.enabled for source in feeds.sources.values())
    asks = asks_heard(audience, feeds, campaign.voice.asks)
    counts = [wording.number(sources, "source"), wording.number(len(feeds.watches), "watch", "watches")]
    counts += [wording.number(len(asks), "ask")] if asks else []
    groups = by_thread(_heard(audience, [item for item in recent if item.id in silent], feeds))
    alerts = [group for group in groups if loudest(match for item in group for match in item.matches) is Level.ALERT]
    raised = f"{wording.number(len(alerts), 'alert')} and {wording.number(len(groups) - len(alerts), 'digest line')}"
    lines = [_not_yet(unread, sources)] if unread else []
    lines += [_newest(recent, campaign, now)] if recent or not unread else []
    if any(route.to == audience for route in feeds.routes):
        if unread < sources:
            lines.append(f"The last 30 days, as far as the sources still list them, would have raised {raised} here.")
        lines.append(_promise(feeds.channels[audience]))
    if audience == feeds.admin:
        lines.append("This channel hears of trouble: sources that fail, channels that are held, messages given up.")
    if feeds.example:
        lines.append("These are the shipped example files: make feeds.yml and coalition.yml your own.")
    return Card(
        mark=Mark.HELLO,
        head=f"Watching for you: {', '.join(counts)}",
        lines=tuple(Line(text) for text in lines),
        sections=(Section("For instance", tuple(map(digest_line, alerts[-_SHOWN:]))),) if alerts else (),
    )


def watching(tx: Transaction, source: str, campaign: Campaign, *, empty: bool, now: datetime, new_id: NewId) -> None:
    """Confirm a source that was added after the channels were greeted. `empty`: it lists nothing today."""
    if campaign.feeds.admin not in posted.said_at(tx, campaign.coalition.id, KIND):
        return
    to = campaign.place(campaign.feeds.admin)
    head = f"Now watching “{campaign.feeds.sources[source].name}” too"
    today = "It lists nothing today" if empty else "What it lists today was stored without posting it"
    line = Line(f"{today}; what comes from now on is matched and posted.")
    card = Card(mark=Mark.HELLO, head=head, lines=(line,))
    campaign.post(tx, to, f"watching:{source}", card, kind=KIND, now=now, new_id=new_id)


def _recent(db: Reader, campaign: Campaign, now: datetime) -> tuple[list[Item], set[str]]:
    """With the ids of those that were taken in silently."""
    since = now - _BACK
    first = since.astimezone(campaign.zone).date()
    kept = [it for it in records.seen_since(db, since) if (on := day_of(it.entry, campaign.zone)) and on >= first]
    matches = records.matches_of(db, campaign.coalition.id, (it.id for it in kept))
    items = [Item(id=it.id, entry=it.entry, matches=matches.get((it.id, it.entry.stage.value), ())) for it in kept]
    return items, {it.id for it in kept if it.baseline}


def _heard(audience: str, items: Sequence[Item], feeds: Feeds) -> list[Item]:
    heard = ((item, routed(item.matches, item.entry.kind, feeds).get(audience)) for item in items)
    return [replace(item, matches=matches) for item, matches in heard if matches]


def _newest(recent: Sequence[Item], campaign: Campaign, now: datetime) -> str:
    def when(item: Item) -> tuple[date, datetime]:
        return day_of(item.entry, campaign.zone) or date.min, item.entry.published or datetime.min.replace(tzinfo=UTC)

    # A Register document may bear the date of an issue to come.
    past = [item for item in recent if when(item)[0] <= now.astimezone(campaign.zone).date()]
    if not past:
        return "The sources list nothing that was published in the last 30 days."
    entry = max(past, key=when).entry
    on = when(max(past, key=when))[0]
    source = campaign.voice.sources.get(entry.source, entry.source)
    return f"Newest item seen: “{wording.short(entry.title, 90)}” ({source}, {day_in_words(on)})."


def _unread(campaign: Campaign, states: Mapping[str, SourceState]) -> int:
    """How many sources were asked, and never gave an answer that could be read."""
    asked = [states[id_] for id_, source in campaign.feeds.sources.items() if source.enabled]
    return sum(state.memory.first_success_at is None and not state.health.good for state in asked)


def _not_yet(unread: int, sources: int) -> str:
    have = "has" if unread == 1 else "have"
    return f"{unread} of {wording.number(sources, 'source')} {have} not answered yet, so we cannot say what is new."


def _promise(config: ChannelConfig) -> str:
    if config.digest.days == "never":
        return "A quiet channel means that nothing matched."
    often = "on Mondays" if config.digest.days == "monday" else "on business days"
    return f"A quiet channel means that nothing matched; the digest says so {often} at {config.digest.at:%H:%M}."
