"""What a row of a bill's record reports: one table, for its steps and for its stage. Pure."""

from __future__ import annotations

import re
from enum import Enum, auto
from functools import lru_cache
from typing import Final, Literal, NamedTuple

from bot.shared.plain_text import with_parts
from bot.shared.yaml_text import shipped_yaml

Chamber = Literal["House", "Senate", ""]
ACTION: Final = "Action"  # the step of a row that is none
_LONGEST: Final = 1_000  # characters of a row that are looked at: its outcome comes early

# The Library copies each chamber's row and puts the outcome in front.
OUTCOME: Final = re.compile(
    r"^(?:passed/agreed to in (?:house|senate)|failed of passage/not agreed to in (?:house|senate)|conference report "
    r"(?:filed|agreed to in (?:house|senate))|resolving differences -- (?:house|senate) actions|conference committee "
    r"actions|failed of passage in (?:house|senate) over veto(?= on passage)):?\s+(?=\S)",
    re.IGNORECASE,
)
_AMENDED: Final = re.compile(
    r"\bas amended\b|\bwith (?:an )?amendments?\b|\btext of amendment in the nature of a substitute\b", re.IGNORECASE
)
_COUNT: Final = re.compile(
    r"(?:yeas and nays|yea-nay vote|yea-and-nay|recorded vote|unknown kind)\b[^\d]{0,20}(?:\(2/3 required\))?"
    r"[^\d]{0,10}(\d+) ?- ?(\d+)",
    re.IGNORECASE,
)


class Kind(Enum):
    """What happened. Its chamber, if the words tell it, is `Event.chamber`."""

    NONE = auto()
    INTRODUCED = auto()
    REFERRED = auto()
    REFERRED_AGAIN = auto()  # to a second committee, after the first has reported
    REFERRED_BY_MOTION = auto()
    ORDERED_REPORTED = auto()
    REPORTED = auto()
    DISCHARGED = auto()
    DISCHARGE_REJECTED = auto()
    DISCHARGE_TABLED = auto()
    DISCHARGE_AGREED = auto()  # the House's motion, after a petition
    PETITION = auto()
    DISCHARGE_CALENDAR = auto()
    RECOMMITTED = auto()
    READ_FIRST = auto()
    CALENDAR = auto()
    RULE = auto()
    TAKEN_UP = auto()
    RETURNED_TO_CALENDAR = auto()
    CLOTURE_FILED = auto()
    CLOTURE_WITHDRAWN = auto()
    CLOTURE_FAILED = auto()
    CLOTURE_INVOKED = auto()
    PROCEED_REJECTED = auto()
    RECONSIDER = auto()  # a motion to reconsider is pending or agreed to
    FINAL = auto()  # … is laid on the table
    PASSED = auto()
    FAILED = auto()
    FAILED_SUSPENSION = auto()
    TABLED = auto()
    POSTPONED = auto()
    RECEIVED = auto()
    HELD = auto()
    VITIATED = auto()
    PAPERS_RETURNED = auto()
    PAPERS_REFUSED = auto()  # by the House: a revenue measure that began in the Senate
    AMENDED_BY_HOUSE = auto()
    AMENDED_AGAIN = auto()
    DISAGREED = auto()  # with the other chamber's changes, and without a conference
    AGREED = auto()
    CONFERENCE_REQUESTED = auto()
    CONFERENCE = auto()
    CONFEREES = auto()  # named by the Senate
    REPORT_FILED = auto()
    REPORT_AGREED = auto()
    REPORT_REJECTED = auto()
    PRESENTED = auto()
    SIGNED = auto()
    LAW = auto()
    VETOED = auto()
    POCKET_VETOED = auto()
    OVERRIDE = auto()
    OVERRIDE_FAILED = auto()
    VETO_TABLED = auto()


class Event(NamedTuple):
    """`step`: the name under which entries and cards have it, one of `bill_record.ORDER`."""

    kind: Kind
    chamber: Chamber
    step: str


NOTHING: Final = Event(Kind.NONE, "", ACTION)
_ROWS: Final = shipped_yaml("bot.shared", "bill_events")
_PATTERNS: Final = tuple(
    (
        Event(Kind[kind], chamber, step),
        frozenset(codes.split()),
        re.compile(with_parts(pattern, _ROWS["parts"]), re.IGNORECASE),
    )
    for kind, chamber, step, codes, pattern in _ROWS["rows"]
)


@lru_cache(8_192)  # the same few thousand texts make up most of a Congress
def event_of(text: str) -> Event:
    """What an action's words report; `NOTHING` if they report nothing that we know."""
    words = OUTCOME.sub("", text[:_LONGEST])
    return next((event for event, _, pattern in _PATTERNS if pattern.match(words)), NOTHING)


def event_by_code(codes: frozenset[str]) -> Event:
    """What codes report that mean one thing, for words that nothing is known of."""
    return next((event for event, known, _ in _PATTERNS if known & codes), NOTHING)


def amended(text: str) -> bool:
    """Whether a chamber passed or agreed to something with changes of its own."""
    return bool(_AMENDED.search(text))


def vote_count(text: str) -> tuple[int, int] | None:
    """Yeas and nays as an action gives them, or None."""
    match = _COUNT.search(text)
    return (int(match[1]), int(match[2])) if match else None
