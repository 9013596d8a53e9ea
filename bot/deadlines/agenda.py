"""Deadlines and hearings ahead: as a list, for the campaign's status, as a calendar file and at its secret address."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Collection
from datetime import date, datetime, timedelta
from typing import Final

from bot.config.coalition import Coalition
from bot.deadlines import ics, wording
from bot.deadlines.announced import upcoming
from bot.deadlines.model import State
from bot.deadlines.records import load_duties
from bot.deadlines.windows import open_windows
from bot.shared.card import Line
from bot.store import memo
from bot.store.database import Reader, Transaction

PATH: Final = "/calendar/"  # and the token, and ".ics"
_REMEMBERED: Final = "deadlines calendar"  # the token
_NEXT: Final = 3
_SOON: Final = timedelta(days=14)


def lines(db: Reader, coalition: Coalition, now: datetime) -> list[Line]:
    """A line per open comment period, hearing ahead and duty not met, past and future, by date."""
    return [line for _, line in _dated(db, coalition, now, past=True)]


def due_soon(db: Reader, now: datetime, *, coalition: Coalition) -> list[Line]:
    """A line per comment period that ends, hearing and duty due within two weeks, by date."""
    today = coalition.day(now)
    return [line for day, line in _dated(db, coalition, now, past=False) if today <= day <= today + _SOON]


def _dated(db: Reader, coalition: Coalition, now: datetime, *, past: bool) -> list[tuple[date, Line]]:
    """The deadlines with their days, in order. `past`: with the duties that fell due before today."""
    today = coalition.day(now)
    dated = [(window.closes, wording.window_line(window, today)) for window in open_windows(db, now)]
    dated += [
        (duty.due, wording.duty_line(duty, today))
        for duty in load_duties(db, coalition).values()
        if duty.state is not State.MET and (past or duty.due >= today)
    ]
    dated += [(meeting.hearing.day, wording.meeting_line(meeting)) for meeting in upcoming(db, now)]
    return sorted(dated, key=lambda pair: (pair[0], pair[1].text))


def next_deadlines(db: Reader, coalition: Coalition, now: datetime) -> list[str]:
    """The next three deadlines, in words."""
    return [line.text for _, line in _dated(db, coalition, now, past=False)[:_NEXT]]


def file(db: Reader, coalition: Coalition, now: datetime) -> bytes:
    """The calendar file of all deadlines and hearings."""
    windows, duties = open_windows(db, now), load_duties(db, coalition).values()
    entries = [
        *ics.calendar_days(windows, duties, coalition.day(now)),
        *ics.appointments(upcoming(db, now)),
    ]
    return ics.calendar(entries, name=f"{coalition.short}: deadlines", host=f"{coalition.id}.coalition-bot", now=now)


def public_file(db: Reader, coalition: Coalition, asks: Collection[int], changed_at: datetime, now: datetime) -> bytes:
    """The calendar file for everyone: comment periods and meetings of these asks, as they were published.

    Our own days and the duties that we hold others to are not in it. `changed_at`: the time in the file, which is the
    same for as long as nothing changes.
    """
    windows = [window for window in open_windows(db, now) if set(window.asks) & set(asks)]
    meetings = [
        meeting for meeting in upcoming(db, now) if any(set(match.asks) & set(asks) for match in meeting.item.matches)
    ]
    entries = [*ics.calendar_days(windows, (), coalition.day(now), public=True), *ics.appointments(meetings)]
    name = f"{coalition.short or coalition.name}: public deadlines"
    return ics.calendar(entries, name=name, host=f"{coalition.id}.coalition-bot", now=changed_at)


def address(tx: Transaction, *, new_id: Callable[[], str], renew: bool) -> str:
    """The calendar's secret path for subscribers; `renew` replaces it, so the old one stops working."""
    token = memo.get_memo(tx, _REMEMBERED)
    if token is None or renew:
        token = new_id()
        memo.set_memo(tx, _REMEMBERED, token)
    return f"{PATH}{token}.ics"


def subscribed_file(db: Reader, coalition: Coalition, now: datetime, token: str) -> bytes | None:
    """The calendar file, or None if the token is wrong."""
    secret = memo.get_memo(db, _REMEMBERED)
    if secret is None or not hmac.compare_digest(secret.encode(), token.encode("utf-8", "surrogateescape")):
        return None
    return file(db, coalition, now)
