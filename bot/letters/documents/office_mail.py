"""Mail a locked letter to an office's listed address when a person presses Send, and report what became of it.

The bot never mails an office by itself. What is sent is what the question showed: the address, the text, the PDF.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.commands.arguments import matching
from bot.commands.model import Choice, Context, File, Job, Param, Refused, Reply, Role, Work, answer
from bot.config.load import Config
from bot.letters import gates, lifecycle, lookup, notices, records, wording
from bot.letters.documents import publish, render
from bot.letters.documents import records as sendings
from bot.letters.documents.records import OfficeMail
from bot.letters.lifecycle import Dossier, Mail
from bot.letters.model import Letter
from bot.letters.sheet import plain
from bot.outbox import holds, queued
from bot.outbox.messages import mail_place, post
from bot.outbox.model import OFFICE, Channel, State
from bot.people import mail
from bot.shared.calendar import business_day_after
from bot.shared.card import Button, Card, Line, Mark
from bot.shared.mail_address import normalize_address
from bot.shared.plain_text import short_hash
from bot.shared.wording import clock, short
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
_OFFICE: Final = "office:"  # of an addressee's id
_DIGEST: Final = 32  # characters, 128 bits: Discord takes 100 for a button with the letter and the office
_EXCERPT: Final = 300  # characters of the text on the question's card


def _offices(ctx: Context, typed: str) -> Sequence[Choice]:
    offices = ctx.config.coalition.offices.items()
    listed = (
        Choice(id_, short(f"{id_} {office.name}: {office.email}", 100)) for id_, office in offices if office.email
    )
    return matching(listed, typed)


_TO: Final = Param(
    "office", "which of its offices, if several have an address", required=False, complete=_offices, longest=64
)
_SHOWN: Final = Param("shown", "what the question showed", required=False, longest=64, by_button=True)

slash = lookup.LetterGroup("letter", who=frozenset({Role.POLICY}))


def prepare(ctx: Context, args: Mapping[str, str]) -> bytes | None:
    """Return the PDF once the question was answered."""
    if "shown" not in args:
        return None
    _, document, _ = _mail_of(ctx, lookup.letter_for(ctx, args["letter"], "mail"), args.get("office", ""))
    return render.pdf(document, ctx.config.folder)


@slash.step(verb="mail", params=(_TO, _SHOWN), needs="mail", prepare=prepare)
def mail_letter(ctx: Context, letter: Dossier, args: Mapping[str, str]) -> Reply:
    """Mail a locked letter to an office's listed address."""
    gates.check_current(ctx, letter)
    id_, document, address = _mail_of(ctx, letter, args.get("office", ""))
    reply_to = normalize_address(ctx.config.coalition.contact)
    if reply_to is None:
        raise Refused("Answers need an address: set the contact of the coalition to one (/settings set coalition).")
    for before in sendings.mailings(ctx.tx, letter.id):
        if _is_live(before, address):
            who, at = lookup.name_of(ctx, before.person), clock(before.asked_at, ctx.zone, ctx.now)
            what = "was mailed" if before.state == "sent" else "is on its way"
            raise Refused(f"{letter.name} {what} to {address}, by {who} ({at}). It is not sent twice.", param="letter")
    text = plain(document)
    shown = f"{address}\n{reply_to}\n{document.written.subject}\n{text}"
    digest = short_hash(shown, _DIGEST)
    pdf_name = f"{publish.file_name(letter)}.pdf"
    if args.get("shown") != digest:
        return _question(ctx, letter, document, address, reply_to, pdf_name, digest)
    sending = OfficeMail(
        id=ctx.new_id(), letter=letter.id, office=id_, address=address, reply_to=reply_to, digest=digest,
        person=ctx.person, asked_at=ctx.now,
    )  # fmt: skip
    sendings.save_mail(ctx.tx, sending)
    files = (File("letter.txt", "text/plain", text.encode()), File(pdf_name, "application/pdf", ctx.prepared))
    card = Card(mark=Mark.LETTER, head=document.written.subject, lines=(Line(f"{letter.name} to {document.to.name}"),))
    post(ctx, mail_place(sending.id, OFFICE), "letter", card, kind=KIND, files=files)
    ctx.note(letter.name, letter.state.value, f"mailed to {address}, text {digest[:12]}")
    return answer(
        f"{letter.name} is on its way to {address}",
        "Once your mail provider takes it, it is logged as sent. You get a message then, or if it fails.",
        f"Answers go to {reply_to}. Log them with /letter reply.",
        mark=Mark.LETTER,
    )


def _question(
    ctx: Context, letter: Dossier, document: Letter, address: str, reply_to: str, pdf_name: str, digest: str
) -> Reply:
    office, text = document.to.id.removeprefix(_OFFICE), plain(document)
    args = (("letter", letter.name), ("office", office), ("shown", digest))
    reply = answer(
        f"Mail {letter.name} to {address}?",
        lookup.objections(ctx.tx, ctx.config.coalition, letter),
        f"To {ctx.config.coalition.all_offices[office].name}: {address}",
        f"Answers go to {reply_to}",
        f"Subject: {document.written.subject}",
        f"Attached: {pdf_name}",
        f"The mail's text is in the file below. It begins: {short(text, _EXCERPT)}",
        foot=f"Text {letter.version.mark} · it is sent once, when you press Send it",
        buttons=(Button("Send it", "letter mail", args, "primary"),),
    )
    return replace(reply, file=File(f"{letter.name}-mail.txt", "text/plain", text.encode()))


def _mail_of(ctx: Context, letter: Dossier, typed: str) -> tuple[str, Letter, str]:
    """The office's id, the letter to it, and its address. Raises `Refused`."""
    offices = ctx.config.coalition.all_offices
    listed = offices_with_address(ctx.config, letter)
    if not listed:
        raise Refused(
            f"No office that {letter.name} goes to has an address (email: in coalition.yml). /letter export "
            f"{letter.name} as:eml makes a draft for your own mail program.",
            param="letter",
        )
    if typed and typed not in listed:
        raise Refused(f"{letter.name} can be mailed to {', '.join(listed)}.", param="office")
    if not typed and len(listed) > 1:
        raise Refused(f"Which office? {letter.name} can be mailed to {', '.join(listed)}.", param="office")
    id_ = typed or listed[0]
    letters = lookup.letters_for(ctx.tx, ctx.config, letter, ctx.now)
    document = next(each for each in letters if each.to.id == f"{_OFFICE}{id_}")
    return id_, document, offices[id_].email


def _is_live(sending: OfficeMail, address: str) -> bool:
    """Whether the mailing reached that address, or may still."""
    return sending.address == address and sending.state in ("queued", "sent")


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
        _tell_of_failure(work, letter, sending)
        return
    state, why = queued.state_in(work.tx, channel)
    if holds.is_held(work.tx, channel):
        queued.drop_channel(work.tx, channel, why="the mailbox does not exist")
        holds.release(work.tx, holds.channel_scope(channel))
        state, why = State.DEAD, "the provider says that the mailbox does not exist"
    if state is State.SENT:
        sendings.save_mail(work.tx, replace(sending, state="sent"))
        follow_up_on = business_day_after(work.today, work.config.coalition.letters.follow_up)
        details = {"how": HOW, "note": f"to {sending.address}{_BY_BOT}", "follow_up_on": follow_up_on}
        notices.log_mail(work, letter, "sent", work.today, person=sending.person, **details)
        head = f"{letter.name} was sent to {sending.address}"
        line = "Your mail provider took it. Whether the office has read it is not known."
        _tell(work, letter, sending, wording.notice(letter, head, line))
    elif state in (State.DEAD, State.DROPPED):
        stale = state is State.DROPPED and gates.reasons(work.tx, work.config, letter, work.now)
        why = "what it says is no longer true" if stale else why or "it was discarded"
        failed = replace(sending, state="failed", why=why)
        sendings.save_mail(work.tx, failed)
        _tell_of_failure(work, letter, failed)


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
    _tell(work, letter, sending, card)
    update_rows(work.tx, "office_mail", {"told_at": work.now}, id=sending.id)


def _tell(work: Work, letter: Dossier, sending: OfficeMail, card: Card) -> None:
    event = f"mailed:{sending.id}:{sending.state}:{to_text(work.now)}"  # one that is retried can fail twice
    notices.send_to_first(work, letter, event, card, sending.person)


def drop(work: Work, letter: Dossier) -> None:
    """Drop a withdrawn letter's mail to offices. Raises `Refused` if it may have arrived already."""
    for sending in (each for each in sendings.mailings(work.tx, letter.id) if each.state == "queued"):
        name = f"{OFFICE}{sending.id}"
        if queued.state_in(work.tx, name)[0] not in (State.PENDING, State.RETRY):
            raise Refused(f"{letter.name} is being mailed to {sending.address} now. Try again in a few minutes.")
        why = "the letter was withdrawn"
        queued.drop_channel(work.tx, name, why=why)
        sendings.save_mail(work.tx, replace(sending, state="failed", why=why))
        update_rows(work.tx, "office_mail", {"told_at": work.now}, id=sending.id)


def doubt_all(tx: Transaction) -> None:
    """Hold back what waits in a restored backup: the person who pressed Send is asked whether to send it."""
    for sending in sendings.waiting_mailings(tx):
        if sending.state == "queued" and queued.drop_channel(tx, f"{OFFICE}{sending.id}", why=_MAYBE_SENT):
            sendings.save_mail(tx, replace(sending, state="unclear", why=_MAYBE_SENT))


def requeue(tx: Transaction, channel: str) -> None:
    """Queue the failed or unclear mailing behind this channel again, because its delivery is retried.

    Raises `Refused` if the letter was withdrawn, or mailed to that address again since.
    """
    sending = sendings.mailing(tx, channel.removeprefix(OFFICE))
    if sending is None or sending.state not in ("failed", "unclear"):
        return
    letter = records.get(tx, sending.letter)
    if letter.state is lifecycle.State.WITHDRAWN:
        raise Refused(f"{letter.name} was withdrawn. It is not mailed to {sending.address}.")
    if any(_is_live(other, sending.address) for other in sendings.mailings(tx, letter.id)):
        raise Refused(f"{letter.name} was mailed to {sending.address} again. It is not sent twice.")
    sendings.save_mail(tx, replace(sending, state="queued", why=""))
    update_rows(tx, "office_mail", {"told_at": None}, id=sending.id)


def channel(db: Reader, config: Config, name: str, now: datetime) -> Channel | None:
    """The mail address behind `office:<id of a mailing>`, as the person saw it; None if the letter is out of date."""
    sending = sendings.mailing(db, name.removeprefix(OFFICE))
    if sending is None:
        return None
    waits = queued.state_in(db, name)[0] in (State.PENDING, State.RETRY)  # it cannot have arrived
    letter = records.find(db, sending.letter) if waits else None
    if letter and gates.reasons(db, config, letter, now):
        return None
    return Channel(
        name, mail.PLATFORM, sending.address, unproven=True, reply_to=sending.reply_to,
        person=sending.address,
    )  # fmt: skip


def went_to_office_alone(mail_: Mail) -> bool:
    """Whether the bot made this mailing, which no other addressee of the letter got."""
    return mail_.how == HOW and mail_.note.endswith(_BY_BOT)


def offices_with_address(config: Config, letter: Dossier) -> list[str]:
    """The ids of the offices that the letter goes to and that have an email address."""
    offices = config.coalition.all_offices
    ids = [id_.removeprefix(_OFFICE) for id_ in letter.version.addressees if id_.startswith(_OFFICE)]
    return [id_ for id_ in ids if id_ in offices and offices[id_].email]
