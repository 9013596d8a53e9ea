"""Which bill somebody means, asked back where it cannot be told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.bills import records
from bot.bills.model import Candidate
from bot.commands.model import Choice, Context, Refused, Reply
from bot.config.coalition import Coalition
from bot.shared.bill_number import BillNumber, Written, nth, written
from bot.shared.card import Button, Card, Line, Mark
from bot.store.database import Reader

_OFFERED: Final = 4  # buttons; a number that five Congresses have used is asked for in words


def candidates(db: Reader, coalition: Coalition, which: Written) -> list[Candidate]:
    """The bills of that number that coalition.yml or the store knows, the newest Congress first."""
    known = {bill.id: bill.title or family.name for family in coalition.bills.values() for bill in family.bills}
    titles = records.titles(db, which.name) | {id_: title for id_, title in known.items() if title}
    same = [Candidate(BillNumber.of(id_), title) for id_, title in titles.items()]
    return sorted((it for it in same if (it.bill.type, it.bill.number) == which[:2]), key=lambda it: -it.bill.congress)


def bill_meant(ctx: Context, text: str, path: str, param: str) -> BillNumber | Reply:
    """The bill, or the question which Congress; a press answers it by calling `path` with the bill's id as `param`.

    The same number comes again in each Congress for something else, so a bare number is asked back even where we know
    of one bill alone. Raises `Refused` for what names no bill.
    """
    which = written(text.removeprefix("bill:"))
    if which is None:
        raise Refused(f"“{text[:60]}” is no bill: write it as S. 3240 (116th) or hr4323-119.", param=param)
    return which.bill or _question(which, candidates(ctx.tx, ctx.config.coalition, which), path, param)


def offered(ctx: Context, typed: str) -> Sequence[Choice]:
    """For completion: the bills of coalition.yml, newest first, then others whose record we have."""
    coalition = ctx.config.coalition
    listed = [(bill.id, bill.title or family.name) for family in coalition.bills.values() for bill in family.bills]
    known = {id_: Choice(id_, f"{BillNumber.of(id_).said}: {title}") for id_, title in reversed(listed)}
    known |= {
        id_: Choice(id_, f"{BillNumber.of(id_).said}: {title}")
        for id_, title in records.titles(ctx.tx).items()
        if id_ not in known
    }
    wanted, which = typed.casefold(), written(typed)
    return [
        choice
        for id_, choice in known.items()
        if wanted in choice.label.casefold() or wanted in id_ or (which and id_.startswith(f"{which.name}-"))
    ]


def _question(which: Written, known: Sequence[Candidate], path: str, param: str) -> Reply:
    name = BillNumber(1, which.type, which.number).name
    if not known:
        raise Refused(
            f"Which Congress? {name} is another bill in each. Write it with the number, such as {name} (119th).",
            param=param,
        )
    count = f"{len(known)} bills" if len(known) > 1 else "one bill"
    buttons = [Button(f"{nth(it.bill.congress)}: {it.title}"[:75], path, ((param, it.bill.id),)) for it in known]
    lines = (
        *(Line(f"{it.bill.said}: {it.title}", it.bill.page) for it in known),
        Line(f"Another Congress has another {name}: write its number with it, such as {name} (119th)."),
    )
    head = f"I know {count} called {name}. Which Congress?"
    return Reply(card=Card(mark=Mark.ANSWER, head=head, lines=lines, buttons=tuple(buttons[:_OFFERED])))
