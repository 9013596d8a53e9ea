"""A letter asks each of its addressees, as "you", for what they can do."""

from __future__ import annotations

import pytest

from bot.letters.lint import address_problems
from bot.letters.model import Written
from bot.letters.templates.template import paragraphs
from tests.kit import configs

OFFICES = configs.shipped().coalition.offices
JOINT = ("the Attorney General", "the Secretary of Homeland Security")
BOTH = """
We ask the Attorney General to:

- Prosecute.

We ask the Secretary of Homeland Security to:

- Enforce the ban.
"""


def problems(text, *ids, yous=("you",)):
    written = Written(subject="", body=tuple(paragraphs(text)))
    return list(address_problems(written, [OFFICES[id_] for id_ in ids], yous))


@pytest.mark.parametrize(
    ("item", "office"),
    [
        ("Together with the Department of Justice, investigate.", "attorney-general"),
        ("Ask the Attorney General for it.", "attorney-general"),
        ("Agree on it with DOJ.", "attorney-general"),
        ("Fund it in the Departments of Labor and Health and Human Services.", "hhs"),
        ("Send it to the Bureau of Justice Assistance.", "bja"),
        ("Share it with U.S. Customs and Border Protection.", "cbp"),
    ],
)
def test_an_item_that_names_its_own_addressee_is_reported(item, office):
    (problem,) = problems(f"We ask you to:\n\n- {item}", office)

    assert "as if it were a third party" in problem


@pytest.mark.parametrize(
    ("text", "office"),
    [
        ("We thank the Department of Justice.\n\n- Publish it.", "attorney-general"),  # no request
        ("- Direct the Office for Victims of Crime to publish it.", "ojp"),  # part of it
        ("- Agree on it with the Department of Homeland Security.", "attorney-general"),
    ],
)
def test_others_may_be_named(text, office):
    assert problems(text, office) == []


def test_the_number_of_addressees_agrees():
    assert problems("We ask your Department to act.\n" + BOTH, yous=JOINT) == ["says “your Department” to 2 addressees"]
    assert problems("We ask your offices to act.") == ["says “your offices” to 1 addressee"]
    assert problems("We ask both of you to act.\n" + BOTH, yous=JOINT) == []


def test_each_addressee_of_a_joint_letter_has_a_request_of_its_own():
    assert problems(BOTH, yous=JOINT) == []
    (problem,) = problems(BOTH.replace("- Enforce the ban.", ""), yous=JOINT)

    assert problem.startswith("has no request of its own for the Secretary of Homeland Security")
