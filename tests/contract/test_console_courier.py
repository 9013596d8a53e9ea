from __future__ import annotations

import io
from datetime import UTC

import pytest

from bot.chat.console.sender import ConsoleSender
from bot.outbox.model import Channel

DESK = Channel("desk", "console", "desk")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


async def deliver(kit, stream):
    sender = ConsoleSender(stream, clock=kit.clock, zone=UTC)
    return await kit.deliverer(sender, channels=[DESK], admin="desk").run_once()


@pytest.mark.parametrize("stream", [io.StringIO(), Terminal()], ids=["pipe", "terminal"])
async def test_a_message_is_printed_once_with_the_channel_it_is_for(kit, stream, monkeypatch):
    monkeypatch.setenv("TERM", "xterm-256color")
    kit.say("A bill became law", DESK)
    assert (await deliver(kit, stream)).sent == 1
    assert (await deliver(kit, stream)).sent == 0
    assert stream.getvalue().count("A bill became law") == 1
    assert "desk · #" in stream.getvalue()


async def test_a_follow_up_is_marked_as_a_reply(kit):
    stream = io.StringIO()
    kit.say("first", DESK, thread="fr:1")
    kit.say("second", DESK, thread="fr:1")
    await deliver(kit, stream)
    assert [("↳" in part) for part in stream.getvalue().strip().split("\n\n")] == [False, True]


async def test_after_a_crash_it_is_printed_again_with_a_warning(kit):
    stream = io.StringIO()
    kit.say("a", DESK)
    with kit.db.write() as tx:
        tx.execute("UPDATE delivery SET state = 'sending', attempted_at = :at", {"at": "2026-01-01T00:00:00.000000Z"})
    await deliver(kit, stream)
    assert "(may be a repeat)" in stream.getvalue()


async def test_a_closed_pipe_is_doubt_not_a_crash(kit):
    stream = io.StringIO()
    stream.close()
    kit.say("a", DESK)
    assert (await deliver(kit, stream)).ambiguous == 1
