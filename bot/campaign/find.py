"""/campaign find: one search over everything that the asker may open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.commands.group import Group
from bot.commands.model import Context, Kind, Param, Refused, Reply
from bot.commands.replies import answer
from bot.shared.calendar import day_in_words
from bot.shared.card import Button, Line
from bot.shared.search import Words
from bot.shared.wording import short

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
    """What has every word, newest first."""
    words, page = Words.of(args["words"]), max(1, int(args.get("page", "1")))
    if not words.typed:
        raise Refused("Give a word to search for, such as the name of an agency.", param="words")
    if page > _MAX_PAGES:
        raise Refused(f"A search shows {_MAX_PAGES} pages at most. Add a word.", param="page")
    most = page * _PER_PAGE + 1
    results = [result for search in ctx.searching for result in search(ctx, words, most)]
    results.sort(key=lambda result: (result.at, result.name), reverse=True)
    shown, typed = results[(page - 1) * _PER_PAGE : page * _PER_PAGE], short(args["words"], 60)
    if not shown:
        return _no_results(typed, page)
    again = (("words", args["words"]),)
    buttons = [Button("Newer", "campaign find", (*again, ("page", str(page - 1))))] if page > 1 else []
    if len(results) > page * _PER_PAGE and page < _MAX_PAGES:
        buttons.append(Button("Older", "campaign find", (*again, ("page", str(page + 1)))))
    lines = [
        Line(f"{hit.name} · {day_in_words(hit.at.astimezone(ctx.zone).date())} · {short(hit.line, _MAX_LINE)}", hit.url)
        for hit in shown
    ]
    how = ", ".join(filter(None, (ctx.hint(path, text) for path, text in _OPEN.items())))
    head = f"Found for “{typed}”, newest first" + (f", page {page}" if page > 1 else "")
    return answer(head, *lines, buttons=buttons, foot=f"Open one: {how}")


def _no_results(typed: str, page: int) -> Reply:
    if page > 1:
        return answer(f"No more results for “{typed}”", "To go back, leave out page:.")
    return answer(
        f"Nothing found for “{typed}”",
        "The search covers published documents and news, and the letters, stories and notes that you may open.",
        "Each word must match the beginning of a word in the text. Try fewer words, or shorter beginnings.",
        "Only documents from your sources are stored. To look up an address or a number: /campaign why",
    )
