"""/campaign find, why, item, audit and help: search everything, explain an entry, changes and commands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import Final

from bot.alerts import cards, explain
from bot.alerts.campaign import campaign_of
from bot.commands.group import Group
from bot.commands.model import ADMINISTRATOR, Choice, Command, Context, File, Kind, Param, Refused, Reply
from bot.commands.replies import answer, long_answer
from bot.people import audit as changes
from bot.shared import wording
from bot.shared.calendar import day_in_words
from bot.shared.card import Button, Line
from bot.shared.csv_cells import write_csv
from bot.shared.search import Words
from bot.shared.time_phrases import parse_duration

_MAX_SUMMARY = 400  # characters
_MAX_CHANGES = 8  # in the answer; the file has all
_PER_PAGE: Final = 8  # results of one page
_MAX_PAGES: Final = 25
_MAX_LINE: Final = 200  # characters of a result
_OPEN: Final = {
    "campaign item": "/campaign item for a document",
    "letter show": "/letter show L-…",
    "mentions show": "/mentions show S-…",
    "press find": "/press find P-…",
}

WORDS: Final = Param("words", "words to find; the beginning of a word is enough", longest=200)
PAGE: Final = Param("page", "the page of results; 1 if left out", kind=Kind.NUMBER, required=False, by_button=True)

slash = Group("campaign")


@slash.command(
    "find", "Search documents, news, letters, stories and notes by words", "annual report", params=(WORDS, PAGE)
)
def find(ctx: Context, args: Mapping[str, str]) -> Reply:
    words, page = Words.of(args["words"]), max(1, int(args.get("page", "1")))
    if not words.typed:
        raise Refused("Give a word to search for, such as the name of an agency.", param="words")
    if page > _MAX_PAGES:
        raise Refused(f"A search shows {_MAX_PAGES} pages at most. Add a word.", param="page")
    most = page * _PER_PAGE + 1
    results = [result for search in ctx.searching for result in search(ctx, words, most)]
    results.sort(key=lambda result: (result.at, result.name), reverse=True)
    shown, typed = results[(page - 1) * _PER_PAGE : page * _PER_PAGE], wording.short(args["words"], 60)
    if not shown and page > 1:
        return answer(f"No more results for “{typed}”", "To go back, leave out page:.")
    if not shown:
        return answer(
            f"Nothing found for “{typed}”",
            "The search covers published documents and news, and the letters, stories and notes that you may open.",
            "Each word must match the beginning of a word in the text. Try fewer words, or shorter beginnings.",
            "Only documents from your sources are stored. To look up an address or a number: /campaign why",
        )
    again = (("words", args["words"]),)
    buttons = [Button("Newer", "campaign find", (*again, ("page", str(page - 1))))] if page > 1 else []
    if len(results) > page * _PER_PAGE and page < _MAX_PAGES:
        buttons.append(Button("Older", "campaign find", (*again, ("page", str(page + 1)))))
    lines = []
    for hit in shown:
        day = day_in_words(hit.at.astimezone(ctx.zone).date())
        lines.append(Line(f"{hit.name} · {day} · {wording.short(hit.line, _MAX_LINE)}", hit.url))
    how = ", ".join(filter(None, (ctx.hint(path, text) for path, text in _OPEN.items())))
    head = f"Found for “{typed}”, newest first" + (f", page {page}" if page > 1 else "")
    return answer(head, *lines, buttons=buttons, foot=f"Open one: {how}")


@slash.command(
    "why",
    "Explain why something was posted or not",
    "2021-06393",
    params=(
        Param("item", "an address, a Federal Register number, a bill, an id or a message's # mark", longest=2_000),
    ),
)
def why(ctx: Context, args: Mapping[str, str]) -> Reply:
    explanation = explain.why(ctx.tx, campaign_of(ctx.config), args["item"], now=ctx.now)
    head, *lines = [line.strip() for line in explanation.lines]
    entries = explain.find(ctx.tx, args["item"])
    buttons = [Button("Whole entry", "campaign item", (("id", entries[-1].id),))] if entries else []
    return long_answer(head, lines, file="why.txt", buttons=ctx.theirs(*buttons))


@slash.command(
    "item",
    "Show one entry in full",
    "2021-06393",
    params=(Param("id", "an id, an address, a Federal Register number, a bill", longest=2_000),),
)
def item(ctx: Context, args: Mapping[str, str]) -> Reply:
    items = explain.find_items(ctx.tx, args["id"])
    if not items:
        raise Refused(
            f"Nothing found for “{wording.short(args['id'], 80)}”. Enter a Federal Register number, a URL or a bill. "
            "/campaign why shows more.",
            param="id",
        )
    newest = items[-1]
    card = cards.card(items, campaign_of(ctx.config).labels)
    # The answer shows the whole summary, so it leaves out the abstract's first sentence.
    lines = [line for line in card.lines if line.text != cards.abstract(newest.entry)]
    if newest.entry.summary:
        lines.append(Line(wording.short(newest.entry.summary, _MAX_SUMMARY)))
    return Reply(card=replace(card, lines=tuple(lines), buttons=ctx.theirs(*card.buttons)))


@slash.command(
    "audit",
    "Show who changed what, when, from where",
    "since:7d",
    params=(Param("since", "how far back: 12h, 7d, 4w; 7d if left out", required=False),),
    who=ADMINISTRATOR,
)
def audit(ctx: Context, args: Mapping[str, str]) -> Reply:
    period = parse_duration(args.get("since", "7d"))
    if period is None:
        raise Refused(f"“{args['since'][:40]}” is not a length of time. Try 12h, 7d or 4w.", param="since")
    listed = changes.since(ctx.tx, ctx.now - period)
    if not listed:
        return answer("No changes in that time", "Look further back: /campaign audit since:12w")
    lines = []
    for row in listed[-_MAX_CHANGES:][::-1]:
        how = " → ".join(filter(None, (row.before, row.after)))
        what = f"{row.subject}: {how}" if how else row.subject
        lines.append(
            wording.short(f"{wording.clock(row.at, ctx.zone, ctx.now)} {row.who}, /{row.command}: {what}", 240)
        )
    reply = answer(
        f"{wording.number(len(listed), 'change')} since {wording.clock(listed[0].at, ctx.zone, ctx.now)}",
        *lines,
        foot="Newest first. The file has all changes, with before and after.",
    )
    columns = ("when", "who", "from", "command", "what", "before", "after")
    rows = (
        [f"{row.at:%Y-%m-%dT%H:%M:%SZ}", row.who, row.origin, f"/{row.command}", row.subject, row.before, row.after]
        for row in listed
    )
    return replace(reply, file=File("audit.csv", "text/csv", write_csv(columns, rows)))


_DETAILS_WARNING: Final = "Do not enter anything that identifies a {served}: no name, no case, no other detail."


def _command_choices(ctx: Context, typed: str) -> Sequence[Choice]:
    paths = [command.path for command in ctx.commands if not command.hidden]
    return [Choice(path, f"/{path}") for path in paths if typed.lstrip("/").casefold() in path]


@slash.command(
    "help",
    "List what you can do here, with examples",
    params=(Param("command", "a command, such as “watch add”", required=False, complete=_command_choices),),
)
def help_(ctx: Context, args: Mapping[str, str]) -> Reply:
    commands = [command for command in ctx.commands if not command.hidden]
    wanted = args.get("command", "").lstrip("/").casefold()
    if not wanted:
        return _overview(ctx, commands)
    one = [command for command in commands if wanted == command.path]
    group = one or [command for command in commands if wanted == command.group]
    group = group or [command for command in commands if wanted == command.verb]
    if not group:
        close = get_close_matches(wanted, [command.path for command in commands], n=1)
        hint = f"Did you mean /{close[0]}?" if close else "/campaign help shows all you can do."
        raise Refused(f"There is nothing called /{wanted[:40]} that you can do here. {hint}", param="command")
    if len(group) == 1:
        command = group[0]
        params = []
        for param in command.params:
            choices = f" ({', '.join(choice.value for choice in param.choices)})" if param.choices else ""
            kind = f" ({param.kind.value})" if param.kind in (Kind.NUMBER, Kind.YES_NO) else ""
            params.append(f"{param.name}: {param.help}{choices}{kind}{'' if param.required else ', optional'}")
        has_text = any(param.kind is Kind.LONG for param in command.params)
        foot = _DETAILS_WARNING.format(served=ctx.config.coalition.care.served) if has_text else ""
        return answer(f"/{command.path}: {command.help}", *params, f"For example: {command.example}", foot=foot)
    lines = [f"{command.example}: {command.help}" for command in group]
    return long_answer(f"/{wanted}: {len(group)} commands", lines, file=f"help-{wanted}.txt")


def _overview(ctx: Context, commands: Sequence[Command]) -> Reply:
    groups: dict[str, list[Command]] = {}
    for command in commands:
        groups.setdefault(command.group, []).append(command)
    lines = [f"/{group}: {', '.join(command.verb for command in members)}" for group, members in groups.items()]
    example = next((command.path for command in commands if command.path != "campaign help"), "campaign help")
    return answer(
        f"What you can do here for {ctx.config.coalition.short}",
        *lines,
        foot=f"More on a group or a command: /campaign help command:“{example}”",
    )
