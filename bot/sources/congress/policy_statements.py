"""Statements of Administration Policy: that the White House took a position on a bill, and where it is written.

Volunteers keep a list per president (unitedstates/statements-of-administration-policy on GitHub), without a key. The
list does not say which position was taken: the statement itself does.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from bot.fetch.payload import refused_page
from bot.shared.answer import Answer, Body, Failure, Fetched, Health, Memory, checked
from bot.shared.bill_number import BillNumber
from bot.shared.bill_record import STATEMENT
from bot.shared.entry import Entry, Kind
from bot.shared.plain_text import clean, day
from bot.shared.urls import web_address
from bot.shared.yaml_text import Unreadable, plain_yaml
from bot.sources.model import HttpSource

_LARGEST: Final = 500_000  # bytes; 170 statements had 95,000
_MOST: Final = 2_000
_MOST_BILLS: Final = 20  # of one statement
_LATE: Final = timedelta(days=60)  # statements are added months later in bulk: then they are no news
_BILL: Final = re.compile(r"(hr|s|hjres|sjres|hconres|sconres|hres|sres)([1-9]\d{0,5})", re.ASCII)
_RESCINDED: Final = "The list says that it was rescinded."


@dataclass(frozen=True, slots=True)
class _Statement:
    title: str
    bills: tuple[BillNumber, ...]
    issued: date
    url: str
    rescinded: bool


class PolicyStatements(HttpSource, kind="policy-statements", brings=Kind.BILL, needs_url=True, never_old=True):
    """Statements of Administration Policy on bills.

    The list at `url`. It needs no cursor: an entry's identity is its bill and day.
    """

    async def _poll(self, memory: Memory, now: datetime) -> Answer:
        answer = await self.ask(memory, now, "text/plain, text/yaml")
        if not isinstance(answer, tuple):
            return answer
        body, after = answer
        statements, broken = await asyncio.to_thread(_read, body)
        entries = tuple(_entries(self.id, statements))
        old = (now - _LATE).date()
        baseline = frozenset(e.identity[0] for e in entries if e.publication_date and e.publication_date < old)
        return Fetched(entries=entries, memory=after, broken=broken, baseline=baseline)


def _read(body: Body) -> tuple[list[_Statement], int]:
    """The statements on bills, oldest first, and how many records could not be read."""
    checked(refused_page(body))
    if len(body.data) > _LARGEST:
        raise Failure(Health.TOO_LARGE, "the list of statements is unusually large")
    try:
        rows = plain_yaml(body.data.decode("utf-8"), aliases=False)
    except (Unreadable, UnicodeDecodeError):
        raise Failure(Health.MALFORMED, "the list of statements is not plain YAML") from None
    if not isinstance(rows, list) or not rows:
        raise Failure(Health.NOT_A_FEED, "the answer is not a list of statements")
    statements = [_statement(row) if isinstance(row, Mapping) else None for row in rows[:_MOST]]
    readable = [each for each in statements if each]
    return sorted(readable, key=lambda each: each.issued), len(statements) - len(readable)


def _statement(row: Mapping[str, Any]) -> _Statement | None:
    issued, congress, bills = day(str(row.get("date_issued", ""))), row.get("congress"), row.get("bills")
    title = clean(str(row.get("document_title") or ""))
    if issued is None or not isinstance(congress, int) or not 1 <= congress <= 999 or not title:
        return None
    names = [_BILL.fullmatch(str(name)) for name in bills[:_MOST_BILLS]] if isinstance(bills, list) else []
    return _Statement(
        title=title,
        bills=tuple(BillNumber(congress, name[1], int(name[2])) for name in names if name),
        issued=issued,
        url=web_address(str(row.get("fetched_from_url") or row.get("source") or "")),
        rescinded=row.get("rescinded") is True,
    )


def _entries(source: str, statements: Iterable[_Statement]) -> Iterator[Entry]:
    """An entry for each bill of a statement, and one more once it is rescinded.

    The second statement on a bill and day has `:2` after them in its identity.
    """
    issued: Counter[str] = Counter()
    for statement, bill in ((each, bill) for each in dict.fromkeys(statements) for bill in dict.fromkeys(each.bills)):
        key = f"statement:{bill.id}:{statement.issued}"
        issued[key] += 1
        key += f":{issued[key]}" if issued[key] > 1 else ""
        entry = Entry(
            source=source,
            kind=Kind.BILL,
            identity=(key,),
            thread=f"bill:{bill.id}",
            title=f"Statement of Administration Policy: {statement.title}",
            url=statement.url,
            publication_date=statement.issued,
            type=STATEMENT,
            bill=bill.id,
            notes=("The list does not say which position it takes: read the statement.",),
        )
        yield entry
        if statement.rescinded:
            title = f"Statement of Administration Policy rescinded: {statement.title}"
            yield replace(
                entry, identity=(f"{key}:rescinded",), title=title, publication_date=None, notes=(_RESCINDED,)
            )
