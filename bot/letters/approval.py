"""Request approval of a letter, approve it, confirm with a source what it says, withdraw it, draft it again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Final

from bot.commands.model import (
    APPROVER,
    STAFF,
    Choice,
    Context,
    Form,
    FormField,
    Kind,
    Param,
    Refused,
    Reply,
    Role,
    answer,
)
from bot.deadlines.model import aged_claims
from bot.letters import gates, lifecycle, lobbying, lookup, notices, opening, records, wording
from bot.letters.allies import records as allies
from bot.letters.allies.model import Stage
from bot.letters.documents import office_mail
from bot.letters.drafting import derive, edit, merging
from bot.letters.facts import Rendering, Topic
from bot.letters.filing import records as filings
from bot.letters.filing import wording as filing_wording
from bot.letters.filing.model import FilingState
from bot.letters.lifecycle import Dossier, State, Text
from bot.letters.recipients import resolve_all, warning_for_letter
from bot.letters.statements.sourcing import Basis, Confirmation, SourcedCitation
from bot.letters.templates import template
from bot.people.pii import NO_DETAILS
from bot.shared.card import Button, Card, Line, Mark
from bot.shared.lookalikes import unprintable
from bot.shared.wording import listed, number, quoted, short
from bot.store.database import insert_rows

WHY: Final = Param("why", "the reason, which others see", required=False, longest=300, free=True)
# Not `sure`, which says that a reason identifies nobody: each question has its own answer.
_WITHDRAW: Final = replace(lookup.AGREE, help="do not ask again")

slash = lookup.LetterGroup("letter", who=STAFF)


@slash.step(needs="review")
def review(ctx: Context, letter: Dossier, _: Mapping[str, str]) -> Reply:
    """Ask for approval."""
    if blanks := letter.version.blanks:
        raise Refused(f"It still has to be filled in: {listed(blanks)}. /letter edit {letter.name}", param="letter")
    if sign := unprintable("".join("".join(passage.split()) for passage in letter.version.passages)):
        raise Refused(
            f"The PDF of a letter cannot show “{sign}”. Write it without: /letter edit {letter.name}", param="letter"
        )
    gates.check_current(ctx, letter)
    can, needed = lookup.other_approvers(ctx, letter), ctx.config.coalition.letters.approvals
    if len(can) < needed:
        have = f"{len(can) or 'no'} {'approver' if len(can) == 1 else 'approvers'}"
        raise Refused(
            f"{letter.name} needs {number(needed, 'approval')} from people who did not write it, and there "
            f"{'is' if len(can) == 1 else 'are'} {have} like that. {lookup.MAKE_APPROVER}{_on_console(ctx)}"
        )
    after = replace(letter, state=lifecycle.next_state(letter, "review"))
    notices.save_letter(ctx, after)
    ctx.note(letter.name, letter.state.value, f"{after.state.value}, text {letter.version.mark}")
    card = _approval_card(ctx, after)
    event, done = f"approve:{letter.version.key}", records.approvals(ctx.tx, after)
    waiting = [person.id for person in can if person.id not in done]
    asked = len(notices.send(ctx, letter, event, card, *waiting, needs=Role.APPROVER))
    if not asked and not _missing_approvals(ctx, after):  # a text that was approved before
        return _finish_approval(ctx, after)
    nobody = "No one new was asked: the approvers were asked before, or have no chat account."
    note = f"{number(asked, 'approver')} asked." if asked else nobody
    return _answer(after, f"{letter.name} waits for approval", note, _missing_approvals(ctx, after))


@slash.step(
    params=(lookup.AGREE, lookup.TEXT),
    needs="approve",
    who=APPROVER,
    button="Approvers press Approve in the message that asks them, or under /letter show.",
)
def approve(ctx: Context, letter: Dossier, args: Mapping[str, str]) -> Reply:
    """Approve the text you have read."""
    if ctx.person in lookup.writers(ctx.tx, letter):
        others = [person.name for person in lookup.other_approvers(ctx, letter)]
        nobody = f"No one else can yet. {lookup.MAKE_APPROVER}"
        can = f"{listed(others)} can: /letter approve {letter.name}." if others else nobody
        wrote = f"You wrote some of {letter.name}, so another person has to approve it."
        raise Refused(f"{wrote} {can}{_on_console(ctx)}")
    if not letter.version.is_text(args.get("text", letter.version.digest)):
        buttons = (
            wording.open_button(letter, "Read"),
            wording.step_button(letter, "Approve", "letter approve", "primary"),
        )
        seen = lookup.version_shown(ctx, letter, args["text"])
        return Reply(card=wording.text_changed_card(letter, seen, buttons, Mark.LETTER))
    lookup.check_translation_read(ctx, letter)
    if args.get("text") != letter.version.digest or "agree" not in args:  # the form names the text and its digest
        asked = f"You have read version {letter.version.number} and approve it?"
        field = _agreement(asked, "I have read it and approve it", lobbying.notice(letter))
        title, carried = f"Approve {letter.name}", dict(wording.text_args(letter))
        return Reply(form=Form(title=title, path="letter approve", fields=(field,), args=carried, submit="Approve"))
    if args["agree"] != "yes":
        return _answer(letter, f"{letter.name} stays in review", "Nothing was approved.")
    gates.check_current(ctx, letter)
    row = {"letter_id": letter.id, "digest": letter.version.digest, "person_id": ctx.person, "approved_at": ctx.now}
    insert_rows(ctx.tx, "letter_approval", [row], if_new=True)
    ctx.note(letter.name, letter.state.value, f"version {letter.version.number} approved, text {letter.version.mark}")
    if missing := _missing_approvals(ctx, letter):
        return _answer(letter, f"{letter.name}: approved by you", missing)
    return _finish_approval(ctx, letter)


def _finish_approval(ctx: Context, letter: Dossier) -> Reply:
    after = lifecycle.after_approval(letter, ctx.now)
    if after.state is State.OPEN:
        records.open_version(ctx.tx, after.id, after.version.number, ctx.now)
    notices.save_letter(ctx, after)
    approvers = [lookup.name_of(ctx, who) for who in lookup.approvals(ctx.tx, letter)]
    sentence, closed = f"Approved by {listed(approvers, 9)}.", ""
    _warn_recorders(ctx, after)
    if after.state is State.OPEN:
        notices.refresh_cards(ctx, after)
        asked = opening.ask_again(ctx, after)
        look = "" if asked is None else f"; {number(asked, 'person', 'people')} asked to look at the change"
        sentence += f" Sign-on is open again{look}."
    elif after.closes_at:
        status = notices.sign_on_status(ctx.tx, ctx.config, after, ctx.now)
        until = f'/letter signon {letter.name} until:"…"'
        closed = f"Sign-on {wording.deadline_text(status)}: {status.progress} signed this text. To open it: {until}"
    reply = _answer(after, f"{letter.name} is approved", sentence, closed)
    assert reply.card is not None
    event, author = f"approved:{letter.version.key}", letter.created_by  # never the approver
    notices.send(ctx, letter, event, reply.card, author, needs=notices.STAFF_ONLY)
    return reply


def _warn_recorders(ctx: Context, letter: Dossier) -> None:
    """Tell the people who recorded signatures for an earlier text that those do not count for this one."""
    status = notices.sign_on_status(ctx.tx, ctx.config, letter, ctx.now)
    by_mail = {request.organisation for request in allies.requests(ctx.tx, (Stage.ACCEPTED,), letter.id)}
    void = [id_ for id_ in status.to_confirm if status.sign_ons[id_].evidence is not None and id_ not in by_mail]
    by_recorder: dict[str, list[str]] = {}
    for id_ in void:
        by_recorder.setdefault(status.sign_ons[id_].person, []).append(id_)
    for person, ids in by_recorder.items():
        signatures = "the signature" if len(ids) == 1 else f"the {len(ids)} signatures"
        count = "counts" if len(ids) == 1 else "count"
        head = f"{letter.name} changed: {signatures} that you recorded for an earlier text no longer {count}"
        again = "Ask them about the new text, then record it again: /letter record, or /letter allies."
        buttons = (wording.step_button(letter, "See the change", "letter changes"), wording.open_button(letter))
        named = f"{status.named(ids, 14)}."
        card = wording.notice(letter, head, named, again, mark=Mark.SIGN_ON, buttons=buttons)
        notices.send_to_first(ctx, letter, f"void:{letter.version.key}", card, person)


@slash.step(params=(WHY, _WITHDRAW, NO_DETAILS), needs="withdraw")
def withdraw(ctx: Context, letter: Dossier, args: Mapping[str, str]) -> Reply:
    """Withdraw a letter; its signers are notified."""
    if args.get("agree") != "yes" and "why" in args:  # a reason is too long for a button
        line = replace(_WITHDRAW, kind=Kind.TEXT, required=True, choices=(Choice("yes", "Withdraw it"),))
        fields = (FormField(line, "It will not be sent"), FormField(WHY, "Why, which others see", args["why"]))
        title, carried = f"Withdraw {letter.name}?", dict(wording.letter_args(letter))
        return Reply(form=Form(title=title, path="letter withdraw", fields=fields, args=carried, submit="Withdraw"))
    if args.get("agree") != "yes":
        yes = wording.step_button(letter, "Withdraw it", "letter withdraw", "danger", ("agree", "yes"))
        reuse = "It will not be sent. /letter duplicate reuses its text."
        return answer(f"Withdraw {letter.name}?", reuse, buttons=(yes,))
    for filing in filings.filings(ctx.tx, letter.id):  # ended, so that "it will not be sent" is true
        if filing.state in (FilingState.POSTING, FilingState.UNCLEAR):  # it may have arrived already
            raise Refused(f"{filing_wording.status(letter, filing)}. Settle that first: /letter filing {letter.name}")
        if filing.state is not FilingState.FILED:
            not_filed = replace(filing, state=FilingState.NOT_FILED, why="The letter was withdrawn.")
            filings.save(ctx.tx, replace(not_filed, stepped_at=ctx.now, retry_at=None), filing.state)
    office_mail.drop(ctx, letter)
    after = replace(letter, state=lifecycle.next_state(letter, "withdraw"))
    notices.save_letter(ctx, after)
    why = args.get("why", "")
    ctx.note(letter.name, letter.state.value, f"withdrawn{f': {why}' if why else ''}")
    notices.refresh_cards(ctx, after)
    subject = lookup.letter_for_members(ctx.tx, letter).version.subject
    head, reason = f"{letter.name} is withdrawn and will not be sent", f"Why: {why}" if why else ""
    notice = wording.notice(letter, head, short(subject, 200), reason, mark=Mark.SIGN_ON, buttons=())
    signers = notices.signers(ctx.tx, ctx.config, letter, of_any_text=True)
    notices.send(ctx, letter, "withdrawn", notice, *signers)
    buttons = (wording.step_button(letter, "Duplicate", "letter duplicate"),)
    return answer(f"{letter.name} is withdrawn", buttons=buttons)


def _on_console(ctx: Context) -> str:
    """How one person at the console acts as another."""
    if ctx.call.platform != "console":
        return ""
    return " On this console, “as approver” makes you one; “as policy” brings you back."


def _missing_approvals(ctx: Context, letter: Dossier) -> str:
    """A sentence on the approvals still needed; "" if there are enough."""
    missing = ctx.config.coalition.letters.approvals - len(lookup.approvals(ctx.tx, letter))
    return f"Still needed: {number(missing, 'approval')}." if missing > 0 else ""


def _approval_card(ctx: Context, letter: Dossier) -> Card:
    citations = lookup.citations_now(ctx, letter)
    unconfirmed = any(citation.basis is Basis.NONE for citation in citations)
    return Card(
        mark=Mark.LETTER,
        head=f"Please approve {letter.name}: {short(letter.version.subject, 90)}",
        badge=wording.badge(letter),
        byline=f"to {short(wording.recipients(letter), 160)} · {letter.version.words:,} words · "
        f"by {lookup.name_of(ctx, letter.version.by)}",
        lines=(
            *map(Line, filter(None, (warning_for_letter(ctx, letter),))),
            *map(Line, wording.citation_lines(letter, citations)),
            *map(Line, lookup.translation_lines(ctx, letter)),
            *map(Line, aged_claims(ctx.config.coalition, [each.id for each in letter.version.claims], ctx.today)),
            *map(Line, derive.record_lines(ctx, letter)),
            Line(lobbying.notice(letter)),
            Line(lobbying.reason(letter)),
        ),
        foot=f"Text {letter.version.mark} · version {letter.version.number}",
        buttons=(
            wording.open_button(letter, "Read"),
            wording.step_button(letter, "Approve", "letter approve", "primary"),
            *((wording.step_button(letter, "Confirm citations", "letter confirm"),) if unconfirmed else ()),
            *lookup.translation_button(ctx, letter),
            wording.step_button(letter, "Edit", "letter edit"),
        ),
    )


def _answer(letter: Dossier, head: str, *lines: str) -> Reply:
    """An answer with buttons for the next steps."""
    buttons = [wording.open_button(letter)]
    if letter.state is State.APPROVED:
        signon = wording.step_button(letter, "Open for sign-on", "letter signon", "primary")
        buttons = [signon, wording.step_button(letter, "Lock", "letter lock"), *buttons]
    return answer(head, *lines, mark=Mark.LETTER, buttons=buttons)


# --- what it cites and says -------------------------------------------------------------------------------------------

_MARK_LENGTH: Final = 16  # characters of a mark in a form
_QUOTES: Final = ' "“”'  # around words that a letter says; left out by who types them
_CHOICES: Final = 25  # that a form of any platform offers
_SENTENCE: Final = 400
_NAMES_SHOWN: Final = 6  # of a sentence

CITATION: Final = Param("citation", "what it cites or says, such as 22 U.S.C. 7105", required=False, longest=500)
SOURCE: Final = Param(
    "source", "where you read it: an address, or a document's page", required=False, longest=500, free=True
)


@slash.step(
    example='citation:"5 U.S.C. 553"',
    params=(CITATION, SOURCE, lookup.AGREE, lookup.TEXT, NO_DETAILS),
    needs="confirm",
    who=APPROVER,
)
def confirm(ctx: Context, letter: Dossier, args: Mapping[str, str]) -> Reply:
    """Confirm what a letter cites and says, with your source, or that its translation says the same."""
    unconfirmed = [citation for citation in lookup.citations_now(ctx, letter) if citation.basis is Basis.NONE]
    unread = lookup.translation_button(ctx, letter)
    if not unconfirmed and not unread:
        return _confirm_answer(letter, f"{letter.name} has nothing to confirm")
    if ctx.person in lookup.writers(ctx.tx, letter):
        raise Refused("You wrote some of this text. Another approver confirms what it cites.")
    if unread and ("text" in args or not unconfirmed):
        return _confirm_translation(ctx, letter, args)
    if not {"citation", "source"} <= args.keys():
        return Reply(form=_confirm_form(letter, unconfirmed, args))
    chosen = _pick(unconfirmed, args["citation"])
    source = " ".join(args["source"].split())
    person, names = ctx.person, listed([citation.name for citation in chosen], _NAMES_SHOWN)
    for citation in chosen:
        confirmation = Confirmation(mark=citation.mark, cited=citation.name, source=source, person=person, at=ctx.now)
        records.save_confirmation(ctx.tx, letter.id, confirmation)
    ctx.note(letter.name, "", f"confirmed {names} in version {letter.version.number}, from {source}")
    remaining = len(unconfirmed) - len(chosen)
    remaining_note = (f"{number(remaining, 'statement')} left to confirm.",) if remaining else ()
    sentence = f"In {quoted(short(chosen[0].citation.sentence, _SENTENCE))}"
    return _confirm_answer(letter, f"Confirmed: {names}", sentence, *remaining_note, more=unread)


def _confirm_translation(ctx: Context, letter: Dossier, args: Mapping[str, str]) -> Reply:
    """Store that a person has read both texts and that they say the same; the form names the two by their digest."""
    if args.get("text") != letter.version.digest or "agree" not in args:
        unlike = letter.version.unlike_numbers
        check = f"look at numbers in one text alone: {', '.join(unlike)}" if unlike else "both have the same numbers"
        asked = f"You have read both languages of version {letter.version.number}?"
        field = _agreement(asked, "I have read both, and they say the same", short(check, 100))
        title, carried = f"Confirm the translation of {letter.name}", dict(wording.text_args(letter))
        return Reply(form=Form(title=title, path="letter confirm", fields=(field,), args=carried, submit="Confirm"))
    if args["agree"] != "yes":
        return _confirm_answer(letter, "The translation is not confirmed")
    mark, cited = letter.version.digest, "the translation says the same"
    read = Confirmation(mark=mark, cited=cited, source="", person=ctx.person, at=ctx.now)
    records.save_confirmation(ctx.tx, letter.id, read)
    ctx.note(letter.name, "", f"confirmed: the translation says the same, text {letter.version.mark}")
    return _confirm_answer(letter, f"Confirmed: both texts of {letter.name} say the same")


def _agreement(asked: str, yes: str, note: str) -> FormField:
    """The question whether a person has read a text, which only they can answer: nothing is chosen before."""
    choices = (Choice("yes", yes), Choice("no", "Not yet"))
    return FormField(replace(lookup.AGREE, help=note, kind=Kind.TEXT, required=True, choices=choices), asked)


def _pick(unconfirmed: Sequence[SourcedCitation], typed: str) -> Sequence[SourcedCitation]:
    """Everything in the sentence with this mark (from a form), or the one with this name. Raises `Refused`."""
    if len(typed) >= _MARK_LENGTH and (marked := [one for one in unconfirmed if one.mark.startswith(typed)]):
        return [one for one in unconfirmed if one.citation.sentence == marked[0].citation.sentence]
    matches = [
        citation
        for citation in unconfirmed
        if citation.name.strip(_QUOTES).casefold() == typed.strip(_QUOTES).casefold()
    ]
    if len(matches) == 1:
        return matches
    if matches:
        raise Refused(f"{len(matches)} sentences cite {matches[0].name}. Choose one in the form.", param="citation")
    raise Refused(f"It does not cite “{short(typed, 80)}”, or that is already confirmed.", param="citation")


def _confirm_form(letter: Dossier, unconfirmed: Sequence[SourcedCitation], args: Mapping[str, str]) -> Form:
    by_sentence: dict[str, list[SourcedCitation]] = {}
    for one in unconfirmed:
        by_sentence.setdefault(one.citation.sentence, []).append(one)
    choices = tuple(
        Choice(
            ones[0].mark[:_MARK_LENGTH], short(f"{listed([one.name for one in ones], _NAMES_SHOWN)}: {sentence}", 75)
        )
        for sentence, ones in islice(by_sentence.items(), _CHOICES)
    )
    which = replace(CITATION, required=True, kind=Kind.TEXT, choices=choices)
    first = args.get("citation") or choices[0].value
    source = FormField(replace(SOURCE, required=True), "Source", args.get("source", ""))
    fields = (FormField(which, "Sentence that you checked", first), source)
    return Form(
        title=f"Confirm what {letter.name} says", path="letter confirm", fields=fields,
        args=dict(wording.letter_args(letter)), submit="Confirm",
    )  # fmt: skip


def _confirm_answer(letter: Dossier, head: str, *lines: str, more: Sequence[Button] = ()) -> Reply:
    buttons = [*more, wording.open_button(letter)]
    if len(lines) > 1:
        buttons.insert(0, wording.step_button(letter, "Confirm the next", "letter confirm", "primary"))
    return answer(head, *lines, mark=Mark.LETTER, buttons=buttons)


# --- a fresh draft ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Redraft:
    """A fresh draft before it is stored. `of`: the version whose edits it keeps; `reasons`: why that is out of date."""

    of: int
    template_digest: str
    rendering: Rendering
    about: Mapping[str, Any]  # what the letter stores of its topic
    merged: tuple[Text, ...]
    reasons: Sequence[str]
    warning: str


def prepare_again(ctx: Context, args: Mapping[str, str]) -> Redraft:
    """Draft the letter afresh and merge its edits. Raises `Refused` if its template refuses or a fact is missing."""
    letter = lookup.letter_for(ctx, args["letter"], "edit")
    before, topic = records.rendering(ctx.tx, letter), Topic.of(letter)
    to = resolve_all(ctx, letter.version.addressees)
    try:
        template_ = template.read(ctx.config.folder, letter.template)
        rendering, about = derive.rendering(ctx.tx, ctx.config, template_, topic, to.addressees, now=ctx.now)
    except template.TemplateProblem as problem:
        reason = str(problem)
        raise Refused(f"{reason[:1].upper()}{reason[1:]}") from problem
    return Redraft(
        of=letter.version.number,
        template_digest=template_.digest,
        rendering=rendering,
        about=about,
        merged=merging.merge_letter(before.texts, letter.version.texts, rendering.texts),
        reasons=gates.reasons(ctx.tx, ctx.config, letter, ctx.now),
        warning=to.warning,
    )


@slash.step(needs="edit", prepare=prepare_again)
def again(ctx: Context, letter: Dossier, _: Mapping[str, str]) -> Reply:
    """Draft a letter again from today's facts; your edits are kept.

    The next version has to be approved and signed again.
    """
    fresh = ctx.prepared
    if letter.version.number != fresh.of:
        raise Refused(f"{lookup.name_of(ctx, letter.version.by)} saved a new version in the meantime. Try again.")
    after = replace(letter, facts={**letter.facts, **fresh.about}, template_digest=fresh.template_digest)
    if lifecycle.digest(fresh.merged) == letter.version.digest:
        records.save_draft(ctx.tx, after, fresh.rendering)
        return Reply(card=wording.draft_card(after, lookup.citations_now(ctx, after), "A fresh draft reads the same."))
    after, changes = edit.add_version(ctx, after, fresh.merged, "drafted again, ")
    records.save_draft(ctx.tx, after, fresh.rendering)
    # Approvers and signers of the earlier text get a message; approvers see each change.
    event = f"again:{after.version.key}"
    head = f"{letter.name} was drafted again: its facts changed"
    section = wording.changes_section(changes)
    earlier = "Your approval was for the earlier text. You are asked again once it is ready."
    card = wording.notice(letter, head, *fresh.reasons, earlier, sections=(section,))
    notices.send(ctx, letter, event, card, *records.approvals(ctx.tx, letter), needs=notices.STAFF_ONLY)
    earlier = "Your signature was for the earlier text. You are asked again once the new one is approved."
    card = wording.notice(letter, head, *fresh.reasons, earlier, mark=Mark.SIGN_ON)
    notices.send(ctx, letter, event, card, *notices.signers(ctx.tx, ctx.config, letter))
    notes = [fresh.warning] if fresh.warning else []
    if questions := [blank for blank in after.version.blanks if blank in merging.QUESTIONS]:
        notes.append(f"Your edits and the new draft clash. Choose in the text: {listed(questions)}")
    card = wording.draft_card(after, lookup.citations_now(ctx, after), *notes, *edit.approval_notes(letter, after))
    return Reply(card=replace(card, sections=(section,)))
