"""Nothing that counts as posted is cut: every alert and every line of a digest is visible on Slack and on Discord."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.chat.discord import render as discord
from bot.chat.slack import render as slack
from bot.shared.card import Card
from tests.kit.alerts import Room, document, news

TODAY = date(2026, 11, 24)
# As long as the Register's titles and addresses really are: up to 570 characters of title, and 160 of address.
GLOVES = (
    "Notice of Finding That Certain Disposable Gloves Produced in Malaysia With the Use of Convict, Forced or "
    "Indentured Labor Are Being, or Are Likely To Be, Imported Into the United States No. {}"
)
EXCHANGE = (
    "Self-Regulatory Organizations; Relief & “Exchange” <LLC>: Order No. {} Granting Approval of a Proposed Rule "
    "Change, as Modified by Amendment No. 1, To Amend Rules 6.1(a)–(c) and 7.35-E; Forced Labor"
)
SPANISH = (
    "Ayuda №{} para sobrevivientes: «forced labor», víctimas y niñas — ¿qué cambia en los Estados Unidos este año "
    "y por qué?"
)
TITLES = (GLOVES, EXCHANGE, SPANISH)
DOCUMENT = "https://www.federalregister.gov/documents/2026/11/24/2026-{:05}/notice-of-finding-that-certain-disposable-"
SLUG = "gloves-produced-in-malaysia-with-the-use-of-convict-forced-or-indentured-labor"


def real(n: int, **rest):
    title = TITLES[n % len(TITLES)].format(n)
    return document(f"2026-{n:05}", title, url=address(n), comments_close_on=date(2027, 1, 25), **rest)


def address(n: int) -> str:
    return DOCUMENT.format(n) + SLUG


def on_slack(card: Card) -> str:
    message = slack.message(card, TODAY, may_repeat=True)
    assert len(message["blocks"]) <= 50
    assert len(json.dumps(message["blocks"])) <= 10_000
    return json.dumps(message["blocks"], ensure_ascii=False)


def on_discord(card: Card) -> str:
    message = discord.message(card, TODAY, may_repeat=True)
    texts = [embed["description"] + embed.get("footer", {}).get("text", "") for embed in message["embeds"]]
    assert sum(map(len, texts)) <= 5_960  # of 6,000; the sender's marker has the rest
    return "\n".join(texts)


FACES = pytest.mark.parametrize("seen", [on_slack, on_discord])


@FACES
@pytest.mark.parametrize("count", [2, 6, 7, 12, 20, 21, 100])
def test_every_one_of_many_alerts_is_seen(tmp_path, seen, count):
    room = Room(tmp_path)
    room.take("register", *(real(n) for n in range(count)))
    shown = [seen(card) for card in room.cards("policy")]
    assert [n for n in range(count) if address(n) not in "\n".join(shown)] == []
    assert not [text for text in shown if "not shown here" in text]


@FACES
@pytest.mark.parametrize("title", ["*" * 150, "&" * 150, "日本" * 75, "🧤" * 150, '"<\\' * 50])
def test_titles_of_nothing_but_signs_hide_no_other_alert(tmp_path, seen, title):
    room = Room(tmp_path)
    room.take("newsroom", *(news(f"{n}/?a=1&b={n}", f"{n} gloves {title}") for n in range(40)))
    shown = "\n".join(seen(card) for card in room.cards("policy"))
    assert "not shown here" not in shown
    assert [n for n in range(40) if f"ice.gov/{n}/" not in shown] == []


@FACES
@pytest.mark.parametrize("count", [12, 40])
def test_every_line_a_digest_takes_is_seen(tmp_path, seen, count):
    room = Room(tmp_path)
    room.compose()
    soon = [document(f"2025-{n}", f"Mittens, gloves and a date {n}", comments_close_on=TODAY + timedelta(3))
            for n in range(15)]  # fmt: skip
    room.take("register", *soon)
    pledges = [
        document(f"2026-{n:05}", f"A pledge on trafficking, {n}: " + "Importation Into the States " * 5, url=address(n))
        for n in range(count)
    ]
    room.take("register", *pledges)
    room.now = datetime(2026, 11, 25, 13, 30, tzinfo=UTC)
    room.compose()
    cards = room.cards("policy", "digest")
    shown = [seen(card) for card in cards]
    assert [n for n in range(count) if address(n) not in "\n".join(shown)] == []
    assert not [text for text in shown if "not shown here" in text]
    assert "7 more comment periods close within the week." in shown[0]
