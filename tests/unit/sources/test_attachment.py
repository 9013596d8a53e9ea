"""Attached announcements: read with their pages in a separate process, also if they are built to do harm."""

from __future__ import annotations

import io
import sys
import zipfile
from contextlib import suppress

import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter

from bot.sources.grants import grants
from bot.sources.grants.attachment_child import Unreadable, paragraphs, read
from bot.sources.grants.grants import Attached
from tests.peers.grants import pdf, word

ONE, TWO = "Each provider applies on its own.", "A letter of support is not wanted."


@pytest.mark.long
@pytest.mark.parametrize("make", [lambda: pdf(ONE, TWO), lambda: word((ONE,), (TWO,))], ids=["pdf", "word"])
async def test_sentences_have_their_page(make):
    parsed = await grants.read_attachment(make())
    assert isinstance(parsed, Attached)
    assert parsed.pages == 2
    assert [(sentence.text, sentence.page) for sentence in parsed.sentences] == [(ONE, 1), (TWO, 2)]


def test_a_word_file_that_was_never_laid_out_has_no_pages():
    sentences, pages = read(word((ONE, TWO)))
    assert pages == 0
    assert {sentence.page for sentence in sentences} == {None}


def test_a_paragraph_that_continues_an_item_is_no_item():
    file, data = Document(), io.BytesIO()
    for text, style in (("Keep the rule.", "List Number"), ("It saves lives.", "List Continue")):
        file.add_paragraph(text, style=style)
    file.save(data)

    assert paragraphs(data.getvalue()) == ["• Keep the rule.", "It saves lives."]


def test_a_word_that_a_pdf_breaks_at_its_hyphen_is_whole():
    page = "Keep the hours-of- \\ service rule, as the short- \\ and long-term studies say."
    assert paragraphs(pdf(page)) == ["Keep the hours-of-service rule, as the short- and long-term studies say."]


def test_a_less_than_sign_of_the_text_is_kept_word_for_word():
    (sentence,), _ = read(word(("Awards of < $500,000 & more for <task forces>.",)))
    assert sentence.text == "Awards of < $500,000 & more for <task forces>."


def test_a_pdf_locked_by_a_password_is_reported():
    writer = PdfWriter(PdfReader(io.BytesIO(pdf(ONE))))
    writer.encrypt("secret", algorithm="RC4-128")
    buffer = io.BytesIO()
    writer.write(buffer)
    with pytest.raises(Unreadable, match="password-protected"):
        read(buffer.getvalue())


def test_a_pdf_that_only_forbids_changes_is_read():
    writer = PdfWriter(PdfReader(io.BytesIO(pdf(ONE))))
    writer.encrypt("", owner_password="theirs", algorithm="RC4-128")
    buffer = io.BytesIO()
    writer.write(buffer)
    assert [sentence.text for sentence in read(buffer.getvalue())[0]] == [ONE]


@pytest.mark.long
async def test_a_word_file_that_unfolds_without_end_is_refused():
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(word((ONE,)))) as fine, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as bomb:
        for name in fine.namelist():
            data = fine.read(name)
            bomb.writestr(name, data.replace(b"</w:body>", b"<!--" + b" " * 700_000_000 + b"--></w:body>")
                          if name == "word/document.xml" else data)  # fmt: skip
    assert await grants.read_attachment(buffer.getvalue()) in ("too large to be read safely", "a broken Word file")


async def test_the_child_is_given_no_secrets(monkeypatch, tmp_path):
    spy = tmp_path / "python"
    spy.write_text(f"#!/bin/sh\nenv > {tmp_path}/env\n")
    spy.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(spy))
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-canary")
    assert await grants.read_attachment(pdf(ONE)) == "too large to be read safely"
    assert "canary" not in (tmp_path / "env").read_text()


@settings(max_examples=60)
@given(st.deferred(lambda: st.sampled_from([pdf(ONE), word((ONE,))])), st.data())
def test_damage_of_any_kind_is_read_or_reported_as_broken(data, draw):
    at = draw.draw(st.integers(0, len(data) - 1))
    end = draw.draw(st.integers(at, min(len(data), at + 200)))
    with suppress(Unreadable):
        read(data[:at] + draw.draw(st.binary(max_size=40)) + data[end:])
