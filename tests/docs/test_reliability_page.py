"""docs/reliability.md: every fault has a test, and every test that carries a fault's code has its row."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROWS = dict(
    re.findall(r"^\| ([A-J]\d{1,2}) \| (.+) \|$", (ROOT / "docs/reliability.md").read_text("utf-8"), re.MULTILINE)
)
TESTS = {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py")}
CODED = {
    code.upper()
    for text in TESTS.values()
    for name in re.findall(r"def (test_(?:[a-j]\d{1,2}_)+)", text)
    for code in re.findall(r"[a-j]\d{1,2}", name)
}


@pytest.mark.parametrize("code", ROWS)
def test_every_fault_has_a_test(code):
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", ROWS[code])

    assert code in CODED or named
    for file, name in named:
        assert re.search(rf"def {name}\(", TESTS[file]), f"{file} has no {name}"


def test_every_code_of_a_test_has_a_row():
    assert CODED - ROWS.keys() == set()
