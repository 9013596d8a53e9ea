"""Rules before they are published, by reginfo.gov: those under review at OMB, and those that agencies plan. No key.

The White House's Office of Information and Regulatory Affairs reads significant rules first. Its list is rewritten
daily, and those concluded are listed for 30 days.

The Unified Agenda has the planned rules by RIN, in one file per edition. An edition is 10 to 20 MB and is read once;
after that only the next ones are asked for. Twice a year by plan, but an edition has been a year late. A list or an
edition that does not exist answers with a web page and status 200.
"""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from bot.fetch.payload import read_xml, refused_page
from bot.shared import wording
from bot.shared.answer import Answer, Body, Failure, Fetched, FetchFailed, Health, Memory, NotModified, checked
from bot.shared.calendar import day_in_words
from bot.shared.entry import REVIEW_CONCLUDED, REVIEW_TAKES, UNDER_REVIEW, Agency, Entry, Kind, PlannedRule, PlannedStep
from bot.shared.plain_text import EASTERN, clean, day, short_hash
from bot.sources.model import HttpSource, find_new

if TYPE_CHECKING:
    from lxml import etree

# The form in which anyone may ask for a meeting while a rule is under review, by its RIN; the meetings that were held.
_MEETING: Final = "https://www.reginfo.gov/public/do/eo/neweomeeting"
_MEETINGS: Final = "https://www.reginfo.gov/public/do/eom12866SearchResults?rin={rin}&viewRule=true"
_CLOCK: Final = f"OMB has {REVIEW_TAKES.days} days and may take 30 more (E.O. 12866, section 6(b)(2))."
_ASK: Final = (
    "Until it concludes, anyone may ask for a meeting, by the RIN. It does not replace a comment to the agency."
)
_MOST_REVIEWS: Final = 2_000  # rules of a list; 178 were in that of October 2026
_RIN: Final = re.compile(r"\d{4}-[A-Z]{2}\d{2}", re.ASCII)
_PAGE: Final = "https://www.reginfo.gov/public/do/eAgendaViewRule?pubId={edition}&RIN={rin}"
_SIZE: Final = 40_000_000  # bytes of an edition; the largest seen had 20 MB
_BACK: Final = 4  # editions that a first check looks back
_MOST_PLANNED: Final = 10_000  # rules of one edition; 3,954 were in that of fall 2025
_MOST_STEPS: Final = 40
_DATE: Final = re.compile(r"(\d{2})/(\d{2})/(\d{4})", re.ASCII)  # day 00: the month is planned


class OmbReviews(HttpSource, kind="omb-reviews", brings=Kind.PLANNED_RULE):
    """Rules under review at the White House's Office of Management and Budget.

    The two lists at `url`, which has ``{list}`` for their names. Cursor: that of `find_new`.
    """

    default_url = "https://www.reginfo.gov/public/do/XMLViewFileAction?f={list}.xml"

    async def _poll(self, memory: Memory, now: datetime) -> Answer:
        listed: dict[str, Entry] = {}
        validators: dict[str, Mapping[str, str]] = {}
        broken = 0
        for name in ("EO_RULES_UNDER_REVIEW", "EO_RULE_COMPLETED_30_DAYS"):
            url = self.url.replace("{list}", name)
            response = await self.get(url, now, memory.validators.get(url, {}), accept="text/xml")
            validators[url] = response.validators
            if isinstance(response, Body):
                reviews, unread = await asyncio.to_thread(_read_list, response, self.id)
                listed |= reviews
                broken += unread
        after = replace(memory, validators=validators)
        fresh, after = find_new(listed, after, now)
        if not fresh and not broken and memory.first_success_at:
            return NotModified(after)
        return Fetched(entries=tuple(fresh), memory=after, broken=broken)


def _read_list(body: Body, source: str) -> tuple[dict[str, Entry], int]:
    """The reviews of a list by their keys, and how many rows could not be read."""
    root = checked(read_xml(body, "OIRA_DATA", "a list of rules under review"))
    rows = root.findall("REGACT")[:_MOST_REVIEWS]
    if not rows:
        raise Failure(Health.EMPTY, "the list of rules under review has none")
    reviews = [review for row in rows if (review := _review(row, source))]
    return {review.identity[0]: review for review in reviews}, len(rows) - len(reviews)


def _review(row: Any, source: str) -> Entry | None:
    """A rule that OMB received, or whose review it has concluded; None without RIN, title or the day of its receipt."""
    rin, title, stage, decision = (clean(row.findtext(name) or "") for name in ("RIN", "TITLE", "STAGE", "DECISION"))
    received, completed = (day(clean(row.findtext(name) or "")) for name in ("DATE_RECEIVED", "DATE_COMPLETED"))
    if not _RIN.fullmatch(rin) or not title or received is None:
        return None
    key = f"review:{rin}:{received}"
    at_omb = f"{stage or 'Stage not given'}, RIN {rin}, received by OMB on {day_in_words(received)}."
    ends = f"Concluded on {day_in_words(completed)}: {decision or 'decision not given'}." if completed else ""
    return Entry(
        source=source,
        kind=Kind.PLANNED_RULE,
        identity=(f"{key}:concluded" if completed else key,),
        thread=f"rule:{rin}",
        title=title,
        url=_MEETINGS.replace("{rin}", rin) if completed else _MEETING,
        type=REVIEW_CONCLUDED if completed else UNDER_REVIEW,
        publication_date=completed or received,
        notes=(at_omb, ends) if completed else (at_omb, _CLOCK, _ASK),
    )


@dataclass(frozen=True, slots=True)
class _Rule:
    plan: PlannedRule
    title: str
    abstract: str
    agencies: tuple[Agency, ...]


@dataclass(frozen=True, slots=True)
class _Edition:
    name: str
    rules: dict[str, _Rule]
    unread: frozenset[str]  # RINs that it lists, of rules that cannot be read
    broken: int


class UnifiedAgenda(HttpSource, kind="unified-agenda", brings=Kind.PLANNED_RULE, never_old=True):
    """The rules that agencies plan.

    The newest edition at `url`, which has ``{edition}`` for its name (``202604``).
    Cursor: ``{"edition": "202510"}``, the newest that was read. With a newer one, that edition is read once more to
    say what changed.
    """

    default_url = "https://www.reginfo.gov/public/do/XMLViewFileAction?f=REGINFO_RIN_DATA_{edition}.xml"

    async def _poll(self, memory: Memory, now: datetime) -> Answer:
        last: str = memory.cursor.get("edition", "")
        newest = await self._newest(last, now)
        if newest is None:
            if last:
                return NotModified(memory)
            return FetchFailed(Health.NOT_A_FEED, f"none of the last {_BACK} editions is at this address")
        before = await self._edition(last, now) if last else None
        if last and before is None:
            return FetchFailed(Health.GONE, f"the edition {last}, to compare with, is no longer at this address")
        entries = await asyncio.to_thread(lambda: tuple(_entries(self.id, newest, before)))
        return Fetched(entries=entries, memory=replace(memory, cursor={"edition": newest.name}), broken=newest.broken)

    async def _newest(self, last: str, now: datetime) -> _Edition | None:
        """The newest edition after `last`; None if there is none yet."""
        today = now.astimezone(EASTERN).date()
        names = (f"{today.year - back}{month}" for back in range(_BACK) for month in ("10", "04"))
        for name in [name for name in names if last < name <= f"{today:%Y%m}"][:_BACK]:
            edition = await self._edition(name, now)
            if edition is not None:
                return edition
        return None

    async def _edition(self, name: str, now: datetime) -> _Edition | None:
        """An edition; None if the site does not have it, which it says with a web page."""
        url = self.url.replace("{edition}", name)
        response = await self.fetcher.get(url, now=now, accept="text/xml, application/xml", size=_SIZE)
        if isinstance(response, Body):
            response = refused_page(response) or response
        if isinstance(response, FetchFailed):
            if response.health in (Health.GONE, Health.NOT_A_FEED):
                return None
            raise response.error
        assert isinstance(response, Body), "without validators the answer is always complete"
        return await asyncio.to_thread(_read_edition, response.data, name)


def _read_edition(data: bytes, name: str) -> _Edition:
    """The rules of an edition. No entity is resolved, nothing is loaded, and one rule at a time is in memory."""
    from lxml import etree

    rules: dict[str, _Rule] = {}
    unread, broken, exported = set[str](), 0, None
    parser = etree.iterparse(
        io.BytesIO(data), tag="RIN_INFO", resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        for _, element in parser:
            root = element.getroottree().getroot()
            exported = exported or day(root.get("RUN_DATE"))
            rule = _rule(element, name, exported)
            broken += rule is None
            if rule and len(rules) < _MOST_PLANNED:
                rules[rule.plan.rin] = rule
            else:
                unread.add(clean(element.findtext("RIN") or ""))
            root.clear()
    except etree.XMLSyntaxError:
        raise Failure(Health.MALFORMED, f"the edition {name} is not well-formed XML") from None
    if parser.root.tag != "REGINFO_RIN_DATA":
        raise Failure(Health.NOT_A_FEED, "the answer is not the Unified Agenda")
    if not rules:
        raise Failure(Health.EMPTY, f"the edition {name} lists no rule")
    return _Edition(name, rules, frozenset(unread), broken)


def _rule(element: etree._Element, edition: str, exported: date | None) -> _Rule | None:
    rin, title = clean(element.findtext("RIN") or ""), clean(element.findtext("RULE_TITLE") or "")
    agency = clean(element.findtext("AGENCY/NAME") or "")
    if not _RIN.fullmatch(rin) or not title or not agency:
        return None
    department = clean(element.findtext("PARENT_AGENCY/NAME") or "")
    steps = [_step(row) for row in element.findall("TIMETABLE_LIST/TIMETABLE")[:_MOST_STEPS]]
    plan = PlannedRule(
        rin=rin,
        agency=agency,
        acronym=clean(element.findtext("AGENCY/ACRONYM") or ""),
        stage=clean(element.findtext("RULE_STAGE") or "") or "stage not given",
        steps=tuple(filter(None, steps)),
        edition=edition,
        exported=exported,
    )
    parent = Agency(department, _slug(department))
    agencies = (Agency(agency, _slug(agency), parent.slug), *([parent] if department not in ("", agency) else ()))
    return _Rule(plan, title, clean(element.findtext("ABSTRACT") or ""), agencies)


def _slug(name: str) -> str | None:
    """The Register's slug of a department, which writes its name the other way round; None for other agencies."""
    subject = name.removeprefix("Department of ").removeprefix("the ")
    return f"{subject.lower().replace(' ', '-')}-department" if subject != name else None


def _step(row: Any) -> PlannedStep | None:
    action, text = clean(row.findtext("TTBL_ACTION") or ""), clean(row.findtext("TTBL_DATE") or "")
    if not action:
        return None
    written = _DATE.fullmatch(text)
    if written is None or not 1 <= int(written[1]) <= 12:
        return PlannedStep(action, "")
    month, on, year = written.groups()
    return PlannedStep(action, f"{year}-{month}", day(f"{year}-{month}-{on}"))


def _entries(source: str, newest: _Edition, before: _Edition | None) -> Iterator[Entry]:
    """Every rule of the edition; one whose plan is unchanged has the identity it had before."""
    for rin, rule in newest.rules.items():
        last = before.rules.get(rin) if before else None
        yield _entry(source, rule, tuple(_changes(last.plan, rule.plan)) if last else ())
    for rin, rule in before.rules.items() if before else ():
        if rin not in newest.rules and rin not in newest.unread and not rule.plan.stage.startswith("Completed"):
            gone = replace(rule.plan, stage="No longer listed", steps=(), edition=newest.name)
            note = f"The {gone.edition_name} no longer lists it and gives no reason."
            yield _entry(source, replace(rule, plan=gone), (note,))


def _entry(source: str, rule: _Rule, changes: tuple[str, ...]) -> Entry:
    plan = rule.plan
    marks = "\n".join((plan.stage, *(f"{step.action} {step.when}" for step in plan.steps)))
    return Entry(
        source=source,
        kind=Kind.PLANNED_RULE,
        identity=(f"{plan.thread}:{short_hash(marks)}",),
        thread=plan.thread,
        title=rule.title,
        url=_PAGE.replace("{edition}", plan.edition).replace("{rin}", plan.rin),
        summary=rule.abstract or None,
        agencies=rule.agencies,
        type=plan.stage,
        rule=plan,
        notes=changes,
    )


def _changes(last: PlannedRule, plan: PlannedRule) -> Iterator[str]:
    """What changed in a plan between two editions, in sentences."""
    if last.stage != plan.stage:
        yield f"Stage: {last.stage} became {plan.stage}."
    dates = {step.action: step.when for step in last.steps}
    now = {step.action: step.when for step in plan.steps}
    for action, when in now.items():
        if action in dates and dates[action] != when:
            yield f"{action} moved from {dates[action]} to {when}."
    for label, every, others in (("Added", now, dates), ("Removed", dates, now)):
        if rows := [f"{action} {when}" for action, when in every.items() if action not in others]:
            yield f"{label}: {wording.listed(rows)}."
