"""Dockets that the coalition follows on regulations.gov: /docket, and keeping their dates and counts up to date."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from bot.alerts.corrections import move_days
from bot.alerts.intake import KIND as ALERT
from bot.commands.arguments import matching
from bot.commands.model import EDITORS, Choice, Context, Group, Job, Param, Refused, Reply, Work, answer
from bot.deadlines import agenda, records, wording
from bot.deadlines.model import Window
from bot.deadlines.records import Docket, OurComment
from bot.deadlines.regulations_gov import LAST_PAGE, DocketDocument, DocumentPage, RegulationsGov, Status, read_id
from bot.deadlines.windows import open_windows, window_about
from bot.entries import records as entries
from bot.outbox.messages import person_place, post_to_first_reader, post_to_person
from bot.people import records as people
from bot.shared.answer import FetchFailed, Health, Read, outcome
from bot.shared.calendar import is_recent
from bot.shared.card import Button, Card, Line, Mark
from bot.shared.plain_text import EASTERN
from bot.shared.wording import number

_SHOWN: Final = 8
_EXAMPLE: Final = "USCG-2026-0041"
log = logging.getLogger(__name__)

_DAILY: Final = timedelta(hours=20)  # numbers, counts and our comments are looked up about once a day
_HOURS: Final = timedelta(hours=3)  # between two readings of a docket
_PAUSE: Final = timedelta(minutes=15)  # between two rounds
_AFTER_FAILURE: Final = timedelta(hours=1)
_AT_ONCE: Final = 30  # requests in a round, or 120 an hour
_CANDIDATES: Final = 5  # posted comments that are opened in a round to look for ours
_WAITED_FOR: Final = timedelta(days=400)  # agencies post some comments months later
_OF_ONE: Final = (Health.GONE, Health.MALFORMED)  # a failure of one docket or document, not of the whole site


def complete_dockets(ctx: Context, typed: str) -> Sequence[Choice]:
    """Completions: the followed dockets whose id or title contains the typed text."""
    choices = (Choice(each.id, f"{each.id} {each.title}") for each in records.followed_dockets(ctx.tx))
    return matching(choices, typed)


_ID: Final = Param("id", "its id on regulations.gov; all followed dockets if left out", required=False,
                   complete=complete_dockets, longest=200)  # fmt: skip
_WHICH: Final = replace(_ID, help="its id on regulations.gov", required=True)

slash = Group("docket", formerly="deadlines")


async def _has_key(network: Any, args: Mapping[str, str]) -> bool:  # noqa: ARG001 - a fetch's form
    return network.regulations_gov is not None


@slash.command(verb="show", example=_EXAMPLE, params=(_ID,), fetch=_has_key, formerly=["deadlines docket"])
def docket(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Show a docket on regulations.gov."""
    if "id" not in args:
        return _list(ctx)
    today = ctx.now.astimezone(EASTERN).date()
    chosen = records.dockets(ctx.tx).get(_checked(args["id"]))
    if chosen is None:
        why = "" if ctx.fetched else f" {wording.NO_KEY}"
        how = ctx.hint("docket follow", " /docket follow follows it.", " Policy staff can follow it.")
        raise Refused(f"The coalition does not follow “{args['id'][:60]}”.{how}{why}", param="id")
    documents = records.documents_of(ctx.tx, chosen.id)
    ids = {row.id for row in documents}
    ours = [each for each in records.our_comments(ctx.tx) if each.document in ids]
    counts = records.counts(ctx.tx, ids)
    card = wording.docket_card(chosen, documents, counts, ours, today, ctx.zone)
    if not ctx.fetched:
        card = replace(card, lines=(*card.lines, Line(wording.NO_KEY)))
    verb = _button("Unfollow" if chosen.unfollowed_at is None else "Follow", chosen)
    return Reply(card=replace(card, buttons=ctx.theirs(verb)))


def _list(ctx: Context) -> Reply:
    today = ctx.now.astimezone(EASTERN).date()
    dockets = records.followed_dockets(ctx.tx)
    missing = [] if ctx.fetched else [Line(wording.NO_KEY)]
    if not dockets:
        lines = (
            "The dockets of documents you were alerted to are followed while comments are open.",
            ctx.hint("docket follow", f"To follow another one: /docket follow {_EXAMPLE}"),
        )
        return answer("No dockets are followed", *missing, *lines)
    rows = []
    for each in dockets[:_SHOWN]:
        documents = records.documents_of(ctx.tx, each.id)
        counts = records.counts(ctx.tx, [row.id for row in documents])
        rows.append(wording.docket_line(each, documents, counts, today, ctx.zone))
    if len(dockets) > _SHOWN:
        rows.append(Line(f"and {len(dockets) - _SHOWN} more"))
    foot = "/docket show ID shows one in full."
    return answer(f"{number(len(dockets), 'docket')} followed", *missing, *rows, foot=foot)


async def _title(network: Any, args: Mapping[str, str]) -> str | FetchFailed | None:
    """The docket's title; None without a key."""
    id_ = _checked(args["id"])
    api = network.regulations_gov
    return await outcome(api.docket_title(id_, network.now())) if api else None


@slash.command(example=_EXAMPLE, params=(_WHICH,), who=EDITORS, changes=True, fetch=_title)
def follow(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Follow a docket on regulations.gov."""
    id_ = _checked(args["id"])
    stored = records.dockets(ctx.tx).get(id_)
    follower = stored.followed_by if stored and stored.unfollowed_at is None else None
    if stored and follower and person_place(ctx.tx, follower):
        who = f"{people.names(ctx.tx)[follower]} follows it, and gets a message about each change."
        return answer(f"{id_} is already followed", who, buttons=(_button("Show", stored),))
    if ctx.fetched is None:
        raise Refused(wording.NO_KEY)
    if isinstance(ctx.fetched, FetchFailed):
        if ctx.fetched.health is Health.GONE:
            raise Refused(f"regulations.gov has no docket “{id_}”. Copy the id from the docket’s page.", param="id")
        raise Refused(f"The docket could not be read: {ctx.fetched.detail}. Try again later.")
    new = replace(
        stored or Docket(id=id_, followed_at=ctx.now),
        title=ctx.fetched or id_, followed_at=ctx.now, followed_by=ctx.actor.person, unfollowed_at=None,
    )  # fmt: skip
    records.DOCKETS.save(ctx.tx, new)
    ctx.note(f"docket {id_}", "", "followed")
    return answer(
        f"{id_} is followed: {new.title}",
        "Its documents, the days on which comments close and how many were posted are read every few hours.",
        buttons=(_button("Show", new),),
        mark=Mark.DEADLINE,
    )


@slash.command(example=_EXAMPLE, params=(_WHICH,), who=EDITORS, changes=True)
def unfollow(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Stop following a docket.

    Even if an alert's document is in it.
    """
    id_ = _checked(args["id"])
    stored = records.dockets(ctx.tx).get(id_)
    if stored is None or stored.unfollowed_at is not None:
        raise Refused(f"The coalition does not follow “{args['id'][:60]}”. /docket show lists all.", param="id")
    records.DOCKETS.save(ctx.tx, replace(stored, unfollowed_at=ctx.now))
    ctx.note(f"docket {id_}", "followed", "")
    return answer(
        f"{id_} is no longer followed", "Its documents are no longer read.", buttons=(_button("Follow", stored),)
    )


def _checked(typed: str) -> str:
    """The id as regulations.gov writes it. Raises `Refused` if there is none."""
    id_ = read_id(typed)
    if id_ is None:
        raise Refused(f"“{typed[:60]}” is not a docket’s id. It looks like {_EXAMPLE}.", param="id")
    return id_


def _button(label: str, docket_: Docket) -> Button:
    return Button(label, f"docket {label.lower()}", (("id", docket_.id),))


class Dockets:
    """Looks up what is due, a little at a time. Never raises for the network."""

    def __init__(self, api: RegulationsGov) -> None:
        self._api = api
        self._began = self._next = datetime.min.replace(tzinfo=UTC)  # the last round and the next
        self._left = 0  # requests in this round

    async def refresh(self, job: Job) -> None:
        """Do a round if one is due."""
        if self._began <= (now := job.now) < self._next:  # unless the clock was ahead then
            return
        self._began, self._next, self._left = now, now + _PAUSE, _AT_ONCE
        for step in (self._find_dockets, self._read_dockets, self._count_comments, self._look_for_ours):
            if failed := await outcome(step(job)):
                log.warning("Could not read regulations.gov: %s", failed.detail)
                self._next = max(now + _AFTER_FAILURE, failed.retry_at or now)
                return

    def _may_ask(self) -> bool:
        self._left -= 1
        return self._left >= 0

    async def _find_dockets(self, job: Job) -> None:
        """Follow the dockets of documents with an open comment period."""
        for document in await asyncio.to_thread(self._numbers_due, job):
            if not self._may_ask():
                break
            answer = await self._api.by_number(document, job.now)
            await asyncio.to_thread(self._save_found, job, document, answer)

    def _numbers_due(self, job: Job) -> list[str]:
        db, now = job.db, job.now
        numbers = [number for window in open_windows(db, now) for number in window.numbers]
        looked = records.lookups(db, numbers)
        rows_of = records.documents_by_number(db, numbers)
        current = {docket.id for docket in records.followed_dockets(db)}
        read = {number for number, rows in rows_of.items() if all(row.docket in current for row in rows)}
        return [
            number
            for number in numbers
            if number not in looked or (number not in read and not is_recent(looked[number], now, _DAILY))
        ]

    def _save_found(self, job: Job, number: str, documents: list[DocketDocument]) -> None:
        with job.write() as work:
            records.save_lookup(work.tx, number, work.now)
            stored = records.dockets(work.tx)
            for document in documents:
                docket = stored.get(document.docket) or Docket(id=document.docket, followed_at=work.now)
                _save_documents(work, docket, [document])
                if document.docket not in stored:
                    records.DOCKETS.save(work.tx, docket)

    async def _read_dockets(self, job: Job) -> None:
        """Read what changed in each followed docket; several pages if it is much, the rest in later rounds."""
        dockets = await asyncio.to_thread(records.followed_dockets, job.db)
        due = [docket for docket in dockets if not is_recent(docket.looked_at, job.now, _HOURS)]
        for docket in sorted(due, key=lambda each: (each.looked_at is not None, each.looked_at, each.id)):
            if self._left < 2:
                break
            if failed := await outcome(self._read_docket(job, docket)):
                await asyncio.to_thread(self._save_trouble, job, docket, failed.detail)
                if failed.health not in _OF_ONE:
                    raise failed.error

    async def _read_docket(self, job: Job, docket: Docket) -> None:
        if not docket.title and self._may_ask():
            docket = replace(docket, title=await self._api.docket_title(docket.id, job.now) or docket.id)
        for page in range(1, LAST_PAGE + 1):
            if not self._may_ask():
                return
            answer = await self._api.documents(docket.id, docket.read_to, page, job.now)
            # Where the next reading goes on is saved when the pages end: pages are counted from the same start.
            ended = not answer.more or page == LAST_PAGE
            after = replace(docket, looked_at=job.now if not answer.more else docket.looked_at, trouble="")
            if ended and answer.read_to:
                after = replace(after, read_to=answer.read_to)
            await asyncio.to_thread(self._save_page, job, after, answer)
            if ended:
                return

    def _save_page(self, job: Job, docket: Docket, page: DocumentPage) -> None:
        with job.write() as work:
            _save_documents(work, docket, page.documents)
            current = records.dockets(work.tx).get(docket.id)
            if current and current.unfollowed_at is None:
                records.DOCKETS.save(work.tx, replace(docket, followed_by=current.followed_by))

    def _save_trouble(self, job: Job, docket: Docket, trouble: str) -> None:
        with job.write() as work:  # a person may have unfollowed it meanwhile
            current = records.dockets(work.tx)[docket.id]
            records.DOCKETS.save(work.tx, replace(current, looked_at=work.now, trouble=trouble))

    async def _count_comments(self, job: Job) -> None:
        """Count the comments on documents that are open for comment."""
        for document in await asyncio.to_thread(self._uncounted, job):
            if not self._may_ask():
                break
            if page := await _of_one(self._api.comments(document.object_id, job.now)):
                await asyncio.to_thread(_save_count, job, document.id, page.total)

    def _uncounted(self, job: Job) -> list[DocketDocument]:
        documents = records.open_documents(job.db, job.now.astimezone(EASTERN).date())
        counts = records.counts(job.db, [document.id for document in documents])
        return [
            document
            for document in documents
            if document.object_id
            and not (document.id in counts and is_recent(counts[document.id].counted_at, job.now, _DAILY))
        ]

    async def _look_for_ours(self, job: Job) -> None:
        """Look whether the agency has posted what we filed, by its tracking number."""
        now = job.now
        for comment in await asyncio.to_thread(records.our_comments, job.db):
            waited = now - comment.filed_at < _WAITED_FOR
            fresh = is_recent(comment.looked_at, now, _DAILY)
            document = await asyncio.to_thread(records.document, job.db, comment.document)
            if comment.posted_as or not waited or fresh or document is None or not self._may_ask():
                continue
            since = comment.filed_at.astimezone(EASTERN).date()
            listed = self._api.comments(document.object_id, now, words=comment.organization, since=since)
            if page := await _of_one(listed):
                posted_as = await self._with_tracking(comment, page.ids, now)
                await asyncio.to_thread(self._save_ours, job, comment, posted_as)

    async def _with_tracking(self, comment: OurComment, ids: Iterable[str], now: datetime) -> str:
        """The id of the posted comment with our tracking number; "" if it is not among them."""
        for id_ in list(ids)[:_CANDIDATES]:
            posted = await _of_one(self._api.comment(id_, now)) if self._may_ask() else None
            if posted and posted.tracking.casefold() == comment.tracking.casefold():
                return id_
        return ""

    def _save_ours(self, job: Job, comment: OurComment, posted_as: str) -> None:
        after = replace(comment, looked_at=job.now)
        if posted_as:
            after = replace(after, posted_as=posted_as, posted_seen_at=job.now)
        with job.write() as work:
            records.save_our_comment(work.tx, after)
            if posted_as:
                # The agency has posted our comment: say so in the alert's thread, and to the person who filed it.
                document = records.document(work.tx, after.document)
                name, card = f"docket:posted:{after.tracking}", wording.posted_card(after, document)
                if document:
                    _post_in_thread(work, _window(work, document), name, card)
                if after.filed_by:
                    post_to_person(work, after.filed_by, name, card, kind=agenda.KIND)


async def _of_one(reading: Awaitable[Read]) -> Read | None:
    """What is read of one document; None if that one cannot be read. Raises `Failure` if the whole site cannot."""
    answer = await outcome(reading)
    if not isinstance(answer, FetchFailed):
        return answer
    if answer.health not in _OF_ONE:
        raise answer.error
    log.warning("A document could not be read on regulations.gov: %s", answer.detail)
    return None


def _save_count(job: Job, document: str, comments: int) -> None:
    with job.write() as work:
        records.save_count(work.tx, document, comments, work.now)


def _save_documents(work: Work, docket: Docket, documents: Sequence[DocketDocument]) -> None:
    """Save what changed of documents as they are listed now: a reading lists many as they were."""
    stored = records.documents(work.tx, (document.id for document in documents))
    for document in documents:
        if document != (before := stored.get(document.id)):
            _save_document(work, docket, before, document)


def _save_document(work: Work, docket: Docket, before: DocketDocument | None, after: DocketDocument) -> None:
    """Save a document. Correct its alert if comments close on another day, and say so or that it was withdrawn in the
    alert's thread; without an alert, to the person who follows the docket, or in the admin channel if they left.
    """
    was = _window(work, after) if before or after.closes_on else None
    records.DOCUMENTS.save(work.tx, after)
    sentence = wording.change(before, after) if before else ""
    window = _window(work, after) if was or sentence else None
    ends = after.status is Status.WITHDRAWN  # which gives nobody more time
    if was and window and was.closes != window.closes and not (ends and window.closes > was.closes):
        step = entries.step_of(work.tx, entries.by_ids(work.tx, [window.id])[0])
        versions = [(stored.id, was.bound(stored.entry), window.bound(stored.entry)) for stored in step]
        move_days(work, versions, work.config.labels, kind=ALERT)
    elif not sentence:
        return
    # Once a day: a day may move there and back again.
    since = before.closes_on if before else None
    name = f"docket:{after.id}:{since}:{after.closes_on}:{after.status.value}:{work.today}"
    card = wording.change_card(docket, after, sentence, window, work.today)
    if not _post_in_thread(work, window, name, card) and docket.followed_by:
        post_to_first_reader(work, [docket.followed_by], work.config.feeds.admin, name, card, kind=agenda.KIND)


def _post_in_thread(work: Work, window: Window | None, name: str, card: Card) -> bool:
    """Post in the threads of a document's alert; False if there is none."""
    if window is None or not window.alerted:
        return False
    agenda.post_about(work, window, name, card)
    return True


def _window(work: Work, document: DocketDocument) -> Window | None:
    return window_about(work.tx, document.number, work.now) if document.number else None
