"""What a policy channel gets over recorded days: about something, and each event once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.shared.card import Card, Due, Line, Mark, Section
from tests.corpus.channel import HEAT, Channel, Message, between, coalition_of, concerning, replay, week, year
from tests.kit.alerts import document
from tests.kit.configs import ROOT

MOST_EMPTY_OR_REPEATED = 0.15  # share of the messages
SAID = Message("alert", datetime(2025, 9, 2, tzinfo=UTC), Card(mark=Mark.ALERT, head="Gloves"), ("e1",), reply=False)
FORM = {
    "e1": document("2025-00001", title="Proposed Information Collection: Shelter Data Report", action="60-day notice."),
    "e2": document("2025-00002", title="Submission for OMB Review: Shelter Data Report", action="30-day notice."),
}


def quiet(channel: Channel) -> bool:
    return len(channel.empty) + len(channel.repeated) <= MOST_EMPTY_OR_REPEATED * len(channel.messages)


@pytest.mark.long
@pytest.mark.parametrize("root", [ROOT, HEAT])
async def test_the_recorded_week_brings_no_empty_message_and_no_event_twice(tmp_path, corpus, root):
    channel = await replay(tmp_path, root, week(corpus), between(date(2023, 6, 12), date(2023, 6, 16)))
    assert quiet(channel)
    assert channel.twice == []


@pytest.mark.long
async def test_two_months_of_a_coalition_made_of_its_statement_are_quiet(tmp_path, corpus):
    root = coalition_of(corpus, "loans", tmp_path)
    (tmp_path / "here").mkdir()
    days = between(date(2025, 8, 15), date(2025, 10, 15))
    channel = await replay(tmp_path / "here", root, concerning(root, year(corpus)), days)
    assert len(channel.stored) >= 10
    assert len(channel.read()) == len(channel.stored)
    assert quiet(channel)
    assert channel.twice == []


# --- that the figures show what they are about ------------------------------------------------------------------------


def channel_of(*messages: Message) -> Channel:
    return Channel(messages, FORM, {})


def test_a_message_without_an_entry_or_a_date_is_empty():
    nothing, dated = replace(SAID, entries=()), replace(SAID, entries=(), card=Card(mark=Mark.ALERT, head="x", dues=(
        Due("Comments close", date(2025, 9, 9)),)))  # fmt: skip
    assert channel_of(nothing, dated, SAID).empty == [nothing]


def test_a_reminder_with_the_same_words_on_another_day_is_repeated():
    overdue = replace(SAID, kind="deadline", entries=(), card=Card(mark=Mark.DEADLINE, head="Was due 19 Jun 2019"))
    later = replace(overdue, at=overdue.at + timedelta(days=30))
    assert channel_of(overdue, SAID, later).repeated == [later]


def test_two_notices_of_a_form_on_two_cards_are_one_event_twice():
    second = replace(SAID, entries=("e2",))
    assert channel_of(SAID, second).twice == [(FORM["e1"].title, FORM["e2"].title)]
    assert channel_of(SAID, replace(second, reply=True)).twice == []


def test_a_line_that_names_the_earlier_notice_is_not_twice():
    line = Line(
        "CDC asks for comment on paperwork: Shelter Data Report; after the earlier notice of Tue Sep 2, 2025",
        FORM["e2"].link,
    )
    card = Card(mark=Mark.DIGEST, head="Digest", sections=(Section("Policy", (line,)),))
    assert channel_of(SAID, replace(SAID, kind="digest", entries=("e2",), card=card)).twice == []


def test_the_same_act_again_is_another_event():
    again = {"e1": FORM["e1"], "e2": replace(FORM["e2"], action=FORM["e1"].action)}
    channel = replace(channel_of(SAID, replace(SAID, entries=("e2",))), stored=again)
    assert (channel.twice, len(channel.series)) == ([], 1)
