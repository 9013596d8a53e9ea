"""SQL of answers and of the rounds being answered."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.store.database import Reader, Transaction, one, save_row

ALL_ASKS: Final = 0  # in place of an ask: the coalition as a whole


class Answer(StrEnum):
    YES = "yes"
    NO = "no"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry of a round, and the words for which it is shown."""

    entry: str
    words: tuple[str, ...]


def save_answer(tx: Transaction, ask: int, entry: str, answer: Answer, *, by: str | None, now: datetime) -> None:
    """Save the answer for an entry and an ask, in place of an earlier one."""
    row = {"entry_id": entry, "ask": ask, "answer": answer, "judged_by": by, "judged_at": now}
    save_row(tx, "judgment", row, key="entry_id, ask")


def answers(db: Reader, ask: int) -> dict[str, Answer]:
    """The answers that concern an ask, by entry.

    What is noise to the coalition as a whole is a No for each ask, and what is a Yes for one ask is a Yes for the
    coalition. An answer for the ask itself comes first.
    """
    sql = """
        SELECT entry_id, ask, answer FROM judgment
        WHERE ask = :ask OR (ask = 0 AND answer = 'no') OR (:ask = 0 AND answer = 'yes')
        ORDER BY judged_at, entry_id, ask
    """
    rows = db.read(sql, {"ask": ask})
    ordered = sorted(rows, key=lambda row: row["ask"] == ask)
    return {row["entry_id"]: Answer(row["answer"]) for row in ordered}


def last_answered(db: Reader, ask: int, person: str) -> str | None:
    """The entry that a person answered last for an ask."""
    sql = """
        SELECT entry_id FROM judgment WHERE ask = :ask AND judged_by = :person
        ORDER BY judged_at DESC, entry_id LIMIT 1
    """
    row = one(db.read(sql, {"ask": ask, "person": person}))
    return row["entry_id"] if row else None


def save_round(tx: Transaction, ask: int, person: str, cards: Sequence[Shown], now: datetime) -> None:
    text = json.dumps([[card.entry, *card.words] for card in cards], ensure_ascii=False)
    save_row(
        tx, "learning_round", {"person_id": person, "ask": ask, "cards": text, "made_at": now}, key="person_id, ask"
    )


def load_round(db: Reader, ask: int, person: str) -> tuple[Shown, ...]:
    """The round that a person is answering; () if there is none."""
    sql = "SELECT cards FROM learning_round WHERE person_id = :person AND ask = :ask"
    row = one(db.read(sql, {"person": person, "ask": ask}))
    return tuple(Shown(entry, tuple(words)) for entry, *words in json.loads(row["cards"])) if row else ()
