"""Where a workspace has other names for the commands, every sentence uses those."""

from __future__ import annotations

import pytest

from bot.chat.slack import render
from bot.commands.model import Form, FormField, Param
from bot.shared.card import Card, Line, Mark, Section
from tests.kit.board import every_command

SAY = render.prefixer("atest-", every_command())


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("/watch list shows all.", "/atest-watch list shows all."),
        ("Try /campaign help", "Try /atest-campaign help"),
        ("Look further back: /campaign audit since:12w", "Look further back: /atest-campaign audit since:12w"),
        ("/campaign", "/atest-campaign"),
        ("/campaign: help, me", "/atest-campaign: help, me"),
        ("(/feeds check NAME)", "(/atest-feeds check NAME)"),
        ("/atest-watch list", "/atest-watch list"),  # twice is as good as once
        ("https://example.org/watch list", "https://example.org/watch list"),
        ("and/or, 24/7, /etc/passwd, /watches", "and/or, 24/7, /etc/passwd, /watches"),
        ("/watch the skies", "/watch the skies"),
    ],
)
def test_only_a_command_of_the_table_gets_the_prefix(text, sentence):
    assert SAY(text) == sentence


def test_without_a_prefix_nothing_is_touched():
    assert render.prefixer("", every_command())("/watch list") == "/watch list"


def test_every_sentence_of_an_answer_and_a_form_is_documented():
    tip = "See /watch list"
    card = Card(
        mark=Mark.ANSWER,
        head=tip,
        byline=tip,
        lines=(Line(tip, "https://example.org/watch list"),),
        why=(tip,),
        sections=(Section(tip, (Line(tip),)),),
        foot=tip,
    )
    form = Form(title="/watch add", path="watch add", fields=(FormField(Param("query", tip), "Query"),))

    card, form = render.prefix_card(card, SAY), render.prefix_form(form, SAY)

    assert str((card, form)).count("/atest-watch list") == 8
    assert str((card, form)).count("See /watch") == 0
    assert card.lines[0].url == "https://example.org/watch list"
    assert (form.title, form.path) == ("/atest-watch add", "watch add")
