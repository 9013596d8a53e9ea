"""Resolve the text of `to:` to addressees, and warn of those who cannot do what a letter asks.

`to:` is a list of names: "Gillibrand; Senate Judiciary; senators from NY except cosponsors of HR1-119". An item that
matches no one is set aside and reported. An ambiguous item or an unclear exception is refused: a letter must not go to
a guess, or to someone who should be left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from typing import Final

from bot.bills.facts import UnknownBill, bill_facts, track_hint
from bot.commands.model import Choice, Context, Refused, Work
from bot.config.coalition import Coalition
from bot.config.load import Config
from bot.congress import directory, records
from bot.congress.address import OUTLET, PRESS
from bot.congress.directory import NotAddressable, joint
from bot.congress.model import Addressee, Chamber, Member
from bot.letters.committees import committees_of, leader_of
from bot.letters.lifecycle import Dossier
from bot.letters.templates import template
from bot.shared.bill_number import parse_bill_number
from bot.shared.journey import shell_command
from bot.shared.wording import cap_lines, listed
from bot.store.database import Reader

_MAX_LENGTH: Final = 1_000  # characters
_ID: Final = re.compile(r"(?:member|chair|ranking|office|joint|committee|senate|house):\S+")
_EXCEPT: Final = re.compile(r",?\s+except\s+", re.IGNORECASE)
_JOINTLY: Final = re.compile(r",?\s+jointly$", re.IGNORECASE)
_COSPONSORS: Final = re.compile(r"(?:the )?co-?sponsors of (?P<bill>.+)", re.IGNORECASE)
_BETWEEN: Final = re.compile(r"[;\n]|,(?!\s*[JS]r\b)")  # items of a list
_COMMA: Final = "\ue000"  # replaces a comma within a name while the list is split
_LAST_ITEM: Final = re.compile(r"(?P<before>.*(?:[,;]|\bexcept)\s+)?(?P<item>.*)", re.IGNORECASE | re.DOTALL)
_NAMED = 6  # set-aside addressees in a sentence
_ADD_OFFICE: Final = "An administrator adds an office with /settings set office new."
_NAMED_OFFICES = 4  # offices in a sentence


@dataclass(frozen=True, slots=True)
class Recipients:
    """The addressees of a letter, and the reasons why others were set aside."""

    addressees: tuple[Addressee, ...]
    set_aside: tuple[str, ...] = ()

    @property
    def warning(self) -> str:
        """A sentence on who was set aside; "" if no one was."""
        shown = cap_lines(self.set_aside, _NAMED, "And {:,} more.")
        return f"Not written to: {' '.join(shown)}" if shown else ""


def recipients(ctx: Context, meta: template.Meta, typed: str) -> Recipients:
    """Addressees by id, an office's short name, outlet, or a list for `select`. Raises `Refused` if no one is left."""
    if meta.kind == "statement":
        return resolve_all(ctx, [PRESS], ())
    if meta.kind == "correction":
        if typed.partition(":")[0] in ("office", "member", "chair", "ranking", "joint") or not typed.strip():
            raise Refused(
                "This letter goes to an outlet. Type its name, or an editor and the outlet: "
                "“Jane Roe, Standards Editor, The Example Times”.",
                param="to",
            )
        return resolve_all(ctx, [f"{OUTLET}{typed.removeprefix(OUTLET).strip()}"], ())
    if typed.startswith(OUTLET):
        raise Refused("Only a correction goes to an outlet: use template:correction-to-an-outlet.", param="to")
    if office_id := office(ctx.config.coalition, typed):
        return resolve_all(ctx, [office_id], ())
    try:
        ids, set_aside = select(ctx.tx, ctx.config, typed, now=ctx.now)
    except UnknownBill as unknown:
        raise Refused(f"{unknown} {track_hint(ctx)}", param="to") from unknown
    return resolve_all(ctx, ids, set_aside)


def office(coalition: Coalition, name: str) -> str:
    """The id of an office or of a group of offices by its short name; "" for any other name."""
    if name in coalition.all_offices:
        return f"office:{name}"
    group = coalition.office_groups.get(name)
    return joint(group) if group else ""


def name_of(ctx: Context, id_: str) -> str:
    """The name of an addressee by id; "" for other texts and for those who cannot be written to."""
    try:
        return _addressee(ctx, id_).name if ":" in id_ else ""
    except NotAddressable:
        return ""


def resolve_all(ctx: Context, ids: Sequence[str], set_aside: Sequence[str] = ()) -> Recipients:
    """The addressees with these ids who can be written to now. Raises `Refused` if no one is left."""
    addressees, aside = list[Addressee](), list(set_aside)
    for id_ in ids:
        try:
            addressees.append(_addressee(ctx, id_))
        except NotAddressable as problem:
            aside.append(problem.what)
            if id_.startswith("joint:"):
                addressees += _reduced_joint_letter(ctx, id_, aside)
    if not addressees:
        raise Refused(Recipients((), tuple(dict.fromkeys(aside))).warning.removeprefix("Not written to: "), param="to")
    return Recipients(tuple(addressees), tuple(dict.fromkeys(aside)))


def _reduced_joint_letter(ctx: Context, id_: str, aside: list[str]) -> list[Addressee]:
    """The joint letter reduced to those who can be written to; reasons for the others are added to `aside`."""
    good = []
    for part in id_.removeprefix("joint:").split("+"):
        try:
            _addressee(ctx, part)
            good.append(part)
        except NotAddressable as problem:
            aside.append(problem.what)
    if not good or len(good) == len(id_.split("+")):
        return []
    return [_addressee(ctx, good[0] if len(good) == 1 else "joint:" + "+".join(good))]


def _addressee(ctx: Context, id_: str) -> Addressee:
    return directory.addressee(ctx.tx, ctx.config, id_, today=ctx.today)


def warning_for_letter(work: Work, letter: Dossier) -> str:
    """`unsuited_warning` for a stored letter; "" if its template no longer exists."""
    try:
        meta = template.meta(work.config.folder, letter.template)
    except template.TemplateProblem:
        return ""
    names = letter.facts.get("names", {})
    return unsuited_warning(work, meta, letter.ask, {id_: names.get(id_, id_) for id_ in letter.version.addressees})


def unsuited_warning(work: Work, meta: template.Meta, ask: int | None, names: Mapping[str, str]) -> str:
    """A warning about addressees (names by id) that no letter on this ask is written for; "" if there are none.

    An office above a suitable one is suitable, too, because it can direct that office.
    """
    coalition, suits = work.config.coalition, meta.suits.removesuffix(".")
    own = _offices(coalition, meta.addressees)
    others = () if meta.committees or ask is None else template.metas(work.config.folder).values()
    of_ask = [name for each in others if ask in coalition.asks_named(each.asks) for name in each.addressees]
    fit = own or _offices(coalition, of_ask)  # those of all templates for the ask
    offices = {*fit} | {above for office in fit for above in coalition.above(office)}

    def is_suited(id_: str) -> bool:
        kind, _, name = id_.partition(":")
        if kind == "office":
            return name in offices
        seats = committees_of(work.tx, id_) if meta.committees else ()
        return not meta.addressees or any(seat in meta.committees for seat in seats)

    wrong = [
        name
        for id_, name in names.items()
        if (fit or meta.committees) and not all(map(is_suited, id_.removeprefix("joint:").split("+")))
    ]
    if not wrong:
        return ""
    right = listed([coalition.all_offices[office].name for office in fit], _NAMED_OFFICES)
    who = f"This letter suits {suits}." if meta.addressees else f"Letters on this ask go to {right}."
    return f"Check the addressee: {listed(wrong, _NAMED_OFFICES)} may not be able to do what this letter asks. {who}"


def _offices(coalition: Coalition, names: Iterable[str]) -> dict[str, None]:
    """The offices with these names, including those of groups, in order."""
    offices: dict[str, None] = {}
    for name in names:
        group = coalition.office_groups.get(name)
        offices |= dict.fromkeys(group.offices if group else [name] if name in coalition.all_offices else [])
    return offices


# --- the list of names ------------------------------------------------------------------------------------------------


class _Unknown(Refused):
    """An item matches no one; the rest of its list can still be used."""


def select(db: Reader, config: Config, text: str, *, now: datetime) -> tuple[list[str], list[str]]:
    """The ids of the addressees that `text` names, in the directory's order, and why other items were set aside.

    Items, with commas or semicolons between them, are ids, names as the search lists them, and "cosponsors of
    HR1234-119"; "except" and a list leaves those out; "jointly" at the end makes one letter to all. The selection may
    include people who cannot be written to now. Raises `Refused` if there are none, and `UnknownBill`.
    """
    if len(text) > _MAX_LENGTH:
        raise Refused(f"This is longer than {_MAX_LENGTH} characters: use several shorter lists.", param="to")
    selector = _Selector(db, config, now)
    together = _JOINTLY.sub("", text.strip())
    who, *exceptions = _EXCEPT.split(together)
    ids, unknown = list[str](), list[str]()
    for item in selector.items(who):
        try:
            ids += selector.read(item)
        except _Unknown:
            unknown.append(item)
    set_aside = [selector.unknown_message(unknown)] if unknown else []
    selected = {selector.member_id(id_) for id_ in ids}
    for item in (item for exception in exceptions for item in selector.items(exception)):
        left_out = [selector.member_id(id_) for id_ in selector.read(item)]
        # Such as an agency with a committee's name, or an item that should be before. Cosponsors may all be elsewhere.
        if selected.isdisjoint(left_out) and not _COSPONSORS.fullmatch(item):
            raise Refused(f'"{item[:80]}" after "except" is not among those before it.', param="to")
        ids = [id_ for id_ in ids if selector.member_id(id_) not in left_out]
    order = {_id(member): place for place, member in enumerate(selector.members)}
    ids = sorted(dict.fromkeys(ids), key=lambda id_: order.get(id_, -1))
    if not ids and not selected and not set_aside:
        raise Refused('Name an addressee: "Gillibrand", "senators from NY", "Senate Judiciary".', param="to")
    if not ids:
        raise Refused(" ".join(set_aside) or f'"{text[:80]}" leaves no one to write to.', param="to")
    if together != text.strip() and len(ids) > 1:
        ids = ["joint:" + "+".join(ids)]
    return ids, set_aside


class _Selector:
    """Reader of the items of one list; reads the directory once."""

    def __init__(self, db: Reader, config: Config, now: datetime) -> None:
        self.db, self.config, self.now = db, config, now
        self.members = records.members(db)
        self._names = directory.NameIndex(directory.addressees(db, config, now.date()))
        names = [name.removeprefix("the ") for each in self._names.listed for name in each.names]
        with_commas = sorted((name for name in names if "," in name), key=len, reverse=True)
        self._with_commas = re.compile("|".join(map(re.escape, with_commas)) or "$^", re.IGNORECASE)

    def items(self, text: str) -> list[str]:
        """The items of a list, each once."""
        whole = self._with_commas.sub(lambda match: match[0].replace(",", _COMMA), text)
        items = (item.replace(_COMMA, ",").strip() for item in _BETWEEN.split(whole))
        return [*dict.fromkeys(filter(None, items))]

    def member_id(self, id_: str) -> str:
        """The member id of a member or committee leader; other ids unchanged."""
        kind, _, rest = id_.partition(":")
        return f"member:{leader_of(self.db, rest, kind)}" if kind in ("chair", "ranking") else id_

    def read(self, text: str) -> list[str]:
        """The ids of one item. Raises `Refused` if it is ambiguous, `_Unknown` if it matches no one."""
        if match := _COSPONSORS.fullmatch(text):
            return self._cosponsors(match["bill"])
        id_ = text if _ID.fullmatch(text) else self._id_of(text)
        kind, _, of = id_.partition(":")
        if kind == "committee":
            ids = [f"member:{seat.bioguide}" for seat in records.seats(self.db, of)]
        elif kind in (Chamber.SENATE, Chamber.HOUSE):
            ids = [_id(each) for each in self.members if each.chamber == kind and of in ("", each.state)]
        else:
            ids = [id_]
        if not ids:
            raise _Unknown(self.unknown_message([text]), param="to")
        return ids

    def _id_of(self, text: str) -> str:
        """The id of the one addressee or group with this name, or else with these words."""
        best = self._names.find(text)
        if not best:
            raise _Unknown(self.unknown_message([text]), param="to")
        if len(best) > 1:
            shown = "; ".join(f"{each.label} ({each.id})" for each in best[:_NAMED])
            advice = "Write more of the name, or what is in parentheses."
            raise Refused(f'"{text[:80]}" fits {len(best)} addressees: {shown}. {advice}', param="to")
        return best[0].id

    def _cosponsors(self, typed: str) -> list[str]:
        which = parse_bill_number(typed)
        if which is None or which.bill is None:
            raise Refused(f'"{typed[:40]}" is not a bill with its Congress. Write it as "HR1234-119".', param="to")
        facts = bill_facts(self.db, self.config.coalition, which.bill.id, now=self.now)
        if facts.current_cosponsors is None:
            raise Refused(f"Who cosponsors {facts.bill.label} is not known: no source has its record.", param="to")
        return [f"member:{bioguide}" for bioguide in facts.current_cosponsors]

    def unknown_message(self, texts: Sequence[str]) -> str:
        """What is said of names that match no one."""
        offices = self.config.coalition.all_offices
        names = {office.name.casefold(): office.name for office in offices.values()} | {id_: id_ for id_ in offices}
        close = [near for text in texts for near in get_close_matches(text.casefold(), names, n=1, cutoff=0.7)]
        meant = f" Did you mean {listed([names[near] for near in close], _NAMED_OFFICES)}?" if close else ""
        shown = listed([f'"{text[:80]}"' for text in texts], _NAMED)
        one = len(texts) == 1
        if not self.members:
            return (
                f"{shown} {'is not an office' if one else 'are not offices'} that the bot knows.{meant} {_ADD_OFFICE} "
                "Members and committees are found in the directory of Congress, public data that "
                f"`{shell_command('directory sync')}` reads on the server."
            )
        kinds = "is not an office, a chamber, a committee or a member"
        kinds = kinds if one else "are not offices, chambers, committees or members"
        return (
            f"{shown} {kinds} of Congress that the bot knows.{meant} Write "
            f'"senators from NY", "Senate Judiciary" or "cosponsors of HR1234-119". {_ADD_OFFICE}'
        )


def _id(member: Member) -> str:
    return f"member:{member.bioguide}"


def complete_recipients(ctx: Context, typed: str) -> list[Choice]:
    """Addressees and groups that match the text, or else the last item of its list."""
    if choices := _choices(ctx, typed):
        return choices
    match = _LAST_ITEM.fullmatch(typed)
    before = (match["before"] or "") if match else ""
    return [Choice(f"{before}{each.value}", f"{before}{each.label}") for each in _choices(ctx, typed[len(before) :])]


def _choices(ctx: Context, typed: str) -> list[Choice]:
    fits = directory.search_addressees(ctx.tx, ctx.config, typed, today=ctx.today)
    return [Choice(id_, label) for id_, label in fits]
