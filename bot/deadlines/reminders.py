"""Daily reminders of deadlines: in the channels of a duty's asks, and in the thread of a document's alert."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Final

from bot.alerts.campaign import Campaign, NewId
from bot.alerts.plan import ask_channels
from bot.deadlines import wording
from bot.deadlines.duties import load_duties
from bot.deadlines.model import Duty, State, Window, comment_reminders, duty_reminders, newest_step
from bot.deadlines.windows import open_windows
from bot.shared.calendar import business_day, quiet_until
from bot.shared.card import Card, Line, Section
from bot.store import memo
from bot.store.database import Database, Reader, Transaction

KIND: Final = "deadline"  # deliveries.kind
_MORNING: Final = time(9)  # local time
_REMEMBERED: Final = "deadlines said until"
_SOON: Final = timedelta(days=14)
_AHEAD: Final = timedelta(days=60)
_CLOCKS: Final = 4  # in one digest


def post_reminders(db: Database, campaign: Campaign, *, now: datetime, new_id: NewId) -> None:
    """Put the day's reminders into the outbox, once a day from 9 a.m., with those missed while the bot was down.

    The first day is silent: earlier deadlines are in the list and are not news.
    """
    local = now.astimezone(campaign.zone)
    today, until = local.date(), _last_reminded(db, campaign.coalition.id)
    if until is None or until > today:  # the first run, or the clock was wrong
        _remember(db, campaign.coalition.id, today)
    elif until < today and local.time() >= _MORNING:
        _post_due(db, campaign, until, now=now, new_id=new_id)


def clocks(db: Reader, campaign: Campaign, audience: str, today: date) -> list[Section]:
    """The duties in a channel's digest: those due within two weeks; in the week's first digest, all open ones.

    "Open" are past duties not known to be met, and those due within 60 days.
    """
    first_digest = not any(business_day(today - timedelta(n)) for n in range(1, today.isoweekday()))
    unmet = [
        duty
        for duty in load_duties(db, campaign.coalition).values()
        if duty.state is not State.MET and audience in ask_channels(duty.asks, campaign.feeds)
    ]
    until = today + (_AHEAD if first_digest else _SOON)
    shown = [duty for duty in unmet if duty.due <= until and (first_digest or duty.due >= today)]
    more = [Line(f"and {len(shown) - _CLOCKS} more: /deadlines list")] if len(shown) > _CLOCKS else []
    lines = (*(Line(wording.clock_line(duty, today)) for duty in shown[:_CLOCKS]), *more)
    return [Section("Duty clocks", lines)] if lines else []


def _last_reminded(db: Reader, coalition_id: str) -> date | None:
    """The day reminders were last posted, or None."""
    saved = memo.get_memo(db, coalition_id, _REMEMBERED)
    return date.fromisoformat(saved) if saved else None


def _remember(db: Database, coalition_id: str, today: date) -> None:
    with db.write() as tx:
        memo.set_memo(tx, coalition_id, _REMEMBERED, today.isoformat())


def _post_due(db: Database, campaign: Campaign, until: date, *, now: datetime, new_id: NewId) -> None:
    today = now.astimezone(campaign.zone).date()
    with db.write() as tx:
        for duty in load_duties(tx, campaign.coalition).values():
            step = newest_step(duty_reminders(duty.due, today), until) if duty.state is not State.MET else None
            if step:
                _post_duty(tx, campaign, duty, step, now=now, new_id=new_id)
        for window in open_windows(tx, campaign.coalition.id, now):
            if step := newest_step(comment_reminders(window.closes, today), until):
                _post_window(tx, campaign, window, step, now=now, new_id=new_id)
        memo.set_memo(tx, campaign.coalition.id, _REMEMBERED, today.isoformat())


def _post_duty(tx: Transaction, campaign: Campaign, duty: Duty, step: date, *, now: datetime, new_id: NewId) -> None:
    today = now.astimezone(campaign.zone).date()
    for audience in ask_channels(duty.asks, campaign.feeds):
        thread = campaign.place(audience).thread(f"duty:{duty.id}")
        name = f"duty:{duty.id}:{duty.due}:{step}"
        _post(tx, campaign, audience, name, wording.duty_card(duty, today), thread, now=now, new_id=new_id)


def _post_window(
    tx: Transaction, campaign: Campaign, window: Window, step: date, *, now: datetime, new_id: NewId
) -> None:
    name = f"comments:{window.id}:{window.closes}:{step}"
    card = wording.window_card(window, now.astimezone(campaign.zone).date())
    post_about(tx, campaign, window, name, card, now=now, new_id=new_id)


def post_about(
    tx: Transaction, campaign: Campaign, window: Window, name: str, card: Card, *, now: datetime, new_id: NewId
) -> None:
    """Post in each alert's thread; for a document without an alert, in the channels of its asks."""
    places = window.alerted or tuple(
        (audience, campaign.place(audience).thread(f"comments:{window.id}"))
        for audience in ask_channels(window.asks, campaign.feeds)
    )
    for audience, thread in places:
        if audience in campaign.feeds.channels:
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
