"""Which state a text names."""

import pytest

from bot.shared.states import STATES, names_state


@pytest.mark.parametrize(
    ("code", "text", "named"),
    [
        ("TX", "A task force in Houston, Texas, is funded", True),
        ("TX", "TEXAS: labor trafficking ring", True),
        ("TX", "1 cosponsor joined (now 3): Rep. Doe, Jane [D-TX-18]", True),
        ("TX", "Sen. Doe (R-TX) asks the Attorney General", True),
        ("TX", "Docket CBP-TX-2026 is open", False),
        ("VA", "West Virginia's attorney general", False),
        ("VA", "Virginia's attorney general", True),
        ("WV", "West Virginia's attorney general", True),
        ("AR", "Kansas City", False),
        ("KS", "Arkansas", False),
        ("WA", "WASHINGTON, D.C. – The Department of Justice", False),
        ("WA", "Washington State passes a vacatur law", True),
        ("WA", "Rep. Doe, John [D-WA-7]", True),
        ("IN", "Trafficking in persons", False),
        ("OR", "forced or indentured labor", False),
    ],
)
def test_a_state_is_named_by_its_name_or_by_its_member(code, text, named):
    assert names_state(code, text) is named


def test_every_state_is_found_by_its_member():
    assert {
        code: [each for each in STATES if names_state(each, f"Rep. Doe, Jane [D-{code}-1]")] for code in STATES
    } == {code: [code] for code in STATES}
