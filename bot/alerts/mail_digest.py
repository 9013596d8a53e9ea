"""The daily digest by mail: what waits for its reader, the asks in order, what is due soon; once a week a picture.

At most one goes out for each person and local date, also when nothing is new: its silence would not tell whether
nothing happened or nothing arrived.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache, partial
from typing import Final
from zoneinfo import ZoneInfo

from bot.alerts import digest, direct
from bot.alerts.cards import digest_line, group_by_story
from bot.alerts.direct import News
from bot.commands.model import Actor, File, Job, TasksOf, Work
from bot.config.coalition import Coalition
from bot.config.feeds import DigestConfig
from bot.entries import source_records
from bot.outbox import holds
from bot.outbox.messages import ANY_ROLE, mail_place, post
from bot.people import mail, preferences
from bot.people import records as people
from bot.people.mail import MailAddress
from bot.people.model import Account, current_roles
from bot.shared import wording
from bot.shared.card import Button, Card, Line, Mark, Section
from bot.shared.health import nothing_new
from bot.store.database import Reader

KIND: Final = "mail digest"  # of deliveries
_SCHEDULE: Final = DigestConfig(days="business-days")

Others = Callable[[Reader, Actor, datetime, datetime], Sequence[Section]]  # of other rooms, since then, at that time
Draw = Callable[[Job], tuple[File, ...]]  # the alerts of all asks by week, if there is a picture of them


def compose(job: Job, *, started_at: datetime, waiting: Sequence[TasksOf], others: Others, draw: Draw) -> None:
    """Queue every mail digest that is due. `started_at`: when this run of the bot began."""
    coalition, drawn = job.config.coalition, cache(partial(draw, job))  # one for all readers: all get all asks
    if not digest.ready(source_records.source_states(job.db), job.config.feeds.enabled, job.now, started_at):
        return
    for mine in mail.confirmed_addresses(job.db):
        if mine.digested_at is not None and mine.digested_at > job.now:  # the clock was set back
            with job.write() as work:
                mail.mark_digested(work.tx, mine.person, job.now)
        elif _is_due(job.db, coalition, mine, job.now):
            zone = _zone(job.db, coalition, mine)
            before, current = (at and at.astimezone(zone).isocalendar()[:2] for at in (mine.digested_at, job.now))
            files = drawn() if before != current else ()  # the first of a week
            with job.write() as work:
                _post(work, mine, waiting, others, files)


def _is_due(db: Reader, coalition: Coalition, mine: MailAddress, now: datetime) -> bool:
    """Whether a digest is due. One that cannot arrive is not written: the next one has what it would have had."""
    if mine.digested_at is None or not mine.takes_mail:
        return False
    zone = _zone(db, coalition, mine)
    on_hold = holds.is_held(db, mail_place(mine.person).channel)
    return not on_hold and _SCHEDULE.is_due(mine.digested_at.astimezone(zone).date(), now, zone)


def _zone(db: Reader, coalition: Coalition, mine: MailAddress) -> ZoneInfo:
    return preferences.preferences_of(db, mine.person).tz(coalition)


def _post(work: Work, mine: MailAddress, waiting: Sequence[TasksOf], others: Others, files: tuple[File, ...]) -> None:
    tx, coalition, now = work.tx, work.config.coalition, work.now
    zone = _zone(tx, coalition, mine)
    actor = people.actor(tx, Account(mail.PLATFORM, "", mine.person))
    actor = replace(actor, roles=current_roles(actor, coalition.members))
    if not actor.roles:
        mail.mark_digested(tx, mine.person, now)  # who comes back does not get all that happened meanwhile
        return
    tasks = [line for room in waiting for line in room(tx, work.config, actor, now)]
    assert mine.digested_at is not None
    since = mine.digested_at - direct.OVERLAP
    audience, asks = mail_place(mine.person).audience, {f"ask:{ask}": since for ask in coalition.asks}
    news = direct.read_news(tx, audience, asks, kind=KIND)
    troubled = digest.troubled(source_records.source_states(tx), work.config.feeds, now)
    nothing = nothing_new(troubled, len(work.config.feeds.enabled))
    added = others(tx, actor, mine.digested_at, now)
    card = _card(coalition, news, tasks, added, f"{now.astimezone(zone):%A}", nothing)
    name = f"digest:{now.astimezone(zone).date()}"
    says = tuple(sorted(news.pairs))
    # A clock that was ahead may have posted this date's digest: what came since then is in the next one.
    if post(work, mail_place(mine.person), name, card, kind=KIND, says=says, files=files, needs=ANY_ROLE):
        mail.mark_digested(tx, mine.person, now)


def _card(
    coalition: Coalition, news: News, tasks: Sequence[Line], added: Sequence[Section], day: str, nothing: str
) -> Card:
    """Each story is listed once, under the first of its asks."""
    by_ask = {ask: news.by_follow.get(f"ask:{ask}", ()) for ask in coalition.asks}
    silent = [ask for ask, items in by_ask.items() if not items]
    sections, listed, count = [], set[str](), 0
    for ask, items in by_ask.items():
        stories = group_by_story([item for item in items if item.id not in listed])
        listed |= {item.id for item in items}
        count += len(stories)
        if items:
            lines = tuple(map(digest_line, stories)) or (Line("Listed above."),)
            sections.append(Section(f"Ask {ask}, {coalition.asks[ask].title}", lines))
    return Card(
        mark=Mark.DIGEST,
        head=f"{day}: {_headline(len(tasks), news.alerts, count, silent, nothing)}",
        sections=(
            *([Section("Waits for you", tuple(tasks))] if tasks else []),
            *sections,
            *([Section(nothing.capitalize(), (Line(wording.asks(silent)),))] if silent else []),
            *added,
        ),
        foot="Change what you get with /campaign mail.",
        buttons=_BUTTONS,
    )


# Links to the board: who has no chat reads on and acts there.
_BUTTONS: Final = (
    Button("The alerts of recent days", "alerts recent"),
    Button("What waits for you", "campaign me"),
    Button("What you get by email", "campaign mail"),
)


def _headline(tasks: int, alerts: int, count: int, silent: Sequence[int], nothing: str) -> str:
    """`1 item waits for you, 3 new items (2 alerts), nothing new on asks 1 and 3`; `nothing` without any item."""
    loud = f" ({wording.number(alerts, 'alert')})" if alerts else ""
    parts = [
        f"{wording.number(tasks, 'item waits', 'items wait')} for you" if tasks else "",
        f"{wording.number(count, 'new item')}{loud}" if count else "",
        f"{nothing} on {wording.asks(silent).lower()}" if silent and count else nothing if silent else "",
    ]
    return ", ".join(filter(None, parts)) or nothing
