"""The text of a statement as it comes: text of any Windows, Word, PDF, a saved web page; and files that are none."""

from __future__ import annotations

import io
from pathlib import Path

import docx
import pytest

from bot.cli.starter.statement import DraftAsk, Unreadable, asks, text_of
from tests.peers.grants import pdf

pytestmark = pytest.mark.sqlite  # no store is read

ASKS = [
    DraftAsk("We urge the agency to publish data.", "Farmers need it – badly."),
    DraftAsk("Keep flows in the river."),
]


def word(*paragraphs: tuple[str, str | None]) -> bytes:
    document = docx.Document()
    for text, style in paragraphs:
        document.add_paragraph(text, style)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def found(folder: Path, name: str, data: bytes) -> list[DraftAsk]:
    (folder / name).write_bytes(data)
    return asks(text_of(folder / name))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_text_is_read_in_whatever_encoding_people_save_it(tmp_path, encoding):
    text = "Who we are.\n\nWe urge the agency to publish data. Farmers need it – badly.\n"

    assert found(tmp_path, "statement.txt", text.encode(encoding)) == ASKS[:1]


def test_a_text_gives_the_terminal_no_commands_and_the_files_no_control_characters(tmp_path):
    text = "1. We urge the agency\x1b]0;title\x07 to publish\x9b data.\n\n2. Keep flows\u202e in the river.\n"

    assert found(tmp_path, "statement.txt", text.encode()) == [
        DraftAsk("We urge the agency]0;title to publish data."), DraftAsk("Keep flows in the river."),
    ]  # fmt: skip


def test_a_word_file_gives_its_list_s_items(tmp_path):
    data = word(
        ("We ask:", None),
        ("We urge the agency to publish data. Farmers need it – badly.", "List Number"),
        ("Keep flows in the river.", "List Number"),
    )

    assert found(tmp_path, "statement.docx", data) == ASKS


def test_a_pdf_gives_the_sentences_that_ask(tmp_path):
    data = pdf("We urge the agency to publish data. Farmers need it.", "It must keep flows.")

    assert [ask.text for ask in found(tmp_path, "statement.pdf", data)] == [
        "We urge the agency to publish data.",
        "It must keep flows.",
    ]


def test_a_saved_page_gives_its_list_without_its_menu_and_no_word_of_a_long_paragraph_is_lost(tmp_path):
    long = f"We urge the agency to publish data {'again and ' * 200}again."
    items = "<li>We urge the agency to publish data. Farmers need it – badly.</li><li>Keep flows in the river.</li>"
    page = f'<!DOCTYPE html><meta charset="utf-8"><nav><ul><li>Home</li></ul></nav><ol>{items}</ol>'

    assert found(tmp_path, "statement.html", page.encode()) == ASKS
    assert found(tmp_path, "statement.htm", f"<html><p>{long}</p></html>".encode()) == [DraftAsk(long)]


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("old.doc", b"\xd0\xcf\x11\xe0" + b"\0" * 100, "is an old Word file. Save it as .docx or as a PDF."),
        ("broken.docx", b"PK\x03\x04 not a zip", "is a broken Word file. Save it as text or .docx."),
        ("broken.pdf", b"%PDF-1.7 nothing", "is a broken PDF. Save it as text or .docx."),
        (
            "picture.png",
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
            "is not text. Save the statement as text, Word (.docx) or PDF.",
        ),
    ],
)
def test_a_file_that_is_no_statement_is_refused_with_what_to_do(tmp_path, name, data, why):
    (tmp_path / name).write_bytes(data)

    with pytest.raises(Unreadable) as refused:
        text_of(tmp_path / name)
    assert str(refused.value) == f"{tmp_path / name} {why}"


def test_a_missing_file_and_a_folder_are_named_in_plain_words(tmp_path):
    with pytest.raises(Unreadable, match=r"There is no file .*none\.txt\. Check its name"):
        text_of(tmp_path / "none.txt")
    with pytest.raises(Unreadable, match="/dev/zero is larger than 20 MB"):  # though it says that it is empty
        text_of(Path("/dev/zero"))
    with pytest.raises(Unreadable, match="cannot be read: Is a directory"):
        text_of(tmp_path)
