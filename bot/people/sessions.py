"""Sessions of the web board and of assistants: the SQL of `web_session`; and the coalition's secret for signatures.

A person asks for a link in chat. It works once, within ten minutes, and opens a session; an assistant's session is open
at once. Only hashes of tokens are stored. A session acts as its account does: it ends when that account is unlinked or
its person leaves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import KW_ONLY, asdict, dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from bot.commands.arguments import matching
from bot.commands.model import Choice, Context, Group, Param, Refused, Reply, answer
from bot.people.model import Account
from bot.shared.calendar import day_in_words
from bot.shared.card import Button, Line
from bot.shared.errors import Outage
from bot.shared.keyring import Keyring
from bot.shared.wording import number
from bot.store import memo
from bot.store.database import Database, Reader, Rows, Transaction, delete_rows, insert_rows, one, update_rows

WEB, ASSISTANT = "web", "assistant"  # the platforms of the calls that sessions make; their user is the session's id
LINK: Final = timedelta(minutes=10)
SESSION: Final = timedelta(days=14)
TOKEN: Final = timedelta(days=90)  # an assistant's session
_KEY: Final = "key of links"
_SEEN: Final = timedelta(minutes=10)  # how exactly we store when a session was last used


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """An open session. `platform`: `WEB` or `ASSISTANT`; `account`: the one that asked for it."""

    id: str
    person: str
    platform: str
    account: Account
    opened_at: datetime
    seen_at: datetime
    ends_at: datetime


_SESSIONS: Final = Rows(
    Session,
    "web_session",
    {"person": "person_id"},
    platform=lambda row: row["hash"].rpartition(":")[0] or WEB,
    account=lambda row: Account(row["platform"], row["team"], row["user_id"]),
)


@dataclass(eq=False, repr=False)
class Sessions:
    """The sessions as the web site and assistants use them."""

    db: Database
    _: KW_ONLY
    clock: Callable[[], datetime]
    new_id: Callable[[], str]

    def owner(self, link: str) -> str | None:
        """Return the name of the person whom a link logs in; None if it was used or is too old."""
        sql = """
            SELECT p.name FROM web_session AS s JOIN person AS p ON p.id = s.person_id
            WHERE s.hash = :link AND s.opened_at IS NULL AND s.ends_at > :now
        """
        row = one(self.db.read(sql, {"link": _hash(link), "now": self.clock()}))
        return row["name"] if row else None

    def redeem(self, link: str) -> str | None:
        """Open the session of a link and return the token for its cookie; None if the link was used or is too old."""
        with self.db.write() as tx:
            return redeem(tx, link, now=self.clock(), new_id=self.new_id)

    def find(self, token: str, platform: str = WEB) -> str | None:
        """Return the id of the platform's open session with that token."""
        now = self.clock()
        session = find(self.db, token, now, platform)
        if session and now - session.seen_at > _SEEN:
            with suppress(Outage), self.db.write() as tx:  # a full disk keeps nobody from reading
                update_rows(tx, "web_session", {"seen_at": now}, id=session.id)
        return session.id if session else None

    def end(self, id_: str) -> None:
        with self.db.write() as tx:
            delete_rows(tx, "web_session", id=id_)


def count_unused_links(db: Reader, account: Account, since: datetime) -> int:
    """How many links of an account that were made since then have logged nobody in."""
    sql = """
        SELECT COUNT(*) AS n FROM web_session WHERE platform = :platform AND team = :team AND user_id = :user
          AND opened_at IS NULL AND made_at > :since
    """
    return int(db.read(sql, asdict(account) | {"since": since})[0]["n"])


def make_link(
    tx: Transaction, person: str, account: Account, *, lasts: timedelta = LINK, now: datetime, new_id: Callable[[], str]
) -> str:
    token = new_id()
    row = {
        "id": new_id(),
        "hash": _hash(token),
        "person_id": person,
        "platform": account.platform,
        "team": account.team,
        "user_id": account.user,
        "made_at": now,
        "ends_at": now + lasts,
    }
    insert_rows(tx, "web_session", [row])
    return token


def redeem(tx: Transaction, link: str, platform: str = WEB, *, now: datetime, new_id: Callable[[], str]) -> str | None:
    """Open the session of a link; see `Sessions.redeem`."""
    token, lasts = new_id(), TOKEN if platform == ASSISTANT else SESSION
    rows = tx.execute(
        """
        UPDATE web_session SET hash = :token, opened_at = :now, seen_at = :now, ends_at = :ends
        WHERE hash = :link AND opened_at IS NULL AND ends_at > :now
        RETURNING id
        """,
        {"token": _hash(token, platform), "link": _hash(link), "now": now, "ends": now + lasts},
    )
    return token if rows else None


def find(db: Reader, token: str, now: datetime, platform: str = WEB) -> Session | None:
    """Return the platform's open session with that token."""
    condition = "hash = :hash AND opened_at IS NOT NULL AND ends_at > :now"
    return _SESSIONS.select_one(db, f"WHERE {condition}", hash=_hash(token, platform), now=now)


def by_id(db: Reader, id_: str) -> Session | None:
    """Return an opened session, also one that has expired."""
    return _SESSIONS.select_one(db, "WHERE id = :id AND opened_at IS NOT NULL", id=id_)


def of_person(db: Reader, person: str, now: datetime) -> list[Session]:
    """Return a person's open sessions, the last used first."""
    condition = "person_id = :person AND opened_at IS NOT NULL AND ends_at > :now"
    return _SESSIONS.select(db, f"WHERE {condition} ORDER BY seen_at DESC, id", person=person, now=now)


def end_of_account(tx: Transaction, account: Account) -> None:
    """End the sessions and links that an account asked for."""
    delete_rows(tx, "web_session", platform=account.platform, team=account.team, user_id=account.user)


def _hash(token: str, platform: str = WEB) -> str:
    """Return what is stored of a token. An assistant's has a prefix: its token, which only reads, opens no board."""
    digest = sha256(token.encode("utf-8", "surrogateescape")).hexdigest()
    return digest if platform == WEB else f"{platform}:{digest}"


def load_keyring(db: Database, new_id: Callable[[], str]) -> Keyring:
    """Return the coalition's keyring, which signs links, tokens and forms. The first call makes its secret.

    Backups and exports leave it out: who has a copy of the store must not be able to sign for the bot. After a restore,
    links that were mailed before it no longer work.
    """
    key = memo.get_memo(db, _KEY)
    if key is None:
        with db.write() as tx:
            key = memo.get_memo(tx, _KEY) or f"{new_id()}{new_id()}"
            memo.set_memo(tx, _KEY, key)
    return Keyring(key.encode())


def drop_keys(tx: Transaction) -> None:
    """Delete the secret, from a copy of the store."""
    delete_rows(tx, "memo", name=_KEY)


def end_all(tx: Transaction) -> None:
    tx.execute("DELETE FROM web_session")


# --- commands: how people get into the web board from chat, and their assistants to what they may read ----------------

_SHOWN: Final = 3  # sessions with a button; the fourth button ends all
_ALL: Final = "all"
_FOR: Final = Param(
    "for",
    "assistant: a token with which your own assistant reads; a link if left out",
    required=False,
    choices=(Choice(ASSISTANT, "my assistant"),),
)


def _describe(ctx: Context, session: Session) -> str:
    opened, seen, ends = (
        day_in_words(each.astimezone(ctx.zone).date()) for each in (session.opened_at, session.seen_at, session.ends_at)
    )
    what = "Assistant" if session.platform == ASSISTANT else "Web board"
    this = " (this one)" if ctx.actor.platform == WEB and ctx.actor.user == session.id else ""
    return f"{what}: opened {opened}, last used {seen}, ends {ends}{this}"


def _own(ctx: Context) -> list[Session]:
    return of_person(ctx.tx, ctx.person, ctx.now)


def _session_choices(ctx: Context, typed: str) -> Sequence[Choice]:
    return matching([Choice(_ALL, "All of them"), *(Choice(it.id, _describe(ctx, it)) for it in _own(ctx))], typed)


slash = Group("campaign")


@slash.command(params=(_FOR,), changes=True)
def board(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Get your personal link to the web board, or a token for your assistant."""
    site = ctx.config.site
    if not site and "for" not in args:
        raise Refused("There is no web board yet. An administrator can set WEB_URL in .env and restart the bot.")
    if ctx.actor.platform == WEB:
        return answer(
            "You are logged in to the web board", "For another device or your assistant, ask in chat: /campaign board"
        )
    account = Account(ctx.actor.platform, ctx.actor.team, ctx.actor.user)
    token = make_link(ctx.tx, ctx.person, account, now=ctx.now, new_id=ctx.new_id)
    if "for" in args:
        return _token_for_assistant(ctx, token)
    ctx.note("the web board", "", "link to log in")
    return answer(
        "Your link to the web board",
        Line("Open the board", f"{site}/in/{token}"),
        "It works once, for 10 minutes. Do not forward it: anyone who opens it acts in your name.",
        buttons=ctx.theirs(Button("Your sessions", "campaign sessions")),
    )


def _token_for_assistant(ctx: Context, link: str) -> Reply:
    ctx.note("assistants", "", "token to read")
    return answer(
        "A token for your assistant",
        redeem(ctx.tx, link, ASSISTANT, now=ctx.now, new_id=ctx.new_id) or "",
        f"With it your assistant reads for {number(TOKEN.days, 'day')} what you may read, and changes nothing.",
        "It is shown only now. Do not forward it: anyone who has it reads in your name.",
        "An administrator knows how to connect the assistant (docs/operations.md#assistants).",
        buttons=ctx.theirs(Button("Your sessions", "campaign sessions")),
    )


@slash.command(verb="sessions", chat_only=True)
def list_(ctx: Context, args: Mapping[str, str]) -> Reply:  # noqa: ARG001 - a handler's form
    """List your sessions on the web board, and those of your assistants."""
    open_ = _own(ctx)
    if not open_:
        return answer("No session of yours is open", "For a link to the web board: /campaign board")
    buttons = [Button(f"End {n}", "campaign log-out", (("session", each.id),)) for n, each in enumerate(open_, 1)]
    lines = [f"{n}. {_describe(ctx, each)}" for n, each in enumerate(open_, 1)]
    end_all = Button("End all", "campaign log-out", (("session", _ALL),), "danger")
    head = f"{number(len(open_), 'session of yours is', 'sessions of yours are')} open"
    return answer(head, *lines, buttons=(*buttons[:_SHOWN], end_all))


@slash.command(
    params=(Param("session", "which one; all if left out", required=False, complete=_session_choices),),
    changes=True,
    hidden=True,  # Discord takes 25 subcommands of one command, and /campaign has them
    button="Press End under /campaign sessions.",
)
def log_out(ctx: Context, args: Mapping[str, str]) -> Reply:
    """End your sessions on the web board, and those of your assistants."""
    wanted = args.get("session", _ALL)
    ended = [session for session in _own(ctx) if wanted in (_ALL, session.id)]
    if not ended:
        raise Refused("No such session of yours is open. /campaign sessions lists them.", param="session")
    for session in ended:
        delete_rows(ctx.tx, "web_session", id=session.id)
    count = number(len(ended), "session")
    ctx.note("the web board", "", f"{count} ended")
    return answer(f"Ended {count}")
