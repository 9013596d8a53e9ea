"""Sign-on: each member organization once, by its representative, for the text it was shown.

Who may is looked up when it is done: a button carries the letter and the digest of its text, never who signs. The name
under the letter is the one that coalition.yml or an administrator gives the member, never one that was typed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from bot.commands.model import Choice, Context, Form, FormField, Kind, Param, Refused, Reply
from bot.letters import lookup, notices, records, wording
from bot.letters.lifecycle import Decision, Dossier, SignOn, State
from bot.letters.signon import lobbying
from bot.people.confirm_text import confirm_fields, confirm_texts, note_confirmed
from bot.people.members import legal_names
from bot.shared.card import Button, Card, Line, Mark
from bot.shared.wording import short

SIGNATORY: Final = Param("signatory", "the person who signs for the organization", longest=120)
TITLE: Final = Param("title", "their title, such as Executive Director", longest=120)
REASON: Final = Param("reason", "why, for the coalition's staff; optional", required=False, longest=300)
SUGGESTION: Final = Param(
    "suggestion", "the sentence, and how it should read; nothing on whom you serve", kind=Kind.LONG, required=False,
    longest=3_000,
)  # fmt: skip
_REASON: Final = ((REASON, "Why? (optional)"),)
_UNTIL_LOCK: Final = "You can take it back until the letter is locked."


def sign(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Sign for the asker's own organization, in a form that names it and the text."""
    letter = _open(ctx, args)
    organisation = _organisation(ctx)
    before = _before(ctx, letter, organisation)
    if before and before.counts(letter.version):
        return Reply(card=_own(ctx, letter, head=f"{_short(ctx, organisation)} already signed"))
    if not letter.version.is_text(args.get("text", letter.version.digest)):
        return _changed_since(ctx, letter, args["text"])
    if args.get("text") != letter.version.digest or not {"agree", "signatory", "title"} <= args.keys():
        return Reply(form=_form(ctx, letter, organisation, args))  # nobody signs a text that the form did not show
    if args["agree"] != "yes":
        return Reply(card=_own(ctx, letter, head=f"{_short(ctx, organisation)} has not signed"))
    signed = _decided(ctx, letter, organisation, Decision.SIGNED)
    _keep(ctx, letter, replace(signed, signatory=args["signatory"], title=args["title"]))
    return Reply(card=_own(ctx, letter, head=f"Signed for {_short(ctx, organisation)} as shown", foot=_UNTIL_LOCK))


def decline(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Say that the asker's organization does not sign. Asks once, with room for a reason."""
    letter, organisation = _open(ctx, args), _organisation(ctx)
    name = _short(ctx, organisation)
    if "reason" not in args and args.get("agree") != "yes":
        return Reply(form=_reason_form(letter, "letter decline", f"Decline {letter.name}?", "Decline"))
    ask, confirmed = confirm_fields(ctx, args, "letter decline", _REASON)
    if ask:
        return ask
    _decline(ctx, letter, organisation, args.get("reason", ""), confirmed)
    return Reply(card=_own(ctx, letter, head=f"{name} declined to sign {letter.name}", foot=_UNTIL_LOCK))


def object_(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Say that a signature that staff recorded for the asker's organization was not given."""
    letter, organisation = lookup.letter_of(ctx, args["letter"]), _organisation(ctx)
    before = _before(ctx, letter, organisation)
    if before is None or before.decision is not Decision.SIGNED or before.evidence is None:
        raise Refused(f"No signature of {_short(ctx, organisation)} is recorded by staff under {letter.name}.")
    if "reason" not in args and args.get("agree") != "yes":
        return Reply(form=_reason_form(letter, "letter object", "We did not sign this", "Object"))
    ask, confirmed = confirm_fields(ctx, args, "letter object", _REASON)
    if ask:
        return ask
    name, reason = _short(ctx, organisation), args.get("reason", "")
    if letter.locked_at is None and letter.state is not State.WITHDRAWN:
        _decline(ctx, letter, organisation, reason, confirmed, recorder=before.person)
        return Reply(card=_own(ctx, letter, head=f"{name}'s signature is removed from {letter.name}", foot=_UNTIL_LOCK))
    ctx.note(f"{letter.name}, {organisation}", before.decision.value, "objects to the signature recorded for it")
    note_confirmed(ctx, letter.name, confirmed)
    head = f"{name} objects to its signature under {letter.name}, which is {letter.state.value}"
    next_ = (
        "It has not been sent: /letter withdraw stops it, /letter duplicate starts it again."
        if letter.state is State.LOCKED
        else "Correct it with whoever has the letter."
    )
    _tell_staff(ctx, letter, "objection", head, reason, next_, recorder=before.person)
    return Reply(card=_own(ctx, letter, head="The staff have your objection", foot="The letter is locked as it is."))


def unsign(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Take a signature or a refusal back, until the lock."""
    letter, organisation = _open(ctx, args), _organisation(ctx)
    before, name = _before(ctx, letter, organisation), _short(ctx, organisation)
    if before is None or before.decision is Decision.WITHDRAWN:
        raise Refused(f"{name} has not signed {letter.name}.")
    if before.decision is Decision.DECLINED:
        records.delete_sign_on(ctx.tx, ctx.config.coalition.id, letter.id, organisation)
        _note(ctx, letter, organisation, before, "no answer")
        return Reply(card=_own(ctx, letter, head=f"{name} has taken its refusal back"))
    _keep(ctx, letter, _decided(ctx, letter, organisation, Decision.WITHDRAWN))
    return Reply(card=_own(ctx, letter, head=f"{name} has taken its signature back"))


def suggest(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Tell the author what should read otherwise; the text stays as it is."""
    letter, organisation = _open(ctx, args), _organisation(ctx)
    field = FormField(replace(SUGGESTION, required=True), "What should read otherwise?", args.get("suggestion", ""))
    form = Form(
        title="Suggest an edit",
        path="letter suggest",
        fields=(field,),
        args=dict(wording.letter_args(letter)),
        submit="Send",
    )
    if "suggestion" not in args:
        return Reply(form=form)
    ask, confirmed = confirm_texts(ctx, args, form, args["suggestion"])
    if ask:
        return ask
    who = f"{ctx.actor.name} ({_short(ctx, organisation)})"
    card = Card(
        mark=Mark.LETTER,
        head=f"{who} suggests an edit to {letter.name}",
        lines=tuple(wording.split_lines(args["suggestion"])),
        buttons=(
            Button("Open", "letter show", wording.letter_args(letter)),
            Button("Edit", "letter edit", wording.letter_args(letter)),
        ),
    )
    name = f"letter:{letter.id}:suggestion:{ctx.new_id()}"
    told = notices.send_to_person(
        ctx.tx, ctx.config, letter.created_by, name, card, now=ctx.now, new_id=ctx.new_id,
        needs=notices.STAFF_ONLY,
    )  # fmt: skip
    ctx.note(letter.name, "", f"{_short(ctx, organisation)} suggests an edit{_confirmed(confirmed)}")
    where = "The author has it as a direct message." if told else "Its author has left: tell the staff yourself."
    return Reply(card=_own(ctx, letter, head="Thank you; the text stays as it is for now", foot=where))


# --- what it needs ----------------------------------------------------------------------------------------------------


def _open(ctx: Context, args: Mapping[str, str]) -> Dossier:
    letter = lookup.letter_for(ctx, args["letter"], "sign")
    if letter.closes_at and letter.closes_at <= ctx.now:
        raise Refused(f"Sign-on for {letter.name} has closed. Write to the staff if you are late.")
    return letter


def _organisation(ctx: Context) -> str:
    """The one that the asker speaks for, as our own tables know it now."""
    if ctx.actor.organisation is None:
        raise Refused("You speak for no member organization here. An administrator can link you to yours.")
    return ctx.actor.organisation


def _before(ctx: Context, letter: Dossier, organisation: str) -> SignOn | None:
    return records.sign_ons(ctx.tx, ctx.config.coalition.id, letter.id).get(organisation)


def _decided(ctx: Context, letter: Dossier, organisation: str, decision: Decision, note: str = "") -> SignOn:
    return SignOn(
        organisation=organisation,
        decision=decision,
        legal_name=legal_names(ctx.tx, ctx.config.coalition)[organisation],
        digest=letter.version.digest,
        note=note,
        person=lookup.person_of(ctx),
        at=ctx.now,
    )


def _keep(ctx: Context, letter: Dossier, what: SignOn) -> None:
    before = _before(ctx, letter, what.organisation)
    records.save_sign_ons(ctx.tx, ctx.config.coalition.id, letter.id, [what])
    signed = f" as “{what.legal_name}”" if what.decision is Decision.SIGNED else ""
    _note(ctx, letter, what.organisation, before, f"{what.decision.value}{signed}, text {letter.version.mark}")


def _note(ctx: Context, letter: Dossier, organisation: str, before: SignOn | None, after: str) -> None:
    """Write the change to the audit under the member's id, and let the cards show it."""
    ctx.note(f"{letter.name}, {organisation}", before.decision.value if before else "", after)
    notices.refresh_cards(ctx.tx, ctx.config, letter, now=ctx.now, new_id=ctx.new_id, only=organisation)


def _decline(
    ctx: Context, letter: Dossier, organisation: str, reason: str, confirmed: list[str], recorder: str = ""
) -> None:
    _keep(ctx, letter, _decided(ctx, letter, organisation, Decision.DECLINED, reason))
    note_confirmed(ctx, letter.name, confirmed)
    head = f"{_short(ctx, organisation)} declined to sign {letter.name}"
    _tell_staff(ctx, letter, "declined", head, reason, "", recorder=recorder)


def _tell_staff(ctx: Context, letter: Dossier, what: str, head: str, reason: str, next_: str, *, recorder: str) -> None:
    """Tell the author, and whoever recorded the signature; the administrators' channel where both have left."""
    lines = (f"Reason: {reason}" if reason else "", next_)
    card = Card(
        mark=Mark.SIGN_ON,
        head=head,
        lines=tuple(Line(line) for line in lines if line),
        buttons=(Button("Open", "letter show", wording.letter_args(letter)),),
    )
    name = f"letter:{letter.id}:{what}:{ctx.new_id()}"
    told = [
        notices.send_to_person(
            ctx.tx, ctx.config, who, name, card, now=ctx.now, new_id=ctx.new_id, needs=notices.STAFF_ONLY
        )
        for who in dict.fromkeys(filter(None, (letter.created_by, recorder)))
    ]
    if not any(told):
        notices.send_to_first(ctx.tx, ctx.config, (), name, card, now=ctx.now, new_id=ctx.new_id)


def _reason_form(letter: Dossier, path: str, title: str, submit: str) -> Form:
    """Asks once, with room for a reason; `agree` tells its answer from the press that opened it."""
    fields = tuple(FormField(param, label) for param, label in _REASON)
    return Form(
        title=title, path=path, fields=fields, args=dict(wording.letter_args(letter)) | {"agree": "yes"}, submit=submit
    )


def _changed_since(ctx: Context, letter: Dossier, text: str) -> Reply:
    """Nobody signs what they were not shown."""
    buttons = wording.organization_buttons(
        notices.sign_on_status(ctx.tx, ctx.config, letter, ctx.now), _organisation(ctx)
    )
    return Reply(card=wording.text_changed_card(letter, lookup.version_shown(ctx, letter, text), buttons, Mark.SIGN_ON))


def _form(ctx: Context, letter: Dossier, organisation: str, args: Mapping[str, str]) -> Form:
    """The legal name to sign under, who signed last time, and what the letter is as lobbying."""
    signatory, title = records.last_signatory(ctx.tx, ctx.config.coalition.id, organisation)
    name = legal_names(ctx.tx, ctx.config.coalition)[organisation]
    agree = Param(
        "agree", lobbying.says(letter),
        choices=(Choice("yes", "We sign this letter as shown"), Choice("no", "Not now")),
    )  # fmt: skip
    who = replace(SIGNATORY, help=f"the person who signs for {short(name, 70)}")
    fields = (
        FormField(who, "Signatory", args.get("signatory", signatory)),
        FormField(TITLE, "Title", args.get("title", title)),
        FormField(agree, f"You have read version {letter.version.number} and sign it?"),
    )
    return Form(
        title=f"Sign {letter.name}",
        path="letter sign",
        fields=fields,
        args=dict(wording.text_args(letter)),
        submit="Sign",
    )


def _own(ctx: Context, letter: Dossier, *, head: str, foot: str = "") -> Card:
    """How the asker's organization stands, and what it may do."""
    status, organisation = notices.sign_on_status(ctx.tx, ctx.config, letter, ctx.now), _organisation(ctx)
    until = f", {wording.deadline_text(status)}" if letter.state is State.OPEN else ""
    lines = filter(None, (wording.sign_on_line(status, organisation), f"{status.progress} signed{until}."))
    return Card(
        mark=Mark.SIGN_ON, head=head, lines=tuple(Line(line) for line in lines), foot=foot,
        buttons=wording.organization_buttons(status, organisation),
    )  # fmt: skip


def _short(ctx: Context, organisation: str) -> str:
    member = ctx.config.coalition.members[organisation]
    return member.short or member.name


def _confirmed(found: list[str]) -> str:
    what = ", ".join(found)
    return f"; confirmed that it identifies nobody who is served, though it seemed to contain {what}" if found else ""
