"""Read roll calls from the files of the House's Clerk and of the Senate. Pure.

A roll call that does not exist is an error body sent as 200 in the House, and a web page in the Senate.
"""

from __future__ import annotations

import re
from typing import Any, Final

from bot.fetch.payload import read_xml
from bot.shared.answer import Body, FetchFailed
from bot.shared.bill_number import BillNumber, parse_bill_number
from bot.shared.dates import eastern
from bot.shared.health import Health
from bot.shared.plain_text import clean
from bot.shared.roll_call import HOUSE, SENATE, MemberVote, RollCall

_SESSIONS: Final = {"1st": 1, "2nd": 2}
_NUMBER: Final = re.compile(r"\d{1,5}", re.ASCII)
_MOST: Final = 600  # members of a vote


def read_house(body: Body, url: str) -> RollCall | FetchFailed | None:
    """A roll call of the Clerk; None for one that is not about a bill."""
    root = read_xml(body, "rollcall-vote", "a roll call of the House")
    if isinstance(root, FetchFailed):
        return root
    about, total = root.find("vote-metadata"), "vote-metadata/vote-totals/totals-by-vote/"
    congress, number = _int(root.findtext("vote-metadata/congress")), _int(root.findtext("vote-metadata/rollcall-num"))
    session = _SESSIONS.get(clean(root.findtext("vote-metadata/session") or ""))
    if about is None or not congress or not number or not session:
        return FetchFailed(Health.MALFORMED, "a roll call of the House lacks its Congress, session or number")
    bill = bill_of(clean(about.findtext("legis-num") or ""), congress)
    if bill is None:
        return None
    rows, clock = root.findall("vote-data/recorded-vote")[:_MOST], about.find("action-time")
    hour = clock.get("time-etz") if clock is not None else None
    return RollCall(
        chamber=HOUSE,
        congress=congress,
        session=session,
        number=number,
        bill=bill.id,
        question=clean(about.findtext("vote-question") or ""),
        result=clean(about.findtext("vote-result") or ""),
        at=eastern(f"{clean(about.findtext('action-date') or '')} {hour}", "%d-%b-%Y %H:%M"),
        yeas=_int(root.findtext(f"{total}yea-total")),
        nays=_int(root.findtext(f"{total}nay-total")),
        votes=tuple(
            MemberVote(member, clean(row.findtext("vote") or ""))
            for row in rows
            if (person := row.find("legislator")) is not None and (member := clean(person.get("name-id") or ""))
        ),
        url=url,
    )


def read_senate(body: Body, url: str) -> RollCall | FetchFailed | None:
    """A roll call of the Senate; None for one that is not about a bill."""
    root = read_xml(body, "roll_call_vote", "a roll call of the Senate")
    if isinstance(root, FetchFailed):
        return root
    congress, session = _int(root.findtext("congress")), _int(root.findtext("session"))
    number = _int(root.findtext("vote_number"))
    if not congress or session not in (1, 2) or not number:
        return FetchFailed(Health.MALFORMED, "a roll call of the Senate lacks its Congress, session or number")
    bill = bill_of(clean(root.findtext("document/document_name") or ""), congress)
    if bill is None or clean(root.findtext("amendment/amendment_number") or ""):
        return None
    return RollCall(
        chamber=SENATE,
        congress=congress,
        session=session,
        number=number,
        bill=bill.id,
        question=clean(root.findtext("question") or ""),
        result=clean(root.findtext("vote_result") or ""),
        at=eastern(clean(root.findtext("vote_date") or ""), "%B %d, %Y, %I:%M %p"),
        yeas=_int(root.findtext("count/yeas")),
        nays=_int(root.findtext("count/nays")),
        votes=tuple(
            MemberVote(member, clean(row.findtext("vote_cast") or ""))
            for row in root.findall("members/member")[:_MOST]
            if (member := clean(row.findtext("lis_member_id") or ""))
        ),
        url=url,
        kind="Yea-Nay Vote",  # the Senate has no other (Rule XII)
    )


def bill_of(written: str, congress: int) -> BillNumber | None:
    """The bill of ``H RES 488`` or ``S.J.Res. 181``; None for ``ADJOURN``, ``QUORUM``, a nomination."""
    named: Any = parse_bill_number(written)
    return BillNumber(congress, named.type, named.number) if named and named.congress is None else None


def _int(text: str | None) -> int | None:
    stripped = (text or "").strip()
    return int(stripped) if _NUMBER.fullmatch(stripped) else None
