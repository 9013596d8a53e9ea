"""Whether the relay and the mailbox answer, for `check --online`. Nothing is sent and nothing is marked as read."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.chat.mail import inbox
from bot.chat.mail.inbox import MailboxTrouble
from bot.chat.mail.platform import sender
from bot.config.settings import Settings


async def check_mail(settings: Settings, clock: Callable[[], datetime], zone: ZoneInfo) -> list[tuple[str, str]]:
    """Return ("SMTP_URL" or "IMAP_URL", what fails, "" for nothing) for each that is set."""
    results = []
    if settings.smtp_url:
        trouble = await sender(settings, clock, zone).check()
        results.append(("SMTP_URL", trouble.why if trouble else ""))
    if settings.imap_url:
        try:
            await asyncio.to_thread(inbox.check, settings.imap_url.get_secret_value())
            results.append(("IMAP_URL", ""))
        except MailboxTrouble as error:
            results.append(("IMAP_URL", str(error)))
    return results
