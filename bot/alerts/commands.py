"""/alerts: list and explain alerts, and act on them. Every alert carries its buttons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from bot.alerts import cards, explain, handling
from bot.alerts.handling import VERDICTS, Handling, Names
from bot.alerts.items import items_of, read_events
from bot.alerts.preview import WINDOW, Proposal, propose, samples
from bot.commands.arguments import check_asks, matching, read_later
from bot.commands.model import STAFF, Choice, Context, Form, FormField, Group, Kind, Param, Refused, Reply, answer
from bot.entries import history, records, source_records
from bot.entries.records import StoredEntry
from bot.learning.records import ALL_ASKS, Answer, save_answer
from bot.people import audit
from bot.people import records as people
from bot.people.members import find_person
from bot.people.pii import NO_DETAILS
from bot.shared import wording
from bot.shared.calendar import day_in_words
from bot.shared.card import Button, Card, Line, Mark, Section
from bot.shared.time_phrases import HINT, MORNING
from bot.store.database import delete_rows
from bot.watch.model import asks_of

_SHOWN: Final = 9  # lines of a list
_IDS: Final = "Commands take the id of a line, as in /find ID or /alerts assign ID."
_RECENT: Final = "7"  # days
_SELECTABLE: Final = 25  # choices of a form on any platform
_ME: Final = "me"

_ENTRY: Final = Param("entry", "an address, a Federal Register number, a bill or an id", longest=2_000)
_REASON: Final = Param(
    "reason",
    "why it is not relevant",
    required=False,
    choices=(
        Choice("noise", "Noise: no one needed this"),
        Choice("wrong ask", "Wrong ask: it belongs elsewhere"),
        Choice("duplicate", "Duplicate: it was posted before"),
    ),
)
_NOTE: Final = Param("note", "a note for those who maintain the watches", kind=Kind.LONG, required=False, free=True)
_UNTIL: Final = Param("until", f"when to post it again: {HINT}", required=False, check=read_later)
_TIMES: Final = (Choice("1d", "Tomorrow"), Choice("3d", "In three days"), Choice("next monday", "Next Monday"))
_TO: Final = Param("to", "me, or a person's name", required=False)


def _people(ctx: Context, typed: str) -> Sequence[Choice]:
    choices = [
        Choice(_ME, "Me"),
        *(Choice(id_, name) for id_, name in people.names(ctx.tx).items() if id_ != ctx.actor.person),
    ]
    return matching(choices, typed)


slash = Group("alerts")


@slash.command(
    example="days:3", params=(Param("days", f"how far back; {_RECENT} if left out", kind=Kind.NUMBER, required=False),)
)
def recent(ctx: Context, args: Mapping[str, str]) -> Reply:
    """List the alerts of recent days."""
    days = min(int(args.get("days", _RECENT)), WINDOW.days)
    begin, since = ctx.now - timedelta(days=days), wording.number(days, "day")
    if (alerts := history.newest_events(ctx.tx, begin, _SHOWN, alerts=True)).count:
        return _listing(ctx, alerts, f"{wording.number(alerts.count, 'alert')} in the last {since}")
    if (lines := history.newest_events(ctx.tx, begin, _SHOWN)).count:
        return _listing(ctx, lines, f"No alerts in the last {since}, {wording.number(lines.count, 'digest line')}")
    return _no_alerts(ctx, since)


def _no_alerts(ctx: Context, period: str) -> Reply:
    """Say why there are none: no source has answered yet, or nothing matched since then."""
    sources = ctx.config.feeds.sources
    states = [
        state for id_, state in source_records.source_states(ctx.tx).items() if id_ in sources and sources[id_].enabled
    ]
    times = [state.memory.first_success_at for state in states]
    since = min(filter(None, times), default=None)
    where = " /feeds list shows each source." if ctx.actor.roles & STAFF else ""
    if since is None:
        what = f"The bot checks them while it runs: coalition-bot run.{where}"
        return answer("No source has answered yet", what)
    began = wording.clock(since, ctx.config.coalition.tz, ctx.now)
    checked = f"Nothing matched. Sources have been checked since {began}; what they listed before is not posted."
    return answer(f"No alerts in the last {period}", f"{checked}{where}")


@slash.command(example="{ask}", params=(Param("number", "the number of the ask", kind=Kind.NUMBER),))
def ask(ctx: Context, args: Mapping[str, str]) -> Reply:
    """List alerts and digest lines for one ask in the last 90 days."""
    number = int(args["number"])
    check_asks(ctx.config.coalition.asks, [number], param="number")
    raised = history.newest_events(ctx.tx, ctx.now - WINDOW, _SHOWN, ask=number)
    head = f"Ask {number}, {ctx.config.coalition.asks[number].title}"
    if not raised.count:
        return answer(head, "Nothing matched in the last 90 days. /watch list shows what looks for it.")
    lines = wording.number(raised.count - raised.alerts, "digest line")
    return _listing(ctx, raised, head, f"{wording.number(raised.alerts, 'alert')} and {lines} in 90 days")


# The button's; typed, it is /find.
@slash.command(example="2026-00001", params=(_ENTRY,), hidden=True)
def why(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Explain why something was posted or not."""
    head, *lines = explain.why(ctx.tx, ctx.config, args["entry"], now=ctx.now, stories=ctx.rooms.story_lines).lines
    later = (Button("Relevant", "alerts relevant", cards.entry_args(args["entry"])),
             Button("Snooze", "alerts snooze", cards.entry_args(args["entry"])),
             Button("Assign", "alerts assign", cards.entry_args(args["entry"])))  # fmt: skip
    return answer(head, *(line.strip() for line in lines), buttons=ctx.theirs(*later))


def _narrower(ctx: Context, args: Mapping[str, str]) -> Proposal | None:
    return propose(ctx.tx, ctx.config, _entry(ctx, args), ctx.now) if "reason" in args else None


@slash.command(
    example="2026-00001 reason:noise",
    params=(_ENTRY, _REASON, _NOTE, NO_DETAILS),
    who=STAFF,
    changes=True,
    prepare=_narrower,
)
def not_relevant(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Mark an entry as not relevant; proposes a narrower watch."""
    stored, before = _alert(ctx, args)
    names = people.names(ctx.tx)
    if verdict := before.verdict_line(names, ctx.zone, ctx.now):
        return answer(verdict)
    if "reason" not in args:
        fields = (FormField(_REASON, "What is wrong with it?", "noise"), FormField(_NOTE, "Anything to add?"))
        return _form("Not relevant", "alerts not-relevant", stored, fields)
    ended = replace(before, snoozed_until=None, snoozed_by=None)
    after = replace(ended, verdict=args["reason"], verdict_by=ctx.actor.person, verdict_at=ctx.now)
    handling.cancel_reposts(ctx, stored.id, f"marked as {VERDICTS[args['reason']]}")
    _keep(ctx, stored, before, after, names, note=args.get("note", ""))
    if args["reason"] != "duplicate":
        _teach(ctx, stored, Answer.NO, everywhere=args["reason"] == "noise")
    return _thanks(ctx, stored, args["reason"], ctx.prepared)


@slash.command(example="2026-00001", params=(_ENTRY,), who=STAFF, changes=True)
def relevant(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Mark an entry as relevant, which teaches /learn start.

    Save a Yes for each ask that a watch matched the entry to; without one, for the coalition as a whole.
    """
    stored, before = _alert(ctx, args)
    if before.verdict:
        after = replace(before, verdict=None, verdict_by=None, verdict_at=None)
        _keep(ctx, stored, before, after, people.names(ctx.tx))
    delete_rows(ctx.tx, "judgment", ask=ALL_ASKS, entry_id=stored.id)  # it may say No for every ask
    asks = _teach(ctx, stored, Answer.YES)
    title = wording.short(stored.entry.title, audit.HEADLINE)
    ctx.note(title, "", f"relevant to {wording.asks(asks) or 'our asks'}")
    return answer(f"Noted: relevant to {wording.asks(asks) or 'our asks'}", title)


def _teach(ctx: Context, stored: StoredEntry, given: Answer, *, everywhere: bool = False) -> tuple[int, ...]:
    """Save an answer for each ask that the entry was matched to, or for the coalition as a whole; return the asks.

    `everywhere`: for the coalition as a whole, in place of what was answered for single asks.
    """
    if everywhere:
        delete_rows(ctx.tx, "judgment", entry_id=stored.id)
    matches = records.matches_of(ctx.tx, [stored.id]).values()
    asks = () if everywhere else asks_of(match for stage_matches in matches for match in stage_matches)
    for ask_number in asks or (ALL_ASKS,):
        save_answer(ctx.tx, ask_number, stored.id, given, by=ctx.actor.person, now=ctx.now)
    return asks


@slash.command(example="2026-00001 until:monday", params=(_ENTRY, _UNTIL), who=STAFF, changes=True)
def snooze(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Post an alert again later."""
    stored, before = _alert(ctx, args)
    names = people.names(ctx.tx)
    if snoozed := before.snooze_line(names, ctx.zone, ctx.now):
        return answer(snoozed, "It is posted again then.")
    if "until" not in args:
        fields = (FormField(replace(_UNTIL, choices=_TIMES, required=True), "When should it come back?", "1d"),)
        return _form("Snooze", "alerts snooze", stored, fields)
    until = read_later(args["until"], ctx.local_now, MORNING)
    why_ = f"snoozed by {ctx.actor.name}, {day_in_words(ctx.now.astimezone(ctx.zone).date())}"
    channels = handling.post_again(ctx, stored, at=until, why=why_)
    if not channels:
        raise Refused(
            "It was not posted in any channel, so there is nothing to snooze. /find shows what happened to it."
        )
    after = replace(before, snoozed_until=until, snoozed_by=ctx.actor.person)
    _keep(ctx, stored, before, after, names)
    channel_names = wording.listed([f"“{audience}”" for audience in channels])
    return answer(
        after.snooze_line(names, ctx.zone, ctx.now), f"It is posted again then, in its thread in {channel_names}."
    )


@slash.command(
    example="2026-00001 to:me",
    params=(
        _ENTRY,
        replace(_TO, complete=_people),
        Param("instead", "yes: even if it is already assigned", kind=Kind.YES_NO, required=False),
    ),
    who=STAFF,
    changes=True,
)
def assign(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Assign an alert to a person."""
    stored, before = _alert(ctx, args)
    names = people.names(ctx.tx)
    if (assignment := before.assignment_line(names, ctx.zone, ctx.now)) and args.get("instead") != "yes":
        again = Button("Assign to someone else", "alerts assign", (*cards.entry_args(stored.id), ("instead", "yes")))
        return answer(assignment, buttons=(again,))
    if "to" not in args:
        choices = tuple(_people(ctx, ""))  # none if they are too many for a form
        to = replace(_TO, required=True, choices=choices if len(choices) <= _SELECTABLE else ())
        return _form("Assign", "alerts assign", stored, (FormField(to, "Who works on it?", _ME),), args)
    person = ctx.person if args["to"].casefold() == _ME else find_person(ctx, args["to"], "to").id
    after = replace(before, assigned_to=person, assigned_at=ctx.now)
    _keep(ctx, stored, before, after, names)
    return answer(
        after.assignment_line(names, ctx.zone, ctx.now),
        Line(cards.story_headline(items_of(ctx.tx, [stored])), stored.entry.link),
    )


def _keep(
    ctx: Context, stored: StoredEntry, before: Handling, after: Handling, names: Names, *, note: str = ""
) -> None:
    """Save the change, update the messages and write the audit line."""
    handling.save(ctx.tx, stored.id, after)
    summary = after.summary(names, ctx.zone, ctx.now)
    handling.update_messages(ctx, stored.id, summary)
    audit_text = ": ".join(filter(None, (summary, note)))
    ctx.note(wording.short(stored.entry.title, audit.HEADLINE), before.summary(names, ctx.zone, ctx.now), audit_text)


def _thanks(ctx: Context, stored: StoredEntry, reason: str, proposed: Proposal | None) -> Reply:
    head = f"Noted: {VERDICTS[reason]}"
    if proposed is None:
        matched = records.matches_of(ctx.tx, [stored.id])
        removed = "The watch that matched it was removed."
        return answer(head, removed if matched else "No watch matched it. The answer teaches /learn start.")
    raised = f"“{proposed.name}” matched {wording.number(proposed.raised, 'entry', 'entries')} in the last 90 days."
    if reason == "duplicate":
        return answer(head, raised, "Nothing changes: an item that appears again at another address can look new.")
    if reason == "wrong ask":
        return answer(head, raised, buttons=ctx.theirs(Button("Edit watch", "watch edit", (("name", proposed.watch),))))
    if not proposed.words:
        edit = Button("Edit watch", "watch edit", (("name", proposed.watch),))
        return answer(head, raised, "No word of its title distinguishes it from the rest.", buttons=ctx.theirs(edit))
    left = f"It would have excluded {len(proposed.left_out)} of them:"
    narrower = Section("A narrower query", (Line(proposed.query), Line(left), *samples(proposed.left_out)))
    preview = Button("Preview", "watch narrow", cards.entry_args(stored.id), "primary")
    card = Card(mark=Mark.ANSWER, head=head, lines=(Line(raised),), sections=(narrower,))
    return Reply(card=replace(card, buttons=ctx.theirs(preview)))


def _listing(ctx: Context, events: history.Events, head: str, *first: str) -> Reply:
    """The first events, a line and a button each, and the number of the others."""
    names, lines, buttons = people.names(ctx.tx), [], []
    for number, event in enumerate(read_events(ctx.tx, events), 1):
        line = cards.digest_line(event.items)
        badge = wording.asks(asks_of(match for item in event.items for match in item.matches))
        done = (handling.load(ctx.tx, item.id).summary(names, ctx.zone, ctx.now) for item in reversed(event.items))
        when, title = wording.clock(event.at, ctx.zone, ctx.now), wording.short(line.text, 160)
        text = wording.dotted(event.stored.name, when, title, badge, next(filter(None, done), ""))
        lines.append(Line(f"{number}. {text}", line.url))
        buttons.append(Button(f"Open {number}", "find", (("words", event.stored.id),)))
    more = f"and {events.count - _SHOWN:,} more" if events.count > _SHOWN else ""
    return answer(head, *first, *lines, more, line_buttons=tuple(buttons), foot=_IDS)


def _entry(ctx: Context, args: Mapping[str, str]) -> StoredEntry:
    entries = explain.find(ctx.tx, args["entry"])
    if not entries:
        raise Refused(
            f"Nothing found for “{wording.short(args['entry'], 80)}”. /alerts recent lists the newest alerts.",
            param="entry",
        )
    return entries[-1]


def _alert(ctx: Context, args: Mapping[str, str]) -> tuple[StoredEntry, Handling]:
    stored = _entry(ctx, args)
    return stored, handling.load(ctx.tx, stored.id)


def _form(
    title: str, path: str, stored: StoredEntry, fields: tuple[FormField, ...], args: Mapping[str, str] | None = None
) -> Reply:
    return Reply(
        form=Form(title=title, path=path, fields=fields, args={**(args or {}), **dict(cards.entry_args(stored.id))})
    )
