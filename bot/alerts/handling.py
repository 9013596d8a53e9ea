"""What people did with an alert: assignment, snooze and verdict, in `entry_work` and in the messages' buttons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from typing import Final

from bot.alerts import cards, posted
from bot.alerts.items import items_of
from bot.alerts.plan import routed
from bot.commands.model import Actor, Work
from bot.config.load import Config
from bot.entries import records
from bot.entries.records import StoredEntry
from bot.outbox import queued
from bot.outbox.messages import audience_of, place, post, update
from bot.outbox.records import SNOOZED
from bot.people import records as people
from bot.shared import wording
from bot.shared.calendar import moment_in_words, quiet_until
from bot.shared.card import Card, Line
from bot.store.database import Reader, Rows, Transaction

VERDICTS: Final = {"wrong ask": "matched to the wrong ask", "noise": "noise", "duplicate": "a duplicate"}
_FORMER_MEMBER: Final = "a former member"

Names = Mapping[str, str]  # person's id → name


@dataclass(frozen=True, slots=True, kw_only=True)
class Handling:
    """The assignment, snooze and verdict of one alert; all None if there is none."""

    assigned_to: str | None = None
    assigned_at: datetime | None = None
    snoozed_until: datetime | None = None
    snoozed_by: str | None = None
    verdict: str | None = None  # a key of VERDICTS
    verdict_by: str | None = None
    verdict_at: datetime | None = None

    def summary(self, names: Names, zone: tzinfo, now: datetime) -> str:
        """`Assigned to Ada Smith, 10:14 a.m. · Snoozed by Bo Li until Mon Nov 30, 2026, 9 a.m.`."""
        assignment, snooze = self.assignment_line(names, zone, now), self.snooze_line(names, zone, now)
        return wording.dotted(assignment, snooze, self.verdict_line(names, zone, now))

    def assignment_line(self, names: Names, zone: tzinfo, now: datetime) -> str:
        if self.assigned_to is None or self.assigned_at is None:
            return ""
        assignee = names.get(self.assigned_to, _FORMER_MEMBER)
        return f"Assigned to {assignee}, {wording.clock(self.assigned_at, zone, now)}"

    def snooze_line(self, names: Names, zone: tzinfo, now: datetime) -> str:
        if self.snoozed_until is None or self.snoozed_until <= now:
            return ""
        until = self.snoozed_until.astimezone(zone)
        by = names.get(self.snoozed_by or "", _FORMER_MEMBER)
        return f"Snoozed by {by} until {moment_in_words(until)}"

    def verdict_line(self, names: Names, zone: tzinfo, now: datetime) -> str:
        if self.verdict is None or self.verdict_at is None:
            return ""
        by, at = names.get(self.verdict_by or "", _FORMER_MEMBER), wording.clock(self.verdict_at, zone, now)
        return f"Marked as {VERDICTS.get(self.verdict, self.verdict)} by {by}, {at}"


_HANDLINGS: Final = Rows(Handling, "entry_work")


def load(db: Reader, entry_id: str) -> Handling:
    return _HANDLINGS.get(db, entry_id=entry_id) or Handling()


def assigned_to(db: Reader, person: str) -> list[StoredEntry]:
    """The entries assigned to this person, in order of assignment."""
    sql = "SELECT entry_id FROM entry_work WHERE assigned_to = :person ORDER BY assigned_at, entry_id"
    ids = [row["entry_id"] for row in db.read(sql, {"person": person})]
    return sorted(records.by_ids(db, ids), key=lambda stored: ids.index(stored.id))


def noise_ids(db: Reader) -> set[str]:
    """Ids of the entries marked as noise."""
    sql = "SELECT entry_id FROM entry_work WHERE verdict = 'noise'"
    return {row["entry_id"] for row in db.read(sql)}


def save(tx: Transaction, entry_id: str, work: Handling) -> None:
    _HANDLINGS.save(tx, work, key="entry_id", entry_id=entry_id)


def update_messages(work: Work, entry_id: str, done: str) -> None:
    """Add `done` to the foot of every message with the entry's buttons."""
    for row in posted.deliveries_of(work.tx, entry_id):
        if row["kind"] == SNOOZED and row["state"] != "sent":
            continue
        card = posted.card_of(work.tx, row["id"])
        if card and any(button.args == cards.entry_args(entry_id) for button in card.buttons):
            update(work, row["id"], replace(card, foot=wording.dotted(done, card.foot)))


def with_summary(work: Work, entry_id: str, card: Card) -> Card:
    """The stored card of a message with what people did with the entry in its foot, as the message shows it."""
    now, handling = work.now, load(work.tx, entry_id)
    names = people.names(work.tx) if handling != Handling() else {}
    return replace(card, foot=wording.dotted(handling.summary(names, work.zone, now), card.foot))


def post_again(work: Work, stored: StoredEntry, *, at: datetime, why: str) -> list[str]:
    """Queue an alert to be posted again at `at`, in its thread in each channel; return those channels."""
    feeds, labels = work.config.feeds, work.config.labels
    deliveries = posted.deliveries_of(work.tx, stored.id)
    newest = {audience_of(row["key"]): row for row in deliveries if row["state"] == "sent" and row["kind"] != SNOOZED}
    count = sum(row["kind"] == SNOOZED for row in deliveries)
    [item] = items_of(work.tx, [stored])
    shown = routed(item.matches, item.entry.kind, feeds)
    for audience, row in newest.items():
        card = cards.card([replace(item, matches=shown.get(audience, item.matches))], labels)
        card = replace(card, head=f"Again: {card.head}", foot=wording.dotted(why, card.foot))
        name = f"{stored.id}:{row['stage']}:snooze:{count + 1}"
        due_at = quiet_until(at, feeds.channels[audience].quiet, work.zone)
        to, thread, says = place(audience, feeds), row["thread"], (item.pair,)
        post(work, to, name, card, kind=SNOOZED, due_at=due_at, thread=thread, says=says)
    return list(newest)


def cancel_reposts(work: Work, entry_id: str, why: str) -> None:
    """Discard the queued reposts of an entry."""
    for row in posted.deliveries_of(work.tx, entry_id):
        if row["kind"] == SNOOZED:
            queued.drop(work.tx, row["id"], why=why)


def assigned_alerts(db: Reader, config: Config, actor: Actor, now: datetime) -> list[Line]:  # noqa: ARG001 - of all rooms
    """The alerts assigned to this person, oldest first."""
    return [_line(stored) for stored in assigned_to(db, actor.person)] if actor.person else []


def unassign_all(work: Work, person: str) -> list[Line]:
    """Unassign this person's alerts and update their cards; return a line for each."""
    alerts = assigned_to(work.tx, person)
    names = people.names(work.tx)
    for stored in alerts:
        after = replace(load(work.tx, stored.id), assigned_to=None, assigned_at=None)
        save(work.tx, stored.id, after)
        update_messages(work, stored.id, after.summary(names, work.zone, work.now))
    return [_line(stored) for stored in alerts]


def _line(stored: StoredEntry) -> Line:
    return Line(f"{stored.name} · {wording.short(stored.entry.title, 120)}", stored.entry.link)
