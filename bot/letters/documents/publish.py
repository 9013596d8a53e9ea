"""From a text that is approved to one that went out: the lock, the documents, what was sent and what came back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bot.commands.model import STAFF, Choice, Context, File, Kind, Param, Refused, Reply
from bot.commands.replies import answer
from bot.config.coalition import placeholder
from bot.config.load import Config
from bot.congress import directory
from bot.congress.directory import NotAddressable
from bot.congress.model import Addressee
from bot.letters import lifecycle, lookup, notices, records, wording
from bot.letters.approval import premises
from bot.letters.documents import render
from bot.letters.drafting.plain_text import plain
from bot.letters.lifecycle import Dossier, Mail
from bot.letters.model import Letter
from bot.letters.signon import lobbying
from bot.outbox.messages import LARGEST_FILE
from bot.people.confirm_text import confirm_fields, note_confirmed
from bot.people.csv_table import write_csv
from bot.printing.parts import DocumentProblem
from bot.shared.calendar import business_day, day_in_words
from bot.shared.card import Button, Card, Line, Mark
from bot.shared.wording import number, short
from bot.store.database import Reader, Transaction

MOST_AT_ONCE: Final = 60  # letters in a ZIP that is an answer: it takes some three seconds
_MEDIA: Final = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "txt": "text/plain",
    "csv": "text/csv",
    "zip": "application/zip",
}
_TO_HAND_BACK: Final = (
    "To change it, change its subject and text in Word, save it, and hand it back: that is its next version. "
    "Everything else is made anew each time."
)
_NAME: Final = 40  # characters of a subject in the name of a file
_SIGNED: Final = ("organisation", "member", "signatory", "title", "how", "on", "text")

AS: Final = Param(
    "as", "one letter as a document; a table of all if left out", required=False,
    choices=tuple(Choice(kind, words_) for kind, words_ in (
        ("docx", "DOCX, to edit in Word"), ("pdf", "PDF"), ("txt", "plain text"),
        ("csv", "CSV of its signatures"), ("zip", "ZIP, a letter for each addressee"),
    )),
)  # fmt: skip
HOW: Final = Param(
    "via", "how it went out",
    choices=tuple(Choice(how, how) for how in ("e-mail", "post", "web form", "by hand", "regulations.gov")),
)  # fmt: skip
ON: Final = Param("on", "the day, as 2026-12-04; today if left out", required=False)
NOTE: Final = Param("note", "a word about it; nothing on whom you serve", kind=Kind.LONG, required=False, longest=1_000)
WHAT: Final = Param("what", "what they answered, in a sentence or two", kind=Kind.LONG, longest=1_000)
FOLLOW_UP: Final = Param("follow-up", "business days until it is followed up", kind=Kind.NUMBER, required=False)


# --- the lock ---------------------------------------------------------------------------------------------------------


def lock(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Close the text and its signatures for good."""
    letter = lookup.letter_for(ctx, args["letter"], "lock")
    sheet = notices.sign_on_status(ctx.tx, ctx.config, letter, ctx.now)
    if args.get("text") != letter.version.digest:  # the button that locks carries the digest of the text it names
        _may_go_out(ctx.tx, ctx.config, letter, ctx.now)
        return Reply(card=_before_lock(letter, sheet))
    locked(ctx.tx, ctx.config, letter, now=ctx.now, new_id=ctx.new_id)
    ctx.note(letter.name, letter.state.value, f"locked, text {letter.version.mark}, {sheet.progress} signed")
    head = f"{letter.name} is locked: {sheet.progress} signed"
    return Reply(card=Card(mark=Mark.LETTER, head=head, lines=(Line("Its documents come in a moment."),),
                           buttons=(Button("Open", "letter show", wording.letter_args(letter)),)))  # fmt: skip


def locked(tx: Transaction, config: Config, letter: Dossier, *, now: datetime, new_id: notices.NewId) -> Dossier:
    """The letter, locked. Raises `Refused` where something is not as it has to be."""
    addressed = _may_go_out(tx, config, letter, now)
    after = replace(letter, state=lifecycle.next_state(letter, "lock"), locked_at=now)
    records.save(tx, config.coalition.id, after)
    records.open_version(tx, config.coalition.id, letter.id, letter.version.number, now)
    records.save_addressees(tx, config.coalition.id, letter.id, addressed)
    lookup.store_legal_names(tx, config.coalition, letter.id)
    notices.refresh_cards(tx, config, after, now=now, new_id=new_id)
    return after


def _may_go_out(db: Reader, config: Config, letter: Dossier, now: datetime) -> dict[str, Addressee]:
    """Whom it goes to, by id. Raises `Refused` where its coalition, a claim or an addressee is not as it has to be."""
    if config.coalition.example:
        raise Refused(
            "coalition.yml is still the shipped example, so nothing may be sent in its name. Make it your own, then "
            "take out the line `example: true`."
        )
    if placeholders := config.coalition.placeholders:
        named = ", ".join(f"{key}: {value}" for key, value in placeholders.items())
        raise Refused(f"coalition.yml still has placeholders ({named}). Replace them with your own, then lock.")
    today = config.coalition.day(now)
    lookup.check_claims(db, config.coalition, letter.version, today)
    lookup.check_citations_confirmed(db, config.coalition, letter, today)
    premises.check_bill(config.coalition, premises.bill_of(db, config.coalition, letter, now), now)
    _check_placeholders(letter)
    try:
        addressed = {id_: directory.addressee(db, config, id_, today=today) for id_ in letter.version.addressees}
    except NotAddressable as refused:
        raise Refused(refused.why) from refused
    for each in addressed.values():
        if found := placeholder("\n".join((each.name, *each.block, each.salutation))):
            raise Refused(
                f"The address of {each.name} has the placeholder “{found}”. Correct the office in coalition.yml; "
                "an address that was typed when the letter was drafted needs a new draft."
            )
    return addressed


def _check_placeholders(letter: Dossier) -> None:
    """Raises `Refused` that names the sentence. The text keeps what coalition.yml said when it was drafted."""
    parts = (
        part
        for text in letter.version.texts
        for part in (text.written.subject, *(paragraph.text for paragraph in text.written.body))
    )
    for part in parts:
        if found := placeholder(part):
            sentence = next((each for each in wording.sentences(part) if found in each), part)
            raise Refused(
                f"{letter.name} still has the placeholder “{found}” in “{short(sentence, 300)}” Edit that sentence "
                f"(/letter edit {letter.name}), or draft the letter again: a draft takes over what coalition.yml says "
                "now."
            )


def _before_lock(letter: Dossier, sheet: wording.SignOnStatus) -> Card:
    waiting = f"Waiting for {sheet.named(sheet.waiting, 14)}." if sheet.waiting else "Everybody has answered."
    declined = f" Declined: {sheet.named(sheet.declined)}." if sheet.declined else ""
    lines = (f"{sheet.progress} signed.{declined} {waiting}", "From then on neither the text nor a signature changes.")
    return Card(
        mark=Mark.ANSWER,
        head=f"Lock {letter.name}?",
        lines=tuple(Line(line) for line in lines),
        foot=f"Text {letter.version.mark} · version {letter.version.number}",
        buttons=(
            Button("Lock it", "letter lock", wording.text_args(letter), "primary"),
            Button("Remind", "letter remind", wording.letter_args(letter)),
        ),
    )


# --- documents --------------------------------------------------------------------------------------------------------


def export(ctx: Context, args: Mapping[str, str]) -> Reply:
    """One letter as a document, or everything that may have to be reported as a table."""
    if "letter" not in args:
        return _for_counsel(ctx)
    letter = lookup.letter_of(ctx, args["letter"])
    kind = args.get("as", "pdf")
    if kind == "zip" and len(letter.version.addressees) > MOST_AT_ONCE:
        return _later(ctx, letter)
    try:
        data = _made(ctx, letter, kind)
    except (NotAddressable, DocumentProblem) as problem:
        raise Refused(str(problem)) from problem
    if len(data) > LARGEST_FILE:
        return _later(ctx, letter)
    others = len(letter.version.addressees) - 1
    more = (
        f"For {wording.recipients(letter)}: this is the first of {others + 1}; as:zip has all."
        if others and kind != "zip"
        else ""
    )
    back = kind == "docx" and len(letter.version.texts) == 1 and _may_change(ctx, letter)
    card = Card(
        mark=Mark.LETTER,
        head=f"{letter.name}, version {letter.version.number}, as {kind.upper()}",
        lines=tuple(Line(line) for line in (more, _TO_HAND_BACK if back else "") if line),
        foot=standing(letter),
        buttons=(Button("Hand it back", "letter upload", wording.letter_args(letter)),) if back else (),
    )
    return Reply(card=card, file=File(f"{file_name(letter)}.{kind}", _MEDIA[kind], data))


def _made(ctx: Context, letter: Dossier, kind: str) -> bytes:
    if kind == "csv":
        return signed_table(ctx.tx, ctx.config, letter, notes=bool(ctx.actor.roles & STAFF))
    each = lookup.letters_for(ctx.tx, ctx.config, letter, ctx.now)
    folder = ctx.config.folder
    match kind:
        case "docx":
            return render.docx(each[0], folder)
        case "txt":
            return plain(each[0]).encode()
        case "zip":
            return _merged(each, folder)
        case _:
            return render.pdf(each[0], folder)


def _later(ctx: Context, letter: Dossier) -> Reply:
    """Where there are too many for an answer they are made beside everything else: `merging.py`."""
    count = number(len(letter.version.addressees), "letter")
    if not any(command.path == "letter merge" for command in ctx.commands):
        raise Refused(f"{count} are too many for an answer. Ask the coalition's staff for them.")
    card = Card(
        mark=Mark.LETTER,
        head=f"{letter.name}: {count} are made one after the other",
        lines=(Line("They come to you by direct message, and nobody waits for them meanwhile."),),
        buttons=(Button("Make them", "letter merge", wording.letter_args(letter), "primary"),),
    )
    return Reply(card=card)


def _merged(each: Sequence[Letter], folder: Path) -> bytes:
    with TemporaryDirectory(prefix="coalition-bot-") as place:
        to = Path(place) / "letters.zip"
        render.merge(each, folder, to, progress=lambda *_: None)
        return to.read_bytes()


def published(db: Reader, config: Config, letter: Dossier, now: datetime) -> tuple[File, ...]:
    """DOCX, PDF and the signatures, as they are posted. Raises `NotAddressable`, `DocumentProblem`."""
    first = lookup.letters_for(db, config, letter, now)[0]
    made = {"docx": render.docx(first, config.folder), "pdf": render.pdf(first, config.folder)}
    if letter.locked_at:
        made["csv"] = signed_table(db, config, letter, notes=False)
    return tuple(File(f"{file_name(letter)}.{kind}", _MEDIA[kind], data) for kind, data in made.items())


def signed_table(db: Reader, config: Config, letter: Dossier, *, notes: bool) -> bytes:
    """Who signed this text, by name. `notes`: with what staff wrote on the evidence, which is not for everybody."""
    rows = [
        (
            each.legal_name,
            id_,
            each.signatory,
            each.title,
            each.how if notes or each.evidence is None else f"recorded: {each.evidence.value}",
            each.at.astimezone(config.coalition.tz).date().isoformat(),
            letter.version.digest,
        )
        for id_, each in lookup.signed_organizations(db, config.coalition, letter).items()
    ]
    return write_csv(_SIGNED, rows)


def file_name(letter: Dossier) -> str:
    """`L-014-v2-end-joint-applications`, cut between words."""
    subject = render.slug(letter.version.subject, _NAME)
    return f"{letter.name}-v{letter.version.number}-{subject or 'letter'}"


def _may_change(ctx: Context, letter: Dossier) -> bool:
    return lifecycle.is_allowed(letter, "edit") and any(command.path == "letter upload" for command in ctx.commands)


def standing(letter: Dossier) -> str:
    open_ = lifecycle.is_allowed(letter, "edit")
    may = " · not locked: text and signatures can still change" if open_ else ""
    return f"{letter.state.value.capitalize()} · text {letter.version.mark}{may}"


def _for_counsel(ctx: Context) -> Reply:
    """Staff have the whole coalition's; who speaks for one organisation has what that one signed."""
    coalition, whole = ctx.config.coalition, bool(ctx.actor.roles & STAFF)
    found = []
    for letter in (each for each in lookup.visible_letters(ctx) if each.locked_at):
        signed = lookup.signed_organizations(ctx.tx, coalition, letter)
        own = {id_: each for id_, each in signed.items() if whole or id_ == ctx.actor.organisation}
        if whole or own:
            mail = records.mail(ctx.tx, coalition.id, letter.id) if whole else ()
            found.append((letter, wording.recipients(letter), own, mail))
    data = lobbying.table(coalition.name, found, coalition.tz)
    count = number(len(found), "letter")
    card = Card(
        mark=Mark.LETTER,
        head=f"{count} and who signed them, by quarter and member" if whole else f"{count} that you signed, by quarter",
        lines=(Line("Locked letters alone; what each is as lobbying, its template says."),),
        foot=f"For your counsel. {lobbying.NOT_ADVICE}",
    )
    return Reply(card=card, file=File("letters-by-quarter.csv", "text/csv", data))


# --- what went out and came back --------------------------------------------------------------------------------------


def sent(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Log how and when it went out; whoever logs it follows it up."""
    letter = lookup.letter_for(ctx, args["letter"], "sent")
    on = _day(ctx, args)
    days = int(args.get("follow-up", ctx.config.coalition.letters.follow_up))
    if not 1 <= days <= 250:
        raise Refused("Follow up within 1 to 250 business days.", param="follow-up")
    follow_up = _business_days_after(on, days)
    mail = Mail(id=ctx.new_id(), kind="sent", on=on, how=args["via"], note=args.get("note", ""),
                follow_up_on=follow_up, person=lookup.person_of(ctx), at=ctx.now)  # fmt: skip
    if ask := _careful(ctx, args, "letter sent", NOTE):
        return ask
    _log(ctx, letter, "sent", mail)
    return answer(
        f"Logged: {letter.name} sent by {args['via']} on {day_in_words(on)}",
        f"Follow-up on {day_in_words(follow_up)}, in {number(days, 'business day')}: I will remind you.",
        mark=Mark.LETTER,
        buttons=(Button("Log an answer", "letter reply", wording.letter_args(letter)),),
    )


def reply(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Log what they answered."""
    letter = lookup.letter_for(ctx, args["letter"], "reply")
    on = _day(ctx, args)
    mail = Mail(
        id=ctx.new_id(), kind="reply", on=on, how="", note=args["what"], person=lookup.person_of(ctx), at=ctx.now
    )
    if ask := _careful(ctx, args, "letter reply", WHAT):
        return ask
    _log(ctx, letter, "reply", mail)
    return answer(
        f"Logged: an answer to {letter.name}, {day_in_words(on)}",
        short(args["what"], 400),
        mark=Mark.LETTER,
        buttons=(Button("Close", "letter close", wording.letter_args(letter)),),
    )


def close(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Nothing more is to be done about it."""
    letter = lookup.letter_for(ctx, args["letter"], "close")
    records.save(ctx.tx, ctx.config.coalition.id, replace(letter, state=lifecycle.next_state(letter, "close")))
    ctx.note(letter.name, letter.state.value, "closed")
    return answer(f"{letter.name} is closed", "It stays in /letter list state:closed.", mark=Mark.LETTER)


def _careful(ctx: Context, args: Mapping[str, str], path: str, param: Param) -> Reply | None:
    """Ask once more where the note may identify someone served; that it was confirmed is written down."""
    ask, confirmed = confirm_fields(ctx, args, path, [(param, param.name.capitalize())])
    note_confirmed(ctx, lookup.letter_of(ctx, args["letter"]).name, confirmed)
    return ask


def _log(ctx: Context, letter: Dossier, what: str, mail: Mail) -> None:
    records.add_mail(ctx.tx, ctx.config.coalition.id, letter.id, mail)
    records.save(ctx.tx, ctx.config.coalition.id, replace(letter, state=lifecycle.next_state(letter, what)))
    ctx.note(letter.name, letter.state.value, f"{mail.kind} on {mail.on.isoformat()}")


def _day(ctx: Context, args: Mapping[str, str]) -> date:
    today = ctx.config.coalition.day(ctx.now)
    try:
        on = date.fromisoformat(args["on"]) if "on" in args else today
    except ValueError:
        raise Refused(f"“{args['on'][:40]}” is no day: write it as 2026-12-04.", param="on") from None
    if on > today or on < today - timedelta(days=3_650):
        raise Refused("That day lies ahead, or too long ago.", param="on")
    return on


def _business_days_after(on: date, days: int) -> date:
    while days:
        on += timedelta(days=1)
        days -= business_day(on)
    return on
