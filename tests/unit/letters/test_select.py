"""Picking addressees by a list: each item is understood or named, and nobody is picked by a guess."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.commands.model import Refused
from bot.config.coalition import Office
from bot.congress import records
from bot.letters.recipients import select
from tests.kit import stores
from tests.kit.congress import (
    ACCENT,
    APPOINTED,
    CHAIR,
    COMMISSIONER,
    DELEGATE,
    HANK,
    NOW,
    SENATOR,
    SENATOR_TOO,
    config,
    directory,
    member,
)

US = config()


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory):
    return directory(tmp_path_factory.mktemp("congress"))


def picked(db, text: str) -> list[str]:
    return select(db, US, text, now=NOW)[0]


def not_understood(db, text: str) -> str:
    with pytest.raises(Refused) as why:
        select(db, US, text, now=NOW)
    return why.value.what


JUDICIARY = [member(n) for n in (HANK, DELEGATE, ACCENT, CHAIR)]


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
        ("Jo Elm; Bo Elm", [member(SENATOR_TOO), member(CHAIR)]),
        ("NY-7", [member(ACCENT)]),
        ("Sen. Oak-Ash, Rep. Jo Elm", [member(SENATOR), member(CHAIR)]),
        ("House from the Puerto Rico", [member(COMMISSIONER)]),
        ("House from Guam", [member(DELEGATE)]),
        ("House from Puerto Rico", [member(COMMISSIONER)]),
        ("trees", ["office:trees"]),
        ("the Director, Office of Trees", ["office:trees"]),
        ("the Director, Office of Trees, Oak-Ash", ["office:trees", member(SENATOR)]),
        ("chair:HSJU, member:T000001", ["chair:HSJU", member(SENATOR)]),
        ("Senate Judiciary", [member(n) for n in (SENATOR_TOO, SENATOR, APPOINTED)]),
        ("members of the Senate Committee on the Judiciary", [member(n) for n in (SENATOR_TOO, SENATOR, APPOINTED)]),
        ("committee:HSJU", JUDICIARY),
        ("House Judiciary Constitution subcommittee", [member(DELEGATE), member(ACCENT)]),
        ("The Constitution, Courts, and Records", [member(DELEGATE), member(ACCENT)]),
        ("House Judiciary except Zoë Velázquez, Jo Elm", [member(HANK), member(DELEGATE)]),
        ("chair:HSJU, chair:SSJU except Oak-Ash", ["chair:HSJU"]),
        ("Velázquez, Oak-Ash except senators from NY", [member(ACCENT)]),
    ],
)
def test_a_list_selects_its_addressees(db, text, ids):
    assert sorted(picked(db, text)) == sorted(ids)


def test_a_list_that_ends_with_jointly_is_one_letter(db):
    assert picked(db, "Velázquez, Oak-Ash jointly") == [f"joint:{member(SENATOR)}+{member(ACCENT)}"]
    assert picked(db, "Velázquez, jointly") == [member(ACCENT)]


def test_chambers_and_states(db):
    everybody = records.members(db)
    assert len(picked(db, "Senate")) == 100
    assert len(picked(db, "the House")) == len(picked(db, "representatives")) == len(everybody) - 100
    assert picked(db, "House, Senate") == [f"member:{each.bioguide}" for each in everybody]
    from_ny = [f"member:{m.bioguide}" for m in everybody if m.role == "Senator" and m.state == "NY"]
    assert from_ny[:2] == [member(SENATOR_TOO), member(SENATOR)]
    assert (
        picked(db, "NY senators") == picked(db, "senators from New York") == picked(db, "senators from ny") == from_ny
    )


@pytest.mark.parametrize("nobody", ["senate:zz", "house:ny", "committee:NOPE"])
def test_an_id_of_nobody_is_set_aside_and_named(db, nobody):
    ids, set_aside = select(db, US, f"{member(SENATOR)}, {nobody}", now=NOW)

    assert ids == [member(SENATOR)]
    assert nobody in set_aside[0]


def test_a_second_state_alone_adds_nobody_and_is_named(db):
    ids, set_aside = select(db, US, "senators from NY, NJ", now=NOW)

    assert ids == picked(db, "senators from NY")
    assert set_aside[0].startswith('"NJ" is not an office')


def test_addressees_are_unique_and_in_the_directory_s_order(db):
    assert picked(db, "Velázquez, Oak-Ash, Senate Judiciary, NY-7, Oak-Ash") == [
        member(SENATOR_TOO), member(SENATOR), member(APPOINTED), member(ACCENT),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Elm", '"Elm" fits 2 addressees: Senator Bo Elm · NY (member:T000002); Representative Jo Elm'),
        ("Nobody", '"Nobody" is not an office, a chamber'),
        ("senators from Narnia", '"senators from Narnia" is not an office, a chamber'),
        ("House Judiciary except Elm", '"Elm" fits 2 addressees'),
        ("senators from .", '"senators from ." is not an office, a chamber'),
        ("House except Velázquez; senators from NY", '"senators from NY" after "except" is not among those before it.'),
        ("House Judiciary except Oak-Ash", '"Oak-Ash" after "except" is not among those before it.'),
        ("JUDICIARY", '"JUDICIARY" fits 2 addressees: House Committee on the Judiciary: a letter to each'),
        ("NY-99", '"NY-99" is not an office, a chamber'),
        ("House Security", '"House Security" fits 2 addressees: House Committee on Homeland Security: a letter'),
        ("Elm, Jo", '"Elm" fits 2 addressees'),
        ("Velázquez except Nobody", '"Nobody" is not an office, a chamber'),
        ("Oak-Ash, Elm", '"Elm" fits 2 addressees'),
        ("Velázquez except Velázquez", "leaves no one to write to"),
        ("cosponsors of S.3240", '"S.3240" is not a bill with its Congress. Write it as "HR1234-119".'),
        ("", 'Name an addressee: "Gillibrand"'),
        (" ,; ", 'Name an addressee: "Gillibrand"'),
        ("x" * 1001, "longer than 1000 characters"),
        ("a and not", "is not an office, a chamber"),
    ],
)
def test_an_unclear_phrase_is_refused_with_the_reason(db, text, sentence):
    assert sentence in not_understood(db, text)


def test_an_unknown_item_of_a_list_is_set_aside_and_reported(db):
    ids, set_aside = select(db, US, "Oak-Ash, Nobody, NY-99, trees", now=NOW)

    assert sorted(ids) == sorted(("office:trees", member(SENATOR)))
    assert [why.partition(" are ")[0] for why in set_aside] == ['"Nobody" and "NY-99"']


AGENCIES = {
    "labor": ("the Secretary of Labor", "U.S. Department of Labor", None),
    "wages": ("the Administrator, Wage Division", "WHD", "labor"),
    "homeland": ("the Secretary of Homeland Security", "U.S. Department of Homeland Security", None),
    "cbp": ("the Commissioner, Customs and Borders", "CBP", "homeland"),
    "customs-police": ("the Director, Customs Enforcement", "ICE", "homeland"),
    "elms": ("the Administrator, Elm Box Service", "Elm Box Service", None),
}


def with_agencies():
    offices = {
        id_: Office(name=name, also=(also,), block=("Head", "Washington"), salutation="Dear Head:", part_of=above)
        for id_, (name, also, above) in AGENCIES.items()
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
    assert select(db, with_agencies(), text, now=NOW)[0] == [f"office:{office}"]


@pytest.mark.parametrize("text", ["House Homeland Security", "Homeland Security committee"])
def test_a_committee_named_as_one_is_not_the_agency(db, text):
    assert all(id_.startswith("member:") for id_ in select(db, with_agencies(), text, now=NOW)[0])


def test_an_agency_with_a_committee_s_name_is_not_left_out_in_its_place(db):
    with pytest.raises(Refused) as refused:
        select(db, with_agencies(), "House except Homeland Security", now=NOW)
    assert refused.value.what == '"Homeland Security" after "except" is not among those before it.'


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Customs", '"Customs" fits 2 addressees: the Commissioner, Customs and Borders (office:cbp)'),
        ("Box", '"Box" fits 2 addressees: the Administrator, Elm Box Service (office:elms); Representative'),
    ],
)
def test_an_ambiguous_word_is_refused(db, text, why):
    with pytest.raises(Refused) as refused:
        select(db, with_agencies(), text, now=NOW)
    assert why in refused.value.what


def test_a_name_close_to_an_office_is_suggested(db):
    with pytest.raises(Refused) as refused:
        select(db, with_agencies(), "the Secretery of Laber", now=NOW)
    assert "Did you mean the Secretary of Labor?" in refused.value.what


def test_without_a_directory_offices_can_be_picked_and_members_not(tmp_path: Path):
    empty = stores.create(tmp_path / "empty.db")
    assert select(empty, US, "trees", now=NOW)[0] == ["office:trees"]
    why = not_understood(empty, "Secretary of Oaks, Bureau of Elms")
    assert why.startswith('"Secretary of Oaks" and "Bureau of Elms" are not offices that the bot knows.')
    assert why.count("directory of Congress, public data that `coalition-bot directory sync` reads") == 1


def test_an_office_of_the_catalog_needs_no_line_in_the_file_and_comes_after_all_of_the_file(db):
    assert select(db, US, "Secretary of Agriculture", now=NOW)[0] == ["office:agriculture"]
    assert select(db, with_agencies(), "Homeland Security", now=NOW)[0] == ["office:homeland"]
