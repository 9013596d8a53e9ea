"""Each kind of message on each platform, word for word.

A missing golden file is written, and the test fails so that a person reads it before it is committed.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.chat import googlechat, mattermost, teams
from bot.chat.console import sender as console
from bot.chat.discord import render as discord
from bot.chat.mail import message as mail
from bot.chat.slack import render as slack
from bot.chat.slack.incoming import Back
from bot.outbox.model import Channel, Outgoing
from tests.kit.answers import ANSWERS, FORM, TODAY
from tests.kit.cards import CARDS
from tests.kit.discord_face import COMMANDS

HERE = Path(__file__).parent


def as_golden(sentence: str, path: Path) -> None:
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        path.write_text(sentence, encoding="utf-8")
        pytest.fail(f"{path.relative_to(HERE)} was missing and has been written: read it, then commit it")

    assert sentence == path.read_text(encoding="utf-8")


def as_json(message: dict[str, object]) -> str:
    return json.dumps(message, ensure_ascii=False, indent=2) + "\n"


@pytest.mark.parametrize("kind", CARDS)
def test_slack_says_it_so(kind):
    as_golden(as_json(slack.message(*CARDS[kind])), HERE / "slack" / f"{kind}.json")


@pytest.mark.parametrize("kind", CARDS)
def test_discord_says_it_so(kind):
    as_golden(as_json(discord.message(*CARDS[kind])), HERE / "discord" / f"{kind}.json")


@pytest.mark.parametrize("kind", ANSWERS)
def test_discord_answers_so(kind):
    as_golden(as_json(discord.reply(ANSWERS[kind], TODAY)), HERE / "discord" / f"answer-{kind}.json")


def test_discord_asks_so():
    as_golden(as_json(discord.modal(FORM, "watch+add?level=alert")), HERE / "discord" / "form.json")


@pytest.mark.parametrize("kind", ANSWERS)
def test_slack_answers_so(kind):
    as_golden(as_json(slack.reply(ANSWERS[kind], TODAY)), HERE / "slack" / f"answer-{kind}.json")


def test_slack_asks_so():
    back = Back("C0POLICY", "1700000000.000100", "https://hooks.slack.com/actions/T0/1/x")
    as_golden(as_json(slack.modal(FORM, back)), HERE / "slack" / "form.json")


def test_slack_offers_a_group_so():
    group = [command for command in COMMANDS if command.group == "alerts" and not command.hidden]
    as_golden(as_json(slack.chooser("alerts", group, Back("C0POLICY"))), HERE / "slack" / "chooser.json")


@pytest.mark.parametrize("kind", CARDS)
@pytest.mark.parametrize("chat", [googlechat, mattermost, teams])
def test_a_chat_that_can_only_be_posted_to_says_it_so(chat, kind):
    card, today = CARDS[kind]
    name = chat.__name__.split(".")[-1]
    body, _ = chat.message(Outgoing(id="1", key=kind, channel=Channel("policy", name, "policy"), card=card), today)
    as_golden(as_json(body), HERE / name / f"{kind}.json")


@pytest.mark.parametrize("kind", CARDS)
def test_the_console_says_it_so(kind):
    as_golden(console.plain(*CARDS[kind], 80) + "\n", HERE / "console" / f"{kind}.txt")


@pytest.mark.parametrize("kind", CARDS)
def test_a_mail_says_it_so(kind):
    card, today = CARDS[kind]
    subject, text, html = mail.written(card, today, mail.Frame(why="You confirmed this address."))
    as_golden(f"Subject: {subject}\n\n{text}\n{html}", HERE / "mail" / f"{kind}.txt")


def test_a_missing_golden_is_written_and_fails(tmp_path, monkeypatch):
    monkeypatch.setattr(f"{__name__}.HERE", tmp_path)
    path = tmp_path / "slack" / "new.json"

    with pytest.raises(pytest.fail.Exception, match="was missing and has been written"):
        as_golden("said", path)

    assert path.read_text(encoding="utf-8") == "said"
