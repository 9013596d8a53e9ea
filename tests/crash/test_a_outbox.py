"""A1 to A6: if the sender is killed at any moment, each message is posted once, in order."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import time

import pytest

from bot.shared.card import Card
from tests.crash import driver
from tests.kit.outbox import FIELD, NEWS, POLICY, plain
from tests.peers.webhook import Receiver

DEATHS = ["outbox-insert", "claim", "before-send", "after-send", "after-mark"]


@pytest.mark.parametrize("point", DEATHS)
def test_a1_dying_at_a_point_neither_loses_nor_repeats(forks, peers, job, point):
    for _ in range(3):
        assert driver.run(forks, job, die_at=point) == -signal.SIGKILL
    assert driver.run(forks, job) == 0
    assert driver.posted(peers) == driver.served(job.items)


async def test_a1_an_event_without_a_record_is_sent_again_with_its_id_and_none_is_lost(forks, job):
    async with Receiver().running() as receiver:
        job = driver.changed(job, webhook=receiver.url)
        for _ in range(2):
            assert await asyncio.to_thread(driver.run, forks, job, die_at="after-send") == -signal.SIGKILL
        assert await asyncio.to_thread(driver.run, forks, job) == 0
    sent = [(got["webhook-id"], content) for got, content in receiver.requests]
    events = dict(sent)
    assert set(sent) == set(events.items())  # a repeat is the same, to the byte
    assert len(sent) > len(events)
    assert [json.loads(content)["data"]["organizations"] for content in events.values()] == [[str(n)] for n in range(4)]


def test_a1_an_edit_without_a_record_is_made_again_in_place(forks, peers, job):
    assert driver.run(forks, job) == 0
    for _ in range(2):
        assert driver.run(forks, job, edited=True, die_at="after-send") == -signal.SIGKILL
    assert driver.run(forks, job, edited=True) == 0
    assert driver.posted(peers) == driver.served(job.items)
    assert all("edited" in text for peer in peers for texts in peer.visible().values() for text in texts)


@pytest.mark.long
@pytest.mark.parametrize("fault", ["delay", "hang-after"])
def test_a1_dying_during_the_send_neither_loses_nor_repeats(forks, peers, job, fault):
    for peer in peers:
        peer.fail(fault, seconds=0.3, times=1)
    process = driver.start(forks, driver.changed(job, deadline=5.0))
    until(lambda: all(peer.calls()["post"] for peer in peers))
    process.kill()
    process.join()
    assert driver.run(forks, job) == 0
    assert driver.posted(peers) == driver.served(job.items)


def until(condition) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def campaign(forks, peers, job, kills: int) -> None:
    seed = int(os.environ.get("CRASH_SEED", time.time_ns() % 1_000_000))
    print(f"CRASH_SEED={seed}")  # noqa: T201 - to run the same campaign again
    dice = random.Random(seed)
    items = 0
    for kill in range(kills):
        sure = kill % 10 == 0  # is in the middle of a message, however slow the machine
        items += dice.randint(0, 4) + sure
        if sure:
            peers[0].fail("delay", seconds=0.3, times=1)
        posts = peers[0].calls()["post"]
        process = driver.start(forks, driver.changed(job, items=items))
        if sure:
            until(lambda posts=posts: peers[0].calls()["post"] > posts)
        else:
            time.sleep(dice.uniform(0, 0.12))
        process.kill()
        process.join()
    assert driver.run(forks, job, items=items) == 0
    looks = peers[0].calls()["history"]
    print(f"{kills} kills, {items} items in 3 channels, {looks} looks")  # noqa: T201
    assert driver.posted(peers) == driver.served(items)
    assert looks  # or the kills missed the moments that matter


@pytest.mark.long
def test_a2_fifty_random_kills_neither_lose_nor_repeat(forks, peers, job):
    campaign(forks, peers, job, 50)


@pytest.mark.slow
@pytest.mark.timeout(1_200)
def test_a2_a_thousand_random_kills_neither_lose_nor_repeat(forks, peers, job):
    campaign(forks, peers, job, driver.KILLS)


def test_a4_sigterm_lets_the_message_under_way_arrive_and_exits_0(forks, peers, job):
    for peer in peers:
        peer.fail("delay", seconds=0.3, times=1)
    process = driver.start(forks, driver.changed(job, items=50, deadline=5.0))
    until(lambda: all(peer.calls()["post"] for peer in peers))
    os.kill(process.pid, signal.SIGTERM)
    process.join(60)
    assert process.exitcode == 0
    assert 0 < sum(driver.posted(peers).values()) < 150
    assert driver.run(forks, job, items=50) == 0
    assert driver.posted(peers) == driver.served(50)


async def test_a4_a_send_that_is_cut_off_is_looked_into_after_the_restart(kit, slack):
    slack.fail("hang-after", times=1)
    kit.say("a")
    round_ = asyncio.create_task(kit.deliverer(kit.slack(slack.url)).run_once())
    while not slack.calls["post"]:  # noqa: ASYNC110 - the peer counts, it does not call
        await asyncio.sleep(0.01)
    round_.cancel()
    await asyncio.gather(round_, return_exceptions=True)
    assert kit.states() == {"a": "ambiguous"}
    kit.clock.turn(seconds=6)
    assert (await kit.deliverer(kit.slack(slack.url)).run_once()).sent == 1
    assert len(slack.visible("C0POLICY")) == 1


async def test_a5_a_card_that_cannot_be_rendered_is_dead_and_reported_once(kit, slack):
    def render(shown: Card, *args, **how):
        if shown.head == "poison":
            raise ZeroDivisionError
        return plain(shown, *args, **how)

    for head in ("poison", "b", "c"):
        kit.say(head)
    deliverer = kit.deliverer(kit.slack(slack.url, render))
    report = await deliverer.run_once()
    assert (report.dead, report.sent) == (1, 2)
    assert slack.visible("C0POLICY") == ["b", "c"]
    assert "ZeroDivisionError" in kit.row("poison")["why"]
    for _ in range(3):
        kit.clock.turn(hours=12)
        await deliverer.run_once()
    assert slack.visible("C0ADMIN") == ["A message could not be delivered"]


async def test_a5_a_stored_card_that_cannot_be_read_is_dead_too(kit, slack):
    kit.say("poison")
    kit.say("b")
    with kit.db.write() as tx:
        tx.execute("UPDATE delivery SET card = '{' WHERE key = 'poison'")
    report = await kit.deliverer(kit.slack(slack.url)).run_once()
    assert (report.dead, report.sent) == (1, 1)


async def test_a5_our_own_word_of_trouble_that_cannot_be_rendered_does_not_loop(kit, slack, caplog):
    def render(shown: Card, *args, **how):
        raise ZeroDivisionError

    kit.say("poison")
    deliverer = kit.deliverer(kit.slack(slack.url, render))
    for _ in range(5):
        await deliverer.run_once()
    assert sorted(kit.states().values()) == ["dead", "dead"]
    assert caplog.text.count("was given up") == 2


@pytest.mark.long
async def test_a5_a_fault_of_the_couriers_own_is_doubt_and_the_others_flow(kit, slack):
    class Faulty(type(kit.slack(slack.url))):
        async def send(self, outgoing):
            if outgoing.key == "poison":
                raise KeyError("ts")
            return await super().send(outgoing)

    kit.say("poison")
    kit.say("b", FIELD)
    good = kit.slack(slack.url)
    faulty = Faulty(good.client, good.render, clock=kit.clock, zone=good.zone)
    report = await kit.deliverer(faulty).run_once()
    assert (report.ambiguous, report.sent) == (1, 1)
    assert "KeyError" in kit.row("poison")["why"]


@pytest.mark.long
async def test_a6_one_destination_down_costs_the_others_neither_time_nor_copies(kit, slack, discord_):
    slack.fail("status", channel="C0FIELD")
    for n in range(5):
        for channel in (POLICY, FIELD, NEWS):
            kit.say(f"item {n}", channel)
    deliverer = kit.deliverer(kit.slack(slack.url, plain), kit.discord(discord_.url))
    await deliverer.run_once()
    assert slack.visible("C0POLICY") == [f"item {n}" for n in range(5)]
    assert len(discord_.visible(NEWS.address)) == 5
    assert slack.visible("C0FIELD") == []
    slack.heal()
    for _ in range(10):
        kit.clock.turn(minutes=6)
        await deliverer.run_once()
    assert slack.visible("C0POLICY") == [f"item {n}" for n in range(5)]
    assert sorted(slack.visible("C0FIELD")) == [f"item {n}" for n in range(5)]
    assert len(discord_.visible(NEWS.address)) == 5
