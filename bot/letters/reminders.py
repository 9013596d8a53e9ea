"""What letters do by themselves: stand in their alert's thread, remind once, lock at their deadline, are posted.

Documents are made before a transaction is opened; each letter's step is a transaction of its own, so that one that
cannot go on stops none of the others.
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
from bot.outbox.messages import Place, audience_of, place, say
from bot.people import audit
from bot.people.audit import Change
from bot.printing.parts import DocumentProblem
from bot.shared.card import Button, Card, Line, Mark
from bot.shared.wording import listed, number, short
from bot.store.database import Database, Reader, StoreError, Transaction

log = logging.getLogger(__name__)

_NOON: Final = time(12)
# Why a channel (by its name) is not private, "" where it is; None where its platform was not asked yet.
NotPrivate = Callable[[str], str | None]


def compose(
    db: Database,
    config: Config,
    *,
    not_private: NotPrivate,
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    """Do what is due for every letter."""
    for letter in records.due(db, config.coalition.id, now):
        try:
            _show(db, config, letter, not_private, now, new_id)
            for step in (_remind, _lock, _publish):
                step(db, config, letter, now, new_id)
        except StoreError:
            raise
        except Exception:  # it is tried again after a rest; the other letters go on
            log.exception("%s could not go on", letter.name)
            with db.write() as tx:
                records.tried(tx, config.coalition.id, letter.id, now)
    _follow_up(db, config, now, new_id)


def remind_at(letter: Dossier, zone: ZoneInfo) -> datetime | None:
    """Noon of the day before the deadline."""
    if letter.closes_at is None:
        return None
    day = letter.closes_at.astimezone(zone).date() - timedelta(days=1)
    return datetime.combine(day, _NOON, tzinfo=zone)


def _again(tx: Transaction, config: Config, letter: Dossier) -> Dossier | None:
    """The letter inside the transaction, if it still stands as it was seen."""
    found = records.find(tx, config.coalition.id, letter.id)
    return found if found == letter else None


# --- in its alert's thread --------------------------------------------------------------------------------------------


def draft_channels(db: Reader, config: Config, now: datetime) -> list[str]:
    """The channels that a draft is to be posted to, and that have to be private."""
    if config.coalition.letters.drafts == "anywhere":
        return []
    due = records.due(db, config.coalition.id, now)
    entries = [letter.entry for letter in due if letter.entry and letter.shown_version is None]
    return [to.channel for entry in entries for to, _ in _threads(db, config, entry)]


def _show(
    db: Database,
    config: Config,
    letter: Dossier,
    not_private: NotPrivate,
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    """Post a draft that grew from an alert under it, with its documents, where only members of the channel read it.

    Where there is no such channel, its author gets it by direct message, with the reason. Later versions are the
    staff's to open.
    """
    if letter.entry is None or letter.shown_version is not None:
        return
    threads = _threads(db, config, letter.entry)
    anywhere = config.coalition.letters.drafts == "anywhere"
    unfit = {to.channel: "" if anywhere else not_private(to.channel) for to, _ in threads}
    if None in unfit.values():
        return
    fit = [(to, thread) for to, thread in threads if not unfit[to.channel]]
    files, trouble = _files(db, config, letter, now)
    with db.write() as tx:
        current = _again(tx, config, letter)
        if current is None:
            return
        found = lookup.cited(tx, config.coalition, current, config.coalition.day(now))
        card = wording.saved(current, found, *([trouble] if trouble else []))
        if threads and not fit:
            _to_author(tx, config, letter, card, unfit, files, now, new_id)
        for to, thread in fit:
            say(
                tx, config.coalition.id, to, f"letter:{letter.id}:draft", card, kind=notices.KIND, now=now,
                new_id=new_id, thread=thread, files=files,
            )  # fmt: skip
        records.save(tx, config.coalition.id, replace(current, shown_version=current.version.number))


def _to_author(
    tx: Transaction,
    config: Config,
    letter: Dossier,
    card: Card,
    unfit: Mapping[str, str | None],
    files: tuple[File, ...],
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    why = listed([f"{name}: {why}" for name, why in unfit.items()], 3)
    line = f"Not posted under its alert, because drafts are posted only to private channels without guests. {why}."
    where = f"/letter show {letter.name} opens it; `letters.drafts` in coalition.yml changes this."
    card = replace(card, lines=(Line(line), *card.lines), foot=where)
    notices.to_person(
        tx, config, letter.created_by, f"letter:{letter.id}:draft", card, now=now, new_id=new_id, files=files,
        needs=notices.STAFF_ALONE,
    )  # fmt: skip


def _threads(db: Reader, config: Config, entry: str) -> list[tuple[Place, str]]:
    """Where the alert was said, once a channel."""
    found = {audience_of(row["key"]): row["thread"] for row in posted.deliveries_of(db, config.coalition.id, entry)}
    return [
        (place(audience, config.feeds), thread)
        for audience, thread in found.items()
        if thread and audience in config.feeds.channels
    ]


def _files(db: Reader, config: Config, letter: Dossier, now: datetime) -> tuple[tuple[File, ...], str]:
    """Its documents; or none, and why."""
    try:
        return publish.published(db, config, letter, now), ""
    except (NotAddressable, DocumentProblem, Refused) as problem:
        return (), f"Its documents could not be made: {problem}"


# --- reminder, lock ---------------------------------------------------------------------------------------------------


def _remind(db: Database, config: Config, letter: Dossier, now: datetime, new_id: Callable[[], str]) -> None:
    """Once, at noon of the day before, for a letter that was open by then."""
    at = remind_at(letter, config.coalition.tz)
    open_ = letter.state is State.OPEN and letter.closes_at is not None and now < letter.closes_at
    if not open_ or letter.reminded_at or at is None or now < at:
        return
    with db.write() as tx:
        if current := _again(tx, config, letter):
            opening.reminded(tx, config, current, now=now, new_id=new_id)


def _lock(db: Database, config: Config, letter: Dossier, now: datetime, new_id: Callable[[], str]) -> None:
    """At its deadline; where it cannot be locked, its author is told why, once, or the administrators."""
    if letter.state is not State.OPEN or letter.closes_at is None or now < letter.closes_at:
        return
    try:
        with db.write() as tx:
            if current := _again(tx, config, letter):
                publish.locked(tx, config, current, now=now, new_id=new_id)
                _note(tx, config, letter, "locked at its deadline", now, new_id)
    except Refused as refused:
        card = Card(
            mark=Mark.LETTER,
            head=f"{letter.name} could not be locked at its deadline",
            lines=(Line(refused.what),),
            buttons=(Button("Open", "letter show", wording.about(letter)),),
        )
        name = f"letter:{letter.id}:unlocked:{letter.closes_at:%Y%m%d%H%M}"
        with db.write() as tx:
            notices.to_first(tx, config, (letter.created_by,), name, card, now=now, new_id=new_id)
            records.tried(tx, config.coalition.id, letter.id, now)


def _note(
    tx: Transaction, config: Config, letter: Dossier, what: str, now: datetime, new_id: Callable[[], str]
) -> None:
    change = Change(
        at=now, person=None, who="the bot", origin="", command="letter lock", subject=letter.name,
        before=letter.state.value, after=f"{what}, text {letter.version.mark}",
    )  # fmt: skip
    audit.write(tx, config.coalition.id, change, new_id=new_id)


# --- the locked letter ------------------------------------------------------------------------------------------------


def _publish(db: Database, config: Config, letter: Dossier, now: datetime, new_id: Callable[[], str]) -> None:
    """The locked letter with its documents: in the channel for sign-ons, to its author, and to who signed.

    Nothing is posted without them. Where they cannot be made, its author is told once; they are tried again
    after a rest.
    """
    if letter.locked_at is None or letter.published_at is not None:
        return
    files, trouble = _files(db, config, letter, now)
    with db.write() as tx:
        current = _again(tx, config, letter)
        if current is None:
            return
        if trouble:
            card, name = wording.unprinted(letter, trouble), f"letter:{letter.id}:unprinted"
            notices.to_first(tx, config, (letter.created_by,), name, card, now=now, new_id=new_id)
            records.tried(tx, config.coalition.id, letter.id, now)
            return
        card = wording.locked(notices.sheet(tx, config, current, now))
        name = f"letter:{letter.id}:locked"
        if to := notices.channel(config):
            say(
                tx, config.coalition.id, to, name, card, kind=notices.KIND, now=now, new_id=new_id,
                thread=to.thread(notices.thread(letter)), files=files,
            )  # fmt: skip
        pdf = tuple(file for file in files if file.name.endswith(".pdf"))
        for person in dict.fromkeys((letter.created_by, *notices.signers(tx, config, current))):
            theirs = files if person == letter.created_by else pdf
            notices.to_person(tx, config, person, name, card, now=now, new_id=new_id, files=theirs)
        records.save(tx, config.coalition.id, replace(current, published_at=now))


# --- following up -----------------------------------------------------------------------------------------------------


def _follow_up(db: Database, config: Config, now: datetime, new_id: Callable[[], str]) -> None:
    """Whoever logged it as sent is reminded on the day, once; where they have left, its author."""
    due = records.to_follow_up(db, config.coalition.id, config.coalition.day(now))
    for letter_id, mail in due:
        with db.write() as tx:
            letter = records.find(tx, config.coalition.id, letter_id)
            if letter is None:
                continue
            days = (config.coalition.day(now) - mail.on).days
            card = Card(
                mark=Mark.LETTER,
                head=f"{letter.name}: no answer is logged, {number(days, 'day')} after it was sent",
                lines=(Line(f"{short(letter.version.subject, 200)} · to {short(wording.to(letter), 160)}"),),
                buttons=(
                    Button("Log an answer", "letter reply", wording.about(letter), "primary"),
                    Button("Close", "letter close", wording.about(letter)),
                    Button("Open", "letter show", wording.about(letter)),
                ),
            )
            name = f"letter:{letter.id}:follow-up:{mail.id}"
            notices.to_first(tx, config, (mail.person, letter.created_by), name, card, now=now, new_id=new_id)
            records.followed_up(tx, config.coalition.id, mail.id, now)
