"""Commands as they are registered, and calls as they come in."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from bot.chat.discord import incoming
from bot.chat.discord.render import tree
from bot.commands.model import Choice, Command, Kind, Param, Reply
from tests.kit.board import every_command
from tests.kit.discord_face import COMMANDS

NAME = re.compile(r"[-_a-z0-9]{1,32}")  # of what Discord takes, what we use


def command(path: str, *params: Param, **rest: Any) -> Command:
    group, _, verb = path.partition(" ")
    return Command(
        group=group, verb=verb, help="h" * 200, example="/x", handler=lambda *_: Reply(), params=params, **rest
    )


def leaves(options: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for option in options:
        yield option
        yield from leaves(option.get("options", []))


def test_a_room_is_one_command_with_its_verbs_beneath_and_what_is_hidden_is_not_shown():
    rooms = tree(COMMANDS)

    assert {room["name"]: [verb["name"] for verb in room["options"]] for room in rooms} == {
        "watch": ["add"],
        "alerts": ["recent", "why", "note"],
        "letter": ["draft"],
        "late": ["answer"],
    }
    assert all(room["contexts"] == [0, 1] for room in rooms)


@pytest.mark.parametrize("commands", [COMMANDS, every_command()], ids=["small", "every room"])
def test_every_command_is_one_that_discord_takes(commands):
    rooms = tree([*commands, command("watch x", Param("name", "n" * 200))])

    for option in leaves(rooms):
        assert NAME.fullmatch(option["name"])
        assert 0 < len(option["description"]) <= 100
        assert len(option.get("choices", [])) <= 25
        assert len(option.get("options", [])) <= 25
    for room in rooms:
        assert (
            sum(len(text) for text in re.findall(r'"(?:name|description|value)": "([^"]*)"', json.dumps(room))) < 8_000
        )


def test_a_parameter_has_its_native_type_choices_and_limits():
    watch = tree(COMMANDS)[0]["options"][0]["options"]

    assert [(option["name"], option["type"], option["required"]) for option in watch] == [
        ("query", 3, True),
        ("asks", 4, False),
        ("level", 3, False),
        ("quiet", 5, False),
        ("office", 3, False),
    ]
    assert watch[0]["max_length"] == 60
    assert (watch[1]["min_value"], watch[1]["max_value"]) == (0, 999_999_999)
    assert watch[2]["choices"] == [
        {"name": "At once", "value": "alert"},
        {"name": "In the digest", "value": "digest"},
    ]
    assert watch[4]["autocomplete"] is True


def test_what_is_required_comes_first_and_a_long_text_that_is_needed_is_left_to_the_form():
    (room,) = tree(
        [
            command(
                "letter draft",
                Param("note", "n", kind=Kind.LONG, required=False),
                Param("text", "t", kind=Kind.LONG),
                Param("to", "t"),
            )
        ]
    )

    assert [option["name"] for option in room["options"][0]["options"]] == ["to", "note"]


def test_more_choices_than_discord_shows_are_offered_while_typing():
    many = tuple(Choice(str(number), f"Ask {number}") for number in range(26))
    (room,) = tree([command("watch add", Param("ask", "a", choices=many)), command("watch mute")])
    (option,) = room["options"][0]["options"]

    assert "choices" not in option
    assert option["autocomplete"] is True


def test_number_choices_are_numbers():
    asks = (Choice("4", "Ask 4"),)
    (room,) = tree([command("watch add", Param("ask", "a", kind=Kind.NUMBER, choices=asks))])

    assert room["options"][0]["options"][0]["choices"] == [{"name": "Ask 4", "value": 4}]


@pytest.mark.parametrize(
    ("data", "path", "args"),
    [
        ({"name": "alerts", "options": [{"type": 1, "name": "recent"}]}, "alerts recent", {}),
        ({"name": "undo"}, "undo", {}),
        (
            {
                "name": "watch",
                "options": [
                    {
                        "type": 1,
                        "name": "add",
                        "options": [
                            {"type": 3, "name": "query", "value": "Ada"},
                            {"type": 4, "name": "ask", "value": 4},
                            {"type": 5, "name": "quiet", "value": False},
                        ],
                    }
                ],
            },
            "watch add",
            {"query": "Ada", "ask": "4", "quiet": "no"},
        ),
    ],
)
def test_a_slash_command_is_read_as_path_and_text(data, path, args):
    assert incoming.command(data) == (path, args)


def test_the_option_that_is_being_typed_is_found():
    options = [{"type": 3, "name": "to", "value": "x"}, {"type": 4, "name": "ask", "value": "4", "focused": True}]
    data = {"name": "letter", "options": [{"type": 1, "name": "draft", "options": options}]}

    assert incoming.typing(data) == ("ask", "4", True)
    assert incoming.typing({"name": "letter", "options": [{"type": 1, "name": "draft"}]}) == ("", "", False)


def test_a_form_is_read_with_inputs_selects_and_what_was_left_empty():
    components = [
        {"type": 18, "component": {"type": 4, "custom_id": "text", "value": "Dear\n\nDirector"}},
        {"type": 18, "component": {"type": 3, "custom_id": "level", "values": ["alert"]}},
        {"type": 18, "component": {"type": 3, "custom_id": "where", "values": []}},
        {"type": 1, "components": [{"type": 4, "custom_id": "note", "value": ""}]},
    ]

    assert incoming.fields({"components": components}) == {
        "text": "Dear\n\nDirector",
        "level": "alert",
        "where": "",
        "note": "",
    }
