"""The offices that the coalition works with: who works there, where that is from, and when it is to be verified."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.app.composing import Composer
from bot.commands.model import Refusal, Reply, Role
from bot.congress import records as congress
from bot.offices import picking, records
from bot.ops.retention import forget
from bot.people.contacts import scrub
from bot.shared.answer import Fetched, Health, Memory
from tests.kit.board import press, send, words
from tests.kit.congress import ACCENT, CHAIR, SENATOR, member, public
from tests.kit.letters_desk import Desk

HEADER = "office,name,role,asks,email,phone,source,basis,verified_on,notes\n"
JO = {"office": "HSJU", "name": "Jo Sample", "role": "counsel", "email": "jo@judiciary.example", "asks": "4"}


@pytest.fixture
def desk(tmp_path):
    desk = Desk(tmp_path)
    desk.pia = desk.add("Pia", Role.PRESS)
    with desk.db.write() as tx:
        congress.replace(tx, public(), now=desk.now)
    return desk


def stored(desk):
    return records.all_contacts(desk.db)


def table(*rows):
    return (HEADER + "\n".join(rows)).encode()


def previewed(desk, *rows):
    answer = desk.hand(desk.pol, "office import", table(*rows))
    assert isinstance(answer, Reply), answer
    return answer


def imported(desk, *rows):
    """Import a table by the button of its preview."""
    return press(desk, desk.pol, (card := previewed(desk, *rows).card), card.buttons[0].label)


def test_a_contact_is_added_in_one_form_with_its_source_and_is_then_verified(desk):
    card = desk.card(
        desk.pol, "office add", **JO, source="her card, Nov 20", phone="202-555-0100", notes="Runs markups."
    )

    assert card.head == "C-1 Jo Sample, counsel (House Committee on the Judiciary): added"
    assert "Ask 4 · jo@judiciary.example · 202-555-0100" in words(card)
    assert "Verified on Tue Nov 24, 2026, by Pol." in words(card)
    assert card.foot == "Source: her card, Nov 20; kept for: legitimate interest"
    shown = words(desk.card(desk.pol, "office contacts", office="House Judiciary", ask="4", state="current"))
    assert "House Committee on the Judiciary: C-1 Jo Sample, counsel · Ask 4" in shown
    none = desk.card(desk.pol, "office contacts", ask="5")
    assert none.head == "No contact fits"
    assert press(desk, desk.pol, none, "All contacts").card.head == "1 contact in 1 office"


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Velázquez", "Representative Zoë Velázquez (NY-7)"),
        (f"T{ACCENT:06}", "Representative Zoë Velázquez (NY-7)"),
        (member(SENATOR), "Senator Ada Oak-Ash (NY)"),
        ("Senate Judiciary", "Senate Committee on the Judiciary"),
        ("ovc", "the Director, Office for Victims of Crime"),
    ],
)
def test_an_office_is_found_by_its_id_or_name(desk, typed, name):
    desk.card(desk.pol, "office add", office=typed, name="Jo Sample")
    assert stored(desk)[0].office_name == name


def test_a_name_of_several_offices_or_of_none_is_refused(desk):
    assert "is several offices. Which one?" in desk.refused(desk.pol, "office add", office="Elm", name="Jo").what
    assert "is not an office" in desk.refused(desk.pol, "office add", office="senators from NY", name="Jo").what


def test_the_same_person_at_the_same_office_is_not_added_twice(desk):
    desk.card(desk.pol, "office add", **JO)
    card = desk.card(desk.pol, "office add", **(JO | {"role": "chief counsel"}))

    assert card.head == "C-1 Jo Sample, chief counsel (House Committee on the Judiciary): changed"
    assert len(stored(desk)) == 1


def test_a_form_shows_what_is_known_and_what_is_emptied_is_deleted(desk):
    desk.card(desk.pol, "office add", **JO, notes="Runs markups.")
    form = desk.form(desk.pol, "office edit", contact="C-1")
    assert {field.param.name: field.shown or field.initial for field in form.fields}["office"] == stored(desk)[
        0
    ].office_name
    send(desk, desk.pol, form, notes="", office=member(ACCENT))

    (contact,) = stored(desk)
    assert (contact.notes, contact.office, contact.email) == ("", member(ACCENT), JO["email"])


def test_what_is_written_is_searched_for_details_of_people_who_are_served(desk):
    answer = desk.ask(desk.pol, "office add", **JO, notes="Her survivor Rosa Martinez lives at 12 Oak Street.")
    assert isinstance(answer, Reply)
    assert answer.form.title == "Please check"
    assert stored(desk) == []


@pytest.mark.parametrize("verb", ["add", "edit", "verify", "left", "import", "export", "optout", "erase"])
def test_the_press_reads_and_does_not_change(desk, verb):
    desk.card(desk.pol, "office add", **JO)
    given = JO if verb == "add" else {} if verb in ("import", "export") else {"contact": "C-1"}
    assert "1 contact in 1 office" in desk.card(desk.pia, "office contacts").head
    assert "may" in desk.refused(desk.pia, f"office {verb}", **given).what


# --- when one is to be verified ---------------------------------------------------------------------------------------


def test_a_contact_is_to_be_verified_after_six_months_and_once_a_congress_has_begun(desk):
    desk.card(desk.pol, "office add", **JO)
    (contact,) = stored(desk)
    assert contact.to_verify(date(2027, 1, 2)) == ""
    assert contact.to_verify(date(2027, 1, 3)) == "last on Tue Nov 24, 2026, before this Congress began"

    desk.now += timedelta(days=60)
    assert "C-1 is right" in [button.label for button in desk.card(desk.pol, "office verify").buttons]
    desk.card(desk.pol, "office verify", contact="C-1")
    (contact,) = stored(desk)
    assert contact.status(desk.now.date()) == "current"
    assert "more than six months ago" in contact.to_verify(desk.now.date() + timedelta(days=184))


def test_who_left_is_neither_listed_to_verify_nor_current_until_verified_again(desk):
    desk.card(desk.pol, "office add", **JO)
    assert "has left" in desk.card(desk.pol, "office left", contact="C-1").head
    assert desk.card(desk.pol, "office verify").head == "No contact to verify"
    assert desk.card(desk.pol, "office contacts").head == "Every contact has left"
    assert "left" in words(desk.card(desk.pol, "office contacts", state="left"))
    assert "left" in words(press(desk, desk.pol, desk.card(desk.pol, "office contacts"), "Left").card)
    office = desk.card(desk.pol, "office show", office=JO["office"])
    assert [section.title for section in office.sections][:1] == ["Left"]
    assert not any(button.label.startswith("Edit") for button in office.buttons)
    desk.card(desk.pol, "office verify", contact="C-1")
    assert stored(desk)[0].left_on is None


# --- spreadsheets -----------------------------------------------------------------------------------------------------


def test_forty_are_imported_by_a_file_and_one_press_and_the_preview_changes_nothing(desk):
    rows = [f"T{200 + n:06},Pat Staff{n:02},LA,4,pat{n}@house.example,,reply of Nov 20,,2026-11-20," for n in range(40)]
    reply = previewed(desk, *rows)
    assert reply.card.head == "40 new, 0 changed, 0 unchanged, 0 refused. Import them?"
    assert stored(desk) == []

    answer = press(desk, desk.pol, reply.card, "Import 40")
    assert answer.card.head == "Imported: 40 new, 0 changed, 0 unchanged"
    assert [each.label for each in stored(desk)] == [f"C-{n}" for n in range(1, 41)]
    assert {each.verified_on for each in stored(desk)} == {date(2026, 11, 20)}
    again = press(desk, desk.pol, reply.card, "Import 40")
    assert "imported already" in again.what


def test_the_preview_says_what_is_new_changed_and_refused_and_why(desk):
    desk.card(desk.pol, "office add", **JO)
    desk.card(desk.pol, "office add", office="HSJU", name="Lee Gone", email="lee@judiciary.example")
    desk.card(desk.pol, "office optout", contact="C-2")
    text = words(
        previewed(
            desk,
            "HSJU,Jo Sample,staff director,4,jo@judiciary.example,,,,,",
            "nowhere,Al Bad,,,,,,,,",
            "HSJU,,counsel,,,,,,,",
            "HSJU,Al Bad,,99,,,,,,",
            "HSJU,Al Bad,,,not-an-address,,,,,",
            "HSJU,Al Bad,,,,,,,,Her survivor Rosa Martinez lives at 12 Oak Street",
            "SSJU,Lee Gone,,,lee@other.example,,,,,",
            f"T{CHAIR:06},Sam New,LA,,,,,,,",
        ).card
    )
    assert text.startswith("1 new, 1 changed, 0 unchanged, 5 refused. Import them?")
    for part in (
        "Refused, line 3: “nowhere” is not an office.",
        "Refused, line 4: no name",
        "Refused, line 5: There is no ask 99.",
        "Refused, line 6: That is not an email address",
        "Refused, line 7: it seems to contain a home address, a person's name",
        "Skipped: line 8. They asked not to be on the list",
        "Changed: Jo Sample, staff director (House Committee on the Judiciary)",
        "New: Sam New, LA (Representative Jo Elm (OH-4)), to verify",
    ):
        assert part in text, text


def test_an_export_is_imported_again_without_a_change(desk):
    desk.card(desk.pol, "office add", **JO, notes="Runs markups. " * 42, phone="202-555-0100")
    answer = desk.ask(desk.pol, "office export")
    (row,) = csv.DictReader(io.StringIO(answer.file.data.decode("utf-8-sig")))
    assert (row["number"], row["office_name"], row["status"]) == ("C-1", "House Committee on the Judiciary", "current")
    again = desk.hand(desk.pol, "office import", answer.file.data)
    assert again.card.head == "Nothing to import: 0 new, 0 changed, 1 unchanged, 0 refused"


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("HSJU," + "Jo " * 40 + "Sample", "line 2: name has more than 120 characters"),
        (
            "HSJU,Jo Sample\n" * 5_001,
            "The table has more than 5,000 lines under the first. Split it and import each part.",
        ),
    ],
)
def test_an_import_takes_no_more_than_a_person_types_and_a_table_of_5000_lines(desk, row, sentence):
    refused = desk.hand(desk.pol, "office import", table(row))
    assert isinstance(refused, Refusal)
    assert sentence in refused.what


# --- one office on one page -------------------------------------------------------------------------------------------


def test_one_office_is_shown_with_who_is_known_there_what_it_owes_our_meetings_and_letters(desk):
    desk.card(desk.pol, "office add", **(JO | {"office": "ovc"}))
    desk.card(desk.pol, "meeting log", office="ovc", asked="A call", said="Yes", promised="A day by Dec 18")
    name = desk.drafted().name
    shown = desk.card(desk.pol, "office show", office="ovc")

    sections = {section.title: [line.text for line in section.lines] for section in shown.sections}
    assert sections["Contacts"] == ["C-1 Jo Sample, counsel · Ask 4 · jo@judiciary.example"]
    assert sections["Meetings"] == ["M-1 Tue Nov 24, 2026, held"]
    assert "A day: Due Fri Dec 18, 2026" in sections["Promised or required"]
    assert sections["Letters"][0].startswith(f"{name} · draft · ")


# --- who left ---------------------------------------------------------------------------------------------------------


def later(desk, *, without=(), seats=None, on=date(2026, 12, 1)):
    """A directory of a later day arrives."""
    now = public()
    members = tuple(each for each in now.members if each.bioguide not in without)
    kept = tuple(seat for seat in now.seats if seat.bioguide not in without and (seats is None or seats(seat)))
    desk.now = datetime(on.year, on.month, on.day, 15, tzinfo=UTC)
    with desk.db.write() as tx:
        congress.replace(tx, replace(now, as_of=on, members=members, seats=kept), now=desk.now)
    picking.note_departures(desk.job)


def doubts(desk):
    return [each.doubt for each in stored(desk)]


def test_when_a_member_leaves_or_loses_a_committee_their_contacts_are_to_verify_at_once(desk):
    for office in (CHAIR, ACCENT, SENATOR):
        desk.card(desk.pol, "office add", office=member(office), name=f"Jo Sample{office}")
    later(
        desk, without={f"T{CHAIR:06}"}, seats=lambda seat: (seat.bioguide, seat.committee) != (f"T{ACCENT:06}", "HSJU")
    )

    assert doubts(desk) == ["", "has left the House Committee on the Judiciary", "has left Congress"]
    assert stored(desk)[2].status(desk.now.date()) == "unknown"
    desk.card(desk.pol, "office verify", contact="C-2")
    picking.note_departures(desk.job)
    assert doubts(desk)[1] == ""  # as she was when she was verified


def test_neither_a_term_that_ends_nor_a_committee_without_members_is_a_departure(desk):
    desk.card(desk.pol, "office add", office=member(ACCENT), name="Jo Sample")
    later(desk, seats=lambda seat: seat.committee != "HSJU")
    desk.now = datetime(2027, 1, 5, 15, tzinfo=UTC)  # her term is over, and no directory says so yet
    picking.note_departures(desk.job)
    assert doubts(desk) == [""]
    assert "before this Congress began" in stored(desk)[0].to_verify(desk.now.date())


def test_the_policy_digest_tells_once_who_left_and_names_no_contact(desk):
    desk.card(desk.pol, "office add", office=member(CHAIR), name="Jo Sample")
    composer = Composer(
        desk.db, tell=lambda *_: None, clock=lambda: desk.now, new_id=desk.new_id, not_private=lambda _: ""
    )
    for day in (date(2026, 11, 30), *(date(2026, 12, n) for n in (1, 2, 7, 8, 14, 15, 21))):
        later(desk, without={f"T{CHAIR:06}"}, on=day)
        for id_ in desk.config.feeds.enabled:
            memory = Memory(first_success_at=desk.now)
            desk.take(id_, Fetched(entries=(), memory=memory, health=Health.EMPTY_EXPECTED, detail=""))
        composer.compose(desk.config)
    sent = desk.db.read("SELECT channel, card FROM delivery WHERE kind = 'digest'")
    assert len([row for row in sent if row["channel"] == "policy"]) > 1
    told = [row for row in sent if "The offices you know" in row["card"]]
    assert [row["channel"] for row in told] == ["policy"]
    assert "Representative Jo Elm (OH-4): has left Congress. 1 contact to verify: /office verify" in told[0]["card"]
    assert "Sample" not in told[0]["card"]


# --- who asked to be erased -------------------------------------------------------------------------------------------

NAME, EMAIL = "Zebulon Quillfeather", "zq@judiciary.example"


def test_an_erased_contact_leaves_nothing_and_no_import_brings_them_back(desk):
    desk.card(desk.pol, "office add", office="HSJU", name=NAME, email=EMAIL, notes="Runs markups.")
    desk.card(desk.pol, "office add", office="HSJU", name="Colleague", source=f"told by {NAME}")
    previewed(desk, f"SSJU,{NAME},,,new@other.example,,,,,")  # a table that waits
    card = desk.card(desk.pol, "office erase", contact="C-1")
    assert "This cannot be undone" in card.head
    assert press(desk, desk.pol, card, "Erase").card.head == "C-1 is erased"

    scrub(desk.db)
    for sign in ("Quillfeather", "quillfeather", EMAIL):
        assert sign not in str(desk.everything())
    assert "Skipped: line 2" in words(previewed(desk, f"HSJU,{NAME},,,{EMAIL},,,,,", "HSJU,Sam New,,,,,,,,").card)
    assert "asked not to be on" in desk.refused(desk.pol, "office add", office="SSJU", name="Zeb", email=EMAIL).what


def test_an_erasure_spares_the_address_that_a_colleague_has_too(desk):
    for name in (NAME, "Jo Sample"):
        desk.card(desk.pol, "office add", office="HSJU", name=name, email=EMAIL)
    desk.card(desk.pol, "office erase", contact="C-1", sure="yes")
    assert [each.email for each in stored(desk)] == [EMAIL]


def test_who_asked_the_press_desk_to_be_erased_is_not_imported_as_staff_of_an_office(desk):
    desk.card(desk.pia, "press add", outlet="Wire", name=NAME, email=EMAIL)
    desk.card(desk.pia, "press erase", contact="P-1", sure="yes")
    assert "Skipped: line 2" in words(previewed(desk, f"HSJU,{NAME},,,,,,,,", "HSJU,Sam New,,,,,,,,").card)


def test_a_contact_who_left_is_deleted_after_a_year(desk):
    desk.card(desk.pol, "office add", **JO)
    desk.card(desk.pol, "office add", **(JO | {"name": "Sam Stays", "email": ""}))
    desk.card(desk.pol, "office left", contact="C-1")
    with desk.db.write() as tx:
        forget(tx, desk.config.coalition, desk.now + timedelta(days=366))
    assert [each.name for each in stored(desk)] == ["Sam Stays"]


def test_an_old_spreadsheet_neither_brings_back_who_left_nor_verifies_what_is_doubtful(desk):
    for name in ("Jo Sample", "Lee Gone", "Pat Doubt"):
        desk.card(desk.pol, "office add", office=member(CHAIR), name=name)
    desk.card(desk.pol, "office left", contact="C-2")
    later(desk, without={f"T{CHAIR:06}"}, on=date(2026, 11, 30))
    with desk.db.write() as tx:
        congress.replace(tx, replace(public(), as_of=desk.now.date()), now=desk.now)  # the next day she is listed again
    rows = [
        f"T{CHAIR:06},{name},,,,,,,{day}," for name, day in (("Jo Sample", "11/20/2026"), ("Lee Gone", "11/24/2026"))
    ]
    card = previewed(desk, *rows, f"T{CHAIR:06},Pat Doubt,,,,,,,12/24/2026,").card
    assert card.head == "Nothing to import: 0 new, 0 changed, 2 unchanged, 1 refused"
    assert "line 4: verified_on is in the future" in words(card)

    desk.now += timedelta(days=2)
    imported(desk, *(row.replace("11/20", "12/1").replace("11/24", "12/1") for row in rows))
    assert [(each.doubt, each.left_on) for each in stored(desk)][:2] == [("", None), ("", None)]


def test_an_office_is_shown_with_what_it_promised(desk):
    owed = {"kind": "meeting", "basis": "Meeting of Nov 20", "due": "2026-12-15", "source": "https://ovc.example"}
    desk.card(desk.pol, "deadlines add", by="Office for Victims of Crime", owed="A list of awards", **owed)
    desk.card(desk.pol, "deadlines add", by="Senator Ada Oak-Ash", owed="A letter to OVC", **owed)
    for office, what in (("ovc", "A list of awards"), (member(SENATOR), "A letter to OVC")):
        shown = words(desk.card(desk.pol, "office show", office=office))
        assert f"{what}: " in shown
        assert shown.count("Dec 15") == 1
