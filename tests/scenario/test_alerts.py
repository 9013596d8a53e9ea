"""Entries arrive from sources and are posted to channels: what, where, when, and never twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.alerts import posted as posted_records
from bot.alerts.items import read_events
from bot.alerts.source_health import KIND
from bot.alerts.status import report_delays, status
from bot.commands.model import Job
from bot.entries import history, records, source_records
from bot.entries.source_records import SourceDay
from bot.ops.retention import forget
from bot.shared.answer import Health
from bot.shared.calendar import day_in_words
from bot.shared.card import Due, Mark
from bot.shared.entry import HEADLINE_WITHHELD, Change
from bot.store.database import to_text
from bot.watch.model import Level
from tests.kit.alerts import COALITION, FEEDS, TUESDAY, Room, action, campaign, document, filing, news, watch


@pytest.fixture
def room(tmp_path):
    return Room(tmp_path)


# --- baseline --------------------------------------------------------------------------------------------------------


def test_the_first_answer_of_a_source_is_not_posted(tmp_path):
    room = Room(tmp_path, baseline=False)
    took = room.take("newsroom", *(news(f"{n}", f"Gloves seized {n}") for n in range(500)))
    assert (took.new, took.matched, took.messages, took.baseline) == (500, 500, 0, True)
    assert room.cards("policy") == []
    assert room.take("newsroom", news("500", "Gloves seized 500")).messages == 1


def test_since_raises_what_the_first_answer_shows_from_that_day_on(tmp_path):
    room = Room(tmp_path, baseline=False)
    day = date(2026, 11, 1)
    before = document("2026-1", publication_date=day - timedelta(days=1))
    on_the_day = document("2026-2", "More gloves", publication_date=day)
    room.take("register", before, on_the_day, since=day)
    assert room.posted("policy") == [("More gloves", "published")]


def test_an_empty_inspection_list_is_a_baseline_so_the_next_morning_is_posted(tmp_path):
    room = Room(tmp_path, baseline=False)
    room.take("inspection", health=Health.EMPTY_EXPECTED)
    assert room.take("inspection", filing()).messages == 1


def test_existing_actions_of_a_newly_followed_bill_are_not_posted(room):
    introduced, passed = action("Introduced in House", "Introduced"), action("Passed House.", "Passed House")
    room.take("bills", introduced, baseline=frozenset(introduced.identity))
    assert room.cards("policy") == []
    room.take("bills", introduced, passed)
    assert room.heads("policy") == ["Passed the House: Trafficking Survivors Relief Act (H.R. 4323, 119th)"]


def test_a_source_whose_address_changed_keeps_its_baseline(room):
    room.take("newsroom", news("a"))
    sources = room.config.feeds.model_dump(mode="json")
    assert sources  # the id is what counts: the address is nowhere in the store
    took = room.take("newsroom", news("a"), news("b", "More gloves seized"))
    assert (took.new, took.baseline) == (1, False)


def test_a_source_added_late_is_confirmed_to_the_admin_and_silent_otherwise(tmp_path):
    room = Room(tmp_path, baseline=False)
    for source in ("register", "inspection", "bills", "newsroom", "wire"):
        room.take(source, health=Health.EMPTY_EXPECTED)
    room.compose()
    with room.db.write() as tx:
        tx.execute("DELETE FROM source WHERE id = 'wire'")
    room.take("wire", news("w", source="wire"))
    assert room.heads("admin", "hello")[-1] == "Now watching “The wire” too"
    assert room.heads("policy") == room.heads("policy", "hello")


# --- one post --------------------------------------------------------------------------------------------------------


def test_one_post_however_many_watches_match_and_routes_lead_there(tmp_path):
    routes = {"routes": [{"to": "policy"}, {"to": "policy", "asks": [4]}, {"to": "policy", "levels": ["alert"]}]}
    watches = (watch("a", "gloves", asks=(4,)), watch("b", "labor", asks=(8,)), watch("c", "forced", Level.DIGEST))
    room = Room(tmp_path, campaign(routes, watches))
    room.take("register", document())
    (card,) = room.cards("policy")
    assert card.badge == "Asks 4 and 8"
    assert len(card.why) == 3


def test_each_channel_gets_what_its_routes_select(tmp_path):
    routes = {
        "routes": [
            {"to": "policy", "asks": [4]},
            {"to": "media", "kinds": ["news"]},
            {"to": "admin", "levels": ["digest"]},
        ]
    }
    room = Room(tmp_path, campaign(routes))
    room.take("register", document(), document("2026-2", "A pledge"))
    room.take("newsroom", news("a", "A relief for gloves"))
    assert room.posted("policy") == [
        ("Gloves made with forced labor", "published"),
        ("A relief for gloves", "published"),
    ]
    assert room.posted("media") == [("A relief for gloves", "published")]
    assert room.cards("admin") == []
    assert len(posted_records.waiting_lines(room.db, "admin")) == 1


def test_the_same_address_from_a_second_source_is_no_second_post(room):
    room.take("newsroom", news("a"))
    room.take("wire", news("a", "Gloves seized, says the wire", source="wire"))
    room.take("wire", news("a", "Gloves seized, says the wire", source="wire"))
    assert len(room.cards("policy")) == 1


def test_a_publisher_s_own_headline_replaces_another_site_s_over_its_address(room):
    room.take("wire", news("a", "Gloves seized: shocking fraud at ICE", source="wire"))
    room.take("newsroom", news("a"))
    room.take("wire", news("a", "Gloves seized: shocking fraud at ICE, again", source="wire"))
    rows = room.db.read("SELECT title, source_id FROM entry")
    assert [(row["title"], row["source_id"]) for row in rows] == [("Gloves seized", "newsroom")]


def test_so_does_that_of_a_publisher_that_is_read_at_the_usual_address_of_its_kind(tmp_path):
    room = Room(tmp_path, campaign({"sources": FEEDS["sources"] | {"doj": {"kind": "doj-news", "name": "Justice"}}}))
    page = {"url": "https://www.justice.gov/opa/pr/gloves"}
    room.take("wire", news("a", "Gloves seized: shocking fraud", source="wire", **page))
    room.take("doj", news("a", source="doj", **page))
    rows = room.db.read("SELECT title, source_id FROM entry")
    assert [(row["title"], row["source_id"]) for row in rows] == [("Gloves seized", "doj")]


def test_another_site_puts_no_words_under_a_publisher_s_headline(tmp_path):
    watches = (watch("here", "gloves", asks=(4,)), watch("there", "revoked", asks=(8,)))
    room = Room(tmp_path, campaign({"routes": [{"to": "policy", "asks": [4]}, {"to": "media", "asks": [8]}]}, watches))
    room.take("newsroom", news("a", summary=None))
    room.take("wire", news("a", "x", source="wire", summary="The finding is revoked.", outlet="Blog"))
    (stored,) = records.by_ids(room.db, records.known_keys(room.db, ["url:ice.gov/a"]).values())
    assert (stored.entry.title, stored.entry.summary, stored.entry.outlet) == ("Gloves seized", None, "ICE")
    (card,) = room.cards("media")
    assert "words in the summary" in card.why[0]
    assert "revoked" not in repr(card)


def test_a_withheld_page_stays_withheld_when_its_publisher_lists_it_under_other_words(tmp_path):
    watches = (watch("here", "honored", asks=(4,)), watch("there", "gloves", asks=(8,)))
    room = Room(tmp_path, campaign({"routes": [{"to": "policy", "asks": [4]}, {"to": "media", "asks": [8]}]}, watches))
    room.take("wire", news("a", "Ana Ruiz, 13, seized with gloves", source="wire").withhold())
    room.take("newsroom", news("a", "Ana Ruiz honored", summary="Ana Ruiz spoke of gloves."))
    assert room.heads("media") == room.heads("policy") == [HEADLINE_WITHHELD]
    assert [row["title"] for row in room.db.read("SELECT title FROM entry")] == [HEADLINE_WITHHELD]


@pytest.mark.parametrize("listed_before", [False, True])
@pytest.mark.parametrize(
    ("source", "url", "shown"),
    [
        ("newsroom", "https://www.ice.gov/a", "Gloves seized"),
        ("paper", "https://paper.example/a", HEADLINE_WITHHELD),
    ],
)
def test_another_site_withholds_no_page_that_the_government_publishes(tmp_path, source, url, shown, listed_before):
    paper = {"kind": "feed", "url": "https://paper.example/rss", "name": "Paper"}
    room = Room(tmp_path, campaign({"sources": FEEDS["sources"] | {"paper": paper}}))
    room.take(source, news("a", source=source, url=url))
    if listed_before:
        room.take("wire", news("a", source="wire", url=url))
    room.take("wire", news("a", "Ana Ruiz, 13, seized with gloves", source="wire", url=url).withhold())
    assert [row["title"] for row in room.db.read("SELECT title FROM entry")] == [shown]
    assert shown in repr(room.cards("policy")[-1])


def test_a_new_match_from_a_second_source_is_posted_in_the_channel_that_lacked_it(tmp_path):
    watches = (watch("here", "gloves", asks=(4,), sources=("newsroom",)), watch("there", "wire", asks=(8,)))
    room = Room(tmp_path, campaign({"routes": [{"to": "policy", "asks": [4]}, {"to": "media", "asks": [8]}]}, watches))
    room.take("newsroom", news("a"))
    for _ in range(3):
        room.take("wire", news("a", "Gloves seized, says the wire", source="wire"))
    assert len(room.cards("policy")) == 1
    assert len(room.cards("media")) == 1


@pytest.mark.parametrize(
    "again",
    [
        news("a", guid="changed"),
        news("a", published=TUESDAY + timedelta(days=2)),
        news("a", "Gloves seized at the port of Newark"),
        news("a", url="https://www.ice.gov/a?utm_source=rss"),
        news("a", identity=("url:ice.gov/moved", "guid:newsroom:a"), url="https://www.ice.gov/moved"),
    ],
    ids=["guid changed", "dated anew", "title edited", "tracking added", "address moved"],
)
def test_a_known_item_that_returns_changed_is_not_posted_again(room, again):
    room.take("newsroom", news("a"))
    for _ in range(3):
        room.take("newsroom", again)
    assert len(room.cards("policy")) == 1


def test_an_item_whose_guid_changes_on_every_read_is_posted_once(room):
    for n in range(10):
        room.take("newsroom", news("a", guid=f"guid-{n}"))
    assert len(room.cards("policy")) == 1


def test_a_guid_that_is_used_again_for_another_story_is_another_entry(room):
    room.take("newsroom", news("a", guid="1"))
    room.take("newsroom", news("b", "Mittens and gloves seized", guid="1"))
    room.take("newsroom", news("a", guid="1"), news("b", "Mittens and gloves seized", guid="1"))
    assert [title for title, _ in room.posted("policy")] == ["Gloves seized", "Mittens and gloves seized"]


def test_an_old_item_that_resurfaces_after_three_months_is_not_posted_again(room):
    room.take("newsroom", news("a"))
    room.run_on(days=90).take("newsroom", news("b", "Mittens"))
    assert room.take("newsroom", news("a"), news("b", "Mittens")).new == 0
    assert len(room.posted("policy")) == 1


def test_an_entry_still_listed_is_remembered_and_one_unseen_for_400_days_forgotten(room):
    room.take("newsroom", news("stays"), news("goes"))
    room.wait(days=200).take("newsroom", news("stays"))
    room.wait(days=201)
    with room.db.write() as tx:
        forget(tx, COALITION, room.now)
    assert set(records.known_keys(room.db, ("url:ice.gov/stays", "url:ice.gov/goes"))) == {"url:ice.gov/stays"}


def test_an_edit_that_makes_a_new_watch_match_is_posted(room):
    room.take("newsroom", news("a", "Mittens seized"))
    assert room.cards("policy") == []
    room.take("newsroom", news("a", "Mittens seized: forced labor suspected"))
    room.take("newsroom", news("a", "Mittens seized: forced labor suspected"))
    assert room.heads("policy") == ["Mittens seized: forced labor suspected"]
    (stored,) = records.by_ids(room.db, records.known_keys(room.db, ["url:ice.gov/a"]).values())
    assert (stored.first.title, stored.entry.title) == ("Mittens seized", "Mittens seized: forced labor suspected")


def test_an_entry_of_the_baseline_whose_edit_is_posted_is_listed_as_news_from_then_on(tmp_path):
    room = Room(tmp_path, baseline=False)
    room.take("newsroom", news("a", "Mittens seized"))
    room.take("newsroom", news("a", "Mittens seized: forced labor suspected"))
    assert room.heads("policy")[-1] == "Mittens seized: forced labor suspected"
    newest = history.newest_events(room.db, room.now - timedelta(days=1), None)
    assert (len(newest.first), newest.count, newest.alerts) == (1, 1, 1)


def test_events_are_counted_by_week_and_ask_and_only_the_first_are_read(tmp_path):
    asked = (("a", "alpha", Level.ALERT, (4,)), ("b", "beta", Level.ALERT, (4, 14)), ("d", "delta", Level.ALERT, ()),
             ("g", "gamma", Level.DIGEST, (14,)))  # fmt: skip
    room = Room(tmp_path, campaign(watches=tuple(watch(*each) for each in asked)))
    titles = enumerate(("Alpha", "Beta and gamma", "Gamma", "Delta"))
    room.take("register", *(document(f"2026-0000{n}", title) for n, title in titles))
    first = room.now
    room.wait(days=7)
    room.take(
        "register", document("2026-00010", "Alpha, again", thread="fr:2026-00000"), document("2026-00011", "Alpha")
    )

    begins, until = [TUESDAY, TUESDAY + timedelta(days=7)], TUESDAY + timedelta(days=14)
    rows = history.alerts_by_week(room.db, begins, until, (1, 4, 14))
    names = ("week", "events", "ask_1", "ask_4", "ask_14", "asked")
    assert sorted(tuple(map(row.get, names)) for row in rows) == [(0, 3, 0, 2, 1, 2), (1, 1, 0, 1, 0, 1)]
    assert {row["week"]: row["ask_14_at"] for row in rows} == {0: to_text(first), 1: None}
    assert {row["ask_4_at"] for row in rows} == {to_text(room.now)}, "the newest alert of an event of the first week"
    rows = history.alerts_by_week(room.db, begins, until, (14,), only=(14,))
    assert sorted((row["week"], row["asked"]) for row in rows) == [(0, 1), (1, 0)]
    (row,) = history.alerts_by_week(room.db, begins, begins[1], (4,))
    assert (row["week"], row["events"]) == (0, 3), "what came later is not in the period"

    for options, count, alerts in (({}, 5, 4), ({"ask": 4}, 3, 3), ({"ask": 14}, 2, 1), ({"ask": 1}, 0, 0),
                                   ({"alerts": True}, 4, 4)):  # fmt: skip
        events = history.newest_events(room.db, TUESDAY, 2, **options)
        assert (len(events.first), events.count, events.alerts) == (min(2, count), count, alerts)
    every = history.newest_events(room.db, TUESDAY, None, alerts_first=True)
    assert [len(ids) for _, ids in every.first][:2] in ([1, 2], [2, 1]), "both steps of a thread are one event"
    assert read_events(room.db, every)[-1].stored.entry.title == "Gamma", "no alert"
    assert history.asks_raised(room.db, TUESDAY) == {4, 14}


def test_an_alert_that_an_edit_gives_a_digest_match_is_not_listed_in_the_digest(room):
    room.take("newsroom", news("a", "Gloves seized"))
    room.take("newsroom", news("a", "Gloves seized under the pledge"))
    assert room.heads("policy") == ["Gloves seized"]
    assert posted_records.waiting_lines(room.db, "policy") == []


def test_a_new_step_of_a_bill_does_not_repeat_an_earlier_step_that_was_edited(room):
    reported, passed = action("Reported", "Reported"), action("Passed House.", "Passed House")
    room.take("bills", reported)
    edited = replace(reported, summary="A pledge, and gloves made with forced labor.")
    room.take("bills", edited, passed)
    rows = room.db.read("SELECT COUNT(*) AS n FROM delivery_entry GROUP BY entry_id, stage")
    assert [row["n"] for row in rows] == [1, 1]


def test_a_watch_added_later_raises_nothing_old_even_when_the_old_is_edited(room):
    room.take("newsroom", news("a", "Mittens seized"))
    room.config = campaign(watches=(watch("mittens", "mittens"),))
    room.take("newsroom", news("a", "Mittens seized, again"))
    assert room.cards("policy") == []


# --- filings, changes, threads ---------------------------------------------------------------------------------------


def test_a_filing_and_its_publication_are_one_thread_in_two_states(room):
    room.take("inspection", filing())
    room.take("register", document(comments_close_on=date(2027, 1, 25)))
    room.take("inspection", filing())
    room.take("register", document(comments_close_on=date(2027, 1, 25)))
    filed, published = room.cards("policy")
    assert filed.mark is Mark.FILING
    assert filed.head == "On public inspection: Gloves made with forced labor"
    assert Due("Publishes", date(2026, 11, 25)) in filed.dues
    assert published.head == "Published as filed: Gloves made with forced labor"
    assert published.dues == (Due("Comments close", date(2027, 1, 25)),)
    assert {row["thread"] for row in room.rows("policy")} == {"fr:2026-00001"}


def test_a_publication_follows_its_filing_even_when_its_own_words_no_longer_match(room):
    room.take("inspection", filing())
    room.take("register", document(title="Mittens"))
    assert room.heads("policy")[1] == "Published, under a different title than the filing: Mittens"


def test_a_publication_whose_filing_was_not_posted_is_posted_in_full(tmp_path):
    room = Room(tmp_path, baseline=False)
    room.take("inspection", filing())
    room.take("register", health=Health.EMPTY_EXPECTED)
    room.take("register", document())
    assert room.heads("policy") == ["Gloves made with forced labor"]


@pytest.mark.parametrize(
    ("change", "head"),
    [
        (Change.CORRECTION, "CBP corrects a notice on technical amendment"),
        (Change.WITHDRAWAL, "CBP withdraws a notice on technical amendment"),
        (Change.EXTENSION, "CBP extends the comment period on technical amendment"),
        (Change.REOPENING, "CBP reopens the comment period on technical amendment"),
    ],
)
def test_an_amendment_is_posted_in_the_thread_although_its_words_match_nothing(room, change, head):
    room.take("register", document())
    room.run_on(days=100)
    amending = document("2027-9", "Technical amendment", change=change, references=("fr:2026-00001",))
    room.take("register", amending)
    first, second = room.rows("policy")
    assert room.heads("policy")[1] == head
    assert first["thread"] == second["thread"]
    assert room.cards("policy")[1].why == (
        "it amends “Gloves made with forced labor”, which matched → Ask 4, enforce § 307",
    )


def test_an_amendment_takes_the_document_of_its_docket_whose_title_it_has_unless_it_names_another(room):
    docket = ("docket:CBP-2026-1",)
    room.take("register", document("2026-1", "Gloves made with forced labor", references=docket))
    room.take("register", document("2026-2", "More gloves made with forced labor", references=docket))
    room.send_all()
    title = "Gloves Made With Forced Labor; Extension of Comment Period"
    room.take("register", document("2026-3", title, change=Change.EXTENSION, references=docket))
    room.take("register", document("2026-4", "B", change=Change.CORRECTION, references=("fr:2026-2", *docket)))
    room.take("register", document("2026-5", "C", change=Change.EXTENSION, references=docket))  # of one of them
    assert [row["thread"] for row in room.rows("policy")] == ["fr:2026-1", "fr:2026-2", "fr:2026-1", "fr:2026-2"]


def test_an_amendment_in_the_same_answer_as_its_original_makes_one_message(room):
    original = document(references=("docket:X",))
    room.take("register", original, document("2026-2", "Fix", change=Change.CORRECTION, references=("fr:2026-00001",)))
    assert len(room.cards("policy")) == 1
    assert len(room.posted("policy")) == 2


def test_an_amendment_of_an_unposted_document_is_not_posted(room):
    room.take("register", document(title="Mittens"))
    room.take("register", document("2026-2", "Fix", change=Change.CORRECTION, references=("fr:2026-00001",)))
    assert room.cards("policy") == []


def test_a_correction_that_repeats_the_alert_s_words_is_a_reply_in_its_thread(room):
    room.take("register", document())
    room.send_all()
    corrected = document(
        "2026-2", "Gloves made with forced labor; Correction", change=Change.CORRECTION, references=("fr:2026-00001",)
    )
    room.take("register", corrected)
    first, second = room.rows("policy")
    assert first["thread"] == second["thread"]


@pytest.mark.parametrize(
    ("change", "posted"),
    [(Change.CORRECTION, []), (Change.EXTENSION, ["CBP extends the comment period on gloves"])],
)
def test_a_correction_opens_no_thread_by_the_words_of_what_it_corrects(tmp_path, change, posted):
    room = Room(tmp_path, baseline=False)
    room.take("register", document())  # at the first look: it is in no channel
    amending = document("2026-2", "Gloves; notice", change=change, references=("fr:2026-00001",))
    took = room.take("register", amending)
    assert room.heads("policy") == posted
    assert took.lines == (0 if posted else 1)


def test_an_original_older_than_400_days_is_not_reached(room):
    room.take("register", document(references=("docket:X",)))
    room.run_on(days=401)
    late = document("2028-1", "More gloves", change=Change.EXTENSION, references=("docket:X",))
    room.take("register", late)
    assert [row["thread"] for row in room.rows("policy")] == ["fr:2026-00001", "fr:2028-1"]


# --- together --------------------------------------------------------------------------------------------------------


def test_nine_alerts_at_one_moment_are_one_message_and_each_can_still_be_followed_up(room):
    nine = [document(f"2026-{n}", f"Gloves {n}", comments_close_on=date(2027, 1, n)) for n in range(1, 10)]
    room.take("register", *nine)
    (card,) = room.cards("policy")
    assert (card.mark, card.head) == (Mark.ALERT, "9 alerts at once: Gloves 1")
    assert [line.text.removeprefix("CBP: ") for line in card.sections[0].lines] == [
        f"Gloves {n}; comments close {day_in_words(date(2027, 1, n))}" for n in range(1, 10)
    ]
    room.take("register", document("2026-77", "Fix", change=Change.CORRECTION, references=("fr:2026-5",)))
    first, second = room.rows("policy")
    assert first["thread"] == second["thread"]


def test_six_alerts_at_one_moment_are_posted_in_full(room):
    room.take("register", *(document(f"2026-{n}", f"Gloves {n}") for n in range(6)))
    (card,) = room.cards("policy")
    assert [section.title for section in card.sections] == [f"Gloves {n}" for n in range(6)]


def test_the_21st_alert_of_an_answer_makes_it_a_list_and_is_reported_to_the_admin_channel(room):
    room.take("register", *(document(f"2026-{n}", f"Gloves {n}") for n in range(20)))
    assert room.cards("policy")[0].mark is Mark.ALERT
    assert room.cards("admin", "health") == []
    room.take("register", *(document(f"2027-{n}", f"Mittens and gloves {n}") for n in range(21)))
    (_, card) = room.cards("policy")
    assert (card.mark, card.head) == (Mark.DIGEST, "21 matches at once, as one message")
    assert len(card.sections[0].lines) == 21
    assert room.heads("admin", "health") == ["21 alerts at once for “policy”"]


def test_a_list_has_at_most_25_lines_and_each_part_has_its_own_thread(room):
    room.take("newsroom", *(news(str(n), f"Gloves {n}") for n in range(60)))
    assert room.heads("policy") == [f"60 matches at once, part {n} of 3" for n in (1, 2, 3)]
    assert [len(card.sections[0].lines) for card in room.cards("policy")] == [25, 25, 10]
    assert len(set(room.posted("policy"))) == 60
    assert len({row["thread"] for row in room.rows("policy")}) == 3
    assert room.heads("admin", "health") == ["60 alerts at once for “policy”"]


def test_however_many_new_items_each_is_listed_in_one_of_the_messages(room):
    room.take("newsroom", *(news(str(n), f"Gloves {n}") for n in range(1_234)))
    cards = room.cards("policy")
    assert [card.head for card in cards] == [f"1,234 matches at once, part {n} of 50" for n in range(1, 51)]
    listed = [line.text for card in cards for section in card.sections for line in section.lines]
    assert len(listed) == len(set(listed)) == 1_234
    assert len(room.posted("policy")) == 1_234


def test_later_subjects_of_a_record_count_only_for_new_steps(room):
    old = action("Introduced in House", "Introduced", bill_title="Help Act")
    room.take("bills", old)
    took = room.take("bills", replace(old, subjects=("Human trafficking",)))
    assert (took.messages, took.lines) == (0, 0)
    new = action("Passed House.", "Passed House", bill_title="Help Act", subjects=("Human trafficking",))
    assert room.take("bills", replace(old, subjects=("Human trafficking",)), new).lines == 1


def test_all_new_actions_of_a_bill_are_one_message_with_the_furthest_step_as_its_head(room):
    room.take(
        "bills",
        action("Presented to President.", "Presented to President", date(2026, 1, 12)),
        action("Signed by President.", "Signed by President", date(2026, 1, 23)),
        action("Became Public Law No: 119-73.", "Became law", date(2026, 1, 23)),
    )
    (card,) = room.cards("policy")
    assert card.mark is Mark.BILL
    assert card.head == "Became law: Trafficking Survivors Relief Act (H.R. 4323, 119th) → Public Law 119-73"
    assert [line.text for line in card.lines] == [
        "Mon Jan 12, 2026: Presented to President.",
        "Fri Jan 23, 2026: Signed by President.",
        "Fri Jan 23, 2026: Became Public Law No: 119-73.",
    ]


def test_a_bills_quiet_actions_go_with_the_loud_one(tmp_path):
    watches = (watch("law", "law", asks=(8,)), watch("all", "type:introduced relief", Level.DIGEST, asks=(8,)))
    room = Room(tmp_path, campaign(watches=watches))
    room.take(
        "bills", action("Introduced in House", "Introduced"), action("Became Public Law No: 119-73.", "Became law")
    )
    (card,) = room.cards("policy")
    assert len(card.lines) == 2
    assert posted_records.waiting_lines(room.db, "policy") == []


def test_later_actions_of_a_bill_follow_in_its_thread(room):
    room.take("bills", action("Introduced in House", "Introduced"))
    room.take("bills", action("Passed House.", "Passed House"))
    assert [row["thread"] for row in room.rows("policy")] == ["bill:hr4323-119"] * 2


# --- quiet hours -----------------------------------------------------------------------------------------------------

QUIET = {
    "channels": {"policy": {"to": "console:policy", "quiet": ["20:00", "07:00"]}, "admin": {"to": "console:admin"}}
}
NIGHT = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)  # 22:00 in Washington
MORNING = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)  # 07:00


def test_alerts_in_quiet_hours_are_posted_at_their_end_in_one_message(tmp_path):
    room = Room(tmp_path, campaign(QUIET), now=NIGHT)
    room.take("register", document())
    assert [row["due_at"][:16] for row in room.rows("policy")] == ["2026-11-25T12:00"]
    room.take("newsroom", news("a"))
    room.take("wire", news("b", "Mittens and gloves", source="wire"))
    (row,) = room.rows("policy")
    assert row["due_at"][:16] == "2026-11-25T12:00"
    assert room.heads("policy") == ["3 alerts at once: Gloves made with forced labor"]
    assert len(room.posted("policy")) == 3


def test_a_list_that_waits_for_quiet_hours_is_split_again_and_loses_nothing(tmp_path):
    room = Room(tmp_path, campaign(QUIET), now=NIGHT)
    room.take("newsroom", *(news(str(n), f"Gloves {n}") for n in range(50)))
    room.take("wire", *(news(f"w{n}", f"Mittens and gloves {n}", source="wire") for n in range(25)))
    assert room.heads("policy") == [f"75 matches at once, part {n} of 3" for n in (1, 2, 3)]
    assert len(room.posted("policy")) == len(set(room.posted("policy"))) == 75


def test_a_new_law_is_posted_in_quiet_hours(tmp_path):
    room = Room(tmp_path, campaign(QUIET), now=NIGHT)
    room.take("register", document())
    room.take("bills", action("Became Public Law No: 119-73.", "Became law"))
    gloves, law = room.rows("policy")
    assert gloves["due_at"][:16] == "2026-11-25T12:00"
    assert law["due_at"] <= room.now.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def test_a_filing_that_waits_for_quiet_hours_is_replaced_by_its_publication(tmp_path):
    room = Room(tmp_path, campaign(QUIET), now=NIGHT)
    room.take("inspection", filing())
    room.take("register", document())
    assert room.heads("policy") == ["Gloves made with forced labor"]
    room.now = MORNING
    room.send_all()
    room.take("inspection", filing())
    assert len(room.cards("policy")) == 1


def test_after_the_night_new_alerts_are_messages_of_their_own(tmp_path):
    room = Room(tmp_path, campaign(QUIET), now=NIGHT)
    room.take("register", document())
    room.now = MORNING
    room.take("newsroom", news("a"))
    assert len(room.cards("policy")) == 2


# --- trial -----------------------------------------------------------------------------------------------------------


def test_a_safety_channel_takes_every_post_and_ending_the_trial_repeats_none(tmp_path):
    routes = [{"to": "policy"}, {"to": "media", "kinds": ["news"]}]
    room = Room(tmp_path, campaign({"routes": routes, "safety": "admin"}))
    room.take("register", document())
    room.take("newsroom", news("a"))
    assert len(room.rows("admin", "alert")) == 3
    assert len({row["thread"] for row in room.rows("admin", "alert")}) == 3
    room.config = campaign({"routes": routes})
    room.take("register", document(), document("2026-2", "More gloves"))
    room.take("newsroom", news("a"))
    assert room.posted("policy") == [("More gloves", "published")]
    assert room.cards("media") == []


def test_a_follow_up_after_the_trial_opens_its_thread_in_the_real_channel(tmp_path):
    room = Room(tmp_path, campaign({"safety": "admin"}))
    room.take("inspection", filing())
    room.config = campaign()
    room.take("register", document())
    assert [row["thread"] for row in room.rows("policy")] == ["fr:2026-00001"]


def test_each_check_of_a_source_is_counted_on_its_day_in_the_coalition_s_zone(room):
    room.take("register", document())
    room.take("register", document())
    room.unchanged("register")
    room.now = datetime(2026, 11, 25, 4, 30, tzinfo=UTC)  # still Tuesday in Washington
    room.fail("register", Health.UNREACHABLE)
    room.wait(hours=1)
    room.unchanged("register")
    room.wait(minutes=1)
    room.unchanged("register")
    tuesday, wednesday = date(2026, 11, 24), date(2026, 11, 25)
    counted = [day for day in source_records.days_since(room.db, tuesday) if day.source_id == "register"]
    assert counted == [SourceDay(tuesday, "register", 5, 1, 1), SourceDay(wednesday, "register", 2, 0, 0)]


# --- one transaction -------------------------------------------------------------------------------------------------


def test_a_failed_ingest_saves_nothing_and_the_next_answer_is_posted(room, monkeypatch):
    def broken(*_, **__):
        raise RuntimeError

    before = source_records.source_state(room.db, "register")
    with monkeypatch.context() as patch:
        patch.setattr(source_records, "save_source", broken)
        with pytest.raises(RuntimeError):
            room.take("register", document())
    assert source_records.source_state(room.db, "register") == before
    assert room.cards("policy") == []
    assert room.take("register", document()).messages == 1


def test_unknown_fields_are_named_not_guessed(tmp_path):
    room = Room(tmp_path, campaign(watches=(watch("cbp", 'agency:"customs" gloves', asks=(4,)),)))
    room.take("register", document(agencies=None, type=None))
    (card,) = room.cards("policy")
    assert card.byline == "agency not given by the source · published Tue Nov 24, 2026"
    assert card.why == ("“Gloves” in the title; agency not given by the source → Ask 4, enforce § 307",)


def test_a_source_s_usual_delay_is_measured_from_publication_to_the_first_channel(room):
    hours = [TUESDAY - timedelta(minutes=minutes) for minutes in (5, 10, 12, 20, 55)]
    days = [datetime(2026, 11, 24, hour, tzinfo=UTC) for hour in (0, 5, 12)]  # midnight or noon: without an hour
    names = [f"seized {n}" for n in range(len(hours))]
    room.take("newsroom", *(news(name, f"Gloves {name}", published=at) for name, at in zip(names, hours, strict=True)))
    room.take("wire", *(news(f"w{n}", f"Gloves at night {n}", source="wire", published=days[n % 3]) for n in range(6)))
    with room.db.write() as tx:
        tx.execute("UPDATE delivery SET state = 'sent', sent_at = :at", {"at": to_text(TUESDAY)})
    lines = {line.id: line.delay for line in status(room.db, room.config, now=TUESDAY).sources}
    assert (lines["newsroom"], lines["wire"]) == ("usually 12 min, 5 of 5 within 55 min", "")


def test_a_month_s_delays_are_posted_once_to_the_admin_channel_when_it_is_over(room):
    room.take(
        "newsroom", *(news(f"n{n}", f"Gloves {n}", published=TUESDAY - timedelta(minutes=n)) for n in range(1, 6))
    )
    with room.db.write() as tx:
        tx.execute("UPDATE delivery SET state = 'sent', sent_at = :at", {"at": to_text(TUESDAY)})

    def report(at):
        report_delays(Job(room.db, room.config, at, room.new_id))
        return [card for card in room.cards("admin", KIND) if card.head.startswith("How soon")]

    assert report(TUESDAY) == []
    for at in (TUESDAY + timedelta(days=7), TUESDAY + timedelta(days=8), TUESDAY + timedelta(days=40)):
        (card,) = report(at)
    assert card.head == "How soon after publication alerts were posted in November 2026"
    assert [line.text for line in card.lines] == ["ICE newsroom: usually 3 min, 5 of 5 within 5 min"]
