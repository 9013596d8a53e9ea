"""What must hold of every message to a platform, whoever wrote the words in it."""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Any
from urllib.parse import urlsplit

import slackblocks
from slack_sdk.models.blocks import Block

MENTIONS = ("<!", "<@", "<#", "<@&", "@everyone", "@here", "@channel")
_SLACK_LINK = re.compile(r"<(https?://[^<>|\s]+)\|([^<>]+)>(?: \(([^ ()<>]+)\))?")
_DISCORD_LINK = re.compile(r"(?<!\\)\[((?:\\.|[^\[\]\\])+)\]\((https?://[^\s()<>]+)\)(?: \(([^ ()]+)\))?")


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def check_slack(message: dict[str, Any]) -> None:
    """Slack's limits as its own models and slackblocks know them, and no markup but our links."""
    _no_mention(message)
    blocks = message["blocks"]
    assert 0 < units(message["text"]) <= 3_000
    assert len(blocks) <= 50
    assert len(json.dumps(blocks)) < 10_000
    assert (message["unfurl_links"], message["unfurl_media"]) == (False, False)
    for block in blocks:
        parsed = Block.parse(block)
        assert parsed is not None
        parsed.validate_json()
        slackblocks.Block.from_dict(block)
        text = block["elements"][0] if block["type"] == "context" else block["text"]
        assert 0 < units(text["text"]) <= {"header": 150, "section": 2_900, "context": 2_900}[block["type"]]
        assert text.get("verbatim") is (True if text["type"] == "mrkdwn" else None)
        _slack_text(text["text"], links=text["type"] == "mrkdwn")
    _slack_text(message["text"], links=True)


def _slack_text(text: str, *, links: bool) -> None:
    for url, label, host in _SLACK_LINK.findall(text) if links else ():
        _link(url, label, host)
    rest = _SLACK_LINK.sub("", text) if links else text
    assert not re.search(r"[<>]|&(?!(?:amp|lt|gt);)", rest), rest


def check_discord(message: dict[str, Any]) -> None:
    """Discord's limits, with room for the courier's marker, and no markup but ours."""
    _no_mention(message)
    assert message["allowed_mentions"] == {"parse": []}
    assert 0 < units(message["content"]) <= 300
    assert 0 < len(message["embeds"]) <= 10
    assert sum(_embed(embed) for embed in message["embeds"]) <= 6_000 - 40
    assert not _DISCORD_LINK.search(message["content"])
    _discord_text(message["content"])


def _embed(embed: dict[str, Any]) -> int:
    description, footer = embed["description"], embed.get("footer", {}).get("text", "")
    assert set(embed) <= {"description", "color", "footer"}
    assert 0 < units(description) <= 4_096
    assert units(footer) <= 2_048 - 40
    for label, url, host in _DISCORD_LINK.findall(description):
        _link(url, re.sub(r"\\(.)", r"\1", label), host)
    _discord_text(_DISCORD_LINK.sub("", description).replace("**", ""))
    return units(description) + units(footer)


def _discord_text(text: str) -> None:
    rest = re.sub(r"\\[^A-Za-z0-9\s]", "", text)
    assert not re.search(r"[\\*_~|`<\[\]]|https?://|discord\.gg/", rest), rest
    assert not re.search(r"^[#>-]", text, re.MULTILINE), text


def _link(url: str, label: str, host: str) -> None:
    """A label that is itself an address is the address's own, or the true host stands beside it."""
    true = (urlsplit(url).hostname or "").removeprefix("www.")
    assert true.isascii()
    if "://" in label:
        assert host == true, (url, label)


def _no_mention(message: dict[str, Any]) -> None:
    said = json.dumps(message, ensure_ascii=False)
    said.encode()
    assert not [mention for mention in MENTIONS if mention in said]


def check_console(said: str) -> None:
    assert not [sign for sign in said if unicodedata.category(sign) == "Cc" and sign != "\n"]
    assert not [mention for mention in MENTIONS if mention in said]
