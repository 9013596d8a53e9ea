"""Find citations in templates and asks that lack a confirmed authority, for `letter lint` and `check`."""

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

# Jinja tags, removed before the search. Longer ones are kept, so their text is searched.
_TAGS: Final = re.compile(r"\{#.{0,2000}?#\}|\{%.{0,2000}?%\}|\{\{.{0,2000}?\}\}", re.DOTALL)
_NOT_PRINTED: Final = re.compile(r"\{\{-?\s*(?:refuse|claim)\(")
_LITERAL: Final = re.compile(r"\"([^\"\n]{0,500})\"|'([^'\n]{0,500})'")
_TO_DO: Final = {
    Kind.LAW: "Add a confirmed authority for it to coalition.yml{where}, or remove it",
    Kind.BILL: "Write {{{{ bill.number }}}} for the bill that the letter is about, or add a confirmed authority{where}",
    Kind.DOCUMENT: "Write {{{{ entry.number }}}} for the document that the letter is about, or add an authority{where}",
    Kind.VOTE: "Add a confirmed authority that states the vote to coalition.yml{where}, or remove it",
    Kind.QUOTATION: "Add a confirmed authority that has these words to coalition.yml{where}, or remove them",
}


def lint_source(source: str, citable: Citable) -> Iterator[tuple[int, str]]:
    """(line, finding) of each unconfirmed citation in a template's source."""
    plain = _TAGS.sub(_printed_text, source)
    for number, line in enumerate(plain.splitlines(), start=1):
        yield from ((number, finding) for finding in _findings(citations.citations(line), citable, " and to `claims`"))


def lint_asks(coalition: Coalition, today: date) -> list[tuple[tuple[str | int, ...], str]]:
    """(path in coalition.yml, finding) of each unconfirmed citation in an ask's title or text."""
    findings: list[tuple[tuple[str | int, ...], str]] = []
    for number, ask in coalition.asks.items():
        citable = citable_for_asks(coalition, (number,), today)
        for key, text in (("title", ask.title), ("text", ask.text)):
            where = f", with {number} among its asks"
            to_do = _TO_DO | {Kind.BILL: f"Add it to `bills:` in coalition.yml{where}, or remove its number"}
            cited = citations.citations(text)
            findings += [(("asks", number, key), finding) for finding in _findings(cited, citable, where, to_do)]
    return findings


def citable_in_template(coalition: Coalition, meta: Meta, claims: Mapping[str, Claim | str], today: date) -> Citable:
    """What a template may cite: its claims, and the authorities of the asks it was written for."""
    made = [claim.text for claim in claims.values() if isinstance(claim, Claim)]
    return sourcing.combined(
        sourcing.citable(made, made), citable_for_asks(coalition, coalition.asks_named(meta.asks), today)
    )


def citable_for_asks(coalition: Coalition, numbers: Iterable[int], today: date) -> Citable:
    """What may be cited about these asks: their confirmed authorities and duties, and their bills."""
    asks = set(numbers)
    claims = [claim.text for claim in authorities.claimable(coalition, today, asks)]
    statutes = [duty.statute for duty in coalition.duties.values() if duty.confirmed and asks & set(duty.asks)]
    return sourcing.combined(sourcing.citable([*claims, *statutes], claims), citable_bills(coalition, asks))


def citable_bills(coalition: Coalition, asks: set[int]) -> Citable:
    """The bills of these asks' families, and the laws they became."""
    families = [family for family in coalition.bills.values() if asks & set(family.asks)]
    bills = [bill for family in families for bill in family.bills]
    return sourcing.citable([text for bill in bills for text in (BillNumber.of(bill.id).label, bill.became)])


def _printed_text(tag: re.Match[str]) -> str:
    """The string literals of a tag whose expression is printed, with its line breaks."""
    says = tag[0].startswith("{{") and not _NOT_PRINTED.match(tag[0])
    return " ".join(one or other for one, other in _LITERAL.findall(tag[0])) * says + "\n" * tag[0].count("\n")


def _findings(
    cited: Iterable[Citation], citable: Citable, where: str, to_do: Mapping[Kind, str] = _TO_DO
) -> Iterator[str]:
    for citation in cited:
        if not citable.has(citation):
            verb = "states" if citation.kind is Kind.VOTE else "has" if citation.kind is Kind.QUOTATION else "cites"
            next_step = to_do[citation.kind].format(where=where)
            yield f"{verb} {sourcing.name(citation)}, which nobody has confirmed. {next_step}"
