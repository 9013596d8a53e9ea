"""/docket show, follow and unfollow: dockets on regulations.gov."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final, Protocol

from bot.commands.arguments import matching
from bot.commands.group import Group
from bot.commands.model import EDITORS, Choice, Context, Param, Refused, Reply
from bot.commands.replies import answer
from bot.deadlines import records, wording
from bot.deadlines.records import Docket
from bot.deadlines.regulations_gov import RegulationsGov, read_id
from bot.shared.answer import FetchFailed
from bot.shared.card import Button, Line, Mark
from bot.shared.dates import EASTERN
from bot.shared.health import Health
from bot.shared.wording import number

_SHOWN: Final = 8
_EXAMPLE: Final = "USCG-2026-0041"


def complete_dockets(ctx: Context, typed: str) -> Sequence[Choice]:
    """Completions: the followed dockets whose id or title contains the typed text."""
    choices = (Choice(each.id, f"{each.id} {each.title}") for each in records.followed_dockets(ctx.tx))
    return matching(choices, typed)


_ID: Final = Param("id", "its id on regulations.gov; all followed dockets if left out", required=False,
                   complete=complete_dockets, longest=200)  # fmt: skip
_WHICH: Final = replace(_ID, help="its id on regulations.gov", required=True)

slash = Group("docket", formerly="deadlines")


class RegulationsNetwork(Protocol):
    """The client of regulations.gov, None without a key, and the time."""

    @property
    def regulations_gov(self) -> RegulationsGov | None: ...

    def now(self) -> datetime: ...


async def _has_key(network: RegulationsNetwork, args: Mapping[str, str]) -> bool:  # noqa: ARG001 - a fetch's form
    return network.regulations_gov is not None


@slash.command(
    "show", "Show a docket on regulations.gov", _EXAMPLE, params=(_ID,), fetch=_has_key, formerly=["deadlines docket"]
)
def docket(ctx: Context, args: Mapping[str, str]) -> Reply:
    """One docket with its documents, or a line on each that is followed."""
    if "id" not in args:
        return _list(ctx)
    today = ctx.now.astimezone(EASTERN).date()
    chosen = records.dockets(ctx.tx).get(_checked(args["id"]))
    if chosen is None:
        why = "" if ctx.fetched else f" {wording.NO_KEY}"
        how = ctx.hint("docket follow", " /docket follow follows it.", " Policy staff can follow it.")
        raise Refused(f"The coalition does not follow “{args['id'][:60]}”.{how}{why}", param="id")
    documents = records.documents_of(ctx.tx, chosen.id)
    ids = {row.id for row in documents}
    ours = [each for each in records.our_comments(ctx.tx) if each.document in ids]
    counts = records.counts(ctx.tx, ids)
    card = wording.docket_card(chosen, documents, counts, ours, today, ctx.zone)
    if not ctx.fetched:
        card = replace(card, lines=(*card.lines, Line(wording.NO_KEY)))
    is_followed = chosen.unfollowed_at is None
    verb = _button("Unfollow" if is_followed else "Follow", chosen)
    return Reply(card=replace(card, buttons=ctx.theirs(verb)))


def _list(ctx: Context) -> Reply:
    today = ctx.now.astimezone(EASTERN).date()
    dockets = records.followed_dockets(ctx.tx)
    missing = [] if ctx.fetched else [Line(wording.NO_KEY)]
    if not dockets:
        lines = (
            "The dockets of documents you were alerted to are followed while comments are open.",
            ctx.hint("docket follow", f"To follow another one: /docket follow {_EXAMPLE}"),
        )
        return answer("No dockets are followed", *missing, *lines)
    rows = []
    for each in dockets[:_SHOWN]:
        documents = records.documents_of(ctx.tx, each.id)
        counts = records.counts(ctx.tx, [row.id for row in documents])
        rows.append(wording.docket_line(each, documents, counts, today, ctx.zone))
    if len(dockets) > _SHOWN:
        rows.append(Line(f"and {len(dockets) - _SHOWN} more"))
    foot = "/docket show ID shows one in full."
    return answer(f"{number(len(dockets), 'docket')} followed", *missing, *rows, foot=foot)


async def _title(network: RegulationsNetwork, args: Mapping[str, str]) -> str | FetchFailed | None:
    """The docket's title; None without a key."""
    id_ = _checked(args["id"])
    return await network.regulations_gov.docket_title(id_, network.now()) if network.regulations_gov else None


@slash.command(
    "follow", "Follow a docket on regulations.gov", _EXAMPLE, params=(_WHICH,), who=EDITORS, changes=True, fetch=_title
)
def follow(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Read the docket from now on."""
    id_ = _checked(args["id"])
    stored = records.dockets(ctx.tx).get(id_)
    if stored and stored.unfollowed_at is None:
        return answer(f"{id_} is already followed", buttons=(_button("Show", stored),))
    if ctx.fetched is None:
        raise Refused(wording.NO_KEY)
    if isinstance(ctx.fetched, FetchFailed):
        if ctx.fetched.health is Health.GONE:
            raise Refused(f"regulations.gov has no docket “{id_}”. Copy the id from the docket’s page.", param="id")
        raise Refused(f"The docket could not be read: {ctx.fetched.detail}. Try again later.")
    new = replace(
        stored or Docket(id=id_, followed_at=ctx.now),
        title=ctx.fetched or id_, followed_at=ctx.now, followed_by=ctx.actor.person, unfollowed_at=None,
    )  # fmt: skip
    records.save_docket(ctx.tx, new)
    ctx.note(f"docket {id_}", "", "followed")
    return answer(
        f"{id_} is followed: {new.title}",
        "Its documents, the days on which comments close and how many were posted are read every few hours.",
        buttons=(_button("Show", new),),
        mark=Mark.DEADLINE,
    )


@slash.command("unfollow", "Stop following a docket", _EXAMPLE, params=(_WHICH,), who=EDITORS, changes=True)
def unfollow(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Stop reading the docket, even if an alert's document is in it."""
    id_ = _checked(args["id"])
    stored = records.dockets(ctx.tx).get(id_)
    if stored is None or stored.unfollowed_at is not None:
        raise Refused(f"The coalition does not follow “{args['id'][:60]}”. /docket show lists all.", param="id")
    records.save_docket(ctx.tx, replace(stored, unfollowed_at=ctx.now))
    ctx.note(f"docket {id_}", "followed", "")
    return answer(
        f"{id_} is no longer followed", "Its documents are no longer read.", buttons=(_button("Follow", stored),)
    )


def _checked(typed: str) -> str:
    """The id as regulations.gov writes it. Raises `Refused` if there is none."""
    id_ = read_id(typed)
    if id_ is None:
        raise Refused(f"“{typed[:60]}” is not a docket’s id. It looks like {_EXAMPLE}.", param="id")
    return id_


def _button(label: str, docket_: Docket) -> Button:
    return Button(label, f"docket {label.lower()}", (("id", docket_.id),))
