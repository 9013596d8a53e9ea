"""Send mail by a relay (SMTP). A relay's answer after the last line of DATA is the only proof that it took a mail.

Before DATA everything certainly failed; an answer of 4xx waits and is tried again, one of 5xx is final. Without an
answer after DATA the mail may be on its way: it is sent once more under the same Message-ID, marked as a possible
repeat, and if that is not answered either, a person decides.

Only people get mail, so there is no channel whose rights or readers to ask about.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import KW_ONLY, dataclass
from datetime import datetime, timedelta, tzinfo
from functools import partial
from typing import Final
from urllib.parse import unquote, urlsplit

from aiosmtplib import (
    SMTP,
    SMTPAuthenticationError,
    SMTPDataError,
    SMTPException,
    SMTPNotSupported,
    SMTPRecipientRefused,
    SMTPResponseException,
    SMTPSenderRefused,
)

from bot.chat.mail.message import Mail, Originator, compose
from bot.chat.platform import Clients, Platform, token
from bot.config.settings import Settings
from bot.outbox.model import Ambiguous, CannotTell, Channel, Delivered, Outcome, Outgoing, Rejected, RetryAt
from bot.shared.address_guard import is_loopback
from bot.shared.answer import Finding, State
from bot.shared.mail_address import domain_of
from bot.shared.mailbox import MailboxTrouble, opened

# RFC 5321 lets a relay look at a mail for ten minutes before it answers; most answer within seconds.
UNTIL_DATA: Final = 20.0  # seconds, with the wait for one of our connections
AFTER_DATA: Final = 60.0
CONNECTIONS: Final = 3  # at one time: relays limit them
_ENHANCED: Final = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
# What may be over tomorrow: a full mailbox, a mail too large for it, our limit for a day (Google, Microsoft).
_PASSING: Final = ("5.2.2", "5.2.3", "5.4.5", "5.1.90")
# RFC 3463, and what older relays leave out. Other codes at a recipient are about us, the mail or the relay.
NO_MAILBOX: Final = ("", "5.0.0", "5.1.0", "5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.0", "5.2.1")
_BAD_SENDER: Final = ("5.1.7", "5.1.8")


def create_smtp_client(settings: Settings) -> SMTP:
    """A client for one mail. Does no I/O. Needs `smtp_url` and `mail_from`.

    `smtps://` is TLS from the start, `smtp://` STARTTLS, which only a relay on this machine may lack.
    """
    assert settings.smtp_url is not None
    assert settings.mail_from is not None
    url = urlsplit(settings.smtp_url.get_secret_value())
    assert url.hostname is not None
    tls = url.scheme == "smtps"
    return SMTP(
        hostname=url.hostname,
        port=url.port or (465 if tls else 587),
        username=unquote(url.username) if url.username else None,
        password=unquote(url.password) if url.password else None,
        local_hostname=domain_of(Originator(settings.mail_from).address),
        use_tls=tls,
        start_tls=not (tls or is_loopback(url.hostname)),
        timeout=UNTIL_DATA,
    )


@dataclass(eq=False, repr=False)
class MailSender:
    """Sends to people's addresses. `zone` is the coalition's, for the day from which a card counts days."""

    platform = "mail"
    deadline = timedelta(seconds=UNTIL_DATA + AFTER_DATA + 5)

    client: Callable[[], SMTP]
    host: str
    originator: Originator
    _: KW_ONLY
    clock: Callable[[], datetime]
    zone: tzinfo

    def __post_init__(self) -> None:
        self._connections = asyncio.Semaphore(CONNECTIONS)

    async def send(self, outgoing: Outgoing) -> Outcome:
        now = self.clock()
        mail = compose(outgoing, self.originator, now.astimezone(self.zone).date(), now)
        client = self.client()
        try:
            async with asyncio.timeout(UNTIL_DATA):
                await self._connections.acquire()
        except TimeoutError:
            return RetryAt(f"{self.host} is still busy with earlier email")
        try:
            return await self._begin(client, mail) or await self._hand_over(client, mail)
        finally:
            self._connections.release()
            client.close()

    async def _begin(self, client: SMTP, mail: Mail | None) -> RetryAt | Rejected | None:
        """Connect, and name a mail's sender and recipient: whatever fails, nothing was sent."""
        try:
            async with asyncio.timeout(UNTIL_DATA):
                await client.connect()
                if mail:
                    await client.mail(mail.sender)
                    await client.rcpt(mail.recipient)
        except SMTPResponseException as refusal:
            return _verdict(refusal, self.host)
        except SMTPNotSupported:
            return Rejected(
                f"{self.host} does not offer STARTTLS or a login: use smtps:// in SMTP_URL", scope="platform"
            )
        except (SMTPException, OSError, TimeoutError, ValueError) as error:
            return RetryAt(
                f"{self.host} refused the connection ({type(error).__name__}): check SMTP_URL and the network"
            )
        return None

    async def _hand_over(self, client: SMTP, mail: Mail) -> Outcome:
        try:
            async with asyncio.timeout(AFTER_DATA):
                await client.data(mail.data, timeout=AFTER_DATA)
        except SMTPDataError as refusal:
            return _verdict(refusal, self.host)
        except (SMTPException, OSError, TimeoutError) as error:
            return Ambiguous(f"{self.host} did not answer after it received the email ({type(error).__name__})")
        with suppress(SMTPException, OSError, TimeoutError):
            await client.quit(timeout=1)
        return Delivered(mail.id)

    async def edit(self, outgoing: Outgoing) -> Outcome:  # noqa: ARG002 - the port's
        """Leave it: a changed card is no news by itself."""
        return Rejected("a sent email cannot be changed")

    async def find(self, outgoing: Outgoing) -> CannotTell | Rejected:
        if outgoing.may_repeat:
            return Rejected(f"{self.host} twice did not answer after it received the email, which may have arrived")
        return CannotTell("a sent email cannot be looked up")

    async def read_history(self, channel: Channel, since: datetime) -> CannotTell:  # noqa: ARG002 - the port's
        return CannotTell("sent email cannot be looked up")

    async def check(self) -> Rejected | RetryAt | None:
        """Connect and log in without sending; return what fails."""
        client = self.client()
        try:
            return await self._begin(client, None)
        finally:
            client.close()

    async def close(self) -> None:
        """Do nothing: each mail has its own connection."""


def _verdict(refusal: SMTPResponseException, host: str) -> RetryAt | Rejected:
    """The outcome of an answer of 4xx or 5xx. The relay's words are left out: they name the address."""
    match = _ENHANCED.search(str(refusal.message))
    enhanced = match[1] if match else ""
    code = f"{refusal.code} {enhanced}".strip()
    if refusal.code < 500 or enhanced in _PASSING:
        return RetryAt(f"{host} asks to wait ({code})")
    if isinstance(refusal, SMTPAuthenticationError):
        return Rejected(f"{host} refuses the user name or the password ({code}): check SMTP_URL", scope="platform")
    if isinstance(refusal, SMTPSenderRefused) or enhanced in _BAD_SENDER:
        return Rejected(f"{host} does not send for this address ({code}): check MAIL_FROM", scope="platform")
    if isinstance(refusal, SMTPRecipientRefused) and refusal.code >= 550 and enhanced in NO_MAILBOX:
        return Rejected(f"{host} says that the mailbox does not exist ({code})", scope="address")
    if isinstance(refusal, SMTPRecipientRefused | SMTPDataError):
        return Rejected(f"{host} refuses the mail ({code})")
    return Rejected(f"{host} refuses the connection ({code}): check SMTP_URL", scope="platform")


def originator(settings: Settings) -> Originator:
    """Return who mail comes from. Needs `mail_from`."""
    assert settings.mail_from is not None
    return Originator(settings.mail_from, reads=settings.imap_url is not None, web=settings.web_url or "")


def sender(settings: Settings, clock: Callable[[], datetime], zone: tzinfo, _: Clients) -> MailSender:
    host = urlsplit(token(settings, "mail")).hostname or "the relay"
    return MailSender(partial(create_smtp_client, settings), host, originator(settings), clock=clock, zone=zone)


async def check_mail(settings: Settings, clock: Callable[[], datetime], zone: tzinfo) -> list[Finding]:
    """Return whether the relay and the mailbox answer, if they are set. Nothing is sent or marked as read."""
    troubles: dict[str, str] = {}
    if settings.smtp_url:
        trouble = await sender(settings, clock, zone, {}).check()
        troubles["SMTP_URL"] = trouble.why if trouble else ""
    if settings.imap_url:
        troubles["IMAP_URL"] = ""
        try:
            await asyncio.to_thread(_open_mailbox, settings.imap_url.get_secret_value())
        except MailboxTrouble as error:
            troubles["IMAP_URL"] = str(error)
    return [
        Finding(f"mail: {name}", State.BAD if why else State.GOOD, why or "answers and accepts the login")
        for name, why in troubles.items()
    ]


def _open_mailbox(url: str) -> None:
    with opened(url):
        pass


PLATFORM: Final = Platform(sender)
