"""One event, one card: a bill's step and the press about it, in a channel, a list, a digest and the clip report."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.alerts.cards import digest_line
from bot.alerts.items import read_events
from bot.chat.slack.render import message
from bot.chat.slack.sender import SlackSender
from bot.entries import history
from bot.media.clips import sheet
from bot.media.clips.model import by_event
from bot.media.news.removal import redact
from bot.outbox.model import Channel, Delivered, Outgoing
from bot.people import records as people
from bot.people.model import Person
from bot.shared.card import Card, Mark
from bot.watch.model import Level
from tests.kit.alerts import TUESDAY, action, watch
from tests.kit.clips import report, stories
from tests.kit.media import Desk, campaign, story
from tests.kit.outbox import slack_client
from tests.peers.slack import SlackPeer

TODAY = date(2026, 11, 24)
SIGNED = "Trafficking Survivors Relief Act is signed into law"
RELIEF = (watch("relief", "relief", asks=(8,)), watch("act", '"Relief Act"', Level.DIGEST, (8,)))


@pytest.fixture
def desk(tmp_path):
    desk = Desk(tmp_path, campaign(watches=RELIEF))
    desk.compose()
    return desk


def law(desk, *, on=TODAY):
    desk.take("bills", action("Became Public Law No: 119-73.", "Became law", on))


def press(desk, name, title=SIGNED, **rest):
    desk.take("wire", story(name, title, **{"summary": f"From the {name}."} | rest))


def threads(desk, channel="policy", kind="alert"):
    return {row["thread"] for row in desk.rows(channel, kind)}


def test_the_press_about_a_law_replies_to_its_card(desk):
    law(desk)
    press(desk, "tribune")
    assert desk.heads("policy", "alert")[1] == SIGNED
    assert threads(desk) == {"bill:hr4323-119"}


def test_a_law_that_the_press_had_first_replies_to_the_story_everywhere(desk):
    press(desk, "tribune")
    law(desk)
    assert desk.heads("policy", "alert")[1].startswith("Became law: Trafficking Survivors Relief Act")
    assert threads(desk) == {"bill:hr4323-119"}
    assert threads(desk, "media", "story") == {"bill:hr4323-119"}
    assert desk.stories()[0].thread == "bill:hr4323-119"


def test_a_channel_that_has_neither_the_story_nor_the_bill_gets_a_card(tmp_path):
    routes = [{"to": "policy", "kinds": ["bill"]}, {"to": "admin", "kinds": ["news"]}]
    desk = Desk(tmp_path, campaign({"routes": routes}, RELIEF))
    law(desk)
    press(desk, "tribune")
    assert (len(desk.heads("policy", "alert")), desk.heads("admin", "alert")) == (1, [SIGNED])


def test_a_companion_bill_of_the_same_day_leaves_the_first_bill_its_thread(desk):
    first = action("Introduced in House", "Introduced", TODAY)
    names = {"bill": "s2255-119", "thread": "bill:s2255-119", "identity": ("bill:s2255-119:introduced",)}
    desk.take("bills", first)
    press(desk, "tribune", "Lawmakers introduce Trafficking Survivors Relief Act")
    desk.take("bills", replace(first, **names))
    assert [row["thread"] for row in desk.rows("policy", "alert")] == [first.thread, first.thread, "bill:s2255-119"]


def test_the_press_about_a_later_step_is_an_alert_where_the_bill_itself_is_not_posted(tmp_path):
    routes = [{"to": "policy", "kinds": ["bill"]}, {"to": "admin", "kinds": ["news"]}]
    desk = Desk(tmp_path, campaign({"routes": routes}, RELIEF))
    passed = "House passes the Trafficking Survivors Relief Act"
    desk.take("bills", action("Passed House by voice vote.", "Passed House", TODAY))
    press(desk, "tribune", passed)
    desk.run_on(days=20)
    law(desk, on=desk.now.date())
    press(desk, "tribune2", published=desk.now)
    assert threads(desk) == {"bill:hr4323-119"}
    assert desk.heads("admin", "alert") == [passed, SIGNED]


def test_a_second_story_is_a_line_of_the_digest(desk):
    law(desk)
    press(desk, "tribune")
    press(
        desk, "post", "President signs H.R. 4323, which clears records of trafficking survivors: what relief it brings"
    )
    desk.run_on(days=1)
    desk.compose()
    assert len(desk.heads("policy", "alert")) == 2
    (card,) = desk.cards("policy", "digest")
    assert [line.text[:5] for section in card.sections for line in section.lines][:1] == ["POST:"]
    assert card.lines[0].text == "1 alert was posted and is not repeated here."


@pytest.mark.parametrize(
    ("title", "days"),
    [
        ("Why the Trafficking Survivors Relief Act matters", 0),  # no step
        ("Trafficking Survivors Relief Act passes the House", 0),  # another step
        ("A relief act is signed into law", 0),  # another bill
        (SIGNED, 5),
        (SIGNED, -3),
    ],
)
def test_a_story_of_another_event_is_a_card(desk, title, days):
    law(desk)
    press(desk, "tribune", title, published=TUESDAY + timedelta(days=days))
    assert len(threads(desk)) == 2


def test_the_white_house_is_not_the_house(desk):
    desk.take("bills", action("Passed House by voice vote.", "Passed House", TODAY))
    press(desk, "tribune", "Senate passes the Trafficking Survivors Relief Act, White House to sign it")
    assert len(threads(desk)) == 2


def test_a_withheld_story_joins_no_bill(desk):
    law(desk)
    press(desk, "tribune", f"{SIGNED}: girl, 12, Ana Lopez, victim identified as survivor")
    assert desk.stories()[0].withheld
    assert desk.stories()[0].thread != "bill:hr4323-119"


def test_a_redacted_story_leaves_the_bill_its_thread(desk):
    law(desk)
    press(desk, "tribune")
    desk.send_all()
    with desk.job.write() as work:
        people.add(work.tx, Person(id="p", name="Pia"), by=None, now=desk.now)
        redact(work, desk.stories()[0], by="p")
    desk.take("bills", action("Signed by President.", "Signed by President", TODAY))
    assert desk.rows("policy", "alert")[-1]["thread"] == "bill:hr4323-119"


def test_what_waits_for_the_morning_is_one_message_with_steps_and_stories(tmp_path):
    night = {"policy": {"to": "console:policy", "quiet": ["09:00", "23:00"]}, "media": {"to": "console:media"},
             "admin": {"to": "console:admin"}}  # fmt: skip
    desk = Desk(tmp_path, campaign({"channels": night}, RELIEF))
    desk.take("bills", action("Passed House by voice vote.", "Passed House", TODAY))
    press(desk, "tribune", "House passes Trafficking Survivors Relief Act")
    (card,) = desk.cards("policy", "alert")
    assert card.head.startswith("Passed the House by voice vote: Trafficking Survivors Relief Act")
    assert card.lines[-1].text == "Also in TRIBUNE: “House passes Trafficking Survivors Relief Act”"


def test_lists_have_one_line_with_the_furthest_step_and_the_press(desk):
    desk.take("bills", action("Signed by President.", "Signed by President", TODAY))
    press(desk, "tribune")
    law(desk)
    press(desk, "post")
    (event,) = read_events(desk.db, history.newest_events(desk.db, TUESDAY - timedelta(days=1), None))
    assert len(event.items) == 4
    assert event.stored.entry.type == "Became law"
    assert digest_line(event.items).text == (
        "Became law: Trafficking Survivors Relief Act (H.R. 4323, 119th) → Public Law 119-73; in the press: "
        "TRIBUNE and POST"
    )


@pytest.mark.parametrize(
    ("kind", "days", "shown"), [("bill", 0, False), ("bill", 30, True), ("letter", 30, False), ("news", 30, False)]
)
async def test_slack_shows_a_step_in_the_channel_when_its_thread_is_out_of_sight(kind, days, shown):
    peer = SlackPeer()
    async with peer.running() as url:
        sender = SlackSender(
            slack_client(url), message, clock=lambda: datetime.now(UTC) + timedelta(days=days), zone=UTC
        )
        first = Outgoing(
            id="1", key="policy/1", channel=Channel("policy", "slack", "C1"), card=Card(mark=Mark.BILL, head="First")
        )
        sent = await sender.send(first)
        assert isinstance(sent, Delivered)
        await sender.send(replace(first, key="policy/2", card=Card(mark=Mark(kind), head="Later"), reply_to=sent.ref))
    assert [bool(each.get("reply_broadcast")) for each in peer.messages["C1"]] == [False, shown]


def test_stories_of_an_event_are_one_after_the_other_in_a_clip_report():
    first, other, second = (
        replace(story, thread=thread)
        for story, thread in zip(stories()[:3], ("bill:hr1-119", "", "bill:hr1-119"), strict=True)
    )
    in_order = by_event([first, other, second])
    assert in_order == [first, second, other]
    rows = sheet.template_data(report(stories=tuple(in_order)))["rows"]
    assert [row["headline"].startswith("Same event: ") for row in rows] == [False, True, False]
