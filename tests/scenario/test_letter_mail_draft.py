"""An approved letter as an email draft that a person's own mail program opens."""

from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes
from email.policy import default

from bot.letters import gates
from bot.letters.documents.render import mail_draft


def test_a_locked_letter_opens_as_a_draft_with_its_text_and_its_pdf(desk):
    desk.locked("polaris")
    file = desk.file(desk.pol, letter="L-1", **{"as": "eml"})
    draft = message_from_bytes(file.data, policy=default)
    assert file.name.endswith(".eml")
    assert file.media_type == "message/rfc822"
    assert draft["X-Unsent"] == "1"
    assert draft["Subject"].strip() == desk.letter().version.subject
    assert draft["From"] is draft["To"] is None
    text = draft.get_body(("plain",)).get_content()
    assert desk.letter().version.texts[0].written.body[0].text[:40] in text.replace("\n", " ")
    (pdf,) = draft.iter_attachments()
    assert pdf.get_content().startswith(b"%PDF")
    assert pdf.get_filename().endswith(".pdf")


def test_a_draft_of_a_letter_is_no_draft_of_a_mail(desk):
    desk.drafted()
    refusal = desk.refused(desk.pol, "letter export", letter="L-1", **{"as": "eml"})
    assert "Only an approved letter can be exported as an email draft." in refusal.what


def test_a_withdrawn_letter_is_no_draft_of_a_mail(desk):
    """Its text was approved once, and one press would send it."""
    desk.locked("polaris")
    desk.card(desk.pol, "letter withdraw", letter="L-1", agree="yes")
    refusal = desk.refused(desk.pol, "letter export", letter="L-1", **{"as": "eml"})
    assert "L-001 is withdrawn. Only an approved letter can be exported as an email draft." in refusal.what


def test_a_subject_adds_no_header(desk):
    desk.drafted()
    letter = gates.current_letters(desk.db, desk.config, desk.letter("L-1"), desk.now)[0]
    hostile = replace(
        letter, written=replace(letter.written, subject="a =?utf-8?q?=0d=0aBcc:_x@y.org?=\r\nBcc: x@y.org")
    )
    draft = message_from_bytes(mail_draft(hostile, b"%PDF", "a.pdf"), policy=default)
    assert set(draft.keys()) == {"Subject", "X-Unsent", "MIME-Version", "Content-Type"}
