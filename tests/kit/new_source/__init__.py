"""The skeleton of a kind of source: `make new-source NAME=county-board`."""

from __future__ import annotations

import re
from pathlib import Path
from string import Template

_HERE = Path(__file__).parent
_NEXT = """\
{source} and {test} are written, and work on an invented list. Next:
1. Read the real list: change `_entry`, and the traits and settings of the kind (docs/recipes.md).
2. Put the traps of its answers into the test: .venv/bin/python -m pytest {test}
3. Add it to bot/config/sources.yml with `verified: no`, and a line to docs/watching.md and CHANGELOG.md.
4. make docs && make check"""


def write_source(name: str, sources: Path, tests: Path) -> str:
    """Write the adapter and its test, and return the next steps. Raises `SystemExit` if it cannot."""
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name):
        raise SystemExit("Write a name in lower case with dashes: make new-source NAME=county-board")
    module = name.replace("-", "_")
    words = {"name": name, "module": module, "title": "".join(map(str.capitalize, name.split("-")))}
    source, test = sources / f"{module}.py", tests / f"test_{module}.py"
    for path, template in ((source, "source.txt"), (test, "test_source.txt")):
        if path.exists():
            raise SystemExit(f"{path} is there already.")
        path.write_text(Template((_HERE / template).read_text()).substitute(words))
    return _NEXT.format(source=source, test=test)
