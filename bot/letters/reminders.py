"""Scheduled steps of letters: post a draft in its alert's thread, remind, lock at the deadline, publish, follow up,
report what became untrue.

Documents are rendered before a transaction is opened. Each step has its own transaction, so that one failing letter
does not stop the others.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Final

from bot.commands.model import Job, Work
from bot.config.load import Config
from bot.letters import gates, lookup, notices, opening, records, wording
from bot.letters.documents import office_mail, publish
from bot.letters.lifecycle import Dossier, State
from bot.outbox.messages import post
from bot.people import audit
from bot.shared.card import Line
from bot.shared.errors import Problem
from bot.shared.plain_text import short_hash
from bot.shared.wording import listed, number, short
from bot.store.database import Reader, StoreError, update_rows

log = logging.getLogger(__name__)

_NOON: Final = time(12)
_DAY: Final = timedelta(days=1)
_UNSENT: Final = (State.DRAFT, State.REVIEW, State.APPROVED, State.OPEN, State.LOCKED)


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


def _unchanged(work: Work, letter: Dossier) -> Dossier | None:
    """The letter as read in this transaction; None if it changed since it was first read."""
    current = records.find(work.tx, letter.id)
    return current if current == letter else None


def draft_channels(db: Reader, config: Config, now: datetime) -> list[str]:
    """The channels that drafts are about to be posted to and that have to be private."""
    if config.coalition.letters.drafts == "anywhere":
        return []
    due = records.due(db, now)
    entries = [letter.entry for letter in due if letter.entry and letter.shown_version is None]
    return [to.channel for entry in entries for to, _ in notices.alert_threads(db, config, entry)]


def _post_draft(job: Job, letter: Dossier, not_private: notices.NotPrivate) -> None:
    """Post the first version of a draft with its documents in its alert's threads in private channels.

    Without a private channel, its author gets it by direct message with the reason. Later versions are not posted.
    """
    if letter.entry is None or letter.shown_version is not None:
        return
    threads = notices.alert_threads(job.db, job.config, letter.entry)
    problems = {to.channel: notices.why_not_private(job.config, to, not_private) for to, _ in threads}
    if None in problems.values():
        return
    private = [(to, thread) for to, thread in threads if not problems[to.channel]]
    files, trouble = publish.documents(job.db, job.config, letter, job.now)
    with job.write() as work:
        current = _unchanged(work, letter)
        if current is None:
            return
        card = wording.draft_card(current, lookup.citations_now(work, current), *([trouble] if trouble else []))
        if threads and not private:
            why = listed([f"{name}: {why}" for name, why in problems.items()], 3)
            line = "Not posted under its alert, because drafts are posted only to private channels without guests."
            hint = f"/letter show {letter.name} opens it; `letters.drafts` in coalition.yml changes this."
            alone = replace(card, lines=(Line(f"{line} {why}."), *card.lines), foot=hint)
            notices.send(work, letter, "draft", alone, letter.created_by, files=files, needs=notices.STAFF_ONLY)
        for to, thread in private:
            post(work, to, f"letter:{letter.id}:draft", card, kind=notices.KIND, thread=thread, files=files)
        notices.save_letter(work, replace(current, shown_version=current.version.number))


def _remind(job: Job, letter: Dossier) -> None:
    """Remind members once, at noon of the day before the deadline, but not within a day of being asked."""
    if not letter.is_open(job.now) or letter.reminded_at or letter.closes_at is None:
        return
    zone = job.config.coalition.tz
    noon = datetime.combine(letter.closes_at.astimezone(zone).date() - _DAY, _NOON, tzinfo=zone)
    if job.now < max(noon, records.asked_at(job.db, letter.id) + _DAY):
        return
    with job.write() as work:
        if current := _unchanged(work, letter):
            opening.send_reminders(work, current)


def _lock(job: Job, letter: Dossier) -> None:
    """Lock a letter at its deadline; if that is refused, tell its author (or the administrators) why, once."""
    if letter.state not in (State.OPEN, State.REVIEW) or not letter.has_closed(job.now):
        return
    try:
        with job.write() as work:
            if current := _unchanged(work, letter):
                publish.lock_letter(work, current)
                event = f"locked at its deadline, text {letter.version.mark}"
                audit.write_of_bot(work, "letter lock", letter.name, letter.state.value, event)
    except Problem as problem:
        card = wording.notice(letter, f"{letter.name} could not be locked at its deadline", problem.what)
        with job.write() as work:
            notices.send_to_first(work, letter, f"unlocked:{letter.closes_at:%Y%m%d%H%M}", card, letter.created_by)
            records.mark_tried(work.tx, letter.id, job.now)


def _publish(job: Job, letter: Dossier) -> None:
    """Post the locked letter with its documents to the sign-on channel, its author and its signers.

    If the documents cannot be rendered, nothing is posted, the author is notified once, and the step is retried later.
    """
    if letter.locked_at is None or letter.published_at is not None:
        return
    files, trouble = publish.documents(job.db, job.config, letter, job.now)
    with job.write() as work:
        current = _unchanged(work, letter)
        if current is None:
            return
        if trouble:
            head = f"{letter.name} is locked, but its documents are not posted yet"
            retry = "The bot retries until they can be rendered, then posts them."
            card = wording.notice(letter, head, trouble, retry)
            notices.send_to_first(work, letter, "unprinted", card, letter.created_by)
            records.mark_tried(work.tx, letter.id, job.now)
            return
        card = wording.locked_card(notices.sign_on_status(work.tx, job.config, current, job.now))
        if to := notices.sign_on_channel(job.config):
            thread = to.thread(notices.thread_key(letter))
            post(work, to, f"letter:{letter.id}:locked", card, kind=notices.KIND, thread=thread, files=files)
        pdf = tuple(file for file in files if file.name.endswith(".pdf"))
        notices.send(work, letter, "locked", card, letter.created_by, files=files)
        signers = (person for person in notices.signers(work.tx, job.config, current) if person != letter.created_by)
        notices.send(work, letter, "locked", card, *signers, files=pdf)
        notices.save_letter(work, replace(current, published_at=job.now))


def _follow_up(job: Job) -> None:
    """Remind the person who logged a letter as sent (or its author) on the follow-up day, once."""
    today = job.config.coalition.day(job.now)
    for letter_id, mail in records.mail_to_follow_up(job.db, today):
        with job.write() as work:
            letter = records.get(work.tx, letter_id)
            head = f"{letter.name}: no answer is logged, {number((today - mail.on).days, 'day')} after it was sent"
            what = f"{short(letter.version.subject, 200)} · to {short(wording.recipients(letter), 160)}"
            buttons = (
                wording.step_button(letter, "Log an answer", "letter reply", "primary"),
                wording.step_button(letter, "Close", "letter close"),
                wording.open_button(letter),
            )
            card = wording.notice(letter, head, what, buttons=buttons)
            notices.send_to_first(work, letter, f"follow-up:{mail.id}", card, mail.person, letter.created_by)
            update_rows(work.tx, "letter_mail", {"followed_up_at": job.now}, id=mail.id)


def look(job: Job, *, not_private: notices.NotPrivate) -> None:
    """Compare every unsent letter with today's facts and people, and report those that are out of date."""
    for letter in records.letters(job.db, _UNSENT):
        try:
            _look_at(job, letter, not_private)
            if letter.state is State.OPEN:
                notices.follow_people(job, letter)
        except StoreError:
            raise
        except Exception:  # the other letters are looked at
            log.exception("The facts of letter %s could not be compared", letter.name)


def _look_at(job: Job, letter: Dossier, not_private: notices.NotPrivate) -> None:
    verdict = gates.verdict_or_refusal(job.db, job.config, letter, job.now)
    names = letter.facts.get("names", {}) | ({} if letter.locked_at else verdict.names)
    facts = {**letter.facts, "names": names}
    if facts == letter.facts and verdict.reasons == letter.untrue:
        return
    with job.write() as work:
        if records.find(work.tx, letter.id) != letter:
            return  # someone changed it; the next look sees that
        records.save_look(work.tx, letter.id, facts, verdict.reasons)
        current = replace(letter, facts=facts, untrue=verdict.reasons)
        was_reported = verdict.reasons == letter.untrue or (letter.untrue and letter.state is State.DRAFT)
        if verdict.reasons and not was_reported:
            _report(work, current, not_private, again=verdict.again)
        notices.refresh_cards(work, current)


def _report(work: Work, letter: Dossier, not_private: notices.NotPrivate, *, again: bool) -> None:
    buttons = (*((gates.draft_again(letter),) if again else ()), wording.open_button(letter))
    card = wording.notice(letter, f"{letter.name} is out of date", *letter.untrue, buttons=buttons)
    card = replace(card, byline=f"{letter.state.value} · to {wording.recipients(letter)}")
    change = short_hash("\n".join(letter.untrue))
    event = f"untrue:{letter.version.number}:{change}:{work.today}"  # it may have been true again meanwhile
    name = f"letter:{letter.id}:{event}"
    notices.send_to_first(work, letter, event, card, letter.created_by)
    # Where the letter was posted: its sign-on card's thread, and its alert's threads in private channels.
    to = notices.sign_on_channel(work.config)
    if to and any(not organization for _, organization, *_ in records.cards(work.tx, letter.id)):
        post(work, to, name, card, kind=notices.KIND, thread=to.thread(notices.thread_key(letter)))
    threads = notices.alert_threads(work.tx, work.config, letter.entry) if letter.entry and letter.shown_version else []
    for to, thread in threads:
        if notices.why_not_private(work.config, to, not_private) == "":
            post(work, to, name, card, kind=notices.KIND, thread=thread)
