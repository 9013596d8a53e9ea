"""Letter templates: a folder a letter, text by Jinja, facts about it in meta.yml. The one place that knows jinja2.

Staff edit the folders; nobody's text is ever compiled. A template sees plain strings and lists alone, so there is
nothing it could reach through them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from jinja2 import DictLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.config.load import Unreadable, plain_yaml

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]*")
_LONGEST: Final = 100_000  # characters of a template or of a letter


class TemplateProblem(Exception):
    """A template cannot be used; the text names it and says what is wrong with it."""


class TemplateField(BaseModel):
    """A fact the letter asks for."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    help: str
    required: bool = True


class Meta(BaseModel):
    """meta.yml of a template."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    suits: str
    lobbying: Literal["legislation", "regulation", "none"]
    lobbying_why: str
    fields: dict[Annotated[str, Field(pattern=r"^[a-z][a-z_]*$")], TemplateField] = {}


def names(folder: Path) -> list[str]:
    """The templates there are. A link is none: it could lead out of the folder."""
    letters = folder / "templates" / "letters"
    found = letters.iterdir() if letters.is_dir() else ()
    return sorted(path.name for path in found if _NAME.fullmatch(path.name) and path.is_dir() and not path.is_symlink())


def meta(folder: Path, name: str) -> Meta:
    """Raises `TemplateProblem`."""
    try:
        return Meta.model_validate(plain_yaml(_read(folder, name, "meta.yml")))
    except (Unreadable, ValidationError) as error:
        raise TemplateProblem(f"templates/letters/{name}/meta.yml cannot be used: {_first_line(error)}") from error


def render(folder: Path, name: str, facts: Mapping[str, Any]) -> str:
    """The letter's text. Raises `TemplateProblem`, also for a fact that the template needs and `facts` lack."""
    loader = DictLoader({name: _read(folder, name, "letter.j2")})
    environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, loader=loader)
    environment.globals.clear()  # lipsum, range and the like are only good for making a renderer busy
    try:
        text = environment.get_template(name).render(facts)
    except Exception as error:  # a template may do anything: add a number to a text, divide by zero
        raise TemplateProblem(
            f"templates/letters/{name}/letter.j2 cannot be filled in: {_first_line(error)}"
        ) from error
    return re.sub(r"\n{3,}", "\n\n", text[:_LONGEST]).strip() + "\n"


def _read(folder: Path, name: str, part: str) -> str:
    if name not in names(folder):
        raise TemplateProblem(f'there is no template "{name}"; there are {", ".join(names(folder)) or "none yet"}')
    path = folder / "templates" / "letters" / name / part
    try:
        if path.is_symlink():
            raise TemplateProblem(f"templates/letters/{name}/{part} is a link; copy the file instead")
        return path.read_text(encoding="utf-8")[:_LONGEST]
    except (OSError, UnicodeDecodeError) as error:
        raise TemplateProblem(f"templates/letters/{name}/{part} cannot be read") from error


def _first_line(error: Exception) -> str:
    return " ".join(str(error).split())[:300]
