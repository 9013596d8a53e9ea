"""Whether a letter counts as lobbying: for approvers and signers, and as a table for their counsel. Pure.

A charity that made the 501(h) election reports what it spends on lobbying; to support or oppose specific legislation
before legislators is lobbying (26 CFR 56.4911-2), and federal grant money must not pay for it (2 CFR 200.450). A
template states the classification of its letters. If the text asks for legislation anyway, a person has to decide.
This is not legal advice.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, tzinfo
from functools import lru_cache
from typing import Final

from bot.letters import lifecycle
from bot.letters.lifecycle import Dossier, Mail, SignOn
from bot.shared.csv_cells import write_csv
from bot.shared.plain_text import with_parts
from bot.shared.yaml_text import shipped_yaml

NOT_ADVICE: Final = "Not legal advice."
_NOTICES: Final[Mapping[str, str]] = {
    "legislation": "Count it as lobbying on legislation, and not on grant time.",
    "regulation": "About a regulation, which is usually not lobbying. Ask your counsel.",
    "none": "As drafted, not lobbying: it asks for no legislation.",
    "undecided": "It may ask for legislation: a person must decide if it is lobbying.",
}
_SHIPPED: Final = shipped_yaml("bot.letters", "legislation")
_LEGISLATION: Final = re.compile(with_parts(rf"\b(?:{'|'.join(_SHIPPED['words'])})", _SHIPPED["parts"]), re.IGNORECASE)
COLUMNS: Final = (
    "quarter", "organization", "member", "what", "on", "letter", "subject", "to", "lobbying", "why", "note"
)  # fmt: skip


def notice(letter: Dossier) -> str:
    """The line shown to approvers and signers, short enough for a form."""
    return f"{_NOTICES[classification(letter)]} {NOT_ADVICE}"


def classification(letter: Dossier) -> str:
    """The lobbying classification from the template, or "undecided" if the text asks for legislation anyway."""
    return letter.lobbying if letter.lobbying == "legislation" or not _legislative_words(letter) else "undecided"


def reason(letter: Dossier) -> str:
    """The reason for the classification."""
    if classification(letter) != "undecided":
        return letter.lobbying_why
    return f"Its template says: {letter.lobbying_why} But the text says “{_legislative_words(letter)}”."


def _legislative_words(letter: Dossier) -> str:
    """The words in the text that ask for legislation, or ""."""
    return next(filter(None, map(_words_in, letter.version.passages)), "")


@lru_cache(maxsize=256)  # each signer's card says it of the same text
def _words_in(passage: str) -> str:
    hit = _LEGISLATION.search(passage)
    return hit[0] if hit else ""


def quarter(on: date) -> str:
    """`2026 Q4`."""
    return f"{on.year} Q{(on.month + 2) // 3}"


def table(
    coalition: str, letters: Iterable[tuple[Dossier, str, Mapping[str, SignOn], Sequence[Mail]]], zone: tzinfo
) -> bytes:
    """Letters with their addressees, signatures and mail, as CSV: by quarter, then by organization.

    `coalition`: its own name, for its mail. The sign-ons are those of `lifecycle.counted_sign_ons`.
    """
    rows: list[list[str]] = []
    for letter, to, sign_ons, mail in letters:
        about = [letter.name, letter.version.subject, to, classification(letter), reason(letter), NOT_ADVICE]
        rows += [_row(item.on, coalition, "", item.kind, about) for item in mail]
        for id_, item in lifecycle.counted_sign_ons(sign_ons, letter.version).items():
            action = f"signed, {item.how}" if item.evidence else "signed"
            rows.append(_row(item.at.astimezone(zone).date(), item.legal_name, id_, action, about))
    return write_csv(COLUMNS, sorted(rows))


def _row(on: date, organisation: str, member: str, action: str, about: list[str]) -> list[str]:
    return [quarter(on), organisation, member, action, on.isoformat(), *about]
