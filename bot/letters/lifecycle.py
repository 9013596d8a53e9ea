"""The life cycle of a letter: its states and steps, its versions, and how two versions differ. Pure."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import InitVar, dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from bot.deadlines.model import Claim
from bot.letters.model import Evidence, Paragraph, Translation, Written, states
from bot.letters.sheet import folded
from bot.shared.errors import CoalitionBotError
from bot.shared.language import ENGLISH
from bot.shared.plain_text import opcodes

SHORT_DIGEST: Final = 12  # characters of a digest that people are shown
_PARAGRAPH_MARK: Final = " ¶ "  # between paragraphs that are compared word by word
_CONTEXT_WORDS: Final = 4  # words around a change, to find the place by
_WORD: Final = re.compile(r"\w+")
_NUMBER: Final = re.compile(r"\d+(?:[.,]\d+)*")
_BLANK: Final = re.compile(r"\[[^\[\]]{1,80}\]|\{\{.*?\}\}")


class State(StrEnum):
    DRAFT = "draft"
    REVIEW = "in review"
    APPROVED = "approved"
    OPEN = "open for sign-on"
    LOCKED = "locked"
    SENT = "sent"
    ANSWERED = "answered"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


_UNLOCKED: Final = frozenset({State.DRAFT, State.REVIEW, State.APPROVED, State.OPEN})
WERE_SENT: Final = frozenset({State.SENT, State.ANSWERED, State.CLOSED})
FINAL: Final = WERE_SENT | {State.LOCKED}  # the text and the names stay
_LOCKED: Final = FINAL - {State.CLOSED}
ERASED: Final = "erased:"  # in place of the id of an organization that was erased after it signed what was sent
# Each step by its command's verb: its words in a sentence, the states that allow it, the state it leads to (None:
# computed elsewhere).
_STEPS: Final[Mapping[str, tuple[str, frozenset[State], State | None]]] = {
    "edit": ("edit it", _UNLOCKED, None),
    "review": ("request its approval", frozenset({State.DRAFT, State.REVIEW}), State.REVIEW),
    "approve": ("approve it", frozenset({State.REVIEW}), None),
    "confirm": ("confirm what it cites", _UNLOCKED, None),
    "signon": ("open it for sign-on", frozenset({State.APPROVED, State.OPEN}), State.OPEN),
    "sign": ("sign it", frozenset({State.OPEN}), State.OPEN),
    "unsign": ("take a decision back", _UNLOCKED - {State.DRAFT}, None),
    "page": ("open a public page for it", frozenset({State.OPEN}), State.OPEN),
    "remind": ("remind anyone about it", frozenset({State.OPEN}), State.OPEN),
    "lock": ("lock it", frozenset({State.APPROVED, State.OPEN}), State.LOCKED),
    "merge": ("make it for each addressee", _UNLOCKED | FINAL, None),
    "mail": ("mail it", _LOCKED, None),
    "sent": ("log it as sent", _LOCKED, State.SENT),
    "reply": ("log an answer to it", frozenset({State.SENT, State.ANSWERED}), State.ANSWERED),
    "close": ("close it", frozenset({State.SENT, State.ANSWERED}), State.CLOSED),
    "withdraw": ("withdraw it", _UNLOCKED | {State.LOCKED}, State.WITHDRAWN),
}
# The verb of the usual next step.
_NEXT: Final[Mapping[State, str]] = {
    State.DRAFT: "review",
    State.REVIEW: "approve",
    State.APPROVED: "signon",
    State.OPEN: "lock",
    State.LOCKED: "sent",
}


class StepNotAllowed(CoalitionBotError):
    """The letter's state does not allow this step. `what`: why not; `next_step`: what to do instead."""

    def __init__(self, what: str, next_step: str) -> None:
        super().__init__(f"{what}{next_step}")
        self.what = what
        self.next_step = next_step


@dataclass(frozen=True, slots=True)
class Text:
    """What one or more addressees receive: `to` lists their ids."""

    written: Written
    to: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of the text; several `texts` if the template writes different ones to different addressees.

    `digest`: of the texts as they were written; `stored` for a version from the store. When a name is erased from the
    texts later, what people approved and signed keeps its digest.
    """

    number: int
    texts: tuple[Text, ...]
    by: str  # person
    at: datetime
    digest: str = field(init=False)
    stored: InitVar[str] = ""

    def __post_init__(self, stored: str) -> None:
        object.__setattr__(self, "digest", stored or digest(self.texts))

    @property
    def mark(self) -> str:
        """The digits of the digest that people are shown."""
        return self.digest[:SHORT_DIGEST]

    @property
    def key(self) -> str:
        """What messages about this version are keyed by: an edit may return to the text of an earlier version."""
        return f"{self.number}:{self.digest}"

    def is_text(self, digest_: str) -> bool:
        """Whether `digest_`, as cards and forms carry it, is this text's; older cards carry only its first digits."""
        return digest_ in (self.digest, self.mark)

    @property
    def subject(self) -> str:
        return self.texts[0].written.subject

    @property
    def translation(self) -> Translation | None:
        return self.texts[0].written.translation

    def subject_in(self, language: str) -> str:
        """The subject in that language, or in English if there is no text in it."""
        other = self.translation
        return other.subject if other and other.language == language else self.subject

    @property
    def passages(self) -> list[str]:
        """The subjects and paragraphs of all texts, in order, each text's translation after it."""
        both = ((text.written, text.written.translation) for text in self.texts)
        parts = (part for english, other in both for part in (english, other.written if other else None) if part)
        return [passage for part in parts for passage in part.passages]

    @property
    def unlike_numbers(self) -> list[str]:
        """Numbers that only the English text has, or only its translation."""
        if self.translation is None:
            return []
        written = (self.texts[0].written, self.translation.written)
        english, other = (_NUMBER.findall("\n".join(each.passages)) for each in written)
        return [one for one in dict.fromkeys([*english, *other]) if (one in english) is not (one in other)]

    @property
    def addressees(self) -> tuple[str, ...]:
        return tuple(id_ for text in self.texts for id_ in text.to)

    @property
    def words(self) -> int:
        """The word count of the longest text."""
        return max(sum(len(part.text.split()) for part in text.written.body) for text in self.texts)

    @property
    def claims(self) -> list[Claim]:
        """The claims that the text still states in their authority's words, each once."""
        return self._claims(stated=True)

    @property
    def altered(self) -> list[Claim]:
        """The template's claims whose words were removed or changed, and that so have no source."""
        return self._claims(stated=False)

    def _claims(self, *, stated: bool) -> list[Claim]:
        claims = ((text.written.passages, claim) for text in self.texts for claim in text.written.claims)
        fitting = (claim for passages, claim in claims if any(states(each, claim) for each in passages) is stated)
        return list({claim.id: claim for claim in fitting}.values())

    @property
    def blanks(self) -> list[str]:
        """Placeholders that still have to be filled in, such as `[date]`."""
        return list(dict.fromkeys(hit for passage in self.passages for hit in _BLANK.findall(passage)))


def letter_name(number: int) -> str:
    """A letter's name from its number: `L-014`."""
    return f"L-{number:03}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """A stored letter with its newest version. People are ids, times are UTC; `ask` and `entry` may be absent."""

    id: str
    number: int
    state: State
    template: str
    template_digest: str
    lobbying: str  # "legislation" | "regulation" | "none"
    lobbying_why: str
    version: Version
    created_by: str
    created_at: datetime
    facts: Mapping[str, Any] = field(default_factory=dict)  # that the template was rendered with
    ask: int | None = None
    entry: str | None = None
    closes_at: datetime | None = None
    reminded_at: datetime | None = None
    locked_at: datetime | None = None
    shown_version: int | None = None  # the last version posted in its alert's thread
    published_at: datetime | None = None  # when the locked documents were posted
    summary: str = ""  # in a sentence, for those who are asked to sign
    untrue: tuple[str, ...] = ()  # why it is out of date, by the last look at its facts

    @property
    def name(self) -> str:
        return letter_name(self.number)

    def is_open(self, now: datetime) -> bool:
        """Whether organizations can sign it at this moment: until it closes, while nothing in it is out of date."""
        return self.state is State.OPEN and not self.untrue and self.closes_at is not None and now < self.closes_at

    def has_closed(self, now: datetime) -> bool:
        """Whether its deadline is over. It locks then; if it cannot, it stays as it is."""
        return self.closes_at is not None and self.closes_at <= now

    @property
    def is_history(self) -> bool:
        """Whether it was sent or withdrawn: nothing more is done with its text, which stays as it was."""
        return self.state in WERE_SENT | {State.WITHDRAWN}


class Decision(StrEnum):
    SIGNED = "signed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOn:
    """One organization's decision.

    `evidence`: how staff (`person`) learned of it; None if a representative decided in chat. `note`: details of the
    evidence, or the reason for declining. `objected_at`: when it said after the lock that it did not sign; the letter
    stays as it is.
    """

    organisation: str  # a member's id, or "ally:" and a name
    decision: Decision
    legal_name: str
    signatory: str = ""
    title: str = ""
    digest: str  # of the text it was shown
    evidence: Evidence | None = None
    note: str = ""
    person: str
    at: datetime
    objected_at: datetime | None = None

    def counts(self, version: Version) -> bool:
        """Whether it is a signature of exactly this text."""
        return self.decision is Decision.SIGNED and self.digest == version.digest

    @property
    def recorded(self) -> bool:
        """Whether it is a signature that staff recorded."""
        return self.decision is Decision.SIGNED and self.evidence not in (None, Evidence.PAGE)

    @property
    def how(self) -> str:
        """`in chat`, or `email: November 3, recorded by Pol`."""
        if self.evidence is None:
            return "in chat"
        kind = "recorded" if self.evidence is Evidence.NOT_STATED else self.evidence.value
        parts = ("says that it did not sign" if self.objected_at else "", self.note)
        return ": ".join(filter(None, (kind, "; ".join(filter(None, parts)))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One logged mailing or answer; `kind` is "sent" or "reply"."""

    id: str
    kind: str
    on: date
    how: str = ""
    note: str = ""
    follow_up_on: date | None = None
    person: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """A mail merge in progress. `delivery`: the id of its progress message, if any; `made`: letters done so far."""

    id: str
    letter: str  # id
    version: int
    person: str
    delivery: str | None
    made: int  # letters
    at: datetime


def is_allowed(letter: Dossier, step: str) -> bool:
    """Whether the letter's state allows `step` (a key of `_STEPS`)."""
    return letter.state in _STEPS[step][1]


def next_state(letter: Dossier, step: str) -> State:
    """The state that `step` (a key of `_STEPS`) leads to. Raises `StepNotAllowed`."""
    action, _, next_ = _STEPS[step]
    if not is_allowed(letter, step):
        current = "still a draft" if letter.state is State.DRAFT else letter.state.value
        what = f"{letter.name} is {current}, so you cannot {action} now."
        verb = _NEXT.get(letter.state, "") if step != "sign" else ""  # signers have no commands
        hint = f" Next: /letter {verb} {letter.name}" if verb else ""
        if step == "edit":
            hint = f" /letter duplicate {letter.name} starts a new draft with its text."
        raise StepNotAllowed(what, hint)
    if step == "sent" and letter.state is State.ANSWERED:  # one more copy of it; the answer stays
        return letter.state
    return next_ or letter.state


def ally_id(legal_name: str) -> str:
    """The id of an outside organization among a letter's signatures, the same for spellings that differ in signs."""
    return f"ally:{'-'.join(_WORD.findall(legal_name.casefold())) or legal_name}"


def counted_sign_ons(sign_ons: Mapping[str, SignOn], version: Version) -> dict[str, SignOn]:
    """The signatures of exactly this text, by organization id, in order of their legal names."""
    counting = (item for item in sign_ons.items() if item[1].counts(version))
    return dict(sorted(counting, key=lambda item: (folded(item[1].legal_name).casefold(), item[0])))


def with_version(letter: Dossier, version: Version) -> Dossier:
    """The letter with a new version; it has to be approved again."""
    next_state(letter, "edit")
    state = State.DRAFT if letter.state is State.DRAFT else State.REVIEW
    return replace(letter, version=version, state=state)


def after_approval(letter: Dossier, now: datetime) -> Dossier:
    """The letter after its last approval: reopened for sign-on if its deadline is still ahead."""
    still_open = letter.closes_at is not None and letter.closes_at > now
    return replace(letter, state=State.OPEN if still_open else State.APPROVED)


# --- text -------------------------------------------------------------------------------------------------------------


def digest(texts: Sequence[Text]) -> str:
    """SHA-256 of the texts, their notes and their addressees. The day of a claim's last check is left out.

    Of a text with a translation, both are in it, each with its language, and whether both are sent.
    """
    content = [_content(text) for text in texts]
    return hashlib.sha256(json.dumps(content, ensure_ascii=True, separators=(",", ":")).encode()).hexdigest()


def _content(text: Text) -> list[Any]:
    english = [
        *_words(text.written),
        list(text.to),
        *([note.claim.citation, note.claim.source] for note in text.written.notes),
    ]
    other = text.written.translation
    return [[ENGLISH, english], [other.language, other.sent, *_words(other)]] if other else english


def _words(written: Written | Translation) -> list[Any]:
    return [written.subject, [[part.shape.value, part.text] for part in written.body]]


def with_paragraph(texts: Sequence[Text], old: Paragraph, new: Sequence[Paragraph]) -> tuple[Text, ...]:
    """The texts with paragraph `old` replaced by `new` wherever it occurs."""
    changed = []
    for text in texts:
        body = tuple(part for each in text.written.body for part in (new if each == old else (each,)))
        changed.append(Text(replace(text.written, body=body), text.to))
    return tuple(changed)


def changes(old: Version, new: Version) -> list[str]:
    """One line per change between two versions, each with a few words of context."""
    lines = ["The addressees changed."] if old.addressees != new.addressees else []
    was_sent, is_sent = (bool(each.translation and each.translation.sent) for each in (old, new))
    if was_sent is not is_sent:
        lines.append("Both texts are sent now." if is_sent else "Only the English text is sent now.")
    before, after = old.passages, new.passages  # compared before their words, which keeps long letters fast
    for kind, a, b, c, d in opcodes(before, after):
        neighbors = (" ".join(after[c - 1 : c]).split(), " ".join(after[d : d + 1]).split())
        if kind == "replace":
            lines += _word_changes(
                _PARAGRAPH_MARK.join(before[a:b]).split(), _PARAGRAPH_MARK.join(after[c:d]).split(), *neighbors
            )
        elif kind != "equal":
            removed, added = (_PARAGRAPH_MARK.join([*passages, ""]) for passages in (before[a:b], after[c:d]))
            lines.append(_describe_change(removed, added, *neighbors))
    return lines


def _word_changes(old: list[str], new: list[str], before: list[str], after: list[str]) -> list[str]:
    """One line per changed run of words. `before`, `after`: context for a change that covers the whole passage."""
    return [
        _describe_change(
            " ".join(old[a:b]), " ".join(new[c:d]), *((new[:c], new[d:]) if c or d < len(new) else (before, after))
        )
        for kind, a, b, c, d in opcodes(old, new)
        if kind != "equal"
    ]


def _describe_change(was: str, now: str, before: list[str], after: list[str]) -> str:
    place = " ".join([*before[-_CONTEXT_WORDS:], "[…]", *after[:_CONTEXT_WORDS]])
    was_text, now_text = was.strip(_PARAGRAPH_MARK), now.strip(_PARAGRAPH_MARK)
    if was_text and now_text:
        return f"“{was_text}” became “{now_text}”: {place}"
    if not was_text and not now_text:
        return f"{'One paragraph now' if was else 'Two paragraphs now'}: {place}"
    whole = _PARAGRAPH_MARK.strip() in was + now
    if was_text:
        return f"Removed {'the paragraph ' if whole else ''}“{was_text}”: {place}"
    return f"New {'paragraph ' if whole else ''}“{now_text}”: {place}"
