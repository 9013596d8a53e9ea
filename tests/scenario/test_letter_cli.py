"""`coalition-bot letter`, as the person who keeps the templates types it. It needs no database."""

import io
import re
import shutil
import zipfile

import pytest

from tests.scenario.kit import ROOT
from tests.scenario.test_cli import ATTENTION, DONE, USAGE, bot

__all__ = ["bot"]


@pytest.fixture
def letters(tmp_path, bot):
    return shutil.copytree(ROOT / "templates", tmp_path / "templates", dirs_exist_ok=True) / "letters"


@pytest.mark.long
@pytest.mark.usefixtures("letters")
def test_templates_that_are_in_order_are_measured(bot):
    ran = bot("letter", "lint", "--on", "2026-11-26")

    assert ran.code == DONE
    assert ran.out.endswith("\nNo problems found.\n")
    assert re.search(r"^business-accountability: \d+ words", ran.out, re.MULTILINE)


@pytest.mark.usefixtures("letters")
def test_a_claim_that_will_be_too_old_by_then_is_a_slip(bot):
    ran = bot("letter", "lint", "business-accountability", "--on", "2028-01-01")

    assert ran.code == ATTENTION
    assert ran.out.count("which is too long ago") == 3
    assert ran.out.count("meta.yml, subject: cites ") == 2  # laws that only those claims confirm
    assert ran.out.endswith("5 problems found.\n")


def test_a_slip_in_a_template_is_named_with_its_line(bot, letters):
    (letters / "joint-applications/letter.j2").write_text("We ask.\n\n{{ ask.titel }}", encoding="utf-8")
    ran = bot("letter", "lint", "joint-applications")

    assert ran.code == ATTENTION
    assert 'letter.j2 line 3: there is no fact "ask.titel". Did you mean "ask.title"?' in ran.out


@pytest.mark.usefixtures("letters")
def test_a_letter_is_printed_as_it_would_be_written(bot):
    ran = bot("letter", "try", "police-letters", "--to", "office:ovc", "--ask", "2")

    assert ran.code == DONE
    assert "\nOffice for Victims of Crime\n" in ran.out
    assert "\n\nDear Director:\n\nOn behalf of the Alliance to End Slavery and Trafficking (ATEST)" in ran.out
    assert "no service provider have to secure a letter of support" in ran.out
    assert ran.err == "\nSample values: occasion, notice, figures.\n"


@pytest.mark.usefixtures("letters")
def test_missing_values_are_examples_and_marked_as_such(bot):
    ran = bot("letter", "try", "support-a-bill")

    assert "Dear Senator Doe:" in ran.out
    assert ran.err == "\nSample values: the addressee, the bill, reason, figures.\n"


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (("try", "nothing"), 'there is no template "nothing"; there are agency-request, '),
        (("try", "joint-applications", "--to", "office:x"), 'there is no office "x"; there are office:ovc'),
        (("try", "joint-applications", "--ask", "77"), "coalition.yml has no ask 77; it has 1, 2"),
        (("lint", "../joint-applications"), 'there is no template "../joint-applications"'),
    ],
)
@pytest.mark.usefixtures("letters")
def test_an_unknown_name_is_reported_with_the_known_ones(bot, arguments, text):
    ran = bot("letter", *arguments)

    assert ran.code == USAGE
    assert text in ran.err


@pytest.mark.usefixtures("letters")
@pytest.mark.parametrize(("name", "begins"), [("letter.pdf", b"%PDF-1.7"), ("letter.docx", b"PK")])
def test_a_letter_of_examples_shows_how_letters_look(bot, tmp_path, name, begins):
    ran = bot("letter", "try", "police-letters", "--into", name)

    assert (ran.code, ran.out) == (DONE, f"Wrote {name}.\n")
    assert (tmp_path / name).read_bytes().startswith(begins)


def test_a_slip_in_how_letters_look_is_named(bot, letters):
    (letters.parent / "letter.typ").write_text("#letter", encoding="utf-8")
    ran = bot("letter", "try", "police-letters", "--into", "letter.pdf")

    assert ran.code == ATTENTION
    assert "templates/letter.typ cannot be typeset: unknown variable: letter" in ran.err


@pytest.fixture
def drafted(bot, letters, monkeypatch):
    """A letter that was drafted on the console."""
    assert bot("init").code == DONE
    monkeypatch.setattr("sys.stdin", io.StringIO("/letter draft template:police-letters to:ovc ask:2\n"))
    ran = bot("chat", "--as", "policy")
    assert "L-001" in ran.out, ran
    return "L-001"


@pytest.mark.long
def test_the_documents_of_a_letter_are_made_for_all_its_addressees(bot, drafted, tmp_path):
    ran = bot("letter", "render", drafted, "--into", "letters.zip")

    assert (ran.code, ran.out) == (DONE, "Wrote letters.zip.\n")
    with zipfile.ZipFile(tmp_path / "letters.zip") as archive:
        name = "001-the-director-office-for-victims-of-crime"
        assert archive.namelist() == [f"{name}.docx", f"{name}.pdf", "envelopes.pdf", "labels.csv"]


@pytest.mark.long
@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (("L-77", "--into", "x.zip"), "There is no letter L-77"),
        (("L-1", "--into", "x.odt"), "x.odt is not a .zip, .docx"),
    ],
)
@pytest.mark.usefixtures("drafted")
def test_a_document_that_cannot_be_made_is_reported(bot, arguments, text):
    ran = bot("letter", "render", *arguments)

    assert ran.code == USAGE
    assert text in ran.err
