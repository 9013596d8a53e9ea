"""The press list: who is on it, what each of them was sent, and who has opted out."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.commands.model import Refusal, Role
from bot.media.contacts import records
from tests.kit.board import press, send, words
from tests.kit.press import JO, Press, config


@pytest.fixture
def desk(tmp_path):
    return Press(tmp_path)


def test_an_empty_press_list_explains_how_to_start(desk):
    card = desk.card(desk.pia, "press find")

    assert card.head == "The press list is empty"
    assert [button.path for button in card.buttons] == ["press add", "press import"]


def test_a_contact_is_added_with_its_source_and_found_by_any_word(desk):
    card = desk.card(desk.pia, "press add", **JO, tier="1", phone="+1 202 555 0100", source="their own page")

    assert card.head == "P-1 Jo Sample (Example Wire): on the list"
    assert "labor · tier 1" in words(card)
    assert "jo.sample@wire.example · +1 202 555 0100" in words(card)
    assert card.foot == "Source: their own page; kept for: legitimate interest"
    for text in ("P-1", "1", "sample", "WIRE labor", "jo.sample"):
        assert desk.card(desk.pia, "press find", text=text).head == "P-1 Jo Sample (Example Wire)", text
    assert "No press contact found" in desk.card(desk.pia, "press find", text="sports").head


def test_two_reporters_with_one_address_are_two(desk):
    desk.added()
    desk.added(name="Lee Other", outlet="Other Wire")
    assert [each.name for each in desk.contacts()] == ["Jo Sample", "Lee Other"]


def test_the_audit_names_no_reporter(desk):
    desk.added()
    desk.card(desk.pia, "press note", contact="P-1", text="called about Jo's series")
    desk.card(desk.pia, "press pitch", contact="P-1", angle="A year of the act")

    cards = " ".join(f"{change.subject} {change.before} {change.after}" for change in desk.changes())
    assert "P-1" in cards
    for word in ("Jo", "Sample", "Wire", "wire.example", "series", "year"):
        assert word not in cards


def test_a_contact_that_another_changed_while_the_form_was_open_is_not_overwritten(desk):
    desk.added()
    quin = desk.add("Quin", Role.PRESS)
    first, second = (desk.form(who, "press change", contact="P-1") for who in (desk.pia, quin))
    send(desk, quin, second, email="jo@paper.example", outlet="New Paper")
    outdated = send(desk, desk.pia, first, beat="courts")

    assert outdated.what.startswith("P-1 was changed while your form was open. Nothing was overwritten")
    (contact,) = desk.contacts()
    assert (contact.email, contact.outlet.name, contact.beat) == ("jo@paper.example", "New Paper", "labor")
    desk.card(quin, "press verify", contact="P-1")  # changes nothing that a form shows
    again = send(desk, desk.pia, desk.form(desk.pia, "press change", contact="P-1"), beat="courts")
    assert again.card.head.endswith("changed")


def test_a_form_of_a_contact_that_is_sent_twice_changed_nothing_the_second_time(desk):
    desk.added()
    form = desk.form(desk.pia, "press change", contact="P-1")
    send(desk, desk.pia, form, beat="courts")
    assert send(desk, desk.pia, form, beat="courts").card.head.endswith("nothing new")
    assert [contact.beat for contact in desk.contacts()] == ["courts"]


def test_a_reporter_on_the_list_is_changed_and_not_added_twice(desk):
    desk.added()

    assert desk.card(desk.pia, "press add", **JO).head.endswith("nothing new")
    assert desk.card(desk.pia, "press add", **(JO | {"beat": "courts"})).head.endswith("changed")
    assert desk.card(desk.pia, "press add", **(JO | {"outlet": "example  WIRE."})).head.startswith("P-1")
    assert [contact.beat for contact in desk.contacts()] == ["labor"]


def test_a_contact_who_moves_to_another_outlet_keeps_their_history(desk):
    desk.added()
    desk.card(desk.pia, "press note", contact="P-1", text="called")

    card = desk.card(desk.pia, "press add", outlet="Daily Example", contact="P-1")

    assert card.head == "P-1 Jo Sample (Daily Example): changed"
    assert "Today, moved by Pia: “from Example Wire to Daily Example”" in words(card)
    assert "Today, note by Pia: “called”" in words(card)


def test_a_desk_is_listed_without_a_person(desk):
    card = desk.card(desk.pia, "press add", outlet="KTAR", email="desk@ktar.example", type="radio")

    assert card.head == "P-1 the desk of KTAR: on the list"
    assert desk.card(desk.pia, "press find", text="ktar desk").head == "P-1 the desk of KTAR"


def test_what_is_not_an_email_address_is_refused_at_its_field(desk):
    refused = desk.ask(desk.pia, "press add", outlet="KTAR", email="jo at ktar")

    assert isinstance(refused, Refusal)
    assert (refused.param, "not an email address" in refused.what) == ("email", True)


def test_a_name_that_could_be_two_people_is_asked_about(desk):
    desk.added()
    desk.added(name="Jo Samples", email="")

    refused = desk.refused(desk.pia, "press note", contact="sample", text="x")

    assert "matches P-1 Jo Sample (Example Wire), P-2 Jo Samples (Example Wire)" in refused.what
    assert refused.param == "contact"


# --- notes and reminders --------------------------------------------------------------------------------------------


def test_a_follow_up_reaches_its_author_once_on_its_morning(desk):
    desk.added()
    card = desk.card(desk.pia, "press note", contact="P-1", text="wants a farmworker leader", follow="Fri")
    assert "The bot will remind you Fri Nov 27, 2026 at 9 a.m." in words(card)

    desk.compose(days=1)
    assert [cards.head for cards in desk.sent_to(desk.pia)] == []
    desk.compose(days=2)
    desk.compose(days=1)

    (cards,) = desk.sent_to(desk.pia)
    assert cards.head == "Follow up with P-1 Jo Sample (Example Wire)"
    assert "Your note of 3 days ago: “wants a farmworker leader”" in words(cards)
    assert desk.sent_to(desk.pol) == []


def test_a_follow_up_stays_with_the_press_when_its_author_leaves(desk):
    desk.added()
    desk.card(desk.pia, "press note", contact="P-1", text="wants a farmworker leader", follow="Fri")
    desk.card(desk.admin, "people leave", person="Pia", sure="yes")

    desk.compose(days=4)
    desk.compose(minutes=1)

    (card,) = desk.shown("press")
    assert "wants a farmworker leader" in words(card)
    assert "Posted here because the person it was for cannot get it" in card.foot


def test_without_a_press_channel_a_follow_up_waits_for_a_press_person(tmp_path):
    desk = Press(tmp_path, config(channel=None))
    desk.added()
    desk.card(desk.pia, "press note", contact="P-1", text="wants a farmworker leader", follow="Fri")
    desk.card(desk.admin, "people leave", person="Pia", sure="yes")
    desk.compose(days=4)
    assert desk.db.read("SELECT id FROM delivery") == []

    paz = desk.add("Paz", Role.PRESS)
    desk.compose(minutes=1)
    desk.compose(minutes=1)

    (card,) = desk.sent_to(paz)
    assert "wants a farmworker leader" in words(card)


def test_a_field_emptied_in_the_form_is_deleted(desk):
    desk.added(phone="+1 202 555 0100", tier="2", market="DC")
    form = press(desk, desk.pia, desk.card(desk.pia, "press find", text="P-1"), "Change").form
    shown = {field.param.name: field.initial for field in form.fields}
    assert (shown["phone"], shown["tier"], shown["name"]) == ("+1 202 555 0100", "2", "Jo Sample")

    send(desk, desk.pia, form, phone="", tier="", market="", name="", beat="energy")

    (contact,) = desk.contacts()
    own = (contact.phone, contact.outlet.tier, contact.outlet.market, contact.name, contact.beat, contact.email)
    assert own == ("", None, "", "Jo Sample", "energy", "jo.sample@wire.example")


def test_a_follow_up_that_is_no_moment_is_refused(desk):
    desk.added()

    assert desk.refused(desk.pia, "press note", contact="P-1", text="x", follow="soonish").param == "follow"
    assert records.all_histories(desk.db) == {}


def test_an_entry_logged_by_mistake_is_deleted_by_its_author(desk):
    desk.added()
    card = desk.card(desk.pia, "press note", contact="P-1", text="wrong person", follow="Fri")
    other = desk.add("Pat", Role.PRESS)

    assert "another person wrote it" in press(desk, other, card, "Undo").what
    assert press(desk, desk.pia, card, "Undo").card.head == "Deleted"
    desk.compose(days=5)
    assert desk.sent_to(desk.pia) == []


def test_stale_contacts_are_counted_once_a_month_without_names(desk):
    desk.added()
    desk.compose(days=182)
    assert desk.sent_to(desk.pia) == []

    for _ in range(20):
        desk.compose(days=3)
    cards = desk.sent_to(desk.pia)

    assert {card.head for card in cards} == {"1 contact on the press list not verified for six months"}
    assert len(cards) == 3  # of May, June and July
    assert "Jo" not in "".join(words(card) for card in cards)
    assert "P-1 Jo Sample (Example Wire), last on Tue Nov 24, 2026" in words(desk.card(desk.pia, "press verify"))

    desk.card(desk.pia, "press verify", contact="P-1")
    assert "verified within six months" in desk.card(desk.pia, "press verify").head


# --- pitches --------------------------------------------------------------------------------------------------------


def test_a_second_pitch_first_shows_who_pitched_them_when(desk):
    desk.added()
    desk.card(desk.pia, "press pitch", contact="P-1", angle="Figures of the year", by="polaris", ask="4")
    desk.now += timedelta(days=3)

    card = desk.card(desk.pia, "press pitch", contact="P-1", angle="Stings in the county")

    assert "Last pitched 3 days ago by Polaris: “Figures of the year”" in card.head
    assert "Nothing is logged yet." in words(card)
    assert len(records.contact_history(desk.db, desk.contacts()[0].id)) == 1
    done = press(desk, desk.pia, card, "Pitch anyway").card
    assert done.head == "Logged: P-1 Jo Sample (Example Wire), pitched by ATEST"


def test_a_pitch_older_than_a_month_needs_no_confirmation(desk):
    desk.added()
    desk.card(desk.pia, "press pitch", contact="P-1", angle="Figures")
    desk.now += timedelta(days=31)

    assert desk.card(desk.pia, "press pitch", contact="P-1", angle="More figures").head.startswith("Logged")


def test_an_answer_is_shown_with_its_pitch(desk):
    desk.added()
    card = desk.card(desk.pia, "press pitch", contact="P-1", angle="Figures of the year", ask="8")
    form = press(desk, desk.pia, card, "They answered").form

    desk.card(desk.pia, form.path, **dict(form.args), answer="yes", result="S-12")

    shown = words(desk.card(desk.pia, "press find", text="P-1"))
    assert "Last pitched today by ATEST: “Figures of the year”, yes" in shown
    assert "Ask 8 · yes · S-12" in shown


def test_an_ask_or_link_that_leads_nowhere_is_refused_and_nothing_is_logged(desk):
    desk.added()

    assert desk.refused(desk.pia, "press pitch", contact="P-1", angle="x", ask="99").param == "ask"
    assert desk.refused(desk.pia, "press pitch", contact="P-1", angle="x", link="javascript:alert(1)").param == "link"
    assert records.all_histories(desk.db) == {}


# --- embargoes ------------------------------------------------------------------------------------------------------


def test_an_hour_that_is_past_here_and_not_in_the_zone_that_is_given_is_taken(desk):
    desk.now = desk.now.replace(hour=22)  # 5 p.m. in New York, 2 p.m. in Los Angeles
    set_ = desk.card(desk.pia, "press embargo", about="Figures", lifts="today 4pm", zone="PT")

    assert set_.head == "E-1 Figures: lifts Tue Nov 24, 2026, 4 p.m. PST (7 p.m. EST)"


def test_an_embargo_without_an_hour_or_a_zone_is_refused(desk):
    for given, param in (
        ({}, "lifts"),
        ({"lifts": "2026-12-01 10:00"}, "zone"),
        ({"lifts": "2026-12-01", "zone": "ET"}, "lifts"),  # a day is no hour
        ({"lifts": "2026-12-01 10:00", "zone": "Eastern-ish"}, "zone"),
        ({"lifts": "2026-11-01 10:00", "zone": "ET"}, "lifts"),  # it is past
    ):
        assert desk.refused(desk.pia, "press embargo", about="Figures", **given).param == param, given


def test_an_embargoed_pitch_needs_written_agreement(desk):
    desk.added()
    set_ = desk.card(desk.pia, "press embargo", about="Figures 2026", lifts="2026-12-01 07:00", zone="PT")
    assert set_.head == "E-1 Figures 2026: lifts Tue Dec 1, 2026, 7 a.m. PST (10 a.m. EST)"
    assert "No one has agreed to this time in writing yet" in words(set_)
    assert "EMBARGOED until Tue Dec 1, 2026, 7 a.m. PST (10 a.m. EST)" in words(set_)

    refused = desk.refused(desk.pia, "press pitch", contact="P-1", angle="Figures", embargo="E-1")
    assert "has not agreed to E-1 in writing" in refused.what
    form = desk.form(desk.pia, "press embargo", about="E-1", contact="P-1")
    shown = desk.card(desk.pia, form.path, **dict(form.args), agreed="mail of 24 Nov")
    assert "P-1 Jo Sample (Example Wire): mail of 24 Nov" in words(shown)

    logged = desk.card(desk.pia, "press pitch", contact="P-1", angle="Figures", embargo="e-1")
    assert "lifts Tue Dec 1, 2026, 7 a.m. PST (10 a.m. EST)" in words(logged)


def test_moving_an_embargo_cancels_its_agreements(desk):
    desk.added()
    desk.card(desk.pia, "press embargo", about="Figures", lifts="2026-12-01 10:00", zone="ET")
    desk.card(desk.pia, "press embargo", about="E-1", contact="P-1", agreed="mail")

    moved = desk.card(desk.pia, "press embargo", about="E-1", lifts="2026-12-02 10:00", zone="ET")

    assert moved.head == "E-1 Figures: lifts Wed Dec 2, 2026, 10 a.m. EST"
    assert "No one has agreed" in words(moved)
    assert "E-1 Figures: lifts Wed Dec 2" in words(desk.card(desk.pia, "press embargoes"))


def test_who_was_pitched_under_an_earlier_time_is_named_until_they_agree_to_the_new_one(desk):
    desk.added()
    desk.card(desk.pia, "press embargo", about="Figures", lifts="2026-12-01 10:00", zone="ET")
    desk.card(desk.pia, "press embargo", about="E-1", contact="P-1", agreed="mail")
    desk.card(desk.pia, "press pitch", contact="P-1", angle="Figures", embargo="E-1")
    again = "Ask again those who were pitched it under an earlier time: P-1 Jo Sample (Example Wire)."

    moved = desk.card(desk.pia, "press embargo", about="E-1", lifts="2026-12-02 10:00", zone="ET")
    assert again in words(moved)
    agreed = desk.card(desk.pia, "press embargo", about="E-1", contact="P-1", agreed="second mail")
    assert again not in words(agreed)


def test_nothing_is_embargoed_any_more_once_it_has_lifted(desk):
    desk.added()
    desk.card(desk.pia, "press embargo", about="Figures", lifts="2026-12-01 10:00", zone="ET")
    desk.now += timedelta(days=10)

    shown = desk.card(desk.pia, "press embargo", about="E-1")
    assert words(shown).strip() == "E-1 Figures: lifted Tue Dec 1, 2026, 10 a.m. EST"
    logged = desk.card(desk.pia, "press pitch", contact="P-1", angle="Figures", embargo="E-1")
    assert "lifted Tue Dec 1, 2026, 10 a.m. EST" in words(logged)


# --- no more mail ---------------------------------------------------------------------------------------------------


def test_a_contact_who_opted_out_is_not_pitched(desk):
    desk.added()
    desk.now += timedelta(hours=11)  # 9 p.m. in Washington, and Wednesday in Greenwich
    card = desk.card(desk.pia, "press optout", contact="P-1")

    assert "2026-11-24" in desk.file().data.decode()
    assert "2026-11-25" not in desk.file().data.decode()
    assert "has opted out" in desk.refused(desk.pia, "press pitch", contact="P-1", angle="x").what
    shown = desk.card(desk.pia, "press find", text="P-1")
    assert "Opted out on Tue Nov 24, 2026." in words(shown)
    assert "Pitch" not in [button.label for button in shown.buttons]

    press(desk, desk.pia, card, "Undo opt-out")
    assert desk.card(desk.pia, "press pitch", contact="P-1", angle="x").head.startswith("Logged")


def test_an_opt_out_outlives_an_import_of_the_same_list(desk):
    desk.added()
    desk.card(desk.pia, "press optout", contact="P-1")

    desk.card(desk.pia, "press import", csv=f"outlet,name,email\nExample Wire,Jo Sample,{JO['email']}\n")

    (contact,) = desk.contacts()
    assert contact.opted_out_at


# --- as a file ------------------------------------------------------------------------------------------------------

LIST = """outlet,tier,name,e-mail,verified_on,stars
Example Wire,1,Jo Sample,jo@wire.example,2026-11-01,5
"Daily Example, The",2,Émile Caron,emile@daily.example,,
KTAR,,,desk@ktar.example,,
"""


def test_a_spreadsheet_is_imported_and_existing_data_stays(desk):
    desk.added(beat="courts")

    card = desk.card(desk.pia, "press import", csv=LIST)

    assert card.head == "Imported: 2 new, 1 changed, 0 unchanged"
    jo, emile, ktar = desk.contacts()
    assert (jo.email, jo.beat, jo.outlet.tier, jo.verified_on) == ("jo@wire.example", "courts", 1, date(2026, 11, 1))
    assert (emile.who, emile.verified_on, emile.source) == (
        "Émile Caron (Daily Example, The)",
        None,
        "an imported list",
    )
    assert ktar.who == "the desk of KTAR"
    assert desk.card(desk.pia, "press import", csv=LIST).head == "Imported: 0 new, 0 changed, 3 unchanged"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("name,email\nJo,jo@wire.example", "required: outlet"),
        ("outlet,name\n,Jo", "line 2: no outlet"),
        ("outlet,tier\nAP,first", "tier must be 1, 2 or 3"),
        ("outlet,verified_on\nAP,last spring", "verified_on must be a date"),
        ("outlet,basis\nAP,because", "basis must be one of legitimate interest, consent"),
        ("outlet,name\nAP,Jo,labor", "more cells than columns"),
        ("outlet", "The table has no rows."),
    ],
)
def test_a_table_with_an_error_is_not_imported(desk, text, sentence):
    refused = desk.refused(desk.pia, "press import", csv=f"{text}\n")

    assert refused.what.startswith("Nothing was imported.")
    assert sentence in refused.what
    assert desk.contacts() == []


def test_an_export_runs_nothing_in_a_spreadsheet_comes_back_and_is_in_the_audit(desk):
    desk.added(name='=HYPERLINK("http://evil.example")', beat="@sum", phone="+1 202 555 0100", email="")
    desk.card(desk.pia, "press note", contact="P-1", text="called")
    file = desk.file()

    (row,) = csv.DictReader(io.StringIO(file.data.decode("utf-8-sig")))
    assert (row["number"], row["last_contact_on"], row["last_contact_by"]) == ("P-1", "2026-11-24", "Pia")
    assert [row[name][0] for name in ("name", "beat", "phone")] == ["'", "'", "'"]
    assert desk.changes()[-1].after == "exported, 1 contact"

    before = desk.contacts()
    assert "1 unchanged" in desk.card(desk.pia, "press import", csv=file.data.decode("utf-8-sig")).head
    assert desk.contacts() == [replace(contact) for contact in before]
