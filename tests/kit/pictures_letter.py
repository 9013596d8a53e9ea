"""Draw the pictures of letters and of a clip report in docs/pictures, from what ships, with poppler and LibreOffice."""

from __future__ import annotations

import io
import subprocess
import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path

from PIL import Image, ImageOps

from bot.letters.documents.render import docx, pdf
from bot.letters.lint import rehearse
from bot.letters.model import Letter, Signature
from bot.media.clips import report as clips_documents
from tests.kit import configs
from tests.kit.clips import report
from tests.kit.documents import LETTER, ROOT
from tests.kit.pictures import PICTURES, save
from tests.peers.need import need

CONFIG = configs.shipped()


def draw(pictures: Path) -> None:
    _draw(pictures / "letter.png", pdf(LETTER, ROOT), dots=84)
    word = _shipped("continued-presence", signers=12)
    _draw(pictures / "letter-pdf-and-word.png", pdf(word, ROOT), _as_libreoffice_shows(docx(word, ROOT)), dots=60)
    _draw(pictures / "clips.png", clips_documents.report_file(report(), "pdf", ROOT).data, dots=72)


def _shipped(template: str, *, signers: int) -> Letter:
    """A letter of the shipped example, with its placeholders, signed by so many members."""
    letter = rehearse(CONFIG, template, to=None, ask=None, today=date(2026, 11, 26)).letter
    members = list(CONFIG.coalition.members.values())[:signers]
    signed = (Signature(organisation=member.name, signatory="[Name]", title="[Title]") for member in members)
    return replace(letter, number="L-021", version=2, signatures=tuple(signed), digest=LETTER.digest)


def _as_libreoffice_shows(word: bytes) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "letter.docx").write_bytes(word)
        profile = f"-env:UserInstallation=file://{folder}/profile"
        command = [need("soffice"), profile, "--headless", "--convert-to", "pdf", "letter.docx"]
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
        return (Path(folder) / "letter.pdf").read_bytes()


def _draw(path: Path, *documents: bytes, dots: int) -> None:
    save(path, spread(*documents, dots=dots), "\n".join(map(text_of, documents)), colors=32)


def spread(*documents: bytes, dots: int) -> Image.Image:
    """The first two pages of each document side by side, `dots` an inch."""
    pages = [page for document in documents for page in _pages(document, dots)]
    framed = [ImageOps.expand(ImageOps.expand(page, 1, "#bbbbbb"), 12, "#eeeeee") for page in pages]
    whole = Image.new("RGB", (sum(page.width for page in framed), max(page.height for page in framed)), "#eeeeee")
    for place, page in enumerate(framed):
        whole.paste(page, (sum(before.width for before in framed[:place]), 0))
    return whole


def text_of(document: bytes) -> str:
    command = [need("pdftotext"), "-layout", "-l", "2", "-", "-"]
    return subprocess.run(command, input=document, check=True, capture_output=True).stdout.decode()


def _pages(document: bytes, dots: int) -> list[Image.Image]:
    with tempfile.TemporaryDirectory() as folder:
        command = [need("pdftoppm"), "-r", str(dots), "-l", "2", "-png", "-", f"{folder}/page"]
        subprocess.run(command, input=document, check=True)
        return [Image.open(io.BytesIO(path.read_bytes())) for path in sorted(Path(folder).iterdir())]


if __name__ == "__main__":
    draw(PICTURES)
