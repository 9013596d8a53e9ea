"""From a source's answer to the outbox, within one transaction.

New entries, their keys, the matches, the planned messages, the digest lines, the validators and the source's health
are saved together or not at all. A validator saved without its entries would hide them behind "not modified" forever;
a message saved without its entry would be posted again. Several answers may share a transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache, partial
from itertools import chain, repeat
from typing import Final

from bot.alerts import baseline, bill_milestones, posted, source_health, withholding
from bot.alerts.cards import Item
from bot.alerts.corrections import correct_posted
from bot.alerts.items import EntryReader, Press
from bot.alerts.plan import FLOOD, Past, Plan, PostedEntry, plan, routed
from bot.commands.model import Work
from bot.config.feeds import Feeds, SourceConfig
from bot.config.load import Config, Labels
from bot.entries import records, source_records
from bot.entries.arrivals import Arrival, ArrivalKind, Arrivals
from bot.entries.source_records import SourceState
from bot.outbox import queued
from bot.outbox.messages import place, post
from bot.shared.answer import Fetched, FetchFailed, Health, Memory, NotModified
from bot.shared.card import Card, Mark
from bot.shared.entry import Change, Entry, Kind, Stage
from bot.shared.failpoint import failpoint
from bot.shared.plain_text import EASTERN
from bot.shared.threads import giving_way
from bot.shared.urls import host_of
from bot.store.database import InterruptibleTransaction, Reader, StopRequested
from bot.watch.model import Match, amending, merged, quotes_of, without_quotes

KIND: Final = "alert"  # of deliveries
DIGEST: Final = "digest"
STORY: Final = "story"  # a story's card, in which the news room posts what would be alerts
# A source that was not read for this long brings a backlog, not news: it goes to the digest.
_LONG_GAP: Final = timedelta(days=3)

MOST_NEW: Final = 3_000  # of one source on one day; the Federal Register has some 120 on a business day

Matches = tuple[Match, ...]
IngestHook = Callable[[Work, Fetched], None]  # of another room, called in the same transaction
MatchedArrival = tuple[Arrival, Matches]
ReadEntry = tuple[Entry, Matches | None]  # as the news room reads it; news with its matches, the rest is matched if new


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """Result of one answer. `matched` counts entries with a match; `messages` and `lines` count what was planned."""

    new: int = 0
    updated: int = 0
    matched: int = 0
    messages: int = 0
    lines: int = 0
    baseline: bool = False


@dataclass(frozen=True, slots=True)
class ReadAhead:
    """The entries of an answer as read before the transaction, by `id`. `by`: what read them."""

    entries: Mapping[int, ReadEntry]
    by: EntryReader | None = None


def read_ahead(answer: Fetched, config: Config, press: Press, *, stopping: Callable[[], bool]) -> ReadAhead:
    """Read and match the entries of an answer, half of the work, before the transaction that `ingest` is for.

    So it is done while the transaction before is committed, which waits for the disk. Raises `StopRequested`.
    """
    reader, entries = press.last, dict[int, ReadEntry]()
    for entry in giving_way(answer.entries):
        if stopping():
            raise StopRequested
        entries[id(entry)] = _read_and_match(reader, entry, config)
    return ReadAhead(entries, reader)


def ingest(
    work: Work,
    answer: Fetched,
    source: str,
    *,
    due_at: datetime,
    since: date | None = None,
    hooks: Sequence[IngestHook] = (),
    stopping: Callable[[], bool] = lambda: False,
    press: Press | None = None,
    ahead: ReadAhead | None = None,
) -> Intake:
    """Save and match a source's entries, and queue what is posted about them.

    A source's first answer is its baseline (`baseline.py`): stored and matched, but not posted, except entries of
    `since` or later. `due_at`: when to check it next. Raises `StopRequested` if `stopping()`; then save nothing.
    """
    tx, config, now = InterruptibleTransaction(work.tx, stopping), work.config, work.now
    work = replace(work, tx=tx)
    before, section = source_records.source_state(tx, source), config.feeds.sources[source]
    answer = _within_a_day(work, source, answer, before)
    first = baseline.first_success_at(before, section) is None
    silent = baseline.baseline_filter(answer, before, section, since=since, today=now.astimezone(EASTERN).date())
    reader = press.reading(tx) if press else None
    read = list(_read(tx, _brought(tx, answer.entries, section, press), config, reader, ahead))
    saved = records.save_entries(
        tx, [entry for entry, _ in read], silent=silent, now=now, new_id=work.new_id,
        own=partial(_is_of_own_site, config.feeds),
        hides=lambda entry: reader is not None and reader.read(entry)[0].withheld != "",
    )  # fmt: skip
    _redact_withheld(work, saved)
    failpoint("store")
    matched = _match_arrivals(tx, saved, [matches for _, matches in read], config)
    records.insert_matches(tx, ((a.id, a.stored.stage.value, m) for a, m in matched if m), now)
    failpoint("match")
    catching_up = _is_catching_up(before, source, config, now)
    items = _items_to_post(work, matched, press, catching_up=catching_up, repeats=baseline.may_repeat(tx, before))
    if any(arrival.may_correct for arrival in saved.all):
        correct_posted(work, saved, config.labels, kind=KIND)
    planned = _post_items(work, items, config.labels, catching_up=catching_up)
    for hook in hooks:
        hook(work, answer)
    failpoint("outbox-insert")
    news, has_contents = bool(saved.of(ArrivalKind.NEW, ArrivalKind.PUBLISHED)), baseline.shows_contents(answer)
    memory = _updated_memory(answer.memory, before, now, has_contents=has_contents, has_news=news)
    new = 0 if first else len(saved.of(ArrivalKind.NEW))
    _save_source(work, before, source, replace(answer, memory=memory), due_at, new)
    if first and has_contents:
        baseline.confirm_source(work, source, empty=not answer.entries)
    return _count(saved, matched, planned, baseline=first)


def _brought(db: Reader, entries: Sequence[Entry], section: SourceConfig, press: Press | None) -> Sequence[Entry]:
    """The entries without those that were erased; a bill's votes with how the chamber's own page has them."""
    entries = bill_milestones.compare_votes(db, entries) if section.brings is Kind.BILL else entries
    return press.without_erased(db, entries) if press else entries


def _within_a_day(work: Work, source: str, answer: Fetched, before: SourceState | None) -> Fetched:
    """The answer without new entries beyond a day's. The source is then asked as before, so the rest comes again."""
    left = max(0, MOST_NEW - source_records.new_on(work.tx, source, work.today))
    if before is None or before.memory.first_success_at is None or len(answer.entries) <= left:
        return answer
    stored = records.known_keys(work.tx, (key for entry in answer.entries for key in entry.identity))
    late = {id(entry) for entry in [each for each in answer.entries if stored.keys().isdisjoint(each.identity)][left:]}
    if not late:
        return answer
    within = tuple(entry for entry in answer.entries if id(entry) not in late)
    detail = f"{len(late):,} of its new items wait until tomorrow"
    return replace(answer, entries=within, memory=before.memory, health=Health.FLOOD, detail=detail)


def _is_of_own_site(feeds: Feeds, entry: Entry) -> bool:
    """Whether an entry's source and its page are at one host, so that its headline is the publisher's own."""
    source = feeds.sources.get(entry.source)
    return source is not None and source.host == host_of(entry.url) != ""


def _count(saved: Arrivals, matched: Sequence[MatchedArrival], planned: Plan, *, baseline: bool) -> Intake:
    return Intake(
        new=len(saved.of(ArrivalKind.NEW)),
        updated=len(saved.of(ArrivalKind.EDITED, ArrivalKind.PUBLISHED, ArrivalKind.SECOND_SOURCE)),
        matched=sum(bool(matches) for _, matches in matched),
        messages=len(planned.messages),
        lines=len(planned.lines),
        baseline=baseline,
    )


def record_unchanged(
    work: Work,
    answers: Mapping[str, NotModified],
    *,
    asked: Mapping[str, SourceState | None],
    due_at: Mapping[str, datetime],
) -> None:
    """Record "not modified" answers, all in one transaction: if it fails, the sources are simply checked again.

    `asked`: the state with which each source was asked. One that another process has checked since is left as it is:
    what that stored is newer. Most sources have nothing to report; these are saved first, with one statement.
    """
    tx, config, now = work.tx, work.config, work.now
    unsettled = source_records.unsettled(tx)
    outage = source_health.OUTAGE in unsettled.values()
    quiet = {
        source: (before, answer.memory, due_at[source])
        for source, answer in answers.items()
        if (before := asked[source])
        and not outage
        and source not in unsettled
        and not source_health.is_stale(config.feeds.sources[source], answer.memory, now)
    }
    source_records.save_unchanged(tx, quiet.values(), now, work.today)
    for source in [source for source in answers if source not in quiet]:
        before = source_records.source_state(tx, source)
        if source_records.checked_at(before) == source_records.checked_at(asked[source]):
            memory = _updated_memory(answers[source].memory, before, now, has_contents=True, has_news=False)
            unchanged = Fetched(entries=(), memory=memory, health=Health.UNCHANGED)
            _save_source(work, before, source, unchanged, due_at[source])


def record_failure(work: Work, answer: FetchFailed, source: str, *, due_at: datetime) -> None:
    """Record a failed check; the source's memory stays as it was."""
    before = source_records.source_state(work.tx, source)
    memory = before.memory if before else Memory()
    left = Fetched(entries=(), memory=memory, health=answer.health, detail=answer.detail)
    _save_source(work, before, source, left, due_at)


def _redact_withheld(work: Work, saved: Arrivals) -> None:
    """Redact messages about entries that are now withheld because they may name a minor or someone harmed."""
    exposed = {a.id: a.previous for a in saved.all if a.previous and a.stored.withheld and not a.previous.withheld}
    if exposed:
        versions = {stored.id: (stored.first, exposed[stored.id]) for stored in records.by_ids(work.tx, exposed)}
        withholding.redact_messages(work, versions)


def _read(
    tx: InterruptibleTransaction,
    entries: Sequence[Entry],
    config: Config,
    reader: EntryReader | None,
    ahead: ReadAhead | None,
) -> Iterator[ReadEntry]:
    """Each entry as the news room reads it now: as read ahead, unless a correction was made."""
    read = ahead.entries if ahead and ahead.by is reader else {}
    for entry in entries:
        tx.check()
        yield read.get(id(entry)) or (_read_and_match(reader, entry, config) if reader else (entry, None))


def _read_and_match(reader: EntryReader, entry: Entry, config: Config) -> ReadEntry:
    """News is matched while its words are laid out. Of a long text only the passages that match are kept."""
    read, index = reader.read(entry)
    if not entry.passages:
        return read, config.matcher.match(read, index) if index else None
    matches = config.matcher.match(read, index) if index else config.matcher.match(entry)
    if read.withheld:
        return read, without_quotes(matches)
    quoted = replace(read, passages=(), quotes=quotes_of(entry.passages, matches))
    shown = replace(reader.read(quoted)[0], names=read.names)  # those of the passages that are left out, too
    return shown, matches if shown.quotes == quoted.quotes else without_quotes(matches)


def _match_arrivals(
    tx: InterruptibleTransaction, saved: Arrivals, early: Sequence[Matches | None], config: Config
) -> list[MatchedArrival]:
    """Each arrival that could be news, with the matches that make it news. `early`: of each arrival as it came in."""
    read = zip(saved.all, chain(early, repeat(())), strict=False)  # a copy matches by what it amends alone
    news = [pair for pair in read if pair[0].kind is not ArrivalKind.REPEAT]
    needed = {a.id for a, _ in news if a.previous} | {a.amends.id for a, _ in news if a.amends}
    past = records.matches_of(tx, needed)
    matched: list[MatchedArrival] = []
    for arrival, incoming_matches in news:
        tx.check()
        current = arrival.incoming if arrival.kind is ArrivalKind.SECOND_SOURCE else arrival.stored
        own = incoming_matches if current is arrival.incoming else None
        own = config.matcher.match(current) if own is None else own
        if (current.title, current.summary) != (arrival.stored.title, arrival.stored.summary):
            own = without_quotes(own)  # a second source's words, which are shown nowhere else
        matches = _news_matches(arrival, own, config, past)
        if matches:
            pair = (arrival.id, arrival.stored.stage.value)
            past[pair] = merged(past.get(pair, ()), matches)
        matched.append((arrival, matches))
    return matched


def _news_matches(arrival: Arrival, own: Matches, config: Config, past: Mapping[tuple[str, str], Matches]) -> Matches:
    """The matches that make an arrival news. `own`: those of its current version.

    A document that amends an earlier one goes where that one went, whatever its own words. An edit or a second source
    counts only for watches that the stored version does not match; the stored version is matched against today's
    watches, so a change in feeds.yml posts nothing old.
    """
    if arrival.kind is ArrivalKind.PUBLISHED:
        own = merged(own, past.get((arrival.id, Stage.FILED.value), ()))
    elif arrival.previous is not None:
        before = (*config.matcher.match(arrival.previous), *past.get((arrival.id, arrival.stored.stage.value), ()))
        watches = {match.watch for match in before}
        return tuple(match for match in own if match.watch not in watches)
    if arrival.amends is not None:
        stages = (past.get((arrival.amends.id, stage.value), ()) for stage in (Stage.PUBLISHED, Stage.FILED))
        inherited = amending(arrival.amends.entry.title, merged(*stages))
        # On its own a correction is a digest line, so the corrected document decides the level of the reply.
        return merged(inherited, own) if arrival.incoming.change is Change.CORRECTION else merged(own, inherited)
    return own


def _items_to_post(
    work: Work, matched: Sequence[MatchedArrival], press: Press | None, *, catching_up: bool, repeats: bool
) -> list[Item]:
    """The items to post, grouped into stories. `repeats`: some may have been posted before a restore."""
    silent = {arrival.id for arrival, _ in matched if arrival.silent}
    earlier_step, days_of = records.earlier_steps(work.tx), cache(partial(_last_days, work.tx))
    items = [
        Item(
            id=a.id,
            entry=a.stored,
            matches=arrival_matches,
            filed=a.previous if a.kind is ArrivalKind.PUBLISHED else None,
            closed_on=next((day for id_, day in days_of(a.stored.thread) if id_ != a.id), None) if a.amends else None,
            earlier=earlier_step(a.id, a.stored),
        )
        for a, arrival_matches in matched
        if arrival_matches
    ]
    already = baseline.already_shown(work, items, kind=KIND) if repeats else {}
    # If every channel of an item already shows it, the news room treats it like the baseline.
    feeds = work.config.feeds
    old = silent | {
        item.id
        for item in items
        if already.get(item.id, frozenset()) >= routed(item.matches, item.entry.kind, feeds).keys()
    }
    if press and items:
        items = press.gather(work, items, silent=old, calm=catching_up)
    items = [replace(item, covered=item.covered | already.get(item.id, frozenset())) for item in items]
    return [item for item in items if item.id not in silent]


def _last_days(db: Reader, thread: str) -> list[tuple[str, date]]:
    """The two newest documents of a thread with a last day for comments, each as its id and that day."""
    stored = records.select_entries(db, "thread = :thread", {"thread": thread})
    return [(each.id, day) for each in stored if (day := each.entry.comments_close_on)][:-3:-1]


def _is_catching_up(before: SourceState | None, source: str, config: Config, now: datetime) -> bool:
    if before is None:
        return False
    last = before.memory.last_success_at or before.checked_at
    return now - last > max(_LONG_GAP, 3 * config.feeds.sources[source].every)


def _post_items(work: Work, items: Sequence[Item], labels: Labels, *, catching_up: bool) -> Plan:
    """Plan the messages and digest lines for `items`, and save the plan."""
    if not items:
        return Plan()
    tx, feeds, now = work.tx, work.config.feeds, work.now
    records.end_baseline(tx, [item.id for item in items])
    threads = [(item.id, item.entry.thread) for item in items]
    alerts, digests = posted.posted_entries(tx, threads, now, KIND, DIGEST)
    past = Past(alerts, digests, _waiting_items(tx, alerts, feeds))
    made = plan(items, past, feeds, labels, now, catching_up=catching_up)
    for delivery in made.replaced:
        queued.drop(tx, delivery, why="posted in one message with later entries")
    for message in made.messages:
        to, name = message.place, message.name
        post(work, to, name, message.card, kind=KIND, due_at=message.due_at, thread=message.thread, says=message.says)
        if message.flood:
            head = f"{message.flood:,} alerts at once for “{to.audience}”"
            why = f"More than {FLOOD} alerts from one check become a list. If most are noise, narrow the watch."
            card = Card.of(Mark.HEALTH, head, why)
            post(work, place(feeds.admin, feeds), f"flood:{to.key(name)}", card, kind=source_health.KIND)
    posted_pairs = ((message.place.audience, id_) for message in made.messages for id_, _ in message.says)
    posted.delete_lines(tx, posted_pairs)
    posted.insert_lines(tx, made.lines, now)
    return made


def _waiting_items(tx: Reader, alerts: Sequence[PostedEntry], feeds: Feeds) -> dict[str, Item]:
    """The items of messages that wait for the end of quiet hours, keyed as `Past.waiting`."""
    waiting = [alert for alert in alerts if alert.waits]
    ids = {alert.entry_id for alert in waiting}
    entries = {kept.id: kept.entry for kept in records.by_ids(tx, ids)}
    matches = records.matches_of(tx, ids)
    items: dict[str, Item] = {}
    for alert in waiting:
        entry = entries[alert.entry_id]
        routed_matches = routed(matches.get((alert.entry_id, alert.stage), ()), entry.kind, feeds)
        items[f"{alert.audience}/{alert.entry_id}"] = Item(
            id=alert.entry_id, entry=entry, matches=routed_matches.get(alert.audience, ())
        )
    return items


def _updated_memory(
    left: Memory, before: SourceState | None, now: datetime, *, has_contents: bool, has_news: bool
) -> Memory:
    """The adapter's memory with the times of the first success and the last change."""
    previous = before.memory if before else Memory()
    by_adapter = left.last_change_at if left.last_change_at != previous.last_change_at else None
    return replace(
        left,
        first_success_at=previous.first_success_at or (now if has_contents else None),
        last_success_at=now,
        last_change_at=by_adapter or (now if has_news else previous.last_change_at),
    )


def _save_source(
    work: Work, before: SourceState | None, source: str, answer: Fetched, due_at: datetime, new: int = 0
) -> None:
    """Save the source's state, count the check, and report trouble or recovery to the admin channel.

    `new`: entries that it brought, none if it was the first. A source without any for longer than usual is stale.
    """
    quiet = answer.health in (Health.OK, Health.UNCHANGED)
    if quiet and source_health.is_stale(work.config.feeds.sources[source], answer.memory, work.now):
        answer = replace(answer, health=Health.STALE, detail=answer.detail or "nothing new for longer than usual")
    day = work.config.coalition.day(work.now)
    source_records.count_check(work.tx, source, day, failed=not answer.health.good, new=new)
    state = source_health.next_state(before, source, answer, work.now, due_at)
    source_records.save_source(work.tx, source_health.report_state(work, state, before))
