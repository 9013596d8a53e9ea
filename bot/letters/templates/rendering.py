"""From a template and its facts to the words of a letter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from bot.deadlines.model import Claim
from bot.letters.model import Paragraph, Shape, Written
from bot.letters.templates import child, template
from bot.letters.templates.template import Template, TemplateProblem

_NONE: Final[Mapping[str, Claim | str]] = MappingProxyType({})
_SHAPES: Final = (("- ", Shape.ITEM), ("## ", Shape.HEADING))


def write(folder: Path, name: str, facts: Mapping[str, Any], claims: Mapping[str, Claim | str] = _NONE) -> Written:
    """What the template says of these facts.

    `facts` are plain values, as `facts.py` gathers them. `claims` holds each authority that the template may name:
    the claim, or why it may not be made. Raises `TemplateProblem`: also for a fact that the letter needs and `facts`
    lack, and for a claim that may not be made where the text makes it.
    """
    found = template.read(folder, name)
    for need in found.meta.needs:
        if not facts.get(need):
            raise TemplateProblem(f'the letter "{name}" is about {_ABOUT[need]}: choose one', field=need)
    return _written(found, facts, claims)


_ABOUT: Final = {
    "ask": "one of our asks",
    "bill": "a bill",
    "duty": "a statutory duty",
    "entry": "something that was published",
}


def _written(found: Template, facts: Mapping[str, Any], claims: Mapping[str, Claim | str]) -> Written:
    sure = {id_: claim for id_, claim in claims.items() if isinstance(claim, Claim) and id_ in found.meta.may_claim}
    said = child.ask(
        {
            "sources": dict(found.sources),
            "facts": dict(facts),
            "claims": {id_: claim.text for id_, claim in sure.items()},
            "withheld": {id_: why for id_, why in claims.items() if isinstance(why, str)},
        }
    )
    if "refused" in said:
        raise TemplateProblem(f'the letter "{found.name}" does not fit: {said["refused"]}')
    if "failed" in said:
        raise TemplateProblem(f"templates/letters/{found.name} cannot be filled in: {said['failed']}")
    body = tuple(paragraphs(said["body"]))
    if not body:
        raise TemplateProblem(f"templates/letters/{found.name} says nothing at all")
    return Written(subject=_line(said["subject"]), body=body, claims=tuple(sure[id_] for id_ in said["claims"]))


def paragraphs(text: str) -> Iterator[Paragraph]:
    """Blank lines part paragraphs; a line that starts with "- " is an item of a list, one with "## " a heading."""
    for block in _blocks(text):
        shape = next((shape for sign, shape in _SHAPES if block.startswith(sign)), Shape.TEXT)
        line = _line(block if shape is Shape.TEXT else block.partition(" ")[2])
        if line:
            yield Paragraph(line, shape)


def _blocks(text: str) -> Iterator[str]:
    """The text of each paragraph, which may go over several lines."""
    block: list[str] = []
    for line in (*map(str.strip, text.splitlines()), ""):
        if block and (not line or line.startswith(("- ", "## ")) or block[0].startswith("## ")):
            yield " ".join(block)
            block = []
        if line:
            block.append(line)


def _line(text: str) -> str:
    """One line of what can be seen: no control characters, no halves of characters, no marks of direction."""
    return "".join(sign for sign in " ".join(text.split()) if sign.isprintable())
