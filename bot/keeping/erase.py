"""Taking a person, or an organisation, out of everything that is kept.

What they did stays, by nobody; their rows go, and their name goes out of every text of every table, be it one that was
added yesterday. What others published is left as it is: its source would bring it back at the next look.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from bot.config.model import Coalition
from bot.keeping.tables import TABLES
from bot.outbox.model import DIRECT
from bot.store.copying import theirs
from bot.store.database import Reader, Row, Transaction, to_text
from bot.store.shape import SHAPES, Shape

PERSON: Final = "person"
ORGANISATION: Final = "organisation"
GONE: Final = "[erased]"
_TELLING: Final = 8  # characters of one word that stands for nothing else; a shorter one is a name only by itself
_WORD: Final = re.compile(r"[a-z0-9]+")


class Unknown(Exception):
    """There is nobody of that id or name; the text says so."""


@dataclass(slots=True)
class Erased:
    """What came of it. `texts`: how many rows of each table named them; `public`: entries that still do.

    `names`: by what copies that were made before are searched.
    """

    who: str
    names: tuple[str, ...]
    texts: Counter[str] = field(default_factory=Counter)
    rows: int = 0
    public: int = 0
    left: tuple[str, ...] = ()  # short names that were not looked for inside of texts


def person(tx: Transaction, coalition: Coalition, typed: str, now: datetime) -> Erased:
    """Erase the one person of that id or whole name. Raises `Unknown`."""
    row = _one(tx, coalition.id, typed)
    accounts = _theirs(tx, "account", coalition.id, row["id"])
    ids = [each["user_id"] for each in accounts if each["platform"] != "console"]
    done = Erased(row["name"], (row["name"], *ids))
    done.rows = sum(_delete(tx, table, coalition.id, row["id"]) for table in TABLES if TABLES[table].theirs)
    done.rows += _messages(tx, coalition.id, row["id"])
    tx.execute(
        "UPDATE person SET name = :gone, organisation = NULL, left_at = COALESCE(left_at, :now) WHERE id = :id",
        {"gone": GONE, "now": to_text(now), "id": row["id"]},
    )
    _rewrite(tx, coalition.id, done, ids=ids)
    _remember(tx, coalition.id, PERSON, row["id"], now)
    return done


def organisation(tx: Transaction, coalition: Coalition, id_: str, now: datetime) -> Erased:
    """Erase a member by its id in coalition.yml, or an ally by "ally:" and its name, and everybody who acts for it."""
    member = coalition.members.get(id_)
    names = [member.name, member.legal_name, member.short] if member else [id_.removeprefix("ally:")]
    rows = tx.read(
        "SELECT id FROM person WHERE coalition_id = :coalition AND organisation = :id ORDER BY id",
        {"coalition": coalition.id, "id": id_},
    )
    known = bool(member or rows)
    done = Erased(names[0], tuple(dict.fromkeys(filter(None, names))))
    for row in rows:
        each = person(tx, coalition, row["id"], now)
        done.texts, done.rows = done.texts + each.texts, done.rows + each.rows
        done.names += each.names
    for table in (name for name, keeping in TABLES.items() if keeping.members):
        gone = tx.execute(
            f"DELETE FROM {table} WHERE coalition_id = :coalition AND {TABLES[table].members} = :id RETURNING 1 AS one",
            {"coalition": coalition.id, "id": id_},
        )
        done.rows += len(gone)
        known = known or bool(gone)
    if not known:
        raise Unknown(f"There is no organisation {id_}: write its id in coalition.yml, or ally: and its name.")
    _rewrite(tx, coalition.id, done, ids=[id_])
    _remember(tx, coalition.id, ORGANISATION, id_, now)
    return done


def words(tx: Transaction, coalition: Coalition, who: str, names: Iterable[str]) -> Erased:
    """Take these names, addresses and numbers out of every text; `who` by name for people to read."""
    done = Erased(who, tuple(filter(None, names)))
    _rewrite(tx, coalition.id, done, ids=())
    return done


def erased(db: Reader, coalition_id: str) -> list[tuple[str, str]]:
    """(kind, subject) of all who were erased."""
    sql = "SELECT kind, subject FROM erasure WHERE coalition_id = :coalition ORDER BY erased_at, kind, subject"
    return [(row["kind"], row["subject"]) for row in db.read(sql, {"coalition": coalition_id})]


def again(tx: Transaction, coalition: Coalition, subjects: Iterable[tuple[str, str]], now: datetime) -> int:
    """Take out of a restored backup whoever was erased since it was made; how many it still had."""
    count = 0
    for kind, subject in subjects:
        try:
            (person if kind == PERSON else organisation)(tx, coalition, subject, now)
            count += 1
        except Unknown:
            _remember(tx, coalition.id, kind, subject, now)
    return count


def _one(tx: Reader, coalition_id: str, typed: str) -> Row:
    sql = "SELECT id, name FROM person WHERE coalition_id = :coalition AND (id = :typed OR name = :typed)"
    rows = tx.read(sql, {"coalition": coalition_id, "typed": typed})
    found = [row for row in rows if row["name"] != GONE]
    if not found:
        raise Unknown(f"There is nobody with the id or the whole name {typed}. /campaign people shows everyone.")
    if len(found) > 1:
        ids = ", ".join(row["id"] for row in found)
        raise Unknown(f"{len(found)} people are called {typed}: say which by its id ({ids}).")
    return found[0]


def _theirs(tx: Reader, table: str, coalition_id: str, person_id: str) -> list[Row]:
    sql = f"SELECT * FROM {table} WHERE coalition_id = :coalition AND {TABLES[table].theirs} = :id"
    return tx.read(sql, {"coalition": coalition_id, "id": person_id})


def _delete(tx: Transaction, table: str, coalition_id: str, person_id: str) -> int:
    where = f"coalition_id = :coalition AND {TABLES[table].theirs} = :id"
    return len(
        tx.execute(
            f"DELETE FROM {table} WHERE {where} RETURNING 1 AS one", {"coalition": coalition_id, "id": person_id}
        )
    )


def _messages(tx: Transaction, coalition_id: str, person_id: str) -> int:
    """What was said to them alone; and the files that went with anything, which nobody can look into."""
    its = {"coalition": coalition_id, "channel": f"{DIRECT}{person_id}"}
    where = "coalition_id = :coalition AND channel = :channel"
    tx.execute(f"DELETE FROM recalled WHERE {where}", its)
    tx.execute(
        """
        DELETE FROM delivery_file WHERE delivery_id IN (
            SELECT id FROM delivery WHERE coalition_id = :coalition AND state IN ('sent', 'dead', 'dropped'))
        """,
        its,
    )
    return len(tx.execute(f"DELETE FROM delivery WHERE {where} RETURNING 1 AS one", its))


def _rewrite(tx: Transaction, coalition_id: str, done: Erased, *, ids: Iterable[str]) -> None:
    """Take them out of every text of the coalition's tables, and count who else published their name."""
    inside = [name for name in done.names if len(name.split()) > 1 or len(name) >= _TELLING]
    done.left = tuple(name for name in done.names if name not in inside and name not in ids)
    patterns = [_inside(name) for name in inside] + [rf"\A{re.escape(each)}\Z" for each in {*done.left, *ids}]
    pattern = re.compile("|".join(patterns), re.IGNORECASE)
    for name, shape in SHAPES.items():
        if name != "erasure":
            count = sum(_in_table(tx, shape, coalition_id, each, pattern) for each in (*inside, *done.left, *ids))
            done.texts += Counter({name: count}) if count and not TABLES[name].public else Counter()
            done.public += count if name == "entry" else 0


def _inside(name: str) -> str:
    """The name as it stands in a sentence, and as JSON may write it."""
    forms = dict.fromkeys((name, json.dumps(name)[1:-1]))
    spaced = [r"\s+".join(map(re.escape, form.split())) for form in forms]
    return "|".join(rf"(?<!\w){form}(?!\w)" for form in spaced)


def _in_table(tx: Transaction, shape: Shape, coalition_id: str, name: str, pattern: re.Pattern[str]) -> int:
    """How many rows named them; of what is not public, they do so no more."""
    count = 0
    for row in _near(tx, shape, coalition_id, name):
        changed = {
            column: pattern.sub(GONE, row[column])
            for column in shape.texts
            if row[column] is not None and pattern.search(row[column])
        }
        count += bool(changed)
        if changed and not TABLES[shape.name].public:
            _update(tx, shape, row, changed)
    return count


def _near(tx: Reader, shape: Shape, coalition_id: str, name: str) -> list[Row]:
    """The rows that may name them: those with the longest plain word of the name, or all where it has none."""
    word = max(_WORD.findall(name.lower()), key=len, default="")
    like = " OR ".join(f"LOWER({column}) LIKE :like" for column in shape.texts)
    where = " AND ".join((f"({like})", *theirs(shape)))
    return tx.read(f"SELECT * FROM {shape.name} WHERE {where}", {"like": f"%{word}%", "coalition": coalition_id})


def _update(tx: Transaction, shape: Shape, row: Row, changed: Mapping[str, str]) -> None:
    sets = ", ".join(f"{column} = :new_{column}" for column in changed)
    where = " AND ".join(f"{column} = :{column}" for column in shape.key)
    params = {f"new_{column}": value for column, value in changed.items()}
    tx.execute(f"UPDATE {shape.name} SET {sets} WHERE {where}", params | {key: row[key] for key in shape.key})


def _remember(tx: Transaction, coalition_id: str, kind: str, subject: str, now: datetime) -> None:
    tx.execute(
        """
        INSERT INTO erasure (coalition_id, kind, subject, erased_at) VALUES (:coalition, :kind, :subject, :now)
        ON CONFLICT (coalition_id, kind, subject) DO NOTHING
        """,
        {"coalition": coalition_id, "kind": kind, "subject": subject, "now": to_text(now)},
    )
