"""An administrator sets the campaign up: what the chats say of the bot's rights, the lines to write, a dry run."""

from __future__ import annotations

from dataclasses import replace

import discord
import pytest
import simcord

from bot.app.wiring import Network, check_permissions
from bot.chat.discord.platform import rights as in_discord
from bot.chat.slack.platform import rights as in_slack
from bot.commands.model import Role
from bot.config.settings import Settings
from bot.outbox.channels import channels_of
from bot.outbox.model import Channel, Permissions
from tests.kit.alerts import document
from tests.kit.board import CONFIG, Board, press, send, words
from tests.peers.discord import SETTLE
from tests.peers.slack import SlackPeer
from tests.scenario.test_simcord_journey import over_http

STEPS = ("coalition", "asks", "members", "channels", "routes", "people", "watching", "digest")


def board_of(folder, config=CONFIG, look=None):
    network = Network(
        None,
        dict,
        lambda: channels_of(config.feeds),
        look or check_permissions(Settings(_env_file=None)),
        None,
        reading=tuple,
        clock=lambda: board.now,
    )
    board = Board(folder, config=config, fetching=network)
    return board


@pytest.fixture
def board(tmp_path):
    return board_of(tmp_path)


def test_it_leads_from_the_first_step_to_a_dry_run_of_the_digest(board):
    before = board.everything()
    card = board.card(board.admin, "campaign setup")
    assert "These are the example files" in words(card)

    seen = []
    while card.buttons and card.buttons[-1].path == "campaign setup" and "step" in dict(card.buttons[-1].args):
        step = dict(card.buttons[-1].args)["step"]
        if step in seen:
            break
        seen.append(step)
        card = press(board, board.admin, card, card.buttons[-1].label).card

    assert tuple(seen) == STEPS
    assert card.head.startswith("Tuesday digest: ")
    assert card.foot.startswith("A preview for “policy”: nothing is posted")
    assert board.everything() == before


def test_it_is_for_administrators(board):
    policy = board.add("Bo", Role.POLICY)
    assert "no such command" in board.refused(policy, "campaign setup").what


def test_a_channel_lists_missing_permissions_and_the_line_to_post_here(tmp_path):
    async def look(channel):
        return {
            "policy": Permissions(lacking=("it is not in the channel: write /invite @coalition-bot there",)),
            "press": Permissions(unknown="Slack did not answer"),
        }.get(channel.name, Permissions())

    board = board_of(tmp_path, look=look)
    text = words(board.card(board.admin, "campaign setup", step="channels"))

    assert "policy (console:policy): it is not in the channel: write /invite @coalition-bot there" in text
    assert "press (console:press): unknown: Slack did not answer" in text
    assert "This place is slack:C1." in text


def test_a_channel_is_posted_here_with_one_press(tmp_path):
    async def look(channel):
        return Permissions(lacking=() if channel.address == "C0HERE" else ("it is not in the channel",))

    board = board_of(tmp_path, look=look)
    call = replace(board.call(board.admin, "campaign setup", step="channels"), channel="C0HERE")
    card = board.send(call).card
    saved = press(board, board.admin, card, "Post “policy” here").card

    assert saved.head == "Saved: channel policy"
    assert board.config.feeds.channels["policy"].to == "slack:C0HERE"
    form = board.ask(board.admin, "settings set", setting="channel press").form
    note = words(send(board, board.admin, form, to="slack:C0THERE").card)
    assert "The bot cannot post there yet: it is not in the channel." in note


def test_the_name_of_a_channel_is_refused_with_what_to_write_instead(board):
    form = board.ask(board.admin, "settings set", setting="channel press").form

    assert "slack:C0123ABCD" in send(board, board.admin, form, to="#alerts").what


def test_settings_are_shown_with_where_they_come_from(board):
    coalition = words(board.card(board.admin, "campaign setup", step="coalition"))
    channels = words(board.card(board.admin, "campaign setup", step="channels"))
    routes = words(board.card(board.admin, "campaign setup", step="routes"))

    assert f"it is Tue 10:01 a.m. now ({CONFIG.coalition_lines.at('zone')})" in coalition
    assert f"on business days ({CONFIG.feeds_lines.at('channels', 'policy')})" in channels
    assert f"policy gets: everything ({CONFIG.feeds_lines.at('routes', 0)})." in routes
    assert f"press gets: news ({CONFIG.feeds_lines.at('routes', 1)})." in routes


def test_what_is_missing_comes_first_and_is_set_from_its_step(tmp_path):
    coalition = CONFIG.coalition.model_copy(update={"address": (), "signer": None, "media_contact": None})
    board = board_of(tmp_path, replace(CONFIG, coalition=coalition))
    card = board.card(board.admin, "campaign setup")
    assert "1. Who you are. The letterhead has no address and signer." in words(card)

    step = press(board, board.admin, card, "Begin: coalition").card
    form = press(board, board.admin, step, "Letterhead").form
    send(board, board.admin, form, address="1 Main St", signer="Ann Poe")

    step = words(board.card(board.admin, "campaign setup", step="coalition"))
    assert "The letterhead has no" not in step
    assert "Letters are signed by Ann Poe (chat)." in step


def test_an_ask_without_a_route_is_reported(tmp_path):
    route = CONFIG.feeds.routes[0].model_copy(update={"asks": (1, 2, 3)})
    config = replace(CONFIG, feeds=CONFIG.feeds.model_copy(update={"routes": (route,)}))
    board = board_of(tmp_path, config)

    text = words(board.card(board.admin, "campaign setup", step="routes"))
    assert "No channel gets Asks 4, 5, 6, 7, 8 and 9: add a route." in text
    assert "Nothing is routed to press." in text


def test_the_people_step_lists_missing_people_and_opens_the_form_to_link_them(board):
    card = board.card(board.admin, "campaign setup", step="people")

    assert "Approver: no one yet." in words(card)
    members = words(board.card(board.admin, "campaign setup", step="members"))
    assert "No one represents CIW, CAST, Free the Slaves, HTI and 8 more yet." in members
    assert press(board, board.admin, card, "Link a person").form.path == "people link"


def test_the_dry_run_is_what_the_digest_will_say_and_takes_nothing_from_it(board):
    board.bring(document("2026-00001", "Trafficking in Persons Report: request for information", agencies=()))
    before = board.everything()
    card = board.card(board.admin, "campaign setup", step="digest")

    assert {button.label for button in card.buttons} == {"For press"}
    assert board.everything() == before
    assert "no digest" in board.refused(board.admin, "campaign setup", step="digest", channel="admin").what


# --- what the chats say -----------------------------------------------------------------------------------------------


@pytest.fixture
async def slack():
    peer = SlackPeer()
    async with peer.running() as url:
        settings = Settings(slack_bot_token=peer.token, slack_api_url=url, _env_file=None)
        yield peer, lambda: in_slack(settings, Channel("policy", "slack", "C0POLICY"))


async def test_in_slack_the_bot_is_in_the_channel_and_has_its_scopes(slack):
    peer, look = slack
    assert await look() == Permissions()
    assert not peer.messages["C0POLICY"]


async def test_in_slack_missing_permissions_are_shown_with_advice(slack):
    peer, look = slack
    peer.outside.add("C0POLICY")
    peer.scopes.discard("files:write")
    assert (await look()).lacking == (
        "it cannot upload files: add the scope files:write on the app's page and reinstall it",
        "it is not in the channel: write /invite @coalition-bot there",
    )

    peer.scopes.discard("channels:history")
    assert "after a crash a message may be posted twice" in (await look()).lacking[-1]


async def test_in_slack_a_rejected_token_does_not_blame_the_channel(slack):
    peer, look = slack
    peer.token = "another"
    assert await look() == Permissions(unknown="Slack rejected the bot's token (invalid_auth)")


@pytest.mark.peer("simcord")
async def test_in_discord_the_permissions_are_those_of_roles_and_overwrites():
    client = discord.Client(intents=discord.Intents.default())
    async with simcord.run(client, settle_timeout=SETTLE) as env:
        guild = env.create_guild("Coalition")
        channel = guild.create_text_channel("policy")
        no = discord.PermissionOverwrite(embed_links=False, read_message_history=False)
        narrow = guild.create_text_channel("narrow", overwrites={guild.default_role: no})
        async with over_http(client) as url:
            settings = Settings(discord_api_url=url, discord_bot_token="not-a-real-token", _env_file=None)

            async def look(address=str(channel.id)):
                return await in_discord(settings, Channel("policy", "discord", address))

            assert await look() == Permissions()
            denied = await look(str(narrow.id))
            gone = await look("1100000000000000099")

    assert denied.lacking == ("it lacks Embed Links, Read Message History: Edit Channel → Permissions",)
    assert gone.lacking[0].startswith("there is no channel with that id")
