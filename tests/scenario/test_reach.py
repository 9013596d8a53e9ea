"""What reaches one person: by which account, when, how often, and what they follow."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.alerts import direct
from bot.commands.model import File, Refused, Reply, Role
from bot.outbox import messages
from bot.outbox.model import from_json
from bot.people import records
from bot.people.model import Account, Person
from bot.people.preferences import QUIET, ZONE, Follow, When, follow, set_preference, unfollow
from bot.shared.card import Card, Line, Mark
from tests.kit.alerts import TUESDAY, Room, action, campaign, document, news
from tests.kit.board import CONFIG, Board, words

ADA, BO = "p-ada", "p-bo"
CARD = Card(mark=Mark.LETTER, head="Sign by Friday")


class Desk(Room):
    """The alerts room with two people in it."""

    def __init__(self, folder, own=None) -> None:
        super().__init__(folder, own)
        for id_, name, *accounts in (
            (ADA, "Ada Smith", Account("slack", "T1", "U0ADA"), Account("discord", "1", "2")),
            (BO, "Bo Li", Account("console", "", "policy"), Account("discord", "1", "3")),
        ):
            person = Person(id=id_, name=name, roles=frozenset({Role.POLICY}), accounts=tuple(accounts))
            with self.db.write() as tx:
                records.add(tx, person, by=None, now=self.now)

    def follows(self, what: str, when: When = When.DAILY, person: str = ADA, since: datetime | None = None) -> None:
        with self.db.write() as tx:
            follow(tx, person, Follow(what, when, since or self.now))

    def prefers(self, name: str, value: str, person: str = ADA) -> None:
        with self.db.write() as tx:
            set_preference(tx, person, name, value)

    def tell(self, **more):
        with self.job.write() as work:
            return messages.post_to_person(work, more.pop("person", ADA), "sign:1", CARD, kind="letter", **more)

    def look(self) -> None:
        self.run_on(minutes=1)
        direct.compose(self.job, started_at=self.now - timedelta(days=1))

    def until(self, *moment: int) -> Desk:
        """That moment of November 2026, in UTC."""
        self.run_on(seconds=(datetime(2026, 11, *moment, tzinfo=UTC) - self.now).total_seconds() - 60)
        return self

    def sent_to(self, person: str = ADA) -> list[Card]:
        return self.cards(f"dm:{person}")


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


def lines(card: Card) -> list[str]:
    return [line.text for section in card.sections for line in section.lines]


# --- the way to a person ------------------------------------------------------------------------------------------


def test_a_person_is_reached_by_a_chat_account_that_can_be_posted_to(desk):
    def platform(person, *platforms):
        channel = messages.direct_channel(desk.db, f"dm:{person}", platforms)
        return channel.platform, channel.address, channel.person

    assert platform(ADA, "slack", "discord") == ("discord", "2", "Ada Smith")
    assert platform(ADA, "slack") == ("slack", "U0ADA", "Ada Smith")
    assert platform(ADA) == ("discord", "2", "Ada Smith")
    assert platform(BO, "discord", "console") == ("discord", "3", "Bo Li")


def test_people_who_left_get_no_messages(desk):
    with desk.db.write() as tx:
        bo = records.person(tx, BO)
        records.remove(tx, bo, now=desk.now)
    assert messages.direct_channel(desk.db, f"dm:{BO}", {"discord"}) is None
    assert desk.tell(person=BO) is None


def test_a_direct_message_waits_for_the_end_of_the_person_s_quiet_hours(desk):
    desk.prefers(QUIET, "06:00-09:30")  # it is 10:00 in Washington, 07:00 in Los Angeles
    desk.prefers(ZONE, "America/Los_Angeles")
    desk.tell()
    assert desk.rows(f"dm:{ADA}")[0]["due_at"] == "2026-11-24T17:30:00.000000Z"


def test_an_urgent_message_is_sent_at_once_and_only_once(desk):
    desk.prefers(QUIET, "00:00-23:59")
    assert desk.tell(urgent=True)
    assert desk.tell(urgent=True) is None
    (row,) = desk.rows(f"dm:{ADA}")
    assert row["due_at"] <= row["created_at"]


def test_in_a_week_on_trial_it_still_goes_to_the_person_alone(tmp_path):
    desk = Desk(tmp_path, campaign({"safety": "admin"}))
    desk.tell()
    assert len(desk.sent_to()) == 1
    assert desk.cards("admin", "letter") == []


@pytest.mark.parametrize(
    ("files", "why"),
    [((File("a.pdf", "", bytes(messages.LARGEST_FILE + 1)),), "10 MB a file"), ((File("a", "", b""),) * 11, "ZIP")],
)
def test_files_that_no_chat_takes_are_refused_before_anything_is_posted(desk, files, why):
    with pytest.raises(Refused, match=why):
        desk.tell(files=files)
    assert desk.sent_to() == []


# --- what they follow ---------------------------------------------------------------------------------------------


def test_an_alert_on_what_one_follows_comes_at_once_and_once(desk):
    desk.follows("ask:4", When.NOW)
    desk.take("register", document())
    for _ in range(3):
        desk.look()
    (card,) = desk.sent_to()
    assert "Gloves made with forced labor" in card.head
    assert "You follow ask 4, enforce § 307" in card.foot
    assert {button.path for button in card.buttons} == {"find", "campaign me"}
    assert desk.sent_to(BO) == []


def test_d5_after_the_clock_was_set_back_news_comes_at_once(desk):
    desk.follows("ask:4", When.NOW)
    desk.wait(days=1).look()
    desk.wait(days=-1)
    desk.take("register", document())
    for _ in range(3):
        desk.look()
    assert len(desk.sent_to()) == 1


def test_d5_what_was_followed_before_the_clock_was_set_back_brings_news(desk):
    desk.wait(days=1)
    desk.follows("ask:4", When.NOW)
    desk.wait(days=-1).look()
    desk.wait(minutes=-2).take("register", document())  # read a minute before that look, saved after it
    desk.wait(minutes=5).look()
    desk.wait(days=2).look()
    assert len(desk.sent_to()) == 1


def test_d5_news_that_was_sent_just_after_the_clock_was_set_back_is_not_sent_again(desk):
    desk.follows("ask:4", When.NOW)
    desk.look()
    desk.take("register", document())
    desk.wait(minutes=-10)
    for _ in range(20):
        desk.look()
        desk.wait(minutes=4)
    assert len(desk.sent_to()) == 1


def test_a_followed_state_brings_matched_entries_that_name_it(desk):
    desk.follows("state:TX", When.NOW)
    desk.take("register", document("2026-00001", "Forced labor found in Houston, Texas"))
    desk.take("register", document("2026-00002", "Forced labor found in Maine"))
    desk.take("register", document("2026-00003", "A bridge in Texas is closed"))
    desk.look()
    (card,) = desk.sent_to()
    assert card.head.endswith("Forced labor found in Houston, Texas")
    assert "You follow Texas" in card.foot


def test_digest_matches_wait_for_the_daily_digest(desk):
    desk.follows("ask:3", When.NOW)
    desk.look()
    desk.take("wire", news("a", "A pledge was made", source="wire"))
    desk.look()
    assert desk.sent_to() == []
    desk.until(25, 13, 29).look()
    assert desk.sent_to() == []
    desk.until(25, 13, 31).look()
    assert [card.head.partition(":")[0] for card in desk.sent_to()] == ["Your Wednesday digest"]


def test_a_daily_digest_lists_each_item_once_and_is_not_sent_when_empty(desk):
    desk.follows("ask:4")
    desk.follows("bill:hr4323-119")
    desk.look()
    desk.take("register", document())
    desk.take("bills", action("Passed Senate without amendment.", "Floor"))
    desk.until(25, 14, 0).look()
    desk.look()
    desk.until(27, 14, 0).look()
    (card,) = desk.sent_to()
    assert card.head.startswith("Your Wednesday digest: 2 items since Tue 10:06 a.m.")
    assert [section.title for section in card.sections] == ["Ask 4, enforce § 307", "H.R. 4323 (119th)"]
    assert "Gloves made with forced labor" in lines(card)[0]


def test_a_weekly_digest_comes_on_the_first_business_day_of_the_week(desk):
    desk.follows("ask:4", When.WEEKLY)
    desk.look()
    desk.take("register", document())
    for day in (25, 27, 28, 29):
        desk.until(day, 14, 0).look()
    assert desk.sent_to() == []
    desk.until(30, 14, 0).look()
    assert [card.head.partition(":")[0] for card in desk.sent_to()] == ["Your weekly digest"]


@pytest.mark.parametrize("pace", [When.DAILY, When.NOW])
def test_what_a_slower_pace_had_not_told_is_told_at_the_new_one_once(desk, pace):
    began = desk.now
    desk.follows("ask:8", pace)
    desk.follows("ask:4", When.WEEKLY)
    desk.until(25, 12).take("register", document("2026-1", "Gloves"), document("2026-2", "relief"))
    desk.until(25, 14).look()
    assert "Gloves" not in str(desk.sent_to())

    desk.until(26, 12).follows("ask:4", pace, since=began)
    desk.until(27, 14).look()
    assert "Gloves" in str(desk.sent_to())
    desk.follows("ask:4", When.WEEKLY, since=began)
    desk.until(30, 14).look()

    told = str([(card.head, lines(card)) for card in desk.sent_to()])
    assert told.count("Gloves") == told.count("relief") == 1


def test_a_new_pace_waits_for_the_next_digest_if_today_s_was_sent(desk):
    began = desk.now
    desk.follows("ask:8")
    desk.follows("ask:4", When.WEEKLY)
    desk.until(25, 12).take("register", document("2026-1", "Gloves"), document("2026-2", "relief"))
    desk.until(25, 14, 30).look()
    desk.follows("ask:4", since=began)
    desk.look()
    desk.follows("ask:4", When.WEEKLY, since=began)
    desk.follows("ask:4", since=began)
    desk.until(25, 18).look()
    assert len(desk.sent_to()) == 1

    desk.until(27, 14, 30).look()
    desk.until(30, 14, 30).look()
    told = [(card.head, str(lines(card))) for card in desk.sent_to()]
    assert [("relief" in text, "Gloves" in text) for _, text in told] == [(True, False), (False, True)]
    assert told[1][0].startswith("Your Friday digest: 1 item since")


def test_an_action_on_a_followed_bill_is_sent_without_a_matching_watch(desk):
    desk.follows("bill:hr4323-119", When.NOW)
    desk.take("bills", action("Placed on the calendar.", "Calendars", bill_title="An act"))
    desk.look()
    assert "H.R. 4323" in desk.sent_to()[0].head


def test_a_bill_followed_with_its_ask_is_sent_once(desk):
    desk.follows("bill:hr4323-119", When.NOW)
    desk.follows("ask:8", When.NOW)
    desk.take("bills", action("Became Public Law No: 119-73.", "BecameLaw"))
    desk.look()
    desk.until(25, 14, 0).look()
    assert len(desk.sent_to()) == 1


def test_entries_from_before_following_are_not_sent(desk):
    desk.take("register", document())
    desk.wait(minutes=2)
    desk.follows("ask:4", When.NOW)
    desk.look()
    desk.until(25, 14, 0).look()
    assert desk.sent_to() == []


def test_baseline_entries_are_not_sent(tmp_path):
    desk = Desk(tmp_path)
    desk.follows("ask:4", When.NOW)
    desk.take("register", document(), baseline=frozenset({"fr:2026-00001"}))
    desk.look()
    assert desk.sent_to() == []


def test_in_quiet_hours_nothing_comes_and_afterwards_all_of_it_in_one_message(desk):
    desk.follows("ask:4", When.NOW)
    desk.prefers(QUIET, "09:00-18:00")
    desk.look()
    for number in range(3):
        desk.take("register", document(f"2026-{number:05}", f"Forced labor, part {number}"))
        desk.look()
    assert desk.sent_to() == []
    desk.until(24, 23, 1).look()
    (card,) = desk.sent_to()
    assert card.head.startswith("3 alerts at once")


def test_a_flood_is_a_list(desk):
    desk.follows("ask:4", When.NOW)
    desk.take("register", *(document(f"2026-{n:05}", f"Gloves and forced labor {n}") for n in range(60)))
    desk.look()
    desk.look()
    assert len(desk.sent_to()) == 3
    assert all("at once" in card.head for card in desk.sent_to())
    assert len(desk.posted(f"dm:{ADA}")) == 60


def test_a_digest_too_long_for_a_few_messages_counts_the_rest_and_does_not_tell_it_again(desk):
    desk.follows("ask:4")
    desk.look()
    desk.take("register", *(document(f"2026-{n:05}", f"Gloves and forced labor {n}") for n in range(130)))
    desk.until(25, 14, 0).look()
    desk.until(27, 14, 0).look()
    assert len(desk.sent_to()) == 4
    assert "more: /alerts recent" in lines(desk.sent_to()[-1])[-1]
    assert len(desk.posted(f"dm:{ADA}")) == 130


def test_a_person_who_unfollows_gets_no_more_messages(desk):
    desk.follows("ask:4", When.NOW)
    with desk.db.write() as tx:
        unfollow(tx, ADA, "ask:4")
    desk.take("register", document())
    desk.look()
    assert desk.sent_to() == []


def test_a_follow_up_hangs_on_the_first_message(desk):
    desk.follows("ask:4", When.NOW)
    desk.take("register", document())
    desk.look()
    more = {"references": ("fr:2026-00001",), "thread": "fr:2026-00001"}
    desk.take("register", document("2026-00002", "Gloves made with forced labor; correction", **more))
    desk.look()
    first, second = desk.rows(f"dm:{ADA}")
    assert first["thread"] == second["thread"] == "fr:2026-00001"


def test_two_looks_that_the_clock_does_not_tell_apart_lose_nothing(desk):
    desk.follows("ask:4", When.NOW)
    for number in range(2):
        desk.take("register", document(f"2026-{number:05}", f"Forced labor, part {number}"))
        desk.now = TUESDAY + timedelta(minutes=10)
        direct.compose(desk.job, started_at=TUESDAY)
    assert len(desk.sent_to()) == 2


# --- asked in a chat ----------------------------------------------------------------------------------------------


@pytest.fixture
def board(tmp_path):
    return Board(tmp_path)


def test_one_chooses_how_soon_to_hear(board):
    bo = board.add("Bo", Role.REPRESENTATIVE, organisation=next(iter(CONFIG.coalition.members)))
    card = board.card(bo, "campaign follow", what="ask 4", when="weekly")
    assert card.head.endswith("), on Mondays")
    assert board.ask(bo, "campaign follow", what="ask 8", when="now")
    assert "You follow at once: ask 8" in words(board.card(bo, "campaign me"))
    assert "on Mondays: ask 4" in words(board.card(bo, "campaign me"))
    board.card(bo, "campaign follow", what="ask 4", when="daily")
    assert board.card(bo, "campaign follow", what="ask 4").head.endswith("), daily")
    assert "daily: ask 4" in words(board.card(bo, "campaign me"))


def test_following_a_bill_that_is_not_read_says_so(board):
    assert "not read" in words(board.card(board.admin, "campaign follow", what="hr1-119"))
    assert "not read" not in words(board.card(board.admin, "campaign follow", what="hr4323-119"))


def test_a_direct_message_is_not_shown_to_others(board):
    bo = board.add("Bo", Role.POLICY)
    board.ask(bo, "campaign follow", what="ask 4", when="now")
    (stored,) = board.bring(document())
    direct.compose(board.job, started_at=board.now)
    assert board.db.read("SELECT 1 FROM delivery WHERE channel = :dm", {"dm": f"dm:{bo.id}"})
    with board.db.write() as tx:
        tx.execute("UPDATE delivery SET state = 'sent', ref = id, sent_at = due_at")
    assert "dm:" not in words(board.card(board.admin, "find", words="2026-00001"))
    snoozed = board.ask(board.admin, "alerts snooze", entry=stored.id, until="1d")
    assert isinstance(snoozed, Reply), snoozed


def test_a_direct_message_can_be_opened_again(desk):
    desk.tell()
    assert from_json(desk.rows(f"dm:{ADA}")[0]["card"]) == CARD


# --- what waits for them, and what they leave behind ----------------------------------------------------------------


def given(board, person, count):
    """That many alerts, which a person has taken on."""
    documents = [document(f"2026-{n:05}", f"Gloves made with forced labor {n}") for n in range(count)]
    stored = board.bring(*documents)
    for each in stored:
        board.ask(board.admin, "alerts assign", entry=each.id, to=person.name)
    return stored


def test_waiting_items_are_shown_most_urgent_first_and_the_rest_is_counted(board):
    bo = board.add("Bo", Role.POLICY)
    given(board, bo, 6)
    card = board.card(bo, "campaign me")
    assert "6 items wait for you." in words(card)
    assert "and 2 more" in words(card)
    assert len(card.lines) <= 9


def test_every_room_may_say_what_waits(board):
    more = (lambda db, config, actor, now: [Line(f"A letter for {actor.name}")],)
    board.dispatcher.rooms = replace(board.dispatcher.rooms, waiting=board.dispatcher.rooms.waiting + more)
    assert "1 item waits for you.\nA letter for Ada" in words(board.card(board.admin, "campaign me"))


def test_items_of_a_person_who_leaves_are_listed_and_unassigned(board):
    bo = board.add("Bo", Role.POLICY)
    given(board, bo, 2)
    card = board.card(board.admin, "people leave", person="Bo", sure="yes")
    assert "Their open tasks are now unassigned (2):" in words(card)
    assert "Gloves made with forced labor 1" in words(card)
    assert board.db.read("SELECT 1 FROM entry_work WHERE assigned_to IS NOT NULL") == []
    assert board.changes()[-1].after == "left; 2 of their open tasks are unassigned"


def test_the_cards_of_what_is_free_again_say_so(board):
    bo = board.add("Bo", Role.POLICY)
    given(board, bo, 1)
    board.ask(board.admin, "people leave", person="Bo", sure="yes")
    edits = board.db.read("SELECT card FROM delivery WHERE edits IS NOT NULL")
    assert edits
    assert all("Assigned" not in from_json(row["card"]).foot for row in edits)
