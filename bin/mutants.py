"""Change the code that must not be wrong in small ways, one at a time, and list the changes that no test notices.

    python bin/mutants.py [WORD …]    only the modules whose path has one of the words

The modules, each with the tests that belong to it, are in pyproject.toml under [tool.mutants]. A change is made in a
fork of a pytest that has collected these tests, by exchanging the code of the functions, so a decorated handler can be
changed too, and only the tests that run the changed line are run. Exits with 1 below `least` killed in a module.
"""

from __future__ import annotations

import ast
import gc
import os
import re
import resource
import signal
import sys
import threading
import time
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from types import CodeType, FrameType, FunctionType
from typing import Any, TextIO

import pytest

ROOT = Path(__file__).resolve().parent.parent
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["mutants"]
PATIENCE = 15  # seconds that a change gets beyond five times what its tests take; what is slower hangs, and is noticed

Change = tuple[int, str, Callable[[], None]]  # the line, what becomes of it, and the edit of the tree

SWAPPED: dict[type[ast.AST], tuple[str, type[ast.AST]]] = {
    old: (f"{was} → {new}", ast_type)
    for old, was, new, ast_type in (
        (ast.Lt, "<", "<=", ast.LtE), (ast.LtE, "<=", "<", ast.Lt), (ast.Gt, ">", ">=", ast.GtE),
        (ast.GtE, ">=", ">", ast.Gt), (ast.Eq, "==", "!=", ast.NotEq), (ast.NotEq, "!=", "==", ast.Eq),
        (ast.In, "in", "not in", ast.NotIn), (ast.NotIn, "not in", "in", ast.In), (ast.Is, "is", "is not", ast.IsNot),
        (ast.IsNot, "is not", "is", ast.Is), (ast.And, "and", "or", ast.Or), (ast.Or, "or", "and", ast.And),
        (ast.Add, "+", "-", ast.Sub), (ast.Sub, "-", "+", ast.Add), (ast.Mult, "*", "/", ast.Div),
        (ast.Div, "/", "*", ast.Mult), (ast.FloorDiv, "//", "*", ast.Mult), (ast.Pow, "**", "*", ast.Mult),
        (ast.BitAnd, "&", "|", ast.BitOr), (ast.BitOr, "|", "&", ast.BitAnd), (ast.Mod, "%", "/", ast.Div),
    )
}  # fmt: skip
SQL = re.compile(r"\b(SELECT|UPDATE|DELETE|INSERT)\b")
SQL_EDITS = (
    (re.compile(r" AND [^\n)]+?(?=\s*(?:\n|\)|$| AND | ORDER | RETURNING ))"), ""),
    (re.compile(r"(?<=WHERE )[^\n)]+?(?=\s*(?:\n|\)|$| AND | ORDER | RETURNING ))"), "1 = 1"),
    (re.compile(r"(?<= )[<>](?= )"), r"\g<0>="),
    (re.compile(r"(?<= )([<>])=(?= )"), r"\1"),
    (re.compile(r" DESC\b"), ""),
)
PLAIN_CALLS = {"frozenset", "timedelta", "MappingProxyType"}


def changes(tree: ast.Module) -> list[Change]:
    """Every change of a module, in an order that is the same for each parse of it."""
    found: list[Change] = []
    for statement in tree.body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found += _of(statement)
        elif isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value and _is_plain(statement.value):
            # How large a limit is was decided, and no test repeats it.
            found += (change for change in _of(statement) if not re.match(r"[0-9.]+ → ", change[1]))
    return found


def _is_plain(value: ast.expr) -> bool:
    """Whether a constant can be made a second time: what it calls registers nothing."""
    calls = (each.func for each in ast.walk(value) if isinstance(each, ast.Call))
    return all(isinstance(called, ast.Name) and called.id in PLAIN_CALLS for called in calls)


def _of(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):  # no decorators, defaults, annotations
        children: list[ast.AST] = list(node.body)
        if isinstance(node, ast.ClassDef):
            children = [each for each in children if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)]
    elif isinstance(node, ast.Raise | ast.Assert | ast.Import | ast.ImportFrom):
        children = []
    elif isinstance(node, ast.AnnAssign):
        children = [node.value] if node.value else []
    elif isinstance(node, ast.JoinedStr):
        children = [each for each in node.values if isinstance(each, ast.Constant)]
    elif isinstance(node, ast.Lambda):
        children = [node.body]
    elif isinstance(node, ast.keyword) and node.arg == "strict":  # an assertion
        children = []
    else:
        children = list(ast.iter_child_nodes(node))
    line = getattr(node.ifs[0] if isinstance(node, ast.comprehension) and node.ifs else node, "lineno", 0)
    for field, value in ast.iter_fields(node):
        if isinstance(value, list):
            yield from _statements(node, field, value)
    yield from ((line, what, edit) for what, edit in _edits(node))
    for child in children:
        if not (isinstance(child, ast.Expr) and _is_aside(child.value)):
            yield from _of(child)


def _is_aside(value: ast.expr) -> bool:
    """Whether it is a docstring, a line of the log, or a place where the crash tests stop the program."""
    text = ast.unparse(value)
    return isinstance(value, ast.Constant) or text.startswith(("log.", "failpoint("))


def _statements(node: ast.AST, field: str, body: list[Any]) -> Iterator[Change]:
    for at, each in enumerate(body):
        is_set = isinstance(each, ast.Assign) and isinstance(each.targets[0], ast.Attribute | ast.Subscript)
        is_call = isinstance(each, ast.Expr) and not _is_aside(each.value)
        if is_set or is_call or isinstance(each, ast.AugAssign | ast.Raise | ast.Break | ast.Continue):
            text = ast.unparse(each).partition("\n")[0]

            def leave_out(at: int = at) -> None:
                body[at] = ast.copy_location(ast.Pass(), body[at])

            yield each.lineno, f"left out: {text}", leave_out
    if isinstance(node, ast.Set) or (isinstance(node, ast.Tuple) and getattr(node, "of_in", False)):
        for at, each in enumerate(body if len(body) > 1 and field == "elts" else ()):
            yield each.lineno, f"without {ast.unparse(each)}", lambda at=at: body.pop(at)
    if isinstance(node, ast.Compare) and field == "comparators":
        for each in body:
            each.of_in = isinstance(node.ops[0], ast.In | ast.NotIn)


def _edits(node: ast.AST) -> Iterator[tuple[str, Callable[[], None]]]:
    match node:
        case ast.Compare(ops=ops):
            for at, op in enumerate(ops):
                what, new = SWAPPED[type(op)]
                yield what, lambda at=at, new=new: ops.__setitem__(at, new())
        case ast.BoolOp(op=op) | ast.BinOp(op=op) if type(op) in SWAPPED:
            what, new = SWAPPED[type(op)]
            yield what, lambda new=new: setattr(node, "op", new())
        case ast.UnaryOp(op=ast.Not()):
            yield "without not", lambda: _become(node, node.operand)
        case ast.Constant(value=bool(value)):
            yield f"{value} → {not value}", lambda: setattr(node, "value", not value)
        case ast.Constant(value=int(value) | float(value)):
            yield f"{value} → {value + 1}", lambda: setattr(node, "value", value + 1)
        case ast.Constant(value=str(value)):
            yield from _sql_edits(node, value)
        case ast.Slice(upper=upper) if upper is not None:
            yield f"without :{ast.unparse(upper)}", lambda: setattr(node, "upper", None)
        case ast.comprehension(ifs=ifs) if ifs:
            for test in ifs:
                yield f"without if {ast.unparse(test)}", lambda test=test: ifs.remove(test)
        case ast.Call(keywords=keywords):
            for keyword in keywords:
                if keyword.arg and not isinstance(keyword.value, ast.Constant):  # those are changed themselves
                    yield f"without {ast.unparse(keyword)}", lambda keyword=keyword: keywords.remove(keyword)
    if isinstance(node, ast.If | ast.IfExp | ast.While):
        for value in (False,) if isinstance(node, ast.While) else (True, False):
            test = ast.copy_location(ast.Constant(value), node.test)
            yield f"if {ast.unparse(node.test)} → {value}", lambda test=test: setattr(node, "test", test)


def _sql_edits(node: ast.Constant, text: str) -> Iterator[tuple[str, Callable[[], None]]]:
    if not (SQL.search(text) or re.search(r"\bAND\b|\bWHERE\b", text)):
        return
    for pattern, put in SQL_EDITS:
        for hit in pattern.finditer(text):
            changed = text[: hit.start()] + hit.expand(put) + text[hit.end() :]
            what = f"SQL: {' '.join(hit[0].split())} → {hit.expand(put) or 'nothing'}"
            yield what, lambda changed=changed: setattr(node, "value", changed)


def _become(node: ast.AST, other: ast.AST) -> None:
    node.__class__ = other.__class__
    node.__dict__ = vars(other)


# --- one module -------------------------------------------------------------------------------------------------------


class Run:
    """A pytest plugin: instead of the tests it runs them once, traced, and then those of each change in a fork."""

    def __init__(self, path: str, out: TextIO) -> None:
        self.path, self.file, self.out = path, str(ROOT / path), out
        self.source = Path(self.file).read_text("utf-8")
        self.killed = self.total = 0

    def say(self, line: str) -> None:
        print(line, file=self.out, flush=True)

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self.items = {item.nodeid: item for item in session.items}
        gc.unfreeze()
        functions = [each for each in gc.get_objects() if isinstance(each, FunctionType)]
        gc.freeze()
        self.functions = [each for each in functions if each.__code__.co_filename == self.file]
        self.lines, self.took = self._trace()
        helped: Counter[str] = Counter()
        for number, (line, what, _) in enumerate(changes(ast.parse(self.source))):
            tests = sorted(self.lines.get(line, ()), key=lambda test: (-helped[test], self.took[test]))
            killer = self._try(number, tests) if tests else ""
            self.total += 1
            self.killed += bool(killer)
            helped[killer] += 1
            if not killer:
                where = self.source.splitlines()[line - 1].strip()
                self.say(f"  {self.path}:{line}: {what}{'' if tests else ' (no test runs it)'}    # {where}")
        return True

    def _trace(self) -> tuple[dict[int, set[str]], dict[str, float]]:
        """The tests that run each line, and how long each takes, from a fork: a test may start threads."""
        reading, writing = os.pipe()
        if not os.fork():
            lines: defaultdict[int, set[str]] = defaultdict(set)
            took: dict[str, float] = {}
            now = [""]

            def trace(frame: FrameType, event: str, _: object) -> Any:
                if frame.f_code.co_filename != self.file:
                    return None
                lines[frame.f_lineno].add(now[0])
                return trace

            threading.settrace(trace)
            sys.settrace(trace)
            for test in self.items:
                now[0], start = test, time.monotonic()
                if self._fails(test):
                    self.say(f"  red without any change: {test}")
                    os._exit(1)
                took[test] = time.monotonic() - start
            sys.settrace(None)
            with os.fdopen(writing, "w") as out:
                out.write(repr(({line: tests for line, tests in lines.items()}, took)))
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading) as text:
            answer = text.read()
        os.wait()
        if not answer:
            raise SystemExit(2)
        lines, took = ast.literal_eval(answer)
        return self._whole(lines), took

    def _whole(self, lines: dict[int, set[str]]) -> dict[int, set[str]]:
        """A line of a statement is run where its first is; one of a constant, by every test."""
        tree, all_tests = ast.parse(self.source), set(self.items)
        for node in ast.walk(tree):
            body = [node] if isinstance(node, ast.stmt) and not hasattr(node, "body") else []
            if isinstance(node, ast.If | ast.While | ast.For | ast.With | ast.AsyncWith | ast.AsyncFor):
                body = [node]
            for each in body:
                end = each.body[0].lineno - 1 if hasattr(each, "body") else each.end_lineno
                span = range(each.lineno, max(end, each.lineno) + 1)
                tests = set().union(*(lines.get(line, ()) for line in span))
                for line in span:
                    lines[line] = lines.get(line, set()) | tests
        for statement in tree.body:
            if isinstance(statement, ast.Assign | ast.AnnAssign):
                lines |= dict.fromkeys(range(statement.lineno, (statement.end_lineno or 0) + 1), all_tests)
        return lines

    def _try(self, number: int, tests: list[str]) -> str:
        """Make a change in a fork and run these tests; return the one that fails, "" if none does."""
        reading, writing = os.pipe()
        child = os.fork()
        if not child:
            os.close(reading)
            seconds = int(5 * sum(self.took[test] for test in tests)) + PATIENCE
            resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
            try:
                self._change(number)
                os.write(writing, next((test for test in tests if self._fails(test)), "").encode())
                os._exit(0)
            finally:  # a constant that cannot be made, or a test that ends pytest
                os._exit(1)
        os.close(writing)
        until = time.monotonic() + 5 * sum(self.took[test] for test in tests) + PATIENCE
        with os.fdopen(reading) as text:
            while (ended := os.waitpid(child, os.WNOHANG)) == (0, 0):
                if time.monotonic() > until:
                    os.kill(child, signal.SIGKILL)
                time.sleep(0.005)
            return text.read() or ("it ends the program or hangs" if ended[1] else "")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.is_red = self.is_red or report.failed

    def _fails(self, test: str) -> bool:
        self.is_red = False
        self.items[test].config.hook.pytest_runtest_protocol(item=self.items[test], nextitem=None)
        return self.is_red

    def _change(self, number: int) -> None:
        tree = ast.parse(self.source)
        line, _, edit = changes(tree)[number]
        edit()
        ast.fix_missing_locations(tree)
        codes = dict(_codes(compile(tree, self.file, "exec")))
        for function in self.functions:
            old = function.__code__
            new = codes.get((old.co_qualname, old.co_firstlineno))
            if new is not None and new != old:
                function.__code__ = new
        constants = [each for each in tree.body if isinstance(each, ast.Assign | ast.AnnAssign)]
        changed = {name for each in constants if each.lineno <= line <= (each.end_lineno or 0) for name in _names(each)}
        for statement in constants:
            if changed & {each.id for each in ast.walk(statement) if isinstance(each, ast.Name)}:
                changed |= _names(statement)
                self._rebind(statement)

    def _rebind(self, statement: ast.Assign | ast.AnnAssign) -> None:
        """Give a constant its changed value wherever it was imported."""
        module = next(each for each in sys.modules.values() if getattr(each, "__file__", "") == self.file)
        before, scope = dict(vars(module)), dict(vars(module))
        exec(compile(ast.Module([statement], []), self.file, "exec"), scope)
        for name in _names(statement):
            for each in list(sys.modules.values()):
                if getattr(each, "__name__", "").startswith("bot.") and vars(each).get(name) is before[name]:
                    setattr(each, name, scope[name])


def _names(statement: ast.Assign | ast.AnnAssign) -> set[str]:
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    return {each.id for target in targets for each in ast.walk(target) if isinstance(each, ast.Name)}


def _codes(code: CodeType) -> Iterator[tuple[tuple[str, int], CodeType]]:
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield (each.co_qualname, each.co_firstlineno), each
            yield from _codes(each)


def main(words: list[str]) -> int:
    few = False
    for path, tests in SETTINGS["modules"].items():
        if words and not any(word in path for word in words):
            continue
        print(f"{path}", flush=True)
        if not (child := os.fork()):  # each module has its own collected tests
            os.chdir(ROOT)
            sys.path.insert(0, str(ROOT))
            run = Run(path, os.fdopen(os.dup(1), "w"))
            silent = os.open(os.devnull, os.O_WRONLY)
            for standard in (1, 2):
                os.dup2(silent, standard)
            pytest.main(["--quick", "-p", "no:cacheprovider", "-p", "no:xdist", *tests], plugins=[run])
            share = run.killed / run.total if run.total else 0.0
            run.say(f"  {run.killed} of {run.total} noticed ({share:.0%})")
            os._exit(share < SETTINGS["least"])
        few |= bool(os.waitpid(child, 0)[1])
    return int(few)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
