"""Lock a letter, export its documents, and log what was sent and answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Final

from bot.commands import model
from bot.commands.arguments import read_past_day
from bot.commands.model import EVERYONE, STAFF, Choice, Context, File, Kind, Param, Refused, Reply, Work
from bot.config.coalition import placeholder
from bot.config.load import Config
from bot.congress import directory
from bot.congress.model import Addressee
from bot.letters import gates, lifecycle, lobbying, lookup, notices, records, wording
from bot.letters.documents import render
from bot.letters.facts import Topic, of_coalition
from bot.letters.lifecycle import Dossier, State
from bot.letters.sheet import folded, plain
from bot.outbox.messages import LARGEST_FILE
from bot.people.pii import NO_DETAILS
from bot.shared.calendar import business_day_after, day_in_words
from bot.shared.card import Button, Mark
from bot.shared.csv_cells import write_csv
from bot.shared.errors import Problem
from bot.shared.wording import number, short, slug
from bot.store.database import Reader

_MEDIA: Final = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "txt": "text/plain",
    "csv": "text/csv",
    "eml": render.MEDIA,
}
_EDIT_IN_WORD: Final = (
    "To edit it, change the subject and the text in Word, save the file and upload it as the next version. "
    "Everything else is generated."
)
_QUOTED: Final = 100  # characters of an answer that a button carries
_NAME: Final = 40  # characters of a subject in the name of a file
_SIGNED: Final = ("organization", "member", "signatory", "title", "how", "on", "text")

AS: Final = Param(
    "as", "one letter as a document; a table of all if left out", required=False,
    choices=tuple(Choice(kind, words_) for kind, words_ in (
        ("docx", "DOCX, to edit in Word"), ("pdf", "PDF"), ("txt", "plain text"), ("eml", "email draft"),
        ("csv", "CSV of its signatures"),
    )),
)  # fmt: skip
HOW: Final = Param(
    "via", "how it was sent",
    choices=tuple(Choice(how, how) for how in ("email", "post", "web form", "by hand", "regulations.gov")),
)  # fmt: skip
ON: Final = Param("on", "the day, such as Fri or Dec 4; today if left out", required=False, check=read_past_day)
NOTE: Final = Param(
    "note", "a short note; nothing about a person you serve", kind=Kind.LONG, required=False, longest=1_000, free=True
)
WHAT: Final = Param("what", "the answer, in a sentence or two", kind=Kind.LONG, longest=1_000, free=True)
FOLLOW_UP: Final = Param("follow-up", "business days until it is followed up", kind=Kind.NUMBER, required=False)

slash = lookup.LetterGroup("letter", who=STAFF)
answer: Final = partial(model.answer, mark=Mark.LETTER)

# --- the lock ---------------------------------------------------------------------------------------------------------


@slash.step(params=(lookup.TEXT,), needs="lock")
def lock(ctx: Context, letter: Dossier, args: Mapping[str, str]) -> Reply:
    """Make the text and the signatures final.

    For good, after a question.
    """
    status = notices.sign_on_status(ctx.tx, ctx.config, letter, ctx.now)
    if args.get("text") != letter.version.digest:  # the Lock button carries the digest of its text
        _check_ready(ctx, letter)
        every = "Every member has answered."
        waiting = f"Waiting for {status.named(status.waiting, 14)}." if status.waiting else every
        declined = f" Declined: {status.named(status.declined)}." if status.declined else ""
        return answer(
            f"Lock {letter.name}?",
            f"{status.progress} signed.{declined} {waiting}",
            "After that, neither the text nor the signatures can change.",
            mark=Mark.ANSWER,
            foot=f"Text {letter.version.mark} · version {letter.version.number}",
            buttons=(
                Button("Lock it", "letter lock", wording.text_args(letter), "primary"),
                wording.step_button(letter, "Remind", "letter remind"),
            ),
        )
    lock_letter(ctx, letter)
    ctx.note(letter.name, letter.state.value, f"locked, text {letter.version.mark}, {status.progress} signed")
    return answer(
        f"{letter.name} is locked: {status.progress} signed",
        "Its documents follow in a moment.",
        buttons=(wording.open_button(letter),),
    )


def lock_letter(work: Work, letter: Dossier) -> Dossier:
    """Lock the letter and store what it names. Raises `Refused` if it may not be sent as it is."""
    if letter.state is State.REVIEW:  # at its deadline
        then = f"after the approval, /letter signon {letter.name} opens it."
        raise Refused(f"Its changed text is not approved yet. Sign-on has ended: {then}")
    addressed = _check_ready(work, letter)
    after = replace(letter, state=lifecycle.next_state(letter, "lock"), locked_at=work.now)
    records.open_version(work.tx, letter.id, letter.version.number, work.now)
    notices.save_letter(work, after)
    records.save_locked(work.tx, letter.id, addressed, of_coalition(work.config.coalition))
    named = lookup.sign_ons(work.tx, work.config.coalition, letter.id)
    records.save_sign_ons(work.tx, letter.id, named.values())  # a locked letter's names never change
    notices.refresh_cards(work, after)
    return after


def _check_ready(work: Work, letter: Dossier) -> dict[str, Addressee]:
    """The addressees by id. Raises `Refused` if the coalition, a claim, a citation or an addressee is not ready."""
    coalition = work.config.coalition
    if coalition.example:
        raise Refused(
            "coalition.yml is still the shipped example, so nothing may be sent in its name. Make it your own, then "
            "remove the line `example: true`."
        )
    if Topic.of(letter).signon and not lookup.signed_organizations(work.tx, coalition, letter):
        raise Refused(
            f"{letter.name} speaks for “the undersigned organizations”, and none has signed its text. Wait for a "
            "signature, or draft it without signon."
        )
    gates.check_current(work, letter)
    lookup.check_citations_confirmed(work, letter)
    gates.check_placeholders(coalition, letter)
    ids, today = letter.version.addressees, work.today
    addressed = {id_: directory.addressee(work.tx, work.config, id_, today=today) for id_ in ids}
    for addressee in addressed.values():
        if blank := placeholder("\n".join((addressee.name, *addressee.block, addressee.salutation))):
            raise Refused(
                f"The address of {addressee.name} has the placeholder “{blank}”. Correct the office in coalition.yml; "
                "an address that was typed when the letter was drafted needs a new draft."
            )
    return addressed


# --- documents --------------------------------------------------------------------------------------------------------


@slash.command(
    example="L-014 as:pdf", params=(replace(lookup.LETTER, required=False), AS), who=EVERYONE, chat_only=True
)
def export(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Export a letter as DOCX or PDF, or all letters by quarter for your counsel."""
    if "letter" not in args:
        return _lobbying_report(ctx)
    letter = lookup.letter_of(ctx, args["letter"])
    kind = args.get("as", "pdf")
    if kind != "csv" and not letter.is_history:
        gates.check_current(ctx, letter)
    data = _render(ctx, letter, kind)
    if len(data) > LARGEST_FILE:
        raise Refused(
            f"{letter.name} as {kind.upper()} has {len(data) / 1_000_000:.0f} MB; a chat takes 10 MB.", param="as"
        )
    count, to_all = len(letter.version.addressees), wording.step_button(letter, "One for each", "letter merge")
    which = f"For {wording.recipients(letter)}: this is the first of {count}." if count > 1 else ""
    may_upload = lifecycle.is_allowed(letter, "edit") and any(each.path == "letter upload" for each in ctx.commands)
    can_upload = kind == "docx" and len(letter.version.texts) == 1 and may_upload
    reply = answer(
        f"{letter.name}, version {letter.version.number}, as {kind.upper()}",
        which,
        _EDIT_IN_WORD if can_upload else "",
        *gates.since_lock(ctx.tx, ctx.config, letter),
        foot=status_line(letter),
        buttons=ctx.theirs(
            *([wording.step_button(letter, "Upload it", "letter upload")] if can_upload else []),
            *([to_all] if which else []),
        ),
    )
    return replace(reply, file=File(f"{file_name(letter)}.{kind}", _MEDIA[kind], data))


def _render(ctx: Context, letter: Dossier, kind: str) -> bytes:
    if kind == "csv":
        return signed_table(ctx.tx, ctx.config, letter, notes=bool(ctx.actor.roles & STAFF))
    letters = lookup.letters_for(ctx.tx, ctx.config, letter, ctx.now)
    folder = ctx.config.folder
    match kind:
        case "docx":
            return render.docx(letters[0], folder)
        case "txt":
            return plain(letters[0]).encode()
        case "eml":
            if letter.state in (State.DRAFT, State.REVIEW, State.WITHDRAWN):  # a draft is sent with one press
                what = (
                    f"{letter.name} is {letter.state.value}. Only an approved letter can be exported as an email draft."
                )
                raise Refused(what, param="as")
            return render.mail_draft(letters[0], render.pdf(letters[0], folder), f"{file_name(letter)}.pdf")
        case _:
            return render.pdf(letters[0], folder)


def documents(db: Reader, config: Config, letter: Dossier, now: datetime) -> tuple[tuple[File, ...], str]:
    """DOCX, PDF and, once locked, the signatures as CSV; or none, and the reason."""
    try:
        first = gates.current_letters(db, config, letter, now)[0]
        data = {"docx": render.docx(first, config.folder), "pdf": render.pdf(first, config.folder)}
    except Problem as problem:
        return (), f"Its documents could not be rendered: {problem}"
    if letter.locked_at:
        data["csv"] = signed_table(db, config, letter, notes=False)
    return tuple(File(f"{file_name(letter)}.{kind}", _MEDIA[kind], each) for kind, each in data.items()), ""


def signed_table(db: Reader, config: Config, letter: Dossier, *, notes: bool) -> bytes:
    """The signatures of this text as CSV, by legal name. `notes`: include staff's notes on the evidence."""
    rows = [
        (
            sign_on.legal_name,
            id_,
            sign_on.signatory,
            sign_on.title,
            sign_on.how if notes or sign_on.evidence is None else f"recorded: {sign_on.evidence.value}",
            sign_on.at.astimezone(config.coalition.tz).date().isoformat(),
            letter.version.digest,
        )
        for id_, sign_on in lookup.signed_organizations(db, config.coalition, letter).items()
    ]
    return write_csv(_SIGNED, rows)


def file_name(letter: Dossier) -> str:
    """A file name without extension, cut between words: `L-014-draft-v2-end-joint-applications`, `L-014-final-…`."""
    subject = slug(folded(letter.version.subject), _NAME)
    stage = "final" if letter.state in lifecycle.FINAL else f"draft-v{letter.version.number}"
    return f"{letter.name}-{stage}-{subject or 'letter'}"


def status_line(letter: Dossier) -> str:
    is_open = lifecycle.is_allowed(letter, "edit")
    suffix = " · not locked: text and signatures can still change" if is_open else ""
    return f"{letter.state.value.capitalize()} · text {letter.version.mark}{suffix}"


def _lobbying_report(ctx: Context) -> Reply:
    """The lobbying table: of all members for staff, of the asker's organization for a representative."""
    coalition, is_staff = ctx.config.coalition, bool(ctx.actor.roles & STAFF)
    rows = []
    for letter in (each for each in lookup.visible_letters(ctx) if each.state in lifecycle.FINAL):
        signed = lookup.signed_organizations(ctx.tx, coalition, letter)
        own_sign_ons = {id_: each for id_, each in signed.items() if is_staff or id_ == ctx.actor.organisation}
        if is_staff or own_sign_ons:
            mail = records.mail(ctx.tx, letter.id) if is_staff else ()
            rows.append((letter, wording.recipients(letter), own_sign_ons, mail))
    data = lobbying.table(coalition.name, rows, coalition.tz)
    what = "and who signed them, by quarter and member" if is_staff else "that you signed, by quarter"
    reply = answer(
        f"{number(len(rows), 'letter')} {what}",
        "Only locked letters that were not withdrawn. The lobbying column is from each letter's template.",
        foot=f"For your counsel. {lobbying.NOT_ADVICE}",
    )
    return replace(reply, file=File("letters-by-quarter.csv", "text/csv", data))


# --- mail ------------------------------------------------------------------------------------------------------------


@slash.step(example="via:email", params=(HOW, ON, FOLLOW_UP, NOTE, NO_DETAILS), needs="sent")
def sent(ctx: Context, letter: Dossier, args: Mapping[str, str]) -> Reply:
    """Log how and when it was sent."""
    on = _day(ctx, args)
    days = int(args.get("follow-up", ctx.config.coalition.letters.follow_up))
    if not 1 <= days <= 250:
        raise Refused("Follow up within 1 to 250 business days.", param="follow-up")
    follow_up = business_day_after(on, days)
    _log(ctx, letter, "sent", on, how=args["via"], note=args.get("note", ""), follow_up_on=follow_up)
    later = f"{number(days, 'business day')} later: the bot will remind you, unless an answer is logged."
    reminder = f"Follow-up on {day_in_words(follow_up)}, {later}"
    return answer(
        f"Logged: {letter.name} sent by {args['via']} on {day_in_words(on)}",
        "An answer is logged: there is no reminder." if letter.state is State.ANSWERED else reminder,
        buttons=(wording.step_button(letter, "Log an answer", "letter reply"),),
    )


@slash.step(example='what:"They will meet us in January."', params=(WHAT, ON, NO_DETAILS), needs="reply")
def reply(ctx: Context, letter: Dossier, args: Mapping[str, str]) -> Reply:
    """Log an answer."""
    on = _day(ctx, args)
    _log(ctx, letter, "reply", on, note=args["what"])
    promise = {"basis": f"the answer of {day_in_words(on)} to {letter.name}", "kind": "answer"}
    promise |= {"quote": args["what"]} if len(args["what"]) <= _QUOTED else {}
    record = Button("Record a promise", "deadlines add", tuple(promise.items()))
    return answer(
        f"Logged: an answer to {letter.name}, {day_in_words(on)}",
        short(args["what"], 400),
        buttons=(wording.step_button(letter, "Close", "letter close"), *ctx.theirs(record)),
    )


@slash.step(needs="close")
def close(ctx: Context, letter: Dossier, _: Mapping[str, str]) -> Reply:
    """Close a letter that needs no more work."""
    notices.save_letter(ctx, replace(letter, state=lifecycle.next_state(letter, "close")))
    ctx.note(letter.name, letter.state.value, "closed")
    return answer(f"{letter.name} is closed", "It stays in /letter list state:closed.")


def _log(ctx: Context, letter: Dossier, kind: str, on: date, *, note: str, how: str = "", **details: date) -> None:
    """Log and audit it. Raises `Refused` if it is logged already: two people may press at one moment."""
    logged = [(mail.kind, mail.on, mail.how, mail.note) for mail in records.mail(ctx.tx, letter.id)]
    if (kind, on, how, note) in logged:
        raise Refused("That is logged already. To log another of that day, add a note or use other words.")
    notices.log_mail(ctx, letter, kind, on, person=ctx.person, how=how, note=note, **details)
    ctx.note(letter.name, letter.state.value, f"{kind} on {on.isoformat()}")


def _day(ctx: Context, args: Mapping[str, str]) -> date:
    on = read_past_day(args["on"], ctx.local_now) if "on" in args else ctx.today
    if on < ctx.today - timedelta(days=3_650):
        raise Refused("The day must not be more than ten years ago.", param="on")
    return on
