"""The gate before each step of a letter: its facts are derived again and compared with those it was drafted from."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from bot.alerts import explain
from bot.commands.model import Context, Refused, Work
from bot.config.coalition import Coalition, placeholder
from bot.config.load import Config
from bot.congress import directory
from bot.congress.directory import NotAddressable
from bot.letters import lookup, records
from bot.letters.drafting import facts
from bot.letters.drafting.derive import derive
from bot.letters.facts import Facts, Topic, of_coalition
from bot.letters.lifecycle import Dossier
from bot.letters.model import Letter
from bot.letters.templates import template
from bot.letters.templates.template import Template, TemplateProblem, render, used_facts
from bot.shared.card import Button, Card, Line, Mark
from bot.shared.errors import Problem
from bot.shared.wording import cap_lines, listed, number, quoted, sentences, short
from bot.store.database import Reader

_UNKNOWN: Final = "It was drafted before the bot stored the facts of a letter, so they cannot be compared."
_FORGOTTEN: Final = (
    "What it answers is no longer stored, because it is older than the retention period. So the bot cannot check "
    "whether the letter is still right about it."
)
LOCKED: Final = "It is locked, so its text stays. Withdraw it, and start a new draft from it."
_NAMED: Final = 3  # addressees whose changes are listed
_LONGEST: Final = 160  # characters of a value
_SHOWN: Final = 4  # changed facts in words
_LOOKED: Final = (("today",), ("bill", "as_of"))  # days of looking: they pass without any change
_OURS: Final = (("coalition",), ("ask",))  # what the coalition says of itself: a locked text keeps it
# Facts in words, most telling first, where the path alone does not read well; the others are named by their path.
_NAMES: Final[Mapping[str, str]] = {
    "bill.status": "The bill’s status",
    "bill.law": "The law that the bill became",
    "bill.stage": "The bill’s stage",
    "bill.since": "The day on which the bill reached its stage",
    "bill.before": "The chamber that acts next",
    "bill.passed": "The chambers that passed the bill",
    "bill.over": "Whether the bill’s Congress has ended",
    "addressee.record.cosponsor_since": "The day on which they joined the bill",
    "addressee.record.withdrew_on": "The day on which their name was withdrawn",
    "addressee.record.committee": "Their committee that has the bill",
    "addressee.record.chairs": "The committee they chair",
    "addressee.record.ranking": "The committee whose ranking member they are",
    "entry.comments_close": "The day on which comments close",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Why a letter is out of date, in sentences; none if it is current.

    `again`: a fresh draft can be made. `names`: the addressees' names today, by id, as far as they are known.
    """

    reasons: tuple[str, ...] = ()
    again: bool = True
    names: Mapping[str, str] = field(default_factory=dict)


def check_current(work: Work, letter: Dossier) -> None:
    """Raise `Refused`, with each fact's old and new value, if a fresh draft would not say what this text says."""
    verdict = judge(work.tx, work.config, letter, work.now)
    if not verdict.reasons:
        return
    head = f"{letter.name} is out of date"
    button = draft_again(letter)
    buttons = work.theirs(button) if verdict.again and isinstance(work, Context) else ()
    lines = (*verdict.reasons, *([LOCKED] if letter.locked_at and buttons else []))
    hint = f" /{button.path} {letter.name}" if buttons else ""
    card = Card(mark=Mark.LETTER, head=head, lines=tuple(map(Line, lines)), buttons=buttons)
    raise Refused(f"{head}. {' '.join(lines)}{hint}", card=card)


def draft_again(letter: Dossier) -> Button:
    """The button that makes a fresh draft; a locked text stays, so that is a new letter."""
    label, path = ("Duplicate", "letter duplicate") if letter.locked_at else ("Draft again", "letter again")
    return Button(label, path, (("letter", letter.id),), "primary")


def verdict_or_refusal(db: Reader, config: Config, letter: Dossier, now: datetime) -> Verdict:
    """`judge` the letter; if its facts cannot be derived now, that is the reason."""
    try:
        return judge(db, config, letter, now)
    except Problem as problem:
        return Verdict(reasons=(problem.what,), again=False)


def reasons(db: Reader, config: Config, letter: Dossier, now: datetime) -> tuple[str, ...]:
    """Why the letter may not go on; empty if it may."""
    return verdict_or_refusal(db, config, letter, now).reasons


def judge(db: Reader, config: Config, letter: Dossier, now: datetime) -> Verdict:
    """Whether a fresh draft would say what this letter's text says.

    Raises a `Problem` if its facts cannot be derived now, such as those of a bill whose record was read too long ago.
    """
    rendering = records.rendering(db, letter)
    if rendering.facts is None:
        return Verdict(reasons=() if letter.locked_at else (_UNKNOWN,))
    try:
        fresh = facts_now(db, config, letter, rendering.facts, now)
        fresh = _pinned(fresh, rendering.facts, locked=letter.locked_at is not None)
    except NotAddressable as problem:
        if sum(id_.count("+") + 1 for id_ in rendering.facts.recipients) == 1:  # a joint letter has several
            raise
        return Verdict(reasons=(problem.what,))
    shared, names = list(changes(rendering.facts.common, fresh.common)), rendering.facts.names
    moved, own = list[str](), dict[str, list[Change]]()
    for id_, before in rendering.facts.recipients.items():
        today = fresh.recipients[id_]
        own[id_] = list(changes({"addressee": before.facts}, {"addressee": today.facts}))
        if before.people != today.people or before.address.name != today.address.name:
            moved.append(f"It was drafted to {before.address.name}; that is {today.address.name} now.")
        elif (before.address.block, before.address.salutation) != (today.address.block, today.address.salutation):
            moved.append(f"The address or salutation of {today.address.name} has changed.")
    if affected := [id_ for id_ in names if shared or own[id_]]:  # their text may read differently
        template_: Template | None = None
        try:
            template_ = template.read(config.folder, letter.template)
            # With a template that was changed since the draft, nothing shows what the text depends on: then it may
            # read differently. The stored claims are rendered: `_claims` compares what the text still states of them.
            drafted = {id_: text.written for text in rendering.texts for id_ in text.to}
            if template_.digest != letter.template_digest or any(
                not render(template_, fresh.given_to(id_), rendering.facts.claims).reads_as(drafted[id_])
                for id_ in affected
            ):
                sentences = _sentences(shared, own, names, used_facts(template_))
                return Verdict(reasons=(*moved, *sentences), names=fresh.names)
        except TemplateProblem as problem:
            why, used = str(problem), used_facts(template_) if template_ else ()
            all_ = (*moved, f"{why[:1].upper()}{why[1:]}", *_sentences(shared, own, names, used))
            return Verdict(reasons=all_, again=False, names=fresh.names)
    return Verdict(reasons=tuple(moved or _claims(db, config, letter, now)), names=fresh.names)


def since_lock(db: Reader, config: Config, letter: Dossier) -> list[str]:
    """What the letterhead or the text of a locked letter says of the coalition and is not so today, in sentences."""
    _, then = records.locked(db, letter.id)
    if not then:
        return []
    changed = changes({"coalition": then}, {"coalition": of_coalition(config.coalition)})
    try:
        used = used_facts(template.read(config.folder, letter.template))
    except TemplateProblem:
        used = frozenset()
    printed = [change for change in changed if change.path in used or change.path.split(".")[1] in lookup.LETTERHEAD]
    return in_words(printed, then="as it was locked")


def check_placeholders(coalition: Coalition, letter: Dossier) -> None:
    """Raise `Refused` if coalition.yml or the text has a placeholder: a text keeps what the file had at its draft."""
    if placeholders := coalition.placeholders:
        named = ", ".join(f"{key}: {value}" for key, value in placeholders.items())
        raise Refused(f"coalition.yml still has placeholders ({named}). Replace them with your own.")
    for part in letter.version.passages:
        if blank := placeholder(part):
            sentence = next((each for each in sentences(part) if blank in each), part)
            raise Refused(
                f"{letter.name} still has the placeholder “{blank}” in {quoted(short(sentence, 300))} Edit that "
                f"sentence (/letter edit {letter.name}), or draft the letter again with the current coalition.yml."
            )


def _sentences(
    shared: Sequence[Change], own: Mapping[str, Sequence[Change]], names: Mapping[str, str], used: Collection[str]
) -> Iterator[str]:
    """All addressees' changes and each one's own in words, of `used` facts alone if any are among them."""
    yield from in_words(shared, used)
    for id_ in [id_ for id_ in names if own[id_]][:_NAMED]:
        of_whom = f"{names[id_]}: " if len(names) > 1 else ""
        yield from (f"{of_whom}{sentence}" for sentence in in_words(own[id_], used))


def facts_now(db: Reader, config: Config, letter: Dossier, stored: Facts, now: datetime) -> Facts:
    """The letter's facts, derived now. Raises `Refused` if they cannot be, and `NotAddressable`."""
    topic = Topic.of(letter)
    if stored.common["entry"] and not (topic.entry and explain.find(db, topic.entry)):
        raise Refused(_FORGOTTEN)
    today = config.coalition.day(now)
    addressees = []
    for id_, recipient in stored.recipients.items():
        try:
            addressees.append(directory.addressee(db, config, id_, today=today))
        except NotAddressable as problem:
            why = problem.what.replace(f"{id_.removeprefix('member:')} is", f"{recipient.address.name} is", 1)
            raise NotAddressable(why) from problem
    return derive(db, config, topic, addressees, fields=stored.common["fields"], claims=stored.claims, now=now)


def _claims(db: Reader, config: Config, letter: Dossier, now: datetime) -> Iterator[str]:
    """A sentence on each claim of the text that may not be made today in these words."""
    today = config.coalition.day(now)
    for claim in letter.version.claims:
        current = facts.current_claim(db, config.coalition, claim.id, today)
        if isinstance(current, str):
            yield f"The letter says “{claim.text}” {current}"
        elif current.cited not in (claim.cited, claim.text):
            yield f"The letter says “{claim.cited}” It would read now: “{current.cited}”"
        elif current.source != claim.source:
            yield f"The source of “{claim.text}” was {claim.source}, and is {current.source} now."


def current_letters(db: Reader, config: Config, letter: Dossier, now: datetime) -> list[Letter]:
    """`letters_for` a letter that is history or up to date. Raises `Refused` for any other."""
    if not letter.is_history and (outdated := reasons(db, config, letter, now)):
        raise Refused(f"{letter.name} is out of date. {' '.join(outdated)}")
    return lookup.letters_for(db, config, letter, now)


# --- what changed, in plain words -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Change:
    """One fact that is not as it was. `path`: as templates name it."""

    path: str
    before: Any
    now: Any

    def sentence(self, then: str) -> str:
        """`then`: of when the value before is."""
        before, now = self.before, self.now
        if self.path == "bill.stage":  # the table of what may be asked names stages as "in-committee"
            before, now = (str(stage or "").replace("-", " ") for stage in (before, now))
        folder, _, name = self.path.rpartition(".")
        owner = folder.rpartition(".")[2].replace("record", "addressee")
        words = f"{f'The {owner}’s' if owner else 'The'} {name.replace('_', ' ')}"
        return f"{_NAMES.get(self.path, words)}: {_words(before)} {then}, {_words(now)} now."


def _pinned(fresh: Facts, stored: Facts, *, locked: bool) -> Facts:
    """The facts of today with the stored days of looking; of a locked letter, also with those of the coalition."""
    common = {key: dict(value) if isinstance(value, Mapping) else value for key, value in fresh.common.items()}
    for *folders, name in (*_LOOKED, *(_OURS if locked else ())):
        ours, theirs = common, stored.common
        for folder in folders:
            ours, theirs = ours.get(folder) or {}, theirs.get(folder) or {}
        if name in ours and name in theirs:
            ours[name] = theirs[name]
    return replace(fresh, common=common)


def changes(stored: Mapping[str, Any], fresh: Mapping[str, Any], path: str = "") -> Iterator[Change]:
    """Each stored fact that has another value now. A fact that was not known at the draft is not in its text."""
    for key, before in stored.items():
        now, place = fresh.get(key), f"{path}{key}"
        if isinstance(before, Mapping):
            yield from changes(before, now if isinstance(now, Mapping) else {}, f"{place}.")
        elif before != now:
            yield Change(place, before, now)


def in_words(changed: Sequence[Change], used: Collection[str] = (), then: str = "when it was drafted") -> list[str]:
    """Sentences on the most telling changes. `used`: the facts that the template names; of others only if none is."""
    order = list(_NAMES)
    changed = [change for change in changed if change.path in used] or changed
    changed = sorted(changed, key=lambda change: order.index(change.path) if change.path in order else len(order))
    in_sentences = [change.sentence(then) for change in changed]
    return cap_lines(in_sentences, _SHOWN, f"And {number(len(changed) - _SHOWN, 'more fact')}.")


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        value = [part for part in value.values() if part]
    if isinstance(value, (list, tuple)):
        items = [_words(item) if isinstance(item, Mapping) else str(item) for item in value]
        return short(listed(items, 4), _LONGEST) or "none"
    return "none" if value in ("", None) else f"“{short(str(value), _LONGEST)}”"
