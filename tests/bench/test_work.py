"""The main paths need as much work as they did: counted, so that a busy machine changes nothing."""

import json

import pytest

pytest.importorskip("reader", reason="the rivals are not installed")

from bench.work import FILE, more, work


@pytest.mark.long
def test_no_path_needs_a_third_more_work_than_the_file_says():
    changed = more(json.loads(FILE.read_text(encoding="utf-8")), work())
    assert not changed, "\n".join([*changed, "If that is meant: .venv/bin/python -m bench.work"])


def test_a_third_more_of_anything_is_noticed_and_so_is_a_gain_that_is_not_written_down():
    before = {"a page": {"calls": 300.0, "statements": 9.0}}
    assert more(before, {"a page": {"calls": 390.0, "statements": 9.0}}) == []
    assert more(before, {"a page": {"calls": 300.0, "statements": 13.0}}) == ["a page: 13 statements, 9 in work.json"]
    assert more(before, {"a page": {"calls": 200.0, "statements": 9.0}}) == ["a page: 200 calls, 300 in work.json"]
