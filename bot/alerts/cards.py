"""From entries and the reasons they matched to a card. Pure; every text in it is plain."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, tzinfo
from typing import Final

from bot.alerts import bill_milestones, excerpts
from bot.alerts.headline import CHANGES, Headline, headline
from bot.shared import wording
from bot.shared.calendar import day_in_words
from bot.shared.card import Button, Card, Due, Line, Link, Mark, Section
from bot.shared.entry import Change, Entry, Kind, Stage
from bot.shared.urls import host_of
from bot.watch.model import Match
from bot.watch.reasons import asks_of, merged, why

_ABSTRACT: Final = 280  # characters of an abstract's first sentence
_DATES_LENGTH: Final = 220
_LINKS: Final = {Kind.DOCUMENT: "Document", Kind.BILL: "Bill", Kind.GRANT: "Announcement", Kind.REVISION: "Page"}
_OTHER: Final = 110  # characters of the headline of a copy
_OTHERS: Final = 12  # such headlines in one line
_TELLING: Final = 5  # words of a title that can hardly stand on two different stories


@dataclass(frozen=True, slots=True)
class Voice:
    """What a card needs to know of the coalition: its asks' titles, its sources' names, its zone."""

    asks: Mapping[int, str]
    sources: Mapping[str, str]
    zone: tzinfo
    families: Mapping[str, str] = field(default_factory=dict)  # bill → what the coalition calls its family


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One entry to be said, and why. `filed` is its filing, if that was said in the same place before.

    `told`: the channels that hear of it otherwise. `digest_only`: those that were alerted to its story, and get it as a
    line of the digest.
    """

    id: str
    entry: Entry
    matches: tuple[Match, ...]
    filed: Entry | None = None
    told: frozenset[str] = frozenset()
    digest_only: frozenset[str] = frozenset()

    @property
    def saying(self) -> tuple[str, str]:
        """What a channel hears once: this entry at this stage."""
        return self.id, self.entry.stage.value


def card(items: Sequence[Item], voice: Voice) -> Card:
    """One message for what is said at one moment: an entry, a bill's new actions, or several things."""
    stories = by_story(items)
    if len(stories) > 1:
        return several_card(stories, voice)
    return (bill_card if items[0].entry.kind is Kind.BILL else story_card)(items, voice)


def story_card(items: Sequence[Item], voice: Voice) -> Card:
    """One thing, and what else says it or belongs to it."""
    item, others = _lead(items)
    entry, top = item.entry, _top(item)
    told = (top.rest, abstract(entry), _dates(entry), _stale_date(entry), *excerpts.told(entry))
    matches = merged(*(each.matches for each in items))
    return Card(
        mark=_mark(entry),
        head=top.text,
        badge=wording.asks(asks_of(matches)),
        byline=_byline(entry, voice),
        lines=(*(Line(text) for text in told if text), *(_also(other, item, voice) for other in others)),
        why=why(matches, voice.asks),
        dues=_dues_of(items),
        links=_links(entry),
        foot=_foot(entry, voice),
        buttons=_buttons(item.id),
    )


def abstract(entry: Entry) -> str:
    """The first sentence of what a document or a grant says of itself, unless its title says that already."""
    if entry.kind not in (Kind.DOCUMENT, Kind.GRANT) or not entry.summary:
        return ""
    sentence = wording.first_sentence(entry.summary, _ABSTRACT)
    return "" if _bare(sentence) in _bare(entry.title) else sentence


def _bare(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def bill_card(items: Sequence[Item], voice: Voice) -> Card:
    """All new actions of one bill: the furthest step makes the head, each action keeps its line."""
    entries = [item.entry for item in items]
    matches = merged(*(item.matches for item in items))
    top = bill_milestones.furthest(entries)
    usually = bill_milestones.usually_next(top)
    ahead = (f"Usually next: {usually}." if usually else "", _ours(top, voice))
    return Card(
        mark=Mark.BILL,
        head=bill_milestones.bill_headline(entries),
        badge=wording.asks(asks_of(matches)),
        lines=(*(Line(action(entry)) for entry in entries), *(Line(text) for text in ahead if text)),
        why=why(matches, voice.asks),
        links=_links(top),
        foot=_foot(entries[-1], voice),
        buttons=_bill_buttons(items[-1]),
    )


def several_card(stories: Sequence[Sequence[Item]], voice: Voice) -> Card:
    """Several things at one moment, as one message; each keeps its reasons, its dates and its link."""
    heads = [head(story) if story[0].entry.kind is Kind.BILL else _top(_lead(story)[0]).text for story in stories]
    told = list(zip(heads, stories, strict=True))
    return Card(
        mark=Mark.ALERT,
        head=f"{wording.number(len(stories), 'alert')} at once: {wording.short(heads[0], 90)}",
        badge=wording.asks(asks_of(match for story in stories for item in story for match in item.matches)),
        sections=tuple(Section(head, _section(story, voice)) for head, story in told),
        dues=tuple(
            Due(f"{wording.short(head, 60)}: {due.label.lower()}", due.on, due.detail)
            for head, story in told
            for due in _dues_of(story)
        ),
    )


def digest_line(items: Sequence[Item]) -> Line:
    """One story in one line: who, what, until when; and every other headline that it has."""
    entry = items[-1].entry
    told = [item for item in items if entry.kind is not Kind.NEWS or _same_title(item.entry, entry)]
    who = entry.agency.name if entry.agency else _outlets(told)
    hour = f" by {entry.comments_hour}" if entry.comments_hour else ""
    ends = (("comments", entry.comments_close_on, hour), ("applications", entry.closes_on, ""))
    close = "".join(f"; {what} close {day_in_words(on)}{hour}" for what, on, hour in ends if on)
    also = _other_headlines(items) if entry.kind is Kind.NEWS else ""
    return Line(": ".join(filter(None, (who, head(items)))) + close + also, entry.link)


def _other_headlines(items: Sequence[Item]) -> str:
    """`; Sun: “Audit of tips”` for each headline that is not the last item's."""
    groups: dict[str, list[Item]] = {}
    for item in items:
        if not _same_title(item.entry, items[-1].entry):
            groups.setdefault(item.entry.title.casefold(), []).append(item)
    shown = list(groups.values())[:_OTHERS]
    titles = [(_outlets(group), f"“{wording.short(group[0].entry.title, _OTHER)}”") for group in shown]
    more = len(groups) - len(shown)
    rest = f"; and {wording.number(more, 'more headline')}" if more else ""
    return "".join(f"; {': '.join(filter(None, parts))}" for parts in titles) + rest


def _outlets(items: Sequence[Item]) -> str:
    return wording.listed(list(dict.fromkeys(item.entry.outlet for item in items if item.entry.outlet)))


def _same_title(one: Entry, other: Entry) -> bool:
    return one.title.casefold() == other.title.casefold()


def about(entry_id: str) -> tuple[tuple[str, str], ...]:
    """The arguments of a button that is about an entry: its id alone, for which every platform has room."""
    return (("entry", entry_id),)


def by_thread(items: Iterable[Item]) -> list[list[Item]]:
    """Items of one thread together, in the order in which the threads first come."""
    groups: dict[str, list[Item]] = {}
    for item in items:
        groups.setdefault(item.entry.thread, []).append(item)
    return list(groups.values())


def by_story(items: Iterable[Item]) -> list[list[Item]]:
    """As `by_thread`, and what several outlets bring under one title that may be shown is one story."""
    stories: dict[str, list[Item]] = {}
    for group in by_thread(items):
        entry = group[0].entry
        titled = entry.kind is Kind.NEWS and not entry.withheld and len(entry.title.split()) >= _TELLING
        stories.setdefault(f"title:{entry.title.casefold()}" if titled else entry.thread, []).extend(group)
    return list(stories.values())


def day_of(entry: Entry, zone: tzinfo = UTC) -> date | None:
    """The day a thing was published, as printed, else in `zone`; None when its source gives none."""
    return entry.publication_date or (entry.published.astimezone(zone).date() if entry.published else None)


def head(items: Sequence[Item]) -> str:
    if items[0].entry.kind is Kind.BILL:
        return bill_milestones.bill_headline([item.entry for item in items])
    return _top(items[-1]).text


def source(entry: Entry, voice: Voice) -> str:
    return voice.sources.get(entry.source, entry.source)


def _lead(items: Sequence[Item]) -> tuple[Item, Sequence[Item]]:
    """Who had the news first, or the newest state of a document; and the rest."""
    return (items[0], items[1:]) if items[0].entry.kind is Kind.NEWS else (items[-1], items[:-1])


def _also(item: Item, lead: Item, voice: Voice) -> Line:
    entry = item.entry
    if entry.kind is Kind.NEWS:
        own = "" if _same_title(entry, lead.entry) else f": “{wording.short(entry.title, _OTHER)}”"
        return Line(f"Also in {entry.outlet or source(entry, voice)}{own}", entry.link)
    return Line(f"Together with: {_top(item).text}", entry.link)


def _top(item: Item) -> Headline:
    """A publication is told as what became of the filing; whether the text is the same, only the title can hint."""
    top = headline(item.entry)
    if item.filed is None or item.entry.stage is not Stage.PUBLISHED:
        return top
    same = item.filed.title == item.entry.title
    published = f"published{' as filed' if same else ', under another title than filed'}"
    if not item.entry.change:
        return Headline(f"{published.capitalize()}: {top.text}", top.rest)
    label = CHANGES[item.entry.change]
    return Headline(f"{label}, {published}{top.text.removeprefix(label)}", top.rest)


def _mark(entry: Entry) -> Mark:
    if entry.kind is Kind.NEWS:
        return Mark.NEWS
    return Mark.FILING if entry.stage is Stage.FILED else Mark.ALERT


def _byline(entry: Entry, voice: Voice) -> str:
    if entry.kind is Kind.NEWS:
        return " · ".join((entry.outlet or source(entry, voice), _when(entry, voice)))
    if entry.kind is Kind.REVISION:
        return f"{host_of(entry.url)} · web page"
    agency = entry.agency.name if entry.agency else "agency not given by the source"
    return " · ".join(filter(None, (agency, entry.type, _when(entry, voice))))


def _when(entry: Entry, voice: Voice) -> str:
    moment = entry.published.astimezone(voice.zone).date() if entry.published else None
    if entry.stage is Stage.FILED:
        filed = f"filed {day_in_words(moment)}" if moment else "filed"
        return filed if entry.publication_date else f"{filed}, no date of publication"
    on = day_of(entry, voice.zone)
    return f"published {day_in_words(on)}" if on else "date not given by the source"


def _dates(entry: Entry) -> str:
    """The document's own words: the record's fields can be stale, and some dates have no field."""
    return f"Dates, in its own words: {wording.short(entry.dates_text, _DATES_LENGTH)}" if entry.dates_text else ""


def _stale_date(entry: Entry) -> str:
    if not _is_stale(entry):
        return ""
    assert entry.comments_close_on is not None
    return (
        f"The record still gives {day_in_words(entry.comments_close_on)} as the end of comments, which lies before the "
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
    closing = wording.closing(entry.comments_hour, worded=entry.comments_worded)
    dates = (
        ("Publishes", publishes, ""),
        ("Comments close", comments, closing),
        ("Applications close", entry.closes_on, ""),
        ("Takes effect", entry.effective_on, ""),
    )
    return tuple(Due(label, on, detail) for label, on, detail in dates if on)


def _dues_of(items: Sequence[Item]) -> tuple[Due, ...]:
    """The dates of the newest that has any: a correction often names none of those it leaves as they were."""
    if any(item.entry.change is Change.WITHDRAWAL for item in items):
        return ()
    return next(filter(None, (_dues(item.entry) for item in reversed(items))), ())


def _links(entry: Entry) -> tuple[Link, ...]:
    links = ((_LINKS.get(entry.kind, "Read"), entry.link), ("PDF", entry.pdf_url))
    return tuple(Link(label, url) for label, url in links if url)


def _buttons(entry_id: str) -> tuple[Button, ...]:
    """[Why] also has the rest: to put it off."""
    more = (("Why", "alerts why"), ("Not relevant", "alerts not-relevant"), ("Assign", "alerts assign"))
    return (
        Button("Draft letter", "letter draft", about(entry_id), "primary"),
        *(Button(label, path, about(entry_id)) for label, path in more),
    )


def _bill_buttons(item: Item) -> tuple[Button, ...]:
    """To hear of every step of a bill oneself is asked for more than to give one message to somebody: see [Why]."""
    follow = Button("Follow", "campaign follow", (("what", f"bill:{item.entry.bill}"),))
    return tuple(follow if button.label == "Assign" else button for button in _buttons(item.id))


def _ours(entry: Entry, voice: Voice) -> str:
    """Why a bill that nobody follows by its own number is told."""
    if entry.speaks_for:
        return (
            f"You follow {wording.listed([wording.bill(bill) for bill in entry.speaks_for])}, which has the same text."
        )
    family = voice.families.get(entry.bill or "", "")
    return f"One of the family you know as {family}." if family else ""


def _foot(entry: Entry, voice: Voice) -> str:
    name = " ".join(filter(None, (source(entry, voice), entry.number)))
    if entry.as_of is None:
        return name
    there = entry.as_of.astimezone(voice.zone)
    return f"{name} · as of {day_in_words(there.date())} {there:%H:%M}"


def action(entry: Entry) -> str:
    """One step of a bill, as cards tell it."""
    on = f"{day_in_words(entry.publication_date)}: " if entry.publication_date else ""
    return f"{on}{wording.short(entry.title, _DATES_LENGTH)}"


def _section(items: Sequence[Item], voice: Voice) -> tuple[Line, ...]:
    (item, others), bill = _lead(items), items[0].entry.kind is Kind.BILL
    told = [Line(action(each.entry)) for each in items] if bill else [Line(_byline(item.entry, voice))]
    reasons = why(merged(*(each.matches for each in items)), voice.asks)
    links = [Line(link.label, link.url) for link in _links(item.entry)]
    more = [] if bill else [_also(other, item, voice) for other in others]
    return (*told, *(Line(f"Why: {reason}") for reason in reasons), *links, *more)
