"""Make docs/pictures/letter.png and clips.png: the first pages of a letter and of a clip report, as the PDF has them.

Run ``python -m tests.pictures_letter``; it wants pdftoppm (``apt-get install poppler-utils``) and Pillow.
"""

from __future__ import annotations

import io
import subprocess
import tempfile
from pathlib import Path

from PIL import Image, ImageOps

from bot.letters.documents import pdf
from bot.media import clips_documents
from tests.clips_kit import report
from tests.documents_kit import LETTER, ROOT
from tests.peers.need import need


def main() -> None:
    _draw("letter", pdf(LETTER, ROOT), dots=84)
    _draw("clips", clips_documents.pdf(report(), ROOT), dots=72)


def _draw(name: str, document: bytes, *, dots: int) -> None:
    """The first two pages beside each other, `dots` an inch."""
    with tempfile.TemporaryDirectory() as folder:
        command = [need("pdftoppm"), "-r", str(dots), "-l", "2", "-png", "-", f"{folder}/page"]
        subprocess.run(command, input=document, check=True)
        pages = [Image.open(io.BytesIO(path.read_bytes())) for path in sorted(Path(folder).iterdir())]
    framed = [ImageOps.expand(ImageOps.expand(page, 1, "#bbbbbb"), 12, "#eeeeee") for page in pages]
    whole = Image.new("RGB", (sum(page.width for page in framed), max(page.height for page in framed)), "#eeeeee")
    for place, page in enumerate(framed):
        whole.paste(page, (sum(before.width for before in framed[:place]), 0))
    whole.quantize(32).save(ROOT / f"docs/pictures/{name}.png", optimize=True)


if __name__ == "__main__":
    main()
