"""`/letter list`, `/letter show` and `/letter changes`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from bot.commands.group import Group
from bot.commands.model import EVERYONE, STAFF, Choice, Context, Kind, Param, Refused, Reply
from bot.commands.replies import answer
from bot.letters import gates, lifecycle, lobbying, lookup, notices, records, wording
from bot.letters.documents import office_mail
from bot.letters.documents import records as sendings
from bot.letters.drafting import derive, edit
from bot.letters.filing import records as filings
from bot.letters.filing import wording as filing_wording
from bot.letters.filing.commands import is_comment
from bot.letters.lifecycle import Dossier, State
from bot.shared.calendar import day_in_words
from bot.shared.card import Button, Card, Line, Mark, Section
from bot.shared.wording import cap_lines, clock, listed, number, short, with_period

_SHOWN: Final = 9  # letters of a list

STATE: Final = Param(
    "state", "only letters in this state", required=False,
    choices=tuple(Choice(state.value, state.value.capitalize()) for state in State),
)  # fmt: skip
# Staff's next steps with a letter, by its state: label, command, style.
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
    State.WITHDRAWN: (("Duplicate", "letter duplicate", "plain"),),
}
SINCE: Final = Param(
    "since", "the version to compare with; the one before if left out", kind=Kind.NUMBER, required=False
)

slash = Group("letter", who=STAFF)


@slash.command("list", "List letters and their status", 'state:"in review"', params=(STATE,), who=EVERYONE)
def list_letters(ctx: Context, args: Mapping[str, str]) -> Reply:
    """List the letters that the asker may see, newest first."""
    wanted = (State(args["state"]),) if "state" in args else State
    letters = lookup.visible_letters(ctx, wanted)
    draft_button = Button("Draft a letter", "letter draft", style="primary")
    draft_buttons = (draft_button,) if ctx.actor.roles & STAFF else ()
    if not letters:
        head = "No letters yet" if "state" not in args else f"No letter is {args['state']}"
        start = "Press [Draft letter] on an alert, or start with /letter draft."
        hint = start if draft_buttons else "You get a message when there is one to sign."
        return answer(head, hint, buttons=draft_buttons)
    lines = cap_lines(list(map(wording.summary_line, letters)), _SHOWN, "and {:,} more: /letter list state:draft")
    opens = [wording.open_button(letter, f"Open {letter.name}") for letter in letters[:3]]
    return answer(number(len(letters), "letter"), *lines, buttons=(*opens, *draft_buttons))


@slash.command("show", "Show a letter's text and status", "L-014", params=(lookup.LETTER,), who=EVERYONE)
def show(ctx: Context, args: Mapping[str, str]) -> Reply:
    letter = lookup.letter_of(ctx, args["letter"])
    version, text = letter.version, letter.version.texts[0]
    this_one = f"{len(version.texts)} texts; this is the one for {addressee_names(letter, text.to)}."
    which_text = this_one if len(version.texts) > 1 else ""
    can_edit = lifecycle.is_allowed(letter, "edit") and any(command.path == "letter edit" for command in ctx.commands)
    numbers = {part: number_ for number_, part in enumerate(edit.parts(letter), start=1)} if can_edit else {}
    lines = wording.text_lines(text.written, numbers)
    card = Card(
        mark=Mark.LETTER,
        head=f"{letter.name}: {short(version.subject, 200)}",
        badge=wording.badge(letter),
        byline=f"{letter.state.value} · version {version.number} · to {short(wording.recipients(letter), 200)}",
        lines=(*map(Line, filter(None, (which_text,))), *lines),
        sections=(Section("Status", tuple(map(Line, status_lines(ctx, letter)))),),
        foot=f"Text {version.mark} · {version.words:,} words",
        buttons=next_buttons(ctx, letter),
    )
    return Reply(card=card)


@slash.command(
    "changes", "Show what changed in the newest version", "L-014 since:1", params=(lookup.LETTER, SINCE), who=EVERYONE
)
def changes(ctx: Context, args: Mapping[str, str]) -> Reply:
    letter = lookup.letter_of(ctx, args["letter"])
    versions = {version.number: version for version in lookup.versions_of(ctx, letter)}
    *earlier, _ = versions
    if not earlier:
        return answer(f"{letter.name} has only one version so far")
    since = int(args.get("since", earlier[-1]))
    if since not in earlier:
        numbers = listed(list(map(str, earlier)), len(earlier))
        raise Refused(f"Compare with an earlier version: {numbers}.", param="since")
    writer, saved = lookup.name_of(ctx, letter.version.by), clock(letter.version.at, ctx.zone, ctx.now)
    card = Card(
        mark=Mark.LETTER,
        head=f"{letter.name}: version {letter.version.number} against version {since}",
        byline=f"by {writer}, {saved}",
        sections=(wording.changes_section(lifecycle.changes(versions[since], letter.version)),),
        buttons=(wording.open_button(letter),),
    )
    return Reply(card=card)


def status_lines(ctx: Context, letter: Dossier) -> Iterator[str]:
    """Lines on citations, lobbying, approvals, signatures and mail."""
    if ctx.actor.roles & STAFF and not letter.is_history:
        yield from (f"Out of date: {reason}" for reason in letter.untrue)
    yield from _citation_lines(ctx, letter)
    if ctx.actor.roles & STAFF:
        yield from derive.record_lines(ctx, letter)
    yield lobbying.notice(letter)
    if approvers := records.approvals(ctx.tx, letter):
        yield f"Approved by {listed([lookup.name_of(ctx, who) for who in approvers], 9)}."
    status = notices.sign_on_status(ctx.tx, ctx.config, letter, ctx.now)
    if letter.locked_at:
        yield f"Locked, {clock(letter.locked_at, status.zone, ctx.now)}: {status.progress} signed."
    elif letter.closes_at:
        yield f"Sign-on {wording.deadline_text(status)}: {status.progress} signed."
    if ctx.actor.organisation and (sign_on := wording.sign_on_line(status, ctx.actor.organisation)):
        yield sign_on
    staff = bool(ctx.actor.roles & STAFF)
    for id_ in status.declined if staff else ():
        if reason := status.sign_ons[id_].note:
            yield f"{status.named([id_])} declined: {short(reason, 300)}"
    filing = filings.current(ctx.tx, letter.id) if staff else None
    if filing:
        yield f"{short(filing_wording.status(letter, filing), 400)}."
    yield from _mail_lines(ctx, letter)


def _mail_lines(ctx: Context, letter: Dossier) -> Iterator[str]:
    """What was sent and answered, and to staff also what is on its way or did not arrive."""
    staff = bool(ctx.actor.roles & STAFF)
    for sending in sendings.mailings(ctx.tx, letter.id) if staff else ():
        if sending.state == "queued":
            yield with_period(f"On its way to {sending.address}, since {clock(sending.asked_at, ctx.zone, ctx.now)}")
        elif sending.state != "sent":
            yield f"Not received at {sending.address}: {sending.why}."
    for mail in records.mail(ctx.tx, letter.id):
        how = f"Sent by {mail.how}" if mail.kind == "sent" else "Answered"
        note = short(mail.note, 300) if staff else ""  # notes are for staff only
        yield ": ".join(filter(None, (f"{how}, {day_in_words(mail.on)}", note)))


def _citation_lines(ctx: Context, letter: Dossier) -> Iterator[str]:
    """What the letter cites, with the source of each claim and confirmation."""
    citations = lookup.citations_now(ctx, letter)
    yield from wording.citation_lines(letter, citations)
    for claim in (each for each in letter.version.claims if not each.citation):  # the others have a note
        yield f"Claim: {claim.text} Source: {claim.source}, checked {day_in_words(claim.checked_on)}."
    for citation in citations:
        if citation.confirmation:
            confirmer = lookup.name_of(ctx, citation.confirmation.person)
            yield f"Confirmed by {confirmer}: {citation.name}. Source: {citation.confirmation.source}"


def addressee_names(letter: Dossier, ids: tuple[str, ...]) -> str:
    """The names of some of the letter's addressees, as in a sentence."""
    named = letter.facts.get("names", {})
    return listed([str(named.get(id_, id_)) for id_ in ids], 3)


def next_buttons(ctx: Context, letter: Dossier) -> tuple[Button, ...]:
    """Buttons for the asker's next steps, most likely first."""
    status = notices.sign_on_status(ctx.tx, ctx.config, letter, ctx.now)
    organization = ctx.actor.organisation if letter.state is State.OPEN else None
    paths = {command.path for command in ctx.commands}
    if ctx.actor.person in lookup.writers(ctx.tx, letter):
        paths.discard("letter approve")
    mailed = letter.state is State.LOCKED and office_mail.offices_with_address(ctx.config, letter)
    again = [gates.draft_again(letter)] if letter.untrue and not letter.is_history else []
    filing = []  # how a locked public comment gets onto its docket
    if letter.state in (State.LOCKED, State.SENT) and is_comment(ctx, letter):
        prepared = filings.current(ctx.tx, letter.id)
        step = ("Filing", "letter filing") if prepared else ("File on regulations.gov", "letter prepare")
        filing = [wording.step_button(letter, *step)]
    candidates = (
        *again,
        *(wording.organization_buttons(status, organization)[1:] if organization else ()),
        *filing,
        *(wording.step_button(letter, *step) for step in _NEXT.get(letter.state, ())),
        *([wording.step_button(letter, "Mail it", "letter mail")] if mailed else []),
    )
    allowed = [button for button in candidates if button.path in paths]
    return (*allowed, wording.export_button(letter, "docx"), wording.export_button(letter, "pdf"))[:4]
