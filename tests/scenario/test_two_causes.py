"""Two complete examples of causes far apart: no word of one appears in what the other's people read."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import cli
from bot.config.load import Config, load
from bot.letters import lint
from bot.letters.lint import rehearse
from bot.letters.sheet import plain
from bot.letters.templates import template
from bot.shared.entry import Agency, Entry, Kind
from bot.watch.engine import Matcher
from tests.kit.board import Board, every_command
from tests.kit.causes import FIRST, SECOND, words_in

ROOT = Path(__file__).parents[2]
DAY = date(2026, 11, 26)


@pytest.fixture(scope="module")
def heat(tmp_path_factory: pytest.TempPathFactory) -> Config:
    folder = tmp_path_factory.mktemp("causes") / "heat"
    made = CliRunner().invoke(cli, ["new", str(folder), "--example", "heat"], standalone_mode=False)
    assert made.exit_code == 0, made.output
    return load(folder / "feeds.yml", folder / "coalition.yml")


def test_the_second_example_is_as_small_as_new_makes_them(heat):
    assert sum((heat.folder / name).stat().st_size for name in ("feeds.yml", "coalition.yml")) < 5_000
    assert heat.coalition.example
    assert heat.feeds.example


def test_its_letters_have_no_finding_and_no_word_of_the_first_cause(heat):
    names = template.names(heat.folder)
    assert {"heat-standard", "field-inspections", "getting-used-to-heat", "agency-request", "support-a-bill"} <= {
        *names
    }
    for name in names:
        assert lint.lint(heat.folder, name, heat.coalition, DAY).findings == (), name
        letter = plain(rehearse(heat, name, to=None, ask=None, today=DAY).letter)
        assert words_in(letter, FIRST) == [], name
    for ask in heat.coalition.asks.values():
        letter = plain(rehearse(heat, ask.name, to="office:osha", ask=None, today=DAY).letter)
        assert "Occupational Safety and Health Administration" in letter


def test_help_and_examples_of_every_command_speak_of_the_own_cause_alone(heat, tmp_path):
    commands = every_command(heat)
    board = Board(tmp_path, commands, config=heat)
    shown = [f"{c.help} {c.example} {' '.join(p.help for p in c.params)}" for c in commands]
    shown += [str(board.ask(board.admin, "campaign help", command=c.path)) for c in commands if not c.hidden]
    assert len(shown) > 200
    assert words_in("\n".join(shown), FIRST) == []


def test_help_of_the_first_example_has_no_word_of_the_second():
    shown = [f"{c.help} {c.example} {' '.join(p.help for p in c.params)}" for c in every_command()]
    assert words_in("\n".join(shown), SECOND) == []


def test_the_second_example_s_watches_raise_its_own_news_and_not_the_first_s(heat):
    matcher = Matcher(heat.watches)
    labor = (Agency("Labor Department", "labor-department", None),)

    def asks(title: str) -> set[int]:
        entry = Entry(
            source="register", kind=Kind.DOCUMENT, identity=("x",), thread="x", title=title, agencies=labor,
            published=datetime(2026, 7, 1, tzinfo=UTC),
        )  # fmt: skip
        return {ask for match in matcher.match(entry) for ask in match.asks}

    assert asks("Heat Injury and Illness Prevention in Outdoor Work Settings; Proposed Rule") == {1}
    assert asks("National Emphasis Program on Heat Hazards: Inspections of Farms") == {2}
    assert asks("Acclimatization of New Workers; Guidance") == {3}
    assert asks("Notice of Finding on Goods Made With Forced Labor") == set()
