from __future__ import annotations

from datetime import timedelta

import pytest

from bot.commands.model import File
from bot.outbox import holds, queued
from bot.outbox.holds import Hold
from bot.outbox.model import LONGEST_WAIT, Channel, State, from_json, to_json
from bot.outbox.queued import erase_content
from bot.outbox.records import Attempt, NewDelivery, claim, due_channels, enqueue, next_due, record
from bot.outbox.records import Result as Outcome
from bot.shared.card import Card, Due, Line, Link, Mark, Section
from tests.kit.outbox import FIELD, NEWS, POLICY, Kit, card, store

LEASE = timedelta(seconds=35)


@pytest.fixture
def kit(tmp_path):
    kit = Kit(store(tmp_path))
    yield kit
    kit.db.close()


def take(kit, channel=POLICY, **more):
    return take_all(kit, channel, **more)[0]


def take_all(kit, *channels, now=None):
    wanted = [(channel, kit.new_id()) for channel in channels]
    return claim(kit.db, wanted, now=now or kit.clock(), lease=lambda _: LEASE)


def settle(kit, claimed, state=State.SENT, **more):
    mark = Outcome(state=state, due_at=kit.clock(), **more)
    return end(kit, claimed, mark)


def end(kit, claimed, mark, **more):
    ends = [Attempt(claimed=claimed, result=mark, at=kit.clock(), **more)]
    return record(kit.db, ends)[0]


def hold(kit, scope, until=None, **more):
    with kit.db.write() as tx:
        options = {"now": kit.clock(), "report": True} | more
        holds.place(tx, Hold(scope, "because", until), **options)


def test_a_key_is_taken_once_in_a_channel_and_again_in_another(kit):
    assert kit.say("a") is not None
    assert kit.say("a") is None
    assert kit.say("a", NEWS) is not None


def test_nothing_stays_of_a_transaction_that_failed(kit):
    def say_and_fail():
        with kit.db.write() as tx:
            new = NewDelivery(
                channel="policy", platform="slack", key="a", kind="alert", card=card("a"),
                due_at=kit.clock(),
            )  # fmt: skip
            enqueue(tx, new, new_id=kit.new_id, now=kit.clock())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        say_and_fail()
    assert kit.states() == {}


def test_sending_is_committed_before_the_claim_returns(kit):
    kit.say("a")
    assert take(kit).key == "a"
    assert kit.states() == {"a": "sending"}
    assert take(kit) is None


def test_what_was_enqueued_first_goes_first_and_nothing_before_its_time(kit):
    kit.say("later", due_at=kit.clock() + timedelta(hours=1))
    kit.say("b")
    kit.say("a")
    assert [take(kit).key, take(kit).key, take(kit)] == ["b", "a", None]
    kit.clock.turn(hours=1)
    assert take(kit).key == "later"


def test_a_follow_up_waits_for_its_root_and_becomes_its_reply(kit):
    kit.say("root", thread="fr:1")
    kit.say("follow-up", thread="fr:1")
    kit.say("other", thread="fr:2")
    root = take(kit)
    assert [take(kit).key, take(kit)] == ["other", None]
    settle(kit, root, ref="171.5")
    follow_up = take(kit)
    assert (follow_up.key, follow_up.reply_to) == ("follow-up", "171.5")


@pytest.mark.parametrize("end", [State.DEAD, State.DROPPED])
def test_a_root_that_died_leaves_its_place_to_the_next(kit, end):
    kit.say("root", thread="fr:1")
    kit.say("second", thread="fr:1")
    kit.say("third", thread="fr:1")
    settle(kit, take(kit), end)
    second = take(kit)
    assert (second.key, second.reply_to) == ("second", None)
    settle(kit, second, ref="172.0")
    assert take(kit).reply_to == "172.0"


def test_a_thread_in_one_channel_does_not_wait_for_the_same_in_another(kit):
    kit.say("root", POLICY, thread="fr:1")
    kit.say("root", NEWS, thread="fr:1")
    take(kit)
    assert take(kit, NEWS).key == "root"


def test_a_lease_that_ran_out_comes_back_in_doubt_since_the_first_attempt(kit):
    kit.say("a")
    first = take(kit)
    assert first.attempted_at is None
    kit.clock.turn(seconds=36)
    again = take(kit)
    kit.clock.turn(seconds=36)
    third = take(kit)
    assert again.attempted_at == third.attempted_at == first.begun_at
    assert third.attempts == 3


def test_a_sender_that_looked_at_the_clock_a_moment_earlier_takes_no_lease_that_is_running(kit):
    kit.say("a")
    earlier = kit.clock()
    kit.clock.turn(seconds=5)
    assert take(kit).key == "a"
    late = take(kit, now=earlier)
    assert late is None


def test_an_outcome_counts_only_under_its_own_lease(kit):
    kit.say("a")
    lost = take(kit)
    kit.clock.turn(seconds=36)
    ours = take(kit)
    assert settle(kit, lost, State.RETRY) is False
    assert settle(kit, ours, ref="1") is True
    assert kit.states() == {"a": "sent"}


@pytest.mark.parametrize("scope", ["all", "platform:slack", "channel:policy"])
def test_a_hold_stops_what_it_covers_and_nothing_else(kit, scope):
    kit.say("a")
    kit.say("b", NEWS)
    hold(kit, scope)
    assert take(kit) is None
    assert (take(kit, NEWS) is None) == (scope == "all")
    with kit.db.write() as tx:
        assert holds.release(tx, scope)
    assert take(kit).key == "a"


def test_after_a_hold_one_probe_goes_and_its_success_frees_the_rest(kit):
    for key in ("a", "b"):
        kit.say(key)
    kit.say("c", FIELD)
    hold(kit, "platform:slack", kit.clock() + timedelta(minutes=20))
    kit.clock.turn(minutes=21)
    probe = take(kit)
    assert probe.key == "a"
    assert take(kit) is None
    assert take(kit, FIELD) is None
    settle(kit, probe, ref="1")
    assert holds.all_holds(kit.db) == []
    assert [take(kit).key, take(kit, FIELD).key] == ["b", "c"]


def test_a_hold_ends_at_its_very_moment_for_all_who_ask(kit):
    end = kit.clock() + timedelta(minutes=20)
    kit.say("a")
    hold(kit, "channel:policy", end)
    for at, over in ((end - timedelta(microseconds=1), False), (end, True)):
        assert (holds.active(kit.db, now=at) == frozenset()) == over
        assert (holds.expired_scopes(kit.db, now=at) == {"channel:policy"}) == over
        assert (take_all(kit, POLICY, now=at) != [None]) == over


def test_of_several_channels_each_gives_its_oldest_and_one_without_any_gives_none(kit):
    for key in ("a", "b"):
        kit.say(key)
    kit.say("c", NEWS)
    policy, field, news = take_all(kit, POLICY, FIELD, NEWS)
    assert (policy.key, field, news.key) == ("a", None, "c")
    assert policy.lease != news.lease
    assert kit.states() == {"a": "sending", "b": "pending", "c": "sending"}


def test_of_several_channels_that_a_hold_has_kept_one_goes_as_the_probe(kit):
    kit.say("a")
    kit.say("b", FIELD)
    kit.say("c", NEWS)
    hold(kit, "platform:slack", kit.clock() + timedelta(minutes=20))
    kit.clock.turn(minutes=21)
    policy, field, news = take_all(kit, POLICY, FIELD, NEWS)
    assert (policy.key, field, news.key) == ("a", None, "c")
    assert (policy.probes, news.probes) == (True, False)


def test_of_ends_written_together_each_counts_under_its_own_lease_alone(kit):
    kit.say("a")
    lost = take(kit)
    kit.clock.turn(seconds=36)
    kit.say("b", NEWS)
    ours, theirs = take_all(kit, POLICY, NEWS)
    mark = Outcome(state=State.SENT, due_at=kit.clock(), ref="1")
    ends = [Attempt(claimed=claimed, result=mark, at=kit.clock()) for claimed in (lost, theirs, ours)]
    assert record(kit.db, ends) == [False, True, True]
    assert kit.states() == {"a": "sent", "b": "sent"}


def test_a_person_hears_of_a_hold_once_per_reason(kit):
    def reported(scope, **more):
        with kit.db.write() as tx:
            holds.place(tx, Hold(scope, **more), now=kit.clock(), report=True)
        with kit.db.write() as tx:
            return [h.why for h in holds.take_unreported(tx, now=kit.clock())]

    assert reported("channel:policy", why="archived") == ["archived"]
    assert reported("channel:policy", why="archived") == []
    assert reported("channel:policy", why="not a member") == ["not a member"]


@pytest.mark.parametrize("length", [timedelta(hours=2), None])
def test_a_refusal_that_comes_in_late_does_not_end_a_person_s_pause(kit, length):
    until = None if length is None else kit.clock() + length
    kit.say("a")
    claimed = take(kit)
    with kit.db.write() as tx:
        holds.pause(tx, Hold("channel:policy", "election day", until), now=kit.clock())
    soon = kit.clock() + timedelta(seconds=30)
    mark = Outcome(state=State.RETRY, due_at=soon)
    refused = Hold("channel:policy", "Slack's rate limit was reached", soon)
    end(kit, claimed, mark, hold=refused)
    kit.clock.turn(minutes=30)

    assert take(kit) is None
    assert [h.why for h in holds.all_holds(kit.db)] == ["election day"]


def test_d5_a_hold_that_a_clock_which_was_ahead_placed_lets_a_probe_through(kit):
    month = timedelta(days=30)
    kit.say("a")
    kit.clock.turn(days=30)
    hold(kit, "channel:policy", kit.clock() + timedelta(minutes=15))
    kit.clock.turn(days=-30)
    assert take(kit) is None
    with kit.db.write() as tx:
        after = kit.clock() + timedelta(hours=1)
        holds.end_future(tx, now=kit.clock(), after=after + month)
        holds.end_future(tx, now=kit.clock(), after=after)
    assert take(kit).key == "a"


@pytest.mark.parametrize("name", ["log-in:p1", "confirm:p1", "outside:r1", "notice:n1"])
def test_a_pause_everywhere_stops_no_link_that_someone_asked_for(kit, name):
    asked, post = Channel(name, "mail", "ada@member.test"), Channel("mail:p1", "mail", "ada@member.test")
    hold(kit, "all")
    kit.say("a", post)
    kit.say("b", asked)
    assert take(kit, post) is None
    assert take(kit, asked).key == "b"


def test_a_person_may_pause_what_was_on_hold_already_and_shorten_it(kit):
    hold(kit, "all")
    until = kit.clock() + timedelta(hours=1)
    with kit.db.write() as tx:
        holds.pause(tx, Hold("all", "lunch", until), now=kit.clock())
    assert [h.why for h in holds.all_holds(kit.db)] == ["lunch"]
    kit.say("a")
    kit.clock.turn(hours=2)
    assert take(kit).key == "a"


def test_a_clock_that_went_back_hides_nothing_for_long(kit):
    kit.clock.turn(days=1)
    kit.say("at once")
    kit.say("tried")
    settle(kit, take(kit), State.SENT, ref="1")
    tried = take(kit)
    mark = Outcome(state=State.RETRY, due_at=kit.clock() + timedelta(seconds=5))
    end(kit, tried, mark)
    kit.say("leased")
    take(kit)
    kit.say("new")
    kit.clock.turn(days=-1)
    assert [due.name for due in due_channels(kit.db, now=kit.clock())] == ["policy"]
    assert [take(kit).key, take(kit).key, take(kit).key, take(kit)] == ["tried", "leased", "new", None]


def test_a_planned_message_keeps_its_hour_when_the_clock_is_put_right_a_little(kit):
    kit.say("digest", due_at=kit.clock() + timedelta(hours=12))
    kit.clock.turn(minutes=-5)
    assert take(kit) is None


def test_the_next_moment_to_look_is_the_first_due_or_the_end_of_a_hold(kit):
    assert next_due(kit.db, now=kit.clock()) is None
    soon, later = kit.clock() + timedelta(minutes=5), kit.clock() + timedelta(hours=1)
    kit.say("a", due_at=later)
    assert next_due(kit.db, now=kit.clock()) == later
    hold(kit, "channel:policy", soon)
    assert next_due(kit.db, now=kit.clock()) == soon


@pytest.mark.parametrize("state", [None, State.RETRY])
def test_what_was_emptied_before_it_was_sent_is_not_posted(kit, state):
    delivery = kit.say("a")
    if state:
        settle(kit, take(kit), state)
    with kit.db.write() as tx:
        erase_content(tx, delivery, card("nothing"))
    assert take(kit) is None
    assert kit.row("a")["state"] == "dropped"


def test_the_desk_lists_counts_retries_and_drops(kit):
    for key in ("a", "b", "c"):
        kit.say(key)
    settle(kit, take(kit), State.DEAD, why="too long")
    settle(kit, take(kit), ref="1")
    items = queued.list_messages(kit.db)
    assert [(i.head, i.state, i.why) for i in items] == [("a", State.DEAD, "too long"), ("c", State.PENDING, None)]
    assert queued.counts(kit.db) == {State.DEAD: 1, State.SENT: 1, State.PENDING: 1}
    with kit.db.write() as tx:
        assert queued.retry(tx, items[0].id, now=kit.clock())
        assert queued.drop(tx, items[1].id, why="said elsewhere")
        assert not queued.drop(tx, "no such", why="")
    again = take(kit)
    assert (again.key, again.attempts) == ("a", 1)
    assert take(kit) is None


def test_the_desk_neither_drops_nor_retries_what_was_sent(kit):
    kit.say("a")
    settle(kit, take(kit), ref="1")
    delivery = kit.row("a")["id"]
    with kit.db.write() as tx:
        assert not queued.retry(tx, delivery, now=kit.clock())
        assert not queued.drop(tx, delivery, why="")


def test_a_dead_letter_in_doubt_is_still_asked_after_when_retried(kit):
    kit.say("a")
    first = take(kit)
    settle(kit, first, State.DEAD, in_doubt=True)
    kit.clock.turn(hours=1)
    with kit.db.write() as tx:
        queued.retry(tx, kit.row("a")["id"], now=kit.clock())
    assert take(kit).attempted_at == first.begun_at


def test_the_oldest_waiting_counts_from_its_first_attempt(kit):
    def oldest():
        late = queued.oldest_by_platform(kit.db, mail_per_hour=1, now=kit.clock())
        return min(late.values(), default=None)

    assert oldest() is None
    kit.say("planned", due_at=kit.clock() + timedelta(hours=1))
    assert oldest() is None
    kit.say("a")
    first = take(kit)
    mark = Outcome(state=State.RETRY, due_at=kit.clock() + timedelta(hours=10))
    end(kit, first, mark)
    assert oldest() == first.begun_at


def test_every_part_of_a_card_survives_the_store():
    from datetime import date

    full = Card(
        mark=Mark.DIGEST, head="h", badge="b", byline="y", lines=(Line("l", "https://e.org"),), why=("w",),
        dues=(Due("closes", date(2027, 1, 25)),), links=(Link("a", "https://e.org"),),
        sections=(Section("s", (Line("x"),)),), foot="f",
    )  # fmt: skip
    assert from_json(to_json(full)) == full
    assert (
        from_json('{"mark": "alert", "head": "from a newer version", "colour": "red"}').head == "from a newer version"
    )


def test_waits_longer_than_any_can_be_are_a_clock_gone_wrong(kit):
    kit.say("a")
    mark = Outcome(state=State.RETRY, due_at=kit.clock() + LONGEST_WAIT + timedelta(minutes=6))
    end(kit, take(kit), mark)
    assert take(kit).key == "a"


@pytest.mark.parametrize(
    ("state", "left"), [(State.SENT, 0), (State.RETRY, 1), (State.AMBIGUOUS, 1), (State.PENDING, 1)]
)
def test_files_are_kept_until_they_have_arrived(kit, state, left):
    kit.say("a", files=(File("letter.pdf", "application/pdf", b"%PDF"),))
    settle(kit, take(kit), state)
    assert kit.db.read("SELECT COUNT(*) AS n FROM delivery_file") == [{"n": left}]
