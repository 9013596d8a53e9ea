"""Build cards from entries and the reasons they matched. Pure; all text is plain, without markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, tzinfo
from typing import Final

from bot.alerts import bill_milestones, hearing_cards
from bot.alerts.act import agency_called, agency_names
from bot.alerts.headline import Headline, excerpt_lines, headline, named_bill
from bot.config.load import Labels
from bot.shared import wording
from bot.shared.calendar import business_day, day_in_words, moment_in_words
from bot.shared.card import Button, Card, Due, Line, Link, Mark, Section
from bot.shared.entry import REVIEW_CONCLUDED, REVIEW_TAKES, UNDER_REVIEW, Change, Entry, Kind, Stage
from bot.shared.urls import host_of
from bot.watch.model import Match, asks_of, merged, why

_ABSTRACT: Final = 280  # characters of an abstract's first sentence
WHY: Final = "Why: "  # the start of a line with reasons, in a section
_DATES_LENGTH: Final = 220  # characters of the DATES paragraph, or of a step
_SATURDAY: Final = 5  # of date.weekday()
_LINKS: Final = {
    Kind.DOCUMENT: "Document",
    Kind.BILL: "Bill",
    Kind.GRANT: "Announcement",
    Kind.REVISION: "Page",
    Kind.HEARING: "Schedule",
    Kind.PLANNED_RULE: "Agenda",
    Kind.STATE_BILL: "Bill",
    Kind.COURT: "Court record",
    Kind.NOMINATION: "Nomination",
    Kind.RECORD: "Text",
}
_LINKS_BY_TYPE: Final = {UNDER_REVIEW: "Ask for a meeting", REVIEW_CONCLUDED: "Meetings on it"}
FIRST_TITLE: Final = 90  # characters of the first title in the head of a card of several stories
_OTHER_LENGTH: Final = 110  # characters of the headline of another outlet
_MAX_OTHERS: Final = 12  # headlines of other outlets in one line
_DISTINCTIVE_WORDS: Final = 5  # a title of this many words hardly fits two different stories


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An entry to post, with its matches. `filed` is its filing, if that was posted in the same place before.

    `closed_on`: the last day for comments that the documents it amends gave; None if it amends none. `earlier`: the
    document that it continues, such as the first notice of its form.
    `covered`: channels that get it in another message. `digest_only`: channels that have an alert about its story and
    get this entry as a digest line.
    """

    id: str
    entry: Entry
    matches: tuple[Match, ...]
    filed: Entry | None = None
    closed_on: date | None = None
    earlier: Entry | None = None
    covered: frozenset[str] = frozenset()
    digest_only: frozenset[str] = frozenset()

    @property
    def pair(self) -> tuple[str, str]:
        """(entry id, stage): a channel gets each pair once."""
        return self.id, self.entry.stage.value


def card(items: Sequence[Item], labels: Labels) -> Card:
    """One card for items posted together: an entry, a bill's new actions, or several stories."""
    stories = group_by_story(items)
    if len(stories) > 1:
        return several_card(stories, labels)
    if items[-1].entry.hearing:
        return hearing_card(items, labels)
    return (bill_card if _steps(items) else story_card)(items, labels)


def _steps(items: Iterable[Item]) -> list[Item]:
    """The actions of a bill in a story; its other items are the press about them."""
    return [item for item in items if item.entry.kind is Kind.BILL]


def story_card(items: Sequence[Item], labels: Labels) -> Card:
    """A card about one entry, with lines for other entries of its story or thread."""
    item, others = _split_lead(items)
    entry, title = item.entry, _headline_of(item)
    title = replace(title, text=_of_companions(items, title.text))
    # The day that an amendment's new deadline replaces: a day that moves forward is missed more easily.
    was = item.closed_on if entry.comments_close_on not in (None, item.closed_on) else None
    texts = (title.rest, abstract(entry), *_plan(entry), _dates_in_words(entry), *excerpt_lines(entry))
    matches = merged(*(member.matches for member in items))
    return Card(
        mark=Mark.NEWS if entry.kind is Kind.NEWS else Mark.FILING if entry.stage is Stage.FILED else Mark.ALERT,
        head=title.text,
        badge=wording.asks(asks_of(matches)),
        byline=_byline(entry, labels),
        lines=(
            *(Line(text) for text in texts if text),
            *(_other_line(other, item, labels) for other in others),
            *([Line(f"Comments were to close {day_in_words(was)}.")] if was else ()),
            *([Line(f"After {_earlier(item.earlier)}", item.earlier.link)] if item.earlier else ()),
        ),
        why=why(matches, labels.asks),
        dues=_dues([each.entry for each in items]),
        links=_links(entry),
        foot=_foot(entry, labels),
        buttons=_buttons(item.id),
    )


def abstract(entry: Entry) -> str:
    """The first sentence of the summary of a document, grant or plan; "" if the title contains it."""
    if entry.kind not in (Kind.DOCUMENT, Kind.GRANT, Kind.PLANNED_RULE, Kind.STATE_BILL) or not entry.summary:
        return ""
    sentence = wording.first_sentence(entry.summary, _ABSTRACT)
    return "" if bare(sentence) in bare(entry.title) else sentence


def bare(text: str) -> str:
    """The words of a text, to compare texts by."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def bill_card(items: Sequence[Item], labels: Labels) -> Card:
    """A card for all new actions of one bill: the furthest step is the headline, each action has a line."""
    bill_steps = _steps(items)
    entries = [item.entry for item in bill_steps]
    matches = merged(*(item.matches for item in items))
    top = bill_milestones.furthest_step(entries)
    next_step = bill_milestones.usual_next_step(top)
    ours = dict.fromkeys(note for entry in entries for note in entry.notes)
    notes = (*ours, f"Usually next: {next_step}." if next_step else "", _follow_reason(top, labels))
    follow = Button("Follow", "campaign follow", (("what", f"bill:{entries[-1].bill}"),))
    return Card(
        mark=Mark.BILL,
        head=bill_milestones.confirmation(entries) + bill_milestones.bill_headline(entries),
        badge=wording.asks(asks_of(matches)),
        lines=(
            *(Line(action_line(entry)) for entry in entries),
            *(Line(text) for text in notes if text),
            *(_other_line(item, bill_steps[0], labels) for item in items if item not in bill_steps),
        ),
        why=why(matches, labels.asks),
        links=_links(top),
        foot=_foot(entries[-1], labels),
        # Follow in place of Assign, which is behind [Why].
        buttons=tuple(follow if button.label == "Assign" else button for button in _buttons(bill_steps[-1].id)),
    )


def hearing_card(items: Sequence[Item], labels: Labels) -> Card:
    """A card for a meeting of a committee and its changes."""
    newest = items[-1].entry
    matches = merged(*(item.matches for item in items))
    video = newest.hearing.video if newest.hearing else ""
    head = story_headline(items)
    return Card(
        mark=Mark.HEARING,
        head=head,
        badge=wording.asks(asks_of(matches)),
        lines=tuple(map(Line, hearing_cards.texts([item.entry for item in items], head))),
        why=why(matches, labels.asks),
        dues=hearing_cards.hearing_dues(newest),
        links=(*_links(newest), *([Link("Video", video)] if video else ())),
        foot=_foot(newest, labels),
        buttons=hearing_cards.buttons(items[-1].id),
    )


def several_card(stories: Sequence[Sequence[Item]], labels: Labels) -> Card:
    """A card for several stories posted together; each keeps its reasons, dates and link."""
    titles = [
        story_headline(story) if _steps(story) or story[-1].entry.hearing else _headline_of(_split_lead(story)[0]).text
        for story in stories
    ]
    titled_stories = list(zip(titles, stories, strict=True))
    return Card(
        mark=Mark.ALERT,
        head=f"{wording.number(len(stories), 'alert')} at once: {wording.short(titles[0], FIRST_TITLE)}",
        badge=wording.asks(asks_of(match for story in stories for item in story for match in item.matches)),
        sections=tuple(Section(title, _story_lines(story, labels)) for title, story in titled_stories),
        dues=tuple(
            due for title, story in titled_stories for due in titled_dues(title, _dues([item.entry for item in story]))
        ),
    )


def lead(items: Sequence[Item]) -> Item:
    """The item by which people open an event: a bill's furthest step, or the newest item."""
    steps = _steps(items)
    top = bill_milestones.furthest_step([item.entry for item in steps]) if steps else None
    return next((item for item in steps if item.entry is top), items[-1])


def digest_line(items: Sequence[Item]) -> Line:
    """A story in one line: agency or outlet, headline, deadline, and its other headlines."""
    if (steps := _steps(items)) and len(steps) < len(items):
        line, press = digest_line(steps), _outlets([item for item in items if item not in steps])
        return replace(line, text=f"{line.text}; in the press: {press}")
    entry = items[-1].entry
    same_title = [item for item in items if entry.kind is not Kind.NEWS or _same_title(item.entry, entry)]
    top = story_headline(items)
    agency = agency_called(entry)
    names = (agency, "President", *(each.name for each in entry.agencies or ()), *agency_names())
    named = (agency and top.startswith(names)) or (entry.kind is Kind.NEWS and entry.title not in top)
    source_part = "" if named else agency or _outlets(same_title)
    hour = f" by {entry.comments_hour}" if entry.comments_hour else ""
    dates = (("comments", entry.comments_close_on, hour), ("applications", entry.closes_on, ""))
    deadlines = "".join(f"; {what} close {day_in_words(on)}{hour}" for what, on, hour in dates if on)
    also = _other_headlines(items) if entry.kind is Kind.NEWS else ""
    also += f"; after {_earlier(items[-1].earlier)}" if items[-1].earlier else ""
    plan = "".join(f"; {text.rstrip('.')}" for text in _plan(entry))
    return Line(": ".join(filter(None, (source_part, top))) + deadlines + plan + also, entry.link)


def _earlier(entry: Entry) -> str:
    """`the earlier notice of Mon Mar 3, 2025`, `the proposed rule of …`: the step before, of a form or a rule."""
    day, what = day_of(entry), (entry.type or "notice").lower()
    return f"the earlier {what}{f' of {day_in_words(day)}' if day else ''}"


def _plan(entry: Entry) -> tuple[str, ...]:
    """A planned rule's next step, and what changed since the last edition; a state bill's newest step."""
    if entry.kind is Kind.STATE_BILL and entry.action:
        on = f"{day_in_words(entry.publication_date)}: " if entry.publication_date else ""
        return (f"{on}{wording.short(entry.action, _DATES_LENGTH)}",)
    return (entry.rule.plan, *entry.notes) if entry.rule else ()


def _other_headlines(items: Sequence[Item]) -> str:
    """`; Sun: “Audit of tips”` for each headline that differs from the last item's."""
    groups: dict[str, list[Item]] = {}
    for item in items:
        if not _same_title(item.entry, items[-1].entry):
            groups.setdefault(item.entry.title.casefold(), []).append(item)
    shown = list(groups.values())[:_MAX_OTHERS]
    titles = [(_outlets(group), f"“{wording.short(group[0].entry.title, _OTHER_LENGTH)}”") for group in shown]
    more = len(groups) - len(shown)
    rest = f"; and {wording.number(more, 'more headline')}" if more else ""
    return "".join(f"; {': '.join(filter(None, parts))}" for parts in titles) + rest


def _outlets(items: Sequence[Item]) -> str:
    return wording.listed(list(dict.fromkeys(item.entry.outlet for item in items if item.entry.outlet)))


def _same_title(one: Entry, other: Entry) -> bool:
    return bare(named_bill(one)[0] or one.title) == bare(named_bill(other)[0] or other.title)


def entry_args(entry_id: str) -> tuple[tuple[str, str], ...]:
    """Arguments for a button about an entry: its id, which fits on every platform."""
    return (("entry", entry_id),)


def group_by_thread(items: Iterable[Item]) -> list[list[Item]]:
    """Group items by thread, in order of each thread's first item."""
    groups: dict[str, list[Item]] = {}
    for item in items:
        groups.setdefault(item.entry.thread, []).append(item)
    return list(groups.values())


def group_by_story(items: Iterable[Item]) -> list[list[Item]]:
    """Group items by thread; news items of several outlets under one long, visible title form one story.

    So do the texts of a bill of each chamber with one title and one purpose.
    """
    stories: dict[str, list[Item]] = {}
    for group in group_by_thread(items):
        entry, key = group[0].entry, group[0].entry.thread
        if entry.bill and (named := named_bill(entry)[0]):
            purpose = (entry.summary or "").removeprefix("A bill ")
            same = f"bill:{bare(f'{named} {purpose}')}"
            bills = {item.entry.bill for item in stories.get(same, ()) if item.entry.bill} - {entry.bill}
            key = same if all(bill[0] != entry.bill[0] for bill in bills) else key
        elif not (_steps(group) or entry.withheld) and entry.kind is Kind.NEWS:
            key = f"title:{entry.title.casefold()}" if len(entry.title.split()) >= _DISTINCTIVE_WORDS else key
        stories.setdefault(key, []).extend(group)
    return list(stories.values())


def day_of(entry: Entry, zone: tzinfo = UTC) -> date | None:
    """The publication date as printed, else the day in `zone`; None if the source gives neither."""
    return entry.publication_date or (entry.published.astimezone(zone).date() if entry.published else None)


def story_headline(items: Sequence[Item]) -> str:
    if bill_steps := _steps(items):
        return bill_milestones.bill_headline([item.entry for item in bill_steps])
    if items[-1].entry.hearing:
        return hearing_cards.hearing_headline(items[-1].entry, merged(*(item.matches for item in items)))
    return _of_companions(items, _headline_of(items[-1]).text)


def _of_companions(items: Sequence[Item], text: str) -> str:
    """The headline of a bill's text with the numbers of all bills of the story: "(H.R. 55 and S. 5)"."""
    numbers = list(dict.fromkeys(filter(None, (named_bill(item.entry)[1] for item in items))))
    shown = next((f"({number})" for number in numbers if f"({number})" in text), "")
    return text.replace(shown, f"({wording.listed(numbers)})", 1) if shown else text


def source_name(entry: Entry, labels: Labels) -> str:
    return labels.sources.get(entry.source, entry.source)


def _split_lead(items: Sequence[Item]) -> tuple[Item, Sequence[Item]]:
    """The first outlet of a story, or the newest version of a document; and the other items."""
    return (items[0], items[1:]) if items[0].entry.kind is Kind.NEWS else (items[-1], items[:-1])


def _other_line(item: Item, lead: Item, labels: Labels) -> Line:
    entry = item.entry
    if entry.kind is Kind.NEWS:
        if number := named_bill(entry)[1]:
            return Line(f"Also {number}", entry.link)
        own = "" if _same_title(entry, lead.entry) else f": “{wording.short(entry.title, _OTHER_LENGTH)}”"
        return Line(f"Also in {entry.outlet or source_name(entry, labels)}{own}", entry.link)
    return Line(f"Together with: {_headline_of(item).text}", entry.link)


def _headline_of(item: Item) -> Headline:
    """The item's headline; if its filing was posted before, that it is published now. Only titles can be compared."""
    top = headline(item.entry, item.matches)
    if item.filed is None or item.entry.stage is not Stage.PUBLISHED:
        return top
    same = item.filed.title == item.entry.title
    published = f"published{' as filed' if same else ', under a different title than the filing'}"
    return Headline(f"{published.capitalize()}: {top.text}", top.rest)


def _byline(entry: Entry, labels: Labels) -> str:
    if entry.kind is Kind.NEWS:
        return " · ".join((entry.outlet or source_name(entry, labels), _date_phrase(entry, labels)))
    if entry.hearing:
        return wording.dotted(entry.hearing.body, entry.hearing.place)
    if entry.kind is Kind.REVISION:
        return f"{host_of(entry.url)} · web page"
    if entry.kind is Kind.RECORD:
        return _date_phrase(entry, labels)
    body = "court" if entry.kind is Kind.COURT else "agency"
    agency = entry.agency.name if entry.agency else f"{body} not given by the source"
    if entry.rule:
        return f"{agency} · {entry.rule.stage}"
    return wording.dotted(agency, entry.type, _date_phrase(entry, labels))


def _date_phrase(entry: Entry, labels: Labels) -> str:
    moment = entry.published.astimezone(labels.zone).date() if entry.published else None
    if entry.stage is Stage.FILED:
        filed = f"filed {day_in_words(moment)}" if moment else "filed"
        return filed if entry.publication_date else f"{filed}, publication date not given"
    on = day_of(entry, labels.zone)
    verb = {Kind.COURT: "filed ", Kind.NOMINATION: "", Kind.PLANNED_RULE: ""}.get(entry.kind, "published ")
    return f"{verb}{day_in_words(on)}" if on else "date not given by the source"


def _dates_in_words(entry: Entry) -> str:
    """The document's DATES paragraph, as fields can be old and some dates have none; or ""."""
    words = wording.short(entry.dates_text or "", _DATES_LENGTH)
    return f"Dates, as the document states them: {words}" if words else ""


def _dues(entries: Sequence[Entry]) -> tuple[Due, ...]:
    """The dates of the newest entry that has any: a correction often repeats none of the unchanged dates."""
    if any(entry.change is Change.WITHDRAWAL for entry in entries):
        return ()
    if entries[-1].hearing:
        return hearing_cards.hearing_dues(entries[-1])
    return next(filter(None, map(_dues_of_one, reversed(entries))), ())


def titled_dues(title: str, dues: Iterable[Due]) -> tuple[Due, ...]:
    """The dates of a story on a card of several."""
    return tuple(Due(f"{wording.short(title, 60)}: {due.label.lower()}", due.on, due.detail) for due in dues)


def _dues_of_one(entry: Entry) -> tuple[Due, ...]:
    comments = entry.comments_close_on
    publishes = entry.publication_date if entry.stage is Stage.FILED else None
    is_holiday = comments is not None and comments.weekday() < _SATURDAY and not business_day(comments)
    received = entry.publication_date if entry.type == UNDER_REVIEW else None
    review_ends = received + REVIEW_TAKES if received else None
    hour = wording.closing(entry.comments_hour, worded=entry.comments_worded)
    closing = ", ".join(filter(None, ("(a federal holiday)" if is_holiday else "", hour)))
    dates = (
        ("Publishes", publishes, ""),
        ("Comments close", comments, closing),
        ("Applications close", entry.closes_on, ""),
        ("Takes effect", entry.effective_on, ""),
        ("Review is due", review_ends, ""),
    )
    return tuple(Due(label, on, detail) for label, on, detail in dates if on)


def _links(entry: Entry) -> tuple[Link, ...]:
    label = _LINKS_BY_TYPE.get(entry.type or "") or _LINKS.get(entry.kind, "Read")
    links = ((label, entry.link), ("PDF", entry.pdf_url))
    return tuple(Link(label, url) for label, url in links if url)


def _buttons(entry_id: str) -> tuple[Button, ...]:
    """The buttons of an alert. Snooze is behind [Why]."""
    more = (("Why", "alerts why"), ("Not relevant", "alerts not-relevant"), ("Assign", "alerts assign"))
    return (
        Button("Draft letter", "letter draft", entry_args(entry_id), "primary"),
        *(Button(label, path, entry_args(entry_id)) for label, path in more),
    )


def _follow_reason(entry: Entry, labels: Labels) -> str:
    """Why this bill is posted although it is not tracked by its own number."""
    if entry.speaks_for:
        return f"You track {wording.listed([*map(wording.bill, entry.speaks_for)])}, which has the same text."
    family = labels.families.get(entry.bill or "", "")
    return f"From the bill family you call {family}." if family else ""


def _foot(entry: Entry, labels: Labels) -> str:
    source = source_name(entry, labels)
    in_byline = entry.kind is Kind.NEWS and entry.outlet in ("", None, source)
    name = " ".join(filter(None, ("" if in_byline else source, entry.number)))
    if entry.as_of is None:
        return name
    return f"{name} · as of {moment_in_words(entry.as_of.astimezone(labels.zone))}"


def action_line(entry: Entry) -> str:
    """A bill's action as a line: date and text."""
    on = f"{day_in_words(entry.publication_date)}: " if entry.publication_date else ""
    return f"{on}{wording.short(entry.title, _DATES_LENGTH)}"


def _story_lines(items: Sequence[Item], labels: Labels) -> tuple[Line, ...]:
    bill_steps = _steps(items)
    item, others = _split_lead(bill_steps or items)
    others = [member for member in items if member not in bill_steps] if bill_steps else others
    first_lines = [Line(action_line(step.entry)) for step in bill_steps] or [Line(_byline(item.entry, labels))]
    reasons = why(merged(*(member.matches for member in items)), labels.asks)
    links = [Line(link.label, link.url) for link in _links(item.entry)]
    more = [_other_line(other, item, labels) for other in others]
    return (*first_lines, *(Line(f"{WHY}{reason}") for reason in reasons[:1]), *links, *more)
