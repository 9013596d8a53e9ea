"""The scorecard: every member of Congress on every item, by chamber, party and state, in the reader's order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

from bot.campaign.scorecard import build
from bot.chat.web.pages import ROWS, Page, Part, View
from bot.commands.model import Context
from bot.congress.directory import none_yet
from bot.shared.states import STATES
from bot.shared.wording import number
from bot.site.scorecard import table_of, whole_table

_CHAMBERS: Final = {"house": "House", "senate": "Senate"}
_SORTS: Final = {"": "By state", "for": "Most for first", "against": "Most against first"}


def show(ctx: Context, names: Mapping[str, str], query: Mapping[str, str]) -> View:  # noqa: ARG001 - a page's form
    """The members in the address's `chamber`, `party` and `state`, in the order of `sort`."""
    card = build(ctx.tx, ctx.config.coalition)
    parties = sorted({row.who.party for row in card.rows} - {""})
    offered = {"chamber": _CHAMBERS, "party": parties, "state": (*STATES,), "sort": (*_SORTS,)}
    asked = {name: query[name] for name, values in offered.items() if query.get(name) in values}
    rows = [row for row in card.rows if all(getattr(row.who, name) == asked[name] for name in asked if name != "sort")]
    if sort := asked.get("sort"):
        rows.sort(key=lambda row: -sum(cell.standing == sort for cell in row.cells))

    def address(**changed: str) -> str:
        chosen = {name: value for name, value in (asked | changed).items() if value}
        return f"/scorecard?{urlencode(chosen)}".rstrip("?")

    def links(name: str, labels: Mapping[str, str]) -> list[tuple[str, str, bool]]:
        return [(label, address(**{name: key}), asked.get(name, "") == key) for key, label in labels.items()]

    same = address().partition("?")[2]
    part = Part.of(query, len(rows), ROWS, f"{same}&" if same else "")
    return View(
        title="Scorecard",
        template="scorecard.html",
        values={
            "scorecard": card,
            "filters": [
                *links("chamber", {"": "Both chambers"} | _CHAMBERS),
                *links("party", {"": "All parties"} | {each: each for each in parties}),
                *links("sort", _SORTS),
            ],
            "states": links("state", {"": "All states"} | STATES),
            "caption": number(len(rows), "member"),
            "missing": "" if card.source else none_yet(),
            "empty": "No member fits, or no bill is tracked yet.",
            "part": part,
            "query": f"?{same}" if same else "",
            "buttons": (),
        },
        table=table_of(card, rows[part.start : part.end]),
        export=lambda: whole_table(card, rows),
    )


PAGES: Final = (Page(path="/scorecard", show=show, nav="Scorecard", menu="More"),)
