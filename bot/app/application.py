"""A coalition's bot: what its loops, front ends and the command line can have it do."""

from __future__ import annotations

import asyncio
import random
import secrets
import sys
import threading
from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Literal, Self, TextIO

from bot.alerts import status
from bot.app import wiring
from bot.app.composing import Composer
from bot.app.polling import Poller, PollReport
from bot.campaign import notices
from bot.chat.platform import Clients
from bot.commands.model import Actor, Job
from bot.config.load import Config
from bot.config.settings import Settings
from bot.congress import sync
from bot.congress.directory import directory_status
from bot.deadlines import agenda
from bot.deadlines.dockets import Dockets
from bot.fetch.http import Limits, user_agent
from bot.letters import reminders as letters_remind
from bot.letters.allies import records as allies
from bot.letters.documents import merge, office_mail
from bot.letters.filing.sending import Filer
from bot.letters.templates import template
from bot.media.news.intake import Press
from bot.ops.pulse import Pulse
from bot.outbox import messages, queued
from bot.outbox.channels import ChannelPrivacy, channels_of
from bot.outbox.deliver import PATIENCE, Deliverer, DeliveryReport
from bot.outbox.model import NOTICE, OFFICE, OUTSIDE, Channel
from bot.people.dispatch import Dispatcher
from bot.people.records import console_actor, is_seeded, seed
from bot.people.sessions import load_keyring
from bot.settings.records import EffectiveConfig, settle, take_over_legal_names
from bot.shared.calendar import CurrentZone
from bot.shared.card import Card, Mark
from bot.shared.mail_address import normalize_address
from bot.shared.plain_text import short_hash
from bot.site.public import subscribers
from bot.sources.sharing import Sharing
from bot.store import address
from bot.store.database import Database, StopRequested
from bot.store.lock import Lock


def utc_now() -> datetime:
    return datetime.now(UTC)


def new_id() -> str:
    """Return 128 random bits: ids appear in buttons and links, so they must not be guessable."""
    return secrets.token_hex(16)


@dataclass(frozen=True, slots=True)
class Reopening:
    """What one coalition of several needs to use its store again after it was lost."""

    store: address.Address
    lock: Lock


@dataclass(eq=False, repr=False)
class App:
    """Everything a running bot needs, built once by `build`. Use it as a context manager, or `close` it."""

    files: Config
    db: Database
    edges: wiring.Edges
    _: KW_ONLY
    clock: Callable[[], datetime]
    new_id: Callable[[], str]
    dice: Callable[[], float]
    pace: timedelta
    since: datetime | None
    leads: Callable[[str], bool]  # whether this process does that part of the work
    cleanup: Callable[[], None]

    def __post_init__(self) -> None:
        self.slowdown = 1.0  # how many times as long as one coalition's its loops wait
        self.wake: Callable[[], None] = lambda: None  # lets the loops look at once
        self.pulse = Pulse(self.clock)
        # Called with the platform and outcome of each attempt to post.
        self.attempted: Callable[[str, str], None] = lambda _platform, _outcome: None
        self.reopening: Reopening | None = None
        self._stopping = False
        self._enter_coalition()
        self.keyring = load_keyring(self.db, self.new_id)
        self._applying = threading.Lock()  # each loop applies them before its step
        take_over_legal_names(self.db, self.files)
        settle(self.db, self.files, self.clock())
        self._effective = EffectiveConfig(self.db, self.files, self.clock)
        self.config = self._effective.config()
        self.zone = self.edges.zone  # for what is built once, and shows times
        self.zone.zone = self.config.coalition.tz
        self.press = Press(self.config.coalition)
        self._privacy = ChannelPrivacy(
            channels_of(self.config.feeds), wiring.ask_privacy(self.edges.settings), self.clock
        )
        not_private = self._privacy.not_private
        self._composer = Composer(
            self.db, tell=self.tell, clock=self.clock, new_id=self.new_id, not_private=not_private
        )
        self._poller, self._deliverer = self._new_poller(), self._new_deliverer()
        self._dockets = Dockets(self.edges.regulations_gov) if self.edges.regulations_gov else None
        self._filer = Filer(self._job, self.edges.regulations_gov) if self.edges.regulations_gov else None
        self._weekly_sync = sync.WeeklySync(self.db, self.edges.fetcher)

    def _enter_coalition(self) -> None:
        """Store who the coalition is, and who may act at first, unless an earlier start has."""
        coalition = self.files.coalition
        if address.is_owner(self.db, coalition.id, coalition.name) and is_seeded(self.db, coalition):
            return
        with self.db.write() as tx:
            address.take(tx, coalition.id, coalition.name, self.clock())
            seed(tx, coalition, self.clock(), new_id=self.new_id)

    def _new_poller(self) -> Poller:
        return Poller(
            self.db,
            self.edges.polled(self.config),
            self.config,
            press=self.press,
            clock=self.clock,
            new_id=self.new_id,
            dice=self.dice,
            since=self.since,
        )

    @cached_property
    def dispatcher(self) -> Dispatcher:
        """Answers what people ask. Made at first use: a bot that only posts does without its 2 MB of commands."""
        from bot.app import command_table

        files = self.files
        network = wiring.Network(
            self.edges.fetcher,
            lambda: self.edges.sources(self._effective.config()),
            lambda: channels_of(self._effective.config().feeds),
            wiring.check_permissions(self.edges.settings),
            self.edges.regulations_gov,
            reading=lambda entries: self.press.read(self.db, entries),  # with the names that they mention
            clock=self.clock,
        )
        return Dispatcher(
            self.db,
            command_table.with_own_examples(command_table.COMMANDS, files, template.names(files.folder)),
            self._effective.config,
            clock=self.clock,
            new_id=self.new_id,
            rooms=command_table.ROOMS,
            changed=self.stir,
            fetching=network,
        )

    def _new_deliverer(self) -> Deliverer:
        return Deliverer(
            self.db,
            self.edges.senders,
            channels_of(self.config.feeds),
            direct=self.direct_channel,
            clock=self.clock,
            new_id=self.new_id,
            dice=self.dice,
            may_read=lambda name, needs: messages.may_read(self.db, name, needs, self.config.coalition.members),
            attempted=lambda platform, outcome: self.attempted(platform, outcome),  # noqa: PLW0108 - metrics set it later
            admin=self.config.feeds.safety or self.config.feeds.admin,
            credentials=wiring.credentials(self.edges.settings),
            mail_per_hour=self.files.mail_per_hour,
            pace=self.pace,
        )

    def direct_channel(self, name: str) -> Channel | None:
        """Return where messages to a person, an ally or an office go; in a dry run that is the console."""
        if self.edges.printed:
            return Channel(name, "console", name, name)
        if name.startswith(OUTSIDE):
            channel = allies.channel(self.db, name)
        elif name.startswith(NOTICE):
            channel = notices.channel(self.db, name)
        elif name.startswith(OFFICE):
            channel = office_mail.channel(self.db, self.config, name, self.clock())
        else:
            people = messages.direct_channel(self.db, name, self.edges.senders)
            channel = people or subscribers.channel(self.db, name)
        if channel is None or channel.platform != "mail":
            return channel
        answers = channel.reply_to or normalize_address(self.config.coalition.contact) or ""
        return replace(channel, keyring=self.keyring, reply_to=answers)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.cleanup()

    # --- the steps of the running bot; each returns the time of its next work ----------------------------------------

    async def poll_due(self) -> datetime | None:
        """Ask the sources that are due."""
        await asyncio.to_thread(self.apply_changes)
        report, due = await self._poller.poll_due()
        if report.new:
            self.stir()
        return due

    async def deliver(self) -> datetime | None:
        """Post what is due."""
        await asyncio.to_thread(self.apply_changes)
        return (await self._deliverer.run_once(PATIENCE)).waiting_until

    async def compose(self) -> datetime | None:
        """Enqueue digests and the first message in a channel when they are due."""
        await asyncio.to_thread(self.apply_changes)
        await self._look_up_draft_readers()
        await asyncio.to_thread(self._composer.compose, self.config)
        return self._composer.due_at

    async def _look_up_draft_readers(self) -> None:
        """Ask the platforms who can read the channels that a draft will be posted to."""
        names = await asyncio.to_thread(letters_remind.draft_channels, self.db, self.config, self.clock())
        await self._privacy.look(names)

    async def look(self) -> datetime | None:
        """File the comments that a person pressed, read followed dockets and, once a week, who is in Congress."""
        if self._filer:
            await self._filer.file_due()
        if self._dockets:
            await self._dockets.refresh(self._job())
        await self._weekly_sync.run_if_due(self.config.coalition.directory.url, self.clock())
        return None

    def _job(self) -> Job:
        return Job(self.db, self.config, self.clock(), self.new_id)

    async def make(self) -> datetime | None:
        """Render the next documents of a letter with many recipients, if a person requested them."""
        return self.clock() if await asyncio.to_thread(self.make_now) else None

    def make_now(self) -> bool:
        try:
            return merge.make_next_file(self._job, stopping=lambda: self._stopping)
        except StopRequested:
            return False

    # --- the same, all at once, for `once`, the demo and tests -------------------------------------------------------

    async def poll_once(self, source: str | None = None) -> PollReport:
        """Ask every source, or this one, now, due or not."""
        await asyncio.to_thread(self.apply_changes)
        return await self._poller.poll_now(source)

    async def deliver_once(self) -> DeliveryReport:
        """One round of posting."""
        return await self._deliverer.run_once()

    def compose_now(self) -> None:
        """Enqueue everything that is due. Raises the error of a failed part after all others have run."""
        if fault := self._composer.compose(self.config):
            raise fault

    def stir(self) -> None:
        """Let the loops look at what is due: a change may mean a message to post at once."""
        self.wake()

    def apply_changes(self) -> None:
        """Apply what people changed in chat since the last check."""
        with self._applying:
            config = self._effective.config()
            if config is self.config:
                return
            # All of it is made before any of it is used: what fails is tried again at the next step.
            press, channels = Press(config.coalition), channels_of(config.feeds)
            self._poller.update(self.edges.polled(config), config, press)
            self._privacy.update(channels)
            self._deliverer.update(channels, admin=config.feeds.safety or config.feeds.admin)
            self.edges.fetcher.identify_as(user_agent(config.coalition.contact))
            self.zone.zone = config.coalition.tz
            self.config, self.press = config, press

    def tell(self, head: str, *lines: str) -> None:
        """Tell the administrators, once a day, what they must fix."""
        text = "\n".join((head, *lines))
        to = messages.place(self.config.feeds.admin, self.config.feeds)
        name = f"told:{self.clock():%Y-%m-%d}:{short_hash(text)}"
        with self._job().write() as work:
            messages.post(work, to, name, Card.of(Mark.HEALTH, head, *lines), kind="health")

    async def once(self, source: str | None = None) -> tuple[PollReport, DeliveryReport]:
        """Poll every source, or this one, then compose and post until nothing is due now."""
        try:
            polled = await self.poll_once(source)
            await self._look_up_draft_readers()
            fault = await asyncio.to_thread(self._composer.compose, self.config)
            await self.look()
            while await asyncio.to_thread(self.make_now):
                pass
            report = await self._deliverer.run_once()
            while report.waiting_until is not None and report.waiting_until <= self.clock():
                before, report = report, await self._deliverer.run_once()
                counts = ("sent", "retried", "ambiguous", "dead")
                report = replace(report, **{name: getattr(before, name) + getattr(report, name) for name in counts})
            if fault:
                raise fault
            return polled, report
        finally:
            await self.close()

    def stop(self) -> None:
        """Start no new message, and cancel the intake and the documents that are under way."""
        self._stopping = True
        self._deliverer.stop()
        self._poller.stop()

    async def close(self) -> None:
        await self._poller.close()
        await self._deliverer.close()
        await self.edges.fetcher.close()

    def release_store(self, why: str) -> None:
        """Let go of a store that cannot be used, after `close`: pages and commands cannot use it either, so that it
        can be restored. Needs `reopening`.
        """
        assert self.reopening is not None
        self.pulse.lose_store()
        self.db.lost = why
        self.db.close()
        self.reopening.lock.pause()

    def reopen_store(self) -> None:
        """Use the store again. Raises any error while that is not possible, as for a damaged file."""
        assert self.reopening is not None
        lock, why = self.reopening.lock, self.db.lost
        lock.resume()
        try:
            # It may be damaged, an older backup, or another coalition's.
            address.open_own(self.reopening.store, self.files.coalition.id).close()
            self.db.lost = ""
            self._enter_coalition()
        except BaseException:
            self.db.lost = why
            self.db.close()
            lock.pause()
            raise
        self._poller, self._deliverer = self._new_poller(), self._new_deliverer()
        self._stopping = False
        self.pulse.usable = True

    # --- what people ask ---------------------------------------------------------------------------------------------

    def console_actor(self, role: str) -> Actor:
        """Return who acts at the console in that role. Raises `Refused`: there is no such role."""
        with self.db.write() as tx:
            return console_actor(tx, self.config.coalition, role, self.clock(), new_id=self.new_id)

    def status(self) -> status.Status:
        return status.status(self.db, self.config, now=self.clock())

    def next_deadlines(self) -> list[str]:
        return agenda.next_deadlines(self.db, self.config.coalition, self.clock())

    async def sync_directory(self, path: Path | None, *, as_of: date | None, force: bool) -> sync.Synced:
        """Replace the directory of Congress (see `bot.congress.sync.sync`), and report the letters it makes untrue."""
        url, now = self.config.coalition.directory.url, self.clock()
        try:
            synced = await sync.sync(self.db, self.edges.fetcher, url, path, as_of=as_of, force=force, now=now)
            await asyncio.to_thread(letters_remind.look, self._job(), not_private=self._privacy.not_private)
            return synced
        finally:
            await self.close()

    def directory(self) -> tuple[list[str], bool]:
        """As `directory_status`."""
        return directory_status(self.db, self.config.coalition, self.config.coalition.day(self.clock()))

    def retry(self, id_: str) -> bool:
        """Retry a queued or failed message; return False if there is none. Raises `Refused`: what is not sent twice."""
        with self._job().write() as work:
            channel = queued.retry(work.tx, id_, now=work.now)
            if channel is not None:
                office_mail.requeue(work, channel)
            return channel is not None

    def drop(self, id_: str, why: str) -> bool:
        with self.db.write() as tx:
            return queued.drop(tx, id_, why=why)

    def report_holds(self) -> None:
        """Report holds that something besides the outbox has placed."""
        self._deliverer.report_holds()
        self.stir()


# --- the composition root: nothing is built at import, and a chat library only imported if a channel uses it ---------


def build(
    settings: Settings,
    config: Config,
    *,
    dry_run: bool = False,
    running: Literal["alone", "shared", "web-only"] | None = None,
    leads: Callable[[str], bool] | None = None,
    sharing: Sharing | None = None,
    clients: Clients | None = None,
    since: datetime | None = None,
    out: TextIO | None = None,
    clock: Callable[[], datetime] = utc_now,
    new_id: Callable[[], str] = new_id,
    dice: Callable[[], float] = random.random,
    limits: Limits | None = None,
    pace: timedelta = timedelta(seconds=1),
) -> App:
    """Build the bot; does no network I/O.

    `dry_run`: a temporary database, and every channel printed to `out` (standard output). `running`: take the lock of
    a running bot, shared with others where the store allows it or not at all; "web-only": the others do the work.
    `leads`: whether this process has a part of the work, from who has the lock already. `sharing`: requests to
    sources and `clients`: those of chat platforms, with other coalitions. Raises `StoreUnusable`, `AlreadyRunning`.
    """
    config = replace(
        config, site=settings.web_url or "", mails=settings.smtp_url is not None, mail_per_hour=settings.mail_per_hour,
        discord_guild=settings.discord_guild_id,
    )  # fmt: skip
    config = on_console(config) if dry_run else config
    db, has_part, cleanup = (
        wiring.temporary_store() if dry_run else wiring.open_store(settings, config.coalition.id, running)
    )
    fetcher = wiring.fetcher(config, limits, sharing.pacing if sharing else None)
    zone = CurrentZone(config.coalition.tz)
    edges = wiring.Edges(
        settings=settings,
        fetcher=fetcher,
        senders=wiring.senders(settings, zone, out or sys.stdout, clock, clients, dry_run=dry_run),
        regulations_gov=wiring.regulations_gov(settings, fetcher),
        inbox=None if dry_run else wiring.inbox(settings, load_keyring(db, new_id)),
        sharing=sharing,
        printed=dry_run,
        zone=zone,
    )
    return App(
        config, db, edges, clock=clock, new_id=new_id, dice=dice, pace=timedelta(0) if dry_run else pace, since=since,
        leads=leads or has_part, cleanup=cleanup,
    )  # fmt: skip


def on_console(config: Config) -> Config:
    """Return the configuration with every channel on the console, and without a board: none is served."""
    channels = {
        name: channel.model_copy(update={"to": f"console:{name}"}) for name, channel in config.feeds.channels.items()
    }
    return replace(config, site="", feeds=config.feeds.model_copy(update={"channels": channels}))
