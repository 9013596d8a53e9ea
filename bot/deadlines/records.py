"""The statutory duties: those of coalition.yml, changes made in chat, findings on them, and proposals; their SQL."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from bot.config.coalition import Coalition
from bot.deadlines.model import Claim, Duty, NoClaim, State, letter_sentence
from bot.shared.plain_text import typographic
from bot.store.database import Reader, Transaction, one, to_text
from bot.store.rows import Rows, insert_rows

_PROPOSALS_LAST: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Finding:
    """What a person found out about a duty, and on which day."""

    id: str
    duty: str
    state: State
    source: str
    on: date


_FINDINGS: Final = Rows(Finding, {"duty": "duty_id", "on": "found_on"})
# What people found out about a duty is added from its findings.
_DUTIES: Final = Rows(
    Duty,
    {"by": "owed_by"},
    asks=lambda row: tuple(json.loads(row["asks"])),
    confirmed=lambda row: row["confirmed_at"] is not None,
    state=lambda _: State.UNKNOWN,
    state_source=lambda _: "",
)


def load_duties(db: Reader, coalition: Coalition) -> dict[str, Duty]:
    """Every duty by id, the earliest due first."""
    duties: dict[str, Duty | None] = {
        id_: Duty(id=id_, looked_on=config.checked_on, **config.model_dump(exclude={"checked_on"}))
        for id_, config in coalition.duties.items()
    }
    duties |= chat_duties(db)
    for id_, finding in findings(db).items():
        if duty := duties.get(id_):
            # "Not met by that day" says nothing about later days, even if coalition.yml was checked since.
            last = finding.on if finding.state is State.NOT_MET else max(duty.looked_on or finding.on, finding.on)
            duties[id_] = replace(duty, state=finding.state, state_source=finding.source, looked_on=last)
    current = {id_: duty for id_, duty in duties.items() if duty}
    return dict(sorted(current.items(), key=lambda item: item[1].due))


def duty_claim(db: Reader, coalition: Coalition, id_: str, *, today: date) -> Claim:
    """The claim a letter may make about a duty, with its source and the day it was last checked.

    Raises `NoClaim` if there is no such duty, its date is not confirmed, or it was not checked since it fell due.
    """
    duty = load_duties(db, coalition).get(id_)
    if duty is None:
        raise NoClaim(f"There is no duty “{id_}”. /deadlines list shows all duties.")
    text = typographic(letter_sentence(duty, today))
    assert duty.looked_on is not None, "letter_sentence refuses a duty that was never checked"
    source = duty.state_source or duty.source
    return Claim(id=id_, text=text, source=source, checked_on=duty.looked_on, citation=duty.statute)


def chat_duties(db: Reader) -> dict[str, Duty | None]:
    """The duties added or changed in chat, by id; None for a removed one."""
    sql = "SELECT * FROM duty ORDER BY changed_at, id"
    rows = db.read(sql)
    return {row["id"]: None if row["removed_at"] else _DUTIES.read(row) for row in rows}


def save_duty(tx: Transaction, duty: Duty, *, by: str | None, now: datetime, removed: bool) -> None:
    """Save a duty. Findings on it are separate rows."""
    _DUTIES.save(
        tx,
        "duty",
        duty,
        asks=json.dumps(duty.asks),
        confirmed_at=now if duty.confirmed else None,
        removed_at=now if removed else None,
        changed_at=now,
        changed_by=by,
    )


def removed_duty(db: Reader, duty_id: str) -> Duty | None:
    """A removed duty as it was, or None."""
    sql = "SELECT * FROM duty WHERE id = :id AND removed_at IS NOT NULL"
    return _DUTIES.first(db, sql, {"id": duty_id})


def findings(db: Reader) -> dict[str, Finding]:
    """The newest finding of each duty, by the duty's id."""
    sql = "SELECT * FROM duty_finding WHERE taken_back_at IS NULL ORDER BY found_at, id"
    return {finding.duty: finding for finding in _FINDINGS.all(db, sql)}


def add_finding(tx: Transaction, finding: Finding, *, by: str | None, now: datetime) -> None:
    _FINDINGS.insert(tx, "duty_finding", [finding], found_at=now, found_by=by)


def retract_finding(tx: Transaction, finding_id: str, now: datetime) -> None:
    sql = "UPDATE duty_finding SET taken_back_at = :now WHERE id = :id"
    tx.execute(sql, {"id": finding_id, "now": to_text(now)})


def save_proposals(tx: Transaction, proposals: Iterable[tuple[str, dict[str, str]]], now: datetime) -> None:
    """Save (id, form values) pairs, and delete proposals older than a week."""
    tx.execute("DELETE FROM duty_proposal WHERE made_at < :before", {"before": to_text(now - _PROPOSALS_LAST)})
    rows = ({"id": id_, "body": json.dumps(body), "made_at": now} for id_, body in proposals)
    insert_rows(tx, "duty_proposal", rows)


def proposal(db: Reader, id_: str) -> dict[str, str] | None:
    sql = "SELECT body FROM duty_proposal WHERE id = :id"
    row = one(db.read(sql, {"id": id_}))
    return dict(json.loads(row["body"])) if row else None
