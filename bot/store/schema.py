"""The tables, as one ordered list of migrations that both engines run unchanged.

A migration is a module `m<number>_<what>.py` of `migrations/` with `STATEMENTS`; they run in the order of their
numbers. One is never edited once released; a new one is added. A store is one coalition's: no row names it but that of
the table `coalition`.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import Final

from bot.store import migrations

# Name (as stored in a database) and statements.
MIGRATIONS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = tuple(
    (name.removeprefix("m"), import_module(f"{migrations.__name__}.{name}").STATEMENTS)
    for name in sorted(module.name for module in iter_modules(migrations.__path__))
)
