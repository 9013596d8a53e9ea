"""What a row of a bill's record reports: one table, for its steps and for its stage. Pure."""

from __future__ import annotations

import re
from enum import Enum, auto
from functools import lru_cache
from typing import Final, Literal, NamedTuple

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
    """`step`: the name under which entries and cards have it, one of `bill_steps.ORDER`."""

    kind: Kind
    chamber: Chamber
    step: str


NOTHING: Final = Event(Kind.NONE, "", ACTION)
_S_ON: Final = r"(?:the )?(?:measure|bill|resolution)\b(?:, as amended,?)?"
_CONCUR: Final = r"the motion to (?:concur|agree)\b.*"
_CLOTURE: Final = r"(?:upon reconsideration, )?(?:the )?(?:\w+ )?cloture\b(?: motion)?"
_ON_BILL: Final = rf"(?: on (?:the motion to proceed(?: to (?:the )?(?:measure|bill|[hs]\.).*?)?|{_S_ON}|{_CONCUR}?))?"
_YES: Final = r"\b.*(?<!\bnot) agreed to"  # the Senate also writes "not agreed to"
_NO: Final = r"(?:rejected|not agreed to)"
_SA: Final = r"(?:the )?senate amendments?(?: to the .*?)?"  # what the House agrees to
_DEEMED: Final = r"pursuant to .*\bsenate amendments?\b.* (?:is|are) considered (?:as )?agreed to"
_HA: Final = r"(?:the )?house amendments?"

# Words decide: the Senate's rows have no code, no complete list of codes exists, and one code may mean opposites
# (E30000 stands on signatures and on vetoes). The few codes that mean one thing help where no words are known.
# A row is read by its first line that matches; the order of the steps is that of `bill_steps.ORDER`.
_LINES: Final[tuple[tuple[Kind, Chamber, str, str, str], ...]] = (
    (Kind.LAW, "", "Became law", "", r"became (?:public|private) law"),
    (Kind.OVERRIDE, "House", "House overrode veto", "32000",
     (r"(?:passed|agreed to) (?:in )?(?:the )?house over (?:the )?veto|two-thirds of the members present having "
     r"voted in the affirmative\b.* passed|on passage, the objections of the president\b.* passed")),
    (Kind.OVERRIDE, "Senate", "Senate overrode veto", "34000",
     r"(?:passed|agreed to) (?:in )?(?:the )?senate over (?:the )?veto"),
    (Kind.OVERRIDE_FAILED, "House", "Failed in House", "33000",
     r"on passage, the objections of the president\b.* failed"),
    (Kind.OVERRIDE_FAILED, "Senate", "Failed in Senate", "35000",
     r"failed of passage in (?:the )?senate over (?:the )?veto|on overriding the veto: veto sustained"),
    (Kind.SIGNED, "", "Signed by President", "", r"signed by (?:the )?president"),
    (Kind.POCKET_VETOED, "", "Vetoed by President", "30000", r"pocket vetoed"),
    (Kind.VETOED, "", "Vetoed by President", "31000", r"vetoed by (?:the )?president"),
    (Kind.VETO_TABLED, "", "Tabled", "", rf"motion to table the veto message{_YES}"),
    (Kind.NONE, "", ACTION, "", r"(?:on )?motion to .*\bveto message"),  # postponed or referred after a failed override
    (Kind.PRESENTED, "", "Presented to President", "28000", r"presented to (?:the )?president"),
    (Kind.NONE, "", ACTION, "", r"motion .* (?:(?:made|withdrawn|considered) in senate|rendered moot|fell when)\b"),
    # Between the chambers. "Agreed to with an amendment" is no agreement: the other chamber has to vote again.
    (Kind.CONFERENCE, "", "Conference", "",
     (r"(?:on motion .*|senate (?:disagree|insist).*|motion to .*)agree(?:s|d)? to (?:the |a |house )?"
     r"(?:request for (?:a )?)?conference\b(?!.* (?:made|presented|rejected) )|(?:conference held|conferees agreed)|"
     r"on motion to recommit the conference report\b.* agreed to")),
    (Kind.CONFERENCE_REQUESTED, "House", "Conference requested", "",
     r"on motion .*request a conference,? agreed to|house requests a conference"),
    (Kind.CONFERENCE_REQUESTED, "House", "Conference requested", "",
     r"message on house action received in senate.*requests a conference"),
    (Kind.CONFERENCE_REQUESTED, "Senate", "Conference requested", "",
     r"(?:senate )?(?:disagree|insist).*\brequest(?:s|ed)? a conference"),
    (Kind.CONFEREES, "Senate", ACTION, "", r"senate appointed conferee"),
    (Kind.REPORT_AGREED, "House", "Conference report agreed", "", r"on agreeing to the conference report,? agreed to"),
    (Kind.REPORT_AGREED, "Senate", "Conference report agreed", "", r"senate agreed to (?:the )?conference report"),
    (Kind.REPORT_REJECTED, "House", "Failed in House", "", r"on agreeing to the conference report,? failed"),
    (Kind.REPORT_REJECTED, "Senate", "Failed in Senate", "", rf"conference report {_NO} in senate"),
    (Kind.REPORT_FILED, "", "Conference", "", r"conference report\b.*\bfiled"),
    (Kind.AMENDED_BY_HOUSE, "House", "Amended by House", "",
     r"message on house action received in senate\b.*house amendments? to (?:the )?senate (?:bill|joint|con|res)"),
    (Kind.AMENDED_AGAIN, "House", "Amended by House", "",
     r"message on house action received in senate\b.*house amendments? to (?:the )?senate amendment"),
    (Kind.DISAGREED, "Senate", ACTION, "",
     rf"motion to table the house message{_YES}|senate disagree(?:d|s) to {_HA}\b(?!.*conference)"),
    (Kind.DISAGREED, "House", ACTION, "", rf"on motion that the house disagree to {_SA},? agreed to"),
    (Kind.AMENDED_AGAIN, "House", "Amended again", "",
     (rf"house (?:agreed to|concurred in) {_SA} with (?:an )?amendment|on motion .*\b(?:agree|concur)(?: to| in)? with "
     rf"(?:an )?amendments? (?:to|in) {_SA}\b.* agreed to|{_DEEMED} with (?:an )?amendment|on motion .*\b(?:agree to|"
     rf"concur in) {_SA} with (?:an )?amendments?\b.* agreed to")),
    (Kind.AGREED, "House", "Chambers agreed", "",
     (rf"house (?:agreed to|concurred in) {_SA}\b|on motion .*\b(?:agree to|concur in) {_SA}\b.* agreed to|{_DEEMED}|"
     r"house recede[ds] from its amendments?\b|on motion that the house recede from its amendments?,? agreed to")),
    (Kind.AMENDED_AGAIN, "Senate", "Amended again", "",
     (rf"senate (?:agreed to|concurred in) {_HA}\b.* with (?:an )?amendment|motion .*to concur in {_HA}\b.* with "
     rf"(?:an )?amendment{_YES} in senate")),
    (Kind.AGREED, "Senate", "Chambers agreed", "",
     (rf"senate (?:agreed to|concurred in) {_HA}\b|motion (?:by \S+ \S+ )?to concur in {_HA}{_YES} in senate|"
     r"senate recede[ds] from its amendments?\b")),
    # Votes on the bill. A motion is a vote only with its result.
    (Kind.FAILED_SUSPENSION, "House", "Failed in House", "",
     r"on motion to suspend the rules and (?:pass|agree to) the (?:bill|resolution|\w+ resolution)\b.* failed"),
    (Kind.FAILED, "House", "Failed in House", "9000",
     r"on passage,? failed|on agreeing to the resolution\b.* failed|failed of passage/not agreed to in house"),
    (Kind.FINAL, "", ACTION, "",
     r"motions? to reconsider laid on the table|motion to table the motion to reconsider\b.* passage\b.* agreed to"),
    (Kind.RECONSIDER, "", ACTION, "", (r"motion .*\bto reconsider\b.*failed of passage\b.* (?:entered|agreed to)|"
     r"motion to reconsider by .* failed of passage\b.* entered|\S+ \S+(?: \(\w\w\))? moved to reconsider the vote|"
     r"on motion to reconsider,? agreed to")),
    (Kind.NONE, "", ACTION, "", r"motion .*\breconsider\b.* (?:entered|agreed to in senate)"),
    (Kind.FAILED, "Senate", "Failed in Senate", "18000",
     (r"(?:upon reconsideration, )?(?:under the order of .*)?(?:resolution )?(?:failed of passage|not agreed to)"
     r"(?:/not agreed to)? in (?:the )?senate")),
    (Kind.PASSED, "House", "Passed House", "8000",
     (r"passed(?:/agreed to in)? (?:the )?house|on passage,? passed\b|"
     r"on (?:motion to suspend the rules and (?:pass|agree to) the .*|agreeing to the resolution\b.*?),? ?agreed to\b|"
     r"pursuant to .* is considered (?:as )?(?:passed|agreed to)")),
    (Kind.PASSED, "Senate", "Passed Senate", "17000",
     (r"(?:upon reconsideration, )?(?:under the order of .*, having achieved .*, )?(?:resolution )?(?:passed|agreed to)"
     r"(?:/agreed to)? (?:in )?(?:the )?senate|"
     r"(?:introduced|submitted|received) in the senate,.* (?:passed|agreed to)\b")),
    (Kind.TABLED, "House", "Tabled", "",
     r"on motion to table(?: the (?:bill|resolution|measure))?,? agreed to|pursuant to .* is laid on the table"),
    (Kind.TABLED, "Senate", "Tabled", "", rf"motion to table (?:the )?(?:bill|measure|resolution){_YES}"),
    (Kind.POSTPONED, "", "Indefinitely postponed", "",
     r"indefinitely postponed|on motion to postpone indefinitely,? agreed to"),
    # On the Senate's floor.
    (Kind.CLOTURE_WITHDRAWN, "Senate", ACTION, "", rf"{_CLOTURE}{_ON_BILL} .*(?:withdrawn|rendered moot|vitiated)"),
    (Kind.CLOTURE_FILED, "Senate", ACTION, "", rf"{_CLOTURE}{_ON_BILL} presented in senate"),
    (Kind.CLOTURE_FAILED, "Senate", "Cloture not invoked", "",
     rf"{_CLOTURE}(?:{_ON_BILL}|, not having achieved\b.*) not invoked"),
    (Kind.CLOTURE_INVOKED, "Senate", "Cloture invoked", "", rf"{_CLOTURE}{_ON_BILL},? (?:as amended, )?invoked"),
    (Kind.PROCEED_REJECTED, "Senate", "Motion to proceed rejected", "",
     rf"motion to proceed to (?:the )?(?:consideration of )?(?:the )?(?:measure|bill|resolution)\b.* {_NO}"),
    (Kind.TAKEN_UP, "Senate", ACTION, "",
     r"measure laid before senate|motion to proceed to consideration of (?:the )?measure agreed to"),
    (Kind.RETURNED_TO_CALENDAR, "Senate", ACTION, "", r"(?:measure )?returned to the (?:senate )?calendar"),
    (Kind.VITIATED, "Senate", ACTION, "", r"senate vitiated previous action"),
    # Papers, on their way from one chamber to the other.
    (Kind.PAPERS_REFUSED, "Senate", "Papers returned", "",
     r"(?:message received in senate: )?(?:papers )?returned to (?:the )?senate pursuant to"),
    (Kind.PAPERS_RETURNED, "House", "Papers returned", "", r"senate returned papers to (?:the )?house"),
    (Kind.REFERRED, "Senate", "Received in Senate", "", r"received in the senate\b.*\breferred\b"),
    (Kind.READ_FIRST, "Senate", "Received in Senate", "", r"received in the senate\b.*read the first time"),
    (Kind.CALENDAR, "Senate", "Received in Senate", "", r"received in the senate\b.*calendar"),
    (Kind.RECEIVED, "Senate", "Received in Senate", "", r"received in the senate"),
    (Kind.RECEIVED, "House", "Received in House", "", r"received in the house"),
    (Kind.HELD, "House", ACTION, "", r"held at the desk"),
    # On the House's floor.
    (Kind.NONE, "", "Amended", "",
     r"(?:amendment|[sh]\.? ?amdt)\b.*\bagreed to\b|on agreeing to the .*amendments?\b.* agreed to\b"),
    (Kind.RULE, "House", "Rule", "", r"rules committee resolution\b(?!.{,20} failed)|rule h\. ?res\. \d+ passed"),
    (Kind.RECOMMITTED, "House", "Recommitted", "", r"on motion to (?:re)?commit\b.* agreed to"),
    (Kind.RECOMMITTED, "Senate", "Recommitted", "",
     rf"motion (?!.*\btable\b).*to (?:re)?commit{_YES} in senate|returned to the committee|recommitted to"),
    (Kind.TAKEN_UP, "House", ACTION, "",
     (r"considered (?:as|by|under|from|pursuant)|committee of the whole .*unfinished business|"
     r"on motion to (?:re)?commit\b.* failed")),
    # To and from committees.
    (Kind.DISCHARGE_CALENDAR, "House", "Discharge Calendar", "", r".*assigned to the discharge calendar"),
    (Kind.PETITION, "House", "Discharge petition", "H17000", r"motion to discharge committee filed"),
    (Kind.DISCHARGE_AGREED, "House", "Discharged", "", r"on motion to discharge\b.* agreed to"),
    (Kind.DISCHARGE_REJECTED, "Senate", "Motion to discharge rejected", "",
     rf"motion to discharge (?:the )?senate .*\b{_NO}|the motion to discharge fell"),
    (Kind.DISCHARGE_REJECTED, "House", "Motion to discharge rejected", "", r"on motion to discharge\b.* failed"),
    (Kind.DISCHARGE_TABLED, "House", ACTION, "",
     (r"table motion to discharge\b.* agreed to|motion to discharge tabled|on motion to table the motion to discharge\b"
     r".* agreed to")),
    (Kind.DISCHARGED, "Senate", "Discharged", "14500",
     rf"senate (?:\w+ )?committee on .*\bdischarged\b|motion to discharge (?:the )?senate{_YES}"),
    (Kind.DISCHARGED, "House", "Discharged", "", r"(?:\w+ )?committee on .*\bdischarged\b"),
    (Kind.READ_FIRST, "Senate", "Introduced", "", r"introduced in the senate\b.*read the first time"),
    (Kind.READ_FIRST, "Senate", "Placed on calendar", "", r"read the first time"),
    (Kind.NONE, "", "Introduced", "", r"submitted in the senate\b.*executive calendar"),
    (Kind.CALENDAR, "Senate", "Introduced", "",
     r"(?:introduced|submitted) in the senate\b.*placed on (?:the )?senate legislative calendar"),
    (Kind.CALENDAR, "Senate", "Placed on calendar", "",
     r"(?:ordered |read twice\.? |read the second time\.? )*placed on (?:the )?senate legislative calendar"),
    (Kind.CALENDAR, "House", "Placed on calendar", "", r"placed on (?:the )?(?:union|house|private)\b.*calendar"),
    (Kind.REPORTED, "Senate", "Reported", "14000",
     r"(?:\w+ )?committee on .*\b(?:original measure )?reported (?:to senate )?(?:by|under)"),
    (Kind.REPORTED, "House", "Reported", "5000 H12200 H12100",
     r"reported\b|(?:the )?(?:house )?(?:\w+ )?committee on .* reported (?:by|to|an original)\b"),
    (Kind.ORDERED_REPORTED, "", "Ordered reported", "", r".*\bordered to be reported\b(?! was not agreed| failed)"),
    (Kind.NONE, "", "Markup held", "", r".*\bmark-?up (?:session )?held\b"),
    (Kind.NONE, "", "Hearing held", "", r".*\bhearings? held\b"),
    (Kind.INTRODUCED, "Senate", "Introduced", "10000 Intro-S", r"(?:introduced|submitted) in (?:the )?senate"),
    (Kind.INTRODUCED, "House", "Introduced", "1000 1010 1025 Intro-H", r"(?:introduced|submitted) in (?:the )?house"),
    (Kind.REFERRED_AGAIN, "", "Referred", "H11200", r"referred (?:jointly and )?sequentially"),
    (Kind.REFERRED_BY_MOTION, "House", "Referred", "", r"on motion to refer\b.* agreed to"),
    (Kind.NONE, "", "Referred", "", r"referred to the subcommittee"),
    (Kind.REFERRED, "", "Referred", "H11100", r"(?:read twice and )?referred (?:concurrently |jointly )?to"),
)  # fmt: skip
_PATTERNS: Final = tuple(
    (Event(kind, chamber, step), frozenset(codes.split()), re.compile(pattern, re.IGNORECASE))
    for kind, chamber, step, codes, pattern in _LINES
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
