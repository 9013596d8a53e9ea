"""What a sender's outcome makes of a delivery: sent, retried when, or given up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.outbox.model import (
    Ambiguous,
    Delivered,
    FilesPending,
    NotYet,
    Outcome,
    Rejected,
    RetryAt,
    State,
    next_attempt,
)
from bot.outbox.records import Claimed, Result


@dataclass(frozen=True, slots=True)
class Response:
    """A sender's outcome. `searched`: nothing was sent, the platform's history was only searched."""

    outcome: Outcome | NotYet
    in_doubt: bool = False
    may_repeat: bool = False
    searched: bool = False


def result(claimed: Claimed, response: Response, now: datetime, dice: Callable[[], float]) -> Result:
    """Return a delivery's state after an attempt. `dice` returns numbers in [0, 1)."""
    undated = _undated_result(claimed, response, now, dice)
    return replace(undated, tried_at=claimed.tried_at if response.searched else now)


def _undated_result(  # noqa: PLR0911 - a table of outcomes
    claimed: Claimed, response: Response, now: datetime, dice: Callable[[], float]
) -> Result:
    match response.outcome:
        case Delivered(ref):
            return Result(state=State.SENT, due_at=now, ref=ref, may_repeat=response.may_repeat)
        case FilesPending(ref):
            return Result(state=State.PENDING, due_at=now, ref=ref, may_repeat=response.may_repeat, counts=False)
        case Rejected(why, scope="message"):
            return Result(state=_final_state(claimed), due_at=now, why=why)
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


def _final_state(claimed: Claimed) -> State:
    """DEAD is reported to people. A failed edit is only dropped: its message was posted, and may be gone by now."""
    return State.DEAD if claimed.edits is None else State.DROPPED
