"""/watch: change watches from chat. A change is tested on the last 90 days before it is saved."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import takewhile
from typing import Final

from bot.alerts import explain
from bot.alerts.preview import backtest_window, propose, report_sections
from bot.commands.arguments import read_asks, read_later
from bot.commands.model import (
    EDITORS,
    STAFF,
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
)
from bot.config import catalog
from bot.config.feeds import WatchConfig
from bot.config.load import watch_of
from bot.people.pii import NO_DETAILS
from bot.settings import records
from bot.settings.changes import WATCH, Change, section_body
from bot.settings.revising import (
    add_restore,
    changed,
    complete_section,
    draft_of,
    keep_draft,
    left_out,
    notify_ask_channels,
    save_draft,
    section_named,
    store,
)
from bot.settings.values import new_id
from bot.shared import wording
from bot.shared.card import Button, Line, Section
from bot.shared.entry import Kind as EntryKind
from bot.shared.time_phrases import HINT, MORNING
from bot.store.database import delete_rows
from bot.watch import drafts
from bot.watch.backtest import Report
from bot.watch.learned import Learned
from bot.watch.model import Level, Watch
from bot.watch.query import QueryError, parse

_NONE: Final = "none"  # written for "no ask: a policy watch"
_A_WEEK: Final = "1w"
_TRIAL: Final = timedelta(days=30)  # of a learned watch
_LONGEST: Final = 4_000  # characters of a query
_STRONGEST: Final = 12  # weights of a learned watch that are shown, for a Yes and against one
_ASKS: Final = Param("asks", f"numbers of asks, such as 4 or 4, 8; {_NONE}: a policy watch", required=False)
_LEVEL: Final = Param(
    "level",
    "alert: posted at once; digest: a line in the next digest",
    required=False,
    choices=(Choice("alert", "An alert, at once"), Choice("digest", "A line in the digest")),
)
_QUERY: Final = Param(
    "query", "what to look for, in the query language", kind=Kind.LONG, longest=_LONGEST, verbatim=True
)


_NAME: Final = Param("name", "which watch", complete=partial(complete_section, kind=WATCH))
_NAME_OR_QUERY: Final = Param(
    "name", "a watch's name, or a query", complete=_NAME.complete, longest=_LONGEST, verbatim=True, formerly=("watch",)
)
_DRAFT: Final = Param("draft", "which draft")

slash = Group("watch", who=EDITORS)


@slash.command(who=STAFF)
def list_(ctx: Context, args: Mapping[str, str]) -> Reply:  # noqa: ARG001 - a handler's form
    """List all watches by ask."""
    watches, out = ctx.config.feeds.watches, left_out(ctx, WATCH)
    if not watches and not out:
        return answer("No watches yet", ctx.hint("watch add", 'Add one: /watch add "words to look for" level:alert'))
    sections = [(f"Ask {number} · {ask.title}", number) for number, ask in ctx.config.coalition.asks.items()]
    silent, lines = records.muted(ctx.tx, ctx.now), dict[str, Line]()
    for id_, watch in watches.items():  # `Gloves (gloves) · alert · from chat · muted until Mon Nov 30, 2026, 9 a.m.`
        parts = [f"{watch.name} ({id_})" if watch.name else id_, watch.level.value]
        parts += ["from chat"] if ctx.config.origin("watches", id_) == "chat" else []
        parts += [f"muted until {_when(ctx, silent[id_])}"] if id_ in silent else []
        lines[id_] = Line(" · ".join(parts))
    watch_lines = [
        Section(title, tuple(lines[id_] for id_, watch in watches.items() if number in watch.asks))
        for title, number in sections
    ]
    watch_lines.append(Section("Policy watches", tuple(lines[id_] for id_, watch in watches.items() if not watch.asks)))
    return answer(
        wording.number(len(watches), "watch", "watches"),
        sections=[*out, *(section for section in watch_lines if section.lines)],
        foot="Unmarked watches are as in feeds.yml. /watch test NAME shows what one would have matched.",
    )


def _new(ctx: Context, args: Mapping[str, str]) -> Trial | None:
    """The back-test of a query, or of one drafted from a sentence or from the asks' words; None without any."""
    asks, typed = _asks(ctx, args), args.get("query", "")
    words = typed or " ".join(ask.text or ask.title for ask in map(ctx.config.coalition.asks.__getitem__, asks))
    if not words:
        return None
    drafted = not typed or drafts.is_prose(typed)
    query, of_agencies = catalog.draft(words) if drafted else (_query(words), "")
    if not query and not of_agencies:
        raise Refused("No word there tells a subject. Write a query: docs/queries.md.", param="query")
    name = args.get("name") or wording.short(words, 60)
    kinds = () if query else (EntryKind.DOCUMENT,)
    watch = WatchConfig(name=name, query=query or of_agencies, kinds=kinds, level=_level(args), asks=asks)
    return back_test(ctx, new_id(name, ctx.config.feeds.watches), watch, drafted=drafted)


@slash.command(
    example='"{words}" level:alert asks:{ask} name:"{words}"',
    params=(
        replace(_QUERY, required=False, help="a query, or a sentence to draft one from; left out: the asks' words"),
        _LEVEL,
        _ASKS,
        Param("name", "its name, as people see it", required=False, longest=100, free=True),
        NO_DETAILS,
    ),
    changes=True,
    prepare=_new,
)
def add(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Add a watch; first shows what it would have matched."""
    if ctx.prepared is not None:
        return preview(ctx, ctx.prepared)
    return _form("New watch", "watch add", WatchConfig(level=_level(args)), {"name": args.get("name", "")})


def _edited(ctx: Context, args: Mapping[str, str]) -> Trial | None:
    """The edited watch's back-test; None if only the watch was named."""
    id_ = section_named(ctx, WATCH, args["name"])
    if not args.keys() - {"name"}:
        return None
    watch = ctx.config.feeds.watches[id_]
    update: dict[str, object] = {
        "level": _level(args) if "level" in args else watch.level,
        "asks": _asks(ctx, args) if "asks" in args else watch.asks,
    }
    update["nearest"] = watch.nearest and update["asks"] == watch.asks
    if "query" in args:
        update |= {"query": _query(args["query"])} | ({"learned": None, "note": ""} if watch.learned else {})
    elif watch.learned and update["level"] is Level.ALERT and watch.level is not Level.ALERT:
        # People see in the digest of the first month what a learned watch gets wrong. One that was removed and learned
        # again starts a new month.
        since_removed = takewhile(lambda version: version.effect != "removed", records.versions(ctx.tx, WATCH, id_))
        saved = [version.at for version in since_removed]
        if saved and (ready := min(saved) + _TRIAL) > ctx.now:
            can = wording.with_period(f"It can alert from {_when(ctx, ready)}")
            raise Refused(f"A learned watch posts digest lines in its first month. {can}", param="level")
    return back_test(ctx, id_, watch.model_copy(update=update))


@slash.command(
    example="{watch}", params=(_NAME, replace(_QUERY, required=False), _LEVEL, _ASKS), changes=True, prepare=_edited
)
def edit(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Change a watch; first shows what it would add and leave out."""
    if ctx.prepared is not None:
        return preview(ctx, ctx.prepared)
    id_ = section_named(ctx, WATCH, args["name"])
    return _form(f"Edit {id_}", "watch edit", ctx.config.feeds.watches[id_], {"name": id_})


def _narrower(ctx: Context, args: Mapping[str, str]) -> Trial:
    entry = explain.find(ctx.tx, args["entry"])
    made = propose(ctx.tx, ctx.config, entry[-1], ctx.now) if entry else None
    if made is None or not made.query:
        raise Refused("There is no longer a narrower query to propose. To change a watch yourself: /watch edit NAME")
    section = ctx.config.feeds.watches[made.watch]
    return back_test(ctx, made.watch, section.model_copy(update={"query": made.query}))


@slash.command(
    example="ENTRY",
    params=(Param("entry", "the alert that was not wanted"),),
    changes=True,
    prepare=_narrower,
    hidden=True,
)
def narrow(ctx: Context, args: Mapping[str, str]) -> Reply:  # noqa: ARG001 - a handler's form
    """Make a watch narrower."""
    return preview(ctx, ctx.prepared)


@slash.command(example="DRAFT", params=(_DRAFT,), hidden=True)
def change(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Change a draft."""
    draft, _ = draft_of(ctx, WATCH, args)
    watch = WatchConfig.model_validate_json(draft.body or "")
    if draft.name in ctx.config.feeds.watches:
        return _form(f"Edit {draft.name}", "watch edit", watch, {"name": draft.name})
    return _form("New watch", "watch add", watch, {"name": watch.name})


@slash.command(example="DRAFT", params=(_DRAFT,), changes=True, hidden=True)
def save(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Save a draft."""
    id_, before, now = save_draft(ctx, WATCH, args)
    if before:
        notify_ask_channels(ctx, before.asks, f"The watch “{before.name or id_}” was changed")
    ctx.note(f"watch {id_}", _audit_text(before), _audit_text(now))
    when = "at once" if now.level is Level.ALERT else "in the next digest"
    export = ctx.hint("settings export", "/settings export gives you", "an administrator can export")
    undo = Button("Undo", "watch restore", (("name", id_), ("version", str(records.newest_version(ctx.tx)))))
    return answer(
        f"Saved: “{now.name or id_}”",
        f"From now on, matches are posted {when}. Older entries are not posted.",
        buttons=(undo,),
        foot=f"feeds.yml itself does not change; {export} a copy that includes this.",
        replaces=True,
    )


@slash.command(
    example='"{words}"',
    params=(_NAME_OR_QUERY,),
    who=STAFF,
    prepare=lambda ctx, args: backtest_window(ctx.tx, _watch_or_query(ctx, args["name"])[1], None, ctx.now),
)
def test(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Test a watch or a query on the last 90 days."""
    same, watch = _watch_or_query(ctx, args["name"])
    name = f"“{watch.name}”" if same else "This query"
    buttons = ctx.theirs(Button("Edit", "watch edit", (("name", same),))) if same else ()
    return answer(
        f"{name} on the last 90 days", looks_for(watch), sections=report_sections(ctx.prepared), buttons=buttons
    )


@slash.command(example="{watch}", params=(_NAME,), who=STAFF)
def show(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Show what a watch looks for, and a learned watch's weights."""
    id_ = section_named(ctx, WATCH, args["name"])
    section = ctx.config.feeds.watches[id_]
    watch = watch_of(id_, section)
    buttons = ctx.theirs(
        Button("Test on 90 days", "watch test", (("name", id_),)),
        *(Button(label, f"watch {label.lower()}", (("name", id_),)) for label in ("Edit", "Mute")),
    )
    lines = (looks_for(watch), section.note, _posts(section))
    reply = answer(f"“{section.name or id_}”", *lines, sections=_strongest(watch), buttons=buttons)
    model = watch.query.root
    if not isinstance(model, Learned):
        return reply
    text = f"threshold {model.above:g}; docs/watching.md says how weights add up\n" + "\n".join(model.ranked())
    return replace(reply, file=File(f"{id_}.txt", "text/plain", text.encode()))


def _watch_or_query(ctx: Context, typed: str) -> tuple[str, Watch]:
    """The id and watch for a typed name, or "" and a watch for a typed query."""
    watches = ctx.config.feeds.watches
    for id_, watch in watches.items():
        if typed.casefold() in (id_, watch.name.casefold()):
            return id_, watch_of(id_, watch)
    return "", Watch("candidate", "candidate", (), Level.DIGEST, parse(_query(typed, "name")))


@slash.command(
    example="{watch} until:3d",
    params=(_NAME, Param("until", f"{HINT}; a week if left out", required=False, check=read_later)),
    changes=True,
)
def mute(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Mute a watch for a while."""
    id_ = section_named(ctx, WATCH, args["name"])
    until = read_later(args.get("until", _A_WEEK), ctx.local_now, MORNING)
    records.mute(ctx.tx, id_, until, by=ctx.actor.person, now=ctx.now)
    until_text = _when(ctx, until)
    asks = ctx.config.feeds.watches[id_].asks
    notify_ask_channels(ctx, asks, f"The watch “{_name(ctx, id_)}” was muted until {until_text}")
    ctx.note(f"watch {id_}", "", f"muted until {until_text}")
    undo = Button("Unmute", "watch unmute", (("name", id_),))
    return answer(
        f"“{_name(ctx, id_)}” is muted until {until_text}",
        "It posts nothing until then, and entries from that time are not posted later.",
        buttons=(undo,),
    )


@slash.command(example="{watch}", params=(_NAME,), changes=True)
def unmute(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Unmute a watch."""
    id_ = section_named(ctx, WATCH, args["name"])
    if id_ not in records.muted(ctx.tx, ctx.now):
        return answer(f"“{_name(ctx, id_)}” is not muted")
    delete_rows(ctx.tx, "overlay", kind=WATCH, name=id_)
    ctx.note(f"watch {id_}", "muted", "")
    return answer(f"“{_name(ctx, id_)}” is no longer muted", replaces=True)


@slash.command(example="{watch}", params=(_NAME,), changes=True)
def remove(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Remove a watch; can be undone."""
    watches = ctx.config.feeds.watches
    id_ = section_named(ctx, WATCH, args["name"], inactive=True)
    before = watches.get(id_)
    name = before.name if before and before.name else id_
    store(ctx, WATCH, id_, None)
    if before:
        notify_ask_channels(ctx, before.asks, f"The watch “{name}” was removed")
    ctx.note(f"watch {id_}", _audit_text(before), "")
    undo = Button("Undo", "watch restore", (("name", id_),))
    return answer(
        f"“{name}” is removed",
        "It matches nothing from now on. Messages already posted stay.",
        buttons=(undo,),
        replaces=True,
    )


add_restore(slash, WATCH)


def _form(title: str, path: str, watch: WatchConfig, args: Mapping[str, str]) -> Reply:
    asks = ", ".join(map(str, watch.asks)) or _NONE
    query = () if watch.learned else (FormField(_QUERY, "What to look for", watch.query),)
    fields = (*query, FormField(_LEVEL, "Alert or digest", watch.level.value), FormField(_ASKS, "Asks", asks))
    return Reply(form=Form(title=title, path=path, fields=fields, args=args, submit="Try it"))


def _query(text: str, param: str = "query") -> str:
    try:
        parse(text)
    except QueryError as error:
        hint = f": {error.hint}" if error.hint else ""
        near = wording.short(text[error.column - 1 :], 30)
        raise Refused(f"Column {error.column}, at “{near}”: {error.message}{hint}.", param=param) from error
    return text


def _level(args: Mapping[str, str]) -> Level:
    return Level(args.get("level", Level.DIGEST))


def _asks(ctx: Context, args: Mapping[str, str]) -> tuple[int, ...]:
    """Parse the asks: `4`, `4, 8` or `none`."""
    text = args.get("asks", _NONE)
    if text.casefold() == _NONE:
        return ()
    if not re.fullmatch(r"\d{1,4}(?:[ ,;]+\d{1,4})*", text):
        raise Refused(
            f"“{text[:40]}” is not a list of asks. Write 4, or 4, 8, or {_NONE} for a policy watch.", param="asks"
        )
    return read_asks(ctx.config.coalition.asks, text)


def _audit_text(watch: WatchConfig | None) -> str:
    """A watch for the audit log."""
    if watch is None:
        return ""
    query = f"learned, {wording.number(len(watch.learned.weights), 'weight')}" if watch.learned else watch.query
    return f"{watch.level.value}, {wording.asks(watch.asks) or 'no ask'}: {query}"


def _name(ctx: Context, id_: str) -> str:
    return ctx.config.feeds.watches[id_].name or id_


def _when(ctx: Context, moment: datetime) -> str:
    return wording.clock(moment, ctx.zone, ctx.now)


@dataclass(frozen=True, slots=True)
class Trial:
    """The result of a back-test. `compared`: with the current watch of that id. `drafted`: from plain words."""

    id: str
    watch: WatchConfig
    report: Report
    compared: bool
    drafted: bool = False


def back_test(ctx: Context, id_: str, watch: WatchConfig, *, drafted: bool = False) -> Trial:
    """Test a watch on the last 90 days, which can take seconds. Raises `Refused` if the watch is invalid."""
    changed(ctx, _change(id_, watch))
    current = ctx.config.feeds.watches.get(id_)
    before = watch_of(id_, current) if current else None
    report = backtest_window(ctx.tx, watch_of(id_, watch), before, ctx.now)
    return Trial(id_, watch, report, compared=current is not None, drafted=drafted)


def _change(id_: str, watch: WatchConfig) -> Change:
    return Change(kind=WATCH, name=id_, body=section_body(watch))


def preview(ctx: Context, trial: Trial) -> Reply:
    """Save the draft and show it: the watch in words, and what it would have matched."""
    args = keep_draft(ctx, _change(trial.id, trial.watch))
    watch = watch_of(trial.id, trial.watch)
    change = () if trial.watch.learned else (Button("Change", "watch change", args),)
    return answer(
        f"Not saved yet: “{trial.watch.name or trial.id}”",
        *(["Drafted from words that tell the subject. To correct it: Change."] if trial.drafted else []),
        looks_for(watch),
        _posts(trial.watch),
        sections=(*_strongest(watch), *report_sections(trial.report, compared=trial.compared)),
        buttons=(Button("Save", "watch save", args, "primary"), *change),
    )


def _posts(watch: WatchConfig) -> str:
    how = "an alert at once" if watch.level is Level.ALERT else "a line in the digest"
    asks = "for the ask that is nearest" if watch.nearest else wording.asks(watch.asks) or "a policy watch"
    return f"Posts: {how}, {asks}"


def looks_for(watch: Watch) -> str:
    limits = [*watch.kinds, *watch.sources]
    return f"Looks for: {watch.query.in_words()}{f', only in {wording.listed(limits)}' if limits else ''}"


def _strongest(watch: Watch) -> tuple[Section, ...]:
    """The greatest weights of a learned watch, for and against a match; of another, nothing."""
    if not isinstance(watch.query.root, Learned):
        return ()
    ranked = watch.query.root.ranked()
    against = [weight for weight in reversed(ranked) if " -" in weight]
    for_ = ranked[: len(ranked) - len(against)]
    return tuple(
        Section(f"{title} ({min(len(weights), _STRONGEST)} of {len(weights)} weights)",
                (Line(", ".join(weights[:_STRONGEST])),))
        for title, weights in (("Speaks for a match", for_), ("Speaks against", against)) if weights
    )  # fmt: skip
