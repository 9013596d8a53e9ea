"""What is wrong with a letter's template, before anybody drafts from it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.config.coalition import Coalition
from bot.config.load import Lines, Unreadable, plain_yaml
from bot.deadlines.model import Claim
from bot.letters.drafting import facts
from bot.letters.drafting.facts import FACTS
from bot.letters.templates import child, citation_lint, readability, template
from bot.letters.templates.rendering import write
from bot.letters.templates.template import Meta, Need, Template, TemplateProblem

_STYLE: Final = "templates/letters/style.yml"
_KNOWN: Final = frozenset(fact.path for fact in FACTS)
_GROUPS: Final = frozenset(path.rpartition(".")[0] for path in _KNOWN if "." in path) | {"addressee"}


class Style(BaseModel):
    """style.yml: what letters are held to. `words` are the fewest and the most of each kind of letter."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    words: Mapping[str, tuple[int, int]] = {}
    grade: float = 99  # the highest reading level, in years of school
    grade_floor: float = -99  # the lowest
    avoid: Mapping[str, str] = {}  # with "*" for any ending → what to say instead


@dataclass(frozen=True, slots=True)
class Finding:
    """One slip: ``letter.j2 line 3: there is no fact "bill.titel". Did you mean "bill.title"?``"""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What was found in one template; `words` and `grade` of the letter that its examples make, None if they do not."""

    name: str
    findings: tuple[Finding, ...]
    words: int | None = None
    grade: float | None = None
    claims: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Use:
    """A name that a template reads."""

    name: str
    source: str
    line: int

    def finding(self, what: str) -> Finding:
        return Finding(f"{self.source} line {self.line}" if self.source != "subject" else "meta.yml, subject", what)


def style(folder: Path) -> Style:
    """Raises `TemplateProblem`. A folder without the file has no style of its own."""
    path = folder / _STYLE
    try:
        return Style.model_validate(plain_yaml(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return Style()
    except (OSError, UnicodeDecodeError, Unreadable, ValidationError) as error:
        raise TemplateProblem(f"{_STYLE} cannot be used: {' '.join(str(error).split())[:300]}") from error


def lint(folder: Path, name: str, coalition: Coalition, today: date) -> Report:
    """All that can be told of a template without a real letter.

    Raises `TemplateProblem` where there is no such template, or style.yml has a slip.
    """
    template.check_exists(folder, name)
    wanted = style(folder)
    try:
        found = template.read(folder, name)
    except TemplateProblem as problem:
        return Report(name=name, findings=(Finding("meta.yml", str(problem)),))
    named = child.ask({"sources": dict(found.sources)})
    if "failed" in named:
        return Report(name=name, findings=(Finding("letter.j2", named["failed"]),))
    findings = [
        *_static(found, named, coalition, today),
        *_avoided(found, named["sources"], wanted),
        *_cited(found, named["sources"], coalition, today),
    ]
    return _read(folder, found, coalition, today, wanted, findings)


def asks(coalition: Coalition, lines: Lines, today: date) -> Report:
    """What the asks of coalition.yml cite and nobody has confirmed; letters print their titles and texts."""
    found = citation_lint.of_asks(coalition, today)
    return Report(name="the asks", findings=tuple(Finding(lines.at(*place), what) for place, what in found))


def _static(found: Template, named: Mapping[str, Any], coalition: Coalition, today: date) -> Iterator[Finding]:
    uses, claimed = [_Use(*use) for use in named["facts"]], [_Use(*use) for use in named["claims"]]
    yield from _unknown(uses, found.meta)
    yield from _unsure(uses, found.meta)
    yield from _unused(uses, claimed, found.meta)
    for use in claimed:
        if use.name not in found.meta.may_claim:
            yield use.finding(f'the claim "{use.name}" is not among the `claims` of meta.yml')
    for id_, held in facts.claims(coalition, found.meta, today).items():
        if not isinstance(held, Claim):
            yield Finding("meta.yml, claims", f'"{id_}" may not be made: {held}')
    for id_ in set(found.meta.addressees) - coalition.offices.keys() - coalition.office_groups.keys():
        yield Finding("meta.yml, addressees", f'coalition.yml has no office or office group "{id_}"')
    for ask in set(found.meta.asks) - coalition.asks.keys():
        yield Finding("meta.yml, asks", f"coalition.yml has no ask {ask}")


def _unknown(uses: Sequence[_Use], meta: Meta) -> Iterator[Finding]:
    known = _KNOWN | _GROUPS | {"fields", *(f"fields.{name}" for name in meta.fields)}
    for use in uses:
        if use.name not in known:
            close = get_close_matches(use.name, known, n=1)
            yield use.finding(f'there is no fact "{use.name}"' + (f'. Did you mean "{close[0]}"?' if close else ""))
    for path in meta.example.keys() - _KNOWN:
        yield Finding("meta.yml, example", f'there is no fact "{path}"')


def _unsure(uses: Sequence[_Use], meta: Meta) -> Iterator[Finding]:
    """Facts of a bill in a letter that may be about none, and does not ask first. For a part, the letter may ask."""
    asked = {(use.source, use.name) for use in uses}
    for use in uses:
        group = use.name.partition(".")[0]
        safe = {(use.source, group), ("letter.j2", group)} if use.source != "subject" else {("subject", group)}
        if group in set(Need) - set(meta.needs) and use.name != group and not safe & asked:
            yield use.finding(f'"{use.name}" may be missing: add {group} to `needs`, or ask {{% if {group} %}} first')


def _unused(uses: Sequence[_Use], claimed: Sequence[_Use], meta: Meta) -> Iterator[Finding]:
    read, made = {use.name for use in uses}, {use.name for use in claimed}
    for name in meta.fields:
        if f"fields.{name}" not in read:
            yield Finding("meta.yml, fields", f'the letter does not use "{name}", so nobody should be asked for it')
    for need in meta.needs:
        if need not in {name.partition(".")[0] for name in read | made}:
            yield Finding("meta.yml, needs", f"the letter says nothing of the {need}")
    for id_ in meta.claims:
        if id_ not in made:
            yield Finding("meta.yml, claims", f'the letter does not make the claim "{id_}"')


def _avoided(found: Template, sources: Sequence[str], wanted: Style) -> Iterator[Finding]:
    for source in sources:
        for number, line in enumerate(found.sources[source].splitlines(), start=1):
            for word, instead in wanted.avoid.items():
                if hit := re.search(_pattern(word), line, re.IGNORECASE):
                    yield _Use("", source, number).finding(f'"{hit[0]}" is a word to avoid: {instead}')


def _cited(found: Template, sources: Sequence[str], coalition: Coalition, today: date) -> Iterator[Finding]:
    known = citation_lint.for_template(coalition, found.meta, facts.claims(coalition, found.meta, today), today)
    for source in sources:
        for number, said in citation_lint.of_source(found.sources[source], known):
            yield _Use("", source, number).finding(said)


def _pattern(word: str) -> str:
    return r"\b" + r"\w*".join(map(re.escape, word.split("*"))) + r"\b"


def _read(
    folder: Path, found: Template, coalition: Coalition, today: date, wanted: Style, findings: Sequence[Finding]
) -> Report:
    """The letter that the examples make."""
    claims = {id_: _stand_in(id_, held) for id_, held in facts.claims(coalition, found.meta, today).items()}
    try:
        written = write(folder, found.name, facts.example(found.meta), claims | dict(facts.EXAMPLE_DUTY))
    except TemplateProblem as problem:
        problems = (*findings, Finding("with its examples", str(problem)))
        return Report(name=found.name, findings=problems)
    count, grade = readability.words(written.body), readability.grade(written.body)
    fewest, most = wanted.words.get(found.meta.kind, (0, count))
    findings = [*findings]
    if not fewest <= count <= most:
        findings.append(Finding("length", f"{count} words; a {found.meta.kind} has {fewest} to {most}"))
    if grade > wanted.grade:
        findings.append(Finding("reading level", f"{grade:.1f} years of school; {wanted.grade:g} at most"))
    if grade < wanted.grade_floor:
        findings.append(Finding("reading level", f"{grade:.1f} years of school; {wanted.grade_floor:g} at least"))
    made = tuple(claim.id for claim in written.claims)
    return Report(name=found.name, findings=tuple(findings), words=count, grade=grade, claims=made)


def _stand_in(id_: str, held: Claim | str) -> Claim:
    return held if isinstance(held, Claim) else Claim(id=id_, text=f"[{id_}]", source="", checked_on=date.min)
