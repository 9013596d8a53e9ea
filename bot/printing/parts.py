"""What documents are made of: the files of `templates/` and what people wrote, as lines; and the error of a bad one."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from bot.shared.errors import CoalitionBotError

_LARGEST_LOGO: Final = 1_000_000  # bytes; it goes into every document
_PNG: Final = b"\x89PNG\r\n\x1a\n"
TOO_MUCH: Final = "it takes more than 10 seconds or 1 GB. Shorten it; if you changed templates/, look for a loop."
_BLANK = re.compile("[\t\n\v\f\r\x85\u2028\u2029 ]+")  # not the no-break space, which keeps "§ 307" together
# Controls; marks that change the direction of the text after them, and could disguise a name; lone surrogates and
# noncharacters, which XML and UTF-8 do not allow.
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)


class DocumentProblem(CoalitionBotError):
    """A document cannot be rendered; the message names it or its template, says why, and what to do next."""


def without_notes(name: str) -> str:
    """A sentence on a template of an earlier version, which would leave the sources of a letter's claims out."""
    return (
        f"templates/{name} does not print notes, so the letter would have claims without their sources. Copy the file "
        "from the bot's distribution, or print `runs` as docs/letters.md shows."
    )


def own_file(folder: Path, name: str) -> Path:
    """Read a file of `templates/`. A link is refused, because it could lead anywhere. Raises `DocumentProblem`."""
    path = folder / "templates" / name
    if path.is_symlink():
        raise DocumentProblem(f"templates/{name} is a link; copy the file instead.")
    if not path.is_file():
        raise DocumentProblem(f"templates/{name} does not exist; copy it from the bot's distribution.")
    return path


def logo(folder: Path) -> Path | None:
    """Return the path of `templates/logo.png`, None without one. Raises `DocumentProblem` if it cannot be used."""
    path = folder / "templates" / "logo.png"
    if not path.exists() and not path.is_symlink():
        return None
    data = own_file(folder, path.name).read_bytes()
    if not data.startswith(_PNG) or len(data) > _LARGEST_LOGO:
        raise DocumentProblem("templates/logo.png is not a PNG picture of at most 1 MB; save it as one.")
    return path


def one_line(text: str) -> str:
    """Return the text as one line that any document can contain."""
    return _UNSEEN.sub("", _BLANK.sub(" ", text)).strip(" ")
