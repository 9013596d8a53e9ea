"""The skeleton of a kind of source is a whole source, and its test passes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.kit.new_source import write_source

ROOT = Path(__file__).parents[3]
# The new module counts as one of the room, as if it were in its folder.
RUN = """
import sys, bot.sources, pytest
bot.sources.__path__.append(sys.argv[1])
sys.exit(pytest.main(["-q", "-p", "no:xdist", "-p", "no:cacheprovider", "-c", "pyproject.toml", *sys.argv[2:]]))
"""


def test_the_skeleton_is_a_kind_of_source_whose_test_passes(tmp_path):
    steps = write_source("county-board", tmp_path, tmp_path)
    run = [sys.executable, "-c", RUN, str(tmp_path), str(tmp_path / "test_county_board.py")]
    done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=False)

    assert "county_board.py" in steps
    assert done.returncode == 0, done.stdout + done.stderr
    assert "12 passed" in done.stdout


@pytest.mark.parametrize("name", ["", "County", "../evil", "a b"])
def test_a_name_that_is_none_writes_nothing(tmp_path, name):
    with pytest.raises(SystemExit, match="lower case"):
        write_source(name, tmp_path, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_source_that_is_there_is_not_written_over(tmp_path):
    (tmp_path / "courts.py").write_text("mine")
    with pytest.raises(SystemExit, match="there already"):
        write_source("courts", tmp_path, tmp_path)
    assert (tmp_path / "courts.py").read_text() == "mine"
