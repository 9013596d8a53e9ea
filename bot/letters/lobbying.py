"""What counts as lobbying, said where people decide, and as a table for their counsel. Pure.

A charity that made the 501(h) election reports what it spends on lobbying; to support or oppose specific legislation
before legislators is lobbying (26 CFR 56.4911-2), and federal grant money must not pay for it (2 CFR 200.450). What a
letter is, its template says; this is not legal advice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, tzinfo
from typing import Final

from bot.letters import life
from bot.letters.life import Dossier, Mail, SignOn
from bot.people.table import written

NOT_ADVICE: Final = "Not legal advice."
_SAYS: Final[Mapping[str, str]] = {
    "legislation": "Count it as lobbying on legislation, and not on grant time.",
    "regulation": "About a regulation, which is usually not lobbying. Ask your counsel.",
    "none": "As drafted, not lobbying: it asks for no legislation.",
}
COLUMNS: Final = (
    "quarter", "organisation", "member", "what", "on", "letter", "subject", "to", "lobbying", "why", "note"
)  # fmt: skip


def says(letter: Dossier) -> str:
    """The line that stands where a letter is approved and signed, short enough for a form."""
    return f"{_SAYS[letter.lobbying]} {NOT_ADVICE}"


def quarter(on: date) -> str:
    """`2026 Q4`."""
    return f"{on.year} Q{(on.month + 2) // 3}"


def table(
    coalition: str,
    letters: Iterable[tuple[Dossier, str, Mapping[str, SignOn], Sequence[Mail]]],
    zone: tzinfo,
) -> bytes:
    """Each letter with whom it goes to, who signed its text and its mail, as CSV: by quarter, then by organization.

    `coalition`: its own name, for what it sends. The sign-ons are those under the letter (`life.under`).
    """
    rows: list[list[str]] = []
    for letter, to, sign_ons, mail in letters:
        about = [letter.name, letter.version.subject, to, letter.lobbying, letter.lobbying_why, NOT_ADVICE]
        rows += [_row(each.on, coalition, "", each.kind, about) for each in mail]
        rows += [
            _row(_day(each.at, zone), each.legal_name, id_, _what(each), about)
            for id_, each in life.under(sign_ons, letter.version).items()
        ]
    return written(COLUMNS, sorted(rows))


def _row(on: date, organisation: str, member: str, what: str, about: list[str]) -> list[str]:
    return [quarter(on), organisation, member, what, on.isoformat(), *about]


def _what(sign_on: SignOn) -> str:
    return f"signed, {sign_on.how}" if sign_on.evidence else "signed"


def _day(at: datetime, zone: tzinfo) -> date:
    return at.astimezone(zone).date()
