"""What may identify a person in free text that people type, in English and Spanish.

`typed_details.jsonl` was labeled by people who did not write the rule; nothing in it belongs to anyone. The other
sets are by four writers who had never seen a rule. At first sight the models and patterns of the day noticed 16 of 20
details in half of `typed_second_sight.jsonl` and asked about 3 of 20 other texts; in `typed_third_sight.jsonl` 39 of 60
and 10 of 60; in `typed_fourth_sight.jsonl` 35 of 50 and 5 of 50; in `typed_fifth_sight.jsonl` 37 of 50 and 4 of 50. The
models learn from all of them now, and the author of the patterns has read all, so these tests are no first sight. Of
`typed_set_aside.jsonl` nobody has: there they notice 44 of 50 details and ask about 4 of 50 other texts.
"""

import json
import textwrap
from pathlib import Path

import pytest

from bot.people import pii
from tests.kit.board import CONFIG

ITEMS = [json.loads(line) for line in Path(__file__).with_name("typed_details.jsonl").read_text("utf-8").splitlines()]


def signs(text):
    return pii.signs(text, CONFIG.coalition)


@pytest.mark.parametrize("kind", sorted({item["kind"] for item in ITEMS if item["kind"]}))
def test_of_each_kind_of_labeled_details_nineteen_of_twenty_are_noticed(kind):
    texts = [item["text"] for item in ITEMS if item["kind"] == kind]
    missed = [text for text in texts if not signs(text)]

    assert len(missed) <= 0.05 * len(texts), missed


def test_of_the_labeled_harmless_texts_at_most_one_in_twenty_is_asked_about():
    texts = [item["text"] for item in ITEMS if not item["kind"]]
    asked = [(text, signs(text)) for text in texts if signs(text)]

    assert len(texts) >= 15
    assert len(asked) <= 0.05 * len(texts), asked


@pytest.mark.parametrize("name", ["second", "third", "fourth", "fifth"])
def test_of_another_writer_nineteen_of_twenty_details_are_noticed(name):
    lines = Path(__file__).with_name(f"typed_{name}_sight.jsonl").read_text("utf-8").splitlines()
    items = [json.loads(line) for line in lines]
    noticed = [item["withhold"] for item in items if signs(item["text"])]

    assert len(items) >= 80
    assert noticed.count(True) >= 0.475 * len(items)
    assert noticed.count(False) <= 0.025 * len(items)


def test_of_texts_that_nothing_was_learned_from_most_details_are_noticed():
    lines = Path(__file__).with_name("typed_set_aside.jsonl").read_text("utf-8").splitlines()
    items = [json.loads(line) for line in lines]
    noticed = [item["withhold"] for item in items if signs(item["text"])]

    assert len(items) == 100
    assert noticed.count(True) >= 44
    assert noticed.count(False) <= 4


def test_a_name_that_is_known_to_be_of_another_is_no_sign():
    text = "Zebulon Quillfeather called from the newsroom"
    assert signs(text) == ["a person's name"]
    assert pii.signs(text, CONFIG.coalition, ("Zebulon Quillfeather",)) == []


def test_a_table_of_signers_is_no_list_of_people_to_protect():
    assert signs("".join(f"Harbor Legal Aid {n},Rosa Martinez,Director,form\n" for n in range(2_000))) == []


IDENTIFIES = (
    "Medicaid 123456789A",
    "student id 4417",
    "DCF case 18-2231",
    "passport no. 548213990 was taken",
    "Her passport number is X1234567",
    "Passport: AB1234567",
    "HMIS #4471902",
    "HMIS ID 2019-55831",
    "client number 88213",
    "the client we shelter is Rosa Martinez",
    "Rosa Martinez, whom we shelter, needs a lawyer",
    "Rosa Martinez is staying with us",
    "A-number 201 555 012",
    "her A-number is A201555012",
    "receipt number MSC2190012345",
    "recibo IOE0912345678",
    "plate 7ABC123",
    "license plate KLM-4821",
    "The van had Texas plates JKR 4410",
    "driver’s license D1234567",
    "DL# S530-4201-9922",
    "bank account 000123456789",
    "cuenta bancaria 0123456789",
    "card number 4111 1111 1111 1111",
    "MRN 00482211",
    "medical record number 55-10293",
    "patient ID: 447812",
    "Her son attends Lincoln Elementary School",
    "La niña estudia en la escuela Benito Juárez",
    "she is a student at Roosevelt Middle School",
    "nació el 3 de marzo de 2008",
    "fecha de nacimiento: 03/03/2008",
    "vive en la calle Roble 1420",
    "lives at 1420 Oak Street, apt 4",
    "teléfono 555 123 4567",
    "su celular es 5551234567",
    "Número de seguro social 123-45-6789",
    "SSN: 123 45 6789",
    "denuncia 2024-55812",
    "police report number 24-118392",
    "Nuestra clienta, Lucía Pop, fue vendida",
    "Representamos a Juana Tzul en su caso de visa T",
    "La sobreviviente se llama Marta Coc",
    "our minor client, Jayla Reed, is 15",
    "Her trafficker sold Jayla Reed at 14",
    "Medicaid ID 7788123456",
    "número A 201-555-012",
    "inmate number 88123-054",
    "Zelle 5551234567",
    "EAD card number LIN2190012345",
    "her email is rosa98@mail.example",
    "case 2:23-cv-00412, our client Jane",
    "pasaporte guatemalteco 239914882",
    "CURP GOMA980303MDFRRN09",
    "INE 1234567890123",
    "ella se aloja con nosotras, se llama Ana",
    "Juvenile case JV-24-00915 was sealed in May",
    "expediente 731/2024 del juzgado familiar",
    "They pick her up after school, she's 14, near the depot",
    "i am 12 and nobody believes me",
    "Él tiene 9 años y duerme en el taller",
)
HARMLESS = (
    "Call 1-800-843-5678 for help.",
    "The passport fee is $165 for adults.",
    "Visa processing took 19 months in fiscal year 2026.",
    "T visas are capped at 5,000 a year; receipts rose.",
    "Section 1595 of title 18 applies.",
    "The account of the hearing is on page 12.",
    "License plates readers are used in 38 states.",
    "The school year begins on August 24, 2026.",
    "Congress enrolled the bill on January 23, 2026.",
    "Medical records must be kept for 6 years under 45 CFR 164.316.",
    "The Secretary attended Georgetown.",
    "La ley entró en vigor el 23 de enero de 2026.",
    "El expediente está abierto hasta el 5 de enero de 2027.",
    "We represent survivors in 12 states.",
    "Students need identification to travel.",
    "Our members assist 4,500 clients a year.",
    "Docket No. DOJ-OVC-2026-0001 is open.",
    "The bank account rule, 31 CFR 1020.220, requires identification.",
    "Executive Director Gail Sorensen was asked to testify.",
    "HMIS data show 12,500 people in 2025.",
    "Passport Services issued 24,000,000 books in 2025.",
    "Public Law 106-386, 114 Stat. 1464",
    "OMB No. 1121-0329 expires 11/30/2027",
    "Assistance Listing 16.320; award 15POVC-23-GG-00912",
    "Representamos a doce organizaciones.",
    "Pub. L. 117-347; S. 3949; 136 Stat. 6199",
    "Wire the grant by January 31, 2027.",
    "CVRA, 18 U.S.C. 3771; see 28 CFR 94.115",
    "Senator Hale attends Senate High Table.",
    "The child attends hearings only with counsel.",
    "The caseload rose to 24118 in 2025.",
    "La víctima tiene derecho a un abogado.",
    "She was 1 of 40 witnesses; he is 5 for 5 in appeals.",
    "The file is S-2024-118 pages long.",
    "El expediente 2024 cierra el viernes.",
)


def test_a_detail_that_identifies_a_person_is_noticed():
    assert [text for text in IDENTIFIES if not signs(text)] == []


def test_figures_and_laws_are_no_details_of_a_person():
    assert [text for text in HARMLESS if signs(text)] == []


@pytest.mark.parametrize(
    "pasted",
    [
        *(lambda text, hyphen=hyphen: text.replace("-", hyphen) for hyphen in "‐‑‒–−"),
        *(lambda text, blank=blank: text.replace(" ", blank) for blank in "\t\u00a0\u202f"),
        lambda text: text.replace("e", "e\u00ad"),
        lambda text: "\n".join(textwrap.wrap(f"We met on Tuesday and spoke for more than an hour. {text}", 72)),
    ],
)
def test_what_is_pasted_from_a_document_is_asked_about_like_what_is_typed(pasted):
    texts = [item["text"] for item in ITEMS if item["kind"] and signs(item["text"])]
    missed = [text for text in texts if not signs(pasted(text))]

    assert len(missed) <= 0.05 * len(texts), missed
