"""A letter as its template would have it, to look at: what was not given is an example."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from bot.calendar import day_of_a_letter
from bot.config.load import Config
from bot.letters import address, facts, template
from bot.letters.model import Addressee, Letter
from bot.letters.template import Meta, Need, TemplateProblem
from bot.letters.writing import write

_NOBODY: Final = Addressee(id="", name="Senator Jane Doe", block=("[address]",), salutation="Dear Senator Doe:")


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A letter that is not to be sent, and what in it is made up."""

    letter: Letter
    examples: tuple[str, ...]


def rehearse(config: Config, name: str, *, to: str | None, ask: int | None, today: date) -> Rehearsal:
    """`to` is an office, ``office:ovc``; `ask` the number of one. Raises `TemplateProblem`."""
    meta, coalition = template.meta(config.folder, name), config.coalition
    addressee = _office(config, to) if to else _NOBODY
    known = facts.example(meta) | {"today": day_of_a_letter(today), "coalition": facts.of_coalition(coalition)}
    if to:
        known["addressee"] = facts.of_addressee(addressee)
    if ask is not None:
        known["ask"] = _ask(config, ask)
    claims = facts.claims(coalition, meta, today) | dict(facts.EXAMPLE_DUTY)
    written = write(config.folder, name, known, claims)
    letter = Letter(number="", version=0, date=today, sender=(coalition.name,), to=addressee, written=written)
    return Rehearsal(letter, tuple(_made_up(meta, to=to, ask=ask)))


def _made_up(meta: Meta, *, to: str | None, ask: int | None) -> list[str]:
    needs = [f"the {need}" for need in meta.needs if not (need is Need.ASK and ask is not None)]
    return [*([] if to else ["the addressee"]), *needs, *meta.fields]


def _office(config: Config, to: str) -> Addressee:
    office = config.coalition.offices.get(to.removeprefix("office:"))
    if office is None:
        known = ", ".join(f"office:{id_}" for id_ in config.coalition.offices) or "none yet"
        raise TemplateProblem(f'coalition.yml has no office "{to[:50]}"; there are: {known}', field="to")
    try:
        return address.of_office(address.forms(config.folder), to.removeprefix("office:"), office).alone
    except address.FormsProblem as problem:
        raise TemplateProblem(str(problem), field="to") from problem


def _ask(config: Config, number: int) -> dict[str, Any]:
    ask = config.coalition.asks.get(number)
    if ask is None:
        raise TemplateProblem(f"coalition.yml has no ask {number}; it has {', '.join(map(str, config.coalition.asks))}")
    return facts.of_ask(number, ask)
