"""/campaign: status, why, the audit, pausing, and what one person follows."""

from __future__ import annotations

import asyncio
import csv
import io
import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.alerts import baseline, intake
from bot.commands.model import Choice, Reply, Role
from bot.congress import records as congress
from bot.congress.model import Member, Snapshot
from bot.congress.model import Role as MemberRole
from bot.outbox import holds
from bot.outbox.holds import Hold
from bot.outbox.messages import mail_place, post
from bot.people import preferences
from bot.people.preferences import Follow, When
from bot.shared import wording
from bot.shared.answer import FetchFailed, Health
from bot.shared.card import Card, Mark
from bot.store.database import to_text
from tests.kit.alerts import document
from tests.kit.board import CONFIG, SOURCE, Board, press, words

CHANNEL = next(iter(CONFIG.feeds.channels))


@pytest.fixture
def board(tmp_path):
    return Board(tmp_path)


@pytest.fixture
def bo(board):
    return board.add("Bo", Role.POLICY)


# --- help ---------------------------------------------------------------------------------------------------------


def test_help_shows_what_one_may_do_and_no_more(board, bo):
    assert "pause" in words(board.card(board.admin, "campaign help"))
    assert "pause" not in words(board.card(bo, "campaign help"))
    card = board.card(bo, "campaign help")
    everything = press(board, bo, card, next(each.label for each in card.buttons if each.label.startswith("All "))).card
    (line,) = (line.text for line in everything.lines if line.text.startswith("/campaign: "))
    theirs = "me, follow, unfollow, quiet, mail, status, help, board, sessions"
    assert {*line.removeprefix("/campaign: ").split(", ")} == {*theirs.split(", ")}


def test_help_begins_with_what_each_of_a_persons_roles_uses_most(board, bo):
    card = board.card(bo, "campaign help")
    assert (card.head, len(card.lines)) == ("What you use most for ATEST as policy", 12)
    both = board.card(board.add("Cy", Role.POLICY, Role.PRESS), "campaign help")
    assert len(both.lines) == 12
    assert {"/press inquiry", "/letter draft"} <= {line.text.partition(":")[0] for line in both.lines}


def test_an_old_name_works_and_says_the_new_one(board, bo):
    board.bring(document("2026-00001", "Notice about forced labor"))
    card = board.card(bo, "campaign why", item="2026-00001")
    assert card.foot.startswith("/campaign why is now /find. ")
    assert card.sections[-1].title == "Why it was posted or not"
    assert board.card(bo, "campaign people").foot == "/campaign people is now /people list."


def test_a_button_of_the_last_version_works_with_the_old_names_of_its_values(board, bo):
    board.bring(document("2026-00001", "Notice about forced labor"))
    assert "forced labor" in board.card(bo, "campaign item", id_="2026-00001").head
    head = board.card(board.admin, "campaign pause", length="2h").head
    assert head == "Posting is paused everywhere until 12:02 p.m."


def test_help_describes_one_command_in_full(board):
    card = board.card(board.admin, "campaign help", command="/campaign pause")

    assert card.head.startswith("/campaign pause: Pause posting for a while")
    assert "until (optional): 2h, Fri 5pm, 3d or Dec 18; until resumed if left out" in words(card)
    assert "sure" not in words(card)  # a button gives it
    assert "For example: /campaign pause channel:policy until:2h" in words(card)


def test_help_about_a_group_fits_ten_lines_and_the_whole_is_in_a_file(board):
    answer = board.ask(board.admin, "campaign help", command="campaign")

    assert len(answer.card.lines) <= 9
    assert all(
        command.help in answer.file.data.decode()
        for command in board.commands
        if command.group == "campaign" and not command.hidden
    )


def test_help_guesses_a_slip_and_gives_nothing_away(board, bo):
    assert "Did you mean /campaign status?" in board.refused(bo, "campaign help", command="campaign statsu").what
    forbidden = board.refused(bo, "campaign help", command="campaign audit").what
    assert "/campaign audit that you can do" in forbidden
    assert "Did you mean /campaign audit" not in forbidden


def test_help_ends_with_a_command_to_type_for_more(board, bo):
    foot = board.card(bo, "campaign help").foot
    assert board.card(bo, "campaign help", command=foot.rpartition(" ")[2]).head.startswith("/letter: ")


def test_help_warns_of_survivor_information_where_people_write_at_length(board):
    assert (
        "anything that identifies a survivor" in board.card(board.admin, "campaign help", command="people import").foot
    )


# --- status, pause, resume ----------------------------------------------------------------------------------------


def test_a_directory_with_ended_terms_needs_attention(board, bo):
    member = Member(
        bioguide="L000582", first="Ted", last="Lieu", role=MemberRole.REPRESENTATIVE, state="CA", district=36,
        term_start=date(2023, 1, 3), term_end=date(2025, 1, 3),
    )  # fmt: skip
    with board.db.write() as tx:
        congress.replace(tx, Snapshot(as_of=board.now.date(), source="x", members=(member,)), now=board.now)

    card = board.card(bo, "campaign status")

    assert card.head == "1 item needs attention"
    assert "1 term in the directory of Congress has ended" in words(card)


def test_all_is_in_order_where_nothing_is_wrong(board, bo):
    n = len(CONFIG.feeds.enabled)
    assert board.card(bo, "campaign status").head == f"Nothing needs attention; {n} sources are not checked yet"
    with board.job.write() as work:
        for source in CONFIG.feeds.enabled:
            intake.record_failure(work, FetchFailed(Health.EMPTY_EXPECTED, ""), source, due_at=board.now)
    card = board.card(bo, "campaign status")

    assert card.head == "Everything is in order"
    assert f"{len(CONFIG.feeds.watches)} watches · 9 asks · no messages queued" in words(card)

    board.now += timedelta(days=2)  # the process that watches has ended, and another answers
    late = board.card(bo, "campaign status")
    assert late.head == "1 item needs attention"
    assert f"{n} sources not checked since due Tue 10:01 a.m.: the process that watches and posts may not be" in words(
        late
    )


def test_status_says_how_many_emails_wait_for_the_limit_and_until_when(board, bo):
    board.config = replace(CONFIG, mail_per_hour=3)
    with board.job.write() as work:
        for n in range(5):
            post(work, mail_place(f"p{n}"), "news", Card(mark=Mark.DIGEST, head="News"), kind="digest")
        work.tx.execute(
            "UPDATE delivery SET state = 'sent', sent_at = :now WHERE seq <= 3", {"now": to_text(board.now)}
        )

    at = wording.coming(board.now + timedelta(hours=1), CONFIG.coalition.tz)
    (line,) = (line for line in words(board.card(bo, "campaign status")).splitlines() if "MAIL_PER_HOUR" in line)
    assert line == f"2 emails wait for the limit of 3 an hour (MAIL_PER_HOUR). The next is sent {at}"
    assert line.endswith("a.m."), "one period"


def test_status_says_when_the_first_digest_comes_until_it_came(board, bo):
    answer = FetchFailed(Health.BLOCKED, "403")
    with board.job.write() as work:
        for source in CONFIG.feeds.sources:
            intake.record_failure(work, answer, source, due_at=board.now)
    assert "First digest, if there is news: on the business day after every source was checked once." in words(
        board.card(bo, "campaign status")
    )

    baseline.greet(board.job)
    shown = words(board.card(bo, "campaign status"))
    assert re.search(r"First digest, if there is news: [A-Z][a-z]{2} [A-Z][a-z]{2} \d+, [\d:]+ [ap]\.m\., in “", shown)


def test_trouble_comes_first_with_advice(board, bo):
    failed = FetchFailed(Health.BLOCKED, "403")
    with board.job.write() as work:
        for _ in range(5):
            intake.record_failure(work, failed, SOURCE, due_at=board.now)
        holds.place(work.tx, Hold("platform:slack", "token revoked"), now=board.now, report=False)

    card = board.card(bo, "campaign status")
    assert card.head == "2 items need attention"
    assert card.lines[0].text.startswith("Nothing is posted on Slack")  # before any number of sources
    assert f"{CONFIG.feeds.sources[SOURCE].name} blocks the bot, since 10 a.m. Try: run the bot from" in words(card)
    assert "Nothing is posted on Slack until someone resumes it: token revoked" in words(card)


def test_details_name_every_source_and_channel(board, bo):
    card = press(board, bo, board.card(bo, "campaign status"), "Details").card

    assert [section.title for section in card.sections] == ["Sources", "Channels", "Next deadlines"]
    assert len(card.sections[0].lines) == len(CONFIG.feeds.sources)
    assert len(card.sections[1].lines) == len(CONFIG.feeds.channels)


def active_holds(board):
    return {hold.scope: hold for hold in holds.all_holds(board.db)}


def test_posting_is_paused_for_a_while_and_resumed_by_a_button(board):
    card = board.card(board.admin, "campaign pause", until="2h", why="fire drill")
    assert card.head == "Posting is paused everywhere until 12:01 p.m."
    assert active_holds(board)["all"].why == "fire drill"

    status = board.card(board.admin, "campaign status")
    assert "fire drill" in words(status)
    press(board, board.admin, status, "Resume")

    assert active_holds(board) == {}
    assert [(change.subject, change.after) for change in board.changes()][1] == ("everywhere", "posting")


def test_a_pause_that_has_ended_is_not_shown_but_a_refusal_that_no_message_has_passed_is(board):
    board.card(board.admin, "campaign pause", until="2h", why="fire drill")
    refused = Hold("platform:slack", "Slack rejected the token", board.now + timedelta(hours=1), refused="x")
    with board.db.write() as tx:
        holds.place(tx, refused, now=board.now, report=False)
    board.now += timedelta(hours=3)

    card = board.card(board.admin, "campaign status")

    assert "fire drill" not in words(card)
    assert "Slack rejected the token" in words(card)
    assert "On hold everywhere." not in words(board.card(board.admin, "campaign resume", channel=CHANNEL))


def test_a_hold_of_a_kind_that_is_not_known_is_named_as_it_is_and_has_no_button(board):
    with board.db.write() as tx:
        holds.place(tx, Hold("region:east", "flood", None), now=board.now, report=False)

    card = board.card(board.admin, "campaign status")

    assert "Nothing is posted at “region:east” until someone resumes it: flood" in words(card)
    assert not [button for button in card.buttons if button.path == "campaign resume"]


def test_one_channel_is_paused_until_it_is_resumed(board):
    board.ask(board.admin, "campaign pause", channel=CHANNEL)
    assert active_holds(board)[f"channel:{CHANNEL}"].until is None

    assert "Nothing was paused anywhere" in board.card(board.admin, "campaign resume").head
    assert f"in “{CHANNEL}”" in board.card(board.admin, "campaign resume", channel=CHANNEL).head
    assert active_holds(board) == {}


def test_a_channel_that_is_resumed_while_everything_is_paused_is_not_reported_as_posting(board):
    board.ask(board.admin, "campaign pause", channel=CHANNEL)
    board.ask(board.admin, "campaign pause", why="press conference")

    card = board.card(board.admin, "campaign resume", channel=CHANNEL)

    assert card.head == f"Resumed in “{CHANNEL}”, but nothing is posted yet"
    assert "Everything is on hold until someone resumes it: press conference" in words(card)
    assert "Posting again" in press(board, board.admin, card, "Resume").card.head


def test_the_last_word_of_a_person_is_how_long_posting_stops(board):
    board.ask(board.admin, "campaign pause")
    assert board.card(board.admin, "campaign pause", until="2h").head == "Posting is paused everywhere until 12:02 p.m."
    assert active_holds(board)["all"].until is not None


@pytest.mark.parametrize(("args", "param"), [({"channel": "nowhere"}, "channel"), ({"until": "soon"}, "until")])
def test_a_pause_that_cannot_be_names_the_field(board, args, param):
    assert board.refused(board.admin, "campaign pause", **args).param == param
    assert active_holds(board) == {}


def test_people_who_cannot_resume_see_no_button_for_it(board, bo):
    board.ask(board.admin, "campaign pause")

    assert [button.label for button in board.card(bo, "campaign status").buttons] == ["Details"]


# --- why and item -------------------------------------------------------------------------------------------------


def test_what_is_found_by_its_number_is_shown_in_full_with_why(board, bo):
    (stored,) = board.bring(document("2026-00001", "Notice about forced labor", summary="What it says."))
    card = board.card(bo, "find", words="2026-00001")

    assert "What it says." in words(card)
    assert card.mark is Mark.ANSWER, "not an alert: that it was posted is below"
    assert card.links[0].url == stored.entry.url
    assert any("forced labor" in line.text for line in card.sections[-1].lines)


def test_a_representative_is_shown_no_button_they_may_not_press(board):
    rep = board.add("Rep", Role.REPRESENTATIVE, organisation="cast")
    board.bring(document("2026-00001"))
    paths = {command.path for command in board.commands if Role.REPRESENTATIVE in command.who}

    assert {button.path for button in board.card(rep, "find", words="2026-00001").buttons} <= paths


def test_an_unknown_entry_is_answered_with_the_source_that_should_list_it(board, bo):
    card = board.card(bo, "find", words="2026-99999")

    assert "Nothing found for" in card.head
    assert "should list it" in words(card)


# --- audit --------------------------------------------------------------------------------------------------------


def test_the_audit_lists_changes_as_a_card_and_as_csv(board):
    board.ask(board.admin, "campaign pause", why="=1+1")
    board.ask(board.admin, "campaign resume")
    answer = board.ask(board.admin, "campaign audit", "", since="7d")

    assert answer.card.head.startswith("2 changes since")
    assert "Ada, /campaign resume: everywhere: on hold until someone resumes it: =1+1 → posting" in words(answer.card)
    rows = list(csv.DictReader(io.StringIO(answer.file.data.decode("utf-8-sig"))))
    assert [row["command"] for row in rows] == ["/campaign pause", "/campaign resume"]
    assert rows[0]["from"] == "slack T0HOME C1"


def test_an_empty_audit_is_answered_with_a_hint(board):
    assert "No changes" in board.card(board.admin, "campaign audit").head
    assert board.refused(board.admin, "campaign audit", since="ever").param == "since"


# --- me, follow, unfollow, quiet ----------------------------------------------------------------------------------


def test_one_follows_and_no_more(board, bo):
    assert "nothing yet" in words(board.card(bo, "campaign me"))

    for what in ("4", "ask 8", "H.R. 4323 (119th)", "texas"):
        assert board.card(bo, "campaign follow", what=what).head.startswith("You now follow")
    assert "already" in board.card(bo, "campaign follow", what="ask:4").head
    mine = words(board.card(bo, "campaign me"))
    assert "ask 4 (" in mine
    assert "H.R. 4323 (119th)" in mine
    assert "Texas (where it is named)" in mine

    board.ask(bo, "campaign unfollow", what="hr4323-119")
    assert "H.R. 4323" not in words(board.card(bo, "campaign me"))
    assert len(board.changes()) == 5


def test_a_bill_without_its_congress_is_asked_about(board, bo):
    family = next(iter(CONFIG.coalition.bills.values()))
    twin = family.bills[0].model_copy(update={"id": "hr4323-112", "title": "Something else"})
    bills = CONFIG.coalition.bills | {"other": family.model_copy(update={"name": "Other", "bills": (twin,)})}
    board.config = replace(CONFIG, coalition=CONFIG.coalition.model_copy(update={"bills": bills}))

    card = board.card(bo, "campaign follow", what="H.R. 4323")
    assert card.head == "2 bills called H.R. 4323: which Congress?"
    press(board, bo, card, next(button.label for button in card.buttons if "112th" in button.label))
    assert "H.R. 4323 (112th)" in words(board.card(bo, "campaign me"))


def test_a_number_is_asked_back_though_the_coalition_knows_one_bill_of_it(board, bo):
    card = board.card(bo, "campaign follow", what="hr 4323")
    assert card.head == "1 bill called H.R. 4323: which Congress?"
    assert "H.R. 4323 (119th)" in press(board, bo, card, card.buttons[0].label).card.head


@pytest.mark.parametrize("what", ["99", "peace", "S. 1", "bill:x", "ask:"])
def test_following_an_unknown_thing_is_refused(board, bo, what):
    assert board.refused(bo, "campaign follow", what=what).param == "what"


def test_a_person_follows_a_hundred_things_and_no_more(board, bo):
    with board.db.write() as tx:
        for number in range(99):
            preferences.follow(tx, bo.id, Follow(f"member:X{number:06}", When.WEEKLY, board.now))
    board.card(bo, "campaign follow", what="ask 4")
    refused = board.refused(bo, "campaign follow", what="ask 8")
    assert refused.what == "You follow 100 already, the most there can be. /campaign unfollow ends one."
    assert board.card(bo, "campaign follow", what="ask 4", when="weekly").head.endswith("on Mondays")
    board.card(bo, "campaign unfollow", what="ask 4")
    assert board.card(bo, "campaign follow", what="ask 8").head.startswith("You now follow")


def test_unfollowing_something_not_followed_is_refused(board, bo):
    assert "do not follow" in board.refused(bo, "campaign unfollow", what="ask 4").what


def test_only_followed_things_are_suggested_for_unfollowing(board, bo):
    board.ask(bo, "campaign follow", what="hr4323-119")

    offered = asyncio.run(board.dispatcher.complete(board.call(bo, "campaign unfollow"), "what", "4323"))
    assert offered == [Choice("bill:hr4323-119", "H.R. 4323 (119th)")]


def test_quiet_hours_use_the_person_s_own_zone(board, bo):
    assert "18:00 to 08:00 (America/New_York)" in board.card(bo, "campaign quiet", hours="18-8").head
    board.ask(bo, "campaign quiet", "", hours="22:00-07:00", zone="America/Los_Angeles")
    assert "22:00 to 07:00 (America/Los_Angeles)" in words(board.card(bo, "campaign me"))

    assert "No quiet hours (America/Los_Angeles)" in board.card(bo, "campaign quiet", hours="off").head
    back = board.card(bo, "campaign quiet", hours="18-8", zone="coalition")
    assert "18:00 to 08:00 (America/New_York)" in back.head


@pytest.mark.parametrize(
    ("args", "param"),
    [
        ({"hours": "night"}, "hours"),
        ({"hours": "8-9", "zone": "Mars"}, "zone"),
        ({"hours": "8-9", "zone": "../x"}, "zone"),
    ],
)
def test_quiet_hours_that_are_none_change_nothing(board, bo, args, param):
    before = board.everything()
    assert board.refused(bo, "campaign quiet", **args).param == param
    assert board.everything() == before


def test_each_person_has_their_own_follows(board, bo):
    board.ask(bo, "campaign follow", what="4")

    assert "nothing yet" in words(board.card(board.admin, "campaign me"))


def test_an_alert_assigned_to_me_waits_for_me(board, bo):
    (stored,) = board.bring(document("2026-00001", "Gloves made with forced labor"))
    with board.db.write() as tx:
        sql = "INSERT INTO entry_work (entry_id, assigned_to, assigned_at) VALUES (:e, :p, :now)"
        tx.execute(sql, {"e": stored.id, "p": bo.id, "now": to_text(board.now)})

    card = board.card(bo, "campaign me")
    assert "1 item waits for you." in words(card)
    assert card.lines[1].url == stored.entry.url
    assert "Nothing waits for you" in words(board.card(board.admin, "campaign me"))


def test_every_answer_is_for_the_asker_alone(board, bo):
    for path in ("campaign me", "campaign help", "campaign status", "people list"):
        answer = board.ask(bo, path)
        assert isinstance(answer, Reply)
        assert not answer.public
