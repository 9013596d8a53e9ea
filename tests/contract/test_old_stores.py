"""A store of an earlier release is brought over with every row, or not at all."""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from bot.alerts.intake import ingest
from bot.chat.console.sender import ConsoleSender
from bot.commands.model import Job
from bot.outbox.model import Channel
from bot.settings import records as settings
from bot.shared.answer import Fetched, Health, Memory
from bot.store.database import Database, StoreUnusable
from bot.store.schema import COLUMNS, DROPPED_COLUMNS, RENAMED
from bot.store.shape import read_tables
from tests.kit import old_stores, stores
from tests.kit.alerts import TUESDAY, document
from tests.kit.board import CONFIG, SOURCE, Press
from tests.kit.outbox import Kit
from tests.scenario.kit import Clock

DROPPED = {"docket_date", "post"}
RENDERED = "letter_rendering"  # since 0.3, from the first text of each letter
CHANGED = {"signature": {"legal_name"}, "letter_mail": {"how"}, "press_inquiry": {"kind"}}  # from 0.1 on
BROUGHT_OVER = "0100_baseline"

pytestmark = [pytest.mark.sqlite, pytest.mark.long]  # each test chooses its store


@pytest.fixture(params=["sqlite", "postgres"], autouse=True)
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stores, "CHOSEN", request.param)


@pytest.fixture
def first(tmp_path: Path) -> Iterator[Database]:
    """The store of 0.1, brought over."""
    with closing(old_stores.load("0.1.0", tmp_path / "coalition.db").open()) as db:
        yield db


def plain(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> list[str]:
    def value(each: Any) -> Any:
        return bytes(each) if isinstance(each, memoryview) else each

    return sorted(repr([value(row[column]) for column in columns]) for row in rows)


def tables(db: Database) -> list[tuple[Any, ...]]:
    """The tables with their columns, and the indexes, as the engine describes them."""
    sql = "SELECT name, sql FROM sqlite_master WHERE sql NOT NULL AND name NOT LIKE '%sqlite%' ORDER BY name"
    if stores.CHOSEN == "postgres":
        sql = """
            SELECT table_name, column_name, data_type, collation_name, is_nullable, column_default
            FROM information_schema.columns WHERE table_schema = current_schema()
            UNION ALL
            SELECT tablename, regexp_replace(indexdef, 'INDEX \\S+ ', ''), '', '', '', '' FROM pg_indexes
            WHERE schemaname = current_schema() ORDER BY 1, 2
        """
    return [tuple(row.values()) for row in db.read(sql)]


@pytest.mark.parametrize("release", old_stores.RELEASES)
def test_every_row_comes_over_with_every_column_that_there_is_still(release: str, tmp_path: Path):
    before = old_stores.rows(release)
    assert all(before.values()), "the old store has a row in each table"
    with closing(old_stores.load(release, tmp_path / "coalition.db").open()) as db:
        now = {old: name for name, old in RENAMED.items()}
        for old in before.keys() - DROPPED:
            name = now.get(old, old)
            columns = before[old][0].keys() - {*DROPPED_COLUMNS}
            columns -= CHANGED.get(old, set()) if release == "0.1.0" else set()
            renamed = {column: COLUMNS.get(f"{name}.{column}", column) for column in sorted(columns)}
            assert set(renamed.values()) <= set(read_tables()[name].columns), name
            rows = db.read(f"SELECT * FROM {name}")
            assert plain(rows, list(renamed.values())) == plain(before[old], list(renamed)), name
        assert [
            name
            for name in read_tables().keys() - before.keys() - RENAMED.keys() - {RENDERED}
            if db.read(f"SELECT * FROM {name}")
        ] == []


@pytest.mark.parametrize("release", old_stores.RELEASES)
def test_a_store_that_was_brought_over_is_like_a_new_one(release: str, tmp_path: Path):
    place = old_stores.load(release, tmp_path / "coalition.db")
    assert BROUGHT_OVER in place.pending()
    with closing(place.open()) as db:
        assert tables(db) == tables(stores.create(tmp_path / "new.db"))
    assert place.pending() == []


def test_the_planner_knows_the_new_indexes(tmp_path: Path):
    """Statistics of the old indexes, which began with the coalition's id, would have the planner read all rows."""
    with closing(old_stores.load("0.3-dev", tmp_path / "coalition.db").open()) as db:
        statistics = "SELECT tbl FROM sqlite_stat1 WHERE idx = 'delivery_kind' AND stat LIKE '% % %'"
        if stores.CHOSEN == "postgres":
            statistics = "SELECT tablename AS tbl FROM pg_stats WHERE tablename = 'delivery' AND attname = 'kind'"
        assert db.read(statistics) == [{"tbl": "delivery"}]


def test_the_rows_of_0_1_say_what_they_would_after_0_2(first: Database):
    recorded = "SELECT evidence, evidence_kind, legal_name FROM signature ORDER BY evidence DESC LIMIT 1"
    (signature,) = first.read(recorded)
    assert signature["evidence"].startswith("e-mail of 3 November")
    assert signature["evidence_kind"] == "not stated"
    locked = "SELECT id FROM letter WHERE locked_at IS NULL"
    names = first.read(f"SELECT legal_name, letter_id IN ({locked}) AS is_open FROM signature")
    assert {bool(row["legal_name"]) for row in names if row["is_open"]} == {False}
    assert {bool(row["legal_name"]) for row in names if not row["is_open"]} == {True}
    assert {row["how"] for row in first.read("SELECT how FROM letter_mail")} == {"email"}
    kinds = first.read("SELECT kind FROM press_inquiry ORDER BY number")
    assert [row["kind"] for row in kinds] == ["question", "protected interview"]


@pytest.mark.parametrize("release", old_stores.RELEASES)
def test_the_first_text_of_each_letter_is_what_its_template_rendered(release: str, tmp_path: Path):
    with closing(old_stores.load(release, tmp_path / "coalition.db").open()) as db:
        texts = db.read("SELECT letter_id, version, texts FROM letter_version WHERE version = 1 ORDER BY letter_id")
        assert db.read(f"SELECT letter_id, version, texts FROM {RENDERED} ORDER BY letter_id") == texts


def test_the_audit_names_stories_by_their_numbers(tmp_path: Path):
    place = old_stores.load("0.2.0", tmp_path / "coalition.db")
    with closing(place.open_as_is()) as old, old.write() as tx:
        tx.execute("UPDATE audit SET command = 'mentions claim', subject = 'S-12 Herald: S-3 was a girl · 2 outlets'")
    with closing(place.open()) as db:
        assert {row["subject"] for row in db.read("SELECT subject FROM audit")} == {"S-12"}


def test_what_chat_changed_in_watches_sources_and_bills_is_in_one_history_with_settings(tmp_path: Path):
    place, day = old_stores.load("0.2.0", tmp_path / "coalition.db"), "2026-11-24T15:14:00.000000Z"
    rows: tuple[tuple[str, str, str | None, str | None], ...] = (
        ("watch", "edited", '{"query": "x"}', "2027-01-01T00:00:00.000000Z"),
        ("watch", "gone", None, None),
        ("watch removed", "gone", '{"query": "y"}', None),
        ("watch", "muted", None, "2027-01-01T00:00:00.000000Z"),
        ("bill", "hr1-119", '{"title": "A"}', None),
    )
    sql = "INSERT INTO overlay VALUES ('atest', :kind, :name, :body, :until, :day, NULL)"
    with closing(place.open_as_is()) as old, old.write() as tx:
        for kind, name, body, until in rows:
            tx.execute(sql, {"kind": kind, "name": name, "body": body, "until": until, "day": day})
    with closing(place.open()) as db:
        first, *others = [(each.kind, each.name, each.body) for each in settings.changes(db)]
        assert first[:2] == ("values", "letterhead")
        assert others == [("bill", "hr1-119", rows[4][2]), ("watch", "edited", rows[0][2]), ("watch", "gone", None)]
        assert list(settings.muted(db, TUESDAY)) == ["edited", "muted"]
        assert [version.version for version in settings.history(db)] == [4, 3, 2, 1]


@pytest.mark.parametrize("release", old_stores.RELEASES)
def test_nothing_that_was_posted_or_queued_is_posted_again(release: str, tmp_path: Path):
    entry = document("2026-00077", "Enhanced Collaborative Model: forced labor")
    answer = Fetched(entries=(entry,), memory=Memory(first_success_at=TUESDAY), health=Health.OK, detail="")
    clock, out = Clock(TUESDAY), io.StringIO()
    clock.turn(days=1)
    with closing(old_stores.load(release, tmp_path / "coalition.db").open()) as db:
        queued = db.read("SELECT id, seq, channel, key FROM delivery ORDER BY seq")
        with Job(db, CONFIG, clock(), lambda: "new").write() as work:
            ingest(work, answer, SOURCE, due_at=clock(), press=Press(CONFIG.coalition))
        assert db.read("SELECT id, seq, channel, key FROM delivery ORDER BY seq") == queued

        unsent = "SELECT id FROM delivery WHERE platform = 'console' AND state <> 'sent' ORDER BY id"
        waiting = [row["id"] for row in db.read(unsent)]
        channels = [Channel(name, "console", name) for name in ("policy", "press", "admin")]
        deliverer = Kit(db, clock).deliverer(ConsoleSender(out, clock=clock, zone=UTC), channels=channels)
        while asyncio.run(deliverer.run_once()).sent:
            clock.turn(minutes=1)
        posted = db.read("SELECT id, ref FROM delivery WHERE platform = 'console' ORDER BY id")
        assert [row["id"] for row in posted if row["id"] != "state-sent"] == waiting
        assert [row["ref"] for row in posted if row["id"] == "state-sent"] == ["C1/1764000000.000100"]
        assert len(re.findall(r"#[a-z2-7]{10}\n", out.getvalue())) == len(waiting)


def test_two_programs_may_open_an_old_store_at_once(tmp_path: Path):
    place, both = old_stores.load("0.2.0", tmp_path / "coalition.db"), Barrier(2)
    with ThreadPoolExecutor(2) as programs:
        for opened in [programs.submit(lambda: both.wait() >= 0 and place.open()) for _ in range(2)]:
            opened.result().close()
    with closing(place.open()) as db:
        assert len(db.read("SELECT * FROM delivery")) == len(old_stores.rows("0.2.0")["delivery"])


def test_a_store_of_several_coalitions_is_refused_and_stays_as_it_is(tmp_path: Path):
    place = old_stores.load("0.2.0", tmp_path / "coalition.db")
    old_stores.add_coalition(place, "other")
    for use in (place.open, place.pending):
        with pytest.raises(StoreUnusable, match=r"several coalitions \(atest, other\).*coalition-bot export FILE"):
            use()
    with closing(place.open_as_is()) as db:
        assert db.read("SELECT DISTINCT coalition_id AS id FROM delivery") == [{"id": "atest"}]
