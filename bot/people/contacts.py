"""People outside the coalition on one of its lists, reporters and staff of offices: what both lists have in common.

Where each is from, why they may be stored, until when they count as verified, how a person names one, the table that
both are imported from, and who asked not to be stored, as nothing but salted hashes. The SQL of `press_suppression`.
"""

from __future__ import annotations

import logging
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any, ClassVar, Final, Generic, TypeVar

from bot.commands.arguments import SEEN, mark
from bot.commands.model import Choice, Context, File, Form, FormField, Param, Refused, Reply, Work, answer
from bot.shared.calendar import day_in_words
from bot.shared.card import Button
from bot.shared.csv_cells import InvalidTable, read_table
from bot.shared.mail_address import normalize_address
from bot.shared.time_phrases import parse_day
from bot.shared.wording import cap_lines, listed, number
from bot.store import memo
from bot.store.database import Database, Reader, StoreBusy, Transaction, insert_rows

VERIFIED_FOR: Final = timedelta(days=183)  # people change posts, so contacts are verified twice a year
MAX_ROWS: Final = 5_000  # lines of a table, of which a quoted cell may take several
_MAX_LISTED: Final = 8  # contacts, or numbers of lines, in one answer
_SALT: Final = "press salt"
_TO_SCRUB: Final = "press erased"
log = logging.getLogger(__name__)


class Basis(StrEnum):
    """Legal basis for keeping a person's data (GDPR, art. 6(1)), which protects people in the EU and UK."""

    INTEREST = "legitimate interest"
    CONSENT = "consent"


SOURCE: Final = Param("source", "where this information is from", required=False, longest=200, free=True)
BASIS: Final = Param(
    "basis",
    "the legal basis for keeping it",
    required=False,
    choices=tuple(Choice(basis.value, basis.value) for basis in Basis),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One person, or a shared address if `name` is empty."""

    LETTER: ClassVar[str] = ""

    id: str
    number: int
    name: str = ""
    email: str = ""
    phone: str = ""
    source: str = ""
    basis: Basis = Basis.INTEREST
    verified_on: date | None = None
    opted_out_at: datetime | None = None

    @property
    def label(self) -> str:
        """The number that people use: `P-31`."""
        return f"{self.LETTER}-{self.number}"

    @property
    def who(self) -> str:
        """The name as a sentence has it, with where they work."""
        return self.name

    @property
    def place(self) -> str:
        """Where they work: a name at the same place is the same person."""
        return ""

    @property
    def words(self) -> str:
        """The texts in which a search looks."""
        return self.name

    @property
    def signs(self) -> Mapping[str, str]:
        """How an import may name them, as `fingerprints` takes it."""
        return {"name": self.name, "email": self.email}

    def stale(self, today: date) -> bool:
        """Whether the contact was not verified for half a year."""
        return self.verified_on is None or today - self.verified_on > VERIFIED_FOR

    @property
    def verified(self) -> str:
        """`last on Nov 24`, `never verified`."""
        return f"last on {day_in_words(self.verified_on)}" if self.verified_on else "never verified"


_C = TypeVar("_C", bound=Contact)


def normalize(text: str) -> str:
    """`text` without accents, case and punctuation: `T’ruah` equals `Truah`, `The AP` equals `the  AP.`."""
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[^\w\s]+", "", plain.casefold()).split())


def read_email(typed: str, *_: object) -> str:
    """An email address. Raises `Refused`."""
    if typed and normalize_address(typed) is None:
        raise Refused("That is not an email address, such as name@example.org.", param="email")
    return typed


# --- which one a person means -----------------------------------------------------------------------------------------


def find(contacts: Sequence[_C], typed: str) -> list[_C]:
    """The contact with this label or id; else all in which every word is found."""
    label, words = typed.strip().upper(), normalize(typed).split()
    exact = [contact for contact in contacts if typed == contact.id or label in (contact.label, str(contact.number))]
    return exact or [each for each in contacts if words and all(word in normalize(each.words) for word in words)]


def pick(contacts: Sequence[_C], typed: str, none: str) -> _C:
    """The one contact that `typed` identifies. Raises `Refused`; `none`: what it says if there is none."""
    candidates = find(contacts, typed)
    if not candidates:
        raise Refused(none, param="contact")
    if len(candidates) > 1:
        names = ", ".join(f"{contact.label} {contact.who}" for contact in candidates[:5])
        raise Refused(
            f"“{typed[:60]}” matches {names}. Use the number, such as {candidates[0].label}.", param="contact"
        )
    return candidates[0]


def choices(contacts: Iterable[Contact], typed: str) -> Sequence[Choice]:
    words = normalize(typed).split()
    return [
        Choice(contact.label, f"{contact.label} {contact.who}")
        for contact in contacts
        if all(word in f"{contact.label.lower()} {normalize(contact.words)}" for word in words)
    ]


class ContactIndex(Generic[_C]):
    """Finds existing contacts by name and place, or by name and email address."""

    def __init__(self, contacts: Iterable[_C]) -> None:
        self._by: dict[tuple[str, str], _C] = {}
        for contact in contacts:
            self.add(contact)

    def add(self, contact: _C) -> None:
        if contact.name and contact.email:
            self._by[(contact.email.casefold(), normalize(contact.name))] = contact
        self._by[(f"at {normalize(contact.place)}", normalize(contact.name))] = contact

    def find(self, *, name: str, place: str, email: str) -> _C | None:
        at_place = self._by.get((f"at {normalize(place)}", normalize(name)))
        return at_place or (self._by.get((email.casefold(), normalize(name))) if name and email else None)


def list_stale(stale: Sequence[Contact], path: str, why: str, reason: Callable[[Any], str]) -> Reply:
    """The contacts to verify, with buttons of the command `path` for the first. `reason`: why, of each."""
    lines = [f"{each.label} {each.who}, {reason(each)}" for each in stale]
    buttons = [Button(f"{each.label} is right", path, (("contact", each.id),)) for each in stale[:4]]
    head = f"{number(len(stale), 'contact')} to verify: {why}"
    return answer(head, *cap_lines(lines, _MAX_LISTED), buttons=buttons)


def edit_form(
    contact: Contact,
    params: Iterable[Param],
    values: Mapping[str, str],
    path: str,
    shown: Mapping[str, str] | None = None,
) -> Reply:
    """The form that changes a contact by the command `path`. `shown`: how people see a value."""
    seen = shown or {}
    asked = (param for param in params if param.name in values)
    fields = tuple(FormField(param, param.label, values[param.name], seen.get(param.name, "")) for param in asked)
    args = {"contact": contact.id, SEEN.name: mark(values)}
    return Reply(form=Form(title=f"Change {contact.label}", path=path, fields=fields, args=args))


def exported(ctx: Context, count: int, data: bytes, name: str, subject: str, staff: str, path: str) -> Reply:
    """The answer with a list as CSV. `subject`: as the audit names the list; `path`: the command that imports it."""
    ctx.note(subject, "", f"exported, {number(count, 'contact')}")
    reply = answer(
        f"{number(count, 'contact')}, as CSV",
        f"It contains personal data: store it where only {staff} staff can open it, and delete it after use.",
        foot=f"{path} can import it again.",
    )
    return replace(reply, file=File(f"{name}-{ctx.today}.csv", "text/csv", data))


# --- the table --------------------------------------------------------------------------------------------------------


def read_contacts(
    csv: str,
    columns: Sequence[str],
    params: Sequence[Param],
    needed: str,
    check: Callable[[dict[str, str]], None] = lambda _: None,
) -> list[tuple[int, dict[str, str]]]:
    """The lines of a table, each with its filled cells. Raises `Refused`; `check` raises `ValueError`.

    `params`: of the command that adds one contact; a cell is no longer than what a person may type there.
    """

    def row(line: int, cells: Mapping[str, str]) -> tuple[int, dict[str, str]]:
        if line > MAX_ROWS + 1:  # the first names the columns
            raise Refused(
                f"The table has more than {MAX_ROWS:,} lines under the first. Split it and import each part.",
                param="csv",
            )
        filled = {name: cell for name, cell in cells.items() if cell}
        if needed not in filled:
            raise ValueError(f"no {needed}")
        if long := next((param for param in params if len(filled.get(param.name, "")) > param.longest), None):
            raise ValueError(f"{long.name} has more than {long.longest} characters")
        check(filled)
        if "basis" in filled and filled["basis"] not in set(Basis):
            raise ValueError(f"basis must be one of {', '.join(Basis)}, not “{filled['basis'][:40]}”")
        if day := filled.get("verified_on"):
            if (verified_on := parse_day(day)) is None:
                raise ValueError(f"verified_on must be a date such as 11/24/2026, not “{day[:20]}”")
            filled["verified_on"] = verified_on.isoformat()
        return line, filled

    try:
        return read_table(csv, columns, row, needed=[needed])
    except InvalidTable as bad:
        raise Refused(f"Nothing was imported. {bad}", param="csv") from bad


@dataclass(slots=True)
class Imported(Generic[_C]):
    """What the rows of a table become: contacts to save, and by line those who asked not to be stored."""

    new: list[_C] = field(default_factory=list)
    changed: list[_C] = field(default_factory=list)
    unchanged: int = 0
    left_out: list[int] = field(default_factory=list)

    def add(self, line: int, before: _C | None, contact: _C, suppressed: SuppressionList) -> bool:
        """Sort a row's contact; False if it is left out."""
        if suppressed.by(contact, name=True, before=before):
            self.left_out.append(line)
            return False
        if contact == before:
            self.unchanged += 1
        else:
            (self.changed if before else self.new).append(contact)
        return True

    @property
    def counts(self) -> str:
        return f"{len(self.new)} new, {len(self.changed)} changed, {self.unchanged} unchanged"

    def skipped(self, add: str) -> str:
        """A sentence on those who were left out; "" for none. `add`: the command by which one of that name is added."""
        many = "s" if len(self.left_out) > 1 else ""
        return (
            f"Skipped: line{many} {listed([str(line) for line in self.left_out], _MAX_LISTED)}. They asked not to be "
            f"on the list, or have the name of a person who did. Add another person of that name by hand: {add}"
            if self.left_out
            else ""
        )


# --- who asked not to be stored ---------------------------------------------------------------------------------------


def fingerprints(salt: str, *, name: str, email: str = "", phone: str = "", **places: str) -> dict[str, str]:
    """Hashes by which a person can be recognized, by kind; empty values have none. `places`: `outlet="AP"`.

    An import skips a person whose name alone matches, because lists spell places differently; a contact added by hand
    is not refused for the name alone.
    """
    digits, plain = re.sub(r"\D", "", phone)[-10:], normalize(name)  # a number without the country code
    texts = {"email": email.strip().casefold(), "phone": digits if len(digits) == 10 else ""}
    texts |= {f"name and {what}": f"{plain}\n{normalize(place)}" for what, place in places.items() if plain}
    texts["name"] = plain
    return {kind: sha256(f"{salt}\n{kind}\n{value}".encode()).hexdigest() for kind, value in texts.items() if value}


@dataclass(frozen=True, slots=True)
class SuppressionList:
    """Hashes of people who asked to be erased or opted out. `salt`: "" while there are none."""

    salt: str
    hashes: frozenset[str]

    def by(self, contact: Contact, *, name: bool, before: Contact | None = None) -> str:
        """The kind of hash by which `contact` is on the list, and was not `before`; "" if there is none.

        `name`: the name alone counts.
        """
        hashes = fingerprints(self.salt, **contact.signs)
        earlier = fingerprints(self.salt, **before.signs) if before else {}
        kinds = (kind for kind in hashes if name or kind != "name")
        return next((kind for kind in kinds if hashes[kind] in self.hashes and hashes[kind] != earlier.get(kind)), "")

    def refuse(self, contact: Contact, before: Contact | None, what: str) -> None:
        """Raise `Refused` if the contact asked not to be stored; the name alone does not count: it is not unique."""
        if matched_by := self.by(contact, name=False, before=before):
            raise Refused(
                f"A person with this {matched_by} asked not to be on {what}, so nothing was saved. If they have "
                "changed their mind, get it in writing and ask an operator.",
                param="name",
            )


def suppression_list(db: Reader) -> SuppressionList:
    rows = db.read("SELECT hash FROM press_suppression")
    return SuppressionList(memo.get_memo(db, _SALT) or "", frozenset(row["hash"] for row in rows))


def suppress(work: Work, contact: Contact) -> None:
    """Save the hashes by which an import recognizes the contact."""
    salt = suppression_list(work.tx).salt or work.new_id()
    hashes = fingerprints(salt, **contact.signs).values()
    _add_suppressions(work.tx, SuppressionList(salt, frozenset(hashes)), work.now)


def _add_suppressions(tx: Transaction, suppressed: SuppressionList, now: datetime) -> None:
    memo.set_memo(tx, _SALT, suppressed.salt)
    rows = ({"hash": hash_, "since": now} for hash_ in sorted(suppressed.hashes))
    insert_rows(tx, "press_suppression", rows, if_new=True)


def unsuppress(tx: Transaction, contact: Contact) -> None:
    """Delete the contact's hashes after an opt-out was undone."""
    hashes = fingerprints(suppression_list(tx).salt, **contact.signs).values()
    tx.execute_many("DELETE FROM press_suppression WHERE hash = :hash", [{"hash": hash_} for hash_ in hashes])


def opt_out(ctx: Context, contact: _C, *, undo: bool, subject: str, means: str, path: str) -> tuple[_C, Reply]:
    """Opt a contact out, or undo that: the contact to save, and the answer. `subject`: as the audit names them."""
    after = replace(contact, opted_out_at=None if undo else contact.opted_out_at or ctx.now)
    change = ("opted out", "can be contacted") if undo else ("can be contacted", "opted out")
    ctx.note(subject, *change)
    if undo:
        unsuppress(ctx.tx, contact)
        return after, answer(f"{contact.label} {contact.who} can be contacted again", replaces=True)
    suppress(ctx, contact)
    button = Button("Undo opt-out", path, (("contact", contact.id), ("again", "yes")))
    return after, answer(f"{contact.label} {contact.who} has opted out", means, buttons=(button,))


@dataclass(frozen=True, slots=True)
class OptOuts:
    """Erasures and opt-outs in one store. `opted_out`: by contact id, the time of the opt-out or None."""

    suppressed: SuppressionList
    opted_out: Mapping[str, datetime | None]


def load_opt_outs(db: Reader, contacts: Iterable[Contact]) -> OptOuts:
    return OptOuts(suppression_list(db), {contact.id: contact.opted_out_at for contact in contacts})


def reapply_opt_outs(
    work: Work, opt_outs: OptOuts, restored: Iterable[_C], save: Callable[[_C], None], erase: Callable[[_C], object]
) -> int:
    """Apply opt-outs and erasures to a restored list; return the number of contacts changed."""
    count = 0
    if opt_outs.suppressed.hashes:
        _add_suppressions(work.tx, opt_outs.suppressed, work.now)
    for contact in restored:
        since = opt_outs.opted_out.get(contact.id)
        if since and not contact.opted_out_at:
            save(replace(contact, opted_out_at=since))
        elif contact.id not in opt_outs.opted_out and opt_outs.suppressed.by(contact, name=True):
            erase(contact)
        else:
            continue
        count += 1
    return count


def must_scrub(tx: Transaction) -> None:
    """Note that rows of a person were deleted, whose bytes are still in the database's files."""
    memo.set_memo(tx, _TO_SCRUB, "yes")


def scrub(db: Database) -> bool:
    """Rewrite the database files after an erasure; False if the store is busy: the next round tries again."""
    if memo.get_memo(db, _TO_SCRUB) == "yes":
        try:
            db.scrub()
        except StoreBusy as busy:
            log.info("erased data is still in the database files; retrying: %s", busy)
            return False
        with db.write() as tx:
            memo.set_memo(tx, _TO_SCRUB, "done")
    return True
