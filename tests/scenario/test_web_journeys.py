"""The four weeks of a coalition through the board alone, by people without a chat account who follow what is shown."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.app.letterbox import Letterbox
from bot.app.wiring import Network
from bot.commands.model import Role
from bot.fetch.http import Fetcher, Limits
from bot.outbox.model import LOG_IN, from_json
from bot.people import mail, records
from tests.kit.board import TUESDAY
from tests.kit.furnished import furnish
from tests.kit.letters_desk import Desk
from tests.kit.visitor import Visitor
from tests.kit.web_face import BOARD, Browser, web_site
from tests.peers.feedserver import rss, serving
from tests.scenario.test_mentions_commands import article

pytestmark = pytest.mark.long

DAY = {"hours": 20}


class House:
    """A campaign with something on every page, and people it reaches by mail alone."""

    def __init__(self, folder, fetching) -> None:
        self.desk = desk = Desk(folder, fetching=fetching)
        furnish(desk)
        self.letterbox = Letterbox(
            db=desk.db, config=lambda: desk.config, clock=lambda: desk.now, new_id=desk.new_id,
            channel=lambda name: None, report_holds=lambda: None,
        )  # fmt: skip

    def mailed(self, name: str, *roles: Role, organization: str = "") -> str:
        """Someone who confirmed an address; returns it."""
        address = f"{name.casefold()}@member.test"
        given = {"name": name, "address": address, "role": roles[0].value}
        self.desk.card(
            self.desk.admin, "people invite", **given, **({"organization": organization} if organization else {})
        )
        person = self.desk.person(name)
        mine = mail.address_of(self.desk.db, person.id)
        self.letterbox.confirm(mine.token)
        with self.desk.db.write() as tx:  # a second administrator confirms it
            records.vouch(tx, person.id, "eve")
        return address

    def beginning(self, letter: str) -> str:
        """The first words of a letter's text, as a page shows them."""
        return self.desk.letter(letter).version.texts[0].written.body[0].text[:40]

    async def link_to(self, name: str) -> str:
        """The newest link that was mailed to them, from /in/ on. It is mailed once the page has answered."""
        async with asyncio.timeout(60):
            while not (links := await asyncio.to_thread(self._links_to, name)):  # noqa: ASYNC110 - mailed by a thread
                await asyncio.sleep(0.01)
        return links[0].rpartition("/in/")[2]

    def _links_to(self, name: str) -> list[str]:
        person = self.desk.person(name)
        sql = "SELECT card FROM delivery WHERE channel = :channel ORDER BY seq DESC"
        cards = [from_json(row["card"]) for row in self.desk.db.read(sql, {"channel": f"{LOG_IN}{person.id}"})]
        return [line.url for card in cards for line in card.lines if "/in/" in line.url]

    @asynccontextmanager
    async def site(self) -> AsyncIterator[str]:
        def mail_link(typed: str, page: str) -> None:
            self.letterbox.mail_link(self.desk.config.site, typed, page)

        async with web_site(self.desk, **BOARD, mail_link=mail_link) as url:
            yield url

    @asynccontextmanager
    async def visitor(self, site: str, name: str) -> AsyncIterator[Visitor]:
        """They type their address on the first page and use the link that comes by mail."""
        async with Browser(site) as browser:
            front = await browser.get("/")
            await browser.submit(front.forms[0], {"address": f"{name.casefold()}@member.test"})
            yield Visitor(browser, await browser.log_in(await self.link_to(name)))


@pytest.fixture
async def newsroom():
    async with serving() as server:
        items = ({"title": f"Story {n}", "link": f"https://example.gov/{n}"} for n in range(3))
        server.say("/news", rss(*items))
        yield server


@pytest.fixture
async def house(tmp_path, newsroom):
    fetcher = Fetcher("test", allow_hosts=["127.0.0.1"], limits=Limits(gap=0))
    fetching = Network(fetcher, dict, dict, None, None, reading=lambda entries: entries, clock=lambda: TUESDAY)
    yield await asyncio.to_thread(House, tmp_path, fetching)
    await fetcher.close()


async def test_j1_a_policy_director_reads_the_week_and_tracks_a_duty(house):
    await asyncio.to_thread(house.mailed, "Pia", Role.POLICY)
    async with house.site() as site, house.visitor(site, "Pia") as pia:
        await pia.follow("Today")
        assert "1 organization asks to sign L-001" in pia.text
        await pia.follow("Accept: 1 organization")
        assert "Harbor" in pia.text
        await pia.follow("Today")
        await pia.follow("CBP: Notice of Inquiry")
        await pia.press("Not relevant")
        await pia.press("Save", {"What is wrong with it?": "noise"})
        assert "It would have excluded 1 of them" in pia.text
        await pia.follow("Bills")
        await pia.follow("S. 3240 (116th)")
        await pia.follow("H.R. 4323")
        assert "became Public Law 119-73" in pia.text
        await pia.follow("Deadlines")
        await pia.follow("Add a duty")
        duty = {"Basis": "6 U.S.C. 645", "Owed": "The directive", "By": "The Secretary"}
        duty |= {"Due": "180 days after 2018-12-21", "Source": "https://www.law.cornell.edu/uscode/text/6/645"}
        await pia.press("Save", duty)
        assert "due Wed Jun 19, 2019, 2,715 days ago" in pia.text
        await pia.follow("Deadlines")
        assert "The directive" in pia.text


async def test_j1_a_letter_goes_from_an_alert_to_its_office(house):
    for name, role in (("Pia", Role.POLICY), ("Ann", Role.APPROVER)):
        await asyncio.to_thread(house.mailed, name, role)
    async with house.site() as site, house.visitor(site, "Pia") as pia, house.visitor(site, "Ann") as ann:
        await pia.follow("Today")
        await pia.follow("CBP: Enhanced")
        await pia.press("Draft letter")
        await pia.press("Save draft", {"Which letter": "joint-applications", "To": "ovc", "Ask": "1"})
        assert "Draft L-003 v1" in pia.text
        await open_letter(pia)
        await pia.press("Edit")
        await pia.press("Save", {"Subject": "End joint applications"})
        await pia.press("Request approval")
        await ann.follow("Today")
        await ann.follow("Approve: L-003")
        await ann.press("Save")
        assert "Letter L-003" in ann.text, "a form that a link filled in asks once more"
        await ann.press("Continue")
        assert house.beginning("L-003") in ann.text, "who approves a text sees it"
        await ann.press("Approve", {"You have read version 2 and approve it?": "yes"})
        await open_letter(pia)
        await pia.press("Open for sign-on")
        await pia.press("Continue", {"Until": "Fri 17:00"})
        assert "12 people asked" in pia.text
        await open_letter(pia)
        await pia.press("Lock")
        await pia.press("Lock it")
        await open_letter(pia)
        await pia.press("PDF")
        assert any(link.startswith("Download L-003") for link in pia.links)
        await open_letter(pia)
        await pia.press("Log as sent")
        await pia.press("Continue", {"Via": "email", "Follow up": "10"})
        await open_letter(pia)
        assert "Sent" in pia.text


async def open_letter(visitor: Visitor) -> None:
    await visitor.follow("Letters")
    await visitor.follow("L-003")


async def test_j2_a_press_contact_claims_clips_adds_a_contact_and_reports(house):
    await asyncio.to_thread(house.mailed, "Mia", Role.PRESS)
    await asyncio.to_thread(house.desk.bring, article("Wire"), article("Herald"))
    async with house.site() as site, house.visitor(site, "Mia") as mia:
        await mia.follow("Press")
        await mia.follow("Polaris fails")
        await mia.press("Claim")
        assert mia.text.startswith("Yours:")
        await mia.follow("Press")
        await mia.follow("Polaris fails")
        await mia.press("Clip")
        await mia.press("Tag")
        await mia.press("Save", {"Tone": "neutral"})
        await mia.follow("More")
        await mia.follow("Press list")
        await mia.follow("Add a contact")
        await mia.press("Save", {"Outlet": "AP", "Name": "Jo Sample", "Beat": "labor"})
        await mia.follow("More")
        await mia.follow("Press list")
        await mia.follow("P-1")
        await mia.press("Note")
        await mia.press("Continue", {"Text": "called, wants a quote", "Follow": "Fri"})
        await mia.follow("What you follow")
        await mia.follow("Press")
        await mia.follow("Clips of the week")
        assert any(link.startswith("Download clips-") for link in mia.links)


async def test_j3_a_representative_suggests_signs_once_takes_back_and_follows(house):
    for name in ("Rosa", "Remi"):
        await asyncio.to_thread(house.mailed, name, Role.REPRESENTATIVE, organization="polaris")
    who = {"Signatory": "Rosa Diaz", "Title": "Director", "You have read version 1 and sign it?": "yes"}
    async with house.site() as site, house.visitor(site, "Rosa") as rosa, house.visitor(site, "Remi") as remi:
        await rosa.follow("Today")
        await rosa.follow("Sign: L-001")
        await rosa.press("Suggest edit")
        await rosa.press(rosa.buttons[-1], {"What should change?": "Say what a task force is."})
        await rosa.follow("Letters")
        await rosa.follow("L-001")
        await rosa.press("Sign")
        assert house.beginning("L-001") in rosa.text, "who signs a text sees it"
        await remi.follow("Letters")
        await remi.follow("L-001")
        await rosa.press("Sign", who)
        assert "Signed for Polaris" in rosa.text
        await remi.press("Sign")
        assert "Polaris already signed" in remi.text
        await rosa.follow("Letters")
        await rosa.follow("L-001")
        assert "3 of 12 signed" in rosa.text
        await rosa.press("Take back")
        await rosa.follow("Letters")
        await rosa.follow("L-001")
        assert "2 of 12 signed" in rosa.text
        await rosa.follow("What you follow")
        await rosa.press("Follow")
        await rosa.press(rosa.buttons[-1], {"What": "ask 4", "When": "weekly"})
        await rosa.follow("What you follow")
        assert "ask 4 (" in rosa.text
        await rosa.press("Quiet hours")
        assert "Hours" in rosa.text


async def test_j4_an_administrator_adds_a_source_tests_a_watch_asks_why_and_pauses(house, newsroom):
    await asyncio.to_thread(house.mailed, "Adi", Role.ADMINISTRATOR)
    async with house.site() as site, house.visitor(site, "Adi") as adi:
        await adi.follow("More")
        await adi.follow("Set up")
        await adi.press("Show")
        assert "Setting up for ATEST, in 8 steps" in adi.text
        await adi.follow("More")
        await adi.follow("Sources")
        assert "28 not checked yet" in adi.text
        await adi.follow("Add a source")
        await adi.press("Save", {"URL": newsroom.url("/news"), "Name": "Example newsroom"})
        assert "3 items at 127.0.0.1" in adi.text
        await adi.press("Save")
        await adi.follow("More")
        await adi.follow("Sources")
        assert "Example newsroom" in adi.text
        await adi.follow("More")
        await adi.follow("Watches")
        await adi.follow("Add a watch")
        await adi.press("Save", {"Query": "vessels", "Asks": "4"})
        assert "Last 7 days" in adi.text
        await adi.press("Save", nth=1)
        await adi.follow("More")
        await adi.follow("Find documents")
        await adi.press("Show", {"Words": "2026-00077"})
        assert "forced labor" in adi.text
        await adi.follow("More")
        await adi.follow("Audit")
        assert "watch save" in adi.text
        await adi.follow("More")
        await adi.follow("Export")
        assert any(link.startswith("Download") for link in adi.links)
        await adi.follow("More")
        await adi.follow("Pause")
        await adi.press("Save", {"Until": "3d"})
        assert "paused" in adi.text.casefold()
