"""What the commands of letters look up: a letter as its reader may see it, people, addressees, claims."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Final

from bot.commands.model import STAFF, Actor, Choice, Context, Refused, Role
from bot.config.coalition import Coalition
from bot.config.load import Config
from bot.congress import directory
from bot.congress.address import PRESS
from bot.deadlines import authorities, duties
from bot.letters import lifecycle, records
from bot.letters.approval import sourcing
from bot.letters.approval.sourcing import Basis, Cited, Known
from bot.letters.drafting import facts
from bot.letters.lifecycle import Dossier, NotNow, SignOn, State, Version
from bot.letters.model import CLOSING, Letter, Signature
from bot.people.members import legal_names
from bot.people.model import Person
from bot.people.records import people
from bot.shared.wording import listed
from bot.store.database import Reader, Transaction
from bot.store.names import GONE as ERASED

GONE: Final = "somebody who has left"
NOT_THERE: Final = "That letter does not exist, or is not yours to open. /letter list shows yours."


def letter_of(ctx: Context, key: str) -> Dossier:
    """The letter that is meant, with the text that the asker may see.

    What is not there and what is not theirs is answered alike.
    """
    found = records.find(ctx.tx, ctx.config.coalition.id, key, opened=not sees_drafts(ctx.actor))
    if found is None:
        raise Refused(NOT_THERE, param="letter")
    return found


def versions_of(ctx: Context, letter: Dossier) -> list[Version]:
    """The letter's texts that the asker may see, oldest first."""
    return records.versions(ctx.tx, ctx.config.coalition.id, letter.id, opened=not sees_drafts(ctx.actor))


def in_state(ctx: Context, key: str, what: str) -> Dossier:
    """The letter, if `what` may be done with it now."""
    found = letter_of(ctx, key)
    try:
        lifecycle.step(found, what)
    except NotNow as refused:
        raise Refused(str(refused), param="letter") from refused
    return found


def shown(ctx: Context, letter: Dossier, text: str) -> Version | None:
    """The text that a card or form with this digest showed; None where the asker may not see it."""
    return next((version for version in versions_of(ctx, letter) if version.is_text(text)), None)


def writers(db: Reader, coalition_id: str, letter: Dossier) -> set[str]:
    """Everyone who wrote a version of the letter, or of the one that its words were copied from."""
    versions = records.versions(db, coalition_id, letter.id)
    return {*(version.by for version in versions), *letter.facts.get("writers", ())}


def sees_drafts(actor: Actor) -> bool:
    """Staff see every text of every letter. Representatives see the texts that were opened to them, and no other."""
    return bool(actor.roles & STAFF)


def opened(db: Reader, coalition_id: str, letter: Dossier) -> Dossier:
    """The letter with the text that members may see; as it is where none was opened yet."""
    return records.find(db, coalition_id, letter.id, opened=True) or letter


def seen_by(ctx: Context, states: Iterable[State] = State) -> list[Dossier]:
    """The letters that the asker may see, each with the text that they may see."""
    return records.letters(ctx.tx, ctx.config.coalition.id, states, opened=not sees_drafts(ctx.actor))


def choices(ctx: Context, typed: str) -> Sequence[Choice]:
    """The letters that one may mean, for completion."""
    labels = [Choice(letter.name, f"{letter.name} {letter.version.subject}") for letter in seen_by(ctx)]
    return [choice for choice in labels if typed.casefold() in choice.label.casefold()]


def person_of(ctx: Context) -> str:
    assert ctx.actor.person is not None, "strangers are refused before a handler runs"
    return ctx.actor.person


def names(db: Reader, coalition_id: str) -> dict[str, str]:
    return {person.id: person.name for person in people(db, coalition_id)}


def representatives(db: Reader, coalition: Coalition) -> dict[str, list[Person]]:
    """Who may sign for each member, in the order of coalition.yml; nobody for some."""
    found: dict[str, list[Person]] = {id_: [] for id_ in coalition.members}
    for person in people(db, coalition.id):
        if Role.REPRESENTATIVE in person.roles and person.organisation in found:
            found[person.organisation].append(person)
    return found


def sign_ons(db: Reader, coalition: Coalition, letter_id: str) -> dict[str, SignOn]:
    """What each organization decided last, in the order in which they did.

    One without a legal name of its own stands under the member's present one.
    """
    found = records.sign_ons(db, coalition.id, letter_id)
    if all(each.legal_name for each in found.values()):
        return found
    names_ = legal_names(db, coalition)
    return {id_: replace(each, legal_name=each.legal_name or names_.get(id_, id_)) for id_, each in found.items()}


def keep_names(tx: Transaction, coalition: Coalition, letter_id: str) -> None:
    """Store the member's present name with each signature that has none: under a locked letter no name changes."""
    unnamed = [id_ for id_, each in records.sign_ons(tx, coalition.id, letter_id).items() if not each.legal_name]
    if unnamed:
        named = sign_ons(tx, coalition, letter_id)
        records.decide(tx, coalition.id, letter_id, [named[id_] for id_ in unnamed])


def check_claims(db: Reader, coalition: Coalition, version: Version, today: date) -> None:
    """Every claim that the text still makes may be made today, in these words.

    Raises `Refused` that names the sentence and what to do.
    """
    for claim in version.claims:
        now = facts.current(db, coalition, claim.id, today)
        if isinstance(now, str):
            raise Refused(f"The letter says “{claim.text}” {now}")
        if now.text != claim.text:
            raise Refused(f"The letter says “{claim.text}” It would read now: “{now.text}” Edit the letter.")


def confirmed_law(db: Reader, coalition: Coalition, today: date) -> Known:
    """What a template may cite in its own words today: confirmed authorities and the statutes of confirmed duties."""
    claims = authorities.claimable(coalition, today)
    statutes = [duty.statute for duty in duties.duties(db, coalition).values() if duty.confirmed]
    return sourcing.known([*(claim.text for claim in claims), *statutes], (claim.text for claim in claims))


def cited(db: Reader, coalition: Coalition, letter: Dossier, today: date) -> list[Cited]:
    """Every citation and quotation of the letter's text, and what it rests on."""
    return sourcing.cited(
        (text.written for text in letter.version.texts),
        Known.load(letter.facts.get("about", {})),
        confirmed_law(db, coalition, today),
        records.confirmations(db, coalition.id, letter.id),
    )


def check_cited(db: Reader, coalition: Coalition, letter: Dossier, today: date) -> None:
    """Raises `Refused` that names what the letter cites and nobody has confirmed."""
    unconfirmed = [one.name for one in cited(db, coalition, letter, today) if one.basis is Basis.NONE]
    if unconfirmed:
        raise Refused(
            f"{letter.name} cites {listed(unconfirmed, 4)}, which nobody has confirmed. An approver who did not write "
            f"the text confirms each with its source: /letter confirm {letter.name}. Or take it out: "
            f"/letter edit {letter.name}"
        )


def letters_for(db: Reader, config: Config, letter: Dossier, now: datetime) -> list[Letter]:
    """One letter an addressee, ready to be set; signed once it is locked. Raises `NotAddressable`.

    What is locked goes for good to whom it named at the lock, whoever leads or sits by now.
    """
    coalition, version = config.coalition, letter.version
    locked = letter.locked_at
    under, today = signatures(db, coalition, letter) if locked else (), coalition.day(locked or now)
    then = records.addressed(db, coalition.id, letter.id)
    return [
        Letter(
            number=letter.name,
            version=version.number,
            date=today,
            sender=facts.letterhead(coalition),
            to=then.get(id_) or directory.addressee(db, config, id_, today=today),
            written=text.written,
            closing="" if id_ == PRESS else CLOSING,
            signer=() if id_ == PRESS else facts.signer(coalition),
            signatures=() if id_ == PRESS else under,
            digest=version.digest if locked else "",
        )
        for text in version.texts
        for id_ in text.to
    ]


def by_name(db: Reader, config: Config, name: str, now: datetime) -> list[Letter]:
    """`letters_for` the letter of that name; none where there is none."""
    found = records.find(db, config.coalition.id, name)
    return letters_for(db, config, found, now) if found else []


def signed(db: Reader, coalition: Coalition, letter: Dossier) -> dict[str, SignOn]:
    """The organizations that signed this text of the letter, by id: what its documents and every table list."""
    return lifecycle.under(sign_ons(db, coalition, letter.id), letter.version)


def signatures(db: Reader, coalition: Coalition, letter: Dossier) -> tuple[Signature, ...]:
    """`signed`, as its documents set them."""
    return tuple(
        Signature(
            organisation=each.legal_name,
            signatory="" if each.signatory == ERASED else each.signatory,  # a letter names nobody who was erased
            title=each.title,
            evidence=each.evidence,
        )
        for each in signed(db, coalition, letter).values()
    )
