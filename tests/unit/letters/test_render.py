"""A letter's documents: both say the same, in the same bytes every time, and nothing that is written in them runs."""

from __future__ import annotations

import csv
import io
import re
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path

import docx as python_docx
import pikepdf
import pytest
from docx.oxml import parse_xml

from bot.congress.model import Addressee
from bot.letters.documents.render import docx, labels, merge, names, pdf
from bot.letters.drafting import facts
from bot.letters.model import Evidence, Paragraph, Shape, Signature, Translation, Written
from bot.letters.sheet import plain, sheet
from bot.letters.templates import template
from bot.letters.templates.template import write
from bot.printing.documents import DocumentProblem
from bot.shared.plain_text import typographic
from tests.kit.documents import (
    LAW,
    LETTER,
    OFFICE,
    ROOT,
    RULE,
    SIGNERS,
    claiming,
    own_templates,
    pages_of_pdf,
    run_together,
    saying,
    to_senators,
    words_of_docx,
    words_of_pdf,
)
from tests.peers.need import need

GOLDEN = Path(__file__).parents[2] / "golden/letter.txt"
STORY = {
    "title": "Providers Wait a Year for Their Grants",
    "agency": "",
    "outlet": "The Example Times",
    "url": "https://times.example/2026/03/providers-wait-a-year-for-their-grants",
}
ABOUT = "The Example Coalition brings together people who do this work in 30 states. " * 3
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c6390b78a070001"
    "3400b98f81f4600000000049454e44ae426082"
)
HOSTILE = (
    "{{ 7 * 7 }} {% for x in y %} {# no #}",
    '#read("/etc/hostname") *bold* _it_ $x^2$ #panic() `code` @ref <label> // no \\ end',
    '<w:p/> ]]> <!-- --> &amp; & "quoted" ’ <?xml?>',
    '=HYPERLINK("https://evil.example") file:///etc/passwd https://evil.example/a.css',
)


@pytest.fixture(scope="module")
def made_docx():
    return docx(LETTER, ROOT)


@pytest.fixture(scope="module")
def made_pdf():
    return pdf(LETTER, ROOT)


def test_the_docx_says_what_was_read_and_approved(made_docx):
    assert words_of_docx(made_docx) + "\n" == GOLDEN.read_text(encoding="utf-8")


@pytest.mark.parametrize("signatures", [SIGNERS, SIGNERS[:1], SIGNERS[:6], ()], ids=len)
def test_docx_and_pdf_say_the_same_words_in_the_same_order(signatures):
    letter, pdftotext = replace(LETTER, signatures=signatures), need("pdftotext")

    in_pdf, in_docx = words_of_pdf(pdf(letter, ROOT), pdftotext), words_of_docx(docx(letter, ROOT))

    assert run_together(in_pdf) == run_together(in_docx)
    assert "José Ángel Núñez, Zoë Brontë-Ñandú" in " ".join(in_pdf.split())


@pytest.mark.long
def test_libreoffice_reads_in_the_docx_what_python_docx_reads(made_docx, tmp_path):
    (tmp_path / "letter.docx").write_bytes(made_docx)

    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [need("soffice"), profile, "--headless", "--convert-to", "txt:Text (encoded):UTF8", "letter.docx"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)

    read = (tmp_path / "letter.txt").read_text(encoding="utf-8-sig")
    assert run_together(read) == run_together(words_of_docx(made_docx))


@pytest.mark.parametrize("make", [docx, pdf])
def test_the_same_letter_makes_the_same_bytes(make):
    assert make(LETTER, ROOT) == make(LETTER, ROOT)


def test_the_docx_has_the_styles_that_staff_restyle_and_a_heading_to_go_to(made_docx):
    styles = {
        paragraph.text: paragraph.style.name for paragraph in python_docx.Document(io.BytesIO(made_docx)).paragraphs
    }

    assert styles["Re: Victim money for victims: no joint grant applications"] == "Heading 1"
    assert styles["What we ask"] == styles["Signed by 11 organizations"] == "Heading 2"
    assert styles[LETTER.written.body[4].text] == "List Bullet"
    assert styles["Example Coalition Against Trafficking"] == "Letterhead"


def test_the_docx_is_dated_like_the_letter_and_knows_its_title_and_language(made_docx):
    document = python_docx.Document(io.BytesIO(made_docx))
    about = document.core_properties

    assert (about.title, about.author) == (LETTER.written.subject, LETTER.sender[0])
    assert about.language == "en-US"
    assert f"{about.created:%F %T}" == f"{about.modified:%F %T}" == "2026-11-25 00:00:00"
    assert {element.get(python_docx.oxml.ns.qn("w:val")) for element in document.styles.element.iter("{*}lang")} == {
        "en-US"
    }


def test_nothing_in_the_docx_points_outside_it(made_docx):
    with zipfile.ZipFile(io.BytesIO(made_docx)) as archive:
        for name in archive.namelist():
            assert b'TargetMode="External"' not in archive.read(name), name


def test_the_pdf_is_tagged_and_has_title_language_and_its_fonts(made_pdf):
    with pikepdf.open(io.BytesIO(made_pdf)) as document:
        root = document.Root
        assert bool(root.MarkInfo.Marked)
        assert str(root.Lang) == "en-US"
        assert bool(root.ViewerPreferences.DisplayDocTitle)
        about = document.open_metadata()
        assert about["dc:title"] == LETTER.written.subject
        assert about["pdfuaid:part"] == "1"
        assert tags(root.StructTreeRoot) >= {"/Document", "/H1", "/H2", "/P", "/L", "/LI"}
        fonts = [obj for obj in document.objects if isinstance(obj, pikepdf.Dictionary) and "/FontName" in obj]
        assert fonts
        assert all("/FontFile3" in font or "/FontFile2" in font for font in fonts)
        assert not [obj for obj in document.objects if isinstance(obj, pikepdf.Dictionary) and "/URI" in obj]


def tags(node: pikepdf.Object) -> set[str]:
    """The kinds of everything in a structure tree."""
    result = {str(node.S)} if "/S" in node else set()
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and ("/S" in kid or "/K" in kid):
            result |= tags(kid)
    return result


def test_the_number_and_the_digest_of_a_final_text_are_only_in_its_properties(made_pdf, made_docx):
    run = subprocess.run([need("pdftotext"), "-", "-"], input=made_pdf, capture_output=True, check=True)
    document = python_docx.Document(io.BytesIO(made_docx))
    footers = [
        part.paragraphs[0].text for part in (document.sections[0].footer, document.sections[0].first_page_footer)
    ]

    for shown in (run.stdout.decode(), words_of_docx(made_docx), *footers, plain(LETTER)):
        assert "L-014" not in shown
        assert "9c41b6" not in shown
    identifier = f"L-014, version 3, text {LETTER.digest}"
    assert document.core_properties.keywords == identifier
    with pikepdf.open(io.BytesIO(made_pdf)) as file:
        assert str(file.docinfo["/Keywords"]) == identifier


def test_a_draft_has_its_number_at_the_foot_of_each_page():
    draft = replace(LETTER, digest="", signatures=())
    section = python_docx.Document(io.BytesIO(docx(draft, ROOT))).sections[0]

    for page in pages_of_pdf(pdf(draft, ROOT), need("pdftotext")):
        assert "L-014,version3·notfinal,notforsending" in page[-1]
    assert {part.paragraphs[0].text.split("\t")[0] for part in (section.footer, section.first_page_footer)} == {
        "L-014, version 3 · not final, not for sending"
    }


def test_from_the_second_page_on_the_head_says_who_the_letter_is_to_and_its_date(made_pdf, made_docx):
    first, second = pages_of_pdf(made_pdf, need("pdftotext"))

    head = "TheDirector,OfficeforVictimsofCrimeNovember25,2026"
    assert second[0] == head
    assert head not in first
    section = python_docx.Document(io.BytesIO(made_docx)).sections[0]
    assert run_together(section.header.paragraphs[0].text) == head
    assert section.different_first_page_header_footer
    assert not section.first_page_header.paragraphs[0].text


def test_the_head_of_a_statement_to_the_press_is_its_subject():
    press = Addressee(id="press", name="the press", block=(), salutation="")

    assert sheet(replace(LETTER, to=press))["continued"] == LETTER.written.subject


# As many lines of text as fill the first page to where each letter's signatures would be torn.
@pytest.mark.long
@pytest.mark.parametrize("lines", range(8, 22, 2))
@pytest.mark.parametrize("signers", [5, 9, 12, 16])
def test_up_to_nine_signatures_stay_together_and_of_more_no_page_has_less_than_two_rows(lines, signers):
    crowd = tuple(Signature(organisation=f"Network {place:02}", signatory="A. Name") for place in range(signers))
    letter = replace(
        saying(*["One line."] * lines),
        signatures=(*crowd[1:], replace(crowd[0], evidence=Evidence.EMAIL)),
        digest="a" * 64,
    )

    pages = pages_of_pdf(pdf(letter, ROOT), need("pdftotext"))

    (block,) = (page for page in pages if any(line.startswith("Signedby") for line in page))
    shown = [sum("".join(page).count(f"Network{place:02}") for place in range(signers)) for page in pages]
    assert sum(shown) == signers
    assert shown[pages.index(block)] == signers if signers <= 9 else shown[pages.index(block)] >= 6
    assert shown[-1] > 3
    assert any("Signaturegiveninwriting" in line for line in pages[-1])
    assert "Sincerely," in block


@pytest.mark.long
def test_a_list_stays_with_the_words_that_lead_to_it():
    for lines in range(14, 22):
        body = [Paragraph("One line.")] * lines + [Paragraph("We ask you to:"), Paragraph("act.", Shape.ITEM)]
        letter = replace(LETTER, written=Written(subject="S", body=(*body, Paragraph("Thanks."))), signatures=())
        pages = pages_of_pdf(pdf(letter, ROOT), need("pdftotext"))

        (page,) = (page for page in pages if "Weaskyouto:" in page)
        assert "act." in page


def neutral_letter():
    """The letter that fits any ask, on a story, with a paragraph about the coalition and a person who signs."""
    meta = template.meta(ROOT, "agency-request")
    given_facts = facts.example(meta)
    given_facts["entry"] = facts.example(template.meta(ROOT, "public-comment"))["entry"] | STORY
    given_facts["coalition"]["about"], given_facts["fields"]["occasion"] = ABOUT, ""
    given_facts["fields"]["figures"] = ""
    made = write(ROOT, "agency-request", given_facts, {})
    return replace(LETTER, written=made, signatures=(), signer=("Jane Roe", "Director", LETTER.sender[0]))


def test_the_neutral_letter_fits_one_page():
    assert len(pages_of_pdf(pdf(neutral_letter(), ROOT), need("pdftotext"))) == 1


@pytest.mark.parametrize(
    ("ask", "proposed"),
    [
        ("EPA should issue the rule.", True),
        ("Require makers to test wells.", True),
        ("EPA should keep the deadline of the rule.", False),
        ("Enforce the rule on wells.", False),
        ("EPA must enforce its rule on wells.", False),
        ("Publish the count in the report required by 40 CFR part 141.", False),
    ],
)
def test_an_agency_is_asked_for_its_regulatory_agenda_only_where_it_is_asked_to_change_a_rule(ask, proposed):
    given_facts = facts.example(template.meta(ROOT, "agency-request"))
    given_facts["addressee"]["makes_rules"], given_facts["ask"]["text"] = True, ask
    given_facts["fields"]["request"], given_facts["entry"] = "", None

    made = write(ROOT, "agency-request", given_facts, {})

    assert any("regulatory agenda" in paragraph.text for paragraph in made.body) is proposed


@pytest.mark.long
def test_word_file_and_pdf_break_their_lines_and_pages_in_the_same_places(tmp_path):
    """By LibreOffice, which takes Liberation Serif for the Times New Roman of the Word file, as it has its widths."""
    texts = [paragraph for paragraph in LETTER.written.body if paragraph.shape is Shape.TEXT]
    bodies = {
        "whole": LETTER.written.body,
        "short": LETTER.written.body[:5] + LETTER.written.body[-1:],
        "one-page": LETTER.written.body[:2],
        "long": LETTER.written.body + tuple(texts) * 2,
        "just-over": LETTER.written.body[:8] + tuple(texts[:1]),
    }
    letters = {
        f"{name}-{signers}": replace(LETTER, written=replace(LETTER.written, body=body), signatures=SIGNERS[:signers])
        for name, body in bodies.items()
        # LibreOffice, unlike Word, keeps a whole table with the text before it where rows are kept together.
        for signers in (0, 3, 9 if name == "just-over" else 11)
    } | {"neutral": neutral_letter()}
    for name, letter in letters.items():
        (tmp_path / f"{name}.docx").write_bytes(docx(letter, ROOT))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [need("soffice"), profile, "--headless", "--convert-to", "pdf", *(f"{name}.docx" for name in letters)]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)

    for name, letter in letters.items():
        from_word = pages_of_pdf((tmp_path / f"{name}.pdf").read_bytes(), need("pdftotext"))
        assert from_word == pages_of_pdf(pdf(letter, ROOT), need("pdftotext")), name


def test_an_unsigned_text_says_so_on_every_page():
    assert sheet(replace(LETTER, digest="", signatures=()))["foot"] == "L-014, version 3 · not final, not for sending"


def test_a_letter_of_examples_has_no_number():
    assert sheet(replace(LETTER, number="", digest=""))["foot"] == "not final, not for sending"


@pytest.mark.parametrize("lines", range(14, 21))
def test_the_closing_is_never_alone_on_a_page(lines):
    letter = replace(saying(*["One line."] * lines, "The last of what we say."), signatures=())
    run = subprocess.run([need("pdftotext"), "-", "-"], input=pdf(letter, ROOT), capture_output=True, check=True)

    page = run.stdout.decode().split("\f")[-2]

    assert "The last of what we say.\nSincerely," in page.replace("\n\n", "\n")
    assert LETTER.sender[0] in page


def test_signatures_are_counted_in_order_and_those_given_elsewhere_are_marked():
    made = sheet(LETTER)
    read = [signer["organization"] + signer["mark"] for row in made["rows"] for signer in row]

    assert made["signed"] == "Signed by 11 organizations"
    assert read[:3] == [
        "Children First Network",
        "City Coalition for Survivors and Their Families",
        "Freedom Farmworkers Alliance*",
    ]
    assert read[-4:] == ["United Tenants", "Vérité Worldwide, Inc.", "Voices of Experience", ""]
    assert made["notes"][0].startswith("* Signature given in writing")


def test_an_accent_does_not_send_an_organization_to_the_end_of_the_list():
    signed = [Signature(organisation=name) for name in ("Zeta", "Éducation pour tous", "Freedom", "The Door")]

    rows = sheet(replace(LETTER, signatures=tuple(signed)))["rows"]

    names = [signer["organization"] for row in rows for signer in row]
    assert names == ["Éducation pour tous", "Freedom", "The Door", "Zeta", "", ""]


def test_a_letter_with_no_signatures_leaves_room_to_sign_for_the_sender():
    words = words_of_docx(docx(replace(LETTER, signatures=()), ROOT))

    assert words.endswith("Sincerely,\nExample Coalition Against Trafficking")


@pytest.mark.parametrize("text", HOSTILE)
def test_what_people_write_is_text_in_both_documents(text):
    letter = replace(saying(text), to=replace(OFFICE, block=(text,)), signatures=(Signature(organisation=text),))

    in_pdf, in_docx = words_of_pdf(pdf(letter, ROOT), need("pdftotext")), words_of_docx(docx(letter, ROOT))

    assert in_docx.replace(typographic(text), text).count(text) == 3
    assert run_together(in_pdf) == run_together(in_docx)


@pytest.mark.parametrize("make", [docx, pdf])
def test_signs_that_no_document_can_hold_are_left_out(make):
    sentence = "A\ud800B\ufffeC\x00D\x0bE\x1bF\u202eG\tH\nI \uffff\udfff"
    clean = "ABCD EFG H I"

    made = make(saying(sentence), ROOT)

    assert clean in (words_of_docx(made) if make is docx else words_of_pdf(made, need("pdftotext")))


@pytest.mark.long
def test_ten_thousand_signatures_make_both_documents():
    crowd = tuple(Signature(organisation=f"Organization {place:05}", signatory="A. Name") for place in range(10_000))
    letter = replace(LETTER, signatures=crowd)

    assert words_of_docx(docx(letter, ROOT)).count("A. Name") == 10_000
    with pikepdf.open(io.BytesIO(pdf(letter, ROOT))) as document:
        assert len(document.pages) > 50
    assert sheet(letter)["signed"] == "Signed by 10,000 organizations"


@pytest.mark.long
@pytest.mark.parametrize("make", [docx, pdf])
def test_a_megabyte_in_one_paragraph_is_set_and_two_are_refused_with_what_to_do(make):
    assert make(saying("word " * 199_000), ROOT)
    with pytest.raises(DocumentProblem, match=r"L-014 has 2,000,\d+ characters; a letter may have 1,000,000\. Put"):
        make(saying("x" * 2_000_000), ROOT)


@pytest.mark.long
@pytest.mark.parametrize(
    ("template", "sentence"),
    [
        ("#while true { }", "letter.typ cannot be typeset: condition is always true"),
        ("#let f(n) = f(n + 1)\n#f(1)", "letter.typ cannot be typeset: maximum function call depth"),
        ("#let a = (1,)\n#for i in range(40) { a = a + a }", "takes more than 10 seconds or 1 GB"),
        ('#read("../coalition.yml")', "would escape the project root"),
        ('#image("https://evil.example/a.png")', "letter.typ cannot be typeset: file not found"),
        ('#import "@preview/cades:0.3.0": *', "letter.typ imports a package. The bot fetches nothing"),
        ("#letter", "letter.typ cannot be typeset: unknown variable"),
        ('= No title\n#import "/etc/passwd"', "letter.typ cannot be typeset"),
    ],
)
def test_a_pdf_template_that_asks_too_much_is_named(tmp_path, template, sentence):
    with pytest.raises(DocumentProblem, match=f"^L-014 to the Director, Office for Victims of Crime: .*{sentence}"):
        pdf(LETTER, own_templates(tmp_path, letter_typ=template))


@pytest.mark.long
@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{{ no_such_word }}", "letterhead.docx cannot be filled in: 'no_such_word' is undefined"),
        ("{% if date %}", "letterhead.docx cannot be read: Unexpected end of template"),
        ("{{ date.__class__ }}", "letterhead.docx cannot be filled in: access to attribute '__class__'"),
        ("{% for a in 'xx' * 9999999 %}{% for b in 'xx' * 9999999 %}{% endfor %}{% endfor %}", "takes more than 10 s"),
        ("{{ ('x' * 99999999) * 99 }}", "letterhead.docx cannot be filled in|takes more than 10 seconds or 1 GB"),
    ],
)
def test_a_word_file_that_asks_too_much_is_named(tmp_path, monkeypatch, text, sentence):
    file = python_docx.Document(ROOT / "templates/letterhead.docx")
    file.add_paragraph(text)
    saved = io.BytesIO()
    file.save(saved)

    with pytest.raises(DocumentProblem, match=sentence):
        docx(LETTER, own_templates(tmp_path, letterhead_docx=saved.getvalue()))


def test_a_word_file_that_fetches_something_when_it_is_opened_is_refused(tmp_path):
    file = python_docx.Document(ROOT / "templates/letterhead.docx")
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"
    file.part.relate_to("https://evil.example/normal.dotm", kind, is_external=True)
    saved = io.BytesIO()
    file.save(saved)

    with pytest.raises(DocumentProblem, match=r"letterhead\.docx fetches https://evil\.example/normal\.dotm"):
        docx(LETTER, own_templates(tmp_path, letterhead_docx=saved.getvalue()))


def test_a_file_that_is_not_a_word_file_is_reported(tmp_path):
    with pytest.raises(DocumentProblem, match=r"templates/letterhead\.docx cannot be read"):
        docx(LETTER, own_templates(tmp_path, letterhead_docx=b"not a Word file"))


@pytest.mark.parametrize(("make", "name"), [(docx, "letterhead.docx"), (pdf, "letter.typ")])
def test_a_template_that_is_gone_or_a_link_is_named(tmp_path, make, name):
    path = own_templates(tmp_path) / "templates" / name
    path.unlink()
    with pytest.raises(DocumentProblem, match=f"templates/{name} does not exist"):
        make(LETTER, tmp_path)
    path.symlink_to("/etc/hostname")
    with pytest.raises(DocumentProblem, match=f"templates/{name} is a link"):
        make(LETTER, tmp_path)


@pytest.mark.parametrize("make", [docx, pdf])
def test_a_logo_is_in_both_documents_with_alternative_text(tmp_path, make):
    made = make(LETTER, own_templates(tmp_path, logo_png=PNG))

    if make is docx:
        with zipfile.ZipFile(io.BytesIO(made)) as archive:
            assert archive.read("word/media/image1.png") == PNG
            assert 'descr="Logo of Example' in archive.read("word/document.xml").decode()
        assert python_docx.Document(io.BytesIO(made)).inline_shapes
    else:
        assert b"/Alt" in made
        with pikepdf.open(io.BytesIO(made)) as document:
            assert "/Figure" in tags(document.Root.StructTreeRoot)


@pytest.mark.parametrize("make", [docx, pdf])
def test_a_logo_that_is_no_picture_is_refused(tmp_path, make):
    with pytest.raises(DocumentProblem, match=r"templates/logo\.png is not a PNG picture of at most 1 MB"):
        make(LETTER, own_templates(tmp_path, logo_png=b"<svg/>"))


def test_a_sign_that_no_font_has_is_named_with_what_to_do():
    with pytest.raises(DocumentProblem, match=r"cannot show “人”: no available font has it\. Put a font"):
        pdf(saying("人身取引"), ROOT)
    assert "人身取引" in words_of_docx(docx(saying("人身取引"), ROOT))


@pytest.fixture(scope="module")
def merged(tmp_path_factory):
    shown = []
    path = tmp_path_factory.mktemp("merged") / "letters.zip"
    merge(to_senators(5), ROOT, path, progress=lambda done, of: shown.append((done, of)))
    return path, shown


@pytest.mark.long
def test_a_mail_merge_reports_its_progress_letter_by_letter(merged):
    assert merged[1] == [(1, 5), (2, 5), (3, 5), (4, 5), (5, 5)]


@pytest.mark.long
def test_a_mail_merge_has_every_letter_twice_with_envelopes_and_labels(merged):
    with zipfile.ZipFile(merged[0]) as archive:
        assert archive.testzip() is None
        letters = [f"00{place}-senator-nunez-{place}.{ending}" for place in range(1, 6) for ending in ("docx", "pdf")]
        assert archive.namelist() == [*letters, "envelopes.pdf", "labels.csv"]
        assert "Dear Senator Núñez 4:" in words_of_docx(archive.read("004-senator-nunez-4.docx"))
        assert "Dear Senator Núñez 4:" in words_of_pdf(archive.read("004-senator-nunez-4.pdf"), need("pdftotext"))
        envelopes = words_of_pdf(archive.read("envelopes.pdf"), need("pdftotext"))
        assert re.findall(r"The Honorable José Núñez \d\nUnited States Senate", envelopes) == [
            f"The Honorable José Núñez {place}\nUnited States Senate" for place in range(1, 6)
        ]


@pytest.mark.long
def test_a_mail_merge_makes_the_same_bytes_again(merged, tmp_path):
    merge(to_senators(5), ROOT, tmp_path / "again.zip", progress=lambda *_: None)

    assert (tmp_path / "again.zip").read_bytes() == merged[0].read_bytes()


def test_a_mail_merge_that_fails_names_the_letter_and_leaves_nothing(tmp_path):
    letters = to_senators(4)
    letters[2] = replace(letters[2], written=Written(subject="人", body=()))

    with pytest.raises(DocumentProblem, match=r"^L-014 to Senator Núñez 3: The PDF cannot show “人”"):
        merge(letters, ROOT, tmp_path / "letters.zip", progress=lambda *_: None)
    assert not list(tmp_path.iterdir())


def test_a_mail_merge_without_addressees_is_an_empty_file(tmp_path):
    merge([], ROOT, tmp_path / "none.zip", progress=lambda *_: None)

    assert zipfile.ZipFile(tmp_path / "none.zip").namelist() == []


@pytest.mark.parametrize("name", ["../../etc/passwd", "C:\\con", "", "a" * 400, "\u202egnp.exe", "Ã‰ / \x00"])
def test_the_names_of_files_are_safe_and_each_is_its_own(name):
    addressee = Addressee(id="x", name=name, block=(), salutation="")

    made = names([replace(LETTER, to=addressee)] * 3)

    assert len(set(made)) == 3
    assert all(re.fullmatch(r"00\d-[a-z0-9-]{1,60}", each) for each in made)


@pytest.mark.parametrize("begins", ["=", "+", "-", "@"])
def test_no_cell_of_the_labels_is_run_by_a_spreadsheet(begins):
    line = f"{begins}cmd|’ /C calc’!A0"
    addressee = Addressee(id="x", name=line, block=(line, "Washington, DC"), salutation=line)

    _, row = csv.reader(io.StringIO(labels([replace(LETTER, to=addressee)]).decode("utf-8-sig")))

    assert row == ["001-cmd-c-calc-a0", f"'{line}", f"'{line}", f"'{line}", "Washington, DC"]


def test_a_joint_letter_has_an_envelope_for_each_addressee(tmp_path):
    both = Addressee(id="joint:x", name="both", block=("A", "Senate", "", "B"), salutation="Dear A and B:")
    letter = replace(LETTER, to=both)

    merge([letter], ROOT, tmp_path / "joint.zip", progress=lambda *_: None)

    with zipfile.ZipFile(tmp_path / "joint.zip") as archive, pikepdf.open(archive.open("envelopes.pdf")) as envelopes:
        assert len(envelopes.pages) == 2
        rows = list(csv.reader(io.StringIO(archive.read("labels.csv").decode("utf-8-sig"))))
    assert rows[1:] == [
        ["001-both", "both", "Dear A and B:", "A", "Senate"],
        ["001-both", "both", "Dear A and B:", "B", ""],
    ]
    assert words_of_docx(docx(letter, ROOT)).split("Re:")[0].endswith("A\nSenate\nB\n")


@pytest.mark.parametrize("signatures", [LETTER.signatures, ()], ids=["signed", "by nobody"])
def test_a_statement_that_goes_to_nobody_has_no_address_no_salutation_and_no_closing(signatures):
    press = Addressee(id="press", name="the press", block=(), salutation="")
    letter = replace(LETTER, sender=LETTER.sender[:1], to=press, closing="", signatures=signatures)

    sentence = words_of_docx(docx(letter, ROOT))

    assert "November 25, 2026\nVictim money for victims: no joint grant applications\nWe write for" in sentence
    assert sentence.count(letter.sender[0]) == 1
    assert "Sincerely" not in sentence + plain(letter)
    assert run_together(words_of_pdf(pdf(letter, ROOT), need("pdftotext"))) == run_together(sentence)


def test_a_paragraph_with_nothing_in_it_is_none():
    written = Written(subject="x", body=(Paragraph(" \x00 "), Paragraph("\n", Shape.ITEM), Paragraph("said")))

    assert sheet(replace(LETTER, written=written))["body"] == [
        {"shape": "text", "runs": [{"text": "said", "note": ""}]}
    ]


CLAIMS = (f"{LAW.text} It is new. {RULE.text}", "So we ask.", LAW.text)
NOTES = [
    "18 U.S.C. 3771A. https://www.govinfo.gov/link/uscode/18/3771A (as of November 20, 2026)",
    "18 U.S.C. 3771A(g). https://www.govinfo.gov/link/uscode/18/3771A?a=1&b=2 (as of November 21, 2026)",
]


def test_each_claim_has_a_footnote_where_it_is_first_made_in_both_documents():
    letter = claiming(*CLAIMS)
    document, of_pdf = docx(letter, ROOT), words_of_pdf(pdf(letter, ROOT), need("pdftotext"))

    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        marked = re.sub(
            r'<w:footnoteReference w:id="(\d)"/>', r"<w:t>[\1]</w:t>", archive.read("word/document.xml").decode()
        )
        notes = parse_xml(archive.read("word/footnotes.xml"))
    assert f"{LAW.text}[1] It is new. {RULE.text}[2]" in "".join(parse_xml(marked.encode()).itertext())
    assert marked.count("[1]") == 1
    texts = ["".join(word.text for word in note.iter("{*}t")).strip() for note in notes]
    assert texts == ["", "", *NOTES]  # after two separators
    assert run_together(f"1{NOTES[0]}2{NOTES[1]}") in run_together(of_pdf)


@pytest.mark.parametrize("make", [docx, pdf])
def test_a_template_that_prints_no_notes_is_refused_for_a_letter_that_has_some(tmp_path, make):
    text = re.sub(r".*footnote.*\n", "", (ROOT / "templates/letter.typ").read_text())
    file = python_docx.Document(ROOT / "templates/letterhead.docx")
    for paragraph in file.paragraphs:
        if "footnote" in paragraph.text:
            paragraph.text = "{% for run in paragraph.runs %}{{ run.text }}{% endfor %}"
    saved = io.BytesIO()
    file.save(saved)
    folder = own_templates(tmp_path, letter_typ=text, letterhead_docx=saved.getvalue())

    with pytest.raises(DocumentProblem, match=r"templates/letter\w*\.\w+ does not print notes"):
        make(claiming(*CLAIMS), folder)


def test_text_has_the_numbers_of_its_notes_and_the_notes_below_it():
    shown = plain(claiming(*CLAIMS))

    assert f"{LAW.text}¹ It is new. {RULE.text}²\n\nSo we ask.\n\n{LAW.text}\n" in shown
    assert f"¹ {NOTES[0]}\n² {NOTES[1]}\n" in shown


def test_the_bot_itself_loads_neither_word_nor_typst():
    code = "import sys, bot.letters.documents.render; print({'docx', 'docxtpl', 'typst', 'lxml'} & set(sys.modules))"
    run = subprocess.run(
        [__import__("sys").executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert run.stdout == "set()\n"


# --- in two languages -------------------------------------------------------------------------------------------------

SPANISH = Translation(
    language="es",
    subject="¿Cuándo habrá una regla?",
    body=(Paragraph("Pedimos dos cosas:"), Paragraph("Que se escriba.", Shape.ITEM), Paragraph("¡Ya!", Shape.HEADING)),
)
SIGNED = "Las firmas de esta carta valen para los dos textos."


def in_two_languages(*, sent: bool):
    return replace(LETTER, written=replace(LETTER.written, translation=replace(SPANISH, sent=sent)))


@pytest.mark.long
def test_a_translation_that_is_sent_is_on_pages_of_its_own_after_the_english_text(tmp_path):
    letter = in_two_languages(sent=True)
    texts = (SPANISH.subject, *(part.text for part in SPANISH.body), SIGNED)
    *_, before, last = ("".join(page) for page in pages_of_pdf(pdf(letter, ROOT), need("pdftotext")))
    assert [text for text in texts if run_together(text) not in last] == []
    assert run_together(SIGNERS[-1].organisation) in before
    word = docx(letter, ROOT)
    assert words_of_docx(word).endswith("\n".join((SPANISH.subject, *(part.text for part in SPANISH.body), SIGNED)))
    (tmp_path / "letter.docx").write_bytes(word)
    office = ["--headless", f"-env:UserInstallation=file://{tmp_path}/office", "--convert-to", "pdf", "--outdir"]
    subprocess.run([need("soffice"), *office, tmp_path, tmp_path / "letter.docx"], check=True, capture_output=True)
    pages = pages_of_pdf((tmp_path / "letter.pdf").read_bytes(), need("pdftotext"))
    assert len(pages) == len(pages_of_pdf(pdf(letter, ROOT), need("pdftotext")))
    assert run_together(SPANISH.subject) in "".join(pages[-1])
    assert run_together(SPANISH.subject) not in "".join(pages[-2])
    assert plain(letter).rstrip().endswith(f"- Que se escriba.\n\n## ¡Ya!\n\n{SIGNED}")


@pytest.mark.parametrize("make", [docx, pdf])
def test_a_translation_for_those_who_sign_is_not_in_what_is_sent(make):
    assert make(in_two_languages(sent=False), ROOT) == make(LETTER, ROOT)
    assert plain(in_two_languages(sent=False)) == plain(LETTER)


def test_each_text_of_a_document_is_marked_with_its_language():
    letter = in_two_languages(sent=True)
    file = python_docx.Document(io.BytesIO(docx(letter, ROOT)))
    tags = {
        run.text: lang.get(f"{{{lang.nsmap['w']}}}val")
        for paragraph in file.paragraphs
        for run in paragraph.runs
        for lang in run._r.xpath("w:rPr/w:lang")
    }
    assert tags == dict.fromkeys((SPANISH.subject, *(part.text for part in SPANISH.body), SIGNED), "es-US")
    with pikepdf.open(io.BytesIO(pdf(letter, ROOT))) as document:
        assert str(document.Root.Lang) == "en-US"
        assert "es-US" in {
            str(each.get("/Lang", "")) for each in document.objects if isinstance(each, pikepdf.Dictionary)
        }


@pytest.mark.parametrize("make", [docx, pdf])
def test_a_template_that_prints_no_translation_is_refused_for_a_letter_that_is_sent_with_one(tmp_path, make):
    text = (ROOT / "templates/letter.typ").read_text().partition("// The text in the other language")[0]
    file = python_docx.Document(ROOT / "templates/letterhead.docx")
    before, *others = [
        each for each in file.paragraphs if "translation" in each.text or "translation" in each.style.name
    ]
    at = [each._p for each in file.paragraphs].index(before._p)
    for each in file.paragraphs[at:]:
        each._p.getparent().remove(each._p)
    saved = io.BytesIO()
    file.save(saved)
    folder = own_templates(tmp_path, letter_typ=text, letterhead_docx=saved.getvalue())

    with pytest.raises(DocumentProblem, match=r"templates/letter\w*\.\w+ prints no translation"):
        make(in_two_languages(sent=True), folder)
    assert make(in_two_languages(sent=False), folder)
    assert others


@pytest.mark.parametrize("text", HOSTILE)
def test_what_people_write_into_a_translation_is_text_in_both_documents(text):
    other = replace(SPANISH, subject=text, body=(Paragraph(text),), sent=True)
    letter = replace(LETTER, written=replace(LETTER.written, translation=other))
    assert run_together(words_of_docx(docx(letter, ROOT))).count(run_together(text)) == 2
    assert run_together(words_of_pdf(pdf(letter, ROOT), need("pdftotext"))).count(run_together(text)) >= 2


def test_a_megabyte_of_translation_counts_in_how_long_a_letter_may_be():
    other = replace(SPANISH, body=(Paragraph("palabra " * 130_000),), sent=True)
    with pytest.raises(DocumentProblem, match="a letter may have 1,000,000"):
        docx(replace(LETTER, written=replace(LETTER.written, translation=other)), ROOT)
