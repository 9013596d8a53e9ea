"""/mentions: what is published about us, and what the press contact does with it. Its buttons are on every story."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import accumulate
from typing import Final

from bot.alerts.plan import LIMIT, size
from bot.commands.arguments import SEEN, mark, read_asks, read_later, refuse_outdated
from bot.commands.model import (
    Actor,
    Choice,
    Context,
    Form,
    FormField,
    Group,
    Job,
    Kind,
    Param,
    Reply,
    SearchHit,
    Work,
    answer,
)
from bot.config.load import Config
from bot.media.news import records, wording
from bot.media.news.model import Clip, Note, NoteKind, Story, Tone, Weight
from bot.media.news.wording import (
    READERS,
    STORY,
    WORKERS,
    button,
    entity_choices,
    find_story,
    recent_stories,
    save_change,
    update_card,
)
from bot.outbox.messages import post_to_first_reader, post_to_person
from bot.people.pii import NO_DETAILS
from bot.people.records import names
from bot.shared.calendar import day_in_words, hour_in_words
from bot.shared.card import Card, Line, Mark
from bot.shared.entry import HEADLINE_WITHHELD
from bot.shared.plain_text import short_hash
from bot.shared.search import Words
from bot.shared.time_phrases import MORNING
from bot.shared.urls import host_of
from bot.shared.wording import dotted, number, short
from bot.store.database import Reader, update_rows

_SHOWN: Final = 9  # lines of a list
_DAYS: Final = "7"
_BUTTONS: Final = 4  # that every platform shows
_COPIES: Final = 6  # lines of one story
_PAGE: Final = LIMIT - 400  # of the headlines of a withheld story: every platform shows them and the warning
KIND: Final = "mention"  # of deliveries
_NEEDS: Final = "|".join(sorted(WORKERS))
_MORNING: Final = time(9)  # local time
_ONLY: Final = (
    Choice("act", "Needs action"),
    Choice("open", "Not claimed or clipped"),
    Choice("mine", "Claimed by me"),
    Choice("clipped", "Clipped"),
)
_NOTE: Final = Param("note", "a note for the record", kind=Kind.LONG, required=False, free=True)
_UNDO: Final = Param("undo", "yes: undo it", kind=Kind.YES_NO, required=False)


ENTITY: Final = Param("entity", "only those that name this one", required=False, complete=entity_choices)
_INSTEAD: Final = Param("instead", "yes: even if someone else claimed it", kind=Kind.YES_NO, required=False)
_READ: Final = Param("read", "how many of its headlines were shown", kind=Kind.NUMBER, required=False, by_button=True)
_SHOWN_BEFORE: Final = Param("shown", "what the question showed", required=False, longest=64, by_button=True)
_DONE: Final = Param("done", "yes: it is done", kind=Kind.YES_NO, required=False)
_ON: Final = Param("on", "when: 3d, Monday or Dec 18", required=False, check=read_later)
_WRONG: Final = Param("wrong", "what is wrong, and what is correct", kind=Kind.LONG, required=False, free=True)
_ASKS: Final = Param("asks", "the numbers of the asks it is about", required=False, clears=True)
_REPORTER: Final = Param("reporter", "who wrote it", required=False, longest=200, clears=True, free=True)
_SPOKESPERSON: Final = Param(
    "spokesperson", "our person who is quoted", required=False, longest=200, clears=True, free=True
)
_TONE: Final = Param(
    "tone",
    "how it treats our position; unclear is an answer",
    required=False,
    choices=tuple(Choice(tone.value, tone.value.capitalize()) for tone in Tone),
    clears=True,
)

slash = Group("mentions", who=WORKERS)


@slash.command(
    example="days:7 only:open",
    params=(
        Param("days", f"how far back; {_DAYS} if left out", kind=Kind.NUMBER, required=False),
        ENTITY,
        Param("ask", "only those about this ask", kind=Kind.NUMBER, required=False),
        Param("only", "act now, open (nobody has it yet), mine or clipped", required=False, choices=_ONLY),
    ),
    who=READERS,
)
def list_(ctx: Context, args: Mapping[str, str]) -> Reply:
    """List the stories of recent days, newest first."""
    days = min(int(args.get("days", _DAYS)), 400)
    matching = [story for story in recent_stories(ctx, timedelta(days=days)) if _wanted(ctx, story, args)]
    span = f"the last {number(days, 'day')}"
    if not matching:
        asked = sum(source.enabled for source in ctx.config.feeds.sources.values())
        return answer(
            f"No mentions in {span}",
            f"{number(asked, 'source is', 'sources are')} checked.",
            ctx.hint("feeds add", "To add a source: /feeds add"),
            ctx.hint("mentions add", "To add an article: /mentions add"),
        )
    shown = [wording.line(story, ctx.config, names(ctx.tx), ctx.now) for story in matching[:_SHOWN]]
    more = f"and {len(matching) - _SHOWN:,} more" if len(matching) > _SHOWN else ""
    return answer(
        f"{number(len(matching), 'story', 'stories')} in {span}",
        *shown,
        more,
        foot="/mentions show S-… shows one in full.",
    )


@slash.command(example="S-1", params=(STORY,), who=READERS)
def show(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Show one story in full."""
    story = find_story(ctx, args["story"])
    copies = [
        Line(f"{it.outlet}: {HEADLINE_WITHHELD}")
        if story.withheld
        else Line(f"{it.outlet}: {short(it.headline, 120)}", it.url)
        for it in story.mentions[:_COPIES]
    ]
    if len(story.mentions) > _COPIES:
        copies.append(Line(f"and {len(story.mentions) - _COPIES} more"))
    card = wording.story_card(story, ctx.config, names(ctx.tx), ctx.now, copies if story.copies else ())
    notes = [Line(f"{note.kind.value.capitalize()}: {note.text}") for note in story.notes if note.text]
    release = (button("Show to me", "release", story),) if story.withheld else ()
    work = (each for each in card.buttons if each.path != "mentions show")
    rest = (button("Tag", "tag", story), button("Correction", "correction", story), button("Not us", "not-us", story))
    offered = ctx.theirs(*release, *work, *rest)
    more = ", ".join(f"/{each.path} {story.label}" for each in offered[_BUTTONS:])
    foot = dotted(card.foot, f"Also: {more}" if more else "")
    lines = (*card.lines, *notes)[:_SHOWN]
    return Reply(card=replace(card, mark=Mark.ANSWER, lines=lines, foot=foot, buttons=offered[:_BUTTONS]))


@slash.command(example="S-1", params=(STORY, _UNDO, _INSTEAD), changes=True)
def claim(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Claim a story, or release it."""
    story = find_story(ctx, args["story"])
    if args.get("undo") == "yes":
        _tell_former(ctx, story, "released")
        save_change(ctx, story, replace(story, claimed_by=None, claimed_at=None), "unclaimed")
        return answer(f"{story.label} is no longer claimed")
    if story.claimed_by and story.claimed_by != ctx.person and args.get("instead") != "yes":
        instead = button("Claim it anyway", "claim", story, ("instead", "yes"))
        return answer(wording.done(story, names(ctx.tx), ctx.config, ctx.now), buttons=(instead,))
    _tell_former(ctx, story, "claimed")
    save_change(ctx, story, replace(story, claimed_by=ctx.person, claimed_at=ctx.now), f"claimed by {ctx.actor.name}")
    return answer(
        f"Yours: {wording.head(story)}",
        "The card shows that you claimed it.",
        buttons=(button("Unclaim", "claim", story, ("undo", "yes")), button("Clip", "clip", story)),
    )


def _tell_former(ctx: Context, story: Story, did: str) -> None:
    """Tell the person whose story another person claims or releases."""
    if story.claimed_by and story.claimed_by != ctx.person:
        head = f"{ctx.actor.name} {did} {story.label}, which you had claimed"
        card = Card(mark=Mark.NEWS, head=head, buttons=(button("Details", "show", story),))
        post_to_person(ctx, story.claimed_by, f"claim:{story.id}:{ctx.new_id()}", card, kind=KIND, needs=_NEEDS)


@slash.command(example="S-1", params=(STORY, _NOTE, _UNDO, NO_DETAILS), changes=True)
def clip(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Save a story as a clip."""
    story = find_story(ctx, args["story"])
    if args.get("undo") == "yes":
        save_change(ctx, story, replace(story, clip=None), "clip removed")
        return answer(f"{story.label} is no longer a clip")
    if story.clip and "note" not in args:  # the first one's note stays
        return answer(f"{story.label} is a clip already", wording.done(story, names(ctx.tx), ctx.config, ctx.now))
    made = Clip(by=ctx.person, at=ctx.now, note=args.get("note", ""))
    save_change(ctx, story, replace(story, clip=made), "clipped")
    left = [what for what, has in (("tone", story.tone), ("the spokesperson quoted", story.spokesperson)) if not has]
    return answer(
        f"Clipped: {wording.head(story)}",
        f"Still missing: {' and '.join(left)}. Press [Tag] to add." if left else "",
        buttons=(button("Tag", "tag", story), button("Remove clip", "clip", story, ("undo", "yes"))),
    )


@slash.command(example="S-1 on:monday", params=(STORY, _ON, _NOTE, _DONE, NO_DETAILS), changes=True)
def follow_up(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Set a reminder for a story."""
    story = find_story(ctx, args["story"])
    if args.get("done") == "yes":
        return _mark_done(ctx, story, NoteKind.FOLLOW_UP, "Followed up")
    if "on" not in args:
        fields = (FormField(replace(_ON, required=True), "When?", "3d"), FormField(_NOTE, "What needs to be done?"))
        return _form("Follow up", "follow-up", story, fields)
    on = read_later(args["on"], ctx.local_now, MORNING).astimezone(ctx.zone).date()
    _add_note(ctx, story, NoteKind.FOLLOW_UP, args.get("note", ""), f"follow up {day_in_words(on)}", on)
    done = button("Done", "follow-up", story, ("done", "yes"))
    head = f"The bot will remind you on {day_in_words(on)} at {hour_in_words(MORNING)}"
    return answer(head, wording.head(story), buttons=(done,))


@slash.command(
    example='S-1 wrong:"We have twelve members, not ten"', params=(STORY, _WRONG, _DONE, NO_DETAILS), changes=True
)
def correction(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Note an error in a story."""
    story = find_story(ctx, args["story"])
    if args.get("done") == "yes":
        return _mark_done(ctx, story, NoteKind.CORRECTION, "Corrected")
    if "wrong" not in args:
        fields = (FormField(replace(_WRONG, required=True), "What is wrong, and what is correct?"),)
        return _form("Correction", "correction", story, fields)
    _add_note(ctx, story, NoteKind.CORRECTION, args["wrong"], "needs a correction")
    return answer(
        f"Noted: {story.label} needs a correction",
        "Nothing was sent. Write to the outlet; when the story is corrected, press the button.",
        buttons=(button("It was corrected", "correction", story, ("done", "yes")),),
    )


@slash.command(
    example="S-1 tone:critical asks:{ask}",
    params=(STORY, _TONE, _ASKS, _SPOKESPERSON, _REPORTER, SEEN, NO_DETAILS),
    changes=True,
)
def tag(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Set a story's tone, asks, spokesperson and reporter."""
    story = find_story(ctx, args["story"])
    fields = (
        FormField(_TONE, "Tone", story.tone.value if story.tone else Tone.UNCLEAR.value),
        FormField(_ASKS, "Asks", " ".join(map(str, story.asks))),
        FormField(_SPOKESPERSON, "Our person who is quoted", story.spokesperson or ""),
        FormField(_REPORTER, "Who wrote it", story.reporter or ""),
    )
    shown = {field.param.name: field.initial for field in fields}
    if not args.keys() - {"story"}:
        return _form("Tag", "tag", story, fields, (SEEN.name, mark(shown)))
    asks = ctx.config.coalition.asks
    after = replace(
        story,
        tone=story.tone if "tone" not in args else Tone(args["tone"]) if args["tone"] else None,
        asks_set=tuple(sorted(read_asks(asks, args["asks"]))) if "asks" in args else story.asks_set,
        spokesperson=args.get("spokesperson", story.spokesperson) or None,
        reporter=args.get("reporter", story.reporter) or None,
    )
    if after == story:
        return answer(f"{story.label} already has these tags")
    refuse_outdated(args, shown, story.label)
    changes = {
        name: f"{name}: {value or 'none'}" for name, value in sorted(args.items()) if name not in ("story", SEEN.name)
    }
    # The audit log must not name a reporter, because its rows are never deleted early.
    save_change(
        ctx, story, after, ", ".join("reporter" if name == "reporter" else text for name, text in changes.items())
    )
    return answer(
        f"Tagged: {wording.head(story)}", ", ".join(changes.values()), buttons=(button("Change it", "tag", story),)
    )


@slash.command(example="S-1", params=(STORY, _UNDO), changes=True)
def mute(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Mute a story: its copies are not posted."""
    story = find_story(ctx, args["story"])
    if args.get("undo") == "yes":
        save_change(ctx, story, replace(story, muted_at=None), "unmuted")
        return answer(f"{story.label} is no longer muted")
    save_change(ctx, story, replace(story, muted_at=ctx.now), "muted")
    return answer(
        f"Muted: {wording.head(story)}",
        "Its copies are counted but not posted.",
        buttons=(button("Undo", "mute", story, ("undo", "yes")),),
    )


@slash.command(example="S-1", params=(STORY, _READ, _SHOWN_BEFORE), changes=True)
def release(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Read a withheld story privately, then decide whether to show it to everyone."""
    story = find_story(ctx, args["story"])
    if not story.withheld:
        return answer(f"{story.label} is not withheld")
    read_as = [replace(it, outlet=host_of(it.url) or it.outlet) if it.withheld else it for it in story.mentions]
    lines = [Line(f"{it.outlet}: {it.headline}", it.url) for it in read_as]
    digest = short_hash(repr(lines))
    read = int(args.get("read", "0")) if args.get("shown") == digest else 0
    if read < len(lines):
        page = max(1, bisect_right([*accumulate(map(size, lines[read:]))], _PAGE))
        label = "Show it to everyone" if read + page >= len(lines) else "Read on"
        return answer(
            f"{story.label} may name a minor or someone who was harmed",
            "Only you see this. Do not copy it into a channel, a letter or a report.",
            *lines[read : read + page],
            "If it names no one who must be protected, you can show it to everyone, in channels and reports.",
            buttons=(button(label, "release", story, ("read", str(read + page)), ("shown", digest)),),
        )
    for mention in read_as:
        records.put(ctx.tx, mention)
    save_change(ctx, story, replace(story, released_by=ctx.person), f"shown to everyone, by {ctx.actor.name}")
    stay = f"Alerts and digests that were posted without its headline stay so: /mentions show {story.label}"
    return answer(f"Shown to everyone from now on: {story.label}", stay)


def _form(title: str, verb: str, story: Story, fields: tuple[FormField, ...], *more: tuple[str, str]) -> Reply:
    args = dict((*wording.about(story), *more))
    return Reply(form=Form(title=title, path=f"mentions {verb}", fields=fields, args=args))


def _wanted(ctx: Context, story: Story, args: Mapping[str, str]) -> bool:
    only = args.get("only")
    return (
        ("entity" not in args or args["entity"].casefold() in story.entities)
        and ("ask" not in args or int(args["ask"]) in story.asks)
        and (only != "act" or story.weight is Weight.ACT)
        and (only != "open" or not (story.claimed_by or story.clip))
        and (only != "mine" or story.claimed_by == ctx.actor.person)
        and (only != "clipped" or story.clip is not None)
    )


def _add_note(ctx: Context, story: Story, kind: NoteKind, text: str, did: str, due: date | None = None) -> None:
    note = Note(id=ctx.new_id(), kind=kind, text=text, by=ctx.person, at=ctx.now, due=due)
    records.NOTES.insert(ctx.tx, [note], story_id=story.id)
    update_card(ctx, story.id)
    ctx.note(story.label, "", did)


def _mark_done(ctx: Context, story: Story, kind: NoteKind, head: str) -> Reply:
    records.mark_done(ctx.tx, story.id, kind, ctx.now)
    update_card(ctx, story.id)
    ctx.note(story.label, f"{kind.value} open", "done")
    return answer(f"{head}: {wording.head(story)}")


# --- reminders, and the stories that a person has claimed ---------------------------------------------------------


def compose(job: Job) -> None:
    """Remind people of stories to follow up, from nine in the morning of the day."""
    local = job.now.astimezone(job.config.coalition.tz)
    if local.time() < _MORNING or not records.notes_due(job.db, local.date()):
        return
    with job.write() as work:
        for story_id, note in records.notes_due(work.tx, local.date()):
            story = records.story(work.tx, story_id)
            if story:
                text = f"Follow up today: {wording.head(story)}"
                done = button("Done", "follow-up", story, ("done", "yes"))
                card = Card(mark=Mark.NEWS, head=text, lines=(Line(note.text or story.label, story.link),),
                            foot=story.label, buttons=(done, button("Details", "show", story)))  # fmt: skip
                otherwise, name = work.config.feeds.press or work.config.feeds.admin, f"follow-up:{note.id}"
                post_to_first_reader(work, (note.by,), otherwise, name, card, kind=KIND, needs=_NEEDS)
            update_rows(work.tx, "story_note", {"told_at": work.now}, id=note.id)


def waiting(db: Reader, config: Config, actor: Actor, now: datetime) -> list[Line]:  # noqa: ARG001 - of all rooms
    """Return the stories that this person claimed and has not clipped, oldest first."""
    claimed = records.claimed_by(db, actor.person) if actor.person else []
    return [Line(f"To clip: {_title(story)} (/mentions show {story.label})") for story in claimed]


def free(work: Work, person: str) -> list[Line]:
    """Release the stories that this person claimed, update their cards, and return those not clipped yet."""
    theirs = records.claimed_by(work.tx, person)
    for id_ in records.free(work.tx, person):
        update_card(work, id_)
    return [Line(_title(story), story.link) for story in theirs]


def _title(story: Story) -> str:
    return f"{story.label} {short(wording.head(story), 120)}"


def search_stories(ctx: Context, wanted: Words) -> Iterator[SearchHit]:
    """Stories by their headlines, outlets and excerpts. A withheld headline is not searched."""
    for story in records.search(ctx.tx, wanted) if ctx.actor.roles & READERS else ():
        headlines = [mention.headline for mention in story.mentions if not mention.withheld]
        if not story.withheld and wanted.fit(story.teller, *story.outlets, story.excerpt, *headlines):
            line = dotted(wording.head(story), wording.badge(story, ctx.config.coalition))
            yield SearchHit("Stories", story.at, story.label, line, story.link)


def search_notes(ctx: Context, wanted: Words) -> list[SearchHit]:
    """People's notes on stories whose headline is not withheld."""
    hits = []
    for story in records.search_notes(ctx.tx, wanted) if ctx.actor.roles & READERS else ():
        texts = [(note.at, note.text) for note in story.notes]
        texts += [(story.clip.at, story.clip.note)] if story.clip else []
        if not story.withheld:
            hits += [SearchHit("Stories", at, story.label, f"Note: {it}") for at, it in texts if wanted.fit(it)]
    return sorted(hits, key=lambda note: note.at, reverse=True)
