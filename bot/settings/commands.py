"""/settings: change what coalition.yml and feeds.yml say from chat, undo it, and export the files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final, Protocol

from bot.alerts import explain
from bot.commands.arguments import SEEN, mark, matching
from bot.commands.model import (
    ADMINISTRATOR,
    Choice,
    Context,
    File,
    Form,
    FormField,
    Group,
    Kind,
    Param,
    Refused,
    Reply,
    answer,
    confirmation_param,
)
from bot.config import catalog
from bot.people.pii import confirm_params
from bot.people.records import people
from bot.settings import records, values
from bot.settings.changes import ASK, BILL, CHANNEL, KEYS, OFFICE, SOURCE, VALUES, WATCH, Change, written
from bot.settings.changes import differences as from_files
from bot.settings.revising import LETTERS, Revision, differences, inactive, label, revise, section_of, who
from bot.settings.sections import SECTIONS, Section
from bot.settings.values import NEW
from bot.shared import wording
from bot.shared.card import Button, Line
from bot.shared.card import Section as CardSection

_SHOWN: Final = 20  # items of one section
_CHANGES: Final = 9
_DIGITS: Final = 4  # of an ask's number, at most
_PICKED: Final = 25  # choices of a form: Discord's limit
_GROUPS: Final = (
    ("Who you are", ("coalition", "letterhead", "member", "ask")),
    ("Where messages go", ("channel", "route", "special-channels")),
    ("Letters and the press", ("letters", "office", "holder", "spokesperson", "press-contact")),
)
_FILES: Final = ("coalition.yml", "feeds.yml")


class Network(Protocol):
    async def rights_at(self, to: str) -> str: ...


def _settings(ctx: Context, typed: str) -> Sequence[Choice]:
    """Complete a setting, from all sections and their items."""
    choices: list[Choice] = []
    for section in SECTIONS.values():
        choices += _items(ctx, section, new=True) if section.named else [Choice(section.what, section.what)]
    return matching(choices, typed)


_LABEL: Final = 75  # characters of a choice in a form: Slack's limit
_NAME_OF_CHANNEL: Final = Param("name", "a short name, such as policy", longest=40)
_SETTING: Final = Param(
    "setting", "such as ask 3, channel policy or letterhead", required=False, complete=_settings, longest=100
)
_NAME: Final = Param("name", f"its number or name; {NEW}: another one", required=False, longest=60)
_ENTRY: Final = Param("entry", "the alert whose agency has no office", required=False, by_button=True)
_SURE: Final = confirmation_param("even if something refers to it")

slash = Group("settings", who=ADMINISTRATOR)
undoing = Group("undo", who=ADMINISTRATOR)


# --- what is set ------------------------------------------------------------------------------------------------------


@slash.command(example="channel", params=[replace(_SETTING, help="one kind of setting, such as ask; all if left out")])
def list_(ctx: Context, args: Mapping[str, str]) -> Reply:
    """List settings, and whether each comes from a file or chat."""
    if "setting" in args:
        return _one_section(ctx, _setting(args["setting"])[0])
    groups = [
        CardSection(title, tuple(Line(f"{what}: {values.summary(ctx.config, SECTIONS[what])}") for what in whats))
        for title, whats in _GROUPS
    ]
    buttons = (
        Button("Change", "settings set", style="primary"),
        Button("Last changes", "settings history"),
        Button("Export", "settings export"),
    )
    foot = "/settings list ask shows one kind in full. See also /watch list, /feeds list and /people list."
    return answer("Settings", sections=[*_left_out(ctx), *groups], buttons=buttons, foot=foot)


def _one_section(ctx: Context, section: Section) -> Reply:
    change = Button("Change", "settings set", (("setting", section.what),), "primary")
    if not section.named:
        fields = values.fields(ctx.config, section)
        lines = [f"{name}: {text} ({origin})" if text else f"{name}: not set" for name, text, origin in fields]
        return answer(section.title, *lines, buttons=(change,))
    items = values.items(ctx.config, section)
    lines = [
        f"{section.what} {name}: {text} ({values.origin(ctx.config, section, name)})" for name, text in items.items()
    ]
    more = [f"and {len(lines) - _SHOWN} more"] if len(lines) > _SHOWN else []
    add = Button("Add", "settings set", (("setting", f"{section.what} {NEW}"),))
    remove_ = Button("Remove", "settings remove", (("setting", section.what),))
    return answer(
        f"{section.title}: {len(items) or 'none yet'}",
        *lines[:_SHOWN],
        *more,
        sections=_left_out(ctx, section),
        buttons=(change, add, remove_) if items else (add,),
    )


def _left_out(ctx: Context, section: Section | None = None) -> list[CardSection]:
    """Settings from chat that are not active, because they are no longer valid with the files."""
    wanted = [section] if section else SECTIONS.values()
    places = {key for each in wanted for key in (each.key or KEYS.get(each.kind) or each.what,)}
    slips = [slip for slip in ctx.config.left_out if slip.where.split(".")[0] in places]
    return inactive("Not active: no longer valid with the files. /settings reset removes one", slips)


# --- changing ---------------------------------------------------------------------------------------------------------


@slash.command(example="ask {ask}", params=[_SETTING, _ENTRY], chat_only=True)
def set_(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Change a setting, or add one, with a form."""
    if "setting" not in args:
        return Reply(form=_choosing("settings set", "Change a setting", [Choice(what, what) for what in SECTIONS]))
    section, typed = _setting(args["setting"])
    if not section.named:
        if typed:
            raise Refused(
                f"“{typed[:40]}” was not taken: the form of /settings set {section.what} asks for each value.",
                param="setting",
            )
        return Reply(form=_form(ctx, section, "", values.current(ctx.config, section, defaults=True) or {}))
    if not typed:
        return Reply(form=_choosing("settings set", f"Change {section.one}", _items(ctx, section, new=True)))
    name = _item(ctx, section, typed)
    current = values.current(ctx.config, section, name, defaults=True)
    form = _form(ctx, section, name, current or _shipped(ctx, section, name, args))
    return Reply(form=replace(form, args={**form.args, **{key: args[key] for key in args if key == "entry"}}))


def _setting(text: str) -> tuple[Section, str]:
    """The section and the item of a typed setting: "ask 3", "press contact". Raises `Refused`."""
    words = text.casefold().split()
    for length in (2, 1):
        what = "-".join(words[:length])
        section = SECTIONS.get(what) or SECTIONS.get(what.removesuffix("s"))
        if section:
            return section, values.item_name(section, " ".join(text.split()[length:]))
    raise Refused(
        f"There is no setting “{text[:60]}”. There is {', '.join(SECTIONS)}; for example: ask 3.", param="setting"
    )


def _choosing(path: str, title: str, choices: Sequence[Choice]) -> Form:
    """A form that asks which setting."""
    param = replace(_SETTING, required=True, choices=tuple(choices) if len(choices) <= _PICKED else ())
    return Form(title=title, path=path, fields=(FormField(param, "Which one"),), submit="Go on")


def _items(ctx: Context, section: Section, *, new: bool) -> list[Choice]:
    """The items of a section as choices; `new`: also one that adds another."""
    items = values.items(ctx.config, SECTIONS[OFFICE] if section.inside and new else section)
    choices = [
        Choice(f"{section.what} {name}", wording.short(f"{section.what} {name}: {text}", _LABEL))
        for name, text in items.items()
    ]
    return [*choices, Choice(f"{section.what} {NEW}", "a new one")] if new and not section.inside else choices


def _form(ctx: Context, section: Section, name: str, current: Mapping[str, Any]) -> Form:
    """The form of an item. `seen`: a mark of what it shows, so that another person's change is not overwritten."""
    shown = values.texts(section, current)
    fields = [
        FormField(replace(field.param, required=field.needed), field.label, shown[field.param.name])
        for field in section.fields
    ]
    seen = mark(values.current(ctx.config, section, name))
    args = {"seen": seen} | ({"name": name} if name else {})
    is_new = section.named and values.current(ctx.config, section, name) is None
    if is_new and name == NEW and section.kind == CHANNEL:
        fields.insert(0, FormField(_NAME_OF_CHANNEL, "Its name here"))
        del args["name"]
    title = f"New {section.what}" if is_new else " ".join(filter(None, ("Set", section.what, name)))
    return Form(title=title, path=f"settings {section.what}", fields=tuple(fields), args=args)


def _item(ctx: Context, section: Section, typed: str) -> str:
    """The name of the item that was typed, of a new one, or of an office of the catalog. Raises `Refused`."""
    config = ctx.config
    names = values.items(config, SECTIONS[OFFICE] if section.inside else section)
    if typed in names:
        return typed
    if section.inside:
        there = f"There is {wording.listed(list(names), 9)}. " if names else ""
        raise Refused(
            f"There is no office “{typed[:60]}”. {there}/settings set office adds one, also from the catalog.",
            param="setting",
        )
    if typed == NEW:
        return values.new_name(config, section, {}) if section.kind == ASK else NEW
    if (section.kind == ASK and typed.isdecimal()) or (section.kind == OFFICE and typed in catalog.offices()):
        return typed
    near = [name for name, text in names.items() if typed.casefold() in f"{name} {text}".casefold()]
    if len(near) == 1:
        return near[0]
    listed = wording.listed(near or list(names), 9) or "none yet"
    raise Refused(
        f"There is no {section.what} “{typed[:60]}”. There is {listed}; “{section.what} {NEW}” adds one.",
        param="setting",
    )


async def _look(network: Network | None, args: Mapping[str, str]) -> str:
    """Why the bot cannot post to the place in the form; "" if it can."""
    return await network.rights_at(args["to"]) if network and args.get("to") else ""


def _save(ctx: Context, args: Mapping[str, str], *, section: Section) -> Reply:
    """Save a form's fields; what is not among them stays."""
    name = args.get("name", NEW) if section.named else ""
    used = {change.name for change in records.history(ctx.tx) if change.kind == section.kind}
    used |= {str(person.organisation) for person in people(ctx.tx)}  # a member may have been removed in the file
    if name == NEW:
        name = values.new_name(ctx.config, section, args, used)
    name = values.item_name(section, name)
    if section.what == "member" and name in used and values.current(ctx.config, section, name) is None:
        raise Refused(
            f"“{name}” was another member, whose signatures and representatives this one would get. “{NEW}” adds one; "
            "/undo brings that member back.",
            param="name",
        )
    if section.kind == ASK and not (name.isascii() and name.isdigit() and len(name) <= _DIGITS):
        raise Refused(f"An ask has a number, not “{name[:40]}”.", param="name")
    current = values.current(ctx.config, section, name)
    is_outdated = args.get(SEEN.name, mark(current)) != mark(current)
    if is_outdated and (current is None or values.edited(section, current, args) != current):  # not sent twice
        # Two administrators had the form open: the second is shown who saved first.
        versions = records.versions(ctx.tx, *section.key_of(name))
        by = who(ctx, versions[0]) if versions else "the files"
        setting = (("setting", " ".join(filter(None, (section.what, name)))),)
        return answer(
            f"Not saved: {section.item(name)} was changed while your form was open ({by})",
            "Nothing was overwritten. Open the form again: it shows the current value.",
            buttons=(Button("Open it again", "settings set", setting, "primary"),),
        )
    base = current if current is not None else _shipped(ctx, section, name, args)
    before = values.texts(section, base)
    new = [
        field.param for field in section.fields if field.free and args.get(field.param.name) != before[field.param.name]
    ]
    if question := confirm_params(ctx, args, section.item(name), *new, usual=()):
        return question
    made = values.edited(section, base, args)
    if section.inside:
        made = values.dated(base, made, ctx.today)
    revision = revise(ctx, values.change_to(ctx.config, section, name, made), "set", args)
    if isinstance(revision, Reply):
        return revision
    lines = differences(section, name, revision)
    return _saved(f"Saved: {section.item(name)}", revision, *lines, ctx.fetched or "")


def _shipped(ctx: Context, section: Section, name: str, args: Mapping[str, str]) -> dict[str, Any]:
    """What the catalog, or the alert in `args`, has of a new office; nothing for other sections."""
    if section.kind == OFFICE and "entry" in args and (stored := explain.find(ctx.tx, args["entry"])):
        return values.office_of(ctx.config, agency) if (agency := stored[-1].entry.agency) else {}
    return dict(catalog.offices().get(name, {})) if section.kind == OFFICE else {}


def _saved(head: str, revision: Revision, *lines: str) -> Reply:
    undo_ = Button("Undo", "undo", (("version", str(revision.version)),))
    foot = "Active now. The files themselves do not change; /settings export gives you copies that include this."
    return answer(head, *lines, buttons=(undo_,), foot=foot, replaces=True)


@slash.command(example="member {member}", params=[_SETTING, _SURE, LETTERS], changes=True)
def remove(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Remove an ask, member, channel, route, office or spokesperson; can be undone."""
    if "setting" not in args:
        removable = [Choice(section.what, section.what) for section in SECTIONS.values() if section.removable]
        return Reply(form=_choosing("settings remove", "Remove a setting", removable))
    section, name = _setting(args["setting"])
    if not section.removable:
        raise Refused(f"{section.title} cannot be removed. To change: /settings set {section.what}", param="setting")
    items = values.items(ctx.config, section) if section.named else {}
    if items and not name:
        return Reply(form=_choosing("settings remove", f"Remove {section.one}", _items(ctx, section, new=False)))
    if section.named and name not in items:
        listed = wording.listed(list(items), 9) or "none"
        raise Refused(f"There is no {section.what} “{name[:60]}”. There is {listed}.", param="setting")
    change = values.change_to(ctx.config, section, name, None)
    revision = revise(ctx, change, "set" if change.body is not None else "removed", args)
    return revision if isinstance(revision, Reply) else _saved(f"Removed: {section.item(name)}", revision)


@slash.command(
    example="letterhead",
    params=[replace(_SETTING, required=True, help="such as ask 3, channel policy or letterhead"), _SURE, LETTERS],
    changes=True,
)
def reset(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Use the files' value again instead of the one set in chat."""
    section, item = _setting(args["setting"])
    key = section.key_of(item)
    versions = records.versions(ctx.tx, *key)
    if not versions or versions[0].change is None:
        raise Refused(f"{label(*key)} is as in the files: nothing was set in chat.", param="setting")
    revision = revise(ctx, Change(kind=key[0], name=key[1]), "reset", args)
    if isinstance(revision, Reply):
        return revision
    return _saved(f"Back to the files' value: {label(*key)}", revision)


@undoing.command(
    verb="",
    params=[
        Param("version", "the change's number; the last one if left out", kind=Kind.NUMBER, required=False),
        _SURE,
        LETTERS,
    ],
    changes=True,
    formerly=["settings undo"],
)
def undo(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Undo the last change of a setting, or a numbered one.

    Refused if its section was changed again since.
    """
    changes = _history(ctx)
    wanted = [change for change in changes if str(change.version) == args["version"]] if "version" in args else None
    target = next(iter(records.active(changes) if wanted is None else wanted), None)
    if target is None:
        number = f"There is no change {args['version']}. " if "version" in args else "There is nothing to undo. "
        raise Refused(f"{number}/settings history lists the changes.", param="version")
    same = [change for change in changes if change.section == target.section]
    last = next(iter(records.active(same)), same[0])
    if target.version not in (last.version, same[0].version):
        raise Refused(
            f"{label(target.kind, target.name)} was changed again since, by change {last.version} ({who(ctx, last)}). "
            f"Undo that one first: /undo {last.version}",
            param="version",
        )
    older = next(iter(records.active(same, undone=[target.version])), None)
    change = Change(kind=target.kind, name=target.name, body=older.body if older else None)
    revision = revise(ctx, change, older.effect if older else "reset", args, undoes=target.version)
    if isinstance(revision, Reply):
        return revision
    of_kind = [section for section in SECTIONS.values() if section.kind == target.kind != VALUES]
    sections = of_kind or [section_of(target.kind, target.name)]  # an office's holder is part of the office
    lines = [line for section in sections for line in differences(section, target.name, revision)]
    head = f"Undone: change {target.version} of {label(target.kind, target.name)}, by {who(ctx, target)}"
    return _saved(head, revision, *lines)


@slash.command()
def history_(ctx: Context, args: Mapping[str, str]) -> Reply:  # noqa: ARG001 - a handler's form
    """List recent changes of settings: what, who and when."""
    changes = _history(ctx)[:_CHANGES]
    if not changes:
        return answer("No setting was changed in chat yet", "Start with /settings list")
    lines = [
        f"{change.version} · {label(change.kind, change.name)}: "
        f"{f'undid {change.undoes}' if change.undoes else change.effect} · {who(ctx, change)}"
        for change in changes
    ]
    last = Button("Undo the last", "undo")
    return answer(
        "Settings changed in chat, newest first",
        *lines,
        buttons=(last,),
        foot=f"/undo {changes[0].version} undoes that one.",
    )


def _history(ctx: Context) -> list[records.SettingChange]:
    """The versions of settings, newest first; watches, sources and bills have commands of their own to undo."""
    return [each for each in records.history(ctx.tx) if each.kind not in (WATCH, SOURCE, BILL)]


@slash.command(
    example="feeds.yml",
    params=[
        Param(
            "file",
            "which file; coalition.yml if left out",
            required=False,
            choices=tuple(Choice(name, name) for name in _FILES),
        )
    ],
    chat_only=True,
)
def export(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Export coalition.yml or feeds.yml with the changes made in chat."""
    name = args.get("file", _FILES[0])
    other = next(each for each in _FILES if each != name)
    changes = records.changes(ctx.tx)
    lines = [Line(line) for line in from_files(ctx.config, changes)]
    edits = ctx.config.edits_since_start(feeds=name == "feeds.yml")
    use = "You can replace your file with it at any time. After the next start, the file counts again for what it has."
    reply = answer(
        f"{name} with the changes made in chat",
        f"Your {name} was edited since the bot started. Restart it before you export, or you lose this:"
        if edits
        else use,
        *wording.cap_lines(edits, _SHOWN),
        sections=[
            *inactive("Not active, and not in the file", ctx.config.left_out),
            *([CardSection("Differences from both files", tuple(lines))] if lines else []),
        ],
        buttons=(Button(other, "settings export", (("file", other),)),),
    )
    text = written(ctx.config, changes, name)
    return Reply(card=reply.card, file=File(name, "application/yaml", text.encode()))


for _section in SECTIONS.values():  # the hidden command that each section's form calls
    slash.command(
        verb=_section.what,
        help_=f"Save {_section.one}",
        example=" ".join(filter(None, ("name:1" if _section.named else "", _section.example))),
        params=[
            *([_NAME] if _section.named else []),
            *(field.param for field in _section.fields),
            SEEN,
            _ENTRY,
            _SURE,
            LETTERS,
        ],
        changes=True,
        hidden=True,
        fetch=_look if _section.kind == CHANNEL else None,
    )(partial(_save, section=_section))
