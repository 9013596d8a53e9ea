"""The tables, in SQL that both engines run: `tables/` has them as they were at the baseline, migrations change them.

A migration is a module `m<number>_<what>.py` of `migrations/` with `STATEMENTS`; they run in the order of their
numbers. None is edited once released; a new one is added. A store is one coalition's: no row names it but that of
the table `coalition`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from importlib import import_module
from importlib.resources import files
from pkgutil import iter_modules
from typing import Final

from bot.store import migrations, older
from bot.store.database import Row, StoreUnusable

log = logging.getLogger(__name__)

BASELINE: Final = "0100_baseline"  # a store with migrations and without this one is of a release before 0.3
# Tables that others refer to come first.
_FILES: Final = ("coalition", "people", "entries", "outbox", "congress", "deadlines", "letters", "press", "campaign")


def _baseline() -> Iterator[str]:
    for name in _FILES:
        lines = (files("bot.store") / "tables" / f"{name}.sql").read_text(encoding="utf-8").splitlines()
        sql = "\n".join(line for line in lines if not line.startswith("--"))
        yield from filter(None, map(str.strip, sql.split(";")))


# Name (as stored in a database) and statements.
MIGRATIONS: Final[tuple[tuple[str, Sequence[str]], ...]] = (
    (BASELINE, tuple(_baseline())),
    *(
        (name.removeprefix("m"), import_module(f"{migrations.__name__}.{name}").STATEMENTS)
        for name in sorted(module.name for module in iter_modules(migrations.__path__))
    ),
)


def apply(
    name: str,
    statements: Sequence[str],
    *,
    applied: Collection[str],
    run: Callable[[str], Sequence[Row]],
    columns: Callable[[], Mapping[str, Sequence[str]]],
) -> None:
    """Run a migration in the open transaction. `columns`: looks up those of each table that there is."""
    steps: Iterable[str] = statements
    if name == BASELINE and applied:
        older.refuse_several(run)
        log.info("Bringing the database of an earlier version over. A large one takes minutes.")
        steps = older.steps(columns(), applied, statements)
    for statement in steps:
        run(statement)


def pending(applied: Collection[str]) -> list[str]:
    """Return what opening a store with these migrations would change in it, by name."""
    changes = [] if BASELINE in applied else list(older.CHANGES)
    return [name for name in (*changes, *(name for name, _ in MIGRATIONS)) if name not in applied]


def refuse_newer(applied: Collection[str], where: str) -> None:
    """Raise `StoreUnusable` for a store that has migrations that we do not have. `where`: as the error names it."""
    newer = sorted(set(applied) - {name for name, _ in MIGRATIONS})
    if newer and newer[-1] > BASELINE:
        raise StoreUnusable(
            f"{where} was made by a newer coalition-bot (it has {newer[-1]}). Install that version, or restore a "
            "backup made by this one."
        )
