"""The platforms' own rate limits in simulated time: how much of what they permit is used, and how often they refuse."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from bot.app.loops import TICK
from bot.outbox.deliver import PACE, PATIENCE
from bot.outbox.model import Channel, Delivered, NotFound, RetryAt
from tests.kit.outbox import Kit, store
from tests.kit.simulated_time import SimulatedClock, SimulatedTime

SLOW, QUICK = 4.0, 0.2  # seconds of a call


@dataclass
class Platform:
    """A platform that permits `burst` calls in as many seconds in a channel, each of which takes `seconds`."""

    platform: str
    clock: SimulatedClock
    seconds: float
    burst: int = 1
    calls: int = 0
    refused: int = 0
    taken: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    deadline = None

    async def send(self, outgoing):
        now = self.clock.loop.time()
        self.calls += 1
        times = self.taken[outgoing.channel.name]
        if sum(at > now - self.burst + 1e-6 for at in times[-self.burst :]) >= self.burst:
            self.refused += 1
            return RetryAt("too fast", self.clock() + timedelta(seconds=1))
        times.append(now)
        await asyncio.sleep(self.seconds)
        return Delivered(f"{outgoing.id}")

    async def find(self, outgoing):
        return NotFound()

    async def close(self):
        pass

    def share(self, name):
        """How much of the permitted rate a channel had while messages waited for it."""
        times = self.taken[name]
        return (len(times) - 1) / (times[-1] - times[0])


@pytest.fixture
def kit(tmp_path):
    loop = SimulatedTime()
    kit = Kit(store(tmp_path), SimulatedClock(loop))
    yield kit
    loop.run_until_complete(kit.close())
    loop.close()


def delivering(kit, platforms, channels, messages):
    """A deliverer with so many messages for each channel."""
    for channel in channels:
        for number in range(messages):
            kit.say(f"{channel.name} {number}", channel)
    return kit.deliverer(*platforms, channels=channels, pace=PACE)


def run(kit, deliverer):
    """As a running bot does, until nothing waits."""

    async def deliver():
        due = kit.clock()
        while due is not None:
            await asyncio.sleep(min(max((due - kit.clock()).total_seconds(), 0.2), TICK))
            due = (await deliverer.run_once(PATIENCE)).waiting_until

    kit.clock.loop.run_until_complete(deliver())


def slack(clock):
    """One message a second in a channel: https://docs.slack.dev/apis/web-api/rate-limits"""
    return Platform("slack", clock, QUICK)


def discord(clock, seconds=QUICK):
    """Five messages in five seconds in a channel, as Discord's headers say."""
    return Platform("discord", clock, seconds, burst=5)


@pytest.mark.parametrize("permitted", [slack, discord])
def test_b12_full_channels_have_what_the_platform_permits_and_are_not_refused(kit, permitted):
    platform = permitted(kit.clock)
    channels = [Channel(f"c{n}", platform.platform, f"C{n}") for n in range(3)]
    run(kit, delivering(kit, [platform], channels, 45))
    assert [platform.share(channel.name) >= 0.98 for channel in channels] == [True] * 3
    assert platform.refused <= 0.01 * platform.calls


def test_a6_a_slow_platform_takes_nothing_from_another_s_rate(kit):
    quick, slow = slack(kit.clock), discord(kit.clock, SLOW)
    channels = [Channel("quick", "slack", "C1"), Channel("slow", "discord", "1")]
    run(kit, delivering(kit, [quick, slow], channels, 45))
    assert quick.share("quick") >= 0.98
    assert quick.refused == slow.refused == 0


def test_b12_once_a_platform_has_taken_one_message_all_channels_post_at_once(kit):
    platform = slack(kit.clock)
    channels = [Channel(f"c{n}", "slack", f"C{n}") for n in range(40)]
    run(kit, delivering(kit, [platform], channels, 1))
    assert max(at for times in platform.taken.values() for at in times) < 1


@pytest.mark.parametrize(("seconds", "state"), [(SLOW, "sent"), (60, "ambiguous")])
def test_a4_a_message_that_a_round_left_to_the_next_one_ends_before_the_bot_does(kit, seconds, state):
    channel = Channel("slow", "discord", "1")
    deliverer = delivering(kit, [discord(kit.clock, seconds)], [channel], 2)

    async def stop():
        await deliverer.run_once(PATIENCE)
        deliverer.stop()
        await deliverer.close()

    kit.clock.loop.run_until_complete(stop())
    assert kit.clock.loop.time() < 10
    assert kit.states() == {"slow 0": state, "slow 1": "pending"}
