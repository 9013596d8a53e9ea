"""The Slack app's manifest is made from the table of commands, in both ways to connect."""

from __future__ import annotations

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from bot.app.command_table import COMMANDS
from tests.kit.slack_manifest import manifest

PAGE = Path(__file__).parents[2] / "docs" / "slack-app-manifest.yml"


def test_the_page_is_what_make_docs_would_write():
    assert PAGE.read_text(encoding="utf-8") == manifest(COMMANDS)


@pytest.mark.parametrize("mode", ["socket", "http"])
def test_every_group_is_one_slash_command_with_its_verbs(mode):
    made = YAML(typ="safe").load(manifest(COMMANDS, mode))
    asked = {command["command"]: command for command in made["features"]["slash_commands"]}

    assert asked.keys() == {f"/{command.group}" for command in COMMANDS}
    for command in COMMANDS:
        hint = asked[f"/{command.group}"]["usage_hint"].split(" | ")
        assert (command.verb in hint) is not command.hidden
    assert all(len(name) <= 32 and len(command["description"]) <= 2_000 for name, command in asked.items())
    assert all(command["should_escape"] for command in asked.values())


def test_over_http_slack_gets_an_address_to_call_and_over_a_socket_none():
    http, socket = (YAML(typ="safe").load(manifest(COMMANDS, mode=mode)) for mode in ("http", "socket"))
    where = "https://YOUR-HOST/slack/events"

    assert http["settings"]["socket_mode_enabled"] is False
    assert http["settings"]["event_subscriptions"]["request_url"] == where
    assert http["settings"]["interactivity"] == {
        "is_enabled": True,
        "request_url": where,
        "message_menu_options_url": where,
    }
    assert {command["url"] for command in http["features"]["slash_commands"]} == {where}
    assert "YOUR-HOST" not in str(socket)
