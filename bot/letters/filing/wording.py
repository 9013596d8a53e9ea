"""Sentences and cards of filings. Pure."""

from __future__ import annotations

from typing import Final

from bot.deadlines.model import DOCUMENT_URL
from bot.letters import wording
from bot.letters.filing.model import Filing, FilingState
from bot.letters.lifecycle import Dossier
from bot.shared.card import Button, Card, Line, Link, Mark, Section
from bot.shared.wording import short

USER_NOTICE: Final = "https://www.regulations.gov/user-notice"
PRIVACY_NOTICE: Final = "https://www.regulations.gov/privacy-notice"
_SHORT: Final = 12  # characters of a digest
_TITLE: Final = 200
# What the terms of the API ask to be shown before a comment is filed.
_NOTICES: Final = (
    (
        "Filing it states that this is the coalition’s own comment and that you may file it for the organizations that "
        "it names. A knowingly false statement about that is a federal crime (18 U.S.C. 1001)."
    ),
    (
        "Read the user notice and the privacy notice of regulations.gov first. The agency may publish the name of the "
        "organization, the text and the attachment. A filed comment cannot be taken back from here."
    ),
)
_STATUS: Final = {
    FilingState.PREPARED: "prepared for {document} on regulations.gov, not filed yet",
    FilingState.PRESSED: "about to be filed on {document}",
    FilingState.UPLOADING: "being filed on {document}",
    FilingState.UPLOADED: "being filed on {document}",
    FilingState.POSTING: "being filed on {document}",
    FilingState.UNCLEAR: "sent to regulations.gov for {document}, but whether it was received is not known",
    FilingState.FILED: "filed on {document}",
    FilingState.NOT_FILED: "not filed on {document}",
}


def status(letter: Dossier, filing: Filing) -> str:
    """`L-014 is filed on USCG-2026-0041-0001, tracking number mxx-…`."""
    sentence = f"{letter.name} is {_STATUS[filing.state].format(document=filing.document)}"
    tracking = f", tracking number {filing.tracking}" if filing.tracking else ""
    why = f". {filing.why}" if filing.why and filing.state is not FilingState.FILED else ""
    return f"{sentence}{tracking}{why}".rstrip(".")


def filing_card(letter: Dossier, filing: Filing, preparer: str, warnings: tuple[str, ...] = ()) -> Card:
    """All that is sent or was sent, where to, and the notices that belong before the press."""
    is_prepared = filing.state is FilingState.PREPARED
    sent = filing.attributes
    receipt = "No receipt by email: the contact in coalition.yml is not an email address."
    if "email" in sent:
        receipt = f"The receipt goes to {sent['email']}, which is never published."
    lines = (
        *warnings,
        f"On {filing.document}: {short(filing.document_title, _TITLE)}",
        f"Submitter type {sent['submitterType']}: {sent['organization']}, type “{sent['organizationType']}”. {receipt}",
        f"Attached: {filing.pdf_name}, {filing.pdf_size:,} bytes, SHA-256 {filing.pdf_digest}",
        f"By POST to {filing.url}/comments, {len(filing.sent):,} bytes:",
    )
    json_lines = tuple(wording.split_lines(filing.body))
    before = (Section("Before you file", tuple(map(Line, _NOTICES))),) if is_prepared else ()
    return Card(
        mark=Mark.LETTER,
        head=short(status(letter, filing), 250),
        lines=tuple(map(Line, lines)),
        sections=(Section("What is sent", json_lines), *before),
        links=(
            Link("User notice", USER_NOTICE),
            Link("Privacy notice", PRIVACY_NOTICE),
            Link("Document", f"{DOCUMENT_URL}{filing.document}"),
        ),
        foot=f"Prepared by {preparer} · {filing.digest[:_SHORT]}",
        buttons=_buttons(letter, filing),
    )


def again_card(letter: Dossier, filing: Filing, logged: str) -> Card:
    """Ask whether to file what may be filed already. `logged`: the sentence on the letter's log."""
    anyway = _file_button("File it anyway", letter, filing.digest_with(logged), "danger")
    return Card(
        mark=Mark.ANSWER,
        head=f"File {letter.name} on {filing.document} all the same?",
        lines=(Line(logged), Line("A comment that is filed twice cannot be taken back from here.")),
        buttons=(anyway, wording.open_button(letter)),
    )


def _buttons(letter: Dossier, filing: Filing) -> tuple[Button, ...]:
    kinds = (("PDF", "pdf"), ("JSON", "json"))
    files = [wording.step_button(letter, label, "letter filing", "plain", ("as", kind)) for label, kind in kinds]
    if filing.state is FilingState.PREPARED:
        return (_file_button("File it", letter, filing.digest, "primary"), *files)
    if filing.state is FilingState.UNCLEAR:
        return (*_settle_buttons(letter), *files)
    if filing.state is FilingState.NOT_FILED:
        return (wording.step_button(letter, "Prepare again", "letter prepare"), *files)
    return tuple(files)


def _file_button(label: str, letter: Dossier, digest: str, style: str) -> Button:
    """The button that files exactly what was shown. Discord buttons hold 100 characters, so it uses the number."""
    return Button(label, "letter file", (("letter", letter.name), ("text", digest)), style)


def _settle_buttons(letter: Dossier) -> tuple[Button, ...]:
    return (
        wording.step_button(letter, "It was received", "letter settle", "primary", ("outcome", "received")),
        wording.step_button(letter, "It was not", "letter settle", "danger", ("outcome", "not received")),
    )


def ask_card(letter: Dossier, filing: Filing) -> Card:
    """Ask a person whether a comment was received."""
    sent = filing.attributes
    receipt = "Ask the regulations.gov help desk, with the submission key below."
    if "email" in sent:
        receipt = f"Look for regulations.gov’s receipt at {sent['email']}: it has the tracking number."
    return Card(
        mark=Mark.LETTER,
        head=f"Was {letter.name} received by regulations.gov?",
        lines=(
            Line(short(filing.why, 300)),
            Line(f"It may have been filed on {filing.document}, so the bot does not send it again. {receipt}"),
            Line("The bot goes on looking for it among the posted comments."),
        ),
        links=(Link("Document", f"{DOCUMENT_URL}{filing.document}"),),
        foot=f"Submission key {filing.submission_key}",
        buttons=_settle_buttons(letter),
    )


def ended_card(letter: Dossier, filing: Filing) -> Card:
    """Tell the result of a filing to the people who prepared and filed it."""
    filed = filing.state is FilingState.FILED
    lines = [f"On {filing.document}: {short(filing.document_title, _TITLE)}"]
    lines += (
        ["The agency reads it before it is posted; the bot says when it is."] if filed else [short(filing.why, 300)]
    )
    again = () if filed else (wording.step_button(letter, "Prepare again", "letter prepare"),)
    return Card(
        mark=Mark.LETTER,
        head=f"{letter.name} is filed, tracking number {filing.tracking}" if filed else f"{letter.name} was not filed",
        lines=tuple(map(Line, lines)),
        links=(Link("Document", f"{DOCUMENT_URL}{filing.document}"),),
        buttons=(wording.open_button(letter), *again),
    )
