"""Answers of congress.gov's API v3, as its documentation has them and third parties recorded them in 2026."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

REFUSED = {"error": {"code": "API_KEY_INVALID", "message": "An invalid api_key was supplied."}}


def listed(name: str, rows: Sequence[Mapping[str, Any]]) -> str:
    return json.dumps({name: list(rows), "pagination": {"count": len(rows)}, "request": {"format": "json"}})


def meeting_row(number: int, updated: datetime, *, chamber: str = "House") -> dict[str, Any]:
    url = f"https://api.congress.gov/v3/committee-meeting/119/{chamber.lower()}/{number}?format=json"
    return {"eventId": str(number), "chamber": chamber, "congress": 119, "updateDate": f"{updated:%FT%TZ}", "url": url}


def meeting(
    number: int,
    starts: datetime,
    updated: datetime,
    *,
    chamber: str = "House",
    kind: str = "Markup",
    status: str = "Scheduled",
    code: str = "hsju00",
    name: str = "House Judiciary Committee",
    room: str = "2141",
    building: str = "Rayburn House Office Building",
    title: str = "Markup of bills on relief for survivors",
    bills: Sequence[tuple[str, int]] = (),
    files: Sequence[str] = (),
) -> str:
    """The record of a meeting; `bills` are (type, number), `files` the names of its documents."""
    related = [{"congress": 119, "type": type_, "number": str(n)} for type_, n in bills]
    address = f"https://www.congress.gov/119/meeting/{chamber.lower()}/{number}/documents/"
    about = {
        "eventId": str(number),
        "chamber": chamber,
        "congress": 119,
        "committees": [{"name": name, "systemCode": code, "url": "https://api.congress.gov/v3/committee/x"}],
        "date": f"{starts:%FT%TZ}",
        "location": {"building": building, "room": room},
        "meetingDocuments": [{"documentType": "Bills and Resolutions", "url": address + file} for file in files],
        "meetingStatus": status,
        "relatedItems": {"bills": related} if related else {},
        "title": title,
        "type": kind,
        "updateDate": f"{updated:%FT%TZ}",
    }
    return json.dumps({"committeeMeeting": about, "request": {"format": "json"}})


def vote_row(number: int, bill: tuple[str, int] = ("HR", 4323), *, at: datetime) -> dict[str, Any]:
    return {
        "congress": 119, "identifier": 11920260000 + number, "legislationType": bill[0],
        "legislationNumber": str(bill[1]), "result": "Passed", "rollCallNumber": number, "sessionNumber": 2,
        "startDate": at.isoformat(), "updateDate": (at + timedelta(hours=1)).isoformat(), "voteType": "Yea-and-Nay",
    }  # fmt: skip


def amendment_row(number: int, *, at: datetime) -> dict[str, Any]:
    """A vote on an amendment, which is not one on the bill."""
    about = vote_row(number, at=at)
    del about["legislationType"], about["legislationNumber"]
    return about | {"amendmentType": "HAMDT", "amendmentNumber": "6", "amendmentAuthor": "A of Michigan"}


def vote_members(
    number: int,
    votes: Mapping[str, str],
    bill: tuple[str, int] = ("HR", 4323),
    *,
    at: datetime,
    question: str = "On Passage",
    result: str = "Passed",
) -> str:
    """The record of a vote's members; `votes` by Bioguide id."""
    about = vote_row(number, bill, at=at) | {
        "voteQuestion": question,
        "result": result,
        "sourceDataURL": f"https://clerk.house.gov/evs/2026/roll{number:03}.xml",
        "results": [{"bioguideID": member, "voteCast": vote, "voteParty": "D"} for member, vote in votes.items()],
    }
    return json.dumps({"houseRollCallVoteMemberVotes": about, "request": {"format": "json"}})


def report_row(id_: str, title: str, published: datetime, updated: datetime) -> dict[str, Any]:
    return {
        "contentType": "Reports", "id": id_, "publishDate": f"{published:%FT%TZ}", "status": "Active", "title": title,
        "updateDate": f"{updated:%FT%TZ}", "url": f"http://api.congress.gov/v3/crsreport/{id_}", "version": 3,
    }  # fmt: skip


def nomination_row(
    citation: str = "PN1180-2",
    description: str = "Jane Roe, of Ohio, to be Director of the Office for Victims of Crime, vice John Doe.",
    *,
    action: str = "Received in the Senate and referred to the Committee on the Judiciary.",
    on: str = "2026-11-19",
    updated: datetime,
    civilian: bool = True,
    organization: str = "Department of Justice",
) -> dict[str, Any]:
    return {
        "citation": citation, "congress": 119, "description": description, "number": 1180, "partNumber": "02",
        "latestAction": {"actionDate": on, "text": action}, "organization": organization,
        "nominationType": {"isCivilian": True} if civilian else {"isMilitary": True}, "receivedDate": "2026-11-19",
        "updateDate": f"{updated:%FT%TZ}", "url": "https://api.congress.gov/v3/nomination/119/1180?format=json",
    }  # fmt: skip
