"""B13 to B18: whatever a mail relay answers, or fails to answer."""

from __future__ import annotations

import asyncio
import ssl
from contextlib import nullcontext
from email.utils import getaddresses
from functools import partial

import pytest
import trustme
from aiosmtpd.smtp import AuthResult

from bot.commands.model import Job
from bot.ops.restore import reconcile
from bot.outbox import holds
from bot.outbox.deliver import Deliverer
from bot.outbox.model import Channel
from bot.shared.mailbox import MailboxTrouble, read_new
from tests.kit.alerts import campaign
from tests.kit.mail import DANA, KEYRING, ROSA, mail_sender
from tests.kit.outbox import ADMIN, deadline_after_a_fault
from tests.peers.smtp import Relay


@pytest.fixture
async def relay():
    async with Relay().running() as peer:
        yield peer


@pytest.fixture
def deliverer(kit, relay, slack) -> Deliverer:
    kit.people |= {DANA.name: DANA, ROSA.name: ROSA}
    kit.people |= {"mail:dana": Channel("mail:dana", "mail", DANA.address, DANA.person, DANA.token)}
    sender = mail_sender(kit, relay.url)
    return kit.deliverer(sender, kit.slack(slack.url), channels=[ADMIN], timer=deadline_after_a_fault(relay))


async def test_b13_a_mail_that_the_relay_took_is_sent_once(kit, relay, deliverer):
    kit.say("a", DANA)
    assert (await deliverer.run_once()).sent == 1
    assert (await deliverer.run_once()).sent == 0
    (mail,) = relay.mails
    assert mail["To"] == "Dana Reed <dana@member.test>"
    mark = mail["Message-ID"].strip("<>").partition("@")[0]
    signed = f"bot+b-{KEYRING.sign('bounce', mark)}@coalition.test"
    assert relay.envelopes == [(signed, ["dana@member.test"])]
    assert kit.row("a")["ref"] == mail["Message-ID"]


@pytest.mark.parametrize("step", ["mail", "rcpt", "data"])
@pytest.mark.parametrize("kind", ["451 4.7.1 Greylisted, come back later", "421 4.3.2 Shutting down"])
async def test_b14_an_answer_of_4xx_waits_and_is_tried_again(kit, relay, deliverer, step, kind):
    relay.fail(step, kind, times=1)
    kit.say("a", DANA)
    assert (await deliverer.run_once()).retried == 1
    assert relay.mails == []
    kit.clock.turn(seconds=7)
    assert (await deliverer.run_once()).sent == 1
    assert len(relay.mails) == 1
    assert "repeat" not in relay.subjects()[0]


@pytest.mark.parametrize("step", ["connect", "mail", "rcpt"])
async def test_b14_a_connection_that_breaks_before_the_mail_is_no_doubt(kit, relay, deliverer, step):
    relay.fail(step, "drop", times=1)
    kit.say("a", DANA)
    assert (await deliverer.run_once()).retried == 1
    kit.clock.turn(seconds=7)
    assert (await deliverer.run_once()).sent == 1
    assert "repeat" not in relay.subjects()[0]


async def test_b14_a_relay_that_is_not_there_waits(kit, relay, slack):
    kit.people[DANA.name] = DANA
    deliverer = kit.deliverer(mail_sender(kit, "smtp://127.0.0.1:1"), kit.slack(slack.url), channels=[ADMIN])
    kit.say("a", DANA)
    assert (await deliverer.run_once()).retried == 1


@pytest.mark.parametrize("kind", ["drop-after", "hang-after"])
async def test_b15_without_an_answer_after_the_mail_the_repeat_is_marked_and_has_the_same_id(
    kit, relay, deliverer, kind
):
    relay.fail("data", kind, times=1)
    kit.say("a", DANA)
    assert (await deliverer.run_once()).ambiguous == 1
    kit.clock.turn(seconds=7)
    assert (await deliverer.run_once()).sent == 1
    first, second = relay.mails
    assert first["Message-ID"] == second["Message-ID"]
    assert "(may be a repeat)" not in first["Subject"]
    assert second["Subject"].endswith("(may be a repeat)")
    assert "(may be a repeat)" in second.get_body(("plain",)).get_content()


async def test_b15_a_relay_that_never_answers_gets_a_mail_twice_and_then_a_person_decides(kit, relay, deliverer, slack):
    relay.fail("data", "drop-after")
    kit.say("a", DANA)
    for _ in range(6):
        await deliverer.run_once()
        kit.clock.turn(minutes=40)
    assert len(relay.mails) == 2
    assert kit.states()["a"] == "dead"
    assert "could not be delivered" in slack.visible("C0ADMIN")[0]
    assert "dana@" not in str(slack.messages)


@pytest.mark.parametrize("kind", ["550 5.1.1 <dana@member.test>: no such user", "553 no such mailbox"])
async def test_b16_a_mailbox_that_does_not_exist_is_put_on_hold_and_reported_once(
    kit, relay, deliverer, slack, caplog, kind
):
    relay.fail("rcpt", kind, times=1)
    kit.say("a", DANA)
    kit.say("b", DANA)
    await deliverer.run_once()
    kit.say("c", ROSA)
    for _ in range(4):
        await deliverer.run_once()
        kit.clock.turn(hours=2)
    assert relay.steps["rcpt"] == 2
    assert [getaddresses([mail["To"]])[0][1] for mail in relay.mails] == ["rosa@member.test"]
    assert [text for text in slack.visible("C0ADMIN") if "Email to" in text] == slack.visible("C0ADMIN")
    assert len(slack.visible("C0ADMIN")) == 1
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("bot")]  # the relay logs too
    assert "dana@" not in str(slack.messages) + str(ours) + str(kit.db.read("SELECT * FROM hold"))


async def test_b16_a_mailbox_that_a_stranger_made_up_on_a_public_page_is_held_and_reported_to_nobody(
    kit, relay, deliverer, slack
):
    relay.fail("rcpt", "550 5.1.1 no such user", times=1)
    kit.people["mail:reader"] = Channel("mail:reader", "mail", "made.up@member.test", "a subscriber", unproven=True)
    kit.say("a", kit.people["mail:reader"])
    for _ in range(3):
        await deliverer.run_once()
    assert holds.is_held(kit.db, "mail:reader")
    assert slack.visible("C0ADMIN") == []


async def test_b16_an_address_that_is_set_again_gets_what_waited(kit, relay, deliverer):
    relay.fail("rcpt", "550 5.1.1 unknown", times=1)
    kit.say("a", DANA)
    await deliverer.run_once()
    with kit.db.write() as tx:
        holds.release(tx, "channel:mail:dana")
    kit.clock.turn(minutes=1)
    assert (await deliverer.run_once()).sent >= 1
    assert len(relay.mails) == 1


@pytest.mark.parametrize(
    ("step", "kind"),
    [
        ("rcpt", "552 5.2.2 mailbox full"),
        ("rcpt", "550 5.4.5 Daily user sending limit exceeded"),
        ("data", "550 5.4.5 Daily user sending limit exceeded"),
        ("rcpt", "550 5.1.90 you've reached your daily limit for message recipients"),
    ],
)
async def test_b17_a_full_mailbox_may_have_room_tomorrow_and_so_may_a_limit_for_the_day(
    kit, relay, deliverer, step, kind
):
    relay.fail(step, kind, times=1)
    kit.say("a", DANA)
    assert (await deliverer.run_once()).retried == 1
    assert holds.all_holds(kit.db) == []


@pytest.mark.parametrize(
    ("step", "kind"),
    [
        ("data", "554 5.6.0 spam"),
        ("rcpt", "550 5.7.1 relaying denied"),
        ("rcpt", "554 5.3.0 something broke here"),
        ("rcpt", "552 5.3.4 too large"),
        ("rcpt", "503 need MAIL before RCPT"),
    ],
)
async def test_b17_a_refused_mail_is_given_up_and_the_next_one_is_sent(kit, relay, deliverer, slack, step, kind):
    relay.fail(step, kind, times=1)
    kit.say("a", DANA)
    kit.say("b", DANA)
    await deliverer.run_once()
    assert kit.states()["a"] == "dead"
    assert holds.all_holds(kit.db) == []
    await deliverer.run_once()
    assert kit.states()["b"] == "sent"


@pytest.mark.parametrize(
    ("step", "kind"), [("mail", "550 5.7.1 not your address"), ("rcpt", "550 5.1.8 Access denied, bad outbound sender")]
)
async def test_b18_a_sender_that_the_relay_refuses_stops_all_mail_until_it_is_fixed(
    kit, relay, deliverer, slack, step, kind
):
    relay.fail(step, kind)
    kit.say("a", DANA)
    kit.say("b", ROSA)
    await deliverer.run_once()
    await deliverer.run_once()
    assert relay.steps[step] == 1
    assert "Mail does not let the bot post" in slack.visible("C0ADMIN")[0]
    relay.heal()
    kit.clock.turn(minutes=25)
    await deliverer.run_once()
    kit.clock.turn(minutes=1)
    await deliverer.run_once()
    assert len(relay.mails) == 2


async def test_b18_a_password_that_the_relay_refuses_stops_all_mail(kit, slack):
    def refuse(*_):
        return AuthResult(success=False, handled=False)

    kit.people[DANA.name] = DANA
    async with Relay().running(auth_require_tls=False, authenticator=refuse) as relay:
        url = relay.url.replace("smtp://", "smtp://user:wrong@")
        deliverer = kit.deliverer(mail_sender(kit, url), kit.slack(slack.url), channels=[ADMIN])
        kit.say("a", DANA)
        await deliverer.run_once()
        await deliverer.run_once()
    assert "Mail does not let the bot post" in slack.visible("C0ADMIN")[0]
    assert "wrong" not in str(slack.messages)


async def test_b18_a_relay_that_refuses_every_connection_stops_all_mail_and_loses_none(kit, slack):
    kit.people |= {DANA.name: DANA, ROSA.name: ROSA}

    async def refuse(_reader, writer):
        writer.write(b"554 5.7.1 your address is on a list\r\n")
        writer.close()

    async with await asyncio.start_server(refuse, "127.0.0.1", 0) as server:
        url = f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        deliverer = kit.deliverer(mail_sender(kit, url), kit.slack(slack.url), channels=[ADMIN])
        kit.say("a", DANA)
        kit.say("b", ROSA)
        await deliverer.run_once()
        await deliverer.run_once()
    states = kit.states()
    assert sorted((states["a"], states["b"])) == ["pending", "retry"]
    assert "Mail does not let the bot post" in slack.visible("C0ADMIN")[0]


async def test_b18_many_readers_share_a_few_connections(kit, relay, slack):
    for n in range(20):
        kit.people[f"dm:{n}"] = reader = Channel(f"dm:{n}", "mail", f"p{n}@member.test", f"P {n}", f"t{n}")
        kit.say(f"m{n}", reader)
    deliverer = kit.deliverer(mail_sender(kit, relay.url), kit.slack(slack.url), channels=[ADMIN])
    assert (await deliverer.run_once()).sent == 20
    assert len({mail["Message-ID"] for mail in relay.mails}) == 20


@pytest.mark.parametrize("vouched", [False, True])
async def test_b7_a_mailbox_whose_certificate_nobody_vouches_for_gets_no_password(monkeypatch, tmp_path, vouched):
    authority, context, lines = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), []
    authority.issue_cert("127.0.0.1").configure_cert(context)
    if vouched:
        authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))

    async def serve(reader, writer):
        writer.write(b"* OK ready\r\n")
        while line := await reader.readline():
            lines.append(line.decode())
            writer.write(f"* CAPABILITY IMAP4rev1\r\n{line.split()[0].decode()} OK done\r\n".encode())

    async with await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context) as server:
        port = server.sockets[0].getsockname()[1]
        look = partial(read_new, f"imaps://bot:secret@127.0.0.1:{port}", "bot@coalition.test", bool, lines.append)
        with nullcontext() if vouched else pytest.raises(MailboxTrouble, match=r"certificate of 127\.0\.0\.1"):
            await asyncio.to_thread(look)
    assert any("secret" in line for line in lines) == vouched


async def test_b7_a_mailbox_that_breaks_off_refuses_no_password():
    async def serve(reader, writer):
        writer.write(b"* OK ready\r\n")
        while b"LOGIN" not in (line := await reader.readline()):
            writer.write(f"* CAPABILITY IMAP4rev1\r\n{line.split()[0].decode()} OK done\r\n".encode())
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        url = f"imap://bot:secret@127.0.0.1:{server.sockets[0].getsockname()[1]}"
        with pytest.raises(MailboxTrouble, match="does not answer"):
            await asyncio.to_thread(read_new, url, "bot@coalition.test", bool, print)


async def test_b15_mail_that_waits_in_a_restored_backup_is_marked_as_one_that_may_be_a_repeat(kit, relay, deliverer):
    kit.say("a", Channel("mail:dana", "mail", DANA.address))
    with Job(kit.db, campaign(), kit.clock(), kit.new_id).write() as work:
        reconcile(work, kit.clock(), [])
    kit.say("b", DANA)  # queued since

    await deliverer.run_once()

    assert [subject.endswith("(may be a repeat)") for subject in sorted(relay.subjects())] == [True, False]


@pytest.mark.parametrize(("refused", "why"), [("SELECT", "refuses the user name"), ("SEARCH", "does not list or give")])
async def test_b7_a_mailbox_that_cannot_search_refuses_no_password(refused, why):
    async def serve(reader, writer):
        writer.write(b"* OK ready\r\n")
        while line := (await reader.readline()).decode():
            answer = "NO [UNAVAILABLE] later" if refused in line else "OK done"
            writer.write(f"* CAPABILITY IMAP4rev1\r\n{line.split()[0]} {answer}\r\n".encode())
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        url = f"imap://bot:secret@127.0.0.1:{server.sockets[0].getsockname()[1]}"
        with pytest.raises(MailboxTrouble, match=why):
            await asyncio.to_thread(read_new, url, "bot@coalition.test", bool, print)
