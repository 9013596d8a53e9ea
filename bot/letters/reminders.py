"""Scheduled steps of letters: post a draft in its alert's thread, remind, lock at the deadline, publish, follow up.

Documents are rendered before a transaction is opened. Each step has its own transaction, so that one failing letter
does not stop the others.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.alerts import posted
from bot.commands.model import File, Refused
from bot.config.load import Config
from bot.congress.directory import NotAddressable
from bot.letters import lookup, notices, records, wording
from bot.letters.documents import publish
from bot.letters.lifecycle import Dossier, State
from bot.letters.signon import opening
from bot.outbox.messages import Place, audience_of, place, post
from bot.people import audit
from bot.people.audit import Change
from bot.printing.parts import DocumentProblem
from bot.shared.card import Button, Card, Line, Mark
from bot.shared.wording import listed, number, short
from bot.store.database import Database, Reader, StoreError, Transaction

log = logging.getLogger(__name__)

_NOON: Final = time(12)
# Why the channel with this name is not private; "" if it is, None if its platform was not asked yet.
NotPrivate = Callable[[str], str | None]


def compose(
    db: Database,
    config: Config,
    *,
    not_private: NotPrivate,
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    """Run the due steps of every letter."""
    for letter in records.due(db, config.coalition.id, now):
        try:
            _post_draft(db, config, letter, not_private, now, new_id)
            for step in (_remind, _lock, _publish):
                step(db, config, letter, now, new_id)
        except StoreError:
            raise
        except Exception:  # retried later; the other letters continue
            log.exception("A scheduled step of letter %s failed; it is retried later", letter.name)
            with db.write() as tx:
                records.mark_tried(tx, config.coalition.id, letter.id, now)
    _follow_up(db, config, now, new_id)


def remind_at(letter: Dossier, zone: ZoneInfo) -> datetime | None:
    """Noon of the day before the deadline; None without a deadline."""
    if letter.closes_at is None:
        return None
    day = letter.closes_at.astimezone(zone).date() - timedelta(days=1)
    return datetime.combine(day, _NOON, tzinfo=zone)


def _unchanged(tx: Transaction, config: Config, letter: Dossier) -> Dossier | None:
    """The letter as read in this transaction; None if it changed since it was first read."""
    current = records.find(tx, config.coalition.id, letter.id)
    return current if current == letter else None


# --- in its alert's thread --------------------------------------------------------------------------------------------


def draft_channels(db: Reader, config: Config, now: datetime) -> list[str]:
    """The channels that drafts are about to be posted to and that have to be private."""
    if config.coalition.letters.drafts == "anywhere":
        return []
    due = records.due(db, config.coalition.id, now)
    entries = [letter.entry for letter in due if letter.entry and letter.shown_version is None]
    return [to.channel for entry in entries for to, _ in _alert_threads(db, config, entry)]


def _post_draft(
    db: Database,
    config: Config,
    letter: Dossier,
    not_private: NotPrivate,
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    """Post the first version of a draft with its documents in its alert's threads in private channels.

    Without a private channel, its author gets it by direct message with the reason. Later versions are not posted.
    """
    if letter.entry is None or letter.shown_version is not None:
        return
    threads = _alert_threads(db, config, letter.entry)
    anywhere = config.coalition.letters.drafts == "anywhere"
    problems = {to.channel: "" if anywhere else not_private(to.channel) for to, _ in threads}
    if None in problems.values():
        return
    private = [(to, thread) for to, thread in threads if not problems[to.channel]]
    files, trouble = _documents(db, config, letter, now)
    with db.write() as tx:
        current = _unchanged(tx, config, letter)
        if current is None:
            return
        citations = lookup.citations_of(tx, config.coalition, current, config.coalition.day(now))
        card = wording.draft_card(current, citations, *([trouble] if trouble else []))
        if threads and not private:
            _send_draft_to_author(tx, config, letter, card, problems, files, now, new_id)
        for to, thread in private:
            post(
                tx, config.coalition.id, to, f"letter:{letter.id}:draft", card, kind=notices.KIND, now=now,
                new_id=new_id, thread=thread, files=files,
            )  # fmt: skip
        records.save(tx, config.coalition.id, replace(current, shown_version=current.version.number))


def _send_draft_to_author(
    tx: Transaction,
    config: Config,
    letter: Dossier,
    card: Card,
    problems: Mapping[str, str | None],
    files: tuple[File, ...],
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    why = listed([f"{name}: {why}" for name, why in problems.items()], 3)
    line = f"Not posted under its alert, because drafts are posted only to private channels without guests. {why}."
    hint = f"/letter show {letter.name} opens it; `letters.drafts` in coalition.yml changes this."
    card = replace(card, lines=(Line(line), *card.lines), foot=hint)
    notices.send_to_person(
        tx, config, letter.created_by, f"letter:{letter.id}:draft", card, now=now, new_id=new_id, files=files,
        needs=notices.STAFF_ONLY,
    )  # fmt: skip


def _alert_threads(db: Reader, config: Config, entry: str) -> list[tuple[Place, str]]:
    """The places and threads in which the alert was posted, one per channel."""
    threads = {audience_of(row["key"]): row["thread"] for row in posted.deliveries_of(db, config.coalition.id, entry)}
    return [
        (place(audience, config.feeds), thread)
        for audience, thread in threads.items()
        if thread and audience in config.feeds.channels
    ]


def _documents(db: Reader, config: Config, letter: Dossier, now: datetime) -> tuple[tuple[File, ...], str]:
    """The letter's documents, or none and the reason."""
    try:
        return publish.render_published(db, config, letter, now), ""
    except (NotAddressable, DocumentProblem, Refused) as problem:
        return (), f"Its documents could not be rendered: {problem}"


# --- reminder, lock ---------------------------------------------------------------------------------------------------


def _remind(db: Database, config: Config, letter: Dossier, now: datetime, new_id: Callable[[], str]) -> None:
    """Remind members once, at noon of the day before the deadline."""
    at = remind_at(letter, config.coalition.tz)
    is_open = letter.state is State.OPEN and letter.closes_at is not None and now < letter.closes_at
    if not is_open or letter.reminded_at or at is None or now < at:
        return
    with db.write() as tx:
        if current := _unchanged(tx, config, letter):
            opening.send_reminders(tx, config, current, now=now, new_id=new_id)


def _lock(db: Database, config: Config, letter: Dossier, now: datetime, new_id: Callable[[], str]) -> None:
    """Lock a letter at its deadline; if that is refused, tell its author (or the administrators) why, once."""
    if letter.state is not State.OPEN or letter.closes_at is None or now < letter.closes_at:
        return
    try:
        with db.write() as tx:
            if current := _unchanged(tx, config, letter):
                publish.lock_letter(tx, config, current, now=now, new_id=new_id)
                _audit_lock(tx, config, letter, "locked at its deadline", now, new_id)
    except Refused as refused:
        card = Card(
            mark=Mark.LETTER,
            head=f"{letter.name} could not be locked at its deadline",
            lines=(Line(refused.what),),
            buttons=(Button("Open", "letter show", wording.letter_args(letter)),),
        )
        name = f"letter:{letter.id}:unlocked:{letter.closes_at:%Y%m%d%H%M}"
        with db.write() as tx:
            notices.send_to_first(tx, config, (letter.created_by,), name, card, now=now, new_id=new_id)
            records.mark_tried(tx, config.coalition.id, letter.id, now)


def _audit_lock(
    tx: Transaction, config: Config, letter: Dossier, event: str, now: datetime, new_id: Callable[[], str]
) -> None:
    change = Change(
        at=now, person=None, who="the bot", origin="", command="letter lock", subject=letter.name,
        before=letter.state.value, after=f"{event}, text {letter.version.mark}",
    )  # fmt: skip
    audit.write(tx, config.coalition.id, change, new_id=new_id)


# --- the locked letter ------------------------------------------------------------------------------------------------


def _publish(db: Database, config: Config, letter: Dossier, now: datetime, new_id: Callable[[], str]) -> None:
    """Post the locked letter with its documents to the sign-on channel, its author and its signers.

    If the documents cannot be rendered, nothing is posted, the author is told once, and the step is retried later.
    """
    if letter.locked_at is None or letter.published_at is not None:
        return
    files, trouble = _documents(db, config, letter, now)
    with db.write() as tx:
        current = _unchanged(tx, config, letter)
        if current is None:
            return
        if trouble:
            card, name = wording.documents_failed_card(letter, trouble), f"letter:{letter.id}:unprinted"
            notices.send_to_first(tx, config, (letter.created_by,), name, card, now=now, new_id=new_id)
            records.mark_tried(tx, config.coalition.id, letter.id, now)
            return
        card = wording.locked_card(notices.sign_on_status(tx, config, current, now))
        name = f"letter:{letter.id}:locked"
        if to := notices.sign_on_channel(config):
            post(
                tx, config.coalition.id, to, name, card, kind=notices.KIND, now=now, new_id=new_id,
                thread=to.thread(notices.thread_key(letter)), files=files,
            )  # fmt: skip
        pdf = tuple(file for file in files if file.name.endswith(".pdf"))
        for person in dict.fromkeys((letter.created_by, *notices.signers(tx, config, current))):
            attached = files if person == letter.created_by else pdf
            notices.send_to_person(tx, config, person, name, card, now=now, new_id=new_id, files=attached)
        records.save(tx, config.coalition.id, replace(current, published_at=now))


# --- following up -----------------------------------------------------------------------------------------------------


def _follow_up(db: Database, config: Config, now: datetime, new_id: Callable[[], str]) -> None:
    """Remind the person who logged a letter as sent (or its author) on the follow-up day, once."""
    due = records.mail_to_follow_up(db, config.coalition.id, config.coalition.day(now))
    for letter_id, mail in due:
        with db.write() as tx:
            letter = records.find(tx, config.coalition.id, letter_id)
            if letter is None:
                continue
            days = (config.coalition.day(now) - mail.on).days
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
            notices.send_to_first(tx, config, (mail.person, letter.created_by), name, card, now=now, new_id=new_id)
            records.mark_followed_up(tx, config.coalition.id, mail.id, now)
