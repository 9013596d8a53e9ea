"""The table of what people read has every kind of sentence, and nothing that only machines read."""

from __future__ import annotations

import re
import shlex
from contextlib import suppress
from pathlib import Path

import click
import pytest

from bot.app.command_table import COMMANDS
from bot.cli import cli
from tests.kit.sentences import Sentence, in_python, in_template, in_yaml, sentences

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[2]
# Words of a translated or archaic sentence, and British spelling.
AVOIDED = re.compile(
    r"\b(?:(?:is|are|was|were|been) (?:said|told of)|(?<!by )(?<!from )(?<!to )whom|mend(?:s|ed|ing)?|put aside"
    r"|put back|begun|anew|in the place of|somebody|such an?|so that it|taken? out|in force|answers to|stands? so|lies"
    r"|any more|slips|tripped|stumbled|what became of|nobody of|in trouble|catalogue|switched (?:on|off)"
    r"|organis\w+|colour|cancelled|programme|judgement|favour|behaviour|licence|whilst)\b",
    re.IGNORECASE,
)
HOLE = re.compile(r"\{\w+\}")
# Letters have their own register, and two files have lists of words to look for.
NOT_SPOKEN = (
    *("templates/", "coalition.yml", "bot/examples/", "bot/watch/lexicon.py"),
    "bot/letters/statements/english.yml",
)
FOR_ENGINEERS = {"architecture", "journeys", "store", "recipes", "decisions", "reliability", "performance"}
PAGES = [ROOT / "README.md", *(page for page in sorted(ROOT.glob("docs/*.md")) if page.stem not in FOR_ENGINEERS)]

CODE = '''
"""A docstring is not shown."""
HINT = "try 2h, 3d or 1w"
NAMES = {"a key of two words": 1}

def show(tx, count, place, day):
    """Neither is this."""
    tx.execute("SELECT name FROM people WHERE id = :id", {})
    if place == "a value that is compared":
        raise Refused(f"There is no channel “{place[:40]}”. " f"The channels are: {listed(day)}.")
    logging.warning("%s failed; retrying in %g s", place, 1)
    head = f"Posted {'at once' if day else 'later'} in {number(count, 'channel')}" + ", and nowhere else"
    return answer(head, buttons=(Button("Resume", "campaign resume", style="primary"),))
'''


@pytest.fixture(scope="module")
def table() -> list[Sentence]:
    return list(sentences())


def test_the_table_has_the_sentences_of_code_and_no_sql_keys_or_docstrings():
    assert [sentence.text for sentence in in_python("bot/example.py", CODE)] == [
        "try 2h, 3d or 1w",
        "There is no channel “{place}”. The channels are: {listed}.",
        "%s failed; retrying in %g s",
        "Posted {at once|later} in {number channel}, and nowhere else",
        "Resume",
    ]


def test_a_sentence_has_its_place():
    assert [
        str(line) for line in in_template("letter.j2", "{% if ask %}\n{{ name }} asks you{% endif %} to act.\n")
    ] == ["letter.j2:2: {{ name }} asks you to act."]
    assert [
        str(line) for line in in_yaml("a.yml", "one:\n  query: forced labor\n  note: >-\n    Read in\n    June.\n")
    ] == ["a.yml:3: Read in June."]


@pytest.mark.parametrize(
    ("file", "part"),
    [
        ("bot/campaign/commands.py", "Nothing was paused"),  # a refusal
        ("bot/alerts/digest.py", "alerts were posted and are not"),  # a line of a card
        ("bot/letters/wording.py", "Request approval"),  # a button
        ("bot/app/loops.py", "failed; retrying in"),  # the log
        ("bot/cli/output.py", "Both files are in order."),  # the command line
        ("bot/config/sources.yml", "Every document of the Federal Register"),
        ("templates/letters/closing.j2", "coalition"),
        ("bot/examples/heat/coalition.yml", "heat"),
    ],
)
def test_the_table_has_sentences_of_every_kind(table, file, part):
    assert any(part in sentence.text for sentence in table if sentence.file == file)


def test_the_table_has_the_help_of_every_command(table):
    assert {command.help for command in COMMANDS} - {sentence.text for sentence in table} == set()


def test_no_sentence_has_a_word_that_readers_stumble_over(table):
    spoken = (line for line in table if not line.file.startswith(NOT_SPOKEN))
    assert [f"{line}: {match[0]}" for line in spoken if (match := AVOIDED.search(HOLE.sub("", line.text)))] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_no_page_for_users_has_a_word_that_readers_stumble_over(page):
    assert [match[0] for match in AVOIDED.finditer(page.read_text(encoding="utf-8"))] == []


def test_every_command_line_in_a_message_can_be_typed(table):
    """Cards, errors and answers. Two name a command in passing, without its file."""
    named = {line for each in table for line in re.findall(r"`coalition-bot ([^`]+)`", each.text)}
    assert len(named) >= 10
    for line in named - {"demo --keep", "restore"}:
        command: click.Command = cli
        words = shlex.split(re.sub(r"\{[^}]*\}", "x", line))
        while isinstance(command, click.Group):
            command = command.commands[words.pop(0)]
        with suppress(click.exceptions.Exit):  # --help and --version
            command.make_context("coalition-bot", words)
