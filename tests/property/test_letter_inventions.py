"""Wrong statements put into real letters by edit are named before the lock; honest edits are left alone.

`edits/wrong.txt` and `edits/honest.txt` are what people write; more are made by changing days, numbers, names, sections
and claims in letters that the shipped templates render. A digest divides both into two halves: tune the rules on one of
them (`TUNED`), and write new edits before you look at the other. Limits of both halves are the same.
"""

from __future__ import annotations

import calendar
import hashlib
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.bills import records as bills
from bot.commands.model import Reply
from bot.congress import records as congress
from bot.letters import lookup
from bot.letters import records as letters
from bot.letters.lifecycle import Dossier, Text
from bot.letters.model import Paragraph, Shape
from bot.letters.statements.sourcing import Basis
from bot.letters.templates import template
from bot.letters.templates.template import FieldType, Meta, Need
from bot.shared.bill_number import BillNumber
from bot.shared.bill_record import BillRecord, Committee
from tests.kit.alerts import document
from tests.kit.congress import public
from tests.kit.letters_desk import Desk

EDITS = Path(__file__).parent / "edits"
TUNED = 0
MOST_TEMPLATES = 15
LEAST = 100
KINDS = {"number", "day", "section", "stage", "office", "committee", "finding", "quotation", "negation"}
CAUGHT, FALSE = 0.99, 0.02
OPINION = "It would help the people whom our members serve."
NOTICE = document(
    "2026-00001",
    "Enhanced Collaborative Model: Request for Comments",
    comments_close_on=date(2027, 1, 12),
    dockets=("OJP-2026-0004",),
)
COMMITTEES = (Committee("hsju00", "Judiciary Committee", "House"),)


def half(text: str) -> int:
    return int(hashlib.sha256(text.encode()).hexdigest(), 16) % 2


def lines(name: str) -> list[str]:
    texts = (EDITS / name).read_text(encoding="utf-8").splitlines()
    return [line for line in texts if line and not line.startswith("#")]


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    desk = Desk(tmp_path_factory.mktemp("desk"))
    record = BillRecord(
        BillNumber.of("hr9020-119"),
        "Survivor Care Act",
        None,
        datetime(2026, 6, 1, tzinfo=UTC),
        (),
        introduced=date(2025, 9, 10),
        committees=COMMITTEES,
        source="here",
    )
    with desk.db.write() as tx:
        congress.replace(tx, public(), now=desk.now)
        bills.save(tx, [record], desk.now)
    return desk


@pytest.fixture(scope="module")
def drafted(desk) -> list[Dossier]:
    """A letter from each shipped template that can be drafted from these records, as a person would draft it."""
    entry = desk.bring(NOTICE)[0].id
    names = sorted(path.parent.name for path in (desk.config.folder / "templates/letters").glob("*/meta.yml"))
    for name in names:
        meta = template.meta(desk.config.folder, name)
        if meta.kind in ("correction", "testimony", "statement"):
            continue  # their words are people's, or they answer what this record has not
        for to in (*meta.addressees[:1], "chair:HSJU", "ovc"):
            args = {"template": name, "to": to, **about(desk, meta, entry), **typed(meta)}
            answer = desk.ask(desk.pol, "letter fill", "", **args)
            if isinstance(answer, Reply) and answer.card:
                break
    found = letters.letters(desk.db)
    assert len(found) > MOST_TEMPLATES
    return found


def about(desk: Desk, meta: Meta, entry: str) -> dict[str, str]:
    asks = desk.config.coalition.asks_named(meta.asks) or (2,)
    args = {"ask": str(asks[0])}
    if Need.BILL in meta.needs:
        args["bill"] = "hr4323-119" if meta.bill == "law" else "hr9020-119"
    if Need.ENTRY in meta.needs:
        args["entry"] = entry
    if Need.DUTY in meta.needs:
        args["duty"] = next(iter(desk.config.coalition.duties))
    return args


def typed(meta: Meta) -> dict[str, str]:
    fields = enumerate(meta.fields.items(), start=1)
    words = (FieldType.TEXT, FieldType.LONG)
    return {
        f"field-{n}": OPINION if field.type in words else field.example for n, (_, field) in fields if field.required
    }


@dataclass(frozen=True)
class Edited:
    """A letter after an edit; `words` are the new ones."""

    kind: str
    words: str
    letter: Dossier

    @property
    def half(self) -> int:
        return half(f"{self.kind} {self.words}")


def with_body(letter: Dossier, body: list[Paragraph]) -> Dossier:
    text = letter.version.texts[0]
    written = replace(text.written, body=tuple(body))
    return replace(letter, version=replace(letter.version, texts=(Text(written, text.to),)))


def body_of(letter: Dossier) -> list[Paragraph]:
    return list(letter.version.texts[0].written.body)


def named(desk: Desk, letter: Dossier) -> list[tuple[str, str]]:
    """(sentence, name) of everything in the letter that has no basis."""
    found = lookup.citations_of(desk.db, desk.config.coalition, letter, desk.now.date())
    return [(one.citation.sentence, one.name) for one in found if one.basis is Basis.NONE]


def put_in(letter: Dossier, sentence: str, how: int) -> Dossier:
    """The letter with a sentence at the end or the start of a paragraph, in one of its own, or instead of one."""
    body = body_of(letter)
    at = how // 4 % len(body)
    text = body[at].text
    if how % 4 == 0 or body[at].shape is not Shape.TEXT:
        body.insert(at + 1, Paragraph(sentence))
    elif how % 4 == 1:
        body[at] = Paragraph(f"{text} {sentence}")
    elif how % 4 == 2:
        body[at] = Paragraph(f"{sentence} {text}")
    else:
        body[at] = Paragraph(f"{text.rpartition('. ')[0]}. {sentence}" if ". " in text else f"{text} {sentence}")
    return with_body(letter, body)


def digit(text: str) -> int:
    return int(hashlib.sha256(f"place {text}".encode()).hexdigest(), 16)


ON_BILLS = ("support-a-bill", "thank-a-cosponsor", "ask-for-a-hearing", "implement-the-law")


def typed_in(drafted: list[Dossier], name: str) -> Iterator[Edited]:
    on_bills = [letter for letter in drafted if letter.template in ON_BILLS]
    for line in lines(name):
        kind, _, sentence = line.rpartition(" | ")
        chosen = on_bills if kind == "stage" else drafted
        yield Edited(kind, sentence, put_in(chosen[digit(line) % len(chosen)], sentence, digit(line) // 64))


Change = tuple[str, str, Callable[[re.Match[str]], str]]
MONTHS = calendar.month_name[1:]
CHANGES: tuple[Change, ...] = (
    ("day", rf"({'|'.join(MONTHS)}) (\d+), (20\d\d)", lambda m: f"{m[1]} {int(m[2]) % 28 + 1}, {m[3]}"),
    ("day", rf"({'|'.join(MONTHS)}) (\d+), (20\d\d)", lambda m: f"{m[1]} {m[2]}, {int(m[3]) - 1}"),
    ("day", r"fiscal year (20\d\d)", lambda m: f"fiscal year {int(m[1]) + 2}"),
    (
        "number",
        r"(?<!reply within )\b(\d+) (days|hours|million|organizations|cosponsors)",
        lambda m: f"{int(m[1]) + 7} {m[2]}",
    ),
    ("number", r"\b(two|twice|one withhold) ", lambda _: "five "),
    ("section", r"U\.S\.C\. (\d+)", lambda m: f"U.S.C. {int(m[1]) + 3}"),
    ("section", r"Public Law (\d+)-(\d+)", lambda m: f"Public Law {m[1]}-{int(m[2]) + 1}"),
    ("section", r"section (\d+)", lambda m: f"section {int(m[1]) + 1}"),
    ("office", r"(?:Office|Bureau) (?:for|of) [A-Z]\w+(?: (?:of )?[A-Z]\w+)*", lambda _: "Office of Strategic Review"),
    ("office", r"Department of (?:Homeland Security|Justice|State|Labor)", lambda _: "Department of Veterans Affairs"),
    ("office", r"the Attorney General", lambda _: "the Secretary of Commerce"),
    ("committee", r"Committee on the Judiciary|Judiciary Committee", lambda _: "Committee on Natural Resources"),
    ("negation", r"\b(may|must) (?!not)", lambda m: f"{m[1]} not "),
    ("negation", r"\b(was|were|has|have|is|are) (?!not)", lambda m: f"{m[1]} not "),
    ("negation", r"\bcannot\b", lambda _: "can"),
    ("negation", r"\b(requires|covers|includes|depends|funds) ", lambda m: f"no longer {m[1]} "),
    ("negation", r"(?<=\. )(The|No|Anyone|Since|By) ", lambda m: f"It is not true that {m[1].lower()} "),
    ("quotation", r"“(\w+ \w+) ([^”]+)”", lambda m: f"“never {m[1]} {m[2]}”"),
)


def changed_in(drafted: list[Dossier]) -> Iterator[Edited]:
    """Letters with one day, number, name or "not" changed in a paragraph that the template wrote."""
    for kind, pattern, change in CHANGES:
        places = [
            (letter, at, match)
            for letter in drafted
            for at, part in enumerate(body_of(letter))
            for match in re.finditer(pattern, part.text)
        ]
        random.Random(pattern).shuffle(places)
        for letter, at, match in places[:4]:
            body = body_of(letter)
            text, words = body[at].text, change(match)
            new = f"{text[: match.start()]}{words}{text[match.end() :]}"
            body[at] = replace(body[at], text=new)
            yield Edited(
                kind,
                f"{text[max(match.start() - 40, 0) : match.start()]}{words}{text[match.end() : match.end() + 40]}",
                with_body(letter, body),
            )


STYLE = (
    ("I write", "We write"), ("We ask", "We respectfully ask"), ("therefore ", ""), ("would welcome", "would enjoy"),
    ("would appreciate", "would be grateful for"), ("in particular", "above all"), ("often", "too often"),
    (" and to ", " and, above all, to "), ("you or your staff", "you and your staff"), ("should", "ought to"),
)  # fmt: skip


def honest_in(drafted: list[Dossier]) -> Iterator[Edited]:
    """Letters as they are, shortened, with paragraphs moved or joined, and with other words of style."""
    for letter in drafted:
        yield Edited("untouched", letter.template, letter)
        body, name = body_of(letter), letter.template
        plain = [at for at, part in enumerate(body) if part.shape is Shape.TEXT and at not in claimed(letter)]
        at = plain[digit(name) % len(plain)]
        yield Edited("moved", name, with_body(letter, [*body[:at], *body[at + 1 :], body[at]]))
        yield Edited("removed", name, with_body(letter, [*body[:at], *body[at + 1 :]]))
        yield Edited(
            "joined", name, with_body(letter, [Paragraph(" ".join(part.text for part in body[:2])), *body[2:]])
        )
        shorter = [replace(part, text=re.sub(r"(?<=[a-z]{3}\.) [A-Z][^.]*\.$", "", part.text)) for part in body]
        yield Edited("shortened", name, with_body(letter, shorter))
        old, new = STYLE[digit(name) % len(STYLE)]
        restyled = [
            part if n in claimed(letter) else replace(part, text=part.text.replace(old, new))
            for n, part in enumerate(body)
        ]
        yield Edited("style", f"{name}: {new}", with_body(letter, restyled))


def claimed(letter: Dossier) -> set[int]:
    """The paragraphs that make a claim."""
    return {
        at for at, part in enumerate(body_of(letter)) for claim in letter.version.claims if claim.text[:60] in part.text
    }


@pytest.fixture(scope="module")
def clean(desk, drafted) -> list[Dossier]:
    """The letters in which nobody typed a fact into a field."""
    return [letter for letter in drafted if not named(desk, letter)]


def report(kind: str, failed: list[str], tried: int) -> str:
    return "\n".join([f"{len(failed)} of {tried} {kind}", *failed])


@pytest.mark.long
@pytest.mark.parametrize("which", [TUNED, 1 - TUNED])
def test_a_wrong_statement_put_in_by_edit_is_named(desk, clean, which):
    wrong = [one for one in (*typed_in(clean, "wrong.txt"), *changed_in(clean)) if one.half == which]
    missed = [f"{one.kind}: {one.words} ({one.letter.template})" for one in wrong if not named(desk, one.letter)]

    assert len(wrong) >= LEAST
    assert {one.kind for one in wrong} == KINDS
    assert len(missed) <= (1 - CAUGHT) * len(wrong), report("wrong statements were not named", missed, len(wrong))


@pytest.mark.long
@pytest.mark.parametrize("which", [TUNED, 1 - TUNED])
def test_an_honest_edit_needs_no_source(desk, clean, which):
    honest = [one for one in (*typed_in(clean, "honest.txt"), *honest_in(clean)) if one.half == which]
    found = ((one, named(desk, one.letter)) for one in honest)
    false = [f"{one.kind} {one.words} ({one.letter.template}): {names}" for one, names in found if names]

    assert len(honest) >= LEAST
    assert len(false) <= FALSE * len(honest), report("honest edits were named", false, len(honest))
