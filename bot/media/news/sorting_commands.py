"""/mentions: add articles, merge and split stories, exclude look-alikes, take stories back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final

from bot.commands.arguments import read_past_day
from bot.commands.model import (
    Choice,
    Context,
    Form,
    FormField,
    Group,
    Kind,
    Param,
    Refused,
    Reply,
    answer,
    confirmation_param,
)
from bot.config.coalition import Coalition
from bot.entries import records as entries
from bot.media.news import records, wording
from bot.media.news.clippings import clipping
from bot.media.news.entities import Entities, Rule, RuleKind
from bot.media.news.intake import add, withhold_story
from bot.media.news.model import Mention, Story
from bot.media.news.removal import redact
from bot.media.news.wording import STORY, WORKERS, button, find_story, recent_stories, update_card
from bot.outbox.messages import update
from bot.people.pii import NO_DETAILS
from bot.shared.answer import Body
from bot.shared.card import Button, Card, Line, Mark, Section
from bot.shared.entry import Entry
from bot.shared.entry import Kind as EntryKind
from bot.shared.plain_text import PageHead, page_head
from bot.shared.urls import host_of, typed_address, unwrap
from bot.shared.wording import number, short
from bot.store.database import Transaction
from bot.watch import text as txt
from bot.watch.index import Index

_SAMPLES: Final = 3
_WINDOW: Final = timedelta(days=90)
_LONGEST: Final = 30  # characters of a rule's value; a button has no room for more
_SHORTEST: Final = 4  # letters of a word specific enough for a rule
_DATE: Final = Param("date", "the day it was published, such as Nov 24", required=False, check=read_past_day)
_OUTLET: Final = Param("outlet", "who published it", required=False, longest=100, free=True)
_TITLE: Final = Param("title", "its headline, if the bot cannot read the page", required=False, longest=500, free=True)
_ENTITY: Final = Param("entity", "the entity that it is not about", required=False)

slash = Group("mentions", who=WORKERS)


async def look(network: Any, args: Mapping[str, str]) -> tuple[str, PageHead | None]:
    """Return the address and the head of a page, None if it cannot be read.

    Its canonical address counts if it is on the same site.
    """
    url = unwrap(typed_address(args["url"]))
    if not url or not host_of(url):
        raise Refused("This is not a web address. Write it like example.org/story.", param="url")
    if args.get("title"):
        return url, None
    got = await network.get(url)
    head = page_head(got.data, got.content_type, got.url) if isinstance(got, Body) and got.status < 400 else None
    return head.url if head and head.url else url, head if head and head.title else None


@slash.command(
    example="https://example.org/a-report",
    params=(Param("url", "its address", longest=2_000), _TITLE, _OUTLET, _DATE, NO_DETAILS),
    changes=True,
    fetch=look,
)
def add_(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Add an article that no source listed."""
    url, head = ctx.fetched
    head = head or PageHead(args.get("title", ""), "", "", None, "")
    if not head.title:
        fields = (FormField(replace(_TITLE, required=True), "Its headline"), FormField(_OUTLET, "Who published it"),
                  FormField(_DATE, "When"))  # fmt: skip
        return Reply(
            form=Form(title="The bot cannot read that page", path="mentions add", fields=fields, args={"url": url})
        )
    published = head.published
    if "date" in args:
        on = read_past_day(args["date"], ctx.local_now)
        published = datetime(on.year, on.month, on.day, 12, tzinfo=UTC)
    entry = clipping(url, head.title, args.get("outlet") or head.outlet, head.summary, published)
    done = add(ctx, [entry], by=ctx.person)
    if done.redacted:
        raise Refused("That article was redacted, so it is not added again.", param="url")
    story = done.stories[0]
    ctx.note(story.label, "", "already stored" if done.already_stored else "added")
    if done.already_stored:
        return answer(
            f"Already added: {wording.head(story)}", foot=story.label, buttons=(button("Show", "show", story),)
        )
    copies = f"It reports the same as {number(story.copies, 'other article')}." if story.copies else ""
    named_ = wording.badge(story, ctx.config.coalition) or "It names no one in coalition.yml."
    return answer(f"Added: {wording.head(story)}", named_, copies, foot=story.label,
                  buttons=(button("Clip", "clip", story), button("Tag", "tag", story)))  # fmt: skip


@slash.command(
    example="S-2 into:S-1", params=(STORY, replace(STORY, name="into", help="the story to keep")), changes=True
)
def merge(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Merge two stories.

    It is permanent: later copies of either join the merged story.
    """
    gone, target = find_story(ctx, args["story"]), find_story(ctx, args["into"], "into")
    if gone.id == target.id:
        raise Refused(f"Both are {target.label}.", param="into")
    if gone.delivery:
        update(ctx, gone.delivery, Card(mark=Mark.NEWS, head=f"{gone.label} is now part of {target.label}"))
    records.absorb(ctx.tx, gone, target)
    whole = find_story(ctx, target.label)
    if whole.withheld:
        withhold_story(ctx, whole)
    update_card(ctx, target.id)
    ctx.note(target.label, f"{gone.label} and {target.label}", "one story")
    return answer(
        f"One story now: {wording.head(whole)}", f"To separate them again: /mentions split {target.label} outlet:NAME",
        buttons=(button("Show", "show", whole),),
    )  # fmt: skip


@slash.command(
    example='S-1 outlet:"The Herald"',
    params=(STORY, Param("outlet", "the outlet: a name or an article's address", longest=2_000)),
    changes=True,
)
def split(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Make one outlet's report a separate story.

    It is permanent.
    """
    story = find_story(ctx, args["story"])
    wanted = args["outlet"].casefold()
    parted = [it for it in story.mentions if wanted in it.outlet.casefold() or wanted == it.url.casefold()]
    if not parted or len(parted) == len(story.mentions):
        outlets = ", ".join(story.outlets[:8])
        raise Refused(f"{story.label} is reported by {outlets}. Name one of them, but not all.", param="outlet")
    new = ctx.new_id()
    records.open_story(ctx.tx, new, f"story:{new}", ctx.now)
    records.move(ctx.tx, parted, new)
    update_card(ctx, story.id)
    made = find_story(ctx, new)
    ctx.note(story.label, story.label, f"{made.label} is now a separate story")
    back = Button("Undo", "mentions merge", (("story", made.label), ("into", story.label)))
    return answer(f"Now a separate story: {wording.head(made)}", foot=made.label, buttons=(back,))


# A rule, how many news items name the entity, and those that the rule leaves out.
Trial = tuple[Rule, int, tuple[entries.StoredEntry, ...]]


def _trials(ctx: Context, args: Mapping[str, str]) -> list[Trial]:
    """Try rules that exclude a story: words in no other news that names the entity, and its site.

    If a person proposes words (`beside`), only these.
    """
    story = find_story(ctx, args["story"])
    entity = None if args.get("undo") == "yes" or "site" in args else _entity(ctx, story, args)
    if entity is None:
        return []
    coalition, in_force = ctx.config.coalition, records.look_alikes(ctx.tx)
    history = [
        it
        for it in entries.seen_since(ctx.tx, ctx.now - _WINDOW)
        if it.entry.kind in (EntryKind.NEWS, EntryKind.LISTING)
    ]
    present = Entities(coalition.entities, in_force)
    named = [it for it in history if _names(present, it.entry, entity)]
    if beside := args.get("beside"):
        wanted = [Rule(entity, RuleKind.BESIDE, beside)]
    else:
        ours = {mention.entry for mention in story.mentions}
        others = [it for it in named if it.id not in ours]
        wanted = list(_propose(story.original, entity, others, coalition, words=not story.withheld))
    tried: list[Trial] = []
    for rule in wanted:
        then = Entities(coalition.entities, [*in_force, rule])
        tried.append((rule, len(named), tuple(it for it in named if not _names(then, it.entry, entity))))
    return tried


@slash.command(
    example="S-1 entity:{entity} beside:concert",
    params=(
        STORY,
        _ENTITY,
        Param("beside", "words near which the name is someone else's", required=False, longest=_LONGEST, free=True),
        Param("site", "a site about another of that name", required=False, longest=_LONGEST),
        Param("save", "yes: save the rule", kind=Kind.YES_NO, required=False),
        Param("undo", "yes: remove the rule", kind=Kind.YES_NO, required=False),
        NO_DETAILS,
    ),
    changes=True,
    prepare=_trials,
)
def not_us(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Exclude a look-alike name; first shows what the rule would leave out."""
    story = find_story(ctx, args["story"])
    entity = _entity(ctx, story, args)
    if entity is None:
        entities = [Choice(id_, wording.entity(id_, ctx.config.coalition)) for id_ in story.entities]
        fields = (FormField(replace(_ENTITY, required=True, choices=tuple(entities)), "Who is it not about?"),)
        return Reply(form=Form(title="Not us", path="mentions not-us", fields=fields, args={"story": story.label}))
    if args.get("undo") == "yes" or args.get("save") == "yes":
        return _save_or_undo_rule(ctx, story, entity, args)
    return _proposals(ctx, story, entity, ctx.prepared)


def _save_or_undo_rule(ctx: Context, story: Story, entity: str, args: Mapping[str, str]) -> Reply:
    rule = _rule(entity, args)
    called = wording.entity(entity, ctx.config.coalition)
    if args.get("undo") == "yes":
        records.delete_rule(ctx.tx, rule)
        ctx.note(f"“{called}”", _describe(rule), "rule removed")
        return answer(f"Rule removed: {_describe(rule)}", "New articles count again.")
    records.add_rule(ctx.tx, ctx.new_id(), rule, by=ctx.person, now=ctx.now)
    touched = _apply_rules(ctx.tx, ctx.config.coalition, entity, recent_stories(ctx, _WINDOW))
    for each in records.by_ids(ctx.tx, [story.id for story in touched]):
        if not each.entities and not each.asks:
            records.save(ctx.tx, replace(each, muted_at=ctx.now))
        update_card(ctx, each.id)
    ctx.note(f"“{called}”", "", _describe(rule))
    undo = Button(
        "Undo", "mentions not-us", (("story", story.label), ("entity", entity), *_args(rule), ("undo", "yes"))
    )
    return answer(
        f"Rule saved: {_describe(rule)}",
        f"“{called}” was removed from {number(len(touched), 'story', 'stories')}.",
        "Stories that name no one else are muted.",
        "/mentions rules lists the rules made in chat. To make one permanent, write it into coalition.yml.",
        buttons=(undo,),
    )


def _apply_rules(tx: Transaction, coalition: Coalition, entity: str, stories: Sequence[Story]) -> list[Story]:
    """Remove the entity's name from news that the active rules exclude; return the affected stories."""
    present = Entities(coalition.entities, records.look_alikes(tx))
    touched = []
    for story in stories:
        naming = {it.entry: it for it in story.mentions if it.entry and entity in it.entities}
        # Too little of a withheld text is stored to decide.
        shown = [each for each in entries.by_ids(tx, list(naming)) if not each.entry.withheld]
        wrong = [naming[each.id] for each in shown if not _names(present, each.entry, entity)]
        for mention in wrong:
            left = tuple(name for name in mention.names if name.entity != entity)
            quoted = tuple(name for name in mention.quoted if name != entity)
            records.put(tx, replace(mention, names=left, quoted=quoted))
        if wrong:
            touched.append(story)
    return touched


def _names(entities: Entities, entry: Entry, entity: str) -> bool:
    news = replace(entry, kind=EntryKind.NEWS)
    return any(name.entity == entity for name in entities.named(news, Index(news)).names)


def _propose(
    unwanted: Mention, entity: str, wanted: Sequence[entries.StoredEntry], coalition: Coalition, *, words: bool
) -> Iterator[Rule]:
    """Return the headline's word nearest to the name that no other news naming the entity contains; and the site."""
    other_words = {word for it in wanted for word in txt.words(f"{it.entry.title} {it.entry.summary or ''}")}
    title = txt.words(unwanted.title) if words else []
    name = {word for found in unwanted.names if found.entity == entity for word in txt.words(found.words)}
    places = [at for at, word in enumerate(title) if word in name] or [0]
    telling = [
        at
        for at, word in enumerate(title)
        if _SHORTEST <= len(word) <= _LONGEST and word.isalpha() and word not in other_words | name
    ]
    if telling:
        yield Rule(entity, RuleKind.BESIDE, title[min(telling, key=lambda at: min(abs(at - it) for it in places))])
    host = host_of(unwanted.url)
    ours = {*coalition.entities[entity].sites, *(host_of(it.entry.url) for it in wanted)}
    if host and len(host) <= _LONGEST and host not in ours:
        yield Rule(entity, RuleKind.SITE, host)


def _proposals(ctx: Context, story: Story, entity: str, tried: list[Trial]) -> Reply:
    called = wording.entity(entity, ctx.config.coalition)
    if not tried:
        return answer(
            f"No word in it distinguishes it from news about {called}",
            'Name some words yourself: /mentions not-us with beside:"…"',
        )  # fmt: skip
    sections = []
    for rule, named, items in tried:
        left_out = [Line(short(it.entry.title, 120), it.entry.link) for it in items]
        effect = f"Of {number(named, 'article')} that named it in 90 days, this leaves out {len(left_out)}:"
        sections.append(Section(_describe(rule).capitalize(), (Line(effect), *left_out[:_SAMPLES])))
    save = tuple(
        Button("Save the words" if rule.kind is RuleKind.BESIDE else "Save the site", "mentions not-us",
               (("story", story.label), ("entity", entity), *_args(rule), ("save", "yes")))
        for rule, *_ in tried
    )  # fmt: skip
    head = f"{story.label} is not about {called}: choose a rule"
    return Reply(card=Card(mark=Mark.ANSWER, head=head, sections=tuple(sections), buttons=save))


@slash.command(
    params=(Param("drop", "the number of the rule to remove", kind=Kind.NUMBER, required=False),), changes=True
)
def rules_(ctx: Context, args: Mapping[str, str]) -> Reply:
    """List the look-alikes excluded in chat."""
    stored = records.look_alikes(ctx.tx)
    if not stored:
        return answer(
            "No rules were made in chat",
            "coalition.yml has its own, under `entities:`.",
            "To make one: /mentions not-us",
        )
    if "drop" in args:
        at = int(args["drop"])
        if not 1 <= at <= len(stored):
            raise Refused(f"Choose a rule from 1 to {len(stored)}.", param="drop")
        rule = stored[at - 1]
        records.delete_rule(ctx.tx, rule)
        ctx.note("a rule", _describe(rule), "removed")
        return answer(f"Removed: {_describe(rule)}")
    entity = partial(wording.entity, coalition=ctx.config.coalition)
    lines = [f"{at}. {entity(rule.entity)}: {_describe(rule)}" for at, rule in enumerate(stored[:9], 1)]
    return answer(number(len(stored), "rule"), *lines, foot="/mentions rules drop:1 removes one.")


@slash.command(example="S-1", params=(STORY, confirmation_param("remove it permanently")), changes=True)
def redact_(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Remove a story from everything, permanently."""
    story = find_story(ctx, args["story"])
    if args.get("sure") != "yes":
        yes = Button("Redact it", "mentions redact", (*wording.about(story), ("sure", "yes")), "danger")
        return answer(
            f"Redact {story.label} permanently?",
            "Its text is removed from the database and from every message that can be changed: email, for one, cannot. "
            "A hash stays, so it is not added again.",
            "You cannot undo this.",
            buttons=(yes,),
        )
    changed = redact(ctx, story, by=ctx.person)
    ctx.note(story.label, "", "redacted")
    return answer(
        f"Redacted: {story.label}",
        f"It was removed from {number(changed, 'message')}. The admin channel gets those that cannot be changed.",
        "It will not be added again.",
    )


def _entity(ctx: Context, story: Story, args: Mapping[str, str]) -> str | None:
    """Return the entity that is meant; None if there are several."""
    typed = args.get("entity", "").casefold()
    if typed and typed not in ctx.config.coalition.entities:
        raise Refused(f"coalition.yml has no “{typed[:40]}” under entities.", param="entity")
    if not typed and not story.entities:
        raise Refused(
            f"{story.label} names no one in coalition.yml. /watch list shows what else matches news.", param="story"
        )
    return typed or (story.entities[0] if len(story.entities) == 1 else None)


def _rule(entity: str, args: Mapping[str, str]) -> Rule:
    if "site" in args:
        return Rule(entity, RuleKind.SITE, args["site"])
    if "beside" not in args:
        raise Refused("A rule needs beside: or site:.", param="beside")
    return Rule(entity, RuleKind.BESIDE, args["beside"])


def _args(rule: Rule) -> tuple[tuple[str, str], ...]:
    return ((("site" if rule.kind is RuleKind.SITE else "beside"), rule.value),)


def _describe(rule: Rule) -> str:
    return f"nothing from {rule.value}" if rule.kind is RuleKind.SITE else f"not near “{rule.value}”"
