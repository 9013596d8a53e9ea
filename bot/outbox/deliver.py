"""The deliverer: claims what is due, says it once, writes down what became of it.

No transaction is open while the network is used. Every channel is served by itself, so one that is slow, full or
closed delays no other; but what several are to claim or to write down at one moment is committed together.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final, TypeVar

from bot.outbox import holds, notices, records
from bot.outbox.batching import Batcher
from bot.outbox.channels import Channels, is_direct
from bot.outbox.codec import from_json
from bot.outbox.holds import Hold
from bot.outbox.model import (
    JITTER,
    Ambiguous,
    CannotTell,
    Channel,
    Delivered,
    FilesPending,
    Found,
    NotYet,
    Outcome,
    Outgoing,
    Rejected,
    RetryAt,
    Sender,
    State,
    next_attempt,
)
from bot.outbox.records import Attempt, Claimed, Result
from bot.shared.failpoint import failpoint
from bot.store.database import Database

log = logging.getLogger(__name__)

Answer = TypeVar("Answer")

DEADLINE: Final = timedelta(seconds=15)  # for one call of a sender, all in all
SETTLE: Final = timedelta(seconds=5)  # before a platform's history can be trusted to show a new message
PROBE_EVERY: Final = timedelta(minutes=20)  # at most 3 tries an hour with a token or in a channel that is refused
PACE: Final = timedelta(seconds=1)  # between two messages in one channel; Slack allows about one a second
LONGEST_REST: Final = timedelta(minutes=2)  # of a channel whose messages fail one after the other
_STUCK: Final = 2  # tries that ended with an answer nobody knows: from then on a person is told
ROUND: Final = 20  # messages for one channel before the others' new ones are looked at again


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """What one round did. `waiting_until`: when there may be more to do (past: at once); None: nothing waits."""

    sent: int = 0
    retried: int = 0
    ambiguous: int = 0
    dead: int = 0
    waiting_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Response:
    """`looked`: nothing was sent, the platform was only asked."""

    outcome: Outcome | NotYet
    in_doubt: bool = False
    may_repeat: bool = False
    looked: bool = False


class Deliverer:
    """Serves the outbox of one coalition. `channels` and `senders` go by name and by platform.

    `direct` tells where a person's direct messages lead at this moment. `dice` gives numbers in [0, 1). `admin` is the
    channel that hears of trouble. `credentials` are fingerprints of the tokens, by platform: after a change what was
    refused is tried again at once. `timer` ends what takes longer than so many seconds, with `TimeoutError`.
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
        coalition_id: str,
        admin: str,
        credentials: Mapping[str, str] = MappingProxyType({}),
        may_read: Callable[[str, str], bool] = lambda _name, _needs: True,
        pace: timedelta = PACE,
        deadline: timedelta = DEADLINE,
        settle: timedelta = SETTLE,
        timer: Callable[[float], AbstractAsyncContextManager[object]] = asyncio.timeout,
    ) -> None:
        self._db = db
        self._senders = senders
        self._channels = Channels(channels, direct, may_read, platforms=senders, admin=admin)
        self._clock = clock
        self._new_id = new_id
        self._dice = dice
        self._coalition = coalition_id
        self._credentials = credentials
        self._pace = pace.total_seconds()
        self._deadline = deadline
        self._timer = timer
        # Long enough to look for a message and to send it; when it runs out, history can be trusted too.
        self._lease = 2 * deadline + settle
        self._failures: Counter[str] = Counter()  # one after the other, by channel
        self._rests_until: dict[str, datetime] = {}
        self._free_at: dict[str, float] = {}  # on the loop's monotonic clock
        self._gates: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._proven: set[str] = set()
        self._stopping = False
        self._untold = True
        self._stuck: list[Attempt] = []
        self._claim = Batcher(self._claim_together)
        self._write = Batcher(self._write_together)

    async def run_once(self) -> DeliveryReport:
        """One round over all channels that have something due.

        Raises `StoreError` when the store cannot be used; whatever was under way then comes back in doubt.
        """
        due = await asyncio.to_thread(self._due)
        ends = await asyncio.gather(*(self._serve(name, channel) for name, channel in due), return_exceptions=True)
        tally: Counter[State] = Counter()
        for end in ends:
            if isinstance(end, BaseException):
                raise end
            tally += end
        if self._untold:
            await asyncio.to_thread(self._tell)
        return DeliveryReport(
            sent=tally[State.SENT],
            retried=tally[State.RETRY],
            ambiguous=tally[State.AMBIGUOUS],
            dead=tally[State.DEAD],
            waiting_until=await asyncio.to_thread(self._next_round),
        )

    def stop(self) -> None:
        """Start nothing new; a round that is under way ends after the messages that are being sent."""
        self._stopping = True

    async def close(self) -> None:
        for sender in self._senders.values():
            await sender.close()

    def _due(self) -> list[tuple[str, Channel | None]]:
        now = self._clock()
        self._probe_what_changed(now)
        return [(name, self._channels.find(name)) for name in self._open(now) if not self._rests(name, now)]

    def _open(self, now: datetime) -> list[str]:
        """The channels that have something to say, and may."""
        held = holds.active(self._db, coalition_id=self._coalition, now=now)
        names = records.due_channels(self._db, coalition_id=self._coalition, now=now)
        return [name for name in names if not held & self._channels.scopes(name)]

    def _probe_what_changed(self, now: datetime) -> None:
        """Another token or address than the one that was refused: do not wait for the next probe."""
        found = [held for held in holds.all_holds(self._db, coalition_id=self._coalition) if held.refused is not None]
        changed = [held.scope for held in found if held.refused != self._fingerprint(held.scope)]
        if any(held.until and held.until > now for held in found if held.scope in changed):
            with self._db.write() as tx:
                holds.probe(tx, changed, coalition_id=self._coalition, now=now)

    def _fingerprint(self, scope: str) -> str:
        """What a hold of that scope is about: the token, and in a channel its address."""
        kind, _, name = scope.partition(":")
        if kind == "platform":
            return self._credentials.get(name, "")
        channel = self._channels.find(name)
        return f"{self._credentials.get(channel.platform, '')} {channel.address}" if channel else ""

    def _next_round(self) -> datetime | None:
        now = self._clock()
        moments = [self._rests_until[name] if self._rests(name, now) else now for name in self._open(now)]
        if later := records.next_due(self._db, coalition_id=self._coalition, now=now):
            moments.append(later)
        return min(moments, default=None)

    def _rests(self, name: str, now: datetime) -> bool:
        return now < self._rests_until.get(name, now) <= now + LONGEST_REST

    def _rest(self, name: str) -> None:
        """A message failed for a passing reason: do not run the rest of a long queue into the same wall at once."""
        self._failures[name] += 1
        self._rests_until[name] = self._clock() + min(SETTLE * 2 ** (self._failures[name] - 1), LONGEST_REST)

    async def _serve(self, name: str, channel: Channel | None) -> Counter[State]:
        tally: Counter[State] = Counter()
        sender = self._senders.get(channel.platform) if channel else None
        if channel is None or sender is None:
            await asyncio.to_thread(self._let_wait_or_go, name, channel)
            return tally
        if is_direct(name):
            await asyncio.to_thread(self._withdraw, name)
        for _ in range(ROUND):
            await self._wait_for_turn(name)
            end = None if self._stopping else await self._deliver_carefully(channel, sender)
            if end is None:
                break
            tally[end.mark.state] += 1
            if end.failed:
                self._rest(name)
                break
            self._failures.pop(name, None)
        return tally

    def _let_wait_or_go(self, name: str, channel: Channel | None) -> None:
        """What cannot be delivered: a person who is gone will not come back, a channel or a token may."""
        if channel is None and is_direct(name):
            with self._db.write() as tx:
                count = records.drop_channel(
                    tx, name, coalition_id=self._coalition, why="whom it was for has no account now"
                )
            log.warning("%d deliveries to %s were dropped: whom they were for has no account now", count, name)
            return
        if channel is None:
            held = self._breaker(holds.channel_scope(name), "it is no longer in feeds.yml, but messages wait for it")
        else:
            held = self._breaker(holds.platform_scope(channel.platform), "no token for it is set")
        with self._db.write() as tx:
            holds.place(tx, held, coalition_id=self._coalition, now=self._clock(), tell=True)
        self._untold = True

    def _withdraw(self, name: str) -> None:
        """Drop the messages whose reader no longer has the role that they need."""
        waiting = records.required_roles(self._db, name, coalition_id=self._coalition)
        for needs in waiting:
            if not self._channels.may_read(name, needs):
                with self._db.write() as tx:
                    count = records.drop_requiring(tx, name, needs, coalition_id=self._coalition)
                log.info("%d deliveries to %s were dropped: the role they need was taken away", count, name)

    async def _wait_for_turn(self, name: str) -> None:
        loop = asyncio.get_running_loop()
        await asyncio.sleep(max(0, self._free_at.get(name, 0) - loop.time()))
        self._free_at[name] = loop.time() + self._pace

    async def _deliver_carefully(self, channel: Channel, sender: Sender) -> Attempt | None:
        """One at a time until a platform has proven to let us post.

        A revoked token is to be refused once, not once a channel: Discord bans an address for too many refusals.
        """
        if channel.platform in self._proven:
            return await self._deliver_next(channel, sender)
        async with self._gates[channel.platform]:
            return await self._deliver_next(channel, sender)

    async def _deliver_next(self, channel: Channel, sender: Sender) -> Attempt | None:
        claimed = await self._claim((channel, self._new_id()))
        if claimed is None:
            return None
        failpoint("claim")
        try:
            said = await self._say(channel, sender, claimed)
        except asyncio.CancelledError:
            stopped = _Response(Ambiguous("stopped while it was being sent"), in_doubt=True)
            self._write_together([self._end(channel, claimed, stopped)])
            raise
        end = self._end(channel, claimed, said)
        self._note(end, ours=await self._write(end))
        failpoint("after-mark")
        return end

    def _claim_together(self, wanted: list[tuple[Channel, str]]) -> list[Claimed | None]:
        return records.claim(self._db, wanted, coalition_id=self._coalition, now=self._clock(), lease=self._lease)

    def _write_together(self, ends: list[Attempt]) -> list[bool]:
        return records.record(self._db, ends, coalition_id=self._coalition)

    async def _say(self, channel: Channel, sender: Sender, claimed: Claimed) -> _Response:
        try:
            outgoing = _outgoing(channel, claimed)
        except ValueError:
            return _Response(Rejected("the stored card cannot be read by this version"))
        if outgoing.edits is not None:
            return _Response(await self._change(sender, outgoing))
        if outgoing.attempted_at is not None:
            match await self._in_time(sender.find(outgoing)):
                case Found(ref):
                    return _Response(Delivered(ref), may_repeat=outgoing.may_repeat)
                case FilesPending() as begun:
                    return _Response(begun, may_repeat=outgoing.may_repeat)
                case CannotTell():
                    outgoing = replace(outgoing, may_repeat=True)
                case NotYet() | Ambiguous() | RetryAt() | Rejected() as unanswered:
                    return _Response(unanswered, in_doubt=True, may_repeat=outgoing.may_repeat, looked=True)
        failpoint("before-send")
        outcome = await self._in_time(sender.send(outgoing))
        failpoint("after-send")
        return _Response(outcome, in_doubt=isinstance(outcome, Ambiguous), may_repeat=outgoing.may_repeat)

    async def _change(self, sender: Sender, outgoing: Outgoing) -> Outcome:
        """Whether an earlier attempt came through does not matter: the same change twice is one."""
        if not outgoing.edits:
            return Rejected("the message it changes is not there")
        return await self._in_time(sender.edit(outgoing))

    async def _in_time(self, call: Awaitable[Answer]) -> Answer | Ambiguous:
        """A sender's answer; a fault of the sender's own leaves the same doubt as one that hangs."""
        try:
            async with self._timer(self._deadline.total_seconds()):
                return await call
        except TimeoutError:
            return Ambiguous(f"no answer within {self._deadline.total_seconds():g} s")
        except Exception as error:
            log.exception("a courier failed")
            return Ambiguous(f"the courier failed: {type(error).__name__}")

    def _end(self, channel: Channel, claimed: Claimed, said: _Response) -> Attempt:
        now = self._clock()
        mark = self._mark(claimed, said, now)
        held = self._held(channel, said.outcome, mark)
        if mark.state is State.SENT:
            self._proven.add(channel.platform)
        elif isinstance(said.outcome, Rejected) and said.outcome.scope == "platform":
            self._proven.discard(channel.platform)
        tell = isinstance(said.outcome, Rejected)
        failed = mark.state in (State.RETRY, State.AMBIGUOUS) and not isinstance(said.outcome, NotYet)
        unknown = isinstance(said.outcome, RetryAt) and said.outcome.unknown and mark.state is not State.DEAD
        return Attempt(
            channel=channel,
            claimed=claimed,
            mark=mark,
            at=now,
            held=held,
            tell=tell,
            failed=failed,
            unknown=unknown,
        )

    def _note(self, end: Attempt, *, ours: bool) -> None:
        mark = end.mark
        if not ours:
            log.warning("delivery %s: its lease ran out first; the outcome is looked into again", end.claimed.id)
        if end.failed or mark.state in (State.DEAD, State.DROPPED):
            log.warning("delivery %s to %s: %s, %s", end.claimed.id, end.channel.name, mark.state.value, mark.why)
        if end.claimed.probes and mark.ref is not None:
            self._untold = True  # a hold may be over
        if end.unknown and end.claimed.attempts >= _STUCK:
            self._stuck.append(end)
        self._untold = self._untold or bool(self._stuck) or mark.state is State.DEAD or end.tell

    def _mark(self, claimed: Claimed, said: _Response, now: datetime) -> Result:
        mark = self._undated(claimed, said, now)
        return replace(mark, tried_at=claimed.tried_at if said.looked else now)

    def _undated(self, claimed: Claimed, said: _Response, now: datetime) -> Result:  # noqa: PLR0911 - a table of outcomes
        match said.outcome:
            case Delivered(ref):
                return Result(state=State.SENT, due_at=now, ref=ref, may_repeat=said.may_repeat)
            case FilesPending(ref):
                return Result(state=State.PENDING, due_at=now, ref=ref, may_repeat=said.may_repeat, counts=False)
            case Rejected(why, scope="message"):
                return Result(state=_final_state(claimed), due_at=now, why=why)
            case Rejected(why):
                # It is the channel or the token that was refused: the message waits, however long that takes.
                return self._again(said, now, why, counts=False)
            case NotYet(at):
                return self._again(said, at, "its history may not show it yet", counts=False)
            case RetryAt(why, not_before):
                due = self._next(claimed, now, not_before)
            case Ambiguous(why):
                due = self._next(claimed, now, None)
        if due is None:
            return Result(
                state=_final_state(claimed), due_at=now, why=f"given up after 72 h: {why}", in_doubt=said.in_doubt
            )
        return self._again(said, due, why)

    def _next(self, claimed: Claimed, now: datetime, not_before: datetime | None) -> datetime | None:
        return next_attempt(claimed.attempts, now, claimed.first_attempt, self._dice, not_before=not_before)

    def _again(self, said: _Response, due: datetime, why: str, *, counts: bool = True) -> Result:
        state = State.AMBIGUOUS if said.in_doubt else State.RETRY
        return Result(
            state=state, due_at=due, why=why, in_doubt=said.in_doubt, may_repeat=said.may_repeat, counts=counts
        )

    def _held(self, channel: Channel, outcome: Outcome | NotYet, mark: Result) -> Hold | None:
        """What the outcome means for the deliveries behind this one."""
        match outcome:
            case Rejected(why, scope="platform"):
                return self._breaker(holds.platform_scope(channel.platform), why)
            case Rejected(why, scope="channel"):
                return self._breaker(holds.channel_scope(channel.name), why)
            case RetryAt(why, at) if at is not None and mark.state not in (State.DEAD, State.DROPPED):
                return Hold(holds.channel_scope(channel.name), why, mark.due_at)
        return None

    def _breaker(self, scope: str, why: str) -> Hold:
        until = self._clock() + PROBE_EVERY * (1 + JITTER * self._dice())
        return Hold(scope, why, until, refused=self._fingerprint(scope))

    def _tell(self) -> None:
        stuck, self._stuck = self._stuck, []
        notices.post_notices(
            self._db, self._channels, stuck, coalition_id=self._coalition, now=self._clock(), new_id=self._new_id
        )
        self._untold = False


def _final_state(claimed: Claimed) -> State:
    """What is given up is told to people, but for a change: the message itself was said, and may be gone by now."""
    return State.DEAD if claimed.edits is None else State.DROPPED


def _outgoing(channel: Channel, claimed: Claimed) -> Outgoing:
    return Outgoing(
        id=claimed.id,
        key=claimed.key,
        channel=channel,
        card=from_json(claimed.card),
        reply_to=claimed.reply_to,
        may_repeat=claimed.may_repeat,
        attempted_at=claimed.in_doubt_since,
        tried_at=claimed.tried_at,
        edits=claimed.edits,
        files=claimed.files,
        said=claimed.said,
    )
