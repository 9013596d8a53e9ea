"""B8 and B9: a hold is reported once, its end once, and after the fix no message waits for a probe."""

from __future__ import annotations

import pytest

from bot.outbox import holds
from tests.kit.outbox import ADMIN, NEWS, POLICY, Kit, store


def heads(peer, channel):
    return [text.splitlines()[0].split(" · ")[-1] for text in peer.visible(channel.address)]


def holding(kit) -> list[str]:
    return [hold.scope for hold in holds.all_holds(kit.db)]


async def run(kit, deliverer, *, minutes: float, every: float = 1) -> None:
    for _ in range(int(minutes / every)):
        await deliverer.run_once()
        kit.clock.turn(minutes=every)


async def test_the_end_of_a_refused_channel_is_reported_once_in_the_thread_of_its_beginning(kit, slack):
    slack.fail("error", channel=POLICY.address, code="is_archived")
    for n in range(3):
        kit.say(f"a{n}")
    deliverer = kit.deliverer(kit.slack(slack.url))
    await run(kit, deliverer, minutes=50)
    slack.heal()
    await run(kit, deliverer, minutes=60)
    assert [text.splitlines()[0] for text in slack.visible(ADMIN.address)] == [
        '🩺 Source health · The channel "policy" does not accept messages',
        '🩺 Source health · The channel "policy" accepts messages again',
    ]
    first, second = slack.messages[ADMIN.address]
    assert second["thread_ts"] == first["ts"]
    assert "waited 6" in second["text"] or "waited 5" in second["text"]
    assert len(slack.visible(POLICY.address)) == 3
    assert holding(kit) == []


async def test_the_end_of_a_refused_token_is_reported_where_its_beginning_was(kit, slack, discord_):
    slack.token = "another"
    kit.say("a")
    deliverer = kit.deliverer(kit.slack(slack.url), kit.discord(discord_.url))
    await run(kit, deliverer, minutes=5)
    slack.token = slack.TOKEN
    await run(kit, deliverer, minutes=60)
    assert [("lets the bot post again" in text) for text in discord_.visible(NEWS.address)] == [False, True]
    assert slack.visible(ADMIN.address) == []
    assert len(slack.visible(POLICY.address)) == 1


async def test_what_was_over_before_it_could_be_reported_is_reported_in_one_message(kit, slack):
    """The admin channel is on the platform that refused us."""
    slack.fail("error", code="token_revoked")
    kit.say("a")
    deliverer = kit.deliverer(kit.slack(slack.url))
    await run(kit, deliverer, minutes=5)
    slack.heal()
    slack.fail("error", channel=ADMIN.address, code="is_archived", times=1)  # so that another one is the probe
    await run(kit, deliverer, minutes=90)
    texts = slack.visible(ADMIN.address)
    assert sum("Slack lets the bot post again" in text for text in texts) == 1
    assert not any("does not let the bot post" in text for text in texts)


async def test_a_pause_that_slack_asked_for_has_no_end_to_tell(kit, slack):
    slack.fail("429", times=1, seconds=60)
    kit.say("a")
    await run(kit, kit.deliverer(kit.slack(slack.url)), minutes=5)
    assert list(kit.states()) == ["a"]


@pytest.mark.parametrize("until_restart", [1, 19])
async def test_after_a_new_token_and_a_restart_it_posts_at_once(kit, slack, until_restart):
    slack.token = "xoxb-new"
    kit.say("a")
    await run(kit, kit.deliverer(kit.slack(slack.url), credentials={"slack": "old"}), minutes=until_restart)
    restarted = kit.deliverer(kit.slack(slack.url, token="xoxb-new"), credentials={"slack": "new"})
    await run(kit, restarted, minutes=0.1, every=0.05)
    assert kit.states()["a"] == "sent"
    assert holding(kit) == []


async def test_a_restart_with_the_same_token_asks_slack_nothing_more(kit, slack):
    slack.token = "xoxb-new"
    kit.say("a")
    await run(kit, kit.deliverer(kit.slack(slack.url), credentials={"slack": "old"}), minutes=1)
    asked = slack.calls["post"]
    for _ in range(5):
        await run(kit, kit.deliverer(kit.slack(slack.url), credentials={"slack": "old"}), minutes=1)
    assert slack.calls["post"] == asked


async def test_a_token_that_is_set_at_last_is_used_at_once(kit, slack):
    kit.say("a")
    await run(kit, kit.deliverer(), minutes=1)
    assert "platform:slack" in holding(kit)
    await run(kit, kit.deliverer(kit.slack(slack.url), credentials={"slack": "new"}), minutes=0.1, every=0.05)
    assert kit.states()["a"] == "sent"


async def test_another_address_in_feeds_yml_is_used_at_once(kit, slack):
    slack.gone.add(POLICY.address)
    kit.say("a")
    await run(kit, kit.deliverer(kit.slack(slack.url)), minutes=1)
    moved = type(POLICY)("policy", "slack", "C0MOVED")
    await run(kit, kit.deliverer(kit.slack(slack.url), channels=(ADMIN, moved)), minutes=0.1, every=0.05)
    assert len(slack.visible("C0MOVED")) == 1


async def test_resume_tries_at_once_what_was_refused_and_says_the_end(kit, slack):
    slack.fail("error", code="missing_scope", channel=POLICY.address)
    kit.say("a")
    deliverer = kit.deliverer(kit.slack(slack.url))
    await run(kit, deliverer, minutes=2)
    slack.heal()
    with kit.db.write() as tx:
        resumed = holds.resume(tx, None, now=kit.clock())
    assert resumed == holds.Resumed(paused=False, tried=("platform:slack",))
    await run(kit, deliverer, minutes=0.2, every=0.05)
    assert kit.states()["a"] == "sent"


async def test_resume_leaves_a_wait_that_slack_asked_for(kit, slack):
    slack.fail("429", times=1, seconds=600)
    kit.say("a")
    deliverer = kit.deliverer(kit.slack(slack.url))
    await deliverer.run_once()
    with kit.db.write() as tx:
        assert holds.resume(tx, None, now=kit.clock()).tried == ()
    await run(kit, deliverer, minutes=2)
    assert slack.calls["post"] == 1


async def test_resume_of_a_channel_ends_a_pause_and_tries_its_platform(tmp_path, slack):
    kit = Kit(store(tmp_path))
    slack.token = "another"
    kit.say("a")
    deliverer = kit.deliverer(kit.slack(slack.url))
    await run(kit, deliverer, minutes=1)
    with kit.db.write() as tx:
        paused = holds.Hold(holds.channel_scope("policy"), "press conference")
        holds.pause(tx, paused, now=kit.clock())
        resumed = holds.resume(tx, POLICY, now=kit.clock())
    assert resumed == holds.Resumed(paused=True, tried=("platform:slack",))
    await kit.close()


@pytest.mark.parametrize("restarted", [False, True])
async def test_a_channel_that_fails_at_every_try_is_reported_once_and_once_at_its_end(kit, slack, restarted):
    slack.fail("status", channel=POLICY.address, status=503)
    kit.say("a")
    deliverer = kit.deliverer(kit.slack(slack.url))
    await run(kit, deliverer, minutes=14)
    assert slack.visible(ADMIN.address) == []
    await run(kit, deliverer, minutes=90)
    if restarted:
        deliverer = kit.deliverer(kit.slack(slack.url))
        await run(kit, deliverer, minutes=90)
    kit.say("b")
    (said,) = slack.visible(ADMIN.address)
    assert said.splitlines()[0].startswith(
        '🩺 Source health · The channel "policy" has failed at every try for 15 minutes'
    )
    assert "503" in said
    slack.heal()
    await run(kit, deliverer, minutes=600, every=5)
    assert [text.splitlines()[0] for text in slack.visible(ADMIN.address)][1:] == [
        '🩺 Source health · The channel "policy" accepts messages again'
    ]
    first, second = slack.messages[ADMIN.address]
    assert second["thread_ts"] == first["ts"]
    assert len(slack.visible(POLICY.address)) == 2


async def test_a_message_that_fails_among_others_is_no_failing_channel(kit, slack):
    slack.fail("status", channel=POLICY.address, status=503)
    kit.say("a")
    deliverer = kit.deliverer(kit.slack(slack.url))
    await run(kit, deliverer, minutes=5)
    slack.heal()
    kit.say("b")
    await run(kit, deliverer, minutes=60)
    assert slack.visible(ADMIN.address) == []


async def test_a_paused_channel_is_not_reported_as_failing(kit, slack):
    slack.fail("status", channel=POLICY.address, status=503)
    kit.say("a")
    deliverer = kit.deliverer(kit.slack(slack.url))
    await run(kit, deliverer, minutes=5)
    with kit.db.write() as tx:
        pause = holds.Hold(holds.channel_scope(POLICY.name), "election day")
        holds.pause(tx, pause, now=kit.clock())
    deliverer.report_holds()
    await run(kit, deliverer, minutes=60)
    assert slack.visible(ADMIN.address) == []
