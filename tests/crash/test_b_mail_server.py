"""Mail against a server and a mailbox that nobody here wrote: OpenSMTPD and Dovecot, killed, greylisting, refusing."""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from functools import partial
from pathlib import Path

import pytest

from bot.chat.mail.frontend import is_wanted
from bot.chat.mail.platform import check_mail
from bot.config.settings import Settings
from bot.outbox import holds
from bot.outbox.deliver import Deliverer
from bot.outbox.model import Channel
from bot.shared.answer import State
from bot.shared.mailbox import MOST, opened, read_new
from tests.kit.mail import FROM, mail_sender
from tests.kit.mail_reader import MailReader, stop_token
from tests.kit.outbox import ADMIN
from tests.peers import mailserver
from tests.peers.need import missing

pytestmark = [pytest.mark.peer("smtpd"), pytest.mark.peer("dovecot"), pytest.mark.peer("unshare"), pytest.mark.long]
READERS = {name: Channel(f"dm:{name}", "mail", f"{name}@member.test", name.title(), f"{name}token") for name in "abcd"}


@pytest.fixture
def server():
    if os.geteuid() != 0:
        missing("a mail server of one's own is started by root")
    with tempfile.TemporaryDirectory(prefix="mail-") as folder, mailserver.running(Path(folder)) as running:
        yield running


def deliverer(kit, url, slack) -> Deliverer:
    kit.people |= {channel.name: channel for channel in READERS.values()}
    return kit.deliverer(mail_sender(kit, url), kit.slack(slack.url), channels=[ADMIN])


async def rounds(kit, deliverer, count=8, **each):
    for _ in range(count):
        await deliverer.run_once()
        kit.clock.turn(**(each or {"minutes": 10}))


def say(kit, count=5):
    """The keys of `count` mails to each reader."""
    for n in range(count):
        for reader in READERS.values():
            kit.say(f"{n}", reader)


def came(server, count=5):
    """What each reader got: subjects and Message-IDs."""
    return {name: came_to(server, name, count) for name in READERS}


async def test_a_server_that_greylists_gets_each_mail_once_and_unmarked(kit, server, slack):
    server.fail("rcpt-to", "grey")
    say(kit)
    await rounds(kit, deliverer(kit, server.smtp, slack))
    for mails in came(server).values():
        assert len(mails) == len(set(mails)) == 5
        assert not any("repeat" in subject for subject, _ in mails)


async def test_a_server_that_is_killed_and_started_again_loses_and_repeats_nothing(kit, server, slack):
    sender = deliverer(kit, server.smtp, slack)
    say(kit, 2)
    assert (await sender.run_once()).sent == 4  # one to each reader
    # A server that is killed between a mailbox and its queue delivers that mail again by itself.
    assert len(came_to(server, "[a-d]", 4)) == 4
    server.kill()
    for reader in READERS.values():
        kit.say("while it was down", reader)
    await rounds(kit, sender, 2, seconds=20)
    server.start()
    await rounds(kit, sender, 6)
    assert server.taken() == 12
    for name in READERS:
        mails = await asyncio.to_thread(different, server, name, 3)
        assert len(mails) == 3
        assert not any("repeat" in subject for subject, _ in mails)


def different(server, name, count, seconds=30):
    """The mails in a box, each once, once there are at least `count`: the relay's own repeats do not count."""
    ends = time.monotonic() + seconds
    while len(mails := set(came_to(server, name, count))) < count and time.monotonic() < ends:
        time.sleep(0.05)
    return mails


async def test_an_answer_that_is_lost_after_the_mail_was_taken_leads_to_one_marked_repeat(kit, server, slack):
    async with mailserver.swallowing(server.smtp_port, times=3) as url:
        say(kit, 2)
        await rounds(kit, deliverer(kit, url, slack))
    mails = came_to(server, "[a-d]", 8 + 3)
    repeats = [mail for mail in mails if "(may be a repeat)" in mail[0]]
    assert len(repeats) == 3
    assert len(mails) == 8 + 3
    assert len({id_ for _, id_ in mails}) == 8


async def test_a_server_that_dies_with_the_mail_in_its_hands_gets_it_again_marked(kit, server, slack):
    server.fail("commit", "hang")
    kit.say("a", READERS["a"])
    sender = deliverer(kit, server.smtp, slack)

    async def die() -> None:
        await asyncio.to_thread(server.wait_until_hung)
        await asyncio.to_thread(server.kill)

    _, report = await asyncio.gather(die(), sender.run_once())
    assert report.ambiguous == 1
    server.heal()
    server.start()
    await rounds(kit, sender, 3)
    ((subject, _),) = came_to(server, "a", 1)
    assert subject.endswith("(may be a repeat)")


def came_to(server, name, count):
    return [(str(mail["Subject"]), str(mail["Message-ID"])) for mail in server.mails(name, count)]


async def test_an_address_that_the_server_refuses_is_put_on_hold_and_reported_once(kit, server, slack):
    server.fail("rcpt-to", "550 5.1.1 no such user", 1)
    kit.say("a", READERS["a"])
    await rounds(kit, deliverer(kit, server.smtp, slack), 4)
    assert [hold.scope for hold in holds.all_holds(kit.db)] == ["channel:mail:a"]
    assert len(slack.visible("C0ADMIN")) == 1
    assert server.mails("a", 1, seconds=0) == []


async def test_check_online_says_whether_the_server_and_the_mailbox_answer(server):
    async def check(**settings):
        given = {"smtp_url": server.smtp, "mail_from": FROM, "imap_url": server.imap} | settings
        return await check_mail(Settings(_env_file=None, **given), lambda: datetime.now(UTC), UTC)

    assert [(finding.subject, finding.state) for finding in await check()] == [
        ("mail: SMTP_URL", State.GOOD),
        ("mail: IMAP_URL", State.GOOD),
    ]
    smtp, imap = await check(smtp_url="smtp://127.0.0.1:1", imap_url=server.imap.replace("secret", "wrong"))
    assert "refused the connection" in smtp.sentence
    assert "refuses the user name, the password or the folder" in imap.sentence
    assert await asyncio.to_thread(server.unread, 0) == 0


def mail_to(tag, subject, **headers):
    message = EmailMessage()
    to = f"bot{tag}@coalition.test"
    for name, value in {"From": "rosa@polaris.test", "To": to, "Subject": subject}.items():
        message[name] = value
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content("SIGN")
    return message, to


async def test_a_bounce_comes_back_to_the_mailbox_and_is_reported(server, tmp_path):
    """The server takes the mail, cannot deliver it, and reports that to the envelope's sender, in its own form.

    That is code 5.3.0, without a word on the mailbox: its program for delivering ended abnormally.
    """
    post = await asyncio.to_thread(MailReader, tmp_path, address="rosa@gone.test", imap_url=server.imap)
    await asyncio.to_thread(post.confirmed)
    await asyncio.to_thread(post.desk.opened)
    sent = (await asyncio.to_thread(post.mails))[-1]
    await asyncio.to_thread(server.send, message_from_bytes(sent.data, policy=default), sent.sender, sent.recipient)
    assert await asyncio.to_thread(server.unread, 1) == 1
    await post.frontend.look()
    assert holds.all_holds(post.desk.db) == []
    assert post.told()[-1] == "An email to Rosa Diaz was refused (5.3.0)"
    assert await asyncio.to_thread(server.unread, 0) == 0


async def test_stopping_goes_through_a_real_mailbox_and_nothing_else_does(server, tmp_path):
    post = await asyncio.to_thread(MailReader, tmp_path, imap_url=server.imap)
    await asyncio.to_thread(post.confirmed)
    await asyncio.to_thread(post.desk.opened)
    sent = (await asyncio.to_thread(post.mails))[-1]
    passed = "mx.coalition.test; dkim=pass header.d=polaris.test"
    for message, to in (
        mail_to("", "Re: it", In_Reply_To=sent.id, Authentication_Results=passed),
        mail_to("+u", stop_token(sent)),
        mail_to("+u", "Away", Auto_Submitted="auto-replied"),
    ):
        await asyncio.to_thread(server.send, message, "rosa@polaris.test", to)
    assert await asyncio.to_thread(server.unread, 3) == 3
    await post.frontend.look()
    assert post.desk.db.read("SELECT * FROM signature") == []
    assert post.mine.unsubscribed_at
    assert await asyncio.to_thread(server.unread, 1) == 1  # the reply, which a person has to read


async def test_a_mail_that_cannot_be_handled_stays_unread_and_holds_up_no_other(server):
    for tag, subject in (("+b-1", "First"), ("+u", "Second")):
        message, to = mail_to(tag, subject)
        await asyncio.to_thread(server.send, message, "rosa@polaris.test", to)
    assert await asyncio.to_thread(server.unread, 2) == 2

    def handle(data: bytes) -> None:
        if b"Subject: First" in data:
            raise OSError("a disk that is full")
        handled.append(data)

    handled: list[bytes] = []
    places = [""]
    for _ in range(3):
        look = partial(read_new, server.imap, "bot@coalition.test", is_wanted, handle)
        await asyncio.to_thread(partial(look, after=places[-1], save=places.append))
    assert len(handled) == 1
    assert await asyncio.to_thread(server.unread, 1) == 1
    await asyncio.to_thread(
        read_new, server.imap, "bot@coalition.test", is_wanted, handled.append, after=places[-1], save=places.append
    )
    assert [b"Subject: First" in data for data in handled] == [False, True]


@pytest.mark.parametrize("is_first_look", [False, True])
async def test_a_mail_that_a_person_read_first_is_handled_all_the_same(server, is_first_look):
    """Only at the very first look are the read ones left: nobody can tell which were handled."""
    places, handled = [""], []

    async def look():
        read = partial(read_new, server.imap, "bot@coalition.test", is_wanted, handled.append)
        await asyncio.to_thread(partial(read, after=places[-1], save=places.append))

    if not is_first_look:
        await look()
    message, to = mail_to("+u", "Stop")
    await asyncio.to_thread(server.send, message, "rosa@polaris.test", to)
    assert await asyncio.to_thread(server.unread, 1) == 1
    with opened(server.imap, "bot@coalition.test") as box:
        box.mark_read(box.search("UNSEEN")[-1])
    for _ in range(2):
        await look()
    assert len(handled) == (0 if is_first_look else 1)
    saved = len(places)
    await look()
    assert len(places) == saved  # nothing came, so nothing is written


async def test_behind_a_flood_of_mail_an_unsubscription_is_handled_without_waiting_for_the_next_minute(
    server, tmp_path
):
    post = await asyncio.to_thread(MailReader, tmp_path, imap_url=server.imap)
    await asyncio.to_thread(post.confirmed)
    await asyncio.to_thread(post.desk.opened)
    await asyncio.to_thread(server.flood, "Junk", MOST)
    message, to = mail_to("+u", stop_token((await asyncio.to_thread(post.mails))[-1]))
    await asyncio.to_thread(server.send, message, "rosa@polaris.test", to)
    assert await asyncio.to_thread(server.unread, MOST + 1) == MOST + 1

    looks = [await post.frontend.look() for _ in range(3)]

    assert post.mine.unsubscribed_at
    assert looks == [True, False, False]


async def test_of_a_mail_that_nobody_waits_for_only_the_addresses_are_read(server):
    large, to = mail_to("+newsletter", "Large")
    large.add_attachment(b"x" * 1_500_000, maintype="application", subtype="octet-stream", filename="x")
    await asyncio.to_thread(server.send, large, "rosa@polaris.test", to)
    assert await asyncio.to_thread(server.unread, 1) == 1
    handled: list[bytes] = []
    with opened(server.imap, "bot@coalition.test") as box:
        uid = box.search("UNSEEN")[-1]
        envelope = box.look(uid)
        assert (envelope.tags, envelope.size > 1_500_000) == ({"newsletter"}, True)
    await asyncio.to_thread(read_new, server.imap, "bot@coalition.test", is_wanted, handled.append)
    assert handled == []
    assert await asyncio.to_thread(server.unread, 1) == 1
