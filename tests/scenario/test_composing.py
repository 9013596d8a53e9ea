"""Scheduled posts: a failure in one room delays no other, and inactive changes are reported."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.app.composing import Composer
from bot.config.load import Problem
from bot.outbox.messages import place, post
from bot.shared.card import Card, Mark
from bot.shared.entry import Entry, Kind
from bot.store.database import StoreUnusable
from tests.kit.press import Press

URL = "herald.example/2026/11/audit-of-tips"
ARTICLE = Entry(
    source="wire",
    kind=Kind.NEWS,
    identity=(f"url:{URL}",),
    thread=f"url:{URL}",
    title="Polaris fails to pass on trafficking tips, audit says",
    url=f"https://{URL}",
    summary="Polaris, a nonprofit that fights trafficking, fails to pass on one tip in five, an audit said on Monday.",
    outlet="Herald",
)


@pytest.fixture
def desk(tmp_path):
    return Press(tmp_path)


class Reports(list):
    def __call__(self, *lines):
        self.append(lines)


def composer(desk, messages):
    return Composer(desk.db, tell=messages, clock=lambda: desk.now, new_id=desk.new_id, not_private=lambda name: "")


def followed_up_on_friday(desk):
    """A story and a reporter that Pia wants to come back to on the same day."""
    desk.bring(ARTICLE)
    desk.card(desk.pia, "mentions follow-up", story="S-1", on="friday")
    contact = desk.added()
    desk.card(desk.pia, "press note", contact=contact.id, text="asked for the audit", follow="friday")
    desk.now += timedelta(days=3)


def broken(desk):
    with desk.db.write() as tx:
        tx.execute("UPDATE mention SET body = '{}'")


def test_a_part_that_fails_delays_no_other_and_is_reported(desk):
    messages, work = Reports(), None
    work = composer(desk, messages)
    followed_up_on_friday(desk)
    broken(desk)

    fault = work.compose(desk.config)

    assert type(fault).__name__ == "ValidationError"
    assert [card.head for card in desk.sent_to(desk.pia)] == ["Follow up with P-1 Jo Sample (Example Wire)"]
    assert messages == [
        ("Failed: story follow-ups (ValidationError). The log has details. Everything else continues.",)
    ]


def test_a_part_that_fails_is_tried_again_after_a_while(desk):
    messages = Reports()
    work = composer(desk, messages)
    followed_up_on_friday(desk)
    (stored,) = desk.db.read("SELECT body FROM mention")
    broken(desk)
    assert work.compose(desk.config)
    with desk.db.write() as tx:
        tx.execute("UPDATE mention SET body = :body", stored)

    assert work.compose(desk.config) is None
    assert len(desk.sent_to(desk.pia)) == 1
    desk.now += timedelta(seconds=5)
    assert work.compose(desk.config) is None
    assert len(desk.sent_to(desk.pia)) == 2


def test_a_store_that_cannot_be_used_is_no_part_s_fault(desk, monkeypatch):
    def full(*_, **__):
        raise StoreUnusable("the disk is full")

    monkeypatch.setattr(desk.db, "write", full)
    with pytest.raises(StoreUnusable):
        composer(desk, Reports()).compose(desk.config)


def test_a_digest_that_failed_is_not_due_at_once(desk):
    work = composer(desk, Reports())
    assert work.compose(desk.config) is None
    assert work.due_at > desk.now
    desk.now = work.due_at
    coalition = desk.config.coalition.model_copy(update={"zone": "Nowhere/At_All"})
    assert work.compose(replace(desk.config, coalition=coalition))
    assert work.due_at is None


def test_d5_a_clock_that_was_ahead_is_reported_once_and_no_part_rests_until_its_time(desk):
    messages = Reports()
    work = composer(desk, messages)
    work.compose(desk.config)
    desk.now += timedelta(days=30)
    work.compose(desk.config)
    dated = desk.now
    with desk.job.write() as tx:
        post(tx, place("policy", desk.config.feeds), f"digest:{dated}", Card(mark=Mark.DIGEST, head="x"), kind="digest")
    desk.now -= timedelta(days=30) - timedelta(minutes=2)
    for _ in range(2):
        work.compose(desk.config)
    assert messages == [
        (
            f"The clock of the bot's machine was wrong: a digest is dated {dated:%a %b} {dated.day}, {dated.year}",
            "It counts as today's, and the next one comes as usual.",
            "Check that the machine sets its clock from the network (timedatectl).",
        )
    ]


def test_a_change_made_in_chat_that_no_longer_fits_is_reported_once_a_day(desk):
    messages = Reports()
    work = composer(desk, messages)
    slip = Problem("chat", None, "watches.caps", "added in chat, but asks: coalition.yml has no ask 77")
    config = replace(desk.config, left_out=(slip,))
    for _ in range(2):
        work.compose(config)
    assert [lines[:2] for lines in messages] == [
        ("1 change made in chat is not active: no longer valid with the files", f"watches.caps: {slip.what}")
    ]
    desk.now += timedelta(days=1)
    work.compose(config)
    assert len(messages) == 2


def test_expired_rows_go_once_a_day_however_often_the_bot_starts_or_when_the_terms_change(desk):
    config, messages = desk.config, Reports()
    contact = desk.added()
    desk.card(desk.pia, "press note", contact=contact.id, text="asked for the audit")
    assert composer(desk, messages).compose(config) is None
    with desk.db.write() as tx:
        tx.execute("UPDATE press_log SET at = '2016-01-01T00:00:00.000000Z'")

    assert composer(desk, messages).compose(config) is None  # started again
    assert len(desk.db.read("SELECT 1 FROM press_log")) > 0

    retention = config.coalition.retention.model_copy(update={"published": timedelta(days=401)})
    changed = replace(config, coalition=config.coalition.model_copy(update={"retention": retention}))
    assert composer(desk, messages).compose(changed) is None
    assert desk.db.read("SELECT 1 FROM press_log") == []


@pytest.mark.parametrize("has_run", [True, False])  # False: the first run after an upgrade
def test_d5_a_clock_that_is_years_ahead_for_one_look_deletes_no_memory(desk, has_run):
    work = composer(desk, Reports())
    contact = desk.added()
    desk.card(desk.pia, "press note", contact=contact.id, text="asked for the audit")
    if has_run:
        work.compose(desk.config)
    stored = [desk.db.read(f"SELECT * FROM {table}") for table in ("audit", "press_log")]
    assert all(stored)
    began = desk.now

    for year in (2028, 2038):
        desk.now = began.replace(year=year)
        work.compose(desk.config)
    desk.now = began + timedelta(minutes=2)
    work.compose(desk.config)

    assert [desk.db.read(f"SELECT * FROM {table}") for table in ("audit", "press_log")] == stored


def test_d7_what_expired_in_two_months_offline_is_deleted_within_days(desk):
    composer(desk, Reports()).compose(desk.config)
    contact = desk.added()
    desk.card(desk.pia, "press note", contact=contact.id, text="asked for the audit")
    assert desk.db.read("SELECT 1 FROM inbox")

    desk.now += timedelta(days=60)
    for _ in range(9):
        composer(desk, Reports()).compose(desk.config)
        desk.now += timedelta(days=1)

    assert desk.db.read("SELECT 1 FROM inbox") == []
