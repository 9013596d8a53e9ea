"""The data of a clip report for `templates/reports`, and as CSV. Pure. DOCX and PDF have the same content."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from statistics import median
from typing import Any, Final

from bot.config.feeds import SourceConfig
from bot.media.clips.model import Report, story_author
from bot.media.contacts.model import Inquiry, InquiryState
from bot.media.news import wording
from bot.media.news.model import Story, Tone
from bot.printing.documents import one_line
from bot.shared.calendar import day_in_words, day_of_a_letter
from bot.shared.csv_cells import write_csv
from bot.shared.entry import Kind
from bot.shared.wording import duration, listed, number

_MAX_QUOTE_WORDS: Final = 40  # a quotation of this length needs no permission
_MAX_BARS: Final = 8  # of a chart; smaller values are combined
_TIERS: Final = {1: "Tier 1", 2: "Tier 2", 3: "Tier 3", None: "No tier given"}
_TONES: Final = {
    Tone.SUPPORT: "in support", Tone.NEUTRAL: "neutral", Tone.CRITICAL: "critical", Tone.UNCLEAR: "unclear",
    None: "not judged yet",
}  # fmt: skip
_COLUMNS: Final = (
    "date", "story", "outlet", "copies", "tier", "headline", "link", "reporter", "about", "asks", "tone", "quoted",
    "clipped by", "note", "names us",
)  # fmt: skip


def template_data(report: Report) -> dict[str, Any]:
    """The report as text, lists and numbers for a template; every text is one line without control characters."""
    today = report.now.astimezone(report.zone).date()
    data: dict[str, Any] = {
        "subject": f"{report.title}: {report.period.text}",
        "title": report.title,
        "period": report.period.text + (f" · {report.about}" if report.about else ""),
        "sender": {"name": report.coalition.name},
        "day": [today.year, today.month, today.day],
        "language": "en",
        "region": "US",
        "figures": _figures(report),
        "summary": list(_summary(report)),
        "charts": charts(report),
        "rows": _rows(report.stories, report),
        "apart": _rows(report.unnamed, report),
        "details": [detail for story in report.stories if (detail := _detail(story, report))],
        "method": list(_method(report)),
        "foot": f"{report.coalition.short} · as of {day_in_words(today)}",
    }
    cleaned: dict[str, Any] = _clean(data)
    return cleaned


def charts(report: Report) -> list[dict[str, Any]]:
    """The charts with their alternative texts; empty for a report without stories."""
    if not report.stories:
        return []
    asks = Counter(ask for story in report.stories for ask in story.asks)
    entities = Counter(entity for story in report.stories for entity in story.entities)
    ours = {id_: count for id_, count in entities.most_common() if _kind(report, id_) in ("coalition", "member")}
    tiers = Counter(map(report.tier, report.stories))
    daily = report.period.days <= 14

    def by_week(stories: Sequence[Story]) -> list[tuple[str, int]]:
        return [(_short_date(day), count) for day, count in report.by_week(stories).items()]

    drawn = [
        _chart("Stories per day" if daily else "Stories per week", by_week(report.stories), columns=True),
        _chart("By ask", [(f"Ask {ask}", count) for ask, count in sorted(asks.items())]),
        _chart("By member", [(wording.entity(id_, report.coalition), count) for id_, count in ours.items()]),
        _chart("By tier of outlet", [(label, tiers[tier]) for tier, label in _TIERS.items()]),
    ]
    if report.releases:
        apart = _chart("Our own releases, not counted", by_week(report.releases), columns=True)
        drawn[0] |= {"apart": apart, "alt": f"{drawn[0]['alt']} {apart['alt']}"}
    if report.voice:
        drawn.append(_share_of_voice(report))
    return [chart for chart in drawn if chart["bars"]]


# --- the first page -------------------------------------------------------------------------------------------------


def _figures(report: Report) -> list[dict[str, str]]:
    count = len(report.stories)
    ours, first = report.coalition.ours, sum(report.tier(story) == 1 for story in report.stories)
    quoted = sum(bool(story.spokesperson) or not ours.isdisjoint(story.quoted) for story in report.stories)
    return [
        {
            "value": f"{count}",
            "what": "story" if count == 1 else "stories",
            "more": f"{report.earlier} in the {report.period.days} days before"
            if report.watched_before
            else "the previous period was not monitored",
        },
        {
            "value": f"{report.placements}",
            "what": "placement" if report.placements == 1 else "placements",
            "more": "stories and their reprints",
        },
        {"value": f"{quoted}", "what": "with one of us quoted", "more": _percent(quoted, count)},
        {"value": f"{first}", "what": "in tier 1", "more": _percent(first, count)},
    ]


def _summary(report: Report) -> Iterator[str]:
    if not report.stories:
        left_out = [number(report.muted, "muted story", "muted stories")] if report.muted else []
        if report.own_releases:
            left_out.append(number(report.own_releases, "release of our own", "releases of our own or of an office"))
        none = "No story names us." if report.unnamed else "No coverage of us or our asks was found."
        yield f"No story was counted. Left out: {listed(left_out)}." if left_out else none
    since, period = report.watched_since, report.period
    if since is None:
        yield "No news source has been read yet, so this report has only stories that people added."
    elif since > period.first:
        earlier = "Earlier days have only what people added."
        left = "This report has only stories that people added." if since > period.last else earlier
        yield f"The bot has watched the news since {day_of_a_letter(since)}. {left}"
    if report.unnamed:
        more = "more " if report.stories else ""
        names = number(len(report.unnamed), f"{more}story on our asks names", f"{more}stories on our asks name")
        yield f"{names} none of us: listed separately, not counted."
    if report.stories:
        story = max(report.stories, key=lambda candidate: (len(candidate.outlets), -candidate.number))
        if len(story.outlets) > 1:
            yield f"Most reprinted: “{story.title}” ({story.teller}, {number(len(story.outlets), 'outlet')})."
        # No person has judged a tone that is None, which differs from unclear.
        tones = Counter(story.tone for story in report.stories)
        judged = [f"{tones[tone]} {label}" for tone, label in _TONES.items() if tones[tone]]
        yield f"Tone, judged by a person: {listed(judged, len(_TONES))}."
        if writers := report.writers():
            yield f"Repeat authors: {listed([f'{name} ({count})' for name, count in writers], 5)}."
    yield _answer_times_line(report.inquiries)


def _answer_times_line(inquiries: Sequence[Inquiry]) -> str:
    """Response times to press inquiries. Requests to meet someone served are only counted."""
    if not inquiries:
        return "No press inquiry was logged."
    acknowledged = [inquiry.acknowledged_at - inquiry.received_at for inquiry in inquiries if inquiry.acknowledged_at]
    answered = [inquiry.answered_at - inquiry.received_at for inquiry in inquiries if inquiry.answered_at]
    late = sum(inquiry.state is InquiryState.ANSWERED and inquiry.late(inquiry.received_at) for inquiry in inquiries)
    still_open = sum(inquiry.state.open for inquiry in inquiries)
    parts = [number(len(inquiries), "press inquiry", "press inquiries")]
    parts += [f"acknowledged after {_median_time(acknowledged)}"] if acknowledged else []
    parts += [f"answered after {_median_time(answered)} (medians)"] if answered else []
    parts += [f"{late} late"] if late else []
    parts += [f"{still_open} still open"] if still_open else []
    return ", ".join(parts) + "."


def _median_time(lengths: Sequence[timedelta]) -> str:
    return duration(timedelta(seconds=median(length.total_seconds() for length in lengths)))


# --- the table and the details --------------------------------------------------------------------------------------


def _rows(stories: Sequence[Story], report: Report) -> list[dict[str, str]]:
    """The rows of stories; after the first of an event, the others say so."""
    rows = [_row(story, report) for story in stories]
    for before, story, row in zip(stories, stories[1:], rows[1:], strict=False):
        if before.event == story.event:
            row["headline"] = f"Same event: {row['headline']}"
    return rows


def _row(story: Story, report: Report) -> dict[str, str]:
    ours = [wording.entity(id_, report.coalition) for id_ in story.quoted if id_ in report.coalition.ours]
    return {
        "day": _short_date(story.day(report.zone)),
        "outlet": story.teller,
        "copies": f"+{number(copies, 'reprint')}" if (copies := len(story.outlets) - 1) else "",
        "tier": f"tier {tier}" if (tier := report.tier(story)) else "",
        "headline": story.title,
        "url": story.link,
        "reporter": story_author(story),
        "about": listed([wording.entity(id_, report.coalition) for id_ in story.entities], 3),
        "asks": ", ".join(map(str, story.asks)),
        "tone": story.tone.value if story.tone else "",
        "quoted": story.spokesperson or listed(ours, 3),
    }


def _detail(story: Story, report: Report) -> dict[str, str] | None:
    """A story with a short quotation; None if it is withheld or no text was stored."""
    if not story.excerpt:
        return None
    words = story.excerpt.split()
    quote = " ".join(words[:_MAX_QUOTE_WORDS]) + (" …" if len(words) > _MAX_QUOTE_WORDS else "")
    note = story.clip.note if story.clip else ""
    day = day_in_words(story.day(report.zone))
    return {
        "headline": story.title,
        "url": story.link,
        "line": f"{story.teller}, {day} · {story.label}",
        "quote": quote,
        "note": note,
    }


def to_csv(report: Report) -> bytes:
    rows = []
    for story in (*report.stories, *report.unnamed):
        row, clip = _row(story, report), story.clip
        rows.append([
            story.day(report.zone).isoformat(), story.label, row["outlet"], str(len(story.outlets) - 1),
            str(report.tier(story) or ""), row["headline"], row["url"], row["reporter"],
            "; ".join(wording.entity(id_, report.coalition) for id_ in story.entities), row["asks"], row["tone"],
            row["quoted"], report.names.get(clip.by, "") if clip else "",
            clip.note if clip and not story.withheld else "", "yes" if story in report.stories else "no",
        ])  # fmt: skip
    return write_csv(_COLUMNS, rows)


# --- how it was made ------------------------------------------------------------------------------------------------


def _method(report: Report) -> Iterator[dict[str, str]]:
    feeds = report.feeds
    news = [source.name for source in feeds.sources.values() if source.enabled and is_news(source)]
    since = f" Watched since {day_of_a_letter(report.watched_since)}." if report.watched_since else ""
    yield {"title": "Sources", "text": f"{number(len(news), 'source')} of news: {'; '.join(sorted(news))}.{since}"}
    queries = [watch.name or id_ for id_, watch in feeds.watches.items() if not watch.kinds or Kind.NEWS in watch.kinds]
    yield {"title": "Queries", "text": f"{number(len(queries), 'watch', 'watches')} in feeds.yml that cover news."}
    yield {"title": "What is counted", "text": _COUNTING_NOTE}
    yield {
        "title": "Left out",
        "text": f"{number(report.own_releases, 'story', 'stories')} that appeared only in releases of ours, of a "
        f"member or of an office, {report.muted} that a person muted, {report.others} that neither name us nor are on "
        "an ask, and pages without news of their own.",
    }
    yield {
        "title": "Time",
        "text": f"Days in {report.coalition.zone}, by the outlet's date, or by when the bot first saw it.",
    }
    yield {"title": "Tone and words", "text": _TONE_NOTE}
    yield {"title": "Not counted", "text": _LIMITS_NOTE}


def is_news(source: SourceConfig | None) -> bool:
    return source is not None and source.brings is Kind.NEWS


_COUNTING_NOTE: Final = (
    "Each story counts once, by its first report; reprints and rewritten copies are found by the words they share and "
    "are listed with it. A placement is a publication by an outlet; releases do not count. A story that names two "
    "members counts for both, and a story on two asks for both. Stories on an ask that name none of us are listed "
    "separately."
)
_TONE_NOTE: Final = (
    "Tone is a person's judgment of how a story treats our position; “unclear” is a judgment, too. Who is quoted is "
    "entered by a person or, if not, read from the text by rule. At most forty words of a text are shown; the headline "
    "links to it."
)
_LIMITS_NOTE: Final = (
    "Reach, because none of our sources states it, and advertising value, which measures nothing. Coverage that our "
    "sources do not see is missing."
)


# --- charts ---------------------------------------------------------------------------------------------------------


def _chart(title: str, counts: list[tuple[str, int]], *, columns: bool = False) -> dict[str, Any]:
    """A chart in one color with a number at each bar, readable in print, in gray and by color-blind people."""
    bars = counts
    if not columns and len(counts) > _MAX_BARS:  # the largest bars, and one for the sum of the others
        top = sorted(counts, key=lambda bar: -bar[1])[: _MAX_BARS - 1]
        rest = [count for count in counts if count not in top]
        others = (f"{len(rest)} others", sum(count for _, count in rest))
        bars = [*(count for count in counts if count in top), others]
    values = listed([f"{label} {count}" for label, count in bars], len(bars))
    return {
        "title": title,
        "alt": f"{title}: {values}.",
        "columns": columns,
        "bars": [{"label": label, "value": count, "said": f"{count}"} for label, count in bars],
    }


def _share_of_voice(report: Report) -> dict[str, Any]:
    """A chart of how many stories name us and each opponent."""
    sides = {"coalition": report.coalition.short, "member": report.coalition.short}
    counts: dict[str, set[str]] = {}
    for story in (*report.stories, *report.unnamed):
        for id_ in story.entities:
            kind = _kind(report, id_)
            if kind in (*sides, "opponent"):
                name = sides.get(kind) or wording.entity(id_, report.coalition)
                counts.setdefault(name, set()).add(story.id)
    chart = _chart("Share of voice", sorted(((n, len(s)) for n, s in counts.items()), key=lambda count: -count[1]))
    total = len({id_ for ids in counts.values() for id_ in ids})
    for bar in chart["bars"]:
        bar["said"] = f"{bar['value']} ({_percent(bar['value'], total)})"
    return chart


# --- helpers --------------------------------------------------------------------------------------------------------


def _kind(report: Report, id_: str) -> str:
    entity = report.coalition.entities.get(id_)
    return entity.kind if entity else ""


def _percent(part: int, whole: int) -> str:
    return f"{round(100 * part / whole)}%" if whole else ""


def _short_date(day: date) -> str:
    return f"{day:%b} {day.day}"


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return one_line(value)
    if isinstance(value, list):
        return [_clean(member) for member in value]
    return {key: _clean(member) for key, member in value.items()} if isinstance(value, dict) else value
