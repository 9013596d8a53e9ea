"""Serialize entries and match reasons to JSON and back. JSON from older versions stays readable."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from bot.shared.answer import Memory
from bot.shared.entry import Entry
from bot.shared.values import json_adapter
from bot.watch import learned
from bot.watch.model import Level, Match, Reason

_ENTRY: Final = json_adapter(Entry)
_KEPT: Final = json_adapter(dict[str, Any])


def entry_to_json(entry: Entry) -> str:
    return _ENTRY.dump_json(entry, exclude_defaults=True, exclude={"author", "text", "passages"}).decode()


def entry_from_json(text: str) -> Entry:
    entry = _ENTRY.validate_json(text)
    return entry.withhold() if entry.withheld else entry  # an older version kept the summary


def texts_from_json(text: str) -> tuple[tuple[str, ...], list[str]] | None:
    """The texts of a stored entry that watches search, title first, and its fields as terms; None if it is withheld."""
    body = json.loads(text)
    if body.get("withheld"):
        return None
    quotes = (quote["text"] for quote in body.get("quotes", ()))
    fields = (body.get(name) or "" for name in ("bill_title", "summary", "action"))
    agencies = (agency["name"] for agency in body.get("agencies") or ())
    terms = learned.fields(agencies, body.get("type"), body.get("dockets") or ())
    return (body["title"], *fields, *quotes, *body.get("subjects", ())), terms


def memory_to_json(memory: Memory) -> str:
    """The parts of a memory that have no column: what its adapter keeps."""
    return _KEPT.dump_json({"validators": memory.validators, "cursor": memory.cursor}).decode()


def kept_from_json(text: str) -> tuple[dict[str, dict[str, str]], dict[str, Any]]:
    """The validators and the cursor of a stored memory."""
    stored = _KEPT.validate_json(text)
    return stored["validators"], stored["cursor"]


def reasons_to_json(match: Match) -> str:
    """The parts of a match that have no column: name, reasons and unknown fields."""
    reasons = [{"field": reason.field, "words": reason.words} for reason in match.reasons]
    return json.dumps({"name": match.name, "reasons": reasons, "unknown": match.unknown}, ensure_ascii=False)


def match_from_row(watch: str, level: str, asks: str, reasons: str) -> Match:
    stored = json.loads(reasons)
    return Match(
        watch=watch,
        name=stored["name"],
        asks=asks_from_json(asks),
        level=Level(level),
        reasons=tuple(Reason(reason["field"], reason["words"]) for reason in stored["reasons"]),
        unknown=tuple(stored["unknown"]),
    )


def asks_from_json(text: str) -> tuple[int, ...]:
    return tuple(json.loads(text))


def asks_to_json(asks: Sequence[int]) -> str:
    return json.dumps(list(asks))
