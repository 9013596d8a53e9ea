"""The three locks: what the bot runs on, what builds it, and what tests need on top."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def pinned(lock: str) -> dict[str, str]:
    """Package names and versions of a lock."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", text, re.MULTILINE))


def required(requirements: list[str | dict[str, str]]) -> set[str]:
    names = {re.split(r"[<>=!~\[; ]", each, maxsplit=1)[0] for each in requirements if isinstance(each, str)}
    return {name.lower().replace(".", "-").replace("_", "-") for name in names}


def test_the_runtime_lock_has_every_dependency_and_every_extra():
    extras = [each for extra in PROJECT["project"]["optional-dependencies"].values() for each in extra]
    assert required([*PROJECT["project"]["dependencies"], *extras]) <= pinned("requirements.txt").keys()


def test_the_runtime_lock_has_no_development_tool():
    groups = PROJECT["dependency-groups"]
    tools = set.union(*(required(group) for group in groups.values()))
    assert not tools & pinned("requirements.txt").keys()


def test_the_build_lock_has_what_builds_the_package():
    assert required(PROJECT["dependency-groups"]["build"]) <= pinned("requirements-build.txt").keys()
    assert required(PROJECT["build-system"]["requires"]) <= pinned("requirements-build.txt").keys()


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-build.txt"])
def test_the_development_lock_pins_the_same_versions(lock):
    assert pinned(lock).items() <= pinned("requirements-dev.txt").items()


def test_every_tool_that_is_run_on_demand_is_pinned():
    assert required(PROJECT["dependency-groups"]["tools"]) <= pinned("requirements-tools.txt").keys()


@pytest.mark.parametrize(
    "lock", ["requirements.txt", "requirements-build.txt", "requirements-dev.txt", "requirements-tools.txt"]
)
def test_every_pin_has_its_hashes(lock):
    blocks = re.split(r"\n(?=[a-z0-9-]+==)", (ROOT / lock).read_text(encoding="utf-8"))
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []
