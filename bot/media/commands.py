"""/mentions: what is published about us, and what the press contact does with it. Its buttons stand on every story."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from bot.alerts.house import house_of
from bot.alerts.later import later
from bot.alerts.words import number, short
from bot.answering import answer
from bot.calendar import day_in_words
from bot.card import Line, Mark
from bot.command import Choice, Desk, Form, FormField, Kind, Param, Refused, Reply, sure
from bot.entry import HEADLINE_WITHHELD
from bot.media import records, words
from bot.media.asking import READERS, STORY, button, command, keep, meant, mine, named, names, redraw, since
from bot.media.model import Clip, Mention, Note, NoteKind, Story, Tone, Weight
from bot.people.asking import NO_SURVIVOR, look_through

_SHOWN: Final = 9  # lines of a list
_DAYS: Final = "7"
_BUTTONS: Final = 4  # that every platform shows
_COPIES: Final = 6  # lines of one story
_ONLY: Final = (
    Choice("act", "To act on"),
    Choice("open", "Nobody has claimed or clipped it"),
    Choice("mine", "Claimed by me"),
    Choice("clipped", "Clipped"),
)
_NOTE: Final = Param("note", "a word for the record", kind=Kind.LONG, required=False)
_UNDO: Final = Param("undo", "yes: take it back", kind=Kind.YES_NO, required=False)


def list_(desk: Desk, args: Mapping[str, str]) -> Reply:
    """The stories of the last days, newest first."""
    days = min(int(args.get("days", _DAYS)), 400)
    found = [story for story in since(desk, timedelta(days=days)) if _wanted(desk, story, args)]
    span = f"the last {number(days, 'day')}"
    if not found:
        asked = sum(source.enabled for source in desk.config.feeds.sources.values())
        return answer(
            f"No mentions in {span}",
            f"I read {number(asked, 'source')}; add one with /feeds add, or give me an address: /mentions add",
        )
    shown = [words.line(story, house_of(desk.config), names(desk), desk.now) for story in found[:_SHOWN]]
    more = f"and {len(found) - _SHOWN:,} more" if len(found) > _SHOWN else ""
    return answer(
        f"{number(len(found), 'story', 'stories')} in {span}", *shown, more, foot="/mentions show S-… tells one."
    )


def show(desk: Desk, args: Mapping[str, str]) -> Reply:
    """All of one story: its copies, what was done, why it is here."""
    story = meant(desk, args["story"])
    copies = [_copy(mention, story) for mention in story.mentions[:_COPIES]]
    if len(story.mentions) > _COPIES:
        copies.append(Line(f"and {len(story.mentions) - _COPIES} more"))
    card = words.story_card(story, house_of(desk.config), names(desk), desk.now, copies if story.copies else ())
    told = [Line(f"{note.kind.value.capitalize()}: {note.text}") for note in story.notes if note.text]
    release = (button("Show to me", "release", story),) if story.withheld else ()
    work = (each for each in card.buttons if each.path != "mentions show")
    rest = (button("Tag", "tag", story), button("Correction", "correction", story), button("Not us", "not-us", story))
    offered = desk.theirs(*release, *work, *rest)
    more = ", ".join(f"/{each.path} {story.label}" for each in offered[_BUTTONS:])
    foot = " · ".join(filter(None, (card.foot, f"Also: {more}" if more else "")))
    lines = (*card.lines, *told)[:_SHOWN]
    return Reply(card=replace(card, mark=Mark.ANSWER, lines=lines, foot=foot, buttons=offered[:_BUTTONS]))


def claim(desk: Desk, args: Mapping[str, str]) -> Reply:
    """Take a story on, or give it back."""
    story = meant(desk, args["story"])
    if args.get("undo") == "yes":
        keep(desk, story, replace(story, claimed_by=None, claimed_at=None), "nobody's")
        return answer(f"{story.label} is nobody's again")
    if story.claimed_by and story.claimed_by != mine(desk) and args.get("instead") != "yes":
        instead = button("Claim it instead", "claim", story, ("instead", "yes"))
        return answer(words.done(story, names(desk), house_of(desk.config), desk.now), buttons=(instead,))
    keep(desk, story, replace(story, claimed_by=mine(desk), claimed_at=desk.now), f"claimed by {desk.actor.name}")
    return answer(
        f"Yours: {words.head(story)}",
        "Others see it on the card.",
        buttons=(button("Give it back", "claim", story, ("undo", "yes")), button("Clip", "clip", story)),
    )


def clip(desk: Desk, args: Mapping[str, str]) -> Reply:
    """Put a story into the record of clips, or take it out again."""
    story = meant(desk, args["story"])
    if args.get("undo") == "yes":
        keep(desk, story, replace(story, clip=None), "no clip")
        return answer(f"{story.label} is no clip any more")
    if ask := look_through(desk, args, named(story), _NOTE):
        return ask
    made = Clip(by=mine(desk), at=desk.now, note=args.get("note", ""))
    keep(desk, story, replace(story, clip=made), "clipped")
    left = [what for what, has in (("tone", story.tone), ("the spokesperson quoted", story.spokesperson)) if not has]
    return answer(
        f"Clipped: {words.head(story)}",
        f"Not said yet: {' and '.join(left)}. [Tag] asks for it." if left else "",
        buttons=(button("Tag", "tag", story), button("Take it out", "clip", story, ("undo", "yes"))),
    )


def follow_up(desk: Desk, args: Mapping[str, str]) -> Reply:
    """Remind the one who asks of a story, on a day."""
    story = meant(desk, args["story"])
    if args.get("done") == "yes":
        return _did(desk, story, NoteKind.FOLLOW_UP, "Followed up")
    if "on" not in args:
        fields = (FormField(replace(_ON, required=True), "When?", "3d"), FormField(_NOTE, "What is to be done?"))
        return Reply(
            form=Form(title="Follow up", path="mentions follow-up", fields=fields, args=dict(words.about(story)))
        )
    moment = later(args["on"], desk.now, house_of(desk.config).zone)
    if moment is None:
        raise Refused(
            f"“{args['on'][:40]}” is no day within the next year: write 3d, monday or 2026-12-01.", param="on"
        )
    if ask := look_through(desk, args, named(story), _NOTE):
        return ask
    on = moment.astimezone(house_of(desk.config).zone).date()
    note = Note(
        id=desk.new_id(), kind=NoteKind.FOLLOW_UP, text=args.get("note", ""), by=mine(desk), at=desk.now, due=on
    )
    _noted(desk, story, note, f"follow up {day_in_words(on)}")
    done = button("Done", "follow-up", story, ("done", "yes"))
    return answer(f"I remind you on {day_in_words(on)}, at nine", words.head(story), buttons=(done,))


def correction(desk: Desk, args: Mapping[str, str]) -> Reply:
    """Note that a story says something wrong, or that it was put right."""
    story = meant(desk, args["story"])
    if args.get("done") == "yes":
        return _did(desk, story, NoteKind.CORRECTION, "Corrected")
    if "wrong" not in args:
        fields = (FormField(replace(_WRONG, required=True), "What is wrong, and what is right?"),)
        return Reply(
            form=Form(title="Correction", path="mentions correction", fields=fields, args=dict(words.about(story)))
        )
    if ask := look_through(desk, args, named(story), _WRONG):
        return ask
    note = Note(id=desk.new_id(), kind=NoteKind.CORRECTION, text=args["wrong"], by=mine(desk), at=desk.now)
    _noted(desk, story, note, "correction asked")
    return answer(
        f"Noted: {story.label} needs a correction",
        "Nothing was sent to anybody. Write to the outlet; when it is put right, press the button.",
        buttons=(button("It is corrected", "correction", story, ("done", "yes")),),
    )


def tag(desk: Desk, args: Mapping[str, str]) -> Reply:
    """What only a person can say of a story: its tone, its asks, who of us speaks, who wrote it."""
    story = meant(desk, args["story"])
    if not args.keys() - {"story"}:
        fields = (
            FormField(_TONE, "Tone", story.tone.value if story.tone else Tone.UNCLEAR.value),
            FormField(_ASKS, "Asks", " ".join(map(str, story.asks))),
            FormField(_SPOKESPERSON, "Who of us is quoted", story.spokesperson or ""),
            FormField(_REPORTER, "Who wrote it", story.reporter or ""),
        )
        return Reply(form=Form(title="Tag", path="mentions tag", fields=fields, args=dict(words.about(story))))
    after = replace(
        story,
        tone=story.tone if "tone" not in args else Tone(args["tone"]) if args["tone"] else None,
        asks_set=_asks(desk, args["asks"]) if "asks" in args else story.asks_set,
        spokesperson=args.get("spokesperson", story.spokesperson) or None,
        reporter=args.get("reporter", story.reporter) or None,
    )
    told = {name: f"{name}: {value or 'none'}" for name, value in sorted(args.items()) if name != "story"}
    # Nobody of the press is named in the audit, from which nothing goes before its time.
    keep(desk, story, after, ", ".join("reporter" if name == "reporter" else text for name, text in told.items()))
    return answer(
        f"Tagged: {words.head(story)}", ", ".join(told.values()), buttons=(button("Change it", "tag", story),)
    )


def mute(desk: Desk, args: Mapping[str, str]) -> Reply:
    """Hear nothing more of a story: neither its card changes nor are its copies said anywhere."""
    story = meant(desk, args["story"])
    if args.get("undo") == "yes":
        keep(desk, story, replace(story, muted_at=None), "heard again")
        return answer(f"Copies of {story.label} are told again")
    keep(desk, story, replace(story, muted_at=desk.now), "muted")
    return answer(
        f"Muted: {words.head(story)}",
        "Its copies are counted, and said nowhere.",
        buttons=(button("Undo", "mute", story, ("undo", "yes")),),
    )


def release(desk: Desk, args: Mapping[str, str]) -> Reply:
    """Show a withheld story to the asker alone, with its links; then, if they say so, to all."""
    story = meant(desk, args["story"])
    if not story.withheld:
        return answer(f"{story.label} is not withheld")
    if args.get("sure") != "yes":
        yes = button("Show it to all", "release", story, ("sure", "yes"))
        return answer(
            f"{story.label} may name a victim or a minor",
            "Only you see this. Do not copy it into a channel, a letter or a report.",
            *(Line(f"{it.outlet}: {short(it.headline, 160)}", it.url) for it in story.mentions[:_COPIES]),
            "If it names nobody who should not be named, you can show it to all, here and in reports.",
            buttons=(yes,),
        )
    keep(desk, story, replace(story, released_by=mine(desk)), f"shown to all, by {desk.actor.name}")
    return answer(f"Shown to all from now on: {story.label}")


def _wanted(desk: Desk, story: Story, args: Mapping[str, str]) -> bool:
    only = args.get("only")
    return (
        ("entity" not in args or args["entity"].casefold() in story.entities)
        and ("ask" not in args or int(args["ask"]) in story.asks)
        and (only != "act" or story.weight is Weight.ACT)
        and (only != "open" or not (story.claimed_by or story.clip))
        and (only != "mine" or story.claimed_by == desk.actor.person)
        and (only != "clipped" or story.clip is not None)
    )


def _copy(mention: Mention, story: Story) -> Line:
    if story.withheld:
        return Line(f"{mention.outlet}: {HEADLINE_WITHHELD}")
    return Line(f"{mention.outlet}: {short(mention.headline, 120)}", mention.url)


def _noted(desk: Desk, story: Story, note: Note, did: str) -> None:
    records.add_note(desk.tx, desk.config.coalition.id, story.id, note)
    redraw(desk, story.id)
    desk.note(named(story), "", did)


def _did(desk: Desk, story: Story, kind: NoteKind, said: str) -> Reply:
    records.mark_done(desk.tx, desk.config.coalition.id, story.id, kind, desk.now)
    redraw(desk, story.id)
    desk.note(named(story), f"{kind.value} open", "done")
    return answer(f"{said}: {words.head(story)}")


def _asks(desk: Desk, typed: str) -> tuple[int, ...]:
    found = [int(word) for word in typed.replace(",", " ").split() if word.isdecimal()]
    unknown = [ask for ask in found if ask not in desk.config.coalition.asks]
    if unknown or len(found) != len(typed.replace(",", " ").split()):
        known = ", ".join(map(str, desk.config.coalition.asks))
        raise Refused(f"Asks are numbers of coalition.yml, such as 5 6; it has {known}.", param="asks")
    return tuple(sorted(set(found)))


def _entities(desk: Desk, typed: str) -> Sequence[Choice]:
    its = desk.config.coalition
    called = [(id_, words.entity(id_, its)) for id_ in its.entities]
    return [Choice(id_, name) for id_, name in called if typed.casefold() in f"{id_} {name}".casefold()]


_ON: Final = Param("on", "when: 3d, monday or 2026-12-01", required=False)
_WRONG: Final = Param("wrong", "what is wrong, and what is right", kind=Kind.LONG, required=False)
_TONE: Final = Param(
    "tone",
    "how it stands to our position; unclear is an answer",
    required=False,
    choices=tuple(Choice(tone.value, tone.value.capitalize()) for tone in Tone),
    clears=True,
)
_ASKS: Final = Param("asks", "the numbers of the asks it is about", required=False, clears=True)
_SPOKESPERSON: Final = Param("spokesperson", "who of us is quoted", required=False, longest=200, clears=True)
_REPORTER: Final = Param("reporter", "who wrote it", required=False, longest=200, clears=True)
_DONE: Final = Param("done", "yes: it is done", kind=Kind.YES_NO, required=False)
_INSTEAD: Final = Param("instead", "yes: also where somebody has it already", kind=Kind.YES_NO, required=False)


COMMANDS: Final = (
    command(
        "list",
        "The stories of the last days, newest first",
        "/mentions list days:7 only:open",
        list_,
        Param("days", f"how far back; {_DAYS} if left out", kind=Kind.NUMBER, required=False),
        Param("entity", "only those that name this one", required=False, complete=_entities),
        Param("ask", "only those about this ask", kind=Kind.NUMBER, required=False),
        Param("only", "which of them", required=False, choices=_ONLY),
        who=READERS,
        changes=False,
    ),
    command("show", "All of one story", "/mentions show S-1", show, STORY, who=READERS, changes=False),
    command("claim", "Take a story on, or give it back", "/mentions claim S-1", claim, STORY, _UNDO, _INSTEAD),
    command(
        "clip", "Put a story into the record of clips", "/mentions clip S-1", clip, STORY, _NOTE, _UNDO, NO_SURVIVOR
    ),
    command(
        "follow-up",
        "Be reminded of a story",
        "/mentions follow-up S-1 on:monday",
        follow_up,
        STORY,
        _ON,
        _NOTE,
        _DONE,
        NO_SURVIVOR,
    ),
    command(
        "correction",
        "Note what a story has wrong",
        '/mentions correction S-1 wrong:"The hotline is run by another body since 2025"',
        correction,
        STORY,
        _WRONG,
        _DONE,
        NO_SURVIVOR,
    ),
    command(
        "tag",
        "Say a story's tone, its asks, who of us speaks in it, who wrote it",
        "/mentions tag S-1 tone:critical asks:5",
        tag,
        STORY,
        _TONE,
        _ASKS,
        _SPOKESPERSON,
        _REPORTER,
    ),
    command("mute", "Hear nothing more of a story", "/mentions mute S-1", mute, STORY, _UNDO),
    command(
        "release",
        "Read a withheld story, alone; then decide whether all may",
        "/mentions release S-1",
        release,
        STORY,
        sure("show it to all"),
    ),
)
