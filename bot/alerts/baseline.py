"""Decide which entries of a source's answer are news: those of a baseline are not, nor those posted before a restore.

A channel's first message after the baseline says what is watched, and how many alerts it would have had.

The baseline ends with the first successful check, even if that check listed nothing: an empty search, list or feed
counts, too. Later entries are news, with one limit for sources that were empty by mistake: until a source has listed
something, entries much older than the first check are stored without posting.

After a restore, a message about one entry is recognized by its delivery key. A message about several was made from what
arrived at one moment, a grouping that does not come again, so its entries are recognized by headline and URL.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Final

from bot.alerts import bill_milestones, posted
from bot.alerts.cards import Item, action_line, day_of, digest_line, group_by_thread
from bot.alerts.headline import headline
from bot.alerts.hearing_cards import hearing_headline
from bot.alerts.items import items_of
from bot.alerts.plan import routed, routed_asks, single_message
from bot.commands.model import Job, Work
from bot.config.feeds import ChannelConfig, DigestConfig, SourceConfig
from bot.config.load import Config
from bot.entries import records, source_records
from bot.entries.source_records import SourceState
from bot.outbox import records as outbox_records
from bot.outbox.messages import place, post
from bot.outbox.model import PostedMessage, alphanumeric
from bot.shared import wording
from bot.shared.answer import Fetched, Health
from bot.shared.calendar import day_in_words
from bot.shared.card import Card, Mark, Section
from bot.shared.entry import Entry, Kind, Stage
from bot.shared.urls import canonical_key
from bot.store import memo
from bot.store.database import Reader, from_text
from bot.watch.model import Level, loudest

_OLD_AGE: Final = timedelta(days=7)  # before the first check
_MAX_UNDATED: Final = 20  # more entries without a date in one answer are an archive, not today's news
RESTORED_AT: Final = "restored at"  # the memo's key
_HEADLINE_LENGTH: Final = 80  # letters and digits to compare: a list may cut the headline
_FILING_PREFIX: Final = alphanumeric("On public inspection: ")
_DISTINCTIVE_WORDS: Final = 5  # a title of this many words identifies a story without its URL


def shows_contents(answer: Fetched) -> bool:
    """Whether an answer shows what the source lists: its entries, or that there are none.

    An answer whose entries were all broken, or that is incomplete, shows neither.
    """
    return bool(answer.entries) or (not answer.broken and (answer.health.good or answer.health is Health.EMPTY))


def first_success_at(before: SourceState | None, config: SourceConfig) -> datetime | None:
    """Time of the first successful check; None before it, so the answer at hand is the baseline."""
    if before is None:
        return None
    missing = before.health is Health.GONE and config.missing_means_empty
    return before.memory.first_success_at or (before.since if missing else None)


def baseline_filter(
    answer: Fetched, before: SourceState | None, config: SourceConfig, *, since: date | None, today: date
) -> Callable[[Entry], bool]:
    """A predicate for the entries of `answer` to store without posting. Entries of `since` or later are posted."""
    first_success = first_success_at(before, config)
    has_changed = before is not None and before.memory.last_change_at is not None
    archive = sum(day_of(entry) is None for entry in answer.entries) > _MAX_UNDATED

    def is_old(entry: Entry) -> bool:
        if first_success is None:
            return True
        # While comments or applications are accepted it is news at any age.
        is_open = any(on is not None and on >= today for on in (entry.comments_close_on, entry.closes_on))
        if has_changed or config.never_old or is_open:
            return False
        day = day_of(entry)
        return archive if day is None else day < first_success.date() - _OLD_AGE

    def is_silent(entry: Entry) -> bool:
        day = day_of(entry)
        if since and day and day >= since:
            return False
        return entry.identity[0] in answer.baseline or is_old(entry)

    return is_silent


def may_repeat(db: Reader, before: SourceState | None) -> bool:
    """Whether this is the source's first answer since a restore: it may list entries that were posted meanwhile."""
    at = memo.get_memo(db, RESTORED_AT)
    if at is None or before is None:
        return False
    return (before.memory.last_success_at or before.checked_at) < from_text(at)


def already_shown(work: Work, items: Sequence[Item], *, kind: str) -> dict[str, frozenset[str]]:
    """The channels that already show each item, by item id.

    A message about one item alone is recorded again as a delivery of `kind`; the outbox recognizes it as sent.
    """
    tx, feeds, labels = work.tx, work.config.feeds, work.config.labels
    channels: dict[str, set[str]] = {item.id: set() for item in items}
    for audience in feeds.channels:
        to = place(audience, feeds)
        routed_items = [item for item in items if audience in routed(item.matches, item.entry.kind, feeds)]
        shown_pairs = seen_pairs(tx, to.channel, routed_items)
        for item in routed_items:
            message = single_message(to, item, labels, work.now)
            is_marked = outbox_records.find_recalled(tx, to.channel, to.key(message.name))
            if is_marked:
                post(work, to, message.name, message.card, kind=kind, thread=message.thread, says=message.says)
            if is_marked or item.pair in shown_pairs:
                channels[item.id].add(audience)
    return {id_: frozenset(channels) for id_, channels in channels.items()}


def seen_pairs(db: Reader, channel: str, items: Iterable[Item]) -> frozenset[tuple[str, str]]:
    """The (entry id, stage) pairs of `items` that some message in the channel shows."""
    listed = list(items)
    seen = outbox_records.recalled_in(db, channel) if listed else []
    return frozenset(item.pair for item in listed if _is_in(seen, item))


def _is_in(seen: Sequence[PostedMessage], item: Item) -> bool:
    entry = item.entry
    if entry.change and entry.stage is Stage.PUBLISHED:  # the message about its filing has the same words
        return False
    # The texts by which cards, lists and digests show the entry; one is enough.
    texts = [action_line(entry), bill_milestones.bill_headline([entry])] if entry.kind is Kind.BILL else []
    texts = [hearing_headline(entry, item.matches)] if entry.hearing else texts
    phrases = [alphanumeric(text)[:_HEADLINE_LENGTH] for text in texts or [headline(entry).text]]
    filing = _FILING_PREFIX + phrases[0] if entry.stage is Stage.PUBLISHED else ""
    naming = (each for each in seen if any(phrase in each.words.replace(filing, "") for phrase in phrases))
    titled = entry.kind is Kind.NEWS and len(entry.title.split()) >= _DISTINCTIVE_WORDS
    linked = not entry.url or titled
    return any(linked or canonical_key(entry.url) in map(canonical_key, each.links) for each in naming)


GREETING: Final = "hello"  # of deliveries
_WINDOW: Final = timedelta(days=30)
_MAX_EXAMPLES: Final = 3


def greet(job: Job) -> list[str]:
    """Greet new channels once every source was checked; return the channels greeted now."""
    db, config = job.db, job.config
    states = source_records.source_states(db)
    if not config.feeds.enabled.keys() <= states.keys():  # every source is checked first
        return []
    greeted = posted.last_posted(db, GREETING)
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
            post(work, place(audience, config.feeds), "hello", card, kind=GREETING)
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
    if feeds.admin not in posted.last_posted(work.tx, GREETING):
        return
    head = f"Now watching “{feeds.sources[source].name}” too"
    today = "It lists nothing today" if empty else "What it lists today was stored without posting"
    card = Card.of(Mark.HELLO, head, f"{today}; new entries are matched and posted from now on.")
    post(work, place(feeds.admin, feeds), f"watching:{source}", card, kind=GREETING)


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
