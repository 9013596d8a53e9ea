"""The stage of real bills on chosen days, compared with how people classified them by hand."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from bot.bills.progress import place
from bot.shared.bill_number import BillNumber
from bot.shared.bill_record import Action, steps
from tests.kit.stages import acts_next


@pytest.fixture(scope="module")
def classified(corpus):
    """(what people say, the bill's rows by then, its title) for each moment."""
    folder = corpus / "congress/stages"
    rows: dict[str, list[dict[str, Any]]] = {}
    for action in _lines(folder / "actions.jsonl"):
        rows.setdefault(action["bill"], []).append(action)
    titles = {each["bill"]: each["title"] for each in _lines(folder / "bills.jsonl")}
    moments = _lines(folder / "classified.jsonl")
    return [
        (each, [row for row in rows.get(each["bill"], ()) if row["actionDate"] <= each["as_of"]], titles[each["bill"]])
        for each in moments
    ]


def _lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _action(row: Mapping[str, Any]) -> Action:
    named = (row.get("committees") or {}).get("item", [])
    committees = named if isinstance(named, list) else [named]
    return Action(
        date.fromisoformat(row["actionDate"]),
        row.get("text", ""),
        code=row.get("actionCode", ""),
        source=row["sourceSystem"]["name"],
        committees=tuple((each["systemCode"], each.get("name", "")) for each in committees),
    )


def test_the_stage_the_chamber_who_passed_it_and_who_acts_next_are_as_people_classified_them(classified):
    wrong = []
    for expected, rows, title in classified:
        kind, number, congress = expected["bill"].split("-")
        bill = BillNumber(int(congress), kind, int(number))
        happened = steps([_action(row) for row in rows if row.get("text")])
        found = place(bill, happened, title=title, today=date.fromisoformat(expected["as_of"]))
        codes = sorted(code for code, _ in found.committees)
        ours = (found.stage.value, found.chamber, list(found.passed), acts_next(found), codes)
        theirs = tuple(expected[key] for key in ("stage", "chamber", "passed", "acts_next"))
        if ours != (*theirs, sorted(expected.get("committees", []))):
            wrong.append((expected["bill"], expected["as_of"], ours, expected["why"]))
    assert len(classified) >= 100
    assert wrong == []
