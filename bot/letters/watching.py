"""Look through the letters that were not sent: name their addressees as the directory does, and report what changed.

A letter that is out of date is reported once for each change, to its author, in its alert's thread, and in the sign-on
channel if it is open; the gates (`checks/gates.py`) stop it anyway.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from bot.commands.model import Job, Work
from bot.letters import notices, records, wording
from bot.letters.checks import gates
from bot.letters.lifecycle import Dossier, State
from bot.letters.notices import NotPrivate
from bot.outbox.messages import Place, post
from bot.shared.card import Button, Card, Line, Mark
from bot.shared.plain_text import short_hash
from bot.store.database import StoreError

log = logging.getLogger(__name__)
_UNSENT: Final = (State.DRAFT, State.REVIEW, State.APPROVED, State.OPEN, State.LOCKED)


def look(job: Job, *, not_private: NotPrivate) -> None:
    """Compare every unsent letter with today's facts, and report those that are out of date."""
    for letter in records.letters(job.db, _UNSENT):
        try:
            _look_at(job, letter, not_private)
        except StoreError:
            raise
        except Exception:  # the other letters are looked at
            log.exception("The facts of letter %s could not be compared", letter.name)


def _look_at(job: Job, letter: Dossier, not_private: NotPrivate) -> None:
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


def _report(work: Work, letter: Dossier, not_private: NotPrivate, *, again: bool) -> None:
    card = Card(
        mark=Mark.LETTER,
        head=f"{letter.name} is out of date",
        byline=f"{letter.state.value} · to {wording.recipients(letter)}",
        lines=tuple(map(Line, letter.untrue)),
        buttons=(
            *((gates.draft_again(letter),) if again else ()),
            Button("Open", "letter show", wording.letter_args(letter)),
        ),
    )
    change = short_hash("\n".join(letter.untrue))
    name = f"letter:{letter.id}:untrue:{letter.version.number}:{change}"
    notices.send_to_first(work, (letter.created_by,), name, card)
    for to, thread in _threads(work, letter, not_private):
        post(work, to, name, card, kind=notices.KIND, thread=thread)


def _threads(work: Work, letter: Dossier, not_private: NotPrivate) -> Iterator[tuple[Place, str]]:
    """Where the letter was posted: its sign-on card's thread, and its alert's threads in private channels."""
    to = notices.sign_on_channel(work.config)
    if to and any(not organization for _, organization in records.cards(work.tx, letter.id)):
        yield to, to.thread(notices.thread_key(letter))
    anywhere = work.config.coalition.letters.drafts == "anywhere"
    threads = notices.alert_threads(work.tx, work.config, letter.entry) if letter.entry and letter.shown_version else []
    yield from (
        (to, thread) for to, thread in threads if notices.why_not_private(to, not_private, anywhere=anywhere) == ""
    )
