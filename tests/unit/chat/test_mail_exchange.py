"""Whether a domain takes mail: only a certain no is a no, and no number of questions holds up others."""

from __future__ import annotations

import asyncio

import pytest

from bot.chat.mail.domain_records import MailExchanges
from tests.peers.dns import NameServer

RECORDS = {
    ("MX", "mx.test"): ["10 mail.mx.test."],
    ("MX", "null.test"): ["0 ."],
    ("A", "address.test"): ["192.0.2.1"],
    ("AAAA", "six.test"): ["2001:db8::1"],
    ("TXT", "neither.test"): ['"v=spf1 -all"'],
}


@pytest.mark.parametrize(
    ("domain", "takes"),
    [
        ("mx.test", True),
        ("address.test", True),
        ("six.test", True),
        ("null.test", False),
        ("neither.test", False),
        ("made-up.test", False),
        (f"{'x' * 70}.test", False),
        ("a..test", False),
    ],
)
async def test_a_domain_takes_mail_if_it_has_a_server_for_it_or_an_address(domain, takes):
    async with NameServer({}, others=RECORDS).running() as resolver:
        assert await MailExchanges(lambda: 0.0, resolver).takes_mail(domain) is takes


@pytest.mark.parametrize("mode", ["silent", "servfail", "garbage"])
async def test_where_no_name_server_knows_nobody_is_refused(mode):
    async with NameServer({}, mode, others=RECORDS).running() as resolver:
        resolver.lifetime = 0.2
        assert await MailExchanges(lambda: 0.0, resolver).takes_mail("made-up.test")


async def test_an_answer_is_remembered_for_ten_minutes():
    now = 0.0
    server = NameServer({}, others=RECORDS)
    async with server.running() as resolver:
        exchanges = MailExchanges(lambda: now, resolver)
        for _ in range(3):
            assert not await exchanges.takes_mail("made-up.test")
        assert server.asked.count("made-up.test") == 1
        now = 601.0
        await exchanges.takes_mail("made-up.test")
        assert server.asked.count("made-up.test") == 2


async def test_beyond_eight_questions_at_once_nobody_waits():
    server = NameServer({}, "silent")
    async with server.running() as resolver:
        exchanges = MailExchanges(lambda: 0.0, resolver)
        slow = [asyncio.create_task(exchanges.takes_mail(f"slow{n}.test")) for n in range(8)]
        await asyncio.sleep(0)
        assert await exchanges.takes_mail("another.test")
        assert "another.test" not in server.asked
        assert not any(each.done() for each in slow)
        for each in slow:
            each.cancel()
        await asyncio.gather(*slow, return_exceptions=True)
