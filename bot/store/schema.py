"""The tables, as one ordered list of migrations that both engines run unchanged.

A migration is never edited once released; a new one is added. What belongs to a coalition carries `coalition_id`
from the first migration on; what the public published (sources, entries) is shared by all coalitions of an install.
"""

from __future__ import annotations

from typing import Final

from bot.store.migrations import (
    m0001_main_job,
    m0002_people_and_commands,
    m0003_reach,
    m0004_bills,
    m0005_deadlines,
    m0006_directory,
    m0007_letters,
    m0008_mentions,
    m0009_press,
    m0011_keeping,
    m0014_letter_merges,
    m0020_letter_addressed,
    m0021_letter_tried,
    m0022_letter_confirmations,
    m0024_last_try,
    m0025_letter_signing,
    m0026_delivery_needs,
    m0030_story_cards,
    m0031_inquiry_kinds,
    m0040_mail,
    m0041_web_sessions,
    m0043_allies,
    m0050_settings,
    m0060_hearings,
    m0062_waiting_deliveries,
)

_IN_ORDER: Final = (
    m0001_main_job,
    m0002_people_and_commands,
    m0003_reach,
    m0004_bills,
    m0005_deadlines,
    m0006_directory,
    m0007_letters,
    m0008_mentions,
    m0009_press,
    m0011_keeping,
    m0014_letter_merges,
    m0020_letter_addressed,
    m0021_letter_tried,
    m0022_letter_confirmations,
    m0024_last_try,
    m0025_letter_signing,
    m0026_delivery_needs,
    m0030_story_cards,
    m0031_inquiry_kinds,
    m0040_mail,
    m0041_web_sessions,
    m0050_settings,
    m0043_allies,
    m0060_hearings,
    m0062_waiting_deliveries,
)
# Name (as stored in a database) and statements.
MIGRATIONS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = tuple(
    (each.__name__.rpartition(".m")[2], each.STATEMENTS) for each in _IN_ORDER
)
