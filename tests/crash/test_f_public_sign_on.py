"""Organizations sign on the public page, by mail, while the program is killed: none lost, none twice, none too early.

A person who gets no answer asks again. Staff accept most of those that confirmed, refuse some and leave some waiting.
"""

from __future__ import annotations

import asyncio
import logging
import random
import re
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import aiohttp
import pytest
from lxml import html
from yarl import URL

from bot.letters import records as letters
from bot.letters.allies import records
from bot.letters.allies.model import Stage
from bot.store.address import File
from bot.store.sqlite import open_existing
from tests.crash import site as program
from tests.kit.open_letter import COOKIE, open_letter
from tests.kit.own_coalition import own
from tests.kit.ports import unused_port
from tests.kit.web_face import OWN, form_fields
from tests.peers.smtp import Relay
from tests.scenario.kit import ROOT, shipped

log = logging.getLogger(__name__)

LEASE = 160  # seconds: more than the program's own lease on a mail that it was sending
LEAST = 3.1  # seconds that a person takes to fill in the page
STILL = 60  # seconds without a mail, an answer or a decision: something hangs


@dataclass(frozen=True)
class Organization:
    number: int

    @property
    def name(self) -> str:
        return f"Harbor Legal Aid {self.number:04}"

    @property
    def address(self) -> str:
        return f"ann@harbor{self.number:04}.org"

    @property
    def network(self) -> str:
        return f"10.{self.number // 250}.{self.number % 250}.7"

    @property
    def fate(self) -> Stage:
        """What staff decide about it; `CONFIRMED`: nothing yet."""
        return {8: Stage.REFUSED, 9: Stage.CONFIRMED}.get(self.number % 10, Stage.ACCEPTED)

    def typed(self) -> dict[str, str]:
        website = self.address.partition("@")[2]
        who = {"legal_name": self.name, "website": website, "address": self.address, "listed": "no"}
        return who | {"signatory": "Ann Lee", "title": "Director"}


@dataclass
class Town:
    """The program, its relay, and everybody who visits its pages."""

    forks: Any
    path: Any
    life: program.Site
    relay: Relay
    client: aiohttp.ClientSession
    organizations: list[Organization]
    links: dict[str, str] = field(default_factory=dict)
    confirmed: list[Organization] = field(default_factory=list)
    decided: set[str] = field(default_factory=set)  # names that staff have pressed Accept for
    shown: list[str] = field(default_factory=list)
    process: Any = None
    reached: tuple[int, ...] = ()
    reached_at: float = 0

    def move_on(self) -> None:
        """Fail if the program ended by itself, or if nothing has happened for too long."""
        assert self.process.is_alive()
        reached = tuple(map(len, (self.relay.mails, self.links, self.confirmed, self.decided, self.shown)))
        if reached != self.reached:
            self.reached, self.reached_at = reached, time.monotonic()
        names = "mails", "links", "confirmed", "accepted by staff", "shown"
        done = ", ".join(f"{count} {name}" for count, name in zip(reached, names, strict=True))
        unanswered = [each.name for each in self.organizations if each.address not in self.links]
        assert time.monotonic() - self.reached_at < STILL, f"{STILL} s: still {done}; no link for {unanswered}"

    def start(self) -> None:
        self.process = self.forks.Process(target=program.child, args=(self.life,))
        self.process.start()

    async def kill(self) -> None:
        """Kill the program and start it again, after the lease on what it was sending."""
        self.process.kill()
        await asyncio.to_thread(self.process.join, 60)
        self.life = replace(self.life, ahead=self.life.ahead + LEASE)
        self.start()

    async def ask(self, method: str, path: str, network: str = "10.99.0.1", **given: Any) -> Any:
        """The page at an address, asked for again while the program is away or busy."""
        headers = OWN | {"X-Forwarded-For": network}
        while True:
            try:
                async with self.client.request(method, f"{self.life.url}{path}", headers=headers, **given) as answer:
                    if answer.status not in (429, 503):
                        assert answer.status < 500, f"{method} {path}: {answer.status}"
                        return html.fromstring(await answer.text())
            except (aiohttp.ClientError, TimeoutError):
                pass
            await asyncio.sleep(0.3)

    async def signs(self, who: Organization, after: float) -> None:
        """One organization's way from the page to its mailbox and back."""
        await asyncio.sleep(after)
        page = await self.ask("GET", "/sign/L-001", who.network)
        while not _has(page, "Check your email to confirm"):
            (form,) = page.xpath("//form[@class='main']")
            await asyncio.sleep(LEAST)
            page = await self.ask("POST", "/sign/L-001", who.network, data=form_fields(form) | who.typed())
        while who.address not in self.links:  # noqa: ASYNC110 - the relay has no event to wait for
            await asyncio.sleep(0.1)
        link = self.links[who.address]
        while not _has(page, "is confirmed") and not _has(page, "has signed"):
            page = await self.ask("GET", link, who.network)
            if forms := page.xpath("//form[.//button[@value='confirm']]"):
                data = form_fields(forms[0]) | {"action": "confirm"}
                page = await self.ask("POST", link, who.network, data=data)
        self.confirmed.append(who)

    async def read_mail(self) -> None:
        """Everybody's mailboxes."""
        for number in range(10**9):
            while number >= len(self.relay.mails):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
            link = re.search(r"/ally/\w+", self.relay.mails[number].get_body(("plain",)).get_content())
            assert link
            self.links[self.relay.envelopes[number][1][0]] = link[0]

    async def decide(self) -> None:
        """Staff look at who waits, and press Accept or Refuse."""
        fates = {each.name: each.fate for each in self.organizations}
        while True:
            with_database = open_existing(self.path)
            waiting = records.requests(with_database, (Stage.CONFIRMED,))
            with_database.close()
            for fate, verb in ((Stage.ACCEPTED, "accept"), (Stage.REFUSED, "refuse")):
                some = [each for each in waiting if fates[each.given.legal_name] is fate][:10]
                if some:
                    self.decided |= {each.given.legal_name for each in some if fate is Stage.ACCEPTED}
                    await self._press(f"/do/allies/{verb}", {"request": ", ".join(each.name for each in some)})
            await asyncio.sleep(0.5)

    async def _press(self, path: str, fields: Mapping[str, str]) -> None:
        home = await self.ask("GET", "/letters/L-001")
        token = home.xpath("//input[@name='_token']/@value")[0]
        answer = await self.ask("POST", path, data={"_token": token, "_request": f"{random.random()}"} | dict(fields))
        if forms := answer.xpath("//form[.//button[normalize-space()='Accept']]"):
            await self.ask("POST", forms[0].get("action"), data=form_fields(forms[0]))

    async def look(self) -> None:
        """The public page, again and again: only who was accepted is on it, and each once."""
        while True:
            page = await self.ask("GET", "/sign/L-001")
            heads = page.xpath("//h3[.='Other organizations']/following-sibling::ul[1]/li")
            self.shown = [each.text_content().partition(":")[0] for each in heads]
            assert set(self.shown) <= self.decided
            assert max(Counter(self.shown).values(), default=0) <= 1
            await asyncio.sleep(0.5)


def _has(page: Any, words: str) -> bool:
    return any(words in each.text_content() for each in page.xpath("//h1"))


def _stages(path: Any, config: Any) -> dict[str, Stage]:
    """Organization → what has become of its request."""
    db = open_existing(path)
    stored = records.requests(db, Stage)
    db.close()
    return {each.given.legal_name: each.stage for each in stored}


@pytest.mark.long
@pytest.mark.parametrize(
    ("organizations", "kills", "arriving"),
    [
        pytest.param(60, 5, 15.0, id="60"),
        pytest.param(1_000, 20, 480.0, id="1000", marks=[pytest.mark.slow, pytest.mark.timeout(1_800)]),
    ],
)
async def test_f_organizations_sign_on_the_public_page_while_the_program_dies(
    tmp_path, forks, organizations, kills, arriving
):
    config = shipped(tmp_path, {}, {"policy": "console:policy"})
    (tmp_path / "templates").symlink_to(ROOT / "templates")  # who the letter is to
    path, port = tmp_path / "coalition.db", unused_port()
    config = replace(config, coalition=own(config.coalition), folder=ROOT, site=f"http://127.0.0.1:{port}")
    await asyncio.to_thread(open_letter, File(path), config)
    everyone = [Organization(number) for number in range(organizations)]
    began = time.monotonic()
    jar = aiohttp.CookieJar(unsafe=True)  # it would send no cookie to an address without a name
    jar.update_cookies({"session": COOKIE}, URL(config.site))
    connector = aiohttp.TCPConnector(limit=40, force_close=True)
    timeout = aiohttp.ClientTimeout(total=60)
    async with (
        Relay().running() as relay,
        aiohttp.ClientSession(connector=connector, timeout=timeout, cookie_jar=jar) as client,
    ):
        life = program.Site(f"sqlite:///{path}", config, relay.url, port, ahead=0)
        town = Town(forks, path, life, relay, client, everyone)
        town.start()
        around = [asyncio.create_task(each) for each in (town.read_mail(), town.decide(), town.look())]
        signing = [asyncio.create_task(town.signs(each, random.uniform(0, arriving))) for each in everyone]
        try:
            for kill in range(1, kills + 1):
                while len(town.confirmed) < kill * organizations // (kills + 1):
                    await _step(town, [*around, *signing])
                await asyncio.sleep(random.uniform(0, 0.5))
                await town.kill()
            while not all(each.done() for each in signing):
                await _step(town, [*around, *signing])
            accepted = {each.name for each in everyone if each.fate is Stage.ACCEPTED}
            fates = {each.name: each.fate for each in everyone}
            while set(town.shown) != accepted or _stages(path, config) != fates:
                await _step(town, around)
        finally:
            for task in (*around, *signing):
                task.cancel()
            town.process.kill()
            await asyncio.to_thread(town.process.join, 60)
    log.info("%d organizations, %d kills: %.0f s, %d mails", organizations, kills, time.monotonic() - began,
             len(relay.mails))  # fmt: skip

    db = open_existing(path)
    stored = records.requests(db, Stage)
    assert Counter(each.given.legal_name for each in stored) == Counter(each.name for each in everyone)
    signed = letters.sign_ons(db, stored[0].letter)
    assert Counter(each.legal_name for each in signed.values()) == Counter(accepted)
    db.close()


async def _step(town: Town, tasks: list[asyncio.Task[None]]) -> None:
    """Let time pass, unless a task failed or the town does not move on."""
    town.move_on()
    for task in tasks:
        if task.done():
            task.result()
    await asyncio.sleep(0.05)
