"""A letter and its sign-on as cards. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final

from bot.letters import lifecycle
from bot.letters.approval.citations import Kind
from bot.letters.approval.sourcing import Basis, Cited
from bot.letters.lifecycle import Decision, Dossier, SignOn, State, Version
from bot.letters.model import Paragraph, Shape, Written
from bot.letters.signon import lobbying
from bot.shared.calendar import day_in_words
from bot.shared.card import Button, Card, Line, Mark, Section
from bot.shared.wording import clock, listed, number, short

LINE: Final = 480  # characters that a line of a card shows
_SHOWN: Final = 6  # changes, names
_SUBJECT: Final = 90
_SENTENCE: Final = re.compile(r"(?<=[.!?])\s+")
_NAMES_AN_ACT: Final = re.compile(r"\b[A-Z][\w’'-]* Act\b")
_BEFORE: Final = {Shape.TEXT: "", Shape.ITEM: "• ", Shape.HEADING: ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What a card about sign-on needs to know. `members`: short names by id; `silent`: those nobody speaks for."""

    letter: Dossier
    sign_ons: Mapping[str, SignOn]
    members: Mapping[str, str]
    silent: Sequence[str] = ()
    zone: tzinfo
    now: datetime

    @property
    def signed(self) -> list[str]:
        """Members and allies whose signature is under this very text."""
        return list(lifecycle.under(self.sign_ons, self.letter.version))

    @property
    def declined(self) -> list[str]:
        return [id_ for id_, each in self.sign_ons.items() if each.decision is Decision.DECLINED]

    @property
    def to_confirm(self) -> list[str]:
        """Those that signed an earlier text."""
        given = [id_ for id_, each in self.sign_ons.items() if each.decision is Decision.SIGNED]
        return [id_ for id_ in given if not self.sign_ons[id_].counts(self.letter.version)]

    @property
    def waiting(self) -> list[str]:
        """Members that have neither signed this text nor declined."""
        return [id_ for id_ in self.members if id_ not in {*self.signed, *self.declined}]

    @property
    def progress(self) -> str:
        """`8 of 12`, and allies beside them."""
        members = sum(id_ in self.members for id_ in self.signed)
        allies = len(self.signed) - members
        beside = f" and {number(allies, 'ally', 'allies')}" if allies else ""
        return f"{members} of {len(self.members)}{beside}"

    def named(self, ids: Iterable[str], most: int = _SHOWN) -> str:
        return listed([self.members.get(id_) or self.sign_ons[id_].legal_name for id_ in ids], most)


def to(letter: Dossier) -> str:
    """Whom it goes to, as in a sentence."""
    return listed(list(letter.facts.get("names", {}).values()), 3)


def line(letter: Dossier) -> str:
    """`L-014 · in review · OVC: end joint applications · to the Director`."""
    parts = (letter.name, letter.state.value, short(letter.version.subject, _SUBJECT), f"to {short(to(letter), 80)}")
    return " · ".join(parts)


def about(letter: Dossier) -> tuple[tuple[str, str], ...]:
    """The arguments of a button that is about a letter: its id alone."""
    return (("letter", letter.id),)


def bound(letter: Dossier) -> tuple[tuple[str, str], ...]:
    """And of one that is about this very text of it. By its number: a button of Discord's holds 100 characters."""
    return (("letter", letter.name), ("text", letter.version.digest))


def badge(letter: Dossier) -> str:
    return f"Ask {letter.ask}" if letter.ask is not None else ""


def saved(letter: Dossier, found: Sequence[Cited], *more: str, foot: str = "") -> Card:
    """What the drafter and the alert's thread are told of a new text. `found`: what it cites."""
    version, blanks = letter.version, letter.version.blanks
    texts = f", {len(version.texts)} texts for {len(version.addressees)} addressees" if len(version.texts) > 1 else ""
    open_ = number(len(blanks), "blank") if blanks else "no blanks"
    return Card(
        mark=Mark.LETTER,
        head=f"Draft {letter.name} v{version.number}, {version.words:,} words, {open_}{texts}",
        badge=badge(letter),
        byline=f"{short(version.subject, _SUBJECT)} · to {short(to(letter), 120)}",
        lines=(
            *(Line(text) for text in more),
            *(
                Line(text)
                for text in filter(None, (*cites(letter, found), f"To fill in: {listed(blanks)}." if blanks else ""))
            ),
            Line(lobbying.says(letter)),
        ),
        foot=foot,
        buttons=(
            Button("Open", "letter show", about(letter)),
            Button("Edit", "letter edit", about(letter)),
            Button("Request approval", "letter review", about(letter), "primary"),
            document(letter, "docx"),
        ),
    )


def button(letter: Dossier, label: str, path: str, style: str = "plain") -> Button:
    """Approving is of the very text that is shown, all else of the letter."""
    return Button(label, path, bound(letter) if path == "letter approve" else about(letter), style)


def document(letter: Dossier, kind: str) -> Button:
    """`kind`: docx or pdf."""
    return Button(kind.upper(), "letter export", (*about(letter), ("as", kind)))


def cites(letter: Dossier, found: Sequence[Cited]) -> Iterator[str]:
    """What the text cites, by what it rests on; what nobody has confirmed comes first."""
    version, by = letter.version, {basis: _names(found, basis) for basis in Basis}
    if by[Basis.NONE]:
        yield unconfirmed(letter, found)
    if version.claims:
        yield claims(version)
    if version.altered:
        lost = number(len(version.altered), "claim")
        yield f"{lost} of its template somebody took out or changed: the new words have no source."
    if by[Basis.OWN]:
        yield f"Cites {listed(by[Basis.OWN], _SHOWN)}, which it is about."
    if by[Basis.AUTHORITY]:
        yield f"Cites {listed(by[Basis.AUTHORITY], _SHOWN)} as a confirmed authority of coalition.yml."
    if by[Basis.CONFIRMED]:
        yield f"Cites {listed(by[Basis.CONFIRMED], _SHOWN)}, which an approver has confirmed."
    if not version.claims and not any(one.citation.kind is Kind.LAW for one in found):
        texts = (part.text for text in version.texts for part in text.written.body)
        yield "It cites no section of a law." if any(map(_NAMES_AN_ACT.search, texts)) else "It cites no law."


def unconfirmed(letter: Dossier, found: Sequence[Cited]) -> str:
    """What nobody has confirmed, and what to do; "" for nothing."""
    names = _names(found, Basis.NONE)
    if not names:
        return ""
    return (
        f"Cites {listed(names, _SHOWN)}, which nobody has confirmed. It cannot be locked until an approver confirms "
        f"each with its source: /letter confirm {letter.name}"
    )


def claims(version: Version) -> str:
    """`2 claims about the law, each sourced, the oldest checked Mon 2 Nov 2026.`"""
    made = version.claims
    oldest = day_in_words(min(claim.checked_on for claim in made))
    sourced = (
        f", with its source, checked {oldest}" if len(made) == 1 else f", each sourced, the oldest checked {oldest}"
    )
    return f"{number(len(made), 'claim about the law', 'claims about the law')}{sourced}."


def _names(found: Sequence[Cited], basis: Basis) -> list[str]:
    return list(dict.fromkeys(one.name for one in found if one.basis is basis))


def whole(written: Written, numbers: Mapping[Paragraph, int]) -> tuple[Line, ...]:
    """The text in lines that a card shows whole. `numbers`: of the paragraphs, as `/letter edit` takes them, if any."""

    def begun(part: Paragraph) -> str:
        return f"[{numbers[part]}] " if part in numbers else ""

    return tuple(line for part in written.body for line in pieces(begun(part) + _BEFORE[part.shape] + part.text))


def pieces(text: str) -> Iterator[Line]:
    """Text in lines, cut between sentences: a card shows no more than 500 characters of one."""
    return (Line(piece) for piece in _pieces(text))


def sentences(text: str) -> list[str]:
    return _SENTENCE.split(text)


def _pieces(text: str) -> Iterator[str]:
    piece = ""
    for sentence in sentences(text):
        if piece and len(piece) + len(sentence) >= LINE:
            yield piece
            piece = ""
        piece = f"{piece} {sentence}".strip()
        while len(piece) > LINE:
            at = piece.rfind(" ", 0, LINE)
            at = at if at > 0 else LINE
            yield piece[:at]
            piece = piece[at:].strip()
    if piece:
        yield piece


def changed(lines: Sequence[str]) -> Section:
    more = [Line(f"and {len(lines) - _SHOWN} more")] if len(lines) > _SHOWN else []
    return Section(f"{number(len(lines), 'change')}", (*(Line(short(each, LINE)) for each in lines[:_SHOWN]), *more))


def text_changed(letter: Dossier, shown: Version | None, buttons: tuple[Button, ...], mark: Mark) -> Card:
    """What reads otherwise now than in the text that somebody was shown, and what they may do."""
    return Card(
        mark=mark,
        head=f"The text of {letter.name} has changed since you were shown it",
        sections=(changed(lifecycle.changes(shown, letter.version)),) if shown else (),
        foot=f"Text {letter.version.mark} · version {letter.version.number}",
        buttons=buttons,
    )


# --- sign-on ----------------------------------------------------------------------------------------------------------


def until(sheet: Sheet) -> str:
    """`until Fri 4 Dec 2026 17:00 EST`: they who are asked live in several zones."""
    closes = sheet.letter.closes_at
    if closes is None:
        return ""
    there = closes.astimezone(sheet.zone)
    return f"until {day_in_words(there.date())} {there:%H:%M %Z}"


def sign_on(sheet: Sheet) -> Card:
    """The card that everybody sees, as it stands now."""
    letter = sheet.letter
    is_open = letter.state is State.OPEN
    return Card(
        mark=Mark.SIGN_ON,
        head=_sign_on_head(sheet),
        badge=badge(letter),
        byline=f"{short(letter.version.subject, _SUBJECT)} · to {short(to(letter), 120)}",
        lines=tuple(Line(text) for text in _progress(sheet)),
        foot=f"Text {letter.version.mark} · version {letter.version.number}",
        buttons=_to_sign(letter) if is_open else (Button("Read", "letter show", about(letter)),),
    )


def _sign_on_head(sheet: Sheet) -> str:
    letter = sheet.letter
    match letter.state:
        case State.OPEN:
            return f"{letter.name}: sign-on open {until(sheet)} · {sheet.progress}"
        case State.REVIEW | State.DRAFT | State.APPROVED:
            return f"{letter.name}: the text is being changed, signing waits"
        case State.WITHDRAWN:
            return f"{letter.name}: withdrawn, nothing is sent"
        case _:
            return f"{letter.name} locked: {sheet.progress} signed"


def _progress(sheet: Sheet) -> Iterator[str]:
    if sheet.signed:
        yield f"Signed: {sheet.named(sheet.signed, 14)}."
    if sheet.declined:
        yield f"Declined: {sheet.named(sheet.declined)}."
    if sheet.to_confirm and sheet.letter.state is State.OPEN:
        yield f"To be confirmed after a change: {sheet.named(sheet.to_confirm)}."
    if sheet.waiting and sheet.letter.state is State.OPEN:
        yield f"Waiting for {sheet.named(sheet.waiting, 14)}."
    if sheet.silent and sheet.letter.state is State.OPEN:
        yield f"Nobody is linked who could sign for {sheet.named(sheet.silent)}."


def asked(sheet: Sheet, organisation: str, *, reminder: bool = False, change: Section | None = None) -> Card:
    """The card of one organisation, as it stands now."""
    letter, name = sheet.letter, sheet.members.get(organisation, organisation)
    lines = [
        f"{letter.name} goes to {short(to(letter), 160)}: {short(letter.version.subject, 200)}",
        own(sheet, organisation) or f"{name} has not answered yet; {sheet.progress} signed.",
        lobbying.says(letter),
    ]
    return Card(
        mark=Mark.SIGN_ON,
        head=_asked_head(sheet, organisation, name, reminder=reminder),
        badge=badge(letter),
        lines=tuple(Line(text) for text in lines),
        sections=(change,) if change else (),
        foot=f"Text {letter.version.mark} · version {letter.version.number}",
        buttons=buttons(sheet, organisation),
    )


def _asked_head(sheet: Sheet, organisation: str, name: str, *, reminder: bool) -> str:
    letter = sheet.letter
    if letter.state is not State.OPEN:
        return _sign_on_head(sheet)
    if organisation in sheet.signed:
        return f"{name} has signed {letter.name}"
    if organisation in sheet.declined:
        return f"{name} does not sign {letter.name}"
    opening = "The text changed" if organisation in sheet.to_confirm else f"{name} is asked to sign"
    return f"{'A reminder, the only one' if reminder else opening}: {letter.name}, {until(sheet)}"


def own(sheet: Sheet, organisation: str) -> str:
    """`Signed for CAST as “…” by Maria Lopez, 10:14.`; nothing for an organisation that has not answered."""
    theirs = sheet.sign_ons.get(organisation)
    if theirs is None or theirs.decision is Decision.WITHDRAWN:
        return ""
    name, at = sheet.members.get(organisation, theirs.legal_name), clock(theirs.at, sheet.zone, sheet.now)
    if theirs.decision is Decision.DECLINED:
        return f"{name} declined, {at}." + (f" Reason: {theirs.note}" if theirs.note else "")
    by = " by " + ", ".join(filter(None, (theirs.signatory, theirs.title))) if theirs.signatory else ""
    how = f" ({theirs.how})" if theirs.evidence else ""
    stands = "" if theirs.counts(sheet.letter.version) else " This was an earlier text: please sign again."
    return f"Signed for {name} as “{theirs.legal_name}”{by}, {at}{how}.{stands}"


def buttons(sheet: Sheet, organisation: str) -> tuple[Button, ...]:
    """What an organisation may do now."""
    letter = sheet.letter
    read = Button("Read", "letter show", about(letter))
    if letter.state is not State.OPEN:
        return (read,)
    if organisation in sheet.signed:
        return (read, Button("Take back", "letter unsign", about(letter), "danger"))
    if organisation in sheet.declined:
        return (read, Button("Take back", "letter unsign", about(letter), "danger"), _sign(letter))
    return _to_sign(letter)


def _sign(letter: Dossier) -> Button:
    return Button("Sign", "letter sign", bound(letter), "primary")


def _to_sign(letter: Dossier) -> tuple[Button, ...]:
    return (
        Button("Read", "letter show", about(letter)),
        _sign(letter),
        Button("Decline", "letter decline", about(letter)),
        Button("Suggest edit", "letter suggest", about(letter)),
    )


def unprinted(letter: Dossier, trouble: str) -> Card:
    return Card(
        mark=Mark.LETTER,
        head=f"{letter.name} is locked, and its documents are not out yet",
        lines=(Line(trouble), Line("They are tried again until they can be made, and then posted.")),
        buttons=(Button("Open", "letter show", about(letter)),),
    )


def locked(sheet: Sheet) -> Card:
    """What is said when a letter is locked, with its documents."""
    letter = sheet.letter
    declined = f" ({sheet.named(sheet.declined)} declined)" if sheet.declined else ""
    return Card(
        mark=Mark.LETTER,
        head=f"{letter.name} locked: {sheet.progress} signed{declined}",
        badge=badge(letter),
        byline=f"{short(letter.version.subject, _SUBJECT)} · to {short(to(letter), 120)}",
        lines=(Line(f"Signed: {sheet.named(sheet.signed, 14)}."),) if sheet.signed else (),
        foot=f"Text {letter.version.mark} · nothing of it changes from here on",
        buttons=(
            Button("Read", "letter show", about(letter)),
            Button("Log as sent", "letter sent", about(letter), "primary"),
            document(letter, "docx"),
            document(letter, "pdf"),
        ),
    )
