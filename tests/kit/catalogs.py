"""Bring the catalogs of `bot/locale` up to date with the sentences in the code: `make catalogs`."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

BOT: Final = Path(__file__).parents[2] / "bot"
_PLACES: Final = (("**.py", "python"), ("**/templates/**.html", "jinja2"))
_JINJA: Final = {"extensions": "jinja2.ext.i18n", "newstyle_gettext": "true", "silent": "false"}
_KEYWORDS: Final[dict[str, Any]] = {**DEFAULT_KEYWORDS, "gettext_noop": None, "ngettext_noop": (1, 2)}
_WIDTH: Final = 118


def sentences() -> Catalog:
    """Every sentence in the code that `bot/shared/language.py` says, without a translation."""
    catalog = Catalog()
    for _, _, text, _, context in extract_from_dir(BOT, _PLACES, {"**/templates/**.html": _JINJA}, _KEYWORDS):
        catalog.add(text, context=context)
    return catalog


def files() -> Iterator[Path]:
    yield from sorted(BOT.glob("locale/*/LC_MESSAGES/messages.po"))


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parts[-3], abort_invalid=True)


def updated(path: Path) -> str:
    """The file with the sentences of today: new ones wait for a translation, those that went are gone."""
    catalog = read(path)
    catalog.update(sentences(), no_fuzzy_matching=True, update_creation_date=False)
    written = BytesIO()
    write_po(written, catalog, width=_WIDTH, ignore_obsolete=True, no_location=True)
    dated = ('"POT-Creation-Date:', '"Generated-By:', '"Report-Msgid-Bugs-To:')
    return "".join(line for line in written.getvalue().decode().splitlines(True) if not line.startswith(dated))


if __name__ == "__main__":
    for each in files():
        each.write_text(updated(each), encoding="utf-8")
