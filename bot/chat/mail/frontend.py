"""The mail frontend: reads the mailbox for reports that mail did not arrive, and for requests to unsubscribe.

It decides nothing else and answers nobody: signing, declining and confirming are done on pages that a mail links to.
"""

from __future__ import annotations

import asyncio
import imaplib
import logging
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any, Final, Protocol
from urllib.parse import unquote, urlsplit

from bot.chat.connection import Uptime
from bot.chat.mail import incoming
from bot.chat.mail.incoming import Bounce, Ignored, Unsubscribe
from bot.chat.mail.message import Originator
from bot.config.settings import Settings, is_loopback
from bot.shared.errors import CoalitionBotError
from bot.shared.keyring import Keyring

log = logging.getLogger(__name__)

LARGEST: Final = 2_000_000  # bytes; of a larger mail only the headers are read
MOST: Final = 50  # mails in one look
_EVERY: Final = 60.0  # seconds between two looks into the mailbox
_TIMEOUT: Final = 30.0  # seconds for one answer
_SIZE: Final = re.compile(rb"RFC822\.SIZE (\d+)")


class Letterbox(Protocol):
    """What a mail can bring about. Each may come twice, after a crash, and does its work once."""

    def unsubscribe(self, token: str) -> None: ...
    def bounced(self, mark: str, recipients: tuple[str, ...], status: str, *, permanent: bool) -> None: ...


class MailFrontend:
    """Reads the mailbox of MAIL_FROM. Needs `imap_url` and `mail_from`."""

    single = True

    def __init__(
        self,
        settings: Settings,
        letterbox: Letterbox,
        *,
        keyring: Keyring,
        clock: Callable[[], datetime],
        remember: Callable[[str, str], None],
        tell: Callable[[str], None],
    ) -> None:
        assert settings.imap_url is not None
        assert settings.mail_from is not None
        self._url = settings.imap_url.get_secret_value()
        self._ours = Originator(settings.mail_from).address
        self._letterbox = letterbox
        self._keyring = keyring
        self._clock = clock
        self._uptime = Uptime("mail", clock=clock, ticks=time.monotonic, remember=remember, tell=tell)

    async def run(self, stop: asyncio.Event) -> None:
        """Look into the mailbox every minute until `stop` is set."""
        while not stop.is_set():
            await self.look()
            with suppress(TimeoutError):
                async with asyncio.timeout(_EVERY):
                    await stop.wait()

    async def look(self) -> None:
        """Handle the mail that came since the last look."""
        try:
            await asyncio.to_thread(read_new, self._url, self.handle)
        except MailboxTrouble as trouble:
            await self._uptime.down(str(trouble))
        else:
            await self._uptime.up()

    def handle(self, data: bytes) -> None:
        """Do what one mail asks for, if we signed what it comes back with. Blocks."""
        match incoming.read(data, self._ours):
            case Bounce() as bounce if self._keyring.signed(bounce.signature, "bounce", bounce.mark):
                self._letterbox.bounced(bounce.mark, bounce.recipients, bounce.status, permanent=bounce.permanent)
            case Unsubscribe(token) if subject := self._keyring.subject("stop", token, self._clock()):
                self._letterbox.unsubscribe(subject)
            case Ignored(why):
                log.info("an email was left in the mailbox: %s", why)
            case _:
                log.info("an email was left in the mailbox: it names no email from the bot")


class MailboxTrouble(CoalitionBotError):
    """The mailbox cannot be read; the text says why, without its password."""


def read_new(url: str, handle: Callable[[bytes], None]) -> int:
    """Give each unread mail to `handle`, then mark it read. Return how many there were. Blocks: imaplib does.

    A mail on which `handle` fails stays unread, and the others go on. Raises `MailboxTrouble`.
    """
    with _opened(url) as box:
        numbers = (_ask(box.uid("SEARCH", "UNSEEN"))[0] or b"").split()[:MOST]
        for number in numbers:
            uid = number.decode("ascii")
            size = _SIZE.search(b" ".join(filter(None, _ask(box.uid("FETCH", uid, "(RFC822.SIZE)")))))
            small = size is not None and int(size[1]) <= LARGEST
            answer = _ask(box.uid("FETCH", uid, "(BODY.PEEK[])" if small else "(BODY.PEEK[HEADER])"))
            try:
                handle(next((bytes(part[1]) for part in answer if isinstance(part, tuple)), b""))
            except Exception:
                log.exception("An email could not be handled and stays unread in the mailbox")
                continue
            _ask(box.uid("STORE", uid, "+FLAGS", r"(\Seen)"))
        return len(numbers)


def check_mailbox(url: str) -> None:
    """Open the mailbox and close it again. Raises `MailboxTrouble`."""
    with _opened(url):
        pass


@contextmanager
def _opened(url: str) -> Iterator[imaplib.IMAP4]:
    parts = urlsplit(url)
    host, folder = parts.hostname or "", unquote(parts.path.strip("/")) or "INBOX"
    try:
        if parts.scheme == "imaps":
            box: imaplib.IMAP4 = imaplib.IMAP4_SSL(host, parts.port or 993, timeout=_TIMEOUT)
        else:
            box = imaplib.IMAP4(host, parts.port or 143, timeout=_TIMEOUT)
            if not is_loopback(host):
                box.starttls()
        try:
            box.login(unquote(parts.username or ""), unquote(parts.password or ""))
            _ask(box.select(f'"{folder}"'))
            yield box
        finally:
            with suppress(imaplib.IMAP4.error, OSError):
                box.logout()
    except (imaplib.IMAP4.error, UnicodeEncodeError):  # imaplib sends ASCII alone
        raise MailboxTrouble(f"{host} refuses the user name, the password or the folder: check IMAP_URL") from None
    except OSError as error:
        raise MailboxTrouble(f"{host} does not answer ({type(error).__name__})") from None


def _ask(answer: tuple[str, list[Any]]) -> list[Any]:
    """Return what the server answered: lines, or pairs of a line and a literal. Raises `imaplib.IMAP4.error`."""
    kind, data = answer
    if kind != "OK":
        raise imaplib.IMAP4.error(kind)
    return data
