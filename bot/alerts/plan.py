"""What is said where, and when: from the judged entries of one reading to messages and digest lines. Pure.

An entry is posted once in a channel at each stage, whatever polls, restarts or groupings it goes through. The one
exception is an entry that a digest has listed and that an edit raises to an alert: it is posted once more, marked as an
update, as a reply to that digest. Follow-ups go into the thread of the first message; several new things at one moment
become one message; many become a list, in as many messages as show all of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from bot.alerts.bill_milestones import is_law
from bot.alerts.cards import Item, Voice, by_thread, card
from bot.alerts.lists import Part, parts
from bot.alerts.routes import routed
from bot.config.feeds import ChannelConfig, Feeds
from bot.outbox.messages import Place, place
from bot.shared.calendar import quiet_until
from bot.shared.card import Card
from bot.shared.entry import Change, Stage
from bot.watch.model import Level
from bot.watch.reasons import loudest

_UPDATED: Final = "A digest listed this before an edit made it an alert"
FLOOD: Final = 20  # alerts from one reading; one more and they become a list, follow-ups and all


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    place: Place
    name: str  # of which `place` makes its key
    thread: str
    card: Card
    due_at: datetime
    says: tuple[tuple[str, str], ...]  # (entry id, stage)
    flood: int = 0  # the alerts of the flood that this message begins


@dataclass(frozen=True, slots=True)
class DigestLine:
    audience: str
    entry_id: str
    stage: str


@dataclass(frozen=True, slots=True)
class Spoken:
    """A delivery that says an entry at a stage. `waits`: it is held for the end of quiet hours and never tried."""

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
    """What the outbox already holds of the entries and threads at hand, oldest first, and the items that wait.

    `spoken` are alerts, `digested` the digests that list the entries.
    """

    spoken: Sequence[Spoken] = ()
    digested: Sequence[Spoken] = ()
    waiting: Mapping[str, Item] = field(default_factory=dict)  # "<audience>/<entry id>" → the item


@dataclass(frozen=True, slots=True)
class Plan:
    messages: tuple[Message, ...] = ()
    lines: tuple[DigestLine, ...] = ()
    replaced: tuple[str, ...] = ()  # deliveries that a message of this plan says instead


def plan(
    items: Sequence[Item], past: Past, feeds: Feeds, voice: Voice, now: datetime, *, catching_up: bool = False
) -> Plan:
    """`catching_up`: the source was not read for days, so what it brings waits for the day's digest.

    A new law does not wait, and nothing waits where there is no digest every day.
    """
    heard: dict[str, list[Item]] = {}
    for item in items:
        for audience, matches in routed(item.matches, item.entry.kind, feeds).items():
            if audience not in item.told:
                heard.setdefault(audience, []).append(replace(item, matches=matches))
    plans = [
        _for_channel(place(audience, feeds), told, past, feeds.channels[audience], voice, now, catching_up)
        for audience, told in heard.items()
    ]
    return Plan(
        tuple(message for each in plans for message in each.messages),
        tuple(line for each in plans for line in each.lines),
        tuple(delivery for each in plans for delivery in each.replaced),
    )


def _for_channel(
    to: Place,
    items: Sequence[Item],
    past: Past,
    config: ChannelConfig,
    voice: Voice,
    now: datetime,
    catching_up: bool,
) -> Plan:
    spoken = [said for said in past.spoken if said.audience == to.audience]
    digests = {
        (said.entry_id, said.stage): said.thread if said.channel == to.channel else None
        for said in past.digested
        if said.audience == to.audience
    }
    known = {(said.entry_id, said.stage) for said in spoken}
    items = [item for item in items if item.saying not in known]
    copies = [item for item in items if to.audience in item.digest_only]
    items = [item for item in items if to.audience not in item.digest_only]
    daily = config.digest.days == "business-days"
    living = {said.entry_thread for said in spoken if said.channel == to.channel and said.thread}
    alerts, others = _split(items, _at_once(items, living, quietly=catching_up and daily))
    later = quiet_until(now, config.quiet, voice.zone)
    urgent, rest = _split(alerts, {item.entry.thread for item in alerts if later == now or is_law(item.entry)})
    messages = _messages(to, urgent, spoken, digests, voice, now)
    held, replaced = _waiting(rest, spoken, past) if rest and later > now else ([], frozenset())
    left = [said for said in spoken if said.delivery not in replaced]
    messages += _messages(to, [*held, *rest], left, digests, voice, later)
    counted = [*others, *copies] if config.digest.days != "never" else []
    lines = [DigestLine(to.audience, *item.saying) for item in counted]
    return Plan(tuple(messages), tuple(lines), tuple(sorted(replaced)))


def _at_once(items: Iterable[Item], living: Collection[str], *, quietly: bool) -> set[str]:
    """The threads of which something is said at once: what else is new of a bill goes with what is loud.

    `living`: the threads that the channel has. A correction is posted in the thread of what it corrects; without one it
    opens none, for the alert was about the document and not about the correction.
    """
    return {
        item.entry.thread
        for item in items
        if loudest(item.matches) is Level.ALERT
        and not (quietly and not is_law(item.entry))
        and not (item.entry.change is Change.CORRECTION and item.entry.thread not in living)
    }


def _split(items: Iterable[Item], threads: set[str]) -> tuple[list[Item], list[Item]]:
    inside: list[Item] = []
    outside: list[Item] = []
    for item in items:
        (inside if item.entry.thread in threads else outside).append(item)
    return inside, outside


def _waiting(alerts: Sequence[Item], spoken: Sequence[Spoken], past: Past) -> tuple[list[Item], frozenset[str]]:
    """What waits out the quiet hours already goes with what comes, but no filing beside its publication."""
    held = [said for said in spoken if said.waits]
    now_told = {item.id for item in alerts}
    items = {
        said.entry_id: past.waiting[f"{said.audience}/{said.entry_id}"]
        for said in held
        if said.entry_id not in now_told
    }
    return list(items.values()), frozenset(said.delivery for said in held)


def _messages(
    to: Place,
    items: Sequence[Item],
    spoken: Sequence[Spoken],
    digests: Mapping[tuple[str, str], str | None],
    voice: Voice,
    due_at: datetime,
) -> list[Message]:
    """`digests`: the thread of the digest that listed an entry at a stage; None where nothing can reply to it."""
    said = {(its.entry_id, its.stage) for its in spoken}
    groups = by_thread(_told_before(item, said) for item in items)
    if len(groups) > FLOOD:
        return _opening(to, [item for group in groups for item in group], voice, due_at, flood=True)
    living = {its.entry_thread: its.thread for its in reversed(spoken) if its.channel == to.channel and its.thread}
    messages: list[Message] = []
    fresh: list[Item] = []
    for group in groups:
        listed = next((item.saying for item in group if item.saying in digests), None)
        thread = living.get(group[0].entry.thread)
        if thread is None and listed is None:
            fresh += group
            continue
        shown = card(group, voice)
        if listed is not None:
            shown = replace(shown, head=f"Update: {shown.head}", foot=_sentences(_UPDATED, shown.foot))
            thread = thread or digests[listed] or to.thread(group[0].entry.thread)
        assert thread is not None
        messages.append(_message(to, Part(shown, tuple(group)), thread, _name(group), due_at))
    return [*messages, *(_opening(to, fresh, voice, due_at) if fresh else ())]


def _sentences(*parts: str) -> str:
    return " · ".join(filter(None, parts))


def _told_before(item: Item, said: set[tuple[str, str]]) -> Item:
    return item if (item.id, Stage.FILED.value) in said else replace(item, filed=None)


def _opening(to: Place, items: Sequence[Item], voice: Voice, due_at: datetime, *, flood: bool = False) -> list[Message]:
    """Messages that open a thread each, named after its entry or its group.

    Every part of a list is named after the whole: what waits out quiet hours is parted anew when more comes, and a
    part that says the same as one before must not be taken for it.
    """
    name = _name(items)
    told = parts(items, voice, flood=flood)
    names = [name] if len(told) == 1 else [f"{name}:{number}" for number in range(1, len(told) + 1)]
    own = items[0].entry.thread if len(by_thread(items)) == 1 else ""
    messages = [
        _message(to, part, to.thread(own or f"group:{name}"), name, due_at)
        for part, name in zip(told, names, strict=True)
    ]
    return [replace(messages[0], flood=len(items) if flood else 0), *messages[1:]]


def alone(to: Place, item: Item, voice: Voice, now: datetime) -> Message:
    """The message that says one thing and nothing else."""
    return _opening(to, [item], voice, now)[0]


def _message(to: Place, part: Part, thread: str, name: str, due_at: datetime) -> Message:
    says = tuple(sorted(item.saying for item in part.items))
    return Message(place=to, name=name, thread=thread, card=part.card, due_at=due_at, says=says)


def _name(items: Sequence[Item]) -> str:
    says = sorted(item.saying for item in items)
    if len(says) == 1:
        return ":".join(says[0])
    return hashlib.sha256("\n".join(":".join(pair) for pair in says).encode()).hexdigest()[:32]
