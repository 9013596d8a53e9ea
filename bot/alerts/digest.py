"""The digest: what happened for each ask since the last one, said at a local time, also when nothing happened.

There is one for each local date at most, whatever the clocks, restarts and outages do: its key is the date, and the
lines it takes are marked in the same transaction. What one message has no room for is said in another; what those have
no room for waits for the next digest.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import partial
from itertools import chain, zip_longest
from typing import Final

from bot.alerts import greeting, message_size, posted
from bot.alerts.campaign import Campaign, NewId
from bot.alerts.cards import Item, Voice, by_story, digest_line
from bot.alerts.headline import headline
from bot.alerts.intake import DIGEST, STORY
from bot.alerts.intake import KIND as ALERT
from bot.alerts.lists import Part, Story
from bot.alerts.routes import asks_heard, routed
from bot.alerts.unread_grants import synopses_only
from bot.config.feeds import DigestConfig
from bot.entries import records
from bot.entries.records import SourceState, StoredEntry
from bot.shared import wording
from bot.shared.calendar import business_day, business_days_until, quiet_until
from bot.shared.card import Card, Due, Line, Mark, Section
from bot.shared.entry import Change, Entry, Stage
from bot.store.database import Database, Reader, Transaction
from bot.watch.reasons import asks_of

KIND: Final = DIGEST  # of deliveries
_MESSAGES: Final = 4  # of one digest at most
_CLOSING: Final = 8  # dates; more are counted
_AHEAD: Final = timedelta(days=7)
_PATIENCE: Final = timedelta(minutes=15)

Others = Callable[[Reader, str], Sequence[Section]]  # what other rooms say in a channel's digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a digest is made of. `news` are the lines it takes, `alerted` what was said at once meanwhile."""

    since: datetime
    asks: Sequence[int]
    news: Sequence[Item]
    alerted: Sequence[Item]
    closing: Sequence[Due]
    sources: int  # that were asked
    troubled: int
    checked_at: datetime | None
    others: Sequence[Section] = ()  # of other rooms
    synopses: str = ""  # which asks are seen through titles and synopses alone


def _no_others(_db: Reader, _audience: str) -> Sequence[Section]:
    return ()


def due(config: DigestConfig, last: date | None, now: datetime, zone: tzinfo) -> bool:
    """Whether a digest is to be written now; `last` is the local date of the last one (or of the hello). Pure.

    A time of day that a change of the clocks skips counts as the moment after; one that it repeats counts once.
    """
    local = now.astimezone(zone)
    today = local.date()
    if config.days == "never" or (last is not None and last >= today) or local.time() < config.at:
        return False
    if config.days == "monday":
        sunday = today - timedelta(today.isoweekday())
        return business_day(today) and business_days_until(sunday, today) == 1
    return business_day(today)


def next_due(config: DigestConfig, last: date | None, now: datetime, zone: tzinfo) -> datetime | None:
    """When the next digest is due; None for never. Pure."""
    today = now.astimezone(zone).date()
    for ahead in range(15 if config.days != "never" else 0):
        at = datetime.combine(today + timedelta(ahead), config.at, tzinfo=zone).astimezone(UTC)
        if due(config, last, max(at, now), zone):
            return max(at, now)
    return None


def ready(states: Mapping[str, SourceState], sources: Iterable[str], now: datetime, started_at: datetime) -> bool:
    """Whether all sources that are due have been asked; after a quarter of an hour a late one is not waited for."""
    waits = [max(states[id_].due_at, started_at) if id_ in states else started_at for id_ in sources]
    return all(since > now or now - since > _PATIENCE for since in waits)


def compose(
    db: Database, campaign: Campaign, *, now: datetime, new_id: NewId, started_at: datetime, others: Others = _no_others
) -> list[str]:
    """Write every digest that is due; the channels that get one. `started_at`: when this run of the bot began.

    Nothing is due before a channel was greeted.
    """
    if not ready(records.source_states(db), _enabled(campaign), now, started_at):
        return []
    greeted = posted.said_at(db, campaign.coalition.id, greeting.KIND)
    last = greeted | posted.said_at(db, campaign.coalition.id, KIND)
    ripe = [
        name
        for name, config in campaign.feeds.channels.items()
        if name in greeted and due(config.digest, last[name].astimezone(campaign.zone).date(), now, campaign.zone)
    ]
    for audience in ripe:
        with db.write() as tx:
            _post(tx, audience, campaign, last[audience], others(tx, audience), now=now, new_id=new_id)
    return ripe


def preview(db: Reader, audience: str, campaign: Campaign, others: Sequence[Section], now: datetime) -> Card:
    """The first message of a channel's digest if it were due now; nothing is written. Before the first: of one day."""
    told = posted.said_at(db, campaign.coalition.id, greeting.KIND) | posted.said_at(db, campaign.coalition.id, KIND)
    lines = posted.waiting_lines(db, campaign.coalition.id, audience)
    facts = _facts(db, audience, lines, campaign, told.get(audience, now - timedelta(days=1)), others, now)
    return digest_parts(facts, campaign.voice, now)[0].card


def digest_parts(facts: Facts, voice: Voice, now: datetime) -> list[Part]:
    """The messages of a digest, with the news each says; what no part says has to wait. Pure."""
    left = _in_turn(facts)
    told: list[Part] = []
    while not told or (left and len(told) < _MESSAGES):
        shown = partial(_continued if told else _first, facts, voice, now)
        too_many = bisect_left(range(len(left) + 1), True, key=lambda count: not message_size.fits(shown(left[:count])))
        count = max(1, too_many - 1)
        told.append(Part(shown(left[:count]), tuple(chain(*left[:count]))))
        left = left[count:]
    if left:
        foot = f"{wording.number(len(left), 'more follows', 'more follow')} in the next digest."
        told[-1] = replace(told[-1], card=replace(told[-1].card, foot=foot))
    return told


def _first(facts: Facts, voice: Voice, now: datetime, stories: Sequence[Story]) -> Card:
    """Every ask is named, also when silent; what was alerted is not said again, only counted."""
    count = len(by_story(facts.news))
    since = wording.clock(facts.since, voice.zone, now)
    return Card(
        mark=Mark.DIGEST,
        head=f"{_day(voice, now)} digest: {wording.number(count, 'item') if count else 'nothing new'} since {since}",
        byline=_checked(facts, voice, now),
        lines=tuple(_counted(facts)),
        dues=tuple(facts.closing[:_CLOSING]),
        sections=(*_news(facts, voice, stories), *_silent(facts), *facts.others),
    )


def _continued(facts: Facts, voice: Voice, now: datetime, stories: Sequence[Story]) -> Card:
    head = f"{_day(voice, now)} digest, continued"
    return Card(mark=Mark.DIGEST, head=head, sections=tuple(_news(facts, voice, stories)))


def _day(voice: Voice, now: datetime) -> str:
    return f"{now.astimezone(voice.zone):%A}"


def _counted(facts: Facts) -> Iterator[Line]:
    if facts.alerted:
        alerted = wording.number(len(facts.alerted), "entry", "entries")
        yield Line(f"Alerted meanwhile, and not repeated here: {alerted}.")
    if facts.synopses:
        yield Line(facts.synopses)
    if (more := len(facts.closing) - _CLOSING) > 0:
        yield Line(f"Beside those below, {wording.number(more, 'comment period')} will end within the week.")


def _in_turn(facts: Facts) -> list[Story]:
    """The first story of every ask, then the second of each: a loud ask must not make a quiet one wait."""
    by_ask: dict[int | None, list[Story]] = {}
    for story in by_story(facts.news):
        by_ask.setdefault(_ask(facts, story), []).append(story)
    return [story for turn in zip_longest(*by_ask.values()) for story in turn if story]


def _ask(facts: Facts, story: Story) -> int | None:
    """The first of a story's asks, under which it is told; None for the policy watches."""
    return next((ask for ask in _asks(story) if ask in facts.asks), None)


def _news(facts: Facts, voice: Voice, stories: Sequence[Story]) -> Iterator[Section]:
    by_ask: dict[int | None, list[Line]] = {}
    for story in stories:
        asks = [ask for ask in _asks(story) if ask in facts.asks]
        line = digest_line(story)
        also = f" (also {wording.asks(asks[1:])})" if len(asks) > 1 else ""
        by_ask.setdefault(_ask(facts, story), []).append(Line(line.text + also, line.url))
    for ask in facts.asks:
        if ask in by_ask:
            yield Section(f"Ask {ask}, {voice.asks[ask]}", tuple(by_ask[ask]))
    if None in by_ask:
        yield Section("Policy", tuple(by_ask[None]))


def _silent(facts: Facts) -> Iterator[Section]:
    told, alerted = _asks(facts.news), _asks(facts.alerted)
    rest = [ask for ask in facts.asks if ask not in told]
    for title, asks in (
        ("Alerted already", [ask for ask in rest if ask in alerted]),
        ("Nothing new", [ask for ask in rest if ask not in alerted]),
    ):
        if asks:
            yield Section(title, (Line(wording.asks(asks)),))


def _asks(items: Iterable[Item]) -> tuple[int, ...]:
    return asks_of(match for item in items for match in item.matches)


def _checked(facts: Facts, voice: Voice, now: datetime) -> str:
    last = f", last at {wording.clock(facts.checked_at, voice.zone, now)}" if facts.checked_at else ""
    checked = f"{wording.number(facts.sources, 'source')} checked{last}"
    verb = "needs" if facts.troubled == 1 else "need"
    return f"{checked} · {facts.troubled} {verb} attention" if facts.troubled else checked


def _post(
    tx: Transaction,
    audience: str,
    campaign: Campaign,
    last: datetime,
    others: Sequence[Section],
    *,
    now: datetime,
    new_id: NewId,
) -> None:
    to = campaign.place(audience)
    lines = posted.waiting_lines(tx, campaign.coalition.id, audience)
    facts = _facts(tx, audience, lines, campaign, last, others, now)
    key = f"digest:{now.astimezone(campaign.zone).date()}"
    for number, part in enumerate(digest_parts(facts, campaign.voice, now), 1):
        told = {item.id for item in part.items}
        says = tuple(line for line in lines if line[0] in told)
        name = key if number == 1 else f"{key}:{number}"
        delivery = campaign.post(
            tx,
            to,
            name,
            part.card,
            kind=KIND,
            now=now,
            new_id=new_id,
            due_at=quiet_until(now, campaign.feeds.channels[audience].quiet, campaign.zone),
            thread=to.thread(name),
            says=says,
        )
        if delivery:
            posted.take_lines(tx, campaign.coalition.id, audience, says, delivery)


def _facts(
    tx: Reader,
    audience: str,
    lines: Sequence[tuple[str, str]],
    campaign: Campaign,
    last: datetime,
    others: Sequence[Section],
    now: datetime,
) -> Facts:
    all_states = records.source_states(tx)
    states = [state for id_, state in all_states.items() if id_ in _enabled(campaign)]
    asks = asks_heard(audience, campaign.feeds, campaign.voice.asks)
    return Facts(
        since=last,
        asks=asks,
        news=_items(tx, audience, lines, campaign),
        alerted=_items(tx, audience, _at_once(tx, audience, campaign, last), campaign),
        closing=closing(tx, audience, campaign, now),
        others=others,
        synopses=synopses_only(all_states, campaign.feeds, asks),
        sources=len(states),
        troubled=sum(not state.health.good for state in states),
        checked_at=max((state.checked_at for state in states), default=None),
    )


def _at_once(tx: Reader, audience: str, campaign: Campaign, since: datetime) -> list[tuple[str, str]]:
    said_so = (posted.said_since(tx, campaign.coalition.id, audience, since, kind=kind) for kind in (ALERT, STORY))
    return list(chain.from_iterable(said_so))


def _items(tx: Reader, audience: str, lines: Sequence[tuple[str, str]], campaign: Campaign) -> list[Item]:
    stages = dict(lines)
    matches = records.matches_of(tx, campaign.coalition.id, stages)
    items = []
    for kept in records.by_ids(tx, stages):
        found = matches.get((kept.id, stages[kept.id]), ())
        # A route that was changed since the line was written does not take it back.
        heard = routed(found, kept.entry.kind, campaign.feeds).get(audience, found)
        items.append(Item(id=kept.id, entry=kept.entry, matches=heard))
    return items


def closing(db: Reader, audience: str, campaign: Campaign, now: datetime) -> list[Due]:
    """The comment periods of matched documents that end within a week, as the newest document of each thread says."""
    today = now.astimezone(campaign.zone).date()
    threads: dict[str, list[StoredEntry]] = {}
    for kept in records.with_comments_open(db, campaign.coalition.id, today):
        threads.setdefault(kept.entry.thread, []).append(kept)
    matches = records.matches_of(db, campaign.coalition.id, (it.id for its in threads.values() for it in its))
    dues = []
    for its in threads.values():
        found = [match for it in its for stage in Stage for match in matches.get((it.id, stage.value), ())]
        last = _closing(its)
        on = last.comments_close_on if last else None
        if (
            last
            and on
            and today <= on <= today + _AHEAD
            and audience in routed(found, its[0].entry.kind, campaign.feeds)
        ):
            detail = wording.closing(last.comments_hour, worded=last.comments_worded)
            dues.append(Due(f"Comments on “{wording.short(headline(its[0].entry).text, 70)}” close", on, detail))
    return sorted(dues, key=lambda due: due.on)


def _closing(thread: Sequence[StoredEntry]) -> Entry | None:
    """The newest document of a thread that says when comments close; None if one of them is a withdrawal."""
    if any(it.entry.change is Change.WITHDRAWAL for it in thread):
        return None
    return next((it.entry for it in reversed(thread) if it.entry.comments_close_on), None)


def _enabled(campaign: Campaign) -> list[str]:
    return [id_ for id_, source in campaign.feeds.sources.items() if source.enabled]
