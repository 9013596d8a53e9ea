"""Letter templates: a folder a letter, its body by Jinja, what it is and needs in meta.yml.

Staff edit the folders (docs/templates.md); nobody's text is ever compiled. Here they are found and read; `writing.py`
fills them in.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from bot.config.load import Unreadable, plain_yaml
from bot.config.values import Id
from bot.shared.calendar import day_of_a_letter
from bot.shared.errors import CoalitionBotError

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]*")
_LONGEST: Final = 100_000  # characters of a template


class TemplateProblem(CoalitionBotError):
    """A template cannot be used; the text names it and says what is wrong. `field`: which of its fields it is about."""

    def __init__(self, what: str, *, field: str = "") -> None:
        super().__init__(what)
        self.field = field


class FieldType(StrEnum):
    """How a field is asked for and what its letter gets: text in one line, paragraphs, ``March 3, 2026``, a number."""

    TEXT = "text"
    LONG = "long"
    DATE = "date"
    NUMBER = "number"
    CHOICE = "choice"


_Typed = Annotated[str, BeforeValidator(str)]  # a day and a number need no quotes in YAML


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TemplateField(_Section):
    """A fact the letter asks for."""

    type: FieldType = FieldType.TEXT
    help: Annotated[str, Field(max_length=100)]  # no form of Discord's shows more
    example: _Typed  # as somebody might type it
    required: bool = True
    choices: tuple[_Typed, ...] = ()

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if bool(self.choices) != (self.type is FieldType.CHOICE):
            raise ValueError("`choices` belong to a field of the type choice, and to no other")
        self.value(self.example)
        return self

    def value(self, given: str) -> str | int:
        """What the letter gets for what was typed. Raises `ValueError`."""
        if self.type is FieldType.LONG:
            return given.strip()
        line = " ".join(given.split())
        if self.type is FieldType.NUMBER and line:
            if not re.fullmatch(r"-?\d{1,15}", line.replace(",", "")):
                raise ValueError(f'"{line[:50]}" is not a whole number')
            return int(line.replace(",", ""))
        if self.type is FieldType.DATE and line:
            return _day(line)
        if self.type is FieldType.CHOICE and line and line not in self.choices:
            raise ValueError(f'"{line[:50]}" is none of {", ".join(self.choices)}')
        return line


class Need(StrEnum):
    """What a letter is about, beside whom it goes to. docs/templates.md lists the facts of each."""

    ASK = "ask"
    BILL = "bill"
    DUTY = "duty"
    ENTRY = "entry"


class Meta(_Section):
    """meta.yml of a template."""

    title: str
    suits: str
    kind: Literal["letter", "comment", "statement", "correction"] = "letter"  # a correction goes to an outlet
    asks: tuple[int, ...] = ()  # the asks it was written for; none: whichever
    fallback: bool = False  # true: offered only while one of our asks has no letter of its own
    addressees: tuple[Id, ...] = ()  # offices and office groups of coalition.yml it is for, the usual one first
    needs: tuple[Need, ...] = ()
    bill: Literal["pending", "law"] | None = None  # the first choice for a bill that is pending, or law
    lobbying: Literal["legislation", "regulation", "none"]
    lobbying_why: str
    subject: str  # a template of one line
    claims: tuple[Id, ...] = ()  # authorities of coalition.yml that it may state
    example: dict[str, str | int | bool] = {}  # facts by their paths, where the documented examples do not suit it
    fields: dict[Annotated[str, Field(pattern=r"^[a-z][a-z_]*$")], TemplateField] = {}

    @property
    def ask(self) -> int | None:
        """The ask that it is about, where it was written for one alone."""
        return self.asks[0] if len(self.asks) == 1 else None

    @property
    def may_claim(self) -> tuple[str, ...]:
        """The ids that ``claim("…")`` takes; "duty" is the sentence on the duty that the letter is about."""
        return (*self.claims, *(("duty",) if Need.DUTY in self.needs else ()))

    def values(self, given: Mapping[str, str]) -> dict[str, str | int]:
        """The fact `fields`, from what people typed; an optional field without a value is empty text.

        Raises `TemplateProblem`.
        """
        values: dict[str, str | int] = {}
        for name, field in self.fields.items():
            typed = given.get(name, "")
            if field.required and not typed.strip():
                raise TemplateProblem(f"{name} is missing: {field.help}", field=name)
            try:
                values[name] = field.value(typed)
            except ValueError as error:
                raise TemplateProblem(f"{name}: {error}", field=name) from error
        return values


@dataclass(frozen=True, slots=True)
class Template:
    """A template as it was read. `sources` are its Jinja texts by name: letter.j2, subject, and the shared parts."""

    name: str
    meta: Meta
    sources: Mapping[str, str]

    @property
    def digest(self) -> str:
        """The same for the same words: what was approved was written with this."""
        return hashlib.sha256(repr(sorted(self.sources.items())).encode()).hexdigest()


def names(folder: Path) -> list[str]:
    """The templates there are. A link is none: it could lead out of the folder."""
    letters = folder / "templates" / "letters"
    found = letters.iterdir() if letters.is_dir() else ()
    return sorted(path.name for path in found if _NAME.fullmatch(path.name) and path.is_dir() and not path.is_symlink())


def none_in(folder: Path) -> str:
    """What to do where there are none."""
    where = (folder / "templates" / "letters").resolve()
    return f"No letter can be written: there are no templates in {where}. Copy templates/ from where the bot came from."


def need_be_there(folder: Path, name: str) -> None:
    """Raises `TemplateProblem` for a name that is none of the templates'."""
    there = names(folder)
    if not there:
        raise TemplateProblem(none_in(folder))
    if name not in there:
        raise TemplateProblem(f'there is no template "{name[:50]}"; there are {", ".join(there)}')


def read(folder: Path, name: str) -> Template:
    """Raises `TemplateProblem`."""
    known = meta(folder, name)
    parts = sorted((folder / "templates" / "letters").glob("*.j2"))
    sources = {part.name: _read(folder, part.name) for part in parts}
    sources |= {"letter.j2": _read(folder, f"{name}/letter.j2"), "subject": known.subject}
    return Template(name, known, sources)


def meta(folder: Path, name: str) -> Meta:
    """Raises `TemplateProblem`."""
    need_be_there(folder, name)
    try:
        return _meta(_read(folder, f"{name}/meta.yml"))
    except (Unreadable, ValidationError) as error:
        raise TemplateProblem(f"templates/letters/{name}/meta.yml cannot be used: {_slip(error)}") from error


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


def _day(line: str) -> str:
    try:
        return day_of_a_letter(date.fromisoformat(line))
    except ValueError as error:
        raise ValueError(f'"{line[:50]}" is not a date. Write it as 2026-01-23') from error


def _slip(error: Exception) -> str:
    if isinstance(error, ValidationError):
        slips = (f"{'.'.join(map(str, slip['loc']))}: {slip['msg']}" for slip in error.errors()[:3])
        return "; ".join(slips)
    return " ".join(str(error).split())[:300]
