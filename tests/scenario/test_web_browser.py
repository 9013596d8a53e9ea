"""The board in Chromium: no barrier that axe finds, by keyboard alone, without script, on a narrow screen."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from playwright.async_api import Page, async_playwright

from bot.commands.model import Role
from bot.shared.language import gettext, speaking
from bot.site.board.pages import PAGES as BOARD_PAGES
from tests.kit.alerts import document
from tests.kit.board import CONFIG, Board
from tests.kit.campaign_page import PublicDesk
from tests.kit.furnished import BILL, furnish
from tests.kit.letters_desk import Desk
from tests.kit.web_face import BOARD, make_link, web_site
from tests.peers.need import HERE, missing, need
from tests.scenario.test_letter_translation import both_open, translate
from tests.scenario.test_scorecard import record_congress

# What a browser makes of the pages; test_board_pages and test_web_face read them on both kinds of store.
pytestmark = [pytest.mark.peer("chromium"), pytest.mark.long, pytest.mark.sqlite]

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGES = (
    *("/", "/do/letter/draft", "/do/watch/add", "/do/alerts/recent", "/do/campaign/status", "/do/people/list"),
    *("/do/letter/upload", "/do/campaign/sessions", "/do/people/leave", "/nowhere"),
)

ONE = {"/asks/{ask}": "/asks/4", "/bills/{bill}": f"/bills/{BILL}", "/letters/{letter}": "/letters/L-1"}  # of each kind


@asynccontextmanager
async def chromium(**context: Any) -> AsyncIterator[Page]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=need("chromium"), args=["--no-sandbox"])
        page = await (await browser.new_context(**context)).new_page()
        page.set_default_timeout(60_000)
        yield page
        await browser.close()


@pytest.fixture
def axe() -> str:
    script = HERE / "node_modules/axe-core/axe.min.js"
    if not script.exists():
        missing("axe-core is not here: npm ci --prefix tests/peers")
    return script.read_text(encoding="utf-8")


@pytest.fixture
async def site(tmp_path):
    board = Board(tmp_path, config=replace(CONFIG))
    board.bring(document("2026-00001", "Notice about forced labor"))
    async with web_site(board) as url:
        yield board, url


async def link(board: Board, url: str) -> str:
    eve = board.person("Eve") or board.add("Eve", *Role, organisation="cast")
    return f"{url}/in/{await asyncio.to_thread(make_link, board, eve)}"


async def log_in(page: Page, address: str) -> None:
    await page.goto(address)
    await page.get_by_role("button", name="Log in").click()
    await page.get_by_role("button", name="Log out").wait_for()


async def barriers(page: Page, axe: str) -> list[Any]:
    await page.evaluate(axe)
    violations = await page.evaluate("tags => axe.run({runOnly: tags})", WCAG)
    return [(each["id"], [node["html"][:200] for node in each["nodes"]]) for each in violations["violations"]]


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (320, "dark")])
async def test_no_page_has_a_barrier_or_is_wider_than_the_screen(site, axe, width, scheme):
    board, url = site
    # Only for axe's own script, which the site's policy forbids.
    context = {"viewport": {"width": width, "height": 800}, "color_scheme": scheme, "bypass_csp": True}
    async with chromium(**context) as page:
        address = await link(board, url)
        await page.goto(address)
        assert await barriers(page, axe) == []
        await log_in(page, address)
        for path in PAGES:
            await page.goto(f"{url}{path}")
            assert await barriers(page, axe) == [], path
            assert await page.evaluate("document.documentElement.scrollWidth") <= width, path
        await page.goto(f"{url}/do/watch/add")
        await page.get_by_label("Query").fill("visa")
        await page.get_by_label("Asks").fill("ninety")
        await page.get_by_role("button", name="Save").click()
        await page.get_by_role("alert").wait_for()
        assert await barriers(page, axe) == []


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (320, "dark")])
async def test_no_page_of_the_board_has_a_barrier_or_is_wider_than_the_screen(tmp_path, axe, width, scheme):
    desk = await asyncio.to_thread(Desk, tmp_path)
    await asyncio.to_thread(furnish, desk)
    context = {"viewport": {"width": width, "height": 800}, "color_scheme": scheme, "bypass_csp": True}
    async with web_site(desk, **BOARD) as url, chromium(**context) as page:
        await log_in(page, await link(desk, url))
        assert page.url == f"{url}/today"
        await page.goto(f"{url}/people")
        labels = page.get_by_role("cell").first.evaluate("cell => getComputedStyle(cell, '::before').content")
        assert ("Roles: " in (await labels).replace('" "', "")) == (width == 320)
        for path in (ONE.get(each.path, each.path) for each in BOARD_PAGES):
            answer = await page.goto(f"{url}{path}")
            assert answer, path
            assert answer.status == 200, path
            assert await barriers(page, axe) == [], path
            assert await page.evaluate("document.documentElement.scrollWidth") <= width, path
        await page.goto(f"{url}{ONE['/bills/{bill}']}")
        heading = await page.get_by_role("columnheader", name="Other").bounding_box()
        assert heading, "figures without labels are in a table on a phone, too"
        assert heading["width"] > 10


@pytest.mark.parametrize(
    ("language", "width", "scheme"), [("en", 1280, "light"), ("en", 320, "dark"), ("es", 320, "light")]
)
async def test_the_public_campaign_page_has_no_barrier_and_fits_the_screen(tmp_path, axe, language, width, scheme):
    desk = await asyncio.to_thread(PublicDesk, tmp_path)
    await asyncio.to_thread(desk.furnish)
    await asyncio.to_thread(desk.publish)
    await asyncio.to_thread(desk.open_letter)
    await asyncio.to_thread(record_congress, desk)
    for what in ("letter L-002", "scorecard", "kit L-001"):
        await asyncio.to_thread(desk.show, what)
    screen = {"viewport": {"width": width, "height": 800}, "color_scheme": scheme}
    with speaking(language):
        backs, label, button = map(gettext, ("Who backs it", "Your email address", "Subscribe"))
        asked = gettext("Check your email to confirm")
    async with desk.visit() as browser, chromium(**screen, locale=language, bypass_csp=True) as page:
        await page.goto(f"{browser.site}/campaign")
        await page.get_by_text(backs).click()
        assert await barriers(page, axe) == []
        assert await page.evaluate("document.documentElement.scrollWidth") <= width
        for path in ("/campaign/L-001", "/sign/L-002", "/campaign/scorecard?state=NY", "/campaign/kit/L-001?state=NY"):
            await page.goto(f"{browser.site}{path}")
            assert await barriers(page, axe) == [], path
            assert await page.evaluate("document.documentElement.scrollWidth") <= width, path
        await page.goto(f"{browser.site}/campaign")
        await page.get_by_label(label).fill("reader@example")
        await page.get_by_role("button", name=button).click()
        await page.get_by_role("alert").wait_for()
        assert await barriers(page, axe) == []
        desk.ticks += 60
        desk.now += timedelta(seconds=60)
        await page.get_by_label(label).fill("reader@example.org")
        await page.get_by_role("button", name=button).click()
        await page.get_by_role("heading", name=asked).wait_for()
        assert await barriers(page, axe) == []


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("es", 320)])
async def test_a_letter_in_two_languages_has_no_barrier_where_it_is_read_confirmed_and_signed(
    tmp_path, axe, language, width
):
    site = await asyncio.to_thread(both_open, tmp_path)
    screen = {"viewport": {"width": width, "height": 800}, "locale": language, "bypass_csp": True}
    async with site.visit() as browser, chromium(**screen) as page:
        await page.goto(f"{browser.site}/sign/L-001")
        assert await page.locator("article[lang]").first.get_attribute("lang") == language
        assert await barriers(page, axe) == []
        assert await page.evaluate("document.documentElement.scrollWidth") <= width
        await page.get_by_role("link", name="English" if language == "es" else "Español").last.click()
        assert page.url.endswith("#text-2")
    await asyncio.to_thread(translate, site.desk, text="Pedimos otra cosa.")
    async with web_site(site.desk, **BOARD) as url, chromium(**screen) as page:
        await log_in(page, f"{url}/in/{await asyncio.to_thread(make_link, site.desk, site.desk.app)}")
        for path in ("/letters/L-001", f"/do/letter/confirm?letter=L-001&text={site.desk.text()}"):
            await page.goto(f"{url}{path}")
            await page.get_by_text("Pedimos otra cosa.").wait_for()
            assert await barriers(page, axe) == [], path
            assert await page.evaluate("document.documentElement.scrollWidth") <= width, path


async def test_the_preview_of_the_public_page_has_no_barrier(tmp_path, axe):
    desk = await asyncio.to_thread(PublicDesk, tmp_path)
    await asyncio.to_thread(desk.furnish)
    async with desk.visit() as browser, chromium(bypass_csp=True) as page:
        await log_in(page, await link(desk, browser.site))
        await page.goto(f"{browser.site}/preview?add=letter+L-001")
        await page.get_by_text("Only administrators see this page").wait_for()
        assert await barriers(page, axe) == []


async def test_the_pages_behind_more_are_reached_by_keyboard_and_have_no_barrier(tmp_path, axe):
    desk = await asyncio.to_thread(Desk, tmp_path)
    async with web_site(desk, **BOARD) as url:
        for width, more in ((1280, {"forced_colors": "active"}), (320, {"java_script_enabled": True})):
            async with chromium(viewport={"width": width, "height": 800}, **more) as page:
                await log_in(page, await link(desk, url))
                await page.goto(f"{url}/people")
                await to(page, "More")
                await page.keyboard.press("Enter")
                await page.wait_for_url(f"{url}/")
                await page.get_by_role("link", name="Sources").wait_for()
                assert await barriers(page, axe) == []
                assert await page.evaluate("document.documentElement.scrollWidth") <= width
                await to(page, "Audit")
                await page.keyboard.press("Enter")
                await page.wait_for_url("**/audit")


async def test_a_person_without_script_or_mouse_logs_in_fills_in_a_form_and_logs_out(site):
    board, url = site
    async with chromium(java_script_enabled=False) as page:
        await page.goto(await link(board, url))
        await to(page, "Log in")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/")
        await page.keyboard.press("Tab")
        assert await focused(page) == "Skip to content"
        await to(page, "Campaign")
        await page.keyboard.press("Enter")
        await to(page, "Follow an ask, a bill, a state or a member of Congress by direct message")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/do/campaign/follow")
        await to(page, "What")
        await page.keyboard.type("ask 4")
        await page.keyboard.press("Enter")  # sends the form, and does not look for suggestions
        heading = page.get_by_role("heading", level=1)
        await page.get_by_role("article").wait_for()
        assert "4" in await heading.inner_text()
        assert [change.command for change in board.changes()][-1] == "campaign follow"
        await to(page, "Log out")
        await page.keyboard.press("Enter")
        await page.get_by_role("heading", name="You are logged out").wait_for()


async def test_a_preview_follows_what_is_typed_under_the_strict_policy_and_has_no_barrier(tmp_path, axe):
    desk = await asyncio.to_thread(Desk, tmp_path)
    await asyncio.to_thread(desk.drafted)
    async with web_site(desk, **BOARD) as url:
        for width, scheme in ((1280, "light"), (320, "dark")):
            async with chromium(viewport={"width": width, "height": 800}, color_scheme=scheme) as page:
                complaints: list[str] = []
                page.on("console", lambda message, complaints=complaints: complaints.append(message.text))
                await log_in(page, await link(desk, url))
                await page.goto(f"{url}/letters/L-1")
                await page.get_by_role("button", name="Edit").click()
                await page.get_by_label("Subject").fill(f"Typed at {width} pixels <b>")
                preview = page.get_by_role("region", name="Preview")
                await preview.get_by_role("heading", name=f"Typed at {width} pixels <b>").wait_for()
                assert complaints == []
                assert await page.evaluate("document.documentElement.scrollWidth") <= width
                assert await barriers(page, axe) == []
    assert desk.letter().version.number == 1


async def test_nothing_is_loaded_from_elsewhere_and_the_policy_stops_no_page_of_ours(site):
    board, url = site
    async with chromium() as page:
        asked, complaints = [], []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: complaints.append(message.text))
        await log_in(page, await link(board, url))
        for path in PAGES[:-1]:
            await page.goto(f"{url}{path}")
        assert complaints == []
        assert {address for address in asked if not address.startswith((url, "data:"))} == set()
        cookies = await page.context.cookies()
        assert [(cookie["httpOnly"], cookie["sameSite"]) for cookie in cookies] == [(True, "Lax")]


async def to(page: Page, name: str) -> None:
    """Press Tab until the focus is on what has that name."""
    for _ in range(400):
        if await focused(page) == name:
            return
        await page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {name}")


async def focused(page: Page) -> str:
    """The name of what has the focus, as a screen reader says it."""
    element = page.locator(":focus")
    if not await element.count():
        return ""
    snapshot = await element.aria_snapshot()
    return snapshot.partition('"')[2].partition('"')[0] or snapshot.rpartition(": ")[2]  # a summary has no role
