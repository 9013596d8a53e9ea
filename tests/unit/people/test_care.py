"""What may lead to a survivor is noticed in what people write, and policy letters are left in peace."""

from __future__ import annotations

import json
import re
from itertools import product

import pytest

from bot.letters.template import names
from bot.people.care import signs
from tests.board import CONFIG, ROOT

# A made-up set: every kind of identifier in the ways in which people write it. None belongs to anybody.
IDENTIFIERS = {
    "a phone number": (
        "212-555-0100", "(212) 555-0100", "212.555.0100", "+1 212 555 0100", "1-212-555-0100", "212 555 0100",
        "+44 20 7946 0958", "her cell is 2125550100", "call 5550100100", "whatsapp +52 55 1234 5678",
    ),
    "an e-mail address": ("jane.doe@example.org", "j_doe+help@mail.example.com", "JANE@EXAMPLE.ORG"),
    "an A-number": (
        "A123456789", "A 123 456 789", "A-123-456-789", "A#123456789", "A012345678", "her alien number is on file",
        "alien registration no. 123", "EAC2190012345", "IOE 0912345678", "A12345678",
    ),
    "a Social Security number": ("123-45-6789", "SSN 123456789", "social security number: 123 45 6789"),
    "a date of birth": (
        "born on 3 March 1998", "born March 3, 1998", "DOB 3/3/1998", "D.O.B.: 03-03-1998", "date of birth 1998-03-03",
        "birthday is 3/3/98", "date of birth: March 3rd, 1998", "born 3rd of March 1998",
    ),
    "a case number": (
        "1:21-cr-00345", "Case No. 2021-4567", "21-cr-345", "police report #20214567", "case number 2021-998877",
        "docket no. 21-4567", "incident report no. 12345",
    ),
    "a home address": (
        "she lives at 12 Main Street", "residing at 4501 N. Oak Avenue", "the shelter at 99 Elm Rd",
        "home address: 7 Lake View Drive", "he stays at 120 West 45th street",
    ),
    "a person's name": (
        "our client Maria", "my client, Ana Lopez", "the survivor Jane Doe", "survivor named Rosa",
        "a victim called Li",
        "our client is called Thi", "Maria Gomez, a survivor", "Maria is our client", "the victim, Elena",
        "a minor named Joy",
        "our survivor's name is Ada", "the girl named Amina", "patient (Sofia)", "my survivor Grace",
    ),
}  # fmt: skip
FRAMES = ("{}", "We learned last week that {} and more.", "Occasion: {}.", "Please see to it: {}, thank you", "\n{}\n")


def test_at_least_nineteen_of_twenty_identifiers_are_noticed_and_rightly_named():
    every = [
        (kind, frame.format(text)) for kind, texts in IDENTIFIERS.items() for text, frame in product(texts, FRAMES)
    ]
    missed = [text for kind, text in every if kind not in signs(text)]

    assert len(every) >= 300
    assert len(missed) / len(every) <= 0.05, missed


POLICY = (
    "The Trafficking Survivors Relief Act is Public Law 119-73 since January 23, 2026 (H.R. 4323).",
    "Section 307 of the Tariff Act (19 U.S.C. 1307) and 18 U.S.C. 1593A are hardly used today.",
    "Comment on Docket No. DOJ-OVC-2026-0001, RIN 1123-AA12, 91 FR 12345.",
    "The Office for Victims of Crime should fund victim services, and survivor leadership in every program.",
    "A survivor who fears arrest may not come. Survivors of trafficking need housing within 72 hours.",
    "The client Assistance Program and the victim Witness Act are cited on p. 120-125.",
    "Funding rose from $1,234,567 in 2020-2021 to 2,125,550,100 dollars in fiscal year 2024.",
    "Notice 2026-00001, published on November 24, 2026, closes on January 12, 2027.",
    "U.S. Department of Justice, 950 Pennsylvania Avenue, NW, Washington, DC 20530.",
    "Each child deserves care; each victim in the United States has rights under 34 U.S.C. 20101.",
)


@pytest.mark.parametrize("text", POLICY)
def test_the_words_of_policy_are_no_identifiers(text):
    assert signs(text) == []


def test_the_shipped_letters_raise_no_alarm():
    for name in names(ROOT):
        text = (ROOT / "templates/letters" / name / "letter.j2").read_text(encoding="utf-8")
        assert signs(text) == [], name
    for ask in CONFIG.coalition.asks.values():
        assert signs(ask.text) == [], ask.title


def test_our_own_contact_is_no_survivor_s():
    assert signs("Reach us at campaign@example.org.", "campaign@example.org") == []
    assert signs("Reach us at campaign@example.org.") == ["an e-mail address"]


def test_of_recorded_publications_at_most_one_in_twenty_is_asked_about(corpus):
    lines = (corpus / "federal_register/labelled.jsonl").read_text(encoding="utf-8").splitlines()
    texts = [" ".join(str(value) for value in json.loads(line).values() if isinstance(value, str)) for line in lines]
    prose = [re.sub(r"https?://\S+", "", text) for text in texts]
    asked = [text for text in prose if signs(text)]

    assert len(prose) > 50
    assert len(asked) / len(prose) <= 0.05, [(signs(text), text[:200]) for text in asked[:10]]


def test_a_long_text_is_looked_at_quickly():
    import time

    text = "the survivor said that A 12 and 212 555 and born on case no. lives at 1 " * 600
    started = time.perf_counter()
    signs(text)
    assert time.perf_counter() - started < 2
