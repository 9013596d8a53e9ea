"""Direct messages and files: each is delivered once, or a person learns why not."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import time
from dataclasses import replace

import pytest

from bot.commands.model import File
from bot.outbox.model import Channel
from tests.crash import driver
from tests.kit.outbox import NEWS, POLICY, deadline_after_a_fault

ADA = Channel("dm:ada", "slack", "U0ADA", "Ada Smith")
BO = Channel("dm:bo", "discord", "2200000000000000001", "Bo Li")
PDF = File("letter.pdf", "application/pdf", b"%PDF-1.7 a letter")
CSV = File("signers.csv", "text/csv", b"name\nAda\n")


@pytest.fixture
def reach(kit):
    kit.people |= {ADA.name: ADA, BO.name: BO}
    return kit


# --- direct messages ----------------------------------------------------------------------------------------------


async def test_a_person_is_written_to_and_the_way_to_them_is_opened_once(reach, slack, discord_):
    for n in range(3):
        reach.say(f"a{n}", ADA)
        reach.say(f"b{n}", BO)
    report = await reach.deliverer(reach.slack(slack.url), reach.discord(discord_.url)).run_once()
    assert report.sent == 6
    assert len(slack.visible("D0ADA")) == 3
    assert len(discord_.visible(f"9{BO.address}")) == 3
    assert slack.calls["open"] == discord_.calls["open"] == 1


async def test_what_waits_goes_to_the_account_that_the_person_has_by_then(reach, slack, discord_):
    reach.say("a", ADA)
    reach.people[ADA.name] = replace(BO, name=ADA.name)
    await reach.deliverer(reach.slack(slack.url), reach.discord(discord_.url)).run_once()
    assert len(discord_.visible(f"9{BO.address}")) == 1
    assert slack.calls["post"] == 0
    assert reach.row("a")["platform"] == "discord"


async def test_what_waits_for_a_person_who_left_is_dropped_and_nobody_is_troubled(reach, slack):
    reach.say("a", ADA)
    del reach.people[ADA.name]
    report = await reach.deliverer(reach.slack(slack.url)).run_once()
    assert (reach.states(), report.waiting_until) == ({"a": "dropped"}, None)
    assert "no longer has an account" in reach.row("a")["why"]


@pytest.mark.parametrize("why", ["user_disabled", "cannot_dm_bot", "user_not_found"])
async def test_a_person_who_cannot_be_written_to_in_slack_delays_nobody_else_and_is_reported_once(reach, slack, why):
    slack.blocked["U0ADA"] = why
    for n in range(3):
        reach.say(f"a{n}", ADA)
    reach.say("p", POLICY)
    deliverer = reach.deliverer(reach.slack(slack.url))
    for _ in range(4):
        await deliverer.run_once()
        reach.clock.turn(minutes=25)
    assert len(slack.visible("C0POLICY")) == 1
    (notices,) = slack.visible("C0ADMIN")
    assert "Direct messages to Ada Smith do not arrive" in notices
    slack.blocked.clear()
    reach.clock.turn(minutes=25)
    await deliverer.run_once()
    assert len(slack.visible("D0ADA")) == 3


async def test_a_person_who_takes_no_direct_messages_in_discord_delays_nobody_else_and_is_reported_once(
    reach, slack, discord_
):
    discord_.blocked.add(BO.address)
    reach.say("b", BO)
    reach.say("n", NEWS)
    deliverer = reach.deliverer(reach.slack(slack.url), reach.discord(discord_.url))
    for _ in range(3):
        await deliverer.run_once()
        reach.clock.turn(minutes=25)
    assert len(discord_.visible(NEWS.address)) == 1
    (notices,) = slack.visible("C0ADMIN")
    assert "Bo Li" in notices
    assert "they do not accept direct messages from the bot (50007)" in str(slack.messages["C0ADMIN"])


async def test_without_the_right_to_write_to_people_the_channels_go_on(reach, slack):
    slack.scopes.discard("im:write")
    reach.say("a", ADA)
    reach.say("p", POLICY)
    deliverer = reach.deliverer(reach.slack(slack.url))
    await deliverer.run_once()
    await deliverer.run_once()
    assert len(slack.visible("C0POLICY")) == 1
    assert "add im:write" in str(slack.messages["C0ADMIN"])


async def assert_sent_once(reach, slack, discord_, person):
    """Deliver a direct message in three rounds."""
    reach.say("a", person)
    deliverer = reach.deliverer(
        reach.slack(slack.url), reach.discord(discord_.url), timer=deadline_after_a_fault(slack, discord_)
    )
    for _ in range(3):
        await deliverer.run_once()
        reach.clock.turn(minutes=6)
    assert reach.states() == {"a": "sent"}
    assert len(slack.visible("D0ADA") if person is ADA else discord_.visible(f"9{BO.address}")) == 1


@pytest.mark.parametrize("fault", ["hang-after", "drop-after", "half", "500-after"])
@pytest.mark.parametrize("person", [ADA, BO], ids=["slack", "discord"])
async def test_a_direct_message_whose_end_is_in_doubt_is_sent_once(reach, slack, discord_, fault, person):
    peer = slack if person is ADA else discord_
    peer.fail(fault, times=1)
    await assert_sent_once(reach, slack, discord_, person)


@pytest.mark.parametrize("fault", ["hang", "drop-before", "status", "html", "no-ok", "429"])
@pytest.mark.parametrize("person", [ADA, BO], ids=["slack", "discord"])
async def test_a_way_to_a_person_that_could_not_be_opened_is_tried_again(reach, slack, discord_, fault, person):
    peer = slack if person is ADA else discord_
    peer.fail(fault, method="open", times=1, seconds=1)
    await assert_sent_once(reach, slack, discord_, person)


# --- files --------------------------------------------------------------------------------------------------------


async def test_files_stand_in_the_thread_of_their_message_in_slack_and_on_it_in_discord(reach, slack, discord_):
    reach.say("a", POLICY, files=(PDF, CSV))
    reach.say("b", NEWS, files=(PDF, CSV))
    report = await reach.deliverer(reach.slack(slack.url), reach.discord(discord_.url)).run_once()
    assert report.sent == 2
    assert slack.files("C0POLICY") == discord_.files(NEWS.address) == ["letter.pdf", "signers.csv"]
    posts, brought = slack.messages["C0POLICY"]
    assert brought["thread_ts"] == posts["ts"]
    assert [file["data"] for file in brought["files"]] == [PDF.data, CSV.data]
    assert len(discord_.visible(NEWS.address)) == 1


async def test_a_picture_has_its_text_for_people_who_do_not_see_it(reach, slack, discord_):
    picture = File("sign-on.png", "image/png", b"\x89PNG", "8 of 12 signed")
    reach.say("a", POLICY, files=(picture,))
    reach.say("b", NEWS, files=(picture,))
    await reach.deliverer(reach.slack(slack.url), reach.discord(discord_.url)).run_once()

    assert [file["alt"] for file in slack.messages["C0POLICY"][1]["files"]] == ["8 of 12 signed"]
    assert [each["description"] for each in discord_.messages[NEWS.address][0]["attachments"]] == ["8 of 12 signed"]


FAULTS = ["hang", "hang-after", "drop-before", "drop-after", "half", "500-after", "status", "html", "429"]


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("step", ["post", "upload-url", "upload", "complete"])
@pytest.mark.parametrize("where", [POLICY, ADA], ids=["channel", "person"])
async def test_files_are_handed_over_once_in_slack_whatever_it_answers(reach, slack, fault, step, where):
    slack.fail(fault, method=step, times=1, seconds=1)
    reach.say("a", where, files=(PDF, CSV))
    deliverer = reach.deliverer(reach.slack(slack.url), timer=deadline_after_a_fault(slack))
    for _ in range(4):
        await deliverer.run_once()
        reach.clock.turn(minutes=6)
    address = "C0POLICY" if where is POLICY else "D0ADA"
    assert reach.states() == {"a": "sent"}
    assert slack.files(address) == ["letter.pdf", "signers.csv"]
    assert len(slack.visible(address)) == 2


@pytest.mark.parametrize("fault", FAULTS)
async def test_files_are_handed_over_once_in_discord_whatever_it_answers(reach, discord_, fault):
    discord_.fail(fault, times=1, seconds=1)
    reach.say("b", NEWS, files=(PDF,))
    deliverer = reach.deliverer(reach.discord(discord_.url), admin="news", timer=deadline_after_a_fault(discord_))
    for _ in range(4):
        await deliverer.run_once()
        reach.clock.turn(minutes=6)
    assert reach.states() == {"b": "sent"}
    assert discord_.files(NEWS.address) == ["letter.pdf"]


@pytest.mark.parametrize("point", ["post", "upload", "complete"])
async def test_files_are_handed_over_once_when_it_dies_under_way(reach, slack, point):
    """A process that is gone leaves "sending" behind; the next finds it when its lease has run out."""
    slack.fail("hang-after", method=point, times=1)
    reach.say("a", POLICY, files=(PDF,))
    dying = asyncio.create_task(reach.deliverer(reach.slack(slack.url)).run_once())
    while not slack.calls[point]:  # noqa: ASYNC110 - the peer counts, it does not call
        await asyncio.sleep(0.01)
    with reach.db.write() as tx:  # as it stood when it died
        left = tx.read("SELECT * FROM delivery")[0]
    dying.cancel()
    await asyncio.gather(dying, return_exceptions=True)
    sql = "UPDATE delivery SET state = :state, lease = :lease, due_at = :due_at, attempted_at = :attempted_at"
    with reach.db.write() as tx:
        tx.execute(sql, {name: left[name] for name in ("state", "lease", "due_at", "attempted_at")})
    reach.clock.turn(minutes=3)
    deliverer = reach.deliverer(reach.slack(slack.url))
    await deliverer.run_once()
    assert reach.states() == {"a": "sent"}
    assert slack.files("C0POLICY") == ["letter.pdf"]
    assert len(slack.visible("C0POLICY")) == 2


async def test_a_second_letter_of_the_same_name_in_the_thread_is_handed_over_too(reach, slack):
    for n in range(2):
        reach.say(f"v{n}", POLICY, files=(PDF,), thread="letter:1")
    slack.fail("drop-before", method="complete", times=1)
    deliverer = reach.deliverer(reach.slack(slack.url))
    for _ in range(4):
        await deliverer.run_once()
        reach.clock.turn(minutes=6)
    assert slack.files("C0POLICY") == ["letter.pdf", "letter.pdf"]


async def test_files_that_slack_does_not_take_are_reported_and_the_channel_goes_on(reach, slack):
    slack.scopes.discard("files:write")
    reach.say("a", POLICY, files=(PDF,))
    reach.say("b", POLICY)
    deliverer = reach.deliverer(reach.slack(slack.url))
    for _ in range(2):
        await deliverer.run_once()
    assert reach.states() | {"": ""} == reach.states() | {"": "", "a": "dead", "b": "sent"}
    assert len(slack.visible("C0POLICY")) == 2
    assert "without its files: the app cannot upload files" in str(slack.messages["C0ADMIN"])


async def test_files_that_are_too_large_for_discord_are_reported_at_once(reach, slack, discord_):
    discord_.largest = 5
    reach.say("b", NEWS, files=(PDF,))
    deliverer = reach.deliverer(reach.slack(slack.url), reach.discord(discord_.url))
    for _ in range(2):
        await deliverer.run_once()
    assert "too large" in str(slack.messages["C0ADMIN"])


async def test_a_file_s_name_cannot_break_out_of_its_header(reach, slack, discord_):
    bad = replace(PDF, name='a"\r\nX-Evil: 1/../b\u202e.pdf')
    reach.say("a", POLICY, files=(bad,))
    reach.say("b", NEWS, files=(bad,))
    await reach.deliverer(reach.slack(slack.url), reach.discord(discord_.url)).run_once()
    assert slack.files("C0POLICY") == discord_.files(NEWS.address) == ["a_ X-Evil_ 1_.._b.pdf"]


# --- and whatever moment the sender dies at -----------------------------------------------------------------------


@pytest.mark.parametrize("point", ["outbox-insert", "claim", "before-send", "after-send", "after-mark"])
def test_dying_at_a_point_neither_loses_nor_repeats_a_message_to_people(forks, peers, job, point):
    job = driver.changed(job, people=True)
    for _ in range(4):
        assert driver.run(forks, job, die_at=point) == -signal.SIGKILL
    assert driver.run(forks, job) == 0
    assert driver.posted(peers) == driver.served_to_people(job.items)


@pytest.mark.long
def test_thirty_random_kills_neither_lose_nor_repeat_messages_to_people_and_their_files(forks, peers, job):
    seed = int(os.environ.get("CRASH_SEED", time.time_ns() % 1_000_000))
    print(f"CRASH_SEED={seed}")  # noqa: T201 - to run the same campaign again
    dice, items = random.Random(seed), 0
    for _ in range(30):
        items += dice.randint(0, 3)
        process = driver.start(forks, driver.changed(job, items=items, people=True))
        time.sleep(dice.uniform(0, 0.12))
        process.kill()
        process.join()
    assert driver.run(forks, job, items=items, people=True) == 0
    assert driver.posted(peers) == driver.served_to_people(items)
