"""Answers, buttons and forms of Slack's: hostile words in every place, and what they carry comes back as it went."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.slack import incoming, render
from bot.commands.model import Command, File, Form, FormField, Kind, Param, Reply
from bot.shared.card import Button
from tests.kit.answers import TODAY
from tests.kit.payloads import check_slack, check_slack_view
from tests.property.test_discord_answers import args, buttons, relaxed
from tests.property.test_discord_answers import forms as forms_
from tests.property.test_hostile_text import cards, text

ANSWERS = 160  # of some 65 strings each
sign = st.characters(max_codepoint=0xFFFF, exclude_categories=("Cs",))  # what a field of one character lets in


def ours(form: Form) -> Form:
    """A form with the path of a command, and with what Slack or a store can hold filled in."""
    fields = tuple(replace(each, initial=each.initial.encode("utf-8", "ignore").decode()) for each in form.fields)
    return replace(form, path="watch add", fields=fields)


forms = forms_.map(ours)
BACK = incoming.Back("C0POLICY", "1700000000.000100", "https://hooks.slack.com/actions/T0/1/x")


@pytest.mark.long
@relaxed(ANSWERS)
@given(card=cards, shown=buttons, name=text)
def test_an_answer_stays_within_the_limits_and_mentions_nobody(card, shown, name):
    check_slack(render.reply(Reply(card=replace(card, buttons=shown), file=File(name, "b", b"")), TODAY))


@relaxed(100)
@given(what=text)
def test_a_refusal_stays_within_the_limits_and_mentions_nobody(what):
    check_slack(render.refusal(what))


@pytest.mark.long
@relaxed(120)
@given(form=forms)
def test_a_form_stays_within_the_limits_and_says_what_the_person_typed(form):
    shown = render.modal(form, BACK, once="1.2.abc")

    check_slack_view(shown)
    assert incoming.load_form_data(shown["private_metadata"]) == (dict(form.args), BACK, "1.2.abc")


@pytest.mark.long
@relaxed(60)
@given(form=forms, filled=sign | st.just(""), notice=text)
def test_a_form_that_comes_back_is_shown_as_it_was_filled_in(form, filled, notice):
    view = render.modal(form, BACK)
    given_ = {block["block_id"]: filled for block in view["blocks"]}

    check_slack_view(render.again(view, given_, notice))


@pytest.mark.long
@relaxed(60)
@given(payload=st.lists(st.tuples(text, text, text), min_size=1, max_size=9))
def test_a_list_of_commands_stays_within_the_limits(payload):
    commands = [
        Command(group="watch", verb=f"v{number}", help=help_, example=example, handler=lambda desk, args: Reply())
        for number, (help_, example, _) in enumerate(payload)
    ]

    check_slack_view(render.chooser("watch", commands, BACK))


@pytest.mark.long
@relaxed(300)
@given(path=text.filter(lambda path: "#" not in path), given_=args)
def test_what_a_button_calls_comes_back_as_it_went(path, given_):
    try:
        coded = incoming.encode_button(Button("x", path, tuple(given_.items())), 3)
    except ValueError:
        return

    assert incoming.decode_button(coded) == (path, given_)


@pytest.mark.long
@relaxed(300)
@given(
    result=st.recursive(st.none() | text, lambda inner: st.lists(inner) | st.dictionaries(text, inner), max_leaves=10)
)
def test_what_is_not_ours_is_read_without_a_stumble(result):
    path, given_ = incoming.decode_button({"action_id": result, "value": result})

    assert isinstance(path, str)
    assert isinstance(given_, dict)
    assert incoming.load_form_data(result)


@relaxed(200)
@given(written=text)
def test_what_slack_escaped_is_read_as_it_was_typed(written):
    bare = written.replace("<", "").replace(">", "")
    escaped = bare.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

    assert incoming.plain(escaped) == bare


def test_what_a_form_has_no_room_for_is_refused_not_cut():
    with pytest.raises(ValueError, match="too long for Slack"):
        render.modal(Form(title="x", path="watch add", fields=(), args={"text": "x" * 3_000}), BACK)


def test_a_text_that_is_too_long_for_its_field_is_not_shown_in_part():
    param = Param("query", "what to look for", Kind.LONG, longest=4_000)
    field = render.modal(Form(title="x", path="watch edit", fields=(FormField(param, "Query", "x" * 3_001),)), BACK)
    (block,) = field["blocks"]

    assert "initial_value" not in block["element"]
    assert block["hint"]["text"] == "what to look for (The current text is too long to show here.)"
