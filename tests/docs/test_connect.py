"""The recipe for Slack and Discord asks for what it says, and for no more."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import discord
import pytest
from ruamel.yaml import YAML

DOCS = Path(__file__).parents[2] / "docs"
CONNECT = (DOCS / "connect.md").read_text(encoding="utf-8")


def test_the_slack_app_may_post_answer_and_look_back_and_receives_no_messages():
    manifest = YAML(typ="safe").load(DOCS / "slack-app-manifest.yml")
    answering = ["commands", "im:write", "files:write", "files:read"]
    privacy = ["channels:read", "groups:read", "users:read"]

    assert manifest["oauth_config"]["scopes"] == {
        "bot": ["chat:write", "pins:write", *answering, "channels:history", "groups:history", *privacy, "im:history"]
    }
    assert manifest["settings"]["socket_mode_enabled"] is True
    assert manifest["settings"]["event_subscriptions"] == {"bot_events": ["app_home_opened"]}


def test_the_tokens_asked_for_are_those_that_something_uses():
    assert re.findall(r"^ *(\w+_TOKEN)=", CONNECT, re.MULTILINE) == [
        "SLACK_BOT_TOKEN",
        "SLACK_APP_TOKEN",
        "DISCORD_BOT_TOKEN",
    ]


def test_every_scope_of_the_manifest_is_explained():
    manifest = YAML(typ="safe").load(DOCS / "slack-app-manifest.yml")

    assert [scope for scope in manifest["oauth_config"]["scopes"]["bot"] if f"`{scope}`" not in CONNECT] == []


def test_the_invite_link_asks_for_exactly_the_permissions_that_are_named():
    link = next(address for address in re.findall(r"https://\S+", CONNECT) if "oauth2/authorize" in address)
    asked = parse_qs(urlsplit(link).query)
    wanted = discord.Permissions(
        view_channel=True,
        send_messages=True,
        send_messages_in_threads=True,
        embed_links=True,
        attach_files=True,
        pin_messages=True,
        read_message_history=True,
    )

    assert asked["permissions"] == [str(wanted.value)]
    assert asked["scope"] == ["bot applications.commands"]


@pytest.mark.parametrize("name", re.findall(r"\]\(([^):]+)\)", CONNECT))
def test_every_page_it_points_to_is_there(name):
    assert (DOCS / name).exists()
