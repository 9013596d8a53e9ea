"""Picking addressees by a sentence: all of it is understood, or nobody is picked and the words are named."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.bills.model import BillFacts, Cosponsorship
from bot.config.coalition import Office
from bot.congress import records
from bot.letters.recipients.select import NotUnderstood, select
from bot.shared.bill_number import BillNumber
from tests.kit import stores
from tests.kit.congress import (
    ACCENT,
    APPOINTED,
    CHAIR,
    COMMISSIONER,
    DELEGATE,
    HANK,
    NAMESAKE,
    NOW,
    SENATOR,
    SENATOR_TOO,
    config,
    directory,
    member,
)

US = config()


def facts(bill_id: str, **change: Any) -> BillFacts:
    """Ash sponsors it, Velázquez and a former member cosponsor it, Pine has withdrawn."""
    sponsors = {
        "sponsor_id": f"T{NAMESAKE:06}",
        "cosponsors": {
            f"T{ACCENT:06}": Cosponsorship("Rep. Velázquez", date(2025, 3, 3)),
            f"T{DELEGATE:06}": Cosponsorship("Del. Pine", date(2025, 3, 3), date(2025, 4, 4)),
            "L000999": Cosponsorship("Rep. Left", date(2025, 3, 3)),
        },
    }
    return BillFacts(
        **{
            "bill": BillNumber.of(bill_id), "title": "An Act", "official_title": None, "sponsor": "Rep. Ash",
            "introduced": None, "law": "", "as_of": None, "source": "here",
        } | sponsors | change
    )  # fmt: skip


def about(db: Any, coalition: Any, bill_id: str, *, now: Any) -> BillFacts:
    return facts(bill_id)


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory):
    return directory(tmp_path_factory.mktemp("congress"))


def picked(db, text: str) -> list[str]:
    return list(select(db, US, text, now=NOW, about=about).ids)


def not_understood(db, text: str, about=about) -> str:
    with pytest.raises(NotUnderstood) as why:
        select(db, US, text, now=NOW, about=about)
    return why.value.why


_BOTH = (member(ACCENT), member(SENATOR))
JUDICIARY = [member(n) for n in (SENATOR_TOO, SENATOR, APPOINTED, HANK, DELEGATE, ACCENT, CHAIR)]


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("Oak-Ash", [member(SENATOR)]),
        ("senator oak-ash", [member(SENATOR)]),
        ("velazquez", [member(ACCENT)]),
        ("Zoë Velázquez", [member(ACCENT)]),
        ('Gus C. "Hank" Box, Jr.', [member(HANK)]),
        ("Hank Box", [member(HANK)]),
        ("Álamo", [member(COMMISSIONER)]),
        ("Álamo Rivera", [member(COMMISSIONER)]),
        ("Elm NY", [member(SENATOR_TOO)]),
        ("Jo Elm, Bo Elm", [member(SENATOR_TOO), member(CHAIR)]),
        ("NY-7", [member(ACCENT)]),
        ("PR", [member(COMMISSIONER)]),
        ("Puerto Rico", [member(COMMISSIONER)]),
        ("GU-0", [member(DELEGATE)]),
        ("delegates", [member(DELEGATE)]),
        ("trees", ["office:trees"]),
        ("the Director, Office of Trees", ["office:trees"]),
        ("trees, Oak-Ash", ["office:trees", member(SENATOR)]),
        ("chair:HSJU, member:T000001", ["chair:HSJU", member(SENATOR)]),
        ("Senate Judiciary", [member(n) for n in (SENATOR_TOO, SENATOR, APPOINTED)]),
        ("members of the Senate Committee on the Judiciary", [member(n) for n in (SENATOR_TOO, SENATOR, APPOINTED)]),
        ("JUDICIARY", JUDICIARY),
        ("Constitution, Courts, and Records", [member(DELEGATE), member(ACCENT)]),
        ("House Judiciary Constitution subcommittee", [member(DELEGATE), member(ACCENT)]),
        ("chairs of Judiciary", ["chair:HSJU", "chair:SSJU"]),
        ("the chair and ranking member of House Judiciary", ["chair:HSJU", "ranking:HSJU"]),
        ("Judiciary except Zoë Velázquez, Oak-Ash", [who for who in JUDICIARY if who not in _BOTH]),
        ("chairs of Judiciary except Oak-Ash", ["chair:HSJU"]),
        ("sponsor of HR4323-119", [member(NAMESAKE)]),
        ("cosponsors of H.R. 4323 (119th)", ["member:L000999", member(ACCENT)]),
        ("the sponsor and cosponsors of hr4323-119", ["member:L000999", member(ACCENT), member(NAMESAKE)]),
        ("Judiciary members who are cosponsors of HR4323-119", [member(ACCENT)]),
        ("Judiciary members who are not cosponsors of HR4323-119", [m for m in JUDICIARY if m != member(ACCENT)]),
        ("Oak-Ash but not senators from OH; delegates", [member(SENATOR), member(DELEGATE)]),
    ],
)  # fmt: skip
def test_a_phrase_selects_its_addressees(db, text, ids):
    assert sorted(picked(db, text)) == sorted(ids)


def test_both_chambers_are_the_whole_congress(db):
    assert picked(db, "House, Senate") == picked(db, "Congress") != []


def test_chambers_and_states(db):
    everybody = records.members(db)
    assert len(picked(db, "Senate")) == 100
    assert len(picked(db, "the House")) == len(everybody) - 100
    assert len(picked(db, "representatives")) == len(everybody) - 102
    assert picked(db, "congress") == [f"member:{each.bioguide}" for each in everybody]
    from_ny = [f"member:{m.bioguide}" for m in everybody if m.role == "Senator" and m.state == "NY"]
    assert from_ny[:2] == [member(SENATOR_TOO), member(SENATOR)]
    assert picked(db, "senators from New York") == picked(db, "senators from ny") == from_ny
    three = picked(db, "senators from NY, NJ, and CT")
    assert three == [id_ for id_ in picked(db, "Senate") if id_ in {*three}]
    assert set(three) > set(from_ny)


def test_addressees_are_unique_and_in_the_directory_s_order(db):
    assert picked(db, "Velázquez, Oak-Ash, Senate Judiciary, NY-7, Oak-Ash") == [
        member(SENATOR_TOO), member(SENATOR), member(APPOINTED), member(ACCENT),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Elm", '"Elm" fits 2 people: Senator Bo Elm (NY), Representative Jo Elm (OH-4).'),
        ("Nobody", '"Nobody" is not an office in coalition.yml, a state'),
        ("senators from Narnia", '"senators from Narnia" is not an office in coalition.yml, a state'),
        ("Judiciary except Elm", '"Elm" fits 2 people'),
        ("NY-99", "The directory has no one for NY-99: the seat may be vacant."),
        ("House Security", '"House Security" fits 2 committees: House Committee on Homeland Security; House Committee'),
        ("Elm, Jo", '"Elm" fits 2 people'),
        ("Velázquez except Nobody", '"Nobody" is not an office in coalition.yml, a state'),
        ("Oak-Ash, Elm", '"Elm" fits 2 people'),
        ("Velázquez except Velázquez", "leaves no one to write to"),
        ("cosponsors of S.3240", '"S.3240" is not a bill with its Congress. Write it as "HR1234-119".'),
        ("chairs of nothing", '"chairs of nothing" is not an office in coalition.yml, a state'),
        ("", 'Name an addressee: "Gillibrand"'),
        (" ,; ", 'Name an addressee: "Gillibrand"'),
        ("x" * 1001, "longer than 1000 characters"),
        ("a and not", "is not an office in coalition.yml, a state"),
    ],
)
def test_an_unclear_phrase_is_refused_with_the_reason(db, text, sentence):
    assert sentence in not_understood(db, text)


def test_a_bill_without_a_record_is_refused(db):
    def unknown(db: Any, coalition: Any, bill_id: str, *, now: Any) -> BillFacts:
        return facts(bill_id, cosponsors=None)

    assert not_understood(db, "cosponsors of HR1-119", unknown) == (
        "Who cosponsors H.R. 1 (119th) is not known: no source has its record."
    )


def test_an_unknown_item_of_a_list_is_set_aside_and_reported(db):
    selected = select(db, US, "Oak-Ash, Nobody, NY-99, trees", now=NOW, about=about)

    assert sorted(selected.ids) == sorted(("office:trees", member(SENATOR)))
    assert [why.partition(" is ")[0] for why in selected.set_aside] == [
        '"Nobody"',
        "The directory has no one for NY-99: the seat may be vacant.",
    ]


AGENCIES = {
    "labor": ("the Secretary of Labor", "U.S. Department of Labor", None),
    "wages": ("the Administrator, Wage Division", "U.S. Department of Labor", "labor"),
    "homeland": ("the Secretary of Homeland Security", "U.S. Department of Homeland Security", None),
    "cbp": ("the Commissioner, Customs and Borders", "1300 Labor Street", "homeland"),
    "customs-police": ("the Director, Customs Enforcement", "Homeland Security", "homeland"),
    "elms": ("the Administrator, Elm Box Service", "Elm Box Service", None),
}


def with_agencies():
    offices = {
        id_: Office(name=name, block=("Head", line), salutation="Dear Head:", part_of=above)
        for id_, (name, line, above) in AGENCIES.items()
    }
    return replace(US, coalition=US.coalition.model_copy(update={"offices": offices}))


@pytest.mark.parametrize(
    ("text", "office"),
    [
        ("Labor", "labor"), ("department of labor", "labor"), ("Wage Division", "wages"), ("wages", "wages"),
        ("Homeland Security", "homeland"), ("U.S. Department of Homeland Security", "homeland"),
        ("customs enforcement", "customs-police"),
    ],
)  # fmt: skip
def test_an_agency_s_word_picks_its_office_before_a_committee_of_that_name(db, text, office):
    assert select(db, with_agencies(), text, now=NOW, about=about).ids == (f"office:{office}",)


@pytest.mark.parametrize("text", ["House Homeland Security", "Homeland Security committee"])
def test_a_committee_named_as_one_is_not_the_agency(db, text):
    assert all(id_.startswith("member:") for id_ in select(db, with_agencies(), text, now=NOW, about=about).ids)


def test_a_committee_that_is_to_be_left_out_is_not_the_agency(db):
    all_ = select(db, with_agencies(), "House", now=NOW, about=about).ids
    committee = set(select(db, with_agencies(), "House Homeland Security", now=NOW, about=about).ids)

    assert (
        set(select(db, with_agencies(), "House except Homeland Security", now=NOW, about=about).ids)
        == {*all_} - committee
    )


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Customs", '"Customs" fits 2 offices: the Commissioner, Customs and Borders (cbp)'),
        ("Box", '"Box" is the Administrator, Elm Box Service and Representative'),
    ],
)
def test_an_ambiguous_word_is_refused(db, text, why):
    with pytest.raises(NotUnderstood) as refused:
        select(db, with_agencies(), text, now=NOW, about=about)
    assert why in refused.value.why


def test_a_name_close_to_an_office_is_suggested(db):
    with pytest.raises(NotUnderstood) as refused:
        select(db, with_agencies(), "the Secretery of Laber", now=NOW, about=about)
    assert "Did you mean the Secretary of Labor?" in refused.value.why


def test_without_a_directory_offices_can_be_picked_and_members_not(tmp_path: Path):
    empty = stores.create(tmp_path / "empty.db")
    assert select(empty, US, "trees", now=NOW, about=about).ids == ("office:trees",)
    why = not_understood(empty, "Secretary of Agriculture")
    assert why.startswith('"Secretary of Agriculture" is not an office in coalition.yml.')
    assert "found once `coalition-bot directory sync` has run" in why
