import sys
from pathlib import Path

from tests.kit.new_source import write_source

print(write_source(sys.argv[1] if len(sys.argv) > 1 else "", Path("bot/sources"), Path("tests/unit/sources")))  # noqa: T201
