"""Requests from chat that the end of the bot cuts off: the person learns what became of each, once."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.campaign import notices
from bot.outbox.model import from_json
from bot.people import requests
from bot.store.database import StoreBusy
from tests.kit.board import words
from tests.kit.campaign_page import PublicDesk
from tests.kit.discord_face import until
from tests.kit.letters_desk import NEW
from tests.kit.slack_face import House, serving
from tests.peers.slack_app import SlackApp

PROMISES = "SELECT key, person_id, path FROM promise"


def cut_off(desk, call, *, after_it_was_done=False):
    """Kill the bot while it works on a call, or before it has answered."""

    async def run():
        acknowledged = asyncio.Event()

        async def work():
            async with desk.dispatcher.promised(call):
                if after_it_was_done:
                    await desk.dispatcher.answer(call)
                acknowledged.set()
                await asyncio.Event().wait()

        task = asyncio.create_task(work())
        await acknowledged.wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(run())


def told(desk, **later):
    desk.now += timedelta(**later)
    notices.post_cut_off_answers(desk.job)
    rows = desk.db.read("SELECT channel, card FROM delivery WHERE kind = 'answer' ORDER BY seq")
    return [(row["channel"], from_json(row["card"])) for row in rows]


def test_f4_who_sent_a_command_that_was_not_done_is_asked_to_send_it_again(desk):
    cut_off(desk, desk.call(desk.pol, "letter draft", **NEW))
    assert told(desk, seconds=60) == [], "another process may be at work"
    (where, card), *more = told(desk, minutes=1)
    assert where == f"dm:{desk.pol.id}"
    assert card.head == "The bot was stopped before it did /letter draft"
    assert words(card).splitlines()[1:] == ["", "Nothing was changed. Please send it again."]
    assert more == []
    assert len(told(desk, minutes=10)) == 1
    assert desk.db.read(PROMISES) == []


def test_f4_who_sent_a_command_that_was_done_learns_what_it_did(desk):
    cut_off(desk, desk.call(desk.pol, "letter draft", **NEW), after_it_was_done=True)
    ((_, card),) = told(desk, minutes=2)
    assert card.head == "/letter draft was done, and the bot was stopped before it could say so"
    assert card.lines[0].text.startswith("L-001: drafted from joint-applications")


@pytest.mark.parametrize(
    ("path", "args", "head"),
    [
        ("people leave", {"person": "Rosa"}, "The bot was stopped before it did /people leave"),  # it only asked
        ("campaign mail", {"code": "000000"}, "The bot was stopped before it answered /campaign mail"),
    ],
)
def test_f4_nothing_is_called_done_that_may_not_be(desk, path, args, head):
    desk.ask(desk.admin, "campaign mail", address="ada@atest.example")
    desk.now += timedelta(minutes=1)
    cut_off(desk, desk.call(desk.admin, path, **args), after_it_was_done=True)
    ((_, card),) = told(desk, minutes=2)
    assert card.head == head


def test_f4_what_was_typed_is_not_stored(desk):
    call = desk.call(desk.pol, "secret", what="xoxb-1")
    cut_off(desk, replace(call, path="xoxb-2 xoxb-3"))
    assert "xoxb" not in str(desk.db.read("SELECT * FROM promise"))
    assert told(desk, minutes=2)[0][1].head == "The bot was stopped before it did your request"


def test_f4_a_long_command_is_not_said_to_be_cut_off(desk, monkeypatch):
    monkeypatch.setattr(requests, "RENEW_EVERY", timedelta(milliseconds=20))

    async def run():
        async with desk.dispatcher.promised(desk.call(desk.pol, "letter draft", **NEW)):
            desk.now += timedelta(minutes=10)
            await until(lambda: requests.cut_off_promises(desk.db, desk.now) == [])

    asyncio.run(run())
    assert told(desk) == []
    assert desk.db.read(PROMISES) == []


def test_f4_a_stranger_s_request_is_not_noted(desk):
    cut_off(desk, desk.call(replace(desk.pol.accounts[0], user="UNOBODY"), "letter draft", **NEW))
    assert desk.db.read(PROMISES) == []


def test_f4_while_the_store_is_busy_the_request_is_acknowledged_all_the_same(desk, monkeypatch):
    def busy(*_, **__):
        raise StoreBusy("busy")

    async def run():
        with monkeypatch.context() as patch:
            patch.setattr(desk.db, "write", busy)
            async with desk.dispatcher.promised(desk.call(desk.pol, "letter draft", **NEW)):
                return "acknowledged"

    assert asyncio.run(run()) == "acknowledged"


async def test_f4_slack_gets_its_acknowledgment_once_the_promise_is_stored(tmp_path):
    house, slack = House(tmp_path), SlackApp()
    house.link()
    async with slack.running() as url, serving(house.face(url)):
        await slack.connected()
        await slack.deliver(slack.command("/late answer seconds:1"))
        (promise,) = house.db.read(PROMISES)
        assert (promise["person_id"], promise["path"]) == ("ada", "late answer")
        await slack.heard("posted")
        await until(lambda: house.db.read(PROMISES) == [])


def test_f8_a_request_that_comes_again_says_what_it_did_and_opens_it(desk):
    call = desk.call(desk.pol, "letter draft", **NEW)
    desk.send(call)
    again = desk.send(call)
    assert (again.repeat, again.card.head) == (True, "That was already done.")
    assert again.card.lines[0].text.startswith("L-001: drafted from joint-applications")
    assert [(each.label, each.path, dict(each.args)) for each in again.card.buttons] == [
        ("Open L-001", "letter show", {"letter": "L-001"})
    ]


def test_f8_a_request_that_comes_again_offers_nothing_that_publishes(tmp_path):
    desk = PublicDesk(tmp_path)
    desk.furnish()
    desk.show("letter L-001")
    call = desk.call(desk.admin, "public hide", what="letter L-001")
    desk.send(call)
    again = desk.send(call).card
    assert again.lines[0].text == "letter L-001: not public"
    assert again.buttons == ()


def test_f8_who_may_not_open_it_any_more_learns_only_that_it_was_done(desk):
    call = desk.call(desk.pol, "letter draft", **NEW)
    desk.send(call)
    desk.card(desk.admin, "people unlink", account="slack:T0HOME/UPOL")
    assert "L-001" not in str(desk.send(call))
