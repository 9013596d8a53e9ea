"""What the bot posts on schedule, room by room: first messages, reminders, digests, letters, follow-ups, DMs."""

from __future__ import annotations

import logging
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import KW_ONLY, dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final, NamedTuple, Protocol

from bot.alerts import baseline, digest, direct, handling, posted, status
from bot.alerts.plan import ask_channels
from bot.campaign import meetings
from bot.campaign import notices as campaign_notices
from bot.commands.model import EDITORS, Actor, Job, TasksOf
from bot.config.coalition import Coalition
from bot.config.load import Config, Problem
from bot.congress import sync
from bot.deadlines import agenda
from bot.deadlines.windows import closing_dates
from bot.letters import overview as letters_waiting
from bot.letters import reminders as letters_remind
from bot.letters.allies import signing
from bot.letters.ledger import commands as ledger
from bot.letters.notices import NotPrivate
from bot.media.news import commands as mentions
from bot.media.news import removal
from bot.media.press import notices
from bot.media.press import notices as press_reminders
from bot.offices import picking
from bot.ops.restore import made_at
from bot.ops.retention import forget
from bot.outbox.messages import place, post
from bot.shared.calendar import day_in_words
from bot.shared.card import Card, Mark, Section
from bot.shared.plain_text import short_hash
from bot.shared.wording import number
from bot.site import pictures
from bot.site.public import subscribers
from bot.store import memo
from bot.store.database import Database, Reader, StoreError, from_text, to_text

log = logging.getLogger(__name__)

_FORGOT: Final = "expired rows deleted"  # what is remembered: the day, and how long records were kept
_FORGOT_UNTIL: Final = "rows deleted that had expired by"
_MOST_FORGOTTEN: Final = timedelta(days=7)  # what expires in this time is deleted in one day
_AGAIN: Final = tuple(timedelta(seconds=wait) for wait in (5, 30, 120, 600))  # until a failed part is retried

_TO_FIX: Final = (
    "Fix the files, or remove the change: /watch remove, /feeds remove, /settings reset. All other changes are active."
)

_SET_CLOCK: Final = "Check that the machine sets its clock from the network (timedatectl)."
WAITING: Final[tuple[TasksOf, ...]] = (  # for a person, room by room; those with deadlines first
    notices.assigned_inquiries,
    letters_waiting.waiting,
    ledger.waiting,
    mentions.waiting,
    handling.assigned_alerts,
    meetings.waiting,
)


class Part(NamedTuple):
    """What one room enqueues. `name`: what people see.

    `every`: it runs at most so often, not at each look. `once`: it does not run again until this is something else.
    """

    name: str
    run: Callable[[], object]
    every: timedelta | None = None
    once: Hashable = None


class _Rest(NamedTuple):
    """When a part does not run, and how often in a row it has failed."""

    failures: int
    began_at: datetime
    ends_at: datetime


class Tell(Protocol):
    """Tells the administrators, once a day, what they must fix."""

    def __call__(self, head: str, *lines: str) -> None: ...


@dataclass(eq=False, repr=False)
class Composer:
    """Enqueues what is due. Each room's part runs separately, so a failed part delays no other."""

    db: Database
    _: KW_ONLY
    tell: Tell
    clock: Callable[[], datetime]
    new_id: Callable[[], str]
    not_private: NotPrivate

    def __post_init__(self) -> None:
        self._started_at = self.clock()
        self._done: dict[str, Hashable] = {}  # by part: the `once` of its last run
        self._resting: dict[str, _Rest] = {}  # by part
        self.due_at: datetime | None = None  # when the next digest is due, as far as is known

    def compose(self, config: Config) -> Exception | None:
        """Run all parts; return the last error of a failed one. Raises `StoreError`, which concerns all of them."""
        fault = None
        for name, run, every, once in self._parts(config):
            now = self.clock()
            rest = self._resting.get(name, _Rest(0, now, now))
            # One that began later than now was begun by a clock that was ahead.
            if rest.began_at <= now < rest.ends_at or (once is not None and self._done.get(name) == once):
                continue
            try:
                run()
                self._done[name] = once
                self._resting.pop(name, None)
                if every:
                    self._resting[name] = _Rest(0, now, now + every)
            except StoreError:
                raise
            except Exception as error:
                log.exception("%s failed %d times in a row; everything else continues", name, rest.failures + 1)
                fault, now = error, self.clock()
                self._resting[name] = _Rest(rest.failures + 1, now, now + _AGAIN[min(rest.failures, len(_AGAIN) - 1)])
                self.tell(f"Failed: {name} ({type(error).__name__}). The log has details. Everything else continues.")
        return fault

    def _parts(self, config: Config) -> Iterator[Part]:
        """Return the parts in their order."""
        now, began, coalition = self.clock(), self._started_at, config.coalition
        job = Job(self.db, config, now, self.new_id)
        # Once a day, and when the terms have changed.
        day_and_terms = f"{now:%Y-%m-%d} {coalition.retention.model_dump_json()}"
        expired = partial(self._forget_expired, coalition, now, day_and_terms)
        yield Part("deleting expired data", expired, once=day_and_terms)
        yield Part("updating the database's statistics", self.db.analyze, every=timedelta(hours=1))
        yield Part("checking stories for names to withhold", partial(removal.compose, job))
        out = config.left_out
        yield Part("checking the changes made in chat", partial(self._report_left_out, out), once=(now.date(), out))
        yield Part("looking for dates in the future", partial(self._recover_clock, job), every=timedelta(minutes=1))
        yield Part("answers that were cut off", partial(campaign_notices.post_cut_off_answers, job))
        yield Part("notices of changed accounts", partial(campaign_notices.post_account_notices, job))
        yield Part("greeting new channels", partial(baseline.greet, job))
        yield Part("deadline reminders", partial(agenda.post_reminders, job))
        yield Part("contacts in offices", partial(picking.note_departures, job), every=timedelta(minutes=5))
        others = partial(other_rooms, config=config, now=now)
        yield Part("digests", partial(self._digests, job, others))
        yield Part("pinned cards", partial(digest.compose_pinned, job, others=others), every=timedelta(hours=1))
        yield Part("the delays of a month", partial(status.report_delays, job), once=now.date())
        yield Part("letters", partial(letters_remind.compose, job, not_private=self.not_private))
        yield Part("links to sign that waited", partial(signing.mail_waiting, job), every=timedelta(minutes=5))
        yield Part("pictures", partial(pictures.compose, job), every=timedelta(minutes=5))
        looking = partial(letters_remind.look, job, not_private=self.not_private)
        yield Part("the facts of letters", looking, every=timedelta(minutes=1))
        yield Part("the directory of Congress", partial(post_directory_warnings, job), once=now.date())
        yield Part("story follow-ups", partial(mentions.compose, job))
        yield Part("the press list and inquiries", partial(press_reminders.compose, job))
        yield Part("next steps after meetings", partial(meetings.remind, job), every=timedelta(minutes=5))
        yield Part("direct messages", partial(direct.compose, job, started_at=began))
        yield Part("members of Congress", partial(campaign_notices.post_member_news, job))
        mails = partial(direct.compose_mail, started_at=began, waiting=WAITING, draw=pictures.by_week)
        yield Part("digests by email", partial(mails, job, others=partial(mailed_rooms, coalition=coalition)))
        # It reads all that the page shows.
        yield Part("news of the campaign page", partial(subscribers.compose, job), every=timedelta(minutes=5))

    def _recover_clock(self, job: Job) -> None:
        if ahead := digest.recover_clock(job):
            day = day_in_words(ahead.astimezone(job.config.coalition.tz).date())
            head = f"The clock of the bot's machine was wrong: a digest is dated {day}"
            self.tell(head, "It counts as today's, and the next one comes as usual.", _SET_CLOCK)

    def _digests(self, job: Job, others: digest.OtherRooms) -> None:
        self.due_at = None  # after a failure a time that has passed would be due at once, again and again
        self.due_at = digest.compose(job, started_at=self._started_at, others=others)

    def _forget_expired(self, coalition: Coalition, now: datetime, day_and_terms: str) -> None:
        """Delete expired rows, unless an earlier run of the bot did it for this day and these terms.

        A clock that is years ahead for one look deletes what expires within days of the last run, or of the last write.
        """
        if memo.get_memo(self.db, _FORGOT) != day_and_terms:
            with self.db.write() as tx:
                last = memo.get_memo(tx, _FORGOT_UNTIL)
                until = min(now, (from_text(last) if last else made_at(tx)) + _MOST_FORGOTTEN)
                forget(tx, coalition, until)
                memo.set_memo(tx, _FORGOT_UNTIL, to_text(until))
                memo.set_memo(tx, _FORGOT, day_and_terms)

    def _report_left_out(self, out: Sequence[Problem]) -> None:
        """Report the changes that are not active: without a message, people would think that they are."""
        if out:
            changes = number(len(out), "change made in chat is", "changes made in chat are")
            head = f"{changes} not active: no longer valid with the files"
            self.tell(head, *(f"{slip.where}: {slip.what}" for slip in out), _TO_FIX)


def other_rooms(db: Reader, audience: str, ahead: timedelta, *, config: Config, now: datetime) -> digest.Added:
    """Return what other rooms add to the digest."""
    clocks = agenda.clocks(db, config, audience, now.astimezone(config.zone).date())
    sections = [*clocks, *letters_waiting.digest(db, config, audience, now)]
    if audience in ask_channels((), config.feeds):
        sections += picking.departures_since(db, posted.last_posted(db, digest.KIND).get(audience))
    return digest.Added(closing_dates(db, audience, config, now, ahead), sections)


def mailed_rooms(db: Reader, actor: Actor, since: datetime, now: datetime, *, coalition: Coalition) -> list[Section]:
    """Return what other rooms add to a person's digest by email: to policy staff, also what only they may read."""
    is_theirs = bool(actor.roles & EDITORS)
    due = agenda.due_soon(db, now, coalition=coalition, internal=is_theirs)
    sections = [Section("Due within two weeks", tuple(due))] if due else []
    return [*sections, *(picking.departures_since(db, since) if is_theirs else ())]


def post_directory_warnings(job: Job) -> None:
    """Post each reason why letters to members of Congress are refused, or soon will be, to the admin channel once."""
    coalition, feeds = job.config.coalition, job.config.feeds
    lines = sync.warnings(job.db, coalition, coalition.day(job.now))
    if not lines:
        return
    # The words change with the directory and with what has run out; the same words are posted once.
    key = f"directory:{short_hash(repr(lines))}"
    with job.write() as work:
        post(work, place(feeds.admin, feeds), key, Card.of(Mark.HEALTH, *lines), kind="health")
