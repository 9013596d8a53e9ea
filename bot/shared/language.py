"""The language of a page or a mail for people outside: gettext's catalogs, and Babel's dates.

It is English outside of `speaking`: commands, the board and staff's messages have one language. A catalog is read as
its translators write it, once, when someone first asks for its language.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from io import BytesIO
from typing import Final

ENGLISH: Final = "en"
# Each with its own name, and the region of its numbers and dates.
NAMES: Final = {ENGLISH: "English", "es": "Español"}
IN_ENGLISH: Final = {ENGLISH: "English", "es": "Spanish"}  # in a sentence for staff
_REGION: Final = "US"
_SPOKEN: Final = ContextVar("language", default=ENGLISH)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Say everything in that language, in this task or thread."""
    token = _SPOKEN.set(language)
    try:
        yield
    finally:
        _SPOKEN.reset(token)


def current() -> str:
    return _SPOKEN.get()


def query() -> str:
    """What an address needs after its path to open in the current language, whatever the browser prefers."""
    return "" if current() == ENGLISH else f"?lang={current()}"


def preferred(accepted: str) -> str:
    """The language that an Accept-Language header likes best (RFC 9110, 12.5.4), of those that we have."""
    weights: dict[str, float] = {}
    for part in accepted[:500].lower().split(","):
        weights.setdefault(part.partition(";")[0].partition("-")[0].strip(), _weight(part))
    ours = [language for language in weights if language in NAMES and weights[language] > 0]
    return max(ours, key=weights.__getitem__, default=ENGLISH)


def _weight(part: str) -> float:
    try:
        return float(part.partition("q=")[2] or 1)
    except ValueError:
        return 0.0


# --- sentences --------------------------------------------------------------------------------------------------------
# Named as in gettext and as Jinja calls them; `values` fill in %(name)s.


def gettext(text: str, **values: object) -> str:
    message = _catalog(current()).gettext(text) if text else ""  # a catalog's entry for no text is its header
    return message % values if values else message


def ngettext(one: str, many: str, num: int, **values: object) -> str:
    return plural(one, many, num) % ({"num": f"{num:,}"} | values)


def plural(one: str, many: str, num: int) -> str:
    """As `ngettext`, for Jinja, which fills in the values itself."""
    return _catalog(current()).ngettext(one, many, num)


def pgettext(context: str, text: str, **values: object) -> str:
    message = _catalog(current()).pgettext(context, text)
    return message % values if values else message


def gettext_noop(text: str) -> str:
    """A constant's text as it is: who reads it calls `gettext`."""
    return text


def ngettext_noop(one: str, many: str) -> tuple[str, str]:
    return one, many


@cache
def _catalog(language: str) -> NullTranslations:
    if language == ENGLISH:
        return NullTranslations()
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = BytesIO()
    with (files("bot") / "locale" / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return GNUTranslations(compiled)


# --- dates ------------------------------------------------------------------------------------------------------------


def day(on: date) -> str:
    """`viernes, 27 de noviembre de 2026`."""
    from babel.dates import format_date

    return format_date(on, "full", locale=f"{current()}_{_REGION}")


def zone(at: datetime) -> str:
    """`EST`; `(hora del Este)`, as people call it in the United States: CLDR has `hora oriental`."""
    if current() == ENGLISH:
        return f"{at:%Z}"
    from babel.dates import get_timezone_name

    name = get_timezone_name(at.tzinfo, locale=f"{current()}_{_REGION}")
    return f"({name.replace('oriental', 'del Este')})"
