"""Draw docs/pictures/board-*.png and campaign-page.png: pages of the site, as Chromium shows them."""

from __future__ import annotations

import asyncio
import io
import tempfile
from pathlib import Path

from PIL import Image
from playwright.async_api import Page, async_playwright

from bot.commands.model import Role
from tests.kit.campaign_page import PublicDesk
from tests.kit.furnished import furnish
from tests.kit.letters_desk import Desk
from tests.kit.pictures import PICTURES, save
from tests.kit.web_face import BOARD, make_link, web_site
from tests.peers.need import need

SHOTS = {
    "board-today": ("/today", 1290),
    "board-bill": ("/bills/hr4323-119", 800),
    "board-letter": ("/letters/L-1", 1000),
}  # a page and its height
WIDTH = 1200


async def draw(pictures: Path) -> None:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        desk = await asyncio.to_thread(Desk, Path(folder))
        await asyncio.to_thread(furnish, desk)
        director = desk.add("Policy Director", Role.POLICY, user="UDIRECTOR")
        async with web_site(desk, **BOARD) as url, async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=need("chromium"), args=["--no-sandbox"])
            page = await (await browser.new_context(device_scale_factor=2)).new_page()
            await page.goto(f"{url}/in/{await asyncio.to_thread(make_link, desk, director)}")
            await page.get_by_role("button", name="Log in").click()
            await page.wait_for_url("**/today")
            for name, (path, height) in SHOTS.items():
                await page.set_viewport_size({"width": WIDTH, "height": height})
                await page.goto(f"{url}{path}")
                await _save(page, pictures / f"{name}.png")
            await browser.close()
        await _campaign_page(Path(folder) / "public", pictures)


async def _campaign_page(folder: Path, pictures: Path) -> None:
    await asyncio.to_thread(folder.mkdir)
    desk = await asyncio.to_thread(PublicDesk, folder)
    await asyncio.to_thread(desk.furnish)
    await asyncio.to_thread(desk.publish)
    await asyncio.to_thread(desk.open_letter)
    await asyncio.to_thread(desk.show, "letter L-002")
    async with desk.visit() as visitor, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=need("chromium"), args=["--no-sandbox"])
        page = await (await browser.new_context(device_scale_factor=2)).new_page()
        await page.set_viewport_size({"width": WIDTH, "height": 1500})
        await page.goto(f"{visitor.site}/campaign")
        await _save(page, pictures / "campaign-page.png")
        await browser.close()


async def _save(page: Page, path: Path) -> None:
    save(path, Image.open(io.BytesIO(await page.screenshot())), await page.inner_text("body"))


if __name__ == "__main__":
    asyncio.run(draw(PICTURES))
