"""Build the adapters that the settings and the two files ask for: sources, senders and the store.

A chat library is imported only where a token for its platform is set. Nothing here does network I/O; `Network`
does, for a command that asks.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import KW_ONLY, dataclass, replace
from datetime import datetime, tzinfo
from email.utils import parseaddr
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, Literal, TextIO

from pydantic import SecretStr

from bot.chat.console.sender import ConsoleSender
from bot.chat.platform import Clients, Platform, platform, token
from bot.config.feeds import SourceConfig
from bot.config.load import Config
from bot.config.settings import Settings
from bot.deadlines.regulations_gov import RegulationsGov
from bot.fetch.http import Fetcher, Limits, Pacing, user_agent
from bot.outbox.channels import AskPrivacy, Privacy
from bot.outbox.model import Channel, CheckPermissions, Permissions, Sender
from bot.shared.answer import Answer, Body, Fetched, FetchFailed, Health, Memory, Source, Unchanged
from bot.shared.bill_number import BillNumber, law_number
from bot.shared.bill_record import BillRecord
from bot.shared.calendar import CurrentZone
from bot.shared.entry import Entry
from bot.shared.keyring import Keyring
from bot.shared.plain_text import short_hash
from bot.shared.platforms import FORMS, NAMES
from bot.shared.urls import host_of
from bot.sources.congress.bill_status import BillStatus
from bot.sources.feeds.feed import FeedSource
from bot.sources.mail.source import Inbox, MailSource
from bot.sources.roads import Roads
from bot.sources.sharing import SharedSource, Sharing
from bot.store import sqlite
from bot.store.address import Address, address, open_own
from bot.store.database import Database
from bot.store.lock import Lock

_NO_BILLS: Final = FetchFailed(Health.UNREACHABLE, "no source reads bills: add bill-status to the sources in feeds.yml")
_PATIENCE: Final = 10  # seconds for one channel
NOT_CHECKED: Final = "the bot cannot check this on this platform"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edges:
    """The adapters of a running bot.

    `sharing`: with other coalitions, requests to sources. `printed`: of a dry run, in which everything goes to the
    console and no direct message is sent. `zone`: that of the senders.
    """

    settings: Settings
    fetcher: Fetcher
    senders: Mapping[str, Sender]
    regulations_gov: RegulationsGov | None
    inbox: Inbox | None
    sharing: Sharing | None
    printed: bool
    zone: CurrentZone

    def sources(self, config: Config) -> Mapping[str, Source]:
        """The adapters of an active configuration."""
        return sources(self.settings, config, self.fetcher, self.inbox)

    def polled(self, config: Config) -> Mapping[str, Source]:
        """Those that the poller asks, each once for all coalitions that list it."""
        if self.sharing is None:
            return self.sources(config)
        return {
            id_: SharedSource(self.sharing, source, request_of(id_, self.settings, config), config.coalition.id)
            for id_, source in self.sources(config).items()
        }


def store_address(settings: Settings) -> Address:
    """The store's address. Raises `StoreUnusable` if the host would delete it."""
    lost = "EPHEMERAL_DISK" if settings.ephemeral_disk else "DYNO" if settings.dyno else ""
    return address(settings.database_url, disk_lost=lost)


# A database, which parts of the work this process does, and what closes it.
Opened = tuple[Database, Callable[[str], bool], Callable[[], None]]


def open_store(settings: Settings, coalition_id: str, running: Literal["alone", "shared", "web-only"] | None) -> Opened:
    """Open the coalition's store, after the lock of a running bot if asked; see `build` of `application.py`."""
    store, leads = store_address(settings), lambda _: True
    with ExitStack() as opened:
        if running:
            lock = store.lock(shared=running != "alone")
            opened.callback(lock.release)
            leads = partial(_leads, lock, running != "web-only")
        db = open_own(store, coalition_id)
        opened.callback(db.close)
        return db, leads, opened.pop_all().close


def temporary_store() -> Opened:
    """Create a store on disk that is deleted when it is closed, for a dry run."""
    with ExitStack() as opened:
        folder = opened.enter_context(TemporaryDirectory(prefix="coalition-bot-"))
        db = sqlite.create(Path(folder) / "dry-run.db")
        opened.callback(db.close)
        return db, lambda _: True, opened.pop_all().close


def _leads(lock: Lock, works: bool, part: str) -> bool:
    """Whether this process does that part of the work now. Raises `AlreadyRunning` if another bot excludes ours."""
    lock.keep()
    return works and lock.leads(part)


UNPACED: Final = Limits(gap=0)  # for servers of our own, such as the demo's


def fetcher(config: Config, limits: Limits | None = None, pacing: Pacing | None = None) -> Fetcher:
    """Return the HTTP client, which names the coalition's contact and may read the hosts that feeds.yml allows."""
    agent = user_agent(config.coalition.contact)
    return Fetcher(agent, allow_hosts=config.feeds.allow_hosts, limits=limits or Limits(), pacing=pacing)


def inbox(settings: Settings, keyring: Keyring) -> Inbox | None:
    """The mailbox that bulletins come to; None if none is read."""
    if settings.imap_url is None or settings.mail_from is None:
        return None

    async def look_up(name: str) -> str | None:
        from bot.chat.mail.domain_records import text_record  # noqa: PLC0415 - its library only where mail is read

        return await text_record(name)

    return Inbox(settings.imap_url.get_secret_value(), parseaddr(settings.mail_from)[1], keyring, look_up)


def sources(settings: Settings, config: Config, fetcher: Fetcher, inbox: Inbox | None = None) -> dict[str, Source]:
    """The adapters of the enabled sources, by id. `inbox`: of a running bot, which alone reads mail."""
    families, listed = config.coalition.bills.values(), config.feeds.sources
    laws = [{bill.id: law_number(bill.became) for bill in family.bills} for family in families]
    bills = tuple(dict.fromkeys(bill.id for family in families for bill in family.bills if bill.follow))
    return {
        id_: source.adapter(
            id_,
            _url(source, settings),
            fetcher,
            partial(_key, settings=settings),
            bills=bills,
            laws=laws,
            sources=listed.values(),
            inbox=inbox,
        )
        for id_, source in config.feeds.enabled.items()
    }


# Fields of a source that neither its request nor the reading of its answer depends on.
_NOT_ASKED: Final = frozenset({"enabled", "verified", "note"})


def request_of(id_: str, settings: Settings, config: Config) -> str:
    """What identifies all that a source's request and reading depend on, without secrets: which sources are one."""
    source = config.feeds.sources[id_]
    parts = [id_, source.model_dump_json(exclude=set(_NOT_ASKED)), *sorted(config.feeds.allow_hosts)]
    parts += [_url(source, settings), *(_key(road, settings) for road in (source, *source.fallbacks))]
    if any(road.of_mailbox for road in (source, *source.fallbacks)):
        parts.append(config.coalition.id)
    if source.of_bills:
        parts += [family.model_dump_json() for family in config.coalition.bills.values()]
        parts += [other.url for other in config.feeds.sources.values() if other.of_bills]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _url(source: SourceConfig, settings: Settings) -> str:
    """Return a source's address. If it is a secret, feeds.yml names the environment variable with it."""
    if source.url_env is None:
        return source.url
    return _secret(settings.feed_url.get(source.url_env.removeprefix("FEED_URL__").lower()))


def _secret(value: SecretStr | None) -> str:
    return value.get_secret_value() if value else ""


def _key(source: SourceConfig, settings: Settings) -> str:
    """Return the key that a source's requests need or may have; "" if none is set."""
    return _secret(getattr(settings, source.key_setting)) if source.key_setting else ""


def regulations_gov(settings: Settings, fetcher: Fetcher) -> RegulationsGov | None:
    """The client of regulations.gov; None without a key."""
    key = settings.regulations_gov_api_key
    return RegulationsGov(fetcher, key.get_secret_value(), settings.regulations_gov_url) if key else None


def senders(
    settings: Settings,
    zone: tzinfo,
    out: TextIO,
    clock: Callable[[], datetime],
    clients: Clients | None = None,
    *,
    dry_run: bool = False,
) -> dict[str, Sender]:
    """Return a sender for the console and for each platform with a token; in a dry run for the console alone.

    `clients`: those that they share with the senders of other coalitions.
    """
    clients = {} if clients is None else clients
    senders: dict[str, Sender] = {"console": ConsoleSender(out, clock=clock, zone=zone)}
    if not dry_run:
        senders |= {name: platform(name).sender(settings, clock, zone, clients) for name in _with_token(settings)}
    return senders


def credentials(settings: Settings) -> dict[str, str]:
    """Return a fingerprint of each chat token, so that a new token is noticed. The token cannot be read from it."""
    return {name: short_hash(token(settings, name)) for name in _with_token(settings)}


def check_permissions(settings: Settings) -> CheckPermissions:
    """Return a function that asks a channel's platform what the bot may do there."""

    async def check(channel: Channel) -> Permissions:
        if channel.platform == "console":
            return Permissions()
        if chat := _platform_of(channel, settings):
            return await chat.rights(settings, channel) if chat.rights else Permissions(unknown=NOT_CHECKED)
        setting = FORMS[channel.platform].settings_of(channel.address)[0]
        return Permissions(unknown=f"no {setting} is set; docs/connect.md says how to get one")

    return check


def ask_privacy(settings: Settings) -> AskPrivacy:
    """Return a function that asks a channel's platform who can read it."""

    async def ask(channel: Channel) -> Privacy:
        if chat := _platform_of(channel, settings):
            return await chat.privacy(settings, channel) if chat.privacy else Privacy(unknown=NOT_CHECKED)
        return Privacy(unknown=f"no {FORMS[channel.platform].setting or 'token'} is set")

    return ask


def _platform_of(channel: Channel, settings: Settings) -> Platform | None:
    """Return a channel's platform; None if its token is not set."""
    return next((platform(name) for name in _with_token(settings) if name == channel.platform), None)


def _with_token(settings: Settings) -> list[str]:
    return [name for name in NAMES if token(settings, name)]


@dataclass(eq=False, repr=False)
class Network:
    """The bot's guarded and rate-limited fetcher; no answer is stored.

    `sources` returns the adapters of the effective configuration; `check_permissions` asks a channel's platform;
    `reading` prepares entries for display.
    """

    fetcher: Fetcher
    sources: Callable[[], Mapping[str, Source]]
    channels: Callable[[], Mapping[str, Channel]]
    check_permissions: CheckPermissions
    regulations_gov: RegulationsGov | None  # without a key
    _: KW_ONLY
    reading: Callable[[Sequence[Entry]], Sequence[Entry]]
    clock: Callable[[], datetime]

    def now(self) -> datetime:
        return self.clock()

    async def get(self, url: str) -> Body | Unchanged | FetchFailed:
        return await self.fetcher.get(url, now=self.clock())

    async def feed(self, url: str) -> Answer:
        """The answer of a feed at this address to a first poll."""
        return await self._asked(FeedSource("candidate", host_of(url), url, self.fetcher))

    async def source(self, typed: str) -> Answer | None:
        """A source's answer, as to a first poll; None if no such source is enabled. `typed`: its id or name."""
        source = self._source(typed)
        return await self._asked(source) if source else None

    async def mailbox(self, typed: str) -> str | None:
        """The email address of a source or of its road by mail; "" if no mailbox is read, None if it has none."""
        source = self._source(typed)
        roads = source.sources if isinstance(source, Roads) else [source]
        return next((road.mailbox for road in roads if isinstance(road, MailSource)), None)

    def _source(self, typed: str) -> Source | None:
        sources = self.sources()
        same = [source for source in sources.values() if source.name.casefold() == typed.casefold()]
        return sources.get(typed) or (same[0] if len(same) == 1 else None)

    async def bill(self, bill: BillNumber) -> tuple[BillRecord, ...] | FetchFailed:
        """A bill's current record from its sources."""
        source = self._bill_status()
        return await source.look(bill, self.clock()) if source else _NO_BILLS

    async def bill_text(self, bill: BillNumber, version: str) -> Body | FetchFailed:
        """One version of a bill's text."""
        source = self._bill_status()
        return await source.text(bill, version, self.clock()) if source else _NO_BILLS

    async def _asked(self, source: Source) -> Answer:
        answer = await source.poll(Memory(), self.clock())
        if not isinstance(answer, Fetched):
            return answer
        return replace(answer, entries=tuple(await asyncio.to_thread(self.reading, answer.entries)))

    def _bill_status(self) -> BillStatus | None:
        return next((source for source in self.sources().values() if isinstance(source, BillStatus)), None)

    async def rights(self) -> dict[str, Permissions]:
        """Return the bot's rights by the channels' names in feeds.yml."""
        channels = self.channels()
        results = await asyncio.gather(*map(self._check, channels.values()))
        return dict(zip(channels, results, strict=True))

    async def rights_at(self, to: str) -> str:
        """Return why the bot cannot post to an address such as `slack:C0123ABCD`, as a sentence; "" if it can."""
        platform, _, address = to.partition(":")
        if platform not in FORMS:  # such as "#alerts": the form says what is wrong with it
            return ""
        rights = await self._check(Channel("", platform, address))
        if rights.unknown:
            return f"Whether the bot can post there is unknown: {rights.unknown}."
        return f"The bot cannot post there yet: {'; '.join(rights.lacking)}." if rights.lacking else ""

    async def _check(self, channel: Channel) -> Permissions:
        try:
            async with asyncio.timeout(_PATIENCE):
                return await self.check_permissions(channel)
        except TimeoutError:
            return Permissions(unknown=f"{channel.platform.capitalize()} did not answer")
