"""/clips: what was published of us in a week, a month, a quarter, the time of a grant."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.commands.model import Choice, Command, Context, Kind, Param
from bot.media.clips import report
from bot.media.news import wording
from bot.media.press.picking import PRESS, asks
from bot.shared.calendar import day_in_words


def times(ctx: Context, typed: str) -> Sequence[Choice]:
    now = ctx.today
    offered = [
        Choice("last", "last"), Choice("this", "this, as far as it is"), Choice(now.isoformat(), day_in_words(now))
    ]  # fmt: skip
    return [each for each in offered if typed.casefold() in each.label.casefold()]


def entities(ctx: Context, typed: str) -> Sequence[Choice]:
    coalition = ctx.config.coalition
    offered = [Choice(id_, wording.entity(id_, coalition)) for id_ in coalition.entities]
    return [each for each in offered if typed.casefold() in f"{each.value} {each.label}".casefold()]


_AS: Final = Param(
    "as",
    "in which form; a Word file if left out",
    required=False,
    choices=(
        Choice("docx", "DOCX, to edit"),
        Choice("pdf", "PDF, to send"),
        Choice("csv", "CSV"),
        Choice("png", "Charts"),
    ),
)
_OF: Final = Param("of", "this, last or a day in it; last if left out", required=False, complete=times, longest=20)
_VOICE: Final = Param("voice", "yes: share of voice too", kind=Kind.YES_NO, required=False)

COMMANDS: Final = (
    *(
        Command(
            group="clips",
            verb=verb,
            help=f"What was published of us in a {verb}: a page to pass on, every story, how it was counted",
            example=example,
            handler=handler,
            params=(_OF, _AS, _VOICE),
            who=PRESS,
        )
        for verb, example, handler in (
            ("week", "/clips week", report.of_week),
            ("month", "/clips month of:2026-10 as:pdf", report.of_month),
            ("quarter", "/clips quarter of:this as:csv", report.of_quarter),
        )
    ),
    Command(
        group="clips",
        verb="funder",
        help="What was published in the time of a grant, of one ask or one member alone",
        example="/clips funder since:2026-07-01 until:2026-11-20 ask:4",
        handler=report.for_funder,
        params=(
            Param("since", "the first day: 2026-07-01", longest=10),
            Param("until", "the last day; today if left out", required=False, longest=10),
            Param("ask", "only stories on this ask", kind=Kind.NUMBER, required=False, complete=asks),
            Param("about", "only stories that name this member", required=False, complete=entities, longest=60),
            _AS,
            _VOICE,
        ),
        who=PRESS,
    ),
)
