"""What was posted where is found by indexes, however much was posted."""

from datetime import UTC, datetime

from bot.alerts.posted import posted_entries
from bot.store import sqlite


class Plans:
    """Answers each statement with nothing, and notes how SQLite would run it."""

    def __init__(self, db):
        self._db, self.steps = db, []

    def read(self, sql, params=None):
        self.steps += [row["detail"] for row in self._db.read(f"EXPLAIN QUERY PLAN {sql}", params)]
        return []


def test_no_statement_about_posted_entries_reads_a_whole_table(tmp_path):
    db = sqlite.create(tmp_path / "a.db")
    with db.write() as tx:
        tx.execute("ANALYZE")
    plans = Plans(db)
    posted_entries(plans, [("entry", "thread")], datetime(2026, 11, 26, tzinfo=UTC), "alert", "digest")
    assert any("delivery_waiting" in step for step in plans.steps)
    assert [step for step in plans.steps if step.startswith("SCAN")] == []
    db.close()
