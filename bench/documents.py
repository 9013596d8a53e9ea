"""The Federal Register's documents: taken in with no watch, with the shipped ones, and with a thousand."""

from __future__ import annotations

from functools import partial

from bench.contestants import READER, ours_new, reader_new
from bench.material import Writer, register, rss
from bench.measure import Figure, Size, in_turn
from bench.server import Page, serving
from bench.watches import plain_rules, watches
from bot.config.model import SourceConfig, SourceKind


def documents(size: Size) -> list[Figure]:
    """A page of the Register's API, all of it new; reader gets the same documents as RSS, and only stores them."""
    writer = Writer(1)
    issues = [writer.stories(size.of(1_000), words=75) for _ in range(size.rounds + 2)]
    pages = {
        "/documents.json": Page("application/json", [register(issue) for issue in issues]),
        "/documents.rss": Page("application/rss+xml", [rss("register", issue) for issue in issues]),
    }
    kinds = {"no watch": (), "shipped watches": None, "1,000 watches": watches(plain_rules(size.of(1_000), seed=2))}
    with serving(pages) as address:
        found = in_turn(
            {
                **{
                    name: partial(ours_new, {"register": _register(f"{address}/{name[:2]}/documents.json")}, those)
                    for name, those in kinds.items()
                },
                READER: partial(reader_new, address, ["/documents.rss"], 1),
            },
            size.rounds,
        )
    aims = {"no watch": 10, "shipped watches": 3}
    return [
        Figure(
            what=f"Register documents, {name}",
            unit="documents/s",
            ours=found[name],
            rival=f"{READER}, the same as RSS",
            theirs=found[READER],
            aim=aims.get(name),
        )
        for name in kinds
    ]


def _register(url: str) -> SourceConfig:
    return SourceConfig(kind=SourceKind.FEDERAL_REGISTER, name="Register", url=url)
