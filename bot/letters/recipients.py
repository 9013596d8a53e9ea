"""Resolve the text of `to:` to addressees, and warn of those who cannot do what a letter asks.

`to:` is a list of names: "Gillibrand; Senate Judiciary; senators from NY except cosponsors of HR1-119". An item that
matches no one is set aside and reported. An ambiguous item or an unclear exception is refused: a letter must not go to
a guess, or to someone who should be left out.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from itertools import filterfalse
from typing import Final

from bot.bills.facts import UnknownBill, bill_facts, track_hint
from bot.commands.model import Choice, Context, Refused, Work
from bot.config.coalition import Coalition
from bot.config.load import Config
from bot.congress import address, directory, records
from bot.congress.address import OUTLET, PRESS
from bot.congress.directory import NotAddressable, joint, words_of
from bot.congress.model import Addressee, Chamber, Member, fold
from bot.letters.committees import committees_of, leader_of
from bot.letters.lifecycle import Dossier
from bot.letters.templates import template
from bot.shared.bill_number import parse_bill_number
from bot.shared.journey import shell_command
from bot.shared.states import STATES, state_named
from bot.shared.wording import cap_lines, listed
from bot.store.database import Reader

_MAX_LENGTH: Final = 1_000  # characters
_COMMITTEE: Final = "committee:"  # each of its members, as completion writes it
_ID: Final = re.compile(r"(?:member|chair|ranking|office|joint):\S+")
_EXCEPT: Final = re.compile(r",?\s+except\s+", re.IGNORECASE)
_JOINTLY: Final = re.compile(r",?\s+jointly$", re.IGNORECASE)
_COSPONSORS: Final = re.compile(r"(?:the )?co-?sponsors of (?P<bill>.+)", re.IGNORECASE)
_CHAMBER: Final = re.compile(
    r"(?:the )?(?:(?P<senate>senate|senators)|(?P<house>house|representatives)|congress)(?: from (?P<state>.+))?",
    re.IGNORECASE,
)
_DISTRICT: Final = re.compile(r"([A-Z]{2})-(\d{1,2})")
_BETWEEN: Final = re.compile(r"[;\n]|,(?!\s*[JS]r\b)")  # items of a list
_COMMA: Final = "\ue000"  # replaces a comma within a name while the list is split
_DIGIT: Final = re.compile(r"\d")
_LAST_ITEM: Final = re.compile(r"(?P<before>.*(?:[,;]|\bexcept)\s+)?(?P<item>.*)", re.IGNORECASE | re.DOTALL)
# Words that make no difference in the name of an agency, and of a committee.
_IN_NAMES: Final = frozenset({"the", "of", "for", "and", "us", "u", "s"})
_SMALL: Final = frozenset({"the", "of", "on", "and", "for", "members", "committee", "subcommittee"})
_TITLES: Final = {"sen": "senator", "rep": "representative"}  # as people write them before a name
_OFFERED_COMMITTEES: Final = 5
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
    """The addressees named by an id, an office's short name, an outlet, or a list as `select` reads it.

    Raises `Refused` if no one is left.
    """
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


class _NoMatch(Refused):
    """An item matches no one, or a vacant seat; the rest of its list can still be used."""


class _Unknown(_NoMatch):
    """An item matches no one."""


def select(db: Reader, config: Config, text: str, *, now: datetime) -> tuple[list[str], list[str]]:
    """The ids of the addressees that `text` names, in the directory's order, and why other items were set aside.

    Ids, offices, agencies ("Labor": the head of the department), members, committees ("Senate Judiciary"), chambers
    ("House", "senators from NY"), districts (NY-14) and "cosponsors of HR1234-119", with commas or semicolons between
    them; "except" and a list leaves those out; "jointly" at the end makes one letter to all. The selection may include
    people who cannot be written to now. Raises `Refused` if there are none, and `UnknownBill`.
    """
    if len(text) > _MAX_LENGTH:
        raise Refused(f"This is longer than {_MAX_LENGTH} characters: use several shorter lists.", param="to")
    selector = _Selector(db, config, now)
    together = _JOINTLY.sub("", text.strip())
    who, *exceptions = _EXCEPT.split(together)
    ids, set_aside = selector.read_list(who)
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
    return ids, list(dict.fromkeys(set_aside))


class _Selector:
    """Reader of the items of one list; reads the directory once. Names are compared by their words."""

    def __init__(self, db: Reader, config: Config, now: datetime) -> None:
        self.db, self.config, self.now = db, config, now
        self.members = records.members(db)
        # Each with all words of their names, title and state, and with the words of their surname.
        self._people_words = [(each, frozenset(words_of(each)), frozenset(fold(each.surname))) for each in self.members]
        offices = config.coalition.all_offices
        named = {  # its id, its names and its address without streets and cities
            id_: (id_, office.name, *office.also, *filterfalse(_DIGIT.search, office.block))
            for id_, office in offices.items()
        }
        self._office_words = {id_: frozenset(fold(" ".join(texts))) for id_, texts in named.items()}
        all_ = {committee.id: committee for committee in records.committees(db)}
        bodies = [(each, address.body(each, all_.get(each.parent or ""))) for each in all_.values()]
        self._committee_words = [(each, body, frozenset(fold(body)) - _SMALL) for each, body in bodies]
        names = [office.name.removeprefix("the ") for office in offices.values()]
        names += [each.name.rpartition("Committee on ")[2] for each in all_.values()]
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

    def read_list(self, text: str) -> tuple[list[str], list[str]]:
        """The ids of a list's items, and why the others are set aside, the unknown ones in one sentence."""
        ids, aside, unknown = list[str](), list[str](), list[str]()
        for item in self.items(text):
            try:
                ids += self.read(item)
            except _Unknown:
                unknown.append(item)
            except _NoMatch as problem:
                aside.append(problem.what)
        return ids, [*([self.unknown_message(unknown)] if unknown else []), *aside]

    def read(self, text: str) -> list[str]:
        """The ids of one item. Raises `Refused` if it is ambiguous, `_NoMatch` if it matches no one."""
        if ids := [text] if _ID.fullmatch(text) else self._offices_named(text):
            return ids
        if match := _COSPONSORS.fullmatch(text):
            return self._cosponsors(match["bill"])
        if match := _DISTRICT.fullmatch(text):
            place = f"{match[1]}-{int(match[2])}" if int(match[2]) else match[1]
            if not (
                ids := [_id(each) for each in self.members if each.chamber is Chamber.HOUSE and each.place == place]
            ):
                raise _NoMatch(f"The directory has no one for {place}: the seat may be vacant.", param="to")
            return ids
        if (match := _CHAMBER.fullmatch(text)) and (ids := self._chamber(match)):
            return ids
        coalition = self.config.coalition
        own = {id_ for office in coalition.offices for id_ in (office, *coalition.above(office))}
        people, offices = self._people(text), self._agency(text, own)
        if people and offices:
            office = self.config.coalition.all_offices[offices[0].removeprefix("office:")]
            raise Refused(
                f'"{text[:80]}" is {office.name} and {people[0].label}. '
                f'Write "{offices[0]}" or "{people[0].role} {people[0].surname}".',
                param="to",
            )
        if ids := [_id(each) for each in people] or offices or self._committee(text):
            return ids
        if ids := self._agency(text, coalition.all_offices):
            return ids
        raise _Unknown(self.unknown_message([text]), param="to")

    def _cosponsors(self, typed: str) -> list[str]:
        which = parse_bill_number(typed)
        if which is None or which.bill is None:
            raise Refused(f'"{typed[:40]}" is not a bill with its Congress. Write it as "HR1234-119".', param="to")
        facts = bill_facts(self.db, self.config.coalition, which.bill.id, now=self.now)
        if facts.current_cosponsors is None:
            raise Refused(f"Who cosponsors {facts.bill.label} is not known: no source has its record.", param="to")
        return [f"member:{bioguide}" for bioguide in facts.current_cosponsors]

    def _chamber(self, match: re.Match[str]) -> list[str]:
        """The members of one or both chambers, from one state if it is named by its two letters or its name."""
        states = {*STATES} if match["state"] is None else {state_named(match["state"])}
        chambers = {Chamber.SENATE: match["senate"], Chamber.HOUSE: match["house"]}
        return [
            _id(each)
            for each in self.members
            if each.state in states and (chambers[each.chamber] or not any(chambers.values()))
        ]

    def _offices_named(self, text: str) -> list[str]:
        """The office or group of offices with this id or name."""
        offices, groups = self.config.coalition.offices.items(), self.config.coalition.office_groups.items()
        ids = [f"office:{id_}" for id_, office in offices if fold(text) in (fold(id_), fold(office.name))]
        return ids + [joint(group) for id_, group in groups if fold(text) in (fold(id_), fold(group.name))]

    def _agency(self, text: str, among: Collection[str]) -> list[str]:
        """The highest office with these words: "Labor" is the Secretary of Labor."""
        wanted = {*fold(text)} - _IN_NAMES
        fits = [id_ for id_, words in self._office_words.items() if id_ in among and wanted and wanted <= words]
        top = [id_ for id_ in fits if not {*self.config.coalition.above(id_)} & {*fits}]
        names = [f"{self.config.coalition.all_offices[id_].name} ({id_})" for id_ in top]
        _check_one(text, names, "offices", "Write one of the short names.")
        return [f"office:{id_}" for id_ in top]

    def _people(self, text: str) -> list[Member]:
        """The member with this surname, or with these words."""
        wanted = frozenset(_TITLES.get(word, word) for word in fold(text))
        fits = [member for member, _, surname in self._people_words if surname == wanted] or [
            member for member, words, surname in self._people_words if wanted <= words and wanted & surname
        ]
        _check_one(text, [member.label for member in fits], "people", "Add a first name or a state.")
        return fits

    def _committee(self, text: str) -> list[str]:
        """The members of the committee with this id or these words in its name, before those of a subcommittee."""
        wanted = frozenset(fold(text)) - _SMALL
        fits = [each for each in self._committee_words if f"{_COMMITTEE}{each[0].id}" == text]
        fits = fits or [each for each in self._committee_words if wanted and wanted <= each[2]]
        fits = [each for each in fits if not each[0].parent] or fits
        fits = [each for each in fits if each[2] == wanted] or fits
        _check_one(text, [body for _, body, _ in fits], "committees", "Add more of the name.")
        return [f"member:{seat.bioguide}" for each, _, _ in fits for seat in records.seats(self.db, each.id)]

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


def _check_one(text: str, names: Sequence[str], what: str, advice: str) -> None:
    """Raise `Refused` if a text fits several."""
    if len(names) > 1:
        raise Refused(f'"{text[:80]}" fits {len(names)} {what}: {"; ".join(names[:6])}. {advice}', param="to")


def _id(member: Member) -> str:
    return f"member:{member.bioguide}"


def complete_recipients(ctx: Context, typed: str) -> list[Choice]:
    """Offices, people and whole committees that match the text, or else the last item of its list."""
    if choices := [Choice(id_, label) for id_, label in _offered(ctx, typed)]:
        return choices
    match = _LAST_ITEM.fullmatch(typed)
    before = (match["before"] or "") if match else ""
    return [Choice(f"{before}{id_}", f"{before}{label}") for id_, label in _offered(ctx, typed[len(before) :])]


def _offered(ctx: Context, typed: str) -> Iterator[tuple[str, str]]:
    """(id, label): committees whose names have words starting with every typed word, then offices and people."""
    if wanted := fold(typed):
        whole = (committee for committee in records.committees(ctx.tx) if committee.parent is None)
        fits = [each for each in whole if all(any(word.startswith(one) for word in fold(each.name)) for one in wanted)]
        for committee in fits[:_OFFERED_COMMITTEES]:
            yield f"{_COMMITTEE}{committee.id}", f"{committee.name}: a letter to each member"
    yield from directory.search_addressees(ctx.tx, ctx.config, typed, today=ctx.today)
