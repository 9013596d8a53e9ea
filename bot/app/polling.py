"""Ask the sources: which are due and when again, what they answer, and the transactions that store it."""

from __future__ import annotations

import asyncio
import contextvars
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import KW_ONLY, dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from functools import partial
from typing import Final

from bot.alerts import intake
from bot.alerts.intake import IngestHook, Intake, ReadAhead
from bot.alerts.items import Press
from bot.bills.intake import store_answer as store_bills
from bot.commands.model import Job, Work
from bot.config.feeds import SourceConfig
from bot.config.load import Config
from bot.entries import source_records
from bot.entries.source_records import SourceState, checked_at, memory_to_json
from bot.media.news.intake import refresh
from bot.shared import journey
from bot.shared.answer import Fetched, FetchFailed, Health, Memory, NotModified, Source
from bot.shared.calendar import business_day
from bot.shared.entry import Kind
from bot.shared.failpoint import failpoint
from bot.shared.plain_text import EASTERN
from bot.sources.sharing import SharedSource
from bot.store.database import Database, StopRequested, StoreError, Transaction

log = logging.getLogger(__name__)

_AT_ONCE: Final = 20  # sources asked at once; the fetcher limits the requests to each host
_TOGETHER: Final = 200  # entries saved in one transaction, unless one answer has more: no other writer waits long
_MANY: Final = 200  # new entries; after so many, the plans of a store that was empty are slow
_LARGEST_MEMORY: Final = 4_000_000  # characters of what is kept of a source, and read again in every round
PATIENCE: Final = 5.0  # seconds that a round waits for slow sources
_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)
_SOON: Final = timedelta(minutes=5)
_HOUR: Final = timedelta(hours=1)
_LONGEST_WAIT: Final = timedelta(days=1)  # a Retry-After beyond this is a mistake or a trap


@dataclass(frozen=True, slots=True)
class Polled:
    """The result of asking one source. `intake` is None if there was nothing new."""

    source: str
    name: str
    health: Health
    detail: str
    intake: Intake | None = None


@dataclass(frozen=True, slots=True)
class PollReport:
    polled: tuple[Polled, ...]

    @property
    def good(self) -> bool:
        return all(one.health.good for one in self.polled)

    @property
    def new(self) -> int:
        return sum(one.intake.new for one in self.polled if one.intake)


@dataclass(frozen=True, slots=True)
class _Unchanged:
    """`before`: its source's state when it was asked."""

    answer: NotModified
    before: SourceState | None


@dataclass(frozen=True, slots=True, eq=False)
class _Unsaved:
    """An answer that waits to be stored. `before`: its source's state when it was asked."""

    source: str
    answer: Fetched | FetchFailed
    before: SourceState | None
    config: Config
    press: Press | None
    context: contextvars.Context = field(default_factory=contextvars.copy_context)  # its journey
    end: asyncio.Future[Polled] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    @property
    def size(self) -> int:
        return self.answer.size if isinstance(self.answer, Fetched) else 0


@dataclass(eq=False, repr=False)
class Poller:
    """Asks `sources` and stores what they return. `since`: see `intake.ingest`; `patience`: see `poll_due`."""

    db: Database
    sources: Mapping[str, Source]
    config: Config
    _: KW_ONLY
    clock: Callable[[], datetime]
    new_id: Callable[[], str]
    dice: Callable[[], float]
    since: datetime | None
    patience: float = PATIENCE
    press: Press | None = None

    def __post_init__(self) -> None:
        self._since = self.since.date() if self.since else None
        self._asked: dict[str, asyncio.Task[Polled | _Unchanged]] = {}  # sources being asked now
        self._gate = asyncio.Semaphore(_AT_ONCE)
        self._waiting: list[_Unsaved] = []  # the next to be saved first
        self._writer = asyncio.Lock()
        self._stopping = False
        self._new = 0  # entries since the statistics were last gathered here

    def update(self, sources: Mapping[str, Source], config: Config, press: Press) -> None:
        """Use these sources and this configuration from the next round on."""
        self.sources, self.config, self.press = sources, config, press

    async def poll_now(self, source: str | None = None) -> PollReport:
        """Ask every source, or this one, due or not."""
        return await self._round([source] if source else self.sources, await self._states(), None)

    async def poll_due(self) -> tuple[PollReport, datetime | None]:
        """Ask the sources that are due, and wait for the quick ones; also return the next due time, None without
        sources.

        A slow source continues during the next rounds, and its answer is stored in the round in which it ends.
        """
        states = await self._states()
        due = [id_ for id_, at in self._due(states).items() if at <= self.clock()]
        report = PollReport(())
        if due or self._asked:
            report = await self._round(due, states, self.patience)
            states = await self._states()
        return report, min(self._due(states).values(), default=None)

    def stop(self) -> None:
        """Cancel the running save: nothing of it is stored, and its source is asked again at the next start."""
        self._stopping = True

    async def close(self) -> None:
        """Stop waiting for sources. A save that is running is finished by its thread."""
        for task in self._asked.values():
            task.cancel()
        await asyncio.gather(*self._asked.values(), return_exceptions=True)
        self._asked.clear()

    async def _states(self) -> Mapping[str, SourceState]:
        return await asyncio.to_thread(source_records.source_states, self.db)

    def _due(self, states: Mapping[str, SourceState]) -> dict[str, datetime]:
        """Return when each source that is not being asked is due.

        At once if another coalition has just asked it, or if the clock was set back since it was asked.
        """
        now = self.clock()
        idle = {id_: source for id_, source in self.sources.items() if id_ not in self._asked}
        return {
            id_: state.due_at
            if (state := states.get(id_))
            and state.checked_at <= now
            and not (isinstance(source, SharedSource) and source.has_answer(state.memory))
            else _LONG_AGO
            for id_, source in idle.items()
        }

    async def _round(self, ids: Iterable[str], states: Mapping[str, SourceState], patience: float | None) -> PollReport:
        """Start asking these sources, wait some seconds, and store the answers that have arrived."""
        started = {id_: asyncio.create_task(self._ask(id_, states.get(id_))) for id_ in ids if id_ not in self._asked}
        self._asked |= started
        if started:
            await asyncio.wait(started.values(), timeout=patience)
        ended = {id_: self._asked.pop(id_) for id_, task in list(self._asked.items()) if task.done()}
        ends = {id_: task.exception() or task.result() for id_, task in ended.items()}
        # Record which sources ended unchanged, except one that was removed meanwhile, and raise what failed
        unchanged = {id_: end for id_, end in ends.items() if isinstance(end, _Unchanged) and id_ in self.sources}
        if unchanged:
            ends = {**ends, **await asyncio.to_thread(self._note_unchanged, unchanged, self.config)}
        for id_, end in ends.items():
            if isinstance(end, BaseException) and not isinstance(end, StoreError):  # the loop logs an outage, once
                log.error("asking %s failed", id_, exc_info=end)
        failed = next((end for end in ends.values() if isinstance(end, BaseException)), None)
        if failed is not None:  # a fault of the store; the other sources have been processed
            raise failed
        return PollReport(tuple(end for end in ends.values() if isinstance(end, Polled)))

    async def _ask(self, id_: str, state: SourceState | None) -> Polled | _Unchanged:
        """Ask one source. If its answer makes our code fail, report a fault of that source and retry it on schedule.

        Raised, the error would delay all others in every round, and no message would name the source.
        """
        with journey.travel(id_, self.clock()):
            # The configuration may change before it answers.
            source, config, press = self.sources[id_], self.config, self.press
            async with self._gate:
                try:
                    memory = state.memory if state else Memory()
                    if memory.first_success_at is None:  # a first check reads back to `since`, as after an absence
                        memory = replace(memory, last_success_at=self.since)
                    answer = await source.poll(memory, self.clock())
                    failpoint("parse")
                    if not isinstance(answer, FetchFailed) and len(memory_to_json(answer.memory)) > _LARGEST_MEMORY:
                        answer = FetchFailed(Health.TOO_LARGE, "it lists more than the bot can keep track of")
                    if isinstance(answer, NotModified):
                        return _Unchanged(answer, state)
                    return await self._save(id_, answer, state, config, press)
                except StoreError:
                    raise
                except StopRequested:
                    log.info("%s: stopped while its answer was being saved; it is checked again at the next start", id_)
                    return Polled(id_, config.feeds.sources[id_].name, Health.OK, "stopped")
                except Exception as error:
                    log.exception("could not store what %s returned", id_)
                    why = f"the bot could not process the answer ({type(error).__name__}); the log has details"
                    answer = FetchFailed(Health.MALFORMED, why)
                    return await self._save(id_, answer, state, config, press)

    async def _save(
        self, id_: str, answer: Fetched | FetchFailed, before: SourceState | None, config: Config, press: Press | None
    ) -> Polled:
        """Store an answer, in one transaction with others that wait: each commit waits for the disk.

        One transaction at a time: there is one writer, and threads that wait for it are lacking elsewhere.
        """
        unsaved = _Unsaved(id_, answer, before, config, press)
        self._waiting.append(unsaved)
        try:
            async with self._writer:
                if unsaved in self._waiting:
                    batch = [self._waiting.pop(0)]
                    size = batch[0].size
                    while self._waiting and (size := size + self._waiting[0].size) <= _TOGETHER:
                        batch.append(self._waiting.pop(0))
                    # Wait for all but the commit: while that waits for the disk, the next are read.
                    written = asyncio.Event()
                    saving = asyncio.create_task(self._save_together(batch, written))
                    saving.add_done_callback(lambda _: written.set())
                    await written.wait()
        finally:
            if unsaved in self._waiting:  # canceled
                self._waiting.remove(unsaved)
        return await asyncio.shield(unsaved.end)

    async def _save_together(self, batch: Sequence[_Unsaved], written: asyncio.Event) -> None:
        on_written = partial(asyncio.get_running_loop().call_soon_threadsafe, written.set)
        try:
            ends = await asyncio.to_thread(self._note_all, batch, on_written)
        except Exception as error:  # noqa: BLE001 - raised where each answer is waited for
            if len(batch) > 1 and not isinstance(error, StoreError):
                for unsaved in batch:  # so that an answer that makes our code fail does not fail the others
                    await self._save_together([unsaved], written)
                return
            for unsaved in batch:
                unsaved.end.set_exception(error)
        else:
            for unsaved, end in zip(batch, ends, strict=True):
                unsaved.end.set_result(end)

    def _note_unchanged(self, ends: Mapping[str, _Unchanged], config: Config) -> dict[str, Polled]:
        """Record unchanged sources in one transaction after the round: a commit each would take longer than asking.

        `config` has them all; the configuration may change before it is this thread's turn to write.
        """
        now = self.clock()
        with Job(self.db, config, now, self.new_id).write() as work:
            intake.record_unchanged(
                work,
                {id_: end.answer for id_, end in ends.items()},
                asked={id_: end.before for id_, end in ends.items()},
                due_at={id_: self._due_at(config.feeds.sources[id_], Health.UNCHANGED, now) for id_ in ends},
            )
        return {id_: Polled(id_, config.feeds.sources[id_].name, Health.UNCHANGED, "") for id_ in ends}

    def _note_all(self, batch: Sequence[_Unsaved], on_written: Callable[[], object]) -> list[Polled]:
        read = [
            intake.read_ahead(unsaved.answer, unsaved.config, unsaved.press, stopping=lambda: self._stopping)
            if unsaved.press and isinstance(unsaved.answer, Fetched)
            else None
            for unsaved in batch
        ]
        with self.db.write() as tx:
            ends = [
                unsaved.context.run(self._note, tx, unsaved, ahead) for unsaved, ahead in zip(batch, read, strict=True)
            ]
            on_written()
        self._new += sum(end.intake.new for end in ends if end.intake)
        if self._new >= _MANY:
            self._new = 0
            with suppress(StoreError):  # the answers are stored
                self.db.analyze()
        return ends

    def _note(self, tx: Transaction, unsaved: _Unsaved, ahead: ReadAhead | None) -> Polled:
        """Store an answer, unless another process, to which this coalition was given up, has checked the source since:
        what it stored is newer, and an older deadline would be posted as a change.
        """
        id_, answer, config, before = unsaved.source, unsaved.answer, unsaved.config, unsaved.before
        work, taken = Work(tx=tx, config=config, now=self.clock(), new_id=self.new_id), None
        source = config.feeds.sources[id_]
        if checked_at(source_records.source_state(tx, id_)) != checked_at(before):
            log.info("%s: its answer was dropped, because another process has checked it since", id_)
            return Polled(id_, source.name, Health.UNCHANGED, "")
        if isinstance(answer, Fetched):
            due_at = self._due_at(source, answer.health, work.now)
            taken = intake.ingest(
                work,
                answer,
                id_,
                due_at=due_at,
                since=self._since,
                hooks=_rooms_for(answer),
                stopping=lambda: self._stopping,
                press=unsaved.press,
                ahead=ahead,
            )
        else:
            failures = before.failures if before else 0
            level = logging.DEBUG if failures else logging.INFO
            log.log(level, "%s: %s, %s", id_, answer.health, answer.detail)
            due_at = self._due_at(source, answer.health, work.now, failures + 1, answer.retry_at)
            intake.record_failure(work, answer, id_, due_at=due_at)
        return Polled(id_, source.name, answer.health, answer.detail, taken)

    def _due_at(
        self, source: SourceConfig, health: Health, now: datetime, failures: int = 0, retry_at: datetime | None = None
    ) -> datetime:
        every, between, jitter = source.every, source.between, self.dice()
        return next_poll(
            every=every, between=between, health=health, failures=failures, retry_at=retry_at, now=now, jitter=jitter
        )


def _rooms_for(answer: Fetched) -> list[IngestHook]:
    """What the rooms besides the alerts do with an answer, of those for which it brings something."""
    bills = bool(answer.records or answer.roll_calls) or any(entry.bill for entry in answer.entries)
    news = any(entry.kind is Kind.NEWS for entry in answer.entries)
    rooms = ((store_bills, bills), (refresh, news))
    return [store for store, brings in rooms if brings]


def next_poll(
    *,
    every: timedelta,
    between: tuple[time, time] | None,
    health: Health,
    failures: int,
    retry_at: datetime | None,
    now: datetime,
    jitter: float,
) -> datetime:
    """The time of the next poll, in UTC.

    `failures` counts failed polls in a row, including this one; 0 after an answer. An unreachable source is retried
    after 5, 10, 20 … minutes, up to an hour (or `every`, if longer). One that blocks us, is gone or is not a feed waits
    that long at once. Retry-After is respected, up to a day. `between` are Eastern times of day on federal business
    days, inclusive; an unreachable source is retried outside them too, as it may have missed them. `jitter`, in [0, 1),
    spreads the polls by a tenth.
    """
    wait, longest = every, max(every, _HOUR)
    if failures:
        back_off = min(longest, min(every, _SOON) * (1 << min(failures - 1, 16)))
        wait = back_off if health is Health.UNREACHABLE else longest
    due = now + wait * (0.95 + 0.1 * jitter)
    if retry_at is not None:
        due = min(retry_at, now + _LONGEST_WAIT) + wait * 0.1 * jitter
    retrying = health is Health.UNREACHABLE and retry_at is None
    return due if between is None or retrying else _within(due, *between)


def _within(due: datetime, first: time, last: time) -> datetime:
    local = due.astimezone(EASTERN)
    day = local.date()
    if business_day(day) and first <= local.time() <= last:
        return due
    if local.time() > last:
        day += timedelta(days=1)
    while not business_day(day):
        day += timedelta(days=1)
    return datetime.combine(day, first, EASTERN).astimezone(UTC)
