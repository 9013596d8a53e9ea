"""The facts that templates may use, as one dictionary of plain values. docs/templates.md lists them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, tzinfo
from types import MappingProxyType
from typing import Any, Final

from bot.bills.model import BillFacts, noun, origin
from bot.bills.wording import full_name, short_title
from bot.config import catalog
from bot.config.coalition import Ask, Coalition
from bot.congress.model import Addressee
from bot.deadlines.model import Claim, Commitment, authority_claim, claim_of
from bot.deadlines.records import load_commitments
from bot.letters.drafting import second_person
from bot.letters.drafting.asks import ends
from bot.letters.statements import citations
from bot.letters.templates.template import Meta, Need
from bot.shared.calendar import day_of_a_letter
from bot.shared.yaml_text import shipped_yaml
from bot.store.database import Reader

EXAMPLE_ASK: Final = Ask(
    title="The Department should give services a fair share",
    text="The Department should give services a fair share of each grant.",
)
DUTY: Final = "duty:"  # prefix of a duty's id among claim ids
FACTS: Final[Mapping[str, str | int | bool | list[str]]] = shipped_yaml("bot.letters.drafting", "facts")
_EXAMPLE_DUTY: Final = Claim(
    id="duty:example",
    text="The report was due March 3, 2025; as of January 20, 2026 we have found no public record of it.",
    source="https://example.org/law",
    checked_on=date(2026, 1, 20),
    citation="1 U.S.C. 1",
)


def example_duties(meta: Meta) -> dict[str, Claim]:
    """Example sentences for the duties whose status a template may state."""
    return dict.fromkeys(("duty", *(f"{DUTY}{id_}" for id_ in meta.duties)), _EXAMPLE_DUTY)


def example(meta: Meta) -> dict[str, Any]:
    """Example values of facts and fields, the template's own first. Facts that the letter is not about are empty."""
    facts: dict[str, Any] = {}
    for path, example_ in FACTS.items():
        *folders, name = path.split(".")
        place = facts
        for folder in folders:
            place = place.setdefault(folder, {})
        value = meta.example.get(path, example_)
        place[name] = list(value) if isinstance(value, list | tuple) else value
    without = {need.value: None for need in Need if need not in meta.needs}
    return facts | without | {"fields": meta.values({name: field.example for name, field in meta.fields.items()})}


def example_addressee(coalition: Coalition, name: str, ask: Ask = EXAMPLE_ASK) -> dict[str, Any]:
    """The fact `addressee` of an office, a group of offices or a committee that a template is for."""
    group = coalition.office_groups.get(name)
    offices = "+".join(f"office:{each}" for each in (group.offices if group else [name]))
    id_ = f"chair:{name}" if name.isupper() else offices
    addressee = Addressee(id=id_, name=f"the addressee {name}", block=(), salutation="")
    committees = dict.fromkeys((name, name[:4])) if name.isupper() else ()
    return of_addressee(coalition, addressee, committees=committees, ask=ask)


def claims(coalition: Coalition, meta: Meta, today: date) -> dict[str, Claim | str]:
    """For each authority the template may cite: the claim as it may be made today, or why it may not."""
    return {id_: authority_claim(coalition, id_, today) for id_ in meta.claims}


def current_claim(db: Reader, coalition: Coalition, id_: str, today: date) -> Claim | str:
    """A claim by its id as it may be made today, or why it may not."""
    if not id_.startswith(DUTY):
        return authority_claim(coalition, id_, today)
    commitment = load_commitments(db, coalition).get(id_.removeprefix(DUTY))
    if commitment is None:
        return f"There is no commitment “{id_.removeprefix(DUTY)}”. /deadlines list shows all commitments."
    claim = claim_of(commitment, today)
    return claim if isinstance(claim, str) else replace(claim, id=id_)


def of_addressee(
    coalition: Coalition,
    addressee: Addressee,
    record: Mapping[str, Any] = MappingProxyType({}),
    committees: Iterable[str] = (),
    ask: Ask | None = None,
) -> dict[str, Any]:
    """The fact `addressee`. `record`: what a member of Congress did about the bill; an office has none."""
    name = "addressee.record."
    nothing = {path.removeprefix(name): type(value)() for path, value in FACTS.items() if path.startswith(name)}
    parts = addressee.id.removeprefix("joint:").split("+")
    all_ = coalition.all_offices
    offices = [id_ for part in parts if (id_ := part.removeprefix("office:")) != part and id_ in all_]
    ids = {id_: [id_, *coalition.above(id_)] for id_ in offices}
    # How "We ask … to:" names the offices of a joint letter: "the Director, Bureau of Examples,".
    yous = {id_: f"{name}," if "," in (name := all_[id_].name) else name for id_ in offices}
    to = second_person.addressed(coalition, offices) if ask else None
    return {
        "name": addressee.name,
        "salutation": addressee.salutation,
        "offices": list(dict.fromkeys((*offices, *(id_ for several in ids.values() for id_ in several)))),
        "asked": second_person.request(ask.text, to) if ask and to else "",
        "subject": second_person.subject(ask, to) if ask and to else "",
        "makes_rules": any(slug in catalog.rulemakers() for id_ in offices for slug in all_[id_].agencies),
        "committees": list(committees),
        "leads": all(part.startswith(("chair:", "ranking:")) for part in parts),
        "parts": [{"you": yous[id_] if len(offices) > 1 else "you", "ids": ids[id_]} for id_ in offices]
        or [{"you": "you", "ids": []}],
        "record": nothing | dict(record),
    }


def of_ask(number: int, ask: Ask) -> dict[str, Any]:
    """The fact `ask`."""
    return {"number": number, "title": ask.title, "text": ask.text}


def of_bill(bill: BillFacts, today: date, zone: tzinfo, owed: Iterable[Commitment] = ()) -> dict[str, Any]:
    """The fact `bill`. `owed`: all known duties; those that the bill's law sets are included."""
    companion_status, law = "", _keys(bill.law)
    if bill.companion:
        same = f"{bill.companion.name} was introduced with the same text in the {origin(bill.companion)}."
        companion_status = f"{same} {bill.twin.status_as('it', day_of_a_letter)}" if bill.twin else same
    return {
        "id": bill.bill.id,
        "number": bill.bill.name,
        "congress": bill.bill.nth,
        "title": short_title(bill.title),
        "name": full_name(bill.bill, bill.title),
        "noun": noun(bill.bill),
        "numbers": "/".join(each.name for each in (bill.bill, bill.companion) if each),
        "sponsor": bill.sponsor or "",
        "cosponsors": len(bill.current_cosponsors or ()),
        "committees": list(bill.committees or ()),
        "law": bill.law,
        "over": not bill.law and bill.over(today),
        "status": bill.status_as(bill.bill.name, day_of_a_letter),
        "chamber": origin(bill.bill),
        "stage": bill.place.stage.value,
        "since": day_of_a_letter(bill.place.since) if bill.place.since else "",
        "before": bill.place.acting,
        "passed": list(bill.place.passed),
        "companion": bill.companion.name if bill.companion else "",
        "companion_status": companion_status,
        "ends": ends(bill, today),
        "duties": [
            f"{duty.owed}, {'was due' if duty.due < today else 'due'} {day_of_a_letter(duty.due)} from {duty.by} "
            f"({duty.basis})"
            for duty in owed
            if duty.confirmed and any(citations.covers(key, each) for key in law for each in _keys(duty.basis))
        ],
        "enacted_law": bill.enacted.law if bill.enacted else "",
        "enacted_number": bill.enacted.bill.name if bill.enacted else "",
        "enacted_id": bill.enacted.bill.id if bill.enacted else "",
        "same_text": bool(bill.enacted and bill.enacted.same_text),
        "as_of": day_of_a_letter(bill.checked_at.astimezone(zone).date()) if bill.checked_at else "",
    }


def _keys(text: str) -> list[citations.Key]:
    return [citation.key for citation in citations.citations(text)]


def of_duty(duty: Commitment, today: date) -> dict[str, Any]:
    """The fact `duty`. Its sentence is a claim: `claim_of`."""
    return {
        "kind": duty.kind.value,
        "statute": duty.basis,
        "owed": duty.owed,
        "by": duty.by,
        "due": day_of_a_letter(duty.due),
        "past": duty.due < today,
        "state": duty.state.value,
    }
