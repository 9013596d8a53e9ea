"""Names are found however they are spelled, and nothing else is."""

from __future__ import annotations

import io
import random
import unicodedata
import zipfile

import pytest

from bot.outbox.files import ScanResult, scan_bytes
from bot.store.names import REDACTED, Names, fold, is_phone
from tests.kit.effort import lines_run, processor_limit

ZOE = "Zoë Kanärienvogel-Ørsted"


@pytest.mark.parametrize(
    "written",
    [
        ZOE,
        "Zoe Kanarienvogel-Orsted",
        "ZOË KANÄRIENVOGEL-ØRSTED",
        "zoe kanarienvogel orsted",
        unicodedata.normalize("NFD", ZOE),
        "Zoë  Kanärienvogel\u2011Ørsted",
        "Zoë\nKanärienvogel-Ørsted",
        "Zo\u00adë Kanärien\u200bvogel-Ørsted",
        "Zoë M. Kanärienvogel-Ørsted",
        "Kanärienvogel-Ørsted, Zoë",
        "Z. Kanarienvogel-Orsted",
    ],
)
def test_a_person_is_removed_in_every_spelling_and_nothing_around_them(written):
    assert Names((ZOE,)).taken_out(f"Ask {written}'s office.") == f"Ask {REDACTED}'s office."


@pytest.mark.parametrize("typed", ["Zoe Kanarienvogel-Orsted", unicodedata.normalize("NFD", ZOE)])
def test_a_name_that_is_given_without_accents_finds_the_one_with(typed):
    assert Names((typed,)).taken_out(f"by {ZOE}") == f"by {REDACTED}"


@pytest.mark.parametrize(
    "written",
    ["202 555 0147", "(202) 555-0147", "202.555.0147", "+1 202-555-0147", "1-202-555-0147", "+12025550147",
     "2025550147", "(202)555-0147", "202–555–0147", "+1 (202) 555 0147"],
)  # fmt: skip
@pytest.mark.parametrize("expected", ["+1 202 555 0147", "(202) 555-0147", "2025550147", "202-555-0147 ext. 12"])
def test_a_telephone_number_is_found_in_every_format(expected, written):
    assert Names((), (expected,)).taken_out(f"call {written}, or write") == f"call {REDACTED}, or write"


@pytest.mark.parametrize("other", ["2025550148", "12025550147000", "9202555014", "20255501470"])
def test_another_number_stays(other):
    assert Names((), ("+1 202 555 0147",)).taken_out(f"no. {other}.") == f"no. {other}."


@pytest.mark.parametrize(
    "text",
    [
        "Mariana Lopez",
        "Maria Lopezsky",
        "Maria and Jo Lopez",
        "Lopez",
        "Ms. Lopez",
        "B. Lopez",
        "Maria",
        "Lopez, Mario",
    ],
)
def test_another_person_stays(text):
    names = Names(("Maria Lopez",))
    assert names.taken_out(text) == text
    assert not names.are_in(text)


@pytest.mark.parametrize("typed", ['Sam "Birdie" O\'Sing', "Sam “Birdie” O’Sing"])
def test_a_name_with_quotation_marks_is_found_as_letters_print_it_and_as_it_was_typed(typed):
    names = Names([typed])
    for written in ('Sam "Birdie" O\'Sing', "Sam “Birdie” O’Sing"):
        assert names.taken_out(f"Signed, {written}.") == f"Signed, {REDACTED}."
        assert scan_bytes(f"Signed, {written}.".encode(), names) is ScanResult.NAMED


def test_a_surname_alone_is_listed_and_not_removed():
    names = Names(("Dr. Maria López, Jr.",))
    assert [names.surname_is_in(text) for text in ("Ms. Lopez called", "López", "Lopezsky", "Maria")] == [
        True, True, False, False,
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["Ana Maria Lopez", "by Ana María López,", "Lopez Maria Lopez"])
def test_a_person_with_a_longer_name_keeps_all_of_it(text):
    names = Names(("Maria Lopez",), spared=("Ana Maria Lopez", "Lopez Maria Lopez", "Maria Lopez", "Bo"))
    assert names.taken_out(text) == text
    assert names.taken_out(f"{text} and Maria Lopez") == f"{text} and {REDACTED}"


def test_their_own_name_in_another_spelling_is_not_another_person_s():
    names = Names(("Maria Lopez",), spared=("Maria G. Lopez", "López, María", "Mary Ann Maria Lopez"))
    assert names.taken_out("Maria G. Lopez; López, María; Mary Ann Maria Lopez") == (
        f"{REDACTED}; {REDACTED}; Mary Ann Maria Lopez"
    )


@pytest.mark.parametrize("text", ["5 May", "Maybe", "maya", '{"month": "in May"}'])
def test_one_short_word_is_a_name_only_by_itself(text):
    names = Names(("May",))
    assert names.taken_out(text) == text
    assert [names.taken_out(each) for each in ("May", '{"who":"May"}')] == [REDACTED, f'{{"who":"{REDACTED}"}}']


@pytest.mark.parametrize("name", ["A.......", "the.....", "and'''''", "........", "''''''''", ". . . ."])
def test_signs_make_a_word_no_longer(name):
    text = "It is a good beat, and the editor called. '''''''' ........"
    assert Names((name,), (name,)).taken_out(text) == text


@pytest.mark.parametrize("name", ["Published", "Open for Sign-on"])
def test_a_state_or_a_kind_is_no_name(name):
    assert Names((name,)).taken_out(name.lower()) == name.lower()
    assert Names((name,)).taken_out(name) == REDACTED


@pytest.mark.parametrize("text", ["https://x.org/the-office-for", "the-office@x.org", "on 2026-11-24, 09:00"])
def test_a_link_an_address_and_a_day_stay_whole(text):
    names = Names(("The Office", "2026-11-24", "Office for"), ("office@x.org",))
    assert names.taken_out(f"see {text}.") == f"see {text}."
    assert not names.are_in(text)


def test_a_key_is_found_inside_of_texts_but_not_inside_of_longer_keys():
    names = Names(keys=("ally:freedom-now", "U0CANARY"))
    assert names.taken_out("L-001, ally:freedom-now: signed") == f"L-001, {REDACTED}: signed"
    assert names.taken_out("ally:freedom-now-or-never U0CANARYBIRD") == "ally:freedom-now-or-never U0CANARYBIRD"
    assert names.taken_out("slack:T0HOME/U0CANARY") == f"slack:T0HOME/{REDACTED}"


def test_what_is_a_telephone_number():
    assert all(map(is_phone, ("+1 202 555 0147", "555-0147", "(202) 555-0147 ext. 9")))
    assert not any(map(is_phone, ("P-31", "Ann Lee", "jo2025550147@wire.example", "", "Room 2025550147")))


@pytest.mark.long
def test_hostile_text_costs_no_more_than_its_length():
    names = Names((ZOE, "Maria Lopez"), ("+1 202 555 0147",))
    text = ("maria " * 40_000) + ("2" * 200_000) + ("maria" + " " * 100_000) * 2
    with processor_limit(15):
        names.taken_out(text)


@pytest.mark.parametrize("name", [", Lee", "A -", "The ,"])
def test_a_name_of_one_word_and_signs_is_one_as_a_whole_text_alone(name):
    names = Names([name])
    assert names.taken_out(name) == REDACTED
    assert names.taken_out("A letter for the Lee, a - and more") == "A letter for the Lee, a - and more"


def test_a_text_without_the_name_is_folded_once_and_not_sign_by_sign():
    text = "Zoë Kanärienvogel und Jürgen Ørsted sangen. " * 1_000
    names = Names([ZOE])
    assert lines_run(lambda: (names.are_in(text), names.taken_out(text), names.surname_is_in(text))) < len(text) / 4


def test_a_text_is_folded_alike_as_a_whole_and_sign_by_sign():
    dice = random.Random(1)
    signs = [chr(number) for number in range(32, 0x3000) if unicodedata.category(chr(number)) != "Cn"]
    for _ in range(200):
        text = "".join(dice.choices(signs, k=60))
        text = "".join(sign for sign in text if not unicodedata.combining(sign) or fold(sign) == "")
        assert "".join(map(fold, text)) == fold(text)


def test_a_hostile_name_costs_no_more_than_its_length():
    text = f"see {chr(39) * 200}c jo b and " * 200
    with processor_limit(15):
        Names((f"{chr(39) * 60}b Jo", f"O{'.' * 60}b Jo"), ("'.\"" * 40,)).taken_out(text)


def packed(**parts: str | bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name.replace("_", "."), data)
    return made.getvalue()


WORD = (
    "<w:p><w:t>Signed: Maria</w:t></w:r><w:r><w:t xml:space='preserve'> Lopez</w:t></w:p><w:p><w:t>Director</w:t></w:p>"
)


@pytest.mark.parametrize(
    ("data", "look"),
    [
        (b"name,title\r\nMaria Lopez,Director\r\n", ScanResult.NAMED),
        (b"nobody", ScanResult.CLEAN),
        (packed(document_xml=WORD), ScanResult.NAMED),
        (packed(document_xml="<w:p>Somebody else</w:p>", image_png=b"\x89PNG\0"), ScanResult.CLEAN),
        (packed(letter_docx=packed(document_xml=WORD), letter_pdf=b"%PDF-1.7 \0"), ScanResult.NAMED),
        (packed(letter_docx=packed(document_xml="<p>x</p>"), letter_pdf=b"%PDF-1.7 \0"), ScanResult.CLEAN),
        (packed(letter_pdf=b"%PDF-1.7 \0"), ScanResult.CLOSED),
        (b"%PDF-1.7 \0", ScanResult.CLOSED),
        (b"\x1f\x8b\0\0\xff", ScanResult.CLOSED),
        (b"PK\x03\x04 and no more", ScanResult.CLOSED),
        (packed(a_zip=packed(b_zip=packed(c_zip=packed(d_txt="Maria Lopez")))), ScanResult.CLOSED),
    ],
)
def test_a_file_is_looked_into_whatever_it_is(data, look):
    assert scan_bytes(data, Names(("Maria Lopez",))) is look
