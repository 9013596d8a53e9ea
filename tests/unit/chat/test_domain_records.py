"""What `check --online` says about SPF, DKIM and DMARC of a domain that sends mail, and whether a domain takes mail."""

from __future__ import annotations

import asyncio

import pytest

from bot.chat.mail import domain_records
from bot.chat.mail.domain_records import MailExchanges, check_domain
from bot.shared.answer import State
from tests.peers.dns import NameServer

SPF, DMARC = "v=spf1 include:_spf.provider.example -all", "v=DMARC1; p=quarantine; rua=mailto:x@c.test"
KEY = "v=DKIM1; k=rsa; p=MIIB"
WHOLE = {"c.test": ["google-site-verification=1", SPF], "anything._domainkey.c.test": [KEY], "_dmarc.c.test": [DMARC]}


async def findings(texts, mode="", domain="c.test"):
    async with NameServer(texts, mode).running() as resolver:
        return await check_domain(domain, resolver)


async def test_a_domain_that_has_all_three_is_good():
    spf, dkim, dmarc = await findings(WHOLE)
    assert [each.state for each in (spf, dkim, dmarc)] == [State.GOOD] * 3
    assert dmarc.sentence == "is there, p=quarantine"


async def test_what_is_missing_is_named_with_the_record_to_add():
    spf, dkim, dmarc = await findings({"www.c.test": ["x"]})
    assert [each.state for each in (spf, dkim, dmarc)] == [State.LOOK] * 3
    assert "Add a TXT record at c.test: v=spf1 include:" in spf.next_step
    assert "SELECTOR._domainkey.c.test" in dkim.next_step
    assert dmarc.next_step.startswith("Add a TXT record at _dmarc.c.test: v=DMARC1; p=none;")


@pytest.mark.parametrize(
    ("texts", "which", "sentence"),
    [
        ({"c.test": [SPF, "v=spf1 -all"]}, 0, "2 records"),
        ({"c.test": ["v=spf1 +all"]}, 0, "any server"),
        ({"c.test": ["v=spf1 all"]}, 0, "any server"),
        ({"_dmarc.c.test": [DMARC, DMARC + ";"]}, 2, "2 records"),
        ({"_dmarc.c.test": ["v=DMARC1; rua=mailto:x@c.test"]}, 2, "has no policy"),
    ],
)
async def test_a_record_that_receivers_ignore_or_misuse_is_bad(texts, which, sentence):
    finding = (await findings(texts))[which]
    assert finding.state is State.BAD
    assert sentence in finding.sentence
    assert finding.next_step


@pytest.mark.parametrize("text", ["v=spf10 -all", "v=spf1-all", "V=SPF1 -ALL", "v=spf1"])
async def test_only_a_record_that_begins_with_its_version_is_spf(text):
    (spf, *_) = await findings({"c.test": [text]})
    assert (spf.state is State.GOOD) == (text.lower().split()[0] == "v=spf1")


async def test_a_subdomain_uses_the_dmarc_record_above_it():
    dmarc = (await findings({"_dmarc.c.test": [DMARC]}, domain="mail.c.test"))[2]
    assert dmarc.sentence == "is there, p=quarantine (at c.test)"


async def test_a_server_that_denies_names_above_others_is_asked_for_the_usual_keys():
    dkim = (await findings({"selector1._domainkey.c.test": [KEY]}, "denies"))[1]
    assert dkim.state is State.GOOD


@pytest.mark.parametrize("mode", ["servfail", "silent", "garbage"])
async def test_without_an_answer_nothing_is_claimed_about_the_records(mode, monkeypatch):
    monkeypatch.setattr(domain_records, "_PATIENCE", 0.5)
    (finding,) = await findings(WHOLE, mode)
    assert finding.state is State.LOOK
    assert "could not be read" in finding.sentence


async def test_records_of_a_hostile_server_are_read_in_linear_time_and_never_shown():
    texts = {"c.test": ["v=spf1 " + " all" * 50, "\x1b[31m" + "x" * 200, *(f"v=spf1 {n}" for n in range(40))]}
    (spf, *_) = await findings(texts)
    assert spf.sentence == "there are 41 records, and receivers ignore all"


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
