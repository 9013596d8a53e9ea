"""The facts that templates may use, as one dictionary of plain values. docs/templates.md lists them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
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
from bot.store.database import Reader

EXAMPLE_ASK: Final = Ask(
    title="The Department should give services a fair share",
    text="The Department should give services a fair share of each grant.",
)
DUTY: Final = "duty:"  # prefix of a duty's id among claim ids


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact by its path in a template; the documentation, `lint` and `try` use its `example`."""

    path: str
    example: str | int | bool | tuple[str, ...]
    help: str


# If a letter is not about a bill, a duty or a publication, the whole fact is empty: {% if bill %}.
FACTS: Final = (
    Fact("today", "January 23, 2026", "the date of the letter"),
    Fact("signon", False, "whether it is written for other organizations to sign too: “… and the undersigned "
         "organizations”"),
    Fact("coalition.name", "Coalition for Example Causes", "its full name"),
    Fact("coalition.short", "CEC", "its short name"),
    Fact("coalition.contact", "campaign@example.org", "the contact of coalition.yml"),
    Fact("coalition.about", "CEC works for good examples.", "its `about`, the paragraph that ends letters"),
    Fact("coalition.address", ("1 Example Street", "Springfield"), "the lines of its postal address"),
    Fact("coalition.phone", "202-555-0100", "its telephone number"),
    Fact("coalition.site", "https://example.org", "its website"),
    Fact("coalition.signer.name", "Jane Roe", "the coalition's signer; without one, `coalition.signer` is empty"),
    Fact("coalition.signer.title", "Director", "the signer's title"),
    Fact("coalition.media_contact.name", "John Poe", "the media contact's name"),
    Fact("coalition.media_contact.phone", "202-555-0101", "the media contact's telephone number"),
    Fact("coalition.media_contact.email", "press@example.org", "the media contact's email address"),
    Fact("coalition.asks", ("A fair share for services.", "Rules in writing."), "the text of each ask, in order"),
    Fact("coalition.members", ("Alpha House", "Beta Fund", "Gamma Center"), "the member organizations' names"),
    Fact("addressee.name", "Senator Jane Doe", "the addressee's name, as in a sentence"),
    Fact("addressee.salutation", "Dear Senator Doe:", "the salutation, which the bot already adds"),
    Fact("addressee.offices", (), "the ids of the offices it goes to, and of those they are part of"),
    Fact("addressee.parts", (), "each office it goes to: `you`, how a request names it, and `ids` as above"),
    Fact("addressee.asked", "you to give services a fair share of each grant", "the ask’s text after “we ask”"),
    Fact("addressee.subject", "to give services a fair share of each grant", "the ask in short, after “Request”"),
    Fact("addressee.makes_rules", False, "whether they, or agencies they answer for, publish rules in the Federal "
         "Register"),
    Fact("addressee.committees", (), "the ids of the committees that they lead or, for other members, sit on: SSAP16, "
         "SSAP"),
    Fact("addressee.leads", False, "whether it goes to leaders of committees, addressed as such"),
    Fact("addressee.record.state", "New York", "the member's state"),
    Fact("addressee.record.chamber", "Senate", "Senate or House"),
    Fact("addressee.record.sponsor", False, "whether the addressee is the bill's sponsor"),
    Fact("addressee.record.cosponsor_since", "", "the day on which the addressee joined the bill, March 3, 2026"),
    Fact("addressee.record.withdrew_on", "", "the day on which the addressee's name was withdrawn from the bill"),
    Fact("addressee.record.committee", "", "the committee that has the bill and on which the addressee sits"),
    Fact("addressee.record.chairs", "", "the committee that the addressee chairs"),
    Fact("addressee.record.ranking", "", "the committee whose ranking member the addressee is"),
    Fact("addressee.record.votes", True, "whether they vote on the floor; False for delegates"),
    Fact("addressee.record.leads", "", "their post in the leadership: Speaker of the House"),
    Fact("addressee.record.reported", "", "the committee that has reported the bill and on which they sit"),
    Fact("addressee.record.companion", "", "what they did for the bill with the same text: introducing H.R. 1234"),
    Fact("addressee.record.kind", "member", "who they are for this bill: the kinds of asks_on_bills.yml"),
    Fact("addressee.record.thanks", "", "a sentence on what they did for the bill, before the request"),
    Fact("addressee.record.ask", "cosponsor the Example Relief Act (S. 1234), and to tell the Chair of the Senate "
         "Committee on the Judiciary that you want a hearing on it", "what to ask of them about the bill, after "
         "“we ask you to”"),
    Fact("addressee.record.ask_again", "cosponsor the bill, and to tell the Chair of the Senate Committee on the "
         "Judiciary that you want a hearing on it", "the same with “the bill” for its name"),
    Fact("addressee.record.refusal", "", "why nothing may be asked of them, and what to use instead"),
    Fact("ask.number", 1, "the ask's number"),
    Fact("ask.title", "A fair share for services", "the ask in a few words"),
    Fact("ask.text", "The Department should give services a fair share of each grant.", "the ask in full"),
    Fact("bill.number", "S. 1234", "as people write it"),
    Fact("bill.id", "s1234-119", "as commands take it"),
    Fact("bill.congress", "119th", "its Congress"),
    Fact("bill.title", "Example Relief Act", "its title"),
    Fact("bill.name", "the Example Relief Act (S. 1234)", "its name in a sentence"),
    Fact("bill.noun", "bill", "what it is: bill, joint resolution or resolution"),
    Fact("bill.numbers", "S. 1234", "its number, with its companion’s: S. 1234/H.R. 1234"),
    Fact("bill.sponsor", "Senator John Roe", "its sponsor"),
    Fact("bill.chamber", "Senate", "the chamber in which it was introduced"),
    Fact("bill.stage", "in-committee", "the name of its stage"),
    Fact("bill.since", "September 10, 2025", "the day on which it reached that stage"),
    Fact("bill.before", "Senate", "the chamber that acts on it next; empty if neither or both do"),
    Fact("bill.passed", (), "the chambers that have passed it"),
    Fact("bill.companion", "", "the bill with the same text in the other chamber: H.R. 1234"),
    Fact("bill.companion_status", "", "what the companion is and where, in sentences, by its record"),
    Fact("bill.ends", "", "when it ends with its Congress, in a sentence, within 60 days of that day"),
    Fact("bill.cosponsors", 19, "the number of current cosponsors; 0 also if no record was read"),
    Fact("bill.committees", ("Senate Committee on the Judiciary",), "the committees that have or had it"),
    Fact("bill.law", "", "Public Law 119-99 once it is law"),
    Fact("bill.over", False, "whether its Congress has ended without making it law"),
    Fact("bill.status", "S. 1234 has been before the Senate Committee on the Judiciary since September 10, 2025.",
         "where it is, in a sentence, by its record"),
    Fact("bill.duties", ("The report, due March 3, 2026 from the Secretary (1 U.S.C. 1)",), "what the law "
         "requires, from whom and by when: its confirmed duties"),
    Fact("bill.enacted_law", "", "the law that an identical bill, or one of its family, became"),
    Fact("bill.enacted_number", "", "the number of that bill: H.R. 1234"),
    Fact("bill.enacted_id", "", "the same as commands take it: hr1234-119"),
    Fact("bill.same_text", False, "whether that bill has the same text"),
    Fact("bill.as_of", "January 20, 2026", "the day its record was last checked"),
    Fact("duty.kind", "law", "what sets it: law, answer, hearing, meeting or notice"),
    Fact("duty.statute", "1 U.S.C. 1", "the statute, or the answer, hearing, meeting or notice"),
    Fact("duty.owed", "The report", "what is owed"),
    Fact("duty.by", "the Secretary", "who owes it"),
    Fact("duty.due", "March 3, 2026", "the day on which it is or was due"),
    Fact("duty.past", True, "whether that day is past"),
    Fact("duty.state", "no record found", "no record found, met, or not met, as a person recorded it"),
    Fact("entry.title", "Example Program: Request for Comments", "the publication's own title; empty while withheld"),
    Fact("entry.agency", "the Office of Examples", "who published it, as in a sentence"),
    Fact("entry.outlet", "", "for news: the outlet, or the name of the feed it came in"),
    Fact("entry.quote", "Applicants must include a letter of support.", "the sentence quoted from it"),
    Fact("entry.number", "2026-00123", "its Federal Register number"),
    Fact("entry.citation", "91 Fed. Reg. 1234", "its Federal Register citation"),
    Fact("entry.docket", "EX-2026-0001", "its docket on regulations.gov"),
    Fact("entry.rin", "1615-AA00", "its regulation identifier number (RIN)"),
    Fact("entry.published", "January 15, 2026", "the day it was published"),
    Fact("entry.comments_close", "March 16, 2026", "the day on which comments close"),
    Fact("entry.comments_closed", False, "whether that day is past"),
    Fact("entry.withdrawn", False, "whether it was withdrawn"),
    Fact("entry.correction", False, "whether it corrects an earlier publication, often under the same title"),
    Fact("entry.hearing", "", "for an announced hearing: hearing, markup or business meeting"),
    Fact("entry.hearing_day", "", "the day of that hearing"),
    Fact("entry.committee", "", "the committee that announced it"),
    Fact("entry.url", "https://www.federalregister.gov/d/2026-00123", "its address"),
)  # fmt: skip
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
    """Example values of all facts and fields; the template's own examples override the documented ones.

    Facts that the letter is not about are empty.
    """
    facts: dict[str, Any] = {}
    for fact in FACTS:
        *folders, name = fact.path.split(".")
        place = facts
        for folder in folders:
            place = place.setdefault(folder, {})
        value = meta.example.get(fact.path, fact.example)
        place[name] = list(value) if isinstance(value, tuple) else value
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
    nothing = {fact.path.removeprefix(name): type(fact.example)() for fact in FACTS if fact.path.startswith(name)}
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
        "over": not bill.law and bill.bill.over(today),
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
