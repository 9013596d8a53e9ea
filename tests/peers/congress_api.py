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
