"""The pages that a mail links to: opening one does nothing, a pressed button or one click does."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import timedelta

import aiohttp
import pytest
from aiohttp import web

from bot.chat.mail.frontend import MailPages
from bot.chat.web.site import application
from tests.kit.board import TUESDAY
from tests.kit.web_face import KEYRING


class Pressed:
    def __init__(self):
        self.stopped, self.confirmed = [], []

    def _confirm(self, subject):
        self.confirmed.append(subject)
        return True

    @asynccontextmanager
    async def site(self):
        pages = MailPages(
            "Us & <them>", KEYRING, stop=self.stopped.append, confirm=self._confirm,
            clock=lambda: TUESDAY, ticks=lambda: 0.0,
        )  # fmt: skip
        runner = web.AppRunner(application(pages.routes()))
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        async with aiohttp.ClientSession(f"http://127.0.0.1:{runner.addresses[0][1]}") as client:
            yield client
        await runner.cleanup()


def token(purpose, **ends):
    return KEYRING.token(purpose, "abc123", TUESDAY + timedelta(**(ends or {"days": 1})))


@pytest.mark.parametrize(("page", "which"), [("stop", "stopped"), ("confirm", "confirmed")])
async def test_fifty_scanners_that_open_the_link_do_nothing_and_a_press_still_works(page, which):
    pressed = Pressed()
    async with pressed.site() as client:
        for _ in range(50):
            for method in ("GET", "HEAD"):
                assert (await client.request(method, f"/mail/{page}/{token(page)}")).status == 200
        assert pressed.stopped == pressed.confirmed == []
        assert (await client.post(f"/mail/{page}/{token(page)}")).status == 200
    assert getattr(pressed, which) == ["abc123"]


async def test_one_click_of_a_mail_program_stops_mail():
    """RFC 8058: a POST with this body, without cookies or a page before it."""
    pressed = Pressed()
    async with pressed.site() as client:
        answer = await client.post(f"/mail/stop/{token('stop')}", data={"List-Unsubscribe": "One-Click"})
        assert answer.status == 200
    assert pressed.stopped == ["abc123"]


async def test_the_page_is_for_its_reader_alone_and_has_no_script():
    pressed = Pressed()
    async with pressed.site() as client:
        answer = await client.get(f"/mail/stop/{token('stop')}")
        page = await answer.text()
        confirmed = await (await client.post(f"/mail/confirm/{token('confirm')}")).text()
    assert "Stop email from Us &amp; &lt;them&gt;?" in page
    assert "<script" not in page
    assert 'People of the coalition can now <a href="/">log in to the board</a>' in confirmed
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("given", ["%0d%0aX: y", "a" * 121, "..%2f..%2fetc", "<script>"])
async def test_what_is_no_token_is_not_there(given):
    pressed = Pressed()
    async with pressed.site() as client:
        assert (await client.post(f"/mail/stop/{given}")).status == 404
    assert pressed.stopped == []


async def test_l3_a_token_does_one_thing_and_ends():
    pressed = Pressed()
    async with pressed.site() as client:
        for given in (token("confirm"), token("open"), token("stop", days=-1), "abc123", f"{token('stop')[:-1]}1"):
            answer = await client.post(f"/mail/stop/{given}")
            assert answer.status == 410
            assert "This link is too old" in await answer.text()
        assert (await client.post(f"/mail/confirm/{token('stop')}")).status == 410
    assert pressed.stopped == pressed.confirmed == []


async def test_l9_guesses_have_a_limit_and_never_reach_the_store():
    pressed = Pressed()
    async with pressed.site() as client:
        statuses = [(await client.post(f"/mail/stop/guess{n}")).status for n in range(60)]
        assert statuses == [410] * 30 + [429] * 30
        assert (await client.post(f"/mail/stop/{token('stop')}")).status == 200, "whose link is signed is let in"
    assert pressed.stopped == ["abc123"]


async def test_l9_one_token_is_pressed_thirty_times_a_minute_at_most():
    pressed = Pressed()
    async with pressed.site() as client:
        for _ in range(60):
            await client.post(f"/mail/stop/{token('stop')}")
    assert len(pressed.stopped) == 30
