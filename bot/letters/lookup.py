"""Lookups that the letter commands share: letters as the asker may see them, or by words; people, offices, claims."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import wraps
from typing import Any, Final

from bot.commands.arguments import matching
from bot.commands.model import STAFF, Actor, Choice, Context, Group, Kind, Param, Refused, Reply, Role, SearchHit, Work
from bot.config.coalition import Coalition
from bot.config.load import Config
from bot.congress import directory
from bot.congress.address import PRESS
from bot.congress.model import Addressee
from bot.deadlines.model import claimable
from bot.deadlines.records import load_commitments
from bot.letters import lifecycle, records, wording
from bot.letters.facts import of_coalition
from bot.letters.lifecycle import Dossier, SignOn, State, StepNotAllowed, Version, ally_id, letter_name
from bot.letters.model import Letter, Signature, Written
from bot.letters.statements import sourcing
from bot.people import records as person_records
from bot.people.members import names_of
from bot.people.model import Person
from bot.people.records import people
from bot.people.sessions import ASSISTANT
from bot.shared.calendar import day_in_words
from bot.shared.card import Button
from bot.shared.language import IN_ENGLISH
from bot.shared.search import Words
from bot.shared.wording import listed
from bot.store.database import Reader
from bot.store.names import REDACTED as ERASED

GONE: Final = "someone who has left"
MAKE_APPROVER: Final = 'An administrator can make one, who approves after a day: /people role "NAME" give:approver.'
NOT_FOUND: Final = "That letter does not exist, or is not yours to open. /letter list shows yours."
_NOTED: Final = {"sent": "Note on sending", "reply": "Their answer"}


def letter_of(ctx: Context, key: str) -> Dossier:
    """The letter with this number or id, with the newest text that the asker may see.

    A missing letter and one the asker may not open get the same answer, so that neither is revealed.
    """
    letter = records.find(ctx.tx, key, opened=not can_see_drafts(ctx.actor))
    if letter is None:
        raise Refused(NOT_FOUND, param="letter")
    return letter


def versions_of(ctx: Context, letter: Dossier) -> list[Version]:
    """The letter's texts that the asker may see, oldest first."""
    return records.versions(ctx.tx, letter.id, opened=not can_see_drafts(ctx.actor))


def letter_for(ctx: Context, key: str, action: str) -> Dossier:
    """The letter, if its state allows `action`. Raises `Refused`."""
    letter = letter_of(ctx, key)
    try:
        lifecycle.next_state(letter, action)
    except StepNotAllowed as refused:
        hint, can = refused.next_step, other_approvers(ctx, letter)
        if hint and letter.state is State.REVIEW and ctx.actor.person not in {person.id for person in can}:
            hint = f" Next: {listed([person.name for person in can])} can approve it."
            hint = hint if can else f" Next: another approver has to approve it. {MAKE_APPROVER}"
        raise Refused(f"{refused.what}{hint}", param="letter") from refused
    return letter


def version_shown(ctx: Context, letter: Dossier, text: str) -> Version | None:
    """The version that a card or form with this digest showed; None if the asker may not see it."""
    return next((version for version in versions_of(ctx, letter) if version.is_text(text)), None)


def writers(db: Reader, letter: Dossier) -> set[str]:
    """Ids of everyone who wrote a version of this letter or of the letter it was duplicated from."""
    versions = records.versions(db, letter.id)
    return {*(version.by for version in versions), *letter.facts.get("writers", ())}


def approvals(db: Reader, letter: Dossier) -> dict[str, datetime]:
    """When each person approved the current text, in order; without those who wrote any of the letter."""
    wrote = writers(db, letter)
    return {person: at for person, at in records.approvals(db, letter).items() if person not in wrote}


def other_approvers(ctx: Context, letter: Dossier) -> list[Person]:
    """The approvers who wrote nothing of the letter, and so can approve it."""
    wrote = writers(ctx.tx, letter)
    return [person for person in people(ctx.tx) if Role.APPROVER in person.roles and person.id not in wrote]


def can_see_drafts(actor: Actor) -> bool:
    """Whether the actor is staff. Representatives see only the texts that were opened for sign-on or locked."""
    return bool(actor.roles & STAFF)


def letter_for_members(db: Reader, letter: Dossier) -> Dossier:
    """The letter with the newest text that members may see; unchanged if no text was opened yet."""
    return records.find(db, letter.id, opened=True) or letter


def visible_letters(
    ctx: Context, states: Iterable[State] = State, *, start: int = 0, most: int | None = None
) -> list[Dossier]:
    """The letters that the asker may see, newest first, each with the newest text they may see."""
    return records.letters(ctx.tx, states, opened=not can_see_drafts(ctx.actor), start=start, most=most)


def choices(ctx: Context, typed: str) -> Sequence[Choice]:
    """Completion choices for a letter."""
    labels = [Choice(letter.name, f"{letter.name} {letter.version.subject}") for letter in visible_letters(ctx)]
    return matching(labels, typed)


LETTER: Final = Param("letter", "its number, such as L-014", complete=choices, longest=64)
TEXT: Final = Param("text", "the digest of the text that was shown", required=False, longest=64, by_button=True)
AGREE: Final = Param("agree", "yes, once you have read it", kind=Kind.YES_NO, required=False, by_button=True)

StepHandler = Callable[[Context, Dossier, Mapping[str, str]], Reply]


class LetterGroup(Group):
    """Subcommands about one letter: it is their first parameter, and the handler gets it."""

    def step(
        self, *, example: str = "", params: Sequence[Param] = (), needs: str = "", changes: bool = True, **more: Any
    ) -> Callable[[StepHandler], StepHandler]:
        """Return a decorator like `command`'s. `needs`: a step that the letter's state must allow."""

        def add(handler: StepHandler) -> StepHandler:
            @wraps(handler)
            def handle(ctx: Context, args: Mapping[str, str]) -> Reply:
                letter = letter_for(ctx, args["letter"], needs) if needs else letter_of(ctx, args["letter"])
                return handler(ctx, letter, args)

            words = f"L-014 {example}".rstrip()
            self.command(example=words, params=(LETTER, *params), changes=changes, **more)(handle)
            return handler

        return add


def name_of(work: Work, id_: str) -> str:
    """A person's name; `GONE` if they have left."""
    person = person_records.person(work.tx, id_)
    return person.name if person else GONE


def representatives(db: Reader, coalition: Coalition) -> dict[str, list[Person]]:
    """The representatives of each member, by member id in the order of coalition.yml; an empty list for some."""
    by_member: dict[str, list[Person]] = {id_: [] for id_ in coalition.members}
    for person in people(db):
        if Role.REPRESENTATIVE in person.roles and person.organisation in by_member:
            by_member[person.organisation].append(person)
    return by_member


def sign_ons(db: Reader, coalition: Coalition, letter_id: str) -> dict[str, SignOn]:
    """Each organization's latest decision, oldest first. One without a legal name gets the member's current one.

    An ally that became a member has decided as one: what it signed as an ally, in any of its names, is left out.
    """
    stored, names = records.sign_ons(db, letter_id), names_of(coalition)
    decided = [each for id_, each in stored.items() if not id_.startswith("ally:")]
    as_allies = {ally_id(name) for each in decided for name in (each.legal_name, *names.get(each.organisation, ()))}
    stored = {id_: each for id_, each in stored.items() if id_ not in as_allies}
    if all(sign_on.legal_name for sign_on in stored.values()):
        return stored
    current_names = {id_: member.signs_as for id_, member in coalition.members.items()}
    return {
        id_: replace(sign_on, legal_name=sign_on.legal_name or current_names.get(id_, id_))
        for id_, sign_on in stored.items()
    }


def citations_of(db: Reader, coalition: Coalition, letter: Dossier, today: date) -> list[sourcing.SourcedCitation]:
    """Every citation and quotation in the letter's text, each with its basis."""
    names = letter.facts.get("names", {})
    # An office is called by its id, too: "EPA" in a letter to `office:epa`.
    addressees = sourcing.citable((), (*names.values(), *(id_.removeprefix("office:") for id_ in names)))
    # A template's own words may cite confirmed authorities, and the statutes of confirmed duties.
    claims = claimable(coalition, today)
    statutes = [duty.basis for duty in load_commitments(db, coalition).values() if duty.confirmed]
    own = (coalition.about, *(ask.because for ask in coalition.asks.values()))
    asked = [text for ask in coalition.asks.values() for text in (ask.title, ask.text)]
    shown = sourcing.citable((), facts=[text for claim in claims for text in (claim.cited, claim.text)])
    return sourcing.sourced_citations(
        (text.written for text in letter.version.texts),
        sourcing.combined(sourcing.Citable.load(letter.facts.get("about", {})), addressees),
        sourcing.citable([*(claim.cited for claim in claims), *statutes], (claim.text for claim in claims)),
        records.confirmations(db, letter.id),
        sourcing.unsourced_facts(own, shown) | sourcing.unsourced_facts(asked, shown, asked=True),
    )


def citations_now(work: Work, letter: Dossier) -> list[sourcing.SourcedCitation]:
    """`citations_of` the letter, by what may be cited today."""
    return citations_of(work.tx, work.config.coalition, letter, work.today)


def translation_read(db: Reader, letter: Dossier) -> sourcing.Confirmation | None:
    """The confirmation that the translation of this very text says the same as the English; None if there is none."""
    return records.confirmations(db, letter.id).get(letter.version.digest)


def translation_lines(work: Work, letter: Dossier) -> Iterator[str]:
    """What is sent of a letter with a translation, and who has read both texts; nothing checks the second."""
    if not (other := letter.version.translation):
        return
    name = IN_ENGLISH[other.language]
    both, alone = f"Both texts are sent: English, then {name}.", f"{name} is for those who sign; English is sent."
    yield both if other.sent else alone
    if read := translation_read(work.tx, letter):
        day = day_in_words(work.config.coalition.day(read.at))
        who = f"{name_of(work, read.person)} confirmed on {day} that both say the same."
        yield f"The bot checks only the English text against the record. {who}"
        return
    yield f"{wording.UNREAD} An approver who reads {name} and wrote neither does: /letter confirm {letter.name}"
    if unlike := letter.version.unlike_numbers:
        yield f"Numbers in one of the texts alone: {listed(unlike, 9)}."


def translation_button(work: Work, letter: Dossier) -> tuple[Button, ...]:
    """The button to confirm the translation, if nobody has."""
    if not letter.version.translation or translation_read(work.tx, letter):
        return ()
    return (Button("Confirm the translation", "letter confirm", wording.text_args(letter)),)


def check_translation_read(work: Work, letter: Dossier) -> None:
    """Raise `Refused` if the letter has a translation and nobody has confirmed that it says the same."""
    if translation_button(work, letter):
        raise Refused(" ".join(translation_lines(work, letter)))


def check_citations_confirmed(work: Work, letter: Dossier) -> None:
    """Raise `Refused` if the letter cites something without a basis, such as a statute no one has confirmed."""
    says = wording.named_statements(citations_now(work, letter))
    if says:
        raise Refused(
            f"{letter.name} {says[0].lower()}{says[1:]}, which nobody has confirmed. An approver who did not write "
            f"the text confirms each with its source: /letter confirm {letter.name}. Or remove it: "
            f"/letter edit {letter.name}"
        )


LETTERHEAD: Final = ("name", "address", "phone", "site", "signer")  # facts of the coalition that each letter prints


def document(coalition: Mapping[str, Any], to: Addressee, written: Written, on: date) -> Letter:
    """A letter to one addressee, with letterhead and signer by the coalition's facts. A press release is not signed."""
    site = coalition["site"].partition("://")[2].rstrip("/")
    signer = (*coalition["signer"].values(), coalition["name"]) if coalition["signer"] else ()
    letter = Letter(
        number="",
        version=0,
        date=on,
        sender=tuple(filter(None, (coalition["name"], *coalition["address"], coalition["phone"], site))),
        to=to,
        written=written,
        signer=tuple(filter(None, signer)),
    )
    return replace(letter, closing="", signer=()) if to.id == PRESS else letter


def letters_for(db: Reader, config: Config, letter: Dossier, now: datetime) -> list[Letter]:
    """One letter per addressee, ready to render; with signatures once it is locked. Raises `NotAddressable`.

    A locked letter keeps the names, the addresses and the letterhead of its lock, whatever has changed since.
    """
    coalition, version = config.coalition, letter.version
    addressed, sender = records.locked(db, letter.id)
    locked = letter.locked_at
    signed = printed(signed_organizations(db, coalition, letter).values()) if locked else ()
    today = coalition.day(locked or now)
    letters = []
    for id_, written in ((id_, text.written) for text in version.texts for id_ in text.to):
        to = addressed.get(id_) or directory.addressee(db, config, id_, today=today)
        letters.append(
            replace(
                document(sender or of_coalition(coalition), to, written, today),
                number=letter.name,
                version=version.number,
                signatures=() if id_ == PRESS else signed,
                digest=version.digest if locked else "",
            )
        )
    return letters


def signed_organizations(db: Reader, coalition: Coalition, letter: Dossier) -> dict[str, SignOn]:
    """The sign-ons for the letter's current text, by organization id, in order of their legal names."""
    return lifecycle.counted_sign_ons(sign_ons(db, coalition, letter.id), letter.version)


def objections(db: Reader, coalition: Coalition, letter: Dossier) -> str:
    """A sentence on who is under the locked letter and says that it did not sign; "" if nobody does."""
    names = [each.legal_name for each in signed_organizations(db, coalition, letter).values() if each.objected_at]
    return f"Under it, but says that it did not sign: {listed(names, 5)}." if names else ""


def printed(sign_ons: Iterable[SignOn]) -> tuple[Signature, ...]:
    """Sign-ons as documents print them."""
    return tuple(
        Signature(
            organisation=each.legal_name,
            signatory="" if each.signatory == ERASED else each.signatory,  # the name of an erased person is not printed
            title=each.title,
            evidence=each.evidence,
        )
        for each in sign_ons
    )


def letters(ctx: Context, wanted: Words) -> Iterator[SearchHit]:
    """Letters that the asker may open whose visible text contains the words."""
    for letter in records.letters_containing(ctx.tx, wanted, opened=not can_see_drafts(ctx.actor)):
        if wanted.fit(letter.name, wording.recipients(letter), *letter.version.passages):
            line = wording.summary_line(letter).removeprefix(f"{letter.name} · ")
            yield SearchHit("Letters", letter.version.at, letter.name, line)


def mail(ctx: Context, wanted: Words) -> Iterator[SearchHit]:
    """Staff notes on sent and answered letters that contain the words; none for others and for assistants."""
    if not can_see_drafts(ctx.actor) or ctx.actor.platform == ASSISTANT:  # addresses of people are in them
        return
    for number, mail in records.mail_containing(ctx.tx, wanted):
        if wanted.fit(mail.note):
            line = f"{_NOTED.get(mail.kind, mail.kind)}: {mail.note}"
            yield SearchHit("Letters", mail.at, letter_name(number), line)
