"""Shared by the commands of this package: changes, drafts and lookups by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot.commands.group import Group
from bot.commands.model import Choice, Context, Param, Refused, Reply
from bot.commands.replies import answer
from bot.config.feeds import SourceConfig, WatchConfig
from bot.config.load import Config, ConfigError, Problem
from bot.settings import records
from bot.settings.changes import KEYS, WATCH, Change, effective, sections
from bot.settings.records import Draft, Effect, SettingChange
from bot.shared import wording
from bot.shared.card import Line, Section

_FIELDS: Final = ("query", "asks", "level", "url", "name")


def keep_draft(ctx: Context, kind: str, draft: Draft) -> tuple[tuple[str, str], ...]:
    """Save what was shown until [Save] is pressed; returns the button's arguments."""
    id_ = ctx.new_id()
    records.keep_draft(ctx.tx, kind, id_, draft, by=ctx.actor.person, now=ctx.now)
    return (("draft", id_),)


def save_draft(ctx: Context, kind: str, args: Mapping[str, str]) -> tuple[str, Any, Any]:
    """Store a draft as the next version of its section; return its id, and the section before and after."""
    draft = draft_of(ctx, kind, args)
    before = sections(ctx.config, KEYS[kind]).get(draft.name)
    after = sections(changed(ctx, Change(kind=kind, name=draft.name, body=draft.body)), KEYS[kind])[draft.name]
    store(ctx, kind, draft.name, draft.body)
    records.drop_draft(ctx.tx, kind, args["draft"])
    return draft.name, before, after


def draft_of(ctx: Context, kind: str, args: Mapping[str, str]) -> Draft:
    draft = records.draft(ctx.tx, kind, args["draft"], by=ctx.actor.person)
    if draft is None:
        raise Refused("That draft is gone: it was saved already, is older than a week, or is someone else's.")
    return draft


def changed(ctx: Context, change: Change) -> Config:
    """The configuration with one more change. Raises `Refused` with the field's name if the change is invalid."""
    try:
        return effective(ctx.config, [change])
    except ConfigError as error:
        slip = error.problems[0]
        fields = [part for part in slip.where.split(".") if part in _FIELDS]
        raise Refused(f"Not saved: {slip.where}: {slip.what}", param=fields[-1] if fields else "") from error


def left_out(ctx: Context, kind: str) -> list[Section]:
    """Changes from chat that are inactive because they no longer fit the files."""
    place = Change(kind=kind, name="").place
    slips = [slip for slip in ctx.config.left_out if slip.where.startswith(place)]
    return inactive("Not active: no longer valid with the files", slips, place)


def inactive(title: str, slips: Sequence[Problem], place: str = "") -> list[Section]:
    """A section that lists `slips`, without the `place` that they begin with; nothing if there are none."""
    lines = tuple(Line(f"{slip.where.removeprefix(place)}: {slip.what}") for slip in slips)
    return [Section(title, lines)] if lines else []


def store(
    ctx: Context, kind: str, name: str, body: str | None, effect: Effect | None = None, undoes: int | None = None
) -> None:
    """Store a section as its next version; without a body and another effect it is removed."""
    effect = effect or ("removed" if body is None else "set")
    by = ctx.actor.person
    change = SettingChange(kind=kind, name=name, effect=effect, body=body, undoes=undoes, at=ctx.now, by=by)
    records.append(ctx.tx, change)


def restore(ctx: Context, kind: str, name: str) -> bool:
    """Undo the removal of a section; False if it is not removed."""
    versions = records.versions(ctx.tx, kind, name)
    if not versions or versions[0].effect != "removed":
        return False
    older = next(iter(records.active(versions, undone=[versions[0].version])), None)
    effect, body = (older.effect, older.body) if older else ("reset", None)
    store(ctx, kind, name, body, effect, undoes=versions[0].version)
    return True


def add_restore(slash: Group, kind: str) -> None:
    """Add the hidden command behind the Undo of a removal, of watches or of sources."""
    params = (Param("name", f"which {kind}"),)

    @slash.command("restore", f"Restore a removed {kind}", "NAME", params=params, changes=True, hidden=True)
    def undo_removal(ctx: Context, args: Mapping[str, str]) -> Reply:
        if not restore(ctx, kind, args["name"]):
            raise Refused("There is nothing to undo: it is back, or the files no longer have it.")
        ctx.note(f"{kind} {args['name']}", "", "restored")
        return answer(f"“{args['name']}” is restored", replaces=True)


def section_named(ctx: Context, kind: str, typed: str, *, inactive: bool = False) -> str:
    """The id of a watch or source for a typed id or name. Raises `Refused` with the nearest match.

    `inactive`: also of a change that is left out, which can be removed too.
    """
    there: Mapping[str, WatchConfig | SourceConfig] = sections(ctx.config, KEYS[kind])
    place = Change(kind=kind, name=typed).place
    if typed in there or (inactive and any(slip.where == place for slip in ctx.config.left_out)):
        return typed
    same = [id_ for id_, section in there.items() if section.name.casefold() == typed.casefold()]
    if len(same) == 1:
        return same[0]
    near = wording.listed([choice.value for choice in complete_section(ctx, typed, kind=kind)], 6)
    hint = f"Did you mean {near}? " if near else ""
    group = "watch" if kind == WATCH else "feeds"
    raise Refused(f"There is no {kind} “{typed[:60]}”. {hint}/{group} list shows all.", param="name")


def complete_section(ctx: Context, typed: str, *, kind: str) -> Sequence[Choice]:
    """The watches or sources whose id or name contains what is typed."""
    options = (Choice(id_, each.name or id_) for id_, each in sections(ctx.config, KEYS[kind]).items())
    wanted = typed.casefold()
    return [choice for choice in options if wanted in choice.value or wanted in choice.label.casefold()]
