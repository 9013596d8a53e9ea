"""Render a template with its facts into the text of a letter, in one limited child process (`sandbox.py`).

The child is reused, and restarted after a template broke a limit.
"""

from __future__ import annotations

import atexit
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from threading import Lock
from types import MappingProxyType
from typing import Any, Final

from bot.deadlines.model import Claim
from bot.letters.model import Paragraph, Shape, Written
from bot.letters.templates import template
from bot.letters.templates.holes import hole_in_a_sentence, without_holes
from bot.letters.templates.template import Template, TemplateProblem
from bot.shared.isolation import Child
from bot.shared.plain_text import typographic

_PATIENCE: Final = 10  # seconds, generous for a busy machine
_LONGEST: Final = 16_000_000  # bytes of an answer: a letter of the longest kind, each character written as six or more
_TOO_MUCH: Final = {"failed": "it takes more than 2 seconds or 256 MB, so it was stopped: look for a loop in it"}
_NONE: Final[Mapping[str, Claim | str]] = MappingProxyType({})
_MARKS: Final = re.compile("(?<=[.!?”])[⁰¹²³⁴-⁹]+")  # of notes, in text that was copied from where it shows them
_SHAPES: Final = (("- ", Shape.ITEM), ("## ", Shape.HEADING))


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
                reply = child.output.readline(_LONGEST)
            if not reply.endswith(b"\n"):
                self._end()
                return _TOO_MUCH
        answer: Mapping[str, Any] = json.loads(reply)
        return answer

    def _running(self) -> Child:
        if self._child is None:
            self._child = Child("bot.letters.templates.sandbox", patience=_PATIENCE)
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
    return render(template.read(folder, name), facts, claims)


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
