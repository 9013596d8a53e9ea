"""Which letters there are, what one says and how it stands, and what became of its text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from bot.commands.model import STAFF, Choice, Context, Kind, Param, Refused, Reply
from bot.letters import lifecycle, lookup, notices, records, wording
from bot.letters.approval import premises
from bot.letters.drafting import edit
from bot.letters.lifecycle import Dossier, State
from bot.letters.model import Paragraph
from bot.letters.signon import lobbying
from bot.shared.calendar import day_in_words
from bot.shared.card import Button, Card, Line, Mark, Section
from bot.shared.wording import clock, listed, number, short

_SHOWN: Final = 9  # letters of a list

STATE: Final = Param(
    "state", "only those that stand so", required=False,
    choices=tuple(Choice(state.value, state.value.capitalize()) for state in State),
)  # fmt: skip
# What staff may do next with a letter, by its state: label, command, style.
_NEXT: Final[Mapping[State, tuple[tuple[str, str, str], ...]]] = {
    State.DRAFT: (("Edit", "letter edit", "plain"), ("Request approval", "letter review", "primary")),
    State.REVIEW: (
        ("Approve", "letter approve", "primary"),
        ("Edit", "letter edit", "plain"),
        ("Request approval", "letter review", "plain"),
    ),
    State.APPROVED: (("Open for sign-on", "letter signon", "primary"), ("Lock", "letter lock", "plain")),
    State.OPEN: (("Remind", "letter remind", "plain"), ("Lock", "letter lock", "plain")),
    State.LOCKED: (("Log as sent", "letter sent", "primary"),),
    State.SENT: (("Log an answer", "letter reply", "primary"), ("Close", "letter close", "plain")),
    State.ANSWERED: (("Close", "letter close", "primary"),),
    State.WITHDRAWN: (("Draft it anew", "letter duplicate", "plain"),),
}
SINCE: Final = Param(
    "since", "the version to compare with; the one before if left out", kind=Kind.NUMBER, required=False
)


def list_(ctx: Context, args: Mapping[str, str]) -> Reply:
    """The letters that the asker may see, the newest first."""
    wanted = (State(args["state"]),) if "state" in args else State
    found = lookup.seen_by(ctx, wanted)
    drafts = Button("Draft a letter", "letter draft", style="primary")
    theirs = (drafts,) if ctx.actor.roles & STAFF else ()
    if not found:
        none = "No letters yet" if "state" not in args else f"No letter is {args['state']}"
        how = (
            "Press [Draft letter] on an alert, or begin with /letter draft."
            if theirs
            else "You are told when one may be signed."
        )
        return Reply(card=Card(mark=Mark.ANSWER, head=none, lines=(Line(how),), buttons=theirs))
    lines = [Line(wording.line(letter)) for letter in found[:_SHOWN]]
    if len(found) > _SHOWN:
        lines.append(Line(f"and {len(found) - _SHOWN} more: /letter list state:draft"))
    opens = [Button(f"Open {letter.name}", "letter show", wording.about(letter)) for letter in found[:3]]
    return Reply(
        card=Card(mark=Mark.ANSWER, head=number(len(found), "letter"), lines=tuple(lines), buttons=(*opens, *theirs))
    )


def show(ctx: Context, args: Mapping[str, str]) -> Reply:
    """The whole text, and how the letter stands."""
    letter = lookup.letter_of(ctx, args["letter"])
    version, text = letter.version, letter.version.texts[0]
    more = (
        f"{len(version.texts)} texts; this is the one for {_names(letter, text.to)}." if len(version.texts) > 1 else ""
    )
    lines = (*((Line(more),) if more else ()), *wording.whole(text.written, _numbers(ctx, letter)))
    return Reply(
        card=Card(
            mark=Mark.LETTER,
            head=f"{letter.name}: {short(version.subject, 200)}",
            badge=wording.badge(letter),
            byline=f"{letter.state.value} · version {version.number} · to {short(wording.to(letter), 200)}",
            lines=lines,
            sections=(Section("How it stands", tuple(Line(line) for line in _standing(ctx, letter))),),
            foot=f"Text {version.mark} · {version.words:,} words",
            buttons=_buttons(ctx, letter),
        )
    )


def _numbers(ctx: Context, letter: Dossier) -> dict[Paragraph, int]:
    """The numbers by which the asker may edit its paragraphs; none where they may not."""
    may = lifecycle.allowed(letter, "edit") and any(command.path == "letter edit" for command in ctx.commands)
    return {part: number_ for number_, part in enumerate(edit.parts(letter), start=1)} if may else {}


def changes(ctx: Context, args: Mapping[str, str]) -> Reply:
    """What one version says otherwise than another, and who wrote it."""
    letter = lookup.letter_of(ctx, args["letter"])
    known = {version.number: version for version in lookup.versions_of(ctx, letter)}
    *earlier, _ = known
    if not earlier:
        return Reply(card=Card(mark=Mark.ANSWER, head=f"{letter.name} has had one text so far"))
    since = int(args.get("since", earlier[-1]))
    if since not in earlier:
        there = listed(list(map(str, earlier)), len(earlier))
        raise Refused(f"Compare with an earlier version: {there}.", param="since")
    by = lookup.names(ctx.tx, ctx.config.coalition.id).get(letter.version.by, lookup.GONE)
    card = Card(
        mark=Mark.LETTER,
        head=f"{letter.name}: version {letter.version.number} against version {since}",
        byline=f"by {by}, {_clock(ctx, letter)}",
        sections=(wording.changed(lifecycle.changes(known[since], letter.version)),),
        buttons=(Button("Open", "letter show", wording.about(letter)),),
    )
    return Reply(card=card)


def _standing(ctx: Context, letter: Dossier) -> Iterator[str]:
    """Claims with their sources, lobbying, approvals, signatures, mail: what there is."""
    yield from _cited(ctx, letter)
    if ctx.actor.roles & STAFF:
        yield from premises.lines(ctx.tx, ctx.config, letter, ctx.now)
    yield lobbying.says(letter)
    names = lookup.names(ctx.tx, ctx.config.coalition.id)
    if had := records.approvers(ctx.tx, ctx.config.coalition.id, letter):
        yield f"Approved by {listed([names.get(who, lookup.GONE) for who in had], 9)}."
    sheet = notices.sheet(ctx.tx, ctx.config, letter, ctx.now)
    if letter.locked_at:
        yield f"Locked, {clock(letter.locked_at, sheet.zone, ctx.now)}: {sheet.progress} signed."
    elif letter.closes_at:
        yield f"Sign-on {wording.until(sheet)}: {sheet.progress} signed."
    if ctx.actor.organisation and (own := wording.own(sheet, ctx.actor.organisation)):
        yield own
    staff = bool(ctx.actor.roles & STAFF)
    for id_ in sheet.declined if staff else ():
        if reason := sheet.sign_ons[id_].note:
            yield f"{sheet.named([id_])} declined: {short(reason, 300)}"
    for mail in records.mail(ctx.tx, ctx.config.coalition.id, letter.id):
        how = f"Sent by {mail.how}" if mail.kind == "sent" else "Answered"
        note = short(mail.note, 300) if staff else ""  # what staff noted, and what was answered, is theirs
        yield ": ".join(filter(None, (f"{how}, {day_in_words(mail.on)}", note)))


def _cited(ctx: Context, letter: Dossier) -> Iterator[str]:
    """What it cites, with each claim's source and each confirmation's."""
    found = lookup.cited(ctx.tx, ctx.config.coalition, letter, ctx.config.coalition.day(ctx.now))
    yield from wording.cites(letter, found)
    for claim in letter.version.claims:
        yield f"Claim: {claim.text} Source: {claim.source}, checked {day_in_words(claim.checked_on)}."
    names = lookup.names(ctx.tx, ctx.config.coalition.id)
    for one in found:
        if one.confirmation:
            by = names.get(one.confirmation.person, lookup.GONE)
            yield f"Confirmed by {by}: {one.name}. Source: {one.confirmation.source}"


def _names(letter: Dossier, ids: tuple[str, ...]) -> str:
    named = letter.facts.get("names", {})
    return listed([str(named.get(id_, id_)) for id_ in ids], 3)


def _clock(ctx: Context, letter: Dossier) -> str:
    sheet = notices.sheet(ctx.tx, ctx.config, letter, ctx.now)
    return clock(letter.version.at, sheet.zone, ctx.now)


def _buttons(ctx: Context, letter: Dossier) -> tuple[Button, ...]:
    """What the asker may do next, most likely first."""
    sheet = notices.sheet(ctx.tx, ctx.config, letter, ctx.now)
    theirs = wording.buttons(sheet, ctx.actor.organisation)[1:] if ctx.actor.organisation else ()
    paths = {command.path for command in ctx.commands}
    if ctx.actor.person in lookup.writers(ctx.tx, ctx.config.coalition.id, letter):
        paths.discard("letter approve")
    every = (
        *(theirs if letter.state is State.OPEN else ()),
        *(wording.button(letter, *each) for each in _NEXT.get(letter.state, ())),
    )
    may = [button for button in every if button.path in paths]
    return (*may, wording.document(letter, "docx"), wording.document(letter, "pdf"))[:4]
