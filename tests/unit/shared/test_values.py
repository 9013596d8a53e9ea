"""Values as JSON."""

from __future__ import annotations

import tracemalloc
from dataclasses import dataclass

from bot.shared.values import json_adapter


@dataclass(frozen=True, slots=True)
class Named:
    name: str


def test_strings_that_were_read_once_are_not_kept():
    """A bot reads new titles and addresses for months."""
    adapter = json_adapter(Named)
    tracemalloc.start()
    for number in range(5_000):
        assert adapter.validate_json(f'{{"name": "number {number}"}}').name == f"number {number}"
    kept_size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept_size < 100_000  # 300,000 with pydantic's own cache
