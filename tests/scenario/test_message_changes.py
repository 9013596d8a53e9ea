"""A posted message is edited in place: never before it is posted, and only to the newest change."""

from __future__ import annotations

from datetime import UTC, timedelta
from io import StringIO

import pytest

from bot.chat.console.sender import ConsoleSender
from bot.chat.teams import PLATFORM
from bot.commands.model import Work
from bot.config.settings import Settings
from bot.outbox import holds
from bot.outbox.messages import correct, retract
from bot.outbox.model import Channel
from bot.outbox.records import SNOOZED, claim, enqueue_edit
from tests.kit.mail import DANA, mail_sender
from tests.kit.outbox import ADMIN, NEWS, POLICY, card, plain
from tests.peers.discord import DiscordPeer
from tests.peers.slack import SlackPeer
from tests.peers.smtp import Relay
from tests.peers.webhook import Receiver

TEAMS = Channel("teams", "teams", "teams")


@pytest.fixture(params=["slack", "discord"])
async def chat(request, kit):
    """(peer, its channel, the deliverer that serves it)."""
    peer, channel = {"slack": (SlackPeer(), POLICY), "discord": (DiscordPeer(), NEWS)}[request.param]
    async with peer.running() as url:
        sender = kit.slack(url, plain) if request.param == "slack" else kit.discord(url)
        yield peer, channel, kit.deliverer(sender)


def edit(kit, id_, head):
    with kit.db.write() as tx:
        enqueue_edit(tx, id_, card(head), new_id=kit.new_id, now=kit.clock())


def state(kit, id_):
    return kit.row(f"edit:{id_}")["state"]


def shown(peer, channel):
    return [text.removeprefix("🔔 Alert · ") for text in peer.visible(channel.address)]


async def test_the_message_is_updated_in_place_and_keeps_its_mark(kit, chat):
    peer, channel, deliverer = chat
    id_ = kit.say("gloves", channel)
    await deliverer.run_once()
    before = dict(peer.messages[channel.address][0])

    edit(kit, id_, "gloves, Ada's")
    await deliverer.run_once()

    (after,) = peer.messages[channel.address]
    assert shown(peer, channel) == ["gloves, Ada's"]
    if channel is POLICY:
        assert after["metadata"] == before["metadata"]
    else:
        assert after["embeds"][-1]["footer"] == before["embeds"][-1]["footer"]
    assert state(kit, id_) == "sent"


async def test_a_change_waits_until_its_message_is_posted(kit, chat):
    peer, channel, deliverer = chat
    id_ = kit.say("gloves", channel)
    edit(kit, id_, "changed")
    peer.fail("429", times=1, seconds=20)
    await deliverer.run_once()
    assert (shown(peer, channel), state(kit, id_)) == ([], "pending")

    kit.clock.turn(minutes=1)
    await deliverer.run_once()
    await deliverer.run_once()
    assert shown(peer, channel) == ["changed"]


async def test_only_the_newest_of_the_changes_that_wait_is_made(kit, chat):
    peer, channel, deliverer = chat
    id_ = kit.say("gloves", channel)
    await deliverer.run_once()
    for head in ("first", "second", "third"):
        edit(kit, id_, head)
    await deliverer.run_once()

    assert shown(peer, channel) == ["third"]
    assert peer.calls["update"] == 1

    edit(kit, id_, "fourth")
    await deliverer.run_once()
    assert shown(peer, channel) == ["fourth"]


async def test_a_change_whose_end_is_not_known_is_simply_made_again(kit, chat):
    peer, channel, deliverer = chat
    id_ = kit.say("gloves", channel)
    await deliverer.run_once()
    peer.fail("drop-after", method="update", times=1)
    edit(kit, id_, "changed")
    await deliverer.run_once()
    assert state(kit, id_) == "retry"

    kit.clock.turn(minutes=1)
    await deliverer.run_once()
    assert (shown(peer, channel), state(kit, id_)) == (["changed"], "sent")
    assert peer.calls["history"] == 0
    assert len(peer.messages[channel.address]) == 1


async def test_a_message_that_a_person_deleted_is_not_a_lost_letter(kit, chat):
    peer, channel, deliverer = chat
    id_ = kit.say("gloves", channel)
    await deliverer.run_once()
    peer.messages[channel.address].clear()
    edit(kit, id_, "changed")
    report = await deliverer.run_once()

    assert (report.dead, state(kit, id_)) == (0, "dropped")
    assert kit.db.read("SELECT id FROM delivery WHERE kind = 'health'") == []
    assert kit.db.read("SELECT scope FROM hold") == []


async def test_a_message_posted_on_another_platform_before_is_left_alone(kit, chat):
    peer, channel, deliverer = chat
    id_ = kit.say("gloves", channel)
    await deliverer.run_once()
    edit(kit, id_, "changed")
    with kit.db.write() as tx:
        tx.execute("UPDATE delivery SET platform = 'console' WHERE id = :id", {"id": id_})
    await deliverer.run_once()
    assert (shown(peer, channel), state(kit, id_)) == (["gloves"], "dropped")


async def test_a_terminal_shows_what_became_of_what_it_printed(kit):
    channel, out = Channel("here", "console", "here"), StringIO()
    deliverer = kit.deliverer(ConsoleSender(out, clock=kit.clock, zone=None), channels=[channel], admin="here")
    id_ = kit.say("gloves", channel)
    await deliverer.run_once()
    edit(kit, id_, "gloves, Ada's")
    await deliverer.run_once()
    assert "gloves, Ada's" in out.getvalue()
    assert out.getvalue().count("↳ here") == 1


def take(kit):
    wanted = [(POLICY, kit.new_id())]
    return claim(kit.db, wanted, now=kit.clock(), lease=lambda _: timedelta(seconds=35))


def test_what_was_put_off_delays_nothing_that_is_posted_in_its_thread_meanwhile(kit):
    kit.say("root", thread="fr:1")
    (root,) = take(kit)
    with kit.db.write() as tx:
        tx.execute("UPDATE delivery SET state = 'sent', ref = '1.0' WHERE id = :id", {"id": root.id})
    kit.say("again", thread="fr:1", kind=SNOOZED, due_at=kit.clock() + timedelta(days=3))
    kit.say("extended", thread="fr:1")
    (follow_up,) = take(kit)
    assert (follow_up.key, follow_up.reply_to) == ("extended", "1.0")


def test_a_change_of_what_is_not_there_is_no_change(kit):
    edit(kit, "nothing", "changed")
    assert kit.states() == {}


def take_back(kit, id_):
    with kit.db.write() as tx:
        retract(Work(tx=tx, config=None, now=kit.clock(), new_id=kit.new_id), id_, card("Redacted"))


@pytest.fixture
async def house(kit):
    """(a Slack, a Discord, the deliverer that serves them, mail and Teams)."""
    slack, discord = SlackPeer(), DiscordPeer()
    kit.people[DANA.name] = DANA
    async with (
        slack.running() as slack_url,
        discord.running() as discord_url,
        Relay().running() as relay,
        Receiver().running() as receiver,
    ):
        settings = Settings(_env_file=None, teams_url={"teams": receiver.url})
        teams = PLATFORM.sender(settings, kit.clock, UTC, {})
        senders = kit.slack(slack_url), kit.discord(discord_url), mail_sender(kit, relay.url), teams
        yield slack, discord, kit.deliverer(*senders, channels=[ADMIN, POLICY, NEWS, TEAMS])


def reports(slack):
    return [text for text in slack.visible(ADMIN.address) if "taken back" in text]


async def test_an_edit_opens_an_archived_discord_thread_again(kit, house):
    _, discord, deliverer = house
    id_ = kit.say("a name", NEWS)
    await deliverer.run_once()
    discord.archived.add(NEWS.address)
    edit(kit, id_, "Redacted")
    await deliverer.run_once()
    assert shown(discord, NEWS) == ["Redacted"]
    assert not discord.archived


@pytest.mark.parametrize("archived", [False, True])
async def test_a_locked_discord_thread_waits_with_its_reason_until_someone_unlocks_it(kit, house, archived):
    slack, discord, deliverer = house
    id_ = kit.say("gloves", NEWS)
    await deliverer.run_once()
    discord.locked.add(NEWS.address)
    if archived:
        discord.archived.add(NEWS.address)
    edit(kit, id_, "gloves, Ada's")
    kit.say("shoes", NEWS)
    for _ in range(3):
        kit.clock.turn(minutes=25)
        await deliverer.run_once()
    (notice,) = [text for text in map(str, slack.messages[ADMIN.address]) if "thread" in text]
    assert "the thread is locked: unlock it, or give the bot the permission Manage Threads" in notice

    discord.locked.clear()
    kit.clock.turn(minutes=25)
    for _ in range(3):
        await deliverer.run_once()
    assert shown(discord, NEWS) == ["gloves, Ada's", "shoes"]


REFUSALS = [
    (POLICY, {"kind": "error", "code": "edit_window_closed"}),
    (POLICY, {"kind": "error", "code": "cant_update_message"}),
    (POLICY, {"kind": "status", "status": 503}),
    (POLICY, {"kind": "error", "code": "is_archived"}),
    (NEWS, {"kind": "error", "status": 400, "code": 50083}),
    (NEWS, {"kind": "error", "status": 403, "code": 50005}),
]


@pytest.mark.parametrize(("channel", "refusal"), REFUSALS)
async def test_b20_what_was_taken_back_and_still_stands_is_reported_once(kit, house, channel, refusal):
    slack, discord, deliverer = house
    peer = slack if channel is POLICY else discord
    id_ = kit.say("a name", channel)
    await deliverer.run_once()
    peer.fail(method="update", **refusal)
    take_back(kit, id_)
    for _ in range(40):
        kit.clock.turn(hours=3)
        await deliverer.run_once()

    assert shown(peer, channel) == ["a name"]
    (report,) = reports(slack)
    assert "1 message still shows what was taken back" in report
    assert f'To "{channel.name}", sent ' in report
    edit(kit, id_, "Redacted, and changed")
    for _ in range(40):
        kit.clock.turn(hours=3)
        await deliverer.run_once()
    assert len(reports(slack)) == 1

    peer.heal()
    kit.clock.turn(hours=1)
    edit(kit, id_, "Redacted, and changed again")
    await deliverer.run_once()
    assert shown(peer, channel) == ["Redacted, and changed again"]
    assert len(reports(slack)) == 1

    peer.fail(method="update", **refusal)
    take_back(kit, id_)
    for _ in range(40):
        kit.clock.turn(hours=3)
        await deliverer.run_once()
    assert len(reports(slack)) == 2


async def test_a_later_change_that_fails_reports_what_an_earlier_one_did_not_take_away(kit, house):
    slack, _, deliverer = house
    id_ = kit.say("a name", POLICY)
    await deliverer.run_once()
    slack.fail("error", method="update", code="edit_window_closed")
    take_back(kit, id_)
    edit(kit, id_, "Redacted, and changed again")
    await deliverer.run_once()
    await deliverer.run_once()
    assert len(reports(slack)) == 1


@pytest.mark.parametrize("channel", [DANA, TEAMS])
async def test_what_cannot_be_taken_back_where_nothing_is_edited_is_reported(kit, house, channel):
    slack, _, deliverer = house
    id_ = kit.say("a name", channel)
    await deliverer.run_once()
    edit(kit, id_, "a name, assigned")
    await deliverer.run_once()
    assert (reports(slack), state(kit, id_)) == ([], "dropped")
    take_back(kit, id_)
    for _ in range(3):
        await deliverer.run_once()
    (report,) = reports(slack)
    assert "cannot be changed" in report


@pytest.mark.parametrize("channel", [DANA, TEAMS, POLICY])
async def test_what_was_taken_back_before_it_was_sent_is_not_reported(kit, house, channel):
    slack, _, deliverer = house
    id_ = kit.say("a name", channel)
    with kit.db.write() as tx:
        correct(Work(tx=tx, config=None, now=kit.clock(), new_id=kit.new_id), id_, card("Redacted"))
    for _ in range(3):
        await deliverer.run_once()
        kit.clock.turn(hours=1)
    assert (kit.states()["a name"], reports(slack)) == ("sent", [])


async def test_what_was_in_doubt_when_it_was_taken_back_is_reported_once_it_stands(kit, house):
    slack, _, deliverer = house
    id_ = kit.say("a name", POLICY)
    slack.fail("drop-after", method="post", times=1)
    await deliverer.run_once()
    take_back(kit, id_)
    assert kit.states()["a name"] == "ambiguous"
    slack.fail("status", method="history", status=503)
    for _ in range(3):
        kit.clock.turn(minutes=10)
        await deliverer.run_once()
    assert (kit.states()["a name"], reports(slack)) == ("ambiguous", [])
    slack.heal()
    slack.fail("error", method="update", code="edit_window_closed")
    for _ in range(4):
        kit.clock.turn(hours=1)
        await deliverer.run_once()
    assert (kit.states()["a name"], len(reports(slack))) == ("sent", 1)


async def test_what_a_person_deleted_before_it_was_taken_back_needs_no_report(kit, chat):
    peer, channel, deliverer = chat
    id_ = kit.say("a name", channel)
    await deliverer.run_once()
    peer.messages[channel.address].clear()
    take_back(kit, id_)
    await deliverer.run_once()
    assert (kit.states().keys(), state(kit, id_)) == ({"a name", f"edit:{id_}"}, "dropped")


async def test_a_pause_everywhere_keeps_no_words_that_are_taken_back(kit, chat):
    peer, channel, deliverer = chat
    id_ = kit.say("a name", channel)
    await deliverer.run_once()
    with kit.db.write() as tx:
        holds.pause(tx, holds.Hold(holds.ALL, "a crisis"), now=kit.clock())
    kit.say("news", channel)
    edit(kit, kit.say("more news", channel), "changed")
    take_back(kit, id_)
    for _ in range(3):
        await deliverer.run_once()
    assert shown(peer, channel) == ["Redacted"]
    assert (kit.states()["news"], state(kit, id_)) == ("pending", "sent")


ADA = Channel("dm:ada", "slack", "U0ADA", "Ada Smith")


async def test_b20_what_is_taken_back_is_also_taken_from_who_lost_the_role_or_left(kit):
    peer, roles = SlackPeer(), {"press"}
    kit.people[ADA.name] = ADA
    async with peer.running() as url:
        deliverer = kit.deliverer(kit.slack(url, plain), may_read=lambda _, needs: needs in roles)
        first, second = kit.say("a name", ADA, needs="press"), kit.say("another", ADA, needs="press")
        await deliverer.run_once()
        roles.clear()
        take_back(kit, first)
        await deliverer.run_once()
        assert peer.visible("D0ADA") == ["Redacted", "another"]

        kit.people.clear()
        take_back(kit, second)
        for _ in range(2):
            await deliverer.run_once()
        (report,) = peer.visible(ADMIN.address)
    assert (state(kit, second), report) == ("dead", "1 message still shows what was taken back")


async def test_b20_who_lost_the_role_sees_what_is_taken_back_and_no_later_text(kit):
    peer, roles = SlackPeer(), {"press"}
    kit.people[ADA.name] = ADA
    async with peer.running() as url:
        deliverer = kit.deliverer(kit.slack(url, plain), may_read=lambda _, needs: needs in roles)
        id_ = kit.say("a name", ADA, needs="press")
        await deliverer.run_once()
        roles.clear()
        take_back(kit, id_)
        edit(kit, id_, "Redacted, and what only press may read")
        await deliverer.run_once()
        assert peer.visible("D0ADA") == ["Redacted"]


async def test_b20_what_was_taken_back_at_one_moment_is_reported_in_one_message(kit, house):
    slack, _, deliverer = house
    ids = [kit.say(f"name {n}", POLICY) for n in range(30)]
    for _ in range(2):
        await deliverer.run_once()
    slack.fail("error", method="update", code="cant_update_message")
    for id_ in ids:
        take_back(kit, id_)
    for _ in range(4):
        await deliverer.run_once()
    (report,) = reports(slack)
    assert "30 messages still show" in report
    assert "… and 10 more" in report
    assert "Delete each there" in report
