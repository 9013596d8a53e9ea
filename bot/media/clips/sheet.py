"""A clip report as the plain words that its documents set: what `templates/reports` may use. Pure.

DOCX and PDF read the same sheet from top to bottom, so they say the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from bot.config.coalition import Coalition
from bot.config.feeds import Feeds, SourceConfig, SourceKind
from bot.media.clips import model
from bot.media.clips.model import Coverage, long_date, placements, writer
from bot.media.news import wording
from bot.media.news.model import Story, Tone
from bot.people.csv_table import write_csv
from bot.printing.text import one_line
from bot.shared.calendar import day_in_words
from bot.shared.entry import Kind
from bot.shared.wording import listed, number

_QUOTE: Final = 40  # words: what may be quoted without leave, and less than is kept
_BARS: Final = 8  # of a chart; what is less is added up
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
    """What a report is made of. `about`: what it was narrowed to, "" for all. `voice`: share of voice was asked for."""

    title: str
    coverage: Coverage
    coalition: Coalition
    feeds: Feeds
    names: Mapping[str, str]  # people's, by id
    now: datetime
    about: str = ""
    voice: bool = False


def sheet(report: Report) -> dict[str, Any]:
    """The report in plain text, lists and numbers; every text is one line without control characters."""
    cover, today = report.coverage, report.now.astimezone(report.coverage.zone).date()
    found: dict[str, Any] = {
        "subject": f"{report.title}: {cover.period.said}",
        "title": report.title,
        "period": cover.period.said + (f" · {report.about}" if report.about else ""),
        "sender": {"name": report.coalition.name},
        "day": [today.year, today.month, today.day],
        "language": "en",
        "region": "US",
        "figures": _figures(report),
        "summary": list(_summary(report)),
        "charts": charts(report),
        "rows": [_row(story, report) for story in cover.stories],
        "apart": [_row(story, report) for story in cover.apart],
        "details": [detail for story in cover.stories if (detail := _detail(story, report))],
        "method": list(_method(report)),
        "foot": f"{report.coalition.short} · as of {day_in_words(today)}",
    }
    cleaned: dict[str, Any] = _clean(found)
    return cleaned


def table(report: Report) -> bytes:
    """One row a story, as CSV."""
    return write_csv(_COLUMNS, (_cells(story, report) for story in (*report.coverage.stories, *report.coverage.apart)))


def charts(report: Report) -> list[dict[str, Any]]:
    """What is drawn, with what it shows in words; nothing for an empty report."""
    cover = report.coverage
    if not cover.stories:
        return []
    asks, entities = cover.by_ask(), cover.by_entity()
    ours = {id_: count for id_, count in entities.most_common() if _kind(report, id_) in ("coalition", "member")}
    daily = cover.period.days <= 14
    found = [
        _chart(
            "Stories per day" if daily else "Stories per week",
            [(_short(day), count) for day, count in cover.by_week().items()],
            columns=True,
        ),
        _chart("By ask", [(f"Ask {ask}", count) for ask, count in sorted(asks.items())]),
        _chart("By member", [(wording.entity(id_, report.coalition), count) for id_, count in ours.items()]),
        _chart("By tier of outlet", [(label, cover.by_tier()[tier]) for tier, label in _TIERS.items()]),
    ]
    if report.voice:
        found.append(_voice(report))
    return [chart for chart in found if chart["bars"]]


# --- the first page -------------------------------------------------------------------------------------------------


def _figures(report: Report) -> list[dict[str, str]]:
    cover = report.coverage
    count = len(cover.stories)
    spoke, first = cover.with_us(_ours(report)), cover.by_tier()[1]
    return [
        {
            "value": f"{count}",
            "what": "story" if count == 1 else "stories",
            "more": f"{cover.earlier} in the {cover.period.days} days before"
            if cover.watched_before
            else "the time before was not watched",
        },
        {"value": f"{cover.placements}", "what": "placements", "more": "stories and their reprints"},
        {"value": f"{spoke}", "what": "with one of us quoted", "more": _share(spoke, count)},
        {"value": f"{first}", "what": "in tier 1", "more": _share(first, count)},
    ]


def _summary(report: Report) -> Iterator[str]:
    cover = report.coverage
    if not cover.stories:
        yield _none_counted(cover)
    yield from _watched(report)
    if cover.apart:
        more = "more " if cover.stories else ""
        names = number(len(cover.apart), f"{more}story on our asks names", f"{more}stories on our asks name")
        yield f"{names} none of us: listed apart, not counted."
    if cover.stories:
        yield f"{_led(report)}."
        yield f"Tone, as a person judged it: {_tones(report)}."
        if writers := cover.writers():
            yield f"Wrote more than once: {listed([f'{name} ({count})' for name, count in writers], 5)}."
    yield _answered(report)


def _none_counted(cover: Coverage) -> str:
    """Why a report counts no story: there was none, or what there was is left out."""
    left_out = [number(cover.muted, "muted story", "muted stories")] if cover.muted else []
    left_out += [number(cover.own, "release of our own", "releases of our own or of an office")] if cover.own else []
    if left_out:
        return f"No story is counted. Left out: {listed(left_out)}."
    return "No story names us." if cover.apart else "No coverage of us or our asks was found."


def _watched(report: Report) -> Iterator[str]:
    """Since when the bot has watched, where that is not the whole period."""
    since, period = report.coverage.watched_since, report.coverage.period
    if since is None:
        yield "No news source has been read yet: this report has only what people added."
    elif since > period.last:
        yield f"The bot has watched the news since {long_date(since)}, after this time: it has only what people added."
    elif since > period.first:
        yield f"The bot has watched the news since {long_date(since)}. Before, it has only what people added."


def _led(report: Report) -> str:
    """The story that was printed most, in words."""
    story = max(report.coverage.stories, key=lambda each: (len(each.outlets), -each.number))
    where = number(len(story.outlets), "outlet")
    return f"Most printed: “{story.title}” ({story.teller}, {where})"


def _tones(report: Report) -> str:
    tones = report.coverage.by_tone()
    return listed([f"{tones[tone]} {said}" for tone, said in _TONES.items() if tones[tone]], len(_TONES))


def _answered(report: Report) -> str:
    done = model.answers(report.coverage.inquiries)
    if not done.received:
        return "No inquiry from the press was logged."
    told = [number(done.received, "inquiry", "inquiries") + " from the press"]
    told += [f"first word after {_length(done.heard)}"] if done.heard is not None else []
    told += [f"answer after {_length(done.answered)} (medians)"] if done.answered is not None else []
    told += [f"{done.late} late"] if done.late else []
    told += [f"{done.waiting} still open"] if done.waiting else []
    return ", ".join(told) + "."


# --- the table and the details --------------------------------------------------------------------------------------


def _row(story: Story, report: Report) -> dict[str, str]:
    cover = report.coverage
    return {
        "day": _short(story.day(cover.zone)),
        "outlet": _outlet(story),
        "copies": f"+{number(copies, 'reprint')}" if (copies := len(placements(story)) - 1) else "",
        "tier": f"tier {tier}" if (tier := cover.tier(story)) else "",
        "headline": story.title,
        "url": story.link and placements(story)[0].url,
        "reporter": writer(story),
        "about": listed([wording.entity(id_, report.coalition) for id_ in story.entities], 3),
        "asks": ", ".join(map(str, story.asks)),
        "tone": story.tone.value if story.tone else "",
        "quoted": _quoted(story, report),
    }


def _detail(story: Story, report: Report) -> dict[str, str] | None:
    """What stands in it, in a few of its own words; nothing where a name is withheld, or no words were kept."""
    if not story.excerpt:
        return None
    kept = story.excerpt.split()
    quote = " ".join(kept[:_QUOTE]) + (" …" if len(kept) > _QUOTE else "")
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
    """The outlet that told it first; a release, which is no placement, is left out."""
    first = placements(story)[0]
    return story.teller if first is story.original else first.outlet


def _quoted(story: Story, report: Report) -> str:
    """A person's word, else whom the text lets speak."""
    ours = [wording.entity(id_, report.coalition) for id_ in story.quoted if id_ in _ours(report)]
    return story.spokesperson or listed(ours, 3)


# --- how it was made ------------------------------------------------------------------------------------------------


def _method(report: Report) -> Iterator[dict[str, str]]:
    cover, feeds = report.coverage, report.feeds
    news = [source.name for source in feeds.sources.values() if source.enabled and is_news(source)]
    since = f" Watched since {long_date(cover.watched_since)}." if cover.watched_since else ""
    yield {"title": "Sources", "text": f"{number(len(news), 'source')} of news: {'; '.join(sorted(news))}.{since}"}
    queries = [watch.name or id_ for id_, watch in feeds.watches.items() if not watch.kinds or Kind.NEWS in watch.kinds]
    yield {"title": "Queries", "text": f"{number(len(queries), 'watch', 'watches')} of feeds.yml that look at news."}
    yield {"title": "What is counted", "text": _COUNTED}
    yield {
        "title": "Left out",
        "text": f"{number(cover.own, 'story', 'stories')} that only appeared in releases of ours, of a member or of an "
        f"office, {cover.muted} that a person muted, and pages that bring no news of their own.",
    }
    yield {"title": "Time", "text": f"Days in {report.coalition.zone}, by the outlet's date, else by when we saw it."}
    yield {"title": "Tone and words", "text": _TONE}
    yield {"title": "Not counted", "text": _NOT}


def is_news(source: SourceConfig | None) -> bool:
    """Whether a source brings news."""
    return source is not None and source.kind in (SourceKind.FEED, SourceKind.GDELT, SourceKind.MEDIA_CLOUD)


_COUNTED: Final = (
    "Each story counts once, by its first report; reprints and rewritten copies are found by the words they share and "
    "are listed beside it. A placement is an outlet's publication; releases are none. A story that names two members "
    "counts for both, one on two asks for both. Stories on an ask that name none of us are listed apart."
)
_TONE: Final = (
    "Tone is towards our position, and a person's judgement; “unclear” is one. Who is quoted is a person's word, else "
    "read from the text by rule. No more than forty words of a text are shown; the headline leads to the rest."
)
_NOT: Final = (
    "Reach, for no source of ours states it; and the price of advertisements of the same size, which measures nothing. "
    "What our sources do not see is not in here."
)


# --- charts ---------------------------------------------------------------------------------------------------------


def _chart(title: str, counts: list[tuple[str, int]], *, columns: bool = False) -> dict[str, Any]:
    """One colour, each bar with its number: it reads the same in print, in grey and by the colour-blind."""
    bars = counts if columns else _most(counts)
    told = listed([f"{label} {count}" for label, count in bars], len(bars))
    return {
        "title": title,
        "alt": f"{title}: {told}.",
        "columns": columns,
        "bars": [{"label": label, "value": count, "said": f"{count}"} for label, count in bars],
    }


def _voice(report: Report) -> dict[str, Any]:
    """Of the stories that name us or an opponent, how many name each."""
    cover = report.coverage
    sides = {"coalition": report.coalition.short, "member": report.coalition.short}
    counts: dict[str, set[str]] = {}
    for story in (*cover.stories, *cover.apart):
        for id_ in story.entities:
            kind = _kind(report, id_)
            if kind in (*sides, "opponent"):
                name = sides.get(kind) or wording.entity(id_, report.coalition)
                counts.setdefault(name, set()).add(story.id)
    chart = _chart("Share of voice", sorted(((n, len(s)) for n, s in counts.items()), key=lambda it: -it[1]))
    every = len({id_ for ids in counts.values() for id_ in ids})
    for bar in chart["bars"]:
        bar["said"] = f"{bar['value']} ({_share(bar['value'], every)})"
    return chart


def _most(counts: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """The longest bars; the rest as one."""
    if len(counts) <= _BARS:
        return counts
    kept = sorted(counts, key=lambda it: -it[1])[: _BARS - 1]
    rest = [it for it in counts if it not in kept]
    return [*(it for it in counts if it in kept), (f"{len(rest)} others", sum(count for _, count in rest))]


# --- small words ----------------------------------------------------------------------------------------------------


def _ours(report: Report) -> frozenset[str]:
    return report.coalition.ours


def _kind(report: Report, id_: str) -> str:
    entity = report.coalition.entities.get(id_)
    return entity.kind if entity else ""


def _share(part: int, whole: int) -> str:
    return f"{round(100 * part / whole)} %" if whole else ""


def _short(day: date) -> str:
    return f"{day:%b} {day.day}"


def _length(minutes: int) -> str:
    hours = timedelta(minutes=minutes) // timedelta(hours=1)
    return f"{minutes} min" if minutes < 120 else f"{hours} h" if hours < 48 else f"{hours // 24} days"


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return one_line(value)
    if isinstance(value, list):
        return [_clean(each) for each in value]
    return {key: _clean(each) for key, each in value.items()} if isinstance(value, dict) else value
