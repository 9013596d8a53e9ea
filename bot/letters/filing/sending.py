"""File what a person pressed, step by step: each step is recorded before it is taken, and the comment is sent once.

An upload may be repeated, because nothing is filed by it. The comment itself is sent from `POSTING` alone, and a filing
that is found in that state, or whose answer did not come, is never sent again: it is looked for among the posted
comments, and a person is asked.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from bot.commands.model import Job, Work
from bot.config.load import Config
from bot.deadlines import records as docket_records
from bot.deadlines.records import OurComment
from bot.deadlines.regulations_gov import Accepted, NoAnswer, NotAccepted, PostedComment, RegulationsGov, Sent
from bot.letters import gates, lookup, notices
from bot.letters import records as letters
from bot.letters.documents import render
from bot.letters.filing import records, wording
from bot.letters.filing.model import HOW, CannotFile, Filing, FilingState
from bot.letters.lifecycle import Dossier, State
from bot.letters.wording import notice
from bot.people import audit
from bot.shared.answer import FetchFailed, outcome
from bot.shared.card import Card
from bot.shared.errors import Problem
from bot.shared.failpoint import failpoint
from bot.shared.plain_text import EASTERN
from bot.shared.wording import short
from bot.store.database import Reader, StoreBusy, StoreUnsure

log = logging.getLogger(__name__)

_PAUSE: Final = timedelta(minutes=5)  # between two tries before the comment is sent
_TRIES: Final = 12
_LOOK_AGAIN: Final = timedelta(hours=6)
_CANDIDATES: Final = 5
_WHILE_BUSY: Final = (0.2, 1.0, 5.0, 30.0)  # seconds between two tries to record a state
_INTERRUPTED: Final = "The bot was stopped while it was sending the comment, so no answer was recorded."
# Erasing a person or an organization removes their name from every stored text, a comment that waits included.
Start = Callable[[], Job]


class Filer:
    """Takes the due steps of all filings, one at a time; of several running bots one has this part of the work."""

    def __init__(self, start: Start, api: RegulationsGov) -> None:
        """`start` returns a job at the current time."""
        self._start = start
        self._api = api

    async def file_due(self) -> None:
        """Take steps until none is due."""
        while filing := await asyncio.to_thread(self._next):
            await self._step(filing)

    def _next(self) -> Filing | None:
        job = self._start()
        return records.next_due(job.db, job.now)

    async def _step(self, filing: Filing) -> None:
        match filing.state:
            case FilingState.PRESSED | FilingState.UPLOADING | FilingState.UPLOADED:
                if why := await asyncio.to_thread(self._why_not, filing):
                    await self._save(filing, FilingState.NOT_FILED, why=why)
                elif filing.state is FilingState.UPLOADED:
                    await self._send(filing)
                else:
                    await self._upload(filing)
            case FilingState.POSTING:
                await self._save(filing, FilingState.UNCLEAR, why=_INTERRUPTED)
            case _:
                await self._look(filing)

    # --- before the comment is sent -----------------------------------------------------------------------------------

    async def _upload(self, filing: Filing) -> None:
        job = self._start()
        try:
            pdf = await asyncio.to_thread(attachment, job.db, job.config, filing, job.now)
        except CannotFile as problem:
            await self._save(filing, FilingState.NOT_FILED, why=problem.what)
            return
        uploading = await self._save(filing, FilingState.UPLOADING)
        if uploading is None:
            return
        failpoint("filing uploading")
        sent = await self._api.upload(filing.submission_key, filing.pdf_name, pdf, "application/pdf", self._start().now)
        failpoint("filing upload answered")
        if isinstance(sent, Accepted):
            await self._save(uploading, FilingState.UPLOADED, why="")
        else:
            await self._retry(uploading, sent, FilingState.UPLOADING)

    def _why_not(self, filing: Filing) -> str:
        """Why it may not be filed as it was shown; "" if it may."""
        if filing.url != self._api.url:
            return f"It was shown for {filing.url}, and the bot now files at {self._api.url}."
        job = self._start()
        letter = letters.get(job.db, filing.letter)
        if letter.state is State.WITHDRAWN:
            return "The letter was withdrawn."
        return " ".join(gates.reasons(job.db, job.config, letter, job.now))

    async def _retry(self, filing: Filing, sent: Sent, state: FilingState) -> None:
        """Try again later what was certainly not filed; give up after an hour, or if regulations.gov refused it."""
        assert not isinstance(sent, Accepted)
        retry_at = sent.retry_at if isinstance(sent, NotAccepted) else self._start().now + _PAUSE
        if retry_at is None or filing.tries + 1 >= _TRIES:
            await self._save(filing, FilingState.NOT_FILED, why=sent.why)
        else:
            await self._save(filing, state, why=sent.why, tries=filing.tries + 1, retry_at=retry_at)

    # --- the comment --------------------------------------------------------------------------------------------------

    async def _send(self, filing: Filing) -> None:
        posting = await self._save(filing, FilingState.POSTING)
        if posting is None:
            return
        failpoint("filing posting")
        sent = await self._api.file_comment(posting.sent, self._start().now)
        failpoint("filing answered")
        match sent:
            case Accepted(tracking):
                await self._save(posting, FilingState.FILED, tracking=tracking)
            case NotAccepted():
                await self._retry(posting, sent, FilingState.UPLOADED)
            case NoAnswer(why):
                await self._save(posting, FilingState.UNCLEAR, why=f"{why[:1].upper()}{why[1:]}.")
        failpoint("filing recorded")

    async def _look(self, filing: Filing) -> None:
        """Look for the comment among those that are posted; ask a person as long as it is not there."""
        posted = await self._posted(filing)
        now = self._start().now
        if isinstance(posted, PostedComment):
            await self._save(filing, FilingState.FILED, tracking=posted.tracking, posted_as=posted.id)
        else:
            asked_at = filing.asked_at or now
            await self._save(filing, FilingState.UNCLEAR, asked_at=asked_at, retry_at=now + _LOOK_AGAIN)

    async def _posted(self, filing: Filing) -> PostedComment | None:
        """A posted comment with our name and our words; None if there is none, or if it cannot be looked for."""
        if filing.url != self._api.url:
            return None
        sent, now = filing.attributes, self._start().now
        since = filing.prepared_at.astimezone(EASTERN).date()
        page = await outcome(self._api.comments(filing.object_id, now, words=sent["organization"], since=since))
        if isinstance(page, FetchFailed):
            log.warning("Could not look for a filed comment: %s", page.detail)
            return None
        for id_ in page.ids[:_CANDIDATES]:
            comment = await outcome(self._api.comment(id_, now))
            if isinstance(comment, PostedComment) and _is_ours(comment, sent["organization"], sent["comment"]):
                return comment
        return None

    # --- the record ---------------------------------------------------------------------------------------------------

    async def _save(
        self, filing: Filing, state: FilingState, *, tracking: str = "", posted_as: str = "", **changes: Any
    ) -> Filing | None:
        """Record a state and tell what it means; None if the filing was changed meanwhile. `changes`: other fields."""
        given = {"retry_at": None, "asked_at": None} | changes
        if state not in (FilingState.UNCLEAR, FilingState.FILED):  # those keep the time at which it was sent
            given["stepped_at"] = self._start().now
        after = replace(filing, state=state, **given)
        after = after.received(tracking) if tracking else after
        for seconds in _WHILE_BUSY:  # an answer with a tracking number comes only once
            try:
                return await asyncio.to_thread(self._saved, filing, after, posted_as)
            except (StoreBusy, StoreUnsure) as error:
                log.warning("The state of a filing was not recorded yet: %s", error)
                await asyncio.sleep(seconds)
        return await asyncio.to_thread(self._saved, filing, after, posted_as)

    def _saved(self, filing: Filing, after: Filing, posted_as: str) -> Filing | None:
        with self._start().write() as work:
            # An answer counts even if another process has called the comment unclear while this one waited for it.
            before = (filing.state, FilingState.UNCLEAR) if after.state is FilingState.FILED else (filing.state,)
            if not any(records.save(work.tx, after, state) for state in before):
                return None
            letter = letters.get(work.tx, filing.letter)
            if after.state is FilingState.FILED:
                record_filed(work, letter, after, posted_as)
            if after.state in (FilingState.FILED, FilingState.NOT_FILED):
                _tell(work, letter, after, "ended", wording.ended_card(letter, after))
                event = short(wording.status(letter, after), 300)
                audit.write_of_bot(work, "letter file", letter.name, filing.state.value, event)
            elif after.asked_at and not filing.asked_at:
                _tell(work, letter, after, f"asked:{after.stepped_at}", wording.ask_card(letter, after))
            elif after.tries == 1 and not filing.tries:
                head = f"{letter.name} is not filed yet: regulations.gov does not take it"
                again = "Nothing was filed. The bot tries again every few minutes."
                _tell(work, letter, after, "delayed", notice(letter, head, short(after.why, 300), again))
        return after


def attachment(db: Reader, config: Config, filing: Filing, now: datetime) -> bytes:
    """The PDF as it was shown. Raises `CannotFile` if it cannot be made or is another one now."""
    try:
        data = render.pdf(lookup.letters_for(db, config, letters.get(db, filing.letter), now)[0], config.folder)
    except Problem as problem:
        raise CannotFile(f"The PDF cannot be made: {problem}") from problem
    if hashlib.sha256(data).hexdigest() != filing.pdf_digest:
        raise CannotFile("The PDF is no longer the one that was shown: a template, a font or a name has changed.")
    return data


def record_filed(work: Work, letter: Dossier, filing: Filing, posted_as: str = "") -> None:
    """Log the letter as sent, and have its comment looked for on regulations.gov."""
    assert filing.tracking
    person = filing.filed_by or filing.prepared_by
    comment = OurComment(
        tracking=filing.tracking,
        document=filing.document,
        what=letter.name,
        organization=filing.attributes["organization"],
        filed_at=filing.stepped_at,
        filed_by=person,
        posted_as=posted_as or None,
        posted_seen_at=work.now if posted_as else None,
    )
    docket_records.save_our_comment(work.tx, comment)
    note = f"on {filing.document}, tracking number {filing.tracking}"
    on = filing.stepped_at.astimezone(EASTERN).date()  # the day by which a comment is on time
    notices.log_mail(work, letter, "sent", on, person=person, how=HOW, note=note)


def _tell(work: Work, letter: Dossier, filing: Filing, what: str, card: Card) -> None:
    """Send a card to the people who filed and prepared it; to the administrators' channel if neither is on staff."""
    event = f"filing:{filing.id}:{what}"
    if not notices.send(work, letter, event, card, filing.filed_by, filing.prepared_by):
        notices.send_to_first(work, letter, event, card)


def _is_ours(comment: PostedComment, organization: str, text: str) -> bool:
    def plain(words: str) -> str:
        return " ".join(words.split()).casefold()

    return (
        bool(comment.tracking)
        and plain(comment.organization) == plain(organization)
        and plain(comment.comment).startswith(plain(text)[:200])
    )
