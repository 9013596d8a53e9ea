"""The floor pages and roll calls of both chambers as their publishers write them, with invented votes."""

from __future__ import annotations

from collections.abc import Mapping
from xml.sax.saxutils import escape

ERROR_BODY = '<xml>Error sanitizing file "roll315.xml". Please try again.</xml>'
NOT_FOUND = "<!DOCTYPE html>\n<html><head><title>404 Error Page</title></head><body>Not found</body></html>"


def action(
    text: str, item: str = "H.R. 4323", *, at: str = "20260327T232620", updated: str = "20260327T23:32", roll: int = 0
) -> str:
    """One action of the House's page; `roll`: the number of a roll call, linked at the end."""
    link = (
        f' <a rel="vote" href="http://clerk.house.gov/cgi-bin/vote.asp?year=2026&amp;rollnumber={roll}">'
        f"(Roll no. {roll})</a>."
    )
    clock = f"{at[:9]}{at[9:11]}:{at[11:13]}:{at[13:]}"
    return (
        f'<floor_action act-id="H37100" update-date-time="{updated}" unique-id="32447">'
        f'<action_time for-search="{clock}">11:26 P.M. -</action_time>'
        f"{f'<action_item>{item}</action_item>' if item else ''}"
        f"<action_description>\n{escape(text)}{link if roll else ''}\n</action_description></floor_action>"
    )


def floor(*actions: str, published: str = "Mon, 30 Mar 2026 11:45:02 EDT") -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?><legislative_activity><legislative_day date="20260327">X'
        '</legislative_day><legislative_congress congress="119" session="2">119TH</legislative_congress>'
        f"<pubDate>{published}</pubDate><floor_actions>{''.join(actions)}</floor_actions></legislative_activity>"
    )


def house_roll(
    number: int = 108, votes: Mapping[str, str] | None = None, *, item: str = "H R 4323",
    question: str = "On Passage", result: str = "Passed", yeas: int = 213, nays: int = 203,
) -> str:  # fmt: skip
    """A roll call of the Clerk; `votes` by Bioguide id."""
    rows = "".join(
        f'<recorded-vote><legislator name-id="{member}" party="D" state="XX" role="legislator">X</legislator>'
        f"<vote>{vote}</vote></recorded-vote>"
        for member, vote in (votes or {}).items()
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\r\n<rollcall-vote><vote-metadata><congress>119</congress>'
        f"<session>2nd</session><chamber>U.S. House of Representatives</chamber><rollcall-num>{number}</rollcall-num>"
        f"<legis-num>{item}</legis-num><vote-question>{question}</vote-question><vote-result>{result}</vote-result>"
        '<action-date>27-Mar-2026</action-date><action-time time-etz="23:26">11:26 PM</action-time><vote-totals>'
        f"<totals-by-vote><yea-total>{yeas}</yea-total><nay-total>{nays}</nay-total></totals-by-vote></vote-totals>"
        f"</vote-metadata><vote-data>{rows}</vote-data></rollcall-vote>"
    )


def menu(*votes: tuple[int, str], congress: int = 119) -> str:
    """The Senate's list; `votes` are (number, issue as the list writes it, "" for none)."""
    rows = "".join(
        f"<vote><vote_number>{number:05}</vote_number><vote_date>27-Mar</vote_date>"
        f"{f'<issue>{issue}</issue>' if issue else '<en_bloc/>'}<question>On Passage\n   </question></vote>"
        for number, issue in votes
    )
    return f"<vote_summary><congress>{congress}</congress><session>2</session><votes>{rows}</votes></vote_summary>"


def senate_roll(
    number: int = 45, votes: Mapping[str, str] | None = None, *, item: str = "H.R. 4323",
    question: str = "On Passage of the Bill", result: str = "Bill Passed", yeas: int = 61, nays: int = 38,
    amendment: str = "",
) -> str:  # fmt: skip
    """A roll call of the Senate; `votes` by the Senate's own number of a member."""
    rows = "".join(
        f"<member><member_full>X (D-XX)</member_full><vote_cast>{vote}</vote_cast>"
        f"<lis_member_id>{member}</lis_member_id></member>"
        for member, vote in (votes or {}).items()
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><roll_call_vote> <congress>119</congress><session>2</session>'
        f"<vote_number>{number}</vote_number><vote_date>March 27, 2026,  05:11 PM</vote_date>"
        f"<question>{question}</question><vote_result>{result}</vote_result>"
        f"<document><document_name>{item}</document_name></document>"
        f"<amendment><amendment_number>{amendment}</amendment_number></amendment>"
        f"<count><yeas>{yeas}</yeas><nays>{nays}</nays><present/></count><members>{rows}</members></roll_call_vote>"
    )
