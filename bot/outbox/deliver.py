"""The deliverer: claims due messages, posts each once, and records the result.

No transaction is open during network calls. Each channel is served separately, so a slow, full or closed one delays
no other. Claims and results of several channels at one moment share a transaction.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from types import MappingProxyType
from typing import Final, Generic, TypeVar

from bot.config.settings import MAIL_PER_HOUR
from bot.outbox import holds, notices, queued, records
from bot.outbox.channels import Channels, is_direct
from bot.outbox.holds import Hold
from bot.outbox.model import JITTER, Ambiguous, Channel, NotYet, Outcome, Rejected, RetryAt, Sender, State
from bot.outbox.queued import Allowance
from bot.outbox.records import Attempt, Claimed, Result
from bot.outbox.sending import DEADLINE, SETTLE, Response, Sending, result_of
from bot.people import mail
from bot.shared.failpoint import failpoint
from bot.shared.journey import travel
from bot.shared.threads import for_posts
from bot.store.database import Database, StoreError

log = logging.getLogger(__name__)

PROBE_EVERY: Final = timedelta(minutes=20)  # at most 3 tries an hour with a refused token or channel
PACE: Final = timedelta(seconds=1)  # between two messages in one channel; Slack allows about one a second
LONGEST_REST: Final = timedelta(minutes=2)  # of a channel whose messages fail repeatedly
_STUCK: Final = 2  # tries that ended with an unknown error before it is reported
_NO_ACCOUNT: Final = "the recipient no longer has an account or an address that takes messages"
ROUND: Final = 20  # messages for one channel before the other channels are checked again
# Seconds that a running bot waits for slow channels before it looks for other messages: with the loop's own pause less
# than the pace, so that a channel goes on in time.
PATIENCE: Final = 0.5
_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)
GRACE: Final = 8.0  # seconds for messages that are being sent when the bot stops


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """What one round did. `waiting_until`: when to look again (past: at once); None: nothing is queued."""

    sent: int = 0
    retried: int = 0
    ambiguous: int = 0
    dead: int = 0
    waiting_until: datetime | None = None


@dataclass(slots=True)
class _Pace:
    """When a channel gets its next message."""

    free_at: float = 0.0  # on the loop's monotonic clock
    rests_until: datetime = _LONG_AGO
    next_rest: timedelta = SETTLE  # twice as long after each failure in a row
    works: bool = False  # the last attempt of this process was not a failure
    report_at: datetime | None = None  # when to report that every try has failed

    def rests(self, now: datetime) -> bool:
        return now < self.rests_until <= now + LONGEST_REST  # it ends later only if the clock was set back

    def rest(self, now: datetime) -> None:
        """Pause after a temporary failure, so that the rest of the channel's queue does not fail the same way."""
        self.rests_until = now + self.next_rest
        self.next_rest = min(2 * self.next_rest, LONGEST_REST)

    def matters(self, ticks: float) -> bool:
        return self.free_at > ticks or self.next_rest > SETTLE or self.report_at is not None


class Deliverer:
    """Serves the outbox of one coalition. `channels` and `senders` go by name and by platform.

    `direct` resolves a person's direct messages. `dice` returns numbers in [0, 1). `admin`: the channel for trouble
    reports. `credentials`: fingerprints of the tokens, by platform; when one changes, refused messages are retried at
    once. `attempted` gets the platform and outcome of each attempt. `mail_per_hour`: emails that may be sent within an
    hour. `deadline`, `settle`, `timer`: see `Sending`.
    """

    def __init__(
        self,
        db: Database,
        senders: Mapping[str, Sender],
        channels: Mapping[str, Channel],
        *,
        direct: Callable[[str], Channel | None],
        clock: Callable[[], datetime],
        new_id: Callable[[], str],
        dice: Callable[[], float],
        admin: str,
        credentials: Mapping[str, str] = MappingProxyType({}),
        may_read: Callable[[str, str], bool] = lambda _name, _needs: True,
        attempted: Callable[[str, str], None] = lambda _platform, _outcome: None,
        mail_per_hour: int = MAIL_PER_HOUR,
        pace: timedelta = PACE,
        deadline: timedelta = DEADLINE,
        settle: timedelta = SETTLE,
        timer: Callable[[float], AbstractAsyncContextManager[object]] = asyncio.timeout,
    ) -> None:
        self._db = db
        self._senders = senders
        self._direct = direct
        self._may_read = may_read
        self._attempted = attempted
        self.update(channels, admin=admin)
        self._clock = clock
        self._new_id = new_id
        self._dice = dice
        self._credentials = credentials
        self._mail_per_hour = mail_per_hour
        self._gap = pace.total_seconds()
        self._sending = Sending(clock, deadline=deadline, settle=settle, timer=timer)
        self._paces: defaultdict[str, _Pace] = defaultdict(_Pace)  # by channel
        self._serving: dict[str, asyncio.Task[Counter[State]]] = {}  # by channel
        self._mailing: set[str] = set()  # the channels being served by mail
        self._gates: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._proven: set[str] = set()
        self._stopping = False
        self._notices_due = True
        self._stuck: list[Attempt] = []
        self._claim = Batcher(self._claim_together)
        self._write = Batcher(partial(records.record, db))

    async def run_once(self, patience: float | None = None) -> DeliveryReport:
        """Serve every channel that has due messages once.

        `patience`: return after so many seconds; what is slower goes on in the next rounds.
        Raises `StoreError` when the store cannot be used; messages being sent are then in doubt.
        """
        due, waiting_until = await for_posts(self._due)
        self._serving |= {name: asyncio.create_task(self._serve(name, channel)) for name, channel in due}
        mailing = {name for name, channel in due if channel and channel.platform == mail.PLATFORM}
        self._mailing = (self._mailing & self._serving.keys()) | mailing
        tally = await self._wait_for_channels(patience)
        if noticed := self._notices_due:
            await for_posts(self._post_notices)
        if due or tally or noticed:
            waiting_until = await for_posts(self._next_round)
        return DeliveryReport(
            sent=tally[State.SENT],
            retried=tally[State.RETRY],
            ambiguous=tally[State.AMBIGUOUS],
            dead=tally[State.DEAD],
            waiting_until=waiting_until,
        )

    async def _wait_for_channels(self, patience: float | None) -> Counter[State]:
        """Return what was done for the channels that have been served since the last round."""
        try:
            if self._serving:
                await asyncio.wait(self._serving.values(), timeout=patience)
                if self._stopping:
                    await asyncio.wait(self._serving.values())
        except asyncio.CancelledError:
            await self._cancel_channels()
            raise
        ended = [task for task in self._serving.values() if task.done()]
        self._serving = {name: task for name, task in self._serving.items() if not task.done()}
        self._forget_paces()
        if errors := [error for task in ended if (error := task.exception())]:
            raise errors[0]
        return sum((task.result() for task in ended), Counter())

    def _forget_paces(self) -> None:
        """Forget those of people that are over: each request from outside and each notice has its own."""
        ticks, direct = asyncio.get_running_loop().time(), filter(is_direct, self._paces.keys() - self._serving.keys())
        for name in [name for name in direct if not self._paces[name].matters(ticks)]:
            del self._paces[name]

    async def _cancel_channels(self) -> None:
        for task in self._serving.values():
            task.cancel()
        await asyncio.gather(*self._serving.values(), return_exceptions=True)
        self._serving.clear()

    def update(self, channels: Mapping[str, Channel], *, admin: str) -> None:
        """Use these channels from the next round on."""
        self._channels = Channels(channels, self._direct, self._may_read, platforms=self._senders, admin=admin)

    def report_holds(self) -> None:
        """Report holds that something else has placed, in the next round."""
        self._notices_due = True

    def stop(self) -> None:
        """Start nothing new. The current round ends after the messages being sent."""
        self._stopping = True

    async def close(self) -> None:
        """Let messages that are being sent end, for some seconds, and close the senders."""
        if self._serving:
            await asyncio.wait(self._serving.values(), timeout=GRACE)
        await self._cancel_channels()
        for sender in self._senders.values():
            await sender.close()

    def _due(self) -> tuple[list[tuple[str, Channel | None]], datetime | None]:
        """Return the channels to serve now, and when to look again if there are none."""
        now = self._clock()
        current = self._probe_changed_credentials(now)
        names, moments = self._open(now, current)
        for pace in self._paces.values():
            if pace.report_at and pace.report_at <= now:
                pace.report_at, self._notices_due = None, True
        return [(name, self._channels.find(name)) for name in names], self._next_look(now, names, moments)

    def _open(self, now: datetime, current: Iterable[holds.Hold]) -> tuple[list[str], set[datetime]]:
        """Return the channels to serve now, and when to look again at others with due messages."""
        names: list[str] = []
        later: set[datetime] = set()
        active = holds.active_of(current, now)
        under_way = len(self._mailing & self._serving.keys())
        allowance = Allowance(self._db, self._mail_per_hour, under_way=under_way, now=now)
        for due in records.due_channels(self._db, now=now):
            if due.name in self._serving:
                continue
            if due.by_mail and (next_at := allowance.next_at(due.rank)):
                later.add(next_at)
            elif active & self._channels.scopes(due.name) - ({holds.ALL} if due.takes_back else set()):
                continue
            elif self._paces[due.name].rests(now):
                later.add(self._paces[due.name].rests_until)
            else:
                names.append(due.name)
                if due.by_mail:
                    allowance.take()
        return names, later

    def _probe_changed_credentials(self, now: datetime) -> list[holds.Hold]:
        """Retry at once where the refused token or address has changed; return the holds after that."""
        current = holds.all_holds(self._db)
        waiting = [hold for hold in current if hold.refused is not None and hold.until and hold.until > now]
        if changed := [hold.scope for hold in waiting if hold.refused != self._fingerprint(hold.scope)]:
            with self._db.write() as tx:
                holds.probe(tx, changed, now=now)
            return holds.all_holds(self._db)
        return current

    def _fingerprint(self, scope: str) -> str:
        """Return what a hold of that scope depends on: the token, and a channel's address."""
        kind, _, name = scope.partition(":")
        if kind == "platform":
            return self._credentials.get(name, "")
        channel = self._channels.find(name)
        return f"{self._credentials.get(channel.platform, '')} {channel.address}" if channel else ""

    def _next_round(self) -> datetime | None:
        now = self._clock()
        return self._next_look(now, *self._open(now, holds.all_holds(self._db)))

    def _next_look(self, now: datetime, names: Sequence[str], moments: set[datetime]) -> datetime | None:
        if names or self._serving:
            return now
        if later := records.next_due(self._db, now=now):
            moments.add(later)
        return min(moments, default=None)

    async def _serve(self, name: str, channel: Channel | None) -> Counter[State]:
        tally: Counter[State] = Counter()
        pace = self._paces[name]
        sender = self._senders.get(channel.platform) if channel else None
        if channel is None or sender is None:
            await for_posts(self._hold_or_drop, name, channel)
            return tally
        if is_direct(name):
            await for_posts(self._drop_unreadable, name)
        for _ in range(1 if channel.platform == mail.PLATFORM else ROUND):
            await asyncio.sleep(max(0, pace.free_at - asyncio.get_running_loop().time()))
            if (attempt := await self._deliver_carefully(channel, sender)) is None:
                break
            tally[attempt.result.state] += 1
            if attempt.failed:
                pace.rest(self._clock())
                break
            if attempt.result.state is State.SENT:  # a message that was only looked for shows nothing
                pace.next_rest = SETTLE
        return tally

    def _hold_or_drop(self, name: str, channel: Channel | None) -> None:
        """Drop messages to a person who left; put a channel or platform that may come back on hold."""
        if channel is None and is_direct(name):
            with self._db.write() as tx:
                count = queued.drop_channel(tx, name, why=_NO_ACCOUNT)
            log.warning("dropped %d deliveries to %s: %s", count, name, _NO_ACCOUNT)
            self._notices_due = True  # a retraction may be among them
            return
        if channel is None:
            hold = self._breaker(holds.channel_scope(name), "it is no longer in feeds.yml, but messages wait for it")
        else:
            hold = self._breaker(holds.platform_scope(channel.platform), "no token for it is set")
        with self._db.write() as tx:
            holds.place(tx, hold, now=self._clock(), report=True)
        self._notices_due = True

    def _drop_unreadable(self, name: str) -> None:
        """Drop messages whose reader no longer has the role they need."""
        for needs in queued.required_roles(self._db, name):
            if not self._channels.may_read(name, needs):
                with self._db.write() as tx:
                    count = queued.drop_requiring(tx, name, needs)
                if count:
                    log.info("dropped %d deliveries to %s: their reader no longer has the role", count, name)

    async def _deliver_carefully(self, channel: Channel, sender: Sender) -> Attempt | None:
        """Deliver one message at a time until the platform has accepted one.

        Otherwise a revoked token would be refused once per channel, and Discord bans IP addresses for that.
        """
        if channel.platform not in self._proven:
            async with self._gates[channel.platform]:
                if channel.platform not in self._proven:
                    return await self._deliver_next(channel, sender)
        return await self._deliver_next(channel, sender)

    async def _deliver_next(self, channel: Channel, sender: Sender) -> Attempt | None:
        claimed = None if self._stopping else await self._claim((channel, self._new_id()))
        if claimed is None:
            return None
        with travel(id_=claimed.journey):
            failpoint("claim")
            self._paces[channel.name].free_at = asyncio.get_running_loop().time() + self._gap
            try:
                response = await self._sending.send(sender, claimed)
            except asyncio.CancelledError:
                stopped = Response(Ambiguous("stopped while it was being sent"), in_doubt=True)
                records.record(self._db, [self._attempt(claimed, stopped)])
                raise
            attempt = self._attempt(claimed, response)
            self._note(attempt, ours=await self._write(attempt))
            failpoint("after-mark")
            return attempt

    def _claim_together(self, wanted: list[tuple[Channel, str]]) -> list[Claimed | None]:
        return records.claim(self._db, wanted, now=self._clock(), lease=self._lease)

    def _lease(self, channel: Channel) -> timedelta:
        return self._sending.lease(self._senders.get(channel.platform))

    def _attempt(self, claimed: Claimed, response: Response) -> Attempt:
        now, channel = self._clock(), claimed.channel
        result = result_of(claimed, response, now, self._dice)
        if result.state is State.SENT:
            self._proven.add(channel.platform)
        elif isinstance(response.outcome, Rejected) and response.outcome.scope == "platform":
            self._proven.discard(channel.platform)
        failed = result.state in (State.RETRY, State.AMBIGUOUS) and not isinstance(response.outcome, NotYet)
        unknown = isinstance(response.outcome, RetryAt) and response.outcome.unknown and result.state is not State.DEAD
        return Attempt(
            claimed=claimed,
            result=result,
            at=now,
            hold=self._hold_for(channel, response.outcome, result),
            report=isinstance(response.outcome, Rejected)
            and not (channel.unproven and response.outcome.scope == "address"),
            failed=failed,
            unknown=unknown,
            searched=response.searched,
        )

    def _note(self, attempt: Attempt, *, ours: bool) -> None:
        result, claimed, channel = attempt.result, attempt.claimed, attempt.claimed.channel
        self._attempted(channel.platform, result.state.value)
        if not ours:
            log.warning("delivery %s: its lease expired first; the outcome is checked again", claimed.id)
        pace = self._paces[channel.name]
        if result.state is State.SENT:
            log.info("delivery %s to %s: sent", claimed.id, channel.name)
            if not pace.works and not is_direct(channel.name):
                self._notices_due = True  # a failure that this process or one before it has reported may be over
            pace.works, pace.report_at = True, None
        elif attempt.failed:
            pace.report_at = pace.report_at or attempt.at + notices.FAILING_AFTER
            pace.works = False
        if attempt.failed or result.state in (State.DEAD, State.DROPPED):
            level = logging.INFO if result.state is State.DROPPED else logging.WARNING
            log.log(level, "delivery %s to %s: %s, %s", claimed.id, channel.name, result.state.value, result.why)
        if claimed.probes and result.ref is not None:
            self._notices_due = True  # a hold may be over
        if attempt.unknown and claimed.attempts >= _STUCK:
            self._stuck.append(attempt)
        is_news = result.state is State.DEAD or attempt.report or claimed.kind == records.RETRACTION
        self._notices_due = self._notices_due or bool(self._stuck) or is_news

    def _hold_for(self, channel: Channel, outcome: Outcome | NotYet, result: Result) -> Hold | None:
        """Return the hold that the outcome places on later deliveries, if any."""
        match outcome:
            case Rejected(why, scope="platform"):
                return self._breaker(holds.platform_scope(channel.platform), why)
            case Rejected(why, scope="channel"):
                return self._breaker(holds.channel_scope(channel.hold_name), why)
            case Rejected(why, scope="address"):
                return Hold(holds.channel_scope(channel.hold_name), why)
            case RetryAt(why, at) if at is not None and result.state not in (State.DEAD, State.DROPPED):
                return Hold(holds.channel_scope(channel.hold_name), why, result.due_at)
        return None

    def _breaker(self, scope: str, why: str) -> Hold:
        until = self._clock() + PROBE_EVERY * (1 + JITTER * self._dice())
        return Hold(scope, why, until, refused=self._fingerprint(scope))

    def _post_notices(self) -> None:
        stuck, self._stuck = self._stuck, []
        notices.post_notices(self._db, self._channels, stuck, now=self._clock(), new_id=self._new_id)
        self._notices_due = False


MAX_BATCH: Final = 100  # requests, so that no other writer waits long

Request = TypeVar("Request")
Answer = TypeVar("Answer")
Batch = list[tuple[Request, "asyncio.Future[Answer]"]]


class Batcher(Generic[Request, Answer]):
    """Run `work` on a batch of requests at a time, in a thread, and answer in order. A single request does not wait."""

    def __init__(self, work: Callable[[list[Request]], Sequence[Answer]]) -> None:
        self._work = work
        self._waiting: Batch[Request, Answer] = []
        self._running: asyncio.Task[None] | None = None

    async def __call__(self, request: Request) -> Answer:
        """Return the answer to `request`; raise what the work raised for it."""
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((request, answer))
        if self._running is None:
            self._running = asyncio.create_task(self._run())
        return await answer

    async def _run(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:MAX_BATCH], self._waiting[MAX_BATCH:]
                await self._do(batch)
        finally:
            self._running = None

    async def _do(self, batch: Batch[Request, Answer]) -> None:
        try:
            answers = await for_posts(self._work, [request for request, _ in batch])
        except Exception as error:  # noqa: BLE001 - raised to the callers
            if len(batch) > 1 and not isinstance(error, StoreError):
                for one in batch:  # so that a failing request does not fail the others
                    await self._do([one])
                return
            for _, answer in batch:
                if not answer.done():
                    answer.set_exception(error)
        else:
            for (_, answer), result in zip(batch, answers, strict=True):
                if not answer.done():  # the caller may have been canceled
                    answer.set_result(result)
