"""/campaign find, why, item and audit: one search over everything, what happened to an entry, and who changed what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from bot.alerts import cards, explain
from bot.alerts.campaign import campaign_of
from bot.commands.group import Group
from bot.commands.model import ADMINISTRATOR, Context, File, Kind, Param, Refused, Reply
from bot.commands.replies import answer, long_answer
from bot.people import audit as changes
from bot.people.audit import Change
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
    campaign = campaign_of(ctx.config)
    explanation = explain.why(ctx.tx, campaign, args["item"], now=ctx.now)
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
    """Show one entry in full; for a bill, all its actions."""
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
        lines.append(wording.short(f"{_time_text(ctx, row)} {row.who}, /{row.command}: {what}", 240))
    reply = answer(
        f"{wording.number(len(listed), 'change')} since {_time_text(ctx, listed[0])}",
        *lines,
        foot="Newest first. The file has all changes, with before and after.",
    )
    columns = ("when", "who", "from", "command", "what", "before", "after")
    rows = (
        [f"{row.at:%Y-%m-%dT%H:%M:%SZ}", row.who, row.origin, f"/{row.command}", row.subject, row.before, row.after]
        for row in listed
    )
    return replace(reply, file=File("audit.csv", "text/csv", write_csv(columns, rows)))


def _time_text(ctx: Context, change: Change) -> str:
    return wording.clock(change.at, campaign_of(ctx.config).zone, ctx.now)
