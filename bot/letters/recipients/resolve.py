"""What was typed after `to:`, as addressees. Whoever cannot be written to now is set aside and named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.bills.facts import UnknownBill, bill_facts
from bot.commands.model import Context, Refused
from bot.config.coalition import Coalition
from bot.congress import directory
from bot.congress.address import OUTLET, PRESS
from bot.congress.directory import NotAddressable
from bot.congress.model import Addressee
from bot.letters.recipients.select import NotUnderstood, select
from bot.letters.templates.template import Meta

_NAMED = 6  # of those set aside, in a sentence


@dataclass(frozen=True, slots=True)
class Recipients:
    """Everyone a letter is written to, and why the others of the list are not written to."""

    addressees: tuple[Addressee, ...]
    set_aside: tuple[str, ...] = ()

    @property
    def warning(self) -> str:
        """Who was set aside, in a sentence; "" for nobody."""
        more = len(self.set_aside) - _NAMED
        shown = [*self.set_aside[:_NAMED], *([f"And {more} more."] if more > 0 else [])]
        return f"Not written to: {' '.join(shown)}" if shown else ""


def recipients(ctx: Context, meta: Meta, typed: str) -> Recipients:
    """Everyone that was typed: an id, an office's short name, an outlet, or a sentence such as "senators from NY".

    Raises `Refused` where nobody is left.
    """
    if meta.kind == "statement":
        return _addressed(ctx, [PRESS], ())
    if meta.kind == "correction":
        return _addressed(ctx, [_outlet(typed)], ())
    if typed.startswith(OUTLET):
        raise Refused("Only a correction goes to an outlet: use template:correction-to-an-outlet.", param="to")
    if found := office(ctx.config.coalition, typed):
        return _addressed(ctx, [found], ())
    try:
        found_ = select(ctx.tx, ctx.config, typed, now=ctx.now, about=bill_facts)
    except NotUnderstood as refused:
        raise Refused(refused.why, param="to") from refused
    except UnknownBill as unknown:
        raise Refused(str(unknown), param="to") from unknown
    return _addressed(ctx, found_.ids, found_.set_aside)


def office(coalition: Coalition, name: str) -> str:
    """The id of an office or of a group of offices by its name in coalition.yml; "" for any other name."""
    if name in coalition.offices:
        return f"office:{name}"
    group = coalition.office_groups.get(name)
    return directory.joint(group) if group else ""


def name_of(ctx: Context, id_: str) -> str:
    """The name of an addressee by id; "" for anything else, and for whoever cannot be written to."""
    try:
        return _one(ctx, id_).name if ":" in id_ else ""
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


def _addressed(ctx: Context, ids: Sequence[str], set_aside: Sequence[str]) -> Recipients:
    found, aside = list[Addressee](), list(set_aside)
    for id_ in ids:
        try:
            found.append(_one(ctx, id_))
        except NotAddressable as problem:
            aside.append(problem.why)
            if id_.startswith("joint:"):
                found += _rest_of(ctx, id_, aside)
    if not found:
        raise Refused(Recipients((), tuple(dict.fromkeys(aside))).warning.removeprefix("Not written to: "), param="to")
    return Recipients(tuple(found), tuple(dict.fromkeys(aside)))


def _rest_of(ctx: Context, id_: str, aside: list[str]) -> list[Addressee]:
    """A joint letter to those of its addressees that can be written to; `aside` gets why the others cannot."""
    good = []
    for part in id_.removeprefix("joint:").split("+"):
        try:
            _one(ctx, part)
            good.append(part)
        except NotAddressable as problem:
            aside.append(problem.why)
    if not good or len(good) == len(id_.split("+")):
        return []
    return [_one(ctx, good[0] if len(good) == 1 else "joint:" + "+".join(good))]


def _one(ctx: Context, id_: str) -> Addressee:
    return directory.addressee(ctx.tx, ctx.config, id_, today=ctx.today)
