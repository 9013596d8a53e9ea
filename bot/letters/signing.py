"""Sign-on: each member organisation once, by its representative, for the text it was shown.

Who may is looked up when it is done: a button carries the letter's id and the digest of its text, never who signs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from bot.card import Button, Card, Line, Mark
from bot.command import Choice, Desk, Form, FormField, Kind, Param, Refused, Reply
from bot.letters import finding, life, lobbying, records, telling, words
from bot.letters.life import Decision, Dossier, SignOn
from bot.people.asking import careful

LEGAL_NAME: Final = Param("legal-name", "as it stands under the letter", required=False, longest=200)
SIGNATORY: Final = Param("signatory", "who signs for the organization", required=False, longest=120)
TITLE: Final = Param("title", "what they are there, such as Executive Director", required=False, longest=120)


def sign(desk: Desk, args: Mapping[str, str]) -> Reply:
    """Sign for the asker's own organisation, by a form that shows what stands under the letter."""
    letter = _open(desk, args)
    organisation = _organisation(desk)
    before = records.sign_ons(desk.tx, desk.config.coalition.id, letter.id).get(organisation)
    if before and before.counts(letter.version):
        return Reply(card=_own(desk, letter, head=f"{_short(desk, organisation)} already signed"))
    if args.get("text", letter.version.mark) != letter.version.mark:
        return _changed_since(desk, letter, args["text"])
    if not {"agree", "text"} <= args.keys():  # a typed "agree" says of no text that it was read
        return Reply(form=_form(desk, letter, organisation))
    if args["agree"] != "yes":
        return Reply(card=_own(desk, letter, head=f"{_short(desk, organisation)} has not signed"))
    signed = SignOn(
        organisation=organisation,
        decision=Decision.SIGNED,
        legal_name=args.get("legal-name") or finding.legal_name(desk.config.coalition, organisation),
        signatory=args.get("signatory", desk.actor.name),
        title=args.get("title", ""),
        digest=letter.version.digest,
        person=finding.person_of(desk),
        at=desk.now,
    )
    _keep(desk, letter, signed)
    return Reply(card=_own(desk, letter, head=f"Signed for {_short(desk, organisation)} as shown",
                           foot="You can take it back until the letter is locked."))  # fmt: skip


def decline(desk: Desk, args: Mapping[str, str]) -> Reply:
    """Say that the asker's organisation does not sign; signing later is still possible."""
    letter, organisation = _open(desk, args), _organisation(desk)
    _keep(desk, letter, _without_text(desk, letter, organisation, Decision.DECLINED))
    return Reply(card=_own(desk, letter, head=f"{_short(desk, organisation)} does not sign {letter.name}",
                           foot="You can still sign until the letter is locked."))  # fmt: skip


def unsign(desk: Desk, args: Mapping[str, str]) -> Reply:
    """Take a signature back, until the lock."""
    letter, organisation = _open(desk, args), _organisation(desk)
    before = records.sign_ons(desk.tx, desk.config.coalition.id, letter.id).get(organisation)
    if before is None or before.decision is not Decision.SIGNED:
        raise Refused(f"{_short(desk, organisation)} has not signed {letter.name}.")
    _keep(desk, letter, _without_text(desk, letter, organisation, Decision.WITHDRAWN))
    return Reply(card=_own(desk, letter, head=f"{_short(desk, organisation)} has taken its signature back"))


def suggest(desk: Desk, args: Mapping[str, str]) -> Reply:
    """Tell the author what should read otherwise; the text stays as it is."""
    letter, organisation = _open(desk, args), _organisation(desk)
    field = FormField(replace(SUGGESTION, required=True), "What should read otherwise?", args.get("suggestion", ""))
    form = Form(
        title="Suggest an edit", path="letter suggest", fields=(field,), args=dict(words.about(letter)), submit="Send"
    )
    if "suggestion" not in args:
        return Reply(form=form)
    ask, confirmed = careful(desk, args, form, args["suggestion"])
    if ask:
        return ask
    who = f"{desk.actor.name} ({_short(desk, organisation)})"
    card = Card(
        mark=Mark.LETTER,
        head=f"{who} suggests an edit to {letter.name}",
        lines=tuple(words.pieces(args["suggestion"])),
        buttons=(
            Button("Open", "letter show", words.about(letter)),
            Button("Edit", "letter edit", words.about(letter)),
        ),
    )
    name = f"letter:{letter.id}:suggestion:{desk.new_id()}"
    told = telling.to_person(desk.tx, desk.config, letter.created_by, name, card, now=desk.now, new_id=desk.new_id)
    desk.note(letter.name, "", f"{_short(desk, organisation)} suggests an edit{_confirmed(confirmed)}")
    where = "The author has it as a direct message." if told else "Its author has left: tell the staff yourself."
    return Reply(card=_own(desk, letter, head="Thank you; the text stays as it is for now", foot=where))


SUGGESTION: Final = Param(
    "suggestion", "the sentence, and how it should read; nothing about a survivor", kind=Kind.LONG, required=False,
    longest=3_000,
)  # fmt: skip


# --- what it needs ----------------------------------------------------------------------------------------------------


def _open(desk: Desk, args: Mapping[str, str]) -> Dossier:
    letter = finding.in_state(desk, args["letter"], "sign")
    if letter.closes_at and letter.closes_at <= desk.now:
        raise Refused(f"Sign-on for {letter.name} has closed. Write to the staff if you are late.")
    return letter


def _organisation(desk: Desk) -> str:
    """The one that the asker speaks for, as our own tables know it now."""
    if desk.actor.organisation is None:
        raise Refused("You speak for no member organization here. An administrator can link you to yours.")
    return desk.actor.organisation


def _keep(desk: Desk, letter: Dossier, what: SignOn) -> None:
    records.decide(desk.tx, desk.config.coalition.id, letter.id, [what])
    desk.note(f"{letter.name}, {what.organisation}", "", f"{what.decision.value}, text {letter.version.mark}")
    telling.refresh(desk.tx, desk.config, letter, now=desk.now, new_id=desk.new_id, only=what.organisation)


def _without_text(desk: Desk, letter: Dossier, organisation: str, decision: Decision) -> SignOn:
    return SignOn(
        organisation=organisation,
        decision=decision,
        legal_name=finding.legal_name(desk.config.coalition, organisation),
        digest=letter.version.digest,
        person=finding.person_of(desk),
        at=desk.now,
    )


def _changed_since(desk: Desk, letter: Dossier, mark: str) -> Reply:
    """Nobody signs what they were not shown: here is what reads otherwise now, and a button for it."""
    known = records.versions(desk.tx, desk.config.coalition.id, letter.id)
    shown = next((version for version in known if version.mark == mark), None)
    change = (words.changed(life.changes(shown, letter.version)),) if shown else ()
    sheet = telling.sheet(desk.tx, desk.config, letter, desk.now)
    card = Card(
        mark=Mark.SIGN_ON,
        head=f"The text of {letter.name} has changed since you were shown it",
        sections=change,
        foot=f"Text {letter.version.mark} · version {letter.version.number}",
        buttons=words.buttons(sheet, _organisation(desk)),
    )
    return Reply(card=card)


def _form(desk: Desk, letter: Dossier, organisation: str) -> Form:
    """The legal name from coalition.yml, who signed last time, and what the letter is as lobbying."""
    signatory, title = records.last_title(desk.tx, desk.config.coalition.id, organisation)
    agree = Param(
        "agree", lobbying.says(letter),
        choices=(Choice("yes", "We sign this letter as shown"), Choice("no", "Not now")),
    )  # fmt: skip
    fields = (
        FormField(
            replace(LEGAL_NAME, required=True), "Legal name", finding.legal_name(desk.config.coalition, organisation)
        ),
        FormField(replace(SIGNATORY, required=True), "Signatory", signatory or desk.actor.name),
        FormField(TITLE, "Title", title),
        FormField(agree, f"You have read version {letter.version.number} and sign it?"),
    )
    return Form(
        title=f"Sign {letter.name}", path="letter sign", fields=fields, args=dict(words.bound(letter)), submit="Sign"
    )


def _own(desk: Desk, letter: Dossier, *, head: str, foot: str = "") -> Card:
    """How the asker's organisation stands, and what it may do."""
    sheet, organisation = telling.sheet(desk.tx, desk.config, letter, desk.now), _organisation(desk)
    lines = filter(None, (words.own(sheet, organisation), f"{sheet.progress} signed, {words.until(sheet)}."))
    return Card(
        mark=Mark.SIGN_ON, head=head, lines=tuple(Line(line) for line in lines), foot=foot,
        buttons=words.buttons(sheet, organisation),
    )  # fmt: skip


def _short(desk: Desk, organisation: str) -> str:
    member = desk.config.coalition.members[organisation]
    return member.short or member.name


def _confirmed(found: list[str]) -> str:
    return f"; confirmed that it identifies no survivor, though it seemed to hold {', '.join(found)}" if found else ""
