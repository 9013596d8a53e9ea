"""Numbers of the Federal Register's documents and of dockets. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Final

_FIRST_YEAR_WITHOUT_REUSE: Final = 2016  # numbers of earlier years were sometimes given twice
_NUMBER = re.compile(r"(?P<head>(?:[A-Z]\d+-)?(?P<year>\d{4}))-(?P<serial>\d+)")
_REGULATIONS_GOV_DOCKET = re.compile(r"\b[A-Z][A-Z0-9_]*(?:-[A-Z0-9]+)*-\d{4}-(?:[A-Z]+-)?\d{3,5}\b")


def document_key(number: str, publication_date: date | None) -> str:
    """The principal identity: ``fr:2012-07333:2012``, ``fr:2021-06393``, ``fr:C1-2025-22565``.

    Public inspection and publication may pad the serial differently, so it always has five digits here. Before 2016
    numbers were reused, so there the year of publication belongs to the key.
    """
    parsed = _NUMBER.fullmatch(number)
    padded = f"{parsed['head']}-{parsed['serial']:0>5}" if parsed else number
    reused = parsed is None or int(parsed["year"]) < _FIRST_YEAR_WITHOUT_REUSE
    return f"fr:{padded}:{publication_date.year}" if reused and publication_date else f"fr:{padded}"


def regulations_gov_dockets(texts: Iterable[str]) -> list[str]:
    """The docket ids of regulations.gov in these texts. Agencies list labels of their own first: "CIS No. 2716-26"."""
    folded = (text.upper() for text in texts)
    return [id_ for text in folded if "_FRDOC_" not in text for id_ in _REGULATIONS_GOV_DOCKET.findall(text)]
