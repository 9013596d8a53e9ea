"""The real program in a third-party Slack simulator: what its channel shows after two days, and in which thread."""

from __future__ import annotations

import pytest

from tests.peers.local_slack import CHANNEL, TOKEN, local_slack
from tests.scenario.journey import FILED, HEADS, PUBLISHED, journey

pytestmark = pytest.mark.peer("local-slack")


@pytest.mark.long
async def test_two_days_stand_in_the_channel_in_order_each_thing_once_and_in_its_thread(tmp_path):
    with local_slack(tmp_path) as peer:
        settings = {"slack_api_url": peer.api_url, "slack_bot_token": TOKEN}
        async with journey(tmp_path, f"slack:{CHANNEL}", settings) as days:
            assert await days.to_the_end() == [3, 2, 2, 2, 2, 1]  # the hellos; each start edits the pinned card
            assert await days.once_more(minutes=10) == (0, 1)
            assert await days.once_more(hours=5) == (3, 1)  # after nine: what falls due in 60 days, and the card
        result = peer.messages()

    headers = [next(b["text"]["text"] for b in message["blocks"] if b["type"] == "header") for message in result]
    assert headers == list(HEADS)
    text = dict(zip(HEADS, result, strict=True))
    assert text[PUBLISHED]["thread_ts"] == text[FILED]["ts"]
    assert [message for message in result if message.get("thread_ts")] == [text[PUBLISHED]]
    assert len(days.program.printed("admin")) == 1  # hello, and no trouble
