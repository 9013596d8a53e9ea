"""/feeds: change sources from chat. A feed is read once before it is saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final, Protocol

from bot.alerts import status
from bot.alerts.source_health import advice
from bot.commands.model import ADMINISTRATOR, STAFF, Choice, Context, Group, Param, Refused, Reply, answer
from bot.config import catalog
from bot.config.feeds import SourceConfig
from bot.entries import source_records
from bot.people import account_notices
from bot.people.pii import NO_DETAILS
from bot.settings.changes import SOURCE, Change, section_body
from bot.settings.revising import (
    add_restore,
    changed,
    complete_section,
    keep_draft,
    left_out,
    save_draft,
    section_named,
    store,
)
from bot.settings.values import new_id
from bot.shared import wording
from bot.shared.answer import HOSTS, Answer, Body, Fetched, FetchFailed, Health, Unchanged
from bot.shared.calendar import day_in_words
from bot.shared.card import Button, Line, Section
from bot.shared.entry import Entry
from bot.shared.plain_text import feed_links
from bot.shared.time_phrases import duration_text
from bot.shared.urls import canonical_key, host_of, typed_address
from bot.store.database import delete_rows

_SHOWN: Final = 3  # items of a feed
_TRIED: Final = 3  # feeds tried per page


_NAME: Final = Param("name", "which source", complete=partial(complete_section, kind=SOURCE))

slash = Group("feeds", who=ADMINISTRATOR)


class Fetching(Protocol):
    """The network, as the commands on sources use it."""

    async def get(self, url: str) -> Body | Unchanged | FetchFailed: ...

    async def feed(self, url: str) -> Answer: ...

    async def source(self, typed: str) -> Answer | None: ...

    async def mailbox(self, typed: str) -> str | None: ...


@dataclass(frozen=True, slots=True)
class FoundFeed:
    url: str
    entries: tuple[Entry, ...]  # newest first


async def _find_feed(fetching: Fetching, args: Mapping[str, str]) -> FoundFeed | str:
    """The feed at the address, or the first readable feed that the page links to; else why there is none."""
    url = typed_address(args["url"])
    if catalog.source_called(args["url"]) or not url:
        return "This is not a web address, like example.org/news, and the catalog has no such agency or source."
    answer = await fetching.feed(url)
    if not (isinstance(answer, FetchFailed) and answer.health in (Health.NOT_A_FEED, Health.MALFORMED)):
        return _read(url, answer)
    page = await fetching.get(url)
    if not isinstance(page, Body):
        return answer.detail
    links = feed_links(page.data, page.url)
    if not links:
        return "This page links to no feed. Look on it for an RSS link, and give that address."
    for link in links[:_TRIED]:
        result = _read(link, await fetching.feed(link))
        if isinstance(result, FoundFeed):
            return result
    return f"Tried {wording.number(min(len(links), _TRIED), 'feed')} that the page links to; none can be read."


def _read(url: str, answer: Answer) -> FoundFeed | str:
    if isinstance(answer, Fetched):
        return FoundFeed(url, answer.entries[::-1])
    return answer.detail if isinstance(answer, FetchFailed) else "It sent an empty answer."


@slash.command(who=STAFF)
def list_(ctx: Context, args: Mapping[str, str]) -> Reply:  # noqa: ARG001 - a handler's form
    """List all sources and their health."""
    lines, out = status.status(ctx.tx, ctx.config, now=ctx.now).sources, left_out(ctx, SOURCE)
    if not lines and not out:
        return answer("No sources yet", ctx.hint("feeds add", "Add one: /feeds add url:https://www.example.org/news"))
    on = [line for line in lines if line.enabled]
    bad = [line for line in on if line.needs_attention]
    good = [line for line in on if line not in bad]
    off = [line for line in lines if not line.enabled]
    parts = (("Needs attention", bad), ("Working", good), ("Turned off", off))
    sections = [Section(title, tuple(Line(_status_line(ctx, it)) for it in held)) for title, held in parts if held]
    attention = f", {wording.number(len(bad), 'needs', 'need')} attention" if bad else ""
    head = f"{wording.number(len(on), 'source')}{attention}"
    return answer(head, sections=[*out, *sections], foot="/feeds check NAME checks one now.")


@slash.command(
    example="justice-news", params=(_NAME,), who=STAFF, fetch=lambda network, args: network.source(args["name"])
)
def check(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Check a source now."""
    id_ = section_named(ctx, SOURCE, args["name"])
    source, result = ctx.config.feeds.sources[id_], ctx.fetched
    if result is None:
        return answer(f"“{source.name}” is turned off", "feeds.yml has `enabled: false` for it.")
    if isinstance(result, FetchFailed):
        return answer(f"“{source.name}” {result.health.words}", result.detail, advice(result.health))
    entries = result.entries[::-1] if isinstance(result, Fetched) else ()
    health, detail = (result.health, result.detail) if isinstance(result, Fetched) else (Health.UNCHANGED, "")
    lines = () if health.good else (detail, advice(health))
    return answer(
        f"“{source.name}” {health.words}: {wording.number(len(entries), 'entry', 'entries')}",
        *lines,
        *_newest(ctx, entries),
    )


def _complete_shipped(ctx: Context, typed: str) -> Sequence[Choice]:
    """The catalog's sources whose id or name contains what is typed, and that are not read yet."""
    wanted, read = typed.casefold(), ctx.config.feeds.sources
    offered = [(id_, section["name"]) for id_, section in catalog.sources().items() if id_ not in read]
    return [Choice(id_, name) for id_, name in offered if wanted in id_ or wanted in name.casefold()]


@slash.command(
    example='https://www.example.org/news name:"Example newsroom"',
    params=(
        Param("url", "an address, or an agency or source of the catalog", longest=2_000, complete=_complete_shipped),
        Param("name", "its name, as people see it", required=False, longest=100, free=True),
        NO_DETAILS,
    ),
    changes=True,
    fetch=_find_feed,
)
def add(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Add a source: from the catalog, or a page's feed, shown before you save."""
    result: FoundFeed | str = ctx.fetched
    sources = ctx.config.feeds.sources
    if shipped := catalog.source_called(args["url"]):
        if shipped in sources:
            raise Refused(f"“{sources[shipped].name}” is a source already: {shipped}.", param="url")
        source = SourceConfig.model_validate({**catalog.sources()[shipped], "enabled": True})
        seen = "nobody has confirmed it" if source.verified == "no" else f"last confirmed {source.verified}"
        lines = [Line(f"From the catalog: {shipped}, {source.label}; {seen}."), Line(source.note)]
        return _offer(ctx, shipped, source, lines)
    if isinstance(result, str):
        raise Refused(f"Not added: {result}", param="url")
    same = [it for it in sources.values() if it.url and canonical_key(it.url) == canonical_key(result.url)]
    if same:
        raise Refused(f"“{same[0].name}” already reads that feed.", param="url")
    name = args.get("name") or host_of(result.url)
    source = SourceConfig.model_validate({"kind": "feed", "name": name, "url": result.url})
    items = _newest(ctx, result.entries) or [Line("The feed is empty now, so check that it is the right one.")]
    head = Line(f"{wording.number(len(result.entries), 'item')} at {host_of(result.url)}", result.url)
    return _offer(ctx, new_id(name, sources), source, [head, *items])


def _offer(ctx: Context, id_: str, source: SourceConfig, lines: Sequence[Line]) -> Reply:
    """Show a source with a button to save it."""
    change = Change(kind=SOURCE, name=id_, body=section_body(source))
    changed(ctx, change)
    draft = keep_draft(ctx, change)
    return answer(
        f"Not saved yet: “{source.name}”",
        *lines,
        buttons=(Button("Save", "feeds save", draft, "primary"),),
        foot="After you save, its current items are stored but not posted; later ones are matched and posted.",
    )


@slash.command(example="DRAFT", params=(Param("draft", "which draft"),), changes=True, hidden=True)
def save(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Save a draft."""
    id_, before, source = save_draft(ctx, SOURCE, args)
    if before is None:  # what an earlier source of that id had listed says nothing of this one
        delete_rows(ctx.tx, "source", id=id_)
    ctx.note(f"source {id_}", "", _audit_text(source))
    return answer(
        f"Saved: “{source.name}”",
        f"It is checked every {duration_text(source.every)} and matched by every watch that is not limited "
        "to other sources.",
        foot="feeds.yml itself does not change; /settings export gives you a copy that includes this.",
        replaces=True,
    )


@slash.command(example="justice-news", params=(_NAME,), changes=True)
def accept(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Accept a source whose items are all new and lead to another site."""
    id_ = section_named(ctx, SOURCE, args["name"])
    name, state = ctx.config.feeds.sources[id_].name, source_records.source_state(ctx.tx, id_)
    if state is None or state.health is not Health.FOREIGN:
        raise Refused(f"Nothing of “{name}” is held.", param="name")
    cursor = {key: value for key, value in state.memory.cursor.items() if key != HOSTS}
    accepted = replace(state, memory=replace(state.memory, cursor=cursor), due_at=ctx.now)
    source_records.save_source(ctx.tx, accepted)
    ctx.note(f"source {id_}", "held: all items new, of other sites", "accepted")
    return answer(f"Accepted: “{name}”", "It is checked again now, and its new items are matched and posted.")


@slash.command(example="justice-news", params=(_NAME,), fetch=lambda network, args: network.mailbox(args["name"]))
def address(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Show the email address at which a source gets bulletins."""
    id_ = section_named(ctx, SOURCE, args["name"])
    source, mailbox = ctx.config.feeds.sources[id_], ctx.fetched
    road = next((each for each in (source, *source.fallbacks) if each.of_mailbox), None)
    if road is None:
        raise Refused(f"“{source.name}” gets no email. A source or a fallback of `kind: mail` does.", param="name")
    if not mailbox:
        raise Refused("The bot reads no mailbox: set IMAP_URL and MAIL_FROM (docs/mail.md).")
    page = (Line("Subscribe it here, and confirm when the admin channel asks:", road.url),) if road.url else ()
    return answer(
        f"The email address of “{source.name}”",
        mailbox,
        *page,
        "Only this source has it. For a new one, change `address` in its settings to another number.",
    )


@slash.command(example="justice-news", params=(_NAME,), changes=True)
def remove(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Remove a source; can be undone."""
    id_ = section_named(ctx, SOURCE, args["name"], inactive=True)
    source = ctx.config.feeds.sources.get(id_)
    name = source.name if source else id_
    needing = [watch.name or name for name, watch in ctx.config.feeds.watches.items() if id_ in watch.sources]
    if needing:
        watches = wording.listed([f"“{name}”" for name in needing])
        raise Refused(
            f"{'This watch is' if len(needing) == 1 else 'These watches are'} limited to that source: {watches}. "
            "Remove or edit the watch first.",
            param="name",
        )
    store(ctx, SOURCE, id_, None)
    feeds, text = ctx.config.feeds, f"The source “{name}” was removed by {ctx.actor.name}"
    account_notices.notify_channel(ctx, feeds.channels[feeds.admin].to, text)
    ctx.note(f"source {id_}", _audit_text(source) if source else "", "")
    undo = Button("Undo", "feeds restore", (("name", id_),))
    return answer(
        f"“{name}” is removed", "It is no longer checked. Its stored entries stay.", buttons=(undo,), replaces=True
    )


add_restore(slash, SOURCE)


def _status_line(ctx: Context, line: status.SourceLine) -> str:
    asked = f"checked {wording.clock(line.checked_at, ctx.zone, ctx.now)}" if line.checked_at else ""
    news = f"last news {wording.clock(line.last_change_at, ctx.zone, ctx.now)}" if line.last_change_at else ""
    due = f"next {wording.coming(line.due_at, ctx.zone)}" if line.due_at else ""
    posts = f"posted {line.delay} after publication" if line.delay else ""
    line_text = wording.dotted(f"{line.name} ({line.id})", line.state if line.enabled else "", asked, due, news, posts)
    return f"{wording.with_period(line_text)} {line.advice}" if line.advice and line.enabled else line_text


def _newest(ctx: Context, entries: Sequence[Entry]) -> list[Line]:
    lines = []
    for entry in entries[:_SHOWN]:
        day = entry.publication_date or (entry.published.astimezone(ctx.zone).date() if entry.published else None)
        what = f"{day_in_words(day) if day else 'no date'}: {wording.short(entry.title, 120)}"
        lines.append(Line(what, entry.link))
    return lines


def _audit_text(source: SourceConfig) -> str:
    """A source for the audit log. Only the address's host, as the rest may contain a key."""
    return f"{source.name}, {source.kind}, {host_of(source.url) or 'its own address'}"
