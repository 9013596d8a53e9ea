"""What the commands about watches print: `why`, `backtest` and `judge`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import Any

from rich.markup import escape

from bot.app.judge import BadLine, Item, Judge, Rate, Verdict, read, score
from bot.cli.output import SHOWN, new_table, print_json, terminal
from bot.config.load import Config
from bot.shared.calendar import day_in_words
from bot.shared.wording import number
from bot.watch.backtest import Report


def print_scores(config: Config, lines: Iterable[str], *, as_json: bool) -> bool:
    """Print the verdicts on a file's items, and for people the score. Return True if a line contained no item."""
    judge = Judge(config)
    verdicts: list[tuple[Item, Verdict]] = []
    has_bad = False
    for line in read(lines):
        if isinstance(line, BadLine):
            has_bad = True
            sys.stderr.write(f"line {line.line}: {line.what}\n")
            continue
        _, item = line
        verdict = judge.verdict(item)
        verdicts.append((item, verdict))
        if as_json:
            print_json({name: getattr(verdict, name) for name in ("id", "level", "asks", "mentions", "why")})
    if not as_json:
        raised = [(item, verdict) for item, verdict in verdicts if verdict.level != "none"]
        table = new_table("level", "asks", "item", "why")
        for item, verdict in sorted(raised, key=lambda pair: pair[1].level):
            asks = ", ".join(map(str, verdict.asks)) or "policy"
            table.add_row(verdict.level, asks, escape(str(item["title"])), escape("; ".join(verdict.why)))
        console = terminal()
        console.print(table)
        console.print(f"\n{len(raised)} of {number(len(verdicts), 'item')} raised.")
        _rates(score(verdicts))
    return has_bad


def _rates(rates: Sequence[Rate]) -> None:
    if not any(rate.whole for rate in rates):
        return
    table = new_table("compared with the labels", "", "")
    for rate in rates:
        share = "–" if rate.share is None else f"{rate.share:.1%}"
        table.add_row(rate.name, f"{rate.part} of {rate.whole}", share)
    terminal().print(table)


def print_backtest(report: Report, in_words: str, *, as_json: bool) -> None:
    """Print what a query would have raised, compared with the current watch if there is one."""
    if as_json:
        print_json(report_values(report))
        return
    console = terminal()
    console.print(f"Looking for: {escape(in_words)}.")
    console.print(
        f"{len(report.hits)} of {number(report.looked_at, 'entry', 'entries')} since {day_in_words(report.since)}: "
        f"{report.per_week:.1f} a week. Compared with today's watch: {len(report.added)} more, "
        f"{len(report.lost)} fewer."
    )
    for name, hits in (("would raise", report.hits), ("would add", report.added), ("would lose", report.lost)):
        if hits and (name == "would raise" or hits != report.hits):
            table = new_table(
                "seen", "entry", "because", title=f"{name} ({min(len(hits), SHOWN)} of {len(hits)}, newest first)"
            )
            for hit in hits[:SHOWN]:
                words = ", ".join(f'"{reason.words}"' for reason in hit.match.reasons)
                table.add_row(f"{hit.when:%b %-d}", escape(hit.entry.title), escape(words))
            console.print(table)


def report_values(report: Report) -> dict[str, Any]:
    groups = (("hits", report.hits), ("added", report.added), ("lost", report.lost))
    shown = {
        name: [{"title": hit.entry.title, "url": hit.entry.link, "when": hit.when} for hit in hits]
        for name, hits in groups
    }
    return {
        "since": report.since,
        "until": report.until,
        "looked_at": report.looked_at,
        "per_week": round(report.per_week, 2),
        **shown,
    }
