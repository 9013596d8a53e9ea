"""The digest: what happened for each ask since the last one, said at a local time, also when nothing happened.

There is one for each local date at most, whatever the clocks, restarts and outages do: its key is the date, and the
lines it takes are marked in the same transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Final

from bot.alerts import hello, records, said, words
from bot.alerts.cards import Item, Voice, by_story, digest_line
from bot.alerts.headline import headline
from bot.alerts.house import House, NewId
from bot.alerts.intake import KIND as ALERT
from bot.alerts.reasons import asks_of
from bot.alerts.records import Kept, SourceState
from bot.alerts.routes import asks_heard, quiet_until, routed
from bot.calendar import business_day, business_days_until
from bot.card import Card, Due, Line, Mark, Section
from bot.config.model import DigestConfig
from bot.entry import Change, Stage
from bot.store.database import Database, Reader, Transaction

KIND: Final = "digest"  # of deliveries
_SHOWN: Final = 12  # lines of one ask; more are counted
_AHEAD: Final = timedelta(days=7)
_PATIENCE: Final = timedelta(minutes=15)


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


def compose(db: Database, house: House, *, now: datetime, new_id: NewId, started_at: datetime) -> list[str]:
    """Write every digest that is due; the channels that get one. `started_at`: when this run of the bot began.

    Nothing is due before a channel was greeted.
    """
    if not ready(records.source_states(db), _enabled(house), now, started_at):
        return []
    greeted = said.said_at(db, house.coalition.id, hello.KIND)
    last = greeted | said.said_at(db, house.coalition.id, KIND)
    ripe = [
        name
        for name, config in house.feeds.channels.items()
        if name in greeted and due(config.digest, last[name].astimezone(house.zone).date(), now, house.zone)
    ]
    for audience in ripe:
        with db.write() as tx:
            _post(tx, audience, house, last[audience], now=now, new_id=new_id)
    return ripe


def digest_card(facts: Facts, voice: Voice, now: datetime) -> Card:
    """Every ask is named, also when silent; what was alerted is not said again, only counted. Pure."""
    by_ask = _by_ask(facts)
    count = sum(len(lines) for lines in by_ask.values())
    since = words.clock(facts.since, voice.zone, now)
    alerted = f"Alerted meanwhile, and not repeated here: {words.number(len(facts.alerted), 'entry', 'entries')}."
    return Card(
        mark=Mark.DIGEST,
        head=f"{now.astimezone(voice.zone):%A} digest: "
        f"{words.number(count, 'item') if count else 'nothing new'} since {since}",
        byline=_checked(facts, voice, now),
        lines=(Line(alerted),) if facts.alerted else (),
        dues=tuple(facts.closing),
        sections=tuple(_sections(facts, by_ask, voice)),
    )


def _by_ask(facts: Facts) -> dict[int | None, list[Line]]:
    """A line for each story, under the first of its asks; None for the policy watches."""
    by_ask: dict[int | None, list[Line]] = {}
    for group in by_story(facts.news):
        asks = [ask for ask in _asks(group) if ask in facts.asks]
        line = digest_line(group)
        also = f" (also {words.asks(asks[1:])})" if len(asks) > 1 else ""
        by_ask.setdefault(asks[0] if asks else None, []).append(Line(line.text + also, line.url))
    return by_ask


def _sections(facts: Facts, by_ask: Mapping[int | None, Sequence[Line]], voice: Voice) -> Iterator[Section]:
    for ask in facts.asks:
        if ask in by_ask:
            yield Section(f"Ask {ask}, {voice.asks[ask]}", _most(by_ask[ask]))
    if None in by_ask:
        yield Section("Policy", _most(by_ask[None]))
    told, alerted = _asks(facts.news), _asks(facts.alerted)
    rest = [ask for ask in facts.asks if ask not in told]
    for title, asks in (
        ("Alerted already", [ask for ask in rest if ask in alerted]),
        ("Nothing new", [ask for ask in rest if ask not in alerted]),
    ):
        if asks:
            yield Section(title, (Line(words.asks(asks)),))


def _asks(items: Iterable[Item]) -> tuple[int, ...]:
    return asks_of(match for item in items for match in item.matches)


def _most(lines: Sequence[Line]) -> tuple[Line, ...]:
    left = len(lines) - _SHOWN
    return (*lines[:_SHOWN], Line(f"and {left:,} more")) if left > 0 else tuple(lines)


def _checked(facts: Facts, voice: Voice, now: datetime) -> str:
    last = f", last at {words.clock(facts.checked_at, voice.zone, now)}" if facts.checked_at else ""
    checked = f"{words.number(facts.sources, 'source')} checked{last}"
    verb = "needs" if facts.troubled == 1 else "need"
    return f"{checked} · {facts.troubled} {verb} attention" if facts.troubled else checked


def _post(tx: Transaction, audience: str, house: House, last: datetime, *, now: datetime, new_id: NewId) -> None:
    to = house.place(audience)
    lines = said.waiting_lines(tx, house.coalition.id, audience)
    facts = _facts(tx, audience, lines, house, last, now)
    delivery = house.post(
        tx,
        to,
        to.key(f"digest:{now.astimezone(house.zone).date()}"),
        digest_card(facts, house.voice, now),
        kind=KIND,
        now=now,
        new_id=new_id,
        due_at=quiet_until(now, house.feeds.channels[audience].quiet, house.zone),
        says=tuple(lines),
    )
    if delivery:
        said.take_lines(tx, house.coalition.id, audience, lines, delivery)


def _facts(
    tx: Reader, audience: str, lines: Sequence[tuple[str, str]], house: House, last: datetime, now: datetime
) -> Facts:
    states = [state for id_, state in records.source_states(tx).items() if id_ in _enabled(house)]
    return Facts(
        since=last,
        asks=asks_heard(audience, house.feeds, house.voice.asks),
        news=_items(tx, audience, lines, house),
        alerted=_items(tx, audience, said.said_since(tx, house.coalition.id, audience, last, kind=ALERT), house),
        closing=closing(tx, audience, house, now),
        sources=len(states),
        troubled=sum(not state.health.good for state in states),
        checked_at=max((state.checked_at for state in states), default=None),
    )


def _items(tx: Reader, audience: str, lines: Sequence[tuple[str, str]], house: House) -> list[Item]:
    stages = dict(lines)
    matches = records.matches_of(tx, house.coalition.id, stages)
    items = []
    for kept in records.by_ids(tx, stages):
        found = matches.get((kept.id, stages[kept.id]), ())
        # A route that was changed since the line was written does not take it back.
        heard = routed(found, kept.entry.kind, house.feeds).get(audience, found)
        items.append(Item(id=kept.id, entry=kept.entry, matches=heard))
    return items


def closing(db: Reader, audience: str, house: House, now: datetime) -> list[Due]:
    """The comment periods of matched documents that end within a week, as the newest document of each thread says."""
    today = now.astimezone(house.zone).date()
    threads: dict[str, list[Kept]] = {}
    for kept in records.with_comments_open(db, house.coalition.id, today):
        threads.setdefault(kept.entry.thread, []).append(kept)
    matches = records.matches_of(db, house.coalition.id, (it.id for its in threads.values() for it in its))
    dues = []
    for its in threads.values():
        found = [match for it in its for stage in Stage for match in matches.get((it.id, stage.value), ())]
        on = _closes(its)
        if on and today <= on <= today + _AHEAD and audience in routed(found, its[0].entry.kind, house.feeds):
            dues.append(Due(f"Comments on “{words.short(headline(its[0].entry).text, 70)}” close", on))
    return sorted(dues, key=lambda due: due.on)


def _closes(thread: Sequence[Kept]) -> date | None:
    if any(it.entry.change is Change.WITHDRAWAL for it in thread):
        return None
    return next((it.entry.comments_close_on for it in reversed(thread) if it.entry.comments_close_on), None)


def _enabled(house: House) -> list[str]:
    return [id_ for id_, source in house.feeds.sources.items() if source.enabled]
