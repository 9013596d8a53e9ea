"""The offices that the coalition works with: who works there, where that is from, and when it is to be verified."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import pytest

from bot.commands.model import Reply, Role
from bot.congress import records as congress
from bot.offices import records
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
    assert desk.card(desk.pol, "office contacts", ask="5").head == "No contacts"


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
    assert desk.card(desk.pol, "office verify").head == "All contacts in offices are verified"
    assert "left" in words(desk.card(desk.pol, "office contacts", state="left"))
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
        "Refused, line 6: That is not an email address.",
        "Refused, line 7: it seems to contain a home address, a person's name",
        "Skipped: line 8. They asked not to be on the list",
        "Changed: Jo Sample, staff director (House Committee on the Judiciary)",
        "New: Sam New, LA (Representative Jo Elm (OH-4)), to verify",
    ):
        assert part in text, text


def test_an_export_is_imported_again_without_a_change(desk):
    desk.card(desk.pol, "office add", **JO, notes="Runs markups.", phone="202-555-0100")
    answer = desk.ask(desk.pol, "office export")
    (row,) = csv.DictReader(io.StringIO(answer.file.data.decode("utf-8-sig")))
    assert (row["number"], row["office_name"], row["status"]) == ("C-1", "House Committee on the Judiciary", "current")
    again = desk.hand(desk.pol, "office import", answer.file.data)
    assert again.card.head == "Nothing to import: 0 new, 0 changed, 1 unchanged, 0 refused"


# --- one office on one page -------------------------------------------------------------------------------------------


def test_one_office_is_shown_with_who_is_known_there_what_it_owes_and_its_letters(desk):
    desk.card(desk.pol, "office add", **(JO | {"office": "ovc"}))
    name = desk.drafted().name
    shown = desk.card(desk.pol, "office show", office="ovc")

    sections = {section.title: [line.text for line in section.lines] for section in shown.sections}
    assert sections["Contacts"] == ["C-1 Jo Sample, counsel · Ask 4 · jo@judiciary.example"]
    assert sections["Letters"][0].startswith(f"{name} · draft · ")
