"""A letter's DOCX, changed in Word and handed back: its words become the next version, or nothing does."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable
from dataclasses import replace

import docx
import pytest

from bot.commands.model import File, Refusal, Reply
from bot.letters import records
from bot.letters.lifecycle import Text, Version
from bot.letters.model import Shape
from tests.kit.board import words
from tests.kit.letters_desk import Desk

pytestmark = pytest.mark.long

Word = docx.document.Document


def changed(data: bytes, how: Callable[[Word], object]) -> bytes:
    """Edits of the file in Word."""
    file = docx.Document(io.BytesIO(data))
    how(file)
    saved = io.BytesIO()
    file.save(saved)
    return saved.getvalue()


def hands_back(desk: Desk, data: bytes, by=None, **args: str) -> Reply | Refusal:
    return desk.hand(by or desk.pol, "letter upload", data, name="L-001 counsel.docx", letter="L-001", **args)


def refusal(answer: Reply | Refusal) -> str:
    assert isinstance(answer, Refusal), answer
    assert answer.param == "file"
    return answer.what


def paragraph(file: Word, style: str, nth: int = 0):
    return [each for each in file.paragraphs if each.style.name == style][nth]


def without_text(file: Word) -> None:
    for each in file.paragraphs:
        if each.style.name not in ("Heading 1", "Salutation", "Closing"):
            each._p.getparent().remove(each._p)


def edit(file: Word) -> None:
    paragraph(file, "Heading 1").text = "Re: Let shelters apply alone"
    first = paragraph(file, "Body Text")
    first.insert_paragraph_before("Why now", style="Heading 2")
    first.insert_paragraph_before("a point", style="List Bullet")
    first.text = "Words of counsel."


def test_the_docx_offers_to_be_handed_back_and_its_words_are_the_next_version(desk):
    desk.drafted()
    offered = desk.card(desk.pol, "letter export", letter="L-001", as_="docx")
    assert [(button.label, button.path) for button in offered.buttons] == [("Upload it", "letter upload")]
    assert desk.form(desk.pol, "letter upload", letter="L-001").fields[0].param.name == "file"

    answer = hands_back(desk, changed(desk.file(desk.pol, letter="L-001", as_="docx").data, edit))

    assert isinstance(answer, Reply)
    assert [section.title for section in answer.card.sections] == ["3 changes"]
    assert "became “Let shelters" in words(answer.card)
    letter = desk.letter()
    assert letter.version.number == 2
    assert letter.version.subject == "Let shelters apply alone"
    shown = letter.version.texts[0].written.body
    assert [(each.text, each.shape) for each in shown[:3]] == [
        ("Why now", Shape.HEADING),
        ("a point", Shape.ITEM),
        ("Words of counsel.", Shape.TEXT),
    ]
    assert ("Pol", "version 2, 3 changes") in [(change.who, change.after) for change in desk.changes()]


@pytest.mark.long
def test_the_footnotes_of_claims_come_back_and_one_that_a_person_typed_is_refused(desk):
    desk.drafted()
    before = desk.letter().version.texts[0].written
    data = desk.file(desk.pol, letter="L-001", as_="docx").data
    assert before.notes

    def reword(file: Word) -> None:
        paragraph(file, "Body Text").insert_paragraph_before("One more sentence.", style="Body Text")

    assert isinstance(hands_back(desk, changed(data, reword)), Reply)
    assert desk.letter().version.texts[0].written.notes == before.notes

    def note(file: Word) -> None:
        part = next(part for part in file.part.package.iter_parts() if part.partname == "/word/footnotes.xml")
        part._blob = part.blob.replace(b"(as of ", b"and the committee\xe2\x80\x99s report (as of ", 1)

    typed = changed(desk.file(desk.pol, letter="L-001", as_="docx").data, note)
    assert refusal(hands_back(desk, typed)).startswith("It has a footnote that the bot did not write: “")


def test_an_uploaded_text_is_checked_for_unconfirmed_citations(desk):
    desk.drafted()

    def cite(file: Word) -> None:
        paragraph(file, "Body Text").text = "The House passed this bill 420-0 under 22 U.S.C. 9999."

    answer = hands_back(desk, changed(desk.file(desk.pol, letter="L-001", as_="docx").data, cite))
    shown = words(answer.card)
    assert "Cites a vote of 420-0 and 22 U.S.C. 9999 and says “The House passed this bill 420-0" in shown
    assert "which nobody has confirmed." in shown


def test_an_upload_with_the_same_text_is_refused(desk):
    desk.drafted()
    data = desk.file(desk.pol, letter="L-001", as_="docx").data

    def elsewhere(file: Word) -> None:
        paragraph(file, "Inside Address").text = "Somebody else"
        paragraph(file, "Salutation").text = "Hello"
        paragraph(file, "Body Text").runs[0].bold = True

    assert refusal(hands_back(desk, changed(data, elsewhere))) == "Nothing changed: this is the current text."


def test_an_upload_does_not_overwrite_a_newer_version(desk):
    desk.drafted()
    data = changed(desk.file(desk.pol, letter="L-001", as_="docx").data, edit)
    desk.card(desk.app, "letter edit", letter="L-001", subject="Another")

    assert refusal(hands_back(desk, data)).startswith("It was made from version 1, and App saved version 2 since.")
    assert desk.letter().version.subject == "Another"


def test_the_file_of_another_letter_is_refused(desk):
    desk.drafted()
    desk.drafted()
    data = desk.file(desk.pol, letter="L-002", as_="docx").data
    assert refusal(hands_back(desk, data)) == "That file is L-002, not L-001."


def test_signs_of_a_survivor_are_confirmed_before_the_text_is_saved(desk):
    desk.drafted()
    data = changed(
        desk.file(desk.pol, letter="L-001", as_="docx").data,
        lambda file: file.paragraphs[-4].insert_paragraph_before("Call her at 202-555-0143.", style="Body Text"),
    )
    asked = hands_back(desk, data)
    assert isinstance(asked, Reply)
    assert "a phone number" in asked.form.fields[0].param.help
    assert [field.param.name for field in asked.form.fields] == ["sure", "file"]
    assert desk.letter().version.number == 1

    hands_back(desk, data, sure="yes")
    assert desk.letter().version.number == 2
    assert "202-555" not in str(desk.changes())


def without_footers(file):
    for footer in (file.sections[0].footer, file.sections[0].first_page_footer):
        footer.paragraphs[0].text = ""


@pytest.mark.long
@pytest.mark.parametrize(
    ("how", "why"),
    [
        (lambda file: paragraph(file, "Body Text")._p.addnext(file.add_table(1, 1)._tbl), "a table in its text"),
        (lambda file: setattr(paragraph(file, "Closing"), "style", "Body Text"), "its text was not found"),
        (without_footers, "does not name its letter"),
        (without_text, "A letter needs a subject"),
        (lambda file: setattr(paragraph(file, "Body Text"), "text", "word " * 9_000), "a letter has 40,000 at most"),
        (lambda file: setattr(paragraph(file, "Body Text"), "text", "word " * 90_000), "more than 200,000 characters"),
    ],
    ids=["a table", "no closing", "no mark", "no text", "too long", "far too long"],
)
def test_an_invalid_file_is_refused_and_nothing_is_saved(desk, how, why):
    desk.drafted()
    data = changed(desk.file(desk.pol, letter="L-001", as_="docx").data, how)
    before = desk.everything()

    assert why in refusal(hands_back(desk, data))
    assert desk.everything() == before


def test_a_letter_with_several_texts_is_changed_by_paragraph(desk):
    desk.drafted()
    letter = desk.letter()
    (text,) = letter.version.texts
    other = replace(text.written, subject="Thank you")
    two = Version(number=2, texts=(text, Text(other, ("press",))), by=desk.pol.id, at=desk.now)
    data = desk.file(desk.pol, letter="L-001", as_="docx").data
    with desk.db.write() as tx:
        records.add_version(tx, letter.id, two)
        records.save(tx, replace(letter, version=two))

    assert "/letter edit L-001" in refusal(hands_back(desk, data))
    offered = desk.card(desk.pol, "letter export", letter="L-001", as_="docx").buttons
    assert [button.path for button in offered] == ["letter merge"]  # no upload


def test_a_locked_letter_accepts_no_upload(desk):
    desk.locked("cast")
    assert not desk.card(desk.pol, "letter export", letter="L-001", as_="docx").buttons
    answer = hands_back(desk, desk.file(desk.pol, letter="L-001", as_="docx").data)
    assert isinstance(answer, Refusal)
    assert "is locked" in answer.what


def test_a_person_who_may_not_write_is_offered_nothing_and_no_file_of_theirs_is_fetched(desk):
    desk.opened()
    rep = desk.reps["cast"]
    assert not desk.card(rep, "letter export", letter="L-001", as_="docx").buttons
    fetched = []

    async def fetch() -> File:
        fetched.append("it")
        return File("x", "", b"")

    call = desk.call(rep, "letter upload", "", letter="L-001", file="x")
    assert isinstance(asyncio.run(desk.dispatcher.answer(replace(call, files={"file": fetch}))), Refusal)
    assert fetched == []


def test_a_file_name_alone_is_not_a_file(desk):
    desk.drafted()
    what = desk.refused(desk.pol, "letter upload", letter="L-001", file="letter.docx")
    assert what.what == "file is a file. Leave it out, and a form asks for it."


def into_spanish(file: Word) -> None:
    paragraph(file, "Heading 1").text = "Asunto: Que los refugios soliciten solos"
    paragraph(file, "Salutation").text = "Estimada directora:"
    paragraph(file, "Body Text").text = "Palabras de quien traduce."


def test_a_docx_that_was_translated_in_word_becomes_the_translation(desk):
    desk.drafted()
    data = desk.file(desk.pol, letter="L-001", as_="docx").data
    same = hands_back(desk, data, language="es")
    assert isinstance(same, Refusal)
    assert same.what == "This file has the English text: upload it without a language."
    answer = hands_back(desk, changed(data, into_spanish), language="es")
    assert isinstance(answer, Reply), answer
    written = desk.letter().version.texts[0].written
    assert written.translation.subject == "Que los refugios soliciten solos"
    assert written.translation.body[0].text == "Palabras de quien traduce."
    assert written.subject != written.translation.subject
    assert written.body[0].text != "Palabras de quien traduce."
    assert "Estimada" not in "".join(part.text for part in written.translation.body)


def test_a_docx_with_both_texts_comes_back_with_the_changes_of_both(desk):
    desk.drafted()
    spanish = {"language": "es", "subject": "Que soliciten solos", "text": "Uno.\n\n- Dos.", "sends": "both"}
    desk.card(desk.pol, "letter edit", letter="L-001", **spanish)
    data = desk.file(desk.pol, letter="L-001", as_="docx").data
    assert "Nothing changed" in refusal(hands_back(desk, data))

    def both(file: Word) -> None:
        paragraph(file, "Body Text").text = "Words of counsel."
        paragraph(file, "Translation").text = "Que acaben"
        paragraph(file, "List Bullet", -1).text = "Tres."

    changed_ = changed(data, both)
    twice = hands_back(desk, changed_, language="es")
    assert isinstance(twice, Refusal)
    assert twice.param == "language"
    assert isinstance(hands_back(desk, changed_), Reply)
    written = desk.letter().version.texts[0].written
    assert written.body[0].text == "Words of counsel."
    assert (written.translation.subject, written.translation.sent) == ("Que acaben", True)
    assert [(part.text, part.shape) for part in written.translation.body] == [
        ("Uno.", Shape.TEXT),
        ("Tres.", Shape.ITEM),
    ]
