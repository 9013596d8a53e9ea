"""/deadlines planned: the rules that agencies plan and our watches matched. Plans are not deadlines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.alerts.cards import Item
from bot.commands.group import Group
from bot.commands.model import Context, Param, Refused, Reply
from bot.commands.replies import long_answer
from bot.entries import records
from bot.entries.records import StoredEntry
from bot.shared import wording
from bot.shared.entry import Kind
from bot.shared.planned_rule import PlannedRule
from bot.store.database import Reader
from bot.watch.reasons import asks_of, merged

_LOOK_BACK: Final = timedelta(days=400)  # an edition has been a year late
_TITLE: Final = 110  # characters
_WITHOUT_DATE: Final = "9999"  # sorts after every month
_FOOT: Final = "Months are the agencies' plans, and most are missed. Each line names its edition."


@dataclass(frozen=True, slots=True)
class Planned:
    """A planned rule by its newest entry, with the matches of all its entries."""

    item: Item
    rule: PlannedRule

    @property
    def month(self) -> str:
        step = self.rule.next_step
        return step.month if step and step.month else _WITHOUT_DATE


def planned_rules(db: Reader, now: datetime) -> list[Planned]:
    """Matched rules with a step ahead or without a date, by month. Those of the first edition count, too."""
    threads: dict[str, list[StoredEntry]] = {}
    for stored in records.matched_of_kind(db, Kind.PLANNED_RULE, now - _LOOK_BACK):
        threads.setdefault(stored.entry.thread, []).append(stored)
    matches = records.matches_of(db, (stored.id for entries in threads.values() for stored in entries))
    plans = []
    for entries in threads.values():
        newest = max(entries, key=lambda stored: (_rule(stored).edition, stored.first_seen_at))
        thread_matches = merged(*(matches.get((stored.id, stored.entry.stage.value), ()) for stored in entries))
        item = Item(id=newest.id, entry=newest.entry, matches=thread_matches)
        if _rule(newest).next_step:
            plans.append(Planned(item, _rule(newest)))
    return sorted(plans, key=lambda plan: (plan.month, plan.rule.rin))


def _rule(stored: StoredEntry) -> PlannedRule:
    assert stored.entry.rule is not None
    return stored.entry.rule


slash = Group("deadlines")


@slash.command(
    "planned",
    "List rules that agencies plan, with the month they give",
    params=(Param("about", "an ask's number, a RIN, or words of the agency or title", required=False, longest=200),),
)
def planned(ctx: Context, args: Mapping[str, str]) -> Reply:
    plans = planned_rules(ctx.tx, ctx.now)
    about = args.get("about", "")
    if about:
        plans = [plan for plan in plans if _is_about(plan, about)]
    if not plans:
        hint = "Its source is the Unified Agenda; your watches decide which of its rules matter."
        sources = ctx.config.feeds.sources.values()
        if not any(source.enabled and source.brings is Kind.PLANNED_RULE for source in sources):
            hint = "The Unified Agenda, which lists them, is not read: add unified-agenda to the sources in feeds.yml."
        raise Refused(f"No planned rule {f'about “{about[:60]}” ' if about else ''}matched a watch. {hint}")
    today = ctx.today
    lines = [_line(plan, late=plan.rule.late(today)) for plan in plans]
    return long_answer(wording.number(len(plans), "planned rule"), lines, "planned-rules.txt", foot=_FOOT)


def _is_about(plan: Planned, about: str) -> bool:
    number = about.casefold().removeprefix("ask").strip(" :")
    if number.isdecimal():
        return int(number) in asks_of(plan.item.matches)
    agencies = " ".join(agency.name for agency in plan.item.entry.agencies or ())
    text = f"{plan.rule.rin} {plan.rule.acronym} {agencies} {plan.item.entry.title}".casefold()
    return all(word in text for word in about.casefold().split())


def _line(plan: Planned, *, late: bool) -> str:
    """`NPRM planned for 2026-04 by OVC, RIN 1121-AA12, per the Spring 2026 agenda: Title (Ask 1)`."""
    asks = wording.asks(asks_of(plan.item.matches))
    passed = "; that month has passed" if late else ""
    title = wording.short(plan.item.entry.title, _TITLE)
    return f"{plan.rule.plan}{passed}: {title}{f' ({asks})' if asks else ''}"
