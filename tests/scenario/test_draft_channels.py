"""Where a draft is posted: under its alert where only the channel's own members read it, else to its author."""

from __future__ import annotations

from datetime import timedelta

import discord
import pytest
import simcord

from bot.chat.discord.platform import privacy as in_discord
from bot.chat.slack.platform import privacy as in_slack
from bot.commands.model import Call, Reply, Role
from bot.config.settings import Settings
from bot.letters import reminders
from bot.outbox.channels import ChannelPrivacy, Privacy
from bot.outbox.model import Channel
from bot.people.model import Account
from tests.kit.alerts import TUESDAY
from tests.kit.board import words
from tests.kit.letters_desk import GRANTS, NEW, Desk, config
from tests.peers.chat import Fault
from tests.peers.discord import SETTLE
from tests.peers.slack import SlackPeer
from tests.scenario.kit import SLACK, tokens
from tests.scenario.letter_journey import bring, link, program
from tests.scenario.test_simcord_journey import over_http

POLICY = Channel("policy", "slack", "C0POLICY")


# --- what is done with the answer -------------------------------------------------------------------------------------


def drafted(desk):
    stored = desk.bring(GRANTS)[0]
    desk.drafted(entry=stored.id)
    return next(iter(desk.config.feeds.channels))


def posted(desk, channel):
    return [card.head for card in desk.shown(channel) if card.head.startswith("Draft L-001")]


def test_a_draft_goes_into_a_private_channel(tmp_path):
    desk = Desk(tmp_path)
    channel = drafted(desk)
    desk.compose()

    assert len(posted(desk, channel)) == 1
    assert desk.sent_to(desk.pol) == []


@pytest.mark.parametrize(
    "why",
    [
        "it is a public channel", "it has 2 guests", "it is shared with another workspace",
        "the bot could not tell whether it is private (Slack did not answer)",
    ],
)  # fmt: skip
def test_a_draft_goes_to_its_author_where_the_channel_is_not_private(tmp_path, why):
    desk = Desk(tmp_path)
    channel = drafted(desk)
    desk.not_private = why
    desk.compose()
    desk.compose(minutes=30)

    assert posted(desk, channel) == []
    (cards,) = desk.sent_to(desk.pol)
    assert cards.lines[0].text == (
        "Not posted under its alert, because drafts are posted only to private channels without guests. "
        f"{channel}: {why}."
    )
    assert "/letter show L-001 opens it" in cards.foot
    (row,) = desk.db.read("SELECT needs FROM delivery WHERE key LIKE '%:draft'")
    assert row["needs"] == "administrator|approver|policy|press"  # looked up again when it is delivered
    assert [name.partition(".")[2] for name in desk.files(f"dm:{desk.pol.id}")[0]] == ["docx", "pdf"]
    assert not [word for word in ("Enhanced", "OVC") if any(word in words(card) for card in desk.shown(channel)[1:])]


def test_a_draft_waits_until_the_platform_was_asked(tmp_path):
    desk = Desk(tmp_path)
    channel = drafted(desk)
    desk.not_private = None
    desk.compose()
    assert (posted(desk, channel), desk.sent_to(desk.pol)) == ([], [])
    assert reminders.draft_channels(desk.db, desk.config, desk.now) == [channel]

    desk.not_private = ""
    desk.compose(minutes=1)
    assert len(posted(desk, channel)) == 1
    assert reminders.draft_channels(desk.db, desk.config, desk.now) == []


def test_a_coalition_may_have_its_drafts_posted_anywhere(tmp_path):
    desk = Desk(tmp_path, config(drafts="anywhere"))
    channel = drafted(desk)
    desk.not_private = None
    assert reminders.draft_channels(desk.db, desk.config, desk.now) == []
    desk.compose()

    assert len(posted(desk, channel)) == 1


# --- what the platforms say -------------------------------------------------------------------------------------------


@pytest.fixture
async def slack():
    peer = SlackPeer()
    async with peer.running() as url:
        settings = Settings(slack_bot_token=peer.token, slack_api_url=url, _env_file=None)
        yield peer, lambda: in_slack(settings, POLICY)


async def test_in_slack_a_private_channel_of_members_alone_is_private(slack):
    peer, look = slack
    peer.people = {f"U{n}": {} for n in range(25)}
    peer.page = 10
    assert await look() == Privacy()


@pytest.mark.parametrize(
    ("flags", "sentence"),
    [
        ({"is_private": False}, "it is a public channel"),
        ({"is_private": False, "is_ext_shared": True}, "it is a public channel"),
        ({"is_ext_shared": True}, "it is shared with another workspace"),
        ({"is_pending_ext_shared": True}, "it is shared with another workspace"),
        ({"is_shared": True}, "it is shared with another workspace"),
        ({"is_org_shared": True}, "it is shared with another workspace"),
    ],
)
async def test_in_slack_a_public_or_shared_channel_is_not(slack, flags, sentence):
    peer, look = slack
    peer.channels["C0POLICY"] = flags
    assert await look() == Privacy(seen_by=sentence)


async def test_in_slack_guests_and_strangers_are_found_on_every_page(slack):
    peer, look = slack
    peer.people = {f"U{n}": {} for n in range(25)} | {"UG1": {"is_restricted": True}}
    peer.page = 10
    assert await look() == Privacy(seen_by="it has 1 guest")
    peer.people |= {"UG2": {"is_restricted": True, "is_ultra_restricted": True}}
    assert await look() == Privacy(seen_by="it has 2 guests")
    peer.strangers = ["U0ELSEWHERE"]
    assert await look() == Privacy(seen_by="people of another workspace are in it")


@pytest.mark.parametrize("scope", ["groups:read", "users:read"])
async def test_in_slack_without_the_scopes_nobody_can_tell(slack, scope):
    peer, look = slack
    peer.scopes.discard(scope)
    result = await look()
    assert result.seen_by == ""
    assert "the app lacks the scope" in result.unknown
    assert scope in result.unknown


@pytest.mark.parametrize("kind", ["html", "drop-before", "500-after", "no-ok"])
async def test_in_slack_whatever_goes_wrong_is_not_taken_for_private(slack, kind):
    peer, look = slack
    peer.faults.append(Fault(kind, "conversations.members"))
    assert (await look()).why_not


@pytest.mark.peer("simcord")
async def test_in_discord_a_channel_that_everyone_sees_is_not_private():
    client = discord.Client(intents=discord.Intents.default())
    async with simcord.run(client, settle_timeout=SETTLE) as env:
        guild = env.create_guild("Coalition")
        seen = guild.create_text_channel("policy")
        hidden = discord.PermissionOverwrite(view_channel=False)
        mine = discord.PermissionOverwrite(view_channel=True)
        closed = guild.create_text_channel("closed", overwrites={guild.default_role: hidden, guild.me: mine})
        async with over_http(client) as url:
            settings = Settings(discord_api_url=url, discord_bot_token="not-a-real-token", _env_file=None)

            async def look(address):
                return await in_discord(settings, Channel("policy", "discord", address))

            result = [await look(str(each.id)) for each in (seen, closed)]
            gone = await look("1100000000000000099")

    assert result == [Privacy(seen_by="everyone on the server can read it"), Privacy()]
    assert "there is no channel with that id" in gone.unknown


async def test_an_answer_is_used_for_ten_minutes_and_the_console_is_not_asked_about():
    asked, now = [], [TUESDAY]

    async def ask(channel):
        asked.append(channel.name)
        return Privacy(seen_by="it is a public channel")

    channels = {"policy": POLICY, "here": Channel("here", "console", "here")}
    cache = ChannelPrivacy(channels, ask, lambda: now[0])
    assert (cache.not_private("here"), cache.not_private("policy")) == ("", None)
    await cache.look(["policy", "here", "policy"])
    assert (cache.not_private("policy"), asked) == ("it is a public channel", ["policy"])
    now[0] += timedelta(minutes=9)
    await cache.look(["policy"])
    assert asked == ["policy"]
    now[0] += timedelta(minutes=1)
    assert cache.not_private("policy") is None


# --- the running program ----------------------------------------------------------------------------------------------


@pytest.mark.long
@pytest.mark.parametrize(("flags", "where"), [({}, SLACK), ({"is_private": False}, "D0POL")], ids=["private", "public"])
async def test_the_program_asks_slack_before_it_posts_a_draft(tmp_path, flags, where):
    peer = SlackPeer()
    peer.channels[SLACK] = flags
    async with peer.running() as url:
        own = program(tmp_path, f"slack:{SLACK}", tokens(slack=url), drafts="private")
        with own.started() as app:
            link(app, Account("slack", "T0HOME", "U0POL"), "Pol", Role.POLICY)
            bring(app)
            await posted_by(app)
            call = Call(path="letter draft", args={**NEW, "entry": "2026-00001"}, platform="slack", team="T0HOME",
                        user="U0POL", id="1")  # fmt: skip
            assert isinstance(await app.dispatcher.answer(call), Reply)
            await posted_by(app)
            await app.close()

    there = {channel: [text for text in peer.visible(channel) if "Draft L-001" in text] for channel in (SLACK, "D0POL")}
    assert {channel: len(result) for channel, result in there.items()} == {SLACK: 0, "D0POL": 0, where: 1}
    if flags:
        assert "policy: it is a public channel." in there["D0POL"][0]


async def posted_by(app):
    await app.compose()
    while (await app.deliver_once()).sent:
        pass
