"""Holds: stop posting to a channel, a platform or everywhere for a while. The SQL of table `hold`.

A hold with an end is a circuit breaker: after the end, one delivery goes out as a probe (the claim moves the end past
the probe's lease), and its success lifts the hold.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from operator import attrgetter
from typing import Final

from bot.outbox.model import NEVER_PAUSED, Channel
from bot.store.database import Params, Reader, Rows, Transaction, delete_rows

ALL: Final = "all"


@dataclass(frozen=True, slots=True)
class Hold:
    """A hold. `until` None: until a person resumes.

    `refused`: a fingerprint of the refused token and address; None for a pause, or a wait the platform asked for.
    """

    scope: str  # "all", "platform:slack", "channel:policy"
    why: str
    until: datetime | None = None
    since: datetime | None = None
    refused: str | None = None


_HOLDS: Final = Rows(Hold, "hold")


@dataclass(frozen=True, slots=True)
class Resumed:
    """What resuming did: whether a pause ended, and which refused scopes are retried at once."""

    paused: bool
    tried: tuple[str, ...]  # scopes


def channel_scope(name: str) -> str:
    return f"channel:{name}"


def platform_scope(platform: str) -> str:
    return f"platform:{platform}"


def scopes_of(channel: Channel) -> dict[str, str]:
    """Return the SQL parameters for the scopes of every hold that would stop this channel."""
    return {
        "all": "" if channel.name.startswith(NEVER_PAUSED) else ALL,
        "platform": platform_scope(channel.platform),
        "channel_scope": channel_scope(channel.hold_name),
    }


def place(tx: Transaction, hold: Hold, *, now: datetime, report: bool) -> None:
    """Place or renew a hold, but not one that ends later, such as a pause. `report`: tell people, once for a reason."""
    _upsert(tx, hold, "WHERE excluded.until IS NULL OR hold.until <= excluded.until", now, report=report)


def pause(tx: Transaction, hold: Hold, *, now: datetime) -> None:
    """Place a person's hold. It replaces any other on the same scope."""
    _upsert(tx, hold, "", now, report=False)


def _upsert(tx: Transaction, hold: Hold, condition: str, now: datetime, *, report: bool) -> None:
    tx.execute(
        f"""
        INSERT INTO hold (scope, why, since, until, told_at, refused)
        VALUES (:scope, :why, :since, :until, :told_at, :refused)
        ON CONFLICT (scope) DO UPDATE SET
            until = excluded.until,
            why = excluded.why,
            refused = excluded.refused,
            told_at = CASE WHEN hold.why = excluded.why THEN hold.told_at ELSE excluded.told_at END
        {condition}
        """,
        _HOLDS.params(replace(hold, since=now), told_at=None if report else now),
    )


def resume(tx: Transaction, channel: Channel | None, *, now: datetime) -> Resumed:
    """End a pause and retry refused messages at once, in one channel or everywhere. A platform's Retry-After stays."""
    current = all_holds(tx)
    scope = channel_scope(channel.hold_name) if channel else ALL
    reach = {*scopes_of(channel).values()} - {ALL} if channel else {hold.scope for hold in current}
    refused = [hold.scope for hold in current if hold.scope in reach and hold.refused is not None]
    probe(tx, refused, now=now)
    return Resumed(scope not in refused and release(tx, scope), tuple(refused))


def probe(tx: Transaction, scopes: Iterable[str], *, now: datetime) -> None:
    """Let one delivery through these holds now, as a probe."""
    sql = "UPDATE hold SET until = :now WHERE scope = :scope AND until > :now"
    tx.execute_many(sql, [{"scope": scope, "now": now} for scope in scopes])


def release(tx: Transaction, scope: str) -> bool:
    """Lift a hold. Return whether there was one."""
    return bool(delete_rows(tx, "hold", scope=scope))


def expired_scopes(db: Reader, *, now: datetime) -> frozenset[str]:
    """Return the scopes of expired holds, through which one delivery may go as a probe."""
    sql = "SELECT scope FROM hold WHERE until <= :now"
    return frozenset(row["scope"] for row in db.read(sql, {"now": now}))


def end_future(tx: Transaction, *, now: datetime, after: datetime) -> None:
    """Let a probe through holds that began later than `after`: a clock that was ahead gave them their end."""
    sql = "UPDATE hold SET since = :now, until = :now WHERE since > :after AND until > :now"
    tx.execute(sql, {"now": now, "after": after})


def extend_for_probe(tx: Transaction, claimed: Params) -> None:
    """Extend the expired holds of a claimed probe, so that no other delivery follows before its result."""
    tx.execute(
        "UPDATE hold SET until = :until WHERE scope IN (:all, :platform, :channel_scope) AND until <= :now", claimed
    )


def lift(tx: Transaction, channel: Channel, *, probed_until: datetime) -> None:
    """Lift the holds that a probe went through. A hold that a person placed meanwhile ends later, and stays."""
    tx.execute(
        "DELETE FROM hold WHERE scope IN (:all, :platform, :channel_scope) AND until <= :until",
        scopes_of(channel) | {"until": probed_until},
    )


def all_holds(db: Reader) -> list[Hold]:
    """Return all holds, including expired ones that wait for a probe."""
    return _HOLDS.select(db, "ORDER BY scope")


def in_effect(db: Reader, *, now: datetime) -> list[Hold]:
    """Return the holds that stop messages now, and refusals that no probe has passed yet: not a pause that ended."""
    return [hold for hold in all_holds(db) if hold.until is None or hold.until > now or hold.refused is not None]


def active(db: Reader, *, now: datetime) -> frozenset[str]:
    """Return the scopes that are on hold now."""
    return active_of(all_holds(db), now)


def active_of(current: Iterable[Hold], now: datetime) -> frozenset[str]:
    """Return the scopes of those holds that have not expired."""
    return frozenset(h.scope for h in current if h.until is None or h.until > now)


def is_held(db: Reader, name: str) -> bool:
    """Whether a channel is on hold without an end."""
    sql = "SELECT 1 FROM hold WHERE scope = :scope AND until IS NULL"
    return bool(db.read(sql, {"scope": channel_scope(name)}))


def take_unreported(tx: Transaction, *, now: datetime) -> list[Hold]:
    """Return the holds that were not reported yet, and mark them reported."""
    sql = "UPDATE hold SET told_at = :now WHERE told_at IS NULL RETURNING *"
    rows = tx.execute(sql, {"now": now})
    return sorted(map(_HOLDS.read, rows), key=attrgetter("scope"))
