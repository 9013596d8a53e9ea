"""The one transaction between a source's answer and the outbox.

New entries, their keys, the matches, the planned messages, the digest lines, the validators and the source's health
are saved together or not at all. A validator saved without its entries would hide them behind "not modified" for
ever; a message saved without its entry would be said again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final, Protocol

from bot.alerts import after_restore, baseline, greeting, posted, source_health, withholding
from bot.alerts.campaign import Campaign, NewId
from bot.alerts.cards import Item
from bot.alerts.plan import FLOOD, Message, Past, Plan, Spoken, plan
from bot.alerts.routes import routed
from bot.entries import records
from bot.entries.identity import ArrivalKind
from bot.entries.records import SourceState
from bot.entries.saving import Arrival, SavedEntries, save_entries
from bot.outbox import dead_letters
from bot.shared.card import Card, Line, Mark
from bot.shared.dates import EASTERN
from bot.shared.entry import Change, Stage
from bot.shared.failpoint import failpoint
from bot.sources.model import Fetched, FetchFailed, Health, Memory, NotModified
from bot.store.database import Database, Reader, Transaction
from bot.store.interrupt import InterruptibleTransaction
from bot.watch.model import Match
from bot.watch.reasons import amending, merged

KIND: Final = "alert"  # of deliveries
DIGEST: Final = "digest"
STORY: Final = "story"  # of those in which the press room says at once what would be alerts
# A source that was not read for so long brings a backlog, not the news of the hour: one digest says it all.
_AWAY: Final = timedelta(days=3)

Matches = tuple[Match, ...]
Judged = tuple[Arrival, Matches]


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """What one answer came to. `matched` counts entries with a match; `messages` and `lines` what was planned."""

    new: int = 0
    updated: int = 0
    matched: int = 0
    messages: int = 0
    lines: int = 0
    baseline: bool = False


def _never() -> bool:
    return False


class Also(Protocol):
    """What another room makes of an answer."""

    def __call__(
        self, tx: Transaction, answer: Fetched, campaign: Campaign, *, now: datetime, new_id: NewId
    ) -> None: ...


def take_in(
    db: Database,
    answer: Fetched,
    source: str,
    campaign: Campaign,
    *,
    now: datetime,
    new_id: NewId,
    due_at: datetime,
    since: date | None = None,
    also: Sequence[Also] = (),
    stopping: Callable[[], bool] = _never,
) -> Intake:
    """Take in what a source brought, and plan what is said of it. `due_at`: when the source is to be asked next.

    `also`: what other rooms make of the answer, in the same transaction. `stopping`: whether to give it up; then it
    raises `Stopped`, and nothing of it is kept.

    The first answer of a source is a silent baseline (`baseline.py`): stored and judged, but not posted, except what
    was published on `since` or later.
    """
    with db.write() as opened:
        tx = InterruptibleTransaction(opened, stopping)
        before = records.source_state(tx, source)
        kind = campaign.feeds.sources[source].kind
        first = baseline.first_look(before, kind) is None
        silent = baseline.silent(answer, before, kind, since=since, today=now.astimezone(EASTERN).date())
        entries = campaign.press.read(tx, answer.entries) if campaign.press else answer.entries
        reading = save_entries(tx, entries, silent=silent, now=now, new_id=new_id)
        _blank_exposed(tx, reading, campaign, now=now, new_id=new_id)
        failpoint("store")
        judged = _judge(tx, reading, campaign)
        records.insert_matches(tx, campaign.coalition.id, ((a.id, a.stored.stage.value, m) for a, m in judged), now)
        failpoint("match")
        away = _away(before, source, campaign, now)
        doubtful = after_restore.doubtful(tx, campaign.coalition.id, before)
        items = _items(tx, judged, campaign, away=away, doubtful=doubtful, now=now, new_id=new_id)
        made = _say(tx, items, campaign, away=away, now=now, new_id=new_id)
        for take in also:
            take(tx, answer, campaign, now=now, new_id=new_id)
        failpoint("outbox-insert")
        looked = baseline.is_look(answer)
        news = bool(reading.of(ArrivalKind.NEW, ArrivalKind.PUBLISHED))
        memory = _memory(answer.memory, before, now, looked=looked, new=news)
        report = source_health.Report(memory, answer.health, answer.detail)
        _settle(tx, before, source, campaign, report, now=now, new_id=new_id, due_at=due_at)
        if first and looked:
            greeting.watching(tx, source, campaign, empty=not answer.entries, now=now, new_id=new_id)
    return Intake(
        new=len(reading.of(ArrivalKind.NEW)),
        updated=len(reading.of(ArrivalKind.EDITED, ArrivalKind.PUBLISHED, ArrivalKind.SECOND_SOURCE)),
        matched=sum(bool(found) for _, found in judged),
        messages=len(made.messages),
        lines=len(made.lines),
        baseline=first,
    )


def note_unchanged(
    db: Database,
    answers: Mapping[str, NotModified],
    campaign: Campaign,
    *,
    now: datetime,
    new_id: NewId,
    due_at: Mapping[str, datetime],
) -> None:
    """These sources answered that nothing changed. One transaction for all: what is lost with it is asked again."""
    with db.write() as tx:
        states = records.source_states(tx)
        for source, answer in answers.items():
            before = states.get(source)
            report = source_health.Report(
                _memory(answer.memory, before, now, looked=True, new=False), Health.UNCHANGED, ""
            )
            _settle(tx, before, source, campaign, report, now=now, new_id=new_id, due_at=due_at[source])


def note_failure(
    db: Database,
    answer: FetchFailed,
    source: str,
    campaign: Campaign,
    *,
    now: datetime,
    new_id: NewId,
    due_at: datetime,
) -> None:
    """The source did not answer, or not with what it should; what it left behind before stays."""
    with db.write() as tx:
        before = records.source_state(tx, source)
        report = source_health.Report(before.memory if before else Memory(), answer.health, answer.detail)
        _settle(tx, before, source, campaign, report, now=now, new_id=new_id, due_at=due_at)


def _blank_exposed(tx: Transaction, reading: SavedEntries, campaign: Campaign, *, now: datetime, new_id: NewId) -> None:
    """Take out of the messages what was shown before it was known to name a minor or someone harmed."""
    exposed = {
        a.id: a.previous for a in reading.arrivals if a.previous and a.stored.withheld and not a.previous.withheld
    }
    if exposed:
        shown = {it.id: (it.first, exposed[it.id]) for it in records.by_ids(tx, exposed)}
        withholding.blank_messages(tx, campaign.coalition.id, shown, now=now, new_id=new_id)


def _judge(tx: InterruptibleTransaction, reading: SavedEntries, campaign: Campaign) -> list[Judged]:
    """Each arrival that could be news, with the matches that make it so."""
    news = reading.of(ArrivalKind.NEW, ArrivalKind.PUBLISHED, ArrivalKind.EDITED, ArrivalKind.SECOND_SOURCE)
    needed = {a.id for a in news if a.previous} | {a.amends.id for a in news if a.amends}
    past = records.matches_of(tx, campaign.coalition.id, needed)
    judged: list[Judged] = []
    for arrival in news:
        tx.check()
        found = _matches(arrival, campaign, past)
        here = (arrival.id, arrival.stored.stage.value)
        past[here] = merged(past.get(here, ()), found)
        judged.append((arrival, found))
    return judged


def _matches(arrival: Arrival, campaign: Campaign, past: Mapping[tuple[str, str], Matches]) -> Matches:
    """The matches by which an arrival is news.

    What followed an earlier entry into a channel is followed there again, whatever its own words. An edit, or a
    second source, counts only by watches that what was known before does not satisfy; held against today's watches,
    so that a changed feeds.yml raises nothing old.
    """
    own = campaign.matcher.match(arrival.incoming if arrival.kind is ArrivalKind.SECOND_SOURCE else arrival.stored)
    if arrival.kind is ArrivalKind.PUBLISHED:
        return merged(own, past.get((arrival.id, Stage.FILED.value), ()))
    if arrival.previous is not None:
        before = (*campaign.matcher.match(arrival.previous), *past.get((arrival.id, arrival.stored.stage.value), ()))
        known = {match.watch for match in before}
        return tuple(match for match in own if match.watch not in known)
    if arrival.amends is not None:
        stages = (past.get((arrival.amends.id, stage.value), ()) for stage in (Stage.PUBLISHED, Stage.FILED))
        handed = amending(arrival.amends.entry.title, merged(*stages))
        # By its own words a correction is a digest line, so what it corrects says how loud its reply is.
        return merged(handed, own) if arrival.incoming.change is Change.CORRECTION else merged(own, handed)
    return own


def _items(
    tx: Transaction,
    judged: Sequence[Judged],
    campaign: Campaign,
    *,
    away: bool,
    doubtful: bool,
    now: datetime,
    new_id: NewId,
) -> list[Item]:
    """What is to be said, as the press room has folded it. `doubtful`: some of it may have been said already."""
    silent = {arrival.id for arrival, _ in judged if arrival.silent}
    items = [
        Item(id=a.id, entry=a.stored, matches=found, filed=a.previous if a.kind is ArrivalKind.PUBLISHED else None)
        for a, found in judged
        if found
    ]
    shown = after_restore.shown(tx, items, campaign, kind=KIND, now=now, new_id=new_id) if doubtful else {}
    # What every channel that hears of it has shown is, as the press room need know, what was there before.
    old = silent | {it.id for it in items if shown.get(it.id, frozenset()) >= {*_heard(it, campaign)}}
    if campaign.press and items:
        items = campaign.press.gather(tx, items, campaign, silent=old, calm=away, now=now, new_id=new_id)
    items = [replace(item, told=item.told | shown.get(item.id, frozenset())) for item in items]
    return [item for item in items if item.id not in silent]


def _heard(item: Item, campaign: Campaign) -> Iterable[str]:
    """The channels that hear of it."""
    return routed(item.matches, item.entry.kind, campaign.feeds)


def _away(before: SourceState | None, source: str, campaign: Campaign, now: datetime) -> bool:
    if before is None:
        return False
    last = before.memory.last_success_at or before.checked_at
    return now - last > max(_AWAY, 3 * campaign.feeds.sources[source].every)


def _say(
    tx: Transaction, items: Sequence[Item], campaign: Campaign, *, away: bool, now: datetime, new_id: NewId
) -> Plan:
    """Plan what is said of `items`, and write the plan down."""
    if not items:
        return Plan()
    threads = [(item.id, item.entry.thread) for item in items]
    spoken = posted.spoken(tx, campaign.coalition.id, threads, now, kind=KIND)
    digested = posted.spoken(tx, campaign.coalition.id, threads, now, kind=DIGEST)
    past = Past(spoken, digested, _waiting(tx, spoken, campaign))
    made = plan(items, past, campaign.feeds, campaign.voice, now, catching_up=away)
    for delivery in made.replaced:
        dead_letters.drop(
            tx, delivery, coalition_id=campaign.coalition.id, why="said in one message with what came later"
        )
    for message in made.messages:
        _post(tx, message, campaign, now=now, new_id=new_id)
    told = ((message.place.audience, id_) for message in made.messages for id_, _ in message.says)
    posted.delete_lines(tx, campaign.coalition.id, told)
    posted.insert_lines(tx, campaign.coalition.id, made.lines, now)
    return made


def _waiting(tx: Reader, spoken: Sequence[Spoken], campaign: Campaign) -> dict[str, Item]:
    """The items of the messages that wait out quiet hours, as the plan asks for them."""
    waits = [said for said in spoken if said.waits]
    ids = {said.entry_id for said in waits}
    entries = {kept.id: kept.entry for kept in records.by_ids(tx, ids)}
    matches = records.matches_of(tx, campaign.coalition.id, ids)
    items: dict[str, Item] = {}
    for it in waits:
        entry = entries[it.entry_id]
        heard = routed(matches.get((it.entry_id, it.stage), ()), entry.kind, campaign.feeds)
        items[f"{it.audience}/{it.entry_id}"] = Item(id=it.entry_id, entry=entry, matches=heard.get(it.audience, ()))
    return items


def _post(tx: Transaction, message: Message, campaign: Campaign, *, now: datetime, new_id: NewId) -> None:
    campaign.post(
        tx,
        message.place,
        message.name,
        message.card,
        kind=KIND,
        now=now,
        new_id=new_id,
        due_at=message.due_at,
        thread=message.thread,
        says=message.says,
    )
    if message.flood:
        admin = campaign.place(campaign.feeds.admin)
        head = f"{message.flood:,} alerts at once for “{message.place.audience}”"
        why = Line(f"More than {FLOOD} of one reading become a list. If most are noise, a watch is too wide.")
        card = Card(mark=Mark.HEALTH, head=head, lines=(why,))
        campaign.post(
            tx, admin, f"flood:{message.place.key(message.name)}", card, kind=source_health.KIND, now=now, new_id=new_id
        )


def _memory(left: Memory, before: SourceState | None, now: datetime, *, looked: bool, new: bool) -> Memory:
    """What the adapter left behind, with the times of the first success and the last change as this room knows them."""
    was = before.memory if before else Memory()
    by_adapter = left.last_change_at if left.last_change_at != was.last_change_at else None
    return replace(
        left,
        first_success_at=was.first_success_at or (now if looked else None),
        last_success_at=now,
        last_change_at=by_adapter or (now if new else was.last_change_at),
    )


def _settle(
    tx: Transaction,
    before: SourceState | None,
    source: str,
    campaign: Campaign,
    report: source_health.Report,
    *,
    now: datetime,
    new_id: NewId,
    due_at: datetime,
) -> None:
    """Save the source's state, and tell a person if there is cause."""
    quiet = report.health in (Health.OK, Health.UNCHANGED)
    if quiet and source_health.is_stale(campaign.feeds.sources[source], report.memory, now):
        report = replace(report, health=Health.STALE, detail=report.detail or "nothing new for longer than is usual")
    state = source_health.after(before, source, report, now, due_at)
    records.save_source(tx, source_health.tell(tx, campaign, state, before, now=now, new_id=new_id))
