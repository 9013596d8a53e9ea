"""How far a bill has come, as stations, in words and as a picture."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.bills.facts import member_name
from bot.bills.progress import State, Station, place, stations_of, stations_text
from bot.shared.bill_number import BillNumber
from bot.shared.bill_record import Action, steps

DAY = date(2025, 7, 10)


RECEIVED, PASSED = "Received in the Senate.", "On passage Passed by the Yeas and Nays: 220 - 205."
S_PASSED, S_AMENDED = "Passed Senate by Voice Vote.", "Passed Senate with an amendment by Voice Vote."
LATER_MARKUP = "Committee on Finance. Ordered to be reported without amendment favorably."


def states(id_: str, *rows: str, today: date = DAY) -> str:
    bill = BillNumber.of(id_)
    happened = steps([Action(DAY + timedelta(at), text) for at, text in enumerate(rows)])
    at = place(bill, happened, today=today)
    return ", ".join(f"{item.name} {item.state.value}" for item in stations_of(bill, happened, at))


@pytest.mark.parametrize(
    ("bill", "rows", "expected"),
    [
        ("hr1-119", ("Introduced in House", PASSED),
         "Introduced done, House done, Senate not yet, President not yet, Law not yet"),
        ("hr1-119", ("Introduced in House", PASSED, RECEIVED, LATER_MARKUP),
         "Introduced done, House done, Senate not yet, President not yet, Law not yet"),
        ("hr1-119", ("Introduced in House", PASSED, S_AMENDED),
         "Introduced done, House done, Senate done, Agreement not yet, President not yet, Law not yet"),
        ("hr1-119", ("Introduced in House", PASSED, S_PASSED, "Vetoed by President."),
         "Introduced done, House done, Senate done, Vetoed done, Law not yet"),
        ("hr1-119", ("Introduced in House", "On passage Failed by recorded vote: 1 - 2."),
         "Introduced done, Committee never, House never, Senate never, President never, Law never"),
        ("hres5-119", ("Submitted in House", "On agreeing to the resolution Agreed to by voice vote."),
         "Introduced done, House done"),
        ("sconres5-119", ("Submitted in Senate", "Resolution agreed to in Senate by Voice Vote."),
         "Introduced done, Senate done, House not yet"),
    ],
)  # fmt: skip
def test_each_kind_of_measure_has_its_own_stations_and_none_that_it_passed_by(bill, rows, expected):
    assert states(bill, *rows) == expected


def test_the_stations_of_a_dead_bill_are_never_reached():
    dead = states("s1-119", "Introduced in Senate", today=date(2027, 1, 3))
    assert dead == "Introduced done, Committee never, Senate never, House never, President never, Law never"


def test_progress_is_given_in_words_too():
    stations = (Station("Introduced", State.DONE, DAY), Station("House", State.AHEAD))
    assert stations_text(stations) == "Introduced Thu Jul 10, 2025 → House (not yet)"


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
