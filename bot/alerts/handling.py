"""What people did with an alert: assignment, snooze and verdict.

The SQL of `entry_work`, and the updates of messages that carry the entry's buttons.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.alerts import cards, posted
from bot.alerts.campaign import Campaign, NewId, campaign_of
from bot.alerts.cards import Item
from bot.alerts.plan import routed
from bot.commands.model import Actor, Context
from bot.entries import records
from bot.entries.records import StoredEntry
from bot.outbox import dead_letters
from bot.outbox.messages import audience_of
from bot.outbox.records import SNOOZED, enqueue_edit
from bot.people.records import people
from bot.shared import wording
from bot.shared.calendar import day_in_words, quiet_until
from bot.shared.card import Card, Line
from bot.store.database import Reader, Transaction, one
from bot.store.rows import Rows
from bot.watch.model import Match

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

    def summary(self, names: Names, campaign: Campaign, now: datetime) -> str:
        """`Assigned to Ada Smith, 10:14 · Snoozed by Bo Li until Mon 30 Nov 2026 09:00`."""
        assignment, snooze = self.assignment_line(names, campaign, now), self.snooze_line(names, campaign, now)
        return " · ".join(filter(None, (assignment, snooze, self.verdict_line(names, campaign, now))))

    def assignment_line(self, names: Names, campaign: Campaign, now: datetime) -> str:
        if self.assigned_to is None or self.assigned_at is None:
            return ""
        assignee = names.get(self.assigned_to, _FORMER_MEMBER)
        return f"Assigned to {assignee}, {wording.clock(self.assigned_at, campaign.zone, now)}"

    def snooze_line(self, names: Names, campaign: Campaign, now: datetime) -> str:
        if self.snoozed_until is None or self.snoozed_until <= now:
            return ""
        until = self.snoozed_until.astimezone(campaign.zone)
        by = names.get(self.snoozed_by or "", _FORMER_MEMBER)
        return f"Snoozed by {by} until {day_in_words(until.date())} {until:%H:%M}"

    def verdict_line(self, names: Names, campaign: Campaign, now: datetime) -> str:
        if self.verdict is None or self.verdict_at is None:
            return ""
        by, at = names.get(self.verdict_by or "", _FORMER_MEMBER), wording.clock(self.verdict_at, campaign.zone, now)
        return f"Marked as {VERDICTS.get(self.verdict, self.verdict)} by {by}, {at}"


_HANDLINGS: Final = Rows(Handling)


def load(db: Reader, coalition_id: str, entry_id: str) -> Handling:
    sql = "SELECT * FROM entry_work WHERE coalition_id = :coalition AND entry_id = :id"
    row = one(db.read(sql, {"coalition": coalition_id, "id": entry_id}))
    return _HANDLINGS.read(row) if row else Handling()


def assigned_to(db: Reader, coalition_id: str, person: str) -> list[StoredEntry]:
    """The entries assigned to this person, in order of assignment."""
    sql = """
        SELECT entry_id FROM entry_work WHERE coalition_id = :coalition AND assigned_to = :person
        ORDER BY assigned_at, entry_id
    """
    ids = [row["entry_id"] for row in db.read(sql, {"coalition": coalition_id, "person": person})]
    return sorted(records.by_ids(db, ids), key=lambda stored: ids.index(stored.id))


def noise_ids(db: Reader, coalition_id: str) -> set[str]:
    """Ids of the entries marked as noise."""
    sql = "SELECT entry_id FROM entry_work WHERE coalition_id = :coalition AND verdict = 'noise'"
    return {row["entry_id"] for row in db.read(sql, {"coalition": coalition_id})}


def save(tx: Transaction, coalition_id: str, entry_id: str, work: Handling) -> None:
    tx.execute(
        """
        INSERT INTO entry_work (coalition_id, entry_id, assigned_to, assigned_at, snoozed_until, snoozed_by, verdict,
                                verdict_by, verdict_at)
        VALUES (:coalition, :id, :assigned_to, :assigned_at, :snoozed_until, :snoozed_by, :verdict, :verdict_by,
                :verdict_at)
        ON CONFLICT (coalition_id, entry_id) DO UPDATE SET
            assigned_to = excluded.assigned_to, assigned_at = excluded.assigned_at,
            snoozed_until = excluded.snoozed_until, snoozed_by = excluded.snoozed_by, verdict = excluded.verdict,
            verdict_by = excluded.verdict_by, verdict_at = excluded.verdict_at
        """,
        _HANDLINGS.params(work, coalition=coalition_id, id=entry_id),
    )


def update_messages(
    tx: Transaction, campaign: Campaign, entry_id: str, done: str, *, now: datetime, new_id: NewId
) -> None:
    """Add `done` to the foot of every message with the entry's buttons."""
    for row in posted.deliveries_of(tx, campaign.coalition.id, entry_id):
        if row["kind"] == SNOOZED and row["state"] != "sent":
            continue
        card = posted.card_of(tx, row["id"])
        if card and any(button.args == cards.entry_args(entry_id) for button in card.buttons):
            foot = " · ".join(filter(None, (done, card.foot)))
            changed = replace(card, foot=foot)
            enqueue_edit(tx, row["id"], changed, coalition_id=campaign.coalition.id, new_id=new_id, now=now)


def post_again(
    tx: Transaction, campaign: Campaign, stored: StoredEntry, *, at: datetime, why: str, now: datetime, new_id: NewId
) -> list[str]:
    """Queue an alert to be posted again at `at`, in its thread in each channel; return those channels."""
    sent = [row for row in posted.deliveries_of(tx, campaign.coalition.id, stored.id) if row["state"] == "sent"]
    newest = {audience_of(row["key"]): row for row in sent if row["kind"] != SNOOZED}
    count = sum(row["kind"] == SNOOZED for row in posted.deliveries_of(tx, campaign.coalition.id, stored.id))
    for audience, row in newest.items():
        item = Item(id=stored.id, entry=stored.entry, matches=_matches(tx, campaign, stored, audience))
        place = campaign.place(audience)
        campaign.post(
            tx,
            place,
            f"{stored.id}:{row['stage']}:snooze:{count + 1}",
            _repost_card(cards.card([item], campaign.labels), why),
            kind=SNOOZED,
            now=now,
            new_id=new_id,
            due_at=quiet_until(at, campaign.feeds.channels[audience].quiet, campaign.zone),
            thread=row["thread"],
            says=(item.pair,),
        )
    return list(newest)


def cancel_reposts(tx: Transaction, campaign: Campaign, entry_id: str, why: str) -> None:
    """Discard the queued reposts of an entry."""
    for row in posted.deliveries_of(tx, campaign.coalition.id, entry_id):
        if row["kind"] == SNOOZED:
            dead_letters.drop(tx, row["id"], coalition_id=campaign.coalition.id, why=why)


def _matches(tx: Transaction, campaign: Campaign, stored: StoredEntry, audience: str) -> tuple[Match, ...]:
    matches_by_stage = records.matches_of(tx, campaign.coalition.id, [stored.id])
    matches = matches_by_stage.get((stored.id, stored.entry.stage.value), ())
    return routed(matches, stored.entry.kind, campaign.feeds).get(audience, matches)


def _repost_card(card: Card, why: str) -> Card:
    return replace(card, head=f"Again: {card.head}", foot=" · ".join(filter(None, (why, card.foot))))


def assigned_alerts(db: Reader, coalition_id: str, actor: Actor, now: datetime) -> list[Line]:  # noqa: ARG001 - of all rooms
    """The alerts assigned to this person, oldest first."""
    return [_line(stored) for stored in assigned_to(db, coalition_id, actor.person)] if actor.person else []


def unassign_all(ctx: Context, person: str) -> list[Line]:
    """Unassign this person's alerts and update their cards; return a line for each."""
    campaign = campaign_of(ctx.config)
    coalition = ctx.coalition_id
    alerts = assigned_to(ctx.tx, coalition, person)
    names = {person.id: person.name for person in people(ctx.tx, coalition)}
    for stored in alerts:
        after = replace(load(ctx.tx, coalition, stored.id), assigned_to=None, assigned_at=None)
        save(ctx.tx, coalition, stored.id, after)
        summary = after.summary(names, campaign, ctx.now)
        update_messages(ctx.tx, campaign, stored.id, summary, now=ctx.now, new_id=ctx.new_id)
    return [_line(stored) for stored in alerts]


def _line(stored: StoredEntry) -> Line:
    return Line(f"{stored.name} · {wording.short(stored.entry.title, 120)}", stored.entry.link)
