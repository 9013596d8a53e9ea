"""A channel's first message after the baseline: what is watched, and how many alerts it would have had."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Final

from bot.alerts import posted
from bot.alerts.cards import Item, day_of, digest_line, group_by_thread
from bot.alerts.items import items_of
from bot.alerts.plan import routed, routed_asks
from bot.commands.model import Job, Work
from bot.config.feeds import ChannelConfig, DigestConfig
from bot.config.load import Config
from bot.entries import records, source_records
from bot.outbox.messages import place, post
from bot.shared import wording
from bot.shared.calendar import day_in_words
from bot.shared.card import Card, Mark, Section
from bot.watch.model import Level, loudest

KIND: Final = "hello"  # of deliveries
_WINDOW: Final = timedelta(days=30)
_MAX_EXAMPLES: Final = 3


def compose(job: Job) -> list[str]:
    """Greet new channels once every source was checked; return the channels greeted now."""
    db, config = job.db, job.config
    states = source_records.source_states(db)
    if not config.feeds.enabled.keys() <= states.keys():  # every source is checked first
        return []
    greeted = posted.last_posted(db, KIND)
    used = {config.feeds.admin, *(route.to for route in config.feeds.routes)}
    missing = [name for name in config.feeds.channels if name in used and name not in greeted]
    if not missing:
        return []
    asked = [states[id_] for id_ in config.feeds.enabled]
    unanswered = sum(state.memory.first_success_at is None and not state.health.good for state in asked)
    with job.write() as work:
        since = work.now - _WINDOW
        first = since.astimezone(config.zone).date()
        entries = [
            stored
            for stored in records.seen_since(work.tx, since)
            if (on := day_of(stored.entry, config.zone)) and on >= first
        ]
        recent, silent = items_of(work.tx, entries), {stored.id for stored in entries if stored.baseline}
        for audience in missing:
            card = greeting_card(audience, recent, silent, unanswered, config, work.now)
            post(work, place(audience, config.feeds), "hello", card, kind=KIND)
    return missing


def greeting_card(
    audience: str, recent: Sequence[Item], silent: Collection[str], unread: int, config: Config, now: datetime
) -> Card:
    """The greeting of a channel. Pure.

    `recent`: entries of the last 30 days with their matches. `silent`: the ids of those that belong to the baseline;
    the others are posted separately. `unread`: how many sources have not answered yet.
    """
    feeds = config.feeds
    sources = len(feeds.enabled)
    asks = routed_asks(audience, feeds, config.labels.asks)
    counts = [wording.number(sources, "source"), wording.number(len(feeds.watches), "watch", "watches")]
    counts += [wording.number(len(asks), "ask")] if asks else []
    routed_items = ((item, routed(item.matches, item.entry.kind, feeds).get(audience)) for item in recent)
    items = [replace(item, matches=matches) for item, matches in routed_items if matches]
    groups = group_by_thread([item for item in items if item.id in silent])
    also = "" if len(groups) == len(group_by_thread(items)) else "also "
    alerts = [group for group in groups if loudest(match for item in group for match in item.matches) is Level.ALERT]
    raised = ((len(alerts), "alert"), (len(groups) - len(alerts), "digest line"))
    had = " and ".join(wording.number(*each) for each in raised if each[0]) or "no alert and no digest line"
    unanswered = f"{unread} of {wording.number(sources, 'source')} {'has' if unread == 1 else 'have'} not answered yet"
    lines = [f"{unanswered}, so the bot cannot say what is new."] if unread else []
    lines += [_newest_line(recent, config, now)] if recent or not unread else []
    if any(route.to == audience for route in feeds.routes):
        if unread < sources and (groups or not also):
            lines.append(f"In the last 30 days this channel would {also}have had {had}.")
        lines.append(_quiet_line(feeds.channels[audience], keeps_card=place(audience, config.feeds).keeps_card))
    lines += _digest_line(feeds.channels[audience].digest, config, now)
    if audience == feeds.admin:
        lines.append("This channel reports problems: sources that fail, channels on hold, messages that failed.")
    if feeds.example:
        lines.append("These are the shipped example files: make feeds.yml and coalition.yml your own.")
    sections = (Section("For instance", tuple(map(digest_line, alerts[-_MAX_EXAMPLES:]))),) if alerts else ()
    return Card.of(Mark.HELLO, f"Watching for you: {', '.join(counts)}", *lines, sections=sections)


def confirm_source(work: Work, source: str, *, empty: bool) -> None:
    """Confirm a source that was added after the greeting. `empty`: it lists nothing today."""
    feeds = work.config.feeds
    if feeds.admin not in posted.last_posted(work.tx, KIND):
        return
    head = f"Now watching “{feeds.sources[source].name}” too"
    today = "It lists nothing today" if empty else "What it lists today was stored without posting"
    card = Card.of(Mark.HELLO, head, f"{today}; new entries are matched and posted from now on.")
    post(work, place(feeds.admin, feeds), f"watching:{source}", card, kind=KIND)


def _newest_line(recent: Sequence[Item], config: Config, now: datetime) -> str:
    def when(item: Item) -> tuple[date, datetime]:
        return day_of(item.entry, config.zone) or date.min, item.entry.published or datetime.min.replace(tzinfo=UTC)

    # A Register document on public inspection has a future publication date.
    past = [item for item in recent if when(item)[0] <= now.astimezone(config.zone).date()]
    if not past:
        return "The sources list nothing that was published in the last 30 days."
    entry = max(past, key=when).entry
    on = when(max(past, key=when))[0]
    source = config.labels.sources.get(entry.source, entry.source)
    return f"Newest item seen: “{wording.short(entry.title, 90)}” ({source}, {day_in_words(on)})."


def _digest_line(digest: DigestConfig, config: Config, now: datetime) -> list[str]:
    """When digests come: the greeting counts as its day's."""
    first = digest.next_due(now.astimezone(config.zone).date(), now, config.zone)
    often = "Mondays" if digest.days == "monday" else "business days"
    when = f"on {often} with news; first {wording.coming(first, config.zone)}" if first else ""
    return [wording.with_period(f"Digest: {when}")] if when else []


def _quiet_line(config: ChannelConfig, *, keeps_card: bool) -> str:
    says = "" if config.digest.days == "never" else "; the week's first digest says so"
    says = "; the pinned card shows when the bot last looked" if keeps_card else says
    return f"A quiet channel means that nothing matched{says}."
