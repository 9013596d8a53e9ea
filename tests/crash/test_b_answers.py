"""B1 to B12: whatever Slack and Discord answer, or fail to answer."""

from __future__ import annotations

import asyncio
import logging
import socket
import ssl
import time
from datetime import timedelta

import pytest
import trustme

import tests.peers.slack
from bot.commands.model import File
from bot.outbox import holds, queued
from bot.outbox.records import enqueue_edit
from bot.shared.card import Card, Line, Mark
from tests.kit.outbox import ADMIN, FIELD, NEWS, POLICY, card, deadline_after_a_fault, plain


@pytest.mark.parametrize("seconds", [1, 30, 3600])
async def test_b1_slack_is_not_asked_again_before_its_retry_after_and_other_channels_go_on(kit, slack, seconds):
    slack.fail("429", channel="C0POLICY", times=1, seconds=seconds)
    for n in range(3):
        kit.say(f"policy {n}")
        kit.say(f"field {n}", FIELD)
    asked = kit.clock.stop()
    report = await kit.deliverer(kit.slack(slack.url)).run_once()
    assert len(slack.visible("C0FIELD")) == 3
    assert (report.sent, report.retried) == (3, 1)
    pause = report.waiting_until - asked
    assert timedelta(seconds=seconds) <= pause <= timedelta(seconds=seconds * 1.1)
    kit.clock.turn(seconds=seconds - 0.5)
    restarted = kit.deliverer(kit.slack(slack.url))
    assert (await restarted.run_once()).sent == 0
    assert slack.calls["post"] == 4
    kit.clock.turn(seconds=seconds * 0.1 + 1)
    assert (await restarted.run_once()).sent == 3
    assert [line.split(" · ")[1] for line in first_lines(slack, "C0POLICY")] == ["policy 0", "policy 1", "policy 2"]


async def test_b1_a_rate_limit_is_not_news_for_a_person(kit, slack):
    slack.fail("429", times=1, seconds=30)
    kit.say("a")
    await kit.deliverer(kit.slack(slack.url)).run_once()
    assert set(kit.states()) == {"a"}


@pytest.mark.parametrize("seconds", [20, 3600])
async def test_b2_a_long_pause_of_discord_is_kept_in_the_outbox_not_slept_through(kit, discord_, seconds):
    discord_.fail("429", times=1, seconds=seconds)
    kit.say("a", NEWS)
    asked = kit.clock.stop()
    report = await kit.deliverer(kit.discord(discord_.url)).run_once()
    assert report.retried == 1
    pause = report.waiting_until - asked
    assert timedelta(seconds=seconds) <= pause <= timedelta(seconds=seconds * 1.1)


async def test_b2_a_block_by_the_network_in_front_of_discord_is_a_pause_too(kit, discord_):
    discord_.fail("cloudflare", times=1, seconds=600)
    kit.say("a", NEWS)
    report = await kit.deliverer(kit.discord(discord_.url)).run_once()
    assert report.retried == 1
    assert report.waiting_until - kit.clock() > timedelta(seconds=590)


@pytest.mark.parametrize("status", [500, 502, 503, 504, 524])
@pytest.mark.parametrize("stored", ["status", "500-after"])
async def test_b3_after_a_5xx_slack_s_history_is_read_before_posting_again(kit, slack, status, stored):
    slack.fail(stored, times=1, status=status)
    kit.say("a")
    deliverer = kit.deliverer(kit.slack(slack.url))
    assert (await deliverer.run_once()).ambiguous == 1
    kit.clock.turn(seconds=6)
    assert (await deliverer.run_once()).sent == (stored == "500-after")
    assert slack.calls["post"] == 1
    kit.clock.turn(minutes=2)
    assert (await deliverer.run_once()).sent == (stored == "status")
    assert len(slack.visible("C0POLICY")) == 1


@pytest.mark.parametrize("status", [500, 502, 503, 504, 524])
@pytest.mark.parametrize("stored", ["status", "500-after"])
async def test_b3_after_a_5xx_discord_gets_the_same_nonce_again(kit, discord_, status, stored):
    discord_.fail(stored, times=1, status=status)
    kit.say("a", NEWS)
    deliverer = kit.deliverer(kit.discord(discord_.url), timer=deadline_after_a_fault(discord_))
    assert (await deliverer.run_once()).ambiguous == 1
    kit.clock.turn(seconds=6)
    assert (await deliverer.run_once()).sent == 1
    assert len(discord_.visible(NEWS.address)) == 1


async def test_b3_what_fails_for_72_hours_is_given_up_and_reported(kit, slack):
    slack.fail("status", channel="C0POLICY")
    kit.say("a")
    deliverer = kit.deliverer(kit.slack(slack.url))
    start = kit.clock()
    for _ in range(60):
        report = await deliverer.run_once()
        if report.dead:
            break
        kit.clock.turn(seconds=(report.waiting_until - kit.clock()).total_seconds() + 1)
    assert timedelta(hours=72) <= kit.clock() - start <= timedelta(hours=90)
    assert kit.states()["a"] == "dead"
    await deliverer.run_once()
    failing, given_up = slack.visible("C0ADMIN")
    assert "has failed at every try" in failing
    assert "could not be delivered" in given_up


@pytest.mark.parametrize("fault", ["hang", "hang-after"])
@pytest.mark.parametrize("platform", ["slack", "discord"])
async def test_b4_a_hanging_platform_is_left_at_the_deadline(kit, slack, discord_, platform, fault):
    peer, channel = (slack, POLICY) if platform == "slack" else (discord_, NEWS)
    sender = kit.slack(slack.url) if platform == "slack" else kit.discord(discord_.url)
    peer.fail(fault, times=1)
    kit.say("a", channel)
    deliverer = kit.deliverer(sender, timer=deadline_after_a_fault(peer))
    assert (await deliverer.run_once()).ambiguous == 1
    assert "no answer within 5 s" in kit.row("a")["why"]
    kit.clock.turn(minutes=2, seconds=1)
    assert (await deliverer.run_once()).sent == 1
    assert len(peer.visible(channel.address)) == 1


async def test_b4_the_deadline_is_counted_in_seconds(kit, slack):
    slack.fail("hang")
    kit.say("a")
    async with asyncio.timeout(60):
        report = await kit.deliverer(kit.slack(slack.url), deadline=timedelta(seconds=0.05)).run_once()
    assert report.ambiguous == 1
    assert "no answer within 0.05 s" in kit.row("a")["why"]


@pytest.mark.parametrize("fault", ["drop-before", "drop-after", "half"])
async def test_b5_b6_a_broken_slack_connection_is_one_post_then_a_look(kit, slack, fault):
    slack.fail(fault, times=1)
    kit.say("a")
    deliverer = kit.deliverer(kit.slack(slack.url))
    assert (await deliverer.run_once()).ambiguous == 1
    assert slack.calls["post"] == 1
    kit.clock.turn(seconds=4)
    assert (await deliverer.run_once()).sent == 0
    kit.clock.turn(seconds=2)
    assert (await deliverer.run_once()).sent == (fault != "drop-before")
    assert slack.calls["post"] == 1
    kit.clock.turn(minutes=2)
    assert (await deliverer.run_once()).sent == (fault == "drop-before")
    assert len(slack.visible("C0POLICY")) == 1
    assert "may be a repeat" not in str(slack.bodies)


@pytest.fixture
def same_time(kit, monkeypatch):
    """Slack's clock is ours, also when that is turned."""

    class Time:
        monotonic = staticmethod(time.monotonic)

        @staticmethod
        def time() -> float:
            return kit.clock().timestamp()

    monkeypatch.setattr(tests.peers.slack, "time", Time)


@pytest.mark.usefixtures("same_time")
@pytest.mark.parametrize("lag", [0, 8, 40, 110])
async def test_b5_a_message_that_slack_s_history_shows_late_is_not_posted_again(kit, slack, lag):
    slack.lag = lag
    slack.fail("drop-after", times=1)
    kit.say("a")
    deliverer = kit.deliverer(kit.slack(slack.url))
    for _ in range(65):
        await deliverer.run_once()
        kit.clock.turn(seconds=2)
    assert kit.states() == {"a": "sent"}
    assert (slack.calls["post"], slack.calls["history"]) == (1, 2 if lag else 1)


@pytest.mark.usefixtures("same_time")
@pytest.mark.parametrize("lag", [8, 40, 110])
async def test_b5_the_same_holds_for_a_second_attempt_and_for_files(kit, slack, lag):
    """What counts is when the last attempt may have arrived, not the first."""
    slack.lag = lag
    for method in ("post", "complete"):
        slack.fail("drop-before", method=method, times=1)
        slack.fail("drop-after", method=method, times=1)
    kit.say("a", files=(File("letter.pdf", "application/pdf", b"%PDF"),))
    deliverer = kit.deliverer(kit.slack(slack.url))
    for _ in range(120):
        await deliverer.run_once()
        kit.clock.turn(seconds=5)
        with kit.db.write() as tx:  # a person is impatient
            queued.retry(tx, "id0", now=kit.clock())
    assert kit.states() == {"a": "sent"}
    assert (slack.calls["post"], slack.calls["complete"]) == (2, 2)
    assert slack.files("C0POLICY") == ["letter.pdf"]


async def test_b5_a_message_found_after_a_long_stop_makes_no_other_wait_longer(kit, slack):
    """How late it was looked for says nothing about how late the history shows it."""
    deliverer = kit.deliverer(kit.slack(slack.url, lag=timedelta(seconds=30)))
    slack.fail("drop-after", times=1)
    kit.say("a")
    await deliverer.run_once()
    kit.clock.turn(hours=8)
    await deliverer.run_once()
    assert (kit.states(), slack.calls["post"]) == ({"a": "sent"}, 1)
    slack.fail("drop-before", times=1)
    kit.say("b")
    await deliverer.run_once()
    for _ in range(4):
        kit.clock.turn(seconds=10)
        await deliverer.run_once()
    assert (kit.states()["b"], slack.calls["post"]) == ("sent", 3)


async def test_b5_a_wait_for_the_history_costs_other_messages_nothing(kit, slack):
    slack.fail("drop-before", times=1)
    deliverer = kit.deliverer(kit.slack(slack.url))
    kit.say("a")
    await deliverer.run_once()
    kit.clock.turn(seconds=6)
    await deliverer.run_once()
    kit.say("b")
    assert (await deliverer.run_once()).sent == 1
    assert kit.states() == {"a": "ambiguous", "b": "sent"}
    assert kit.row("a")["attempts"] == 1


@pytest.mark.parametrize("fault", ["drop-before", "drop-after", "half"])
async def test_b5_b6_a_broken_discord_connection_is_one_post_then_the_same_nonce(kit, discord_, fault):
    discord_.fail(fault, times=1)
    kit.say("a", NEWS)
    deliverer = kit.deliverer(kit.discord(discord_.url))
    assert (await deliverer.run_once()).ambiguous == 1
    assert discord_.calls["post"] == 1
    kit.clock.turn(seconds=6)
    assert (await deliverer.run_once()).sent == 1
    assert len(discord_.visible(NEWS.address)) == 1
    assert len({body["nonce"] for body in discord_.bodies}) == 1


async def test_b5_discord_is_searched_for_our_mark_once_the_nonce_may_be_forgotten(kit, discord_):
    discord_.remembers = 0
    discord_.fail("drop-after", times=1)
    kit.say("a", NEWS)
    deliverer = kit.deliverer(kit.discord(discord_.url))
    await deliverer.run_once()
    kit.clock.turn(minutes=3)
    assert (await deliverer.run_once()).sent == 1
    assert (discord_.calls["post"], discord_.calls["history"]) == (1, 1)
    assert len(discord_.visible(NEWS.address)) == 1


@pytest.mark.parametrize("is_ours", [True, False])
async def test_b5_another_author_s_message_with_our_mark_is_not_ours(kit, slack, discord_, is_ours):
    """A webhook or another app can write the mark, which is made of the channel's and the message's names."""
    discord_.remembers = 0
    for peer in (slack, discord_):
        peer.fail("drop-after", times=1)
    kit.say("a")
    kit.say("b", NEWS)
    deliverer = kit.deliverer(kit.slack(slack.url), kit.discord(discord_.url))
    await deliverer.run_once()
    if not is_ours:
        slack.messages["C0POLICY"][0]["bot_id"] = "B0OTHER"
        discord_.messages[NEWS.address][0]["author"] = {"id": "2", "bot": True}
    kit.clock.turn(minutes=3)

    assert (await deliverer.run_once()).sent == 2
    assert (slack.calls["post"], discord_.calls["post"]) == ((1, 1) if is_ours else (2, 2))


async def test_b5_without_history_it_is_posted_again_with_a_warning(kit, slack, discord_):
    slack.scopes.discard("channels:history")
    discord_.blind.add(NEWS.address)
    discord_.remembers = 0
    for peer in (slack, discord_):
        peer.fail("drop-after", times=1)
    kit.say("a")
    kit.say("b", NEWS)
    deliverer = kit.deliverer(kit.slack(slack.url), kit.discord(discord_.url))
    await deliverer.run_once()
    kit.clock.turn(minutes=3)
    assert (await deliverer.run_once()).sent == 2
    assert len(slack.visible("C0POLICY")) == len(discord_.visible(NEWS.address)) == 2
    assert "(may be a repeat)" not in str((slack.bodies[0], discord_.bodies[0]))
    assert "(may be a repeat)" in str(slack.bodies[1])
    assert "(may be a repeat)" in str(discord_.bodies[1])


@pytest.mark.parametrize("fault", [{"kind": "status"}, {"kind": "429", "seconds": 60}, {"kind": "html"}])
async def test_b5_while_history_cannot_be_read_nothing_is_posted_again(kit, slack, fault):
    slack.fail("drop-after", times=1)
    slack.fail(method="history", times=1, **fault)
    kit.say("a")
    deliverer = kit.deliverer(kit.slack(slack.url))
    await deliverer.run_once()
    kit.clock.turn(seconds=6)
    assert (await deliverer.run_once()).ambiguous == 1
    kit.clock.turn(minutes=6)
    assert (await deliverer.run_once()).sent == 1
    assert slack.calls["post"] == 1


async def test_b5_a_reply_is_looked_for_in_its_thread(kit, slack):
    kit.say("root", thread="fr:1")
    deliverer = kit.deliverer(kit.slack(slack.url))
    await deliverer.run_once()
    slack.fail("drop-after", times=1)
    kit.say("follow-up", thread="fr:1")
    await deliverer.run_once()
    kit.clock.turn(seconds=6)
    assert (await deliverer.run_once()).sent == 1
    root, reply = slack.messages["C0POLICY"]
    assert reply["thread_ts"] == root["ts"]


async def test_b5_a_busy_channel_is_searched_page_by_page(kit, slack):
    slack.fail("drop-after", times=1)
    kit.say("a")
    deliverer = kit.deliverer(kit.slack(slack.url))
    await deliverer.run_once()
    for n in range(450):
        slack._store({"channel": "C0POLICY", "text": f"chatter {n}"})
    kit.clock.turn(seconds=6)
    assert (await deliverer.run_once()).sent == 1
    assert (slack.calls["history"], slack.calls["post"]) == (3, 1)


def refused_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


@pytest.mark.parametrize(
    ("url", "words"),
    [("http://127.0.0.1:{port}/", "refused the connection"), ("https://no-such-host.invalid/", "was not found")],
)
async def test_b7_a_connection_that_never_was_is_safe_to_try_again(kit, url, words):
    url = url.format(port=refused_port())
    kit.say("a")
    kit.say("b", NEWS)
    report = await kit.deliverer(kit.slack(url), kit.discord(url)).run_once()
    assert (report.retried, report.ambiguous) == (2, 0)
    assert words in kit.row("a")["why"]
    assert words in kit.row("b")["why"]


async def test_b7_a_certificate_nobody_vouches_for_is_refused_in_its_own_words(kit, slack):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    async with slack.running(context) as url:
        kit.say("a")
        kit.say("b", NEWS)
        await kit.deliverer(kit.slack(url), kit.discord(url)).run_once()
    assert "certificate of 127.0.0.1 is not valid" in kit.row("a")["why"]
    assert "certificate of 127.0.0.1 is not valid" in kit.row("b")["why"]
    assert slack.calls["post"] == 0


async def hours(kit, deliverer, count: int) -> None:
    """Let time pass in steps of a minute, a round at each."""
    for _ in range(count * 60):
        kit.clock.turn(minutes=1)
        await deliverer.run_once()


async def test_b8_a_revoked_slack_token_is_tried_three_times_an_hour_and_reported_on_discord(kit, slack, discord_):
    slack.token = "a newer one"
    for n in range(5):
        kit.say(f"policy {n}")
        kit.say(f"field {n}", FIELD)
        kit.say(f"news {n}", NEWS)
    deliverer = kit.deliverer(kit.slack(slack.url), kit.discord(discord_.url))
    await deliverer.run_once()
    assert slack.calls["post"] == 1
    await hours(kit, deliverer, 2)
    assert slack.calls["post"] <= 1 + 6
    notices = [text for text in discord_.visible(NEWS.address) if "Slack does not let the bot post" in text]
    assert len(notices) == 1
    assert queued.counts(kit.db)["retry"] == 1
    slack.token = slack.TOKEN
    await hours(kit, deliverer, 1)
    assert len(slack.visible("C0POLICY")) == len(slack.visible("C0FIELD")) == 5
    assert holds.all_holds(kit.db) == []


@pytest.mark.parametrize("code", ["invalid_auth", "token_revoked", "account_inactive"])
async def test_b8_every_fatal_answer_of_slack_opens_the_circuit(kit, slack, code, caplog):
    slack.fail("error", code=code)
    kit.say("a")
    kit.say("b", FIELD)
    with caplog.at_level(logging.ERROR):
        await kit.deliverer(kit.slack(slack.url)).run_once()
    assert slack.calls["post"] == 1
    assert [h.scope for h in holds.all_holds(kit.db)] == ["platform:slack"]
    assert code in caplog.text


async def test_b8_a_wrong_discord_token_is_tried_three_times_an_hour(kit, slack, discord_):
    for n in range(5):
        kit.say(f"news {n}", NEWS)
    deliverer = kit.deliverer(kit.slack(slack.url), kit.discord(discord_.url, token="wrong"))
    await hours(kit, deliverer, 2)
    assert 2 <= discord_.calls["login"] <= 1 + 6
    assert discord_.calls["post"] == 0
    assert len([t for t in slack.visible("C0ADMIN") if "Discord does not let the bot post" in t]) == 1
    assert "are queued; nothing is lost" in str(slack.bodies)


async def test_b8_a_discord_token_revoked_while_running_opens_the_circuit(kit, discord_):
    kit.say("a", NEWS)
    deliverer = kit.deliverer(kit.discord(discord_.url))
    assert (await deliverer.run_once()).sent == 1
    discord_.token = "a newer one"
    kit.say("b", NEWS)
    await deliverer.run_once()
    assert "platform:discord" in {h.scope for h in holds.all_holds(kit.db)}


@pytest.mark.parametrize("code", ["channel_not_found", "not_in_channel", "is_archived"])
async def test_b9_a_channel_that_slack_closes_is_paused_alone_and_reported_once(kit, slack, code):
    slack.fail("error", channel="C0POLICY", code=code)
    for n in range(3):
        kit.say(f"policy {n}")
        kit.say(f"field {n}", FIELD)
    deliverer = kit.deliverer(kit.slack(slack.url))
    await hours(kit, deliverer, 2)
    assert len(slack.visible("C0FIELD")) == 3
    assert slack.calls["post"] <= 3 + 1 + 7
    assert [text for text in slack.visible("C0ADMIN") if "does not accept messages" in text] == slack.visible("C0ADMIN")
    assert len(slack.visible("C0ADMIN")) == 1
    assert code in str(slack.bodies)
    kit.clock.turn(hours=80)
    await deliverer.run_once()
    assert {kit.states()[f"policy {n}"] for n in range(3)} <= {"retry", "pending"}
    slack.heal()
    await hours(kit, deliverer, 1)
    assert [line.split(" · ")[1] for line in first_lines(slack, "C0POLICY")] == ["policy 0", "policy 1", "policy 2"]


@pytest.mark.parametrize(("status", "code"), [(403, 50001), (403, 50013), (404, 10003)])
async def test_b9_a_channel_that_discord_closes_is_paused_alone(kit, slack, discord_, status, code):
    discord_.fail("error", status=status, code=code)
    kit.say("a", NEWS)
    kit.say("b")
    await kit.deliverer(kit.slack(slack.url), kit.discord(discord_.url)).run_once()
    assert [h.scope for h in holds.all_holds(kit.db)] == ["channel:news"]
    assert len(slack.visible("C0POLICY")) == 1


async def test_b9_a_channel_that_left_the_configuration_waits_with_its_messages_and_is_reported(kit, slack):
    kit.say("a", FIELD)
    deliverer = kit.deliverer(kit.slack(slack.url), channels=[ADMIN, POLICY])
    await deliverer.run_once()
    await deliverer.run_once()
    assert len(slack.visible("C0ADMIN")) == 1
    assert kit.states()["a"] == "pending"
    kit.clock.turn(minutes=30)
    assert (await kit.deliverer(kit.slack(slack.url)).run_once()).sent == 1


async def test_b9_when_the_admin_channel_itself_is_closed_the_log_has_it_and_nothing_loops(kit, slack, caplog):
    slack.gone.add("C0ADMIN")
    slack.fail("error", channel="C0POLICY", code="msg_too_long")
    kit.say("a")
    deliverer = kit.deliverer(kit.slack(slack.url))
    with caplog.at_level(logging.ERROR):
        await hours(kit, deliverer, 1)
    assert "given up" in caplog.text
    assert "posting to channel:admin is on hold" in caplog.text
    assert len(kit.states()) == 3  # the letter, the word of it, and the word of the closed channel


@pytest.mark.parametrize("code", ["msg_too_long", "invalid_blocks", "msg_blocks_too_long"])
async def test_b10_what_slack_finds_too_long_is_posted_shorter_once(kit, slack, code):
    slack.fail("error", code=code, times=1)
    kit.say("a", card=Card(mark=Mark.ALERT, head="a", lines=(Line("much more"),)))
    assert (await kit.deliverer(kit.slack(slack.url)).run_once()).sent == 1
    assert ["much more" in str(body) for body in slack.bodies] == [True, False]


async def test_b10_what_discord_finds_too_long_is_posted_shorter_once(kit, discord_):
    discord_.fail("error", status=400, code=50035, times=1)
    kit.say("a", NEWS, card=Card(mark=Mark.ALERT, head="a", lines=(Line("much more"),)))
    assert (await kit.deliverer(kit.discord(discord_.url)).run_once()).sent == 1
    assert ["much more" in str(body) for body in discord_.bodies] == [True, False]


async def test_b10_what_is_refused_even_shorter_is_a_dead_letter_with_its_reason(kit, slack, discord_):
    slack.fail("error", channel="C0POLICY", code="msg_too_long")
    discord_.fail("error", status=400, code=50035)
    kit.say("a")
    kit.say("b", NEWS)
    deliverer = kit.deliverer(kit.slack(slack.url), kit.discord(discord_.url))
    assert (await deliverer.run_once()).dead == 2
    await deliverer.run_once()
    assert "msg_too_long" in kit.row("a")["why"]
    assert "50035" in kit.row("b")["why"]
    assert len(slack.visible("C0ADMIN")) == 1
    assert "2 messages could not be delivered" in slack.visible("C0ADMIN")[0]


@pytest.mark.parametrize("code", ["invalid_arguments", "metadata_too_large", "too_many_attachments"])
async def test_b10_what_is_wrong_with_a_message_is_not_tried_for_days(kit, slack, code):
    slack.fail("error", channel="C0POLICY", code=code)
    kit.say("a")
    deliverer = kit.deliverer(kit.slack(slack.url))
    assert (await deliverer.run_once()).dead == 1
    await deliverer.run_once()
    assert code in slack.visible("C0ADMIN")[0]


@pytest.mark.parametrize("platform", ["slack", "discord"])
async def test_b10_a_person_soon_hears_of_an_unknown_error_and_the_thread_goes_on(kit, slack, discord_, platform):
    peer, channel = (slack, POLICY) if platform == "slack" else (discord_, NEWS)
    if platform == "slack":
        slack.fail("error", channel=channel.address, code="some_new_error", times=2)
    else:
        discord_.fail("status", status=418, times=2)
    kit.say("root", channel, thread="fr:1")
    deliverer = kit.deliverer(kit.slack(slack.url), kit.discord(discord_.url))
    for _ in range(2):
        await deliverer.run_once()
        kit.clock.turn(seconds=6)
    kit.say("follow-up", channel, thread="fr:1")
    kit.say("other", channel)
    for _ in range(3):
        await deliverer.run_once()
        kit.clock.turn(seconds=10)
    notices = [text for text in slack.visible("C0ADMIN") if "keeps rejecting" in text]
    assert len(notices) == 1
    assert ("some_new_error" if platform == "slack" else "418") in notices[0]
    assert "outbox drop id0" in notices[0]
    states = kit.states()
    assert [states[key] for key in ("root", "follow-up", "other")] == ["retry", "sent", "sent"]
    for _ in range(50):
        await deliverer.run_once()
        kit.clock.turn(hours=1)
    assert set(kit.states().values()) == {"sent"}
    assert len([text for text in slack.visible("C0ADMIN") if "keeps rejecting" in text]) == 1
    assert len(peer.visible(channel.address)) == 3


async def test_b10_an_unknown_error_that_happens_once_is_reported_to_nobody(kit, slack):
    slack.fail("error", channel=POLICY.address, code="some_new_error", times=1)
    kit.say("root")
    deliverer = kit.deliverer(kit.slack(slack.url))
    for _ in range(3):
        await deliverer.run_once()
        kit.clock.turn(minutes=5)
    assert kit.states() == {"root": "sent"}
    assert slack.visible("C0ADMIN") == []


async def test_b10_a_health_message_that_is_refused_everywhere_causes_no_further_message(kit, slack):
    slack.fail("error", code="some_new_error")
    kit.say("a", kind="health")
    deliverer = kit.deliverer(kit.slack(slack.url))
    for _ in range(8):
        await deliverer.run_once()
        kit.clock.turn(hours=1)
    assert list(kit.states()) == ["a"]


@pytest.mark.parametrize("lost", [False, True])
async def test_b10_a_reply_that_finds_no_thread_is_posted_outside_of_it_once(kit, slack, lost):
    deliverer = kit.deliverer(kit.slack(slack.url))
    kit.say("root", thread="fr:1")
    await deliverer.run_once()
    slack.fail("error", code="cannot_reply_to_message", times=1)
    if lost:
        slack.fail("drop-after", times=1)
    kit.say("follow-up", thread="fr:1")
    await deliverer.run_once()
    kit.clock.turn(seconds=6)
    await deliverer.run_once()
    assert set(kit.states().values()) == {"sent"}
    assert [message.get("thread_ts") for message in slack.messages["C0POLICY"]] == [None, None]


@pytest.mark.parametrize("fault", ["status", "error"])
async def test_a_thread_is_not_delayed_by_files_that_do_not_arrive(kit, slack, fault):
    slack.fail(fault, method="complete", code="some_new_error")
    deliverer = kit.deliverer(kit.slack(slack.url))
    pdf = File("letter.pdf", "application/pdf", b"%PDF")
    letter = kit.say("letter", thread="letter:1", files=(pdf,))
    kit.say("signed", thread="letter:1")
    for _ in range(5):
        await deliverer.run_once()
        kit.clock.turn(seconds=10)
    with kit.db.write() as tx:
        enqueue_edit(tx, letter, card("letter, changed"), new_id=kit.new_id, now=kit.clock())
    for _ in range(5):
        await deliverer.run_once()
        kit.clock.turn(seconds=10)
    first, second = slack.messages["C0POLICY"]
    assert second["thread_ts"] == first["ts"]
    assert "letter, changed" in first["text"]
    assert kit.states()["letter"] in ("retry", "ambiguous")


@pytest.mark.parametrize("fault", ["html", "no-ok"])
@pytest.mark.parametrize("platform", ["slack", "discord"])
async def test_b11_an_answer_that_is_not_the_platforms_is_never_taken_for_sent(kit, slack, discord_, platform, fault):
    peer, channel = (slack, POLICY) if platform == "slack" else (discord_, NEWS)
    sender = kit.slack(slack.url) if platform == "slack" else kit.discord(discord_.url)
    peer.fail(fault, times=1)
    kit.say("a", channel)
    deliverer = kit.deliverer(sender)
    report = await deliverer.run_once()
    assert (report.sent, report.ambiguous) == (0, 1)
    kit.clock.turn(minutes=2, seconds=1)
    assert (await deliverer.run_once()).sent == 1
    assert len(peer.visible(channel.address)) == 1


async def test_b11_a_login_page_instead_of_discord_does_not_count_as_logged_in(kit, discord_):
    discord_.fail("html", method="login", times=1)
    kit.say("a", NEWS)
    deliverer = kit.deliverer(kit.discord(discord_.url))
    assert (await deliverer.run_once()).sent == 0
    kit.clock.turn(seconds=6)
    assert (await deliverer.run_once()).sent == 1


@pytest.mark.long
async def test_b12_a_thousand_waiting_alerts_keep_to_the_pace_the_channel_allows(kit, slack):
    slack.rate = 400.0
    for n in range(1_000):
        kit.say(f"alert {n}", (POLICY, FIELD)[n % 2])
    deliverer = kit.deliverer(kit.slack(slack.url, plain), pace=timedelta(seconds=1 / 350))
    while (await deliverer.run_once()).waiting_until or "pending" in kit.states().values():
        kit.clock.turn(seconds=2)
    assert len(slack.visible("C0POLICY")) == len(slack.visible("C0FIELD")) == 500
    assert slack.answers[429] <= 10


def first_lines(peer, channel: str) -> list[str]:
    return [text.split("\n")[0] for text in peer.visible(channel)]
