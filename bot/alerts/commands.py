"""/alerts: what was raised, why, and what people do with it. Its buttons stand on every alert."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.alerts import cards, explain, handling
from bot.alerts.campaign import campaign_of
from bot.alerts.cards import Item
from bot.alerts.feedback import Proposal, proposal
from bot.alerts.handling import VERDICTS, Names, Work
from bot.alerts.preview import WINDOW, samples
from bot.commands.model import STAFF, Choice, Command, Context, Form, FormField, Kind, Param, Refused, Reply
from bot.commands.replies import answer
from bot.entries import records
from bot.entries.records import StoredEntry
from bot.people.confirm_text import NO_DETAILS, confirm_fields, note_confirmed
from bot.people.records import people
from bot.shared import wording
from bot.shared.calendar import day_in_words
from bot.shared.card import Button, Card, Line, Mark, Section
from bot.shared.time_phrases import HINT, later
from bot.watch.model import Level, Match
from bot.watch.reasons import asks_of, loudest

_SHOWN: Final = 9  # lines of a list
_RECENT: Final = "7"  # days
_SELECTABLE: Final = 25  # choices of a form on any platform
_ME: Final = "me"

Found = tuple[StoredEntry, tuple[Match, ...], datetime]

_ENTRY: Final = Param("entry", "an address, a Federal Register number, a bill or an id", longest=2_000)
_REASON: Final = Param(
    "reason",
    "what is wrong with it",
    required=False,
    choices=(
        Choice("noise", "Noise: nobody needed this"),
        Choice("wrong ask", "Wrong ask: it belongs elsewhere"),
        Choice("duplicate", "Duplicate: it was said before"),
    ),
)
_NOTE: Final = Param("note", "a word for whoever looks after the watches", kind=Kind.LONG, required=False)
_UNTIL: Final = Param("until", f"when it is said again: {HINT}", required=False)
_TIMES: Final = (Choice("1d", "Tomorrow"), Choice("3d", "In three days"), Choice("monday", "Next Monday"))
_TO: Final = Param("to", "me, or somebody's name", required=False)


def recent(ctx: Context, args: Mapping[str, str]) -> Reply:
    """The alerts of the last days, newest first."""
    days = min(int(args.get("days", _RECENT)), WINDOW.days)
    found = [it for it in _matched(ctx, timedelta(days=days)) if loudest(it[1]) is Level.ALERT]
    since = wording.number(days, "day")
    if not found:
        return _no_alerts(ctx, since, timedelta(days=days))
    return answer(f"{wording.number(len(found), 'alert')} in the last {since}", *_lines(ctx, found))


def _no_alerts(ctx: Context, since: str, length: timedelta) -> Reply:
    """Why there are none: nothing was checked yet, the bot has not watched for so long, or nothing matched."""
    first = [state.memory.first_success_at for state in records.source_states(ctx.tx).values()]
    began = min(filter(None, first), default=None)
    if began is None:
        return answer("No source has been checked yet", "The bot checks them while it runs: coalition-bot run.")
    watched = ""
    if began > ctx.now - length:
        watched = f"Sources are checked since {wording.clock(began, ctx.config.coalition.tz, ctx.now)}. "
        watched += "What they listed before is not posted."
    quiet = "Nothing else matched." if watched else "Nothing matched."
    return answer(f"No alerts in the last {since}", watched, f"{quiet} /feeds list shows each source.")


def ask(ctx: Context, args: Mapping[str, str]) -> Reply:
    """What came for one ask in the last 90 days, alerts and digest lines."""
    number = int(args["number"])
    config = ctx.config.coalition.asks.get(number)
    if config is None:
        known = ", ".join(map(str, ctx.config.coalition.asks))
        raise Refused(f"There is no ask {number}. coalition.yml has {known}.", param="number")
    found = [it for it in _matched(ctx, WINDOW) if number in asks_of(it[1])]
    head = f"Ask {number}, {config.title}"
    if not found:
        return answer(head, "Nothing matched in the last 90 days. /watch list shows what looks for it.")
    alerts = sum(loudest(matches) is Level.ALERT for _, matches, _ in found)
    counts = f"{wording.number(alerts, 'alert')} and {wording.number(len(found) - alerts, 'digest line')} in 90 days"
    return answer(head, counts, *_lines(ctx, found))


def why(ctx: Context, args: Mapping[str, str]) -> Reply:
    head, *lines = explain.why(ctx.tx, campaign_of(ctx.config), args["entry"], now=ctx.now).lines
    later = (Button("Snooze", "alerts snooze", cards.about(args["entry"])),
             Button("Assign", "alerts assign", cards.about(args["entry"])))  # fmt: skip
    return answer(head, *(line.strip() for line in lines), buttons=ctx.theirs(*later))


def not_relevant(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Note that an alert was not wanted, and propose a narrower watch."""
    kept, before = _entry(ctx, args), _work(ctx, args)
    names = _names(ctx)
    if said := before.judged(names, campaign_of(ctx.config), ctx.now):
        return answer(said)
    if "reason" not in args:
        fields = (FormField(_REASON, "What is wrong with it?", "noise"), FormField(_NOTE, "Anything to add?"))
        return _form("Not relevant", "alerts not-relevant", kept, fields)
    ask, confirmed = confirm_fields(ctx, args, "alerts not-relevant", [(_NOTE, "Anything to add?")])
    if ask:
        return ask
    after = replace(before, verdict=args["reason"], verdict_by=ctx.actor.person, verdict_at=ctx.now)
    handling.let_sleep(ctx.tx, campaign_of(ctx.config), kept.id, f"marked as {VERDICTS[args['reason']]}")
    _keep(ctx, kept, before, after, names, note=args.get("note", ""))
    note_confirmed(ctx, wording.short(kept.entry.title, 120), confirmed)
    return _thanks(ctx, kept, args["reason"], ctx.prepared)


def _narrower(ctx: Context, args: Mapping[str, str]) -> Proposal | None:
    return proposal(ctx.tx, ctx.config, _entry(ctx, args), ctx.now) if "reason" in args else None


def snooze(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Say an alert again later, once, in its own thread."""
    kept, before, campaign = _entry(ctx, args), _work(ctx, args), campaign_of(ctx.config)
    names = _names(ctx)
    if said := before.slept(names, campaign, ctx.now):
        return answer(said, "It is said again then.")
    if "until" not in args:
        fields = (FormField(replace(_UNTIL, choices=_TIMES, required=True), "When shall it come again?", "1d"),)
        return _form("Snooze", "alerts snooze", kept, fields)
    until = later(args["until"], ctx.now, campaign.zone)
    if until is None:
        raise Refused(f"“{args['until'][:40]}” is no moment within the next year: {HINT}.", param="until")
    why_ = f"put off by {ctx.actor.name}, {day_in_words(ctx.now.astimezone(campaign.zone).date())}"
    said_in = handling.say_again(ctx.tx, campaign, kept, at=until, why=why_, now=ctx.now, new_id=ctx.new_id)
    if not said_in:
        raise Refused(
            "It was not said in any channel, so there is nothing to put off. /campaign why tells what was done."
        )
    after = replace(before, snoozed_until=until, snoozed_by=ctx.actor.person)
    _keep(ctx, kept, before, after, names)
    told = wording.listed([f"“{audience}”" for audience in said_in])
    return answer(after.slept(names, campaign, ctx.now), f"It is said again then, in its thread in {told}.")


def assign(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Give an alert to somebody, or take it on."""
    kept, before, campaign = _entry(ctx, args), _work(ctx, args), campaign_of(ctx.config)
    names = _names(ctx)
    if (said := before.assigned(names, campaign, ctx.now)) and args.get("instead") != "yes":
        again = Button("Give it to somebody else", "alerts assign", (*cards.about(kept.id), ("instead", "yes")))
        return answer(said, buttons=(again,))
    if "to" not in args:
        return _form("Assign", "alerts assign", kept, (FormField(_to(ctx), "Who works on it?", _ME),), args)
    person = _person(ctx, args["to"])
    after = replace(before, assigned_to=person, assigned_at=ctx.now)
    _keep(ctx, kept, before, after, names)
    return answer(after.assigned(names, campaign, ctx.now), Line(cards.head([_item(ctx, kept)]), kept.entry.link))


def _keep(ctx: Context, kept: StoredEntry, before: Work, after: Work, names: Names, *, note: str = "") -> None:
    """Write it down, let the messages say so, and let the audit know."""
    campaign = campaign_of(ctx.config)
    handling.save(ctx.tx, ctx.config.coalition.id, kept.id, after)
    done = after.in_words(names, campaign, ctx.now)
    handling.show(ctx.tx, campaign, kept.id, done, now=ctx.now, new_id=ctx.new_id)
    said = ": ".join(filter(None, (done, note)))
    ctx.note(wording.short(kept.entry.title, 120), before.in_words(names, campaign, ctx.now), said)


def _thanks(ctx: Context, kept: StoredEntry, reason: str, made: Proposal | None) -> Reply:
    head = f"Noted: {VERDICTS[reason]}"
    if made is None:
        return answer(head, "The watch that raised it is no more.")
    raised = f"“{made.name}” raised {wording.number(made.raised, 'entry', 'entries')} in the last 90 days."
    if reason == "duplicate":
        return answer(head, raised, "Nothing changes: a thing that comes again under another address can look new.")
    if reason == "wrong ask":
        return answer(head, raised, buttons=ctx.theirs(Button("Edit watch", "watch edit", (("name", made.watch),))))
    if not made.words:
        edit = Button("Edit watch", "watch edit", (("name", made.watch),))
        return answer(head, raised, "No word of its title sets it apart from the rest.", buttons=ctx.theirs(edit))
    left = f"It would have left out {len(made.left_out)} of them:"
    narrower = Section("A narrower query", (Line(made.query), Line(left), *samples(made.left_out)))
    preview = Button("Preview", "watch narrow", cards.about(kept.id), "primary")
    card = Card(mark=Mark.ANSWER, head=head, lines=(Line(raised),), sections=(narrower,))
    return Reply(card=replace(card, buttons=ctx.theirs(preview)))


def _lines(ctx: Context, found: Sequence[Found]) -> Iterable[Line]:
    campaign, names = campaign_of(ctx.config), _names(ctx)
    for kept, matches, at in found[:_SHOWN]:
        told = cards.digest_line([Item(id=kept.id, entry=kept.entry, matches=matches)])
        badge = wording.asks(asks_of(matches))
        done = _work_of(ctx, kept).in_words(names, campaign, ctx.now)
        text = " · ".join(
            filter(
                None, (kept.name, wording.clock(at, campaign.zone, ctx.now), wording.short(told.text, 160), badge, done)
            )
        )
        yield Line(text, told.url)
    if len(found) > _SHOWN:
        yield Line(f"and {len(found) - _SHOWN:,} more")


def _matched(ctx: Context, window: timedelta) -> list[Found]:
    return records.matched_since(ctx.tx, ctx.config.coalition.id, ctx.now - window)


def _entry(ctx: Context, args: Mapping[str, str]) -> StoredEntry:
    found = explain.find(ctx.tx, ctx.config.coalition.id, args["entry"])
    if not found:
        raise Refused(
            f"I know nothing that answers to “{wording.short(args['entry'], 80)}”. /alerts recent lists the newest.",
            param="entry",
        )
    return found[-1]


def _work(ctx: Context, args: Mapping[str, str]) -> Work:
    return _work_of(ctx, _entry(ctx, args))


def _work_of(ctx: Context, kept: StoredEntry) -> Work:
    return handling.work_on(ctx.tx, ctx.config.coalition.id, kept.id)


def _item(ctx: Context, kept: StoredEntry) -> Item:
    found = records.matches_of(ctx.tx, ctx.config.coalition.id, [kept.id])
    return Item(id=kept.id, entry=kept.entry, matches=found.get((kept.id, kept.entry.stage.value), ()))


def _names(ctx: Context) -> dict[str, str]:
    return {person.id: person.name for person in people(ctx.tx, ctx.config.coalition.id)}


def _person(ctx: Context, typed: str) -> str:
    names = _names(ctx)
    if typed.casefold() == _ME and ctx.actor.person:
        return ctx.actor.person
    found = [id_ for id_, name in names.items() if id_ == typed or typed.casefold() in name.casefold()]
    exact = [id_ for id_ in found if names[id_].casefold() == typed.casefold() or id_ == typed]
    if len(exact or found) == 1:
        return (exact or found)[0]
    if not found:
        raise Refused(f"I know nobody called “{typed[:60]}”. An administrator links people.", param="to")
    raise Refused(f"That may be {wording.listed([names[id_] for id_ in found])}. Write the whole name.", param="to")


def _people(ctx: Context, typed: str) -> Sequence[Choice]:
    choices = [
        Choice(_ME, "Me"),
        *(Choice(id_, name) for id_, name in _names(ctx).items() if id_ != ctx.actor.person),
    ]
    return [choice for choice in choices if typed.casefold() in choice.label.casefold()]


def _to(ctx: Context) -> Param:
    """A list to choose from where every form has room for all, else a name to write."""
    choices = tuple(_people(ctx, ""))
    return replace(_TO, required=True, choices=choices if len(choices) <= _SELECTABLE else ())


def _form(
    title: str, path: str, kept: StoredEntry, fields: tuple[FormField, ...], args: Mapping[str, str] | None = None
) -> Reply:
    return Reply(form=Form(title=title, path=path, fields=fields, args={**(args or {}), **dict(cards.about(kept.id))}))


COMMANDS: Final = (
    Command(
        group="alerts",
        verb="recent",
        help="The alerts of the last days",
        example="/alerts recent days:3",
        handler=recent,
        params=(Param("days", f"how far back; {_RECENT} if left out", kind=Kind.NUMBER, required=False),),
    ),
    Command(
        group="alerts",
        verb="ask",
        help="What came for one ask in the last 90 days",
        example="/alerts ask {ask}",
        handler=ask,
        params=(Param("number", "the number of the ask", kind=Kind.NUMBER),),
    ),
    Command(
        group="alerts",
        verb="why",
        help="Why something was said, or not",
        example="/alerts why 2026-00001",
        handler=why,
        params=(_ENTRY,),
        hidden=True,  # the button's; typed, it is /campaign why
    ),
    Command(
        group="alerts",
        verb="not-relevant",
        help="Say that an alert was not wanted; shows a narrower watch",
        example="/alerts not-relevant 2026-00001 reason:noise",
        handler=not_relevant,
        prepare=_narrower,
        params=(_ENTRY, _REASON, _NOTE, NO_DETAILS),
        who=STAFF,
        changes=True,
    ),
    Command(
        group="alerts",
        verb="snooze",
        help="Have an alert said again later",
        example="/alerts snooze 2026-00001 until:monday",
        handler=snooze,
        params=(_ENTRY, _UNTIL),
        who=STAFF,
        changes=True,
    ),
    Command(
        group="alerts",
        verb="assign",
        help="Give an alert to somebody, or take it on",
        example="/alerts assign 2026-00001 to:me",
        handler=assign,
        params=(
            _ENTRY,
            replace(_TO, complete=_people),
            Param("instead", "yes: also where somebody has it already", kind=Kind.YES_NO, required=False),
        ),
        who=STAFF,
        changes=True,
    ),
)
