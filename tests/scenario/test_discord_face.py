"""Commands, buttons and forms in a third-party Discord simulator, used as a person would."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import discord
import pytest
import simcord
from discord.http import Route

from bot.chat.wording import OUR_FAULT
from bot.commands.model import Role
from bot.people.model import Account, account
from tests.kit.discord_face import House

pytestmark = [pytest.mark.peer("simcord"), pytest.mark.sqlite]  # the face alone, the same on either store


@dataclass
class Stage:
    campaign: House
    env: simcord.Env
    guild: simcord.GuildHandle
    channel: simcord.ChannelHandle
    ada: simcord.MemberActor

    def registrations(self) -> int:
        return sum(entry.method == "PUT" and entry.path.endswith("/commands") for entry in self.env.http_requests)


@asynccontextmanager
async def stage(campaign: House) -> AsyncIterator[Stage]:
    env = simcord.Env(campaign.face().client())  # not simcord.run: what that sets in its context a fixture cannot reset
    await env.start()
    try:
        guild = env.create_guild("Coalition")
        ada = guild.add_member(env.create_user("ada"))
        campaign.link(guild.id, ada.id)
        yield Stage(campaign, env, guild, guild.create_text_channel("policy"), ada)
        env.raise_errors()
    finally:
        await env.shutdown()


@pytest.fixture
async def on(tmp_path):
    async with stage(House(tmp_path)) as item:
        yield item


async def test_a_command_is_answered_to_the_asker_alone_with_its_options_in_their_own_types(on):
    done = await on.ada.slash(
        on.channel, "watch add", query='"T visa"', asks=4, level="alert", quiet=True, office="office-7"
    )

    assert done.response.content == 'Saved: query "T visa", asks 4, level alert, quiet yes, office office-7'
    assert done.response.ephemeral
    assert not done.deferred
    assert on.campaign.audit() == ['Ada: "T visa": added']


async def test_what_is_meant_is_offered_while_it_is_typed(on):
    offered = await on.ada.autocomplete(on.channel, "watch add", "office", "office 3", query="x")

    assert [choice["value"] for choice in offered] == [f"office-{number}" for number in (3, *range(30, 40))]
    assert len(await on.ada.autocomplete(on.channel, "watch add", "office", "", query="x")) == 25


async def test_who_is_not_linked_gets_one_sentence_that_says_who_can_help(on):
    stranger = on.guild.add_member(on.env.create_user("mallory"))

    done = await stranger.slash(on.channel, "watch add", query="x")

    assert "An administrator of Us can link it" in done.response.content
    assert done.response.ephemeral
    assert not await stranger.autocomplete(on.channel, "watch add", "office", "", query="x")
    assert on.campaign.audit() == []


async def test_who_is_linked_elsewhere_is_a_stranger_here_and_known_in_a_direct_message(on):
    other = on.env.create_guild("Another coalition")
    there = other.add_member(on.ada.user)
    stranger = on.env.create_user("mallory")

    in_the_other = await there.slash(other.create_text_channel("policy"), "alerts why")
    directly = await on.ada.user.slash("alerts why")
    unknown = await stranger.slash("alerts why")

    assert f"your account is discord:{other.id}/{on.ada.user.id}." in in_the_other.response.content
    assert directly.response.embeds[0].description == f"asked in {on.guild.id} by Ada"
    # The bot is in two servers: nobody can tell which is theirs.
    assert "type /campaign me in your coalition's server, not here" in unknown.response.content
    assert "discord:" not in unknown.response.content


async def test_a_stranger_who_writes_directly_is_given_an_account_that_link_accepts(on):
    stranger = on.env.create_user("mallory")
    notice = (await stranger.slash("alerts why")).response.content
    named = notice.rpartition("your account is ")[2].rstrip(".")
    assert account(named) == Account("discord", str(on.guild.id), str(stranger.id))


async def test_what_is_wrong_is_refused_in_plain_words(on):
    representative = on.guild.add_member(on.env.create_user("bo"))
    on.campaign.link(on.guild.id, representative.id, "Bo", Role.REPRESENTATIVE)

    not_theirs = await representative.slash(on.channel, "watch add", query="x")
    blank = await on.ada.slash(on.channel, "watch add", query=" ")

    assert not_theirs.response.content == "/watch add is for administrators, policy staff, press staff and approvers"
    assert blank.response.content.startswith("query is missing: the words to look for.")
    assert blank.response.ephemeral


async def test_a_long_text_is_asked_for_in_a_form_which_knows_what_was_given_already(on):
    asked = await on.ada.slash(on.channel, "letter draft", to="office-1", level="alert")
    done = await on.ada.submit_modal(asked, {"text": "Dear Director,\n\n@everyone"})

    assert asked.modal["title"] == "Write a letter"
    assert done.response.content == "The letter"
    assert [(file.filename, await file.read()) for file in done.response.attachments] == [
        ("letter.txt", b"Dear Director,\n\n@everyone")
    ]


@pytest.mark.parametrize("to", ["office-1", "office-1" + "x" * 92], ids=["in its id", "kept"])
async def test_a_form_sent_again_after_a_lost_acknowledgement_is_done_once(on, to):
    """Discord leaves the form open if no answer came in time; each Submit is a new interaction."""
    opened = await on.ada.slash(on.channel, "letter draft", to=to, level="alert")
    for _ in range(2):
        opened._interaction.modal_consumed = False  # simcord closes every form that was sent
        done = await on.ada.submit_modal(opened, {"text": "Dear Director"})
    assert done.response.content == "That was already done."
    assert on.campaign.audit() == ["Ada: letter to office-1: drafted"]

    another = await on.ada.slash(on.channel, "letter draft", to=to, level="alert")
    await on.ada.submit_modal(another, {"text": "Dear Director"})
    assert len(on.campaign.audit()) == 2


async def test_a_form_keeps_what_has_no_room_in_its_id(on):
    long = "office-1" + "x" * 92

    asked = await on.ada.slash(on.channel, "letter draft", to=long, level="digest")
    done = await on.ada.submit_modal(asked, {"text": "Dear Director"})

    assert len(asked.modal["custom_id"]) <= 100
    assert done.response.content == "The letter"


async def test_a_form_filled_in_wrong_is_refused_and_opens_again_as_it_was_left(on):
    first = await on.ada.slash(on.channel, "alerts note")
    refused = await on.ada.submit_modal(first, {"text": "too short"})
    again = await on.ada.click(refused.response, label="Correct it")
    (field,) = again.modal["components"]
    done = await on.ada.submit_modal(again, {"text": "long enough by now"})

    assert first.modal["components"][0]["component"]["value"] == "so far"
    assert refused.response.content == "A note wants ten letters at least."
    assert refused.response.ephemeral
    assert field["component"]["value"] == "too short"
    assert done.response.content == "Noted: long enough by now"


async def test_a_corrected_form_has_its_own_labels_and_marks_what_was_refused(on):
    first = await on.ada.slash(on.channel, "alerts note")
    refused = await on.ada.submit_modal(first, {"text": "too short"})
    again = await on.ada.click(refused.response, label="Correct it")

    (field,) = again.modal["components"]
    assert again.modal["title"] == "Note"
    assert field["label"] == "Your own words"
    assert field["description"].startswith("A note wants ten letters at least.")


async def test_what_was_typed_before_the_form_can_be_corrected_in_it(on):
    first = await on.ada.slash(on.channel, "alerts note", about="nothing")
    refused = await on.ada.submit_modal(first, {"text": "long enough by now"})
    again = await on.ada.click(refused.response, label="Correct it")
    fields = {field["component"]["custom_id"]: field["component"]["value"] for field in again.modal["components"]}
    done = await on.ada.submit_modal(again, {"about": "something", "text": "long enough by now"})

    assert refused.response.content == "There is nothing of that name."
    assert fields == {"about": "nothing", "text": "long enough by now"}
    assert done.response.content == "Noted: long enough by now, about something"


async def test_a_form_that_was_open_over_a_restart_can_still_be_corrected(on):
    first = await on.ada.slash(on.channel, "alerts note")
    await on.env.restart_bot(on.campaign.face().client())
    refused = await on.ada.submit_modal(first, {"text": "too short"})
    again = await on.ada.click(refused.response, label="Correct it")
    done = await on.ada.submit_modal(again, {"text": "long enough by now"})

    assert done.response.content == "Noted: long enough by now"


@pytest.mark.parametrize("id_", ["alerts+note?_=zz", "alerts+note?id=zz", "alerts+note?text=%ff", "%ff"])
async def test_a_form_with_an_id_that_is_not_ours_is_answered(on, id_, caplog):
    opened = await on.ada.slash(on.channel, "alerts note")
    opened._interaction.modal["custom_id"] = id_
    done = await on.ada.submit_modal(opened, {"text": "long enough by now"})
    assert done.response.content.startswith("There is no such command" if "%" in id_ else ("Noted: ", "/alerts note "))
    assert not caplog.records


async def test_a_button_still_works_after_a_restart_and_changes_its_message(on):
    posted = await on.ada.slash(on.channel, "alerts recent")
    await on.env.restart_bot(on.campaign.face().client())

    await on.ada.click(posted.response, label="Assign to me")

    assert not posted.response.ephemeral
    assert posted.response.content == "One alert, taken by Ada"
    assert posted.response.components == []
    assert on.campaign.audit() == ["Ada: 4f2c81: Ada"]


async def test_a_button_that_answers_to_one_leaves_the_message_to_all(on):
    posted = await on.ada.slash(on.channel, "alerts recent")

    why = await on.ada.click(posted.response, label="Why")
    note = await on.ada.click(posted.response, label="Note")

    assert why.response.ephemeral
    assert posted.response.content == "One alert"
    assert note.modal["title"] == "Note"


async def test_a_kept_form_is_gone_after_a_restart_and_says_so(on):
    first = await on.ada.slash(on.channel, "alerts note")
    refused = await on.ada.submit_modal(first, {"text": "too short"})
    await on.env.restart_bot(on.campaign.face().client())

    pressed = await on.ada.click(refused.response, label="Correct it")

    assert "lost what you entered" in pressed.response.content


async def test_the_same_press_delivered_twice_is_done_once(on):
    heard = []
    on.env.bot._connection.parsers["INTERACTION_CREATE"], hear = (
        lambda data: (heard.append(json.loads(json.dumps(data))), hear(data)),
        on.env.bot._connection.parsers["INTERACTION_CREATE"],
    )
    posted = await on.ada.slash(on.channel, "alerts recent")
    await on.ada.click(posted.response, label="Assign to me")
    pressed = heard[-1]

    with on.env._bot_scope():
        hear(pressed)
    await on.env.settle()

    assert on.campaign.audit() == ["Ada: 4f2c81: Ada"]
    assert posted.response.content == "One alert, taken by Ada"


async def test_what_takes_longer_than_discord_waits_is_acknowledged_at_once_and_answered_when_done(on):
    asked = await on.ada.slash(on.channel, "late answer", seconds=20)
    acknowledged = asked.acknowledged, asked.deferred, asked.ephemeral
    await on.env.advance_time(20)

    assert acknowledged == (True, True, True)
    assert asked.response.content == "Here at last"
    assert asked.response.ephemeral


async def test_what_comes_late_and_is_for_all_is_posted_to_all(on):
    asked = await on.ada.slash(on.channel, "late answer", seconds=20, how="public")
    await on.env.advance_time(20)

    assert asked.response.ephemeral
    assert asked.response.content == "Posted here, where everyone can see it."
    assert [(sentence.content, sentence.ephemeral) for sentence in asked.followups] == [("Here at last", False)]


async def test_a_form_that_comes_late_is_opened_by_a_button(on):
    asked = await on.ada.slash(on.channel, "late answer", seconds=20, how="form")
    await on.env.advance_time(20)
    opened = await on.ada.click(asked.response, label="Open the form")
    done = await on.ada.submit_modal(opened, {"text": "long enough by now"})

    assert asked.response.content == "Note: some details are missing"
    assert done.response.content == "Noted: long enough by now"


@pytest.mark.parametrize("seconds", [20, 1_000])
async def test_a_message_is_changed_however_late_the_answer_to_its_button_comes(on, seconds):
    row = {"type": 2, "style": 2, "label": "Go", "custom_id": f"late+take?seconds={seconds}"}
    body = {"content": "Before", "components": [{"type": 1, "components": [row]}]}
    route = Route("POST", "/channels/{channel_id}/messages", channel_id=on.channel.id)
    await on.env.bot.http.request(route, json=body)
    await on.ada.click(on.channel.last_message, label="Go")
    await on.env.advance_time(seconds)

    assert on.channel.last_message.content == "Changed at last"


async def test_an_answer_after_a_quarter_of_an_hour_comes_as_a_direct_message(on):
    await on.ada.slash(on.channel, "late answer", seconds=1_000)
    await on.env.advance_time(1_000)

    assert on.ada.user.dm_channel.last_message.content == "Here at last"
    assert not [message for message in on.channel.history() if "Here at last" in message.content]


async def test_an_answer_for_all_after_a_quarter_of_an_hour_is_an_ordinary_message(on):
    await on.ada.slash(on.channel, "late answer", seconds=1_000, how="public")
    await on.env.advance_time(1_000)

    assert on.channel.last_message.content == "Here at last"


async def test_an_answer_that_missed_the_three_seconds_is_still_given(on):
    on.env.inject_error("POST", "/interactions/*/callback", status=404, code=10062, message="Unknown interaction")

    await on.ada.slash(on.channel, "watch add", query="x")

    assert on.ada.user.dm_channel.last_message.content == "Saved: query x"
    assert on.campaign.audit() == ["Ada: x: added"]


async def test_commands_are_registered_again_only_when_they_changed(on):
    for _ in range(20):
        await on.env.restart_bot(on.campaign.face().client())
    same = on.registrations()
    on.campaign.commands = on.campaign.commands[:2]
    await on.env.restart_bot(on.campaign.face().client())

    assert same == 1
    assert on.registrations() == 2


async def test_commands_that_discord_refuses_are_reported_and_buttons_still_work(tmp_path):
    campaign = House(tmp_path)
    async with stage(campaign) as on:
        posted = await on.ada.slash(on.channel, "alerts recent")
        campaign.commands = campaign.commands[:-2]
        on.env.inject_error("PUT", "*/commands", status=400, code=50035, message="Invalid Form Body")
        await on.env.restart_bot(campaign.face().client())
        await on.ada.click(posted.response, label="Assign to me")

        assert posted.response.content == "One alert, taken by Ada"
    assert len(campaign.notices) == 1
    assert "rejected the list of commands" in campaign.notices[0]


async def test_a_bug_of_the_front_end_still_gives_everyone_an_answer(on, caplog):
    on.env.inject_error("POST", "/interactions/*/callback", status=400, code=50035, message="Invalid Form Body")

    done = await on.ada.slash(on.channel, "alerts recent")

    assert done.response.content == OUR_FAULT
    assert done.response.ephemeral
    assert "An interaction with Discord failed" in caplog.text


def test_intents_read_no_messages(tmp_path):
    async def intents() -> discord.Intents:
        return House(tmp_path).face().client().intents

    assert asyncio.run(intents()) == discord.Intents(guilds=True)
