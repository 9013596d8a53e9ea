"""Meetings with offices as the asker may read them: one in full, what members said on a bill, reminders and tasks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, time
from typing import Final

from bot.bills.positions import Evidence
from bot.commands.model import Actor, Context, Job, Refused, Reply, SearchHit, Work, answer
from bot.config.load import Config
from bot.deadlines import records as ledger
from bot.deadlines import wording as deadlines
from bot.deadlines.model import Basis, Commitment
from bot.deadlines.model import State as Outcome
from bot.offices import records
from bot.offices.model import Answer, Meeting, MeetingAsk, State
from bot.offices.picking import OfficeIndex
from bot.offices.wording import step
from bot.outbox.messages import post_to_first_reader
from bot.people.records import names
from bot.shared.calendar import day_in_words
from bot.shared.card import Button, Card, Line, Mark
from bot.shared.plain_text import short_hash
from bot.shared.search import Words
from bot.shared.wording import bill, dotted, listed, quoted, short
from bot.store.database import Reader

# What members of Congress said to us, by Bioguide id, oldest first.
Statements = Mapping[str, Sequence[tuple[Answer, Evidence]]]
KIND: Final = "meeting"  # of deliveries
PRIVATE: Final = "Not public, and in no letter: for staff and the members that came."
_MORNING: Final = time(9)  # local time
_ASKED, _SAID = 160, 400  # characters in a line
STATES: Final = tuple(each.value for each in State)


def visible(ctx: Context) -> list[Meeting]:
    """The meetings that the asker may read, the latest first, and after them those that were canceled."""
    every = [meeting for meeting in records.meetings(ctx.tx) if meeting.is_open_to(ctx.actor)]
    return sorted(every, key=lambda meeting: meeting.state is State.CANCELED)


def in_words(ctx: Context) -> Iterator[tuple[str, str, str, str, str, str]]:
    """The label, day, office, state, promises and next step of each meeting that the asker may read."""
    owed, owners = promises(ctx), names(ctx.tx)
    for each in visible(ctx):
        by = day_in_words(each.next_on) if each.next_on else ""
        owner = "done" if each.done_at else owners.get(each.next_by or "", "")
        promised = "; ".join(f"{one.owed}, by {day_in_words(one.due)}" for one in owed[each.promise_id])
        yield (
            each.label,
            day_in_words(each.on),
            each.office_name,
            each.state.value,
            promised,
            dotted(each.next_step, by, owner) if by else "",
        )


def is_one_office(ctx: Context, name: str) -> bool:
    """Whether meetings and contacts are kept of it: not of "each U.S. attorney"."""
    with suppress(Refused):
        return bool(name and OfficeIndex(ctx).find(name))
    return False


def search(ctx: Context, wanted: Words) -> Iterator[SearchHit]:
    """The meetings that the asker may read, by office, purpose, what was asked and said, and the next step."""
    every = visible(ctx)
    asks = records.asks_of(ctx.tx, every)
    texts = {each.id: [part for ask in asks[each.id] for part in (ask.asked, ask.reply)] for each in every}
    for each in every:
        if wanted.fit(each.label, each.office_name, each.purpose, each.role, each.next_step, *texts[each.id]):
            at = datetime.combine(each.on, time(), ctx.zone)
            yield SearchHit("Meetings", at, each.label, f"{each.office_name}, {each.state}")


def promises(work: Work) -> defaultdict[str, list[Commitment]]:
    """What was promised in each meeting, by its `promise_id`, from the ledger; the earliest due first."""
    by_meeting = defaultdict[str, list[Commitment]](list)
    for id_, commitment in ledger.load_commitments(work.tx, work.config.coalition, internal=True).items():
        if commitment.kind is Basis.MEETING:
            by_meeting[id_.partition("-")[0]].append(commitment)
    return by_meeting


def statements_on(ctx: Context, bills: Collection[str]) -> Statements:
    """What members of Congress said to us on these bills in meetings that the asker may read."""
    past = [meeting for meeting in reversed(visible(ctx)) if meeting.office.startswith("member:")]
    asks, by_member = records.asks_of(ctx.tx, past), dict[str, list[tuple[Answer, Evidence]]]()
    for meeting in past:
        for each in asks[meeting.id]:
            if each.answer and each.bill in bills:
                text = f"{each.answer.capitalize()} to {_ours(ctx, meeting)}, asked {quoted(each.asked)}"
                evidence = Evidence(text, meeting.on, None, f"meeting {meeting.label}, not public", "")
                by_member.setdefault(meeting.office.removeprefix("member:"), []).append((each.answer, evidence))
    return by_member


def last_meeting(ctx: Context, meetings: Iterable[Meeting]) -> Iterator[str]:
    """Lines on the last of an office's meetings, and on the promises of all of them that are open."""
    past = [meeting for meeting in meetings if meeting.state is State.HELD]
    owed = promises(ctx)
    for meeting in past[:1]:
        yield f"Last meeting {day_in_words(meeting.on)}, with {_ours(ctx, meeting)} ({meeting.label})"
        yield from map(_ask_line, records.asks_of(ctx.tx, [meeting])[meeting.id])
    every = [each for meeting in past for each in owed[meeting.promise_id]]
    yield from (_promise_line(ctx, each) for each in every if each.state is not Outcome.MET)


def find(ctx: Context, typed: str, meetings: Sequence[Meeting] | None = None) -> Meeting:
    """The meeting. Who may not read it gets the answer for one that does not exist. Raises `Refused`."""
    number = typed.upper().removeprefix("M-")
    for meeting in visible(ctx) if meetings is None else meetings:
        if str(meeting.number) == number:
            return meeting
    raise Refused(f"There is no meeting “{typed[:20]}” that you may open: see /meeting list.", param="meeting")


def reply(ctx: Context, meeting: Meeting) -> Reply:
    """The meeting's card, with what the asker may do."""
    people, args = names(ctx.tx), (("meeting", meeting.label),)
    asks = records.asks_of(ctx.tx, [meeting])[meeting.id]
    lines = [
        dotted(
            f"For: {meeting.purpose}" if meeting.purpose else "",
            f"With: {meeting.role}" if meeting.role else "",
            f"Ours: {_ours(ctx, meeting)}",
            f"Logged by {people.get(meeting.logged_by, 'someone who left')}",
        ),
        *map(_ask_line, asks),
        *(_promise_line(ctx, each) for each in promises(ctx)[meeting.promise_id]),
    ]
    if meeting.next_on:
        owner = people.get(meeting.next_by or "", "no one yet")
        lines.append(f"{step(meeting)}: {'done' if meeting.done_at else owner}")
    buttons = [Button("Step done", "meeting done", args, "primary")] if has_step(ctx, meeting) else []
    if meeting.is_changed_by(ctx.actor):
        buttons += _changes(meeting, asks)
    days = {State.HELD: "held", State.ASKED: "asked for", State.CANCELED: "canceled, was for"}
    head = f"{meeting.label}: {meeting.office_name}, {days[meeting.state]} {day_in_words(meeting.on)}"
    return answer(head, *lines, buttons=ctx.theirs(*buttons), foot=PRIVATE)


def _changes(meeting: Meeting, asks: Sequence[MeetingAsk]) -> list[Button]:
    """What may be done with a meeting in its state."""
    args = (("meeting", meeting.label),)
    log, remove = (*args, ("office", meeting.office)), Button("Remove", "meeting remove", args)
    move = Button("Move", "meeting move", args)
    if meeting.state is State.CANCELED:
        return [move, remove]
    if meeting.state is State.ASKED:
        cancel = Button("Cancel", "meeting cancel", args)
        return [Button("Log it", "meeting log", log, "primary"), move, cancel, remove]
    on_bill = meeting.office.startswith("member:") and asks and not asks[-1].bill  # no field of Discord's form is left
    return [
        Button("Add an ask", "meeting log", log),
        *([Button("Answer on a bill", "meeting answer", args)] if on_bill else ()),
        *([Button("Correct", "meeting correct", args)] if asks else ()),
        remove,
    ]


def has_step(ctx: Context, meeting: Meeting) -> bool:
    """Whether a next step is open, and the asker may say that it is done."""
    return meeting.has_open_step and (meeting.next_by == ctx.person or meeting.is_changed_by(ctx.actor))


def _ask_line(each: MeetingAsk) -> str:
    on = f" {bill(each.bill)}: {each.answer}." if each.bill and each.answer else ""
    return f"Asked {quoted(short(each.asked, _ASKED))}; they said {quoted(short(each.reply, _SAID))}.{on}"


def _promise_line(ctx: Context, each: Commitment) -> str:
    """`Promised: Fri Dec 18, 2026: A reply, due in 25 days [m1]`, without the meeting, which is above it."""
    return f"Promised: {deadlines.commitment_line(each, ctx.today).text.replace(f' ({each.basis})', '')}"


def _ours(ctx: Context, meeting: Meeting) -> str:
    """Who of us was there: our members, else the coalition itself."""
    coalition = ctx.config.coalition
    came = [coalition.members[each] for each in meeting.organizations if each in coalition.members]
    return listed([each.short or each.name for each in came] or [coalition.short or coalition.name])


# --- reminders and tasks ----------------------------------------------------------------------------------------------


def remind(job: Job) -> None:
    """Remind people of their next steps, once, from nine in the morning of the day."""
    local = job.now.astimezone(job.config.coalition.tz)
    if local.time() >= _MORNING and records.steps_due(job.db, local.date()):
        with job.write() as work:
            for meeting in records.steps_due(work.tx, work.today):
                _remind_of(work, meeting)


def _remind_of(work: Work, meeting: Meeting) -> None:
    args, readers = (("meeting", meeting.label),), [each for each in (meeting.next_by, meeting.logged_by) if each]
    card = Card(
        mark=Mark.DEADLINE,
        head=step(meeting),
        lines=(Line(f"From {meeting.label}, {day_in_words(meeting.on)}."),),
        buttons=(Button("Step done", "meeting done", args, "primary"), Button("Show", "meeting show", args)),
    )
    name, admin = f"meeting:{meeting.id}:{short_hash(card.head)}", work.config.feeds.admin  # each step has its own
    post_to_first_reader(work, readers, admin, name, card, kind=KIND, needs=meeting.readers)
    records.save_meeting(work.tx, replace(meeting, reminded_at=work.now))


def waiting(db: Reader, config: Config, actor: Actor, now: datetime) -> list[Line]:
    """A person's open next steps, and the meetings that they asked for whose day has passed."""
    lines, today = [], config.coalition.day(now)
    for meeting in (each for each in records.meetings(db) if actor.person and each.is_open_to(actor)):
        show = f" (/meeting show {meeting.label})"
        if meeting.has_open_step and meeting.next_by == actor.person:
            lines.append(Line(f"{step(meeting)}{show}"))
        elif meeting.state is State.ASKED and meeting.logged_by == actor.person and meeting.on < today:
            lines.append(Line(f"Was the meeting with {meeting.office_name} held?{show}"))
    return lines
