"""The mail frontend: reads the mailbox for reports that mail did not arrive, and for requests to unsubscribe.

It decides nothing else and answers nobody: signing, declining and confirming are done on pages that a mail links to.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Final, Protocol

from bot.chat.connection import Uptime
from bot.chat.mail import incoming
from bot.chat.mail.incoming import Bounce, Ignored, Unsubscribe
from bot.chat.mail.message import Originator
from bot.config.settings import Settings
from bot.shared.keyring import Keyring
from bot.shared.mailbox import MailboxTrouble, read_new

log = logging.getLogger(__name__)

_EVERY: Final = 60.0  # seconds between two looks into the mailbox


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
            await asyncio.to_thread(read_new, self._url, self._ours, incoming.is_wanted, self.handle)
        except MailboxTrouble as trouble:
            await self._uptime.down(str(trouble))
        else:
            await self._uptime.up()

    def handle(self, data: bytes) -> None:
        """Do what one mail asks for, if we signed what it comes back with. Blocks."""
        match incoming.read(data, self._ours, lambda signature, mark: self._keyring.signed(signature, "bounce", mark)):
            case Bounce() as bounce:
                self._letterbox.bounced(bounce.mark, bounce.recipients, bounce.status, permanent=bounce.permanent)
            case Unsubscribe(token) if subject := self._keyring.subject("stop", token, self._clock()):
                self._letterbox.unsubscribe(subject)
            case Ignored(why):
                log.info("an email was left in the mailbox: %s", why)
            case _:
                log.info("an email was left in the mailbox: it names no email from the bot")
