"""Who may read messages about the press: looked up when a message is delivered, not when it was written."""

from __future__ import annotations

import asyncio
import io
from dataclasses import replace
from datetime import UTC, timedelta

import pytest

from bot.chat.console.sender import ConsoleSender
from bot.commands.model import Role
from bot.outbox import messages
from bot.outbox.channels import channels_of
from bot.outbox.deliver import Deliverer
from tests.kit.board import CONFIG
from tests.kit.press import Press, config

ASKED = {
    "reporter": "Jo Sample", "outlet": "Example Wire", "kind": "question", "due": "today 17:00",
    "question": "What of the sting?",
}  # fmt: skip


class Newsroom(Press):
    """With a deliverer that prints the platform's name and the message."""

    def deliver(self) -> str:
        """What is delivered now, as people read it."""
        out = io.StringIO()
        senders = {name: ConsoleSender(out, clock=lambda: self.now, zone=UTC) for name in ("slack", "console")}
        deliverer = Deliverer(
            self.db, senders, channels_of(self.config.feeds),
            direct=lambda name: messages.direct_channel(self.db, name, senders),
            may_read=lambda name, needs: messages.may_read(self.db, name, needs, self.config.coalition.members),
            clock=lambda: self.now, new_id=self.new_id, dice=lambda: 0.5,
            admin=self.config.feeds.admin, pace=timedelta(0),
        )  # fmt: skip
        asyncio.run(deliverer.run_once())
        return out.getvalue()

    def why(self):
        return [row["why"] for row in self.db.read("SELECT why FROM delivery WHERE state = 'dropped' ORDER BY seq")]


@pytest.fixture
def desk(tmp_path):
    desk = Newsroom(tmp_path)
    desk.added()
    desk.card(desk.pia, "press note", contact="P-1", text="off the record: she doubts the figures", follow="Fri")
    return desk


def no_role(desk, person, *roles):
    for role in roles or ("press",):
        desk.card(desk.admin, "people role", person=person.name, take=role)


def test_a_follow_up_is_not_written_to_who_lost_the_press_role(desk):
    no_role(desk, desk.pia)
    desk.compose(days=4)
    message = desk.deliver()

    assert desk.sent_to(desk.pia) == []
    assert "she doubts the figures" in message
    assert "   to Pia · #" not in message
    assert "she doubts the figures" in repr(desk.shown("press"))


def test_a_follow_up_that_waits_goes_to_who_has_the_role_when_it_is_delivered(desk):
    desk.card(desk.pia, "campaign quiet", hours="00:00-23:59")
    desk.compose(days=3)
    assert len(desk.sent_to(desk.pia)) == 1
    assert desk.deliver() == ""

    no_role(desk, desk.pia)
    desk.now += timedelta(days=2)
    assert "she doubts" not in desk.deliver()
    desk.compose(minutes=1)
    desk.compose(minutes=1)
    message = desk.deliver()

    assert message.count("she doubts the figures") == 1
    assert "   to Pia · #" not in message
    assert desk.why() == ["the person it was for no longer has the role; passed on"]


def test_without_a_channel_it_goes_to_another_of_the_press(tmp_path):
    desk = Newsroom(tmp_path, config(channel=None))
    desk.added()
    desk.card(desk.pia, "press note", contact="P-1", text="she doubts the figures", follow="Fri")
    desk.card(desk.pia, "campaign quiet", hours="00:00-23:59")
    desk.compose(days=3)
    no_role(desk, desk.pia)
    desk.now += timedelta(days=2)
    desk.deliver()
    desk.add("Paz", Role.PRESS)
    desk.compose(minutes=1)
    message = desk.deliver()

    assert "   to Paz · #" in message
    assert "   to Pia · #" not in message


def test_a_reassigned_inquiry_is_not_delivered_to_the_first_person(desk):
    desk.card(desk.pia, "press inquiry", **ASKED)
    desk.card(desk.pia, "press pass-on", inquiry="Q-1", to="Ana Reyes")
    message = desk.deliver()

    assert "   to Ana Reyes · #" in message
    assert "   to Maria Lopez · #" not in message


@pytest.mark.parametrize("in_time", [True, False])
def test_the_first_person_reads_nothing_more_of_a_reassigned_inquiry(desk, in_time):
    desk.card(desk.pia, "press inquiry", **ASKED)
    if not in_time:
        assert "   to Maria Lopez · #" in desk.deliver()
    desk.card(desk.pia, "press pass-on", inquiry="Q-1", to="Ana Reyes")
    desk.card(desk.pia, "press answered", inquiry="Q-1", outcome="We confirmed it off the record")
    desk.deliver()

    to_maria = repr(desk.db.read("SELECT card FROM delivery WHERE channel = :dm", {"dm": f"dm:{desk.maria.id}"}))
    assert "off the record" not in to_maria
    assert ASKED["question"] not in to_maria
    assert "no longer yours" in to_maria
    assert repr(desk.shown("press")).count("off the record") == 1
    desk.card(desk.pia, "press reopen", inquiry="Q-1")
    desk.card(desk.pia, "press pass-on", inquiry="Q-1", to="Maria Lopez")
    assert "   to Maria Lopez · #" in desk.deliver()


def test_an_inquiry_is_not_delivered_to_who_has_no_role_any_more(desk):
    desk.card(desk.pia, "press inquiry", **ASKED)
    no_role(desk, desk.maria, "approver")

    assert "   to Maria Lopez · #" not in desk.deliver()


def test_while_there_is_a_safety_channel_the_press_is_still_the_presss_alone(tmp_path):
    base = config()
    base = replace(base, feeds=base.feeds.model_copy(update={"safety": base.feeds.admin}))
    desk = Newsroom(tmp_path, base)
    desk.added()
    desk.card(desk.pia, "press note", contact="P-1", text="she doubts the figures", follow="Fri")
    desk.card(desk.pia, "press inquiry", **ASKED)
    desk.compose(days=4)

    assert desk.shown(CONFIG.feeds.admin) == []
    assert "What of the sting?" in repr(desk.shown("press"))
    assert "What of the sting?" in repr(desk.sent_to(desk.maria))
    assert "she doubts the figures" in repr(desk.sent_to(desk.pia))
