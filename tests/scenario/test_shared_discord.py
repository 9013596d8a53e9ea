"""One Discord application in the servers of several coalitions: each interaction and message is of one alone."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, timedelta

import discord
import pytest
import simcord

from bot.chat.discord import incoming, platform
from bot.chat.discord.sender import Rest, create_discord_client
from bot.config.settings import Settings
from bot.outbox.channels import Privacy
from bot.outbox.model import CannotTell, Channel, Delivered, Outgoing, Permissions, Rejected, RetryAt
from bot.shared.card import Button, Card, Mark
from bot.store.database import StoreBusy
from tests.kit.alerts import TUESDAY
from tests.kit.discord_face import House, until
from tests.peers.discord import SETTLE, DiscordPeer

RIVER, HEAT, NOBODYS = 1100000000000000001, 1100000000000000002, 1100000000000000003
SAME_TAG = 1100000000000000148, 1100000000000000366


class Two:
    """River and heat, each with its store and its server, behind one application; Ada is in all three servers."""

    def __init__(self, folder):
        self.houses = {}
        for guild, name in ((RIVER, "River"), (HEAT, "Heat")):
            (folder / name).mkdir()
            self.houses[guild] = House(folder / name)
        self.river, self.heat = self.houses.values()

    def client(self):
        self.open = [house.responder(guild=str(guild)) for guild, house in self.houses.items()]
        return self.river.face(responders=self.open, guilds=[str(RIVER), str(HEAT)]).client()

    def audits(self):
        return [house.audit() for house in (self.river, self.heat)]


@asynccontextmanager
async def simulated(two):
    env = simcord.Env(two.client(), settle_timeout=SETTLE)
    await env.start()
    try:
        servers = [env.create_guild(name, id=id_) for name, id_ in (("R", RIVER), ("H", HEAT), ("N", NOBODYS))]
        yield env, [(env_server.create_text_channel("policy"), env_server) for env_server in servers]
        env.raise_errors()
    finally:
        await env.shutdown()


@pytest.fixture
def two(tmp_path):
    return Two(tmp_path)


@pytest.mark.peer("simcord")
async def test_a_server_s_commands_are_answered_by_its_coalition_and_in_nobody_s_server_by_none(two):
    async with simulated(two) as (env, ((in_river, river), (in_heat, heat), (elsewhere, other))):
        user = env.create_user("ada")
        ada, ada_in_heat, ada_elsewhere = (server.add_member(user) for server in (river, heat, other))
        two.river.link(RIVER, user.id, "Ada of River")

        own = await ada.slash(in_river, "alerts why")
        strange = await ada_in_heat.slash(in_heat, "alerts why")
        nobodys = await ada_elsewhere.slash(elsewhere, "watch add", query="x")
        await ada.slash(in_river, "watch add", query="x")

        assert own.response.embeds[0].description == f"asked in {RIVER} by Ada of River"
        assert f"your account is discord:{HEAT}/{user.id}." in strange.response.content
        assert nobodys.response.content == (
            f"This server is not connected to a coalition yet. Its id is {NOBODYS}: the bot's host can connect it."
        )
        assert nobodys.response.ephemeral
        assert await ada_elsewhere.autocomplete(elsewhere, "watch add", "office", "", query="x") == []
        assert len(await ada.autocomplete(in_river, "watch add", "office", "", query="x")) == 25
        assert two.audits() == [["Ada of River: x: added"], []]
        registered = [entry for entry in env.http_requests if (entry.method, entry.path[-9:]) == ("PUT", "/commands")]
        assert len(registered) == 1


@pytest.mark.peer("simcord")
async def test_a_direct_message_goes_where_the_person_is_known_and_a_stranger_s_nowhere(two):
    async with simulated(two) as (env, _):
        ada, mallory = env.create_user("ada"), env.create_user("mallory")
        two.heat.link(HEAT, ada.id, "Ada of Heat")

        known = await ada.slash("alerts why")
        unknown = await mallory.slash("alerts why")

        assert known.response.embeds[0].description == f"asked in {HEAT} by Ada of Heat"
        assert unknown.response.content.startswith("Your account is not linked yet.")
        assert "type /campaign me in your coalition's server, not here" in unknown.response.content


@pytest.mark.peer("simcord")
async def test_who_is_in_two_is_led_to_their_servers_and_a_button_stays_with_its_coalition(two):
    async with simulated(two) as (env, _):
        ada = env.create_user("ada")
        two.heat.link(HEAT, ada.id, "Ada of Heat")
        shown = await ada.slash("alerts recent")
        two.river.link(RIVER, ada.id, "Ada of River")

        refused = await ada.slash("alerts recent")
        await ada.click(shown.response, label="Assign to me")

        assert refused.response.content.startswith("You are in several coalitions. Use the command in the server of")
        assert two.audits() == [[], ["Ada of Heat: 4f2c81: Ada of Heat"]]
        assert await ada.autocomplete("watch add", "office", "", query="x") == []


@pytest.mark.peer("simcord")
@pytest.mark.parametrize("is_open", [False, True])
async def test_a_direct_message_is_for_no_coalition_while_another_it_may_be_for_cannot_say(two, monkeypatch, is_open):
    def away(*_):
        raise StoreBusy

    async with simulated(two) as (env, ((in_river, river), _, _)):
        ada, mallory = env.create_user("ada"), env.create_user("mallory")
        two.heat.link(HEAT, ada.id, "Ada of Heat")
        shown = await ada.slash("alerts recent")
        two.river.link(RIVER, ada.id, "Ada of River")
        if is_open:
            monkeypatch.setattr(two.heat.dispatcher, "_actor", away)
        else:
            two.open.pop()

        typed = [await each.slash("watch add", query="x") for each in (ada, mallory)]
        pressed = await ada.click(shown.response, label="Assign to me")
        in_its_server = await river.add_member(ada).slash(in_river, "alerts why")

        why = "One of the bot's coalitions cannot be reached now, so nothing was done."
        assert all(each.response.content.startswith(why) for each in typed)
        assert pressed.response.content.startswith("The database is busy." if is_open else why)
        assert two.audits() == [[], []]
        assert in_its_server.response.embeds[0].description == f"asked in {RIVER} by Ada of River"


@pytest.fixture
async def peer():
    peer = DiscordPeer(guild_of={"9": str(RIVER), "8": str(HEAT)})
    async with peer.running() as url:
        yield peer, url


def senders(url, clients, token=DiscordPeer.TOKEN, guilds=(RIVER, HEAT)):
    settings = {"discord_api_url": url, "discord_bot_token": token}
    return [
        platform.PLATFORM.sender(
            Settings(_env_file=None, discord_guild_id=str(guild), **settings), lambda: TUESDAY, UTC, clients
        )
        for guild in guilds
    ]


def news(address):
    card = Card(mark=Mark.ALERT, head="Gloves", buttons=(Button("Why", "alerts why"),))
    return Outgoing(id="d1", key="gloves", channel=Channel("alerts", "discord", address), card=card)


async def test_the_same_news_is_posted_in_both_servers_and_in_no_other_s_channel(peer):
    """Discord merges equal nonces of an application, in whatever servers."""
    discord_, url = peer
    river, heat = senders(url, {})

    assert isinstance(await river.send(news("9")), Delivered)
    assert isinstance(await heat.send(news("8")), Delivered)
    foreign = await heat.send(news("9"))

    assert isinstance(foreign, Rejected)
    assert (foreign.scope, foreign.why) == (
        "channel",
        "the channel is not in this coalition's server (DISCORD_GUILD_ID)",
    )
    assert await heat.read_history(news("9").channel, TUESDAY) == foreign
    direct = replace(news("9").channel, name="dm:ada", person="Ada")  # the application has one for both coalitions
    assert isinstance(await heat.read_history(direct, TUESDAY), CannotTell)
    assert [len(discord_.messages[channel]) for channel in ("9", "8")] == [1, 1]
    await river.close()  # as when its store is lost
    assert isinstance(await heat.send(replace(news("8"), key="hats")), Delivered)
    assert discord_.calls["login"] == 1
    await heat.close()


async def test_servers_whose_buttons_have_the_same_tag_get_the_same_news(peer):
    discord_, url = peer
    discord_.guild_of = dict(zip(("9", "8"), map(str, SAME_TAG), strict=True))
    assert len({incoming.tag(str(guild)) for guild in SAME_TAG}) == 1
    for sender, channel in zip(senders(url, {}, guilds=SAME_TAG), ("9", "8"), strict=True):
        assert isinstance(await sender.send(news(channel)), Delivered)
        await sender.close()
    assert [len(discord_.messages[channel]) for channel in ("9", "8")] == [1, 1]


async def test_an_answer_about_a_channel_that_is_not_discord_s_is_no_post_in_doubt(peer):
    discord_, url = peer
    river, _ = senders(url, {})
    discord_.portal = True
    assert isinstance(await river.send(news("9")), RetryAt)
    assert isinstance(await river.read_history(news("9").channel, TUESDAY), RetryAt)
    discord_.portal = False
    assert isinstance(await river.send(news("9")), Delivered)
    await river.close()


async def test_who_asks_for_the_client_while_it_closes_gets_an_open_one(peer):
    _, url = peer
    rest = Rest(lambda: create_discord_client(Settings(_env_file=None, discord_api_url=url)), DiscordPeer.TOKEN, utc)
    await rest.client("river")
    _, client = await asyncio.gather(rest.close("river"), rest.client("heat"))
    assert await client.http.get_channel("9")
    await rest.close("heat")


async def test_the_other_s_channel_is_neither_checked_nor_looked_at(peer):
    _, url = peer
    settings = Settings(
        _env_file=None, discord_api_url=url, discord_bot_token=DiscordPeer.TOKEN, discord_guild_id=str(HEAT)
    )
    found = [await ask(settings, news("9").channel) for ask in (platform.rights, platform.privacy)]
    assert found == [Permissions(lacking=(platform.NOT_OURS,)), Privacy(unknown=platform.NOT_OURS)]


async def test_a_token_that_discord_rejects_stops_all_who_have_it_after_one_request(peer):
    discord_, url = peer
    both = senders(url, clients := {}, "an-old-token")

    outcomes = [await sender.send(news("9")) for sender in both for _ in range(3)]

    assert len(clients) == 1
    assert {outcome.scope for outcome in outcomes} == {"platform"}
    assert discord_.calls["login"] == 1


async def test_a_rejected_token_is_tried_again_a_minute_later(peer):
    discord_, url = peer
    now = [TUESDAY]
    settings = Settings(_env_file=None, discord_api_url=url)
    rest = Rest(lambda: create_discord_client(settings), "an-old-token", lambda: now[0])
    for seconds in (0, 59, 60):
        now[0] = TUESDAY + timedelta(seconds=seconds)
        with pytest.raises(discord.LoginFailure):
            await rest.client(None)
        rest.refused()
    assert discord_.calls["login"] == 2


async def test_all_senders_of_a_token_together_keep_to_discord_s_limit(peer):
    """What would wait for longer than five seconds goes back to the outbox, with the time of its turn."""
    _, url = peer
    rest = Rest(lambda: create_discord_client(Settings(_env_file=None, discord_api_url=url)), DiscordPeer.TOKEN, utc)
    await rest.client(None)
    waiting = [asyncio.create_task(rest.client(None)) for _ in range(400)]
    await until(waiting[-1].done)
    late = [task for task in waiting if task.done() and task.exception()]
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    await rest.close(None)
    assert {type(task.exception()) for task in late} == {discord.RateLimited}
    assert 400 - 5 * 50 <= len(late) < 200
    assert all(task.exception().retry_after > 5 for task in late)


def utc():
    return TUESDAY
