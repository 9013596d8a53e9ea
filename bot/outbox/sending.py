"""One attempt to send a claimed message, within its time: it looks for one that may have been posted before."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, TypeVar

from bot.outbox.model import (
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
)
from bot.outbox.outcomes import Response
from bot.outbox.records import Claimed
from bot.shared.failpoint import failpoint

log = logging.getLogger(__name__)

Answer = TypeVar("Answer")

DEADLINE: Final = timedelta(seconds=15)  # for one call of a sender
SETTLE: Final = timedelta(seconds=5)  # before a platform's history can be trusted to show a new message


class Sending:
    """Sends claimed messages, one at a time.

    `deadline`: for one call of a sender, unless it has its own. `settle`: see `SETTLE`. `timer` raises `TimeoutError`
    after the given seconds.
    """

    def __init__(
        self,
        clock: Callable[[], datetime],
        *,
        deadline: timedelta = DEADLINE,
        settle: timedelta = SETTLE,
        timer: Callable[[float], AbstractAsyncContextManager[object]] = asyncio.timeout,
    ) -> None:
        self._clock = clock
        self._deadline = deadline
        self._settle = settle
        self._timer = timer

    def lease(self, sender: Sender | None) -> timedelta:
        """Return how long a claim lasts: enough to search for a message and send it, and for its history to show it."""
        return 2 * (self._deadline_of(sender) if sender else self._deadline) + self._settle

    def _deadline_of(self, sender: Sender) -> timedelta:
        return sender.deadline or self._deadline

    async def send(  # noqa: PLR0911 - a table of outcomes
        self, channel: Channel, sender: Sender, claimed: Claimed
    ) -> Response:
        """Search for the message if it may have been posted, and send or edit it unless it was."""
        try:
            outgoing = claimed.outgoing(channel)
        except ValueError:
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
        if self._clock() + self._deadline_of(sender) > claimed.until:
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
            async with self._timer(seconds):
                return await call
        except TimeoutError:
            return Ambiguous(f"no answer within {seconds:g} s")
        except Exception as error:
            log.exception("a sender failed")
            return Ambiguous(f"the sender failed: {type(error).__name__}")
