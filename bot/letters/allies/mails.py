"""The mails that ask an organization to confirm: one for each request, and one for each changed text."""

from __future__ import annotations

from bot.commands.model import Work
from bot.config.load import Config
from bot.letters.allies import records
from bot.letters.allies.model import AllyRequest, Stage
from bot.letters.lifecycle import Dossier
from bot.outbox.messages import outside_place, post
from bot.outbox.model import LINK
from bot.shared.calendar import day_in_words
from bot.shared.card import Card, Line, Mark
from bot.shared.wording import short


def sign_page(config: Config, letter: Dossier) -> str:
    """The address of the letter's public page."""
    return f"{config.site}/sign/{letter.name}"


def confirm_page(config: Config, secret: str) -> str:
    """The address of the page on which a request's mailbox confirms or disowns it."""
    return f"{config.site}/ally/{secret}"


def mail_link(work: Work, letter: Dossier, request: AllyRequest) -> None:
    """Mail the link with which the request is confirmed or disowned."""
    who = request.given
    asked = Line(f"Someone asked that {who.legal_name} sign it, with {who.signatory}, {who.title}, as the signatory.")
    _mail(work, letter, request, "link", f"Confirm that {who.legal_name} signs {letter.name}", asked)


def ask_again(work: Work, letter: Dossier) -> int:
    """Ask the organizations that confirmed an earlier text to confirm the changed one; return how many."""
    earlier = [
        request
        for request in records.requests(work.tx, work.coalition_id, (Stage.CONFIRMED, Stage.ACCEPTED), letter.id)
        if request.digest != letter.version.digest
    ]
    for request in earlier:
        line = Line(f"{request.given.legal_name} signed an earlier text, which no longer counts.")
        head = f"{letter.name} changed: confirm that you sign the new text"
        _mail(work, letter, request, letter.version.digest, head, line)
    return len(earlier)


def _mail(work: Work, letter: Dossier, request: AllyRequest, event: str, head: str, line: Line) -> None:
    coalition, secret = work.config.coalition, f"{work.new_id()}{work.new_id()}"
    records.add_link(work.tx, work.coalition_id, request.id, secret, work.now)
    closes = letter.closes_at.astimezone(work.zone) if letter.closes_at else None
    until = f" until {day_in_words(closes.date())} {closes:%H:%M %Z}" if closes else ""
    subject = short(letter.version.subject, 120)
    card = Card(
        mark=Mark.SIGN_ON,
        head=head,
        lines=(
            Line(f"{coalition.name} asks other organizations to sign its letter “{subject}”{until}."),
            line,
            Line("Read the letter, then confirm or say that you did not sign", confirm_page(work.config, secret)),
            Line("Opening the page does nothing. Only its buttons do."),
            Line("After you confirm, someone at the coalition reviews it before it is shown or counted."),
        ),
    )
    name = f"letter:{letter.id}:{event}:{work.new_id()}"
    post(work, outside_place(request.id), name, card, kind=LINK)
