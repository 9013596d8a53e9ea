"""Rows become dataclasses by field names, and dataclasses become parameters."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum

import pytest

from bot.store.database import Rows, chunks, params, placeholders


class Shade(StrEnum):
    DARK = "dark"


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    id: str
    at: datetime
    on: date | None = None
    shade: Shade | None
    shades: tuple[Shade, ...] = ()
    facts: Mapping[str, str]


THINGS = Rows(Thing, columns={"at": "made_at", "on": "on_day"}, facts=lambda row: {"title": row["title"]})
ROW = {
    "id": "t1",
    "made_at": "2026-11-24T15:00:00.000000Z",
    "on_day": "2026-11-30",
    "shade": "dark",
    "shades": ("dark",),  # only a field's own type is read from text, never what it contains
    "title": "A thing",
    "other": "not a field",
}
THING = Thing(
    id="t1",
    at=datetime(2026, 11, 24, 15, tzinfo=UTC),
    on=date(2026, 11, 30),
    shade=Shade.DARK,
    shades=("dark",),
    facts={"title": "A thing"},
)


def test_a_row_is_read_by_the_types_of_the_fields():
    read = THINGS.read(ROW)
    assert read == THING
    assert (type(read.shade), type(read.at), type(read.on)) == (Shade, datetime, date)


def test_null_stays_none_whatever_the_type():
    read = THINGS.read(ROW | {"on_day": None, "shade": None})
    assert (read.on, read.shade) == (None, None)


def test_a_row_without_a_field_s_column_is_an_error():
    with pytest.raises(KeyError, match="on_day"):
        THINGS.read({name: value for name, value in ROW.items() if name != "on_day"})


def test_parameters_have_the_names_of_the_fields_that_are_not_computed_and_more():
    assert THINGS.params(THING, coalition="ours", now=THING.at) == {
        "id": "t1",
        "at": THING.at,
        "on": THING.on,
        "shade": Shade.DARK,
        "shades": ("dark",),
        "coalition": "ours",
        "now": THING.at,
    }


def test_lists_of_all_lengths_are_few_statements():
    values = [f"{number:04}" for number in range(1_000)]
    assert len({placeholders(values[:length]) for length in range(1, 513)}) == 10
    for length in (0, 1, 2, 3, 5, 512, 513, 1_000):
        lists = list(chunks(values[:length]))
        assert sorted(value for chunk in lists for value in set(params(chunk).values())) == values[:length]
        assert [placeholders(chunk) for chunk in lists] == [
            ", ".join(f":{name}" for name in params(chunk)) for chunk in lists
        ]
