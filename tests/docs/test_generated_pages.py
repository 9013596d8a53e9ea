"""The page of commands is the table's own word."""

from pathlib import Path

from bot.app.command_table import COMMANDS
from tests.kit.commands_page import shipped_page


def test_the_page_is_what_make_docs_would_write():
    assert (Path(__file__).parents[2] / "docs/commands.md").read_text(encoding="utf-8") == shipped_page(COMMANDS)
