"""C3 and B8 on Socket Mode: the line breaks in every way it can, and Slack is never worn out."""

from __future__ import annotations

import asyncio
import time

import pytest

from bot.chat.slack import socket
from bot.config import logs
from tests.kit.discord_face import Clock, until
from tests.kit.slack_face import House, serving
from tests.peers.slack_app import SlackApp

pytestmark = pytest.mark.sqlite  # the face alone, the same on either store


@pytest.fixture
def campaign(tmp_path) -> House:
    campaign = House(tmp_path)
    campaign.link()
    return campaign


@pytest.fixture(autouse=True)
def _brisk(monkeypatch):
    """Signs of life at a pace that a test can wait for."""
    monkeypatch.setattr(socket, "PING", 0.1)


async def quick(seconds: float) -> None:
    await asyncio.sleep(seconds / 100)


async def answers(slack: SlackApp) -> None:
    count = len(slack.posted)
    await slack.deliver(slack.command("/alerts why"))
    await slack.heard("posted", count + 1)


@pytest.mark.parametrize("reason", ["warning", "refresh_requested"])
async def test_c3_a_planned_end_is_bridged_the_old_line_serves_until_there_is_another(campaign, reason):
    slack = SlackApp()
    async with slack.running() as url, serving(campaign.face(url)):
        await slack.connected()
        slack.open_fault = ["500", ""]
        await slack.disconnect(reason)
        await answers(slack)  # on the old line
        await until(lambda: len(slack.sockets) == 2 and slack.sockets[0].closed)
        await answers(slack)

    assert slack.calls["apps.connections.open"] == 3


async def test_c3_a_line_that_breaks_off_is_back_after_three_refusals_to_open_another(campaign):
    slack = SlackApp()
    async with slack.running() as url, serving(campaign.face(url, sleep=quick)):
        await slack.connected()
        slack.open_fault = ["500", "500", "500", ""]
        assert slack.sockets[0]._req.transport
        slack.sockets[0]._req.transport.abort()
        await until(lambda: len(slack.sockets) == 2)
        await answers(slack)

    assert slack.calls["apps.connections.open"] == 5
    assert campaign.notices == []


async def test_c3_a_line_that_is_half_open_is_replaced(campaign, monkeypatch):
    monkeypatch.setattr(socket, "SILENCE", 0.5)
    slack = SlackApp()
    async with slack.running() as url, serving(campaign.face(url, sleep=quick)):
        await slack.connected()
        slack.deaf = True
        await until(lambda: slack.calls["apps.connections.open"] >= 2)
        slack.deaf = False
        opened = len(slack.sockets)
        await until(lambda: len(slack.sockets) > opened or not slack.sockets[-1].closed)
        await answers(slack)


def test_c3_an_outage_of_a_day_is_waited_out(campaign):
    face = campaign.face("http://127.0.0.1")
    line = socket.Line(
        face.app,
        "xapp",
        uptime=face._uptime,
        dice=lambda: 1.0,
        ticks=time.monotonic,
        sleep=asyncio.sleep,
        observe_ack=lambda _: None,
    )
    waits = [line._pause() for _ in range(24 * 60 * 2)]
    assert waits[:5] + waits[-1:] == [1, 2, 4, 8, 16, 30]


async def test_c3_link_disabled_is_final_and_reported(campaign):
    slack = SlackApp()
    async with slack.running() as url, serving(campaign.face(url, sleep=quick)):
        await slack.connected()
        await slack.disconnect("link_disabled")
        await until(lambda: campaign.notices)
        await asyncio.sleep(0.2)

    assert slack.calls["apps.connections.open"] == 1
    assert "Socket Mode is turned off" in campaign.notices[0]


async def test_a_request_that_cannot_be_acknowledged_ends_the_line_and_comes_again_on_the_next(campaign):
    slack = SlackApp()
    async with slack.running() as url, serving(face := campaign.face(url, sleep=quick)):
        await slack.connected()
        payload = slack.command("/watch add x")
        transport = slack.sockets[0]._req.transport
        sending = asyncio.create_task(slack.deliver(payload, "E-1"))
        await asyncio.sleep(0)
        transport.close()
        await until(lambda: len(slack.sockets) == 2)
        sending.cancel()
        await slack.deliver(payload, "E-1")
        await slack.heard("posted")
        assert face

    assert campaign.audit() == ["Ada: x: added"]


async def test_b8_a_dead_token_is_reported_once_and_tried_three_times_an_hour(campaign):
    slack, stop = SlackApp(), asyncio.Event()
    clock = Clock(stop, 3 * 3_600.0)
    slack.open_fault = ["invalid_auth"]
    async with slack.running() as url:
        await campaign.face(url, ticks=clock, sleep=clock.sleep).run(stop)

    assert slack.calls["apps.connections.open"] <= 10
    assert len(campaign.notices) == 1
    assert "invalid_auth" in campaign.notices[0]
    assert "xapp" not in campaign.notices[0]


async def test_b8_a_token_that_was_repaired_works_again_without_help(campaign):
    slack = SlackApp()
    slack.open_fault = ["token_revoked", "token_revoked", ""]

    async with slack.running() as url, serving(campaign.face(url, sleep=lambda _: asyncio.sleep(0.01))):
        await slack.connected()
        await answers(slack)

    assert [notice.split(" in Slack")[0] for notice in campaign.notices] == [
        "Commands and buttons do not work",
        "Commands and buttons work again",
    ]
    assert campaign.memory["slack line"] == ""


async def test_a_slack_that_is_away_for_a_day_is_asked_twice_a_minute_at_most(campaign):
    slack, stop = SlackApp(), asyncio.Event()
    clock = Clock(stop, 3_600.0)
    slack.open_fault = ["internal_error"]
    async with slack.running() as url:
        await campaign.face(url, ticks=clock, sleep=clock.sleep, dice=lambda: 1.0).run(stop)

    assert 100 < slack.calls["apps.connections.open"] < 140


async def test_a_pause_that_slack_asks_for_is_kept(campaign):
    slack, stop, waits = SlackApp(), asyncio.Event(), []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        stop.set()
        await asyncio.sleep(0)

    slack.fail("429", seconds=77, method="apps.connections.open")
    async with slack.running() as url:
        await campaign.face(url, sleep=sleep).run(stop)

    assert waits == [77]


async def test_an_end_that_is_planned_again_and_again_is_paced_too(campaign):
    slack, waits = SlackApp(), []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        await asyncio.sleep(0.01)

    async with slack.running() as url, serving(campaign.face(url, sleep=sleep, dice=lambda: 1.0)):
        for number in range(1, 5):
            await slack.connected()
            await until(lambda number=number: len(slack.sockets) == number)
            await slack.disconnect("refresh_requested")
        await until(lambda: len(slack.sockets) == 5)

    assert waits == [1, 2, 4, 8]


async def test_nothing_that_is_secret_or_typed_is_logged_when_the_line_breaks(campaign, log_stream):
    logs.configure(log_stream, level="DEBUG")
    slack = SlackApp()
    async with slack.running() as url, serving(campaign.face(url, sleep=quick)):
        await slack.connected()
        await slack.deliver(slack.command("/alerts why quillfeather"))
        await slack.heard("posted")
        slack.sockets[0]._req.transport.abort()
        await until(lambda: len(slack.sockets) == 2)

    hidden = (SlackApp.TOKEN, "xapp-", "ticket=", "quillfeather", "response_url")
    assert not [secret for secret in hidden if secret in log_stream.getvalue()]
    assert "has been established" in log_stream.getvalue()
