"""The real messages in a Slack that somebody else wrote."""

from __future__ import annotations

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.chat.slack.render import message
from tests.cards import CARDS
from tests.peers.local_slack import CHANNEL, TOKEN, local_slack

pytestmark = pytest.mark.peer("local-slack")


@pytest.fixture(scope="module")
def peer(tmp_path_factory):
    with local_slack(tmp_path_factory.mktemp("slack")) as running:
        yield running


@pytest.mark.parametrize("kind", CARDS)
async def test_each_card_is_taken_and_read_back_as_it_was_sent(peer, kind):
    client = AsyncWebClient(TOKEN, base_url=peer.api_url)
    sent = message(*CARDS[kind])
    ts = (await client.chat_postMessage(channel=CHANNEL, **sent))["ts"]

    found = next(m for m in (await client.conversations_history(channel=CHANNEL))["messages"] if m["ts"] == ts)

    assert found["text"] == sent["text"]
    assert found["blocks"] == sent["blocks"]


async def test_a_publication_hangs_in_the_thread_of_its_filing(peer):
    client = AsyncWebClient(TOKEN, base_url=peer.api_url)
    first = (await client.chat_postMessage(channel=CHANNEL, **message(*CARDS["filing"])))["ts"]
    await client.chat_postMessage(channel=CHANNEL, thread_ts=first, **message(*CARDS["publication"]))

    replies = (await client.conversations_replies(channel=CHANNEL, ts=first))["messages"]

    assert [reply["text"].split(" · ")[1].split(":")[0] for reply in replies] == [
        "On public inspection",
        "Published as filed",
    ]
