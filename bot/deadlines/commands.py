"""/deadlines: what binds, and until when; shown, and taken along as a calendar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from bot.alerts import explain
from bot.commands.model import STAFF, Choice, Command, Context, File, Kind, Param, Refused, Reply
from bot.commands.replies import answer
from bot.deadlines import agenda, ics, wording
from bot.deadlines.duties import duties
from bot.deadlines.windows import windows
from bot.shared.card import Button, Line, Mark

_SHOWN: Final = 9  # lines: an answer is ten


def list_(ctx: Context, args: Mapping[str, str]) -> Reply:  # noqa: ARG001 - a handler's form
    """Every deadline by date, with the days that are left."""
    found = agenda.lines(ctx.tx, ctx.config.coalition, ctx.now)
    buttons = ctx.theirs(Button("Calendar", "deadlines calendar"), Button("Add a duty", "deadlines add"))
    if not found:
        comments = "Comment periods come by themselves, with the alerts of documents that ask for comments."
        add = "A duty that a law sets you add: /deadlines add"
        return answer("No deadlines", comments, add, buttons=buttons)
    more = [Line(f"and {len(found) - _SHOWN + 1} more, all in the calendar")] if len(found) > _SHOWN else []
    shown = found[: _SHOWN - len(more)]
    head = f"{len(found)} deadline{'s' if len(found) > 1 else ''}"
    return answer(head, *shown, *more, buttons=buttons, foot="/deadlines show ID tells all of one.")


def show(ctx: Context, args: Mapping[str, str]) -> Reply:
    """The whole of one: a duty, or a comment period."""
    typed = args["id"]
    duty = duties(ctx.tx, ctx.config.coalition).get(typed.casefold())
    if duty:
        card = wording.duty_card(duty, ctx.config.coalition.day(ctx.now), mark=Mark.ANSWER)
        remove = Button("Remove", "deadlines remove", (("id", duty.id),))
        return Reply(card=replace(card, buttons=ctx.theirs(*card.buttons, remove)))
    meant = {kept.id for kept in explain.find(ctx.tx, ctx.config.coalition.id, typed)}
    for window in windows(ctx.tx, ctx.config.coalition.id, ctx.now):
        if window.id in meant or typed in window.numbers:
            card = wording.window_card(window, ctx.config.coalition.day(ctx.now), mark=Mark.ANSWER)
            return Reply(card=replace(card, buttons=ctx.theirs(*card.buttons[1:])))
    raise Refused(f"There is no deadline “{typed[:60]}”. /deadlines list shows those there are.", param="id")


def calendar(ctx: Context, args: Mapping[str, str]) -> Reply:  # noqa: ARG001 - a handler's form
    """All deadlines as a file for a calendar program."""
    data = agenda.file(ctx.tx, ctx.config.coalition, ctx.now)
    count = data.count(b"BEGIN:VEVENT")
    reply = answer(
        f"{count} day{'' if count == 1 else 's'} for your calendar" if count else "Nothing for a calendar yet",
        "Open the file with your calendar program. It is as of now: what moves later is not in it.",
        "One that follows by itself: /deadlines subscribe",
    )
    return replace(reply, file=File("deadlines.ics", ics.MEDIA_TYPE, data))


def subscribe(ctx: Context, args: Mapping[str, str]) -> Reply:
    """The secret address at which a calendar program can follow the deadlines."""
    renew = args.get("renew") == "yes"
    path = agenda.address(ctx.tx, ctx.config.coalition.id, new_id=ctx.new_id, renew=renew)
    if renew:
        ctx.note("the calendar's address", "", "renewed: the one before is dead")
    return answer(
        "A new address; the one before leads nowhere now" if renew else "The calendar's secret address",
        f"https://YOUR-HOST{path}",
        "YOUR-HOST is where Slack reaches the bot, with SLACK_MODE=http. With Socket Mode there is no such place: take "
        "/deadlines calendar.",
        "Whoever has the address can read the deadlines, so tell it to nobody outside.",
        buttons=(Button("Renew it", "deadlines subscribe", (("renew", "yes"),)),),
    )


def known(ctx: Context, typed: str) -> Sequence[Choice]:
    """The duties whose name or id holds what was typed."""
    wanted = typed.casefold()
    its = duties(ctx.tx, ctx.config.coalition).values()
    return [Choice(duty.id, duty.owed) for duty in its if wanted in f"{duty.id} {duty.owed} {duty.statute}".casefold()]


def _all(ctx: Context, typed: str) -> Sequence[Choice]:
    found = windows(ctx.tx, ctx.config.coalition.id, ctx.now)
    numbered = [Choice(window.numbers[-1], window.title) for window in found if window.numbers]
    wanted = typed.casefold()
    return [*(it for it in numbered if wanted in f"{it.value} {it.label}".casefold()), *known(ctx, typed)]


COMMANDS: Final = (
    Command(
        group="deadlines",
        verb="list",
        help="Comment periods and duties by law, by date",
        example="/deadlines list",
        handler=list_,
    ),
    Command(
        group="deadlines",
        verb="show",
        help="All that is known of one deadline",
        example="/deadlines show dhs-directive",
        handler=show,
        params=(Param("id", "a duty's id, or a document's number in the Register", complete=_all, longest=200),),
    ),
    Command(
        group="deadlines",
        verb="calendar",
        help="All deadlines as a file for a calendar program",
        example="/deadlines calendar",
        handler=calendar,
    ),
    Command(
        group="deadlines",
        verb="subscribe",
        help="The secret address at which a calendar program follows the deadlines",
        example="/deadlines subscribe",
        handler=subscribe,
        params=(Param("renew", "yes: a new address, and the old one is dead", kind=Kind.YES_NO, required=False),),
        who=STAFF,
        changes=True,
    ),
)
