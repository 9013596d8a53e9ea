"""/clips: select the stories of a report on a period and build it in the requested format.

DOCX, PDF and chart pictures are rendered in the limited process (`bot/printing`): those functions block until their
document is ready, so call them from a thread and never on the event loop.
"""

from __future__ import annotations

from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Final

from bot.commands.arguments import matching, read_past_day
from bot.commands.model import Choice, Context, File, Group, Kind, Param, Refused, Reply, Work
from bot.entries import source_records
from bot.media.clips import model, sheet
from bot.media.clips.model import Counts, Period, Report, as_covered, counts_as
from bot.media.contacts import records as press_records
from bot.media.news import records, wording
from bot.media.news.clippings import BY_HAND
from bot.media.news.cluster import WINDOW
from bot.media.news.model import Story
from bot.media.news.wording import entity_choices
from bot.media.press.picking import PRESS_ROLE, ask_choices, pick_ask
from bot.people import records as people
from bot.people.contacts import normalize
from bot.printing.documents import Maker, rendered
from bot.shared.calendar import day_in_words
from bot.shared.card import Button, Card, Line, Mark
from bot.shared.wording import dotted, listed, number
from bot.store.database import Reader

_MEDIA_TYPES: Final = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "csv": "text/csv",
    "png": "image/png",
}
_MAX_LABELS: Final = 6  # story labels in one line of an answer
_MAX_DAYS: Final = 3 * 366  # days of a report for a funder
_CHARTS: Final = "reports/charts.png.typ"


def _period_choices(ctx: Context, typed: str) -> Sequence[Choice]:
    today = Choice(ctx.today.isoformat(), day_in_words(ctx.today))
    return matching((Choice("last", "last"), Choice("this", "this, to date"), today), typed)


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
    "of", "this, last or a date in it; last if left out", required=False, complete=_period_choices, longest=20
)
_SHARE_OF_VOICE: Final = Param("voice", "yes: include share of voice", kind=Kind.YES_NO, required=False)
_REPORT: Final = (_PERIOD, _FORMAT, _SHARE_OF_VOICE)

slash = Group("clips", who=PRESS_ROLE)


@slash.command(params=_REPORT, chat_only=True)
def week(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Report our coverage in a week: figures, every story, and how it was counted."""
    return _report_reply(ctx, args, "Weekly clip report", _period(ctx, args, model.week))


@slash.command(example="of:2026-10 as:pdf", params=_REPORT, chat_only=True)
def month(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Report our coverage in a month: figures, every story, and how it was counted."""
    return _report_reply(ctx, args, "Monthly clip report", _period(ctx, args, model.month))


@slash.command(example="of:this as:csv", params=_REPORT, chat_only=True)
def quarter(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Report our coverage in a quarter: figures, every story, and how it was counted."""
    return _report_reply(ctx, args, "Quarterly clip report", _period(ctx, args, model.quarter))


@slash.command(
    verb="funder",
    example="since:2026-07-01 until:2026-11-20 ask:4",
    params=(
        Param("since", "the first day, such as Jul 1 or 7/1/2026", longest=40, check=read_past_day),
        Param("until", "the last day; today if left out", required=False, longest=40, check=read_past_day),
        Param("ask", "only stories on this ask", kind=Kind.NUMBER, required=False, complete=ask_choices),
        Param("about", "only stories that name this member", required=False, complete=entity_choices, longest=60),
        _FORMAT,
        _SHARE_OF_VOICE,
    ),
    chat_only=True,
)
def for_funder(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Report our coverage in a grant period, also for one ask or one member."""
    first = read_past_day(args["since"], ctx.local_now)
    last = read_past_day(args["until"], ctx.local_now) if "until" in args else ctx.today
    if not timedelta(0) <= last - first <= timedelta(days=_MAX_DAYS):
        raise Refused("A report must start before it ends, and can cover at most three years.", param="until")
    return _report_reply(ctx, args, "Clip report", Period(first, last))


def build_report(ctx: Context, args: Mapping[str, str], title: str, period: Period) -> Report:
    coalition, zone = ctx.config.coalition, ctx.config.coalition.tz
    begin, end, since = (
        datetime.combine(day, time(0), tzinfo=zone)
        for day in (period.first, period.last + timedelta(days=1), period.previous.first)
    )
    ask = pick_ask(ctx, args["ask"]) if "ask" in args else None
    about = _entity(ctx, args["about"]) if "about" in args else None
    stories = [
        story
        for story in sorted(stories_covered(ctx.tx, since, end), key=lambda story: (story.at, story.number))
        if (ask is None or ask in story.asks) and (about is None or about in story.entities)
    ]
    inquiries = [
        inquiry
        for inquiry in press_records.received_between(ctx.tx, begin, end)
        if (ask is None or inquiry.ask == ask) and (about is None or inquiry.member == coalition.entities[about].member)
    ]
    current = model.by_event([story for story in stories if period.contains(story.day(zone))])
    kinds = {story.id: counts_as(story, coalition.ours) for story in stories}
    earlier = {id_ for id_, kind in kinds.items() if kind is Counts.NAMED} - {story.id for story in current}
    number_of = Counter(kinds[story.id] for story in current)
    return Report(
        title=title,
        coalition=coalition,
        feeds=ctx.config.feeds,
        names=people.names(ctx.tx),
        now=ctx.now,
        period=period,
        zone=zone,
        stories=tuple(story for story in current if kinds[story.id] is Counts.NAMED),
        unnamed=tuple(story for story in current if kinds[story.id] is Counts.UNNAMED),
        watched_since=watched_since(ctx, stories),
        own_releases=number_of[Counts.RELEASE],
        releases=tuple(story for story in current if model.is_own_release(story, coalition.ours)),
        muted=number_of[Counts.MUTED],
        others=number_of[Counts.OTHER],
        earlier=len(earlier),
        inquiries=tuple(inquiries),
        tiers={normalize(outlet.name): outlet.tier for outlet in press_records.outlets(ctx.tx) if outlet.tier},
        about=dotted(about and wording.entity(about, coalition), f"Ask {ask}" if ask is not None else ""),
        voice=args.get("voice") == "yes",
    )


def stories_covered(db: Reader, since: datetime, until: datetime) -> Iterator[Story]:
    """Yield the stories that outlets published first in this time, as covered: a release may be days older."""
    for story in map(as_covered, records.stories(db, since - WINDOW, until)):
        if since <= story.at < until:
            yield story


def _report_reply(ctx: Context, args: Mapping[str, str], title: str, period: Period) -> Reply:
    built = build_report(ctx, args, title, period)
    kind = args.get("as", "docx")
    if kind == "png" and not built.stories:
        raise Refused("There are no stories in this period, so there are no charts. Try as:docx", param="as")
    file = report_file(built, kind, ctx.config.folder)
    arguments = tuple((key, value) for key, value in args.items() if key != "as")
    others = [format_ for format_ in _MEDIA_TYPES if format_ != kind and (format_ != "png" or built.stories)]
    buttons = [Button(format_.upper(), ctx.call.path, (*arguments, ("as", format_))) for format_ in others]
    return Reply(card=_card(built, buttons), file=file)


def _card(report: Report, buttons: Sequence[Button]) -> Card:
    data = sheet.template_data(report)
    count = len(report.stories)
    without_tone = [story.label for story in report.stories if story.tone is None]
    hidden = [story.label for story in (*report.stories, *report.unnamed) if story.withheld]
    lines = [
        *data["summary"],
        f"No tone set: {listed(without_tone, _MAX_LABELS)}. Set it with /mentions tag" if without_tone else "",
        f"Headline withheld: {listed(hidden, _MAX_LABELS)}" if hidden else "",
    ]
    counts = f"{number(count, 'story', 'stories')}, {number(report.placements, 'placement')}"
    return Card(
        mark=Mark.ANSWER,
        head=f"{data['subject']}: {counts}",
        badge=report.about,
        lines=tuple(Line(line) for line in lines if line),
        buttons=tuple(buttons),
        foot="Each story counts once; reprints are listed beside it. The last page says how it was made.",
    )


# --- arguments ------------------------------------------------------------------------------------------------------


def _period(ctx: Context, args: Mapping[str, str], around: Callable[[date], Period]) -> Period:
    """The last full period; with `this`, the current one to date; else the one around a given day."""
    typed, today = args.get("of", "last").casefold(), ctx.today
    if typed == "last":
        return around(around(today).first - timedelta(days=1))
    day = f"{typed}-01" if len(typed) == len("2026-11") else typed
    period = around(today if typed == "this" else read_past_day(day, ctx.local_now))
    return Period(period.first, min(period.last, today)) if period.contains(today) else period


def _entity(ctx: Context, typed: str) -> str:
    coalition = ctx.config.coalition
    for id_ in coalition.entities:
        if typed.casefold() in (id_, wording.entity(id_, coalition).casefold()):
            return id_
    ids = ", ".join(coalition.entities)
    raise Refused(f"coalition.yml has no entity “{typed[:60]}”. The entities are {ids}.", param="about")


def watched_since(ctx: Work, stories: Iterable[Story]) -> date | None:
    """The day on which a news source was first read; None if there was none.

    `stories`: those that are counted; a source that brought one was read, also if it was removed since.
    """
    sources = ctx.config.feeds.sources
    brought: dict[str, datetime] = {}
    for each in (mention for story in stories for mention in story.mentions if mention.source != BY_HAND):
        brought[each.source] = min(each.seen_at, brought.get(each.source, each.seen_at))
    read = {id_ for id_, source in sources.items() if sheet.is_news(source)} | brought.keys()
    states = source_records.source_states(ctx.tx)
    times = [state.memory.first_success_at for id_, state in states.items() if id_ in read]
    first = min(filter(None, (*times, *brought.values())), default=None)
    return first.astimezone(ctx.config.coalition.tz).date() if first else None


def report_file(report: Report, kind: str, folder: Path) -> File:
    """The report in this format, from `templates/reports` in `folder`. Raises `DocumentProblem`."""
    name = f"clips-{report.period.first}-{report.period.last}.{kind}"
    data, alt = sheet.template_data(report), ""
    if kind == "csv":
        content = sheet.to_csv(report)
    elif kind == "png":
        content = rendered(_CHARTS, {"charts": data["charts"]}, folder)
        alt = " ".join(chart["alt"] for chart in data["charts"])
    elif kind == "pdf":  # tagged for screen readers
        content = rendered("reports/clips.typ", data, folder)
    else:
        with Maker(folder) as maker:
            charts = [(chart, maker.render(_CHARTS, {"charts": [chart]})) for chart in data["charts"]]
            pictures = [{"png": b64encode(picture).decode(), **chart} for chart, picture in charts]
            content = maker.render("reports/clips.docx", {**data, "pictures": pictures})
    return File(name, _MEDIA_TYPES[kind], content, alt)
