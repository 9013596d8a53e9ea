"""Sign-on by representatives: each member organization once, for exactly the text it was shown.

The signer's authority is looked up when they act: a button carries the letter and the digest of its text, never who
signs. The legal name is a setting of the member, and is never typed by the signer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Final

from bot.commands.model import REPRESENTATIVE, Choice, Context, Form, FormField, Kind, Param, Refused, Reply, answer
from bot.letters import gates, lobbying, lookup, notices, records, wording
from bot.letters.lifecycle import Decision, Dossier, SignOn, State
from bot.outbox.messages import mail_place, post
from bot.people import mail, requests
from bot.people.members import names_of, signatory_problem
from bot.people.pii import NO_DETAILS
from bot.shared.card import Mark
from bot.shared.wording import short

SIGNATORY: Final = Param("signatory", "the person who signs for the organization", longest=120, free=True)
TITLE: Final = Param("title", "their title, such as Executive Director", longest=120, free=True)
REASON: Final = Param("reason", "why, for the coalition's staff; optional", required=False, longest=300, free=True)
SUGGESTION: Final = Param(
    "suggestion", "the sentence, and how it should read; nothing about a person you serve", kind=Kind.LONG,
    required=False, longest=3_000, free=True,
)  # fmt: skip
AS: Final = Param("as", "the name that the form showed", required=False, longest=500, by_button=True)
MEMBER: Final = Param("member", "the organization that the button was for", required=False, by_button=True)
_UNTIL_LOCK: Final = "You can take it back until the letter is locked."
_SUGGESTIONS: Final = 20  # a day, of one person
# These commands are hidden, and called by buttons and forms: guests have no slash commands.
_WHERE: Final = "It is a button in the message that asks your organization, and under /letter show."

slash = lookup.LetterGroup("letter", who=REPRESENTATIVE)
_step = partial(slash.step, hidden=True, button=_WHERE)


_OPTIONAL: Final = (replace(SIGNATORY, required=False), replace(TITLE, required=False))


@_step(params=(lookup.TEXT, *_OPTIONAL, lookup.AGREE, AS, NO_DETAILS), needs="sign")
def sign(ctx: Context, letter: Dossier, args: Mapping[str, str]) -> Reply:
    """Sign for your organization."""
    _check_open(ctx, letter)
    organisation = _organisation(ctx, args)
    before = _current_sign_on(ctx, letter, organisation)
    if before and before.counts(letter.version):
        return _status(ctx, letter, f"{_short_name(ctx, organisation)} already signed")
    _check_link_decides_first(ctx, letter, organisation, before)
    if changed := _other_text(ctx, letter, organisation, args):
        return changed
    gates.check_current(ctx, letter)
    name = _name_shown(ctx, organisation, args)
    if args.get("text") != letter.version.digest or not {"agree", "signatory", "title"} <= args.keys():
        return Reply(form=_sign_form(ctx, letter, organisation, name, args))  # the form shows the text that is signed
    if args["agree"] != "yes":
        return _status(ctx, letter, f"{_short_name(ctx, organisation)} has not signed")
    if problem := signatory_problem(args["signatory"], names_of(ctx.config.coalition)[organisation], args["title"]):
        raise Refused(problem, param="signatory")
    signed = _new_sign_on(ctx, letter, organisation, Decision.SIGNED)
    _save_decision(ctx, letter, replace(signed, signatory=args["signatory"], title=args["title"]))
    return _status(ctx, letter, head=f"Signed for {_short_name(ctx, organisation)} as shown", foot=_UNTIL_LOCK)


@_step(params=(REASON, lookup.AGREE, lookup.TEXT, AS, NO_DETAILS), needs="sign")
def decline(ctx: Context, letter: Dossier, args: Mapping[str, str]) -> Reply:
    """Decline to sign for your organization."""
    _check_open(ctx, letter)
    organisation = _organisation(ctx, args)
    before = _current_sign_on(ctx, letter, organisation)
    _check_link_decides_first(ctx, letter, organisation, before)
    if changed := _other_text(ctx, letter, organisation, args):
        return changed
    same = before and before.decision is Decision.DECLINED and before.digest == letter.version.digest
    if before and same and args.get("reason", "") in ("", before.note):
        return _status(ctx, letter, f"{_short_name(ctx, organisation)} already declined", foot=_UNTIL_LOCK)
    args = {**args, AS.name: _name_shown(ctx, organisation, args)}
    if ask := _ask_reason(ctx, args, letter, f"Decline {letter.name}?", "Decline"):
        return ask
    _save_refusal(ctx, letter, organisation, args.get("reason", ""))
    head = f"{_short_name(ctx, organisation)} declined to sign {letter.name}"
    return _status(ctx, letter, head, foot=_UNTIL_LOCK)


@_step(verb="object", params=(MEMBER, REASON, lookup.AGREE, NO_DETAILS))
def object_to_signature(ctx: Context, letter: Dossier, args: Mapping[str, str]) -> Reply:
    """Object to a signature that staff recorded for you."""
    organisation = _organisation(ctx, args)
    before = _current_sign_on(ctx, letter, organisation)
    if before is None or before.decision is not Decision.SIGNED or before.evidence is None:
        raise Refused(f"Staff recorded no signature of {_short_name(ctx, organisation)} under {letter.name}.")
    if ask := _ask_reason(ctx, args, letter, "We did not sign this", "Object"):
        return ask
    name, reason = _short_name(ctx, organisation), args.get("reason", "")
    if letter.locked_at is None and letter.state is not State.WITHDRAWN:
        _save_refusal(ctx, letter, organisation, reason, recorder=before.person)
        return _status(ctx, letter, f"{name}'s signature is removed from {letter.name}", foot=_UNTIL_LOCK)
    records.save_sign_ons(ctx.tx, letter.id, [replace(before, objected_at=ctx.now)])
    ctx.note(f"{letter.name}, {organisation}", before.decision.value, "objects to the signature recorded for it")
    head = f"{name} objects to its signature under {letter.name}, which is {letter.state.value}"
    unsent = "It has not been sent: /letter withdraw stops it, /letter duplicate starts it again."
    hint = unsent if letter.state is State.LOCKED else "Correct it with its recipients."
    _notify_staff(ctx, letter, "objection", head, reason, hint, recorder=before.person)
    return _status(ctx, letter, "The staff have your objection", foot="The letter is locked as it is.")


@_step(params=(MEMBER,), needs="unsign")
def unsign(ctx: Context, letter: Dossier, args: Mapping[str, str]) -> Reply:
    """Withdraw your signature or refusal, until the lock."""
    organisation = _organisation(ctx, args)
    before, name = _current_sign_on(ctx, letter, organisation), _short_name(ctx, organisation)
    if before is None or before.decision is Decision.WITHDRAWN:
        raise Refused(f"{name} has not signed {letter.name}.")
    if before.decision is Decision.DECLINED:
        notices.remove_sign_on(ctx, letter, before)
        _audit_and_refresh(ctx, letter, organisation, before, "no answer")
        return _status(ctx, letter, f"{name} withdrew its refusal")
    _save_decision(ctx, letter, _new_sign_on(ctx, letter, organisation, Decision.WITHDRAWN))
    return _status(ctx, letter, f"{name} withdrew its signature")


@_step(params=(SUGGESTION, NO_DETAILS), needs="sign")
def suggest(ctx: Context, letter: Dossier, args: Mapping[str, str]) -> Reply:
    """Suggest a change to the author."""
    _check_open(ctx, letter)
    organisation = _organisation(ctx, args)
    if "suggestion" in args:
        requests.count_request(ctx, [(f"suggestions of {ctx.actor.person}", _SUGGESTIONS)])
    else:
        fields = (FormField(replace(SUGGESTION, required=True), "What should change?"),)
        title, path, carried = "Suggest an edit", ctx.call.path, dict(wording.letter_args(letter))
        return Reply(form=Form(title=title, path=path, fields=fields, args=carried, submit="Send"))
    who = f"{ctx.actor.name} ({_short_name(ctx, organisation)})"
    buttons = (wording.open_button(letter), wording.step_button(letter, "Edit", "letter edit"))
    card = wording.notice(letter, f"{who} suggests an edit to {letter.name}", buttons=buttons)
    card = replace(card, lines=tuple(wording.split_lines(args["suggestion"])))
    event = f"suggestion:{ctx.new_id()}"
    delivered = notices.send(ctx, letter, event, card, letter.created_by, needs=notices.STAFF_ONLY)
    ctx.note(letter.name, "", f"{_short_name(ctx, organisation)} suggests an edit")
    where = "The author got it as a direct message." if delivered else "Its author has left: tell the staff yourself."
    return _status(ctx, letter, "Thank you. The text stays as it is for now", foot=where)


def _check_open(ctx: Context, letter: Dossier) -> None:
    if letter.has_closed(ctx.now):
        raise Refused(f"Sign-on for {letter.name} has closed. Write to the staff if you are late.")


def _organisation(ctx: Context, args: Mapping[str, str]) -> str:
    """The organization that the asker represents, looked up now. Raises `Refused` if a button was for another."""
    assert ctx.actor.organisation is not None  # without one, nobody has a representative's role
    name, mark = wording.of_member(ctx.actor.organisation)
    if args.get(name, mark) != mark:
        raise Refused("That button was for an organization that you no longer act for. Nothing was done.")
    return ctx.actor.organisation


def _current_sign_on(ctx: Context, letter: Dossier, organisation: str) -> SignOn | None:
    return records.sign_ons(ctx.tx, letter.id).get(organisation)


def _check_link_decides_first(ctx: Context, letter: Dossier, organisation: str, before: SignOn | None) -> None:
    """Refuse to change a decision on this text by a link in mail, which others may have. Raises `Refused`."""
    if ctx.actor.platform == mail.PLATFORM and before and before.digest == letter.version.digest:
        raise Refused(
            f"{_short_name(ctx, organisation)} has decided on this text already: {before.decision.value}. A link in an "
            "email decides once. To change that, log in to the board."
        )


def _other_text(ctx: Context, letter: Dossier, organisation: str, args: Mapping[str, str]) -> Reply | None:
    """What changed since the text that the asker was shown; None if it is this text, or none was named."""
    if letter.version.is_text(args.get("text", letter.version.digest)):
        return None
    status = notices.sign_on_status(ctx.tx, ctx.config, letter, ctx.now)
    buttons = wording.organization_buttons(status, organisation)
    seen = lookup.version_shown(ctx, letter, args["text"])
    return Reply(card=wording.text_changed_card(letter, seen, buttons, Mark.SIGN_ON))


def _name_shown(ctx: Context, organisation: str, args: Mapping[str, str]) -> str:
    """The legal name under which the asker decides. Raises `Refused` if their form showed another."""
    name = ctx.config.coalition.members[organisation].signs_as
    if args.get(AS.name, name) != name:  # an administrator has renamed their organization since, or moved them
        raise Refused(f"This form was for {args[AS.name]}; you now act for {name}. Nothing was done: open it again.")
    return name


def _new_sign_on(ctx: Context, letter: Dossier, organisation: str, decision: Decision, note: str = "") -> SignOn:
    return SignOn(
        organisation=organisation,
        decision=decision,
        legal_name=ctx.config.coalition.members[organisation].signs_as,
        digest=letter.version.digest,
        note=note,
        person=ctx.person,
        at=ctx.now,
    )


def _save_decision(ctx: Context, letter: Dossier, sign_on: SignOn) -> None:
    before = _current_sign_on(ctx, letter, sign_on.organisation)
    notices.save_sign_ons(ctx, letter, [sign_on])
    signed = f" as “{sign_on.legal_name}”" if sign_on.decision is Decision.SIGNED else ""
    _audit_and_refresh(
        ctx, letter, sign_on.organisation, before, f"{sign_on.decision.value}{signed}, text {letter.version.mark}"
    )
    if ctx.actor.platform == mail.PLATFORM:  # tell the person what was done by a link in their mail: others may have it
        head = f"{_short_name(ctx, sign_on.organisation)} has {sign_on.decision.value} {letter.name}"
        line = "You or someone who has your link did this. If it was not you, take it back and tell the coalition."
        member = wording.of_member(sign_on.organisation)
        take_back = (wording.step_button(letter, "Take back", "letter unsign", "danger", member),)
        card = wording.notice(letter, head, line, mark=Mark.SIGN_ON, buttons=take_back)
        post(ctx, mail_place(ctx.person), f"letter:{letter.id}:receipt:{ctx.new_id()}", card, kind="answer")


def _audit_and_refresh(ctx: Context, letter: Dossier, organisation: str, before: SignOn | None, after: str) -> None:
    """Audit the change under the member's id and update the cards: all of them if they named it as a signer.

    Another representative whose decision on this text it replaces gets a message: the cards change silently.
    """
    ctx.note(f"{letter.name}, {organisation}", before.decision.value if before else "", after)
    named = before is not None and before.counts(letter.version)
    notices.refresh_cards(ctx, letter, only="" if named else organisation)
    if before is None or before.evidence or before.digest != letter.version.digest:
        return
    theirs = {person.id for person in lookup.representatives(ctx.tx, ctx.config.coalition)[organisation]}
    if before.person in theirs - {ctx.person}:
        head = f"{ctx.actor.name} changed the decision of {_short_name(ctx, organisation)} on {letter.name}"
        line = f"You: {before.decision.value}. Now: {after.partition(', text')[0]}."
        notices.send(ctx, letter, f"replaced:{ctx.new_id()}", wording.notice(letter, head, line), before.person)


def _save_refusal(ctx: Context, letter: Dossier, organisation: str, reason: str, recorder: str = "") -> None:
    _save_decision(ctx, letter, _new_sign_on(ctx, letter, organisation, Decision.DECLINED, reason))
    head = f"{_short_name(ctx, organisation)} declined to sign {letter.name}"
    _notify_staff(ctx, letter, "declined", head, reason, "", recorder=recorder)


def _notify_staff(
    ctx: Context, letter: Dossier, event: str, head: str, reason: str, hint: str, *, recorder: str
) -> None:
    """Notify the author and the person who recorded the signature, or the administrators if both have left."""
    card = wording.notice(letter, head, f"Reason: {reason}" if reason else "", hint, mark=Mark.SIGN_ON)
    event = f"{event}:{ctx.new_id()}"
    if not notices.send(ctx, letter, event, card, letter.created_by, recorder, needs=notices.STAFF_ONLY):
        notices.send_to_first(ctx, letter, event, card)


def _ask_reason(ctx: Context, args: Mapping[str, str], letter: Dossier, title: str, submit: str) -> Reply | None:
    """Return a form for an optional reason, until its submission, which `agree` marks."""
    if "reason" not in args and args.get("agree") != "yes":
        whose = f"for {short(args[AS.name], 40)}: " if AS.name in args else ""
        fields = (FormField(replace(REASON, help=f"{whose}{REASON.help}"), "Why? (optional)"),)
        carried = {**args, **dict(wording.letter_args(letter)), "agree": "yes"}
        return Reply(form=Form(title=title, path=ctx.call.path, fields=fields, args=carried, submit=submit))
    return None


def _sign_form(ctx: Context, letter: Dossier, organisation: str, name: str, args: Mapping[str, str]) -> Form:
    """The sign form: legal name, last signatory, and the letter's lobbying classification."""
    signatory, title = records.last_signatory(ctx.tx, organisation)
    choices = (Choice("yes", "We sign this letter as shown"), Choice("no", "Not now"))
    agree = Param("agree", lobbying.notice(letter), choices=choices)
    signatory_param = replace(SIGNATORY, help=f"the person who signs for {short(name, 70)}")
    fields = (
        FormField(signatory_param, "Signatory", args.get("signatory", signatory)),
        FormField(TITLE, "Title", args.get("title", title)),
        FormField(agree, f"You have read version {letter.version.number} and sign it?"),
    )
    args_ = {**dict(wording.text_args(letter)), AS.name: name}
    return Form(title=f"Sign {letter.name}", path="letter sign", fields=fields, args=args_, submit="Sign")


def _status(ctx: Context, letter: Dossier, head: str, foot: str = "") -> Reply:
    """The status of the asker's organization, with buttons for what it may do."""
    status, organisation = notices.sign_on_status(ctx.tx, ctx.config, letter, ctx.now), _organisation(ctx, {})
    until = f", {wording.deadline_text(status)}" if letter.state is State.OPEN else ""
    lines = (wording.sign_on_line(status, organisation), f"{status.progress} signed{until}.")
    buttons = wording.organization_buttons(status, organisation)
    return answer(head, *lines, mark=Mark.SIGN_ON, foot=foot, buttons=buttons)


def _short_name(ctx: Context, organisation: str) -> str:
    member = ctx.config.coalition.members[organisation]
    return member.short or member.name
