"""Plan what is posted where and when: from the matched entries of one answer to messages and digest lines. Pure.

An entry is posted once in a channel at each stage, whatever polls, restarts or groupings it goes through. The one
exception is an entry that a digest has listed and that an edit raises to an alert: it is posted once more, marked as an
update, as a reply to that digest. Follow-ups go into the thread of the first message; several new items at one moment
become one message; many become a list, in as many messages as it needs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from html import escape
from itertools import chain
from typing import Final

from bot.alerts.bill_milestones import is_law
from bot.alerts.cards import Item, card, digest_line, group_by_story, group_by_thread, source_name, story_headline
from bot.config.feeds import ChannelConfig, Feeds
from bot.config.load import Labels
from bot.outbox.messages import Place, place
from bot.shared import wording
from bot.shared.calendar import quiet_until
from bot.shared.card import Card, Line, Mark, Section
from bot.shared.entry import Change, Kind, Stage
from bot.shared.plain_text import short_hash
from bot.watch.model import Level, Match, asks_of, loudest, merged

_MAX_FULL_STORIES: Final = 6  # stories
_MAX_LINES: Final = 25  # of one message

Story = Sequence[Item]
# Discord accepts 6,000 characters in the embeds of a message, Slack about 10,000 of its blocks as JSON. The difference
# is left for the head, the foot and the senders' marks.
LIMIT: Final = 5_300
_LINE_OVERHEAD: Final = 12  # a line's bullet and the markup of its link
_SIGN: Final = re.compile(r"[^\w\s]|_")
_DATE_LENGTH: Final = 60  # a due date and its distance from today
_UPDATE_NOTE: Final = "A digest listed this before an edit made it an alert"
FLOOD: Final = 20  # more alerts than this from one answer become a list, follow-ups included


@dataclass(frozen=True, slots=True)
class Part:
    """One message and its items."""

    card: Card
    items: tuple[Item, ...]


def parts(items: Sequence[Item], labels: Labels, *, flood: bool = False) -> list[Part]:
    """The messages for `items`. `flood`: always use a list."""
    stories = group_by_story(items)
    if len(stories) <= _MAX_FULL_STORIES and not flood:
        whole = card(items, labels)
        if len(stories) == 1 or fits(whole):
            return [Part(whole, tuple(items))]
    paged = pages(stories)
    made = []
    for number, page in enumerate(paged, 1):
        title = _list_head(page, len(stories), number, len(paged), flood)
        made.append(Part(_list_card(page, title, labels, flood), tuple(chain(*page))))
    return made


def pages(stories: Iterable[Story]) -> list[list[Story]]:
    """Split stories into messages that every platform shows in full."""
    pages: list[list[Story]] = [[]]
    spent = 0
    for story in stories:
        needed = size(digest_line(story))
        if len(pages[-1]) == _MAX_LINES or (pages[-1] and spent + needed > LIMIT):
            pages.append([])
            spent = 0
        pages[-1].append(story)
        spent += needed
    return pages


def _list_head(page: Sequence[Story], stories: int, number: int, count: int, flood: bool) -> str:
    part = f", part {number} of {count}" if count > 1 else ""
    if flood:
        return f"{wording.number(stories, 'match', 'matches')} at once{part or ', as one message'}"
    return f"{wording.number(stories, 'alert')} at once{part}: {wording.short(story_headline(page[0]), 90)}"


def _list_card(page: Sequence[Story], title: str, labels: Labels, flood: bool) -> Card:
    items = list(chain(*page))
    return Card(
        mark=Mark.DIGEST if flood else Mark.ALERT,
        head=title,
        badge=wording.asks(asks_of(match for item in items for match in item.matches)),
        sections=(Section("What matched", tuple(map(digest_line, page))),),
        foot=f"Source: {wording.listed(sorted({source_name(item.entry, labels) for item in items}))}",
    )


def size(line: Line) -> int:
    """The longest form of a line: escaped JSON for Slack plus a backslash before each sign for Discord."""
    text = line.text + line.url
    return _LINE_OVERHEAD + len(json.dumps(escape(text, quote=False))) + len(_SIGN.findall(text))


def fits(card: Card) -> bool:
    """Whether every platform shows the whole card."""
    return sum(map(size, _lines(card))) + _DATE_LENGTH * len(card.dues) <= LIMIT


def _lines(card: Card) -> Iterator[Line]:
    yield Line(card.byline)
    yield from card.lines
    yield from map(Line, card.why)
    yield from (Line(f"{due.label} {due.detail}") for due in card.dues)
    yield from (Line(link.label, link.url) for link in card.links)
    for section in card.sections:
        yield Line(section.title)
        yield from section.lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    place: Place
    name: str  # `place` turns it into the delivery key
    thread: str
    card: Card
    due_at: datetime
    says: tuple[tuple[str, str], ...]  # (entry id, stage)
    flood: int = 0  # number of alerts in the flood, on its first message


@dataclass(frozen=True, slots=True)
class DigestLine:
    audience: str
    entry_id: str
    stage: str


@dataclass(frozen=True, slots=True)
class PostedEntry:
    """A delivery of an entry at a stage. `waits`: it waits for the end of quiet hours and was not tried yet."""

    delivery: str
    audience: str
    channel: str
    thread: str | None
    entry_id: str
    stage: str
    entry_thread: str
    waits: bool


@dataclass(frozen=True, slots=True)
class Past:
    """Earlier deliveries of the entries and threads, oldest first, the items that wait, and digests of the entries."""

    posted_alerts: Sequence[PostedEntry] = ()
    posted_digests: Sequence[PostedEntry] = ()
    waiting: Mapping[str, Item] = field(default_factory=dict)  # "<audience>/<entry id>" → the item


@dataclass(frozen=True, slots=True)
class Plan:
    messages: tuple[Message, ...] = ()
    lines: tuple[DigestLine, ...] = ()
    replaced: tuple[str, ...] = ()  # ids of queued deliveries that this plan replaces


def plan(
    items: Sequence[Item], past: Past, feeds: Feeds, labels: Labels, now: datetime, *, catching_up: bool = False
) -> Plan:
    """Plan messages and digest lines for `items` in all channels.

    `catching_up`: the source was not read for days, so its entries go to the daily digest. A new law is posted at
    once, and so is everything in a channel without a daily digest.
    """
    by_channel: dict[str, list[Item]] = {}
    for item in items:
        for audience, matches in routed(item.matches, item.entry.kind, feeds).items():
            if audience not in item.covered:
                by_channel.setdefault(audience, []).append(replace(item, matches=matches))
    plans = [
        _for_channel(place(audience, feeds), channel_items, past, feeds.channels[audience], labels, now, catching_up)
        for audience, channel_items in by_channel.items()
    ]
    return Plan(
        tuple(message for channel_plan in plans for message in channel_plan.messages),
        tuple(line for channel_plan in plans for line in channel_plan.lines),
        tuple(delivery for channel_plan in plans for delivery in channel_plan.replaced),
    )


def _for_channel(
    place: Place,
    items: Sequence[Item],
    past: Past,
    config: ChannelConfig,
    labels: Labels,
    now: datetime,
    catching_up: bool,
) -> Plan:
    channel_alerts = [alert for alert in past.posted_alerts if alert.audience == place.audience]
    digests = {
        (listed.entry_id, listed.stage): listed.thread if listed.channel == place.channel else None
        for listed in past.posted_digests
        if listed.audience == place.audience
    }
    posted_pairs = {(alert.entry_id, alert.stage) for alert in channel_alerts}
    items = [item for item in items if item.pair not in posted_pairs]
    copies = [item for item in items if place.audience in item.digest_only]
    items = [item for item in items if place.audience not in item.digest_only]
    daily = config.digest.days == "business-days"
    open_threads = {alert.entry_thread for alert in channel_alerts if alert.channel == place.channel and alert.thread}
    alerts, others = _split(items, _alert_threads(items, open_threads, quietly=catching_up and daily))
    later = quiet_until(now, config.quiet, labels.zone)
    urgent, rest = _split(alerts, {item.entry.thread for item in alerts if later == now or is_law(item.entry)})
    messages = _messages(place, urgent, channel_alerts, digests, labels, now)
    waiting, replaced = _take_waiting(rest, channel_alerts, past) if rest and later > now else ([], frozenset())
    remaining = [alert for alert in channel_alerts if alert.delivery not in replaced]
    messages += _messages(place, [*waiting, *rest], remaining, digests, labels, later)
    counted = [*others, *copies] if config.digest.days != "never" else []
    lines = [DigestLine(place.audience, *item.pair) for item in counted if not _is_posted_filing(item, posted_pairs)]
    return Plan(tuple(messages), tuple(lines), tuple(sorted(replaced)))


def _is_posted_filing(item: Item, posted_pairs: Collection[tuple[str, str]]) -> bool:
    """Whether the channel has the filing of this publication, under the same title."""
    filed = (item.id, Stage.FILED.value) in posted_pairs
    return filed and item.filed is not None and item.filed.title == item.entry.title


def _alert_threads(items: Iterable[Item], open_threads: Collection[str], *, quietly: bool) -> set[str]:
    """The threads with an alert: other new items of such a thread are posted with it.

    `open_threads`: the threads that the channel has. A correction is posted in the thread of the corrected document;
    it opens no thread itself, because the alert was about the document and not about the correction.
    """
    return {
        item.entry.thread
        for item in items
        if loudest(item.matches) is Level.ALERT
        and not (quietly and not is_law(item.entry))
        and not (item.entry.change is Change.CORRECTION and item.entry.thread not in open_threads)
    }


def _split(items: Iterable[Item], threads: set[str]) -> tuple[list[Item], list[Item]]:
    inside: list[Item] = []
    outside: list[Item] = []
    for item in items:
        (inside if item.entry.thread in threads else outside).append(item)
    return inside, outside


def _take_waiting(
    alerts: Sequence[Item], channel_alerts: Sequence[PostedEntry], past: Past
) -> tuple[list[Item], frozenset[str]]:
    """The items that wait for the end of quiet hours, to be posted with `alerts`, and the deliveries to replace.

    A filing is left out if its publication is among `alerts`.
    """
    waiting = [alert for alert in channel_alerts if alert.waits]
    new_ids = {item.id for item in alerts}
    items = {
        alert.entry_id: past.waiting[f"{alert.audience}/{alert.entry_id}"]
        for alert in waiting
        if alert.entry_id not in new_ids
    }
    return list(items.values()), frozenset(alert.delivery for alert in waiting)


def _messages(
    to: Place,
    items: Sequence[Item],
    channel_alerts: Sequence[PostedEntry],
    digests: Mapping[tuple[str, str], str | None],
    labels: Labels,
    due_at: datetime,
) -> list[Message]:
    """`digests`: by (entry id, stage), the thread of the digest that listed it; None if it cannot be replied to."""
    posted_pairs = {(alert.entry_id, alert.stage) for alert in channel_alerts}
    groups = group_by_thread(
        item if (item.id, Stage.FILED.value) in posted_pairs else replace(item, filed=None) for item in items
    )
    if len(groups) > FLOOD:
        return _opening_messages(to, [item for group in groups for item in group], labels, due_at, flood=True)
    open_threads = {
        alert.entry_thread: alert.thread
        for alert in reversed(channel_alerts)
        if alert.channel == to.channel and alert.thread
    }
    messages: list[Message] = []
    fresh: list[Item] = []
    for group in groups:
        listed = next((item.pair for item in group if item.pair in digests), None)
        thread = open_threads.get(group[0].entry.thread)
        if thread is None and listed is None:
            fresh += group
            continue
        message_card = card(group, labels)
        if listed is not None:
            message_card = replace(
                message_card, head=f"Update: {message_card.head}", foot=wording.dotted(_UPDATE_NOTE, message_card.foot)
            )
            thread = thread or digests[listed] or to.thread(group[0].entry.thread)
        assert thread is not None
        messages.append(_message(to, Part(message_card, tuple(group)), thread, _name(group), due_at))
    return [*messages, *(_opening_messages(to, fresh, labels, due_at) if fresh else ())]


def _opening_messages(
    to: Place, items: Sequence[Item], labels: Labels, due_at: datetime, *, flood: bool = False
) -> list[Message]:
    """Messages that open a thread each, named after its entry or group.

    Every part of a list is named after the whole list: messages that wait for the end of quiet hours are split again
    when more items arrive, and an equal part of an earlier split must not count as the same message.
    """
    name = _name(items)
    list_parts = parts(items, labels, flood=flood)
    names = [name] if len(list_parts) == 1 else [f"{name}:{number}" for number in range(1, len(list_parts) + 1)]
    thread = items[0].entry.thread if len(group_by_thread(items)) == 1 else ""
    messages = [
        _message(to, part, to.thread(thread or f"group:{name}"), name, due_at)
        for part, name in zip(list_parts, names, strict=True)
    ]
    return [replace(messages[0], flood=len(items) if flood else 0), *messages[1:]]


def single_message(to: Place, item: Item, labels: Labels, now: datetime) -> Message:
    """The message that is about this item alone."""
    return _opening_messages(to, [item], labels, now)[0]


def _message(to: Place, part: Part, thread: str, name: str, due_at: datetime) -> Message:
    says = tuple(sorted(item.pair for item in part.items))
    return Message(place=to, name=name, thread=thread, card=part.card, due_at=due_at, says=says)


def _name(items: Sequence[Item]) -> str:
    says = sorted(item.pair for item in items)
    if len(says) == 1:
        return ":".join(says[0])
    return hash_of(says)


def hash_of(says: Iterable[tuple[str, str]]) -> str:
    """The name of a message about these (entry id, stage) pairs, in their order."""
    return short_hash("\n".join(":".join(pair) for pair in says), 32)


def routed(matches: Sequence[Match], kind: Kind, feeds: Feeds) -> dict[str, tuple[Match, ...]]:
    """The matches routed to each channel, by channel; several routes to one channel are merged."""
    by_channel: dict[str, tuple[Match, ...]] = {}
    for route in feeds.routes:
        fits = tuple(
            match
            for match in matches
            if (not route.asks or set(route.asks) & set(match.asks))
            and (not route.kinds or kind in route.kinds)
            and (not route.levels or match.level in route.levels)
        )
        if fits:
            by_channel[route.to] = merged(by_channel.get(route.to, ()), fits)
    return by_channel


def ask_channels(asks: tuple[int, ...], feeds: Feeds) -> list[str]:
    """The channels that get laws on these asks; the admin channel if there is none."""
    match = Match(watch="", name="", asks=asks, level=Level.ALERT, reasons=())
    return list(routed((match,), Kind.BILL, feeds)) or [feeds.admin]


def routed_asks(audience: str, feeds: Feeds, asks: Iterable[int]) -> tuple[int, ...]:
    """The asks routed to a channel."""
    routes = [route for route in feeds.routes if route.to == audience]
    everything = any(not route.asks for route in routes)
    return tuple(ask for ask in sorted(asks) if everything or any(ask in route.asks for route in routes))
