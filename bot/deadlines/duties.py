"""The statutory duties in force: those of coalition.yml, what chat has laid over them, and what became of each."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.config.coalition import Coalition, DutyConfig
from bot.deadlines import model, records
from bot.deadlines.model import Claim, Duty, NoClaim, State
from bot.store.database import Reader


def duties(db: Reader, coalition: Coalition) -> dict[str, Duty]:
    """Every duty by id, the earliest due first."""
    laid = records.laid(db, coalition.id)
    held = {id_: _of_file(id_, config) for id_, config in coalition.duties.items()} | laid
    found = records.findings(db, coalition.id)
    its = {id_: _as_found(duty, found.get(id_)) for id_, duty in held.items() if duty}
    return dict(sorted(its.items(), key=lambda item: item[1].due))


def sentence(db: Reader, coalition: Coalition, id_: str, *, today: date) -> Claim:
    """The one true sentence on a duty, for a letter, with its source and the day somebody last looked.

    Raises `NoClaim` where there is no such duty, or its date is not confirmed.
    """
    duty = duties(db, coalition).get(id_)
    if duty is None:
        raise NoClaim(f"There is no duty “{id_}”. /deadlines list shows those there are.")
    text = model.sentence(duty, today)
    assert duty.looked_on is not None, "nothing is said of what nobody has looked for"
    return Claim(id=id_, text=text, source=duty.state_source or duty.source, checked_on=duty.looked_on)


def _of_file(id_: str, config: DutyConfig) -> Duty:
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


def _as_found(duty: Duty, finding: records.Finding | None) -> Duty:
    if finding is None:
        return duty
    # That something was not done by a day says nothing of later days, also where coalition.yml was looked over since.
    looked_on = finding.on if finding.state is State.NOT_MET else max(duty.looked_on or finding.on, finding.on)
    return replace(duty, state=finding.state, state_source=finding.source, looked_on=looked_on)
