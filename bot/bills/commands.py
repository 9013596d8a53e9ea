"""/bill: the bills we follow, their families, and what became of them."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Final

from bot.bills import facts, following, progress_picture, records, texts, tracking, wording
from bot.bills.model import BillFacts
from bot.bills.picking import bill_meant, offered
from bot.bills.progress import Station, in_words, way
from bot.bills.replies import about, answer, facts_of, family_of, fates, long_answer
from bot.commands.model import Command, Context, File, Param, Refused, Reply, Role
from bot.config.coalition import Family
from bot.printing.parts import DocumentProblem
from bot.shared.bill_number import BillNumber
from bot.shared.card import Button, Card, Line, Mark, Section
from bot.shared.wording import asks, listed, number
from bot.sources.congress.bill_record import BillRecord
from bot.sources.congress.bill_steps import steps

log = logging.getLogger(__name__)

_EDITORS: Final = frozenset({Role.ADMINISTRATOR, Role.POLICY})
_BUTTONS: Final = 4


def list_(ctx: Context, args: Mapping[str, str]) -> Reply:  # noqa: ARG001 - a handler's form
    """Each family, its bills by Congress, and which of them are followed."""
    families = ctx.config.coalition.bills
    if not families:
        return answer("No bills yet", "Follow one: /bill track hr4323-119")
    sections = [Section(_called(family), tuple(map(Line, _lines(ctx, family)))) for family in families.values()]
    followed = [BillNumber.of(id_).said for id_ in tracking.followed(ctx.config.coalition)]
    reads = f"Followed: {listed(followed, 12)}." if followed else "None is followed yet."
    head = f"{number(len(families), 'family', 'families')}, {number(len(followed), 'bill')} followed"
    return answer(head, reads, sections=sections, foot="/bill show BILL tells more of one.")


def show(ctx: Context, args: Mapping[str, str]) -> Reply:
    """One bill: what became of it, who is behind it, how far it came; and its family."""
    bill = bill_meant(ctx, args["bill"], "bill show", "bill")
    if isinstance(bill, Reply):
        return bill
    told, kept = facts_of(ctx, bill), records.of(ctx.tx, bill.id)
    family = family_of(ctx, bill)
    stations = _way(ctx, bill, facts.whole(kept)) if kept else ()
    lines = [Line(f"{told.became}.")]
    lines += [Line(wording.people(told))] if kept else []
    lines += [Line(f"Its way: {in_words(stations)}")] if stations else []
    lines += [Line(f"The sources differ: {text}") for text in facts.disagreements(kept)]
    sections = [_family_section(ctx, family, bill)] if family else []
    card = Card(
        mark=Mark.BILL,
        head=wording.head(told),
        badge=asks(family.asks) if family else "",
        lines=(*lines, Line("Page on congress.gov", bill.page)),
        sections=tuple(sections),
        foot=wording.foot(told, ctx.zone, kept[0].read_at if kept else None),
        buttons=_buttons(ctx, bill, known=bool(kept)),
    )
    return Reply(card=card, file=_picture(ctx, told, stations) if stations else None)


def cosponsors(ctx: Context, args: Mapping[str, str]) -> Reply:
    bill = bill_meant(ctx, args["bill"], "bill cosponsors", "bill")
    if isinstance(bill, Reply):
        return bill
    told = facts_of(ctx, bill)
    if told.cosponsors is None or told.standing is None:
        raise Refused(f"Who cosponsors {bill.said} is not known: no record of it was read. /bill track has it read.")
    everyone = sorted(told.cosponsors.values(), key=lambda it: it.joined or bill.ends, reverse=True)
    left = [it for it in everyone if it.withdrawn]
    withdrew = f"{len(left)} withdrew" if left else "none withdrew"
    head = f"{bill.said}: {number(len(told.standing), 'cosponsor')}, {withdrew}"
    lines = [f"Sponsor: {told.sponsor or 'not known'}", *map(wording.cosponsor, everyone)]
    return long_answer(head, lines, f"cosponsors-{bill.id}.txt", foot=wording.foot(told, ctx.zone))


def _way(ctx: Context, bill: BillNumber, record: BillRecord) -> tuple[Station, ...]:
    happened = steps(record.actions)
    return way(bill, happened, over=facts.died(bill, happened, ctx.today))


def _picture(ctx: Context, told: BillFacts, stations: tuple[Station, ...]) -> File | None:
    """None where it cannot be made: the card says the same in words."""
    title = wording.head(told)
    try:
        data = progress_picture.png(title, stations, ctx.config.folder)
    except DocumentProblem as problem:
        log.warning("no picture of %s: %s", told.bill.id, problem)
        return None
    return File(f"{told.bill.id}.png", "image/png", data, f"{title}. {in_words(stations)}")


def _family_section(ctx: Context, family: Family, bill: BillNumber) -> Section:
    after = wording.successor(family, fates(ctx, family), bill)
    return Section(_called(family), tuple(map(Line, filter(None, (after, *_lines(ctx, family))))))


def _lines(ctx: Context, family: Family) -> list[str]:
    return wording.family_lines(family, fates(ctx, family), ctx.today)


def _called(family: Family) -> str:
    return f"{family.name}{f', known to us as {family.known_as}' if family.known_as else ''}"


def _buttons(ctx: Context, bill: BillNumber, *, known: bool) -> tuple[Button, ...]:
    tracked = bill.id in tracking.followed(ctx.config.coalition)
    buttons = [
        Button("Draft letter", "letter draft", about(bill)),
        Button("Follow", "campaign follow", (("what", f"bill:{bill.id}"),)),
    ]
    if not bill.over(ctx.today) and not tracked:
        buttons.append(Button("Track", "bill track", about(bill), "primary"))
    if known:
        buttons += [Button("Cosponsors", "bill cosponsors", about(bill)), Button("Texts", "bill text", about(bill))]
    return ctx.theirs(*buttons)[:_BUTTONS]


_BILL: Final = Param("bill", "the bill, such as H.R. 4323 (119th)", complete=offered, longest=300)
_ID: Final = Param("bill", "which bill")

COMMANDS: Final = (
    Command(
        group="bill",
        verb="list",
        help="Our bills by family, and which are followed",
        example="/bill list",
        handler=list_,
    ),
    Command(
        group="bill",
        verb="show",
        help="What became of a bill, and of its family",
        example="/bill show S.3240-116",
        handler=show,
        params=(_BILL,),
    ),
    Command(
        group="bill",
        verb="track",
        help="Follow a bill: its steps at once, the rest in the digest",
        example="/bill track hr4323-119 asks:8",
        handler=following.track,
        params=(
            _BILL,
            Param("family", "the family it belongs to", required=False, complete=following.families),
            Param("asks", "numbers of asks, such as 4 or 4, 8; the family's if left out", required=False),
        ),
        who=_EDITORS,
        changes=True,
        fetch=following.read_record,
    ),
    Command(
        group="bill",
        verb="untrack",
        help="Follow a bill no more; can be undone",
        example="/bill untrack hr1379-119",
        handler=following.untrack,
        params=(_BILL,),
        who=_EDITORS,
        changes=True,
    ),
    Command(
        group="bill",
        verb="cosponsors",
        help="Who joined a bill and who withdrew, newest first",
        example="/bill cosponsors hr4323-119",
        handler=cosponsors,
        params=(_BILL,),
    ),
    Command(
        group="bill",
        verb="text",
        help="The versions of a bill's text",
        example="/bill text hr4323-119",
        handler=texts.text,
        params=(_BILL,),
    ),
    Command(
        group="bill",
        verb="compare",
        help="What changed from one version of a bill's text to another",
        example="/bill compare hr4323-119 from:ih to:enr",
        handler=texts.compare,
        params=(
            _BILL,
            Param("from", "the older version's code, such as ih; the first if left out", required=False),
            Param("to", "the newer version's code, such as enr; the last if left out", required=False),
        ),
        fetch=texts.read_texts,
    ),
    Command(
        group="bill",
        verb="add",
        help="Add a proposed bill to its family",
        example="/bill add BILL",
        handler=following.add,
        params=(_ID,),
        who=_EDITORS,
        changes=True,
        fetch=following.read_record,
        hidden=True,
    ),
    Command(
        group="bill",
        verb="dismiss",
        help="Say that a proposed bill is not ours",
        example="/bill dismiss BILL",
        handler=following.dismiss,
        params=(_ID,),
        who=_EDITORS,
        changes=True,
        hidden=True,
    ),
    Command(
        group="bill",
        verb="again",
        help="Follow a bill again that was let go",
        example="/bill again BILL",
        handler=following.again,
        params=(_ID,),
        who=_EDITORS,
        changes=True,
        hidden=True,
    ),
)
