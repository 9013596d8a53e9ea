"""Shared by the commands of this package: changes, drafts and lookups by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from bot.commands.model import Choice, Context, Refused, Reply
from bot.commands.replies import answer
from bot.config.feeds import SourceConfig, WatchConfig
from bot.config.load import Config, ConfigError, Problem
from bot.settings import records
from bot.settings.changes import Change, effective
from bot.settings.records import Draft, Effect, SettingChange
from bot.shared import wording
from bot.shared.card import Line, Section

_LONGEST_ID: Final = 40  # characters
_FIELDS: Final = ("query", "asks", "level", "url", "name")


def id_for(name: str, taken: Mapping[str, object]) -> str:
    """An id for feeds.yml from a name: `forced-labour-imports`, with a number if that is taken."""
    plain = wording.slug(name, _LONGEST_ID) or "new"
    if plain not in taken:
        return plain
    return next(new for n in range(2, len(taken) + 3) if (new := f"{plain}-{n}") not in taken)


def keep_draft(ctx: Context, kind: str, draft: Draft) -> tuple[tuple[str, str], ...]:
    """Save what was shown until [Save] is pressed; returns the button's arguments."""
    id_ = ctx.new_id()
    records.keep_draft(ctx.tx, kind, id_, draft, by=ctx.actor.person, now=ctx.now)
    return (("draft", id_),)


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


def to_remove(ctx: Context, sections: Mapping[str, WatchConfig | SourceConfig], kind: str, typed: str) -> str:
    """Like `draft_named`, but includes inactive changes, which can be removed too."""
    place = Change(kind=kind, name=typed).place
    return typed if any(slip.where == place for slip in ctx.config.left_out) else draft_named(sections, typed, kind)


def store(ctx: Context, kind: str, name: str, body: str | None) -> None:
    """Store a section, or that it is removed, as its next version."""
    _append(ctx, kind, name, "removed" if body is None else "set", body)


def restore(ctx: Context, kind: str, name: str) -> bool:
    """Undo the removal of a section; False if it is not removed."""
    versions = records.versions(ctx.tx, kind, name)
    if not versions or versions[0].effect != "removed":
        return False
    older = next(iter(records.active(versions, undone=[versions[0].version])), None)
    _append(ctx, kind, name, older.effect if older else "reset", older.body if older else None, versions[0].version)
    return True


def _append(ctx: Context, kind: str, name: str, effect: Effect, body: str | None, undoes: int | None = None) -> None:
    by = ctx.actor.person
    change = SettingChange(kind=kind, name=name, effect=effect, body=body, undoes=undoes, at=ctx.now, by=by)
    records.append(ctx.tx, change)


def undo_removal(ctx: Context, kind: str, id_: str) -> Reply:
    if not restore(ctx, kind, id_):
        raise Refused("There is nothing to undo: it is already back.")
    ctx.note(f"{kind} {id_}", "", "restored")
    return answer(f"“{id_}” is restored", replaces=True)


def draft_named(sections: Mapping[str, WatchConfig | SourceConfig], typed: str, what: str) -> str:
    """The id for a typed id or name. Raises `Refused` with the nearest match."""
    if typed in sections:
        return typed
    same = [id_ for id_, section in sections.items() if section.name.casefold() == typed.casefold()]
    if len(same) == 1:
        return same[0]
    near = wording.listed([choice.value for choice in choices(sections, typed)], 6)
    hint = f"Did you mean {near}? " if near else ""
    group = "watch" if what == "watch" else "feeds"
    raise Refused(f"There is no {what} “{typed[:60]}”. {hint}/{group} list shows all.", param="name")


def choices(sections: Mapping[str, WatchConfig | SourceConfig], typed: str) -> list[Choice]:
    options = (Choice(id_, section.name or id_) for id_, section in sections.items())
    wanted = typed.casefold()
    return [choice for choice in options if wanted in choice.value or wanted in choice.label.casefold()]
