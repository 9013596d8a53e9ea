"""The statutory duties: those of coalition.yml, the changes made in chat, and the newest finding on each."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.config.coalition import Coalition, DutyConfig
from bot.deadlines import model, records
from bot.deadlines.model import Claim, Duty, NoClaim, State
from bot.shared.typography import typographic
from bot.store.database import Reader


def load_duties(db: Reader, coalition: Coalition) -> dict[str, Duty]:
    """Every duty by id, the earliest due first."""
    changed = records.chat_duties(db)
    configured = {id_: _from_config(id_, config) for id_, config in coalition.duties.items()} | changed
    findings = records.findings(db)
    current = {id_: _with_finding(duty, findings.get(id_)) for id_, duty in configured.items() if duty}
    return dict(sorted(current.items(), key=lambda item: item[1].due))


def duty_claim(db: Reader, coalition: Coalition, id_: str, *, today: date) -> Claim:
    """The claim a letter may make about a duty, with its source and the day it was last checked.

    Raises `NoClaim` if there is no such duty, its date is not confirmed, or it was not checked since it fell due.
    """
    duty = load_duties(db, coalition).get(id_)
    if duty is None:
        raise NoClaim(f"There is no duty “{id_}”. /deadlines list shows all duties.")
    text = typographic(model.letter_sentence(duty, today))
    assert duty.looked_on is not None, "letter_sentence refuses a duty that was never checked"
    source = duty.state_source or duty.source
    return Claim(id=id_, text=text, source=source, checked_on=duty.looked_on, citation=duty.statute)


def _from_config(id_: str, config: DutyConfig) -> Duty:
    return Duty(
        id=id_,
        statute=config.statute,
        owed=config.owed,
        by=config.by,
        since=config.since,
        period=config.period,
        source=config.source,
        looked_on=config.checked_on,
        confirmed=config.confirmed,
        asks=config.asks,
        note=config.note,
    )


def _with_finding(duty: Duty, finding: records.Finding | None) -> Duty:
    if finding is None:
        return duty
    # "Not met by that day" says nothing about later days, even if coalition.yml was checked since.
    looked_on = finding.on if finding.state is State.NOT_MET else max(duty.looked_on or finding.on, finding.on)
    return replace(duty, state=finding.state, state_source=finding.source, looked_on=looked_on)
