"""The line to Discord breaks in every way that it can: the face stays up, and never wears Discord out."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC
from itertools import pairwise
from typing import Any

import pytest
from discord.gateway import DiscordWebSocket

from bot.chat.discord.render import message
from bot.chat.discord.sender import DiscordSender, Rest, create_discord_client
from bot.config.settings import Settings
from bot.outbox.model import Channel, Delivered, Outgoing
from bot.shared.card import Card, Mark
from tests.kit import discord_face
from tests.kit.alerts import TUESDAY
from tests.kit.discord_face import Clock, House, until
from tests.peers.discord_gateway import GUILD, DiscordGateway

pytestmark = pytest.mark.sqlite  # the face alone, the same on either store

HOUR = 3_600
WHY = {"name": "alerts", "options": [{"type": 1, "name": "why"}]}


@pytest.fixture(autouse=True)
def _discord_s_own_gateway(monkeypatch):
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", DiscordWebSocket.DEFAULT_GATEWAY)


@asynccontextmanager
async def running(
    campaign: House, peer: DiscordGateway, stop: asyncio.Event, url: str, **given: Any
) -> AsyncIterator[asyncio.Task[None]]:
    gateway = given.pop("gateway", url.replace("http", "ws"))
    settings = {"discord_api_url": url, "discord_gateway_url": gateway, "discord_bot_token": peer.token}
    task = asyncio.create_task(campaign.face(settings=settings, **given).run(stop))
    try:
        yield task
    finally:
        stop.set()
        await asyncio.wait_for(task, 60)


def busiest_hour(times: list[float]) -> int:
    return max(sum(start <= each < start + HOUR for each in times) for start in times)


@pytest.mark.long
@pytest.mark.parametrize("fault", ["refuse", "mute", "op7", "op9", "op9-resume", "1000", "1006", "4000", "4009"])
async def test_c1_a_line_that_never_lasts_is_tried_again_without_end_and_twenty_times_an_hour_at_most(tmp_path, fault):
    stop = asyncio.Event()
    clock = Clock(stop, 3 * HOUR)
    peer, campaign = DiscordGateway(then=fault, clock=clock), House(tmp_path)

    async with peer.running() as url, running(campaign, peer, stop, url, ticks=clock, sleep=clock.sleep):
        await until(stop.is_set, 30)

    # What Discord counts are the times that the bot names itself.
    assert busiest_hour(peer.identified or [0.0]) <= 20
    assert len(peer.tried) > 30
    assert peer.tried[1] - peer.tried[0] < 2
    if fault == "refuse":
        assert max(later - sooner for sooner, later in pairwise(peer.tried)) < 60
    else:
        assert busiest_hour(peer.tried) <= 20


@pytest.mark.parametrize("refusals", [8, 30])
async def test_c1_a_gateway_that_comes_back_is_found_within_a_minute_and_both_are_reported(tmp_path, refusals):
    stop = asyncio.Event()
    clock = Clock(stop, 3 * HOUR)
    peer, campaign = DiscordGateway(then="refuse", clock=clock), House(tmp_path)
    reports = 2 if refusals == 30 else 0

    async def sleep(seconds: float) -> None:
        if len(peer.tried) == refusals:
            peer.then = ""
        await clock.sleep(seconds)

    async with peer.running() as url, running(campaign, peer, stop, url, ticks=clock, sleep=sleep):
        await until(lambda: peer.identified, 30)
        # The line is saved as up before the administrators are notified.
        await until(lambda: campaign.memory.get("discord line") == "" and len(campaign.notices) >= reports)
        back = peer.identified[0]

    assert back - peer.tried[refusals - 1] < 60
    notice = [notice.split(" since ")[0] for notice in campaign.notices]
    if refusals == 30:
        assert notice[0] == "Commands and buttons have not worked on Discord"
        assert notice[1].startswith("Commands and buttons work again on Discord. They were down for ")
    assert len(notice) == reports


async def test_c1_a_good_line_that_discord_moves_is_resumed_at_once(tmp_path):
    stop = asyncio.Event()
    clock = Clock(stop, HOUR)
    peer, campaign = DiscordGateway(clock=clock), House(tmp_path)
    campaign.link(GUILD, 7)

    async with peer.running() as url, running(campaign, peer, stop, url, ticks=clock, sleep=clock.sleep):
        await until(lambda: peer.identified)
        clock.now += 1_000
        await peer.say(7, None)
        await until(lambda: peer.resumed)
        await peer.interact("after", WHY)
        await until(lambda: peer.callbacks)

    assert len(peer.identified) == 1
    assert peer.resumed == [pytest.approx(1_000, abs=1)]
    assert peer.callbacks["after"][0]["data"]["content"] == "Why"


@pytest.mark.parametrize("code", ["4004", "4014"])
async def test_c1_what_only_a_person_can_repair_is_reported_once_and_not_tried_again(tmp_path, code):
    stop = asyncio.Event()
    clock = Clock(stop, HOUR)
    peer, campaign = DiscordGateway(then=code, clock=clock), House(tmp_path)

    async with peer.running() as url, running(campaign, peer, stop, url, ticks=clock, sleep=clock.sleep) as task:
        await until(lambda: campaign.notices)
        await asyncio.sleep(0.1)
        assert not task.done()

    assert len(peer.tried) == 1
    (notice,) = campaign.notices
    assert notice.startswith("Commands and buttons do not work on Discord.")
    assert peer.token not in notice


async def test_c1_a_token_that_discord_does_not_know_is_reported_once_and_not_tried_again(tmp_path):
    stop = asyncio.Event()
    peer, campaign = DiscordGateway(), House(tmp_path)
    settings = {"discord_bot_token": "an-old-token"}

    async with peer.running() as url:
        settings |= {"discord_api_url": url, "discord_gateway_url": url.replace("http", "ws")}
        task = asyncio.create_task(campaign.face(settings=settings).run(stop))
        await until(lambda: campaign.notices)
        stop.set()
        await asyncio.wait_for(task, 60)

    assert peer.calls["login"] == 1
    assert "Set DISCORD_BOT_TOKEN to the bot's current token" in campaign.notices[0]


@pytest.mark.parametrize("counts", [True, False])
@pytest.mark.parametrize(("kind", "seconds"), [(4, 0), (5, 1)])
async def test_c6_an_answer_whose_arrival_is_not_known_is_given_again(tmp_path, kind, seconds, counts):
    stop = asyncio.Event()
    peer, campaign = DiscordGateway(unanswered={kind: counts}), House(tmp_path)
    campaign.link(GUILD, 7)
    late = {"type": 1, "name": "answer", "options": [{"name": "seconds", "value": seconds, "type": 4}]}

    async with peer.running() as url, running(campaign, peer, stop, url):
        await until(lambda: peer.identified)
        await peer.interact("tok", {"name": "late", "options": [late]}, guild=GUILD)
        await until(lambda: "Here at last" in str((peer.callbacks, peer.messages)))
        await asyncio.sleep(0.1)

    assert "went wrong" not in str((peer.callbacks, peer.messages))


async def test_c1_alerts_go_out_while_the_line_is_down(tmp_path):
    stop = asyncio.Event()
    clock = Clock(stop, float("inf"))
    peer, campaign = DiscordGateway(then="refuse", clock=clock), House(tmp_path)
    policy = Channel("policy", "discord", "9")
    alert = Card(mark=Mark.ALERT, head="Gloves")

    async with peer.running() as url, running(campaign, peer, stop, url, ticks=clock, sleep=clock.sleep):
        await until(lambda: len(peer.tried) > 3)
        settings = Settings(_env_file=None, discord_api_url=url, discord_bot_token=peer.token)
        sender = DiscordSender(
            Rest(lambda: create_discord_client(settings), peer.token, lambda: TUESDAY),
            message,
            clock=lambda: TUESDAY,
            zone=UTC,
        )
        outcome = await sender.send(Outgoing(id="d1", key="gloves", channel=policy, card=alert))
        await sender.close()

    assert isinstance(outcome, Delivered)
    assert peer.identified == []


@pytest.mark.parametrize("down", ["gateway", "everything"])
async def test_c2_a_gateway_that_is_down_at_the_start_is_waited_for(tmp_path, unused_tcp_port, down):
    """discord.py ends with an AttributeError where it never had a line (Rapptz/discord.py#10520)."""
    stop = asyncio.Event()
    clock = Clock(stop, HOUR)
    campaign = House(tmp_path)
    peer = DiscordGateway(script=["refuse", "mute", "refuse"] if down == "gateway" else [], clock=clock)
    campaign.link(GUILD, 7)
    if down == "everything":
        nobody = f"http://127.0.0.1:{unused_tcp_port}/"
        early = asyncio.Event()
        short = Clock(early, 60)
        async with running(campaign, peer, early, nobody, ticks=short, sleep=short.sleep) as task:
            await until(early.is_set)
            assert task.exception() is None if task.done() else True

    async with peer.running() as url, running(campaign, peer, stop, url, ticks=clock, sleep=clock.sleep):
        await until(lambda: peer.identified)
        await peer.interact("first", WHY)
        await until(lambda: peer.callbacks)

    assert peer.callbacks["first"][0]["data"]["content"] == "Why"
    assert campaign.notices == []


@pytest.mark.long
async def test_c5_fifty_people_at_once_are_acknowledged_while_half_of_the_answers_take_their_time(
    tmp_path, monkeypatch
):
    """Discord waits three seconds for each."""
    stop, go_on = asyncio.Event(), asyncio.Event()
    monkeypatch.setattr(discord_face, "pause", lambda _: go_on.wait())
    peer, campaign = DiscordGateway(), House(tmp_path)
    for user in range(50):
        campaign.link(GUILD, user, f"User {user}")
    late = {"name": "late", "options": [{"type": 1, "name": "answer", "options": []}]}
    late["options"][0]["options"] = [{"type": 4, "name": "seconds", "value": 1}]

    async with peer.running() as url, running(campaign, peer, stop, url):
        await until(lambda: peer.registered and peer.socket)
        await until(lambda: peer.identified)
        for user in range(50):
            await peer.interact(f"token-{user}", late if user % 2 else WHY, user)
        await until(lambda: len(peer.callbacks) == 50)
        assert not any(len(peer.callbacks[f"token-{user}"]) > 1 for user in range(1, 50, 2))
        go_on.set()
        await until(lambda: all(len(peer.callbacks[f"token-{user}"]) == 2 for user in range(1, 50, 2)))

    assert [call["type"] for call in peer.callbacks["token-1"][:1]] == [5]
    assert peer.callbacks["token-1"][1]["content"] == "Here at last"


async def test_work_in_progress_is_answered_before_the_front_end_stops(tmp_path):
    stop = asyncio.Event()
    peer, campaign = DiscordGateway(), House(tmp_path)
    campaign.link(GUILD, 7)
    options = [{"type": 4, "name": "seconds", "value": 1}]

    async with peer.running() as url, running(campaign, peer, stop, url):
        await until(lambda: peer.identified)
        await peer.interact("last", {"name": "late", "options": [{"type": 1, "name": "answer", "options": options}]})
        await until(lambda: peer.callbacks)
        stop.set()
        await until(lambda: len(peer.callbacks["last"]) == 2)

    assert peer.callbacks["last"][1]["content"] == "Here at last"


@pytest.mark.long
def test_no_start_warns_of_libraries_for_voice():
    """discord.py warns once a process, so this needs a separate process."""
    makes = "import logging, asyncio; logging.basicConfig(); from bot.config.settings import Settings; "
    makes += "from bot.chat.discord.sender import create_discord_client; "
    makes += "create_discord_client(Settings(_env_file=None))"
    done = subprocess.run([sys.executable, "-c", makes], capture_output=True, text=True, check=True)
    assert done.stderr == ""
