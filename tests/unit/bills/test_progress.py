"""How far a bill has come, as stations, in words and as a picture."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.bills.commands import progress_png
from bot.bills.facts import member_name
from bot.bills.stage import State, Station, stations_of, stations_text
from bot.shared.bill_number import BillNumber
from bot.sources.congress.bill_steps import Step
from tests.kit.board import ROOT

DAY = date(2025, 7, 10)


def states(bill: str, *types: str, over: bool = False) -> str:
    happened = [Step(str(at), DAY, None, type_, type_) for at, type_ in enumerate(types)]
    return " ".join(
        f"{item.name}:{item.state.value}" for item in stations_of(BillNumber.of(bill), happened, over=over)
    )  # fmt: skip


@pytest.mark.parametrize(
    ("bill", "types", "over", "message"),
    [
        ("hr1-119", ("Introduced", "Passed House"), False,
         "Introduced:done Committee:passed over House:done Senate:not yet President:not yet Law:not yet"),
        ("s1-119", ("Introduced",), True,
         "Introduced:done Committee:never Senate:never House:never President:never Law:never"),
        ("s1-119", ("Introduced", "Reported", "Passed Senate", "Passed House", "Veto overridden", "Became law"), False,
         "Introduced:done Committee:done Senate:done House:done President:done Law:done"),
        ("hres5-119", ("Introduced", "Passed House"), False, "Introduced:done Committee:passed over House:done"),
        ("sconres5-119", ("Introduced", "Passed Senate"), False,
         "Introduced:done Committee:passed over Senate:done House:not yet"),
    ],
)  # fmt: skip
def test_each_kind_of_measure_has_its_own_way(bill, types, over, message):
    assert states(bill, *types, over=over) == message


def test_progress_is_given_in_words_too():
    stations = (Station("Introduced", State.DONE, DAY), Station("House", State.AHEAD))
    assert stations_text(stations) == "Introduced Thu 10 Jul 2025 → House (not yet)"


@settings(max_examples=10, deadline=None)  # each has its own process
@given(st.text(max_size=60))
def test_a_title_is_always_text(title):
    stations = (Station("Introduced", State.DONE, DAY), Station("Law", State.ENDED))
    assert progress_png(title, stations, ROOT)[:8] == b"\x89PNG\r\n\x1a\n"


def test_what_could_be_markup_is_drawn_and_not_obeyed():
    stations = (Station("Introduced", State.DONE, DAY),)
    plain, hostile = (progress_png(title, stations, ROOT) for title in ("x", '#panic("x") $x$ [*b*]'))
    assert plain != hostile


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("Rep. Fry, Russell [R-SC-7]", "Representative Russell Fry"),
        ("Sen. Casey, Robert P., Jr. [D-PA]", "Senator Robert P. Casey Jr."),
        ("Sen. Smith, Tina  [D-MN]", "Senator Tina Smith"),
        ("Del. Norton, Eleanor Holmes [D-DC-At Large]", "Delegate Eleanor Holmes Norton"),
        ("Resident Commissioner Colón, Jenniffer [R-PR-At Large]", "Resident Commissioner Jenniffer Colón"),
        ("Somebody else", "Somebody else"),
    ],
)  # fmt: skip
def test_a_members_name_is_written_as_in_letters(name, sentence):
    assert member_name(name) == sentence
