"""Find empty facts that a template printed: a sentence with a hole in it is worse than no letter. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

MARK: Final = "\ue000"  # before and after the path of an empty fact in a rendered text; private use, so no text has it
_HOLES: Final = re.compile(f"{MARK}([^{MARK}]*){MARK}")
_ENDS: Final = re.compile(r"(?:^[-# ]*|[.!?][”\"’)]?)\s*$")  # the text before a whole sentence
_BEGINS: Final = re.compile(r"\s*(?:$|[A-Z“[])")
_NEAR: Final = 1_000  # characters around a hole that are looked at: a paragraph may have thousands of holes
_BEFORE, _AFTER = 60, 40  # characters that are quoted around a hole


def without_holes(text: str) -> str:
    """The text without what empty facts printed."""
    return _HOLES.sub("", text)


def hole_in_a_sentence(paragraphs: Iterable[str]) -> str:
    """What is wrong with the first sentence with an empty fact in it, or "". A sentence by itself leaves no hole."""
    for paragraph in paragraphs:
        for hole in _HOLES.finditer(paragraph):
            before = without_holes(paragraph[max(hole.start() - _NEAR, 0) : hole.start()])
            after = without_holes(paragraph[hole.end() : hole.end() + _NEAR])
            if _ENDS.search(before) and _BEGINS.match(after):
                continue
            place, path = f"{before[-_BEFORE:].lstrip()}[…]{after[:_AFTER].rstrip()}", hole[1]
            return (
                f"there is no {path} for “{place}”: ask {{% if {path} %}} first, or write "
                f'{{{{ {path} | default("") }}}} if the sentence reads well without it'
            )
    return ""
