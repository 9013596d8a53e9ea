"""The SQL of people, their accounts and roles; and those who exist before anyone could link them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bot.commands.model import Actor, Refused, Role
from bot.config.coalition import Coalition
from bot.people import mail, sessions
from bot.people.model import NOT_A_CHAT, Account, Person, account
from bot.store.database import Reader, Row, Transaction, delete_rows, from_text, insert_rows, one, update_rows

WAITS: Final = timedelta(days=1)  # before what one administrator gave acts in one of these roles
SLOW: Final = frozenset({Role.REPRESENTATIVE, Role.APPROVER})


@dataclass(frozen=True, slots=True)
class Gift:
    """An account or role that an administrator gave to a person. `giver`: a person's id; `at`: as stored."""

    giver: str
    what: str
    at: str


def actor(db: Reader, account: Account) -> Actor:
    """Return who acts with this account now. `person` is None for strangers and people who left."""
    person = person_of_account(db, account)
    return Actor(
        platform=account.platform,
        team=account.team,
        user=account.user,
        person=person.id if person else None,
        name=person.name if person else "",
        organisation=person.organisation if person else None,
        roles=person.roles if person else frozenset(),
    )


def person_of_account(db: Reader, account: Account) -> Person | None:
    """Return the person who acts with this account, or with the account of a session."""
    if account.platform in (sessions.WEB, sessions.ASSISTANT):
        session = sessions.by_id(db, account.user)
        person = person_of_account(db, session.account) if session else None
        return person if person and session and person.id == session.person else None
    sql = """
        SELECT p.* FROM account AS a JOIN person AS p ON p.id = a.person_id
        WHERE a.platform = :platform AND a.team = :team AND a.user_id = :user AND p.left_at IS NULL
    """
    row = one(db.read(sql, asdict(account)))
    return _persons(db, [row])[0] if row else None


def acts_from(db: Reader, account: Account) -> dict[Role, datetime]:
    """Return from when an account acts in each of its roles, if that needs two people or a day.

    What an administrator gave counts after a day, or once another administrator confirmed it.
    """
    sql = """
        SELECT a.linked_at AS at, a.linked_by AS by_whom, a.confirmed_by, r.role, r.granted_at, r.granted_by,
               r.confirmed_by AS role_confirmed_by, a.person_id
        FROM account AS a JOIN person_role AS r ON r.person_id = a.person_id
        WHERE a.platform = :platform AND a.team = :team AND a.user_id = :user
    """
    chat = _chat_account(db, account)
    return {Role(row["role"]): _begins(row) for row in db.read(sql, asdict(chat))} if chat else {}


def _begins(row: Row) -> datetime:
    own = row["by_whom"] == row["person_id"]  # an account that people add to themselves; a role nobody gives themselves
    given = (
        (row["at"], None if own else row["by_whom"], row["confirmed_by"]),
        (row["granted_at"], row["granted_by"], row["role_confirmed_by"]),
    )
    waits = [from_text(at) + WAITS for at, by, confirmed in given if by and not confirmed]
    return max([from_text(row["at"]), *waits])


def unconfirmed_gifts(db: Reader, person_id: str, now: datetime) -> list[Gift]:
    """Return a person's accounts and roles that still wait for their day or another administrator, the oldest first."""
    sql = """
        SELECT linked_by AS giver, platform, team, user_id, '' AS role, linked_at AS at FROM account
        WHERE person_id = :person AND confirmed_by IS NULL AND linked_at > :since AND linked_by <> person_id
        UNION ALL SELECT granted_by, '', '', '', role, granted_at FROM person_role
        WHERE person_id = :person AND confirmed_by IS NULL AND granted_at > :since AND granted_by IS NOT NULL
        ORDER BY at, role, platform, team, user_id
    """
    return [
        Gift(row["giver"], row["role"] or str(Account(row["platform"], row["team"], row["user_id"])), row["at"])
        for row in db.read(sql, {"person": person_id, "since": now - WAITS})
    ]


def giver_to(db: Reader, account: Account, now: datetime) -> str | None:
    """Return who gave this account, or its person the role of an administrator, less than a day ago and unconfirmed.

    None if nobody did: the account acts for its person alone.
    """
    person = person_of_account(db, account)
    gifts = unconfirmed_gifts(db, person.id, now) if person else []
    by_what = {gift.what: gift.giver for gift in gifts}
    chat = _chat_account(db, account)
    return (by_what.get(str(chat)) or by_what.get(Role.ADMINISTRATOR.value)) if chat else None


def _chat_account(db: Reader, account: Account) -> Account | None:
    """Return the account that asked for a session; any other as it is; None for a session that ended."""
    if account.platform not in (sessions.WEB, sessions.ASSISTANT):
        return account
    session = sessions.by_id(db, account.user)
    return session.account if session else None


def vouch(tx: Transaction, person_id: str, by: str) -> None:
    """Record that an administrator confirms a person's accounts and roles."""
    for table in ("account", "person_role"):
        update_rows(tx, table, {"confirmed_by": by}, person_id=person_id, confirmed_by=None)


def person(db: Reader, person_id: str) -> Person | None:
    """Return a person by id; None if they left."""
    row = one(db.read("SELECT * FROM person WHERE id = :id AND left_at IS NULL", {"id": person_id}))
    return _persons(db, [row])[0] if row else None


def people(db: Reader) -> list[Person]:
    """Return everyone who has not left, by name."""
    return _persons(db, db.read("SELECT * FROM person WHERE left_at IS NULL ORDER BY name, id"))


def names(db: Reader) -> dict[str, str]:
    """Return the name of everyone who has not left, by id."""
    sql = "SELECT id, name FROM person WHERE left_at IS NULL ORDER BY name, id"
    return {row["id"]: row["name"] for row in db.read(sql)}


def administrators(db: Reader) -> list[str]:
    """Return the names of the administrators with an account in a chat."""
    sql = f"""
        SELECT name FROM person AS p WHERE left_at IS NULL
          AND EXISTS (SELECT 1 FROM person_role WHERE person_id = p.id AND role = :role)
          AND EXISTS (SELECT 1 FROM account WHERE person_id = p.id AND platform NOT IN {NOT_A_CHAT})
        ORDER BY name, id
    """
    return [row["name"] for row in db.read(sql, {"role": Role.ADMINISTRATOR.value})]


def accounts_of(db: Reader, person_id: str) -> tuple[Account, ...]:
    """Return a person's accounts in the order they were linked; none if they left."""
    sql = """
        SELECT platform, team, user_id FROM account
        WHERE person_id = :person ORDER BY linked_at, platform, team, user_id
    """
    rows = db.read(sql, {"person": person_id})
    return tuple(Account(row["platform"], row["team"], row["user_id"]) for row in rows)


def add(tx: Transaction, person: Person, *, by: str | None, now: datetime) -> None:
    row = {"id": person.id, "name": person.name, "organisation": person.organisation, "created_at": now}
    insert_rows(tx, "person", [row])
    _grant(tx, person.id, person.roles, by=by, now=now)
    _link(tx, person.id, person.accounts, by=by, now=now)


def change(tx: Transaction, was: Person, person: Person, *, by: str | None, now: datetime) -> None:
    """Update a person from `was` to `person`. What is unchanged keeps its date."""
    update_rows(tx, "person", {"name": person.name, "organisation": person.organisation}, id=person.id)
    # For another organization it is another role, which waits for its day again.
    moved = {Role.REPRESENTATIVE} if person.organisation != was.organisation else set()
    for role in was.roles - (person.roles - moved):
        delete_rows(tx, "person_role", person_id=was.id, role=role)
    _unlink(tx, set(was.accounts) - set(person.accounts))
    _grant(tx, was.id, person.roles - (was.roles - moved), by=by, now=now)
    _link(tx, was.id, set(person.accounts) - set(was.accounts), by=by, now=now)


def remove(tx: Transaction, person: Person, *, now: datetime) -> None:
    """Delete a person's accounts, mail address, roles, preferences and notices to them. The name stays, for audits."""
    mail.delete_address(tx, person.id)
    delete_rows(tx, "person_role", person_id=person.id)
    _unlink(tx, person.accounts)
    # What a channel was to hear of them stays, or else they could leave before it is posted.
    for what in ("preference WHERE", "account_notice WHERE platform <> '' AND"):
        tx.execute(f"DELETE FROM {what} person_id = :id", {"id": person.id})
    update_rows(tx, "person", {"left_at": now}, id=person.id)


def _grant(tx: Transaction, person: str, roles: Iterable[Role], *, by: str | None, now: datetime) -> None:
    given = {"person_id": person, "granted_at": now, "granted_by": by}
    insert_rows(tx, "person_role", ({**given, "role": role} for role in sorted(roles)))


def _link(tx: Transaction, person: str, accounts: Iterable[Account], *, by: str | None, now: datetime) -> None:
    given = {"person_id": person, "linked_at": now, "linked_by": by}
    rows = ({"platform": each.platform, "team": each.team, "user_id": each.user, **given} for each in sorted(accounts))
    insert_rows(tx, "account", rows)


def _unlink(tx: Transaction, accounts: Iterable[Account]) -> None:
    for each in accounts:
        delete_rows(tx, "account", platform=each.platform, team=each.team, user_id=each.user)
        sessions.end_of_account(tx, each)


def _persons(db: Reader, rows: Sequence[Row]) -> list[Person]:
    """Return the persons of these rows, of one or of everyone, with as many reads for many as for one."""
    where, params = ("WHERE person_id = :person", {"person": rows[0]["id"]}) if len(rows) == 1 else ("", {})
    roles, accounts = defaultdict[str, list[Role]](list), defaultdict[str, list[Account]](list)
    for each in db.read(f"SELECT person_id, role FROM person_role {where}", params):
        roles[each["person_id"]].append(Role(each["role"]))
    for each in db.read(f"SELECT person_id, platform, team, user_id FROM account {where}", params):
        accounts[each["person_id"]].append(Account(each["platform"], each["team"], each["user_id"]))
    return [
        Person(
            id=row["id"],
            name=row["name"],
            organisation=row["organisation"],
            roles=frozenset(roles[row["id"]]),
            accounts=tuple(sorted(accounts[row["id"]])),
        )
        for row in rows
    ]


def is_seeded(db: Reader, coalition: Coalition) -> bool:
    """Whether there is an administrator, or coalition.yml names none."""
    return not coalition.administrators or bool(administrators(db))


def seed(tx: Transaction, coalition: Coalition, now: datetime, *, new_id: Callable[[], str]) -> None:
    """Link coalition.yml's administrators if there is none: who was removed in chat must not come back at a start."""
    if is_seeded(tx, coalition):
        return
    for text in coalition.administrators:
        who = account(text)
        assert who is not None, "the configuration was checked"
        current = person_of_account(tx, who)
        roles = frozenset({Role.ADMINISTRATOR})
        if current is None:
            new = Person(id=new_id(), name=f"administrator {who}", roles=roles, accounts=(who,))
            add(tx, new, by=None, now=now)
        else:
            change(tx, current, replace(current, roles=current.roles | roles), by=None, now=now)


def console_actor(
    tx: Transaction, coalition: Coalition, stands_for: str, now: datetime, *, new_id: Callable[[], str]
) -> Actor:
    """Return the console's actor for `stands_for`: a role, or `representative:MEMBER`. Raises `Refused`.

    Each is its own person ("console (policy)"), so that the audit and assigned work can name it.
    """
    word, _, organisation = stands_for.partition(":")
    if word not in [role.value for role in Role]:
        named = (f"{role.value}:MEMBER" if role is Role.REPRESENTATIVE else role.value for role in Role)
        member = f" For that member: representative:{word}." if word in coalition.members else ""
        raise Refused(f"“{word}” is not a role; the roles are {', '.join(named)}.{member}")
    role = Role(word)
    if (role is Role.REPRESENTATIVE) != bool(organisation) or (organisation and organisation not in coalition.members):
        members = ", ".join(coalition.members) or "none in coalition.yml"
        raise Refused(f"Write representative:MEMBER; other roles have no member. The members are {members}.")
    who = Account("console", "", stands_for)
    if person_of_account(tx, who) is None:
        person = Person(
            id=new_id(),
            name=f"console ({stands_for})",
            organisation=organisation or None,
            roles=frozenset({role}),
            accounts=(who,),
        )
        add(tx, person, by=None, now=now)
    return actor(tx, who)
