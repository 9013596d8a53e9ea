"""The pinned card: one for each channel whose platform pins, edited in place, never repeated."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import discord
import pytest
import simcord

from bot.alerts import digest
from bot.chat.discord.render import message as discord_message
from bot.chat.discord.sender import DiscordSender, Rest
from bot.chat.slack.render import message as slack_message
from bot.chat.slack.sender import SlackSender
from bot.outbox.model import Channel, from_json
from bot.shared.answer import Health
from bot.shared.card import Due
from tests.kit.alerts import Room, campaign, document
from tests.kit.outbox import Kit, slack_client
from tests.peers.discord import SETTLE
from tests.peers.slack import SlackPeer

CHANNELS = {"policy": {"to": "slack:C0123"}, "admin": {"to": "console:admin"}}


@pytest.fixture
def room(tmp_path):
    room = Room(tmp_path, campaign({"channels": CHANNELS}))
    room.compose()
    return room


def show(room):
    digest.compose_pinned(room.job, others=room.added)
    room.send_all()
    rows = room.rows("policy", "pinned", "edit")
    return [from_json(row["card"]) for row in rows]


def test_the_card_is_posted_once_and_then_edited(room):
    (card,) = show(room)
    assert card.pinned
    assert card.head == "Checked Tue Nov 24, 2026, 10:05 a.m. · 5 sources fine"
    assert [line.text for line in card.lines] == ["Nothing new since Tue Nov 24, 2026."]

    for _ in range(30):
        room.run_on(hours=1)
        cards = show(room)
    assert len(cards) == 2  # the message, and its newest edit
    assert cards[1].head == "Checked Wed Nov 25, 2026, 4:05 p.m. · 5 sources fine"


def test_a_channel_that_cannot_pin_has_no_card(room):
    show(room)
    assert room.rows("admin", "pinned") == []


def test_a_channel_whose_messages_go_to_the_safety_channel_has_no_card(tmp_path):
    room = Room(tmp_path, campaign({"channels": CHANNELS | {"admin": {"to": "slack:C0456"}}, "safety": "admin"}))
    room.compose()
    show(room)
    assert [row["key"] for row in room.rows("admin", "pinned")] == ["admin/pinned:slack:C0456"]
    assert room.rows("policy", "pinned") == []


def test_a_channel_is_greeted_before_its_card_is_posted(tmp_path):
    room = Room(tmp_path, campaign({"channels": CHANNELS}))
    assert show(room) == []


def test_the_card_counts_failing_sources_and_what_waits_and_shows_the_next_date(room):
    show(room)
    room.fail("wire", Health.BLOCKED)
    room.take("register", document("2026-2", "A pledge", comments_close_on=date(2027, 1, 8)))
    card = show(room)[-1]
    assert card.head.endswith(" · 1 of 5 sources needs attention")
    assert [line.text for line in card.lines] == ["1 item waits for the next digest, Wed Nov 25, 8:30 a.m."]
    assert card.dues == (Due("Comments on “A pledge” close", date(2027, 1, 8)),)


def test_the_day_of_the_last_news_is_that_of_the_last_message_about_an_entry(room):
    room.wait(days=2).take("register", document())
    room.run_on(days=3)
    assert [line.text for line in show(room)[0].lines] == ["Nothing new since Thu Nov 26, 2026."]


def test_a_card_that_was_deleted_in_the_chat_comes_back_with_the_next_week(room):
    show(room)
    room.run_on(hours=1)
    show(room)
    with room.db.write() as tx:
        tx.execute("UPDATE delivery SET state = 'dropped' WHERE kind = 'edit'", {})
    room.run_on(hours=1)
    assert len(show(room)) == 1
    room.now = datetime(2026, 11, 30, 15, 0, tzinfo=UTC)
    assert len(show(room)) == 2
    room.run_on(hours=1)
    assert len(show(room)) == 3  # the new message is edited in turn


def test_a_channel_that_moved_gets_a_card_in_its_new_place(room):
    show(room)
    room.config = campaign({"channels": CHANNELS | {"policy": {"to": "slack:C0999"}}})
    show(room)
    assert len(room.rows("policy", "pinned")) == 2


def test_a_channel_whose_address_begins_like_the_old_one_gets_its_own_card(room):
    room.config = campaign({"channels": CHANNELS | {"policy": {"to": "slack:C01234"}}})
    show(room)
    room.config = campaign({"channels": CHANNELS})
    show(room)
    assert len(room.rows("policy", "pinned")) == 2


def delivering(room, sender, address):
    kit = Kit(room.db, clock=lambda: room.now)
    channels = [Channel("policy", sender.platform, address), Channel("admin", "console", "admin")]
    return kit.deliverer(sender, channels=channels, deadline=timedelta(minutes=1))  # as long as a busy machine needs


@pytest.mark.parametrize("may_pin", [True, False])
async def test_slack_pins_the_card_and_without_the_right_it_is_posted_all_the_same(tmp_path, may_pin):
    peer, room = SlackPeer(), Room(tmp_path, campaign({"channels": CHANNELS | {"policy": {"to": "slack:C0POLICY"}}}))
    if may_pin:
        peer.scopes.add("pins:write")
    room.compose()
    async with peer.running() as url:
        sender = SlackSender(slack_client(url), slack_message, clock=lambda: room.now, zone=UTC)
        deliverer = delivering(room, sender, "C0POLICY")
        for _ in range(2):
            digest.compose_pinned(room.job, others=room.added)
            await deliverer.run_once()
            room.run_on(hours=1)

    hello, card, *_ = peer.messages["C0POLICY"]
    assert peer.pinned == ([card["ts"]] if may_pin else [])
    assert "11:05 a.m. · 5 sources fine" in card["text"]
    assert {row["state"] for row in room.rows("policy", "pinned", "edit")} == {"sent"}
    assert "Watching for you" in hello["text"]


async def test_a_card_that_is_found_after_a_crash_is_pinned(tmp_path):
    peer, room = SlackPeer(), Room(tmp_path, campaign({"channels": CHANNELS | {"policy": {"to": "slack:C0POLICY"}}}))
    peer.scopes.add("pins:write")
    room.compose()
    digest.compose_pinned(room.job, others=room.added)
    async with peer.running() as url:
        sender = SlackSender(slack_client(url), slack_message, clock=lambda: room.now, zone=UTC)
        deliverer = delivering(room, sender, "C0POLICY")
        await deliverer.run_once()
        peer.pinned.clear()  # as if the bot had ended after the post
        with room.db.write() as tx:
            lost = "state = 'ambiguous', ref = NULL, attempted_at = created_at"
            tx.execute(f"UPDATE delivery SET {lost} WHERE kind = 'pinned'", {})
        room.run_on(minutes=5)
        await deliverer.run_once()

    _, card, *_ = peer.messages["C0POLICY"]
    assert [row["ref"] for row in room.rows("policy", "pinned")] == peer.pinned == [card["ts"]]


@pytest.mark.peer("simcord")
async def test_discord_pins_the_card(tmp_path):
    client = discord.Client(intents=discord.Intents.default())
    async with simcord.run(client, settle_timeout=SETTLE) as env:
        there = env.create_guild("Coalition").create_text_channel("policy-alerts")
        room = Room(tmp_path, campaign({"channels": CHANNELS | {"policy": {"to": f"discord:{there.id}"}}}))
        room.compose()
        rest = Rest(lambda: client, "token", lambda: room.now)
        sender = DiscordSender(rest, discord_message, clock=lambda: datetime.now(UTC), zone=UTC)
        rest._client = client  # logged in already, to the Discord in this process
        digest.compose_pinned(room.job, others=room.added)
        await delivering(room, sender, str(there.id)).run_once()
        pins = [message async for message in client.get_channel(there.id).pins()]
    assert len(pins) == 1
    assert "5 sources fine" in str(pins[0].embeds[0].to_dict()) + pins[0].content
