"""Turn entries from sources into stories: find names and copies, and post one card per story."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time

from bot.alerts import posted, withholding
from bot.alerts.cards import Item
from bot.alerts.intake import KIND, STORY
from bot.alerts.plan import FLOOD, routed
from bot.commands.model import Work
from bot.config.coalition import Coalition
from bot.config.load import Config
from bot.entries import records as entries
from bot.media.contacts import records as press_records
from bot.media.contacts.model import reporter_name
from bot.media.news import grouping, records, wording
from bot.media.news.cluster import credit, headline_words
from bot.media.news.entities import Rule
from bot.media.news.model import Mention, Story, Weight
from bot.media.news.reading import EXCERPT, Reading, new_words, on_site
from bot.outbox.messages import place, post, update
from bot.people.records import names
from bot.shared.answer import Fetched
from bot.shared.calendar import quiet_until
from bot.shared.entry import Entry, Kind
from bot.shared.urls import canonical_key, host_of
from bot.store.database import Reader, Transaction, update_rows
from bot.watch.model import Level, asks_of, loudest, why, without_quotes


class Press:
    """Satisfies `bot.alerts.items.Press`."""

    def __init__(self, coalition: Coalition) -> None:
        self._coalition = coalition
        self._last: tuple[tuple[Rule, ...], Reading] = ((), Reading(coalition))

    @property
    def last(self) -> Reading:
        return self._last[1]

    def read(self, db: Reader, entries: Sequence[Entry]) -> list[Entry]:
        reading = self.reading(db)
        return [reading.read(entry)[0] for entry in self.without_erased(db, entries)]

    def reading(self, db: Reader) -> Reading:
        current = tuple(records.look_alikes(db))
        if current != self._last[0]:
            self._last = (current, Reading(self._coalition, current))
        return self._last[1]

    def without_erased(self, db: Reader, entries: Sequence[Entry]) -> Sequence[Entry]:
        news = [entry for entry in entries if entry.kind is Kind.NEWS]
        marks = {id(entry): records.redaction_hashes(self._coalition.id, entry) for entry in news}
        gone = records.find_redacted(db, {mark for its in marks.values() for mark in its})
        return [entry for entry in entries if gone.isdisjoint(marks.get(id(entry), ()))]

    def gather(self, work: Work, items: Sequence[Item], *, silent: Collection[str], calm: bool) -> list[Item]:
        for item in items:
            if item.entry.kind is Kind.BILL and item.id not in silent:
                grouping.join(work, item.entry)
        filed = [file(work, item) if item.entry.kind is Kind.NEWS else (item, "") for item in items]
        fresh = {story_id for item, story_id in filed if story_id and item.id not in silent}
        stories = {story.id: story for story in records.by_ids(work.tx, sorted(fresh))}
        at_once = not calm and sum(story.weight is Weight.ACT for story in stories.values()) <= FLOOD
        for story in list(stories.values()):
            if at_once or story.delivery:
                stories[story.id] = tell(work, story)
        posted_to = _posted_to(work.tx, stories.values(), work.now)
        return [
            with_story(work, item, stories.get(story_id), posted_to) if story_id in fresh else item
            for item, story_id in filed
        ]

    @staticmethod
    def explain(db: Reader, entry_id: str, audiences: Collection[str], config: Config, now: datetime) -> list[str]:
        story = records.find(db, entry_id)
        mine = next((it for it in story.mentions if it.entry == entry_id), None) if story else None
        if story is None or mine is None:
            return []
        if mine is story.original:
            covered = f", with {wording.outlets(story)}" if {*story.covering} - {mine.outlet} else ""
            lines = [f"First in story {story.label}{covered}."]
        else:
            shared = _same_headline(story, mine, {story.original.entry or ""})
            own = "the same headline" if shared else "a headline of its own"
            lines = [f"Copy in story {story.label} “{wording.head(story)}”, under {own}."]
        if story.muted_at:
            lines.append(f"{story.label} is muted: its copies are counted but not posted.")
        heard = _posted_to(db, [story], now)[story.id]
        for audience in audiences:
            before = heard.get(audience, set()) - {entry_id}
            if config.feeds.channels[audience].digest.days == "never" and _same_headline(story, mine, before):
                lines.append(f"“{audience}” has no digest and already showed this headline from another outlet.")
        return lines


def file(work: Work, item: Item, *, by: str | None = None) -> tuple[Item, str]:
    """Store a mention in its story or a new one; return its item, and the story's id. `by`: who added its address."""
    tx = work.tx
    made = _mention(work, item, by=by)
    stored = records.mentions_of(tx, [made.key]).get(made.key)
    if stored:
        story, made = stored.story, _merge(stored, made)
        _withhold_again(tx, made)
        records.put(tx, made)
    else:
        names = grouping.names_in(work.config.coalition)
        print_ = grouping.print_of(made, names)
        frequent = grouping.frequent(tx, print_)
        joined = grouping.find(tx, made, print_, frequent, names)
        story = joined or work.new_id()
        if joined is None:
            event = grouping.thread_of(tx, made, work.now)
            records.open_story(tx, story, event or item.entry.thread, work.now)
        made = replace(made, story=story)
        _withhold_again(tx, made)
        records.put(tx, made)
        grouping.remember(tx, made.id, print_.marks - frequent, work.now)
        if joined is None and event is None and not made.withheld:  # it is a new story, in the entry's own thread
            return item, story
    return _with_its_story(work, item, story), story


@dataclass(frozen=True, slots=True)
class Added:
    """The stories of the added items, and how many items were known already or must not come back."""

    stories: tuple[Story, ...]
    already_stored: int = 0
    redacted: int = 0


def add(work: Work, given: Sequence[Entry], *, by: str | None) -> Added:
    """File, without a post, what a person brought, whatever the watches match. Existing cards count it."""
    tx = work.tx
    readable = Press(work.config.coalition).read(tx, given)
    stored = records.mentions_of(tx, [canonical_key(entry.url) for entry in readable])
    reading = entries.save_entries(tx, readable, silent=lambda _: True, now=work.now, new_id=work.new_id)
    stories: dict[str, None] = {}
    for arrival in reading.all:
        matches = work.config.matcher.match(arrival.stored)
        entries.insert_matches(tx, [(arrival.id, arrival.stored.stage.value, matches)], work.now)
        item = Item(id=arrival.id, entry=arrival.stored, matches=matches)
        stories[file(work, item, by=by)[1]] = None
    changed = records.by_ids(tx, list(stories))
    for story in changed:
        if story.delivery:
            tell(work, story)
    return Added(tuple(changed), len(stored), len(given) - len(readable))


def tell(work: Work, story: Story) -> Story:
    """Update the story's card; post it if there is none yet and there should be one. Return the story with its card."""
    tx, feeds = work.tx, work.config.feeds
    channel, delivery = feeds.press, story.delivery
    if delivery is None and (channel is None or story.weight is not Weight.ACT or story.muted_at):
        return story
    card = wording.story_card(story, work.config, names(tx), work.now)
    shown = wording.shown(story)
    shown_entries = entries.by_ids(tx, [it.entry for it in story.mentions if it.entry and it.id in shown])
    says = tuple((it.id, it.entry.stage.value) for it in shown_entries)
    if delivery is not None:
        if not story.muted_at:
            update(work, delivery, card, says=says)
        return story
    assert channel is not None
    matches_by_entry = entries.matches_of(tx, [mention.entry for mention in story.mentions if mention.entry])
    if not any(channel in routed(matches, Kind.NEWS, feeds) for matches in matches_by_entry.values()):
        return story
    to = place(channel, feeds)
    due_at = quiet_until(work.now, feeds.channels[channel].quiet, work.zone)
    thread = to.thread(story.thread)
    made = post(work, to, f"story:{story.id}", card, kind=STORY, due_at=due_at, thread=thread, says=says)
    if made:
        update_rows(tx, "story", {"delivery_id": made}, id=story.id)
        posted.delete_lines(tx, ((channel, entry) for entry, _ in says))
    return replace(story, delivery=made) if made else story


def refresh(work: Work, answer: Fetched) -> None:
    """Store known mentions' newest headline, and the day of one that had none, even if nothing is posted about them."""
    tx = work.tx
    keys = [canonical_key(entry.url) for entry in answer.entries if entry.kind is Kind.NEWS and entry.url]
    mentions = records.mentions_of(tx, keys).values()
    current = {it.id: it.entry for it in entries.by_ids(tx, [it.entry for it in mentions if it.entry])}
    changed: set[str] = set()
    for mention in (it for it in mentions if it.entry in current):
        entry = current[mention.entry or ""]
        on = mention.published or _published(work, entry)
        now_called = replace(
            mention, latest=entry.title, withheld=entry.withheld or mention.withheld, published=on, at=on or mention.at
        )
        if (entry.title, on) != (mention.latest, mention.published):
            _withhold_again(tx, now_called)
            records.put(tx, now_called)
            changed.add(mention.story)
    for story in records.by_ids(tx, sorted(changed)):
        tell(work, story)


def with_story(work: Work, item: Item, story: Story | None, posted_to: Mapping[str, Mapping[str, set[str]]]) -> Item:
    """Return the item with the channels that know its story: there it is a line of the digest, unless it is on the
    story's card. A channel without a digest gets it in the story's thread, unless it was posted under that headline.

    `posted_to`: the result of `_posted_to` for the story.
    """
    feeds = work.config.feeds
    if story is None or story.muted_at:
        return replace(item, covered=frozenset(feeds.channels))
    mine = next((mention for mention in story.mentions if mention.entry == item.id), None)
    heard = dict(posted_to[story.id])
    channel, card = feeds.press, story.delivery
    covered: set[str] = set()
    if channel and card and posted.state_of(work.tx, card) not in (None, "dead", "dropped"):
        heard.setdefault(channel, set())
        covered |= {channel} if mine and mine.id in wording.shown(story) else set()
    if mine is None or mine.seen_at != work.now:  # the page was already known
        return replace(item, covered=frozenset(heard))
    silent = {audience for audience in heard if feeds.channels[audience].digest.days == "never"}
    covered |= {audience for audience in silent if _same_headline(story, mine, heard[audience])}
    return replace(item, covered=frozenset(covered), digest_only=frozenset(heard.keys() - covered - silent))


def _posted_to(db: Reader, stories: Collection[Story], now: datetime) -> dict[str, dict[str, set[str]]]:
    """Return, by story, the channels that were alerted to its event, with the entries of it that they were sent.

    In the thread of a bill, neither the bill's steps count nor the press about an earlier step.
    """
    posted_to: dict[str, dict[str, set[str]]] = {story.id: {} for story in stories}
    of_thread: dict[str, list[Story]] = {}
    for story in stories:
        of_thread.setdefault(story.thread, []).append(story)
    (alerts,) = posted.posted_entries(db, [("", thread) for thread in of_thread], now, KIND) if of_thread else ([],)
    mentions = {mention.entry: mention for mention in records.of_entries(db, {sent.entry_id for sent in alerts})}
    for sent in alerts:
        mention = mentions.get(sent.entry_id)
        for story in of_thread.get(sent.entry_thread, ()):
            if mention and grouping.is_of_event(mention, story):
                posted_to[story.id].setdefault(sent.audience, set()).add(sent.entry_id)
    return posted_to


def _same_headline(story: Story, mine: Mention, entries: Collection[str]) -> bool:
    """Whether one of these entries of a story has the headline of `mine`."""
    others = [mention for mention in story.mentions if mention.entry in entries]
    return headline_words(mine.latest, mine.outlet) in {headline_words(it.latest, it.outlet) for it in others}


def _with_its_story(work: Work, item: Item, story: str) -> Item:
    """The item in its story's thread; withheld if the story is, as each copy leads to the name that one may contain."""
    (whole,) = records.by_ids(work.tx, [story])
    if whole.withheld:
        withhold_story(work, whole)
        item = replace(item, entry=item.entry.withhold(), matches=without_quotes(item.matches))
    if item.entry.thread != whole.thread:
        item = replace(item, entry=replace(item.entry, thread=whole.thread))
        entries.move_to_thread(work.tx, item.id, item.entry)
    return item


def _withhold_again(tx: Transaction, mention: Mention) -> None:
    """Undo a release if a mention that may name a person has a headline, or words in its address, that the press
    contact has not read.

    Call this before the mention is stored.
    """
    story = records.story(tx, mention.story) if mention.withheld else None
    if story is None or story.released_by is None:
        return
    read = {headline_words(it.headline, it.outlet) for it in story.mentions}
    headlines = " ".join(it.headline for it in story.mentions)
    unread = mention.url not in {it.url for it in story.mentions} and any(new_words(mention.url, headlines))
    if unread or headline_words(mention.headline, mention.outlet) not in read:
        records.save(tx, replace(story, released_by=None))


def withhold_story(work: Work, story: Story) -> None:
    """Withhold the entries of a withheld story that contain no name themselves."""
    stored = entries.by_ids(work.tx, [mention.entry for mention in story.mentions if mention.entry])
    shown = [each.id for each in stored if not each.entry.withheld]
    if shown:
        withholding.withhold(work, shown)


def _published(work: Work, entry: Entry) -> datetime | None:
    """When an entry was published; a bare date counts from midnight in the coalition's zone."""
    if entry.published or entry.publication_date is None:
        return entry.published
    return datetime.combine(entry.publication_date, time(), tzinfo=work.zone).astimezone(UTC)


def _mention(work: Work, item: Item, *, by: str | None) -> Mention:
    entry, labels, coalition = item.entry, work.config.labels, work.config.coalition
    sites = (site for entity in coalition.entities.values() for site in entity.sites)
    reporter = reporter_name(entry.author, entry.outlet or "")
    text = "" if entry.withheld else " ".join((entry.summary or "").split()[:EXCERPT])
    return Mention(
        id=work.new_id(),
        story="",
        entry=item.id,
        key=canonical_key(entry.url) if entry.url else entry.identity[0],
        url=entry.url,
        # The site of a withheld item may be called after a person.
        outlet=entry.outlet
        or ("" if entry.withheld else host_of(entry.url))
        or labels.sources.get(entry.source, entry.source),
        title=entry.title,
        latest=entry.title,
        excerpt=text,
        published=(published := _published(work, entry)),
        at=published or work.now,
        seen_at=work.now,
        source=entry.source,
        names=entry.names,
        asks=asks_of(item.matches),
        weight=Weight.ACT if loudest(item.matches) is Level.ALERT else Weight.LOG,
        why=why(item.matches, labels.asks),
        quoted=tuple(name.entity for name in entry.names if name.quoted),
        credit="" if entry.withheld else credit(entry.text or entry.summary or ""),
        # Not that of a person who asked to be forgotten.
        reporter="" if reporter and press_records.is_suppressed_name(work.tx, reporter) else reporter,
        first_party=on_site(host_of(entry.url), (*sites, *coalition.media.first_party)),
        withheld=entry.withheld,
        added_by=by,
    )


def _merge(stored: Mention, made: Mention) -> Mention:
    """Merge a mention that came again: its first headline stays, everything else is current."""
    louder = Weight.ACT if Weight.ACT in (stored.weight, made.weight) else Weight.LOG
    asks = tuple(sorted({*stored.asks, *made.asks}))
    reasons = tuple(dict.fromkeys((*stored.why, *made.why)))
    seen = {name.entity: name for name in (*stored.names, *made.names)}
    return replace(stored, latest=made.latest, entry=made.entry, asks=asks, weight=louder, why=reasons,
                   names=tuple(seen.values()), reporter=made.reporter or stored.reporter,
                   withheld=made.withheld or stored.withheld)  # fmt: skip
