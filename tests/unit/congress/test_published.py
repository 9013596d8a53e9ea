"""The published files about Congress: read whole, or refused with the place that is wrong."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.congress.model import Chamber, Role, role_of
from bot.congress.sync import WrongSnapshot, from_path, public
from tests.kit.congress import (
    ACCENT,
    AS_OF,
    DELEGATE,
    HANK,
    NEWCOMER,
    SENATOR,
    SPEAKER,
    legislator,
    legislators,
    write_public,
)
from tests.kit.congress import public as snapshot


def by_number(n: int):
    return next(member for member in snapshot().members if member.bioguide == f"T{n:06}")


def refused(members: Any, committees: Any = (), membership: Any = None) -> str:
    with pytest.raises(WrongSnapshot) as wrong:
        public(members, list(committees), membership or {}, as_of=AS_OF, source="here")
    return str(wrong.value)


def test_a_member_is_who_they_are_in_their_last_term():
    member = by_number(ACCENT)
    assert (member.role, member.place, member.party) == (Role.REPRESENTATIVE, "NY-7", "Independent")
    assert (member.term_start, member.first_term) == (date(2025, 1, 3), date(2011, 1, 5))


def test_the_first_term_counts_in_the_chamber_of_today():
    moved = legislator(SENATOR, "sen", "NY", {"first": "Ada", "last": "Oak"})
    moved["terms"].insert(0, moved["terms"][0] | {"type": "rep", "start": "2019-01-03", "district": 1})
    stored = public([moved, *legislators()[1:]], [], {}, as_of=AS_OF, source="here").members[0]
    assert stored.first_term == date(2025, 1, 3)


def test_a_leader_is_one_whose_post_has_not_ended():
    assert by_number(SPEAKER).leads == "Speaker of the House"
    ended = legislators()
    ended[SPEAKER - 1]["leadership_roles"][1]["end"] = "2026-01-01"
    assert public(ended, [], {}, as_of=AS_OF, source="here").members[SPEAKER - 1].leads == ""


@pytest.mark.parametrize(
    ("state", "role"),
    [("NY", Role.REPRESENTATIVE), ("PR", Role.RESIDENT_COMMISSIONER)]
    + [(state, Role.DELEGATE) for state in ("AS", "DC", "GU", "MP", "VI")],
)
def test_who_has_no_vote_is_no_representative(state, role):
    assert role_of(Chamber.HOUSE, state) is role


def test_what_the_record_leaves_out_is_empty_and_nothing_is_invented():
    member = by_number(NEWCOMER)
    assert (member.room, member.official_full, member.leads) == ("", "", "")
    assert member.full_name == "Ida Ivy III"


def test_subcommittees_know_their_parent_and_seats_are_those_of_members():
    made = snapshot()
    sub = next(committee for committee in made.committees if committee.id == "HSJU10")
    assert (sub.parent, sub.chamber) == ("HSJU", Chamber.HOUSE)
    seats = [seat for seat in made.seats if seat.committee == "HSJU"]
    assert [seat.bioguide for seat in seats] == ["T000010", f"T{HANK:06}", f"T{ACCENT:06}", f"T{DELEGATE:06}"]


def test_the_day_must_be_known(tmp_path: Path):
    write_public(tmp_path)
    with pytest.raises(WrongSnapshot, match="--as-of"):
        from_path(tmp_path, None)
    assert from_path(tmp_path, AS_OF).as_of == AS_OF
    assert from_path(tmp_path / "legislators-current.json", AS_OF).members == snapshot().members


def test_too_few_members_are_not_congress():
    assert refused(legislators()[:400]) == "it has 400 members, 100 of them senators: that is not all of Congress"


def test_too_few_senators_are_not_congress():
    without = [member for member in legislators() if member["terms"][0]["type"] == "rep"]
    more = [legislator(900 + n, "rep", "NY", {"first": "A", "last": "B"}, district=1) for n in range(80)]
    assert "0 of them senators" in refused(without + more)


def test_a_member_who_is_there_twice_is_refused():
    assert refused([*legislators(), legislators()[HANK - 1]]) == "T000007 appears twice"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"id": {"bioguide": "../../etc"}}, "number 1: id.bioguide"),
        ({"terms": []}, "number 1: terms"),
        ({"name": {"first": "A", "last": "O\u202eak"}}, "cannot be printed"),
        ({"name": {"first": "A", "last": "x" * 301}}, "number 1: name.last"),
        ({"bio": {"gender": "other words"}}, "number 1: bio.gender"),
    ],
)
def test_one_odd_member_refuses_them_all_and_is_named(change, sentence):
    members = legislators()
    members[0] |= change
    assert sentence in refused(members)


@pytest.mark.parametrize("members", [None, {}, "text", [1], [["a"]]])
def test_what_is_no_list_of_members_is_refused(members):
    assert "legislators-current.json" in refused(members)


def test_a_committee_without_an_id_is_refused():
    assert "number 1: thomas_id" in refused(legislators(), [{"name": "Nobody's", "type": "house"}])


@pytest.mark.parametrize("text", ["<html>", "{", "[" * 100_000])
def test_what_is_not_json_is_refused_and_the_file_named(tmp_path, text):
    write_public(tmp_path)
    (tmp_path / "legislators-current.json").write_text(text)
    with pytest.raises(WrongSnapshot, match=r"legislators-current\.json is not JSON"):
        from_path(tmp_path, AS_OF)


def test_an_empty_folder_is_refused(tmp_path):
    with pytest.raises(WrongSnapshot, match="does not contain legislators-current"):
        from_path(tmp_path, AS_OF)
