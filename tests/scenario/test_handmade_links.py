"""Attacks by a link to the board: somebody else wrote it, and a person opens it and presses what it shows, once."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from urllib.parse import urlencode

import pytest

from bot.commands.model import Role
from bot.letters.filing.model import FilingState
from bot.letters.lifecycle import State
from bot.people import mail
from tests.kit.filing import DOCUMENT, FilingDesk, served
from tests.kit.letters_desk import Desk
from tests.kit.web_face import BOARD, Browser, open_session, web_site

EVIL = "x" * 40 + "@evil.example"


@asynccontextmanager
async def opened(desk, reader, path, /, **args):
    """The page that this person sees behind the link, and their browser."""
    await asyncio.to_thread(open_session, desk, reader.accounts[0], "c" * 32)
    query = urlencode({**args, "_press": "yes"})
    async with web_site(desk, **BOARD) as url, Browser(url) as browser:
        browser.set_cookie("session", "c" * 32)
        yield browser, await browser.get(f"/do/{path.replace(' ', '/')}?{query}")


async def press_once(desk, reader, path, /, **args):
    async with opened(desk, reader, path, **args) as (browser, page):
        form = next(form for form in page.forms if form.get("method") == "post")
        return await browser.submit(form)


@pytest.mark.long
async def test_h1_an_outsider_does_not_become_administrator(tmp_path):
    desk = await asyncio.to_thread(Desk, tmp_path)
    args = {"name": desk.admin.name, "address": EVIL, "role": "administrator"}
    asked = await press_once(desk, desk.admin, "people invite", **args)

    assert EVIL in asked.text
    assert mail.address_of(desk.db, desk.admin.id) is None


async def test_w1_an_approver_does_not_approve_unread(tmp_path):
    desk = await asyncio.to_thread(Desk, tmp_path)
    await asyncio.to_thread(desk.drafted)
    await asyncio.to_thread(desk.card, desk.pol, "letter review", letter="L-1")
    digest = await asyncio.to_thread(desk.text)
    await press_once(desk, desk.app, "letter approve", letter="L-1", text=digest, agree="yes")

    assert desk.letter().state is State.REVIEW


@pytest.mark.parametrize(
    ("path", "args"),
    [
        ("people role", {"person": "Pol", "give": "administrator", "sure": "yes"}),
        ("people link", {"account": "slack:T0THEIRS/U0EVIL", "name": "Rep cast", "sure": "yes"}),
    ],
)
async def test_w1_nobody_gets_a_role_or_an_account(tmp_path, path, args):
    desk = await asyncio.to_thread(Desk, tmp_path)
    before = await asyncio.to_thread(desk.everything)
    await press_once(desk, desk.admin, path, **args)

    after = await asyncio.to_thread(desk.everything)
    assert [after[name] for name in ("person_role", "account")] == [before[name] for name in ("person_role", "account")]


async def test_w1_a_representative_does_not_sign_with_a_signatory_of_the_links_choice(tmp_path):
    desk = await asyncio.to_thread(Desk, tmp_path)
    await asyncio.to_thread(desk.opened)
    args = {"letter": "L-1", "text": desk.text(), "signatory": "Mallory", "title": "Chair", "agree": "yes"}
    await press_once(desk, desk.reps["cast"], "letter sign", **args)

    assert await asyncio.to_thread(desk.db.read, "SELECT * FROM signature") == []


async def test_f1_the_second_approver_files_nothing_unread(tmp_path):
    with served() as server:
        desk = await asyncio.to_thread(FilingDesk, tmp_path, server)
        both = desk.add("Both", Role.POLICY, Role.APPROVER)
        await asyncio.to_thread(desk.comment)
        await asyncio.to_thread(desk.card, both, "letter prepare", letter="L-1", document=DOCUMENT.id)
        await press_once(desk, desk.app, "letter file", letter="L-1", text=desk.filing().digest)

        assert desk.filing().state is FilingState.PREPARED
        assert server.filed == []
