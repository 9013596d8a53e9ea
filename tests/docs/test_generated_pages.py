"""The pages that `make docs` writes are the program's own word: commands, settings, and the Slack app's manifest."""

import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from bot.app.command_table import COMMANDS
from tests.kit.commands_page import shipped_page
from tests.kit.configuration_page import page
from tests.kit.slack_manifest import manifest

ROOT = Path(__file__).parents[2]


def test_the_pages_are_what_make_docs_would_write():
    assert (ROOT / "docs/commands.md").read_text(encoding="utf-8") == shipped_page(COMMANDS)
    assert (ROOT / "docs/configuration.md").read_text(encoding="utf-8") == page()
    assert (ROOT / "docs/slack-app-manifest.yml").read_text(encoding="utf-8") == manifest(COMMANDS)


def test_every_setting_is_explained_in_the_example_environment():
    shown = (ROOT / ".env.example").read_text(encoding="utf-8")
    from bot.config.settings import Settings

    explained = set(re.findall(r"^([A-Z_]+?)(?:__\w+)?=", shown, re.MULTILINE))
    assert {name.upper() for name in Settings.model_fields} - explained == set()


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
