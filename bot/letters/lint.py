"""Check letter templates before anyone drafts from them, and write sample letters from them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.config.coalition import Coalition, Office
from bot.config.load import Config, Lines
from bot.congress import address, directory
from bot.congress.model import Addressee
from bot.deadlines.model import Claim, claimable
from bot.letters import lookup
from bot.letters.drafting import asks as asks_table
from bot.letters.drafting import facts, second_person
from bot.letters.drafting.facts import FACTS
from bot.letters.facts import of_coalition
from bot.letters.model import Letter, Shape, Written
from bot.letters.statements import citations, sourcing
from bot.letters.statements.citations import Citation, Kind
from bot.letters.statements.sourcing import Citable
from bot.letters.templates import template
from bot.letters.templates.template import Meta, Need, Template, TemplateProblem, render, write
from bot.shared.bill_number import BillNumber
from bot.shared.calendar import day_of_a_letter
from bot.shared.wording import listed
from bot.shared.yaml_text import Unreadable, plain_yaml

_STYLE: Final = "templates/letters/style.yml"
_FACT_PATHS: Final = frozenset(FACTS)
_GROUPS: Final = frozenset(path.rpartition(".")[0] for path in _FACT_PATHS if "." in path) | {"addressee"}
# Jinja tags, removed before the search. Longer ones are kept, so their text is searched.
_TAGS: Final = re.compile(r"\{#.{0,2000}?#\}|\{%.{0,2000}?%\}|\{\{.{0,2000}?\}\}", re.DOTALL)
_NOT_PRINTED: Final = re.compile(r"\{\{-?\s*(?:refuse|claim)\(")
_VERBS: Final = {
    Kind.VOTE: "states", Kind.QUOTATION: "has", Kind.FIGURE: "says", Kind.DAY: "says", Kind.STATEMENT: "says",
}  # fmt: skip
_YOUR_OFFICE: Final = re.compile(r"\byour (?:agency|bureau|department|office)\b", re.IGNORECASE)
_YOUR_OFFICES: Final = re.compile(
    r"\byour (?:agencies|bureaus|departments|offices)\b|\b(?:both|all) of you\b", re.IGNORECASE
)
_LITERAL: Final = re.compile(r"\"([^\"\n]{0,500})\"|'([^'\n]{0,500})'")
_TO_DO: Final = {
    Kind.LAW: "Add a confirmed authority for it to coalition.yml{where}, or remove it",
    Kind.BILL: "Write {{{{ bill.number }}}} for the bill that the letter is about, or add a confirmed authority{where}",
    Kind.DOCUMENT: "Write {{{{ entry.number }}}} for the document that the letter is about, or add an authority{where}",
    Kind.VOTE: "Add a confirmed authority that states the vote to coalition.yml{where}, or remove it",
    Kind.QUOTATION: "Add a confirmed authority that has these words to coalition.yml{where}, or remove them",
    Kind.FIGURE: "Add a confirmed authority that has this figure to coalition.yml{where}, or remove it",
    Kind.DAY: "Add a confirmed authority that has this day to coalition.yml{where}, or use a fact, or remove it",
    Kind.STATEMENT: "Add a confirmed authority that says it to coalition.yml{where}, or remove it",
}


class Style(BaseModel):
    """style.yml, the style rules for letters. `words`: minimum and maximum length by kind of letter."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    words: Mapping[str, tuple[int, int]] = {}
    avoid: Mapping[str, str] = {}  # with "*" for any ending → what to say instead


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem: ``letter.j2 line 3: there is no fact "bill.titel". Did you mean "bill.title"?``"""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The findings for one template. `words` are of its sample letter, None if it cannot be rendered."""

    name: str
    findings: tuple[Finding, ...]
    words: int | None = None
    claims: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Use:
    """A name that a template uses."""

    name: str
    source: str
    line: int

    def finding(self, what: str) -> Finding:
        return Finding(f"{self.source} line {self.line}" if self.source != "subject" else "meta.yml, subject", what)


def style(folder: Path) -> Style:
    """The folder's style rules; none if it has no style.yml. Raises `TemplateProblem`."""
    path = folder / _STYLE
    try:
        rules = plain_yaml(path.read_text(encoding="utf-8"))
        if isinstance(rules, dict):
            rules = {key: rule for key, rule in rules.items() if key not in ("grade", "grade_floor")}  # of 0.2
        return Style.model_validate(rules)
    except FileNotFoundError:
        return Style()
    except (OSError, UnicodeDecodeError, Unreadable, ValidationError) as error:
        raise TemplateProblem(f"{_STYLE} cannot be used: {' '.join(str(error).split())[:300]}") from error


def lint(folder: Path, name: str, coalition: Coalition, today: date) -> Report:
    """Check a template and its sample letter. Raises `TemplateProblem`: there is none, or style.yml is invalid."""
    template.check_exists(folder, name)
    style_ = style(folder)
    try:
        template_ = template.read(folder, name)
    except TemplateProblem as problem:
        return Report(name=name, findings=(Finding("meta.yml", str(problem)),))
    used_names = template.ask({"sources": dict(template_.sources)})
    if "failed" in used_names:
        return Report(name=name, findings=(Finding("letter.j2", used_names["failed"]),))
    findings = [
        *_check_names(template_, used_names, coalition, today),
        *_words_to_avoid(template_, used_names["sources"], style_),
    ]
    citable = citable_in_template(coalition, template_.meta, facts.claims(coalition, template_.meta, today), today)
    for source in used_names["sources"]:
        cited = lint_source(template_.sources[source], citable)
        findings += [_Use("", source, number).finding(text) for number, text in cited]
    return _check_sample(folder, template_, coalition, today, style_, used_names["optional"], findings)


def asks(coalition: Coalition, lines: Lines, today: date) -> Report:
    """Unconfirmed citations in the asks of coalition.yml, whose titles and texts letters print."""
    findings = lint_asks(coalition, today)
    return Report(name="the asks", findings=tuple(Finding(lines.at(*place), text) for place, text in findings))


def asks_on_bills(folder: Path) -> Report:
    """Cells that are missing in the table of what may be asked about a bill, and names that it does not know."""
    findings = tuple(Finding(asks_table.FILE, slip) for slip in asks_table.problems(folder))
    return Report(name="the asks on bills", findings=findings)


def _check_names(
    template_: Template, used_names: Mapping[str, Any], coalition: Coalition, today: date
) -> Iterator[Finding]:
    uses, claimed = [_Use(*use) for use in used_names["facts"]], [_Use(*use) for use in used_names["claims"]]
    yield from _wrong_facts(uses, template_.meta)
    yield from _unused_entries(uses, claimed, template_.meta)
    for use in claimed:
        if use.name not in template_.meta.may_claim:
            yield use.finding(f'the claim "{use.name}" is not among the `claims` of meta.yml')
    for id_, claim in facts.claims(coalition, template_.meta, today).items():
        if id_ in coalition.authorities and not isinstance(claim, Claim) and id_ not in used_names["optional"]:
            yield Finding("meta.yml, claims", f'"{id_}" may not be made: {claim}')
    named_ids = {*coalition.all_offices, *coalition.office_groups, *template_.meta.committees}
    for id_ in sorted(set(template_.meta.addressees) - named_ids):
        yield Finding("meta.yml, addressees", f'there is no office or office group "{id_}"')
    if why := template.not_ours(template_.meta, coalition):
        yield Finding("meta.yml", why)


def _wrong_facts(uses: Sequence[_Use], meta: Meta) -> Iterator[Finding]:
    """Facts that do not exist, or may be missing and are used unchecked. A letter may check for its included parts."""
    paths = _FACT_PATHS | _GROUPS | {"fields", *(f"fields.{name}" for name in meta.fields)}
    for use in uses:
        if use.name not in paths:
            close = get_close_matches(use.name, paths, n=1)
            yield use.finding(f'there is no fact "{use.name}"' + (f'. Did you mean "{close[0]}"?' if close else ""))
    for path in meta.example.keys() - _FACT_PATHS:
        yield Finding("meta.yml, example", f'there is no fact "{path}"')
    uses_by_place = {(use.source, use.name) for use in uses}
    for use in uses:
        group = use.name.partition(".")[0]
        safe = {(use.source, group), ("letter.j2", group)} if use.source != "subject" else {("subject", group)}
        if group in set(Need) - set(meta.needs) and use.name != group and not safe & uses_by_place:
            yield use.finding(f'"{use.name}" may be missing: add {group} to `needs`, or ask {{% if {group} %}} first')


def _unused_entries(uses: Sequence[_Use], claimed: Sequence[_Use], meta: Meta) -> Iterator[Finding]:
    read, claimed_names = {use.name for use in uses}, {use.name for use in claimed}
    for name in meta.fields:
        if f"fields.{name}" not in read:
            yield Finding("meta.yml, fields", f'the letter does not use "{name}": remove it from `fields`')
    for need in meta.needs:
        if need not in {name.partition(".")[0] for name in read | claimed_names}:
            yield Finding("meta.yml, needs", f"the letter does not mention the {need}")
    for id_ in meta.claims:
        if id_ not in claimed_names:
            yield Finding("meta.yml, claims", f'the letter does not make the claim "{id_}"')


def _words_to_avoid(template_: Template, sources: Sequence[str], style_: Style) -> Iterator[Finding]:
    for source in sources:
        for number, line in enumerate(template_.sources[source].splitlines(), start=1):
            for word, instead in style_.avoid.items():
                pattern = r"\b" + r"\w*".join(map(re.escape, word.split("*"))) + r"\b"
                if hit := re.search(pattern, line, re.IGNORECASE):
                    yield _Use("", source, number).finding(f'"{hit[0]}" is a word to avoid: {instead}')


def _check_sample(
    folder: Path,
    template_: Template,
    coalition: Coalition,
    today: date,
    style_: Style,
    optional: Sequence[str],
    findings: Sequence[Finding],
) -> Report:
    """Render the letter for each addressee; check address and length. `optional`: claims made only if confirmed."""
    made_today = facts.claims(coalition, template_.meta, today).items()
    claims = {
        id_: claim if isinstance(claim, Claim) else Claim(id=id_, text=f"[{id_}]", source="", checked_on=date.min)
        for id_, claim in made_today
        if id_ not in optional or not isinstance(claim, str)
    }
    claims |= facts.example_duties(template_.meta)
    examples, samples = facts.example(template_.meta), list[Written]()
    findings = [*findings]
    for name in template_.meta.addressees or ("",):
        to = facts.example_addressee(coalition, name) if name else examples["addressee"]
        to |= {"record": examples["addressee"]["record"] if not to["offices"] else to["record"]}
        try:
            samples.append(write(folder, template_.name, examples | {"addressee": to}, claims))
        except TemplateProblem as problem:
            problems = (*findings, Finding(f"to {name}" if name else "with its examples", str(problem)))
            return Report(name=template_.name, findings=problems)
        offices = [coalition.all_offices[part["ids"][0]] for part in to["parts"] if part["ids"]]
        results = address_problems(samples[-1], offices, [part["you"] for part in to["parts"]])
        findings += [Finding(f"to {name}", text) for text in results]
    findings += _holes(template_, examples, claims)
    written = samples[0]
    count = sum(len(paragraph.text.split()) for paragraph in written.body)
    fewest, most = style_.words.get(template_.meta.kind, (0, count))
    if not fewest <= count <= most:
        findings.append(Finding("length", f"{count} words; a {template_.meta.kind} has {fewest} to {most}"))
    made = tuple(claim.id for claim in written.claims)
    return Report(name=template_.name, findings=tuple(findings), words=count, claims=made)


def _holes(template_: Template, examples: Mapping[str, Any], claims: Mapping[str, Claim | str]) -> Iterator[Finding]:
    """What goes wrong when an optional field is left out."""
    for name, field in template_.meta.fields.items():
        if not field.required:
            without = {**examples, "fields": {**examples["fields"], name: ""}}
            try:
                render(template_, without, claims)
            except TemplateProblem as problem:
                if f"there is no fields.{name}" in str(problem):  # else it refuses, which it may
                    yield Finding(f"without {name}", str(problem))


def address_problems(written: Written, offices: Sequence[Office], yous: Sequence[str]) -> Iterator[str]:
    """What is wrong with how a letter addresses these offices. `yous`: the fact `you` of each of `addressee.parts`."""
    asked = [item.text for item in written.body if item.shape is Shape.ITEM]
    for office in offices:
        for name in second_person.names(office):
            _, is_department, subject = name.partition("Department of ")
            # Also as one of several: "the Departments of Labor and of Health and Human Services".
            several = rf"|\bDepartments of\b.{{0,60}}\b{re.escape(subject)}\b" if is_department else ""
            named = re.compile(rf"\b{re.escape(name)}\b{several}")
            if item := next(filter(named.search, asked), ""):
                yield f"asks {office.name} something about “{name}”, as if it were a third party: “{item[:80]}”"
    other = _YOUR_OFFICE if len(yous) > 1 else _YOUR_OFFICES
    for paragraph in written.body:
        if wrong := other.search(paragraph.text):
            yield f"says “{wrong[0]}” to {len(yous)} addressee{'s' if len(yous) > 1 else ''}"
    for you in yous if len(yous) > 1 else ():
        lead = f"e ask {you} to:"  # also "As a first step, we ask"
        if not any(one.text.endswith(lead) and two.shape is Shape.ITEM for one, two in pairwise(written.body)):
            yield f"has no request of its own for {you.rstrip(',')}: add “We ask {you} to:” with a list"


def lint_source(source: str, citable: Citable) -> Iterator[tuple[int, str]]:
    """(line, finding) of each citation, figure and day in a template's source that no claim has."""
    plain = _TAGS.sub(_printed_text, source)
    for number, line in enumerate(plain.splitlines(), start=1):
        cited = (*citations.citations(line), *sourcing.bare_statements(line))
        yield from ((number, _finding(each, " and to `claims`", _TO_DO)) for each in cited if not citable.has(each))


def lint_asks(coalition: Coalition, today: date) -> list[tuple[tuple[str | int, ...], str]]:
    """(path in coalition.yml, finding) of each citation in an ask that no authority has, confirmed or not."""
    findings: list[tuple[tuple[str | int, ...], str]] = []
    for number, key, citation, is_waiting in unconfirmed(coalition, today):
        if not is_waiting:
            where = f", with {number} among its asks"
            to_do = _TO_DO | {Kind.BILL: f"Add it to `bills:` in coalition.yml{where}, or remove its number"}
            findings.append((("asks", number, key), _finding(citation, where, to_do)))
    return findings


def waiting_asks(coalition: Coalition, today: date) -> list[str]:
    """A sentence for each ask with citations, figures or days that are still to be confirmed under `authorities:`."""
    cited: dict[int, list[str]] = {}
    for number, _, citation, is_waiting in unconfirmed(coalition, today):
        if is_waiting:
            cited.setdefault(number, []).append(sourcing.name(citation))
    return [
        f"Not confirmed yet in ask {number}: {listed(list(dict.fromkeys(names)))}. Confirm it under `authorities:` in "
        "coalition.yml before a letter relies on it."
        for number, names in cited.items()
    ]


def unconfirmed(coalition: Coalition, today: date) -> Iterator[tuple[int, str, Citation, bool]]:
    """(ask, its field, citation, whether an authority that waits for confirmation has it) of each citation,
    figure and day in an ask that nobody has confirmed.
    """
    for number, ask in coalition.asks.items():
        citable = citable_for_asks(coalition, (number,), today)
        waiting = [each for each in coalition.authorities.values() if not each.confirmed and number in each.asks]
        named = [f"{each.citation}. {each.says}" for each in waiting]
        citable_later = sourcing.citable(named, facts=[each.says for each in waiting])
        for key, text in (("title", ask.title), ("text", ask.text), ("because", ask.because)):
            facts = (*citations.citations(text), *sourcing.own_statements(text, asked=key != "because"))
            for citation in (each for each in facts if not citable.has(each)):
                yield number, key, citation, citable_later.has(citation)


def citable_in_template(coalition: Coalition, meta: Meta, claims: Mapping[str, Claim | str], today: date) -> Citable:
    """What a template may cite: its claims, and the authorities of the asks it was written for."""
    made = [claim.cited for claim in claims.values() if isinstance(claim, Claim)]
    return sourcing.combined(
        sourcing.citable(made, made, facts=made), citable_for_asks(coalition, coalition.asks_named(meta.asks), today)
    )


def citable_for_asks(coalition: Coalition, numbers: Iterable[int], today: date) -> Citable:
    """What may be cited about these asks: their confirmed authorities and duties, and their bills."""
    asks = set(numbers)
    claims = [claim.cited for claim in claimable(coalition, today, asks)]
    statutes = [duty.statute for duty in coalition.duties.values() if duty.confirmed and asks & set(duty.asks)]
    # The bills of these asks' families, and the laws they became.
    bills = [bill for family in coalition.bills.values() if asks & set(family.asks) for bill in family.bills]
    named = sourcing.citable([text for bill in bills for text in (BillNumber.of(bill.id).label, bill.became)])
    return sourcing.combined(sourcing.citable([*claims, *statutes], claims, facts=claims), named)


def _printed_text(tag: re.Match[str]) -> str:
    """The string literals of a tag whose expression is printed, with its line breaks."""
    says = tag[0].startswith("{{") and not _NOT_PRINTED.match(tag[0])
    return " ".join(one or other for one, other in _LITERAL.findall(tag[0])) * says + "\n" * tag[0].count("\n")


def _finding(citation: Citation, where: str, to_do: Mapping[Kind, str]) -> str:
    verb = _VERBS.get(citation.kind, "cites")
    return f"{verb} {sourcing.name(citation)}, which nobody has confirmed. {to_do[citation.kind].format(where=where)}"


# --- a sample letter, with example values for missing facts -----------------------------------------------------------

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
