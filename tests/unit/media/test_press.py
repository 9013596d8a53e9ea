"""The pure rules of the press list and of inquiries."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.config.media import Spokesperson
from bot.media.contacts.model import (
    Contact,
    InquiryState,
    Outlet,
    escalation,
    has_byline,
    pick_speaker,
    reporter_name,
)
from bot.people.contacts import fingerprints, normalize
from tests.kit.clips import NOON, inquiry

HER = {"name": "Émile O’Hara", "outlet": "The AP", "email": "e@ap.example", "phone": "+1 (202) 555-0100"}


@pytest.mark.parametrize(
    ("one", "other"), [("T’ruah", "Truah"), ("The AP.", "the  ap"), ("Verité", "VERITE"), ("O'Hara", "O’Hara")]
)
def test_a_name_is_one_name_however_it_is_spelt(one, other):
    assert normalize(one) == normalize(other)


def test_a_person_is_recognized_by_each_field_an_import_may_have():
    fingerprints_ = fingerprints("salt", **HER)

    assert set(fingerprints_) == {"email", "phone", "name and outlet", "name"}
    assert fingerprints("salt", **(HER | {"email": " E@AP.example "}))["email"] == fingerprints_["email"]
    assert fingerprints("salt", **(HER | {"phone": "202-555-0100"}))["phone"] == fingerprints_["phone"]
    assert fingerprints("salt", **(HER | {"name": "emile ohara", "outlet": "the ap"})) == fingerprints_
    assert not set(fingerprints("pepper", **HER).values()) & set(fingerprints_.values())
    assert fingerprints("salt", name="", outlet="AP", email="", phone="12") == {}


@pytest.mark.parametrize(("days", "stale"), [(0, False), (183, False), (184, True)])
def test_an_entry_is_good_for_half_a_year(days, stale):
    on = date(2026, 1, 1)
    contact = Contact(id="c", number=1, outlet=Outlet(id="o", name="AP"), verified_on=on)

    assert contact.stale(on + timedelta(days=days)) is stale


LINES = (
    Spokesperson(name="Any"),
    Spokesperson(name="Four", asks=(4,)),
    Spokesperson(name="Second of four", asks=(4,)),
    Spokesperson(name="Of Cast", members=("cast",)),
    Spokesperson(name="Of Cast on 5", members=("cast",), asks=(5,)),
)


@pytest.mark.parametrize(
    ("ask", "member", "name"),
    [(None, None, "Any"), (9, None, "Any"), (4, None, "Four"), (4, "cast", "Of Cast"), (5, "cast", "Of Cast on 5"),
     (4, "polaris", None)],
)  # fmt: skip
def test_the_most_specific_spokesperson_entry_is_chosen(ask, member, name):
    speaker = pick_speaker(LINES, ask, member)

    assert (speaker.name if speaker else None) == name


HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("state", "after", "text"),
    [
        (InquiryState.RECEIVED, timedelta(minutes=59), ""),
        (InquiryState.RECEIVED, HOUR, "unheard"),
        (InquiryState.ACKNOWLEDGED, HOUR, ""),
        (InquiryState.ACKNOWLEDGED, 3 * HOUR, "soon"),
        (InquiryState.RECEIVED, 3 * HOUR, "soon"),
        (InquiryState.RECEIVED, 4 * HOUR, "late"),
        (InquiryState.ANSWERED, 9 * HOUR, ""),
        (InquiryState.CLOSED, 9 * HOUR, ""),
    ],
)
def test_only_the_most_urgent_escalation_is_raised(state, after, text):
    assert escalation(inquiry(1, state=state), NOON + after, HOUR) == text


def test_an_inquiry_due_within_the_hour_is_not_escalated_on_arrival():
    short = inquiry(1, due_at=NOON + HOUR / 2)

    assert escalation(short, NOON, HOUR) == ""
    assert escalation(short, NOON + HOUR / 2, HOUR) == "late"


def test_a_declined_inquiry_is_not_late():
    after = datetime(2027, 1, 1, tzinfo=UTC)

    assert inquiry(1).late(after)
    assert not inquiry(1, state=InquiryState.DECLINED).late(after)


@pytest.mark.parametrize(
    ("author", "name"),
    [
        ("Jo Sample", "Jo Sample"),
        ("By Jo Sample, Example Wire", "Jo Sample"),
        ("JO SAMPLE (Verite News)", "JO SAMPLE"),
        ("Zoë Hussain-Ng Updated", "Zoë Hussain-Ng"),
        ("Jo Sample | Published Nov. 3, 2026", "Jo Sample"),
        ("Jo Sample and Ana Ink", "Jo Sample and Ana Ink"),
        ("Staff", ""),
        ("Daily Herald Staff", ""),
        ("admin", ""),
        ("Example Times", ""),  # the outlet itself
        ("CBC News", ""),
        ("tips@herald.example", ""),
        ("https://herald.example/staff/jo-sample", ""),
        ("", ""),
    ],
)
def test_a_byline_is_a_persons_or_nobodys(author, name):
    assert reporter_name(author, "Example Times") == name


def test_a_byline_matches_only_the_whole_name():
    assert has_byline("Ana Ink and JO SAMPLE", "Jo Sample")
    assert not has_byline("Jo Samples", "Jo Sample")
    assert not has_byline("", "Jo Sample")
