"""Bills followed from chat, in addition to those in coalition.yml.

Following a bill reads its record and adds three watches: one posts its steps at once, one the hearings and markups
announced with it on the agenda, and one puts the rest in the digest.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.commands.model import Context
from bot.config.coalition import Coalition
from bot.config.feeds import WatchConfig
from bot.overrides import records
from bot.overrides.overlay import BILL, WATCH, bill_body, watch_body
from bot.shared.bill_number import BillNumber
from bot.shared.entry import Kind
from bot.sources.congress.bill_steps import ACTION, COSPONSORS, ORDER, SUMMARY, TEXT, WITHDREW
from bot.watch.model import Level

# Steps that go to the digest only.
_QUIET: Final = (ACTION, WITHDREW, COSPONSORS, TEXT, SUMMARY, "Referred")


def followed(coalition: Coalition) -> list[str]:
    """The ids of followed bills, newest Congress first."""
    ids = {bill.id for family in coalition.bills.values() for bill in family.bills if bill.follow}
    return sorted(ids, key=lambda id_: (-BillNumber.of(id_).congress, id_))


def follow(ctx: Context, bill: BillNumber, title: str, family: str, asks: Sequence[int]) -> None:
    """Follow a bill; `family` is "" for a bill without a family."""
    coalition, by = ctx.coalition_id, ctx.actor.person
    body = bill_body(title, family, asks)
    records.save_override(ctx.tx, coalition, BILL, bill.id, body, by=by, now=ctx.now)
    for name, watch in watches(bill, title, asks).items():
        records.save_override(ctx.tx, coalition, WATCH, name, watch_body(watch), by=by, now=ctx.now)


def unfollow(ctx: Context, bill: BillNumber) -> None:
    coalition, by = ctx.coalition_id, ctx.actor.person
    records.remove_override(ctx.tx, coalition, BILL, bill.id, by=by, now=ctx.now)
    for name in watches(bill, "", ()):
        if name in ctx.config.feeds.watches:
            records.remove_override(ctx.tx, coalition, WATCH, name, by=by, now=ctx.now)


def undo_unfollow(ctx: Context, bill: BillNumber) -> bool:
    """Undo `unfollow`; False if there is nothing to undo."""
    coalition, by = ctx.coalition_id, ctx.actor.person
    for name in watches(bill, "", ()):
        records.restore_override(ctx.tx, coalition, WATCH, name, by=by, now=ctx.now)
    return records.restore_override(ctx.tx, coalition, BILL, bill.id, by=by, now=ctx.now)


def watches(bill: BillNumber, title: str, asks: Sequence[int]) -> dict[str, WatchConfig]:
    """The watches of a followed bill, by id."""
    steps = " OR ".join(f'"{type_.lower()}"' for type_ in ORDER if type_ not in _QUIET)
    rest = WatchConfig(
        name=f"{bill.label}, other news",
        asks=tuple(asks),
        level=Level.DIGEST,
        query=f"bill:{bill.id}",
        kinds=(Kind.BILL,),
        note=f"Made by /bill track: {title}",
    )
    loud = {"name": f"{bill.label}, steps", "level": Level.ALERT, "query": f"{rest.query} AND type:({steps})"}
    ahead = {"name": f"{bill.label}, hearings and markups", "level": Level.ALERT, "kinds": (Kind.HEARING,)}
    return {
        f"{bill.id}-steps": rest.model_copy(update=loud),
        f"{bill.id}-hearings": rest.model_copy(update=ahead),
        f"{bill.id}-rest": rest,
    }
