"""What is due to be said of deadlines, once a day: into the channel of a duty's asks, into the thread of an alert."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Final

from bot.alerts.house import House, NewId
from bot.alerts.routes import audiences
from bot.calendar import business_day, quiet_until
from bot.card import Card, Line, Section
from bot.deadlines import words
from bot.deadlines.duties import duties
from bot.deadlines.model import Duty, State, Window, comment_reminders, duty_reminders, step_due
from bot.deadlines.windows import windows
from bot.people import memo
from bot.store.database import Database, Reader, Transaction

KIND: Final = "deadline"  # of deliveries
_MORNING: Final = time(9)  # local time
_REMEMBERED: Final = "deadlines said until"
_SOON: Final = timedelta(days=14)
_AHEAD: Final = timedelta(days=60)
_CLOCKS: Final = 4  # in one digest


def compose(db: Database, house: House, *, now: datetime, new_id: NewId) -> None:
    """Put into the outbox what the day brings; from nine in the morning, once, and what days without us have missed.

    The first day is silent: what fell on it or before is in the list, and is no news.
    """
    local = now.astimezone(house.zone)
    today, until = local.date(), _said_until(db, house.coalition.id)
    if until is None or until > today:  # never yet, or by a clock that was wrong
        _remember(db, house.coalition.id, today)
    elif until < today and local.time() >= _MORNING:
        _say(db, house, until, now=now, new_id=new_id)


def clocks(db: Reader, house: House, audience: str, today: date) -> list[Section]:
    """The duties that a channel's digest names: what comes within a fortnight; on the week's first, all that is open.

    "Open" is what is past and not known to be met, and what comes within 60 days.
    """
    first = not any(business_day(today - timedelta(n)) for n in range(1, today.isoweekday()))
    held = [
        duty
        for duty in duties(db, house.coalition).values()
        if duty.state is not State.MET and audience in audiences(duty.asks, house.feeds)
    ]
    until = today + (_AHEAD if first else _SOON)
    named = [duty for duty in held if duty.due <= until and (first or duty.due >= today)]
    more = [Line(f"and {len(named) - _CLOCKS} more: /deadlines list")] if len(named) > _CLOCKS else []
    lines = (*(Line(words.clock(duty, today)) for duty in named[:_CLOCKS]), *more)
    return [Section("Duty clocks", lines)] if lines else []


def _said_until(db: Reader, coalition_id: str) -> date | None:
    """The day on which reminders were last said."""
    said = memo.recall(db, coalition_id, _REMEMBERED)
    return date.fromisoformat(said) if said else None


def _remember(db: Database, coalition_id: str, today: date) -> None:
    with db.write() as tx:
        memo.remember(tx, coalition_id, _REMEMBERED, today.isoformat())


def _say(db: Database, house: House, until: date, *, now: datetime, new_id: NewId) -> None:
    today = now.astimezone(house.zone).date()
    with db.write() as tx:
        for duty in duties(tx, house.coalition).values():
            step = step_due(duty_reminders(duty.due, today), until) if duty.state is not State.MET else None
            if step:
                _say_duty(tx, house, duty, step, now=now, new_id=new_id)
        for window in windows(tx, house.coalition.id, now):
            if step := step_due(comment_reminders(window.closes, today), until):
                _say_window(tx, house, window, step, now=now, new_id=new_id)
        memo.remember(tx, house.coalition.id, _REMEMBERED, today.isoformat())


def _say_duty(tx: Transaction, house: House, duty: Duty, step: date, *, now: datetime, new_id: NewId) -> None:
    today = now.astimezone(house.zone).date()
    for audience in audiences(duty.asks, house.feeds):
        thread = house.place(audience).thread(f"duty:{duty.id}")
        name = f"duty:{duty.id}:{duty.due}:{step}"
        _post(tx, house, audience, name, words.duty_card(duty, today), thread, now=now, new_id=new_id)


def _say_window(tx: Transaction, house: House, window: Window, step: date, *, now: datetime, new_id: NewId) -> None:
    """In the thread of each alert; for a document that was only taken on, where its asks are heard."""
    name = f"comments:{window.id}:{window.closes}:{step}"
    told = window.alerted or tuple(
        (audience, house.place(audience).thread(f"comments:{window.id}"))
        for audience in audiences(window.asks, house.feeds)
    )
    for audience, thread in told:
        if audience in house.feeds.channels:
            card = words.window_card(window, now.astimezone(house.zone).date())
            _post(tx, house, audience, name, card, thread, now=now, new_id=new_id)


def _post(
    tx: Transaction,
    house: House,
    audience: str,
    name: str,
    card: Card,
    thread: str | None,
    *,
    now: datetime,
    new_id: NewId,
) -> None:
    due_at = quiet_until(now, house.feeds.channels[audience].quiet, house.zone)
    to = house.place(audience)
    house.post(tx, to, name, card, kind=KIND, now=now, new_id=new_id, due_at=due_at, thread=thread)
