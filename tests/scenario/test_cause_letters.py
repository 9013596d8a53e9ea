"""A cause that nobody prepared for: from its statement to a locked letter on a Register document, no file edited."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import cli
from bot.config.load import load
from bot.letters.sheet import body
from bot.shared.entry import Agency
from tests.kit.alerts import document
from tests.kit.board import words
from tests.kit.letters_desk import Desk

pytestmark = pytest.mark.sqlite
STATEMENT = """Kelp Forest Alliance

Kelp Forest Alliance is a group of divers and harbor towns. We count what grows on our coasts.

NOAA should map its kelp beds each year. We dive there, and we see how they change.

We urge the Bureau of Tides to publish its tables without a fee. Skippers without them run aground.

Congress should fund the mapping of kelp. A coast cannot be mapped with last winter's money.
"""
NOAA = Agency("National Oceanic and Atmospheric Administration", "national-oceanic-and-atmospheric-administration")
NOTICE = document(
    "2026-30001", "Kelp Mapping; Request for Information", agencies=(NOAA,), dockets=("NOAA-NOS-2026-0007",),
    citation="91 FR 80001", comments_close_on=date(2027, 1, 12),
)  # fmt: skip


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    (tmp_path / "statement.txt").write_text(STATEMENT)
    options = ["--yes", "--name", "Kelp Forest Alliance", "--contact", "office@kelp.test"]
    options += ["--statement", str(tmp_path / "statement.txt"), "--member", "Harbor Divers"]
    made = CliRunner().invoke(cli, ["new", str(tmp_path / "kelp"), *options], standalone_mode=False)
    assert made.exit_code == 0, made.output
    return Desk(tmp_path, base=load(tmp_path / "kelp" / "feeds.yml", tmp_path / "kelp" / "coalition.yml"))


def drafted(desk: Desk, **args: str) -> str:
    """Submit the letter's form as it is; returns the letter's text."""
    form = desk.form(desk.pol, "letter draft", **args)
    filled = {field.param.name: field.initial for field in form.fields if field.initial}
    desk.card(desk.pol, form.path, **dict(form.args), **filled)
    written = desk.letter().version.texts[0].written
    return f"Re: {written.subject}\n\n{body(written.body)}"


def test_a_letter_to_an_agency_asks_it_with_the_reason_and_the_document(desk):
    entry = desk.bring(NOTICE)[0]
    text = drafted(desk, template="agency-request", to="noaa", ask="1", entry=entry.id)

    assert text.startswith(
        "Re: Request to map your kelp beds each year\n\n"
        "On behalf of the Kelp Forest Alliance (KFA), we write to ask you to map your kelp beds each year. This "
        "request responds to “Kelp Mapping; Request for Information,” published by the National Oceanic and "
        "Atmospheric Administration on November 24, 2026 (91 Fed. Reg. 80001; Docket NOAA-NOS-2026-0007). Comments on "
        "it close on January 12, 2027.\n\n"
        "We dive there, and we see how they change.\n\n"
        "As first steps, we ask you to:\n\n"
    )
    assert "NOAA should" not in text
    assert "Kelp Forest Alliance is a group of divers and harbor towns. We count what grows on our coasts." in text
    desk.card(desk.pol, "letter review", letter="L-1")
    desk.approve()
    desk.lock()
    assert desk.letter().locked_at


def test_a_letter_to_who_is_above_directs_and_one_to_others_has_the_ask_to_reword(desk):
    assert "we write to ask you to direct NOAA to map its kelp beds" in drafted(
        desk, template="agency-request", to="commerce", ask="1"
    )
    form = desk.form(desk.pol, "letter draft", template="agency-request", to="noaa", ask="2")
    assert {field.label: field.initial for field in form.fields}["Wording"] == (
        "that the Bureau of Tides publish its tables without a fee"
    )


def test_an_office_whose_address_nobody_knows_is_named_to_the_approver(desk):
    drafted(desk, template="agency-request", to="phmsa", ask="1")

    assert (
        "No postal address of the Administrator, Pipeline and Hazardous Materials Safety Administration is known"
        in (words(desk.card(desk.pol, "letter show", letter="L-1")))
    )


def test_the_asks_name_offices_and_each_needs_no_line_in_a_file(desk):
    entry = desk.bring(NOTICE)[0]
    form = desk.form(desk.pol, "letter draft", template="agency-request", entry=entry.id)
    assert {field.param.name: field.initial for field in form.fields}["to"] == "office:noaa"
    refused = desk.refused(desk.pol, "letter draft", template="agency-request", to="Tides, Waves", ask="2")
    assert refused.what.startswith('"Tides" and "Waves" are not offices that the bot knows. An administrator adds an')


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Divers for Kelp", "On behalf of Divers for Kelp (KFA), we write"),
        ("Project Kelp", "On behalf of Project Kelp (KFA), we write"),
        ("The Kelp Network", "On behalf of The Kelp Network (KFA), we write"),
        ("Kelp Fund, Inc.", "On behalf of the Kelp Fund, Inc. (KFA), we write"),
        ("Council of Divers", "On behalf of the Council of Divers (KFA), we write"),
    ],
)
def test_a_name_has_its_article_in_a_letter(desk, name, shown):
    named = desk.config.coalition.model_copy(update={"name": name})
    desk.config = replace(desk.config, coalition=named)
    assert shown in drafted(desk, template="agency-request", to="noaa", ask="1")


@pytest.mark.parametrize(
    ("name", "shown"), [("eKelp Divers", "eKelp Divers (KFA)"), ("Kelp Fund", "The Kelp Fund (KFA)")]
)
def test_a_name_keeps_its_own_capitals_where_a_letter_with_sign_on_begins(desk, name, shown):
    named = desk.config.coalition.model_copy(update={"name": name})
    desk.config = replace(desk.config, coalition=named)
    text = drafted(desk, template="agency-request", to="noaa", ask="1", signon="yes")
    assert f"\n\n{shown} and the undersigned organizations write" in text
