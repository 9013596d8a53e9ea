"""The SQL of people, their accounts and roles. Every statement names the coalition: another's rows are not there."""

from __future__ import annotations

from bot.command import Actor, Role
from bot.people.model import Account
from bot.store.database import Reader, one


def actor(db: Reader, coalition_id: str, account: Account) -> Actor:
    """Who acts with this account, as our tables know it now; `person` is None for a stranger and for who has left."""
    stranger = Actor(platform=account.platform, team=account.team, user=account.user)
    row = one(
        db.read(
            """
            SELECT p.id, p.name, p.organisation FROM account AS a JOIN person AS p ON p.id = a.person_id
            WHERE a.coalition_id = :coalition AND a.platform = :platform AND a.team = :team AND a.user_id = :user
              AND p.coalition_id = :coalition AND p.left_at IS NULL
            """,
            _account(coalition_id, account),
        )
    )
    if row is None:
        return stranger
    return Actor(
        platform=account.platform,
        team=account.team,
        user=account.user,
        person=row["id"],
        name=row["name"],
        organisation=row["organisation"],
        roles=_roles(db, coalition_id, row["id"]),
    )


def _roles(db: Reader, coalition_id: str, person: str) -> frozenset[Role]:
    sql = "SELECT role FROM person_role WHERE coalition_id = :coalition AND person_id = :person"
    return frozenset(Role(row["role"]) for row in db.read(sql, {"coalition": coalition_id, "person": person}))


def _account(coalition_id: str, account: Account) -> dict[str, str]:
    return {
        "coalition": coalition_id,
        "platform": account.platform,
        "team": account.team,
        "user": account.user,
    }
