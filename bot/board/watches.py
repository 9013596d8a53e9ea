"""The watches: what each looks for, with its test on the last 90 days beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.chat.web.pages import Page, Table, View
from bot.commands.model import STAFF, Context
from bot.config.load import watch_of
from bot.overrides import records
from bot.overrides.overlay import WATCH, muted
from bot.overrides.trial import looks_for
from bot.shared.wording import asks, clock, number


def show(ctx: Context, names: Mapping[str, str], query: Mapping[str, str]) -> View:  # noqa: ARG001 - a page's form
    """Every watch with its query, in the order of the files."""
    watches = ctx.config.feeds.watches
    changed = records.changes(ctx.tx, ctx.coalition_id)
    silent, from_chat = muted(changed, ctx.now), {each.name for each in changed if each.kind == WATCH and each.body}
    editable = any(command.path == "watch edit" for command in ctx.commands)
    rows = [
        {
            "id": id_,
            "name": watch.name or id_,
            "level": watch.level.value,
            "asks": asks(watch.asks) or "Policy watch",
            "origin": "from chat" if id_ in from_chat else "",
            "muted": f"muted until {clock(silent[id_], ctx.zone, ctx.now)}" if id_ in silent else "",
            "looks_for": looks_for(watch_of(id_, watch)),
        }
        for id_, watch in watches.items()
    ]
    return View(
        title="Watches",
        template="watches.html",
        values={"watches": rows, "editable": editable, "caption": number(len(rows), "watch", "watches")},
        table=Table(
            columns=("id", "name", "asks", "level", "looks for"),
            rows=[(row["id"], row["name"], row["asks"], row["level"], row["looks_for"]) for row in rows],
        ),
    )


PAGES: Final = (Page(path="/watches", show=show, nav="Watches", who=STAFF),)
