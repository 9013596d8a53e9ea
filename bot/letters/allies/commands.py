"""The /allies commands: open a letter's public page, and accept or refuse the organizations that ask to sign."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from typing import Final

from bot.alerts.plan import fits
from bot.commands.model import EDITORS, Context, Param, Refused, Reply, answer, long_answer
from bot.letters import gates, lookup, notices, wording
from bot.letters import records as letters
from bot.letters.allies import records
from bot.letters.allies.model import AllyRequest, Stage, is_same_owner, registered
from bot.letters.allies.signing import is_from_domain, sign_on_of
from bot.letters.lifecycle import Decision, Dossier, ally_id
from bot.letters.model import Evidence
from bot.people.members import names_of
from bot.shared.card import Button, Line, Mark
from bot.shared.lookalikes import Lookalikes, is_odd, words_of
from bot.shared.plain_text import short_hash
from bot.shared.urls import host_of
from bot.shared.wording import clock, dotted, listed, number, short
from bot.store.database import Reader, delete_rows

_NUMBER: Final = re.compile(r"(?:A-?)?(\d{1,8})", re.IGNORECASE)
_MOST: Final = 50  # requests named in one command
_IN_BUTTON: Final = 45  # characters of their numbers: a button of Discord has 100 for all it does

_REQUEST: Final = Param("request", "its number, such as A-012; several with commas", longest=600)
_ORGANIZATION: Final = Param("organization", "under the name that was recorded", longest=200)
_THEN: Final = "They are then shown and counted as signers."

# A digest of the organizations that the question showed: nobody is accepted unseen.
_SHOWN: Final = Param("shown", "what the question showed", required=False, longest=64, by_button=True)

slash = lookup.LetterGroup("allies", who=EDITORS)


@slash.step(verb="open", needs="page")
def open_page(ctx: Context, letter: Dossier, _: Mapping[str, str]) -> Reply:
    """Give a letter a public page where other organizations ask to sign."""
    if not (ctx.config.site and ctx.config.mails):
        raise Refused("The page and its emails need WEB_URL and SMTP_URL (docs/web.md, docs/mail.md).")
    if not records.open_page(ctx.tx, letter.id, ctx.person, ctx.now):
        raise Refused(f"{letter.name} has a public page already. /allies list {letter.name} shows who asks to sign.")
    ctx.note(letter.name, "", "public sign-on page opened")
    page = f"{ctx.config.site}/sign/{letter.name}"
    return answer(
        f"{letter.name} has a public sign-on page",
        Line(page, page),
        "Anyone can read the letter there and ask to sign for an organization.",
        "The bot emails the organization's own address to confirm; then you accept it here.",
        "Before that it is not shown or counted.",
        mark=Mark.SIGN_ON,
        buttons=(
            wording.step_button(letter, "Allies", "allies list"),
            wording.step_button(letter, "Close the page", "allies close"),
        ),
    )


@slash.step(verb="close")
def close_page(ctx: Context, letter: Dossier, _: Mapping[str, str]) -> Reply:
    """Close a letter's public page; its signatures stay."""
    if not delete_rows(ctx.tx, "letter_page", letter_id=letter.id):
        raise Refused(f"{letter.name} has no public page.", param="letter")
    ctx.note(letter.name, "public sign-on page", "closed")
    return answer(f"The public page of {letter.name} is closed", "The signatures you accepted stay.")


@slash.step(example='organization:"Harbor Legal Aid"', params=(_ORGANIZATION,), needs="unsign")
def remove(ctx: Context, letter: Dossier, args: Mapping[str, str]) -> Reply:
    """Take back a signature that staff recorded, also a member's, until the lock."""
    typed = {args["organization"], ally_id(args["organization"])}
    recorded = [each for each in letters.sign_ons(ctx.tx, letter.id).values() if each.recorded]
    signed = next((each for each in recorded if typed & {each.organisation, each.legal_name}), None)
    if signed is None:
        names = listed(sorted(each.legal_name for each in recorded), 8) or "none"
        raise Refused(f"Staff recorded no such signature under {letter.name}: {names}.", param="organization")
    notices.remove_sign_on(ctx, letter, signed)
    ctx.note(f"{letter.name}, {signed.organisation}", f"signed, {signed.how}", "taken back")
    notices.refresh_cards(ctx, letter)
    head = f"The signature of {signed.legal_name}, recorded for {letter.name}, is taken back"
    card = wording.notice(letter, head, f"By {ctx.actor.name}. It counts as not answered.", mark=Mark.SIGN_ON)
    theirs = lookup.representatives(ctx.tx, ctx.config.coalition).get(signed.organisation, ())
    notices.send(ctx, letter, f"unrecorded:{ctx.new_id()}", card, *(person.id for person in theirs))
    return answer(head, mark=Mark.SIGN_ON)


@slash.command(verb="list", example="L-014", params=(replace(lookup.LETTER, required=False),))
def list_requests(ctx: Context, args: Mapping[str, str]) -> Reply:
    """List organizations that wait to be accepted, and those accepted."""
    letter = lookup.letter_of(ctx, args["letter"]) if "letter" in args else None
    waiting = records.requests(ctx.tx, (Stage.CONFIRMED,), letter.id if letter else None)
    asked = len(records.requests(ctx.tx, (Stage.ASKED,), letter.id if letter else None))
    unconfirmed = f"{number(asked, 'other')} did not press the link in the email yet." if asked else ""
    accepted = [
        f"{each.name} {each.given.legal_name}: {each.given.signatory}, {each.given.title} · accepted for {signed.name}"
        for signed, group in _by_letter(ctx, records.requests(ctx.tx, (Stage.ACCEPTED,), letter.id if letter else None))
        for each in group
    ]
    if not waiting:
        head = "No organization waits to be accepted"
        return long_answer(head, accepted, "allies.txt", mark=Mark.SIGN_ON, foot=unconfirmed)
    doubts = _Doubts(ctx)
    lines = [_line(each, *doubts.about(each), doubts.known(each)) for each in waiting]
    first = waiting[0]
    buttons = (
        Button(f"Accept {first.name}", "allies accept", (("request", first.name),), "primary"),
        Button(f"Refuse {first.name}", "allies refuse", (("request", first.name),)),
    )
    head = f"{number(len(waiting), 'organization waits', 'organizations wait')} to be accepted"
    return long_answer(head, [*lines, *accepted], "allies.txt", mark=Mark.SIGN_ON, buttons=buttons, foot=unconfirmed)


@slash.command(example="A-012", params=(_REQUEST, _SHOWN), changes=True)
def accept(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Accept organizations as signers, after you have seen who they are."""
    requests = _requests(ctx, args["request"])
    doubts = _Doubts(ctx)
    for request in requests:
        doubts.check_no_member(request)
        _check_acceptable(ctx, request)
    names = {(each.letter, each.organisation): each.given.legal_name for each in requests}
    if len(names) < len(requests):
        raise Refused(f"Two of these requests are in one name: {listed([*names.values()], 8)}.", param="request")
    if args.get("shown") != _digest(requests):
        return _question(requests, doubts)
    for letter, group in _by_letter(ctx, requests):
        signed = [sign_on_of(each, person=ctx.person, accepted_by=ctx.actor.name, now=ctx.now) for each in group]
        notices.save_sign_ons(ctx, letter, signed)
        for each in group:
            _decide(ctx, letter, each, Stage.ACCEPTED, f"“{each.given.legal_name}” accepted as an ally")
        notices.refresh_cards(ctx, letter, only=signed[0].organisation)
    return _decided("accepted", requests, "They are shown on the public page and counted.")


@slash.command(example="A-012", params=(_REQUEST,), changes=True)
def refuse(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Refuse organizations; they are never shown.

    Also accepted ones until the lock. Their address cannot ask again under this letter.
    """
    requests = _requests(ctx, args["request"])
    for letter, group in _by_letter(ctx, requests):
        for each in group:
            if each.stage is Stage.REFUSED:
                raise Refused(f"{each.name} is {each.stage.value}.", param="request")
            decision = {Stage.ACCEPTED: Decision.SIGNED, Stage.DISOWNED: Decision.WITHDRAWN}.get(each.stage)
            signed = letters.sign_ons(ctx.tx, letter.id).get(each.organisation)
            if signed and signed.evidence is Evidence.PAGE and signed.decision is decision:
                if letter.locked_at:
                    raise Refused(
                        f"{each.name} is accepted, and {letter.name} is locked: its signatures stay.", param="request"
                    )
                notices.remove_sign_on(ctx, letter, signed)
                notices.refresh_cards(ctx, letter)
            _decide(ctx, letter, each, Stage.REFUSED, f"“{each.given.legal_name}” refused as an ally")
    return _decided("refused", requests, "They get no message. Their address cannot ask again under this letter.")


class _Doubts:
    """Tells what a person should look at before accepting an organization."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._members = names_of(ctx.config.coalition)
        self._lookalikes = Lookalikes(self._members)
        self._earlier = cache(partial(records.accepted_others, ctx.tx))
        self._signed = cache(partial(_signed_by, ctx.tx))

    def check_no_member(self, request: AllyRequest) -> None:
        """Raise `Refused` if its name reads like a member's. On the public page that would tell who is one."""
        if member := self._lookalikes.same(request.given.legal_name):
            name = self._members[member][0]
            raise Refused(
                f"{request.name} cannot be accepted: {name} is a member, so its representative signs.", param="request"
            )

    def about(self, request: AllyRequest) -> list[str]:
        name, notes = request.given.legal_name, list(self._differences(request))
        if not is_same_owner(host_of(request.given.website), request.domain):
            notes.append(f"its website is {short(request.given.website, 60)}")
        if member := self._lookalikes.holds(name):
            notes.append(f"the name is like {self._members[member][0]}'s")
        if is_odd(name):
            notes.append("the name has letters of another alphabet")
        signed = self._signed(request.letter)
        other = signed.get(registered(request.domain)) or signed.get(" ".join(words_of(name)))
        if other and other.organisation != request.organisation:
            notes.append(f"it may be {short(other.given.legal_name, 60)}, which signed this letter")
        return notes

    def known(self, request: AllyRequest) -> str:
        """Say that it signed another letter from the same domain and by the same person; "" if it did not."""
        earlier = self._earlier(request)
        return f"as on {self._letter(earlier[0])}" if earlier and not list(self._differences(request)) else ""

    def _differences(self, request: AllyRequest) -> Iterator[str]:
        """Compare the request with others that were accepted in the same organization's name."""
        earlier = self._earlier(request)
        if earlier and not any(is_same_owner(each.domain, request.domain) for each in earlier):
            yield f"on {self._letter(earlier[0])} it signed from {earlier[0].domain}"
        signatories = {each.given.signatory.casefold() for each in earlier}
        if earlier and request.given.signatory.casefold() not in signatories:
            yield f"on {self._letter(earlier[0])} {earlier[0].given.signatory} signed for it"

    def _letter(self, request: AllyRequest) -> str:
        return lookup.letter_of(self._ctx, request.letter).name


def _signed_by(tx: Reader, letter_id: str) -> dict[str, AllyRequest]:
    """The accepted requests under a letter, by domain and by the words of the organization's name."""
    accepted = records.requests(tx, (Stage.ACCEPTED,), letter_id)
    by_name = {" ".join(words_of(each.given.legal_name)): each for each in accepted}
    return by_name | {registered(each.domain): each for each in accepted}


def _requests(ctx: Context, typed: str) -> list[AllyRequest]:
    """The requests with these numbers. Raises `Refused`."""
    names = list(filter(None, re.split(r"[,;\s]+", typed)))
    if not names or len(names) > _MOST:
        raise Refused(f"Name one to {_MOST} requests: A-012, A-015.", param="request")
    requests = []
    for name in dict.fromkeys(names):
        match = _NUMBER.fullmatch(name)
        request = records.numbered(ctx.tx, int(match[1])) if match else None
        if request is None:
            raise Refused(f"There is no request “{short(name, 20)}”. /allies list shows them.", param="request")
        requests.append(request)
    return requests


def _check_acceptable(ctx: Context, request: AllyRequest) -> None:
    """Raise `Refused` unless the request can become a signature of the letter's current text now."""
    letter = lookup.letter_for(ctx, request.letter, "sign")
    gates.check_current(ctx, letter)
    if request.stage is not Stage.CONFIRMED:
        unpressed = "it has not pressed the link in its email"
        why = unpressed if request.stage is Stage.ASKED else f"it is {request.stage.value}"
        raise Refused(f"{request.name} cannot be accepted: {why}.", param="request")
    if request.digest != letter.version.digest:
        raise Refused(
            f"{request.name} confirmed an earlier text of {letter.name}. It can confirm the new one by its link.",
            param="request",
        )
    before = letters.sign_ons(ctx.tx, letter.id).get(request.organisation)
    if before and before.decision is Decision.SIGNED and before.counts(letter.version):
        at = clock(before.at, ctx.zone, ctx.now)
        raise Refused(f"{before.legal_name} has signed {letter.name} already ({at}).", param="request")
    if before and before.evidence is Evidence.PAGE and not is_from_domain(before, request):
        raise Refused(
            f"{request.name} cannot be accepted: {before.legal_name} has {before.decision.value} {letter.name} from "
            "another domain, and only from there it can decide again. If that was someone else, refuse that request.",
            param="request",
        )


def _line(request: AllyRequest, *notes: str) -> Line:
    """Who asks to sign. Anyone could type this website in a request."""
    given = request.given
    who = f"{request.name} {given.legal_name}: {given.signatory}, {given.title}, at {request.domain}"
    return Line(dotted(who, *notes, f"website, as typed: {host_of(given.website)}"), given.website)


def _question(requests: Sequence[AllyRequest], doubts: _Doubts) -> Reply:
    """Ask once more, with everything that speaks against each. Raises `Refused` if not all of it can be shown."""
    lines = [
        line for each in requests for line in (_line(each), *(Line(f"Check: {note}") for note in doubts.about(each)))
    ]
    of = requests[0].name if len(requests) == 1 else f"{len(requests)} organizations"
    numbers = " ".join(str(each.number) for each in requests)
    given = (("request", numbers), ("shown", _digest(requests)))
    accept = Button("Accept", "allies accept", given, "primary")
    question = answer(f"Accept {of}?", *lines, _THEN, mark=Mark.SIGN_ON, buttons=(accept,))
    if not question.card or not fits(question.card) or len(numbers) > _IN_BUTTON:
        raise Refused("These are too many to read at once. Accept some of them first.", param="request")
    return question


def _digest(requests: Sequence[AllyRequest]) -> str:
    return short_hash(repr([(each.id, each.given, each.digest) for each in requests]))


def _by_letter(ctx: Context, requests: Sequence[AllyRequest]) -> list[tuple[Dossier, list[AllyRequest]]]:
    by_id: dict[str, list[AllyRequest]] = {}
    for request in requests:
        by_id.setdefault(request.letter, []).append(request)
    return [(lookup.letter_of(ctx, id_), group) for id_, group in by_id.items()]


def _decide(ctx: Context, letter: Dossier, request: AllyRequest, stage: Stage, what: str) -> None:
    records.save(ctx.tx, replace(request, stage=stage), by=ctx.person)
    ctx.note(f"{letter.name}, {request.name}", request.stage.value, what)


def _decided(action: str, requests: Sequence[AllyRequest], line: str) -> Reply:
    names = listed([each.given.legal_name for each in requests], 8)
    return answer(f"{number(len(requests), 'organization')} {action}", f"{names}.", line, mark=Mark.SIGN_ON)
