"""/clips: reports on our coverage in a week, a month, a quarter or a grant period."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.commands.model import Choice, Command, Context, Kind, Param
from bot.media.clips import report
from bot.media.news import wording
from bot.media.press.picking import PRESS_ROLE, ask_choices
from bot.shared.calendar import day_in_words


def period_choices(ctx: Context, typed: str) -> Sequence[Choice]:
    today = ctx.today
    options = [
        Choice("last", "last"), Choice("this", "this, to date"), Choice(today.isoformat(), day_in_words(today))
    ]  # fmt: skip
    return [option for option in options if typed.casefold() in option.label.casefold()]


def entity_choices(ctx: Context, typed: str) -> Sequence[Choice]:
    coalition = ctx.config.coalition
    options = [Choice(id_, wording.entity(id_, coalition)) for id_ in coalition.entities]
    return [option for option in options if typed.casefold() in f"{option.value} {option.label}".casefold()]


_FORMAT: Final = Param(
    "as",
    "the format; a Word file if left out",
    required=False,
    choices=(
        Choice("docx", "DOCX, to edit"),
        Choice("pdf", "PDF, to send"),
        Choice("csv", "CSV"),
        Choice("png", "Charts"),
    ),
)
_PERIOD: Final = Param(
    "of", "this, last or a date in it; last if left out", required=False, complete=period_choices, longest=20
)
_SHARE_OF_VOICE: Final = Param("voice", "yes: include share of voice", kind=Kind.YES_NO, required=False)

COMMANDS: Final = (
    *(
        Command(
            group="clips",
            verb=verb,
            help=f"Our coverage in a {verb}: a summary page, every story, and how it was counted",
            example=example,
            handler=handler,
            params=(_PERIOD, _FORMAT, _SHARE_OF_VOICE),
            who=PRESS_ROLE,
        )
        for verb, example, handler in (
            ("week", "/clips week", report.weekly),
            ("month", "/clips month of:2026-10 as:pdf", report.monthly),
            ("quarter", "/clips quarter of:this as:csv", report.quarterly),
        )
    ),
    Command(
        group="clips",
        verb="funder",
        help="Our coverage in a grant period, also for one ask or one member",
        example="/clips funder since:2026-07-01 until:2026-11-20 ask:4",
        handler=report.for_funder,
        params=(
            Param("since", "the first day: 2026-07-01", longest=10),
            Param("until", "the last day; today if left out", required=False, longest=10),
            Param("ask", "only stories on this ask", kind=Kind.NUMBER, required=False, complete=ask_choices),
            Param("about", "only stories that name this member", required=False, complete=entity_choices, longest=60),
            _FORMAT,
            _SHARE_OF_VOICE,
        ),
        who=PRESS_ROLE,
    ),
)
