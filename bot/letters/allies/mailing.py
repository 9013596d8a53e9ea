"""The mails to outside organizations: each has a link by which its mailbox confirms or disowns a signature.

Anyone can type an address on a public page, so these mails have limits of their own and go after all others. A request
beyond them waits, unmailed, and the first of each network goes before the second of any: made-up ones delay an honest
one little.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from bot.commands.model import Job, Work
from bot.letters import records as letters
from bot.letters import wording
from bot.letters.allies import records
from bot.letters.allies.model import AllyRequest, Stage
from bot.letters.lifecycle import Dossier
from bot.outbox.messages import mail_place, post
from bot.outbox.model import OUTSIDE, PUBLIC_LINK
from bot.shared.calendar import moment_in_words
from bot.shared.card import Card, Line, Mark
from bot.shared.wording import short
from bot.store.database import Reader

CONFIRM_WITHIN: Final = timedelta(days=1)
_AN_HOUR: Final = 100  # mails whose links nobody used, of all letters
_AT_ONCE: Final = 80  # of these; a flood takes them in a minute, and the others are for requests that come after it
_EACH_LOOK: Final = 2  # of the others, five minutes apart
# The same within a day, of one letter: more than the networks that a flood comes from, or it would take a day's mails.
_A_DAY: Final = 600


def room(db: Reader, letter_id: str, now: datetime) -> bool:
    """Whether one more link of the letter may be mailed at once."""
    return (
        records.count_unused_links(db, now - timedelta(hours=1)) < _AT_ONCE
        and records.count_unused_links(db, now - CONFIRM_WITHIN, letter_id) < _A_DAY
    )


def mail_waiting(job: Job) -> None:
    """Mail the links that waited and now may go, the newest first: made-up ones are older than the next honest one."""
    if not records.letters_with_page(job.db):
        return
    with job.write() as work:
        since = work.now - CONFIRM_WITHIN
        hour = records.count_unused_links(work.tx, work.now - timedelta(hours=1))
        most = max(_AT_ONCE - hour, 0) + min(_EACH_LOOK, max(_AN_HOUR - max(hour, _AT_ONCE), 0))
        with_page = (letters.find(work.tx, id_) for id_ in records.letters_with_page(work.tx))
        signable = {letter.id: letter for letter in with_page if letter and letter.is_open(work.now)}
        left = {id_: _A_DAY - records.count_unused_links(work.tx, since, id_) for id_ in signable}
        # Once a letter has had its day's mails, the others' links are looked up again: its flood delays none of theirs.
        while most and (waiting := records.without_link(work.tx, since, [id_ for id_ in left if left[id_] > 0], most)):
            for request in waiting:
                if left[request.letter] > 0:
                    mail_link(work, signable[request.letter], request)
                    left[request.letter] -= 1
                    most -= 1


def mail_link(work: Work, letter: Dossier, request: AllyRequest) -> None:
    """Mail the link with which the request is confirmed or disowned."""
    who = request.given
    asked = Line(f"Someone asked that {who.legal_name} sign it, with {who.signatory}, {who.title}, as the signatory.")
    # No typed word is in the subject: it would go to any address under the coalition's name.
    _mail(work, letter, request, "link", f"Confirm your organization's signature on {letter.name}", asked)


def ask_again(work: Work, letter: Dossier) -> int:
    """Ask the organizations that confirmed an earlier text to confirm the changed one; return how many."""
    earlier = [
        request
        for request in records.requests(work.tx, (Stage.CONFIRMED, Stage.ACCEPTED), letter.id)
        if request.digest != letter.version.digest
    ]
    for request in earlier:
        line = Line(f"{request.given.legal_name} signed an earlier text, which no longer counts.")
        head = f"{letter.name} changed: confirm that you sign the new text"
        _mail(work, letter, request, letter.version.digest, head, line)
    return len(earlier)


def _mail(work: Work, letter: Dossier, request: AllyRequest, event: str, head: str, line: Line) -> None:
    coalition, secret = work.config.coalition, f"{work.new_id()}{work.new_id()}"
    records.add_link(work.tx, request.id, secret, work.now)
    closes = letter.closes_at.astimezone(work.zone) if letter.closes_at else None
    until = f" until {moment_in_words(closes)} {closes:%Z}" if closes else ""
    subject = short(letter.version.subject, 120)
    card = Card(
        mark=Mark.SIGN_ON,
        head=head,
        lines=(
            Line(f"{coalition.name} asks other organizations to sign its letter “{subject}”{until}."),
            *map(Line, wording.introduction(letter)),
            line,
            Line("Read the letter, then confirm or say that you did not sign", f"{work.config.site}/ally/{secret}"),
            Line("Opening the page does nothing. Only its buttons do."),
            Line("After you confirm, someone at the coalition reviews it before it is shown or counted."),
        ),
    )
    name = f"letter:{letter.id}:{event}:{work.new_id()}"
    post(work, mail_place(request.id, OUTSIDE), name, card, kind=PUBLIC_LINK)
