"""Letters as people ask for them: the list, one, its changes, and what waits for a person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Final

from bot.commands.model import (
    EDITORS,
    EVERYONE,
    STAFF,
    Actor,
    Choice,
    Context,
    Kind,
    Param,
    Reference,
    Refused,
    Reply,
    Role,
    answer,
)
from bot.config.load import Config
from bot.letters import gates, lifecycle, lobbying, lookup, notices, records, wording
from bot.letters.allies import records as ally_records
from bot.letters.allies.model import Stage
from bot.letters.documents import office_mail
from bot.letters.documents import records as sendings
from bot.letters.drafting import derive, edit
from bot.letters.filing import records as filings
from bot.letters.filing import wording as filing_wording
from bot.letters.filing.commands import is_comment
from bot.letters.filing.model import FilingState
from bot.letters.lifecycle import Decision, Dossier, State
from bot.letters.lookup import LetterGroup
from bot.letters.templates import template
from bot.letters.templates.template import TemplateProblem, used_facts
from bot.people.sessions import ASSISTANT
from bot.shared.calendar import day_in_words
from bot.shared.card import Button, Card, Line, Mark, Section
from bot.shared.wording import cap_lines, clock, coming, listed, number, short, with_period
from bot.store.database import Reader

_SUBJECT = 90
_IN_DIGEST = 4  # letters in one digest
_SHOWN: Final = 9  # letters of a list
OUT_OF_DATE: Final = "Out of date: "

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

slash = LetterGroup("letter", who=STAFF)


def waiting(db: Reader, config: Config, actor: Actor, now: datetime) -> list[Line]:
    """Letters that the actor can sign for their organization, approve or file; what closes first is first."""
    lines = list[str]()
    letters = records.letters(db, (State.OPEN, State.REVIEW))
    for letter in sorted(letters, key=lambda each: (each.state is State.REVIEW, each.closes_at or now)):
        end = letter.closes_at if letter.is_open(now) else None
        closes = f", closes {coming(end, config.coalition.tz)}" if end else ""
        if end and actor.organisation and Role.REPRESENTATIVE in actor.roles:
            sign_on = records.sign_ons(db, letter.id).get(actor.organisation)
            if sign_on is None or (sign_on.decision is not Decision.DECLINED and not sign_on.counts(letter.version)):
                lines.append(f"To sign: {_title(letter)}{closes} (/letter show {letter.name})")
        if letter.state is State.OPEN and actor.roles & EDITORS:
            allies = ally_records.requests(db, (Stage.CONFIRMED,), letter.id)
            if allies:
                ask = number(len(allies), "organization asks", "organizations ask")
                lines.append(f"To accept: {ask} to sign {letter.name}{closes} (/allies list {letter.name})")
        approves = letter.state is State.REVIEW and Role.APPROVER in actor.roles
        done = {*records.approvals(db, letter), *lookup.writers(db, letter)}
        if approves and actor.person not in done:
            lines.append(f"To approve: {_title(letter)} (/letter approve {letter.name})")
    return [Line(text) for text in (*lines, *_filings(db, actor))]


def _filings(db: Reader, actor: Actor) -> Iterator[str]:
    for filing in filings.waiting(db) if actor.roles & {Role.APPROVER, Role.POLICY} else ():
        letter = records.find(db, filing.letter)
        if letter is None or letter.state is State.WITHDRAWN:
            continue
        if filing.state is FilingState.UNCLEAR:
            yield f"To settle: was {letter.name} received by regulations.gov? (/letter filing {letter.name})"
        elif Role.APPROVER in actor.roles and actor.person != filing.prepared_by:
            yield f"To file: {_title(letter)} (/letter filing {letter.name})"


def open_sign_ons(db: Reader, config: Config, now: datetime) -> list[str]:
    """One line per letter that members can sign now and have not answered, earliest deadline first:

    `L-014 waits for 3 sign-ons until Fri Dec 4, 2026, 5 p.m. EST: Fund services on their own`.
    """
    letters = sorted(records.letters(db, (State.OPEN,)), key=lambda letter: (letter.closes_at or now, letter.id))
    statuses = [notices.sign_on_status(db, config, letter, now) for letter in letters if letter.is_open(now)]
    return [
        f"{status.letter.name} waits for {number(len(status.waiting), 'sign-on')} {wording.deadline_text(status)}: "
        f"{short(status.letter.version.subject, _SUBJECT)}"
        for status in statuses
        if status.waiting
    ]


def digest(db: Reader, config: Config, audience: str, now: datetime) -> list[Section]:
    """The digest's section on open sign-ons; empty except in the sign-on channel."""
    lines = open_sign_ons(db, config, now) if audience == config.coalition.letters.channel else []
    shown = cap_lines(lines, _IN_DIGEST, "and {:,} more: /letter list")
    return [Section("Letters", tuple(map(Line, shown)))] if lines else []


def signatures_of(ctx: Context, person: str) -> list[Line]:
    """The signatures this person gave under letters that are not locked yet; they stay when the person leaves."""
    letters = records.letters(ctx.tx, (State.OPEN, State.REVIEW))
    return [
        Line(f"Signed for {sign_on.legal_name}: {_title(letter)}. The signature stays.")
        for letter in letters
        for sign_on in lookup.sign_ons(ctx.tx, ctx.config.coalition, letter.id).values()
        if sign_on.person == person
        and sign_on.counts(letter.version)
        and sign_on.organisation in ctx.config.coalition.members
    ]


def references(ctx: Context, kind: str, name: str) -> list[Reference]:
    """The unlocked letters on an ask, to an office, with a member's signature, or with a fact of the coalition."""
    uses = list[Reference]()
    for letter in records.letters(ctx.tx, (State.DRAFT, State.REVIEW, State.APPROVED, State.OPEN)):
        if kind == "ask" and str(letter.ask) == name:
            uses.append(Reference(f"{_title(letter)} is about it; the letter stays as it is."))
        elif kind == "office" and any(f"office:{name}" in text.to for text in letter.version.texts):
            uses.append(Reference(f"{_title(letter)} is addressed to it: withdraw the letter first.", forbids=True))
        elif kind == "member":
            sign_on = records.sign_ons(ctx.tx, letter.id).get(name)
            if sign_on and sign_on.decision is Decision.SIGNED:
                advice = "lock the letter, or withdraw the signature, first"
                uses.append(Reference(f"It signed {_title(letter)}, which is not locked yet: {advice}.", forbids=True))
        elif kind == "fact" and _uses(ctx, letter, name):
            uses.append(Reference(f"{letter.name} uses it."))
    return uses


def _uses(ctx: Context, letter: Dossier, fact: str) -> bool:
    """Whether the letter prints a fact that the coalition sets, such as `coalition.phone` or `ask.4`."""
    if fact.partition(".")[2] in lookup.LETTERHEAD:
        return True
    with suppress(TemplateProblem):
        used = used_facts(template.read(ctx.config.folder, letter.template))
        own = "ask" if fact == f"ask.{letter.ask}" else fact
        return any(path == own or path.startswith(f"{own}.") for path in used)
    return True


def _title(letter: Dossier) -> str:
    return f"{letter.name} {short(letter.version.subject, _SUBJECT)}"


@slash.command(verb="list", example='state:"in review"', params=(STATE,), who=EVERYONE)
def list_letters(ctx: Context, args: Mapping[str, str]) -> Reply:
    """List letters and their status."""
    letters = lookup.visible_letters(ctx, (State(args["state"]),) if "state" in args else State)
    draft_buttons = ctx.theirs(Button("Draft a letter", "letter draft", style="primary"))
    if not letters:
        head = "No letters yet" if "state" not in args else f"No letter is {args['state']}"
        start = "Press [Draft letter] on an alert, or start with /letter draft."
        hint = start if draft_buttons else "You get a message when there is one to sign."
        return answer(head, hint, buttons=draft_buttons)
    lines = cap_lines(list(map(wording.summary_line, letters)), _SHOWN, "and {:,} more: /letter list state:draft")
    opens = [wording.open_button(letter, f"Open {letter.name}") for letter in letters[:3]]
    return answer(number(len(letters), "letter"), *lines, buttons=(*opens, *draft_buttons))


@slash.step(changes=False, who=EVERYONE)
def show(ctx: Context, letter: Dossier, _: Mapping[str, str]) -> Reply:
    """Show a letter's text, status and buttons."""
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
        sections=(*wording.translated_text(letter), Section("Status", tuple(map(Line, status_lines(ctx, letter))))),
        foot=f"Text {version.mark} · {version.words:,} words",
        buttons=next_buttons(ctx, letter),
    )
    return Reply(card=card)


@slash.step(example="since:1", params=(SINCE,), changes=False, who=EVERYONE)
def changes(ctx: Context, letter: Dossier, args: Mapping[str, str]) -> Reply:
    """Show what changed in the newest version."""
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
        yield from (f"{OUT_OF_DATE}{reason}" for reason in letter.untrue)
    yield from _citation_lines(ctx, letter)
    yield from lookup.translation_lines(ctx, letter)
    if ctx.actor.roles & STAFF:
        yield from derive.record_lines(ctx, letter)
    yield lobbying.notice(letter)
    if approvers := lookup.approvals(ctx.tx, letter):
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
    yield from filter(None, (lookup.objections(ctx.tx, ctx.config.coalition, letter) if staff else "",))
    filing = filings.current(ctx.tx, letter.id) if staff else None
    if filing:
        yield f"{short(filing_wording.status(letter, filing), 400)}."
    yield from _mail_lines(ctx, letter)


def _mail_lines(ctx: Context, letter: Dossier) -> Iterator[str]:
    """What was sent and answered, and to staff also what is on its way or may not have arrived."""
    staff = bool(ctx.actor.roles & STAFF) and ctx.actor.platform != ASSISTANT  # which gets no addresses of people
    for sending in sendings.mailings(ctx.tx, letter.id) if staff else ():
        if sending.state == "queued":
            yield with_period(f"On its way to {sending.address}, since {clock(sending.asked_at, ctx.zone, ctx.now)}")
        elif sending.state != "sent":
            yield f"Mail to {sending.address}: {sending.why}."
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
    organization = ctx.actor.organisation if lifecycle.is_allowed(letter, "unsign") else None
    paths = {command.path for command in ctx.commands}
    if ctx.actor.person in lookup.writers(ctx.tx, letter):
        paths.discard("letter approve")
    to = office_mail.recipients(ctx.tx, ctx.config, letter, ctx.today)[0] if letter.state is State.LOCKED else {}
    to_mail = office_mail.unmailed(ctx.tx, letter, to.values())
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
        *([wording.step_button(letter, "Mail it", "letter mail")] if to_mail else []),
    )
    allowed = [button for button in candidates if button.path in paths]
    return (*allowed, wording.export_button(letter, "docx"), wording.export_button(letter, "pdf"))[:4]
