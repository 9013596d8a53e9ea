"""All deadlines together: for a list, for the state of the campaign, for a calendar file and its secret address."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from datetime import datetime
from typing import Final

from bot.config.coalition import Coalition
from bot.deadlines import ics, wording
from bot.deadlines.duties import duties
from bot.deadlines.model import State
from bot.deadlines.windows import windows
from bot.shared.card import Line
from bot.store import memo
from bot.store.database import Reader, Transaction

PATH: Final = "/calendar/"  # and the token, and ".ics"
_REMEMBERED: Final = "deadlines calendar"  # the token
_NEXT: Final = 3


def lines(db: Reader, coalition: Coalition, now: datetime) -> list[Line]:
    """Every deadline that is not met, by date: comment periods that are open, duties past and to come."""
    today = coalition.day(now)
    dated = [(it.closes, wording.window_line(it, today)) for it in windows(db, coalition.id, now)]
    dated += [
        (duty.due, wording.duty_line(duty, today))
        for duty in duties(db, coalition).values()
        if duty.state is not State.MET
    ]
    return [line for _, line in sorted(dated, key=lambda pair: (pair[0], pair[1].text))]


def coming(db: Reader, coalition: Coalition, now: datetime) -> list[str]:
    """The next three days that bind, in words."""
    today = coalition.day(now)
    dated = [(it.closes, wording.window_line(it, today).text) for it in windows(db, coalition.id, now)]
    dated += [
        (duty.due, wording.duty_line(duty, today).text)
        for duty in duties(db, coalition).values()
        if duty.state is not State.MET and duty.due >= today
    ]
    return [text for _, text in sorted(dated)[:_NEXT]]


def file(db: Reader, coalition: Coalition, now: datetime) -> bytes:
    """The calendar file of all deadlines."""
    entries = ics.days(windows(db, coalition.id, now), list(duties(db, coalition).values()), coalition.day(now))
    name = f"{coalition.short}: deadlines"
    return ics.calendar(list(entries), name=name, host=f"{coalition.id}.coalition-bot", now=now)


def address(tx: Transaction, coalition_id: str, *, new_id: Callable[[], str], renew: bool) -> str:
    """The secret path under which the calendar may be subscribed to; `renew` ends the one before."""
    token = memo.recall(tx, coalition_id, _REMEMBERED)
    if token is None or renew:
        token = new_id()
        memo.remember(tx, coalition_id, _REMEMBERED, token)
    return f"{PATH}{token}.ics"


def subscribed(db: Reader, coalition: Coalition, now: datetime, token: str) -> bytes | None:
    """The calendar file for who knows the secret; None for who does not."""
    known = memo.recall(db, coalition.id, _REMEMBERED)
    if known is None or not hmac.compare_digest(known.encode(), token.encode("utf-8", "surrogateescape")):
        return None
    return file(db, coalition, now)
