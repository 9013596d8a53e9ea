"""/campaign board, sessions and log-out: how people get into the web board from chat."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from bot.commands.arguments import matching
from bot.commands.group import Group
from bot.commands.model import Choice, Context, Param, Refused, Reply
from bot.commands.replies import answer
from bot.people import sessions
from bot.people.model import Account
from bot.people.sessions import WEB, Session
from bot.shared.calendar import day_in_words
from bot.shared.card import Button, Line
from bot.shared.wording import number

_SHOWN: Final = 3  # sessions with a button; the fourth button ends all
_ALL: Final = "all"


def _described(ctx: Context, session: Session) -> str:
    opened, seen, ends = (
        day_in_words(each.astimezone(ctx.zone).date()) for each in (session.opened_at, session.seen_at, session.ends_at)
    )
    this = " (this one)" if ctx.actor.platform == WEB and ctx.actor.user == session.id else ""
    return f"Opened {opened}, last used {seen}, ends {ends}{this}"


def _own(ctx: Context) -> list[Session]:
    return sessions.of_person(ctx.tx, ctx.person, ctx.now)


def _session_choices(ctx: Context, typed: str) -> Sequence[Choice]:
    return matching([Choice(_ALL, "All of them"), *(Choice(it.id, _described(ctx, it)) for it in _own(ctx))], typed)


slash = Group("campaign")


@slash.command("board", "Get your personal link to the web board", changes=True)
def board(ctx: Context, args: Mapping[str, str]) -> Reply:  # noqa: ARG001 - a handler's form
    site = ctx.config.site
    if not site:
        raise Refused("There is no web board yet. An administrator can set WEB_URL in .env and restart the bot.")
    if ctx.actor.platform == WEB:
        return answer("You are logged in to the web board", "For another device, ask in chat: /campaign board")
    account = Account(ctx.actor.platform, ctx.actor.team, ctx.actor.user)
    token = sessions.make_link(ctx.tx, ctx.person, account, now=ctx.now, new_id=ctx.new_id)
    ctx.note("the web board", "", "link to log in")
    return answer(
        "Your link to the web board",
        Line("Open the board", f"{site}/in/{token}"),
        "It works once, for 10 minutes. Do not forward it: anyone who opens it acts in your name.",
        buttons=ctx.theirs(Button("Your sessions", "campaign sessions")),
    )


@slash.command("sessions", "List your sessions on the web board")
def list_(ctx: Context, args: Mapping[str, str]) -> Reply:  # noqa: ARG001 - a handler's form
    open_ = _own(ctx)
    if not open_:
        return answer("You are not logged in to the web board", "For a link: /campaign board")
    buttons = [Button(f"End {n}", "campaign log-out", (("session", each.id),)) for n, each in enumerate(open_, 1)]
    lines = [f"{n}. {_described(ctx, each)}" for n, each in enumerate(open_, 1)]
    end_all = Button("End all", "campaign log-out", (("session", _ALL),), "danger")
    head = f"You are logged in to the web board on {number(len(open_), 'device')}"
    return answer(head, *lines, buttons=(*buttons[:_SHOWN], end_all))


@slash.command(
    "log-out",
    "End your sessions on the web board",
    params=(Param("session", "which one; all if left out", required=False, complete=_session_choices),),
    changes=True,
    hidden=True,  # Discord takes 25 subcommands of one command, and /campaign has them
    button="Press End under /campaign sessions.",
)
def log_out(ctx: Context, args: Mapping[str, str]) -> Reply:
    wanted = args.get("session", _ALL)
    ended = [session for session in _own(ctx) if wanted in (_ALL, session.id)]
    if not ended:
        raise Refused("No such session of yours is open. /campaign sessions lists them.", param="session")
    for session in ended:
        sessions.end(ctx.tx, session.id)
    count = number(len(ended), "session")
    ctx.note("the web board", "", f"{count} ended")
    return answer(f"Ended {count} of the web board")
