"""What a person gets for themselves: direct messages about what they follow, and the daily digest by mail.

By direct message come alerts at once if they asked for that, the rest in their own digest: each entry once, nothing in
their quiet hours, and no message when there is nothing new. By mail come what waits for its reader, the asks in order,
what is due soon, and once a week a picture: one for each person and local date, also when nothing is new, since its
silence would not tell whether nothing happened or nothing arrived.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from functools import cache, partial
from itertools import chain
from typing import Final
from zoneinfo import ZoneInfo

from bot.alerts import baseline, digest, posted
from bot.alerts.cards import Item, digest_line, group_by_story
from bot.alerts.items import items_of
from bot.alerts.plan import FLOOD, Part, Story, hash_of, pages, parts
from bot.commands.model import EDITORS, Actor, File, Job, TasksOf, Work
from bot.config.coalition import Coalition
from bot.config.feeds import DigestConfig
from bot.config.load import Config
from bot.entries import records, source_records
from bot.outbox import holds
from bot.outbox.messages import ANY_ROLE, end_of_quiet_hours, mail_place, post, post_to_person
from bot.outbox.model import DIRECT
from bot.people import mail, preferences
from bot.people import records as people
from bot.people.mail import MailAddress
from bot.people.model import Account, current_roles
from bot.people.preferences import MEMBER, Preferences, When
from bot.shared import wording
from bot.shared.answer import nothing_new
from bot.shared.card import Button, Card, Line, Mark, Section
from bot.shared.states import STATES, names_state
from bot.store.database import Reader, to_text
from bot.watch.model import Level

KIND: Final = "personal"  # of deliveries
_SCHEDULES: Final = {When.DAILY: DigestConfig(days="business-days"), When.WEEKLY: DigestConfig(days="monday")}
_MAX_MESSAGES: Final = 4  # of one digest; further items are counted
# A match has the time at which its source was read, and is saved later when many sources were read together.
OVERLAP: Final = timedelta(hours=1)
_MAX_CHECK_AGE: Final = timedelta(minutes=30)  # save the time of a check without news this often
_ME: Final = Button("What I follow", "campaign me")
Pair = tuple[str, str]  # (entry id, stage)


@dataclass(frozen=True, slots=True)
class News:
    """New items by what the person follows, all (entry id, stage) pairs that are posted with them, and the alerts."""

    by_follow: Mapping[str, Sequence[Item]]
    pairs: frozenset[Pair]
    alerts: int

    @property
    def items(self) -> list[Item]:
        """Each item once."""
        return list({item.id: item for item in chain(*self.by_follow.values())}.values())


def compose(job: Job, *, started_at: datetime) -> None:
    """Queue the direct messages that are due; a digest waits for sources that are due. `started_at`: of this run."""
    db, config, now = job.db, job.config, job.now
    for person, mine in preferences.followers(db).items():
        for when in When:
            # The daily digest has the other news of what is followed at once. Members of Congress have another message.
            paces = {When.NOW: (When.NOW,), When.DAILY: (When.NOW, When.DAILY), When.WEEKLY: (When.WEEKLY,)}[when]
            follows = [each for each in mine.follows if each.when in paces and not each.what.startswith(MEMBER)]
            last = dict(mine.reported).get(when)
            if last is not None and last > now:  # the clock was set back: what comes from now on is news
                with job.write() as work:
                    preferences.mark_digested(work.tx, person, when, now)
                continue
            if not follows or not _is_due(db, config, person, mine, when, now, started_at):
                continue
            if last is not None:  # what a clock that was ahead has dated counts as if it were older
                follows = [replace(each, since=last - OVERLAP) if each.since > now else each for each in follows]
            start = dict(mine.starts).get(when, last)
            since = {each.what: max(each.since, start - OVERLAP) if start else each.since for each in follows}
            news = read_news(db, f"{DIRECT}{person}", since, kind=KIND, alerts_only=when is When.NOW)
            if news.pairs or when is not When.NOW or start is None or now - start > _MAX_CHECK_AGE:
                with job.write() as work:
                    _post_news(work, person, news, when, start or follows[0].since)
                    preferences.mark_digested(work.tx, person, when, now)


def _is_due(
    db: Reader, config: Config, person: str, mine: Preferences, when: When, now: datetime, started_at: datetime
) -> bool:
    if when is When.NOW:
        return end_of_quiet_hours(db, config.coalition, person, now) == now
    zone = mine.tz(config.coalition)
    last = dict(mine.reported).get(when)
    if not _SCHEDULES[when].is_due(last.astimezone(zone).date() if last else None, now, zone):
        return False
    return digest.ready(source_records.source_states(db), config.feeds.enabled, now, started_at)


def read_news(
    db: Reader, audience: str, since: Mapping[str, datetime], *, kind: str, alerts_only: bool = False
) -> News:
    """The news of each thing since then that no message of `kind` to the audience has reported."""
    changes = {what: changes_since(db, what, start) for what, start in since.items()}
    entries = {entry for pairs in changes.values() for entry, _ in pairs}
    reported = posted.posted_pairs(db, audience, entries, kind=kind)
    pairs = {
        what: {pair: loud for pair, loud in changed.items() if pair not in reported and (loud or not alerts_only)}
        for what, changed in changes.items()
    }
    by_follow = {what: items(db, members) for what, members in pairs.items()}
    shown = baseline.seen_pairs(db, audience, chain(*by_follow.values()))
    fresh = {what: [item for item in members if item.pair not in shown] for what, members in by_follow.items()}
    alerts = {entry for changed in pairs.values() for (entry, _), loud in changed.items() if loud}
    left = {what: members for what, members in fresh.items() if members}
    return News(left, frozenset(chain(*pairs.values())) - shown, len(alerts))


def _post_news(work: Work, person: str, news: News, when: When, since: datetime) -> None:
    if not news.pairs:
        return
    config = work.config
    mine = preferences.preferences_of(work.tx, person)
    parts = (
        _alert_parts(news, config)
        if when is When.NOW
        else _digest_parts(news, config, when, since, mine.tz(config.coalition), work.now)
    )
    for part in parts:
        ids = {item.id for item in part.items}
        threads = {item.entry.thread for item in part.items}
        says = tuple(sorted(pair for pair in news.pairs if pair[0] in ids))
        thread = threads.pop() if when is When.NOW and len(threads) == 1 else None
        post_to_person(work, person, f"{when}:{hash_of(says)}", part.card, kind=KIND, thread=thread, says=says)


def _alert_parts(news: News, config: Config) -> Iterator[Part]:
    """The alerts as channels get them, but with the buttons that everyone may press."""
    items = news.items
    follows = wording.listed([_follow_title(what, config) for what in news.by_follow])
    for part in parts(items, config.labels, flood=len(group_by_story(items)) > FLOOD):
        whole = [Button("Whole entry", "find", (("words", part.items[0].id),))] if len(part.items) == 1 else []
        foot = wording.dotted(part.card.foot, f"You follow {follows}")
        yield replace(part, card=replace(part.card, foot=foot, buttons=(*whole, _ME)))


def _digest_parts(
    news: News, config: Config, when: When, since: datetime, zone: tzinfo, now: datetime
) -> Iterator[Part]:
    stories = group_by_story(news.items)
    paged = pages(stories)
    shown_pages, rest_stories = paged[:_MAX_MESSAGES], list(chain(*paged[_MAX_MESSAGES:]))
    count = wording.number(len(stories), "item")
    head = f"Your {'weekly' if when is When.WEEKLY else f'{now.astimezone(zone):%A}'} digest"
    for number, page in enumerate(shown_pages, 1):
        rest = rest_stories if number == len(shown_pages) else []
        more = (
            [Section("More", (Line(f"and {wording.number(len(rest), 'item')} more: /alerts recent"),))] if rest else []
        )
        card = Card(
            mark=Mark.DIGEST,
            head=f"{head}: {count} since {wording.clock(since, zone, now)}" if number == 1 else f"{head}, continued",
            sections=(*_sections(news, page, config), *more),
            foot="Sent as a direct message, as you chose. Change it with /campaign me.",
            buttons=(_ME,),
        )
        yield Part(card, tuple(chain(*page, *rest)))


def _sections(news: News, page: Sequence[Story], config: Config) -> Iterator[Section]:
    """The stories of a page, each under the first followed ask, bill or state that it belongs to."""
    remaining = list(page)
    for what, items in news.by_follow.items():
        ids = {item.id for item in items}
        matching = [story for story in remaining if any(item.id in ids for item in story)]
        remaining = [story for story in remaining if story not in matching]
        if matching:
            title = _follow_title(what, config)
            yield Section(title[0].upper() + title[1:], tuple(map(digest_line, matching)))


def _follow_title(what: str, config: Config) -> str:
    """`ask 4, enforce § 307`, `H.R. 1234 (119th)`, `Texas`."""
    kind, _, name = what.partition(":")
    if kind == "bill":
        return wording.bill(name)
    if kind == "state":
        return STATES[name]
    title = config.labels.asks.get(int(name))
    return f"ask {name}, {title}" if title else f"ask {name}"


def changes_since(db: Reader, what: str, since: datetime) -> dict[Pair, bool]:
    """New entries on `ask:4`, `bill:hr1234-119` or `state:TX` since then, and whether each is an alert; no baseline.

    Every action of a followed bill and every hearing on it is an alert, with or without a watch. For a state, entries
    count that match a watch and name the state.
    """
    kind, _, name = what.partition(":")
    if kind == "bill":
        sql = """
            SELECT id, stage FROM entry
            WHERE thread = :thread AND first_seen_at >= :since AND baseline = 0 ORDER BY first_seen_at, position
        """
        rows = db.read(sql, {"thread": what, "since": to_text(since)})
        pairs = [(row["id"], row["stage"]) for row in rows]
        hearings = records.hearings_since(db, since)
        pairs += [(one.id, one.entry.stage.value) for one in hearings if name in one.entry.bills and not one.baseline]
        return dict.fromkeys(pairs, True)
    sql = """
        SELECT m.entry_id, m.stage, m.level, m.asks FROM match AS m JOIN entry AS e ON e.id = m.entry_id
        WHERE m.matched_at >= :since AND e.baseline = 0 ORDER BY m.matched_at, e.position
    """
    changes: dict[Pair, bool] = {}
    rows = db.read(sql, {"since": to_text(since)})
    naming = _entries_naming(db, name, {row["entry_id"] for row in rows}) if kind == "state" else None
    for row in rows:
        if row["entry_id"] in naming if naming is not None else int(name) in json.loads(row["asks"]):
            pair = (row["entry_id"], row["stage"])
            changes[pair] = changes.get(pair, False) or row["level"] == Level.ALERT
    return changes


def _entries_naming(db: Reader, state: str, ids: set[str]) -> set[str]:
    """Ids of the entries whose displayed title, summary or action names the state."""
    texts = ((stored.id, stored.entry) for stored in records.by_ids(db, ids))
    return {
        id_
        for id_, entry in texts
        if names_state(state, "\n".join(filter(None, (entry.withheld or entry.title, entry.summary, entry.action))))
    }


def items(db: Reader, pairs: Iterable[Pair]) -> list[Item]:
    """The entries of these pairs, each once in its current version, oldest first."""
    return items_of(db, records.by_ids(db, {id_ for id_, _ in pairs}))


MAIL_KIND: Final = "mail digest"  # of deliveries
_SCHEDULE: Final = DigestConfig(days="business-days")

Others = Callable[[Reader, Actor, datetime, datetime], Sequence[Section]]  # of other rooms, since then, at that time
Draw = Callable[[Job], tuple[File, ...]]  # the alerts of all asks by week, if there is a picture of them


def compose_mail(job: Job, *, started_at: datetime, waiting: Sequence[TasksOf], others: Others, draw: Draw) -> None:
    """Queue every mail digest that is due. `started_at`: when this run of the bot began."""
    coalition, drawn = job.config.coalition, cache(partial(draw, job))  # one for all readers: all get all asks
    if not digest.ready(source_records.source_states(job.db), job.config.feeds.enabled, job.now, started_at):
        return
    for mine in mail.confirmed_addresses(job.db):
        if mine.digested_at is not None and mine.digested_at > job.now:  # the clock was set back
            with job.write() as work:
                mail.mark_digested(work.tx, mine.person, job.now)
        elif _mail_is_due(job.db, coalition, mine, job.now):
            zone = _zone(job.db, coalition, mine)
            before, current = (at and at.astimezone(zone).isocalendar()[:2] for at in (mine.digested_at, job.now))
            files = drawn() if before != current else ()  # the first of a week
            with job.write() as work:
                _post(work, mine, waiting, others, files)


def _mail_is_due(db: Reader, coalition: Coalition, mine: MailAddress, now: datetime) -> bool:
    """Whether a digest is due. One that cannot arrive is not written: the next one has what it would have had."""
    if mine.digested_at is None or not mine.takes_mail:
        return False
    zone = _zone(db, coalition, mine)
    on_hold = holds.is_held(db, mail_place(mine.person).channel)
    return not on_hold and _SCHEDULE.is_due(mine.digested_at.astimezone(zone).date(), now, zone)


def _zone(db: Reader, coalition: Coalition, mine: MailAddress) -> ZoneInfo:
    return preferences.preferences_of(db, mine.person).tz(coalition)


def _post(work: Work, mine: MailAddress, waiting: Sequence[TasksOf], others: Others, files: tuple[File, ...]) -> None:
    tx, coalition, now = work.tx, work.config.coalition, work.now
    zone = _zone(tx, coalition, mine)
    actor = people.actor(tx, Account(mail.PLATFORM, "", mine.person))
    actor = replace(actor, roles=current_roles(actor, coalition.members))
    if not actor.roles:
        mail.mark_digested(tx, mine.person, now)  # who comes back does not get all that happened meanwhile
        return
    tasks = [line for room in waiting for line in room(tx, work.config, actor, now)]
    assert mine.digested_at is not None
    since = mine.digested_at - OVERLAP
    audience, asks = mail_place(mine.person).audience, {f"ask:{ask}": since for ask in coalition.asks}
    news = read_news(tx, audience, asks, kind=MAIL_KIND)
    troubled = digest.troubled(source_records.source_states(tx), work.config.feeds, now)
    nothing = nothing_new(troubled, len(work.config.feeds.enabled))
    added = others(tx, actor, mine.digested_at, now)
    card = _card(coalition, news, tasks, added, f"{now.astimezone(zone):%A}", nothing)
    name = f"digest:{now.astimezone(zone).date()}"
    says = tuple(sorted(news.pairs))
    needs = "|".join(sorted(actor.roles & EDITORS)) or ANY_ROLE  # what only they may read is in it
    # A clock that was ahead may have posted this date's digest: what came since then is in the next one.
    if post(work, mail_place(mine.person), name, card, kind=MAIL_KIND, says=says, files=files, needs=needs):
        mail.mark_digested(tx, mine.person, now)


def _card(
    coalition: Coalition, news: News, tasks: Sequence[Line], added: Sequence[Section], day: str, nothing: str
) -> Card:
    """Each story is listed once, under the first of its asks."""
    by_ask = {ask: news.by_follow.get(f"ask:{ask}", ()) for ask in coalition.asks}
    silent = [ask for ask, items in by_ask.items() if not items]
    sections, listed, count = [], set[str](), 0
    for ask, items in by_ask.items():
        stories = group_by_story([item for item in items if item.id not in listed])
        listed |= {item.id for item in items}
        count += len(stories)
        if items:
            lines = tuple(map(digest_line, stories)) or (Line("Listed above."),)
            sections.append(Section(f"Ask {ask}, {coalition.asks[ask].title}", lines))
    return Card(
        mark=Mark.DIGEST,
        head=f"{day}: {_headline(len(tasks), news.alerts, count, silent, nothing)}",
        sections=(
            *([Section("Waits for you", tuple(tasks))] if tasks else []),
            *sections,
            *([Section(nothing.capitalize(), (Line(wording.asks(silent)),))] if silent else []),
            *added,
        ),
        foot="Change what you get with /campaign mail.",
        buttons=_BUTTONS,
    )


# Links to the board: who has no chat reads on and acts there.
_BUTTONS: Final = (
    Button("The alerts of recent days", "alerts recent"),
    Button("What waits for you", "campaign me"),
    Button("What you get by email", "campaign mail"),
)


def _headline(tasks: int, alerts: int, count: int, silent: Sequence[int], nothing: str) -> str:
    """`1 item waits for you, 3 new items (2 alerts), nothing new on asks 1 and 3`; `nothing` without any item."""
    loud = f" ({wording.number(alerts, 'alert')})" if alerts else ""
    parts = [
        f"{wording.number(tasks, 'item waits', 'items wait')} for you" if tasks else "",
        f"{wording.number(count, 'new item')}{loud}" if count else "",
        f"{nothing} on {wording.asks(silent).lower()}" if silent and count else nothing if silent else "",
    ]
    return ", ".join(filter(None, parts)) or nothing
