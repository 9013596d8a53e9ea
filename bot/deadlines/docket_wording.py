"""Sentences and cards of dockets on regulations.gov. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, tzinfo
from typing import Final

from bot.deadlines.docket_records import Count, Docket, OurComment
from bot.deadlines.model import DOCUMENT_URL
from bot.deadlines.regulations_gov import DocketDocument, Status
from bot.shared.calendar import day_in_words
from bot.shared.card import Button, Card, Due, Line, Link, Mark
from bot.shared.wording import dotted, number, short

DOCKET_URL: Final = "https://www.regulations.gov/docket/"
COMMENT_URL: Final = "https://www.regulations.gov/comment/"
_TITLE: Final = 90  # characters
_SHOWN: Final = 7  # documents of a docket
NO_KEY: Final = (
    "The bot has no key for regulations.gov, so nothing is read there. An administrator gets one, free, at "
    "open.gsa.gov/api/regulationsgov and sets REGULATIONS_GOV_API_KEY in .env."
)


def change(before: DocketDocument, after: DocketDocument) -> str:
    """What people must know of a change, as a sentence; "" for any other change."""
    if after.status is Status.WITHDRAWN and before.status is not Status.WITHDRAWN:
        return f"{after.id} was withdrawn on regulations.gov."
    if before.closes_on is None or after.closes_on is None or before.closes_on == after.closes_on:
        return ""
    return (
        f"regulations.gov now takes comments on {after.id} until {day_in_words(after.closes_on)}; "
        f"it was {day_in_words(before.closes_on)}."
    )


def change_card(docket: Docket, document: DocketDocument, sentence: str, today: date) -> Card:
    """The card of a change, for the thread of the document's alert."""
    closes = document.closes_on
    ends = closes and document.status is not Status.WITHDRAWN
    head = f"Comments now close {day_in_words(closes)}" if closes and ends else "Withdrawn on regulations.gov"
    return Card(
        mark=Mark.DEADLINE,
        head=f"{head}: {short(document.title or docket.title or document.id, _TITLE)}",
        lines=(Line(sentence), Line("Check the document's own words before you rely on a later day.")),
        dues=(Due("Comments close", closes, ""),) if closes and ends and closes >= today else (),
        links=(Link("Document", f"{DOCUMENT_URL}{document.id}"),),
        foot=docket.id,
        buttons=(Button("Docket", "deadlines docket", (("id", docket.id),)),),
    )


def posted_card(comment: OurComment, document: DocketDocument | None, zone: tzinfo) -> Card:
    """The card that the agency has posted our comment."""
    about = f" on {short(document.title, _TITLE)}" if document and document.title else ""
    return Card(
        mark=Mark.DEADLINE,
        head=f"{comment.what} is posted as {comment.posted_as}",
        lines=(Line(f"The agency has posted our comment{about}."),),
        links=(Link("Our comment", f"{COMMENT_URL}{comment.posted_as}"),),
        foot=f"Filed {_day(comment.filed_at, zone)} · tracking number {comment.tracking}",
    )


def posted_by(counts: Collection[Count], zone: tzinfo) -> str:
    """`12 comments posted as of Tue 24 Nov 2026`, by the oldest count."""
    total, as_of = sum(count.comments for count in counts), min(count.counted_at for count in counts)
    return f"{number(total, 'comment')} posted as of {_day(as_of, zone)}"


def docket_line(
    docket: Docket, documents: Sequence[DocketDocument], counts: Mapping[str, Count], today: date, zone: tzinfo
) -> Line:
    """`USCG-2026-0041: Title, 12 documents, comments close Fri 8 Jan 2027, 1,204 comments posted as of …`."""
    parts = [number(len(documents), "document")] if docket.looked_at else ["not read yet"]
    current = (row for row in documents if row.status is not Status.WITHDRAWN)
    closes = [row.closes_on for row in current if row.closes_on and row.closes_on >= today]
    parts += [f"comments close {day_in_words(min(closes))}"] if closes else []
    counted = [counts[row.id] for row in documents if row.id in counts]
    parts += [posted_by(counted, zone)] if counted else []
    parts += [f"last reading failed: {short(docket.trouble, 120)}"] if docket.trouble else []
    title = f" {short(docket.title, _TITLE)}," if docket.title and docket.title != docket.id else ""
    return Line(f"{docket.id}:{title} {', '.join(parts)}", f"{DOCKET_URL}{docket.id}")


def docket_card(
    docket: Docket,
    documents: Sequence[DocketDocument],
    counts: Mapping[str, Count],
    ours: Sequence[OurComment],
    today: date,
    zone: tzinfo,
) -> Card:
    """A docket in full: its newest documents, those open for comment first, and what we filed."""
    rows = sorted(documents, key=lambda row: (_open(row, today), row.posted_on or date.min, row.id), reverse=True)
    lines = [_document_line(row, counts.get(row.id), today, zone) for row in rows[:_SHOWN]]
    if len(rows) > _SHOWN:
        lines.append(Line(f"and {len(rows) - _SHOWN} more", f"{DOCKET_URL}{docket.id}"))
    if not rows:
        lines.append(Line("No documents." if docket.looked_at else "Not read yet: the bot reads it within 15 minutes."))
    if docket.trouble:
        lines.append(Line(f"The last reading failed: {short(docket.trouble, 200)}."))
    lines += [_ours_line(comment, zone) for comment in ours]
    why = "followed by a person" if docket.followed_by else "followed because an alert’s document is in it"
    looked = f"read {_day(docket.looked_at, zone)}" if docket.looked_at else ""
    return Card(
        mark=Mark.ANSWER,
        head=f"{docket.id}: {short(docket.title, 200)}" if docket.title else docket.id,
        lines=tuple(lines),
        links=(Link("Docket", f"{DOCKET_URL}{docket.id}"),),
        foot=dotted(why if docket.unfollowed_at is None else "not followed", looked),
    )


def _open(row: DocketDocument, today: date) -> bool:
    return row.status is Status.OPEN or bool(row.closes_on and row.closes_on >= today)


def _day(at: datetime, zone: tzinfo) -> str:
    return day_in_words(at.astimezone(zone).date())


def _document_line(row: DocketDocument, count: Count | None, today: date, zone: tzinfo) -> Line:
    """`USCG-2026-0041-0001 Notice: Title, comments close Fri 8 Jan 2027, 1,204 comments`."""
    parts = [f"{row.id} {row.kind}: {short(row.title, _TITLE)}"]
    if row.status is Status.WITHDRAWN:
        parts.append("withdrawn")
    elif row.closes_on:
        parts.append(f"comments close{'d' if row.closes_on < today else ''} {day_in_words(row.closes_on)}")
    elif row.status is Status.OPEN:
        parts.append("open for comment, no end given")
    if count:
        parts.append(posted_by([count], zone))
    return Line(", ".join(parts), f"{DOCUMENT_URL}{row.id}")


def _ours_line(comment: OurComment, zone: tzinfo) -> Line:
    if comment.posted_as:
        return Line(f"Ours: {comment.status}.", f"{COMMENT_URL}{comment.posted_as}")
    looked = f", last looked for {_day(comment.looked_at, zone)}" if comment.looked_at else ""
    filed = f"Ours: {comment.what} is filed, tracking number {comment.tracking}"
    return Line(f"{filed}; not found among the posted comments yet{looked}.")
