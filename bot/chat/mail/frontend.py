"""What comes back to mail: reports in the mailbox that mail did not arrive, and the two pages that a mail links to.

It decides nothing: signing and declining are done on the board's pages. A page that is opened does nothing, because
programs that scan mail open every link. Only a pressed button does, or the one-click request of a mail program
(RFC 8058), which is the same request. A token that we did not sign reaches neither the store nor its lock.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import KW_ONLY, dataclass
from datetime import datetime
from email.message import Message
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Final, Protocol

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.chat.mail.message import BOUNCE, STOP, Originator
from bot.chat.web import safety
from bot.chat.web.shell import in_readers_language, shared_templates
from bot.config.settings import Settings
from bot.outbox.connections import Uptime
from bot.shared.keyring import Keyring
from bot.shared.language import gettext, gettext_noop
from bot.shared.mail_address import has_many_parts, parse_mail
from bot.shared.mailbox import MailboxTrouble, read_new, tags

_ID: Final = re.compile(rb"<([a-z2-7]{24})@[^<>\s]{3,250}>")
_MOST_IDS: Final = 50  # of one mail that are compared with its signature
_SOFT: Final = ("5.2.2", "5.2.3")  # the mailbox is full
_STATUS: Final = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")  # RFC 3463
_REPLY: Final = re.compile(r"\b[45]\d\d[ -]#?([45]\.\d{1,3}\.\d{1,3})\b(?!\.?\d)")  # no address or version
_RECIPIENTS: Final = ("Final-Recipient", "Original-Recipient")
log = logging.getLogger(__name__)

_READ_UNTIL: Final = "mailbox read until"  # memo
_EVERY: Final = 60.0  # seconds between two looks into the mailbox
_HEADERS: Final = {"Cache-Control": "no-store"}
_PER_MINUTE: Final = 30  # presses with one token, and requests of one visitor without one of ours
# By the purpose of a token, which is in the page's address: what the page asks, and what its answer says.
_TITLES: Final = {
    "stop": (gettext_noop("Stop email from %(coalition)s?"), gettext_noop("No more email is sent to this address")),
    "confirm": (gettext_noop("Get email from %(coalition)s at this address?"), gettext_noop("Thank you")),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounce:
    """A relay reports that mail did not arrive. `mark`: of the delivery, from the Message-ID that the report names.

    `recipients`: the addresses that it names. `status`: "5.1.1"; `permanent`: it never will arrive.
    """

    mark: str
    recipients: tuple[str, ...]
    status: str
    permanent: bool


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    """A mail program's request. `token`: what may be one, from the subject."""

    token: str


@dataclass(frozen=True, slots=True)
class Ignored:
    why: str


Incoming = Bounce | Unsubscribe | Ignored


def is_wanted(tag: str) -> bool:
    """Whether a mail to our address with this tag may ask for something."""
    return tag == STOP or tag.startswith(BOUNCE)


def read(data: bytes, ours: str, signed: Callable[[str, str], bool]) -> Incoming:
    """Return what a mail asks for. `ours`: the address that email comes from.

    `signed` tells whether a signature, from the address that a report came to, is ours for a mark. Without one that is,
    nothing of the report is parsed.
    """
    try:
        head = parse_mail(re.split(rb"\r?\n\r?\n", data, maxsplit=1)[0])
        for tag in tags(head, ours):
            if tag == STOP:
                return Unsubscribe(_header(head, "Subject"))
            if tag.startswith(BOUNCE):
                marks = (match[1].decode() for match in islice(_ID.finditer(data), _MOST_IDS))
                mark = next((mark for mark in marks if signed(tag.removeprefix(BOUNCE), mark)), "")
                return _bounce(data, mark) if mark else Ignored("it names no email from the bot")
        return Ignored("it is no report and no request to unsubscribe")
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, AssertionError) as error:
        return Ignored(f"it cannot be read ({type(error).__name__})")


def _bounce(data: bytes, mark: str) -> Incoming:
    """A delivery status notification (RFC 3464). Whatever else comes to that address is a holiday notice or spam."""
    if has_many_parts(data):
        return Ignored("it has too many parts")
    reports = (part for part in parse_mail(data).walk() if part.get_content_type() == "message/delivery-status")
    payloads = (part.get_payload() for part in reports)
    blocks = (block for payload in payloads if isinstance(payload, list) for block in payload)
    for block in blocks:
        if isinstance(block, Message) and _header(block, "Action").lower() == "failed":
            named = (_header(block, name).rpartition(";")[2].strip() for name in _RECIPIENTS)
            # Some servers give the reason in the reply that they quote, after a code that says nothing.
            codes = _STATUS.findall(str(block.get("Status"))) + _REPLY.findall(str(block.get("Diagnostic-Code")))
            status = next((code for code in codes if not code.endswith(".0.0")), codes[0] if codes else "5.0.0")
            permanent = status.startswith("5.") and status not in _SOFT
            return Bounce(mark=mark, recipients=tuple(filter(None, named)), status=status, permanent=permanent)
    return Ignored("it does not report a failed delivery")


def _header(mail: Message, name: str) -> str:
    return str(mail.get(name, "")).strip()


class Letterbox(Protocol):
    """What a mail can bring about. Each may come twice, after a crash, and does its work once."""

    def unsubscribe(self, token: str) -> None: ...
    def bounced(self, mark: str, recipients: tuple[str, ...], status: str, *, permanent: bool) -> None: ...


@dataclass(eq=False, repr=False)
class MailFrontend:
    """Reads the mailbox of MAIL_FROM. Needs `imap_url` and `mail_from`."""

    single = True

    settings: Settings
    letterbox: Letterbox
    _: KW_ONLY
    keyring: Keyring
    clock: Callable[[], datetime]
    recall: Callable[[str], str | None]
    remember: Callable[[str, str], None]
    tell: Callable[[str], None]

    def __post_init__(self) -> None:
        assert self.settings.imap_url is not None
        assert self.settings.mail_from is not None
        self._url = self.settings.imap_url.get_secret_value()
        self._ours = Originator(self.settings.mail_from).address
        self._uptime = Uptime("mail", clock=self.clock, ticks=time.monotonic, remember=self.remember, tell=self.tell)

    async def run(self, stop: asyncio.Event) -> None:
        """Look into the mailbox every minute until `stop` is set; again at once while more mails wait in it."""
        while not stop.is_set():
            if await self.look():
                continue
            with suppress(TimeoutError):
                async with asyncio.timeout(_EVERY):
                    await stop.wait()

    async def look(self) -> bool:
        """Handle mail that came since the last look; return whether more waits."""
        try:
            more = await asyncio.to_thread(self._read_new)
        except MailboxTrouble as trouble:
            await self._uptime.down(str(trouble))
            return False
        await self._uptime.up()
        return more

    def _read_new(self) -> bool:
        after = self.recall(_READ_UNTIL) or ""
        save = partial(self.remember, _READ_UNTIL)
        return read_new(self._url, self._ours, is_wanted, self.handle, after=after, save=save)

    def handle(self, data: bytes) -> None:
        """Do what one mail asks for, if we signed what it comes back with. Blocks."""
        match read(data, self._ours, lambda signature, mark: self.keyring.signed(signature, "bounce", mark)):
            case Bounce() as bounce:
                self.letterbox.bounced(bounce.mark, bounce.recipients, bounce.status, permanent=bounce.permanent)
            case Unsubscribe(token) if subject := self.keyring.subject("stop", token, self.clock()):
                self.letterbox.unsubscribe(subject)
            case Ignored(why):
                log.info("an email was left in the mailbox: %s", why)
            case _:
                log.info("an email was left in the mailbox: it names no email from the bot")


@dataclass(eq=False, repr=False)
class MailPages:
    """The pages' routes. `stop` and `confirm` take what a token is for, once its signature was checked.

    `confirm` returns whether the address is confirmed.
    """

    coalition: str
    keyring: Keyring
    _: KW_ONLY
    stop: Callable[[str], None]
    confirm: Callable[[str], bool]
    clock: Callable[[], datetime]
    ticks: Callable[[], float]

    def __post_init__(self) -> None:
        self._limit = safety.RateLimit(_PER_MINUTE, 60, self.ticks)
        self._templates = shared_templates(Path(__file__).parent / "templates")
        self._acts: dict[str, Callable[[str], bool | None]] = {"stop": self.stop, "confirm": self.confirm}

    def routes(self) -> list[web.RouteDef]:
        return [
            route(f"/mail/{purpose}/{{token:[0-9a-zA-Z-]{{1,120}}}}", self._handler(purpose, pressed=pressed))
            for purpose in self._acts
            for route, pressed in ((web.get, False), (web.post, True))
        ]

    def _handler(self, purpose: str, *, pressed: bool) -> Handler:
        async def handle(request: web.Request) -> web.Response:
            subject = self.keyring.subject(purpose, request.match_info["token"], self.clock())
            # Mail programs press for many readers from one address, so what is signed counts for itself alone.
            if (pressed or subject is None) and not self._limit.allows(subject or safety.visitor(request)):
                raise web.HTTPTooManyRequests
            done_now = await asyncio.to_thread(self._acts[purpose], subject) if pressed and subject else None
            if subject is None or done_now is False:
                head = gettext("The address is not confirmed")
                text = gettext("This link is too old, or someone else uses the address. Write to the coalition.")
                if subject is None:
                    head = gettext("This link is too old")
                    text = gettext("Open the newest email from the coalition and use its link, or write to it.")
                return self._html("message.html", 410, title=head, head=head, text=text)
            question, done = _TITLES[purpose]
            title = gettext(done) if pressed else gettext(question, coalition=self.coalition)
            return self._html("mail_press.html", 200, title=title, purpose=purpose, pressed=pressed)

        return in_readers_language(handle)

    def _html(self, template: str, status: int, **values: object) -> web.Response:
        shared: dict[str, object] = {"nav": {}, "actor": None, "here": "", "site": self.coalition}
        text = self._templates.render(template, **shared, **values)
        return web.Response(text=text, status=status, content_type="text/html", headers=_HEADERS)
