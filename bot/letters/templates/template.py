"""Read letter templates: one folder per letter, with a Jinja body and a meta.yml.

Staff edit the folders (docs/templates.md); text that people type is never compiled. `rendering.py` renders templates.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from bot.config.coalition import Coalition
from bot.shared.calendar import day_of_a_letter
from bot.shared.errors import Problem
from bot.shared.time_phrases import parse_day
from bot.shared.values import CommitteeId, Id
from bot.shared.yaml_text import Unreadable, plain_yaml

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]*")
_LONGEST: Final = 100_000  # characters of a template


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
        """The fact `fields` from typed values; an optional field without a value is empty text.

        Raises `TemplateProblem`.
        """
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
