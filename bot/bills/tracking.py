"""Track and untrack bills from chat, in addition to those in coalition.yml, and answer whether a bill is ours.

Tracking a bill reads its record and adds three watches: one posts its steps at once, one the hearings and markups
announced with it on the agenda, and one puts the rest in the digest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot.bills import facts, records, wording
from bot.bills.picking import BILL, answer, bill_arg, family_of, of_bill, resolve_bill
from bot.commands.arguments import matching, read_asks
from bot.commands.group import Group
from bot.commands.model import EDITORS, Choice, Context, Param, Refused, Reply
from bot.config.coalition import Coalition
from bot.config.feeds import WatchConfig
from bot.settings.changes import BILL as TRACKED
from bot.settings.changes import WATCH, bill_body, section_body
from bot.settings.revising import restore, store
from bot.shared import wording as say
from bot.shared.answer import FetchFailed
from bot.shared.bill_events import ACTION
from bot.shared.bill_number import BillNumber, parse_bill_number
from bot.shared.bill_record import BillRecord
from bot.shared.bill_steps import AMENDMENTS, COSPONSORS, ESTIMATE, ORDER, SUMMARY, TEXT, TWIN, WITHDREW
from bot.shared.card import Button
from bot.shared.entry import Kind

_ID: Final = Param("bill", "which bill")
# Steps that go to the digest only.
_QUIET: Final = (ACTION, ESTIMATE, TWIN, AMENDMENTS, WITHDREW, COSPONSORS, TEXT, SUMMARY, "Referred")


def tracked_bills(coalition: Coalition) -> list[str]:
    """The ids of tracked bills, newest Congress first."""
    ids = {bill.id for family in coalition.bills.values() for bill in family.bills if bill.follow}
    return sorted(ids, key=lambda id_: (-BillNumber.of(id_).congress, id_))


def _watches(bill: BillNumber, title: str, asks: Sequence[int]) -> dict[str, WatchConfig]:
    """The watches of a tracked bill, by id."""
    steps = " OR ".join(f'"{type_.lower()}"' for type_ in ORDER if type_ not in _QUIET)
    query, of_all = f"bill:{bill.id}", {"asks": asks, "note": f"Made by /bill track: {title}"}
    watches = {
        "steps": ("steps", "alert", f"{query} AND type:({steps})", Kind.BILL),
        "hearings": ("hearings and markups", "alert", query, Kind.HEARING),
        "rest": ("other news", "digest", query, Kind.BILL),
    }
    return {
        f"{bill.id}-{id_}": WatchConfig.model_validate(
            {"name": f"{bill.label}, {what}", "level": level, "query": words, "kinds": [kind], **of_all}
        )
        for id_, (what, level, words, kind) in watches.items()
    }


def complete_families(ctx: Context, typed: str) -> Sequence[Choice]:
    return matching((Choice(id_, family.name) for id_, family in ctx.config.coalition.bills.items()), typed)


slash = Group("bill")


async def read_record(fetching: Any, args: Mapping[str, str]) -> tuple[BillRecord, ...] | FetchFailed | None:
    """Fetch the bill's record; None if the Congress is missing."""
    which = parse_bill_number(args["bill"])
    return await fetching.bill(which.bill) if which and which.bill else None


@slash.command(
    "track",
    "Track a bill: its steps at once, the rest in the digest",
    "{bill} asks:{ask}",
    params=(
        BILL,
        Param("family", "the family it belongs to", required=False, complete=complete_families),
        Param("asks", "numbers of asks, such as 4 or 4, 8; the family's if left out", required=False),
    ),
    who=EDITORS,
    changes=True,
    fetch=read_record,
)
def track(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Track a bill: read its record from now on and post its steps."""
    bill = resolve_bill(ctx, args["bill"], "bill track", "bill")
    if isinstance(bill, Reply):
        return bill
    if bill.id in tracked_bills(ctx.config.coalition):
        fetched = _records_in(ctx.fetched)
        records.save(ctx.tx, fetched, ctx.now)
        note = ("Its record was updated just now.",) if fetched else ()
        return answer(f"{bill.label} is already tracked", *note, buttons=ctx.theirs(_show_button(bill)))
    listed = family_of(ctx, bill)
    if bill.over(ctx.today):
        outcome = wording.successor(listed, facts.family_laws(ctx, listed), bill) if listed else ""
        raise Refused(f"{bill.label} can no longer become law: its Congress is over. {outcome}".strip(), param="bill")
    fetched = _records_in(ctx.fetched)
    title = fetched[0].title if fetched else bill.label
    families = ctx.config.coalition.bills
    if args.get("family", "") not in {"", *families}:
        names = say.listed(list(families), 9)
        raise Refused(f"There is no family “{args['family'][:40]}”. Families: {names}.", param="family")
    family = families.get(args.get("family", ""))
    typed = read_asks(ctx.config.coalition.asks, args.get("asks", ""))
    asks = typed or (listed.asks if listed else ()) or (family.asks if family else ())
    return _track(ctx, bill, title, args.get("family", ""), asks, fetched)


@slash.command("untrack", "Stop tracking a bill", "{bill}", params=(BILL,), who=EDITORS, changes=True)
@of_bill
def untrack(ctx: Context, bill: BillNumber) -> Reply:
    if bill.id not in tracked_bills(ctx.config.coalition):
        raise Refused(f"{bill.label} is not tracked. /bill list shows the bills that are.", param="bill")
    store(ctx, TRACKED, bill.id, None)
    for name in _watches(bill, "", ()):
        if name in ctx.config.feeds.watches:
            store(ctx, WATCH, name, None)
    ctx.note(f"bill {bill.id}", "tracked", "")
    undo = Button("Undo", "bill again", bill_arg(bill))
    return answer(
        f"{bill.label} is no longer tracked",
        "Its record is no longer read, and its watches are removed. Messages already posted stay.",
        buttons=(undo,),
        replaces=True,
    )


@slash.command("again", "Undo /bill untrack", "BILL", params=(_ID,), who=EDITORS, changes=True, hidden=True)
@of_bill
def again(ctx: Context, bill: BillNumber) -> Reply:
    if not restore(ctx, TRACKED, bill.id):
        raise Refused("Nothing to undo: the bill is tracked, or the files no longer track it.")
    for name in _watches(bill, "", ()):
        restore(ctx, WATCH, name)
    ctx.note(f"bill {bill.id}", "", "tracked again")
    return answer(f"{bill.label} is tracked again", replaces=True)


@slash.command(
    "add",
    "Add a proposed bill to its family",
    "BILL",
    params=(_ID,),
    who=EDITORS,
    changes=True,
    fetch=read_record,
    hidden=True,
)
def add(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Add a proposed bill to its family and track it."""
    bill, proposal = _open_proposal(ctx, args)
    family = ctx.config.coalition.bills.get(proposal.family)
    if family is None:
        raise Refused("That family is no longer in coalition.yml. /bill track follows the bill without a family.")
    records.save_answer(ctx.tx, bill.id, records.ADDED, by=ctx.actor.person, now=ctx.now)
    return _track(ctx, bill, proposal.title, proposal.family, family.asks, _records_in(ctx.fetched))


@slash.command("dismiss", "Dismiss a proposed bill", "BILL", params=(_ID,), who=EDITORS, changes=True, hidden=True)
def dismiss(ctx: Context, args: Mapping[str, str]) -> Reply:
    bill, proposal = _open_proposal(ctx, args)
    records.save_answer(ctx.tx, bill.id, records.NOT_OURS, by=ctx.actor.person, now=ctx.now)
    ctx.note(f"bill {bill.id}", f"proposed for {proposal.family}", "not ours")
    return answer(
        f"{bill.label} is not ours. You will not be asked again.",
        buttons=ctx.theirs(Button("Track it after all", "bill track", bill_arg(bill))),
        replaces=True,
    )


def _track(
    ctx: Context, bill: BillNumber, title: str, family: str, asks: Sequence[int], fetched: tuple[BillRecord, ...]
) -> Reply:
    records.save(ctx.tx, fetched, ctx.now)
    store(ctx, TRACKED, bill.id, bill_body(title, family, asks))
    for name, watch in _watches(bill, title, asks).items():
        store(ctx, WATCH, name, section_body(watch))
    ctx.note(f"bill {bill.id}", "", f"tracked{f', of {family}' if family else ''}")
    lines = [f"{title}", facts.status_of(fetched[0], ctx.today)] if fetched else []
    failure = ctx.fetched if isinstance(ctx.fetched, FetchFailed) else None
    lines += [f"Its record could not be read just now ({failure.detail}). The bot will try again."] if failure else []
    return answer(
        f"{bill.label} is now tracked",
        *lines,
        "New steps are posted at once, the rest in the digest. Earlier steps are not posted.",
        buttons=ctx.theirs(_show_button(bill), Button("Undo", "bill untrack", bill_arg(bill))),
        replaces=True,
    )


def _show_button(bill: BillNumber) -> Button:
    return Button("Show", "bill show", bill_arg(bill))


def _records_in(fetched: Any) -> tuple[BillRecord, ...]:
    return fetched if isinstance(fetched, tuple) else ()


def _open_proposal(ctx: Context, args: Mapping[str, str]) -> tuple[BillNumber, records.Proposal]:
    proposal = records.proposal(ctx.tx, args["bill"])
    if proposal is None:
        raise Refused("That bill was not proposed. Track it with /bill track BILL.")
    if proposal.answer:
        raise Refused(f"Already answered: {proposal.answer}. /bill list shows the bills you track.")
    return BillNumber.of(proposal.bill), proposal
