"""Answers, refusals and forms on a terminal: hostile words in every place move no cursor and mention nobody."""

from __future__ import annotations

import asyncio
import io
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.console.frontend import ConsoleFrontend
from bot.commands.model import Actor, Refusal, Reply
from tests.kit.alerts import TUESDAY
from tests.kit.payloads import check_console
from tests.property.test_discord_answers import buttons, forms, relaxed
from tests.property.test_hostile_text import cards, text

ANSWERS = 100  # of some 65 strings each


class Board:
    """A dispatcher that gives the prepared answers."""

    def __init__(self, *answers: Reply | Refusal) -> None:
        self._answers = iter(answers)

    def commands_for(self, actor: Actor) -> tuple[()]:
        return ()

    def actor(self, *_: str) -> Actor:
        return Actor(platform="console", team="", user="eve")

    async def answer(self, *_: object) -> Reply | Refusal:
        return next(self._answers)


def shown(*answers: Reply | Refusal) -> str:
    out = io.StringIO()
    board = Board(*answers)
    face = ConsoleFrontend(
        board,
        board.actor(),
        (),
        out,
        clock=lambda: TUESDAY,
        zone=ZoneInfo("America/New_York"),
        new_id=lambda: "1",
        folder=Path(),
    )
    asyncio.run(face._call("watch add", {}))
    return out.getvalue()


@pytest.mark.long
@relaxed(ANSWERS)
@given(card=cards, own=buttons)
def test_an_answer_with_its_buttons(card, own):
    check_console(shown(Reply(card=replace(card, buttons=own))))


@relaxed(60)
@given(what=text)
def test_a_refusal(what):
    check_console(shown(Refusal(what)))


@pytest.mark.long
@relaxed(80)
@given(form=forms, filled=st.booleans())
def test_a_form(form, filled):
    check_console(shown(Reply(form=form), Refusal("no", form.fields[0].param.name if filled else "")))
