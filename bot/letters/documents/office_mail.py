"""Mail a locked letter to an office's listed address when a person presses Send, and report what became of it.

The bot never mails an office by itself. What is sent is what the question showed: the address, the text, the PDF.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from bot.commands.arguments import matching
from bot.commands.model import Choice, Context, File, Job, Param, Refused, Reply, Role, Work, answer
from bot.config.load import Config
from bot.letters import gates, lifecycle, lookup, notices, records, wording
from bot.letters.committees import member_behind
from bot.letters.documents import publish, render
from bot.letters.documents import records as sendings
from bot.letters.documents.records import OfficeMail
from bot.letters.lifecycle import Dossier, Mail
from bot.letters.model import Letter
from bot.letters.sheet import plain
from bot.offices import records as contacts
from bot.offices.model import Contact
from bot.offices.picking import to_mail
from bot.outbox import holds, queued
from bot.outbox.messages import mail_place, post
from bot.outbox.model import OFFICE, OPEN, Channel, State
from bot.people import mail
from bot.shared.calendar import business_day_after
from bot.shared.card import Button, Card, Line, Mark
from bot.shared.mail_address import normalize_address, same_address
from bot.shared.plain_text import short_hash
from bot.shared.wording import cap_lines, clock, dotted, listed, number, short
from bot.store.database import Reader, Transaction, to_text, update_rows

KIND: Final = "office mail"  # of deliveries
HOW: Final = "email"
_MAYBE_SENT: Final = "a backup was restored, and this email may have been sent after it was made"
_CHECK: Final = "Check the address, then press Mail again or send it yourself: /letter export as:eml."
# By a mailing's state, how its report begins, and what to do.
_FAILURES: Final = {
    "failed": ("could not be sent to", _CHECK),
    "bounced": ("did not reach", _CHECK),
    "unclear": ("may have been sent to", "If your mail provider has no record of it, press Mail again."),
}
_BY_BOT: Final = ", by the bot"  # ends the note on such a mailing
_POSTS: Final = ("chair", "ranking")  # kinds of addressees that a member is behind
_AT_ONCE: Final = 50  # mails of one press
_NOT_ARRIVED: Final = "a mail to them did not arrive"
_LINES: Final = 5  # of each kind in the question
_DIGEST: Final = 32  # characters, 128 bits: Discord takes 100 for a button with the letter and the office
_EXCERPT: Final = 300  # characters of the text on the question's card


@dataclass(frozen=True, slots=True)
class Recipient:
    """Where a letter is mailed for one addressee. `key`: as the command takes it; `contact`: who reads it there."""

    key: str
    addressee: str
    address: str
    contact: str = ""


@dataclass(frozen=True, slots=True)
class _Prepared:
    """One mail as it would be sent now."""

    to: Recipient
    document: Letter
    text: str


def _offices(ctx: Context, typed: str) -> Sequence[Choice]:
    offices = ctx.config.coalition.offices.items()
    listed = (
        Choice(id_, short(f"{id_} {office.name}: {office.email}", 100)) for id_, office in offices if office.email
    )
    return matching(listed, typed)


_TO: Final = Param(
    "office", "one of its offices; if left out, all with an address", required=False, complete=_offices, longest=64
)
_SHOWN: Final = Param("shown", "what the question showed", required=False, longest=64, by_button=True)

slash = lookup.LetterGroup("letter", who=frozenset({Role.POLICY}))


def prepare(ctx: Context, args: Mapping[str, str]) -> Mapping[str, bytes] | None:
    """Return the PDF for each addressee once the question was answered."""
    if "shown" not in args:
        return None
    mails, _ = _mails_of(ctx, lookup.letter_for(ctx, args["letter"], "mail"), args.get("office", ""))
    return {each.to.key: render.pdf(each.document, ctx.config.folder) for each in mails}


@slash.step(verb="mail", params=(_TO, _SHOWN), needs="mail", prepare=prepare)
def mail_letter(ctx: Context, letter: Dossier, args: Mapping[str, str]) -> Reply:
    """Mail a locked letter to its offices, one mail each."""
    gates.check_current(ctx, letter)
    mails, aside = _mails_of(ctx, letter, args.get("office", ""))
    reply_to = normalize_address(ctx.config.coalition.contact)
    if reply_to is None:
        raise Refused("Answers need an address: set the contact of the coalition to one (/settings set coalition).")
    shown = [f"{each.to.address}\n{reply_to}\n{each.document.written.subject}\n{each.text}" for each in mails]
    digest = short_hash("\n".join(shown), _DIGEST)
    pdf_name = f"{publish.file_name(letter)}.pdf"
    if args.get("shown") != digest or {each.to.key for each in mails} - {*ctx.prepared}:
        asked = (("office", args["office"]),) if "office" in args else ()
        return _question(ctx, letter, mails, aside, reply_to, pdf_name, (*asked, ("shown", digest)))
    for each in mails:
        sending = OfficeMail(
            id=ctx.new_id(), letter=letter.id, office=each.to.key, address=each.to.address, reply_to=reply_to,
            digest=digest, person=ctx.person, asked_at=ctx.now,
        )  # fmt: skip
        sendings.MAILINGS.save(ctx.tx, sending)
        pdf = File(pdf_name, "application/pdf", ctx.prepared[each.to.key])
        files = (File("letter.txt", "text/plain", each.text.encode()), pdf)
        line = Line(f"{letter.name} to {each.document.to.name}")
        card = Card(mark=Mark.LETTER, head=each.document.written.subject, lines=(line,))
        post(ctx, mail_place(sending.id, OFFICE), "letter", card, kind=KIND, files=files)
        ctx.note(letter.name, letter.state.value, f"mailed to {each.to.address}, text {digest[:12]}")
    return answer(
        f"{letter.name} is on its way to {_named(mails)}",
        "Once your mail provider takes it, it is logged as sent. You get a message then, or if it fails.",
        f"Answers go to {reply_to}. Log them with /letter reply.",
        mark=Mark.LETTER,
    )


def _named(mails: Sequence[_Prepared]) -> str:
    return mails[0].to.address if len(mails) == 1 else number(len(mails), "office")


def _question(
    ctx: Context, letter: Dossier, mails: Sequence[_Prepared], aside: Sequence[str], reply_to: str, pdf_name: str,
    args: tuple[tuple[str, str], ...],
) -> Reply:  # fmt: skip
    to = [f"To {each.document.to.name}: {dotted(each.to.contact, each.to.address)}" for each in mails]
    subjects = dict.fromkeys(each.document.written.subject for each in mails)
    one, send = len(mails) == 1, "Send it" if len(mails) == 1 else f"Send {len(mails)} mails"
    reply = answer(
        f"Mail {letter.name} to {_named(mails)}{'' if one else ', one mail each'}?",
        lookup.objections(ctx.tx, ctx.config.coalition, letter),
        *cap_lines(to, _LINES, "and {:,} more, in the file below"),
        *cap_lines([f"Not mailed: {why}." for why in aside], _LINES, "and {:,} more not mailed, in the file below"),
        f"Answers go to {reply_to}",
        *(f"Subject: {subject}" for subject in list(subjects)[:2]),
        f"Attached: {pdf_name}",
        f"{'The mail' if one else 'Each mail'}'s text is in the file. It begins: {short(mails[0].text, _EXCERPT)}",
        foot=f"Text {letter.version.mark} · it is sent once, when you press {send}",
        buttons=(Button(send, "letter mail", (("letter", letter.name), *args), "primary"),),
    )
    texts = [each.text if one else f"{line}\n\n{each.text}" for line, each in zip(to, mails, strict=True)]
    texts += ["\n".join(f"Not mailed: {why}." for why in aside)] if aside else []
    file = File(f"{letter.name}-mail.txt", "text/plain", f"\n\n{'-' * 60}\n\n".join(texts).encode())
    return replace(reply, file=file)


def _mails_of(ctx: Context, letter: Dossier, typed: str) -> tuple[list[_Prepared], list[str]]:
    """The next mails of a letter, to one addressee or all, and why others get none. Raises `Refused`."""
    to, aside = recipients(ctx.tx, ctx.config, letter, ctx.today)
    if not to:
        why = f" {aside[0]}." if aside else ""
        raise Refused(
            f"No office that {letter.name} goes to has an address: its email in the settings, or a verified contact "
            f"(/office add).{why} /letter export {letter.name} as:eml makes a draft for your own mail program.",
            param="letter",
        )
    if typed and typed not in to:
        raise Refused(f"{letter.name} can be mailed to {listed(list(to), _LINES)}.", param="office")
    live = [each for each in sendings.mailings(ctx.tx, letter.id) if each.state in ("queued", "sent")]
    before = {each.address.casefold(): each for each in live}
    asked = [to[typed]] if typed else list(to.values())
    left = unmailed(ctx.tx, letter, asked)
    if not left:
        last = before[asked[0].address.casefold()]
        who, at = lookup.name_of(ctx, last.person), clock(last.asked_at, ctx.zone, ctx.now)
        what = "was mailed" if last.state == "sent" else "is on its way"
        raise Refused(f"{letter.name} {what} to {last.address}, by {who} ({at}). It is not sent twice.", param="letter")
    if len(left) > _AT_ONCE:
        aside = [f"{len(left) - _AT_ONCE} more now: press Mail again for them", *aside]
    letters = {each.to.id: each for each in lookup.letters_for(ctx.tx, ctx.config, letter, ctx.now)}
    documents = [(each, letters[each.addressee]) for each in left[:_AT_ONCE]]
    return [_Prepared(each, document, plain(document)) for each, document in documents], [] if typed else aside


def recipients(db: Reader, config: Config, letter: Dossier, today: date) -> tuple[dict[str, Recipient], list[str]]:
    """Where the letter can be mailed, by `Recipient.key`, and why a contact of one of its addressees is not used."""
    offices, by_office = config.coalition.all_offices, defaultdict[str, list[Contact]](list)
    for contact in contacts.all_contacts(db):
        by_office[contact.office].append(contact)
    to, aside = dict[str, Recipient](), list[str]()
    names = letter.facts.get("names", {})
    for id_ in letter.version.addressees:
        kind, _, name = id_.partition(":")
        if kind not in ("office", "member", *_POSTS):
            continue
        if kind == "office" and name in offices and offices[name].email:
            to[name] = Recipient(name, id_, offices[name].email)
            continue
        there = {id_, f"committee:{name}", f"member:{member_behind(db, id_)}"} if kind in _POSTS else {id_}
        fit = to_mail((each for office in there for each in by_office[office]), letter.ask)
        reader = next((each for each in fit if not each.to_verify(today)), None)
        if reader and any(same_address(reader.email, each.address) for each in to.values()):
            aside.append(f"{names.get(id_, id_)}: {reader.label} {reader.title}, gets another of these letters")
        elif reader:
            key = name if kind == "office" else id_
            to[key] = Recipient(key, id_, reader.email, f"{reader.label} {reader.title}")
        else:
            why = (f"{each.label} {each.title}, {each.to_verify(today)}" for each in fit)
            aside.append(f"{names.get(id_, id_)}: {'; '.join(why) or 'no contact with an address'}")
    return to, aside


def unmailed(db: Reader, letter: Dossier, to: Iterable[Recipient]) -> list[Recipient]:
    """Those without a mail of it that was sent or is on its way."""
    mailings = sendings.mailings(db, letter.id)
    return [each for each in to if not any(_is_live(sending, each.address) for sending in mailings)]


def _is_live(sending: OfficeMail, address: str) -> bool:
    """Whether the mailing reached that address, or may still."""
    return same_address(sending.address, address) and sending.state in ("queued", "sent")


def _objection(
    db: Reader, config: Config, letter: Dossier, sending: OfficeMail, now: datetime, *, in_doubt: bool = False
) -> str:
    """Why a mailing may not leave now, after its person pressed Send; "" if it may. `in_doubt`: it may have arrived."""
    if not in_doubt and gates.reasons(db, config, letter, now):
        return "what it says is no longer true"
    to, _ = recipients(db, config, letter, config.coalition.day(now))
    if any(same_address(each.address, sending.address) for each in to.values()):
        return ""
    theirs = (each for each in contacts.all_contacts(db) if same_address(each.email, sending.address))
    return next((_why_not(each, config.coalition.day(now)) for each in theirs), "no office or contact has this address")


def _why_not(contact: Contact, today: date) -> str:
    """A contact, and why it gets none of this mail."""
    why = "opted out" if contact.opted_out_at else contact.to_verify(today) or "not the contact for this letter"
    return f"{contact.label} {contact.title}: {why}"


# --- what became of it ------------------------------------------------------------------------------------------------


def follow(job: Job) -> None:
    """Log what the mail provider took, and tell the person who pressed Send of what failed."""
    for sending in sendings.waiting_mailings(job.db):
        with job.write() as work:
            # Read again: meanwhile it may have come back, or another process may have logged it.
            if current := sendings.mailing(work.tx, sending.id, waits=True):
                _follow_one(work, current)


def _follow_one(work: Work, sending: OfficeMail) -> None:
    channel = f"{OFFICE}{sending.id}"
    letter = records.get(work.tx, sending.letter)
    if sending.state != "queued":
        if sending.state == "bounced":
            contacts.doubt_address(work, sending.address, _NOT_ARRIVED)
        _tell_of_failure(work, letter, sending)
        return
    state, why = queued.state_in(work.tx, channel)
    if holds.is_held(work.tx, channel):
        queued.drop_channel(work.tx, channel, why="the mailbox does not exist")
        holds.release(work.tx, holds.channel_scope(channel))
        state, why = State.DEAD, "the provider says that the mailbox does not exist"
        contacts.doubt_address(work, sending.address, _NOT_ARRIVED)
    if state is State.SENT:
        sendings.MAILINGS.save(work.tx, replace(sending, state="sent"))
        day = business_day_after(work.today, work.config.coalition.letters.follow_up)
        reminded = any(each.follow_up_on == day for each in records.mail(work.tx, letter.id))
        follow_up_on = None if reminded else day  # one reminder, however many offices got it
        details = {"how": HOW, "note": _noted(sending), "follow_up_on": follow_up_on}
        notices.log_mail(work, letter, "sent", work.today, person=sending.person, **details)
        _tell_of_batch(work, letter, sending)
    elif state in (State.DEAD, State.DROPPED):
        in_doubt = state is State.DROPPED and queued.may_have_arrived(work.tx, channel)
        objection = state is State.DROPPED and _objection(
            work.tx, work.config, letter, sending, work.now, in_doubt=in_doubt
        )
        why = objection or why or "it was discarded"
        failed = replace(sending, state="unclear" if in_doubt else "failed", why=why)
        sendings.MAILINGS.save(work.tx, failed)
        _tell_of_failure(work, letter, failed)
        _tell_of_batch(work, letter, failed)


def _tell_of_failure(work: Work, letter: Dossier, sending: OfficeMail) -> None:
    what, next_step = _FAILURES[sending.state]
    head = f"{letter.name} {what} {sending.address}"
    reasons = gates.reasons(work.tx, work.config, letter, work.now)
    if reasons:
        next_step, again = gates.LOCKED, gates.draft_again(letter)
    else:
        again = wording.step_button(letter, "Mail again", "letter mail", "plain", ("office", sending.office))
    lines = (f"{sending.why[:1].upper()}{sending.why[1:]}.", *reasons, next_step)
    card = wording.notice(letter, head, *lines, buttons=(again, wording.open_button(letter)))
    _tell(work, letter, sending, card, sending.state)
    update_rows(work.tx, "office_mail", {"told_at": work.now}, id=sending.id)


def _tell(work: Work, letter: Dossier, sending: OfficeMail, card: Card, state: str) -> None:
    event = f"mailed:{sending.id}:{state}:{to_text(work.now)}"  # one that is retried can fail twice
    notices.send_to_first(work, letter, event, card, sending.person)


def drop(work: Work, letter: Dossier) -> None:
    """Drop a withdrawn letter's mail to offices. Raises `Refused` if it may have arrived already."""
    for sending in (each for each in sendings.mailings(work.tx, letter.id) if each.state == "queued"):
        name = f"{OFFICE}{sending.id}"
        if queued.state_in(work.tx, name)[0] not in (State.PENDING, State.RETRY):
            raise Refused(f"{letter.name} is being mailed to {sending.address} now. Try again in a few minutes.")
        why = "the letter was withdrawn"
        queued.drop_channel(work.tx, name, why=why)
        sendings.MAILINGS.save(work.tx, replace(sending, state="failed", why=why))
        update_rows(work.tx, "office_mail", {"told_at": work.now}, id=sending.id)


def doubt_all(tx: Transaction) -> None:
    """Hold back what waits in a restored backup, or was pressed later: its person is asked whether to send it."""
    for sending in sendings.waiting_mailings(tx):
        name = f"{OFFICE}{sending.id}"
        if sending.state == "queued" and (
            queued.drop_channel(tx, name, why=_MAYBE_SENT) or queued.state_in(tx, name)[0] is None
        ):
            sendings.MAILINGS.save(tx, replace(sending, state="unclear", why=_MAYBE_SENT))


def requeue(work: Work, channel: str) -> None:
    """Queue the failed or unclear mailing behind this channel again, because its delivery is retried.

    Raises `Refused` if the letter was withdrawn, mailed to that address again since, or may not go there any more.
    """
    tx, sending = work.tx, sendings.mailing(work.tx, channel.removeprefix(OFFICE))
    if sending is None or sending.state not in ("failed", "unclear"):
        return
    letter = records.get(tx, sending.letter)
    if letter.state is lifecycle.State.WITHDRAWN:
        raise Refused(f"{letter.name} was withdrawn. It is not mailed to {sending.address}.")
    if any(_is_live(other, sending.address) for other in sendings.mailings(tx, letter.id)):
        raise Refused(f"{letter.name} was mailed to {sending.address} again. It is not sent twice.")
    if objection := _objection(tx, work.config, letter, sending, work.now):
        raise Refused(f"{letter.name} is not sent to {sending.address}: {objection}.")
    sendings.MAILINGS.save(tx, replace(sending, state="queued", why=""))
    update_rows(tx, "office_mail", {"told_at": None}, id=sending.id)


def channel(db: Reader, config: Config, name: str, now: datetime) -> Channel | None:
    """The mail address behind `office:<id of a mailing>`, as the person saw it; None if it may not leave any more."""
    sending = sendings.mailing(db, name.removeprefix(OFFICE))
    if sending is None:
        return None
    letter = records.find(db, sending.letter) if queued.state_in(db, name)[0] in OPEN else None
    if letter and _objection(db, config, letter, sending, now, in_doubt=queued.may_have_arrived(db, name)):
        return None
    return Channel(
        name, mail.PLATFORM, sending.address, unproven=True, reply_to=sending.reply_to,
        person=sending.address,
    )  # fmt: skip


def _tell_of_batch(work: Work, letter: Dossier, sending: OfficeMail) -> None:
    """Tell the person once of all mails of one press, when none of them is on its way any more."""
    batch = [each for each in sendings.mailings(work.tx, letter.id) if each.asked_at == sending.asked_at]
    sent = [each.address for each in batch if each.state == "sent"]
    if sent and all(each.state != "queued" for each in batch):
        head = f"{letter.name} was sent to {sent[0] if len(sent) == 1 else number(len(sent), 'office')}"
        line = "Your mail provider took it. Whether the office has read it is not known."
        _tell(work, letter, sending, wording.notice(letter, head, line), "sent")


def went_to_one(mail_: Mail) -> bool:
    """Whether the bot made this mailing, which no other addressee of the letter got."""
    return mail_.how == HOW and mail_.note.endswith(_BY_BOT)


def sent_on(db: Reader, letter_id: str, logged: Iterable[Mail]) -> dict[str, date]:
    """The day of the mail to each addressee that got its own, by `Recipient.key`."""
    days = {mail_.note: mail_.on for mail_ in logged}
    sent = (each for each in sendings.mailings(db, letter_id) if each.state == "sent")
    return {each.office: days[note] for each in sent if (note := _noted(each)) in days}


def _noted(sending: OfficeMail) -> str:
    return f"to {sending.address}{_BY_BOT}"
