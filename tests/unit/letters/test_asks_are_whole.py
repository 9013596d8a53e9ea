"""Each ask's letter asks all of what the coalition's statement asks, in its strength, and names program and law."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.letters.lint import rehearse
from bot.letters.model import Shape
from bot.letters.sheet import body, note_lines
from tests.kit import configs

ROOT = Path(__file__).parents[3]
CONFIG = configs.shipped()
READ = date(2026, 11, 30)
# The letter, its recipient, and the phrases it must contain.
WHOLE = [
    (
        "joint-applications",
        "ovc",
        [
            "no anti-trafficking grant require a joint application",
            "money for victim services not fund law enforcement",
            "dedicate an appropriate part of their own federal, state and local budgets",
            "Enhanced Collaborative Model",
            "$96 million",
        ],
    ),
    (
        "police-letters",
        "ovc",
        [
            "no service provider have to secure a letter of support",
            "memoranda of understanding",
            "other evidence of a provider’s standing",
        ],
    ),
    (
        "continued-presence",
        "homeland-security",
        [
            "granted as a standard practice within 72 hours of the first interview",
            "only law enforcement can request it",
            "undocumented",
            "economic security",
            "Decide each application within 72 hours of the first interview, and grant it",
            "22 U.S.C. 7105(c)(3)(A)(i)",
        ],
    ),
    (
        "business-accountability",
        "homeland-security",
        [
            "counting arrests and convictions",
            "18 U.S.C. 1593A",
            "ection 307 of the Tariff",
            "woefully underutilized",
            "hundreds, if not thousands",
            "Enforce the ban",
            "one withhold release order",
        ],
    ),
    ("business-accountability", "attorney-general", ["Make prosecutions of businesses", "18 U.S.C. 1593A"]),
    (
        "written-guidance",
        "ojp",
        [
            "specifically disallows vice sting operations",
            "disproportionately target communities of color",
            "race and ethnicity",
            "Grants Financial Guide",
        ],
    ),
    (
        "sting-reports",
        "bja",
        ["to you or to the public", "vulnerable workers", "34 U.S.C. 20709(c)(1)(A)", "performance measures"],
    ),
    (
        "outreach-money",
        "homeland-security",
        [
            "Blue Campaign",
            "6 U.S.C. 242",
            "has not earned this trust",
            "long-standing",
            "ask Congress to amend the law",
        ],
    ),
    (
        "clear-records",
        "attorney-general",
        [
            "Support the law publicly",
            "encourage every state",
            "January 23, 2027",
            "Public Law 119-73, section 4",
            "publish them",
            "U.S.C. 28",
        ],
    ),
    (
        "listen-to-survivors",
        "attorney-general",
        [
            "standard and regular practice",
            "written policies and procedures",
            "standardized complaint process",
            "34 U.S.C. 20713(a)",
            "34 U.S.C. 20713(b)(1)",
        ],
    ),
    ("listen-to-survivors", "homeland-security", ["6 U.S.C. 645(b)(2)(C)", "standardized complaint process"]),
    (
        "re-examine-policing",
        "justice-and-homeland-security",
        [
            "structural racism",
            "mass incarceration",
            "mainly victims of color",
            "comprehensive examination",
            "free from all forms of racial bias and discrimination",
            "community organizing and outreach",
            "Black Lives Matter",
            "immigrant rights organizations",
            "The justice that takes priority",
        ],
    ),
    (
        "outreach-money-congress",
        "",
        ["the law that establishes the Blue Campaign", "6 U.S.C. 242", "has not earned this trust"],
    ),
    ("clear-records-congress", "", ["let survivors clear their records", "legal representation for survivors"]),
]


@pytest.mark.parametrize(("name", "to", "phrases"), WHOLE)
def test_a_letter_asks_all_that_the_statement_asks(name, to, phrases):
    letter = rehearse(CONFIG, name, to=to or None, ask=None, today=READ).letter
    shown = "\n".join((body(letter.written.body), *note_lines(letter.written)))

    assert [phrase for phrase in phrases if phrase not in shown] == []
    assert shown.startswith("On behalf of the Alliance to End Slavery and Trafficking (ATEST), a coalition of 12 ")
    assert CONFIG.coalition.about in shown
    assert any(paragraph.shape is Shape.ITEM for paragraph in letter.written.body)


def test_the_letter_with_all_asks_prints_the_text_of_each():
    shown = body(rehearse(CONFIG, "all-our-asks", to=None, ask=None, today=READ).letter.written.body)

    assert [number for number, ask in CONFIG.coalition.asks.items() if ask.text not in shown] == []


def test_the_continued_presence_letter_to_justice_does_not_ask_it_to_decide():
    shown = body(
        rehearse(CONFIG, "continued-presence", to="attorney-general", ask=None, today=READ).letter.written.body
    )

    assert "Agree with the Department of Homeland Security on a written standard" in shown
    assert "- Decide each application" not in shown


@pytest.mark.parametrize("ask", CONFIG.coalition.asks)
def test_what_an_ask_prints_cites_no_law_and_no_bill(ask):
    assert not [
        sign for sign in ("U.S.C", "§", "Public Law", "S.3240", "H.R.") if sign in CONFIG.coalition.asks[ask].text
    ]


@pytest.mark.parametrize("office", CONFIG.coalition.offices.values())
def test_an_office_is_greeted_by_its_title_and_not_by_its_department(office):
    assert "Homeland" not in office.salutation
    assert office.salutation.startswith("Dear ")
    assert office.salutation.endswith(":")
