"""/letter prepare, filing, file and settle: a public comment goes to regulations.gov by two people's presses."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from bot.commands.arguments import matching
from bot.commands.model import APPROVER, Choice, Context, File, Form, FormField, Param, Refused, Reply, Role, answer
from bot.deadlines import records as docket_records
from bot.deadlines.regulations_gov import Accepted, DocketDocument, Status, read_id
from bot.deadlines.wording import NO_KEY
from bot.entries import records as entries
from bot.letters import gates, lifecycle, lookup, notices
from bot.letters import records as letters
from bot.letters.documents import publish, render
from bot.letters.filing import records, wording
from bot.letters.filing.model import HOW, LARGEST_PDF, Filing, FilingState, comment_body, comment_text
from bot.letters.filing.sending import attachment, record_filed
from bot.letters.lifecycle import Dossier
from bot.letters.lookup import LetterGroup
from bot.letters.templates import template
from bot.letters.templates.template import TemplateProblem
from bot.letters.wording import letter_args
from bot.shared.answer import FetchFailed, Health, outcome
from bot.shared.calendar import day_in_words
from bot.shared.card import Button, Card, Line, Mark
from bot.shared.plain_text import EASTERN
from bot.shared.wording import number, short

POLICY: Final = frozenset({Role.POLICY})
_READERS: Final = frozenset({Role.POLICY, Role.APPROVER})
_EXAMPLE: Final = "USCG-2026-0041-0001"
_TYPE: Final = "Organization"


def _complete_documents(ctx: Context, typed: str) -> Sequence[Choice]:
    rows = docket_records.open_documents(ctx.tx, ctx.now.astimezone(EASTERN).date())
    choices = (Choice(row.id, f"{row.id} {row.title}") for row in rows)
    return matching(choices, typed)


_DOCUMENT: Final = Param("document", "the document’s id on regulations.gov", complete=_complete_documents, longest=200)
_KIND: Final = Param(
    "type",
    f"the organization’s type as regulations.gov’s form names it; {_TYPE} if left out",
    required=False,
    longest=60,
)
_AS: Final = Param(
    "as", "one of the two files that are sent; what they are if left out", required=False,
    choices=(Choice("pdf", "the attached PDF"), Choice("json", "the comment as JSON")),
)  # fmt: skip
_TEXT: Final = Param("text", "the digest of what was shown", required=False, longest=64, by_button=True)
_OUTCOME: Final = Param(
    "outcome", "whether regulations.gov received it",
    choices=(Choice("received", "It was received"), Choice("not received", "It was not received")),
)  # fmt: skip
_TRACKING: Final = Param("tracking", "the tracking number in the receipt", required=False, longest=60)

slash = LetterGroup("letter", who=_READERS)


@dataclass(frozen=True, slots=True)
class _Fetched:
    """The document, and a submission key for the comment and its file."""

    document: DocketDocument
    key: str
    url: str


async def _check_key(network: Any, args: Mapping[str, str]) -> None:  # noqa: ARG001 - a fetch's form
    """Raise `Refused` without a key: a press would wait for one."""
    if network.regulations_gov is None:
        raise Refused(NO_KEY)


async def _fetch(network: Any, args: Mapping[str, str]) -> _Fetched:
    """Read the document and get a submission key, which files nothing. Raises `Refused`."""
    api, id_ = network.regulations_gov, read_id(args["document"])
    if api is None:
        raise Refused(NO_KEY)
    if id_ is None:
        raise Refused(f"“{args['document'][:60]}” is not a document’s id. It looks like {_EXAMPLE}.", param="document")
    document = await outcome(api.document(id_, network.now()))
    if isinstance(document, FetchFailed):
        if document.health is Health.GONE:
            raise Refused(f"regulations.gov has no document “{id_}”. Copy the id from its page.", param="document")
        raise Refused(f"The document could not be read: {document.detail}. Try again later.", param="document")
    if document.status is not Status.OPEN:
        closed = "is withdrawn" if document.status is Status.WITHDRAWN else "takes no comments now"
        raise Refused(f"{id_} {closed}, says regulations.gov.", param="document")
    key = await api.new_submission_key(network.now())
    if not isinstance(key, Accepted):
        raise Refused(f"regulations.gov gave no submission key: {key.why}. Nothing was filed.")
    return _Fetched(document, key.id, api.url)


def _draft(ctx: Context, args: Mapping[str, str]) -> Filing:
    """The filing as it will be shown, with its PDF made. Raises `Refused`."""
    letter, fetched = lookup.letter_of(ctx, args["letter"]), ctx.fetched
    _check_comment(ctx, letter)
    made, *others = lookup.letters_for(ctx.tx, ctx.config, letter, ctx.now)
    pdf = render.pdf(made, ctx.config.folder)
    if others:
        raise Refused(
            f"{letter.name} has several addressees. A comment on a docket goes to one agency.", param="letter"
        )
    if len(pdf) > LARGEST_PDF:
        raise Refused(f"The PDF is larger than the {LARGEST_PDF // 1_000_000} MB that regulations.gov takes.")
    name, coalition = f"{publish.file_name(letter)}.pdf", ctx.config.coalition
    body = comment_body(
        document=fetched.document.id,
        comment=comment_text(made),
        organization=coalition.name,
        organization_type=args.get("type", _TYPE),
        email=coalition.contact if "@" in coalition.contact and "/" not in coalition.contact else "",
        key=fetched.key,
        file=name,
    )
    return Filing(
        id=ctx.new_id(),
        letter=letter.id,
        state=FilingState.PREPARED,
        document=fetched.document.id,
        document_title=fetched.document.title,
        object_id=fetched.document.object_id,
        url=fetched.url,
        body=body,
        submission_key=fetched.key,
        pdf_name=name,
        pdf_digest=hashlib.sha256(pdf).hexdigest(),
        pdf_size=len(pdf),
        prepared_by=ctx.person,
        prepared_at=ctx.now,
        stepped_at=ctx.now,
    )


@slash.step(example=f"document:{_EXAMPLE}", params=(_DOCUMENT, _KIND), who=POLICY, fetch=_fetch, prepare=_draft)
def prepare(ctx: Context, letter: Dossier, _: Mapping[str, str]) -> Reply:
    """Prepare filing a comment on regulations.gov.

    Nothing is filed.
    """
    _check_comment(ctx, letter)
    filing = ctx.prepared
    for earlier in records.filings(ctx.tx, letter.id):
        if earlier.state is FilingState.PREPARED:
            replaced = replace(earlier, state=FilingState.REPLACED, stepped_at=ctx.now)
            records.save(ctx.tx, replaced, earlier.state)
        elif earlier.state is not FilingState.FILED or earlier.document == filing.document:
            raise Refused(f"{wording.status(letter, earlier)}. It is filed once.", param="letter")
    records.FILINGS.insert(ctx.tx, [filing])
    if docket_records.document(ctx.tx, filing.document) is None:  # a change of a stored one is noticed by its docket
        docket_records.DOCUMENTS.save(ctx.tx, ctx.fetched.document)
    ctx.note(letter.name, letter.state.value, f"prepared for {filing.document}, digest {filing.digest}")
    card = _full_card(ctx, letter, filing)
    request, event = replace(card, head=f"Please read and file: {card.head}"), f"filing:{filing.id}:file"
    others = [person for person in notices.approvers(ctx.tx) if person != filing.prepared_by]
    asked = len(notices.send(ctx, letter, event, request, *others, needs=Role.APPROVER))
    nobody = f"No approver could be asked. {lookup.MAKE_APPROVER}"
    waits = f"{number(asked, 'approver')} asked to file it." if asked else nobody
    shown = _card(ctx, letter, filing)
    return Reply(card=replace(shown, lines=(Line(waits), *shown.lines)))


@slash.step(params=(_AS,), changes=False)
def filing(ctx: Context, letter: Dossier, args: Mapping[str, str]) -> Reply:
    """Show what is or was filed on regulations.gov."""
    current = _current(ctx, letter)
    if args.get("as") == "json":
        comment = File(f"{letter.name}-comment.json", "application/json", current.sent)
        return _file_reply(letter, f"the comment, {len(current.sent):,} bytes", comment)
    if args.get("as") == "pdf":
        data = attachment(ctx.tx, ctx.config, current, ctx.now)
        return _file_reply(letter, "the attachment", File(current.pdf_name, "application/pdf", data))
    return Reply(card=_card(ctx, letter, current))


@slash.step(
    params=(_TEXT,),
    who=APPROVER,
    fetch=_check_key,
    hidden=True,
    button="Approvers press File it under /letter filing L-014.",
)
def file(ctx: Context, letter: Dossier, args: Mapping[str, str]) -> Reply:
    """File a prepared comment on regulations.gov.

    Exactly what was shown is filed. The one who prepared it may not.
    """
    _check_comment(ctx, letter)
    current = _current(ctx, letter)
    if current.state is not FilingState.PREPARED:
        raise Refused(f"{wording.status(letter, current)}.", param="letter")
    person = ctx.person
    if person == current.prepared_by:
        raise Refused(f"You prepared {letter.name}, so another approver has to file it.")
    logged = _logged_there(ctx, letter)
    if logged and args.get("text") == current.digest:
        return Reply(card=wording.again_card(letter, current, logged))
    if args.get("text") != (current.digest_with(logged) if logged else current.digest):
        return Reply(card=_card(ctx, letter, current))
    pressed = replace(current, state=FilingState.PRESSED, filed_by=person, stepped_at=ctx.now)
    records.save(ctx.tx, pressed, current.state)
    ctx.note(letter.name, current.state.value, f"to be filed on {current.document}, digest {current.digest}")
    return answer(
        f"{letter.name} is being filed on {current.document}",
        "The bot sends you the tracking number, or says what went wrong.",
        mark=Mark.LETTER,
        buttons=(Button("Filing", "letter filing", letter_args(letter)),),
    )


@slash.step(
    example="outcome:received tracking:mxx-d31z-fe04",
    params=(_OUTCOME, _TRACKING),
    hidden=True,
    button="Its buttons are under /letter filing L-014 while that is not known.",
)
def settle(ctx: Context, letter: Dossier, args: Mapping[str, str]) -> Reply:
    """Say whether regulations.gov received a comment."""
    current = _current(ctx, letter)
    if current.state is not FilingState.UNCLEAR:
        raise Refused(f"{wording.status(letter, current)}. There is nothing to settle.", param="letter")
    if ctx.person == current.prepared_by:
        raise Refused(f"You prepared {letter.name}, so another person has to say whether it was received.")
    if args["outcome"] == "received" and "tracking" not in args:
        line = FormField(replace(_TRACKING, required=True), "Tracking number, from the receipt")
        carried = {"letter": args["letter"], "outcome": "received"}
        return Reply(form=Form(title=f"{letter.name} was received", path="letter settle", fields=(line,), args=carried))
    if args["outcome"] == "received":
        after = current.received(" ".join(args["tracking"].split()))
    else:
        why = f"{ctx.actor.name} found that regulations.gov did not receive it."
        after = replace(current, state=FilingState.NOT_FILED, why=why)
    after = replace(after, retry_at=None)
    records.save(ctx.tx, after, current.state)
    if after.state is FilingState.FILED:
        record_filed(ctx, letter, after)
    ctx.note(letter.name, current.state.value, short(wording.status(letter, after), 300))
    return Reply(card=wording.ended_card(letter, after))


def is_comment(ctx: Context, letter: Dossier) -> bool:
    """Whether the letter's template writes public comments; False if the template is gone."""
    try:
        return template.meta(ctx.config.folder, letter.template).kind == "comment"
    except TemplateProblem:
        return False


def _check_comment(ctx: Context, letter: Dossier) -> None:
    """Raise `Refused` unless it is a locked public comment and current."""
    if not lifecycle.is_allowed(letter, "mail"):
        raise Refused(f"{letter.name} is {letter.state.value}. Lock it before it is filed: /letter lock {letter.name}")
    if not is_comment(ctx, letter):
        raise Refused(f"{letter.name} is not a public comment, so it is not filed on a docket.", param="letter")
    gates.check_current(ctx, letter)


def _current(ctx: Context, letter: Dossier) -> Filing:
    current = records.current(ctx.tx, letter.id)
    if current is None:
        raise Refused(f"{letter.name} is not prepared for regulations.gov yet: /letter prepare {letter.name}")
    return current


def _full_card(ctx: Context, letter: Dossier, current: Filing) -> Card:
    objections = lookup.objections(ctx.tx, ctx.config.coalition, letter)
    warnings = [objections] if objections else []  # what a reader must know before the press
    document = docket_records.document(ctx.tx, current.document)
    drafted = [stored.entry.number for stored in entries.by_ids(ctx.tx, [letter.entry] if letter.entry else [])]
    if document and document.number and drafted and drafted[0] and document.number != drafted[0]:
        about = f"the letter was drafted about {drafted[0]}, this one is {document.number}"
        warnings.append(f"Check the document: {about}.")
    if current.is_trial:
        warnings.append("This goes to the staging site: it is a trial, and no agency gets it.")
    if current.state is FilingState.PREPARED and (logged := _logged_there(ctx, letter)):
        warnings.append(f"{logged} Make sure that it is not filed twice.")
    if current.state is FilingState.PREPARED and (earlier := records.pressed_before(ctx.tx, letter.id)):
        warnings.append(f"It was pressed before. {earlier.why} Make sure that it is not filed twice.")
    return wording.filing_card(letter, current, lookup.name_of(ctx, current.prepared_by), tuple(warnings))


def _card(ctx: Context, letter: Dossier, current: Filing) -> Card:
    """The card with what the asker may press."""
    card = _full_card(ctx, letter, current)
    mine = ctx.actor.person == current.prepared_by
    others = ("letter file", "letter settle")
    buttons = ctx.theirs(*(button for button in card.buttons if not (mine and button.path in others)))
    return replace(card, buttons=buttons)


def _logged_there(ctx: Context, letter: Dossier) -> str:
    """That the letter is logged as sent by regulations.gov, as a sentence; "" if it is not."""
    days = [mail.on for mail in letters.mail(ctx.tx, letter.id) if mail.how == HOW]
    return f"{letter.name} is logged as sent by {HOW} on {day_in_words(max(days))}." if days else ""


def _file_reply(letter: Dossier, what: str, data: File) -> Reply:
    return replace(answer(f"{letter.name}: {what}", "To the byte as it is sent.", mark=Mark.LETTER), file=data)
