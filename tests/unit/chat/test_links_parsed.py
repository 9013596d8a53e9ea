"""F3 and F4, asked of parsers that others wrote: what in a message can be opened is what the card links to.

Discord's own parser is not public: discord-markdown-parser imitates it over simple-markdown, which Discord's is made
from. slack-to-html imitates Slack's.
"""

from __future__ import annotations

import json
import random
import subprocess
from datetime import date

import pytest

from bot.chat.discord import render as discord
from bot.chat.slack import render as slack
from bot.shared.card import Card, Line, Link, Mark, Section
from tests.peers.need import HERE, need
from tests.property.test_hostile_text import NASTY

TODAY = date(2026, 11, 24)
OURS = "https://ok.example/"
HIJACKS = (
    "Read the notice](https://evil.example) [x",
    "Read](https://evil.example)",
    "Read]( https://evil.example 'title') [x",
    "[a](https://evil.example) [b",
    "[[Read]](https://evil.example)",
    "x]: https://evil.example",
    "![Read](https://evil.example)",
    "\\](https://evil.example) \\[x",
    "Read\\\\](https://evil.example) [",
    "](<https://evil.example>)",
    "<https://evil.example|Read>",
    "|Read> <https://evil.example",
    "*bold](https://evil.example)*",
    "discord.gg/evil https://evil.example evil.example/path",
)


def card(text: str) -> Card:
    return Card(
        mark=Mark.NEWS,
        head=text,
        badge=text,
        lines=(Line(text), Line(text, OURS)),
        why=(text,),
        links=(Link(text, OURS), Link(text, OURS + "a?b=1&c=(2)")),
        sections=(Section(text, (Line(text, OURS), Line(text))),),
        foot=text,
    )


def texts(message: dict) -> list[str]:
    """The texts of a message in which the platform looks for markup."""
    if "embeds" in message:
        return [message["content"], *(embed.get("description", "") for embed in message["embeds"])]
    return [message["text"], *(text["text"] for text in _mrkdwn(message["blocks"]))]


def _mrkdwn(value):
    if isinstance(value, dict):
        if value.get("type") == "mrkdwn":
            yield value
        value = list(value.values())
    for inner in value if isinstance(value, list) else ():
        yield from _mrkdwn(inner)


def parsed(titles: list[str]) -> list[tuple[str, str, list[str]]]:
    """Of each text of each title's message: the title, the text, what others' parsers find live in it."""
    asked: dict[str, list[tuple[str, str]]] = {"discord": [], "slack": []}
    for title in titles:
        asked["discord"] += [(title, text) for text in texts(discord.message(card(title), TODAY))]
        asked["slack"] += [(title, text) for text in texts(slack.message(card(title), TODAY))]
    sent = json.dumps({platform: [text for _, text in each] for platform, each in asked.items()})
    script = [str(need("node")), str(HERE / "links.cjs")]
    result = json.loads(subprocess.run(script, input=sent, capture_output=True, text=True, check=True).stdout)
    pairs = zip([*asked["discord"], *asked["slack"]], [*result["discord"], *result["slack"]], strict=True)
    return [(title, text, live) for (title, text), live in pairs]


@pytest.fixture(scope="module", autouse=True)
def parsers():
    need("markdown")


def amiss(titles: list[str]) -> list[tuple[str, str, list[str]]]:
    return [(title, text, live) for title, text, live in parsed(titles) if any(not x.startswith(OURS) for x in live)]


def test_the_parsers_find_our_own_links():
    result = [live for _, _, live in parsed(["A plain title"])]
    assert sum(target.startswith(OURS) for live in result for target in live) >= 2 * 4


def test_the_parsers_find_a_hijack_where_nothing_is_escaped():
    asked = json.dumps({"discord": ["[Read\\](https\\://evil.example) \\[x](https://ok.example)"], "slack": []})
    script = [str(need("node")), str(HERE / "links.cjs")]
    result = json.loads(subprocess.run(script, input=asked, capture_output=True, text=True, check=True).stdout)
    assert "https://evil.example" in result["discord"][0]


def test_f3_f4_no_title_can_open_a_link():
    assert amiss(list(HIJACKS)) == []


def test_f3_f4_nor_can_anything_made_of_hostile_parts():
    dice = random.Random(20261126)
    parts = [*(part for part in NASTY if part.isprintable()), *HIJACKS, "[", "]", "(", ")", "](", "\\", "Notice", " "]
    titles = ["".join(dice.choices(parts, k=dice.randint(2, 7))) for _ in range(600)]
    assert amiss(titles) == []


def test_a_label_with_brackets_stays_readable():
    sentence = discord.message(card("[Withdrawn] Notice"), TODAY)["embeds"][0]["description"]
    assert f"[(Withdrawn) Notice]({OURS})" in sentence
