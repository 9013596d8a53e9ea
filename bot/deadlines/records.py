"""The SQL of what offices owe, findings on it and proposals; of dockets, documents, and comments that we filed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from bot.config.coalition import Coalition
from bot.deadlines.model import Commitment, Count, State
from bot.deadlines.regulations_gov import DocketDocument
from bot.store.database import Reader, Rows, Transaction, insert_rows, one, save_row, select_in, update_rows

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


_FINDINGS: Final = Rows(Finding, "commitment_finding", {"commitment": "commitment_id", "on": "found_on"})
# What people found out about a commitment is added from its findings.
_COMMITMENTS: Final = Rows(
    Commitment,
    "commitment",
    {"by": "owed_by"},
    asks=lambda row: tuple(json.loads(row["asks"])),
    confirmed=lambda row: row["confirmed_at"] is not None,
    state=lambda _: State.UNKNOWN,
    state_source=lambda _: "",
    moved_to=lambda _: None,
)


def load_commitments(db: Reader, coalition: Coalition, *, internal: bool = False) -> dict[str, Commitment]:
    """Every commitment by id, the earliest due first: the duties of coalition.yml, and those of chat.

    `internal`: also what was promised to us in meetings, which staff alone may read.
    """
    commitments: dict[str, Commitment | None] = {
        id_: Commitment(
            id=id_, basis=duty.statute, looked_on=duty.checked_on, **duty.model_dump(exclude={"statute", "checked_on"})
        )
        for id_, duty in coalition.duties.items()
    }
    commitments |= chat_commitments(db)
    every = _current_findings(db)
    moved = {finding.commitment: finding.moved_to for finding in every if finding.moved_to}
    for id_, finding in {finding.commitment: finding for finding in every}.items():
        if commitment := commitments.get(id_):
            # "Not met by that day" says nothing about later days, even if coalition.yml was checked since.
            last = finding.on
            if finding.state is not State.NOT_MET:
                last = max(commitment.looked_on or last, last)
            commitments[id_] = replace(
                commitment, state=finding.state, state_source=finding.source, looked_on=last, moved_to=moved.get(id_)
            )
    current = {id_: each for id_, each in commitments.items() if each and (internal or not each.is_internal)}
    return dict(sorted(current.items(), key=lambda item: item[1].due))


def chat_commitments(db: Reader) -> dict[str, Commitment | None]:
    """The commitments added or changed in chat, by id; None for a removed one."""
    rows = db.read("SELECT * FROM commitment ORDER BY changed_at, id")
    return {row["id"]: None if row["removed_at"] else _COMMITMENTS.read(row) for row in rows}


def save_commitment(tx: Transaction, commitment: Commitment, *, by: str | None, now: datetime, removed: bool) -> None:
    """Save a commitment. Findings on it are separate rows."""
    _COMMITMENTS.save(
        tx,
        commitment,
        asks=json.dumps(commitment.asks),
        confirmed_at=now if commitment.confirmed else None,
        removed_at=now if removed else None,
        changed_at=now,
        changed_by=by,
    )


def promises(db: Reader, meeting: str, removed_at: datetime | None = None) -> list[Commitment]:
    """What was promised in a meeting (`m7`), or what of it was removed at that time. Without what was found on it."""
    when = "removed_at = :at" if removed_at else "removed_at IS NULL"
    sql = f"WHERE kind = 'meeting' AND (id = :id OR id LIKE :more) AND {when}"
    return _COMMITMENTS.select(db, sql, id=meeting, more=f"{meeting}-%", **({"at": removed_at} if removed_at else {}))


def removed_commitment(db: Reader, commitment_id: str) -> Commitment | None:
    return _COMMITMENTS.select_one(db, "WHERE id = :id AND removed_at IS NOT NULL", id=commitment_id)


def findings(db: Reader) -> dict[str, Finding]:
    """The newest finding of each commitment, by the commitment's id."""
    return {finding.commitment: finding for finding in _current_findings(db)}


def _current_findings(db: Reader) -> list[Finding]:
    return _FINDINGS.select(db, "WHERE taken_back_at IS NULL ORDER BY found_at, id")


def add_finding(tx: Transaction, finding: Finding, *, by: str | None, now: datetime) -> None:
    _FINDINGS.insert(tx, [finding], found_at=now, found_by=by)


def retract_finding(tx: Transaction, finding_id: str, now: datetime) -> None:
    update_rows(tx, "commitment_finding", {"taken_back_at": now}, id=finding_id)


def retract_findings(tx: Transaction, commitment_id: str, now: datetime) -> None:
    update_rows(tx, "commitment_finding", {"taken_back_at": now}, commitment_id=commitment_id, taken_back_at=None)


def save_proposals(tx: Transaction, proposals: Iterable[tuple[str, dict[str, str]]], now: datetime) -> None:
    """Save (id, form values) pairs, and delete proposals older than a week."""
    tx.execute("DELETE FROM commitment_proposal WHERE made_at < :before", {"before": now - _PROPOSALS_LAST})
    rows = ({"id": id_, "body": json.dumps(body), "made_at": now} for id_, body in proposals)
    insert_rows(tx, "commitment_proposal", rows)


def proposal(db: Reader, id_: str) -> dict[str, str] | None:
    sql = "SELECT body FROM commitment_proposal WHERE id = :id"
    row = one(db.read(sql, {"id": id_}))
    return dict(json.loads(row["body"])) if row else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Docket:
    """A docket that is or was followed. `followed_by`: a person; None: an alert's document is in it.

    `read_to`: the last change of a document that was read. `trouble`: why the last reading failed; "" if it did not.
    """

    id: str
    title: str = ""
    followed_at: datetime
    followed_by: str | None = None
    unfollowed_at: datetime | None = None
    read_to: datetime | None = None
    looked_at: datetime | None = None
    trouble: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OurComment:
    """A comment that we filed. `what`: the letter's number; `posted_as`: its id once the agency has posted it."""

    tracking: str
    document: str
    what: str
    organization: str
    filed_at: datetime
    filed_by: str | None = None
    posted_as: str | None = None
    posted_seen_at: datetime | None = None
    looked_at: datetime | None = None

    @property
    def status(self) -> str:
        """`L-014 is posted as …`, or that it is filed and not found among the posted comments yet."""
        if self.posted_as:
            return f"{self.what} is posted as {self.posted_as}"
        return f"{self.what} is filed, tracking number {self.tracking}, not found among the posted comments yet"


DOCKETS: Final = Rows(Docket, "docket")
DOCUMENTS: Final = Rows(DocketDocument, "docket_document")  # as it is listed; its count of comments is no field
_OURS: Final = Rows(OurComment, "docket_comment")


# --- dockets ----------------------------------------------------------------------------------------------------------


def dockets(db: Reader) -> dict[str, Docket]:
    """Every docket that is or was followed, by id."""
    return {docket.id: docket for docket in DOCKETS.select(db, "ORDER BY id")}


def followed_dockets(db: Reader) -> list[Docket]:
    return [docket for docket in dockets(db).values() if docket.unfollowed_at is None]


# --- documents --------------------------------------------------------------------------------------------------------


def document(db: Reader, id_: str) -> DocketDocument | None:
    return documents(db, [id_]).get(id_)


def documents(db: Reader, ids: Iterable[str]) -> dict[str, DocketDocument]:
    """The stored ones of these documents, by id."""
    rows = select_in(db, "SELECT * FROM docket_document WHERE id IN ({})", ids)
    return {row["id"]: DOCUMENTS.read(row) for row in rows}


def documents_of(db: Reader, docket: str) -> list[DocketDocument]:
    """The docket's documents, oldest first."""
    return DOCUMENTS.select(db, "WHERE docket = :docket ORDER BY posted_on, id", docket=docket)


def documents_by_number(db: Reader, numbers: Iterable[str]) -> dict[str, list[DocketDocument]]:
    """The documents with these numbers of the Register, by number; a document may be in several dockets."""
    by_number: dict[str, list[DocketDocument]] = {}
    for row in select_in(db, "SELECT * FROM docket_document WHERE number IN ({}) ORDER BY id", numbers):
        by_number.setdefault(row["number"], []).append(DOCUMENTS.read(row))
    return by_number


def open_numbers(db: Reader, on: date) -> set[str]:
    """Numbers of the Register whose comment period ends on `on` or later by regulations.gov."""
    sql = "SELECT DISTINCT number FROM docket_document WHERE number IS NOT NULL AND closes_on >= :on"
    return {row["number"] for row in db.read(sql, {"on": on})}


def open_documents(db: Reader, on: date) -> list[DocketDocument]:
    """The documents of followed dockets on which comments are open, the first to close first."""
    sql = """
        SELECT d.* FROM docket_document AS d JOIN docket AS f ON f.id = d.docket
        WHERE f.unfollowed_at IS NULL AND d.status <> 'withdrawn'
          AND (d.closes_on >= :on OR d.closes_on IS NULL AND d.status = 'open')
        ORDER BY d.closes_on IS NULL, d.closes_on, d.id
    """
    return DOCUMENTS.all(db, sql, {"on": on})


def counts(db: Reader, documents: Iterable[str]) -> dict[str, Count]:
    """How many comments on these documents were posted, by the document's id; those never counted are left out."""
    sql = "SELECT id, comments, counted_at FROM docket_document WHERE comments IS NOT NULL AND id IN ({})"
    rows = select_in(db, sql, documents)
    return {row["id"]: Count(int(row["comments"]), datetime.fromisoformat(row["counted_at"])) for row in rows}


def save_count(tx: Transaction, document: str, comments: int, now: datetime) -> None:
    update_rows(tx, "docket_document", {"comments": comments, "counted_at": now}, id=document)


def lookups(db: Reader, numbers: Iterable[str]) -> dict[str, datetime]:
    """When each of these numbers of the Register was last looked for."""
    rows = select_in(db, "SELECT * FROM docket_lookup WHERE number IN ({})", numbers)
    return {row["number"]: datetime.fromisoformat(row["looked_at"]) for row in rows}


def save_lookup(tx: Transaction, number: str, now: datetime) -> None:
    save_row(tx, "docket_lookup", {"number": number, "looked_at": now}, key="number")


# --- our comments -----------------------------------------------------------------------------------------------------


def our_comments(db: Reader) -> list[OurComment]:
    """What we filed, newest first."""
    return _OURS.select(db, "ORDER BY filed_at DESC, tracking")


def save_our_comment(tx: Transaction, comment: OurComment) -> None:
    _OURS.save(tx, comment, key="tracking")
