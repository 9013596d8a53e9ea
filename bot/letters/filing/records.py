"""The SQL of filings. A step is saved only from the state it was read in, so that none is done twice."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from bot.letters.filing.model import ENDED, Filing, FilingState
from bot.store.database import Reader, Rows, Transaction, to_text

_FILINGS: Final = Rows(Filing, {"letter": "letter_id"})
_SELECT: Final = "SELECT * FROM letter_filing WHERE"
_NEWEST: Final = "ORDER BY prepared_at DESC, id"
_ON_ITS_WAY: Final = (FilingState.PRESSED, FilingState.UPLOADING, FilingState.UPLOADED, FilingState.POSTING)


def _listed(*states: FilingState) -> str:
    return ", ".join(f"'{state}'" for state in states)


def add(tx: Transaction, filing: Filing) -> None:
    _FILINGS.insert(tx, "letter_filing", [filing])


def save(tx: Transaction, filing: Filing, before: FilingState) -> bool:
    """Store the filing's next state; False, and nothing is stored, if it is no longer in `before`."""
    sql = """
        UPDATE letter_filing SET
            state = :state, filed_by = :filed_by, stepped_at = :stepped_at, tries = :tries,
            retry_at = :retry_at, asked_at = :asked_at, tracking = :tracking, why = :why
        WHERE id = :id AND state = :before RETURNING id
    """
    return bool(tx.execute(sql, _FILINGS.params(filing, before=before)))


def current(db: Reader, letter_id: str) -> Filing | None:
    """The letter's newest filing that was not replaced, or None."""
    sql = f"{_SELECT} letter_id = :letter AND state <> 'replaced' {_NEWEST} LIMIT 1"
    return _FILINGS.first(db, sql, {"letter": letter_id})


def filings(db: Reader, letter_id: str) -> list[Filing]:
    """The letter's filings that were filed, or may be or become so, newest first."""
    sql = f"{_SELECT} letter_id = :letter AND state NOT IN ({_listed(*ENDED)}) {_NEWEST}"
    return _FILINGS.all(db, sql, {"letter": letter_id})


def pressed_before(db: Reader, letter_id: str) -> Filing | None:
    """The letter's newest filing that a person pressed and that was not filed, or None."""
    sql = f"{_SELECT} letter_id = :letter AND state = 'not filed' AND filed_by IS NOT NULL {_NEWEST} LIMIT 1"
    return _FILINGS.first(db, sql, {"letter": letter_id})


def waiting(db: Reader) -> list[Filing]:
    """The filings that wait for a person, oldest first."""
    return _FILINGS.all(db, f"{_SELECT} state IN ('prepared', 'unclear') ORDER BY prepared_at, id")


def next_due(db: Reader, now: datetime) -> Filing | None:
    """The filing whose next step has waited longest; None if none is due."""
    states = _listed(*_ON_ITS_WAY, FilingState.UNCLEAR)
    sql = f"{_SELECT} state IN ({states}) AND (retry_at IS NULL OR retry_at <= :now) ORDER BY stepped_at, id LIMIT 1"
    return _FILINGS.first(db, sql, {"now": to_text(now)})


def doubt_all(tx: Transaction, why: str, now: datetime) -> int:
    """Mark every filing that is prepared or on its way as unclear; return how many."""
    sql = f"""
        UPDATE letter_filing SET
            state = 'unclear', why = :why, retry_at = NULL, asked_at = NULL,
            stepped_at = CASE WHEN state = 'posting' THEN stepped_at ELSE :now END
        WHERE state IN ({_listed(FilingState.PREPARED, *_ON_ITS_WAY)})
        RETURNING id
    """
    return len(tx.execute(sql, {"why": why, "now": to_text(now)}))
