"""Daily reminders of deadlines: in the channels of a commitment's asks, and in the thread of a document's alert."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Final

from bot.alerts.plan import ask_channels
from bot.commands.model import Job, Work
from bot.config.load import Config
from bot.deadlines import wording
from bot.deadlines.model import COMMENT_STEPS, COMMITMENT_STEPS, State, Window, reminder_due
from bot.deadlines.records import load_commitments
from bot.deadlines.windows import open_windows
from bot.outbox.messages import place, post
from bot.shared.calendar import begins_week, quiet_until
from bot.shared.card import Card, Line, Section
from bot.store import memo
from bot.store.database import Reader

KIND: Final = "deadline"  # deliveries.kind
_MORNING: Final = time(9)  # local time
_REMEMBERED: Final = "deadlines said until"
_SOON: Final = timedelta(days=14)
_AHEAD: Final = timedelta(days=60)
_QUARTER: Final = 3  # months
_FIRST_WEEK: Final = 7  # days
_CLOCKS: Final = 4  # in one digest


def post_reminders(job: Job) -> None:
    """Put the day's reminders into the outbox, once a day from 9 a.m., with those missed while the bot was down.

    The first day is silent: earlier deadlines are in the list and are not news.
    """
    coalition = job.config.coalition
    local = job.now.astimezone(coalition.tz)
    today, saved = local.date(), memo.get_memo(job.db, _REMEMBERED)
    until = date.fromisoformat(saved) if saved else None
    if until is None or until > today:  # the first run, or the clock was wrong
        with job.write() as work:
            _remember(work)
    elif until < today and local.time() >= _MORNING:
        _post_due(job, until)


def clocks(db: Reader, config: Config, audience: str, today: date) -> list[Section]:
    """The commitments in a channel's digest: those due within two weeks, in the week's first digest within 60 days.

    Past commitments not known to be met are in the quarter's first digest alone: each day they would be the same.
    """
    first_digest = begins_week(today)
    unmet = [
        commitment
        for commitment in load_commitments(db, config.coalition).values()
        if commitment.state is not State.MET and audience in ask_channels(commitment.asks, config.feeds)
    ]
    until = today + (_AHEAD if first_digest else _SOON)
    since = date.min if first_digest and today.month % _QUARTER == 1 and today.day <= _FIRST_WEEK else today
    shown = [commitment for commitment in unmet if since <= commitment.due <= until]
    more = [Line(f"and {len(shown) - _CLOCKS} more: /deadlines list")] if len(shown) > _CLOCKS else []
    lines = (*(Line(wording.clock_line(commitment, today)) for commitment in shown[:_CLOCKS]), *more)
    return [Section("Duty clocks", lines)] if lines else []


def _remember(work: Work) -> None:
    memo.set_memo(work.tx, _REMEMBERED, work.today.isoformat())


def _post_due(job: Job, until: date) -> None:
    with job.write() as work:
        today, feeds = work.today, work.config.feeds
        for commitment in load_commitments(work.tx, work.config.coalition).values():
            step = reminder_due(commitment.due, COMMITMENT_STEPS, until, today)
            if step is None or commitment.state is State.MET:
                continue
            name, card = f"duty:{commitment.id}:{commitment.due}:{step}", wording.commitment_card(commitment, today)
            for audience in ask_channels(commitment.asks, feeds):
                _post(work, audience, name, card, place(audience, feeds).thread(f"duty:{commitment.id}"))
        for window in open_windows(work.tx, work.now):
            if step := reminder_due(window.closes, COMMENT_STEPS, until, today):
                card = wording.window_card(window, today)
                post_about(work, window, f"comments:{window.id}:{window.closes}:{step}", card)
        _remember(work)


def post_about(work: Work, window: Window, name: str, card: Card) -> None:
    """Post in each alert's thread; for a document without an alert, in the channels of its asks."""
    feeds = work.config.feeds
    places = window.alerted or tuple(
        (audience, place(audience, feeds).thread(f"comments:{window.id}"))
        for audience in ask_channels(window.asks, feeds)
    )
    for audience, thread in places:
        if audience in feeds.channels:
            _post(work, audience, name, card, thread)


def _post(work: Work, audience: str, name: str, card: Card, thread: str | None) -> None:
    feeds = work.config.feeds
    due_at = quiet_until(work.now, feeds.channels[audience].quiet, work.zone)
    post(work, place(audience, feeds), name, card, kind=KIND, due_at=due_at, thread=thread)
