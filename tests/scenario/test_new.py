"""`coalition-bot new`: a folder of a coalition's own, by options or by questions."""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import cli
from bot.config import installation
from bot.config.load import load
from bot.letters import lint
from bot.letters.lint import rehearse
from bot.letters.sheet import plain
from bot.letters.templates import template
from bot.shared.bill_record import congress_on

pytestmark = pytest.mark.sqlite  # the new folder names its database
ROOT = Path(__file__).parents[2]
ASKS = ("Enforce the Lower Basin shortage guidelines on the Colorado River.", "Fund tribal water rights settlements.")
OF_THE_EXAMPLE = ("survivor", "traffick", "slavery", "victim", "police", "atest")  # the shipped coalition's cause
NOW = congress_on(datetime.now(UTC).date())
OPTIONS = [
    *("--yes", "--name", "Colorado River Coalition", "--contact", "office@river.test"),
    *(part for ask in ASKS for part in ("--ask", ask)),
    *("--member", "River Keepers", "--member", "River Keepers", "--bill", f"hr1234-{NOW}=Settlement Act"),
]


def run(*args: object, typed: str | None = None):
    return CliRunner().invoke(cli, [*map(str, args)], input=typed, standalone_mode=False, catch_exceptions=False)


def config(folder: Path):
    return load(folder / "feeds.yml", folder / "coalition.yml")


def test_options_make_a_folder_that_check_accepts(tmp_path):
    folder = tmp_path / "river"

    made = run("new", folder, *OPTIONS)

    river = config(folder)
    assert river.coalition.short == "CRC"
    assert [ask.text for ask in river.coalition.asks.values()] == list(ASKS)
    assert list(river.coalition.members) == ["river-keepers"]  # a name given twice is one member
    assert river.coalition.bills["settlement-act"].bills[0].follow
    assert list(river.feeds.sources)[:4] == ["register", "govinfo-bills", "govinfo-laws", "gao-reports"]
    of_bills = ["bill-status", "house-votes", "senate-votes", "senate-hearings", "house-hearings"]
    assert list(river.feeds.sources)[4:] == of_bills
    assert river.feeds.watches["settlement-act-hearings"].query == f"bill:hr1234-{NOW}"
    assert river.feeds.watches["ask-1"].query == '"Lower Basin*" OR "Colorado River*"'
    assert "coalition-bot once --dry-run --since 30d" in made.output
    assert sum((folder / name).stat().st_size for name in ("feeds.yml", "coalition.yml")) < 5_000
    assert all(stat.S_IMODE((folder / name).stat().st_mode) == 0o600 for name in ("feeds.yml", "coalition.yml", ".env"))


def test_news_is_searched_for_the_names_of_the_coalition_and_its_members(tmp_path):
    folder = tmp_path / "river"
    options = ("--member", 'Friends of the "Ship" *', "--member", "Shelter", "--member", "Colorado River Coalition")
    run("new", folder, *OPTIONS, *options)

    entities = config(folder).coalition.entities

    assert {id_: [name.words for name in entity.names] for id_, entity in entities.items()} == {
        "crc": ["Colorado River Coalition"],
        "colorado-river-coalition": ["Colorado River Coalition"],
        "river-keepers": ["River Keepers"],
        "friends-of-the-ship": ["Friends of the Ship"],
    }  # a single word is said of much else
    assert config(folder).coalition.ours == entities.keys()


def test_a_folder_of_several_coalitions_gets_commands_for_the_folder_above(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    steps = run("new", "coalitions/river", *OPTIONS).output.partition("Then type in the folder above coalitions/:\n")[2]
    assert "coalition-bot init --if-missing " in steps
    assert "coalition-bot chat --as policy --coalition river " in steps


def test_a_coalition_of_several_has_its_folder_s_name_as_its_id(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run("new", "coalitions/river", *OPTIONS)
    monkeypatch.chdir(tmp_path / "coalitions")
    steps = run("new", "heat", "--example", "heat").output.rpartition("\n\n")[2]
    assert steps == (
        "Next, in the folder above coalitions/: coalition-bot check, then coalition-bot init --if-missing "
        "and coalition-bot chat --as policy --coalition heat\n"
    )
    monkeypatch.chdir(tmp_path)
    made = [installation.load_one(name)[1].coalition for name in installation.names()]
    assert [(one.id, one.short) for one in made] == [("heat", "FHSC"), ("river", "CRC")]


@pytest.mark.parametrize("options", [OPTIONS, ["--example", "heat"], []])
def test_a_folder_of_several_whose_name_cannot_be_an_id_is_refused_before_anything_is_asked(
    tmp_path, monkeypatch, options
):
    monkeypatch.chdir(tmp_path)
    assert run("new", "coalitions/Bad Name", *options).output == (
        "coalitions/Bad Name: a coalition's folder is named like its id: lower-case letters, digits and dashes, "
        "40 at most, for example coalitions/bad-name\n"
    )
    assert not (tmp_path / "coalitions").exists()


def test_a_bill_that_an_ask_names_is_followed_and_a_typed_one_is_of_the_current_congress(tmp_path):
    named = ("--yes", "--name", "Full Plates", "--contact", "a@plates.test", "--ask", "Pass the Meals Act (H.R. 3113).")
    run("new", tmp_path / "plates", *named, "--bill", "S.1234=Lunch Act")
    families = config(tmp_path / "plates").coalition.bills

    assert [(family.asks, family.name, family.bills[0].id) for family in families.values()] == [
        ((), "Lunch Act", f"s1234-{NOW}"), ((1,), "Meals Act", f"hr3113-{NOW}"),
    ]  # fmt: skip

    run("new", tmp_path / "followed", *named, "--bill", "hr3113-118")
    (family,) = config(tmp_path / "followed").coalition.bills.values()
    assert (family.bills[0].id, family.bills[0].follow) == ("hr3113-118", False), "nothing comes of an ended Congress"
    assert "hearings and markups" not in (tmp_path / "followed" / "feeds.yml").read_text()


def test_two_bills_of_one_name_are_both_tracked(tmp_path):
    ask = "Pass the Meals Act (H.R. 3113) and the Meals Act (S. 1431)."
    run("new", tmp_path / "plates", "--yes", "--name", "Full Plates", "--contact", "a@plates.test", "--ask", ask)
    families = config(tmp_path / "plates").coalition.bills
    assert sorted(bill.id for family in families.values() for bill in family.bills) == [f"hr3113-{NOW}", f"s1431-{NOW}"]


def test_the_letters_that_come_along_are_neutral_and_lint_finds_nothing(tmp_path):
    folder = tmp_path / "river"
    run("new", folder, *OPTIONS)
    river = config(folder)

    names = template.names(folder)

    assert {"agency-request", "support-a-bill", "press-statement"} <= set(names)
    for name in names:
        assert not template.read(folder, name).meta.asks
        assert lint.lint(folder, name, river.coalition, lint.date(2026, 11, 26)).findings == (), name
        letter = rehearse(river, name, to=None, ask=None, today=lint.date(2026, 11, 26)).letter
        assert [word for word in OF_THE_EXAMPLE if word in plain(letter).casefold()] == [], name


def test_letter_lint_names_what_the_asks_cite_and_nobody_has_confirmed_as_check_does(tmp_path, monkeypatch):
    cites = "EPA should ban the sale of it under 15 U.S.C. 2605(a)."
    run("new", tmp_path / "dry", "--yes", "--name", "Clean Shops", "--contact", "a@dry.test", "--ask", cites)
    monkeypatch.chdir(tmp_path / "dry")
    waits = "Not confirmed yet in ask 1: 15 U.S.C. 2605(a). Confirm it under `authorities:` in coalition.yml"

    assert all(waits in run(*command).output for command in (["check"], ["letter", "lint"]))


def test_a_figure_to_be_confirmed_stands_with_its_sentence_and_check_passes(tmp_path, monkeypatch):
    statement = tmp_path / "statement.txt"
    statement.write_text("Crews drop people. In our survey 61 people fell. We urge FAA to train them.\n", "utf-8")
    run("new", tmp_path / "fly", "--yes", "--name", "Fly", "--contact", "a@fly.test", "--statement", statement)
    monkeypatch.chdir(tmp_path / "fly")
    (waiting,) = config(tmp_path / "fly").coalition.authorities.values()

    assert (waiting.citation, waiting.says) == ("61 people", "Crews drop people. In our survey 61 people fell.")
    checked = run("check")
    assert checked.exit_code == 0
    assert "Not confirmed yet in ask 1: 61 people." in checked.output


def test_no_file_among_the_templates_mentions_the_example_s_cause(tmp_path):
    run("new", tmp_path / "river", *OPTIONS)

    texts = {
        path: path.read_text(encoding="utf-8").casefold()
        for path in (tmp_path / "river" / "templates").rglob("*")
        if path.suffix in {".j2", ".yml", ".typ"}
    }

    assert len(texts) > 20
    assert {path.name: word for path, text in texts.items() for word in OF_THE_EXAMPLE if word in text} == {}
    assert "utiliz*: use" in next(text for path, text in texts.items() if path.name == "style.yml")


def test_questions_are_asked_for_what_no_option_gave_and_again_after_a_slip(tmp_path):
    folder = tmp_path / "heat"
    answers = [
        "Farm Heat Coalition", "", "office@heat.test",
        "Nowhere/Land", "US", "America/Chicago",
        "none.txt", "", "", ".",  # no file, and no ask at first
        "", "Issue a heat illness standard for farm workers.", "", "It is hot.", ".",
        "2", "", "It kills.", "", "1", "Issue a heat illness standard for farms.", "", "Bureau of Nothing", "OSHA",
        "2", "-", "9", "",
        "Farm Aid", "",
        "register, gao-report", "register, gao-reports",
        "hr12x", f"hr12-{congress_on(datetime.now(UTC).date())}=Heat Act", "",  # of an earlier one none is followed
        "nowhere:1", "console:heat",
        "n",  # no trial, which reads the real sources
    ]  # fmt: skip

    made = run("new", folder, typed="".join(f"{line}\n" for line in answers))

    heat = config(folder)
    assert heat.coalition.zone == "America/Chicago"
    assert heat.coalition.short == "FHC"
    assert [ask.text for ask in heat.coalition.asks.values()] == ["Issue a heat illness standard for farms."]
    assert list(heat.feeds.sources)[:3] == ["register", "gao-reports", "bill-status"]
    assert list(heat.coalition.bills) == ["heat-act"]
    assert heat.feeds.channels["main"].to == "console:heat"
    for slip in (
        'unknown time zone "Nowhere/Land"',
        'unknown time zone "US"',
        "There is no file none.txt.",
        "Please type at least one ask.",
        "There is no ask 9.",
        "The Federal Register has no agency “Bureau of Nothing”.",
        "   Documents of: Occupational Safety and Health Administration\n",
        'The catalog has no source "gao-report"',
        '"hr12x" is no bill',
        '"nowhere:1" does not have the right form',
    ):
        assert slip in made.output


def test_who_signs_and_the_address_are_said_to_be_missing_and_where_they_go(tmp_path):
    made = run("new", tmp_path / "river", *OPTIONS)
    assert "for letters, add your address and who signs to coalition.yml" in made.output
    text = (tmp_path / "river" / "coalition.yml").read_text("utf-8")
    (tmp_path / "river" / "coalition.yml").write_text(re.sub(r"(?m)^# (?=address:|signer:)", "", text), "utf-8")
    signer = config(tmp_path / "river").coalition.signer
    assert signer is not None
    assert signer.title == "Executive Director"


def test_a_statement_s_list_gives_the_asks(tmp_path):
    statement = tmp_path / "statement.txt"
    statement.write_text("We ask:\n 1. Publish reservoir data daily.\n 2. Keep return flows in the river.\n")

    run("new", tmp_path / "river", "--yes", "--name", "Rivers", "--contact", "x@river.test", "--statement", statement)

    assert [ask.text for ask in config(tmp_path / "river").coalition.asks.values()] == [
        "Publish reservoir data daily.",
        "Keep return flows in the river.",
    ]


@pytest.mark.parametrize(
    ("args", "why"),
    [
        (["--yes", "--ask", "Do it."], "Name of the coalition is required"),
        (["--yes", "--name", "R", "--contact", "x@y.test"], "At least one ask is needed: give --ask TEXT"),
        ([*OPTIONS, "--zone", "Mars"], 'unknown time zone "Mars"'),
        ([*OPTIONS, "--channel", "irc:x"], '"irc:x" does not have the right form'),
        ([*OPTIONS, "--bill", "bill 12"], '"bill 12" is no bill of a Congress up to the '),
        ([*OPTIONS, "--bill", "s1234-199"], '"s1234-199" is no bill of a Congress up to the '),
        ([*OPTIONS, "--statement", "none.txt"], "There is no file none.txt."),
        ([*OPTIONS, "--source", "registr"], 'The catalog has no source "registr"'),
    ],
)
def test_a_wrong_option_is_named_and_nothing_is_made(tmp_path, args, why):
    done = run("new", tmp_path / "x", *args)

    assert why in done.output
    assert not (tmp_path / "x").exists()


def test_nothing_is_written_over(tmp_path):
    (tmp_path / "feeds.yml").write_text("mine")

    done = run("new", tmp_path, *OPTIONS)

    assert "already exists. Choose another folder; nothing was changed." in done.output
    assert [path.name for path in tmp_path.iterdir()] == ["feeds.yml"]
    assert (tmp_path / "feeds.yml").read_text() == "mine"


@pytest.mark.long
def test_a_new_folder_runs_as_it_is(tmp_path):
    run("new", tmp_path / "river", *OPTIONS)

    for command in (["init"], ["check"], ["status"]):
        done = subprocess.run(
            [sys.executable, "-m", "bot", *command],
            cwd=tmp_path / "river", env={"PYTHONPATH": str(Path(__file__).parents[2]), "PATH": "/usr/bin:/bin"},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        if command == ["check"]:
            assert "CRC: 2 asks, 3 watches, 9 sources on, 1 channel. Both files are in order." in done.stdout


@pytest.mark.long
def test_a_letter_of_another_cause_is_refused_by_check_and_lint(tmp_path):
    folder = tmp_path / "river"
    run("new", folder, *OPTIONS)
    for name, what in (("police-letters", 'ask "police-letters"'), ("all-our-asks", 'claim "dhs-victim-screening"')):
        letter = folder / "templates" / "letters" / name
        shutil.copytree(ROOT / "templates" / "letters" / name, letter)
        for command in (["check"], ["letter", "lint", name]):
            done = subprocess.run(
                [sys.executable, "-m", "bot", *command],
                cwd=folder, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
            )  # fmt: skip
            assert done.returncode != 0
            assert what in done.stdout + done.stderr
        shutil.rmtree(letter)


def test_each_new_ask_has_a_name_for_its_letters(tmp_path):
    folder = tmp_path / "river"
    run("new", folder, *OPTIONS)
    names = [ask.name for ask in config(folder).coalition.asks.values()]

    assert all(names)
    assert len({*names}) == len(ASKS)


@pytest.mark.parametrize("words", ["1" * 5_000, "a-" * 3_000 + "b", "²" * 20, "(a " * 9_000, "“a” " * 9_000])
def test_no_words_of_a_statement_end_in_a_folder_that_needs_corrections(tmp_path, words):
    statement = tmp_path / "statement.txt"
    statement.write_text(f"1. Congress must fund {words} projects on the Colorado River.\n2. EPA should publish it.\n")

    run("new", tmp_path / "river", "--yes", "--name", "River Coalition", "--statement", statement)

    assert list(config(tmp_path / "river").coalition.asks) == [1, 2]


@pytest.mark.long
def test_of_a_statement_with_very_many_asks_the_first_hundred_are_proposed(tmp_path):
    statement = tmp_path / "statement.txt"
    statement.write_text("".join(f"- Fund project {n} on the Colorado River.\n" for n in range(150)))

    made = run("new", tmp_path / "river", "--yes", "--name", "River Coalition", "--statement", statement)

    assert "has 150 asks: the first 100 are proposed." in made.output
    assert len(config(tmp_path / "river").coalition.asks) == 100


def test_a_book_is_no_statement_and_the_answer_says_what_to_save(tmp_path):
    (tmp_path / "book.txt").write_text("We ask Congress to act.\n" * 21_000, "utf-8")
    made = run("new", tmp_path / "river", "--yes", "--name", "Rivers", "--statement", tmp_path / "book.txt")

    assert "book.txt has 503,999 characters; a statement has at most 500,000, some 200 pages." in made.output
    assert not (tmp_path / "river").exists()


def test_without_a_terminal_and_without_yes_it_says_what_to_give(tmp_path):
    folder = tmp_path / "river"

    made = CliRunner().invoke(
        cli, ["new", str(folder), "--name", "Colorado River Coalition", "--ask", ASKS[0]], input=""
    )

    assert made.exit_code == 2
    assert "--yes" in made.output
    assert not folder.exists()
