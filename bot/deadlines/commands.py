"""/deadlines list, show, planned, calendar and subscribe. Plans of rules are not deadlines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from bot.alerts import cards, explain
from bot.alerts.cards import story_headline
from bot.commands.arguments import matching
from bot.commands.group import Group
from bot.commands.model import STAFF, Choice, Context, File, Kind, Param, Refused, Reply, answer, long_answer
from bot.deadlines import agenda, wording
from bot.deadlines.model import Basis
from bot.deadlines.records import load_commitments
from bot.deadlines.windows import Planned, open_windows, planned_rules, upcoming
from bot.entries.records import SHORT_ID
from bot.shared.card import Button, Line, Mark
from bot.shared.entry import Kind as EntryKind
from bot.shared.wording import asks, number, short
from bot.watch.model import asks_of

_SHOWN: Final = 9  # lines: an answer is ten
_TITLE: Final = 110  # characters
_PLANNED_FOOT: Final = "Months are the agencies' plans, and most are missed. Each line names its edition."
_NO_SITE: Final = (
    "YOUR-HOST is the host where Slack reaches the bot, with SLACK_MODE=http. Otherwise there is no web site yet "
    "(to turn one on, set WEB_URL in .env and restart the bot): use /deadlines calendar instead."
)


def _complete_deadlines(ctx: Context, typed: str) -> Sequence[Choice]:
    open_ = open_windows(ctx.tx, ctx.now)
    titles = {window.numbers[-1] if window.numbers else window.id: window.title for window in open_}
    titles |= {each.item.id[:SHORT_ID]: story_headline([each.item]) for each in upcoming(ctx.tx, ctx.now)}
    numbered = [Choice(id_, f"{title} [{id_}]") for id_, title in titles.items()]
    return [*matching(numbered, typed), *complete_commitments(ctx, typed)]


slash = Group("deadlines")


@slash.command("list", "List comment periods, hearings and what offices owe, by date")
def list_(ctx: Context, args: Mapping[str, str]) -> Reply:  # noqa: ARG001 - a handler's form
    lines = agenda.lines(ctx.tx, ctx.config.coalition, ctx.now)
    buttons = ctx.theirs(Button("Calendar", "deadlines calendar"), Button("Add a duty", "deadlines add"))
    if not lines:
        comments = "Comment periods are added automatically with alerts on documents that ask for comments."
        add = ctx.hint("deadlines add", "To track what an office owes: /deadlines add")
        return answer("No deadlines", comments, add, buttons=buttons)
    more = [Line(f"and {len(lines) - _SHOWN + 1} more, all in the calendar")] if len(lines) > _SHOWN else []
    shown = lines[: _SHOWN - len(more)]
    head = number(len(lines), "deadline or hearing", "deadlines and hearings")
    return answer(head, *shown, *more, buttons=buttons, foot="/deadlines show ID shows one in full.")


@slash.command(
    "show",
    "Show one deadline in full",
    "{duty}",
    params=(
        Param(
            "id",
            "a commitment's id, a document's number in the Register or id on regulations.gov, or a hearing's id",
            complete=_complete_deadlines,
            longest=200,
        ),
    ),
)
def show(ctx: Context, args: Mapping[str, str]) -> Reply:
    typed = args["id"]
    commitment = load_commitments(ctx.tx, ctx.config.coalition).get(typed.casefold())
    if commitment:
        card = wording.commitment_card(commitment, ctx.today, mark=Mark.ANSWER)
        id_ = (("id", commitment.id),)
        letter = Button("Letter", "letter draft", (("template", "overdue-duty"), ("duty", commitment.id)))
        theirs = commitment.is_missed(ctx.today) and commitment.kind is not Basis.FOIA
        missed = (letter, Button("FOIA request", "deadlines foia", id_)) if theirs else ()
        buttons = ctx.theirs(*card.buttons, *missed, Button("Remove", "deadlines remove", id_))
        return Reply(card=replace(card, buttons=buttons))
    entry_ids = {stored.id for stored in explain.find(ctx.tx, typed)}
    for window in open_windows(ctx.tx, ctx.now):
        if window.id in entry_ids or typed in (*window.numbers, window.document, window.id):
            card = wording.window_card(window, ctx.today, mark=Mark.ANSWER)
            return Reply(card=replace(card, buttons=ctx.theirs(*card.buttons[1:])))
    for meeting in upcoming(ctx.tx, ctx.now):
        if meeting.item.id in entry_ids:
            card = cards.card([meeting.item], ctx.config.labels)
            return Reply(card=replace(card, mark=Mark.ANSWER, buttons=ctx.theirs(*card.buttons)))
    raise Refused(f"There is no deadline “{typed[:60]}”. /deadlines list shows all deadlines.", param="id")


@slash.command(
    "planned",
    "List rules that agencies plan, with the month they give",
    params=(Param("about", "an ask's number, a RIN, or words of the agency or title", required=False, longest=200),),
)
def planned(ctx: Context, args: Mapping[str, str]) -> Reply:
    plans = planned_rules(ctx.tx, ctx.now)
    about = args.get("about", "")
    if about:
        plans = [plan for plan in plans if _is_about(plan, about)]
    if not plans:
        hint = "Its source is the Unified Agenda; your watches decide which of its rules matter."
        sources = ctx.config.feeds.sources.values()
        if not any(source.enabled and source.brings is EntryKind.PLANNED_RULE for source in sources):
            hint = "The Unified Agenda, which lists them, is not read: add unified-agenda to the sources in feeds.yml."
        raise Refused(f"No planned rule {f'about “{about[:60]}” ' if about else ''}matched a watch. {hint}")
    lines = [_planned_line(plan, late=plan.rule.late(ctx.today)) for plan in plans]
    return long_answer(number(len(plans), "planned rule"), lines, "planned-rules.txt", foot=_PLANNED_FOOT)


@slash.command("calendar", "Export all deadlines as a calendar file")
def calendar(ctx: Context, args: Mapping[str, str]) -> Reply:  # noqa: ARG001 - a handler's form
    data = agenda.file(ctx.tx, ctx.config.coalition, ctx.now)
    count = data.count(b"BEGIN:VEVENT")
    reply = answer(
        f"{count} calendar entr{'y' if count == 1 else 'ies'}" if count else "No calendar entries yet",
        "Open the file with your calendar app. It does not update: later changes are not in it.",
        ctx.hint("deadlines subscribe", "For a calendar that updates itself: /deadlines subscribe"),
    )
    return replace(reply, file=File("deadlines.ics", agenda.MEDIA_TYPE, data))


@slash.command(
    "subscribe",
    "Show the secret address for calendar apps to subscribe to",
    params=(Param("renew", "yes: a new address; the old one stops working", kind=Kind.YES_NO, required=False),),
    who=STAFF,
    changes=True,
)
def subscribe(ctx: Context, args: Mapping[str, str]) -> Reply:
    renew = args.get("renew") == "yes"
    path = agenda.address(ctx.tx, new_id=ctx.new_id, renew=renew)
    if renew:
        ctx.note("the calendar's address", "", "renewed: the old one no longer works")
    return answer(
        "New calendar address: the old one no longer works" if renew else "The calendar's secret address",
        f"{ctx.config.site or 'https://YOUR-HOST'}{path}",
        "" if ctx.config.site else _NO_SITE,
        "Anyone with the address can read the deadlines, so do not share it outside the coalition.",
        buttons=(Button("Renew address", "deadlines subscribe", (("renew", "yes"),)),),
    )


def complete_commitments(ctx: Context, typed: str) -> Sequence[Choice]:
    """Completions: the commitments whose name, basis or id contains the typed text."""
    current = load_commitments(ctx.tx, ctx.config.coalition).values()
    return matching((Choice(each.id, f"{each.owed} ({each.basis}) [{each.id}]") for each in current), typed)


def _is_about(plan: Planned, about: str) -> bool:
    typed = about.casefold().removeprefix("ask").strip(" :")
    if typed.isdecimal():
        return int(typed) in asks_of(plan.item.matches)
    agencies = " ".join(agency.name for agency in plan.item.entry.agencies or ())
    text = f"{plan.rule.rin} {plan.rule.acronym} {agencies} {plan.item.entry.title}".casefold()
    return all(word in text for word in about.casefold().split())


def _planned_line(plan: Planned, *, late: bool) -> str:
    """`NPRM planned for 2026-04 by OVC, RIN 1121-AA12, per the Spring 2026 agenda: Title (Ask 1)`."""
    about = asks(asks_of(plan.item.matches))
    passed = "; that month has passed" if late else ""
    title = short(plan.item.entry.title, _TITLE)
    return f"{plan.rule.plan}{passed}: {title}{f' ({about})' if about else ''}"
