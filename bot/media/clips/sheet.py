"""The data of a clip report for `templates/reports`, and the report as CSV. Pure.

DOCX and PDF use the same data in the same order, so they have the same content.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from bot.config.coalition import Coalition
from bot.config.feeds import Feeds, SourceConfig
from bot.media.clips import model
from bot.media.clips.model import Coverage, long_date, placements, story_author
from bot.media.news import wording
from bot.media.news.model import Story, Tone
from bot.media.posts.records import RETENTION
from bot.printing.parts import one_line
from bot.shared.calendar import day_in_words
from bot.shared.csv_cells import write_csv
from bot.shared.entry import Kind
from bot.shared.wording import listed, number

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The content of a report. `about`: its ask or entity; "" for all. `voice`: include share of voice."""

    title: str
    coverage: Coverage
    coalition: Coalition
    feeds: Feeds
    names: Mapping[str, str]  # of people, by id
    now: datetime
    about: str = ""
    voice: bool = False


def template_data(report: Report) -> dict[str, Any]:
    """The report as text, lists and numbers for a template; every text is one line without control characters."""
    coverage, today = report.coverage, report.now.astimezone(report.coverage.zone).date()
    data: dict[str, Any] = {
        "subject": f"{report.title}: {coverage.period.text}",
        "title": report.title,
        "period": coverage.period.text + (f" · {report.about}" if report.about else ""),
        "sender": {"name": report.coalition.name},
        "day": [today.year, today.month, today.day],
        "language": "en",
        "region": "US",
        "figures": _figures(report),
        "summary": list(_summary(report)),
        "charts": charts(report),
        "rows": [_row(story, report) for story in coverage.stories],
        "apart": [_row(story, report) for story in coverage.unnamed],
        "details": [detail for story in coverage.stories if (detail := _detail(story, report))],
        "method": list(_method(report)),
        "foot": f"{report.coalition.short} · as of {day_in_words(today)}",
    }
    cleaned: dict[str, Any] = _clean(data)
    return cleaned


def to_csv(report: Report) -> bytes:
    """The report as CSV, one row per story."""
    return write_csv(
        _COLUMNS, (_cells(story, report) for story in (*report.coverage.stories, *report.coverage.unnamed))
    )


def charts(report: Report) -> list[dict[str, Any]]:
    """The charts with their alternative texts; empty for a report without stories."""
    coverage = report.coverage
    if not coverage.stories:
        return []
    asks, entities = coverage.by_ask(), coverage.by_entity()
    ours = {id_: count for id_, count in entities.most_common() if _kind(report, id_) in ("coalition", "member")}
    daily = coverage.period.days <= 14
    drawn = [
        _chart(
            "Stories per day" if daily else "Stories per week",
            [(_short_date(day), count) for day, count in coverage.by_week().items()],
            columns=True,
        ),
        _chart("By ask", [(f"Ask {ask}", count) for ask, count in sorted(asks.items())]),
        _chart("By member", [(wording.entity(id_, report.coalition), count) for id_, count in ours.items()]),
        _chart("By tier of outlet", [(label, coverage.by_tier()[tier]) for tier, label in _TIERS.items()]),
    ]
    if report.voice:
        drawn.append(_share_of_voice(report))
    return [chart for chart in drawn if chart["bars"]]


# --- the first page -------------------------------------------------------------------------------------------------


def _figures(report: Report) -> list[dict[str, str]]:
    coverage = report.coverage
    count = len(coverage.stories)
    quoted, first = coverage.quoting_us(_ours(report)), coverage.by_tier()[1]
    return [
        {
            "value": f"{count}",
            "what": "story" if count == 1 else "stories",
            "more": f"{coverage.earlier} in the {coverage.period.days} days before"
            if coverage.watched_before
            else "the previous period was not monitored",
        },
        {
            "value": f"{coverage.placements}",
            "what": "placement" if coverage.placements == 1 else "placements",
            "more": "stories and their reprints",
        },
        {"value": f"{quoted}", "what": "with one of us quoted", "more": _percent(quoted, count)},
        {"value": f"{first}", "what": "in tier 1", "more": _percent(first, count)},
    ]


def _summary(report: Report) -> Iterator[str]:
    coverage = report.coverage
    if not coverage.stories:
        yield _no_stories_line(coverage)
    yield from _watch_notes(report)
    if coverage.unnamed:
        more = "more " if coverage.stories else ""
        names = number(len(coverage.unnamed), f"{more}story on our asks names", f"{more}stories on our asks name")
        yield f"{names} none of us: listed separately, not counted."
    if coverage.stories:
        yield from _most_reprinted(report)
        yield f"Tone, judged by a person: {_tones(report)}."
        if writers := coverage.writers():
            yield f"Repeat authors: {listed([f'{name} ({count})' for name, count in writers], 5)}."
    yield _answer_times_line(report)
    if coverage.posts is not None:
        yield _posts_line(report, coverage.posts)


def _posts_line(report: Report, posts: Mapping[str, int]) -> str:
    """How many posts name us, or the one that the report is about; posts are never in a figure."""
    where = listed([f"{count} on {network}" for network, count in posts.items()])
    count, who = sum(posts.values()), report.about or "us"
    names = f"{number(count, 'post names', 'posts name')} {who} ({where})" if count else f"No post names {who}"
    first = report.now.astimezone(report.coverage.zone).date() - RETENTION
    deleted = f" Posts before {long_date(first)} are deleted." if report.coverage.period.first < first else ""
    return f"On social networks: {names}. Posts are not coverage and in no figure of this report.{deleted}"


def _no_stories_line(coverage: Coverage) -> str:
    """Why a report counts no story: there was none, or all were left out."""
    left_out = [number(coverage.muted, "muted story", "muted stories")] if coverage.muted else []
    if coverage.own_releases:
        left_out.append(number(coverage.own_releases, "release of our own", "releases of our own or of an office"))
    if left_out:
        return f"No story was counted. Left out: {listed(left_out)}."
    return "No story names us." if coverage.unnamed else "No coverage of us or our asks was found."


def _watch_notes(report: Report) -> Iterator[str]:
    """A note if the bot did not watch the news in the whole period."""
    since, period = report.coverage.watched_since, report.coverage.period
    if since is None:
        yield "No news source has been read yet, so this report has only stories that people added."
    elif since > period.last:
        yield f"The bot has watched the news since {long_date(since)}. This report has only stories that people added."
    elif since > period.first:
        yield f"The bot has watched the news since {long_date(since)}. Earlier days have only what people added."


def _most_reprinted(report: Report) -> Iterator[str]:
    """A sentence about the story with the most outlets, if one has more than its own."""
    story = max(report.coverage.stories, key=lambda candidate: (len(candidate.outlets), -candidate.number))
    if len(story.outlets) > 1:
        yield f"Most reprinted: “{story.title}” ({story.teller}, {number(len(story.outlets), 'outlet')})."


def _tones(report: Report) -> str:
    tones = report.coverage.by_tone()
    return listed([f"{tones[tone]} {label}" for tone, label in _TONES.items() if tones[tone]], len(_TONES))


def _answer_times_line(report: Report) -> str:
    times = model.answer_times(report.coverage.inquiries)
    if not times.received:
        return "No press inquiry was logged."
    parts = [number(times.received, "press inquiry", "press inquiries")]
    parts += [f"acknowledged after {_duration(times.acknowledged)}"] if times.acknowledged is not None else []
    parts += [f"answered after {_duration(times.answered)} (medians)"] if times.answered is not None else []
    parts += [f"{times.late} late"] if times.late else []
    parts += [f"{times.open} still open"] if times.open else []
    return ", ".join(parts) + "."


# --- the table and the details --------------------------------------------------------------------------------------


def _row(story: Story, report: Report) -> dict[str, str]:
    coverage = report.coverage
    return {
        "day": _short_date(story.day(coverage.zone)),
        "outlet": _outlet(story),
        "copies": f"+{number(copies, 'reprint')}" if (copies := len(placements(story)) - 1) else "",
        "tier": f"tier {tier}" if (tier := coverage.tier(story)) else "",
        "headline": story.title,
        "url": story.link and placements(story)[0].url,
        "reporter": story_author(story),
        "about": listed([wording.entity(id_, report.coalition) for id_ in story.entities], 3),
        "asks": ", ".join(map(str, story.asks)),
        "tone": story.tone.value if story.tone else "",
        "quoted": _quoted(story, report),
    }


def _detail(story: Story, report: Report) -> dict[str, str] | None:
    """A story with a short quotation; None if it is withheld or no text was stored."""
    if not story.excerpt:
        return None
    words = story.excerpt.split()
    quote = " ".join(words[:_MAX_QUOTE_WORDS]) + (" …" if len(words) > _MAX_QUOTE_WORDS else "")
    note = story.clip.note if story.clip else ""
    day = day_in_words(story.day(report.coverage.zone))
    return {
        "headline": story.title,
        "url": story.link,
        "line": f"{_outlet(story)}, {day} · {story.label}",
        "quote": quote,
        "note": note,
    }


def _cells(story: Story, report: Report) -> list[str]:
    row, clip = _row(story, report), story.clip
    return [
        story.day(report.coverage.zone).isoformat(), story.label, row["outlet"], str(len(placements(story)) - 1),
        str(report.coverage.tier(story) or ""), row["headline"], row["url"], row["reporter"],
        "; ".join(wording.entity(id_, report.coalition) for id_ in story.entities), row["asks"], row["tone"],
        row["quoted"], report.names.get(clip.by, "") if clip else "",
        clip.note if clip and not story.withheld else "", "yes" if story in report.coverage.stories else "no",
    ]  # fmt: skip


def _outlet(story: Story) -> str:
    """The first outlet that published the story; releases do not count."""
    first = placements(story)[0]
    return story.teller if first is story.original else first.outlet


def _quoted(story: Story, report: Report) -> str:
    """The spokesperson as entered by a person, else those of us that the text quotes."""
    ours = [wording.entity(id_, report.coalition) for id_ in story.quoted if id_ in _ours(report)]
    return story.spokesperson or listed(ours, 3)


# --- how it was made ------------------------------------------------------------------------------------------------


def _method(report: Report) -> Iterator[dict[str, str]]:
    coverage, feeds = report.coverage, report.feeds
    news = [source.name for source in feeds.sources.values() if source.enabled and is_news(source)]
    since = f" Watched since {long_date(coverage.watched_since)}." if coverage.watched_since else ""
    yield {"title": "Sources", "text": f"{number(len(news), 'source')} of news: {'; '.join(sorted(news))}.{since}"}
    queries = [watch.name or id_ for id_, watch in feeds.watches.items() if not watch.kinds or Kind.NEWS in watch.kinds]
    yield {"title": "Queries", "text": f"{number(len(queries), 'watch', 'watches')} in feeds.yml that cover news."}
    yield {"title": "What is counted", "text": _COUNTING_NOTE}
    yield {
        "title": "Left out",
        "text": f"{number(coverage.own_releases, 'story', 'stories')} that appeared only in releases of ours, of a "
        f"member or of an office, {coverage.muted} that a person muted, and pages without news of their own.",
    }
    yield {
        "title": "Time",
        "text": f"Days in {report.coalition.zone}, by the outlet's date, or by when the bot first saw it.",
    }
    yield {"title": "Tone and words", "text": _TONE_NOTE}
    yield {"title": "Not counted", "text": _LIMITS_NOTE}


def is_news(source: SourceConfig | None) -> bool:
    """Whether a source is a news source."""
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
    bars = counts if columns else _top_bars(counts)
    values = listed([f"{label} {count}" for label, count in bars], len(bars))
    return {
        "title": title,
        "alt": f"{title}: {values}.",
        "columns": columns,
        "bars": [{"label": label, "value": count, "said": f"{count}"} for label, count in bars],
    }


def _share_of_voice(report: Report) -> dict[str, Any]:
    """A chart of how many stories name us and each opponent."""
    coverage = report.coverage
    sides = {"coalition": report.coalition.short, "member": report.coalition.short}
    counts: dict[str, set[str]] = {}
    for story in (*coverage.stories, *coverage.unnamed):
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


def _top_bars(counts: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """The largest bars, and one bar for the sum of the others."""
    if len(counts) <= _MAX_BARS:
        return counts
    top = sorted(counts, key=lambda bar: -bar[1])[: _MAX_BARS - 1]
    rest = [count for count in counts if count not in top]
    return [*(count for count in counts if count in top), (f"{len(rest)} others", sum(count for _, count in rest))]


# --- helpers --------------------------------------------------------------------------------------------------------


def _ours(report: Report) -> frozenset[str]:
    return report.coalition.ours


def _kind(report: Report, id_: str) -> str:
    entity = report.coalition.entities.get(id_)
    return entity.kind if entity else ""


def _percent(part: int, whole: int) -> str:
    return f"{round(100 * part / whole)}%" if whole else ""


def _short_date(day: date) -> str:
    return f"{day:%b} {day.day}"


def _duration(minutes: int) -> str:
    hours = timedelta(minutes=minutes) // timedelta(hours=1)
    return f"{minutes} min" if minutes < 120 else f"{hours} h" if hours < 48 else f"{hours // 24} days"


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return one_line(value)
    if isinstance(value, list):
        return [_clean(member) for member in value]
    return {key: _clean(member) for key, member in value.items()} if isinstance(value, dict) else value
