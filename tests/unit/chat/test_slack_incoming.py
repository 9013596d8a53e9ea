"""What is read out of Slack's payloads: who, which workspace, what for, and where the answer goes."""

from __future__ import annotations

import pytest

from bot.chat.slack import incoming
from bot.chat.slack.incoming import Back, Seen
from bot.commands.model import Call

PRESS = {
    "type": "block_actions",
    "team": {"id": "T0HOME"},
    "user": {"id": "U0ADA", "team_id": "T0HOME"},
    "container": {"type": "message", "channel_id": "C1", "message_ts": "1.2"},
    "actions": [{"action_id": "alerts take#1", "value": '{"item":"4f2c"}'}],
    "response_url": "https://hooks.slack.com/x",
    "trigger_id": "13345224609.738474920",
}


def test_a_slash_command_becomes_a_call_named_by_its_trigger():
    body = {
        "command": "/watch",
        "text": "add &quot;x&quot; &amp;&lt;y&gt;",
        "team_id": "T0HOME",
        "user_id": "U0ADA",
        "channel_id": "C1",
        "response_url": "https://hooks.slack.com/x",
        "trigger_id": "133.7",
    }
    asked, line = incoming.command(body)

    assert line == "/watch add &quot;x&quot; &<y>"
    assert asked.back == Back("C1", "", "https://hooks.slack.com/x")
    assert asked.call("watch add", {"query": "x"}) == Call(
        path="watch add", args={"query": "x"}, platform="slack", team="T0HOME", user="U0ADA", id="133.7", channel="C1"
    )


def test_a_press_knows_its_message():
    asked, path, args = incoming.press(PRESS)

    assert (path, args) == ("alerts take", {"item": "4f2c"})
    assert asked.call(path, args).message == "1.2"
    assert not asked.back.at_home


@pytest.mark.parametrize(
    ("changes", "team"),
    [
        ({"user": {"id": "U0ADA", "team_id": "T0GUEST"}}, "T0GUEST"),  # of another workspace, in a shared channel
        ({"user": {"id": "U0ADA"}}, "T0HOME"),
        ({"user": {"id": "U0ADA"}, "team": None, "enterprise": {"id": "E0GRID"}}, "E0GRID"),
    ],
)
def test_the_workspace_is_the_person_s_own(changes, team):
    assert incoming.press(PRESS | changes)[0].team == team


def test_a_press_on_the_home_page_has_no_message_and_no_address():
    body = PRESS | {"container": {"type": "view", "view_id": "V1"}, "view": {"id": "V1", "type": "home"}}
    asked, *_ = incoming.press({name: value for name, value in body.items() if name != "response_url"})

    assert asked.back == Back(at_home=True)


def test_a_form_brings_back_what_it_carried_and_what_was_filled_in():
    back = Back("C1", "1.2", "https://hooks.slack.com/x", at_home=True)
    view = {
        "id": "V1",
        "callback_id": "watch add",
        "private_metadata": incoming.dump_form_data({"level": "alert"}, back, "1.2.abc"),
        "state": {
            "values": {
                "query": {"query": {"type": "plain_text_input", "value": "T visa"}},
                "quiet": {"quiet": {"type": "static_select", "selected_option": {"value": "no"}}},
                "office": {"office": {"type": "external_select", "selected_option": None}},
                "note": {"note": {"type": "plain_text_input", "value": None}},
            }
        },
    }
    asked, path, carried, filled = incoming.submission(PRESS | {"type": "view_submission", "view": view})

    assert (path, carried) == ("watch add", {"level": "alert"})
    assert filled == {"query": "T visa", "quiet": "no", "office": "", "note": ""}
    assert (asked.back, asked.view) == (back, "V1")
    assert asked.call(path, carried).id == "form 1.2.abc"


@pytest.mark.parametrize(
    ("sent", "typed"),
    [
        ("&lt;!channel&gt; &amp;amp;", "<!channel> &amp;"),
        ("<https://x.org/a?b=1&amp;c=2>", "https://x.org/a?b=1&c=2"),
        ("<http://justice.gov|justice.gov>", "http://justice.gov"),
        ("<mailto:a@b.org|a@b.org>", "a@b.org"),
        ("<@U0ADA|ada> <#C0POLICY|policy> <!here>", "<@U0ADA|ada> <#C0POLICY|policy> <!here>"),
    ],
)
def test_links_and_escapes_are_undone_and_mentions_kept(sent, typed):
    assert incoming.plain(sent) == typed


def test_what_comes_again_within_ten_minutes_is_known_and_then_forgotten():
    now = [0.0]
    recent = Seen(lambda: now[0])

    assert [recent.first("a"), recent.first("a"), recent.first("b")] == [True, False, True]
    now[0] = 599.0
    assert not recent.first("a")
    now[0] = 601.0
    assert recent.first("a")
