"""The real messages in a third-party Slack simulator."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.chat.slack.render import message
from bot.chat.slack.sender import SlackSender
from bot.commands.model import File
from bot.outbox.model import Channel, Delivered, FilesPending, Found, NotFound, NotYet, Outgoing
from tests.kit.cards import CARDS
from tests.peers.local_slack import CHANNEL, PERSON, TOKEN, local_slack

pytestmark = [pytest.mark.peer("local-slack"), pytest.mark.sqlite]  # no store is read


@pytest.fixture(scope="module")
def peer(tmp_path_factory):
    with local_slack(tmp_path_factory.mktemp("slack")) as running:
        yield running


@pytest.mark.parametrize("kind", CARDS)
async def test_each_card_is_taken_and_read_back_as_it_was_sent(peer, kind):
    client = AsyncWebClient(TOKEN, base_url=peer.api_url)
    sent = message(*CARDS[kind])
    ts = (await client.chat_postMessage(channel=CHANNEL, **sent))["ts"]

    result = next(m for m in (await client.conversations_history(channel=CHANNEL))["messages"] if m["ts"] == ts)

    assert result["text"] == sent["text"]
    assert result["blocks"] == sent["blocks"]


async def test_a_publication_hangs_in_the_thread_of_its_filing(peer):
    client = AsyncWebClient(TOKEN, base_url=peer.api_url)
    first = (await client.chat_postMessage(channel=CHANNEL, **message(*CARDS["filing"])))["ts"]
    await client.chat_postMessage(channel=CHANNEL, thread_ts=first, **message(*CARDS["publication"]))

    replies = (await client.conversations_replies(channel=CHANNEL, ts=first))["messages"]

    assert [reply["text"].split(" · ")[1].split(":")[0] for reply in replies] == [
        "On public inspection",
        "Published as filed",
    ]


async def test_a_person_is_written_to_with_a_file_in_the_thread_and_it_is_found_again(peer):
    client = AsyncWebClient(TOKEN, base_url=peer.api_url)
    sender = SlackSender(client, message, clock=lambda: datetime.now(UTC), zone=UTC)
    ada = Channel("dm:ada", "slack", PERSON, "Ada Smith")
    pdf = File("letter.pdf", "application/pdf", b"%PDF-1.7 a letter")
    outgoing = Outgoing(id="1", key="1", channel=ada, card=CARDS["health"][0], files=(pdf,))

    begun = await sender.send(outgoing)
    assert isinstance(begun, FilesPending), begun
    assert await sender.send(replace(outgoing, posted_ref=begun.ref)) == Delivered(begun.ref)

    where = (await client.conversations_open(users=PERSON))["channel"]["id"]
    _, brought = (await client.conversations_replies(channel=where, ts=begun.ref))["messages"]
    assert [file["name"] for file in brought["files"]] == ["letter.pdf"]
    in_doubt = replace(outgoing, posted_ref=begun.ref, attempted_at=datetime.now(UTC))
    assert await sender.find(in_doubt) == Found(begun.ref)
    other = replace(in_doubt, files=(replace(pdf, name="other.pdf"),))
    assert isinstance(await sender.find(other), NotYet)  # Slack's history may lag
    assert await sender.find(replace(other, attempted_at=datetime.now(UTC) - timedelta(minutes=3))) == NotFound()
