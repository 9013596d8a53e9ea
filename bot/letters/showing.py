"""Which letters there are, what one says and how it stands, and what became of its text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from bot.alerts.words import clock, listed, number, short
from bot.calendar import day_in_words
from bot.card import Button, Card, Line, Mark, Section
from bot.command import STAFF, Choice, Desk, Kind, Param, Refused, Reply
from bot.letters import editing, finding, life, lobbying, records, relying, telling, words
from bot.letters.life import Dossier, State
from bot.letters.model import Paragraph

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


def list_(desk: Desk, args: Mapping[str, str]) -> Reply:
    """The letters that the asker may see, the newest first."""
    wanted = (State(args["state"]),) if "state" in args else State
    found = finding.seen_by(desk, wanted)
    drafts = Button("Draft a letter", "letter draft", style="primary")
    theirs = (drafts,) if desk.actor.roles & STAFF else ()
    if not found:
        none = "No letters yet" if "state" not in args else f"No letter is {args['state']}"
        how = (
            "Press [Draft letter] on an alert, or begin with /letter draft."
            if theirs
            else "You are told when one may be signed."
        )
        return Reply(card=Card(mark=Mark.ANSWER, head=none, lines=(Line(how),), buttons=theirs))
    lines = [Line(words.line(letter)) for letter in found[:_SHOWN]]
    if len(found) > _SHOWN:
        lines.append(Line(f"and {len(found) - _SHOWN} more: /letter list state:draft"))
    opens = [Button(f"Open {letter.name}", "letter show", words.about(letter)) for letter in found[:3]]
    return Reply(
        card=Card(mark=Mark.ANSWER, head=number(len(found), "letter"), lines=tuple(lines), buttons=(*opens, *theirs))
    )


def show(desk: Desk, args: Mapping[str, str]) -> Reply:
    """The whole text, and how the letter stands."""
    letter = finding.letter_of(desk, args["letter"])
    version, text = letter.version, letter.version.texts[0]
    more = (
        f"{len(version.texts)} texts; this is the one for {_names(letter, text.to)}." if len(version.texts) > 1 else ""
    )
    lines = (*((Line(more),) if more else ()), *words.whole(text.written, _numbers(desk, letter)))
    return Reply(
        card=Card(
            mark=Mark.LETTER,
            head=f"{letter.name}: {short(version.subject, 200)}",
            badge=words.badge(letter),
            byline=f"{letter.state.value} · version {version.number} · to {short(words.to(letter), 200)}",
            lines=lines,
            sections=(Section("How it stands", tuple(Line(line) for line in _standing(desk, letter))),),
            foot=f"Text {version.mark} · {version.words:,} words",
            buttons=_buttons(desk, letter),
        )
    )


def _numbers(desk: Desk, letter: Dossier) -> dict[Paragraph, int]:
    """The numbers by which the asker may edit its paragraphs; none where they may not."""
    may = life.allowed(letter, "edit") and any(command.path == "letter edit" for command in desk.commands)
    return {part: number_ for number_, part in enumerate(editing.parts(letter), start=1)} if may else {}


def changes(desk: Desk, args: Mapping[str, str]) -> Reply:
    """What one version says otherwise than another, and who wrote it."""
    letter = finding.letter_of(desk, args["letter"])
    known = {version.number: version for version in finding.versions_of(desk, letter)}
    *earlier, _ = known
    if not earlier:
        return Reply(card=Card(mark=Mark.ANSWER, head=f"{letter.name} has had one text so far"))
    since = int(args.get("since", earlier[-1]))
    if since not in earlier:
        there = listed(list(map(str, earlier)), len(earlier))
        raise Refused(f"Compare with an earlier version: {there}.", param="since")
    by = finding.names(desk.tx, desk.config.coalition.id).get(letter.version.by, finding.GONE)
    card = Card(
        mark=Mark.LETTER,
        head=f"{letter.name}: version {letter.version.number} against version {since}",
        byline=f"by {by}, {_clock(desk, letter)}",
        sections=(words.changed(life.changes(known[since], letter.version)),),
        buttons=(Button("Open", "letter show", words.about(letter)),),
    )
    return Reply(card=card)


def _standing(desk: Desk, letter: Dossier) -> Iterator[str]:
    """Claims with their sources, lobbying, approvals, signatures, mail: what there is."""
    yield from _cited(desk, letter)
    if desk.actor.roles & STAFF:
        yield from relying.lines(desk.tx, desk.config, letter, desk.now)
    yield lobbying.says(letter)
    names = finding.names(desk.tx, desk.config.coalition.id)
    if had := records.approvers(desk.tx, desk.config.coalition.id, letter):
        yield f"Approved by {listed([names.get(who, finding.GONE) for who in had], 9)}."
    sheet = telling.sheet(desk.tx, desk.config, letter, desk.now)
    if letter.locked_at:
        yield f"Locked, {clock(letter.locked_at, sheet.zone, desk.now)}: {sheet.progress} signed."
    elif letter.closes_at:
        yield f"Sign-on {words.until(sheet)}: {sheet.progress} signed."
    if desk.actor.organisation and (own := words.own(sheet, desk.actor.organisation)):
        yield own
    staff = bool(desk.actor.roles & STAFF)
    for id_ in sheet.declined if staff else ():
        if reason := sheet.sign_ons[id_].note:
            yield f"{sheet.named([id_])} declined: {short(reason, 300)}"
    for mail in records.mail(desk.tx, desk.config.coalition.id, letter.id):
        how = f"Sent by {mail.how}" if mail.kind == "sent" else "Answered"
        note = short(mail.note, 300) if staff else ""  # what staff noted, and what was answered, is theirs
        yield ": ".join(filter(None, (f"{how}, {day_in_words(mail.on)}", note)))


def _cited(desk: Desk, letter: Dossier) -> Iterator[str]:
    """What it cites, with each claim's source and each confirmation's."""
    found = finding.cited(desk.tx, desk.config.coalition, letter, desk.config.coalition.day(desk.now))
    yield from words.cites(letter, found)
    for claim in letter.version.claims:
        yield f"Claim: {claim.text} Source: {claim.source}, checked {day_in_words(claim.checked_on)}."
    names = finding.names(desk.tx, desk.config.coalition.id)
    for one in found:
        if one.confirmation:
            by = names.get(one.confirmation.person, finding.GONE)
            yield f"Confirmed by {by}: {one.name}. Source: {one.confirmation.source}"


def _names(letter: Dossier, ids: tuple[str, ...]) -> str:
    named = letter.facts.get("names", {})
    return listed([str(named.get(id_, id_)) for id_ in ids], 3)


def _clock(desk: Desk, letter: Dossier) -> str:
    sheet = telling.sheet(desk.tx, desk.config, letter, desk.now)
    return clock(letter.version.at, sheet.zone, desk.now)


def _buttons(desk: Desk, letter: Dossier) -> tuple[Button, ...]:
    """What the asker may do next, most likely first."""
    sheet = telling.sheet(desk.tx, desk.config, letter, desk.now)
    theirs = words.buttons(sheet, desk.actor.organisation)[1:] if desk.actor.organisation else ()
    paths = {command.path for command in desk.commands}
    if desk.actor.person in finding.writers(desk.tx, desk.config.coalition.id, letter):
        paths.discard("letter approve")
    every = (
        *(theirs if letter.state is State.OPEN else ()),
        *(words.button(letter, *each) for each in _NEXT.get(letter.state, ())),
    )
    may = [button for button in every if button.path in paths]
    return (*may, words.document(letter, "docx"), words.document(letter, "pdf"))[:4]
