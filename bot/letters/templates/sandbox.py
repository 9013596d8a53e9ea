"""Where the words of letters are compiled and rendered: a process of its own, under limits.

It reads a question a line from its standard input and answers each with a line, both JSON, so that a template can meet
nothing but text, numbers and lists of them. `apart.py` is the other end.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, NoReturn

from jinja2 import FunctionLoader, StrictUndefined, TemplateSyntaxError, meta, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from bot.shared import isolation
from bot.shared.errors import CoalitionBotError

MEMORY: Final = 256 * 1024 * 1024  # bytes of address space
CPU: Final = 2  # seconds a question
LONGEST: Final = 1_000_000  # characters of what a template says
_FUNCTIONS: Final = frozenset({"claim", "refuse"})
# What a letter has use for. `random` would say something else each time; `attr`, `format` and `map` reach too far.
_FILTERS: Final = ("capitalize", "default", "first", "join", "last", "length", "lower", "replace", "trim", "upper")
# An included part stands for words, so its line is none of these.
_TAGS_ALONE = re.compile(r"\s*(?:(?:\{%(?!-?\s*include\b)(?:(?!%\}).)*%\}|\{#(?:(?!#\}).)*#\})\s*)+")


class Refused(CoalitionBotError):
    """A template says that another letter is the right one."""


def main() -> None:
    isolation.confine(MEMORY)
    for line in sys.stdin.buffer:
        isolation.grant_time(CPU)
        print(json.dumps(answer(json.loads(line))), flush=True)  # noqa: T201 - standard output is the way back


def answer(question: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a template says (`subject`, `body`, `claims` it made), or, asked without facts, what names it uses.

    `refused` is the template's own word that it is not the right one; `failed` says what is wrong with it.
    """
    try:
        environment = _environment(tuple(sorted(question["sources"].items())))
        return _said(environment, question) if "facts" in question else _names(environment)
    except Refused as refused:
        return {"refused": str(refused)}
    except (RecursionError, MemoryError):
        return {"failed": "it asks for more than a letter may take"}
    except TemplateSyntaxError as error:
        return {"failed": f"{error.name} line {error.lineno}: {error.message}"}
    except Exception as error:  # noqa: BLE001 - a template may do anything: add a number to a text, divide by zero
        return {"failed": f"{_place(error)}{' '.join(str(error).split())[:300] or type(error).__name__}"}


@lru_cache(maxsize=8)
def _environment(sources: tuple[tuple[str, str], ...]) -> ImmutableSandboxedEnvironment:
    texts = {name: "\n".join(map(_unglued, text.splitlines())) for name, text in sources}
    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        loader=FunctionLoader(lambda name: (texts[name], name, None) if name in texts else None),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.clear()  # lipsum, range and the like are only good for making a renderer busy
    environment.filters = {name: environment.filters[name] for name in _FILTERS} | {"listed": listed}
    return environment


def _unglued(line: str) -> str:
    """A tag alone on its line leaves no line behind (`trim_blocks`); one that ends a line of words must not glue it."""
    if line.endswith(("%}", "#}")) and line[-3:-2] not in ("-", "+") and not _TAGS_ALONE.fullmatch(line):
        return f"{line[:-2]}+{line[-2:]}"
    return line


def listed(words: Sequence[str]) -> str:
    """``A``, ``A and B``, ``A, B and C``."""
    *most, last = words or ("",)
    return f"{', '.join(most)} and {last}" if most else last


def _said(environment: ImmutableSandboxedEnvironment, question: Mapping[str, Any]) -> Mapping[str, Any]:
    made: dict[str, None] = {}  # in the order of the text
    facts = question["facts"] | {"claim": _claim(question["claims"], question["withheld"], made), "refuse": _refuse}
    subject = _text(environment.get_template("subject").generate(facts))
    return {"subject": subject, "body": _text(environment.get_template("letter.j2").generate(facts)), "claims": [*made]}


def _refuse(why: str) -> NoReturn:
    raise Refused(why)


def _claim(claims: Mapping[str, str], withheld: Mapping[str, str], made: dict[str, None]) -> Callable[[str], str]:
    def claim(id_: str) -> str:
        if id_ not in claims:
            raise LookupError(f'the claim "{id_}" may not be made: {withheld.get(id_, "meta.yml does not name it")}')
        made[id_] = None
        return claims[id_]

    return claim


def _text(pieces: Iterator[str]) -> str:
    text = ""
    for piece in pieces:
        text += piece
        if len(text) > LONGEST:
            raise MemoryError
    return text


def _names(environment: ImmutableSandboxedEnvironment) -> Mapping[str, Any]:
    """Every fact that the letter and the parts it includes read, with its place, and every claim.

    ``["bill.title", "letter.j2", 3]``
    """
    facts: list[tuple[str, str, int]] = []
    claims: list[tuple[str, str, int]] = []
    waiting = ["subject", "letter.j2"]
    for name in waiting:
        environment.get_template(name)  # what cannot be compiled, such as an unknown filter, shows only here
        tree = environment.parse(_source(environment, name))
        given = meta.find_undeclared_variables(tree) - _FUNCTIONS
        facts += [(path, name, line) for path, line in _paths(tree) if path.partition(".")[0] in given]
        claims += [(id_, name, call.lineno) for call in tree.find_all(nodes.Call) for id_ in _claimed(call)]
        waiting += sorted({part for part in meta.find_referenced_templates(tree) if part} - {*waiting})
    return {"facts": facts, "claims": claims, "sources": waiting}


def _source(environment: ImmutableSandboxedEnvironment, name: str) -> str:
    assert environment.loader
    return environment.loader.get_source(environment, name)[0]


def _paths(node: nodes.Node) -> Iterator[tuple[str, int]]:
    if path := _path(node):
        yield path, node.lineno
        return
    for child in node.iter_child_nodes():
        yield from _paths(child)


def _path(node: nodes.Node) -> str:
    """``a.b.c`` for the longest chain of names that starts at a variable; empty for anything else."""
    if isinstance(node, nodes.Name):
        return node.name if node.ctx == "load" else ""
    if isinstance(node, nodes.Getattr) and (before := _path(node.node)):
        return f"{before}.{node.attr}"
    return ""


def _claimed(call: nodes.Call) -> Iterator[str]:
    if isinstance(call.node, nodes.Name) and call.node.name == "claim":
        yield from (str(arg.value) for arg in call.args if isinstance(arg, nodes.Const))


def _place(error: Exception) -> str:
    """Where in the templates it happened: Jinja gives its tracebacks the templates' own names and lines."""
    place, trace = "", error.__traceback__
    while trace:
        name = trace.tb_frame.f_code.co_filename
        if name == "subject" or name.endswith(".j2"):
            place = f"{name} line {trace.tb_lineno}: "
        trace = trace.tb_next
    return place


if __name__ == "__main__":
    main()
