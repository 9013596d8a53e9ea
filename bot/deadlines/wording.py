"""Sentences and cards of deadlines and dockets. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, tzinfo
from typing import Final

from bot.alerts import cards, hearing_cards
from bot.deadlines.model import DOCUMENT_URL, Basis, Commitment, Count, State, Window, posted_by, status_sentence
from bot.deadlines.records import Docket, OurComment
from bot.deadlines.regulations_gov import DocketDocument
from bot.deadlines.regulations_gov import Status as DocketStatus
from bot.deadlines.windows import Meeting
from bot.entries.records import SHORT_ID
from bot.shared import wording
from bot.shared.calendar import business_days_until, day_in_words
from bot.shared.card import Button, Card, Due, Line, Link, Mark
from bot.shared.entry import HearingStatus
from bot.shared.plain_text import EASTERN

_TITLE: Final = 90  # characters
_DATES: Final = 300
_DOCUMENTS: Final = 7  # of a docket
DOCKET_URL: Final = "https://www.regulations.gov/docket/"
COMMENT_URL: Final = "https://www.regulations.gov/comment/"
NO_KEY: Final = (
    "The bot has no key for regulations.gov, so nothing is read there. An administrator gets one, free, at "
    "open.gsa.gov/api/regulationsgov and sets REGULATIONS_GOV_API_KEY in .env."
)
_OFF: Final = {HearingStatus.UNLISTED: "no longer listed"}
_FAR: Final = 366  # days within which days are counted
BASES: Final = {
    Basis.LAW: "A law",
    Basis.ANSWER: "An answer to us",
    Basis.HEARING: "Words at a hearing",
    Basis.MEETING: "Words at a meeting",
    Basis.NOTICE: "A notice",
    Basis.FOIA: "Our FOIA request",
}
_WORDED: Final = "from the document's words"


def days_away(on: date, today: date) -> str:
    """`today`, `in 1 day`, `in 61 days`, `in about 36 months`, `2,715 days ago`."""
    days = (on - today).days
    if days == 0:
        return "today"
    if days > _FAR:
        return f"in about {round(days * 12 / 365.25)} months"
    return f"in {wording.number(days, 'day')}" if days > 0 else f"{wording.number(-days, 'day')} ago"


def commitment_line(commitment: Commitment, today: date) -> Line:
    """`Wed Jun 19, 2019: The directive (6 U.S.C. 645), no public record found as of Tue Nov 24, 2026 [directive]`."""
    status = "" if commitment.confirmed else ", date not confirmed"
    if commitment.state is State.MET:
        status += ", met"
    elif commitment.due >= today:
        status += f", due {days_away(commitment.due, today)}"
    elif late := commitment.overdue:
        status += f", overdue {wording.number(late, 'day')} as of {_looked_on(commitment)}"
    elif commitment.unchecked(today):
        status += ", not checked since"
    else:
        status += f", no public record found as of {_looked_on(commitment)}"
    what = f"{wording.short(commitment.owed, _TITLE)} ({commitment.basis})"
    return Line(f"{day_in_words(commitment.due)}: {what}{status} [{commitment.id}]")


def window_line(window: Window, today: date) -> Line:
    left = wording.number(business_days_until(today, window.closes), "business day")
    number = f" [{window.numbers[-1]}]" if window.numbers else ""
    title = wording.short(window.title, _TITLE)
    worded = f" ({_WORDED})" if window.worded else ""
    docket = "".join(f", {part}" for part in (window.comments, window.filed) if part)
    return Line(f"{_closes(window)}: comments close, in {left}{worded}{docket}: {title}{number}", window.url)


def meeting_line(meeting: Meeting) -> Line:
    """`Wed Jul 29, 2026, 9:30 a.m. ET: Markup, S. 365 among 44 bills, Senate Judiciary Committee [4f2c…]`."""
    hearing, item = meeting.hearing, meeting.item
    off = "" if hearing.status is HearingStatus.SCHEDULED else f", {_OFF.get(hearing.status, hearing.status.value)}"
    about = hearing_cards.subject(item.entry, item.matches)
    return Line(f"{hearing.when}: {hearing.kind}{off}: {about} [{item.id[:SHORT_ID]}]", item.entry.link)


def commitment_card(commitment: Commitment, today: date, *, mark: Mark = Mark.DEADLINE) -> Card:
    """The card of a commitment, for reminders and /deadlines show."""
    unsure = f"This date is not confirmed. {commitment.note}".strip()
    in_its_words = f"{BASES[commitment.kind]}: “{commitment.quote}”" if commitment.quote else ""
    lines = [
        f"Owed by {commitment.by}.",
        in_its_words,
        *([status_sentence(commitment, today), commitment.note] if commitment.confirmed else [unsure]),
    ]
    args = (("id", commitment.id),)
    return Card(
        mark=mark,
        head=f"{commitment_head(commitment, today)}: {wording.short(commitment.owed, _TITLE)} ({commitment.basis})",
        badge=wording.asks(commitment.asks),
        lines=tuple(Line(text) for text in lines if text),
        dues=(Due("Due", commitment.due),) if commitment.due >= today else (),
        links=tuple(
            Link(label, url)
            for label, url in (
                ("Statute" if commitment.kind is Basis.LAW else "Source", commitment.source),
                ("Outcome", commitment.state_source),
            )
            if url
        ),
        foot=wording.dotted(
            f"{commitment.period} from {day_in_words(commitment.since)}" if commitment.period else "",
            f"last checked {_looked_on(commitment)}",
            commitment.id,
        ),
        buttons=(
            Button("Set outcome", "deadlines set", args, "primary"),
            *(() if commitment.confirmed else (Button("Confirm the date", "deadlines confirm", args),)),
        ),
    )


def window_card(window: Window, today: date, *, mark: Mark = Mark.DEADLINE) -> Card:
    """The card of a comment period, for reminders and /deadlines show."""
    dates = f"The document's own words: {wording.short(window.dates, _DATES)}" if window.dates else ""
    moved = ", extended or reopened" if window.moved else ""
    counted = "; ".join(filter(None, (window.comments, window.filed)))
    docket = f"On regulations.gov: {counted}." if counted else ""
    sources = "regulations.gov agrees" if window.docket and not window.differ else ""
    return Card(
        mark=mark,
        head=f"Comments close {_closes(window)}{moved}: {wording.short(window.title, _TITLE)}",
        badge=wording.asks(window.asks),
        lines=tuple(Line(text) for text in (differ(window), dates, docket) if text),
        dues=(
            Due("Comments close", window.closes, window.detail),
            *([Due("Our own comment due", window.ours)] if window.ours >= today and not window.filed else ()),
        ),
        links=(Link("Document", window.url),) if window.url else (),
        foot=wording.dotted(
            *window.numbers, window.document, "by regulations.gov alone" if window.listed_only else sources
        ),
        buttons=(
            Button("Details", "deadlines show", (("id", window.id),)),
            *(() if window.listed_only else (Button("Assign", "alerts assign", cards.entry_args(window.id)),)),
        ),
    )


def clock_line(commitment: Commitment, today: date) -> str:
    """A commitment in the digest and in calendars, in one sentence, with a warning if its date is not confirmed."""
    unsure = "" if commitment.confirmed else " This date is not confirmed."
    return f"{status_sentence(commitment, today)}{unsure}"


def commitment_head(commitment: Commitment, today: date) -> str:
    """`Due Sat Jan 23, 2027`, `Overdue, 90 days as of …`, or what is known of one that was due."""
    if commitment.state is State.MET:
        return "Met"
    if commitment.due >= today:
        return f"Due {day_in_words(commitment.due)}"
    if late := commitment.overdue:
        return f"Overdue, {wording.number(late, 'day')} as of {_looked_on(commitment)}"
    finding = "not checked since" if commitment.unchecked(today) else "no public record found"
    return f"Was due {day_in_words(commitment.due)}, {finding}"


def _looked_on(commitment: Commitment) -> str:
    return day_in_words(commitment.looked_on) if commitment.looked_on else "never"


def _closes(window: Window) -> str:
    """`Fri Jan 8, 2027 by 5:00 p.m. ET`."""
    return " ".join(filter(None, (day_in_words(window.closes), window.by)))


def differ(window: Window) -> str:
    """Which day each source says, and which is used; "" if they agree."""
    if not window.differ or window.register is None or window.docket is None:
        return ""
    who = "The document's own words say" if window.worded else "The Register says"
    return (
        f"{who} {day_in_words(window.register)}, regulations.gov says {day_in_words(window.docket)}: "
        "the earlier day is used."
    )


# --- dockets on regulations.gov ---------------------------------------------------------------------------------------


def change(before: DocketDocument, after: DocketDocument) -> str:
    """What people must know of a change, as a sentence; "" for any other change."""
    if after.status is DocketStatus.WITHDRAWN and before.status is not DocketStatus.WITHDRAWN:
        return f"{after.id} was withdrawn on regulations.gov."
    if before.closes_on is None or after.closes_on is None or before.closes_on == after.closes_on:
        return ""
    return (
        f"regulations.gov now takes comments on {after.id} until {day_in_words(after.closes_on)}; "
        f"it was {day_in_words(before.closes_on)}."
    )


def change_card(docket: Docket, document: DocketDocument, sentence: str, window: Window | None, today: date) -> Card:
    """The card of a change, for the thread of the document's alert. It gives the day that binds."""
    ends = document.status is not DocketStatus.WITHDRAWN
    closes, detail = (window.closes, window.detail) if window else (document.closes_on, "")
    now = "now" if closes == document.closes_on else "still"
    head = f"Comments {now} close {day_in_words(closes)}" if closes and ends else "Withdrawn on regulations.gov"
    both = differ(window) if window and ends else ""
    texts = (sentence, both, "Check the document's own words before you rely on a later day.")
    return Card(
        mark=Mark.DEADLINE,
        head=f"{head}: {wording.short(document.title or docket.title or document.id, _TITLE)}",
        lines=tuple(Line(text) for text in texts if text),
        dues=(Due("Comments close", closes, detail),) if closes and ends and closes >= today else (),
        links=(Link("Document", f"{DOCUMENT_URL}{document.id}"),),
        foot=docket.id,
        buttons=(Button("Docket", "docket show", (("id", docket.id),)),),
    )


def posted_card(comment: OurComment, document: DocketDocument | None) -> Card:
    """The card that the agency has posted our comment."""
    about = f" on {wording.short(document.title, _TITLE)}" if document and document.title else ""
    return Card(
        mark=Mark.DEADLINE,
        head=f"{comment.what} is posted as {comment.posted_as}",
        lines=(Line(f"The agency has posted our comment{about}."),),
        links=(Link("Our comment", f"{COMMENT_URL}{comment.posted_as}"),),
        foot=f"Filed {_day(comment.filed_at, EASTERN)} · tracking number {comment.tracking}",
    )


def docket_line(
    docket: Docket, documents: Sequence[DocketDocument], counts: Mapping[str, Count], today: date, zone: tzinfo
) -> Line:
    """`USCG-2026-0041: Title, 12 documents, comments close Fri Jan 8, 2027, 1,204 comments posted as of …`."""
    parts = [wording.number(len(documents), "document")] if docket.looked_at else ["not read yet"]
    current = (row for row in documents if row.status is not DocketStatus.WITHDRAWN)
    closes = [row.closes_on for row in current if row.closes_on and row.closes_on >= today]
    parts += [f"comments close {day_in_words(min(closes))}"] if closes else []
    counted = [counts[row.id] for row in documents if row.id in counts]
    parts += filter(None, [posted_by(counted, zone)])
    parts += [f"last reading failed: {wording.short(docket.trouble, 120)}"] if docket.trouble else []
    title = f" {wording.short(docket.title, _TITLE)}," if docket.title and docket.title != docket.id else ""
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
    open_ = {row.id for row in documents if row.status is DocketStatus.OPEN or (row.closes_on or date.min) >= today}
    rows = sorted(documents, key=lambda row: (row.id in open_, row.posted_on or date.min, row.id), reverse=True)
    lines = [_document_line(row, counts.get(row.id), today, zone) for row in rows[:_DOCUMENTS]]
    if len(rows) > _DOCUMENTS:
        lines.append(Line(f"and {len(rows) - _DOCUMENTS} more", f"{DOCKET_URL}{docket.id}"))
    if not rows:
        lines.append(Line("No documents." if docket.looked_at else "Not read yet: the bot reads it within 15 minutes."))
    if docket.trouble:
        lines.append(Line(f"The last reading failed: {wording.short(docket.trouble, 200)}."))
    for comment in ours:
        url = f"{COMMENT_URL}{comment.posted_as}" if comment.posted_as else ""
        looked = f", last looked for {_day(comment.looked_at, zone)}" if comment.looked_at and not url else ""
        lines.append(Line(f"Ours: {comment.status}{looked}.", url))
    why = "followed by a person" if docket.followed_by else "followed because an alert’s document is in it"
    looked = f"read {_day(docket.looked_at, zone)}" if docket.looked_at else ""
    return Card(
        mark=Mark.ANSWER,
        head=f"{docket.id}: {wording.short(docket.title, 200)}" if docket.title else docket.id,
        lines=tuple(lines),
        links=(Link("Docket", f"{DOCKET_URL}{docket.id}"),),
        foot=wording.dotted(why if docket.unfollowed_at is None else "not followed", looked),
    )


def _day(at: datetime, zone: tzinfo) -> str:
    return day_in_words(at.astimezone(zone).date())


def _document_line(row: DocketDocument, count: Count | None, today: date, zone: tzinfo) -> Line:
    """`USCG-2026-0041-0001 Notice: Title, comments close Fri Jan 8, 2027, 1,204 comments`."""
    parts = [f"{row.id} {row.kind}: {wording.short(row.title, _TITLE)}"]
    if row.status is DocketStatus.WITHDRAWN:
        parts.append("withdrawn")
    elif row.closes_on:
        parts.append(f"comments close{'d' if row.closes_on < today else ''} {day_in_words(row.closes_on)}")
    elif row.status is DocketStatus.OPEN:
        parts.append("open for comment, no end given")
    if count:
        parts.append(posted_by([count], zone))
    return Line(", ".join(parts), f"{DOCUMENT_URL}{row.id}")
