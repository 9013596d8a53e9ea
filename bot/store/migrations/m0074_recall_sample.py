"""The random sample of a month's entries that no watch raised, for the estimate of what is missed."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    # `month`: "2026-11". `size`: entries of the stratum in that month; `drawn`: JSON, the ids of those to judge.
    """
    CREATE TABLE recall_sample (
        month TEXT NOT NULL,
        stratum INTEGER NOT NULL,
        size INTEGER NOT NULL,
        drawn TEXT NOT NULL,
        drawn_at TEXT NOT NULL,
        PRIMARY KEY (month, stratum)
    )
    """,
)
