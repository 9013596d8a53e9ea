"""Why did I (not) see this? From an address, a number, a bill or an id to plain lines."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.alerts import posted
from bot.alerts.campaign import Campaign
from bot.alerts.intake import STORY
from bot.alerts.routes import routed
from bot.config.feeds import SourceConfig, SourceKind
from bot.entries import records
from bot.entries.records import StoredEntry
from bot.outbox import holds
from bot.outbox.messages import audience_of
from bot.outbox.model import OPEN, State
from bot.outbox.records import SNOOZED
from bot.shared import wording
from bot.shared.bill_number import Written, written
from bot.shared.entry import Kind
from bot.shared.urls import canonical_key, host_of, web_address
from bot.sources.register.documents import document_key
from bot.store.database import Reader, Row, from_text
from bot.watch import reasons
from bot.watch.model import Level, Match
from bot.watch.near_miss import explain
from bot.watch.reasons import loudest, merged

_SHOWN: Final = 5  # entries of one bill, newest last
_NEAR: Final = 2  # watches that came near
_NUMBER: Final = re.compile(r"(?:[A-Z]\d+-)?(?:\d{4}-\d{1,6}|[A-Z]?\d{1,2}-\d{2,6})")
_BEGINNING: Final = re.compile(rf"[0-9a-f]{{{records.SHORT_ID},31}}")
_IN_ADDRESS: Final = re.compile(r"federalregister\.gov/(?:documents/\d{4}/\d\d/\d\d|d)/([^/?#]+)")


@dataclass(frozen=True, slots=True)
class Trace:
    """The answer, a line for each fact. `found` is False where nothing of the kind was ever read."""

    found: bool
    lines: tuple[str, ...]


def why(db: Reader, campaign: Campaign, needle: str, *, now: datetime) -> Trace:
    """`needle`: an address, a Register number, a bill ("hr1234-119", "S. 3240"), an entry's or a delivery's id."""
    needle = needle.encode(errors="replace").decode().strip()
    entries = find(db, campaign.coalition.id, needle)
    if not entries:
        return Trace(found=False, lines=tuple(_not_found(db, campaign, needle, now)))
    lines = [f"{len(entries)} entries; the newest {_SHOWN}:"] if len(entries) > _SHOWN else []
    for kept in entries[-_SHOWN:]:
        lines += _entry(db, campaign, kept, now)
    return Trace(found=True, lines=tuple(lines))


def find(db: Reader, coalition_id: str, needle: str) -> list[StoredEntry]:
    """The entries that a person may mean, oldest first."""
    found = _by_id(db, coalition_id, needle) or _by_keys(db, needle)
    bill = written(needle)
    if not found and bill:
        thread = f"bill:{bill.name}-{bill.congress or '%'}"
        found = records.select_entries(db, "thread LIKE :thread", {"thread": thread})
    return found


def _by_id(db: Reader, coalition_id: str, needle: str) -> list[StoredEntry]:
    found = records.by_ids(db, [needle]) or records.by_ids(db, posted.entries_of(db, coalition_id, needle))
    return found or (records.by_prefix(db, needle.lower()) if _BEGINNING.fullmatch(needle.lower()) else [])


def _by_keys(db: Reader, needle: str) -> list[StoredEntry]:
    keys = {needle}
    if address := web_address(needle):
        keys.add(f"url:{canonical_key(address)}")
    in_address = _IN_ADDRESS.search(needle)
    number = in_address[1] if in_address else needle
    if _NUMBER.fullmatch(number):
        keys.add(document_key(number, None))
    found = set(records.known_keys(db, keys).values())
    by_address = records.select_entries(db, "url = :url", {"url": address}) if address and not found else []
    return records.by_ids(db, found) or by_address


def _entry(db: Reader, campaign: Campaign, kept: StoredEntry, now: datetime) -> list[str]:
    matches = records.matches_of(db, campaign.coalition.id, [kept.id])
    stages = {stage: found for (_, stage), found in matches.items()}
    return [
        _name(kept),
        *_seen(db, campaign, kept, now),
        *(_judged(campaign, kept, stages) if stages else _missed(campaign, kept)),
        *_said(db, campaign, kept, merged(*stages.values()), now),
    ]


def _name(kept: StoredEntry) -> str:
    entry = kept.entry
    what = wording.bill(entry.bill) + ": " if entry.bill and entry.kind is Kind.BILL else ""
    changed = kept.first.title != entry.title
    edited = f" (first seen as “{kept.first.title}”)" if changed else ""
    return f"{what}{entry.title}{edited}"


def _seen(db: Reader, campaign: Campaign, kept: StoredEntry, now: datetime) -> list[str]:
    brought = [
        f"“{campaign.voice.sources.get(source, source)}” ({stage}, {wording.clock(when, campaign.zone, now)})"
        for source, stage, when in records.sightings(db, kept.id)
    ]
    lines = [f"  Seen: {', then '.join(brought)}; one entry."]
    if kept.baseline:
        lines.append("  It is from before its source was first read: stored and matched, but not posted.")
    if kept.entry.change and kept.entry.thread not in kept.entry.identity:
        lines.append(f"  It follows up {kept.entry.thread}, in whose thread it is said.")
    return lines


def _judged(campaign: Campaign, kept: StoredEntry, stages: Mapping[str, tuple[Match, ...]]) -> list[str]:
    lines = []
    for stage, matches in stages.items():
        when = f" when {stage}" if len(stages) > 1 else ""
        for match in matches:
            because = "; ".join(reasons.why([match], campaign.voice.asks))
            lines.append(f"  Matched{when}: “{match.name}” ({match.level.value}): {because}")
    heard = routed(merged(*stages.values()), kept.entry.kind, campaign.feeds)
    if not heard:
        lines.append("  No route of feeds.yml leads from these matches to a channel.")
    for audience, matches in heard.items():
        silent = campaign.feeds.channels[audience].digest.days == "never" and loudest(matches) is Level.DIGEST
        if silent:
            lines.append(f"  “{audience}” has no digest (days: never), so a digest match is not said there.")
    return lines


def _missed(campaign: Campaign, kept: StoredEntry) -> list[str]:
    today = campaign.matcher.match(kept.entry)
    if today:
        names = wording.listed([f"“{match.name}”" for match in today])
        return [f"  Matched nothing when it came. Today's watches would match it: {names}. What is old is not raised."]
    misses = [(watch, explain(watch, kept.entry)) for watch in campaign.matcher.watches]
    near = sorted((it for it in misses if it[1].had), key=lambda it: (-len(it[1].had), len(it[1].lacked)))[:_NEAR]
    nearest = [f"  Nearest: “{watch.name}”: {miss}" for watch, miss in near]
    return ["  Judged: no watch matches.", *(nearest or ["  Not one wanted word of any watch stands in it."])]


def _said(db: Reader, campaign: Campaign, kept: StoredEntry, matches: Sequence[Match], now: datetime) -> list[str]:
    deliveries = posted.deliveries_of(db, campaign.coalition.id, kept.id)
    lines = [_delivery(db, campaign, row, now) for row in deliveries]
    audiences = routed(matches, kept.entry.kind, campaign.feeds)
    story = campaign.press.explain(db, kept.id, audiences, campaign, now) if campaign.press else []
    waits = posted.lines_of(db, campaign.coalition.id, kept.id)
    lines += [f"  Waits as a line of the next digest for “{audience}”." for audience in waits]
    if matches and not lines and not kept.baseline:
        lines.append("  Nothing was posted about it.")
    return [*(f"  {line}" for line in story), *lines]


def _delivery(db: Reader, campaign: Campaign, row: Row, now: datetime) -> str:
    audience = audience_of(row["key"])
    where = (
        f"“{audience}”" if audience == row["channel"] else f"“{audience}” (to the safety channel “{row['channel']}”)"
    )
    what = f"as {row['kind']}, when {row['stage']} [{row['id']}]"
    why = f": {row['why']}" if row["why"] else ""
    if row["state"] == "sent" and row["kind"] == STORY:
        late = "; the newest change to that card is not sent yet" if row["change_state"] in OPEN else ""
        if row["change_state"] == State.DEAD:
            late = "; that card could not be changed, so what came after it is not shown there"
        sent = wording.clock(from_text(row["sent_at"]), campaign.zone, now)
        return f"  On the story's card in {where}, first posted at {sent} [{row['id']}]{late}"
    if row["state"] == "sent":
        return f"  Said in {where} at {wording.clock(from_text(row['sent_at']), campaign.zone, now)}, {what}"
    if row["state"] in ("dead", "dropped"):
        return f"  Not said in {where}, {what}: {'given up' if row['state'] == 'dead' else 'let go'}{why}"
    return f"  Waits for {where}, {what}{_held_by(db, campaign, row, now)}{why}"


def _held_by(db: Reader, campaign: Campaign, row: Row, now: datetime) -> str:
    scopes = (holds.ALL, holds.platform_scope(row["platform"]), holds.channel_scope(row["channel"]))
    held = [hold for hold in holds.all_holds(db, coalition_id=campaign.coalition.id) if hold.scope in scopes]
    if held:
        return f"; held ({held[0].scope}): {held[0].why}"
    due = from_text(row["due_at"])
    if due <= now:
        return "; it is next"
    because = "another try" if row["state"] != "pending" else "snoozed" if row["kind"] == SNOOZED else "quiet hours"
    return f"; due {wording.clock(due, campaign.zone, now)} ({because})"


def _not_found(db: Reader, campaign: Campaign, needle: str, now: datetime) -> list[str]:
    """What would have brought it, and how that stands."""
    lines = [f"Nothing that was read answers to “{wording.short(needle, 120)}”."]
    bill = written(needle)
    if bill:
        return lines + _bill_not_found(campaign, bill)
    sources = [id_ for id_, config in campaign.feeds.sources.items() if _could_bring(config, needle)]
    if not sources:
        return [*lines, "No source of feeds.yml reads that site. Add one, or check the address."]
    states = records.source_states(db)
    for id_ in sources:
        state = states.get(id_)
        stands = (
            f"{state.health.value}, asked {wording.clock(state.checked_at, campaign.zone, now)}"
            if state
            else "never asked"
        )
        off = "" if campaign.feeds.sources[id_].enabled else ", switched off"
        lines.append(f"“{campaign.feeds.sources[id_].name}” would bring it: {stands}{off}.")
    return [*lines, "A feed lists its newest items alone: what came and went between two looks was not seen."]


def _bill_not_found(campaign: Campaign, which: Written) -> list[str]:
    bills = [bill for family in campaign.coalition.bills.values() for bill in family.bills]
    same = [bill for bill in bills if bill.id.startswith(f"{which.name}-{which.congress or ''}")]
    if not same:
        return ["It is not among the bills of coalition.yml; with `follow: true` its record is read there."]
    return [
        f"{wording.bill(bill.id)}{f' “{bill.title}”' if bill.title else ''}: "
        + (bill.became or ("followed, not read yet" if bill.follow else "known, not followed"))
        for bill in same
    ]


def _could_bring(config: SourceConfig, needle: str) -> bool:
    register = (SourceKind.FEDERAL_REGISTER, SourceKind.PUBLIC_INSPECTION)
    if _NUMBER.fullmatch(needle) or _IN_ADDRESS.search(needle):
        return config.kind in register
    host = host_of(web_address(needle))
    return bool(host) and config.kind.is_feed and host_of(config.url) == host
