"""A letter of two pages with accents, quotation marks and eleven signatures; and the words of its documents."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import docx
from docx.table import Table

from bot.congress.model import Addressee
from bot.deadlines.model import Claim
from bot.letters.model import Evidence, Letter, Paragraph, Shape, Signature, Written

ROOT = Path(__file__).parents[2]
OFFICE = Addressee(
    id="office:ovc",
    name="the Director, Office for Victims of Crime",
    block=(
        "Director",
        "Office for Victims of Crime",
        "U.S. Department of Justice",
        "810 Seventh Street NW",
        "Washington, DC 20531",
    ),
    salutation="Dear Director:",
)
BODY = (
    Paragraph(
        "We write for eleven organizations that serve survivors of human trafficking and work to prevent it. "
        "We ask the Office for Victims of Crime to stop requiring a victim service provider and a law "
        "enforcement agency to apply "
        "together for anti-trafficking grants, and to keep money that is meant for victims with those who serve them."
    ),
    Paragraph(
        "In a joint application one partner’s refusal is the other’s loss. A shelter whose local police "
        "department will not sign cannot apply at all, whatever its record. Survivors tell our members that "
        "they stay away from services "
        "that stand too close to an arrest; a provider that depends on the police for its budget cannot "
        "promise them otherwise."
    ),
    Paragraph("What we ask", Shape.HEADING),
    Paragraph("For the next funding round, we ask your office to:"),
    Paragraph(
        "publish separate solicitations for victim services and for law enforcement, each with its own budget;",
        Shape.ITEM,
    ),
    Paragraph("no longer require, or give points for, a letter of support from a local police department;", Shape.ITEM),
    Paragraph(
        "where close cooperation really is best practice, let the law enforcement partner bring federal, "
        "state or local money of its own (see 22 U.S.C. §\u00a07105(b)(2)) & say so in the notice.",
        Shape.ITEM,
    ),
    Paragraph("Why now", Shape.HEADING),
    Paragraph(
        "The next notice of funding is being drafted. Two changed paragraphs in it would do what needs no "
        "change in the law, and would follow what every task force is told: that its work be "
        "“victim-centered, trauma-informed and "
        "survivor-led.”"
    ),
    Paragraph(
        "We know that the present design had a reason. Task forces in which providers and investigators trust"
        " each other have found people whom neither would have found alone, and we do not ask you to end "
        "them. We ask that trust be "
        "earned in the room and not required on a form. Providers who cooperate well today will go on doing "
        "so; those who cannot, because the local department counts arrests in vice stings as anti-trafficking"
        " work, will at last "
        "be able to serve the survivors who are already at their door."
    ),
    Paragraph("What we offer", Shape.HEADING),
    Paragraph(
        "Our members are ready to help. José Ángel Núñez, Zoë Brontë-Ñandú and others who run these programs "
        "every day will gladly read a draft, on short notice and in confidence. We would welcome a meeting "
        "with your staff in the "
        "coming weeks, and would bring survivors who have agreed to say what the present rules meant for them."
    ),
    Paragraph(
        "Please tell us by January 15, 2027 what the office intends, and whom we may speak to. Thank you for "
        "your attention, and for the work that your staff does with too little money and too little thanks."
    ),
)
SIGNERS = (
    Signature(organisation="Vérité Worldwide, Inc.", signatory="Émile Caron", title="Executive Director"),
    Signature(organisation="Open Road Legal Aid", signatory="Chris Wu", title="Policy Director"),
    Signature(
        organisation="Freedom Farmworkers Alliance",
        signatory="Tom O’Brien",
        title="President and CEO",
        evidence=Evidence.EMAIL,
    ),
    Signature(organisation="Children First Network", signatory="Lucía Pérez", title="Co-Director"),
    Signature(
        organisation="City Coalition for Survivors and Their Families", signatory="Ann Lee", title="Policy Director"
    ),
    Signature(organisation="Harbor House", signatory="Priya Nair", title="Director of Federal Affairs"),
    Signature(organisation="Northside Youth Shelter", signatory="Maya Stone", title="Executive Director"),
    Signature(organisation="Second Street Clinic, Inc.", signatory="Dana Kim"),
    Signature(organisation="Solid Ground", signatory="Ruth Adams", title="Director of Federal Affairs"),
    Signature(organisation="United Tenants", signatory="Sam Fox", title="President and CEO"),
    Signature(organisation="Voices of Experience"),
)
LETTER = Letter(
    number="L-014",
    version=3,
    date=date(2026, 11, 25),
    sender=(
        "Example Coalition Against Trafficking",
        "1030 Fifteenth Street NW, Washington, DC 20005",
        "campaign@example.org",
    ),
    to=OFFICE,
    written=Written(subject="Victim money for victims: no joint grant applications", body=BODY),
    signatures=SIGNERS,
    digest="9c41b6f0d2a84e57c1b0f3aa6d92e8170b5e4fd3c2a19687e0d4b3c5a6f7e2e2",
)


LAW = Claim(
    id="law",
    text="Survivors may ask a federal court to vacate convictions.",
    source="https://www.govinfo.gov/link/uscode/18/3771A",
    checked_on=date(2026, 11, 20),
    citation="18 U.S.C. 3771A",
)
RULE = Claim(
    id="rule",
    text="No fee may be charged & no form <required>.",
    source="https://www.govinfo.gov/link/uscode/18/3771A?a=1&b=2",
    checked_on=date(2026, 11, 21),
    citation="18 U.S.C. 3771A(g)",
)


def claiming(*texts: str) -> Letter:
    """The letter with other paragraphs, in which `RULE` and `LAW` may be claimed."""
    letter = saying(*texts)
    return replace(letter, written=replace(letter.written, claims=(RULE, LAW)))


def saying(*texts: str) -> Letter:
    """The letter with other paragraphs."""
    return replace(LETTER, written=Written(subject="On what we say", body=tuple(map(Paragraph, texts))))


def to_senators(number: int) -> list[Letter]:
    """The letter to so many."""
    return [
        replace(
            LETTER,
            to=Addressee(
                id=f"member:{place:07}",
                name=f"Senator Núñez {place}",
                block=(f"The Honorable José Núñez {place}", "United States Senate", "Washington, DC 20510"),
                salutation=f"Dear Senator Núñez {place}:",
            ),
        )
        for place in range(1, number + 1)
    ]


def own_templates(folder: Path, **files: str | bytes) -> Path:
    """A copy of `templates/` in which some files are others: `letter_typ` is `letter.typ`."""
    shutil.copytree(ROOT / "templates", folder / "templates", ignore=shutil.ignore_patterns("letters"))
    for name, content in files.items():
        data = content.encode() if isinstance(content, str) else content
        (folder / "templates" / name.replace("_", ".")).write_bytes(data)
    return folder


def words_of_docx(data: bytes) -> str:
    """The text of the body, paragraph by paragraph, as python-docx reads it."""
    return "\n".join(_paragraphs(docx.Document(io.BytesIO(data)).iter_inner_content()))


def words_of_pdf(data: bytes, pdftotext: Path) -> str:
    """The text of the pages without their headers and footers, in the order of the file."""
    run = subprocess.run([pdftotext, "-raw", "-", "-"], input=data, capture_output=True, check=True)
    body = re.sub(r"(?:L-014, version [^\n]*?)?\s?Page \d+ of \d+\n?", "", run.stdout.decode())
    return re.sub(r"\f[^\n]*(?:\n)?November 25, 2026\n", "", body).replace("\f", "")


def pages_of_pdf(data: bytes, pdftotext: Path) -> list[list[str]]:
    """The printed lines of each page, without the space between words and the marks of a list."""
    run = subprocess.run([pdftotext, "-layout", "-", "-"], input=data, capture_output=True, check=True)
    pages = run.stdout.decode().split("\f")[:-1]
    return [[line for text in page.splitlines() if (line := run_together(text))] for page in pages]


def run_together(text: str) -> str:
    """Without blanks, breaks of lines and the signs of a list, which each reader gives as it likes."""
    return re.sub(r"[\s•\uf0b7]+", "", text)


def _paragraphs(content: Iterator[object] | Sequence[object]) -> Iterator[str]:
    for each in content:
        if isinstance(each, Table):
            for row in each.rows:
                for cell in row.cells:
                    yield from _paragraphs(cell.iter_inner_content())
        else:
            yield each.text  # type: ignore[attr-defined]
