"""`coalition-bot mentions import`: clippings of other services, filed."""

import pytest

from tests.scenario.test_cli import ATTENTION, DONE, USAGE, bot

__all__ = ["bot"]

ROWS = (
    "url,title,outlet,date\n"
    "https://h.example/2026/a-tale-of-the-lost-tips-today,Polaris fails trafficking survivors,The Herald,2026-11-20\n"
    "https://s.example/2026/a-tale-of-the-lost-tips-today,Polaris fails trafficking survivors,The Sun,2026-11-20\n"
)


@pytest.fixture
def made(bot):
    assert bot("init").code == DONE
    return bot


def test_a_table_is_filed_once(made, tmp_path):
    (tmp_path / "clips.csv").write_text(ROWS, encoding="utf-8")

    first = made("mentions", "import", "clips.csv")
    assert (first.code, first.out.strip()) == (DONE, "2 articles read: 2 new in 1 story, 0 already stored.")
    assert made("mentions", "import", "clips.csv").out.strip() == "2 articles read: 0 new in 1 story, 2 already stored."
    assert made("outbox", "list").out.startswith("The queue is empty")


def test_rows_that_cannot_be_read_are_reported(made, tmp_path):
    (tmp_path / "clips.csv").write_text(f"{ROWS}ftp://x,Nothing,,\n", encoding="utf-8")

    ran = made("mentions", "import", "clips.csv")
    assert ran.code == ATTENTION
    assert ran.out.strip().endswith("1 without an address and a headline.")


def test_a_file_of_another_kind_is_refused(made, tmp_path):
    (tmp_path / "clips.xlsx").write_bytes(b"PK")

    ran = made("mentions", "import", "clips.xlsx")
    assert ran.code == USAGE
    assert "not a .csv or .eml file" in ran.err
