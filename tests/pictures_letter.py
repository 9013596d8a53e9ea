"""Make docs/pictures/letter.png: both pages of a letter, as the PDF has them.

Run ``python -m tests.pictures_letter``; it wants pdftoppm (``apt-get install poppler-utils``) and Pillow.
"""

from __future__ import annotations

import io
import subprocess
import tempfile
from pathlib import Path

from PIL import Image, ImageOps

from bot.letters.documents import pdf
from tests.documents_kit import LETTER, ROOT
from tests.peers.need import need

_DOTS = 84  # an inch


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        command = [need("pdftoppm"), "-r", str(_DOTS), "-png", "-", f"{folder}/page"]
        subprocess.run(command, input=pdf(LETTER, ROOT), check=True)
        pages = [Image.open(io.BytesIO(path.read_bytes())) for path in sorted(Path(folder).iterdir())]
    framed = [ImageOps.expand(ImageOps.expand(page, 1, "#bbbbbb"), 12, "#eeeeee") for page in pages]
    whole = Image.new("RGB", (sum(page.width for page in framed), framed[0].height))
    for place, page in enumerate(framed):
        whole.paste(page, (place * page.width, 0))
    whole.quantize(32).save(ROOT / "docs/pictures/letter.png", optimize=True)


if __name__ == "__main__":
    main()
