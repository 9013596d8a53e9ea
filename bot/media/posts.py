"""Posts that name us: store them, check that they are still public, tell the press channel once a day, list them.

Posts are no entries: no watch matches them, and no story counts them. Only a post that names an entity of coalition.yml
is stored, by the rules for news: one that may name a minor or someone harmed is not. The card for the press channel has
counts and no words of a post, so nothing in a channel has to be removed when an author deletes one.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, time, timedelta
from typing import Final, Literal

from bot.commands.model import Context, Group, Job, Param, Reply, Work, answer
from bot.commands.model import Kind as ParamKind
from bot.config.coalition import Coalition
from bot.media.news import wording
from bot.media.news.commands import ENTITY
from bot.media.news.intake import Press
from bot.media.news.reading import EXCERPT, on_site
from bot.outbox.messages import place, post
from bot.shared.answer import POSTS_AT_ONCE, Fetched, FetchFailed, Post, PostSource, Source
from bot.shared.calendar import day_in_words, quiet_until
from bot.shared.card import Button, Card, Line, Mark
from bot.shared.entry import Entry, Kind
from bot.shared.wording import cap_lines, listed, number, short
from bot.store.database import Reader, Rows, Transaction, to_text

log = logging.getLogger(__name__)

KIND: Final = "posts"  # of deliveries
_EVERY: Final = timedelta(hours=12)  # between two looks at a post
_MORNING: Final = time(9)  # local time
_SHOWN: Final = 9  # lines of a list
_DAYS: Final = "7"
_TAG: Final = re.compile(r"#(\w{1,100})")
_HUMP: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")  # in #RiverAlliance
RETENTION: Final = timedelta(days=90)  # after it was posted, if it is not deleted before


def store_posts(work: Work, answer: Fetched) -> None:
    """Store the new posts of an answer that name an entity. Satisfies `bot.alerts.intake.IngestHook`."""
    coalition = work.config.coalition
    press = Press(coalition)
    for each in answer.posts:
        words = _read(work.tx, press, coalition, each) if each.at > work.now - RETENTION else None
        if words is None:
            continue
        text, entities = words
        announced_at = work.now if each.key in answer.baseline else None
        given = asdict(each) | {"text": text, "entities": entities, "checked_at": work.now}
        save_post(work.tx, StoredPost(id=work.new_id(), announced_at=announced_at, **given))


async def check_posts(job: Job, sources: Callable[[], Mapping[str, Source]]) -> None:
    """Look at stored posts again, those of one source at a time: delete what is gone, and store what was edited.

    If a network cannot be asked, its posts are looked at again after the same time. If its search was removed or turned
    off, they are deleted: nothing would show that their authors deleted them.
    """
    stored = await asyncio.to_thread(due_posts, job.db, job.now - _EVERY, job.now, POSTS_AT_ONCE)
    if not stored:
        return
    source = sources().get(stored[0].source)
    refs = [each.ref for each in stored]
    current = await source.look_up(refs, job.now) if isinstance(source, PostSource) else {}
    if isinstance(current, FetchFailed):
        log.warning("Could not look at posts of %s again: %s", stored[0].source, current.detail)
    await asyncio.to_thread(_save, job, stored, current)


def _save(job: Job, stored: Sequence[StoredPost], current: Mapping[str, Post] | FetchFailed) -> None:
    with job.write() as work:
        if isinstance(current, FetchFailed):
            mark_posts(work.tx, "checked_at", (each.id for each in stored), work.now)
            return
        coalition = work.config.coalition
        press = Press(coalition)
        for each in stored:
            newest = current.get(each.ref)
            words = _read(work.tx, press, coalition, newest) if newest and newest.key == each.key else None
            if newest is None or words is None:
                delete_posts(work.tx, [each.id])
            else:
                text, entities = words
                after = replace(each, handle=newest.handle, text=text, entities=entities, checked_at=work.now)
                save_post(work.tx, after)


def compose(job: Job) -> None:
    """Tell the press channel once a day, from nine in the morning, how many new posts name which entities."""
    coalition, audience = job.config.coalition, job.config.feeds.press
    local = job.now.astimezone(coalition.tz)
    if audience is None or local.time() < _MORNING:
        return
    posts = unannounced_posts(job.db)
    if not posts:
        return
    entities = dict.fromkeys(entity for each in posts for entity in each.entities)
    names = listed([wording.entity(entity, coalition) for entity in entities], 3)
    networks = listed([f"{count} on {network}" for network, count in sorted(by_network(posts).items())])
    card = Card(
        mark=Mark.NEWS,
        head=f"{number(len(posts), 'new post names', 'new posts name')} {names}",
        lines=(Line(f"{networks}."),),
        foot="Posts are not coverage: no story and no figure of a report counts them.",
        buttons=(Button("Show", "mentions posts"),),
    )
    to, quiet = place(audience, job.config.feeds), job.config.feeds.channels[audience].quiet
    with job.write() as work:
        due_at = quiet_until(job.now, quiet, coalition.tz)
        made = post(work, to, f"posts:{local.date()}", card, kind=KIND, due_at=due_at)
        if made:  # else today's card was there before these posts
            mark_posts(work.tx, "announced_at", (each.id for each in posts), job.now)


def _read(db: Reader, press: Press, coalition: Coalition, post_: Post) -> tuple[str, tuple[str, ...]] | None:
    """Return the words of a post to store, read as those of news are, and the entities that it names.

    None if it names none, may name a minor or someone harmed, or is by an account on one of our sites.
    """
    sites = tuple(site for id_ in coalition.ours for site in coalition.entities[id_].sites)
    if on_site(post_.handle.rpartition("@")[2].casefold(), sites):
        return None
    tags = " ".join(_HUMP.sub(" ", tag) for tag in _TAG.findall(post_.text))
    text = f"{post_.warning} {post_.text}".strip()
    entry = Entry(source="", kind=Kind.NEWS, identity=(post_.key,), thread=post_.key, title=tags, url=post_.url,
                  summary=text, published=post_.at, outlet=post_.network)  # fmt: skip
    for read in press.read(db, [entry]):
        if read.names and not read.withheld:
            words = (post_.warning or read.summary or "").split()[:EXCERPT]
            return " ".join(words), tuple(name.entity for name in read.names)
    return None


# --- the command --------------------------------------------------------------------------------------------------

slash = Group("mentions", who=wording.WORKERS)


@slash.command(
    "posts",
    "List public posts on Bluesky and Mastodon that name us",
    "days:7",
    params=(
        Param(
            "days", f"how far back, up to {RETENTION.days}; {_DAYS} if left out", kind=ParamKind.NUMBER, required=False
        ),
        ENTITY,
    ),
    who=wording.READERS,
)
def posts_(ctx: Context, args: Mapping[str, str]) -> Reply:
    days = min(int(args.get("days", _DAYS)), RETENTION.days)
    posts = posts_between(ctx.tx, ctx.now - timedelta(days=days), ctx.now + timedelta(days=1))
    if "entity" in args:
        posts = posts_naming(posts, {args["entity"].casefold()})
    span = f"the last {number(days, 'day')}"
    if not posts:
        on = [source.name for source in ctx.config.feeds.sources.values() if source.enabled and source.brings is None]
        return answer(
            f"No posts in {span}",
            f"Searched: {listed(on)}." if on else "No social network is searched. docs/media.md says how.",
        )
    return answer(
        f"{number(len(posts), 'post')} in {span}",
        *cap_lines([_line(ctx, each) for each in posts], _SHOWN),
        foot=f"Deleted after {RETENTION.days} days, or once the bot sees that their authors deleted them.",
    )


def _line(ctx: Context, stored: StoredPost) -> Line:
    day = day_in_words(stored.at.astimezone(ctx.zone).date())
    named = listed([wording.entity(entity, ctx.config.coalition) for entity in stored.entities], 3)
    return Line(f"{stored.network} · {day} · @{stored.handle}: “{short(stored.text, 140)}” · {named}", stored.url)


# --- stored posts -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPost(Post):
    """A post that names an entity. `text`: at most 60 words of it, or the warning that its author shows instead.

    `checked_at`: when it was last seen on its network. `announced_at`: when the press channel was notified of it.
    """

    id: str
    entities: tuple[str, ...]
    checked_at: datetime
    announced_at: datetime | None = None


_POSTS: Final = Rows(StoredPost, entities=lambda row: tuple(json.loads(row["entities"])), warning=lambda _: "")


def posts_between(db: Reader, since: datetime, until: datetime) -> list[StoredPost]:
    sql = "SELECT * FROM post WHERE at >= :since AND at < :until ORDER BY at DESC, id"
    return _POSTS.all(db, sql, {"since": to_text(since), "until": to_text(until)})


def unannounced_posts(db: Reader) -> list[StoredPost]:
    return _POSTS.all(db, "SELECT * FROM post WHERE announced_at IS NULL ORDER BY at, id")


def due_posts(db: Reader, before: datetime, now: datetime, limit: int) -> list[StoredPost]:
    """Return posts of one source that were last seen before this time, those that waited longest first.

    One that was seen later than now, by a clock that was ahead, is first.
    """
    sql = """
        SELECT * FROM post WHERE (checked_at < :before OR checked_at > :now)
          AND source = (
            SELECT source FROM post
            ORDER BY CASE WHEN checked_at > :now THEN 0 ELSE 1 END, checked_at, id LIMIT 1
          )
        ORDER BY checked_at, id LIMIT :limit
    """
    return _POSTS.all(db, sql, {"before": to_text(before), "now": to_text(now), "limit": limit})


def save_post(tx: Transaction, post: StoredPost) -> None:
    """Insert a post, or update what it says now and when it was seen."""
    keep = ("id", "source", "network", "ref", "url", "at", "announced_at")
    _POSTS.save(tx, "post", post, key="key", keep=keep, entities=json.dumps(post.entities))


def mark_posts(tx: Transaction, step: Literal["checked_at", "announced_at"], ids: Iterable[str], now: datetime) -> None:
    """Record when posts were looked up again, or when the press channel was notified of them."""
    tx.execute_many(f"UPDATE post SET {step} = :now WHERE id = :id", [{"id": id_, "now": to_text(now)} for id_ in ids])


def delete_posts(tx: Transaction, ids: Iterable[str]) -> None:
    tx.execute_many("DELETE FROM post WHERE id = :id", [{"id": id_} for id_ in ids])


def by_network(posts: Iterable[StoredPost]) -> Counter[str]:
    return Counter(post.network for post in posts)


def posts_naming(posts: Iterable[StoredPost], entities: Collection[str]) -> list[StoredPost]:
    return [post for post in posts if not set(post.entities).isdisjoint(entities)]
