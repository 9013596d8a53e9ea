"""End what is on its way of a letter that is being withdrawn, so that "it will not be sent" is true."""

from __future__ import annotations

from dataclasses import replace

from bot.commands.model import Refused, Work
from bot.letters.filing import records as filings
from bot.letters.filing import wording
from bot.letters.filing.model import FilingState
from bot.letters.lifecycle import Dossier
from bot.outbox import queued
from bot.outbox.model import OFFICE, State
from bot.store.database import to_text


def call_off(work: Work, letter: Dossier) -> None:
    """End its filing and drop its mail to offices. Raises `Refused` if either may have arrived already."""
    _end_filing(work, letter)
    _drop_mail(work, letter)


def _end_filing(work: Work, letter: Dossier) -> None:
    for filing in filings.filings(work.tx, work.coalition_id, letter.id):
        if filing.state in (FilingState.POSTING, FilingState.UNCLEAR):
            raise Refused(f"{wording.status(letter, filing)}. Settle that first: /letter filing {letter.name}")
        if filing.state is not FilingState.FILED:
            why = "The letter was withdrawn."
            ended = replace(filing, state=FilingState.NOT_FILED, stepped_at=work.now, retry_at=None, why=why)
            filings.save(work.tx, work.coalition_id, ended, filing.state)


def _drop_mail(work: Work, letter: Dossier) -> None:
    cid, why = work.coalition_id, "the letter was withdrawn"
    sql = "SELECT id, address FROM office_mail WHERE coalition_id = :coalition AND letter_id = :id AND state = 'queued'"
    for row in work.tx.read(sql, {"coalition": cid, "id": letter.id}):
        channel = f"{OFFICE}{row['id']}"
        if queued.state_in(work.tx, channel, coalition_id=cid)[0] not in (State.PENDING, State.RETRY):
            raise Refused(f"{letter.name} is being mailed to {row['address']} now. Try again in a few minutes.")
        queued.drop_channel(work.tx, channel, coalition_id=cid, why=why)
        ended = "UPDATE office_mail SET state = 'failed', why = :why, told_at = :now WHERE id = :id"
        work.tx.execute(ended, {"id": row["id"], "why": why, "now": to_text(work.now)})
