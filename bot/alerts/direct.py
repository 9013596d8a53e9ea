"""What a person follows, told to them alone: alerts at once for who wants that, all else in a digest of their own.

Nothing is told twice to one person, nothing in their quiet hours, and nothing at all where there is nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from itertools import chain
from typing import Final
from zoneinfo import ZoneInfo

from bot.alerts import after_restore, digest, direct_records, posted
from bot.alerts.campaign import Campaign, NewId
from bot.alerts.cards import Item, by_story, digest_line
from bot.alerts.direct_records import Pair
from bot.alerts.lists import Part, Story, pages, parts
from bot.alerts.plan import FLOOD
from bot.config.feeds import DigestConfig
from bot.entries import records
from bot.outbox.messages import end_of_quiet_hours, post_to_person
from bot.outbox.model import DIRECT
from bot.people import preferences
from bot.people.preferences import Follow, Preferences, When
from bot.shared import wording
from bot.shared.card import Button, Card, Line, Mark, Section
from bot.shared.states import STATES
from bot.store.database import Database, Reader, Transaction

KIND: Final = "personal"  # of deliveries
_PACES: Final = {When.DAILY: DigestConfig(days="business-days"), When.WEEKLY: DigestConfig(days="monday")}
_MESSAGES: Final = 4  # of one digest at most; what has no room in them is counted
# A match bears the time at which its source was read; what was read with many others is written down a while later.
_OVERLAP: Final = timedelta(hours=1)
_LOOKED: Final = timedelta(minutes=30)  # how stale the mark of the last look may be where nothing came
_ME: Final = Button("What I follow", "campaign me")


@dataclass(frozen=True, slots=True)
class News:
    """What is new of each thing that somebody follows, with all the (entry, stage) pairs that are told with it."""

    by_follow: Mapping[str, Sequence[Item]]
    pairs: frozenset[Pair]

    @property
    def items(self) -> list[Item]:
        """Each once, under the first thing that brings it."""
        return list({item.id: item for item in chain(*self.by_follow.values())}.values())


def compose(db: Database, campaign: Campaign, *, now: datetime, new_id: NewId, started_at: datetime) -> None:
    """Tell everyone what is new of what they follow, as far as the time for it has come.

    `started_at`: when this run of the bot began; a digest waits until the sources that are due have been asked.
    """
    for person, mine in preferences.followers(db, campaign.coalition.id).items():
        for when in When:
            follows = _at(mine, when)
            if not follows or not _ripe(db, campaign, person, mine, when, now, started_at):
                continue
            news = _news(db, campaign, person, mine, when, follows)
            told = dict(mine.told).get(when)
            if news.pairs or when is not When.NOW or told is None or now - told > _LOOKED:
                with db.write() as tx:
                    _tell(tx, campaign, person, news, when, told or follows[0].since, now, new_id)
                    preferences.mark_digested(tx, campaign.coalition.id, person, when, now)


def _at(mine: Preferences, when: When) -> list[Follow]:
    """Who wants alerts at once gets what is no alert in the daily digest."""
    paces = {When.NOW: (When.NOW,), When.DAILY: (When.NOW, When.DAILY), When.WEEKLY: (When.WEEKLY,)}[when]
    return [follow for follow in mine.follows if follow.when in paces]


def _ripe(
    db: Reader, campaign: Campaign, person: str, mine: Preferences, when: When, now: datetime, started_at: datetime
) -> bool:
    if when is When.NOW:
        return end_of_quiet_hours(db, campaign.coalition, person, now) == now
    zone = ZoneInfo(mine.zone or campaign.coalition.zone)
    told = dict(mine.told).get(when)
    if not digest.due(_PACES[when], told.astimezone(zone).date() if told else None, now, zone):
        return False
    enabled = [id_ for id_, source in campaign.feeds.sources.items() if source.enabled]
    return digest.ready(records.source_states(db), enabled, now, started_at)


def _news(
    db: Reader, campaign: Campaign, person: str, mine: Preferences, when: When, follows: Sequence[Follow]
) -> News:
    told = dict(mine.told).get(when)
    since = {it.what: max(it.since, told - _OVERLAP) if told else it.since for it in follows}
    audience = f"{DIRECT}{person}"
    known = set(posted.said_since(db, campaign.coalition.id, audience, min(since.values()), kind=KIND))
    pairs: dict[str, set[Pair]] = {}
    for what, start in since.items():
        came = direct_records.came(db, campaign.coalition.id, what, start)
        pairs[what] = {pair for pair, loud in came.items() if pair not in known and (loud or when is not When.NOW)}
    by_follow = {what: direct_records.items(db, campaign.coalition.id, its) for what, its in pairs.items() if its}
    told_before = after_restore.told(db, campaign.coalition.id, audience, chain(*by_follow.values()))
    fresh = {what: [item for item in its if item.saying not in told_before] for what, its in by_follow.items()}
    return News({what: its for what, its in fresh.items() if its}, frozenset(chain(*pairs.values())) - told_before)


def _tell(
    tx: Transaction,
    campaign: Campaign,
    person: str,
    news: News,
    when: When,
    since: datetime,
    now: datetime,
    new_id: NewId,
) -> None:
    if not news.pairs:
        return
    mine = preferences.preferences_of(tx, campaign.coalition.id, person)
    told = (
        _at_once(news, campaign)
        if when is When.NOW
        else _digest(news, campaign, when, since, _zone(mine, campaign), now)
    )
    for part in told:
        ids = {item.id for item in part.items}
        threads = {item.entry.thread for item in part.items}
        says = tuple(sorted(pair for pair in news.pairs if pair[0] in ids))
        post_to_person(
            tx,
            campaign,
            person,
            f"{when}:{_digest_of(says)}",
            part.card,
            kind=KIND,
            now=now,
            new_id=new_id,
            thread=threads.pop() if when is When.NOW and len(threads) == 1 else None,
            says=says,
        )


def _zone(mine: Preferences, campaign: Campaign) -> tzinfo:
    return ZoneInfo(mine.zone or campaign.coalition.zone)


def _digest_of(says: Iterable[Pair]) -> str:
    return hashlib.sha256("\n".join(":".join(pair) for pair in says).encode()).hexdigest()[:32]


def _at_once(news: News, campaign: Campaign) -> Iterator[Part]:
    """As channels hear of it, but with the buttons that everybody may press."""
    items = news.items
    follows = wording.listed([_title(what, campaign) for what in news.by_follow])
    for part in parts(items, campaign.voice, flood=len(by_story(items)) > FLOOD):
        whole = [Button("Whole entry", "campaign item", (("id", part.items[0].id),))] if len(part.items) == 1 else []
        foot = " · ".join(filter(None, (part.card.foot, f"You follow {follows}")))
        yield replace(part, card=replace(part.card, foot=foot, buttons=(*whole, _ME)))


def _digest(news: News, campaign: Campaign, when: When, since: datetime, zone: tzinfo, now: datetime) -> Iterator[Part]:
    stories = by_story(news.items)
    paged = pages(stories)
    shown, left = paged[:_MESSAGES], list(chain(*paged[_MESSAGES:]))
    count = wording.number(len(stories), "item")
    head = f"Your {'weekly' if when is When.WEEKLY else f'{now.astimezone(zone):%A}'} digest"
    for number, page in enumerate(shown, 1):
        rest = left if number == len(shown) else []
        more = (
            [Section("More", (Line(f"and {wording.number(len(rest), 'item')} more: /alerts recent"),))] if rest else []
        )
        card = Card(
            mark=Mark.DIGEST,
            head=f"{head}: {count} since {wording.clock(since, zone, now)}" if number == 1 else f"{head}, continued",
            sections=(*_sections(news, page, campaign), *more),
            foot="By direct message, as you asked. /campaign me changes it.",
            buttons=(_ME,),
        )
        yield Part(card, tuple(chain(*page, *rest)))


def _sections(news: News, page: Sequence[Story], campaign: Campaign) -> Iterator[Section]:
    """The stories of a page, each under the first thing followed that brings it."""
    left = list(page)
    for what, its in news.by_follow.items():
        ids = {item.id for item in its}
        here = [story for story in left if any(item.id in ids for item in story)]
        left = [story for story in left if story not in here]
        if here:
            title = _title(what, campaign)
            yield Section(title[0].upper() + title[1:], tuple(map(digest_line, here)))


def _title(what: str, campaign: Campaign) -> str:
    """`ask 4, enforce § 307`, `H.R. 1234 (119th)`, `Texas`."""
    kind, _, name = what.partition(":")
    if kind == "bill":
        return wording.bill(name)
    if kind == "state":
        return STATES[name]
    title = campaign.voice.asks.get(int(name))
    return f"ask {name}, {title}" if title else f"ask {name}"
