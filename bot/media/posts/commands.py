"""/mentions posts: public posts that name us."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from bot.commands.group import Group
from bot.commands.model import Context, Kind, Param, Reply
from bot.commands.replies import answer
from bot.media.news import wording
from bot.media.news.commands import ENTITY
from bot.media.news.show import READERS, WORKERS
from bot.media.posts import records
from bot.media.posts.records import RETENTION, StoredPost
from bot.shared.calendar import day_in_words
from bot.shared.card import Line
from bot.shared.wording import listed, number, short

_SHOWN: Final = 9  # lines of a list
_DAYS: Final = "7"

slash = Group("mentions", who=WORKERS)


@slash.command(
    "posts",
    "List public posts on Bluesky and Mastodon that name us",
    "days:7",
    params=(
        Param("days", f"how far back, up to {RETENTION.days}; {_DAYS} if left out", kind=Kind.NUMBER, required=False),
        ENTITY,
    ),
    who=READERS,
)
def posts_(ctx: Context, args: Mapping[str, str]) -> Reply:
    days = min(int(args.get("days", _DAYS)), RETENTION.days)
    posts = records.between(ctx.tx, ctx.now - timedelta(days=days), ctx.now + timedelta(days=1))
    if "entity" in args:
        posts = records.naming(posts, {args["entity"].casefold()})
    span = f"the last {number(days, 'day')}"
    if not posts:
        on = [source.name for source in ctx.config.feeds.sources.values() if source.enabled and source.brings is None]
        return answer(
            f"No posts in {span}",
            f"Searched: {listed(on)}." if on else "No social network is searched. docs/media.md says how.",
        )
    more = f"and {len(posts) - _SHOWN:,} more" if len(posts) > _SHOWN else ""
    return answer(
        f"{number(len(posts), 'post')} in {span}",
        *(_line(ctx, post) for post in posts[:_SHOWN]),
        more,
        foot=f"Deleted after {RETENTION.days} days, or once the bot sees that their authors deleted them.",
    )


def _line(ctx: Context, post: StoredPost) -> Line:
    day = day_in_words(post.at.astimezone(ctx.config.coalition.tz).date())
    named = listed([wording.entity(entity, ctx.config.coalition) for entity in post.entities], 3)
    return Line(f"{post.network} · {day} · @{post.handle}: “{short(post.text, 140)}” · {named}", post.url)
