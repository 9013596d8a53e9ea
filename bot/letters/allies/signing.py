"""What an outside organization does on a letter's public page: ask to sign, confirm by mail, or disown a signature.

Nothing is shown or counted before someone confirmed from the organization's address and a person of the coalition
accepted it. Only pressed buttons come here: mail scanners open every link, and some run scripts.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.commands.model import Refused, Work
from bot.config.load import Config
from bot.letters import lifecycle, lookup, notices, saving, wording
from bot.letters import records as letters
from bot.letters.allies import records
from bot.letters.allies.model import AllyRequest, Given, Stage
from bot.letters.lifecycle import Decision, Dossier, State
from bot.letters.model import Evidence
from bot.outbox.messages import mail_place, post
from bot.outbox.model import LINK, OUTSIDE
from bot.people import requests
from bot.people.members import Lookalikes, names_of
from bot.shared.calendar import day_in_words
from bot.shared.card import Button, Card, Line, Mark
from bot.shared.wording import short
from bot.store import memo
from bot.store.database import Reader

_OF_DOMAIN: Final = 10  # requests a day
_MAX_REQUESTS: Final = 10_000  # under one letter
_CHANGING: Final = (State.REVIEW, State.APPROVED)
_GONE: Final = "This letter has no sign-on page. The link may be old."


@dataclass(frozen=True, slots=True)
class Signer:
    """An organization as a public page lists it; an ally's signatory and title only if it wishes."""

    legal_name: str
    signatory: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A letter's public page: its newest text that was opened, who signs that, and whether others can sign now.

    `is_changing`: the coalition works on a new text, which can be signed once it is approved.
    """

    letter: Dossier
    members: tuple[Signer, ...]
    allies: tuple[Signer, ...]
    is_open: bool
    is_changing: bool


def page(db: Reader, config: Config, key: str, now: datetime) -> Page | None:
    """The public page of the letter with this number or id; None if it has none."""
    cid = config.coalition.id
    letter = letters.find(db, cid, key, opened=True)
    if letter is None or letter.state is State.WITHDRAWN or not records.has_page(db, cid, letter.id):
        return None
    members, allies = signers(db, config, letter)
    return Page(
        letter=letter,
        members=members,
        allies=allies,
        is_open=_is_open(letter, now),
        is_changing=letter.state in _CHANGING,
    )


def signers(db: Reader, config: Config, letter: Dossier) -> tuple[tuple[Signer, ...], tuple[Signer, ...]]:
    """Return the members and the allies under the letter's current text, as a public page may list them."""
    wishes = {
        request.organisation: request.given.listed
        for request in records.requests(db, config.coalition.id, (Stage.ACCEPTED,), letter.id)
    }
    signed = lookup.signed_organizations(db, config.coalition, letter)
    members, allies = list[Signer](), list[Signer]()
    for (id_, sign_on), printed in zip(signed.items(), lookup.printed(signed.values()), strict=True):
        is_member = id_ in config.coalition.members
        if is_member or wishes.get(id_):
            signer = Signer(printed.organisation, printed.signatory, printed.title)
        else:
            signer = Signer(sign_on.legal_name)
        (members if is_member else allies).append(signer)
    return tuple(members), tuple(allies)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedLetter:
    """What the page behind a mailed link shows. `counts`: the request confirmed this text; `shown`: for `confirm`."""

    request: AllyRequest
    letter: Dossier
    shown: str
    counts: bool
    is_open: bool


def linked_letter(db: Reader, config: Config, secret: str, now: datetime) -> LinkedLetter:
    """The request of a link, and its letter's newest text that was opened. Raises `Refused`."""
    request = linked(db, config, secret)
    letter = letters.find(db, config.coalition.id, request.letter, opened=True)
    if letter is None or letter.state is State.WITHDRAWN:
        raise Refused(_GONE)
    text = letter.version.digest
    return LinkedLetter(
        request=request,
        letter=letter,
        shown=digest_shown(request, text),
        counts=request.stage in (Stage.CONFIRMED, Stage.ACCEPTED) and request.digest == text,
        is_open=_is_open(letter, now) and records.has_page(db, config.coalition.id, letter.id),
    )


def ask(work: Work, key: str, given: Given, *, network: str) -> None:
    """Store a request to sign, and mail its link to the address.

    `network`: where the request came from, such as 192.0.2.0/24; only its keyed hash is stored, for a day. A refused
    request stays refused and is mailed nothing; who asks does not learn that. Raises `Refused`.
    """
    cid = work.coalition_id
    letter = _open_letter(work, key)
    if member := Lookalikes(names_of(work.tx, work.config.coalition)).same(given.legal_name):
        name = work.config.coalition.members[member].name
        raise Refused(
            f"{name} is a member of the coalition. Its representative signs there, not here.", param="legal_name"
        )
    _count(work, given, network)
    before = records.from_address(work.tx, cid, letter.id, given.address)
    if before is None:
        if records.count(work.tx, cid, letter.id) >= _MAX_REQUESTS:
            raise Refused("This letter takes no more signatures here. Write to the coalition.")
        number = memo.next_number(work.tx, cid, "ally request")
        request = AllyRequest(
            id=work.new_id(), number=number, letter=letter.id, given=given, digest=letter.version.digest,
            stage=Stage.ASKED, asked_at=work.now,
        )  # fmt: skip
    elif before.stage in (Stage.ASKED, Stage.DISOWNED):
        request = replace(before, given=given, digest=letter.version.digest, stage=Stage.ASKED, asked_at=work.now)
    elif before.stage is Stage.REFUSED:
        return
    else:
        request = before
    records.save(work.tx, cid, request)
    mail_link(work, letter, request)


def confirm(work: Work, secret: str, shown: str) -> AllyRequest:
    """Confirm from the organization's mailbox that it signs what it was shown: `shown` is that `digest_shown`.

    An organization that was accepted before signs a changed text at once. Raises `Refused`.
    """
    cid = work.coalition_id
    request = linked(work.tx, work.config, secret)
    letter = _open_letter(work, request.letter)
    text = letter.version.digest
    if shown != digest_shown(request, text):
        raise Refused("Something changed after you opened this page. Read it again, then confirm.", param="shown")
    if request.stage is Stage.REFUSED:
        raise Refused("The coalition decided not to add this signature. Write to the coalition if you have questions.")
    if request.stage is Stage.ACCEPTED:
        confirmed = replace(request, digest=text, confirmed_at=work.now)
        signed = letters.sign_ons(work.tx, cid, letter.id)[request.organisation]
        if not signed.counts(letter.version):
            again = replace(signed, decision=Decision.SIGNED, digest=text, at=work.now)
            saving.save_sign_ons(work, letter, [again])
            notices.refresh_cards(work, letter, only=request.organisation)
    else:
        confirmed = replace(request, digest=text, confirmed_at=work.now, stage=Stage.CONFIRMED)
        _tell_of_waiting(work, letter)
    records.save(work.tx, cid, confirmed)
    return confirmed


def disown(work: Work, secret: str) -> AllyRequest:
    """Take an organization's request or signature away, as its mailbox asks; possible at any time.

    After the lock the letter stays as it is, and the staff get a message. Raises `Refused`.
    """
    cid = work.coalition_id
    request = linked(work.tx, work.config, secret)
    if request.stage is Stage.DISOWNED:
        return request
    letter = letters.find(work.tx, cid, request.letter)
    assert letter is not None, "a request goes with its letter"
    records.save(work.tx, cid, replace(request, stage=Stage.DISOWNED))
    signed = letters.sign_ons(work.tx, cid, letter.id).get(request.organisation)
    if request.stage is not Stage.ACCEPTED or signed is None or signed.decision is not Decision.SIGNED:
        return request
    is_locked = letter.locked_at is not None
    if not is_locked:
        saving.save_sign_ons(work, letter, [replace(signed, decision=Decision.WITHDRAWN, at=work.now)])
        notices.refresh_cards(work, letter, only=request.organisation)
    _tell_staff(
        work,
        letter,
        f"disowned:{request.id}",
        f"{request.given.legal_name} says it did not sign {letter.name}",
        "The letter is locked: correct it with its recipients." if is_locked else "Its signature is removed.",
    )
    return request


def digest_shown(request: AllyRequest, text: str) -> str:
    """A digest of what the confirmation page shows: the letter's text (its digest) and who signs it."""
    return hashlib.sha256(repr((text, request.given)).encode()).hexdigest()


def linked(db: Reader, config: Config, secret: str) -> AllyRequest:
    """The request of a mailed link. Raises `Refused`."""
    request = records.linked(db, config.coalition.id, secret)
    if request is None:
        raise Refused("This link is not known. Ask to sign again on the letter's page.")
    return request


def sign_on_of(request: AllyRequest, *, person: str, accepted_by: str, now: datetime) -> lifecycle.SignOn:
    """The signature that an accepted request becomes, with its evidence."""
    return lifecycle.SignOn(
        organisation=request.organisation,
        decision=Decision.SIGNED,
        legal_name=request.given.legal_name,
        signatory=request.given.signatory,
        title=request.given.title,
        digest=request.digest,
        evidence=Evidence.PAGE,
        note=f"confirmed from an address at {request.domain}, accepted by {accepted_by}",
        person=person,
        at=now,
    )


def _is_open(letter: Dossier, now: datetime) -> bool:
    return letter.state is State.OPEN and letter.closes_at is not None and letter.closes_at > now


def _open_letter(work: Work, key: str) -> Dossier:
    """The letter, if it has a public page and can be signed now. Raises `Refused`."""
    letter = letters.find(work.tx, work.coalition_id, key)
    if letter is None or not records.has_page(work.tx, work.coalition_id, letter.id):
        raise Refused(_GONE)
    if letter.state in _CHANGING:
        raise Refused("The coalition is working on a new text. You will get an email when you can sign it.")
    if not _is_open(letter, work.now):
        raise Refused("Sign-on for this letter has closed. Write to the coalition if you are late.")
    return letter


def _count(work: Work, given: Given, network: str) -> None:
    """Count this request against the day's limits. Raises `Refused`."""
    mailbox = requests.one_mailbox(given.address)
    domain = mailbox.rpartition("@")[2]
    requests.count_request(
        work,
        (
            (f"address {mailbox}", requests.OF_ADDRESS),
            (f"domain {domain}", _OF_DOMAIN),
            (f"network {network}", requests.OF_NETWORK),
        ),
    )


def _tell_of_waiting(work: Work, letter: Dossier) -> None:
    """Tell the letter's author that allies wait to be accepted, once a day for each letter."""
    _tell_staff(
        work,
        letter,
        f"allies:{work.today.isoformat()}",
        f"Organizations ask to sign {letter.name}",
        "They confirmed from their own addresses. No one is shown or counted until you accept them.",
    )


def _tell_staff(work: Work, letter: Dossier, event: str, head: str, line: str) -> None:
    card = Card(
        mark=Mark.SIGN_ON,
        head=head,
        lines=(Line(line),),
        buttons=(
            Button("Allies", "allies list", wording.letter_args(letter)),
            Button("Open", "letter show", wording.letter_args(letter)),
        ),
    )
    name = f"letter:{letter.id}:{event}"
    notices.send_to_first(work, (letter.created_by,), name, card)


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
    post(work, mail_place(request.id, OUTSIDE), name, card, kind=LINK)
