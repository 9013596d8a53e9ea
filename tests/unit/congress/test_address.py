"""Forms of address: names as people bear them, titles as the guides have them, and nothing guessed."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.congress import address
from bot.congress.address import FORMS, FormsProblem
from bot.congress.directory import addressee
from bot.congress.model import Chamber, Committee, Member, Role, fold
from tests.kit.congress import (
    ACCENT,
    APPOINTED,
    CHAIR,
    COMMISSIONER,
    DELEGATE,
    HANK,
    NEWCOMER,
    ROOT,
    SENATOR,
    SENATOR_TOO,
    SPEAKER,
    TODAY,
    config,
    directory,
    holding,
    member,
)

US = config()
SENATE, HOUSE = ("United States Senate", "U.S. House of Representatives")


@pytest.fixture
def db(tmp_path: Path):
    return directory(tmp_path)


def greeted(db, id_: str, who=US) -> str:
    return addressee(db, who, id_, today=TODAY).salutation


@pytest.mark.parametrize(
    ("n", "salutation", "name"),
    [
        (SENATOR, "Dear Senator Oak-Ash:", "Senator Ada Oak-Ash"),
        (SPEAKER, "Dear Madam Speaker:", "Speaker Di Yew"),
        (DELEGATE, "Dear Delegate Pine:", "Delegate Ed Pine"),
        (COMMISSIONER, "Dear Resident Commissioner Álamo:", "Resident Commissioner Flor José Álamo"),
        (HANK, "Dear Representative Box:", 'Representative Gus C. "Hank" Box, Jr.'),
        (ACCENT, "Dear Representative Velázquez:", "Representative Zoë Velázquez"),
    ],
)
def test_a_member_is_greeted_by_what_they_are(db, n, salutation, name):
    who = addressee(db, US, member(n), today=TODAY)
    assert (who.salutation, who.name, who.missing) == (salutation, name, "")


def test_a_senator_s_envelope(db):
    block = ("The Honorable Ada Oak-Ash", SENATE, "1 Old House Office Building", "Washington, DC 20510")
    assert addressee(db, US, member(SENATOR), today=TODAY).block == block


def test_what_the_record_lacks_is_left_out_and_listed(db):
    who = addressee(db, US, member(NEWCOMER), today=TODAY)
    assert who.block == ("The Honorable Ida Ivy III", HOUSE, "Washington, DC 20515")
    assert who.missing == (
        "The record gives no office room for Ida Ivy III. "
        'The record gives no official full name: "Ida Ivy III" is first and last name.'
    )


def test_a_chair_and_a_ranking_member_of_a_committee(db):
    chair = addressee(db, US, "chair:SSJU", today=TODAY)
    assert chair.block == (
        "The Honorable Ada Oak-Ash", "Chair, Committee on the Judiciary", SENATE, "Washington, DC 20510",
    )  # fmt: skip
    assert chair.salutation == "Dear Chair Oak-Ash:"
    assert chair.name == "Senator Ada Oak-Ash, Chair of the Senate Committee on the Judiciary"
    assert greeted(db, "ranking:HSJU") == "Dear Ranking Member Box:"


def test_a_delegate_who_leads_a_subcommittee_is_still_a_delegate_in_a_sentence(db):
    ranking = addressee(db, US, "ranking:HSJU10", today=TODAY)
    assert ranking.block[1:3] == (
        "Ranking Member, Subcommittee on the Constitution, Courts, and Records", "Committee on the Judiciary",
    )  # fmt: skip
    assert ranking.name == (
        "Delegate Ed Pine, Ranking Member of the Subcommittee on the Constitution, Courts, and Records, "
        "House Committee on the Judiciary"
    )


def test_a_subcommittee_that_is_called_so_is_not_called_so_twice(db):
    assert "Chair, Permanent Subcommittee on Inquiries" in addressee(db, US, "chair:SSGA01", today=TODAY).block


@pytest.mark.parametrize(
    ("ids", "salutation"),
    [
        (("chair:HSJU", "ranking:HSJU"), "Dear Chair Elm and Ranking Member Box:"),
        (
            ("chair:HSJU10", "chair:SSJU", "ranking:HSJU10", "ranking:SSJU"),
            "Dear Chairs Velázquez and Oak-Ash and Ranking Members Pine and Elm:",
        ),
        ((member(SENATOR), member(SENATOR_TOO)), "Dear Senators Oak-Ash and Elm:"),
        ((member(SENATOR), member(SENATOR_TOO), member(APPOINTED)), "Dear Senators Oak-Ash, Elm, and Fir:"),
        ((member(SENATOR), "chair:HSJU", member(DELEGATE)), "Dear Senator Oak-Ash, Chair Elm, and Delegate Pine:"),
        ((member(SENATOR_TOO), member(CHAIR)), "Dear Senator Bo Elm and Representative Jo Elm:"),
        ((member(SPEAKER), "office:law"), "Dear Speaker Yew and Attorney General:"),
        (("office:trees", "office:lakes"), "Dear Directors:"),
        (("chair:HSJU", "chair:HSJU"), "Dear Chair Elm:"),
    ],
)
def test_several_are_greeted_together(db, ids, salutation):
    assert greeted(db, f"joint:{'+'.join(ids)}") == salutation


def test_a_joint_letter_s_envelope_and_sentence(db):
    both = addressee(db, US, "joint:chair:HSJU+office:law", today=TODAY)
    assert both.block == (
        "The Honorable Jo Elm", "Chair, Committee on the Judiciary", HOUSE, "Washington, DC 20515", "",
        "Attorney General of the United States", "Department of Law",
    )  # fmt: skip
    assert both.name == (
        "Representative Jo Elm, Chair of the House Committee on the Judiciary, and the Attorney General"
    )
    assert both.as_of == date(2026, 6, 15)


def test_an_office_without_a_holder_is_addressed_alone(db):
    office = addressee(db, US, "office:trees", today=TODAY)
    assert (office.block[0], office.salutation, office.as_of) == ("Director", "Dear Director:", None)


@pytest.mark.parametrize(
    ("holder", "block", "salutation"),
    [
        ({"form": "head"}, ("The Honorable Jane Q. Doe, Jr.", "Director"), "Dear Director Doe:"),
        ({"form": "official"}, ("Jane Q. Doe, Jr.", "Director"), "Dear Director Doe:"),
        (
            {"form": "secretary", "gender": "F"},
            ("The Honorable Jane Q. Doe, Jr.", "Director"),
            "Dear Madam Secretary:",
        ),
        ({"form": "secretary"}, ("The Honorable Jane Q. Doe, Jr.", "Director"), "Dear Secretary Doe:"),
        ({"acting": True, "gender": "F"}, ("The Honorable Jane Q. Doe, Jr.", "Acting Director"), "Dear Ms. Doe:"),
        ({"acting": True}, ("The Honorable Jane Q. Doe, Jr.", "Acting Director"), "Dear Director:"),
    ],
)
def test_a_holder_is_greeted_as_the_office_is_and_no_gender_is_guessed(db, holder, block, salutation):
    who = addressee(db, holding(US, "trees", **holder), "office:trees", today=TODAY)
    assert who.block == (*block, "Office of Trees", "Washington, DC 20000")
    assert (who.salutation, who.as_of) == (salutation, date(2026, 6, 1))


def test_the_attorney_general_is_never_a_general(db):
    for gender, text in (
        ("M", "Mr. Attorney General"),
        ("F", "Madam Attorney General"),
        (None, "Attorney General Doe"),
    ):
        law = holding(US, "law", form="attorney-general", gender=gender)
        assert greeted(db, "office:law", law) == f"Dear {text}:"


def test_an_acting_officeholder_is_called_acting(db):
    acting = addressee(db, holding(US, "trees", acting=True), "office:trees", today=TODAY)
    assert acting.name == "Jane Q. Doe, Jr., Acting Director, Office of Trees"


def test_a_form_that_is_not_there_is_named(db):
    with pytest.raises(FormsProblem, match=r'no form "boss", which offices.trees.holder names'):
        address.of_office(address.forms(ROOT), "trees", holding(US, "trees", form="boss").coalition.offices["trees"])


@pytest.mark.parametrize(
    ("old", "new", "text"),
    [
        ("Senator {full_name}", "{full_name.__class__}", "is not a field"),
        ("Senator {full_name}", "{whole_name}", '"{whole_name}" is not a field'),
        ("plural: Senators", "plural: [Senators", "cannot be used"),
        ("  senator:", "  senators:", "senator"),
    ],
)
def test_a_slip_in_the_forms_is_named(tmp_path, old, new, text):
    file = tmp_path / FORMS
    file.parent.mkdir(parents=True)
    shutil.copy(ROOT / FORMS, file)
    file.write_text(file.read_text().replace(old, new, 1))
    with pytest.raises(FormsProblem) as problem:
        address.forms(tmp_path)
    assert text in str(problem.value)


def test_a_missing_file_of_forms_is_named(tmp_path):
    with pytest.raises(FormsProblem, match=r"forms_of_address.yml cannot be read"):
        address.forms(tmp_path)


ANN = Member(
    bioguide="L000001", first="Ann", last="Lee", role=Role.REPRESENTATIVE, state="WY", district=0,
    term_start=date(2025, 1, 3), term_end=date(2027, 1, 3),
)  # fmt: skip


@pytest.mark.parametrize(
    ("change", "full", "surname"),
    [
        ({"suffix": "Jr."}, "Ann Lee, Jr.", "Lee"),
        ({"suffix": "IV"}, "Ann Lee IV", "Lee"),
        ({"last": "De La Cruz", "official_full": "Ann De La Cruz"}, "Ann De La Cruz", "De La Cruz"),
        ({"last": "Hernández Rivera", "official_full": "Ann J. Hernández"}, "Ann J. Hernández", "Hernández"),
        ({"last": "Roe", "official_full": "Somebody Else"}, "Somebody Else", "Roe"),
    ],
)
def test_full_name_and_surname(change, full, surname):
    who = replace(ANN, **change)
    assert (who.full_name, who.surname) == (full, surname)


def test_a_senator_has_no_district():
    assert ANN.place == "WY"
    assert not ANN.serves(date(2027, 1, 3))
    assert ANN.serves(date(2027, 1, 2))


def test_a_joint_committee_keeps_its_name():
    joint = Committee(id="JSEC", name="Joint Economic Committee", chamber=Chamber.JOINT)
    chair = address.of_leader(address.forms(ROOT), ANN, joint, None, TODAY, ranking=False).alone
    assert chair.block[1] == "Chair, Joint Economic Committee"


def test_names_are_compared_without_accents_dots_and_case():
    assert fold("O’Róurke, J. D. Hyde-Smith") == ("orourke", "j", "d", "hyde", "smith")
