"""What counts as lobbying, said where people decide, and as a table for their counsel. Pure.

A charity that made the 501(h) election reports what it spends on lobbying; to support or oppose specific legislation
before legislators is lobbying (26 CFR 56.4911-2), and federal grant money must not pay for it (2 CFR 200.450). What a
letter is, its template says, unless the finished text asks for legislation all the same: then a person has to decide.
This is not legal advice.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, tzinfo
from typing import Final

from bot.letters import lifecycle
from bot.letters.lifecycle import Dossier, Mail, SignOn, Text
from bot.people.csv_table import write_csv

NOT_ADVICE: Final = "Not legal advice."
_SAYS: Final[Mapping[str, str]] = {
    "legislation": "Count it as lobbying on legislation, and not on grant time.",
    "regulation": "About a regulation, which is usually not lobbying. Ask your counsel.",
    "none": "As drafted, not lobbying: it asks for no legislation.",
    "undecided": "It may ask for legislation: a person must decide if it is lobbying.",
}
_SIDES: Final = r"(?:support|oppose|back|favor|endorse|speak (?:up )?for|introduce|cosponsor|enact|pass|repeal|amend)"
_THE: Final = r"(?:(?:the|this|that|these|an?|any|our|its|bipartisan|pending|new|federal|existing) ){0,3}"
# The title of a law or bill in its capitals ("Example Services and Relief Act"), or a bill's number.
_NAME: Final = r"\(?[A-Z][\w'\u2019.-]*\)?"
_TITLE: Final = (
    rf"(?-i:(?:{_NAME},? (?:(?:{_NAME}|of|and|for|to|in|on|the|with|from|against|by),? ){{0,14}})?(?:Act|Bill)\b)"
)
_NUMBER: Final = r"(?:H\.? ?R\.?|S\.|[HS]\.? ?J\.? ?Res\.) ?\d+"
_SUM: Final = r"\$ ?\d[\d,.]*(?<=\d)(?: (?:thousand|million|billion)\b)?"
_SAME: Final = r"[^.!?;]{0,80}?"  # the same sentence goes on
# Words with which a text asks for legislation or for money that Congress appropriates, or speaks for or against it.
_LEGISLATION: Final = re.compile(
    r"\b(?:(?:ask|urge|call on|press|encourage)(?:s|ing|ed)? (?:\w+ ){0,3}(?:congress|states?|legislat\w+)\b"
    r"(?: \w+){0,4}"
    r"|congress (?:should|must|needs to|ought to)\b(?: \w+){0,3}"
    rf"|{_SIDES}(?:s|ing|ed)?"
    r" (?:\w+ ){0,3}(?:bills?|legislation|(?:federal |state |new )laws?|acts?|statutes?|its own|their own)\b"
    rf"|{_SIDES}(?:ing)? {_THE}(?:{_TITLE}|{_NUMBER})"
    r"|(?:enact|pass|repeal|amend|change|rewrite|strengthen)(?:ing)? (?:the|this|that|these|an?|any|our|its) "
    r"(?:\w+ )?(?:law|statute)s?\b"
    rf"|(?:enact|repeal|amend)(?:ing)? {_THE}(?:\w+ ){{0,2}}programs?\b"
    r"|reauthori[sz](?:e|ing)\b(?: [\w'\u2019-]+){0,8}"
    r"|(?:fully|adequately|robustly) fund(?:ing)?\b(?: [\w'\u2019-]+){0,4}"
    rf"|(?:(?:to|please|must|should|and|or) |(?<!\w ))fund(?:ing)? {_SAME}{_SUM}"
    rf"|appropriat(?:e|ing) (?:(?:\w+ ){{0,4}}{_SUM}|(?:more |new |the )?(?:funds|money)\b)"
    rf"|(?:increase|raise|double|restore|maintain|provide)(?:ing)? {_SAME}\bfund(?:s|ing)\b{_SAME}{_SUM}"
    r"|(?:support|oppose|request|increase|raise|restore|provide|include|secure|cut)(?:ing)? (?:[\w$,'\u2019-]+ ){0,8}"
    r"appropriations?\b"
    r"|(?:vote|voting) (?:for|against) (?:the |this |that |it)\b)",
    re.IGNORECASE,
)
COLUMNS: Final = (
    "quarter", "organisation", "member", "what", "on", "letter", "subject", "to", "lobbying", "why", "note"
)  # fmt: skip


def says(letter: Dossier) -> str:
    """The line that stands where a letter is approved and signed, short enough for a form."""
    return f"{_SAYS[stance(letter)]} {NOT_ADVICE}"


def stance(letter: Dossier) -> str:
    """What the letter is as lobbying: as its template says, or "undecided" where its text asks for more than that."""
    return letter.lobbying if letter.lobbying == "legislation" or not _asks_for(letter) else "undecided"


def why(letter: Dossier) -> str:
    """Why it is that."""
    if stance(letter) != "undecided":
        return letter.lobbying_why
    return f"Its template says: {letter.lobbying_why} But the text says “{_asks_for(letter)}”."


def _asks_for(letter: Dossier) -> str:
    """The words with which the finished text asks for legislation; "" for none."""
    texts = (part for text in letter.version.texts for part in (text.written.subject, *_paragraphs(text)))
    return next((found[0] for text in texts if (found := _LEGISLATION.search(text))), "")


def _paragraphs(text: Text) -> list[str]:
    return [part.text for part in text.written.body]


def quarter(on: date) -> str:
    """`2026 Q4`."""
    return f"{on.year} Q{(on.month + 2) // 3}"


def table(
    coalition: str,
    letters: Iterable[tuple[Dossier, str, Mapping[str, SignOn], Sequence[Mail]]],
    zone: tzinfo,
) -> bytes:
    """Each letter with whom it goes to, who signed its text and its mail, as CSV: by quarter, then by organization.

    `coalition`: its own name, for its mail. The sign-ons are those of `lifecycle.counted_sign_ons`.
    """
    rows: list[list[str]] = []
    for letter, to, sign_ons, mail in letters:
        about = [letter.name, letter.version.subject, to, stance(letter), why(letter), NOT_ADVICE]
        rows += [_row(each.on, coalition, "", each.kind, about) for each in mail]
        rows += [
            _row(_day(each.at, zone), each.legal_name, id_, _what(each), about)
            for id_, each in lifecycle.counted_sign_ons(sign_ons, letter.version).items()
        ]
    return write_csv(COLUMNS, sorted(rows))


def _row(on: date, organisation: str, member: str, what: str, about: list[str]) -> list[str]:
    return [quarter(on), organisation, member, what, on.isoformat(), *about]


def _what(sign_on: SignOn) -> str:
    return f"signed, {sign_on.how}" if sign_on.evidence else "signed"


def _day(at: datetime, zone: tzinfo) -> date:
    return at.astimezone(zone).date()
