"""Print every sentence a person may read, with its place, so that the wording can be reviewed from top to bottom."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bot.app.command_table import COMMANDS
from bot.shared.yaml_text import Places, yaml_with_places

ROOT: Final = Path(__file__).parents[2]
_SQL: Final = re.compile(
    r"\b(SELECT|FROM|WHERE|INSERT|UPDATE|DELETE|CREATE|ALTER|PRAGMA|VALUES|ORDER BY|JOIN|IN \()|[=E] :"
)
_CODE: Final = re.compile(r"\\|\(\?|</|^\s*[<:@]|^--|\b\w+\(\)")  # a pattern, a tag, an option, a call
_WORDS: Final = re.compile(r"[^\W\d_]{2,}.*\s.*[^\W\d_]{2,}|[^\W\d_]{2,}:? \{|\}:? [^\W\d_]{2,}")
_TAGS: Final = re.compile(r"\{%.*?%\}|\{#.*?#\}")
# Calls whose single words people read, and calls whose strings nobody reads.
_LABELED: Final = frozenset({"Button", "Section", "Choice", "FormField", "answer", "Refused", "Card"})
_HIDDEN: Final = frozenset({"compile", "sub", "search", "match", "fullmatch", "findall", "split", "execute", "getattr"})
_QUERIES: Final = frozenset({"query", "any of", "all of", "not", "phrases", "keyword", "words", "agencies", "url"})


@dataclass(frozen=True, slots=True)
class Sentence:
    """A text and its file, or command, and line. `text` shows what is filled in as a name in braces."""

    file: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text}"


def sentences(root: Path = ROOT) -> Iterator[Sentence]:
    """Return the commands' help, then the sentences in Python, in templates and in YAML, in the order of the files."""
    for command in COMMANDS:
        yield Sentence(f"/{command.path}", 1, command.help)
    for path in sorted((root / "bot").rglob("*.py")):
        file = path.relative_to(root).as_posix()
        yield from in_python(file, path.read_text(encoding="utf-8"))
    folders = (root / "bot", root / "templates")
    for path in sorted(path for folder in folders for path in folder.rglob("*.j2")):
        yield from in_template(path.relative_to(root).as_posix(), path.read_text(encoding="utf-8"))
    yaml_files = [root / "coalition.yml", root / "feeds.yml", *(p for folder in folders for p in folder.rglob("*.yml"))]
    for path in sorted(yaml_files):
        yield from in_yaml(path.relative_to(root).as_posix(), path.read_text(encoding="utf-8"))


def in_python(file: str, code: str) -> Iterator[Sentence]:
    """Return the sentences of a module: literals of two words or more, and the labels of buttons and sections."""
    for line, text in sorted(_literals(ast.parse(code))):
        yield Sentence(file, line, text)


def in_template(file: str, text: str) -> Iterator[Sentence]:
    for number, line in enumerate(text.splitlines(), 1):
        if _WORDS.search(spoken := _TAGS.sub("", line).strip()):
            yield Sentence(file, number, spoken)


def in_yaml(file: str, text: str) -> Iterator[Sentence]:
    for line, value in _scalars(*yaml_with_places(text)):
        if _WORDS.search(value) and not _CODE.search(value):
            yield Sentence(file, line, " ".join(value.split()))


def _literals(node: ast.AST, *, label: bool = False) -> Iterator[tuple[int, str]]:
    """Return the lines and texts below a node. `label`: one word is a text, as on a button."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return  # a docstring
    if isinstance(node, ast.Compare) or (isinstance(node, ast.Call) and _name(node) in _HIDDEN):
        return
    if (text := _text(node)) is not None:
        if (_WORDS.search(text) or (label and text[:1].isupper())) and not (_SQL.search(text) or _CODE.search(text)):
            yield node.lineno, " ".join(text.split())  # type: ignore[attr-defined]
        node = ast.Tuple([part for part in ast.walk(node) if isinstance(part, ast.FormattedValue)])
        node = ast.Tuple([part.value for part in node.elts if not _shown(part.value)])  # type: ignore[attr-defined]
    labels = isinstance(node, ast.Call) and _name(node) in _LABELED
    for child in _children(node):
        yield from _literals(child, label=labels)


def _children(node: ast.AST) -> Iterator[ast.AST]:
    for field, value in ast.iter_fields(node):
        if field in ("annotation", "returns", "slice") or (field == "keys" and isinstance(node, ast.Dict)):
            continue
        children = value if isinstance(value, list) else [value]
        if field == "args" and _name(node) == "Button":
            children = [children[0], *children[2:]]  # the second is the path of a command
        yield from (child for child in children if isinstance(child, ast.AST))


def _text(node: ast.AST) -> str | None:
    """Return the text of a literal, or of literals put together with `+`; None if the node is something else."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part) or _hole(part) for part in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = _text(node.left), _text(node.right)
        if left is not None or right is not None:
            return (_hole(node.left) if left is None else left) + (_hole(node.right) if right is None else right)
    return None


def _hole(node: ast.AST) -> str:
    """Return what a text shows where something is filled in: `{name}`, `{one|other}` or `{number source/sources}`."""
    value = node.value if isinstance(node, ast.FormattedValue) else node
    return f"{{{_shown(value) or _name(value) or '…'}}}"


def _shown(value: ast.AST) -> str:
    if isinstance(value, ast.IfExp):
        ways = [_text(way) for way in (value.body, value.orelse)]
        return "" if None in ways else "|".join(map(str, ways))
    if isinstance(value, ast.Call) and _name(value) == "number":
        return "number " + "/".join(_text(word) or _hole(word) for word in value.args[1:])
    return ""


def _name(node: ast.AST) -> str:
    """Return the last name of what is called or read: `clock` for `wording.clock(…)`."""
    if isinstance(node, (ast.Call, ast.Subscript)):
        return _name(node.func if isinstance(node, ast.Call) else node.value)
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _scalars(value: Any, places: Places, line: int = 1) -> Iterator[tuple[int, str]]:
    """Return the lines and texts in a YAML value, without names and what watches look for."""
    if isinstance(value, str):
        yield line, value
    elif isinstance(value, dict | list):
        items = value.values() if isinstance(value, dict) else value
        for (key, (at, below)), item in zip(places.items(), items, strict=True):
            if key not in _QUERIES:
                yield from _scalars(item, below, at)


if __name__ == "__main__":
    for sentence in sentences():
        print(sentence)  # noqa: T201 - `make strings` prints the table
