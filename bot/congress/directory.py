"""Find and check addressees: the offices in coalition.yml, and members of Congress in the directory."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

from bot.config.coalition import Coalition, OfficeGroup
from bot.config.load import Config
from bot.congress import address, records
from bot.congress.address import Addressed, Forms, FormsProblem
from bot.congress.model import Addressee, Chamber, Member, Seat, fold
from bot.congress.records import StoredDirectory
from bot.shared.calendar import day_in_words
from bot.shared.errors import Problem
from bot.shared.journey import shell_command
from bot.shared.language import gettext
from bot.shared.states import STATES
from bot.shared.wording import short
from bot.store.database import Reader

_MOST_TOGETHER: Final = 12  # names under one salutation
_EACH: Final = ": a letter to each member"
_LONGEST: Final = 100  # characters of a label: Discord shows no more
# Words that make no difference in a name.
_SMALL: Final = frozenset({"the", "of", "on", "for", "and", "us", "members"})
_TITLES: Final = {"sen": "senator", "rep": "representative"}  # as people write them before a name


class NotAddressable(Problem):
    """No letter can go to this addressee now."""


def none_yet() -> str:
    return gettext(
        "There is no directory of Congress yet: the public record of its members, committees and their addresses. To "
        "read it, run on the server: %(command)s",
        command=shell_command("directory sync"),
    )


def addressee(db: Reader, config: Config, id_: str, *, today: date) -> Addressee:
    """The addressee of an id, as addressed today. Raises `NotAddressable`.

    ``office:ovc`` (an office of coalition.yml), ``member:G000555`` (a Bioguide id), ``chair:SSJU`` and
    ``ranking:HSAP19`` (the leader of that committee or subcommittee), ``joint:chair:HSJU+ranking:HSJU`` (one letter
    to all of them), ``outlet:Jane Roe, The Example Times`` (an editor), ``press`` (a press release).
    """
    kind, _, rest = id_.partition(":")
    try:
        forms = address.forms(config.folder)
        if id_ == address.PRESS:
            return address.of_release(forms, config.coalition)
        if id_.startswith(address.OUTLET):
            return address.of_outlet(forms, rest)
        if kind != "joint":
            return _addressed(db, config, forms, id_, today).alone
        parts = list(dict.fromkeys(rest.split("+")))
        if len(parts) > _MOST_TOGETHER:
            raise NotAddressable(
                f"A joint letter can have at most {_MOST_TOGETHER} addressees. Write to each of them instead."
            )
        return address.together(id_, [_addressed(db, config, forms, part, today) for part in parts])
    except FormsProblem as problem:
        raise NotAddressable(f"{problem}.") from problem


def _addressed(db: Reader, config: Config, forms: Forms, id_: str, today: date) -> Addressed:
    kind, _, name = id_.partition(":")
    match kind:
        case "office" if office := config.coalition.all_offices.get(name):
            limit = config.coalition.directory.good_for
            if office.holder and office.holder.as_of + limit < today:
                raise NotAddressable(
                    f"{office.holder.name} as {office.name.removeprefix('the ')} is known from "
                    f"{day_in_words(office.holder.as_of)}, more than {limit.days} days ago. Confirm it "
                    f"(offices.{name}.holder in coalition.yml), or remove the holder: then only the office is "
                    "addressed."
                )
            return address.of_office(forms, name, office)
        case "member":
            stored = _current_directory(db, config, today)
            return address.of_member(forms, _serving_member(db, name, stored, today), stored.as_of)
        case "chair" | "ranking":
            return _leader(db, forms, name, _current_directory(db, config, today), today, ranking=kind == "ranking")
    raise NotAddressable(
        f'There is no addressee "{id_[:80]}". /letter draft completes the names of offices and members.'
    )


def _current_directory(db: Reader, config: Config, today: date) -> StoredDirectory:
    """The directory, if there is one that is recent enough. Raises `NotAddressable`."""
    stored, limit = records.stored_directory(db), config.coalition.directory.good_for
    if stored is None:
        raise NotAddressable(none_yet())
    if stored.as_of + limit < today:
        raise NotAddressable(
            f"The directory of Congress is from {day_in_words(stored.as_of)}, older than its "
            f"limit of {limit.days} days. Run `{shell_command('directory sync')}`."
        )
    return stored


def _serving_member(db: Reader, bioguide: str, stored: StoredDirectory, today: date) -> Member:
    member, record = records.member(db, bioguide), f"the directory of {day_in_words(stored.as_of)}"
    if member is None:
        raise NotAddressable(
            f"{bioguide[:20]} is not in {record}. The seat may be vacant, or someone else may hold it."
        )
    if not member.serves(today):
        raise NotAddressable(
            f"The term of {member.label} ended on {day_in_words(member.term_end)} "
            f"by {record}. To see who holds the seat now, run `{shell_command('directory sync')}`."
        )
    return member


def _leader(
    db: Reader, forms: Forms, committee_id: str, stored: StoredDirectory, today: date, *, ranking: bool
) -> Addressed:
    committee = records.committee(db, committee_id)
    if committee is None:
        raise NotAddressable(f'The directory of {day_in_words(stored.as_of)} has no committee "{committee_id[:20]}".')
    parent = records.parent(db, committee)
    leading = [seat for seat in records.seats(db, committee_id) if (seat.ranking if ranking else seat.chair)]
    if len(leading) != 1:
        count, what = "more than one" if leading else "no", "ranking member" if ranking else "chair"
        raise NotAddressable(
            f"The directory of {day_in_words(stored.as_of)} names {count} {what} of the "
            f"{address.body(committee, parent)}. Write to one of its members instead."
        )
    member = _serving_member(db, leading[0].bioguide, stored, today)
    return address.of_leader(forms, member, committee, parent, stored.as_of, ranking=ranking)


def directory_status(db: Reader, coalition: Coalition, today: date) -> tuple[list[str], bool]:
    """The directory's content, source, date and expiry in sentences, and whether letters can use it today."""
    stored = records.stored_directory(db)
    if stored is None:
        return [none_yet()], False
    until, counts = stored.as_of + coalition.directory.good_for, records.count(db)
    ended = sum(not member.serves(today) for member in records.members(db))
    lines = [
        ", ".join(f"{n} {what.casefold()}{'s' if n != 1 else ''}" for what, n in counts.items()) + ".",
        f"As of {day_in_words(stored.as_of)}, from {stored.source}.",
        f"Letters can use it until {day_in_words(until)}.",
    ]
    if ended:
        lines.append(f"{ended} of these terms have ended since. Letters to these members are refused.")
    if until < today:
        lines[2] = f"Letters could use it until {day_in_words(until)}. Run `{shell_command('directory sync')}`."
    return lines, today <= until


@dataclass(frozen=True, slots=True)
class Listed:
    """An addressee, or the members of a chamber, a state or a committee, as search and lists of names know it.

    Each of `names` names it alone; so do some of its words with one of `key`, such as the surname. The lowest `rank`
    comes first.
    """

    id: str
    label: str
    names: tuple[str, ...]
    key: Sequence[str]
    words: Sequence[str]
    rank: int = 0


def search_addressees(db: Reader, config: Config, typed: str, *, today: date, limit: int = 25) -> list[tuple[str, str]]:
    """Addressees (id, label) that match the typed text by name, state, committee or office, best first.

    Each typed word must begin a word of the name, state, committee or office; accents are ignored. Members whose term
    has ended are included and marked.
    """
    wanted = fold(typed)
    if typed.strip() and not wanted:
        return []
    fits = [
        (not (wanted and " ".join(each.key).startswith(wanted[0])), n, each.id, each.label)
        for n, each in enumerate(addressees(db, config, today))
        if all(any(word.startswith(prefix) for word in each.words) for prefix in wanted)
    ]
    return [(id_, short(label, _LONGEST)) for _, _, id_, label in sorted(fits)[:limit]]


def addressees(db: Reader, config: Config, today: date) -> Iterator[Listed]:
    """Every addressee, and every group of members that gets a letter each."""
    coalition = config.coalition
    own = {id_ for office in coalition.offices for id_ in (office, *coalition.above(office))}
    for id_, office in sorted(coalition.all_offices.items(), key=lambda each: each[0] not in coalition.offices):
        names = (id_, office.name, *office.also)
        words = fold(" ".join((*names, office.holder.name if office.holder else "")))
        yield Listed(f"office:{id_}", office.name, names, words, words, 0 if id_ in own else 3)
    for id_, group in coalition.office_groups.items():
        words = (*fold(f"{id_} {group.name}"), "joint", "jointly")
        yield Listed(joint(group), f"{group.name} (one letter)", (id_, group.name), (), words)
    members = {member.bioguide: member for member in records.members(db)}
    for member in members.values():
        label = f"{member.role} {member.full_name} · {member.place}{_ended(member, today)}"
        key = (*fold(member.surname), str(member.district or ""))
        yield Listed(f"member:{member.bioguide}", label, (), key, words_of(member))
    yield from _chambers(members.values())
    committees = {committee.id: committee for committee in records.committees(db)}
    bodies = {each.id: address.body(each, committees.get(each.parent or "")) for each in committees.values()}
    for committee in committees.values():
        name, rank = bodies[committee.id], 2 if committee.parent else 1
        names, words = (name, name.replace(" Committee on", ""), committee.name), fold(name)
        yield Listed(f"committee:{committee.id}", f"{name}{_EACH}", names, words, words, rank)
    yield from _leaders(records.leaders(db), members, bodies, today)


def _chambers(members: Collection[Member]) -> Iterator[Listed]:
    """Both chambers, and the members that each has from a state."""
    for chamber, people in ((Chamber.SENATE, "senators"), (Chamber.HOUSE, "representatives")):
        yield Listed(chamber, f"{chamber.capitalize()}{_EACH}", (chamber, people), (), (chamber, people))
        for code in dict.fromkeys(member.state for member in members if member.chamber is chamber):
            words = (chamber, people, f"{chamber} from", f"{people} from")
            names = tuple(f"{word} {state}" for word in words for state in (code, STATES[code]))
            label = f"{chamber.capitalize()}, {STATES[code]}{_EACH}"
            yield Listed(f"{chamber}:{code}", label, names, (), fold(" ".join(names)))


def _leaders(
    seats: Sequence[Seat], members: Mapping[str, Member], bodies: Mapping[str, str], today: date
) -> Iterator[Listed]:
    """The chair and the ranking member of each committee, and one letter to both."""
    leaders = [seat for seat in seats if seat.chair or seat.ranking]
    for seat in leaders:
        kind, title = ("ranking", "Ranking Member") if seat.ranking else ("chair", "Chair")
        member, body = members[seat.bioguide], bodies[seat.committee]
        label = f"{title} {member.full_name} · {body}{_ended(member, today)}"
        words = (*fold(f"{title} {body}"), *words_of(member))
        yield Listed(f"{kind}:{seat.committee}", label, (), fold(title), words, 4)
    ranking = {seat.committee for seat in leaders if seat.ranking}
    for seat in leaders:
        if seat.chair and seat.committee in ranking:
            label = f"Chair and Ranking Member (one letter) · {bodies[seat.committee]}"
            id_ = f"joint:chair:{seat.committee}+ranking:{seat.committee}"
            yield Listed(id_, label, (), ("jointly",), (*fold(label), "jointly"), 4)


class NameIndex:
    """What each listed one is called; reads the directory once. Names are compared by their words."""

    def __init__(self, listed: Iterable[Listed]) -> None:
        self.listed = tuple(listed)

    @cached_property
    def _words(self) -> list[tuple[set[frozenset[str]], frozenset[str]]]:
        """Of each its names, and all its words; an id needs none."""
        return [({_words(name) for name in each.names}, _words(" ".join(each.words))) for each in self.listed]

    def find(self, text: str) -> list[Listed]:
        """Those with this name or else with these words; of them those of the first rank."""
        wanted = _words(text)
        fits = [
            ((each.rank, wanted not in names), each)
            for each, (names, words) in zip(self.listed, self._words, strict=True)
            if wanted in names or (wanted <= words and not wanted.isdisjoint(each.key))
        ]
        first = min((order for order, _ in fits), default=None)
        return [each for order, each in fits if order == first]


def _words(text: str) -> frozenset[str]:
    return frozenset(_TITLES.get(word, word) for word in fold(text)) - _SMALL


def joint(group: OfficeGroup) -> str:
    """The id of one letter to all offices of a group."""
    return "joint:" + "+".join(f"office:{office}" for office in group.offices)


def words_of(member: Member) -> tuple[str, ...]:
    """All the words a member can be searched by."""
    names = (member.first, member.nickname, member.last, member.official_full)
    return fold(" ".join((*names, member.role, member.chamber, member.place, STATES.get(member.state, ""))))


def _ended(member: Member, today: date) -> str:
    return "" if member.serves(today) else f" · term ended {day_in_words(member.term_end)}"
