"""Tables of stories and mentions for people in an export: withheld ones show only outlet and day."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from bot.shared.entry import HEADLINE_WITHHELD
from bot.store.database import Reader, Row


def story_rows(db: Reader, rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Return rows of `story`; a withheld one without its thread, which is an address."""
    hidden = _withheld_stories(db)
    return [dict(row) | ({"thread": "", "clip_note": ""} if row["id"] in hidden else {}) for row in rows]


def mention_rows(db: Reader, rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Return rows of `mention`; those of a withheld story without headline, text, byline and address."""
    hidden = _withheld_stories(db)
    return [_masked(row) if row["story_id"] in hidden else dict(row) for row in rows]


def _masked(row: Row) -> dict[str, Any]:
    blank = {"key": "", "url": "", "excerpt": "", "reporter": "", "why": []}
    title = {"title": HEADLINE_WITHHELD, "latest": HEADLINE_WITHHELD, "withheld": HEADLINE_WITHHELD}
    body = json.loads(row["body"]) | blank | title
    return dict(row) | {"key": "", "body": json.dumps(body, ensure_ascii=False)}


def _withheld_stories(db: Reader) -> set[str]:
    """Return the ids of the withheld stories."""
    sql = "SELECT m.story_id, m.body FROM mention AS m JOIN story AS s ON s.id = m.story_id WHERE s.released_by IS NULL"
    return {row["story_id"] for row in db.read(sql) if json.loads(row["body"])["withheld"]}
