"""The SQL of filings. A step is saved only from the state it was read in, so that none is done twice."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from bot.letters.filing.model import ENDED, Filing, FilingState
from bot.store.database import Reader, Rows, Transaction, update_rows

FILINGS: Final = Rows(Filing, "letter_filing", {"letter": "letter_id"})
_NEWEST: Final = "ORDER BY prepared_at DESC, id"
_ON_ITS_WAY: Final = (FilingState.PRESSED, FilingState.UPLOADING, FilingState.UPLOADED, FilingState.POSTING)


def _listed(*states: FilingState) -> str:
    return ", ".join(f"'{state}'" for state in states)


def save(tx: Transaction, filing: Filing, before: FilingState) -> bool:
    """Store the filing's next state; False, and nothing is stored, if it is no longer in `before`."""
    changing = ("state", "filed_by", "stepped_at", "tries", "retry_at", "asked_at", "tracking", "why")
    return bool(update_rows(tx, "letter_filing", FILINGS.row(filing, only=changing), id=filing.id, state=before))


def current(db: Reader, letter_id: str) -> Filing | None:
    """The letter's newest filing that was not replaced, or None."""
    condition = "letter_id = :letter AND state <> 'replaced'"
    return FILINGS.select_one(db, f"WHERE {condition} {_NEWEST} LIMIT 1", letter=letter_id)


def filings(db: Reader, letter_id: str) -> list[Filing]:
    """The letter's filings that were filed, or may be or become so, newest first."""
    condition = f"letter_id = :letter AND state NOT IN ({_listed(*ENDED)})"
    return FILINGS.select(db, f"WHERE {condition} {_NEWEST}", letter=letter_id)


def pressed_before(db: Reader, letter_id: str) -> Filing | None:
    """The letter's newest filing that a person pressed and that was not filed, or None."""
    condition = "letter_id = :letter AND state = 'not filed' AND filed_by IS NOT NULL"
    return FILINGS.select_one(db, f"WHERE {condition} {_NEWEST} LIMIT 1", letter=letter_id)


def waiting(db: Reader) -> list[Filing]:
    """The filings that wait for a person, oldest first."""
    return FILINGS.select(db, "WHERE state IN ('prepared', 'unclear') ORDER BY prepared_at, id")


def next_due(db: Reader, now: datetime) -> Filing | None:
    """The filing whose next step has waited longest; None if none is due."""
    states = _listed(*_ON_ITS_WAY, FilingState.UNCLEAR)
    condition = f"state IN ({states}) AND (retry_at IS NULL OR retry_at <= :now)"
    return FILINGS.select_one(db, f"WHERE {condition} ORDER BY stepped_at, id LIMIT 1", now=now)


def doubt_all(tx: Transaction, why: str, now: datetime) -> int:
    """Mark every filing that is prepared or on its way as unclear; return how many."""
    sql = f"""
        UPDATE letter_filing SET
            state = 'unclear', why = :why, retry_at = NULL, asked_at = NULL,
            stepped_at = CASE WHEN state = 'posting' THEN stepped_at ELSE :now END
        WHERE state IN ({_listed(FilingState.PREPARED, *_ON_ITS_WAY)})
        RETURNING id
    """
    return len(tx.execute(sql, {"why": why, "now": now}))
