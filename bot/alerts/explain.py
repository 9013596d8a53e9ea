"""Find entries by words, and explain from a URL, document number, bill number or id why one was or was not posted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, tzinfo
from typing import Final

from bot.alerts import cards, posted
from bot.alerts.cards import Item
from bot.alerts.intake import STORY
from bot.alerts.plan import routed
from bot.commands.model import Context, SearchHit, StoryLines
from bot.config.feeds import SourceConfig
from bot.config.load import Config
from bot.entries import records, source_records
from bot.entries.records import StoredEntry
from bot.outbox import holds
from bot.outbox.messages import audience_of
from bot.outbox.model import OPEN, State
from bot.outbox.records import SNOOZED
from bot.shared import wording
from bot.shared.bill_number import PartialBillNumber, parse_bill_number
from bot.shared.entry import Kind, document_key
from bot.shared.search import Words
from bot.shared.urls import canonical_key, host_of, typed_address
from bot.store.database import Reader, Row, from_text
from bot.watch import model
from bot.watch.evidence import explain
from bot.watch.model import Level, Match, loudest, merged

_MAX_ENTRIES: Final = 5  # of one bill, newest last
_MAX_NEAR_MISSES: Final = 2
_NUMBER: Final = re.compile(r"(?:[A-Z]\d+-)?(?:\d{4}-\d{1,6}|[A-Z]?\d{1,2}-\d{2,6})")
_ID_PREFIX: Final = re.compile(rf"[0-9a-f]{{{records.SHORT_ID},31}}")
_MARK: Final = re.compile(r"#([a-z2-7]{10})")  # under a message on Discord and on the console
_IN_ADDRESS: Final = re.compile(r"federalregister\.gov/(?:documents/\d{4}/\d\d/\d\d|d)/([^/?#]+)")
_NO_ENTRY: Final = "The message with this mark is not about a stored document, bill or article."
_NOT_AN_ITEM: Final = (
    "Give an address, a Federal Register number, a bill, an id or the # mark under a message. To search for words: "
    "/find"
)


@dataclass(frozen=True, slots=True)
class Explanation:
    """One line for each fact. `found` is False if no such entry was ever read."""

    found: bool
    lines: tuple[str, ...]


def why(db: Reader, config: Config, needle: str, *, now: datetime, stories: StoryLines | None = None) -> Explanation:
    """Explain `needle`: a URL, a Register number, a bill ("hr1234-119"), an id, or the "#…" under a message."""
    needle = needle.encode(errors="replace").decode().strip()
    entries = find(db, needle)
    if not entries:
        return Explanation(found=False, lines=tuple(_not_found_lines(db, config, needle, now)))
    lines = [f"{len(entries)} entries; the newest {_MAX_ENTRIES}:"] if len(entries) > _MAX_ENTRIES else []
    for stored in entries[-_MAX_ENTRIES:]:
        lines += _entry_lines(db, config, stories, stored, now)
    return Explanation(found=True, lines=tuple(lines))


def find(db: Reader, needle: str) -> list[StoredEntry]:
    """The entries that `needle` may refer to, oldest first."""
    entries = _by_id(db, needle) or _by_keys(db, needle)
    bill = parse_bill_number(needle)
    if not entries and bill:
        thread = f"bill:{bill.name}-{bill.congress or '%'}"
        entries = records.select_entries(db, "thread LIKE :thread", {"thread": thread})
    return entries


def names_an_item(needle: str) -> bool:
    """Whether the text names one thing: a bill, a Register number, an address or the mark under a message."""
    one = _MARK.fullmatch(needle) or _NUMBER.fullmatch(needle) or typed_address(needle)
    return bool(one or parse_bill_number(needle))


def find_items(db: Reader, needle: str) -> list[Item]:
    """Return the entries that `needle` names and that are in one thread with the newest of them, with their matches."""
    entries = find(db, needle)
    same = [stored for stored in entries if stored.entry.thread == entries[-1].entry.thread]
    return [
        Item(id=each.id, entry=each.entry, matches=merged(*records.matches_of(db, [each.id]).values())) for each in same
    ]


def _by_id(db: Reader, needle: str) -> list[StoredEntry]:
    if mark := _MARK.fullmatch(needle):
        marked = posted.delivery_with_mark(db, mark[1])
        return records.by_ids(db, posted.entries_of(db, marked) if marked else ())
    entries = records.by_ids(db, [needle]) or records.by_ids(db, posted.entries_of(db, needle))
    return entries or (records.by_prefix(db, needle.lower()) if _ID_PREFIX.fullmatch(needle.lower()) else [])


def _by_keys(db: Reader, needle: str) -> list[StoredEntry]:
    keys = {needle}
    if address := typed_address(needle):
        keys.add(f"url:{canonical_key(address)}")
    in_address = _IN_ADDRESS.search(needle)
    number = in_address[1] if in_address else needle
    if _NUMBER.fullmatch(number):
        keys.add(document_key(number, None))
    ids = set(records.known_keys(db, keys).values())
    by_address = records.select_entries(db, "url = :url", {"url": address}) if address and not ids else []
    return records.by_ids(db, ids) or by_address


def _entry_lines(
    db: Reader, config: Config, stories: StoryLines | None, stored: StoredEntry, now: datetime
) -> list[str]:
    matches = records.matches_of(db, [stored.id])
    stages = {stage: stage_matches for (_, stage), stage_matches in matches.items()}
    entry = stored.entry
    bill = wording.bill(entry.bill) + ": " if entry.bill and entry.kind is Kind.BILL else ""
    edited = f" (first seen as “{stored.first.title}”)" if stored.first.title != entry.title else ""
    return [
        f"{bill}{entry.title}{edited}",
        *_sighting_lines(db, config, stored, now),
        *(_match_lines(config, stored, stages) if stages else _near_miss_lines(config, stored)),
        *_delivery_lines(db, config, stories, stored, merged(*stages.values()), now),
    ]


def _sighting_lines(db: Reader, config: Config, stored: StoredEntry, now: datetime) -> list[str]:
    sightings = [
        f"“{config.labels.sources.get(source, source)}” ({stage}, {wording.clock(when, config.zone, now)})"
        for source, stage, when in records.sightings(db, stored.id)
    ]
    lines = [f"  Seen: {', then '.join(sightings)}; one entry."]
    if stored.baseline:
        lines.append("  The source already listed it when it was first checked: stored and matched, but not posted.")
    if stored.entry.change and stored.entry.thread not in stored.entry.identity:
        lines.append(f"  It follows up {stored.entry.thread} and is posted in that thread.")
    return lines


def _match_lines(config: Config, stored: StoredEntry, stages: Mapping[str, tuple[Match, ...]]) -> list[str]:
    lines = []
    for stage, matches in stages.items():
        when = f" when {stage}" if len(stages) > 1 else ""
        for match in matches:
            because = "; ".join(model.why([match], config.labels.asks))
            lines.append(f"  Matched{when}: “{match.name}” ({match.level.value}): {because}")
    channels = routed(merged(*stages.values()), stored.entry.kind, config.feeds)
    if not channels:
        lines.append("  No route in feeds.yml sends these matches to a channel.")
    for audience, matches in channels.items():
        silent = config.feeds.channels[audience].digest.days == "never" and loudest(matches) is Level.DIGEST
        if silent:
            lines.append(f"  “{audience}” has no digest (days: never), so a digest match is not posted there.")
    return lines


def _near_miss_lines(config: Config, stored: StoredEntry) -> list[str]:
    today = config.matcher.match(stored.entry)
    if today:
        names = wording.listed([f"“{match.name}”" for match in today])
        return [
            f"  No watch matched when it arrived. Today's watches would: {names}. Old entries are not posted again."
        ]
    misses = [(watch, explain(watch, stored.entry)) for watch in config.matcher.watches]
    near = sorted((pair for pair in misses if pair[1].had), key=lambda pair: (-len(pair[1].had), len(pair[1].lacked)))[
        :_MAX_NEAR_MISSES
    ]
    nearest = [f"  Nearest: “{watch.name}”: {miss}" for watch, miss in near]
    active = {watch.id for watch in config.matcher.watches}
    muted = [f"“{each.name or id_}”" for id_, each in config.feeds.watches.items() if id_ not in active]
    return [
        "  No watch matches.",
        *(nearest or ["  It contains none of the words your watches look for."]),
        *([f"  Muted, so not tried: {wording.listed(muted)}."] if muted else []),
    ]


def _delivery_lines(
    db: Reader, config: Config, stories: StoryLines | None, stored: StoredEntry, matches: Sequence[Match], now: datetime
) -> list[str]:
    deliveries = posted.deliveries_of(db, stored.id)
    lines = [_delivery_line(db, config, row, now) for row in deliveries]
    audiences = routed(matches, stored.entry.kind, config.feeds)
    about = stories(db, stored.id, audiences, config, now) if stories else []
    digests = posted.digest_channels(db, stored.id)
    lines += [f"  Queued for the next digest in “{audience}”." for audience in digests]
    if matches and not lines and not stored.baseline:
        lines.append("  Nothing was posted about it.")
    return [*(f"  {line}" for line in about), *lines]


def _delivery_line(db: Reader, config: Config, row: Row, now: datetime) -> str:
    audience = audience_of(row["key"])
    where = (
        f"“{audience}”" if audience == row["channel"] else f"“{audience}” (to the safety channel “{row['channel']}”)"
    )
    what = f"as {row['kind']}, when {row['stage']} [{row['id']}]"
    why = f": {row['why']}" if row["why"] else ""
    if row["state"] == "sent" and row["kind"] == STORY:
        late = "; the latest update of that card is not sent yet" if row["change_state"] in OPEN else ""
        if row["change_state"] in (State.DEAD, State.DROPPED):
            late = "; that card could not be updated, so later entries are not shown there"
        sent = wording.clock(from_text(row["sent_at"]), config.zone, now)
        return f"  On the story's card in {where}, first posted at {sent} [{row['id']}]{late}"
    if row["state"] == "sent":
        return f"  Posted to {where} at {wording.clock(from_text(row['sent_at']), config.zone, now)}, {what}"
    if row["state"] in ("dead", "dropped"):
        return f"  Not posted to {where}, {what}: {'failed' if row['state'] == 'dead' else 'discarded'}{why}"
    return f"  Queued for {where}, {what}{_wait_reason(db, config, row, now)}{why}"


def _wait_reason(db: Reader, config: Config, row: Row, now: datetime) -> str:
    scopes = (holds.ALL, holds.platform_scope(row["platform"]), holds.channel_scope(row["channel"]))
    active = [hold for hold in holds.all_holds(db) if hold.scope in scopes]
    if active:
        return f"; on hold ({active[0].scope}): {active[0].why}"
    due = from_text(row["due_at"])
    if due <= now:
        return "; will be sent next"
    because = "retry" if row["state"] != "pending" else "snoozed" if row["kind"] == SNOOZED else "quiet hours"
    return f"; due {wording.clock(due, config.zone, now)} ({because})"


def _not_found_lines(db: Reader, config: Config, needle: str, now: datetime) -> list[str]:
    """Lines on the sources that could list it, and their state."""
    lines = [f"Nothing found for “{wording.short(needle, 120)}”."]
    bill = parse_bill_number(needle)
    if bill:
        return lines + _unknown_bill_lines(config, bill)
    if mark := _MARK.fullmatch(needle):
        exists = posted.delivery_with_mark(db, mark[1])
        return [*lines, _NO_ENTRY if exists else "No stored message has this mark. Check its ten characters."]
    if not names_an_item(needle):
        return [*lines, _NOT_AN_ITEM]
    sources = [id_ for id_, source in config.feeds.sources.items() if _could_bring(source, needle)]
    if not sources:
        return [*lines, "No source in feeds.yml reads that site. Add one, or check the address."]
    states = source_records.source_states(db)
    for id_ in sources:
        state = states.get(id_)
        checked = f"checked {wording.clock(state.checked_at, config.zone, now)}" if state else "never checked"
        health, source = f"{state.health.label}, " if state else "", config.feeds.sources[id_]
        answers = f"should list it: {health}{checked}" if source.enabled else "could list it, but it is turned off"
        lines.append(wording.with_period(f"“{source.name}” {answers}"))
    return [*lines, "A feed lists only its newest items: an item that came and went between two checks was not seen."]


def _unknown_bill_lines(config: Config, which: PartialBillNumber) -> list[str]:
    bills = [bill for family in config.coalition.bills.values() for bill in family.bills]
    same = [bill for bill in bills if bill.id.startswith(f"{which.name}-{which.congress or ''}")]
    if not same:
        return ["It is not among the bills in coalition.yml. Add it there with `follow: true` to read its record."]
    return [
        f"{wording.bill(bill.id)}{f' “{bill.title}”' if bill.title else ''}: "
        + (bill.became or ("tracked, not read yet" if bill.follow else "listed, not tracked"))
        for bill in same
    ]


def _could_bring(config: SourceConfig, needle: str) -> bool:
    if _NUMBER.fullmatch(needle) or _IN_ADDRESS.search(needle):
        return config.brings is Kind.DOCUMENT
    host = host_of(typed_address(needle))
    return bool(host) and config.is_feed and host_of(config.url) == host


def search_entries(ctx: Context, words: Words) -> Iterator[SearchHit]:
    """What sources published. A withheld headline is not searched."""
    for stored in records.containing(ctx.tx, words):
        if not stored.entry.withheld and _fits(stored, words):
            line = cards.digest_line([Item(id=stored.id, entry=stored.entry, matches=())]).text
            yield SearchHit("Published", _dated(stored, ctx.zone), stored.name, line, stored.entry.link)


def _dated(stored: StoredEntry, zone: tzinfo) -> datetime:
    """When it was published, else when it was first seen."""
    on = stored.entry.publication_date
    return datetime.combine(on, time(), zone) if on else stored.entry.published or stored.first_seen_at


def _fits(stored: StoredEntry, words: Words) -> bool:
    entry = stored.entry
    agencies = [agency.name for agency in entry.agencies or ()]
    if entry.number is None and entry.identity[0].startswith("fr:"):  # a copy, as a step of another that it amends
        return False
    return words.fit(entry.title, entry.summary, entry.number, entry.bill, entry.outlet, *agencies)
