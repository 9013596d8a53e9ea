"""One attempt to send a claimed message within its time, and what its outcome makes of the delivery.

The attempt looks first for a message that may have been posted before.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import KW_ONLY, dataclass, replace
from datetime import datetime, timedelta
from typing import Final, TypeVar

from bot.outbox.model import (
    UNREADABLE,
    Ambiguous,
    CannotTell,
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
from bot.outbox.records import RETRACTION, Claimed, Result
from bot.shared.failpoint import failpoint

log = logging.getLogger(__name__)

Answer = TypeVar("Answer")

DEADLINE: Final = timedelta(seconds=15)  # for one call of a sender
SETTLE: Final = timedelta(seconds=5)  # before a platform's history can be trusted to show a new message


@dataclass(frozen=True, slots=True)
class Response:
    """A sender's outcome. `searched`: nothing was sent, the platform's history was only searched."""

    outcome: Outcome | NotYet
    in_doubt: bool = False
    may_repeat: bool = False
    searched: bool = False


@dataclass(eq=False, repr=False)
class Sending:
    """Sends claimed messages, one at a time.

    `deadline`: for one call of a sender, unless it has its own. `settle`: see `SETTLE`. `timer` raises `TimeoutError`
    after the given seconds.
    """

    clock: Callable[[], datetime]
    _: KW_ONLY
    deadline: timedelta = DEADLINE
    settle: timedelta = SETTLE
    timer: Callable[[float], AbstractAsyncContextManager[object]] = asyncio.timeout

    def lease(self, sender: Sender | None) -> timedelta:
        """Return how long a claim lasts: enough to search for a message and send it, and for its history to show it."""
        return 2 * (self._deadline_of(sender) if sender else self.deadline) + self.settle

    def _deadline_of(self, sender: Sender) -> timedelta:
        return sender.deadline or self.deadline

    async def send(self, sender: Sender, outgoing: Claimed) -> Response:  # noqa: PLR0911 - a table of outcomes
        """Search for the message if it may have been posted, and send or edit it unless it was."""
        if outgoing.card is UNREADABLE:
            return Response(Rejected("the stored card cannot be read by this version"))
        if outgoing.edits is not None:
            return Response(await self._edit(sender, outgoing))
        if outgoing.attempted_at is not None:
            match await self._in_time(sender, sender.find(outgoing)):
                case Found(ref):
                    return Response(Delivered(ref), may_repeat=outgoing.may_repeat)
                case FilesPending() as pending:
                    return Response(pending, may_repeat=outgoing.may_repeat)
                case CannotTell():
                    outgoing = replace(outgoing, may_repeat=True)
                case NotYet() | Ambiguous() | RetryAt() | Rejected() as unanswered:
                    return Response(unanswered, in_doubt=True, may_repeat=outgoing.may_repeat, searched=True)
        if self.clock() + self._deadline_of(sender) > outgoing.until:
            # The store or the host paused meanwhile: another process may be sending the message now.
            late = RetryAt("the time to send it had passed")
            return Response(late, outgoing.attempted_at is not None, outgoing.may_repeat, searched=True)
        failpoint("before-send")
        outcome = await self._in_time(sender, sender.send(outgoing))
        failpoint("after-send")
        return Response(outcome, in_doubt=isinstance(outcome, Ambiguous), may_repeat=outgoing.may_repeat)

    async def _edit(self, sender: Sender, outgoing: Outgoing) -> Outcome:
        """Edit the message. Editing twice is harmless, so an earlier attempt need not be looked up."""
        if not outgoing.edits:
            return Rejected("the message to update was not found")
        failpoint("before-send")
        outcome = await self._in_time(sender, sender.edit(outgoing))
        failpoint("after-send")
        return outcome

    async def _in_time(self, sender: Sender, call: Awaitable[Answer]) -> Answer | Ambiguous:
        """Return a sender's answer, or `Ambiguous` if it hangs or raises."""
        seconds = self._deadline_of(sender).total_seconds()
        try:
            async with self.timer(seconds):
                return await call
        except TimeoutError:
            return Ambiguous(f"no answer within {seconds:g} s")
        except Exception as error:
            log.exception("a sender failed")
            return Ambiguous(f"the sender failed: {type(error).__name__}")


def result_of(  # noqa: PLR0911 - a table of outcomes
    claimed: Claimed, response: Response, now: datetime, dice: Callable[[], float]
) -> Result:
    """Return a delivery's state after an attempt. `dice` returns numbers in [0, 1)."""
    match response.outcome:
        case Delivered(ref):
            return Result(state=State.SENT, due_at=now, ref=ref, may_repeat=response.may_repeat)
        case FilesPending(ref):
            return Result(state=State.PENDING, due_at=now, ref=ref, may_repeat=response.may_repeat, counts=False)
        case Rejected(why, scope="message" | "gone" as scope):
            return Result(state=_final_state(claimed, is_gone=scope == "gone"), due_at=now, why=why)
        case Rejected(why):
            # The channel or the token was refused, not the message, which waits however long that takes.
            return _retry(response, now, why, counts=False)
        case NotYet(at):
            return _retry(response, at, "its history may not show it yet", counts=False)
        case RetryAt(why, not_before):
            pass
        case Ambiguous(why):
            not_before = None
    due = next_attempt(claimed.attempts, now, claimed.first_attempt, dice, not_before=not_before)
    if due is None:
        return Result(
            state=_final_state(claimed), due_at=now, why=f"given up after 72 h: {why}", in_doubt=response.in_doubt
        )
    return _retry(response, due, why)


def _retry(response: Response, due: datetime, why: str, *, counts: bool = True) -> Result:
    state = State.AMBIGUOUS if response.in_doubt else State.RETRY
    return Result(
        state=state, due_at=due, why=why, in_doubt=response.in_doubt, may_repeat=response.may_repeat, counts=counts
    )


def _final_state(claimed: Claimed, *, is_gone: bool = False) -> State:
    """DEAD is reported to people. A failed edit is only dropped, unless its message still shows what it takes away."""
    reported = claimed.edits is None or (claimed.kind == RETRACTION and not is_gone)
    return State.DEAD if reported else State.DROPPED
