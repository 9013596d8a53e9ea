"""What the bot posts on schedule, room by room: first messages, reminders, digests, letters, follow-ups, DMs."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from functools import partial
from typing import Final, Protocol

from bot.alerts import digest, direct, greeting, handling, mail_digest
from bot.alerts.campaign import Campaign, NewId
from bot.campaign import member_news
from bot.commands.model import Job, TasksOf
from bot.config.load import Config, Problem
from bot.congress import sync
from bot.deadlines import agenda, reminders
from bot.letters import reminders as letters_remind
from bot.letters import todo as letters_waiting
from bot.media.news import follow, recheck
from bot.media.posts import intake as posts
from bot.media.press import reminders as press_reminders
from bot.media.press.inquiries import notices
from bot.ops.retention import forget
from bot.public import subscribers
from bot.shared.card import Section
from bot.shared.wording import number
from bot.store import memo
from bot.store.database import Database, Reader, StoreError

log = logging.getLogger(__name__)

_FORGOT: Final = "expired rows deleted"  # what is remembered: the day, and how long records were kept
_ANALYZE_EVERY: Final = timedelta(hours=1)
_PAGE_EVERY: Final = timedelta(minutes=5)
_AGAIN: Final = tuple(timedelta(seconds=wait) for wait in (5, 30, 120, 600))  # until a failed part is retried

_TO_FIX: Final = (
    "Fix the files, or remove the change: /watch remove, /feeds remove, /settings reset. All other changes are active."
)

WAITING: Final[tuple[TasksOf, ...]] = (  # for a person, room by room
    handling.assigned_alerts,
    letters_waiting.waiting,
    follow.waiting,
    notices.assigned_inquiries,
)

Part = tuple[str, Callable[[], object]]


class Tell(Protocol):
    """Tells the administrators, once a day, what they must fix."""

    def __call__(self, head: str, *lines: str) -> None: ...


class Composer:
    """Enqueues what is due. Each room's part runs separately, so a failed part delays no other."""

    def __init__(
        self,
        db: Database,
        *,
        tell: Tell,
        clock: Callable[[], datetime],
        new_id: NewId,
        not_private: letters_remind.NotPrivate,
    ) -> None:
        self._db = db
        self._not_private = not_private
        self._tell = tell
        self._clock = clock
        self._new_id = new_id
        self._started_at = clock()
        self._forgot = ""
        self._directory_on: date | None = None
        self._reported: tuple[date, tuple[Problem, ...]] | None = None
        self._analyzed_at: datetime | None = None
        self._page_at: datetime | None = None
        self._failing: dict[str, tuple[int, datetime]] = {}  # how often in a row it failed, and when it is retried
        self.due_at: datetime | None = None  # when the next digest is due, as far as is known

    def compose(self, config: Config, campaign: Campaign) -> Exception | None:
        """Run all parts; return the last error of a failed one. Raises `StoreError`, which concerns all of them."""
        fault = None
        for name, part in self._parts(config, campaign):
            failures, again = self._failing.get(name, (0, self._clock()))
            if again > self._clock():
                continue
            try:
                part()
                self._failing.pop(name, None)
            except StoreError:
                raise
            except Exception as error:
                log.exception("%s failed %d times in a row; everything else continues", name, failures + 1)
                fault = error
                self._failing[name] = failures + 1, self._clock() + _AGAIN[min(failures, len(_AGAIN) - 1)]
                self._tell(f"Failed: {name} ({type(error).__name__}). The log has details. Everything else continues.")
        return fault

    def _parts(self, config: Config, campaign: Campaign) -> Iterator[Part]:
        """Return the parts by the names that people see."""
        now, began = self._clock(), self._started_at
        job = Job(self._db, config, now, self._new_id)
        yield "deleting expired data", partial(self._forget_daily, config, now)
        yield "updating the database's statistics", partial(self._analyze_hourly, now)
        yield "checking stories for names to withhold", partial(recheck.compose, job)
        yield "checking the changes made in chat", partial(self._report_left_out, config, now)
        yield "greeting new channels", partial(greeting.compose, job)
        yield "deadline reminders", partial(reminders.post_reminders, job)
        others = partial(_other_sections, campaign=campaign, now=now)
        yield "digests", partial(self._digests, job, others)
        yield "letters", partial(letters_remind.compose, job, not_private=self._not_private)
        yield "the directory of Congress", partial(self._warn_of_directory, job)
        yield "story follow-ups", partial(follow.compose, job)
        yield "posts on social networks", partial(posts.compose, job)
        yield "the press list and inquiries", partial(press_reminders.compose, job)
        yield "direct messages", partial(direct.compose, job, started_at=began)
        yield "members of Congress", partial(member_news.compose, job)
        due_soon = partial(agenda.due_soon, coalition=config.coalition)
        mails = partial(mail_digest.compose, started_at=began, waiting=WAITING, due_soon=due_soon)
        yield "digests by email", partial(mails, job)
        yield "news of the campaign page", partial(self._page_news, job)

    def _digests(self, job: Job, others: digest.OtherSections) -> None:
        self.due_at = None  # after a failure a time that has passed would be due at once, again and again
        self.due_at = digest.compose(job, started_at=self._started_at, others=others)

    def _forget_daily(self, config: Config, now: datetime) -> None:
        """Delete expired rows once a day, however often the bot is started, and when the terms have changed."""
        coalition = config.coalition
        done = f"{now:%Y-%m-%d} {coalition.retention.model_dump_json()}"
        if self._forgot == done:
            return
        if memo.get_memo(self._db, coalition.id, _FORGOT) != done:
            with self._db.write() as tx:
                forget(tx, coalition, now)
                memo.set_memo(tx, coalition.id, _FORGOT, done)
        self._forgot = done

    def _page_news(self, job: Job) -> None:
        """Look for news of the public page every few minutes: it reads all that the page shows."""
        if self._page_at is None or job.now - self._page_at >= _PAGE_EVERY:
            subscribers.compose(job)
            self._page_at = job.now

    def _analyze_hourly(self, now: datetime) -> None:
        if self._analyzed_at is None or now - self._analyzed_at >= _ANALYZE_EVERY:
            self._db.analyze()
            self._analyzed_at = now

    def _warn_of_directory(self, job: Job) -> None:
        """Check once a day whether letters to Congress will soon be refused because the directory expires."""
        if self._directory_on != job.now.date():
            sync.post_warnings(job)
            self._directory_on = job.now.date()

    def _report_left_out(self, config: Config, now: datetime) -> None:
        """Report the changes that are not active: without a message, people would think that they are."""
        out = config.left_out
        if out and self._reported != (now.date(), out):
            changes = number(len(out), "change made in chat is", "changes made in chat are")
            head = f"{changes} not active: no longer valid with the files"
            self._tell(head, *(f"{slip.where}: {slip.what}" for slip in out), _TO_FIX)
            self._reported = now.date(), out


def _other_sections(db: Reader, audience: str, *, campaign: Campaign, now: datetime) -> list[Section]:
    """Return what other rooms add to the digest."""
    today = now.astimezone(campaign.zone).date()
    return [*reminders.clocks(db, campaign, audience, today), *letters_waiting.digest(db, campaign, audience, now)]
