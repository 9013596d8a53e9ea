"""Chats that can only be posted to: each answer of theirs, what may be repeated, and what is never posted there."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, timedelta
from importlib import import_module

import pytest

from bot.chat.posting import ChatPoster
from bot.config.feeds import ChannelConfig
from bot.config.installation import unserved
from bot.config.settings import Settings
from bot.outbox.model import Ambiguous, CannotTell, Channel, Delivered, Outgoing, Rejected, RetryAt
from bot.shared.platforms import BLIND
from tests.kit import configs
from tests.kit.outbox import ADMIN, card
from tests.peers.webhook import Receiver

CHATS = sorted(BLIND - {"webhook"})
WORDS = "@channel <users/all> **bold** https://evil.example :smile: [x](https://evil.example)"


@pytest.fixture
async def receiver():
    async with Receiver().running() as running:
        yield running


def sender(kit, name, url):
    settings = Settings(_env_file=None, **{f"{name}_url": {"policy": url}})
    platform = import_module(f"bot.chat.{name}").PLATFORM
    one = platform.sender(settings, kit.clock, UTC, {})
    kit.opened.append(one)
    return one


def outgoing(name, words="Gloves", **more):
    channel = Channel("policy", name, "policy")
    return Outgoing(**{"id": "1", "key": "k", "channel": channel, "card": card(words)} | more)


@pytest.mark.parametrize("name", CHATS)
async def test_a_card_is_posted_and_each_refusal_is_of_the_message_or_of_the_channel(kit, receiver, name):
    one = sender(kit, name, receiver.url)
    assert isinstance(one, ChatPoster)
    assert await one.send(outgoing(name)) == Delivered(outgoing(name).mark)
    assert "Gloves" in json.dumps(receiver.events()[0])
    receiver.answers += [(400, {}), (404, {}), (302, {"Location": receiver.url}), (429, {"Retry-After": "60"}), (0, {})]
    assert await one.send(outgoing(name)) == Rejected("127.0.0.1 answered 400")
    assert (await one.send(outgoing(name))).scope == "channel"
    assert "a redirect, which is not followed" in (await one.send(outgoing(name))).why
    busy = await one.send(outgoing(name))
    assert isinstance(busy, RetryAt)
    assert busy.at - kit.clock() > timedelta(seconds=55)
    assert isinstance(await one.send(outgoing(name)), Ambiguous)


@pytest.mark.parametrize("name", CHATS)
async def test_a_message_without_an_answer_is_sent_again_and_says_that_it_may_be_a_repeat(kit, receiver, name):
    channel = Channel("policy", name, "policy")
    deliverer = kit.deliverer(sender(kit, name, receiver.url), channels=[channel, ADMIN])
    receiver.answers.append((0, {}))
    kit.say("Gloves", channel)
    for _ in range(3):
        await deliverer.run_once()
        kit.clock.turn(minutes=10)
    first, second = map(json.dumps, receiver.events())
    assert "may be a repeat" not in first
    assert "may be a repeat" in second


@pytest.mark.parametrize("name", CHATS)
async def test_words_of_others_notify_nobody_and_make_no_link(kit, receiver, name):
    one = sender(kit, name, receiver.url)
    await one.send(outgoing(name, WORDS))
    posted = receiver.requests[0][1].decode()
    if name == "teams":
        runs = [run for block in receiver.events()[0]["attachments"][0]["content"]["body"] for run in block["inlines"]]
        assert {run["type"] for run in runs} == {"TextRun"}  # whose text is shown as it is
        assert not any("selectAction" in run for run in runs)
    else:
        text = receiver.events()[0]["text"]
        assert "@channel" not in text
        assert not re.search(r"(?<!\\)<users", text)
        assert "://evil" not in text
    assert '"entities"' not in posted


async def test_a_reply_in_google_chat_is_in_the_thread_of_the_first_and_one_message_has_one_id(kit, receiver):
    one = sender(kit, "googlechat", f"{receiver.url}?key=k&token=t")
    await one.send(outgoing("googlechat"))
    await one.send(outgoing("googlechat", key="k2", reply_to=outgoing("googlechat").mark, may_repeat=True))
    first, second = receiver.events()
    assert first["thread"] == second["thread"] == {"threadKey": outgoing("googlechat").mark}


@pytest.mark.parametrize("name", CHATS)
async def test_nothing_is_looked_up_or_edited_there(kit, name):
    one = sender(kit, name, "https://chat.example/hook")
    assert isinstance(await one.find(outgoing(name)), CannotTell)
    assert isinstance(await one.read_history(outgoing(name).channel, kit.clock()), CannotTell)
    assert await one.edit(outgoing(name, edits="there")) == Rejected("what was posted there cannot be changed")


@pytest.mark.parametrize("name", CHATS)
async def test_a_channel_without_its_address_is_named_with_the_variable(kit, name):
    shipped = configs.shipped()
    channels = {"policy": ChannelConfig(to=f"{name}:policy")}
    config = replace(shipped, feeds=shipped.feeds.model_copy(update={"channels": channels}))
    assert unserved(Settings(_env_file=None), config)[f"{name.upper()}_URL__POLICY"] == ["policy"]
    missing = await sender(kit, name, "https://x.example").send(outgoing(name, channel=Channel("x", name, "other")))
    assert missing == Rejected(f"no {name.upper()}_URL__OTHER is set", scope="channel")
