"""A roll call of the House or the Senate, with each member's vote. Pure.

Whether a motion passed is only in the result's own words: two-thirds votes fail with more yeas than nays.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from bot.shared.bill_number import BillNumber
from bot.shared.bill_record import DECISIONS
from bot.shared.language import gettext

HOUSE: Final = "House"
SENATE: Final = "Senate"
KEYS: Final = ("vote:", "decision:")  # begin the keys that a chamber's page and the bill's record share
AHEAD: Final = "By the {}. The bill's record usually confirms or corrects it the next morning."
_PASSAGE: Final = re.compile(
    r"on (?:passage|the (?:joint |concurrent )?resolution\b|agreeing to the (?:concurrent )?resolution"
    r"|motion to suspend the rules and (?:pass|agree))",
    re.IGNORECASE,
)
_VETO: Final = re.compile(r"\b(?:overriding the veto|objections of the president)\b", re.IGNORECASE)
_PASSED: Final = re.compile(r"\b(?:passed|agreed to|overridden)$", re.IGNORECASE)
_RECORDED: Final = re.compile(r"\(Roll no\. (\d{1,4})\)|\bRecord Vote Number: (\d{1,4})\b", re.ASCII | re.IGNORECASE)
_FAILED: Final = re.compile(r"\b(?:failed|defeated|rejected|not agreed to|not passed|sustained)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class MemberVote:
    """`member`: the Bioguide id in the House, the number in the Senate's own system ("S289") in the Senate."""

    member: str
    vote: str  # as printed: "Yea", "Aye", "Nay", "No", "Present", "Not Voting" …
    name: str = ""  # as bills' records have it, "Rep. Fry, Russell [R-SC]"; "" for a vote read before names were

    @property
    def in_favor(self) -> bool | None:
        """None for present, not voting, paired and anything else that is neither yes nor no."""
        return {"yea": True, "aye": True, "nay": False, "no": False}.get(self.vote.casefold())


@dataclass(frozen=True, slots=True, kw_only=True)
class RollCall:
    """One roll call on a bill. Totals are None where the file gives none."""

    chamber: str  # HOUSE or SENATE
    congress: int
    session: int
    number: int
    bill: str
    question: str
    result: str
    at: datetime | None  # its close in the House, its start in the Senate
    yeas: int | None
    nays: int | None
    votes: tuple[MemberVote, ...]
    url: str
    kind: str = ""  # as printed: "Yea-and-Nay", "2/3 Recorded Vote"; "" if unknown

    @property
    def key(self) -> str:
        return vote_key(self.chamber, self.congress, self.session, self.number)

    @property
    def name(self) -> str:
        """`House roll call 158`."""
        if self.chamber == HOUSE:
            return gettext("House roll call %(number)s", number=self.number)
        return gettext("Senate roll call %(number)s", number=self.number)

    @property
    def on_passage(self) -> bool:
        """Whether the bill itself was voted on, also over a veto, not a motion or an amendment."""
        return self.over_veto or bool(_PASSAGE.match(self.question))

    @property
    def over_veto(self) -> bool:
        return bool(_VETO.search(self.question))

    @property
    def passed(self) -> bool | None:
        """None if the result's words do not say."""
        if _FAILED.search(self.result):
            return False
        return True if _PASSED.search(self.result) else None


def decision_key(bill: str, on: date, type_: str) -> str:
    """The same for a decision without a roll call, such as a voice vote."""
    return f"decision:{bill}:{on}:{type_}"


def key_in_record(bill: BillNumber, on: date, text: str, type_: str) -> str:
    """The key of a vote or decision that a bill's record reports; "" for any other action."""
    written = _RECORDED.search(text)
    if written:
        chamber, number = (HOUSE, written[1]) if written[1] else (SENATE, written[2])
        return vote_key(chamber, bill.congress, session_of(bill.congress, on), int(number))
    return decision_key(bill.id, on, type_) if type_ in DECISIONS else ""


def vote_key(chamber: str, congress: int, session: int, number: int) -> str:
    """The key under which the floor's page and the bill's record have the same vote."""
    return f"vote:{chamber.lower()}:{congress}-{session}:{number}"


def session_of(congress: int, on: date) -> int:
    """The session of a Congress on a day; the last days before the next Congress belong to the second."""
    return 1 if on.year == 1787 + 2 * congress else 2


def congress_on(day: date) -> int:
    """The Congress on a day; a new one begins on January 3 (20th Amendment)."""
    year = day.year - (day.month == 1 and day.day < 3)
    return (year - 1789) // 2 + 1
