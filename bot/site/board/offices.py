"""What each office owes, by law or because it said so, and what came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import urlencode

from bot.chat.web.cards import opens
from bot.chat.web.pages import Cell, Page, Table, View
from bot.commands.model import Context
from bot.config import agencies
from bot.deadlines import wording
from bot.deadlines.model import Commitment
from bot.deadlines.records import load_commitments
from bot.shared.card import Button
from bot.shared.wording import number
from bot.site.board.tables import list_page


def offices_of(ctx: Context, commitment: Commitment) -> list[str]:
    """The offices that owe it: those of coalition.yml and the catalog that it names, or else its own words."""
    listed, owner = ctx.config.coalition.all_offices, commitment.by.partition(", to ")[0]
    return [listed[id_].name for id_ in agencies.owners(owner) if id_ in listed] or [owner]


def show(ctx: Context, names: Mapping[str, str], query: Mapping[str, str]) -> View:  # noqa: ARG001 - a page's form
    """Every commitment, or those of the `office` in the address, the earliest due first."""
    ours = {ctx.config.coalition.short, ctx.config.coalition.name}  # our own appeals
    every = [
        (commitment, offices_of(ctx, commitment))
        for commitment in load_commitments(ctx.tx, ctx.config.coalition).values()
        if commitment.by not in ours
    ]
    names_ = sorted({name for _, owners in every for name in owners})
    office = query.get("office", "") if query.get("office", "") in names_ else ""
    shown = [commitment for commitment, owners in every if office in ("", *owners)]
    missed = sum(commitment.is_missed(ctx.today) for commitment in shown)

    def table(rows: Sequence[Commitment]) -> Table:
        return Table(
            columns=("id", "office", "owes", "set by", "its words", "due", "what came", "source"),
            rows=[
                (Cell(row.id, f"/do/deadlines/show?id={row.id}"), row.by, row.owed, row.basis, row.quote,
                 row.due.isoformat(), wording.commitment_head(row, ctx.today),
                 row.state_source or row.source)
                for row in rows
            ],
        )  # fmt: skip

    return list_page(
        office[:1].upper() + office[1:] or "Offices",
        "/offices",
        shown,
        table,
        f"{number(len(shown), 'commitment')}, {missed} past without a record that it was kept",
        "Nothing is tracked. Add what a law requires or an office promised with Add a duty.",
        query,
        filters=[("All", "/offices", not office),
                 *((name, f"/offices?{urlencode({'office': name})}", name == office) for name in names_)],
        keep=f"{urlencode({'office': office})}&" if office else "",
        buttons=opens(ctx, Button("Add a duty", "deadlines add")),
    )  # fmt: skip


OFFICES: Final = Page(path="/offices", show=show, nav="Offices", menu="More")
