"""What may lead to a survivor is noticed in what people write, and policy letters are left in peace."""

from __future__ import annotations

import json
import re
from itertools import product

import pytest

from bot.letters.templates.template import names
from bot.people import pii
from tests.kit.board import CONFIG, ROOT
from tests.kit.effort import processor_limit

COALITION = CONFIG.coalition


def signs(text):
    return pii.signs(text, COALITION)


# A made-up set: every kind of identifier in the ways in which people write it. None belongs to anybody.
IDENTIFIERS = {
    "a phone number": (
        "212-555-0100", "(212) 555-0100", "212.555.0100", "+1 212 555 0100", "1-212-555-0100", "212 555 0100",
        "+44 20 7946 0958", "her cell is 2125550100", "call 5550100100", "whatsapp +52 55 1234 5678",
    ),
    "an email address": ("jane.doe@example.org", "j_doe+help@mail.example.com", "JANE@EXAMPLE.ORG"),
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
# Sentences that name a client without words such as "client Maria". All names are invented.
NAMED = (
    "Ana Lopez told us that she was forced to work without pay.",
    "A client of CAST, Rosa Martinez, was convicted of a crime her trafficker made her commit.",
    "Her name is Rosa Martínez and she is a survivor.",
    "Ana López told our case manager how she got away.",
    "ANA LOPEZ told us that she was forced to work.",
    "Rosa Martínez, 19, a former client, cannot rent an apartment.",
    "Rosa Martínez (our client) cannot rent an apartment.",
    "Rosa Martínez – a client – cannot rent an apartment.",
    "Rosa is one of our clients.",
    "Rosa Martinez is a trafficking survivor from Ohio.",
    "Rosa Martinez was trafficked at 14.",
    "Rosa Martinez, who was trafficked at 14, has no record of her own.",
    "Rosa, who was exploited for years, has no record.",
    "R.M. was trafficked for three years.",
    "R. Martinez was trafficked for three years.",
    "R.M., a survivor, has no record.",
    "We met the survivor R.M. in March.",
    "J. Doe had been sold for sex.",
    "Trafficked at 14, Rosa Martinez now has a record.",
    "Forced to steal, María de la Cruz was charged with theft.",
    "Her trafficker forced Maria to steal.",
    "The man who trafficked Rosa Martinez was never charged.",
    "We represent Rosa Martinez in her motion.",
    "Our attorneys represented María de la Cruz last year.",
    "We sheltered Rosa while she waited.",
    "His real name is Juan Pérez.",
    "She is called Thi and lives in Ohio.",
    "She goes by Joy.",
    "Rosa Martinez survived forced labor on a farm.",
    "Nguyễn Thị Hoa was trafficked to Texas.",
    "Our client, Zoë O’Neil, cannot work.",
    "Our client Álvaro Núñez cannot work.",
    "A survivor from our shelter in Tampa, Elena Petrova, wrote to us.",
    "Jane Roe confided to me that her employer kept her passport.",
    "Rosa Marti\u0301nez was trafficked at 14.",
    "Kyra (13) told our staff about the abuse.",
    "Last week Kyra, 13, called.",
)


@pytest.mark.parametrize("text", NAMED)
def test_a_survivor_who_is_named_in_any_order_is_noticed(text):
    assert "a person's name" in signs(text)
    assert "a person's name" in signs(f"Dear Director:\n\nWe write on the notice. {text} We ask you to act.")


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
    "Senator Jane Roe told us that she would support the bill. Representative John Roe said so in Congress.",
    "The Attorney General told our members that he had forced no one to sign. Congress was forced to act.",
    "In Ohio victims were trafficked; in New York City women were exploited on farms near Immokalee.",
    "Polaris is a member. CAST represents survivors. Free the Slaves was founded by Kevin Bales.",
    "Trafficked people need counsel. Forced Labor Enforcement Task Force members met on Monday.",
    "We represent twelve organizations. We help people in Los Angeles County and in New York.",
    "The program was named for a senator. Its name is the Enhanced Collaborative Model.",
    "Exploited workers, Congress found, seldom call. Victims of trafficking, the Department wrote, come first.",
    "Every victim of crime in the District of Columbia, Puerto Rico, and Guam is covered.",
    "Medicaid paid for 42,000,000 people in 2024-2025; Medicare for more. The student identified 4417 cases.",
    "The directive (3), Section (12) and Public Law 119-73 list it. See Title 18, 13, and the case of 2024-2025.",
    "Each child deserves care; each victim in the United States has rights under 34 U.S.C. 20101.",
)


def test_the_words_of_policy_are_no_identifiers():
    assert [text for text in POLICY if signs(text)] == []


def test_the_shipped_letters_raise_no_alarm():
    for name in names(ROOT):
        text = (ROOT / "templates/letters" / name / "letter.j2").read_text(encoding="utf-8")
        assert signs(text) == [], name
    for ask in CONFIG.coalition.asks.values():
        assert signs(ask.text) == [], ask.title


def test_our_own_contact_is_no_survivor_s():
    media = COALITION.media_contact
    for ours in (COALITION.contact, COALITION.phone, media.phone, media.email):
        assert signs(f"Reach us at {ours}.") == []
    assert signs("Reach us at somebody@example.org.") == ["an email address"]


@pytest.mark.parametrize("ours", ["202\u2011555\u20110147", "202\u2013555\u20130147", "202-555-0147"])
def test_our_own_number_is_known_whatever_hyphen_is_in_it(ours):
    coalition = COALITION.model_copy(update={"phone": ours})
    for written in (ours, "202-555-0147", "202\u2013555\u20130147"):
        assert pii.signs(f"Call us at {written} to talk.", coalition) == []
    assert pii.signs(f"Call {ours} to talk.", COALITION) == ["a phone number"]
    assert pii.signs(f"Call {ours} to talk.", COALITION, usual=(ours,)) == []


@pytest.mark.long
def test_of_recorded_publications_at_most_one_in_twenty_is_asked_about(material):
    lines = (material / "federal_register/labelled.jsonl").read_text(encoding="utf-8").splitlines()
    texts = [" ".join(str(value) for value in json.loads(line).values() if isinstance(value, str)) for line in lines]
    prose = [re.sub(r"https?://\S+", "", text) for text in texts]
    asked = [text for text in prose if signs(text)]

    assert len(prose) > 50
    assert len(asked) / len(prose) <= 0.05, [(signs(text), text[:200]) for text in asked[:10]]


# For each sign the text that takes its pattern longest without being one.
HOSTILE = {
    "an email address": "1.",
    "an email address with an at": "a@a ",
    "a phone number": "+1 11 ",
    "a phone number in words": "call (((((((( 1 ",
    "an A-number": "A-1 ",
    "a Social Security number": "ssn 1 ",
    "a date of birth": "born on january 1 ",
    "a case number": "case report no. # ",
    "a home address": "lives at the house of 12 aaaaaaaaaa bbbbbbbb ",
    "a person's name": "Aa Aa Aa Aa Aa ",
    "a long name": "Aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "initials": "A.B.",
    "initials apart": "A. B. ",
    "a word for who is served": "client of a b c d e ",
    "a word for harm": "traffickaaaaaaaaaaa ",
    "a name that told": "Rosa told our very good staff who ",
    "a name and its clause": "Rosa, aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, was ",
    "an opening": "Forced aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa. ",
    "we helped": "we have now helped ",
    "combining accents": "a\u0301",
    "blanks": " ",
    "digits": "1",
}


@pytest.mark.long
@pytest.mark.parametrize("what", HOSTILE)
def test_two_megabytes_of_hostile_text_cost_little_even_in_one_piece(what, monkeypatch):
    monkeypatch.setattr(pii, "_PIECE", pii.MOST)
    with processor_limit(30):
        pii.signs(HOSTILE[what] * (2_000_000 // len(HOSTILE[what])), COALITION)


class Noting:
    """What looks through texts, and notes how long each was."""

    def __init__(self, looks, lengths):
        self._looks, self._lengths = looks, lengths

    def __getattr__(self, name):
        def look(*texts):
            self._lengths.append(len(texts[-1]))
            return getattr(self._looks, name)(*texts)

        return look


def test_no_single_step_holds_up_other_threads(monkeypatch):
    """The pieces are short, so that a text in one thread does not stop the event loop in another."""
    lengths, names = [], pii._names
    monkeypatch.setattr(pii, "_OFFICE", Noting(pii._OFFICE, lengths))
    monkeypatch.setattr(pii, "_SIGNS", {what: Noting(pattern, lengths) for what, pattern in pii._SIGNS.items()})
    numbered = {what: (words, Noting(pattern, lengths)) for what, (words, pattern) in pii._NUMBERED.items()}
    monkeypatch.setattr(pii, "_NUMBERED", numbered)
    monkeypatch.setattr(pii, "_names", lambda *given: Noting(names(*given), lengths))
    text = f"{' '.join(word for words, _ in numbered.values() for word in words)} "
    pii.signs(text * (60_000 // len(text)), COALITION)
    assert len(lengths) >= 3 * (len(pii._SIGNS) + len(numbered) + 2)  # what was seen is not looked for again
    assert max(lengths) < 17_000


@pytest.mark.long
def test_what_is_longer_than_is_checked_is_asked_about():
    assert pii.signs("word " * 60_000, COALITION) == []
    assert pii.signs("word " * 60_001, COALITION) == [pii.TOO_LONG]
