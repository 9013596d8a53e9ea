"""How this room's answers are put together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from bot.bills import facts
from bot.bills.model import BillFacts
from bot.card import Button, Card, Line, Mark, Section
from bot.command import Desk, File, Refused, Reply
from bot.config.model import Family
from bot.sources.bill_number import BillNumber

SHOWN: Final = 8  # lines of an answer


def facts_of(desk: Desk, bill: BillNumber) -> BillFacts:
    try:
        return facts.about(desk.tx, desk.config.coalition, bill.id, now=desk.now)
    except facts.UnknownBill as unknown:
        raise Refused(str(unknown), param="bill") from unknown


def answer(
    head: str,
    *lines: str | Line,
    sections: Sequence[Section] = (),
    buttons: Sequence[Button] = (),
    foot: str = "",
    replaces: bool = False,
) -> Reply:
    told = tuple(line if isinstance(line, Line) else Line(line) for line in lines)
    card = Card(mark=Mark.BILL, head=head, lines=told, sections=tuple(sections), buttons=tuple(buttons), foot=foot)
    return Reply(card=card, replaces=replaces)


def long_answer(head: str, lines: Sequence[str], file: str, *, foot: str) -> Reply:
    """The first lines in the message; where there are more, all of them in a file beside it."""
    if len(lines) <= SHOWN:
        return answer(head, *lines, foot=foot)
    shown = answer(head, *lines[: SHOWN - 1], f"and {len(lines) - SHOWN + 1} more, in the file", foot=foot)
    return Reply(card=shown.card, file=File(file, "text/plain", "\n".join((head, *lines, foot, "")).encode()))


def theirs(desk: Desk, *buttons: Button) -> tuple[Button, ...]:
    """Those that the asker may press."""
    paths = {command.path for command in desk.commands}
    return tuple(button for button in buttons if button.path in paths)


def about(bill: BillNumber) -> tuple[tuple[str, str], ...]:
    return (("bill", bill.id),)


def show_button(bill: BillNumber) -> Button:
    return Button("Show", "bill show", about(bill))


def zone(desk: Desk) -> ZoneInfo:
    return ZoneInfo(desk.config.coalition.zone)


def today(desk: Desk) -> date:
    return desk.now.astimezone(zone(desk)).date()


def family_of(desk: Desk, bill: BillNumber) -> Family | None:
    found = facts.listing(desk.config.coalition, bill.id)
    return found[0] if found else None


def fates(desk: Desk, family: Family) -> dict[str, str]:
    """The law that each bill of a family became; "" for none that we know of."""
    return facts.fates(desk.tx, desk.config.coalition, family, desk.now)
