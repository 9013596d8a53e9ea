"""Fixtures and rules that every suite shares."""

from __future__ import annotations

import gc
import io
import logging
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from bot.config import logs
from tests.corpus import SAMPLE
from tests.kit import stores

_OF_ALL = re.compile(r"(?m)^pytestmark = (.*)$")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--quick", action="store_true", help="leave out what is marked long; fewer examples")
    parser.addoption("--run-slow", action="store_true", help="also run what takes minutes")
    parser.addoption("--store", choices=("sqlite", "postgres"), default="sqlite", help="what everything is kept in")


def pytest_configure(config: pytest.Config) -> None:
    stores.CHOSEN = config.getoption("--store")
    # How fast examples are made and tried is the machine's business: one that others use may take seconds for any.
    unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.register_profile("whole", unhurried)
    settings.register_profile("quick", unhurried, max_examples=unhurried.max_examples // 5)
    settings.load_profile("quick" if config.getoption("--quick") else "whole")


def pytest_report_header() -> str:
    return (
        f"recorded material: {os.environ.get('CORPUS_DIR') or 'none (CORPUS_DIR is not set), its tests are left out'}"
    )


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """What is collected lives to the end, so the garbage collector need not look at it again and again."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """A file that is left out as a whole is not imported either: each process would do so."""
    line = _OF_ALL.search(collection_path.read_text(encoding="utf-8")) if collection_path.suffix == ".py" else None
    return True if line and _left_out(config) & {*re.findall(r"\bmark\.(\w+)", line[1])} else None


def _left_out(config: pytest.Config) -> set[str]:
    """The marks of what is too long, or not about the store in use."""
    off = set() if config.getoption("--run-slow") else {"slow"}
    off |= {"long"} if config.getoption("--quick") else set()
    return off | ({"sqlite"} if stores.CHOSEN == "postgres" else set())


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What is left out is not skipped: in CI a skip is a failure."""
    off, without = _left_out(config), not os.environ.get("CORPUS_DIR")
    left_out = {
        item
        for item in items
        if any(item.get_closest_marker(name) for name in off) or (without and "corpus" in item.fixturenames)
    }
    config.hook.pytest_deselected(items=list(left_out))
    items[:] = [item for item in items if item not in left_out]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo):
    """Where CI is set nothing is skipped: a check that did not run is no check."""
    report = yield
    if report.skipped and os.environ.get("CI") and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped in CI: {call.excinfo.value if call.excinfo else item.nodeid}"
    return report


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of recorded real material, named by CORPUS_DIR. Without it a test that wants it is left out."""
    return Path(os.environ["CORPUS_DIR"])


@pytest.fixture(scope="session")
def material() -> Path:
    """Recorded material or, where there is none, the invented sample of the same shape that ships with the tests."""
    return Path(os.environ.get("CORPUS_DIR") or SAMPLE)


@pytest.fixture(autouse=True)
def _stores() -> Iterator[None]:
    with stores.let_go_after():
        yield


@pytest.fixture(autouse=True)
def _discord_s_own_address(monkeypatch: pytest.MonkeyPatch) -> None:
    """discord.py keeps its address in a class attribute: what one test points elsewhere must not lead others."""
    from discord.http import Route

    monkeypatch.setattr(Route, "BASE", Route.BASE)


@pytest.fixture(autouse=True)
def _logging() -> Iterator[None]:
    """A handler of the program's own, which a test runs in this process, would outlive the stream that it writes to."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    if root.handlers != handlers:
        root.handlers[:] = handlers
        root.setLevel(level)
        for name in logs._MAX_VERBOSITY:
            logging.getLogger(name).setLevel(logging.NOTSET)


@pytest.fixture
def log_stream() -> io.StringIO:
    """Where a test may send the program's log."""
    return io.StringIO()


@pytest.fixture
async def kit(tmp_path: Path):
    """An outbox with senders for the far ends that a test plays."""
    from tests.kit.outbox import Kit, store

    kit = Kit(store(tmp_path))
    yield kit
    await kit.close()
