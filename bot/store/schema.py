"""The tables, in SQL that both engines run: `tables/` has them as they were at the baseline, migrations change them.

Migrations run in the order of their names in `migrations/`. None is edited once released; a new one is added. A store
is one coalition's: no row names it but that of the table `coalition`.

A store of a release before 0.3 is brought over in the transaction that applies the baseline: its tables are renamed,
the new ones are created, every row is copied, and the old tables are dropped. Until the commit it is as it was.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import chain
from operator import attrgetter
from typing import Final

from bot.store.database import Row, StoreUnusable

# Of 0.1: dates that regulations.gov gives again. Of 0.2: posts on social networks, which nothing looks up any more.
_DROPPED: Final = ("docket_date", "post")
DROPPED_COLUMNS: Final = ("coalition_id", "pressed_digest")  # of each row; of a filing, whose text nothing changes now
_OLD: Final = "before_"
RENAMED: Final = {"commitment": "duty", "commitment_finding": "duty_finding", "commitment_proposal": "duty_proposal"}
COLUMNS: Final = {"commitment.statute": "basis", "commitment_finding.duty_id": "commitment_id"}
log = logging.getLogger(__name__)

BASELINE: Final = "0100_baseline"  # a store with migrations and without this one is of a release before 0.3
# Tables that others refer to come first.
_FILES: Final = ("coalition", "people", "entries", "outbox", "congress", "deadlines", "letters", "press", "campaign")


def upgrade_steps(
    columns: Mapping[str, Sequence[str]], applied: Collection[str], baseline: Sequence[str]
) -> Iterator[str]:
    """Return the statements that make the baseline's tables with the rows of the old ones.

    `columns`: those of each old table. Most have kept their names, but for the coalition's id that each row had.
    """
    creates = {statement.split()[2]: statement for statement in baseline if statement.startswith("CREATE TABLE")}
    names = (RENAMED.get(name, name) for name in (*_DROPPED, *reversed(creates)))  # each before those it refers to
    old = [name for name in names if name in columns]
    yield from (f"ALTER TABLE {name} RENAME TO {_OLD}{name}" for name in old)
    for name, create in creates.items():
        yield create
        if (before := RENAMED.get(name, name)) in old:
            copied = [column for column in columns[before] if column not in DROPPED_COLUMNS]
            now = ", ".join(COLUMNS.get(f"{name}.{column}", column) for column in copied)
            yield f"INSERT INTO {name} ({now}) SELECT {', '.join(copied)} FROM {_OLD}{before}"
    yield from (f"DROP TABLE {_OLD}{name}" for name in old)
    yield from (statement for statement in baseline if statement not in creates.values())  # indexes, of old names
    for name, changes in CHANGES.items():
        yield from changes if name not in applied else ()
    yield from (f"ANALYZE {name}" for name in creates)  # old statistics are of indexes that began with the id


def refuse_several(run: Callable[[str], Sequence[Row]]) -> None:
    """Raise `StoreUnusable` for an old store with several coalitions: by mistake two could write into one."""
    ids = [row["id"] for row in run("SELECT id FROM coalition ORDER BY id")]
    if len(ids) > 1:
        raise StoreUnusable(
            f"The database has the rows of several coalitions ({', '.join(ids)}), and this version keeps one in each. "
            "It is not changed. Export yours with the version that made it (`coalition-bot export FILE`), and import "
            "the file with this version into a new database (`coalition-bot import FILE`)."
        )


def _statements(file: Traversable) -> tuple[str, ...]:
    """Return the statements of a file, without its comments."""
    lines = file.read_text(encoding="utf-8").splitlines()
    sql = "\n".join(line for line in lines if not line.startswith("--"))
    return tuple(filter(None, map(str.strip, sql.split(";"))))


_FOLDER: Final = files("bot.store")
_TABLES: Final = tuple(chain.from_iterable(_statements(_FOLDER / "tables" / f"{name}.sql") for name in _FILES))
_WRITTEN: Final = {
    file.name.removesuffix(".sql"): _statements(file)
    for file in sorted((_FOLDER / "migrations").iterdir(), key=attrgetter("name"))
}
# What a migration before the baseline did to rows, on the tables of the baseline, for stores that did not have it.
CHANGES: Final = {name: statements for name, statements in _WRITTEN.items() if name < BASELINE}
# Name (as stored in a database) and statements.
MIGRATIONS: Final[tuple[tuple[str, Sequence[str]], ...]] = (
    (BASELINE, _TABLES),
    *((name, statements) for name, statements in _WRITTEN.items() if name > BASELINE),
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
        refuse_several(run)
        log.info("Bringing the database of an earlier version over. A large one takes minutes.")
        steps = upgrade_steps(columns(), applied, statements)
    for statement in steps:
        run(statement)


def pending(applied: Collection[str]) -> list[str]:
    """Return what opening a store with these migrations would change in it, by name."""
    changes = [] if BASELINE in applied else list(CHANGES)
    return [name for name in (*changes, *(name for name, _ in MIGRATIONS)) if name not in applied]


def refuse_newer(applied: Collection[str], where: str) -> None:
    """Raise `StoreUnusable` for a store that has migrations that we do not have. `where`: as the error names it."""
    newer = sorted(set(applied) - {name for name, _ in MIGRATIONS})
    if newer and newer[-1] > BASELINE:
        raise StoreUnusable(
            f"{where} was made by a newer coalition-bot (it has {newer[-1]}). Install that version, or restore a "
            "backup made by this one."
        )
