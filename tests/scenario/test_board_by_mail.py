"""Getting into the board by mail: for people without a chat account who confirmed an address."""

from __future__ import annotations

import asyncio
import threading
from datetime import timedelta

import pytest
from yarl import URL

from tests.kit.mail_reader import THEIRS, MailReader
from tests.kit.web_face import Browser, web_site


async def ask(post, address, times=1, **more):
    """Type an address on the first page, and follow the newest link that was mailed."""
    box, loop, mailed_one = post.letterbox, asyncio.get_running_loop(), asyncio.Semaphore(0)

    def mail_link(typed, to):
        box.mail_link(site, typed, to)
        loop.call_soon_threadsafe(mailed_one.release)

    async with web_site(post.desk, mail_link=mail_link) as site, Browser(site) as browser:
        for _ in range(times):
            page = await browser.get("/do/campaign/me")
            answer = await browser.submit(page.forms[0], {"address": address} | more)
        for _ in range(times):
            await mailed_one.acquire()
        links = [
            line.url for card in await asyncio.to_thread(mailed, post) for line in card.lines if "/in/" in line.url
        ]
        inside = await browser.log_in(links[-1].rpartition("/in/")[2]) if links else None
        return answer, links, inside


def mailed(post):
    return post.cards(f"log-in:{post.rosa.id}")


async def test_a_confirmed_address_gets_a_link_that_logs_in(tmp_path):
    post = await asyncio.to_thread(lambda: MailReader(tmp_path))
    await asyncio.to_thread(post.confirmed)
    post.desk.now += timedelta(days=2)  # her account, which set the address, is older than a day
    answer, links, inside = await ask(post, THEIRS.upper())

    assert "Check your email" in answer.text
    assert len(links) == 1
    assert inside.status == 200
    assert "Rosa Diaz" in inside.body.decode()


@pytest.mark.parametrize(
    ("wanted", "shown"),
    [("", "/do/campaign/me"), ("//evil.test/x", "/"), ("/\\evil.test", "/"), ("https://evil.test", "/")],
)
async def test_the_link_leads_to_the_page_that_was_asked_for_and_to_no_other_site(tmp_path, wanted, shown):
    post = await asyncio.to_thread(lambda: MailReader(tmp_path))
    await asyncio.to_thread(post.confirmed)
    _, _, inside = await ask(post, THEIRS, **({"to": wanted} if wanted else {}))

    assert URL(inside.url).path == shown


async def test_an_unconfirmed_or_unknown_address_gets_nothing_and_the_page_does_not_say_so(tmp_path):
    post = await asyncio.to_thread(lambda: MailReader(tmp_path))
    unconfirmed, links, _ = await ask(post, THEIRS)
    stranger, none, _ = await ask(post, "stranger@example.org")

    assert links == none == []
    assert unconfirmed.text == stranger.text


async def test_strangers_send_an_address_three_links_a_day_and_the_last_logs_its_owner_in_all_day(tmp_path):
    post = await asyncio.to_thread(lambda: MailReader(tmp_path))
    await asyncio.to_thread(post.confirmed)
    post.desk.now += timedelta(days=2)
    for _ in range(40):
        await asyncio.to_thread(post.letterbox.mail_link, "https://board.test", THEIRS, "/do/campaign/me")
        post.desk.now += timedelta(minutes=30)

    _, links, inside = await ask(post, THEIRS)
    assert (len(links), inside.status) == (3, 200)
    _, links, inside = await ask(post, THEIRS, times=2)
    assert (len(links), inside.status) == (4, 200), "once she used one she gets another"
    post.desk.now += timedelta(days=1)
    assert len((await ask(post, THEIRS, times=9))[1]) == 7


async def test_the_answer_waits_for_nothing_that_depends_on_the_address(tmp_path):
    post = await asyncio.to_thread(lambda: MailReader(tmp_path))
    go_on = threading.Event()
    async with web_site(post.desk, mail_link=lambda typed, to: go_on.wait()) as site, Browser(site) as browser:
        page = await browser.get("/do/campaign/me")
        answer = await browser.submit(page.forms[0], {"address": THEIRS})
        go_on.set()
    assert "Check your email" in answer.text
