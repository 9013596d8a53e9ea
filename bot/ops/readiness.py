"""Whether a running bot is ready: its store answers, its tables have its version, and its loops finish their steps."""

from __future__ import annotations

from bot.ops.pulse import Pulse
from bot.store.address import Address
from bot.store.database import Reader, StoreError


def problems(store: Address, db: Reader, pulse: Pulse) -> list[str]:
    """Return what is not ready, by name: "store", "migrations", "loop poll". Opens its own connection."""
    return [*_store_problems(store, db), *(f"loop {name}" for name in pulse.stuck())]


def _store_problems(store: Address, db: Reader) -> list[str]:
    try:
        db.read("SELECT 1 AS one FROM coalition")
    except StoreError:
        return ["store"]
    try:
        return ["migrations"] if store.pending() else []
    except StoreError:  # a newer version has changed the tables
        return ["migrations"]
