"""Check that a letter asks each of its addressees, as "you", for what they can do. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from bot.config.coalition import Office
from bot.letters.model import Shape, Written

_ORDINARY: Final = frozenset({"Administrator", "Commissioner", "Deputy", "Director", "Secretary"})
_ONE: Final = re.compile(r"\byour (?:agency|bureau|department|office)\b", re.IGNORECASE)
_SEVERAL: Final = re.compile(
    r"\byour (?:agencies|bureaus|departments|offices)\b|\b(?:both|all) of you\b", re.IGNORECASE
)


def problems(written: Written, offices: Sequence[Office], yous: Sequence[str]) -> Iterator[str]:
    """What is wrong with how a letter addresses these offices. `yous`: the fact `you` of each of `addressee.parts`."""
    asked = [item.text for item in written.body if item.shape is Shape.ITEM]
    for office in offices:
        for name in _names(office):
            _, is_department, subject = name.partition("Department of ")
            # Also as one of several: "the Departments of Labor and of Health and Human Services".
            several = rf"|\bDepartments of\b.{{0,60}}\b{re.escape(subject)}\b" if is_department else ""
            named = re.compile(rf"\b{re.escape(name)}\b{several}")
            if item := next(filter(named.search, asked), ""):
                yield f"asks {office.name} something about “{name}”, as if it were a third party: “{item[:80]}”"
    other = _ONE if len(yous) > 1 else _SEVERAL
    for paragraph in written.body:
        if wrong := other.search(paragraph.text):
            yield f"says “{wrong[0]}” to {len(yous)} addressee{'s' if len(yous) > 1 else ''}"
    for you in yous if len(yous) > 1 else ():
        lead = f"e ask {you} to:"  # also "As a first step, we ask"
        if not any(one.text.endswith(lead) and two.shape is Shape.ITEM for one, two in pairwise(written.body)):
            yield f"has no request of its own for {you.rstrip(',')}: add “We ask {you} to:” with a list"


def _names(office: Office) -> Iterator[str]:
    """What an office and its department or bureau are called in a sentence."""
    names = [*office.name.removeprefix("the ").split(", "), *office.block[:2], *office.also]
    bare = dict.fromkeys(name.removeprefix("U.S. ") for name in names)
    yield from (name for name in bare if name not in _ORDINARY and not re.search(r"\d", name))
