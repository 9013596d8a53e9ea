"""The daily digest by mail: one a day at most, what waits first, every ask in order, also when nothing is new."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from bot.alerts import intake, mail_digest
from bot.app.composing import WAITING
from bot.commands.model import Job
from bot.deadlines import agenda
from bot.outbox import holds
from bot.outbox.model import from_json
from bot.people import mail
from bot.shared.answer import FetchFailed
from bot.shared.health import Health
from tests.kit.board import SOURCE, words
from tests.kit.letters_desk import GRANTS, Desk


class Reader(Desk):
    """Rosa represents Polaris and reads mail; her digest began on Tuesday at 10:00 in Washington."""

    def __init__(self, folder):
        super().__init__(folder)
        self.card(self.admin, "people invite", name="Rosa Diaz", address="rosa@polaris.test", organization="polaris")
        self.rosa = self.person("Rosa Diaz")
        with self.db.write() as tx:
            mine = mail.address_of(tx, self.rosa.id)
            mail.confirm(tx, mine, self.now)
            mail.choose(tx, mine, self.now, digest=True)

    def digests(self, **later):
        self.now += timedelta(**later)
        for _ in range(2):
            due_soon = partial(agenda.due_soon, coalition=self.config.coalition)
            began = self.now - timedelta(days=1)
            mail_digest.compose(self.job, started_at=began, waiting=WAITING, due_soon=due_soon)
        sql = "SELECT card FROM delivery WHERE channel = :me AND kind = 'mail digest' ORDER BY seq"
        return [from_json(row["card"]) for row in self.db.read(sql, {"me": f"mail:{self.rosa.id}"})]


@pytest.fixture
def reader(tmp_path):
    return Reader(tmp_path)


def titles(card):
    return [section.title.split(",")[0] for section in card.sections]


def test_one_a_day_says_so_when_nothing_is_new(reader):
    assert reader.digests() == []
    (card,) = reader.digests(days=1)
    assert card.head == "Wednesday: nothing new"
    assert "Asks 1, 2, 3, 4, 5, 6, 7, 8 and 9" in words(card)
    assert len(reader.digests(hours=3)) == 1
    assert len(reader.digests(days=1)) == 1  # Thanksgiving
    assert len(reader.digests(days=1)) == 2


def test_while_a_source_fails_it_does_not_say_that_nothing_is_new(reader):
    with Job(reader.db, reader.config, reader.now, reader.new_id).write() as work:
        intake.record_failure(work, FetchFailed(Health.BLOCKED, ""), SOURCE, due_at=reader.now)
    (card,) = reader.digests(days=1)
    assert card.head == "Wednesday: nothing new from the sources that answer"
    assert "Nothing new from the sources that answer" in titles(card)


def test_what_waits_comes_first_and_then_the_asks_in_order(reader):
    reader.opened()
    reader.bring(GRANTS)
    (card,) = reader.digests(days=1)
    assert card.head.startswith("Wednesday: 1 item waits for you, 1 new item")
    assert "nothing new on asks" in card.head
    assert titles(card)[0] == "Waits for you"
    assert titles(card)[1].startswith("Ask ")
    assert "Nothing new" in titles(card)
    assert "To sign: L-001" in words(card)


def test_nothing_is_listed_twice(reader):
    reader.bring(GRANTS)
    reader.digests(days=1)
    first, second = reader.digests(days=2)
    assert GRANTS.title in words(first)
    assert GRANTS.title not in words(second)


def test_d5_after_the_clock_was_set_back_no_item_is_left_out(reader):
    reader.digests(days=1)
    assert len(reader.digests(days=-1)) == 1
    reader.now += timedelta(hours=2)
    reader.bring(GRANTS)
    assert len(reader.digests(days=1)) == 1  # one a local date
    assert GRANTS.title in words(reader.digests(days=2)[-1])


def test_what_is_due_within_two_weeks_is_last(reader):
    reader.bring(GRANTS)
    assert "Due within two weeks" not in titles(reader.digests(days=1)[0])
    reader.now += timedelta(days=36)
    assert titles(reader.digests()[-1])[-1] == "Due within two weeks"


@pytest.mark.parametrize("how", ["held", "unsubscribed", "off"])
def test_nobody_gets_one_who_cannot_or_will_not(reader, how):
    with reader.db.write() as tx:
        mine = mail.address_of(tx, reader.rosa.id)
        if how == "held":
            hold = holds.Hold(f"channel:mail:{reader.rosa.id}", "gone")
            holds.place(tx, hold, now=reader.now, report=True)
        elif how == "off":
            mail.choose(tx, mine, reader.now, digest=False)
        else:
            mail.unsubscribe(tx, mine, reader.now)
    assert reader.digests(days=1) == []
