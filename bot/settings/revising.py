"""Change what the two files have: judged as they are, refused while something refers to it, stored as a new version.

Watches and sources are shown as drafts before they are saved.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from bot.alerts.plan import ask_channels
from bot.commands.model import (
    SURE,
    Choice,
    Context,
    Form,
    FormField,
    Group,
    Kind,
    Param,
    Reference,
    Refused,
    Reply,
    answer,
)
from bot.config.feeds import SourceConfig, WatchConfig
from bot.config.load import Config, ConfigError, Problem
from bot.people import account_notices
from bot.people import records as people
from bot.people.members import check_own_name
from bot.settings import records, values
from bot.settings.changes import ASK, CHANNEL, KEYS, MEMBER, OFFICE, VALUES, WATCH, Change, effective, sections
from bot.settings.records import Effect, SettingChange
from bot.settings.sections import SECTIONS, Field, Section
from bot.shared import wording
from bot.shared.card import Button, Line
from bot.shared.card import Section as CardSection
from bot.shared.platforms import BLIND
from bot.store.database import delete_rows

_SPECIAL: Final = ("admin", "safety")
_NOWHERE: Final = "none"
_VERBS: Final[dict[Effect, str]] = {"set": "changed", "removed": "removed", "reset": "reset"}
_LISTED: Final = 6  # places that use a setting
_CARRIED: Final = 200  # characters of a value that a form carries
_FIELDS: Final = ("query", "asks", "level", "url", "name")  # of a draft
_AGAIN: Final = "Change it; these letters may have to be drafted and signed again"
# The answer to `_ask_about_letters`.
LETTERS: Final = Param(
    "letters", "yes: although letters use it", choices=(Choice("yes", _AGAIN),), by_button=True, required=False
)
# What a path of the two files is called in a sentence, by its first key. A list's items are counted from 1.
_WORDS: Final = {
    "watches": "watch {}",
    "routes": "route {}",
    "channels": "channel {}",
    "bills": "bill family {}",
    "authorities": "claim {}",
    "duties": "duty {}",
    "spokespeople": "spokesperson {}",
    "entities": "entity {}",
    "offices": "office {}",
    "office_groups": "office group {}",
    "letters": "the sign-on channel (letters)",
    "admin": "the admin channel (special-channels)",
    "safety": "the safety channel (special-channels)",
    "press": "the press channel (special-channels)",
}


@dataclass(frozen=True, slots=True)
class Revision:
    """A stored change. `before` and `after`: the configuration."""

    version: int
    before: Config
    after: Config


def label(kind: str, name: str) -> str:
    """A section in a sentence: "ask 3", "the letterhead", "the routes"."""
    if kind != VALUES:
        return f"{kind} {name}"
    section = SECTIONS.get(name)
    return section.one if section else f"the {name}"


def revise(
    ctx: Context, wanted: Change, effect: Effect, args: Mapping[str, str], undoes: int | None = None
) -> Revision | Reply:
    """Store a change, active at once. Raises `Refused` with the loader's sentence if it is invalid.

    If something refers to what it removes, the answer asks to confirm with the command's `args`.
    """
    before, verb = ctx.config, "undone" if undoes else _VERBS[effect]
    out = {slip.where for slip in before.left_out}
    others = [
        other
        for other in records.changes(ctx.tx)
        if (other.kind, other.name) != (wanted.kind, wanted.name) and other.place not in out
    ]
    try:
        made = effective(before.in_files, others if effect == "reset" else [*others, wanted])
        after = replace(made, left_out=before.left_out)
    except ConfigError as error:
        raise _refused(wanted, verb, error) from error
    what = label(wanted.kind, wanted.name)
    if (after.feeds, after.coalition) == (before.feeds, before.coalition) and effect == "set" and undoes is None:
        return answer(f"Nothing to save: {what} already has these values")
    if member := after.coalition.members.get(wanted.name) if wanted.kind == MEMBER else None:
        for param, name in (("full-name", member.name), ("short", member.short), ("legal-name", member.legal_name)):
            check_own_name(after.coalition, wanted.name, name, param)
    if question := _in_use(ctx, wanted, after, what, verb, args):
        return question
    body = values.canonical(after, wanted).body if effect == "set" else None
    version = store(ctx, wanted.kind, wanted.name, body, effect, undoes)
    _notify_affected(ctx, before, after)
    ctx.note(what, described(before, wanted), described(after, wanted))
    return Revision(version, before, after)


def _notify_affected(ctx: Context, before: Config, after: Config) -> None:
    """Tell a channel what it gets or that it was moved, and representatives what became of their organization."""
    who, short = ctx.actor.name, before.coalition.short
    for id_, member in before.coalition.members.items():
        if (later := after.coalition.members.get(id_)) != member:
            names = later and wording.dotted(later.name, later.short, f"signs as {later.signs_as}")
            renamed = later and f"changed the names of {member.name}, for which you act: {names}"
            text = renamed or f"removed {member.name} from {short}: you can no longer act for it here"
            account_notices.notify_representatives(ctx, id_, f"{who} {text}")
    for what, old in _contacts(before).items():
        if (new := _contacts(after)[what]) != old:
            text = f"{who} changed {what.format(short)}, from {old} to {new}"
            account_notices.notify_each_administrator(ctx, text)
    was, now = _channels(before), _channels(after)
    for which, (old, posted) in was.items():
        new, posted_now = now.get(which, (_NOWHERE, None))
        if (new, posted_now) != (old, posted):
            edited = f"changed what the {which} channel of {short} gets, or its digest or quiet hours"
            moved = f"moved the {which} channel of {short} from {old} to {new}" if new != old else ""
            if moved and which in _SPECIAL:
                account_notices.notify_each_administrator(ctx, f"{who} {moved}")
            to = was["admin"][0] if old.split(":")[0] in {*BLIND, _NOWHERE} else old
            account_notices.notify_channel(ctx, to, f"{who} {moved or edited}")


def notify_ask_channels(ctx: Context, asks: tuple[int, ...], text: str) -> None:
    """Tell each channel that gets alerts of these asks who ended some: nobody notices what no longer comes."""
    feeds = ctx.config.feeds
    places = [feeds.channels[name].to for name in ([feeds.safety] if feeds.safety else ask_channels(asks, feeds))]
    admin = feeds.channels[feeds.admin].to  # in place of one that others may read
    for to in dict.fromkeys(admin if to.partition(":")[0] in BLIND else to for to in places):
        account_notices.notify_channel(ctx, to, f"{text} by {ctx.actor.name}")


def _contacts(config: Config) -> dict[str, str]:
    """Who gets replies and calls; `{}` is the coalition's name."""
    press = config.coalition.media_contact
    press_text = wording.dotted(press.name, press.phone, press.email) if press else _NOWHERE
    return {"where replies to {} go": config.coalition.contact, "the press contact of {}": press_text}


def _channels(config: Config) -> dict[str, tuple[str, object]]:
    """Where each channel is, and what it gets when: {"policy": ("slack:C0123ABCD", …), "safety": ("none", None)}."""
    feeds = config.feeds
    own: dict[str, tuple[str, object]] = {
        name: (channel.to, (channel.digest, channel.quiet, [route for route in feeds.routes if route.to == name]))
        for name, channel in feeds.channels.items()
    }
    return own | {which: own.get(getattr(feeds, which) or "", (_NOWHERE, None)) for which in _SPECIAL}


def described(config: Config, change: Change) -> str:
    """A section in one line, for the audit."""
    section = section_of(change.kind, change.name)
    if section.key:
        return wording.short("; ".join(values.items(config, section).values()), 500)
    current = values.current(config, section, change.name, defaults=True)
    shown = values.texts(section, current) if current else {}
    return wording.short("; ".join(f"{name}: {text}" for name, text in shown.items() if text), 500)


def differences(section: Section, name: str, revision: Revision) -> Iterator[str]:
    """Each field that changed: `Title: Fund services → Fund services directly`."""
    was = values.texts(section, values.current(revision.before, section, name, defaults=True) or {})
    now = values.texts(section, values.current(revision.after, section, name, defaults=True) or {})
    for field in section.fields:
        before, after = (wording.short(texts[field.param.name].replace("\n", " / "), 120) for texts in (was, now))
        if before != after:
            yield f"{field.label}: {before} → {after or 'not set'}" if before else f"{field.label}: {after}"


def section_of(kind: str, name: str) -> Section:
    """The section that a change belongs to; of an office and its holder, the office."""
    if kind != VALUES:
        return SECTIONS[kind]
    return SECTIONS.get(name) or next(section for section in SECTIONS.values() if section.key == name)


def who(ctx: Context, change: SettingChange) -> str:
    """Who made a change, and when: "Bo Li, Mon 10:04 a.m."."""
    if change.effect == "in files":
        return f"at the start, {wording.clock(change.at, ctx.zone, ctx.now)}"
    person = people.person(ctx.tx, change.by) if change.by else None
    return f"{person.name if person else 'someone who has left'}, {wording.clock(change.at, ctx.zone, ctx.now)}"


def _refused(change: Change, verb: str, error: ConfigError) -> Refused:
    own = change.place
    mine = [each for each in error.problems if each.where == own or each.where.startswith(f"{own}.")]
    if change.kind != VALUES and not mine:
        users = wording.listed(list(dict.fromkeys(map(_place, error.problems))), _LISTED)
        return Refused(f"Not {verb}: {label(change.kind, change.name)} is used by {users}. Change that first.")
    slip = (mine or error.problems)[0]
    if field := _field(change, slip.where):
        sentence = f"{field.label} {slip.what}" if slip.what.startswith("is ") else f"{field.label}: {slip.what}"
        return Refused(f"Not saved. {sentence}", param=field.param.name)
    return Refused(f"Not saved. {slip.where}: {slip.what}")


def _field(change: Change, where: str) -> Field | None:
    """The field that a problem is about; None if it is about none."""
    section = section_of(change.kind, change.name)
    whole = 0 if section.kind == VALUES and not section.key else 2  # keys that lead to the item
    path = tuple(where.split("."))[whole:]
    of_kind = [each for each in SECTIONS.values() if each.kind == change.kind != VALUES] or [section]
    fields = (field for each in of_kind for field in each.fields)
    return next((field for field in fields if path[: len(field.path)] == field.path), None)


def _place(slip: Problem) -> str:
    key, *rest = slip.where.split(".")
    name = str(int(rest[0]) + 1) if rest and rest[0].isdigit() and key in ("routes", "spokespeople") else rest[:1]
    return _WORDS.get(key, slip.where).format(name if isinstance(name, str) else "".join(name))


def _in_use(ctx: Context, wanted: Change, after: Config, what: str, verb: str, args: Mapping[str, str]) -> Reply | None:
    """The question whether to remove what something refers to; None if nothing does. Raises `Refused`."""
    removed = [
        (kind, str(name))
        for kind in (ASK, MEMBER, OFFICE, CHANNEL)
        for name in sections(ctx.config, KEYS[kind])
        if name not in sections(after, KEYS[kind])
    ]
    references = _references(ctx, removed)
    if forbidding := [reference.text for reference in references if reference.forbids]:
        raise Refused(f"Not {verb}: {what} is still used. {' '.join(forbidding[:_LISTED])}")
    if not removed:
        return _ask_about_letters(ctx, wanted, after, args)
    if not references or args.get(SURE) == "yes":
        return None
    yes = Button("Yes, remove it", ctx.call.path, (*args.items(), (SURE, "yes")), "danger")
    return answer(f"Remove {what}?", *(Line(reference.text) for reference in references), buttons=(yes,))


def _ask_about_letters(ctx: Context, wanted: Change, after: Config, args: Mapping[str, str]) -> Reply | None:
    """The form to confirm a change of what letters that are not locked may print; None if there are none.

    A value that is too long to carry is a field of it again.
    """
    was, now = _printed(ctx.config), _printed(after)
    facts = [("fact", f"coalition.{key}") for key, value in was.items() if value != now[key]]
    facts += [("fact", f"ask.{wanted.name}")] if wanted.kind == ASK else []
    references = _references(ctx, facts)
    if not references or args.get(LETTERS.name) == "yes":
        return None
    section = section_of(wanted.kind, wanted.name)
    long = [each for each in section.fields if len(args.get(each.param.name, "")) > _CARRIED]
    param = replace(
        LETTERS, required=True, help=wording.short(" ".join(reference.text for reference in references), 100)
    )
    fields = (FormField(param, "Letters use it"), *(FormField(f.param, f.label, args[f.param.name]) for f in long))
    carried = {name: text for name, text in args.items() if name not in {each.param.name for each in long}}
    form = Form(title="Letters use it", path=ctx.call.path, fields=fields, args=carried, unsaved=True)
    return Reply(form=form)


def _printed(config: Config) -> dict[str, Any]:
    """What letters may print of coalition.yml, by key: of members, their full names."""
    return dict(config.coalition) | {"members": [member.name for member in config.coalition.members.values()]}


def _references(ctx: Context, used: Iterable[tuple[str, str]]) -> list[Reference]:
    """What refers to these, of every room, each once."""
    references = (reference for room in ctx.rooms.referring for each in used for reference in room(ctx, *each))
    return list(dict.fromkeys(references))


def keep_draft(ctx: Context, draft: Change) -> tuple[tuple[str, str], ...]:
    """Save what was shown until [Save] is pressed; returns the button's arguments."""
    id_ = ctx.new_id()
    records.keep_draft(ctx.tx, id_, draft, by=ctx.actor.person, now=ctx.now)
    return (("draft", id_),)


def save_draft(ctx: Context, kind: str, args: Mapping[str, str]) -> tuple[str, Any, Any]:
    """Store a draft as the next version of its section; return its id, and the section before and after.

    Raises `Refused` if the section was changed after the draft was shown: that would be undone without a word.
    """
    draft, version = draft_of(ctx, kind, args)
    newest = records.versions(ctx.tx, kind, draft.name)
    if newest and version not in (None, newest[0].version):
        raise Refused(
            f"Not saved: {draft.name} was changed after this draft was tested ({who(ctx, newest[0])}). Nothing was "
            "overwritten. Edit it again: the form has the current values."
        )
    before, after = (sections(each, KEYS[kind]).get(draft.name) for each in (ctx.config, changed(ctx, draft)))
    store(ctx, kind, draft.name, draft.body)
    delete_rows(ctx.tx, "overlay", kind=f"{kind} draft", name=args["draft"])
    return draft.name, before, after


def draft_of(ctx: Context, kind: str, args: Mapping[str, str]) -> tuple[Change, int | None]:
    """The draft, and its section's version when it was shown, as `records.draft`."""
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


def left_out(ctx: Context, kind: str) -> list[CardSection]:
    """Changes from chat that are inactive because they no longer fit the files."""
    place = Change(kind=kind, name="").place
    slips = [slip for slip in ctx.config.left_out if slip.where.startswith(place)]
    return inactive("Not active: no longer valid with the files", slips, place)


def inactive(title: str, slips: Sequence[Problem], place: str = "") -> list[CardSection]:
    """A section that lists `slips`, without the `place` that they begin with; nothing if there are none."""
    lines = tuple(Line(f"{slip.where.removeprefix(place)}: {slip.what}") for slip in slips)
    return [CardSection(title, lines)] if lines else []


def store(
    ctx: Context, kind: str, name: str, body: str | None, effect: Effect | None = None, undoes: int | None = None
) -> int:
    """Store a section as its next version, and return its number; without a body and another effect it is removed."""
    effect = effect or ("removed" if body is None else "set")
    by = ctx.actor.person
    change = SettingChange(kind=kind, name=name, effect=effect, body=body, undoes=undoes, at=ctx.now, by=by)
    return records.append(ctx.tx, change)


def restore(ctx: Context, kind: str, name: str, version: str = "") -> bool:
    """Undo the last change of a section if it is its removal, or has that number; False if it is another."""
    versions = records.versions(ctx.tx, kind, name)
    if not versions or (str(versions[0].version) != version if version else versions[0].effect != "removed"):
        return False
    older = next(iter(records.active(versions, undone=[versions[0].version])), None)
    effect, body = (older.effect, older.body) if older else ("reset", None)
    store(ctx, kind, name, body, effect, undoes=versions[0].version)
    return True


def add_restore(slash: Group, kind: str) -> None:
    """Add the hidden command behind the Undo of a change or a removal, of watches or of sources."""
    version = Param("version", "the change's number; a removal if left out", kind=Kind.NUMBER, required=False)
    params = (Param("name", f"which {kind}"), version)

    help_ = f"Undo the last change of a {kind}"

    @slash.command(verb="restore", help_=help_, example="NAME", params=params, changes=True, hidden=True)
    def undo(ctx: Context, args: Mapping[str, str]) -> Reply:
        name = args["name"]
        if not restore(ctx, kind, name, args.get("version", "")):
            raise Refused("There is nothing to undo: it was undone or changed since, or the files no longer have it.")
        if kind == WATCH and (watch := ctx.config.feeds.watches.get(name)):
            notify_ask_channels(ctx, watch.asks, f"The watch “{watch.name or name}” was changed back")
        ctx.note(f"{kind} {name}", "", "restored")
        return answer(f"“{name}” is as it was before", replaces=True)


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
