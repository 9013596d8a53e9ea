"""Letter templates: one folder per letter, with a Jinja body and a meta.yml; read, and rendered with their facts.

Staff edit the folders (docs/templates.md); text that people type is never compiled. A template is rendered into the
text of a letter in one limited child process (`sandbox.py`), which is reused, and restarted after one broke a limit.
"""

from __future__ import annotations

import atexit
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from threading import Lock
from types import MappingProxyType
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from bot.config.coalition import Coalition
from bot.deadlines.model import Claim
from bot.letters.model import Paragraph, Shape, Written
from bot.letters.templates.holes import hole_in_a_sentence, without_holes
from bot.shared.calendar import day_of_a_letter
from bot.shared.errors import Problem
from bot.shared.isolation import TIMEOUT, Child
from bot.shared.plain_text import typographic
from bot.shared.time_phrases import parse_day
from bot.shared.values import CommitteeId, Id
from bot.shared.yaml_text import Unreadable, plain_yaml

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]*")
_LONGEST: Final = 100_000  # characters of a template
_LONGEST_ANSWER: Final = 16_000_000  # bytes: a letter of the longest kind, each character written as six or more
_TOO_MUCH: Final = {"failed": "it takes more than 2 seconds or 256 MB, so it was stopped: look for a loop in it"}
_NONE: Final[Mapping[str, Claim | str]] = MappingProxyType({})
_MARKS: Final = re.compile("(?<=[.!?”])[⁰¹²³⁴-⁹]+")  # of notes, in text that was copied from where it shows them
_SHAPES: Final = (("- ", Shape.ITEM), ("## ", Shape.HEADING))


class TemplateProblem(Problem):
    """A template cannot be used; the text names it."""


class FieldType(StrEnum):
    """The type of a field: one line of text, paragraphs, a date (``March 3, 2026``), a number, a choice."""

    TEXT = "text"
    LONG = "long"
    DATE = "date"
    NUMBER = "number"
    CHOICE = "choice"


def _no_number(value: object) -> object:
    if isinstance(value, int):
        raise ValueError("write the `name` that the ask has in coalition.yml, not its number")  # noqa: TRY004 - pydantic's
    return value


AskName = Annotated[Id, BeforeValidator(_no_number)]
_Typed = Annotated[str, BeforeValidator(str)]  # so that YAML dates and numbers need no quotes


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class TemplateField(_Section):
    """A field that the author fills in."""

    type: FieldType = FieldType.TEXT
    help: Annotated[str, Field(max_length=100)]  # Discord forms show no more
    example: _Typed  # as an author might type it
    required: bool = True
    choices: tuple[_Typed, ...] = ()

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if bool(self.choices) != (self.type is FieldType.CHOICE):
            raise ValueError("only a field of type choice has `choices`")
        self.value(self.example)
        return self

    def value(self, given: str) -> str | int:
        """The value for the letter from the typed text. Raises `ValueError`."""
        if self.type is FieldType.LONG:
            return given.strip()
        line = " ".join(given.split())
        if self.type is FieldType.NUMBER and line:
            if not re.fullmatch(r"-?\d{1,15}", line.replace(",", "")):
                raise ValueError(f'"{line[:50]}" is not a whole number')
            return int(line.replace(",", ""))
        if self.type is FieldType.DATE and line:
            if (day := parse_day(line)) is None:
                raise ValueError(f'"{line[:50]}" is not a date with its year. For example: Jan 23, 2027')
            return day_of_a_letter(day)
        if self.type is FieldType.CHOICE and line and line not in self.choices:
            raise ValueError(f'"{line[:50]}" is none of {", ".join(self.choices)}')
        return line


class Need(StrEnum):
    """Something a letter is about. docs/templates.md lists the facts of each."""

    ASK = "ask"
    BILL = "bill"
    DUTY = "duty"
    ENTRY = "entry"


class Meta(_Section):
    """meta.yml of a template."""

    title: str
    suits: str
    # A correction goes to an outlet, testimony to the committee that announced a hearing.
    kind: Literal["letter", "comment", "statement", "correction", "testimony"] = "letter"
    asks: tuple[AskName, ...] = ()  # the asks it was written for, by their names; none: any of them
    fallback: bool = False  # true: offered only while one of our asks has no other letter
    addressees: tuple[
        Id | CommitteeId, ...
    ] = ()  # offices and office groups of coalition.yml, or committees; the usual one first
    needs: tuple[Need, ...] = ()
    bill: Literal["pending", "law"] | None = None  # the first choice for a bill that is pending, or law
    lobbying: Literal["legislation", "regulation", "none"]
    lobbying_why: str
    subject: str  # a template of one line
    claims: tuple[Id, ...] = ()  # authorities of coalition.yml that it may state
    duties: tuple[Id, ...] = ()  # duties of coalition.yml whose status it may state
    example: dict[str, str | int | bool] = {}  # facts by their paths, where the documented examples do not suit it
    fields: dict[Annotated[str, Field(pattern=r"^[a-z][a-z_]*$")], TemplateField] = {}

    @property
    def committees(self) -> tuple[str, ...]:
        """The committees among its addressees; their ids have capitals, those of offices have none."""
        return tuple(id_ for id_ in self.addressees if id_.isupper())

    @property
    def ask(self) -> str | None:
        """The name of the template's ask, if it was written for exactly one."""
        return self.asks[0] if len(self.asks) == 1 else None

    @property
    def may_claim(self) -> tuple[str, ...]:
        """The ids that ``claim("…")`` accepts; "duty" is the sentence on the letter's duty, "duty:ID" on another."""
        return (*self.claims, *(("duty",) if Need.DUTY in self.needs else ()), *(f"duty:{id_}" for id_ in self.duties))

    def values(self, given: Mapping[str, str]) -> dict[str, str | int]:
        """The fact `fields` from typed values; an optional one left out is empty text. Raises `TemplateProblem`."""
        values: dict[str, str | int] = {}
        for name, field in self.fields.items():
            typed = given.get(name, "")
            if field.required and not typed.strip():
                raise TemplateProblem(f"{name} is missing: {field.help}", param=name)
            try:
                values[name] = field.value(typed)
            except ValueError as error:
                raise TemplateProblem(f"{name}: {error}", param=name) from error
        return values


@dataclass(frozen=True, slots=True)
class Template:
    """A template as read. `sources`: its Jinja sources by name: letter.j2, subject, and the shared parts."""

    name: str
    meta: Meta
    sources: Mapping[str, str]

    @property
    def digest(self) -> str:
        """SHA-256 of the sources, stored with each letter."""
        return hashlib.sha256(repr(sorted(self.sources.items())).encode()).hexdigest()


def names(folder: Path) -> list[str]:
    """Names of the templates, sorted. Symbolic links are skipped: they could lead out of the folder."""
    letters = folder / "templates" / "letters"
    paths = letters.iterdir() if letters.is_dir() else ()
    return sorted(path.name for path in paths if _NAME.fullmatch(path.name) and path.is_dir() and not path.is_symlink())


def no_templates_message(folder: Path) -> str:
    """The error message for a folder without templates."""
    where = (folder / "templates" / "letters").resolve()
    return f"No letter can be written: {where} has no templates. Copy templates/ from the bot's distribution."


def not_ours(meta: Meta, coalition: Coalition) -> str:
    """Why this coalition may not use a template, "" where it may: it is about another coalition's asks or claims."""
    names = {ask.name for ask in coalition.asks.values()}
    if asks := [name for name in meta.asks if name not in names]:
        what, key = f'it is about the ask "{asks[0]}", and no ask in coalition.yml has that name', "asks"
    elif claims := [id_ for id_ in meta.claims if id_ not in coalition.authorities]:
        what, key = f'it makes the claim "{claims[0]}", and coalition.yml has no authority with that id', "claims"
    elif owed := [id_ for id_ in meta.duties if id_ not in coalition.duties]:
        what, key = f'it states the duty "{owed[0]}", and coalition.yml has no duty with that id', "duties"
    else:
        return ""
    return f"{what}. Delete its folder, or make the letter your own and change `{key}` in its meta.yml"


def metas(folder: Path) -> dict[str, Meta]:
    """The meta.yml of each template by name, sorted; one that cannot be read is for `lint` to name."""
    readable: dict[str, Meta] = {}
    for name in names(folder):
        with suppress(TemplateProblem):
            readable[name] = _existing(folder, name)
    return readable


def of_others(folder: Path, coalition: Coalition) -> list[tuple[str, str]]:
    """(name, why) of each template that this coalition may not use."""
    return [(name, why) for name, meta_ in metas(folder).items() if (why := not_ours(meta_, coalition))]


def check_exists(folder: Path, name: str) -> None:
    """Raise `TemplateProblem` if there is no template with this name."""
    there = names(folder)
    if not there:
        raise TemplateProblem(no_templates_message(folder))
    if name not in there:
        raise TemplateProblem(f'there is no template "{name[:50]}"; there are {", ".join(there)}')


def read(folder: Path, name: str) -> Template:
    """The template with its sources. Raises `TemplateProblem`."""
    meta_ = meta(folder, name)
    parts = sorted((folder / "templates" / "letters").glob("*.j2"))
    sources = {part.name: _read(folder, part.name) for part in parts}
    sources |= {"letter.j2": _read(folder, f"{name}/letter.j2"), "subject": meta_.subject}
    return Template(name, meta_, sources)


def meta(folder: Path, name: str) -> Meta:
    """The template's meta.yml. Raises `TemplateProblem`."""
    check_exists(folder, name)
    return _existing(folder, name)


def _existing(folder: Path, name: str) -> Meta:
    try:
        return _meta(_read(folder, f"{name}/meta.yml"))
    except (Unreadable, ValidationError) as error:
        slip = " ".join(str(error).split())[:300]
        if isinstance(error, ValidationError):
            slips = [(".".join(map(str, each["loc"])), each["msg"]) for each in error.errors()[:3]]
            slip = "; ".join(f"{where}: {what.removeprefix('Value error, ')}" for where, what in slips)
        raise TemplateProblem(f"templates/letters/{name}/meta.yml cannot be used: {slip}") from error


@lru_cache(maxsize=64)
def _meta(text: str) -> Meta:
    return Meta.model_validate(plain_yaml(text))


def _read(folder: Path, part: str) -> str:
    path = folder / "templates" / "letters" / part
    try:
        if path.is_symlink():
            raise TemplateProblem(f"templates/letters/{part} is a link; copy the file instead")
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise TemplateProblem(f"templates/letters/{part} cannot be read: is it there, and UTF-8 text?") from error
    if len(text) > _LONGEST:
        raise TemplateProblem(f"templates/letters/{part} is longer than {_LONGEST:,} characters")
    return text


class _Sandbox:
    """The child, used by one thread at a time; started on first use, ended with this process."""

    def __init__(self) -> None:
        self._turn = Lock()
        self._child: Child | None = None

    def ask(self, question: Mapping[str, Any]) -> Mapping[str, Any]:
        """Call `sandbox.answer` in the child. The question must be JSON; anything else raises `TypeError`."""
        with self._turn:
            child = self._running()
            with child.patience():
                child.say(question)
                reply = child.output.readline(_LONGEST_ANSWER)
            if not reply.endswith(b"\n"):
                self._end()
                return _TOO_MUCH
        answer: Mapping[str, Any] = json.loads(reply)
        return answer

    def _running(self) -> Child:
        if self._child is None:
            self._child = Child("bot.letters.templates.sandbox", patience=TIMEOUT)
            atexit.register(self._end)
        return self._child

    def _end(self) -> None:
        child, self._child = self._child, None
        atexit.unregister(self._end)
        if child is not None:
            child.end()


_CHILD: Final = _Sandbox()
ask: Final = _CHILD.ask


def write(folder: Path, name: str, facts: Mapping[str, Any], claims: Mapping[str, Claim | str] = _NONE) -> Written:
    """Read and `render` a template."""
    return render(read(folder, name), facts, claims)


_ABOUT: Final = {
    "ask": "one of our asks",
    "bill": "a bill",
    "duty": "a statutory duty",
    "entry": "something that was published",
}


def render(template_: Template, facts: Mapping[str, Any], claims: Mapping[str, Claim | str] = _NONE) -> Written:
    """Render the template.

    `facts` are plain values from `facts.py`. `claims`: for each authority that the template may cite, the claim or the
    reason it may not be made. Raises `TemplateProblem`, also for a missing fact and for a claim that may not be made.
    """
    for need in template_.meta.needs:
        if not facts.get(need):
            raise TemplateProblem(f'the letter "{template_.name}" is about {_ABOUT[need]}: choose one', param=need)
    allowed = {
        id_: claim for id_, claim in claims.items() if isinstance(claim, Claim) and id_ in template_.meta.may_claim
    }
    output = ask(
        {
            "sources": dict(template_.sources),
            "facts": dict(facts),
            "claims": {id_: claim.text for id_, claim in allowed.items()},
            "withheld": {id_: why for id_, why in claims.items() if isinstance(why, str)},
        }
    )
    if "refused" in output:
        raise TemplateProblem(f'the letter "{template_.name}" does not fit: {output["refused"]}')
    if "failed" in output:
        raise TemplateProblem(f"templates/letters/{template_.name} cannot be filled in: {output['failed']}")
    if hole := hole_in_a_sentence((output["subject"], *_blocks(output["body"]))):
        raise TemplateProblem(f"templates/letters/{template_.name}: {hole}")
    body = tuple(paragraphs(without_holes(output["body"])))
    if not body:
        raise TemplateProblem(f"templates/letters/{template_.name} has no text")
    subject, made = _line(without_holes(output["subject"])), tuple(allowed[id_] for id_ in output["claims"])
    return Written(subject=subject, body=body, claims=made)


def used_facts(template_: Template) -> frozenset[str]:
    """The paths of the facts that the template and its included parts name, such as `bill.title`."""
    return frozenset(path for path, *_ in ask({"sources": dict(template_.sources)}).get("facts", ()))


def paragraphs(text: str) -> Iterator[Paragraph]:
    """Parse text into paragraphs: blank lines separate them, "- " starts a list item, "## " a heading.

    The numbers of notes are left out: a note belongs to its sentence (`Written.runs`).
    """
    for block in _blocks(_MARKS.sub("", text)):
        shape = next((shape for sign, shape in _SHAPES if block.startswith(sign)), Shape.TEXT)
        line = _line(block if shape is Shape.TEXT else block.partition(" ")[2])
        if line:
            yield Paragraph(line, shape)


def _blocks(text: str) -> Iterator[str]:
    """The text of each paragraph, its lines joined."""
    block: list[str] = []
    for line in (*map(str.strip, text.splitlines()), ""):
        if block and (not line or line.startswith(("- ", "## ")) or block[0].startswith("## ")):
            yield " ".join(block)
            block = []
        if line:
            block.append(line)


def _line(text: str) -> str:
    """The text as one line with typographic quotation marks, without controls, lone surrogates and direction marks."""
    return typographic("".join(sign for sign in " ".join(text.split()) if sign.isprintable()))
