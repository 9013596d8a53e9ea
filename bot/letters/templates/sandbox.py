"""Compile and render templates in a limited child process.

It reads one JSON question per line from standard input and prints one JSON answer per line, so that a template only
handles strings, numbers and lists of them. `template.py` is the client.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, NoReturn, Self

from jinja2 import FunctionLoader, StrictUndefined, TemplateSyntaxError, Undefined, meta, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from bot.letters.templates.holes import MARK, without_holes
from bot.shared import isolation
from bot.shared.errors import CoalitionBotError

MEMORY: Final = 256 * 1024 * 1024  # bytes of address space
CPU: Final = 2  # seconds per question
LONGEST: Final = 1_000_000  # characters of a rendered text
_FUNCTIONS: Final = frozenset({"claim", "confirmed", "refuse"})
# The filters letters need. `random` is not repeatable; `attr`, `format` and `map` give access to too much.
_FILTERS: Final = ("capitalize", "default", "first", "join", "last", "length", "lower", "replace", "trim", "upper")
_NUMBERS: Final = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
# Lines with nothing but tags; an include is not one, because it produces text.
_TAGS_ALONE = re.compile(r"\s*(?:(?:\{%(?!-?\s*include\b)(?:(?!%\}).)*%\}|\{#(?:(?!#\}).)*#\})\s*)+")


class Empty(str):
    """A fact without a value: false, equal to "", and printed as its path between marks, which `holes.py` finds."""

    __slots__ = ("path",)
    path: str

    def __new__(cls, path: str) -> Self:
        empty = super().__new__(cls, "")
        empty.path = path
        return empty

    def __str__(self) -> str:
        return f"{MARK}{self.path}{MARK}"

    def _same(self, *_: object) -> Self:
        return self

    strip = upper = lower = capitalize = replace = _same  # what the filters call


class Refused(CoalitionBotError):
    """A template called `refuse` because another letter fits better."""


def main() -> None:
    isolation.confine(MEMORY)
    for line in sys.stdin.buffer:
        isolation.grant_time(CPU)
        print(json.dumps(answer(json.loads(line))), flush=True)  # noqa: T201 - standard output is the way back


def answer(question: Mapping[str, Any]) -> Mapping[str, Any]:
    """Render a template (`subject`, `body`, `claims` made) or, without facts in the question, list the names it uses.

    `refused` has the template's reason not to be used; `failed` says what is wrong with it.
    """
    try:
        environment = _environment(tuple(sorted(question["sources"].items())))
        return _render(environment, question) if "facts" in question else _names(environment)
    except Refused as refused:
        return {"refused": str(refused)}
    except (RecursionError, MemoryError):
        return {"failed": "it needs more memory or nesting than a letter may use"}
    except TemplateSyntaxError as error:
        return {"failed": f"{error.name} line {error.lineno}: {error.message}"}
    except Exception as error:  # noqa: BLE001 - a template may do anything: add a number to a text, divide by zero
        return {"failed": f"{_place(error)}{' '.join(str(error).split())[:300] or type(error).__name__}"}


@lru_cache(maxsize=8)
def _environment(sources: tuple[tuple[str, str], ...]) -> ImmutableSandboxedEnvironment:
    texts = {name: "\n".join(map(_keep_line_end, text.splitlines())) for name, text in sources}
    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        loader=FunctionLoader(lambda name: (texts[name], name, None) if name in texts else None),
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: str(value) if isinstance(value, Empty) else value,
    )
    environment.globals.clear()  # lipsum, range and the like only help to exhaust the renderer
    environment.filters = {name: environment.filters[name] for name in _FILTERS} | {
        "default": default,
        "listed": listed,
        "spelled": spelled,
    }
    return environment


def _keep_line_end(line: str) -> str:
    """Keep the line break after a tag that ends a line of text, which `trim_blocks` would remove."""
    if line.endswith(("%}", "#}")) and line[-3:-2] not in ("-", "+") and not _TAGS_ALONE.fullmatch(line):
        return f"{line[:-2]}+{line[-2:]}"
    return line


def default(value: object, other: object = "", also_false: bool = False) -> object:
    """The value, or `other` if it is missing or empty, and if it is false where `also_false`."""
    missing = isinstance(value, (Undefined, Empty)) or value is None
    return other if missing or (also_false and not value) else value


def listed(words: Sequence[str]) -> str:
    """``A``, ``A and B``, ``A, B and C``."""
    *most, last = words or (Empty("list"),)
    return f"{', '.join(most)} and {last}" if most else last


def spelled(count: int) -> str:
    """A count as letters write it: in words below ten."""
    return _NUMBERS[count] if 0 <= count < len(_NUMBERS) else str(count)


def _render(environment: ImmutableSandboxedEnvironment, question: Mapping[str, Any]) -> Mapping[str, Any]:
    claims, made = question["claims"], dict[str, None]()  # made: in the order of the text

    def claim(id_: str) -> str:
        if id_ not in claims:
            why = question["withheld"].get(id_, "meta.yml does not list it")
            raise LookupError(f'the claim "{id_}" may not be made: {why}')
        made[id_] = None
        return str(claims[id_])

    facts = _marked(question["facts"]) | {"claim": claim, "confirmed": claims.__contains__, "refuse": _refuse}
    subject = _join(environment.get_template("subject").generate(facts))
    return {"subject": subject, "body": _join(environment.get_template("letter.j2").generate(facts)), "claims": [*made]}


def _marked(value: Any, path: str = "") -> Any:
    """The facts with each empty text as `Empty`."""
    match value:
        case dict():
            return {key: _marked(each, f"{path}.{key}" if path else key) for key, each in value.items()}
        case list():
            return [_marked(each, path) for each in value]
        case "":
            return Empty(path)
        case str():
            return value.replace(MARK, "")
        case _:
            return value


def _refuse(why: str) -> NoReturn:
    raise Refused(without_holes(why))


def _join(pieces: Iterator[str]) -> str:
    text = ""
    for piece in pieces:
        text += piece
        if len(text) > LONGEST:
            raise MemoryError
    return text


def _names(environment: ImmutableSandboxedEnvironment) -> Mapping[str, Any]:
    """Every fact and claim that the letter and its included parts use, each with its source and line.

    ``["bill.title", "letter.j2", 3]``. `optional`: the claims that it makes only if they are ``confirmed("…")``.
    """
    facts: list[tuple[str, str, int]] = []
    claims: list[tuple[str, str, int]] = []
    optional: list[str] = []
    waiting = ["subject", "letter.j2"]
    for name in waiting:
        environment.get_template(name)  # compile it: errors such as an unknown filter show only here
        assert environment.loader
        tree = environment.parse(environment.loader.get_source(environment, name)[0])
        given = meta.find_undeclared_variables(tree) - _FUNCTIONS
        facts += [(path, name, line) for path, line in _paths(tree) if path.partition(".")[0] in given]
        calls = list(tree.find_all(nodes.Call))
        claims += [(id_, name, call.lineno) for call in calls for id_ in _ids_of(call, "claim")]
        optional += [id_ for call in calls for id_ in _ids_of(call, "confirmed")]
        waiting += sorted({part for part in meta.find_referenced_templates(tree) if part} - {*waiting})
    return {"facts": facts, "claims": claims, "optional": optional, "sources": waiting}


def _paths(node: nodes.Node) -> Iterator[tuple[str, int]]:
    if path := _path(node):
        yield path, node.lineno
        return
    for child in node.iter_child_nodes():
        yield from _paths(child)


def _path(node: nodes.Node) -> str:
    """The longest chain of names that starts at a variable, such as ``a.b.c``; "" for anything else."""
    if isinstance(node, nodes.Name):
        return node.name if node.ctx == "load" else ""
    if isinstance(node, nodes.Getattr) and (before := _path(node.node)):
        return f"{before}.{node.attr}"
    return ""


def _ids_of(call: nodes.Call, function: str) -> Iterator[str]:
    if isinstance(call.node, nodes.Name) and call.node.name == function:
        yield from (str(arg.value) for arg in call.args if isinstance(arg, nodes.Const))


def _place(error: Exception) -> str:
    """The template and line of an error, from its traceback: Jinja puts template names and lines there."""
    place, trace = "", error.__traceback__
    while trace:
        name = trace.tb_frame.f_code.co_filename
        if name == "subject" or name.endswith(".j2"):
            place = f"{name} line {trace.tb_lineno}: "
        trace = trace.tb_next
    return place


if __name__ == "__main__":
    main()
