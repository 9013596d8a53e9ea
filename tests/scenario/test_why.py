"""/find and status: why an entry was posted or not, and the state of everything."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.alerts.explain import why
from bot.alerts.status import status
from bot.outbox import holds, queued
from bot.outbox.holds import Hold
from bot.outbox.model import mark_of
from bot.shared.answer import Health
from bot.shared.entry import Change
from bot.watch.model import Level
from tests.kit.alerts import Room, action, campaign, document, filing, news, watch
from tests.scenario.test_alerts import NIGHT, QUIET


@pytest.fixture
def room(tmp_path):
    return Room(tmp_path)


def ask(room, needle):
    return why(room.db, room.config, needle, now=room.now)


def why_text(room, needle):
    return "\n".join(ask(room, needle).lines)


@pytest.mark.parametrize(
    "needle",
    [
        "2026-00001",
        "fr:2026-00001",
        "https://www.federalregister.gov/d/2026-00001",
        "https://www.federalregister.gov/documents/2026/11/24/2026-00001/gloves-made-with-forced-labor",
        " 2026-1 ",
    ],
)
def test_a_document_is_found_by_its_number_however_it_is_written(room, needle):
    room.take("register", document())
    assert ask(room, needle).lines[0] == "Gloves made with forced labor"


def test_a_page_is_found_by_any_spelling_of_its_address(room):
    room.take("newsroom", news("a"))
    assert ask(room, "http://ice.gov/a/?utm_source=x#top").found


def test_the_explanation_lists_every_step_of_an_entry(room):
    room.take("inspection", filing())
    room.take("register", document())
    room.send_all()
    lines = ask(room, "2026-00001").lines
    assert lines[1].startswith(
        "  Seen: “Public inspection” (filed, 10:06 a.m.), then “Federal Register” (published, 10:07 a.m.)"
    )
    assert lines[2].startswith("  Matched when filed: “gloves watch” (alert): “forced labor” and “Gloves” in the title")
    assert lines[4].startswith("  Posted to “policy” at 10:06 a.m., as alert, when filed [id")
    assert lines[5].startswith("  Posted to “policy” at 10:07 a.m., as alert, when published [id")


def test_an_entry_is_found_by_its_own_id_and_by_that_of_a_message(room):
    room.take("register", document())
    (row,) = room.rows("policy")
    assert ask(room, row["id"]).lines[0] == "Gloves made with forced labor"


def test_the_nearest_misses_are_listed(tmp_path):
    watches = (watch("cbp", '"forced labor" AND gloves'), watch("other", "asbestos"))
    room = Room(tmp_path, campaign(watches=watches))
    room.take("register", document(title="Gloves of wool"))
    text = why_text(room, "2026-00001")
    assert "No watch matches." in text
    assert "Nearest: “cbp watch”: had " in text
    assert "other watch" not in text


def test_an_entry_without_near_misses_gets_a_sentence(room):
    room.take("register", document(title="Safety zone"))
    assert "It contains none of the words your watches look for." in why_text(room, "2026-00001")


def test_a_baseline_entry_explains_why_it_was_not_posted(tmp_path):
    room = Room(tmp_path, baseline=False)
    room.take("register", document())
    text = why_text(room, "2026-00001")
    assert "already listed it when it was first checked: stored and matched, but not posted" in text
    assert "Matched: “gloves watch”" in text


def test_a_watch_that_was_added_later_is_named(room):
    room.take("register", document(title="Mittens"))
    room.config = campaign(watches=(watch("mittens", "mittens"),))
    assert "Today's watches would: “mittens watch”" in why_text(room, "2026-00001")


def test_a_message_on_hold_is_listed_with_its_reason(tmp_path):
    room = Room(tmp_path, campaign(QUIET), now=NIGHT)
    room.take("register", document())
    assert "Queued for “policy”, as alert" in why_text(room, "2026-00001")
    assert "(quiet hours)" in why_text(room, "2026-00001")
    with room.db.write() as tx:
        hold = Hold("channel:policy", "the channel is archived")
        holds.place(tx, hold, now=room.now, report=False)
    assert "on hold (channel:policy): the channel is archived" in why_text(room, "2026-00001")


def test_a_discarded_message_is_listed_with_its_reason(room):
    room.take("register", document())
    with room.db.write() as tx:
        queued.drop(tx, room.rows("policy")[0]["id"], why="not ours")
    assert "Not posted to “policy”" in why_text(room, "2026-00001")
    assert "discarded: not ours" in why_text(room, "2026-00001")


def test_a_queued_digest_line_is_listed(room):
    room.take("register", document(title="A pledge"))
    assert "Queued for the next digest in “policy”." in why_text(room, "2026-00001")


def test_a_match_without_a_route_is_reported(tmp_path):
    room = Room(tmp_path, campaign({"routes": [{"to": "policy", "asks": [3]}]}))
    room.take("register", document())
    assert "No route in feeds.yml sends these matches to a channel." in why_text(room, "2026-00001")


def test_a_digest_match_for_a_channel_without_digest_is_reported(tmp_path):
    channels = {"policy": {"to": "console:policy", "digest": {"days": "never"}}, "admin": {"to": "console:admin"}}
    room = Room(tmp_path, campaign({"channels": channels}, (watch("w", "gloves", Level.DIGEST),)))
    room.take("register", document())
    assert "“policy” has no digest (days: never)" in why_text(room, "2026-00001")


def test_an_amendment_names_the_thread_it_is_posted_in(room):
    room.take("register", document())
    amending = document("2026-9", "Fix", change=Change.CORRECTION, references=("fr:2026-00001",))
    room.take("register", replace(amending, identity=("fr:2026-00009",), thread="fr:2026-00009"))
    assert "It follows up fr:2026-00001" in why_text(room, "2026-9")


@pytest.mark.parametrize("needle", ["hr4323-119", "H.R. 4323", "HR 4323 (119th)", "h.r.4323-119"])
def test_a_bill_is_found_however_it_is_written(room, needle):
    room.take("bills", action("Introduced in House", "Introduced"), action("Passed House.", "Passed House"))
    lines = ask(room, needle).lines
    assert lines[0] == "H.R. 4323 (119th): Introduced in House"
    assert "H.R. 4323 (119th): Passed House." in lines


def test_a_dead_bill_shows_what_became_of_it(room):
    assert why_text(room, "S.3240").endswith("S. 3240 (116th) “Relief Act”: died with the 116th Congress")
    assert "tracked, not read yet" in why_text(room, "hr4323-119")
    assert "It is not among the bills in coalition.yml" in why_text(room, "H.R. 1")


def test_an_unknown_entry_names_the_source_that_should_list_it(room):
    room.fail("newsroom", Health.BLOCKED)
    text = why_text(room, "https://www.ice.gov/never")
    assert "“ICE newsroom” should list it: blocks the bot, checked 10:05 a.m." in text
    assert "The wire" not in text
    assert "Federal Register” should list it" in why_text(room, "2026-77777")
    assert "No source in feeds.yml reads that site." in why_text(room, "https://example.net/x")
    assert not ask(room, "https://example.net/x").found


def test_a_mark_or_words_without_an_entry_get_their_own_advice(room):
    room.compose()
    (greeting,) = room.db.read("SELECT channel, key FROM delivery ORDER BY seq LIMIT 1")
    assert "is not about a stored document" in why_text(room, f"#{mark_of(greeting['channel'], greeting['key'])[:10]}")
    assert "No stored message has this mark." in why_text(room, "#aaaaaaaaaa")
    assert "To search for words: /find" in why_text(room, "forced labor")


@pytest.mark.parametrize("needle", ["", "%", "x" * 5000, "'; DROP TABLE entry; --", "bill:%", "\ud800", "https://["])
def test_any_needle_has_an_answer(room, needle):
    room.take("bills", action("Introduced in House", "Introduced"))
    assert not ask(room, needle).found


def test_status_shows_the_state_of_every_part(room):
    room.compose()
    room.take("register", document(), document("2026-2", "A pledge"))
    room.fail("wire", Health.GONE, "404")
    with room.db.write() as tx:
        hold = Hold("platform:console", "paused by hand")
        holds.place(tx, hold, now=room.now, report=False)
    stands = status(room.db, room.config, now=room.now)
    wire = next(source for source in stands.sources if source.id == "wire")
    assert (wire.health, wire.detail) == (Health.GONE, "404")
    assert wire.advice
    policy = next(channel for channel in stands.channels if channel.name == "policy")
    assert (policy.digest_lines, policy.held) == (1, "paused by hand")
    assert policy.next_digest.date() == date(2026, 11, 25)
    assert stands.queue == {"pending": 4}
    assert not stands.healthy


def test_status_of_a_bot_that_never_ran_is_a_status(tmp_path):
    room = Room(tmp_path, baseline=False)
    stands = status(room.db, room.config, now=room.now)
    assert all(source.health is None and source.detail == "never checked" for source in stands.sources)
    assert stands.checked_at is None
    assert stands.healthy
