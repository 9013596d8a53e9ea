"""The Slack app's manifest, generated from the command table. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Final, Literal

from bot.chat.slack.web import PATH
from bot.commands.model import Command

HOST: Final = "https://YOUR-HOST"  # for signed HTTP: replace it when you install the app
_HINT: Final = 1_000  # https://docs.slack.dev/reference/app-manifest#features

_SCOPES: Final = (
    ("chat:write", "post and answer"),
    ("pins:write", "pin the card that shows when it last looked"),
    ("commands", "be asked"),
    ("im:write", "write to one person: what they follow, what waits for them, an answer that finds no other way"),
    ("files:write", "hand over letters and tables as files"),
    ("files:read", "take the file that somebody puts into one of its forms; it looks at no other"),
    ("channels:history", "after a crash: was it already said? (public channels it was invited to)"),
    ("groups:history", "the same in private channels"),
    ("channels:read", "is a channel public? drafts of letters go to private ones alone"),
    ("groups:read", "is a private channel shared with another workspace, and who is in it?"),
    ("users:read", "is one of them a guest?"),
    ("im:history", "the same in its own direct messages, where nobody else can write"),
)


def manifest(commands: Sequence[Command], mode: Literal["socket", "http"] = "socket") -> str:
    """The manifest as YAML: one slash command per group."""
    return "\n".join(_lines(commands, mode)) + "\n"


def _lines(commands: Sequence[Command], mode: str) -> Iterator[str]:
    http = mode == "http"
    yield """\
# The Slack app, for api.slack.com/apps → Create New App → From a manifest. docs/connect.md has the steps.
# Made by `make docs` from the table of commands; change the program, not this page.
display_information:
  name: coalition-bot
  description: Watches federal sources and tells the coalition what concerns its asks.
  background_color: "#1d4ed8"
features:
  app_home:
    home_tab_enabled: true # what waits for you
    messages_tab_enabled: true # answers by direct message
    messages_tab_read_only_enabled: true # nobody's messages are read
  bot_user:
    display_name: coalition-bot
    always_online: true
  slash_commands:"""
    for group, verbs in _groups(commands).items():
        yield f"    - command: /{group}"
        yield "      description: Ask coalition-bot; alone, it shows what you can ask"
        hint = " | ".join(verbs)[:_HINT]
        yield f"      usage_hint: {json.dumps(hint, ensure_ascii=False)}"  # JSON strings are valid YAML
        yield "      should_escape: true # a mention arrives as the person, not as a name anybody may bear"
        if http:
            yield f"      url: {HOST}{PATH}"
    yield "oauth_config:\n  scopes:\n    bot:"
    yield from (f"      - {scope} # {why}" for scope, why in _SCOPES)
    yield "settings:\n  event_subscriptions:"
    if http:
        yield f"    request_url: {HOST}{PATH}"
    yield "    bot_events:\n      - app_home_opened # no messages: nothing that people write is read"
    yield "  interactivity:\n    is_enabled: true # buttons and forms"
    if http:
        yield f"    request_url: {HOST}{PATH}\n    message_menu_options_url: {HOST}{PATH}"
    reach = "false # Slack calls the address above" if http else "true # no address of ours need be reachable"
    yield f"  socket_mode_enabled: {reach}\n  org_deploy_enabled: false\n  token_rotation_enabled: false"


def _groups(commands: Sequence[Command]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for command in commands:
        if not command.hidden:
            groups.setdefault(command.group, []).append(command.verb)
    return dict(sorted(groups.items()))
