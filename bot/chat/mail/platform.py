"""Mail as a platform to send to. Only people get mail, so there is no channel whose rights or readers to ask about."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, tzinfo
from functools import partial
from typing import Final
from urllib.parse import urlsplit

from bot.chat.mail.message import Originator
from bot.chat.mail.sender import MailSender, create_smtp_client
from bot.chat.platform import Platform, token
from bot.config.settings import Settings


def originator(settings: Settings) -> Originator:
    """Return who mail comes from. Needs `mail_from`."""
    assert settings.mail_from is not None
    return Originator(settings.mail_from, replies=settings.imap_url is not None, web=settings.web_url or "")


def sender(settings: Settings, clock: Callable[[], datetime], zone: tzinfo) -> MailSender:
    host = urlsplit(token(settings, "mail")).hostname or "the relay"
    return MailSender(partial(create_smtp_client, settings), host, originator(settings), clock=clock, zone=zone)


MAIL: Final = Platform(sender)
