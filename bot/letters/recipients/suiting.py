"""Whether the addressees can do what a letter asks, from templates and coalition.yml."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.config.coalition import Coalition
from bot.config.load import Config
from bot.letters.lifecycle import Dossier
from bot.letters.templates import template
from bot.letters.templates.template import Meta, TemplateProblem
from bot.shared.wording import listed

_NAMED = 4  # offices in a sentence


def warning_for_letter(config: Config, letter: Dossier) -> str:
    """`unsuited_warning` for a stored letter; "" if its template no longer exists."""
    try:
        meta = template.meta(config.folder, letter.template)
    except TemplateProblem:
        return ""
    names = letter.facts.get("names", {})
    return unsuited_warning(config, meta, letter.ask, {id_: names.get(id_, id_) for id_ in letter.version.addressees})


def unsuited_warning(config: Config, meta: Meta, ask: int | None, names: Mapping[str, str]) -> str:
    """A warning about addressees (names by id) that no letter on this ask is written for; "" if there are none.

    An office above a suitable one is suitable, too, because it can direct that office.
    """
    coalition = config.coalition
    own = _offices(coalition, meta.addressees)
    fit = own or _offices(coalition, _addressees_of(config, ask))
    suited = {*fit} | {above for office in fit for above in coalition.above(office)}
    wrong = [name for id_, name in names.items() if fit and not _is_suited(id_, suited, offices_only=bool(own))]
    if not wrong:
        return ""
    right = meta.suits.removesuffix(".") if own else listed([coalition.offices[office].name for office in fit], _NAMED)
    who = f"This letter suits {right}." if own else f"Letters on this ask go to {right}."
    return f"Check the addressee: {listed(wrong, _NAMED)} may not be able to do what this letter asks. {who}"


def _is_suited(id_: str, suited: set[str], *, offices_only: bool) -> bool:
    """`offices_only`: the letter is for offices, so a member of Congress cannot do it."""
    parts = (part.partition(":") for part in id_.removeprefix("joint:").split("+"))
    return all(name in suited if kind == "office" else not offices_only for kind, _, name in parts)


def _addressees_of(config: Config, ask: int | None) -> list[str]:
    """The addressees of all templates for an ask."""
    names: list[str] = []
    for name in template.names(config.folder) if ask is not None else ():
        try:
            meta = template.meta(config.folder, name)
        except TemplateProblem:
            continue
        names += meta.addressees if ask in config.coalition.asks_named(meta.asks) else ()
    return names


def _offices(coalition: Coalition, names: Iterable[str]) -> dict[str, None]:
    """The offices with these names, including those of groups, in order."""
    offices: dict[str, None] = {}
    for name in names:
        group = coalition.office_groups.get(name)
        offices |= dict.fromkeys(group.offices if group else [name] if name in coalition.offices else [])
    return offices
