"""/find: search everything, or show one entry with why it was posted or not."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Final

from bot.alerts import cards, explain
from bot.commands.model import Context, Group, Kind, Param, Refused, Reply, SearchHit, answer, long_answer
from bot.people.sessions import ASSISTANT
from bot.shared import wording
from bot.shared.calendar import day_in_words
from bot.shared.card import Button, Line, Mark, Section
from bot.shared.search import Words

_MAX_SUMMARY: Final = 400  # characters
_PER_PAGE: Final = 8  # results of one page
_MAX_PAGES: Final = 25
_MAX_LINE: Final = 200  # characters of a result
_LABEL: Final = re.compile(r"[A-Za-z]-\d{1,6}")
_BY_LETTER: Final = {  # of its label → the command that shows it, and its parameter
    "C": ("office show", "office"),
    "L": ("letter show", "letter"),
    "M": ("meeting show", "meeting"),
    "S": ("mentions show", "story"),
    "P": ("press find", "text"),
    "Q": ("press inquiries", "inquiry"),
}
WORDS: Final = Param(
    "words", "words, an id, an address, a Federal Register number or a bill", longest=2_000, formerly=("item", "id")
)
PAGE: Final = Param("page", "the page of results; 1 if left out", kind=Kind.NUMBER, required=False, by_button=True)

slash = Group("find")


@slash.command(
    verb="", example="annual report", params=(WORDS, PAGE), formerly=("campaign find", "campaign why", "campaign item")
)
def find(ctx: Context, args: Mapping[str, str]) -> Reply:
    """Find documents, news, letters and notes, and why one was posted or not."""
    typed = args["words"]
    return named(ctx, typed) or _search(ctx, typed, max(1, int(args.get("page", "1"))))


def named(ctx: Context, typed: str) -> Reply | None:
    """What a typed label, number, address or bill names; None if it names nothing stored."""
    path, param = _BY_LETTER.get(typed[:1].upper(), ("", "")) if _LABEL.fullmatch(typed) else ("", "")
    command = next((command for command in ctx.commands if command.path == path), None)
    if command and not (command.chat_only and ctx.actor.platform == ASSISTANT):
        return command.handler(ctx, {param: typed})
    items = explain.find_items(ctx.tx, typed)
    return _entry(ctx, items, typed) if items else None


def hits(ctx: Context, words: Words, most: int) -> list[SearchHit]:
    """What has the words, up to `most` of each room, newest first."""
    results = [hit for search in ctx.rooms.searching for hit in islice(search(ctx, words), most)]
    return sorted(results, key=lambda hit: (hit.at, hit.name), reverse=True)


def _entry(ctx: Context, items: Sequence[cards.Item], typed: str) -> Reply:
    """An entry in full, and why it was posted or not."""
    card = cards.card(items, ctx.config.labels)
    # The answer shows the whole summary, so it leaves out the abstract's first sentence.
    newest = items[-1].entry
    lines = [line for line in card.lines if line.text != cards.abstract(newest)]
    lines += [Line(wording.short(newest.summary, _MAX_SUMMARY))] if newest.summary else []
    reply = long_answer("Why it was posted or not", why(ctx, typed)[1:], file="why.txt")
    assert reply.card
    section = Section(reply.card.head, reply.card.lines)
    mark = Mark.ANSWER if card.mark is Mark.ALERT else card.mark  # it may be a digest line, or match nothing
    sections, buttons = (*card.sections, section), ctx.theirs(*card.buttons)
    return replace(reply, card=replace(card, mark=mark, lines=tuple(lines), sections=sections, buttons=buttons))


def why(ctx: Context, typed: str) -> list[str]:
    """Why what a text names was posted, or not, or is not stored."""
    explanation = explain.why(ctx.tx, ctx.config, typed, now=ctx.now, stories=ctx.rooms.story_lines)
    return [line.strip() for line in explanation.lines]


def _search(ctx: Context, text: str, page: int) -> Reply:
    words = Words.of(text)
    if not words.typed:
        raise Refused("Give a word to search for, such as the name of an agency.", param="words")
    if page > _MAX_PAGES:
        raise Refused(f"A search shows {_MAX_PAGES} pages at most. Add a word.", param="page")
    results = hits(ctx, words, page * _PER_PAGE + 1)
    shown, typed = results[(page - 1) * _PER_PAGE : page * _PER_PAGE], wording.short(text, 60)
    if not shown and page > 1:
        return answer(f"No more results for “{typed}”", "To go back, leave out page:.")
    if not shown and explain.names_an_item(text):
        return answer(*why(ctx, text))
    if not shown:
        return answer(
            f"Nothing found for “{typed}”",
            "The search covers published documents, news, and letters, meetings, stories and notes that you may open.",
            "Each word must match the beginning of a word in the text. Try fewer words, or shorter beginnings.",
            "Only documents from your sources are stored. An address or a number shows what happened to it.",
        )
    again = (("words", text),)
    buttons = [Button("Newer", "find", (*again, ("page", str(page - 1))))] if page > 1 else []
    if len(results) > page * _PER_PAGE and page < _MAX_PAGES:
        buttons.append(Button("Older", "find", (*again, ("page", str(page + 1)))))
    lines = []
    for hit in shown:
        day = day_in_words(hit.at.astimezone(ctx.zone).date())
        lines.append(Line(f"{hit.name} · {day} · {wording.short(hit.line, _MAX_LINE)}", hit.url))
    head = f"Found for “{typed}”, newest first" + (f", page {page}" if page > 1 else "")
    return answer(head, *lines, buttons=buttons, foot="/find with an id, such as L-014, opens one.")
