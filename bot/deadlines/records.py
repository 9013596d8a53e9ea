"""What offices owe: the duties of coalition.yml, changes made in chat, findings on them, and proposals; their SQL."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from bot.config.coalition import Coalition
from bot.deadlines.model import Commitment, State
from bot.store.database import Reader, Transaction, one, to_text
from bot.store.rows import Rows, insert_rows

_PROPOSALS_LAST: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Finding:
    """What a person found out about a commitment, and on which day."""

    id: str
    commitment: str
    state: State
    source: str
    on: date
    moved_to: date | None = None


_FINDINGS: Final = Rows(Finding, {"commitment": "commitment_id", "on": "found_on"})
_CURRENT_FINDINGS: Final = "SELECT * FROM commitment_finding WHERE taken_back_at IS NULL ORDER BY found_at, id"
# What people found out about a commitment is added from its findings.
_COMMITMENTS: Final = Rows(
    Commitment,
    {"by": "owed_by"},
    asks=lambda row: tuple(json.loads(row["asks"])),
    confirmed=lambda row: row["confirmed_at"] is not None,
    state=lambda _: State.UNKNOWN,
    state_source=lambda _: "",
    moved_to=lambda _: None,
)


def load_commitments(db: Reader, coalition: Coalition) -> dict[str, Commitment]:
    """Every commitment by id, the earliest due first: the duties of coalition.yml, and those of chat."""
    commitments: dict[str, Commitment | None] = {
        id_: Commitment(
            id=id_, basis=duty.statute, looked_on=duty.checked_on, **duty.model_dump(exclude={"statute", "checked_on"})
        )
        for id_, duty in coalition.duties.items()
    }
    commitments |= chat_commitments(db)
    every = _FINDINGS.all(db, _CURRENT_FINDINGS)
    moved = {finding.commitment: finding.moved_to for finding in every if finding.moved_to}
    for id_, finding in {finding.commitment: finding for finding in every}.items():
        if commitment := commitments.get(id_):
            # "Not met by that day" says nothing about later days, even if coalition.yml was checked since.
            last = finding.on
            if finding.state is not State.NOT_MET:
                last = max(commitment.looked_on or last, last)
            commitments[id_] = replace(
                commitment,
                state=finding.state,
                state_source=finding.source,
                looked_on=last,
                moved_to=moved.get(id_),
            )
    current = {id_: commitment for id_, commitment in commitments.items() if commitment}
    return dict(sorted(current.items(), key=lambda item: item[1].due))


def chat_commitments(db: Reader) -> dict[str, Commitment | None]:
    """The commitments added or changed in chat, by id; None for a removed one."""
    sql = "SELECT * FROM commitment ORDER BY changed_at, id"
    rows = db.read(sql)
    return {row["id"]: None if row["removed_at"] else _COMMITMENTS.read(row) for row in rows}


def save_commitment(tx: Transaction, commitment: Commitment, *, by: str | None, now: datetime, removed: bool) -> None:
    """Save a commitment. Findings on it are separate rows."""
    _COMMITMENTS.save(
        tx,
        "commitment",
        commitment,
        asks=json.dumps(commitment.asks),
        confirmed_at=now if commitment.confirmed else None,
        removed_at=now if removed else None,
        changed_at=now,
        changed_by=by,
    )


def removed_commitment(db: Reader, commitment_id: str) -> Commitment | None:
    """A removed commitment as it was, or None."""
    sql = "SELECT * FROM commitment WHERE id = :id AND removed_at IS NOT NULL"
    return _COMMITMENTS.first(db, sql, {"id": commitment_id})


def findings(db: Reader) -> dict[str, Finding]:
    """The newest finding of each commitment, by the commitment's id."""
    return {finding.commitment: finding for finding in _FINDINGS.all(db, _CURRENT_FINDINGS)}


def add_finding(tx: Transaction, finding: Finding, *, by: str | None, now: datetime) -> None:
    _FINDINGS.insert(tx, "commitment_finding", [finding], found_at=now, found_by=by)


def retract_finding(tx: Transaction, finding_id: str, now: datetime) -> None:
    sql = "UPDATE commitment_finding SET taken_back_at = :now WHERE id = :id"
    tx.execute(sql, {"id": finding_id, "now": to_text(now)})


def retract_findings(tx: Transaction, commitment_id: str, now: datetime) -> None:
    """Retract every finding on a commitment."""
    sql = "UPDATE commitment_finding SET taken_back_at = :now WHERE commitment_id = :id AND taken_back_at IS NULL"
    tx.execute(sql, {"id": commitment_id, "now": to_text(now)})


def save_proposals(tx: Transaction, proposals: Iterable[tuple[str, dict[str, str]]], now: datetime) -> None:
    """Save (id, form values) pairs, and delete proposals older than a week."""
    tx.execute("DELETE FROM commitment_proposal WHERE made_at < :before", {"before": to_text(now - _PROPOSALS_LAST)})
    rows = ({"id": id_, "body": json.dumps(body), "made_at": now} for id_, body in proposals)
    insert_rows(tx, "commitment_proposal", rows)


def proposal(db: Reader, id_: str) -> dict[str, str] | None:
    sql = "SELECT body FROM commitment_proposal WHERE id = :id"
    row = one(db.read(sql, {"id": id_}))
    return dict(json.loads(row["body"])) if row else None
