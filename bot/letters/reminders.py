"""Scheduled steps of letters: post a draft in its alert's thread, remind, lock at the deadline, publish, follow up.

Documents are rendered before a transaction is opened. Each step has its own transaction, so that one failing letter
does not stop the others.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.commands.model import File, Job, Refused, Work
from bot.config.load import Config
from bot.congress.directory import NotAddressable
from bot.letters import lookup, notices, records, saving, wording
from bot.letters.documents import office_mail, publish
from bot.letters.lifecycle import Dossier, State
from bot.letters.signon import opening
from bot.outbox.messages import post
from bot.people import audit
from bot.printing.parts import DocumentProblem
from bot.shared.card import Button, Card, Line, Mark
from bot.shared.wording import listed, number, short
from bot.store.database import Reader, StoreError

log = logging.getLogger(__name__)

_NOON: Final = time(12)


def compose(job: Job, *, not_private: notices.NotPrivate) -> None:
    """Run the due steps of every letter."""
    for letter in records.due(job.db, job.now):
        try:
            _post_draft(job, letter, not_private)
            for step in (_remind, _lock, _publish):
                step(job, letter)
        except StoreError:
            raise
        except Exception:  # retried later; the other letters continue
            log.exception("A scheduled step of letter %s failed; it is retried later", letter.name)
            with job.write() as work:
                records.mark_tried(work.tx, letter.id, job.now)
    office_mail.follow(job)
    _follow_up(job)


def remind_at(letter: Dossier, zone: ZoneInfo) -> datetime | None:
    """Noon of the day before the deadline; None without a deadline."""
    if letter.closes_at is None:
        return None
    day = letter.closes_at.astimezone(zone).date() - timedelta(days=1)
    return datetime.combine(day, _NOON, tzinfo=zone)


def _unchanged(work: Work, letter: Dossier) -> Dossier | None:
    """The letter as read in this transaction; None if it changed since it was first read."""
    current = records.find(work.tx, letter.id)
    return current if current == letter else None


# --- in its alert's thread --------------------------------------------------------------------------------------------


def draft_channels(db: Reader, config: Config, now: datetime) -> list[str]:
    """The channels that drafts are about to be posted to and that have to be private."""
    if config.coalition.letters.drafts == "anywhere":
        return []
    due = records.due(db, now)
    entries = [letter.entry for letter in due if letter.entry and letter.shown_version is None]
    return [to.channel for entry in entries for to, _ in notices.alert_threads(db, config, entry)]


def _post_draft(
    job: Job,
    letter: Dossier,
    not_private: notices.NotPrivate,
) -> None:
    """Post the first version of a draft with its documents in its alert's threads in private channels.

    Without a private channel, its author gets it by direct message with the reason. Later versions are not posted.
    """
    if letter.entry is None or letter.shown_version is not None:
        return
    threads = notices.alert_threads(job.db, job.config, letter.entry)
    anywhere = job.config.coalition.letters.drafts == "anywhere"
    problems = {to.channel: notices.why_not_private(to, not_private, anywhere=anywhere) for to, _ in threads}
    if None in problems.values():
        return
    private = [(to, thread) for to, thread in threads if not problems[to.channel]]
    files, trouble = _documents(job.db, job.config, letter, job.now)
    with job.write() as work:
        current = _unchanged(work, letter)
        if current is None:
            return
        card = wording.draft_card(current, lookup.citations_now(work, current), *([trouble] if trouble else []))
        if threads and not private:
            _send_draft_to_author(work, letter, card, problems, files)
        for to, thread in private:
            post(work, to, f"letter:{letter.id}:draft", card, kind=notices.KIND, thread=thread, files=files)
        saving.save_letter(work, replace(current, shown_version=current.version.number))


def _send_draft_to_author(
    work: Work,
    letter: Dossier,
    card: Card,
    problems: Mapping[str, str | None],
    files: tuple[File, ...],
) -> None:
    why = listed([f"{name}: {why}" for name, why in problems.items()], 3)
    line = f"Not posted under its alert, because drafts are posted only to private channels without guests. {why}."
    hint = f"/letter show {letter.name} opens it; `letters.drafts` in coalition.yml changes this."
    card = replace(card, lines=(Line(line), *card.lines), foot=hint)
    notices.send_to_person(
        work, letter.created_by, f"letter:{letter.id}:draft", card, files=files, needs=notices.STAFF_ONLY
    )


def _documents(db: Reader, config: Config, letter: Dossier, now: datetime) -> tuple[tuple[File, ...], str]:
    """The letter's documents, or none and the reason."""
    try:
        return publish.render_published(db, config, letter, now), ""
    except (NotAddressable, DocumentProblem, Refused) as problem:
        return (), f"Its documents could not be rendered: {problem}"


# --- reminder, lock ---------------------------------------------------------------------------------------------------


def _remind(job: Job, letter: Dossier) -> None:
    """Remind members once, at noon of the day before the deadline."""
    at = remind_at(letter, job.config.coalition.tz)
    if not letter.is_open(job.now) or letter.reminded_at or at is None or job.now < at:
        return
    with job.write() as work:
        if current := _unchanged(work, letter):
            opening.send_reminders(work, current)


def _lock(job: Job, letter: Dossier) -> None:
    """Lock a letter at its deadline; if that is refused, tell its author (or the administrators) why, once."""
    if letter.state is not State.OPEN or letter.closes_at is None or job.now < letter.closes_at:
        return
    try:
        with job.write() as work:
            if current := _unchanged(work, letter):
                publish.lock_letter(work, current)
                event = f"locked at its deadline, text {letter.version.mark}"
                audit.write_of_bot(work, "letter lock", letter.name, letter.state.value, event)
    except Refused as refused:
        card = Card(
            mark=Mark.LETTER,
            head=f"{letter.name} could not be locked at its deadline",
            lines=(Line(refused.what),),
            buttons=(Button("Open", "letter show", wording.letter_args(letter)),),
        )
        name = f"letter:{letter.id}:unlocked:{letter.closes_at:%Y%m%d%H%M}"
        with job.write() as work:
            notices.send_to_first(work, (letter.created_by,), name, card)
            records.mark_tried(work.tx, letter.id, job.now)


# --- the locked letter ------------------------------------------------------------------------------------------------


def _publish(job: Job, letter: Dossier) -> None:
    """Post the locked letter with its documents to the sign-on channel, its author and its signers.

    If the documents cannot be rendered, nothing is posted, the author is notified once, and the step is retried later.
    """
    if letter.locked_at is None or letter.published_at is not None:
        return
    files, trouble = _documents(job.db, job.config, letter, job.now)
    with job.write() as work:
        current = _unchanged(work, letter)
        if current is None:
            return
        if trouble:
            card, name = wording.documents_failed_card(letter, trouble), f"letter:{letter.id}:unprinted"
            notices.send_to_first(work, (letter.created_by,), name, card)
            records.mark_tried(work.tx, letter.id, job.now)
            return
        card = wording.locked_card(notices.sign_on_status(work.tx, job.config, current, job.now))
        name = f"letter:{letter.id}:locked"
        if to := notices.sign_on_channel(job.config):
            thread = to.thread(notices.thread_key(letter))
            post(work, to, name, card, kind=notices.KIND, thread=thread, files=files)
        pdf = tuple(file for file in files if file.name.endswith(".pdf"))
        for person in dict.fromkeys((letter.created_by, *notices.signers(work.tx, job.config, current))):
            attached = files if person == letter.created_by else pdf
            notices.send_to_person(work, person, name, card, files=attached)
        saving.save_letter(work, replace(current, published_at=job.now))


# --- following up -----------------------------------------------------------------------------------------------------


def _follow_up(job: Job) -> None:
    """Remind the person who logged a letter as sent (or its author) on the follow-up day, once."""
    due = records.mail_to_follow_up(job.db, job.config.coalition.day(job.now))
    for letter_id, mail in due:
        with job.write() as work:
            letter = records.find(work.tx, letter_id)
            if letter is None:
                continue
            days = (job.config.coalition.day(job.now) - mail.on).days
            card = Card(
                mark=Mark.LETTER,
                head=f"{letter.name}: no answer is logged, {number(days, 'day')} after it was sent",
                lines=(Line(f"{short(letter.version.subject, 200)} · to {short(wording.recipients(letter), 160)}"),),
                buttons=(
                    Button("Log an answer", "letter reply", wording.letter_args(letter), "primary"),
                    Button("Close", "letter close", wording.letter_args(letter)),
                    Button("Open", "letter show", wording.letter_args(letter)),
                ),
            )
            name = f"letter:{letter.id}:follow-up:{mail.id}"
            notices.send_to_first(work, (mail.person, letter.created_by), name, card)
            records.mark_followed_up(work.tx, mail.id, job.now)
