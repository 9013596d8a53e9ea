"""From a draft to a text that may go out: asking for approval, approving, withdrawing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from bot.alerts.words import listed, number, short
from bot.card import Button, Card, Line, Mark
from bot.command import Choice, Desk, Form, FormField, Kind, Param, Refused, Reply, Role, sure
from bot.letters import finding, life, lobbying, records, relying, telling, words
from bot.letters.life import Dossier, State
from bot.letters.recipients import suiting
from bot.letters.sourcing import Basis
from bot.people.asking import careful_of, note_confirmed

TEXT: Final = Param("text", "the digest of the text that was shown", required=False, longest=64)
AGREE: Final = Param("agree", "yes, once you have read it", kind=Kind.YES_NO, required=False)
WHY: Final = Param("why", "the reason, which others see", required=False, longest=300)
CERTAIN: Final = sure("do not ask again")


def review(desk: Desk, args: Mapping[str, str]) -> Reply:
    """Ask those who approve to look at it."""
    letter = finding.in_state(desk, args["letter"], "review")
    if blanks := letter.version.blanks:
        raise Refused(f"It still has to be filled in: {listed(blanks)}. /letter edit {letter.name}", param="letter")
    _can_be_approved(desk, letter)
    after = replace(letter, state=life.step(letter, "review"))
    records.save(desk.tx, desk.config.coalition.id, after)
    desk.note(letter.name, letter.state.value, f"{after.state.value}, text {letter.version.mark}")
    asked = request(desk, after)
    told = f"{number(asked, 'approver')} asked." if asked else "Nobody could be told: they have no account in a chat."
    return Reply(card=_card(f"{letter.name} waits for approval", told, _needed(desk, after), letter=after))


def request(desk: Desk, letter: Dossier) -> int:
    """Ask each approver who neither wrote nor approved this text; how many could be told."""
    card = _to_approve(desk, letter)
    had = {
        *records.approvers(desk.tx, desk.config.coalition.id, letter),
        *finding.writers(desk.tx, desk.config.coalition.id, letter),
    }
    waiting = [who for who in telling.approvers(desk.tx, desk.config) if who not in had]
    return sum(
        telling.to_person(
            desk.tx, desk.config, who, f"letter:{letter.id}:approve:{letter.version.digest}", card,
            now=desk.now, new_id=desk.new_id, needs=Role.APPROVER,
        )
        for who in waiting
    )  # fmt: skip


def approve(desk: Desk, args: Mapping[str, str]) -> Reply:
    """Approve the text that one was shown."""
    letter = finding.in_state(desk, args["letter"], "approve")
    if finding.person_of(desk) in finding.writers(desk.tx, desk.config.coalition.id, letter):
        raise Refused(f"You wrote some of {letter.name}, so somebody else has to approve it. {_needed(desk, letter)}")
    if not letter.version.is_text(args.get("text", letter.version.digest)):
        return Reply(card=_changed_since(desk, letter, args["text"]))
    if args.get("text") != letter.version.digest or "agree" not in args:  # the form names the text and its digest
        return Reply(form=_approve_form(letter))
    if args["agree"] != "yes":
        return Reply(card=_card(f"{letter.name} stays in review", "Nothing was approved.", letter=letter))
    today = desk.config.coalition.day(desk.now)
    finding.check_claims(desk.tx, desk.config.coalition, letter.version, today)
    bill = relying.bill_of(desk.tx, desk.config.coalition, letter, desk.now)
    relying.check_bill(desk.config.coalition, bill, desk.now)
    coalition, me = desk.config.coalition.id, finding.person_of(desk)
    records.approve(desk.tx, coalition, letter, me, desk.now)
    desk.note(letter.name, letter.state.value, f"version {letter.version.number} approved, text {letter.version.mark}")
    if missing := _needed(desk, letter):
        return Reply(card=_card(f"{letter.name}: approved by you", missing, letter=letter))
    return _done(desk, letter)


def _done(desk: Desk, letter: Dossier) -> Reply:
    after = life.approved(letter, desk.now)
    records.save(desk.tx, desk.config.coalition.id, after)
    said = f"Approved by {_approvers(desk, letter)}."
    _remind_recorders(desk, after)
    if after.state is State.OPEN:
        records.open_version(desk.tx, desk.config.coalition.id, after.id, after.version.number, desk.now)
        said += f" {reopened(desk, after)}"
    card = _card(f"{letter.name} is approved", said, letter=after)
    if letter.created_by != desk.actor.person:
        name = f"letter:{letter.id}:approved:{letter.version.digest}"
        telling.to_person(
            desk.tx, desk.config, letter.created_by, name, card, now=desk.now, new_id=desk.new_id,
            needs=telling.STAFF_ALONE,
        )  # fmt: skip
    return Reply(card=card)


def reopened(desk: Desk, letter: Dossier) -> str:
    """A changed text is asked about again, and those who signed the old one see what changed."""
    earlier = records.versions(desk.tx, desk.config.coalition.id, letter.id)
    signed = {each.digest for each in records.sign_ons(desk.tx, desk.config.coalition.id, letter.id).values()}
    before = next((each for each in reversed(earlier) if each.digest in signed), None)
    telling.refresh(desk.tx, desk.config, letter, now=desk.now, new_id=desk.new_id)
    if before is None:
        return "Sign-on is open again."
    what = f"ask:{letter.version.digest}"
    asked = telling.ask(desk.tx, desk.config, letter, what, now=desk.now, new_id=desk.new_id, before=before)
    return f"Sign-on is open again; {number(asked, 'person', 'people')} asked to look at the change."


def _remind_recorders(desk: Desk, letter: Dossier) -> None:
    """Tell whoever recorded a signature for an earlier text that it does not count for this one."""
    sheet = telling.sheet(desk.tx, desk.config, letter, desk.now)
    void = [id_ for id_ in sheet.to_confirm if sheet.sign_ons[id_].evidence is not None]
    by_recorder: dict[str, list[str]] = {}
    for id_ in void:
        by_recorder.setdefault(sheet.sign_ons[id_].person, []).append(id_)
    for person, ids in by_recorder.items():
        theirs = "the signature" if len(ids) == 1 else f"the {len(ids)} signatures"
        card = Card(
            mark=Mark.SIGN_ON,
            head=f"{letter.name} changed: {theirs} that you recorded for an earlier text no longer "
            f"count{'s' if len(ids) == 1 else ''}",
            lines=(
                Line(f"{sheet.named(ids, 14)}."),
                Line("Ask them about the new text, then record it again: /letter record, or /letter allies."),
            ),
            buttons=(
                Button("See the change", "letter changes", words.about(letter)),
                Button("Open", "letter show", words.about(letter)),
            ),
        )
        name = f"letter:{letter.id}:void:{letter.version.digest}"
        telling.to_first(desk.tx, desk.config, (person,), name, card, now=desk.now, new_id=desk.new_id)


def withdraw(desk: Desk, args: Mapping[str, str]) -> Reply:
    """Send nothing; whoever signed is told."""
    letter = finding.in_state(desk, args["letter"], "withdraw")
    ask, confirmed = careful_of(desk, args, "letter withdraw", [(WHY, "Why, which others see")])
    if ask:
        return ask
    if args.get("sure") != "yes" and "why" in args:
        return Reply(form=_withdraw_form(letter, args["why"]))
    if args.get("sure") != "yes":
        yes = Button("Withdraw it", "letter withdraw", (*words.about(letter), ("sure", "yes")), "danger")
        return Reply(
            card=_asking(
                f"Withdraw {letter.name}?", "It ends here and is not sent. /letter duplicate keeps its words.", yes
            )
        )
    after = replace(letter, state=life.step(letter, "withdraw"))
    records.save(desk.tx, desk.config.coalition.id, after)
    why = args.get("why", "")
    desk.note(letter.name, letter.state.value, f"withdrawn{f': {why}' if why else ''}")
    note_confirmed(desk, letter.name, confirmed)
    telling.refresh(desk.tx, desk.config, after, now=desk.now, new_id=desk.new_id)
    subject = finding.opened(desk.tx, desk.config.coalition.id, letter).version.subject
    said = Card(mark=Mark.SIGN_ON, head=f"{letter.name} is withdrawn and is not sent",
                lines=(Line(short(subject, 200)), *((Line(f"Why: {why}"),) if why else ())))  # fmt: skip
    for person in telling.signers(desk.tx, desk.config, letter, of_any_text=True):
        telling.to_person(
            desk.tx, desk.config, person, f"letter:{letter.id}:withdrawn", said, now=desk.now, new_id=desk.new_id
        )
    again = Button("Draft it anew", "letter duplicate", words.about(letter))
    return Reply(card=Card(mark=Mark.ANSWER, head=f"{letter.name} is withdrawn", buttons=(again,)))


def _withdraw_form(letter: Dossier, why: str) -> Form:
    """A reason is too long for a button to carry."""
    line = replace(CERTAIN, kind=Kind.TEXT, required=True, choices=(Choice("yes", "Withdraw it"),))
    fields = (FormField(line, "It ends here and is not sent"), FormField(WHY, "Why, which others see", why))
    return Form(title=f"Withdraw {letter.name}?", path="letter withdraw", fields=fields,
                args=dict(words.about(letter)), submit="Withdraw")  # fmt: skip


def _can_be_approved(desk: Desk, letter: Dossier) -> None:
    who, needed = telling.approvers(desk.tx, desk.config), desk.config.coalition.letters.approvals
    writers = finding.writers(desk.tx, desk.config.coalition.id, letter)
    if life.missing(who, writers, needed):
        others = len(set(who) - writers)
        have = f"{others or 'no'} {'approver' if others == 1 else 'approvers'}"
        raise Refused(
            f"{letter.name} needs {number(needed, 'approval')} from people who did not write it, and there "
            f"{'is' if others == 1 else 'are'} {have} like that. An administrator can make one: "
            '/campaign role "NAME" give:approver'
        )


def _needed(desk: Desk, letter: Dossier) -> str:
    """What is missing before it is approved; "" for nothing."""
    had, needed = records.approvers(desk.tx, desk.config.coalition.id, letter), desk.config.coalition.letters.approvals
    missing = life.missing(had, finding.writers(desk.tx, desk.config.coalition.id, letter), needed)
    return f"Still needed: {number(missing, 'approval')}." if missing else ""


def _approvers(desk: Desk, letter: Dossier) -> str:
    names, writers = (
        finding.names(desk.tx, desk.config.coalition.id),
        finding.writers(desk.tx, desk.config.coalition.id, letter),
    )
    had = [who for who in records.approvers(desk.tx, desk.config.coalition.id, letter) if who not in writers]
    return listed([names.get(who, finding.GONE) for who in had], 9)


def _to_approve(desk: Desk, letter: Dossier) -> Card:
    names = finding.names(desk.tx, desk.config.coalition.id)
    found = finding.cited(desk.tx, desk.config.coalition, letter, desk.config.coalition.day(desk.now))
    unconfirmed = any(one.basis is Basis.NONE for one in found)
    return Card(
        mark=Mark.LETTER,
        head=f"Please approve {letter.name}: {short(letter.version.subject, 90)}",
        badge=words.badge(letter),
        byline=f"to {short(words.to(letter), 160)} · {letter.version.words:,} words · "
        f"by {names.get(letter.version.by, finding.GONE)}",
        lines=(
            *map(Line, filter(None, (suiting.of_letter(desk.config, letter),))),
            *map(Line, words.cites(letter, found)),
            *map(Line, relying.lines(desk.tx, desk.config, letter, desk.now)),
            Line(lobbying.says(letter)),
            Line(lobbying.why(letter)),
        ),
        foot=f"Text {letter.version.mark} · version {letter.version.number}",
        buttons=(
            Button("Read", "letter show", words.about(letter)),
            Button("Approve", "letter approve", words.bound(letter), "primary"),
            *((Button("Confirm citations", "letter confirm", words.about(letter)),) if unconfirmed else ()),
            Button("Edit", "letter edit", words.about(letter)),
        ),
    )


def _changed_since(desk: Desk, letter: Dossier, text: str) -> Card:
    """Nobody approves what they were not shown."""
    buttons = (
        Button("Read", "letter show", words.about(letter)),
        Button("Approve", "letter approve", words.bound(letter), "primary"),
    )
    return words.text_changed(letter, finding.shown(desk, letter, text), buttons, Mark.LETTER)


def _approve_form(letter: Dossier) -> Form:
    """What a letter is, as lobbying, stands where it is approved."""
    agree = replace(
        AGREE, help=lobbying.says(letter), kind=Kind.TEXT, required=True,
        choices=(Choice("yes", "I have read it and approve it"), Choice("no", "Not yet")),
    )  # fmt: skip
    label = f"You have read version {letter.version.number} and approve it?"
    return Form(
        title=f"Approve {letter.name}", path="letter approve", fields=(FormField(agree, label),),
        args=dict(words.bound(letter)), submit="Approve",
    )  # fmt: skip


def _card(head: str, *lines: str, letter: Dossier) -> Card:
    """An answer with what may be done next."""
    nexts = {
        State.REVIEW: (Button("Open", "letter show", words.about(letter)),),
        State.APPROVED: (
            Button("Open for sign-on", "letter signon", words.about(letter), "primary"),
            Button("Lock", "letter lock", words.about(letter)),
            Button("Open", "letter show", words.about(letter)),
        ),
        State.OPEN: (Button("Open", "letter show", words.about(letter)),),
    }
    told = tuple(Line(line) for line in lines if line)
    return Card(mark=Mark.LETTER, head=head, lines=told, buttons=nexts.get(letter.state, ()))


def _asking(head: str, line: str, button: Button) -> Card:
    return Card(mark=Mark.ANSWER, head=head, lines=(Line(line),), buttons=(button,))
