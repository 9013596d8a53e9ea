"""Commands, buttons and forms in a Slack that is stricter than most: over Socket Mode, to the answer and no further."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from bot.chat.wording import OUR_FAULT
from bot.commands.model import Role
from tests.kit.discord_face import until
from tests.kit.slack_face import House, serving
from tests.peers.slack_app import CHANNEL, USER, SlackApp

pytestmark = pytest.mark.sqlite  # the face alone, the same on either store


@dataclass
class Stage:
    campaign: House
    slack: SlackApp

    async def type(self, text: str, **where: str) -> None:
        assert await self.slack.deliver(self.slack.command(text, **where)) is None

    async def form(self, text: str) -> dict:
        """The form that a typed command opens."""
        await self.type(text)
        return (await self.slack.heard("views"))[-1]

    async def answer(self, text: str) -> dict:
        await self.type(text)
        return (await self.slack.heard("posted"))[-1]


@pytest.fixture
async def on(tmp_path) -> AsyncIterator[Stage]:
    campaign, slack = House(tmp_path), SlackApp()
    campaign.link()
    async with slack.running() as url, serving(campaign.face(url)):
        await slack.connected()
        yield Stage(campaign, slack)


def head(reply: dict) -> str:
    return reply["blocks"][0]["text"]["text"]


def elements(reply: dict) -> list[dict]:
    return next(block["elements"] for block in reply["blocks"] if block["type"] == "actions")


# --- commands ---------------------------------------------------------------------------------------------------------


async def test_a_command_is_acknowledged_and_then_answered_to_the_asker_alone(on):
    reply = await on.answer('/watch add "T visa" level:alert asks:4')

    assert head(reply) == "Saved: query T visa, asks 4, level alert"
    assert reply["response_type"] == "ephemeral"
    assert reply["replace_original"] is False
    assert on.campaign.audit() == ["Ada: T visa: added"]


async def test_what_slack_escaped_arrives_as_it_was_typed(on):
    reply = await on.answer('/watch add "R&amp;D &lt;https://x.org|x.org&gt; <https://x.org|x>"')

    assert head(reply).startswith("Saved: query R&amp;D &lt;https://x.org|x.org&gt; https://x.org")


async def test_a_public_answer_is_for_the_channel(on):
    assert (await on.answer("/alerts recent"))["response_type"] == "in_channel"


async def test_a_slip_is_answered_with_what_was_meant_and_an_odd_quotation_mark_with_what_is_odd(on):
    assert head(await on.answer("/alerts recnt")) == "I do not know “/alerts recnt”. Did you mean /alerts recent?"
    await on.type('/watch add "T visa')

    assert "is never closed" in head((await on.slack.heard("posted", 2))[-1])


async def test_who_is_not_linked_gets_one_sentence_whatever_they_typed(on):
    for number, text in enumerate(("/watch add x", "/watch", "/nothing at all"), 1):
        await on.type(text, user="U0MALLORY")
        reply = (await on.slack.heard("posted", number))[-1]
        assert "is not linked yet" in head(reply)
        assert "slack:T0HOME/U0MALLORY" in head(reply)
    assert not on.slack.views
    assert on.campaign.audit() == []


async def test_no_word_that_a_stranger_types_is_logged(on, caplog):
    caplog.set_level(logging.INFO)
    await on.type("/letter Rosa, who is 14\nand lives at 12 Oak Street", user="U0MALLORY")
    await on.slack.heard("posted")

    assert "/unknown from slack: refused" in caplog.text
    assert "Rosa" not in caplog.text


async def test_the_same_user_of_another_workspace_is_a_stranger(on):
    await on.slack.deliver(on.slack.command("/watch add x") | {"team_id": "T0OTHER"})

    assert "slack:T0OTHER/U0ADA" in head((await on.slack.heard("posted"))[-1])


async def test_a_command_of_another_role_is_answered_with_whose_it_is(on):
    on.campaign.link("U0REP", "Rhea", Role.REPRESENTATIVE)
    await on.type("/watch add x", user="U0REP")
    await on.type("/wacht add x", user="U0REP")

    first, second = await on.slack.heard("posted", 2)
    assert head(first) == "/watch add is for administrators, policy staff, press staff and approvers"
    assert head(second) == "I do not know “/wacht add x”."
    assert on.campaign.audit() == []


async def test_a_button_that_is_typed_is_answered_with_where_it_is(on):
    assert head(await on.answer("/alerts take 4f2c81")) == "/alerts take is a button, not a command to type"


async def test_a_bot_is_not_answered(on):
    await on.slack.deliver(on.slack.command("/alerts recent", user="USLACKBOT"))
    await on.slack.deliver(on.slack.command("/alerts recent") | {"bot_id": "B1"})
    await on.answer("/alerts why")

    assert len(on.slack.posted) == 1


# --- a form that is sent again ---------------------------------------------------------------------------------------


async def test_a_form_sent_again_after_a_lost_acknowledgement_is_done_once(on):
    view = await on.form("/campaign remind")
    await on.slack.lose(on.slack.submit(view, what="the letter", day="Fri"))
    await on.slack.heard("posted")

    again = on.slack.submit(view, what="the letter", day="Fri")  # the window is still open: Submit once more
    assert again["trigger_id"] != on.slack.submit(view, what="x", day="Fri")["trigger_id"]
    assert await on.slack.deliver(again) is None  # closes the window
    assert on.campaign.audit() == ["Ada: reminder: the letter on Fri"]


async def test_a_form_that_was_changed_and_sent_again_says_what_was_done_the_first_time(on):
    view = await on.form("/campaign remind")
    await on.slack.lose(on.slack.submit(view, what="the letter", day="Fri"))
    await on.slack.deliver(on.slack.submit(view, what="the letter", day="Mon"))
    *_, reply = await on.slack.heard("posted", 2)

    assert head(reply) == "That was already done."
    assert "the letter on Fri" in reply["text"]


async def test_a_form_sent_again_after_a_restart_is_done_once(on):
    view = await on.form("/campaign remind")
    await on.slack.lose(on.slack.submit(view, what="the letter", day="Fri"))
    await on.slack.heard("posted")
    async with serving(on.campaign.face(on.slack.base)):
        await on.slack.connected(2)
        await on.slack.deliver(on.slack.submit(view, what="the letter", day="Fri"))

    assert on.campaign.audit() == ["Ada: reminder: the letter on Fri"]


async def test_a_refused_form_is_corrected_and_sent_again_in_the_same_window(on):
    view = await on.form("/campaign remind")
    ack = await on.slack.deliver(on.slack.submit(view, what="the letter", day="someday"))
    assert ack["response_action"] == "errors"
    assert await on.slack.deliver(on.slack.submit(view, what="the letter", day="Fri")) is None
    assert on.campaign.audit() == ["Ada: reminder: the letter on Fri"]


async def test_the_same_form_opened_twice_is_two_requests(on):
    for count in (1, 2):
        await on.type("/campaign remind")
        view = (await on.slack.heard("views", count))[-1]
        await on.slack.deliver(on.slack.submit(view, what="the letter", day="Fri"))
        await on.slack.heard("posted", count)
    assert on.campaign.audit() == ["Ada: reminder: the letter on Fri"] * 2


# --- C4, C5, C6 -------------------------------------------------------------------------------------------------------


async def test_c4_the_same_envelope_twice_is_acknowledged_twice_and_done_once(on):
    payload = on.slack.command("/watch add x")
    await on.slack.deliver(payload, "E-1")
    await on.slack.deliver(payload, "E-1")
    await on.type("/alerts why")
    await on.slack.heard("posted", 2)

    assert on.campaign.audit() == ["Ada: x: added"]
    assert len(on.slack.posted) == 2


async def test_c4_a_request_that_comes_again_after_a_restart_is_not_done_again(on, tmp_path):
    payload = on.slack.command("/watch add x")
    await on.slack.deliver(payload)
    await on.slack.heard("posted")
    async with serving(on.campaign.face(on.slack.base)):
        await on.slack.connected(2)
        await on.slack.deliver(payload)
        await on.slack.deliver(on.slack.command("/alerts why"))
        await on.slack.heard("posted", 2)

    assert on.campaign.audit() == ["Ada: x: added"]


async def test_c5_a_command_that_takes_longer_than_slack_waits_is_acknowledged_at_once(on):
    await on.type("/late answer seconds:1")

    assert on.slack.posted == []  # not yet, but it has been acknowledged
    assert head((await on.slack.heard("posted"))[-1]) == "Here at last"


async def test_c5_a_bug_is_answered_without_its_details_and_the_next_command_works(on, monkeypatch):
    async def broken(call):
        raise RuntimeError("secret detail")

    monkeypatch.setattr(on.campaign.dispatcher, "answer", broken)
    reply = await on.answer("/alerts why")
    monkeypatch.undo()

    assert head(reply) == OUR_FAULT
    await on.type("/alerts why")
    assert head((await on.slack.heard("posted", 2))[-1]) == "Why"


async def test_c6_when_the_address_takes_no_more_the_answer_comes_in_the_channel_for_the_asker_alone(on):
    payload = on.slack.command("/alerts why")
    on.slack.used[payload["response_url"].rpartition("/")[2]] = 5
    await on.slack.deliver(payload)
    (reply,) = await on.slack.heard("ephemeral")

    assert (reply["channel"], reply["user"]) == (CHANNEL, USER)
    assert head(reply) == "Why"


async def test_c6_where_the_bot_is_not_in_the_channel_the_answer_is_a_direct_message(on):
    on.slack.outside.add(CHANNEL)
    payload = on.slack.command("/alerts why") | {"response_url": ""}
    await on.slack.deliver(payload)
    await until(lambda: on.slack.messages[USER])

    assert head(on.slack.messages[USER][0]) == "Why"
    assert on.slack.messages[CHANNEL] == []


# --- forms ------------------------------------------------------------------------------------------------------------


async def test_a_command_that_lacks_something_opens_a_form_with_what_was_typed_filled_in(on):
    view = await on.form("/campaign remind day:Fri")

    assert view["callback_id"] == "campaign remind"
    fields = {block["block_id"]: block["element"].get("initial_value") for block in view["blocks"]}
    assert list(fields.items()) == [("what", None), ("day", "Fri"), ("wait", None)]


async def test_what_is_wrong_in_a_form_is_shown_at_its_field_and_right_it_is_done(on):
    view = await on.form("/campaign remind")

    wrong = await on.slack.deliver(on.slack.submit(view, what="the letter", day="someday"))
    right = await on.slack.deliver(on.slack.submit(view, what="the letter", day="Fri"))

    assert wrong["response_action"] == "errors"
    assert wrong["errors"] == {"day": "“someday” is no day. Write one like Fri or 27 Nov."}
    assert right is None
    assert head((await on.slack.heard("posted"))[-1]) == "I will remind you of the letter on Fri"
    assert on.campaign.audit() == ["Ada: reminder: the letter on Fri"]


async def test_what_is_wrong_in_a_form_is_shown_in_time_while_someone_else_writes(on):
    view = await on.form("/late answer")

    with on.campaign.db.write():
        wrong = await on.slack.deliver(on.slack.submit(view, seconds="soon"))

    assert wrong["errors"] == {"seconds": "seconds must be a number, not “soon”."}


async def test_what_is_wrong_with_the_whole_is_shown_at_the_first_field(on):
    view = await on.form("/campaign remind")

    wrong = await on.slack.deliver(on.slack.submit(view, what="nothing", day="Fri"))

    assert wrong["errors"] == {"what": "Nothing is not worth a reminder."}


async def test_what_was_typed_before_the_form_is_added_to_it_when_it_is_refused(on):
    view = await on.form("/alerts note about:nothing")
    wrong = await on.slack.deliver(on.slack.submit(view, text="long enough by now"))
    corrected = on.slack.replaced(view["id"], wrong)
    fields = {block["block_id"]: block["element"]["initial_value"] for block in corrected["blocks"][1:]}
    right = await on.slack.deliver(on.slack.submit(corrected, about="something"))

    assert fields == {"about": "nothing", "text": "long enough by now"}
    assert corrected["blocks"][0]["text"]["text"] == "There is nothing of that name."
    assert right is None
    assert head((await on.slack.heard("posted"))[-1]) == "Noted: long enough by now, about something"


async def test_a_number_that_is_none_is_refused_in_the_form(on):
    view = await on.form("/late answer")

    wrong = await on.slack.deliver(on.slack.submit(view, seconds="soon"))

    assert wrong["errors"] == {"seconds": "seconds must be a number, not “soon”."}


async def test_a_form_whose_answer_takes_long_says_so_and_then_says_what_is_wrong(on):
    view = await on.form("/campaign remind")

    waiting = await on.slack.deliver(on.slack.submit(view, what="x", day="someday", wait="6"))
    on.slack.replaced(view["id"], waiting)
    await until(lambda: "someday" in str(on.slack.views[view["id"]]))
    corrected = on.slack.views[view["id"]]

    assert "This takes a moment" in str(waiting)
    assert "“someday” is no day" in corrected["blocks"][0]["text"]["text"]
    assert [block["element"].get("initial_value") for block in corrected["blocks"][1:]] == ["x", "someday", "6"]
    assert await on.slack.deliver(on.slack.submit(corrected, day="Fri", wait="0")) is None
    assert head((await on.slack.heard("posted"))[-1]) == "I will remind you of x on Fri"


async def test_a_form_that_is_refused_after_its_window_was_closed_opens_again_as_it_was_filled_in(on):
    view = await on.form("/campaign remind")
    await on.slack.deliver(on.slack.submit(view, what="x" * 900, day="someday", wait="6"))
    on.slack.views.clear()
    reply = (await on.slack.heard("posted"))[-1]
    assert head(reply).startswith("“someday” is no day")

    await on.slack.deliver(on.slack.press(elements(reply)[0]))
    (corrected,) = await on.slack.heard("views")
    assert await on.slack.deliver(on.slack.submit(corrected, day="Fri", wait="0")) is None
    assert on.campaign.audit() == [f"Ada: reminder: {'x' * 900} on Fri"]


async def test_a_form_whose_answer_takes_long_is_answered_where_it_was_asked(on):
    view = await on.form("/campaign remind")
    waiting = await on.slack.deliver(on.slack.submit(view, what="x", day="Fri", wait="6"))
    on.slack.replaced(view["id"], waiting)

    assert head((await on.slack.heard("posted"))[-1]) == "I will remind you of x on Fri"
    assert "This takes a moment" in str(waiting)  # acknowledged before there was an answer
    assert "Done." in str(on.slack.views[view["id"]])


async def test_a_group_alone_opens_a_list_of_what_one_may_ask_and_leads_on_to_its_form(on):
    view = await on.form("/campaign")
    offered = [option["value"] for option in view["blocks"][0]["element"]["options"]]

    form = await on.slack.deliver(on.slack.submit(view, command="campaign remind"))

    assert offered == ["campaign me", "campaign remind"]
    assert form["response_action"] == "update"
    assert form["view"]["callback_id"] == "campaign remind"


async def test_a_command_that_needs_nothing_is_done_when_it_is_chosen(on):
    view = await on.form("/alerts")
    values = [option["value"] for option in view["blocks"][0]["element"]["options"]]

    assert "alerts take" not in values  # hidden
    assert await on.slack.deliver(on.slack.submit(view, command="alerts why")) is None
    assert head((await on.slack.heard("posted"))[-1]) == "Why"


async def test_choices_are_offered_while_it_is_typed_and_what_is_typed_can_be_chosen_too(on):
    view = await on.form("/letter draft")

    options = await on.slack.deliver(on.slack.search(view, "to", "office 3"))
    none = await on.slack.deliver(on.slack.search(view, "to", "the new one"))

    assert [option["value"] for option in options["options"]][:2] == ["office-3", "office-30"]
    assert [option["value"] for option in none["options"]] == ["the new one"]
    assert [option["value"] for option in (await on.slack.deliver(on.slack.search(view, "to", "")))["options"]]


async def test_who_comes_too_late_for_a_form_gets_a_button_that_opens_another(on):
    payload = on.slack.command("/campaign remind day:Fri")
    on.slack.expired.add(payload["trigger_id"])
    await on.slack.deliver(payload)
    reply = (await on.slack.heard("posted"))[-1]

    await on.slack.deliver(on.slack.press(elements(reply)[0]))

    (view,) = await on.slack.heard("views")
    assert view["callback_id"] == "campaign remind"


async def test_who_comes_too_late_with_more_than_a_button_has_room_for_finds_it_in_the_form(on):
    text = "Dear Director " * 170
    payload = on.slack.command(f'/letter draft text:"{text.strip()}"')
    on.slack.expired.add(payload["trigger_id"])
    await on.slack.deliver(payload)
    reply = (await on.slack.heard("posted"))[-1]

    await on.slack.deliver(on.slack.press(elements(reply)[0]))

    (view,) = await on.slack.heard("views")
    assert view["callback_id"] == "letter draft"
    assert text.strip() in json.dumps(view)


async def test_a_button_that_opens_a_filled_in_form_late_does_not_send_it(on):
    payload = on.slack.command("/alerts note")
    on.slack.expired.add(payload["trigger_id"])
    await on.slack.deliver(payload)
    reply = (await on.slack.heard("posted"))[-1]

    await on.slack.deliver(on.slack.press(elements(reply)[0]))

    (view,) = await on.slack.heard("views")
    assert view["blocks"][0]["element"]["initial_value"] == "so far"


async def test_a_form_keeps_what_slack_has_no_room_for(on):
    view = await on.form(f'/alerts note about:"{"משרד " * 150}"')
    wrong = await on.slack.deliver(on.slack.submit(view, text="short"))
    assert wrong["errors"] == {"text": "A note wants ten letters at least."}
    await on.slack.deliver(on.slack.submit(view, text="long enough"))
    assert head((await on.slack.heard("posted"))[0]).startswith("*Noted: long enough, about משרד")


async def test_a_form_of_which_a_part_was_lost_says_so_and_keeps_what_was_typed(on):
    view = await on.form(f'/alerts note about:"{"משרד " * 150}"')
    lost = view | {"private_metadata": view["private_metadata"].replace('"kept":"', '"kept":"no')}
    wrong = await on.slack.deliver(on.slack.submit(lost, text="long enough"))
    assert "lost what you entered" in wrong["errors"]["text"]


async def test_a_form_that_was_kept_before_a_restart_is_said_to_be_lost(on):
    button = {"type": "button", "action_id": "kept#0", "value": '{"id": "1"}'}
    await on.slack.deliver(on.slack.press(button))
    assert "lost what you entered" in json.dumps((await on.slack.heard("posted"))[-1])


async def test_an_answer_that_meets_the_rate_limit_waits_and_is_given(on):
    on.slack.fail("429", method="respond", times=2)
    on.slack.fail("429", method="chat.postEphemeral")
    on.slack.fail("429", method="post", seconds=600)
    assert head(await on.answer("/alerts why")) == "Why"


async def test_an_answer_that_may_not_wait_so_long_goes_another_way_and_waits_there(on):
    on.slack.fail("429", method="respond", seconds=3_600)
    on.slack.fail("429", method="chat.postEphemeral", times=1)
    await on.type("/alerts why")
    assert head((await on.slack.heard("ephemeral"))[0]) == "Why"


async def test_a_form_that_meets_the_rate_limit_is_opened_by_a_button(on):
    on.slack.fail("429", method="views.open", times=1)
    reply = await on.answer("/campaign remind day:Fri")
    await on.slack.deliver(on.slack.press(elements(reply)[0]))
    assert (await on.slack.heard("views"))[0]["callback_id"] == "campaign remind"


async def test_a_file_is_handed_over_as_a_direct_message_and_the_answer_says_so(on):
    view = await on.form("/letter draft to:office-1 level:alert")
    await on.slack.deliver(on.slack.submit(view, text="Dear Director"))
    reply = (await on.slack.heard("posted"))[-1]
    await until(lambda: on.slack.files and "channel" in on.slack.files[0])

    assert "letter.txt is in your direct messages" in json.dumps(reply)
    assert on.slack.files[0]["data"] == b"Dear Director"
    assert on.slack.files[0]["channel"] == "D0ADA"


async def test_without_the_right_to_send_files_the_person_learns_what_is_missing(on):
    on.slack.scopes.discard("files:write")
    await on.type('/letter draft to:office-1 level:alert text:"Dear Director"')

    assert "files:write" in head((await on.slack.heard("posted", 2))[-1])


# --- buttons and the home page ----------------------------------------------------------------------------------------


async def test_a_button_asks_and_updates_the_message_in_place(on):
    recent = await on.answer("/alerts recent")
    await on.slack.deliver(on.slack.press(elements(recent)[0]))
    reply = (await on.slack.heard("posted", 2))[-1]

    assert head(reply) == "One alert, taken by Ada"
    assert reply["replace_original"] is True
    assert on.campaign.audit() == ["Ada: 4f2c81: Ada"]


async def test_a_button_opens_a_form_with_what_is_there_already(on):
    recent = await on.answer("/alerts recent")
    await on.slack.deliver(on.slack.press(elements(recent)[2]))
    (view,) = await on.slack.heard("views")

    wrong = await on.slack.deliver(on.slack.submit(view, text="short"))

    assert view["blocks"][0]["element"]["initial_value"] == "so far"
    assert wrong["errors"] == {"text": "A note wants ten letters at least."}


async def test_a_double_click_is_done_once(on):
    recent = await on.answer("/alerts recent")
    pressed = on.slack.press(elements(recent)[0])
    await asyncio.gather(on.slack.deliver(pressed, "E-1"), on.slack.deliver(pressed, "E-2"))
    await on.slack.heard("posted", 2)

    assert on.campaign.audit() == ["Ada: 4f2c81: Ada"]


@pytest.mark.parametrize(
    "element",
    [
        {"action_id": "alerts take#0", "value": "not json"},
        {"action_id": "alerts take#0", "value": json.dumps({"item": "4f2c81", "by": "somebody else"})},
        {"action_id": "somebody elses button", "value": None},
    ],
)
async def test_h9_a_button_that_was_tampered_with_does_nothing(on, element):
    await on.slack.deliver(on.slack.press(element))
    await on.slack.heard("posted" if "take" not in element.get("action_id", "") or "by" in str(element) else "views")

    assert on.campaign.audit() == []


async def test_the_home_page_shows_what_waits_and_its_buttons_answer_by_direct_message(on):
    await on.slack.deliver(on.slack.home())
    (view,) = await on.slack.heard("homes")
    pressed = on.slack.press(elements(view)[0]) | {"container": {"type": "view", "view_id": "V1"}, "response_url": ""}
    await on.slack.deliver(pressed | {"view": {"id": "V1", "type": "home"}})
    await until(lambda: on.slack.messages[USER])

    assert head(view) == "What waits for you"
    assert "Nothing, Ada." in view["blocks"][1]["text"]["text"]
    assert head(on.slack.messages[USER][0]) == "One alert"


async def test_a_stranger_s_home_page_says_who_can_link_them(on):
    await on.slack.deliver(on.slack.home("U0MALLORY"))

    assert "is not linked yet" in head((await on.slack.heard("homes"))[0])
