"""The pages that a mail links to: opening one does nothing, a pressed button or one click does."""

from __future__ import annotations

from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import web

from bot.chat.mail.pages import routes
from bot.chat.web.site import application


class Pressed:
    def __init__(self):
        self.stopped, self.confirmed = [], []

    @asynccontextmanager
    async def site(self):
        pages = routes("Us & <them>", self.stopped.append, self.confirmed.append)
        runner = web.AppRunner(application(pages))
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        async with aiohttp.ClientSession(f"http://127.0.0.1:{runner.addresses[0][1]}") as client:
            yield client
        await runner.cleanup()


@pytest.mark.parametrize(("page", "which"), [("stop", "stopped"), ("confirm", "confirmed")])
async def test_fifty_scanners_that_open_the_link_do_nothing_and_a_press_still_works(page, which):
    pressed = Pressed()
    async with pressed.site() as client:
        for _ in range(50):
            for method in ("GET", "HEAD"):
                assert (await client.request(method, f"/mail/{page}/abc123")).status == 200
        assert pressed.stopped == pressed.confirmed == []
        assert (await client.post(f"/mail/{page}/abc123")).status == 200
    assert getattr(pressed, which) == ["abc123"]


async def test_one_click_of_a_mail_program_stops_mail():
    """RFC 8058: a POST with this body, without cookies or a page before it."""
    pressed = Pressed()
    async with pressed.site() as client:
        answer = await client.post("/mail/stop/abc123", data={"List-Unsubscribe": "One-Click"})
        assert answer.status == 200
    assert pressed.stopped == ["abc123"]


async def test_the_page_is_for_its_reader_alone_and_has_no_script():
    pressed = Pressed()
    async with pressed.site() as client:
        answer = await client.get("/mail/stop/abc123")
        page = await answer.text()
        confirmed = await (await client.post("/mail/confirm/abc123")).text()
    assert "Stop email from Us &amp; &lt;them&gt;?" in page
    assert "<script" not in page
    assert 'People of the coalition can now <a href="/">log in to the board</a>' in confirmed
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("token", ["%0d%0aX: y", "a" * 65, "..%2f..%2fetc", "<script>"])
async def test_what_is_no_token_is_not_there(token):
    pressed = Pressed()
    async with pressed.site() as client:
        assert (await client.post(f"/mail/stop/{token}")).status == 404
    assert pressed.stopped == []
