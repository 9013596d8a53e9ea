"""What the tests of mail share: a sender to a relay on loopback, and people who read mail."""

from __future__ import annotations

from datetime import UTC
from functools import partial
from typing import Any

from bot.chat.mail.message import Originator
from bot.chat.mail.sender import MailSender, create_smtp_client
from bot.config.settings import Settings
from bot.outbox.model import Channel
from tests.kit.outbox import Kit

FROM = "Our Coalition <bot@coalition.test>"
DANA = Channel("dm:dana", "mail", "dana@member.test", "Dana Reed", "dana-token")
ROSA = Channel("dm:rosa", "mail", "rosa@member.test", "Rosa Diaz", "rosa-token")


def mail_sender(kit: Kit, url: str, *, replies: bool = True, web: str = "", **settings: Any) -> MailSender:
    given = Settings(_env_file=None, smtp_url=url, mail_from=FROM, **settings)
    originator = Originator(given.mail_from, replies=replies, web=web)
    return MailSender(partial(create_smtp_client, given), "relay.test", originator, clock=kit.clock, zone=UTC)
