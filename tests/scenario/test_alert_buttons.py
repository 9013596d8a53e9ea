"""The buttons of an alert: why, not relevant, snooze, assign; and how its message shows what was done."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.commands.model import Refusal
from bot.outbox.model import from_json, mark_of
from bot.shared.entry import Change
from tests.kit.alerts import action, document, news
from tests.kit.commands import Office, button_of, config, words_of


@pytest.fixture
def office(tmp_path):
    return Office(tmp_path)


def alerted(office, *entries, source="register"):
    """The newest alert's card, once it is said."""
    office.room.take(source, *(entries or (document(),)))
    office.room.send_all()
    return office.room.cards("policy", "alert")[-1]


def changes(office, channel="policy"):
    """How messages look after the changes that wait."""
    rows = office.db.read("SELECT card FROM delivery WHERE kind = 'edit' AND channel = :c ORDER BY seq", {"c": channel})
    return [from_json(row["card"]) for row in rows]


# --- why -------------------------------------------------------------------------------------------------------------


async def test_every_single_alert_has_four_buttons_that_name_nothing_but_the_entry(office):
    card = alerted(office)
    (id_,) = [row["id"] for row in office.db.read("SELECT id FROM entry")]
    assert [button.label for button in card.buttons] == ["Draft letter", "Why", "Not relevant", "Assign"]
    assert {button.args for button in card.buttons} == {(("entry", id_),)}
    assert alerted(office, action("Passed House.", "Passed House"), source="bills").buttons[1].path == "alerts why"


async def test_a_message_of_several_things_has_no_buttons(office):
    assert alerted(office, document("2026-1"), document("2026-2", "More gloves")).buttons == ()


async def test_why_answers_the_presser_alone_with_the_trace(office):
    reply = await office.press("dee", alerted(office), "Why")
    assert not reply.public
    assert reply.card.head == "Gloves made with forced labor"
    assert "Posted to “policy” at 10:06" in words_of(reply.card)


async def test_why_takes_the_mark_under_a_message(office):
    alerted(office)
    (row,) = office.db.read("SELECT channel, key FROM delivery WHERE kind = 'alert'")
    mark = mark_of(row["channel"], row["key"])[:10]
    assert (await office.ask("dee", "alerts why", entry=f"#{mark}")).head == "Gloves made with forced labor"
    assert "Nothing found" in (await office.ask("dee", "alerts why", entry="#aaaaaaaaaa")).head


# --- assign ----------------------------------------------------------------------------------------------------------


async def test_an_assignment_shows_on_the_alert_s_message(office):
    card = alerted(office)
    form = (await office.press("ada", card, "Assign")).form
    assert [choice.label for choice in form.fields[0].param.choices] == ["Me", "Bo Li", "Cy Young", "Dee Ray"]

    reply = await office.send("ada", form)

    assert reply.card.head == "Assigned to Ada Smith, 10:06 a.m."
    (changed,) = changes(office)
    assert changed.foot == f"Assigned to Ada Smith, 10:06 a.m. · {card.foot}"
    assert (changed.head, changed.buttons) == (card.head, card.buttons)
    assert office.audit() == [("Ada Smith", "Gloves made with forced labor", "", "Assigned to Ada Smith, 10:06 a.m.")]


async def test_a_second_press_names_the_first_person_and_changes_nothing(office):
    card = alerted(office)
    await office.ask("ada", "alerts assign", **dict(card.buttons[0].args), to="me")
    second = (await office.press("bo", card, "Assign")).card
    assert second.head == "Assigned to Ada Smith, 10:06 a.m."
    assert len(office.audit()) == 1

    form = (await office.press("bo", second, "Assign to someone else")).form
    reply = await office.send("bo", form, to="p-cy")
    assert reply.card.head == "Assigned to Cy Young, 10:06 a.m."
    assert [changed.foot.partition(",")[0] for changed in changes(office)] == ["Assigned to Cy Young"]


async def test_a_name_is_enough_where_it_is_one_person_s(office):
    alerted(office)
    several = await office.refused("ada", "alerts assign", entry="2026-00001", to="y")
    assert (several.param, several.what) == ("to", "“y” could be Cy Young, Dee Ray. Write the full name.")
    nobody = await office.refused("ada", "alerts assign", entry="2026-00001", to="zoe")
    assert nobody.what.startswith("No one here is called “zoe”.")
    assert (await office.ask("ada", "alerts assign", entry="2026-00001", to="young")).head.startswith("Assigned to Cy")


async def test_a_representative_may_ask_why_but_not_assign(office):
    card = alerted(office)
    assert isinstance(await office.press("dee", card, "Assign"), Refusal)
    assert isinstance(await office.press("nobody", card, "Why"), Refusal)
    assert changes(office) == []


# --- snooze ----------------------------------------------------------------------------------------------------------


async def test_a_snoozed_alert_is_posted_again_once_in_its_thread(office):
    card = alerted(office)
    why = (await office.press("ada", card, "Why")).card
    form = (await office.press("ada", why, "Snooze")).form
    assert [choice.value for choice in form.fields[0].param.choices] == ["1d", "3d", "next monday"]
    reply = await office.send("ada", form, until="next monday")
    assert reply.card.head == "Snoozed by Ada Smith until Mon Nov 30, 2026, 9 a.m."

    (again,) = office.room.rows("policy", "again")
    (first,) = office.room.rows("policy", "alert")
    assert (again["thread"], again["due_at"][:16]) == (first["thread"], "2026-11-30T14:00")
    assert again["key"].endswith(":published:snooze:1")
    assert from_json(again["card"]).head == "Again: Gloves made with forced labor"
    assert changes(office)[0].foot.startswith("Snoozed by Ada Smith until Mon Nov 30, 2026, 9 a.m. · ")


async def test_pressing_snooze_on_a_snoozed_alert_changes_nothing(office):
    card = alerted(office)
    await office.ask("ada", "alerts snooze", entry="2026-00001", until="3d")
    why = (await office.press("bo", card, "Why")).card
    assert (await office.press("bo", why, "Snooze")).card.head.startswith("Snoozed by Ada Smith until Fri Nov 27")
    office.room.run_on(days=4).send_all()
    await office.ask("bo", "alerts snooze", entry="2026-00001", until="1d")
    assert [row["key"][-8:] for row in office.room.rows("policy", "again")] == ["snooze:1", "snooze:2"]


async def test_a_follow_up_is_posted_while_the_first_alert_is_snoozed(office):
    alerted(office)
    await office.ask("ada", "alerts snooze", entry="2026-00001", until="3d")
    assert "Queued for “policy”, as again" in words_of(await office.ask("ada", "alerts why", entry="2026-00001"))
    before = len(office.room.cards("policy", "alert"))
    alerted(
        office, document("2026-00002", "Gloves: correction", references=("fr:2026-00001",), change=Change.CORRECTION)
    )
    assert len(office.room.cards("policy", "alert")) == before + 1


async def test_a_snoozed_alert_waits_for_the_end_of_quiet_hours(tmp_path):
    channels = {"policy": {"to": "console:policy", "quiet": ["20:00", "07:00"]}, "admin": {"to": "console:admin"}}
    office = Office(tmp_path, config({"channels": channels}))
    alerted(office)
    office.room.wait(hours=6)
    await office.ask("ada", "alerts snooze", entry="2026-00001", until="10h")
    assert office.room.rows("policy", "again")[0]["due_at"][:16] == "2026-11-25T12:00"


@pytest.mark.parametrize("until", ["yesterday", "2020-01-01", "0d", "9999w", "2026-02-31"])
async def test_only_a_moment_to_come_will_do(office, until):
    alerted(office)
    refused = await office.refused("ada", "alerts snooze", entry="2026-00001", until=until)
    assert refused.param == "until"
    assert office.room.rows("policy", "again") == []


async def test_an_entry_that_was_not_posted_cannot_be_snoozed(office):
    office.room.take("register", document("2026-00009", "Trafficking statistics"))
    refused = await office.refused("ada", "alerts snooze", entry="2026-00009", until="1d")
    assert "not posted in any channel" in refused.what
    assert office.audit() == []


# --- not relevant ----------------------------------------------------------------------------------------------------


async def test_noise_is_noted_and_a_narrower_query_tried_on_what_the_watch_raised(office):
    for n in range(6):
        alerted(office, document(f"2026-1{n}", f"Goods made with forced labor, case {n}"))
        alerted(office, news(f"a{n}", f"Boxing contest number {n}", source="wire"), source="wire")
    card = alerted(office, news("b", "Boxing gloves signed by a champion"), source="newsroom")

    form = (await office.press("ada", card, "Not relevant")).form
    assert [field.param.name for field in form.fields] == ["reason", "note"]
    reply = await office.send("ada", form, reason="noise", note="sports")

    text = words_of(reply.card)
    assert reply.card.head == "Noted: noise"
    assert "“Gloves” matched 7 entries in the last 90 days." in text
    assert '("forced labor" OR gloves) NOT title:"boxing"' in text
    assert "It would have excluded 1 of them:\nBoxing gloves signed by a champion" in text
    assert changes(office)[-1].foot.startswith("Marked as noise by Ada Smith, 10:")
    assert office.audit()[-1][3].endswith(": sports")

    preview = (await office.press("ada", reply.card, "Preview")).card
    assert "0 more than now, 1 fewer" in words_of(preview)
    assert office.config.feeds.watches["gloves"].query == '"forced labor" OR gloves'
    saved = await office.press("ada", preview, "Save")
    assert saved.card.head == "Saved: “Gloves”"
    assert office.config.feeds.watches["gloves"].query.endswith('NOT title:"boxing"')


async def test_earlier_noise_does_not_keep_a_word_from_being_excluded(office):
    alerted(office, news("a", "Ballet gloves on show"), source="newsroom")
    alerted(office, document("2026-1", "Goods made with forced labor"))
    await office.ask("ada", "alerts not-relevant", entry="https://www.ice.gov/a", reason="noise")
    alerted(office, news("b", "Ballet gloves again"), source="newsroom")
    card = await office.ask("ada", "alerts not-relevant", entry="https://www.ice.gov/b", reason="noise")
    assert 'NOT title:"ballet"' in words_of(card)
    assert "excluded 2 of them" in words_of(card)


async def test_a_note_is_checked_for_personal_details_before_it_is_saved(office):
    card = alerted(office)
    form = (await office.press("ada", card, "Not relevant")).form
    again = (await office.send("ada", form, reason="noise", note="it names our client Maria, 212-555-0100")).form
    assert "a phone number" in again.fields[0].param.help
    assert office.audit() == []
    stored = await office.send("ada", again, note="it names somebody", sure="yes")
    assert stored.card.head == "Noted: noise"


async def test_a_second_verdict_names_the_author_of_the_first(office):
    card = alerted(office)
    await office.ask("ada", "alerts not-relevant", entry="2026-00001", reason="duplicate")
    second = (await office.press("bo", card, "Not relevant")).card
    assert second.head == "Marked as a duplicate by Ada Smith, 10:06 a.m."
    assert len(office.audit()) == 1


async def test_a_snoozed_alert_marked_as_noise_is_not_posted_again(office):
    alerted(office)
    await office.ask("ada", "alerts snooze", entry="2026-00001", until="1d")
    await office.ask("bo", "alerts not-relevant", entry="2026-00001", reason="noise")
    assert office.room.rows("policy", "again") == []
    foot = changes(office)[-1].foot
    assert "Marked as noise" in foot
    assert "Snoozed" not in foot
    await office.ask("ada", "alerts relevant", entry="2026-00001")
    await office.ask("ada", "alerts snooze", entry="2026-00001", until="1d")
    assert [row["state"] for row in office.room.rows("policy", "again")][-1:] == ["pending"]


async def test_a_wrong_ask_leads_to_the_watch_and_only_those_who_may_edit_it(office):
    alerted(office)
    card = await office.ask("cy", "alerts not-relevant", entry="2026-00001", reason="wrong ask")
    assert card.buttons == ()
    office.room.take("register", document("2026-00007", "Gloves, second notice"))
    card = await office.ask("ada", "alerts not-relevant", entry="2026-00007", reason="wrong ask")
    assert button_of(card, "Edit watch").args == (("name", "gloves"),)


async def test_an_alert_of_a_removed_watch_can_be_marked(office):
    alerted(office)
    await office.ask("ada", "watch remove", name="gloves")
    card = await office.ask("ada", "alerts not-relevant", entry="2026-00001", reason="noise")
    assert words_of(card).startswith("Noted: noise\nThe watch that matched it was removed.")


# --- lists -----------------------------------------------------------------------------------------------------------


async def test_recent_lists_alerts_newest_first_with_what_was_done(office):
    alerted(office)
    alerted(office, news("a", "More gloves"), source="newsroom")
    await office.ask("ada", "alerts assign", entry="2026-00001", to="me")
    card = await office.ask("dee", "alerts recent")
    assert card.head == "2 alerts in the last 7 days"
    assert [line.text.split(" · ")[2] for line in card.lines] == [
        "ICE: More gloves",
        "CBP: Gloves made with forced labor",
    ]
    assert card.lines[1].text.startswith("2. 2026-00001 · ")
    assert card.lines[1].text.endswith("Ask 4 · Assigned to Ada Smith, 10:07 a.m.")
    assert [button.label for button in card.line_buttons] == ["Open 1", "Open 2"]
    assert card.line_buttons[1].path == "find"
    (id_,) = [row["id"] for row in office.db.read("SELECT id FROM entry WHERE title LIKE 'Gloves%'")]
    assert card.line_buttons[1].args == (("words", id_),)


async def test_every_listed_alert_has_a_button_to_open_it(office):
    for number in range(1, 6):
        alerted(office, document(f"2026-0000{number}", f"Gloves made with forced labor in place {number}"))
    card = await office.ask("dee", "alerts recent")
    assert len(card.lines) == len(card.line_buttons) == 5


async def test_without_an_alert_recent_lists_the_digest_lines(office):
    office.room.take("register", document(title="Relief for survivors"))
    card = await office.ask("ada", "alerts recent", days="3")
    assert card.head == "No alerts in the last 3 days, 1 digest line"
    assert card.lines[0].text.startswith("1. 2026-00001 · ")
    assert card.line_buttons[0].path == "find"


async def test_of_what_one_answer_brought_the_newest_comes_first(office):
    numbers = [f"2026-0000{number}" for number in range(1, 10)]
    office.room.take("register", *(document(number, "Relief for survivors") for number in numbers))
    card = await office.ask("ada", "alerts recent")
    assert [line.text.split(" · ")[0][-10:] for line in card.lines] == numbers[::-1]


async def test_an_empty_list_says_that_no_source_has_answered_yet(office):
    with office.db.write() as tx:
        tx.execute("DELETE FROM source")
    card = await office.ask("ada", "alerts recent", days="3")
    assert card.head == "No source has answered yet"
    assert "coalition-bot run" in card.lines[0].text


async def test_an_empty_list_says_since_when_sources_are_checked(office):
    office.room.take("register", document(title="Nothing of ours"))
    card = await office.ask("ada", "alerts recent", days="3")
    assert card.head == "No alerts in the last 3 days"
    (line,) = card.lines
    assert line.text == (
        "Nothing matched. Sources have been checked since 10:01 a.m.; what they listed before is not posted. "
        "/feeds list shows each source."
    )


async def test_a_source_that_is_turned_off_does_not_count_as_checked(office):
    sources = office.files.feeds.sources
    off = {id_: source.model_copy(update={"enabled": False}) for id_, source in sources.items()}
    office.files = replace(office.files, feeds=office.files.feeds.model_copy(update={"sources": off}))

    card = await office.ask("ada", "alerts recent", days="3")

    assert card.head == "No source has answered yet"


async def test_an_ask_s_page_counts_alerts_and_digest_lines(office):
    alerted(office)
    card = await office.ask("ada", "alerts ask", number="4")
    assert (card.head, card.lines[0].text) == ("Ask 4, enforce § 307", "1 alert and 0 digest lines in 90 days")
    assert "Nothing matched" in words_of(await office.ask("ada", "alerts ask", number="8"))
    assert (await office.refused("ada", "alerts ask", number="77")).param == "number"


async def test_an_entry_that_is_not_there_is_named(office):
    refused = await office.refused("ada", "alerts assign", entry="2026-99999", to="me")
    assert (refused.param, "2026-99999" in refused.what) == ("entry", True)
