"""Holds: a channel, a platform or everything that is not posted to for a while, and why. The SQL of table `hold`.

A hold with an end is a circuit breaker: once the end has passed, one delivery is let through as a probe (the claim
moves the end past the probe's lease), and its success lifts the hold.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.outbox.model import Channel
from bot.store.database import Params, Reader, Row, Transaction, from_text, to_text

ALL: Final = "all"


@dataclass(frozen=True, slots=True)
class Hold:
    """`until` None: until a person resumes.

    `refused`: a fingerprint of what a platform refused, the token and the address; None for a person's pause, or a wait
    that the platform asked for.
    """

    scope: str  # "all", "platform:slack", "channel:policy"
    why: str
    until: datetime | None = None
    since: datetime | None = None
    refused: str | None = None


@dataclass(frozen=True, slots=True)
class Resumed:
    """What a person's word did: whether a pause ended, and which holds of ours are tried again at once."""

    paused: bool
    tried: tuple[str, ...]  # scopes


def channel_scope(name: str) -> str:
    return f"channel:{name}"


def platform_scope(platform: str) -> str:
    return f"platform:{platform}"


def scopes_of(channel: Channel) -> dict[str, str]:
    """The SQL parameters for "whatever may hold this channel"."""
    return {"all": ALL, "platform": platform_scope(channel.platform), "channel_scope": channel_scope(channel.name)}


def place(tx: Transaction, held: Hold, *, coalition_id: str, now: datetime, tell: bool) -> None:
    """Hold, or renew a hold; one that ends later, as a person's pause may, stays as it is.

    `tell`: a person is to hear of it, once as long as the reason stays the same.
    """
    _upsert(tx, held, "WHERE excluded.until IS NULL OR hold.until <= excluded.until", coalition_id, now, tell=tell)


def pause(tx: Transaction, held: Hold, *, coalition_id: str, now: datetime) -> None:
    """Hold at a person's word, whatever held before."""
    _upsert(tx, held, "", coalition_id, now, tell=False)


def _upsert(tx: Transaction, held: Hold, only: str, coalition_id: str, now: datetime, *, tell: bool) -> None:
    tx.execute(
        f"""
        INSERT INTO hold (coalition_id, scope, why, since, until, told_at, refused)
        VALUES (:coalition_id, :scope, :why, :now, :until, :told_at, :refused)
        ON CONFLICT (coalition_id, scope) DO UPDATE SET
            until = excluded.until,
            why = excluded.why,
            refused = excluded.refused,
            told_at = CASE WHEN hold.why = excluded.why THEN hold.told_at ELSE excluded.told_at END
        {only}
        """,
        {
            "coalition_id": coalition_id,
            "scope": held.scope,
            "why": held.why,
            "now": to_text(now),
            "until": to_text(held.until) if held.until else None,
            "told_at": None if tell else to_text(now),
            "refused": held.refused,
        },
    )


def resume(tx: Transaction, channel: Channel | None, *, coalition_id: str, now: datetime) -> Resumed:
    """Post again at a person's word, in one channel or everywhere: a pause ends, what was refused is tried at once.

    A platform's own wait (Retry-After) stays.
    """
    found = all_holds(tx, coalition_id=coalition_id)
    scope = channel_scope(channel.name) if channel else ALL
    reach = {*scopes_of(channel).values()} - {ALL} if channel else {hold.scope for hold in found}
    refused = [hold.scope for hold in found if hold.scope in reach and hold.refused is not None]
    probe(tx, refused, coalition_id=coalition_id, now=now)
    return Resumed(scope not in refused and release(tx, scope, coalition_id=coalition_id), tuple(refused))


def probe(tx: Transaction, scopes: Iterable[str], *, coalition_id: str, now: datetime) -> None:
    """Let one delivery through these holds now."""
    sql = "UPDATE hold SET until = :now WHERE coalition_id = :coalition AND scope = :scope AND until > :now"
    tx.execute_many(sql, [{"coalition": coalition_id, "scope": scope, "now": to_text(now)} for scope in scopes])


def release(tx: Transaction, scope: str, *, coalition_id: str) -> bool:
    """Lift a hold; whether there was one."""
    params = {"coalition_id": coalition_id, "scope": scope}
    sql = "DELETE FROM hold WHERE coalition_id = :coalition_id AND scope = :scope RETURNING scope"
    return bool(tx.execute(sql, params))


def expired_scopes(db: Reader, *, coalition_id: str, now: datetime) -> frozenset[str]:
    """The scopes whose hold has an end that has passed, so that one delivery may go as a probe."""
    sql = "SELECT scope FROM hold WHERE coalition_id = :coalition_id AND until <= :now"
    return frozenset(row["scope"] for row in db.read(sql, {"coalition_id": coalition_id, "now": to_text(now)}))


def extend_for_probe(tx: Transaction, claimed: Params) -> None:
    """A delivery goes out under holds that have run out: let no other follow before it came back."""
    tx.execute(
        """
        UPDATE hold SET until = :until
        WHERE coalition_id = :coalition_id AND scope IN (:all, :platform, :channel_scope) AND until <= :now
        """,
        claimed,
    )


def lift(tx: Transaction, channel: Channel, *, coalition_id: str, probed_until: datetime) -> None:
    """A delivery got through: lift what let it pass. A hold that a person set meanwhile ends later, and stays."""
    tx.execute(
        """
        DELETE FROM hold
        WHERE coalition_id = :coalition_id AND scope IN (:all, :platform, :channel_scope) AND until <= :until
        """,
        scopes_of(channel) | {"coalition_id": coalition_id, "until": to_text(probed_until)},
    )


def all_holds(db: Reader, *, coalition_id: str) -> list[Hold]:
    """All holds, those that wait for a probe included."""
    rows = db.read("SELECT * FROM hold WHERE coalition_id = :id ORDER BY scope", {"id": coalition_id})
    return [_hold(row) for row in rows]


def active(db: Reader, *, coalition_id: str, now: datetime) -> frozenset[str]:
    """The scopes that nothing is claimed from now."""
    found = all_holds(db, coalition_id=coalition_id)
    return frozenset(h.scope for h in found if h.until is None or h.until > now)


def take_unreported(tx: Transaction, *, coalition_id: str, now: datetime) -> list[Hold]:
    """The holds nobody was told of yet, which count as told from here on."""
    sql = "UPDATE hold SET told_at = :now WHERE coalition_id = :id AND told_at IS NULL RETURNING *"
    return sorted((_hold(row) for row in tx.execute(sql, {"id": coalition_id, "now": to_text(now)})), key=_by_scope)


def _by_scope(held: Hold) -> str:
    return held.scope


def _hold(row: Row) -> Hold:
    until = row["until"]
    return Hold(row["scope"], row["why"], from_text(until) if until else None, from_text(row["since"]), row["refused"])
