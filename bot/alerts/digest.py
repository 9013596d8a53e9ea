"""The digest: what happened for each ask since the last one, posted at a local time if there is something to read.

A digest without news is posted at most once a week, and where the channel has a pinned card only
if it has dates or letters to show: nothing new is not news. There is at most one per local date, whatever clocks,
restarts and outages do: its key is the date, and the lines it takes are marked in the same transaction. Lines that do
not fit into its messages wait for the next digest.

The pinned card is one message at the top of a channel, edited in place. An edit notifies nobody, so the card can say
every hour that nothing is new, which a digest would repeat each morning. Only channels of platforms that pin have one
(`PlatformForm.pins`), and none whose messages go to a safety channel.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from itertools import chain, zip_longest
from random import Random
from typing import Final

from bot.alerts import baseline, plan, posted, recall
from bot.alerts.cards import Item, day_of, digest_line, group_by_story
from bot.alerts.intake import DIGEST, STORY
from bot.alerts.intake import KIND as ALERT
from bot.alerts.plan import Part, Story, routed, routed_asks
from bot.commands.model import Job, Work
from bot.config.feeds import ChannelConfig, DigestConfig, Feeds
from bot.config.load import Config, Labels
from bot.entries import records, source_records
from bot.entries.source_records import SourceState, is_overdue
from bot.learning import samples
from bot.outbox import holds, queued
from bot.outbox.messages import Place, place, post, update
from bot.shared import wording
from bot.shared.answer import nothing_new
from bot.shared.calendar import begins_week, day_in_words, moment_in_words, quiet_until
from bot.shared.card import Card, Due, Line, Mark, Section
from bot.shared.entry import Kind
from bot.store import memo
from bot.store.database import Reader
from bot.watch.model import asks_of

KIND: Final = DIGEST  # of deliveries
_MAX_MESSAGES: Final = 4  # of one digest
_MAX_CLOSING: Final = 8  # dates; more are counted
AHEAD: Final = timedelta(days=7)  # within which comment periods end that a digest names
_MAX_WAIT: Final = timedelta(minutes=15)
_CLOCKS_DIFFER: Final = timedelta(hours=1)  # among processes; a digest's date is wrong only by more
_AGAIN: Final = timedelta(seconds=5)  # until a digest that waits for its sources is looked at again
_LOOKED: Final = "digest looked at: "  # memo, by channel: the local date on which there was nothing to post

PINNED: Final = "pinned"  # kind of its deliveries
_PINNED_AHEAD: Final = timedelta(days=60)
_PINNED_DATES: Final = 3


@dataclass(frozen=True, slots=True)
class Added:
    """What other rooms add to a channel's digest."""

    closing_dates: Sequence[Due] = ()
    sections: Sequence[Section] = ()


OtherRooms = Callable[[Reader, str, timedelta], Added]  # by channel and how far ahead


@dataclass(frozen=True, slots=True)
class Questions:
    """What a digest asks its readers about entries that no watch raised."""

    near_misses: recall.NearMisses | None
    recall: recall.Report | None

    @property
    def sections(self) -> list[Section]:
        return [question.section for question in (self.near_misses, self.recall) if question]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The content of a digest. `news` are its lines, `alerted` the alerts posted since the last digest.

    `looked_back`: the day of the oldest line that was there before its source was first checked.
    """

    since: datetime
    looked_back: date | None = None
    asks: Sequence[int]
    news: Sequence[Item]
    alerted: Sequence[Item]
    closing_dates: Sequence[Due]
    sources: int  # that were checked
    troubled: int
    checked_at: datetime | None
    others: Sequence[Section] = ()  # of other rooms
    questions: Questions | None = None
    synopses: str = ""  # note on asks with unread grant announcements


def ready(
    states: Mapping[str, SourceState],
    sources: Iterable[str],
    now: datetime,
    started_at: datetime,
    time: datetime | None = None,
) -> bool:
    """Whether all due sources have been checked; a source that is 15 minutes late is not waited for.

    `time`: that of a digest; a source that has been checked since may be due again.
    """
    unchecked = [id_ for id_ in sources if not (time and id_ in states and time <= states[id_].checked_at <= now)]
    waits = [max(states[id_].due_at, started_at) if id_ in states else started_at for id_ in unchecked]
    return all(since > now or now - since > _MAX_WAIT for since in waits)


def compose(job: Job, *, started_at: datetime, others: OtherRooms = lambda *_: Added()) -> datetime | None:
    """Queue every digest that is due; return when the next may be, None if never. `started_at`: when this run began.

    A channel gets its first digest after its greeting.
    """
    db, config, now = job.db, job.config, job.now
    greeted = posted.last_posted(db, baseline.GREETING)
    last = greeted | posted.last_posted(db, KIND)
    days = last_days(db, last, config, now)
    ripe = [
        name
        for name, channel in config.feeds.channels.items()
        if name in greeted and schedule(db, name, channel).is_due(days[name], now, config.zone)
    ]
    if ripe:
        time = max(config.feeds.channels[name].digest.time_on(now, config.zone) for name in ripe)
        if not ready(source_records.source_states(db), config.feeds.enabled, now, started_at, time):
            return now + _AGAIN
    for audience in ripe:
        dice = Random(job.new_id())  # noqa: S311 - no secret
        asked = _questions(db, audience, config, last[audience], now, dice)  # slow: before the transaction
        with job.write() as work:
            _post(work, audience, last[audience], others(work.tx, audience, AHEAD), asked)
    coming = (channel.digest.next_time(now, config.zone) for channel in config.feeds.channels.values())
    return min(filter(None, coming), default=None)


def schedule(db: Reader, audience: str, channel: ChannelConfig) -> DigestConfig:
    """When the channel's digest comes. What waits when it is turned off comes in a last one."""
    ended = channel.digest.days == "never" and posted.waiting_lines(db, audience)
    return channel.digest.model_copy(update={"days": "business-days"}) if ended else channel.digest


def last_days(db: Reader, last: Mapping[str, datetime], config: Config, now: datetime) -> dict[str, date]:
    """The local date of each channel's `last` digest or, if later, of the last look that found nothing to post.

    A date to come was noted by a clock that was ahead, and does not count.
    """
    looks = memo.get_memos(db, [_LOOKED + name for name in last])
    today = now.astimezone(config.zone).date().isoformat()
    days = {}
    for name, at in last.items():
        day, looked = at.astimezone(config.zone).date(), looks.get(_LOOKED + name, "")
        days[name] = max(day, date.fromisoformat(looked)) if "" < looked <= today else day
    return days


def recover_clock(job: Job) -> datetime | None:
    """Undo what a clock that was ahead left in the outbox: its digests count as today's. Return their latest date."""
    now, after = job.now, job.now + _CLOCKS_DIFFER
    with job.write() as work:
        holds.end_future(work.tx, now=now, after=after)
        dates = queued.date_back(work.tx, (KIND, baseline.GREETING), now=now, after=after)
    return max(dates, default=None)


def preview(db: Reader, audience: str, config: Config, others: Added, now: datetime) -> Card:
    """The first message of a channel's digest as of now, without saving; covers one day if there was none before."""
    last = posted.last_posted(db, baseline.GREETING) | posted.last_posted(db, KIND)
    lines = posted.waiting_lines(db, audience)
    since = last.get(audience, now - timedelta(days=1))
    dice = Random(f"{now:%Y-%m}")  # noqa: S311 - the same in each look at this month's digest
    asked = _questions(db, audience, config, since, now, dice)
    facts = facts_of(db, audience, lines, config, since, others, asked, now)
    return digest_parts(facts, config.labels, now)[0].card


def _questions(db: Reader, audience: str, config: Config, last: datetime, now: datetime, dice: Random) -> Questions:
    missed = recall.near_misses(db, audience, config, last, now)
    return Questions(missed, recall.quarter_report(db, audience, config, last, now, dice))


def digest_parts(facts: Facts, labels: Labels, now: datetime) -> list[Part]:
    """The messages of a digest, with the news of each; news in no part waits for the next digest. Pure."""
    # The first story of every ask, then the second of each: a busy ask must not delay a quiet one.
    by_ask: dict[int | None, list[Story]] = {}
    for story in group_by_story(facts.news):
        by_ask.setdefault(_first_ask(facts, story), []).append(story)
    left = [story for turn in zip_longest(*by_ask.values()) for story in turn if story]
    parts: list[Part] = []
    while not parts or (left and len(parts) < _MAX_MESSAGES):
        build = partial(_continued_card if parts else _first_card, facts, labels, now)
        too_many = bisect_left(range(len(left) + 1), True, key=lambda count: not plan.fits(build(left[:count])))
        count = max(1, too_many - 1)
        parts.append(Part(build(left[:count]), tuple(chain(*left[:count]))))
        left = left[count:]
    if left:
        foot = f"{wording.number(len(left), 'more follows', 'more follow')} in the next digest."
        parts[-1] = replace(parts[-1], card=replace(parts[-1].card, foot=foot))
    return parts


def _first_card(facts: Facts, labels: Labels, now: datetime, stories: Sequence[Story]) -> Card:
    """The first message: names every ask, also those without news; alerts are counted, not repeated."""
    count = len(group_by_story(facts.news))
    items = wording.number(count, "item") if count else nothing_new(facts.troubled, facts.sources)
    since = day_in_words(facts.looked_back) if facts.looked_back else wording.clock(facts.since, labels.zone, now)
    asked = facts.questions or Questions(None, None)
    last = f", last at {wording.clock(facts.checked_at, labels.zone, now)}" if facts.checked_at else ""
    checked = f"{wording.number(facts.sources, 'source')} checked{last}"
    verb = "needs" if facts.troubled == 1 else "need"
    return Card(
        mark=Mark.DIGEST,
        head=f"{_day(labels, now)} digest: {items} since {since}",
        byline=f"{checked} · {facts.troubled} {verb} attention" if facts.troubled else checked,
        lines=tuple(_alert_counts(facts)),
        dues=tuple(facts.closing_dates[:_MAX_CLOSING]),
        sections=(*_news_sections(facts, labels, stories), *_silent_sections(facts), *facts.others, *asked.sections),
        line_buttons=asked.near_misses.buttons if asked.near_misses else (),
        buttons=asked.recall.buttons if asked.recall else (),
    )


def _continued_card(facts: Facts, labels: Labels, now: datetime, stories: Sequence[Story]) -> Card:
    head = f"{_day(labels, now)} digest, continued"
    return Card(mark=Mark.DIGEST, head=head, sections=tuple(_news_sections(facts, labels, stories)))


def _day(labels: Labels, now: datetime) -> str:
    return f"{now.astimezone(labels.zone):%A}"


def _alert_counts(facts: Facts) -> Iterator[Line]:
    if facts.alerted:
        posted = ("alert was posted and is not", "alerts were posted and are not")
        yield Line(f"{wording.number(len(group_by_story(facts.alerted)), *posted)} repeated here.")
    if facts.synopses:
        yield Line(facts.synopses)
    if (more := len(facts.closing_dates) - _MAX_CLOSING) > 0:
        yield Line(
            f"{wording.number(more, 'more comment period closes', 'more comment periods close')} within the week."
        )


def _first_ask(facts: Facts, story: Story) -> int | None:
    """The first of a story's asks, which it is listed under; None for the policy watches."""
    return next((ask for ask in _all_asks(story) if ask in facts.asks), None)


def _news_sections(facts: Facts, labels: Labels, stories: Sequence[Story]) -> Iterator[Section]:
    by_ask: dict[int | None, list[Line]] = {}
    for story in stories:
        asks = [ask for ask in _all_asks(story) if ask in facts.asks]
        line = digest_line(story)
        also = f" (also {wording.asks(asks[1:])})" if len(asks) > 1 else ""
        by_ask.setdefault(_first_ask(facts, story), []).append(Line(line.text + also, line.url))
    for ask in facts.asks:
        if ask in by_ask:
            yield Section(f"Ask {ask}, {labels.asks[ask]}", tuple(by_ask[ask]))
    if None in by_ask:
        yield Section("Policy", tuple(by_ask[None]))


def _silent_sections(facts: Facts) -> Iterator[Section]:
    listed, alerted = _all_asks(facts.news), _all_asks(facts.alerted)
    rest = [ask for ask in facts.asks if ask not in listed]
    for title, asks in (
        ("Alerted already", [ask for ask in rest if ask in alerted]),
        (nothing_new(facts.troubled, facts.sources).capitalize(), [ask for ask in rest if ask not in alerted]),
    ):
        if asks:
            yield Section(title, (Line(wording.asks(asks)),))


def _all_asks(items: Iterable[Item]) -> tuple[int, ...]:
    return asks_of(match for item in items for match in item.matches)


def _post(work: Work, audience: str, last: datetime, others: Added, asked: Questions) -> None:
    tx, config, now = work.tx, work.config, work.now
    to = place(audience, config.feeds)
    lines = posted.waiting_lines(tx, audience)
    facts = facts_of(tx, audience, lines, config, last, others, asked, now)
    if not _is_worth_posting(facts, to, work):
        memo.set_memo(tx, _LOOKED + audience, work.today.isoformat())
        return
    if asked.recall and asked.recall.sample:
        samples.save(tx, asked.recall.sample, now)
    due_at = quiet_until(now, config.feeds.channels[audience].quiet, work.zone)
    key = f"digest:{work.today}"
    for number, part in enumerate(digest_parts(facts, config.labels, now), 1):
        ids = {item.id for item in part.items}
        says = tuple(line for line in lines if line[0] in ids)
        name = key if number == 1 else f"{key}:{number}"
        delivery = post(work, to, name, part.card, kind=KIND, due_at=due_at, thread=to.thread(name), says=says)
        # After a restore the platform may have this day's digest already, without lines that came since.
        if delivery and posted.state_of(tx, delivery) != "sent":
            posted.assign_lines(tx, audience, says, delivery)


def _is_worth_posting(facts: Facts, to: Place, work: Work) -> bool:
    """Whether it has news or a question; once a week dates, letters or, without a pinned card, nothing will do."""
    if facts.news or (facts.questions and facts.questions.sections):
        return True
    week_began = work.today - timedelta(work.today.weekday())
    if facts.since.astimezone(work.zone).date() >= week_began:
        return False
    return not to.keeps_card or bool(facts.closing_dates or facts.others)


def facts_of(
    tx: Reader,
    audience: str,
    lines: Sequence[tuple[str, str]],
    config: Config,
    last: datetime,
    others: Added,
    asked: Questions | None,
    now: datetime,
) -> Facts:
    """What a channel's digest says of the time since `last`."""
    all_states, on = source_records.source_states(tx), config.feeds.enabled
    states = [state for id_, state in all_states.items() if id_ in on]
    asks = routed_asks(audience, config.feeds, config.labels.asks)
    alerted = [pair for kind in (ALERT, STORY) for pair in posted.posted_since(tx, audience, last, kind=kind)]
    return Facts(
        since=last,
        looked_back=_looked_back(tx, lines, all_states, config),
        asks=asks,
        news=_items(tx, audience, lines, config),
        alerted=_items(tx, audience, alerted, config),
        closing_dates=others.closing_dates,
        others=others.sections,
        questions=asked,
        synopses=synopses_only(all_states, config.feeds, asks),
        sources=len(states),
        troubled=troubled(all_states, config.feeds, now),
        checked_at=max((state.checked_at for state in states), default=None),
    )


def _looked_back(
    tx: Reader, lines: Sequence[tuple[str, str]], states: Mapping[str, SourceState], config: Config
) -> date | None:
    """The day of the oldest of these lines that `--since` took from its source's first answer."""
    first = {id_: state.memory.first_success_at for id_, state in states.items()}
    stored = [it for it in records.by_ids(tx, dict(lines)) if it.first_seen_at == first.get(it.entry.source)]
    return min(filter(None, (day_of(it.entry, config.zone) for it in stored)), default=None)


def troubled(states: Mapping[str, SourceState], feeds: Feeds, now: datetime) -> int:
    """How many sources that are turned on need attention, or were not checked since they were due."""
    on = [states[id_] for id_ in feeds.enabled if id_ in states]
    return sum(not state.health.good or is_overdue(state.due_at, now) for state in on)


def _items(tx: Reader, audience: str, lines: Sequence[tuple[str, str]], config: Config) -> list[Item]:
    stages = dict(lines)
    matches, earlier_step = records.matches_of(tx, stages), records.earlier_steps(tx)
    items = []
    for stored in records.by_ids(tx, stages):
        entry_matches = matches.get((stored.id, stages[stored.id]), ())
        # A route that was changed since the line was written does not take it back.
        routed_matches = routed(entry_matches, stored.entry.kind, config.feeds).get(audience, entry_matches)
        earlier = earlier_step(stored.id, stored.entry)
        items.append(Item(id=stored.id, entry=stored.entry, matches=routed_matches, earlier=earlier))
    return items


def synopses_only(states: Mapping[str, SourceState], feeds: Feeds, asks_shown: Sequence[int]) -> str:
    """A note such as `Asks 1 and 2: …`; "" if every grant announcement was read. `asks_shown`: those to report on."""
    sources = [id_ for id_, source in feeds.enabled.items() if source.brings is Kind.GRANT]
    watches = [each for each in feeds.watches.values() if Kind.GRANT in each.kinds or {*sources} & {*each.sources}]
    asks = sorted({ask for watch in watches for ask in watch.asks if ask in asks_shown})
    if not sources or not asks:
        return ""
    read, posted, asked = set[str](), set[str](), False
    for id_, state in ((id_, states[id_]) for id_ in sources if id_ in states):
        without, all_ = feeds.sources[id_].reader.unread(state.memory)
        read, posted, asked = read | (all_ - without), posted | all_, asked or state.memory.first_success_at is not None
    if not read and (posted or not asked):
        return f"{wording.asks(asks)}: grant announcements were read by title and synopsis only; no full text yet."
    if posted - read:
        count = f"{len(posted - read)} of {len(posted)}"
        return f"{wording.asks(asks)}: {count} grant announcements were read by title and synopsis only."
    return ""


# --- the pinned card --------------------------------------------------------------------------------------------------


def compose_pinned(job: Job, *, others: OtherRooms) -> None:
    """Post the card of each channel that was greeted, or bring it up to date."""
    config = job.config
    greeted = posted.last_posted(job.db, baseline.GREETING)
    since = greeted | posted.last_reports(job.db)
    days = last_days(job.db, greeted | posted.last_posted(job.db, KIND), config, job.now)
    for audience, channel in config.feeds.channels.items():
        to = place(audience, config.feeds)
        if audience in greeted and to.keeps_card:
            next_digest = schedule(job.db, audience, channel).next_due(days[audience], job.now, config.zone)
            with job.write() as work:
                _show_pinned(work, to, since[audience], next_digest, others)


def pinned_card(facts: Facts, labels: Labels, next_digest: datetime | None) -> Card:
    """The card of a channel whose last news came at `facts.since`; `facts.news` waits for `next_digest`. Pure."""
    checked = facts.checked_at.astimezone(labels.zone) if facts.checked_at else None
    verb = "needs" if facts.troubled == 1 else "need"
    sources = wording.number(facts.sources, "source")
    state = f"{facts.troubled} of {sources} {verb} attention" if facts.troubled else f"{sources} fine"
    waiting = wording.number(len(facts.news), "item waits", "items wait")
    when = f", {wording.coming(next_digest, labels.zone)}" if next_digest else ""
    since = day_in_words(facts.since.astimezone(labels.zone).date())
    silent = f"{nothing_new(facts.troubled, facts.sources).capitalize()} since {since}."
    news = wording.with_period(f"{waiting} for the next digest{when}") if facts.news else silent
    return Card(
        mark=Mark.DIGEST,
        head=f"Checked {moment_in_words(checked)} · {state}" if checked else "Nothing checked yet",
        lines=(Line(news),),
        dues=tuple(facts.closing_dates[:_PINNED_DATES]),
        sections=tuple(facts.others),
        foot="This card is updated every hour. If its time is older, the bot has stopped or posts elsewhere.",
        pinned=True,
    )


def _show_pinned(work: Work, to: Place, since: datetime, next_digest: datetime | None, others: OtherRooms) -> None:
    """Post the card or edit it. One that can no longer be edited was deleted, or lost: a new one comes next week."""
    tx, audience, config = work.tx, to.audience, work.config
    lines = posted.waiting_lines(tx, audience)
    facts = facts_of(tx, audience, lines, config, since, others(tx, audience, _PINNED_AHEAD), None, work.now)
    card = pinned_card(facts, config.labels, next_digest)
    name = f"pinned:{config.feeds.channels[audience].to}"
    shown = posted.newest_named(tx, to.channel, to.key(name))
    if shown is None:
        post(work, to, name, card, kind=PINNED)
    elif shown["change_state"] != "dropped":
        update(work, shown["id"], card)
    elif begins_week(work.today):
        post(work, to, f"{name}:{work.today}", card, kind=PINNED)
