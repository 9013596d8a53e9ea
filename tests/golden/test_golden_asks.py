"""What a letter on a bill asks, for every stage and everyone it may go to, in one page to read: `asks.txt`.

The page is written if it is missing, and the test fails so that a person reads it before it is committed.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.bills.model import BillFacts, Place, Stage, origin
from bot.letters.drafting import asks
from bot.shared.bill_number import BillNumber
from bot.shared.calendar import day_of_a_letter
from tests.golden.test_golden import as_golden

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 4, 1)
SINCE = date(2026, 3, 2)
JUDICIARY, COMMERCE = ("hsju00", "Judiciary Committee"), ("hsif00", "Energy and Commerce Committee")
S_JUDICIARY, S_COMMERCE = (
    ("ssju00", "Judiciary Committee"),
    ("sscm00", "Commerce, Science, and Transportation Committee"),
)
NAMES = {"House": ("House Committee on the Judiciary", "House Committee on Energy and Commerce"),
         "Senate": ("Senate Committee on the Judiciary",
                    "Senate Committee on Commerce, Science, and Transportation")}  # fmt: skip
H, S, BOTH = ("House",), ("Senate",), ("House", "Senate")
HOUSE, SENATE = "hr1144-119", "s1234-119"


def at(stage: Stage, chamber: str = "", **more) -> Place:
    return Place(stage=stage, since=SINCE, chamber=chamber, **more)


def in_house(stage: Stage, **more) -> tuple[str, Place]:
    return HOUSE, at(stage, "House", **{"committees": (JUDICIARY,), **more})


def in_senate(stage: Stage, **more) -> tuple[str, Place]:
    return SENATE, at(stage, "Senate", **{"committees": (S_JUDICIARY,), **more})


SCENES: tuple[tuple[str, Place], ...] = (
    (HOUSE, Place(stage=Stage.RESERVED, chamber="House")),
    in_house(Stage.INTRODUCED, committees=()),
    in_house(Stage.IN_COMMITTEE),
    in_senate(Stage.IN_COMMITTEE),
    in_house(Stage.IN_SEVERAL, committees=(JUDICIARY, COMMERCE)),
    in_house(Stage.PETITION, petition="119-16"),
    ("hres5-119", at(Stage.DISCHARGE_CALENDAR, "House")),
    in_senate(Stage.DISCHARGE_REJECTED, vote=(15, 83)),
    in_house(Stage.ORDERED),
    in_house(Stage.ORDERED, adverse=True),
    in_house(Stage.REPORTED_BY_ONE, committees=(COMMERCE,), reported=(JUDICIARY,)),
    in_senate(Stage.SEQUENTIAL, committees=(S_COMMERCE,), reported=(S_JUDICIARY,)),
    in_house(Stage.RECOMMITTED),
    in_house(Stage.ON_CALENDAR, committees=(), reported=(JUDICIARY,), calendar="Union Calendar"),
    in_senate(Stage.ON_CALENDAR, committees=(), reported=(S_JUDICIARY,), calendar="Senate Legislative Calendar"),
    in_senate(Stage.READ_FIRST, committees=()),
    in_senate(Stage.WITHOUT_COMMITTEE, committees=(), calendar="Senate Legislative Calendar"),
    in_house(Stage.RULE, committees=(), reported=(JUDICIARY,)),
    in_house(Stage.FLOOR, committees=(), reported=(JUDICIARY,)),
    in_senate(Stage.CLOTURE_FILED, committees=()),
    in_senate(Stage.CLOTURE_FAILED, committees=(), vote=(52, 47)),
    in_senate(Stage.CLOTURE_INVOKED, committees=(), vote=(84, 15)),
    in_senate(Stage.PROCEED_REJECTED, committees=(), vote=(47, 51)),
    in_house(Stage.FAILED_SUSPENSION, committees=(), vote=(264, 133)),
    ("s1234-119", at(Stage.FAILED_SUSPENSION, "House", passed=S, vote=(264, 133))),
    ("hjres139-119", at(Stage.FAILED_SUSPENSION, "House", vote=(211, 207))),
    in_house(Stage.FAILED, committees=(), vote=(204, 216)),
    in_house(Stage.FAILED, committees=(), vote=(196, 223), open=True),
    ("hres5-119", at(Stage.TABLED, "House", vote=(344, 79))),
    ("sjres89-119", at(Stage.POSTPONED, "Senate")),
    (HOUSE, at(Stage.PASSED_ONE, "House", passed=H)),
    (HOUSE, at(Stage.SENATE_DESK, "Senate", passed=H)),
    (SENATE, at(Stage.HOUSE_DESK, "House", passed=S)),
    (HOUSE, at(Stage.ON_ARRIVAL, "Senate", passed=H, calendar="Senate Legislative Calendar")),
    (HOUSE, at(Stage.REFERRED_SECOND, "Senate", passed=H, committees=(S_JUDICIARY,))),
    (SENATE, at(Stage.REFERRED_SECOND, "House", passed=S, committees=(JUDICIARY,))),
    (HOUSE, at(Stage.PAPERS_RETURNED, "House", passed=H, open=True)),
    (HOUSE, at(Stage.AMENDED, "House", passed=BOTH, vote=(51, 48))),
    (HOUSE, at(Stage.BETWEEN, "Senate", passed=BOTH)),
    (HOUSE, at(Stage.CONFERENCE_REQUESTED, "Senate", passed=BOTH)),
    (HOUSE, at(Stage.CONFERENCE, passed=BOTH)),
    (HOUSE, at(Stage.CONFERENCE_REPORT, "House", passed=BOTH)),
    (HOUSE, at(Stage.ENROLLING, passed=BOTH)),
    (HOUSE, at(Stage.PRESIDENT, passed=BOTH)),
    (HOUSE, at(Stage.VETOED, "House", passed=BOTH)),
    (HOUSE, at(Stage.OVERRIDDEN, "Senate", passed=BOTH, vote=(383, 41))),
    (HOUSE, at(Stage.OVERRIDE_FAILED, "House", passed=BOTH, vote=(248, 177))),
    (HOUSE, at(Stage.VETO_TABLED, "House", passed=BOTH)),
    (HOUSE, at(Stage.POCKET_VETOED, "House", passed=BOTH)),
    (HOUSE, at(Stage.LAW, passed=BOTH)),
    ("hres5-119", at(Stage.AGREED_SIMPLE, "House", passed=H, vote=(215, 209))),
    ("hconres5-119", at(Stage.AGREED_CONCURRENT, passed=BOTH)),
    ("hjres139-119", at(Stage.SENT_TO_STATES, passed=BOTH)),
    (HOUSE, replace(at(Stage.DEAD, "House"), since=date(2027, 1, 3))),
    # The other chamber, and measures that are no bill.
    ("hres5-119", at(Stage.INTRODUCED, "House")),
    ("hres5-119", at(Stage.IN_COMMITTEE, "House", committees=(JUDICIARY,))),
    ("hconres5-119", at(Stage.IN_COMMITTEE, "House", committees=(JUDICIARY,))),
    ("sjres89-119", at(Stage.IN_COMMITTEE, "Senate", committees=(S_JUDICIARY,))),
    ("sres7-119", at(Stage.ON_CALENDAR, "Senate", reported=(S_JUDICIARY,), calendar="Senate Legislative Calendar")),
    ("hconres5-119", at(Stage.SENATE_DESK, "Senate", passed=H)),
    ("hconres5-119", replace(at(Stage.DEAD, "House", passed=H), since=date(2027, 1, 3))),
    in_house(Stage.DISCHARGE_REJECTED, vote=(209, 218)),
    in_house(Stage.SEQUENTIAL, committees=(COMMERCE,), reported=(JUDICIARY,)),
    (SENATE, at(Stage.ORDERED, "House", passed=S, committees=(JUDICIARY,))),
    (SENATE, at(Stage.REPORTED_BY_ONE, "House", passed=S, committees=(COMMERCE,), reported=(JUDICIARY,))),
    in_house(Stage.ON_CALENDAR, committees=(), reported=(JUDICIARY,), calendar="House Calendar", adverse=True),
    (HOUSE, at(Stage.ON_CALENDAR, "Senate", passed=H, reported=(S_JUDICIARY,), calendar="Senate Legislative Calendar")),
    (HOUSE, at(Stage.FLOOR, "Senate", passed=H)),
    (HOUSE, at(Stage.CLOTURE_FAILED, "Senate", passed=H, vote=(55, 45))),
    (HOUSE, at(Stage.CLOTURE_FAILED, "Senate", passed=BOTH, vote=(55, 45))),
    (HOUSE, at(Stage.PROCEED_REJECTED, "Senate", passed=H, vote=(47, 51))),
    in_house(Stage.FAILED_SUSPENSION, vote=(264, 133)),
    ("hjres139-119", at(Stage.FAILED, "House", vote=(233, 190))),
    (SENATE, at(Stage.AMENDED, "Senate", passed=("Senate", "House"))),
    (SENATE, at(Stage.VETOED, "Senate", passed=("Senate", "House"))),
)  # fmt: skip
TITLES = {
    "hjres139-119": "Proposing an amendment to the Constitution of the United States.",
    "sjres89-119": "A joint resolution providing for congressional disapproval of a rule.",
    "hres5-119": "Supporting the goals of a day.",
    "sres7-119": "A resolution supporting the goals of a day.",
    "hconres5-119": "Supporting the goals of a day.",
}
NOBODY = {
    "chamber": "", "state": "New York", "votes": True, "leads": "", "sponsor": False, "cosponsor_since": "",
    "withdrew_on": "", "companion": "", "committee": "", "reported": "", "chairs": "", "ranking": "",
}  # fmt: skip


def bill_of(id_: str, place: Place, *, companion: bool) -> BillFacts:
    bill = BillNumber.of(id_)
    law = "Public Law 119-73" if place.stage is Stage.LAW else ""
    found = BillFacts(bill=bill, title=TITLES.get(id_, "Relief Act"), law=law, source="here", place=place)
    if not companion or bill.type not in ("hr", "s"):
        return found
    other = BillNumber.of("s99-119" if origin(bill) == "House" else "hr88-119")
    has_it = Place(stage=Stage.IN_COMMITTEE, since=SINCE, chamber=origin(other))
    twin = BillFacts(bill=other, title="Relief Act", law="", source="here", place=has_it)
    return replace(found, companion=other, twin=twin)


def people(bill: BillFacts) -> dict[str, dict[str, object]]:
    """Everyone a letter on this bill may go to: who they are, and their record on it."""
    everyone: dict[str, dict[str, object]] = {}
    began = origin(bill.bill)
    has = [name for code, _ in bill.place.committees for name in _body(code)]
    reported = [name for code, _ in bill.place.reported for name in _body(code)]
    for chamber in ("House", "Senate"):
        in_it = NOBODY | {"chamber": chamber}
        everyone[f"{chamber} member"] = in_it
        if bill.twin and chamber != began:
            everyone[f"{chamber} cosponsor of the companion"] = in_it | {
                "companion": f"joining {bill.twin.bill.name} as a cosponsor on March 3, 2026"
            }
        for post in ("Speaker of the House",) if chamber == "House" else ("Senate Majority Leader",):
            everyone[post] = in_it | {"leads": post}
        for post in ("Minority Leader", "Majority Whip"):
            everyone[f"{chamber} {post}"] = in_it | {"leads": f"{chamber} {post}"}
        if bill.law:
            everyone[f"Chair in the {chamber}"] = in_it | {"chairs": NAMES[chamber][0]}
            everyone[f"Ranking member in the {chamber}"] = in_it | {"ranking": NAMES[chamber][0]}
        for key, names in (("committee", has), ("reported", reported)):
            for name in [each for each in names[:1] if each.startswith(chamber)]:
                what = "" if key == "committee" else " that reported it"
                everyone[f"Chair{what}"] = in_it | {key: name, "chairs": name}
                everyone[f"Ranking member{what}"] = in_it | {key: name, "ranking": name}
                everyone[f"On the committee{what}"] = in_it | {key: name}
                everyone[f"On the committee{what}, cosponsor"] = in_it | {key: name, "cosponsor_since": "March 3, 2026"}
                if chamber == "House":
                    everyone[f"Delegate on the committee{what}"] = in_it | {key: name, "votes": False}
    ours = NOBODY | {"chamber": began}
    everyone["Sponsor"] = ours | {"sponsor": True}
    everyone["Cosponsor"] = ours | {"cosponsor_since": "March 3, 2026"}
    everyone["Withdrew"] = ours | {"withdrew_on": "March 9, 2026"}
    everyone["Delegate"] = NOBODY | {"chamber": "House", "votes": False}
    if began == "House":
        everyone["Delegate, sponsor"] = NOBODY | {"chamber": "House", "votes": False, "sponsor": True}
    return everyone


def _body(code: str) -> list[str]:
    chamber = "House" if code.startswith("h") else "Senate"
    return [NAMES[chamber][0 if code.endswith("ju00") else 1]]


def sentence(found: asks.Asked) -> str:
    if found.refusal:
        return f"NO LETTER: {found.refusal}"
    return f"{found.thanks} We ask you to {found.ask}.".strip()


def page() -> str:
    lines = [__doc__.split("\n")[0], ""]
    for id_, place in SCENES:
        told: dict[str, list[str]] = {}
        for companion in (False, True):
            bill = bill_of(id_, place, companion=companion)
            for who, record in people(bill).items():
                made = sentence(asks.asked(asks.table(ROOT), bill, record, TODAY))
                if not companion or not any(who in names for text, names in told.items() if text == made):
                    told.setdefault(made, []).append(who + (" (with a companion)" if companion else ""))
        bill = bill_of(id_, place, companion=False)
        lines += [f"## {place.stage}", bill.status_as(bill.bill.name, day_of_a_letter), ""]
        lines += [line for text, names in told.items() for line in (f"{'; '.join(names)}:", f"  {text}")]
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def test_every_cell_reads_so():
    as_golden(page(), Path(__file__).parent / "asks.txt")


def test_every_stage_has_a_scene():
    assert {place.stage for _, place in SCENES} == set(Stage) - {Stage.UNKNOWN}


@pytest.mark.parametrize(("id_", "place"), SCENES)
@pytest.mark.parametrize("companion", [False, True])
def test_nobody_is_asked_for_what_they_cannot_do(id_, place, companion):
    bill = bill_of(id_, place, companion=companion)
    for who, record in people(bill).items():
        found = asks.asked(asks.table(ROOT), bill, record, TODAY)
        assert bool(found.ask) != bool(found.refusal), who
        assert "{" not in f"{found}"
        assert "  " not in found.ask
        if not record["votes"]:
            assert "in committee" in found.ask or not re.search(r"(?:^|and to )(?:vote|sign) ", found.ask), who
        if record["leads"] == "Speaker of the House":
            assert not re.search(r"cosponsor|introduce a", found.ask), who
        if not place.committees:
            assert "committee to which it was referred" not in found.ask, who
        joined = record["sponsor"] or record["cosponsor_since"]
        if joined and not bill.twin:
            assert not found.ask.startswith("cosponsor"), who
