"""What is due to be said of deadlines, once a day: into the channel of a duty's asks, into the thread of an alert."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Final

from bot.alerts.campaign import Campaign, NewId
from bot.alerts.routes import audiences
from bot.deadlines import wording
from bot.deadlines.duties import duties
from bot.deadlines.model import Duty, State, Window, comment_reminders, duty_reminders, step_due
from bot.deadlines.windows import windows
from bot.shared.calendar import business_day, quiet_until
from bot.shared.card import Card, Line, Section
from bot.store import memo
from bot.store.database import Database, Reader, Transaction

KIND: Final = "deadline"  # of deliveries
_MORNING: Final = time(9)  # local time
_REMEMBERED: Final = "deadlines said until"
_SOON: Final = timedelta(days=14)
_AHEAD: Final = timedelta(days=60)
_CLOCKS: Final = 4  # in one digest


def compose(db: Database, campaign: Campaign, *, now: datetime, new_id: NewId) -> None:
    """Put into the outbox what the day brings; from nine in the morning, once, and what days without us have missed.

    The first day is silent: what fell on it or before is in the list, and is no news.
    """
    local = now.astimezone(campaign.zone)
    today, until = local.date(), _said_until(db, campaign.coalition.id)
    if until is None or until > today:  # never yet, or by a clock that was wrong
        _remember(db, campaign.coalition.id, today)
    elif until < today and local.time() >= _MORNING:
        _say(db, campaign, until, now=now, new_id=new_id)


def clocks(db: Reader, campaign: Campaign, audience: str, today: date) -> list[Section]:
    """The duties that a channel's digest names: what comes within a fortnight; on the week's first, all that is open.

    "Open" is what is past and not known to be met, and what comes within 60 days.
    """
    first = not any(business_day(today - timedelta(n)) for n in range(1, today.isoweekday()))
    held = [
        duty
        for duty in duties(db, campaign.coalition).values()
        if duty.state is not State.MET and audience in audiences(duty.asks, campaign.feeds)
    ]
    until = today + (_AHEAD if first else _SOON)
    named = [duty for duty in held if duty.due <= until and (first or duty.due >= today)]
    more = [Line(f"and {len(named) - _CLOCKS} more: /deadlines list")] if len(named) > _CLOCKS else []
    lines = (*(Line(wording.clock(duty, today)) for duty in named[:_CLOCKS]), *more)
    return [Section("Duty clocks", lines)] if lines else []


def _said_until(db: Reader, coalition_id: str) -> date | None:
    """The day on which reminders were last said."""
    said = memo.recall(db, coalition_id, _REMEMBERED)
    return date.fromisoformat(said) if said else None


def _remember(db: Database, coalition_id: str, today: date) -> None:
    with db.write() as tx:
        memo.remember(tx, coalition_id, _REMEMBERED, today.isoformat())


def _say(db: Database, campaign: Campaign, until: date, *, now: datetime, new_id: NewId) -> None:
    today = now.astimezone(campaign.zone).date()
    with db.write() as tx:
        for duty in duties(tx, campaign.coalition).values():
            step = step_due(duty_reminders(duty.due, today), until) if duty.state is not State.MET else None
            if step:
                _say_duty(tx, campaign, duty, step, now=now, new_id=new_id)
        for window in windows(tx, campaign.coalition.id, now):
            if step := step_due(comment_reminders(window.closes, today), until):
                _say_window(tx, campaign, window, step, now=now, new_id=new_id)
        memo.remember(tx, campaign.coalition.id, _REMEMBERED, today.isoformat())


def _say_duty(tx: Transaction, campaign: Campaign, duty: Duty, step: date, *, now: datetime, new_id: NewId) -> None:
    today = now.astimezone(campaign.zone).date()
    for audience in audiences(duty.asks, campaign.feeds):
        thread = campaign.place(audience).thread(f"duty:{duty.id}")
        name = f"duty:{duty.id}:{duty.due}:{step}"
        _post(tx, campaign, audience, name, wording.duty_card(duty, today), thread, now=now, new_id=new_id)


def _say_window(
    tx: Transaction, campaign: Campaign, window: Window, step: date, *, now: datetime, new_id: NewId
) -> None:
    """In the thread of each alert; for a document that was only taken on, where its asks are heard."""
    name = f"comments:{window.id}:{window.closes}:{step}"
    told = window.alerted or tuple(
        (audience, campaign.place(audience).thread(f"comments:{window.id}"))
        for audience in audiences(window.asks, campaign.feeds)
    )
    for audience, thread in told:
        if audience in campaign.feeds.channels:
            card = wording.window_card(window, now.astimezone(campaign.zone).date())
            _post(tx, campaign, audience, name, card, thread, now=now, new_id=new_id)


def _post(
    tx: Transaction,
    campaign: Campaign,
    audience: str,
    name: str,
    card: Card,
    thread: str | None,
    *,
    now: datetime,
    new_id: NewId,
) -> None:
    due_at = quiet_until(now, campaign.feeds.channels[audience].quiet, campaign.zone)
    to = campaign.place(audience)
    campaign.post(tx, to, name, card, kind=KIND, now=now, new_id=new_id, due_at=due_at, thread=thread)
