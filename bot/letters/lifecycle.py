"""The life of a letter: its states, who may take it from one to the next, what its text is and how two texts differ.

Pure.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from difflib import SequenceMatcher
from enum import StrEnum
from functools import cached_property
from typing import Any, Final

from bot.deadlines.model import Claim
from bot.letters.documents.sheet import folded
from bot.letters.drafting.plain_text import body
from bot.letters.model import Evidence, Paragraph, Written

SHORT_DIGEST: Final = 12  # characters of a digest that people are shown
_PARTED: Final = " ¶ "  # between paragraphs that are compared word by word
_BESIDE: Final = 4  # words around a change, to find the place by
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


# What may be done, by the verb of its command: in words, in which states, and where it leads (None: that depends).
_STEPS: Final[Mapping[str, tuple[str, frozenset[State], State | None]]] = {
    "edit": ("edit it", frozenset({State.DRAFT, State.REVIEW, State.APPROVED, State.OPEN}), None),
    "review": ("request its approval", frozenset({State.DRAFT, State.REVIEW}), State.REVIEW),
    "approve": ("approve it", frozenset({State.REVIEW}), None),
    "confirm": (
        "confirm what it cites",
        frozenset({State.DRAFT, State.REVIEW, State.APPROVED, State.OPEN}),
        None,
    ),
    "signon": ("open it for sign-on", frozenset({State.APPROVED, State.OPEN}), State.OPEN),
    "sign": ("sign it", frozenset({State.OPEN}), State.OPEN),
    "remind": ("remind anybody of it", frozenset({State.OPEN}), State.OPEN),
    "lock": ("lock it", frozenset({State.APPROVED, State.OPEN}), State.LOCKED),
    "sent": ("log it as sent", frozenset({State.LOCKED, State.SENT, State.ANSWERED}), State.SENT),
    "reply": ("log an answer to it", frozenset({State.SENT, State.ANSWERED}), State.ANSWERED),
    "close": ("close it", frozenset({State.SENT, State.ANSWERED}), State.CLOSED),
    "withdraw": (
        "withdraw it",
        frozenset({State.DRAFT, State.REVIEW, State.APPROVED, State.OPEN, State.LOCKED}),
        State.WITHDRAWN,
    ),
}
# The verb of what usually comes next.
_NEXT: Final[Mapping[State, str]] = {
    State.DRAFT: "review",
    State.REVIEW: "approve",
    State.APPROVED: "signon",
    State.OPEN: "lock",
    State.LOCKED: "sent",
}


class NotNow(Exception):
    """A letter is not in a state in which this can be done; the text says so."""


@dataclass(frozen=True, slots=True)
class Text:
    """What one or several addressees are written: `to` holds their ids."""

    written: Written
    to: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)  # without slots: its digest is asked for at every signature
class Version:
    """One state of the text. Several `texts` where a template says different things to different people."""

    number: int
    texts: tuple[Text, ...]
    by: str  # person
    at: datetime

    @cached_property
    def digest(self) -> str:
        return digest(self.texts)

    @property
    def mark(self) -> str:
        """As much of the digest as people are shown."""
        return self.digest[:SHORT_DIGEST]

    def is_text(self, digest_: str) -> bool:
        """Whether a card or form that carries `digest_` showed this text; older cards carry its first digits alone."""
        return digest_ in (self.digest, self.mark)

    @property
    def subject(self) -> str:
        return self.texts[0].written.subject

    @property
    def addressees(self) -> tuple[str, ...]:
        return tuple(id_ for text in self.texts for id_ in text.to)

    @property
    def words(self) -> int:
        """Of the longest text."""
        return max(sum(len(part.text.split()) for part in text.written.body) for text in self.texts)

    @property
    def claims(self) -> list[Claim]:
        """Those that the text still makes in the words of their authority, each once; a changed one has no source."""
        return list(
            {claim.id: claim for text in self.texts for claim in text.written.claims if _makes(text, claim)}.values()
        )

    @property
    def altered(self) -> list[Claim]:
        """Those that the template made, and whose words somebody took out or changed."""
        made = {claim.id: claim for text in self.texts for claim in text.written.claims if not _makes(text, claim)}
        return list(made.values())

    @property
    def blanks(self) -> list[str]:
        """What still has to be filled in: `[date]`."""
        found = (hit for text in self.texts for hit in _BLANK.findall(body(text.written.body)))
        return list(dict.fromkeys(found))


def named(number: int) -> str:
    """What people call a letter: `L-014`."""
    return f"L-{number:03}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """A letter with all that is known of it. People by id, times in UTC, `ask` and `entry` where it has any."""

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
    facts: Mapping[str, Any] = field(default_factory=dict)  # as the template got them
    ask: int | None = None
    entry: str | None = None
    closes_at: datetime | None = None
    reminded_at: datetime | None = None
    locked_at: datetime | None = None
    shown_version: int | None = None  # the last that its alert's thread was shown
    published_at: datetime | None = None  # the locked documents were posted

    @property
    def name(self) -> str:
        return named(self.number)


class Decision(StrEnum):
    SIGNED = "signed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOn:
    """What one organization decided.

    `evidence`: how `person` knows of it, where staff recorded it; None: its representative decided in chat. `note`:
    more on the evidence, or why it declined.
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

    def counts(self, version: Version) -> bool:
        """It signed this very text."""
        return self.decision is Decision.SIGNED and self.digest == version.digest

    @property
    def how(self) -> str:
        """`in chat`, or `e-mail: 3 November, recorded by Pol`."""
        if self.evidence is None:
            return "in chat"
        kind = "recorded" if self.evidence is Evidence.NOT_STATED else self.evidence.value
        return f"{kind}: {self.note}" if self.note else kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """`kind`: "sent" or "reply"."""

    id: str
    kind: str
    on: date
    how: str
    note: str = ""
    follow_up_on: date | None = None
    person: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """A letter to many that is being made as documents. `delivery`: the message that says how far it is, if any."""

    id: str
    letter: str  # id
    version: int
    person: str
    delivery: str | None
    made: int  # letters
    at: datetime


def allowed(letter: Dossier, what: str) -> bool:
    """Whether `what` (a key of `_STEPS`) may be done with it now."""
    return letter.state in _STEPS[what][1]


def step(letter: Dossier, what: str) -> State:
    """The state that doing `what` (a key of `_STEPS`) leads to. Raises `NotNow`."""
    words, _, leads_to = _STEPS[what]
    if not allowed(letter, what):
        stands = "still a draft" if letter.state is State.DRAFT else letter.state.value
        raise NotNow(f"{letter.name} is {stands}, so you cannot {words} now.{_instead(letter, what)}")
    return leads_to or letter.state


def _instead(letter: Dossier, what: str) -> str:
    """What its staff can do; whoever signs has no commands."""
    if what == "edit":
        return f" /letter duplicate {letter.name} begins a new draft with its words."
    verb = _NEXT.get(letter.state, "") if what != "sign" else ""
    return f" Next: /letter {verb} {letter.name}" if verb else ""


def under(sign_ons: Mapping[str, SignOn], version: Version) -> dict[str, SignOn]:
    """The organizations that signed this very text, in order of their legal names: what every list of them shows."""
    counted = (each for each in sign_ons.items() if each[1].counts(version))
    return dict(sorted(counted, key=lambda each: (folded(each[1].legal_name).casefold(), each[0])))


def edited(letter: Dossier, version: Version) -> Dossier:
    """With another text: what was approved has to be approved again."""
    step(letter, "edit")
    state = State.DRAFT if letter.state is State.DRAFT else State.REVIEW
    return replace(letter, version=version, state=state)


def missing(approvers: Collection[str], writers: Collection[str], needed: int) -> int:
    """How many approvals a text lacks. Whoever wrote any of it is not its approver."""
    return max(needed - len(set(approvers) - set(writers)), 0)


def approved(letter: Dossier, now: datetime) -> Dossier:
    """A letter that was open before its text was changed is open again, if there is still time."""
    again = letter.closes_at is not None and letter.closes_at > now
    return replace(letter, state=State.OPEN if again else State.APPROVED)


# --- text -------------------------------------------------------------------------------------------------------------


def digest(texts: Sequence[Text]) -> str:
    """64 characters for what is said and to whom. The sources of claims, which may be checked anew, are no part."""
    said = [
        [text.written.subject, [[part.shape.value, part.text] for part in text.written.body], list(text.to)]
        for text in texts
    ]
    return hashlib.sha256(json.dumps(said, ensure_ascii=True, separators=(",", ":")).encode()).hexdigest()


def with_paragraph(texts: Sequence[Text], old: Paragraph, new: Sequence[Paragraph]) -> tuple[Text, ...]:
    """`new` in the place of `old`, in every text that has it."""

    def changed(written: Written) -> Written:
        parts = (new if each == old else (each,) for each in written.body)
        return replace(written, body=tuple(part for some in parts for part in some))

    return tuple(Text(changed(text.written), text.to) for text in texts)


def with_subject(texts: Sequence[Text], subject: str) -> tuple[Text, ...]:
    return tuple(Text(replace(text.written, subject=subject), text.to) for text in texts)


def changes(old: Version, new: Version) -> list[str]:
    """What the newer text says otherwise, a line a place, with a few words around it to find it by."""
    others = ["It goes to others than before."] if old.addressees != new.addressees else []
    before, after = _said(old), _said(new)
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        beside = (" ".join(after[c - 1 : c]).split(), " ".join(after[d : d + 1]).split())
        if kind == "replace":
            others += _in_words(_PARTED.join(before[a:b]).split(), _PARTED.join(after[c:d]).split(), *beside)
        elif kind != "equal":
            was, now = (_PARTED.join([*its, ""]) for its in (before[a:b], after[c:d]))
            others.append(_change(was, now, *beside))
    return others


def _makes(text: Text, claim: Claim) -> bool:
    """Its subject or one of its paragraphs says the claim; both are single lines, whatever spaces the authority has."""
    words = " ".join(claim.text.split())
    return any(words in said for said in (text.written.subject, *(part.text for part in text.written.body)))


def _said(version: Version) -> list[str]:
    """Subjects and paragraphs. They are compared first, and words only within what changed: a long letter takes ms."""
    return [
        each for text in version.texts for each in (text.written.subject, *(part.text for part in text.written.body))
    ]


def _in_words(old: list[str], new: list[str], before: list[str], after: list[str]) -> list[str]:
    """`before`, `after`: those of the paragraphs beside them, for where nothing of their own is left to find it by."""
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return [
        _change(" ".join(old[a:b]), " ".join(new[c:d]), *((new[:c], new[d:]) if c or d < len(new) else (before, after)))
        for kind, a, b, c, d in matcher.get_opcodes()
        if kind != "equal"
    ]


def _change(was: str, now: str, before: list[str], after: list[str]) -> str:
    place = " ".join([*before[-_BESIDE:], "[…]", *after[:_BESIDE]])
    was_text, now_text = was.strip(_PARTED), now.strip(_PARTED)
    if was_text and now_text:
        return f"“{was_text}” became “{now_text}”: {place}"
    if not was_text and not now_text:
        return f"{'One paragraph now' if was else 'Two paragraphs now'}: {place}"
    whole = _PARTED.strip() in was + now
    if was_text:
        return f"Taken out {'the paragraph ' if whole else ''}“{was_text}”: {place}"
    return f"New {'paragraph ' if whole else ''}“{now_text}”: {place}"
