"""Deadlines and hearings ahead: as a list, for the campaign's status, as an iCalendar file (RFC 5545), as reminders."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import chain
from typing import TYPE_CHECKING, Final

from bot.alerts import posted
from bot.alerts.cards import story_headline
from bot.alerts.intake import DIGEST
from bot.alerts.plan import ask_channels
from bot.commands.model import EDITORS, Job, Work
from bot.config.coalition import Coalition
from bot.config.load import Config
from bot.deadlines import wording
from bot.deadlines.model import COMMENT_STEPS, COMMITMENT_STEPS, Basis, Commitment, State, Window, reminder_due
from bot.deadlines.records import load_commitments
from bot.deadlines.windows import Meeting, open_windows, upcoming
from bot.outbox.messages import place, post, post_to_person
from bot.people.records import people
from bot.shared.calendar import quiet_until
from bot.shared.card import Card, Line, Section
from bot.shared.entry import HearingStatus
from bot.shared.wording import cap_lines
from bot.store import memo
from bot.store.database import Reader, Transaction

if TYPE_CHECKING:
    from icalendar import Event

MEDIA_TYPE: Final = "text/calendar"
PATH: Final = "/calendar/"  # and the token, and ".ics"
SUBSCRIPTION: Final = "deadlines calendar"  # the token
_NEXT: Final = 3
_SOON: Final = timedelta(days=14)
_TITLE: Final = 120  # characters
# Of an event that is certain none is written: a calendar takes it for confirmed.
_STATUSES: Final = {
    HearingStatus.CANCELED: "CANCELLED",
    HearingStatus.POSTPONED: "CANCELLED",
    HearingStatus.UNLISTED: "TENTATIVE",
}
KIND: Final = "deadline"  # deliveries.kind
_MORNING: Final = time(9)  # local time
_REMINDED_UNTIL: Final = "deadlines said until"
_MISSED: Final = timedelta(days=180)  # older reminders: a clock that was behind missed none
_AHEAD: Final = timedelta(days=60)
_QUARTER: Final = 3  # months
_CLOCKS: Final = 4  # in one digest


def lines(db: Reader, coalition: Coalition, now: datetime, *, internal: bool = False) -> list[Line]:
    """A line per open comment period, hearing ahead and commitment not met, past and future, by date."""
    return [line for _, line in _dated(db, coalition, now, past=True, internal=internal)]


def due_soon(db: Reader, now: datetime, *, coalition: Coalition, internal: bool = False) -> list[Line]:
    """A line per comment period that ends, hearing and commitment due within two weeks, by date."""
    today = coalition.day(now)
    return [line for day, line in _dated(db, coalition, now, past=False, internal=internal) if day <= today + _SOON]


def _dated(
    db: Reader, coalition: Coalition, now: datetime, *, past: bool, internal: bool = False
) -> list[tuple[date, Line]]:
    """The deadlines with their days, in order. `past`: with the commitments that fell due before today."""
    today = coalition.day(now)
    dated = [(window.closes, wording.window_line(window, today)) for window in open_windows(db, now)]
    dated += [
        (commitment.due, wording.commitment_line(commitment, today))
        for commitment in load_commitments(db, coalition, internal=internal).values()
        if commitment.state is not State.MET and (past or commitment.due >= today)
    ]
    dated += [(meeting.hearing.day, wording.meeting_line(meeting)) for meeting in upcoming(db, now)]
    return sorted(dated, key=lambda pair: (pair[0], pair[1].text))


def next_deadlines(db: Reader, coalition: Coalition, now: datetime) -> list[str]:
    """The next three deadlines, in words."""
    return [line.text for _, line in _dated(db, coalition, now, past=False)[:_NEXT]]


def file(db: Reader, coalition: Coalition, now: datetime) -> bytes:
    """The calendar file of all deadlines and hearings."""
    windows, commitments = open_windows(db, now), load_commitments(db, coalition).values()
    events = chain(_days(windows, commitments, coalition.day(now)), _appointments(upcoming(db, now)))
    return _calendar(events, f"{coalition.short}: deadlines", coalition, now)


def public_file(db: Reader, coalition: Coalition, asks: Collection[int], changed_at: datetime, now: datetime) -> bytes:
    """The calendar file for everyone: comment periods and meetings of these asks, as they were published.

    Our own days and what we say that offices owe are not in it. `changed_at`: the time in the file, which is the same
    for as long as nothing changes.
    """
    windows = [window for window in open_windows(db, now) if set(window.asks) & set(asks)]
    meetings = [
        meeting for meeting in upcoming(db, now) if any(set(match.asks) & set(asks) for match in meeting.item.matches)
    ]
    events = chain(_days(windows, (), coalition.day(now), public=True), _appointments(meetings))
    return _calendar(events, f"{coalition.short or coalition.name}: public deadlines", coalition, changed_at)


def address(tx: Transaction, *, new_id: Callable[[], str], renew: bool) -> str:
    """The calendar's secret path for subscribers; `renew` replaces it, so the old one stops working."""
    token = memo.get_memo(tx, SUBSCRIPTION)
    if token is None or renew:
        token = new_id()
        memo.set_memo(tx, SUBSCRIPTION, token)
    return f"{PATH}{token}.ics"


def subscribed_file(db: Reader, coalition: Coalition, now: datetime, token: str) -> bytes | None:
    """The calendar file, or None if the token is wrong."""
    secret = memo.get_memo(db, SUBSCRIPTION)
    if secret is None or not hmac.compare_digest(secret.encode(), token.encode("utf-8", "surrogateescape")):
        return None
    return file(db, coalition, now)


def _appointments(meetings: Sequence[Meeting]) -> Iterator[Event]:
    """Hearings and markups. One that was called off stays until its day, marked as canceled.

    A calendar replaces its copy of a meeting when `sequence` is higher than before.
    """
    for meeting in meetings:
        hearing, entry = meeting.hearing, meeting.item.entry
        ends = hearing.ends if hearing.starts and hearing.ends and hearing.ends > hearing.starts else None
        text = "\n".join(dict.fromkeys((*entry.notes, entry.title, hearing.body)))
        uid, title = hearing.thread.replace(":", "-"), story_headline([meeting.item])
        event = _event(uid, hearing.starts or hearing.day, ends, title, text, entry.link)
        event.add("sequence", hearing.sequence)
        event.add("last-modified", meeting.changed_at)
        if hearing.place:
            event.add("location", hearing.place)
        if status := _STATUSES.get(hearing.status):
            event.add("status", status)
        yield event


def _days(
    windows: Sequence[Window], commitments: Collection[Commitment], today: date, *, public: bool = False
) -> Iterator[Event]:
    """The close of each comment period, our own day before it unless `public`, and each commitment not met.

    A day without a time has no time zone, so it is the same day everywhere. It ends on the day after (RFC 5545).
    """

    def day(uid: str, on: date, title: str, text: str, url: str) -> Event:
        return _event(uid, on, on + timedelta(1), title, text, url)

    for window in windows:
        name = f"comments-{window.numbers[0] if window.numbers else window.id}"
        worded = "The day is from the document's words." if window.worded and not window.differ else ""
        close = " ".join(filter(None, ("Comments close", window.by)))
        text = " ".join(filter(None, (wording.differ(window), worded, window.dates)))
        yield day(name, window.closes, f"{close}: {window.title}", text, window.url)
        if window.ours >= today and not window.filed and not public:
            yield day(f"{name}-ours", window.ours, f"Our own comment due: {window.title}", "", window.url)
    for commitment in commitments:
        if commitment.state is not State.MET:
            due = "due by law" if commitment.kind is Basis.LAW else "due"
            title = f"{'' if commitment.confirmed else 'Not confirmed: '}{due}: {commitment.owed}"
            yield day(
                f"duty-{commitment.id}",
                commitment.due,
                title[0].upper() + title[1:],
                wording.clock_line(commitment, today),
                commitment.source,
            )


def _event(uid: str, begins: date, ends: date | None, title: str, text: str, url: str) -> Event:
    from icalendar import Event

    event = Event()
    event.add("uid", uid)
    event.add("dtstart", begins)
    event.add("summary", title[:_TITLE])
    event.add("transp", "TRANSPARENT")
    for key, value in {"dtend": ends, "description": text, "url": url}.items():
        if value:
            event.add(key, value)
    return event


def _calendar(events: Iterable[Event], name: str, coalition: Coalition, now: datetime) -> bytes:
    """The iCalendar file. The coalition makes ids globally unique; a deadline keeps its id when its day moves."""
    from icalendar import Calendar

    ical = Calendar()
    ical.add("prodid", "-//coalition-bot//deadlines//EN")
    ical.add("version", "2.0")
    ical.add("method", "PUBLISH")
    ical.add("x-wr-calname", name)
    for event in events:
        event.add("uid", f"{event.pop('uid')}@{coalition.id}.coalition-bot")
        event.add("dtstamp", now)
        ical.add_component(event)
    return bytes(ical.to_ical())


def post_reminders(job: Job) -> None:
    """Put the day's reminders into the outbox, once a day from 9 a.m., with those missed while the bot was down.

    The first day is silent: earlier deadlines are in the list and are not news.
    """
    local = job.now.astimezone(job.config.coalition.tz)
    today, saved = local.date(), memo.get_memo(job.db, _REMINDED_UNTIL)
    until = date.fromisoformat(saved) if saved else None
    if until is None or until > today:  # the first run; or the clock was wrong, and today's may be to be posted yet
        with job.write() as work:
            memo.set_memo(work.tx, _REMINDED_UNTIL, (today - timedelta(until is not None)).isoformat())
    elif until < today and local.time() >= _MORNING:
        _post_due(job, max(until, today - _MISSED))


def clocks(db: Reader, config: Config, audience: str, today: date) -> list[Section]:
    """The commitments in a channel's digest: those due within two weeks, in the week's first digest within 60 days.

    Past commitments not known to be met are in the quarter's first digest alone: each day they would be the same.
    The first is the one that comes first: a bot may begin, or wake, in the middle of a week.
    """
    last = posted.last_posted(db, DIGEST).get(audience)
    last_day = last.astimezone(config.zone).date() if last else date.min
    monday = today - timedelta(today.weekday())
    quarter = date(today.year, today.month - (today.month - 1) % _QUARTER, 1)
    unmet = [
        commitment
        for commitment in load_commitments(db, config.coalition).values()
        if commitment.state is not State.MET and audience in ask_channels(commitment.asks, config.feeds)
    ]
    until = today + (_AHEAD if last_day < monday else _SOON)
    since = date.min if last_day < quarter else today
    shown = [commitment for commitment in unmet if since <= commitment.due <= until]
    texts = [wording.clock_line(commitment, today) for commitment in shown]
    capped = cap_lines(texts, _CLOCKS, "and {:,} more: /deadlines list")
    return [Section("Duty clocks", tuple(map(Line, capped)))] if texts else []


def _post_due(job: Job, until: date) -> None:
    with job.write() as work:
        today, feeds = work.today, work.config.feeds
        for commitment in load_commitments(work.tx, work.config.coalition, internal=True).values():
            step = reminder_due(commitment.due, COMMITMENT_STEPS, until, today)
            if step is None or commitment.state is State.MET:
                continue
            name, card = f"duty:{commitment.id}:{commitment.due}:{step}", wording.commitment_card(commitment, today)
            if commitment.is_internal:  # not for a channel, which members read
                for person in people(work.tx):
                    post_to_person(work, person.id, name, card, kind=KIND, needs="|".join(sorted(EDITORS)))
                continue
            for audience in ask_channels(commitment.asks, feeds):
                _post(work, audience, name, card, place(audience, feeds).thread(f"duty:{commitment.id}"))
        for window in open_windows(work.tx, work.now):
            if step := reminder_due(window.closes, COMMENT_STEPS, until, today):
                card = wording.window_card(window, today)
                post_about(work, window, f"comments:{window.id}:{window.closes}:{step}", card)
        memo.set_memo(work.tx, _REMINDED_UNTIL, today.isoformat())


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
