"""What an outside organization does on a letter's public page: ask to sign, confirm by mail, disown; and its mails."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bot.commands.model import Job, Refused, Work
from bot.config.load import Config
from bot.letters import gates, lifecycle, lookup, notices, wording
from bot.letters import records as letters
from bot.letters.allies import records
from bot.letters.allies.model import AllyRequest, Given, Stage, is_same_owner, registered
from bot.letters.lifecycle import Decision, Dossier, State
from bot.letters.model import Evidence
from bot.outbox.messages import mail_place, post
from bot.outbox.model import OUTSIDE, PUBLIC_LINK
from bot.people import requests
from bot.shared import language
from bot.shared.calendar import deadline_in_words
from bot.shared.card import Button, Card, Line, Mark
from bot.shared.language import gettext, gettext_noop
from bot.shared.wording import short
from bot.store import memo
from bot.store.database import Reader

CONFIRM_WITHIN: Final = timedelta(days=1)
_AN_HOUR: Final = 100  # mails whose links nobody used, of all letters
_AT_ONCE: Final = 80  # of these; a flood takes them in a minute, and the others are for requests that come after it
_EACH_LOOK: Final = 2  # of the others, five minutes apart
# The same within a day, of one letter: more than the networks that a flood comes from, or it would take a day's mails.
_A_DAY: Final = 600
_CROWD: Final = 1_000  # requests a day, after which each network has one
_SAME_REQUEST: Final = timedelta(minutes=10)  # in which pressing Sign again mails nothing
_MAX_CONFIRMED: Final = 10_000  # requests under one letter
_MANY_UNCONFIRMED: Final = 200  # requests under one letter within a day
_CHANGING: Final = (State.REVIEW, State.APPROVED)
_CONFIRMED_AT: Final = "confirmed from an address at"
_GONE: Final = gettext_noop("This letter has no sign-on page. The link may be old.")


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
    with language.speaking(request.language):
        asked = gettext(
            "Someone asked that %(organization)s sign it, with %(signatory)s, %(title)s, as the signatory.",
            organization=who.legal_name, signatory=who.signatory, title=who.title,
        )  # fmt: skip
        # No typed word is in the subject: it would go to any address under the coalition's name.
        name = work.config.coalition.name
        head = gettext("Confirm your organization's signature on a letter from %(coalition)s", coalition=name)
        _mail(work, letter, request, "link", head, asked)


def ask_again(work: Work, letter: Dossier) -> int:
    """Ask the organizations that confirmed an earlier text to confirm the changed one; return how many."""
    earlier = [
        request
        for request in records.requests(work.tx, (Stage.CONFIRMED, Stage.ACCEPTED), letter.id)
        if request.digest != letter.version.digest
    ]
    for request in earlier:
        name, coalition = request.given.legal_name, work.config.coalition.name
        with language.speaking(request.language):
            line = gettext("%(organization)s signed an earlier text, which no longer counts.", organization=name)
            head = gettext("Confirm that you sign the new text of a letter from %(coalition)s", coalition=coalition)
            _mail(work, letter, request, letter.version.digest, head, line)
    return len(earlier)


def _mail(work: Work, letter: Dossier, request: AllyRequest, event: str, head: str, line: str) -> None:
    secret = f"{work.new_id()}{work.new_id()}"
    records.add_link(work.tx, request.id, secret, work.now)
    coalition, subject = work.config.coalition.name, short(letter.version.subject_in(language.current()), 120)
    asks = gettext(
        "%(coalition)s asks other organizations to sign its letter “%(subject)s”.", coalition=coalition, subject=subject
    )
    until = deadline_in_words(letter.closes_at, work.zone)
    page = f"{work.config.site}/ally/{secret}{language.query()}"
    card = Card(
        mark=Mark.SIGN_ON,
        head=head,
        lines=(
            Line(asks),
            *([Line(gettext("Sign until %(until)s.", until=until))] if until else []),
            *map(Line, wording.introduction(letter)),
            Line(line),
            Line(gettext("Read the letter, then confirm or say that you did not sign"), page),
            Line(gettext("Opening the page does nothing. Only its buttons do.")),
            Line(gettext("After you confirm, someone at the coalition reviews it before it is shown or counted.")),
        ),
    )
    name = f"letter:{letter.id}:{event}:{work.new_id()}"
    post(work, mail_place(request.id, OUTSIDE), name, card, kind=PUBLIC_LINK)


@dataclass(frozen=True, slots=True)
class Signer:
    """An organization as a public page lists it; an ally's signatory and title only if it wishes."""

    legal_name: str
    signatory: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOnPage:
    """A letter's public page: its newest text that was opened, who signs that, and whether others can sign now.

    `is_changing`: the coalition works on a new text, which can be signed once it is approved.
    """

    letter: Dossier
    members: tuple[Signer, ...]
    allies: tuple[Signer, ...]
    is_open: bool
    is_changing: bool


def page(db: Reader, config: Config, key: str, now: datetime) -> SignOnPage | None:
    """The public page of the letter with this number or id; None if it has none."""
    letter = letters.find(db, key, opened=True)
    if letter is None or letter.state is State.WITHDRAWN or not records.has_page(db, letter.id):
        return None
    members, allies = signers(db, config, letter)
    return SignOnPage(
        letter=letter,
        members=members,
        allies=allies,
        is_open=letter.is_open(now),
        is_changing=_is_changing(letter, now),
    )


def signers(db: Reader, config: Config, letter: Dossier) -> tuple[tuple[Signer, ...], tuple[Signer, ...]]:
    """Return the members and the allies under the letter's current text, as a public page may list them."""
    wishes = {
        request.organisation: request.given.listed for request in records.requests(db, (Stage.ACCEPTED,), letter.id)
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
    """What the page behind a mailed link shows.

    `counts`: the request confirmed this text; `shown`: for `confirm`; `is_listed`: the organization counts as a signer.
    """

    request: AllyRequest
    letter: Dossier
    shown: str
    counts: bool
    is_open: bool
    is_listed: bool


def linked_letter(db: Reader, secret: str, now: datetime) -> LinkedLetter:
    """The request of a link, and its letter's newest text that was opened. Raises `Refused`."""
    request = linked(db, secret, now)
    letter = letters.find(db, request.letter, opened=True)
    if letter is None or letter.state is State.WITHDRAWN:
        raise Refused(gettext(_GONE))
    text = letter.version.digest
    signed = letters.sign_ons(db, letter.id).get(request.organisation)
    return LinkedLetter(
        request=request,
        letter=letter,
        shown=digest_shown(request, text),
        counts=request.stage in (Stage.CONFIRMED, Stage.ACCEPTED) and request.digest == text,
        is_open=letter.is_open(now) and records.has_page(db, letter.id),
        is_listed=signed is not None and signed.counts(letter.version),
    )


def ask(work: Work, key: str, given: Given, *, network: str) -> None:
    """Store a request to sign, and mail its link to the address.

    `network`: where the request came from, such as 192.0.2.0/24; only its keyed hash is stored, for a day. A refused
    request stays refused, and a mailbox that said that it did not sign is asked no more; neither is mailed anything,
    and who asks does not learn that, nor who is a member of the coalition. Raises `Refused`.
    """
    letter = _open_letter(work, key)
    before = records.from_address(work.tx, letter.id, given.address)
    asked_at = before and (records.last_link_at(work.tx, before.id) or before.asked_at)
    is_new = before is None or (before.stage is Stage.ASKED and before.given != given)
    if not is_new and asked_at and asked_at > work.now - _SAME_REQUEST:
        return
    turn = _count(work, given, network, is_known=before is not None and before.confirmed_at is not None)
    may_mail = requests.may_confirm(work, f"letter {letter.id}", given.address)
    mailbox = requests.one_mailbox(given.address)
    disowned = records.requests(work.tx, (Stage.DISOWNED,), letter.id)
    if any(requests.one_mailbox(request.given.address) == mailbox for request in disowned):
        return  # after counting, or the limits would tell
    if before is None:
        if records.count_confirmed(work.tx, letter.id) >= _MAX_CONFIRMED:
            raise Refused(gettext("This letter takes no more signatures here. Write to the coalition."))
        number, id_, text = memo.next_number(work.tx, "ally request"), work.new_id(), letter.version.digest
        before = AllyRequest(
            id=id_, number=number, letter=letter.id, given=given, digest=text, stage=Stage.ASKED, asked_at=work.now
        )
    request = before
    if before.stage is Stage.ASKED:
        request = replace(before, given=given, digest=letter.version.digest, asked_at=work.now, turn=turn)
        request = replace(request, language=language.current())
    elif before.stage is Stage.REFUSED:
        return
    records.save(work.tx, request)
    of_all = records.count_unused_links(work.tx, work.now - timedelta(hours=1))
    of_letter = records.count_unused_links(work.tx, work.now - CONFIRM_WITHIN, letter.id)
    if may_mail and of_all < _AT_ONCE and of_letter < _A_DAY:
        mail_link(work, letter, request)
    _tell_of_unconfirmed(work, letter)


def confirm(work: Work, secret: str, shown: str) -> AllyRequest:
    """Confirm from the organization's mailbox that it signs what it was shown: `shown` is that `digest_shown`.

    An organization that was accepted before signs a changed text at once. Raises `Refused`.
    """
    request = linked(work.tx, secret, work.now)
    letter = _open_letter(work, request.letter)
    text = letter.version.digest
    if shown != digest_shown(request, text):
        changed = gettext("Something changed after you opened this page. Read it again, then confirm.")
        raise Refused(changed, param="shown")
    if request.stage is Stage.REFUSED:
        raise Refused(
            gettext("The coalition decided not to add this signature. Write to the coalition if you have questions.")
        )
    signed = letters.sign_ons(work.tx, letter.id).get(request.organisation)  # none once another mailbox was refused
    if request.stage is Stage.ACCEPTED and signed:
        confirmed = replace(request, digest=text, confirmed_at=work.now)
        if not signed.counts(letter.version):
            given = request.given  # another mailbox of the organization may have signed the text before
            again = replace(
                signed, decision=Decision.SIGNED, digest=text, at=work.now,
                legal_name=given.legal_name, signatory=given.signatory, title=given.title,
            )  # fmt: skip
            notices.save_sign_ons(work, letter, [again])
            notices.refresh_cards(work, letter, only=request.organisation)
    else:
        confirmed = replace(request, digest=text, confirmed_at=work.now, stage=Stage.CONFIRMED)
        day, head = work.today.isoformat(), f"Organizations ask to sign {letter.name}"
        line = "They confirmed from their own addresses. No one is shown or counted until you accept them."
        _tell_staff(work, letter, f"allies:{day}", head, line)  # once a day for each letter
    records.save(work.tx, confirmed)
    return confirmed


def disown(work: Work, secret: str) -> None:
    """Take an organization's request or signature away, as its mailbox asks; possible at any time.

    After the lock the letter stays as it is, and the staff get a message. Raises `Refused`.
    """
    request = linked(work.tx, secret, work.now)
    if request.stage in (Stage.DISOWNED, Stage.REFUSED):  # either way, no more requests
        return
    letter = letters.get(work.tx, request.letter)
    records.save(work.tx, replace(request, stage=Stage.DISOWNED))
    signed = letters.sign_ons(work.tx, letter.id).get(request.organisation)
    if signed is None or signed.decision is not Decision.SIGNED:
        return
    name, line = request.given.legal_name, "Its signature is removed."
    head = f"{name} says it did not sign {letter.name}"
    if signed.recorded:  # nobody has accepted the mailbox as the organization's
        head = f"Someone at {request.domain} says that {name} did not sign {letter.name}"
        advice = "correct the letter with its recipients" if letter.locked_at else "/allies remove takes it off"
        line = f"The signature stays ({signed.how}). Ask the organization: {advice}."
        claim = f"someone at {request.domain} says that it did not sign"
        if claim not in signed.note:
            letters.save_sign_ons(work.tx, letter.id, [replace(signed, note=f"{claim}; {signed.note}")])
    elif request.stage is not Stage.ACCEPTED:
        return
    elif letter.locked_at:
        letters.save_sign_ons(work.tx, letter.id, [replace(signed, objected_at=work.now)])
        line = "The letter is locked: correct it with its recipients."
    else:
        notices.save_sign_ons(work, letter, [replace(signed, decision=Decision.WITHDRAWN, at=work.now)])
        notices.refresh_cards(work, letter)
    _tell_staff(work, letter, f"disowned:{work.new_id()}", head, line)


def digest_shown(request: AllyRequest, text: str) -> str:
    """A digest of what the confirmation page shows: the letter's text (its digest) and who signs it."""
    return hashlib.sha256(repr((text, request.given)).encode()).hexdigest()


def linked(db: Reader, secret: str, now: datetime) -> AllyRequest:
    """The request of a mailed link. Raises `Refused`."""
    request = records.linked(db, secret)
    if request is None or (request.stage is Stage.ASKED and request.asked_at < now - CONFIRM_WITHIN):
        raise Refused(gettext("This link is not known, or older than a day. Ask to sign again on the letter's page."))
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
        note=f"{_CONFIRMED_AT} {request.domain}, accepted by {accepted_by}",
        person=person,
        at=now,
    )


def is_from_domain(signed: lifecycle.SignOn, request: AllyRequest) -> bool:
    """Whether an accepted signature was confirmed from an address at the request's domain, or one of its owner."""
    domain = signed.note.removeprefix(f"{_CONFIRMED_AT} ").partition(",")[0]
    return is_same_owner(domain, request.domain)


def _is_changing(letter: Dossier, now: datetime) -> bool:
    """Whether its text can be signed once it is ready: not after its deadline, unless that is moved."""
    is_changing = letter.state in _CHANGING or (letter.state is State.OPEN and bool(letter.untrue))
    return is_changing and not letter.has_closed(now)


def _open_letter(work: Work, key: str) -> Dossier:
    """The letter, if it has a public page and can be signed now. Raises `Refused`."""
    letter = letters.find(work.tx, key)
    if letter is None or not records.has_page(work.tx, letter.id):
        raise Refused(gettext(_GONE))
    is_changing = _is_changing(replace(letter, untrue=()), work.now)
    if not is_changing and not replace(letter, untrue=()).is_open(work.now):
        raise Refused(gettext("Sign-on for this letter has closed. Write to the coalition if you are late."))
    if is_changing or gates.reasons(work.tx, work.config, letter, work.now):  # which reasons is not for everyone
        raise Refused(gettext("The coalition is working on a new text. You can sign once it is ready."))
    return letter


def _count(work: Work, given: Given, network: str, *, is_known: bool) -> int:
    """Count this request against the day's limits; return how many its network has made. Raises `Refused`.

    `is_known`: its address confirmed a request before. After three of a mailbox, or ten at a domain, each network still
    has one, so that nobody shuts an organization out by asking in its name.
    """
    mailbox = requests.one_mailbox(given.address)
    requests.count_stranger(work, f"mailbox {mailbox}", network, crowd=requests.OF_ADDRESS)
    if not is_known:
        domain = registered(mailbox.rpartition("@")[2])
        requests.count_stranger(work, f"domain {domain}", network, crowd=requests.OF_DOMAIN)
    return requests.count_stranger(work, "sign-on", network, crowd=_CROWD)


def _tell_of_unconfirmed(work: Work, letter: Dossier) -> None:
    """Tell the letter's author, once a day, that many requests stay unconfirmed: someone may be making them up."""
    since = work.now - CONFIRM_WITHIN
    if records.count_unconfirmed(work.tx, letter.id, since) == _MANY_UNCONFIRMED:
        _tell_staff(
            work,
            letter,
            f"unconfirmed:{work.today.isoformat()}",
            f"{_MANY_UNCONFIRMED} requests to sign {letter.name} within a day were not confirmed",
            "Someone may be making them up. Sign-on stays open, and what nobody confirms is deleted after a day. "
            "Emails to confirm go out slowly, the first of each network first.",
            wording.step_button(letter, "Close the page", "allies close"),
        )


@language.speaking(language.ENGLISH)
def _tell_staff(work: Work, letter: Dossier, event: str, head: str, line: str, *more: Button) -> None:
    buttons = (wording.step_button(letter, "Allies", "allies list"), wording.open_button(letter), *more)
    card = wording.notice(letter, head, line, mark=Mark.SIGN_ON, buttons=buttons)
    notices.send_to_first(work, letter, event, card, letter.created_by)
