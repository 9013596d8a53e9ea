"""What a letter is as lobbying: as its template says, unless its text asks for legislation all the same."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.letters import lobbying
from bot.letters.life import Dossier, State, Text, Version
from bot.letters.model import Paragraph, Written

NOW = datetime(2026, 11, 26, tzinfo=UTC)


def letter(text: str, stamped: str = "none") -> Dossier:
    written = Written(subject="A letter", body=(Paragraph("We write."), Paragraph(text)))
    version = Version(number=1, texts=(Text(written, ("office:ovc",)),), by="ada", at=NOW)
    return Dossier(
        id="a", number=1, state=State.DRAFT, template="mine", template_digest="", lobbying=stamped,
        lobbying_why="It asks an agency.", version=version, created_by="ada", created_at=NOW,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Justice should speak up for a federal law that clears records.", "speak up for a federal law"),
        ("Please urge every state to pass its own.", "urge every state to pass its own"),
        ("We ask Congress to change it.", "ask Congress to change it"),
        ("Congress should act now.", "Congress should act now"),
        ("We ask you to support this bill.", "support this bill"),
        ("They oppose the legislation.", "oppose the legislation"),
        ("We ask you to vote for it.", "vote for it"),
    ],
)
def test_a_text_that_asks_for_legislation_is_left_to_a_person(text, said):
    made = letter(text)

    assert lobbying.stance(made) == "undecided"
    assert lobbying.says(made).startswith("It may ask for legislation: a person must decide if it is lobbying.")
    assert lobbying.why(made) == f"Its template says: It asks an agency. But the text says “{said}”."
    assert len(lobbying.says(made)) <= 100  # a form's help


@pytest.mark.parametrize(
    "text",
    [
        "The Attorney General must report to Congress on training.",
        "Carry the law out, and tell us how.",
        "Congress established the program in 2018.",
        "State and local officers are trained.",
    ],
)
def test_a_text_that_asks_for_none_is_as_its_template_says(text):
    assert lobbying.stance(letter(text)) == "none"
    assert lobbying.why(letter(text)) == "It asks an agency."


def test_what_its_template_calls_lobbying_stays_so():
    assert lobbying.stance(letter("Carry the law out.", "legislation")) == "legislation"
