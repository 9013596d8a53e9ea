"""How long the deliverer waits, for what, and what it does not count: B1 and B8 over days, clocks that are put back."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.outbox import holds
from bot.outbox.deliver import DEADLINE, LONGEST_REST, SETTLE
from bot.outbox.holds import Hold
from bot.outbox.model import GIVE_UP_AFTER
from bot.store.database import from_text
from tests.kit.outbox import ADMIN, FIELD, NEWS, POLICY, deadline_after_a_fault


async def test_tries_while_a_token_is_refused_do_not_count_against_a_message(kit, slack):
    kit.say("a")
    deliverer = kit.deliverer(kit.slack(slack.url))
    slack.fail("error", code="token_revoked")
    began = kit.clock()
    while kit.clock() - began < GIVE_UP_AFTER + timedelta(hours=8):
        await deliverer.run_once()
        kit.clock.turn(hours=2)
    slack.heal()
    slack.fail("drop-before", channel=POLICY.address, times=1)  # the first passing failure afterwards
    for _ in range(2):
        await deliverer.run_once()
    assert kit.states()["a"] == "ambiguous"
    kit.clock.turn(minutes=3)
    await deliverer.run_once()
    assert kit.states()["a"] == "sent"


async def test_tries_while_a_channel_is_refused_do_not_count_either(kit, slack):
    kit.say("a")
    deliverer = kit.deliverer(kit.slack(slack.url))
    slack.fail("error", channel=POLICY.address, code="is_archived")
    for _ in range(40):
        await deliverer.run_once()
        kit.clock.turn(hours=2)
    assert kit.row("a")["attempts"] == 0


async def test_a_lease_is_long_enough_to_look_and_to_send(kit, slack):
    """Or another worker would take a message that is still being sent."""
    slack.fail("hang", times=1)
    kit.say("a")
    began = kit.clock()
    sending = asyncio.create_task(kit.deliverer(kit.slack(slack.url), deadline=DEADLINE).run_once())
    while not slack.calls["post"]:  # noqa: ASYNC110 - the peer counts, it does not call
        await asyncio.sleep(0.01)
    assert from_text(kit.row("a")["due_at"]) - began >= 2 * DEADLINE + SETTLE
    sending.cancel()
    await asyncio.gather(sending, return_exceptions=True)


async def test_after_a_failure_its_channel_rests_and_no_other(kit, slack):
    slack.fail("drop-before", channel=POLICY.address, times=1)
    for channel in (POLICY, FIELD):
        for n in range(2):
            kit.say(f"{channel.name} {n}", channel)
    deliverer = kit.deliverer(kit.slack(slack.url))
    assert (await deliverer.run_once()).sent == 2
    assert (await deliverer.run_once()).sent == 0
    kit.clock.turn(seconds=SETTLE.total_seconds() + 1)
    assert (await deliverer.run_once()).sent == 1


async def test_after_four_failures_in_a_row_a_channel_rests_eight_times_as_long_as_after_one(kit, slack):
    deliverer = kit.deliverer(kit.slack(slack.url))
    slack.fail("drop-before", channel=POLICY.address)
    for n in range(4):
        kit.say(str(n), POLICY)
        kit.clock.turn(seconds=5 * SETTLE.total_seconds())  # longer than the third rest
        await deliverer.run_once()
        assert slack.calls["post"] == n + 1
    slack.heal()
    kit.say("next", POLICY)
    kit.clock.turn(seconds=4 * SETTLE.total_seconds())
    await deliverer.run_once()
    assert kit.states()["next"] == "pending"
    kit.clock.turn(seconds=5 * SETTLE.total_seconds())
    await deliverer.run_once()
    assert kit.states()["next"] == "sent"


async def test_after_a_message_has_arrived_a_channel_rests_as_short_as_at_first(kit, slack):
    deliverer = kit.deliverer(kit.slack(slack.url))
    for n in range(3):
        slack.fail("drop-before", channel=POLICY.address, times=1)
        kit.say(f"fails {n}", POLICY)
        assert (await deliverer.run_once()).ambiguous == 1
        kit.say(f"arrives {n}", POLICY)
        kit.clock.turn(seconds=SETTLE.total_seconds() + 1)
        assert (await deliverer.run_once()).sent >= 1


async def test_each_attempt_is_counted_by_its_platform_and_outcome(kit, slack):
    counted = []
    deliverer = kit.deliverer(kit.slack(slack.url), attempted=lambda *of: counted.append(of))
    kit.say("a", POLICY)
    await deliverer.run_once()
    slack.fail("drop-before", channel=POLICY.address, times=1)
    kit.say("b", POLICY)
    await deliverer.run_once()
    assert counted == [("slack", "sent"), ("slack", "ambiguous")]


async def test_a_channel_that_fails_for_hours_does_not_end_the_rounds(kit, discord_):
    discord_.fail("status", status=503)
    deliverer = kit.deliverer(kit.discord(discord_.url), timer=deadline_after_a_fault(discord_))
    for n in range(50):
        kit.say(f"{n}", NEWS)
        assert (await deliverer.run_once()).ambiguous == 1
        kit.clock.turn(seconds=LONGEST_REST.total_seconds() + 1)


async def test_a_rest_does_not_outlast_a_clock_that_is_put_back(kit, slack):
    slack.fail("drop-before", times=1)
    kit.say("a")
    deliverer = kit.deliverer(kit.slack(slack.url))
    await deliverer.run_once()
    kit.clock.turn(seconds=-2 * LONGEST_REST.total_seconds())
    kit.say("b")
    assert (await deliverer.run_once()).sent == 1


async def post_without_an_answer_and_look(kit, discord_):
    discord_.fail("drop-after", times=1)
    kit.say("a", NEWS)
    deliverer = kit.deliverer(kit.discord(discord_.url))
    await deliverer.run_once()
    kit.clock.turn(seconds=6)
    assert (await deliverer.run_once()).sent == 1
    assert len(discord_.visible(NEWS.address)) == 1


async def test_d5_a_clock_that_is_put_back_makes_no_old_attempt_recent_for_discord(kit, discord_):
    """The clock says seconds after the attempt; Discord's nonce is forgotten."""
    discord_.remembers = 0
    await post_without_an_answer_and_look(kit, discord_)


async def test_b5_without_history_discord_s_nonce_is_enough_for_two_minutes(kit, discord_):
    discord_.blind.add(NEWS.address)
    await post_without_an_answer_and_look(kit, discord_)
    assert "repeat" not in str(discord_.bodies)


async def test_a_token_that_is_revoked_under_way_is_refused_once_and_not_once_a_channel(kit, slack):
    deliverer = kit.deliverer(kit.slack(slack.url))
    kit.say("before")
    await deliverer.run_once()
    slack.token = "another"
    for channel in (POLICY, FIELD):
        kit.say("after", channel, key=f"after {channel.name}")
    await deliverer.run_once()
    asked = slack.calls["post"]
    kit.clock.turn(minutes=25)
    await deliverer.run_once()  # the probe
    assert slack.calls["post"] == asked + 1


async def test_a_refused_token_is_tried_by_one_channel_at_a_time_even_if_the_refusal_could_not_be_saved(kit, slack):
    deliverer = kit.deliverer(kit.slack(slack.url))
    kit.say("before")
    await deliverer.run_once()
    slack.token = "another"
    kit.say("refused")
    with kit.db.write() as tx:  # the store takes no second hold, as if its disk were full
        holds.pause(tx, Hold(holds.channel_scope("news"), "a test"), now=kit.clock())
        tx.execute("CREATE UNIQUE INDEX one_hold ON hold ((1))")
    with pytest.raises(Exception, match=r"(?i)unique"):
        await deliverer.run_once()
    with kit.db.write() as tx:
        tx.execute("DROP INDEX one_hold")
    asked = slack.calls["post"]
    for channel in (FIELD, ADMIN):
        kit.say("after", channel, key=f"after {channel.name}")
    await deliverer.run_once()
    assert slack.calls["post"] == asked + 1
