"""What the deliverer makes of each answer: which channels it serves, what rests, what is held, and who hears of it."""

from __future__ import annotations

import asyncio
import functools
import gc
import inspect
from datetime import timedelta

import pytest

from bot.outbox import holds
from bot.outbox.deliver import GRACE, LONGEST_REST, PROBE_EVERY, ROUND, SETTLE, DeliveryReport
from bot.outbox.holds import Hold
from bot.outbox.model import (
    JITTER,
    Ambiguous,
    Channel,
    Delivered,
    Found,
    NotFound,
    NotYet,
    Rejected,
    RetryAt,
)
from bot.outbox.notices import FAILING_AFTER
from bot.store.database import to_text
from tests.kit.outbox import ADMIN, FIELD, NEWS, POLICY, Kit, store
from tests.kit.simulated_time import SimulatedClock, SimulatedTime

MAIL = Channel("mail:p1", "mail", "ada@member.test", "Ada")
DIRECT = Channel("dm:p1", "slack", "U1", "Ada")


class Scripted:
    """A platform that answers a channel as `answers` say, and then takes everything. `sent`: what it was given."""

    deadline = None

    def __init__(self, platform="slack"):
        self.platform = platform
        self.answers = {}
        self.found = NotFound()
        self.sent = []
        self.is_closed = False
        self.gate = None  # what a call waits for

    async def send(self, outgoing):
        self.sent.append((outgoing.channel.name, outgoing.key))
        if self.gate is not None:
            await self.gate.wait()
        script = self.answers.get(outgoing.channel.name)
        return script.pop(0) if script else Delivered(outgoing.id)

    async def find(self, outgoing):
        return self.found

    async def close(self):
        self.is_closed = True


@pytest.fixture
async def kit(tmp_path):
    kit = Kit(store(tmp_path))
    kit.clock.stop()
    yield kit
    await kit.close()


@pytest.fixture
def slack():
    return Scripted()


def in_simulated_time(test):
    """Run a test in a loop whose clock jumps to the next timer: where one message is under way and time passes."""

    @functools.wraps(test)
    def run(tmp_path, **fixtures):
        loop = SimulatedTime()
        kit = Kit(store(tmp_path), SimulatedClock(loop))
        loop.run_until_complete(test(kit, **fixtures))
        loop.run_until_complete(kit.close())
        loop.close()

    given = inspect.signature(test).parameters
    run.__signature__ = inspect.Signature([given["kit"].replace(name="tmp_path"), *list(given.values())[1:]])
    return run


def later(kit, **by):
    return kit.clock() + timedelta(**by)


def heads(kit):
    """The heads of what the outbox itself says, all in the admin channel."""
    rows = kit.db.read("SELECT card FROM delivery WHERE kind = 'health' ORDER BY seq")
    return [row["card"].partition('"head":"')[2].partition('"')[0] for row in rows]


# --- a round ----------------------------------------------------------------------------------------------------------


async def test_a_round_says_what_became_of_its_messages_and_when_to_look_again(kit, slack):
    slack.answers = {
        "policy": [Delivered("1"), RetryAt("busy")], "field": [Ambiguous("lost")], "admin": [Rejected("too odd")]
    }  # fmt: skip
    for key, channel in (("a", POLICY), ("b", POLICY), ("c", FIELD), ("d", ADMIN)):
        kit.say(key, channel)
    deliverer = kit.deliverer(slack)
    report = await deliverer.run_once()
    assert (report.sent, report.retried, report.ambiguous, report.dead) == (1, 1, 1, 1)
    assert report.waiting_until == kit.clock(), "the dead letter is to be reported at once"
    assert kit.states() | {"e": ""} == kit.states() | {
        "a": "sent",
        "b": "retry",
        "c": "ambiguous",
        "d": "dead",
        "e": "",
    }
    assert (await deliverer.run_once()).sent == 1
    assert await deliverer.run_once() == DeliveryReport(waiting_until=later(kit, seconds=5.25))


async def test_with_nothing_queued_there_is_nothing_to_wait_for(kit, slack):
    assert await kit.deliverer(slack).run_once() == DeliveryReport()


async def test_after_the_last_message_there_is_nothing_to_wait_for(kit, slack, caplog):
    deliverer = kit.deliverer(slack)
    for key in ("a", "b"):
        kit.say(key)
        assert await deliverer.run_once() == DeliveryReport(sent=1)
    assert [record for record in caplog.records if record.levelname == "WARNING"] == []


async def test_what_was_not_reported_before_a_restart_is_reported_in_the_first_round(kit, slack):
    with kit.db.write() as tx:
        holds.place(tx, Hold("channel:field", "a bounce"), now=kit.clock(), report=True)
    await kit.deliverer(slack).run_once()
    assert len(heads(kit)) == 1


async def test_what_is_queued_for_later_says_when_to_look_again(kit, slack):
    kit.say("a", due_at=later(kit, hours=1))
    assert await kit.deliverer(slack).run_once() == DeliveryReport(waiting_until=later(kit, hours=1))


async def test_a_channel_gets_twenty_messages_before_the_others_are_looked_at_and_mail_one(kit, slack):
    mail = Scripted("mail")
    kit.people[MAIL.name] = MAIL
    for number in range(ROUND + 1):
        kit.say(f"p{number}")
    for number in range(2):
        kit.say(f"m{number}", MAIL)
    deliverer = kit.deliverer(slack, mail)
    report = await deliverer.run_once()
    assert (len(slack.sent), len(mail.sent)) == (ROUND, 1)
    assert report.waiting_until == kit.clock()
    await deliverer.run_once()
    assert (len(slack.sent), len(mail.sent)) == (ROUND + 1, 2)


@in_simulated_time
async def test_twenty_emails_are_under_way_at_once_in_whatever_round_they_began(kit, slack):
    mail = Scripted("mail")
    readers = [Channel(f"mail:p{number}", "mail", f"p{number}@member.test") for number in range(25)]
    kit.people |= {reader.name: reader for reader in readers}
    deliverer = kit.deliverer(slack, mail, deadline=timedelta(minutes=1))
    kit.say("first", readers[0])
    await deliverer.run_once()
    mail.gate, mail.sent = asyncio.Event(), []
    for reader in readers:
        kit.say(reader.name, reader)
    for _ in range(3):
        await deliverer.run_once(patience=1)
        assert len(mail.sent) == 20
    mail.gate.set()
    await deliverer.run_once()
    await deliverer.run_once()
    assert len(mail.sent) == 25


@in_simulated_time
async def test_slow_chat_channels_are_no_email_under_way(kit, slack):
    channels = [Channel(f"c{number}", "slack", f"C{number}") for number in range(25)]
    deliverer = kit.deliverer(slack, Scripted("mail"), channels=[ADMIN, *channels], deadline=timedelta(minutes=1))
    kit.say("first", ADMIN)
    await deliverer.run_once()
    slack.gate = asyncio.Event()
    kit.people[MAIL.name] = MAIL
    for channel in (*channels, MAIL):
        kit.say(channel.name, channel)
    assert (await deliverer.run_once(patience=1)).sent == 1, "an email, in the same round"
    kit.say("another", MAIL)
    assert (await deliverer.run_once(patience=1)).sent == 1, "and in the next"
    slack.gate.set()
    await deliverer.run_once()


@in_simulated_time
async def test_what_gets_no_answer_in_time_is_in_doubt(kit, slack):
    seconds = []

    def timer(given):
        seconds.append(given)
        return asyncio.timeout(given)

    slack.gate = asyncio.Event()
    kit.say("a")
    deliverer = kit.deliverer(slack, deadline=timedelta(seconds=7), settle=timedelta(seconds=3), timer=timer)
    claimed_until = later(kit, seconds=2 * 7 + 3)
    running = asyncio.create_task(deliverer.run_once())
    await asyncio.sleep(1)
    assert kit.row("a")["due_at"] == to_text(claimed_until)
    assert (await running).ambiguous == 1
    assert (kit.row("a")["why"], seconds) == ("no answer within 7 s", [7.0])


@in_simulated_time
async def test_a_slow_channel_delays_no_other_and_is_not_served_twice(kit, slack):
    slow = Scripted("discord")
    slow.gate = asyncio.Event()
    kit.say("slow", NEWS)
    kit.say("slow too", NEWS)
    kit.say("quick")
    deliverer = kit.deliverer(slack, slow)
    report = await deliverer.run_once(patience=1)
    assert (report.sent, report.waiting_until) == (1, kit.clock())
    kit.say("quick too")
    assert (await deliverer.run_once(patience=1)).sent == 1
    assert slow.sent == [("news", "slow")]
    slow.gate.set()
    assert (await deliverer.run_once()).sent == 2


async def test_the_store_s_failure_ends_the_round_and_the_messages_stay_queued(kit, slack, caplog):
    with kit.db.write() as tx:
        tx.execute("CREATE TRIGGER no_claim BEFORE UPDATE ON delivery BEGIN SELECT RAISE(ABORT, 'disk'); END")
    kit.say("a")
    kit.say("b", FIELD)
    with pytest.raises(Exception, match="disk"):
        await kit.deliverer(slack).run_once()
    assert (kit.states(), slack.sent) == ({"a": "pending", "b": "pending"}, [])
    gc.collect()
    assert "never retrieved" not in caplog.text


# --- the end ----------------------------------------------------------------------------------------------------------


@in_simulated_time
async def test_after_stop_nothing_starts_and_what_is_under_way_ends(kit, slack):
    slack.gate = asyncio.Event()
    kit.say("a")
    kit.say("b")
    deliverer = kit.deliverer(slack)
    await deliverer.run_once(patience=1)
    deliverer.stop()
    asyncio.get_running_loop().call_later(2, slack.gate.set)
    assert (await deliverer.run_once(patience=1)).sent == 1
    assert kit.states() == {"a": "sent", "b": "pending"}


@in_simulated_time
async def test_closing_waits_for_what_is_being_sent_and_closes_the_senders(kit, slack):
    slack.gate = asyncio.Event()
    kit.say("a")
    deliverer = kit.deliverer(slack)
    await deliverer.run_once(patience=1)
    asyncio.get_running_loop().call_later(2, slack.gate.set)
    await deliverer.close()
    assert (kit.states(), slack.is_closed) == ({"a": "sent"}, True)


@in_simulated_time
async def test_closing_waits_eight_seconds_and_then_cuts_off(kit, slack):
    slack.gate = asyncio.Event()
    kit.say("a")
    deliverer = kit.deliverer(slack, deadline=timedelta(minutes=1))
    await deliverer.run_once(patience=1)
    began = kit.clock()
    await deliverer.close()
    assert kit.clock() - began == timedelta(seconds=GRACE)
    assert kit.row("a")["why"] == "stopped while it was being sent"


async def test_closing_with_nothing_under_way_closes_the_senders(kit, slack):
    await kit.deliverer(slack).close()
    assert slack.is_closed


async def test_what_is_cut_off_is_in_doubt_and_looked_for_before_it_is_sent_again(kit, slack):
    slack.gate = asyncio.Event()
    kit.say("a")
    deliverer = kit.deliverer(slack)
    running = asyncio.create_task(deliverer.run_once())
    while not slack.sent:  # noqa: ASYNC110 - the platform counts, it does not call
        await asyncio.sleep(0.001)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert running.cancelled()
    row = kit.row("a")
    assert (row["state"], row["why"]) == ("ambiguous", "stopped while it was being sent")
    slack.gate, slack.found = None, Found("ref")
    kit.clock.turn(minutes=1)
    assert (await deliverer.run_once()).sent == 1
    assert len(slack.sent) == 1


# --- rests ------------------------------------------------------------------------------------------------------------


async def test_a_channel_rests_twice_as_long_after_each_failure_and_never_longer_than_two_minutes(kit, slack):
    deliverer = kit.deliverer(slack)
    rests = []
    for number in range(8):
        slack.answers["policy"] = [RetryAt("busy")]
        kit.say(f"a{number}")
        assert (await deliverer.run_once()).retried == 1
        rests.append(deliverer._paces["policy"].rests_until - kit.clock())
        kit.say(f"b{number}")
        tried = len(slack.sent)
        assert (await deliverer.run_once()).sent == 0
        assert len(slack.sent) == tried
        kit.clock.turn(seconds=rests[-1].total_seconds())
    assert rests == [min(SETTLE * 2**number, LONGEST_REST) for number in range(8)]
    kit.say("arrives")
    assert (await deliverer.run_once()).sent >= 1
    assert deliverer._paces["policy"].next_rest == SETTLE


async def test_a_channel_rests_until_a_moment_and_not_at_it(kit, slack):
    slack.answers["policy"] = [Ambiguous("lost")]
    kit.say("a")
    kit.say("b")
    deliverer = kit.deliverer(slack)
    assert (await deliverer.run_once()).waiting_until == later(kit, seconds=5)
    kit.clock.turn(seconds=4)
    assert (await deliverer.run_once()).sent == 0
    kit.clock.turn(seconds=1)
    assert (await deliverer.run_once()).sent >= 1


async def test_waiting_for_a_platform_s_history_is_no_failure(kit, slack):
    slack.answers["policy"] = [Ambiguous("lost")]
    kit.say("a")
    deliverer = kit.deliverer(slack)
    await deliverer.run_once()
    slack.found = NotYet(later(kit, minutes=1))
    kit.clock.turn(seconds=20)
    assert (await deliverer.run_once()).ambiguous == 1
    assert deliverer._paces["policy"].next_rest == 2 * SETTLE, "no second failure"
    kit.say("b")
    assert (await deliverer.run_once()).sent == 1


# --- refused ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "scope", "is_reported"),
    [
        (Rejected("revoked", scope="platform"), "platform:slack", True),
        (Rejected("archived", scope="channel"), "channel:policy", True),
    ],
)
async def test_what_is_refused_is_held_probed_after_twenty_minutes_and_reported(kit, slack, answer, scope, is_reported):
    slack.answers["policy"] = [answer]
    kit.say("a")
    kit.say("b")
    deliverer = kit.deliverer(slack)
    report = await deliverer.run_once()
    (hold,) = holds.all_holds(kit.db)
    assert (hold.scope, hold.why, hold.refused is not None) == (scope, answer.why, True)
    assert hold.until == kit.clock() + PROBE_EVERY * (1 + JITTER * 0.5)
    assert len(heads(kit)) == is_reported
    assert len(slack.sent) == 1
    assert (report.retried, kit.row("a")["attempts"]) == (1, 0)


async def test_an_address_that_does_not_exist_is_held_for_good_and_reported_unless_anyone_may_have_typed_it(kit):
    mail = Scripted("mail")
    unproven = Channel("outside:o1", "mail", "x@member.test", "X", unproven=True)
    for channel in (MAIL, unproven):
        kit.people[channel.name] = channel
        mail.answers[channel.name] = [Rejected("no such mailbox", scope="address")]
        kit.say(channel.name, channel)
    await kit.deliverer(mail).run_once()
    found = {hold.scope: hold for hold in holds.all_holds(kit.db)}
    assert {scope: hold.until for scope, hold in found.items()} == {"channel:mail:p1": None, "channel:outside:o1": None}
    assert {hold.refused for hold in found.values()} == {None}
    assert len(heads(kit)) == 1


async def test_of_mails_to_people_outside_only_the_pace_of_one_that_failed_stays_in_memory(kit):
    mail = Scripted("mail")
    for number in range(9):
        channel = Channel(f"outside:o{number}", "mail", f"x{number}@member.test", "X", unproven=True)
        kit.people[channel.name] = channel
        kit.say(f"hello {number}", channel)
    mail.answers["outside:o7"] = [RetryAt("greylisted")]
    deliverer = kit.deliverer(mail)
    await deliverer.run_once()
    assert [*deliverer._paces] == ["outside:o7"]


@pytest.mark.parametrize("at", [True, False])
async def test_a_wait_that_the_platform_asks_for_holds_the_channel_and_another_failure_does_not(kit, slack, at):
    until = later(kit, minutes=10) if at else None
    slack.answers["policy"] = [RetryAt("too fast", until)]
    kit.say("a")
    await kit.deliverer(slack).run_once()
    current = holds.all_holds(kit.db)
    assert [(hold.scope, hold.why, hold.refused) for hold in current] == (
        [("channel:policy", "too fast", None)] if at else []
    )
    if at:
        assert current[0].until == kit.clock() + timedelta(minutes=10) * (1 + JITTER * 0.5)
    assert heads(kit) == []


@pytest.mark.parametrize("channel", [POLICY, DIRECT], ids=["channel", "person"])
async def test_the_end_of_a_hold_is_reported_in_the_round_of_its_probe(kit, slack, channel):
    kit.people[DIRECT.name] = DIRECT
    slack.answers[channel.name] = [Rejected("archived", scope="channel")]
    kit.say("a", channel)
    tokens = {"slack": "old"}
    deliverer = kit.deliverer(slack, credentials=tokens)
    await deliverer.run_once()
    assert len(heads(kit)) == 1
    await deliverer.run_once()
    kit.clock.turn(minutes=1)
    tokens["slack"] = "new"
    assert (await deliverer.run_once()).sent == 1
    assert (holds.all_holds(kit.db), len(heads(kit))) == ([], 2)


async def test_a_message_that_is_given_up_holds_its_channel_no_longer(kit, slack):
    kit.say("a")
    deliverer = kit.deliverer(slack)
    for _ in range(12):
        assert kit.states()["a"] != "dead"
        slack.answers["policy"] = [RetryAt("too fast", later(kit, minutes=10))]
        await deliverer.run_once()
        kit.clock.turn(hours=8)
    assert (kit.states()["a"], holds.all_holds(kit.db)) == ("dead", [])


@pytest.mark.parametrize("changed", ["token", "address"])
async def test_with_another_token_or_address_it_is_tried_at_once(kit, slack, changed):
    scope = "platform" if changed == "token" else "channel"
    slack.answers["policy"] = [Rejected("refused", scope=scope)]
    kit.say("a")
    tokens = {"slack": "old"}
    deliverer = kit.deliverer(slack, credentials=tokens)
    await deliverer.run_once()
    await deliverer.run_once()
    kit.clock.turn(minutes=1)
    if changed == "token":
        tokens["slack"] = "new"
    else:
        deliverer.update({"policy": Channel("policy", "slack", "C0OTHER"), "admin": ADMIN}, admin="admin")
    await deliverer.run_once()
    assert kit.states()["a"] == "sent"


@in_simulated_time
async def test_until_a_platform_has_taken_one_message_its_channels_are_served_one_after_another(kit, slack):
    slack.gate = asyncio.Event()
    for channel in (POLICY, FIELD, ADMIN):
        kit.say(channel.name, channel)
    deliverer = kit.deliverer(slack)
    await deliverer.run_once(patience=1)
    assert len(slack.sent) == 1
    slack.gate.set()
    await deliverer.run_once()
    slack.gate, slack.sent = asyncio.Event(), []
    for channel in (POLICY, FIELD, ADMIN):
        kit.say(f"{channel.name} again", channel)
    await deliverer.run_once(patience=1)
    assert len(slack.sent) == 3
    slack.gate.set()
    await deliverer.run_once()


@pytest.mark.parametrize(
    ("answer", "at_once"),
    [(Rejected("revoked", scope="platform"), 1), (Rejected("archived", scope="channel"), 2), (RetryAt("busy"), 2)],
)
@in_simulated_time
async def test_after_a_refused_token_and_no_other_failure_they_are_served_one_after_another_again(
    kit, slack, answer, at_once
):
    kit.say("first")
    deliverer = kit.deliverer(slack)
    await deliverer.run_once()
    slack.answers["policy"] = [answer]
    kit.say("refused")
    await deliverer.run_once()
    with kit.db.write() as tx:
        holds.release(tx, "platform:slack")
        tx.execute("UPDATE delivery SET state = 'dropped' WHERE state <> 'sent'")
    slack.gate, slack.sent = asyncio.Event(), []
    for channel in (ADMIN, FIELD):
        kit.say(f"{channel.name} again", channel)
    await deliverer.run_once(patience=1)
    assert len(slack.sent) == at_once
    slack.gate.set()
    await deliverer.run_once()


# --- channels that are not there --------------------------------------------------------------------------------------


async def test_what_waits_for_a_person_who_cannot_be_reached_is_dropped(kit, slack):
    kit.say("a", DIRECT)
    await kit.deliverer(slack).run_once()
    row = kit.row("a")
    assert row["state"] == "dropped"
    assert row["why"] == "the recipient no longer has an account or an address that takes messages"
    assert (holds.all_holds(kit.db), heads(kit)) == ([], [])


@pytest.mark.parametrize(
    ("channel", "scope", "why"),
    [
        (Channel("gone", "slack", "C1"), "channel:gone", "it is no longer in feeds.yml, but messages wait for it"),
        (NEWS, "platform:discord", "no token for it is set"),
    ],
)
async def test_what_waits_for_a_channel_or_platform_that_may_come_back_is_held_and_reported(
    kit, slack, channel, scope, why
):
    deliverer = kit.deliverer(slack)
    await deliverer.run_once()
    kit.say("a", channel)
    await deliverer.run_once()
    (hold,) = holds.all_holds(kit.db)
    assert (hold.scope, hold.why, hold.until is not None) == (scope, why, True)
    assert kit.states()["a"] == "pending"
    assert len(heads(kit)) == 1
    await deliverer.run_once()
    assert (slack.sent[0][0], len(heads(kit))) == ("admin", 1)


async def test_a_message_whose_reader_lost_the_role_is_dropped_and_another_is_sent(kit, slack):
    kit.people[DIRECT.name] = DIRECT
    kit.say("needs a role", DIRECT, needs="approver")
    kit.say("needs none", DIRECT)
    kit.say("needs another", DIRECT, needs="policy")
    deliverer = kit.deliverer(slack, may_read=lambda name, needs: (name, needs) != (DIRECT.name, "approver"))
    await deliverer.run_once()
    assert kit.states() == {"needs a role": "dropped", "needs none": "sent", "needs another": "sent"}


async def test_a_channel_on_hold_waits_for_the_end_of_the_hold_and_no_other_does(kit, slack):
    with kit.db.write() as tx:
        holds.pause(tx, Hold("channel:policy", "a pause", later(kit, hours=1)), now=kit.clock())
    kit.say("a")
    kit.say("b", FIELD)
    report = await kit.deliverer(slack).run_once()
    assert (report.sent, report.waiting_until) == (1, later(kit, hours=1))
    assert kit.states() == {"a": "pending", "b": "sent"}


# --- what people hear -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "logged"), [(Rejected("too odd"), "dead, too odd"), (RetryAt("busy"), "retry, busy")]
)
async def test_the_log_says_why_a_message_did_not_arrive(kit, slack, caplog, answer, logged):
    slack.answers["policy"] = [answer]
    kit.say("a")
    await kit.deliverer(slack).run_once()
    assert f" to policy: {logged}" in caplog.text


async def test_an_unknown_error_is_reported_at_the_second_try_and_once(kit, slack):
    slack.answers["policy"] = [RetryAt("what is this", unknown=True)] * 3
    kit.say("a")
    deliverer = kit.deliverer(slack)
    for tries, wait in ((1, 10), (2, 400), (3, 0)):
        await deliverer.run_once()
        stuck = kit.db.read("SELECT key FROM delivery WHERE key LIKE 'stuck:%'")
        assert (kit.row("a")["attempts"], len(stuck)) == (tries, tries > 1)
        kit.clock.turn(seconds=wait)


async def test_a_dead_letter_is_reported_and_a_hold_that_something_else_placed(kit, slack):
    slack.answers["policy"] = [Rejected("too odd")]
    kit.say("a")
    deliverer = kit.deliverer(slack)
    await deliverer.run_once()
    assert len(heads(kit)) == 1
    await deliverer.run_once()
    with kit.db.write() as tx:
        holds.place(tx, Hold("channel:field", "a bounce"), now=kit.clock(), report=True)
    await deliverer.run_once()
    assert len(heads(kit)) == 1
    deliverer.report_holds()
    await deliverer.run_once()
    assert len(heads(kit)) == 2


async def test_a_channel_where_every_try_fails_is_reported_after_a_quarter_of_an_hour_and_its_end_too(kit, slack):
    deliverer = kit.deliverer(slack)
    kit.say("arrives before")
    await deliverer.run_once()
    kit.clock.turn(seconds=1)
    began = kit.clock()
    slack.answers["policy"] = [RetryAt("down")] * 20
    kit.say("a")
    while kit.clock() < began + FAILING_AFTER:
        assert heads(kit) == []
        await deliverer.run_once()
        kit.clock.turn(minutes=3)
        kit.say(f"at {kit.clock()}")
    assert kit.clock() == began + FAILING_AFTER
    await deliverer.run_once()
    assert len(heads(kit)) == 1
    slack.answers.clear()
    await deliverer.run_once()  # the report itself
    kit.clock.turn(minutes=3)
    kit.say("arrives")
    await deliverer.run_once()
    assert len(heads(kit)) == 2


async def test_each_attempt_is_counted_and_a_lease_that_ended_is_logged(kit, slack, caplog):
    counted = []

    class Stealing(Scripted):
        async def send(self, outgoing):
            with kit.db.write() as tx:
                tx.execute("UPDATE delivery SET lease = 'another' WHERE id = :id", {"id": outgoing.id})
            return await super().send(outgoing)

    kit.say("a")
    deliverer = kit.deliverer(Stealing(), attempted=lambda *of: counted.append(of))
    await deliverer.run_once()
    assert counted == [("slack", "sent")]
    assert "its lease expired first" in caplog.text
    assert kit.states() == {"a": "sending"}


@in_simulated_time
async def test_a_message_is_claimed_for_as_long_as_its_platform_may_take(kit, slack):
    slack.deadline = timedelta(seconds=40)
    slack.gate = asyncio.Event()
    kit.say("a")
    until = later(kit, seconds=2 * 40 + 5)
    deliverer = kit.deliverer(slack)
    await deliverer.run_once(patience=1)
    assert kit.row("a")["due_at"] == to_text(until)
    slack.gate.set()
    await deliverer.run_once()
