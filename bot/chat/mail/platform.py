"""Mail as a platform to send to. Only people get mail, so there is no channel whose rights or readers to ask about."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, tzinfo
from functools import partial
from typing import Final
from urllib.parse import urlsplit

from bot.chat.mail import inbox
from bot.chat.mail.inbox import MailboxTrouble
from bot.chat.mail.message import Originator
from bot.chat.mail.sender import MailSender, create_smtp_client
from bot.chat.platform import Clients, Platform, token
from bot.config.settings import Settings
from bot.shared.health import Finding, State


def originator(settings: Settings) -> Originator:
    """Return who mail comes from. Needs `mail_from`."""
    assert settings.mail_from is not None
    return Originator(settings.mail_from, reads=settings.imap_url is not None, web=settings.web_url or "")


def sender(settings: Settings, clock: Callable[[], datetime], zone: tzinfo, _: Clients) -> MailSender:
    host = urlsplit(token(settings, "mail")).hostname or "the relay"
    return MailSender(partial(create_smtp_client, settings), host, originator(settings), clock=clock, zone=zone)


async def check_mail(settings: Settings, clock: Callable[[], datetime], zone: tzinfo) -> list[Finding]:
    """Return whether the relay and the mailbox answer, for each that is set.

    Nothing is sent and nothing is marked as read.
    """
    findings = []
    if settings.smtp_url:
        trouble = await sender(settings, clock, zone, {}).check()
        findings.append(_answered("SMTP_URL", trouble.why if trouble else ""))
    if settings.imap_url:
        try:
            await asyncio.to_thread(inbox.check, settings.imap_url.get_secret_value())
            findings.append(_answered("IMAP_URL", ""))
        except MailboxTrouble as error:
            findings.append(_answered("IMAP_URL", str(error)))
    return findings


def _answered(variable: str, trouble: str) -> Finding:
    return Finding(
        f"mail: {variable}", State.BAD if trouble else State.GOOD, trouble or "answers and accepts the login"
    )


PLATFORM: Final = Platform(sender)
