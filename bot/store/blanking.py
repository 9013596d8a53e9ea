"""Taking names out of every text that a coalition keeps, whatever table it stands in, be it one added yesterday.

What others published is left as it is: its source would bring it back at the next look.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Mapping
from typing import Final

from bot.store.database import Reader, Row, Transaction
from bot.store.shape import SHAPES, Shape, is_public, theirs

GONE: Final = "[erased]"
_WHO_WAS: Final = "erasure"  # the table that remembers whom not to bring back
_TELLING: Final = 8  # characters of one word that stands for nothing else; a shorter one is a name only by itself
_WORD: Final = re.compile(r"[a-z0-9]+")
# One word in small letters that is the whole of a text, in JSON or by itself, is a key, a kind, a state: not a name.
_NOT_OURS: Final = r'(?!(?-i:(?:\A|(?<="))[a-z_-]+(?:\Z|")))'


def blank(
    tx: Transaction, coalition_id: str, names: Collection[str], ids: Collection[str] = (), own: Collection[str] = ()
) -> Counter[str]:
    """Put `GONE` in the place of all these; how many rows of each table named them.

    `ids`: looked for as the whole of a text alone. `own`: "table.column" where others are called by the same name.
    """
    likes, pattern = _likes([*names, *ids]), _pattern(names, ids)
    changed: Counter[str] = Counter()
    for shape in SHAPES.values():
        if not is_public(shape) and shape.name != _WHO_WAS:
            columns = [column for column in shape.texts if f"{shape.name}.{column}" not in own]
            changed[shape.name] = _in_table(tx, shape, columns, coalition_id, likes, pattern)
    return +changed


def published(db: Reader, coalition_id: str, names: Collection[str]) -> int:
    """How many of the entries that others published name them."""
    shape, pattern = SHAPES["entry"], _pattern(names, ())
    rows = _near(db, shape, coalition_id, _likes(names))
    return sum(any(pattern.search(row[column] or "") for column in shape.texts) for row in rows)


def short(names: Collection[str]) -> tuple[str, ...]:
    """Those that are not looked for inside of sentences, where they may be another word."""
    return tuple(name for name in names if len(name.split()) == 1 and len(name) < _TELLING and "@" not in name)


def _pattern(names: Collection[str], ids: Collection[str]) -> re.Pattern[str]:
    alone = short(names)
    forms = [_alone(name) if name in alone else _inside(name) for name in names]
    return re.compile("|".join([*forms, *(rf"\A{re.escape(id_)}\Z" for id_ in ids)]) or r"(?!)", re.IGNORECASE)


def _inside(name: str) -> str:
    """The name as it stands in a sentence, and as JSON may write it."""
    forms = dict.fromkeys((name, json.dumps(name)[1:-1]))
    spaced = [r"(?:\s|\\[nrt])+".join(map(re.escape, form.split())) for form in forms]
    return "|".join(rf"{_NOT_OURS}(?<!\w){form}(?!\w)" for form in spaced)


def _alone(name: str) -> str:
    """The name as the whole of a text, or of a text in JSON."""
    form = re.escape(json.dumps(name)[1:-1])
    return rf'{_NOT_OURS}(?:\A{re.escape(name)}\Z|(?<="){form}(?="))'


def _in_table(
    tx: Transaction,
    shape: Shape,
    columns: Collection[str],
    coalition_id: str,
    likes: Collection[str],
    pattern: re.Pattern[str],
) -> int:
    """How many rows named them; they do so no more."""
    count = 0
    for row in _near(tx, shape, coalition_id, likes):
        changed = {column: pattern.sub(GONE, row[column]) for column in columns if pattern.search(row[column] or "")}
        if changed:
            _update(tx, shape, row, changed)
            count += 1
    return count


def _likes(names: Collection[str]) -> list[str]:
    """What a text is like that may have one of them in it: the longest plain word of the name, or anything where it has
    none; of a name that is only looked for by itself, the name.
    """
    alone = [name.lower() for name in short(names) if _WORD.fullmatch(name.lower())]
    others = [name.lower() for name in names if name.lower() not in alone]
    inside = [f"%{max(_WORD.findall(name), key=len, default='')}%" for name in others]
    return [*inside, *alone, *(f'%"{name}"%' for name in alone)]


def _near(db: Reader, shape: Shape, coalition_id: str, likes: Collection[str]) -> list[Row]:
    """The rows that may name them, in one look at the table."""
    params = {f"like_{n}": like for n, like in enumerate(likes)}
    near = " OR ".join(f"LOWER({column}) LIKE :{name}" for column in shape.texts for name in params) or "1 = 0"
    where = " AND ".join((f"({near})", *theirs(shape)))
    return db.read(f"SELECT * FROM {shape.name} WHERE {where}", params | {"coalition": coalition_id})


def _update(tx: Transaction, shape: Shape, row: Row, changed: Mapping[str, str]) -> None:
    sets = ", ".join(f"{column} = :new_{column}" for column in changed)
    where = " AND ".join(f"{column} = :{column}" for column in shape.key)
    params = {f"new_{column}": value for column, value in changed.items()}
    tx.execute(f"UPDATE {shape.name} SET {sets} WHERE {where}", params | {key: row[key] for key in shape.key})
