"""A coalition's work through mail alone: a real relay, a real mailbox, and the program as it runs."""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, time, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from yarl import URL

from bot.app import runtime
from bot.app.application import App
from bot.app.frontends import frontends
from bot.chat.mail.message import Mail
from bot.commands.model import Call, Reply, Role
from bot.letters import records
from bot.outbox import holds
from bot.people.model import Account
from tests.kit.mail import FROM
from tests.kit.mail_reader import report
from tests.kit.ports import unused_port
from tests.kit.visitor import Visitor
from tests.kit.web_face import Browser
from tests.peers import mailserver
from tests.peers.need import missing
from tests.scenario.letter_journey import bring, link, program
from tests.scenario.press_journey import Later

pytestmark = [pytest.mark.peer("smtpd"), pytest.mark.peer("dovecot"), pytest.mark.peer("unshare"), pytest.mark.long]
ADA, EVE, POL = (Account("slack", "T0HOME", user) for user in ("U0ADA", "U0EVE", "U0POL"))


class Post:
    """The running program, and the people who read their mail."""

    def __init__(self, server: Any, app: App, mailbox: Any, site: str, clock: Later) -> None:
        self.server, self.app, self.site, self.clock, self._mailbox = server, app, site, clock, mailbox
        self._asked, self._read = 0, set[str]()

    async def ask(self, who: Account, path: str, **args: str) -> Reply:
        """A person in the chat asks, and gets an answer from the dispatcher."""
        self._asked += 1
        call = Call(path=path, args=args, platform=who.platform, team=who.team, user=who.user, id=str(self._asked))
        answer = await self.app.dispatcher.answer(call)
        assert isinstance(answer, Reply), answer
        self.app.stir()
        return answer

    async def mail(self, name: str, subject: str) -> EmailMessage:
        """The first unread mail to a person whose subject has these words, once it is there."""
        async with asyncio.timeout(60):
            while True:
                for each in await asyncio.to_thread(self.server.mails, name, 1):
                    if subject in each["Subject"] and each["Message-ID"] not in self._read:
                        self._read.add(each["Message-ID"])
                        return each
                await asyncio.sleep(0.1)

    async def bounce(self, mail: EmailMessage, name: str) -> None:
        """A relay reports to the envelope's sender that a mail did not arrive; the bot looks into its mailbox."""
        sender = str(mail["Return-Path"]).strip("<> ")
        data = report(Mail(sender, f"{name}@member.test", str(mail["Message-ID"]), b""))
        count = 1 + len(self.server.mails("bot", 0))
        await asyncio.to_thread(self.server.send, message_from_bytes(data, policy=default), "", sender)
        assert len(await asyncio.to_thread(self.server.mails, "bot", count)) == count
        await self._mailbox.look()

    async def invited(self, name: str, role: Role, organization: str = "") -> None:
        """A person without a chat account is added, and confirms by mail."""
        more = {"organization": organization} if organization else {}
        await self.ask(ADA, "people invite", name=name, address=f"{name.casefold()}@member.test", role=role, **more)
        asked = await self.mail(name.casefold(), "Confirm")
        async with Browser(self.site) as browser:
            url = links(asked)["Confirm this address"]
            assert len((await browser.get(url)).forms) == 1
            assert "The address is confirmed" in (await browser.post(url, {})).text
        self.app.stir()
        if role in (Role.REPRESENTATIVE, Role.APPROVER):  # otherwise they act after a day
            question = await self.ask(EVE, "people vouch", person=name)
            (button,) = question.card.buttons
            await self.ask(EVE, button.path, **dict(button.args))

    def signed(self) -> Mapping[str, Any]:
        letter = self.letter
        return {
            id_: each for id_, each in records.sign_ons(self.app.db, letter.id).items() if each.counts(letter.version)
        }

    @property
    def letter(self) -> Any:
        return records.letters(self.app.db)[0]


@pytest.fixture
async def post(tmp_path) -> AsyncIterator[Post]:
    if os.geteuid() != 0:
        missing("a mail server of one's own is started by root")
    port = unused_port()
    site = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory(prefix="mail-") as folder, mailserver.running(Path(folder)) as server:
        given = {"smtp_url": server.smtp, "mail_from": FROM, "imap_url": server.imap, "web_url": site}
        given |= {"web_bind": f"127.0.0.1:{port}"}
        own = program(tmp_path, "console:policy", given)
        own.clock = clock = Later()  # type: ignore[assignment]
        async with working(own) as (app, mailbox):
            link(app, ADA, "Ada", Role.ADMINISTRATOR)
            link(app, EVE, "Eve", Role.ADMINISTRATOR)
            link(app, POL, "Pol", Role.POLICY)
            bring(app)
            yield Post(server, app, mailbox, site, clock)


@asynccontextmanager
async def working(own: Any) -> AsyncIterator[tuple[App, Any]]:
    with own.started() as app:
        faces = frontends(own.environment(), app)
        work = asyncio.create_task(runtime.run(app, faces))
        try:
            yield app, faces["mail"]
        finally:
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)


def links(mail: EmailMessage) -> dict[str, str]:
    """The links of a mail's text by their names."""
    body = mail.get_body(("plain",))
    assert body
    match = re.findall(r"^(?:• )?([^<\n]+?) <(http[^>]+)>", body.get_content(), re.MULTILINE)
    return dict(match)


async def drafted(post: Post) -> None:
    await post.ask(POL, "letter draft", template="joint-applications", to="ovc", ask="1")
    await post.ask(POL, "letter review", letter="L-1")


async def test_j3_a_representative_confirms_signs_signs_the_changed_text_and_gets_the_letter_by_mail(post):
    await post.invited("Rosa", Role.REPRESENTATIVE, "polaris")
    await post.invited("Ann", Role.APPROVER)
    await drafted(post)
    await approve_by_mail(post)
    await post.ask(POL, "letter signon", letter="L-1", until="3d")
    asked = await post.mail("rosa", "Please sign by ")
    await sign_by_link(post, asked)
    assert set(post.signed()) == {"polaris"}
    await post.mail("rosa", "Polaris has signed L-001")
    await post.ask(POL, "letter edit", letter="L-1", subject="End joint applications")
    await post.ask(POL, "letter review", letter="L-1")
    await approve_by_mail(post, version=2)
    changed = await post.mail("rosa", "changed")
    assert post.signed() == {}
    await sign_by_link(post, changed)
    assert set(post.signed()) == {"polaris"}
    await post.ask(POL, "letter lock", letter="L-1", text=post.letter.version.digest)
    final = await post.mail("rosa", "locked")
    assert [part.get_filename() for part in final.iter_attachments()] == ["L-001-final-end-joint-applications.pdf"]


async def sign_by_link(post: Post, mail: EmailMessage) -> None:
    """Rosa has no account and no session: the link opens the page of this one thing, and she presses."""
    async with Browser(post.site) as browser:
        rosa = Visitor(browser, await browser.get(links(mail)["Sign"]))
        assert "For Rosa" in rosa.text
        assert post.letter.version.texts[0].written.body[0].text[:40] in rosa.text
        await rosa.press("Continue")
        given = {"Signatory": "Rosa", "Title": "Director"}
        question = f"You have read version {post.letter.version.number} and sign it?"
        await rosa.press("Sign", given | {question: "yes"})
        assert "Signed for Polaris as shown" in rosa.text
    post.app.stir()


async def test_a_report_in_a_real_mailbox_that_a_mail_did_not_arrive_holds_the_address(post):
    await post.ask(ADA, "people invite", name="Rosa", address="rosa@member.test", organization="polaris")
    asked = await post.mail("rosa", "Confirm")
    await post.bounce(asked, "rosa")
    found = holds.all_holds(post.app.db)
    assert [hold.why for hold in found] == ["email bounced (5.1.1)"]


async def approve_by_mail(post: Post, version: int = 1) -> None:
    """Ann gets a mail, follows its link, gets a link to log in by mail, and approves what she has read."""
    asked = await post.mail("ann", "L-001")
    async with Browser(post.site) as browser:
        front = await browser.get(links(asked)["Approve"])
        assert front.status == 401
        await browser.submit(front.forms[0], {"address": "ann@member.test"})
        post.app.stir()
        login = links(await post.mail("ann", "Your link"))["Log in"]
        ann = Visitor(browser, await browser.log_in(login.rpartition("/in/")[2]))
        await ann.press("Continue")
        assert post.letter.version.texts[0].written.body[0].text[:40] in ann.text
        await ann.press("Approve", {f"You have read version {version} and approve it?": "yes"})
        assert "is approved" in ann.text


async def test_j1_j2_and_j4_the_digest_comes_by_mail_and_leads_to_each_page(post):
    for name, role in (("Pia", Role.POLICY), ("Mia", Role.PRESS), ("Adi", Role.ADMINISTRATOR)):
        await post.invited(name, role)
    await post.ask(POL, "letter draft", template="joint-applications", to="ovc", ask="1")
    post.clock.turn(hours=_hours_to_a_morning(post.clock()))
    post.app.stir()
    for name, page in (
        ("pia", "The alerts of recent days"),
        ("mia", "What waits for you"),
        ("adi", "What you get by email"),
    ):
        digest = await post.mail(name, "")
        assert "Tuesday: 1 new item (1 alert), nothing new on asks 1, 2" in digest["Subject"]
        async with Browser(post.site) as browser:
            front = await browser.get(links(digest)[page])
            await browser.submit(front.forms[0], {"address": f"{name}@member.test"})
            post.app.stir()
            login = links(await post.mail(name, "Your link"))["Log in"]
            there = await browser.log_in(login.rpartition("/in/")[2])
            assert there.status == 200
            assert URL(there.url).path == URL(links(digest)[page]).path


def _hours_to_a_morning(now: datetime) -> float:
    """Hours to a quarter to nine, in Washington, of the next Tuesday."""
    local = now.astimezone(ZoneInfo("America/New_York"))
    day = local.date() + timedelta(days=(1 - local.weekday()) % 7 or 7)
    return (datetime.combine(day, time(8, 45), local.tzinfo) - local) / timedelta(hours=1)
