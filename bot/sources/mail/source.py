"""Bulletins and newsletters from the coalition's mailbox: agencies by GovDelivery, committees, members of Congress.

Each source has its own address, which only the mailer knows, and takes what is signed by a domain and comes from a
sender that it declares. All other mail to that address waits for a person and brings no entry.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final, Self

from pydantic import Field, field_validator, model_validator

from bot.shared import isolation
from bot.shared.answer import Answer, Fetched, FetchFailed, Health, Memory, NotModified
from bot.shared.entry import Entry, Kind
from bot.shared.keyring import Keyring
from bot.shared.mail_address import domain_of, tagged
from bot.shared.mailbox import LARGEST, Envelope, MailboxTrouble, opened
from bot.shared.plain_text import cut, instant, short_hash
from bot.shared.wording import number
from bot.sources.feeds.feed import marks
from bot.sources.feeds.parse import Item
from bot.sources.mail import proof
from bot.sources.model import HttpSource, SourceConfig, find_new

# Mails to a source at one poll; the next one goes on. A department sends 50 a day, and a fallback is asked once a day.
_MOST: Final = 100
_MOST_BYTES: Final = 20_000_000
_MOST_LOOKS: Final = 500  # mails whose addresses are read one by one at a poll
_OLD: Final = timedelta(days=30)  # before the bulletin: an older day is not that of an item, but of what it is about
_SHOWN: Final = 120  # characters of a sender's words


@dataclass(frozen=True, slots=True)
class Inbox:
    """The coalition's mailbox. `look_up`: the TXT record of a name, "" without one, None if no name server answers."""

    url: str = field(repr=False)
    ours: str
    keyring: Keyring
    look_up: Callable[[str], Awaitable[str | None]]
    gate: asyncio.Lock = field(default_factory=asyncio.Lock)  # servers limit connections

    def tag(self, source: str, address: int) -> str:
        """What our address has after the plus sign, for the mail of a source."""
        return f"s-{self.keyring.sign('source', source, str(address))}"


class _Settings(SourceConfig):
    senders: tuple[str, ...] = Field(
        default=(), description="whose mail is taken: From addresses or List-Ids; left out: all mail waits for a person"
    )
    domains: tuple[str, ...] = Field(
        default=(), description="whose signature (DKIM) proves a mail; left out: the domains of the senders"
    )
    address: int = Field(
        default=1, ge=1, description="another number gives the source a new email address, and the old one ends"
    )

    @field_validator("senders", "domains")
    @classmethod
    def _lower(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        if wrong := next((name for name in names if not name.isascii() or "." not in name or " " in name), None):
            raise ValueError(f'"{wrong}" is neither an address nor a domain: write it as news@agency.gov or agency.gov')
        return tuple(name.lower() for name in names)

    @model_validator(mode="after")
    def _has_domains(self) -> Self:
        if not (self.domains or any("@" in sender for sender in self.senders)):
            raise ValueError("without a sender's address it needs `domains`: those whose signature proves its mail")
        return self


class MailSource(HttpSource, kind="mail", settings=_Settings, brings=Kind.NEWS, of_mailbox=True):
    """Bulletins and newsletters by email, each item an entry. Needs IMAP_URL; `url` is the page to subscribe on.

    Cursor: ``{"uid": …, "validity": …, "again": [uid, …], "waits": …, "came": …, "seen": [digest, …]}``: the last mail
    that was looked at, those whose key no name server had, what waits for a person, when the last bulletin came, which
    items were brought.
    """

    inbox: Inbox | None = None
    senders: Sequence[str] = ()
    domains: Sequence[str] = ()
    address: int = 1

    def __post_init__(self) -> None:
        super().__post_init__()
        own = dict.fromkeys(domain_of(sender) for sender in self.senders if "@" in sender)
        self.domains = self.domains or tuple(own)

    @property
    def mailbox(self) -> str:
        """The address to subscribe; "" if no mailbox is read."""
        return tagged(self.inbox.ours, self.inbox.tag(self.id, self.address)) if self.inbox else ""

    async def _poll(self, memory: Memory, now: datetime) -> Answer:
        if self.inbox is None:
            return FetchFailed(Health.WAITING, "email is read by the running bot, if IMAP_URL is set: docs/mail.md")
        try:
            async with self.inbox.gate:
                mails, cursor = await asyncio.to_thread(self._collect, self.inbox, dict(memory.cursor), now)
        except MailboxTrouble as trouble:
            return FetchFailed(Health.UNREACHABLE, str(trouble))
        entries: dict[str, Entry] = {}
        left_out: list[str] = []
        readings, again = await self._readings(mails, now)
        if again and not readings:
            return FetchFailed(Health.UNREACHABLE, "no name server answers, so no signature can be checked")
        for envelope, reading in readings:
            if waits := self._waits(reading):
                left_out.append(waits)
                cursor["waits"] = waits
            elif "items" in reading:
                cursor |= {"waits": "", "came": envelope.received.isoformat()}
                for entry in self._entries(reading, envelope.received, now):
                    entries.setdefault(short_hash(entry.identity[0], 12), entry)
        fresh, after = find_new(entries, memory, now)
        again += cursor["again"]
        after = replace(after, cursor={**cursor, **after.cursor, "again": again})
        last = f"{number(len(left_out), 'email')} left out, the last: {left_out[-1]}" if left_out else ""
        answer = Fetched(entries=tuple(fresh), memory=after, detail=last, broken=len(left_out))
        waits = cursor.get("waits") or ("" if cursor.get("came") else "no email has come to its address yet")
        if again:
            unread = f"{number(len(again), 'email')} not read: no name server answers for the key of the signature"
            return replace(answer, health=Health.UNREACHABLE, detail=unread)
        if waits:
            return replace(answer, health=Health.WAITING, detail=last or waits)
        return answer if mails else NotModified(after)

    def _collect(
        self, inbox: Inbox, cursor: dict[str, Any], now: datetime
    ) -> tuple[list[tuple[Envelope, bytes]], dict[str, Any]]:
        """The mails to this source since the last poll, the oldest first, and the cursor after them. Blocks.

        One that is too large comes without its bytes. At first, or if the server renumbers its mails, those of the last
        days are read. Raises `MailboxTrouble`.
        """
        mails: list[tuple[Envelope, bytes]] = []
        with opened(inbox.url, inbox.ours) as box:
            same = cursor.get("validity") == box.validity
            last = int(cursor.get("uid", 0)) if same else 0
            # A day earlier: the server compares days, and in its own zone (RFC 9051, 6.4.4).
            since = (now - proof.OLDEST - timedelta(days=1)).strftime("%d-%b-%Y")
            unseen = [uid for uid in box.search(f"UID {last + 1}:*" if last else f"SINCE {since}") if uid > last]
            again = ",".join(map(str, cursor.get("again", ()))) if same else ""
            late = box.search(f"UID {again}") if again else []
            tag = inbox.tag(self.id, self.address)
            # Of a flood of strangers' mail the server finds what has the tag: else bulletins would come days late.
            few, size = len(unseen) <= _MOST_LOOKS, 0
            fresh = unseen if few else box.search(f'UID {unseen[0]}:{unseen[-1]} TEXT "{tag}"')
            for uid in [*fresh, *late]:
                envelope, last = box.look(uid), max(last, uid)
                if tag in envelope.tags:
                    mails.append((envelope, box.read(uid) if envelope.size <= LARGEST else b""))
                    size += len(mails[-1][1])
                if len(mails) == _MOST or size >= _MOST_BYTES:
                    break
            else:
                last = max((last, *unseen))
            read = {envelope.uid for envelope, _ in mails}
            left = [uid for uid in late if uid not in read]
            return mails, {**cursor, "uid": last, "validity": box.validity, "again": left}

    async def _readings(
        self, mails: Sequence[tuple[Envelope, bytes]], now: datetime
    ) -> tuple[list[tuple[Envelope, Mapping[str, Any]]], list[int]]:
        """What each mail says, and the numbers of those that are to be read again: no name server has their key now."""
        readings: list[tuple[Envelope, Mapping[str, Any]]] = []
        again: list[int] = []
        for envelope, data in mails:
            reading = await self._read(envelope, data)
            if reading is None and now - envelope.received < proof.OLDEST:
                again.append(envelope.uid)
            else:
                readings.append((envelope, reading or {"unproven": "no name server has had the key of its signature"}))
        return readings, again

    async def _read(self, envelope: Envelope, data: bytes) -> Mapping[str, Any] | None:
        """What a mail says, as the child answers; None if the key of its signature cannot be looked up now."""
        assert self.inbox is not None
        if not data:
            return {"unproven": f"it is larger than {LARGEST / 1_000_000:.0f} MB"}
        keys: dict[str, str] = {}
        for name in {signature.key for signature in proof.signatures(data, self.domains)}:
            key = await self.inbox.look_up(name)
            if key is None:
                return None
            keys[name] = key
        if not keys:
            return {"unproven": proof.missing(self.domains)}
        head = {"keys": keys, "domains": self.domains, "received": envelope.received.isoformat()}
        reading: Mapping[str, Any] | None = await isolation.ask_json("bot.sources.mail.mail_child", head, data)
        return reading or {"unproven": "reading it takes too much time or memory"}

    def _waits(self, reading: Mapping[str, Any]) -> str:
        """What a person has to judge in a mail; "" for a bulletin of one of the senders."""
        if why := reading.get("unproven"):
            return str(why)
        sender, list_id = cut(reading["sender"], _SHOWN), cut(reading["list"], _SHOWN)
        if "confirm" in reading:
            mail = f"“{cut(reading['subject'], _SHOWN)}” from {sender}"
            if link := reading["confirm"]:
                return f"{mail} asks to confirm the subscription. If you subscribed it, open {link}"
            return (
                f"{mail} seems to be about the subscription, so it brings no news. Read it in the mailbox if it is not"
            )
        if not {reading["sender"], reading["list"]} & {*self.senders}:
            of_list = f" (list {list_id})" if list_id else ""
            return f"it comes from {sender}{of_list}; if it is a bulletin you want, add that to `senders`"
        return ""

    def _entries(self, reading: Mapping[str, Any], received: datetime, now: datetime) -> list[Entry]:
        """The items, dated as the bulletin dates them, or else when it was sent; without the address they came to."""
        assert self.inbox is not None
        secret = re.compile(rf"\S*{re.escape(self.inbox.tag(self.id, self.address))}\S*", re.IGNORECASE)
        sent = min(filter(None, (instant(reading["sent"]), received, now)))
        items = []
        for *texts, day in reading["items"]:
            title, page, summary = (secret.sub("", text).strip() for text in texts)
            dated = instant(day)
            published = dated if dated and sent - _OLD <= dated <= sent + timedelta(days=1) else sent
            items.append(Item(title, page, "", summary, min(published, now), outlet=""))
        return [
            Entry(
                source=self.id,
                kind=Kind.NEWS,
                identity=mark.keys,
                thread=mark.keys[0],
                title=item.title,
                url=item.link,
                summary=item.summary or None,
                published=item.published,
                outlet=self.name,
            )
            for item, mark in zip(items, marks(self.id, items), strict=True)
        ]
