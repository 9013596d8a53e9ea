"""Resolve the text of `to:` to addressees, and warn of those who cannot do what a letter asks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.bills.facts import UnknownBill
from bot.bills.picking import follow_hint
from bot.commands.model import Context, Refused, Work
from bot.config.coalition import Coalition
from bot.congress import directory
from bot.congress.address import OUTLET, PRESS
from bot.congress.directory import NotAddressable
from bot.congress.model import Addressee
from bot.letters.lifecycle import Dossier
from bot.letters.recipients.committees import committees_of
from bot.letters.recipients.select import select
from bot.letters.templates import template
from bot.letters.templates.template import Meta, TemplateProblem
from bot.shared.wording import listed

_NAMED = 6  # set-aside addressees in a sentence
_NAMED_OFFICES = 4  # offices in a sentence


@dataclass(frozen=True, slots=True)
class Recipients:
    """The addressees of a letter, and the reasons why others were set aside."""

    addressees: tuple[Addressee, ...]
    set_aside: tuple[str, ...] = ()

    @property
    def warning(self) -> str:
        """A sentence on who was set aside; "" if no one was."""
        more = len(self.set_aside) - _NAMED
        shown = [*self.set_aside[:_NAMED], *([f"And {more} more."] if more > 0 else [])]
        return f"Not written to: {' '.join(shown)}" if shown else ""


def recipients(ctx: Context, meta: Meta, typed: str) -> Recipients:
    """The addressees named by an id, an office's short name, an outlet, or a list as `select` reads it.

    Raises `Refused` if no one is left.
    """
    if meta.kind == "statement":
        return resolve_all(ctx, [PRESS], ())
    if meta.kind == "correction":
        return resolve_all(ctx, [_outlet(typed)], ())
    if typed.startswith(OUTLET):
        raise Refused("Only a correction goes to an outlet: use template:correction-to-an-outlet.", param="to")
    if office_id := office(ctx.config.coalition, typed):
        return resolve_all(ctx, [office_id], ())
    try:
        selection = select(ctx.tx, ctx.config, typed, now=ctx.now)
    except UnknownBill as unknown:
        raise Refused(f"{unknown} {follow_hint(ctx)}", param="to") from unknown
    return resolve_all(ctx, selection.ids, selection.set_aside)


def office(coalition: Coalition, name: str) -> str:
    """The id of an office or of a group of offices by its name in coalition.yml; "" for any other name."""
    if name in coalition.offices:
        return f"office:{name}"
    group = coalition.office_groups.get(name)
    return directory.joint(group) if group else ""


def name_of(ctx: Context, id_: str) -> str:
    """The name of an addressee by id; "" for other texts and for those who cannot be written to."""
    try:
        return _addressee(ctx, id_).name if ":" in id_ else ""
    except NotAddressable:
        return ""


def _outlet(typed: str) -> str:
    kind = typed.partition(":")[0]
    if kind in ("office", "member", "chair", "ranking", "joint") or not typed.strip():
        raise Refused(
            "This letter goes to an outlet. Type its name, or an editor and the outlet: "
            "“Jane Roe, Standards Editor, The Example Times”.",
            param="to",
        )
    return f"{OUTLET}{typed.removeprefix(OUTLET).strip()}"


def resolve_all(ctx: Context, ids: Sequence[str], set_aside: Sequence[str] = ()) -> Recipients:
    """The addressees with these ids who can be written to now. Raises `Refused` if no one is left."""
    addressees, aside = list[Addressee](), list(set_aside)
    for id_ in ids:
        try:
            addressees.append(_addressee(ctx, id_))
        except NotAddressable as problem:
            aside.append(problem.why)
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
            aside.append(problem.why)
    if not good or len(good) == len(id_.split("+")):
        return []
    return [_addressee(ctx, good[0] if len(good) == 1 else "joint:" + "+".join(good))]


def _addressee(ctx: Context, id_: str) -> Addressee:
    return directory.addressee(ctx.tx, ctx.config, id_, today=ctx.today)


def warning_for_letter(work: Work, letter: Dossier) -> str:
    """`unsuited_warning` for a stored letter; "" if its template no longer exists."""
    try:
        meta = template.meta(work.config.folder, letter.template)
    except TemplateProblem:
        return ""
    names = letter.facts.get("names", {})
    return unsuited_warning(work, meta, letter.ask, {id_: names.get(id_, id_) for id_ in letter.version.addressees})


def unsuited_warning(work: Work, meta: Meta, ask: int | None, names: Mapping[str, str]) -> str:
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
    right = listed([coalition.offices[office].name for office in fit], _NAMED_OFFICES)
    who = f"This letter suits {suits}." if meta.addressees else f"Letters on this ask go to {right}."
    return f"Check the addressee: {listed(wrong, _NAMED_OFFICES)} may not be able to do what this letter asks. {who}"


def _offices(coalition: Coalition, names: Iterable[str]) -> dict[str, None]:
    """The offices with these names, including those of groups, in order."""
    offices: dict[str, None] = {}
    for name in names:
        group = coalition.office_groups.get(name)
        offices |= dict.fromkeys(group.offices if group else [name] if name in coalition.offices else [])
    return offices
