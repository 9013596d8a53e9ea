"""Checks for every message to a platform, whatever text it contains."""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Any
from urllib.parse import urlsplit

import slackblocks
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

MENTIONS = ("<!", "<@", "<#", "<@&", "@everyone", "@here", "@channel")
_KEPT = ("value", "initial_value", "action_id", "block_id", "private_metadata", "callback_id")
_SLACK_LINK = re.compile(r"<(https?://[^<>|\s]+)\|([^<>]+)>(?: \(([^ ()<>]+)\))?")
_DISCORD_LINK = re.compile(r"(?<!\\)\[((?:\\.|[^\[\]\\])+)\]\((https?://[^\s()<>]+)\)(?: \(([^ ()]+)\))?")


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def check_slack(message: dict[str, Any]) -> None:
    """Slack's limits as its own models and slackblocks know them, and no markup but our links."""
    blocks = message["blocks"]
    _no_mention(_seen(message))
    assert 0 < units(message["text"]) <= 3_000
    assert len(blocks) <= 50
    assert len(json.dumps(message["blocks"])) < 10_000
    assert (message["unfurl_links"], message["unfurl_media"]) == (False, False)
    for block in blocks:
        parsed = Block.parse(block)
        assert parsed is not None
        parsed.validate_json()
        if block["type"] == "actions":  # slackblocks cannot read it
            _slack_buttons(block["elements"])
            continue
        slackblocks.Block.from_dict(block)
        text = block["elements"][0] if block["type"] == "context" else block["text"]
        assert 0 < units(text["text"]) <= {"header": 150, "section": 2_900, "context": 2_900}[block["type"]]
        assert text.get("verbatim") is (True if text["type"] == "mrkdwn" else None)
        _slack_text(text["text"], links=text["type"] == "mrkdwn")
    _slack_text(message["text"], links=True)


def check_slack_view(view: dict[str, Any]) -> None:
    """A form's limits (docs.slack.dev, surfaces/modals), and no markup in its words."""
    View(**view).validate_json()
    assert 0 < len(view["blocks"]) <= 100
    assert len(json.dumps(view)) <= 250_000
    assert len(view["callback_id"]) <= 255
    assert len(view["private_metadata"]) <= 3_000
    assert all(0 < units(view[name]["text"]) <= 24 for name in ("title", "submit", "close"))
    _no_mention(_seen(view))
    for block in view["blocks"]:
        parsed = Block.parse(block)
        assert parsed is not None
        parsed.validate_json()
        if block["type"] == "input":
            _slack_input(block)


def _slack_input(block: dict[str, Any]) -> None:
    element = block["element"]
    for text in filter(None, (block["label"], block.get("hint"))):
        assert 0 < units(text["text"]) <= 150
        _slack_text(text["text"], links=False)
    if element["type"] == "file_input":
        assert set(element) == {"type", "action_id", "max_files"}
        return
    if element["type"] == "plain_text_input":
        assert units(element.get("initial_value", "")) <= element["max_length"] <= 3_000
        return
    offered = element.get("options", [])
    assert len(offered) <= 100
    assert bool(offered) is (element["type"] == "static_select")
    for option in [*offered, *filter(None, [element.get("initial_option")])]:
        assert 0 < units(option["text"]["text"]) <= 75
        assert 0 < len(option["value"]) <= 150
        _slack_text(option["text"]["text"], links=False)
    if element["type"] == "static_select" and "initial_option" in element:
        assert element["initial_option"] in offered


def _slack_buttons(buttons: list[dict[str, Any]]) -> None:
    assert 0 < len(buttons) <= 4
    assert len({button["action_id"] for button in buttons}) == len(buttons)
    for button in buttons:
        assert 0 < units(button["text"]["text"]) <= 75
        assert 0 < len(button["action_id"]) <= 255
        assert len(button["value"]) <= 2_000
        assert button.get("style") in (None, "primary", "danger")
        _slack_text(button["text"]["text"], links=False)


def _seen(payload: Any) -> Any:
    """Without the parts that Slack does not show, or shows unchanged in a field: they may contain any text."""
    if isinstance(payload, dict):
        return {name: _seen(value) for name, value in payload.items() if name not in _KEPT}
    return [_seen(each) for each in payload] if isinstance(payload, list) else payload


def _slack_text(text: str, *, links: bool) -> None:
    for url, label, host in _SLACK_LINK.findall(text) if links else ():
        _link(url, label, host)
    rest = _SLACK_LINK.sub("", text) if links else text
    assert not re.search(r"[<>]|&(?!(?:amp|lt|gt);)", rest), rest


def check_discord(message: dict[str, Any]) -> None:
    """Discord's limits, with room for the sender's marker, and no markup but ours."""
    _no_mention(message)
    assert message["allowed_mentions"] == {"parse": []}
    assert 0 < units(message["content"]) <= 300
    assert 0 < len(message["embeds"]) <= 10
    assert sum(_embed(embed) for embed in message["embeds"]) <= 6_000 - 40
    assert not _DISCORD_LINK.search(message["content"])
    check_discord_text(message["content"])


def _embed(embed: dict[str, Any]) -> int:
    description, footer = embed.get("description", ""), embed.get("footer", {}).get("text", "")
    assert set(embed) <= {"description", "color", "footer"}
    assert description or footer
    assert units(description) <= 4_096
    assert units(footer) <= 2_048 - 40
    for label, url, host in _DISCORD_LINK.findall(description):
        _link(url, re.sub(r"\\(.)", r"\1", label), host)
    check_discord_text(_DISCORD_LINK.sub("", description).replace("**", ""))
    return units(description) + units(footer)


def check_discord_text(text: str) -> None:
    """No markup of Discord's."""
    rest = re.sub(r"\\[^A-Za-z0-9\s]", "", text)
    assert not re.search(r"[\\*_~|`<\[\]]|https?://|discord\.gg/", rest), rest
    assert not re.search(r"^[#>-]", text, re.MULTILINE), text


def _link(url: str, label: str, host: str) -> None:
    """A label that is an address is that of the link, or the true host is next to it."""
    true = (urlsplit(url).hostname or "").removeprefix("www.")
    assert true.isascii()
    if "://" in label:
        assert host == true, (url, label)


def _no_mention(message: dict[str, Any]) -> None:
    shown = json.dumps(message, ensure_ascii=False)
    shown.encode()
    assert not [mention for mention in MENTIONS if mention in shown]


def check_console(shown: str) -> None:
    assert not [sign for sign in shown if unicodedata.category(sign) == "Cc" and sign != "\n"]
    assert not [mention for mention in MENTIONS if mention in shown]
