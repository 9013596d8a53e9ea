"""The board's pages, in the order of the navigation, and what its forms show next to their fields."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from bot.board import asks, bills, deadlines, letters, tables, today
from bot.chat.web.pages import Page, Previews

TEMPLATES: Final = Path(__file__).parent / "templates"
PAGES: Final[tuple[Page, ...]] = (
    today.TODAY, *asks.PAGES, *bills.PAGES, deadlines.DEADLINES, *letters.PAGES, *tables.PAGES
)  # fmt: skip
PREVIEWS: Final[Previews] = letters.PREVIEWS
TRIALS: Final = tables.TRIALS
