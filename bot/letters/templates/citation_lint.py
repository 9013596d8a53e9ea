"""What templates and asks cite without a confirmed authority. `letter lint` and `check` report it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Final

from bot.config.coalition import Coalition
from bot.deadlines import authorities
from bot.deadlines.model import Claim
from bot.letters.approval import citations, sourcing
from bot.letters.approval.citations import Citation, Kind
from bot.letters.approval.sourcing import Citable
from bot.letters.templates.template import Meta
from bot.shared.bill_number import BillNumber

# What Jinja takes out of a template's source. Tags longer than this are not taken out, and their text is looked at.
_TAGS: Final = re.compile(r"\{#.{0,2000}?#\}|\{%.{0,2000}?%\}|\{\{.{0,2000}?\}\}", re.DOTALL)
_NOT_SAID: Final = re.compile(r"\{\{-?\s*(?:refuse|claim)\(")
_LITERAL: Final = re.compile(r"\"([^\"\n]{0,500})\"|'([^'\n]{0,500})'")
_TO_DO: Final = {
    Kind.LAW: "Add a confirmed authority for it to coalition.yml{where}, or take it out",
    Kind.BILL: "Write {{{{ bill.number }}}} for the bill that the letter is about, or add a confirmed authority{where}",
    Kind.DOCUMENT: "Write {{{{ entry.number }}}} for the document that the letter is about, or add an authority{where}",
    Kind.VOTE: "Add a confirmed authority that states the vote to coalition.yml{where}, or take it out",
    Kind.QUOTATION: "Add a confirmed authority that has these words to coalition.yml{where}, or take them out",
}


def of_source(source: str, known: Citable) -> Iterator[tuple[int, str]]:
    """(line, finding) of what a template's source cites in words of its own."""
    plain = _TAGS.sub(_said_by, source)
    for number, line in enumerate(plain.splitlines(), start=1):
        yield from ((number, said) for said in _findings(citations.citations(line), known, " and to `claims`"))


def of_asks(coalition: Coalition, today: date) -> list[tuple[tuple[str | int, ...], str]]:
    """(place in coalition.yml, finding) of what the asks cite. Letters print an ask's title and its text."""
    found: list[tuple[tuple[str | int, ...], str]] = []
    for number, ask in coalition.asks.items():
        known = for_asks(coalition, (number,), today)
        for key, text in (("title", ask.title), ("text", ask.text)):
            where = f", with {number} among its asks"
            found += [(("asks", number, key), said) for said in _findings(citations.citations(text), known, where)]
    return found


def for_template(coalition: Coalition, meta: Meta, claims: Mapping[str, Claim | str], today: date) -> Citable:
    """What a template may cite: the authorities it claims, and those of the asks it was written for."""
    made = [claim.text for claim in claims.values() if isinstance(claim, Claim)]
    return sourcing.combined(sourcing.citable(made, made), for_asks(coalition, meta.asks, today))


def for_asks(coalition: Coalition, numbers: Iterable[int], today: date) -> Citable:
    """What may be cited about these asks: confirmed authorities and duties that serve one, and the asks' bills."""
    asks = set(numbers)
    claims = [claim.text for claim in authorities.claimable(coalition, today, asks)]
    statutes = [duty.statute for duty in coalition.duties.values() if duty.confirmed and asks & set(duty.asks)]
    return sourcing.combined(sourcing.citable([*claims, *statutes], claims), of_bills(coalition, asks))


def of_bills(coalition: Coalition, asks: set[int]) -> Citable:
    """The bills of the families that serve these asks, and the laws that they became."""
    families = [family for family in coalition.bills.values() if asks & set(family.asks)]
    bills = [bill for family in families for bill in family.bills]
    return sourcing.citable([text for bill in bills for text in (BillNumber.of(bill.id).label, bill.became)])


def _said_by(tag: re.Match[str]) -> str:
    """What a tag itself says: the texts in quotation marks of an expression that is printed."""
    says = tag[0].startswith("{{") and not _NOT_SAID.match(tag[0])
    return " ".join(one or other for one, other in _LITERAL.findall(tag[0])) * says + "\n" * tag[0].count("\n")


def _findings(found: Iterable[Citation], known: Citable, where: str) -> Iterator[str]:
    for citation in found:
        if not known.has(citation):
            verb = "states" if citation.kind is Kind.VOTE else "has" if citation.kind is Kind.QUOTATION else "cites"
            to_do = _TO_DO[citation.kind].format(where=where)
            yield f"{verb} {sourcing.name(citation)}, which nobody has confirmed. {to_do}"
