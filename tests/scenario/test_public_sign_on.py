"""The public sign-on page, in a browser without script."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from aiohttp.test_utils import TestServer

from bot.chat.web.shell import Templates
from bot.chat.web.site import application
from bot.letters.allies import records
from bot.letters.allies.model import Stage
from bot.site.public.pages import TRAP
from bot.site.public.sign_on import SignOnPages
from tests.kit.allies import crowd, secret_mailed, takes_mail
from tests.kit.board import press as press_button
from tests.kit.letters_desk import Desk, config
from tests.kit.web_face import KEYRING, Browser, form_fields, frontend

TYPED = {
    "legal_name": "Harbor Legal Aid",
    "website": "www.harbor.example.org",
    "signatory": "Ann Lee",
    "title": "Director",
    "address": "ann@harbor.example.org",
    "listed": "yes",
}


class Site:
    """A letter that is open for sign-on, its public page on loopback, and a visitor."""

    def __init__(self, folder) -> None:
        self.desk = Desk(folder, replace(config(), site="https://board.example.org"))
        self.desk.card(self.desk.pol, "allies open", letter=self.desk.opened().name)
        self.ticks = 1_000.0
        self.woken = 0

    @asynccontextmanager
    async def visit(self):
        board = frontend(self.desk)
        public = SignOnPages(
            self.desk.db, lambda: self.desk.config, clock=lambda: self.desk.now, ticks=lambda: self.ticks,
            new_id=self.desk.new_id, keyring=KEYRING, changed=self.wake, takes_mail=takes_mail,
        )  # fmt: skip
        routes = [*board.routes(), *public.routes()]
        async with (
            TestServer(application(routes, middleware=board.middleware)) as server,
            Browser(str(server.make_url("/")).rstrip("/")) as browser,
        ):
            yield browser

    def wake(self) -> None:
        self.woken += 1

    async def sign(self, browser, seconds=10.0, **changed):
        page = await browser.get("/sign/L-001")
        self.ticks += seconds
        self.desk.now += timedelta(seconds=seconds)
        return await browser.submit(page.forms[0], TYPED | changed)

    @property
    def stages(self):
        return [each.stage for each in records.requests(self.desk.db, Stage)]


@pytest.fixture
def site(tmp_path):
    return Site(tmp_path)


async def press(browser, secret, action):
    page = await browser.get(f"/ally/{secret}")
    return await browser.submit(page.forms[0], button=("action", action))


def run(coroutine):
    return asyncio.run(coroutine)


def test_an_organization_signs_with_a_browser_and_its_mailbox(site):
    async def journey():
        async with site.visit() as browser:
            page = await browser.get("/sign/L-001")
            assert site.desk.letter().version.subject in page.text
            assert "No one has signed this text yet." in page.text
            assert "Signed by 0" not in page.text
            assert "Members signed" not in page.text
            asked = await site.sign(browser)
            assert "Check your email to confirm" in asked.text
            assert site.woken == 1
            secret = secret_mailed(site.desk)
            shown = await browser.get(f"/ally/{secret}")
            assert "Does Harbor Legal Aid sign this letter?" in shown.text
            confirmed = await press(browser, secret, "confirm")
            assert "Harbor Legal Aid is confirmed" in confirmed.text
            assert "No one has signed" in (await browser.get("/sign/L-001")).text
            return secret

    secret = run(journey())
    press_button(site.desk, site.desk.pol, site.desk.card(site.desk.pol, "allies accept", request="A-1"), "Accept")

    async def after():
        async with site.visit() as browser:
            page = await browser.get("/sign/L-001")
            assert "Signed by 1 organization" in page.text
            assert "Harbor Legal Aid: Ann Lee, Director" in page.text
            assert "ann@harbor.example.org" not in page.body.decode()
            await press(browser, secret, "disown")
            assert "No one has signed" in (await browser.get("/sign/L-001")).text

    run(after())


def test_fifty_scanners_that_open_the_link_sign_nothing_and_leave_it_working(site):
    async def journey():
        async with site.visit() as browser:
            await site.sign(browser)
            secret = secret_mailed(site.desk)
            for _ in range(50):
                await browser.get(f"/ally/{secret}")
            assert site.stages == [Stage.ASKED]
            site.ticks += 60
            await press(browser, secret, "confirm")
            assert site.stages == [Stage.CONFIRMED]

    run(journey())


def test_a_form_that_was_open_during_a_restart_is_taken(site):
    async def journey():
        async with site.visit() as before:
            form = (await before.get("/sign/L-001")).forms[0]
        site.ticks = 0.0  # another process, whose clock of ticks began anew
        site.desk.now += timedelta(seconds=60)
        async with site.visit() as browser:
            assert "Check your email to confirm" in (await browser.submit(form, TYPED)).text

    run(journey())


def test_a_wrong_field_is_shown_with_what_was_typed(site):
    async def journey():
        async with site.visit() as browser:
            return await site.sign(browser, address="ann@gmail.com", signatory='Ann "<b>" Lee')

    answer = run(journey())
    assert answer.status == 422
    assert "Use one at your organization's own domain" in answer.text
    assert answer.page.xpath("//input[@name='signatory']/@value") == ['Ann "<b>" Lee']
    assert answer.page.xpath("//input[@name='signatory']/@autocomplete") == ["name"]
    assert site.stages == []


def test_an_address_at_a_domain_that_takes_no_mail_is_refused_and_nothing_is_mailed(site):
    async def journey():
        async with site.visit() as browser:
            return await site.sign(browser, website="harbor.made-up.example", address="ann@harbor.made-up.example")

    assert "harbor.made-up.example takes no email" in run(journey()).text
    assert site.stages == []
    assert secret_mailed(site.desk) == ""


def test_three_presses_of_sign_mail_one_link(site):
    async def journey():
        async with site.visit() as browser:
            page = await browser.get("/sign/L-001")
            site.desk.now += timedelta(seconds=10)
            return await asyncio.gather(*(browser.submit(page.forms[0], TYPED) for _ in range(3)))

    assert ["Check your email to confirm" in answer.text for answer in run(journey())] == [True] * 3
    assert site.desk.db.read("SELECT COUNT(*) AS n FROM ally_link")[0]["n"] == 1


def test_a_form_sent_at_once_or_by_a_program_signs_nothing(site):
    async def journey():
        async with site.visit() as browser:
            assert "That was quick" in (await site.sign(browser, seconds=1)).text
            assert "Check your email" in (await site.sign(browser, **{TRAP: "1"})).text
            assert "once more" in (await site.sign(browser, time="1.0 forged")).text
            assert "once more" in (await site.sign(browser, seconds=100_000)).text

    run(journey())
    assert site.stages == []


def test_another_site_cannot_send_the_form(site):
    async def journey():
        async with site.visit() as browser:
            return await browser.post("/sign/L-001", TYPED, {"Sec-Fetch-Site": "cross-site"})

    assert run(journey()).status == 403
    assert site.stages == []


def test_drafts_and_letters_without_a_page_are_not_there(site):
    name = site.desk.drafted().name

    async def journey():
        async with site.visit() as browser:
            return [(await browser.get(f"/sign/{key}")).status for key in (name, "L-999", "%00", "x" * 500)]

    assert run(journey()) == [404] * 4


def test_nothing_of_a_draft_is_on_the_public_page(site):
    """A text that is being changed is not shown; the page keeps the one that was opened."""
    site.desk.card(site.desk.pol, "letter edit", letter="L-1", paragraph="2", text="A canary sentence of a draft.")

    async def journey():
        async with site.visit() as browser:
            return [await browser.get(path) for path in ("/sign/L-001", "/sign/L-001/embed")]

    for page in run(journey()):
        assert "canary" not in page.body.decode()
        assert "The coalition is working on a new text." in page.text

    site.desk.now = site.desk.letter().closes_at
    for page in run(journey()):
        assert "Sign-on has closed." in page.text
        assert "new text" not in page.text


def test_one_address_cannot_ask_without_end(site):
    async def journey():
        async with site.visit() as browser:
            return [(await browser.get("/sign/L-001")).status for _ in range(70)]

    assert run(journey())[-1] == 429


def test_the_page_may_be_indexed_and_the_link_may_not(site):
    async def journey():
        async with site.visit() as browser:
            await site.sign(browser)
            return await browser.get("/sign/L-001"), await browser.get(f"/ally/{secret_mailed(site.desk)}")

    page, link = run(journey())
    assert page.headers["X-Robots-Tag"] == "all"
    assert "noindex" in link.headers["X-Robots-Tag"]
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]


def test_signers_are_shown_two_hundred_a_page(site):
    crowd(site.desk, 450)

    async def journey():
        async with site.visit() as browser:
            queries = ("", "?page=2", "?page=3", "?page=9", "?page=x")
            return [await browser.get(f"/sign/L-001{query}") for query in queries]

    pages = run(journey())
    names = [page.page.xpath("//h3[.='Other organizations']/following-sibling::ul[1]/li/text()") for page in pages]
    assert [len(each) for each in names] == [200, 200, 50, 200, 200]
    assert len({name for each in names for name in each}) == 450
    assert all("Signed by 450 organizations" in page.text for page in pages)
    assert pages[1].page.xpath("//a[@rel='next' or @rel='prev']/@href") == ["?page=1#signers", "?page=3#signers"]


def test_a_page_that_many_ask_for_is_rendered_once_until_what_it_shows_changes(site, monkeypatch):
    crowd(site.desk, 250)
    rendered = []
    render = Templates.render

    def counted(self, name, **values):
        rendered.append(name)
        return render(self, name, **values)

    monkeypatch.setattr(Templates, "render", counted)

    async def journey():
        async with site.visit() as browser:
            first = await browser.get("/sign/L-001")
            for spelling in ("L-1", "l-001", "L1", "L-001"):
                again = await browser.get(f"/sign/{spelling}")
                assert again.headers["ETag"] == first.headers["ETag"]
            known = await browser.get("/sign/L-001", **{"If-None-Match": first.headers["ETag"]})
            assert (known.status, known.body) == (304, b"")
            assert rendered == ["sign.html"]
            edit = {"letter": "L-1", "paragraph": "2", "text": "Please fund services."}
            await asyncio.to_thread(site.desk.card, site.desk.pol, "letter edit", **edit)
            changed = await browser.get("/sign/L-001", **{"If-None-Match": first.headers["ETag"]})
            assert changed.status == 200
            assert "The coalition is working on a new text." in changed.text
            assert rendered == ["sign.html"] * 2
            return first

    assert run(journey()).headers["Cache-Control"] == "no-cache"


class SlowSite(Site):
    """A site whose clock says that each reading takes a second or more."""

    @property
    def ticks(self):
        self._at += 1
        return self._at

    @ticks.setter
    def ticks(self, at):
        self._at = at


def test_pressing_buttons_behind_a_made_up_link_does_not_have_the_signers_read_again(tmp_path):
    site = SlowSite(tmp_path)

    async def journey():
        async with site.visit() as browser:
            await browser.get("/sign/L-001")
            await asyncio.to_thread(crowd, site.desk, 3)
            await browser.post("/ally/made-up", {"action": "disown"})
            return await browser.get("/sign/L-001")

    assert "No one has signed this text yet." in run(journey()).text


def test_each_visitor_s_form_has_its_own_time(site):
    async def journey():
        async with site.visit() as browser:
            first = await browser.get("/sign/L-001")
            site.desk.now += timedelta(seconds=100)
            second = await browser.get("/sign/L-001")
            quick = await browser.submit(second.forms[0], TYPED)
            return form_fields(first.forms[0])["time"], form_fields(second.forms[0])["time"], quick

    one, other, quick = run(journey())
    assert one != other
    assert "That was quick" in quick.text
