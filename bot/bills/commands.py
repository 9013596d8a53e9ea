"""/bill: the bills we follow, their families, and what became of them."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Final

from bot.alerts.words import asks, listed, number
from bot.bills import facts, following, picture, records, texts, tracking, words
from bot.bills.answering import about, answer, facts_of, family_of, fates, long_answer
from bot.bills.asking import bill_meant, offered
from bot.bills.model import BillFacts
from bot.bills.way import Station, in_words, way
from bot.card import Button, Card, Line, Mark, Section
from bot.command import Command, Desk, File, Param, Refused, Reply, Role
from bot.config.coalition import Family
from bot.printing.parts import DocumentProblem
from bot.sources.bill_number import BillNumber
from bot.sources.bill_steps import steps
from bot.sources.bills import BillRecord

log = logging.getLogger(__name__)

_EDITORS: Final = frozenset({Role.ADMINISTRATOR, Role.POLICY})
_BUTTONS: Final = 4


def list_(desk: Desk, args: Mapping[str, str]) -> Reply:  # noqa: ARG001 - a handler's form
    """Each family, its bills by Congress, and which of them are followed."""
    families = desk.config.coalition.bills
    if not families:
        return answer("No bills yet", "Follow one: /bill track hr4323-119")
    sections = [Section(_called(family), tuple(map(Line, _lines(desk, family)))) for family in families.values()]
    followed = [BillNumber.of(id_).said for id_ in tracking.followed(desk.config.coalition)]
    reads = f"Followed: {listed(followed, 12)}." if followed else "None is followed yet."
    head = f"{number(len(families), 'family', 'families')}, {number(len(followed), 'bill')} followed"
    return answer(head, reads, sections=sections, foot="/bill show BILL tells more of one.")


def show(desk: Desk, args: Mapping[str, str]) -> Reply:
    """One bill: what became of it, who is behind it, how far it came; and its family."""
    bill = bill_meant(desk, args["bill"], "bill show", "bill")
    if isinstance(bill, Reply):
        return bill
    told, kept = facts_of(desk, bill), records.of(desk.tx, bill.id)
    family = family_of(desk, bill)
    stations = _way(desk, bill, facts.whole(kept)) if kept else ()
    lines = [Line(f"{told.became}.")]
    lines += [Line(words.people(told))] if kept else []
    lines += [Line(f"Its way: {in_words(stations)}")] if stations else []
    lines += [Line(f"The sources differ: {text}") for text in facts.disagreements(kept)]
    sections = [_family_section(desk, family, bill)] if family else []
    card = Card(
        mark=Mark.BILL,
        head=words.head(told),
        badge=asks(family.asks) if family else "",
        lines=(*lines, Line("Page on congress.gov", bill.page)),
        sections=tuple(sections),
        foot=words.foot(told, desk.zone, kept[0].read_at if kept else None),
        buttons=_buttons(desk, bill, known=bool(kept)),
    )
    return Reply(card=card, file=_picture(desk, told, stations) if stations else None)


def cosponsors(desk: Desk, args: Mapping[str, str]) -> Reply:
    bill = bill_meant(desk, args["bill"], "bill cosponsors", "bill")
    if isinstance(bill, Reply):
        return bill
    told = facts_of(desk, bill)
    if told.cosponsors is None or told.standing is None:
        raise Refused(f"Who cosponsors {bill.said} is not known: no record of it was read. /bill track has it read.")
    everyone = sorted(told.cosponsors.values(), key=lambda it: it.joined or bill.ends, reverse=True)
    left = [it for it in everyone if it.withdrawn]
    withdrew = f"{len(left)} withdrew" if left else "none withdrew"
    head = f"{bill.said}: {number(len(told.standing), 'cosponsor')}, {withdrew}"
    lines = [f"Sponsor: {told.sponsor or 'not known'}", *map(words.cosponsor, everyone)]
    return long_answer(head, lines, f"cosponsors-{bill.id}.txt", foot=words.foot(told, desk.zone))


def _way(desk: Desk, bill: BillNumber, record: BillRecord) -> tuple[Station, ...]:
    happened = steps(record.actions)
    return way(bill, happened, over=facts.died(bill, happened, desk.today))


def _picture(desk: Desk, told: BillFacts, stations: tuple[Station, ...]) -> File | None:
    """None where it cannot be made: the card says the same in words."""
    title = words.head(told)
    try:
        data = picture.png(title, stations, desk.config.folder)
    except DocumentProblem as problem:
        log.warning("no picture of %s: %s", told.bill.id, problem)
        return None
    return File(f"{told.bill.id}.png", "image/png", data, f"{title}. {in_words(stations)}")


def _family_section(desk: Desk, family: Family, bill: BillNumber) -> Section:
    after = words.successor(family, fates(desk, family), bill)
    return Section(_called(family), tuple(map(Line, filter(None, (after, *_lines(desk, family))))))


def _lines(desk: Desk, family: Family) -> list[str]:
    return words.family_lines(family, fates(desk, family), desk.today)


def _called(family: Family) -> str:
    return f"{family.name}{f', known to us as {family.known_as}' if family.known_as else ''}"


def _buttons(desk: Desk, bill: BillNumber, *, known: bool) -> tuple[Button, ...]:
    tracked = bill.id in tracking.followed(desk.config.coalition)
    buttons = [
        Button("Draft letter", "letter draft", about(bill)),
        Button("Follow", "campaign follow", (("what", f"bill:{bill.id}"),)),
    ]
    if not bill.over(desk.today) and not tracked:
        buttons.append(Button("Track", "bill track", about(bill), "primary"))
    if known:
        buttons += [Button("Cosponsors", "bill cosponsors", about(bill)), Button("Texts", "bill text", about(bill))]
    return desk.theirs(*buttons)[:_BUTTONS]


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
