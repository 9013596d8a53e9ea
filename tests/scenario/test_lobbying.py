"""The ledger of lobbying: hours and money from a representative alone, seen by their own and administrators."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta

import pytest

from bot.app.composing import WAITING
from bot.commands.model import Reply
from bot.ops import erase
from bot.people import records as people
from tests.kit.board import press, send, words
from tests.kit.letters_desk import Desk

BILL = "hr4323-119"
LAW = {"template": "congress-request", "to": "member:T000010", "ask": "8", "signon": "yes"}


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


@pytest.fixture
def rep(desk):
    return desk.reps["polaris"]


def log(desk, rep, **more):
    given = {"kind": "direct", "what": "A call", "cost": "3 h at $45", "bill": BILL} | more
    return desk.card(rep, "lobbying log", **given)


def elect(desk, rep, budget="$1,800,000", month="1", **more):
    return desk.card(rep, "lobbying ceiling", status="elects 501(h)", month=month, budget=budget, **more)


def rows(desk, person, **args):
    reply = desk.ask(person, "lobbying export", **args)
    assert isinstance(reply, Reply)
    return list(csv.DictReader(io.StringIO(reply.file.data.decode("utf-8-sig"))))


def told(desk):
    """(who, head) of every message about a ceiling."""
    names = people.names(desk.db)
    found = desk.db.read("SELECT channel, card FROM delivery WHERE kind = 'lobbying' ORDER BY created_at, id")
    return sorted((names[row["channel"].removeprefix("dm:")], json.loads(row["card"])["head"]) for row in found)


def legislative(desk):
    """A letter that asks for legislation, in the words of a person: it is undecided until a person says."""
    letter = desk.opened()
    with desk.db.write() as tx:
        tx.execute("UPDATE letter SET lobbying = 'legislation' WHERE id = :id", {"id": letter.id})
    desk.signs("polaris", letter.name)
    desk.lock(letter.name)
    return letter.name


def test_hours_and_money_are_whole_cents_and_the_bill_is_required(desk, rep):
    card = log(desk, rep, cost="2:30 at 45.55")
    assert "H-1, Tue Nov 24, 2026: direct, A call, on H.R. 4323 (119th), 2:30 h at $45.55, $113.88" in words(card)
    assert "Not recorded: whether a grant paid for it." in words(card)
    assert "as of November 29, 2026. Not legal advice." in card.foot
    assert "is not a cost" in desk.refused(rep, "lobbying log", kind="direct", what="x", cost="a lot", bill=BILL).what
    assert "name the bill" in desk.refused(rep, "lobbying log", kind="grassroots", what="x", cost="$5").what
    assert "H-2" in desk.card(rep, "lobbying log", kind="analysis", what="A study", cost="$5").head


def test_what_is_not_lobbying_is_kept_and_not_summed(desk, rep):
    elect(desk, rep)
    log(desk, rep, cost="$100")
    log(desk, rep, kind="grassroots", cost="$40", **{"off-grant": "yes"})
    for kind in ("analysis", "advice", "self-defense", "members", "not legislation"):
        desk.card(rep, "lobbying log", kind=kind, what="Work", cost="$9,000")
    text = words(desk.card(rep, "lobbying summary"))
    assert "lobbying in all $140 of $240,000 (0%); grassroots lobbying $40 of $60,000 (0%)." in text
    assert "Ceiling: $225,000 + 5% of the $300,000 over $1,500,000 = $240,000" in text
    assert "Quarter 4: direct $100, grassroots $40" in text
    assert "Not recorded for 1 line: whether a grant paid for it." in text
    assert len(rows(desk, rep)) == 7


def test_a_correction_keeps_the_old_line_and_counts_once(desk, rep):
    log(desk, rep, cost="$100")
    form = desk.ask(rep, "lobbying correct", line="H-1").form
    assert {field.param.name: field.initial for field in form.fields}["cost"] == "$100"
    send(desk, rep, form, cost="$80", what="A longer call")
    assert [(row["line"], row["amount"], row["corrects"], row["counts"]) for row in rows(desk, rep)] == [
        ("H-1", "$100", "", "no, corrected"),
        ("H-2", "$80", "H-1", "yes"),
    ]
    assert "corrected by H-2" in words(desk.card(rep, "lobbying list"))
    assert "$80" in words(desk.card(rep, "lobbying summary"))
    assert "no line" in desk.refused(rep, "lobbying correct", line="H-1", cost="$1").what
    other = desk.reps["verite"]
    assert "no line" in desk.refused(other, "lobbying correct", line="H-2", cost="$1").what


def test_only_its_organization_and_administrators_see_it_and_only_the_first_enters(desk, rep):
    log(desk, rep, what="A canary call")
    for verb in ("summary", "list", "export"):
        assert "canary" not in str(desk.ask(desk.reps["verite"], f"lobbying {verb}"))
        refused = desk.refused(desk.reps["verite"], f"lobbying {verb}", organization="polaris")
        assert refused.what == "Only administrators and the organization itself see what it spent."
        for staff in (desk.pol, desk.app):
            assert "There is no such command" in desk.refused(staff, f"lobbying {verb}").what
    assert "canary" in words(desk.card(desk.admin, "lobbying list", organization="polaris"))
    assert "Polaris: H-1, " in words(desk.card(desk.admin, "lobbying list"))
    assert "Lobbying: 1 of 12 organizations entered something" in desk.card(desk.admin, "lobbying summary").head
    assert [row["organization"] for row in rows(desk, desk.admin)] == ["Polaris"]
    refused = desk.refused(desk.admin, "lobbying log", kind="direct", what="x", cost="$1")
    assert "There is no such command" in refused.what


def test_an_empty_ledger_offers_to_record(desk, rep):
    assert press(desk, rep, desk.card(rep, "lobbying list"), "Record").form
    assert "Record" not in str(desk.card(desk.admin, "lobbying list").buttons)


def test_tax_years_are_each_organizations_own(desk, rep):
    elect(desk, rep, month="7")
    log(desk, rep, on="6/30/2026", cost="$70")
    log(desk, rep, on="7/1/2026", cost="$30")
    text = words(desk.card(rep, "lobbying summary"))
    assert "Tax year Jul 2026 to Jun 2027: lobbying in all $30 of $240,000" in text
    assert "Tax year Jul 2025 to Jun 2026: $70, of it grassroots $0; no ceiling: its budget is not entered." in text
    assert [(row["tax year"], row["quarter"]) for row in rows(desk, rep)] == [
        ("Jul 2025 to Jun 2026", "4"),
        ("Jul 2026 to Jun 2027", "1"),
    ]
    elect(desk, rep, month="7", year="2025", budget="$100,000")
    assert "lobbying in all $70 of $20,000 (0%)" in words(desk.card(rep, "lobbying summary"))
    assert "Write a year near 2026." in desk.refused(
        rep, "lobbying ceiling", status="other", month="1", year="1026"
    ).what  # fmt: skip


def test_sums_of_large_organizations_fit_every_store(desk, rep):
    assert "grassroots lobbying $0 of $250,000" in words(elect(desk, rep, budget="$99,999,999,999"))
    assert "$30,000,000" in words(log(desk, rep, cost="$30,000,000"))
    assert "$30,000,001" in words(log(desk, rep, cost="1 h at $30,000,001"))


def test_a_tax_year_takes_the_place_of_those_it_overlaps(desk, rep):
    elect(desk, rep, month="1", budget="$100,000")
    card = elect(desk, rep, month="7")  # the first month was wrong
    assert "Tax year Jul 2026 to Jun 2027: lobbying in all $0 of $240,000" in words(card)
    assert "Tax year Jul 2026 to Jun 2027" in words(log(desk, rep))

    card = elect(desk, rep, month="1", budget="$100,000")
    assert "Tax year Jan 2026 to Dec 2026: lobbying in all $135 of $20,000" in words(card)
    elect(desk, rep, month="1", year="2025")  # next to it, not over it
    assert "of $20,000" in words(desk.card(rep, "lobbying summary"))


def test_without_an_election_or_a_budget_there_is_no_ceiling(desk, rep):
    log(desk, rep)
    assert "its tax year is not entered" in words(desk.card(rep, "lobbying summary"))
    assert "needs your exempt-purpose" in desk.refused(rep, "lobbying ceiling", status="elects 501(h)", month="1").what
    desk.card(rep, "lobbying ceiling", status="does not elect", month="1")
    assert "no ceiling: does not elect." in words(desk.card(rep, "lobbying summary"))
    assert told(desk) == []


def test_each_step_is_told_once_to_the_organization_and_the_administrator(desk, rep):
    elect(desk, rep, budget="$500,000")
    for amount in ("$49,999.99", "$0.01", "$10,000", "$20,000", "$1"):
        log(desk, rep, cost=amount)
    assert told(desk) == [
        (who, f"Polaris: lobbying in all reached {step}% of its ceiling, {sums} of $100,000")
        for who in ("Ada", "Rep polaris")
        for step, sums in ((50, "$50,000"), (80, "$80,000"))
    ]
    log(desk, rep, kind="grassroots", cost="$30,000")
    heads = [head for who, head in told(desk) if who == "Ada"]
    assert "Polaris: lobbying in all reached 100% of its ceiling, $110,001 of $100,000" in heads
    assert "Polaris: grassroots lobbying reached 100% of its ceiling, $30,000 of $25,000" in heads
    assert len(heads) == 4
    with desk.db.write() as tx:
        tx.execute("DELETE FROM delivery WHERE kind = 'lobbying'")  # messages are kept for a time
    desk.card(rep, "lobbying correct", line="H-6", cost="$20,000")
    log(desk, rep, kind="grassroots", cost="$1")
    assert told(desk) == []  # nor a lower step, after a correction


@pytest.mark.parametrize("wrong", ["budget", "line", "day"])
def test_a_step_is_told_again_when_it_was_only_reached_by_a_mistake(desk, rep, wrong):
    elect(desk, rep, budget="$18,000" if wrong == "budget" else "$500,000")
    log(desk, rep, cost="$1,900" if wrong == "budget" else "$60,000")
    assert len(told(desk)) == 2
    if wrong == "budget":
        elect(desk, rep, budget="$500,000")
    else:
        fixed = {"cost": "$6"} if wrong == "line" else {"on": "2025-11-20"}
        desk.card(rep, "lobbying correct", line="H-1", **fixed)
    assert len(told(desk)) == 2
    log(desk, rep, cost="$49,000")
    log(desk, rep, cost="$2,000")
    log(desk, rep, cost="$1")
    heads = [head for who, head in told(desk) if who == "Ada"]
    assert len(heads) == 2
    assert sum("reached 50% of its ceiling, $5" in head for head in heads) == 1


def test_a_line_counts_in_one_tax_year_when_an_organization_changes_its_first_month(desk, rep):
    elect(desk, rep, month="1", year="2025")
    elect(desk, rep, month="7", year="2026")
    log(desk, rep, cost="$100", on="2025-09-10")
    log(desk, rep, cost="$7", on="2026-02-10")
    text = words(desk.card(rep, "lobbying summary"))
    assert "Tax year Jan 2025 to Dec 2025: lobbying in all $100 of" in text
    assert "Tax year Jul 2025 to Jun 2026: $7, of it" in text


def test_the_bot_proposes_signed_letters_on_legislation_without_hours_or_money(desk, rep):
    name = legislative(desk)
    card = desk.card(rep, "lobbying list")
    assert f"Not recorded: {name}, which you signed" in words(card)
    form = press(desk, rep, card, f"Record {name}").form
    assert {field.param.name for field in form.fields} == {"cost", "off-grant", "on"}
    assert desk.db.read("SELECT id FROM lobbying_entry") == []
    send(desk, rep, form, cost="1 h at $60")
    assert rows(desk, rep)[0]["what"] == name
    assert "Not recorded" not in words(desk.card(rep, "lobbying list"))
    assert "Not recorded" not in words(desk.card(desk.reps["verite"], "lobbying list"))  # did not sign
    desk.card(rep, "lobbying correct", line="H-1", what="Another letter")
    assert f"Not recorded: {name}" in words(desk.card(rep, "lobbying list"))


def test_the_task_waits_for_organizations_with_a_ceiling(desk, rep):
    name = legislative(desk)

    def tasks():
        actor = desk.dispatcher.actor("slack", "T0HOME", rep.accounts[0].user)
        return [line.text for room in WAITING for line in room(desk.db, desk.config, actor, desk.now)]

    assert tasks() == []
    elect(desk, rep)
    assert tasks() == [f"To record: hours and cost of {name} (/lobbying list)"]


def test_an_erased_organization_leaves_nothing_and_its_numbers_are_not_used_again(desk, rep):
    elect(desk, rep)
    log(desk, rep, what="A canary call")
    with desk.job.write() as work:
        erase.erase_organization(work, "polaris", erase.always)
    left = desk.everything()
    assert left["lobbying_entry"] == left["lobbying_year"] == []
    assert "H-2" in log(desk, desk.reps["verite"]).head


def test_a_name_is_taken_out_of_what_was_typed(desk, rep):
    log(desk, rep, what="Call with Pol Quickfeather, staff", sure="yes")
    desk.add("Pol Quickfeather", *desk.pol.roles, user="UPQ")
    desk.now += timedelta(days=1)
    with desk.job.write() as work:
        erase.erase_person(work, "Pol Quickfeather", erase.always)
    assert "Quickfeather" not in str(rows(desk, rep))
