"""/clips: which stories a report is about, and the report in the form that was asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Final

from bot.commands.model import Context, File, Refused, Reply
from bot.entries import records as entries
from bot.media.clips import documents, model, sheet
from bot.media.clips.model import Coverage, Period
from bot.media.clips.sheet import Report
from bot.media.news import records, wording
from bot.media.news.model import Story
from bot.media.press import records as press_records
from bot.media.press.inquiries import records as inquiry_records
from bot.media.press.inquiries.model import Inquiry
from bot.media.press.model import folded
from bot.media.press.picking import ask_meant
from bot.people.records import people
from bot.printing.parts import DocumentProblem
from bot.shared.card import Button, Card, Line, Mark
from bot.shared.wording import listed, number

_MEDIA: Final = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "csv": "text/csv",
    "png": "image/png",
}
_NAMED: Final = 6  # stories in one line of an answer
_LONGEST: Final = 3 * 366  # days of a report for a funder


def of_week(ctx: Context, args: Mapping[str, str]) -> Reply:
    """The week that has ended, or another."""
    return _made(ctx, args, "Weekly clip report", _period(ctx, args, model.week))


def of_month(ctx: Context, args: Mapping[str, str]) -> Reply:
    """The month that has ended, or another."""
    return _made(ctx, args, "Monthly clip report", _period(ctx, args, model.month))


def of_quarter(ctx: Context, args: Mapping[str, str]) -> Reply:
    """The quarter that has ended, or another."""
    return _made(ctx, args, "Quarterly clip report", _period(ctx, args, model.quarter))


def for_funder(ctx: Context, args: Mapping[str, str]) -> Reply:
    """The time of a grant, of one ask or one of the entities alone where that is what was paid for."""
    first, last = _day(args["since"], "since"), _day(args["until"], "until") if "until" in args else ctx.today
    if not timedelta(0) <= last - first <= timedelta(days=_LONGEST):
        raise Refused("A report begins before it ends, and is of three years at most.", param="until")
    return _made(ctx, args, "Clip report", Period(first, last))


def report(ctx: Context, args: Mapping[str, str], title: str, period: Period) -> Report:
    """What is known of that time."""
    coalition, zone = ctx.config.coalition, ctx.config.coalition.tz
    begin, end, since = (
        datetime.combine(day, time(0), tzinfo=zone)
        for day in (period.first, period.last + timedelta(days=1), period.before.first)
    )
    wanted = _narrowed(ctx, args)
    found = [each for each in records.stories(ctx.tx, coalition.id, since, end) if wanted(each)]
    told = [each for each in found if each.muted_at is None and model.placements(each)]
    told.sort(key=lambda each: (each.at, each.number))
    now = [each for each in found if period.holds(each.day(zone))]
    ours = [each for each in told if not coalition.ours.isdisjoint(each.entities)]
    asked = _inquiries_wanted(ctx, args)
    coverage = Coverage(
        period=period,
        zone=zone,
        stories=tuple(each for each in ours if each in now),
        apart=tuple(each for each in told if each in now and each not in ours),
        watched_since=_watched_since(ctx),
        own=sum(not model.placements(each) for each in now),
        muted=sum(each.muted_at is not None and bool(model.placements(each)) for each in now),
        earlier=sum(not period.holds(each.day(zone)) for each in ours),
        inquiries=tuple(filter(asked, inquiry_records.received(ctx.tx, coalition.id, begin, end))),
        tiers={folded(it.name): it.tier for it in press_records.outlets(ctx.tx, coalition.id) if it.tier},
    )
    return Report(
        title=title,
        coverage=coverage,
        coalition=coalition,
        feeds=ctx.config.feeds,
        names={person.id: person.name for person in people(ctx.tx, coalition.id)},
        now=ctx.now,
        about=_about(ctx, args),
        voice=args.get("voice") == "yes",
    )


def _made(ctx: Context, args: Mapping[str, str], title: str, period: Period) -> Reply:
    its = report(ctx, args, title, period)
    kind = args.get("as", "docx")
    if kind == "png" and not its.coverage.stories:
        raise Refused("There is nothing to draw: no story in that time. The report says so: as:docx", param="as")
    try:
        file = _file(its, kind, ctx)
    except DocumentProblem as problem:
        raise Refused(str(problem)) from problem
    given = tuple((key, value) for key, value in args.items() if key != "as")
    others = [each for each in _MEDIA if each != kind and (each != "png" or its.coverage.stories)]
    buttons = [Button(each.upper(), ctx.call.path, (*given, ("as", each))) for each in others]
    return Reply(card=_card(its, buttons), file=file)


def _file(its: Report, kind: str, ctx: Context) -> File:
    name = f"clips-{its.coverage.period.first}-{its.coverage.period.last}.{kind}"
    folder, alt = ctx.config.folder, ""
    if kind == "csv":
        data = sheet.table(its)
    elif kind == "png":
        data, alt = documents.png(its, folder)
    else:
        data = {"docx": documents.docx, "pdf": documents.pdf}[kind](its, folder)
    return File(name, _MEDIA[kind], data, alt)


def _card(its: Report, buttons: Sequence[Button]) -> Card:
    """The first page in a few lines, and what nobody has said yet."""
    cover = its.coverage
    told = sheet.sheet(its)
    count = len(cover.stories)
    without = [story.label for story in cover.stories if story.tone is None]
    hidden = [story.label for story in (*cover.stories, *cover.apart) if story.withheld]
    lines = [
        *told["summary"],
        f"No tone yet: {listed(without, _NAMED)}. Set it with /mentions tag" if without else "",
        f"Headline withheld: {listed(hidden, _NAMED)}" if hidden else "",
    ]
    placed = f"{number(count, 'story', 'stories')}, {number(cover.placements, 'placement')}"
    return Card(
        mark=Mark.ANSWER,
        head=f"{told['subject']}: {placed}",
        badge=its.about,
        lines=tuple(Line(line) for line in lines if line),
        buttons=tuple(buttons),
        foot="Each story counts once; reprints are listed beside it. The last page says how it was made.",
    )


# --- of what --------------------------------------------------------------------------------------------------------


def _period(ctx: Context, args: Mapping[str, str], around: Callable[[date], Period]) -> Period:
    """The one that has ended last; `this`: the one that runs, as far as it is; else the one around a day."""
    given, now = args.get("of", "last").casefold(), ctx.today
    if given == "last":
        return around(around(now).first - timedelta(days=1))
    period = around(now if given == "this" else _day(given, "of"))
    return Period(period.first, min(period.last, now)) if period.holds(now) else period


def _day(text: str, param: str) -> date:
    """`2026-11-16`; of a month its first day."""
    try:
        return date.fromisoformat(f"{text}-01" if len(text) == len("2026-11") else text)
    except ValueError:
        raise Refused(f"“{text[:40]}” is no day: write 2026-11-16.", param=param) from None


def _narrowed(ctx: Context, args: Mapping[str, str]) -> Callable[[Story], bool]:
    ask = ask_meant(ctx, args["ask"]) if "ask" in args else None
    entity = _entity(ctx, args["about"]) if "about" in args else None
    return lambda story: (ask is None or ask in story.asks) and (entity is None or entity in story.entities)


def _about(ctx: Context, args: Mapping[str, str]) -> str:
    named = wording.entity(_entity(ctx, args["about"]), ctx.config.coalition) if "about" in args else ""
    return " · ".join(filter(None, (named, f"Ask {args['ask']}" if "ask" in args else "")))


def _entity(ctx: Context, typed: str) -> str:
    coalition = ctx.config.coalition
    for id_ in coalition.entities:
        if typed.casefold() in (id_, wording.entity(id_, coalition).casefold()):
            return id_
    known = ", ".join(coalition.entities)
    raise Refused(f"coalition.yml has no entity “{typed[:60]}”; there are {known}.", param="about")


def _inquiries_wanted(ctx: Context, args: Mapping[str, str]) -> Callable[[Inquiry], bool]:
    """Of a report on one ask or one member, only the inquiries on that."""
    ask = ask_meant(ctx, args["ask"]) if "ask" in args else None
    entity = ctx.config.coalition.entities[_entity(ctx, args["about"])] if "about" in args else None
    return lambda inquiry: (ask is None or inquiry.ask == ask) and (entity is None or inquiry.member == entity.member)


def _watched_since(ctx: Context) -> date | None:
    """The day on which a source of news was first read; None where none was."""
    sources = ctx.config.feeds.sources
    states = entries.source_states(ctx.tx)
    news = [state.memory.first_success_at for id_, state in states.items() if sheet.is_news(sources.get(id_))]
    first = min(filter(None, news), default=None)
    return first.astimezone(ctx.config.coalition.tz).date() if first else None
