"""Bulletins from a real mailbox: what is proven comes once, and everything else waits for a person."""

from __future__ import annotations

import asyncio
import os
import smtplib
import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from bot.chat.mail.domain_records import text_record
from bot.config.feeds import SourceConfig
from bot.shared.answer import Fetched, FetchFailed, Health, NotModified
from bot.sources.mail import proof, source
from bot.sources.mail.source import Inbox
from tests.kit import signed_mail
from tests.kit.bulletins import BULLETINS, Bulletin
from tests.kit.signed_mail import DOMAIN, SENDER, dns, message
from tests.kit.source_reader import SourceReader
from tests.kit.web_face import KEYRING
from tests.peers import mailserver
from tests.peers.dns import NameServer
from tests.peers.feedserver import rss, serving
from tests.peers.need import missing

pytestmark = [pytest.mark.peer("smtpd"), pytest.mark.peer("dovecot"), pytest.mark.peer("unshare"), pytest.mark.long]
DIGEST, RELEASE = BULLETINS[0], next(each for each in BULLETINS if each.name == "a release of one line")
GIVEN = {"bills": (), "laws": (), "sources": ()}
LINK = "https://public.govdelivery.com/accounts/USDOJ/subscriber/confirm?id=Ab12&email=bot%40coalition.test"
CONFIRM = Bulletin(
    "confirm", "Please confirm your email", (), html=f"<p><a href='{LINK}'>Confirm your subscription</a></p>"
)


@pytest.fixture
def server():
    if os.geteuid() != 0:
        missing("a mail server of one's own is started by root")
    with tempfile.TemporaryDirectory(prefix="mail-") as folder, mailserver.running(Path(folder)) as running:
        yield running


class Subscriber(SourceReader):
    """A source that reads the mailbox of a real server; a name server on loopback has the key of its mailer."""

    def __init__(self, server, feeds, mail, names, **settings):
        super().__init__(feeds, datetime.now(UTC))
        self._mail, self.names, self._came = mail, names, 0
        self.inbox = Inbox(mail.imap, "bot@coalition.test", KEYRING, self._look_up)
        self.adapter = self.make(**settings)

    async def _look_up(self, name):
        async with self.names.running() as resolver:
            return await text_record(name, resolver)

    def make(self, id_="justice", **settings):
        config = SourceConfig.model_validate({"kind": "mail", "name": "Justice", "senders": [SENDER], **settings})
        return config.adapter(id_, config.url, self.fetcher, inbox=self.inbox, **GIVEN)

    def write(self, bulletin=DIGEST, **headers):
        """A bulletin of now to the source's address."""
        headers = {"Date": format_datetime(self.now), "to": self.adapter.mailbox, **headers}
        return message(bulletin, **headers).as_bytes()

    async def deliver(self, data, to=""):
        def send():
            with smtplib.SMTP("127.0.0.1", self._mail.smtp_port, timeout=30) as client:
                client.sendmail("bounce@govdelivery.test", [to or self.adapter.mailbox], data)

        await asyncio.to_thread(send)
        self._came += 1
        assert await asyncio.to_thread(self._mail.unread, self._came) == self._came

    async def poll(self):
        answer = await self.ask(self.adapter)
        self.now += timedelta(minutes=15)
        return answer


@pytest.fixture
async def justice(server):
    async with serving() as feeds:
        names = NameServer({name: [record] for name, record in dns().items()})
        reader = Subscriber(server, feeds, server, names)
        yield reader
        await reader.fetcher.close()


def signed(data, domain=DOMAIN):
    """The mail as its sender signs it now: the real server stamps when it came, and an old signature is a replay."""
    return signed_mail.signed(data, domain, at=datetime.now(UTC))


def titles(answer):
    return [entry.title for entry in answer.entries]


async def test_a_bulletin_comes_once_and_what_is_not_proven_waits_for_a_person(justice):
    answer = await justice.poll()
    assert (answer.health, answer.detail) == (Health.WAITING, "no email has come to its address yet")
    await justice.deliver(signed(justice.write(CONFIRM)))
    answer = await justice.poll()
    assert (answer.health, answer.entries) == (Health.WAITING, ())
    assert f"“Please confirm your email” from {SENDER}" in answer.detail
    assert answer.detail.endswith(f"open {LINK}")

    bulletin = signed(justice.write(DIGEST))
    await justice.deliver(bulletin)
    answer = await justice.poll()
    assert answer.health is Health.OK
    assert titles(answer) == [title for title, _, _ in DIGEST.items]
    assert [entry.url for entry in answer.entries] == [url for _, url, _ in DIGEST.items]
    assert isinstance(await justice.poll(), NotModified)
    await justice.deliver(bulletin)  # the very same bytes once more
    answer = await justice.poll()
    assert (answer.health, answer.entries) == (Health.OK, ())

    await justice.deliver(justice.write(RELEASE))
    answer = await justice.poll()
    assert (answer.health, answer.entries, answer.broken) == (Health.WAITING, (), 1)
    assert answer.detail == f"1 email left out, the last: it has no signature of {DOMAIN}"
    assert (await justice.poll()).health is Health.WAITING  # nothing new, and it still waits
    await justice.deliver(signed(justice.write(RELEASE)))
    answer = await justice.poll()
    assert (answer.health, titles(answer)) == (Health.OK, [RELEASE.subject])


async def test_another_sender_of_the_same_mailer_waits_until_a_person_adds_it(justice):
    other = Bulletin("other", "City Council News", (), html="<p>Potholes</p>", sender=f"city@{DOMAIN}")
    await justice.deliver(signed(justice.write(other, List_Id="City <city.list.example>")))
    answer = await justice.poll()
    assert (answer.health, answer.entries) == (Health.WAITING, ())
    assert f"city@{DOMAIN} (list city.list.example)" in answer.detail
    justice.adapter = justice.make(senders=["city.list.example"], domains=[DOMAIN])
    await justice.deliver(signed(justice.write(other, List_Id="City <city.list.example>")))
    assert titles(await justice.poll()) == ["City Council News"]


async def test_what_a_mailer_writes_to_a_subscriber_brings_no_news_and_is_not_left_out_silently(justice):
    welcome = Bulletin("welcome", "Welcome to Human Trafficking Prevention Month", (), html="<p>See our new fund.</p>")
    await justice.deliver(signed(justice.write(welcome)))
    answer = await justice.poll()
    assert (answer.health, answer.entries, answer.broken) == (Health.WAITING, (), 1)
    assert f"“{welcome.subject}” from {SENDER} seems to be about the subscription" in answer.detail
    await justice.deliver(signed(justice.write(welcome)))
    await justice.deliver(signed(justice.write()))
    answer = await justice.poll()
    assert (answer.health, len(answer.entries), answer.broken) == (Health.OK, len(DIGEST.items), 1)
    assert answer.detail.startswith("1 email left out")


async def test_mail_to_another_address_and_mail_that_is_too_large_is_not_read(justice):
    await justice.poll()
    for to in ("bot@coalition.test", "bot+s-aaaaaaaaaaaaaaaaaaaaaaaaaa@coalition.test", justice.make("other").mailbox):
        await justice.deliver(signed(justice.write(to=to)), to)
    assert (await justice.poll()).health is Health.WAITING
    await justice.deliver(signed(justice.write(Bulletin("x", "Large", (), text="x\n" * 1_100_000, cte="7bit"))))
    answer = await justice.poll()
    assert answer.detail == "1 email left out, the last: it is larger than 2 MB"


async def test_a_flood_of_strangers_mail_delays_no_bulletin(justice, monkeypatch):
    await justice.poll()
    monkeypatch.setattr(source, "_MOST_LOOKS", 3)
    for number in range(5):
        await justice.deliver(justice.write(to=f"bot+s-{number}@coalition.test"), "bot@coalition.test")
    await justice.deliver(signed(justice.write()))
    assert len((await justice.poll()).entries) == len(DIGEST.items)
    assert isinstance(await justice.poll(), NotModified)


async def test_a_stranger_s_mail_whose_addresses_nobody_can_read_delays_no_bulletin(justice):
    await justice.deliver(b"To: " + b"(" * 900 + b"\r\n\r\n", "bot@coalition.test")
    await justice.deliver(signed(justice.write()))
    assert len((await justice.poll()).entries) == len(DIGEST.items)


async def test_a_day_of_a_department_is_read_at_one_poll_and_more_than_fits_comes_with_the_next(justice, monkeypatch):
    await justice.poll()
    for number in range(25):
        await justice.deliver(signed(justice.write(Bulletin("n", f"Release number {number}", (), text="Words."))))
    assert len((await justice.poll()).entries) == 25
    monkeypatch.setattr(source, "_MOST_BYTES", 1)
    for number in range(25, 27):
        await justice.deliver(signed(justice.write(Bulletin("n", f"Release number {number}", (), text="Words."))))
    assert [titles(await justice.poll()) for _ in range(2)] == [["Release number 25"], ["Release number 26"]]


async def test_a_new_address_ends_the_old_one(justice):
    before = justice.adapter.mailbox
    justice.adapter = justice.make(address=2)
    await justice.deliver(signed(justice.write(to=before)), before)
    assert titles(await justice.poll()) == []
    await justice.deliver(signed(justice.write(RELEASE)))
    assert titles(await justice.poll()) == [RELEASE.subject]


async def test_nothing_is_lost_while_no_name_server_or_no_mailbox_answers(justice):
    await justice.poll()
    await justice.deliver(signed(justice.write()))
    justice.names.mode = "servfail"
    answer = await justice.poll()
    assert (answer.health, answer.detail) == (
        Health.UNREACHABLE, "no name server answers, so no signature can be checked"
    )  # fmt: skip
    justice.names.mode = ""
    adapter, inbox = justice.adapter, justice.inbox
    justice.inbox = Inbox("imap://bot:wrong@127.0.0.1:9/INBOX", inbox.ours, KEYRING, inbox.look_up)
    justice.adapter = justice.make()
    answer = await justice.poll()
    assert isinstance(answer, FetchFailed)
    assert "wrong" not in answer.detail
    justice.adapter = adapter
    assert len((await justice.poll()).entries) == len(DIGEST.items)


async def test_one_key_that_no_name_server_has_holds_back_its_own_mail_alone(justice):
    await justice.poll()
    lame, names = "sel1._domainkey.lists.public.govdelivery.com", dict(justice.names.texts)

    async def look_up(name):
        return None if name == lame and lame not in justice.names.texts else await justice._look_up(name)

    justice.inbox = replace(justice.inbox, look_up=look_up)
    justice.adapter = justice.make(domains=["govdelivery.com"])
    await justice.deliver(signed(justice.write(RELEASE), "lists.public.govdelivery.com"))
    await justice.deliver(signed(justice.write()))
    answer = await justice.poll()
    assert titles(answer) == [title for title, _, _ in DIGEST.items]
    assert (answer.health, answer.detail) == (
        Health.UNREACHABLE, "1 email not read: no name server answers for the key of the signature"
    )  # fmt: skip
    assert (await justice.poll()).health is Health.UNREACHABLE
    justice.names.texts = {**names, lame: next(iter(names.values()))}
    answer = await justice.poll()
    assert (titles(answer), answer.health) == ([RELEASE.subject], Health.OK)
    assert isinstance(await justice.poll(), NotModified)


async def test_a_mail_whose_key_no_name_server_has_for_two_weeks_is_left_out(justice):
    await justice.poll()
    await justice.deliver(signed(justice.write()))
    justice.names.mode = "servfail"
    justice.now += proof.OLDEST
    answer = await justice.poll()
    assert (answer.health, answer.broken) == (Health.WAITING, 1)
    assert "no name server has had the key of its signature" in answer.detail


async def test_a_newsroom_whose_feed_is_closed_is_read_by_mail_and_nothing_comes_twice(justice):
    feed = justice.server.url("/rss")
    mail = {"kind": "mail", "senders": [SENDER]}
    config = SourceConfig.model_validate({"kind": "feed", "name": "Justice", "url": feed, "fallbacks": [mail]})
    newsroom = config.adapter("justice", feed, justice.fetcher, inbox=justice.inbox, **GIVEN)
    items = [
        {"title": title, "link": f"{url}{'&' if '?' in url else '?'}utm_source=rss"} for title, url, _ in DIGEST.items
    ]
    justice.server.say("/rss", rss(*items[:2]))
    first = await justice.ask(newsroom)
    assert (first.health, "mail: waits for a person" in first.detail, len(first.entries)) == (Health.OK, True, 2)
    justice.server.say("/rss", "Access denied", status=403)
    await justice.deliver(signed(justice.write()))
    answer = await justice.ask(newsroom)
    assert isinstance(answer, Fetched)
    assert (answer.health, titles(answer)) == (Health.DETOUR, [DIGEST.items[2][0]])
    assert answer.detail.endswith("read instead: mail")
    justice.server.say("/rss", rss(*items))
    again = await justice.ask(newsroom)
    assert (again.health, titles(again)) == (Health.OK, [])


async def test_the_address_that_only_the_mailer_knows_is_in_no_entry(justice):
    address = justice.adapter.mailbox
    await justice.poll()
    told = Bulletin(
        "told",
        "Grants Open for Shelters of Survivors",
        (),
        html=f"<h2>Grants Open for Shelters of Survivors</h2><p>Sent to {address} today: apply by May.</p>"
        f"<p><a href='https://www.justice.gov/grants?to={address}'>Read more</a></p>",
    )
    await justice.deliver(signed(justice.write(told)))
    (entry,) = (await justice.poll()).entries
    assert "apply by May" in entry.summary
    assert address.partition("@")[0].partition("+")[2] not in f"{entry.title} {entry.summary} {entry.url}"
