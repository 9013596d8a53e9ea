"""Answers, buttons and forms of Discord's: hostile words in every place, and ids that come back as they went."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from simcord.components import validate_components, validate_modal

from bot.chat.discord import incoming, render
from bot.commands.model import Choice, File, Form, FormField, Kind, Param, Reply
from bot.shared.card import Button
from tests.kit.payloads import check_discord, check_discord_text, units
from tests.property.test_hostile_text import cards, text

ANSWERS = 160  # of some 65 strings each
TODAY = date(2026, 11, 24)

args = st.dictionaries(text, text, max_size=3)
buttons = st.lists(
    st.builds(
        Button,
        text,
        text.map("watch {}".format),
        args.map(dict.items).map(tuple),
        st.sampled_from(("plain", "primary", "danger")),
    ),
    min_size=4,
    max_size=6,
).map(tuple)
name = st.from_regex(r"[a-z]{1,20}", fullmatch=True)
params = st.builds(
    Param,
    name,
    text,
    st.sampled_from(Kind),
    required=st.booleans(),
    choices=st.lists(st.builds(Choice, text, text), max_size=30, unique_by=lambda choice: choice.value).map(tuple),
    longest=st.integers(1, 9_000),
)
fields = st.lists(
    st.builds(FormField, params, text, text), min_size=1, max_size=8, unique_by=lambda field: field.param.name
).map(tuple)
forms = st.builds(Form, title=text, path=text, fields=fields)


def relaxed(examples: int) -> settings:
    return settings(max_examples=examples, suppress_health_check=list(HealthCheck))


@pytest.mark.long
@relaxed(ANSWERS)
@given(card=cards, shown=buttons)
def test_an_answer_stays_within_the_limits_and_mentions_nobody(card, shown):
    object.__setattr__(card, "buttons", shown)

    payload = render.reply(Reply(card=card, file=File("a", "b", b"")), TODAY)

    check_discord(payload)
    validate_components(payload["components"])
    for row in payload["components"]:
        assert len(row["components"]) <= 4
        assert all(0 < units(button["label"]) <= 80 for button in row["components"])


@pytest.mark.long
@relaxed(60)
@given(what=text, shown=buttons)
def test_a_refusal_stays_within_the_limits_and_mentions_nobody(what, shown):
    payload = render.refusal(what, shown)

    assert units(payload["content"]) <= 2_000
    validate_components(payload["components"])
    check_discord(payload | {"content": "x", "embeds": [{"description": payload["content"] or "x"}]})
    check_discord_text(payload["content"])  # uncut: half of an escape is none


@pytest.mark.long
@relaxed(80)
@given(form=forms)
def test_a_form_stays_within_the_limits(form):
    shown = render.modal(form, "watch+add")

    validate_modal(shown)
    needed = [field.param.name for field in form.fields if field.param.required][:5]
    assert set(needed) <= {label["component"]["custom_id"] for label in shown["components"]}


@relaxed(100)
@given(param=params, current=st.integers(0, 9_000).map("é".__mul__))
def test_a_form_that_is_sent_as_it_was_opened_changes_no_text(param, current):
    asked = FormField(replace(param, choices=(), kind=Kind.LONG, clears=True), "Text", current)
    form = Form(title="x", path="watch edit", fields=(asked,))

    (label,) = render.modal(form, "watch+edit")["components"]
    sent = label["component"].get("value", "")

    # As a responder reads it: what is filled in, or else carried along; a missing argument keeps what is stored.
    given_ = form.carried(render.prefilled(form)) | ({param.name: sent} if sent else {})
    assert given_.get(param.name, current) == current
    assert sent == current or (label["description"].startswith("Too long for") and not label["component"]["required"])


@pytest.mark.long
@relaxed(300)
@given(path=text, given_=args)
def test_what_a_button_calls_comes_back_as_it_went(path, given_):
    try:
        id_ = incoming.encode(path, given_)
    except ValueError:
        return

    assert len(id_) <= 100
    assert id_.isascii()
    assert incoming.decode(id_) == (path, given_)


@relaxed(300)
@given(id_=text)
def test_an_id_that_is_not_ours_is_read_without_a_stumble(id_):
    path, given_ = incoming.decode(id_)

    assert isinstance(path, str)
    assert isinstance(given_, dict)


def test_an_id_that_is_too_long_is_refused_not_cut():
    assert len(incoming.encode("watch add", {"name": "x" * 85})) == 100

    with pytest.raises(ValueError, match="101 characters are too many"):
        incoming.encode("watch add", {"name": "x" * 86})
