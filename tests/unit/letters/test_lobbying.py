"""What a letter is as lobbying: as its template says, unless its text asks for legislation all the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.letters import lobbying
from bot.letters.lifecycle import Dossier, State, Text, Version
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
    ("text", "sentence"),
    [
        ("Justice should speak up for a federal law that clears records.", "speak up for a federal law"),
        ("Please urge every state to pass its own.", "urge every state to pass its own"),
        ("We ask Congress to change it.", "ask Congress to change it"),
        ("Congress should act now.", "Congress should act now"),
        ("We ask you to support this bill.", "support this bill"),
        ("They oppose the legislation.", "oppose the legislation"),
        ("We ask you to vote for it.", "vote for it"),
        ("Pass the Example Victims Services and Relief Act.", "Pass the Example Victims Services and Relief Act"),
        ("Amend the Coalition to End Harm (CEH) Act.", "Amend the Coalition to End Harm (CEH) Act"),
        ("Support the Survivors’ Housing Act of 2026.", "Support the Survivors’ Housing Act"),
        ("Please enact H.R. 4323 this year.", "enact H.R. 4323"),
        ("Repeal the current law.", "Repeal the current law"),
        ("Repeal this program.", "Repeal this program"),
        ("Reauthorize the family services program.", "Reauthorize the family services program"),
        ("Fully fund the services grants at $200 million a year.", "Fully fund the services grants at"),
        ("Fund legal services at $5.5 million a year.", "Fund legal services at $5.5 million"),
        ("We ask you to fund shelters with $20 million.", "to fund shelters with $20 million"),
        ("Increase funding for shelters to $200 million.", "Increase funding for shelters to $200 million"),
        ("Appropriate $200 million for housing.", "Appropriate $200 million"),
        ("Appropriate more money for housing.", "Appropriate more money"),
        ("Include $30 million in the 2027 appropriations.", "Include $30 million in the 2027 appropriations"),
    ],
)
def test_a_text_that_asks_for_legislation_is_left_to_a_person(text, sentence):
    made = letter(text)

    assert lobbying.classification(made) == "undecided"
    assert lobbying.notice(made).startswith("It may ask for legislation: a person must decide if it is lobbying.")
    assert lobbying.reason(made) == f"Its template says: It asks an agency. But the text says “{sentence}”."
    assert len(lobbying.notice(made)) <= 100  # a form's help


@pytest.mark.parametrize(
    "text",
    [
        "The Attorney General must report to Congress on training.",
        "Carry the law out, and tell us how.",
        "Congress established the program in 2018.",
        "State and local officers are trained.",
        "Congress passed the Example Victims Protection Act in 2000, and amended the program in 2018.",
        "The Example Victims Protection Reauthorization Act of 2018 requires it.",
        "Carry out the Example Act, and train officers as the Act requires.",
        "Congress appropriated $95 million for it; the Crime Victims Fund paid out $1.35 billion.",
        "Provide training and funds where appropriate.",
        "We change accepted norms, from strengthening laws and business standards to building public will.",
    ],
)
def test_a_text_that_asks_for_no_legislation_keeps_its_template_s_classification(text):
    assert lobbying.classification(letter(text)) == "none"
    assert lobbying.reason(letter(text)) == "It asks an agency."


def test_the_subject_counts_as_much_as_the_text():
    made = letter("We write.")
    (text,) = made.version.texts
    subject = replace(text.written, subject="Pass the Example Relief Act")
    made = replace(made, version=replace(made.version, texts=(replace(text, written=subject),)))

    assert lobbying.classification(made) == "undecided"
    assert "“Pass the Example Relief Act”" in lobbying.reason(made)


def test_a_template_classified_as_lobbying_stays_lobbying():
    assert lobbying.classification(letter("Carry the law out.", "legislation")) == "legislation"
