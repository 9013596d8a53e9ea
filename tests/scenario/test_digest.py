"""The digest and the hello: when they come, what they say, and that one date gets one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.alerts import digest, posted, status
from bot.entries import source_records
from bot.shared.answer import Health
from bot.shared.card import Due, Mark
from bot.shared.entry import Change
from tests.kit.alerts import COALITION, FEEDS, TUESDAY, Room, action, campaign, document, filing, news

EASTERN = ZoneInfo("America/New_York")


def channels(**policy):
    return {"channels": {"policy": {"to": "console:policy", **policy}, "admin": {"to": "console:admin"}}}


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=EASTERN).astimezone(UTC)


@pytest.fixture
def room(tmp_path):
    """Greeted on Tuesday at ten; the first digest is due on Wednesday at half past eight."""
    room = Room(tmp_path)
    room.compose()
    return room


def test_each_channel_in_use_is_greeted_once(room):
    room.compose()
    assert len(room.cards("policy", "hello")) == len(room.cards("admin", "hello")) == 1
    assert room.cards("media") == []
    assert room.heads("policy") == ["Watching for you: 5 sources, 0 watches, 3 asks"]


def test_no_channel_is_greeted_before_every_source_was_checked(tmp_path):
    room = Room(tmp_path, baseline=False)
    for source in ("register", "inspection", "bills", "newsroom"):
        room.take(source, health=Health.EMPTY_EXPECTED)
    room.compose()
    assert room.cards("policy") == []
    room.fail("wire", Health.BLOCKED)
    room.compose()
    assert len(room.cards("policy", "hello")) == 1


def test_the_greeting_counts_the_sources_that_did_not_answer(tmp_path):
    room = Room(tmp_path, baseline=False)
    for source in room.config.feeds.sources:
        room.fail(source, Health.UNREACHABLE)
    room.compose()
    assert [line.text for line in room.cards("policy", "hello")[0].lines] == [
        "5 of 5 sources have not answered yet, so the bot cannot say what is new.",
        "A quiet channel means that nothing matched; the week's first digest says so.",
        "Digest: on business days with news; first Wed Nov 25, 8:30 a.m.",
    ]


def test_the_greeting_shows_the_newest_item_although_a_source_did_not_answer(tmp_path):
    room = Room(tmp_path, baseline=False)
    room.fail("wire", Health.BLOCKED)
    room.take("register", document())
    for source in ("inspection", "bills", "newsroom"):
        room.take(source, health=Health.EMPTY_EXPECTED)
    room.compose()
    texts = [line.text for line in room.cards("policy", "hello")[0].lines]
    assert texts[0] == "1 of 5 sources has not answered yet, so the bot cannot say what is new."
    assert texts[1].startswith("Newest item seen: “Gloves")
    assert "have had 1 alert." in texts[2]


def test_a_hello_to_the_admin_channel_alone_counts_no_alerts(room):
    (card,) = room.cards("admin", "hello")
    shown = " ".join([card.head, *(line.text for line in card.lines)])
    assert "This channel reports problems" in shown
    assert "alert" not in shown
    assert "ask" not in shown


def test_the_hello_counts_what_the_last_30_days_would_have_raised(tmp_path):
    room = Room(tmp_path, baseline=False)
    old = document("2026-9", "Old gloves", publication_date=date(2026, 9, 1))
    room.take("register", old, document(), document("2026-2", "A pledge"), document("2026-3", "Mittens"))
    room.take("bills", action("Introduced in House", "Introduced"), action("Passed House.", "Passed House"))
    for source in ("inspection", "newsroom", "wire"):
        room.take(source, health=Health.EMPTY_EXPECTED)
    room.compose()
    (card,) = room.cards("policy")
    assert card.lines[1].text.startswith("In the last 30 days this channel would have had ")
    assert "have had 2 alerts and 1 digest line" in card.lines[1].text
    assert card.lines[0].text.startswith("Newest item seen: “")
    assert [line.text for line in card.sections[0].lines] == [
        "CBP: Gloves made with forced labor",
        "Passed the House: Trafficking Survivors Relief Act (H.R. 4323, 119th)",
    ]


def test_the_digest_names_every_ask_lists_each_line_once_and_counts_the_alerts(room):
    room.take("register", document(), document("2026-2", "A pledge"), document("2026-3", "On trafficking"))
    room.now = at("2026-11-25 08:30")
    room.run_on()
    room.compose()
    room.compose()
    (card,) = room.cards("policy", "digest")
    assert card.mark is Mark.DIGEST
    assert card.head == "Wednesday digest: 2 items since Tue 10:05 a.m."
    assert card.byline == "5 sources checked, last at 8:30 a.m."
    assert [(section.title, [line.text for line in section.lines]) for section in card.sections] == [
        ("Ask 3, presence in 72 hours", ["CBP: A pledge"]),
        ("Policy", ["CBP: On trafficking"]),
        ("Alerted already", ["Ask 4"]),
        ("Nothing new", ["Ask 8"]),
    ]
    assert card.lines[0].text == "1 alert was posted and is not repeated here."
    assert posted.waiting_lines(room.db, "policy") == []


LONG = "A pledge that " + "goes on and on " * 9


def pledges(count):
    return [document(f"2026-{n}", f"{n}: {LONG}", url=f"https://www.federalregister.gov/{n}/{'-' * 140}")
            for n in range(count)]  # fmt: skip


def test_a_digest_that_is_too_long_for_one_message_goes_on_in_another(room):
    room.take("register", *pledges(25), document("2027-1", "On trafficking"))
    room.now = at("2026-11-25 08:30")
    room.compose()
    cards = room.cards("policy", "digest")
    assert [card.head for card in cards] == [
        "Wednesday digest: 26 items since Tue 10:05 a.m.",
        *["Wednesday digest, continued"] * (len(cards) - 1),
    ]
    assert len(cards) in (2, 3)
    assert sum(len(section.lines) for card in cards for section in card.sections if "Ask 3" in section.title) == 25
    assert "On trafficking" in str(cards[0].sections)  # a loud ask makes no quiet one wait
    assert [card.foot for card in cards] == [""] * len(cards)
    assert posted.waiting_lines(room.db, "policy") == []


def test_lines_that_do_not_fit_four_messages_wait_for_the_next_digest(room):
    room.take("register", *pledges(60))
    room.now = at("2026-11-25 08:30")
    room.compose()
    cards = room.cards("policy", "digest")
    left = len(posted.waiting_lines(room.db, "policy"))
    assert len(cards) == 4
    assert left > 0
    assert cards[-1].foot == f"{left} more follow in the next digest."
    room.compose()
    assert len(room.cards("policy", "digest")) == 4
    room.now = at("2026-11-27 08:30")
    room.run_on(minutes=1).compose()
    assert room.heads("policy", "digest")[4].startswith(f"Friday digest: {left} items")
    assert len(room.posted("policy")) == len(set(room.posted("policy"))) == 60
    assert posted.waiting_lines(room.db, "policy") == []


def pledge(room):
    """A line for the next digest."""
    room.take("register", document(f"2026-7{room.new_id()}", "A pledge"))


def test_only_the_first_digest_of_a_week_is_posted_without_news(room):
    for day in range(25, 41):
        room.now = datetime(2026, 11, 1, 13, 30, tzinfo=UTC) + timedelta(days=day - 1)
        room.run_on()
        room.compose()
    assert room.heads("policy", "digest") == [
        "Monday digest: nothing new since Tue 10:05 a.m.",
        "Monday digest: nothing new since Mon Nov 30, 2026, 8:30 a.m.",
    ]
    assert [section.title for section in room.cards("policy", "digest")[0].sections] == ["Nothing new"]


def test_a_digest_without_news_that_was_missed_on_monday_comes_later_in_the_week(room):
    for day in ("2026-12-02 08:30", "2026-12-03 08:30"):
        room.now = at(day)
        room.compose()
    assert [row["key"] for row in room.rows("policy", "digest")] == ["policy/digest:2026-12-02"]


def test_a_channel_with_a_pinned_card_gets_a_digest_only_if_there_is_something_to_read(tmp_path):
    room = Room(tmp_path, campaign({"channels": {"policy": {"to": "slack:C0123"}, "admin": {"to": "console:admin"}}}))
    room.compose()
    room.now = at("2026-11-30 08:30")
    room.compose()
    assert room.heads("policy", "digest") == []
    room.run_on(minutes=1).take("register", document("2026-1", "Gloves one", comments_close_on=date(2026, 12, 10)))
    room.now = at("2026-12-02 08:30")
    room.compose()
    assert room.heads("policy", "digest") == []
    for day in ("2026-12-03 08:30", "2026-12-04 08:30"):
        room.now = at(day)
        room.compose()
    (card,) = room.cards("policy", "digest")
    assert card.dues == (Due("Comments on “Gloves one” close", date(2026, 12, 10)),)


def test_a_clock_that_was_ahead_when_there_was_nothing_to_post_holds_up_no_digest(room):
    room.now = at("2026-11-27 08:40")
    room.compose()
    room.now = at("2026-11-25 08:20")
    pledge(room)
    room.now = at("2026-11-25 08:40")
    room.compose()
    assert [row["key"] for row in room.rows("policy", "digest")] == ["policy/digest:2026-11-25"]


def test_thanksgiving_and_the_weekend_have_no_digest(room):
    for day in range(25, 31):
        room.now = at(f"2026-11-{day} 08:29")
        pledge(room)
        room.now = at(f"2026-11-{day} 08:30")
        room.compose()
    assert [head.split()[0] for head in room.heads("policy", "digest")] == ["Wednesday", "Friday", "Monday"]


def test_a_monday_digest_moves_to_tuesday_where_monday_is_a_holiday(tmp_path):
    room = Room(tmp_path, campaign(channels(digest={"days": "monday"})), now=at("2026-12-31 10:00"))
    room.compose()
    for day in range(1, 32):
        room.now = at(f"2027-01-{day:02} 08:30")
        room.compose()
    # 18 January 2027 is the birthday of Martin Luther King.
    assert [row["key"] for row in room.rows("policy", "digest")] == [
        f"policy/digest:2027-01-{day}" for day in ("04", "11", "19", "25")
    ]


def test_a_monday_digest_that_an_outage_swallowed_comes_on_the_next_business_day(tmp_path):
    room = Room(tmp_path, campaign(channels(digest={"days": "monday"})), now=at("2026-12-02 10:00"))
    room.compose()
    pledge(room)
    for day in ("04", "09", "10", "14"):  # down from Friday to Wednesday
        room.now = at(f"2026-12-{day} 08:30")
        room.compose()
    keys = [row["key"] for row in room.rows("policy", "digest")]
    assert keys == ["policy/digest:2026-12-09", "policy/digest:2026-12-14"]


def test_a_monday_digest_that_begins_in_mid_week_waits_for_monday(tmp_path):
    room = Room(tmp_path, campaign(channels(digest={"days": "business-days"})), now=at("2026-11-02 10:00"))
    room.compose()
    for day, days in (("11-03 08:30", "business-days"), ("12-01 10:00", "never"), ("12-02 14:00", "monday")):
        room.config = campaign(channels(digest={"days": days}))
        room.now = at(f"2026-{day}")
        pledge(room)
        room.compose()
    assert "policy/digest:2026-12-02" not in [row["key"] for row in room.rows("policy", "digest")]


def test_a_channel_without_a_digest_gets_none_and_no_lines_pile_up(tmp_path):
    room = Room(tmp_path, campaign(channels(digest={"days": "never"})))
    room.compose()
    room.take("register", document("2026-2", "A pledge"))
    room.now = at("2026-11-25 09:00")
    room.compose()
    assert room.cards("policy", "digest") == []
    assert posted.waiting_lines(room.db, "policy") == []


def test_what_waits_when_a_digest_is_turned_off_comes_in_a_last_one(room):
    pledge(room)
    room.config = campaign(channels(digest={"days": "never"}))
    room.compose()
    assert room.cards("policy", "digest") == []
    (line,) = (each for each in status.status(room.db, room.config, now=room.now).channels if each.name == "policy")
    assert line.next_digest == at("2026-11-25 08:30")

    for day in (25, 26, 27, 30):  # the 26th is Thanksgiving
        room.now = at(f"2026-11-{day} 08:30")
        room.run_on(minutes=1).compose()
        pledge(room)

    assert [row["key"] for row in room.rows("policy", "digest")] == ["policy/digest:2026-11-25"]
    assert room.heads("policy", "digest")[0].startswith("Wednesday digest: 1 item")
    assert posted.waiting_lines(room.db, "policy") == []


@pytest.mark.long
@pytest.mark.parametrize(("day", "clock"), [("2026-04-24", "00:30"), ("2026-10-29", "23:30")])
def test_an_hour_that_the_clocks_skip_or_repeat_brings_one_digest(tmp_path, day, clock):
    """Egypt changes its clocks on a Friday at midnight and back on a Thursday."""
    changed = COALITION.model_copy(update={"zone": "Africa/Cairo"})
    base = campaign(channels(digest={"at": clock}))
    room = Room(tmp_path, replace(base, coalition=changed), now=at(f"{day} 00:00") - timedelta(days=2))
    room.compose()
    end = at(f"{day} 00:00") + timedelta(days=2)
    while room.now < end:
        pledge(room)
        room.wait(minutes=19).compose()
    keys = [row["key"] for row in room.rows("policy", "digest")]
    assert keys.count(f"policy/digest:{day}") == 1
    assert len(set(keys)) == len(keys)


def test_a_clock_set_back_brings_no_second_digest(room):
    pledge(room)
    room.now = at("2026-11-25 08:40")
    room.compose()
    room.now = at("2026-11-25 07:40")
    room.compose()
    pledge(room)
    room.now = at("2026-11-25 08:45")
    room.compose()
    assert len(room.cards("policy", "digest")) == 1


def test_d5_a_digest_that_a_clock_which_was_ahead_posted_counts_as_today_s(room):
    pledge(room)
    room.now = at("2026-12-23 08:40")
    room.compose()
    room.now = at("2026-11-25 08:41")
    assert digest.recover_clock(room.job) == at("2026-12-23 08:40")
    assert digest.recover_clock(room.job) is None
    heads = {}
    for day in ("2026-11-25 17:00", "2026-11-27 08:40", "2026-12-22 08:40", "2026-12-23 08:40"):
        room.now = at(day) - timedelta(minutes=5)
        pledge(room)
        room.now = at(day)
        room.compose()
        heads[day] = len(room.cards("policy", "digest"))
    assert list(heads.values()) == [1, 2, 3, 4]


def test_thirty_days_offline_end_in_one_digest_and_no_posts(room):
    room.now = at("2026-12-28 10:00")
    started = room.now
    room.compose(started_at=started)
    assert room.cards("policy", "digest") == []
    room.take("register", *(document(f"2026-{n}", f"Gloves {n}") for n in range(30)), document("2026-99", "A pledge"))
    room.take("newsroom", news("a"))
    room.compose(started_at=started)
    for source in ("inspection", "bills", "wire"):
        room.take(source)
    room.compose(started_at=started)
    assert room.cards("policy", "alert") == []
    (card,) = room.cards("policy", "digest")
    assert card.head == "Monday digest: 32 items since Tue Nov 24, 2026, 10:05 a.m."
    assert card.sections[1].title == "Ask 4, enforce § 307"
    assert len(card.sections[1].lines) == 31
    room.take("register", document("2027-1", "More gloves"))
    assert len(room.cards("policy", "alert")) == 1


def test_a_first_digest_that_looks_back_names_the_day_of_its_oldest_line(tmp_path):
    room = Room(tmp_path, baseline=False)
    old = document("2026-2", "A pledge", publication_date=date(2026, 11, 3))
    room.take("register", old, document("2026-3", "A second pledge"), since=date(2026, 11, 1))
    for source in ("inspection", "bills", "newsroom", "wire"):
        room.take(source, health=Health.EMPTY_EXPECTED)
    room.compose()
    room.now = at("2026-11-25 08:30")
    room.compose()
    room.take("register", document("2026-4", "A third pledge"))
    room.now = at("2026-11-27 08:30")
    room.compose()
    assert [card.head for card in room.cards("policy", "digest")] == [
        "Wednesday digest: 2 items since Tue Nov 3, 2026",
        "Friday digest: 1 item since Wed 8:30 a.m.",
    ]


def test_a_source_that_did_not_answer_for_days_brings_a_backlog_too(room):
    for _ in range(5):
        room.wait(days=1).fail("register", Health.UNREACHABLE)
    room.wait(hours=1).take("register", document())
    assert room.cards("policy", "alert") == []
    room.now = at("2026-11-30 10:00")
    room.run_on(minutes=1).compose()
    assert "Gloves made with forced labor" in str(room.cards("policy", "digest"))


@pytest.mark.parametrize(("every", "longest"), [("1h", timedelta(days=3)), ("2d", timedelta(days=6))])
@pytest.mark.parametrize("longer", [False, True])
def test_a_backlog_begins_after_three_days_or_three_missed_turns_of_a_source(tmp_path, every, longest, longer):
    register = {"kind": "federal-register", "name": "Federal Register", "every": every}
    room = Room(tmp_path, campaign({"sources": FEEDS["sources"] | {"register": register}}))
    state = source_records.source_state(room.db, "register")
    room.now = state.memory.last_success_at + longest - timedelta(minutes=1)  # `take` lets a minute pass
    room.wait(seconds=longer).take("register", document())
    assert bool(room.cards("policy", "alert")) == (not longer)
    assert bool(posted.waiting_lines(room.db, "policy")) == longer


def test_after_thirty_days_offline_a_channel_without_a_daily_digest_is_alerted(tmp_path):
    room = Room(tmp_path, campaign(channels(digest={"days": "monday"})))
    room.wait(days=30).take("register", document())
    assert len(room.cards("policy", "alert")) == 1


def test_after_thirty_days_offline_a_new_law_is_still_posted_at_once(room):
    room.now = at("2026-12-28 10:00")
    room.take("bills", action("Became Public Law No: 119-73.", "Became law"))
    assert len(room.cards("policy", "alert")) == 1


def test_a_source_that_hangs_holds_the_digest_up_for_a_quarter_of_an_hour_only(room):
    room.run_on(hours=20)
    pledge(room)
    room.now = at("2026-11-25 08:30")
    for source in ("register", "inspection", "bills", "newsroom"):
        room.take(source)
    room.compose(started_at=at("2026-11-25 08:25"))
    assert room.cards("policy", "digest") == []
    room.now = at("2026-11-25 08:45")
    room.compose(started_at=at("2026-11-25 08:25"))
    assert len(room.cards("policy", "digest")) == 1


def test_a_queued_line_that_became_an_alert_is_not_in_the_digest(room):
    room.take("newsroom", news("a", "A pledge"))
    room.take("newsroom", news("a", "A pledge on gloves"))
    room.now = at("2026-11-25 08:30")
    room.compose()
    assert room.cards("policy", "digest") == []
    assert room.heads("policy", "alert") == ["A pledge on gloves"]


def test_a_line_for_a_filing_gives_way_to_its_publication(room):
    room.take("inspection", filing(title="A pledge"))
    room.take("register", document(title="A pledge"))
    assert len(posted.waiting_lines(room.db, "policy")) == 1


def test_the_week_ahead_shows_the_newest_date_of_each_thread(room):
    late = {"comments_close_on": date(2026, 11, 30)}
    room.take("register", document("2026-1", "Gloves one", **late), document("2026-2", "Gloves two", **late),
              document("2026-3", "Gloves three", **late), document("2026-4", "Mittens", **late))  # fmt: skip
    extended = {"change": Change.EXTENSION, "comments_close_on": date(2027, 2, 1), "references": ("fr:2026-2",)}
    withdrawn = {"change": Change.WITHDRAWAL, "references": ("fr:2026-3",)}
    room.take("register", document("2026-5", "More time", **extended), document("2026-6", "Never mind", **withdrawn))
    pledge(room)
    room.now = at("2026-11-25 08:30")
    room.compose()
    assert room.cards("policy", "digest")[0].dues == (Due("Comments on “Gloves one” close", date(2026, 11, 30)),)


def test_sources_in_trouble_are_counted(room):
    room.now = at("2026-11-30 08:30")  # the week's first
    room.run_on()
    room.fail("wire", Health.BLOCKED)
    room.compose()
    (card,) = room.cards("policy", "digest")
    assert card.byline.endswith("1 needs attention")
    assert card.head.startswith("Monday digest: nothing new from the sources that answer since")
    assert [section.title for section in card.sections] == ["Nothing new from the sources that answer"]


def test_a_digest_does_not_say_that_nothing_is_new_where_nobody_has_checked_since(room):
    room.now = at("2026-11-30 08:30")
    room.compose()
    (card,) = room.cards("policy", "digest")
    assert card.head.startswith("Monday digest: nothing known (no source answers as it should) since Tue 10:05 a.m.")
    assert card.byline == "5 sources checked, last at Tue 10:05 a.m. · 5 need attention"


def test_a_digest_whose_sources_all_fail_does_not_say_that_nothing_is_new(room):
    for source in room.config.feeds.enabled:
        room.fail(source, Health.UNREACHABLE)
    room.now = at("2026-11-30 08:30")
    room.compose()
    (card,) = room.cards("policy", "digest")
    assert card.head.startswith("Monday digest: nothing known (no source answers as it should) since")
    assert [section.title for section in card.sections] == ["Nothing known (no source answers as it should)"]


def test_digests_of_a_trial_go_to_the_safety_channel_and_are_not_repeated_after_it(tmp_path):
    room = Room(tmp_path, campaign({"safety": "admin"}))
    room.compose()
    pledge(room)
    room.now = at("2026-11-25 08:30")
    room.compose()
    assert [row["key"] for row in room.rows("admin", "digest")] == [
        "policy/digest:2026-11-25",
    ]
    room.config = campaign()
    room.compose()
    assert room.cards("policy") == []


def test_an_ask_that_no_route_brings_here_is_not_named(tmp_path):
    room = Room(tmp_path, campaign({"routes": [{"to": "policy", "asks": [4]}]}))
    room.compose()
    room.now = at("2026-11-30 08:30")
    room.compose()
    assert room.cards("policy", "digest")[0].sections[0].lines[0].text == "Ask 4"
    assert room.now > TUESDAY


def test_the_hello_does_not_repeat_what_was_posted_before_it(tmp_path):
    """The bot may die between the first readings and the greeting, or `--since` may have raised what was there."""
    room = Room(tmp_path, baseline=False)
    room.take("newsroom", news("old", "Gloves seized before"))
    room.take("newsroom", news("old", "Gloves seized before"), news("new", "Gloves seized after"))
    room.take("register", document("2026-2", "More gloves"), since=date(2026, 11, 1))
    for source in ("inspection", "bills", "wire"):
        room.take(source, health=Health.EMPTY_EXPECTED)
    room.compose()
    (hello,) = room.cards("policy", "hello")
    assert [line.text for section in hello.sections for line in section.lines] == ["ICE: Gloves seized before"]
    assert "this channel would also have had" in str(hello.lines)
    assert "have had 1 alert." in str(hello.lines)
