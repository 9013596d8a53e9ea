"""How long things are kept: every table has a rule, and what is over goes, with what hangs on it and nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.config.coalition import Retention
from bot.ops.retention import TABLES, forget
from bot.store.shape import read_tables
from tests.kit.alerts import COALITION, Room, news
from tests.kit.letters_desk import Desk


def let_go(room: Room) -> dict[str, int]:
    """How many rows of each table go, but for counts of checks, which go after a month."""
    with room.db.write() as tx:
        gone = forget(tx, COALITION, room.now)
        return {table: count for table, count in gone.items() if count and table != "source_day"}


def there(room: Room, table: str) -> int:
    return room.db.read(f"SELECT COUNT(*) AS n FROM {table}")[0]["n"]


def test_every_table_is_in_one_rooms_list():
    assert set(TABLES) == set(read_tables())


@pytest.mark.parametrize("name", TABLES)
def test_every_rule_says_in_one_way_how_rows_end(name):
    rule, shape = TABLES[name], read_tables()[name]
    assert sum(map(bool, (rule.term, rule.goes_with, rule.stays))) == 1
    assert bool(rule.term) == bool(rule.since)
    assert {rule.since, rule.person, rule.organization} - {""} <= set(shape.columns)
    if isinstance(rule.term, str) and rule.term:
        assert rule.term in Retention.model_fields
    hangs_on = {each.to for each in shape.references if each.when_gone == "CASCADE"}
    assert set(rule.goes_with) <= hangs_on


def test_nothing_is_forgotten_before_its_time(tmp_path):
    room = Room(tmp_path)
    room.take("newsroom", news("a"))
    room.compose()
    room.send_all()
    room.wait(days=399)
    assert let_go(room) == {}


def test_checks_are_counted_for_as_long_as_a_strip_shows_them(tmp_path):
    room = Room(tmp_path)
    days = there(room, "source_day")
    room.wait(days=30)
    let_go(room)
    assert there(room, "source_day") == days > 0
    room.wait(days=2)
    let_go(room)
    assert there(room, "source_day") == 0


def test_a_message_goes_after_what_it_was_about(tmp_path):
    room = Room(tmp_path)
    room.take("newsroom", news("a"))
    room.send_all()
    room.wait(days=401)
    assert let_go(room) == {"entry": 1}
    assert let_go(room) == {"delivery": 1}
    assert there(room, "match") == there(room, "delivery_entry") == 0


def test_a_message_about_what_a_source_still_lists_stays(tmp_path):
    room = Room(tmp_path)
    room.take("newsroom", news("a"))
    room.send_all()
    room.wait(days=399).take("newsroom", news("a"))
    room.wait(days=399)
    assert let_go(room) == {}


def test_what_still_waits_to_be_posted_stays(tmp_path):
    room = Room(tmp_path)
    room.take("newsroom", news("a"))
    room.wait(days=401)
    let_go(room)
    assert "delivery" not in let_go(room)


def test_that_a_channel_was_greeted_is_never_forgotten(tmp_path):
    room = Room(tmp_path)
    room.compose()
    room.send_all()
    greeted = len(room.rows("policy", "hello"))
    room.wait(days=4_000)
    let_go(room)
    assert len(room.rows("policy", "hello")) == greeted == 1


def test_a_thread_is_kept_whole_while_anything_in_it_is_young(tmp_path):
    room = Room(tmp_path)
    room.take("newsroom", news("a"))
    room.send_all()
    room.run_on(days=390).take("newsroom", news("b", thread="url:ice.gov/a"))
    room.send_all()
    room.wait(days=20)
    with room.db.write() as tx:
        tx.execute("DELETE FROM entry")
    assert let_go(room) == {}
    room.wait(days=400)
    assert let_go(room) == {"delivery": 2}


def test_a_draft_goes_half_a_year_after_its_last_change_and_a_letter_that_went_on_stays(tmp_path):
    desk = Desk(tmp_path)
    draft, sent = desk.drafted(), desk.approved()
    with desk.db.write() as tx:
        forget(tx, desk.config.coalition, desk.now + timedelta(days=179))
    assert desk.letter(draft.name)
    with desk.db.write() as tx:
        gone = forget(tx, desk.config.coalition, desk.now + timedelta(days=181))
    assert gone["letter"] == 1
    assert [row["id"] for row in desk.db.read("SELECT id FROM letter")] == [sent.id]
    assert desk.db.read("SELECT letter_id FROM letter_version WHERE letter_id = :id", {"id": draft.id}) == []
