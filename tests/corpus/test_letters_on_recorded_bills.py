"""Letters about the recorded bills: the enacted one, its twin, another of its family, and their stages by day."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bot.bills import records as bills
from bot.bills.progress import place
from bot.congress import directory, records
from bot.letters.sheet import body
from bot.shared.bill_record import BillRecord, steps
from bot.sources.congress.bill_record import read_billstatus
from tests.kit.congress import recorded as legislators
from tests.kit.letters_desk import Desk
from tests.kit.stages import acts_next
from tests.peers.govinfo import Bill

FIELDS = {"field-1": "It helps people.", "field-2": "- Do it."}


def recorded(corpus: Path, id_: str) -> BillRecord:
    written = Bill.of_mirror(json.loads((corpus / f"congress/bills_119/{id_}.json").read_text())).billstatus()
    return replace(read_billstatus(written), source="GovInfo BILLSTATUS")


@pytest.fixture
def desk(corpus, tmp_path):
    desk = Desk(tmp_path)
    with desk.db.write() as tx:
        records.replace(tx, legislators(corpus / "legislators"), now=desk.now)
        bills.save(tx, [recorded(corpus, id_) for id_ in ("hr4323-119", "s2255-119", "hr1379-119")], desk.now)
    return desk


def named(desk, surname):
    today = desk.config.coalition.day(desk.now)
    return directory.search_addressees(desk.db, desk.config, surname, today=today)[0][0]


def test_the_enacted_bill_goes_its_way_day_by_day(corpus):
    record = recorded(corpus, "hr4323-119")
    happened = steps(record.actions)
    today = happened[-1].date
    places = [place(record.number, happened[: n + 1], today=today) for n in range(len(happened))]

    assert list(dict.fromkeys((str(each.stage), acts_next(each)) for each in places)) == [
        ("introduced", "House"),
        ("in-committee", "House committee"),
        ("ordered-reported", "House committee"),
        ("on-calendar", "House"),
        ("floor-pending", "House"),
        ("passed-one-chamber", "Senate"),
        ("at-senate-desk", "Senate"),
        ("passed-both-enrolling", "enrolling clerk"),
        ("with-president", "President"),
        ("law", "nobody"),
    ]


@pytest.mark.parametrize(
    ("id_", "kin"), [("s2255-119", "has the same text as"), ("hr1379-119", "is in the same family as")]
)
def test_neither_the_twin_nor_its_kin_is_asked_for(desk, id_, kin):
    sent = {"template": "support-a-bill", "to": named(desk, "Gillibrand"), "bill": id_, "field-1": "It helps."}
    refusal = desk.refused(desk.pol, "letter fill", **sent).what
    assert f"H.R. 4323, which {kin}" in refusal
    assert "Use template:implement-the-law bill:hr4323-119" in refusal


def test_the_senate_s_champion_is_thanked_for_the_law(desk):
    sent = {
        "template": "thank-a-cosponsor",
        "to": named(desk, "Gillibrand"),
        "bill": "s2255-119",
        "field-1": "It helps.",
    }
    desk.card(desk.pol, "letter fill", **sent)
    made = body(desk.letter().version.texts[0].written.body)
    assert "It was introduced with the same text as H.R. 4323, now Public Law 119-73." in made
    assert "There is more to do" not in made


def test_the_law_is_posted_with_its_confirmed_dates(desk):
    sent = {"template": "implement-the-law", "to": "attorney-general", "bill": "hr4323-119"}
    card = desk.card(desk.pol, "letter fill", **sent, **FIELDS)
    made = body(desk.letter().version.texts[0].written.body)
    assert "due January 23, 2027" in made
    assert "due January 23, 2029" in made
    assert not any("nobody has confirmed" in line.text for line in card.lines)


def test_a_refusal_over_a_bill_of_another_congress_names_the_law(desk):
    sent = {"template": "implement-the-law", "to": "attorney-general", "bill": "s3240-116"}
    assert "Use bill:hr4323-119" in desk.refused(desk.pol, "letter fill", **sent, **FIELDS).what


def test_a_member_without_a_room_is_named_to_the_approver(desk):
    sent = {"template": "implement-the-law", "to": named(desk, "Gallagher"), "bill": "hr4323-119"}
    desk.card(desk.pol, "letter fill", **sent, **FIELDS)
    desk.card(desk.pol, "letter review", letter="L-1")
    message = [line.text for line in desk.sent_to(desk.app)[-1].lines]
    assert any(line.startswith("The record gives no office room for James Gallagher.") for line in message)
    assert "Names and addresses are as of Mon Jun 15, 2026." in message
