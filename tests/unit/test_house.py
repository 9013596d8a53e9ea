"""The house stands as docs/architecture.md says: who may import whom, and which room owns which library."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

BOT = Path(__file__).parents[2] / "bot"
MODULES = sorted(BOT.rglob("*.py"))

# Only this place may import that library.
OWNERS = {
    "slack_sdk": "chat/slack/",
    "slack_bolt": "chat/slack/",
    "discord": "chat/discord/",
    "feedparser": "sources/feed",
    "sqlite_utils": "store/sqlite.py",
    "sqlite3": "store/sqlite.py",
    "lxml": "sources/",
    "selectolax": "sources/",
    "aiohttp": ("sources/", "chat/", "demo/"),
    "ruamel": "config/",
    "click": "cli",
    "jinja2": ("letters/", "printing/"),
    "docx": ("printing/", "sources/attachment_child.py"),
    "pypdf": "sources/attachment_child.py",
    "protego": "sources/page.py",
    "docxtpl": "printing/word.py",
    "typst": "printing/typeset.py",
}
# A room may know these others (its own and the vocabulary always).
VOCABULARY = {"entry", "card", "calendar", "command", "answering", "failpoint", "logs", "private", "confined", "search"}
MAY_KNOW = {
    "watch": set(),
    "printing": set(),
    "sources": set(),
    "store": set(),
    "config": {"watch"},
    "outbox": {"store"},
    "alerts": {"store", "outbox", "post", "watch", "sources", "config", "people"},
    "tuning": {"store", "alerts", "watch", "sources", "config"},
    "people": {"store", "config"},
    "bills": {"store", "post", "alerts", "watch", "sources", "config", "people", "tuning", "printing"},
    "deadlines": {"store", "post", "alerts", "watch", "sources", "config", "people", "bills"},
    "letters": {"store", "post", "alerts", "sources", "config", "people", "bills", "deadlines", "printing"},
    "media": {"store", "post", "alerts", "watch", "sources", "config", "people", "printing"},
    "keeping": {
        "store",
        "config",
        "people",
        "outbox",
        "alerts",
        "tuning",
        "bills",
        "deadlines",
        "letters",
        "media",
    },
    "campaign": {
        "store",
        "outbox",
        "post",
        "alerts",
        "watch",
        "sources",
        "people",
        "config",
        "bills",
        "deadlines",
        "letters",
    },
    "post.py": {"store", "outbox", "config", "people"},
    "starter": {"config", "sources"},
    "chat": {"outbox", "config", "switchboard", "arguments"},
    "command.py": {"store", "config"},
    "arguments.py": set(),
    "switchboard.py": {"store", "config", "people", "arguments"},
}
EVERYTHING = {
    "app.py",
    "composing.py",
    "edges.py",
    "network.py",
    "table.py",
    "runtime.py",
    "logs.py",
    "poll.py",
    "online.py",
    "doctor.py",
    "moving.py",
    "show.py",
    "faces.py",
    "guide.py",
    "cli",
    "__main__.py",
    "judge.py",
    "demo",
    "commands",
}


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(BOT)))
def test_each_room_knows_only_whom_it_may(path):
    room = path.relative_to(BOT).parts[0]
    if room in EVERYTHING:
        return
    for name in imports(path):
        first, *rest = name.split(".")
        if first == "bot" and rest and rest[0] not in VOCABULARY | {room}:
            assert rest[0] in MAY_KNOW.get(room, set()) | {"__version__"}, f"{room} may not know {name}"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(BOT)))
def test_each_library_of_the_edges_has_one_owner(path):
    place = path.relative_to(BOT).as_posix()
    for name in imports(path):
        owner = OWNERS.get(name.split(".")[0])
        assert owner is None or place.startswith(owner), f"{place} may not import {name}"


PURE = [*BOT.glob("watch/*.py"), *BOT.glob("*/model.py"), BOT / "entry.py", BOT / "card.py", BOT / "calendar.py"]


@pytest.mark.parametrize("path", PURE, ids=lambda p: str(p.relative_to(BOT)))
def test_pure_code_has_no_clock_dice_or_files(path):
    banned = ("time", "random", "secrets", "uuid", "os", "pathlib", "asyncio", "logging", "socket")
    for name in imports(path):
        assert name.split(".")[0] not in banned, f"{path.name} imports {name}"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(BOT)))
def test_the_clock_is_read_only_where_everything_is_built(path):
    if path.relative_to(BOT).parts[0] in EVERYTHING:
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if (
            isinstance(node, ast.Attribute)
            and node.attr in ("now", "utcnow", "today")
            and isinstance(node.value, ast.Name)
        ):
            assert node.value.id not in ("datetime", "date"), f"{path.name}:{node.lineno} reads the clock"


def test_feedparser_is_only_ever_given_a_file_object():
    """A str is fetched when it looks like an address, bytes are opened when they look like a path."""
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "feedparser.parse":
                assert ast.unparse(node.args[0]).startswith(("BytesIO(", "io.BytesIO("))


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(BOT)))
def test_files_are_written_by_the_one_helper_that_keeps_them_private(path):
    """Anything else leaves a file with names or drafts in it readable by everybody on the machine."""
    if path == BOT / "private.py":
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = ast.unparse(node.func).rpartition(".")[2]
        modes = [each.value for each in (*node.args, *(word.value for word in node.keywords))
                 if isinstance(each, ast.Constant) and isinstance(each.value, str)]  # fmt: skip
        opens = name in ("open", "fdopen", "ZipFile") and any(set(mode) <= set("wxab+t") for mode in modes if mode)
        given_a_file = name == "ZipFile" and ast.unparse(node.args[0]) in ("file", "out", "to")
        assert name not in ("write_bytes", "write_text", "copyfile", "copy2", "touch"), f"{path.name}:{node.lineno}"
        assert given_a_file or not opens, f"{path.name}:{node.lineno} opens a file for writing"
