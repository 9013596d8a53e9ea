"""What the tests of mail share: a sender to a relay on loopback, and people who read mail."""

from __future__ import annotations

from datetime import UTC
from functools import partial
from typing import Any

from bot.chat.mail.message import Originator
from bot.chat.mail.platform import MailSender, create_smtp_client
from bot.config.settings import Settings
from bot.outbox.model import Channel
from bot.shared.keyring import Keyring
from tests.kit.outbox import Kit

FROM = "Our Coalition <bot@coalition.test>"
KEYRING = Keyring(b"a key of the tests")
DANA = Channel("dm:dana", "mail", "dana@member.test", "Dana Reed", "danatoken", keyring=KEYRING)
ROSA = Channel("dm:rosa", "mail", "rosa@member.test", "Rosa Diaz", "rosatoken", keyring=KEYRING)


def mail_sender(kit: Kit, url: str, *, reads: bool = True, web: str = "", **settings: Any) -> MailSender:
    given = Settings(_env_file=None, smtp_url=url, mail_from=FROM, **settings)
    originator = Originator(given.mail_from, reads=reads, web=web)
    return MailSender(partial(create_smtp_client, given), "relay.test", originator, clock=kit.clock, zone=UTC)
