"""The member organizations' names: legal ones, from coalition.yml or set by an administrator, and names like them.

A letter of another script that looks like a Latin one (the Cyrillic o) is taken for any letter: so no table of such
letters is needed, and none is missed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from bot.commands.model import Reference, Refused, Role
from bot.config.coalition import Coalition
from bot.people import records
from bot.shared.wording import listed
from bot.store.database import Reader, Transaction, to_text

_ASIDE: Final = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_WITHIN: Final = re.compile(r"(?<=\w)['’.](?=\w)")
_WORD: Final = re.compile(r"[\w?]+")
_FORMS: Final = frozenset({"inc", "incorporated", "llc", "ltd", "corp", "corporation", "co", "the", "and"})
_ALIKE: Final = str.maketrans({"1": "l", "i": "l", "0": "o"})
ODD: Final = "?"  # stands for a letter that is not Latin


def legal_names(db: Reader, coalition: Coalition) -> dict[str, str]:
    """Return each member's legal name by id, in the order of coalition.yml."""
    rows = db.read("SELECT * FROM member_name")
    in_chat = {row["member"]: row["legal_name"] for row in rows}
    return {id_: in_chat.get(id_) or member.legal_name or member.name for id_, member in coalition.members.items()}


def names_of(db: Reader, coalition: Coalition) -> dict[str, tuple[str, ...]]:
    """Return every name of each member by id: from coalition.yml, and the one set in chat."""
    names_by_id = {
        id_: [member.name, member.short, member.legal_name, legal]
        for (id_, member), legal in zip(coalition.members.items(), legal_names(db, coalition).values(), strict=True)
    }
    for entity in coalition.entities.values():
        if entity.member in names_by_id:
            names_by_id[entity.member] += [entity.name, *(each.words for each in (*entity.names, *entity.short))]
    return {id_: tuple(filter(None, names)) for id_, names in names_by_id.items()}


def set_legal_name(tx: Transaction, member: str, name: str, *, by: str | None, now: datetime) -> None:
    """Set a member's legal name. An empty one restores the name in coalition.yml."""
    params = {"member": member}
    tx.execute("DELETE FROM member_name WHERE member = :member", params)
    if name:
        sql = "INSERT INTO member_name (member, legal_name, set_by, set_at) VALUES (:member, :name, :by, :now)"
        tx.execute(sql, params | {"name": name, "by": by, "now": to_text(now)})


def references(db: Reader, kind: str, name: str) -> list[Reference]:
    """The people who represent a member; without it, they may do nothing for it."""
    if kind != "member":
        return []
    people = records.people(db)
    names = [each.name for each in people if each.organisation == name and Role.REPRESENTATIVE in each.roles]
    verb = "represents" if len(names) == 1 else "represent"
    return [Reference(f"{listed(names)} {verb} it, and can no longer act for it.")] if names else []


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name as they look, without accents, asides and forms such as Inc.; `ODD` for odd letters."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    plain = (sign for sign in unicodedata.normalize("NFKD", folded) if unicodedata.category(sign) not in ("Cf", "Mn"))
    shown = "".join(ODD if sign.isalpha() and not sign.isascii() else sign for sign in plain if sign != ODD)
    words = _WORD.findall(_WITHIN.sub("", _ASIDE.sub(" ", shown)))
    return tuple(word.translate(_ALIKE).replace("rn", "m") for word in words if word not in _FORMS)


class Lookalikes:
    """Find names that read like those of a known person. `names`: every name of each, by id."""

    def __init__(self, names: Mapping[str, Iterable[str]]) -> None:
        looks = [(words_of(each), id_) for id_, every in names.items() for each in every]
        self._whole = {"".join(words): id_ for words, id_ in looks if words}
        self._parts = {words: id_ for words, id_ in looks if words}
        self._lengths = sorted({len(words) for words in self._parts})

    def same(self, name: str) -> str | None:
        """The id of the person that the name reads like; None if there is none."""
        looks = "".join(words_of(name))
        if ODD not in looks or not looks.strip(ODD):
            return self._whole.get(looks)
        pattern = re.compile("".join("." if sign == ODD else re.escape(sign) for sign in looks))
        return next((id_ for whole, id_ in self._whole.items() if pattern.fullmatch(whole)), None)

    def holds(self, name: str) -> str | None:
        """The id of one whose name is a part of this one: `Delta Industries` holds `Delta`."""
        looks = words_of(name)
        parts = (looks[at : at + length] for length in self._lengths for at in range(len(looks) - length + 1))
        return next((self._parts[part] for part in parts if part in self._parts), None)


def check_own_name(db: Reader, coalition: Coalition, member: str, name: str, param: str) -> None:
    """Raise `Refused` if the name of a member reads like another's: its representative would sign under it."""
    others = {id_: names for id_, names in names_of(db, coalition).items() if id_ != member}
    if other := Lookalikes(others).same(name):
        raise Refused(f"“{name}” looks like the name of another member, {others[other][0]}.", param=param)


def is_odd(name: str) -> bool:
    """Whether it has letters that are not Latin, which may look like others."""
    return any(ODD in word for word in words_of(name))


def signatory_problem(signatory: str, names: Iterable[str]) -> str:
    """Why this is not the name of the person who signs for an organization with these names; "" if it may be."""
    if words_of(signatory) not in map(words_of, names):
        return ""
    return f"“{signatory}” is the organization's name. Write the name of the person who signs for it."
