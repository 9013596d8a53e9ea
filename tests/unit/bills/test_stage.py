"""Where a bill is, by the wording of its record (`stages.txt` has the traps of real rows), and how far it has come."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.bills.facts import member_name
from bot.bills.model import Place, is_over, status
from bot.bills.progress import State, Station, place, stations_of, stations_text
from bot.shared.bill_number import BillNumber
from bot.shared.bill_record import Action, steps
from tests.kit.stages import acts_next

STAGES = Path(__file__).with_name("stages.txt")
FIRST = date(2025, 7, 10)
IN_SESSION = date(2026, 6, 1)
NAMES = {
    "hsju00": "Judiciary Committee",
    "hsfa00": "Foreign Affairs Committee",
    "ssju00": "Judiciary Committee",
    "sscm00": "Commerce, Science, and Transportation Committee",
    "hsvr03": "Health Subcommittee",
}
H_REFERRED = "Referred to the House Committee on the Judiciary. [hsju00]"
H_TWICE = (
    "Referred to the Committee on the Judiciary, and in addition to the Committee on Foreign Affairs, for a period to "
    "be subsequently determined by the Speaker. [hsju00 hsfa00]"
)
REPORTED = "Reported by the Committee on Judiciary. H. Rept. 119-429. [hsju00]"
PART_I = "Reported (Amended) by the Committee on Judiciary. H. Rept. 119-429, Part I. [hsju00]"
UNION = "Placed on the Union Calendar, Calendar No. 536."
S_CALENDAR = "Placed on Senate Legislative Calendar under General Orders. Calendar No. 141."
H_PASSED = "On motion to suspend the rules and pass the bill Agreed to by voice vote."
S_PASSED = "Passed Senate without amendment by Unanimous Consent."
RECEIVED = "Received in the Senate."
VETOED = "Vetoed by President."
OVERRIDE_FAILED = "On passage, the objections of the President to the contrary notwithstanding Failed: 248 - 177."
BOTH = (H_PASSED, RECEIVED, S_PASSED)


def row(text: str, on: date) -> Action:
    """An action from `words [code code]`."""
    words, _, codes = text.partition(" [")
    committees = tuple((code, NAMES[code]) for code in codes.rstrip("]").split())
    return Action(on, words, committees=committees)


def at(bill: str, *rows: str, today: date = IN_SESSION, title: str = "") -> Place:
    """Where a bill is after these rows, each a day later than the one before it."""
    actions = [row(text, FIRST + timedelta(n)) for n, text in enumerate(rows)]
    return place(BillNumber.of(bill), steps(actions), title=title, today=today)


def outline(found: Place) -> str:
    passed = " ".join(found.passed) or "no chamber"
    return f"{found.stage} | in: {found.chamber or 'neither'} | passed: {passed} | next: {acts_next(found)}"


def cases() -> dict[tuple[str, tuple[str, ...]], tuple[str, str]]:
    """(outline, status) after the rows of a bill: each block of `stages.txt`."""
    result = {}
    for block in STAGES.read_text(encoding="utf-8").split("\n\n")[1:]:
        head, *rows, sentence = block.strip().split("\n")
        bill, _, expected = head.partition(": ")
        result[bill, tuple(text.strip() for text in rows)] = (expected, sentence.removeprefix("= "))
    return result


def outline_and_status(bill, rows):
    place = at(bill, *rows)
    return outline(place), status(place, BillNumber.of(bill))


def test_the_words_of_the_record_give_the_stage_who_acts_next_and_its_status():
    assert {case: outline_and_status(*case) for case in cases()} == cases()


def test_a_later_vote_beats_an_earlier_one():
    failed = "On agreeing to the resolution Failed by recorded vote: 196 - 223."
    assert at("hres1-119", failed, "On agreeing to the resolution Agreed to by voice vote.").stage == "agreed-simple"


def test_an_amendment_to_the_constitution_goes_to_the_states_and_not_to_the_president():
    title = "Proposing an amendment to the Constitution of the United States relative to balancing the budget."
    expected = "sent-to-states | in: neither | passed: House Senate | next: nobody"
    assert outline(at("hjres1-119", *BOTH, title=title)) == expected


@pytest.mark.parametrize(
    ("bill", "rows", "stage"),
    [
        ("hr1-119", (H_REFERRED,), "dead-with-congress"),
        ("hr1-119", (*BOTH, VETOED), "dead-with-congress"),
        ("hr1-119", (*BOTH, VETOED, OVERRIDE_FAILED), "override-failed"),
        ("hr1-119", BOTH, "passed-both-enrolling"),  # its record may show a day later that it was presented
        ("hr1-119", (*BOTH, "Presented to President."), "with-president"),
        ("hr1-119", (*BOTH, "Became Public Law No: 119-73."), "law"),
        ("hres1-119", ("On agreeing to the resolution Agreed to by voice vote.",), "agreed-simple"),
    ],
)
def test_what_is_not_done_dies_with_its_congress(bill, rows, stage):
    found = at(bill, *rows, today=date(2027, 1, 3))
    assert found.stage == stage
    assert acts_next(found) in ("nobody", "enrolling clerk", "President")


@pytest.mark.parametrize(
    ("rows", "last"),
    [
        ((), date(2027, 1, 2)),
        (BOTH, date(2027, 1, 14)),  # Sundays are the 3rd and the 10th
        ((*BOTH, "Presented to President."), date(2027, 1, 14)),
    ],
)
def test_what_both_chambers_passed_is_not_over_before_the_days_to_sign_it_are(rows, last):
    bill = BillNumber.of("hr1-119")
    found = at("hr1-119", H_REFERRED, *rows, today=last)
    assert [is_over(found, bill, last + timedelta(n)) for n in (0, 1)] == [False, True]


def test_the_days_to_sign_run_from_a_presentment_after_the_congress_has_ended():
    bill, presented = BillNumber.of("hr1-119"), Action(date(2027, 1, 6), "Presented to President.")
    found = place(bill, steps([*(row(text, FIRST) for text in BOTH), presented]), today=date(2027, 1, 7))
    assert not is_over(found, bill, date(2027, 1, 18))
    assert is_over(found, bill, date(2027, 1, 19))


def test_a_number_without_rows_is_reserved_or_unknown():
    bill = BillNumber.of("hr2-119")
    assert place(bill, (), title="Reserved for the Speaker.", today=IN_SESSION).stage == "reserved"
    assert place(bill, (), title="An Act", today=IN_SESSION).stage == ""


def test_a_law_is_law_before_its_row_is_on_record():
    found = place(BillNumber.of("hr1-119"), (), law="Public Law 119-1", today=IN_SESSION)
    assert (found.stage, found.since, found.passed) == ("law", None, ("House", "Senate"))


def test_the_committees_are_those_that_still_have_it_and_the_vote_is_the_deciding_one():
    found = at("hr1-119", H_TWICE, PART_I)
    assert found.committees == (("hsfa00", "Foreign Affairs Committee"),)
    assert found.reported == (("hsju00", "Judiciary Committee"),)
    failed = "On motion to suspend the rules and pass the bill Failed by the Yeas and Nays: (2/3 required): 264 - 133."
    assert at("hr1-119", failed).vote == (264, 133)


def test_a_row_of_any_length_is_read_in_time():
    hostile = "On motion that the House agree to the Senate amendment " * 20_000
    assert at("hr1-119", H_REFERRED, hostile).stage == "in-committee"


DAY = date(2025, 7, 10)


IN_SENATE, PASSED = "Received in the Senate.", "On passage Passed by the Yeas and Nays: 220 - 205."
S_VOICED, S_AMENDED = "Passed Senate by Voice Vote.", "Passed Senate with an amendment by Voice Vote."
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
        ("hr1-119", ("Introduced in House", PASSED, IN_SENATE, LATER_MARKUP),
         "Introduced done, House done, Senate not yet, President not yet, Law not yet"),
        ("hr1-119", ("Introduced in House", PASSED, S_AMENDED),
         "Introduced done, House done, Senate done, Agreement not yet, President not yet, Law not yet"),
        ("hr1-119", ("Introduced in House", PASSED, S_VOICED, "Vetoed by President."),
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
