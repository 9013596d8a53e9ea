"""/letter draft: the shipped template and offices, and what is said when something is missing."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.command import Actor, Call, Desk, Refused
from bot.config.load import load
from bot.letters.commands import COMMANDS, draft

ROOT = Path(__file__).parents[3]
ARGS = {"template": "agency-request", "to": "ovc", "ask": "1"}


@pytest.fixture
def desk():
    who = {"platform": "console", "team": "", "user": "me"}
    return Desk(
        tx=None,
        config=load(ROOT / "feeds.yml", ROOT / "coalition.yml"),
        now=datetime(2026, 1, 23, 3, 0, tzinfo=UTC),
        new_id=lambda: "id",
        note=lambda *_: None,
        actor=Actor(**who),
        call=Call(path="letter draft", id="1", **who),
    )


@pytest.mark.parametrize("ask", range(1, 10))
@pytest.mark.parametrize("to", ["ovc", "bja", "attorney-general", "homeland-security"])
def test_every_ask_makes_a_letter_to_every_shipped_office_with_no_empty_field(desk, ask, to):
    text = draft(desk, ARGS | {"ask": str(ask), "to": to}).file.data.decode()

    assert "{{" not in text
    assert desk.config.coalition.asks[ask].title in text
    assert text.count("\n\n\n") == 0
    assert all(member.name in text for member in desk.config.coalition.members.values())


def test_the_date_is_the_coalition_s_own_day(desk):
    """3:00 UTC is still the evening before in New York."""
    assert (
        draft(desk, ARGS).file.data.decode().startswith("January 22, 2026\n\nDirector\nOffice for Victims of Crime\n")
    )


def test_what_a_person_writes_is_text_and_never_a_template(desk):
    text = draft(desk, ARGS | {"occasion": "{{ 7 * 7 }} {% for x in y %}"}).file.data.decode()

    assert "{{ 7 * 7 }} {% for x in y %}" in text


def test_a_holder_s_name_is_never_guessed(desk):
    for office in desk.config.coalition.offices.values():
        assert "Honorable" not in " ".join(office.block)


@pytest.mark.parametrize(
    ("wrong", "param", "words"),
    [
        ({"to": "nobody"}, "to", "There are: ovc"),
        ({"ask": "12"}, "ask", "they go from 1 to 9"),
        ({"template": "../secrets"}, "template", "there is no template"),
        ({"template": "agency-requests"}, "template", "there are agency-request"),
    ],
)
def test_what_is_missing_is_named_with_what_there_is(desk, wrong, param, words):
    with pytest.raises(Refused, match=words) as refused:
        draft(desk, ARGS | wrong)

    assert refused.value.param == param


def test_an_ask_without_a_text_writes_no_letter(desk):
    asks = desk.config.coalition.asks | {1: desk.config.coalition.asks[1].model_copy(update={"text": ""})}
    coalition = desk.config.coalition.model_copy(update={"asks": asks})

    with pytest.raises(Refused, match="no text"):
        draft(replace(desk, config=replace(desk.config, coalition=coalition)), ARGS)


def test_completion_offers_what_there_is(desk):
    params = {param.name: param for param in COMMANDS[0].params}

    assert [choice.value for choice in params["to"].complete(desk, "victims")] == ["ovc"]
    assert len(params["ask"].complete(desk, "")) == 9
