"""/bill: list and show, cosponsors, texts and how they differ, and tracking bills besides those in coalition.yml."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import reduce
from typing import Any, Final

from bot.bills import bill_text, facts, records, wording
from bot.bills.facts import BILL, answer, bill_arg, facts_of, family_of, long_answer, of_bill, resolve_bill, track_hint
from bot.bills.model import UNREAD, BillFacts, is_over
from bot.bills.progress import Station, stations_of, stations_text
from bot.commands.arguments import matching, read_asks
from bot.commands.model import EDITORS, LINES, Choice, Context, File, Group, Param, Refused, Reply
from bot.config.coalition import Coalition, Family
from bot.config.feeds import WatchConfig
from bot.settings.changes import BILL as TRACKED
from bot.settings.changes import WATCH, bill_body, section_body
from bot.settings.revising import notify_ask_channels, restore, store
from bot.shared import wording as say
from bot.shared.answer import FetchFailed
from bot.shared.bill_events import ACTION
from bot.shared.bill_number import BillNumber, parse_bill_number
from bot.shared.bill_record import (
    AMENDMENTS,
    COSPONSORS,
    ESTIMATE,
    ORDER,
    SUMMARY,
    TEXT,
    TWIN,
    WITHDREW,
    BillRecord,
    fill_gaps,
    steps,
    text_page,
)
from bot.shared.calendar import day_in_words
from bot.shared.card import Button, Card, Line, Mark, Section
from bot.shared.entry import Kind
from bot.shared.wording import asks, cap_lines, listed, number

_BUTTONS: Final = 4
_ID: Final = Param("bill", "which bill")
# Steps that go to the digest only.
_QUIET: Final = (ACTION, ESTIMATE, TWIN, AMENDMENTS, WITHDREW, COSPONSORS, TEXT, SUMMARY, "Referred")


slash = Group("bill")


@slash.command()
def list_(ctx: Context, args: Mapping[str, str]) -> Reply:  # noqa: ARG001 - a handler's form
    """List our bills by family, and which are tracked."""
    families = ctx.config.coalition.bills
    if not families:
        return answer("No bills yet", ctx.hint("bill track", "Track one: /bill track hr1234-119"))
    sections = [
        Section(_family_name(family), tuple(map(Line, _family_lines(ctx, family)))) for family in families.values()
    ]
    tracked = [BillNumber.of(id_).label for id_ in tracked_bills(ctx.config.coalition)]
    line = f"Tracked: {listed(tracked, 12)}." if tracked else "No bill is tracked yet."
    head = f"{number(len(families), 'family', 'families')}, {number(len(tracked), 'bill')} tracked"
    return answer(head, line, sections=sections, foot="/bill show BILL shows one in full.")


@slash.command(example="{bill}", params=(BILL,))
@of_bill
def show(ctx: Context, bill: BillNumber) -> Reply:
    """Show a bill's status, sponsors and family."""
    bill_facts, stored = facts_of(ctx, bill), records.stored(ctx.tx, bill.id)
    family = family_of(ctx, bill)
    stations = way(ctx, bill, facts.merge_stored(stored)) if stored else ()
    lines = [Line(bill_facts.status)]
    lines += [Line(wording.people(bill_facts))] if stored else []
    lines += [Line(f"Progress: {stations_text(stations)}")] if stations else []
    lines += [Line(f"Sources differ: {text}") for text in facts.disagreements(stored)]
    sections = []
    if family:
        successor = wording.successor(family, facts.family_laws(ctx, family), bill)
        rows = filter(None, (successor, *_family_lines(ctx, family)))
        sections = [Section(_family_name(family), tuple(map(Line, rows)))]
    card = Card(
        mark=Mark.BILL,
        head=wording.head(bill_facts),
        badge=asks(family.asks) if family else "",
        lines=(*lines, Line("Page on congress.gov", bill.page)),
        sections=tuple(sections),
        foot=wording.foot(bill_facts, ctx.zone),
        buttons=next_buttons(ctx, bill_facts, has_record=bool(stored)),
    )
    return Reply(card=card)


@slash.command(example="{bill}", params=(BILL,))
@of_bill
def cosponsors(ctx: Context, bill: BillNumber) -> Reply:
    """List a bill's cosponsors, newest first, and who withdrew."""
    bill_facts = facts_of(ctx, bill)
    if bill_facts.cosponsors is None or bill_facts.current_cosponsors is None:
        raise Refused(f"The cosponsors of {bill.label} are not known: its record has not been read. {track_hint(ctx)}")
    everyone = sorted(bill_facts.cosponsors.values(), key=lambda member: member.joined or bill.ends, reverse=True)
    withdrawn = [member for member in everyone if member.withdrawn]
    withdrew = f"{len(withdrawn)} withdrew"
    head = f"{bill.label}: {number(len(bill_facts.current_cosponsors), 'cosponsor')}, {withdrew}"
    lines = [f"Sponsor: {bill_facts.sponsor or 'not known'}", *map(wording.cosponsor, everyone)]
    return long_answer(head, lines, f"cosponsors-{bill.id}.txt", foot=wording.foot(bill_facts, ctx.zone))


@slash.command(example="{bill}", params=(BILL,))
@of_bill
def text(ctx: Context, bill: BillNumber) -> Reply:
    """List the versions of a bill's text."""
    bill_facts, stored = facts_of(ctx, bill), records.stored(ctx.tx, bill.id)
    versions = facts.merge_stored(stored).texts if stored else None
    if not versions:
        why = "Its record has not been read yet." if versions is None else "Its record lists no version of its text."
        new = "" if bill_facts.law else "GovInfo prints a new bill within days."
        return answer(f"{bill.label}: no text", why, new, foot=bill.page)
    in_order = bill_text.in_order(versions)
    lines = []
    for version in in_order:
        day = day_in_words(version.date) if version.date else "no date"
        name = f"{version.name or version.code} ({version.code}), {day}"
        lines.append(Line(name, text_page(bill, version.code)))
    compare = Button("Compare first and last", "bill compare", bill_arg(bill))
    return answer(
        f"{wording.head(bill_facts)}: {number(len(in_order), 'text')}",
        *lines[-LINES:],
        buttons=ctx.theirs(compare) if len(in_order) > 1 else (),
        foot=wording.foot(bill_facts, ctx.zone),
    )


async def read_texts(fetching: Any, args: Mapping[str, str]) -> list[tuple[str, bytes]]:
    """Fetch two versions of a bill's text with their names, by default the first and the last. Raises `Refused`."""
    which = parse_bill_number(args["bill"])
    if which is None or which.bill is None:
        return []
    fetched = await fetching.bill(which.bill)
    if isinstance(fetched, FetchFailed):
        raise _not_compared(f"the bill's record could not be fetched ({fetched.detail})")
    versions = bill_text.in_order(reduce(fill_gaps, fetched).texts or ())
    names = {version.code: version.name for version in versions}
    old, new = args.get("from", next(iter(names), "")).lower(), args.get("to", next(reversed(names), "")).lower()
    if old not in names or new not in names or old == new:
        raise _not_compared(f"it has these versions: {listed(list(names), 30) or 'none yet'}.")
    texts = []
    for code in (old, new):
        body = await fetching.bill_text(which.bill, code)
        if isinstance(body, FetchFailed):
            raise _not_compared(f"a text could not be fetched ({body.detail})")
        texts.append((names[code], body.data))
    return texts


def _not_compared(why: str) -> Refused:
    return Refused(f"Not compared: {why}", param="bill")


@slash.command(
    example="{bill} from:ih to:enr",
    params=(
        BILL,
        Param("from", "the older version's code, such as ih; the first if left out", required=False),
        Param("to", "the newer version's code, such as enr; the last if left out", required=False),
    ),
    fetch=read_texts,
)
@of_bill
def compare(ctx: Context, bill: BillNumber) -> Reply:
    """Compare two versions of a bill's text."""
    try:
        before, after = (bill_text.read_text(body) for _, body in ctx.fetched)
    except bill_text.Unreadable as error:
        raise Refused(f"Not compared: a text from GovInfo cannot be read, {error}.") from error
    changes = bill_text.changes(before, after)
    head = f"{bill.label}, {' → '.join(name for name, _ in ctx.fetched)}: {wording.summary(changes)}"
    lines = [wording.change_line(change) for change in changes]
    text = "\n".join([head, "", *(line for change in changes for line in wording.change_text(change))])
    foot = "Texts: GovInfo. Compared by section, not its number or heading, without text struck by a committee."
    file = File(f"{bill.id}-compared.txt", "text/plain", text.encode())
    return replace(
        answer(head, *cap_lines(lines, LINES, "and {:,} more, in the file"), foot=foot), file=file if changes else None
    )


def way(ctx: Context, bill: BillNumber, record: BillRecord) -> tuple[Station, ...]:
    """A bill's stations by its record."""
    return stations_of(bill, steps(record.actions), facts.place_of(record, ctx.today))


def _family_lines(ctx: Context, family: Family) -> list[str]:
    return wording.family_lines(family, facts.family_laws(ctx, family), ctx.today)


def _family_name(family: Family) -> str:
    return f"{family.name}{f', which we call {family.known_as}' if family.known_as else ''}"


def next_buttons(ctx: Context, about: BillFacts, *, has_record: bool) -> tuple[Button, ...]:
    """What the asker may do with a bill, most likely first."""
    bill = about.bill
    tracked = bill.id in tracked_bills(ctx.config.coalition)
    buttons = [
        Button("Draft letter", "letter draft", bill_arg(bill)),
        Button("Follow", "campaign follow", (("what", f"bill:{bill.id}"),)),
    ]
    if not about.over(ctx.today) and not tracked:
        buttons.append(Button("Track", "bill track", bill_arg(bill), "primary"))
    if has_record:
        buttons += [
            Button("Cosponsors", "bill cosponsors", bill_arg(bill)),
            Button("Texts", "bill text", bill_arg(bill)),
        ]
    return ctx.theirs(*buttons)[:_BUTTONS]


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


async def read_record(fetching: Any, args: Mapping[str, str]) -> tuple[BillRecord, ...] | FetchFailed | None:
    """Fetch the bill's record; None if the Congress is missing."""
    which = parse_bill_number(args["bill"])
    return await fetching.bill(which.bill) if which and which.bill else None


@slash.command(
    example="{bill} asks:{ask}",
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
    """Track a bill: its steps at once, the rest in the digest."""
    bill = resolve_bill(ctx, args["bill"], "bill track", "bill")
    if isinstance(bill, Reply):
        return bill
    if bill.id in tracked_bills(ctx.config.coalition):
        fetched = _records_in(ctx.fetched)
        records.save(ctx.tx, fetched, ctx.now)
        note = ("Its record was updated just now.",) if fetched else ()
        return answer(
            f"{bill.label} is already tracked", *note, buttons=ctx.theirs(Button("Show", "bill show", bill_arg(bill)))
        )
    listed, fetched = family_of(ctx, bill), _records_in(ctx.fetched)
    at = facts.place_of(fetched[0], ctx.today) if fetched else UNREAD
    if is_over(at, bill, ctx.today):
        outcome = wording.successor(listed, facts.family_laws(ctx, listed), bill) if listed else ""
        raise Refused(f"{bill.label} can no longer become law: its Congress is over. {outcome}".strip(), param="bill")
    title = fetched[0].title if fetched else bill.label
    families = ctx.config.coalition.bills
    if args.get("family", "") not in {"", *families}:
        names = say.listed(list(families), 9)
        raise Refused(f"There is no family “{args['family'][:40]}”. Families: {names}.", param="family")
    family = families.get(args.get("family", ""))
    typed = read_asks(ctx.config.coalition.asks, args.get("asks", ""))
    asks = typed or (listed.asks if listed else ()) or (family.asks if family else ())
    return _track(ctx, bill, title, args.get("family", ""), asks, fetched)


@slash.command(example="{bill}", params=(BILL,), who=EDITORS, changes=True)
@of_bill
def untrack(ctx: Context, bill: BillNumber) -> Reply:
    """Stop tracking a bill."""
    if bill.id not in tracked_bills(ctx.config.coalition):
        raise Refused(f"{bill.label} is not tracked. /bill list shows the bills that are.", param="bill")
    store(ctx, TRACKED, bill.id, None)
    for name in _watches(bill, "", ()):
        if name in ctx.config.feeds.watches:
            store(ctx, WATCH, name, None)
    family = family_of(ctx, bill)
    notify_ask_channels(ctx, family.asks if family else (), f"Tracking of {bill.label} was ended")
    ctx.note(f"bill {bill.id}", "tracked", "")
    undo = Button("Undo", "bill again", bill_arg(bill))
    return answer(
        f"{bill.label} is no longer tracked",
        "Its record is no longer read, and its watches are removed. Messages already posted stay.",
        buttons=(undo,),
        replaces=True,
    )


@slash.command(example="BILL", params=(_ID,), who=EDITORS, changes=True, hidden=True)
@of_bill
def again(ctx: Context, bill: BillNumber) -> Reply:
    """Undo /bill untrack."""
    if not restore(ctx, TRACKED, bill.id):
        raise Refused("Nothing to undo: the bill is tracked, or the files no longer track it.")
    for name in _watches(bill, "", ()):
        restore(ctx, WATCH, name)
    ctx.note(f"bill {bill.id}", "", "tracked again")
    return answer(f"{bill.label} is tracked again", replaces=True)


@slash.command(example="BILL", params=(_ID,), who=EDITORS, changes=True, fetch=read_record, hidden=True)
def add(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Add a proposed bill to its family."""
    bill, proposal = _open_proposal(ctx, args)
    family = ctx.config.coalition.bills.get(proposal.family)
    if family is None:
        raise Refused("That family is no longer in coalition.yml. /bill track follows the bill without a family.")
    records.save_answer(ctx.tx, bill.id, records.ADDED, by=ctx.actor.person, now=ctx.now)
    return _track(ctx, bill, proposal.title, proposal.family, family.asks, _records_in(ctx.fetched))


@slash.command(example="BILL", params=(_ID,), who=EDITORS, changes=True, hidden=True)
def dismiss(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Dismiss a proposed bill."""
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
        buttons=ctx.theirs(Button("Show", "bill show", bill_arg(bill)), Button("Undo", "bill untrack", bill_arg(bill))),
        replaces=True,
    )


def _records_in(fetched: Any) -> tuple[BillRecord, ...]:
    return fetched if isinstance(fetched, tuple) else ()


def _open_proposal(ctx: Context, args: Mapping[str, str]) -> tuple[BillNumber, records.Proposal]:
    proposal = records.proposal(ctx.tx, args["bill"])
    if proposal is None:
        raise Refused("That bill was not proposed. Track it with /bill track BILL.")
    if proposal.answer:
        raise Refused(f"Already answered: {proposal.answer}. /bill list shows the bills you track.")
    return BillNumber.of(proposal.bill), proposal
