"""Whether an addressee can do what a letter asks, as far as templates and coalition.yml say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.config.coalition import Coalition
from bot.config.load import Config
from bot.letters.lifecycle import Dossier
from bot.letters.templates import template
from bot.letters.templates.template import Meta, TemplateProblem
from bot.shared.wording import listed

_NAMED = 4  # offices in a sentence


def of_letter(config: Config, letter: Dossier) -> str:
    """`unsuited` of a letter as it is now; "" where its template is no longer there."""
    try:
        meta = template.meta(config.folder, letter.template)
    except TemplateProblem:
        return ""
    names = letter.facts.get("names", {})
    return unsuited(config, meta, letter.ask, {id_: names.get(id_, id_) for id_ in letter.version.addressees})


def unsuited(config: Config, meta: Meta, ask: int | None, names: Mapping[str, str]) -> str:
    """A warning about the addressees (names by id) that neither this letter nor another of its ask is written for.

    An office above one of those may tell it what to do. "" where all suit, or where nothing says who does.
    """
    coalition = config.coalition
    own = _offices(coalition, meta.addressees)
    fit = own or _offices(coalition, _addressees_of(config, ask))
    suited = {*fit} | {above for office in fit for above in coalition.above(office)}
    wrong = [name for id_, name in names.items() if fit and not _suits(id_, suited, offices_only=bool(own))]
    if not wrong:
        return ""
    right = meta.suits.removesuffix(".") if own else listed([coalition.offices[office].name for office in fit], _NAMED)
    who = f"This letter suits {right}." if own else f"Letters on this ask go to {right}."
    return f"Check the addressee: {listed(wrong, _NAMED)} may not be able to do what this letter asks. {who}"


def _suits(id_: str, suited: set[str], *, offices_only: bool) -> bool:
    """`offices_only`: the letter is for offices, so a member of Congress cannot do it."""
    parts = (part.partition(":") for part in id_.removeprefix("joint:").split("+"))
    return all(name in suited if kind == "office" else not offices_only for kind, _, name in parts)


def _addressees_of(config: Config, ask: int | None) -> list[str]:
    """What the letters of an ask are written to."""
    found: list[str] = []
    for name in template.names(config.folder) if ask is not None else ():
        try:
            meta = template.meta(config.folder, name)
        except TemplateProblem:
            continue
        found += meta.addressees if ask in meta.asks else ()
    return found


def _offices(coalition: Coalition, names: Iterable[str]) -> dict[str, None]:
    """The offices of these names, with those of a group, in that order."""
    found: dict[str, None] = {}
    for name in names:
        group = coalition.office_groups.get(name)
        found |= dict.fromkeys(group.offices if group else [name] if name in coalition.offices else [])
    return found
