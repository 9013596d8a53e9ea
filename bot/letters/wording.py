"""Cards and sentences about letters and sign-ons. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from functools import cached_property
from typing import Final

from bot.letters import lifecycle, lobbying
from bot.letters.lifecycle import Decision, Dossier, SignOn, State, Version
from bot.letters.model import Paragraph, Shape, Written
from bot.letters.sheet import note_lines, with_marks
from bot.letters.statements.citations import Kind
from bot.letters.statements.sourcing import Basis, SourcedCitation
from bot.shared.calendar import day_in_words, hour_in_words, moment_in_words
from bot.shared.card import Button, Card, Line, Mark, Section
from bot.shared.language import NAMES, ngettext
from bot.shared.plain_text import short_hash
from bot.shared.wording import cap_lines, clock, listed, number, sentences, short, with_period

UNREAD: Final = "Nobody has confirmed that the translation says the same as the English text."
LINE: Final = 480  # characters per line of a card
_SHOWN: Final = 6  # changes, names
_SUBJECT: Final = 90
_NAMES_AN_ACT: Final = re.compile(r"\b[A-Z][\w’'-]* Act\b")
_LONGEST_PARAGRAPH: Final = 10_000  # characters of a line in a mail, which shows a letter in full
_BEFORE: Final = {Shape.TEXT: "", Shape.ITEM: "• ", Shape.HEADING: ""}


@dataclass(frozen=True, kw_only=True)
class SignOnStatus:
    """The state of a letter's sign-on. `members`: short names by id; `silent`: members without a representative."""

    letter: Dossier
    sign_ons: Mapping[str, SignOn]
    members: Mapping[str, str]
    silent: Sequence[str] = ()
    zone: tzinfo
    now: datetime

    @property
    def is_open(self) -> bool:
        return self.letter.is_open(self.now)

    @cached_property
    def signed(self) -> list[str]:
        """Ids of members and allies who signed exactly this text."""
        return list(lifecycle.counted_sign_ons(self.sign_ons, self.letter.version))

    @property
    def declined(self) -> list[str]:
        return [id_ for id_, sign_on in self.sign_ons.items() if sign_on.decision is Decision.DECLINED]

    @property
    def to_confirm(self) -> list[str]:
        """Ids of organizations that signed an earlier text."""
        signed = [id_ for id_, sign_on in self.sign_ons.items() if sign_on.decision is Decision.SIGNED]
        return [id_ for id_ in signed if not self.sign_ons[id_].counts(self.letter.version)]

    @property
    def waiting(self) -> list[str]:
        """Ids of members that have neither signed this text nor declined."""
        decided = {*self.signed, *self.declined}
        return [id_ for id_ in self.members if id_ not in decided]

    @property
    def progress(self) -> str:
        """`8 of 12`, or `8 of 12, 3 allies and 1 whose name is erased`."""
        members = sum(id_ in self.members for id_ in self.signed)
        erased = sum(id_.startswith(lifecycle.ERASED) for id_ in self.signed)
        allies = len(self.signed) - members - erased
        more = number(allies, "ally", "allies") if allies else ""
        gone = number(erased, "whose name is erased", "whose names are erased") if erased else ""
        return listed([*filter(None, (f"{members} of {len(self.members)}", more, gone))])

    def named(self, ids: Iterable[str], most: int = _SHOWN) -> str:
        return listed([self.members.get(id_) or self.sign_ons[id_].legal_name for id_ in ids], most)


def recipients(letter: Dossier) -> str:
    """The addressees' names, as in a sentence."""
    return listed(list(letter.facts.get("names", {}).values()), 3)


def what_goes_where(letter: Dossier) -> str:
    """`L-014 goes to the Director: OVC: end joint applications`."""
    return f"{letter.name} goes to {short(recipients(letter), 160)}: {short(letter.version.subject, 200)}"


def summary_line(letter: Dossier) -> str:
    """`L-014 · in review · OVC: end joint applications · to the Director`."""
    return f"{letter.name} · {letter.state.value} · {_about(letter, 80)}"


def _about(letter: Dossier, most: int = 120) -> str:
    """The subject, and the addressees in at most that many characters."""
    return f"{short(letter.version.subject, _SUBJECT)} · to {short(recipients(letter), most)}"


def letter_args(letter: Dossier) -> tuple[tuple[str, str], ...]:
    """The arguments of a button about a letter: its id."""
    return (("letter", letter.id),)


def text_args(letter: Dossier) -> tuple[tuple[str, str], ...]:
    """The arguments of a button about exactly this text. Discord buttons hold 100 characters, so it uses the number."""
    return (("letter", letter.name), ("text", letter.version.digest))


def badge(letter: Dossier) -> str:
    return f"Ask {letter.ask}" if letter.ask is not None else ""


def notice(
    letter: Dossier,
    head: str,
    *lines: str,
    mark: Mark = Mark.LETTER,
    sections: tuple[Section, ...] = (),
    buttons: tuple[Button, ...] | None = None,
) -> Card:
    """A message about a letter, with a button that opens it if no others are given. Empty lines are left out."""
    buttons = (open_button(letter),) if buttons is None else buttons
    return Card(mark=mark, head=head, lines=tuple(map(Line, filter(None, lines))), sections=sections, buttons=buttons)


def open_button(letter: Dossier, label: str = "Open") -> Button:
    return Button(label, "letter show", letter_args(letter))


def draft_card(letter: Dossier, citations: Sequence[SourcedCitation], *more: str, foot: str = "") -> Card:
    """The card of a new text, for its author and the alert's thread. `citations`: what the text cites."""
    version, blanks = letter.version, letter.version.blanks
    texts = f", {len(version.texts)} texts for {len(version.addressees)} addressees" if len(version.texts) > 1 else ""
    placeholders = number(len(blanks), "blank") if blanks else "no blanks"
    first = f"/letter edit {letter.name} to fill in the blanks, then " if blanks else ""
    next_step = f"Next: {first}/letter review {letter.name} to request approval."
    return Card(
        mark=Mark.LETTER,
        head=f"Draft {letter.name} v{version.number}, {version.words:,} words, {placeholders}{texts}",
        badge=badge(letter),
        byline=_about(letter),
        lines=(
            *map(Line, (*more, *citation_lines(letter, citations))),
            *((Line(f"To fill in: {listed(blanks)}."),) if blanks else ()),
            Line(lobbying.notice(letter)),
        ),
        foot=f"{foot} {next_step}".strip(),
        buttons=(
            open_button(letter),
            Button("Edit", "letter edit", letter_args(letter)),
            Button("Request approval", "letter review", letter_args(letter), "primary"),
            export_button(letter, "docx"),
        ),
    )


def step_button(letter: Dossier, label: str, path: str, style: str = "plain", *more: tuple[str, str]) -> Button:
    """A step's button. Approving and signing name the exact text, declining its mark. `more`: other arguments."""
    if path in ("letter approve", "letter sign"):
        return Button(label, path, text_args(letter), style)
    mark = (("text", letter.version.mark),) if path == "letter decline" else ()
    return Button(label, path, (*letter_args(letter), *mark, *more), style)


def of_member(organisation: str) -> tuple[str, str]:
    """The argument of a button that is for one organization alone, short enough for Discord."""
    return "member", short_hash(organisation, 8)


def export_button(letter: Dossier, kind: str) -> Button:
    """A button that exports the letter; `kind` is docx or pdf."""
    return step_button(letter, kind.upper(), "letter export", "plain", ("as", kind))


def citation_lines(letter: Dossier, citations: Sequence[SourcedCitation]) -> Iterator[str]:
    """Sentences on what the text cites, by basis; unconfirmed citations come first."""
    version, names = letter.version, {basis: _citation_names(citations, basis) for basis in Basis}
    if names[Basis.NONE]:
        yield unconfirmed_citations(letter, citations)
    if version.claims:
        yield claims_line(version)
    if version.altered:
        count = number(len(version.altered), "claim")
        yield f"Its template's wording was removed or changed for {count}: the new words have no source."
    if names[Basis.OWN]:
        yield f"Cites {listed(names[Basis.OWN], _SHOWN)}, which it is about."
    if names[Basis.AUTHORITY]:
        yield f"Cites {listed(names[Basis.AUTHORITY], _SHOWN)} as a confirmed authority of coalition.yml."
    if confirmed := named_statements(citations, Basis.CONFIRMED):
        yield f"{confirmed}, which an approver has confirmed."
    if not version.claims and not any(citation.citation.kind is Kind.LAW for citation in citations):
        texts = (part.text for text in version.texts for part in text.written.body)
        yield "It cites no section of a law." if any(map(_NAMES_AN_ACT.search, texts)) else "It cites no law."


def unconfirmed_citations(letter: Dossier, citations: Sequence[SourcedCitation]) -> str:
    """A sentence on unconfirmed citations and what to do; "" if there are none."""
    says = named_statements(citations)
    until = f"until an approver confirms each with its source: /letter confirm {letter.name}"
    return f"{says}, which nobody has confirmed. It cannot be locked {until}" if says else ""


def named_statements(citations: Sequence[SourcedCitation], basis: Basis = Basis.NONE) -> str:
    """What the text cites and states on this basis: `Cites 22 U.S.C. 9999 and says “80 percent”`; "" if nothing."""
    cited = _citation_names([citation for citation in citations if citation.cited], basis)
    stated = _citation_names([citation for citation in citations if not citation.cited], basis)
    parts = [f"{verb} {listed(names, _SHOWN)}" for verb, names in (("cites", cited), ("says", stated)) if names]
    sentence = " and ".join(parts)
    return sentence[:1].upper() + sentence[1:]


def claims_line(version: Version) -> str:
    """`2 claims about the law, each sourced, the oldest checked Mon Nov 2, 2026.`"""
    claims = version.claims
    oldest = day_in_words(min(claim.checked_on for claim in claims))
    how = "with its source, checked" if len(claims) == 1 else "each sourced, the oldest checked"
    return f"{number(len(claims), 'claim about the law', 'claims about the law')}, {how} {oldest}."


def _citation_names(citations: Sequence[SourcedCitation], basis: Basis) -> list[str]:
    return list(dict.fromkeys(citation.name for citation in citations if citation.basis is basis))


def text_lines(written: Written, numbers: Mapping[Paragraph, int], most: int = LINE) -> tuple[Line, ...]:
    """The whole text as card lines. `numbers`: paragraph numbers to show, as `/letter edit` takes them."""
    shown = zip(written.body, with_marks(written), strict=True)
    numbered = ((f"[{numbers[part]}] " if part in numbers else "", marked) for part, marked in shown)
    lines = (number_ + _BEFORE[marked.shape] + marked.text for number_, marked in numbered)
    return tuple(line for text in (*lines, *note_lines(written)) for line in split_lines(text, most))


def translated_text(letter: Dossier, most: int = LINE) -> tuple[Section, ...]:
    """The translation, if there is one, below its name and subject."""
    if not (other := letter.version.translation):
        return ()
    lines = text_lines(other.written, {}, most)
    return (Section(f"{NAMES[other.language]}: {other.subject}", lines, language=other.language),)


def enclosed_text(letter: Dossier) -> tuple[Section, ...]:
    """The whole letter, once for each of its texts, for people who have no button to open it: a line per paragraph."""
    texts = (text.written for text in letter.version.texts)
    english = (Section(f"The text: {each.subject}", text_lines(each, {}, _LONGEST_PARAGRAPH)) for each in texts)
    return (*english, *translated_text(letter, _LONGEST_PARAGRAPH))


def split_lines(text: str, most: int = LINE) -> Iterator[Line]:
    """Text as card lines of at most `most` characters, split between sentences. A chat shows at most 500."""
    piece = ""
    for sentence in sentences(text):
        if piece and len(piece) + len(sentence) >= most:
            yield Line(piece)
            piece = ""
        piece = f"{piece} {sentence}".strip()
        while len(piece) > most:
            at = piece.rfind(" ", 0, most)
            at = at if at > 0 else most
            yield Line(piece[:at])
            piece = piece[at:].strip()
    if piece:
        yield Line(piece)


def changes_section(lines: Sequence[str]) -> Section:
    shown = cap_lines([short(line, LINE) for line in lines], _SHOWN)
    return Section(number(len(lines), "change"), tuple(map(Line, shown)))


def text_changed_card(letter: Dossier, shown: Version | None, buttons: tuple[Button, ...], mark: Mark) -> Card:
    """The card that says what changed since the version `shown`, with `buttons` for the reader."""
    return Card(
        mark=mark,
        head=f"The text of {letter.name} has changed since you were shown it",
        sections=(changes_section(lifecycle.changes(shown, letter.version)),) if shown else (),
        foot=f"Text {letter.version.mark} · version {letter.version.number}",
        buttons=buttons,
    )


# --- sign-on ----------------------------------------------------------------------------------------------------------


def deadline_text(status: SignOnStatus) -> str:
    """`until Fri Dec 4, 2026, 5 p.m. EST`, then `closed Fri …`; with the zone, because members live in several."""
    closes = status.letter.closes_at
    if closes is None:
        return ""
    local = closes.astimezone(status.zone)
    word = "closed" if status.letter.has_closed(status.now) else "until"
    return f"{word} {moment_in_words(local)} {local:%Z}"


def introduction(letter: Dossier) -> tuple[str, ...]:
    """What those who are asked to sign read first: the author's summary, if any, and how long the letter is."""
    return (
        *([with_period(letter.summary)] if letter.summary else []),
        ngettext("The letter has %(num)s word.", "The letter has %(num)s words.", letter.version.words),
    )


def sign_on_card(status: SignOnStatus) -> Card:
    letter = status.letter
    return Card(
        mark=Mark.SIGN_ON,
        head=_sign_on_head(status),
        badge=badge(letter),
        byline=_about(letter),
        lines=tuple(map(Line, (*introduction(letter), *_status_lines(status)))),
        foot=f"Version {letter.version.number}",
        buttons=_open_buttons(letter) if status.is_open else (open_button(letter, "Read"),),
    )


def _sign_on_head(status: SignOnStatus) -> str:
    letter = status.letter
    match letter.state:
        case State.OPEN if letter.untrue:
            return f"{letter.name}: a fact in the text has changed; signing is paused"
        case State.OPEN:
            sign_on = "sign-on open" if status.is_open else "sign-on"
            return f"{letter.name}: {sign_on} {deadline_text(status)} · {status.progress}"
        case State.REVIEW | State.DRAFT | State.APPROVED:
            over = letter.has_closed(status.now)
            pause = f"sign-on {deadline_text(status)}" if over else "signing is paused"
            return f"{letter.name}: the text is being changed; {pause}"
        case State.WITHDRAWN:
            return f"{letter.name}: withdrawn, will not be sent"
        case _:
            return f"{letter.name} locked: {status.progress} signed"


def _status_lines(status: SignOnStatus) -> Iterator[str]:
    if status.signed:
        yield f"Signed: {status.named(status.signed, 14)}."
    if status.declined:
        yield f"Declined: {status.named(status.declined)}."
    if status.to_confirm and status.letter.state is State.OPEN:
        yield f"To confirm after a change: {status.named(status.to_confirm)}."
    if status.waiting and status.letter.state is State.OPEN:
        yield f"Waiting for {status.named(status.waiting, 14)}."
    if status.silent and status.letter.state is State.OPEN:
        yield f"No one is linked as representative of {status.named(status.silent)}."


def organization_card(
    status: SignOnStatus, organisation: str, *, reminder: bool = False, change: Section | None = None
) -> Card:
    letter, name = status.letter, status.members.get(organisation, organisation)
    asked = f"{name} is asked to sign {letter.name} {deadline_text(status)}; {status.progress} signed so far."
    lines = [
        "This is the only reminder." if reminder else "",
        *introduction(letter),
        sign_on_line(status, organisation)
        or (asked if status.is_open else f"{name} has not answered; {status.progress} signed."),
        f"Signed: {status.named(status.signed, 14)}." if status.signed else "",
        what_goes_where(letter),
        lobbying.notice(letter),
    ]
    return Card(
        mark=Mark.SIGN_ON,
        head=_organization_head(status, organisation, name),
        badge=badge(letter),
        lines=tuple(map(Line, filter(None, lines))),
        sections=(change,) if change else (),
        foot=f"Version {letter.version.number}",
        buttons=organization_buttons(status, organisation),
    )


def _organization_head(status: SignOnStatus, organisation: str, name: str) -> str:
    """The deed and the day first: it is the subject of an email, of which a phone shows forty characters."""
    letter = status.letter
    if not status.is_open:
        return _sign_on_head(status)
    if organisation in status.signed:
        return f"{name} has signed {letter.name}"
    if organisation in status.declined:
        return f"{name} declined to sign {letter.name}"
    deed = "The text changed, please sign again" if organisation in status.to_confirm else "Please sign"
    return f"{deed}{_by(status)}: {short(letter.version.subject, 120)}"


def _by(status: SignOnStatus) -> str:
    """` by Friday 5 p.m.`, with its date if that is a week away; "" without a deadline."""
    closes = status.letter.closes_at
    if closes is None:
        return ""
    local = closes.astimezone(status.zone)
    is_near = closes - status.now < timedelta(days=6)
    day = f"{local:%A}" if is_near else f"{local:%A, %B} {local.day}"
    return f" by {day}{'' if is_near else ','} {hour_in_words(local)}"


def sign_on_line(status: SignOnStatus, organisation: str) -> str:
    """`Signed for ABC as “…” by Maria Lopez, 10:14 a.m.`; "" for an organization that has not answered."""
    sign_on = status.sign_ons.get(organisation)
    if sign_on is None or sign_on.decision is Decision.WITHDRAWN:
        return ""
    name, at = status.members.get(organisation, sign_on.legal_name), clock(sign_on.at, status.zone, status.now)
    if sign_on.decision is Decision.DECLINED:
        return with_period(f"{name} declined, {at}") + (f" Reason: {sign_on.note}" if sign_on.note else "")
    signatory = " by " + ", ".join(filter(None, (sign_on.signatory, sign_on.title))) if sign_on.signatory else ""
    how = f" ({sign_on.how})" if sign_on.evidence else ""
    note = "" if sign_on.counts(status.letter.version) else " The text has changed since: please sign again."
    return with_period(f"Signed for {name} as “{sign_on.legal_name}”{signatory}, {at}{how}") + note


def organization_buttons(status: SignOnStatus, organisation: str) -> tuple[Button, ...]:
    """Buttons for what an organization may do now."""
    letter = status.letter
    read = open_button(letter, "Read")
    take_back = step_button(letter, "Take back", "letter unsign", "danger", of_member(organisation))
    if not status.is_open:
        signed = organisation in (*status.signed, *status.to_confirm) and lifecycle.is_allowed(letter, "unsign")
        return (read, take_back) if signed else (read,)
    if organisation in status.signed:
        return (read, take_back)
    if organisation in status.declined:
        return (read, take_back, step_button(letter, "Sign", "letter sign", "primary"))
    return _open_buttons(letter)


def _open_buttons(letter: Dossier) -> tuple[Button, ...]:
    return (
        open_button(letter, "Read"),
        step_button(letter, "Sign", "letter sign", "primary"),
        step_button(letter, "Decline", "letter decline"),
        step_button(letter, "Suggest edit", "letter suggest"),
    )


def locked_card(status: SignOnStatus) -> Card:
    """The card posted with the locked letter's documents."""
    letter = status.letter
    declined = f" ({status.named(status.declined)} declined)" if status.declined else ""
    return Card(
        mark=Mark.LETTER,
        head=f"{letter.name} locked: {status.progress} signed{declined}",
        badge=badge(letter),
        byline=_about(letter),
        lines=(Line(f"Signed: {status.named(status.signed, 14)}."),) if status.signed else (),
        foot=f"Text {letter.version.mark} · final, no more changes",
        buttons=(
            open_button(letter, "Read"),
            Button("Log as sent", "letter sent", letter_args(letter), "primary"),
            export_button(letter, "docx"),
            export_button(letter, "pdf"),
        ),
    )
