"""A sample letter from a template, with example values for missing facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from bot.config.load import Config
from bot.congress import address, directory
from bot.congress.model import Addressee
from bot.letters import lookup
from bot.letters.drafting import facts
from bot.letters.facts import of_coalition
from bot.letters.model import Letter
from bot.letters.templates import template
from bot.letters.templates.rendering import write
from bot.letters.templates.template import Meta, Need, TemplateProblem
from bot.shared.calendar import day_of_a_letter

_OUTLET: Final = "Jane Roe, Standards Editor, The Example Times"
_NOBODY: Final = Addressee(id="", name="Senator Jane Doe", block=("[address]",), salutation="Dear Senator Doe:")


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A sample letter, and which of its facts are examples."""

    letter: Letter
    examples: tuple[str, ...]


def rehearse(config: Config, name: str, *, to: str | None, ask: int | None, today: date) -> Rehearsal:
    """Render a sample letter. Raises `TemplateProblem`.

    `to`: an office such as ``office:ovc``, a group of offices or an outlet; `ask`: the number of an ask.
    """
    meta, coalition = template.meta(config.folder, name), config.coalition
    addressee = _addressee(config, meta, to)
    if ask is None and meta.ask:
        ask = next(iter(coalition.asks_named([meta.ask])), None)
    known_facts = facts.example(meta) | {"today": day_of_a_letter(today), "coalition": of_coalition(coalition)}
    about = coalition.asks.get(ask or 0, facts.EXAMPLE_ASK)
    known_facts["addressee"] |= facts.of_addressee(coalition, addressee, committees=meta.committees, ask=about) | (
        {"record": known_facts["addressee"]["record"]} if addressee is _NOBODY else {}
    )
    if ask is not None:
        if ask not in coalition.asks:
            raise TemplateProblem(f"coalition.yml has no ask {ask}; it has {', '.join(map(str, coalition.asks))}")
        known_facts["ask"] = facts.of_ask(ask, coalition.asks[ask])
    claims = facts.claims(coalition, meta, today) | facts.example_duties(meta)
    written = write(config.folder, name, known_facts, claims)
    letter = lookup.document(known_facts["coalition"], addressee, written, today)
    needs = (f"the {need}" for need in meta.needs if not (need is Need.ASK and ask is not None))
    has_addressee = to or set(meta.addressees) - set(meta.committees) or meta.kind == "statement"
    return Rehearsal(letter, (*(() if has_addressee else ("the addressee",)), *needs, *meta.fields))


def _addressee(config: Config, meta: Meta, to: str | None) -> Addressee:
    """The named addressee; otherwise the template's usual one or an example."""
    offices, groups = config.coalition.all_offices, config.coalition.office_groups
    try:
        forms = address.forms(config.folder)
        if meta.kind == "statement":
            return address.of_release(forms, config.coalition)
        if meta.kind == "correction":
            return address.of_outlet(forms, (to or _OUTLET).removeprefix(address.OUTLET))
        wanted = to or next((name for name in meta.addressees if name not in meta.committees), "")
        if not wanted:
            return _NOBODY
        name = wanted.removeprefix("office:")
        if name in offices:
            return address.of_office(forms, name, offices[name]).alone
        if name in groups:
            each = [address.of_office(forms, id_, offices[id_]) for id_ in groups[name].offices]
            return address.together(directory.joint(groups[name]), each)
    except address.FormsProblem as problem:
        raise TemplateProblem(str(problem), param="to") from problem
    options = ", ".join([*(f"office:{id_}" for id_ in offices), *groups])
    raise TemplateProblem(f'there is no office "{name[:50]}"; there are {options}', param="to")
