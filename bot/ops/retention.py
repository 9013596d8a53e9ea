"""How long each table's rows are stored, and how they end, once a day. A table missing here fails a test."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from bot.config.coalition import Coalition
from bot.entries.source_records import SHOWN
from bot.media.news.grouping import RETENTION as COPIES
from bot.media.news.records import mention_rows, story_rows
from bot.people.requests import RETENTION
from bot.store.database import Reader, Row, Transaction
from bot.store.shape import read_tables, references_to


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionRule:
    """One table. Exactly one of `term`, `goes_with` and `stays` says how its rows end.

    `term`: a length of time, or the name of one under `retention:` in coalition.yml; it runs from the time in the
    column `since`. A row stays longer while `still` is true of it (SQL; `:before` is the end of the term), and
    while other rows refer to it that do not go with it. `goes_with`: the tables whose rows take these rows with them.
    `stays`: why rows stay until a person removes them.

    `person`, `organization`: the column that names one; its rows are deleted when the one it names is erased. `sheet`:
    an export also has it as a table for people; `sheet_rows` returns the rows to show there.
    """

    term: str | timedelta = ""
    since: str = ""
    still: str = ""
    goes_with: tuple[str, ...] = ()
    stays: str = ""
    person: str = ""
    organization: str = ""
    sheet: bool = False
    sheet_rows: Callable[[Reader, Sequence[Row]], Sequence[Mapping[str, Any]]] | None = None


TABLES: Final[Mapping[str, RetentionRule]] = {
    # --- copies and erasures
    "backup": RetentionRule(stays="where copies are stored"),
    "erasure": RetentionRule(stays="who must stay erased after a restore"),
    # --- entries and what was matched
    "coalition": RetentionRule(stays="whose store it is"),
    "source": RetentionRule(stays="the state of each source"),
    "source_day": RetentionRule(term=SHOWN, since="day"),
    # Counted from when a source last listed it: old items resurface.
    "entry": RetentionRule(
        term="published",
        since="updated_at",
        still="EXISTS (SELECT 1 FROM entry_key WHERE entry_id = entry.id AND seen_at >= :before)",
    ),
    "sighting": RetentionRule(goes_with=("entry",)),
    "entry_key": RetentionRule(goes_with=("entry",)),
    "entry_reference": RetentionRule(goes_with=("entry",)),
    "match": RetentionRule(goes_with=("entry",)),
    "digest_line": RetentionRule(goes_with=("entry",)),
    "entry_work": RetentionRule(goes_with=("entry",)),
    "judgment": RetentionRule(goes_with=("entry",), sheet=True),
    "recall_sample": RetentionRule(term=timedelta(days=400), since="drawn_at"),
    "learning_round": RetentionRule(term=timedelta(days=30), since="made_at", person="person_id"),
    # --- messages
    # A thread stays whole while any message in it is young, a message while it shows something that is stored. That a
    # channel was greeted is never forgotten, or it would be greeted again.
    "delivery": RetentionRule(
        term="messages",
        since="created_at",
        still="""
            state IN ('pending', 'sending', 'retry', 'ambiguous') OR kind = 'hello'
            OR EXISTS (SELECT 1 FROM delivery_entry WHERE delivery_id = delivery.id)
            OR EXISTS (SELECT 1 FROM delivery AS later WHERE later.created_at >= :before AND (
                       later.edits = delivery.id
                       OR later.channel = delivery.channel AND later.thread = delivery.thread))
        """,
    ),
    "delivery_entry": RetentionRule(goes_with=("delivery", "entry")),
    "delivery_file": RetentionRule(goes_with=("delivery",)),
    "hold": RetentionRule(stays="until posting resumes"),
    "recalled": RetentionRule(term=timedelta(days=90), since="said_at"),
    # --- people
    "person": RetentionRule(stays="their actions depend on it; an erased one has no name", sheet=True),
    "account": RetentionRule(stays="until it is unlinked", person="person_id", sheet=True),
    "person_role": RetentionRule(stays="until it is removed", person="person_id", sheet=True),
    "web_session": RetentionRule(term=timedelta(days=1), since="ends_at", person="person_id"),
    "member_name": RetentionRule(stays="until the next start makes it a setting", organization="member", sheet=True),
    "preference": RetentionRule(stays="until it is changed", person="person_id"),
    "mail_address": RetentionRule(stays="until it is changed or taken away", person="person_id"),
    "account_notice": RetentionRule(term=timedelta(days=14), since="made_at", person="person_id"),
    "audit": RetentionRule(term="audit", since="at", sheet=True),
    "inbox": RetentionRule(term=RETENTION, since="seen_at"),
    "promise": RetentionRule(term=timedelta(days=1), since="at", person="person_id"),
    "memo": RetentionRule(stays="what the bot must know after a restart"),
    # --- the campaign page
    "public_item": RetentionRule(stays="what is public, and when it was"),
    "subscriber": RetentionRule(term=timedelta(days=2), since="asked_at", still="confirmed_at IS NOT NULL"),
    # --- changes made in chat
    "overlay": RetentionRule(stays="muted watches; drafts of watches and sources, for a week", sheet=True),
    "setting_change": RetentionRule(stays="every change of a setting, watch or source, for undo", sheet=True),
    # --- bills
    "bill": RetentionRule(stays="the newest record of each bill"),
    "roll_call": RetentionRule(stays="how Congress voted on our bills"),
    "bill_proposal": RetentionRule(stays="each is asked about once"),
    # --- deadlines
    "commitment": RetentionRule(stays="until it is removed", sheet=True),
    "commitment_finding": RetentionRule(stays="the evidence for statements on a commitment", sheet=True),
    "commitment_proposal": RetentionRule(term=timedelta(days=7), since="made_at"),
    "docket": RetentionRule(stays="which dockets are followed", sheet=True),
    "docket_document": RetentionRule(stays="the newest record of each document"),
    "docket_lookup": RetentionRule(stays="the newest check of each number"),
    "docket_comment": RetentionRule(stays="the record of what the coalition filed", sheet=True),
    # --- meetings with offices
    "meeting": RetentionRule(term="meetings", since="logged_at", sheet=True),
    "meeting_organization": RetentionRule(goes_with=("meeting",), organization="organization", sheet=True),
    "meeting_ask": RetentionRule(goes_with=("meeting",), sheet=True),
    # --- letters and the directory of Congress
    "directory": RetentionRule(stays="one snapshot of Congress"),
    "legislator": RetentionRule(stays="one snapshot of Congress"),
    "committee": RetentionRule(stays="one snapshot of Congress"),
    "committee_seat": RetentionRule(stays="one snapshot of Congress"),
    # A letter beyond the draft stage is the record of what the coalition sent.
    "letter": RetentionRule(
        term="drafts",
        since="created_at",
        still="""
            state <> 'draft'
            OR EXISTS (SELECT 1 FROM letter_version WHERE letter_id = letter.id AND written_at >= :before)
        """,
        sheet=True,
    ),
    "letter_version": RetentionRule(goes_with=("letter",), sheet=True),
    "letter_rendering": RetentionRule(goes_with=("letter",)),
    "letter_approval": RetentionRule(goes_with=("letter",), sheet=True),
    "letter_confirmation": RetentionRule(goes_with=("letter",), sheet=True),
    "signature": RetentionRule(goes_with=("letter",), organization="organisation", sheet=True),
    "letter_card": RetentionRule(goes_with=("letter",), organization="organisation"),
    "letter_mail": RetentionRule(goes_with=("letter",), sheet=True),
    "office_mail": RetentionRule(goes_with=("letter",), sheet=True),
    "letter_merge": RetentionRule(goes_with=("letter",)),
    "letter_page": RetentionRule(goes_with=("letter",)),
    "letter_filing": RetentionRule(goes_with=("letter",), sheet=True),
    # A request that nobody confirmed is someone's typing; a confirmed one is the evidence for a signature. One that its
    # mailbox rejected keeps further ones away while the letter is open.
    "ally_request": RetentionRule(
        term=timedelta(days=1),
        since="asked_at",
        still="""
            stage <> 'asked' AND (stage <> 'not theirs' OR EXISTS (
                SELECT 1 FROM letter WHERE id = ally_request.letter_id AND locked_at IS NULL AND state <> 'withdrawn'))
        """,
        organization="organisation",
        sheet=True,
    ),
    "ally_link": RetentionRule(goes_with=("ally_request",)),
    "ally_limit": RetentionRule(term=timedelta(days=1), since="day"),
    "lobbying_entry": RetentionRule(stays="an organization's own accounts", organization="organization", sheet=True),
    "lobbying_year": RetentionRule(stays="an organization's own accounts", organization="organization", sheet=True),
    # --- contacts in offices: those who left are of no more use after a year
    "office_contact": RetentionRule(term=timedelta(days=365), since="left_on", sheet=True),
    "office_import": RetentionRule(term=timedelta(days=1), since="made_at", person="person_id"),
    # --- news and the press list
    "story": RetentionRule(
        term="mentions",
        since="opened_at",
        still="EXISTS (SELECT 1 FROM mention WHERE story_id = story.id AND seen_at >= :before)",
        sheet=True,
        sheet_rows=story_rows,
    ),
    "mention": RetentionRule(goes_with=("story",), sheet=True, sheet_rows=mention_rows),
    "mention_shingle": RetentionRule(term=COPIES, since="written_at"),
    "story_note": RetentionRule(goes_with=("story",), sheet=True),
    "redaction": RetentionRule(stays="a hash, to prevent adding it again"),
    "entity_rule": RetentionRule(stays="until it is removed"),
    "press_outlet": RetentionRule(stays="while one of its reporters is on the list", sheet=True),
    "press_contact": RetentionRule(stays="until they are removed from the list", sheet=True),
    "press_log": RetentionRule(term="press", since="at", sheet=True),
    "press_embargo": RetentionRule(term="press", since="lifts_at", sheet=True),
    "press_agreement": RetentionRule(goes_with=("press_embargo",), sheet=True),
    "press_inquiry": RetentionRule(
        term="press", since="received_at", still="state IN ('received', 'acknowledged')", sheet=True
    ),
    "press_card": RetentionRule(goes_with=("delivery",)),
    "press_suppression": RetentionRule(stays="hashes of people who asked not to be on the list"),
}


def forget(tx: Transaction, coalition: Coalition, now: datetime) -> dict[str, int]:
    """Delete expired rows; return how many of each table. What others refer to may have to wait for the next day."""
    gone: dict[str, int] = {}
    for name in reversed(list(read_tables())):  # dependent rows go first
        rule = TABLES[name]
        if rule.term:
            term = rule.term if isinstance(rule.term, timedelta) else getattr(coalition.retention, rule.term)
            key = read_tables()[name].key[0]
            conditions = [f"{rule.since} < :before", *([f"NOT ({rule.still})"] if rule.still else [])]
            for each in references_to(name):
                stays = each.table != name and name not in TABLES[each.table].goes_with
                if stays and each.when_gone != "SET NULL":
                    used = f"SELECT 1 FROM {each.table} WHERE {each.table}.{each.column} = {name}.id"
                    conditions.append(f"NOT EXISTS ({used})")
            sql = f"DELETE FROM {name} WHERE {' AND '.join(conditions)} RETURNING {key}"
            gone[name] = len(tx.execute(sql, {"before": now - term}))
    return gone
