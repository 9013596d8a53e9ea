"""From entries and the reasons they matched to a card. Pure; every text in it is plain."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, tzinfo
from typing import Final

from bot.alerts import milestone, words
from bot.alerts.headline import Headline, headline
from bot.alerts.reasons import asks_of, merged, why
from bot.card import Button, Card, Due, Line, Link, Mark, Section
from bot.entry import Change, Entry, Kind, Stage
from bot.watch.model import Match

_DATES_LENGTH: Final = 220
_MOST_LINES: Final = 60  # in the one message that stands for a flood


@dataclass(frozen=True, slots=True)
class Voice:
    """What a card needs to know of the coalition: its asks' titles, its sources' names, its zone."""

    asks: Mapping[int, str]
    sources: Mapping[str, str]
    zone: tzinfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One entry to be said, and why. `filed` is its filing, if that was said in the same place before."""

    id: str
    entry: Entry
    matches: tuple[Match, ...]
    filed: Entry | None = None

    @property
    def saying(self) -> tuple[str, str]:
        """What a channel hears once: this entry at this stage."""
        return self.id, self.entry.stage.value


def card(items: Sequence[Item], voice: Voice) -> Card:
    """One message for what is said at one moment: an entry, a bill's new actions, or several things."""
    if len({item.entry.thread for item in items}) == 1 and items[0].entry.kind is Kind.BILL:
        return bill_card(items, voice)
    return entry_card(items[0], voice) if len(items) == 1 else several_card(items, voice)


def entry_card(item: Item, voice: Voice) -> Card:
    entry, top = item.entry, _top(item)
    told = (top.rest, _dates(entry), _stale_date(entry))
    return Card(
        mark=_mark(entry),
        head=top.text,
        badge=words.asks(asks_of(item.matches)),
        byline=_byline(entry, voice),
        lines=tuple(Line(text) for text in told if text),
        why=why(item.matches, voice.asks),
        dues=_dues(entry),
        links=_links(entry),
        foot=_foot(entry, voice),
        buttons=_buttons(item.id),
    )


def bill_card(items: Sequence[Item], voice: Voice) -> Card:
    """All new actions of one bill: the furthest step makes the head, each action keeps its line."""
    entries = [item.entry for item in items]
    matches = merged(*(item.matches for item in items))
    usually = milestone.usually_next(milestone.furthest(entries))
    ahead = [Line(f"Usually next: {usually}.")] if usually else []
    return Card(
        mark=Mark.BILL,
        head=milestone.bill_headline(entries),
        badge=words.asks(asks_of(matches)),
        lines=(*(Line(_action(entry)) for entry in entries), *ahead),
        why=why(matches, voice.asks),
        links=_links(entries[-1]),
        foot=_foot(entries[-1], voice),
        buttons=_buttons(items[-1].id),
    )


def several_card(items: Sequence[Item], voice: Voice) -> Card:
    """Several things at one moment, as one message; each keeps its reasons, its dates and its link."""
    groups = by_thread(items)
    heads = [head(group) for group in groups]
    told = list(zip(heads, groups, strict=True))
    return Card(
        mark=Mark.ALERT,
        head=f"{words.number(len(groups), 'alert')} at once: {words.short(heads[0], 90)}",
        badge=words.asks(asks_of(merged(*(item.matches for item in items)))),
        sections=tuple(Section(head, _section(group, voice)) for head, group in told),
        dues=tuple(
            Due(f"{words.short(head, 60)}: {due.label.lower()}", due.on)
            for head, group in told
            for due in _dues(group[-1].entry)
        ),
    )


def flood_card(items: Sequence[Item], voice: Voice) -> Card:
    """More matches in one reading than anybody takes in one by one: a line each, in one message."""
    groups = by_thread(items)
    left = len(groups) - _MOST_LINES
    more = [Line(f"and {left:,} more, kept: `coalition-bot why` answers for each")] if left > 0 else []
    return Card(
        mark=Mark.DIGEST,
        head=f"{words.number(len(groups), 'match', 'matches')} at once, as one message",
        badge=words.asks(asks_of(merged(*(item.matches for item in items)))),
        sections=(Section("What matched", (*(digest_line(group) for group in groups[:_MOST_LINES]), *more)),),
        foot=f"Source: {words.listed(sorted({_source(item.entry, voice) for item in items}))}",
    )


def digest_line(items: Sequence[Item]) -> Line:
    """One thread in one line: who, what, until when."""
    entry = items[-1].entry
    who = entry.agency.name if entry.agency else entry.outlet
    close = f"; comments close {words.day(entry.comments_close_on)}" if entry.comments_close_on else ""
    return Line(": ".join(filter(None, (who, head(items)))) + close, entry.url)


def about(entry_id: str) -> tuple[tuple[str, str], ...]:
    """The arguments of a button that is about an entry: its id alone, for which every platform has room."""
    return (("entry", entry_id),)


def by_thread(items: Iterable[Item]) -> list[list[Item]]:
    """Items of one thread together, in the order in which the threads first come."""
    groups: dict[str, list[Item]] = {}
    for item in items:
        groups.setdefault(item.entry.thread, []).append(item)
    return list(groups.values())


def day_of(entry: Entry, zone: tzinfo = UTC) -> date | None:
    """The day a thing was published, as printed, else in `zone`; None when its source gives none."""
    return entry.publication_date or (entry.published.astimezone(zone).date() if entry.published else None)


def head(items: Sequence[Item]) -> str:
    if items[0].entry.kind is Kind.BILL:
        return milestone.bill_headline([item.entry for item in items])
    return _top(items[-1]).text


def _top(item: Item) -> Headline:
    """A publication is told as what became of the filing; whether the text is the same, only the title can hint."""
    top = headline(item.entry)
    if item.filed is None or item.entry.stage is not Stage.PUBLISHED:
        return top
    same = item.filed.title == item.entry.title
    return Headline(f"Published{' as filed' if same else ', under another title than filed'}: {top.text}", top.rest)


def _mark(entry: Entry) -> Mark:
    if entry.kind is Kind.NEWS:
        return Mark.NEWS
    return Mark.FILING if entry.stage is Stage.FILED else Mark.ALERT


def _byline(entry: Entry, voice: Voice) -> str:
    if entry.kind is Kind.NEWS:
        return " · ".join((entry.outlet or _source(entry, voice), _when(entry, voice)))
    agency = entry.agency.name if entry.agency else "agency not given by the source"
    return " · ".join(filter(None, (agency, entry.type, _when(entry, voice))))


def _when(entry: Entry, voice: Voice) -> str:
    moment = entry.published.astimezone(voice.zone).date() if entry.published else None
    if entry.stage is Stage.FILED:
        filed = f"filed {words.day(moment)}" if moment else "filed"
        return filed if entry.publication_date else f"{filed}, no date of publication"
    on = day_of(entry, voice.zone)
    return f"published {words.day(on)}" if on else "date not given by the source"


def _dates(entry: Entry) -> str:
    """The document's own words: the record's fields can be stale, and some dates have no field."""
    return f"Dates, in its own words: {words.short(entry.dates_text, _DATES_LENGTH)}" if entry.dates_text else ""


def _stale_date(entry: Entry) -> str:
    if not _is_stale(entry):
        return ""
    assert entry.comments_close_on is not None
    return (
        f"The record still gives {words.day(entry.comments_close_on)} as the end of comments, which lies before the "
        "publication: go by the document."
    )


def _is_stale(entry: Entry) -> bool:
    ends, came = entry.comments_close_on, entry.publication_date
    return ends is not None and came is not None and ends < came


def _dues(entry: Entry) -> tuple[Due, ...]:
    if entry.change is Change.WITHDRAWAL:
        return ()
    comments = None if _is_stale(entry) else entry.comments_close_on
    publishes = entry.publication_date if entry.stage is Stage.FILED else None
    dates = (("Publishes", publishes), ("Comments close", comments), ("Takes effect", entry.effective_on))
    return tuple(Due(label, on) for label, on in dates if on)


def _links(entry: Entry) -> tuple[Link, ...]:
    label = {Kind.DOCUMENT: "Document", Kind.BILL: "Bill", Kind.NEWS: "Read"}[entry.kind]
    links = ((label, entry.url), ("PDF", entry.pdf_url))
    return tuple(Link(label, url) for label, url in links if url)


def _buttons(entry_id: str) -> tuple[Button, ...]:
    names = (("Why", "why"), ("Not relevant", "not-relevant"), ("Snooze", "snooze"), ("Assign", "assign"))
    return tuple(Button(label, f"alerts {verb}", about(entry_id)) for label, verb in names)


def _foot(entry: Entry, voice: Voice) -> str:
    name = " ".join(filter(None, (_source(entry, voice), entry.number)))
    if entry.as_of is None:
        return name
    there = entry.as_of.astimezone(voice.zone)
    return f"{name} · as of {words.day(there.date())} {there:%H:%M}"


def _source(entry: Entry, voice: Voice) -> str:
    return voice.sources.get(entry.source, entry.source)


def _action(entry: Entry) -> str:
    on = f"{words.day(entry.publication_date)}: " if entry.publication_date else ""
    return f"{on}{words.short(entry.title, _DATES_LENGTH)}"


def _section(items: Sequence[Item], voice: Voice) -> tuple[Line, ...]:
    entry = items[-1].entry
    told = [_action(item.entry) for item in items] if entry.kind is Kind.BILL else [_byline(entry, voice)]
    reasons = why(merged(*(item.matches for item in items)), voice.asks)
    links = (Line(link.label, link.url) for link in _links(entry))
    return (*(Line(text) for text in told), *(Line(f"Why: {reason}") for reason in reasons), *links)
