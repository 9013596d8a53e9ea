"""The coalition's secret for signatures (`bot/shared/keyring.py`): made once, and read by every process.

Backups and exports leave it out: who has a copy of the store must not be able to sign for the bot. After a restore,
links that were mailed before it no longer work.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from bot.shared.keyring import Keyring
from bot.store import memo
from bot.store.database import Database, Transaction

_NAME: Final = "key of links"


def load_keyring(db: Database, new_id: Callable[[], str]) -> Keyring:
    """Return the coalition's keyring. The first call makes its secret of two new ids."""
    key = memo.get_memo(db, _NAME)
    if key is None:
        with db.write() as tx:
            key = memo.get_memo(tx, _NAME) or f"{new_id()}{new_id()}"
            memo.set_memo(tx, _NAME, key)
    return Keyring(key.encode())


def drop_keys(tx: Transaction) -> None:
    """Delete the secrets of all coalitions, from a copy of the store."""
    tx.execute("DELETE FROM memo WHERE name = :name", {"name": _NAME})
