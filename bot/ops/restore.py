"""After a backup replaces the store: look up in the channels what was posted since, so that nothing is posted twice,
and take back again what people took back since, as the replaced store shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from bot.alerts import baseline, posted
from bot.alerts.cards import Item
from bot.commands.model import Work
from bot.config.load import Config
from bot.entries import records
from bot.letters.documents import office_mail
from bot.letters.filing import records as filings
from bot.media.news import records as news
from bot.media.news import removal
from bot.ops.retention import TABLES
from bot.outbox import holds, queued
from bot.outbox import records as outbox_records
from bot.outbox.channels import is_direct
from bot.outbox.holds import Hold
from bot.outbox.messages import place, post
from bot.outbox.model import OPEN, PostedMessage
from bot.people import sessions
from bot.shared import wording
from bot.shared.card import Card, Line, Mark
from bot.shared.journey import shell_command
from bot.store import memo
from bot.store.database import Reader, Row, Transaction, delete_rows, from_text, insert_rows, to_text
from bot.store.shape import read_tables

KIND: Final = "restored"  # of the delivery that reports the restore
LOOKING: Final = "a backup was restored, and the bot is still looking up what was posted since it was made"
_MAYBE_FILED: Final = "A backup was restored, and the comment may have been filed after it was made."
_UNKNOWN: Final = "a backup was restored, and the bot cannot find out what was posted here since it was made"


@dataclass(frozen=True, slots=True)
class ChannelReport:
    """What one channel showed since the backup; `why` it could not be read, "" if it was."""

    channel: str
    shown: Sequence[PostedMessage] = ()
    why: str = ""


@dataclass(slots=True)
class Restored:
    """The result. `posted_since`: messages in the channels that the backup does not have. `settled`: messages queued in
    the backup and already posted. `on_hold`: why each channel is. `contents`: what the store contains now, with counts;
    `aside`: where the replaced store is.
    """

    made_at: datetime
    posted_since: int = 0
    settled: int = 0
    lines: int = 0
    waiting: int = 0
    on_hold: dict[str, str] = field(default_factory=dict)
    unread: dict[str, str] = field(default_factory=dict)
    erased: int = 0
    taken_back: int | None = None  # rows and stories; None: the old store cannot be read
    contents: Sequence[str] = ()
    aside: Path | None = None
    erasures_unknown: bool = False  # the old store is gone or unreadable, so people erased since the backup may be back


# What a store contains, as one and as several are called, and how it is counted.
_CONTENTS: Final = {
    ("item from sources", "items from sources"): "entry",
    ("posted alert", None): "delivery WHERE kind = 'alert' AND sent_at IS NOT NULL",
    ("posted digest", None): "delivery WHERE kind = 'digest' AND sent_at IS NOT NULL",
    ("letter", None): "letter",
    ("signature", None): "signature WHERE decision = 'signed'",
    ("person", "people"): "person WHERE left_at IS NULL",
    ("press story", "press stories"): "story",
    ("reporter", None): "press_contact",
    ("contact in an office", "contacts in offices"): "office_contact",
    ("change made in chat", "changes made in chat"): "setting_change",
}


def contents_of(db: Reader) -> list[str]:
    """Return each thing that a coalition's store contains, with its count: `3 letters`."""
    counts = {names: db.read(f"SELECT COUNT(*) AS n FROM {rows}")[0]["n"] for names, rows in _CONTENTS.items()}
    return [wording.number(count, *names) for names, count in counts.items() if count]


def made_at(db: Reader) -> datetime:
    """Return the time of the latest write: nothing later is in a backup."""
    sql = """
        SELECT MAX(at) AS at FROM (
            SELECT MAX(checked_at) AS at FROM source UNION ALL
            SELECT MAX(created_at) AS at FROM delivery UNION ALL
            SELECT MAX(sent_at) AS at FROM delivery UNION ALL
            SELECT MAX(created_at) AS at FROM coalition
        ) AS known
    """
    return from_text(db.read(sql)[0]["at"])


def pause_everything(tx: Transaction, now: datetime) -> None:
    """Pause everything in a restored backup until `reconcile` has finished. A pause that was already in it stays.

    A comment or a letter to an office that was on its way may have been filed or mailed since: a person is asked
    before that is repeated. A session on the board may have been ended since: people log in again.
    """
    sessions.end_all(tx)
    filings.doubt_all(tx, _MAYBE_FILED, now)
    office_mail.doubt_all(tx)
    if holds.ALL not in holds.active(tx, now=now):
        holds.pause(tx, Hold(holds.ALL, LOOKING), now=now)


def reconcile(work: Work, since: datetime, seen: Sequence[ChannelReport]) -> Restored:
    """Settle what the channels show was posted, queue the rest of the digest lines for later, and report it."""
    tx, config, now = work.tx, work.config, work.now
    done = Restored(since, posted_since=sum(len(each.shown) for each in seen))
    for each in seen:
        outbox_records.save_recalled(tx, each.channel, each.shown)
    count = 0
    waiting = posted.waiting_messages(tx)
    for item in queued.list_messages(tx, states=queued.UNSENT, limit=1_000_000):
        if outbox_records.mark_if_posted(tx, item.id, item.channel, item.key):
            count += 1
        elif item.id in waiting and _all_posted(tx, item.channel, waiting[item.id]):
            count += queued.drop(tx, item.id, why="posted together with others before a backup was restored")
    done.settled = count
    done.lines = _settle_lines(tx, config)
    for each in seen:
        if each.why:
            _hold_unread(tx, config, each, since, done, now)
    waiting_in = {item.channel for item in queued.list_messages(tx, states=OPEN, limit=1_000_000)}
    for name in waiting_in - {each.channel for each in seen}:  # mail, which cannot be read, may have been sent since
        outbox_records.mark_in_doubt(tx, name, since)
    done.waiting = len(queued.list_messages(tx))
    memo.set_memo(tx, baseline.RESTORED_AT, to_text(now))
    if Hold(holds.ALL, LOOKING) in (replace(each, since=None) for each in holds.all_holds(tx)):
        holds.release(tx, holds.ALL)
    admin = place(config.feeds.admin, config.feeds)
    post(work, admin, f"restored:{to_text(now)}", card(done, config, now), kind=KIND)
    return done


def _all_posted(tx: Reader, channel: str, waiting: Sequence[tuple[str, str]]) -> bool:
    items = _items(tx, dict(waiting))
    return bool(items) and len(baseline.seen_pairs(tx, channel, items)) == len(items)


def _settle_lines(tx: Transaction, config: Config) -> int:
    """Settle digest lines that were posted since in a digest."""
    count = 0
    for audience in config.feeds.channels:
        waiting = dict(posted.waiting_lines(tx, audience))
        channel = place(audience, config.feeds).channel
        already_posted = baseline.seen_pairs(tx, channel, _items(tx, waiting))
        posted.delete_lines(tx, ((audience, id_) for id_, _ in already_posted))
        count += len(already_posted)
    return count


def _items(tx: Reader, stages: Mapping[str, str]) -> list[Item]:
    entries = records.by_ids(tx, stages)
    return [Item(id=it.id, entry=it.entry, matches=()) for it in entries if it.entry.stage.value == stages[it.id]]


def _hold_unread(
    tx: Transaction, config: Config, seen: ChannelReport, since: datetime, done: Restored, now: datetime
) -> None:
    """Hold a channel that could not be read until a person has checked it; its queue is looked up when it resumes."""
    outbox_records.mark_in_doubt(tx, seen.channel, since)
    if is_direct(seen.channel) or config.feeds.channels[seen.channel].to.startswith("console:"):
        done.unread[seen.channel] = seen.why
        return
    done.on_hold[seen.channel] = seen.why
    hold = Hold(holds.channel_scope(seen.channel), f"{_UNKNOWN} ({seen.why})")
    holds.pause(tx, hold, now=now)


def card(done: Restored, config: Config, now: datetime) -> Card:
    """Return the card for the administrators."""
    ends = wording.with_period(f"The backup ends {wording.clock(done.made_at, config.zone, now)}")
    waited, will = wording.number(done.settled + done.lines, "item"), wording.number(done.waiting, "message")
    posted_since = wording.number(done.posted_since, "message")
    lost = (
        "What people did in the bot after that is lost: links, roles, watches, letters, sign-ons. Please check these."
    )
    listing = shell_command("outbox list")
    lines = [
        f"{ends} Found {posted_since} posted in the channels since then; none is posted again.",
        f"Of what was queued in the backup, {waited} had been posted; {will} will be posted now.",
        *(
            f"“{name}” is on hold: {why}. Look there, discard what was already posted (`{listing}`), "
            f"then `{shell_command(f'resume {name}')}`."
            for name, why in done.on_hold.items()
        ),
        lost,
    ]
    head = "A backup was restored; some channels need you" if done.on_hold else "A backup was restored"
    return Card(mark=Mark.HEALTH, head=head, lines=tuple(map(Line, lines)))


# What is deleted when it is taken back: by table, the columns that tell whether it is still there.
_DELETED: Final = {
    "account": ("platform", "team", "user_id", "person_id"),
    "person_role": ("person_id", "role"),
    "mail_address": ("person_id", "address"),
    "preference": ("person_id", "name"),
    "subscriber": ("address",),
    "signature": ("letter_id", "organisation"),
    "letter_page": ("letter_id",),
    "press_log": ("id",),
    "press_contact": ("id",),  # who was renamed before the erasure, which is known by names
    "office_contact": ("id",),
}
# What is marked as taken back: by table, its key, what is set then, and where it is.
_MARKED: Final = {
    "person": (("id",), ("organisation", "left_at"), "1 = 1"),
    "mail_address": (
        ("person_id",),
        ("unsubscribed_at", "digested_at"),
        "unsubscribed_at IS NOT NULL OR digested_at IS NULL",
    ),
    "public_item": (("kind", "name"), ("body", "hidden_at"), "hidden_at IS NOT NULL"),
    "signature": (
        ("letter_id", "organisation"),
        ("decision", "digest", "evidence", "decided_at", "objected_at"),
        "decision <> 'signed' OR objected_at IS NOT NULL",
    ),
    "letter": (("id",), ("state",), "state = 'withdrawn'"),
    "office_contact": (("id",), ("left_on",), "left_on IS NOT NULL"),
    "meeting": (("id",), ("removed_at",), "removed_at IS NOT NULL"),
    "commitment": (("id",), ("removed_at",), "removed_at IS NOT NULL"),
    "commitment_finding": (("id",), ("taken_back_at",), "taken_back_at IS NOT NULL"),
    "ally_request": (("id",), ("stage",), "stage IN ('refused', 'not theirs')"),
    "hold": (("scope",), ("why", "since", "until", "refused"), "refused IS NULL"),
}
# Rows of a store that went on, stored where the backup has no row of it: a decline stands, and no letter is mailed or
# filed twice.
_STORED: Final = {
    "signature": "decision <> 'signed'",
    "letter_mail": "1 = 1",
    "office_mail": "state <> 'failed'",
    "letter_filing": "state NOT IN ('prepared', 'not filed', 'replaced')",
}
# What people correct, renew or log: by table, what tells the row, the columns, and where. A meeting that was ahead has
# other words, and a letter that was locked later another text; the calendar's old address is no longer to work.
_CORRECTED: Final = {
    "letter": (("id", "locked_at"), ("state",), "locked_at IS NOT NULL"),
    "meeting": (("id", "state"), ("held_on", "role", "next_step", "next_on", "next_by"), "1 = 1"),
    "meeting_ask": (("id",), ("asked", "reply"), "1 = 1"),
    "commitment": (("id",), ("quote",), "1 = 1"),
    "memo": (("name",), ("value",), "name = 'deadlines calendar'"),
}
_TEXTS: Final = "SELECT letter_id, MAX(version) AS version FROM letter_version GROUP BY letter_id"
_REPLACED: Final = """
    id = :letter_id AND state IN ('in review', 'approved', 'open for sign-on')
    AND (SELECT MAX(version) FROM letter_version WHERE letter_id = :letter_id) < :version
"""
_REDACTED: Final = ("hash", "person_id", "redacted_at")


@dataclass(frozen=True, slots=True)
class TakenBack:
    """By table, the rows that are deleted, marked, stored and corrected, and the number of each letter's last text: all
    empty if the store did not go on from the backup; and the hashes of redacted stories.
    """

    deleted: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    marked: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    stored: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    corrected: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    texts: Sequence[Row] = ()
    redacted: Sequence[Row] = ()


def since(backup: Reader, replaced: Reader) -> TakenBack:
    """Return what the replaced store no longer has of the backup; only redactions if it did not go on from there."""
    last = backup.read("SELECT id FROM audit ORDER BY seq DESC LIMIT 1")
    if not last or not replaced.read("SELECT id FROM audit WHERE id = :id", dict(last[0])):
        return TakenBack(redacted=_rows(replaced, "redaction", _REDACTED))

    deleted = {}
    for table, columns in _DELETED.items():
        there = {tuple(dict(row).values()) for row in _rows(replaced, table, columns)}
        before = _rows(backup, table, columns, TABLES[table].still or "1 = 1")  # others end without a person
        deleted[table] = [row for row in before if tuple(dict(row).values()) not in there]
    marked, corrected = (
        {table: _rows(replaced, table, ("*",), where) for table, (*_, where) in rules.items()}
        for rules in (_MARKED, _CORRECTED)
    )
    stored = {table: _rows(replaced, table, ("*",), where) for table, where in _STORED.items()}
    texts = replaced.read(_TEXTS)
    return TakenBack(deleted, marked, stored, corrected, texts, _rows(replaced, "redaction", _REDACTED))


def _rows(db: Reader, table: str, columns: Sequence[str], where: str = "1 = 1") -> list[Row]:
    return db.read(f"SELECT {', '.join(columns)} FROM {table} WHERE {where}")


def repeat(work: Work, those: TakenBack) -> int | None:
    """Take it back in the restored store; return how many rows and stories that changed, None if not all is known."""
    count = 0
    for table, rows in those.deleted.items():
        count += sum(delete_rows(work.tx, table, **row) for row in rows)
    unchanged = work.config.coalition.duties.keys() - {row["id"] for row in work.tx.read("SELECT id FROM commitment")}
    removed = [{**row, "changed_by": None} for row in those.marked.get("commitment", ()) if row["id"] in unchanged]
    insert_rows(work.tx, "commitment", removed)  # those of coalition.yml, of which the backup has no row
    insert_rows(work.tx, "hold", those.marked.get("hold", ()), if_new=True)
    count += len(removed)
    for table, rows in those.marked.items():
        key, columns, _ = _MARKED[table]
        count += _update(work.tx, table, key, columns, rows)
    for table, rows in those.corrected.items():
        key, columns, _ = _CORRECTED[table]
        count += _update(work.tx, table, key, columns, _fitting(work.tx, table, rows))
    count += _doubt_replaced(work.tx, those.texts)
    for table, rows in those.stored.items():
        insert_rows(work.tx, table, _fitting(work.tx, table, rows), if_new=True)
    count += _redact(work, those.redacted)
    return count if those.marked else None


def _update(tx: Transaction, table: str, key: Sequence[str], columns: Sequence[str], rows: Iterable[Row]) -> int:
    """Give the rows with the same key these columns; return how many that changed."""
    where = " AND ".join(f"{column} = :{column}" for column in key)
    differs = " OR ".join(f"COALESCE({column}, '') <> COALESCE(:{column}, '')" for column in columns)
    sets = ", ".join(f"{column} = :{column}" for column in columns)
    sql = f"UPDATE {table} SET {sets} WHERE {where} AND ({differs}) RETURNING 1 AS one"
    return sum(len(tx.execute(sql, dict(row))) for row in rows)


def _fitting(tx: Reader, table: str, rows: Sequence[Row]) -> Sequence[Row]:
    """Those whose references there are: the backup lacks letters and people that came later."""
    for reference in read_tables()[table].references:
        there = {None, *(row["id"] for row in tx.read(f"SELECT id FROM {reference.to}"))}
        rows = [row for row in rows if row[reference.column] in there]
    return rows


def _doubt_replaced(tx: Transaction, texts: Iterable[Row]) -> int:
    """Ask for approval again of each text that an edit had replaced; return how many."""
    count = 0
    for row in texts:
        letters = f"SELECT id FROM letter WHERE {_REPLACED}"
        tx.execute(f"DELETE FROM letter_approval WHERE letter_id IN ({letters})", dict(row))
        count += len(tx.execute(f"UPDATE letter SET state = 'in review' WHERE {_REPLACED} RETURNING id", dict(row)))
    return count


def _redact(work: Work, redacted: Sequence[Row]) -> int:
    """Redact the stories with these hashes; nobody's if the backup lacks the person who did it."""
    people = {row["id"] for row in work.tx.read("SELECT id FROM person")}
    rows = ({**row, "person_id": row["person_id"] if row["person_id"] in people else None} for row in redacted)
    insert_rows(work.tx, "redaction", rows, if_new=True)
    hashes = {row["hash"] for row in redacted}
    stories = news.by_ids(work.tx, news.barred_stories(work.tx, work.config.coalition.id, hashes))
    for story in stories:
        removal.redact(work, story, by=None)
    return len(stories)
